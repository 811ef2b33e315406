//! How many staff does urgent community response and reablement need?
//!
//! A discrete-event simulation for capacity planners: see `README.md` for what it does and `ARCHITECTURE.md` for
//! the way of the data through the modules below, floor by floor.

#![forbid(unsafe_code)]

pub mod answers;
pub mod diagnostic;
pub mod engine;
pub mod model;
pub mod pieces;
pub mod random;
pub mod replicate;
pub mod scenario;
pub mod stats;
pub mod theory;
pub mod units;

#[cfg(feature = "cli")]
pub mod cli;
#[cfg(feature = "cli")]
pub mod output;
#[cfg(feature = "web")]
pub mod web;
