//! The plausible set as pictures: ranges before and after, and the ridges along which inputs make up for each other.

use crate::answers::calibrate::{Known, Pair};
use crate::output::calibrate::Shown;
use crate::output::chart::Figure;
use crate::output::chart::theme::{self, Align, Canvas, Mark, Scale};
use crate::output::words;

/// Pictures of pairs at most.
const MOST_PAIRS: usize = 3;
/// Points of the plausible set that are drawn.
const MOST_POINTS: usize = 600;
/// Of a title at most.
const MOST_LETTERS: usize = 90;
/// Height of a row, in pixels.
const ROW: i32 = 42;
/// The same where a row has a third line.
const HIGH_ROW: i32 = 58;
const TOP: i32 = 50;

/// Every figure of a calibration; none where nothing reproduces what was reported.
#[must_use]
pub fn calibrate(shown: &Shown<'_>) -> Vec<Figure> {
    if shown.answer.plausible.is_empty() {
        return Vec::new();
    }
    let mut figures = vec![ranges(shown)];
    let pairs = &shown.answer.pairs;
    let told = pairs
        .iter()
        .take(MOST_PAIRS)
        .map(|pair| (pair.one, pair.other, Some(pair)));
    // Without any that go together, the first two.
    let first = (pairs.is_empty() && shown.answer.known.len() > 1).then_some((0, 1, None));
    for (number, (one, other, pair)) in told.chain(first).enumerate() {
        figures.push(ridge(shown, number + 1, (one, other), pair));
    }
    figures
}

/// The ranges of all inputs, before and after. What is still unknown is pale, and its bar long: a dark bar of that length would be read
/// as certainty.
fn ranges(shown: &Shown<'_>) -> Figure {
    let known = &shown.answer.known;
    let x = Scale {
        from: 0.0,
        to: 1.0,
        start: 350,
        end: 610,
    };
    // Not where it is an end of them as they are written.
    let is_end = |k: &Known, now: f64| [k.low, k.high].iter().any(|end| number(k, *end) == number(k, now));
    let outside = |k: &Known| k.now.filter(|now| !(k.low..=k.high).contains(now) && !is_end(k, *now));
    let row = if known.iter().any(|k| outside(k).is_some()) {
        HIGH_ROW
    } else {
        ROW
    };
    let bottom = TOP + row * theme::pixel(known.len() as f64) + 6;
    let legend = bottom + 24;
    let narrower = |k: &Known| {
        if k.is_told() {
            format!("{:.0} % narrower", k.shrunk * 100.0)
        } else {
            "nearly as unknown as before".into()
        }
    };
    let part = |k: &Known, v: f64| (v - k.from) / (k.to - k.from);
    let told: Vec<String> = known
        .iter()
        .map(|k| {
            format!(
                "{}: {} to {}{} fits, of {} to {}, {}{}",
                words::input(&k.path),
                number(k, k.low),
                number(k, k.high),
                k.unit,
                number(k, k.from),
                number(k, k.to),
                narrower(k),
                outside(k).map_or_else(String::new, |now| format!(
                    ", and the scenario's {} lies outside",
                    number(k, now)
                ))
            )
        })
        .collect();
    theme::figure(
        &shown.scenario.title,
        "ranges".into(),
        "Unknown inputs: what is still possible after what was reported".into(),
        format!(
            "A line for each input over its range before; the bar on it holds nine tenths of what fits, dark where that is clearly narrower. {}.",
            told.join("; ")
        ),
        (legend + 50).unsigned_abs(),
        |c| {
            for (n, k) in known.iter().enumerate() {
                let y = TOP + row * theme::pixel(n as f64) + row / 2;
                c.words(
                    &theme::fit(&words::capital(&words::input(&k.path)), 32),
                    (x.start - 62, y),
                    Align::Right,
                );
                c.whisker(y, x.start, x.end, theme::BACK);
                possible(c, (x.at(part(k, k.low)), x.at(part(k, k.high))), y, k.is_told());
                c.muted(&number(k, k.from), (x.start - 8, y), Align::Right);
                c.muted(&number(k, k.to), (x.end + 8, y), Align::Left);
                c.words(
                    &format!("{} to {}{}", number(k, k.low), number(k, k.high), k.unit),
                    (x.end + 52, y - 8),
                    Align::Left,
                );
                c.muted(&narrower(k), (x.end + 52, y + 9), Align::Left);
                if let Some(now) = outside(k) {
                    let text = format!("the scenario's {} lies outside", number(k, now));
                    c.muted(&text, (x.end + 52, y + 25), Align::Left);
                }
                if let Some(now) = k.now {
                    c.mark(Mark::Triangle, (x.at(part(k, now)), y + 12), 5, theme::PINK);
                }
                if let Some(calibrated) = k.calibrated {
                    c.edged(Mark::Diamond, (x.at(part(k, calibrated)), y), 5, theme::ORANGE);
                }
            }
            possible(c, (24, 54), legend, true);
            c.words("9 in 10 of what fits, clearly narrower", (62, legend), Align::Left);
            possible(c, (334, 364), legend, false);
            c.words(
                "9 in 10 of what fits, nearly as unknown as before",
                (372, legend),
                Align::Left,
            );
            let y = legend + 26;
            c.whisker(y, 24, 54, theme::BACK);
            c.words("what was held possible", (62, y), Align::Left);
            c.mark(Mark::Triangle, (349, y), 5, theme::PINK);
            c.words("value in the scenario", (372, y), Align::Left);
            c.edged(Mark::Diamond, (600, y), 5, theme::ORANGE);
            c.words("value chosen so that the model fits", (616, y), Align::Left);
        },
    )
}

/// The part of a range that is still possible.
fn possible(c: &Canvas<'_>, (low, high): (i32, i32), y: i32, told: bool) {
    c.box_filled((low, y - 7), (high, y + 7), theme::BLUE);
    if !told {
        c.box_filled((low + 2, y - 5), (high - 2, y + 5), theme::TINT);
    }
}

fn number(known: &Known, value: f64) -> String {
    let size = known.from.abs().max(known.to.abs());
    let decimals = if size >= 100.0 {
        0
    } else if size >= 10.0 {
        1
    } else if size >= 1.0 {
        2
    } else {
        3
    };
    let text = format!("{value:.decimals$}");
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').into()
    } else {
        text
    }
}

/// Two inputs of the plausible set against each other.
fn ridge(shown: &Shown<'_>, number: usize, (one, other): (usize, usize), pair: Option<&Pair>) -> Figure {
    let answer = shown.answer;
    let (across, up) = (&answer.known[one], &answer.known[other]);
    let x = Scale {
        from: across.from,
        to: across.to,
        start: 110,
        end: 640,
    };
    let y = Scale {
        from: up.from,
        to: up.to,
        start: 490,
        end: 70,
    };
    let names = [across, up].map(|k| words::input(&k.path));
    let with = match pair {
        Some(pair) => format!(
            "with more {} and {} the model fits as well",
            names[0],
            crate::output::calibrate::with(&up.path, pair.correlation)
        ),
        None => "no two inputs make up for each other".into(),
    };
    // Where the names are too long for a title, the axes have them.
    let title = match pair {
        Some(pair) if with.chars().count() > MOST_LETTERS => format!(
            "The model fits as well with more of one input and {} of the other",
            if pair.correlation > 0.0 { "more" } else { "less" }
        ),
        _ => words::capital(&with),
    };
    let place = |values: &[f64]| Some((x.at(*values.get(one)?), y.at(*values.get(other)?)));
    let step = (answer.plausible.len() / MOST_POINTS).max(1);
    theme::figure(
        &shown.scenario.title,
        format!("ridge_{number}"),
        title,
        format!(
            "{}. Each dot is a plausible pair of values: {} across, from {} to {}{}; {} upwards, from {} to {}{}.{}",
            words::capital(&with),
            names[0],
            across.from,
            across.to,
            across.unit,
            names[1],
            up.from,
            up.to,
            up.unit,
            pair.map_or_else(String::new, |pair| format!(
                " Their correlation is {:.2}.",
                pair.correlation
            )),
        ),
        580,
        |c| {
            let grid = |range: &Known| theme::step(range.to - range.from, 8.0);
            for tick in theme::ticks(across.from, across.to, grid(across)) {
                c.line(vec![(x.at(tick), y.end), (x.at(tick), y.start)], theme::FAINT, 1);
                c.muted(&self::number(across, tick), (x.at(tick), y.start + 16), Align::Centre);
            }
            for tick in theme::ticks(up.from, up.to, grid(up)) {
                c.line(vec![(x.start, y.at(tick)), (x.end, y.at(tick))], theme::FAINT, 1);
                c.muted(&self::number(up, tick), (x.start - 10, y.at(tick)), Align::Right);
            }
            c.line(
                vec![(x.start, y.end), (x.start, y.start), (x.end, y.start)],
                theme::INK,
                1,
            );
            c.words(
                &format!("{}{}", theme::fit(&words::capital(&names[0]), 56), unit(across)),
                ((x.start + x.end) / 2, y.start + 42),
                Align::Centre,
            );
            c.words(
                &format!("{}{}", theme::fit(&words::capital(&names[1]), 56), unit(up)),
                (x.start - 70, y.end - 20),
                Align::Left,
            );
            for (values, _) in &answer.simulated {
                place(values)
                    .into_iter()
                    .for_each(|at| c.mark(Mark::Disc, at, 2, theme::BACK));
            }
            for particle in answer.plausible.iter().step_by(step) {
                place(&particle.values)
                    .into_iter()
                    .for_each(|at| c.mark(Mark::Disc, at, 3, theme::BLUE));
            }
            if let (Some(a), Some(b)) = (across.calibrated, up.calibrated) {
                let at = (x.at(a), y.at(b));
                beside(c, at, "chosen", (x, y), -1);
                c.mark(Mark::Disc, at, 12, theme::WHITE);
                c.mark(Mark::Diamond, at, 9, theme::ORANGE);
            }
            if let (Some(a), Some(b)) = (across.now, up.now)
                && (across.from..=across.to).contains(&a)
                && (up.from..=up.to).contains(&b)
            {
                // Above a calibrated value, and smaller, so that both show where they are the same.
                let at = (x.at(a), y.at(b));
                beside(c, at, "in the scenario", (x, y), 1);
                c.mark(Mark::Triangle, at, 8, theme::WHITE);
                c.mark(Mark::Triangle, at, 5, theme::PINK);
            }
            let keys = [
                (Mark::Disc, 3, theme::BLUE, "a pair of values that fits the reports"),
                (Mark::Disc, 2, theme::BACK, "a pair that was tried"),
                (Mark::Triangle, 5, theme::PINK, "the values in the scenario"),
                (Mark::Diamond, 7, theme::ORANGE, "values chosen so that it fits"),
            ];
            for (n, (mark, size, colour, text)) in keys.into_iter().enumerate() {
                let at = 90 + 30 * theme::pixel(n as f64);
                c.mark(mark, (690, at), size, colour);
                c.words(text, (708, at), Align::Left);
            }
            if let Some(pair) = pair {
                c.words(&format!("Correlation {:.2}", pair.correlation), (682, 230), Align::Left);
                if pair.alike {
                    // So that nobody takes the value chosen for what is known.
                    let text = "What was reported does not tell which of these pairs is the true one.";
                    for (n, line) in (0..).zip(theme::lines(text, 34)) {
                        c.bold(&line, (682, 258 + 19 * n), Align::Left);
                    }
                }
            }
        },
    )
}

/// What a point is, beside it at the end of a line, below (1) or above (-1) if there is room.
fn beside(c: &Canvas<'_>, (x, y): (i32, i32), text: &str, (across, up): (Scale, Scale), way: i32) {
    let way = if (up.end + 20..up.start - 20).contains(&(y + 46 * way)) {
        way
    } else {
        -way
    };
    let right = x < i32::midpoint(across.start, across.end);
    let side = if right { 1 } else { -1 };
    let end = (x + 40 * side, y + 46 * way);
    let wide = 7 * theme::pixel(text.chars().count() as f64) + 12;
    let (from, to) = (end.0.min(end.0 + wide * side), end.0.max(end.0 + wide * side));
    c.line(vec![(x, y), end], theme::WHITE, 5);
    c.line(vec![(x, y), end], theme::INK, 2);
    c.box_filled((from, end.1 - 10), (to, end.1 + 10), theme::WHITE);
    let align = if right { Align::Left } else { Align::Right };
    c.words(text, (end.0 + 5 * side, end.1), align);
}

fn unit(known: &Known) -> String {
    let unit = known.unit.trim();
    if unit.is_empty() {
        String::new()
    } else {
        format!(", {unit}")
    }
}
