//! Files that a scenario names: found only inside its folder, read once, checked cell by cell.

use std::fs::File;
use std::io::Read as _;
use std::ops::Range;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use super::codes;
use super::decode::At;
use super::problems::Problems;
use crate::diagnostic::Source;
use crate::model::Weekday;
use crate::units::Span;

/// The most bytes of a scenario that are read: 2 MB, many times the longest.
pub(crate) const MOST_SCENARIO_BYTES: u64 = 2_000_000;

/// The most bytes of a data file that are read: 10 MB.
const MOST_BYTES: u64 = 10_000_000;

/// Why a file gave no text.
pub(crate) enum NoText {
    /// The operating system said so.
    Unreadable(std::io::Error),
    /// More than asked for.
    TooLarge,
    /// Not UTF-8 from this byte on; the text before it.
    NotText(String),
}

/// Why a file cannot be read, in a few words.
pub(crate) fn why_unreadable(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file".into(),
        std::io::ErrorKind::PermissionDenied => "you may not read it; ask whoever keeps the folder".into(),
        _ => error.to_string(),
    }
}

/// The text of a file, reading no more than so many bytes.
pub(crate) fn read_text_file(path: &Path, most: u64) -> Result<String, NoText> {
    let file = File::open(path).map_err(NoText::Unreadable)?;
    if file.metadata().is_ok_and(|m| m.is_dir()) {
        return Err(NoText::Unreadable(std::io::Error::other("it is a folder")));
    }
    let mut bytes = Vec::new();
    file.take(most + 1)
        .read_to_end(&mut bytes)
        .map_err(NoText::Unreadable)?;
    if bytes.len() as u64 > most {
        return Err(NoText::TooLarge);
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let sound = error.utf8_error().valid_up_to();
        let bytes = error.into_bytes();
        NoText::NotText(String::from_utf8_lossy(&bytes[..sound]).into_owned())
    })?;
    // Zeros are UTF-8, but no editor writes them: a spreadsheet, or text in UTF-16.
    match text.find('\0') {
        Some(zero) => Err(NoText::NotText(text[..zero].into())),
        None => Ok(text),
    }
}

/// The folder of a scenario and what has been read from it.
#[derive(Debug)]
pub(crate) struct Folder {
    path: PathBuf,
    read: Vec<(PathBuf, Arc<Source>)>,
    bases: Vec<(PathBuf, Arc<Source>)>,
}

impl Folder {
    /// The folder that the scenario file lies in.
    pub(crate) fn of(scenario: &Path) -> Self {
        let parent = scenario.parent().filter(|p| !p.as_os_str().is_empty());
        Self {
            path: parent.unwrap_or(Path::new(".")).to_path_buf(),
            read: Vec::new(),
            bases: Vec::new(),
        }
    }

    /// What has been read: paths as typed, and texts.
    pub(crate) fn into_files(self) -> Vec<(PathBuf, String)> {
        self.read
            .into_iter()
            .map(|(path, source)| (path, source.text.clone()))
            .collect()
    }

    /// The scenarios that others are based on, in the same form.
    pub(crate) fn bases(&self) -> Vec<(PathBuf, String)> {
        let bases = self.bases.iter();
        bases
            .map(|(path, source)| (path.clone(), source.text.clone()))
            .collect()
    }

    /// The scenario that another is based on; `None` has been reported. It is no data file of theirs.
    pub(crate) fn open_base(&mut self, typed: &At<String>, problems: &mut Problems) -> Option<Arc<Source>> {
        let source = self.open(typed, problems);
        let is_base = |(path, _): &(PathBuf, _)| path.as_os_str() == typed.value.as_str();
        self.bases
            .extend(self.read.iter().filter(|file| is_base(file)).cloned());
        self.read.retain(|file| !is_base(file));
        source
    }

    /// The file of that relative path; `None` has been reported.
    pub(crate) fn open(&mut self, typed: &At<String>, problems: &mut Problems) -> Option<Arc<Source>> {
        let relative = PathBuf::from(&typed.value);
        if let Some((_, source)) = self.read.iter().find(|(path, _)| *path == relative) {
            return Some(Arc::clone(source));
        }
        let refuse = |problems: &mut Problems, why: &str| {
            problems
                .error(codes::FILE_PATH, &typed.range, format!("`{}` cannot be used as a file path", typed.value), why)
                .help("put the file in the scenario's folder or below, as in \"profiles/crisis.csv\", with forward slashes");
        };
        if typed.value.trim().is_empty() {
            refuse(problems, "the path is empty");
            return None;
        }
        if typed.value.contains(['\\', ':', '\0']) || typed.value.starts_with('/') {
            refuse(problems, "not a relative path with forward slashes");
            return None;
        }
        if !relative
            .components()
            .all(|c| matches!(c, Component::Normal(_) | Component::CurDir))
        {
            refuse(problems, "leads out of the scenario's folder");
            return None;
        }
        let full = self.path.join(&relative);
        let shown = full.strip_prefix(".").unwrap_or(&full).to_path_buf();
        // Links are followed before looking where the file lies.
        if let (Ok(folder), Ok(file)) = (self.path.canonicalize(), full.canonicalize())
            && !file.starts_with(&folder)
        {
            refuse(problems, "a link that leads out of the scenario's folder");
            return None;
        }
        // A pipe would be waited for without end.
        let read = if full.metadata().is_ok_and(|m| !m.is_file() && !m.is_dir()) {
            Err(NoText::Unreadable(std::io::Error::other("it is no ordinary file")))
        } else {
            read_text_file(&full, MOST_BYTES)
        };
        let text = match read {
            Ok(text) => text,
            Err(NoText::Unreadable(error)) => {
                let why = why_unreadable(&error);
                problems
                    .error(
                        codes::FILE_READ,
                        &typed.range,
                        format!("cannot read `{}`", typed.value),
                        why,
                    )
                    .help(format!("looked for it at {}", shown.display()));
                return None;
            }
            Err(NoText::TooLarge) => {
                problems.error(
                    codes::TOO_LARGE,
                    &typed.range,
                    format!("`{}` is too large", typed.value),
                    "more than 10 MB",
                );
                return None;
            }
            Err(NoText::NotText(before)) => {
                let end = before.len();
                let source = Arc::new(Source {
                    path: shown,
                    text: before,
                });
                problems
                    .error_in(
                        &source,
                        codes::NOT_TEXT,
                        &(end..end),
                        "the letters of this file cannot be read",
                        "from here on",
                    )
                    .help("in Excel, save it as \"CSV UTF-8 (comma delimited)\"");
                return None;
            }
        };
        let source = Arc::new(Source { path: shown, text });
        self.read.push((relative, Arc::clone(&source)));
        Some(source)
    }
}

/// A cell of a CSV file: its text without quotes and spaces, and its place.
struct Cell<'a> {
    text: &'a str,
    range: Range<usize>,
}

/// The rows of a CSV file of numbers, blank ones left out. Numbers hold no commas, so quotes only wrap a cell.
fn rows(text: &str) -> Vec<Vec<Cell<'_>>> {
    let mut rows = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let mut cells = Vec::new();
        let mut place = start;
        for piece in line.trim_end_matches(['\n', '\r']).split(',') {
            let bare = piece.trim_matches(|c: char| c.is_whitespace() || c == '"' || c == '\u{feff}');
            let from = place + piece.find(bare).unwrap_or(0);
            cells.push(Cell {
                text: bare,
                range: from..from + bare.len(),
            });
            place += piece.len() + 1;
        }
        if cells.iter().any(|c| !c.text.is_empty()) {
            rows.push(cells);
        }
    }
    rows
}

/// 168 numbers, hour by weekday from Monday 00:00, from a file with the header `hour,Mon,...,Sun` and 24 rows.
/// `unfit` says why a number cannot be used, if it cannot.
pub(crate) fn week_table(
    source: &Arc<Source>,
    unfit: impl Fn(f64) -> Option<&'static str>,
    problems: &mut Problems,
) -> Option<Vec<f64>> {
    const LAYOUT: &str = "the first row is `hour,Mon,Tue,Wed,Thu,Fri,Sat,Sun`; 24 rows follow, from hour 0 to 23";
    let rows = rows(&source.text);
    let end = source.text.len()..source.text.len();
    let mut sound = true;
    let mut wrong = |range: &Range<usize>, message: String, label: &str| {
        sound = false;
        problems
            .error_in(source, codes::CSV, range, message, label)
            .help(LAYOUT);
    };
    let Some((header, rows)) = rows.split_first() else {
        wrong(&(0..0), "the file is empty".into(), "");
        return None;
    };
    let is_header = header.len() == 8
        && header[0].text.eq_ignore_ascii_case("hour")
        && (1..8).all(|i| header[i].text.eq_ignore_ascii_case(Weekday::ALL[i - 1].name()));
    let all = header[0].range.start..header[header.len() - 1].range.end;
    // As Excel writes it in other languages, or by copy and paste.
    if header.len() == 1
        && let Some(other) = [(';', "semicolons"), ('\t', "tabs")]
            .iter()
            .find(|(c, _)| header[0].text.contains(*c))
    {
        let message = format!("the cells of this file are separated by {}, not by commas", other.1);
        wrong(&all, message, "in Excel, save it as \"CSV UTF-8 (comma delimited)\"");
        return None;
    }
    if !is_header {
        wrong(
            &all,
            "the first row is not the header".into(),
            "expected `hour,Mon,Tue,Wed,Thu,Fri,Sat,Sun`",
        );
    }
    let mut numbers = vec![0.0; 168];
    let mut in_order = true;
    for (hour, row) in rows.iter().enumerate() {
        let all = row[0].range.start..row[row.len() - 1].range.end;
        if hour >= 24 {
            wrong(
                &all,
                "there are more than 24 rows of numbers".into(),
                "this is one too many",
            );
            break;
        }
        if row.len() != 8 {
            wrong(&all, format!("this row has {} cells, not 8", row.len()), "");
            continue;
        }
        let typed = row[0].text.trim_end_matches(":00");
        // One row left out or added moves all that follow: told once.
        if typed.parse() != Ok(hour) && in_order {
            in_order = false;
            let missing = typed.parse().is_ok_and(|found: usize| found > hour && found < 24);
            let message = if missing {
                format!("hour {hour} is missing before this row")
            } else {
                format!("this should be hour {hour}")
            };
            wrong(&row[0].range, message, "rows run from hour 0 to 23, none left out");
        }
        for (weekday, cell) in row[1..].iter().enumerate() {
            match cell.text.parse::<f64>() {
                Ok(n) if n.is_finite() => match unfit(n) {
                    None => numbers[weekday * 24 + hour] = n,
                    Some(why) => wrong(&cell.range, format!("`{}` cannot be used here", cell.text), why),
                },
                _ => wrong(
                    &cell.range,
                    format!("`{}` is not a number", cell.text),
                    "expected a number",
                ),
            }
        }
    }
    if rows.len() < 24 && in_order {
        wrong(
            &end,
            format!("there are {} rows of numbers, not 24", rows.len()),
            "the file ends here",
        );
    }
    sound.then_some(numbers)
}

/// One length of time in each row; bare numbers are in `unit`.
pub(crate) fn lengths(source: &Arc<Source>, unit: Option<&str>, problems: &mut Problems) -> Option<Vec<Span>> {
    let mut list = Vec::new();
    let mut sound = true;
    for (number, row) in rows(&source.text).iter().enumerate() {
        let all = row[0].range.start..row[row.len() - 1].range.end;
        if row.len() > 1 {
            sound = false;
            problems
                .error_in(
                    source,
                    codes::CSV,
                    &all,
                    "this row has several cells",
                    "expected one length of time",
                )
                .help("keep one column: one length of time in each row");
            break;
        }
        let text = row[0].text;
        let bare = text.parse::<f64>().is_ok();
        let read = match unit {
            Some(unit) if bare => Span::parse(&format!("{text} {unit}")),
            _ => Span::parse(text),
        };
        match read {
            Ok(span) => list.push(span),
            Err(_) if number == 0 && !bare => {}
            Err(_) => {
                sound = false;
                let added = problems.error_in(
                    source,
                    codes::CSV,
                    &all,
                    format!("`{text}` is not a length of time"),
                    "expected a length of time such as 45 min",
                );
                if bare && unit.is_none() {
                    added.help(
                        "say the unit of all rows in the scenario: `empirical = { file = \"...\", unit = \"min\" }`",
                    );
                    break;
                }
            }
        }
    }
    if sound && list.is_empty() {
        sound = false;
        problems.error_in(source, codes::CSV, &(0..0), "the file holds no length of time", "");
    }
    sound.then_some(list)
}
