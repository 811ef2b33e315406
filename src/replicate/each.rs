//! Single islands in single replications, of whatever worlds are asked for.

use std::sync::atomic::{AtomicBool, Ordering};

use rayon::iter::{IntoParallelIterator, ParallelIterator};

use crate::engine::{self, IslandRecord, World};

/// One island in one replication of a world.
#[derive(Clone, Copy, Debug)]
pub struct Unit<'w> {
    /// The world.
    pub world: &'w World,
    /// A place in its islands.
    pub island: usize,
    /// The number of the replication.
    pub replication: u32,
}

/// What was kept of a unit.
#[derive(Clone, Debug, PartialEq)]
pub struct UnitDone<T> {
    /// What was asked for.
    pub kept: T,
    /// Events handled.
    pub events: u64,
    /// Processor time in the engine \[s\].
    pub engine_cpu_s: f64,
}

/// Runs units, and keeps of each what `keep` takes from its record; in their order, whatever the threads. Units that were not
/// begun when `stop` became true have nothing.
///
/// # Errors
/// If the threads cannot be started, the reason in the system's words.
pub fn each<T: Send>(
    units: &[Unit<'_>],
    threads: Option<usize>,
    stop: &AtomicBool,
    progress: &(dyn Fn() + Sync),
    keep: impl Fn(&IslandRecord) -> T + Sync,
) -> Result<Vec<Option<UnitDone<T>>>, String> {
    let mut builder = rayon::ThreadPoolBuilder::new();
    if let Some(threads) = threads {
        builder = builder.num_threads(threads);
    }
    let pool = builder.build().map_err(|e| e.to_string())?;
    let one = |unit: &Unit<'_>| {
        if stop.load(Ordering::Relaxed) {
            return None;
        }
        let start = cpu_time::ThreadTime::now();
        let record = engine::run(unit.world, unit.island, unit.replication);
        let kept = keep(&record);
        progress();
        Some(UnitDone {
            kept,
            events: record.events,
            engine_cpu_s: start.elapsed().as_secs_f64(),
        })
    };
    Ok(pool.install(|| (0..units.len()).into_par_iter().map(|n| one(&units[n])).collect()))
}
