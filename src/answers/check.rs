//! `check`: what a scenario means, before a single event.

use serde::Serialize;

use crate::model::{HubId, RoleId, Scenario};

/// Everything `check` can say about a sound scenario.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CheckAnswer {
    /// What is really sampled, beside what was typed, in file order.
    pub inputs: Vec<EffectiveInput>,
    /// What staff numbers mean on shift, hub by hub and role by role.
    pub staff: Vec<StaffMeaning>,
    /// Offered load against capacity, hub by hub and role by role.
    pub load: Vec<LoadRow>,
}

/// A distribution as sampled.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EffectiveInput {
    /// Path into the file, such as `pathway.crisis.triage`.
    pub path: String,
    /// What was typed, such as `lognormal, mean 15 min, cv 0.6`.
    pub typed: String,
    /// Mean of what is sampled [min].
    pub mean_min: f64,
    /// Standard deviation of what is sampled [min].
    pub sd_min: f64,
    /// 95th percentile of what is sampled [min].
    pub p95_min: f64,
    /// Whether `min` or `max` changes any of these.
    pub cut: bool,
}

/// What the staff of a role at a hub mean on shift.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StaffMeaning {
    /// The hub.
    pub hub: HubId,
    /// The role.
    pub role: RoleId,
    /// WTE in post; `None` for pools.
    pub wte: Option<f64>,
    /// Mean people rostered on every shift, before sickness: (shift, people). Empty for pools.
    pub rostered: Vec<(String, f64)>,
    /// Expected people on shift by hour of week, net of headroom, breaks not taken off. 168 numbers from Monday 00:00.
    pub on_shift: Vec<f64>,
}

/// Offered load against capacity.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LoadRow {
    /// The hub.
    pub hub: HubId,
    /// The role.
    pub role: RoleId,
    /// Mean staff kept busy if nobody waited, left or was missed: visits, travel, notes, admin [people].
    pub offered: f64,
    /// Mean staff available, net of headroom and breaks [people].
    pub capacity: f64,
}

impl LoadRow {
    /// Offered load over capacity; infinite where there is work and nobody.
    #[must_use]
    pub fn ratio(&self) -> f64 {
        if self.offered == 0.0 {
            0.0
        } else {
            self.offered / self.capacity
        }
    }
}

/// Placeholder until merged.
#[must_use]
pub fn check(_scenario: &Scenario) -> CheckAnswer {
    CheckAnswer {
        inputs: Vec::new(),
        staff: Vec::new(),
        load: Vec::new(),
    }
}
