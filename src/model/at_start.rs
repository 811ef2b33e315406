//! The state in which the simulation begins, where that is not an empty service.

use crate::model::{PackageId, PathwayId};

/// What stands at a hub at the first simulated instant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AtStart {
    /// Packages open, by kind; each kind at most once.
    pub open: Vec<(PackageId, u32)>,
    /// Referrals waiting, by pathway; each pathway at most once.
    pub waiting: Vec<(PathwayId, u32)>,
}

impl AtStart {
    /// Whether the hub begins empty.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        let nobody = |n: u32| n == 0;
        self.open.iter().all(|(_, n)| nobody(*n)) && self.waiting.iter().all(|(_, n)| nobody(*n))
    }
}
