//! Which share of the variance of an outcome is due to each input.
//!
//! The first-order share of an input is how much of the variance would go, on average, if the input were known; its total
//! share is how much would stay if everything else were known. The difference is what it does together with others. First-order
//! shares sum to at most 1; total shares to at least 1.

/// Shares of a variance, input by input.
#[derive(Clone, Debug, PartialEq)]
pub struct VarianceShares {
    /// The variance itself.
    pub variance: f64,
    /// First-order shares.
    pub first: Vec<f64>,
    /// Total shares.
    pub total: Vec<f64>,
}

/// Estimates from the outcomes at two independent samples of points, `a` and `b`, and for each input at the points of `a` with
/// that input taken from `b`. `None` where these are not equally many, or where nothing varies.
///
/// # Source
/// First order: A. Saltelli et al., *Variance based sensitivity analysis of model output*, Computer Physics Communications 181
/// (2010), 259-270, table 2 (b), on outcomes less their mean. Total: M. J. W. Jansen, *Analysis of variance designs for model
/// output*, Computer Physics Communications 117 (1999), 35-43; table 2 (f) there.
#[must_use]
pub fn variance_shares(a: &[f64], b: &[f64], swapped: &[Vec<f64>]) -> Option<VarianceShares> {
    let n = a.len();
    if n < 2 || b.len() != n || swapped.iter().any(|s| s.len() != n) {
        return None;
    }
    let both = || a.iter().chain(b);
    let mean = both().sum::<f64>() / (2 * n) as f64;
    let variance = both().map(|v| (v - mean) * (v - mean)).sum::<f64>() / (2 * n - 1) as f64;
    if variance.is_nan() || variance <= 0.0 {
        return None;
    }
    let of =
        |part: &dyn Fn(&[f64]) -> f64| -> Vec<f64> { swapped.iter().map(|s| part(s) / n as f64 / variance).collect() };
    Some(VarianceShares {
        variance,
        first: of(&|s| (0..n).map(|k| (b[k] - mean) * (s[k] - a[k])).sum()),
        total: of(&|s| (0..n).map(|k| (a[k] - s[k]) * (a[k] - s[k]) / 2.0).sum()),
    })
}

#[cfg(test)]
mod tests {
    use super::variance_shares;
    use crate::random::{Key, name_salt};
    use crate::stats::latin_hypercube_of;

    /// The shares of a function of inputs that are uniform in (0, 1), at so many points.
    fn shares(n: usize, inputs: u64, f: impl Fn(&[f64]) -> f64) -> super::VarianceShares {
        let keys = |name: &str| -> Vec<Key> { (0..inputs).map(|i| Key::root(i).part(name_salt(name), 0)).collect() };
        let (a, b) = (latin_hypercube_of(n, &keys("a")), latin_hypercube_of(n, &keys("b")));
        let at = |points: &[Vec<f64>]| -> Vec<f64> { points.iter().map(|p| f(p)).collect() };
        let swapped: Vec<Vec<f64>> = (0..usize::try_from(inputs).unwrap())
            .map(|i| {
                let mut points = a.clone();
                points.iter_mut().zip(&b).for_each(|(p, other)| p[i] = other[i]);
                at(&points)
            })
            .collect();
        variance_shares(&at(&a), &at(&b), &swapped).unwrap()
    }

    /// Ishigami's function, sin x + 7 sin^2 y + 0.1 z^4 sin x on (-pi, pi): the shares are known exactly. 65,536 points; the
    /// standard error of a share is below 0.005, so that 0.015 is three of them or more.
    #[test]
    fn the_shares_of_ishigami_come_out() {
        let found = shares(65_536, 3, |u| {
            let x = |i: usize| (2.0 * u[i] - 1.0) * std::f64::consts::PI;
            let square = |v: f64| v * v;
            libm::sin(x(0)) + 7.0 * square(libm::sin(x(1))) + 0.1 * square(square(x(2))) * libm::sin(x(0))
        });
        assert!((found.variance - 13.844_6).abs() < 0.1, "{found:?}");
        for (found, known) in found.first.iter().zip([0.313_905, 0.442_411, 0.0]) {
            assert!((found - known).abs() < 0.015, "first {found} {known}");
        }
        for (found, known) in found.total.iter().zip([0.557_589, 0.442_411, 0.243_684]) {
            assert!((found - known).abs() < 0.015, "total {found} {known}");
        }
    }

    /// 4x + 2y + z: shares 16, 4 and 1 of 21, first and total alike.
    #[test]
    fn the_shares_of_a_straight_line_come_out() {
        let found = shares(16_384, 3, |u| 4.0 * u[0] + 2.0 * u[1] + u[2]);
        for (i, weight) in [16.0, 4.0, 1.0].into_iter().enumerate() {
            for share in [found.first[i], found.total[i]] {
                assert!((share - weight / 21.0).abs() < 0.02, "{found:?}");
            }
        }
    }

    #[test]
    fn what_does_not_vary_has_no_shares() {
        assert_eq!(variance_shares(&[1.0; 4], &[1.0; 4], &[]), None);
        assert_eq!(variance_shares(&[1.0, 2.0], &[1.0], &[]), None);
        assert_eq!(variance_shares(&[1.0, 2.0], &[1.0, 3.0], &[vec![1.0]]), None);
    }
}
