//! What is to happen next: events in the order of time, then phase, then sequence.
//!
//! A calendar of some days' length: events to come lie unsorted in stretches of about an hour each, and those of the stretch
//! that runs stand sorted in a short list. So an event is put away in a few steps, sorted once among a dozen others, and taken
//! from the end of a list; the usual heap compares it a dozen times on the way in and out, and every second of these
//! comparisons is a mispredicted branch. What lies beyond the calendar is in a 4-ary heap until its stretch comes.
//!
//! Entries have 16 bytes. Nothing is ever taken out of the middle: whoever no longer wants an event changes its own `timer`,
//! and the event is skipped as stale when it comes up.

use super::ends::Ends;

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

/// What an event is: sequence, kind and number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct What(u64);

impl What {
    /// In places where there is none.
    pub(super) const NOTHING: Self = Self(0);

    #[inline]
    fn new(sequence: u64, kind: Kind, number: u32) -> Self {
        debug_assert!(number >> NUMBER_BITS == 0, "more things than an event can number");
        Self(sequence << SEQUENCE_SHIFT | (kind as u64) << NUMBER_BITS | u64::from(number))
    }

    /// Sequence number: the event's identity for whoever holds it as `timer`.
    pub(crate) const fn sequence(self) -> u64 {
        self.0 >> SEQUENCE_SHIFT
    }

    /// What about.
    #[inline]
    pub(crate) fn kind(self) -> Kind {
        Kind::ALL[(self.0 >> NUMBER_BITS & ((1 << KIND_BITS) - 1)) as usize]
    }

    /// Which one.
    #[inline]
    pub(crate) const fn number(self) -> u32 {
        (self.0 & ((1 << NUMBER_BITS) - 1)) as u32
    }
}

/// One event to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Event(u128);

impl Event {
    #[inline]
    fn new(order: i64, what: What) -> Self {
        // Flipping the sign bit makes negative times sort before positive ones.
        Self(u128::from(order.cast_unsigned() ^ 1 << 63) << 64 | u128::from(what.0))
    }

    #[expect(clippy::cast_possible_truncation, reason = "the lower half")]
    const fn what(self) -> What {
        What(self.0 as u64)
    }

    /// Time and phase in one number, as [`order`] makes it.
    const fn order(self) -> i64 {
        ((self.0 >> 64) as u64 ^ 1 << 63).cast_signed()
    }
}

/// Time and phase in one number that sorts as the world runs.
pub(crate) const fn order(time: i64, phase: Phase) -> i64 {
    time << 2 | phase as i64
}

/// Stretches of the calendar of an island of one hub, and the length of one as a power of 2 \[ms\]: 70 minutes, 12 days in all.
/// Twice the hubs have stretches half as long, as many more of them.
const STRETCHES: usize = 256;
const LENGTH: u32 = 22;

/// More events than this in one stretch: stretches are too long.
const CROWDED: usize = 96;

/// No entry.
const NONE: u32 = u32::MAX;

/// The events to come.
#[derive(Debug)]
pub(crate) struct EventList {
    /// Those of the stretch that runs and before, the next one last. Empty only if there are none at all.
    near: Vec<Event>,
    /// Time and phase of the next of these; the end of time if there are none.
    near_order: i64,
    /// Where the stretch that runs ends, as [`order`] makes it.
    near_until: i64,
    /// The stretch after it, by number.
    next: i64,
    /// The length of a stretch, as a power of 2 of what [`order`] makes.
    shift: u32,
    /// The stretches of the calendar, one after the other and round again: the first entry of each.
    calendar: Vec<u32>,
    /// Entries, each with the next of its stretch; free ones in a chain of their own.
    entries: Vec<(Event, u32)>,
    free: u32,
    /// How many lie in the calendar.
    waiting: usize,
    /// Those beyond the calendar: a 4-ary heap.
    far: Vec<Event>,
    /// Ends of visits under way, as many as have a place there.
    ends: Ends<What>,
    sequence: u64,
}

impl EventList {
    /// No events yet; there will be none before `from` \[ms\], of so many hubs.
    pub(crate) fn new(from: i64, hubs: usize) -> Self {
        let hubs = hubs.next_power_of_two().min(256);
        let shift = LENGTH + 2 - hubs.trailing_zeros();
        let next = order(from, Phase::Completion) >> shift;
        Self {
            near: Vec::new(),
            near_order: i64::MAX,
            near_until: next << shift,
            next,
            shift,
            calendar: vec![NONE; STRETCHES * hubs],
            entries: Vec::new(),
            free: NONE,
            waiting: 0,
            far: Vec::new(),
            ends: Ends::new(What::NOTHING),
            sequence: 0,
        }
    }

    /// The next sequence number.
    #[inline]
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

    /// Adds the end of a visit, or of what comes with it.
    #[inline]
    pub(crate) fn push_end(&mut self, time: i64, kind: Kind, number: u32) {
        let (sequence, order) = (self.next_sequence(), order(time, Phase::Completion));
        let what = What::new(sequence, kind, number);
        if !self.ends.push(what, order, sequence) {
            self.put(what, order);
        }
    }

    /// Adds an event with a sequence number that was taken for it before.
    #[inline]
    pub(crate) fn push_as(&mut self, sequence: u64, time: i64, phase: Phase, kind: Kind, number: u32) {
        let order = order(time, phase);
        self.put(What::new(sequence, kind, number), order);
    }

    fn put(&mut self, what: What, order: i64) {
        let event = Event::new(order, what);
        if order < self.near_until {
            let sooner = self.near.iter().rev().take_while(|other| **other < event).count();
            self.near.insert(self.near.len() - sooner, event);
            self.near_order = self.near_order.min(order);
        } else {
            self.put_away(event);
            if self.near.is_empty() {
                self.turn();
                self.near_order = self.near.last().map_or(i64::MAX, |event| event.order());
            }
        }
    }

    /// Puts an event into the calendar, or beyond it.
    fn put_away(&mut self, event: Event) {
        let stretch = event.order() >> self.shift;
        if stretch - self.next >= self.calendar.len() as i64 {
            self.push_far(event);
            return;
        }
        let place = self.place_of(stretch);
        let entry = (event, self.calendar[place]);
        self.calendar[place] = self.free;
        if let Some(slot) = self.entries.get_mut(self.free as usize) {
            self.free = slot.1;
            *slot = entry;
        } else {
            self.calendar[place] = u32::try_from(self.entries.len()).unwrap_or(NONE);
            self.entries.push(entry);
        }
        self.waiting += 1;
    }

    /// Where a stretch lies in the calendar, the length of which is a power of 2.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the lower bits are meant"
    )]
    fn place_of(&self, stretch: i64) -> usize {
        stretch as usize & (self.calendar.len() - 1)
    }

    /// Time and phase of the next event, as [`order`] makes it; the end of time if there is none.
    #[inline]
    pub(crate) fn next_order(&self) -> i64 {
        self.ends.next_order().min(self.near_order)
    }

    /// Takes the next event.
    #[inline]
    pub(crate) fn pop(&mut self) -> Option<What> {
        let (end, other) = (self.ends.next_order(), self.near_order);
        if end < other || (end == other && self.near.last().is_some_and(|event| self.ends.first() < event.what())) {
            return Some(self.ends.take());
        }
        self.pop_near()
    }

    fn pop_near(&mut self) -> Option<What> {
        let first = self.near.pop();
        if self.near.is_empty() {
            self.turn();
        }
        self.near_order = self.near.last().map_or(i64::MAX, |event| event.order());
        first.map(Event::what)
    }

    /// The stretch that ran is over: the next one with anything in it begins.
    fn turn(&mut self) {
        while self.near.is_empty() {
            let first_far = self.far.first().map(|event| event.order() >> self.shift);
            if self.waiting == 0 {
                let Some(stretch) = first_far else {
                    return; // Nothing is to come.
                };
                self.next = stretch;
            }
            let place = self.place_of(self.next);
            let mut number = std::mem::replace(&mut self.calendar[place], NONE);
            while let Some(entry) = self.entries.get_mut(number as usize) {
                self.near.push(entry.0);
                self.waiting -= 1;
                (number, entry.1, self.free) = (entry.1, self.free, number);
            }
            while self
                .far
                .first()
                .is_some_and(|event| event.order() >> self.shift <= self.next)
            {
                let event = self.pop_far();
                self.near.extend(event);
            }
            self.next += 1;
        }
        self.near_until = self.next << self.shift;
        self.near.sort_unstable_by(|a, b| b.cmp(a));
        if self.near.len() > CROWDED && self.shift > 2 {
            // Many at one instant would be as many in any half.
            let middle = self.near_until - (1 << (self.shift - 1));
            let later = self.near.partition_point(|event| event.order() >= middle);
            if later.min(self.near.len() - later) > CROWDED / 4 {
                self.shorten();
            }
        }
    }

    /// Stretches become half as long.
    #[cold]
    fn shorten(&mut self) {
        let mut all: Vec<Event> = std::mem::take(&mut self.near);
        for place in 0..self.calendar.len() {
            let mut number = std::mem::replace(&mut self.calendar[place], NONE);
            while let Some(&(event, next)) = self.entries.get(number as usize) {
                all.push(event);
                number = next;
            }
        }
        self.entries.clear();
        (self.free, self.waiting) = (NONE, 0);
        self.shift -= 1;
        // The stretch that ran was a whole one: its first half runs now, the second is the next.
        self.next = self.next * 2 - 1;
        self.near_until = self.next << self.shift;
        for event in all {
            if event.order() < self.near_until {
                self.near.push(event);
            } else {
                self.put_away(event);
            }
        }
        self.near.sort_unstable_by(|a, b| b.cmp(a));
        if self.near.is_empty() {
            self.turn();
        }
    }

    fn push_far(&mut self, event: Event) {
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

    fn pop_far(&mut self) -> Option<Event> {
        let first = *self.far.first()?;
        let last = self.far.pop()?;
        let heap = self.far.as_mut_slice();
        if !heap.is_empty() {
            let mut hole = 0;
            loop {
                let from = 4 * hole + 1;
                let Some(least) = (from..heap.len().min(from + 4)).min_by_key(|&child| heap[child]) else {
                    break;
                };
                if last <= heap[least] {
                    break;
                }
                heap[hole] = heap[least];
                hole = least;
            }
            heap[hole] = last;
        }
        Some(first)
    }
}

#[cfg(test)]
mod tests {
    use super::{EventList, Kind, Phase, What};
    use crate::random::Key;

    /// Events at times that `time` makes of a draw and the time reached, some taken as they are added; against a sorted list.
    fn they_come_in_order(hubs: usize, time: impl Fn(u64, i64) -> i64) {
        let mut list = EventList::new(-100, hubs);
        let phases = [Phase::Completion, Phase::StaffChange, Phase::Arrival, Phase::Leaving];
        let mut expected = Vec::new();
        let mut reached = -100;
        for n in 0..5_000_u32 {
            let draw = Key::root(3).bits(1, u64::from(n));
            let (time, phase) = (time(draw, reached), phases[(draw >> 60) as usize % 4]);
            if phase == Phase::Completion {
                list.push_end(time, Kind::ResponseOver, n);
            } else {
                list.push(time, phase, Kind::Midnight, n);
            }
            expected.push((time, phase, n));
            if n % 3 == 0 {
                expected.sort_by(|a, b| b.cmp(a));
                let first = expected.pop();
                assert_eq!(list.next_order() >> 2, first.map_or(0, |first| first.0));
                assert_eq!(list.pop().map(What::number), first.map(|first| first.2));
                reached = first.map_or(reached, |first| first.0);
            }
        }
        expected.sort();
        for (time, _, n) in expected {
            assert_eq!(list.next_order() >> 2, time);
            assert_eq!(list.pop().map(What::number), Some(n));
        }
        assert!(list.pop().is_none() && list.next_order() == i64::MAX);
    }

    #[test]
    fn events_come_by_time_then_phase_then_sequence() {
        they_come_in_order(1, |draw, _| (draw % 300) as i64 - 100);
    }

    #[test]
    fn events_of_today_and_of_next_year_come_in_order() {
        let day = 86_400_000;
        for hubs in [1, 6, 252] {
            // Most within the day, some within the calendar, few beyond it.
            they_come_in_order(hubs, |draw, reached| {
                let within = [day, day, day, 10 * day, 300 * day][(draw >> 32) as usize % 5];
                reached + (draw % within) as i64
            });
        }
    }

    #[test]
    fn a_crowd_in_one_stretch_comes_in_order() {
        they_come_in_order(1, |draw, reached| reached.max(40_000_000) + (draw % 9_000_000) as i64);
    }
}
