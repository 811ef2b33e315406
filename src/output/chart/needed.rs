//! What is needed if inputs are not as stated: the share of possible inputs (draws) that need at most so much.

use crate::answers::required::{OfDraw, Standing};
use crate::output::chart::Figure;
use crate::output::chart::theme::{self, Align, Mark, RGBColor, Scale};
use crate::output::required::{Required, plain};

const TOP: i32 = 60;
const BOTTOM: i32 = 330;

const fn mark(standing: Standing) -> (Mark, RGBColor, &'static str) {
    match standing {
        Standing::Holds => (Mark::Disc, theme::BLUE, "the answer is enough there"),
        Standing::Falls => (Mark::Diamond, theme::PINK, "it is not enough"),
        Standing::Near => (Mark::Triangle, theme::BACK, "too near to say"),
    }
}

/// One mark a draw, from the one that needs least to the one that needs most; `None` if inputs were not drawn, or nothing within
/// the bounds suffices in any draw.
#[must_use]
pub fn needed(required: &Required<'_>) -> Option<Figure> {
    let of = required.uncertain?;
    let mut draws: Vec<(f64, &OfDraw)> = of.draws.iter().filter_map(|d| Some((d.least.cost?, d))).collect();
    let order = |d: &OfDraw| {
        [Standing::Holds, Standing::Near, Standing::Falls]
            .iter()
            .position(|s| *s == d.held.standing)
    };
    draws.sort_by(|a, b| a.0.total_cmp(&b.0).then_with(|| order(a.1).cmp(&order(b.1))));
    let answer = required.answer.cost;
    let ends = draws.iter().map(|d| d.0).chain([answer]);
    let (low, high) = ends.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), v| (a.min(v), b.max(v)));
    if draws.is_empty() {
        return None;
    }
    let step = theme::step((high - low).max(1.0), 8.0);
    let from = (low / step).floor() * step;
    let x = Scale {
        from,
        to: ((high / step).ceil() * step).max(from + step),
        start: 90,
        end: 920,
    };
    let y = Scale {
        from: 0.0,
        to: 1.0,
        start: BOTTOM,
        end: TOP,
    };
    let beyond = of.draws.len() - draws.len();
    let more = match beyond {
        0 => String::new(),
        n => format!(
            " {n} of {} possible inputs need more than the bounds allow and are not shown.",
            of.draws.len()
        ),
    };
    Some(theme::figure(
        &required.scenario.title,
        "needed".into(),
        "Staff needed if inputs are not as stated: share that need at most so much".into(),
        format!(
            "Each mark is one set of possible inputs, at what it needs. The answer with the inputs as stated is {}; half of them need at \
             most {}.{more}",
            required.amount(answer),
            of.median
                .map_or_else(|| "more than the bounds allow".into(), |v| required.amount(v)),
        ),
        (BOTTOM + 94).unsigned_abs(),
        |c| {
            for share in [0.0, 0.25, 0.5, 0.75, 1.0] {
                c.line(vec![(x.start, y.at(share)), (x.end, y.at(share))], theme::FAINT, 1);
                c.muted(
                    &format!("{:.0} %", share * 100.0),
                    (x.start - 10, y.at(share)),
                    Align::Right,
                );
            }
            for tick in theme::ticks(x.from, x.to, step) {
                c.line(vec![(x.at(tick), BOTTOM), (x.at(tick), BOTTOM + 5)], theme::FAINT, 1);
                c.muted(&plain(tick), (x.at(tick), BOTTOM + 18), Align::Centre);
            }
            c.muted(required.unit(), (x.start.midpoint(x.end), BOTTOM + 34), Align::Centre);
            c.dashed((x.at(answer), TOP - 8), (x.at(answer), BOTTOM), theme::ORANGE, 3);
            let (at, align) = match x.at(answer) {
                at if at > 760 => (at, Align::Right),
                at if at < 240 => (at, Align::Left),
                at => (at, Align::Centre),
            };
            c.bold(
                &format!("with the inputs as stated {}", required.amount(answer)),
                (at, TOP - 18),
                align,
            );
            let mut below = 0.0;
            for (cost, draw) in &draws {
                below += draw.weight;
                let (shape, colour, _) = mark(draw.held.standing);
                c.mark(shape, (x.at(*cost), y.at(below)), 6, colour);
            }
            c.muted(
                &format!("{} sets of possible inputs, a mark each.{more}", of.draws.len()),
                (90, BOTTOM + 80),
                Align::Left,
            );
            let legend = BOTTOM + 56;
            for (at, standing) in [(90, Standing::Holds), (400, Standing::Falls), (580, Standing::Near)] {
                let (shape, colour, words) = mark(standing);
                c.mark(shape, (at, legend), 6, colour);
                c.words(words, (at + 14, legend), Align::Left);
            }
        },
    ))
}
