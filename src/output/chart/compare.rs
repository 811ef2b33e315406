//! What options change in a service level, as a forest: over all hubs the largest gain first, and hub by hub.

use crate::answers::compare::{CompareRow, Direction};
use crate::model::{HubId, PathwayId, Scenario};
use crate::output::chart::Figure;
use crate::output::chart::theme::{self, Align, Canvas, Mark, RGBColor, Scale};
use crate::output::compare::Compared;
use crate::output::{digits, words};

/// Height of a row, in pixels, and where names have two lines.
const ROW: i32 = 30;
const ROW_OF_TWO: i32 = 44;
const TOP: i32 = 62;
/// More rows than this make no picture that can be read; the table has them.
const MOST_ROWS: usize = 72;
/// The most letters of a line of an option's title, which may have two.
const LETTERS: usize = 38;

/// What stands in the title of a figure of hubs.
const BY_HUB: &str = "by hub";

/// Every figure of a comparison: for each standard over all hubs, and by hub where there are several.
#[must_use]
pub fn compare(compared: &Compared<'_>) -> Vec<Figure> {
    let standards = words::standards(compared.base).map(|(id, _, _)| id);
    standards
        .flat_map(|id| [over_all(compared, id), by_hub(compared, id)])
        .flatten()
        .collect()
}

/// A row of the forest: a heading, or a difference under its name.
enum Line<'a> {
    Heading(String),
    Difference(String, &'a CompareRow),
}

fn over_all(compared: &Compared<'_>, id: PathwayId) -> Option<Figure> {
    let mut rows: Vec<(String, &CompareRow)> = compared
        .answer
        .options
        .iter()
        .enumerate()
        .filter_map(|(n, option)| Some((named(compared, n), option.level(None, id)?)))
        .collect();
    rows.sort_by(|a, b| b.1.change.mean.total_cmp(&a.1.change.mean));
    let what = if rows.len() > 1 {
        "all hubs, the largest gain first"
    } else {
        "all hubs"
    };
    let lines = rows
        .into_iter()
        .map(|(name, row)| Line::Difference(name, row))
        .collect();
    forest(compared, id, "compare", what, lines)
}

fn by_hub(compared: &Compared<'_>, id: PathwayId) -> Option<Figure> {
    let base = compared.base;
    let options = &compared.answer.options;
    if base.hubs.len() < 2 {
        return None;
    }
    let mut lines = Vec::new();
    for hub in (0..base.hubs.len()).map(|h| Some(HubId(h))) {
        let mut here: Vec<Line<'_>> = options
            .iter()
            .enumerate()
            .filter_map(|(n, option)| Some(Line::Difference(named(compared, n), option.level(hub, id)?)))
            .collect();
        let name = words::hub(base, hub);
        match here.as_mut_slice() {
            // With one option, the hub itself is the row.
            [Line::Difference(label, _)] if options.len() == 1 => *label = name,
            _ => lines.push(Line::Heading(name)),
        }
        lines.extend(here);
    }
    forest(compared, id, "compare_hubs", BY_HUB, lines)
}

/// An option by its title; by its name where the title is the base's or another option's.
fn named(compared: &Compared<'_>, n: usize) -> String {
    let title = |n: usize| compared.options.get(n).map(|shown| shown.title.as_str());
    let own = title(n).filter(|own| {
        let others = (0..compared.options.len()).filter(|other| *other != n);
        *own != compared.base.title && others.map(title).all(|other| other != Some(*own))
    });
    let name = compared.answer.options.get(n).map(|option| option.name.as_str());
    own.or(name).unwrap_or_default().to_owned()
}

const fn look(direction: Direction) -> (Mark, RGBColor) {
    match direction {
        Direction::Up => (Mark::Triangle, theme::BLUE),
        Direction::Down => (Mark::Diamond, theme::PINK),
        Direction::NoDetectable | Direction::Same => (Mark::Disc, theme::BACK),
    }
}

fn said(row: &CompareRow) -> String {
    match row.direction() {
        Direction::Same => "the same".into(),
        _ => digits::points_signed(&row.simultaneous.unwrap_or(row.change)),
    }
}

fn forest(compared: &Compared<'_>, id: PathwayId, name: &str, what: &str, lines: Vec<Line<'_>>) -> Option<Figure> {
    // Rows that are hubs do not say of which option they are.
    let of_option =
        (what == BY_HUB && compared.answer.options.len() == 1).then(|| format!("Option: {}", named(compared, 0)));
    let top = TOP + if of_option.is_some() { 30 } else { 0 };
    let scenario: &Scenario = compared.base;
    let rows = || {
        lines.iter().filter_map(|line| match line {
            Line::Difference(label, row) => Some((label, *row)),
            Line::Heading(_) => None,
        })
    };
    if rows().next().is_none() || lines.len() > MOST_ROWS {
        return None;
    }
    let ends = rows().flat_map(|(_, row)| {
        let e = row.simultaneous.unwrap_or(row.change);
        [e.low * 100.0, e.high * 100.0]
    });
    let (low, high) = ends
        .filter(|v| v.is_finite())
        .fold((0.0, 0.0), |(low, high): (f64, f64), v| (low.min(v), high.max(v)));
    let step = theme::step((high - low).max(1.0), 6.0);
    let x = Scale {
        from: (low / step).floor() * step,
        to: (high / step).ceil().max((low / step).floor() + 1.0) * step,
        start: 340,
        end: 680,
    };
    let two = rows().any(|(label, _)| theme::lines(label, LETTERS).len() > 1);
    let height = if two { ROW_OF_TWO } else { ROW };
    let bottom = top + height * theme::pixel(lines.len() as f64) + 8;
    let legend = bottom + 44;
    let pathway = words::pathway(scenario, id);
    let within = scenario.pathways[id.0].standard.as_ref()?.within;
    Some(theme::figure(
        &compared.base.title,
        format!("{name}_{}", theme::pathway_part(scenario, id)),
        format!(
            "{pathway}: {} {}, change to the base, {what}",
            words::done(&scenario.pathways[id.0]),
            words::within_long(within)
        ),
        describe(compared, &lines),
        (legend + 46).unsigned_abs(),
        |c| {
            for tick in theme::ticks(x.from, x.to, step) {
                c.line(vec![(x.at(tick), top), (x.at(tick), bottom)], theme::FAINT, 1);
                let decimals = if step < 0.1 { 2 } else { usize::from(step < 1.0) };
                // No minus sign on nothing.
                let label = format!("{:+.decimals$}", tick + 0.0);
                let label = if tick.abs() < step / 2.0 { "0".to_owned() } else { label };
                c.muted(&label, (x.at(tick), bottom + 14), Align::Centre);
            }
            c.muted(
                "Marks show the change in points, not the level; the levels stand at the right, each rounded by itself.",
                (12, 44),
                Align::Left,
            );
            if let Some(option) = &of_option {
                c.bold(&theme::fit(option, 96), (12, 66), Align::Left);
            }
            c.muted("points", (x.end + 22, top - 14), Align::Left);
            c.muted("base to option", (948, top - 14), Align::Right);
            c.line(vec![(x.at(0.0), top - 6), (x.at(0.0), bottom)], theme::INK, 2);
            for (n, line) in lines.iter().enumerate() {
                let y = top + height * theme::pixel(n as f64) + height / 2 + 4;
                match line {
                    Line::Heading(text) => c.bold(&theme::fit(text, 60), (14, y + 4), Align::Left),
                    Line::Difference(label, row) => draw(c, x, y, label, row),
                }
            }
            let keys = [
                (Direction::Up, "more than the base"),
                (Direction::Down, "fewer than the base"),
                (Direction::NoDetectable, "no detectable difference"),
            ];
            for (n, (direction, text)) in keys.into_iter().enumerate() {
                let left = 24 + 300 * theme::pixel(n as f64);
                let (mark, colour) = look(direction);
                c.mark(mark, (left, legend), 6, colour);
                c.words(text, (left + 16, legend), Align::Left);
            }
            c.whisker(legend + 26, 12, 36, theme::INK);
            let confidence = digits::percent(compared.answer.confidence);
            c.words(
                &format!("and ±: interval of {confidence} confidence for all differences of the comparison at once"),
                (44, legend + 26),
                Align::Left,
            );
        },
    ))
}

fn draw(c: &Canvas<'_>, x: Scale, y: i32, label: &str, row: &CompareRow) {
    let lines = theme::lines(label, LETTERS);
    match lines.as_slice() {
        [one] => c.words(&theme::fit(one, LETTERS), (x.start - 14, y), Align::Right),
        [one, rest @ ..] => {
            c.words(&theme::fit(one, LETTERS), (x.start - 14, y - 8), Align::Right);
            c.words(
                &theme::fit(&rest.join(" "), LETTERS),
                (x.start - 14, y + 8),
                Align::Right,
            );
        }
        [] => {}
    }
    let (mark, colour) = look(row.direction());
    let family = row.simultaneous.unwrap_or(row.change);
    c.whisker(y, x.at(family.low * 100.0), x.at(family.high * 100.0), theme::INK);
    c.mark(mark, (x.at(row.change.mean * 100.0), y), 6, colour);
    c.words(&said(row), (x.end + 22, y), Align::Left);
    c.words(&from_to(row), (948, y), Align::Right);
}

/// The levels themselves: the base's, then the option's.
fn from_to(row: &CompareRow) -> String {
    let [base, option] = [row.base, row.option].map(|share| format!("{:.1} %", share * 100.0));
    format!("{base} to {option}")
}

fn describe(compared: &Compared<'_>, lines: &[Line<'_>]) -> String {
    let mut heading = "";
    let told: Vec<String> = lines
        .iter()
        .filter_map(|line| match line {
            Line::Heading(text) => {
                heading = text;
                None
            }
            Line::Difference(label, row) => {
                let place = if heading.is_empty() {
                    String::new()
                } else {
                    format!("{heading}, ")
                };
                let doubt = match row.direction() {
                    Direction::NoDetectable => " (no detectable difference)",
                    _ => "",
                };
                Some(format!("{place}{label}: {}{doubt}, from {}", said(row), from_to(row)))
            }
        })
        .collect();
    format!(
        "Differences of the service level to the base in points, one row each, with intervals of {} confidence for all of the \
         comparison at once. {}.",
        digits::percent(compared.answer.confidence),
        told.join("; ")
    )
}
