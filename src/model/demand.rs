//! Pathways: how referrals arrive, and what they need first.

use crate::model::{BedId, PackageId, PathwayId, RoleId, WeekdaySet};
use crate::random::Distribution;
use crate::units::{Share, Span};

/// A kind of referral.
#[derive(Clone, Debug, PartialEq)]
pub struct Pathway {
    /// Name, distinct within the scenario.
    pub name: String,
    /// Relative weight by hour of week, mean 1.
    pub profile: WeekProfile,
    /// Factor by month, January first; all 1 if left out.
    pub months: [f64; 12],
    /// Growth a year; demand is 1 at the start of measuring.
    pub growth: f64,
    /// Variance over mean of the daily count at a hub, at least 1; 1 is Poisson.
    pub dispersion: f64,
    /// Share declined at arrival.
    pub declined: Share,
    /// When referrals are taken; `None` is always.
    pub opens: Option<Opening>,
    /// What happens to those received outside it.
    pub out_of_hours: OutOfHours,
    /// Delay before the referral can be dispatched.
    pub triage: Distribution,
    /// Class of first responses or of the package's first lead visit: lower goes first.
    pub priority: u8,
    /// How long a referral waits before it leaves.
    pub patience: Option<Distribution>,
    /// What becomes of those who leave; shares sum to 1. Empty where nobody does.
    pub on_leaving: Vec<(Outcome, Share)>,
    /// The response standard.
    pub standard: Option<Standard>,
    /// What follows the first response: shares that sum to 1.
    pub outcome: Vec<(Outcome, Share)>,
    /// Packages begun besides, independently of the outcome, unless that is hospital.
    pub also: Vec<(PackageId, Share)>,
    /// How a response of several roles finds its people.
    pub joint: Joint,
    /// Kinds of first response, shares summing to 1. Empty if the pathway begins a package instead.
    pub responses: Vec<Response>,
    /// The package that a referral begins. `None` if the pathway has responses.
    pub package: Option<PackageId>,
    /// Where the package's start stands in the order of due times, if not at clock start plus standard.
    pub start_due: Option<Span>,
    /// The kinds of bed in which a referral waits for its package, in order of preference; empty for none.
    pub waits_in: Vec<BedId>,
}

/// Relative demand by hour of week from Monday 00:00: 168 weights with mean 1.
#[derive(Clone, Debug, PartialEq)]
pub struct WeekProfile(Vec<f64>);

impl WeekProfile {
    /// The same at every hour.
    #[must_use]
    pub fn flat() -> Self {
        Self(vec![1.0; 168])
    }

    /// 168 weights, scaled to mean 1; `None` unless all are finite, none negative and some positive.
    #[must_use]
    pub fn from_weights(weights: &[f64]) -> Option<Self> {
        let sum: f64 = weights.iter().sum();
        let sound = weights.len() == 168 && weights.iter().all(|w| w.is_finite() && *w >= 0.0) && sum > 0.0;
        sound.then(|| Self(weights.iter().map(|w| w * 168.0 / sum).collect()))
    }

    /// Weights by hour of day (24) and by weekday (7), multiplied and scaled to mean 1.
    #[must_use]
    pub fn from_hours_and_days(hours: &[f64; 24], days: &[f64; 7]) -> Option<Self> {
        let weights: Vec<f64> = days.iter().flat_map(|d| hours.iter().map(move |h| d * h)).collect();
        Self::from_weights(&weights)
    }

    /// Weight in an hour of the week; 0 is Monday 00:00 to 01:00.
    #[must_use]
    pub fn weight(&self, hour_of_week: usize) -> f64 {
        self.0[hour_of_week]
    }

    /// The 24 weights of a weekday.
    #[must_use]
    pub fn day(&self, weekday: usize) -> &[f64] {
        &self.0[weekday * 24..weekday * 24 + 24]
    }
}

/// Opening hours: the same stretch on each of its days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opening {
    /// From this time of day.
    pub from: Span,
    /// To this time of day, later than `from`; 24:00 at most.
    pub to: Span,
    /// Days; a bank holiday counts as Sunday.
    pub days: WeekdaySet,
}

/// Referrals received outside opening hours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OutOfHours {
    /// Arrival, clock, triage and patience begin at the next opening.
    #[default]
    Defer,
    /// Everything begins at once.
    Accept,
}

/// The longest response time allowed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Standard {
    /// How long.
    pub within: Within,
    /// The service level wanted, if any.
    pub target: Option<Share>,
    /// Whose arrival stops the clock.
    pub clock_stops: ClockStops,
}

/// How long a standard allows. A wait equal to it is within it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Within {
    /// So much time from clock start.
    Time(Span),
    /// Before 24:00 of the day on which the clock started.
    SameDay,
}

/// Whose arrival at the home stops the clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ClockStops {
    /// The lead's.
    #[default]
    Lead,
    /// Anyone's.
    First,
    /// The last of all that were sent. Not for packages.
    All,
}

/// What follows a first response, or a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A referral of this pathway begins, with its own clock.
    Pathway(PathwayId),
    /// Taken to hospital: the word `hospital`.
    Hospital,
    /// Anything else, by its name in the file.
    End(String),
}

/// How a response of several roles finds its people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Joint {
    /// Each role is dispatched when one of it is free, and does its own visit.
    #[default]
    Separate,
    /// All or nothing at one instant; nobody is held, lower work may pass.
    Together,
    /// As together, but idle staff are held for the longest-waiting joint response and take nothing lower.
    Reserve,
}

/// A kind of first response.
#[derive(Clone, Debug, PartialEq)]
pub struct Response {
    /// Name, distinct within the pathway.
    pub name: String,
    /// Share of referrals.
    pub share: Share,
    /// Who leads: a place in `needs`.
    pub lead: usize,
    /// Who is needed; at least one.
    pub needs: Vec<Need>,
}

/// One place in a response: a role or its alternatives, and how long they stay.
#[derive(Clone, Debug, PartialEq)]
pub struct Need {
    /// The role preferred.
    pub role: RoleId,
    /// Who else will do, in order of preference.
    pub or: Vec<RoleId>,
    /// Time in the home, without travel.
    pub length: Distribution,
    /// Share of people who need two staff at once.
    pub two: Share,
    /// Who else may be the second, in order of preference.
    pub or_second: Vec<RoleId>,
}
