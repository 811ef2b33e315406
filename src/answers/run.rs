//! `run`: how does this service do?

use serde::Serialize;

use crate::answers::check::LoadRow;
use crate::answers::{Estimate, Measure};
use crate::model::{HubId, PackageId, PathwayId, RoleId};

/// The pathway column of a row: a pathway, or for what belongs to packages, a package.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Flow {
    /// All of them together, or not by pathway.
    All,
    /// A pathway.
    Pathway(PathwayId),
    /// A package.
    Package(PackageId),
}

/// One line of `summary.csv`. `None` for hub or role is `all`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SummaryRow {
    /// The hub, or all.
    pub hub: Option<HubId>,
    /// The pathway or package, or all.
    pub flow: Flow,
    /// The role, or all.
    pub role: Option<RoleId>,
    /// What.
    pub measure: Measure,
    /// How much; `None` where nothing was there to measure (no referral arrived).
    pub estimate: Option<Estimate>,
}

/// What `hourly.csv` measures by hour of week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum HourlyMeasure {
    /// Mean referrals whose clock started in the hour, by pathway. Unit: count.
    Referrals,
    /// Share of those seen within their standard, by pathway. Unit: share.
    ServiceLevel,
    /// Mean staff available in the hour, by role. Unit: people.
    OnShift,
    /// Mean staff at work in the hour, overtime included, by role. Unit: people.
    Busy,
}

/// One line of `hourly.csv`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct HourlyRow {
    /// The hub, or all.
    pub hub: Option<HubId>,
    /// The pathway, for referrals.
    pub pathway: Option<PathwayId>,
    /// The role, for staff.
    pub role: Option<RoleId>,
    /// 0 is Monday 00:00 to 01:00, 167 is Sunday 23:00 to 24:00, by the calendar.
    pub hour_of_week: usize,
    /// What.
    pub measure: HourlyMeasure,
    /// How much; `None` where nothing was there to measure.
    pub estimate: Option<Estimate>,
}

/// One line of `replications.csv`: a measure in one replication.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ReplicationRow {
    /// Which replication, from 1.
    pub replication: u32,
    /// The hub, or all.
    pub hub: Option<HubId>,
    /// The pathway or package, or all.
    pub flow: Flow,
    /// The role, or all.
    pub role: Option<RoleId>,
    /// What.
    pub measure: Measure,
    /// How much; `None` where nothing was there to measure.
    pub value: Option<f64>,
}

/// The distribution of waits of a pathway at a hub, pooled over replications.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct WaitCurve {
    /// The hub, or all.
    pub hub: Option<HubId>,
    /// The pathway.
    pub pathway: PathwayId,
    /// (wait in minutes, share of counted referrals seen within it), ascending; those never seen are in the
    /// denominator only.
    pub points: Vec<(f64, f64)>,
}

/// A queue that grew without end.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Overload {
    /// The hub.
    pub hub: HubId,
    /// The pathway whose waiting referrals grew.
    pub pathway: PathwayId,
    /// Mean growth of the number waiting over the window [referrals per week].
    pub growth_per_week: f64,
}

/// The answer of `run`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RunAnswer {
    /// Replications finished.
    pub replications: u32,
    /// Replications asked for; more than finished if it was interrupted.
    pub asked: u32,
    /// Confidence of every interval.
    pub confidence: f64,
    /// Every measure by hub, pathway or package, and role.
    pub summary: Vec<SummaryRow>,
    /// By hour of week.
    pub hourly: Vec<HourlyRow>,
    /// Headline measures of every replication.
    pub by_replication: Vec<ReplicationRow>,
    /// Distributions of waits.
    pub waits: Vec<WaitCurve>,
    /// Offered load against capacity.
    pub load: Vec<LoadRow>,
    /// Queues that grew without end; empty where all is well.
    pub overloads: Vec<Overload>,
    /// Events handled, all replications together; stale timers left out.
    pub events: u64,
    /// Processor time spent in the engine [s], all threads together. Not part of the results proper.
    #[serde(skip)]
    pub engine_cpu_s: f64,
}

impl RunAnswer {
    /// The estimate of a measure, if there is such a row and anything was there to measure.
    #[must_use]
    pub fn estimate(&self, hub: Option<HubId>, flow: Flow, role: Option<RoleId>, measure: Measure) -> Option<Estimate> {
        self.summary
            .iter()
            .find(|r| r.hub == hub && r.flow == flow && r.role == role && r.measure == measure)
            .and_then(|r| r.estimate)
    }
}
