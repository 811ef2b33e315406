//! Who goes where: lines of waiting work, and the pass over them.
//!
//! Work that needs the same seats (the same roles, in the same order of preference, for each person) waits in one
//! line, ordered by priority, then due time, then sequence. When somebody of a role becomes free or work arrives,
//! the lines that name the role are looked at: of their heads, the first in that order is tried; if everybody it
//! needs is free at this instant it starts, else its line is passed over and the next head tried. So nobody is held
//! for work that needs two, and lower work may pass; except under `reserve`, where the staff whom the first
//! waiting joint response needs are held for it, and whatever is lower in the order does without them.
//!
//! The hubs of a pool have one set of lines, at their base. What neighbours may help with comes after all this
//! ([`super::aid`]).

use crate::engine::{Observer, Run, Seen, rounded};
use crate::units::Instant;

use super::cause::{drawn, leg};
use super::event_list::Kind;
use super::plan::{Seat, Task};
use super::response::Sent;
use super::staff::pool_and_work;

/// For whom work is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Owner {
    /// A referral's first response.
    Referral(u32),
    /// A planned visit of a stream.
    Stream {
        /// Which stream.
        course: u32,
        /// Number of the visit, from 0.
        visit: u32,
        /// The visit's time \[ms\].
        time: i64,
        /// Whether it is the lead's first visit of its package.
        lead_first: bool,
    },
}

impl Owner {
    /// Whether it is the first visit of a stream.
    pub(super) const fn is_first_visit(self) -> bool {
        matches!(self, Self::Stream { visit: 0, .. })
    }
}

/// Work that waits.
#[derive(Clone, Copy, Debug)]
pub(super) struct Work {
    /// Priority, due time and sequence in one number that sorts as the line does; 0 when the place is empty.
    order: u128,
    pub(super) task: u32,
    pub(super) owner: Owner,
    /// The event that gives it up, or opens it to neighbours; 0 if none.
    pub(super) timer: u64,
    /// More work of the same referral.
    chain: Option<u32>,
}

impl Work {
    /// Of a referral that asks for nothing else.
    pub(super) const fn of(order: u128, task: u32, referral: u32) -> Self {
        Self {
            order,
            task,
            owner: Owner::Referral(referral),
            timer: 0,
            chain: None,
        }
    }

    /// It waits no more.
    pub(super) const fn clear(&mut self) {
        (self.order, self.timer) = (0, 0);
    }

    /// Whether it still waits.
    pub(super) const fn waits(&self) -> bool {
        self.order != 0
    }

    /// What sorts work.
    pub(super) const fn order(&self) -> u128 {
        self.order
    }
}

/// The class of work in this order: lower goes first.
pub(super) const fn class_of(order: u128) -> u8 {
    (order >> 120) as u8
}

/// A line: work in order. Work withdrawn from the middle is skipped when it comes to the head.
#[derive(Debug, Default)]
pub(super) struct Waiting {
    pub(super) line: std::collections::VecDeque<(u128, u32)>,
}

pub(super) fn order_of(priority: u8, due: i64, sequence: u64) -> u128 {
    let due = due.cast_unsigned().wrapping_add(1 << 63);
    u128::from(priority) << 120 | u128::from(due) << 48 | u128::from(sequence & ((1 << 48) - 1))
}

impl Waiting {
    pub(super) fn push(&mut self, order: u128, place: u32) {
        if self.line.back().is_none_or(|(last, _)| *last < order) {
            self.line.push_back((order, place));
        } else {
            let at = self.line.partition_point(|(other, _)| *other < order);
            self.line.insert(at, (order, place));
        }
    }
}

/// Somebody found for a seat.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found {
    pub(super) role: u16,
}

/// Whom a piece of work looks for.
pub(super) struct Search<'a> {
    pub(super) task: &'a Task,
    /// The hub that the work is of.
    pub(super) of: usize,
    /// Whether it is the first visit of a stream.
    pub(super) first: bool,
    /// Travel besides that of the work's hub \[ms\], for those who may not start late.
    pub(super) extra_travel: i64,
    /// Roles that may be sent, as bits; all of them if `None`.
    pub(super) roles: Option<u128>,
    /// How many of each role are held for other work.
    pub(super) held: &'a [u16],
}

impl<O: Observer> Run<'_, O> {
    /// Asks for work to be done: it joins its line, and its roles are looked at before the instant is over.
    pub(super) fn ask(&mut self, task: u32, owner: Owner, priority: u8, due: i64, chain: Option<u32>) -> u32 {
        let world = self.world;
        let hub = usize::from(self.hub_of(owner));
        let base = self.base(hub);
        let order = order_of(priority, due, self.events.next_sequence());
        let place = self.work.insert(Work {
            order,
            task,
            owner,
            timer: 0,
            chain,
        });
        let line = world.tasks[task as usize].line;
        let at = self.line(base, line);
        self.waiting[at].push(order, place);
        self.lines_in_use[base * world.line_words + line as usize / 64] |= 1 << (line % 64);
        for &role in &world.lines[line as usize].all_roles {
            let team = self.team(base, usize::from(role));
            self.teams[team].waiting_for += 1;
        }
        if !self.is_hopeless(base, line) {
            for role in &world.lines[line as usize].all_roles {
                self.change(base, usize::from(*role));
            }
        }
        if world.any_neighbours && matches!(owner, Owner::Referral(_)) {
            self.ask_neighbours_later(place, hub);
        }
        place
    }

    pub(super) fn hub_of(&self, owner: Owner) -> u16 {
        match owner {
            Owner::Referral(number) => self.referrals[number].case.hub,
            Owner::Stream { course, .. } => self.courses[course].hub,
        }
    }

    /// Takes work back. Returns the next of the same referral.
    pub(super) fn withdraw(&mut self, place: u32) -> Option<u32> {
        let work = &mut self.work[place];
        if work.order == 0 {
            return None;
        }
        work.clear();
        let Work { chain, task, owner, .. } = *work;
        self.work.release(place);
        self.left_its_line(task, owner);
        // Whoever it kept at home may help others now.
        self.any_changed |= !self.open_work.is_empty();
        chain
    }

    /// Work has left its line from another place than the head: whoever was held for it, or stood behind it, may start.
    pub(super) fn left_its_line(&mut self, task: u32, owner: Owner) {
        let line = &self.world.lines[self.world.tasks[task as usize].line as usize];
        if line.reserve
            || line
                .seats
                .iter()
                .flatten()
                .any(|&r| self.world.roles[usize::from(r)].no_late_start)
        {
            let base = self.base(usize::from(self.hub_of(owner)));
            for &role in line.seats.iter().flatten() {
                self.change(base, usize::from(role));
            }
        }
    }

    /// Starts whatever can start, at every hub where something changed.
    pub(super) fn dispatch(&mut self) {
        self.any_changed = false;
        if let Some(number) = self.changed_team.take() {
            let team = &self.teams[number as usize];
            let (hub, role) = (usize::from(team.hub), team.role);
            match self.world.sole_lines[usize::from(role)] {
                Some(line) if self.open_work.is_empty() => return self.serve_line(hub, line, role),
                _ => self.change_lines(number),
            }
            self.any_changed = false;
        }
        for hub in 0..self.hubs.len() {
            let words = self.world.line_words;
            if (hub * words..(hub + 1) * words).any(|word| self.changed[word] != 0) {
                self.dispatch_hub(hub);
            }
        }
        if !self.open_work.is_empty() {
            self.ask_neighbours();
        }
    }

    fn dispatch_hub(&mut self, hub: usize) {
        if let Some((line, role)) = self.only_line(hub) {
            // Nothing to choose and nobody to hold: whoever is free takes the head.
            self.serve_line(hub, line, role);
            return;
        }
        // The lists are kept from call to call, so that nothing is allocated.
        let mut lines = std::mem::take(&mut self.looked_at);
        let mut found = std::mem::take(&mut self.found);
        let mut held: Vec<u16> = Vec::new();
        self.look_at(hub, &mut lines);
        while let Some((place, line)) = self.first_head(hub, &mut lines) {
            let Work { task, owner, .. } = self.work[place];
            let task = &self.world.tasks[task as usize];
            // A line for one person of one role is not looked at unless somebody is free.
            let only = self.world.lines[line as usize].only;
            let is_found = if let Some(role) = only.filter(|&role| held.is_empty() && !self.no_late_start(role)) {
                found.clear();
                found.push(Found { role });
                true
            } else {
                let search = Search {
                    task,
                    of: usize::from(self.hub_of(owner)),
                    first: owner.is_first_visit(),
                    extra_travel: 0,
                    roles: None,
                    held: &held,
                };
                self.find(hub, &search, &mut found)
            };
            if is_found {
                self.head_leaves(hub, line);
                self.start(place, task, hub, 0, &found);
            } else {
                if self.world.lines[line as usize].reserve && held.is_empty() {
                    held = self.hold(hub, line);
                }
                // Starting work frees nobody: what cannot start now cannot start in this pass.
                lines[line as usize / 64] &= !(1 << (line % 64));
            }
        }
        (self.looked_at, self.found) = (lines, found);
    }

    /// The line that is to be looked at, and its role, if it is only one and for one person of one role.
    #[inline]
    fn only_line(&mut self, hub: usize) -> Option<(u32, u16)> {
        if self.world.line_words != 1 {
            return None;
        }
        let left = self.changed[hub] & self.lines_in_use[hub];
        let line = left.trailing_zeros();
        let role = if left.is_power_of_two() {
            self.world.lines[line as usize].only
        } else {
            None
        };
        let found = role.filter(|&role| !self.no_late_start(role)).map(|role| (line, role));
        if found.is_some() {
            self.changed[hub] = 0;
        }
        found
    }

    /// The lines in which something may have become startable, as bits: those that name a changed role and are not empty. Held
    /// staff matter to every line.
    fn look_at(&mut self, hub: usize, lines: &mut Vec<u64>) {
        let words = self.world.line_words;
        lines.clear();
        for at in hub * words..(hub + 1) * words {
            let changed = std::mem::take(&mut self.changed[at]);
            lines.push(self.lines_in_use[at] & if self.world.any_reserve { u64::MAX } else { changed });
        }
    }

    /// The head of a line is no longer there.
    fn head_leaves(&mut self, hub: usize, line: u32) {
        let at = self.line(hub, line);
        self.waiting[at].line.pop_front();
        for &role in &self.world.lines[line as usize].all_roles {
            let team = self.team(hub, usize::from(role));
            self.teams[team].waiting_for -= 1;
        }
        if self.waiting[at].line.is_empty() {
            self.lines_in_use[hub * self.world.line_words + line as usize / 64] &= !(1 << (line % 64));
        }
    }

    pub(super) fn line(&self, hub: usize, line: u32) -> usize {
        hub * self.world.lines.len() + line as usize
    }

    fn no_late_start(&self, role: u16) -> bool {
        self.world.any_reserve || self.world.roles[usize::from(role)].no_late_start
    }

    /// Whether nothing of a line can start, without looking at it: nobody is free of the only role that it names. Where staff
    /// are held for what cannot start, it matters all the same.
    #[inline]
    fn is_hopeless(&self, hub: usize, line: u32) -> bool {
        let only = self.world.lines[line as usize].only;
        only.is_some_and(|role| self.teams[self.team(hub, usize::from(role))].free() == 0) && !self.world.any_reserve
    }

    /// The first of the heads of some lines in the order of work: which work, in which line. Of the lines, those that are
    /// empty are struck out.
    fn first_head(&mut self, hub: usize, lines: &mut [u64]) -> Option<(u32, u32)> {
        let mut first: Option<(u128, u32, u32)> = None;
        for (word, lines) in (0u32..).zip(lines) {
            let mut left = *lines;
            while left != 0 {
                let bit = left.trailing_zeros();
                left &= left - 1;
                let line = word * 64 + bit;
                if self.is_hopeless(hub, line) {
                    *lines &= !(1 << bit);
                    continue;
                }
                match self.head(hub, line) {
                    Some((order, place)) => {
                        if first.is_none_or(|(least, ..)| order < least) {
                            first = Some((order, place, line));
                        }
                    }
                    None => *lines &= !(1 << bit),
                }
            }
        }
        first.map(|(_, place, line)| (place, line))
    }

    /// The head of a line, with what sorts it.
    #[inline]
    pub(super) fn head(&mut self, hub: usize, line: u32) -> Option<(u128, u32)> {
        let at = self.line(hub, line);
        while let Some(&(order, place)) = self.waiting[at].line.front() {
            if self.work[place].order == order {
                return Some((order, place));
            }
            self.head_leaves(hub, line); // Withdrawn.
        }
        None
    }

    /// How many of each role are held for the head of a line: one for each seat that somebody free could fill.
    fn hold(&self, hub: usize, line: u32) -> Vec<u16> {
        let mut held = vec![0; self.world.roles.len()];
        for seat in &self.world.lines[line as usize].seats {
            let free =
                |role: u16| self.teams[self.team(hub, usize::from(role))].free() > usize::from(held[usize::from(role)]);
            if let Some(&role) = seat.iter().find(|&&role| free(role)) {
                held[usize::from(role)] += 1;
            }
        }
        held
    }

    /// Whether somebody based at a hub is free for every seat at this instant; `found` says of which roles.
    pub(super) fn find(&self, hub: usize, search: &Search<'_>, found: &mut Vec<Found>) -> bool {
        let Search { task, held, .. } = *search;
        let may_go = |role: u16| search.roles.is_none_or(|roles| roles >> role & 1 == 1);
        let free = |seat: usize, role: u16| {
            if !may_go(role) {
                return 0;
            }
            let team = &self.teams[self.team(hub, usize::from(role))];
            let free = if self.world.roles[usize::from(role)].no_late_start {
                let plan = self.hub_plan(search.of);
                let need = task.seats[seat].need;
                let length = task.lengths[usize::from(need)].of(search.first).mean_ms();
                let travel = if task.urgent { plan.mean_urgent } else { plan.mean_round };
                self.free_until(team, self.now as f64 + travel + search.extra_travel as f64 + length)
            } else {
                team.free()
            };
            free.saturating_sub(held.get(usize::from(role)).map_or(0, |&n| usize::from(n)))
        };
        found.clear();
        // Mostly there is one seat, and no way of filling it shuts out another.
        if let [seat] = self.world.lines[task.line as usize].seats.as_slice() {
            let first = seat.iter().find(|&&role| free(0, role) > 0);
            return first.is_some_and(|&role| {
                found.push(Found { role });
                true
            });
        }
        fill(&self.world.lines[task.line as usize].seats, &free, found)
    }

    /// Starts work that waits, with those found at a hub.
    pub(super) fn start(&mut self, place: u32, task: &Task, hub: usize, extra_travel: i64, found: &[Found]) {
        let owner = match self.start_alone(place) {
            Ok(()) => return,
            Err(owner) => owner,
        };
        self.send_out(owner, task, hub, extra_travel, found);
    }

    /// Sends those found at a hub, who travel so much more \[ms\] than is drawn: travel, visit, notes and admin are fixed
    /// from here on.
    pub(super) fn send_out(&mut self, owner: Owner, task: &Task, hub: usize, extra_travel: i64, found: &[Found]) {
        // Mostly one person is sent: written twice, the loops over seats of the usual case are none.
        if let ([seat], [found]) = (task.seats.as_slice(), found) {
            let (seats, found) = (std::slice::from_ref(seat), std::slice::from_ref(found));
            self.send_to(owner, task, seats, hub, extra_travel, found);
        } else {
            self.send_to(owner, task, &task.seats, hub, extra_travel, found);
        }
    }

    #[expect(
        clippy::inline_always,
        reason = "the body of `send_out`, once for one seat and once for several"
    )]
    #[inline(always)]
    fn send_to(&mut self, owner: Owner, task: &Task, seats: &[Seat], hub: usize, extra_travel: i64, found: &[Found]) {
        let world = self.world;
        let (of, key, visit, serial, stream) = match owner {
            Owner::Referral(number) => {
                let referral = &self.referrals[number];
                (referral.case.hub, referral.key, 0, referral.serial, None)
            }
            Owner::Stream { course, visit, .. } => {
                let course = &self.courses[course];
                (course.hub, course.key, visit, course.serial, Some(course.stream))
            }
        };
        let plan = self.hub_plan(usize::from(of));
        let (roads, factor) = (plan.roads(task.urgent), plan.factor(self.instant()));
        let leaves = self.now + plan.extra_travel + extra_travel;
        let drawn_arrival = |seat: &Seat| leaves + leg(drawn(roads, key, seat.travel_salt, visit), factor);
        let (mut first_arrival, mut begins) = (i64::MAX, i64::MIN);
        for seat in seats {
            let arrival = drawn_arrival(seat);
            (first_arrival, begins) = (first_arrival.min(arrival), begins.max(arrival));
        }
        // A draw is a function of its key: of several, asked for again, it is the same.
        let alone = seats.len() == 1;
        let arrives = |seat: &Seat| if alone { begins } else { drawn_arrival(seat) };
        let length = |need: u8| {
            let length = &task.lengths[usize::from(need)];
            length
                .of(stream.is_some() && visit == 0)
                .sample_ms(key.uniform(length.salt, u64::from(visit)))
        };
        let mut sent = Sent {
            first_arrival,
            last_arrival: begins,
            lead_arrival: task
                .lead_seat
                .map(|seat| seats.get(usize::from(seat)).map_or(begins, arrives)),
            end: begins,
            pool_free_at_end: None,
        };
        let mut counted_need = None;
        for (seat, found) in seats.iter().zip(found) {
            let arrival = arrives(seat);
            let stays = length(seat.need);
            let end = begins + stays;
            sent.end = sent.end.max(end);
            let role = usize::from(found.role);
            let role_plan = &world.roles[role];
            let busy = arrival - self.now + stays + role_plan.notes;
            let admin = if role_plan.admin_extra > 0.0 {
                rounded(busy as f64 * role_plan.admin_extra)
            } else {
                0
            };
            let free_at = end + role_plan.notes + admin;
            let team = self.team(hub, role);
            let person = self.send(team, free_at, stream.is_some());
            if person.is_none() {
                if alone && free_at == end && stream.is_none() {
                    sent.pool_free_at_end = u32::try_from(team).ok();
                } else {
                    let number = pool_and_work(team, stream.is_some());
                    self.events.push_end(free_at, Kind::PoolFree, number);
                }
            }
            let second = counted_need == Some(seat.need);
            if !second {
                // One visit for each need, counted for the role of its first person.
                counted_need = Some(seat.need);
                self.books
                    .visit(u16::try_from(hub).unwrap_or(u16::MAX), found.role, begins);
            }
            self.observer.see(
                self.instant(),
                Seen::Sent {
                    referral: serial,
                    hub: self.hub_in_file(hub),
                    role,
                    person,
                    stream,
                    visit,
                    second,
                    planned: match owner {
                        Owner::Stream {
                            time,
                            lead_first: false,
                            ..
                        } => Some(Instant::from_ms(time)),
                        _ => None,
                    },
                    arrives: Instant::from_ms(arrival),
                    begins: Instant::from_ms(begins),
                    ends: Instant::from_ms(end),
                    free: Instant::from_ms(free_at),
                },
            );
        }
        match owner {
            Owner::Referral(number) => self.response_sent(number, task.part, sent),
            Owner::Stream {
                course,
                time,
                lead_first,
                ..
            } => {
                self.visit_sent(course, time, lead_first, sent);
            }
        }
    }
}

/// Fills the seats from number `found.len()` on, in order of preference, going back where that leads nowhere. `free`
/// says how many of a role could take a seat, those found for others included.
pub(super) fn fill(seats: &[Vec<u16>], free: &impl Fn(usize, u16) -> usize, found: &mut Vec<Found>) -> bool {
    let Some(seat) = seats.get(found.len()) else {
        return true;
    };
    for &role in seat {
        let taken = found.iter().filter(|f| f.role == role).count();
        if free(found.len(), role) > taken {
            found.push(Found { role });
            if fill(seats, free, found) {
                return true;
            }
            found.pop();
        }
    }
    false
}
