//! Why standards were missed: misses by cause, adding up exactly.

use serde::Serialize;

use crate::answers::Estimate;
use crate::engine::Cause;
use crate::model::{HubId, PathwayId, Scenario};
use crate::replicate::{PathwayRow, Runs};
use crate::stats::{Interval, mean_interval, share_interval};

/// What `causes.csv` measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CauseMeasure {
    /// Mean counted referrals of a replication that missed their standard for the cause. Unit: count.
    Misses,
    /// Of all misses, those with the cause. Unit: share.
    ShareOfMisses,
    /// Points of the service level that are missed for the cause. Unit: points.
    Points,
    /// Of the misses with the cause, mean that left the queue. Unit: count.
    MissesThatLeft,
}

impl CauseMeasure {
    /// Every measure, in the order of the file.
    pub const ALL: [Self; 4] = [Self::Misses, Self::ShareOfMisses, Self::Points, Self::MissesThatLeft];

    /// The name in `causes.csv`: snake case.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Misses => "misses",
            Self::ShareOfMisses => "share_of_misses",
            Self::Points => "points",
            Self::MissesThatLeft => "misses_that_left",
        }
    }

    /// The unit in `causes.csv`.
    #[must_use]
    pub const fn unit(self) -> &'static str {
        match self {
            Self::Misses | Self::MissesThatLeft => "count",
            Self::ShareOfMisses => "share",
            Self::Points => "points",
        }
    }
}

/// One line of `causes.csv`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CauseRow {
    /// The hub, or all.
    pub hub: Option<HubId>,
    /// A pathway with a standard.
    pub pathway: PathwayId,
    /// The cause, or all together.
    pub cause: Option<Cause>,
    /// What.
    pub measure: CauseMeasure,
    /// How much; `None` where there was no referral, or for a share no miss.
    pub estimate: Option<Estimate>,
}

/// One line of `causes_hourly.csv`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CauseHourRow {
    /// The hub, or all.
    pub hub: Option<HubId>,
    /// A pathway with a standard.
    pub pathway: PathwayId,
    /// 0 is Monday 00:00 to 01:00, by the calendar: when the clock started.
    pub hour_of_week: usize,
    /// The cause.
    pub cause: Cause,
    /// Mean misses of a replication in all such hours of the window.
    pub misses: f64,
}

/// Pathways with a standard, by place.
fn judged(scenario: &Scenario) -> impl Iterator<Item = usize> + '_ {
    (0..scenario.pathways.len()).filter(|&p| scenario.pathways[p].standard.is_some())
}

/// Hubs in file order, then all together; with the place of their rows.
fn hubs(scenario: &Scenario) -> impl Iterator<Item = (usize, Option<HubId>)> {
    let n = scenario.hubs.len();
    (0..=n).map(move |h| (h, (h < n).then_some(HubId(h))))
}

/// Misses by hub, pathway and cause; all causes first.
pub(super) fn causes(scenario: &Scenario, runs: &Runs, confidence: f64) -> Vec<CauseRow> {
    let mut rows = Vec::new();
    for (place, hub) in hubs(scenario) {
        for pathway in judged(scenario) {
            let of_pathway: Vec<PathwayRow> = runs.rows.iter().map(|row| row[place].pathways[pathway]).collect();
            for cause in [None].into_iter().chain(Cause::ALL.map(Some)) {
                let count =
                    |counts: [u64; Cause::COUNT]| cause.map_or_else(|| counts.iter().sum(), |c| counts[c as usize]);
                let pairs = |of: fn(&PathwayRow) -> u64| -> Vec<(u64, u64)> {
                    of_pathway.iter().map(|r| (count(r.causes), of(r))).collect()
                };
                let mean = |counts: fn(&PathwayRow) -> [u64; Cause::COUNT]| {
                    let each: Vec<f64> = of_pathway.iter().map(|r| count(counts(r)) as f64).collect();
                    mean_interval(&each, confidence)
                };
                for measure in CauseMeasure::ALL {
                    let interval = match measure {
                        CauseMeasure::Misses => mean(|r| r.causes),
                        CauseMeasure::MissesThatLeft => mean(|r| r.causes_of_left),
                        // All of all needs no simulating.
                        CauseMeasure::ShareOfMisses if cause.is_none() => {
                            let any = of_pathway.iter().any(|r| r.causes.iter().sum::<u64>() > 0);
                            any.then_some(Interval::between(1.0, 1.0, 1.0))
                        }
                        CauseMeasure::ShareOfMisses => share_interval(&pairs(|r| r.causes.iter().sum()), confidence),
                        CauseMeasure::Points => {
                            share_interval(&pairs(|r| r.referrals), confidence).map(|share| share.times(100.0))
                        }
                    };
                    rows.push(CauseRow {
                        hub,
                        pathway: PathwayId(pathway),
                        cause,
                        measure,
                        estimate: interval.map(|i| Estimate::of(i, confidence, runs.replications())),
                    });
                }
            }
        }
    }
    rows
}

/// Misses by hub, pathway, hour of week and cause, where there were any.
pub(super) fn by_hour(scenario: &Scenario, runs: &Runs) -> Vec<CauseHourRow> {
    let mut rows = Vec::new();
    for (place, hub) in hubs(scenario) {
        for pathway in judged(scenario) {
            for (hour_of_week, misses) in runs.hours[place].causes[pathway].iter().enumerate() {
                for cause in Cause::ALL.into_iter().filter(|&c| misses[c as usize] > 0) {
                    rows.push(CauseHourRow {
                        hub,
                        pathway: PathwayId(pathway),
                        hour_of_week,
                        cause,
                        misses: misses[cause as usize] as f64 / f64::from(runs.replications()),
                    });
                }
            }
        }
    }
    rows
}
