//! `trace`: everything that happened in one replication, event by event.
//!
//! Whoever looks on is told places in lists and persons by numbers that are used again; here each case has a number of its
//! own, each worker a number within their team that nobody else there has at the time, and each thing that lasts a number
//! that its beginning and its end share. Nothing is left out that the measures of `summary.csv` are made of.

use std::collections::{BTreeMap, BTreeSet};

use crate::answers::run::Flow;
use crate::engine::{Observer, Seen, World, run_observed};
use crate::model::{HubId, PackageId, PathwayId, RoleId, Scenario};
use crate::units::Instant;

/// What to trace.
#[derive(Clone, Copy, Debug, Default)]
pub struct TraceRequest {
    /// Which replication, from 0.
    pub replication: u32,
    /// Only this hub; all if `None`.
    pub hub: Option<HubId>,
    /// Only so many measured days from the first, with the earlier life of the cases that are there then; everything if
    /// `None`.
    pub days: Option<u32>,
}

/// One event.
#[derive(Clone, Debug, PartialEq)]
pub struct TraceRow {
    /// When.
    pub at: Instant,
    /// Where.
    pub hub: HubId,
    /// What happened.
    pub what: Event,
    /// The case it happened to: a referral with its package, or a package that was begun besides. `None` for what happens
    /// to staff alone.
    pub case: Option<u64>,
    /// The pathway of the case, or its package where it has no pathway.
    pub flow: Flow,
    /// The role of whoever is sent, or comes or goes.
    pub role: Option<RoleId>,
    /// The number of the worker in their team.
    pub worker: Option<u32>,
    /// What begins here and ends in another row, or the other way round.
    pub activity: Option<u64>,
    /// The package and its stream, where it is about one.
    pub package: Option<(PackageId, Option<usize>)>,
    /// Of a visit: its planned time, the arrival of this worker, its beginning and its end in the home. Of a shift and a
    /// break: the end.
    pub times: Times,
}

/// Times that are known when something begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Times {
    /// The time of a planned visit; `None` of first responses and of a package's first lead visit.
    pub planned: Option<Instant>,
    /// Arrival at the home.
    pub arrives: Option<Instant>,
    /// Beginning of the visit: when all are there.
    pub begins: Option<Instant>,
    /// End, without notes.
    pub ends: Option<Instant>,
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// The referral was received: the clock may start later.
    Received,
    /// A referral was declined.
    Declined,
    /// The clock starts, or a package begins that has no clock.
    Arrival,
    /// The wait begins.
    Waits,
    /// The clock stops; whether within the standard, if there is one.
    Seen(Option<bool>),
    /// Patience was over: the place in the pathway's list of what becomes of those who leave.
    Left(usize),
    /// Still waiting when following ended.
    Unanswered,
    /// Somebody is sent.
    Sent(Sent),
    /// The visit is over for the person, who is at home.
    AtHome,
    /// The worker is free again, notes and admin done.
    Free,
    /// A planned visit was given up.
    Missed,
    /// The first response is over: the place of its outcome in the pathway's list.
    ResponseOver(usize),
    /// A package takes its place.
    PackageStarts,
    /// A stream of it begins.
    StreamStarts,
    /// It ends: the place of the outcome in its list; none for whoever left.
    PackageEnds(Option<usize>),
    /// The case is no longer here.
    Depart,
    /// A person comes on shift: which.
    OnShift(usize),
    /// A rostered person is absent: from which shift.
    Absent(usize),
    /// A break begins.
    Break,
    /// A person goes.
    OffShift,
    /// A pool has so many from now on.
    Capacity(u32),
}

/// What somebody is sent to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent {
    /// A first response.
    Response,
    /// The visit that a package's standard waits for.
    FirstLead,
    /// A planned visit that begins in time, or late.
    Planned {
        /// After its tolerance.
        late: bool,
    },
    /// The second person of a visit that another row is of.
    Second,
}

/// Everything that happened, in the order of time; at one instant in the order of the file's hubs, and there as it happened.
#[must_use]
pub fn trace(scenario: &Scenario, request: TraceRequest) -> Vec<TraceRow> {
    let world = World::new(scenario);
    let mut rows = Vec::new();
    for (island, hubs) in world.islands().iter().enumerate() {
        if request.hub.is_some_and(|hub| !hubs.contains(&hub)) {
            continue;
        }
        let mut tracer = Tracer::new(scenario, island);
        let _books = run_observed(&world, island, request.replication, &mut tracer);
        rows.append(&mut tracer.rows);
    }
    if let Some(hub) = request.hub {
        // Where hubs share staff, its people are visited from other hubs too.
        let begins = |row: &&TraceRow| row.hub == hub && matches!(row.what, Event::Arrival);
        let theirs: BTreeSet<u64> = rows.iter().filter(begins).filter_map(|row| row.case).collect();
        rows.retain(|row| row.hub == hub || row.case.is_some_and(|case| theirs.contains(&case)));
    }
    if let Some(days) = request.days {
        let until = Instant::midnight(i64::from(days));
        rows.retain(|row| row.at < until);
        let there: BTreeSet<u64> = rows
            .iter()
            .filter(|row| row.at >= Instant::ZERO)
            .filter_map(|row| row.case)
            .collect();
        rows.retain(|row| row.at >= Instant::ZERO || row.case.is_some_and(|case| there.contains(&case)));
    }
    rows.sort_by_key(|row| row.at);
    rows
}

/// What is known of a case so far.
#[derive(Clone, Copy, Debug)]
struct Case {
    hub: usize,
    flow: Flow,
    wait: u64,
    package: Option<(PackageId, u64)>,
    gone: bool,
}

/// Makes rows of what is seen on one island.
#[derive(Debug)]
struct Tracer<'s> {
    scenario: &'s Scenario,
    island: u64,
    islands: u64,
    /// The package and the place in it of every stream.
    streams: Vec<(PackageId, usize)>,
    rows: Vec<TraceRow>,
    cases: BTreeMap<u64, Case>,
    /// Team and number of everybody on shift.
    people: BTreeMap<u32, (HubId, RoleId, u32)>,
    /// Numbers in use by team, and until when those of pools are.
    taken: BTreeMap<(HubId, RoleId), BTreeSet<u32>>,
    pools: BTreeMap<(HubId, RoleId), Vec<(Instant, u32)>>,
    activities: u64,
}

impl<'s> Tracer<'s> {
    fn new(scenario: &'s Scenario, island: usize) -> Self {
        let packages = scenario.packages.iter().enumerate();
        Self {
            scenario,
            island: island as u64,
            islands: scenario.hubs.len() as u64,
            streams: packages
                .flat_map(|(p, package)| (0..package.streams.len()).map(move |s| (PackageId(p), s)))
                .collect(),
            rows: Vec::new(),
            cases: BTreeMap::new(),
            people: BTreeMap::new(),
            taken: BTreeMap::new(),
            pools: BTreeMap::new(),
            activities: 0,
        }
    }

    /// A number of its own over all islands, the same whichever of them are traced.
    fn number(&self, n: u64) -> u64 {
        n * self.islands + self.island + 1
    }

    fn activity(&mut self) -> u64 {
        self.activities += 1;
        self.number(self.activities)
    }

    fn row(&mut self, at: Instant, hub: usize, what: Event) -> &mut TraceRow {
        self.rows.push(TraceRow {
            at,
            hub: HubId(hub),
            what,
            case: None,
            flow: Flow::All,
            role: None,
            worker: None,
            activity: None,
            package: None,
            times: Times::default(),
        });
        let last = self.rows.len() - 1;
        &mut self.rows[last]
    }

    /// A row of a case.
    fn case_row(&mut self, at: Instant, hub: usize, what: Event, referral: u64) -> &mut TraceRow {
        let (case, flow) = (self.number(referral), self.cases.get(&referral).map(|c| c.flow));
        let row = self.row(at, hub, what);
        (row.case, row.flow) = (Some(case), flow.unwrap_or(Flow::All));
        row
    }

    /// The end of a wait.
    fn wait_over(&mut self, at: Instant, hub: usize, what: Event, referral: u64) {
        let wait = self.cases.get(&referral).map(|case| case.wait);
        self.case_row(at, hub, what, referral).activity = wait;
    }

    /// The case goes, if it has not gone before.
    fn depart(&mut self, at: Instant, hub: usize, referral: u64) {
        let Some(case) = self.cases.get_mut(&referral).filter(|case| !case.gone) else {
            return;
        };
        case.gone = true;
        self.case_row(at, hub, Event::Depart, referral);
    }

    /// The least number that nobody of a team has.
    fn take_number(&mut self, hub: HubId, role: RoleId) -> u32 {
        let taken = self.taken.entry((hub, role)).or_default();
        let number = (1..).find(|n| !taken.contains(n)).unwrap_or(u32::MAX);
        taken.insert(number);
        number
    }

    /// The number of whoever of a pool is sent at an instant, until another.
    fn pool_number(&mut self, at: Instant, hub: HubId, role: RoleId, until: Instant) -> u32 {
        let busy = self.pools.entry((hub, role)).or_default();
        busy.retain(|(free, _)| *free > at);
        let number = (1..)
            .find(|n| busy.iter().all(|(_, taken)| taken != n))
            .unwrap_or(u32::MAX);
        busy.push((until, number));
        number
    }

    fn stream(&self, stream: usize) -> Option<(PackageId, Option<usize>)> {
        self.streams.get(stream).map(|&(package, place)| (package, Some(place)))
    }

    /// What somebody is sent to at an instant; the tolerance is that of the day.
    fn sent(&self, at: Instant, stream: Option<usize>, planned: Option<Instant>, begins: Instant) -> Sent {
        let later = self
            .scenario
            .later
            .iter()
            .rev()
            .find(|later| later.from_day <= at.day());
        let today = later.map_or(self.scenario, |later| &later.scenario);
        let Some(&(package, place)) = stream.and_then(|stream| self.streams.get(stream)) else {
            return Sent::Response;
        };
        let tolerance = today.packages[package.0].streams[place].tolerance;
        planned.map_or(Sent::FirstLead, |time| Sent::Planned {
            late: begins > time + tolerance,
        })
    }
}

impl Observer for Tracer<'_> {
    fn see(&mut self, at: Instant, what: Seen) {
        match what {
            Seen::ClockStarts {
                referral,
                hub,
                pathway,
                received,
            } => {
                let case = Case {
                    hub,
                    flow: Flow::Pathway(PathwayId(pathway)),
                    wait: self.activity(),
                    package: None,
                    gone: false,
                };
                self.cases.insert(referral, case);
                self.case_row(received, hub, Event::Received, referral);
                self.case_row(at, hub, Event::Arrival, referral);
                self.case_row(at, hub, Event::Waits, referral).activity = Some(case.wait);
            }
            // Those who stand there at the first instant came before it.
            Seen::WaitsAtStart {
                referral,
                hub,
                pathway,
                clock,
            } => self.see(
                clock,
                Seen::ClockStarts {
                    referral,
                    hub,
                    pathway,
                    received: clock,
                },
            ),
            Seen::OpenAtStart {
                referral,
                hub,
                package,
                began,
            } => self.see(began, Seen::PackageStarts { referral, hub, package }),
            Seen::RunsAtStart {
                referral, hub, stream, ..
            } => self.see(at, Seen::StreamStarts { referral, hub, stream }),
            Seen::Declined { hub, pathway } => {
                self.row(at, hub, Event::Declined).flow = Flow::Pathway(PathwayId(pathway));
            }
            Seen::Sent {
                referral,
                hub,
                role,
                person,
                stream,
                second,
                planned,
                arrives,
                begins,
                ends,
                free,
                ..
            } => {
                let (hub_id, role) = (HubId(hub), RoleId(role));
                let worker = match person {
                    Some(person) => self.people.get(&person).map(|(_, _, number)| *number),
                    None => Some(self.pool_number(at, hub_id, role, free)),
                };
                let what = if second {
                    Sent::Second
                } else {
                    self.sent(at, stream, planned, begins)
                };
                let package = stream.and_then(|stream| self.stream(stream));
                let activity = Some(self.activity());
                let row = self.case_row(at, hub, Event::Sent(what), referral);
                (row.role, row.worker, row.activity, row.package) = (Some(role), worker, activity, package);
                row.times = Times {
                    planned,
                    arrives: Some(arrives),
                    begins: Some(begins),
                    ends: Some(ends),
                };
                self.case_row(ends, hub, Event::AtHome, referral).package = package;
                let row = self.case_row(free, hub, Event::Free, referral);
                (row.role, row.worker, row.activity, row.package) = (Some(role), worker, activity, package);
            }
            Seen::ClockStops {
                referral,
                hub,
                pathway,
                at: stop,
                met,
                ..
            } => {
                let met = self.scenario.pathways[pathway].standard.is_some().then_some(met);
                self.wait_over(stop, hub, Event::Seen(met), referral);
            }
            // Why, and not what.
            Seen::Missed { .. } => {}
            Seen::Left {
                referral, hub, outcome, ..
            } => {
                self.wait_over(at, hub, Event::Left(outcome), referral);
                self.depart(at, hub, referral);
            }
            Seen::Unanswered { referral, hub, .. } => self.wait_over(at, hub, Event::Unanswered, referral),
            Seen::ResponseOver {
                referral, hub, outcome, ..
            } => {
                self.case_row(at, hub, Event::ResponseOver(outcome), referral);
                self.depart(at, hub, referral);
            }
            Seen::PackageStarts { referral, hub, package } => {
                let (id, activity) = (PackageId(package), self.activity());
                let besides = !self.cases.contains_key(&referral);
                let case = self.cases.entry(referral).or_insert(Case {
                    hub,
                    flow: Flow::Package(id),
                    wait: 0,
                    package: None,
                    gone: false,
                });
                case.package = Some((id, activity));
                if besides {
                    self.case_row(at, hub, Event::Arrival, referral);
                }
                let row = self.case_row(at, hub, Event::PackageStarts, referral);
                (row.package, row.activity) = (Some((id, None)), Some(activity));
            }
            Seen::StreamStarts { referral, hub, stream } => {
                let package = self.stream(stream);
                self.case_row(at, hub, Event::StreamStarts, referral).package = package;
            }
            Seen::VisitAvailable { .. } => {} // It is told when somebody is sent, or when it is given up.
            Seen::VisitMissed { referral, stream, .. } => {
                let package = self.stream(stream);
                let role = self
                    .streams
                    .get(stream)
                    .map(|&(package, place)| self.scenario.packages[package.0].streams[place].role);
                let hub = self.cases.get(&referral).map_or(0, |case| case.hub);
                let row = self.case_row(at, hub, Event::Missed, referral);
                (row.package, row.role) = (package, role);
            }
            Seen::PackageEnds {
                referral,
                hub,
                package,
                outcome,
            } => {
                let activity = self.cases.get(&referral).and_then(|case| case.package);
                let row = self.case_row(at, hub, Event::PackageEnds(outcome), referral);
                (row.package, row.activity) = (Some((PackageId(package), None)), activity.map(|(_, number)| number));
                self.depart(at, hub, referral);
            }
            Seen::PersonStarts {
                person,
                hub,
                role,
                shift,
                until,
                ..
            } => {
                let number = self.take_number(HubId(hub), RoleId(role));
                self.people.insert(person, (HubId(hub), RoleId(role), number));
                let row = self.row(at, hub, Event::OnShift(shift));
                (row.role, row.worker, row.times.ends) = (Some(RoleId(role)), Some(number), Some(until));
            }
            Seen::PersonAbsent { hub, role, shift, .. } => {
                self.row(at, hub, Event::Absent(shift)).role = Some(RoleId(role));
            }
            Seen::BreakStarts { person, until } => {
                if let Some(&(hub, role, number)) = self.people.get(&person) {
                    let row = self.row(at, hub.0, Event::Break);
                    (row.role, row.worker, row.times.ends) = (Some(role), Some(number), Some(until));
                }
            }
            Seen::PersonLeaves { person, hub, .. } => {
                if let Some((id, role, number)) = self.people.remove(&person) {
                    self.taken.entry((id, role)).or_default().remove(&number);
                    let row = self.row(at, hub, Event::OffShift);
                    (row.role, row.worker) = (Some(role), Some(number));
                }
            }
            Seen::PoolChanges { hub, role, capacity } => {
                self.row(at, hub, Event::Capacity(capacity)).role = Some(RoleId(role));
            }
        }
    }
}
