//! A finite sequence of choices, used up from the front.

/// Bytes that decide. Once they are used up every further choice is 0, and 0 is always the simplest.
#[derive(Debug)]
pub(crate) struct Choices<'a>(std::slice::Iter<'a, u8>);

impl<'a> Choices<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes.iter())
    }

    /// 0 to 255.
    pub(crate) fn byte(&mut self) -> u8 {
        self.0.next().copied().unwrap_or(0)
    }

    /// 0 to `n` - 1; `n` is 1 to 256.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        usize::from(self.byte()) % n
    }

    /// Yes for one of `n` bytes.
    pub(crate) fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == n - 1
    }

    /// One of a list, whose first entry is the simplest.
    pub(crate) fn of<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())]
    }

    /// Some of a list in its order, each for one of `n` bytes.
    pub(crate) fn some<T: Copy>(&mut self, list: &[T], n: usize) -> Vec<T> {
        list.iter().copied().filter(|_| self.one_in(n)).collect()
    }
}
