//! Resampling replications, for what has no formula.

use crate::random::{Key, name_salt};
use crate::stats::interval::Interval;

/// Resamples.
const RESAMPLES: u64 = 1000;

/// Best less worst hub's pooled share \[percentage points\], with a percentile interval from 1,000 bootstrap samples of
/// whole replications. `hubs` holds (hits, of) by replication, hub by hub, equally many of each. `None` unless every
/// hub has something to hit.
///
/// The gap is a difference of extremes and leans upward when shares are close: an interval that begins near 0 is no
/// proof of a difference.
///
/// # Source
/// B. Efron & R. Tibshirani, *An Introduction to the Bootstrap* (1993), ch. 13.
#[must_use]
pub fn equity_gap_points(hubs: &[Vec<(u64, u64)>], confidence: f64) -> Option<Interval> {
    let n = hubs.first()?.len();
    if hubs.iter().any(|h| h.len() != n) {
        return None;
    }
    let gap = |replications: &mut dyn Iterator<Item = usize>| -> Option<f64> {
        let mut sums = vec![(0u64, 0u64); hubs.len()];
        for r in replications {
            for (sum, hub) in sums.iter_mut().zip(hubs) {
                sum.0 += hub[r].0;
                sum.1 += hub[r].1;
            }
        }
        let mut shares = sums.iter().map(|&(hits, of)| (of > 0).then(|| hits as f64 / of as f64));
        let (low, high) = shares.try_fold((1.0f64, 0.0f64), |(low, high), share| {
            share.map(|s| (low.min(s), high.max(s)))
        })?;
        Some(100.0 * (high - low))
    };
    let mean = gap(&mut (0..n))?;
    let key = Key::root(name_salt("equity gap"));
    let mut gaps = Vec::new();
    for sample in 0..RESAMPLES {
        let part = key.part(name_salt("bootstrap"), sample);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "below n")]
        let mut drawn = (0..n as u64).map(|k| (part.uniform(0, k) * n as f64) as usize);
        // A resample without any referral of some hub has no gap.
        gaps.extend(gap(&mut drawn));
    }
    gaps.sort_by(f64::total_cmp);
    let at = |p: f64| {
        let place = p * (gaps.len().saturating_sub(1)) as f64;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "below the number of gaps"
        )]
        gaps.get(place.round() as usize).copied().unwrap_or(mean)
    };
    let tail = 0.5 - 0.5 * confidence;
    Some(Interval::between(mean, at(tail).min(mean), at(1.0 - tail).max(mean)))
}

#[cfg(test)]
mod tests {
    use super::equity_gap_points;
    use crate::random::{Key, name_salt};
    use crate::stats::share_interval;

    #[test]
    fn two_hubs_far_apart_have_the_gap_of_their_shares() {
        let hub = |p: f64, salt: &str| -> Vec<(u64, u64)> {
            (0..100)
                .map(|r| {
                    let part = Key::root(3).part(name_salt(salt), r);
                    (((0..100).filter(|&k| part.uniform(0, k) < p).count()) as u64, 100)
                })
                .collect()
        };
        let hubs = [hub(0.9, "a"), hub(0.6, "b")];
        let gap = equity_gap_points(&hubs, 0.95).unwrap();
        let [a, b] = [0, 1].map(|h| share_interval(&hubs[h], 0.95).unwrap());
        assert!((gap.mean - 100.0 * (a.mean - b.mean)).abs() < 1e-9);
        // Independent hubs: the half-width is near that of the difference, 1.11 points.
        let expected = 100.0 * (a.half_width * a.half_width + b.half_width * b.half_width).sqrt();
        assert!((gap.half_width / expected - 1.0).abs() < 0.15, "{gap:?} {expected}");
        assert_eq!(gap, equity_gap_points(&hubs, 0.95).unwrap());
    }

    #[test]
    fn hubs_that_hit_the_same_have_no_gap() {
        let same = vec![(9, 10); 20];
        let gap = equity_gap_points(&[same.clone(), same], 0.95).unwrap();
        assert!(gap.mean == 0.0 && gap.half_width == 0.0);
        assert!(equity_gap_points(&[vec![(0, 0); 5], vec![(1, 1); 5]], 0.95).is_none());
        assert!(equity_gap_points(&[], 0.95).is_none());
        assert!(equity_gap_points(&[vec![(1, 1)], vec![]], 0.95).is_none());
    }
}
