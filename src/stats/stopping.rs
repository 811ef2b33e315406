//! Replications until an interval is short enough: when to look, and how many it would take.
//!
//! Whoever looks after every replication and stops at the first short interval stops where the spread happens to look
//! small, and the interval then holds the truth less often than it says. So nobody looks before [`FIRST_LOOK`]
//! replications, and then only at numbers that grow by a quarter: measured at a nominal 95 %, intervals stopped so hold the
//! truth in 93.1 to 95.2 % of cases; started at 3 it is 90.5 to 93.0 %. The numbers are the same whatever the threads.
//!
//! # Source
//! Y. S. Chow & H. Robbins, *On the asymptotic theory of fixed-width sequential confidence intervals for the mean*, Annals
//! of Mathematical Statistics 36 (1965), 457-462; P. W. Glynn & W. Whitt, *The asymptotic validity of sequential stopping
//! rules for stochastic simulations*, Annals of Applied Probability 2 (1992), 180-198.

/// Replications at the first look.
pub const FIRST_LOOK: u32 = 20;

/// The k-th number of replications to look at, `ceil(20 x 1.25^k)`, in whole numbers.
fn look(k: u32) -> Option<u128> {
    let top = u128::from(FIRST_LOOK).checked_mul(5u128.checked_pow(k)?)?;
    Some(top.div_ceil(4u128.checked_pow(k)?))
}

/// Every number of replications to look at, ascending; all beyond a hundred thousand are left to `most`.
fn schedule() -> impl Iterator<Item = u32> {
    (0..).map_while(look).map_while(|n| u32::try_from(n).ok())
}

/// When to look if `most` replications are allowed: the schedule up to there, and `most` itself.
pub fn looks(most: u32) -> impl Iterator<Item = u32> {
    schedule().take_while(move |n| *n < most).chain([most])
}

/// About how many replications it would take for a half-width of `wanted`, if `n` gave `half_width`: its square falls as
/// they grow; rounded up to the next look. `None` if it cannot be told.
#[must_use]
pub fn needed(n: u32, half_width: f64, wanted: f64) -> Option<u32> {
    let times = (half_width / wanted) * (half_width / wanted);
    let about = f64::from(n) * times;
    if !about.is_finite() {
        return None;
    }
    schedule().find(|look| f64::from(*look) >= about)
}

#[cfg(test)]
mod tests {
    use super::{FIRST_LOOK, looks, needed};
    use crate::random::{Key, name_salt, poisson_count};
    use crate::stats::share_interval;

    #[test]
    fn looks_grow_by_a_quarter_and_end_at_the_most() {
        let until: Vec<u32> = looks(150).collect();
        assert_eq!(until, [20, 25, 32, 40, 49, 62, 77, 96, 120, 150]);
        assert_eq!(looks(151).last(), Some(151));
        assert_eq!(looks(10).collect::<Vec<_>>(), [10]);
        assert_eq!(looks(20).collect::<Vec<_>>(), [20]);
        // 20 x 1.25^38 = 96,296.5.
        let all: Vec<u32> = looks(100_000).collect();
        assert_eq!((all[38], all[39], all.len()), (96_297, 100_000, 40));
    }

    #[test]
    fn half_the_half_width_takes_four_times_as_many() {
        // 400 lies between 363.8 and 454.7.
        assert_eq!(needed(100, 0.02, 0.01), Some(455));
        assert_eq!(needed(100, 0.004, 0.01), Some(FIRST_LOOK));
        assert_eq!(needed(100, f64::INFINITY, 0.01), None);
    }

    /// The share of experiments whose interval holds 0.9 when it is stopped at half-widths that take about 20 to 150
    /// replications: clustered shares, as in the tests of ratios.
    fn covered(experiments: u64, wanted: f64) -> f64 {
        let held = (0..experiments).filter(|&experiment| {
            let key = Key::root(44).part(name_salt("experiment"), experiment);
            let mut pairs: Vec<(u64, u64)> = Vec::new();
            for look in looks(100_000) {
                pairs.extend((pairs.len() as u64..u64::from(look)).map(|r| {
                    let n = u64::from(poisson_count(50.0, key.uniform(1, r)));
                    let p = 0.8 + 0.2 * key.uniform(2, r);
                    let part = key.part(3, r);
                    (((0..n).filter(|&k| part.uniform(4, k) < p).count()) as u64, n)
                }));
                if let Some(i) = share_interval(&pairs, 0.95).filter(|i| i.half_width <= wanted) {
                    return i.contains(0.9);
                }
            }
            false
        });
        held.count() as f64 / experiments as f64
    }

    /// Nominal 95 %; 93.1 to 95.2 % have been measured for this rule. Accepted: 91.2 to 97 % of 1,000. If the truth is
    /// 93.5 %, another seed would fail this with probability 0.2 %.
    #[test]
    fn intervals_that_were_stopped_still_cover() {
        let covered = covered(1000, 0.015);
        assert!((0.912..=0.97).contains(&covered), "{covered}");
    }

    /// The long form: 20,000 experiments at each of three half-widths, standard error 0.17 points. Accepted 93 to 96 %.
    #[test]
    #[ignore = "a campaign: about a minute"]
    fn campaign_stopped_intervals() {
        for wanted in [0.02, 0.015, 0.01] {
            let covered = covered(20_000, wanted);
            println!("half-width {wanted}: {:.2} % covered", covered * 100.0);
            assert!((0.93..=0.96).contains(&covered), "{wanted}: {covered}");
        }
    }
}
