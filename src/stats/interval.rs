//! Intervals of means, of paired differences and of simple shares.

use serde::Serialize;
use statrs::distribution::{ContinuousCDF, StudentsT};

use crate::random::normal_quantile;

/// An estimate with the interval around it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Interval {
    /// The estimate itself.
    pub mean: f64,
    /// Half the length of the interval; the longer side where the interval is not symmetric.
    pub half_width: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl Interval {
    /// `mean` plus or minus `half_width`.
    #[must_use]
    pub const fn symmetric(mean: f64, half_width: f64) -> Self {
        Self {
            mean,
            half_width,
            low: mean - half_width,
            high: mean + half_width,
        }
    }

    /// With these ends.
    #[must_use]
    pub const fn between(mean: f64, low: f64, high: f64) -> Self {
        Self {
            mean,
            half_width: (mean - low).max(high - mean),
            low,
            high,
        }
    }

    /// With its ends inside 0 to 1: for shares. The half-width stays.
    #[must_use]
    pub const fn clipped_to_share(mut self) -> Self {
        self.low = self.low.clamp(0.0, 1.0);
        self.high = self.high.clamp(0.0, 1.0);
        self
    }

    /// Every number multiplied by a positive factor: a change of unit.
    #[must_use]
    pub const fn times(self, factor: f64) -> Self {
        Self {
            mean: self.mean * factor,
            half_width: self.half_width * factor,
            low: self.low * factor,
            high: self.high * factor,
        }
    }

    /// Whether it holds a value, ends included.
    #[must_use]
    pub fn contains(&self, value: f64) -> bool {
        self.low <= value && value <= self.high
    }
}

/// The value that Student's t with `freedom` degrees of freedom stays below with probability `p` in (0, 1).
/// Infinite with no freedom at all: one replication says nothing about the next.
///
/// # Source
/// Up to 200 degrees of freedom the crate `statrs` (inverse of the regularised incomplete beta function, which loses
/// digits for more); above, the expansion in `1/freedom` of Abramowitz & Stegun, *Handbook of Mathematical Functions*
/// (1964), 26.7.5, which has nine digits there.
#[must_use]
pub fn student_t_quantile(p: f64, freedom: f64) -> f64 {
    if freedom > 200.0 {
        let z = normal_quantile(p);
        let (s, n) = (z * z, freedom);
        let first = (s + 1.0) / 4.0;
        let second = ((5.0 * s + 16.0) * s + 3.0) / 96.0;
        let third = (((3.0 * s + 19.0) * s + 17.0) * s - 15.0) / 384.0;
        let fourth = ((((79.0 * s + 776.0) * s + 1482.0) * s - 1920.0) * s - 945.0) / 92_160.0;
        return z * (1.0 + (first + (second + (third + fourth / n) / n) / n) / n);
    }
    match StudentsT::new(0.0, 1.0, freedom) {
        Ok(t) if p > 0.0 && p < 1.0 => t.inverse_cdf(p),
        _ if p < 0.5 => f64::NEG_INFINITY,
        _ => f64::INFINITY,
    }
}

/// The factor of the standard error in a two-sided t interval over `n` independent values.
pub(crate) fn t_factor(n: usize, confidence: f64) -> f64 {
    student_t_quantile(0.5 + 0.5 * confidence, n.saturating_sub(1) as f64)
}

/// Mean and sum of squared deviations from it.
pub(crate) fn mean_and_squares(values: impl Iterator<Item = f64> + Clone) -> (usize, f64, f64) {
    let (n, sum) = values.clone().fold((0, 0.0), |(n, sum), x| (n + 1, sum + x));
    let mean = sum / n as f64;
    (n, mean, values.map(|x| (x - mean) * (x - mean)).sum())
}

/// t interval of the mean of independent values. `None` without any; infinitely wide with only one.
///
/// # Source
/// Student's t interval: Law, *Simulation Modeling and Analysis*, 5th ed., 4.12.
#[must_use]
pub fn mean_interval(values: &[f64], confidence: f64) -> Option<Interval> {
    let (n, mean, squares) = mean_and_squares(values.iter().copied());
    match n {
        0 => None,
        1 => Some(Interval::symmetric(mean, f64::INFINITY)),
        _ => {
            let error = (squares / ((n - 1) as f64 * n as f64)).sqrt();
            Some(Interval::symmetric(mean, t_factor(n, confidence) * error))
        }
    }
}

/// t interval of the mean of `option - base`, replication by replication. `None` unless both are equally many and
/// there is at least one.
///
/// # Source
/// Paired-t interval: Law, *Simulation Modeling and Analysis*, 5th ed., 10.2.1. With common random numbers the pairs
/// rise and fall together, and the interval is shorter for it.
#[must_use]
pub fn paired_interval(base: &[f64], option: &[f64], confidence: f64) -> Option<Interval> {
    if base.len() != option.len() {
        return None;
    }
    let differences: Vec<f64> = base.iter().zip(option).map(|(b, o)| o - b).collect();
    mean_interval(&differences, confidence)
}

/// Wilson's score interval of a share of independent trials. `None` without trials.
///
/// # Source
/// E. B. Wilson, *Probable inference, the law of succession, and statistical inference*, JASA 22 (1927), 209-212.
#[must_use]
pub fn wilson_interval(successes: u64, trials: u64, confidence: f64) -> Option<Interval> {
    if trials == 0 {
        return None;
    }
    let n = trials as f64;
    let p = successes as f64 / n;
    let z = normal_quantile(0.5 + 0.5 * confidence);
    let scale = 1.0 / (1.0 + z * z / n);
    let centre = (p + z * z / (2.0 * n)) * scale;
    let reach = z * scale * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
    Some(Interval::between(p, (centre - reach).min(p), (centre + reach).max(p)).clipped_to_share())
}

#[cfg(test)]
mod tests {
    use super::{mean_interval, paired_interval, student_t_quantile, wilson_interval};

    /// Computed independently to 30 digits.
    #[test]
    fn student_t_has_its_tabulated_values() {
        for (p, freedom, value) in [
            (0.975, 9.0, 2.262_157),
            (0.975, 19.0, 2.093_024),
            (0.975, 99.0, 1.984_217),
            (1.0 - 0.05 / 24.0, 9.0, 3.807_878),
            (1.0 - 0.05 / 24.0, 19.0, 3.254_996),
            (1.0 - 0.05 / 24.0, 99.0, 2.933_356),
        ] {
            let t = student_t_quantile(p, freedom);
            assert!((t - value).abs() < 6e-7, "{t} {value}");
            assert!((student_t_quantile(1.0 - p, freedom) + value).abs() < 6e-7);
        }
        // One and two degrees of freedom have closed forms.
        let p: f64 = 0.9;
        let two = (2.0 * p - 1.0) * (2.0 / (4.0 * p * (1.0 - p))).sqrt();
        assert!((student_t_quantile(p, 2.0) - two).abs() < 1e-9);
        assert!((student_t_quantile(0.75, 1.0) - 1.0).abs() < 1e-9);
        assert!((student_t_quantile(0.975, 1e6) - 1.959_966_4).abs() < 1e-7);
        // The two ways agree where they meet.
        for p in [0.6, 0.9, 0.975, 0.9995] {
            let (below, above) = (student_t_quantile(p, 200.0), student_t_quantile(p, 200.0 + 1e-9));
            assert!((below - above).abs() < 1e-8, "{below} {above}");
        }
        assert!(student_t_quantile(0.975, 0.0) == f64::INFINITY);
    }

    #[test]
    fn a_mean_has_its_t_interval() {
        let i = mean_interval(&[1.0, 2.0, 3.0, 4.0], 0.95).unwrap();
        // s^2 = 5/3, standard error 0.645497, t(3) = 3.182446.
        assert!(
            (i.mean - 2.5).abs() < 1e-12 && (i.half_width - 2.054_260).abs() < 1e-5,
            "{i:?}"
        );
        assert!(i.contains(0.5) && !i.contains(0.4));
        assert!(mean_interval(&[], 0.95).is_none());
        assert!(mean_interval(&[3.0], 0.95).unwrap().half_width == f64::INFINITY);
    }

    #[test]
    fn a_constant_shift_has_no_width() {
        let i = paired_interval(&[1.0, 5.0, 9.0], &[2.0, 6.0, 10.0], 0.95).unwrap();
        assert!((i.mean - 1.0).abs() < 1e-12 && i.half_width.abs() < 1e-12);
        assert!(paired_interval(&[1.0], &[1.0, 2.0], 0.95).is_none());
    }

    /// Newcombe, *Two-sided confidence intervals for the single proportion*, Stat. Med. 17 (1998), table I: method 3.
    #[test]
    fn wilson_intervals_are_the_published_ones() {
        for (r, n, low, high) in [
            (81, 263, 0.2553, 0.3662),
            (15, 148, 0.0624, 0.1605),
            (0, 20, 0.0, 0.1611),
            (1, 29, 0.0061, 0.1718),
        ] {
            let i = wilson_interval(r, n, 0.95).unwrap();
            assert!((i.low - low).abs() < 5.1e-5 && (i.high - high).abs() < 5.1e-5, "{i:?}");
        }
        assert!(wilson_interval(0, 0, 0.95).is_none());
        let all = wilson_interval(20, 20, 0.95).unwrap();
        assert!((all.low - 0.8389).abs() < 5.1e-5 && (all.high - 1.0).abs() < 1e-12);
    }
}
