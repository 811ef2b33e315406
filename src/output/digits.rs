//! Numbers and units as people read them: never more digits than the half-width supports.
//!
//! A half-width is shown in the last digit of its estimate and is never shown as nothing: one that rounds to 0 becomes
//! 1 in the last digit. Shares are per cent with one decimal unless the half-width is 2 points or more (none) or below
//! 0.05 points (two).

use crate::answers::{Estimate, Measure};
use crate::units::Share;

/// What is shown where there was nothing to measure.
pub const NONE: &str = "none";

/// An estimate and its half-width as text, in the same last digit, without unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    /// The estimate, such as `78.9`.
    pub mean: String,
    /// The half-width, such as `0.2`.
    pub half_width: String,
}

/// A share in per cent.
#[must_use]
#[expect(
    clippy::disallowed_methods,
    reason = "a power of ten for a display unit, not a result; at most two decimals"
)]
pub fn share_figure(e: &Estimate) -> Figure {
    let points = e.half_width * 100.0;
    let decimals = if points >= 2.0 || one_sided(e).is_some() {
        0
    } else if points >= 0.05 {
        1
    } else if points > 0.0 {
        2
    } else {
        usize::from((e.mean * 100.0).fract().abs() > 1e-9)
    };
    figure(e.mean * 100.0, points, 10f64.powi(-exponent(decimals)), decimals)
}

/// A share with its half-width: `78.9 % ± 0.2`. All or none has one side only: `100 %, at least 99.2`.
#[must_use]
pub fn share(e: Option<Estimate>) -> String {
    e.map_or_else(
        || NONE.into(),
        |e| {
            let f = share_figure(&e);
            match one_sided(&e) {
                Some((bound, words)) => format!("{} %, {words} {bound}", f.mean),
                None => format!("{} % ± {}", f.mean, f.half_width),
            }
        },
    )
}

/// The same inside a sentence: `78.9 % (± 0.2)`, `100 % (at least 99.2 %)`.
#[must_use]
pub fn share_inline(e: &Estimate) -> String {
    let f = share_figure(e);
    match one_sided(e) {
        Some((bound, words)) => format!("{} % ({words} {bound} %)", f.mean),
        None => format!("{} % (± {})", f.mean, f.half_width),
    }
}

/// The same in plain words: `78.9 %, give or take 0.2 points`, `100 %, at least 99.2 %`.
#[must_use]
pub fn share_spoken(e: &Estimate) -> String {
    let f = share_figure(e);
    match one_sided(e) {
        Some((bound, words)) => format!("{} %, {words} {bound} %", f.mean),
        None => format!("{} %, give or take {} points", f.mean, f.half_width),
    }
}

/// A difference of shares in points without its sign, with as many digits as a share.
fn points_figure(e: &Estimate) -> Figure {
    share_figure(&Estimate {
        mean: e.mean.abs(),
        low: 0.0,
        high: 0.0,
        ..*e
    })
}

/// A difference of shares without its sign: `3.1 points (± 0.4)`.
#[must_use]
pub fn points(e: &Estimate) -> String {
    let f = points_figure(e);
    format!("{} points (± {})", f.mean, f.half_width)
}

/// A difference of shares in points with its sign: `+3.1 ± 0.4`.
#[must_use]
pub fn points_signed(e: &Estimate) -> String {
    let f = points_figure(e);
    signed(e.mean, &f)
}

/// Any other difference with its sign, `scale` times: `-12 ± 3`.
#[must_use]
pub fn number_signed(e: &Estimate, scale: f64) -> String {
    let f = number_figure(
        &Estimate {
            mean: e.mean.abs(),
            ..*e
        },
        scale,
    );
    signed(e.mean, &f)
}

fn signed(mean: f64, f: &Figure) -> String {
    let nothing = f.mean.chars().all(|c| matches!(c, '0' | '.' | ','));
    let sign = match mean {
        _ if nothing => "",
        m if m < 0.0 => "-",
        _ => "+",
    };
    if f.half_width == "inf" {
        format!("{sign}{}, not known how well", f.mean)
    } else {
        format!("{sign}{} ± {}", f.mean, f.half_width)
    }
}

/// Money that is known: `£74,100`, `£1.13 million`.
#[must_use]
pub fn pounds(amount: f64) -> String {
    gbp(Some(Estimate {
        mean: amount,
        half_width: 0.0,
        low: amount,
        high: amount,
        confidence: 1.0,
        replications: 0,
    }))
}

/// The end of the interval of a share that was all or none, rounded away from it, and how to say it.
fn one_sided(e: &Estimate) -> Option<(String, &'static str)> {
    if e.mean >= 1.0 && e.low < 1.0 {
        Some((format!("{:.1}", (e.low * 1000.0).floor() / 10.0), "at least"))
    } else if e.mean <= 0.0 && e.high > 0.0 {
        Some((format!("{:.1}", (e.high * 1000.0).ceil() / 10.0), "at most"))
    } else {
        None
    }
}

/// A share that is known and not estimated, such as a target: `90 %`, `92.5 %`.
#[must_use]
pub fn per_cent(share: Share) -> String {
    percent(share.get())
}

/// A known ratio in per cent, one decimal where it has one.
#[must_use]
pub fn percent(ratio: f64) -> String {
    // Minus nothing is nothing.
    let tenths = (ratio * 1000.0).round() + 0.0;
    let decimals = usize::from((tenths % 10.0).abs() > 0.5);
    format!("{:.decimals$} %", tenths / 10.0)
}

/// Any other number: the last digit shown is worth between a twentieth and half of the half-width, two decimals at most.
///
/// `scale` turns it into the unit shown.
#[must_use]
pub fn number_figure(e: &Estimate, scale: f64) -> Figure {
    let (mean, half_width) = (e.mean * scale, e.half_width * scale);
    // Without a half-width three or four figures are enough.
    let guide = if half_width > 0.0 && half_width.is_finite() {
        half_width
    } else {
        mean.abs() / 500.0
    };
    let (mut unit, mut decimals) = (0.01, 2);
    while guide >= 20.0 * unit && unit < 1e12 {
        unit *= 10.0;
        decimals = usize::saturating_sub(decimals, 1);
    }
    if mean == 0.0 && half_width == 0.0 {
        (unit, decimals) = (1.0, 0);
    }
    figure(mean, half_width, unit, decimals)
}

/// Any other number with its half-width: `1,420 ± 5`; with no upper end, `1,420 or more`.
#[must_use]
pub fn number(e: Option<Estimate>, scale: f64) -> String {
    e.map_or_else(
        || NONE.into(),
        |e| {
            let f = number_figure(&e, scale);
            if e.high.is_finite() {
                format!("{} ± {}", f.mean, f.half_width)
            } else {
                format!("{} or more", f.mean)
            }
        },
    )
}

/// A quantile of waits with its interval: `24 ± 2`; with both ends where one lies clearly farther away, `24 (23 to 31)`.
#[must_use]
pub fn quantile(e: Option<Estimate>, scale: f64) -> String {
    let Some(found) = e.filter(|e| e.high.is_finite() && e.low.is_finite()) else {
        return number(e, scale);
    };
    let (below, above) = (found.mean - found.low, found.high - found.mean);
    let f = number_figure(&found, scale);
    // The half-width is of the longer side: on the other it would promise less than is known, if the digits shown can tell.
    let decimals = f.half_width.split_once('.').map_or(0, |(_, after)| after.len());
    let shown = |v: f64| libm::round(v * scale * libm::pow(10.0, decimals as f64));
    let farther = 2.0 * shown(found.mean) - shown(found.low) - shown(found.high);
    if below.max(above) <= LOPSIDED * below.min(above) || farther.abs() < 0.5 {
        return number(e, scale);
    }
    let [low, high] = [found.low, found.high].map(|mean| number_figure(&Estimate { mean, ..found }, scale).mean);
    format!("{} ({low} to {high})", f.mean)
}

/// An interval of which one side is so many times the other is told by its ends.
const LOPSIDED: f64 = 1.5;

/// Money: `£8.42 million ± 0.02 million`, `£842,000 ± 3,000`.
#[must_use]
pub fn gbp(e: Option<Estimate>) -> String {
    let Some(e) = e else { return NONE.into() };
    let (scale, word) = if e.mean.abs() >= 1e6 {
        (1e-6, " million")
    } else {
        (1.0, "")
    };
    let f = number_figure(&e, scale);
    if e.half_width == 0.0 {
        format!("£{}{word}", f.mean)
    } else {
        format!("£{}{word} ± {}{word}", f.mean, f.half_width)
    }
}

/// Money between two sums, to three or four digits: `£7.93 to 9.12 million`.
#[must_use]
pub fn gbp_range(low: f64, high: f64) -> String {
    let (scale, word) = if high.abs() >= 1e6 {
        (1e-6, " million")
    } else {
        (1.0, "")
    };
    let rough = |mean: f64| {
        let e = Estimate {
            mean,
            half_width: mean.abs() / 200.0,
            low: mean,
            high: mean,
            confidence: 0.95,
            replications: 1,
        };
        number_figure(&e, scale).mean
    };
    format!("£{} to {}{word}", rough(low), rough(high))
}

/// A length of time: `73 min`, `1 h 35 min`, `2.4 days`.
#[must_use]
pub fn minutes(minutes: f64) -> String {
    let whole = minutes.round();
    if !whole.is_finite() {
        NONE.into()
    } else if minutes > 0.0 && minutes < 9.95 {
        format!("{minutes:.1} min")
    } else if whole < 90.0 {
        format!("{whole:.0} min")
    } else if whole < 48.0 * 60.0 {
        let hours = (whole / 60.0).floor();
        match whole - hours * 60.0 {
            0.0 => format!("{hours:.0} h"),
            rest => format!("{hours:.0} h {rest:.0} min"),
        }
    } else {
        format!("{:.1} days", minutes / 1440.0)
    }
}

/// A length of time in few letters: `15 min`, `2.5 h`, `2.4 days`.
#[must_use]
pub fn minutes_short(m: f64) -> String {
    if (90.0..48.0 * 60.0).contains(&m) {
        format!("{:.1} h", m / 60.0)
    } else {
        minutes(m)
    }
}

/// A whole number with thousands separators.
#[must_use]
pub fn count(n: u64) -> String {
    group(&n.to_string())
}

/// A mean number of people: one decimal, two below 1.
#[must_use]
pub fn people(n: f64) -> String {
    if n > 0.0 && n < 0.95 {
        format!("{n:.2}")
    } else {
        group(&format!("{n:.1}"))
    }
}

/// Posts, as exactly as they are given: `4`, `2.75`.
#[must_use]
pub fn wte(n: f64) -> String {
    group(&((n * 100.0).round() / 100.0).to_string())
}

/// A measured value in the form of its unit, half-width included.
#[must_use]
pub fn measured(measure: Measure, e: Option<Estimate>) -> String {
    match measure.unit() {
        "share" => share(e),
        "GBP per year" => gbp(e),
        _ => number(e, 1.0),
    }
}

fn figure(mean: f64, half_width: f64, unit: f64, decimals: usize) -> Figure {
    let round = |v: f64| (v / unit).round() * unit;
    let shown = if half_width > 0.0 {
        round(half_width).max(unit)
    } else {
        0.0
    };
    // No minus sign on nothing.
    let mean = round(mean) + 0.0;
    Figure {
        mean: group(&format!("{mean:.decimals$}")),
        half_width: if shown == 0.0 {
            "0".into()
        } else {
            group(&format!("{shown:.decimals$}"))
        },
    }
}

fn exponent(decimals: usize) -> i32 {
    i32::try_from(decimals).unwrap_or(0)
}

/// Commas between thousands.
fn group(number: &str) -> String {
    let (sign, rest) = number.strip_prefix('-').map_or(("", number), |r| ("-", r));
    let (whole, fraction) = rest.split_once('.').map_or((rest, None), |(w, f)| (w, Some(f)));
    let mut out = String::from(sign);
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if let Some(fraction) = fraction {
        out.push('.');
        out.push_str(fraction);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{count, gbp, gbp_range, minutes, number, people, per_cent, percent, share, wte};
    use crate::answers::Estimate;
    use crate::units::Share;

    fn e(mean: f64, half_width: f64) -> Option<Estimate> {
        Some(Estimate {
            mean,
            half_width,
            low: mean - half_width,
            high: mean + half_width,
            confidence: 0.95,
            replications: 100,
        })
    }

    #[test]
    fn a_share_has_the_decimals_that_its_half_width_supports() {
        assert_eq!(share(e(0.78934, 0.00172)), "78.9 % ± 0.2");
        assert_eq!(share(e(0.914, 0.014)), "91.4 % ± 1.4");
        assert_eq!(share(e(0.914, 0.024)), "91 % ± 2");
        assert_eq!(share(e(0.89934, 0.0004)), "89.93 % ± 0.04");
        assert_eq!(share(e(0.89934, 0.000_01)), "89.93 % ± 0.01");
        assert_eq!(share(e(1.0, 0.0)), "100 % ± 0");
        assert_eq!(share(e(0.0, 0.000_7)), "0 %, at most 0.1");
        assert_eq!((percent(-1e-17), percent(-0.0)), ("0 %".to_owned(), "0 %".to_owned()));
        assert_eq!(share(e(1.0, 0.007_4)), "100 %, at least 99.2");
        assert_eq!(share(None), "none");
    }

    #[test]
    fn a_count_is_rounded_to_its_half_width() {
        assert_eq!(number(e(6534.6, 4.1), 1.0), "6,535 ± 4");
        assert_eq!(number(e(6534.6, 41.0), 1.0), "6,530 ± 40");
        assert_eq!(number(e(1_246_534.6, 410.0), 1.0), "1,246,500 ± 400");
        assert_eq!(number(e(81.27, 0.9), 1.0), "81.3 ± 0.9");
        assert_eq!(number(e(6972.0, 12.0), 1.0 / 60.0), "116.2 ± 0.2");
        assert_eq!(number(e(0.0, 0.0), 1.0), "0 ± 0");
        assert_eq!(number(e(-0.001, 0.2), 1.0), "0.0 ± 0.2");
        assert_eq!(count(999), "999");
        assert_eq!(count(48_230_115), "48,230,115");
    }

    #[test]
    fn money_is_not_given_to_the_penny() {
        assert_eq!(gbp(e(8_423_211.0, 21_000.0)), "£8.42 million ± 0.02 million");
        assert_eq!(gbp(e(224_911.0, 3_100.0)), "£225,000 ± 3,000");
        assert_eq!(gbp(e(9_034_511.0, 0.0)), "£9.03 million");
        assert_eq!(gbp_range(7_934_511.0, 12_111_000.0), "£7.93 to 12.11 million");
        assert_eq!(gbp_range(224_911.0, 612_345.0), "£224,900 to 612,000");
    }

    #[test]
    fn time_is_told_as_people_tell_it() {
        assert_eq!(minutes(73.2), "73 min");
        assert_eq!(minutes(3.04), "3.0 min");
        assert_eq!(minutes(95.0), "1 h 35 min");
        assert_eq!(minutes(120.0), "2 h");
        assert_eq!(minutes(33_552.0), "23.3 days");
        assert_eq!(minutes(f64::NAN), "none");
    }

    #[test]
    fn a_quantile_with_one_farther_end_is_told_by_both() {
        let e = |low: f64, high: f64| Estimate {
            mean: 24.0,
            half_width: (24.0 - low).max(high - 24.0),
            low,
            high,
            confidence: 0.95,
            replications: 20,
        };
        assert_eq!(super::quantile(Some(e(22.0, 26.0)), 1.0), "24 ± 2");
        assert_eq!(super::quantile(Some(e(23.0, 31.0)), 1.0), "24 (23 to 31)");
        // The same to the last digit that is shown.
        assert_eq!(super::quantile(Some(e(23.99, 24.005)), 1.0), "24.00 ± 0.01");
        assert!(super::quantile(Some(e(0.0, f64::INFINITY)), 1.0).ends_with(" or more"));
        assert_eq!(super::quantile(None, 1.0), "none");
    }

    #[test]
    fn people_and_targets() {
        assert_eq!(people(1.393), "1.4");
        assert_eq!(people(0.42), "0.42");
        assert_eq!((wte(2.75).as_str(), wte(4.0).as_str()), ("2.75", "4"));
        assert_eq!(people(0.0), "0.0");
        assert_eq!(per_cent(Share::new(0.9).unwrap()), "90 %");
        assert_eq!(per_cent(Share::new(0.925).unwrap()), "92.5 %");
    }
}
