//! Neighbours: people of one hub sent to first responses of another.
//!
//! **Open work.** A first response that nobody has been sent to `after` it asked for its people (triage over) is open to
//! the neighbours whose `after` that is; a wait equal to it is enough. Where hubs have several neighbours with an `after` each,
//! they are asked one after the other. Planned visits are never open.
//!
//! **Own work first.** At every instant each hub starts what it can with its own people; then open work is tried, in the
//! order of work, whichever hub it is of. Work that cannot start lets others pass, also behind it in its own line.
//!
//! **Who helps.** Neighbours are asked the nearest first, by `extra-travel`, then by name. A person of a role that is lent
//! may go if they are free and no work of equal or higher class waits at their own hub that their role could do, be it as
//! an alternative or as the second of two. Work that needs several people at one instant is filled wholly by one hub.
//! Among alternatives the work's own order of preference holds, and so does the shift-end rule of whoever helps.
//!
//! **What is fixed then.** Travel is that of the person visited, drawn as ever, and `extra-travel` besides. The time of
//! whoever helps and the visit are counted at the hub that they come from, the referral at its own.
//!
//! Where a hub has no neighbours none of this happens: nothing is set, looked at or kept.

use crate::engine::{Observer, Run};

use super::dispatch::{Found, Search, Work, class_of};
use super::event_list::{Kind, Phase};
use super::plan::Lender;

/// Work that neighbours may help with.
#[derive(Clone, Copy, Debug)]
pub(super) struct OpenWork {
    /// The order of work: what is not of this order any more has started or been withdrawn.
    order: u128,
    place: u32,
    asked: i64,
}

impl<O: Observer> Run<'_, O> {
    /// A hub has asked for people for a first response: neighbours will be asked if it waits.
    pub(super) fn ask_neighbours_later(&mut self, place: u32, hub: usize) {
        self.set_asking(place, hub, self.now, -1);
    }

    /// Sets the first instant at which neighbours may help who could not help after `waited` \[ms\].
    fn set_asking(&mut self, place: u32, hub: usize, asked: i64, waited: i64) {
        let afters = self.lenders(place, hub).map(|lender| lender.after);
        let next = afters.filter(|&after| after > waited).min();
        self.work[place].timer = next.map_or(0, |after| {
            self.events
                .push(asked + after, Phase::Arrival, Kind::OpensToNeighbours, place)
        });
    }

    /// The neighbours of a hub who lend a role that some work of it names.
    fn lenders(&self, place: u32, hub: usize) -> impl Iterator<Item = &'_ Lender> {
        let task = &self.world.tasks[self.work[place].task as usize];
        let roles = self.world.lines[task.line as usize].roles;
        let lenders = &self.world.hubs[self.hubs[hub]].lenders;
        lenders.iter().filter(move |lender| lender.roles & roles != 0)
    }

    /// Work has waited long enough for the next of its neighbours.
    pub(super) fn opens_to_neighbours(&mut self, place: u32, event: u64) -> bool {
        let work = self.work[place];
        if work.timer != event {
            return false;
        }
        let hub = usize::from(self.hub_of(work.owner));
        let order = work.order();
        let known = self.open_work.iter().find(|open| open.order == order);
        let asked = known.map_or_else(
            || self.now - self.lenders(place, hub).map(|l| l.after).min().unwrap_or(0),
            |open| open.asked,
        );
        if known.is_none() {
            let at = self.open_work.partition_point(|open| open.order < order);
            self.open_work.insert(at, OpenWork { order, place, asked });
        }
        self.set_asking(place, hub, asked, self.now - asked);
        self.any_changed = true;
        true
    }

    /// Every hub has started what it can: neighbours start what they may.
    pub(super) fn ask_neighbours(&mut self) {
        let mut open = std::mem::take(&mut self.open_work);
        let mut found = std::mem::take(&mut self.found);
        open.retain(|work| self.work[work.place].order() == work.order);
        let mut next = 0;
        while let Some(&work) = open.get(next) {
            if !self.lend(work, &mut found) {
                next += 1;
                continue;
            }
            open.remove(next);
            if self.any_changed {
                break; // The hub itself may start something now, and goes first.
            }
            // One hub less that wants its own people: what was passed over may start.
            next = 0;
        }
        (self.open_work, self.found) = (open, found);
    }

    /// Sends somebody of the nearest neighbour who can; whether there was one.
    fn lend(&mut self, open: OpenWork, found: &mut Vec<Found>) -> bool {
        let world = self.world;
        let Work {
            task: number, owner, ..
        } = self.work[open.place];
        let hub = usize::from(self.hub_of(owner));
        let task = &world.tasks[number as usize];
        let named = world.lines[task.line as usize].roles;
        let lenders = &self.hub_plan(hub).lenders;
        let waited = self.now - open.asked;
        for lender in lenders.iter().filter(|lender| waited >= lender.after) {
            let free = self.free_roles(lender.hub, lender.roles & named);
            let roles = free & !self.wanted_at_home(lender.hub, free, class_of(open.order));
            let search = Search {
                task,
                of: hub,
                first: owner.is_first_visit(),
                extra_travel: lender.extra_travel,
                roles: Some(roles),
                held: &[],
            };
            if roles != 0 && self.find(lender.hub, &search, found) {
                self.start(open.place, task, lender.hub, lender.extra_travel, found);
                self.left_its_line(number, owner);
                return true;
            }
        }
        false
    }

    /// Of these roles, those of which somebody is free at a hub.
    fn free_roles(&self, hub: usize, roles: u128) -> u128 {
        let free = |&role: &usize| self.teams[self.team(hub, role)].free() > 0;
        bits(roles).filter(free).fold(0, |free, role| free | 1 << role)
    }

    /// Roles that work of this class or a higher one waits for at a hub; lines that name none of `roles` left out.
    fn wanted_at_home(&mut self, hub: usize, roles: u128, class: u8) -> u128 {
        let world = self.world;
        let mut wanted = 0;
        for (number, line) in (0u32..).zip(&world.lines) {
            if line.roles & roles != 0
                && let Some((order, _)) = self.head(hub, number)
                && class_of(order) <= class
            {
                wanted |= line.roles;
            }
        }
        wanted
    }
}

/// The places of the bits that are set.
pub(super) fn bits(of: u128) -> impl Iterator<Item = usize> {
    std::iter::successors(Some(of), |rest| Some(rest & rest.wrapping_sub(1)))
        .take_while(|rest| *rest != 0)
        .map(|rest| rest.trailing_zeros() as usize)
}
