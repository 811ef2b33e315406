//! What is to happen next: events in the order of time, then phase, then sequence.
//!
//! The next few events stand sorted in a short list, all others in a 4-ary heap; entries have 16 bytes. Most events of an
//! island are set for soon (the end of a visit) and go into the short list, where an insertion moves a handful of entries and
//! taking the next one costs nothing; those for later days wait in the heap and pass through the list once. Nothing is ever
//! taken out of the middle: whoever no longer wants an event changes its own `timer`, and the event is skipped as stale when
//! it comes up.

/// What happens first at one instant. The order of the variants is the order of the world.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Phase {
    /// Visits and breaks end, staff become free, packages end.
    Completion,
    /// Days, shifts and pools change.
    StaffChange,
    /// Referrals arrive, triage is over, planned visits become available, work opens to neighbours.
    Arrival,
    /// People whose patience is over leave; visits are given up; who will be too late is known. (Work starts between
    /// arrivals and leavings.)
    Leaving,
}

/// What an event is about. The number says which one, in the list that belongs to the kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A person is free again (number: person).
    PersonFree,
    /// One of a pool is free again (number: twice the team, 1 more if from a planned visit).
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
    /// A first response has waited so long that neighbours may help (number: work).
    OpensToNeighbours,
    /// Whoever has not been sent will be too late (number: referral).
    Judged,
    /// The same for the first of a line of those who will be judged (number: line).
    JudgedInLine,
    /// The same for a package (number: package).
    PackageJudged,
}

impl Kind {
    /// Every kind, by its number.
    const ALL: [Self; 23] = [
        Self::PersonFree,
        Self::PoolFree,
        Self::ResponseOver,
        Self::ResponseOverPoolFree,
        Self::ClockStops,
        Self::PackageClockStops,
        Self::PackageEnds,
        Self::Midnight,
        Self::ShiftStarts,
        Self::ShiftEnds,
        Self::BreakDue,
        Self::BreakOver,
        Self::PoolChanges,
        Self::Ready,
        Self::Born,
        Self::VisitAvailable,
        Self::PatienceOver,
        Self::PackagePatienceOver,
        Self::GivenUp,
        Self::OpensToNeighbours,
        Self::Judged,
        Self::JudgedInLine,
        Self::PackageJudged,
    ];
}

/// Bits of an event: time and phase 64, sequence 36, kind 5, number 23. What comes first is the smaller number, so
/// that comparing two events is one comparison.
pub(crate) const NUMBER_BITS: u32 = 23;
const KIND_BITS: u32 = 5;
const SEQUENCE_SHIFT: u32 = NUMBER_BITS + KIND_BITS;

/// One event to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Event(u128);

impl Event {
    fn new(order: i64, sequence: u64, kind: Kind, number: u32) -> Self {
        debug_assert!(number >> NUMBER_BITS == 0, "more things than an event can number");
        let low = sequence << SEQUENCE_SHIFT | (kind as u64) << NUMBER_BITS | u64::from(number);
        // Flipping the sign bit makes negative times sort before positive ones.
        Self(u128::from(order.cast_unsigned() ^ 1 << 63) << 64 | u128::from(low))
    }

    #[expect(clippy::cast_possible_truncation, reason = "the lower half")]
    const fn low(self) -> u64 {
        self.0 as u64
    }

    /// Time and phase in one number, as [`order`] makes it.
    pub(crate) const fn order(self) -> i64 {
        ((self.0 >> 64) as u64 ^ 1 << 63).cast_signed()
    }

    /// Sequence number: the event's identity for whoever holds it as `timer`.
    pub(crate) const fn sequence(self) -> u64 {
        self.low() >> SEQUENCE_SHIFT
    }

    /// What about.
    pub(crate) fn kind(self) -> Kind {
        Kind::ALL[(self.low() >> NUMBER_BITS & ((1 << KIND_BITS) - 1)) as usize]
    }

    /// Which one.
    pub(crate) const fn number(self) -> u32 {
        (self.low() & ((1 << NUMBER_BITS) - 1)) as u32
    }
}

/// Time and phase in one number that sorts as the world runs.
pub(crate) const fn order(time: i64, phase: Phase) -> i64 {
    time << 2 | phase as i64
}

/// Most events in the short list, and how many are left in it, or taken into it, when it is full or empty.
const NEAR: usize = 32;
const SOME: usize = 16;

/// The events to come.
#[derive(Debug)]
pub(crate) struct EventList {
    /// The next ones, the last of the list first. Empty only if there are none at all.
    near: Vec<Event>,
    /// Whatever comes before this belongs to the short list.
    near_until: Event,
    /// All others: a 4-ary heap.
    far: Vec<Event>,
    sequence: u64,
}

impl Default for EventList {
    fn default() -> Self {
        Self {
            near: Vec::with_capacity(NEAR + 1),
            near_until: Event(u128::MAX),
            far: Vec::new(),
            sequence: 0,
        }
    }
}

impl EventList {
    /// The next sequence number.
    pub(crate) fn next_sequence(&mut self) -> u64 {
        self.sequence += 1;
        self.sequence
    }

    /// Adds an event and returns its sequence number.
    #[inline]
    pub(crate) fn push(&mut self, time: i64, phase: Phase, kind: Kind, number: u32) -> u64 {
        let sequence = self.next_sequence();
        self.push_as(sequence, time, phase, kind, number);
        sequence
    }

    /// Adds an event with a sequence number that was taken for it before.
    #[inline]
    pub(crate) fn push_as(&mut self, sequence: u64, time: i64, phase: Phase, kind: Kind, number: u32) {
        let event = Event::new(order(time, phase), sequence, kind, number);
        if event < self.near_until {
            self.push_near(event);
        } else {
            self.push_far(event);
        }
    }

    fn push_near(&mut self, event: Event) {
        let sooner = self.near.iter().rev().take_while(|other| **other < event).count();
        self.near.insert(self.near.len() - sooner, event);
        if self.near.len() > NEAR {
            let later = self.near.len() - SOME;
            self.near_until = self.near[later - 1];
            for place in 0..later {
                let event = self.near[place];
                self.push_far(event);
            }
            self.near.drain(..later);
        }
    }

    fn push_far(&mut self, event: Event) {
        if self.near.is_empty() {
            self.near.push(event); // The first of all.
            return;
        }
        let mut hole = self.far.len();
        self.far.push(event);
        while hole > 0 {
            let parent = (hole - 1) / 4;
            if self.far[parent] <= event {
                break;
            }
            self.far[hole] = self.far[parent];
            hole = parent;
        }
        self.far[hole] = event;
    }

    /// Time and phase of the next event, as [`order`] makes it; the end of time if there is none.
    #[inline]
    pub(crate) fn next_order(&self) -> i64 {
        self.near.last().map_or(i64::MAX, |event| event.order())
    }

    /// Takes the next event.
    #[inline]
    pub(crate) fn pop(&mut self) -> Option<Event> {
        let first = self.near.pop();
        if self.near.is_empty() {
            self.refill();
        }
        first
    }

    /// The short list is empty: the next few of the others come into it.
    fn refill(&mut self) {
        while self.near.len() < SOME
            && let Some(event) = self.pop_far()
        {
            self.near.push(event);
        }
        self.near.reverse();
        self.near_until = self.far.first().copied().unwrap_or(Event(u128::MAX));
    }

    fn pop_far(&mut self) -> Option<Event> {
        let first = *self.far.first()?;
        let last = self.far.pop()?;
        let heap = self.far.as_mut_slice();
        if !heap.is_empty() {
            let mut hole = 0;
            loop {
                let from = 4 * hole + 1;
                // The usual case, four children, without a branch for each: mispredicted branches are what a heap costs.
                let (least, event) = if let Some(&[a, b, c, d]) = heap.get(from..from + 4) {
                    let (left, e) = if b < a { (from + 1, b) } else { (from, a) };
                    let (right, f) = if d < c { (from + 3, d) } else { (from + 2, c) };
                    if f < e { (right, f) } else { (left, e) }
                } else {
                    let Some(least) = (from..heap.len()).min_by_key(|&child| heap[child]) else {
                        break;
                    };
                    (least, heap[least])
                };
                if last <= event {
                    break;
                }
                heap[hole] = event;
                hole = least;
            }
            heap[hole] = last;
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
                assert_eq!(
                    list.pop().map(|e| (e.order() >> 2, e.number())),
                    Some((first.0, first.2))
                );
            }
        }
        expected.sort();
        for (time, _, n) in expected {
            assert_eq!(list.pop().map(|e| (e.order() >> 2, e.number())), Some((time, n)));
        }
        assert!(list.pop().is_none());
    }
}
