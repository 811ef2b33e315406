//! Whether intervals hold the truth as often as they say.

use homefirst::engine::{World, run};
use homefirst::model::Scenario;
use homefirst::stats::share_interval;
use homefirst::units::Span;
use rayon::prelude::*;

/// What intervals of the share within the standard did.
#[derive(Clone, Copy, Debug)]
pub(super) struct Coverage {
    pub(super) intervals: u64,
    /// Of those, with the truth inside.
    pub(super) covered: u64,
    pub(super) mean_half_width: f64,
}

/// Replications of each interval, and their length.
pub(super) const REPLICATIONS: u32 = 20;
pub(super) const WEEKS: i64 = 4;

impl Coverage {
    pub(super) fn share(&self) -> f64 {
        self.covered as f64 / self.intervals as f64
    }

    /// So many intervals at 95 % confidence, each from a seed of its own, of the first pathway's share within the standard
    /// at the first hub.
    pub(super) fn of(scenario: &Scenario, truth: f64, intervals: u64) -> Self {
        let found: Vec<(bool, f64)> = (0..intervals)
            .into_par_iter()
            .map(|seed| {
                let mut scenario = scenario.clone();
                scenario.experiment.seed = seed;
                scenario.experiment.warm_up = Span::from_days(7);
                scenario.experiment.run_length = Span::from_days(7 * WEEKS);
                let world = World::new(&scenario);
                let pairs: Vec<(u64, u64)> = (0..REPLICATIONS)
                    .map(|replication| {
                        let record = run(&world, 0, replication);
                        let pathway = &record.hubs[0].pathways[0];
                        (pathway.hits, pathway.referrals)
                    })
                    .collect();
                let interval = share_interval(&pairs, 0.95).unwrap();
                (interval.contains(truth), interval.half_width)
            })
            .collect();
        Self {
            intervals,
            covered: found.iter().filter(|f| f.0).count() as u64,
            mean_half_width: found.iter().map(|f| f.1).sum::<f64>() / intervals as f64,
        }
    }
}
