//! First responses: from clock start to the end of the last visit, and what follows.
//!
//! A kind of response is drawn by share. With `separate`, each role is asked for by itself, is dispatched when one
//! of it is free and does its own visit; with `together` and `reserve` everybody is sent at one instant. The
//! pathway says whose arrival stops the clock. Patience runs until the first dispatch of anyone. The response is
//! over at the end of its last visit; then one outcome is drawn, and besides, unless that is hospital, whatever
//! `also` begins.

use crate::engine::{Cause, Observer, Run, Seen};
use crate::model::ClockStops;
use crate::random::Key;
use crate::units::{Instant, Span};

use super::arrivals::{SALT_AFTER, SALT_TWO};
use super::dispatch::Owner;
use super::event_list::{Kind, Phase};
use super::plan::{After, PathwayPlan};
use super::record::Case;
use super::staff::pool_and_work;

pub(super) const SALT_LEAVING: u64 = 0x1e65_6176_696e_6701;

/// A referral between clock start and the end of its first response.
#[derive(Clone, Copy, Debug)]
pub(super) struct Referral {
    pub(super) case: Case,
    pub(super) key: Key,
    /// The key of the first referral of this person: what is theirs whatever the referral.
    pub(super) person: Key,
    pub(super) serial: u64,
    /// The patience event; 0 when patience no longer matters.
    pub(super) patience: u64,
    pub(super) patience_until: i64,
    /// The event at which a `first` clock stops; 0 if none.
    clock_timer: u64,
    /// Work asked for and not yet sent, a bit for each task.
    pub(super) waiting: u16,
    /// When triage was over; the end of time until then.
    pub(super) ready: i64,
    /// The event that judges it; 0 if none.
    pub(super) judging: u64,
    /// Why it misses its standard, if it does and that is known.
    pub(super) cause: Option<Cause>,
    /// Whether the place is taken.
    alive: bool,
    pub(super) sent_any: bool,
    stopped: bool,
    first_arrival: i64,
    last_arrival: i64,
    last_end: i64,
    /// The pool to free when the response is over, where that is one event.
    pub(super) team: u32,
    /// First of the chain of waiting work.
    pub(super) work: Option<u32>,
}

impl Referral {
    pub(super) fn new(case: Case, key: Key, person: Key, serial: u64) -> Self {
        Self {
            case,
            key,
            person,
            serial,
            patience: 0,
            patience_until: i64::MAX,
            clock_timer: 0,
            waiting: 0,
            ready: i64::MAX,
            judging: 0,
            cause: None,
            alive: true,
            sent_any: false,
            stopped: false,
            first_arrival: i64::MAX,
            last_arrival: i64::MIN,
            last_end: i64::MIN,
            team: 0,
            work: None,
        }
    }

    /// Its only person, of this team, has been sent.
    #[inline]
    pub(super) const fn sent_to(&mut self, team: u32) {
        (self.waiting, self.patience, self.team) = (0, 0, team);
        (self.sent_any, self.stopped) = (true, true);
    }

    /// Whether its place is taken; `None` if nothing was asked for yet: it may have left during triage, and keeps its place
    /// until that is over, or have become a package.
    pub(super) const fn is_open(&self) -> Option<bool> {
        match (self.alive, self.sent_any || self.waiting != 0) {
            (true, _) => Some(true),
            (false, true) => Some(false),
            (false, false) => None,
        }
    }
}

impl Referral {
    /// Whether it is there and its clock still runs.
    pub(super) const fn still_waits(&self) -> bool {
        self.alive && !self.stopped
    }
}

/// What sending somebody to a first response came to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sent {
    /// First and last arrival of those sent.
    pub(super) first_arrival: i64,
    pub(super) last_arrival: i64,
    /// Arrival of the response's lead, if among those sent.
    pub(super) lead_arrival: Option<i64>,
    /// End of the last visit of those sent.
    pub(super) end: i64,
    /// The pool of the only worker, if free again at `end`.
    pub(super) pool_free_at_end: Option<u32>,
}

impl<O: Observer> Run<'_, O> {
    /// Triage is over: the referral asks for its package or its response.
    pub(super) fn ready(&mut self, number: u32) {
        let world = self.world;
        if !self.referrals[number].alive {
            self.referrals.release(number); // Left during triage.
            return;
        }
        let judging = self.judge_after_triage(number);
        let Referral { case, key, person, .. } = self.referrals[number];
        let plan = &world.pathways[usize::from(case.pathway)];
        if let Some(alone) = self.alone(case.hub, case.pathway) {
            if self.goes_at_once(alone) {
                self.send_alone(number, alone);
            } else {
                self.wait_alone(number, alone, plan, judging);
            }
            return;
        }
        if let Some(package) = plan.package {
            let referral = self.referrals[number];
            self.referrals[number].alive = false;
            self.referrals[number].patience = 0;
            self.referrals.release(number);
            self.books.followed(&case);
            self.ask_for_package(package, referral, judging);
            return;
        }
        let Some(response) = plan.responses.get(Self::kind_of(plan, key)) else {
            return;
        };
        if judging {
            self.judge_later(number);
        }
        let due = plan.due(case.clock);
        if let Some(task) = response.alone {
            let work = self.ask(task, Owner::Referral(number), plan.priority, due, None);
            let referral = &mut self.referrals[number];
            (referral.work, referral.waiting) = (Some(work), 1);
            return;
        }
        let double = person.uniform(SALT_TWO, 0);
        let mut chain = None;
        let mut waiting = 0;
        for (n, task) in response.tasks_for(double).enumerate() {
            chain = Some(self.ask(task, Owner::Referral(number), plan.priority, due, chain));
            waiting |= 1 << n;
        }
        let referral = &mut self.referrals[number];
        (referral.work, referral.waiting) = (chain, waiting);
    }

    /// Somebody has been sent to do a part of it.
    pub(super) fn response_sent(&mut self, number: u32, part: u8, sent: Sent) {
        let world = self.world;
        let referral = &mut self.referrals[number];
        let plan = &world.pathways[usize::from(referral.case.pathway)];
        referral.waiting &= !(1 << part);
        referral.first_arrival = referral.first_arrival.min(sent.first_arrival);
        referral.last_arrival = referral.last_arrival.max(sent.last_arrival);
        referral.last_end = referral.last_end.max(sent.end);
        referral.patience = 0;
        let first_sent = !std::mem::replace(&mut referral.sent_any, true);
        let (waiting, first_arrival, last_end) = (referral.waiting, referral.first_arrival, referral.last_end);
        let stop = match plan.clock_stops {
            ClockStops::Lead => sent.lead_arrival,
            ClockStops::First => (waiting == 0).then_some(first_arrival),
            ClockStops::All => (waiting == 0).then_some(referral.last_arrival),
        };
        let pool_free_at_end = sent.pool_free_at_end.filter(|_| waiting == 0 && last_end == sent.end);
        if let Some(team) = pool_free_at_end {
            referral.team = team;
        }
        if let Some(stop) = stop {
            if !std::mem::replace(&mut referral.stopped, true) {
                let (case, serial, cause) = (referral.case, referral.serial, referral.cause);
                self.book_stop(plan, case, serial, stop, cause);
            }
        } else if plan.clock_stops == ClockStops::First && first_sent {
            // Somebody sent later may still come earlier; at this arrival it is known.
            let timer = self
                .events
                .push(first_arrival, Phase::Completion, Kind::ClockStops, number);
            self.referrals[number].clock_timer = timer;
        }
        if waiting == 0 {
            let kind = if pool_free_at_end.is_some() {
                Kind::ResponseOverPoolFree
            } else {
                Kind::ResponseOver
            };
            self.events.push_end(last_end, kind, number);
        }
        if let Some(team) = sent.pool_free_at_end.filter(|_| pool_free_at_end.is_none()) {
            let number = pool_and_work(team as usize, false);
            self.events.push_end(sent.end, Kind::PoolFree, number);
        }
    }

    /// The first arrival under a `first` clock.
    pub(super) fn clock_stops_at_first(&mut self, number: u32, event: u64) -> bool {
        let referral = &self.referrals[number];
        if referral.clock_timer != event || referral.stopped {
            return false;
        }
        self.stop_clock(number, referral.first_arrival);
        true
    }

    fn stop_clock(&mut self, number: u32, stop: i64) {
        let referral = &mut self.referrals[number];
        if std::mem::replace(&mut referral.stopped, true) {
            return;
        }
        let (case, serial, cause) = (referral.case, referral.serial, referral.cause);
        let plan = self.pathway(case.pathway);
        self.book_stop(plan, case, serial, stop, cause);
    }

    /// Enters a stopped clock into the books. Whoever missed the standard and was sent in time was too long on the road.
    #[inline]
    pub(super) fn book_stop(&mut self, plan: &PathwayPlan, case: Case, serial: u64, stop: i64, cause: Option<Cause>) {
        let cause = cause.unwrap_or(Cause::Travel);
        let met = self.books.clock_stops(&case, stop, plan.within, cause);
        self.beds.goes(&case, serial, self.now, stop, &mut self.books);
        if !met {
            self.see_cause(&case, serial, Some(cause));
        }
        self.observer.see(
            self.instant(),
            Seen::ClockStops {
                referral: serial,
                hub: self.hub_in_file(case.hub),
                pathway: usize::from(case.pathway),
                at: Instant::from_ms(stop),
                wait: Span::from_ms(stop - case.clock),
                met,
            },
        );
    }

    /// The end of the last visit: one outcome, and what goes with it.
    pub(super) fn response_over(&mut self, number: u32) {
        let Referral {
            case,
            key,
            person,
            serial,
            ..
        } = self.referrals[number];
        self.referrals[number].alive = false;
        self.referrals[number].clock_timer = 0;
        self.referrals.release(number);
        self.books.followed(&case);
        let plan = self.pathway(case.pathway);
        // Where only one thing can follow, nobody need draw.
        let place = if plan.outcome.len() > 1 {
            drawn(key.uniform(SALT_AFTER, 0), &plan.outcome)
        } else {
            0
        };
        self.books.ended(&case, plan.first_ending + place);
        let after = plan.outcome.get(place).map_or(After::End, |(_, after)| *after);
        self.observer.see(
            self.instant(),
            Seen::ResponseOver {
                referral: serial,
                hub: self.hub_in_file(case.hub),
                pathway: usize::from(case.pathway),
                outcome: place,
            },
        );
        match after {
            After::Pathway(pathway) => {
                // What begins besides is asked for at the same instant: nobody goes before that.
                self.any_changed |= !plan.also.is_empty();
                self.give_birth(case.hub, pathway, key, person);
            }
            After::Hospital => self.books.admitted(&case),
            After::End => {}
        }
        if after != After::Hospital {
            for &(package, share, salt) in &plan.also {
                if key.uniform(salt, 0) < share {
                    self.begin_besides(package, case.hub, key, person);
                }
            }
        }
    }

    /// Patience is over: gone, unless somebody has been sent.
    pub(super) fn patience_over(&mut self, number: u32, event: u64) -> bool {
        if self.referrals[number].patience != event {
            return false;
        }
        let Referral {
            case,
            key,
            serial,
            mut work,
            ..
        } = self.referrals[number];
        let cause = self.why_referral(number);
        while let Some(place) = work {
            work = self.withdraw(place);
        }
        self.books.followed(&case);
        self.book_leaving(case, key, serial, cause);
        let referral = &mut self.referrals[number];
        (referral.patience, referral.alive) = (0, false);
        // A referral still in triage has an event to come, which gives the place back.
        if referral.waiting != 0 {
            self.referrals.release(number);
        }
        true
    }

    pub(super) fn book_leaving(&mut self, case: Case, key: Key, serial: u64, cause: Option<Cause>) {
        let plan = &self.world.pathways[usize::from(case.pathway)];
        let outcome = drawn(key.uniform(SALT_LEAVING, 0), &plan.on_leaving);
        let hospital = plan.on_leaving.get(outcome).is_some_and(|(_, hospital)| *hospital);
        let ending = plan.first_leaving + outcome;
        self.books.left(&case, self.now, hospital, ending, cause);
        self.beds.goes(&case, serial, self.now, self.now, &mut self.books);
        self.see_cause(&case, serial, cause);
        self.observer.see(
            self.instant(),
            Seen::Left {
                referral: serial,
                hub: self.hub_in_file(case.hub),
                pathway: usize::from(case.pathway),
                outcome,
            },
        );
    }

    /// Tells an observer why a counted referral missed its standard.
    fn see_cause(&mut self, case: &Case, serial: u64, cause: Option<Cause>) {
        if let Some(cause) = cause.filter(|_| self.is_judged(case)) {
            self.observer.see(
                self.instant(),
                Seen::Missed {
                    referral: serial,
                    hub: self.hub_in_file(case.hub),
                    pathway: usize::from(case.pathway),
                    cause,
                },
            );
        }
    }

    /// Following has ended: what still waits is a miss.
    pub(super) fn close_referrals(&mut self, at: i64) {
        for place in 0..u32::try_from(self.referrals.all().len()).unwrap_or(u32::MAX) {
            let referral = self.referrals[place];
            if !referral.still_waits() {
                continue;
            }
            let Referral {
                case,
                serial,
                sent_any,
                first_arrival,
                cause,
                ..
            } = referral;
            if sent_any && self.world.pathways[usize::from(case.pathway)].clock_stops == ClockStops::First {
                let plan = self.pathway(case.pathway);
                self.book_stop(plan, case, serial, first_arrival, cause);
            } else {
                let cause = self.why_referral(place);
                self.book_unanswered(case, serial, at, cause);
            }
        }
    }

    pub(super) fn book_unanswered(&mut self, case: Case, serial: u64, at: i64, cause: Option<Cause>) {
        self.books.unanswered(&case, at, cause);
        self.beds.goes(&case, serial, self.now, at, &mut self.books);
        self.see_cause(&case, serial, cause);
        self.observer.see(
            self.instant(),
            Seen::Unanswered {
                referral: serial,
                hub: self.hub_in_file(case.hub),
                pathway: usize::from(case.pathway),
            },
        );
    }
}

/// The one of several outcomes that a number in (0, 1) falls on, by cumulative shares: its place in the list.
pub(super) fn drawn<T>(u: f64, outcomes: &[(f64, T)]) -> usize {
    outcomes
        .iter()
        .position(|(upto, _)| u < *upto)
        .unwrap_or(outcomes.len().saturating_sub(1))
}
