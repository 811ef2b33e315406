//! What is wrong with a planner's file, as values.
//!
//! A [`Diagnostic`] says where, what, why and what to do; the command line draws it, a page may draw it another
//! way. Codes are stable: once published, a code keeps its meaning.

use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The scenario cannot be used.
    Error,
    /// The scenario can be used, but probably says something else than was meant.
    Warning,
}

/// A file as it was read: its name for messages, and its text.
#[derive(Debug, PartialEq, Eq)]
pub struct Source {
    /// The path as the planner typed it, or relative to that.
    pub path: PathBuf,
    /// The text.
    pub text: String,
}

/// A stretch of a file, with a few words about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The file.
    pub source: Arc<Source>,
    /// Bytes of the text.
    pub range: Range<usize>,
    /// What to write beside the underlined text; may be empty.
    pub text: String,
}

/// One problem: code, severity, what, where, why and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Stable code, such as `HF003`.
    pub code: &'static str,
    /// Error or warning.
    pub severity: Severity,
    /// What is wrong, in one lower-case fragment.
    pub message: String,
    /// Where: the first label is the fault itself, the others are what it clashes with.
    pub labels: Vec<Label>,
    /// What to do, one line each.
    pub help: Vec<String>,
}

impl Diagnostic {
    /// The line and column (both from 1, columns in characters) of the fault itself, if it has a place.
    #[must_use]
    pub fn line_column(&self) -> Option<(usize, usize)> {
        let label = self.labels.first()?;
        let text = &label.source.text;
        let start = (0..=label.range.start.min(text.len()))
            .rev()
            .find(|&i| text.is_char_boundary(i))
            .unwrap_or(0);
        let before = &text[..start];
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
        Some((line, column))
    }
}

/// All problems of a scenario, in file order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
}

impl Diagnostics {
    /// None yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.list.push(diagnostic);
    }

    /// Whether anything forbids using the scenario.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.list.iter().any(|d| d.severity == Severity::Error)
    }

    /// Whether there is nothing to say.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// In file order: by file in the order of reading, then by place. Problems without a place come first.
    #[must_use]
    pub fn sorted(mut self) -> Vec<Diagnostic> {
        let mut files: Vec<Arc<Source>> = Vec::new();
        for label in self.list.iter().filter_map(|d| d.labels.first()) {
            if !files.iter().any(|f| Arc::ptr_eq(f, &label.source)) {
                files.push(Arc::clone(&label.source));
            }
        }
        let place = |d: &Diagnostic| {
            d.labels.first().map(|l| {
                (
                    files.iter().position(|f| Arc::ptr_eq(f, &l.source)),
                    l.range.start,
                    l.range.end,
                )
            })
        };
        self.list.sort_by_key(place);
        self.list
    }

    /// The problems in the order in which they were found.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.list.iter()
    }
}
