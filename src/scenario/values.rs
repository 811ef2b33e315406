//! Single values as planners type them: numbers, lengths of time, rates, times of day, words.

use jiff::civil::Date;
use serde_json::{Value, json};
use toml::de::DeValue;

use super::decode::{Fault, Leaf, per_cent, text_schema};
use crate::model::{
    AssumptionKind, ClockStops, GateHolds, Joint, Opening, OutOfHours, RangeShape, ShiftEnd, Smallest, Weekday,
    WeekdaySet, Where, Within, YearMonth,
};
use crate::units::{Per, PerDay, Points, Pounds, Share, Span, UnitError};

/// A number as `f64`, whole or with a fraction, infinity and NaN included.
pub(crate) fn number(value: &DeValue<'_>) -> Option<f64> {
    match value {
        DeValue::Integer(_) => whole(value).map(|n| n as f64),
        DeValue::Float(float) => float.as_str().replace('_', "").parse().ok(),
        _ => None,
    }
}

/// A whole number.
fn whole(value: &DeValue<'_>) -> Option<i128> {
    let integer = value.as_integer()?;
    i128::from_str_radix(&integer.as_str().replace('_', ""), integer.radix()).ok()
}

/// The text of a string, or the fault of not being one.
fn text<'a>(value: &'a DeValue<'_>) -> Result<&'a str, Fault> {
    value.as_str().ok_or(Fault::Kind)
}

/// Why a quantity cannot be read, in a few words for the place itself.
fn unit_fault(error: UnitError) -> Fault {
    match error {
        UnitError::OutOfRange { value, .. } if value < 0.0 => Fault::Range("0 or more".into()),
        UnitError::OutOfRange { range, .. } => Fault::Range(range.into()),
        UnitError::Unreadable { expected } => Fault::Unit(format!("expected {expected}")),
        UnitError::WrongUnit { .. } => Fault::Unit(error.to_string()),
    }
}

/// The text of a quantity, or the fault of a comma in its number.
fn quantity<'a>(value: &'a DeValue<'_>) -> Result<&'a str, Fault> {
    let text = text(value)?;
    let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    let comma = |at: usize| digit(text[..at].chars().next_back()) && digit(text[at + 1..].chars().next());
    if text.match_indices(',').any(|(at, _)| comma(at)) {
        return Err(Fault::Unit("a number has a decimal point and no commas".into()));
    }
    Ok(text)
}

impl Leaf for String {
    const WHAT: &'static str = "text";
    const EXAMPLE: &'static str = "\"...\"";

    fn read(value: &DeValue<'_>) -> Result<Self, Fault> {
        text(value).map(Into::into)
    }

    fn schema() -> Value {
        json!({ "type": "string" })
    }
}

impl Leaf for f64 {
    const WHAT: &'static str = "a number";
    const EXAMPLE: &'static str = "1.5";

    fn read(value: &DeValue<'_>) -> Result<Self, Fault> {
        match number(value) {
            Some(n) if n.is_finite() => Ok(n),
            Some(n) if n.is_nan() => Err(Fault::Range("a number, and `nan` is none".into())),
            Some(_) => Err(Fault::Range("a finite number".into())),
            None => Err(Fault::Kind),
        }
    }

    fn schema() -> Value {
        json!({ "type": "number" })
    }
}

impl Leaf for u64 {
    const WHAT: &'static str = "a whole number";
    const EXAMPLE: &'static str = "3";

    fn read(value: &DeValue<'_>) -> Result<Self, Fault> {
        if !value.is_integer() {
            return Err(match number(value) {
                Some(_) => Fault::Range("a whole number".into()),
                None => Fault::Kind,
            });
        }
        let n = whole(value).ok_or_else(|| Fault::Range("a smaller number".into()))?;
        let size = if n < 0 { "0 or more" } else { "smaller" };
        Self::try_from(n).map_err(|_| Fault::Range(size.into()))
    }

    fn schema() -> Value {
        json!({ "type": "integer", "minimum": 0 })
    }
}

impl Leaf for bool {
    const WHAT: &'static str = "true or false";
    const EXAMPLE: &'static str = "true";

    fn read(value: &DeValue<'_>) -> Result<Self, Fault> {
        value.as_bool().ok_or(Fault::Kind)
    }

    fn schema() -> Value {
        json!({ "type": "boolean" })
    }
}

impl Leaf for Share {
    const WHAT: &'static str = "a share from 0 to 1";
    const EXAMPLE: &'static str = "0.25";

    fn read(value: &DeValue<'_>) -> Result<Self, Fault> {
        let n = number(value).ok_or(Fault::Kind)?;
        Self::new(n).map_err(|_| {
            let per_cent = if (2.0..=100.0).contains(&n) {
                format!("; {n} % is {}", per_cent(n))
            } else {
                String::new()
            };
            Fault::Range(format!("0 to 1{per_cent}"))
        })
    }

    fn schema() -> Value {
        json!({ "type": "number", "minimum": 0, "maximum": 1 })
    }
}

impl Leaf for Span {
    const WHAT: &'static str = "a length of time";
    const EXAMPLE: &'static str = "\"45 min\"";

    fn read(value: &DeValue<'_>) -> Result<Self, Fault> {
        Self::parse(quantity(value)?).map_err(unit_fault)
    }

    fn schema() -> Value {
        let one = "[0-9.]+ *(s|sec|seconds?|min|mins|minutes?|h|hrs?|hours?|d|days?|weeks?)";
        text_schema(&format!("^ *{one}( *{one})* *$"), "45 min")
    }
}

impl Leaf for PerDay {
    const WHAT: &'static str = "a rate";
    const EXAMPLE: &'static str = "\"18 /day\"";

    fn read(value: &DeValue<'_>) -> Result<Self, Fault> {
        Self::parse(quantity(value)?).map_err(unit_fault)
    }

    fn schema() -> Value {
        text_schema("^ *[0-9.]+ *(/|per) *(h|hour|d|day|week|year) *$", "18 /day")
    }
}

impl Leaf for Points {
    const WHAT: &'static str = "percentage points";
    const EXAMPLE: &'static str = "\"0.5 points\"";

    fn read(value: &DeValue<'_>) -> Result<Self, Fault> {
        Self::parse(quantity(value)?).map_err(unit_fault)
    }

    fn schema() -> Value {
        text_schema("^ *[0-9.]+ *(percentage *)?points? *$", "0.5 points")
    }
}

/// Pounds an hour.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hourly(pub(crate) Pounds);

impl Leaf for Hourly {
    const WHAT: &'static str = "a cost an hour";
    const EXAMPLE: &'static str = "\"34 GBP/h\"";

    fn read(value: &DeValue<'_>) -> Result<Self, Fault> {
        Pounds::parse_price(quantity(value)?, Per::Hour)
            .map(Self)
            .map_err(unit_fault)
    }

    fn schema() -> Value {
        text_schema("^ *(£ *[0-9.]+|[0-9.]+ *GBP) *(/|per|an) *(h|hour) *$", "34 GBP/h")
    }
}

/// Pounds a day.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Daily(pub(crate) Pounds);

impl Leaf for Daily {
    const WHAT: &'static str = "a cost a day";
    const EXAMPLE: &'static str = "\"346 GBP/day\"";

    fn read(value: &DeValue<'_>) -> Result<Self, Fault> {
        Pounds::parse_price(quantity(value)?, Per::Day)
            .map(Self)
            .map_err(unit_fault)
    }

    fn schema() -> Value {
        text_schema("^ *(£ *[0-9.]+|[0-9.]+ *GBP) *(/|per|a) *(d|day) *$", "346 GBP/day")
    }
}

/// Pounds for one of something.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Each(pub(crate) Pounds);

impl Leaf for Each {
    const WHAT: &'static str = "a cost";
    const EXAMPLE: &'static str = "\"2711 GBP\"";

    fn read(value: &DeValue<'_>) -> Result<Self, Fault> {
        Pounds::parse_price(quantity(value)?, Per::Once)
            .map(Self)
            .map_err(unit_fault)
    }

    fn schema() -> Value {
        text_schema("^ *(£ *[0-9.]+|[0-9.]+ *GBP) *$", "2711 GBP")
    }
}

/// What staff cost: pounds for an hour worked, or for a WTE and year.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OfStaff {
    pub(crate) pounds: Pounds,
    pub(crate) per: Per,
}

impl Leaf for OfStaff {
    const WHAT: &'static str = "a cost an hour, or of a WTE a year";
    const EXAMPLE: &'static str = "\"34 GBP/h\"";

    fn read(value: &DeValue<'_>) -> Result<Self, Fault> {
        let text = quantity(value)?;
        let of = |per| Pounds::parse_price(text, per).map(|pounds| Self { pounds, per });
        of(Per::Year).or_else(|_| of(Per::Hour)).map_err(unit_fault)
    }

    fn schema() -> Value {
        text_schema(
            "^ *(£ *[0-9.]+|[0-9.]+ *GBP) *(/|per|an?) *(h|hour|year) *$",
            "34 GBP/h",
        )
    }
}

/// A time of day, as time since midnight.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TimeOfDay(pub(crate) Span);

impl Leaf for TimeOfDay {
    const WHAT: &'static str = "a time of day";
    const EXAMPLE: &'static str = "\"08:00\"";

    fn read(value: &DeValue<'_>) -> Result<Self, Fault> {
        if let DeValue::Datetime(typed) = value {
            return match (typed.date, typed.time, typed.offset) {
                (None, Some(time), None) if time.second.unwrap_or(0) == 0 => Ok(Self(Span::from_minutes(
                    i64::from(time.hour) * 60 + i64::from(time.minute),
                ))),
                (None, Some(_), None) => Err(Fault::Unit("seconds are not used".into())),
                _ => Err(Fault::Kind),
            };
        }
        Span::parse_time_of_day(text(value)?).map(Self).map_err(unit_fault)
    }

    fn schema() -> Value {
        text_schema("^ *([01]?[0-9]|2[0-3]):[0-5][0-9](:00)?$|^24:00$", "08:00")
    }
}

/// A stretch of the day.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hours {
    pub(crate) from: Span,
    pub(crate) to: Span,
}

/// Refuses a stretch that has no length or passes midnight.
fn forwards((from, to): (Span, Span)) -> Result<(Span, Span), Fault> {
    if from < to {
        Ok((from, to))
    } else {
        Err(Fault::Range("from an earlier to a later time of the same day".into()))
    }
}

impl Leaf for Hours {
    const WHAT: &'static str = "hours of the day";
    const EXAMPLE: &'static str = "\"08:00-18:00\"";

    fn read(value: &DeValue<'_>) -> Result<Self, Fault> {
        let (from, to) = forwards(Span::parse_hours(text(value)?).map_err(unit_fault)?)?;
        Ok(Self { from, to })
    }

    fn schema() -> Value {
        text_schema("^ *[0-9]{1,2}:[0-9]{2} *[-–] *[0-9]{1,2}:[0-9]{2} *$", "08:00-18:00")
    }
}

impl Leaf for Opening {
    const WHAT: &'static str = "opening hours";
    const EXAMPLE: &'static str = "\"Mon-Fri 08:00-18:00\"";

    fn read(value: &DeValue<'_>) -> Result<Self, Fault> {
        let text = text(value)?.trim();
        let clock = text.find(|c: char| c.is_ascii_digit()).unwrap_or(text.len());
        let (days, hours) = text.split_at(clock);
        let days = if days.trim().is_empty() {
            WeekdaySet::ALL
        } else {
            read_days(days)?
        };
        let (from, to) = forwards(Span::parse_hours(hours).map_err(unit_fault)?)?;
        Ok(Self { from, to, days })
    }

    fn schema() -> Value {
        text_schema(
            "^ *([A-Za-z, -]+ )?[0-9]{1,2}:[0-9]{2} *[-–] *[0-9]{1,2}:[0-9]{2} *$",
            "Mon-Fri 08:00-18:00",
        )
    }
}

/// A weekday by its first three letters or its full name.
pub(crate) fn read_weekday(text: &str) -> Option<Weekday> {
    const FULL: [&str; 7] = [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
    ];
    let text = text.trim().to_lowercase();
    let place = FULL.iter().position(|full| *full == text || full[..3] == text)?;
    Some(Weekday::ALL[place])
}

/// Days: `Mon-Fri`, `Mon,Wed,Fri`, `Sat-Mon`, `daily`.
fn read_days(text: &str) -> Result<WeekdaySet, Fault> {
    if ["daily", "every day"].contains(&text.trim().to_lowercase().as_str()) {
        return Ok(WeekdaySet::ALL);
    }
    let day = |name: &str| {
        let wrong = || {
            Fault::Unit(format!(
                "`{}` is not one of Mon, Tue, Wed, Thu, Fri, Sat, Sun",
                name.trim()
            ))
        };
        read_weekday(name).ok_or_else(wrong)
    };
    if text.trim().is_empty() {
        return Err(Fault::Unit("no day is named".into()));
    }
    let mut set = WeekdaySet::NONE;
    for part in text.split(',') {
        let (first, last) = match part.split_once(['-', '–']) {
            Some((first, last)) => (day(first)?, day(last)?),
            None => (day(part)?, day(part)?),
        };
        let mut at = first.index();
        set = set.with(first);
        while at != last.index() {
            at = (at + 1) % 7;
            set = set.with(Weekday::ALL[at]);
        }
    }
    Ok(set)
}

impl Leaf for WeekdaySet {
    const WHAT: &'static str = "days of the week";
    const EXAMPLE: &'static str = "\"Mon-Fri\"";

    fn read(value: &DeValue<'_>) -> Result<Self, Fault> {
        read_days(text(value)?)
    }

    fn schema() -> Value {
        text_schema("^[A-Za-z, –-]+$", "Mon-Fri")
    }
}

impl Leaf for Within {
    const WHAT: &'static str = "a length of time or \"same day\"";
    const EXAMPLE: &'static str = "\"2 h\"";

    fn read(value: &DeValue<'_>) -> Result<Self, Fault> {
        let text = quantity(value)?;
        if text.trim().eq_ignore_ascii_case("same day") {
            return Ok(Self::SameDay);
        }
        Span::parse(text).map(Self::Time).map_err(unit_fault)
    }

    fn schema() -> Value {
        json!({ "anyOf": [{ "const": "same day" }, Span::schema()] })
    }
}

impl Leaf for Date {
    const WHAT: &'static str = "a date";
    const EXAMPLE: &'static str = "2020-06-01";

    fn read(value: &DeValue<'_>) -> Result<Self, Fault> {
        let unreadable = || Fault::Unit("expected a date that exists, as year-month-day".into());
        let date = match value {
            DeValue::Datetime(typed) if typed.time.is_none() => {
                let date = typed.date.ok_or(Fault::Kind)?;
                let small = |n: u8| i8::try_from(n).unwrap_or(0);
                let year = i16::try_from(date.year).unwrap_or(0);
                Self::new(year, small(date.month), small(date.day)).map_err(|_| unreadable())?
            }
            DeValue::Datetime(_) => return Err(Fault::Unit("a date without a time of day is needed".into())),
            _ => text(value)?.trim().parse().map_err(|_| unreadable())?,
        };
        if (1950..=2200).contains(&date.year()) {
            Ok(date)
        } else {
            Err(Fault::Range("in the years 1950 to 2200".into()))
        }
    }

    fn schema() -> Value {
        json!({ "type": "string", "format": "date" })
    }
}

impl Leaf for YearMonth {
    const WHAT: &'static str = "a month of a year";
    const EXAMPLE: &'static str = "\"2020-06\"";

    fn read(value: &DeValue<'_>) -> Result<Self, Fault> {
        let expected = || Fault::Unit("expected year-month, in quotes".into());
        if value.as_datetime().is_some() {
            return Err(expected());
        }
        let month = Self::parse(text(value)?.trim()).ok_or_else(expected)?;
        if (1950..=2200).contains(&month.year) {
            Ok(month)
        } else {
            Err(Fault::Range("in the years 1950 to 2200".into()))
        }
    }

    fn schema() -> Value {
        text_schema("^ *[0-9]{4}-(0[1-9]|1[0-2]) *$", "2020-06")
    }
}

/// A number or a text, kept as typed.
#[derive(Clone, Debug)]
pub(crate) struct AsTyped(pub(crate) String);

impl Leaf for AsTyped {
    const WHAT: &'static str = "a number, or a quantity in quotes";
    const EXAMPLE: &'static str = "\"13 /day\"";

    fn read(value: &DeValue<'_>) -> Result<Self, Fault> {
        match value {
            DeValue::String(text) => Ok(Self(text.to_string())),
            DeValue::Integer(integer) => Ok(Self(integer.to_string())),
            DeValue::Float(_) => match number(value) {
                Some(n) if n.is_finite() => Ok(Self(n.to_string())),
                _ => Err(Fault::Range("a finite number".into())),
            },
            _ => Err(Fault::Kind),
        }
    }

    fn schema() -> Value {
        json!({ "type": ["number", "string"] })
    }
}

/// Words of the format that stand for a choice.
macro_rules! words {
    ($($type:ident, $what:literal, $example:literal, { $($word:literal => $value:expr),* $(,)? })*) => {$(
        impl Leaf for $type {
            const WHAT: &'static str = $what;
            const EXAMPLE: &'static str = $example;

            fn read(value: &DeValue<'_>) -> Result<Self, Fault> {
                match text(value)? {
                    $($word => Ok($value),)*
                    _ => Err(Fault::Word(&[$($word),*])),
                }
            }

            fn schema() -> Value {
                json!({ "enum": [$($word),*] })
            }
        }
    )*};
}

/// How posts are spread over the hubs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Spread {
    /// The same at each, as far as whole posts go.
    #[default]
    Even,
    /// By the hubs' share of referrals.
    ByShare,
}

words! {
    Where, "where standards must be met", "\"every hub\"", {
        "every hub" => Self::EveryHub, "overall" => Self::Overall,
    }
    Smallest, "what is to be as small as possible", "\"WTE\"", {
        "WTE" => Self::Wte, "yearly cost" => Self::YearlyCost,
    }
    Spread, "how posts are spread", "\"even\"", {
        "even" => Self::Even, "by-share" => Self::ByShare,
    }
    ShiftEnd, "a rule for the end of a shift", "\"finish\"", {
        "finish" => Self::Finish, "no-late-start" => Self::NoLateStart,
    }
    OutOfHours, "a rule for referrals out of hours", "\"defer\"", {
        "defer" => Self::Defer, "accept" => Self::Accept,
    }
    ClockStops, "a rule for the clock", "\"lead\"", {
        "lead" => Self::Lead, "first" => Self::First, "all" => Self::All,
    }
    Joint, "a rule for joint responses", "\"separate\"", {
        "separate" => Self::Separate, "together" => Self::Together, "reserve" => Self::Reserve,
    }
    GateHolds, "what the gate holds", "\"stream\"", {
        "stream" => Self::Stream, "package" => Self::Package,
    }
    AssumptionKind, "a kind of assumption", "\"source\"", {
        "source" => Self::Source, "derived" => Self::Derived, "assumption" => Self::Assumption,
        "calibrated" => Self::Calibrated, "choice" => Self::Choice,
    }
    RangeShape, "how likely the values of a range are", "\"uniform\"", {
        "uniform" => Self::Uniform, "triangular" => Self::Triangular, "lognormal" => Self::Lognormal,
        "gamma" => Self::Gamma,
    }
}

#[cfg(test)]
mod tests {
    use super::{Fault, Leaf, Opening, WeekdaySet};
    use crate::model::Weekday;
    use crate::units::Span;
    use toml::de::DeValue;

    fn read<T: Leaf>(text: &str) -> Result<T, Fault> {
        T::read(DeValue::parse(text).unwrap().get_ref())
    }

    #[test]
    fn days_read_as_planners_write_them() {
        let set = |days: &[Weekday]| days.iter().fold(WeekdaySet::NONE, |set, &d| set.with(d));
        use Weekday::{Fri, Mon, Sat, Sun, Wed};
        for (text, days) in [
            ("\"Mon-Sun\"", WeekdaySet::ALL),
            ("\"Mon,Wed,Fri\"", set(&[Mon, Wed, Fri])),
            ("\"Sat-Mon\"", set(&[Sat, Sun, Mon])),
            ("\"saturday\"", set(&[Sat])),
        ] {
            assert!(read::<WeekdaySet>(text).is_ok_and(|d| d == days), "{text}");
        }
        assert!(read::<WeekdaySet>("\"Mon-Fry\"").is_err());
        assert!(read::<WeekdaySet>("\"\"").is_err());
    }

    #[test]
    fn opening_hours_may_name_their_days() {
        let opening = read::<Opening>("\"Mon-Fri 08:00-18:00\"").ok().unwrap();
        assert_eq!((opening.from, opening.to), (Span::from_hours(8), Span::from_hours(18)));
        assert_eq!(opening.days.len(), 5);
        assert!(read::<Opening>("\"08:00-24:00\"").is_ok_and(|o| o.days == WeekdaySet::ALL));
        assert!(read::<Opening>("\"20:00-08:00\"").is_err());
    }
}
