//! Beds: where people wait for a package, and how long.
//!
//! **Who waits in a bed.** On a pathway with `waits-in`, everybody from the start of their clock until it stops, or until
//! they leave. Kinds of bed are taken in the pathway's order: the first that has a place free at the person's hub. Whoever
//! finds none waits outside and takes the first place that comes free, longest wait first; nobody moves from one bed to
//! another. A kind without a number of places at a hub always has one.
//!
//! **Nothing else depends on beds.** A full ward hurries no visit and stops no referral; it is an account of where people
//! were while they waited. So beds are books and no events: when a wait ends is known when somebody is sent, and each
//! hub's beds are brought up to date whenever something new is heard of them. At one instant places come free first, then
//! they are taken in order of receipt.
//!
//! Days are those of counted referrals, to the end of their wait; occupancy is of everybody, inside the window.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, VecDeque};

use super::record::{BedRecord, Books, Case};

/// Something that is known to come: when, whether somebody comes (after those who go), and the referral's number.
type News = (i64, bool, u64);

/// Somebody who waits, or is about to.
#[derive(Clone, Copy, Debug)]
struct Guest {
    /// Whose books it is in: mostly those of the hub whose bed it is.
    hub: u16,
    pathway: u16,
    counted: bool,
    /// Since when \[ms\].
    came: i64,
    /// The kind of bed, and since when \[ms\]; `None` outside.
    bed: Option<(usize, i64)>,
}

/// The places of one kind of bed at one hub.
#[derive(Clone, Copy, Debug)]
struct Kind {
    /// How many there are; `None` is no limit.
    places: Option<u32>,
    taken: u32,
    /// Since when all have been taken \[ms\].
    full_since: Option<i64>,
}

impl Kind {
    fn has_room(&self) -> bool {
        self.places.is_none_or(|places| self.taken < places)
    }
}

/// The beds of one hub.
#[derive(Debug)]
struct Ward {
    kinds: Vec<Kind>,
    /// Those who wait, by number of referral.
    guests: BTreeMap<u64, Guest>,
    /// Of those, the ones outside, longest wait first.
    outside: VecDeque<u64>,
    coming: BinaryHeap<Reverse<News>>,
}

/// The beds of an island.
#[derive(Debug)]
pub(super) struct Beds {
    /// The first instant, and the end of the window \[ms\].
    from: i64,
    window_end: i64,
    /// Kinds of bed of each pathway, in order of preference; empty where nobody waits in one.
    waits_in: Vec<Vec<usize>>,
    /// Where each hub's people lie: its own ward, or that of the hub that serves them.
    ward_of: Vec<usize>,
    wards: Vec<Ward>,
}

impl Beds {
    /// Beds with nobody in them; of each hub, which hub serves its people, and its places by kind.
    pub(super) fn new(
        (from, window_end): (i64, i64),
        waits_in: Vec<Vec<usize>>,
        ward_of: Vec<usize>,
        places: Vec<Vec<Option<u32>>>,
    ) -> Self {
        let used = waits_in.iter().any(|kinds| !kinds.is_empty());
        let kind = |places| Kind {
            places,
            taken: 0,
            full_since: (places == Some(0)).then_some(from),
        };
        let ward = |places: Vec<Option<u32>>| Ward {
            kinds: places.into_iter().map(kind).collect(),
            guests: BTreeMap::new(),
            outside: VecDeque::new(),
            coming: BinaryHeap::new(),
        };
        let places = if used { places } else { Vec::new() };
        Self {
            from,
            window_end,
            waits_in,
            ward_of,
            wards: places.into_iter().map(ward).collect(),
        }
    }

    /// Whether people on this pathway wait in beds.
    #[inline]
    fn holds(&self, pathway: u16) -> bool {
        self.waits_in
            .get(usize::from(pathway))
            .is_some_and(|kinds| !kinds.is_empty())
    }

    /// Somebody begins to wait at `now`.
    #[inline]
    pub(super) fn comes(&mut self, case: &Case, serial: u64, now: i64, books: &mut Books) {
        // Without any wards nobody waits in a bed.
        if !self.wards.is_empty() {
            self.take_in(case, serial, now, books);
        }
    }

    #[inline(never)]
    fn take_in(&mut self, case: &Case, serial: u64, now: i64, books: &mut Books) {
        if self.holds(case.pathway) {
            let ward = self.ward_of[usize::from(case.hub)];
            self.bring_up_to(ward, now, books);
            let ward = &mut self.wards[ward];
            let guest = Guest {
                hub: case.hub,
                pathway: case.pathway,
                counted: case.counted,
                came: now,
                bed: None,
            };
            ward.guests.insert(serial, guest);
            ward.coming.push(Reverse((now, true, serial)));
        }
    }

    /// It is known at `now` that somebody's wait ends at `at`, not earlier than `now`.
    #[inline]
    pub(super) fn goes(&mut self, case: &Case, serial: u64, now: i64, at: i64, books: &mut Books) {
        if !self.wards.is_empty() {
            self.let_go(case, serial, now, at, books);
        }
    }

    #[inline(never)]
    fn let_go(&mut self, case: &Case, serial: u64, now: i64, at: i64, books: &mut Books) {
        if self.holds(case.pathway) {
            let ward = self.ward_of[usize::from(case.hub)];
            self.bring_up_to(ward, now, books);
            let ward = &mut self.wards[ward];
            if at > case.clock.max(self.from) {
                ward.coming.push(Reverse((at, false, serial)));
            } else {
                // Over as soon as it begins: no bed is needed.
                ward.guests.remove(&serial);
            }
        }
    }

    /// From `now` on there are so many places at each hub, by kind. Nobody has to leave a bed for that.
    pub(super) fn places_change(&mut self, now: i64, places: Vec<Vec<Option<u32>>>, books: &mut Books) {
        for (hub, places) in places.into_iter().enumerate().take(self.wards.len()) {
            if self.ward_of[hub] != hub {
                continue;
            }
            self.bring_up_to(hub, now, books);
            let ward = &mut self.wards[hub];
            for (kind, places) in ward.kinds.iter_mut().zip(places) {
                kind.places = places;
            }
            ward.settle(hub, now, self.window_end, &self.waits_in, books);
        }
    }

    /// The run is over: everybody's end is known.
    pub(super) fn close(&mut self, books: &mut Books) {
        for hub in 0..self.wards.len() {
            // The people of a hub whose beds are another's lie there.
            if self.ward_of[hub] != hub {
                continue;
            }
            self.bring_up_to(hub, i64::MAX, books);
            for (kind, bed) in self.wards[hub].kinds.iter_mut().zip(&mut books.hubs[hub].beds) {
                kind.full_until(self.window_end, self.window_end, bed);
            }
        }
    }

    /// Whatever happens before `now` has happened.
    fn bring_up_to(&mut self, hub: usize, now: i64, books: &mut Books) {
        let ward = &mut self.wards[hub];
        let next = |ward: &Ward| ward.coming.peek().map(|Reverse(news)| *news);
        while let Some((at, comes, serial)) = next(ward).filter(|(at, ..)| *at < now) {
            ward.coming.pop();
            if comes {
                ward.outside.extend(ward.guests.contains_key(&serial).then_some(serial));
            } else {
                ward.go(hub, serial, at, self.window_end, books);
            }
            if next(ward).is_none_or(|(later, ..)| later > at) {
                ward.settle(hub, at, self.window_end, &self.waits_in, books);
            }
        }
    }
}

impl Ward {
    /// Somebody's wait is over.
    fn go(&mut self, here: usize, serial: u64, at: i64, window_end: i64, books: &mut Books) {
        let Some(guest) = self.guests.remove(&serial) else {
            return;
        };
        let pathway = books.pathway_of(guest.hub, guest.pathway);
        let counted = i64::from(guest.counted);
        let in_bed_from = guest.bed.map_or(at, |(_, since)| since);
        pathway.outside_ms += counted * (in_bed_from - guest.came);
        if let Some((kind, since)) = guest.bed {
            pathway.bed_ms[kind] += counted * (at - since);
            books.hubs[here].beds[kind].occupied_ms += inside(since, at, window_end);
            self.kinds[kind].taken -= 1;
        } else {
            self.outside.retain(|&other| other != serial);
        }
    }

    /// All who come and go at an instant have: whoever is outside takes what is free, and it is noted what is full.
    fn settle(&mut self, here: usize, at: i64, window_end: i64, waits_in: &[Vec<usize>], books: &mut Books) {
        let Self {
            kinds, guests, outside, ..
        } = self;
        outside.retain(|serial| {
            let Some(guest) = guests.get_mut(serial) else {
                return false;
            };
            let may_use = &waits_in[usize::from(guest.pathway)];
            let free = may_use.iter().copied().find(|&kind| kinds[kind].has_room());
            if let Some(kind) = free {
                guest.bed = Some((kind, at));
                kinds[kind].taken += 1;
            } else if guest.came == at && guest.counted {
                books.pathway_of(guest.hub, guest.pathway).found_no_bed += 1;
            }
            free.is_none()
        });
        for (kind, bed) in kinds.iter_mut().zip(&mut books.hubs[here].beds) {
            if kind.has_room() {
                kind.full_until(at, window_end, bed);
            } else {
                kind.full_since = kind.full_since.or(Some(at));
            }
        }
    }
}

impl Kind {
    /// If all places were taken, they have been until `at`.
    fn full_until(&mut self, at: i64, window_end: i64, bed: &mut BedRecord) {
        if let Some(since) = self.full_since.take() {
            bed.full_ms += inside(since, at, window_end);
        }
    }
}

/// What of a stretch lies in the window \[ms\].
fn inside(from: i64, to: i64, window_end: i64) -> i64 {
    (to.min(window_end) - from.max(0)).max(0)
}
