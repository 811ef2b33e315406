//! Months and weeks of the window.

use std::fmt;

use jiff::civil::Date;
use serde::{Serialize, Serializer};

use crate::model::Experiment;
use crate::units::Span;

/// A month of a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct YearMonth {
    /// The year.
    pub year: i16,
    /// 1 for January to 12 for December.
    pub month: i8,
}

impl YearMonth {
    /// The month that a day lies in.
    #[must_use]
    pub fn of(date: Date) -> Self {
        Self {
            year: date.year(),
            month: date.month(),
        }
    }

    /// From text such as `2020-06`; `None` if it is no such month.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (year, month) = text.split_once('-')?;
        let digits = |text: &str, n: usize| text.len() == n && text.bytes().all(|b| b.is_ascii_digit());
        if !digits(year, 4) || !digits(month, 2) {
            return None;
        }
        let (year, month) = (year.parse().ok()?, month.parse().ok()?);
        (1..=12).contains(&month).then_some(Self { year, month })
    }
}

/// As in files: `2020-06`.
impl fmt::Display for YearMonth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

impl Serialize for YearMonth {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Whole civil days of the window that belong together: a calendar month of it, or a week.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// Its first day; day 0 is the first measured one.
    pub from: usize,
    /// The day after its last.
    pub to: usize,
    /// The date of its first day.
    pub date: Date,
    /// Whether the window holds all of it. A run that ends in the middle of a day holds none of its last period whole.
    pub whole: bool,
}

impl Period {
    /// How many days of it lie in the window.
    #[must_use]
    pub const fn days(&self) -> usize {
        self.to - self.from
    }

    /// Of a month: whether the window holds half of its days or more. Fewer are shown, and decide nothing.
    #[must_use]
    pub fn half_measured(&self) -> bool {
        2 * self.days() >= usize::from(self.date.days_in_month().unsigned_abs())
    }

    /// The month that it is, or begins in.
    #[must_use]
    pub fn month(&self) -> YearMonth {
        YearMonth::of(self.date)
    }
}

impl Experiment {
    /// Civil days of the window; the last may be a part of one.
    #[must_use]
    pub fn days(&self) -> usize {
        let day = Span::DAY.ms();
        usize::try_from((self.run_length.ms() + day - 1) / day).unwrap_or(0)
    }

    /// The calendar months of the window, clipped to it, in order. Every day of the window lies in exactly one.
    #[must_use]
    pub fn months(&self) -> Vec<Period> {
        let mut months = self.split(|date, _| date.day() == 1);
        for month in &mut months {
            let length = usize::from(month.date.days_in_month().unsigned_abs());
            month.whole &= month.date.day() == 1 && month.days() == length;
        }
        months
    }

    /// Blocks of seven days from the first measured day, the last perhaps shorter. Every day lies in exactly one.
    #[must_use]
    pub fn weeks(&self) -> Vec<Period> {
        let mut weeks = self.split(|_, day| day % 7 == 0);
        for week in &mut weeks {
            week.whole &= week.days() == 7;
        }
        weeks
    }

    /// The window cut before each day that begins a period.
    fn split(&self, begins: impl Fn(Date, usize) -> bool) -> Vec<Period> {
        let days = self.days();
        let mut periods: Vec<Period> = Vec::new();
        for (day, number) in (0..days).zip(0..) {
            let date = self.calendar.date(number);
            match periods.last_mut() {
                Some(last) if !begins(date, day) => last.to = day + 1,
                _ => periods.push(Period {
                    from: day,
                    to: day + 1,
                    date,
                    whole: true,
                }),
            }
        }
        if self.run_length.ms() % Span::DAY.ms() != 0
            && let Some(last) = periods.last_mut()
        {
            last.whole = false;
        }
        periods
    }
}

#[cfg(test)]
mod tests {
    use super::{Period, YearMonth};
    use crate::model::{Calendar, Experiment};
    use crate::units::{Share, Span};
    use jiff::civil::{Date, date};

    fn window(start: Date, length: Span) -> Experiment {
        Experiment {
            calendar: Calendar::new(start, &[]),
            warm_up: Span::ZERO,
            run_length: length,
            replications: 2,
            seed: 1,
            confidence: Share::new(0.95).unwrap(),
            precision: None,
        }
    }

    fn days(periods: &[Period]) -> Vec<(Date, usize, bool)> {
        periods.iter().map(|p| (p.date, p.days(), p.whole)).collect()
    }

    /// 10 January to 3 March 2024, a leap year: 22 days, 29 days, 3 days.
    #[test]
    fn months_are_clipped_to_the_window() {
        let x = window(date(2024, 1, 10), Span::from_days(54));
        assert_eq!(
            days(&x.months()),
            [
                (date(2024, 1, 10), 22, false),
                (date(2024, 2, 1), 29, true),
                (date(2024, 3, 1), 3, false)
            ]
        );
        let half: Vec<bool> = x.months().iter().map(Period::half_measured).collect();
        assert_eq!(half, [true, true, false]);
        let weeks = x.weeks();
        assert_eq!(weeks.len(), 8);
        assert_eq!(days(&weeks)[1], (date(2024, 1, 17), 7, true));
        assert_eq!(days(&weeks)[7], (date(2024, 2, 28), 5, false));
        assert_eq!((weeks[7].from, weeks[7].to), (49, 54));
    }

    #[test]
    fn part_of_a_day_is_a_day_that_is_not_whole() {
        let x = window(date(2023, 6, 1), Span::from_hours(30 * 24 - 1));
        assert_eq!(days(&x.months()), [(date(2023, 6, 1), 30, false)]);
        assert_eq!(days(&x.weeks())[4], (date(2023, 6, 29), 2, false));
        let x = window(date(2023, 6, 1), Span::from_days(30));
        assert_eq!(days(&x.months()), [(date(2023, 6, 1), 30, true)]);
        // Half of June is 15 days.
        for (length, half) in [(14, false), (15, true)] {
            let x = window(date(2023, 6, 1), Span::from_days(length));
            assert_eq!(x.months()[0].half_measured(), half);
        }
    }

    #[test]
    fn a_month_is_read_as_it_is_written() {
        let june = YearMonth::parse("2020-06").unwrap();
        assert_eq!((june.to_string().as_str(), june.month), ("2020-06", 6));
        assert!(june < YearMonth::parse("2020-10").unwrap());
        for text in [
            "2020-13",
            "2020-00",
            "2020-6",
            "20-06",
            "2020-06-01",
            "June 2020",
            "+020-06",
            "2020",
        ] {
            assert_eq!(YearMonth::parse(text), None, "{text}");
        }
    }
}
