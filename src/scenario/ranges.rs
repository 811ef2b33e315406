//! The inputs that may lie in a range, and what is typed for a value of that range.
//!
//! Ranges are those that the file states: `[[unknown]]`, and the `low` and `high` of `[assumptions]`. A value between two ends
//! is typed with their unit, so that the reader checks it as it checks everything. What a range is of:
//!
//! - a number, time or rate: that one; of a drawn duration, its mean (or median), whichever is typed;
//! - a table of one number (`also = { crisis-care = 0.4 }`): that number;
//! - a path that leads to several which differ (`role.*.notes`): their mean; they keep their proportions;
//! - `"0.7 times"`: so many times what is typed; of a table, of all times and rates in it;
//! - `"14 over all hubs"` of a hub's staff, and `staff.ROLE`: the total, shared out as it is shared now;
//! - `"2 a week"` of a stream of visits: its `per-week`;
//! - a single number for a `headroom` of two parts: their sum; they keep their proportions;
//! - one of the shares that must sum to 1: the others take the rest in their proportions; where ranges are stated of all of
//!   them, they are divided by their sum.
//!
//! Two ranges of one number are one: `[[unknown]]` goes before `[assumptions]`, and the more exact path before the other.

use std::collections::BTreeSet;

use toml::de::{DeTable, DeValue};

use super::merge::Step;
use super::{Change, Loaded, paths};
use crate::model::{Assumption, RangeShape, Unknown};
use crate::random::{gamma_factor, normal_quantile};
use crate::units::{PerDay, Span};

/// An input that may lie in a range.
#[derive(Clone, Debug, PartialEq)]
pub struct InputRange {
    /// The path, as typed in the file; of a total over all hubs `staff.ROLE`.
    pub path: String,
    /// What it is now, in the unit of the range.
    pub now: f64,
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
    /// The unit, as it is typed after a number; empty for a plain number.
    pub unit: String,
    /// Whether only whole numbers will do: people, places, posts.
    pub whole: bool,
    /// How likely the values of the range are.
    pub shape: RangeShape,
    targets: Vec<Target>,
    /// Of shares that must sum to 1: all of them as they are now, this one included.
    family: Shares,
}

/// Keys of what is counted in whole numbers, and of tables of such.
const COUNTS: [&str; 9] = [
    "on-shift",
    "count",
    "priority",
    "stages",
    "posts",
    "in-post",
    "open",
    "waiting",
    "residents",
];
const TABLES_OF_COUNTS: [&str; 2] = ["beds", "caseload-limit"];

/// Whether a path leads to what is counted in whole numbers.
fn is_whole(path: &[String]) -> bool {
    let [.., table, last] = path else { return false };
    COUNTS.contains(&last.as_str()) || TABLES_OF_COUNTS.contains(&table.as_str())
}

/// Shares by their paths.
type Shares = Vec<(String, f64)>;

/// Something that is typed for a value: its path, the factor on the value, and the unit after it.
#[derive(Clone, Debug, PartialEq)]
struct Target {
    path: String,
    factor: f64,
    unit: String,
}

/// A range of the file that cannot be moved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// The path, as typed in the file.
    pub path: String,
    /// The lower end, as typed.
    pub low: String,
    /// The upper end, as typed.
    pub high: String,
    /// Why not.
    pub why: &'static str,
}

impl InputRange {
    /// The paths of all that it moves.
    pub fn moves(&self) -> impl Iterator<Item = &str> {
        self.targets.iter().map(|target| target.path.as_str())
    }

    /// Whether what it is now lies in its range, to a billionth of the width.
    #[must_use]
    pub fn holds_what_is(&self) -> bool {
        let slack = 1e-9 * (self.high - self.low).abs();
        (self.low - slack..=self.high + slack).contains(&self.now)
    }
}

impl LeftOut {
    /// Whether the number has been changed since its range was stated.
    #[must_use]
    pub fn changed_since(&self) -> bool {
        self.why == CHANGED
    }
}

/// The ranges of a file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ranges {
    /// Those that can be moved, in the order of the file, unknowns first.
    pub inputs: Vec<InputRange>,
    /// Those that cannot.
    pub left_out: Vec<LeftOut>,
}

impl Ranges {
    /// Inputs that lie outside of their own range as they are now.
    pub fn outside(&self) -> impl Iterator<Item = &InputRange> {
        self.inputs.iter().filter(|range| !range.holds_what_is())
    }
}

/// Of how many of its draws an input with a `lognormal` or `gamma` range lies between the ends.
const BETWEEN: f64 = 0.9;

const WORDS: &str = "its ends are words, and there is nothing between words";
const OF_ANOTHER_KIND: &str = "its ends are of another kind than what is typed there";
const TABLE: &str = "the path leads to a table: one of its numbers is needed";
const NO_MONEY: &str = "prices do not change who is seen in time";
const NO_STANDARD: &str = "a standard or a target is what is wanted, not what is so";
const NOT_THE_SERVICE: &str = "it is how the simulation is run, not the service";
const CHANGED: &str = "this scenario has changed the number since its range was stated; state one of its own";
const NO_WIDTH: &str = "its ends are the same";
const BACKWARDS: &str = "its lower end is above the upper one";
const NO_TOTAL: &str = "the hubs have no WTE of this role that could be shared out";

/// The ranges of a scenario, and those that cannot be moved, with the reason.
#[must_use]
pub fn ranges(loaded: &Loaded) -> Ranges {
    let mut found = Ranges::default();
    let text = loaded.text.trim_start_matches('\u{feff}');
    let Ok(root) = DeTable::parse(text).map(toml::Spanned::into_inner) else {
        return found;
    };
    let scenario = &loaded.scenario;
    let mut stated: Vec<Stated<'_>> = scenario
        .unknowns
        .iter()
        .map(|unknown| Stated::unknown(unknown, &loaded.changes))
        .collect();
    let mut book: Vec<Stated<'_>> = scenario.assumptions.iter().filter_map(Stated::assumption).collect();
    book.sort_by_key(|s| s.path.contains('*'));
    stated.append(&mut book);
    let mut taken = BTreeSet::new();
    for one in stated {
        match one.range(&root, &mut taken) {
            Ok(Some(range)) => found.inputs.push(range),
            Ok(None) => {}
            Err(why) => found.left_out.push(LeftOut {
                path: one.path.into(),
                low: one.low.into(),
                high: one.high.into(),
                why,
            }),
        }
    }
    found
}

/// Whether some changes lead to what a path leads to.
#[must_use]
pub fn touched(changes: &[Change], path: &str) -> bool {
    changes.iter().any(|change| same_place(&change.path, path))
}

/// Whether one path leads to what another leads to, or below it.
#[must_use]
pub fn same_place(one: &str, other: &str) -> bool {
    let both = paths::split(one).zip(paths::split(other));
    both.is_some_and(|(one, other)| paths::touch(&one, &other))
}

/// What is typed, each as `path=value`, for values of some inputs; those without one are as in the file.
#[must_use]
pub fn settings<'a>(values: impl Iterator<Item = (&'a InputRange, f64)>) -> Vec<String> {
    let mut typed = Vec::new();
    // Shares that must sum to 1, all of a kind together.
    let mut families: Vec<(&Shares, Vec<(&str, f64)>)> = Vec::new();
    for (range, value) in values {
        if !range.family.is_empty()
            && let [target] = range.targets.as_slice()
        {
            let moved = (target.path.as_str(), value * target.factor);
            match families.iter_mut().find(|(all, _)| **all == range.family) {
                Some((_, list)) => list.push(moved),
                None => families.push((&range.family, vec![moved])),
            }
            continue;
        }
        let targets = range.targets.iter();
        typed.extend(targets.map(|t| t.typed(value)));
    }
    for (all, moved) in families {
        let sum: f64 = moved.iter().map(|(_, share)| share).sum();
        let others = || all.iter().filter(|(path, _)| moved.iter().all(|(own, _)| own != path));
        let of_others: f64 = others().map(|(_, share)| share).sum();
        let rest = 1.0 - sum;
        // With no others to give way, or too much for them, shares are divided by their sum.
        let (own, theirs) = if of_others > 0.0 && rest >= 0.0 {
            (1.0, rest / of_others)
        } else {
            (1.0 / (sum + of_others), 1.0 / (sum + of_others))
        };
        let set = |path: &str, share: f64| format!("{path}={}", plain(share));
        typed.extend(moved.iter().map(|(path, share)| set(path, share * own)));
        typed.extend(others().map(|(path, share)| set(path, share * theirs)));
    }
    typed
}

impl InputRange {
    /// The value that a share `u` of draws stays below.
    ///
    /// # Source
    /// `lognormal` and `gamma` are the distributions of which nine tenths lie between the two ends, as many above as below.
    #[must_use]
    pub fn quantile(&self, u: f64) -> f64 {
        if !self.whole {
            return self.between(u);
        }
        if self.shape == RangeShape::Uniform {
            // Each has an equal part.
            return (self.low + (u * (self.high - self.low + 1.0)).floor()).clamp(self.low, self.high);
        }
        self.between(u).round()
    }

    /// The same as if every number would do.
    fn between(&self, u: f64) -> f64 {
        let (low, high) = (self.low, self.high);
        let outside = (1.0 - BETWEEN) / 2.0;
        match self.shape {
            RangeShape::Uniform => low + u * (high - low),
            RangeShape::Triangular => {
                let (width, mode) = (high - low, self.now.clamp(low, high));
                let below = (mode - low) / width;
                if u < below {
                    low + (u * width * (mode - low)).sqrt()
                } else {
                    high - ((1.0 - u) * width * (high - mode)).sqrt()
                }
            }
            RangeShape::Lognormal => {
                let (l, h) = (libm::log(low), libm::log(high));
                let sigma = (h - l) / 2.0 / normal_quantile(1.0 - outside);
                libm::exp((l + h) / 2.0 + sigma * normal_quantile(u))
            }
            RangeShape::Gamma => {
                let shape = gamma_shape(high / low, outside);
                low / gamma_factor(shape, outside) * gamma_factor(shape, u)
            }
        }
    }

    /// A value on the scale on which the ends are -1 and 1.
    #[must_use]
    pub fn scaled(&self, value: f64) -> f64 {
        (2.0 * value - self.low - self.high) / (self.high - self.low)
    }

    /// A value as people read it, with its unit: to four digits, or whole.
    #[must_use]
    pub fn told(&self, value: f64) -> String {
        let digits = libm::floor(libm::log10(value.abs().max(1e-9)));
        let step = libm::pow(10.0, (digits - 3.0).min(0.0));
        format!("{}{}", plain((value / step).round() * step), self.unit)
    }
}

/// The shape of a gamma distribution whose upper quantile is so many times the lower one, found by halving.
fn gamma_shape(ratio: f64, outside: f64) -> f64 {
    let times = |shape: f64| gamma_factor(shape, 1.0 - outside) / gamma_factor(shape, outside);
    let (mut few, mut many) = (libm::log(0.05), libm::log(1e7));
    for _ in 0..60 {
        let middle = f64::midpoint(few, many);
        if times(libm::exp(middle)) > ratio {
            few = middle;
        } else {
            many = middle;
        }
    }
    libm::exp(f64::midpoint(few, many))
}

impl Target {
    fn typed(&self, value: f64) -> String {
        let number = plain(value * self.factor);
        if self.unit.is_empty() {
            format!("{}={number}", self.path)
        } else {
            format!("{}=\"{number}{}\"", self.path, self.unit)
        }
    }
}

/// A number as typed, without digits that only rounding brought.
pub(super) fn plain(value: f64) -> String {
    let rounded = (value * 1e9).round() / 1e9;
    if rounded == 0.0 {
        "0".into()
    } else {
        rounded.to_string()
    }
}

/// What kind of thing an end of a range says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Number,
    Time,
    Rate,
    /// So many times what is typed.
    Times,
    /// The total over all hubs.
    Total,
    /// Visits a week, in words.
    AWeek,
}

/// An amount in units of a kind: minutes, or so many a day.
#[derive(Clone, Debug, PartialEq)]
struct Amount {
    kind: Kind,
    value: f64,
    /// What is typed after the number.
    unit: String,
    /// How much one of that unit is.
    one: f64,
}

impl Amount {
    fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let end = text
            .find(|c: char| !(c.is_ascii_digit() || ['.', '-', '+'].contains(&c)))
            .unwrap_or(text.len());
        let number: f64 = text[..end].parse().ok().filter(|n: &f64| n.is_finite())?;
        let unit = text[end..].to_string();
        let plain = |kind, value, one, unit: &str| {
            let unit = unit.to_string();
            Some(Self { kind, value, unit, one })
        };
        match unit.trim() {
            "" => return plain(Kind::Number, number, 1.0, ""),
            "%" => return plain(Kind::Number, number / 100.0, 0.01, " %"),
            "times" => return plain(Kind::Times, number, 1.0, " times"),
            "over all hubs" => return plain(Kind::Total, number, 1.0, " over all hubs"),
            "a week" => return plain(Kind::AWeek, number, 1.0, " a week"),
            _ => {}
        }
        if let Ok(span) = Span::parse(text) {
            // Of "1 h 30 min" there is no single unit.
            return match Span::parse(&format!("1{unit}")) {
                Ok(one) if !unit.contains(|c: char| c.is_ascii_digit()) => {
                    plain(Kind::Time, span.minutes(), one.minutes(), &unit)
                }
                _ => plain(Kind::Time, span.minutes(), 1.0, " min"),
            };
        }
        let rate = PerDay::parse(text).ok()?;
        let one = PerDay::parse(&format!("1{unit}")).ok()?;
        plain(Kind::Rate, rate.get(), one.get(), &unit)
    }

    fn of(node: &DeValue<'_>) -> Option<Self> {
        match node {
            DeValue::String(text) => Self::read(text).filter(|a| [Kind::Time, Kind::Rate].contains(&a.kind)),
            DeValue::Integer(number) => Self::read(&number.to_string()),
            DeValue::Float(number) => Self::read(&number.to_string()),
            _ => None,
        }
    }
}

/// A range as the file states it.
struct Stated<'a> {
    path: &'a str,
    low: &'a str,
    high: &'a str,
    shape: RangeShape,
    changed: bool,
}

/// A number that a range is of: its path, and what it is now.
type Place = (Vec<Step>, Amount);

impl<'a> Stated<'a> {
    /// A range that was stated before the number was changed is of another number, unless it was stated again.
    fn unknown(unknown: &'a Unknown, changes: &[Change]) -> Self {
        let again = |change: &Change| {
            let parts = paths::split(&change.path).unwrap_or_default();
            matches!(parts.as_slice(), [first, path, ..] if first == "unknown" && *path == unknown.path)
        };
        Self {
            path: &unknown.path,
            low: &unknown.from,
            high: &unknown.to,
            shape: unknown.distribution,
            changed: touched(changes, &unknown.path) && !changes.iter().any(again),
        }
    }

    fn assumption(assumption: &'a Assumption) -> Option<Self> {
        let a = assumption;
        (!a.low.is_empty() && !a.high.is_empty()).then_some(Self {
            path: &a.path,
            low: &a.low,
            high: &a.high,
            shape: a.distribution,
            changed: a.changed,
        })
    }

    /// The range, nothing if it is of what another range is of already, or why it cannot be moved.
    fn range(&self, root: &DeTable<'_>, taken: &mut BTreeSet<String>) -> Result<Option<InputRange>, &'static str> {
        let parts = paths::split(self.path).unwrap_or_default();
        let has = |word: &str| parts.iter().any(|part| part == word);
        let (first, last) = (
            parts.first().map_or("", String::as_str),
            parts.last().map_or("", String::as_str),
        );
        if ["bed", "costs"].contains(&first) || ["cost", "overtime-cost"].contains(&last) {
            return Err(NO_MONEY);
        }
        if has("standard") {
            return Err(NO_STANDARD);
        }
        if first == "experiment" {
            return Err(NOT_THE_SERVICE);
        }
        let (low, high) = Amount::read(self.low).zip(Amount::read(self.high)).ok_or(WORDS)?;
        if low.kind != high.kind {
            return Err(OF_ANOTHER_KIND);
        }
        if self.changed {
            return Err(CHANGED);
        }
        let (from, to) = (low.value / low.one, high.value / low.one);
        if from > to {
            return Err(BACKWARDS);
        }
        let mut range = InputRange {
            path: self.path.into(),
            now: 0.0,
            low: from,
            high: to,
            unit: low.unit.clone(),
            whole: is_whole(&parts),
            shape: self.shape,
            targets: Vec::new(),
            family: Vec::new(),
        };
        let of_staff =
            matches!(parts.as_slice(), [hub, every, staff, _] if hub == "hub" && every == "*" && staff == "staff");
        let total = paths::total(root, &parts).or((low.kind == Kind::Total && of_staff).then_some(last));
        if let Some(role) = total {
            return self.total(root, role, range, taken);
        }
        let mut places = self.places(root, &parts, low.kind)?;
        places.retain(|(steps, _)| !taken.contains(&paths::join(steps)));
        if places.is_empty() {
            return Ok(None);
        }
        taken.extend(places.iter().map(|(steps, _)| paths::join(steps)));
        // The two parts of a headroom are one number.
        let whole = |(steps, _): &&Place| !steps.iter().rev().skip(1).any(|step| step.name() == "headroom");
        let parts_of_one = if places.iter().all(|place| whole(&place)) {
            1.0
        } else {
            2.0
        };
        let sum: f64 = places.iter().map(|(_, amount)| amount.value / low.one).sum();
        range.now = if low.kind == Kind::Times {
            1.0
        } else {
            sum / places.len() as f64 * parts_of_one
        };
        for (steps, amount) in &places {
            range.targets.push(Target {
                path: paths::join(steps),
                // In proportion to what they are now, which is equally where all are nothing.
                factor: if range.now > 0.0 {
                    amount.value / amount.one / range.now
                } else {
                    low.one / amount.one / parts_of_one
                },
                unit: amount.unit.clone(),
            });
        }
        if let [(steps, _)] = places.as_slice() {
            range.family = family(root, steps);
        }
        if from >= to {
            return Err(NO_WIDTH);
        }
        Ok(Some(range))
    }

    /// The total of a role over all hubs.
    fn total(
        &self,
        root: &DeTable<'_>,
        role: &str,
        mut range: InputRange,
        taken: &mut BTreeSet<String>,
    ) -> Result<Option<InputRange>, &'static str> {
        let path = ["hub", "*", "staff", role].map(str::to_string);
        let found = paths::places(root, &path);
        let now: Option<Vec<f64>> = found
            .iter()
            .map(|steps| Amount::of(paths::at(root, steps)?.get_ref()).filter(|a| a.kind == Kind::Number))
            .map(|amount| Some(amount?.value))
            .collect();
        let now = now.filter(|now| now.iter().sum::<f64>() > 0.0).ok_or(NO_TOTAL)?;
        let places: Vec<String> = found.iter().map(|steps| paths::join(steps)).collect();
        if places.iter().any(|place| taken.contains(place)) {
            return Ok(None);
        }
        taken.extend(places);
        if range.low >= range.high {
            return Err(NO_WIDTH);
        }
        range.now = now.iter().sum();
        range.path = paths::join(&["staff", role].map(|part| Step::Key(part.into())));
        range.unit = " WTE".into();
        range.targets = vec![Target {
            path: range.path.clone(),
            factor: 1.0,
            unit: String::new(),
        }];
        Ok(Some(range))
    }

    /// The numbers that the path leads to.
    fn places(&self, root: &DeTable<'_>, parts: &[String], kind: Kind) -> Result<Vec<Place>, &'static str> {
        let mut found = Vec::new();
        for steps in paths::places(root, parts) {
            let Some(node) = paths::at(root, &steps) else { continue };
            match kind {
                Kind::Times => scalable(node.get_ref(), &steps, &mut found),
                Kind::AWeek => {
                    let week = step_into(&steps, &["per-week"]);
                    let per_week = paths::at(root, &week).and_then(|node| Amount::of(node.get_ref()));
                    found.push((week, per_week.ok_or(OF_ANOTHER_KIND)?));
                }
                Kind::Total => return Err(OF_ANOTHER_KIND),
                Kind::Number | Kind::Time | Kind::Rate => found.extend(numbers(root, steps, kind)?),
            }
        }
        if found.is_empty() { Err(TABLE) } else { Ok(found) }
    }
}

/// The number at a place, of a kind; of a drawn duration its mean or median, of a headroom its two parts.
fn numbers(root: &DeTable<'_>, steps: Vec<Step>, kind: Kind) -> Result<Vec<Place>, &'static str> {
    let at = |steps: &[Step]| paths::at(root, steps).and_then(|node| Amount::of(node.get_ref()));
    if let Some(amount) = at(&steps) {
        return if amount.kind == kind {
            Ok(vec![(steps, amount)])
        } else {
            Err(OF_ANOTHER_KIND)
        };
    }
    let Some(table) = paths::at(root, &steps).and_then(|node| node.get_ref().as_table()) else {
        return Err(OF_ANOTHER_KIND);
    };
    if steps.last().is_some_and(|step| step.name() == "headroom") && kind == Kind::Number {
        let parts = ["planned", "absence"].map(|part| step_into(&steps, &[part]));
        let found: Option<Vec<Place>> = parts
            .into_iter()
            .map(|steps| Some((steps.clone(), at(&steps)?)))
            .collect();
        return found.ok_or(TABLE);
    }
    if let [(only, _)] = table.iter().collect::<Vec<_>>().as_slice() {
        let only = only.get_ref().as_ref();
        let inside = step_into(&steps, &[only]);
        if let Some(amount) = at(&inside).filter(|amount| amount.kind == kind) {
            return Ok(vec![(inside, amount)]);
        }
        for centre in ["mean", "median"] {
            let inside = step_into(&steps, &[only, centre]);
            if let Some(amount) = at(&inside).filter(|amount| amount.kind == Kind::Time && kind == Kind::Time) {
                return Ok(vec![(inside, amount)]);
            }
        }
    }
    Err(TABLE)
}

fn step_into(steps: &[Step], keys: &[&str]) -> Vec<Step> {
    let keys = keys.iter().map(|key| Step::Key((*key).to_string()));
    steps.iter().cloned().chain(keys).collect()
}

/// What a factor is of: the number itself, or all times and rates in a table.
fn scalable(node: &DeValue<'_>, steps: &[Step], found: &mut Vec<Place>) {
    if let Some(amount) = Amount::of(node) {
        found.push((steps.to_vec(), amount));
    } else if let DeValue::Table(table) = node {
        for (key, node) in super::decode::in_file_order(table) {
            let inside = step_into(steps, &[&key.text]);
            let number = Amount::of(node.get_ref()).is_some_and(|amount| amount.kind == Kind::Number);
            if !number {
                scalable(node.get_ref(), &inside, found);
            }
        }
    }
}

/// The shares among which a share must sum to 1, itself included; none if it need not.
fn family(root: &DeTable<'_>, steps: &[Step]) -> Shares {
    let Some((last, before)) = steps.split_last() else {
        return Vec::new();
    };
    let of_outcome = before.last().is_some_and(|step| step.name() == "outcome");
    let of_list =
        last.name() == "share" && before.len() >= 2 && ["hub", "response"].contains(&before[before.len() - 2].name());
    let mut parts: Vec<String> = steps.iter().map(|step| step.name().to_string()).collect();
    let star = match (of_outcome, of_list) {
        (true, _) => parts.len() - 1,
        (_, true) => parts.len() - 2,
        _ => return Vec::new(),
    };
    parts[star] = "*".into();
    let shares = paths::places(root, &parts);
    let share = |steps: &Vec<Step>| Some((paths::join(steps), Amount::of(paths::at(root, steps)?.get_ref())?.value));
    let all: Option<Shares> = shares.iter().map(share).collect();
    all.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{InputRange, ranges, settings};
    use crate::model::RangeShape;
    use crate::scenario::{read_text, read_with};

    const SERVICE: &str = r#"format = 1
[experiment]
start = 2021-01-04
run-length = "4 weeks"
[[hub]]
name = "A, B"
share = 0.6
travel = { urgent = "20 min", round = "10 min", cv = 0.4 }
staff = { carer = 6 }
[[hub]]
name = "C"
share = 0.4
staff = { carer = 2 }
[role.carer]
headroom = { planned = 0.15, absence = 0.05 }
notes = "10 min"
shifts = [{ name = "day", from = "08:00", to = "20:00" }]
[role.nurse]
notes = "20 min"
[pathway.crisis]
referrals = "3 /day"
triage = { lognormal = { mean = "15 min", cv = 0.6 } }
declined = 0.0
standard = { within = "2 h", target = 0.9, clock-stops = "lead" }
outcome = { home = 0.5, hospital = 0.3, other = 0.2 }
[[pathway.crisis.response]]
name = "visit"
share = 1
lead = "carer"
staff = [{ role = "carer", length = "70 min" }]
"#;

    fn service(more: &str) -> super::Ranges {
        let loaded = read_text(Path::new("service.toml"), format!("{SERVICE}{more}"));
        ranges(&loaded.unwrap())
    }

    fn typed(found: &[InputRange], values: &[f64]) -> Vec<String> {
        settings(found.iter().zip(values.iter().copied()))
    }

    fn one(more: &str, value: f64) -> Vec<String> {
        typed(&service(more).inputs, &[value])
    }

    fn assumed(path: &str, low: &str, high: &str) -> String {
        format!("[assumptions]\n\"{path}\" = {{ kind = \"assumption\", low = {low}, high = {high} }}\n")
    }

    #[test]
    fn values_are_typed_with_the_unit_of_their_place() {
        assert_eq!(
            one(
                &assumed("pathway.crisis.referrals", "\"14 /week\"", "\"28 /week\""),
                21.0
            ),
            ["pathway.crisis.referrals=\"3 /day\""]
        );
        assert_eq!(
            one(&assumed("pathway.crisis.triage", "\"0.1 h\"", "\"0.5 h\""), 0.4),
            ["pathway.crisis.triage.lognormal.mean=\"24 min\""]
        );
        assert_eq!(
            one(&assumed("pathway.crisis.triage", "\"1 h 30 min\"", "\"2 h\""), 100.0),
            ["pathway.crisis.triage.lognormal.mean=\"100 min\""]
        );
        assert_eq!(
            one(&assumed("pathway.crisis.declined", "0", "\"8 %\""), 0.05),
            ["pathway.crisis.declined=0.05"]
        );
        assert_eq!(
            one(&assumed("pathway.crisis.declined", "\"2 %\"", "\"8 %\""), 5.0),
            ["pathway.crisis.declined=0.05"]
        );
    }

    #[test]
    fn several_keep_their_proportions() {
        let hubs = ["hub.\"A, B\".staff.carer", "hub.C.staff.carer"];
        assert_eq!(
            one(&assumed("hub.*.staff.carer", "3", "5"), 5.0),
            [format!("{}=7.5", hubs[0]), format!("{}=2.5", hubs[1])]
        );
        assert_eq!(
            one(
                &assumed("hub.*.staff.carer", "\"6 over all hubs\"", "\"9 over all hubs\""),
                7.0
            ),
            ["staff.carer=7"]
        );
        assert_eq!(
            one(&assumed("role.*.notes", "\"3 min\"", "\"30 min\""), 30.0),
            ["role.carer.notes=\"20 min\"", "role.nurse.notes=\"40 min\""]
        );
        assert_eq!(
            one(&assumed("hub.*.travel", "\"0.7 times\"", "\"1.4 times\""), 1.4),
            [
                "hub.\"A, B\".travel.urgent=\"28 min\"",
                "hub.\"A, B\".travel.round=\"14 min\""
            ]
        );
        let headroom = service(&assumed("role.*.headroom", "0.1", "0.4"));
        assert!((headroom.inputs[0].now - 0.2).abs() < 1e-12);
        assert_eq!(
            typed(&headroom.inputs, &[0.4]),
            ["role.carer.headroom.planned=0.3", "role.carer.headroom.absence=0.1"]
        );
    }

    #[test]
    fn shares_that_sum_to_one_go_on_doing_so() {
        let outcome =
            |key: &str| format!("\"pathway.crisis.outcome.{key}\" = {{ kind = \"source\", low = 0.1, high = 0.9 }}\n");
        let of = |keys: &[&str]| {
            service(&format!(
                "[assumptions]\n{}",
                keys.iter().map(|k| outcome(k)).collect::<String>()
            ))
        };
        let path = |key: &str, share: &str| format!("pathway.crisis.outcome.{key}={share}");
        assert_eq!(
            typed(&of(&["home"]).inputs, &[0.75]),
            [path("home", "0.75"), path("hospital", "0.15"), path("other", "0.1")]
        );
        let all = of(&["home", "hospital", "other"]);
        assert_eq!(
            typed(&all.inputs, &[0.8, 0.8, 0.4]),
            [path("home", "0.4"), path("hospital", "0.4"), path("other", "0.2")]
        );
        // One of them alone moves as if the others had no range.
        assert_eq!(
            settings([(&all.inputs[1], 0.65)].into_iter()),
            [path("hospital", "0.65"), path("home", "0.25"), path("other", "0.1")]
        );
    }

    #[test]
    fn two_ranges_of_one_number_are_one() {
        let both = format!(
            "{}\"hub.*.staff.carer\" = {{ kind = \"calibrated\", low = \"6 over all hubs\", high = \"9 over all hubs\" }}\n{}",
            assumed("hub.C.staff.carer", "1", "3"),
            "[[unknown]]\npath = \"staff.carer\"\nfrom = 5\nto = 11\n"
        );
        let found = service(&both);
        assert_eq!(found.inputs.len(), 1, "{found:?}");
        assert_eq!(
            (found.inputs[0].path.as_str(), found.inputs[0].now),
            ("staff.carer", 8.0)
        );
        assert!(found.left_out.is_empty());
    }

    #[test]
    fn what_cannot_be_moved_is_named_with_the_reason() {
        let why = |path: &str, low: &str, high: &str| {
            let found = service(&assumed(path, low, high));
            assert!(found.inputs.is_empty(), "{found:?}");
            found.left_out[0].why
        };
        assert_eq!(
            why("pathway.crisis.response", "\"joint 0.35\"", "\"joint 0.6\""),
            super::WORDS
        );
        assert_eq!(why("pathway.crisis.outcome", "0.35", "0.6"), super::TABLE);
        assert_eq!(why("pathway.crisis.triage", "3", "6"), super::TABLE);
        assert_eq!(why("role.carer.notes", "3", "6"), super::OF_ANOTHER_KIND);
        assert_eq!(why("pathway.crisis.standard.target", "0.8", "0.9"), super::NO_STANDARD);
        assert_eq!(
            why("experiment.run-length", "\"4 weeks\"", "\"5 weeks\""),
            super::NOT_THE_SERVICE
        );
        assert_eq!(why("role.carer.notes", "\"3 min\"", "\"3 min\""), super::NO_WIDTH);
        assert_eq!(why("staff.nurse", "1", "3"), super::NO_TOTAL);
    }

    fn range(shape: RangeShape, low: f64, now: f64, high: f64) -> InputRange {
        InputRange {
            path: String::new(),
            now,
            low,
            high,
            unit: String::new(),
            whole: false,
            shape,
            targets: Vec::new(),
            family: Vec::new(),
        }
    }

    /// Nine tenths of a gamma with shape 400 and mean 1.2 lie between 1.1030435 and 1.3003672; the median of a log-normal is the
    /// geometric mean of its ends; a triangle over 0 to 4 with its top at 1 has a quarter below 1 and its 9/12 point at 2.
    #[test]
    fn quantiles_are_those_of_the_shape() {
        let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-5, "{a} {b}");
        let whole = crate::random::gamma_factor;
        let gamma = range(RangeShape::Gamma, 1.103_043_5, 1.2, 1.300_367_2);
        for u in [0.001, 0.05, 0.3, 0.95, 0.999] {
            close(gamma.quantile(u), 1.2 * whole(400.0, u));
        }
        let lognormal = range(RangeShape::Lognormal, 1.0, 2.0, 9.0);
        close(lognormal.quantile(0.5), 3.0);
        close(lognormal.quantile(0.05), 1.0);
        close(lognormal.quantile(0.95), 9.0);
        let triangle = range(RangeShape::Triangular, 0.0, 1.0, 4.0);
        close(triangle.quantile(0.25), 1.0);
        close(triangle.quantile(2.0 / 3.0), 2.0);
        close(triangle.quantile(1.0), 4.0);
        let uniform = range(RangeShape::Uniform, 2.0, 2.0, 4.0);
        close(uniform.quantile(0.25), 2.5);
        // Of 2, 3 and 4 each has a third; of a triangle whatever is nearest.
        let people = InputRange {
            whole: true,
            ..uniform.clone()
        };
        for (u, n) in [
            (0.0, 2.0),
            (0.33, 2.0),
            (0.34, 3.0),
            (0.66, 3.0),
            (0.67, 4.0),
            (1.0, 4.0),
        ] {
            close(people.quantile(u), n);
        }
        let people = InputRange {
            whole: true,
            ..triangle.clone()
        };
        close(people.quantile(0.2), 1.0);
        close(uniform.scaled(2.5), -0.5);
    }

    #[test]
    fn values_are_told_to_four_digits() {
        let with = |unit: &str, value: f64| {
            InputRange {
                unit: unit.into(),
                ..range(RangeShape::Uniform, 0.0, 0.0, 1.0)
            }
            .told(value)
        };
        assert_eq!(with(" min", 17.456_789), "17.46 min");
        assert_eq!(with("", 0.123_456), "0.1235");
        assert_eq!(with(" WTE", 139.0), "139 WTE");
        assert_eq!(with("", 12345.6), "12346");
        assert_eq!(with("", 0.0), "0");
    }

    /// Every range of the baseline that is not left out can be typed at both ends.
    #[test]
    fn the_ends_of_the_baseline_are_sound() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/home-first-2020.toml");
        let found = ranges(&read_with(&path, &[]).unwrap());
        assert!(found.inputs.len() > 25, "{:?}", found.left_out);
        for one in &found.inputs {
            for value in [one.low, one.now, one.high] {
                let typed = settings([(one, value)].into_iter());
                assert!(read_with(&path, &typed).is_ok(), "{typed:?}");
            }
        }
        let all = |of: fn(&InputRange) -> f64| settings(found.inputs.iter().map(|r| (r, of(r))));
        assert!(read_with(&path, &all(|r| r.low)).is_ok() && read_with(&path, &all(|r| r.high)).is_ok());
        // At what it is now, nothing changes but by rounding.
        let same = read_with(&path, &all(|r| r.now)).unwrap();
        assert_eq!(
            same.scenario.hubs[0].travel,
            read_with(&path, &[]).unwrap().scenario.hubs[0].travel
        );
    }
}
