//! Published months on an `XmR` chart, with simulated months beside them on the same axis.

use crate::answers::published::{MonthPart, MonthSpread, PublishedMonths};
use crate::answers::run::RunAnswer;
use crate::model::{Scenario, YearMonth};
use crate::output::chart::theme::{self, Align, Canvas, Mark, Scale};
use crate::output::chart::{Figure, file_name};
use crate::output::published::{limit, simulated, special, tenths};
use crate::output::{digits, words};
use crate::stats::{SHIFT, Signal, TREND};
use crate::units::Share;

/// Where the plots lie \[pixels\].
const LEFT: i32 = 66;
const RIGHT: i32 = 580;
const BESIDE: i32 = 736;
const END: i32 = 948;
const TOP: i32 = 130;
const BOTTOM: i32 = 466;
/// Between labels beside the plot \[pixels\].
const APART: i32 = 18;
/// A month's name takes so much room \[pixels\].
const NAME: f64 = 34.0;

/// What a mark says of a month. Not that it is better or worse than usual: a month of a long rise may lie below the mean.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Said {
    Usual,
    Better,
    Worse,
}

/// A month by the first rule that it breaks; more people seen in time is better.
fn said(signals: &[Signal]) -> Said {
    match signals.first() {
        None => Said::Usual,
        Some(signal) if signal.up => Said::Better,
        Some(_) => Said::Worse,
    }
}

/// Published months of a pathway, and simulated months.
#[must_use]
pub fn xmr(scenario: &Scenario, answer: &RunAnswer, of: &PublishedMonths) -> Figure {
    let pathway = &scenario.pathways[of.pathway.0];
    let within = pathway
        .standard
        .map(|s| words::within_long(s.within))
        .unwrap_or_default();
    let target = pathway.standard.and_then(|s| s.target).map(Share::get);
    let spread = simulated(answer, of.pathway);
    let lowest_simulated = spread
        .and_then(|s| s.counts.iter().position(|n| *n > 0))
        .map(|bin| bin as f64 / 100.0);
    let least = of.months.iter().map(|(_, value)| *value);
    let least = least
        .chain([of.chart.lower.max(0.0)])
        .chain(target)
        .chain(lowest_simulated);
    let from = ((least.fold(1.0, f64::min) - 0.02) * 10.0).floor().max(0.0) / 10.0;
    let y = Scale {
        from,
        to: 1.0,
        start: BOTTOM,
        end: TOP,
    };
    theme::figure(
        &scenario.title,
        file_name("published", scenario, of.pathway),
        format!(
            "{}: share {} {within}, months published (left) and simulated (right)",
            words::pathway(scenario, of.pathway),
            words::done(pathway)
        ),
        describe(of, spread, target),
        (BOTTOM + 188).unsigned_abs(),
        |c| {
            let whose = of.organisation.as_ref();
            let whose = whose.map_or_else(String::new, |name| format!(" of {name}"));
            c.bold(
                &theme::fit(&format!("Published months{whose}"), 68),
                (12, 46),
                Align::Left,
            );
            c.bold("Simulated months", (BESIDE, 46), Align::Left);
            let scenario = theme::lines(&theme::fit(&scenario.title, 62), 34);
            for (n, line) in (0..).zip(scenario.iter().take(2)) {
                c.muted(&theme::fit(line, 34), (BESIDE, 63 + 16 * n), Align::Left);
            }
            for tick in theme::ticks(from, 1.0, if 1.0 - from > 0.45 { 0.1 } else { 0.05 }) {
                c.line(vec![(LEFT, y.at(tick)), (RIGHT, y.at(tick))], theme::FAINT, 1);
                c.line(vec![(BESIDE, y.at(tick)), (END, y.at(tick))], theme::FAINT, 1);
                c.muted(&digits::percent(tick), (LEFT - 8, y.at(tick)), Align::Right);
            }
            draw_beside(c, spread, y);
            draw_lines(c, of, target, y);
            draw_months(c, of, y);
            draw_key(c, from, of.on_trial());
        },
    )
}

/// Months since the first, by the calendar: one that was not published leaves a gap.
fn since(first: YearMonth, month: YearMonth) -> i32 {
    let number = |month: YearMonth| i32::from(month.year) * 12 + i32::from(month.month);
    number(month) - number(first)
}

fn draw_beside(c: &Canvas<'_>, spread: Option<&MonthSpread>, y: Scale) {
    let Some(spread) = spread else {
        c.line(vec![(BESIDE, TOP), (BESIDE, BOTTOM)], theme::INK, 1);
        c.words("no whole month", (BESIDE + 8, i32::midpoint(TOP, BOTTOM)), Align::Left);
        return;
    };
    match spread.parts.as_slice() {
        // Two kinds of months are not one spread.
        [before, after] => {
            let month = format!("{} {}", words::month_short(after.first), after.first.year);
            let half = i32::midpoint(BESIDE, END);
            let columns = [
                (before, format!("before {month}"), (BESIDE, half - 8)),
                (after, format!("from {month}"), (half + 4, END)),
            ];
            c.muted("before and after its first change", (BESIDE, 97), Align::Left);
            for (part, heading, ends) in columns {
                c.muted(&heading, (ends.0, 115), Align::Left);
                draw_column(c, (&part.counts, &part.quantiles), ends, y);
            }
        }
        _ => draw_column(c, (&spread.counts, &spread.quantiles), (BESIDE, END), y),
    }
    let months = |n: usize| format!("{n} {}", if n == 1 { "month" } else { "months" });
    let each = format!("each simulated {} times", digits::count(spread.replications.into()));
    let mut notes: Vec<String> = match spread.parts.as_slice() {
        [before, after] => vec![
            format!("before: {}, {}", months(before.months), span(before)),
            format!("after: {}, {}", months(after.months), span(after)),
            each,
        ],
        _ => vec![format!("{}, {each}", months(spread.months))],
    };
    notes.push("bars: how many, level by level".into());
    notes.push("line: 8 in 10 of them; mark: the middle".into());
    for (n, note) in (0..).zip(&notes) {
        c.muted(note, (END, BOTTOM + 16 + 17 * n), Align::Right);
    }
}

/// Which months a part has: `Jun to Sep 2020`.
fn span(part: &MonthPart) -> String {
    let first = part.first;
    let told = |month: YearMonth| format!("{} {}", words::month_short(month), month.year);
    let last = (1..part.months).fold(first, |month, _| match month.month {
        12 => YearMonth {
            year: month.year + 1,
            month: 1,
        },
        _ => YearMonth {
            month: month.month + 1,
            ..month
        },
    });
    if part.months < 2 {
        told(first)
    } else if first.year == last.year {
        format!("{} to {}", words::month_short(first), told(last))
    } else {
        format!("{} to {}", told(first), told(last))
    }
}

/// Bars that count months level by level, and beside them where 8 in 10 lie.
fn draw_column(c: &Canvas<'_>, (counts, quantiles): (&[u64], &[f64; 5]), (left, right): (i32, i32), y: Scale) {
    c.line(vec![(left, TOP), (left, BOTTOM)], theme::INK, 1);
    let most = counts.iter().copied().max().unwrap_or(1).max(1);
    for (percent, &count) in counts.iter().enumerate().filter(|(_, n)| **n > 0) {
        let ends = [percent as f64 / 100.0, (percent + 1) as f64 / 100.0].map(|share| y.at(share));
        let length = theme::pixel(count as f64 / most as f64 * f64::from(right - left - 64)).max(1);
        c.box_filled((left, ends[1] + 1), (left + length, ends[0] - 1), theme::BLUE);
    }
    let [low, _, middle, _, high] = quantiles.map(|share| y.at(share));
    let line = right - 54;
    c.line(vec![(line, high), (line, low)], theme::INK, 2);
    c.mark(Mark::Diamond, (line, middle), 5, theme::INK);
    // Apart even where the three lie close together.
    let labels = [(high.min(middle - APART), 4), (middle, 2), (low.max(middle + APART), 0)];
    for (at, place) in labels {
        c.words(&tenths(quantiles[place]), (right, at), Align::Right);
    }
}

fn draw_lines(c: &Canvas<'_>, of: &PublishedMonths, target: Option<f64>, y: Scale) {
    let chart = &of.chart;
    let mut labels = vec![(y.at(chart.mean), format!("Mean {}", tenths(chart.mean)))];
    c.line(vec![(LEFT, y.at(chart.mean)), (RIGHT, y.at(chart.mean))], theme::INK, 1);
    for (name, value) in [("Upper", chart.upper), ("Lower", chart.lower)] {
        if (0.0..=1.0).contains(&value) {
            c.dashed((LEFT, y.at(value)), (RIGHT, y.at(value)), theme::MUTED, 2);
            labels.push((y.at(value), format!("{name} limit {}", limit(value))));
        }
    }
    if let Some(target) = target {
        c.line(vec![(LEFT, y.at(target)), (RIGHT, y.at(target))], theme::ORANGE, 3);
        labels.push((y.at(target), format!("Target {}", digits::percent(target))));
    }
    labels.sort_by_key(|label| label.0);
    let mut least = i32::MIN;
    for (at, _) in &mut labels {
        *at = (*at).max(least);
        least = *at + APART;
    }
    for (at, label) in labels {
        c.words(&label, (RIGHT + 8, at), Align::Left);
    }
}

fn draw_months(c: &Canvas<'_>, of: &PublishedMonths, y: Scale) {
    let (Some((first, _)), Some((last, _))) = (of.months.first(), of.months.last()) else {
        return;
    };
    let width = f64::from(RIGHT - LEFT) / f64::from(since(*first, *last) + 1);
    let x = |month: YearMonth| theme::pixel(f64::from(LEFT) + (f64::from(since(*first, month)) + 0.5) * width);
    c.line(vec![(LEFT, BOTTOM), (RIGHT, BOTTOM)], theme::INK, 1);
    for two in of.months.windows(2) {
        // Over a gap there is no line.
        if since(two[0].0, two[1].0) == 1 {
            let points = two.iter().map(|&(month, value)| (x(month), y.at(value)));
            c.line(points.collect(), theme::MUTED, 2);
        }
    }
    for ((month, value), signals) in of.months.iter().zip(&of.chart.signals) {
        draw_mark(c, said(signals), (x(*month), y.at(*value)));
    }
    let every = theme::pixel((NAME / width).ceil()).max(1);
    let mut year = None;
    for (month, _) in &of.months {
        if since(*first, *month) % every == 0 {
            c.line(vec![(x(*month), BOTTOM), (x(*month), BOTTOM + 5)], theme::INK, 1);
            c.muted(words::month_short(*month), (x(*month), BOTTOM + 16), Align::Centre);
            if year != Some(month.year) {
                c.muted(&month.year.to_string(), (x(*month), BOTTOM + 33), Align::Centre);
                year = Some(month.year);
            }
        }
    }
}

fn draw_mark(c: &Canvas<'_>, said: Said, at: (i32, i32)) {
    match said {
        Said::Usual => c.edged(Mark::Disc, at, 4, theme::COMMON),
        Said::Better => c.edged(Mark::Triangle, at, 6, theme::IMPROVEMENT),
        Said::Worse => c.edged(Mark::Down, at, 6, theme::CONCERN),
    }
}

fn draw_key(c: &Canvas<'_>, from: f64, on_trial: bool) {
    let y = BOTTOM + 106;
    let key = [
        (Said::Usual, LEFT + 8, "usual variation"),
        (Said::Better, LEFT + 150, "unusually high, or in an unusual rise *"),
        (Said::Worse, LEFT + 440, "unusually low, or in an unusual fall *"),
    ];
    for (said, x, words) in key {
        draw_mark(c, said, (x, y));
        c.words(words, (x + 14, y), Align::Left);
    }
    let mut notes = Vec::new();
    if on_trial {
        notes.push("Trial limits: fewer than 12 months.".to_owned());
    }
    if from > 0.0 {
        notes.push(format!("The axis begins at {}.", digits::percent(from)));
    }
    let star = [
        format!("* outside the limits; or one of {SHIFT} or more in a row above, or below, the mean;"),
        format!("of {TREND} or more that rise, or fall, even across the mean; or of 2 in 3 near a limit"),
    ];
    for (n, line) in (0..).zip(&star) {
        c.muted(line, (LEFT, y + 26 + 17 * n), Align::Left);
    }
    c.muted(&notes.join(" "), (948, y + 64), Align::Right);
}

fn describe(of: &PublishedMonths, spread: Option<&MonthSpread>, target: Option<f64>) -> String {
    let months = of.months.iter().zip(&of.chart.signals);
    let months: Vec<String> = months
        .map(|((month, value), signals)| {
            let special = if signals.is_empty() {
                String::new()
            } else {
                format!(" ({})", special(signals))
            };
            format!("{}: {}{special}", words::month(*month), tenths(*value))
        })
        .collect();
    let mut text = format!(
        "A line of published months, with lines for their mean of {} and limits of usual variation at {} and {}. {}.",
        tenths(of.chart.mean),
        limit(of.chart.lower),
        limit(of.chart.upper),
        months.join("; ")
    );
    if let Some(target) = target {
        text = format!("{text} A line marks the target of {}.", digits::percent(target));
    }
    let told = |[low, _, middle, _, high]: [f64; 5]| {
        let [low, middle, high] = [low, middle, high].map(tenths);
        format!("half are above {middle}, 8 in 10 between {low} and {high}")
    };
    if let Some(spread) = spread {
        let told = match spread.parts.as_slice() {
            [before, after] => {
                let month = words::month(after.first);
                let [before, after] = [before, after].map(|part: &MonthPart| told(part.quantiles));
                format!("before {month} {before}; from {month} on {after}")
            }
            _ => told(spread.quantiles),
        };
        text = format!("{text} Beside it bars count simulated months: {told}.");
    }
    text
}
