//! From times in hours to whole numbers.

use homefirst::units::Span;

/// So many hours, to the nearest millisecond.
#[expect(clippy::cast_possible_truncation, reason = "hours of a run")]
pub(super) fn hours(h: f64) -> Span {
    Span::from_ms((h * Span::HOUR.ms() as f64).round() as i64)
}

/// The whole part of a number that is not negative.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "hours of a day")]
pub(super) fn floor(x: f64) -> usize {
    x as usize
}
