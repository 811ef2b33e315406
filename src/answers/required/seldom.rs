//! Claims where posts may fall vacant.
//!
//! There people are late seldom but many at once: the replications of a test may all lack what decides, and the
//! variance that they show, or that people one by one would have, says nothing of it. So a claim is tested by a [`Bet`], which
//! takes nothing for granted but that a level lies between 0 and 1: nobody late in any replication is then as many replications as the rule of
//! three wants. A level is borderline if it is shown to be above the lower end of the zone and below its upper end.

use super::certificate::error_of_attempt;
use super::seen::Seen;
use super::space::Component;
use super::store::Store;
use crate::stats::{Bet, Verdict};

/// The level wanted by a check, if people may be late there seldom but many at once.
pub(super) fn seldom_at(store: &Store<'_>, component: &Component, check: usize) -> Option<f64> {
    store.may_fall_vacant(component).then(|| component.checks[check].wanted)
}

/// What is known of a level at which people may be late seldom but many at once.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seldom {
    /// Referrals that a replication has at most, over those that it has.
    most: f64,
    /// Error probability.
    beta: f64,
    /// Half the zone of indifference.
    delta: f64,
}

impl Seldom {
    /// As the search has seen it.
    pub(super) fn of(seen: &Seen, beta: f64, delta: f64) -> Self {
        Self {
            most: seen.most_referrals / seen.referrals,
            beta,
            delta,
        }
    }

    /// Replications that the search expects of it.
    pub(super) fn expected(self, level: f64, seen: &Seen) -> f64 {
        let gap = (seen.gap.abs() - seen.error).max(0.5 * self.delta);
        self.bet(level).expected(gap.copysign(seen.gap), seen.spread)
    }

    fn bet(self, level: f64) -> Bet {
        Bet {
            lowest: level * self.most,
            highest: (1.0 - level) * self.most,
            beta: self.beta,
        }
    }

    /// What it says of a level, of which the values at another, and so at all, are known.
    pub(super) fn says(self, level: f64, values: &dyn Fn(f64) -> Vec<f64>) -> Verdict {
        let side = |level: f64| {
            let (bet, values) = (self.bet(level), values(level));
            let (above, below) = (bet.above(values.iter().copied()), bet.below(values.iter().copied()));
            let earlier = |a: Option<usize>, b: Option<usize>| a.is_some_and(|a| b.is_none_or(|b| a <= b));
            (earlier(above, below), earlier(below, above))
        };
        match side(level) {
            (true, _) => Verdict::Feasible,
            (_, true) => Verdict::Infeasible,
            _ if side(level - self.delta).0 && side(level + self.delta).1 => Verdict::Borderline,
            _ => Verdict::Undecided,
        }
    }
}

/// The highest level of some components where posts may fall vacant, and the fewest replications on which it is taken for met.
pub(super) fn fewest_if_vacant<'c>(
    components: impl Iterator<Item = &'c Component>,
    store: &Store<'_>,
    confidence: f64,
) -> Option<(f64, u32)> {
    let vacant = components.filter(|component| store.may_fall_vacant(component));
    let levels = vacant.flat_map(|component| component.checks.iter().map(|check| check.wanted));
    let bet = Seldom {
        most: 1.0,
        beta: error_of_attempt(1, confidence),
        delta: 0.0,
    };
    let highest = levels.fold(None, |highest: Option<f64>, level| {
        Some(highest.map_or(level, |h| h.max(level)))
    })?;
    let takes = bet.bet(highest).expected(1.0 - highest, 0.0);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "not negative, and bounded"
    )]
    let takes = takes.min(1e9).ceil() as u32;
    Some((highest, takes))
}
