//! Causes: why a counted referral missed its standard.
//!
//! Every miss (seen late, left, or never seen) of a pathway with a standard has exactly one cause, so causes add up to
//! the misses. A hit has none. That somebody left is counted besides, cause by cause.
//!
//! **When.** A referral is judged at the last instant at which sending somebody would still have been in time: the end
//! of the standard less the travel that is really drawn for whoever stops the clock, by the hour's factor at which they
//! would set out; at the clock start if that is sooner. Whoever has not been sent by then, with the starts of that
//! instant, misses the standard for certain. Whoever leaves before is judged on leaving. Under a `lead` clock it is the
//! lead's travel; under `first` the instant is the latest of all who would do, and nobody may have been sent; under
//! `all` it is the earliest of those not sent, so the first whose miss is certain.
//!
//! **Where one looks.** If nobody of the role whose arrival stops the clock (alternatives included) is on shift at that
//! instant, one looks at the last instant before it at which somebody was, if that lies after the clock start. For
//! this each team keeps how busy it was just before its last person went. Whoever is on a break, or works after the
//! end of the shift, is neither on shift nor busy here.
//!
//! **Which.** The first that holds there, in the order of [`Cause`]:
//! 1. the pathway is shut (it takes referrals outside opening hours, and this is one of them);
//! 2. triage is not over;
//! 3. nobody of a needed role is on shift, or has been since the clock started;
//! 4. the package waits for a place on the caseload, or its visits for room;
//! 5. the first visit has been planned for later: by its pattern, or because nobody calls before the pathway opens;
//! 6. the lead is free (or sent, under `all`), and somebody who must come at the same time, or too, is not;
//! 7. everybody on shift is at a first response, or held for one under `reserve`;
//! 8. everybody on shift is busy, somebody of them with a planned visit;
//! 9. somebody is free, and the end of the shift forbade the start;
//! 10. travel: somebody was sent by that instant and was too long on the road.
//!
//! Where hubs share their staff as one pool, its people are looked at. Neighbours are not: whoever they come to too late
//! has a cause at their own hub, or, if they set out in time, travel.
//!
//! Under `first` a cause must hold for all who would do, as any of them would have been enough.
//!
//! A referral that is turned away because the replication is full has found no room (4).

use serde::Serialize;

use crate::engine::{Observer, Run, rounded};
use crate::model::ClockStops;
use crate::random::Key;
use crate::units::{Instant, Span};

use super::arrivals::{SALT_TWO, is_open};
use super::dispatch::{Search, fill};
use super::event_list::{Kind, Phase};
use super::package::Open;
use super::plan::{HubPlan, Roads, World};
use super::record::Case;
use super::response::Referral;

/// Why a counted referral missed its standard. The order is the one in which they are tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// Outside the opening hours of a pathway that takes referrals at any time.
    Shut,
    /// Triage was not over.
    Triage,
    /// Nobody of a needed role was on shift.
    NobodyOnShift,
    /// The gate or the caseload limit.
    NoRoom,
    /// The first visit had been planned for a later time.
    PlannedLater,
    /// The lead was free, somebody who had to come as well was not.
    PartnerMissing,
    /// All of the role were at first responses.
    BusyFirstResponses,
    /// All of the role were busy, some of them with planned visits.
    BusyPlannedVisits,
    /// The end of the shift forbade the start.
    ShiftEnd,
    /// The way was too long.
    Travel,
}

impl Cause {
    /// Every cause, in order.
    pub const ALL: [Self; 10] = [
        Self::Shut,
        Self::Triage,
        Self::NobodyOnShift,
        Self::NoRoom,
        Self::PlannedLater,
        Self::PartnerMissing,
        Self::BusyFirstResponses,
        Self::BusyPlannedVisits,
        Self::ShiftEnd,
        Self::Travel,
    ];

    /// How many there are.
    pub const COUNT: usize = Self::ALL.len();

    /// The name in result files: snake case.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Shut => "shut",
            Self::Triage => "triage",
            Self::NobodyOnShift => "nobody_on_shift",
            Self::NoRoom => "no_room",
            Self::PlannedLater => "planned_later",
            Self::PartnerMissing => "partner_missing",
            Self::BusyFirstResponses => "busy_first_responses",
            Self::BusyPlannedVisits => "busy_planned_visits",
            Self::ShiftEnd => "shift_end",
            Self::Travel => "travel",
        }
    }
}

/// How many of a team are on shift, and of those how many are busy with what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) on: u32,
    pub(super) first: u32,
    pub(super) planned: u32,
}

impl Counts {
    pub(super) const fn free(self) -> u32 {
        self.on.saturating_sub(self.first + self.planned)
    }
}

/// Who of a team is there, and who was when last somebody was.
#[derive(Clone, Copy, Debug)]
pub(super) struct Presence {
    pub(super) now: Counts,
    /// What it was before the first change of the instant `changed`.
    before: Counts,
    changed: i64,
    /// Since when somebody has been there, or had been until `gone_at`.
    since: i64,
    /// When the last person went, and the state just before.
    gone_at: i64,
    gone: Counts,
}

impl Presence {
    pub(super) const fn new() -> Self {
        let nobody = Counts {
            on: 0,
            first: 0,
            planned: 0,
        };
        Self {
            now: nobody,
            before: nobody,
            changed: i64::MIN,
            since: i64::MIN,
            gone_at: i64::MIN,
            gone: nobody,
        }
    }

    fn changes(&mut self, at: i64) {
        if self.changed != at {
            (self.changed, self.before) = (at, self.now);
        }
    }

    /// So many are on shift from now on.
    pub(super) fn set(&mut self, at: i64, on: u32) {
        self.changes(at);
        if self.now.on == 0 && on > 0 {
            self.since = at;
        }
        if self.now.on > 0 && on == 0 && self.before.on > 0 {
            (self.gone_at, self.gone) = (at, self.before);
        }
        self.now.on = on;
    }

    /// One more is on shift.
    pub(super) fn come(&mut self, at: i64) {
        self.set(at, self.now.on + 1);
    }

    /// One goes.
    pub(super) fn go(&mut self, at: i64) {
        self.set(at, self.now.on.saturating_sub(1));
    }

    /// One of those on shift begins a visit.
    pub(super) fn begin(&mut self, planned: bool) {
        *self.busy(planned) += 1;
    }

    /// One of those on shift is free again, or works on after the end of the shift.
    pub(super) fn end(&mut self, at: i64, planned: bool) {
        self.changes(at);
        let busy = self.busy(planned);
        *busy = busy.saturating_sub(1);
    }

    fn busy(&mut self, planned: bool) -> &mut u32 {
        if planned {
            &mut self.now.planned
        } else {
            &mut self.now.first
        }
    }

    /// The state at an instant that is looked back at. Of a team that was there before and after it is only known that
    /// somebody was, and not how many were free: none, as the work waited.
    fn just_before(&self, at: i64) -> Counts {
        if self.gone_at == at {
            return self.gone;
        }
        let there_now = self.now.on > 0 && self.since < at;
        let there_then = self.gone_at > at && (self.now.on > 0 || self.since < at);
        Counts {
            on: u32::from(there_now || there_then),
            first: u32::from(there_now || there_then),
            planned: 0,
        }
    }
}

/// Work that would stop the clock.
#[derive(Clone, Copy, Debug)]
pub(super) struct Way {
    task: u32,
    /// The last instant at which sending somebody would be in time.
    latest: i64,
    /// When it had its place and its room.
    begun: i64,
    /// When somebody was first asked for.
    asked: i64,
}

/// An event of what begins to wait, not yet among the events. Most of what begins to wait is served at the same instant.
#[derive(Clone, Copy, Debug)]
pub(super) struct Timer {
    time: i64,
    sequence: u64,
    kind: Kind,
    number: u32,
}

/// When a referral is judged.
#[derive(Clone, Copy, Debug)]
pub(super) struct Judging {
    time: i64,
    sequence: u64,
    number: u32,
}

/// Where one looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Look {
    /// At this instant, after its starts.
    Now,
    /// Just before the last person went.
    JustBefore(i64),
    /// Nobody has been there since the clock started.
    Nowhere,
}

/// A travel time as drawn, roads free \[ms\].
pub(super) fn drawn(roads: &Roads, key: Key, salt: u64, visit: u32) -> i64 {
    if roads.none {
        0
    } else {
        roads.travel.sample_ms(key.uniform(salt, u64::from(visit)))
    }
}

/// A drawn travel time at an hour with a factor \[ms\].
pub(super) fn leg(drawn: i64, factor: f64) -> i64 {
    #[expect(clippy::float_cmp, reason = "1 is exact")]
    if factor == 1.0 {
        drawn
    } else {
        rounded(drawn as f64 * factor)
    }
}

/// The last instant, not before `clock`, from which a way of `drawn` ends by `due`.
fn latest_start(hub: &HubPlan, drawn: i64, clock: i64, due: i64) -> i64 {
    let mut upto = due;
    loop {
        let hour = upto.div_euclid(Span::HOUR.ms()) * Span::HOUR.ms();
        let way = hub.extra_travel + leg(drawn, hub.factor(Instant::from_ms(hour)));
        let at = (due - way).min(upto);
        if at >= hour || hour <= clock || hub.hours.is_none() {
            return at.max(clock);
        }
        upto = hour - 1;
    }
}

impl<'w, O: Observer> Run<'w, O> {
    /// The way that is a task, for which nobody has been asked yet.
    fn way(&self, case: &Case, key: Key, task: u32) -> Way {
        let hub = self.hub_plan(usize::from(case.hub));
        let pathway = &self.world.pathways[usize::from(case.pathway)];
        let plan = &self.world.tasks[task as usize];
        let roads = hub.roads(plan.urgent);
        let lead = usize::from(plan.lead_seat.unwrap_or(0));
        let travel = plan.seats.iter().enumerate().filter_map(|(n, seat)| {
            let counts = pathway.clock_stops != ClockStops::Lead || n == lead;
            counts.then(|| drawn(roads, key, seat.travel_salt, 0))
        });
        let travel = match pathway.clock_stops {
            ClockStops::All => travel.max(),
            ClockStops::Lead | ClockStops::First => travel.min(),
        };
        Way {
            task,
            latest: latest_start(hub, travel.unwrap_or(0), case.clock, pathway.standard_ends(case.clock)),
            begun: i64::MAX,
            asked: i64::MAX,
        }
    }

    /// The world as it was at an instant that is past, else as it is.
    fn world_at(&self, time: i64) -> &'w World {
        if time < self.now {
            self.first_world.on_day(Instant::from_ms(time).day())
        } else {
            self.world
        }
    }

    /// Whether it will be said why a referral missed its standard, if it does.
    pub(super) fn is_judged(&self, case: &Case) -> bool {
        case.counted && self.world.pathways[usize::from(case.pathway)].within.is_some()
    }

    /// The ways in which the clock of a first response may still be stopped; `waiting` has a bit for each need not sent.
    fn ways_of_response(&self, referral: &Referral, waiting: u16, ways: &mut Vec<Way>) {
        let Referral {
            case,
            key,
            person,
            ready,
            ..
        } = *referral;
        // As it was asked for: on another day the shares may be others.
        let world = self.world_at(ready);
        let plan = &world.pathways[usize::from(case.pathway)];
        let Some(response) = plan.responses.get(Self::kind_of(plan, key)) else {
            return;
        };
        let double = person.uniform(SALT_TWO, 0);
        for (n, task) in response.tasks_for(double).enumerate() {
            let leads = plan.clock_stops != ClockStops::Lead || world.tasks[task as usize].lead_seat.is_some();
            if leads && waiting >> n & 1 == 1 {
                ways.push(self.way(&case, key, task));
            }
        }
    }

    /// The ways in which the clock of a package may be stopped, with the streams that they are.
    fn ways_of_package<'a>(
        &'a self,
        world: &'a World,
        package: usize,
        case: &'a Case,
        key: Key,
        person: Key,
    ) -> impl Iterator<Item = (usize, Way)> + 'a {
        let lead_only = world.pathways[usize::from(case.pathway)].clock_stops == ClockStops::Lead;
        let lead = world.lead_stream(package, key);
        let double = person.uniform(SALT_TWO, 0);
        world
            .streams_of(package, key)
            .filter(move |&s| !lead_only || Some(s) == lead)
            .map(move |s| {
                let plan = &world.streams[s];
                let task = if double < plan.stream.two.get() {
                    plan.task_two
                } else {
                    plan.task_one
                };
                (s, self.way(case, key, task))
            })
    }

    /// When a referral is to be judged, given the ways that are left.
    fn judging_time(&self, case: &Case, ways: &[Way]) -> i64 {
        let latest = ways.iter().map(|w| w.latest);
        let time = match self.world.pathways[usize::from(case.pathway)].clock_stops {
            ClockStops::All => latest.min(),
            ClockStops::Lead | ClockStops::First => latest.max(),
        };
        time.unwrap_or(case.clock)
    }

    /// All ways of a referral of whom nobody has been asked for yet.
    fn all_ways(&self, referral: &Referral, ways: &mut Vec<Way>) {
        let Referral { case, key, person, .. } = referral;
        match self.world.pathways[usize::from(case.pathway)].package {
            Some(package) => ways.extend(
                self.ways_of_package(self.world, package, case, *key, *person)
                    .map(|(_, way)| way),
            ),
            None => self.ways_of_response(referral, u16::MAX, ways),
        }
    }

    /// A clock starts before a triage that may outlast the judging. Only where opening hours may come first must the
    /// instant itself be looked at; else it is triage.
    pub(super) fn judge_in_triage(&mut self, number: u32, over: i64) {
        let referral = self.referrals[number];
        let plan = &self.world.pathways[usize::from(referral.case.pathway)];
        if plan.opens.is_none() || plan.defer || !self.is_judged(&referral.case) {
            return;
        }
        let mut ways = std::mem::take(&mut self.ways);
        ways.clear();
        self.all_ways(&referral, &mut ways);
        let time = self.judging_time(&referral.case, &ways);
        if time < over {
            let timer = self.events.push(time, Phase::Leaving, Kind::Judged, number);
            self.referrals[number].judging = timer;
        }
        self.ways = ways;
    }

    /// Triage is over: whether the referral is to be judged; not if it never will be, or triage was too long already.
    pub(super) fn judge_after_triage(&mut self, number: u32) -> bool {
        self.referrals[number].ready = self.now;
        let referral = &self.referrals[number];
        if referral.cause.is_some() || !self.is_judged(&referral.case) {
            return false;
        }
        // A clock that starts now is judged now at the earliest.
        if referral.case.clock < self.now && self.judging_of_referral(number) < self.now {
            self.referrals[number].cause = Some(Cause::Triage);
            return false;
        }
        true
    }

    /// A referral that asks for its response is judged if it goes on waiting.
    pub(super) fn judge_later(&mut self, number: u32) {
        let case = self.referrals[number].case;
        let (plan, hub) = (self.pathway(case.pathway), self.hub_plan(usize::from(case.hub)));
        self.referrals[number].judging = if hub.urgent.none {
            // Nobody has a way of their own, so all ways are alike and nothing need be drawn.
            let time = (plan.standard_ends(case.clock) - hub.extra_travel).max(case.clock);
            let sequence = self.events.next_sequence();
            self.judge_at(time, sequence, number, &case);
            sequence
        } else {
            self.time_later(self.now, Kind::Judged, number)
        };
    }

    /// When a referral of whom nobody has been asked for yet is judged.
    fn judging_of_referral(&mut self, number: u32) -> i64 {
        let mut ways = std::mem::take(&mut self.ways);
        ways.clear();
        let referral = &self.referrals[number];
        self.all_ways(referral, &mut ways);
        let time = self.judging_time(&referral.case, &ways);
        self.ways = ways;
        time
    }

    /// When the referral of a package that has just been asked for is judged.
    fn judging_of_package(&mut self, number: u32) -> Option<i64> {
        let Open {
            case,
            package,
            key,
            person,
            ..
        } = self.open[number];
        let case = case?;
        let mut ways = std::mem::take(&mut self.ways);
        ways.clear();
        ways.extend(
            self.ways_of_package(self.world, package, &case, key, person)
                .map(|(_, way)| way),
        );
        let time = self.judging_time(&case, &ways);
        self.ways = ways;
        Some(time)
    }

    /// Sets the timers of what has begun to wait at this instant and still does. Whoever was served at once never had one.
    pub(super) fn set_timers(&mut self) {
        let mut timers = std::mem::take(&mut self.timers);
        for &Timer {
            time,
            sequence,
            kind,
            number,
        } in &timers
        {
            let time = match kind {
                Kind::Judged => {
                    let referral = &self.referrals[number];
                    let waits = referral.judging == sequence && referral.still_waits();
                    waits.then(|| self.judging_of_referral(number))
                }
                Kind::PackageJudged => {
                    let open = &self.open[number];
                    let waits = open.judging == sequence && open.alive && !open.stopped;
                    if waits { self.judging_of_package(number) } else { None }
                }
                Kind::PatienceOver => (self.referrals[number].patience == sequence).then_some(time),
                Kind::PackagePatienceOver => (self.open[number].patience == sequence).then_some(time),
                _ => (self.work[number].timer == sequence).then_some(time),
            };
            match time {
                Some(time) if kind == Kind::Judged => {
                    let case = self.referrals[number].case;
                    self.judge_at(time, sequence, number, &case);
                }
                Some(time) => self.events.push_as(sequence, time, Phase::Leaving, kind, number),
                None => {}
            }
        }
        timers.clear();
        self.timers = timers;
    }

    /// Sets when a referral is judged. Most judgings come to nothing, and those of a pathway come nearly in the order in which
    /// they are set: so they stand in a line, of which only the first that still matters is among the events.
    fn judge_at(&mut self, time: i64, sequence: u64, number: u32, case: &Case) {
        let at = usize::from(case.hub) * self.world.pathways.len() + usize::from(case.pathway);
        let line = &mut self.judgings[at];
        if line
            .front()
            .is_none_or(|first| (first.time, first.sequence) < (time, sequence))
        {
            let judging = Judging { time, sequence, number };
            if line
                .back()
                .is_none_or(|last| (last.time, last.sequence) < (time, sequence))
            {
                line.push_back(judging);
            } else {
                let place = line.partition_point(|other| (other.time, other.sequence) < (time, sequence));
                line.insert(place, judging);
            }
            if line.len() == 1 {
                let line = u32::try_from(at).unwrap_or(u32::MAX);
                self.events
                    .push_as(sequence, time, Phase::Leaving, Kind::JudgedInLine, line);
            }
        } else {
            self.events
                .push_as(sequence, time, Phase::Leaving, Kind::Judged, number);
        }
    }

    /// The first of a line is judged; `false` if that has become needless. The next that is still to be judged takes its place.
    pub(super) fn judged_in_line(&mut self, number: u32) -> bool {
        let at = number as usize;
        let Some(first) = self.judgings[at].pop_front() else {
            return false;
        };
        while let Some(&Judging {
            time,
            sequence,
            number: next,
        }) = self.judgings[at].front()
        {
            let referral = &self.referrals[next];
            if referral.judging == sequence && referral.still_waits() {
                self.events
                    .push_as(sequence, time, Phase::Leaving, Kind::JudgedInLine, number);
                break;
            }
            self.judgings[at].pop_front();
        }
        self.judged(first.number, first.sequence)
    }

    /// Something of this kind is to happen at `time` if it goes on waiting; a judging knows its own time.
    pub(super) fn time_later(&mut self, time: i64, kind: Kind, number: u32) -> u64 {
        let sequence = self.events.next_sequence();
        self.timers.push(Timer {
            time,
            sequence,
            kind,
            number,
        });
        sequence
    }

    /// A referral that waits for its response, or is in triage, is judged; `false` if that has become needless.
    pub(super) fn judged(&mut self, number: u32, event: u64) -> bool {
        let referral = &mut self.referrals[number];
        if referral.judging != event || !referral.still_waits() {
            return false;
        }
        referral.judging = 0;
        let clock_stops = self.world.pathways[usize::from(referral.case.pathway)].clock_stops;
        if clock_stops == ClockStops::First && referral.sent_any {
            return false;
        }
        if clock_stops == ClockStops::All && referral.sent_any {
            let referral = *referral;
            // Some have been sent in time: is it too late for the others?
            let mut ways = std::mem::take(&mut self.ways);
            ways.clear();
            self.ways_of_response(&referral, referral.waiting, &mut ways);
            let time = self.judging_time(&referral.case, &ways);
            self.ways = ways;
            if time > self.now {
                let timer = self.events.push(time, Phase::Leaving, Kind::Judged, number);
                self.referrals[number].judging = timer;
                return false;
            }
        }
        self.referrals[number].cause = self.why_referral(number);
        true
    }

    /// Why a referral misses its standard, if it does: as judged, or as things are now.
    pub(super) fn why_referral(&mut self, number: u32) -> Option<Cause> {
        let referral = &self.referrals[number];
        if referral.cause.is_some() || !self.is_judged(&referral.case) {
            return referral.cause;
        }
        if let Some(cause) = self.why_alone(referral) {
            return Some(cause);
        }
        let referral = *referral;
        let Referral { case, waiting, .. } = referral;
        let mut ways = std::mem::take(&mut self.ways);
        ways.clear();
        if referral.ready == i64::MAX {
            self.all_ways(&referral, &mut ways);
        } else {
            self.ways_of_response(&referral, waiting, &mut ways);
            for way in &mut ways {
                (way.begun, way.asked) = (referral.ready, referral.ready);
            }
        }
        let plan = &self.world.pathways[usize::from(case.pathway)];
        let mut lead_sent = false;
        if plan.clock_stops == ClockStops::All {
            let leads = |w: &Way| self.world.tasks[w.task as usize].lead_seat.is_some();
            lead_sent = referral.sent_any && !ways.iter().any(leads);
            // The first of those not sent whose miss is certain; the lead if it is one of them.
            let first = ways.iter().map(|w| w.latest).min();
            ways.retain(|w| Some(w.latest) == first);
            if let Some(lead) = ways.iter().position(leads) {
                ways.swap(0, lead);
            }
            ways.truncate(1);
        }
        let cause = self.why(&case, referral.ready, lead_sent, &ways);
        self.ways = ways;
        Some(cause)
    }

    /// A package that nobody has visited is judged; `false` if that has become needless.
    pub(super) fn package_judged(&mut self, number: u32, event: u64) -> bool {
        let open = self.open[number];
        if open.judging != event || !open.alive || open.stopped {
            return false;
        }
        self.open[number].judging = 0;
        let stops = open
            .case
            .map(|case| self.world.pathways[usize::from(case.pathway)].clock_stops);
        if stops == Some(ClockStops::First) && open.sent_any {
            return false;
        }
        self.open[number].cause = self.why_package(number);
        true
    }

    /// Why the referral of a package misses its standard, if it does: as judged, or as things are now.
    pub(super) fn why_package(&mut self, number: u32) -> Option<Cause> {
        let open = self.open[number];
        let case = open.case.filter(|case| self.is_judged(case))?;
        if open.cause.is_some() {
            return open.cause;
        }
        let mut ways = std::mem::take(&mut self.ways);
        ways.clear();
        let world = self.world_at(open.opened.unwrap_or(i64::MAX));
        for (stream, mut way) in self.ways_of_package(world, open.package, &case, open.key, open.person) {
            let mut courses = std::iter::successors(open.courses, |&c| self.courses[c].chain);
            if let Some(course) = courses.find(|&c| self.courses[c].stream == stream) {
                let course = &self.courses[course];
                (way.begun, way.asked) = (course.started.unwrap_or(i64::MAX), course.offered);
            }
            ways.push(way);
        }
        let cause = self.why(&case, open.ready, false, &ways);
        self.ways = ways;
        Some(cause)
    }

    /// The first cause that holds.
    fn why(&self, case: &Case, ready: i64, lead_sent: bool, ways: &[Way]) -> Cause {
        let look = self.look(case, ways);
        let instant = match look {
            Look::JustBefore(at) => at - 1,
            Look::Now | Look::Nowhere => self.now,
        };
        let happened = |time: i64| time <= instant;
        let plan = &self.world.pathways[usize::from(case.pathway)];
        if let Some(opening) = plan.opens.filter(|_| !plan.defer)
            && !is_open(opening, instant, &self.world.calendar)
        {
            return Cause::Shut;
        }
        if !happened(ready) {
            return Cause::Triage;
        }
        if look == Look::Nowhere {
            return Cause::NobodyOnShift;
        }
        let base = self.base(usize::from(case.hub));
        let counts = |role: u16| {
            let presence = &self.teams[self.team(base, usize::from(role))].presence;
            match look {
                Look::JustBefore(at) => presence.just_before(at),
                Look::Now | Look::Nowhere => presence.now,
            }
        };
        let seats = |way: &Way| {
            let line = self.world.tasks[way.task as usize].line;
            &self.world.lines[line as usize].seats
        };
        let any = |seat: &[u16], of: fn(Counts) -> u32| seat.iter().any(|&role| of(counts(role)) > 0);
        /// How far a way had come.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        enum Come {
            Nowhere,
            Staffed,
            Begun,
            Asked,
            LeadFree,
        }
        let come = |w: &Way| {
            if !seats(w).iter().all(|seat| any(seat, |c| c.on)) {
                Come::Nowhere
            } else if !happened(w.begun) {
                Come::Staffed
            } else if !happened(w.asked) {
                Come::Begun
            } else if !any(self.lead_seat(w), Counts::free) {
                Come::Asked
            } else {
                Come::LeadFree
            }
        };
        let furthest = ways.iter().map(come).max();
        match furthest {
            None | Some(Come::Nowhere) => return Cause::NobodyOnShift,
            Some(Come::Staffed) => return Cause::NoRoom,
            Some(Come::Begun) => return Cause::PlannedLater,
            Some(Come::Asked | Come::LeadFree) => {}
        }
        let lead_free = furthest == Some(Come::LeadFree);
        let free = |w: &&Way| lead_free && come(w) == Come::LeadFree;
        // Where there is one seat, it is the lead's.
        let could_go = |w: &Way| {
            let seats = seats(w);
            seats.len() == 1 || fill(seats, &|_, role| counts(role).free() as usize, &mut Vec::new())
        };
        if (lead_sent && !lead_free) || ways.iter().filter(free).any(|w| !could_go(w)) {
            return Cause::PartnerMissing;
        }
        if let Some(way) = ways.iter().find(free) {
            return self.why_free(case, way, look);
        }
        let beyond_first = |w: &Way| {
            let mut roles = self.lead_seat(w).iter();
            roles.any(|&role| counts(role).on > counts(role).first)
        };
        if ways.iter().filter(|w| come(w) >= Come::Asked).any(beyond_first) {
            Cause::BusyPlannedVisits
        } else {
            Cause::BusyFirstResponses
        }
    }

    /// Why nobody was sent though everybody needed was free.
    fn why_free(&self, case: &Case, way: &Way, look: Look) -> Cause {
        let task = &self.world.tasks[way.task as usize];
        let line = &self.world.lines[task.line as usize];
        let forbids = |&role: &u16| self.world.roles[usize::from(role)].no_late_start;
        let hub = usize::from(case.hub);
        let search = Search {
            task,
            of: hub,
            first: !task.urgent,
            extra_travel: 0,
            roles: None,
            held: &[],
        };
        let could_start = || look == Look::Now && self.find(self.base(hub), &search, &mut Vec::new());
        if line.seats.iter().flatten().any(forbids) && !(self.world.any_reserve && could_start()) {
            Cause::ShiftEnd
        } else if self.world.any_reserve {
            // Held for a first response.
            Cause::BusyFirstResponses
        } else {
            Cause::Travel
        }
    }

    /// Where to look: now if anybody is there who could stop the clock, else when somebody last was.
    fn look(&self, case: &Case, ways: &[Way]) -> Look {
        let base = self.base(usize::from(case.hub));
        let of = |role: &u16| &self.teams[self.team(base, usize::from(*role))].presence;
        let roles = || ways.iter().flat_map(|w| self.lead_seat(w)).map(of);
        if roles().any(|presence| presence.now.on > 0) {
            return Look::Now;
        }
        let last = roles().map(|presence| presence.gone_at).max();
        last.filter(|&at| at > case.clock)
            .map_or(Look::Nowhere, Look::JustBefore)
    }

    /// The roles of whom one must come for the clock to stop.
    fn lead_seat(&self, way: &Way) -> &[u16] {
        let task = &self.world.tasks[way.task as usize];
        let seat = usize::from(task.lead_seat.unwrap_or(0));
        &self.world.lines[task.line as usize].seats[seat]
    }
}
