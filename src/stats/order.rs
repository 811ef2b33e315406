//! Quantiles of independent values: between which two of them the true one lies.

use serde::Serialize;

/// Ranks, from 1, of the order statistics that bound a quantile.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Ranks {
    /// The lower bound is the value of this rank.
    pub low: usize,
    /// The upper bound is the value of this rank.
    pub high: usize,
    /// Long-run share of such intervals that hold the quantile.
    pub coverage: f64,
}

/// The ranks between which quantile `p` of `n` independent values lies with at least this confidence, each side
/// missing with at most half the rest. `None` if there are too few values for that. Only for replications, which are
/// independent; never for the waits within one.
///
/// # Source
/// H. A. David & H. N. Nagaraja, *Order Statistics*, 3rd ed. (2003), 7.1: the number of values below the quantile is
/// binomial.
#[must_use]
pub fn order_statistic_ranks(n: usize, p: f64, confidence: f64) -> Option<Ranks> {
    if !(p > 0.0 && p < 1.0 && confidence < 1.0) {
        return None;
    }
    let side = 0.5 * (1.0 - confidence);
    let size = n as f64;
    let mass = |k: usize| {
        let k = k as f64;
        let ways = libm::lgamma(size + 1.0) - libm::lgamma(k + 1.0) - libm::lgamma(size - k + 1.0);
        libm::exp(ways + k * libm::log(p) + (size - k) * libm::log1p(-p))
    };
    // Largest rank with P(fewer than that many below) within the side.
    let (mut low, mut missed_low) = (0, 0.0);
    while low < n && missed_low + mass(low) <= side {
        missed_low += mass(low);
        low += 1;
    }
    let (mut high, mut missed_high) = (n + 1, 0.0);
    while high > 0 && missed_high + mass(high - 1) <= side {
        missed_high += mass(high - 1);
        high -= 1;
    }
    (low >= 1 && high <= n && low < high).then_some(Ranks {
        low,
        high,
        coverage: 1.0 - missed_low - missed_high,
    })
}

#[cfg(test)]
mod tests {
    use super::order_statistic_ranks;

    #[test]
    fn the_worked_example_comes_out_to_the_printed_digits() {
        let ranks = order_statistic_ranks(100, 0.9, 0.95).unwrap();
        assert_eq!((ranks.low, ranks.high), (84, 96));
        assert!((ranks.coverage - 0.955_690).abs() < 5e-7, "{ranks:?}");
    }

    #[test]
    fn too_few_values_bound_nothing() {
        assert!(order_statistic_ranks(5, 0.5, 0.95).is_none());
        assert!(order_statistic_ranks(6, 0.5, 0.95).is_some());
        assert!(order_statistic_ranks(0, 0.5, 0.95).is_none() && order_statistic_ranks(9, f64::NAN, 0.9).is_none());
    }
}
