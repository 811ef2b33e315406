//! The validated world: what a scenario means, with units as types.
//!
//! Nothing here knows how it was typed or how it will be simulated. Lists are in file order; an id is a place in a
//! list. A `Scenario` made by [`crate::scenario::read`] keeps every promise stated on the fields below; one made in
//! Rust, as the engine's tests do, is asked to keep them.

mod at_start;
mod calendar;
mod cost;
mod demand;
mod elsewhere;
mod ending;
mod hub;
mod knowledge;
mod over_time;
mod package;
mod period;
mod required;
mod role;
mod rota;
mod sharing;
mod trajectory;

pub use at_start::AtStart;
pub use calendar::{Calendar, Weekday, WeekdaySet};
pub use cost::{Bed, Costs, Price, StaffCost};
pub use demand::{
    ClockStops, Joint, Need, Opening, OutOfHours, Outcome, Pathway, Response, Standard, WeekProfile, Within,
};
pub use elsewhere::{Group, ServedElsewhere};
pub use ending::{Ending, EndsAfter};
pub use hub::{Hub, PoolPiece, Staffing, Travel};
pub use knowledge::{Assumption, AssumptionKind, Observed, RangeShape, Unknown};
pub use over_time::{Change, Dated, Later, Recruit};
pub use package::{DailyStart, GateHolds, Package, Pattern, Stream};
pub use period::{Period, YearMonth};
pub use required::{Dial, Question, Smallest, StaffPlace, Where};
pub use role::{Headroom, Role, Shift, ShiftEnd};
pub use rota::{
    HoursOfWeek, expected_capacity, instance_number, people_on_instance, rostered_per_instance, time_of_wte,
};
pub use sharing::{Neighbours, Pool, roles_of_first_responses};
pub use trajectory::TrajectoryPlan;

use serde::Serialize;

use crate::units::{Points, Share, Span};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(transparent)]
        pub struct $name(pub usize);
    };
}
id! {
    /// A hub: its place in [`Scenario::hubs`].
    HubId
}
id! {
    /// A role: its place in [`Scenario::roles`].
    RoleId
}
id! {
    /// A pathway: its place in [`Scenario::pathways`].
    PathwayId
}
id! {
    /// A package: its place in [`Scenario::packages`].
    PackageId
}
id! {
    /// A kind of bed: its place in [`Scenario::beds`].
    BedId
}

/// One complete description of a service and of how to experiment with it.
#[derive(Clone, Debug, PartialEq)]
pub struct Scenario {
    /// Short name: the file's name without its ending.
    pub name: String,
    /// One line for people.
    pub title: String,
    /// Anything a reader of the results should know.
    pub notes: String,
    /// When, how long, how often.
    pub experiment: Experiment,
    /// Team bases; at least one, names distinct.
    pub hubs: Vec<Hub>,
    /// Who the hubs' `residents` are, as in "people aged 75 and over".
    pub residents_are: String,
    /// Hubs that lend each other staff; no hub of a pool is among them.
    pub neighbours: Vec<Neighbours>,
    /// Hubs whose staff are one team; no hub is in two.
    pub pools: Vec<Pool>,
    /// People of one hub's area who are served by another hub.
    pub served_elsewhere: Vec<ServedElsewhere>,
    /// Kinds of staff; names distinct.
    pub roles: Vec<Role>,
    /// Kinds of referral; names distinct.
    pub pathways: Vec<Pathway>,
    /// Kinds of package; names distinct.
    pub packages: Vec<Package>,
    /// Kinds of bed in which referrals wait; names distinct.
    pub beds: Vec<Bed>,
    /// Prices that belong to no role and no bed.
    pub costs: Costs,
    /// What dated changes make of the service, in order of days, all different; empty where nothing changes.
    pub later: Vec<Later>,
    /// The changes in words, in the order of the file.
    pub dated: Vec<Dated>,
    /// Posts that fill and empty; they come on top of the hubs' WTE. Names distinct.
    pub recruits: Vec<Recruit>,
    /// What is asked of results over time.
    pub trajectory: TrajectoryPlan,
    /// How many staff are needed: what is asked, if anything is.
    pub required: Option<Question>,
    /// What is known of the real service.
    pub observed: Vec<Observed>,
    /// What calibration may move.
    pub unknowns: Vec<Unknown>,
    /// Why each number is what it is.
    pub assumptions: Vec<Assumption>,
}

/// When measuring starts, how long it lasts, how often it is repeated.
#[derive(Clone, Debug, PartialEq)]
pub struct Experiment {
    /// First measured day and the dated bank holidays.
    pub calendar: Calendar,
    /// Simulated before measuring, from what stands at the hubs ([`AtStart`]), and thrown away. Whole days.
    pub warm_up: Span,
    /// Measured in each replication. At least one hour.
    pub run_length: Span,
    /// Independent repetitions, 2 to 100,000.
    pub replications: u32,
    /// The number that all random draws come from.
    pub seed: u64,
    /// Confidence of every interval, 0.5 to 0.999.
    pub confidence: Share,
    /// The half-width of every service level over all hubs at which replications end before they are as many, 0.01 to 20.
    pub precision: Option<Points>,
}

impl Scenario {
    /// The role of that name.
    #[must_use]
    pub fn role(&self, name: &str) -> Option<RoleId> {
        self.roles.iter().position(|r| r.name == name).map(RoleId)
    }

    /// The pathway of that name.
    #[must_use]
    pub fn pathway(&self, name: &str) -> Option<PathwayId> {
        self.pathways.iter().position(|p| p.name == name).map(PathwayId)
    }

    /// The package of that name.
    #[must_use]
    pub fn package(&self, name: &str) -> Option<PackageId> {
        self.packages.iter().position(|p| p.name == name).map(PackageId)
    }

    /// The hub of that name.
    #[must_use]
    pub fn hub(&self, name: &str) -> Option<HubId> {
        self.hubs.iter().position(|h| h.name == name).map(HubId)
    }
}
