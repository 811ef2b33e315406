//! The first weeks of a service, for choosing its warm-up (Welch's picture).

use crate::answers::warm_up::{Series, WarmUpAnswer, Watched};
use crate::model::Scenario;
use crate::output::chart::Figure;
use crate::output::chart::theme::{self, Align, Canvas, Scale};
use crate::output::{digits, warm_up, words};
use crate::units::Span;

/// Panels abreast.
const ABREAST: usize = 2;
const PANEL: i32 = 150;
const TOP: i32 = 62;

/// One panel per series: each week, the moving average, the warm-up of the file, and what the series asks for.
#[must_use]
pub fn first_weeks(scenario: &Scenario, answer: &WarmUpAnswer) -> Option<Figure> {
    let shown: Vec<&Series> = answer.series.iter().filter(|s| !s.smooth.is_empty()).collect();
    if shown.is_empty() {
        return None;
    }
    let described: Vec<String> = shown
        .iter()
        .map(|s| {
            let asks = s
                .asks
                .map_or_else(|| "says nothing".into(), |n| format!("asks for {n} weeks"));
            format!("{} {asks}.", warm_up::name(scenario, s.what))
        })
        .collect();
    let height = TOP + PANEL * theme::pixel(shown.len().div_ceil(ABREAST) as f64) + 8;
    Some(theme::figure(
        &scenario.title,
        "warm-up".into(),
        "The first weeks of the service, week by week, all hubs, averaged over replications".into(),
        format!(
            "One panel per series over {} weeks; the warm-up is {}. {}",
            answer.weeks,
            words::weeks(answer.warm_up.days()),
            described.join(" ")
        ),
        height.unsigned_abs(),
        |c| {
            c.line(vec![(14, 44), (42, 44)], theme::BACK, 1);
            c.words("each week", (50, 44), Align::Left);
            c.line(vec![(150, 44), (178, 44)], theme::BLUE, 3);
            c.words("moving average of five weeks", (186, 44), Align::Left);
            c.dashed((412, 44), (440, 44), theme::PINK, 2);
            c.words("warm-up of the file", (448, 44), Align::Left);
            c.line(vec![(612, 44), (640, 44)], theme::ORANGE, 2);
            c.words("what the series asks for (MSER-5)", (648, 44), Align::Left);
            for (n, series) in shown.iter().enumerate() {
                let left = 474 * theme::pixel((n % ABREAST) as f64);
                let top = TOP + PANEL * theme::pixel((n / ABREAST) as f64);
                draw(c, scenario, answer, series, (left, top));
            }
        },
    ))
}

fn draw(c: &Canvas<'_>, scenario: &Scenario, answer: &WarmUpAnswer, series: &Series, (left, top): (i32, i32)) {
    let weeks: Vec<f64> = series.weeks.iter().map(|w| w.unwrap_or(0.0)).collect();
    let is_share = matches!(series.what, Watched::ServiceLevel(_));
    let most = weeks.iter().fold(0.0, |a: f64, b| a.max(*b));
    let (from, to, step) = if is_share {
        let least = weeks.iter().fold(1.0, |a: f64, b| a.min(*b));
        let step = theme::step((most - least).max(0.05), 4.0);
        (
            (least / step).floor() * step,
            ((most / step).ceil() * step).min(1.0),
            step,
        )
    } else {
        let step = theme::step(most.max(0.5) * 1.05, 4.0);
        (0.0, (most.max(0.5) * 1.05 / step).ceil() * step, step)
    };
    let (high, low) = (top + 26, top + PANEL - 26);
    let x = Scale {
        from: 0.0,
        to: weeks.len() as f64,
        start: left + 58,
        end: left + 462,
    };
    let y = Scale {
        from,
        to,
        start: low,
        end: high,
    };
    let name = warm_up::name(scenario, series.what);
    c.bold(&theme::fit(&name, 52), (left + 14, top + 10), Align::Left);
    for tick in theme::ticks(from, to, step) {
        c.line(vec![(x.start, y.at(tick)), (x.end, y.at(tick))], theme::FAINT, 1);
        let label = if is_share {
            digits::percent(tick)
        } else {
            format!("{tick:.0$}", usize::from(step < 1.0))
        };
        c.muted(&label, (x.start - 6, y.at(tick)), Align::Right);
    }
    for week in theme::ticks(0.0, weeks.len() as f64, theme::step(weeks.len() as f64, 8.0)) {
        c.line(vec![(x.at(week), low), (x.at(week), low + 4)], theme::BACK, 1);
        c.muted(&format!("{week:.0}"), (x.at(week), low + 13), Align::Centre);
    }
    let path = |values: &[f64]| -> Vec<(i32, i32)> {
        let middle = |n: usize| x.at(n as f64 + 0.5);
        values.iter().enumerate().map(|(n, v)| (middle(n), y.at(*v))).collect()
    };
    c.line(path(&weeks), theme::BACK, 1);
    c.line(path(&series.smooth), theme::BLUE, 3);
    if let Some(asks) = series.asks.filter(|asks| *asks > 0) {
        let at = x.at(asks as f64);
        c.line(vec![(at, high), (at, low)], theme::ORANGE, 2);
    }
    let has = answer.warm_up.ms() as f64 / Span::WEEK.ms() as f64;
    if has <= weeks.len() as f64 {
        c.dashed((x.at(has), high), (x.at(has), low), theme::PINK, 2);
    }
    c.line(vec![(x.start, low), (x.end, low)], theme::INK, 1);
}
