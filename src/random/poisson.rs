//! Poisson counts by inversion: one uniform number, one count.

/// Cumulative probabilities of a Poisson count, for repeated use with one mean.
///
/// Probabilities are built outward from the most likely count (L. Devroye, *Non-Uniform Random Variate Generation*
/// (1986), X.3), so that no mean underflows; a guide table (ibid., III.2.4) makes a look-up take about two steps.
#[derive(Clone, Debug, PartialEq)]
pub struct PoissonTable {
    /// The count of the first entry.
    first: u32,
    /// P(count <= first + k).
    cumulative: Vec<f64>,
    /// For each of equal cells of u, the first entry that may be the answer.
    guide: Vec<u32>,
}

/// Cells of the guide table.
const CELLS: u32 = 128;

/// Probabilities below this do not matter: draws have 52 bits.
const NEGLIGIBLE: f64 = 1e-25;

impl PoissonTable {
    /// Counts with this mean: 0 to 1,000,000. A mean that is not a positive number always gives 0, a larger one is
    /// taken as 1,000,000.
    #[must_use]
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the mean is bounded"
    )]
    pub fn new(mean: f64) -> Self {
        let mean = if mean > 0.0 { mean.min(1e6) } else { 0.0 };
        let mode = mean as u32;
        let at_mode = if mode == 0 {
            libm::exp(-mean)
        } else {
            let m = f64::from(mode);
            libm::exp(m * libm::log(mean) - mean - libm::lgamma(m + 1.0))
        };
        let mut down = Vec::new();
        let (mut p, mut k) = (at_mode, mode);
        while k > 0 && p > NEGLIGIBLE {
            p *= f64::from(k) / mean;
            k -= 1;
            down.push(p);
        }
        let first = k;
        let mut cumulative = Vec::new();
        let mut sum = 0.0;
        for &p in down.iter().rev() {
            sum += p;
            cumulative.push(sum);
        }
        let (mut p, mut k) = (at_mode, mode);
        while p > NEGLIGIBLE {
            sum += p;
            cumulative.push(sum);
            k += 1;
            p *= mean / f64::from(k);
        }
        let guide = (0..CELLS)
            .map(|cell| {
                let u = f64::from(cell) / f64::from(CELLS);
                cumulative.partition_point(|&c| c < u) as u32
            })
            .collect();
        Self {
            first,
            cumulative,
            guide,
        }
    }

    /// The count at `u` in (0, 1): the least `k` with P(count <= k) >= u.
    #[must_use]
    #[inline]
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "u lies in (0, 1)"
    )]
    pub fn count(&self, u: f64) -> u32 {
        let cell = ((u * f64::from(CELLS)) as usize).min(CELLS as usize - 1);
        let mut k = self.guide[cell] as usize;
        let last = self.cumulative.len() - 1;
        while k < last && self.cumulative[k] < u {
            k += 1;
        }
        self.first + k as u32
    }
}

/// A Poisson count with this mean, by inversion of `u` in (0, 1). For one-off means; [`PoissonTable`] is faster for
/// repeated ones and gives the same counts up to rounding of the last digit. A mean that is not a positive number
/// gives 0.
#[must_use]
pub fn poisson_count(mean: f64, u: f64) -> u32 {
    if mean.is_nan() || mean <= 0.0 {
        return 0;
    }
    if mean > 64.0 {
        return PoissonTable::new(mean).count(u);
    }
    // At most e^-64 = 1.6e-28: no underflow. Terms are added from the least upward.
    let mut p = libm::exp(-mean);
    let (mut sum, mut k) = (p, 0);
    while sum < u {
        k += 1;
        p *= mean / f64::from(k);
        if p < NEGLIGIBLE && f64::from(k) > mean {
            break;
        }
        sum += p;
    }
    k
}

#[cfg(test)]
mod tests {
    use super::{PoissonTable, poisson_count};
    use crate::random::{Key, name_salt};
    use statrs::distribution::{ChiSquared, ContinuousCDF, Discrete, DiscreteCDF, Poisson};

    const MEANS: [f64; 10] = [0.01, 0.3, 1.0, 1.7, 4.0, 9.5, 20.0, 63.9, 200.0, 3000.0];

    #[test]
    fn counts_turn_where_the_independent_distribution_function_does() {
        for mean in MEANS {
            let table = PoissonTable::new(mean);
            let theirs = Poisson::new(mean).unwrap();
            for k in (0..u32::MAX)
                .take_while(|&k| f64::from(k) < mean * 1.5 + 3.0)
                .map(u64::from)
            {
                let edge = theirs.cdf(k);
                if (1e-4..1.0 - 1e-4).contains(&edge) {
                    for (u, count) in [(edge * (1.0 - 1e-8), k), (edge + (1.0 - edge) * 1e-8, k + 1)] {
                        assert_eq!(u64::from(poisson_count(mean, u)), count, "mean {mean}");
                        assert_eq!(u64::from(table.count(u)), count, "mean {mean}");
                    }
                }
            }
        }
    }

    /// Chi-square over cells of expected count 5 or more; 10 means, each at 1e-4: false alarm 1e-3 in all.
    #[test]
    fn drawn_counts_fit_the_probabilities() {
        let n = 40_000;
        for (which, mean) in MEANS.into_iter().enumerate() {
            let table = PoissonTable::new(mean);
            let theirs = Poisson::new(mean).unwrap();
            let mut seen = vec![0.0; 4000];
            for k in 0..n {
                let u = Key::root(11).part(name_salt("poisson"), k).uniform(which as u64, 0);
                let last = seen.len() - 1;
                seen[(table.count(u) as usize).min(last)] += 1.0;
            }
            let (mut chi2, mut cells, mut obs, mut exp) = (0.0, 0, 0.0, 0.0);
            for (k, &count) in seen.iter().enumerate() {
                obs += count;
                exp += theirs.pmf(k as u64) * n as f64;
                if exp >= 5.0 && (1.0 - theirs.cdf(k as u64)) * n as f64 >= 5.0 {
                    chi2 += (obs - exp) * (obs - exp) / exp;
                    (cells, obs, exp) = (cells + 1, 0.0, 0.0);
                }
            }
            if exp > 0.0 {
                chi2 += (obs - exp) * (obs - exp) / exp;
                cells += 1;
            }
            let p = ChiSquared::new(f64::from(cells - 1).max(1.0)).unwrap().sf(chi2);
            assert!(p > 1e-4, "mean {mean}: chi-square {chi2} in {cells} cells");
        }
    }

    #[test]
    fn no_mean_no_count_and_the_ends_are_safe() {
        for mean in [0.0, -1.0, f64::NAN] {
            assert_eq!(poisson_count(mean, 0.999), 0);
            assert_eq!(PoissonTable::new(mean).count(0.999), 0);
        }
        for mean in MEANS {
            let table = PoissonTable::new(mean);
            let (low, high) = (table.count(f64::EPSILON / 2.0), table.count(1.0 - f64::EPSILON / 2.0));
            assert!(
                f64::from(low) <= mean && f64::from(high) > mean && f64::from(high) < mean + 12.0 * mean.sqrt() + 20.0
            );
            assert_eq!(
                poisson_count(mean, 1e-300),
                if mean > 64.0 { table.count(1e-300) } else { 0 }
            );
        }
    }
}
