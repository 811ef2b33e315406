//! Single islands in single replications, of whatever worlds are asked for.

use std::sync::atomic::AtomicBool;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::engine::{self, IslandRecord, World};
use crate::pieces::{Made, Pieces, Unit as PieceUnit, WorldId};

/// One island in one replication of a world.
#[derive(Clone, Copy, Debug)]
pub struct Unit<'w> {
    /// The world.
    pub world: &'w World,
    /// By what it is known among finished work.
    pub id: WorldId,
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

/// Runs units, and keeps of each what `keep` takes from its record; in their order, whatever the threads. What has been finished before
/// is not simulated again; `fits` says whether it can be what was kept of a unit. Units that were not begun when `stop` became true
/// have nothing. `None` where some are left to others.
///
/// # Errors
/// If the threads cannot be started, the reason in the system's words; or if a file of what is finished cannot be read or written.
pub fn each<T: Serialize + DeserializeOwned + Send>(
    units: &[Unit<'_>],
    pieces: &Pieces,
    threads: Option<usize>,
    watched: (&AtomicBool, &(dyn Fn() + Sync)),
    keep: impl Fn(&IslandRecord) -> T + Sync,
    fits: impl Fn(&Unit<'_>, &T) -> bool + Sync,
) -> Result<Option<Vec<Option<UnitDone<T>>>>, String> {
    let mut builder = rayon::ThreadPoolBuilder::new();
    if let Some(threads) = threads {
        builder = builder.num_threads(threads);
    }
    let pool = builder.build().map_err(|e| e.to_string())?;
    let asked: Vec<PieceUnit> = units
        .iter()
        .map(|unit| PieceUnit {
            world: unit.id,
            island: u32::try_from(unit.island).unwrap_or(u32::MAX),
            replication: unit.replication,
        })
        .collect();
    let one = |n: usize| {
        let (unit, start) = (&units[n], cpu_time::ThreadTime::now());
        let record = engine::run(unit.world, unit.island, unit.replication);
        ((keep(&record), record.events), start.elapsed().as_secs_f64())
    };
    let made = pool.install(|| pieces.make(&asked, watched, one, |n, (kept, _)| fits(&units[n], kept)))?;
    let done = |made| match made {
        Made::Done((kept, events), engine_cpu_s) => Some(Some(UnitDone {
            kept,
            events,
            engine_cpu_s,
        })),
        Made::Stopped => Some(None),
        Made::Left => None,
    };
    Ok(made.into_iter().map(done).collect())
}
