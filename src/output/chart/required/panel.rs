//! A panel of the figure: the staffings of a hub over one of its numbers, or two, with the levels seen.

use std::collections::BTreeMap;

use super::found;
use crate::answers::required::{Check, Seems, Tried};
use crate::output::chart::theme;
use crate::output::required::{Required, plain};
use crate::output::words;

/// The most numbers of an axis: those nearest to the answer are shown.
const MOST: usize = 5;

/// A panel: what it is of, its axes, and the levels seen.
pub(super) struct Panel {
    pub(super) title: String,
    /// Numbers that are as in the answer in all of it.
    pub(super) fixed: String,
    pub(super) across: Axis,
    /// `None` where there is but one number.
    pub(super) up: Option<Axis>,
    pub(super) answer: (f64, Option<f64>),
    /// The scenario's own number on each axis; `None` where other numbers of it are not as in the answer, so that it has no place here.
    pub(super) own: Option<(f64, Option<f64>)>,
    /// Of whom the numbers in the words below are, in their order; empty where there is but one.
    pub(super) order: String,
    /// The answer's numbers and those of the scenario, in words.
    pub(super) needed: String,
    pub(super) present: String,
    pub(super) seen: BTreeMap<(usize, usize), Cell>,
}

/// What is known of a staffing.
pub(super) struct Cell {
    /// Level and half-width; `None` where others say the contrary, on more people.
    pub(super) level: Option<(f64, f64)>,
    pub(super) looks: Looks,
}

/// What stands in a cell.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Looks {
    /// Meets this level and every other.
    Enough,
    /// Meets this level, and not or not surely another.
    HereOnly,
    Missed,
    Unsure,
}

impl Looks {
    const fn of(seems: Seems, suffices: bool) -> Self {
        match seems {
            Seems::Met if suffices => Self::Enough,
            Seems::Met => Self::HereOnly,
            Seems::Missed => Self::Missed,
            Seems::Unsure => Self::Unsure,
        }
    }
}

pub(super) struct Axis {
    pub(super) name: String,
    pub(super) numbers: Vec<f64>,
}

impl Panel {
    pub(super) fn rows(&self) -> i32 {
        self.up.as_ref().map_or(1, |up| theme::pixel(up.numbers.len() as f64))
    }

    /// Whether the scenario's own staffing lies among those that are shown.
    pub(super) fn shows_own(&self) -> bool {
        let has = |axis: &Axis, number: f64| axis.numbers.iter().any(|n| (n - number).abs() < 1e-9);
        self.own
            .is_some_and(|(x, y)| has(&self.across, x) && self.up.as_ref().zip(y).is_none_or(|(axis, y)| has(axis, y)))
    }

    /// What it is of, for people who cannot see it.
    pub(super) fn told(&self) -> String {
        let mut numbers = vec![self.across.name.clone()];
        numbers.extend(self.up.iter().map(|up| up.name.clone()));
        if !self.fixed.is_empty() {
            numbers.push(self.fixed.clone());
        }
        format!(
            "{}, {}: {}; {}{}{}.",
            self.title,
            words::list(&numbers),
            self.needed,
            self.present,
            if self.order.is_empty() { "" } else { ", of " },
            self.order
        )
    }
}

/// The numbers of a hub in words: `8 + 6 = 14 WTE`. People on shift at different times are not added up.
fn summed(numbers: &[f64], wte: bool) -> String {
    let each: Vec<String> = numbers.iter().map(|n| plain(*n)).collect();
    match (wte, each.as_slice()) {
        (true, [one]) => format!("{one} WTE"),
        (true, _) => format!("{} = {} WTE", each.join(" + "), plain(numbers.iter().sum())),
        (false, _) => each.join(" and "),
    }
}

/// Of whom the numbers of a hub are, as they are summed: `Crisis worker + Therapist`.
fn in_order(kinds: &[String], wte: bool) -> String {
    match (kinds, wte) {
        ([] | [_], _) => String::new(),
        (several, true) => {
            let roles: Vec<&str> = several.iter().map(|kind| kind.trim_end_matches(", WTE")).collect();
            roles.join(" + ")
        }
        (several, false) => several.join(" and "),
    }
}

pub(super) fn panels(required: &Required<'_>, component: usize, check: &Check) -> Vec<Panel> {
    let tried = required.answer.tried.iter();
    let tried: Vec<&Tried> = tried.filter(|t| t.component == component).collect();
    let numbers = tried.first().map_or(0, |t| t.numbers.len());
    let pairs: &[(usize, Option<usize>)] = match numbers {
        1 => &[(0, None)],
        2 => &[(0, Some(1))],
        3 => &[(0, Some(1)), (0, Some(2)), (1, Some(2))],
        _ => &[],
    };
    let each = pairs.iter().filter_map(|pair| panel(required, &tried, *pair, check));
    each.collect()
}

/// The panel of one place among the numbers, or of two; all others are as in the answer.
fn panel(
    required: &Required<'_>,
    tried: &[&Tried],
    (first, second): (usize, Option<usize>),
    check: &Check,
) -> Option<Panel> {
    let dials: Vec<usize> = tried.first()?.numbers.iter().map(|n| n.0).collect();
    let number_of = |place: usize| required.answer.numbers.iter().find(|n| n.free == dials[place]);
    let answer_of = |place: usize| number_of(place).map(|n| n.number);
    let own_of = |place: usize| number_of(place).map(|n| n.before);
    // The same kind lies across in every panel, whichever entry of the question a hub's number comes from.
    let (x, y) = match second {
        Some(second) if !across_first(required, dials[first], dials[second]) => (second, Some(first)),
        _ => (first, second),
    };
    let others: Vec<usize> = (0..dials.len()).filter(|p| *p != x && Some(*p) != y).collect();
    let is = |t: &Tried, place: usize, number: f64| t.numbers.get(place).is_some_and(|n| (n.1 - number).abs() < 1e-9);
    let as_answer = |t: &&&Tried| { others.iter() }.all(|p| answer_of(*p).is_some_and(|number| is(t, *p, number)));
    let tried: Vec<&Tried> = tried.iter().filter(as_answer).copied().collect();
    let axis = |place: usize, answer: f64| {
        let mut numbers: Vec<f64> = tried.iter().filter_map(|t| t.numbers.get(place)).map(|n| n.1).collect();
        numbers.sort_by(f64::total_cmp);
        numbers.dedup();
        numbers.sort_by(|a, b| (a - answer).abs().total_cmp(&(b - answer).abs()));
        numbers.truncate(MOST);
        numbers.sort_by(f64::total_cmp);
        let name = required.kind(dials[place]);
        Axis { name, numbers }
    };
    let across = axis(x, answer_of(x)?);
    let up = match y {
        Some(y) => Some(axis(y, answer_of(y)?)),
        None => None,
    };
    let mut seen = BTreeMap::new();
    for t in &tried {
        let level = t.levels.iter().find(|seen| seen.check == *check).map(|seen| Cell {
            level: (!seen.is_from_others()).then_some((seen.level.mean, seen.level.half_width)),
            looks: Looks::of(seen.seems, t.suffices),
        });
        let at = |axis: &Axis, place: usize| axis.numbers.iter().position(|n| is(t, place, *n));
        let row = match (&up, y) {
            (Some(up), Some(y)) => at(up, y),
            _ => Some(0),
        };
        if let (Some(level), Some(i), Some(j)) = (level, at(&across, x), row) {
            seen.insert((i, j), level);
        }
    }
    let fixed = others
        .iter()
        .filter_map(|p| Some(format!("{} {}", required.kind(dials[*p]), plain(answer_of(*p)?))));
    // In the order in which they are read: across, up, and those that are fixed.
    let order: Vec<usize> = [x].into_iter().chain(y).chain(others.iter().copied()).collect();
    let numbers = |of: &dyn Fn(usize) -> Option<f64>| order.iter().filter_map(|p| of(*p)).collect::<Vec<f64>>();
    let wte = dials.iter().all(|d| {
        let mut places = required.question.free[*d].places.iter();
        places.all(|place| place.piece.is_none())
    });
    let same = |p: &usize| answer_of(*p).zip(own_of(*p)).is_some_and(|(a, b)| (a - b).abs() < 1e-9);
    Some(Panel {
        title: words::hub(required.scenario, check.hub),
        fixed: fixed.collect::<Vec<_>>().join(", "),
        answer: (answer_of(x)?, y.and_then(answer_of)),
        own: others.iter().all(same).then_some((own_of(x)?, y.and_then(own_of))),
        needed: format!("{}: {}", found(required), summed(&numbers(&answer_of), wte)),
        order: in_order(&order.iter().map(|p| required.kind(dials[*p])).collect::<Vec<_>>(), wte),
        present: format!("in the scenario: {}", summed(&numbers(&own_of), wte)),
        across,
        up,
        seen,
    })
}

/// Whether the kind of one free number comes before that of another: in the order in which the question first has them at any hub.
fn across_first(required: &Required<'_>, one: usize, other: usize) -> bool {
    let kinds: Vec<String> = (0..required.question.free.len()).map(|d| required.kind(d)).collect();
    let rank = |d: usize| kinds.iter().position(|kind| *kind == required.kind(d));
    rank(one) <= rank(other)
}
