//! Who comes to the pathways of a plain island, and waits there.
//!
//! What somebody needs and what will come of it is drawn when a day begins, for all who come in it: no draw then waits for what
//! happens, and of exponential lengths two logarithms take as long as one. That is worth a fifth of the time.

use std::collections::VecDeque;

use crate::engine::Cause;
use crate::random::{Distribution, Key, logs_of_rest};

use super::arrivals::{Arrival, SALT_AFTER, SALT_PATIENCE};
use super::plan::PathwayPlan;
use super::record::{Books, HOURS};
use super::stretch::Stretch;

/// A pathway: what is said of it, who waits there, and what is counted.
pub(super) struct Queue<'w> {
    pub(super) plan: &'w PathwayPlan,
    pub(super) length: &'w Distribution,
    pub(super) length_salt: u64,
    /// The role of its visits.
    pub(super) role: usize,
    /// By outcome, if that is another pathway: which one, its salt, and whether it has the same role.
    pub(super) next: Vec<Option<(u16, u64, bool)>>,
    /// First come, first served.
    pub(super) line: VecDeque<Waiter>,
    /// Referrals, and those seen within the standard, by hour of the window of their clock start.
    pub(super) hours: Vec<[u32; 2]>,
    /// Of those counted, never seen, by hour of week of their clock start.
    pub(super) unseen: Vec<u32>,
    pub(super) waits: Vec<u32>,
    pub(super) wait_ms: i64,
    /// By outcome.
    pub(super) ended: Vec<u64>,
}

/// Somebody who waits.
#[derive(Clone, Copy)]
pub(super) struct Waiter {
    pub(super) comer: Comer,
    /// A number that rises from one to the next of all who wait.
    pub(super) asked: u64,
}

/// Somebody who is visited.
#[derive(Clone, Copy, Debug)]
pub(super) struct Guest {
    pub(super) key: Key,
    pub(super) pathway: u16,
    pub(super) outcome: u16,
    pub(super) counted: bool,
}

/// In place of an hour of the window, outside of it; its own hours of the day may be added.
pub(super) const NOT_COUNTED: u32 = 1 << 31;

/// For how many the lengths of visits are drawn at once.
const AT_ONCE: usize = 8;

/// Somebody who comes to a pathway at an instant.
#[derive(Clone, Copy, Debug)]
pub(super) struct Comer {
    pub(super) at: i64,
    pub(super) key: Key,
    pub(super) pathway: u16,
    /// Place in the list of outcomes.
    pub(super) outcome: u16,
    /// The hour of the window; [`NOT_COUNTED`] or more if not counted.
    pub(super) hour: u32,
    /// Of the visit \[ms\].
    pub(super) length: i64,
}

impl Comer {
    /// A referral.
    pub(super) const fn of(arrival: &Arrival) -> Self {
        Self::new(arrival.clock, arrival.key, arrival.pathway)
    }

    /// Somebody whose needs have not been drawn yet.
    pub(super) const fn new(at: i64, key: Key, pathway: u16) -> Self {
        Self {
            at,
            key,
            pathway,
            outcome: 0,
            hour: NOT_COUNTED,
            length: 0,
        }
    }
}

impl<'w> Queue<'w> {
    /// One to which nobody comes.
    pub(super) fn unused(plan: &'w PathwayPlan) -> Self {
        Self {
            plan,
            length: &plan.triage,
            length_salt: 0,
            role: 0,
            next: Vec::new(),
            line: VecDeque::new(),
            hours: Vec::new(),
            unseen: vec![0; HOURS],
            waits: Vec::new(),
            wait_ms: 0,
            ended: vec![0; plan.outcome.len().max(1)],
        }
    }

    /// Whether anybody comes to it.
    pub(super) fn is_used(&self) -> bool {
        !self.hours.is_empty()
    }

    /// For how many of those counted the first response is not over, who have not been found to have left.
    pub(super) fn responding(&self) -> u64 {
        let come: u64 = self.hours.iter().map(|&[come, _]| u64::from(come)).sum();
        let left: u64 = self.unseen.iter().map(|&left| u64::from(left)).sum();
        come - left - self.ended.iter().sum::<u64>()
    }

    /// How many of those counted wait, those who have left and have not been come upon included.
    pub(super) fn counted_waiting(&self) -> u64 {
        self.line
            .iter()
            .filter(|waiter| waiter.comer.hour < NOT_COUNTED)
            .count() as u64
    }

    /// The visit of somebody has ended at an instant. Gives who comes to another pathway then, and whether its role is the same.
    #[inline]
    pub(super) fn ended(&mut self, guest: Guest, at: i64) -> Option<(Comer, bool)> {
        let outcome = usize::from(guest.outcome);
        if let Some(ended) = self.ended.get_mut(outcome) {
            *ended += u64::from(guest.counted);
        }
        let &(next, salt, here) = self.next.get(outcome)?.as_ref()?;
        Some((Comer::new(at, guest.key.part(salt, 0), next), here))
    }

    /// When the patience of somebody ends who waits.
    pub(super) fn patience_ends(&self, comer: &Comer) -> i64 {
        let patience = self.plan.patience.as_ref();
        patience.map_or(i64::MAX, |patience| {
            comer.at + patience.draw_ms(comer.key.bits(SALT_PATIENCE, 0))
        })
    }

    /// Whether a standard is missed by somebody who is never seen, and why.
    pub(super) fn cause_of(&self, counted: bool) -> Option<Cause> {
        (counted && self.plan.within.is_some()).then_some(Cause::BusyFirstResponses)
    }

    /// Following has ended, and whoever still waits is a miss. Gives how many of them had been judged.
    pub(super) fn close(&mut self, pathway: u16, at: i64, books: &mut Books) -> u64 {
        let mut judged = 0;
        for waiter in std::mem::take(&mut self.line) {
            let counted = waiter.comer.hour < NOT_COUNTED;
            let case = books.case_of(pathway, waiter.comer.at, counted);
            let cause = self.cause_of(counted);
            judged += u64::from(cause.is_some() && at > self.plan.standard_ends(waiter.comer.at));
            self.unseen[usize::from(case.hour)] += u32::from(counted);
            books.unanswered(&case, at, cause);
        }
        judged
    }
}

/// Counts those who come in a stretch, and draws what they need and what will come of it: for all who come on a day, so that no
/// draw waits for what happens, and several at once.
pub(super) fn receive(comers: &mut [Comer], stretch: &Stretch, queues: &mut [Queue<'_>]) {
    for comers in comers.chunks_mut(AT_ONCE) {
        let mut bits = [0; AT_ONCE];
        for (comer, bits) in comers.iter_mut().zip(&mut bits) {
            let Some(queue) = queues.get_mut(usize::from(comer.pathway)) else {
                continue;
            };
            comer.hour = stretch.hour_of_window(comer.at);
            if let Some(count) = queue.hours.get_mut(comer.hour as usize) {
                count[0] += 1;
            }
            if let [rest @ .., _] = queue.plan.outcome.as_slice()
                && !rest.is_empty()
            {
                let u = comer.key.uniform(SALT_AFTER, 0);
                comer.outcome = rest.iter().map(|(upto, _)| u16::from(u >= *upto)).sum();
            }
            *bits = comer.key.bits(queue.length_salt, 0);
        }
        let logarithms = logs_of_rest(bits);
        for ((comer, bits), log) in comers.iter_mut().zip(bits).zip(logarithms) {
            if let Some(queue) = queues.get(usize::from(comer.pathway)) {
                comer.length = queue.length.draw_ms_at(bits, log);
            }
        }
    }
}
