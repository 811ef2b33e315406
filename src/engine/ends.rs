//! Ends of visits under way: most of all events, of which only as many are to come as people are at work.
//!
//! Each has a place of its own in a table of eight rows of eight. Nothing is moved or sorted: the first of all is the least of
//! eight rows, and when it is taken only its own row is looked at anew. No branch depends on what the table holds, so there is
//! nothing for the processor to guess. Whoever finds no place lies in the calendar like everything else.

/// Rows, and places of a row.
const SIDE: usize = 8;
pub(super) const PLACES: usize = SIDE * SIDE;

/// Bits of a key: time and phase since `base` 40 (8 years), sequence since `base_sequence` 16, place 6. Kept as the bits of a
/// floating-point number, which sort as they do: the lesser of two such numbers is one instruction, and of whole ones three.
const PLACE_BITS: u32 = 6;
const SEQUENCE_BITS: u32 = 16;
const ORDER_BITS: u32 = 40;

/// Times are reckoned from so long before the first that no key is as small as the numbers that processors find hard.
const HEAD_START: i64 = 1 << 31;

/// The key of an empty place.
const EMPTY: f64 = f64::INFINITY;

/// The ends to come.
#[derive(Debug)]
pub(super) struct Ends<T> {
    keys: [[f64; SIDE]; SIDE],
    /// The least of each row, and of all.
    rows: [f64; SIDE],
    first: f64,
    /// Time and phase of the first; the end of time if there is none.
    next_order: i64,
    /// What each is the end of.
    things: [T; PLACES],
    /// Whether any row but the first has been used.
    several_rows: bool,
    /// Empty places, as bits.
    empty: u64,
    base: i64,
    base_sequence: u64,
}

impl<T: Copy> Ends<T> {
    /// None yet; `nothing` lies in places where there is none.
    pub(super) const fn new(nothing: T) -> Self {
        Self {
            keys: [[EMPTY; SIDE]; SIDE],
            rows: [EMPTY; SIDE],
            first: EMPTY,
            next_order: i64::MAX,
            things: [nothing; PLACES],
            several_rows: false,
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
        self.several_rows |= place as usize >= SIDE;
        self.put(place as usize, thing, order, sequence - self.base_sequence);
        true
    }

    /// Whether a key can be made of these.
    #[inline]
    const fn fits(&self, order: i64, sequence: u64) -> bool {
        let since = order.wrapping_sub(self.base).cast_unsigned();
        since >> ORDER_BITS | (sequence - self.base_sequence) >> SEQUENCE_BITS == 0
    }

    #[inline]
    fn put(&mut self, place: usize, thing: T, order: i64, number: u64) {
        let since = order.wrapping_sub(self.base).cast_unsigned();
        let key = f64::from_bits((since << SEQUENCE_BITS | number) << PLACE_BITS | place as u64);
        self.things[place] = thing;
        self.keys[place / SIDE][place % SIDE] = key;
        let row = &mut self.rows[place / SIDE];
        *row = lesser(key, *row);
        self.first = lesser(key, self.first);
        self.next_order = self.next_order.min(order);
    }

    /// Reckons from now on from the first of those to come, and numbers them anew in the order of their sequence; `false` if
    /// that makes no room for this one either.
    #[cold]
    fn renumber(&mut self, order: i64, sequence: u64) -> bool {
        let mut held: Vec<(u64, usize)> = (0..PLACES)
            .filter(|place| self.empty >> place & 1 == 0)
            .map(|place| (self.number_of(place), place))
            .collect();
        held.sort_unstable();
        let orders: Vec<i64> = held.iter().map(|&(_, place)| self.order_of(place)).collect();
        let first = orders.iter().copied().min();
        self.base = first.map_or(order, |first| first.min(order)).saturating_sub(HEAD_START);
        self.base_sequence = sequence.saturating_sub(PLACES as u64);
        (self.keys, self.rows, self.first) = ([[EMPTY; SIDE]; SIDE], [EMPTY; SIDE], EMPTY);
        self.next_order = i64::MAX;
        for (number, ((_, place), order)) in (0..).zip(held.into_iter().zip(orders)) {
            self.put(place, self.things[place], order, number);
        }
        self.fits(order, sequence)
    }

    /// Time and phase of the first.
    #[inline]
    pub(super) const fn next_order(&self) -> i64 {
        self.next_order
    }

    /// What the first is, if there is any.
    #[inline]
    pub(super) const fn first(&self) -> T {
        self.things[self.place_of_first()]
    }

    /// Time and phase of what has a place.
    fn order_of(&self, place: usize) -> i64 {
        let since = self.keys[place / SIDE][place % SIDE].to_bits() >> (SEQUENCE_BITS + PLACE_BITS);
        self.base.wrapping_add(since.cast_signed())
    }

    /// Its number among those numbered since `base_sequence`.
    fn number_of(&self, place: usize) -> u64 {
        self.keys[place / SIDE][place % SIDE].to_bits() >> PLACE_BITS & ((1 << SEQUENCE_BITS) - 1)
    }

    /// Takes the first, which there is.
    #[inline]
    pub(super) fn take(&mut self) -> T {
        let place = self.place_of_first();
        let thing = self.things[place];
        self.empty |= 1 << place;
        let row = &mut self.keys[place / SIDE];
        row[place % SIDE] = EMPTY;
        self.rows[place / SIDE] = least(row);
        // Most islands have so few people at work that the others were never used.
        self.first = if self.several_rows {
            least(&self.rows)
        } else {
            self.rows[0]
        };
        let since = self.first.to_bits() >> (SEQUENCE_BITS + PLACE_BITS);
        self.next_order = if self.first < EMPTY {
            self.base.wrapping_add(since.cast_signed())
        } else {
            i64::MAX
        };
        thing
    }

    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "0 to 63")]
    const fn place_of_first(&self) -> usize {
        (self.first.to_bits() % PLACES as u64) as usize
    }
}

/// The least of eight.
#[inline]
fn least(&[a, b, c, d, e, f, g, h]: &[f64; SIDE]) -> f64 {
    let (first, second) = (lesser(lesser(a, b), lesser(c, d)), lesser(lesser(e, f), lesser(g, h)));
    lesser(first, second)
}

/// The lesser of two keys; unlike `min` it need not care for what is no number.
#[inline]
const fn lesser(one: f64, other: f64) -> f64 {
    if one < other { one } else { other }
}
