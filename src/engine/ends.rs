//! Ends of visits under way: most of all events, of which only as many are to come as people are at work.
//!
//! They stand in order, the first last. Whoever is added is put in by eight comparisons at once for every eight who are at work,
//! in each of which the lesser of two numbers and the greater of two are kept, so that there is nothing for the processor to
//! guess; the first is taken by a step back. Whoever finds no place lies in the calendar like everything else.

/// How many may be at work, and how many are compared at once.
pub(super) const PLACES: usize = 64;
const BLOCK: usize = 8;

/// Bits of a key: time and phase since `base` 40 (8 years; of times without a phase 34), sequence since `base_sequence` 16, place 6.
/// Kept as the bits of a floating-point number, which sort as they do: the lesser of two such numbers is one instruction, and of whole ones three.
const PLACE_BITS: u32 = 6;
const SEQUENCE_BITS: u32 = 16;
const ORDER_BITS: u32 = 40;

/// Times are reckoned from so long before the first that no key is as small as the numbers that processors find hard.
const HEAD_START: i64 = 1 << 31;

/// Before all keys, and after them.
const NONE: f64 = 0.0;
const END: f64 = f64::INFINITY;

/// The ends to come.
#[derive(Debug)]
pub(super) struct Ends<T> {
    /// The end of time, then keys, the least last, then nothing.
    keys: [f64; PLACES + 1],
    number: usize,
    /// Time and phase of the first; the end of time if there is none.
    next_order: i64,
    /// What each is the end of.
    things: [T; PLACES],
    /// Empty places, as bits.
    empty: u64,
    base: i64,
    base_sequence: u64,
}

impl<T: Copy> Ends<T> {
    /// None yet; `nothing` lies in places where there is none.
    pub(super) const fn new(nothing: T) -> Self {
        let mut keys = [NONE; PLACES + 1];
        keys[0] = END;
        Self {
            keys,
            number: 0,
            next_order: i64::MAX,
            things: [nothing; PLACES],
            empty: u64::MAX,
            base: -HEAD_START,
            base_sequence: 0,
        }
    }

    /// Adds one, which has the greatest sequence number so far; `false` if there is no place for it.
    #[inline]
    pub(super) fn push(&mut self, thing: T, order: i64, sequence: u64) -> bool {
        if self.empty == 0 || (!self.fits(order, sequence) && !self.renumber(order, sequence)) {
            return false;
        }
        let place = self.empty.trailing_zeros();
        self.empty &= self.empty - 1;
        self.things[place as usize] = thing;
        self.insert(order, sequence - self.base_sequence, place);
        true
    }

    /// Whether a key can be made of these.
    #[inline]
    const fn fits(&self, order: i64, sequence: u64) -> bool {
        let since = order.wrapping_sub(self.base).cast_unsigned();
        since >> ORDER_BITS | (sequence - self.base_sequence) >> SEQUENCE_BITS == 0
    }

    #[inline]
    fn insert(&mut self, order: i64, number: u64, place: u32) {
        let since = order.wrapping_sub(self.base).cast_unsigned();
        let key = f64::from_bits((since << SEQUENCE_BITS | number) << PLACE_BITS | u64::from(place));
        let mut from = self.number / BLOCK * BLOCK;
        loop {
            let Some(block) = self.keys.get_mut(from..=from + BLOCK) else {
                return;
            };
            let mut new = [NONE; BLOCK];
            for (new, pair) in new.iter_mut().zip(block.windows(2)) {
                *new = greater(lesser(pair[0], key), pair[1]);
            }
            block[1..].copy_from_slice(&new);
            if from == 0 {
                break;
            }
            from -= BLOCK;
        }
        self.number += 1;
        self.next_order = self.next_order.min(order);
    }

    /// Reckons from now on from the first of those to come, and numbers them anew in the order of their sequence; `false` if
    /// that makes no room for this one either.
    #[cold]
    fn renumber(&mut self, order: i64, sequence: u64) -> bool {
        let mut held: Vec<(u64, i64, u32)> = self.keys[1..=self.number]
            .iter()
            .map(|&key| (self.number_of(key), self.order_of(key), place_of(key)))
            .collect();
        held.sort_unstable();
        let first = held.iter().map(|&(_, order, _)| order).min();
        let base = first.map_or(order, |first| first.min(order)).saturating_sub(HEAD_START);
        // Where the last is decades after the first, this one lies in the calendar.
        if held
            .iter()
            .any(|&(_, order, _)| order.wrapping_sub(base).cast_unsigned() >> ORDER_BITS != 0)
        {
            return false;
        }
        self.base = base;
        self.base_sequence = sequence.saturating_sub(PLACES as u64);
        self.keys[1..].fill(NONE);
        (self.number, self.next_order) = (0, i64::MAX);
        for (number, (_, order, place)) in (0..).zip(held) {
            self.insert(order, number, place);
        }
        self.fits(order, sequence)
    }

    /// Time and phase of the first; the end of time if there is none.
    #[inline]
    pub(super) const fn next_order(&self) -> i64 {
        self.next_order
    }

    /// What the first is, if there is any.
    #[inline]
    pub(super) const fn first(&self) -> T {
        self.things[place_of(self.keys[self.number]) as usize]
    }

    /// Time and phase of a key.
    #[inline]
    const fn order_of(&self, key: f64) -> i64 {
        let since = key.to_bits() >> (SEQUENCE_BITS + PLACE_BITS);
        self.base.wrapping_add(since.cast_signed())
    }

    /// Its number among those numbered since `base_sequence`.
    const fn number_of(&self, key: f64) -> u64 {
        key.to_bits() >> PLACE_BITS & ((1 << SEQUENCE_BITS) - 1)
    }

    /// Takes the first, which there is.
    #[inline]
    pub(super) fn take(&mut self) -> T {
        let key = std::mem::replace(&mut self.keys[self.number], NONE);
        self.number -= 1;
        let next = self.order_of(self.keys[self.number]);
        self.next_order = if self.number == 0 { i64::MAX } else { next };
        let place = place_of(key);
        self.empty |= 1 << place;
        self.things[place as usize]
    }
}

#[inline]
#[expect(clippy::cast_possible_truncation, reason = "0 to 63")]
const fn place_of(key: f64) -> u32 {
    (key.to_bits() % PLACES as u64) as u32
}

/// The lesser of two keys; unlike `min` it need not care for what is no number.
#[inline]
const fn lesser(one: f64, other: f64) -> f64 {
    if one < other { one } else { other }
}

/// The greater of two keys.
#[inline]
const fn greater(one: f64, other: f64) -> f64 {
    if one > other { one } else { other }
}

#[cfg(test)]
mod tests {
    use super::{Ends, PLACES};
    use crate::random::Key;

    /// Ends near, years and a century away, some of them all there is when the next is added; against a sorted list.
    #[test]
    fn ends_come_in_order_however_far_apart() {
        let hour = 3_600_000_i64 * 4;
        let mut ends = Ends::new(0_u32);
        let (mut expected, mut now, mut refused) = (Vec::new(), 0, 0);
        for n in 0..20_000_u32 {
            let draw = Key::root(7).bits(1, u64::from(n));
            let after = [1, 1, 1, 24, 24 * 365, 24 * 365 * 30, 24 * 365 * 100][(draw % 7) as usize] * hour;
            let order = now + after + i64::from(n % 5);
            if expected.len() < PLACES && draw >> 60 > 6 {
                if ends.push(n, order, u64::from(n)) {
                    expected.push((order, n));
                } else {
                    refused += 1;
                }
            } else if !expected.is_empty() {
                expected.sort_unstable_by(|one, other| other.cmp(one));
                let first = expected.pop();
                assert_eq!(Some((ends.next_order(), ends.first())), first);
                now = ends.next_order();
                assert_eq!(Some(ends.take()), first.map(|(_, n)| n));
            }
        }
        assert!(refused > 100 && now > 24 * 365 * hour, "{refused} refused until {now}");
    }
}
