//! When an estimate agrees with its reference.
//!
//! The deviation may be four standard errors, or as much more as Student's t allows at the same probability when there
//! are few replications. So each comparison is a false alarm with about the same probability, and all of them together
//! with at most that times their number. Where a replication is one yes or no, the standard error is not below that of
//! the reference, and the rarer of the two must be expected often enough for the rule to be what it says.
//!
//! That standard errors are small enough is asked as well; it is a matter of replications, not of right and wrong, and
//! no part of the false-alarm rate.

use homefirst::stats::student_t_quantile;

use super::catalogue::Case;
use super::quantity::{Kind, Quantity};
use super::run::Estimate;

/// Probability that a comparison fails although the engine is right: that of a normal deviation beyond four standard
/// errors.
pub(super) const FALSE_ALARM: f64 = 6.334_248e-5;

/// Standard errors that an estimate from so many replications may be off.
pub(super) fn most_deviation(replications: u32) -> f64 {
    student_t_quantile(1.0 - FALSE_ALARM / 2.0, f64::from(replications - 1))
}

/// Deviation of an estimate from the reference, in standard errors.
pub(super) fn deviation(quantity: &Quantity, estimate: &Estimate) -> f64 {
    (estimate.value - quantity.reference) / estimate.error
}

/// The least expected number of the rarer answer of a yes or no for which it is compared.
const LEAST_EXPECTED: f64 = 100.0;

/// Whether the rule means what it says for a quantity at so many replications.
pub(super) fn can_be_judged(quantity: &Quantity, replications: u32) -> bool {
    let rarer = quantity.reference.min(1.0 - quantity.reference);
    !quantity.is_one_yes_or_no() || rarer * f64::from(replications) >= LEAST_EXPECTED
}

/// How large standard errors may be.
#[derive(Clone, Copy, Debug)]
pub(super) struct Precision {
    /// Of shares.
    pub(super) share: f64,
    /// Of means, as a share of the reference.
    pub(super) mean: f64,
    /// Whether a case may be coarser than the others, as it says.
    pub(super) coarser: bool,
}

impl Precision {
    /// Of every run of the tests.
    pub(super) const CHECK: Self = Self {
        share: 0.002,
        mean: 0.01,
        coarser: false,
    };
    /// Of the campaign.
    pub(super) const CAMPAIGN: Self = Self {
        share: 0.0005,
        mean: 0.003,
        coarser: true,
    };

    pub(super) fn most_error(self, case: &Case, quantity: &Quantity) -> f64 {
        let coarser = if self.coarser { case.coarser } else { 1.0 };
        coarser
            * match quantity.kind {
                Kind::Share => self.share,
                Kind::Mean => self.mean * quantity.reference,
            }
    }
}
