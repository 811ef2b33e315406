//! Quantities from text: a number, a space, a unit.

use super::{DAY, HOUR, MINUTE, PerDay, Points, Pounds, SECOND, Span, UnitError};

/// Length of the longest time that can be typed \[ms\]: a hundred years of 365 days.
const LONGEST: f64 = 100.0 * 365.0 * DAY as f64;

/// What a length of time looks like.
const SPAN: &str = "a length of time such as \"45 min\", \"2 h\", \"3 days\" or \"10 weeks\"";
/// What a rate looks like.
const RATE: &str = "a rate such as \"18 /day\" or \"126 /week\"";
/// What a time of day looks like.
const TIME: &str = "a time of day such as \"08:00\"";
/// What a stretch of the day looks like.
const HOURS: &str = "hours such as \"08:00-20:00\"";
/// What a price is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Per {
    /// Of an hour.
    Hour,
    /// Of a day.
    Day,
    /// Of a year.
    Year,
    /// Of one of whatever it is.
    Once,
}

impl Per {
    /// What such a price looks like, what to use instead of another unit, and its units as typed, without spaces.
    const fn forms(self) -> (&'static str, &'static str, &'static [&'static str]) {
        match self {
            Self::Hour => (
                "a cost such as \"34 GBP/h\"",
                "use GBP/h, as in \"34 GBP/h\"",
                &["GBP/h", "GBP/hour", "GBPperhour", "GBPanhour"],
            ),
            Self::Day => (
                "a cost such as \"346 GBP/day\"",
                "use GBP/day, as in \"346 GBP/day\"",
                &["GBP/day", "GBP/d", "GBPperday", "GBPaday"],
            ),
            Self::Year => (
                "a cost such as \"46000 GBP/year\"",
                "use GBP/year, as in \"46000 GBP/year\"",
                &["GBP/year", "GBPperyear", "GBPayear"],
            ),
            Self::Once => ("a cost such as \"2711 GBP\"", "use GBP, as in \"2711 GBP\"", &["GBP"]),
        }
    }
}

/// What a half-width of service levels looks like.
const POINTS: &str = "percentage points such as \"0.5 points\"";

/// The number at the start of a text and the rest of it, trimmed.
fn number(text: &str) -> Option<(f64, &str)> {
    let end = text
        .char_indices()
        .find(|&(i, c)| !(c.is_ascii_digit() || c == '.' || (i == 0 && (c == '-' || c == '+'))))
        .map_or(text.len(), |(i, _)| i);
    let value = text[..end].parse().ok()?;
    Some((value, text[end..].trim_start()))
}

/// A number and the unit after it, nothing else.
fn number_and_unit(text: &str, expected: &'static str) -> Result<(f64, String), UnitError> {
    let (value, unit) = number(text.trim()).ok_or(UnitError::Unreadable { expected })?;
    if unit.is_empty() {
        return Err(UnitError::Unreadable { expected });
    }
    Ok((value, unit.into()))
}

/// A unit without its spaces.
fn joined(unit: &str) -> String {
    unit.chars().filter(|c| !c.is_whitespace()).collect()
}

fn time_unit(unit: &str) -> Option<i64> {
    Some(match unit {
        "s" | "sec" | "second" | "seconds" => SECOND,
        "min" | "mins" | "minute" | "minutes" => MINUTE,
        "h" | "hr" | "hrs" | "hour" | "hours" => HOUR,
        "d" | "day" | "days" => DAY,
        "week" | "weeks" => 7 * DAY,
        _ => return None,
    })
}

impl Span {
    /// A length of time as planners type it: `45 min`, `2 h`, `1 h 30 min`, `90 s`, `2 days`, `10 weeks`.
    ///
    /// # Errors
    /// [`UnitError`] if there is no number, no unit of time, or the time is negative or above 100 years.
    pub fn parse(text: &str) -> Result<Self, UnitError> {
        let mut rest = text.trim();
        let mut sum = 0.0;
        loop {
            let (value, after) = number(rest).ok_or(UnitError::Unreadable { expected: SPAN })?;
            let end = after.find(|c: char| !c.is_alphabetic()).unwrap_or(after.len());
            let unit = &after[..end];
            if unit.is_empty() {
                return Err(UnitError::Unreadable { expected: SPAN });
            }
            let Some(factor) = time_unit(unit) else {
                return Err(UnitError::WrongUnit {
                    unit: unit.into(),
                    quantity: "time",
                    expected: "use s, min, h, days or weeks, as in \"45 min\"",
                });
            };
            let ms = value * factor as f64;
            if !(0.0..=LONGEST).contains(&ms) {
                return Err(UnitError::OutOfRange {
                    value,
                    range: "0 to 100 years",
                });
            }
            sum += ms;
            rest = after[end..].trim_start();
            if rest.is_empty() {
                break;
            }
        }
        #[expect(clippy::cast_possible_truncation, reason = "a few times a hundred years at most")]
        Ok(Self(sum.round() as i64))
    }

    /// A time of day as time since midnight: `08:00`, `14:30`, `24:00`.
    ///
    /// # Errors
    /// [`UnitError::Unreadable`] if the text is not `HH:MM` between 00:00 and 24:00.
    pub fn parse_time_of_day(text: &str) -> Result<Self, UnitError> {
        let wrong = UnitError::Unreadable { expected: TIME };
        let Some((hours, minutes)) = text.trim().split_once(':') else {
            return Err(wrong);
        };
        let digits = |s: &str, least: usize| s.len() <= 2 && s.len() >= least && s.bytes().all(|b| b.is_ascii_digit());
        if !digits(hours, 1) || !digits(minutes, 2) {
            return Err(wrong);
        }
        match (hours.parse::<i64>(), minutes.parse::<i64>()) {
            (Ok(h), Ok(m)) if (h < 24 && m < 60) || (h == 24 && m == 0) => Ok(Self::from_minutes(h * 60 + m)),
            _ => Err(wrong),
        }
    }

    /// A stretch of the day: `08:00-20:00`.
    ///
    /// # Errors
    /// [`UnitError::Unreadable`] if the text is not two times of day with a hyphen between them.
    pub fn parse_hours(text: &str) -> Result<(Self, Self), UnitError> {
        let wrong = || UnitError::Unreadable { expected: HOURS };
        let (from, to) = text.split_once(['-', '–']).ok_or_else(wrong)?;
        let read = |t: &str| Self::parse_time_of_day(t).map_err(|_| wrong());
        Ok((read(from)?, read(to)?))
    }

    /// As `HH:MM`, for a time of day.
    #[must_use]
    pub fn clock(self) -> String {
        let minutes = self.0 / MINUTE;
        format!("{:02}:{:02}", minutes / 60, minutes % 60)
    }
}

impl PerDay {
    /// A rate as planners type it: `18 /day`, `126 /week`, `0.75 /h`, `6570 /year` (of 365 days).
    ///
    /// # Errors
    /// [`UnitError`] if there is no number, no rate, or the rate is out of range.
    pub fn parse(text: &str) -> Result<Self, UnitError> {
        let (value, unit) = number_and_unit(text, RATE)?;
        let plain = joined(&unit);
        let per_day = match plain.strip_prefix('/').or_else(|| plain.strip_prefix("per")) {
            Some("day" | "d") => value,
            Some("week") => value / 7.0,
            Some("h" | "hour") => value * 24.0,
            Some("year") => value / 365.0,
            _ => {
                return Err(UnitError::WrongUnit {
                    unit,
                    quantity: "rate",
                    expected: "use /day, /week, /h or /year, as in \"18 /day\"",
                });
            }
        };
        Self::new(per_day).map_err(|_| UnitError::OutOfRange {
            value,
            range: "0 to 1,000,000 a day",
        })
    }
}

impl Points {
    /// Percentage points as planners type them: `0.5 points`, `1 point`.
    ///
    /// # Errors
    /// [`UnitError`] if there is no number, another unit (0.5 % of 80 % would be something else), or not 0 to 100.
    pub fn parse(text: &str) -> Result<Self, UnitError> {
        let (value, unit) = number_and_unit(text, POINTS)?;
        match joined(&unit).as_str() {
            "points" | "point" | "percentagepoints" | "percentagepoint" => Self::new(value),
            _ => Err(UnitError::WrongUnit {
                unit,
                quantity: "service level",
                expected: "use points, as in \"0.5 points\"",
            }),
        }
    }
}

impl Pounds {
    /// Pounds for each of something: `34 GBP/h`, `346 GBP/day`, `46000 GBP/year` or `2711 GBP`.
    ///
    /// # Errors
    /// [`UnitError`] if there is no number, the unit is another, or the sum is out of range.
    pub fn parse_price(text: &str, per: Per) -> Result<Self, UnitError> {
        let (form, expected, wanted) = per.forms();
        let text = text.trim();
        let (value, unit) = match text.strip_prefix('£') {
            Some(rest) => {
                let (value, unit) = number(rest.trim_start()).ok_or(UnitError::Unreadable { expected: form })?;
                (value, format!("GBP{unit}"))
            }
            None => number_and_unit(text, form)?,
        };
        if !wanted.contains(&joined(&unit).as_str()) {
            return Err(UnitError::WrongUnit {
                unit,
                quantity: "cost",
                expected,
            });
        }
        Self::new(value)
    }
}

#[cfg(test)]
mod tests {
    use super::{Per, PerDay, Points, Pounds, Span};
    use proptest::prelude::{any, proptest};

    #[test]
    fn lengths_of_time_read_as_planners_write_them() {
        for (text, ms) in [
            ("45 min", 45 * 60_000),
            ("45min", 45 * 60_000),
            ("1.5 h", 90 * 60_000),
            ("1 h 30 min", 90 * 60_000),
            ("90 s", 90_000),
            ("1 day", 86_400_000),
            ("2 days", 2 * 86_400_000),
            ("10 weeks", 70 * 86_400_000),
            ("8760 h", 365 * 86_400_000),
            ("0 weeks", 0),
            (" 2 h ", 7_200_000),
        ] {
            assert_eq!(Span::parse(text), Ok(Span::from_ms(ms)), "{text}");
        }
        for text in [
            "45",
            "",
            "min",
            "h 2",
            "2 fortnights",
            "-5 min",
            "1e9 h",
            "200 years",
            "2 h,",
            "40000 days",
        ] {
            assert!(Span::parse(text).is_err(), "{text}");
        }
        assert_eq!(
            Span::parse("3 months").map_err(|e| e.to_string()),
            Err("`months` is not a unit of time; use s, min, h, days or weeks, as in \"45 min\"".into())
        );
    }

    #[test]
    fn times_of_day_run_from_midnight_to_midnight() {
        assert_eq!(Span::parse_time_of_day("08:00"), Ok(Span::from_hours(8)));
        assert_eq!(Span::parse_time_of_day("8:30"), Ok(Span::from_minutes(510)));
        assert_eq!(Span::parse_time_of_day("24:00"), Ok(Span::DAY));
        for text in [
            "24:01", "08:60", "8", "08.00", "8am", "008:00", "08:0", "-8:00", "08:00:00",
        ] {
            assert!(Span::parse_time_of_day(text).is_err(), "{text}");
        }
        let hours = Ok((Span::from_hours(8), Span::from_hours(20)));
        assert_eq!(Span::parse_hours("08:00-20:00"), hours);
        assert_eq!(Span::parse_hours("08:00 – 20:00"), hours);
        assert_eq!(Span::from_minutes(510).clock(), "08:30");
    }

    #[test]
    fn rates_and_prices_carry_their_unit() {
        for (text, rate) in [
            ("18 /day", 18.0),
            ("18/day", 18.0),
            ("126 per week", 18.0),
            ("0.75 /h", 18.0),
            ("6570 /year", 18.0),
        ] {
            assert!((PerDay::parse(text).unwrap().get() - rate).abs() < 1e-12, "{text}");
        }
        for text in ["18", "18 /month", "18 day", "/day", "-1 /day", "1e9 /h"] {
            assert!(PerDay::parse(text).is_err(), "{text}");
        }
        for (text, per, pounds) in [
            ("34 GBP/h", Per::Hour, 34.0),
            ("£34/h", Per::Hour, 34.0),
            ("346 GBP/day", Per::Day, 346.0),
            ("46000 GBP/year", Per::Year, 46_000.0),
            ("2711 GBP", Per::Once, 2711.0),
            ("£2711", Per::Once, 2711.0),
        ] {
            assert_eq!(Pounds::parse_price(text, per), Pounds::new(pounds), "{text}");
        }
        for (text, per) in [
            ("346 GBP/day", Per::Hour),
            ("34", Per::Hour),
            ("2711", Per::Once),
            ("2711 GBP", Per::Day),
        ] {
            assert!(Pounds::parse_price(text, per).is_err(), "{text}");
        }
        assert_eq!(Points::parse("0.5 points"), Points::new(0.5));
        assert_eq!(Points::parse("1 percentage point"), Points::new(1.0));
        for text in ["0.5", "points", "0.5 %", "5 min", "101 points", "-1 points"] {
            assert!(Points::parse(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_a_parser_panic(text in any::<String>()) {
            let _ = (Span::parse(&text), Span::parse_time_of_day(&text), Span::parse_hours(&text));
            let _ = (Points::parse(&text), PerDay::parse(&text), Pounds::parse_price(&text, Per::Day), Pounds::parse_price(&text, Per::Once));
        }
    }
}
