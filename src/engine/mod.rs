//! One replication of one island of hubs.
//!
//! # The rules, in short
//!
//! **Time** is whole milliseconds; 0 is 00:00 of the first measured day, the warm-up is negative. At one instant:
//! visits and breaks end, then staff change, then referrals arrive, then work starts, then people whose patience is
//! over leave; within each, first come first served (`event_list::Phase`).
//!
//! **A referral** is received, declined or accepted; its clock starts then or at the next opening; after triage it
//! asks for its first response, or for its package. It is counted if its clock starts inside the window, and
//! followed to the instant at which its clock stops (`response`).
//!
//! **Work waits in lines**, one for each set of roles, ordered by priority, then due time, then sequence. Whenever
//! somebody becomes free or something arrives, the heads of the lines that name a changed role are tried, first
//! the one that is first in that order; a head that cannot start lets others pass. Work never interrupts work
//! (`dispatch`).
//!
//! **Sending somebody** fixes everything that follows: travel and length are drawn (by the person's own key, so
//! that no staffing moves them), the arrival, the end of the visit and the instant the worker is free again after
//! notes and admin are known, and one event is set for it.
//!
//! **Staff** are people with their own shift ends, breaks and absences, or pools with a capacity (`staff`).
//!
//! **What changes on a date** changes the world at 00:00 of that day: whatever is looked up from then on is looked up in
//! the new one, and what has been drawn or promised before stays as it is (`plan::World::on_day`). **Posts** that fill
//! and empty are worked out before a replication begins and come on top of the WTE (`recruit`).
//!
//! **People served elsewhere** live in one hub's area and are another's: everybody has a place between 0 and 1 by a draw
//! of their own, and each entry of the scenario takes a stretch of places. They are drawn with the keys of the hub where they
//! live, so that they are the same people with the same needs, and then treated like a hub of the serving island that has no
//! staff: their staff, gates, places on the caseload and neighbours are those of the hub that serves them, their travel is its
//! own and the entry's besides. Their books are kept apart and added to that hub's at the end. What stands at the start
//! stays where the scenario puts it.
//!
//! **Hubs share staff** in two ways: neighbours lend people to first responses that have waited (`aid`), and the hubs of a
//! pool have one set of staff, lines and gates, which are at their base. Demand, travel, caseload limits and the books of
//! referrals and packages are each hub's own.
//!
//! **Packages** take a place on the caseload, wait for room where a stream is gated, and then make visits by their
//! streams' patterns until they end (`package`, `gate`).
//!
//! **Every miss has one cause**, found at the instant at which it is certain (`cause`).
//!
//! **Beds** are where people are while they wait for a package: books, which change nothing (`beds`).
//!
//! **The first instant** finds an empty service, or packages open and people waiting as the scenario says (`start`).
//!
//! **Plain islands**, which need little of this, are simulated role by role without the rest, to the same results (`plain`).
//!
//! Nothing here fails for a reason in the planner's file, draws a number outside [`crate::random`], or reads a
//! real clock.

mod aid;
mod alone;
mod arrivals;
mod balance;
mod beds;
mod cause;
mod dispatch;
mod ends;
mod event_list;
mod gate;
mod observe;
mod offered;
mod package;
mod plain;
mod plan;
mod queue;
mod record;
mod recruit;
mod response;
mod schedule;
mod slots;
mod staff;
mod start;
mod station;
mod stretch;

pub use cause::Cause;
pub use observe::{Deaf, Observer, Seen};
pub use offered::{Offered, expected_by_hour, offered};
pub use plan::{Scripted, World};
pub use record::{BedRecord, HubRecord, PackageRecord, PathwayRecord, RoleRecord, StreamRecord};

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use crate::model::HubId;
use crate::random::{Key, name_salt};
use crate::units::{Instant, Span};

use aid::OpenWork;
use alone::Alone;
use arrivals::{Arrivals, Birth};
use beds::Beds;
use cause::{Judging, Timer, Way};
use dispatch::{Found, Waiting, Work};
use event_list::{EventList, Kind, Phase, What, order};
use gate::Gate;
use package::{Course, Open};
use plain::Plain;
use plan::{HubPlan, PathwayPlan, TeamPlan};
use record::{Books, Shape};
use recruit::Posts;
use response::Referral;
use slots::Slots;
use staff::{Person, ShiftStart, Team};

/// What one replication of an island gives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IslandRecord {
    /// One record for each hub of the island, in its order: of whom it serves, wherever they live.
    pub hubs: Vec<HubRecord>,
    /// Of those whom the island serves and who live elsewhere, in the order of the scenario's entries; they are in the
    /// records of their hubs too.
    pub elsewhere: Vec<ElsewhereRecord>,
    /// Events handled; stale timers left out.
    pub events: u64,
}

/// The people of one entry of [`crate::model::Scenario::served_elsewhere`] in one replication.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ElsewhereRecord {
    /// A place in the scenario's list.
    pub entry: usize,
    /// By pathway, in the scenario's order.
    pub pathways: Vec<PathwayRecord>,
}

impl IslandRecord {
    /// Whether every list of another record is as long as here.
    #[must_use]
    pub fn is_shaped_as(&self, other: &Self) -> bool {
        let hubs = self.hubs.iter().zip(&other.hubs);
        let elsewhere = self.elsewhere.iter().zip(&other.elsewhere);
        let pathways = |mine: &[PathwayRecord], theirs: &[PathwayRecord]| {
            let mut both = mine.iter().zip(theirs);
            mine.len() == theirs.len() && both.all(|(mine, theirs)| mine.is_shaped_as(theirs))
        };
        self.hubs.len() == other.hubs.len()
            && self.elsewhere.len() == other.elsewhere.len()
            && hubs.into_iter().all(|(mine, theirs)| mine.is_shaped_as(theirs))
            && elsewhere
                .into_iter()
                .all(|(mine, theirs)| mine.entry == theirs.entry && pathways(&mine.pathways, &theirs.pathways))
    }
}

/// What an island gives before anything has happened in it: every number is 0.
#[must_use]
pub fn nothing(world: &World, island: usize) -> IslandRecord {
    let hub = run_shape(world);
    let places = world.hubs_of(&world.islands()[island]);
    let (own, elsewhere): (Vec<usize>, Vec<usize>) = places.into_iter().partition(|h| *h < world.hubs_of_file);
    let elsewhere = elsewhere.into_iter().map(|place| ElsewhereRecord {
        entry: place - world.hubs_of_file,
        pathways: hub.pathways.clone(),
    });
    IslandRecord {
        elsewhere: elsewhere.collect(),
        hubs: vec![hub; own.len()],
        events: 0,
    }
}

/// Simulates one replication of one island.
///
/// `island` is a place in [`World::islands`]; `replication` counts from 0.
#[must_use]
pub fn run(world: &World, island: usize, replication: u32) -> IslandRecord {
    let hubs = &world.islands()[island];
    let plain = Plain::of(world, &world.hubs_of(hubs));
    let plain = plain.and_then(|plain| Run::new(world, hubs, replication, &mut Deaf).go_plain(plain));
    plain.unwrap_or_else(|| run_observed(world, island, replication, &mut Deaf))
}

/// The same, with somebody looking on.
#[must_use]
pub fn run_observed<O: Observer>(world: &World, island: usize, replication: u32, observer: &mut O) -> IslandRecord {
    let mut run = Run::new(world, &world.islands()[island], replication, observer);
    run.go();
    run.finish()
}

/// An empty record of a hub of this world: how many of everything there are.
#[must_use]
pub fn run_shape(world: &World) -> HubRecord {
    let streams: Vec<usize> = world.packages.iter().map(|p| p.streams.len()).collect();
    let recruited: Vec<bool> = (0..world.roles.len())
        .map(|r| world.recruits.iter().any(|plan| plan.recruit.role.0 == r))
        .collect();
    HubRecord::empty(&Shape {
        pathways: world.pathways.len(),
        recruited: &recruited,
        streams_of_packages: &streams,
        beds: world.beds,
        endings: world.endings,
        days: world.days,
    })
}

/// A pathway at a hub: what is looked at whenever somebody comes there, is sent to or is seen.
#[derive(Clone, Copy, Debug)]
struct Desk<'w> {
    hub: &'w HubPlan,
    pathway: &'w PathwayPlan,
    /// Who is needed, if it is always one person of one role.
    alone: Option<&'w Alone>,
}

/// The state of the world.
struct Run<'w, O> {
    /// The world before any dated change.
    first_world: &'w World,
    /// The world as it is today.
    world: &'w World,
    /// The island's hubs, then those of their people who live elsewhere: places in [`World::hubs`]. Elsewhere a hub is its
    /// place in this list.
    hubs: Vec<usize>,
    hub_keys: Vec<Key>,
    /// By hub and pathway, as of today.
    desks: Vec<Desk<'w>>,
    /// Where the staff who work for each hub are based, mostly itself: a place in `hubs`.
    bases: Vec<usize>,
    observer: &'w mut O,
    now: i64,
    end: i64,
    /// When an hour ends or, from the end of the window on, everything may: the next event from there on is looked at closely.
    look_up: i64,
    events: EventList,
    handled: u64,
    arrivals: Arrivals,
    births: Slots<Birth>,
    /// Teams by hub and role: `hub * roles + role`.
    teams: Vec<Team>,
    people: Slots<Person>,
    posts: Posts,
    shift_starts: Slots<ShiftStart>,
    /// Waiting lines by hub and line.
    waiting: Vec<Waiting>,
    work: Slots<Work>,
    /// Work that neighbours may help with, in the order of work.
    open_work: Vec<OpenWork>,
    referrals: Slots<Referral>,
    open: Slots<Open>,
    courses: Slots<Course>,
    /// Gates by hub and role.
    gates: Vec<Gate>,
    /// Packages waiting for a place, and places taken, by hub and package.
    caseloads: Vec<package::Caseload>,
    /// Lines that name a role for which something changed since the last dispatch, as bits: words of each hub.
    changed: Vec<u64>,
    any_changed: bool,
    /// The team, if that is all that changed and its role is named by one line, which is for one person of it: then there is
    /// nothing to choose.
    changed_team: Option<u32>,
    /// Timers of what has begun to wait at this instant.
    timers: Vec<Timer>,
    /// Those who will be judged, by hub and pathway.
    judgings: Vec<VecDeque<Judging>>,
    /// Lines in which something may wait, as bits: words of each hub.
    lines_in_use: Vec<u64>,
    /// Lists kept from one dispatch to the next, so that nothing is allocated.
    looked_at: Vec<u64>,
    found: Vec<Found>,
    ways: Vec<Way>,
    serial: u64,
    beds: Beds,
    books: Books,
}

impl<'w, O: Observer> Run<'w, O> {
    fn new(world: &'w World, island: &[HubId], replication: u32, observer: &'w mut O) -> Self {
        let hubs = world.hubs_of(island);
        let this = world.seed.part(name_salt("replication"), u64::from(replication));
        let record = run_shape(world);
        let first_weekday = world.calendar.weekday(0).index();
        let hub_keys: Vec<Key> = hubs.iter().map(|&h| this.part(world.hubs[h].salt, 0)).collect();
        Self {
            first_world: world,
            posts: Posts::new(world, &hubs, &hub_keys),
            hub_keys,
            desks: Vec::new(),
            bases: hubs.iter().map(|&h| world.hubs[h].base).collect(),
            observer,
            now: world.from,
            end: world.follow_until,
            look_up: i64::MIN,
            events: EventList::new(world.from, hubs.len()),
            handled: 0,
            arrivals: Arrivals::default(),
            births: Slots::default(),
            teams: (0..)
                .zip(&hubs)
                .flat_map(|(number, &hub)| {
                    let plans = (0..).zip(&world.hubs[hub].teams);
                    plans.map(move |(role, plan)| Team::new(plan, number, role))
                })
                .collect(),
            people: Slots::default(),
            shift_starts: Slots::default(),
            waiting: (0..hubs.len() * world.lines.len())
                .map(|_| Waiting::default())
                .collect(),
            work: Slots::default(),
            open_work: Vec::new(),
            referrals: Slots::default(),
            open: Slots::default(),
            courses: Slots::default(),
            gates: (0..hubs.len() * world.roles.len()).map(|_| Gate::default()).collect(),
            caseloads: (0..hubs.len() * world.packages.len())
                .map(|_| package::Caseload::default())
                .collect(),
            changed: vec![0; hubs.len() * world.line_words],
            any_changed: false,
            changed_team: None,
            timers: Vec::new(),
            judgings: vec![VecDeque::new(); hubs.len() * world.pathways.len()],
            lines_in_use: vec![0; hubs.len() * world.line_words],
            looked_at: Vec::new(),
            found: Vec::new(),
            ways: Vec::new(),
            serial: 0,
            beds: Beds::new(
                (world.from, world.window_end),
                world.pathways.iter().map(|p| p.waits_in.clone()).collect(),
                hubs.iter().map(|&hub| world.hubs[hub].served_at).collect(),
                places(world.on_day(Instant::from_ms(world.from).day()), &hubs),
            ),
            books: Books::new(world.window_end, first_weekday, vec![record; hubs.len()]),
            hubs,
            world: world.on_day(Instant::from_ms(world.from).day()),
        }
    }

    /// The event loop. Events and arrivals come in the order of the world; between the arrivals and the leavings of
    /// an instant, whatever can start does.
    fn go(&mut self) {
        self.begin();
        loop {
            let next_event = self.events.next_order();
            let next_arrival = self.arrivals.next_order();
            let next = next_event.min(next_arrival);
            if (self.any_changed || !self.timers.is_empty()) && next >= order(self.now, Phase::Leaving) {
                if self.any_changed {
                    self.dispatch();
                }
                if !self.timers.is_empty() {
                    self.set_timers();
                }
                continue;
            }
            let time = next >> 2;
            if time >= self.look_up {
                if self.is_over(time) {
                    break;
                }
                self.look_around(time);
            }
            self.now = time;
            if next_arrival <= next_event {
                self.handled += 1;
                let arrival = self.arrivals.take();
                self.receive(arrival);
            } else if let Some(event) = self.events.pop() {
                self.handled += u64::from(self.handle(event));
            }
        }
    }

    /// Whether nothing more is to be seen from an instant on.
    fn is_over(&self, time: i64) -> bool {
        time >= self.end || (time >= self.world.window_end && self.books.open == 0 && self.books.responding == 0)
    }

    /// The hours that have passed go into the books.
    fn look_around(&mut self, time: i64) {
        self.turn_hours(time);
        let end = self.books.hour_end();
        self.look_up = if end > self.world.window_end { i64::MIN } else { end };
    }

    /// Handles one event; `false` if it was stale.
    fn handle(&mut self, event: What) -> bool {
        let n = event.number();
        match event.kind() {
            Kind::PersonFree => self.person_free(n),
            Kind::PoolFree => self.pool_free(n >> 1, n & 1 == 1),
            Kind::ResponseOver => self.response_over(n),
            Kind::ResponseOverPoolFree => {
                self.pool_free(self.referrals[n].team, false);
                self.response_over(n);
            }
            Kind::ClockStops => return self.clock_stops_at_first(n, event.sequence()),
            Kind::PackageClockStops => return self.package_clock_stops_at_first(n, event.sequence()),
            Kind::PackageEnds => return self.package_ends(n, event.sequence()),
            Kind::Midnight => self.midnight(),
            Kind::ShiftStarts => self.shift_starts(n),
            Kind::ShiftEnds => return self.shift_ends(n, event.sequence()),
            Kind::BreakDue => return self.break_due(n, event.sequence()),
            Kind::BreakOver => return self.break_over(n, event.sequence()),
            Kind::PoolChanges => self.pool_changes(n),
            Kind::Ready => self.ready(n),
            Kind::Born => self.born(n),
            Kind::VisitAvailable => return self.visit_available(n, event.sequence()),
            Kind::PatienceOver => return self.patience_over(n, event.sequence()),
            Kind::PackagePatienceOver => return self.package_patience_over(n, event.sequence()),
            Kind::GivenUp => return self.given_up(n, event.sequence()),
            Kind::OpensToNeighbours => return self.opens_to_neighbours(n, event.sequence()),
            Kind::JudgedInLine => return self.judged_in_line(n),
            Kind::Judged => return self.judged(n, event.sequence()),
            Kind::PackageJudged => return self.package_judged(n, event.sequence()),
        }
        true
    }

    /// Sets the stage at the first instant.
    #[inline(never)]
    fn begin(&mut self) {
        self.books.set_hour(self.now);
        self.set_desks();
        if let Some(script) = self.first_world.script() {
            self.list_arrivals(script);
        }
        self.first_day();
        self.stand_at_start();
    }

    /// One day begins: its referrals are drawn, its shifts and pools set, the gate looks a day further.
    #[inline(never)]
    fn midnight(&mut self) {
        let day = Instant::from_ms(self.now).day();
        if !self.timers.is_empty() {
            self.set_timers(); // As yesterday has it.
        }
        let yesterday = std::mem::replace(&mut self.world, self.first_world.on_day(day));
        let changed = !std::ptr::eq(yesterday, self.world);
        if changed {
            self.set_desks();
            self.queue_anew();
            let places = places(self.world, &self.hubs);
            self.beds.places_change(self.now, places, &mut self.books);
        }
        if self.first_world.script().is_none() {
            self.draw_day(day);
        }
        self.staff_day(day);
        self.gate_day();
        // Places that fall free are filled at once; only other limits give or take any at midnight.
        if changed {
            self.fill_all_places();
        }
        self.events
            .push(self.now + Span::DAY.ms(), Phase::StaffChange, Kind::Midnight, 0);
    }

    /// Whatever still waits is written off, levels are closed.
    fn finish(mut self) -> IslandRecord {
        // Whoever is still open has been followed to the very end, whenever the last event was.
        let at = if self.books.open > 0 {
            self.end
        } else {
            self.now.max(self.world.window_end)
        };
        debug_assert!(self.is_whole(), "a place was lost, or given back twice");
        self.now = at;
        self.turn_hours(at);
        self.close_referrals(at);
        self.close_packages(at);
        self.close_posts();
        self.beds.close(&mut self.books);
        for team in &self.teams {
            self.books.team(team.hub, team.role, team.visits, &team.hours);
        }
        let mut hubs = self.books.into_hubs();
        let own = self.hubs.iter().filter(|&&h| h < self.first_world.hubs_of_file).count();
        let mut elsewhere = Vec::new();
        for (record, &place) in hubs.split_off(own).into_iter().zip(&self.hubs[own..]) {
            let plan = &self.first_world.hubs[place];
            hubs[plan.served_at].add(&record);
            elsewhere.push(ElsewhereRecord {
                entry: place - self.first_world.hubs_of_file,
                pathways: record.pathways,
            });
        }
        IslandRecord {
            hubs,
            elsewhere,
            events: self.handled,
        }
    }

    /// What recruited posts counted for goes into the books; they were known from the start.
    fn close_posts(&mut self) {
        if self.first_world.recruits.is_empty() {
            return;
        }
        for hub in 0..self.hubs.len() {
            for role in 0..self.world.roles.len() {
                let (team, posts) = (self.team(hub, role), &self.posts);
                self.books.recruited(hub, role, |day| posts.held(team, day));
            }
        }
    }

    /// Notes that something changed for a role of a hub. Where nothing waits that names the role, nothing can start.
    #[inline]
    fn change(&mut self, hub: usize, role: usize) {
        self.change_team(u32::try_from(self.team(hub, role)).unwrap_or(u32::MAX));
    }

    /// The same, for a team.
    #[inline]
    fn change_team(&mut self, team: u32) {
        let (waiting_for, role) = {
            let team = &self.teams[team as usize];
            (team.waiting_for, usize::from(team.role))
        };
        if waiting_for > 0 {
            if !self.any_changed && self.world.sole_lines[role].is_some() {
                (self.changed_team, self.any_changed) = (Some(team), true);
            } else if self.changed_team != Some(team) {
                let first = self.changed_team.take();
                for team in first.into_iter().chain([team]) {
                    self.change_lines(team);
                }
            }
        }
        self.any_changed |= self.world.any_reserve || !self.open_work.is_empty();
    }

    /// Notes that the lines that name the role of a team are to be looked at.
    fn change_lines(&mut self, team: u32) {
        let team = &self.teams[team as usize];
        let words = self.world.line_words;
        let (hub, role) = (usize::from(team.hub), usize::from(team.role));
        for word in 0..words {
            self.changed[hub * words + word] |= self.world.naming[role * words + word];
        }
        self.any_changed = true;
    }

    /// Whether this instant has nothing more to come before its leavings, and nothing that happened has still to be looked at.
    #[inline]
    fn is_last_of_instant(&self) -> bool {
        !self.any_changed && self.events.next_order().min(self.arrivals.next_order()) >= order(self.now, Phase::Leaving)
    }

    /// A role's team, line or gate at the hub where it is based.
    fn team(&self, hub: usize, role: usize) -> usize {
        hub * self.world.roles.len() + role
    }

    /// Where the staff who work for a hub are based.
    fn base(&self, hub: usize) -> usize {
        self.bases[hub]
    }

    /// Looks up what the world as it is today says of each pathway at each hub.
    fn set_desks(&mut self) {
        let world = self.world;
        let of_hub = |&hub: &usize| {
            let hub = &world.hubs[hub];
            let plans = world.pathways.iter().zip(&hub.alone);
            plans.map(move |(pathway, alone)| Desk {
                hub,
                pathway,
                alone: alone.as_ref(),
            })
        };
        self.desks = self.hubs.iter().flat_map(of_hub).collect();
    }

    /// What there is to know of a pathway at a hub.
    #[inline]
    fn desk(&self, hub: u16, pathway: u16) -> Desk<'w> {
        self.desks[usize::from(hub) * self.world.pathways.len() + usize::from(pathway)]
    }

    fn hub_plan(&self, hub: usize) -> &'w HubPlan {
        &self.world.hubs[self.hubs[hub]]
    }

    /// What an observer is told of a hub: the place in the scenario's list of the one that serves. It cannot fail, so where
    /// nobody looks on it is not worked out.
    #[inline]
    fn hub_in_file(&self, hub: impl Into<usize>) -> usize {
        let place = self.hubs.get(hub.into()).copied().unwrap_or_default();
        self.first_world.hubs.get(place).map_or(0, |plan| plan.by.0)
    }

    fn instant(&self) -> Instant {
        Instant::from_ms(self.now)
    }
}

/// A time that is not negative to the nearest millisecond, halves upwards: what `round` gives, without calling the library.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "milliseconds; the cast saturates")]
const fn rounded(ms: f64) -> i64 {
    let whole = ms as i64;
    whole.saturating_add((ms - whole as f64 >= 0.5) as i64)
}

/// Places by kind of bed at each hub of an island.
fn places(world: &World, hubs: &[usize]) -> Vec<Vec<Option<u32>>> {
    hubs.iter().map(|&hub| world.hubs[hub].beds.clone()).collect()
}

/// Whether a pool or nobody: plans that deal no people.
const fn is_pool(plan: &TeamPlan) -> bool {
    matches!(plan, TeamPlan::Pool(_))
}
