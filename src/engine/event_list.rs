//! What is to happen next: events in the order of time, then phase, then sequence.
//!
//! A 4-ary heap of 24-byte entries. Nothing is ever taken out of the middle: whoever no longer wants an event
//! changes its own `timer`, and the event is skipped as stale when it comes up.

/// What happens first at one instant. The order of the variants is the order of the world.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Phase {
    /// Visits and breaks end, staff become free, packages end.
    Completion,
    /// Days, shifts and pools change.
    StaffChange,
    /// Referrals arrive, triage is over, planned visits become available.
    Arrival,
    /// People whose patience is over leave; visits are given up. (Work starts between arrivals and leavings.)
    Leaving,
}

/// What an event is about. The number says which one, in the list that belongs to the kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A person is free again (number: person).
    PersonFree,
    /// One of a pool is free again (number: team).
    PoolFree,
    /// The first response is over (number: referral).
    ResponseOver,
    /// The response is over and its only worker, of a pool, is free at the same instant (number: referral).
    ResponseOverPoolFree,
    /// The clock stops at somebody's arrival (number: referral).
    ClockStops,
    /// The same for a package (number: package).
    PackageClockStops,
    /// A package ends (number: package).
    PackageEnds,
    /// A civil day begins.
    Midnight,
    /// A shift begins (number: place in the day's list of shift starts).
    ShiftStarts,
    /// A person's shift ends (number: person).
    ShiftEnds,
    /// A person's break falls due (number: person).
    BreakDue,
    /// A person's break is over (number: person).
    BreakOver,
    /// The capacity of a pool changes (number: team).
    PoolChanges,
    /// Triage is over (number: referral).
    Ready,
    /// A referral born of another begins (number: place in the list of births).
    Born,
    /// A planned visit becomes available (number: stream).
    VisitAvailable,
    /// Patience is over (number: referral).
    PatienceOver,
    /// Patience is over for a package (number: package).
    PackagePatienceOver,
    /// A planned visit is given up (number: work).
    GivenUp,
}

/// One event to come.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Event {
    /// Time [ms] and phase in one number: `time * 4 + phase`.
    order: i64,
    /// Sequence number: unique, and the event's identity for whoever holds it as `timer`.
    pub(crate) sequence: u64,
    /// Which one.
    pub(crate) number: u32,
    /// What about.
    pub(crate) kind: Kind,
}

impl Event {
    /// Time and phase in one number, as [`order`] makes it.
    pub(crate) const fn order(&self) -> i64 {
        self.order
    }

    const fn key(&self) -> (i64, u64) {
        (self.order, self.sequence)
    }
}

/// Time and phase in one number that sorts as the world runs.
pub(crate) const fn order(time: i64, phase: Phase) -> i64 {
    time << 2 | phase as i64
}

/// The events to come.
#[derive(Debug, Default)]
pub(crate) struct EventList {
    heap: Vec<Event>,
    sequence: u64,
}

impl EventList {
    /// The next sequence number.
    pub(crate) fn next_sequence(&mut self) -> u64 {
        self.sequence += 1;
        self.sequence
    }

    /// Adds an event and returns its sequence number.
    pub(crate) fn push(&mut self, time: i64, phase: Phase, kind: Kind, number: u32) -> u64 {
        let sequence = self.next_sequence();
        let event = Event {
            order: order(time, phase),
            sequence,
            number,
            kind,
        };
        let mut hole = self.heap.len();
        self.heap.push(event);
        while hole > 0 {
            let parent = (hole - 1) / 4;
            if self.heap[parent].key() <= event.key() {
                break;
            }
            self.heap[hole] = self.heap[parent];
            hole = parent;
        }
        self.heap[hole] = event;
        sequence
    }

    /// Time and phase of the next event, as [`order`] makes it; the end of time if there is none.
    pub(crate) fn next_order(&self) -> i64 {
        self.heap.first().map_or(i64::MAX, Event::order)
    }

    /// Takes the next event.
    pub(crate) fn pop(&mut self) -> Option<Event> {
        let first = *self.heap.first()?;
        let last = self.heap.pop()?;
        let len = self.heap.len();
        if len > 0 {
            let mut hole = 0;
            loop {
                let from = 4 * hole + 1;
                if from >= len {
                    break;
                }
                let mut least = from;
                for child in from + 1..(from + 4).min(len) {
                    if self.heap[child].key() < self.heap[least].key() {
                        least = child;
                    }
                }
                if last.key() <= self.heap[least].key() {
                    break;
                }
                self.heap[hole] = self.heap[least];
                hole = least;
            }
            self.heap[hole] = last;
        }
        Some(first)
    }
}

#[cfg(test)]
mod tests {
    use super::{EventList, Kind, Phase};
    use crate::random::Key;

    #[test]
    fn events_come_by_time_then_phase_then_sequence() {
        let mut list = EventList::default();
        let phases = [Phase::Completion, Phase::StaffChange, Phase::Arrival, Phase::Leaving];
        let mut expected = Vec::new();
        for n in 0..5_000_u32 {
            let draw = Key::root(3).bits(1, u64::from(n));
            let (time, phase) = ((draw % 300) as i64 - 100, phases[(draw >> 20) as usize % 4]);
            list.push(time, phase, Kind::Midnight, n);
            expected.push((time, phase, n));
            if n % 3 == 0 {
                expected.sort();
                let first = expected.remove(0);
                assert_eq!(list.pop().map(|e| (e.order() >> 2, e.number)), Some((first.0, first.2)));
            }
        }
        expected.sort();
        for (time, _, n) in expected {
            assert_eq!(list.pop().map(|e| (e.order() >> 2, e.number)), Some((time, n)));
        }
        assert!(list.pop().is_none());
    }
}
