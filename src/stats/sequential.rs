//! Is the share at least the target? A test that stops as soon as it knows.

use serde::Serialize;

/// What the test says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// At or above the target.
    Feasible,
    /// Below the target.
    Infeasible,
    /// Too near the target to tell, or to matter.
    Borderline,
    /// More replications are needed.
    Undecided,
}

/// The constants (eta, h2) of the three-way test with `n0` first replications, `slopes` control slopes fitted on them,
/// and error probability `beta` per side. NaN unless `n0 > 1 + slopes` and `beta` lies in (0, 0.5).
///
/// # Source
/// S.-H. Kim & B. L. Nelson, *A fully sequential procedure for indifference-zone selection*, ACM TOMACS 11 (2001),
/// 251-273 (c = 1); D. Batur & S.-H. Kim, *Finding feasible systems in the presence of constraints on multiple
/// performance measures*, ACM TOMACS 20 (2010), 13.
#[must_use]
pub fn three_way_constants(n0: u32, slopes: u32, beta: f64) -> (f64, f64) {
    let freedom = f64::from(n0) - 1.0 - f64::from(slopes);
    if freedom <= 0.0 || !(beta > 0.0 && beta < 0.5) {
        return (f64::NAN, f64::NAN);
    }
    let eta = 0.5 * (libm::pow(2.0 * beta, -2.0 / freedom) - 1.0);
    (eta, 2.0 * eta * freedom)
}

/// Whether a mean is at least 0: three-way test with an indifference zone.
///
/// For normal data, `Feasible` is said of a mean below 0, or `Infeasible` of one above, each with probability at most
/// `beta`; a mean outside the zone of twice `delta` is decided rightly with probability at least `1 - beta`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ThreeWay {
    /// First replications, from which the variance comes; more than 2 plus `slopes`.
    pub first: u32,
    /// Control slopes that were fitted on the first replications and then frozen.
    pub slopes: u32,
    /// Error probability of each side, in (0, 0.5).
    pub beta: f64,
    /// Half the zone of indifference, in the unit of the data.
    pub delta: f64,
}

impl ThreeWay {
    /// What is known after these values, one per replication, in order: `(H - qN)/E N`, controls applied.
    /// [`Verdict::Undecided`] while fewer than the first have been seen.
    #[must_use]
    pub fn verdict(&self, values: &[f64]) -> Verdict {
        self.verdict_with(values, 0.0)
    }

    /// The same with a variance of the values that is taken to be no smaller than this, whatever the first of them say.
    #[must_use]
    pub fn verdict_with(&self, values: &[f64], least_variance: f64) -> Verdict {
        let n0 = self.first as usize;
        let freedom = f64::from(self.first) - 1.0 - f64::from(self.slopes);
        if values.len() < n0 || freedom <= 1.0 {
            return Verdict::Undecided;
        }
        let (_, h2) = three_way_constants(self.first, self.slopes, self.beta);
        let mean = values[..n0].iter().sum::<f64>() / n0 as f64;
        let squares: f64 = values[..n0].iter().map(|x| (x - mean) * (x - mean)).sum();
        // The last factor: a slope fitted on the same replications is itself uncertain.
        let variance = squares / freedom * (1.0 + f64::from(self.slopes) / (freedom - 1.0));
        let variance = variance.max(least_variance);
        let (mut above_low, mut below_high) = (false, false);
        let mut sum: f64 = values[..n0].iter().sum();
        for r in n0..=values.len() {
            if r > n0 {
                sum += values[r - 1];
            }
            let replications = r as f64;
            let boundary = (h2 * variance / (2.0 * self.delta) - 0.5 * self.delta * replications).max(0.0);
            let against_high = sum - replications * self.delta;
            let against_low = sum + replications * self.delta;
            if against_high >= boundary {
                return Verdict::Feasible;
            }
            if against_low <= -boundary {
                return Verdict::Infeasible;
            }
            below_high |= against_high <= -boundary;
            above_low |= against_low >= boundary;
            if below_high && above_low {
                return Verdict::Borderline;
            }
        }
        Verdict::Undecided
    }
}

#[cfg(test)]
mod tests {
    use super::{ThreeWay, Verdict, three_way_constants};
    use crate::random::{Key, name_salt, normal_quantile};

    #[test]
    fn the_constants_are_the_printed_ones() {
        for (n0, beta, eta, h2) in [
            (10, 0.05, 0.334_050, 6.012_905),
            (16, 0.05, 0.179_678, 5.390_346),
            (20, 0.05, 0.137_137, 5.211_225),
            (20, 0.01, 0.254_760, 9.680_885),
            (20, 0.001, 0.461_772, 17.547_334),
        ] {
            let ours = three_way_constants(n0, 0, beta);
            assert!(
                (ours.0 - eta).abs() < 5.1e-7 && (ours.1 - h2).abs() < 5.1e-7,
                "{ours:?}"
            );
        }
        assert!(three_way_constants(1, 0, 0.05).0.is_nan() && three_way_constants(9, 0, f64::NAN).0.is_nan());
    }

    /// 400 runs of normal data with standard deviation 0.02, a zone of 0.005 either side. At the edge of the
    /// guarantee 5 % may err: at most 36 of 400 are accepted (binomial false alarm below 1e-3).
    #[test]
    fn it_errs_as_rarely_as_it_says() {
        let test = ThreeWay {
            first: 16,
            slopes: 0,
            beta: 0.05,
            delta: 0.005,
        };
        let counts = |mean: f64| {
            let mut counts = [0; 4];
            for run in 0..400 {
                let key = Key::root(5).part(name_salt("run"), run);
                let values: Vec<f64> = (0..400)
                    .map(|k| mean + 0.02 * normal_quantile(key.uniform(0, k)))
                    .collect();
                counts[test.verdict(&values) as usize] += 1;
            }
            counts
        };
        let [feasible, infeasible, borderline, undecided] = counts(0.0);
        assert!(feasible <= 36 && infeasible <= 36 && borderline >= 300 && undecided == 0);
        let [feasible, ..] = counts(0.010);
        assert!(feasible >= 364);
        let [_, infeasible, ..] = counts(-0.010);
        assert!(infeasible >= 364);
        assert_eq!(test.verdict(&[0.5; 15]), Verdict::Undecided);
        assert_eq!(test.verdict(&[0.5; 16]), Verdict::Feasible);
        // Sixteen values that are alike by chance say little of a mean 0.01 away, where one of them varies by 0.1.
        assert_eq!(test.verdict(&[0.01; 16]), Verdict::Feasible);
        assert_eq!(test.verdict_with(&[0.01; 16], 0.01), Verdict::Undecided);
    }

    /// How often values at the very level are called above and below it, of so many runs, if half of their variance is taken off
    /// by a control whose slope is fitted on the first 10 and then frozen.
    fn errors_with_a_fitted_slope(slopes: u32, runs: u64) -> [f64; 2] {
        let test = ThreeWay {
            first: 10,
            slopes,
            beta: 0.05,
            delta: 0.0025,
        };
        let mut errors = [0; 2];
        for run in 0..runs {
            let key = Key::root(7).part(name_salt("controlled run"), run);
            let normal = |salt: u64, k: u64| 0.0205 * normal_quantile(key.uniform(salt, k));
            let values: Vec<(f64, f64)> = (0..1500)
                .map(|k| {
                    let control = normal(1, k);
                    (0.5f64.sqrt() * (control + normal(2, k)), control)
                })
                .collect();
            let first = &values[..10];
            let mean = |of: fn(&(f64, f64)) -> f64| first.iter().map(of).sum::<f64>() / 10.0;
            let (value, control) = (mean(|v| v.0), mean(|v| v.1));
            let both: f64 = first.iter().map(|(v, c)| (v - value) * (c - control)).sum();
            let squares: f64 = first.iter().map(|(_, c)| (c - control) * (c - control)).sum();
            let controlled: Vec<f64> = values.iter().map(|(v, c)| v - both / squares * c).collect();
            match test.verdict(&controlled) {
                Verdict::Feasible => errors[0] += 1,
                Verdict::Infeasible => errors[1] += 1,
                Verdict::Borderline | Verdict::Undecided => {}
            }
        }
        errors.map(|n| f64::from(n) / runs as f64)
    }

    /// The trap of a slope that the test's own first replications have fitted: their variance about the line is too small. Taken as
    /// it is, 6.7 % err where 5 % may (skewed data such as service levels: 8.6 % and 7.4 %); with the degree of freedom and the factor
    /// that the slope costs, 4.6 %. Of 12,000 runs the standard errors are 0.23 and 0.19 points, and the limit is 4 of them from
    /// either: a false alarm in 1e-4.
    #[test]
    fn a_slope_fitted_on_the_same_replications_is_paid_for() {
        let (naive, honest) = (
            errors_with_a_fitted_slope(0, 12_000),
            errors_with_a_fitted_slope(1, 12_000),
        );
        for (naive, honest) in naive.into_iter().zip(honest) {
            assert!(naive > 0.0565 && honest < 0.0565, "{naive} {honest}");
        }
    }
}
