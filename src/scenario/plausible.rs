//! A plausible set: inputs that reproduce what was reported, as points with weights, in a CSV file.
//!
//! **The format.** One header, then one row a point. Every column but one is a path into the scenario file, as in
//! `[[unknown]]` and `--set`; its cells are values as they are typed there, with their unit. The last column is `weight`: how
//! plausible the point is, 0 or more, in any unit of its own, since only shares of the sum count. To simulate over the set
//! is to read the scenario once for each row with [`PlausiblePoint::settings`] over it, and to give results those weights.

use std::path::Path;

use super::files::{MOST_SCENARIO_BYTES, NoText, read_text_file, why_unreadable};

/// The column of the weights.
pub const WEIGHT: &str = "weight";

/// The most rows.
const MOST_POINTS: usize = 10_000;

/// Inputs that go together, and how plausible they are.
#[derive(Clone, Debug, PartialEq)]
pub struct PlausiblePoint {
    /// `path=value` for each input, for [`super::read_with`].
    pub settings: Vec<String>,
    /// Its share of all weights; they sum to 1.
    pub weight: f64,
}

/// A set of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Plausible {
    /// The inputs that it speaks of.
    pub paths: Vec<String>,
    /// Its points, in the order of the file; none of them without weight.
    pub points: Vec<PlausiblePoint>,
}

/// Why a file is no plausible set. Each says where, what, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlausibleError {
    /// It cannot be read.
    #[error("{0}: {1}; check the name and the folder")]
    Unreadable(String, String),
    /// It is no table, or has other columns.
    #[error(
        "{file}, line {line}: {what}; a plausible set is a CSV file as `homefirst calibrate` writes it, its columns paths and \
         last `{WEIGHT}`"
    )]
    Layout {
        /// The file.
        file: String,
        /// The line.
        line: u64,
        /// What is wrong.
        what: String,
    },
}

impl Plausible {
    /// Reads a set from a file.
    ///
    /// # Errors
    /// [`PlausibleError`]. Whether the scenario has such paths, and whether the values are sound, says the reader of the
    /// scenario when they are set.
    pub fn read(path: &Path) -> Result<Self, PlausibleError> {
        let name = path.display().to_string();
        match read_text_file(path, MOST_SCENARIO_BYTES) {
            Ok(text) => Self::from_text(&name, &text),
            Err(why) => {
                let why = match why {
                    NoText::Unreadable(error) if error.kind() == std::io::ErrorKind::NotFound => {
                        "there is no such file".to_owned()
                    }
                    NoText::Unreadable(error) => why_unreadable(&error),
                    NoText::TooLarge => "the file is larger than 2 MB".to_owned(),
                    NoText::NotText(_) => "the file is not text in UTF-8".to_owned(),
                };
                Err(PlausibleError::Unreadable(name, why))
            }
        }
    }

    /// The same from its text; `file` names it in messages.
    ///
    /// # Errors
    /// As [`Plausible::read`].
    pub fn from_text(file: &str, text: &str) -> Result<Self, PlausibleError> {
        let wrong = |line: u64, what: String| PlausibleError::Layout {
            file: file.to_owned(),
            line,
            what,
        };
        let text = text.trim_start_matches('\u{feff}');
        let mut reader = csv::ReaderBuilder::new()
            .trim(csv::Trim::All)
            .from_reader(text.as_bytes());
        let line_of = |error: &csv::Error| error.position().map_or(1, csv::Position::line);
        let header = reader.headers().map_err(|e| wrong(line_of(&e), "no table".into()))?;
        let mut paths: Vec<String> = header.iter().map(str::to_owned).collect();
        if paths.pop().as_deref() != Some(WEIGHT) {
            return Err(wrong(1, format!("the last column is not `{WEIGHT}`")));
        }
        if paths.is_empty() {
            return Err(wrong(1, "no column is a path".into()));
        }
        for (n, path) in paths.iter().enumerate() {
            if super::paths::split(path).is_none() {
                return Err(wrong(1, format!("`{path}` is not a path")));
            }
            if super::paths::split(path).is_some_and(|parts| parts.first().is_some_and(|first| first == "experiment")) {
                return Err(wrong(
                    1,
                    format!("`{path}` says how the service is simulated, and is no input of it"),
                ));
            }
            if paths[..n].contains(path) {
                return Err(wrong(1, format!("`{path}` stands there twice")));
            }
        }
        let mut points = Vec::new();
        for (record, number) in reader.records().zip(2u64..) {
            let record = record.map_err(|e| wrong(line_of(&e), "not as many cells as columns".into()))?;
            let line = record.position().map_or(number, csv::Position::line);
            let cells: Vec<&str> = record.iter().collect();
            let Some((weight, values)) = cells.split_last() else {
                continue;
            };
            let weight = weight.parse::<f64>().ok().filter(|w| w.is_finite() && *w >= 0.0);
            let weight = weight.ok_or_else(|| wrong(line, "the weight is not a number of 0 or more".into()))?;
            if let Some((path, _)) = paths.iter().zip(values).find(|(_, value)| value.is_empty()) {
                return Err(wrong(line, format!("there is no value for `{path}`")));
            }
            if weight > 0.0 {
                let settings = paths.iter().zip(values).map(|(path, value)| format!("{path}={value}"));
                points.push(PlausiblePoint {
                    settings: settings.collect(),
                    weight,
                });
            }
            if points.len() > MOST_POINTS {
                return Err(wrong(line, format!("more than {MOST_POINTS} points")));
            }
        }
        let whole: f64 = points.iter().map(|p| p.weight).sum();
        if points.is_empty() || !whole.is_finite() {
            return Err(wrong(1, "no point has any weight".into()));
        }
        points.iter_mut().for_each(|p| p.weight /= whole);
        Ok(Self { paths, points })
    }
}

#[cfg(test)]
mod tests {
    use super::{Plausible, PlausibleError};

    fn read(text: &str) -> Result<Plausible, PlausibleError> {
        Plausible::from_text("set.csv", text)
    }

    #[test]
    fn weights_become_shares_and_cells_settings() {
        let set = read("staff.nurse,\"hub.\"\"A, B\"\".share\",weight\n3.5,0.5 ,3\n4,0.25,1\n4,0.1,0\n").unwrap();
        assert_eq!(set.paths, ["staff.nurse", "hub.\"A, B\".share"]);
        assert_eq!(set.points.len(), 2);
        assert_eq!(set.points[0].settings, ["staff.nurse=3.5", "hub.\"A, B\".share=0.5"]);
        assert_eq!(set.points.iter().map(|p| p.weight).collect::<Vec<_>>(), [0.75, 0.25]);
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        for (text, line, what) in [
            ("a.b,c\n1,2\n", 1, "the last column is not `weight`"),
            ("weight\n1\n", 1, "no column is a path"),
            ("a..b,weight\n1,1\n", 1, "`a..b` is not a path"),
            ("a,a,weight\n1,1,1\n", 1, "`a` stands there twice"),
            (
                "experiment.seed,weight\n1,1\n",
                1,
                "`experiment.seed` says how the service is simulated, and is no input of it",
            ),
            ("a,weight\n1,1\n1,-1\n", 3, "the weight is not a number of 0 or more"),
            ("a,weight\n1,nan\n", 2, "the weight is not a number of 0 or more"),
            ("a,weight\n1,1\n2\n", 3, "not as many cells as columns"),
            ("a,weight\n,1\n", 2, "there is no value for `a`"),
            ("a,weight\n1,0\n", 1, "no point has any weight"),
            ("a,weight\n", 1, "no point has any weight"),
        ] {
            let (file, what) = ("set.csv".to_owned(), what.to_owned());
            assert_eq!(read(text), Err(PlausibleError::Layout { file, line, what }), "{text}");
        }
        let missing = Plausible::read(std::path::Path::new("no-such-set.csv")).unwrap_err();
        assert!(missing.to_string().contains("there is no such file"), "{missing}");
    }
}
