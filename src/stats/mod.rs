//! stats
use crate::units::Span;
/// Bins.
pub const WAIT_BINS: usize = 3000;
/// Bin of a wait.
#[must_use]
pub fn wait_bin(wait: Span) -> usize {
    usize::try_from((wait.ms() + 59_999) / 60_000).unwrap_or(0).min(WAIT_BINS - 1)
}
