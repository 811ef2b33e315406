//! A try of some inputs, on replications of its own, as many as it takes to know the figures.

use std::sync::atomic::AtomicBool;

use super::CalibrateError;
use super::work::Work;
use crate::answers::Estimate;
use crate::answers::figures::{Figure, Sample};
use crate::answers::precision::Growing;
use crate::engine::World;
use crate::model::Scenario;
use crate::replicate::{Finished, Plan, Runs};

/// Inputs that are tried.
pub(super) struct Try<'a> {
    figures: &'a [Figure],
    scenario: &'a Scenario,
    world: World,
    finished: Finished<'a>,
    pub(super) runs: Runs,
    /// What counts as a point of each figure.
    units: Vec<f64>,
    first: u32,
    threads: Option<usize>,
    confidence: f64,
    stop: &'a AtomicBool,
    progress: &'a (dyn Fn() + Sync),
}

impl<'a> Try<'a> {
    pub(super) fn new(work: &Work<'a>, scenario: &'a Scenario, units: Vec<f64>) -> Self {
        let world = World::new(scenario);
        Self {
            figures: work.figures,
            runs: Runs::none(&world, scenario.hubs.len()),
            scenario,
            units,
            world,
            finished: Finished::of(work.pieces, scenario),
            first: work.next,
            threads: work.request.threads,
            confidence: work.scenario.experiment.confidence.get(),
            stop: work.stop,
            progress: work.progress,
        }
    }

    /// That nothing of it is left to others.
    pub(super) fn known(&self) -> Result<(), CalibrateError> {
        if self.runs.left {
            return Err(CalibrateError::Waits);
        }
        Ok(())
    }

    fn pairs(&self, figure: &Figure) -> Vec<(f64, f64)> {
        let experiment = &self.scenario.experiment;
        figure.pairs(&self.runs, &experiment.months(), experiment.run_length)
    }

    pub(super) fn samples(&self) -> Vec<Option<Sample>> {
        let experiment = &self.scenario.experiment;
        let months = experiment.months();
        let of = |f: &Figure| f.sample(&self.runs, &months, experiment.run_length);
        self.figures.iter().map(of).collect()
    }

    pub(super) fn estimates(&self) -> Vec<Option<Estimate>> {
        self.figures
            .iter()
            .map(|f| f.estimate(&self.pairs(f), self.confidence))
            .collect()
    }
}

impl Growing for Try<'_> {
    fn replications(&self) -> u32 {
        self.runs.replications()
    }

    fn grow(&mut self, to: u32) -> Result<bool, String> {
        let plan = Plan {
            replications: to,
            first: self.first,
            threads: self.threads,
        };
        self.runs
            .extend_from(&self.world, plan, self.finished, self.stop, self.progress)?;
        Ok(!self.runs.stopped)
    }

    fn waits(&self) -> bool {
        self.runs.left
    }

    /// In points, or what counts as one.
    fn widest(&self) -> f64 {
        if self.runs.replications() < 2 {
            return f64::INFINITY;
        }
        let half = |(unit, e): (&f64, Option<Estimate>)| e.map_or(f64::INFINITY, |e| e.half_width / unit / 100.0);
        self.units.iter().zip(self.estimates()).map(half).fold(0.0, f64::max)
    }
}
