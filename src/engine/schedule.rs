//! When visits fall due: the times of a stream, day by day.
//!
//! **By the day**: so many a day, equally spaced inside the stream's hours from a phase drawn for each person; the number
//! tapers linearly over the package's days, and a day's fraction is carried to the next. **By the week**: every 7/n
//! days at a drawn time, moved to the start of the role's next shift if it does not work then, and at most one on a
//! civil day, so that a visit moved off the weekend moves the next one. **At fixed times**: as listed.

use crate::engine::{Observer, Run, rounded};
use crate::model::Pattern;
use crate::units::{Instant, Span};

use super::package::Course;
use super::plan::TeamPlan;

impl<O: Observer> Run<'_, O> {
    /// The time of a stream's next visit later than `after`.
    pub(super) fn next_time(&mut self, number: u32, after: i64) -> Option<i64> {
        let world = self.world;
        let Course {
            stream,
            hub,
            key,
            base,
            visit,
            phase,
            ..
        } = self.courses[number];
        let plan = &world.streams[stream];
        let shift_hours = self.hub_plan(usize::from(hub)).shift_hours[plan.role];
        let (from, to) = plan.hours(shift_hours);
        match &plan.stream.pattern {
            Pattern::Once => None,
            Pattern::PerWeek(n) => {
                let target = base + rounded(f64::from(visit) * 7.0 / n * Span::DAY.ms() as f64);
                #[expect(clippy::cast_possible_truncation, reason = "milliseconds")]
                let into = ((to - from) as f64 * key.uniform(plan.time_salt, u64::from(visit))) as i64;
                // One visit a day: whatever has been moved to a later shift moves what follows it.
                let day = Instant::from_ms(target).day().max(Instant::from_ms(after).day() + 1);
                let drawn = Instant::midnight(day).ms() + from + into;
                Some(self.next_working(usize::from(hub), plan.role, drawn))
            }
            Pattern::At { times, days } => {
                let first = Instant::from_ms(after).day();
                (first..first + 400)
                    .filter(|&day| days.contains(world.calendar.working_weekday(day)))
                    .flat_map(|day| times.iter().map(move |&t| (Instant::midnight(day) + t).ms()))
                    .find(|&t| t > after)
            }
            Pattern::PerDay { .. } => {
                if self.courses[number].day.is_none() {
                    self.look_at_day(number, Instant::from_ms(after).day());
                }
                for _ in 0..4000 {
                    let course = &mut self.courses[number];
                    let day = course.day?;
                    while course.next_of_day < course.of_day {
                        let place = (f64::from(course.next_of_day) + phase) / f64::from(course.of_day);
                        course.next_of_day += 1;
                        #[expect(clippy::cast_possible_truncation, reason = "a time of day")]
                        let time = Instant::midnight(day).ms() + from + ((to - from) as f64 * place) as i64;
                        if time > after {
                            return Some(time);
                        }
                    }
                    if day > world_day_limit(after) {
                        return None;
                    }
                    self.look_at_day(number, day + 1);
                }
                None
            }
        }
    }

    /// Counts the visits of a day; the fraction is carried to the next.
    fn look_at_day(&mut self, number: u32, day: i64) {
        let course = &mut self.courses[number];
        if course.visit == 0 {
            course.first_day = day;
        }
        // Before the package's first visit, the stream's own first day is the day to reckon from.
        let course = &self.courses[number];
        let first = self.open[course.open]
            .first_visit
            .map_or(course.first_day, |first| Instant::from_ms(first).day());
        let due = self.taper(course, first, day) + course.carry;
        let course = &mut self.courses[number];
        // A hair is forgiven, so that thirds add up.
        #[expect(clippy::cast_possible_truncation, reason = "visits of a day")]
        let whole = (due + 1e-9).floor() as u32;
        (course.day, course.of_day, course.next_of_day, course.carry) = (Some(day), whole, 0, due - f64::from(whole));
    }

    /// Visits a day by the taper: linear from the start on the package's first day to the end on its last.
    fn taper(&self, course: &Course, first: i64, day: i64) -> f64 {
        let Pattern::PerDay { end, .. } = &self.world.streams[course.stream].stream.pattern else {
            return course.start_rate;
        };
        let open = &self.open[course.open];
        let Some(end) = end else { return course.start_rate };
        let last = days_of(open.length) - 1;
        let passed = (day - first).clamp(0, last.max(0));
        let share = if last > 0 { passed as f64 / last as f64 } else { 0.0 };
        course.start_rate + (end - course.start_rate) * share
    }

    /// Visits on a civil day as the gate charges them: none from the day after the package's last.
    pub(super) fn rate_on(&self, course: &Course, day: i64) -> f64 {
        let open = &self.open[course.open];
        let Some(first) = open.first_visit.map(|first| Instant::from_ms(first).day()) else {
            return course.start_rate;
        };
        if day - first >= days_of(open.length) {
            0.0
        } else {
            self.taper(course, first, day)
        }
    }

    /// `time` if the role works for the hub then, else the start of its next shift.
    fn next_working(&self, hub: usize, role: usize, time: i64) -> i64 {
        let at = Instant::from_ms(time);
        let calendar = &self.world.calendar;
        let mut best = i64::MAX;
        for day in at.day() - 1..at.day() + 15 {
            let weekday = calendar.working_weekday(day);
            match &self.hub_plan(self.base(hub)).teams[role] {
                TeamPlan::People(_) => {
                    for shift in self.world.roles[role]
                        .role
                        .shifts
                        .iter()
                        .filter(|s| s.days.contains(weekday))
                    {
                        let start = Instant::midnight(day) + shift.from;
                        if start <= at && at < start + shift.length() {
                            return time;
                        }
                        if start > at {
                            best = best.min(start.ms());
                        }
                    }
                }
                TeamPlan::Pool(week) => {
                    let pieces = &week[weekday.index()];
                    for (n, &(from, staff)) in pieces.iter().enumerate().filter(|(_, p)| p.1 > 0) {
                        let midnight = Instant::midnight(day).ms();
                        let to = pieces.get(n + 1).map_or(Span::DAY.ms(), |next| next.0);
                        debug_assert!(staff > 0);
                        if midnight + from <= time && time < midnight + to {
                            return time;
                        }
                        if midnight + from > time {
                            best = best.min(midnight + from);
                        }
                    }
                }
            }
            if best < i64::MAX && day > at.day() {
                break;
            }
        }
        if best == i64::MAX { time } else { best }
    }
}

/// Civil days that a package of this length is counted over.
const fn days_of(length: i64) -> i64 {
    (length + Span::DAY.ms() - 1) / Span::DAY.ms()
}

/// No stream is looked for further than this: a rate so low is none.
const fn world_day_limit(after: i64) -> i64 {
    Instant::from_ms(after).day() + 3650
}
