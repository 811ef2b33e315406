//! Packages: weeks of visits by the same staff.

use crate::model::{RoleId, WeekdaySet};
use crate::random::Distribution;
use crate::units::{Share, Span};

/// The planned series of visits after a referral or a first response.
#[derive(Clone, Debug, PartialEq)]
pub struct Package {
    /// Name, distinct within the scenario.
    pub name: String,
    /// From the first visit of any stream to discharge.
    pub length: Distribution,
    /// Class of its planned visits: lower goes first.
    pub priority: u8,
    /// Share of a day's capacity that gated streams may commit.
    pub gate: f64,
    /// What waits while a gated stream waits for room.
    pub gate_holds: GateHolds,
    /// The order in which roles are looked for to lead; file order of the streams after that.
    pub starts_with: Vec<RoleId>,
    /// Its visit streams, names distinct; at least one.
    pub streams: Vec<Stream>,
    /// What becomes of people at discharge: names and shares that sum to 1; may be empty.
    pub outcome: Vec<(String, Share)>,
}

/// What waits while a gated stream waits for room.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum GateHolds {
    /// That stream only; the others begin at once.
    #[default]
    Stream,
    /// The whole package: no stream begins before its gated one, of which there is only one, is admitted.
    Package,
}

/// A named stream of visits.
#[derive(Clone, Debug, PartialEq)]
pub struct Stream {
    /// Name, distinct within the package.
    pub name: String,
    /// Who visits.
    pub role: RoleId,
    /// Who else will do, in order of preference.
    pub or: Vec<RoleId>,
    /// Share of packages that have it.
    pub share: Share,
    /// When visits fall due.
    pub pattern: Pattern,
    /// Time in the home, without travel.
    pub length: Distribution,
    /// Length of the first visit, if it differs.
    pub first_length: Option<Distribution>,
    /// Share of people who need two staff at once.
    pub two: Share,
    /// Who else may be the second, in order of preference.
    pub or_second: Vec<RoleId>,
    /// A visit may begin this much before its time, and is late when begun more than this after it.
    pub tolerance: Span,
    /// Missed this long after its time.
    pub give_up: Span,
    /// Whether the stream waits for room.
    pub gated: bool,
    /// Between the start and the first regular or fixed time.
    pub first_after: Span,
    /// The stretch of the day in which visits fall (from, to); the role's shift hours if left out.
    pub hours: Option<(Span, Span)>,
}

/// When the visits of a stream fall due.
#[derive(Clone, Debug, PartialEq)]
pub enum Pattern {
    /// So many a day, tapering linearly over the package's days.
    PerDay {
        /// Visits a day at the start, by share; shares sum to 1.
        start: Vec<DailyStart>,
        /// Visits a day on the last day; `None` keeps the start.
        end: Option<f64>,
    },
    /// So many a week, at drawn times.
    PerWeek(f64),
    /// At fixed times of day, ascending, on these days.
    At {
        /// Times of day.
        times: Vec<Span>,
        /// Days.
        days: WeekdaySet,
    },
    /// One visit.
    Once,
}

/// One possible number of visits a day at the start.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DailyStart {
    /// Visits a day.
    pub visits: f64,
    /// Share of packages.
    pub share: Share,
}
