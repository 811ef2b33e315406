//! What has been simulated: islands with a staffing, replication by replication, each once.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rayon::iter::{IntoParallelIterator, IntoParallelRefIterator, ParallelIterator};

use super::space::{Component, Levels, staffed};
use crate::engine::{self, World};
use crate::model::{PathwayId, Question, Scenario, StaffPlace};

/// Replications of different stages have numbers of their own, so that they are of different people: the search has those
/// from 0, the n-th certificate those from n times this.
const STAGE: u32 = 10_000_000;

/// Hits and referrals of an island in one replication, by hub of the island and standard asked.
type Row = Box<[(u32, u32)]>;

/// An island with some levels of the dials that touch it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    island: usize,
    levels: Levels,
}

/// A world, and the rows of each stage.
struct Simulated {
    world: World,
    rows: BTreeMap<u32, Vec<Row>>,
}

/// Staffings that are wanted: a component, a cell of it, and up to how many replications.
pub(super) struct Want {
    pub(super) component: Arc<Component>,
    pub(super) cell: Levels,
    pub(super) replications: usize,
}

/// Everything simulated so far.
pub(super) struct Store<'s> {
    scenario: &'s Scenario,
    question: &'s Question,
    pathways: Vec<PathwayId>,
    islands: Vec<Vec<crate::model::HubId>>,
    /// Dials that touch an island.
    dials_of: Vec<Vec<usize>>,
    simulated: BTreeMap<Key, Simulated>,
    pool: rayon::ThreadPool,
    stop: &'s AtomicBool,
    progress: &'s (dyn Fn() + Sync),
    /// Replications of an island, by stage.
    pub(super) made: BTreeMap<u32, u64>,
    pub(super) events: u64,
    pub(super) engine_cpu_s: f64,
}

/// Why nothing more comes.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Stopped;

impl<'s> Store<'s> {
    pub(super) fn new(
        scenario: &'s Scenario,
        question: &'s Question,
        threads: Option<usize>,
        stop: &'s AtomicBool,
        progress: &'s (dyn Fn() + Sync),
    ) -> Result<Self, String> {
        let mut builder = rayon::ThreadPoolBuilder::new();
        if let Some(threads) = threads {
            builder = builder.num_threads(threads);
        }
        let islands = scenario.islands();
        let touches =
            |island: &[crate::model::HubId], d: usize| question.free[d].places.iter().any(|p| island.contains(&p.hub));
        Ok(Self {
            pathways: question.standards.iter().map(|(id, _)| *id).collect(),
            dials_of: islands
                .iter()
                .map(|island| (0..question.free.len()).filter(|d| touches(island, *d)).collect())
                .collect(),
            islands,
            scenario,
            question,
            simulated: BTreeMap::new(),
            pool: builder.build().map_err(|e| e.to_string())?,
            stop,
            progress,
            made: BTreeMap::new(),
            events: 0,
            engine_cpu_s: 0.0,
        })
    }

    pub(super) fn islands(&self) -> &[Vec<crate::model::HubId>] {
        &self.islands
    }

    fn key(&self, component: &Component, island: usize, cell: &[u16]) -> Key {
        let level = |d: &usize| component.dials.iter().position(|own| own == d).map_or(0, |n| cell[n]);
        Key {
            island,
            levels: self.dials_of[island].iter().map(level).collect(),
        }
    }

    fn world(&self, key: &Key) -> World {
        let numbers: Vec<(StaffPlace, f64)> = self.dials_of[key.island]
            .iter()
            .zip(&key.levels)
            .flat_map(|(d, level)| {
                let dial = &self.question.free[*d];
                dial.places.iter().map(|place| (*place, dial.at(*level)))
            })
            .collect();
        World::new(&staffed(self.scenario, &numbers))
    }

    /// Simulates what is missing of what is wanted.
    pub(super) fn extend(&mut self, stage: u32, wants: &[Want]) -> Result<(), Stopped> {
        let mut most: BTreeMap<Key, usize> = BTreeMap::new();
        for want in wants {
            for island in &want.component.islands {
                let n = most.entry(self.key(&want.component, *island, &want.cell)).or_default();
                *n = (*n).max(want.replications);
            }
        }
        let new: Vec<&Key> = most.keys().filter(|k| !self.simulated.contains_key(*k)).collect();
        let worlds: Vec<(Key, World)> = self
            .pool
            .install(|| new.par_iter().map(|key| ((*key).clone(), self.world(key))).collect());
        for (key, world) in worlds {
            let rows = BTreeMap::new();
            self.simulated.insert(key, Simulated { world, rows });
        }
        let mut units: Vec<(&Key, &World, u32)> = Vec::new();
        for (key, wanted) in &most {
            let Some(simulated) = self.simulated.get(key) else {
                continue;
            };
            let there = simulated.rows.get(&stage).map_or(0, Vec::len);
            let numbers = (there..*wanted).filter_map(|n| u32::try_from(n).ok());
            units.extend(numbers.map(|n| (key, &simulated.world, n)));
        }
        let done: Vec<Option<(Row, u64, f64)>> = self.pool.install(|| {
            units
                .into_par_iter()
                .map(|(key, world, n)| {
                    if self.stop.load(Ordering::Relaxed) {
                        return None;
                    }
                    let start = cpu_time::ThreadTime::now();
                    let record = engine::run(world, key.island, stage * STAGE + n);
                    (self.progress)();
                    let short = |n: u64| u32::try_from(n).unwrap_or(u32::MAX);
                    let of = |hub: &engine::HubRecord, pathway: &PathwayId| {
                        let p = &hub.pathways[pathway.0];
                        (short(p.hits), short(p.referrals))
                    };
                    let rows = record
                        .hubs
                        .iter()
                        .flat_map(|hub| self.pathways.iter().map(move |p| of(hub, p)));
                    Some((rows.collect(), record.events, start.elapsed().as_secs_f64()))
                })
                .collect()
        });
        let mut done = done.into_iter();
        for (key, wanted) in most {
            let Some(simulated) = self.simulated.get_mut(&key) else {
                continue;
            };
            let rows = simulated.rows.entry(stage).or_default();
            for _ in rows.len()..wanted {
                let (row, events, cpu) = done.next().flatten().ok_or(Stopped)?;
                rows.push(row);
                *self.made.entry(stage).or_default() += 1;
                self.events += events;
                self.engine_cpu_s += cpu;
            }
        }
        Ok(())
    }

    /// (hits, referrals) of a check by replication, of all stages so far.
    pub(super) fn all_pairs(&self, component: &Component, cell: &[u16], check: usize) -> Vec<(u64, u64)> {
        let stages = self.made.keys();
        stages
            .flat_map(|stage| self.pairs(*stage, component, cell, check))
            .collect()
    }

    /// (hits, referrals) of a check by replication, as many as all islands of the component have of a stage.
    pub(super) fn pairs(&self, stage: u32, component: &Component, cell: &[u16], check: usize) -> Vec<(u64, u64)> {
        let check = &component.checks[check];
        let standard = self.pathways.iter().position(|p| *p == check.pathway).unwrap_or(0);
        let mut sums: Option<Vec<(u64, u64)>> = None;
        for island in &component.islands {
            let places: Vec<usize> = self.islands[*island]
                .iter()
                .enumerate()
                .filter(|(_, hub)| check.hub.is_none_or(|one| one == **hub))
                .map(|(n, _)| n * self.pathways.len() + standard)
                .collect();
            if places.is_empty() {
                continue;
            }
            let simulated = self.simulated.get(&self.key(component, *island, cell));
            let rows = simulated
                .and_then(|s| s.rows.get(&stage))
                .map_or(&[][..], Vec::as_slice);
            let of = |row: &Row| {
                places.iter().fold((0, 0), |(h, n), place| {
                    let (hits, referrals) = row.get(*place).copied().unwrap_or_default();
                    (h + u64::from(hits), n + u64::from(referrals))
                })
            };
            let mine = rows.iter().map(of);
            sums = Some(match sums {
                None => mine.collect(),
                Some(sums) => sums
                    .into_iter()
                    .zip(mine)
                    .map(|(a, b)| (a.0 + b.0, a.1 + b.1))
                    .collect(),
            });
        }
        sums.unwrap_or_default()
    }
}
