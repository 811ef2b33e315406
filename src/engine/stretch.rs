//! A day of a plain island, or what of it lies on one side of the window's end, and what is counted hour by hour in it.

use crate::units::Span;

use super::event_list::{Phase, order};
use super::queue::NOT_COUNTED;

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
}

impl Stretch {
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

/// What changes within an hour: how many more there are at its end, and the sum of the times of day at which they came \[ms\], less
/// those at which others went.
#[derive(Clone, Copy, Debug, Default)]
struct Change {
    number: i64,
    times: i64,
}

/// How many there are, of which changes are noted and added up when a stretch is over.
#[derive(Debug, Default)]
pub(super) struct Level {
    /// By hour of the day.
    changes: [Change; 24],
    /// When the stretch began.
    before: i64,
}

impl Level {
    /// From an instant of the stretch on there are so many more.
    #[inline]
    pub(super) fn note(&mut self, stretch: &Stretch, at: i64, more: i64) {
        if let Some(change) = self.changes.get_mut(stretch.hour(at) as usize) {
            change.number += more;
            change.times += more * (at - stretch.midnight);
        }
    }

    /// The stretch is over: what they come to is added to its hours, given from the first of the day on \[ms\], if it lies in the
    /// window.
    pub(super) fn close<'h>(&mut self, stretch: &Stretch, hours: impl Iterator<Item = &'h mut i64>) {
        let all = stretch.until - stretch.midnight;
        let (mut from, mut end) = (0, 0);
        for (change, hour_ms) in self.changes.iter().zip(hours) {
            end += i64::from(HOUR_MS);
            let until = end.min(all);
            if stretch.day_of_window.is_some() {
                *hour_ms += self.before * (until - from) + change.number * until - change.times;
            }
            self.before += change.number;
            from = until;
        }
        self.changes = [Change::default(); 24];
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
