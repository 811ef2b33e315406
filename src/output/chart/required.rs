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
    across: Axis,
    up: Axis,
    answer: (f64, f64),
    seen: BTreeMap<(usize, usize), (Option<f64>, Seems)>,
}

struct Axis {
    name: String,
    numbers: Vec<f64>,
}

/// One figure a standard, one panel a check whose hub has two free numbers; nothing where there are others.
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
            .filter_map(|(c, check)| panel(required, *c, check))
            .collect();
        (!panels.is_empty()).then(|| draw(required, *pathway, &panels))
    });
    each.collect()
}

fn panel(required: &Required<'_>, component: usize, check: &Check) -> Option<Panel> {
    let tried: Vec<&Tried> = required
        .answer
        .tried
        .iter()
        .filter(|t| t.component == component)
        .collect();
    let [(first, _), (second, _)] = tried.first()?.numbers[..] else {
        return None;
    };
    // The same kind lies across in every panel, whichever entry of the question a hub's number comes from.
    let places = if across_first(required, first, second) {
        [0, 1]
    } else {
        [1, 0]
    };
    let [x, y] = places.map(|place| [first, second][place]);
    let answer_of = |d: usize| required.answer.numbers.iter().find(|n| n.free == d).map(|n| n.number);
    let answer = (answer_of(x)?, answer_of(y)?);
    let axis = |place: usize, d: usize, answer: f64| {
        let mut numbers: Vec<f64> = tried.iter().filter_map(|t| t.numbers.get(place)).map(|n| n.1).collect();
        numbers.sort_by(f64::total_cmp);
        numbers.dedup();
        numbers.sort_by(|a, b| (a - answer).abs().total_cmp(&(b - answer).abs()));
        numbers.truncate(MOST);
        numbers.sort_by(f64::total_cmp);
        let name = required.kind(d);
        Axis { name, numbers }
    };
    let (across, up) = (axis(places[0], x, answer.0), axis(places[1], y, answer.1));
    let mut seen = BTreeMap::new();
    for t in &tried {
        let level = t
            .levels
            .iter()
            .find(|seen| seen.check == *check)
            .map(|seen| ((!seen.is_from_others()).then_some(seen.level.mean), seen.seems));
        let at = |axis: &Axis, place: usize| {
            axis.numbers
                .iter()
                .position(|n| Some(*n) == t.numbers.get(place).map(|n| n.1))
        };
        if let (Some(level), Some(i), Some(j)) = (level, at(&across, places[0]), at(&up, places[1])) {
            seen.insert((i, j), level);
        }
    }
    Some(Panel {
        title: words::hub(required.scenario, check.hub),
        across,
        up,
        answer,
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
    let tall = CELL.1 * theme::pixel(panels.iter().map(|p| p.up.numbers.len()).max().unwrap_or(1) as f64) + 96;
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
        format!("required_{}", theme::pathway_part(scenario, pathway)),
        format!(
            "{name}: service level {} over staff, in %; asked: {asked}",
            within.unwrap_or_default()
        ),
        format!(
            "One panel a hub; each cell is a staffing that was simulated, with its service level and a mark: {} meets the level asked \
             for, {} misses it, {} is too near or not known well enough to say. A frame marks the answer. {}",
            mark(Seems::Met),
            mark(Seems::Missed),
            mark(Seems::Unsure),
            panels
                .iter()
                .map(|p| format!(
                    "{}: {} {} and {} {}.",
                    p.title,
                    p.across.name,
                    plain(p.answer.0),
                    p.up.name,
                    plain(p.answer.1)
                ))
                .collect::<Vec<_>>()
                .join(" ")
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
                put(c, mark(seems), (x + 13, y), seems);
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

fn outline(c: &Canvas<'_>, from: (i32, i32), to: (i32, i32)) {
    let corners = vec![from, (to.0, from.1), to, (from.0, to.1), from];
    c.line(corners, theme::FAINT, 1);
}

fn cells(c: &Canvas<'_>, panel: &Panel, (left, top): (i32, i32)) {
    c.bold(&theme::fit(&panel.title, 30), (left, top + 6), Align::Left);
    c.muted(
        &format!("up: {}", theme::fit(&panel.up.name, 34)),
        (left, top + 24),
        Align::Left,
    );
    let rows = theme::pixel(panel.up.numbers.len() as f64);
    let (x0, y0) = (left + 42, top + 38);
    for (j, number) in (0..).zip(&panel.up.numbers) {
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
        for (j, up) in (0..).zip(&panel.up.numbers) {
            let from = (x0 + CELL.0 * i, y0 + CELL.1 * (rows - 1 - j));
            let to = (from.0 + CELL.0 - 2, from.1 + CELL.1 - 2);
            let place = (usize::try_from(i).unwrap_or(0), usize::try_from(j).unwrap_or(0));
            match panel.seen.get(&place) {
                Some((level, seems)) => {
                    fill(c, from, to, *seems);
                    let at = ((from.0 + to.0) / 2, (from.1 + to.1) / 2);
                    let own = level.map_or_else(String::new, |level| format!("{:.1}\u{2009}", level * 100.0));
                    put(c, &format!("{own}{}", mark(*seems)), at, *seems);
                }
                None => outline(c, from, to),
            }
            if (*across - panel.answer.0).abs() < 1e-9 && (*up - panel.answer.1).abs() < 1e-9 {
                frame(c, from, to);
            }
        }
    }
}
