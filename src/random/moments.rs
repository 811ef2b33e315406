//! Means and standard deviations of what is really sampled, in closed form.
//!
//! A value kept between limits has the moments of its part between them plus a lump at each, so the one thing each
//! family must know is the part of a moment that values below `x` bring. For the log-normal and the gamma that is a
//! distribution function with moved parameters (Johnson, Kotz & Balakrishnan, *Continuous Univariate Distributions*,
//! vol. 1, 2nd ed., 14.3 and 17.3).

use crate::random::distribution::Family;
use crate::random::gamma::gamma_probability;
use crate::random::normal::probability;

impl Family {
    /// Mean and standard deviation without limits \[ms\], in closed form.
    pub(crate) fn moments(&self) -> (f64, f64) {
        match self {
            Self::Fixed(value) => (*value, 0.0),
            Self::Exponential { mean } => (*mean, *mean),
            Self::LogNormal { mu, sigma, .. } => {
                let mean = libm::exp(mu + 0.5 * sigma * sigma);
                (mean, mean * libm::expm1(sigma * sigma).sqrt())
            }
            Self::Gamma { mean, shape, .. } => (*mean, mean / shape.sqrt()),
            Self::HyperExponential { branches, .. } => {
                let mean: f64 = branches.iter().map(|b| b.share * b.mean).sum();
                let square: f64 = branches.iter().map(|b| 2.0 * b.share * b.mean * b.mean).sum();
                (mean, (square - mean * mean).max(0.0).sqrt())
            }
            Self::Triangular {
                low: a,
                mode: c,
                high: b,
            } => {
                let variance = ((b - a) * (b - a) + (c - a) * (c - b)) / 18.0;
                ((a + b + c) / 3.0, variance.max(0.0).sqrt())
            }
            Self::Uniform { low, high } => (0.5 * (low + high), (high - low) / 12f64.sqrt()),
            Self::Empirical { .. } => self.clamped_moments(0.0, f64::MAX),
        }
    }

    /// Mean and standard deviation \[ms\] once values below `low` are raised to it and those above `high` lowered to it.
    pub(crate) fn clamped_moments(&self, low: f64, high: f64) -> (f64, f64) {
        let below = self.part_below(low);
        let to_high = self.part_below(high);
        let beyond = 1.0 - to_high[0];
        // Products with `high` only where something lies there: it may be as good as infinite.
        let lump = |k: f64| if beyond > 0.0 { beyond * k } else { 0.0 };
        let mean = low * below[0] + (to_high[1] - below[1]) + lump(high);
        let square = low * low * below[0] + (to_high[2] - below[2]) + lump(high * high);
        (mean, (square - mean * mean).max(0.0).sqrt())
    }

    /// The probability that a value is at most `x` \[ms\], and the parts of its first two moments that such values
    /// bring.
    fn part_below(&self, x: f64) -> [f64; 3] {
        match self {
            Self::Fixed(value) => {
                if *value <= x {
                    [1.0, *value, value * value]
                } else {
                    [0.0; 3]
                }
            }
            Self::Exponential { mean } => exponential_part(*mean, x),
            Self::LogNormal { mu, sigma, .. } => {
                if x <= 0.0 {
                    return [0.0; 3];
                }
                let z = (libm::log(x) - mu) / sigma;
                [0.0, 1.0, 2.0].map(|k| libm::exp(k * mu + 0.5 * k * k * sigma * sigma) * probability(z - k * sigma))
            }
            Self::Gamma { mean, shape, .. } => {
                let scale = mean / shape;
                let t = x / scale;
                [
                    gamma_probability(*shape, t),
                    mean * gamma_probability(shape + 1.0, t),
                    mean * (mean + scale) * gamma_probability(shape + 2.0, t),
                ]
            }
            Self::HyperExponential { branches, .. } => branches.iter().fold([0.0; 3], |sum, b| {
                let part = exponential_part(b.mean, x);
                [0, 1, 2].map(|k| sum[k] + b.share * part[k])
            }),
            Self::Triangular {
                low: a,
                mode: c,
                high: b,
            } => {
                let mut sum = [0.0; 3];
                if c > a {
                    let slope = 2.0 / ((b - a) * (c - a));
                    add(&mut sum, line_part(*a, c.min(x), -slope * a, slope));
                }
                if b > c {
                    let slope = 2.0 / ((b - a) * (b - c));
                    add(&mut sum, line_part(*c, b.min(x), slope * b, -slope));
                }
                sum
            }
            Self::Uniform { low, high } => line_part(*low, high.min(x), 1.0 / (high - low), 0.0),
            Self::Empirical { values } => {
                let share = 1.0 / (values.len() - 1) as f64;
                let mut sum = [0.0; 3];
                for pair in values.windows(2) {
                    let (a, b) = (pair[0], pair[1]);
                    if b > a {
                        add(&mut sum, line_part(a, b.min(x), share / (b - a), 0.0));
                    } else if a <= x {
                        add(&mut sum, [share, share * a, share * a * a]);
                    }
                }
                sum
            }
        }
    }
}

/// [`Family::part_below`] of an exponential.
fn exponential_part(mean: f64, x: f64) -> [f64; 3] {
    if mean <= 0.0 {
        return [1.0, 0.0, 0.0];
    }
    let t = x / mean;
    let beyond = libm::exp(-t);
    [
        -libm::expm1(-t),
        mean * (1.0 - beyond * (1.0 + t)),
        mean * mean * (2.0 - beyond * (2.0 + t * (2.0 + t))),
    ]
}

/// Adds three numbers to three.
fn add(sum: &mut [f64; 3], more: [f64; 3]) {
    for (s, m) in sum.iter_mut().zip(more) {
        *s += m;
    }
}

/// Zeroth to second moment of the density `height + slope x` between `from` and `to`; nothing if they are reversed.
fn line_part(from: f64, to: f64, height: f64, slope: f64) -> [f64; 3] {
    if to <= from {
        return [0.0; 3];
    }
    // Exact for polynomials of degree three: Simpson's rule.
    let middle = 0.5 * (from + to);
    let sixth = (to - from) / 6.0;
    let rule = |f: &dyn Fn(f64) -> f64| sixth * (f(from) + 4.0 * f(middle) + f(to));
    let density = |x: f64| height + slope * x;
    [rule(&density), rule(&|x| x * density(x)), rule(&|x| x * x * density(x))]
}
