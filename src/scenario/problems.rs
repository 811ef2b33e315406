//! Collecting what is wrong, and guessing what was meant.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::codes;
use super::sources::Sources;
use crate::diagnostic::{Diagnostic, Diagnostics, Label, Severity, Source};

/// How many places are shown where the same unknown name is used.
const MOST_PLACES: usize = 4;

/// How many slips are remembered.
const MOST_SLIPS: usize = 100;

/// Everything found wrong so far in one reading of a file, its bases and the files it names.
#[derive(Debug, Default)]
pub(crate) struct Problems {
    /// What the scenario is made of. Places are in all of it together.
    pub(crate) sources: Sources,
    list: Vec<Diagnostic>,
    /// What has been said of names that are not defined, and where in the list.
    said: BTreeMap<String, usize>,
    /// What was meant and what was typed, of names and keys that look like slips.
    slips: Vec<(String, String)>,
}

/// The problem just added, to say more about it.
pub(crate) struct Added<'a> {
    sources: &'a Sources,
    /// The data file that the problem is in, if it is in one.
    data: Option<Arc<Source>>,
    diagnostic: &'a mut Diagnostic,
}

impl Added<'_> {
    /// What to do.
    pub(crate) fn help(self, text: impl Into<String>) -> Self {
        self.diagnostic.help.push(text.into());
        self
    }

    /// What it clashes with.
    pub(crate) fn beside(self, range: &Range<usize>, text: impl Into<String>) -> Self {
        let text = text.into();
        let label = match self.data {
            Some(ref source) => Label {
                source: Arc::clone(source),
                range: range.clone(),
                text,
            },
            None => label_at(self.sources, range, text),
        };
        self.diagnostic.labels.push(label);
        self
    }
}

impl Problems {
    /// Remembers a slip that has been reported, so that its consequences are not.
    pub(crate) fn slip(&mut self, meant: &str, typed: &str) {
        if self.slips.len() < MOST_SLIPS {
            self.slips.push((meant.into(), typed.into()));
        }
    }

    /// What was typed for what was meant.
    pub(crate) fn slips(&self) -> &[(String, String)] {
        &self.slips
    }

    /// Adds an error in the scenario file: what is wrong, and a few words at the place.
    pub(crate) fn error(
        &mut self,
        code: &'static str,
        range: &Range<usize>,
        message: impl Into<String>,
        label: impl Into<String>,
    ) -> Added<'_> {
        let place = label_at(&self.sources, range, label.into());
        self.add(Severity::Error, code, place, None, message.into())
    }

    /// Adds a warning in the scenario file.
    pub(crate) fn warning(
        &mut self,
        code: &'static str,
        range: &Range<usize>,
        message: impl Into<String>,
        label: impl Into<String>,
    ) -> Added<'_> {
        let place = label_at(&self.sources, range, label.into());
        self.add(Severity::Warning, code, place, None, message.into())
    }

    /// Adds an error in a file that the scenario names.
    pub(crate) fn error_in(
        &mut self,
        source: &Arc<Source>,
        code: &'static str,
        range: &Range<usize>,
        message: impl Into<String>,
        label: impl Into<String>,
    ) -> Added<'_> {
        let place = Label {
            source: Arc::clone(source),
            range: range.clone(),
            text: label.into(),
        };
        self.add(Severity::Error, code, place, Some(Arc::clone(source)), message.into())
    }

    fn add(
        &mut self,
        severity: Severity,
        code: &'static str,
        place: Label,
        data: Option<Arc<Source>>,
        message: String,
    ) -> Added<'_> {
        self.list.push(Diagnostic {
            code,
            severity,
            message,
            labels: vec![place],
            help: Vec::new(),
        });
        let last = self.list.len() - 1;
        Added {
            sources: &self.sources,
            data,
            diagnostic: &mut self.list[last],
        }
    }

    /// Whether the same has been said already; then only the place is added to it. Else it must be said next.
    pub(crate) fn again(&mut self, message: &str, range: &Range<usize>) -> bool {
        let Some(said) = self.said.get(message).and_then(|&i| self.list.get_mut(i)) else {
            self.said.insert(message.into(), self.list.len());
            return false;
        };
        said.labels.push(label_at(&self.sources, range, String::new()));
        true
    }

    /// No problems yet, of the same texts.
    pub(crate) fn like(&self) -> Self {
        Self {
            sources: self.sources.clone(),
            ..Self::default()
        }
    }

    /// Takes over the errors of a reading in which something had been changed. What is wrong at none of the places of the
    /// changes is shown at `otherwise` first; `help` says when it is so.
    pub(crate) fn take_errors(&mut self, other: Self, changes: &[Range<usize>], otherwise: &Range<usize>, help: &str) {
        let inside = |label: &Label| {
            changes.iter().any(|place| {
                let (source, place) = self.sources.locate(place);
                Arc::ptr_eq(source, &label.source) && place.start <= label.range.start && label.range.end <= place.end
            })
        };
        let errors = other.list.into_iter().filter(|d| d.severity == Severity::Error);
        let errors: Vec<Diagnostic> = errors
            .map(|mut error| {
                if error.labels.first().is_some_and(inside) {
                    // The planner typed `value`, wherever it leads.
                    for help in &mut error.help {
                        if let Some((_, typed)) = help.strip_prefix(EXAMPLE).and_then(|line| line.split_once(" = ")) {
                            *help = format!("{EXAMPLE}value = {typed}");
                        }
                    }
                } else {
                    error
                        .labels
                        .insert(0, label_at(&self.sources, otherwise, "with this change".into()));
                }
                error.help.push(help.into());
                error
            })
            .collect();
        self.list.extend(errors);
    }

    pub(crate) fn has_errors(&self) -> bool {
        self.list.iter().any(|d| d.severity == Severity::Error)
    }

    /// All of them in file order: the scenario file first, then the files it names.
    pub(crate) fn into_diagnostics(self) -> Diagnostics {
        let mut list = self.list;
        for diagnostic in list
            .iter_mut()
            .filter(|d| [codes::REFERENCE, codes::NO_SHIFTS].contains(&d.code))
            .filter(|d| d.labels.get(1).is_some_and(|l| l.text.is_empty()))
        {
            diagnostic.labels.sort_by_key(|l| l.range.start);
            let more = diagnostic.labels.len().saturating_sub(MOST_PLACES);
            diagnostic.labels.truncate(MOST_PLACES);
            diagnostic
                .labels
                .iter_mut()
                .skip(1)
                .for_each(|l| l.text = "also here".into());
            match more {
                0 => {}
                1 => diagnostic.help.push("it is named at one more place".into()),
                _ => diagnostic.help.push(format!("it is named at {more} more places")),
            }
        }
        let sources: Vec<&Arc<Source>> = self.sources.iter().collect();
        let file = |d: &Diagnostic| {
            let label = d.labels.first();
            label
                .and_then(|l| sources.iter().position(|s| Arc::ptr_eq(s, &l.source)))
                .unwrap_or(usize::MAX)
        };
        list.sort_by_key(file);
        let mut unsorted = Diagnostics::new();
        for diagnostic in list {
            unsorted.push(diagnostic);
        }
        let mut sorted = Diagnostics::new();
        for diagnostic in unsorted.sorted() {
            sorted.push(diagnostic);
        }
        sorted
    }
}

/// A place in the texts of a scenario, with a few words about it.
fn label_at(sources: &Sources, range: &Range<usize>, text: String) -> Label {
    let (source, range) = sources.locate(range);
    Label {
        source: Arc::clone(source),
        range,
        text,
    }
}

/// Fewer letters do not say which name they begin.
const SHORTENED: usize = 3;

/// How help that shows a line begins.
pub(crate) const EXAMPLE: &str = "for example: `";

/// The candidate that was most likely meant: the nearest, or the only one that begins so.
pub(crate) fn nearest<'a>(typed: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let plain = |s: &str| s.to_lowercase().replace(['_', ' '], "-");
    let typed = plain(typed);
    let allowed = (typed.chars().count() / 3).max(1);
    let candidates: Vec<&str> = candidates.into_iter().collect();
    let near = candidates
        .iter()
        .map(|c| (strsim::damerau_levenshtein(&typed, &plain(c)), *c))
        .filter(|&(distance, _)| distance <= allowed)
        .min_by_key(|&(distance, _)| distance);
    near.map(|(_, c)| c).or_else(|| {
        let mut begin_so = candidates.into_iter().filter(|c| plain(c).starts_with(&typed));
        let only = begin_so.next().filter(|_| typed.chars().count() >= SHORTENED)?;
        begin_so.next().is_none().then_some(only)
    })
}

/// One line of help: the nearest name, or all of them.
pub(crate) fn suggestion<'a>(typed: &str, candidates: impl IntoIterator<Item = &'a str> + Clone) -> String {
    if let Some(name) = nearest(typed, candidates.clone()) {
        return format!("did you mean `{name}`?");
    }
    let all: Vec<String> = candidates.into_iter().map(|c| format!("`{c}`")).collect();
    match all.len() {
        0 => "there is none to choose from".into(),
        1 => format!("the only one here is {}", all[0]),
        n if n > 24 => format!("those here are {} and {} more", all[..20].join(", "), n - 20),
        _ => format!("those here are {}", all.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::{nearest, suggestion};

    #[test]
    fn a_slip_of_the_hand_finds_its_name_and_another_word_finds_none() {
        let names = ["warm-up", "run-length", "replications"];
        assert_eq!(nearest("warmup", names), Some("warm-up"));
        assert_eq!(nearest("run_length", names), Some("run-length"));
        assert_eq!(nearest("replicatoins", names), Some("replications"));
        assert_eq!(nearest("length", names), None);
        assert_eq!(nearest("rep", names), Some("replications"));
        assert_eq!(nearest("Charn", ["Charnwood", "Charnborough"]), None);
        assert_eq!(nearest("ru", names), None);
        assert_eq!(
            suggestion("x", names),
            "those here are `warm-up`, `run-length`, `replications`"
        );
    }
}
