//! One planner's question each: a request goes in, an answer of plain data comes out.
//!
//! An answer holds numbers and names, never prose, digits or pictures: [`crate::output`] makes those, so that table,
//! chart, file and sentence cannot disagree.

pub mod allocate;
pub mod calibrate;
pub mod causes;
pub mod check;
pub mod compare;
pub mod equity;
pub mod explain;
pub mod figures;
pub mod latest_advert;
mod measure;
pub mod pooling;
pub mod precision;
pub mod published;
pub mod reported;
pub mod required;
pub mod run;
pub mod sensitivity;
pub mod sliders;
pub mod trace;
pub mod trajectory;
pub mod uncertain;
pub mod warm_up;

pub use measure::Measure;

use serde::Serialize;

use crate::stats::Interval;

/// An estimated quantity with its confidence interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Estimate {
    /// The estimate itself.
    pub mean: f64,
    /// Half the length of the interval; the longer side where the interval is not symmetric.
    pub half_width: f64,
    /// Lower end of the interval.
    pub low: f64,
    /// Upper end of the interval.
    pub high: f64,
    /// Long-run share of such intervals that hold the true value.
    pub confidence: f64,
    /// Replications that it rests on.
    pub replications: u32,
}

impl Estimate {
    /// From an interval over so many replications.
    pub(crate) const fn of(interval: Interval, confidence: f64, replications: u32) -> Self {
        Self {
            mean: interval.mean,
            half_width: interval.half_width,
            low: interval.low,
            high: interval.high,
            confidence,
            replications,
        }
    }
}
