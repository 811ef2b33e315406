//! Islands in which everything is plain: the same rules, with what they never need there left out beforehand.
//!
//! **What is plain** is found before anything runs: one hub, pools of staff of whom somebody is always on shift, and pathways
//! whose referrals are taken at any time and need one person of one role, who is there at once and free when the visit ends.
//! Classes, patience, rates and staff by the hour, outcomes that lead on to other pathways: all of these may be. So may
//! anything else that the scenario describes, if nobody ever comes to it here.
//!
//! **What is left out.** There is nobody to choose and no travel to draw. A miss has one cause only, as somebody is on shift at
//! any time and nobody makes planned visits: all are at first responses as long as anybody waits. So whoever comes, waits, is
//! visited and goes on is a handful of numbers instead of a referral with its work, timers and judging, and is counted by the hour
//! of the window; totals, hours of the week and days are added up once at the end. Days, shifts and the books of staff are those
//! of every island, and what a rule says is asked of the same functions.
//!
//! **No result can tell the difference**: whoever looks on is shown the island without any of this, and tests hold what is
//! counted there against what is counted here, number by number.

use std::collections::VecDeque;

use crate::engine::{Cause, Deaf, Run, World};
use crate::random::{Distribution, Key};
use crate::stats::WaitHistogram;
use crate::units::Span;

use super::arrivals::{SALT_AFTER, SALT_PATIENCE};
use super::dispatch::order_of;
use super::event_list::{Kind, Phase, What, order};
use super::plan::{After, PathwayPlan, RolePlan, TeamPlan};
use super::record::is_met;
use super::response::{SALT_LEAVING, drawn};
use super::slots::Slots;
use super::staff::Staff;

/// A pathway: what is said of it, who waits there, and what is counted.
struct Station<'w> {
    plan: &'w PathwayPlan,
    length: &'w Distribution,
    length_salt: u64,
    role: usize,
    /// First come, first served.
    line: VecDeque<Waiter>,
    /// Referrals, and those seen within the standard, by hour of the window of their clock start.
    hours: Vec<[u32; 2]>,
    waits: Vec<u32>,
    wait_ms: i64,
    /// By outcome.
    ended: Vec<u64>,
}

/// Somebody who comes, and may have to wait.
#[derive(Clone, Copy)]
struct Waiter {
    key: Key,
    person: Key,
    clock: i64,
    /// A number that rises from one to the next of all who wait.
    asked: u64,
    /// The hour of the window; none if not counted.
    hour: u32,
    /// Whether it has been set when patience is over.
    timed: bool,
    gone: bool,
}

/// Not in the window.
const NOT_COUNTED: u32 = u32::MAX;

/// Longer windows are left to the whole engine, which keeps no list of their hours: 30 years.
const MOST_HOURS: usize = 1 << 18;

/// After all work.
const NOBODY: u128 = u128::MAX;

/// Somebody who is visited: what the event of its end numbers here.
#[derive(Clone, Copy)]
struct Guest {
    key: Key,
    person: Key,
    pathway: u16,
    counted: bool,
}

/// A plain island in one replication.
pub(super) struct Plain<'w> {
    /// By pathway.
    stations: Vec<Station<'w>>,
    /// By role, the pathways of those who wait for it.
    waits_for: Vec<Vec<u16>>,
    guests: Slots<Guest>,
    /// Those whose patience may end: pathway, and number among those who wait.
    patient: Slots<(u16, u64)>,
    /// Whether anybody's may.
    any_patience: bool,
    /// Roles of whom somebody may be free for somebody who waits, as bits.
    unsettled: u64,
    /// How many wait or are visited.
    here: usize,
    asked: u64,
    /// The hour of the window that runs.
    hour: u32,
}

impl World {
    /// Whether an island, a place in [`World::islands`], is simulated without what it never needs: one hub, pools of staff who
    /// are there at any time, and pathways of one visit by one person who is there at once. Its results are the same.
    #[must_use]
    pub fn is_plain(&self, island: usize) -> bool {
        let hubs = self.islands().get(island).map(|island| self.hubs_of(island));
        hubs.is_some_and(|hubs| Plain::of(self, &hubs).is_some())
    }
}

impl<'w> Plain<'w> {
    /// An island of these hubs, if it is plain.
    pub(super) fn of(world: &'w World, hubs: &[usize]) -> Option<Self> {
        let &[hub] = hubs else { return None };
        let hub = world.hubs.get(hub)?;
        let one_world = world.script().is_none() && !world.is_dated() && world.recruits.is_empty();
        let nothing_held = !world.any_reserve && !world.any_neighbours && (1..=64).contains(&world.roles.len());
        let empty = hub.open_at_start.is_empty() && hub.waiting_at_start.is_empty();
        let nobody_in_bed = world.pathways.iter().all(|plan| plan.waits_in.is_empty());
        // Roles of people of whom there are none have no shifts that anybody could begin.
        let is_pool = |(team, role): (&TeamPlan, &RolePlan)| match team {
            TeamPlan::Pool(_) => true,
            TeamPlan::People(_) => role.role.shifts.is_empty(),
        };
        let pools = hub.teams.iter().zip(&world.roles).all(is_pool);
        if !(one_world && nothing_held && empty && nobody_in_bed && pools) {
            return None;
        }
        let hours = usize::try_from(world.window_end / Span::HOUR.ms()).ok()? + 1;
        if hours > MOST_HOURS {
            return None;
        }
        let mut stations: Vec<Station<'w>> = world.pathways.iter().map(Station::unused).collect();
        let mut waits_for = vec![Vec::new(); world.roles.len()];
        let mut comes: Vec<usize> = hub.sources.iter().map(|source| source.pathway).collect();
        while let Some(pathway) = comes.pop() {
            let station = stations.get_mut(pathway)?;
            if !station.hours.is_empty() {
                continue;
            }
            let alone = hub.alone.get(pathway)?.as_ref()?;
            station.role = alone.plain_role(world, hub, station.plan)?;
            (station.length, station.length_salt) = alone.length();
            station.hours = vec![[0; 2]; hours];
            station.waits = vec![0; WaitHistogram::BINS];
            waits_for.get_mut(station.role)?.push(u16::try_from(pathway).ok()?);
            comes.extend(station.plan.outcome.iter().filter_map(|(_, after)| match after {
                After::Pathway(next) => Some(*next),
                After::Hospital | After::End => None,
            }));
        }
        let any_patience = stations
            .iter()
            .any(|station| !station.hours.is_empty() && station.plan.patience.is_some());
        Some(Self {
            stations,
            waits_for,
            guests: Slots::default(),
            patient: Slots::default(),
            any_patience,
            unsettled: 0,
            here: 0,
            asked: 0,
            hour: NOT_COUNTED,
        })
    }
}

impl<'w> Station<'w> {
    /// One to which nobody comes.
    fn unused(plan: &'w PathwayPlan) -> Self {
        Self {
            plan,
            length: &plan.triage,
            length_salt: 0,
            role: 0,
            line: VecDeque::new(),
            hours: Vec::new(),
            waits: Vec::new(),
            wait_ms: 0,
            ended: vec![0; plan.outcome.len().max(1)],
        }
    }
}

/// Somebody who comes to a pathway: their key, and the one of the first referral of this person.
type Comer = (u16, Key, Key);

impl<'w> Run<'w, Deaf> {
    /// The event loop of a plain island, in the order of the world as everywhere.
    pub(super) fn go_plain(&mut self, mut plain: Plain<'w>) {
        self.begin();
        loop {
            let (next_event, next_arrival) = (self.events.next_order(), self.arrivals.next_order());
            let next = next_event.min(next_arrival);
            if plain.unsettled != 0 && next >= order(self.now, Phase::Leaving) {
                self.settle(&mut plain);
                continue;
            }
            let time = next >> 2;
            if time >= self.look_up {
                if self.is_over(time) {
                    break;
                }
                self.look_around(time);
                plain.hour = self.books.hour_of_window().unwrap_or(NOT_COUNTED);
            }
            self.now = time;
            let comer = if next_arrival <= next_event {
                let arrival = self.arrivals.take();
                self.handled += 1;
                Some((arrival.pathway(), arrival.key(), arrival.key()))
            } else {
                let Some(event) = self.events.pop_end().or_else(|| self.events.pop()) else {
                    continue;
                };
                if event.is(Kind::ResponseOverPoolFree) {
                    self.handled += 1;
                    self.visit_over(&mut plain, event.number())
                } else {
                    self.other_event(&mut plain, event);
                    None
                }
            };
            if let Some(comer) = comer {
                self.come(&mut plain, comer);
            }
        }
        self.close_plain(plain);
    }

    /// Anything else: patience ends, days, shifts and pools change.
    #[inline(never)]
    fn other_event(&mut self, plain: &mut Plain<'w>, event: What) {
        let handled = if event.is(Kind::PatienceOver) {
            self.leave_line(plain, event.number())
        } else {
            plain.unsettled = u64::MAX >> (64 - self.teams.len());
            self.handle(event)
        };
        self.handled += u64::from(handled);
    }

    /// Somebody's clock starts: they stand in line, if only until all of this instant have come.
    #[inline]
    fn come(&mut self, plain: &mut Plain<'w>, (pathway, key, person): Comer) {
        let hour = plain.hour;
        let station = &mut plain.stations[usize::from(pathway)];
        if let Some(count) = station.hours.get_mut(hour as usize) {
            count[0] += 1;
        }
        if plain.here >= self.world.most_open {
            self.turn_away(pathway);
            return;
        }
        plain.here += 1;
        plain.asked += 1;
        let counted = u64::from(hour != NOT_COUNTED);
        self.books.open += counted;
        self.books.responding += counted;
        station.line.push_back(Waiter {
            key,
            person,
            clock: self.now,
            asked: plain.asked,
            hour,
            timed: false,
            gone: false,
        });
        let team = &mut self.teams[station.role];
        team.waiting_for += 1;
        if team.free() > 0 {
            plain.unsettled |= 1 << station.role;
        } else if plain.any_patience {
            self.set_patience(plain, pathway);
        }
    }

    /// Sets when the patience ends of those of a pathway who have come last and go on waiting.
    #[inline(never)]
    fn set_patience(&mut self, plain: &mut Plain<'w>, pathway: u16) {
        let station = &mut plain.stations[usize::from(pathway)];
        let Some(patience) = &station.plan.patience else { return };
        for waiter in station.line.iter_mut().rev().take_while(|waiter| !waiter.timed) {
            waiter.timed = true;
            let until = waiter.clock + patience.draw_ms(waiter.key.bits(SALT_PATIENCE, 0));
            let number = plain.patient.insert((pathway, waiter.asked));
            self.events.push(until, Phase::Leaving, Kind::PatienceOver, number);
        }
    }

    /// All of an instant have come: whoever can be visited is, in the order of work.
    #[inline]
    fn settle(&mut self, plain: &mut Plain<'w>) {
        let role = plain.unsettled.trailing_zeros() as usize;
        if !plain.unsettled.is_power_of_two() {
            return self.settle_several(plain);
        }
        plain.unsettled = 0;
        while self.teams[role].free() > 0 {
            let (order, pathway) = match *plain.waits_for[role].as_slice() {
                [pathway] => (0, pathway),
                _ => self.first_of(plain, role),
            };
            if order == NOBODY || !self.serve_first(plain, pathway) {
                break;
            }
        }
        if plain.any_patience && self.teams[role].waiting_for > 0 {
            self.set_all_patience(plain, 1 << role);
        }
    }

    /// Sets when the patience ends of all who go on waiting for some roles, as bits.
    #[inline(never)]
    fn set_all_patience(&mut self, plain: &mut Plain<'w>, roles: u64) {
        for pathway in 0..u16::try_from(plain.stations.len()).unwrap_or(u16::MAX) {
            if roles >> plain.stations[usize::from(pathway)].role & 1 == 1 {
                self.set_patience(plain, pathway);
            }
        }
    }

    /// The same where several roles have changed.
    #[inline(never)]
    fn settle_several(&mut self, plain: &mut Plain<'w>) {
        let changed = std::mem::take(&mut plain.unsettled);
        let mut roles = changed;
        while roles != 0 {
            let (mut first, mut left) = ((NOBODY, 0), roles);
            while left != 0 {
                let role = left.trailing_zeros() as usize;
                left &= left - 1;
                let found = self.first_of(plain, role);
                if found.0 == NOBODY {
                    // Starting work frees nobody: what cannot start now cannot start at this instant.
                    roles &= !(1 << role);
                } else if found.0 < first.0 {
                    first = found;
                }
            }
            let (order, pathway) = first;
            if order == NOBODY {
                break;
            }
            self.serve_first(plain, pathway);
            let role = plain.stations[usize::from(pathway)].role;
            if self.teams[role].free() == 0 {
                roles &= !(1 << role);
            }
        }
        if plain.any_patience {
            self.set_all_patience(plain, changed);
        }
    }

    /// If somebody of a role is free: of those who wait for it the first in the order of work, with that order, and their
    /// pathway.
    #[inline]
    fn first_of(&mut self, plain: &mut Plain<'w>, role: usize) -> (u128, u16) {
        let mut first = (NOBODY, 0);
        let team = &mut self.teams[role];
        if team.free() == 0 || team.waiting_for == 0 {
            return first;
        }
        for &pathway in &plain.waits_for[role] {
            let station = &mut plain.stations[usize::from(pathway)];
            while station.line.front().is_some_and(|waiter| waiter.gone) {
                station.line.pop_front();
                team.waiting_for -= 1;
            }
            if let Some(waiter) = station.line.front() {
                let order = order_of(station.plan.priority, station.plan.due(waiter.clock), waiter.asked);
                if order < first.0 {
                    first = (order, pathway);
                }
            }
        }
        first
    }

    /// Somebody free is sent to the first of a pathway, and is there at once: the clock stops, and the visit begins. `false` if
    /// nobody waits.
    #[expect(clippy::inline_always, reason = "once for one line and once for several")]
    #[inline(always)]
    fn serve_first(&mut self, plain: &mut Plain<'w>, pathway: u16) -> bool {
        let station = &mut plain.stations[usize::from(pathway)];
        let Some(waiter) = station.line.pop_front() else {
            return false;
        };
        let team = &mut self.teams[station.role];
        team.waiting_for -= 1;
        if waiter.gone {
            return true;
        }
        let now = self.now;
        let end = now + station.length.draw_ms(waiter.key.bits(station.length_salt, 0));
        let counted = waiter.hour != NOT_COUNTED;
        let number = plain.guests.insert(Guest {
            key: waiter.key,
            person: waiter.person,
            pathway,
            counted,
        });
        self.events.push_end(end, Kind::ResponseOverPoolFree, number);
        let inside = plain.hour != NOT_COUNTED;
        team.visits += u64::from(inside);
        if let Staff::Pool { busy, busy_ms, .. } = &mut team.staff {
            *busy += 1;
            *busy_ms += self.books.hour_end() - now;
        }
        let wait = now - waiter.clock;
        if !(counted && inside) && wait > 0 {
            self.books.waited(pathway, waiter.clock, now, counted);
        }
        if let Some(count) = station.hours.get_mut(waiter.hour as usize) {
            self.books.open -= 1;
            station.wait_ms += wait;
            station.waits[WaitHistogram::bin_of(Span::from_ms(wait))] += 1;
            let met = is_met(station.plan.within, waiter.clock, now);
            count[1] += u32::from(met);
            if !met && station.plan.within.is_some() {
                // It has been judged meanwhile, and had to come to this.
                self.handled += 1;
                let case = self.books.case_of(pathway, waiter.clock, counted);
                self.books.missed_standard(&case, Cause::BusyFirstResponses);
            }
        }
        true
    }

    /// The end of a visit: whoever made it is free, and one outcome is drawn. Says who is to go on, and where.
    #[inline]
    fn visit_over(&mut self, plain: &mut Plain<'w>, number: u32) -> Option<Comer> {
        let Guest {
            key,
            person,
            pathway,
            counted,
        } = plain.guests[number];
        plain.guests.release(number);
        plain.here -= 1;
        self.books.responding -= u64::from(counted);
        let station = &mut plain.stations[usize::from(pathway)];
        let team = &mut self.teams[station.role];
        if team.staff.one_free(self.books.hour_end() - self.now) {
            self.books.pool_overtime(0, station.role, self.now, -1);
        }
        plain.unsettled |= u64::from(team.waiting_for > 0) << station.role;
        let outcome = &station.plan.outcome;
        let place = if outcome.len() > 1 {
            drawn(key.uniform(SALT_AFTER, 0), outcome)
        } else {
            0
        };
        station.ended[place] += u64::from(counted);
        match outcome.get(place) {
            Some(&(_, After::Pathway(next))) => {
                let next = u16::try_from(next).unwrap_or(u16::MAX);
                Some((next, key.part(self.pathway(next).salt, 0), person))
            }
            _ => None,
        }
    }

    /// Patience is over: gone, unless somebody has been sent; `false` if so.
    fn leave_line(&mut self, plain: &mut Plain<'w>, number: u32) -> bool {
        let (pathway, asked) = plain.patient[number];
        plain.patient.release(number);
        let station = &mut plain.stations[usize::from(pathway)];
        let Ok(place) = station.line.binary_search_by_key(&asked, |waiter| waiter.asked) else {
            return false;
        };
        let waiter = &mut station.line[place];
        waiter.gone = true;
        plain.here -= 1;
        let counted = waiter.hour != NOT_COUNTED;
        let case = self.books.case_of(pathway, waiter.clock, counted);
        let cause = self.is_judged(&case).then_some(Cause::BusyFirstResponses);
        self.handled += u64::from(cause.is_some() && self.now > station.plan.standard_ends(waiter.clock));
        let outcome = drawn(waiter.key.uniform(SALT_LEAVING, 0), &station.plan.on_leaving);
        let hospital = station
            .plan
            .on_leaving
            .get(outcome)
            .is_some_and(|(_, hospital)| *hospital);
        self.books.followed(&case);
        self.books
            .left(&case, self.now, hospital, station.plan.first_leaving + outcome, cause);
        true
    }

    /// There is no room for one more.
    #[cold]
    fn turn_away(&mut self, pathway: u16) {
        let case = self.books.case(0, pathway, self.now, self.now);
        self.books.hubs[0].turned_away += 1;
        self.books.open += u64::from(case.counted);
        let cause = self.is_judged(&case).then_some(Cause::NoRoom);
        self.books.unanswered(&case, self.world.follow_until, cause);
    }

    /// What has been counted goes into the books; following has ended, and what still waits is a miss.
    fn close_plain(&mut self, mut plain: Plain<'w>) {
        if self.books.open > 0 {
            self.now = self.end;
        }
        let at = self.now.max(self.world.window_end);
        for (pathway, station) in (0..).zip(&mut plain.stations) {
            for waiter in station.line.iter().filter(|waiter| !waiter.gone) {
                let case = self.books.case_of(pathway, waiter.clock, waiter.hour != NOT_COUNTED);
                let cause = self.is_judged(&case).then_some(Cause::BusyFirstResponses);
                self.handled += u64::from(cause.is_some() && at > station.plan.standard_ends(waiter.clock));
                self.books.unanswered(&case, at, cause);
            }
            // Of nearly all, what they waited lies in the window.
            self.books
                .add_plain(pathway, &station.hours, &station.waits, station.wait_ms);
            for (place, &count) in station.ended.iter().enumerate() {
                let hospital = matches!(station.plan.outcome.get(place), Some((_, After::Hospital)));
                self.books
                    .add_ended(pathway, count, station.plan.first_ending + place, hospital);
            }
        }
        for team in &mut self.teams {
            if let Staff::Pool { busy, .. } = team.staff {
                team.presence.now.first = busy;
            }
        }
    }
}
