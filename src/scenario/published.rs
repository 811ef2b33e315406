//! Monthly figures that were published of a service: a CSV file, or NHS England's workbook.
//!
//! **The CSV file.** One header, then one row a month: `month`, `service_level`, and `pathway` where the file is of several. Months as
//! `2024-04`, `Apr-24` or `April 2024`; shares as `79 %` or `0.79`; an empty cell was not published.
//!
//! **The workbook.** NHS England's *2-hour Urgent Community Response performance metrics*, as published monthly: the sheet `Table 1` has the
//! percentage within two hours, a row an organisation (`ODS Code`, `Organisation Name`, `Organisation Type`) and a column a month
//! (`Apr-24`, the latest perhaps marked as provisional). The row is found by the organisation's code or name.

use std::path::Path;

use jiff::civil::Date;

use super::files::{MOST_SCENARIO_BYTES, NoText, read_text_file, why_unreadable};
use crate::model::YearMonth;

/// The most months of a series.
const MOST_MONTHS: usize = 600;

/// The columns that may be there.
const COLUMNS: [&str; 3] = ["month", "service_level", "pathway"];

/// What was published of one pathway.
#[derive(Clone, Debug, PartialEq)]
pub struct PublishedSeries {
    /// The pathway, where the file names it.
    pub pathway: Option<String>,
    /// Shares seen within the standard, in the order of time; months that were not published are left out.
    pub months: Vec<(YearMonth, f64)>,
}

/// What was published.
#[derive(Clone, Debug, PartialEq)]
pub struct Published {
    /// The file's name.
    pub file: String,
    /// Whose figures they are, where the file has those of several.
    pub organisation: Option<String>,
    /// Whether they are of the two-hour standard by what the file is.
    pub two_hours: bool,
    /// A series for each pathway.
    pub series: Vec<PublishedSeries>,
}

/// Why published figures cannot be read: where, what, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}{place}: {what}")]
pub struct PublishedError {
    /// The file.
    file: String,
    /// Where in it.
    place: String,
    /// What is wrong, and what to do.
    what: String,
}

/// Names what is wrong with a file.
struct Of<'a>(&'a str);

impl Of<'_> {
    fn wrong(&self, place: impl Into<String>, what: impl Into<String>) -> PublishedError {
        PublishedError {
            file: self.0.to_owned(),
            place: place.into(),
            what: what.into(),
        }
    }

    fn line(&self, line: u64, what: impl Into<String>) -> PublishedError {
        self.wrong(format!(", line {line}"), what)
    }
}

impl Published {
    /// Reads published figures; `organisation` says whose, in a workbook.
    ///
    /// # Errors
    /// [`PublishedError`].
    pub fn read(path: &Path, organisation: Option<&str>) -> Result<Self, PublishedError> {
        let shown = path.display().to_string();
        let of = Of(&shown);
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let ending = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
        match ending.as_str() {
            "xlsx" => workbook(&of, path, name, organisation),
            "csv" if organisation.is_some() => Err(of.wrong(
                "",
                "a CSV file has the figures of one service only; leave --organisation out, or give NHS England's workbook",
            )),
            "csv" => match read_text_file(path, MOST_SCENARIO_BYTES) {
                Ok(text) => Ok(Self {
                    file: name,
                    organisation: None,
                    two_hours: false,
                    series: from_csv(&of, &text)?,
                }),
                Err(why) => Err(of.wrong("", unreadable(why))),
            },
            _ => Err(of.wrong(
                "",
                "published figures are a CSV file (month, service_level) or NHS England's workbook (.xlsx); save it as one of these",
            )),
        }
    }
}

fn unreadable(why: NoText) -> String {
    let why = match why {
        NoText::Unreadable(error) if error.kind() == std::io::ErrorKind::NotFound => "there is no such file".to_owned(),
        NoText::Unreadable(error) => why_unreadable(&error),
        NoText::TooLarge => "the file is larger than 2 MB".to_owned(),
        NoText::NotText(_) => "the file is not text in UTF-8; save it as CSV UTF-8".to_owned(),
    };
    format!("{why}; check the name and the folder")
}

fn from_csv(of: &Of<'_>, text: &str) -> Result<Vec<PublishedSeries>, PublishedError> {
    let text = text.trim_start_matches('\u{feff}');
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let line_of = |error: &csv::Error| error.position().map_or(1, csv::Position::line);
    let header = reader
        .headers()
        .map_err(|e| of.line(line_of(&e), "this is no table"))?
        .clone();
    for (n, name) in header.iter().enumerate() {
        if !COLUMNS.contains(&name) || header.iter().take(n).any(|other| other == name) {
            return Err(of.line(
                1,
                format!("the column `{name}` is not known, or is there twice; the columns are `month`, `service_level` and, where the file is of several, `pathway`"),
            ));
        }
    }
    let column = |name: &str| header.iter().position(|own| own == name);
    let (Some(month_at), Some(value_at)) = (column("month"), column("service_level")) else {
        return Err(of.line(1, "the first line must name the columns `month` and `service_level`"));
    };
    let pathway_at = column("pathway");
    let mut series: Vec<PublishedSeries> = Vec::new();
    for (record, number) in reader.records().zip(2u64..) {
        let record = record.map_err(|e| of.line(line_of(&e), "there are not as many cells as columns"))?;
        let line = record.position().map_or(number, csv::Position::line);
        let cell = |at: usize| record.get(at).unwrap_or_default();
        let month = month_of(cell(month_at)).ok_or_else(|| {
            of.line(
                line,
                format!("`{}` is no month; write 2024-04, Apr-24 or April 2024", cell(month_at)),
            )
        })?;
        let pathway = pathway_at.map(|at| cell(at).to_owned());
        let at = match series.iter().position(|s| s.pathway == pathway) {
            Some(at) => at,
            None => {
                series.push(PublishedSeries {
                    pathway,
                    months: Vec::new(),
                });
                series.len() - 1
            }
        };
        if series[at].months.iter().any(|(other, _)| *other == month) {
            return Err(of.line(line, format!("{month} is there twice; keep one row a month")));
        }
        let typed = cell(value_at);
        if typed.is_empty() {
            continue;
        }
        let value = share(typed).ok_or_else(|| {
            of.line(
                line,
                format!("`{typed}` is no share; write 79 % or 0.79, or leave the cell empty"),
            )
        })?;
        series[at].months.push((month, value));
    }
    settled(of, series)
}

/// In the order of time, and neither empty nor endless.
fn settled(of: &Of<'_>, mut series: Vec<PublishedSeries>) -> Result<Vec<PublishedSeries>, PublishedError> {
    if series.is_empty() {
        return Err(of.wrong("", "there is no month in it; give at least three"));
    }
    for one in &mut series {
        one.months.sort_unstable_by_key(|(month, _)| (month.year, month.month));
        let whose = one
            .pathway
            .as_ref()
            .map_or_else(String::new, |name| format!(" of `{name}`"));
        match one.months.len() {
            0..3 => {
                return Err(of.wrong(
                    "",
                    format!("there are fewer than three months{whose}, too few for limits; give more"),
                ));
            }
            n if n > MOST_MONTHS => {
                return Err(of.wrong(
                    "",
                    format!("there are more than {MOST_MONTHS} months{whose}; give the latest"),
                ));
            }
            _ => {}
        }
    }
    Ok(series)
}

/// A share as people write it; a bare number above 1 could be either, and is none.
fn share(typed: &str) -> Option<f64> {
    let value = match typed.strip_suffix('%') {
        Some(percent) => percent.trim().parse::<f64>().ok()? / 100.0,
        None => typed.parse::<f64>().ok()?,
    };
    (0.0..=1.0).contains(&value).then_some(value)
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// A month as people write it: `2024-04`, `2024-04-01`, `Apr-24`, `April 2024`; what follows in brackets is a remark.
fn month_of(typed: &str) -> Option<YearMonth> {
    let typed = typed.split('(').next().unwrap_or_default().trim();
    if let Some(month) = YearMonth::parse(typed) {
        return Some(month);
    }
    if let Ok(date) = typed.parse::<Date>() {
        return Some(YearMonth::of(date));
    }
    let (name, year) = typed.split_once(['-', ' ', '\u{2013}'])?;
    let name = name.trim().to_lowercase();
    if name.len() < 3 {
        return None;
    }
    let month = MONTHS.iter().position(|own| own.starts_with(&name))?;
    let year = year.trim();
    let digits = year.bytes().all(|b| b.is_ascii_digit());
    let year: i16 = match year.len() {
        2 if digits => 2000 + year.parse::<i16>().ok()?,
        4 if digits => year.parse().ok()?,
        _ => return None,
    };
    let month = i8::try_from(month + 1).ok()?;
    Some(YearMonth { year, month })
}

#[cfg(not(feature = "cli"))]
fn workbook(of: &Of<'_>, _: &Path, _: String, _: Option<&str>) -> Result<Published, PublishedError> {
    Err(of.wrong(
        "",
        "workbooks are read by the command line's build only; save the figures as CSV",
    ))
}

#[cfg(feature = "cli")]
use workbook::workbook;

#[cfg(feature = "cli")]
mod workbook {
    use std::path::Path;

    use calamine::{Data, Range, Reader as _, Xlsx, XlsxError, open_workbook};
    use jiff::civil::Date;

    use super::{Of, Published, PublishedError, PublishedSeries, month_of, settled};
    use crate::model::YearMonth;

    /// The sheet with the percentage within two hours.
    const SHEET: &str = "Table 1";
    /// What heads the columns that name an organisation.
    const CODE: &str = "ODS Code";
    const NAME: &str = "Organisation Name";
    /// The largest workbook that is read \[bytes\]; the published ones are below 1 MB.
    const MOST_BYTES: u64 = 20_000_000;
    /// Organisations that are named where none is found.
    const NAMED: usize = 5;

    pub(super) fn workbook(
        of: &Of<'_>,
        path: &Path,
        file: String,
        organisation: Option<&str>,
    ) -> Result<Published, PublishedError> {
        let no_workbook = |error: &dyn std::fmt::Display| {
            of.wrong(
                "",
                format!(
                    "it cannot be read as a workbook ({error}); save it again as .xlsx, or give the figures as CSV"
                ),
            )
        };
        let size = std::fs::metadata(path).map_err(|error| no_workbook(&error))?.len();
        if size > MOST_BYTES {
            return Err(of.wrong("", "it is larger than 20 MB; NHS England's workbook is below 1 MB"));
        }
        let mut book: Xlsx<_> = open_workbook(path).map_err(|error: XlsxError| no_workbook(&error))?;
        if !book.sheet_names().iter().any(|name| name == SHEET) {
            return Err(of.wrong(
                "",
                format!(
                    "it has no sheet `{SHEET}`, where NHS England's 2-hour Urgent Community Response workbook has the percentage within two \
                     hours (its sheets: {}); give that workbook, or the figures as CSV",
                    book.sheet_names().join(", ")
                ),
            ));
        }
        let sheet = book.worksheet_range(SHEET).map_err(|error| no_workbook(&error))?;
        let place = format!(", sheet {SHEET}");
        let no_header = || {
            of.wrong(
                place.clone(),
                format!("no row has the columns `{CODE}` and `{NAME}` and months such as Apr-24; give the workbook as it was published"),
            )
        };
        let header = sheet
            .rows()
            .position(|row| row.iter().any(|cell| is(cell, CODE)))
            .ok_or_else(no_header)?;
        let rows = || sheet.rows().skip(header + 1);
        let heads = sheet.rows().nth(header).unwrap_or_default();
        let code = heads.iter().position(|cell| is(cell, CODE)).ok_or_else(no_header)?;
        let name = heads.iter().position(|cell| is(cell, NAME)).ok_or_else(no_header)?;
        let months: Vec<(usize, YearMonth)> = heads
            .iter()
            .enumerate()
            .filter_map(|(at, cell)| Some((at, month(cell)?)))
            .collect();
        if months.is_empty() {
            return Err(no_header());
        }
        let Some(wanted) = organisation else {
            return Err(of.wrong(
                place,
                "it has the figures of many organisations; say whose with --organisation, by name or ODS code",
            ));
        };
        let found: Vec<&[Data]> = rows()
            .filter(|row| [code, name].iter().any(|&at| is(&row[at], wanted)))
            .collect();
        let row = match found.as_slice() {
            [row] => *row,
            [] => return Err(of.wrong(place, nobody(&sheet, wanted, header, (code, name)))),
            _ => {
                return Err(of.wrong(
                    place,
                    format!("{} rows are called `{wanted}`; say the ODS code instead", found.len()),
                ));
            }
        };
        let mut series = PublishedSeries {
            pathway: None,
            months: Vec::new(),
        };
        for (at, month) in months {
            if series.months.iter().any(|(other, _)| *other == month) {
                return Err(of.wrong(
                    place,
                    format!("{month} heads two columns; give the workbook as it was published"),
                ));
            }
            // A dash or a star stands for what was not published.
            let Some(value) = number(&row[at]) else { continue };
            if !(0.0..=1.0).contains(&value) {
                return Err(of.wrong(
                    place,
                    format!("{value} in {month} is no percentage; give the workbook as it was published"),
                ));
            }
            series.months.push((month, value));
        }
        Ok(Published {
            file,
            organisation: Some(text(&row[name])),
            two_hours: true,
            series: settled(of, vec![series])?,
        })
    }

    /// What to say where nobody is called so: who is alike.
    fn nobody(sheet: &Range<Data>, wanted: &str, header: usize, (code, name): (usize, usize)) -> String {
        let all: Vec<(String, String)> = sheet
            .rows()
            .skip(header + 1)
            .map(|row| (text(&row[code]), text(&row[name])))
            .collect();
        let part = wanted.to_lowercase();
        let mut like: Vec<String> = all
            .iter()
            .filter(|(_, name)| name.to_lowercase().contains(&part))
            .map(|(code, name)| format!("{name} ({code})"))
            .take(NAMED)
            .collect();
        if like.is_empty() {
            let near = |name: &str| strsim::jaro_winkler(&name.to_lowercase(), &part);
            let nearest = all.iter().max_by(|a, b| near(&a.1).total_cmp(&near(&b.1)));
            like.extend(
                nearest
                    .filter(|(_, name)| near(name) > 0.8)
                    .map(|(code, name)| format!("{name} ({code})")),
            );
        }
        let like = if like.is_empty() {
            String::new()
        } else {
            format!("; perhaps {}", like.join(", or "))
        };
        format!("no row is called `{wanted}`{like}; say the name or the ODS code as the sheet has it")
    }

    fn text(cell: &Data) -> String {
        cell.to_string().trim().to_owned()
    }

    fn is(cell: &Data, wanted: &str) -> bool {
        text(cell).eq_ignore_ascii_case(wanted.trim())
    }

    fn number(cell: &Data) -> Option<f64> {
        match cell {
            Data::Float(number) => Some(*number),
            #[expect(clippy::cast_precision_loss, reason = "0 or 1, or refused")]
            Data::Int(number) => Some(*number as f64),
            _ => None,
        }
    }

    /// A month in a heading, as text or as a date.
    fn month(cell: &Data) -> Option<YearMonth> {
        match cell {
            Data::String(text) | Data::DateTimeIso(text) => month_of(text),
            Data::DateTime(date) => {
                let (year, month, day, ..) = date.to_ymd_hms_milli();
                let part = |n: u8| i8::try_from(n).ok();
                let date = Date::new(i16::try_from(year).ok()?, part(month)?, part(day)?).ok()?;
                Some(YearMonth::of(date))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Of, from_csv, month_of, share};
    use crate::model::YearMonth;

    #[test]
    fn months_and_shares_are_read_as_people_write_them() {
        let april = Some(YearMonth { year: 2024, month: 4 });
        for typed in [
            "2024-04",
            "2024-04-01",
            "Apr-24",
            "Apr 24",
            "April 2024",
            "apr-2024",
            "Apr-24 (provisional)",
        ] {
            assert_eq!(month_of(typed), april, "{typed}");
        }
        for typed in [
            "",
            "2024",
            "Ap-24",
            "2024-13",
            "Apr-024",
            "Smarch 2024",
            "Table 1",
            "24-Apr",
        ] {
            assert_eq!(month_of(typed), None, "{typed}");
        }
        assert_eq!(
            (share("79 %"), share("79.5%"), share("0.79"), share("1")),
            (Some(0.79), Some(0.795), Some(0.79), Some(1.0))
        );
        assert!(
            ["79", "-1 %", "101 %", "x", "NaN", "inf"]
                .iter()
                .all(|typed| share(typed).is_none())
        );
    }

    #[test]
    fn a_table_is_put_in_order_and_what_was_not_published_left_out() {
        let text = "\u{feff}month,service_level\nJun-24,80 %\nApr-24,0.78\nMay-24,\nJul-24,81%\n";
        let found = from_csv(&Of("a.csv"), text).unwrap();
        let months: Vec<(i8, f64)> = found[0]
            .months
            .iter()
            .map(|(month, value)| (month.month, *value))
            .collect();
        assert_eq!(months, [(4, 0.78), (6, 0.8), (7, 0.81)]);
        let text = "pathway,month,service_level\na,2024-04,1\nb,2024-04,0\na,2024-05,1\nb,2024-05,0\na,2024-06,1\nb,2024-06,0\n";
        let found = from_csv(&Of("a.csv"), text).unwrap();
        assert_eq!(found.len(), 2);
        assert_eq!((found[1].pathway.as_deref(), found[1].months.len()), (Some("b"), 3));
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        for (text, said) in [
            ("month,level\n", "line 1: the column `level` is not known"),
            (
                "month,month\n",
                "line 1: the column `month` is not known, or is there twice",
            ),
            ("month\n", "line 1: the first line must name"),
            ("", "line 1: the first line must name"),
            ("month,service_level\n", "there is no month in it"),
            (
                "month,service_level\n2024-04,0.7\nsoon,0.8\n",
                "line 3: `soon` is no month",
            ),
            (
                "month,service_level\n2024-04,70\n",
                "line 2: `70` is no share; write 79 % or 0.79",
            ),
            (
                "month,service_level\n2024-04,0.7\n2024-04,0.8\n",
                "line 3: 2024-04 is there twice",
            ),
            (
                "month,service_level\n2024-04,0.7,1\n",
                "line 2: there are not as many cells",
            ),
            (
                "month,service_level\n2024-04,0.7\n2024-05,0.7\n",
                "fewer than three months",
            ),
        ] {
            let error = from_csv(&Of("a.csv"), text).unwrap_err().to_string();
            assert!(error.starts_with("a.csv") && error.contains(said), "{text}: {error}");
        }
    }
}
