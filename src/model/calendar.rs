//! Civil days: which weekday, which month, which days count as Sundays.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::Serialize;

/// A day of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Weekday {
    /// Monday.
    Mon,
    /// Tuesday.
    Tue,
    /// Wednesday.
    Wed,
    /// Thursday.
    Thu,
    /// Friday.
    Fri,
    /// Saturday.
    Sat,
    /// Sunday.
    Sun,
}

impl Weekday {
    /// Monday to Sunday.
    pub const ALL: [Self; 7] = [
        Self::Mon,
        Self::Tue,
        Self::Wed,
        Self::Thu,
        Self::Fri,
        Self::Sat,
        Self::Sun,
    ];

    /// 0 for Monday to 6 for Sunday.
    #[must_use]
    pub const fn index(self) -> usize {
        self as usize
    }

    /// Three letters, as in files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"][self as usize]
    }
}

/// A set of weekdays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct WeekdaySet(u8);

impl WeekdaySet {
    /// Monday to Sunday.
    pub const ALL: Self = Self(0b111_1111);
    /// No day.
    pub const NONE: Self = Self(0);

    /// The set with one more day.
    #[must_use]
    pub const fn with(self, day: Weekday) -> Self {
        Self(self.0 | 1 << day as u8)
    }

    /// Whether the day is in the set.
    #[must_use]
    pub const fn contains(self, day: Weekday) -> bool {
        self.0 & (1 << day as u8) != 0
    }

    /// How many days.
    #[must_use]
    pub const fn len(self) -> u32 {
        self.0.count_ones()
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// How many days of the set come before `day` in the week.
    #[must_use]
    pub const fn rank(self, day: Weekday) -> u32 {
        (self.0 & ((1 << day as u8) - 1)).count_ones()
    }
}

/// The first measured day, and the days that count as Sundays for demand and rotas.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar {
    start: Date,
    first_weekday: usize,
    /// Days from Monday 5 January 1970 to the start.
    first_day: i64,
    bank_holidays: BTreeSet<i64>,
}

impl Calendar {
    /// A calendar whose day 0 is `start`.
    #[must_use]
    pub fn new(start: Date, bank_holidays: &[Date]) -> Self {
        let first_weekday = usize::from(start.weekday().to_monday_zero_offset().unsigned_abs());
        let bank_holidays = bank_holidays.iter().map(|&d| days_between(start, d)).collect();
        Self {
            start,
            first_weekday,
            first_day: days_between(Date::constant(1970, 1, 5), start),
            bank_holidays,
        }
    }

    /// The first measured day.
    #[must_use]
    pub const fn start(&self) -> Date {
        self.start
    }

    /// The civil date of a day; day 0 is the first measured one. Saturates at the ends of the supported years.
    #[must_use]
    pub fn date(&self, day: i64) -> Date {
        self.start
            .saturating_add(jiff::Span::new().days(day.clamp(-3_000_000, 3_000_000)))
    }

    /// The day of a civil date; day 0 is the first measured one.
    #[must_use]
    pub fn day_of(&self, date: Date) -> i64 {
        days_between(self.start, date)
    }

    /// The weekday by the calendar.
    #[must_use]
    pub fn weekday(&self, day: i64) -> Weekday {
        #[expect(clippy::cast_possible_truncation, reason = "0 to 6")]
        Weekday::ALL[(day + self.first_weekday as i64).rem_euclid(7) as usize]
    }

    /// The weekday that demand and rotas follow: Sunday on a bank holiday.
    #[must_use]
    pub fn working_weekday(&self, day: i64) -> Weekday {
        if !self.bank_holidays.is_empty() && self.bank_holidays.contains(&day) {
            Weekday::Sun
        } else {
            self.weekday(day)
        }
    }

    /// Month of the year, 0 for January.
    ///
    /// # Source
    /// H. Hinnant, *chrono-compatible low-level date algorithms* (2014), `civil_from_days`: years begin in March, so that the
    /// day that comes and goes is the last.
    #[must_use]
    #[expect(clippy::cast_sign_loss, reason = "0 to 11")]
    pub const fn month(&self, day: i64) -> usize {
        // 5 January 1970 is day 719,472 from 1 March of the year 0; 400 years have 146,097 days.
        let of_era = (self.first_day + day + 719_472).rem_euclid(146_097);
        let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year + year / 4 - year / 100);
        let month = (5 * of_year + 2) / 153;
        ((month + 2) % 12) as usize
    }

    /// Days since Monday 5 January 1970: one number for a civil day, whatever the start of measuring.
    #[must_use]
    pub const fn absolute_day(&self, day: i64) -> i64 {
        self.first_day + day
    }

    /// Whole weeks since Monday 5 January 1970, the same for every `start`.
    #[must_use]
    pub const fn week_number(&self, day: i64) -> i64 {
        self.absolute_day(day).div_euclid(7)
    }

    /// The bank holidays, in order.
    pub fn bank_holidays(&self) -> impl Iterator<Item = Date> {
        self.bank_holidays.iter().map(|&d| self.date(d))
    }
}

fn days_between(from: Date, to: Date) -> i64 {
    to.duration_since(from).as_hours() / 24
}

#[cfg(test)]
mod tests {
    use super::{Calendar, Weekday, WeekdaySet};
    use jiff::civil::date;

    #[test]
    fn june_2020_began_on_a_monday_and_its_bank_holidays_count_as_sundays() {
        let calendar = Calendar::new(date(2020, 6, 1), &[date(2020, 8, 31)]);
        assert_eq!(calendar.weekday(0), Weekday::Mon);
        assert_eq!(calendar.weekday(-1), Weekday::Sun);
        assert_eq!(calendar.weekday(91), Weekday::Mon);
        assert_eq!(calendar.working_weekday(91), Weekday::Sun);
        assert_eq!(calendar.month(-1), 4);
        assert_eq!(calendar.month(30), 6);
        assert_eq!(calendar.date(364), date(2021, 5, 31));
    }

    #[test]
    fn the_week_number_does_not_depend_on_the_start() {
        let early = Calendar::new(date(2020, 6, 1), &[]);
        let late = Calendar::new(date(2020, 6, 4), &[]);
        for day in -400..400 {
            assert_eq!(early.week_number(day + 3), late.week_number(day));
        }
    }

    /// Every day of 400 years and more, against a library.
    #[test]
    fn months_are_those_of_the_date() {
        let calendar = Calendar::new(date(1999, 12, 31), &[]);
        for day in -150_000..150_000 {
            let month = usize::from(calendar.date(day).month().unsigned_abs());
            assert_eq!(calendar.month(day) + 1, month, "day {day}");
        }
    }

    #[test]
    fn the_rank_counts_earlier_days_of_the_set() {
        let set = WeekdaySet::NONE.with(Weekday::Tue).with(Weekday::Sat);
        assert_eq!(
            (set.rank(Weekday::Tue), set.rank(Weekday::Sat), set.rank(Weekday::Sun)),
            (0, 1, 2)
        );
        assert_eq!(set.len(), 2);
    }
}
