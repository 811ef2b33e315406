//! Resampling replications, for what has no formula.

use crate::random::{Key, name_salt};
use crate::stats::interval::Interval;

/// Resamples.
const RESAMPLES: u64 = 1000;

/// The highest and the lowest of several ratios.
#[derive(Clone, Debug, PartialEq)]
pub struct Extremes {
    /// Highest less lowest, times the scale asked for.
    pub gap: Interval,
    /// Highest over lowest; `None` where the lowest is 0, be it in one resample.
    pub ratio: Option<Interval>,
    /// Share of resamples in which each is the highest. What is equal shares a resample, so they sum to 1.
    pub highest: Vec<f64>,
    /// The same for the lowest.
    pub lowest: Vec<f64>,
}

/// The highest and lowest of some ratios (each the sum of what is first over the sum of what is second), with percentile
/// intervals from 1,000 bootstrap samples of whole replications. `hubs` holds (part, whole) by replication, hub by hub,
/// equally many of each. `None` unless there are two or more, each with something in its whole.
///
/// The gap is a difference of extremes and leans upward when ratios are close: an interval that begins near 0 is no
/// proof of a difference. How often a hub is the lowest says whether chance alone may have put its name there.
///
/// # Source
/// B. Efron & R. Tibshirani, *An Introduction to the Bootstrap* (1993), ch. 13.
#[must_use]
pub fn extremes(hubs: &[Vec<(f64, f64)>], scale: f64, confidence: f64) -> Option<Extremes> {
    let n = hubs.first()?.len();
    if hubs.len() < 2 || hubs.iter().any(|h| h.len() != n) {
        return None;
    }
    let ratios = |replications: &mut dyn Iterator<Item = usize>| -> Option<Vec<f64>> {
        let mut sums = vec![(0.0, 0.0); hubs.len()];
        for r in replications {
            for (sum, hub) in sums.iter_mut().zip(hubs) {
                sum.0 += hub[r].0;
                sum.1 += hub[r].1;
            }
        }
        sums.iter()
            .map(|&(part, whole)| (whole > 0.0).then(|| part / whole))
            .collect()
    };
    let ends = |ratios: &[f64]| {
        ratios
            .iter()
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), &r| {
                (low.min(r), high.max(r))
            })
    };
    let (low, high) = ends(&ratios(&mut (0..n))?);
    let key = Key::root(name_salt("equity gap"));
    let (mut gaps, mut times) = (Vec::new(), Vec::new());
    let (mut highest, mut lowest) = (vec![0.0; hubs.len()], vec![0.0; hubs.len()]);
    for sample in 0..RESAMPLES {
        let part = key.part(name_salt("bootstrap"), sample);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "below n")]
        let mut drawn = (0..n as u64).map(|k| (part.uniform(0, k) * n as f64) as usize);
        // A resample without any referral of some hub has no gap.
        let Some(ratios) = ratios(&mut drawn) else { continue };
        let (low, high) = ends(&ratios);
        gaps.push(scale * (high - low));
        times.push(high / low);
        count_at(&ratios, high, &mut highest);
        count_at(&ratios, low, &mut lowest);
    }
    let samples = gaps.len().max(1) as f64;
    highest.iter_mut().chain(&mut lowest).for_each(|n| *n /= samples);
    let known = low > 0.0 && times.iter().all(|t| t.is_finite());
    Some(Extremes {
        gap: percentiles(scale * (high - low), gaps, confidence),
        ratio: known.then(|| percentiles(high / low, times, confidence)),
        highest,
        lowest,
    })
}

/// Counts those that have a value, one in all.
#[expect(clippy::float_cmp, reason = "the same number, copied")]
fn count_at(ratios: &[f64], value: f64, counts: &mut [f64]) {
    let equal = ratios.iter().filter(|r| **r == value).count();
    for (count, ratio) in counts.iter_mut().zip(ratios) {
        if *ratio == value {
            *count += 1.0 / equal as f64;
        }
    }
}

/// A percentile interval of resampled values.
pub(super) fn percentiles(mean: f64, mut values: Vec<f64>, confidence: f64) -> Interval {
    values.sort_by(f64::total_cmp);
    let at = |p: f64| {
        let place = p * (values.len().saturating_sub(1)) as f64;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "below the number of values"
        )]
        values.get(place.round() as usize).copied().unwrap_or(mean)
    };
    let tail = 0.5 - 0.5 * confidence;
    Interval::between(mean, at(tail).min(mean), at(1.0 - tail).max(mean))
}

#[cfg(test)]
mod tests {
    use super::extremes;
    use crate::random::{Key, name_salt};
    use crate::stats::share_interval;

    fn hub(p: f64, salt: &str) -> Vec<(f64, f64)> {
        let hit = |r, k| Key::root(3).part(name_salt(salt), r).uniform(0, k) < p;
        (0..100)
            .map(|r| ((0..100).filter(|&k| hit(r, k)).count() as f64, 100.0))
            .collect()
    }

    #[test]
    fn two_hubs_far_apart_have_the_gap_of_their_shares() {
        let hubs = [hub(0.9, "a"), hub(0.6, "b")];
        let found = extremes(&hubs, 100.0, 0.95).unwrap();
        let [a, b] = [0, 1].map(|h: usize| {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole numbers")]
            let counts: Vec<(u64, u64)> = hubs[h].iter().map(|p| (p.0 as u64, p.1 as u64)).collect();
            share_interval(&counts, 0.95).unwrap()
        });
        assert!((found.gap.mean - 100.0 * (a.mean - b.mean)).abs() < 1e-9);
        assert!((found.ratio.unwrap().mean - a.mean / b.mean).abs() < 1e-12);
        // Independent hubs: the half-width is near that of the difference, 1.11 points.
        let expected = 100.0 * (a.half_width * a.half_width + b.half_width * b.half_width).sqrt();
        assert!(
            (found.gap.half_width / expected - 1.0).abs() < 0.15,
            "{found:?} {expected}"
        );
        assert_eq!(
            (found.highest.clone(), found.lowest.clone()),
            (vec![1.0, 0.0], vec![0.0, 1.0])
        );
        assert_eq!(found, extremes(&hubs, 100.0, 0.95).unwrap());
    }

    /// Of three hubs alike each is the lowest in some resamples, none in nearly all: with the seed kept, 0.8 is not reached.
    #[test]
    fn hubs_that_chance_alone_orders_are_not_told_apart() {
        let hubs = [hub(0.8, "a"), hub(0.8, "b"), hub(0.8, "c")];
        let found = extremes(&hubs, 100.0, 0.95).unwrap();
        for shares in [&found.highest, &found.lowest] {
            assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-9, "{shares:?}");
        }
        assert!(found.lowest.iter().all(|&s| s < 0.9), "{found:?}");
    }

    #[test]
    fn hubs_that_hit_the_same_have_no_gap_and_share_their_place() {
        let same = vec![(9.0, 10.0); 20];
        let found = extremes(&[same.clone(), same], 100.0, 0.95).unwrap();
        assert!(found.gap.mean == 0.0 && found.gap.half_width == 0.0);
        assert!(
            found
                .lowest
                .iter()
                .chain(&found.highest)
                .all(|&s| (s - 0.5).abs() < 1e-9)
        );
        assert!(extremes(&[vec![(0.0, 0.0); 5], vec![(1.0, 1.0); 5]], 100.0, 0.95).is_none());
        assert!(extremes(&[], 100.0, 0.95).is_none() && extremes(&[vec![(1.0, 1.0)]], 100.0, 0.95).is_none());
        assert!(extremes(&[vec![(1.0, 1.0)], vec![]], 100.0, 0.95).is_none());
        let nothing = extremes(&[vec![(0.0, 1.0); 5], vec![(1.0, 1.0); 5]], 1.0, 0.95).unwrap();
        assert!(nothing.ratio.is_none() && (nothing.gap.mean - 1.0).abs() < 1e-12);
    }
}
