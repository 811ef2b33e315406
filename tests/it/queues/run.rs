//! Runs a case many times and estimates its quantities.

use homefirst::engine::{World, run_observed};
use homefirst::stats::{ratio_interval, student_t_quantile};
use rayon::prelude::*;

use super::catalogue::{Case, Model};
use super::quantity::Quantity;
use super::watch::Watch;

/// An estimate over replications.
#[derive(Clone, Copy, Debug)]
pub(super) struct Estimate {
    pub(super) value: f64,
    /// Standard error.
    pub(super) error: f64,
    /// Of the 95 % interval.
    pub(super) half_width: f64,
}

/// What was seen in one replication at one hub, or where hubs share staff on one island.
pub(super) fn look_on(case: &Case, world: &World, hub: usize, replication: u32) -> Watch {
    let mut instants: Vec<i64> = case
        .quantities
        .iter()
        .filter(|q| q.hub == hub)
        .flat_map(|q| q.instants())
        .collect();
    instants.sort_unstable();
    instants.dedup();
    let mut watch = Watch::new(
        case.scenario.experiment.run_length,
        case.scenario.pathways.len(),
        case.workers,
        instants,
    );
    drop(run_observed(world, hub, replication, &mut watch));
    watch.close();
    watch
}

/// Estimates of all quantities from the first so many replications. The same numbers on any number of threads.
pub(super) fn estimates(case: &Case, replications: u32) -> Vec<Estimate> {
    let hubs: Vec<usize> = (0..case.scenario.islands().len())
        .filter(|&hub| case.quantities.iter().any(|q| q.hub == hub))
        .collect();
    let fixed = World::new(&case.scenario);
    let pairs: Vec<Box<[(f64, f64)]>> = (0..replications)
        .into_par_iter()
        .map(|replication| {
            let scripted = match case.model {
                Model::Listed(script) => {
                    Some(World::new(&case.scenario).with_script(script(&case.scenario, replication)))
                }
                Model::File(_) => None,
            };
            let world = scripted.as_ref().unwrap_or(&fixed);
            let mut pairs = vec![(0.0, 0.0); case.quantities.len()].into_boxed_slice();
            for &hub in &hubs {
                let watch = look_on(case, world, hub, replication);
                for (quantity, pair) in case.quantities.iter().zip(&mut pairs) {
                    if quantity.hub == hub {
                        *pair = quantity.pair(&watch, case.scenario.experiment.run_length);
                    }
                }
            }
            pairs
        })
        .collect();
    let t = student_t_quantile(0.975, f64::from(replications - 1));
    (0..case.quantities.len())
        .map(|place| {
            let quantity = &case.quantities[place];
            let of_quantity: Vec<(f64, f64)> = pairs.iter().map(|p| p[place]).collect();
            let interval = ratio_interval(&of_quantity, 0.95).unwrap();
            Estimate {
                value: interval.mean,
                error: (interval.half_width / t).max(least_error(quantity, replications)),
                half_width: interval.half_width,
            }
        })
        .collect()
}

/// Where a replication is one yes or no, the standard error if the reference is right; else 0.
fn least_error(quantity: &Quantity, replications: u32) -> f64 {
    let p = quantity.reference;
    if quantity.is_one_yes_or_no() {
        (p * (1.0 - p) / f64::from(replications)).sqrt()
    } else {
        0.0
    }
}
