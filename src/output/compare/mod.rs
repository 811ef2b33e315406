//! What options change, with the same people in all of them: words, tables, CSV, JSON.
//!
//! A difference is told by the interval of the family, which holds for all hubs, options and standards at once; where that
//! holds 0, there is "no detectable difference", whatever the estimate.

mod file;
mod grids;
mod sentences;
mod standing;

pub use file::{COLUMNS, csv, files, json};
pub use grids::{by_hub, overall, staff, supporting, variance};
pub use sentences::{answers, basis, changed, other_experiment, variance_saved};
pub use standing::{met, note, standing};

use crate::answers::compare::{CompareAnswer, OptionAnswer};
use crate::model::Scenario;
use crate::output::made::hash;
use crate::output::{RunContext, changes, digits, precision, reported, sentence, table};
use crate::scenario::{Change, Loaded, differences};

/// An option as results show it.
#[derive(Clone, Debug)]
pub struct Shown {
    /// Its title.
    pub title: String,
    /// One file that says it.
    pub text: String,
    /// What it means.
    pub scenario: Scenario,
    /// Hash of it with everything it refers to.
    pub hash: String,
    /// What it changes in the base.
    pub changes: Vec<Change>,
}

impl Shown {
    /// An option, and what it changes in the base.
    #[must_use]
    pub fn of(base: &Loaded, option: &Loaded) -> Self {
        Self {
            title: option.scenario.title.clone(),
            text: option.text.clone(),
            scenario: option.scenario.clone(),
            hash: hash(option),
            changes: differences(base, option),
        }
    }
}

/// A comparison with all that is said of it.
#[derive(Clone, Copy, Debug)]
pub struct Compared<'a> {
    /// The base.
    pub base: &'a Scenario,
    /// The base as one file.
    pub text: &'a str,
    /// The options, in the order of the answer.
    pub options: &'a [Shown],
    /// What came of it.
    pub answer: &'a CompareAnswer,
    /// What was taken from the base instead of what options say.
    pub notes: &'a [String],
    /// How it came about.
    pub context: &'a RunContext,
}

impl<'a> Compared<'a> {
    /// Every option with its answer.
    pub fn pairs(&self) -> impl Iterator<Item = (&'a Shown, &'a OptionAnswer)> + use<'a> {
        self.options.iter().zip(&self.answer.options)
    }

    /// How the search for precision ended, in a sentence.
    #[must_use]
    pub fn precision(&self) -> Option<String> {
        let answer = self.answer;
        let interrupted = answer.asked > answer.replications;
        let said = |found| precision::sentence(&found, answer.replications, interrupted, "differences over all hubs");
        answer.precision.map(said)
    }
}

/// Options side by side in one table of the terminal.
const ABREAST: usize = 2;

/// The answer in the terminal.
#[must_use]
pub fn text(compared: &Compared<'_>) -> String {
    let mut lines = vec![
        compared.base.title.clone(),
        format!("Base: {}.toml", compared.base.name),
        basis(compared),
        sentence::DOUBT.to_owned(),
    ];
    lines.extend(changes::undone(&compared.context.what_if.undone));
    lines.extend(compared.precision());
    lines.extend(compared.notes.iter().cloned());
    lines.extend(reported::apart(compared.base, &compared.answer.reported, "the base"));
    for (shown, answer) in compared.pairs() {
        lines.push(String::new());
        let name = &answer.name;
        lines.push(if shown.title == *name {
            format!("{name}:")
        } else {
            format!("{name}: {}", shown.title)
        });
        let said = answers(compared, answer).into_iter().chain(met(compared, answer));
        let said = said.chain(uncertain(compared, answer));
        let said = said.chain(changed(shown));
        lines.extend(said.map(|line| format!("- {line}")));
    }
    lines.push(String::new());
    lines.extend(variance_saved(compared));
    let mut text = table::prose(&lines);
    let mut add = |grid: &_| {
        text.push('\n');
        text.push_str(&table::grid(grid));
    };
    overall(compared).iter().for_each(&mut add);
    by_hub(compared, ABREAST).iter().for_each(&mut add);
    standing(compared, ABREAST).iter().for_each(&mut add);
    if let Some(note) = note(compared) {
        text.push_str(&table::prose(&[note]));
    }
    let mut add = |grid: &_| {
        text.push('\n');
        text.push_str(&table::grid(grid));
    };
    if let Some(grid) = staff(compared) {
        add(&grid);
    }
    supporting(compared, ABREAST).iter().for_each(&mut add);
    text
}

/// What uncertain inputs do to an option's differences, in words; nothing if it was not asked.
#[must_use]
pub fn uncertain(compared: &Compared<'_>, option: &OptionAnswer) -> Vec<String> {
    let both = compared.answer.options.iter().zip(&compared.answer.uncertain);
    let mut found = both.filter(|(own, _)| own.name == option.name);
    found.next().map_or_else(Vec::new, |(_, of)| {
        // The same draws for all of them.
        let first = compared
            .answer
            .options
            .first()
            .is_some_and(|one| one.name == option.name);
        let basis = crate::output::uncertain::basis(compared.base, of).into_iter();
        basis
            .take(if first { usize::MAX } else { 1 })
            .chain(crate::output::uncertain::of_option(compared.base, of))
            .collect()
    })
}

/// How many differences the family has, in words.
fn family(answer: &CompareAnswer) -> String {
    match answer.family {
        1 => "the one difference of service levels".into(),
        n => format!("the {} differences of service levels together", digits::count(n as u64)),
    }
}
