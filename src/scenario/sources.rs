//! The texts that one scenario is made of, laid end to end: a what-if, its base, the base of that, and what was typed on
//! the command line. A place is a range of bytes in all of them together, so that whatever is read from several files
//! still knows where each value really stands.

use std::ops::Range;
use std::sync::Arc;

use crate::diagnostic::Source;

/// The most files that a what-if and its bases may be.
pub(crate) const MOST_BASES: usize = 8;

/// Room for each text: more than the largest that is read.
const ROOM: usize = 1 << 24;

/// Texts in the order in which they were read: the scenario first, then what it is based on.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sources {
    list: Vec<(usize, Arc<Source>)>,
}

impl Sources {
    /// Adds a text and returns where it begins. Bases begin before what is based on them, so that what both have keeps
    /// the base's order.
    pub(crate) fn add(&mut self, source: Arc<Source>) -> usize {
        let begins = ROOM * (MOST_BASES + 1 - self.list.len().min(MOST_BASES));
        self.list.push((begins, source));
        begins
    }

    /// Adds what stands above all files, after what was added above them before.
    pub(crate) fn add_above(&mut self, source: Arc<Source>) -> usize {
        let above = ROOM * (MOST_BASES + 2);
        let begins = self
            .list
            .iter()
            .map(|(begins, s)| begins + s.text.len() + 1)
            .max()
            .unwrap_or(above)
            .max(above);
        self.list.push((begins, source));
        begins
    }

    /// The text that a place lies in, and where in it.
    pub(crate) fn locate(&self, range: &Range<usize>) -> (&Arc<Source>, Range<usize>) {
        let holds =
            |(begins, source): &&(usize, Arc<Source>)| (*begins..=*begins + source.text.len()).contains(&range.start);
        let (begins, source) = self.list.iter().find(holds).unwrap_or(&self.list[0]);
        let inside = |at: usize| at.saturating_sub(*begins).min(source.text.len());
        (source, inside(range.start)..inside(range.end))
    }

    /// What was typed at a place.
    pub(crate) fn text(&self, range: &Range<usize>) -> &str {
        let (source, range) = self.locate(range);
        source.text.get(range).unwrap_or_default()
    }

    /// All texts in the order of reading.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Arc<Source>> {
        self.list.iter().map(|(_, source)| source)
    }
}
