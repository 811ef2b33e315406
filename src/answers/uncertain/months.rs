//! Month by month under uncertain inputs: how often is the target met, and from when on?
//!
//! A draw meets a target in a month if the level to expect of that month with its inputs reaches it: the mean over its
//! replications, with what chance adds to the spread of the draws taken off. How much a single month varies by itself is the
//! fan of the ordinary trajectory.

use super::{UncertainRequest, UncertainRow, linear, places, standards};
use crate::answers::trajectory::Met;
use crate::model::{HubId, PathwayId, Period, Scenario};
use crate::replicate::MonthRow;

/// Service levels by month under uncertain inputs.
#[derive(Clone, Debug, PartialEq)]
pub struct UncertainMonths {
    /// The months of the window.
    pub months: Vec<Period>,
    /// The share of draws that must meet a target in a month, so that it is said to be met: the file's `[trajectory]`.
    pub wanted: f64,
    /// By standard and hub, all hubs together last.
    pub courses: Vec<UncertainCourse>,
}

/// A pathway at a hub, or at all together, through the window.
#[derive(Clone, Debug, PartialEq)]
pub struct UncertainCourse {
    /// The hub, or all.
    pub hub: Option<HubId>,
    /// The pathway.
    pub pathway: PathwayId,
    /// One for each month; `None` where in some draw nobody was referred.
    pub months: Vec<Option<UncertainRow>>,
    /// From when on the target is met in as many draws as are wanted; `None` without a target.
    pub met: Option<Met>,
}

impl UncertainMonths {
    /// A pathway at a hub, or at all together. Of a single hub there is only all.
    #[must_use]
    pub fn course(&self, hub: Option<HubId>, pathway: PathwayId) -> Option<&UncertainCourse> {
        let of = |hub| self.courses.iter().find(|c| c.hub == hub && c.pathway == pathway);
        of(hub).or_else(|| {
            let single = self.courses.iter().all(|c| c.hub.is_none());
            of(None).filter(|_| single)
        })
    }
}

/// Months of all draws, each with its replications.
pub(super) fn by_month(base: &Scenario, request: &UncertainRequest, draws: &[&[MonthRow]]) -> UncertainMonths {
    let months = base.experiment.months();
    let wanted = base.trajectory.confidence.get();
    let mut courses = Vec::new();
    for pathway in standards(base) {
        let target = base.pathways[pathway.0].standard.and_then(|s| s.target);
        let meets = target.map(|target| move |level: f64| level >= target.get());
        let meets = meets.as_ref().map(|meets| meets as &dyn Fn(f64) -> bool);
        for hub in places(base) {
            let place = hub.map_or(base.hubs.len(), |h| h.0);
            let of_month = |month: usize| {
                let levels = |rows: &&[MonthRow]| {
                    let pairs: Vec<(u64, u64)> = rows.iter().map(|row| row.of(place, pathway.0, month)).collect();
                    linear(&pairs)
                };
                let table: Option<Vec<Vec<f64>>> = draws.iter().map(levels).collect();
                request.row((hub, pathway), &table?, meets, &|share| share.clamp(0.0, 1.0))
            };
            let found: Vec<Option<UncertainRow>> = (0..months.len()).map(of_month).collect();
            courses.push(UncertainCourse {
                hub,
                pathway,
                met: target.map(|_| met(&months, &found, wanted)),
                months: found,
            });
        }
    }
    UncertainMonths {
        months,
        wanted,
        courses,
    }
}

/// The first of the months to the end that all meet a target in as many draws as are wanted.
fn met(months: &[Period], found: &[Option<UncertainRow>], wanted: f64) -> Met {
    let mut met = Met::Nothing;
    for (place, (month, found)) in months.iter().zip(found).enumerate() {
        let Some(share) = found.as_ref().and_then(|row| row.share) else {
            continue;
        };
        if !month.half_measured() {
            continue;
        }
        // With a hair for the binary digits of weights that are added up.
        met = match (share.mean >= wanted - 1e-9, met) {
            (true, Met::From(first)) => Met::From(first),
            (true, _) => Met::From(place),
            (false, _) => Met::NotIn(place),
        };
    }
    met
}
