//! Service level over staff: what the search saw around its answer, hub by hub.

use std::collections::BTreeMap;

use crate::answers::required::{Check, Seems, Tried};
use crate::output::chart::Figure;
use crate::output::chart::theme::{self, Align, Canvas, RGBColor};
use crate::output::required::{Required, plain};
use crate::output::words;

/// Panels abreast.
const ABREAST: i32 = 3;
const CELL: (i32, i32) = (52, 26);
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
    seen: BTreeMap<(usize, usize), (Option<f64>, Seems)>,
}

struct Axis {
    name: String,
    numbers: Vec<f64>,
}

impl Panel {
    fn rows(&self) -> i32 {
        self.up.as_ref().map_or(1, |up| theme::pixel(up.numbers.len() as f64))
    }

    /// What it is of, for people who cannot see it.
    fn told(&self) -> String {
        let mut numbers = vec![format!("{} {}", self.across.name, plain(self.answer.0))];
        numbers.extend(
            self.up
                .iter()
                .zip(self.answer.1)
                .map(|(up, n)| format!("{} {}", up.name, plain(n))),
        );
        if !self.fixed.is_empty() {
            numbers.push(self.fixed.clone());
        }
        format!("{}: {}.", self.title, words::list(&numbers))
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
        (!panels.is_empty()).then(|| draw(required, *pathway, &panels))
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
    let answer_of = |place: usize| {
        let mut numbers = required.answer.numbers.iter();
        numbers.find(|n| n.free == dials[place]).map(|n| n.number)
    };
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
        let level = t
            .levels
            .iter()
            .find(|seen| seen.check == *check)
            .map(|seen| ((!seen.is_from_others()).then_some(seen.level.mean), seen.seems));
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
    Some(Panel {
        title: words::hub(required.scenario, check.hub),
        fixed: fixed.collect::<Vec<_>>().join(", "),
        answer: (answer_of(x)?, y.and_then(answer_of)),
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

fn draw(required: &Required<'_>, pathway: crate::model::PathwayId, panels: &[Panel]) -> Figure {
    let scenario = required.scenario;
    let rows = theme::pixel(panels.len() as f64 / f64::from(ABREAST) + 0.49).max(1);
    let tall = CELL.1 * panels.iter().map(Panel::rows).max().unwrap_or(1) + 96;
    let height = 40 + rows * tall + 34;
    let name = words::pathway(scenario, pathway);
    let within = scenario.pathways[pathway.0]
        .standard
        .map(|s| words::within_short(s.within));
    let mut standards = required.question.standards.iter();
    let asked = standards
        .find(|(id, _)| *id == pathway)
        .map_or(0.0, |(_, wanted)| wanted.get());
    let asked = plain(asked * 100.0);
    theme::figure(
        &required.scenario.title,
        format!("required_{}", theme::pathway_part(scenario, pathway)),
        format!(
            "{name}: service level {} over staff, in %; asked: {asked}",
            within.unwrap_or_default()
        ),
        format!(
            "{}; each cell is a staffing that was simulated, with its service level and a mark: {} meets the level asked \
             for, {} misses it, {} is too near or not known well enough to say. A frame marks the answer. {}",
            if panels.iter().all(|p| p.fixed.is_empty()) {
                "One panel a hub"
            } else {
                "Panels of a hub for every two of its numbers, the third as in the answer"
            },
            mark(Seems::Met),
            mark(Seems::Missed),
            mark(Seems::Unsure),
            panels.iter().map(Panel::told).collect::<Vec<_>>().join(" ")
        ),
        height.unsigned_abs(),
        |c| {
            for (n, panel) in (0..).zip(panels) {
                let left = 12 + 312 * (n % ABREAST);
                let top = 40 + tall * (n / ABREAST);
                cells(c, panel, (left, top));
            }
            let y = height - 16;
            for (x, seems, says) in [
                (14, Seems::Met, "meets the level"),
                (184, Seems::Missed, "misses it"),
                (312, Seems::Unsure, "borderline or unsure"),
            ] {
                fill(c, (x, y - 9), (x + 26, y + 9), seems);
                sign(c, seems, (x + 13, y));
                c.words(says, (x + 34, y), Align::Left);
            }
            let faint = (526, y - 9);
            outline(c, faint, (faint.0 + 26, y + 9));
            c.words("not simulated", (560, y), Align::Left);
            frame(c, (690, y - 9), (716, y + 9));
            c.words("the answer", (724, y), Align::Left);
        },
    )
}

fn frame(c: &Canvas<'_>, from: (i32, i32), to: (i32, i32)) {
    let corners = vec![from, (to.0, from.1), to, (from.0, to.1), from];
    c.line(corners, theme::ORANGE, 3);
}

/// What stands beside the figure, so that colour is not all.
const fn mark(seems: Seems) -> &'static str {
    match seems {
        Seems::Met => "✓",
        Seems::Missed => "✗",
        Seems::Unsure => "?",
    }
}

/// From dark to light, so that it can be told in grey too: meets, unsure, misses.
fn fill(c: &Canvas<'_>, from: (i32, i32), to: (i32, i32), seems: Seems) {
    let colour: RGBColor = match seems {
        Seems::Met => theme::BLUE,
        Seems::Missed => theme::TINT,
        Seems::Unsure => theme::BACK,
    };
    c.box_filled(from, to, colour);
}

fn put(c: &Canvas<'_>, text: &str, at: (i32, i32), seems: Seems) {
    match seems {
        Seems::Met => c.light(text, at, Align::Centre),
        Seems::Missed | Seems::Unsure => c.words(text, at, Align::Centre),
    }
}

/// The mark, drawn: not every typeface has it.
fn sign(c: &Canvas<'_>, seems: Seems, (x, y): (i32, i32)) {
    match seems {
        Seems::Met => c.line(vec![(x - 4, y), (x - 1, y + 4), (x + 5, y - 5)], theme::WHITE, 2),
        Seems::Missed => {
            c.line(vec![(x - 4, y - 4), (x + 4, y + 4)], theme::INK, 2);
            c.line(vec![(x - 4, y + 4), (x + 4, y - 4)], theme::INK, 2);
        }
        Seems::Unsure => put(c, "?", (x, y), seems),
    }
}

fn outline(c: &Canvas<'_>, from: (i32, i32), to: (i32, i32)) {
    let corners = vec![from, (to.0, from.1), to, (from.0, to.1), from];
    c.line(corners, theme::FAINT, 1);
}

fn cells(c: &Canvas<'_>, panel: &Panel, (left, top): (i32, i32)) {
    c.bold(&theme::fit(&panel.title, 30), (left, top + 6), Align::Left);
    let up = panel.up.as_ref();
    let beside: Vec<String> = { up.iter() }
        .map(|up| format!("up: {}", up.name))
        .chain((!panel.fixed.is_empty()).then(|| format!("with {}", panel.fixed)))
        .collect();
    c.muted(&theme::fit(&beside.join("; "), 44), (left, top + 24), Align::Left);
    let rows = panel.rows();
    let (x0, y0) = (left + 42, top + 38);
    for (j, number) in (0..).zip(up.iter().flat_map(|up| &up.numbers)) {
        let y = y0 + CELL.1 * (rows - 1 - j) + CELL.1 / 2;
        c.words(&plain(*number), (x0 - 6, y), Align::Right);
    }
    for (i, number) in (0..).zip(&panel.across.numbers) {
        let x = x0 + CELL.0 * i + CELL.0 / 2;
        c.words(&plain(*number), (x, y0 + CELL.1 * rows + 12), Align::Centre);
    }
    let below = y0 + CELL.1 * rows + 30;
    c.muted(
        &format!("across: {}", theme::fit(&panel.across.name, 32)),
        (left, below),
        Align::Left,
    );
    for (i, across) in (0..).zip(&panel.across.numbers) {
        for j in 0..rows {
            let from = (x0 + CELL.0 * i, y0 + CELL.1 * (rows - 1 - j));
            let to = (from.0 + CELL.0 - 2, from.1 + CELL.1 - 2);
            let place = (usize::try_from(i).unwrap_or(0), usize::try_from(j).unwrap_or(0));
            match panel.seen.get(&place) {
                Some((level, seems)) => {
                    fill(c, from, to, *seems);
                    let at = ((from.0 + to.0) / 2, (from.1 + to.1) / 2);
                    if let Some(level) = level {
                        put(c, &format!("{:.1}", level * 100.0), (at.0 - 8, at.1), *seems);
                    }
                    sign(c, *seems, (at.0 + if level.is_some() { 15 } else { 0 }, at.1));
                }
                None => outline(c, from, to),
            }
            let number = up.and_then(|up| up.numbers.get(place.1));
            let level = number
                .zip(panel.answer.1)
                .is_none_or(|(n, answer)| (n - answer).abs() < 1e-9);
            if (*across - panel.answer.0).abs() < 1e-9 && level {
                frame(c, from, to);
            }
        }
    }
}
