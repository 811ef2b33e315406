//! Referrals, drawn day by day.
//!
//! **Layers.** For each hub, pathway and civil day, candidates lie uniformly in time and in height; a candidate is a
//! person if its height is below the rate (referrals a day) at its time. Heights come in layers: 0 to 1, 1 to 2, 2
//! to 4, 4 to 8 and so on, each with a Poisson number of candidates a day. A change of demand, whatever its size or
//! reason, thus keeps the same people and only adds others or leaves some out; and people are keyed by (hub,
//! pathway, day, layer, ordinal), so nothing else of theirs changes.
//!
//! This is thinning (Lewis & Shedler 1979, algorithm 1) of a rate that is constant within the hour.
//!
//! **Opening.** Under `defer`, a referral received outside opening hours arrives, for all purposes, at the next
//! opening; the instant of receipt is kept beside it.

use crate::engine::{Cause, Observer, Run, Scripted, Seen, response::Referral};
use crate::model::{Calendar, Opening};
use crate::random::{Key, gamma_factor};
use crate::units::{Instant, Span};

use super::event_list::{Kind, Phase, order};
use super::plan::{PathwayPlan, Source};

const SALT_DAY: u64 = 0x1d61_795f_6b65_7901;
const SALT_COUNT: u64 = 0x2d61_795f_6b65_7902;
const SALT_CANDIDATE: u64 = 0x3d61_795f_6b65_7903;
const SALT_TIME: u64 = 0x4d61_795f_6b65_7904;
const SALT_HEIGHT: u64 = 0x5d61_795f_6b65_7905;
const SALT_FACTOR: u64 = 0x6d61_795f_6b65_7906;
pub(super) const SALT_DECLINED: u64 = 0x7d61_795f_6b65_7907;
pub(super) const SALT_PATIENCE: u64 = 0x8d61_795f_6b65_7908;
const SALT_TRIAGE: u64 = 0x9d61_795f_6b65_7909;
const SALT_KIND: u64 = 0xad61_795f_6b65_790a;
/// Double-handed or not: one draw for a person, whatever the visit.
pub(super) const SALT_TWO: u64 = 0xbd61_795f_6b65_790b;

/// What follows the first response.
pub(super) const SALT_AFTER: u64 = 0xcd61_795f_6b65_790c;

/// Served by the hub of the area, or by another.
const SALT_ELSEWHERE: u64 = 0xfd61_795f_6b65_790f;

/// Days of a year, for growth.
const YEAR: f64 = 365.25;

/// A referral received, before anybody looked at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Arrival {
    /// When its clock starts: at receipt, or at the next opening.
    pub(super) clock: i64,
    pub(super) received: i64,
    pub(super) hub: u16,
    pub(super) pathway: u16,
    pub(super) key: Key,
}

/// The referrals of today in order, and those deferred to later days.
#[derive(Debug)]
pub(super) struct Arrivals {
    /// Time and phase of the next one; the end of time if there is none.
    next_order: i64,
    list: Vec<Arrival>,
    /// The order of the list: the time from `base` to the clock, then the place in the list, in one number. Single numbers are
    /// sorted without branches, and the referrals themselves, which are five times as long, stay where they are.
    order: Vec<u64>,
    base: i64,
    next: usize,
    later: Vec<Arrival>,
    /// Lists kept from one day to the next, so that nothing is allocated.
    candidates: Vec<(Key, i64)>,
    stretches: Vec<u32>,
}

impl Default for Arrivals {
    fn default() -> Self {
        Self {
            next_order: i64::MAX,
            list: Vec::new(),
            order: Vec::new(),
            base: 0,
            next: 0,
            later: Vec::new(),
            candidates: Vec::new(),
            stretches: Vec::new(),
        }
    }
}

impl Arrivals {
    /// Time and phase of the next arrival.
    #[inline]
    pub(super) const fn next_order(&self) -> i64 {
        self.next_order
    }

    /// Looks up when the next one comes.
    #[inline]
    fn look_ahead(&mut self) {
        self.next_order = self.order.get(self.next).map_or(i64::MAX, |&at| {
            order(self.base + (at >> PLACE_BITS).cast_signed(), Phase::Arrival)
        });
    }

    /// Takes the next arrival. There is one: `next_order` said so.
    #[inline]
    pub(super) fn take(&mut self) -> Arrival {
        let place = self.order[self.next] & ((1 << PLACE_BITS) - 1);
        self.next += 1;
        self.look_ahead();
        self.list[place as usize]
    }

    /// All of today before an instant, in order.
    pub(super) fn of_today(&self, until: i64) -> impl Iterator<Item = &Arrival> {
        let number = self
            .order
            .partition_point(|at| self.base + (at >> PLACE_BITS).cast_signed() < until);
        let place = |at: &u64| (at & ((1 << PLACE_BITS) - 1)) as usize;
        self.order[..number].iter().map(move |at| &self.list[place(at)])
    }

    /// Finds the order of a day's list, which holds nothing before `base`: by clock, then by everything else of a referral.
    fn sort(&mut self, base: i64) {
        self.base = base;
        // Two at one instant are rare, except at an opening: then the list itself is sorted.
        if !self.list_order() {
            self.list.sort_unstable();
            self.list_order();
        }
    }

    /// Orders the list by clock, then by place. As many stretches of the day as there are referrals are made; what lies in one
    /// goes to the same part of the order, where hardly anything is then out of order. `false` if two come at one instant.
    fn list_order(&mut self) -> bool {
        let stretches = self.list.len().next_power_of_two().min(4096);
        let (base, day) = (self.base, Span::DAY.ms().cast_unsigned());
        let a_day = ((stretches as u64) << 32) / day;
        let since = |arrival: &Arrival| (arrival.clock - base).cast_unsigned();
        let stretch = |since: u64| (((since * a_day) >> 32) as usize).min(stretches - 1);
        self.stretches.clear();
        self.stretches.resize(stretches, 0);
        for arrival in &self.list {
            self.stretches[stretch(since(arrival))] += 1;
        }
        let mut before = 0;
        for count in &mut self.stretches {
            before += std::mem::replace(count, before);
        }
        self.order.clear();
        self.order.resize(self.list.len(), 0);
        for (place, arrival) in (0_u64..).zip(&self.list) {
            let since = since(arrival);
            let at = &mut self.stretches[stretch(since)];
            self.order[*at as usize] = since << PLACE_BITS | place;
            *at += 1;
        }
        let mut alone = true;
        for at in 1..self.order.len() {
            let one = self.order[at];
            let mut to = at;
            while to > 0 && self.order[to - 1] > one {
                self.order[to] = self.order[to - 1];
                to -= 1;
            }
            self.order[to] = one;
            alone &= to == 0 || self.order[to - 1] >> PLACE_BITS < one >> PLACE_BITS;
        }
        alone
    }
}

/// Bits of a place in a day's list: 16 million.
const PLACE_BITS: u32 = 24;

/// A referral that will begin when its pathway opens.
#[derive(Clone, Copy, Debug)]
pub(super) struct Birth {
    hub: u16,
    pathway: u16,
    received: i64,
    key: Key,
    person: Key,
}

impl<O: Observer> Run<'_, O> {
    /// Draws the referrals of a civil day.
    pub(super) fn draw_day(&mut self, day: i64) {
        let midnight = Instant::midnight(day).ms();
        let tomorrow = midnight + Span::DAY.ms();
        let mut list = std::mem::take(&mut self.arrivals.list);
        list.clear();
        self.arrivals.next = 0;
        self.arrivals.later.retain(|a| {
            if a.clock < tomorrow {
                list.push(*a);
            }
            a.clock >= tomorrow
        });
        for hub in 0..self.hubs.len() {
            for source in &self.hub_plan(hub).sources {
                self.draw_source(hub, source, day, &mut list);
            }
        }
        self.arrivals.list = list;
        self.arrivals.sort(midnight);
        self.arrivals.look_ahead();
    }

    /// The people of one hub, pathway and civil day.
    fn draw_source(&mut self, hub: usize, source: &Source, day: i64, list: &mut Vec<Arrival>) {
        let world = self.world;
        let plan = &world.pathways[source.pathway];
        let calendar = &world.calendar;
        let of_pathway = self.hub_keys[hub].part(plan.salt, 0);
        let key = of_pathway.part(SALT_DAY, calendar.absolute_day(day).cast_unsigned());
        let weekday = calendar.working_weekday(day).index();
        let profile = plan.profile.day(weekday);
        let today = expected_of_day(source, plan, calendar, day);
        let today = if plan.dispersion > 1.0 {
            today * day_factor(plan, key, today * profile.iter().sum::<f64>() / 24.0)
        } else {
            today
        };
        let rate = |hour: usize| today * profile[hour];
        let (least, most) = plan.weights[weekday];
        let (lowest, highest) = (today * least, today * most);
        let flat = least >= most;
        let midnight = Instant::midnight(day).ms();
        let tomorrow = midnight + Span::DAY.ms();
        let mut candidates = std::mem::take(&mut self.arrivals.candidates);
        let mut kept = 0;
        let (mut floor, mut width, mut layer) = (0.0, 1.0, 0_u64);
        while floor < highest {
            // A wide layer is drawn in pieces of the widest table.
            let table = &world.poisson[usize::try_from(layer.saturating_sub(1))
                .unwrap_or(0)
                .min(world.poisson.len() - 1)];
            let pieces = if layer > 7 { 1u64 << (layer - 7) } else { 1 };
            let count: usize = (0..pieces)
                .map(|piece| table.count(key.uniform(SALT_COUNT, layer << 32 | piece)) as usize)
                .sum();
            // Below the day's lowest rate every candidate is a person; its height need not be looked at.
            let all = floor + width <= lowest;
            if candidates.len() < kept + count {
                candidates.resize(kept + count, (key, 0));
            }
            // Whoever is not below the rate is written over by the next: the processor could not foresee who.
            for ordinal in 0..count as u64 {
                let person = key.part(SALT_CANDIDATE, layer << 40 | ordinal);
                #[expect(clippy::cast_possible_truncation, reason = "a time of day")]
                let time = (person.uniform(SALT_TIME, 0) * Span::DAY.ms() as f64) as i64;
                let rate = if flat {
                    highest
                } else {
                    rate(usize::try_from(time / Span::HOUR.ms()).unwrap_or(0))
                };
                let below = all || floor + width * person.uniform(SALT_HEIGHT, 0) < rate;
                candidates[kept] = (person, time);
                kept += usize::from(below);
            }
            floor += width;
            width = floor;
            layer += 1;
        }
        let pathway = u16::try_from(source.pathway).unwrap_or(u16::MAX);
        let hub = u16::try_from(hub).unwrap_or(u16::MAX);
        let arrival = |key, received, clock| Arrival {
            clock,
            received,
            hub,
            pathway,
            key,
        };
        if source.places.are_all() && (plan.opens.is_none() || !plan.defer) {
            let all = candidates[..kept].iter();
            list.extend(all.map(|&(key, time)| arrival(key, midnight + time, midnight + time)));
            kept = 0;
        }
        for &(key, time) in &candidates[..kept] {
            if !source.places.hold(|| place_of(key)) {
                continue;
            }
            let received = midnight + time;
            let clock = self.clock_start(plan, received);
            let arrival = arrival(key, received, clock);
            if clock < tomorrow {
                list.push(arrival);
            } else {
                self.arrivals.later.push(arrival);
            }
        }
        self.arrivals.candidates = candidates;
    }

    /// Takes listed referrals instead of drawn ones. Each is of a person who lives at the hub that is listed, and numbered
    /// within the island of that hub.
    pub(super) fn list_arrivals(&mut self, script: &[Scripted]) {
        let world = self.first_world;
        let mut listed = vec![0_u64; world.islands().len()];
        for referral in script {
            let island = world.islands().iter().position(|hubs| hubs.contains(&referral.hub));
            let Some(number) = island.and_then(|place| listed.get_mut(place)) else {
                continue;
            };
            *number += 1;
            let plan = &self.world.pathways[referral.pathway.0];
            let received = referral.received.ms();
            let taken = (0..self.hubs.len()).find_map(|hub| {
                let here = &world.on_day(referral.received.day()).hubs[self.hubs[hub]];
                let key = self.hub_keys[hub].part(plan.salt, *number);
                let lives_there = here.home == referral.hub;
                (lives_there && here.places[referral.pathway.0].hold(|| place_of(key))).then_some((hub, key))
            });
            if let Some((hub, key)) = taken {
                self.arrivals.list.push(Arrival {
                    clock: self.clock_start(plan, received),
                    received,
                    hub: u16::try_from(hub).unwrap_or(u16::MAX),
                    pathway: u16::try_from(referral.pathway.0).unwrap_or(u16::MAX),
                    key,
                });
            }
        }
        self.arrivals.list.sort_by_key(|a| (a.clock, a.received));
        self.arrivals.base = self.arrivals.list.first().map_or(0, |first| first.clock);
        let places = (0_u64..).zip(&self.arrivals.list);
        let order =
            places.map(|(place, arrival)| (arrival.clock - self.arrivals.base).cast_unsigned() << PLACE_BITS | place);
        self.arrivals.order = order.collect();
        self.arrivals.look_ahead();
    }

    /// When the clock of a referral received now starts.
    fn clock_start(&self, plan: &PathwayPlan, received: i64) -> i64 {
        match plan.opens {
            Some(opening) if plan.defer => next_open(opening, received, |day| self.world.calendar.working_weekday(day)),
            _ => received,
        }
    }

    /// A referral arrives: its clock starts now.
    pub(super) fn receive(&mut self, arrival: Arrival) {
        self.accept(arrival.hub, arrival.pathway, arrival.key, arrival.key, arrival.received);
    }

    /// A referral born of another begins, now or at the next opening of its pathway.
    pub(super) fn give_birth(&mut self, hub: u16, pathway: usize, parent: Key, person: Key) {
        let pathway = u16::try_from(pathway).unwrap_or(u16::MAX);
        let plan = self.pathway(pathway);
        let key = parent.part(plan.salt, 0);
        let clock = self.clock_start(plan, self.now);
        if clock == self.now {
            self.accept(hub, pathway, key, person, self.now);
        } else {
            let birth = self.births.insert(Birth {
                hub,
                pathway,
                received: self.now,
                key,
                person,
            });
            self.events.push(clock, Phase::Arrival, Kind::Born, birth);
        }
    }

    pub(super) fn born(&mut self, number: u32) {
        let Birth {
            hub,
            pathway,
            received,
            key,
            person,
        } = self.births[number];
        self.births.release(number);
        self.accept(hub, pathway, key, person, received);
    }

    /// Declined or accepted; then triage.
    fn accept(&mut self, hub: u16, pathway: u16, key: Key, person: Key, received: i64) {
        let plan = self.pathway(pathway);
        if plan.declined > 0.0 && key.uniform(SALT_DECLINED, 0) < plan.declined {
            self.books.declined(hub, pathway, self.now);
            self.observer.see(
                self.instant(),
                Seen::Declined {
                    hub: self.hub_in_file(hub),
                    pathway: usize::from(pathway),
                },
            );
            return;
        }
        let case = self.books.case(hub, pathway, received, self.now);
        if self.referrals.len() + self.open.len() >= self.world.most_open {
            self.books.hubs[usize::from(hub)].turned_away += 1;
            self.books.clock_starts(&case);
            // As if it waited to the end: it is a miss, and the queue is as long as it would be.
            let cause = self.is_judged(&case).then_some(Cause::NoRoom);
            self.books.unanswered(&case, self.world.follow_until, cause);
            return;
        }
        self.serial += 1;
        self.books.clock_starts(&case);
        self.beds.comes(&case, self.serial, self.now, &mut self.books);
        self.observer.see(
            self.instant(),
            Seen::ClockStarts {
                referral: self.serial,
                hub: self.hub_in_file(hub),
                pathway: usize::from(pathway),
                received: Instant::from_ms(received),
            },
        );
        self.books.follow(&case);
        let number = self.referrals.insert(Referral::new(case, key, person, self.serial));
        let alone = self.alone(hub, pathway).filter(|_| !plan.has_triage);
        if let Some(alone) = alone
            && self.goes_at_once(alone)
        {
            self.send_alone(number, alone);
            return;
        }
        if let Some(patience) = &plan.patience {
            let until = self.now + patience.sample_ms(key.uniform(SALT_PATIENCE, 0));
            let timer = self.time_later(until, Kind::PatienceOver, number);
            self.referrals[number].patience = timer;
            self.referrals[number].patience_until = until;
        }
        if let Some(alone) = alone {
            self.referrals[number].ready = self.now;
            self.wait_alone(number, alone, plan, self.is_judged(&case));
            return;
        }
        let triage = if plan.has_triage {
            plan.triage.sample_ms(key.uniform(SALT_TRIAGE, 0))
        } else {
            0
        };
        if triage > 0 {
            let over = self.now + triage;
            self.judge_in_triage(number, over);
            self.events.push(over, Phase::Arrival, Kind::Ready, number);
        } else {
            self.ready(number);
        }
    }

    /// The kind of first response a referral needs: a place in the pathway's list.
    pub(super) fn kind_of(plan: &PathwayPlan, key: Key) -> usize {
        if plan.responses.len() == 1 {
            return 0;
        }
        let u = key.uniform(SALT_KIND, 0);
        plan.responses
            .iter()
            .position(|r| u < r.upto)
            .unwrap_or(plan.responses.len() - 1)
    }
}

/// A person's place among those who live in the same area, from 0 to 1: it says who is served elsewhere.
pub(super) fn place_of(person: Key) -> f64 {
    person.uniform(SALT_ELSEWHERE, 0)
}

/// Referrals a day expected of a source on a civil day, before the profile of its hours.
pub(super) fn expected_of_day(source: &Source, plan: &PathwayPlan, calendar: &Calendar, day: i64) -> f64 {
    let today = source.rate * plan.months[calendar.month(day)];
    if plan.growth == 0.0 {
        return today; // A power of 1.
    }
    today * libm::pow(1.0 + plan.growth, day as f64 / YEAR)
}

/// The day-to-day factor: gamma with mean 1, so that the daily count has the stated variance over mean.
///
/// With mean `m` and factor variance `v` the count has variance `m + m^2 v`, so `v = (dispersion - 1) / m`.
fn day_factor(plan: &PathwayPlan, day: Key, mean: f64) -> f64 {
    if plan.dispersion <= 1.0 || mean <= 0.0 {
        return 1.0;
    }
    gamma_factor(mean / (plan.dispersion - 1.0), day.uniform(SALT_FACTOR, 0))
}

/// Whether a pathway is open at an instant.
pub(super) fn is_open(opening: Opening, time: i64, calendar: &Calendar) -> bool {
    next_open(opening, time, |day| calendar.working_weekday(day)) == time
}

/// The first instant at or after `time` at which a pathway is open.
pub(super) fn next_open(opening: Opening, time: i64, weekday: impl Fn(i64) -> crate::model::Weekday) -> i64 {
    let at = Instant::from_ms(time);
    let today = at.day();
    for day in today..today + 400 {
        if opening.days.contains(weekday(day)) {
            let (from, to) = (
                Instant::midnight(day) + opening.from,
                Instant::midnight(day) + opening.to,
            );
            if at < to {
                return at.max(from).ms();
            }
        }
    }
    time
}
