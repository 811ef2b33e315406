//! How sure the choice of a placement is: whole replications drawn anew, and the programmes run again.

use std::collections::BTreeMap;

use serde::Serialize;

use super::cells::Table;
use crate::random::{Key, name_salt};
use crate::stats::{Placed, highest_low, largest_totals};

/// Resamples.
pub const RESAMPLES: u32 = 500;

/// A placement and how often it was the best.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Win {
    /// Posts at each team.
    pub extra: Vec<u32>,
    /// Share of the resamples in which it was the best.
    pub share: f64,
}

/// A number of posts at a team, and how often the best placement had it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct NumberWin {
    /// Posts.
    pub extra: u32,
    /// Share of the resamples.
    pub share: f64,
}

/// How often each placement would have been chosen.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Choice {
    /// Placements that were the best in some resample, the most frequent first.
    pub wins: Vec<Win>,
    /// By team: the numbers that the best placement had, fewest first.
    pub by_place: Vec<Vec<NumberWin>>,
}

impl Choice {
    /// How often a placement was the best.
    #[must_use]
    pub fn share_of(&self, extra: &[u32]) -> f64 {
        let own = self.wins.iter().find(|win| win.extra == extra);
        own.map_or(0.0, |win| win.share)
    }

    /// From how often each placement was chosen, by whatever weight.
    pub(super) fn of(counts: BTreeMap<Vec<u32>, f64>, places: usize) -> Self {
        let all: f64 = counts.values().sum();
        let share = |n: f64| if all > 0.0 { n / all } else { 0.0 };
        let by_place = (0..places).map(|place| {
            let mut numbers: BTreeMap<u32, f64> = BTreeMap::new();
            for (extra, n) in &counts {
                *numbers.entry(extra[place]).or_default() += n;
            }
            let win = |(extra, n): (u32, f64)| NumberWin { extra, share: share(n) };
            numbers.into_iter().map(win).collect()
        });
        let by_place = by_place.collect();
        let mut wins: Vec<(Vec<u32>, f64)> = counts.into_iter().collect();
        wins.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        let win = |(extra, n): (Vec<u32>, f64)| Win { extra, share: share(n) };
        Self {
            wins: wins.into_iter().map(win).collect(),
            by_place,
        }
    }
}

/// The choice for the total, and that for the worst hub, over 500 bootstrap samples of whole replications.
///
/// # Source
/// B. Efron & R. Tibshirani, *An Introduction to the Bootstrap* (1993), ch. 6.
pub(super) fn choices(table: &Table, replications: u32, steps: u32, step: u32, places: usize) -> [Choice; 2] {
    let key = Key::root(name_salt("allocate"));
    let mut counts = [BTreeMap::new(), BTreeMap::new()];
    for sample in 0..RESAMPLES {
        let part = key.part(name_salt("bootstrap"), u64::from(sample));
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "below the number"
        )]
        let draw = |k: u32| (part.uniform(0, u64::from(k)) * f64::from(replications)) as usize;
        let drawn: Vec<usize> = (0..replications).map(draw).collect();
        let known = table.known(&drawn.iter().copied());
        let posts = steps as usize;
        let best = largest_totals(&known, posts).into_iter().next_back().flatten();
        for (counts, found) in counts.iter_mut().zip([best, highest_low(&known, posts)]) {
            let Some(Placed { ways, .. }) = found else { continue };
            let extra: Vec<u32> = table.placement(&ways).iter().map(|n| n * step).collect();
            *counts.entry(extra).or_default() += 1.0;
        }
    }
    counts.map(|counts| Choice::of(counts, places))
}
