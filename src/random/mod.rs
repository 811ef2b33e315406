//! Random numbers that belong to people, not to the order of events.
//!
//! [`Key`]s make uniform numbers from names; everything else here turns one uniform number into one value by
//! inversion, so that a person keeps their luck when a parameter moves. Only `+ - * /`, square roots and `libm` are
//! used: the same numbers on every machine.

mod distribution;
mod gamma;
mod keyed;
mod logarithm;
mod moments;
mod normal;
mod poisson;
mod under_way;

pub use distribution::{Distribution, DistributionError};
pub use gamma::gamma_factor;
pub use keyed::{Draws, Key, name_salt, uniform};
pub(crate) use logarithm::logs_of_rest;
pub use normal::normal_quantile;
pub use poisson::{PoissonTable, poisson_count};
pub use under_way::UnderWay;
