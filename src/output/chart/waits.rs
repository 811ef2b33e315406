//! How soon people are seen: share seen within a time, by pathway.

use crate::answers::Measure;
use crate::answers::run::{Flow, RunAnswer, WaitCurve};
use crate::model::{PathwayId, Scenario, Within};
use crate::output::chart::Figure;
use crate::output::chart::theme::{self, Align, Canvas, Mark, Scale};
use crate::output::{digits, words};

/// Panels abreast.
const ABREAST: usize = 3;
/// Height of a panel with its labels, in pixels.
const PANEL: i32 = 330;

/// One panel per pathway: all hubs as a thick line, each hub as a thin one, the standard marked; `None` without waits.
#[must_use]
pub fn waits(scenario: &Scenario, answer: &RunAnswer) -> Option<Figure> {
    let panels: Vec<(PathwayId, &WaitCurve)> = answer
        .waits
        .iter()
        .filter(|w| w.hub.is_none() && w.points.len() > 1)
        .map(|w| (w.pathway, w))
        .collect();
    if panels.is_empty() {
        return None;
    }
    let abreast = panels.len().min(ABREAST);
    let rows = panels.len().div_ceil(abreast);
    let height = 36 + PANEL * theme::pixel(rows as f64) + 52;
    let described: Vec<String> = panels.iter().map(|(id, _)| describe(scenario, answer, *id)).collect();
    let description = format!(
        "One panel per pathway: the share of referrals seen by the time waited. {}",
        described.join(" ")
    );
    Some(theme::figure(
        &scenario.title,
        "waits".into(),
        "How soon people are seen: share of referrals seen within a time".into(),
        description,
        height.unsigned_abs(),
        |c| {
            let width = 948 / theme::pixel(abreast as f64);
            for (i, (id, curve)) in panels.iter().enumerate() {
                let (column, row) = (theme::pixel((i % abreast) as f64), theme::pixel((i / abreast) as f64));
                panel(
                    c,
                    scenario,
                    answer,
                    *id,
                    curve,
                    (column * width, 36 + row * PANEL),
                    width,
                );
            }
            let y = height - 38;
            c.line(vec![(12, y), (40, y)], theme::BLUE, 4);
            c.words("all hubs", (48, y), Align::Left);
            c.line(vec![(124, y), (152, y)], theme::BACK, 1);
            c.words("each hub", (160, y), Align::Left);
            c.dashed((238, y), (266, y), theme::PINK, 2);
            c.words("standard", (274, y), Align::Left);
            c.line(vec![(352, y), (380, y)], theme::ORANGE, 2);
            c.words("target", (388, y), Align::Left);
            c.muted(
                "A curve that stays below 100 %: the rest wait longer, or left before anybody came.",
                (12, height - 16),
                Align::Left,
            );
        },
    ))
}

fn panel(
    c: &Canvas<'_>,
    scenario: &Scenario,
    answer: &RunAnswer,
    id: PathwayId,
    all: &WaitCurve,
    (left, top): (i32, i32),
    width: i32,
) {
    let standard = scenario.pathways[id.0].standard.as_ref();
    let (start, end) = (left + 58, left + width - 14);
    let (high, low) = (top + 58, top + PANEL - 58);
    // Twice the standard shows what a little more time would give; without a fixed time, nearly everybody.
    let last = match standard.map(|s| s.within) {
        Some(Within::Time(span)) => span.minutes() * 2.0,
        _ => {
            let most = all.points.last().map_or(0.0, |p| p.1) * 0.99;
            all.points.iter().find(|p| p.1 >= most).map_or(60.0, |p| p.0.max(60.0))
        }
    };
    let (unit, minutes) = if last > 72.0 * 60.0 {
        ("days", 1440.0)
    } else if last > 300.0 {
        ("hours", 60.0)
    } else {
        ("minutes", 1.0)
    };
    let x = Scale {
        from: 0.0,
        to: last,
        start,
        end,
    };
    let y = Scale {
        from: 0.0,
        to: 1.0,
        start: low,
        end: high,
    };
    c.bold(
        &theme::fit(&words::pathway(scenario, id), 26),
        (start, top + 14),
        Align::Left,
    );
    if let Some(s) = standard {
        let found = answer.estimate(None, Flow::Pathway(id), None, Measure::ServiceLevel);
        let text = format!("{} {}", digits::share(found), words::within_short(s.within));
        c.words(&text, (start, top + 36), Align::Left);
    }
    for tick in theme::ticks(0.0, 1.0, 0.2) {
        c.line(vec![(start, y.at(tick)), (end, y.at(tick))], theme::FAINT, 1);
        c.muted(&digits::percent(tick), (start - 8, y.at(tick)), Align::Right);
    }
    let step = match unit {
        "minutes" => [15.0, 30.0, 60.0].into_iter().find(|s| last / s <= 8.0).unwrap_or(60.0),
        "hours" => {
            [1.0, 2.0, 4.0, 6.0, 12.0, 24.0]
                .into_iter()
                .find(|s| last / 60.0 / s <= 8.0)
                .unwrap_or(24.0)
                * 60.0
        }
        _ => theme::step(last / 1440.0, 8.0).max(1.0) * 1440.0,
    };
    for tick in theme::ticks(0.0, last, step) {
        c.line(vec![(x.at(tick), low), (x.at(tick), low + 5)], theme::INK, 1);
        c.muted(&format!("{:.0}", tick / minutes), (x.at(tick), low + 18), Align::Centre);
    }
    c.line(vec![(start, low), (end, low)], theme::INK, 1);
    c.muted(
        &format!("{unit} from clock start"),
        ((start + end) / 2, low + 38),
        Align::Centre,
    );
    if let Some(target) = standard.and_then(|s| s.target) {
        let at = y.at(target.get());
        c.line(vec![(start, at), (end, at)], theme::ORANGE, 2);
    }
    for curve in answer.waits.iter().filter(|w| w.pathway == id && w.hub.is_some()) {
        c.line(path(curve, x, y), theme::BACK, 1);
    }
    c.line(path(all, x, y), theme::BLUE, 4);
    if let Some(Within::SameDay) = standard.map(|s| s.within) {
        // Nobody has the same time to midnight.
        c.muted("the standard ends at midnight:", (end, low - 40), Align::Right);
        c.muted("no line for it", (end, low - 20), Align::Right);
    }
    if let Some(Within::Time(span)) = standard.map(|s| s.within) {
        let at = x.at(span.minutes());
        c.dashed((at, high - 4), (at, low), theme::PINK, 2);
        let seen = share_within(all, span.minutes());
        c.mark(Mark::Disc, (at, y.at(seen)), 6, theme::BLUE);
    }
}

fn path(curve: &WaitCurve, x: Scale, y: Scale) -> Vec<(i32, i32)> {
    let mut points: Vec<(i32, i32)> = Vec::new();
    let mut before: Option<(f64, f64)> = None;
    for &(wait, share) in &curve.points {
        if wait > x.to {
            // The last piece ends at the edge, not at the last point inside it.
            if let Some((w, s)) = before.filter(|(w, _)| *w < x.to) {
                points.push((x.end, y.at(s + (share - s) * (x.to - w) / (wait - w))));
            }
            return points;
        }
        let point = (x.at(wait), y.at(share));
        // Points closer than this would draw the roundness of pixels instead of a curve.
        if points.last().is_none_or(|last| point.0 - last.0 >= 6) {
            points.push(point);
        }
        before = Some((wait, share));
    }
    if let Some(&(_, y)) = points.last() {
        points.push((x.end, y));
    }
    points
}

/// The share at a time, as drawn.
fn share_within(curve: &WaitCurve, minutes: f64) -> f64 {
    curve
        .points
        .iter()
        .take_while(|p| p.0 <= minutes)
        .last()
        .map_or(0.0, |p| p.1)
}

fn describe(scenario: &Scenario, answer: &RunAnswer, id: PathwayId) -> String {
    let get = |m| answer.estimate(None, Flow::Pathway(id), None, m);
    let name = words::pathway(scenario, id);
    let level = scenario.pathways[id.0].standard.as_ref().map_or_else(String::new, |s| {
        format!(
            "{} {}",
            digits::share(get(Measure::ServiceLevel)),
            words::within_long(s.within)
        )
    });
    match (get(Measure::WaitP50Min), get(Measure::WaitP90Min)) {
        (Some(half), Some(most)) => format!(
            "{name}: {level}; of those seen, half wait less than {} and nine in ten less than {}.",
            digits::minutes(half.mean),
            digits::minutes(most.mean)
        ),
        _ => format!("{name}: {level}."),
    }
}
