//! Service level by hub, with its interval, beside the target.

use crate::answers::run::{Flow, RunAnswer};
use crate::answers::{Estimate, Measure};
use crate::model::{HubId, PathwayId, Scenario};
use crate::output::chart::theme::{self, Align, Mark, Scale};
use crate::output::chart::{Figure, file_name};
use crate::output::digits;
use crate::output::words::{self, Verdict};
use crate::units::Share;

/// Height of a row, in pixels.
const ROW: i32 = 34;

/// Service level by hub of a pathway; `None` if it has no standard or nothing was counted.
#[must_use]
pub fn service_level(scenario: &Scenario, answer: &RunAnswer, id: PathwayId) -> Option<Figure> {
    let pathway = &scenario.pathways[id.0];
    let standard = pathway.standard.as_ref()?;
    let level = |hub| answer.estimate(hub, Flow::Pathway(id), None, Measure::ServiceLevel);
    let rows: Vec<(Option<HubId>, Option<Estimate>)> = words::hubs_and_all(scenario).map(|h| (h, level(h))).collect();
    if rows.iter().all(|(_, e)| e.is_none()) {
        return None;
    }
    let national = words::national_minimum(standard).map(Share::get);
    let observed = scenario.observed.iter();
    let observed =
        observed.filter(|o| o.pathway == Some(id) && o.month.is_none() && o.measure == Measure::ServiceLevel.name());
    let reported: Vec<(Option<HubId>, f64)> = observed.clone().map(|o| (o.hub, o.value)).collect();
    let of = if observed.clone().any(|o| o.before_change) {
        "reported of the base, before the change"
    } else {
        "reported for the service"
    };

    let (name, done, within) = (
        words::pathway(scenario, id),
        words::done(pathway),
        words::within_long(standard.within),
    );
    let title = format!("{name}: share {done} {within}");
    let lows = rows.iter().filter_map(|(_, e)| e.map(|e| e.low));
    let lines = standard.target.map(Share::get).into_iter().chain(national);
    let least = lows
        .chain(lines)
        .chain(reported.iter().map(|r| r.1))
        .fold(1.0, f64::min);
    let from = (((least - 0.03) * 10.0).floor() / 10.0).clamp(0.0, 0.9);

    let x = Scale {
        from,
        to: 1.0,
        start: 250,
        end: 780,
    };
    // Two thresholds close together get their labels on two levels.
    let target = standard.target.map(Share::get);
    let apart = target
        .zip(national)
        .is_none_or(|(t, n)| (x.at(t) - x.at(n)).abs() > 190);
    let top = if apart { 74 } else { 94 };
    let bottom = top + ROW * theme::pixel(rows.len() as f64) + 16;
    let height = (bottom + 62).unsigned_abs();
    Some(theme::figure(
        &scenario.title,
        file_name("service_level", scenario, id),
        title,
        describe(scenario, &rows, standard.target, national),
        height,
        |c| {
            let step = if 1.0 - from > 0.35 { 0.1 } else { 0.05 };
            for tick in theme::ticks(from, 1.0, step) {
                let at = x.at(tick);
                c.line(vec![(at, top), (at, bottom)], theme::FAINT, 1);
                c.muted(&digits::percent(tick), (at, bottom + 16), Align::Centre);
            }
            c.line(vec![(x.start, bottom), (x.end, bottom)], theme::INK, 1);
            if let Some(n) = national {
                let y = if apart { top - 16 } else { top - 36 };
                c.dashed((x.at(n), y + 9), (x.at(n), bottom), theme::PINK, 2);
                c.words(
                    &format!("National minimum {}", digits::percent(n)),
                    (x.at(n), y),
                    Align::Centre,
                );
            }
            if let Some(t) = target {
                c.line(vec![(x.at(t), top - 7), (x.at(t), bottom)], theme::ORANGE, 3);
                c.words(
                    &format!("Target {}", digits::percent(t)),
                    (x.at(t), top - 16),
                    Align::Centre,
                );
            }
            for (i, (hub, e)) in rows.iter().enumerate() {
                let y = top + 10 + ROW * theme::pixel(i as f64) + ROW / 2;
                let label = theme::fit(&words::hub(scenario, *hub), 30);
                if hub.is_none() {
                    c.line(vec![(12, y - ROW / 2), (948, y - ROW / 2)], theme::INK, 1);
                    c.bold(&label, (x.start - 14, y), Align::Right);
                    c.bold(&digits::share(*e), (x.end + 22, y), Align::Left);
                } else {
                    c.words(&label, (x.start - 14, y), Align::Right);
                    c.words(&digits::share(*e), (x.end + 22, y), Align::Left);
                }
                for (_, value) in reported.iter().filter(|r| r.0 == *hub) {
                    c.mark(Mark::Triangle, (x.at(*value), y + 11), 5, theme::TURQUOISE);
                    let label = format!("reported {}", digits::percent(*value));
                    c.muted(&label, (x.at(*value) - 9, y + 11), Align::Right);
                }
                if let Some(e) = e {
                    c.whisker(y, x.at(e.low), x.at(e.high), theme::BLUE);
                    let (mark, size) = if hub.is_none() {
                        (Mark::Diamond, 7)
                    } else {
                        (Mark::Disc, 6)
                    };
                    c.mark(mark, (x.at(e.mean), y), size, theme::BLUE);
                }
            }
            let y = bottom + 42;
            c.mark(Mark::Disc, (20, y), 6, theme::BLUE);
            c.words("hub", (34, y), Align::Left);
            c.mark(Mark::Diamond, (84, y), 7, theme::BLUE);
            c.words("all hubs", (98, y), Align::Left);
            c.whisker(y, 178, 202, theme::BLUE);
            c.words(
                &format!("{} confidence interval", digits::percent(answer.confidence)),
                (212, y),
                Align::Left,
            );
            if !reported.is_empty() {
                c.mark(Mark::Triangle, (426, y), 5, theme::TURQUOISE);
                c.words(of, (440, y), Align::Left);
            }
            if from > 0.0 {
                c.muted(
                    &format!("The axis begins at {}.", digits::percent(from)),
                    (948, y),
                    Align::Right,
                );
            }
        },
    ))
}

fn describe(
    scenario: &Scenario,
    rows: &[(Option<HubId>, Option<Estimate>)],
    target: Option<Share>,
    national: Option<f64>,
) -> String {
    let values: Vec<String> = rows
        .iter()
        .map(|(hub, e)| format!("{}: {}", words::hub(scenario, *hub), digits::share(*e)))
        .collect();
    let mut text = format!(
        "Points with confidence intervals, one row per hub. {}.",
        values.join("; ")
    );
    if let Some(target) = target {
        let met = rows
            .iter()
            .filter(|(hub, e)| hub.is_some() && e.is_some_and(|e| Verdict::of(&e, target) == Verdict::Met));
        text = format!(
            "{text} A line marks the target of {}; {} of {} hubs are surely above it.",
            digits::per_cent(target),
            met.count(),
            scenario.hubs.len()
        );
    }
    if let Some(n) = national {
        text = format!(
            "{text} A dashed line marks the national minimum of {}.",
            digits::percent(n)
        );
    }
    text
}
