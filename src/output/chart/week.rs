//! Figures over the 168 hours of a week, from Monday 00:00.

use crate::model::Weekday;
use crate::output::chart::theme::{self, Align, Canvas, Scale};

/// From hours of the week to pixels.
pub(super) const HOURS: Scale = Scale {
    from: 0.0,
    to: 168.0,
    start: 52,
    end: 946,
};

/// Room for the hours and the days below the values \[pixels\].
pub(super) const BELOW: i32 = 40;

/// Lines and words behind the values: their ticks, and the days.
pub(super) fn behind(c: &Canvas<'_>, y: Scale, step: f64) {
    let (high, low) = (y.end, y.start);
    for tick in theme::ticks(0.0, y.to, step) {
        c.line(
            vec![(HOURS.start, y.at(tick)), (HOURS.end, y.at(tick))],
            theme::FAINT,
            1,
        );
        let decimals = usize::from(step < 1.0);
        c.muted(
            &format!("{tick:.decimals$}"),
            (HOURS.start - 8, y.at(tick)),
            Align::Right,
        );
    }
    for day in 0..=7 {
        let at = HOURS.at(f64::from(day) * 24.0);
        c.line(vec![(at, high), (at, low + 6)], theme::BACK, 1);
    }
    c.muted("hour", (HOURS.start - 8, low + 14), Align::Right);
    for day in Weekday::ALL {
        for hour in [6, 12, 18] {
            let at = HOURS.at((day.index() * 24 + hour) as f64);
            c.line(vec![(at, low), (at, low + 4)], theme::BACK, 1);
            c.muted(&format!("{hour:02}"), (at, low + 14), Align::Centre);
        }
        let noon = HOURS.at((day.index() * 24 + 12) as f64);
        c.muted(day.name(), (noon, low + BELOW - 10), Align::Centre);
    }
}

/// The line at the bottom.
pub(super) fn bottom(c: &Canvas<'_>, y: Scale) {
    c.line(vec![(HOURS.start, y.start), (HOURS.end, y.start)], theme::INK, 1);
}

/// Steps, hour by hour; as an area, closed along the bottom.
pub(super) fn outline(values: &[f64], y: Scale, closed: bool) -> Vec<(i32, i32)> {
    let mut points = Vec::with_capacity(values.len() * 2 + 2);
    if closed {
        points.push((HOURS.start, y.start));
    }
    for (hour, &v) in values.iter().enumerate() {
        points.push((HOURS.at(hour as f64), y.at(v)));
        points.push((HOURS.at(hour as f64 + 1.0), y.at(v)));
    }
    if closed {
        points.push((HOURS.end, y.start));
    }
    points
}

/// The highest value, and the hour that has it first: `Tue 08:00`.
pub(super) fn peak(values: &[f64]) -> (f64, String) {
    let most = values.iter().fold(0.0, |a: f64, b| a.max(*b));
    let hour = values.iter().position(|v| v.total_cmp(&most).is_eq()).unwrap_or(0);
    let when = format!("{} {:02}:00", Weekday::ALL[hour / 24 % 7].name(), hour % 24);
    (most, when)
}
