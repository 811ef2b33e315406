//! Where more staff do most good: words, tables, CSV, JSON.
//!
//! A placement is told by what it did on the replications on which it was confirmed, never by those on which it was chosen;
//! the table of cells, the curve of best placements and how often each won are of the latter, and say so.

mod draws;
mod file;
mod grids;
mod sentences;

pub use draws::{DRAWN_MEASURES, chosen_in_draws, if_uncertain, over_draws, uncertain_csv};
pub use file::{COLUMNS, MEASURES, csv, json, what_ifs};
pub use grids::{by_hub, curve, levels, numbers, others, placements};
pub use sentences::{answers, basis, named, one_by_one, placed, staff, sureness};

use crate::answers::Estimate;
use crate::answers::allocate::{AllocateAnswer, AllocateUncertain, Placement};
use crate::model::{HubId, Scenario};
use crate::output::{RunContext, changes, sentence, table};

/// An answer with all that is said of it.
#[derive(Clone, Copy, Debug)]
pub struct Allocated<'a> {
    /// The scenario that is added to.
    pub scenario: &'a Scenario,
    /// What came of it.
    pub answer: &'a AllocateAnswer,
    /// What the placements do if the inputs are not as stated, if that was asked.
    pub uncertain: Option<&'a AllocateUncertain>,
    /// How it came about.
    pub context: &'a RunContext,
}

/// Rows of the curve in the terminal.
const CURVE_ROWS: usize = 8;

/// The worst hub of a placement, with the interval that this hub has by itself: the same wherever the hub is named. Files have besides
/// how well the level of the worst hub is known, whichever it is.
fn worst(allocated: &Allocated<'_>, placement: &Placement) -> Option<(HubId, Estimate)> {
    let (hub, level) = placement.worst?;
    // One hub, or hubs that are all alike, have no worst.
    let levels = (0..allocated.scenario.hubs.len())
        .filter_map(|hub| placement.level(Some(HubId(hub)), allocated.answer.request.pathway))
        .map(|own| own.level.mean);
    let levels: Vec<f64> = levels.collect();
    let apart = levels.windows(2).any(|two| two[0].total_cmp(&two[1]).is_ne());
    if allocated.scenario.hubs.len() < 2 || (levels.len() > 1 && !apart) {
        return None;
    }
    let own = placement.level(Some(hub), allocated.answer.request.pathway);
    Some((hub, own.map_or(level, |own| own.level)))
}

/// The answer in the terminal.
#[must_use]
pub fn text(allocated: &Allocated<'_>) -> String {
    let scenario = allocated.scenario;
    let mut lines = vec![scenario.title.clone(), format!("Scenario file: {}.toml", scenario.name)];
    lines.extend(changes::lines(scenario, &allocated.context.what_if, "in the report"));
    lines.push(basis(allocated));
    lines.push(sentence::DOUBT.to_owned());
    for said in [
        answers(allocated),
        if_uncertain(allocated),
        sureness(allocated),
        staff(allocated),
    ] {
        if said.is_empty() {
            continue;
        }
        lines.push(String::new());
        lines.extend(said);
    }
    let mut text = table::prose(&lines);
    let grids = [
        Some(placements(allocated)),
        Some(levels(allocated)),
        others(allocated),
        over_draws(allocated),
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
