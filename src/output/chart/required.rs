//! Service level over staff: what the search saw around its answer, hub by hub.

use std::collections::BTreeMap;

use crate::answers::required::{Check, Ending, Seems, Tried};
use crate::model::PathwayId;
use crate::output::chart::Figure;
use crate::output::chart::theme::{self, Align, Canvas, RGBColor};
use crate::output::required::{Required, plain};
use crate::output::{digits, words};
use crate::units::Share;

/// Panels abreast.
const ABREAST: i32 = 3;
const CELL: (i32, i32) = (52, 40);
/// What stands above the cells of a panel, and below them \[pixels\].
const HEAD: i32 = 90;
const FOOT: i32 = 72;
/// The most numbers of an axis: those nearest to the answer are shown.
const MOST: usize = 5;

/// A panel: what it is of, its axes, and the levels seen.
struct Panel {
    title: String,
    /// Numbers that are as in the answer in all of it.
    fixed: String,
    across: Axis,
    /// `None` where there is but one number.
    up: Option<Axis>,
    answer: (f64, Option<f64>),
    /// The scenario's own number on each axis; `None` where other numbers of it are not as in the answer, so that it has no place here.
    own: Option<(f64, Option<f64>)>,
    /// Of whom the numbers in the words below are, in their order; empty where there is but one.
    order: String,
    /// The answer's numbers and those of the scenario, in words.
    needed: String,
    present: String,
    seen: BTreeMap<(usize, usize), Cell>,
}

/// What is known of a staffing.
struct Cell {
    /// Level and half-width; `None` where others say the contrary, on more people.
    level: Option<(f64, f64)>,
    looks: Looks,
}

/// What stands in a cell.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Looks {
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

struct Axis {
    name: String,
    numbers: Vec<f64>,
}

impl Panel {
    fn rows(&self) -> i32 {
        self.up.as_ref().map_or(1, |up| theme::pixel(up.numbers.len() as f64))
    }

    /// Whether the scenario's own staffing lies among those that are shown.
    fn shows_own(&self) -> bool {
        let has = |axis: &Axis, number: f64| axis.numbers.iter().any(|n| (n - number).abs() < 1e-9);
        self.own
            .is_some_and(|(x, y)| has(&self.across, x) && self.up.as_ref().zip(y).is_none_or(|(axis, y)| has(axis, y)))
    }

    /// What it is of, for people who cannot see it.
    fn told(&self) -> String {
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

/// One figure a standard. A check whose hub has one free number or two has a panel, one with three has a panel for every two of them,
/// where the third is as in the answer. Nothing where there are more, as over all hubs.
#[must_use]
pub fn required(required: &Required<'_>) -> Vec<Figure> {
    let standards = required.question.standards.iter();
    let each = standards.filter_map(|(pathway, _)| {
        let mut checks: Vec<(usize, Check)> = Vec::new();
        for tried in &required.answer.tried {
            for check in tried
                .levels
                .iter()
                .map(|seen| seen.check)
                .filter(|c| c.pathway == *pathway)
            {
                if !checks.contains(&(tried.component, check)) {
                    checks.push((tried.component, check));
                }
            }
        }
        let panels: Vec<Panel> = checks
            .iter()
            .flat_map(|(c, check)| panels(required, *c, check))
            .collect();
        let by_hub = checks.len() > 1 && checks.iter().all(|(_, check)| check.hub.is_some());
        (!panels.is_empty()).then(|| draw(required, *pathway, by_hub, &panels))
    });
    each.collect()
}

fn panels(required: &Required<'_>, component: usize, check: &Check) -> Vec<Panel> {
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

fn draw(required: &Required<'_>, pathway: PathwayId, by_hub: bool, panels: &[Panel]) -> Figure {
    let scenario = required.scenario;
    let mut standards = required.question.standards.iter();
    let wanted = standards
        .find(|(id, _)| *id == pathway)
        .map_or(0.0, |(_, wanted)| wanted.get());
    let rows = theme::pixel(panels.len() as f64 / f64::from(ABREAST) + 0.49).max(1);
    let tall = CELL.1 * panels.iter().map(Panel::rows).max().unwrap_or(1) + HEAD + FOOT;
    let target = scenario.pathways[pathway.0].standard.and_then(|s| s.target);
    let other_target = target.map(Share::get).filter(|t| (t - wanted).abs() > 1e-9);
    let top = if other_target.is_some() { 78 } else { 58 };
    let legend = top + rows * tall + 12;
    let name = words::pathway(scenario, pathway);
    let within = scenario.pathways[pathway.0]
        .standard
        .map(|s| words::within_long(s.within));
    let asked = format!("{} %", plain(wanted * 100.0));
    let near = format!("{} points", plain(required.answer.delta_points));
    let several = required.question.standards.len() > 1;
    let confidence = digits::percent(required.answer.confidence);
    theme::figure(
        &required.scenario.title,
        format!("required_{}", theme::pathway_part(scenario, pathway)),
        format!(
            "{name}: % {} {} with so many staff; at least {asked} is asked {}",
            words::done(&scenario.pathways[pathway.0]),
            within.unwrap_or_default(),
            if by_hub { "of every hub" } else { "for" }
        ),
        format!(
            "{}; each cell is a staffing that was simulated, with its service level, its interval of {confidence} confidence and a \
             mark: {} meets the level asked for, {} misses it, {} is too near or not known well enough to say. {}A frame marks {}. {}",
            if panels.iter().all(|p| p.fixed.is_empty()) {
                "One panel a hub"
            } else {
                "Panels of a hub for every two of its numbers, the third as in the frame"
            },
            mark(Seems::Met),
            mark(Seems::Missed),
            mark(Seems::Unsure),
            if several {
                "Of those that meet it, the ones that do not surely meet every other standard are white. "
            } else {
                ""
            },
            found(required),
            panels.iter().map(Panel::told).collect::<Vec<_>>().join(" ")
        ),
        (legend + 66).unsigned_abs(),
        |c| {
            c.muted(&together(required), (12, 44), Align::Left);
            if let Some(target) = other_target {
                c.muted(
                    &format!(
                        "{asked} is what this question asks; the target of the scenario is {}",
                        digits::percent(target)
                    ),
                    (12, 62),
                    Align::Left,
                );
            }
            for (n, panel) in (0..).zip(panels) {
                let left = 12 + 312 * (n % ABREAST);
                cells(c, panel, (left, top + tall * (n / ABREAST)));
            }
            let key = |(x, y): (i32, i32), looks: Looks, says: &str| {
                fill(c, (x, y - 9), (x + 26, y + 9), looks);
                sign(c, looks, (x + 13, y));
                c.words(says, (x + 34, y), Align::Left);
            };
            let (enough, here) = if several {
                (
                    "meets this standard and every other",
                    "meets this one, but not surely another",
                )
            } else {
                ("meets it", "")
            };
            key((14, legend), Looks::Enough, enough);
            if several {
                key((326, legend), Looks::HereOnly, here);
            }
            key((638, legend), Looks::Missed, &format!("misses {asked}"));
            let y = legend + 26;
            key(
                (14, y),
                Looks::Unsure,
                &format!("nearer to {asked} than its ±, or than {near}"),
            );
            outline(c, (386, y - 9), (412, y + 9), theme::FAINT);
            c.words("not simulated", (420, y), Align::Left);
            frame(c, (540, y - 9), (566, y + 9));
            c.words(found(required), (574, y), Align::Left);
            if panels.iter().any(Panel::shows_own) {
                present(c, (680, y - 9), (706, y + 9));
                c.words("in the scenario", (714, y), Align::Left);
            }
            c.muted(
                &format!(
                    "±: how surely a short search knew it ({confidence} confidence). Longer tests, there or beside it, may have decided: so like \
                     figures can have different marks."
                ),
                (14, legend + 52),
                Align::Left,
            );
        },
    )
}

/// What a staffing in a frame is called.
fn found(required: &Required<'_>) -> &'static str {
    match required.answer.ending {
        Ending::Certified => "the answer",
        Ending::NotWithinBounds | Ending::NotDecided | Ending::Interrupted => "the best found",
    }
}

/// What is needed over all hubs, beside what the scenario has.
fn together(required: &Required<'_>) -> String {
    let answer = required.answer;
    let what = match answer.ending {
        Ending::Certified => "Least staff shown to be enough for every standard",
        Ending::NotWithinBounds => "The best within the bounds, which is not enough",
        Ending::NotDecided | Ending::Interrupted => "The best that was found, which is not certified",
    };
    format!(
        "{what}, all hubs together: {}; in the scenario: {}",
        required.amount(answer.cost),
        required.amount(answer.cost_before)
    )
}

/// The scenario's own staffing, where it lies among those that are shown.
fn present(c: &Canvas<'_>, from: (i32, i32), to: (i32, i32)) {
    let (top, right) = (from.1 + 2, to.0 - 2);
    for (a, b) in [
        ((from.0 + 2, top), (right, top)),
        ((from.0 + 2, to.1 - 2), (right, to.1 - 2)),
        ((from.0 + 2, top), (from.0 + 2, to.1 - 2)),
        ((right, top), (right, to.1 - 2)),
    ] {
        c.dashed(a, b, theme::PINK, 3);
    }
}

fn frame(c: &Canvas<'_>, from: (i32, i32), to: (i32, i32)) {
    // With a white line inside, so that it stands apart from a dark cell in grey too.
    for (out, colour) in [(1, theme::WHITE), (3, theme::ORANGE)] {
        let (from, to) = ((from.0 - out, from.1 - out), (to.0 + out, to.1 + out));
        let corners = vec![from, (to.0, from.1), to, (from.0, to.1), from];
        c.line(corners, colour, 3);
    }
}

/// What stands beside the figure, so that colour is not all.
const fn mark(seems: Seems) -> &'static str {
    match seems {
        Seems::Met => "✓",
        Seems::Missed => "✗",
        Seems::Unsure => "?",
    }
}

/// From dark to light, so that it can be told in grey too: meets, unsure, misses; and meets this but not all, a dark edge.
fn fill(c: &Canvas<'_>, from: (i32, i32), to: (i32, i32), looks: Looks) {
    let colour: RGBColor = match looks {
        Looks::Enough | Looks::HereOnly => theme::BLUE,
        Looks::Missed => theme::TINT,
        Looks::Unsure => theme::UNSURE,
    };
    c.box_filled(from, to, colour);
    if looks == Looks::HereOnly {
        c.box_filled((from.0 + 3, from.1 + 3), (to.0 - 3, to.1 - 3), theme::WHITE);
    }
}

fn put(c: &Canvas<'_>, text: &str, at: (i32, i32), looks: Looks) {
    if looks == Looks::Enough {
        c.light(text, at, Align::Centre);
    } else {
        c.words(text, at, Align::Centre);
    }
}

/// The mark, drawn: not every typeface has it.
fn sign(c: &Canvas<'_>, looks: Looks, (x, y): (i32, i32)) {
    match looks {
        Looks::Enough | Looks::HereOnly => {
            let colour = if looks == Looks::Enough {
                theme::WHITE
            } else {
                theme::INK
            };
            c.line(vec![(x - 4, y), (x - 1, y + 4), (x + 5, y - 5)], colour, 2);
        }
        Looks::Missed => {
            c.line(vec![(x - 4, y - 4), (x + 4, y + 4)], theme::INK, 2);
            c.line(vec![(x - 4, y + 4), (x + 4, y - 4)], theme::INK, 2);
        }
        Looks::Unsure => put(c, "?", (x, y), looks),
    }
}

fn outline(c: &Canvas<'_>, from: (i32, i32), to: (i32, i32), colour: RGBColor) {
    let corners = vec![from, (to.0, from.1), to, (from.0, to.1), from];
    c.line(corners, colour, 1);
}

fn cells(c: &Canvas<'_>, panel: &Panel, (left, top): (i32, i32)) {
    c.bold(&theme::fit(&panel.title, 34), (left, top + 6), Align::Left);
    c.muted(&theme::fit(&panel.order, 50), (left, top + 24), Align::Left);
    c.words(&words::capital(&panel.needed), (left, top + 42), Align::Left);
    c.muted(&words::capital(&panel.present), (left, top + 60), Align::Left);
    let up = panel.up.as_ref();
    let beside: Vec<String> = { up.iter() }
        .map(|up| format!("up: {}", up.name))
        .chain((!panel.fixed.is_empty()).then(|| format!("with {}", panel.fixed)))
        .collect();
    c.muted(&theme::fit(&beside.join("; "), 46), (left, top + 78), Align::Left);
    let rows = panel.rows();
    let (x0, y0) = (left + 42, top + HEAD);
    for (j, number) in (0..).zip(up.iter().flat_map(|up| &up.numbers)) {
        let y = y0 + CELL.1 * (rows - 1 - j) + CELL.1 / 2;
        c.words(&plain(*number), (x0 - 6, y), Align::Right);
    }
    for (i, number) in (0..).zip(&panel.across.numbers) {
        let x = x0 + CELL.0 * i + CELL.0 / 2;
        c.words(&plain(*number), (x, y0 + CELL.1 * rows + 10), Align::Centre);
    }
    c.muted(
        &format!("across: {}", theme::fit(&panel.across.name, 32)),
        (left, y0 + CELL.1 * rows + 27),
        Align::Left,
    );
    if !panel.shows_own() {
        c.muted(
            "The scenario's own staffing lies outside this grid.",
            (left, y0 + CELL.1 * rows + 45),
            Align::Left,
        );
    }
    for (i, across) in (0..).zip(&panel.across.numbers) {
        for j in 0..rows {
            let from = (x0 + CELL.0 * i, y0 + CELL.1 * (rows - 1 - j));
            let to = (from.0 + CELL.0 - 2, from.1 + CELL.1 - 2);
            let place = (usize::try_from(i).unwrap_or(0), usize::try_from(j).unwrap_or(0));
            match panel.seen.get(&place) {
                Some(cell) => draw_cell(c, cell, from, to),
                None => outline(c, from, to, theme::FAINT),
            }
            let number = up.and_then(|up| up.numbers.get(place.1));
            let is = |(x, y): (f64, Option<f64>)| {
                let level = number.zip(y).is_none_or(|(n, y)| (n - y).abs() < 1e-9);
                level && (*across - x).abs() < 1e-9
            };
            if panel.own.is_some_and(is) {
                present(c, from, to);
            }
            if is(panel.answer) {
                frame(c, from, to);
            }
        }
    }
}

/// Level and mark above, half-width below; the mark alone where others say it.
fn draw_cell(c: &Canvas<'_>, cell: &Cell, from: (i32, i32), to: (i32, i32)) {
    fill(c, from, to, cell.looks);
    let at = ((from.0 + to.0) / 2, (from.1 + to.1) / 2);
    let Some((level, half_width)) = cell.level else {
        return sign(c, cell.looks, at);
    };
    put(c, &format!("{:.1}", level * 100.0), (at.0 - 8, at.1 - 8), cell.looks);
    sign(c, cell.looks, (at.0 + 15, at.1 - 8));
    put(c, &format!("±{:.1}", half_width * 100.0), (at.0, at.1 + 9), cell.looks);
}
