//! Random numbers that belong to people, not to the order of events.

mod distribution;
mod keyed;

pub use distribution::{Distribution, DistributionError, Family};
pub use keyed::{Draws, Key, name_salt, uniform};
