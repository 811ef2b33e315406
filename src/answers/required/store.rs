//! What has been simulated: islands with a staffing, replication by replication, each once.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rayon::iter::{
    IndexedParallelIterator, IntoParallelIterator, IntoParallelRefIterator, IntoParallelRefMutIterator,
    ParallelIterator,
};

use super::control::{Control, Found, NoControl};
use super::reply::NoAnswer;
use super::space::{Check, Component, Levels, staffed};
use crate::engine::{self, World};
use crate::model::{HubId, PathwayId, Question, Scenario, StaffPlace};
use crate::pieces::{Made, Pieces, Unit, WorldId};

/// Replications of different stages have numbers of their own, so that they are of different people: the search has those
/// from 0, the n-th certificate those from n times this.
const STAGE: u32 = 10_000_000;

/// What a replication shows of a level: hits and counted referrals; and the control less its mean, 0 where there is none.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Sample {
    pub(super) hits: u64,
    pub(super) referrals: u64,
    pub(super) control: f64,
}

impl Sample {
    /// Hits less the level wanted times referrals.
    pub(super) fn gap(&self, wanted: f64) -> f64 {
        self.hits as f64 - wanted * self.referrals as f64
    }

    const fn and(self, other: Self) -> Self {
        Self {
            hits: self.hits + other.hits,
            referrals: self.referrals + other.referrals,
            control: self.control + other.control,
        }
    }
}

/// What a replication of an island shows, by hub of the island and standard asked.
type Row = Box<[Sample]>;

/// An island with some levels of the dials that touch it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    island: usize,
    levels: Levels,
}

/// What is finished of a replication of an island, for whoever goes on with it: (hits, counted referrals) in the order of a [`Row`], and
/// events. Controls are not in it: they are worked out from the people again, exactly.
type Counts = (Vec<(u64, u64)>, u64);

/// What each control of an island weighs arrivals with, for one staffing.
type Weights = Vec<Vec<f64>>;

/// A world, what its controls weigh each arrival with, and the rows of each stage.
struct Simulated {
    world: World,
    id: WorldId,
    weights: Weights,
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
    islands: Vec<Vec<HubId>>,
    /// By island, by hub of it and standard asked.
    controls: Vec<Vec<Result<Control, NoControl>>>,
    /// What arrivals find in the systems of the controls, by island and number of the replication.
    found: BTreeMap<(usize, u32), Vec<Found>>,
    /// The scenario as it is, for its people.
    plain: World,
    /// Dials that touch an island.
    dials_of: Vec<Vec<usize>>,
    simulated: BTreeMap<Key, Simulated>,
    pool: rayon::ThreadPool,
    pieces: &'s Pieces,
    stop: &'s AtomicBool,
    progress: &'s (dyn Fn() + Sync),
    /// Replications of an island, by stage.
    pub(super) made: BTreeMap<u32, u64>,
    pub(super) events: u64,
    pub(super) engine_cpu_s: f64,
    /// Why it cannot go on, where that is the machine's doing.
    fault: Option<String>,
}

/// Why nothing more comes.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Stopped;

impl<'s> Store<'s> {
    /// Whether to go on.
    ///
    /// # Errors
    /// [`Stopped`] once it was told to stop.
    pub(super) fn go_on(&self) -> Result<(), Stopped> {
        if self.stop.load(Ordering::Relaxed) {
            Err(Stopped)
        } else {
            Ok(())
        }
    }

    pub(super) fn new(
        scenario: &'s Scenario,
        question: &'s Question,
        threads: Option<usize>,
        pieces: &'s Pieces,
        (stop, progress): (&'s AtomicBool, &'s (dyn Fn() + Sync)),
    ) -> Result<Self, String> {
        let mut builder = rayon::ThreadPoolBuilder::new();
        if let Some(threads) = threads {
            builder = builder.num_threads(threads);
        }
        let islands = scenario.islands();
        let plain = World::new(scenario);
        let pathways: Vec<PathwayId> = question.standards.iter().map(|(id, _)| *id).collect();
        let staffings = corners(scenario, question);
        let controls = islands
            .iter()
            .map(|island| {
                let each = island.iter().flat_map(|hub| pathways.iter().map(move |p| (*hub, *p)));
                each.map(|(hub, p)| Control::of(scenario, &plain, hub, p, &staffings))
                    .collect()
            })
            .collect();
        let touches = |island: &[HubId], d: usize| question.free[d].places.iter().any(|p| island.contains(&p.hub));
        Ok(Self {
            pathways,
            controls,
            found: BTreeMap::new(),
            plain,
            dials_of: islands
                .iter()
                .map(|island| (0..question.free.len()).filter(|d| touches(island, *d)).collect())
                .collect(),
            islands,
            scenario,
            question,
            simulated: BTreeMap::new(),
            pool: builder.build().map_err(|e| e.to_string())?,
            pieces,
            stop,
            progress,
            made: BTreeMap::new(),
            events: 0,
            engine_cpu_s: 0.0,
            fault: None,
        })
    }

    /// That whatever stopped it was not the machine.
    pub(super) fn sound(&self) -> Result<(), NoAnswer> {
        self.fault.clone().map_or(Ok(()), |why| Err(NoAnswer::Machine(why)))
    }

    /// Why it was stopped.
    pub(super) fn stopped(&self) -> NoAnswer {
        self.sound().err().unwrap_or(NoAnswer::Stopped)
    }

    pub(super) fn islands(&self) -> &[Vec<HubId>] {
        &self.islands
    }

    /// Does something with each of some things that need only be told what has been simulated.
    pub(super) fn side_by_side<T: Send, R: Send>(
        &self,
        all: &mut [T],
        each: impl Fn(&mut T, &Self) -> R + Sync,
    ) -> Vec<R> {
        self.pool
            .install(|| all.par_iter_mut().map(|one| each(one, self)).collect())
    }

    /// Whether posts may be vacant at a hub of a component, so that people are late seldom but many at once.
    pub(super) fn may_fall_vacant(&self, component: &Component) -> bool {
        let hubs = || component.islands.iter().flat_map(|island| &self.islands[*island]);
        let mut recruits = self.scenario.recruits.iter();
        recruits.any(|r| hubs().any(|hub| r.posts[hub.0] > 0))
    }

    /// Why a check has no control, if it has none; over all hubs it is enough if one has.
    pub(super) fn uncontrolled(&self, component: &Component, check: &Check) -> Option<NoControl> {
        let places = component
            .islands
            .iter()
            .flat_map(|island| self.places(*island, check).map(|n| (*island, n)));
        let mut each = places.map(|(island, n)| self.controls[island][n].as_ref().err().copied());
        let first = each.next().flatten();
        first.filter(|_| each.all(|why| why.is_some()))
    }

    /// Where a check stands in the rows of an island.
    fn places(&self, island: usize, check: &Check) -> impl Iterator<Item = usize> + '_ {
        let standard = self.pathways.iter().position(|p| *p == check.pathway).unwrap_or(0);
        let hub = check.hub;
        let hubs = self.islands[island].iter().enumerate();
        let asked = hubs.filter(move |(_, one)| hub.is_none_or(|hub| hub == **one));
        asked.map(move |(n, _)| n * self.pathways.len() + standard)
    }

    fn key(&self, component: &Component, island: usize, cell: &[u16]) -> Key {
        let level = |d: &usize| component.dials.iter().position(|own| own == d).map_or(0, |n| cell[n]);
        Key {
            island,
            levels: self.dials_of[island].iter().map(level).collect(),
        }
    }

    fn world(&self, key: &Key) -> (World, WorldId, Weights) {
        let numbers: Vec<(StaffPlace, f64)> = self.dials_of[key.island]
            .iter()
            .zip(&key.levels)
            .flat_map(|(d, level)| {
                let dial = &self.question.free[*d];
                dial.places.iter().map(|place| (*place, dial.at(*level)))
            })
            .collect();
        let staffed = staffed(self.scenario, &numbers);
        let controls = self.controls[key.island].iter();
        let weights = controls.map(|c| c.as_ref().map_or_else(|_| Vec::new(), |c| c.weights(&staffed)));
        (World::new(&staffed), self.pieces.world(&staffed), weights.collect())
    }

    /// What arrivals of a replication of an island find in the systems of its controls.
    fn find(&self, island: usize, replication: u32) -> Vec<Found> {
        let offered = engine::offered(&self.plain, island, replication);
        let controls = self.controls[island].iter();
        controls
            .map(|c| c.as_ref().map_or_else(|_| Found::default(), |c| c.found(&offered)))
            .collect()
    }

    /// Finds what is missing of some islands and replications.
    fn find_all(&mut self, wanted: impl Iterator<Item = (usize, u32)>) {
        let mut missing: Vec<(usize, u32)> = wanted
            .filter(|(island, _)| self.controls[*island].iter().any(Result::is_ok))
            .filter(|one| !self.found.contains_key(one))
            .collect();
        missing.sort_unstable();
        missing.dedup();
        let found: Vec<Vec<Found>> = self
            .pool
            .install(|| missing.par_iter().map(|(island, n)| self.find(*island, *n)).collect());
        self.found.extend(missing.into_iter().zip(found));
    }

    /// Counts of replications, simulated or found; nothing where it was stopped.
    fn make(&mut self, numbers: &[(&Key, u32)]) -> Result<Vec<Option<(Counts, f64)>>, Stopped> {
        let simulated = |(key, n): &(&Key, u32)| Some((key.island, self.simulated.get(*key)?, *n));
        let units: Vec<(usize, &Simulated, u32)> = numbers.iter().filter_map(simulated).collect();
        let asked: Vec<Unit> = units
            .iter()
            .map(|(island, simulated, n)| Unit {
                world: simulated.id,
                island: u32::try_from(*island).unwrap_or(u32::MAX),
                replication: *n,
            })
            .collect();
        let one = |place: usize| -> (Counts, f64) {
            let (island, simulated, n) = units[place];
            let start = cpu_time::ThreadTime::now();
            let record = engine::run(&simulated.world, island, n);
            let hubs = record.hubs.iter();
            let books = hubs.flat_map(|hub| self.pathways.iter().map(|p| &hub.pathways[p.0]));
            let counts = books.map(|book| (book.hits, book.referrals)).collect();
            ((counts, record.events), start.elapsed().as_secs_f64())
        };
        let fits = |place: usize, (counts, _): &Counts| counts.len() == self.controls[units[place].0].len();
        let made = self
            .pool
            .install(|| self.pieces.make(&asked, (self.stop, self.progress), one, fits));
        let made = match made {
            Ok(made) => made,
            Err(why) => {
                self.fault = Some(why);
                return Err(Stopped);
            }
        };
        let there = |made| match made {
            Made::Done(counts, cpu_s) => Some(Some((counts, cpu_s))),
            Made::Stopped => Some(None),
            Made::Left => None,
        };
        made.into_iter().map(there).collect::<Option<_>>().ok_or(Stopped)
    }

    /// Simulates what is missing of what is wanted. Where some of it is left to others, nothing more comes: what to look at next
    /// depends on it.
    pub(super) fn extend(&mut self, stage: u32, wants: &[Want]) -> Result<(), Stopped> {
        let mut most: BTreeMap<Key, usize> = BTreeMap::new();
        for want in wants {
            for island in &want.component.islands {
                let n = most.entry(self.key(&want.component, *island, &want.cell)).or_default();
                *n = (*n).max(want.replications);
            }
        }
        let new: Vec<&Key> = most.keys().filter(|k| !self.simulated.contains_key(*k)).collect();
        let worlds: Vec<(Key, (World, WorldId, Weights))> = self
            .pool
            .install(|| new.par_iter().map(|key| ((*key).clone(), self.world(key))).collect());
        for (key, (world, id, weights)) in worlds {
            let rows = BTreeMap::new();
            self.simulated.insert(
                key,
                Simulated {
                    world,
                    id,
                    weights,
                    rows,
                },
            );
        }
        let mut numbers: Vec<(&Key, u32)> = Vec::new();
        for (key, wanted) in &most {
            let there = self
                .simulated
                .get(key)
                .and_then(|s| s.rows.get(&stage))
                .map_or(0, Vec::len);
            let missing = (there..*wanted).filter_map(|n| u32::try_from(n).ok());
            numbers.extend(missing.map(|n| (key, stage * STAGE + n)));
        }
        let made = self.make(&numbers)?;
        self.find_all(numbers.iter().map(|(key, n)| (key.island, *n)));
        let row = |((counts, events), cpu_s): (Counts, f64), (key, n): (&Key, u32)| {
            let found = self.found.get(&(key.island, n)).zip(self.simulated.get(key));
            let control = |place: usize| match (&self.controls[key.island][place], found) {
                (Ok(control), Some((found, simulated))) => control.value(&found[place], &simulated.weights[place]),
                _ => 0.0,
            };
            let samples = counts.into_iter().enumerate();
            let samples = samples.map(|(place, (hits, referrals))| Sample {
                hits,
                referrals,
                control: control(place),
            });
            (samples.collect::<Row>(), events, cpu_s)
        };
        let done: Vec<Option<(Row, u64, f64)>> = self.pool.install(|| {
            let both = made.into_par_iter().zip(numbers);
            both.map(|(made, unit)| made.map(|made| row(made, unit))).collect()
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

    /// What is known of a check by replication, of all stages so far.
    pub(super) fn all_samples(&self, component: &Component, cell: &[u16], check: usize) -> Vec<Sample> {
        let stages = self.made.keys();
        stages
            .flat_map(|stage| self.samples(*stage, component, cell, check))
            .collect()
    }

    /// What is known of a check by replication, as many as all islands of the component have of a stage.
    pub(super) fn samples(&self, stage: u32, component: &Component, cell: &[u16], check: usize) -> Vec<Sample> {
        let check = &component.checks[check];
        let mut sums: Option<Vec<Sample>> = None;
        for island in &component.islands {
            let places: Vec<usize> = self.places(*island, check).collect();
            if places.is_empty() {
                continue;
            }
            let simulated = self.simulated.get(&self.key(component, *island, cell));
            let rows = simulated
                .and_then(|s| s.rows.get(&stage))
                .map_or(&[][..], Vec::as_slice);
            let of = |row: &Row| {
                let mine = places.iter().map(|place| row.get(*place).copied().unwrap_or_default());
                mine.fold(Sample::default(), Sample::and)
            };
            let mine = rows.iter().map(of);
            sums = Some(match sums {
                None => mine.collect(),
                Some(sums) => sums.into_iter().zip(mine).map(|(a, b)| a.and(b)).collect(),
            });
        }
        sums.unwrap_or_default()
    }
}

/// Staffings that tell apart what may be chosen: all numbers the lowest, and each by itself the highest.
fn corners(scenario: &Scenario, question: &Question) -> Vec<Scenario> {
    let at = |high: Option<usize>| {
        let level = |d: usize| {
            if high == Some(d) {
                question.free[d].levels - 1
            } else {
                0
            }
        };
        let dials = question.free.iter().enumerate();
        let numbers = dials.flat_map(|(d, dial)| dial.places.iter().map(move |place| (*place, dial.at(level(d)))));
        staffed(scenario, &numbers.collect::<Vec<_>>())
    };
    std::iter::once(None)
        .chain((0..question.free.len()).map(Some))
        .map(at)
        .collect()
}
