//! Which input matters, and which is worth going to measure: words, tables, CSV, JSON.

mod file;
mod grids;
mod sentences;

pub use file::{COLUMNS, MEASURES, csv, json};
pub(in crate::output) use grids::surface;
pub use grids::{inputs, left_out, shares, tornado};
pub use sentences::{ASSUMED, answers, basis, calibrated, reported, unmoved};

use crate::answers::sensitivity::{Bar, OfStandard, SensitivityAnswer};
use crate::answers::uncertain::AboutInputs;
use crate::model::Scenario;
use crate::output::uncertain::drawn;
use crate::output::{RunContext, changes, sentence, table, words};
use crate::scenario::Ranges;

/// The answer with all that is said of it.
#[derive(Clone, Copy, Debug)]
pub struct Sensed<'a> {
    /// The scenario as it is in the file.
    pub scenario: &'a Scenario,
    /// Its ranges.
    pub ranges: &'a Ranges,
    /// What came of moving them.
    pub answer: &'a SensitivityAnswer,
    /// How it came about.
    pub context: &'a RunContext,
}

impl Sensed<'_> {
    /// An input as people say it.
    #[must_use]
    pub fn name(&self, input: usize) -> String {
        self.ranges
            .inputs
            .get(input)
            .map_or_else(String::new, |range| words::input(&range.path))
    }

    /// From one end of its range to the other, as people read it.
    #[must_use]
    pub fn ends(&self, input: usize) -> String {
        self.ranges.inputs.get(input).map_or_else(String::new, |range| {
            let number = |text: &str| text.strip_suffix(range.unit.as_str()).unwrap_or(text).to_owned();
            format!("{} to {}", number(&range.told(range.low)), range.told(range.high))
        })
    }

    /// Its lower and upper end, each with its unit.
    #[must_use]
    pub fn both_ends(&self, input: usize) -> [String; 2] {
        let range = self.ranges.inputs.get(input);
        range.map_or_else(Default::default, |range| {
            [range.low, range.high].map(|end| range.told(end))
        })
    }

    /// The inputs that move a standard at one of their ends, the one that moves it farthest first.
    pub fn bars<'b>(&self, of: &'b OfStandard) -> impl Iterator<Item = &'b Bar> {
        of.bars.iter().filter(|bar| !bar.same)
    }
}

/// What the changes of the file do to inputs that are moved: 24 more are 24 on top of whatever there is.
#[must_use]
pub fn changed(sensed: &Sensed<'_>) -> Vec<String> {
    let paths: Vec<String> = sensed.ranges.inputs.iter().map(|range| range.path.clone()).collect();
    let mut about = AboutInputs::default();
    about.meet_changes(&paths, &[sensed.scenario]);
    drawn::with_changes(&about, drawn::MOVED)
}

/// Rows of a table in the terminal; the report has all.
const MOST_ROWS: usize = 10;

/// The answer in the terminal.
#[must_use]
pub fn text(sensed: &Sensed<'_>) -> String {
    let mut lines = vec![
        sensed.scenario.title.clone(),
        format!("Scenario file: {}.toml", sensed.scenario.name),
    ];
    lines.extend(changes::undone(&sensed.context.what_if.undone));
    lines.extend(drawn::beside_its_range(&drawn::outside(sensed.ranges)));
    lines.extend([basis(sensed), ASSUMED.to_owned(), sentence::DOUBT.to_owned()]);
    for of in &sensed.answer.standards {
        lines.push(String::new());
        lines.extend(answers(sensed, of).into_iter().map(|line| format!("- {line}")));
    }
    lines.push(String::new());
    lines.extend(changed(sensed));
    lines.extend(reported(sensed.scenario));
    lines.extend(calibrated(sensed.scenario));
    lines.extend(unmoved(sensed));
    let mut text = table::prose(&lines);
    for of in &sensed.answer.standards {
        for grid in std::iter::once(tornado(sensed, of, MOST_ROWS)).chain(shares(sensed, of, MOST_ROWS)) {
            text.push('\n');
            text.push_str(&table::grid(&grid));
        }
    }
    text
}
