//! An emulator: what a simulation would say at inputs at which it was not run, and how sure that is.
//!
//! A quadratic in the inputs by generalised least squares, and what that leaves as a Gaussian process with a Matérn 5/2
//! correlation (universal kriging: Santner, Williams & Notz, *The Design and Analysis of Computer Experiments*, 2nd ed.,
//! 3.2 to 3.3). Simulated means are noisy, and means at two points that were simulated with the same random numbers err
//! alike: their noise is correlated, as in stochastic kriging with common random numbers (Chen, Ankenman & Nelson, *ACM
//! TOMACS* 22 (2012), article 7). What is predicted is the mean without that noise.
//!
//! The process's variance and range are those of a fixed grid with the largest restricted likelihood. How honest the
//! variances are is told by leaving each point out (Dubrule, *Math. Geology* 15 (1983), 687-699): where those errors are larger
//! than they should be, all variances are made larger by as much.
//!
//! **Why this one.** Shares are nearly quadratic on the logit scale over the ranges of interest, and a quadratic needs few
//! points. The process takes up what is not, and lets variances grow where nobody has looked, which a regression alone does
//! not. Neural networks and trees need hundreds of points more for the same, and do not say how sure they are.

use super::cholesky::{Cholesky, dot};
use super::design::squared_distance;

/// A simulated mean.
#[derive(Clone, Debug, PartialEq)]
pub struct Simulated {
    /// At which inputs.
    pub at: Vec<f64>,
    /// The mean.
    pub value: f64,
    /// Its variance over replications; above 0.
    pub noise: f64,
    /// Means of one block were simulated with the same random numbers.
    pub block: usize,
}

/// What the simulation would say.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Prediction {
    /// Its mean.
    pub mean: f64,
    /// How far that may be off, as a variance.
    pub variance: f64,
}

/// Variances of the process that are tried, in those of the residuals of a regression.
const VARIANCES: [f64; 7] = [0.003, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0];
/// Ranges of the process that are tried, in the diagonal of the inputs' box from its centre.
const RANGES: [f64; 5] = [0.2, 0.4, 0.8, 1.6, 3.2];

/// A fitted emulator.
#[derive(Clone, Debug)]
pub struct Emulator {
    scale: Vec<(f64, f64)>,
    form: Form,
    points: Vec<Vec<f64>>,
    process: Process,
    /// Of the means' covariance, noise included.
    covariance: Cholesky,
    /// `L⁻¹ H`, a column each.
    regressors: Vec<Vec<f64>>,
    /// Of `Hᵀ K⁻¹ H`.
    information: Cholesky,
    coefficients: Vec<f64>,
    /// `K⁻¹` times what the regression leaves.
    residuals: Vec<f64>,
    left_out: Vec<f64>,
    inflation: f64,
}

/// Variance and range of a Matérn 5/2 process.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Process {
    variance: f64,
    range: f64,
}

impl Process {
    fn covariance(self, a: &[f64], b: &[f64]) -> f64 {
        let d = (5.0 * squared_distance(a, b)).sqrt() / self.range;
        self.variance * (1.0 + d + d * d / 3.0) * libm::exp(-d)
    }
}

/// The terms of the regression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Constant,
    Linear,
    Squares,
    Quadratic,
}

impl Form {
    /// The fullest for which there are two points for each term.
    fn for_points(points: usize, dimensions: usize) -> Self {
        let fits = |form: &Self| 2 * form.terms(dimensions) <= points;
        Self::Quadratic.and_below().find(fits).unwrap_or(Self::Constant)
    }

    /// This one and those with fewer terms.
    fn and_below(self) -> impl Iterator<Item = Self> {
        let all = [Self::Quadratic, Self::Squares, Self::Linear, Self::Constant];
        all.into_iter().skip_while(move |form| *form != self)
    }

    fn terms(self, d: usize) -> usize {
        match self {
            Self::Constant => 1,
            Self::Linear => 1 + d,
            Self::Squares => 1 + 2 * d,
            Self::Quadratic => 1 + d + d * (d + 1) / 2,
        }
    }

    fn at(self, x: &[f64]) -> Vec<f64> {
        let mut terms = vec![1.0];
        if self != Self::Constant {
            terms.extend(x);
        }
        match self {
            Self::Constant | Self::Linear => {}
            Self::Squares => terms.extend(x.iter().map(|x| x * x)),
            Self::Quadratic => {
                for (n, a) in x.iter().enumerate() {
                    terms.extend(x[..=n].iter().map(|b| a * b));
                }
            }
        }
        terms
    }
}

impl Emulator {
    /// Fits simulated means whose errors have this correlation within a block. `None` with fewer than three points, or where
    /// they say nothing that could be fitted.
    #[must_use]
    pub fn fit(simulated: &[Simulated], correlation: f64) -> Option<Self> {
        let dimensions = simulated.first()?.at.len();
        if simulated.len() < 3 {
            return None;
        }
        let scale: Vec<(f64, f64)> = (0..dimensions)
            .map(|axis| {
                let along = simulated.iter().map(|s| s.at[axis]);
                let low = along.clone().fold(f64::INFINITY, f64::min);
                let high = along.fold(f64::NEG_INFINITY, f64::max);
                (low.midpoint(high), ((high - low) / 2.0).max(1e-9))
            })
            .collect();
        let points: Vec<Vec<f64>> = simulated.iter().map(|s| scaled(&scale, &s.at)).collect();
        let noise = |i: usize, j: usize| {
            let (a, b) = (&simulated[i], &simulated[j]);
            match (i == j, a.block == b.block) {
                (true, _) => a.noise,
                (false, true) => correlation * (a.noise * b.noise).sqrt(),
                (false, false) => 0.0,
            }
        };
        let values: Vec<f64> = simulated.iter().map(|s| s.value).collect();
        // A term that the points cannot tell, since they have too few different values, is left out with all above it.
        let (form, start) = Form::for_points(points.len(), dimensions)
            .and_below()
            .find_map(|form| Some((form, Fit::of(&points, &values, form, noise)?)))?;
        let spread = start.left_squares / (points.len() - form.terms(dimensions)) as f64;
        let diagonal = (dimensions as f64).sqrt();
        let tried = RANGES
            .into_iter()
            .flat_map(|range| VARIANCES.into_iter().map(move |variance| (range, variance)))
            .filter_map(|(range, variance)| {
                let process = Process {
                    variance: variance * spread,
                    range: range * diagonal,
                };
                let entry = |i: usize, j: usize| process.covariance(&points[i], &points[j]) + noise(i, j);
                Fit::of(&points, &values, form, entry).map(|fit| (process, fit))
            });
        // Of those as likely, the first.
        let (process, fit) = tried.reduce(|best, other| {
            if other.1.likelihood > best.1.likelihood {
                other
            } else {
                best
            }
        })?;
        let left_out = fit.left_out();
        let squares: f64 = left_out.iter().map(|z| z * z).sum();
        Some(Self {
            inflation: (squares / left_out.len() as f64).max(1.0),
            left_out,
            scale,
            form,
            points,
            process,
            covariance: fit.covariance,
            regressors: fit.regressors,
            information: fit.information,
            coefficients: fit.coefficients,
            residuals: fit.residuals,
        })
    }

    /// What the simulation would say at these inputs.
    #[must_use]
    pub fn predict(&self, at: &[f64]) -> Prediction {
        let x = scaled(&self.scale, at);
        let terms = self.form.at(&x);
        let near: Vec<f64> = self.points.iter().map(|p| self.process.covariance(&x, p)).collect();
        let mean = dot(&terms, &self.coefficients) + dot(&near, &self.residuals);
        let half = self.covariance.half_solve(&near);
        let unexplained: Vec<f64> = terms
            .iter()
            .zip(&self.regressors)
            .map(|(term, column)| term - dot(column, &half))
            .collect();
        let doubt = self.information.half_solve(&unexplained);
        let variance = self.process.variance - dot(&half, &half) + dot(&doubt, &doubt);
        Prediction {
            mean,
            variance: variance.max(0.0) * self.inflation,
        }
    }

    /// The mean alone.
    #[must_use]
    pub fn mean(&self, at: &[f64]) -> f64 {
        let x = scaled(&self.scale, at);
        let near = self.points.iter().map(|p| self.process.covariance(&x, p));
        let process: f64 = near.zip(&self.residuals).map(|(near, r)| near * r).sum();
        dot(&self.form.at(&x), &self.coefficients) + process
    }

    /// The error at each point if it had been left out, in standard deviations.
    #[must_use]
    pub fn left_out(&self) -> &[f64] {
        &self.left_out
    }
}

fn scaled(scale: &[(f64, f64)], at: &[f64]) -> Vec<f64> {
    at.iter()
        .zip(scale)
        .map(|(x, (centre, half))| (x - centre) / half)
        .collect()
}

/// Generalised least squares for one covariance.
struct Fit {
    covariance: Cholesky,
    regressors: Vec<Vec<f64>>,
    information: Cholesky,
    coefficients: Vec<f64>,
    residuals: Vec<f64>,
    /// Sum of the squares of what the regression leaves.
    left_squares: f64,
    likelihood: f64,
}

impl Fit {
    fn of(points: &[Vec<f64>], values: &[f64], form: Form, entry: impl Fn(usize, usize) -> f64) -> Option<Self> {
        let covariance = Cholesky::of(points.len(), entry)?;
        let rows: Vec<Vec<f64>> = points.iter().map(|p| form.at(p)).collect();
        let terms = rows.first()?.len();
        let regressors: Vec<Vec<f64>> = (0..terms)
            .map(|term| covariance.half_solve(&rows.iter().map(|row| row[term]).collect::<Vec<_>>()))
            .collect();
        let information = Cholesky::of(terms, |a, b| dot(&regressors[a], &regressors[b]))?;
        let half = covariance.half_solve(values);
        let moments: Vec<f64> = regressors.iter().map(|column| dot(column, &half)).collect();
        let coefficients = information.solve(&moments);
        let left: Vec<f64> = values
            .iter()
            .zip(&rows)
            .map(|(value, row)| value - dot(row, &coefficients))
            .collect();
        let half_left = covariance.half_solve(&left);
        let determinants = covariance.log_determinant() + information.log_determinant();
        Some(Self {
            residuals: covariance.solve(&left),
            left_squares: dot(&left, &left),
            likelihood: -0.5 * (determinants + dot(&half_left, &half_left)),
            covariance,
            regressors,
            information,
            coefficients,
        })
    }

    /// With `Q = K⁻¹ - K⁻¹ H (Hᵀ K⁻¹ H)⁻¹ Hᵀ K⁻¹`, the error at a point left out is `(Q y)ᵢ / Qᵢᵢ` and its variance
    /// `1 / Qᵢᵢ`; and `Q y` is `K⁻¹` times the residuals.
    fn left_out(&self) -> Vec<f64> {
        let size = self.covariance.size();
        (0..size)
            .map(|i| {
                let unit: Vec<f64> = (0..size).map(|j| f64::from(u8::from(i == j))).collect();
                let half = self.covariance.half_solve(&unit);
                let shared: Vec<f64> = self.regressors.iter().map(|column| dot(column, &half)).collect();
                let explained = self.information.half_solve(&shared);
                let own = dot(&half, &half) - dot(&explained, &explained);
                if own > 0.0 { self.residuals[i] / own.sqrt() } else { 0.0 }
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{Emulator, Form, Simulated};
    use crate::random::{Key, name_salt, normal_quantile};
    use crate::stats::design::latin_hypercube;

    fn normal(key: Key, salt: &str, n: u64) -> f64 {
        normal_quantile(key.uniform(name_salt(salt), n))
    }

    fn simulated(points: &[Vec<f64>], noise: f64, value: impl Fn(usize, &[f64]) -> f64) -> Vec<Simulated> {
        let one = |(n, at): (usize, &Vec<f64>)| Simulated {
            at: at.clone(),
            value: value(n, at),
            noise,
            block: n,
        };
        points.iter().enumerate().map(one).collect()
    }

    #[test]
    fn the_form_is_the_fullest_with_two_points_a_term() {
        assert_eq!(Form::for_points(60, 6), Form::Quadratic);
        assert_eq!(Form::for_points(55, 6), Form::Squares);
        assert_eq!(Form::for_points(14, 6), Form::Linear);
        assert_eq!(Form::for_points(5, 6), Form::Constant);
        assert_eq!(Form::Quadratic.terms(6), Form::Quadratic.at(&[0.5; 6]).len());
        assert_eq!(Form::Quadratic.at(&[2.0, 3.0]), [1.0, 2.0, 3.0, 4.0, 6.0, 9.0]);
        assert_eq!(Form::Squares.at(&[2.0, 3.0]), [1.0, 2.0, 3.0, 4.0, 9.0]);
    }

    /// A quadratic with hardly any noise is found as it is, inside the points and a little outside.
    #[test]
    fn a_quadratic_is_reproduced() {
        let truth = |x: &[f64]| 0.3 + x[0] - 2.0 * x[1] + 0.7 * x[0] * x[1] + x[1] * x[1];
        let points = latin_hypercube(20, 2, Key::root(3));
        let emulator = Emulator::fit(&simulated(&points, 1e-10, |_, x| truth(x)), 0.0).unwrap();
        for x in [[0.5, 0.5], [0.1, 0.9], [0.0, 0.0], [1.1, 0.2]] {
            let found = emulator.predict(&x);
            assert!((found.mean - truth(&x)).abs() < 1e-3, "{found:?} {}", truth(&x));
            assert!((emulator.mean(&x) - found.mean).abs() < 1e-12);
        }
    }

    /// Two different values cannot tell a square from a line.
    #[test]
    fn terms_that_cannot_be_told_are_left_out() {
        let points: Vec<Vec<f64>> = (0..12).map(|n| vec![f64::from(n % 2)]).collect();
        let emulator = Emulator::fit(&simulated(&points, 0.01, |_, x| 1.0 + x[0]), 0.0).unwrap();
        assert_eq!(emulator.form, Form::Linear);
        assert!((emulator.predict(&[1.0]).mean - 2.0).abs() < 1e-3);
    }

    /// What a quadratic cannot follow the process does: a sine over three quarters of its wave.
    #[test]
    fn the_process_follows_what_the_quadratic_cannot() {
        let truth = |x: &[f64]| libm::sin(9.0 * x[0]);
        let points = latin_hypercube(16, 1, Key::root(3));
        let emulator = Emulator::fit(&simulated(&points, 1e-8, |_, x| truth(x)), 0.0).unwrap();
        for n in 1..20 {
            let x = [f64::from(n) / 20.0];
            let found = emulator.predict(&x);
            assert!((found.mean - truth(&x)).abs() < 0.03, "{x:?} {found:?} {}", truth(&x));
        }
        // It knows that it does not know far outside.
        assert!(emulator.predict(&[2.0]).variance > 100.0 * emulator.predict(&[0.5]).variance);
    }

    /// The variance of a prediction is that of the error: 200 fits of noisy means of a fixed curve; squared errors over the
    /// stated variance average to 1. Their standard error is about 0.1, and the process may only make it cautious.
    #[test]
    fn variances_are_those_of_the_errors() {
        let truth = |x: &[f64]| 1.0 + 2.0 * x[0] - x[1] * x[1];
        let points = latin_hypercube(24, 2, Key::root(9));
        let mut ratio = 0.0;
        for n in 0..200 {
            let key = Key::root(100 + n);
            let data = simulated(&points, 0.01, |i, x| truth(x) + 0.1 * normal(key, "noise", i as u64));
            let found = Emulator::fit(&data, 0.0).unwrap().predict(&[0.4, 0.6]);
            let error = found.mean - truth(&[0.4, 0.6]);
            ratio += error * error / found.variance / 200.0;
        }
        assert!((0.4..1.3).contains(&ratio), "{ratio}");
    }

    /// With the same random numbers at all points the level cannot be known better than one error; knowing so, the variance
    /// says it, and not knowing, it does not. Slopes are the better for it.
    #[test]
    fn common_random_numbers_leave_the_level_in_doubt() {
        let points = latin_hypercube(24, 2, Key::root(9));
        let mut data = simulated(&points, 0.01, |i, x| {
            x[0] + 0.1 * 0.1 * normal(Key::root(4), "own", i as u64)
        });
        data.iter_mut().for_each(|s| s.block = 0);
        let doubt = |correlation| Emulator::fit(&data, correlation).unwrap().predict(&[0.5, 0.5]).variance;
        assert!(doubt(0.99) > 0.0095, "{}", doubt(0.99));
        assert!(doubt(0.0) < 0.004, "{}", doubt(0.0));
    }

    /// Left-out errors are what fitting without the point gives: here, of a constant with equal noise `v` from five points,
    /// the error is `y - mean of the others` and its variance `v (1 + 1/4)`.
    #[test]
    fn left_out_errors_by_hand() {
        let values = [1.0, 2.0, 4.0, 3.0, 5.0];
        let points: Vec<Vec<f64>> = (0..5).map(|n| vec![f64::from(n) / 4.0; 3]).collect();
        let entry = |i: usize, j: usize| f64::from(u8::from(i == j)) * 0.5;
        let fit = super::Fit::of(&points, &values, Form::Constant, entry).unwrap();
        let expected = |y: f64| (y - (15.0 - y) / 4.0) / (0.5f64 * 1.25).sqrt();
        for (found, y) in fit.left_out().iter().zip(values) {
            assert!((found - expected(y)).abs() < 1e-12, "{found} {}", expected(y));
        }
        assert!(Emulator::fit(&simulated(&points[..2], 1.0, |_, _| 0.0), 0.0).is_none());
    }
}
