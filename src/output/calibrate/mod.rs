//! Unknown inputs calibrated to what was reported: words, tables, the plausible set as CSV, JSON, the calibrated scenario.

mod file;
mod grids;
mod sentences;

pub use file::{csv, inputs, json, notes, title};
pub use grids::{figures, inputs as inputs_grid, pairs, waves};
pub use sentences::{answers, basis, chance, checked, left_out, unknown, with, work};

use crate::answers::calibrate::CalibrateAnswer;
use crate::model::Scenario;
use crate::output::{RunContext, changes, table};

/// A calibration with all that is said of it.
#[derive(Clone, Copy, Debug)]
pub struct Shown<'a> {
    /// The scenario whose inputs are not known.
    pub scenario: &'a Scenario,
    /// The same as one file.
    pub text: &'a str,
    /// What came of it.
    pub answer: &'a CalibrateAnswer,
    /// The scenario with the calibrated values, as one file.
    pub calibrated: Option<&'a str>,
    /// How it came about.
    pub context: &'a RunContext,
}

/// The answer in the terminal.
#[must_use]
pub fn text(shown: &Shown<'_>) -> String {
    let mut lines = vec![shown.scenario.title.clone()];
    lines.extend(changes::undone(&shown.context.what_if.undone));
    lines.extend([basis(shown), String::new()]);
    lines.extend(answers(shown).into_iter().map(|line| format!("- {line}")));
    let unknown = unknown(shown);
    if !unknown.is_empty() {
        lines.push(String::new());
        lines.push("What the figures cannot tell:".into());
        lines.extend(unknown.into_iter().map(|line| format!("- {line}")));
    }
    lines.push(String::new());
    lines.extend(chance(shown));
    lines.extend(checked(shown));
    lines.extend(left_out(shown));
    let mut text = table::prose(&lines);
    let tables = [
        Some(figures(shown)),
        Some(inputs_grid(shown)),
        pairs(shown),
        Some(waves(shown)),
    ];
    for grid in tables.iter().flatten() {
        text.push('\n');
        text.push_str(&table::grid(grid));
    }
    text
}
