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
mod syntax;
mod values;

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
use files::{Folder, MOST_SCENARIO_BYTES, NoText, read_text_file, why_unreadable};
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
    match read_text_file(path, MOST_SCENARIO_BYTES) {
        Ok(text) => read_text(path, text),
        Err(NoText::Unreadable(error)) => {
            let message = match error.kind() {
                std::io::ErrorKind::NotFound => "there is no such file".into(),
                _ => format!("the file cannot be read: {}", why_unreadable(&error)),
            };
            let help = "check the name and the folder";
            refused(String::new(), codes::UNREADABLE, message, help)
        }
        Err(NoText::TooLarge) => {
            let message = "the file is larger than 2 MB".into();
            refused(
                String::new(),
                codes::TOO_LARGE,
                message,
                "a scenario is a text file of a few pages; is this another file?",
            )
        }
        Err(NoText::NotText(before)) => {
            let message = "the sign that follows here cannot be read, such as a £ or an é saved in an old way".into();
            refused(
                before,
                codes::NOT_TEXT,
                message,
                "save it as plain text: in Notepad, File, Save as, with the encoding UTF-8; then look at that sign again",
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
    if text.len() as u64 > MOST_SCENARIO_BYTES {
        problems
            .error(codes::TOO_LARGE, &(0..0), "the text is larger than 2 MB", "")
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
        syntax::report(&errors, text, problems);
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
