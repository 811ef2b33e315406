//! What inputs do to a service level, one at a time: bars from one end of a range to the other, the longest first.

use crate::answers::Estimate;
use crate::answers::sensitivity::{Bar, OfStandard};
use crate::output::chart::Figure;
use crate::output::chart::theme::{self, Align, Scale};
use crate::output::sensitivity::Sensed;
use crate::output::{digits, words};

/// Height of a row, in pixels.
const ROW: i32 = 40;
/// The most letters of an input's name, beside the words on the left of its bar.
const LETTERS: usize = 42;
const TOP: i32 = 64;
/// More rows than this are in the table only.
const MOST_ROWS: usize = 16;

/// A figure for each standard that some input moves.
#[must_use]
pub fn tornado(sensed: &Sensed<'_>) -> Vec<Figure> {
    sensed
        .answer
        .standards
        .iter()
        .filter_map(|of| one(sensed, of))
        .collect()
}

fn one(sensed: &Sensed<'_>, of: &OfStandard) -> Option<Figure> {
    let scenario = sensed.scenario;
    let bars: Vec<&Bar> = sensed.bars(of).take(MOST_ROWS).collect();
    let level = of.level.mean * 100.0;
    let at = |change: &Estimate| (level + change.mean * 100.0).clamp(0.0, 100.0);
    let ends = bars.iter().flat_map(|bar| [at(&bar.low), at(&bar.high)]);
    let (low, high) = ends.fold((level, level), |(low, high), v| (low.min(v), high.max(v)));
    if bars.is_empty() {
        return None;
    }
    let step = theme::step((high - low).max(1.0), 6.0);
    let x = Scale {
        from: (low / step).floor() * step,
        to: (high / step).ceil().max((low / step).floor() + 1.0) * step,
        start: 516,
        end: 800,
    };
    let bottom = TOP + ROW * theme::pixel(bars.len() as f64) + 8;
    let pathway = &scenario.pathways[of.pathway.0];
    let within = words::within_long(pathway.standard?.within);
    let done = format!("{} {within}", words::done(pathway));
    Some(theme::figure(
        &sensed.scenario.title,
        format!("tornado_{}", theme::pathway_part(scenario, of.pathway)),
        format!(
            "{}: % {done} if one input is not as in the scenario",
            words::pathway(scenario, of.pathway)
        ),
        describe(sensed, of, &bars),
        (bottom + 66).unsigned_abs(),
        |c| {
            for tick in theme::ticks(x.from, x.to, step) {
                c.line(vec![(x.at(tick), TOP), (x.at(tick), bottom)], theme::FAINT, 1);
                let decimals = usize::from(step < 1.0);
                c.muted(
                    &format!("{tick:.decimals$} %"),
                    (x.at(tick), bottom + 14),
                    Align::Centre,
                );
            }
            let as_stated = format!("As in the scenario: {}", digits::share(Some(of.level)));
            c.bold(&as_stated, (x.at(level).min(820), TOP - 18), Align::Centre);
            for (n, bar) in bars.iter().enumerate() {
                let y = TOP + ROW * theme::pixel(n as f64) + ROW / 2 + 4;
                c.words(
                    &theme::fit(&words::capital(&sensed.name(bar.input)), LETTERS),
                    (14, y - 8),
                    Align::Left,
                );
                c.muted(&theme::fit(&sensed.ends(bar.input), LETTERS), (14, y + 9), Align::Left);
                // The bar of the farther end lies below the other where both go the same way.
                let [low_end, high_end] = sensed.both_ends(bar.input);
                let mut drawn = [
                    (at(&bar.low), &bar.low, theme::TURQUOISE, low_end),
                    (at(&bar.high), &bar.high, theme::BLUE, high_end),
                ];
                drawn.sort_by(|a, b| b.1.mean.abs().total_cmp(&a.1.mean.abs()));
                for (value, _, colour, _) in &drawn {
                    let (from, to) = (x.at(level.min(*value)), x.at(level.max(*value)));
                    c.box_filled((from, y - 9), (to, y + 9), *colour);
                }
                let reach = |share: f64| x.at(level + share * 100.0);
                let same_way = drawn.iter().all(|d| d.0 < level) || drawn.iter().all(|d| d.0 >= level);
                for (_, change, ..) in &drawn {
                    c.whisker_edge(y, reach(change.low), reach(change.high));
                }
                let (left, right) = drawn.iter().fold((x.at(level), x.at(level)), |(left, right), d| {
                    c.whisker(y, reach(d.1.low), reach(d.1.high), theme::INK);
                    (
                        left.min(reach(d.1.low)).min(x.at(d.0)),
                        right.max(reach(d.1.high)).max(x.at(d.0)),
                    )
                });
                for (n, (value, _, _, end)) in (0..).zip(&drawn) {
                    // Both on one side stand below each other, the farther one first.
                    let y = if same_way { y - 8 + 17 * n } else { y };
                    let (place, align) = if *value < level {
                        (left - 8, Align::Right)
                    } else {
                        (right + 8, Align::Left)
                    };
                    c.muted(&format!("at {end}: {value:.1} %"), (place, y), align);
                }
            }
            c.line(vec![(x.at(level), TOP - 6), (x.at(level), bottom)], theme::INK, 2);
            let legend = bottom + 44;
            c.box_filled((14, legend - 8), (34, legend + 8), theme::TURQUOISE);
            c.words("pale: input at the lower end of its range", (42, legend), Align::Left);
            c.box_filled((352, legend - 8), (372, legend + 8), theme::BLUE);
            c.words("dark: at the upper end", (380, legend), Align::Left);
            c.whisker(legend, 578, 602, theme::INK);
            c.words("interval of the difference to the scenario", (610, legend), Align::Left);
        },
    ))
}

fn describe(sensed: &Sensed<'_>, of: &OfStandard, bars: &[&Bar]) -> String {
    let told: Vec<String> = bars
        .iter()
        .map(|bar| {
            format!(
                "{}, {}: {} points at the lower end, {} at the upper",
                sensed.name(bar.input),
                sensed.ends(bar.input),
                digits::points_signed(&bar.low),
                digits::points_signed(&bar.high)
            )
        })
        .collect();
    format!(
        "How far each input alone moves the service level, {} in the scenario, from one end of its range to the other; the one that \
         moves it farthest first. {}.",
        digits::share_inline(&of.level),
        told.join("; ")
    )
}
