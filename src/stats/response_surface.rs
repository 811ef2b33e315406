//! A smooth surface through outcomes that are known at some points, and by chance: what the outcome would be in between.
//!
//! A sum of products of Legendre polynomials of the inputs, each scaled so that its range is -1 to 1: one input to the third
//! degree, two together to the third in all. Of these terms those are taken, one after another, that explain most of what is
//! not explained yet; a term that chance alone might bring is not (see [`Surface::fit`]). So an input that does nothing has no
//! term, and noise does not look like an input.

/// A term: one or two inputs, with their degrees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Term {
    one: (usize, u8),
    other: Option<(usize, u8)>,
}

impl Term {
    fn at(self, point: &[f64]) -> f64 {
        let of = |(input, degree): (usize, u8)| legendre(degree, point[input]);
        of(self.one) * self.other.map_or(1.0, of)
    }
}

fn legendre(degree: u8, t: f64) -> f64 {
    match degree {
        0 => 1.0,
        1 => t,
        2 => (3.0 * t * t - 1.0) / 2.0,
        _ => (5.0 * t * t - 3.0) * t / 2.0,
    }
}

/// A surface.
#[derive(Clone, Debug, PartialEq)]
pub struct Surface {
    terms: Vec<Term>,
    /// Of nothing but the mean, then of the terms.
    coefficients: Vec<f64>,
}

/// Highest degree of one input, and of two together.
const DEGREE: u8 = 3;

impl Surface {
    /// The surface of so many points (each a scaled value for every input) and their outcomes; `None` where points are fewer
    /// than eight or differ in length.
    ///
    /// Terms are taken while the extended Bayesian criterion falls: a term must take the residual sum of squares down by more
    /// than a factor `exp((ln n + 2 ln m) / n)`, with `n` points and `m` terms to choose from, and there are at most a third as many
    /// terms as points.
    ///
    /// # Source
    /// Orthogonal matching pursuit for polynomial chaos: G. Blatman & B. Sudret, *Adaptive sparse polynomial chaos expansion
    /// based on least angle regression*, Journal of Computational Physics 230 (2011), 2345-2367. Criterion: J. Chen & Z. Chen,
    /// *Extended Bayesian information criteria for model selection with large model spaces*, Biometrika 95 (2008), 759-771.
    #[must_use]
    pub fn fit(points: &[Vec<f64>], outcomes: &[f64]) -> Option<Self> {
        let inputs = points.first()?.len();
        if points.len() < 8 || points.len() != outcomes.len() || points.iter().any(|p| p.len() != inputs) {
            return None;
        }
        let terms = choose(candidates(inputs), points, outcomes);
        let mut surface = Self {
            terms,
            coefficients: Vec::new(),
        };
        let all: Vec<usize> = (0..points.len()).collect();
        surface.coefficients = surface.coefficients_of(points, outcomes, &all)?;
        Some(surface)
    }

    /// The same terms, with coefficients from some of the points, which may be named more than once.
    #[must_use]
    pub fn refitted(&self, points: &[Vec<f64>], outcomes: &[f64], chosen: &[usize]) -> Option<Self> {
        Some(Self {
            terms: self.terms.clone(),
            coefficients: self.coefficients_of(points, outcomes, chosen)?,
        })
    }

    /// The outcome at a point.
    #[must_use]
    pub fn at(&self, point: &[f64]) -> f64 {
        self.of(&self.row(point))
    }

    /// Whether an input is in it.
    #[must_use]
    pub fn has(&self, input: usize) -> bool {
        let of = |part: (usize, u8)| part.0 == input;
        self.terms.iter().any(|term| of(term.one) || term.other.is_some_and(of))
    }

    /// Its terms, besides the mean.
    #[must_use]
    pub fn terms(&self) -> usize {
        self.terms.len()
    }

    /// At each point, the outcome as the surface through all other points has it: how good it is where it has not been.
    /// `None` where a point decides a coefficient alone.
    #[must_use]
    pub fn left_out(&self, points: &[Vec<f64>], outcomes: &[f64]) -> Option<Vec<f64>> {
        let rows: Vec<Vec<f64>> = points.iter().map(|p| self.row(p)).collect();
        let factor = cholesky(normal(&rows, self.coefficients.len()))?;
        let one = |(row, outcome): (&Vec<f64>, &f64)| {
            // The point's own weight in its estimate.
            let half = forward(&factor, row);
            let own: f64 = half.iter().map(|v| v * v).sum();
            let fitted = self.of(row);
            (own < 1.0 - 1e-9).then(|| outcome - (outcome - fitted) / (1.0 - own))
        };
        rows.iter().zip(outcomes).map(one).collect()
    }

    /// What its terms are at a point; the same for every surface [`Self::refitted`] from this one.
    #[must_use]
    pub fn row(&self, point: &[f64]) -> Vec<f64> {
        let terms = self.terms.iter().map(|term| term.at(point));
        std::iter::once(1.0).chain(terms).collect()
    }

    /// The outcome where its terms are these.
    #[must_use]
    pub fn of(&self, row: &[f64]) -> f64 {
        row.iter().zip(&self.coefficients).map(|(t, c)| t * c).sum()
    }

    fn coefficients_of(&self, points: &[Vec<f64>], outcomes: &[f64], chosen: &[usize]) -> Option<Vec<f64>> {
        let rows: Vec<Vec<f64>> = chosen.iter().map(|&k| self.row(&points[k])).collect();
        let size = self.terms.len() + 1;
        let factor = cholesky(normal(&rows, size))?;
        let mut right = vec![0.0; size];
        for (row, &k) in rows.iter().zip(chosen) {
            right.iter_mut().zip(row).for_each(|(r, t)| *r += t * outcomes[k]);
        }
        Some(backward(&factor, &forward(&factor, &right)))
    }
}

fn candidates(inputs: usize) -> Vec<Term> {
    let mut terms = Vec::new();
    for i in 0..inputs {
        terms.extend((1..=DEGREE).map(|degree| Term {
            one: (i, degree),
            other: None,
        }));
        for j in 0..i {
            let degrees = [(1, 1), (1, 2), (2, 1)];
            terms.extend(degrees.map(|(of_i, of_j)| Term {
                one: (i, of_i),
                other: Some((j, of_j)),
            }));
        }
    }
    terms
}

/// The terms that are worth having.
fn choose(candidates: Vec<Term>, points: &[Vec<f64>], outcomes: &[f64]) -> Vec<Term> {
    let n = points.len() as f64;
    let dot = |a: &[f64], b: &[f64]| -> f64 { a.iter().zip(b).map(|(x, y)| x * y).sum() };
    let centred = |mut values: Vec<f64>| {
        let mean = values.iter().sum::<f64>() / n;
        values.iter_mut().for_each(|v| *v -= mean);
        values
    };
    let enough = libm::exp((libm::log(n) + 2.0 * libm::log(candidates.len().max(1) as f64)) / n);
    let mut rest = centred(outcomes.to_vec());
    let whole = dot(&rest, &rest);
    // What is left of each candidate beside those chosen, and its length at first.
    let mut open: Vec<(Term, Vec<f64>, f64)> = candidates
        .into_iter()
        .map(|term| {
            let column = centred(points.iter().map(|p| term.at(p)).collect());
            let length = dot(&column, &column);
            (term, column, length)
        })
        .collect();
    let mut chosen = Vec::new();
    let mut left = whole;
    while chosen.len() < points.len() / 3 && left > 1e-14 * whole {
        let gain = |(_, column, length): &(Term, Vec<f64>, f64)| {
            let now = dot(column, column);
            if now <= 1e-6 * length {
                return 0.0;
            }
            let part = dot(column, &rest);
            part * part / now
        };
        let best = open.iter().map(gain).enumerate().max_by(|a, b| a.1.total_cmp(&b.1));
        let Some((place, gained)) = best else { break };
        if left < enough * (left - gained) {
            break;
        }
        let (term, mut direction, _) = open.swap_remove(place);
        let length = dot(&direction, &direction).sqrt();
        direction.iter_mut().for_each(|v| *v /= length);
        let away = |column: &mut [f64]| {
            let part = dot(column, &direction);
            column.iter_mut().zip(&direction).for_each(|(v, d)| *v -= part * d);
        };
        away(&mut rest);
        open.iter_mut().for_each(|(_, column, _)| away(column));
        left = dot(&rest, &rest);
        chosen.push(term);
    }
    chosen
}

/// The normal matrix of some rows.
fn normal(rows: &[Vec<f64>], size: usize) -> Vec<Vec<f64>> {
    let mut matrix = vec![vec![0.0; size]; size];
    for row in rows {
        for (i, line) in matrix.iter_mut().enumerate() {
            for (j, cell) in line.iter_mut().enumerate().take(i + 1) {
                *cell += row[i] * row[j];
            }
        }
    }
    matrix
}

/// The lower factor of a matrix, of which the lower half is read; `None` if it is singular.
fn cholesky(mut matrix: Vec<Vec<f64>>) -> Option<Vec<Vec<f64>>> {
    for i in 0..matrix.len() {
        let own = matrix[i][i];
        for j in 0..=i {
            let product: f64 = (0..j).map(|k| matrix[i][k] * matrix[j][k]).sum();
            let value = matrix[i][j] - product;
            matrix[i][j] = if i > j {
                value / matrix[j][j]
            } else if value > 1e-12 * own {
                value.sqrt()
            } else {
                return None;
            };
        }
    }
    Some(matrix)
}

fn forward(factor: &[Vec<f64>], right: &[f64]) -> Vec<f64> {
    let mut found: Vec<f64> = Vec::with_capacity(right.len());
    for (line, value) in factor.iter().zip(right) {
        let known: f64 = line.iter().zip(&found).map(|(l, x)| l * x).sum();
        found.push((value - known) / line[found.len()]);
    }
    found
}

fn backward(factor: &[Vec<f64>], right: &[f64]) -> Vec<f64> {
    let mut found = right.to_vec();
    for i in (0..found.len()).rev() {
        let known: f64 = (i + 1..found.len()).map(|k| factor[k][i] * found[k]).sum();
        found[i] = (found[i] - known) / factor[i][i];
    }
    found
}

#[cfg(test)]
mod tests {
    use super::Surface;
    use crate::random::{Key, name_salt, normal_quantile};
    use crate::stats::latin_hypercube_of;

    fn points(n: usize, inputs: u64) -> Vec<Vec<f64>> {
        let keys: Vec<Key> = (0..inputs).map(Key::root).collect();
        let mut points = latin_hypercube_of(n, &keys);
        points.iter_mut().flatten().for_each(|u| *u = 2.0 * *u - 1.0);
        points
    }

    /// A polynomial of the degrees that it has is found exactly, whatever else may be chosen.
    #[test]
    fn what_is_such_a_surface_is_found_exactly() {
        let f = |p: &[f64]| 1.0 + 2.0 * p[0] - 3.0 * p[1] * p[1] * p[1] + 0.5 * p[0] * p[2] + p[3] * p[3];
        let points = points(120, 6);
        let outcomes: Vec<f64> = points.iter().map(|p| f(p)).collect();
        let surface = Surface::fit(&points, &outcomes).unwrap();
        for p in [[0.3, -0.9, 0.1, 0.7, 0.0, 1.0], [-1.0, 1.0, 1.0, -0.2, 0.5, 0.5]] {
            assert!((surface.at(&p) - f(&p)).abs() < 1e-6, "{surface:?}");
        }
        assert!(surface.has(2) && !surface.has(4) && !surface.has(5) && surface.terms() <= 8);
        let left_out = surface.left_out(&points, &outcomes).unwrap();
        assert!(left_out.iter().zip(&outcomes).all(|(a, b)| (a - b).abs() < 1e-6));
        let half: Vec<usize> = (0..60).collect();
        let again = surface.refitted(&points, &outcomes, &half).unwrap();
        assert!((again.at(&points[100]) - outcomes[100]).abs() < 1e-6);
    }

    /// Pure noise, 200 points of 20 inputs, so that 630 terms may be chosen, 50 times. The criterion lets a single term of
    /// noise in with probability 630 x P(t^2 > ln 200 + 2 ln 630 = 18.2), about 1.5 %: more than 5 of 50 has a probability
    /// below 1 in 10,000.
    #[test]
    fn noise_brings_no_terms() {
        let points = points(200, 20);
        let with_terms = (0..50u64).filter(|&e| {
            let key = Key::root(72).part(name_salt("experiment"), e);
            let noise: Vec<f64> = (0..200).map(|k| normal_quantile(key.uniform(1, k))).collect();
            Surface::fit(&points, &noise).unwrap().terms() > 0
        });
        assert!(with_terms.count() <= 5);
    }

    /// The error at points left out is that of refitting without each of them.
    #[test]
    fn leaving_one_out_is_what_it_says() {
        let points = points(40, 2);
        let outcomes: Vec<f64> = points.iter().map(|p| libm::exp(p[0]) + p[1] * p[0]).collect();
        let surface = Surface::fit(&points, &outcomes).unwrap();
        let left_out = surface.left_out(&points, &outcomes).unwrap();
        for one in [0, 17, 39] {
            let others: Vec<usize> = (0..40).filter(|k| *k != one).collect();
            let without = surface.refitted(&points, &outcomes, &others).unwrap();
            assert!((without.at(&points[one]) - left_out[one]).abs() < 1e-9);
        }
        assert_eq!(Surface::fit(&points[..5], &outcomes[..5]), None);
    }
}
