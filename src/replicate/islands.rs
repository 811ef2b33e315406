//! Some islands of one world in many replications, of each of which only a little is kept.

use std::sync::atomic::AtomicBool;

use super::Finished;
use crate::engine::{self, IslandRecord, World};
use crate::pieces::{Made, Unit};

/// Units whose records are held at once, for each thread.
const ABREAST: usize = 64;

/// What `keep` takes from each record, by island asked for, then by replication; nothing if it was stopped before all were done.
/// What has been finished before is not simulated again, and where units are left to others, nothing stands in their place.
///
/// # Errors
/// If the threads cannot be started, the reason in the system's words; or if a file of what is finished cannot be read or written.
pub fn islands<T>(
    world: &World,
    finished: Finished<'_>,
    (islands, replications): (&[usize], u32),
    threads: Option<usize>,
    (stop, progress): (&AtomicBool, &(dyn Fn() + Sync)),
    keep: impl Fn(&IslandRecord) -> T,
) -> Result<Option<Vec<Vec<T>>>, String> {
    let mut builder = rayon::ThreadPoolBuilder::new();
    if let Some(threads) = threads {
        builder = builder.num_threads(threads);
    }
    let pool = builder.build().map_err(|e| e.to_string())?;
    let nothing: Vec<IslandRecord> = islands.iter().map(|&island| engine::nothing(world, island)).collect();
    let units: Vec<(usize, Unit)> = (0..replications)
        .flat_map(|replication| {
            (0..)
                .zip(islands)
                .map(move |(place, &island)| (place, island, replication))
        })
        .map(|(place, island, replication)| {
            let unit = Unit {
                world: finished.world,
                island: u32::try_from(island).unwrap_or(u32::MAX),
                replication,
            };
            (place, unit)
        })
        .collect();
    let mut found: Vec<Vec<T>> = islands.iter().map(|_| Vec::new()).collect();
    for batch in units.chunks(ABREAST * pool.current_num_threads()) {
        let asked: Vec<Unit> = batch.iter().map(|(_, unit)| *unit).collect();
        let one = |n: usize| {
            let start = cpu_time::ThreadTime::now();
            let record = engine::run(world, islands[batch[n].0], batch[n].1.replication);
            (record, start.elapsed().as_secs_f64())
        };
        let fits = |n: usize, record: &IslandRecord| nothing[batch[n].0].is_shaped_as(record);
        let made = pool.install(|| finished.pieces.make(&asked, (stop, progress), one, fits))?;
        for ((place, _), made) in batch.iter().zip(made) {
            found[*place].push(match made {
                Made::Done(record, _) => keep(&record),
                Made::Left => keep(&nothing[*place]),
                Made::Stopped => return Ok(None),
            });
        }
    }
    Ok(Some(found))
}
