//! Why standards are missed under uncertain inputs: each cause's share of the misses, and how often it is the largest.
//!
//! Shares are of the misses over all hubs. A draw in which nobody missed has none, and is left out, which is said. Which cause
//! is the largest is found in each draw from all of its replications; how far chance moves the share of draws comes of leaving out
//! one replication after the other, in all draws at once, since they have the same people.

use super::{UncertainRequest, UncertainRow, linear, share_of_draws, standards};
use crate::engine::Cause;
use crate::model::{PathwayId, Scenario};
use crate::replicate::Runs;
use crate::stats::student_t_quantile;

/// A cause of the misses of a standard, all hubs together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct UncertainCause {
    /// The cause.
    pub cause: Cause,
    /// Its share of the misses, and the share of draws in which it is the largest.
    pub of_misses: UncertainRow,
}

/// The causes of the misses of a standard, all hubs together.
#[derive(Clone, Debug, PartialEq)]
pub struct UncertainCauses {
    /// The pathway.
    pub pathway: PathwayId,
    /// Draws in which nobody missed the standard: they are in no share.
    pub draws_without_misses: u32,
    /// Those that occur in some draw, the largest on average first.
    pub causes: Vec<UncertainCause>,
}

/// Misses by pathway, replication and cause, all hubs together.
pub(super) type Counts = Vec<Vec<[u64; Cause::COUNT]>>;

pub(super) fn counts(runs: &Runs, scenario: &Scenario) -> Counts {
    let of = |pathway: usize| {
        let all = runs.rows.iter().filter_map(|row| row.last()?.pathways.get(pathway));
        all.map(|row| row.causes).collect()
    };
    (0..scenario.pathways.len()).map(of).collect()
}

pub(super) fn by_cause(base: &Scenario, request: &UncertainRequest, draws: &[&Counts]) -> Vec<UncertainCauses> {
    let of_standard = |pathway: PathwayId| {
        let all = draws.iter().filter_map(|draw| draw.get(pathway.0));
        let (mut with, mut weights, mut without) = (Vec::new(), Vec::new(), 0);
        for (draw, weight) in all.zip(&request.weights) {
            if draw.iter().flatten().any(|misses| *misses > 0) {
                with.push(draw.as_slice());
                weights.push(*weight);
            } else {
                without += 1;
            }
        }
        let request = UncertainRequest {
            weights,
            ..request.clone()
        };
        let mut causes: Vec<UncertainCause> = Cause::ALL
            .into_iter()
            .filter(|&cause| with.iter().copied().flatten().any(|misses| misses[cause as usize] > 0))
            .filter_map(|cause| {
                Some(UncertainCause {
                    cause,
                    of_misses: request.of_misses(pathway, cause, &with)?,
                })
            })
            .collect();
        causes.sort_by(|a, b| b.of_misses.mean.total_cmp(&a.of_misses.mean));
        UncertainCauses {
            pathway,
            draws_without_misses: without,
            causes,
        }
    };
    standards(base).map(of_standard).collect()
}

impl UncertainRequest {
    fn of_misses(&self, pathway: PathwayId, cause: Cause, draws: &[&[[u64; Cause::COUNT]]]) -> Option<UncertainRow> {
        let shares = |draw: &&[[u64; Cause::COUNT]]| {
            let pairs: Vec<(u64, u64)> = draw.iter().map(|m| (m[cause as usize], m.iter().sum())).collect();
            linear(&pairs)
        };
        let table: Option<Vec<Vec<f64>>> = draws.iter().map(shares).collect();
        let row = self.row((None, pathway), &table?, None, &|share| share.clamp(0.0, 1.0))?;
        let share = self.largest_in(cause, draws, None);
        let replications = draws.first()?.len();
        let without: Vec<f64> = (0..replications)
            .map(|r| self.largest_in(cause, draws, Some(r)))
            .collect();
        let n = replications as f64;
        let mean = without.iter().sum::<f64>() / n;
        let squares: f64 = without.iter().map(|v| (v - mean) * (v - mean)).sum();
        let outside = (1.0 - self.confidence) / 2.0;
        let chance = student_t_quantile(1.0 - outside, n - 1.0) * ((n - 1.0) / n * squares).sqrt();
        let (sum, of_squares) = self.weights.iter().fold((0.0, 0.0), |(s, q), w| (s + w, q + w * w));
        let made = u32::try_from(replications).unwrap_or(u32::MAX);
        Some(UncertainRow {
            share: share_of_draws(share, sum * sum / of_squares, self.confidence, made),
            share_by_chance: Some([(share - chance).max(0.0), (share + chance).min(1.0)]),
            ..row
        })
    }

    /// The share of draws in which a cause is the largest, if one replication is left out or none. Where several are as large, the
    /// draw is shared out among them.
    fn largest_in(&self, cause: Cause, draws: &[&[[u64; Cause::COUNT]]], left_out: Option<usize>) -> f64 {
        let (mut largest, mut all) = (0.0, 0.0);
        for (draw, weight) in draws.iter().zip(&self.weights) {
            let mut sums = [0_u64; Cause::COUNT];
            for (_, misses) in draw.iter().enumerate().filter(|(r, _)| Some(*r) != left_out) {
                sums.iter_mut().zip(misses).for_each(|(sum, misses)| *sum += misses);
            }
            let most = sums.iter().copied().max().unwrap_or(0);
            if most == 0 {
                continue;
            }
            all += weight;
            if sums[cause as usize] == most {
                largest += weight / sums.iter().filter(|sum| **sum == most).count() as f64;
            }
        }
        if all > 0.0 { largest / all } else { 0.0 }
    }
}
