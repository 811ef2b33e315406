//! Whether the signs that the order of staffings rests on are contradicted by what has been simulated.
//!
//! That more staff of a role that serves a pathway do not lower its level is true of the mean in all that we know of, but not
//! a theorem: with priorities a fourth worker can make somebody wait longer. So every two staffings that have been simulated
//! and can be compared are compared, on the same people: a level that is lower where it should not be, by more than the
//! zone of indifference and more than chance, takes the sign away, and with it all that was excluded by it.
//!
//! Where a role does not serve a pathway but could take work off those who do, more of it may bring them people or time. What it
//! does is seen before the search begins, by moving it alone over a wide range, on the same people: only if every step is shown not
//! to raise the level, or not to lower it, by more than the zone of indifference, is that taken for its sign. Where neither is shown it
//! is looked at again with more replications, for a sign that is not known costs the search more than they do.

use super::Sign;
use super::search::Search;
use super::space::Levels;
use super::store::{Sample, Store};
use crate::stats::student_t_quantile;

/// Probability that any of the comparisons contradicts a sign that is right.
const FALSE_ALARM: f64 = 0.01;

/// Replications of a staffing at the looks of the scan, and the probability at each that a sign is taken as shown though some step
/// contradicts it by the zone of indifference: 5 % in all, for each sign by itself.
pub(super) const SCAN: [(usize, f64); 3] = [(8, 0.03), (16, 0.01), (32, 0.01)];

/// What the audit of a component has seen.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Audit {
    /// Two staffings compared for a check.
    pub(super) pairs: usize,
    /// Of these, how many differ in a dial: by check and dial of the component.
    pub(super) differing: Vec<Vec<usize>>,
    /// Signs taken away: check, and dial of the component.
    pub(super) against: Vec<(usize, usize)>,
}

/// Staffings that differ in one doubtful dial only: at half of where the search begins, there, and at twice that; all others
/// where it begins, and at three quarters of that.
pub(super) fn scan(search: &Search) -> Vec<Levels> {
    let component = &search.component;
    let mut dials: Vec<usize> = search.doubtful.iter().map(|(_, j)| *j).collect();
    dials.sort_unstable();
    dials.dedup();
    let mut cells: Vec<Levels> = Vec::new();
    for j in dials {
        let start = &search.start;
        let fewer: Levels = start.iter().map(|level| level - level / 4).collect();
        let top = component.levels[j] - 1;
        for others in [start, &fewer] {
            for level in [start[j] / 2, start[j], start[j].saturating_mul(2).min(top)] {
                let mut cell = others.clone();
                cell[j] = level;
                if !cells.contains(&cell) {
                    cells.push(cell);
                }
            }
        }
    }
    cells
}

/// Signs of doubtful dials, as far as the scan shows them: (check, dial, sign).
pub(super) fn support(search: &Search, store: &Store<'_>, error: f64, delta: f64) -> Vec<(usize, usize, Sign)> {
    let cells = scan(search);
    let of = |(check, j): &(usize, usize)| {
        let mut steps = Vec::new();
        for one in &cells {
            let same = |other: &&Levels| (0..one.len()).all(|d| d == *j || one[d] == other[d]);
            let next = cells.iter().filter(|other| other[*j] > one[*j]).filter(same);
            if let Some(other) = next.min_by_key(|other| other[*j]) {
                steps.extend(Difference::between(search, store, *check, one, other));
            }
        }
        let each = 1.0 - error / steps.len().max(1) as f64;
        let by = |step: &Difference| student_t_quantile(each, (step.n - 1) as f64) * step.error;
        if steps.is_empty() {
            return None;
        }
        let lowers = steps.iter().all(|s| s.mean + by(s) < delta);
        let raises = steps.iter().all(|s| s.mean - by(s) > -delta);
        // Where nothing moves, the scan lies where staff do not matter, and says nothing of where they do.
        let sign = match (lowers, raises) {
            (true, false) => Some(Sign::Lowers),
            (false, true) => Some(Sign::Raises),
            (true, true) => Some(Sign::Unknown),
            (false, false) => None,
        };
        sign.map(|sign| (*check, *j, sign))
    };
    search.doubtful.iter().filter_map(of).collect()
}

/// By how much a level is higher at another staffing than at one, on the same people, in the mean.
struct Difference {
    mean: f64,
    error: f64,
    n: usize,
}

impl Difference {
    fn between(search: &Search, store: &Store<'_>, check: usize, one: &Levels, other: &Levels) -> Option<Self> {
        let component = &search.component;
        let wanted = component.checks[check].wanted;
        let of = |cell: &Levels| store.samples(0, component, cell, check);
        let both = of(one).into_iter().zip(of(other));
        let gap = |sample: &Sample| sample.gap(wanted);
        let (differences, referrals): (Vec<f64>, Vec<f64>) = both
            .map(|(a, b)| (gap(&b) - gap(&a), 0.5 * (a.referrals + b.referrals) as f64))
            .unzip();
        let n = differences.len();
        let mean_referrals = referrals.iter().sum::<f64>() / n as f64;
        if n < 4 || mean_referrals <= 0.0 {
            return None;
        }
        let mean = differences.iter().sum::<f64>() / n as f64;
        let squares: f64 = differences.iter().map(|d| (d - mean) * (d - mean)).sum();
        let error = (squares / ((n - 1) as f64 * n as f64)).sqrt();
        Some(Self {
            mean: mean / mean_referrals,
            error: error / mean_referrals,
            n,
        })
    }
}

pub(super) fn audit(search: &Search, store: &Store<'_>, delta: f64) -> Audit {
    let component = &search.component;
    let mut compared: Vec<(usize, &Levels, &Levels, Difference)> = Vec::new();
    for check in 0..component.checks.len() {
        for one in &search.tried {
            let others = search.tried.iter().filter(|other| *other != one);
            for other in others.filter(|other| component.at_most(check, one, other)) {
                let difference = Difference::between(search, store, check, one, other);
                compared.extend(difference.map(|d| (check, one, other, d)));
            }
        }
    }
    let each = 1.0 - FALSE_ALARM / compared.len().max(1) as f64;
    let mut against = Vec::new();
    let mut differing = vec![vec![0; component.dials.len()]; component.checks.len()];
    for (check, one, other, d) in &compared {
        for (n, _) in differing[*check]
            .iter_mut()
            .zip(one.iter().zip(*other))
            .filter(|(_, (a, b))| a != b)
        {
            *n += 1;
        }
        if d.mean + student_t_quantile(each, (d.n - 1) as f64) * d.error < -delta {
            let differ = (0..one.len()).filter(|j| one[*j] != other[*j]);
            against.extend(differ.map(|j| (*check, j)));
        }
    }
    against.sort_unstable();
    against.dedup();
    Audit {
        pairs: compared.len(),
        differing,
        against,
    }
}

impl Search {
    /// Takes signs away. What has been simulated itself still stands; what was only excluded by them does not.
    pub(super) fn take_away(&mut self, against: &[(usize, usize)]) {
        let unknown = against.iter().map(|(check, dial)| (*check, *dial, Sign::Unknown));
        self.take_for(&unknown.collect::<Vec<_>>());
    }

    /// Takes these signs for those of the component.
    pub(super) fn take_for(&mut self, signs: &[(usize, usize, Sign)]) {
        let mut component = (*self.component).clone();
        for (check, dial, sign) in signs {
            component.signs[*check][*dial] = *sign;
        }
        self.component = component.into();
        self.order_changed();
    }
}
