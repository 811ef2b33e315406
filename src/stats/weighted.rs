//! Points with weights: what a set of them says.

/// How many points with equal weights would be worth as much (Kong, 1992): the square of the sum of the weights over the sum
/// of their squares. 0 if there are none.
#[must_use]
pub fn effective_size(weights: &[f64]) -> f64 {
    let (sum, squares) = weights.iter().fold((0.0, 0.0), |(s, q), w| (s + w, q + w * w));
    if squares > 0.0 { sum * sum / squares } else { 0.0 }
}

/// The smallest value at or below which lies at least this share of the weight. `None` if there is no weight.
#[must_use]
pub fn weighted_quantile(values: &[f64], weights: &[f64], level: f64) -> Option<f64> {
    let mut sorted: Vec<(f64, f64)> = values.iter().copied().zip(weights.iter().copied()).collect();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let whole: f64 = sorted.iter().map(|(_, w)| w).sum();
    if whole.is_nan() || whole <= 0.0 {
        return None;
    }
    let mut below = 0.0;
    let mut last = None;
    for (value, weight) in sorted.into_iter().filter(|(_, w)| *w > 0.0) {
        below += weight;
        last = Some(value);
        if below >= level * whole {
            break;
        }
    }
    last
}

/// The value that a share `p` of the weight stays below: linear between the middles of the values' weights, and the outermost
/// values beyond them. For values of a quantity that has no steps; where a quantile must be one of the values, or some are infinite, it is
/// [`weighted_quantile`]. `None` without any weight.
#[must_use]
pub fn quantile_by_weight(values: &[f64], weights: &[f64], p: f64) -> Option<f64> {
    let mut pairs: Vec<(f64, f64)> = values.iter().copied().zip(weights.iter().copied()).collect();
    pairs.retain(|(_, w)| *w > 0.0);
    pairs.sort_by(|x, y| x.0.total_cmp(&y.0));
    let sum: f64 = pairs.iter().map(|pair| pair.1).sum();
    let mut before = 0.0;
    let mut last: Option<(f64, f64)> = None;
    for (value, weight) in pairs {
        let middle = (before + weight / 2.0) / sum;
        if p <= middle {
            return Some(last.map_or(value, |(low, at)| low + (value - low) * (p - at) / (middle - at)));
        }
        before += weight;
        last = Some((value, middle));
    }
    last.map(|(value, _)| value)
}

/// How often each point stands in a sample of so many with equal weights: systematic resampling (Kitagawa, 1996), in which
/// a point stands as often as its share says, but for rounding. `start`, from 0 to 1, is where the comb begins.
#[must_use]
pub fn resample(weights: &[f64], count: u32, start: f64) -> Vec<u32> {
    let whole: f64 = weights.iter().sum();
    let mut times = vec![0; weights.len()];
    if whole.is_nan() || whole <= 0.0 {
        return times;
    }
    let (mut below, mut tooth) = (0.0, 0u32);
    for (times, weight) in times.iter_mut().zip(weights) {
        below += weight;
        while tooth < count && (f64::from(tooth) + start) / f64::from(count) * whole < below {
            *times += 1;
            tooth += 1;
        }
    }
    times
}

/// The mean of every coordinate.
#[must_use]
pub fn weighted_mean(points: &[Vec<f64>], weights: &[f64]) -> Vec<f64> {
    let whole: f64 = weights.iter().sum();
    let mut mean = vec![0.0; points.first().map_or(0, Vec::len)];
    for (point, weight) in points.iter().zip(weights) {
        for (mean, x) in mean.iter_mut().zip(point) {
            *mean += x * weight / whole;
        }
    }
    mean
}

/// The covariance of every two coordinates, by the weights as shares.
#[must_use]
pub fn weighted_covariance(points: &[Vec<f64>], weights: &[f64]) -> Vec<Vec<f64>> {
    let mean = weighted_mean(points, weights);
    let whole: f64 = weights.iter().sum();
    let mut covariance = vec![vec![0.0; mean.len()]; mean.len()];
    for (point, weight) in points.iter().zip(weights) {
        for (row, (x, m)) in covariance.iter_mut().zip(point.iter().zip(&mean)) {
            for (cell, (y, n)) in row.iter_mut().zip(point.iter().zip(&mean)) {
                *cell += (x - m) * (y - n) * weight / whole;
            }
        }
    }
    covariance
}

/// The eigenvalues of a symmetric matrix, the largest first, by Jacobi's rotations (Golub & Van Loan, 8.5).
#[must_use]
pub fn eigenvalues(matrix: &[Vec<f64>]) -> Vec<f64> {
    let mut a = matrix.to_vec();
    let n = a.len();
    // Each sweep squares what is left beside the diagonal; ten are many.
    for _ in 0..30 {
        for p in 0..n {
            for q in p + 1..n {
                if a[p][q] == 0.0 {
                    continue;
                }
                let theta = (a[q][q] - a[p][p]) / (2.0 * a[p][q]);
                let t = theta.signum() / (theta.abs() + (theta * theta + 1.0).sqrt());
                let t = if theta == 0.0 { 1.0 } else { t };
                let c = 1.0 / (t * t + 1.0).sqrt();
                let s = t * c;
                for row in &mut a {
                    (row[p], row[q]) = (c * row[p] - s * row[q], s * row[p] + c * row[q]);
                }
                let (above, below) = a.split_at_mut(q);
                for (x, y) in above[p].iter_mut().zip(&mut below[0]) {
                    (*x, *y) = (c * *x - s * *y, s * *x + c * *y);
                }
            }
        }
    }
    let mut values: Vec<f64> = (0..n).map(|k| a[k][k]).collect();
    values.sort_by(|a, b| b.total_cmp(a));
    values
}

#[cfg(test)]
mod tests {
    use super::{
        effective_size, eigenvalues, quantile_by_weight, resample, weighted_covariance, weighted_mean,
        weighted_quantile,
    };

    #[test]
    fn equal_weights_are_worth_their_number() {
        // (3 + 1)^2 / (9 + 1).
        let sizes = [&[0.2; 5][..], &[1.0, 0.0, 0.0], &[], &[3.0, 1.0]].map(effective_size);
        for (size, truth) in sizes.into_iter().zip([5.0, 1.0, 0.0, 1.6]) {
            assert!((size - truth).abs() < 1e-12, "{size} {truth}");
        }
    }

    #[test]
    fn quantiles_go_by_weight() {
        let (values, weights) = ([30.0, 10.0, 20.0, 40.0], [0.25, 0.5, 0.25, 0.0]);
        let at = |level| weighted_quantile(&values, &weights, level);
        assert_eq!(
            [at(0.0), at(0.5), at(0.51), at(0.75), at(1.0)],
            [10.0, 10.0, 20.0, 20.0, 30.0].map(Some)
        );
        assert_eq!(weighted_quantile(&[1.0], &[0.0], 0.5), None);
    }

    #[test]
    fn quantiles_lie_between_the_middles_of_weights() {
        let at = |p| quantile_by_weight(&[3.0, 1.0, 2.0], &[1.0, 1.0, 2.0], p).unwrap();
        // Middles of the weights: 1 at 1/8, 2 at 1/2, 3 at 7/8.
        assert!((at(0.5) - 2.0).abs() < 1e-12 && (at(0.125) - 1.0).abs() < 1e-12);
        assert!((at(0.3125) - 1.5).abs() < 1e-12 && (at(0.6875) - 2.5).abs() < 1e-12);
        assert!((at(0.0) - 1.0).abs() < 1e-12 && (at(1.0) - 3.0).abs() < 1e-12);
        assert_eq!(quantile_by_weight(&[], &[], 0.5), None);
        assert_eq!(quantile_by_weight(&[1.0], &[0.0], 0.5), None);
    }

    #[test]
    fn a_point_stands_as_often_as_its_share_says() {
        assert_eq!(resample(&[0.5, 0.3, 0.2], 10, 0.5), [5, 3, 2]);
        let times = resample(&[0.24, 0.0, 0.76], 10, 0.99);
        assert_eq!(times.iter().sum::<u32>(), 10);
        assert!(times[1] == 0 && (2..=3).contains(&times[0]));
        assert_eq!(resample(&[0.0], 3, 0.5), [0]);
    }

    #[test]
    fn means_and_covariances_by_hand() {
        let points = [vec![0.0, 1.0], vec![2.0, 3.0], vec![1.0, 9.0]];
        let weights = [1.0, 1.0, 0.0];
        assert_eq!(weighted_mean(&points, &weights), [1.0, 2.0]);
        assert_eq!(weighted_covariance(&points, &weights), [[1.0, 1.0], [1.0, 1.0]]);
    }

    /// 2 1 / 1 2 has 3 and 1; 4 1 0 / 1 3 1 / 0 1 2 has 3 and 3 plus and minus the root of 3.
    #[test]
    fn eigenvalues_by_hand() {
        let near = |a: &[f64], b: &[f64]| a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-12);
        assert!(near(&eigenvalues(&[vec![2.0, 1.0], vec![1.0, 2.0]]), &[3.0, 1.0]));
        let r = 3f64.sqrt();
        let three = [vec![4.0, 1.0, 0.0], vec![1.0, 3.0, 1.0], vec![0.0, 1.0, 2.0]];
        assert!(near(&eigenvalues(&three), &[3.0 + r, 3.0, 3.0 - r]));
        assert!(eigenvalues(&[]).is_empty());
    }
}
