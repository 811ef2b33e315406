//! What the reported figures can tell of the unknown inputs, and what they cannot.

use serde::Serialize;

use super::fit::{Fit, squared};
use super::plausible::Cloud;
use crate::scenario::Range;
use crate::stats::{eigenvalues, weighted_covariance, weighted_mean, weighted_quantile};

/// An input whose range became smaller by less than this is as unknown as before.
pub const SHRUNK: f64 = 0.30;

/// Two inputs go together if their correlation in the plausible set is at least this.
const TOGETHER: f64 = 0.3;

/// From here on one makes up for the other: it explains a quarter of how that varies.
const MAKES_UP: f64 = 0.5;

/// What is known of an input.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Known {
    /// Its path in the file.
    pub path: String,
    /// Its unit, as typed; empty for a plain number.
    pub unit: String,
    /// Its range before.
    pub from: f64,
    /// Its range before.
    pub to: f64,
    /// Its value in the file; `None` if it is not one value.
    pub now: Option<f64>,
    /// The middle 90 % of the plausible set begins here.
    pub low: f64,
    /// And ends here.
    pub high: f64,
    /// By what part that is shorter than the middle 90 % of the range before; below 0 if it is not shorter.
    pub shrunk: f64,
    /// By how much each figure would move, in its unit, if this input moved over its whole range and its slope stayed that
    /// of the middle of the plausible set.
    pub moves: Vec<f64>,
    /// Its calibrated value; `None` if there is none.
    pub calibrated: Option<f64>,
}

impl Known {
    /// Whether the figures say something of it.
    #[must_use]
    pub fn is_told(&self) -> bool {
        self.shrunk >= SHRUNK
    }

    /// Where the file's own value lies; `None` if it is not one value.
    #[must_use]
    pub fn stands(&self) -> Option<Stands> {
        let now = self.now?;
        let margin = END * (self.to - self.from);
        Some(if now <= self.from + margin {
            Stands::LowerEnd
        } else if now >= self.to - margin {
            Stands::UpperEnd
        } else if self.is_told() && !(self.low..=self.high).contains(&now) {
            Stands::Outside
        } else {
            Stands::Within
        })
    }
}

/// What part of its range a value may be away from an end and still be said to lie there.
const END: f64 = 0.02;

/// Where the file's own value of an input lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stands {
    /// At the lower end of its range, or below.
    LowerEnd,
    /// At the upper end of its range, or above.
    UpperEnd,
    /// Outside of the middle 90 % of the plausible set, where the figures say something of the input.
    Outside,
    /// None of these.
    Within,
}

/// Two inputs that go together in the plausible set.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Pair {
    /// The place of one among the inputs.
    pub one: usize,
    /// The place of the other.
    pub other: usize,
    /// Their correlation: above 0, more of one with more of the other fits as well; below 0, more of one with less.
    pub correlation: f64,
    /// Whether they cannot be told apart: their correlation is half or more, and at least one of them is as unknown as before,
    /// since the other makes up for it.
    pub alike: bool,
}

/// How much the figures say of all inputs together.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Directions {
    /// Inputs that are not known.
    pub unknown: usize,
    /// Figures that were reported.
    pub figures: usize,
    /// In how many directions the figures know more than the ranges did: where they are more than twice as sure as before.
    pub told: usize,
    /// How many times more the figures say of the direction that they tell best than of the one that they tell worst (the
    /// condition of the Fisher matrix); `None` if they say nothing at all of that.
    pub condition: Option<f64>,
}

/// What a plausible set says of every input.
pub(super) fn known(ranges: &[Range], cloud: &Cloud, fits: &[Fit]) -> Vec<Known> {
    let slopes = slopes(cloud, fits);
    ranges
        .iter()
        .enumerate()
        .map(|(axis, range)| {
            let values: Vec<f64> = cloud.points.iter().map(|p| range.at(p[axis])).collect();
            let at = |level| weighted_quantile(&values, &cloud.weights, level).unwrap_or(range.from);
            let (low, high) = (at(0.05), at(0.95));
            let before = 0.9 * (range.to - range.from);
            Known {
                path: range.path.clone(),
                unit: range.unit.clone(),
                from: range.from,
                to: range.to,
                now: range.now,
                low,
                high,
                shrunk: if before > 0.0 { 1.0 - (high - low) / before } else { 0.0 },
                moves: slopes.iter().map(|slope| slope[axis]).collect(),
                calibrated: None,
            }
        })
        .collect()
}

/// Those that go together, the closest first.
pub(super) fn pairs(cloud: &Cloud, known: &[Known]) -> Vec<Pair> {
    let covariance = weighted_covariance(&cloud.points, &cloud.weights);
    let mut pairs = Vec::new();
    for other in 0..known.len() {
        for one in 0..other {
            let scale = (covariance[one][one] * covariance[other][other]).sqrt();
            let correlation = if scale > 0.0 {
                covariance[one][other] / scale
            } else {
                0.0
            };
            if correlation.abs() >= TOGETHER {
                pairs.push(Pair {
                    one,
                    other,
                    correlation,
                    alike: correlation.abs() >= MAKES_UP && !(known[one].is_told() && known[other].is_told()),
                });
            }
        }
    }
    pairs.sort_by(|a, b| b.correlation.abs().total_cmp(&a.correlation.abs()));
    pairs
}

/// How much the figures say together.
pub(super) fn directions(cloud: &Cloud, fits: &[Fit], inputs: usize) -> Directions {
    let slopes = slopes(cloud, fits);
    let information: Vec<Vec<f64>> = (0..inputs)
        .map(|i| {
            let cell = |j: usize| {
                let of = |(slope, fit): (&Vec<f64>, &Fit)| slope[i] * slope[j] / fit.fixed();
                slopes.iter().zip(fits).map(of).sum()
            };
            (0..inputs).map(cell).collect()
        })
        .collect();
    let values = eigenvalues(&information);
    // Over a range of length 1 all values were as likely, with a variance of 1 / 12.
    let told = values.iter().filter(|value| **value / 12.0 > 1.0).count();
    let ends = values.first().zip(values.last());
    Directions {
        unknown: inputs,
        figures: fits.len(),
        told,
        condition: ends
            .filter(|(most, least)| **least > 1e-9 * **most)
            .map(|(most, least)| most / least),
    }
}

/// By how much each figure moves over the whole range of each input, at the middle of the set.
fn slopes(cloud: &Cloud, fits: &[Fit]) -> Vec<Vec<f64>> {
    let middle = weighted_mean(&cloud.points, &cloud.weights);
    fits.iter().map(|fit| gradient(fit, &middle)).collect()
}

/// How a figure moves with each input.
pub(super) fn gradient(fit: &Fit, at: &[f64]) -> Vec<f64> {
    const STEP: f64 = 1e-3;
    (0..at.len())
        .map(|axis| {
            let beside = |by: f64| {
                let mut there = at.to_vec();
                there[axis] += by;
                fit.mean(&there)
            };
            (beside(STEP) - beside(-STEP)) / (2.0 * STEP)
        })
        .collect()
}

/// The square of how far inputs are from others.
pub(super) fn apart(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| squared(a - b)).sum()
}
