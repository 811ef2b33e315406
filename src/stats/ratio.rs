//! Ratios over replications: sum over sum, with an interval that knows that waits cluster.
//!
//! The estimate is the sum of the hits over the sum of the referrals, not the mean of the replications' shares, which
//! counts busy replications too little. Its error comes from `D_r = H_r - p N_r`, one number per replication
//! (Cochran, *Sampling Techniques*, 3rd ed., 6.4; Law, *Simulation Modeling and Analysis*, 5th ed., 9.5.3).

use crate::stats::interval::{Interval, student_t_quantile, t_factor};

/// Shares nearer than this to 0 or 1 get their interval on the logit scale.
const NEAR_THE_END: f64 = 0.02;

/// The ratio, its standard error, the number of replications and that of those with a denominator.
#[derive(Clone, Copy)]
pub(super) struct Linearised {
    pub(super) ratio: f64,
    pub(super) error: f64,
    pub(super) n: usize,
    pub(super) with_any: usize,
}

/// `None` unless the denominators sum to more than 0.
pub(super) fn linearise(pairs: impl Iterator<Item = (f64, f64)> + Clone) -> Option<Linearised> {
    let (n, top, bottom) = pairs.clone().fold((0usize, 0.0, 0.0), |(n, h, m), (top, bottom)| {
        (n + 1, h + top, m + bottom)
    });
    if bottom.is_nan() || bottom <= 0.0 {
        return None;
    }
    let ratio = top / bottom;
    let with_any = pairs.clone().filter(|p| p.1 > 0.0).count();
    let squares: f64 = pairs.map(|(top, bottom)| top - ratio * bottom).map(|d| d * d).sum();
    // A single denominator makes a ratio of its own, from which nothing can differ.
    let error = if with_any > 1 {
        (squares / (n - 1) as f64 * n as f64).sqrt() / bottom
    } else {
        f64::INFINITY
    };
    Some(Linearised {
        ratio,
        error,
        n,
        with_any,
    })
}

pub(super) fn as_floats(pairs: &[(u64, u64)]) -> impl Iterator<Item = (f64, f64)> + Clone {
    pairs.iter().map(|&(hits, of)| (hits as f64, of as f64))
}

/// t interval of a ratio of two sums over replications, such as a mean wait (sum of waits over those seen) or a
/// utilisation (time worked over time available). `None` unless the denominators sum to more than 0.
///
/// Replications without a denominator count as replications: that they had nothing to offer is part of the spread.
/// But it is infinitely wide unless two of them have one: a single ratio does not say how much ratios vary.
#[must_use]
pub fn ratio_interval(pairs: &[(f64, f64)], confidence: f64) -> Option<Interval> {
    let l = linearise(pairs.iter().copied())?;
    let half_width = if l.with_any > 1 {
        t_factor(l.n, confidence) * l.error
    } else {
        f64::INFINITY
    };
    Some(Interval::symmetric(l.ratio, half_width))
}

/// The same from sums over `n` replications, of which `with_any` have a denominator: those of the tops, of the bottoms,
/// of the tops' squares, of the products and of the bottoms' squares.
#[must_use]
pub fn ratio_interval_of_sums(sums: [f64; 5], n: usize, with_any: usize, confidence: f64) -> Option<Interval> {
    let [top, bottom, top_squares, products, bottom_squares] = sums;
    if bottom.is_nan() || bottom <= 0.0 {
        return None;
    }
    let ratio = top / bottom;
    let squares = (top_squares - 2.0 * ratio * products + ratio * ratio * bottom_squares).max(0.0);
    let half_width = if with_any > 1 {
        t_factor(n, confidence) * (squares / (n - 1) as f64 * n as f64).sqrt() / bottom
    } else {
        f64::INFINITY
    };
    Some(Interval::symmetric(ratio, half_width))
}

/// Interval of a share from (hits, of) by replication: a service level from hits and referrals. `None` if there was
/// nothing to hit at all.
///
/// Above 0.98 and below 0.02 it is made on the logit scale and carried back. If all or none were hits, only one end
/// is open, and it comes from whole replications: with none of `n` showing an exception, at that confidence at most
/// `1 - (1 - confidence)^(1/n)` would (the rule of three: about `3/n` at 95 %; Hanley & Lippman-Hand, JAMA 249
/// (1983), 1743-1745). Otherwise nothing is known from fewer than two replications that had something to hit.
#[must_use]
pub fn share_interval(pairs: &[(u64, u64)], confidence: f64) -> Option<Interval> {
    let l = linearise(as_floats(pairs))?;
    let (hits, of) = pairs
        .iter()
        .fold((0u64, 0u64), |(h, n), &(hits, of)| (h + hits, n + of));
    if hits == 0 || hits == of {
        return Some(all_or_none(hits > 0, l.with_any, confidence));
    }
    if l.with_any < 2 {
        return Some(Interval::between(l.ratio, 0.0, 1.0));
    }
    let p = l.ratio;
    let reach = t_factor(l.n, confidence) * l.error;
    if (NEAR_THE_END..=1.0 - NEAR_THE_END).contains(&p) {
        return Some(Interval::symmetric(p, reach).clipped_to_share());
    }
    let logit = libm::log(p / (1.0 - p));
    let reach = reach / (p * (1.0 - p));
    let back = |x: f64| 1.0 / (1.0 + libm::exp(-x));
    Some(Interval::between(p, back(logit - reach), back(logit + reach)))
}

/// The interval of a share when all or none were hits, in `with_any` replications that had something to hit.
pub(crate) fn all_or_none(all: bool, with_any: usize, confidence: f64) -> Interval {
    let open = -libm::expm1(libm::log1p(-confidence) / with_any as f64);
    if all {
        Interval::between(1.0, 1.0 - open, 1.0)
    } else {
        Interval::between(0.0, 0.0, open)
    }
}

/// The share that the true one exceeds with this one-sided confidence, on the plain scale. `None` if there was
/// nothing to hit at all; 0 if a single replication had something.
#[must_use]
pub fn share_lower_bound(pairs: &[(u64, u64)], confidence: f64) -> Option<f64> {
    let l = linearise(as_floats(pairs))?;
    if l.with_any < 2 {
        return Some(0.0);
    }
    let t = student_t_quantile(confidence, (l.n - 1) as f64);
    Some((l.ratio - t * l.error).clamp(0.0, 1.0))
}

/// The share with the replications' jackknife: (estimate corrected for bias, its standard error). A check on
/// [`share_interval`], which needs no resampling. `None` with fewer than two replications, or if leaving one out
/// leaves nothing.
///
/// # Source
/// R. G. Miller, *The jackknife: a review*, Biometrika 61 (1974), 1-15.
#[must_use]
pub fn jackknife_share(pairs: &[(u64, u64)]) -> Option<(f64, f64)> {
    let n = pairs.len() as f64;
    let (hits, of) = pairs
        .iter()
        .fold((0u64, 0u64), |(h, n), &(hits, of)| (h + hits, n + of));
    if pairs.len() < 2 || pairs.iter().any(|p| p.1 == of) {
        return None;
    }
    let whole = hits as f64 / of as f64;
    let pseudo: Vec<f64> = pairs
        .iter()
        .map(|&(h, m)| n * whole - (n - 1.0) * ((hits - h) as f64 / (of - m) as f64))
        .collect();
    let mean = pseudo.iter().sum::<f64>() / n;
    let squares: f64 = pseudo.iter().map(|x| (x - mean) * (x - mean)).sum();
    Some((mean, (squares / (n * (n - 1.0))).sqrt()))
}

#[cfg(test)]
mod tests {
    use super::{jackknife_share, ratio_interval, ratio_interval_of_sums, share_interval, share_lower_bound};
    use crate::random::{Key, name_salt, poisson_count};

    const H: [u64; 10] = [380, 402, 371, 415, 390, 366, 408, 395, 377, 401];
    const N: [u64; 10] = [402, 419, 398, 431, 405, 399, 421, 410, 404, 416];

    fn pairs() -> Vec<(u64, u64)> {
        H.into_iter().zip(N).collect()
    }

    /// Worked out independently with 30 digits.
    #[test]
    fn the_worked_example_comes_out_to_the_printed_digits() {
        let i = share_interval(&pairs(), 0.95).unwrap();
        assert!((i.mean - 0.951_278_928).abs() < 5e-10, "{i:?}");
        assert!((i.half_width - 0.012_581_291).abs() < 5e-9, "{i:?}");
        assert!((share_lower_bound(&pairs(), 0.95).unwrap() - 0.941_083_824).abs() < 5e-9);
        let (jackknife, error) = jackknife_share(&pairs()).unwrap();
        assert!((jackknife - 0.951_313_873).abs() < 5e-10, "{jackknife}");
        assert!((error - 0.005_555_224).abs() < 5e-10, "{error}");
        let of_ratios = H.iter().zip(N).map(|(&h, n)| h as f64 / n as f64).sum::<f64>() / 10.0;
        assert!((of_ratios - 0.950_964_127).abs() < 5e-10);
        let z: Vec<f64> = H.iter().zip(N).map(|(&h, n)| h as f64 - 0.95 * n as f64).collect();
        let mean = z.iter().sum::<f64>() / 10.0;
        let sd = (z.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / 9.0).sqrt();
        assert!((mean - 0.525).abs() < 1e-9 && (sd - 7.230_078).abs() < 5e-7);
        assert!((mean / (sd / 10f64.sqrt()) - 0.229_623).abs() < 5e-7);
    }

    #[test]
    fn a_share_and_the_same_ratio_agree() {
        let floats: Vec<(f64, f64)> = pairs().iter().map(|&(h, n)| (h as f64, n as f64)).collect();
        let (a, b) = (
            share_interval(&pairs(), 0.9).unwrap(),
            ratio_interval(&floats, 0.9).unwrap(),
        );
        assert!((a.half_width - b.half_width).abs() < 1e-15);
        assert!(ratio_interval(&[(1.0, 0.0)], 0.9).is_none() && ratio_interval(&[], 0.9).is_none());
    }

    #[test]
    fn near_the_end_the_interval_stays_inside_and_is_longer_inward() {
        let close: Vec<(u64, u64)> = [100, 99, 100, 98, 100].into_iter().map(|h| (h, 100)).collect();
        let i = share_interval(&close, 0.95).unwrap();
        assert!(i.high < 1.0 && i.low > 0.9 && i.mean - i.low > i.high - i.mean);
        assert!((i.half_width - (i.mean - i.low)).abs() < 1e-15);
        let mirrored: Vec<(u64, u64)> = close.iter().map(|&(h, n)| (n - h, n)).collect();
        let j = share_interval(&mirrored, 0.95).unwrap();
        assert!((j.low - (1.0 - i.high)).abs() < 1e-12 && (j.high - (1.0 - i.low)).abs() < 1e-12);
    }

    #[test]
    fn all_hits_leave_room_for_the_replications_not_seen() {
        let all = share_interval(&[(50, 50); 60], 0.95).unwrap();
        assert!(
            (all.high - 1.0).abs() < 1e-15 && (1.0 - all.low - 0.048_7).abs() < 1e-4,
            "{all:?}"
        );
        let none = share_interval(&[(0, 50); 60], 0.95).unwrap();
        assert!(none.low == 0.0 && (none.high - (1.0 - all.low)).abs() < 1e-12);
        assert!(share_interval(&[(0, 0); 60], 0.95).is_none());
        assert!(share_interval(&[(3, 4)], 0.95).unwrap().contains(0.01));
    }

    #[test]
    fn one_denominator_is_no_interval() {
        let infinite = |i: Option<super::Interval>| i.unwrap().half_width == f64::INFINITY;
        assert!(infinite(ratio_interval(&[(3.0, 4.0), (0.0, 0.0), (0.0, 0.0)], 0.95)));
        assert!(infinite(ratio_interval_of_sums(
            [3.0, 4.0, 9.0, 12.0, 16.0],
            3,
            1,
            0.95
        )));
        let share = share_interval(&[(3, 4), (0, 0), (0, 0)], 0.95).unwrap();
        assert!(share.low == 0.0 && (share.high - 1.0).abs() < 1e-12, "{share:?}");
        assert!(share_lower_bound(&[(3, 4), (0, 0)], 0.95).unwrap() == 0.0);
        let two = [(3.0, 4.0), (2.0, 4.0), (0.0, 0.0)];
        let (a, b) = (
            ratio_interval(&two, 0.95).unwrap(),
            ratio_interval_of_sums([5.0, 8.0, 13.0, 20.0, 32.0], 3, 2, 0.95).unwrap(),
        );
        assert!(a.half_width > 0.0 && (a.half_width - b.half_width).abs() < 1e-12);
    }

    /// 1,000 experiments of 20 replications whose share itself varies, as waits that cluster make it; about 200
    /// referrals each. Nominal 95 %, accepted 92.5 to 97.5 %: if the truth is 94.5 %, another seed would fail this with
    /// probability 0.3 %. The binomial interval must fail it.
    #[test]
    fn intervals_over_replications_cover_and_binomial_ones_do_not() {
        let (mut covered, mut binomial) = (0, 0);
        for experiment in 0..1000 {
            let key = Key::root(41).part(name_salt("experiment"), experiment);
            let pairs: Vec<(u64, u64)> = (0..20)
                .map(|r| {
                    let n = u64::from(poisson_count(50.0, key.uniform(1, r))) * 4;
                    let p = 0.8 + 0.2 * key.uniform(2, r);
                    let part = key.part(3, r);
                    (((0..n).filter(|&k| part.uniform(4, k) < p).count()) as u64, n)
                })
                .collect();
            let i = share_interval(&pairs, 0.95).unwrap();
            covered += u32::from(i.contains(0.9));
            let total: u64 = pairs.iter().map(|p| p.1).sum();
            binomial += u32::from((i.mean - 0.9).abs() < 1.96 * (i.mean * (1.0 - i.mean) / total as f64).sqrt());
        }
        assert!((925..=975).contains(&covered), "{covered} of 1000");
        assert!(binomial < 750, "{binomial} of 1000");
    }
}
