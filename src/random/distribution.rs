//! Durations, by inversion: one uniform number, one duration.

use crate::units::Span;

/// Placeholder family.
#[derive(Clone, Debug, PartialEq)]
pub enum Family {
    /// Always the same.
    Fixed,
}

/// Why parameters make no distribution.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum DistributionError {
    /// A parameter is out of range.
    #[error("{what} must be {range}, not {value}")]
    OutOfRange {
        /// The parameter.
        what: &'static str,
        /// Allowed range in words.
        range: &'static str,
        /// As given.
        value: f64,
    },
}

/// A distribution of durations.
#[derive(Clone, Debug, PartialEq)]
pub struct Distribution {
    value: Span,
}

impl Distribution {
    /// Always the same.
    #[must_use]
    pub const fn fixed(value: Span) -> Self {
        Self { value }
    }
}
