//! A scenario with calibrated values, as one file that says of each where it comes from.

use super::Loaded;
use super::paths;
use super::written::Written;

/// What is said of a calibrated value under `[assumptions]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calibrated {
    /// The path of the input.
    pub path: String,
    /// The lowest value that fits as well, as typed.
    pub low: String,
    /// The highest.
    pub high: String,
    /// Where the figures were reported that it was set by.
    pub source: String,
    /// How it was set.
    pub why: String,
}

impl Loaded {
    /// The text of this scenario, in which the values have been set already, with what is said of them and a title and notes of
    /// its own. What was said of the same inputs before goes: a new value under an old source would be untrue.
    #[must_use]
    pub fn calibrated_text(&self, title: &str, notes: &str, inputs: &[Calibrated]) -> String {
        let mut written = Written::new(&self.text);
        written.set_at_top("title", title);
        written.set_at_top("notes", notes);
        for input in inputs {
            // The total over hubs and the posts of every hub are one thing under two names.
            let meant = |path: &str| paths::split(path).map(|parts| paths::whole(&parts));
            let same = |path: &&String| meant(path) == meant(&input.path);
            let before = self.scenario.assumptions.iter().map(|a| &a.path);
            before
                .filter(same)
                .for_each(|path| written.take_away("assumptions", path));
            let said = [
                ("kind", "calibrated"),
                ("low", &input.low),
                ("high", &input.high),
                ("source", &input.source),
                ("why", &input.why),
            ];
            let said = said.into_iter().filter(|(_, text)| !text.is_empty());
            written.set_entry("assumptions", &input.path, said);
        }
        written.into_text()
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::Calibrated;
    use crate::model::AssumptionKind;
    use crate::scenario::{TEMPLATE, read_text};

    /// The file reads, says of the input what was said, and of nothing else.
    #[test]
    fn what_was_said_of_an_input_before_goes() {
        let path = Path::new("my-service.toml");
        let loaded = read_text(path, TEMPLATE.into()).unwrap();
        let role = loaded.scenario.roles[0].name.clone();
        let input = Calibrated {
            path: format!("staff.{role}"),
            low: "3".into(),
            high: "5".into(),
            source: "a \"report\", page 3".into(),
            why: "set".into(),
        };
        let text = loaded.calibrated_text("A title", "Two\nlines", std::slice::from_ref(&input));
        let again = read_text(path, text).unwrap();
        assert_eq!(again.scenario.title, "A title");
        assert_eq!(again.scenario.notes.trim(), "Two\nlines");
        let said = again
            .scenario
            .assumptions
            .iter()
            .find(|a| a.path == input.path)
            .unwrap();
        assert_eq!(said.kind, AssumptionKind::Calibrated);
        assert_eq!((said.source.as_str(), said.low.as_str()), ("a \"report\", page 3", "3"));
        // Calibrated again, it stands there once.
        let third = again.calibrated_text(
            "B",
            "",
            &[Calibrated {
                low: String::new(),
                ..input
            }],
        );
        let third = read_text(path, third).unwrap();
        let of_it: Vec<_> = third
            .scenario
            .assumptions
            .iter()
            .filter(|a| a.path.contains(&role))
            .collect();
        assert!(
            of_it
                .iter()
                .any(|a| a.low.is_empty() && a.kind == AssumptionKind::Calibrated),
            "{of_it:?}"
        );
        assert_eq!(third.scenario.assumptions.len(), again.scenario.assumptions.len());
    }
}
