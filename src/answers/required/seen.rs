//! What has been seen of a level at a staffing, with what chance brought to those replications taken off.
//!
//! Where there is a [control](super::control), hits less the level wanted times referrals are looked at after a slope times the
//! control. The slope is that of a straight line through the replications of the staffing itself and, while these are few, through
//! those of others whose levels are near: slopes change slowly from one staffing to the next. A certificate takes the
//! slope as it then is: it is tested on other people, for whom it is a constant, so that the test is as exact as without.

use super::store::Sample;
use crate::random::normal_quantile;

/// What the people simulated say of one check at one staffing.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen {
    pub(super) replications: usize,
    /// Hits over referrals.
    pub(super) level: f64,
    /// Mean referrals of a replication.
    pub(super) referrals: f64,
    /// Referrals that a replication has at most, but for chance that does not count.
    pub(super) most_referrals: f64,
    /// Mean of (hits - wanted x referrals - slope x control) over mean referrals, and its standard deviation in a replication
    /// of other people.
    pub(super) gap: f64,
    pub(super) spread: f64,
    /// Standard error of the gap.
    pub(super) error: f64,
    /// Hits that go with one of the control; 0 without.
    pub(super) slope: f64,
}

/// A straight line through hits and control at a staffing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Line {
    /// Normal score of the level.
    score: f64,
    slope: f64,
    /// Replications beyond the two that any line goes through.
    weight: f64,
}

/// Sums of squares and products about the means, per replication of as many referrals as the mean.
struct Sums {
    n: f64,
    referrals: f64,
    gap: f64,
    control: f64,
    gaps: f64,
    both: f64,
    controls: f64,
}

impl Sums {
    fn of(samples: &[Sample], wanted: f64) -> Option<Self> {
        let n = samples.len() as f64;
        let mean = |of: &dyn Fn(&Sample) -> f64| samples.iter().map(of).sum::<f64>() / n;
        let referrals = mean(&|s| s.referrals as f64);
        if samples.len() < 2 || referrals <= 0.0 {
            return None;
        }
        let (gap, control) = (mean(&|s| s.gap(wanted)), mean(&|s| s.control));
        let sum = |of: &dyn Fn(f64, f64) -> f64| -> f64 {
            let each = samples.iter().map(|s| of(s.gap(wanted) - gap, s.control - control));
            each.sum()
        };
        Some(Self {
            n,
            referrals,
            gap,
            control,
            gaps: sum(&|z, _| z * z),
            both: sum(&|z, c| z * c),
            controls: sum(&|_, c| c * c),
        })
    }

    fn score(&self, wanted: f64) -> f64 {
        normal_quantile((wanted + self.gap / self.referrals).clamp(0.001, 0.999))
    }
}

impl Line {
    /// `None` where there is no control, or too little to go by.
    pub(super) fn through(samples: &[Sample], wanted: f64) -> Option<Self> {
        let sums = Sums::of(samples, wanted)?;
        (sums.n > 2.0 && sums.controls > 0.0).then(|| Self {
            score: sums.score(wanted),
            slope: sums.both / sums.controls,
            weight: sums.n - 2.0,
        })
    }
}

impl Seen {
    /// `others` are lines through other staffings.
    pub(super) fn of(samples: &[Sample], wanted: f64, others: &[Line]) -> Option<Self> {
        let sums = Sums::of(samples, wanted)?;
        let (n, referrals) = (sums.n, sums.referrals);
        let plain = Self {
            replications: samples.len(),
            level: wanted + sums.gap / referrals,
            referrals,
            most_referrals: most_referrals(samples, referrals),
            gap: sums.gap / referrals,
            spread: (sums.gaps / (n - 1.0)).sqrt() / referrals,
            error: (sums.gaps / (n - 1.0) / n).sqrt() / referrals,
            slope: 0.0,
        };
        let own = Line::through(samples, wanted);
        let score = sums.score(wanted);
        let counts =
            |line: &Line| OTHERS * line.weight / (1.0 + ((line.score - score) / NEAR) * ((line.score - score) / NEAR));
        let all = own
            .iter()
            .map(|l| (l.weight, l.slope))
            .chain(others.iter().map(|l| (counts(l), l.slope)));
        let (weight, sum) = all.fold((0.0, 0.0), |(weight, sum), (w, slope)| (weight + w, sum + w * slope));
        if weight < ENOUGH || sums.controls <= 0.0 {
            return Some(plain);
        }
        let slope = sum / weight;
        // How much of the slope these same replications have decided.
        let share = own.map_or(0.0, |l| l.weight / weight);
        let left = sums.gaps - 2.0 * slope * sums.both + slope * slope * sums.controls;
        let variance = left.max(0.0) / (n - 1.0 - share).max(0.5);
        let of_slope = variance * share / sums.controls;
        let spread = (variance + of_slope * sums.controls / (n - 1.0)).sqrt() / referrals;
        if spread > plain.spread {
            return Some(plain);
        }
        Some(Self {
            gap: (sums.gap - slope * sums.control) / referrals,
            spread,
            error: (variance / n + of_slope * sums.control * sums.control).sqrt() / referrals,
            slope,
            ..plain
        })
    }

    /// Whether it is known to a fraction of the zone of indifference.
    pub(super) fn is_sharp(&self, delta: f64) -> bool {
        2.0 * self.error < delta
    }

    /// Whether it is well known to lie inside the zone: a certificate could not be expected to tell.
    pub(super) fn is_near(&self, delta: f64) -> bool {
        self.is_sharp(delta) && self.gap.abs() < delta
    }
}

/// The most seen, or two standard deviations above the mean if they come one by one.
fn most_referrals(samples: &[Sample], mean: f64) -> f64 {
    let most = samples.iter().map(|s| s.referrals).max().unwrap_or(0) as f64;
    most.max(mean + 2.0 * mean.sqrt())
}

/// What the line of another staffing counts for beside one's own, and how far apart in normal scores it counts for half of that.
const OTHERS: f64 = 0.5;
const NEAR: f64 = 0.3;
/// So much must be known of a slope before it is used.
const ENOUGH: f64 = 3.0;
