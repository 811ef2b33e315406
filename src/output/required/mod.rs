//! How many staff are needed: words, tables, CSV, JSON, and the answer as a scenario.

mod apart;
mod draws;
mod file;
mod grids;
mod refused;
mod sentences;
mod small;

pub use draws::{NEEDED, if_uncertain, needed_csv, over_draws};
pub use file::{CERTIFICATE, COLUMNS, TRIED, answer_file, certificate_csv, csv, json, other_targets, tried_csv};
pub use grids::{borderline, levels, misses, rests_on, rostered, staff};
pub use refused::refused;
pub use sentences::{asked, basis, found, rests};

use crate::answers::required::{RequiredAnswer, RequiredUncertain};
use crate::answers::run::RunAnswer;
use crate::model::{Question, Scenario, Smallest, StaffPlace, Staffing};
use crate::output::{RunContext, changes, digits, table, words};

/// Of each hub, the most borderline staffings that the terminal lists.
const BORDERLINE_ON_SCREEN: usize = 3;

/// An answer with all that is said of it.
#[derive(Clone, Copy, Debug)]
pub struct Required<'a> {
    /// The scenario.
    pub scenario: &'a Scenario,
    /// What was asked of it.
    pub question: &'a Question,
    /// What came of it.
    pub answer: &'a RequiredAnswer,
    /// What would be needed if the inputs were not as stated, if that was asked.
    pub uncertain: Option<&'a RequiredUncertain>,
    /// What else the staffing of the answer does, in a run of it; `None` if it was not run.
    pub beside: Option<&'a RunAnswer>,
    /// How it came about.
    pub context: &'a RunContext,
}

impl Required<'_> {
    /// What is to be small, as a phrase: "70.5 WTE".
    #[must_use]
    pub fn amount(&self, amount: f64) -> String {
        match self.question.smallest {
            Smallest::YearlyCost => format!("{} a year", digits::pounds(amount)),
            Smallest::Wte if self.priced() => format!("a cost of {}", plain(amount)),
            Smallest::Wte => format!("{} WTE", plain(amount)),
        }
    }

    /// The unit of what is to be small, for an axis.
    #[must_use]
    pub fn unit(&self) -> &'static str {
        match self.question.smallest {
            Smallest::YearlyCost => "£ a year",
            Smallest::Wte if self.priced() => "cost as the file counts it",
            Smallest::Wte => "WTE",
        }
    }

    /// The same without its unit, where the amount after it has one: "70.5" in "70.5 to 80 WTE".
    #[must_use]
    pub fn amount_bare(&self, amount: f64) -> String {
        match self.question.smallest {
            Smallest::YearlyCost => digits::pounds(amount),
            Smallest::Wte if self.priced() => self.amount(amount),
            Smallest::Wte => plain(amount),
        }
    }

    /// The same as a part of a sentence that has said already what it is of.
    #[must_use]
    pub fn more(&self, amount: f64) -> String {
        if self.question.smallest == Smallest::Wte && self.priced() {
            plain(amount)
        } else {
            self.amount(amount)
        }
    }

    /// The same with what it costs in pounds, if that is known and not what is to be small: "70.5 WTE (£2,900,000 a year)".
    #[must_use]
    pub fn amount_and_pounds(&self, amount: f64, pounds: Option<f64>) -> String {
        with_pounds(
            self.amount(amount),
            pounds.filter(|_| self.question.smallest == Smallest::Wte),
        )
    }

    /// A part of a sentence that has said already what it is of, with pounds.
    #[must_use]
    pub fn more_and_pounds(&self, amount: f64, pounds: Option<f64>) -> String {
        with_pounds(
            self.more(amount),
            pounds.filter(|_| self.question.smallest == Smallest::Wte),
        )
    }

    /// So many of a free number, with its role: "Crisis worker at most 7 WTE", "Worker (night) 3".
    #[must_use]
    pub fn so_many(&self, free: usize, reach: &str, number: f64) -> String {
        let place = self.question.free.get(free).and_then(|d| d.places.first());
        let Some(place) = place else { return String::new() };
        let (role, number) = (words::role(self.scenario, place.role), plain(number));
        match piece(self.scenario, place) {
            Some(name) => format!("{role} ({name}) {reach}{number}"),
            None => format!("{role} {reach}{number} WTE"),
        }
    }

    /// The same of a staffing: "Crisis worker 7 WTE; Therapist 6 WTE".
    #[must_use]
    pub fn staffing(&self, numbers: &[(usize, f64)]) -> String {
        let each = numbers.iter().map(|(d, n)| self.so_many(*d, "", *n));
        each.collect::<Vec<_>>().join("; ")
    }

    /// Whether the file gives costs of its own.
    fn priced(&self) -> bool {
        self.question.free.iter().any(|d| d.cost.is_some())
    }

    /// What a free number is of: a role, and its piece of the day.
    #[must_use]
    pub fn kind(&self, free: usize) -> String {
        let place = self.question.free.get(free).and_then(|d| d.places.first());
        place.map_or_else(String::new, |p| kind(self.scenario, p))
    }

    /// Where a free number counts: a hub, or several alike.
    #[must_use]
    pub fn where_of(&self, free: usize) -> String {
        match self.question.free.get(free).map(|d| &d.places[..]) {
            Some([one]) => words::hub(self.scenario, Some(one.hub)),
            Some(places) if places.len() == self.scenario.hubs.len() => "Every hub".into(),
            Some(places) => {
                let names = places.iter().map(|p| words::hub(self.scenario, Some(p.hub)));
                words::list(&names.collect::<Vec<_>>())
            }
            None => String::new(),
        }
    }

    /// Where a staffing of a part of the service is: the hub whose numbers it has, or, where these are the same at several, those whose
    /// levels it is about.
    #[must_use]
    pub fn part(&self, component: usize, numbers: &[(usize, f64)]) -> String {
        let single = |d: &usize| self.question.free.get(*d).is_some_and(|dial| dial.places.len() == 1);
        if let Some(free) = numbers.iter().map(|(d, _)| *d).find(single) {
            return self.where_of(free);
        }
        let own = self.answer.rests_on.iter().filter(|of| of.component == component);
        let mut hubs: Vec<String> = own
            .filter_map(|of| of.check.hub)
            .map(|hub| words::hub(self.scenario, Some(hub)))
            .collect();
        hubs.dedup();
        match (hubs.is_empty(), numbers.first()) {
            (true, Some((d, _))) => self.where_of(*d),
            _ => words::list(&hubs),
        }
    }
}

/// A role, and which piece of its day.
fn kind(scenario: &Scenario, place: &StaffPlace) -> String {
    let role = words::role(scenario, place.role);
    match piece(scenario, place) {
        Some(name) => format!("{role}, {name}"),
        None => format!("{role}, WTE"),
    }
}

/// The piece of the day that a number counts in; of WTE none.
fn piece(scenario: &Scenario, place: &StaffPlace) -> Option<String> {
    let staffing = scenario.hubs.get(place.hub.0).and_then(|h| h.staff.get(place.role.0));
    match (staffing, place.piece) {
        (Some(Staffing::OnShift(pieces)), Some(n)) => {
            Some(pieces.get(n).and_then(|p| p.name.clone()).unwrap_or_default())
        }
        _ => None,
    }
}

fn with_pounds(amount: String, pounds: Option<f64>) -> String {
    match pounds {
        Some(pounds) => format!("{amount} ({} a year)", digits::pounds(pounds)),
        None => amount,
    }
}

/// A number of staff or a cost in units of the file: at most two decimals, none that say nothing.
#[must_use]
pub fn plain(number: f64) -> String {
    let text = format!("{:.2}", number + 0.0);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// The answer in the terminal.
#[must_use]
pub fn text(required: &Required<'_>) -> String {
    let scenario = required.scenario;
    let mut lines = vec![scenario.title.clone(), format!("Scenario file: {}.toml", scenario.name)];
    lines.extend(changes::undone(&required.context.what_if.undone));
    lines.push(asked(required));
    lines.push(String::new());
    lines.extend(found(required));
    let uncertain = if_uncertain(required);
    if !uncertain.is_empty() {
        lines.push(String::new());
        lines.extend(uncertain);
    }
    let mut text = table::prose(&lines);
    for grid in staff(required) {
        text.push('\n');
        text.push_str(&table::grid(&grid));
    }
    let below = rostered(required);
    if !below.is_empty() {
        text.push_str(&table::prose(&[below]));
    }
    let rest = over_draws(required).into_iter().chain([
        levels(required),
        borderline(required, BORDERLINE_ON_SCREEN),
        misses(required, true),
        rests_on(required),
    ]);
    for grid in rest.filter(|grid| !grid.rows.is_empty()) {
        text.push('\n');
        text.push_str(&table::grid(&grid));
    }
    let mut method = vec![String::new()];
    method.extend(other_targets(required));
    method.push(basis(required));
    method.extend(rests(required));
    text + &table::prose(&method)
}
