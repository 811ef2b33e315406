//! What more staff do: the best placement of so many over all hubs, and each hub with so many.

use crate::answers::allocate::{CellRow, Counted, Kind, Placement};
use crate::model::{HubId, PathwayId};
use crate::output::allocate::{Allocated, named};
use crate::output::chart::Figure;
use crate::output::chart::theme::{self, Align, Canvas, Mark, RGBColor, Scale};
use crate::output::{digits, words};

/// Where the curve lies \[pixels\].
const LEFT: i32 = 70;
const RIGHT: i32 = 600;
const TOP: i32 = 62;
const BOTTOM: i32 = 400;
/// The height of a line of a label beside the plot, what lies between labels, and the most letters of a line.
const LINE: i32 = 17;
const BETWEEN: i32 = 6;
const LETTERS: usize = 36;

/// Panels side by side, and the most that make a picture.
const ABREAST: usize = 3;
const MOST_PANELS: usize = 24;
/// A panel, the lines of marks below it, and what lies below these \[pixels\].
const PANEL: (i32, i32) = (300, 170);
const MARKS: i32 = 17;
const BELOW: i32 = 52;

/// Every figure of an allocation.
#[must_use]
pub fn allocate(allocated: &Allocated<'_>) -> Vec<Figure> {
    [gain(allocated), by_hub(allocated)].into_iter().flatten().collect()
}

/// How the placements are marked: shape and colour.
const fn look(kind: Kind) -> (Mark, RGBColor) {
    match kind {
        Kind::Best => (Mark::Triangle, theme::BLUE),
        Kind::BestWorstHub => (Mark::Diamond, theme::PINK),
        _ => (Mark::Disc, theme::TURQUOISE),
    }
}

/// The kinds that are drawn.
const MARKED: [Kind; 3] = [Kind::Best, Kind::BestWorstHub, Kind::Even];

fn what(allocated: &Allocated<'_>, id: PathwayId) -> Option<String> {
    let pathway = &allocated.scenario.pathways[id.0];
    let within = pathway.standard.as_ref()?.within;
    Some(format!(
        "{}: share {} {}",
        words::pathway(allocated.scenario, id),
        words::done(pathway),
        words::within_long(within)
    ))
}

fn unit(allocated: &Allocated<'_>) -> String {
    let role = words::role_inside(allocated.scenario, allocated.answer.request.role);
    match allocated.answer.counted {
        Counted::Wte => format!("more WTE of {role}"),
        Counted::OnShift => format!("more of {role} on shift"),
    }
}

/// A share axis with room below the lowest value, in steps that people read.
fn shares(low: f64, high: f64, start: i32, end: i32, most: f64) -> (Scale, f64) {
    let step = theme::step((high - low).max(0.005), most);
    let scale = Scale {
        from: ((low / step).floor() * step).max(0.0),
        to: ((high / step).ceil() * step).min(1.0),
        start,
        end,
    };
    (scale, step)
}

fn percent(tick: f64, step: f64) -> String {
    let decimals = if step < 0.001 { 2 } else { usize::from(step < 0.01) };
    format!("{:.decimals$} %", tick * 100.0)
}

/// The best placement of so many posts, over all hubs.
fn gain(allocated: &Allocated<'_>) -> Option<Figure> {
    let answer = allocated.answer;
    let id = answer.request.pathway;
    let curve = &answer.curve;
    if curve.len() < 2 {
        return None;
    }
    let even = answer
        .placement(Kind::Even)
        .and_then(|p| p.level(None, id))
        .map(|l| l.level);
    let ends = curve.iter().map(|p| p.level).chain(even);
    let (low, high) = ends.fold((1.0, 0.0), |(low, high): (f64, f64), e| {
        (low.min(e.low), high.max(e.high))
    });
    let target = allocated.scenario.pathways[id.0]
        .standard
        .as_ref()
        .and_then(|s| s.target);
    let target = target.map(|t| t.get()).filter(|t| *t > low - 0.1 && *t < high + 0.1);
    let (low, high) = target.map_or((low, high), |t| (low.min(t), high.max(t)));
    let (y, step) = shares(low, high, BOTTOM, TOP, 8.0);
    let x = Scale {
        from: 0.0,
        to: f64::from(answer.request.extra),
        start: LEFT,
        end: RIGHT,
    };
    let told: Vec<String> = curve
        .iter()
        .map(|p| format!("{}: {}", p.total, digits::share(Some(p.level))))
        .collect();
    Some(theme::figure(
        &allocated.scenario.title,
        format!("allocate_{}", theme::pathway_part(allocated.scenario, id)),
        format!("{}, with {}, best placed", what(allocated, id)?, unit(allocated)),
        format!(
            "Service level over all hubs by number of {}, each number in its best placement: {}. At the right the placements \
             of all {} as simulated again with other people: {}.",
            unit(allocated),
            told.join("; "),
            answer.request.extra,
            confirmed(allocated, id)
        ),
        (BOTTOM + 112).unsigned_abs(),
        |c| {
            c.muted("Share of referrals, all hubs", (12, 44), Align::Left);
            for tick in theme::ticks(y.from, y.to, step) {
                c.line(vec![(LEFT, y.at(tick)), (RIGHT, y.at(tick))], theme::FAINT, 1);
                c.muted(&percent(tick, step), (LEFT - 8, y.at(tick)), Align::Right);
            }
            if let Some(t) = target {
                c.line(vec![(LEFT, y.at(t)), (RIGHT, y.at(t))], theme::ORANGE, 3);
                // Where the curve is not: above its beginning if it stays below for so long, or below its end.
                let stays_below = curve.iter().filter(|point| point.level.mean < t).count() * 2 > curve.len();
                let (at, over, align) = if stays_below {
                    // At the top there is no room above it.
                    (LEFT + 6, if y.at(t) < TOP + 20 { 14 } else { -12 }, Align::Left)
                } else if y.at(t) + 24 < BOTTOM {
                    (RIGHT - 6, 14, Align::Right)
                } else {
                    (RIGHT - 6, -12, Align::Right)
                };
                let label = format!("Target of the scenario, {}", digits::percent(t));
                c.words(&label, (at, y.at(t) + over), align);
            }
            let every = theme::step(x.to, 12.0).max(1.0);
            for tick in theme::ticks(0.0, x.to, every) {
                c.muted(&format!("{tick:.0}"), (x.at(tick), BOTTOM + 16), Align::Centre);
            }
            c.muted(&unit(allocated), (LEFT.midpoint(RIGHT), BOTTOM + 38), Align::Centre);
            if y.from > 0.0 {
                let text = format!("The axis begins at {}.", percent(y.from, step));
                c.muted(&text, (948, BOTTOM + 38), Align::Right);
            }
            for point in curve {
                let at = x.at(f64::from(point.total));
                c.line(
                    vec![(at, y.at(point.level.low)), (at, y.at(point.level.high))],
                    theme::BACK,
                    3,
                );
            }
            let line = curve.iter().map(|p| (x.at(f64::from(p.total)), y.at(p.level.mean)));
            c.line(line.clone().collect(), theme::BLUE, 2);
            if curve.len() <= 60 {
                line.for_each(|at| c.mark(Mark::Disc, at, 3, theme::BLUE));
            }
            draw_placements(c, allocated, id, x, y);
            c.line(vec![(LEFT, BOTTOM + 70), (LEFT + 26, BOTTOM + 70)], theme::BLUE, 2);
            c.mark(Mark::Disc, (LEFT + 13, BOTTOM + 70), 3, theme::BLUE);
            c.words(
                &format!(
                    "best placement of so many; grey bar: interval of {} confidence",
                    digits::percent(answer.request.confidence)
                ),
                (LEFT + 36, BOTTOM + 70),
                Align::Left,
            );
            c.words(
                &format!(
                    "marks at the right: all {} placed, simulated again with other people",
                    answer.request.extra
                ),
                (LEFT + 36, BOTTOM + 90),
                Align::Left,
            );
        },
    ))
}

/// The placements of all posts, beside the end of the curve, with labels that do not lie over each other.
fn draw_placements(c: &Canvas<'_>, allocated: &Allocated<'_>, id: PathwayId, x: Scale, y: Scale) {
    let mut marks: Vec<(Kind, [String; 2], i32)> = distinct(allocated)
        .into_iter()
        .filter_map(|(kind, placement, name)| {
            let level = placement.level(None, id)?.level;
            Some((kind, [name, digits::share(Some(level))], y.at(level.mean)))
        })
        .collect();
    marks.sort_by_key(|(_, _, at)| *at);
    let count = theme::pixel(marks.len() as f64);
    let mut below = i32::MIN;
    let mut labels = Vec::new();
    for (kind, [name, level], at) in marks {
        let mut lines = theme::lines(&name, LETTERS);
        lines.push(level);
        let place = at.max(below);
        below = place + LINE * theme::pixel(lines.len() as f64) + BETWEEN;
        labels.push((kind, lines, at, place));
    }
    // Back up if they have run past the bottom.
    let past = (below - BETWEEN - LINE / 2 - BOTTOM).max(0);
    for (n, (kind, lines, at, place)) in (0..).zip(labels) {
        let (mark, colour) = look(kind);
        let place = place - past;
        // Side by side, so that none hides another.
        let edge = x.end + 14 + 15 * n;
        let words = x.end + 14 + 15 * count + 8;
        c.line(vec![(edge, at), (words - 4, place)], theme::BACK, 1);
        c.mark(mark, (edge, at), 6, colour);
        for (row, line) in (0..).zip(&lines) {
            let at = (words, place + LINE * row);
            if row + 1 == theme::pixel(lines.len() as f64) {
                c.muted(line, at, Align::Left);
            } else {
                c.words(line, at, Align::Left);
            }
        }
    }
}

/// The placements that are drawn, each once, with all that it is.
fn distinct<'a>(allocated: &Allocated<'a>) -> Vec<(Kind, &'a Placement, String)> {
    let all = allocated.answer.placements.iter();
    all.filter_map(|placement| {
        let kinds: Vec<Kind> = MARKED.into_iter().filter(|kind| placement.is(*kind)).collect();
        let names: Vec<String> = kinds.iter().map(|kind| named(*kind).to_owned()).collect();
        Some((*kinds.first()?, placement, words::capital(&words::list(&names))))
    })
    .collect()
}

fn confirmed(allocated: &Allocated<'_>, id: PathwayId) -> String {
    let told: Vec<String> = distinct(allocated)
        .into_iter()
        .filter_map(|(_, placement, name)| {
            Some(format!(
                "{name} {}",
                digits::share(Some(placement.level(None, id)?.level))
            ))
        })
        .collect();
    told.join("; ")
}

/// Each hub with so many more, one panel a hub; none where hubs lend each other staff or there are too many.
fn by_hub(allocated: &Allocated<'_>) -> Option<Figure> {
    let answer = allocated.answer;
    let id = answer.request.pathway;
    let cells = &answer.cells;
    let hubs: Vec<HubId> = (0..allocated.scenario.hubs.len())
        .map(HubId)
        .filter(|hub| cells.iter().any(|cell| cell.hub == *hub && cell.extra > 0))
        .collect();
    let together = cells.iter().any(|cell| !cell.beside.is_empty());
    if together || hubs.len() < 2 || hubs.len() > MOST_PANELS {
        return None;
    }
    let (low, high) = cells
        .iter()
        .filter(|cell| hubs.contains(&cell.hub))
        .fold((1.0, 0.0), |(low, high): (f64, f64), cell| {
            (low.min(cell.level.low), high.max(cell.level.high))
        });
    let standard = allocated.scenario.pathways[id.0].standard.as_ref();
    let target = standard.and_then(|s| s.target).map(|t| t.get());
    let target = target.filter(|t| *t > low - 0.1 && *t < high + 0.1);
    let (low, high) = target.map_or((low, high), |t| (low.min(t), high.max(t)));
    let plans = distinct(allocated);
    let apart = PANEL.1 + MARKS * theme::pixel(plans.len() as f64) + BELOW;
    // One scale for all hubs: a step farther than any of them is given.
    let given = answer
        .placements
        .iter()
        .flat_map(|placement| placement.extra.iter().copied());
    let farthest = (given.max().unwrap_or(0) + answer.request.step).min(answer.request.extra);
    let rows = hubs.len().div_ceil(ABREAST);
    let legend = 84 + apart * theme::pixel(rows as f64);
    let height = legend + 26 * theme::pixel(plans.len() as f64 + 1.0);
    let told: Vec<String> = hubs
        .iter()
        .map(|hub| {
            let own = cells.iter().filter(|cell| cell.hub == *hub);
            let points: Vec<String> = own
                .map(|cell| format!("{} {}", cell.extra, digits::share(Some(cell.level))))
                .collect();
            format!("{}: {}", words::hub(allocated.scenario, Some(*hub)), points.join(", "))
        })
        .collect();
    Some(theme::figure(
        &allocated.scenario.title,
        format!("allocate_hubs_{}", theme::pathway_part(allocated.scenario, id)),
        format!("{}, hub by hub", what(allocated, id)?),
        format!(
            "Service level of each hub by number of {}, with intervals. {}.",
            unit(allocated),
            told.join("; ")
        ),
        height.unsigned_abs(),
        |c| {
            c.muted(
                &format!(
                    "Share of the hub's referrals, by number of {} there. Marks below: how many each plan gives this hub.",
                    unit(allocated)
                ),
                (12, 44),
                Align::Left,
            );
            let (shown, step) = shares(low, high, 0, 1, 5.0);
            if shown.from > 0.0 {
                let text = format!("The axes begin at {}.", percent(shown.from, step));
                c.muted(&text, (12, 62), Align::Left);
            }
            for (n, hub) in hubs.iter().enumerate() {
                let left = 60 + (PANEL.0 + 10) * theme::pixel((n % ABREAST) as f64);
                let top = 90 + apart * theme::pixel((n / ABREAST) as f64);
                let shown = Shown {
                    low,
                    high,
                    farthest,
                    target,
                };
                panel(c, allocated, *hub, (left, top), &shown, &plans);
            }
            for (n, (kind, _, name)) in (0..).zip(&plans) {
                let (mark, colour) = look(*kind);
                c.mark(mark, (24, legend + 26 * n), 6, colour);
                c.words(name, (40, legend + 26 * n), Align::Left);
            }
            let y = legend + 26 * theme::pixel(plans.len() as f64);
            c.line(vec![(17, y - 8), (17, y + 8)], theme::BACK, 3);
            let confidence = digits::percent(answer.request.confidence);
            c.words(
                &format!("interval of {confidence} confidence; where no bar is seen it is shorter than the dot"),
                (40, y),
                Align::Left,
            );
            if let Some(t) = target {
                c.line(vec![(640, y), (668, y)], theme::ORANGE, 3);
                c.words(
                    &format!("Target of the scenario, {}", digits::percent(t)),
                    (676, y),
                    Align::Left,
                );
            }
        },
    ))
}

/// What all panels have alike.
struct Shown {
    low: f64,
    high: f64,
    farthest: u32,
    target: Option<f64>,
}

fn panel(
    c: &Canvas<'_>,
    allocated: &Allocated<'_>,
    hub: HubId,
    (left, top): (i32, i32),
    shown: &Shown,
    plans: &[(Kind, &Placement, String)],
) {
    let answer = allocated.answer;
    let bottom = top + PANEL.1 - 20;
    let right = left + PANEL.0 - 40;
    let (y, step) = shares(shown.low, shown.high, bottom, top + 12, 5.0);
    let own: Vec<&CellRow> = answer.cells.iter().filter(|cell| cell.hub == hub).collect();
    let team = answer.places.iter().position(|place| place.serves.contains(&hub));
    let x = Scale {
        from: 0.0,
        to: f64::from(shown.farthest.max(1)),
        start: left,
        end: right,
    };
    c.bold(
        &theme::fit(&words::hub(allocated.scenario, Some(hub)), 34),
        (left, top - 8),
        Align::Left,
    );
    for tick in theme::ticks(y.from, y.to, step) {
        c.line(vec![(left, y.at(tick)), (right, y.at(tick))], theme::FAINT, 1);
        c.muted(&percent(tick, step), (left - 6, y.at(tick)), Align::Right);
    }
    let every = theme::step(x.to, 6.0).max(1.0);
    for tick in theme::ticks(0.0, x.to, every) {
        c.muted(&format!("{tick:.0}"), (x.at(tick), bottom + 14), Align::Centre);
    }
    if let Some(t) = shown.target {
        c.line(vec![(left, y.at(t)), (right, y.at(t))], theme::ORANGE, 3);
    }
    let shown = || own.iter().filter(|cell| f64::from(cell.extra) <= x.to);
    for cell in shown() {
        let at = x.at(f64::from(cell.extra));
        c.line(
            vec![(at, y.at(cell.level.low)), (at, y.at(cell.level.high))],
            theme::BACK,
            3,
        );
    }
    let points = shown().map(|cell| (x.at(f64::from(cell.extra)), y.at(cell.level.mean)));
    c.line(points.clone().collect(), theme::BLUE, 2);
    points.for_each(|at| c.mark(Mark::Disc, at, 2, theme::BLUE));
    // A mark says how many a placement gives this hub, and nothing of its level: it stands below its number on the axis, a line for each
    // placement.
    for (n, (kind, placement, _)) in (0..).zip(plans) {
        let Some(number) = team.and_then(|team| placement.extra.get(team)) else {
            continue;
        };
        let (mark, colour) = look(*kind);
        let at = (x.at(f64::from(*number)), bottom + 34 + MARKS * n);
        c.mark(mark, at, 6, colour);
        c.muted(&number.to_string(), (at.0 + 11, at.1), Align::Left);
    }
}
