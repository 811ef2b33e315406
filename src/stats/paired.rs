//! The difference of two options on the same replications: one place for every paired difference.
//!
//! What is compared is a ratio of sums in both (a mean is a ratio whose denominators are 1). The replication's part in the
//! difference is `(H - pN)/mean N` of the option less that of the base, so that what common random numbers do to both
//! cancels; its spread over replications gives the error, which is never taken from the two intervals.

use crate::stats::histogram::WaitHistogram;
use crate::stats::interval::{Interval, t_factor};
use crate::stats::ratio::{Linearised, as_floats, linearise};

/// The difference `option - base`, with its error.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Paired {
    /// The ratio of the base.
    pub base: f64,
    /// The ratio of the option.
    pub option: f64,
    /// Standard error of the difference; infinite where nothing is known of it.
    pub error: f64,
    /// Standard error that the difference would have with independent seeds: the two variances added.
    pub independent_error: f64,
    /// Whether both were the same in every replication.
    pub same: bool,
    /// Independent parts that the error rests on: replications, or groups of them.
    parts: usize,
    /// Both were all or none: replications that had something to hit.
    all_or_none: Option<usize>,
}

impl Paired {
    /// `option - base`.
    #[must_use]
    pub fn difference(&self) -> f64 {
        self.option - self.base
    }

    /// t interval of the difference. Where both shares were all or none, though not of the same referrals, it reaches as far as
    /// a share that was all or none would, to both sides.
    ///
    /// # Source
    /// Paired-t interval: Law, *Simulation Modeling and Analysis*, 5th ed., 10.2.1, on the linearised ratios.
    #[must_use]
    pub fn interval(&self, confidence: f64) -> Interval {
        if let Some(replications) = self.all_or_none {
            let reach = -libm::expm1(libm::log1p(-confidence) / replications as f64);
            return Interval::symmetric(self.difference(), reach);
        }
        let reach = if self.error.is_finite() {
            t_factor(self.parts, confidence) * self.error
        } else {
            f64::INFINITY
        };
        Interval::symmetric(self.difference(), reach)
    }

    /// The interval for one of `family` that shall all hold at once with this confidence.
    ///
    /// # Source
    /// Bonferroni: Law, 5th ed., 9.7 and 10.3. It holds however the intervals depend on each other.
    #[must_use]
    pub fn simultaneous(&self, confidence: f64, family: usize) -> Interval {
        self.interval(1.0 - (1.0 - confidence) / family.max(1) as f64)
    }

    /// How many times larger the variance of the difference would be with independent seeds. `None` where there is nothing
    /// to divide by.
    #[must_use]
    pub fn variance_ratio(&self) -> Option<f64> {
        let ratio = (self.independent_error / self.error) * (self.independent_error / self.error);
        ratio.is_finite().then_some(ratio)
    }
}

/// The difference of two ratios from (top, bottom) by replication: mean waits, utilisation; with bottoms of 1, of two
/// means. `None` unless both have as many replications and bottoms that sum to more than 0.
#[must_use]
pub fn paired_ratio(base: &[(f64, f64)], option: &[(f64, f64)]) -> Option<Paired> {
    paired(base.iter().copied(), option.iter().copied())
}

/// The difference of two shares from (hits, of) by replication.
#[must_use]
pub fn paired_share(base: &[(u64, u64)], option: &[(u64, u64)]) -> Option<Paired> {
    let mut paired = paired(as_floats(base), as_floats(option))?;
    let alike = |all: bool| {
        let one_kind = |pairs: &[(u64, u64)]| pairs.iter().all(|&(hits, of)| hits == if all { of } else { 0 });
        one_kind(base) && one_kind(option)
    };
    if !paired.same && (alike(true) || alike(false)) {
        let with_any = |pairs: &[(u64, u64)]| pairs.iter().filter(|p| p.1 > 0).count();
        paired.all_or_none = Some(with_any(base).min(with_any(option)));
    }
    Some(paired)
}

/// t interval of the difference of two shares, `option - base`.
#[must_use]
pub fn paired_share_interval(base: &[(u64, u64)], option: &[(u64, u64)], confidence: f64) -> Option<Interval> {
    paired_share(base, option).map(|paired| paired.interval(confidence))
}

fn paired(
    base: impl Iterator<Item = (f64, f64)> + Clone,
    option: impl Iterator<Item = (f64, f64)> + Clone,
) -> Option<Paired> {
    let (b, o) = (linearise(base.clone())?, linearise(option.clone())?);
    if b.n != o.n {
        return None;
    }
    let n = b.n as f64;
    let mean_of = |pairs: &dyn Fn() -> f64| pairs() / n;
    let b_of = mean_of(&|| base.clone().map(|p| p.1).sum());
    let o_of = mean_of(&|| option.clone().map(|p| p.1).sum());
    let part = |(top, bottom): (f64, f64), l: Linearised, of: f64| (top - l.ratio * bottom) / of;
    let pairs = || base.clone().zip(option.clone());
    let squares: f64 = pairs()
        .map(|(in_base, in_option)| part(in_option, o, o_of) - part(in_base, b, b_of))
        .map(|d| d * d)
        .sum();
    let known = b.with_any > 1 && o.with_any > 1;
    Some(Paired {
        base: b.ratio,
        option: o.ratio,
        error: if known {
            (squares / ((n - 1.0) * n)).sqrt()
        } else {
            f64::INFINITY
        },
        independent_error: libm::hypot(b.error, o.error),
        same: pairs().all(|(a, b)| a == b),
        parts: b.n,
        all_or_none: None,
    })
}

/// The difference of two quantiles of waits \[min\] from histograms of groups of replications, group by group the same
/// replications in both. `None` unless there are as many groups and something was counted in both.
///
/// # Source
/// Jackknife that leaves out one group at a time, each a fixed part of the whole, which holds for quantiles where leaving
/// out one value does not: J. Shao & C. F. J. Wu, *A general theory for jackknife variance estimation*, Annals of
/// Statistics 17 (1989), 1176-1197. The pseudo-values of the two are subtracted group by group.
#[must_use]
pub fn paired_quantile(base: &[WaitHistogram], option: &[WaitHistogram], level: f64) -> Option<Paired> {
    if base.len() != option.len() {
        return None;
    }
    let (b, o) = (pseudo_values(base, level)?, pseudo_values(option, level)?);
    let n = base.len() as f64;
    let error = |values: &mut dyn Iterator<Item = f64>| -> f64 {
        let values: Vec<f64> = values.collect();
        let mean = values.iter().sum::<f64>() / n;
        let squares: f64 = values.iter().map(|x| (x - mean) * (x - mean)).sum();
        if base.len() > 1 {
            (squares / ((n - 1.0) * n)).sqrt()
        } else {
            f64::INFINITY
        }
    };
    let alone = |values: &[f64]| error(&mut values.iter().copied());
    Some(Paired {
        base: b.0,
        option: o.0,
        error: error(&mut b.1.iter().zip(&o.1).map(|(b, o)| o - b)),
        independent_error: libm::hypot(alone(&b.1), alone(&o.1)),
        same: base == option,
        parts: base.len(),
        all_or_none: None,
    })
}

/// The quantile of all groups together, and its pseudo-value for each group. `None` if nothing was counted, or all of it in
/// one group.
fn pseudo_values(groups: &[WaitHistogram], level: f64) -> Option<(f64, Vec<f64>)> {
    let mut pooled = WaitHistogram::new();
    for group in groups {
        pooled.merge(group);
    }
    let whole = pooled.quantile_min(level)?;
    let n = groups.len() as f64;
    let values = groups.iter().map(|group| {
        let rest = pooled.without(group).quantile_min(level)?;
        Some(n * whole - (n - 1.0) * rest)
    });
    values.collect::<Option<_>>().map(|values| (whole, values))
}

#[cfg(test)]
mod tests {
    use super::{paired_quantile, paired_ratio, paired_share, paired_share_interval};
    use crate::random::{Key, name_salt, poisson_count};
    use crate::stats::{WaitHistogram, mean_interval};
    use crate::units::Span;

    const H: [u64; 10] = [380, 402, 371, 415, 390, 366, 408, 395, 377, 401];
    const N: [u64; 10] = [402, 419, 398, 431, 405, 399, 421, 410, 404, 416];

    fn pairs() -> Vec<(u64, u64)> {
        H.into_iter().zip(N).collect()
    }

    #[test]
    fn what_two_runs_share_cancels_from_their_difference() {
        let base = pairs();
        let option: Vec<(u64, u64)> = base.iter().map(|&(h, n)| (h + 4, n)).collect();
        let p = paired_share(&base, &option).unwrap();
        let i = p.interval(0.95);
        assert!((i.mean - 40.0 / 4105.0).abs() < 1e-12);
        assert!(i.half_width < 3e-4, "{i:?}");
        // The base alone has the half-width 0.012581 of the worked example; the option all but the same.
        assert!((p.independent_error - 2f64.sqrt() * 0.012_581_291 / 2.262_157_16).abs() < 1e-4);
        assert!(p.variance_ratio().unwrap() > 1000.0);
        assert!(paired_share_interval(&base, &option[1..], 0.95).is_none());
    }

    /// By hand: shares 8/12 and 9/12; D = (H - pN)/4 of the option (1/4, 0, -1/4) less that of the base (1/3, -1/6, -1/6)
    /// are -1/12, 1/6, -1/12; their squares sum to 1/24, so that the error is 1/12; with t(2) = 4.302653 the reach is
    /// 0.358554.
    #[test]
    fn the_worked_example_comes_out() {
        let p = paired_share(&[(4, 4), (2, 4), (2, 4)], &[(4, 4), (3, 4), (2, 4)]).unwrap();
        assert!((p.difference() - 1.0 / 12.0).abs() < 1e-15 && (p.error - 1.0 / 12.0).abs() < 1e-15);
        assert!((p.interval(0.95).half_width - 4.302_652_73 / 12.0).abs() < 1e-8);
        // One of three that shall hold at once: the t of 1 - 0.05/6 is 7.648.
        assert!((p.simultaneous(0.95, 3).half_width - 7.648_8 / 12.0).abs() < 1e-4);
        assert!((p.simultaneous(0.95, 1).half_width - p.interval(0.95).half_width).abs() < 1e-12);
    }

    #[test]
    fn a_mean_is_a_ratio_over_ones() {
        let (base, option) = ([1.0, 5.0, 9.0, 2.0], [2.5, 5.0, 10.0, 4.0]);
        let ones = |values: &[f64]| values.iter().map(|v| (*v, 1.0)).collect::<Vec<_>>();
        let p = paired_ratio(&ones(&base), &ones(&option)).unwrap();
        let differences: Vec<f64> = base.iter().zip(option).map(|(b, o)| o - b).collect();
        let direct = mean_interval(&differences, 0.9).unwrap();
        assert!((p.interval(0.9).low - direct.low).abs() < 1e-12);
        assert!((p.interval(0.9).high - direct.high).abs() < 1e-12);
        assert!(paired_ratio(&ones(&base), &ones(&option[1..])).is_none());
    }

    #[test]
    fn what_was_the_same_has_no_width_but_all_or_none_has() {
        let same = paired_share(&pairs(), &pairs()).unwrap();
        assert!(same.same && same.interval(0.95).half_width == 0.0 && same.variance_ratio().is_none());
        let all = paired_share(&[(50, 50); 60], &[(49, 49); 60]).unwrap();
        assert!((all.interval(0.95).half_width - 0.048_7).abs() < 1e-4);
        let lonely = paired_share(&[(3, 4), (0, 0)], &[(3, 4), (1, 4)]).unwrap();
        assert!(lonely.interval(0.95).half_width == f64::INFINITY);
    }

    fn exponential(u: f64, mean_min: f64) -> Span {
        #[expect(clippy::cast_possible_truncation, reason = "a few hours")]
        Span::from_ms((-libm::log1p(-u) * mean_min * 60_000.0) as i64)
    }

    /// 1,000 experiments of 20 groups of 100 waits that cluster by group, the option's a fifth shorter on the same numbers.
    /// The waits of a group have the mean of all times a factor between 0.7 and 1.3, so that the 90 % point x of all solves
    /// mean of exp(-x/(m f)) = 0.1, which the test finds by halving. Nominal 95 %, accepted 92.5 to 97.5 %: if the truth is
    /// 94.5 %, another seed would fail this with probability 0.3 %.
    #[test]
    fn differences_of_quantiles_are_covered() {
        let beyond = |x: f64| {
            (0..3000)
                .map(|k| libm::exp(-x / (0.7 + 0.6 * (f64::from(k) + 0.5) / 3000.0)))
                .sum::<f64>()
                / 3000.0
        };
        let (mut low, mut high) = (0.0, 10.0);
        for _ in 0..60 {
            let middle = (low + high) / 2.0;
            if beyond(middle) > 0.1 {
                low = middle
            } else {
                high = middle
            }
        }
        let truth = low * (48.0 - 60.0);
        let mut covered = 0;
        for experiment in 0..1000 {
            let key = Key::root(43).part(name_salt("experiment"), experiment);
            let groups = |mean: f64| -> Vec<WaitHistogram> {
                (0..20)
                    .map(|g| {
                        let mut waits = WaitHistogram::new();
                        let factor = 0.7 + 0.6 * key.uniform(2, g);
                        let part = key.part(3, g);
                        (0..100).for_each(|k| waits.add(exponential(part.uniform(4, k), mean * factor)));
                        waits
                    })
                    .collect()
            };
            let p = paired_quantile(&groups(60.0), &groups(48.0), 0.9).unwrap();
            covered += u32::from(p.interval(0.95).contains(truth));
        }
        assert!((925..=975).contains(&covered), "{covered} of 1000");
    }

    /// 1,000 experiments of 20 replications, shares that vary by replication in both alike, and a true difference of 0.05.
    /// Nominal 95 %, accepted 92.5 to 97.5 %, as above. The interval of independent seeds would be too long: it must cover
    /// more than 99 %.
    #[test]
    fn paired_intervals_cover_and_those_of_independent_seeds_are_too_long() {
        let (mut covered, mut independent) = (0, 0);
        for experiment in 0..1000 {
            let key = Key::root(42).part(name_salt("experiment"), experiment);
            let mut base = Vec::new();
            let mut option = Vec::new();
            for r in 0..20 {
                let n = u64::from(poisson_count(50.0, key.uniform(1, r))) * 4;
                let p = 0.7 + 0.2 * key.uniform(2, r);
                let part = key.part(3, r);
                let hits = |p: f64| ((0..n).filter(|&k| part.uniform(4, k) < p).count()) as u64;
                base.push((hits(p), n));
                option.push((hits(p + 0.05), n));
            }
            let p = paired_share(&base, &option).unwrap();
            covered += u32::from(p.interval(0.95).contains(0.05));
            independent += u32::from((p.difference() - 0.05).abs() < 2.093 * p.independent_error);
        }
        assert!((925..=975).contains(&covered), "{covered} of 1000");
        assert!(independent > 990, "{independent} of 1000");
    }
}
