//! Where more staff do most good: words, tables, CSV, JSON.
//!
//! A placement is told by what it did on the replications on which it was confirmed, never by those on which it was chosen;
//! the table of cells, the curve of best placements and how often each won are of the latter, and say so.

mod file;
mod grids;
mod sentences;

pub use file::{COLUMNS, MEASURES, csv, json, what_ifs};
pub use grids::{by_hub, curve, levels, numbers, others, placements};
pub use sentences::{answers, basis, named, one_by_one, placed, staff, sureness};

use crate::answers::allocate::AllocateAnswer;
use crate::model::Scenario;
use crate::output::{RunContext, changes, sentence, table};

/// An answer with all that is said of it.
#[derive(Clone, Copy, Debug)]
pub struct Allocated<'a> {
    /// The scenario that is added to.
    pub scenario: &'a Scenario,
    /// What came of it.
    pub answer: &'a AllocateAnswer,
    /// How it came about.
    pub context: &'a RunContext,
}

/// Rows of the curve in the terminal.
const CURVE_ROWS: usize = 8;

/// The answer in the terminal.
#[must_use]
pub fn text(allocated: &Allocated<'_>) -> String {
    let scenario = allocated.scenario;
    let mut lines = vec![scenario.title.clone(), format!("Scenario file: {}.toml", scenario.name)];
    lines.extend(changes::lines(scenario, &allocated.context.what_if, "in the report"));
    lines.push(basis(allocated));
    lines.push(sentence::DOUBT.to_owned());
    for said in [answers(allocated), sureness(allocated), staff(allocated)] {
        lines.push(String::new());
        lines.extend(said);
    }
    let mut text = table::prose(&lines);
    let grids = [
        Some(placements(allocated)),
        Some(levels(allocated)),
        others(allocated),
        Some(by_hub(allocated)),
        Some(numbers(allocated)),
        Some(curve(allocated, CURVE_ROWS)),
    ];
    for grid in grids.iter().flatten() {
        text.push('\n');
        text.push_str(&table::grid(grid));
    }
    text
}
