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

mod alike;
mod calibrated;
mod codes;
mod dated;
mod decode;
mod differences;
mod document;
mod files;
mod lower;
mod merge;
mod paths;
mod plausible;
mod problems;
mod published;
mod range;
mod ranges;
mod schema;
mod service;
mod setting;
mod sources;
mod stack;
mod syntax;
mod template;
mod values;
mod written;

use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use alike::{Alike, alike};
pub use calibrated::Calibrated;
pub use codes::CODES;
pub use dated::Undone;
pub use differences::differences;
pub use lower::{MEASURES, PRECISION};
pub use paths::path_of;
pub use plausible::{Plausible, PlausibleError, PlausiblePoint, WEIGHT};
pub use published::{Published, PublishedError, PublishedSeries};
pub use range::Range;
pub use ranges::{InputRange, LeftOut, Ranges, ranges, same_place, settings, touched};
pub use schema::schema;
pub use stack::Change;
pub use template::{TEMPLATE, what_if};

use crate::diagnostic::{Diagnostics, Source};
use crate::model::{Assumption, Experiment, Scenario};
use crate::units::Points;
use decode::{Decode as _, Key};
use document::Document;
use files::{Folder, MOST_SCENARIO_BYTES, NoText, read_text_file, why_unreadable};
use problems::Problems;
use written::Written;

/// A scenario as read.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// What it means.
    pub scenario: Scenario,
    /// What was probably meant otherwise; no errors.
    pub warnings: Diagnostics,
    /// The exact text; of a what-if, one text that says the same as it and its bases.
    pub text: String,
    /// Data files that it names: relative path as typed, and text. With `text`, they make a runnable copy.
    pub files: Vec<(PathBuf, String)>,
    /// Its own file and those of the scenarios that it is based on, word for word: paths from its folder, and texts. With `files`, all
    /// that was read.
    pub sources: Vec<(PathBuf, String)>,
    /// The scenario that it changes, if it is a what-if.
    pub base: Option<String>,
    /// What it changes in its bases, and what was set on the command line.
    pub changes: Vec<Change>,
    /// Changes of its files that what was set undoes.
    pub undone: Vec<Undone>,
}

impl Loaded {
    /// Takes another precision than the file's, in the text as well.
    pub fn aim(&mut self, precision: Points) {
        let mut written = Written::new(&self.text);
        self.scenario.experiment.precision = Some(precision);
        written.set_text("experiment", "precision", &precision.to_string());
        self.text = written.into_text();
    }

    /// Takes the seed, replications, confidence and precision of another experiment, in the text as well, and returns the
    /// keys that said something else.
    pub fn repeat_as(&mut self, other: &Experiment) -> Vec<&'static str> {
        let own = self.scenario.experiment.clone();
        let mut differ = Vec::new();
        let mut written = Written::new(&self.text);
        let mut is = |key: &'static str, differs: bool| {
            if differs {
                differ.push(key);
            }
            differs
        };
        if is("seed", own.seed != other.seed) {
            written.set_number("experiment", "seed", other.seed);
        }
        if is("replications", own.replications != other.replications) {
            written.set_number("experiment", "replications", other.replications.into());
        }
        if is("confidence", own.confidence != other.confidence) {
            written.set_share("experiment", "confidence", other.confidence);
        }
        if is("precision", own.precision != other.precision) {
            match other.precision {
                Some(precision) => written.set_text("experiment", "precision", &precision.to_string()),
                None => written.take_away("experiment", "precision"),
            }
        }
        let experiment = &mut self.scenario.experiment;
        (experiment.seed, experiment.replications) = (other.seed, other.replications);
        (experiment.confidence, experiment.precision) = (other.confidence, other.precision);
        self.text = written.into_text();
        differ
    }

    /// Takes another number of replications or another seed than the file's, in the text as well: the text is the
    /// scenario that is run. Whatever the file says of them has been checked before.
    pub fn repeat(&mut self, replications: Option<u32>, seed: Option<u64>) {
        let mut written = Written::new(&self.text);
        if let Some(replications) = replications {
            self.scenario.experiment.replications = replications;
            written.set_number("experiment", "replications", u64::from(replications));
        }
        if let Some(seed) = seed {
            self.scenario.experiment.seed = seed;
            written.set_number("experiment", "seed", seed);
        }
        self.text = written.into_text();
    }
}

/// Reads a scenario file.
///
/// # Errors
/// All problems of the file, in file order, if any of them is an error.
pub fn read(path: &Path) -> Result<Loaded, Diagnostics> {
    read_with(path, &[])
}

/// Reads a scenario file, with values set over it: `path=value` each.
///
/// # Errors
/// All problems of the file and of the settings, if any of them is an error.
pub fn read_with(path: &Path, settings: &[String]) -> Result<Loaded, Diagnostics> {
    read_drawn(path, &[], settings)
}

/// The same with values of uncertain inputs, which stand in the place of those in the file: what its changes make of a number they
/// make of the value drawn, while what is set stands over changes from the beginning. A drawn value of something that is set stands
/// over that.
///
/// # Errors
/// All problems of the file, the inputs and the settings, if any of them is an error.
pub fn read_drawn(path: &Path, inputs: &[String], settings: &[String]) -> Result<Loaded, Diagnostics> {
    let refused = |text: String, code: &'static str, message: String, help: &str| {
        let end = text.len();
        let mut problems = Problems::default();
        let begins = problems.sources.add(Arc::new(Source {
            path: path.to_path_buf(),
            text,
        }));
        problems
            .error(code, &(begins + end..begins + end), message, "")
            .help(help);
        Err(problems.into_diagnostics())
    };
    match read_text_file(path, MOST_SCENARIO_BYTES) {
        Ok(text) => read_text_with(path, text, inputs, settings),
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
    read_text_with(path, text, &[], &[])
}

fn read_text_with(path: &Path, text: String, inputs: &[String], settings: &[String]) -> Result<Loaded, Diagnostics> {
    let mut problems = Problems::default();
    let mut folder = Folder::of(path);
    let own = (path.file_name().map(PathBuf::from).unwrap_or_default(), text.clone());
    let source = Source {
        path: path.to_path_buf(),
        text,
    };
    let Some(layers) = stack::layers(source, &mut problems, &mut folder) else {
        return Err(problems.into_diagnostics());
    };
    let inputs = stack::settings(inputs, "value drawn", &mut problems);
    let settings = stack::settings(settings, "--set", &mut problems);
    let texts = dated::Texts::new();
    let Some(stack) = stack::put_together(&layers, &inputs, &settings, &texts, &mut problems) else {
        return Err(problems.into_diagnostics());
    };
    let top = Key {
        text: String::new(),
        range: stack.root.span(),
    };
    let name = path
        .file_stem()
        .map_or_else(|| "scenario".into(), |stem| stem.to_string_lossy().into_owned());
    let document = Document::decode(&stack.root, &top, &mut problems);
    let scenario = document
        .as_ref()
        .zip(stack.root.get_ref().as_table())
        .map(|(document, root)| {
            let mut scenario = lower::lower(name, document, root, &stack.outdated, &mut problems, &mut folder);
            if !problems.has_errors() {
                dated::make_changes(&mut scenario, document, root, &mut problems, &mut folder);
            }
            scenario
        });
    let base = document.and_then(|d| d.base.get().map(|at| at.value.clone()));
    match scenario {
        Some(scenario) if !problems.has_errors() => {
            let mut changes = stack.changes;
            for change in &mut changes {
                change.assumption = explained_by(&scenario, &change.path);
            }
            Ok(Loaded {
                scenario,
                warnings: problems.into_diagnostics(),
                text: stack.text,
                sources: std::iter::once(own).chain(folder.bases()).collect(),
                files: folder.into_files(),
                base,
                changes,
                undone: stack.undone,
            })
        }
        _ => Err(problems.into_diagnostics()),
    }
}

/// The assumption that says most closely why the value at a path is as it is now.
fn explained_by(scenario: &Scenario, path: &str) -> Option<usize> {
    let path = paths::split(path)?;
    let about = |(place, a): (usize, &Assumption)| {
        let of = paths::split(&a.path)?;
        (!a.changed && of.len() <= path.len() && paths::touch(&of, &path)).then_some((of.len(), place))
    };
    let all = scenario.assumptions.iter().enumerate().filter_map(about);
    all.max_by_key(|(length, _)| *length).map(|(_, place)| place)
}
