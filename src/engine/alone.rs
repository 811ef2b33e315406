//! Responses of one person: the plain case, which is most of what happens in most services, without the steps that it does
//! not need.
//!
//! **Who is needed** by a pathway at a hub is looked up before anything runs, where it is always one person of one role.
//!
//! **At once.** Somebody who becomes ready when a person of the role is free, nothing else waits that names the role and nothing
//! else is to come at this instant before work starts, is who the pass over the lines would send somebody to: they are sent,
//! and no work is asked for, put into a line and taken out again.
//!
//! **Waiting.** Whoever has to wait stands in the line of the role among all other work; which line that is and who will be
//! looked for is looked up beforehand. A line that alone names a role is served without a pass over lines. A miss while everybody
//! of the role is busy has its cause by a look at the team.
//!
//! Everything else is as in [`super::response`] and [`super::dispatch`], draws and order included; no result can tell the
//! difference.

use crate::engine::{Desk, Observer, Run, Seen, World, rounded};
use crate::random::Distribution;
use crate::units::Instant;

use super::cause::{Cause, drawn, leg};
use super::dispatch::{Found, Owner, Work, order_of};
use super::event_list::Kind;
use super::plan::{HubPlan, Length, PathwayPlan, TeamPlan};
use super::record::Case;
use super::response::Referral;
use super::staff::pool_and_work;

/// One person of one role, whatever the referral.
#[derive(Debug)]
pub(crate) struct Alone {
    /// Which task it is; whoever waits since before a dated change may have been asked for as another.
    pub(super) task: u32,
    /// The line in which whoever has to wait stands: its number, and its place among those of the island.
    line: u32,
    at: u32,
    travel_salt: u64,
    length: Length,
    notes: i64,
    admin_extra: f64,
    /// Where the role is based, and its team there.
    base: u16,
    role: u16,
    team: u32,
}

impl Alone {
    /// Who is needed by a pathway at a hub, if it is always one person of one role.
    pub(crate) fn of(world: &World, hub: &HubPlan, plan: &PathwayPlan) -> Option<Self> {
        let ([response], None) = (plan.responses.as_slice(), plan.package) else {
            return None;
        };
        let number = response.alone?;
        let task = world.tasks.get(number as usize)?;
        let ([seat], [length]) = (task.seats.as_slice(), task.lengths.as_slice()) else {
            return None;
        };
        let role = world.lines.get(task.line as usize)?.only?;
        let staff = world.roles.get(usize::from(role))?;
        // Whoever may not start late, is held for others or comes from elsewhere is found in the lines.
        if staff.no_late_start || world.any_reserve || world.any_neighbours {
            return None;
        }
        Some(Self {
            task: number,
            line: task.line,
            at: u32::try_from(hub.base * world.lines.len() + task.line as usize).ok()?,
            travel_salt: seat.travel_salt,
            length: length.clone(),
            notes: staff.notes,
            admin_extra: staff.admin_extra,
            base: u16::try_from(hub.base).ok()?,
            role,
            team: u32::try_from(hub.base * world.roles.len() + usize::from(role)).ok()?,
        })
    }

    /// The role, if it can be a part of a plain island of one hub: nobody is sent away or kept, travels, or is busy after the
    /// visit, and somebody of a pool is on shift at any time.
    pub(super) fn plain_role(&self, world: &World, hub: &HubPlan, plan: &PathwayPlan) -> Option<usize> {
        let open = plan.declined <= 0.0 && !plan.has_triage && plan.opens.is_none() && plan.also.is_empty();
        let role = usize::from(self.role);
        let busy_no_longer = world
            .roles
            .get(role)
            .is_some_and(|role| role.notes == 0 && role.admin_extra <= 0.0);
        let always_there = match hub.teams.get(role)? {
            TeamPlan::Pool(week) => week
                .iter()
                .all(|day| day.first().is_some_and(|&(from, _)| from == 0) && day.iter().all(|&(_, staff)| staff > 0)),
            TeamPlan::People(_) => false,
        };
        (open && busy_no_longer && always_there && hub.urgent.none && hub.extra_travel == 0).then_some(role)
    }

    /// How long a visit takes, and the purpose of its draw.
    pub(super) const fn length(&self) -> (&Distribution, u64) {
        (&self.length.usual, self.length.salt)
    }
}

impl<'w, O: Observer> Run<'w, O> {
    /// What the scenario says of a pathway.
    #[inline]
    pub(super) fn pathway(&self, pathway: u16) -> &'w PathwayPlan {
        &self.world.pathways[usize::from(pathway)]
    }

    /// Who is needed by a pathway at a hub, if it is always one person of one role.
    #[inline]
    pub(super) fn alone(&self, hub: u16, pathway: u16) -> Option<&'w Alone> {
        self.desk(hub, pathway).alone
    }

    /// Whether somebody who is ready now is sent to without waiting.
    #[inline]
    pub(super) fn goes_at_once(&self, alone: &Alone) -> bool {
        let team = &self.teams[alone.team as usize];
        team.free() > 0 && team.waiting_for == 0 && self.is_last_of_instant()
    }

    /// Somebody who is ready now has to wait. If their standard may be missed for a cause that is not known yet, they will be
    /// judged.
    pub(super) fn wait_alone(&mut self, number: u32, alone: &Alone, plan: &PathwayPlan, judging: bool) {
        if judging {
            self.judge_later(number);
        }
        let due = plan.due(self.referrals[number].case.clock);
        let order = order_of(plan.priority, due, self.events.next_sequence());
        let work = self.work.insert(Work::of(order, alone.task, number));
        self.waiting[alone.at as usize].push(order, work);
        let base = usize::from(alone.base);
        self.lines_in_use[base * self.world.line_words + alone.line as usize / 64] |= 1 << (alone.line % 64);
        let team = &mut self.teams[alone.team as usize];
        team.waiting_for += 1;
        if team.free() > 0 {
            self.change_team(alone.team);
        }
        let referral = &mut self.referrals[number];
        (referral.work, referral.waiting) = (Some(work), 1);
    }

    /// Whoever is free of the only role that a line names goes to its heads, as far as they go.
    pub(super) fn serve_line(&mut self, hub: usize, line: u32, role: u16) {
        let (team, at) = (self.team(hub, usize::from(role)), self.line(hub, line));
        while self.teams[team].free() > 0
            && let Some((order, place)) = self.waiting[at].line.pop_front()
        {
            self.teams[team].waiting_for -= 1;
            let work = &self.work[place];
            if work.order() != order {
                continue; // Withdrawn.
            }
            let task = &self.world.tasks[work.task as usize];
            if let Err(owner) = self.start_alone(place) {
                self.send_out(owner, task, hub, 0, &[Found { role }]);
            }
        }
        if self.waiting[at].line.is_empty() {
            self.lines_in_use[hub * self.world.line_words + line as usize / 64] &= !(1 << (line % 64));
        }
    }

    /// Takes work out of those that wait and, if it is of a referral that needs one person and nobody else, sends them; else
    /// says whose it is.
    #[inline]
    pub(super) fn start_alone(&mut self, place: u32) -> Result<(), Owner> {
        let work = &mut self.work[place];
        let (owner, task) = (work.owner, work.task);
        work.clear();
        self.work.release(place);
        if let Owner::Referral(number) = owner {
            let Case { hub, pathway, .. } = self.referrals[number].case;
            if let Some(alone) = self.alone(hub, pathway)
                && alone.task == task
            {
                self.send_alone(number, alone);
                return Ok(());
            }
        }
        Err(owner)
    }

    /// Why whoever waits misses the standard, where that takes no long look: everybody of the role is busy.
    pub(super) fn why_alone(&self, referral: &Referral) -> Option<Cause> {
        let alone = self.alone(referral.case.hub, referral.case.pathway)?;
        let plan = self.pathway(referral.case.pathway);
        let asked = referral.work.filter(|_| referral.waiting != 0)?;
        if self.work[asked].task != alone.task || (plan.opens.is_some() && !plan.defer) {
            return None;
        }
        let there = &self.teams[alone.team as usize].presence.now;
        (there.on > 0 && there.free() == 0).then_some(if there.on > there.first {
            Cause::BusyPlannedVisits
        } else {
            Cause::BusyFirstResponses
        })
    }

    /// Sends somebody to a referral that needs one person, who is free.
    pub(super) fn send_alone(&mut self, number: u32, alone: &Alone) {
        let referral = &mut self.referrals[number];
        let (case, key, serial, cause) = (referral.case, referral.key, referral.serial, referral.cause);
        referral.sent_to(alone.team);
        let Desk { hub, pathway, .. } = self.desk(case.hub, case.pathway);
        let way = if hub.urgent.none {
            0
        } else {
            leg(
                drawn(&hub.urgent, key, alone.travel_salt, 0),
                hub.factor(self.instant()),
            )
        };
        let arrival = self.now + hub.extra_travel + way;
        let stays = alone.length.usual.draw_ms(key.bits(alone.length.salt, 0));
        let end = arrival + stays;
        let busy = arrival - self.now + stays + alone.notes;
        let admin = if alone.admin_extra > 0.0 {
            rounded(busy as f64 * alone.admin_extra)
        } else {
            0
        };
        let free_at = end + alone.notes + admin;
        let person = self.send(alone.team as usize, free_at, false);
        self.teams[alone.team as usize].visits += u64::from(self.books.inside(arrival));
        self.observer.see(
            self.instant(),
            Seen::Sent {
                referral: serial,
                hub: self.hub_in_file(alone.base),
                role: usize::from(alone.role),
                person,
                stream: None,
                visit: 0,
                second: false,
                planned: None,
                arrives: Instant::from_ms(arrival),
                begins: Instant::from_ms(arrival),
                ends: Instant::from_ms(end),
                free: Instant::from_ms(free_at),
            },
        );
        let mut over = Kind::ResponseOver;
        if person.is_none() && free_at == end {
            over = Kind::ResponseOverPoolFree;
        } else if person.is_none() {
            let number = pool_and_work(alone.team as usize, false);
            self.events.push_end(free_at, Kind::PoolFree, number);
        }
        self.book_stop(pathway, case, serial, arrival, cause);
        self.events.push_end(end, over, number);
    }
}
