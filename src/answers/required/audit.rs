//! Whether the signs that the order of staffings rests on are contradicted by what has been simulated.
//!
//! That more staff of a role that serves a pathway do not lower its level is true of the mean in all that we know of, but not
//! a theorem: with priorities a fourth worker can make somebody wait longer. So every two staffings that have been simulated
//! and can be compared are compared, on the same people: a level that is lower where it should not be, by more than the
//! zone of indifference and more than chance, takes the sign away, and with it all that was excluded by it.

use super::Sign;
use super::search::Search;
use super::space::Levels;
use super::store::{Sample, Store};
use crate::stats::student_t_quantile;

/// Probability that any of the comparisons contradicts a sign that is right.
const FALSE_ALARM: f64 = 0.01;

/// What the audit of a component has seen.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Audit {
    /// Two staffings compared for a check.
    pub(super) pairs: usize,
    /// Signs taken away: check, and dial of the component.
    pub(super) against: Vec<(usize, usize)>,
}

pub(super) fn audit(search: &Search, store: &Store<'_>, delta: f64) -> Audit {
    let component = &search.component;
    let mut compared: Vec<(usize, &Levels, &Levels, f64, f64, usize)> = Vec::new();
    for (check, asked) in component.checks.iter().enumerate() {
        for one in &search.tried {
            for other in search.tried.iter().filter(|o| *o != one) {
                if !component.at_most(check, one, other) {
                    continue;
                }
                let of = |cell: &Levels| store.samples(0, component, cell, check);
                let both = of(one).into_iter().zip(of(other));
                let gap = |sample: &Sample| sample.gap(asked.wanted);
                let (differences, referrals): (Vec<f64>, Vec<f64>) = both
                    .map(|(a, b)| (gap(&b) - gap(&a), 0.5 * (a.referrals + b.referrals) as f64))
                    .unzip();
                let n = differences.len();
                let mean_referrals = referrals.iter().sum::<f64>() / n as f64;
                if n < 4 || mean_referrals <= 0.0 {
                    continue;
                }
                let mean = differences.iter().sum::<f64>() / n as f64;
                let squares: f64 = differences.iter().map(|d| (d - mean) * (d - mean)).sum();
                let error = (squares / ((n - 1) as f64 * n as f64)).sqrt();
                compared.push((check, one, other, mean / mean_referrals, error / mean_referrals, n));
            }
        }
    }
    let each = 1.0 - FALSE_ALARM / compared.len().max(1) as f64;
    let mut against = Vec::new();
    for (check, one, other, mean, error, n) in &compared {
        if mean + student_t_quantile(each, (*n - 1) as f64) * error < -delta {
            let differ = (0..one.len()).filter(|j| one[*j] != other[*j]);
            against.extend(differ.map(|j| (*check, j)));
        }
    }
    against.sort_unstable();
    against.dedup();
    Audit {
        pairs: compared.len(),
        against,
    }
}

impl Search {
    /// Takes signs away. What has been simulated itself still stands; what was only excluded by them does not.
    pub(super) fn take_away(&mut self, against: &[(usize, usize)]) {
        let mut component = (*self.component).clone();
        for (check, dial) in against {
            component.signs[*check][*dial] = Sign::Unknown;
        }
        self.component = component.into();
    }
}
