//! The range of an unknown input, and values inside it as a planner would type them.
//!
//! A value keeps the unit in which the lower limit was typed: halfway between `"13 /day"` and `"27 /day"` is `"20 /day"`, and
//! between `"30 min"` and `"2 h"` it is `"75 min"`. Between two plain numbers it is a plain number.

use super::lower::quantity;
use crate::model::Unknown;

/// Where an input may lie.
#[derive(Clone, Debug, PartialEq)]
pub struct Range {
    /// Which input, as a path into the file.
    pub path: String,
    /// The lower limit, in its own unit.
    pub from: f64,
    /// The upper limit, in the unit of the lower one.
    pub to: f64,
    /// The value in the file, in that unit; `None` if it is not one value of that kind.
    pub now: Option<f64>,
    /// The unit, as typed; empty for a plain number.
    pub unit: String,
    /// Whether only whole numbers will do.
    pub whole: bool,
}

impl Range {
    /// The range of an unknown; `None` if its limits cannot be read, which the reader has reported.
    #[must_use]
    pub fn of(unknown: &Unknown) -> Option<Self> {
        let (from, unit) = split(&unknown.from)?;
        let (kind, size) = quantity(&format!("1{unit}"))?;
        let in_unit = |text: &str| quantity(text).filter(|(k, _)| *k == kind).map(|(_, n)| n / size);
        Some(Self {
            path: unknown.path.clone(),
            from,
            to: in_unit(&unknown.to)?,
            now: in_unit(&unknown.now),
            unit: unit.into(),
            whole: false,
        })
    }

    /// A value with its unit, to six figures.
    #[must_use]
    pub fn typed(&self, value: f64) -> String {
        format!("{}{}", self.rounded(value, 6), self.unit)
    }

    /// What is typed to set it, for [`super::read_with`].
    #[must_use]
    pub fn setting(&self, value: f64) -> String {
        format!("{}={}", self.path, self.typed(value))
    }

    /// A value to so many figures of the range's larger end, and inside the range.
    #[must_use]
    pub fn rounded(&self, value: f64, figures: u32) -> f64 {
        if self.whole {
            return value.round().clamp(self.from, self.to);
        }
        let largest = self.from.abs().max(self.to.abs());
        if largest.is_nan() || largest <= 0.0 {
            return value;
        }
        let mut unit = 1.0;
        // The place of the last figure, a power of ten by division: exact to the last digit that is typed.
        let mut places = i64::from(figures) - 1;
        let mut left = largest;
        while left >= 10.0 {
            left /= 10.0;
            places -= 1;
        }
        while left < 1.0 {
            left *= 10.0;
            places += 1;
        }
        for _ in 0..places.unsigned_abs() {
            unit *= 10.0;
        }
        let near = if places >= 0 {
            (value * unit).round() / unit
        } else {
            (value / unit).round() * unit
        };
        near.clamp(self.from, self.to)
    }

    /// The value at a part of the way from the lower limit to the upper one; of whole numbers each has an equal part.
    #[must_use]
    pub fn at(&self, part: f64) -> f64 {
        if self.whole {
            (self.from + (part * (self.to - self.from + 1.0)).floor()).clamp(self.from, self.to)
        } else {
            self.from + part * (self.to - self.from)
        }
    }

    /// What part of the way a value lies, from 0 at the lower limit to 1 at the upper one; of whole numbers the middle of
    /// its own part.
    #[must_use]
    pub fn part(&self, value: f64) -> f64 {
        if self.whole {
            (value - self.from + 0.5) / (self.to - self.from + 1.0)
        } else if self.to > self.from {
            (value - self.from) / (self.to - self.from)
        } else {
            0.5
        }
    }
}

/// The number that a text begins with, and its unit.
fn split(text: &str) -> Option<(f64, &str)> {
    let text = text.trim();
    let numeric = |c: char| c.is_ascii_digit() || "+-._".contains(c);
    let end = text.find(|c| !numeric(c)).unwrap_or(text.len());
    let unit = &text[end..];
    // `1e3` is a number as a whole.
    if let Ok(number) = text.replace('_', "").parse() {
        return Some((number, ""));
    }
    text[..end].replace('_', "").parse().ok().map(|number| (number, unit))
}

#[cfg(test)]
mod tests {
    use super::Range;
    use crate::model::Unknown;

    fn range(from: &str, to: &str, now: &str) -> Range {
        Range::of(&Unknown {
            path: "a.b".into(),
            from: from.into(),
            to: to.into(),
            distribution: crate::model::RangeShape::default(),
            now: now.into(),
        })
        .unwrap()
    }

    #[test]
    fn values_keep_the_unit_of_the_lower_limit() {
        let r = range("13 /day", "27 /day", "20.4 /day");
        assert_eq!((r.from, r.to, r.now), (13.0, 27.0, Some(20.4)));
        assert_eq!(r.typed(r.at(0.5)), "20 /day");
        assert_eq!(r.setting(17.123_456_7), "a.b=17.1235 /day");
        let r = range("30 min", "2 h", "");
        assert_eq!((r.from, r.to, r.now), (30.0, 120.0, None));
        assert_eq!(r.typed(r.at(0.5)), "75 min");
        let r = range("0.5", "1", "0.68");
        assert_eq!((r.typed(r.at(0.25)), r.now), ("0.625".into(), Some(0.68)));
        // Another kind of thing now: a distribution, or text.
        assert_eq!(range("30 min", "2 h", "{ fixed = \"1 h\" }").now, None);
        assert_eq!(range("1/day", "2 /day", "36 /day").typed(1.5), "1.5/day");
    }

    #[test]
    fn rounding_goes_by_the_larger_end_and_stays_inside() {
        let r = range("14", "32", "21.25");
        let to_four = |values: [f64; 3]| values.map(|v| r.rounded(v, 4)).to_vec();
        assert_eq!(to_four([21.248_7, 14.001, 14.0]), [21.25, 14.0, 14.0]);
        assert_eq!(
            Some(range("0.0013", "0.0027", "").rounded(0.001_999_96, 4)),
            Some(0.002)
        );
        let r = range("1200", "123456", "");
        assert_eq!((r.rounded(4_321.0, 2), r.rounded(54_321.0, 2)), (1_200.0, 50_000.0));
    }

    #[test]
    fn whole_numbers_have_equal_parts() {
        let mut r = range("2", "4", "3");
        r.whole = true;
        let at: Vec<f64> = [0.0, 0.33, 0.34, 0.66, 0.67, 1.0].map(|u| r.at(u)).to_vec();
        assert_eq!(at, [2.0, 2.0, 3.0, 3.0, 4.0, 4.0]);
        assert_eq!((r.at(r.part(3.0)), r.typed(2.6)), (3.0, "3".into()));
        let same = range("3", "3", "3");
        assert_eq!((same.at(0.7), same.part(3.0)), (3.0, 0.5));
    }
}
