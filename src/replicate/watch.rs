//! Replications with somebody looking on.

use std::sync::atomic::{AtomicBool, Ordering};

use rayon::iter::{IntoParallelIterator, ParallelIterator};

use super::Plan;
use crate::engine::{self, Observer, World};

/// Runs replications, each island with an onlooker of its own, and returns these by replication, then by island.
///
/// As with [`super::replicate`], whoever stops it keeps the complete replications before the first incomplete one.
///
/// # Errors
/// If the threads cannot be started, the reason in the system's words.
pub fn watch<O: Observer + Send>(
    world: &World,
    plan: Plan,
    stop: &AtomicBool,
    progress: &(dyn Fn() + Sync),
    onlooker: impl Fn() -> O + Sync,
) -> Result<Vec<Vec<O>>, String> {
    let mut builder = rayon::ThreadPoolBuilder::new();
    if let Some(threads) = plan.threads {
        builder = builder.num_threads(threads);
    }
    let pool = builder.build().map_err(|e| e.to_string())?;
    let islands = world.islands().len();
    let one = |replication: u32| -> Option<Vec<O>> {
        let island = |island| {
            if stop.load(Ordering::Relaxed) {
                return None;
            }
            let mut onlooker = onlooker();
            // The books are not wanted.
            drop(engine::run_observed(
                world,
                island,
                plan.first + replication,
                &mut onlooker,
            ));
            progress();
            Some(onlooker)
        };
        (0..islands).map(island).collect()
    };
    let done: Vec<Option<Vec<O>>> = pool.install(|| (0..plan.replications).into_par_iter().map(one).collect());
    Ok(done.into_iter().map_while(|replication| replication).collect())
}
