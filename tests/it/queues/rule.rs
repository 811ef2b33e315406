//! When an estimate agrees with its reference.
//!
//! The deviation may be four standard errors, or as much more as Student's t allows at the same probability when there
//! are few replications. So each comparison is a false alarm with the same probability, and all of them together with
//! at most that times their number.

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

/// How large standard errors may be.
#[derive(Clone, Copy, Debug)]
pub(super) struct Precision {
    /// Of shares.
    pub(super) share: f64,
    /// Of means, as a share of the reference.
    pub(super) mean: f64,
}

impl Precision {
    /// Of every run of the tests.
    pub(super) const CHECK: Self = Self {
        share: 0.002,
        mean: 0.01,
    };
    /// Of the campaign.
    pub(super) const CAMPAIGN: Self = Self {
        share: 0.0005,
        mean: 0.003,
    };

    pub(super) fn most_error(self, case: &Case, quantity: &Quantity) -> f64 {
        case.coarser
            * match quantity.kind {
                Kind::Share => self.share,
                Kind::Mean => self.mean * quantity.reference,
            }
    }
}
