//! Many replications, in parallel, added up exactly.
//!
//! The unit of work is one island in one replication. Units are handed to threads a batch at a time and their
//! records added up in the order of their numbers; everything added is a whole number, so neither threads nor
//! batches can change a digit. What is kept of each replication is a short row, and hits and referrals by month;
//! histograms, hours of the week and weeks are summed, so that memory does not grow with replications beyond that.
//!
//! **Memory by date.** Eight bytes a replication, hub, pathway and month: 250 hubs, 3 pathways, 400 replications and 12
//! months are 29 MB. What is summed takes 96 bytes a hub, month or week, and pathway, package or recruited role: 6 MB.

mod each;
mod islands;
mod watch;

pub use each::{Unit, UnitDone, each};
pub use islands::islands;
pub use watch::watch;

use std::sync::atomic::AtomicBool;

use crate::engine::{self, BedRecord, Cause, HubRecord, IslandRecord, PathwayRecord, RoleRecord, StreamRecord, World};
use crate::model::{Period, Scenario};
use crate::pieces::{Made, Pieces, Unit as PieceUnit, WorldId};
use crate::stats::WaitHistogram;

/// Groups of replications whose histograms are kept apart, for intervals of quantiles.
pub const GROUPS: usize = 40;

/// What to run and how.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// Number of replications.
    pub replications: u32,
    /// Number of the first.
    pub first: u32,
    /// Threads; `None` uses every processor.
    pub threads: Option<usize>,
}

/// What has been finished of a world before.
#[derive(Clone, Copy, Debug)]
pub struct Finished<'p> {
    pieces: &'p Pieces,
    world: WorldId,
}

impl<'p> Finished<'p> {
    /// What there is of the world of a scenario.
    #[must_use]
    pub fn of(pieces: &'p Pieces, scenario: &Scenario) -> Self {
        Self {
            pieces,
            world: pieces.world(scenario),
        }
    }

    /// Whether anything has been left to others so far.
    #[must_use]
    pub fn waits(&self) -> bool {
        self.pieces.wanted().units > 0
    }
}

impl Finished<'static> {
    /// Nothing is finished, and nothing kept.
    #[must_use]
    pub fn nothing() -> Self {
        static NOWHERE: Pieces = Pieces::alone();
        Self {
            pieces: &NOWHERE,
            world: WorldId::default(),
        }
    }
}

/// A pathway's row in one replication at one hub.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "as in engine::PathwayRecord")]
pub struct PathwayRow {
    pub declined: u64,
    pub referrals: u64,
    pub hits: u64,
    pub seen: u64,
    pub wait_ms: i64,
    pub wait_from_receipt_ms: i64,
    pub left: u64,
    pub unanswered: u64,
    pub admissions: u64,
    pub outside_ms: i64,
    pub found_no_bed: u64,
    pub waiting_ms: i64,
    pub waiting_at: [u64; 2],
    pub causes: [u64; Cause::COUNT],
    pub causes_of_left: [u64; Cause::COUNT],
}

/// A role's row in one replication at one hub.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "as in engine::RoleRecord")]
pub struct RoleRow {
    pub available_ms: i64,
    pub busy_inside_ms: i64,
    pub overtime_ms: i64,
    pub visits: u64,
    /// Recruited posts that somebody held, induction included, added up over the days of the window \[1/1000 WTE x days\].
    pub recruited_wte_days: u64,
}

/// A package's row in one replication at one hub.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "as in engine::PackageRecord")]
pub struct PackageRow {
    pub open_ms: i64,
    pub started: u64,
    pub streams: Vec<StreamRecord>,
}

/// One hub (or all together) in one replication.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// By pathway.
    pub pathways: Vec<PathwayRow>,
    /// By role.
    pub roles: Vec<RoleRow>,
    /// By package.
    pub packages: Vec<PackageRow>,
    /// By kind of bed.
    pub beds: Vec<BedRecord>,
    /// Time waited in beds by those counted \[ms\]: the kinds of the first pathway, then of the next.
    bed_ms: Vec<i64>,
    /// Recruited posts that somebody held, by role and by the stretches between dated changes, added up over their days
    /// \[1/1000 WTE x days\].
    pub posts: Vec<Vec<u64>>,
    /// By ending, as in [`HubRecord::endings`].
    pub endings: Vec<u64>,
    /// Referrals turned away because the replication was full.
    pub turned_away: u64,
}

/// Sums over replications of a pair (a, b) and of their squares: enough for the ratio a / b with its interval.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "what the names say")]
pub struct PairSums {
    pub a: i128,
    pub b: i128,
    pub aa: i128,
    pub ab: i128,
    pub bb: i128,
    /// Replications whose b is above 0.
    pub with_b: u32,
}

impl PairSums {
    fn add(&mut self, a: i64, b: i64) {
        let (a, b) = (i128::from(a), i128::from(b));
        self.a += a;
        self.b += b;
        self.aa += a * a;
        self.ab += a * b;
        self.bb += b * b;
        self.with_b += u32::from(b > 0);
    }
}

/// Sums by hour of week, for one hub or all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hours {
    /// By pathway, 168 each: a = hits, b = referrals.
    pub pathways: Vec<Vec<PairSums>>,
    /// By role, 168 each: a = busy \[ms\], b = available \[ms\].
    pub roles: Vec<Vec<PairSums>>,
    /// Misses by pathway, 168 each, by cause: sums over replications.
    pub causes: Vec<Vec<[u64; Cause::COUNT]>>,
}

/// Levels by month or by week, for one hub or all: a = the level at 00:00, added up over the days; b = the days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Levels {
    /// By package, open packages by period.
    pub packages: Vec<Vec<PairSums>>,
    /// By role, what recruited posts count for by period \[1/1000 WTE\]; none for a role that is not recruited.
    pub roles: Vec<Vec<PairSums>>,
}

/// Hits and referrals of one replication by hub (the last is all together), pathway and month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MonthRow {
    pathways: usize,
    months: usize,
    pairs: Box<[(u32, u32)]>,
}

impl MonthRow {
    /// (hits, referrals) of a pathway at a hub in a month; nothing where there is no such place.
    #[must_use]
    pub fn of(&self, hub: usize, pathway: usize, month: usize) -> (u64, u64) {
        let place = (hub * self.pathways + pathway) * self.months + month;
        let pair = self.pairs.get(place).copied().unwrap_or_default();
        (u64::from(pair.0), u64::from(pair.1))
    }
}

/// Histograms of waits for one hub or all: those seen, and those counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waits {
    /// By pathway, by group.
    pub seen: Vec<Vec<WaitHistogram>>,
    /// Counted referrals by pathway, by group.
    pub referrals: Vec<Vec<u64>>,
}

/// All replications, added up. Where there is one entry a hub, the last is all hubs together.
#[derive(Clone, Debug, PartialEq)]
pub struct Runs {
    /// Rows by replication, then by hub.
    pub rows: Vec<Vec<Row>>,
    /// Of those who are served elsewhere: rows by replication, then by entry of the scenario and pathway; empty where nobody
    /// is. They are in the rows of the hubs that serve them too.
    pub elsewhere: Vec<Vec<Vec<PathwayRow>>>,
    /// By hub.
    pub hours: Vec<Hours>,
    /// By hub.
    pub waits: Vec<Waits>,
    /// By replication.
    pub months: Vec<MonthRow>,
    /// By hub, pathway and week: a = hits, b = referrals.
    pub weeks: Vec<Vec<Vec<PairSums>>>,
    /// By hub.
    pub levels_by_month: Vec<Levels>,
    /// By hub.
    pub levels_by_week: Vec<Levels>,
    /// Events handled.
    pub events: u64,
    /// Processor time in the engine \[s\].
    pub engine_cpu_s: f64,
    /// Whether it was stopped before all replications were done.
    pub stopped: bool,
    /// Whether some of it is left to others: nothing stands in its place, and what comes of it is no answer.
    pub left: bool,
}

/// Runs replications.
///
/// `progress` hears, from any thread, of every unit done (out of replications x islands). When `stop` becomes true
/// the units in hand are finished and every complete replication before the first incomplete one is kept.
///
/// # Errors
/// If the threads cannot be started, the reason in the system's words.
pub fn replicate(
    world: &World,
    hubs: usize,
    plan: Plan,
    stop: &AtomicBool,
    progress: &(dyn Fn() + Sync),
) -> Result<Runs, String> {
    let mut runs = Runs::none(world, hubs);
    runs.extend(world, plan, stop, progress)?;
    Ok(runs)
}

/// The same, with what has been finished before; see [`Runs::extend_from`].
///
/// # Errors
/// As [`Runs::extend_from`].
pub fn replicate_from(
    world: &World,
    hubs: usize,
    plan: Plan,
    finished: Finished<'_>,
    stop: &AtomicBool,
    progress: &(dyn Fn() + Sync),
) -> Result<Runs, String> {
    let mut runs = Runs::none(world, hubs);
    runs.extend_from(world, plan, finished, stop, progress)?;
    Ok(runs)
}

impl Runs {
    /// Nothing yet.
    #[must_use]
    pub fn none(world: &World, hubs: usize) -> Self {
        let shape = engine::run_shape(world);
        Self {
            rows: Vec::new(),
            elsewhere: Vec::new(),
            hours: (0..=hubs).map(|_| Hours::empty(&shape)).collect(),
            waits: (0..=hubs).map(|_| Waits::empty(&shape)).collect(),
            months: Vec::new(),
            weeks: vec![vec![vec![PairSums::default(); world.weeks.len()]; shape.pathways.len()]; hubs + 1],
            levels_by_month: vec![Levels::empty(&shape, &world.months); hubs + 1],
            levels_by_week: vec![Levels::empty(&shape, &world.weeks); hubs + 1],
            events: 0,
            engine_cpu_s: 0.0,
            stopped: false,
            left: false,
        }
    }

    /// Goes on from what there is to the replications of the plan, of the same world: the result is that of making them all
    /// at once.
    ///
    /// # Errors
    /// As [`replicate`].
    pub fn extend(
        &mut self,
        world: &World,
        plan: Plan,
        stop: &AtomicBool,
        progress: &(dyn Fn() + Sync),
    ) -> Result<(), String> {
        self.extend_from(world, plan, Finished::nothing(), stop, progress)
    }

    /// The same, with what has been finished before. Where units are left to others ([`Runs::left`]), what comes of it only says what
    /// there is to do.
    ///
    /// # Errors
    /// As [`replicate`]; or if a file of what is finished cannot be read or written.
    pub fn extend_from(
        &mut self,
        world: &World,
        plan: Plan,
        finished: Finished<'_>,
        stop: &AtomicBool,
        progress: &(dyn Fn() + Sync),
    ) -> Result<(), String> {
        let mut builder = rayon::ThreadPoolBuilder::new();
        if let Some(threads) = plan.threads {
            builder = builder.num_threads(threads);
        }
        let pool = builder.build().map_err(|e| e.to_string())?;
        let islands = world.islands().len();
        let nothing: Vec<IslandRecord> = (0..islands).map(|island| engine::nothing(world, island)).collect();
        // Enough units to keep threads busy, few enough to keep their records small.
        let batch = u32::try_from(
            (64 * pool.current_num_threads())
                .div_ceil(islands)
                .clamp(pool.current_num_threads(), 256),
        )
        .unwrap_or(256);
        let mut empty = None;
        let mut next = self.replications();
        while next < plan.replications && !self.stopped {
            let upto = (next + batch).min(plan.replications);
            let units: Vec<PieceUnit> = (next..upto)
                .flat_map(|r| (0..).zip(&nothing).map(move |(island, _)| (plan.first + r, island)))
                .map(|(replication, island)| PieceUnit {
                    world: finished.world,
                    island,
                    replication,
                })
                .collect();
            let one = |n: usize| {
                let start = cpu_time::ThreadTime::now();
                let record = engine::run(world, n % islands, units[n].replication);
                (record, start.elapsed().as_secs_f64())
            };
            let fits = |n: usize, record: &IslandRecord| nothing[n % islands].is_shaped_as(record);
            let made = pool.install(|| finished.pieces.make(&units, (stop, progress), one, fits))?;
            for replication in made.chunks(islands) {
                if replication.iter().any(|made| matches!(made, Made::Stopped)) {
                    self.stopped = true;
                    break;
                }
                match replication.iter().map(Made::done).collect::<Option<Vec<_>>>() {
                    Some(records) => self.add(world, &records),
                    None => self.leave(empty.get_or_insert_with(|| {
                        let mut empty = Self::none(world, self.hours.len() - 1);
                        empty.add(world, &nothing.iter().map(|record| (record, 0.0)).collect::<Vec<_>>());
                        empty
                    })),
                }
            }
            next = upto;
        }
        Ok(())
    }

    /// Replications added up.
    #[must_use]
    pub fn replications(&self) -> u32 {
        u32::try_from(self.rows.len()).unwrap_or(u32::MAX)
    }

    /// (hits, referrals) of a pathway over all hubs, of the first so many replications or of as many as there are.
    #[must_use]
    pub fn levels(&self, pathway: usize, replications: usize) -> Vec<(u64, u64)> {
        // The last row is all hubs together.
        let all = self.rows.iter().take(replications).filter_map(|row| row.last());
        all.filter_map(|row| row.pathways.get(pathway))
            .map(|p| (p.hits, p.referrals))
            .collect()
    }

    /// Referrals turned away because a replication was full, all replications together.
    #[must_use]
    pub fn turned_away(&self) -> u64 {
        // The last row is all hubs together.
        self.rows
            .iter()
            .filter_map(|r| r.last())
            .map(|all| all.turned_away)
            .sum()
    }

    /// The first so many replications. What is kept of all together is that of all.
    #[must_use]
    pub fn first(&self, replications: usize) -> Self {
        let n = replications.min(self.rows.len());
        Self {
            rows: self.rows[..n].to_vec(),
            elsewhere: self.elsewhere[..n].to_vec(),
            months: self.months[..n].to_vec(),
            hours: self.hours.clone(),
            waits: self.waits.clone(),
            weeks: self.weeks.clone(),
            levels_by_month: self.levels_by_month.clone(),
            levels_by_week: self.levels_by_week.clone(),
            ..*self
        }
    }

    /// Puts the rows of nothing in the place of a replication that is left to others, and counts it: who makes one piece of many does
    /// not pay for the others.
    fn leave(&mut self, nothing: &Self) {
        self.left = true;
        self.rows.extend_from_slice(&nothing.rows);
        self.elsewhere.extend_from_slice(&nothing.elsewhere);
        self.months.extend_from_slice(&nothing.months);
    }

    fn add(&mut self, world: &World, islands: &[(&IslandRecord, f64)]) {
        let hubs = self.hours.len() - 1;
        let group = self.rows.len() % GROUPS;
        let mut by_hub: Vec<Option<&HubRecord>> = vec![None; hubs];
        for (place, (record, cpu)) in islands.iter().enumerate() {
            self.events += record.events;
            self.engine_cpu_s += cpu;
            for (hub, record) in world.islands()[place].iter().zip(&record.hubs) {
                by_hub[hub.0] = Some(record);
            }
        }
        let records: Vec<&HubRecord> = by_hub.into_iter().flatten().collect();
        let mut all = records[0].clone();
        for record in &records[1..] {
            all.add(record);
        }
        let mut row = Vec::with_capacity(hubs + 1);
        let mut by_month = Vec::with_capacity((hubs + 1) * all.pathways.len() * world.months.len());
        for (place, record) in records.into_iter().chain([&all]).enumerate() {
            row.push(Row::of(record, &world.first_days));
            self.hours[place].add(record);
            self.waits[place].add(record, group);
            for (pathway, sums) in record.pathways.iter().zip(&mut self.weeks[place]) {
                let of = |p: &Period| (added(&pathway.hits_by_day, p), added(&pathway.referrals_by_day, p));
                by_month.extend(world.months.iter().map(of).map(|(hits, referrals)| {
                    let short = |n: i64| u32::try_from(n).unwrap_or(u32::MAX);
                    (short(hits), short(referrals))
                }));
                for (sum, (hits, referrals)) in sums.iter_mut().zip(world.weeks.iter().map(of)) {
                    sum.add(hits, referrals);
                }
            }
            self.levels_by_month[place].add(record, &world.months);
            self.levels_by_week[place].add(record, &world.weeks);
        }
        self.rows.push(row);
        let mut elsewhere: Vec<_> = islands.iter().flat_map(|(record, _)| &record.elsewhere).collect();
        elsewhere.sort_by_key(|record| record.entry);
        let of = |p: &Vec<PathwayRecord>| p.iter().map(PathwayRow::of).collect();
        self.elsewhere
            .push(elsewhere.iter().map(|record| of(&record.pathways)).collect());
        self.months.push(MonthRow {
            pathways: all.pathways.len(),
            months: world.months.len(),
            pairs: by_month.into(),
        });
    }
}

impl PathwayRow {
    fn of(p: &PathwayRecord) -> Self {
        Self {
            declined: p.declined,
            referrals: p.referrals,
            hits: p.hits,
            seen: p.seen,
            wait_ms: p.wait_ms,
            wait_from_receipt_ms: p.wait_from_receipt_ms,
            left: p.left,
            unanswered: p.unanswered,
            admissions: p.admissions,
            outside_ms: p.outside_ms,
            found_no_bed: p.found_no_bed,
            waiting_ms: p.waiting_ms,
            waiting_at: p.waiting_at,
            causes: p.causes,
            causes_of_left: p.causes_of_left,
        }
    }
}

impl Row {
    /// Time waited in beds of one of so many kinds by those counted, of one pathway or of all \[ms\].
    #[must_use]
    pub fn bed_ms(&self, bed: usize, kinds: usize, pathway: Option<usize>) -> i64 {
        let by_pathway = self.bed_ms.chunks(kinds.max(1)).enumerate();
        let wanted = by_pathway.filter(|(p, _)| pathway.is_none_or(|one| one == *p));
        wanted.filter_map(|(_, beds)| beds.get(bed)).sum()
    }

    fn of(record: &HubRecord, first_days: &[usize]) -> Self {
        let role = |r: &RoleRecord| RoleRow {
            available_ms: r.available_ms(),
            busy_inside_ms: r.busy_inside_ms(),
            overtime_ms: r.overtime_ms,
            visits: r.visits,
            recruited_wte_days: r.filled_by_day.iter().map(|&wte| u64::from(wte)).sum(),
        };
        Self {
            pathways: record.pathways.iter().map(PathwayRow::of).collect(),
            roles: record.roles.iter().map(role).collect(),
            packages: record
                .packages
                .iter()
                .map(|p| PackageRow {
                    open_ms: p.open_ms,
                    started: p.started,
                    streams: p.streams.clone(),
                })
                .collect(),
            beds: record.beds.clone(),
            bed_ms: record.pathways.iter().flat_map(|p| &p.bed_ms).copied().collect(),
            posts: record
                .roles
                .iter()
                .map(|r| by_stretch(&r.filled_by_day, first_days))
                .collect(),
            endings: record.endings.clone(),
            turned_away: record.turned_away,
        }
    }
}

impl Hours {
    fn empty(shape: &HubRecord) -> Self {
        let week = vec![PairSums::default(); 168];
        Self {
            pathways: vec![week.clone(); shape.pathways.len()],
            roles: vec![week; shape.roles.len()],
            causes: vec![vec![[0; Cause::COUNT]; 168]; shape.pathways.len()],
        }
    }

    fn add(&mut self, record: &HubRecord) {
        for (sums, pathway) in self.pathways.iter_mut().zip(&record.pathways) {
            for ((sum, hits), referrals) in sums
                .iter_mut()
                .zip(&pathway.hits_by_hour)
                .zip(&pathway.referrals_by_hour)
            {
                sum.add(i64::from(*hits), i64::from(*referrals));
            }
        }
        for (sums, pathway) in self.causes.iter_mut().zip(&record.pathways) {
            for (sums, misses) in sums.iter_mut().zip(&pathway.causes_by_hour) {
                for (sum, n) in sums.iter_mut().zip(misses) {
                    *sum += u64::from(*n);
                }
            }
        }
        for (sums, role) in self.roles.iter_mut().zip(&record.roles) {
            for ((sum, busy), available) in sums.iter_mut().zip(&role.busy_by_hour).zip(&role.available_by_hour) {
                sum.add(*busy, *available);
            }
        }
    }
}

/// What was counted by day, added up from each first day to the next.
fn by_stretch(days: &[u32], first_days: &[usize]) -> Vec<u64> {
    let ends = first_days.iter().skip(1).copied().chain([days.len()]);
    let stretches = first_days
        .iter()
        .zip(ends)
        .map(|(&from, to)| days.get(from..to).unwrap_or_default());
    stretches.map(|days| days.iter().map(|&n| u64::from(n)).sum()).collect()
}

/// What was counted on the days of a period, added up.
fn added(days: &[u32], period: &Period) -> i64 {
    let days = days.get(period.from..period.to).unwrap_or_default();
    days.iter().map(|&n| i64::from(n)).sum()
}

impl Levels {
    fn empty(shape: &HubRecord, periods: &[Period]) -> Self {
        let sums = vec![PairSums::default(); periods.len()];
        let of_role = |role: &RoleRecord| {
            if role.recruited_by_day.is_empty() {
                Vec::new()
            } else {
                sums.clone()
            }
        };
        Self {
            packages: vec![sums.clone(); shape.packages.len()],
            roles: shape.roles.iter().map(of_role).collect(),
        }
    }

    fn add(&mut self, record: &HubRecord, periods: &[Period]) {
        let packages = record.packages.iter().map(|p| &p.open_by_day);
        let roles = record.roles.iter().map(|r| &r.recruited_by_day);
        let lists = self.packages.iter_mut().zip(packages);
        for (sums, days) in lists.chain(self.roles.iter_mut().zip(roles)) {
            for (sum, period) in sums.iter_mut().zip(periods) {
                sum.add(added(days, period), i64::try_from(period.days()).unwrap_or(0));
            }
        }
    }
}

impl Waits {
    fn empty(shape: &HubRecord) -> Self {
        Self {
            seen: vec![vec![WaitHistogram::new(); GROUPS]; shape.pathways.len()],
            referrals: vec![vec![0; GROUPS]; shape.pathways.len()],
        }
    }

    fn add(&mut self, record: &HubRecord, group: usize) {
        for (place, pathway) in record.pathways.iter().enumerate() {
            self.referrals[place][group] += pathway.referrals;
            for (bin, &n) in pathway.waits.iter().enumerate().filter(|(_, n)| **n > 0) {
                self.seen[place][group].add_to_bin(bin, u64::from(n));
            }
        }
    }
}
