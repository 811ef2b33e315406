//! The gamma distribution by its own code, so that it is the same on every machine.
//!
//! Everything is done in the logarithm of the value, where small shapes cannot underflow: with shape 0.01 one value
//! in a hundred is below 1e-200.

use crate::random::normal::{density, normal_quantile, probability};

/// `ln(x^a e^-x / Gamma(a + 1))` at `x = e^y`.
///
/// # Source
/// C. Loader, *Fast and accurate computation of binomial probabilities* (2000): Poisson probability as deviance and
/// Stirling error, which loses no digits for large `a`.
fn ln_weight(a: f64, y: f64) -> f64 {
    let x = libm::exp(y);
    if a < 15.0 {
        return a * y - x - libm::lgamma(a + 1.0);
    }
    let i = 1.0 / a;
    let i2 = i * i;
    // Stirling's series for ln Gamma(a + 1); the first term left out is below 1e-15 at a = 15.
    let stirling =
        i * (1.0 / 12.0 - i2 * (1.0 / 360.0 - i2 * (1.0 / 1260.0 - i2 * (1.0 / 1680.0 - i2 * (1.0 / 1188.0)))));
    -stirling - deviance(a, x, y) - 0.5 * libm::log(std::f64::consts::TAU * a)
}

/// `a ln(a/x) + x - a`, without cancellation near `x = a`.
fn deviance(a: f64, x: f64, y: f64) -> f64 {
    let (difference, sum) = (a - x, a + x);
    if difference.abs() > 0.1 * sum {
        return a * (libm::log(a) - y) - difference;
    }
    let v = difference / sum;
    let mut total = difference * v;
    let mut term = 2.0 * a * v;
    for j in 1..1000 {
        term *= v * v;
        let next = total + term / f64::from(2 * j + 1);
        if next.to_bits() == total.to_bits() {
            break;
        }
        total = next;
    }
    total
}

/// Most terms that a series or fraction may take: enough for shapes of 1e6 at 9 standard deviations.
const TERMS: u32 = 100_000;

/// Logarithms of the lower and upper regularised incomplete gamma function, `(ln P(a, x), ln Q(a, x))` at `x = e^y`.
///
/// # Source
/// Series for `x < a + 1` and Legendre's continued fraction by Lentz's method above: N. M. Temme, *Special Functions*
/// (1996), 11.2; W. J. Lentz, *Applied Optics* 15 (1976), 668-671; in this form Press et al., *Numerical Recipes*,
/// 3rd ed., 6.2.
fn ln_gamma_tails(a: f64, y: f64) -> (f64, f64) {
    let x = libm::exp(y);
    if x < a + 1.0 {
        let (mut sum, mut term, mut n) = (1.0, 1.0, a);
        for _ in 0..TERMS {
            n += 1.0;
            term *= x / n;
            sum += term;
            if term < sum * 1e-17 {
                break;
            }
        }
        let p = (ln_weight(a, y) + libm::log(sum)).min(0.0);
        (p, ln_complement(p))
    } else {
        const TINY: f64 = 1e-300;
        let mut b = x + 1.0 - a;
        let mut c = 1.0 / TINY;
        let mut d = 1.0 / b;
        let mut h = d;
        for i in 1..TERMS {
            let i = f64::from(i);
            let numerator = -i * (i - a);
            b += 2.0;
            d = numerator * d + b;
            if d.abs() < TINY {
                d = TINY;
            }
            c = b + numerator / c;
            if c.abs() < TINY {
                c = TINY;
            }
            d = 1.0 / d;
            let factor = d * c;
            h *= factor;
            if (factor - 1.0).abs() < 1e-16 {
                break;
            }
        }
        let q = (ln_weight(a, y) + libm::log(a) + libm::log(h)).min(0.0);
        (ln_complement(q), q)
    }
}

/// `ln(1 - e^p)` for `p <= 0`.
fn ln_complement(p: f64) -> f64 {
    if p > -std::f64::consts::LN_2 {
        libm::log(-libm::expm1(p))
    } else {
        libm::log1p(-libm::exp(p))
    }
}

/// The probability that a gamma value of this shape and scale 1 is at most `x`.
pub(crate) fn gamma_probability(shape: f64, x: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if x.is_infinite() {
        return 1.0;
    }
    libm::exp(ln_gamma_tails(shape, libm::log(x)).0)
}

/// Beyond this normal quantile the tails themselves underflow; nothing is ever sampled there.
const FAR: f64 = 37.0;

/// Logarithm of the quantile of the gamma distribution of this shape and scale 1, with `u` given as its normal
/// quantile `z`, so that both tails keep their digits. Newton's method on the logarithm of the smaller tail, kept
/// inside a bracket.
fn ln_quantile_at(a: f64, z: f64, start: f64) -> f64 {
    let z = z.clamp(-FAR, FAR);
    let lower = z < 0.0;
    let target = libm::log(probability(-z.abs()));
    let mut y = start;
    let (mut below, mut above) = (f64::NEG_INFINITY, f64::INFINITY);
    for _ in 0..200 {
        let (p, q) = ln_gamma_tails(a, y);
        // Increasing in y for the lower tail, decreasing for the upper one.
        let (tail, miss) = if lower { (p, p - target) } else { (q, target - q) };
        if miss == 0.0 {
            break;
        }
        if miss > 0.0 {
            above = y;
        } else {
            below = y;
        }
        // d ln P / dy = x f(x) / P, and x f(x) = a x weight.
        let slope = libm::exp(ln_weight(a, y) + libm::log(a) - tail);
        let mut next = y - miss / slope;
        if !(next > below && next < above) {
            next = match (below.is_finite(), above.is_finite()) {
                (true, true) => 0.5 * (below + above),
                (true, false) => below + 1.0 + below.abs(),
                _ => above - 1.0 - above.abs(),
            };
        }
        let step = (next - y).abs();
        y = next;
        if step <= 2e-16 * y.abs().max(1.0) {
            break;
        }
    }
    y
}

/// A first guess at [`ln_quantile_at`].
///
/// # Source
/// E. B. Wilson & M. M. Hilferty, *The distribution of chi-square*, PNAS 17 (1931), 684-688; in the lower tail the
/// first term of the series.
fn guess(a: f64, z: f64) -> f64 {
    let z = z.clamp(-FAR, FAR);
    let cube = 1.0 - 1.0 / (9.0 * a) + z / (3.0 * a.sqrt());
    let first = (libm::log(probability(z)) + libm::lgamma(a + 1.0)) / a;
    if cube > 0.3 && a > 0.5 {
        libm::log(a) + 3.0 * libm::log(cube)
    } else {
        first.min(libm::log(a + 1.0))
    }
}

/// Logarithm of the quantile at `u` of the gamma distribution of this shape and scale 1.
fn ln_gamma_quantile(shape: f64, u: f64) -> f64 {
    let z = normal_quantile(u);
    ln_quantile_at(shape, z, guess(shape, z))
}

/// A gamma value with mean 1 and this shape (variance `1/shape`), by inversion of `u` in (0, 1).
///
/// Solved afresh each time (some microseconds): for a day's demand factor, not for visits. Monotone in `u`. A shape
/// that is infinite gives 1: no variation; one that is zero, negative or not a number gives NaN.
#[must_use]
pub fn gamma_factor(shape: f64, u: f64) -> f64 {
    if shape > 1e8 {
        // The variance is below 1e-8: Wilson and Hilferty's cube is exact to more than nine digits.
        let cube = 1.0 - 1.0 / (9.0 * shape) + normal_quantile(u) / (3.0 * shape.sqrt());
        return cube * cube * cube;
    }
    if shape.is_nan() || shape <= 0.0 {
        return f64::NAN;
    }
    libm::exp(ln_gamma_quantile(shape, u) - libm::log(shape))
}

/// The quantile of a gamma distribution with mean 1, tabulated: about as fast as a log-normal one.
///
/// The logarithm of the value is a smooth function of the normal quantile of `u`. It is tabulated with its exact
/// slope on an even grid and interpolated by cubics (Hermite), to about 1e-9 of the value; the cubics are monotone
/// (F. N. Fritsch & R. E. Carlson, *Monotone piecewise cubic interpolation*, SIAM J. Numer. Anal. 17 (1980),
/// 238-246: slopes at most three times the chord's). Outside the grid, which no draw reaches, it is solved.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct GammaTable {
    shape: f64,
    /// Knots per unit of the normal quantile.
    density: f64,
    /// (logarithm of the value, its slope per knot).
    knots: Vec<[f64; 2]>,
}

/// The table covers normal quantiles from minus to plus this: draws of 52 bits end at 8.21.
const REACH: f64 = 8.25;

impl GammaTable {
    /// Tabulates the gamma distribution of this shape: 1e-4 to 1e6.
    pub(crate) fn new(shape: f64) -> Self {
        let cells = if shape < 0.5 {
            4096
        } else if shape < 100.0 {
            1024
        } else {
            256
        };
        let step = 2.0 * REACH / f64::from(cells);
        let ln_shape = libm::log(shape);
        let mut knots = Vec::with_capacity(cells as usize + 1);
        for k in 0..=cells {
            let z = f64::from(k) * step - REACH;
            let y = ln_quantile_at(shape, z, guess(shape, z));
            // dy/dz = density of z / (x density of x); both divided by the tail, so that nothing underflows.
            let slope = density(z) / libm::exp(ln_weight(shape, y) + ln_shape);
            knots.push([y - ln_shape, slope * step]);
        }
        for k in 1..knots.len() {
            let chord = knots[k][0] - knots[k - 1][0];
            for end in [k - 1, k] {
                knots[end][1] = knots[end][1].min(3.0 * chord);
            }
        }
        Self {
            shape,
            density: 1.0 / step,
            knots,
        }
    }

    /// The value at `u`; the mean is 1.
    #[inline]
    pub(crate) fn value(&self, u: f64) -> f64 {
        let z = normal_quantile(u);
        let place = (z + REACH) * self.density;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "saturates; checked by get"
        )]
        let cell = place as usize;
        match self.knots.get(cell..cell.saturating_add(2)) {
            Some(&[[y0, d0], [y1, d1]]) if place >= 0.0 => {
                let t = place - cell as f64;
                let rise = y1 - y0;
                libm::exp(y0 + t * (d0 + t * ((3.0 * rise - 2.0 * d0 - d1) + t * (d0 + d1 - 2.0 * rise))))
            }
            _ => libm::exp(ln_quantile_at(self.shape, z, guess(self.shape, z)) - libm::log(self.shape)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{GammaTable, gamma_factor, gamma_probability, ln_gamma_tails};
    use statrs::distribution::{ContinuousCDF, Gamma};

    const SHAPES: [f64; 14] = [
        0.01, 0.04, 0.1, 0.3, 0.5, 0.99, 1.0, 2.0, 2.777, 6.25, 40.0, 99.0, 100.0, 10_000.0,
    ];

    #[test]
    fn probabilities_agree_with_an_independent_code() {
        for shape in SHAPES {
            let theirs = Gamma::new(shape, 1.0).unwrap();
            for k in 1..200 {
                let x = shape * f64::from(k) / 50.0;
                let (ours, other) = (gamma_probability(shape, x), theirs.cdf(x));
                assert!((ours - other).abs() < 1e-10, "shape {shape} x {x}: {ours} {other}");
            }
        }
    }

    /// Shape 1 is exponential: P = 1 - e^-x, Q = e^-x, exactly.
    #[test]
    fn shape_one_is_exponential_in_both_tails() {
        for k in -300..60 {
            let y = f64::from(k) / 10.0;
            let x = libm::exp(y);
            let (p, q) = ln_gamma_tails(1.0, y);
            assert!((q + x).abs() < 1e-13 * x.max(1.0), "x {x}");
            assert!((p - libm::log(-libm::expm1(-x))).abs() < 1e-13, "x {x}");
        }
        for u in [1e-12, 1e-3, 0.2, 0.5, 0.9, 1.0 - 1e-12] {
            assert!((gamma_factor(1.0, u) / -libm::log1p(-u) - 1.0).abs() < 1e-13);
        }
    }

    #[test]
    fn the_factor_inverts_the_probability() {
        for shape in SHAPES {
            for k in 1..200 {
                let u = f64::from(k) / 200.0;
                let x = gamma_factor(shape, u) * shape;
                // Below the least positive number nothing can be told apart.
                if x > 1e-290 {
                    assert!(
                        (gamma_probability(shape, x) / u - 1.0).abs() < 1e-11,
                        "shape {shape} u {u}"
                    );
                }
            }
        }
    }

    #[test]
    fn the_table_is_accurate_to_a_few_parts_in_a_thousand_million() {
        for shape in SHAPES.into_iter().chain([1e6]) {
            let table = GammaTable::new(shape);
            let mut worst = 0f64;
            for k in 1..3000 {
                let u = crate::random::normal::probability(f64::from(k) * 16.0 / 3000.0 - 8.0);
                let exact = gamma_factor(shape, u);
                if exact > 1e-290 {
                    worst = worst.max((table.value(u) / exact - 1.0).abs());
                }
            }
            assert!(worst < 2e-9, "shape {shape}: {worst:e}");
        }
    }

    #[test]
    fn the_table_is_monotone() {
        for shape in SHAPES {
            let table = GammaTable::new(shape);
            let mut last = 0.0;
            for k in 1..100_000 {
                let now = table.value(f64::from(k) / 100_000.0);
                assert!(now >= last, "shape {shape}");
                last = now;
            }
        }
    }

    #[test]
    fn extremes_do_not_break_it() {
        assert!(gamma_factor(0.01, 1e-16) >= 0.0 && gamma_factor(1e-4, 0.999).is_finite());
        assert!((gamma_factor(f64::INFINITY, 0.3) - 1.0).abs() < 1e-15);
        assert!((gamma_factor(1e9, 0.3) - 1.0).abs() < 1e-4);
        assert!(gamma_factor(-1.0, 0.3).is_nan() && gamma_factor(f64::NAN, 0.3).is_nan());
        let table = GammaTable::new(2.0);
        assert!(table.value(1e-40) > 0.0 && table.value(0.0) >= 0.0 && table.value(1.0).is_finite());
    }
}
