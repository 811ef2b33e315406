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
/// Height of a row, in pixels.
const ROW: i32 = 42;
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
    let bottom = TOP + ROW * theme::pixel(known.len() as f64) + 6;
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
                "{}: {} to {}{} fits, of {} to {}, {}",
                words::input(&k.path),
                number(k, k.low),
                number(k, k.high),
                k.unit,
                number(k, k.from),
                number(k, k.to),
                narrower(k)
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
                let y = TOP + ROW * theme::pixel(n as f64) + ROW / 2;
                c.words(
                    &theme::fit(&words::capital(&words::input(&k.path)), 40),
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
            "as good a fit: more {} and {}",
            names[0],
            crate::output::calibrate::with(&up.path, pair.correlation)
        ),
        None => "no two inputs make up for each other".into(),
    };
    let place = |values: &[f64]| Some((x.at(*values.get(one)?), y.at(*values.get(other)?)));
    let step = (answer.plausible.len() / MOST_POINTS).max(1);
    theme::figure(
        &shown.scenario.title,
        format!("ridge_{number}"),
        theme::fit(&words::capital(&with), 92),
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
                &format!("{}{}", theme::fit(&words::capital(&names[0]), 60), unit(across)),
                ((x.start + x.end) / 2, y.start + 42),
                Align::Centre,
            );
            c.words(
                &format!("{}{}", theme::fit(&words::capital(&names[1]), 60), unit(up)),
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
            if let (Some(a), Some(b)) = (across.now, up.now)
                && (across.from..=across.to).contains(&a)
                && (up.from..=up.to).contains(&b)
            {
                // Below its place, where it shows beside a calibrated value that is the same.
                c.mark(Mark::Disc, (x.at(a), y.at(b) + 15), 10, theme::WHITE);
                c.mark(Mark::Triangle, (x.at(a), y.at(b) + 15), 7, theme::PINK);
            }
            if let (Some(a), Some(b)) = (across.calibrated, up.calibrated) {
                c.mark(Mark::Disc, (x.at(a), y.at(b)), 11, theme::WHITE);
                c.mark(Mark::Diamond, (x.at(a), y.at(b)), 7, theme::ORANGE);
            }
            let keys = [
                (Mark::Disc, 3, theme::BLUE, "fits what was reported"),
                (Mark::Disc, 2, theme::BACK, "tried"),
                (Mark::Triangle, 7, theme::PINK, "just above it: value in the scenario"),
                (Mark::Diamond, 7, theme::ORANGE, "value chosen"),
            ];
            for (n, (mark, size, colour, text)) in keys.into_iter().enumerate() {
                let at = 90 + 30 * theme::pixel(n as f64);
                c.mark(mark, (690, at), size, colour);
                c.words(text, (708, at), Align::Left);
            }
            if let Some(pair) = pair {
                c.words(&format!("Correlation {:.2}", pair.correlation), (682, 230), Align::Left);
                if pair.alike {
                    c.bold("Cannot be told apart", (682, 254), Align::Left);
                }
            }
        },
    )
}

fn unit(known: &Known) -> String {
    let unit = known.unit.trim();
    if unit.is_empty() {
        String::new()
    } else {
        format!(", {unit}")
    }
}
