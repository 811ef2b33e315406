//! Quantities: a number is only a number at the door.
//!
//! Every quantity a planner types or reads has a type here, with its unit and its range. Simulated time is
//! whole milliseconds, so that sums are exact and the same on every machine.

use std::fmt;
use std::ops::{Add, AddAssign, Sub};

use serde::Serialize;

mod parse;

pub use parse::Per;

/// Milliseconds in a second, minute, hour, day.
const SECOND: i64 = 1_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// A length of time \[ms\]. Whole milliseconds; may be negative only as a difference.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Span(i64);

impl Span {
    /// No time at all.
    pub const ZERO: Self = Self(0);
    /// One minute.
    pub const MINUTE: Self = Self(MINUTE);
    /// One hour.
    pub const HOUR: Self = Self(HOUR);
    /// One civil day of 24 hours.
    pub const DAY: Self = Self(DAY);
    /// Seven days.
    pub const WEEK: Self = Self(7 * DAY);

    /// From whole milliseconds.
    #[must_use]
    pub const fn from_ms(ms: i64) -> Self {
        Self(ms)
    }

    /// From whole minutes.
    #[must_use]
    pub const fn from_minutes(minutes: i64) -> Self {
        Self(minutes * MINUTE)
    }

    /// From whole hours.
    #[must_use]
    pub const fn from_hours(hours: i64) -> Self {
        Self(hours * HOUR)
    }

    /// From whole days.
    #[must_use]
    pub const fn from_days(days: i64) -> Self {
        Self(days * DAY)
    }

    /// Whole milliseconds.
    #[must_use]
    pub const fn ms(self) -> i64 {
        self.0
    }

    /// Minutes, with fraction.
    #[must_use]
    pub fn minutes(self) -> f64 {
        self.0 as f64 / MINUTE as f64
    }

    /// Hours, with fraction.
    #[must_use]
    pub fn hours(self) -> f64 {
        self.0 as f64 / HOUR as f64
    }

    /// Days, with fraction.
    #[must_use]
    pub fn days(self) -> f64 {
        self.0 as f64 / DAY as f64
    }
}

impl Add for Span {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl AddAssign for Span {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}

impl Sub for Span {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

/// Prints as a planner would say it: `45 min`, `2 h`, `3.5 days`.
impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ms = self.0;
        if ms == 0 {
            write!(f, "0 min")
        } else if ms % DAY == 0 && ms.abs() > 2 * DAY {
            write!(f, "{} days", ms / DAY)
        } else if ms % HOUR == 0 && ms.abs() >= HOUR {
            write!(f, "{} h", ms / HOUR)
        } else if ms.abs() > 4 * DAY {
            write!(f, "{:.1} days", self.days())
        } else if ms.abs() > 10 * HOUR {
            write!(f, "{:.1} h", self.hours())
        } else if ms % MINUTE == 0 {
            write!(f, "{} min", ms / MINUTE)
        } else {
            write!(f, "{:.1} min", self.minutes())
        }
    }
}

/// A moment of simulated time \[ms\]: 0 is 00:00 of the first measured day; the warm-up is negative.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Instant(i64);

impl Instant {
    /// The start of measuring.
    pub const ZERO: Self = Self(0);

    /// From whole milliseconds since the start of measuring.
    #[must_use]
    pub const fn from_ms(ms: i64) -> Self {
        Self(ms)
    }

    /// Whole milliseconds since the start of measuring.
    #[must_use]
    pub const fn ms(self) -> i64 {
        self.0
    }

    /// The civil day this moment lies in; day 0 is the first measured day.
    #[must_use]
    pub const fn day(self) -> i64 {
        self.0.div_euclid(DAY)
    }

    /// Time since 00:00 of its civil day.
    #[must_use]
    pub const fn time_of_day(self) -> Span {
        Span(self.0.rem_euclid(DAY))
    }

    /// 00:00 of a civil day.
    #[must_use]
    pub const fn midnight(day: i64) -> Self {
        Self(day * DAY)
    }
}

impl Add<Span> for Instant {
    type Output = Self;
    fn add(self, span: Span) -> Self {
        Self(self.0 + span.0)
    }
}

impl Sub<Span> for Instant {
    type Output = Self;
    fn sub(self, span: Span) -> Self {
        Self(self.0 - span.0)
    }
}

impl Sub for Instant {
    type Output = Span;
    fn sub(self, other: Self) -> Span {
        Span(self.0 - other.0)
    }
}

/// Why a number is not a quantity.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum UnitError {
    /// The number lies outside the range of the quantity.
    #[error("{value} is outside {range}")]
    OutOfRange {
        /// The number as given.
        value: f64,
        /// The allowed range in words, such as `0 to 1`.
        range: &'static str,
    },
    /// The text is not a number with a unit.
    #[error("expected {expected}")]
    Unreadable {
        /// What was expected, with an example, such as `a length of time such as "45 min"`.
        expected: &'static str,
    },
    /// The text has a unit, but not one that fits here.
    #[error("`{unit}` is not a unit of {quantity}; {expected}")]
    WrongUnit {
        /// The unit as typed.
        unit: String,
        /// The quantity wanted, such as `time`.
        quantity: &'static str,
        /// The allowed units, with an example.
        expected: &'static str,
    },
}

macro_rules! quantity {
    ($(#[$doc:meta])* $name:ident, $range:literal, |$v:ident| $valid:expr) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd, Serialize)]
        #[serde(transparent)]
        pub struct $name(f64);

        impl $name {
            /// The quantity, if the number lies in its range.
            ///
            /// # Errors
            /// [`UnitError::OutOfRange`] outside the range, and for NaN and infinity.
            pub fn new(value: f64) -> Result<Self, UnitError> {
                let $v = value;
                // Written so that NaN fails.
                if value.is_finite() && $valid { Ok(Self(value)) } else { Err(UnitError::OutOfRange { value, range: $range }) }
            }

            /// The number.
            #[must_use]
            pub const fn get(self) -> f64 {
                self.0
            }
        }
    };
}

quantity! {
    /// A share \[1\]: 0 to 1 in files, per cent on paper.
    Share, "0 to 1", |v| (0.0..=1.0).contains(&v)
}
quantity! {
    /// Whole-time equivalents \[WTE\]: contracted hours over full-time hours. At least 0, at most 100,000.
    Wte, "0 to 100000", |v| (0.0..=100_000.0).contains(&v)
}
quantity! {
    /// A mean number per day \[1/day\]. At least 0, at most 1,000,000.
    PerDay, "0 to 1000000", |v| (0.0..=1_000_000.0).contains(&v)
}
quantity! {
    /// Percentage points, as between two service levels \[points\]. At least 0, at most 100.
    Points, "0 to 100", |v| (0.0..=100.0).contains(&v)
}
impl Points {
    /// As a share: 0.5 points are 0.005.
    #[must_use]
    pub fn share(self) -> f64 {
        self.0 / 100.0
    }
}

/// Prints as a planner would say it: `0.5 points`, `1 point`.
impl fmt::Display for Points {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ending = if (self.0 - 1.0).abs() < f64::EPSILON { "" } else { "s" };
        write!(f, "{} point{ending}", self.0)
    }
}

quantity! {
    /// Money \[GBP\], in the price year the scenario states. At least 0.
    Pounds, "0 to 1000000000", |v| (0.0..=1e9).contains(&v)
}
