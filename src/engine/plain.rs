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
//! of the window; totals, hours of the week and days are added up once at the end.
//!
//! **One role after the other.** If people go on from one role to another and never back, and to each from one other at most,
//! nothing that happens at a role depends on those that come after it. So a day is simulated role by role ([`Station`]), each of
//! which needs no more than its own few ends of visits, the next who comes and its own hours: no list of events.
//!
//! **The end** is the event with which following the last who is counted ends. Events after the window are noted with their times,
//! and those after the end left out.
//!
//! **No result can tell the difference**: whoever looks on is shown the island without any of this, and tests hold what is
//! counted there against what is counted here, number by number. What cannot be told apart here (two events that may be the last
//! at one instant, a million people waiting, a visit of no time or of decades) is simulated without any of this as well.

use crate::engine::{Cause, Deaf, IslandRecord, Run, World};
use crate::stats::WaitHistogram;
use crate::units::{Instant, Span};

use super::ends::PLACES;
use super::event_list::Phase;
use super::plan::{After, HubPlan, RolePlan, TeamPlan};
use super::queue::{Comer, Queue, receive};
use super::station::Station;
use super::stretch::{Stretch, Tally};

/// Longer windows are left to the whole engine, which keeps no list of their hours: 30 years.
const MOST_HOURS: usize = 1 << 18;

/// A plain island, before anything runs in it.
pub(super) struct Plain<'w> {
    hub: &'w HubPlan,
    /// By pathway.
    queues: Vec<Queue<'w>>,
    /// Pools of staff, each after the one from which people come to it: role, and pathways of those who wait for it.
    roles: Vec<(usize, Vec<u16>)>,
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
        let nothing_held = !world.any_reserve && !world.any_neighbours;
        let empty = hub.open_at_start.is_empty() && hub.waiting_at_start.is_empty();
        let nobody_in_bed = world.pathways.iter().all(|plan| plan.waits_in.is_empty());
        let whole_days = world.from % Span::DAY.ms() == 0;
        // Roles of people of whom there are none have no shifts that anybody could begin.
        let is_pool = |(team, role): (&TeamPlan, &RolePlan)| match team {
            TeamPlan::Pool(week) => week.iter().flatten().all(|&(_, staff)| staff as usize <= PLACES),
            TeamPlan::People(_) => role.role.shifts.is_empty(),
        };
        let pools = hub.teams.iter().zip(&world.roles).all(is_pool);
        if !(one_world && nothing_held && empty && nobody_in_bed && whole_days && pools) {
            return None;
        }
        let queues = queues_of(world, hub)?;
        let roles = in_order(&queues, hub.teams.len())?;
        let roles = roles.into_iter().filter(|&role| is_a_pool(hub, role)).map(|role| {
            let needs = |(_, queue): &(u16, &Queue<'_>)| queue.is_used() && queue.role == role;
            (
                role,
                (0..).zip(&queues).filter(needs).map(|(pathway, _)| pathway).collect(),
            )
        });
        Some(Self {
            roles: roles.collect(),
            hub,
            queues,
        })
    }
}

/// The pathways of a hub and where they lead, if each to which anybody comes is plain.
fn queues_of<'w>(world: &'w World, hub: &'w HubPlan) -> Option<Vec<Queue<'w>>> {
    let hours = usize::try_from(world.window_end / Span::HOUR.ms()).ok()? + 1;
    if hours > MOST_HOURS {
        return None;
    }
    let next_of = |after: &After| match after {
        After::Pathway(next) => Some(*next),
        After::Hospital | After::End => None,
    };
    let mut queues: Vec<Queue<'w>> = world.pathways.iter().map(Queue::unused).collect();
    let mut comes: Vec<usize> = hub.sources.iter().map(|source| source.pathway).collect();
    while let Some(pathway) = comes.pop() {
        let queue = queues.get_mut(pathway)?;
        if queue.is_used() {
            continue;
        }
        let alone = hub.alone.get(pathway)?.as_ref()?;
        queue.role = alone.plain_role(world, hub, queue.plan)?;
        (queue.length, queue.length_salt) = alone.length();
        if queue.length.is_zero() {
            return None;
        }
        queue.hours = vec![[0; 2]; hours];
        queue.waits = vec![0; WaitHistogram::BINS];
        comes.extend(queue.plan.outcome.iter().filter_map(|(_, after)| next_of(after)));
    }
    let roles: Vec<usize> = queues.iter().map(|queue| queue.role).collect();
    for queue in queues.iter_mut().filter(|queue| queue.is_used()) {
        let to = |&next: &usize| {
            (
                u16::try_from(next).unwrap_or(u16::MAX),
                world.pathways[next].salt,
                roles[next] == queue.role,
            )
        };
        let outcomes = queue.plan.outcome.iter();
        queue.next = outcomes.map(|(_, after)| next_of(after).as_ref().map(to)).collect();
    }
    Some(queues)
}

/// All roles, each after the one from which people come to it; none if they come to one from several, itself included, or in a
/// circle: then it matters which of two visits that end at one instant began first.
fn in_order(queues: &[Queue<'_>], roles: usize) -> Option<Vec<usize>> {
    let mut before: Vec<Option<usize>> = vec![None; roles];
    for queue in queues {
        for &(next, ..) in queue.next.iter().flatten() {
            let from = before.get_mut(queues.get(usize::from(next))?.role)?;
            if from.is_some_and(|from| from != queue.role) {
                return None;
            }
            *from = Some(queue.role);
        }
    }
    let mut placed = vec![false; roles];
    let mut order = Vec::with_capacity(roles);
    while order.len() < roles {
        let ready = |&role: &usize| !placed[role] && before[role].is_none_or(|from| from == role || placed[from]);
        let role = (0..roles).find(ready)?;
        placed[role] = true;
        order.push(role);
    }
    Some(order)
}

/// A day until an instant: in the window, or outside of it, or first the one and then the other.
fn stretches(day: i64, until: i64, window_end: i64, world: &World) -> [Option<Stretch>; 2] {
    let midnight = Instant::midnight(day).ms();
    let weekday = world.calendar.weekday(day).index();
    let stretch = |until, day_of_window| Stretch::new(midnight, until, day_of_window, weekday);
    let inside = u32::try_from(day).ok().filter(|_| midnight < window_end);
    let first = inside.map(|day| stretch(until.min(window_end), Some(day)));
    let rest = (inside.is_none() || window_end < until).then(|| stretch(until, None));
    [first, rest]
}

fn is_a_pool(hub: &HubPlan, role: usize) -> bool {
    matches!(hub.teams.get(role), Some(TeamPlan::Pool(_)))
}

/// Those who come to a role on a day: from outside, and from another role.
#[derive(Default)]
struct Coming {
    outside: Vec<Comer>,
    onward: Vec<Comer>,
}

impl Coming {
    /// All of them in order: at one instant, those who come when a visit ends are first. Leaves nobody.
    fn take_into(&mut self, all: &mut Vec<Comer>) {
        all.clear();
        if self.onward.is_empty() {
            return std::mem::swap(all, &mut self.outside);
        }
        if self.outside.is_empty() {
            return std::mem::swap(all, &mut self.onward);
        }
        let mut onward = self.onward.drain(..).peekable();
        for comer in self.outside.drain(..) {
            while let Some(first) = onward.next_if(|first| first.at <= comer.at) {
                all.push(first);
            }
            all.push(comer);
        }
        all.extend(onward);
    }
}

impl<'w> Run<'w, Deaf> {
    /// Simulates a plain island; nothing if what happens in it has to be simulated otherwise.
    pub(super) fn go_plain(mut self, plain: Plain<'w>) -> Option<IslandRecord> {
        self.begin();
        let Plain { hub, mut queues, roles } = plain;
        let room = self.world.most_open.saturating_sub(PLACES * roles.len()) / roles.len().max(1);
        let station = |(_, pathways): &(usize, Vec<u16>)| Station::new(pathways.clone(), &queues, room, &self.books);
        let mut stations: Vec<Station> = roles.iter().map(station).collect();
        let mut coming: Vec<Coming> = (0..hub.teams.len()).map(|_| Coming::default()).collect();
        let (mut comers, mut gone, mut changes) = (Vec::new(), Vec::new(), Vec::new());
        let role_of: Vec<usize> = queues.iter().map(|queue| queue.role).collect();
        // Of all who come from outside, if it is one.
        let mut roles_of_outside = hub.sources.iter().map(|source| role_of[source.pathway]);
        let only_role = roles_of_outside
            .next()
            .filter(|&role| roles_of_outside.all(|other| other == role));
        let window_end = self.books.window_end();
        let mut tally = Tally::new(window_end);
        let mut responding = 0;
        while self.now < self.end {
            let day = self.instant().day();
            let until = (self.now + Span::DAY.ms()).min(self.end);
            tally.handled(self.now, Phase::StaffChange, false);
            self.draw_day(day);
            let today = self.arrivals.of_today(until).map(Comer::of);
            match only_role {
                Some(role) => coming[role].outside.extend(today),
                None => today.for_each(|comer| coming[role_of[usize::from(comer.pathway)]].outside.push(comer)),
            }
            let outside = || coming.iter().map(|coming| coming.outside.as_slice());
            if until <= window_end {
                tally.inside += outside().map(<[Comer]>::len).sum::<usize>() as u64;
            } else {
                outside()
                    .flatten()
                    .for_each(|comer| tally.handled(comer.at, Phase::Arrival, false));
            }
            let stretches = stretches(day, until, window_end, self.world);
            let working_weekday = self.world.calendar.working_weekday(day).index();
            for ((role, _), station) in roles.iter().zip(&mut stations) {
                changes.clear();
                if let Some(TeamPlan::Pool(week)) = hub.teams.get(*role) {
                    let mut capacity = station.capacity();
                    for &(time, staff) in &week[working_weekday] {
                        if capacity.replace(staff) != Some(staff) {
                            changes.push((self.now + time, staff));
                        }
                    }
                }
                coming[*role].take_into(&mut comers);
                let (mut changes, mut rest) = (changes.iter(), comers.as_mut_slice());
                for stretch in stretches.iter().flatten() {
                    let number = rest.partition_point(|comer| comer.at < stretch.until);
                    let (comers, later) = rest.split_at_mut(number);
                    receive(comers, stretch, &mut queues);
                    let books = &mut self.books;
                    station.run(stretch, &mut changes, comers, &mut queues, books, &mut gone);
                    rest = later;
                }
                if station.leads_to_one {
                    // Nobody waits to go there: people come to a role from one other at most.
                    if let Some(role) = gone.first().map(|comer| role_of[usize::from(comer.pathway)]) {
                        std::mem::swap(&mut gone, &mut coming[role].onward);
                    }
                } else {
                    for comer in gone.drain(..) {
                        coming[role_of[usize::from(comer.pathway)]].onward.push(comer);
                    }
                }
            }
            self.now = until;
            if stations.iter().any(|station| station.is_beyond) {
                return None;
            }
            if until >= window_end {
                for station in &mut stations {
                    station.let_go(until, &mut queues, &mut self.books);
                }
                responding = queues.iter().map(Queue::responding).sum();
                if responding == 0 {
                    break;
                }
            }
        }
        let tallies = || stations.iter().map(|station| &station.tally).chain([&tally]);
        let last = tallies().map(|tally| tally.last).max().filter(|_| responding == 0);
        let after = || tallies().flat_map(|tally| &tally.after);
        if last.is_some_and(|last| after().filter(|&&event| event == last).count() > 1) {
            return None;
        }
        let counted_after = after().filter(|&&event| last.is_none_or(|last| event <= last)).count();
        self.handled = tallies().map(|tally| tally.inside).sum::<u64>() + counted_after as u64;
        self.close_plain(&mut queues);
        for ((role, _), station) in roles.iter().zip(stations) {
            let team = &mut self.teams[*role];
            (team.visits, team.hours) = (station.visits, station.hours());
            self.books.hubs[0].roles[*role].overtime_ms += station.overtime_ms;
        }
        self.books.set_hour(self.now.max(window_end));
        Some(self.finish())
    }

    /// What has been counted goes into the books; following has ended, and what still waits is a miss.
    fn close_plain(&mut self, queues: &mut [Queue<'_>]) {
        self.books.open = queues.iter().map(Queue::counted_waiting).sum();
        if self.books.open > 0 {
            self.now = self.end;
        }
        let at = self.now.max(self.books.window_end());
        for (pathway, queue) in (0..).zip(queues).filter(|(_, queue)| queue.is_used()) {
            self.handled += queue.close(pathway, at, &mut self.books);
            // Of nearly all, what they waited lies in the window. Whoever was seen too late had been judged meanwhile.
            self.handled += self.books.add_plain(pathway, queue, Cause::BusyFirstResponses);
            for (place, &count) in queue.ended.iter().enumerate() {
                let hospital = matches!(queue.plan.outcome.get(place), Some((_, After::Hospital)));
                self.books
                    .add_ended(pathway, count, queue.plan.first_ending + place, hospital);
            }
        }
    }
}
