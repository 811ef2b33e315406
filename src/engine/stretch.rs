//! A day of a plain island, or what of it lies on one side of the window's end, and what is counted there without a book: staff-time by
//! hour of the week, and events on either side of that end.

use crate::units::Span;

use super::event_list::{Phase, order};
use super::queue::NOT_COUNTED;
use super::record::HOURS;

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "3,600,000")]
const HOUR_MS: u32 = Span::HOUR.ms() as u32;

/// A day, or what of it lies on one side of the window's end.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stretch {
    /// 00:00 of the day, and the first instant after the stretch \[ms\].
    pub(super) midnight: i64,
    pub(super) until: i64,
    /// The day of the window, if it lies there, and the weekday.
    pub(super) day_of_window: Option<u32>,
    pub(super) weekday: usize,
    /// The hour of the week with which the day begins; none of a week outside of the window.
    first_hour: usize,
}

impl Stretch {
    pub(super) const fn new(midnight: i64, until: i64, day_of_window: Option<u32>, weekday: usize) -> Self {
        Self {
            midnight,
            until,
            day_of_window,
            weekday,
            first_hour: if day_of_window.is_some() { weekday * 24 } else { HOURS },
        }
    }

    /// The hour of the day of an instant.
    #[inline]
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a time of day")]
    const fn hour(&self, at: i64) -> u32 {
        (at - self.midnight) as u32 / HOUR_MS
    }

    /// Its number in the window, [`NOT_COUNTED`] or more outside of it.
    #[inline]
    pub(super) fn hour_of_window(&self, at: i64) -> u32 {
        self.day_of_window.map_or(NOT_COUNTED, |day| day * 24) + self.hour(at)
    }
}

/// What changes within an hour of the week: how many more there are at its end, and the sum of the times of day at which they came
/// \[ms\], less those at which others went.
#[derive(Clone, Copy, Debug)]
struct Change {
    number: i64,
    times: i64,
}

/// How many there are, in the window: changes are noted as they come, and added up once at the end.
#[derive(Debug)]
pub(super) struct Level {
    /// By hour of the week.
    changes: [Change; HOURS],
    /// At the beginning of days, added up by weekday.
    before: [i64; 7],
}

impl Level {
    pub(super) const fn new() -> Self {
        Self {
            changes: [Change { number: 0, times: 0 }; HOURS],
            before: [0; 7],
        }
    }

    /// A stretch begins with so many.
    pub(super) fn begin(&mut self, stretch: &Stretch, number: i64) {
        if stretch.day_of_window.is_some() {
            self.before[stretch.weekday] += number;
        }
    }

    /// From an instant of the stretch on there are so many more.
    #[inline]
    pub(super) fn note(&mut self, stretch: &Stretch, at: i64, more: i64) {
        if let Some(change) = self.changes.get_mut(stretch.first_hour + stretch.hour(at) as usize) {
            change.number += more;
            change.times += more * (at - stretch.midnight);
        }
    }

    /// A stretch is over, with so many: if the window ends with it before the day does, they are there no longer.
    pub(super) fn end(&mut self, stretch: &Stretch, number: i64) {
        if stretch.until < stretch.midnight + Span::DAY.ms() {
            self.note(stretch, stretch.until, -number);
        }
    }

    /// Their time together \[ms\], by hour of week.
    pub(super) fn hours(&self) -> impl Iterator<Item = i64> {
        self.changes.chunks(24).zip(self.before).flat_map(|(day, mut number)| {
            (1..).zip(day).map(move |(hour, change)| {
                let end = hour * Span::HOUR.ms();
                let all = number * Span::HOUR.ms() + change.number * end - change.times;
                number += change.number;
                all
            })
        })
    }
}

/// Events handled: how many in the window and before, and when each after it, as [`order`] has it, of which the last that ended
/// the following of somebody counted.
#[derive(Debug)]
pub(super) struct Tally {
    window_end: i64,
    pub(super) inside: u64,
    pub(super) after: Vec<i64>,
    pub(super) last: i64,
}

impl Tally {
    pub(super) const fn new(window_end: i64) -> Self {
        Self {
            window_end,
            inside: 0,
            after: Vec::new(),
            last: i64::MIN,
        }
    }

    /// An event is handled; whether following somebody counted ends with it.
    #[inline]
    pub(super) fn handled(&mut self, at: i64, phase: Phase, followed: bool) {
        if at < self.window_end {
            self.inside += 1;
        } else {
            self.after.push(order(at, phase));
            if followed {
                self.last = self.last.max(order(at, phase));
            }
        }
    }
}
