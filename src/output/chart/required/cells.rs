//! The cells of a panel: a staffing each, with its level, its interval and a mark.

use super::panel::{Cell, Looks, Panel};
use crate::output::chart::theme::{self, Align, Canvas, RGBColor};
use crate::output::required::plain;
use crate::output::words;

const CELL: (i32, i32) = (52, 40);
/// What stands above the cells of a panel, and below them \[pixels\].
const HEAD: i32 = 90;
const FOOT: i32 = 72;

/// How tall each of these panels is \[pixels\].
pub(super) fn height(panels: &[Panel]) -> i32 {
    CELL.1 * panels.iter().map(Panel::rows).max().unwrap_or(1) + HEAD + FOOT
}

/// The scenario's own staffing, where it lies among those that are shown.
pub(super) fn present(c: &Canvas<'_>, from: (i32, i32), to: (i32, i32)) {
    let (top, right) = (from.1 + 2, to.0 - 2);
    for (a, b) in [
        ((from.0 + 2, top), (right, top)),
        ((from.0 + 2, to.1 - 2), (right, to.1 - 2)),
        ((from.0 + 2, top), (from.0 + 2, to.1 - 2)),
        ((right, top), (right, to.1 - 2)),
    ] {
        c.dashed(a, b, theme::PINK, 3);
    }
}

pub(super) fn frame(c: &Canvas<'_>, from: (i32, i32), to: (i32, i32)) {
    // With a white line inside, so that it stands apart from a dark cell in grey too.
    for (out, colour) in [(1, theme::WHITE), (3, theme::ORANGE)] {
        let (from, to) = ((from.0 - out, from.1 - out), (to.0 + out, to.1 + out));
        let corners = vec![from, (to.0, from.1), to, (from.0, to.1), from];
        c.line(corners, colour, 3);
    }
}

/// From dark to light, so that it can be told in grey too: meets, unsure, misses; and meets this but not all, a dark edge.
pub(super) fn fill(c: &Canvas<'_>, from: (i32, i32), to: (i32, i32), looks: Looks) {
    let colour: RGBColor = match looks {
        Looks::Enough | Looks::HereOnly => theme::BLUE,
        Looks::Missed => theme::TINT,
        Looks::Unsure => theme::UNSURE,
    };
    c.box_filled(from, to, colour);
    if looks == Looks::HereOnly {
        c.box_filled((from.0 + 3, from.1 + 3), (to.0 - 3, to.1 - 3), theme::WHITE);
    }
}

fn put(c: &Canvas<'_>, text: &str, at: (i32, i32), looks: Looks) {
    if looks == Looks::Enough {
        c.light(text, at, Align::Centre);
    } else {
        c.words(text, at, Align::Centre);
    }
}

/// The mark, drawn: not every typeface has it.
pub(super) fn sign(c: &Canvas<'_>, looks: Looks, (x, y): (i32, i32)) {
    match looks {
        Looks::Enough | Looks::HereOnly => {
            let colour = if looks == Looks::Enough {
                theme::WHITE
            } else {
                theme::INK
            };
            c.line(vec![(x - 4, y), (x - 1, y + 4), (x + 5, y - 5)], colour, 2);
        }
        Looks::Missed => {
            c.line(vec![(x - 4, y - 4), (x + 4, y + 4)], theme::INK, 2);
            c.line(vec![(x - 4, y + 4), (x + 4, y - 4)], theme::INK, 2);
        }
        Looks::Unsure => put(c, "?", (x, y), looks),
    }
}

pub(super) fn outline(c: &Canvas<'_>, from: (i32, i32), to: (i32, i32), colour: RGBColor) {
    let corners = vec![from, (to.0, from.1), to, (from.0, to.1), from];
    c.line(corners, colour, 1);
}

pub(super) fn cells(c: &Canvas<'_>, panel: &Panel, (left, top): (i32, i32)) {
    c.bold(&theme::fit(&panel.title, 32), (left, top + 6), Align::Left);
    c.muted(&theme::fit(&panel.order, 38), (left, top + 24), Align::Left);
    c.words(&words::capital(&panel.needed), (left, top + 42), Align::Left);
    c.muted(&words::capital(&panel.present), (left, top + 60), Align::Left);
    let up = panel.up.as_ref();
    let beside: Vec<String> = { up.iter() }
        .map(|up| format!("up: {}", up.name))
        .chain((!panel.fixed.is_empty()).then(|| format!("with {}", panel.fixed)))
        .collect();
    c.muted(&theme::fit(&beside.join("; "), 38), (left, top + 78), Align::Left);
    let rows = panel.rows();
    let (x0, y0) = (left + 42, top + HEAD);
    for (j, number) in (0..).zip(up.iter().flat_map(|up| &up.numbers)) {
        let y = y0 + CELL.1 * (rows - 1 - j) + CELL.1 / 2;
        c.words(&plain(*number), (x0 - 6, y), Align::Right);
    }
    for (i, number) in (0..).zip(&panel.across.numbers) {
        let x = x0 + CELL.0 * i + CELL.0 / 2;
        c.words(&plain(*number), (x, y0 + CELL.1 * rows + 10), Align::Centre);
    }
    c.muted(
        &format!("across: {}", theme::fit(&panel.across.name, 28)),
        (left, y0 + CELL.1 * rows + 27),
        Align::Left,
    );
    if !panel.shows_own() {
        c.muted(
            "The scenario's own is not on this grid.",
            (left, y0 + CELL.1 * rows + 45),
            Align::Left,
        );
    }
    for (i, across) in (0..).zip(&panel.across.numbers) {
        for j in 0..rows {
            let from = (x0 + CELL.0 * i, y0 + CELL.1 * (rows - 1 - j));
            let to = (from.0 + CELL.0 - 2, from.1 + CELL.1 - 2);
            let place = (usize::try_from(i).unwrap_or(0), usize::try_from(j).unwrap_or(0));
            match panel.seen.get(&place) {
                Some(cell) => draw_cell(c, cell, from, to),
                None => outline(c, from, to, theme::FAINT),
            }
            let number = up.and_then(|up| up.numbers.get(place.1));
            let is = |(x, y): (f64, Option<f64>)| {
                let level = number.zip(y).is_none_or(|(n, y)| (n - y).abs() < 1e-9);
                level && (*across - x).abs() < 1e-9
            };
            if panel.own.is_some_and(is) {
                present(c, from, to);
            }
            if is(panel.answer) {
                frame(c, from, to);
            }
        }
    }
}

/// Level and mark above, half-width below; the mark alone where others say it.
fn draw_cell(c: &Canvas<'_>, cell: &Cell, from: (i32, i32), to: (i32, i32)) {
    fill(c, from, to, cell.looks);
    let at = ((from.0 + to.0) / 2, (from.1 + to.1) / 2);
    let Some((level, half_width)) = cell.level else {
        return sign(c, cell.looks, at);
    };
    // What is known so roughly has no decimals, and three digits have no room for one.
    let decimals = usize::from(half_width < ROUGH && level < 0.9995);
    put(
        c,
        &format!("{:.decimals$}", level * 100.0),
        (at.0 - 8, at.1 - 8),
        cell.looks,
    );
    sign(c, cell.looks, (at.0 + 15, at.1 - 8));
    let decimals = usize::from(half_width < ROUGH);
    put(
        c,
        &format!("±{:.decimals$}", half_width * 100.0),
        (at.0, at.1 + 9),
        cell.looks,
    );
}

/// A half-width from which on decimals would say more than is known.
const ROUGH: f64 = 0.1;
