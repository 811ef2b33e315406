//! Hubs: where, how much, who.

use crate::model::AtStart;
use crate::random::Distribution;
use crate::units::{PerDay, Span, Wte};

/// A team base that takes referrals for an area and owns staff and queues.
#[derive(Clone, Debug, PartialEq)]
pub struct Hub {
    /// Name, distinct within the scenario.
    pub name: String,
    /// How many people live in its area, of those whom [`super::Scenario::residents_are`] names; given at every hub or at
    /// none; 0 for a hub without an area of its own.
    pub residents: Option<u32>,
    /// Mean referrals a day received at this hub by pathway, before profile, months, growth and day factor.
    /// One entry per pathway.
    pub referrals: Vec<PerDay>,
    /// Travel to visits.
    pub travel: Travel,
    /// Staff by role. One entry per role.
    pub staff: Vec<Staffing>,
    /// The most open packages by package; `None` is no limit. One entry per package.
    pub caseload_limit: Vec<Option<u32>>,
    /// Places by kind of bed; `None` is no limit. One entry per kind.
    pub beds: Vec<Option<u32>>,
    /// What stands here at the first simulated instant; nothing where the service begins empty.
    pub at_start: AtStart,
}

/// Travel from the last place to a visit.
#[derive(Clone, Debug, PartialEq)]
pub struct Travel {
    /// To first responses.
    pub urgent: Distribution,
    /// To everything else.
    pub round: Distribution,
    /// Factor by hour of day, 1 where roads are free; 24 entries.
    pub hours: Option<Vec<f64>>,
}

/// The staff of one role at one hub.
#[derive(Clone, Debug, PartialEq)]
pub enum Staffing {
    /// People dealt over the role's shifts by a rota that keeps long-run hours exact.
    Wte(Wte),
    /// A pool: capacity only, by time of day. Pieces do not overlap; uncovered time is 0.
    OnShift(Vec<PoolPiece>),
    /// A pool: capacity only, 168 numbers, hour by weekday from Monday 00:00.
    Rota(Vec<u32>),
}

impl Staffing {
    /// Nobody.
    pub const NONE: Self = Self::OnShift(Vec::new());

    /// Whether it is capacity only, and not people dealt over shifts.
    #[must_use]
    pub const fn is_pool(&self) -> bool {
        !matches!(self, Self::Wte(_))
    }

    /// Whether there is never anybody.
    #[must_use]
    pub fn is_none(&self) -> bool {
        match self {
            Self::Wte(wte) => wte.get() == 0.0,
            Self::OnShift(pieces) => pieces.iter().all(|p| p.count == 0),
            Self::Rota(hours) => hours.iter().all(|&n| n == 0),
        }
    }
}

/// A stretch of the day with a fixed number of staff on shift.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PoolPiece {
    /// Optional name, distinct within the hub and role.
    pub name: Option<String>,
    /// From this time of day.
    pub from: Span,
    /// To this time of day; at or before `from`, it is the next day's.
    pub to: Span,
    /// Staff on shift.
    pub count: u32,
}
