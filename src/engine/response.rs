//! First responses: from clock start to the end of the last visit, and what follows.
//!
//! A kind of response is drawn by share. With `separate`, each role is asked for by itself, is dispatched when one
//! of it is free and does its own visit; with `together` and `reserve` everybody is sent at one instant. The
//! pathway says whose arrival stops the clock. Patience runs until the first dispatch of anyone. The response is
//! over at the end of its last visit; then one outcome is drawn, and besides, unless that is hospital, whatever
//! `also` begins.

use crate::engine::{Observer, Run, Seen};
use crate::model::ClockStops;
use crate::random::Key;
use crate::units::{Instant, Span};

use super::arrivals::{SALT_AFTER, SALT_TWO};
use super::dispatch::Owner;
use super::event_list::{Kind, Phase};
use super::plan::After;
use super::record::Case;

const SALT_LEAVING: u64 = 0x1e65_6176_696e_6701;

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
    /// Work asked for and not yet sent.
    to_send: u8,
    /// Whether the place is taken.
    alive: bool,
    sent_any: bool,
    stopped: bool,
    first_arrival: i64,
    last_arrival: i64,
    last_end: i64,
    /// The pool to free when the response is over, where that is one event.
    pub(super) team: u32,
    /// First of the chain of waiting work.
    work: Option<u32>,
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
            to_send: 0,
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

    /// Whether its place is taken; `None` if nothing was asked for yet: it may have left during triage, and keeps its place
    /// until that is over, or have become a package.
    pub(super) const fn is_open(&self) -> Option<bool> {
        match (self.alive, self.sent_any || self.to_send > 0) {
            (true, _) => Some(true),
            (false, true) => Some(false),
            (false, false) => None,
        }
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
        let Referral {
            case,
            key,
            person,
            serial,
            patience_until,
            ..
        } = self.referrals[number];
        if !self.referrals[number].alive {
            self.referrals.release(number); // Left during triage.
            return;
        }
        let plan = &world.pathways[usize::from(case.pathway)];
        if let Some(package) = plan.package {
            self.referrals[number].alive = false;
            self.referrals[number].patience = 0;
            self.referrals.release(number);
            self.books.followed(&case);
            self.ask_for_package(package, case, key, person, serial, patience_until);
            return;
        }
        let kind = Self::kind_of(plan, key);
        let Some(response) = plan.responses.get(kind) else {
            return;
        };
        let double = person.uniform(SALT_TWO, 0);
        let due = plan.due(case.clock);
        let mut chain = None;
        let mut asked = 0;
        if response.together {
            let mask = response
                .two
                .iter()
                .zip(&response.mask_bits)
                .filter_map(|(&two, bit)| bit.filter(|_| double < two))
                .fold(0, |mask, bit| mask | 1 << bit);
            chain = Some(self.ask(
                response.tasks[0][mask],
                Owner::Referral(number),
                plan.priority,
                due,
                chain,
            ));
            asked = 1;
        } else {
            for (tasks, &two) in response.tasks.iter().zip(&response.two) {
                let task = tasks[usize::from(double < two)];
                chain = Some(self.ask(task, Owner::Referral(number), plan.priority, due, chain));
                asked += 1;
            }
        }
        let referral = &mut self.referrals[number];
        (referral.work, referral.to_send) = (chain, asked);
    }

    /// Somebody has been sent.
    pub(super) fn response_sent(&mut self, number: u32, sent: Sent) {
        let world = self.world;
        let referral = &mut self.referrals[number];
        let plan = &world.pathways[usize::from(referral.case.pathway)];
        referral.to_send -= 1;
        referral.first_arrival = referral.first_arrival.min(sent.first_arrival);
        referral.last_arrival = referral.last_arrival.max(sent.last_arrival);
        referral.last_end = referral.last_end.max(sent.end);
        referral.patience = 0;
        let first_sent = !std::mem::replace(&mut referral.sent_any, true);
        let Referral {
            to_send,
            first_arrival,
            last_arrival,
            last_end,
            ..
        } = *referral;
        let stop = match plan.clock_stops {
            ClockStops::Lead => sent.lead_arrival,
            ClockStops::First => (to_send == 0).then_some(first_arrival),
            ClockStops::All => (to_send == 0).then_some(last_arrival),
        };
        if let Some(stop) = stop {
            self.stop_clock(number, stop);
        } else if plan.clock_stops == ClockStops::First && first_sent {
            // Somebody sent later may still come earlier; at this arrival it is known.
            let timer = self
                .events
                .push(first_arrival, Phase::Completion, Kind::ClockStops, number);
            self.referrals[number].clock_timer = timer;
        }
        if to_send == 0 {
            if let Some(team) = sent.pool_free_at_end.filter(|_| last_end == sent.end) {
                self.referrals[number].team = team;
                self.events
                    .push(last_end, Phase::Completion, Kind::ResponseOverPoolFree, number);
                return;
            }
            self.events
                .push(last_end, Phase::Completion, Kind::ResponseOver, number);
        }
        if let Some(team) = sent.pool_free_at_end {
            self.events.push(sent.end, Phase::Completion, Kind::PoolFree, team);
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
        let (case, serial) = (referral.case, referral.serial);
        self.book_stop(case, serial, stop);
    }

    /// Enters a stopped clock into the books.
    pub(super) fn book_stop(&mut self, case: Case, serial: u64, stop: i64) {
        let plan = &self.world.pathways[usize::from(case.pathway)];
        let met = self.books.clock_stops(&case, stop, plan.within, plan.waits_in_bed);
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
        let world = self.world;
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
        let plan = &world.pathways[usize::from(case.pathway)];
        let u = key.uniform(SALT_AFTER, 0);
        let place = plan
            .outcome
            .iter()
            .position(|(upto, _)| u < *upto)
            .unwrap_or(plan.outcome.len().saturating_sub(1));
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
            After::Pathway(pathway) => self.give_birth(case.hub, pathway, key, person),
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
        while let Some(place) = work {
            work = self.withdraw(place);
        }
        self.books.followed(&case);
        self.book_leaving(case, key, serial);
        let referral = &mut self.referrals[number];
        (referral.patience, referral.alive) = (0, false);
        // A referral still in triage has an event to come, which gives the place back.
        if referral.to_send > 0 {
            self.referrals.release(number);
        }
        true
    }

    pub(super) fn book_leaving(&mut self, case: Case, key: Key, serial: u64) {
        let plan = &self.world.pathways[usize::from(case.pathway)];
        let hospital = key.uniform(SALT_LEAVING, 0) < plan.on_leaving_hospital;
        self.books.left(&case, self.now, hospital, plan.waits_in_bed);
        self.observer.see(
            self.instant(),
            Seen::Left {
                referral: serial,
                hub: self.hub_in_file(case.hub),
                pathway: usize::from(case.pathway),
                hospital,
            },
        );
    }

    /// Following has ended: what still waits is a miss.
    pub(super) fn close_referrals(&mut self, at: i64) {
        for place in 0..self.referrals.all().len() {
            let Some(referral) = self.referrals.all().get(place).filter(|r| r.alive && !r.stopped) else {
                continue;
            };
            let Referral {
                case,
                serial,
                sent_any,
                first_arrival,
                ..
            } = *referral;
            if sent_any && self.world.pathways[usize::from(case.pathway)].clock_stops == ClockStops::First {
                self.book_stop(case, serial, first_arrival);
            } else {
                self.book_unanswered(case, serial, at);
            }
        }
    }

    pub(super) fn book_unanswered(&mut self, case: Case, serial: u64, at: i64) {
        let in_bed = self.world.pathways[usize::from(case.pathway)].waits_in_bed;
        self.books.unanswered(&case, at, in_bed);
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
