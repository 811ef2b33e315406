//! Scenario files: what a planner types, checked and turned into [`crate::model`].
//!
//! ```text
//! text --toml--> values --decode--> document --lower--> model::Scenario
//!                  |        |          |
//!                  +--------+----------+--> diagnostics, all of them, in file order
//! ```
//!
//! Every problem of a file is found in one reading: what is not TOML; keys that the format does not have; values of
//! the wrong kind, without their unit or out of range; names that lead nowhere; shares that do not add up.

mod codes;
mod decode;
mod document;
mod files;
mod lower;
mod paths;
mod problems;
mod schema;
mod values;

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

pub use codes::CODES;
pub use lower::MEASURES;
pub use schema::schema;

use crate::diagnostic::{Diagnostics, Source};
use crate::model::Scenario;
use decode::{Decode as _, Key};
use document::Document;
use files::{Folder, MOST_BYTES, NoText, read_text_file};
use problems::Problems;

/// A scenario as read.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// What it means.
    pub scenario: Scenario,
    /// What was probably meant otherwise; no errors.
    pub warnings: Diagnostics,
    /// The exact text.
    pub text: String,
    /// Files that it names: relative path as typed, and text. With `text`, they make a runnable copy.
    pub files: Vec<(PathBuf, String)>,
}

/// Reads a scenario file.
///
/// # Errors
/// All problems of the file, in file order, if any of them is an error.
pub fn read(path: &Path) -> Result<Loaded, Diagnostics> {
    let refused = |text: String, code: &'static str, message: String, help: &str| {
        let end = text.len();
        let source = Arc::new(Source {
            path: path.to_path_buf(),
            text,
        });
        let mut problems = Problems::new(source);
        problems.error(code, &(end..end), message, "").help(help);
        Err(problems.into_diagnostics())
    };
    match read_text_file(path) {
        Ok(text) => read_text(path, text),
        Err(NoText::Unreadable(error)) => {
            let message = match error.kind() {
                std::io::ErrorKind::NotFound => "there is no such file".into(),
                _ => format!("the file cannot be read: {error}"),
            };
            refused(
                String::new(),
                codes::UNREADABLE,
                message,
                "check the name and the folder",
            )
        }
        Err(NoText::TooLarge) => {
            let message = "the file is larger than 10 MB".into();
            refused(
                String::new(),
                codes::TOO_LARGE,
                message,
                "a scenario is a text file of a few pages; is this another file?",
            )
        }
        Err(NoText::NotText(before)) => {
            let message = "the file is not text in UTF-8 from here on".into();
            refused(
                before,
                codes::NOT_TEXT,
                message,
                "save it as plain text with the encoding UTF-8",
            )
        }
    }
}

/// Reads a scenario from its text; `path` names it in messages and says where its files lie.
///
/// # Errors
/// All problems of the text, in file order, if any of them is an error.
pub fn read_text(path: &Path, text: String) -> Result<Loaded, Diagnostics> {
    let source = Arc::new(Source {
        path: path.to_path_buf(),
        text,
    });
    let mut problems = Problems::new(Arc::clone(&source));
    let mut folder = Folder::of(path);
    let scenario = read_source(&source, &mut problems, &mut folder);
    match scenario {
        Some(scenario) if !problems.has_errors() => Ok(Loaded {
            scenario,
            warnings: problems.into_diagnostics(),
            text: source.text.clone(),
            files: folder.into_files(),
        }),
        _ => Err(problems.into_diagnostics()),
    }
}

fn read_source(source: &Source, problems: &mut Problems, folder: &mut Folder) -> Option<Scenario> {
    let text = &source.text;
    if text.len() as u64 > MOST_BYTES {
        problems
            .error(codes::TOO_LARGE, &(0..0), "the text is larger than 10 MB", "")
            .help("a scenario is a text file of a few pages; is this another file?");
        return None;
    }
    if text.trim_start_matches('\u{feff}').trim().is_empty() {
        problems
            .error(codes::EMPTY, &(0..0), "the file is empty", "")
            .help("start from one of the scenarios that come with homefirst");
        return None;
    }
    let (table, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        report_syntax(&errors, text, problems);
        return None;
    }
    let root = Spanned::new(0..0, DeValue::Table(table.into_inner()));
    let key = Key {
        text: String::new(),
        range: 0..0,
    };
    let document = Document::decode(&root, &key, problems)?;
    let name = source
        .path
        .file_stem()
        .map_or_else(|| "scenario".into(), |stem| stem.to_string_lossy().into_owned());
    let root = root.get_ref().as_table()?;
    Some(lower::lower(name, &document, root, problems, folder))
}

/// Places shown where a file is not TOML.
const MOST_SYNTAX: usize = 3;

/// What is not TOML. One slip may confuse the parser for the rest of its line, so one error a line; and a bracket left
/// open confuses it for the rest of the file, so only the first few.
fn report_syntax(errors: &[toml::de::Error], text: &str, problems: &mut Problems) {
    let mut errors: Vec<_> = errors.iter().map(|e| (e.span().unwrap_or(0..0), e.message())).collect();
    errors.sort_by_key(|(range, _)| range.start);
    let line_start = |at: usize| {
        text.get(..at)
            .and_then(|before| before.rfind('\n'))
            .map_or(0, |at| at + 1)
    };
    errors.dedup_by_key(|(range, _)| line_start(range.start));
    let more = errors.len() > MOST_SYNTAX;
    errors.truncate(MOST_SYNTAX);
    for (i, (range, message)) in errors.iter().enumerate() {
        let before = text.get(line_start(range.start)..range.start).unwrap_or_default();
        let after = text.get(range.start..).unwrap_or_default();
        let (message, help) = syntax_words(message, before, after);
        let mut added = problems.error(codes::SYNTAX, range, message, "");
        if let Some(help) = help {
            added = added.help(help);
        }
        if i == 0 && more {
            added = added.help(
                "a bracket, brace or quote may be missing here or on the line before; what follows may only follow from \
                 that",
            );
        }
        if i + 1 == errors.len() {
            added.help("what the file means is checked once all of it is TOML");
        }
    }
}

/// A message of the parser in the words of a planner, and what to do about it.
fn syntax_words(message: &str, before: &str, after: &str) -> (String, Option<Cow<'static, str>>) {
    let message = message.lines().next().unwrap_or_default();
    let rest = after.lines().next().unwrap_or_default().trim();
    if message.contains("recurs") {
        return ("brackets are nested too deep".into(), None);
    }
    if before.trim_end().ends_with('=') && (rest.is_empty() || rest.starts_with('#')) {
        return (
            "there is nothing after `=`".into(),
            Some("give the key a value, or leave the line out".into()),
        );
    }
    if let Some(n) = typed_per_cent(before, rest) {
        return (
            "a share is a number from 0 to 1, without `%`".into(),
            Some(format!("write {}", n / 100.0).into()),
        );
    }
    if message.contains("duplicate key") {
        return (
            "this key stands in its table already".into(),
            Some("a key may stand only once; remove or rename one of them".into()),
        );
    }
    if message.contains("string values must be quoted") {
        return (
            "text must stand in quotes".into(),
            Some("for example: `run-length = \"52 weeks\"`".into()),
        );
    }
    if before.ends_with(|c: char| c.is_ascii_digit()) && rest.starts_with(',') {
        return (
            "a number has a decimal point, not a comma".into(),
            Some("for example: `share = 0.5`".into()),
        );
    }
    if message.contains("invalid basic string") {
        return ("the closing quote is missing".into(), None);
    }
    (format!("this is not TOML: {message}"), None)
}

/// The number of a `90%` or `90 %` outside of quotes at a fault or just before it.
fn typed_per_cent(before: &str, rest: &str) -> Option<f64> {
    let line = format!("{before}{rest}");
    let (number, _) = line
        .match_indices('%')
        .map(|(at, _)| line.split_at(at))
        .find(|(left, _)| {
            let open = left.matches('"').count() % 2 == 1 || left.contains('#');
            !open && left.trim_end().ends_with(|c: char| c.is_ascii_digit())
        })?;
    let number = number.trim_end();
    let digits = number
        .rfind(|c: char| !(c.is_ascii_digit() || c == '.'))
        .map_or(0, |at| at + number[at..].chars().next().map_or(1, char::len_utf8));
    number[digits..].parse().ok()
}
