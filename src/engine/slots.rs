//! Reused places for things that come and go: no allocation once the busiest moment has passed.

/// A list whose places are given back and taken again, last in, first out.
#[derive(Debug)]
pub(crate) struct Slots<T> {
    places: Vec<T>,
    free: Vec<u32>,
}

impl<T> Default for Slots<T> {
    fn default() -> Self {
        Self {
            places: Vec::new(),
            free: Vec::new(),
        }
    }
}

impl<T> Slots<T> {
    /// Puts a thing into a free place.
    pub(crate) fn insert(&mut self, thing: T) -> u32 {
        if let Some(place) = self.free.pop() {
            self.places[place as usize] = thing;
            place
        } else {
            self.places.push(thing);
            // The engine refuses new referrals long before this many are open.
            u32::try_from(self.places.len() - 1).unwrap_or(u32::MAX)
        }
    }

    /// Gives a place back. What lies in it must say of itself that it is gone, for whoever still has its number.
    pub(crate) fn release(&mut self, place: u32) {
        self.free.push(place);
    }

    /// How many places are taken.
    pub(crate) fn len(&self) -> usize {
        self.places.len() - self.free.len()
    }

    /// Whether no place was given back twice, and the things themselves agree on which are taken, as far as they know.
    pub(crate) fn are_sound(&self, taken: impl Fn(&T) -> Option<bool>) -> bool {
        let mut held = vec![true; self.places.len()];
        let once = |&place: &u32| std::mem::replace(&mut held[place as usize], false);
        self.free.iter().all(once)
            && self
                .places
                .iter()
                .zip(held)
                .all(|(t, held)| taken(t).is_none_or(|t| t == held))
    }

    /// Every place, taken or not.
    pub(crate) fn all(&self) -> &[T] {
        &self.places
    }
}

impl<T> std::ops::Index<u32> for Slots<T> {
    type Output = T;
    fn index(&self, place: u32) -> &T {
        &self.places[place as usize]
    }
}

impl<T> std::ops::IndexMut<u32> for Slots<T> {
    fn index_mut(&mut self, place: u32) -> &mut T {
        &mut self.places[place as usize]
    }
}
