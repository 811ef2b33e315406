//! Intervals of means, of paired differences and of simple shares.

use serde::Serialize;

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
/// The same bits on every machine: only `libm` and the four operations.
///
/// # Source
/// Up to 200 degrees of freedom Newton's method on the tail of the distribution; above, the expansion in `1/freedom` of
/// Abramowitz & Stegun, *Handbook of Mathematical Functions* (1964), 26.7.5, which has nine digits there.
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
    if !(freedom > 0.0 && p > 0.0 && p < 1.0) {
        return if p < 0.5 { f64::NEG_INFINITY } else { f64::INFINITY };
    }
    if p < 0.5 {
        -upper_t(p, 0.5 - p, freedom)
    } else {
        upper_t(1.0 - p, p - 0.5, freedom)
    }
}

/// The t at least 0 with probability `tail` above it and `centre` between 0 and it.
///
/// Newton's method from the normal quantile, which is never beyond: on the probability from 0 to t near the middle,
/// where it is almost straight, and farther out on logarithms of the tail and of t, where the tail is. Both are
/// concave in what they are solved for, so that after its first step Newton's method only goes one way.
fn upper_t(tail: f64, centre: f64, freedom: f64) -> f64 {
    if centre <= 0.0 {
        return 0.0;
    }
    let mut t = -normal_quantile(tail);
    for _ in 0..100 {
        let (above, below, t_density) = t_tail(t, freedom);
        let next = if tail > 0.1 {
            t + t * (centre - below) / t_density
        } else {
            t * libm::exp(libm::log(above / tail) * above / t_density)
        };
        let step = (next - t).abs();
        t = next;
        // What is left is about the square of the last step.
        if step <= 1e-9 * t {
            break;
        }
    }
    t
}

/// Of Student's t: the probability above `t > 0`, that between 0 and `t`, and `t` times its density there.
///
/// # Source
/// The tail is half the regularised incomplete beta function `I_x(freedom/2, 1/2)` at `x = freedom/(freedom + t^2)`:
/// Abramowitz & Stegun, 26.7.1 and 26.5.27. Its power factor, divided by the beta function, is `t` times the density.
fn t_tail(t: f64, freedom: f64) -> (f64, f64, f64) {
    let half = 0.5 * freedom;
    let odds = t * t / freedom;
    let log_beta = libm::lgamma(half) + libm::lgamma(0.5) - libm::lgamma(half + 0.5);
    let t_density = t / freedom.sqrt() * libm::exp(-log_beta - (half + 0.5) * libm::log1p(odds));
    let x = 1.0 / (1.0 + odds);
    // The fraction converges fast on this side of the mean of the beta distribution.
    if x < (half + 1.0) / (half + 2.5) {
        let above = t_density / freedom * beta_fraction(x, half, 0.5);
        (above, 0.5 - above, t_density)
    } else {
        let below = t_density * beta_fraction(odds / (1.0 + odds), 0.5, half);
        (0.5 - below, below, t_density)
    }
}

/// The continued fraction of the incomplete beta function: `a B(a, b) I_x(a, b) / (x^a (1 - x)^b)`.
///
/// # Source
/// NIST *Digital Library of Mathematical Functions*, 8.17.22 and 8.17.23, evaluated forwards: W. J. Lentz, *Generating
/// Bessel functions in Mie scattering calculations using continued fractions*, Applied Optics 15 (1976), 668-671, with
/// zeros replaced as by Thompson & Barnett, J. Comput. Phys. 64 (1986), 490-509.
fn beta_fraction(x: f64, a: f64, b: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let nonzero = |v: f64| if v.abs() < TINY { TINY } else { v };
    let (mut c, mut d) = (1.0, 1.0 / nonzero(1.0 - (a + b) * x / (a + 1.0)));
    let mut value = d;
    for m in 1..=500 {
        let m = f64::from(m);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        let mut change = 1.0;
        for term in [even, odd] {
            d = 1.0 / nonzero(1.0 + term * d);
            c = nonzero(1.0 + term / c);
            change = c * d;
            value *= change;
        }
        if (change - 1.0).abs() < 1e-16 {
            break;
        }
    }
    value
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
    use super::{mean_interval, student_t_quantile, wilson_interval};
    use statrs::distribution::{ContinuousCDF, StudentsT};

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

    /// One, two and four degrees of freedom have closed forms (Shaw, *J. Comput. Finance* 9 (2006), 37-73).
    #[test]
    fn student_t_is_its_closed_forms_to_ten_digits() {
        let close = |a: f64, b: f64| (a / b - 1.0).abs() < 1e-10;
        for p in [0.5001, 0.51, 0.6, 0.75, 0.89, 0.9, 0.91, 0.975, 0.9995, 1.0 - 1e-6] {
            let alpha: f64 = 4.0 * p * (1.0 - p);
            let one = 1.0 / libm::tan(std::f64::consts::PI * (1.0 - p));
            let two = (2.0 * p - 1.0) * (2.0 / alpha).sqrt();
            let q = libm::cos(libm::acos(alpha.sqrt()) / 3.0) / alpha.sqrt();
            let (t1, t2, t4) = (
                student_t_quantile(p, 1.0),
                student_t_quantile(p, 2.0),
                student_t_quantile(p, 4.0),
            );
            assert!(close(t1, one) && close(t2, two), "{p}: {t1} {one}, {t2} {two}");
            // The closed form itself loses digits near the middle.
            let four = 2.0 * (q - 1.0).sqrt();
            assert!(
                close(t4, four) || (p < 0.55 && (t4 / four - 1.0).abs() < 1e-7),
                "{p}: {t4} {four}"
            );
        }
        assert!(student_t_quantile(0.5, 7.0) == 0.0 && student_t_quantile(0.0, 7.0) == f64::NEG_INFINITY);
    }

    /// Worked out independently with 40 digits.
    #[test]
    fn student_t_has_ten_digits_up_to_200_degrees_of_freedom() {
        for (p, freedom, value) in [
            (0.51, 1.0, 0.031_426_266_043_351_18),
            (0.95, 1.0, 6.313_751_514_675_037),
            (0.975, 1.0, 12.706_204_736_174_69),
            (0.9995, 1.0, 636.619_248_768_789_7),
            (0.51, 3.0, 0.027_211_467_049_118_02),
            (0.95, 3.0, 2.353_363_434_801_823),
            (0.975, 3.0, 3.182_446_305_283_708),
            (0.9995, 3.0, 12.923_978_636_687_96),
            (0.51, 9.0, 0.025_774_047_507_690_51),
            (0.95, 9.0, 1.833_112_932_656_237),
            (0.975, 9.0, 2.262_157_162_798_205),
            (0.9995, 9.0, 4.780_912_585_931_218),
            (0.51, 59.0, 0.025_175_420_224_397_6),
            (0.95, 59.0, 1.671_093_032_103_895),
            (0.975, 59.0, 2.000_995_378_088_267),
            (0.9995, 59.0, 3.463_210_304_951_978),
            (0.51, 199.0, 0.025_100_441_378_610_79),
            (0.95, 199.0, 1.652_546_746_166_563),
            (0.975, 199.0, 1.971_956_544_251_753),
            (0.9995, 199.0, 3.340_086_556_161_463),
            (0.51, 200.0, 0.025_100_283_615_498_63),
            (0.95, 200.0, 1.652_508_100_910_877),
            (0.975, 200.0, 1.971_896_223_633_909),
            (0.9995, 200.0, 3.339_835_406_275_711),
        ] {
            let t = student_t_quantile(p, freedom);
            assert!((t / value - 1.0).abs() < 1e-10, "{p} {freedom}: {t} {value}");
        }
    }

    #[test]
    fn student_t_puts_the_probability_asked_for_below_it() {
        for freedom in 1..=200 {
            let other = StudentsT::new(0.0, 1.0, f64::from(freedom)).unwrap();
            for p in [1e-9, 0.001, 0.024, 0.3, 0.49, 0.55, 0.8, 0.9, 0.95, 0.975, 0.99, 0.9999] {
                let t = student_t_quantile(p, f64::from(freedom));
                let back = other.cdf(t);
                assert!((back / p - 1.0).abs() < 1e-10, "{p} {freedom}: {back}");
            }
        }
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
