//! Why a standard is missed: points of the service level by hub and cause, and misses by hour of week.

use crate::answers::Estimate;
use crate::answers::causes::CauseMeasure;
use crate::answers::run::RunAnswer;
use crate::engine::Cause;
use crate::model::{HubId, OutOfHours, PathwayId, Scenario};
use crate::output::chart::theme::{self, Align, Canvas, RGBColor, Scale};
use crate::output::chart::{Figure, week};
use crate::output::{digits, grid, words};

/// Height of a row, in pixels.
const ROW: i32 = 34;
const TOP: i32 = 44;
/// Height of a panel of hours, and of what stands above the first.
const PANEL: i32 = 122;
const PANELS_TOP: i32 = 66;
/// A panel of hours is for causes of at least this share of the misses; what is left is in the file.
const LEAST: f64 = 0.02;

/// A part narrower than this has no room for its letter \[pixels\].
const LETTER: i32 = 15;

/// Fills that differ in lightness from one to the next; each part of a bar carries its letter as well.
const FILLS: [RGBColor; 6] = [
    theme::BLUE,
    theme::TINT,
    theme::PINK,
    theme::FAINT,
    theme::MUTED,
    theme::TURQUOISE,
];

struct Part {
    letter: char,
    cause: Cause,
    fill: RGBColor,
    dark: bool,
}

/// The causes of a pathway, the largest over all hubs first, each with its letter and fill.
fn parts(answer: &RunAnswer, id: PathwayId) -> Vec<Part> {
    let found = grid::ordered_causes(answer, None, id).into_iter();
    ('A'..='Z')
        .zip(found)
        .enumerate()
        .map(|(n, (letter, (cause, _)))| Part {
            letter,
            cause,
            fill: FILLS[n % FILLS.len()],
            dark: n % 2 == 0,
        })
        .collect()
}

/// Points of the service level missed, one bar a hub, one part a cause; `None` if nobody missed a standard.
#[must_use]
pub fn causes(scenario: &Scenario, answer: &RunAnswer, id: PathwayId) -> Option<Figure> {
    let parts = parts(answer, id);
    if parts.is_empty() {
        return None;
    }
    let points = |hub, cause| answer.cause(hub, id, cause, CauseMeasure::Points);
    let rows: Vec<(Option<HubId>, Option<Estimate>)> = words::hubs_and_all(scenario)
        .map(|hub| (hub, points(hub, None)))
        .collect();
    let most = rows.iter().filter_map(|r| r.1).fold(1.0, |a: f64, e| a.max(e.mean));
    let step = theme::step(most, 6.0);
    let x = Scale {
        from: 0.0,
        to: (most / step).ceil() * step,
        start: 250,
        end: 780,
    };
    let bottom = TOP + ROW * theme::pixel(rows.len() as f64) + 8;
    let legend = bottom + 48;
    let below = legend + 24 * theme::pixel(parts.len().div_ceil(2) as f64) + 4;
    // No bar has room for their letter.
    let thin = |part: &Part| {
        let widest = rows.iter().filter_map(|(hub, _)| points(*hub, Some(part.cause)));
        x.at(widest.fold(0.0, |a: f64, e| a.max(e.mean))) - x.start < LETTER
    };
    let any_thin = parts.iter().any(thin);
    let height = below + if any_thin { 20 } else { 0 };
    let within = scenario.pathways[id.0].standard.as_ref()?.within;
    Some(theme::figure(
        &scenario.title,
        format!("causes_{}", theme::pathway_part(scenario, id)),
        format!(
            "{}: why the standard is missed ({} {})",
            words::pathway(scenario, id),
            words::done(&scenario.pathways[id.0]),
            words::within_long(within)
        ),
        describe(scenario, answer, id, &parts),
        height.unsigned_abs(),
        |c| {
            for tick in theme::ticks(0.0, x.to, step) {
                c.line(vec![(x.at(tick), TOP), (x.at(tick), bottom)], theme::FAINT, 1);
                let decimals = usize::from(step < 1.0);
                c.muted(&format!("{tick:.decimals$}"), (x.at(tick), bottom + 14), Align::Centre);
            }
            c.muted("points of service level", (x.end + 22, bottom + 14), Align::Left);
            for (n, (hub, all)) in rows.iter().enumerate() {
                let y = TOP + ROW * theme::pixel(n as f64) + ROW / 2 + 4;
                let label = theme::fit(&words::hub(scenario, *hub), 30);
                if hub.is_none() {
                    c.line(vec![(12, y - ROW / 2), (948, y - ROW / 2)], theme::INK, 1);
                    c.bold(&label, (x.start - 14, y), Align::Right);
                    c.bold(&digits::number(*all, 1.0), (x.end + 22, y), Align::Left);
                } else {
                    c.words(&label, (x.start - 14, y), Align::Right);
                    c.words(&digits::number(*all, 1.0), (x.end + 22, y), Align::Left);
                }
                let mut upto = 0.0;
                for part in &parts {
                    let Some(e) = points(*hub, Some(part.cause)) else {
                        continue;
                    };
                    let (from, to) = (x.at(upto), x.at(upto + e.mean));
                    upto += e.mean;
                    c.box_filled((from, y - 11), (to, y + 11), part.fill);
                    c.line(vec![(to, y - 11), (to, y + 11)], theme::INK, 1);
                    if to - from >= LETTER {
                        label_part(c, part, ((from + to) / 2, y));
                    }
                }
                c.line(vec![(x.start, y - 11), (x.start, y + 11)], theme::INK, 1);
            }
            for (n, part) in parts.iter().enumerate() {
                let (left, y) = (
                    14 + 470 * theme::pixel((n % 2) as f64),
                    legend + 24 * theme::pixel((n / 2) as f64),
                );
                c.box_filled((left, y - 9), (left + 26, y + 9), part.fill);
                label_part(c, part, (left + 13, y));
                let e = points(None, Some(part.cause));
                let name = words::capital(words::cause(part.cause));
                let thin = if thin(part) { " *" } else { "" };
                let text = format!("{name}: {}{thin}", digits::number(e, 1.0));
                c.words(&text, (left + 36, y), Align::Left);
            }
            if any_thin {
                let text = "* too little for its letter in any bar: it stands at the end of them";
                c.muted(text, (14, below - 4), Align::Left);
            }
        },
    ))
}

fn label_part(c: &Canvas<'_>, part: &Part, at: (i32, i32)) {
    if part.dark {
        c.light(&part.letter.to_string(), at, Align::Centre);
    } else {
        c.words(&part.letter.to_string(), at, Align::Centre);
    }
}

fn describe(scenario: &Scenario, answer: &RunAnswer, id: PathwayId, parts: &[Part]) -> String {
    let named: Vec<String> = parts
        .iter()
        .map(|p| {
            let e = answer.cause(None, id, Some(p.cause), CauseMeasure::Points);
            format!("{} ({}): {}", p.letter, words::cause(p.cause), digits::number(e, 1.0))
        })
        .collect();
    let hubs: Vec<String> = words::hubs_and_all(scenario)
        .map(|hub| {
            let all = answer.cause(hub, id, None, CauseMeasure::Points);
            let largest = grid::ordered_causes(answer, hub, id);
            let largest = largest.first().map_or("nobody missed it", |(c, _)| words::cause(*c));
            format!(
                "{}: {}, most of it {largest}",
                words::hub(scenario, hub),
                digits::number(all, 1.0)
            )
        })
        .collect();
    format!(
        "Bars of points of the service level missed, one row per hub, each divided by cause. Over all hubs: {}. {}.",
        named.join("; "),
        hubs.join("; ")
    )
}

/// Misses by hour of week over all hubs, a panel for each of the largest causes; `None` if nobody missed a standard.
#[must_use]
pub fn causes_by_hour(scenario: &Scenario, answer: &RunAnswer, id: PathwayId) -> Option<Figure> {
    let all = answer.cause(None, id, None, CauseMeasure::Points)?.mean;
    let panels: Vec<(Cause, Vec<f64>)> = grid::ordered_causes(answer, None, id)
        .into_iter()
        .filter(|(_, e)| e.mean >= LEAST * all)
        .map(|(cause, _)| (cause, grid::misses_by_hour(answer, id, cause)))
        .filter(|(_, hours)| hours.iter().any(|&n| n > 0.0))
        .collect();
    if panels.is_empty() {
        return None;
    }
    let values = panels.iter().flat_map(|p| &p.1);
    let most = values.fold(0.0, |a: f64, n| a.max(*n));
    let step = theme::step(most, 3.0);
    let full = (most / step).ceil() * step;
    let said: Vec<String> = panels
        .iter()
        .map(|(cause, hours)| {
            let sum: f64 = hours.iter().sum();
            let (_, peak) = week::peak(hours);
            format!(
                "{}: {} in all, most on {peak}.",
                words::capital(words::cause(*cause)),
                digits::people(sum)
            )
        })
        .collect();
    let height = PANELS_TOP + PANEL * theme::pixel(panels.len() as f64) + 8;
    let weeks = words::weeks(scenario.experiment.run_length.days());
    // An empty night would be taken for one in which nobody misses the standard.
    let pathway = &scenario.pathways[id.0];
    let waits_for_opening = pathway.opens.is_some() && pathway.out_of_hours == OutOfHours::Defer;
    let closed = if waits_for_opening && scenario.later.is_empty() {
        "; no clock starts while the pathway is closed"
    } else {
        ""
    };
    Some(theme::figure(
        &scenario.title,
        format!("causes_hours_{}", theme::pathway_part(scenario, id)),
        format!(
            "{}: misses by hour of the week in which the clock started, all hubs",
            words::pathway(scenario, id)
        ),
        format!(
            "One panel per cause on one scale, mean misses in {weeks}. {}",
            said.join(" ")
        ),
        height.unsigned_abs(),
        |c| {
            let unit = format!("Referrals that missed the standard, in each hour of the week, in {weeks}{closed}");
            c.muted(&unit, (12, 46), Align::Left);
            for (n, (cause, hours)) in panels.iter().enumerate() {
                let top = PANELS_TOP + PANEL * theme::pixel(n as f64);
                let y = Scale {
                    from: 0.0,
                    to: full,
                    start: top + PANEL - week::BELOW - 2,
                    end: top + 24,
                };
                c.bold(&words::capital(words::cause(*cause)), (14, top + 10), Align::Left);
                c.area(week::outline(hours, y, true), theme::TINT);
                week::behind(c, y, step);
                c.line(week::outline(hours, y, false), theme::BLUE, 2);
                week::bottom(c, y);
            }
        },
    ))
}
