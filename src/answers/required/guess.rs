//! Where to look next: a guess of service levels at staffings that have not been simulated.
//!
//! For each check the normal score of the level is taken to be linear in people on shift near the staffings that have been
//! simulated. A guess only says what to simulate; nothing is decided by it.

use crate::random::normal_quantile;
use crate::stats::Cholesky;

/// A staffing that has been simulated: people on shift by dial, and the level found.
pub(super) struct Point {
    pub(super) people: Vec<f64>,
    /// The normal score of the level, and how much it counts.
    pub(super) score: f64,
    pub(super) weight: f64,
}

/// A plane through scores.
pub(super) struct Guess {
    at: Vec<f64>,
    score: f64,
    slopes: Vec<f64>,
}

/// The score of a level, kept off 0 and 1, of which so many referrals say nothing.
pub(super) fn score(level: f64, referrals: f64) -> f64 {
    let end = (0.5 / (referrals + 1.0)).min(0.25);
    normal_quantile(level.clamp(end, 1.0 - end))
}

impl Guess {
    /// A plane near `centre`, through points if there are enough; where they say nothing, with the slopes expected.
    ///
    /// Least squares with a ridge towards the expected slopes, which count as much as one point one person away; then slopes
    /// are kept to the direction that is expected.
    pub(super) fn through(points: &[Point], expected: &[f64], centre: &[f64]) -> Self {
        let d = expected.len();
        let near = |p: &Point| {
            let far: f64 = p.people.iter().zip(centre).map(|(a, b)| (a - b) * (a - b)).sum();
            p.weight / (1.0 + far / 4.0)
        };
        let total: f64 = points.iter().map(near).sum();
        let mean = |of: &dyn Fn(&Point) -> f64| points.iter().map(|p| near(p) * of(p)).sum::<f64>() / total.max(1e-9);
        let at: Vec<f64> = (0..d).map(|j| mean(&|p: &Point| p.people[j])).collect();
        let score = mean(&|p: &Point| p.score);
        // (X'WX + R) b = X'W(z - X b0), b0 + b the slopes.
        let mut matrix = vec![vec![0.0; d]; d];
        let mut right = vec![0.0; d];
        for p in points {
            let x: Vec<f64> = (0..d).map(|j| p.people[j] - at[j]).collect();
            let left = p.score - score - x.iter().zip(expected).map(|(x, b)| x * b).sum::<f64>();
            for i in 0..d {
                for j in 0..d {
                    matrix[i][j] += near(p) * x[i] * x[j];
                }
                right[i] += near(p) * x[i] * left;
            }
        }
        // The ridge keeps it away from 0 in every direction.
        let ridged = |i: usize, j: usize| matrix[i][j] + if i == j { RIDGE } else { 0.0 };
        let change = Cholesky::of(d, ridged).map_or_else(|| vec![0.0; d], |matrix| matrix.solve(&right));
        let slopes = expected.iter().zip(change).map(|(b0, b)| {
            let slope = b0 + b;
            if *b0 > 0.0 { slope.max(0.1 * b0) } else { slope.min(0.0) }
        });
        Self {
            slopes: slopes.collect(),
            at,
            score,
        }
    }

    /// The score guessed.
    pub(super) fn score(&self, people: &[f64]) -> f64 {
        let moved = people.iter().zip(&self.at).zip(&self.slopes);
        self.score + moved.map(|((x, at), slope)| (x - at) * slope).sum::<f64>()
    }
}

/// What an expected slope counts for.
const RIDGE: f64 = 0.3;

#[cfg(test)]
mod tests {
    use super::{Guess, Point, score};

    fn point(people: &[f64], score: f64) -> Point {
        Point {
            people: people.to_vec(),
            score,
            weight: 1e6,
        }
    }

    #[test]
    fn a_plane_is_found_where_the_points_say_it() {
        // z = 1 + 0.5 x - 0.2 y.
        let plane = |x: f64, y: f64| 1.0 + 0.5 * x - 0.2 * y;
        let points: Vec<Point> = [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (2.0, 3.0)]
            .iter()
            .map(|&(x, y)| point(&[x, y], plane(x, y)))
            .collect();
        let guess = Guess::through(&points, &[0.4, 0.0], &[1.0, 1.0]);
        assert!((guess.score(&[5.0, 2.0]) - plane(5.0, 2.0)).abs() < 1e-4);
    }

    #[test]
    fn where_points_say_nothing_the_expected_slope_stands() {
        let guess = Guess::through(&[point(&[2.0], 1.0)], &[0.4], &[2.0]);
        assert!((guess.score(&[3.0]) - 1.4).abs() < 1e-9);
        // Points that go the wrong way by chance do not turn it round.
        let guess = Guess::through(&[point(&[2.0], 1.0), point(&[3.0], 0.0)], &[0.4], &[2.0]);
        assert!(guess.score(&[9.0]) > guess.score(&[8.0]));
    }

    #[test]
    fn scores_stay_finite() {
        assert!(score(1.0, 99.0) < 2.6 && score(0.0, 99.0) > -2.6 && score(1.0, 0.0).is_finite());
    }
}
