//! Staff on shift: people with their own shift ends, breaks and absences, or pools with a capacity.
//!
//! **People** come with a shift instance and leave at its end; whoever is then at a visit finishes it (travel, notes
//! and admin included), and the excess is overtime. A break falls due mid-shift and is taken when next free, before
//! new work; it never outlasts the shift. Among free people those with most shift time left go first, then the
//! longest idle, then the lowest slot number.
//!
//! **Pools** have a capacity that changes by time of day; after a reduction nothing starts while as many are busy
//! as there is capacity (the exhaustive, finish-the-visit discipline of Ingolfsson et al. 2007).

use crate::engine::{Observer, Run, Seen, TeamPlan, is_pool};
use crate::model::{instance_number, people_on_instance};
use crate::random::Key;
use crate::units::{Instant, Span};

use super::cause::Presence;
use super::event_list::{Kind, Phase};
use super::record::HOURS;

/// The staff of one role at one hub, with all that is looked at when one of them becomes free or is sent.
#[derive(Debug)]
pub(super) struct Team {
    pub(super) staff: Staff,
    /// How much stands in lines that name the role; what has been withdrawn counts until it is passed over.
    pub(super) waiting_for: u32,
    pub(super) hub: u16,
    pub(super) role: u16,
    /// Visits of responses of one person that began inside the window.
    pub(super) visits: u64,
    /// Staff-time of a pool in the window, available and busy \[ms\], by hour of week.
    pub(super) hours: Vec<[i64; 2]>,
    /// Who is there: for causes.
    pub(super) presence: Presence,
}

/// Who is there and free.
#[derive(Debug)]
pub(super) enum Staff {
    /// People on shift or finishing.
    People {
        /// Everybody, free or not.
        list: Vec<u32>,
        /// How many are free.
        free: usize,
    },
    /// Capacity only.
    Pool {
        /// Staff on shift.
        capacity: u32,
        /// Staff at work.
        busy: u32,
        /// Whether the time of day has been asked for the capacity yet.
        known: bool,
        /// Their staff-time in the hour that runs, as if nothing changed until its end \[ms\]. A change then costs a
        /// multiplication, and the hours of the week are written to once an hour.
        available_ms: i64,
        busy_ms: i64,
    },
}

impl Staff {
    /// One of a pool is free again, `left` \[ms\] before the hour ends; `true` if they had worked after they should have gone.
    #[inline]
    pub(super) const fn one_free(&mut self, left: i64) -> bool {
        let Self::Pool {
            capacity,
            busy,
            busy_ms,
            ..
        } = self
        else {
            return false;
        };
        *busy_ms -= left;
        *busy -= 1;
        *busy >= *capacity
    }
}

impl Team {
    pub(super) fn new(plan: &TeamPlan, hub: u16, role: u16) -> Self {
        let hours = if is_pool(plan) { HOURS } else { 0 };
        let staff = if is_pool(plan) {
            Staff::Pool {
                capacity: 0,
                busy: 0,
                known: false,
                available_ms: 0,
                busy_ms: 0,
            }
        } else {
            Staff::People {
                list: Vec::new(),
                free: 0,
            }
        };
        Self {
            staff,
            waiting_for: 0,
            hub,
            role,
            visits: 0,
            hours: vec![[0; 2]; hours],
            presence: Presence::new(),
        }
    }

    /// How many are free at this instant.
    #[inline]
    pub(super) const fn free(&self) -> usize {
        match self.staff {
            Staff::People { free, .. } => free,
            Staff::Pool { capacity, busy, .. } => capacity.saturating_sub(busy) as usize,
        }
    }
}

/// Somebody on shift.
#[derive(Clone, Copy, Debug)]
pub(super) struct Person {
    team: u32,
    slot: u32,
    shift_end: i64,
    idle_since: i64,
    state: State,
    /// Whether they are counted as on shift: not on a break, and not after the end of the shift.
    on: bool,
    /// Whether the visit they are at was planned.
    planned: bool,
    /// Whether the break has fallen due and not been taken.
    break_due: bool,
    /// Length of the break, 0 once taken.
    break_length: i64,
    /// The events that still matter.
    end_timer: u64,
    break_timer: u64,
}

impl Person {
    /// Whether they are sent before somebody else who is free.
    #[inline]
    fn goes_before(&self, other: &Self) -> bool {
        if self.shift_end != other.shift_end {
            return self.shift_end > other.shift_end;
        }
        (self.idle_since, self.slot) < (other.idle_since, other.slot)
    }

    pub(super) fn is_here(&self) -> bool {
        self.state != State::Gone
    }

    pub(super) fn is_free(&self) -> bool {
        self.state == State::Free
    }

    /// Counted as on shift, and busy: whether with a planned visit.
    pub(super) fn is_on_and_at(&self) -> (bool, Option<bool>) {
        (self.on, (self.state == State::Busy).then_some(self.planned))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Free,
    Busy,
    OnBreak,
    Gone,
}

/// A shift instance to come.
#[derive(Clone, Copy, Debug)]
pub(super) struct ShiftStart {
    hub: usize,
    role: usize,
    shift: usize,
    /// The day on which it starts.
    day: i64,
}

impl<O: Observer> Run<'_, O> {
    /// The first simulated day: shifts of the evening before that run into it, then the day itself.
    pub(super) fn first_day(&mut self) {
        self.events.push(self.now, Phase::StaffChange, Kind::Midnight, 0);
        let today = self.instant().day();
        for hub in 0..self.hubs.len() {
            for (role, plan) in self.hub_plan(hub).teams.iter().enumerate() {
                if let TeamPlan::People(_) = plan {
                    self.deal(hub, role, today - 1, true);
                }
            }
        }
    }

    /// Sets a day's shifts and changes of capacity.
    pub(super) fn staff_day(&mut self, day: i64) {
        let world = self.world;
        let weekday = world.calendar.working_weekday(day).index();
        for hub in 0..self.hubs.len() {
            for (role, plan) in self.hub_plan(hub).teams.iter().enumerate() {
                match plan {
                    TeamPlan::People(_) => self.deal(hub, role, day, false),
                    TeamPlan::Pool(week) => {
                        let team = u32::try_from(self.team(hub, role)).unwrap_or(u32::MAX);
                        let mut capacity = match self.teams[team as usize].staff {
                            Staff::Pool {
                                capacity, known: true, ..
                            } => Some(capacity),
                            _ => None,
                        };
                        for &(time, staff) in &week[weekday] {
                            if capacity != Some(staff) {
                                let at = Instant::midnight(day).ms() + time;
                                self.events.push(at, Phase::StaffChange, Kind::PoolChanges, team);
                                capacity = Some(staff);
                            }
                        }
                    }
                }
            }
        }
    }

    /// Sets the shifts of a role that start on a day; only those that run past midnight if `carried`.
    fn deal(&mut self, hub: usize, role: usize, day: i64, carried: bool) {
        let world = self.world;
        for (number, shift) in world.roles[role].role.shifts.iter().enumerate() {
            let start = Instant::midnight(day) + shift.from;
            let runs_over = start + shift.length() > Instant::midnight(day + 1);
            if shift.days.contains(world.calendar.working_weekday(day)) && (!carried || runs_over) {
                let place = self.shift_starts.insert(ShiftStart {
                    hub,
                    role,
                    shift: number,
                    day,
                });
                self.events
                    .push(start.ms().max(self.now), Phase::StaffChange, Kind::ShiftStarts, place);
            }
        }
    }

    /// A shift instance begins: people are rostered, some are absent.
    pub(super) fn shift_starts(&mut self, number: u32) {
        let world = self.world;
        let ShiftStart { hub, role, shift, day } = self.shift_starts[number];
        self.shift_starts.release(number);
        let TeamPlan::People(mean) = self.hub_plan(hub).teams[role] else {
            return;
        };
        let plan = &world.roles[role];
        let recruited = self.posts.on_day(self.team(hub, role), day);
        let mean = mean + recruited * plan.people_per_wte;
        let instance = instance_number(&world.calendar, &plan.role.shifts[shift], day);
        let rostered = people_on_instance(mean, &plan.role, shift, instance);
        let absence = plan.role.headroom.absence.get();
        let date = world.calendar.absolute_day(day).cast_unsigned();
        let key: Key = self.hub_keys[hub].part(plan.absence_salts[shift], date);
        let shift_plan = &plan.role.shifts[shift];
        let start = Instant::midnight(day) + shift_plan.from;
        let end = start + shift_plan.length();
        let middle = (start + Span::from_ms(shift_plan.length().ms() / 2)).ms();
        let team = u32::try_from(self.team(hub, role)).unwrap_or(u32::MAX);
        for slot in 0..rostered {
            if absence > 0.0 && key.uniform(0, u64::from(slot)) < absence {
                self.observer.see(
                    self.instant(),
                    Seen::PersonAbsent {
                        hub: self.hub_in_file(hub),
                        role,
                        shift,
                        slot,
                    },
                );
                continue;
            }
            let person = self.people.insert(Person {
                team,
                slot,
                shift_end: end.ms(),
                idle_since: self.now,
                state: State::Free,
                on: true,
                planned: false,
                break_due: false,
                break_length: shift_plan.unpaid_break.ms(),
                end_timer: 0,
                break_timer: 0,
            });
            self.people[person].end_timer = self.events.push(end.ms(), Phase::StaffChange, Kind::ShiftEnds, person);
            if shift_plan.unpaid_break > Span::ZERO && middle >= self.now {
                self.people[person].break_timer = self.events.push(middle, Phase::StaffChange, Kind::BreakDue, person);
            }
            if let Staff::People { list, free } = &mut self.teams[team as usize].staff {
                list.push(person);
                *free += 1;
            }
            self.teams[team as usize].presence.come(self.now);
            self.available(team, self.now, end.ms(), 1);
            self.observer.see(
                self.instant(),
                Seen::PersonStarts {
                    person,
                    hub: self.hub_in_file(hub),
                    role,
                    shift,
                    slot,
                    until: end,
                },
            );
        }
        self.change(hub, role);
    }

    /// A person's shift ends: whoever is not at work leaves.
    pub(super) fn shift_ends(&mut self, person: u32, event: u64) -> bool {
        if self.people[person].end_timer != event {
            return false;
        }
        match self.people[person].state {
            State::Free => self.leave(person, true),
            State::OnBreak => self.leave(person, false),
            State::Busy => {
                // Leaves when free, and until then works overtime.
                let Person { team, planned, .. } = self.people[person];
                self.teams[team as usize].presence.end(self.now, planned);
                self.off_shift(person);
            }
            State::Gone => {}
        }
        true
    }

    /// A person is not on shift any more, or for a break.
    fn off_shift(&mut self, person: u32) {
        let gone = &mut self.people[person];
        if std::mem::take(&mut gone.on) {
            self.teams[gone.team as usize].presence.go(self.now);
        }
    }

    fn leave(&mut self, person: u32, was_free: bool) {
        self.off_shift(person);
        let Person { team, .. } = self.people[person];
        if let Staff::People { list, free } = &mut self.teams[team as usize].staff {
            list.retain(|&p| p != person);
            *free -= usize::from(was_free);
        }
        let gone = &mut self.people[person];
        (gone.state, gone.end_timer, gone.break_timer) = (State::Gone, 0, 0);
        self.people.release(person);
        let (hub, role) = self.hub_and_role(team);
        self.observer.see(
            self.instant(),
            Seen::PersonLeaves {
                person,
                hub: self.hub_in_file(hub),
                role,
            },
        );
    }

    /// The break falls due: taken now if free, else when next free.
    pub(super) fn break_due(&mut self, person: u32, event: u64) -> bool {
        if self.people[person].break_timer != event {
            return false;
        }
        self.people[person].break_due = true;
        if self.people[person].state == State::Free {
            if let Staff::People { free, .. } = &mut self.teams[self.people[person].team as usize].staff {
                *free -= 1;
            }
            self.take_break(person);
        }
        true
    }

    fn take_break(&mut self, person: u32) {
        self.off_shift(person);
        let taken = &mut self.people[person];
        let until = (self.now + taken.break_length).min(taken.shift_end);
        (taken.break_due, taken.break_length, taken.state) = (false, 0, State::OnBreak);
        let team = taken.team;
        taken.break_timer = self.events.push(until, Phase::Completion, Kind::BreakOver, person);
        self.available(team, self.now, until, -1);
        self.observer.see(
            self.instant(),
            Seen::BreakStarts {
                person,
                until: Instant::from_ms(until),
            },
        );
    }

    pub(super) fn break_over(&mut self, person: u32, event: u64) -> bool {
        if self.people[person].break_timer != event || self.people[person].state != State::OnBreak {
            return false;
        }
        self.free_again(person);
        true
    }

    /// A person has finished a visit, notes and admin included.
    pub(super) fn person_free(&mut self, person: u32) {
        let Person { team, on, planned, .. } = self.people[person];
        if on {
            self.teams[team as usize].presence.end(self.now, planned);
        }
        if self.people[person].break_due && self.now < self.people[person].shift_end {
            self.take_break(person);
        } else {
            self.free_again(person);
        }
    }

    fn free_again(&mut self, person: u32) {
        if self.now >= self.people[person].shift_end {
            self.leave(person, false);
            return;
        }
        let freed = &mut self.people[person];
        (freed.state, freed.idle_since) = (State::Free, self.now);
        let team = freed.team;
        if !std::mem::replace(&mut freed.on, true) {
            self.teams[team as usize].presence.come(self.now);
        }
        if let Staff::People { free, .. } = &mut self.teams[team as usize].staff {
            *free += 1;
        }
        let (hub, role) = self.hub_and_role(team);
        self.change(hub, role);
    }

    /// One of a pool has finished a visit, planned or not.
    #[inline]
    pub(super) fn pool_free(&mut self, number: u32, planned: bool) {
        let left = self.books.hour_end() - self.now;
        let team = &mut self.teams[number as usize];
        team.presence.end(self.now, planned);
        if team.staff.one_free(left) {
            let (hub, role) = (usize::from(team.hub), usize::from(team.role));
            self.books.pool_overtime(hub, role, self.now, -1);
        }
        self.change_team(number);
    }

    /// The capacity of a pool is what the time of day says.
    pub(super) fn pool_changes(&mut self, team: u32) {
        let (hub, role) = self.hub_and_role(team);
        let at = self.instant();
        let weekday = self.world.calendar.working_weekday(at.day()).index();
        let TeamPlan::Pool(week) = &self.hub_plan(hub).teams[role] else {
            return;
        };
        let now = week[weekday]
            .iter()
            .take_while(|(time, _)| *time <= at.time_of_day().ms())
            .last()
            .map_or(0, |&(_, n)| n);
        self.set_capacity(team, now);
        self.teams[team as usize].presence.set(self.now, now);
        self.observer.see(
            at,
            Seen::PoolChanges {
                hub: self.hub_in_file(hub),
                role,
                capacity: now,
            },
        );
        self.change(hub, role);
    }

    /// A pool has another capacity from now on.
    fn set_capacity(&mut self, team: u32, now: u32) {
        let left = self.books.hour_end() - self.now;
        let Staff::Pool {
            capacity,
            busy,
            known,
            available_ms,
            ..
        } = &mut self.teams[team as usize].staff
        else {
            return;
        };
        let over = |capacity: u32| i64::from(busy.saturating_sub(capacity));
        let more = over(now) - over(*capacity);
        *available_ms += (i64::from(now) - i64::from(*capacity)) * left;
        (*capacity, *known) = (now, true);
        if more != 0 {
            let (hub, role) = self.hub_and_role(team);
            self.books.pool_overtime(hub, role, self.now, more);
        }
    }

    /// The hours that have passed at `at` go into the books of pools, and the one that holds it begins.
    pub(super) fn turn_hours(&mut self, at: i64) {
        while self.books.hour_end() <= at {
            let ended = self.books.turn_hour();
            let length = self.books.hour_length();
            for team in &mut self.teams {
                if let Staff::Pool {
                    capacity,
                    busy,
                    available_ms,
                    busy_ms,
                    ..
                } = &mut team.staff
                {
                    if let Some([available, busy]) = ended.and_then(|hour| team.hours.get_mut(hour)) {
                        *available += *available_ms;
                        *busy += *busy_ms;
                    }
                    (*available_ms, *busy_ms) = (i64::from(*capacity) * length, i64::from(*busy) * length);
                }
            }
        }
    }

    /// Sends one of a team until `free_at`, to a planned visit or not; says who, where people have names.
    #[inline]
    pub(super) fn send(&mut self, team: usize, free_at: i64, planned: bool) -> Option<u32> {
        let left = self.books.hour_end() - self.now;
        let team = &mut self.teams[team];
        team.presence.begin(planned);
        match &mut team.staff {
            Staff::Pool { busy, busy_ms, .. } => {
                // Never more than there are: whoever is sent was free.
                *busy += 1;
                *busy_ms += left;
                None
            }
            Staff::People { list, free } => {
                let people = &self.people;
                let mut best: Option<(u32, &Person)> = None;
                for &number in list.iter() {
                    let person = &people[number];
                    if person.state == State::Free && best.is_none_or(|(_, best)| person.goes_before(best)) {
                        best = Some((number, person));
                    }
                }
                let (person, _) = best?;
                *free -= 1;
                let sent = &mut self.people[person];
                (sent.state, sent.planned) = (State::Busy, planned);
                let shift_end = sent.shift_end;
                self.events.push_end(free_at, Kind::PersonFree, person);
                self.books.busy(team.hub, team.role, self.now, shift_end, free_at);
                Some(person)
            }
        }
    }

    /// How many of a team are free and on shift until at least `time` \[ms\]. Pools have no shift end.
    pub(super) fn free_until(&self, team: &Team, time: f64) -> usize {
        match &team.staff {
            Staff::People { list, .. } => list
                .iter()
                .filter(|&&p| self.people[p].state == State::Free && self.people[p].shift_end as f64 >= time)
                .count(),
            Staff::Pool { .. } => team.free(),
        }
    }

    fn available(&mut self, team: u32, from: i64, to: i64, staff: i64) {
        let (hub, role) = self.place_of(team);
        self.books.available(hub, role, from, to, staff);
    }

    fn hub_and_role(&self, team: u32) -> (usize, usize) {
        let (hub, role) = self.place_of(team);
        (usize::from(hub), usize::from(role))
    }

    fn place_of(&self, team: u32) -> (u16, u16) {
        let team = &self.teams[team as usize];
        (team.hub, team.role)
    }
}

/// The number of an event at which one of a pool is free again.
pub(super) fn pool_and_work(team: usize, planned: bool) -> u32 {
    u32::try_from(team << 1 | usize::from(planned)).unwrap_or(u32::MAX)
}
