//! The lowest of several ratios, and how two sets of ratios differ in their lowest, from the same replications.

use crate::random::{Key, name_salt};
use crate::stats::bootstrap::percentiles;
use crate::stats::interval::Interval;

/// Resamples.
const RESAMPLES: u64 = 1000;

/// The lowest of some shares, hub by hub (hits, of) by replication, with a percentile interval; and the place of the hub that
/// has it. A hub of which nobody was counted has none. `None` if that is so of all.
///
/// The lowest of several that are close leans downward, as the highest leans upward.
///
/// # Source
/// Bootstrap of whole replications: B. Efron & R. Tibshirani, *An Introduction to the Bootstrap* (1993), ch. 13.
#[must_use]
pub fn lowest_share(hubs: &[Vec<(u64, u64)>], confidence: f64) -> Option<(usize, Interval)> {
    let replications = hubs.first()?.len();
    let (place, mean) = lowest(hubs, 0..replications)?;
    let values = resamples(replications).filter_map(|drawn| Some(lowest(hubs, drawn.into_iter())?.1));
    Some((
        place,
        percentiles(mean, values.collect(), confidence).clipped_to_share(),
    ))
}

/// `option - base` of their lowest shares, each resample drawn from both alike, so that what common random numbers do to both
/// cancels. `None` unless both have as many replications and a lowest.
#[must_use]
pub fn lowest_difference(base: &[Vec<(u64, u64)>], option: &[Vec<(u64, u64)>], confidence: f64) -> Option<Interval> {
    let replications = base.first()?.len();
    if base.iter().chain(option).any(|hub| hub.len() != replications) {
        return None;
    }
    let difference = |drawn: &[usize]| {
        let of = |hubs| lowest(hubs, drawn.iter().copied());
        Some(of(option)?.1 - of(base)?.1)
    };
    let all: Vec<usize> = (0..replications).collect();
    let mean = difference(&all)?;
    let values = resamples(replications).filter_map(|drawn| difference(&drawn));
    Some(percentiles(mean, values.collect(), confidence))
}

/// Replications drawn with replacement, the same whoever asks.
fn resamples(replications: usize) -> impl Iterator<Item = Vec<usize>> {
    let key = Key::root(name_salt("lowest"));
    (0..RESAMPLES).map(move |sample| {
        let part = key.part(name_salt("bootstrap"), sample);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "below the number"
        )]
        let drawn = |k| (part.uniform(0, k) * replications as f64) as usize;
        (0..replications as u64).map(drawn).collect()
    })
}

fn lowest(hubs: &[Vec<(u64, u64)>], drawn: impl Iterator<Item = usize> + Clone) -> Option<(usize, f64)> {
    let share = |hub: &Vec<(u64, u64)>| {
        let add = |(hits, of): (u64, u64), r: usize| (hits + hub[r].0, of + hub[r].1);
        let (hits, of) = drawn.clone().fold((0, 0), add);
        (of > 0).then(|| hits as f64 / of as f64)
    };
    let shares = hubs.iter().map(share).enumerate();
    shares
        .filter_map(|(place, share)| Some((place, share?)))
        .min_by(|a, b| a.1.total_cmp(&b.1))
}

#[cfg(test)]
mod tests {
    use super::{lowest_difference, lowest_share};
    use crate::random::{Key, name_salt};
    use crate::stats::{paired_share_interval, share_interval};

    /// 200 replications of 100 referrals, seen with a probability that varies by replication; `more` on top.
    fn hub(salt: &str, p: f64, more: f64) -> Vec<(u64, u64)> {
        let key = Key::root(3).part(name_salt(salt), 0);
        (0..200)
            .map(|r| {
                let part = key.part(1, r);
                let p = p + 0.2 * (part.uniform(0, 0) - 0.5) + more;
                ((1..=100).filter(|&k| part.uniform(0, k) < p).count() as u64, 100)
            })
            .collect()
    }

    /// Far apart, the lowest is always the same hub, and its interval that of its share: within a tenth of the half-width.
    #[test]
    fn the_lowest_of_hubs_far_apart_is_one_hub() {
        let hubs = [hub("a", 0.8, 0.0), hub("b", 0.6, 0.0), hub("c", 0.85, 0.0)];
        let (place, found) = lowest_share(&hubs, 0.95).unwrap();
        let own = share_interval(&hubs[1], 0.95).unwrap();
        assert!(place == 1 && (found.mean - own.mean).abs() < 1e-12);
        assert!(
            (found.half_width / own.half_width - 1.0).abs() < 0.1,
            "{found:?} {own:?}"
        );
        // The same people with one hub better: the difference is that hub's own, paired.
        let better = [hubs[0].clone(), hub("b", 0.6, 0.05), hubs[2].clone()];
        let found = lowest_difference(&hubs, &better, 0.95).unwrap();
        let own = paired_share_interval(&hubs[1], &better[1], 0.95).unwrap();
        assert!((found.mean - own.mean).abs() < 1e-12);
        assert!(
            (found.half_width / own.half_width - 1.0).abs() < 0.1,
            "{found:?} {own:?}"
        );
        let nothing = lowest_difference(&hubs, &hubs, 0.95).unwrap();
        assert!(nothing.mean == 0.0 && nothing.half_width == 0.0);
    }

    #[test]
    fn a_hub_that_receives_nobody_is_not_the_lowest() {
        let hubs = [vec![(0, 0); 3], vec![(3, 4); 3]];
        assert_eq!(lowest_share(&hubs, 0.95).unwrap().0, 1);
        assert!(lowest_share(&[vec![(0, 0); 3]], 0.95).is_none() && lowest_share(&[], 0.95).is_none());
        assert!(lowest_difference(&hubs, &[vec![(1, 1); 2]], 0.95).is_none());
    }
}
