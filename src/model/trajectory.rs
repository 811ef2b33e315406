//! What a file asks of results over time.

use jiff::civil::Date;

use crate::units::Share;

/// Deadlines, and how sure a month must be.
#[derive(Clone, Debug, PartialEq)]
pub struct TrajectoryPlan {
    /// Days at which a target should be met, in order, all different.
    pub deadlines: Vec<Date>,
    /// The share of replications that must meet a target in a month before the month is said to meet it, 0.5 to 1. Not the
    /// confidence of intervals: that is about how well a number is known, this about how often a month may go wrong.
    pub confidence: Share,
}

impl Default for TrajectoryPlan {
    fn default() -> Self {
        Self {
            deadlines: Vec::new(),
            confidence: Share::new(0.8).unwrap_or_default(),
        }
    }
}
