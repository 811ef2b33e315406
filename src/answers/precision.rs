//! Replications until the headline is known well enough.
//!
//! The headline of a run is the service level of each pathway over all hubs; that of a comparison, its difference to the
//! base in every option. Replications are looked at on the fixed schedule of [`looks`], and end at the first look at which
//! every half-width is as short as was asked for, or when as many have been made as are allowed. What was simulated is
//! added to and never begun again, so that the results are those of so many replications, however it was found that they
//! are enough.

use std::sync::atomic::AtomicBool;

use serde::Serialize;

use crate::answers::run::RunRequest;
use crate::engine::World;
use crate::model::{Pathway, Scenario};
use crate::pieces::Pieces;
use crate::replicate::{Finished, Plan, Runs};
use crate::stats::{looks, needed, share_interval};
use crate::units::Points;

/// How a search for precision ended.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Precision {
    /// The half-width that was asked for \[points\].
    pub wanted: Points,
    /// The widest half-width of the headline \[points\]; infinite if nothing is known of one of them.
    #[serde(rename = "widest_half_width_points")]
    pub widest: f64,
    /// Whether it is as short as was asked for.
    pub reached: bool,
    /// About how many replications it would take, where it is not; `None` if it cannot be told.
    #[serde(rename = "replications_needed")]
    pub needed: Option<u32>,
}

impl Precision {
    /// What `replications` with this widest half-width (a share) come to.
    fn of(wanted: Points, widest: f64, replications: u32) -> Self {
        let reached = widest <= wanted.share();
        Self {
            wanted,
            widest: widest * 100.0,
            reached,
            needed: (!reached)
                .then(|| needed(replications, widest, wanted.share()))
                .flatten(),
        }
    }
}

/// What is added to until it is enough.
pub(super) trait Growing {
    /// Replications so far, in everything that is simulated.
    fn replications(&self) -> u32;
    /// Goes on to so many replications; whether they were all made.
    fn grow(&mut self, to: u32) -> Result<bool, String>;
    /// The widest half-width of the headline, as a share.
    fn widest(&self) -> f64;
    /// Whether some of it is left to others, so that nobody can know yet if it is enough.
    fn waits(&self) -> bool {
        false
    }
}

/// Makes replications: `most`, or as many of them as it takes.
pub(super) fn until(
    growing: &mut impl Growing,
    most: u32,
    wanted: Option<Points>,
) -> Result<Option<Precision>, String> {
    for look in looks(most) {
        let whole = growing.grow(look)?;
        if let Some(wanted) = wanted {
            let found = Precision::of(wanted, growing.widest(), growing.replications());
            if found.reached || !whole || look == most || growing.waits() {
                return Ok(Some(found));
            }
        }
        if !whole {
            break;
        }
    }
    Ok(None)
}

/// Too few replications for an interval.
pub(super) const NOTHING: &str = "stopped before two replications were done: there is nothing to report";

/// One scenario that is simulated.
struct One<'a> {
    scenario: &'a Scenario,
    world: World,
    request: RunRequest,
    finished: Finished<'a>,
    stop: &'a AtomicBool,
    progress: &'a (dyn Fn() + Sync),
    runs: Runs,
}

impl Growing for One<'_> {
    fn waits(&self) -> bool {
        self.finished.waits()
    }

    fn replications(&self) -> u32 {
        self.runs.replications()
    }

    fn grow(&mut self, to: u32) -> Result<bool, String> {
        let plan = Plan {
            replications: to,
            first: 0,
            threads: self.request.threads,
        };
        self.runs
            .extend_from(&self.world, plan, self.finished, self.stop, self.progress)?;
        Ok(!self.runs.stopped)
    }

    fn widest(&self) -> f64 {
        let standards = self
            .scenario
            .pathways
            .iter()
            .enumerate()
            .filter(|(_, p)| p.standard.is_some());
        let half_width = |(place, _): (usize, &Pathway)| {
            let all = self.runs.rows.iter().filter_map(|row| row.last());
            let pairs: Vec<(u64, u64)> = all
                .map(|row| (row.pathways[place].hits, row.pathways[place].referrals))
                .collect();
            // Where nobody came there is nothing to know.
            share_interval(&pairs, self.request.confidence).map_or(0.0, |i| i.half_width)
        };
        standards.map(half_width).fold(0.0, f64::max)
    }
}

/// Simulates a scenario: as many replications as are asked for, or as many of them as its precision takes.
///
/// # Errors
/// In the system's words, if threads cannot be started or pieces not be read or written; or if `stop` came before two replications
/// were done.
pub(super) fn simulate(
    scenario: &Scenario,
    request: RunRequest,
    pieces: &Pieces,
    stop: &AtomicBool,
    progress: &(dyn Fn() + Sync),
) -> Result<(Runs, Option<Precision>), String> {
    let world = World::new(scenario);
    let runs = Runs::none(&world, scenario.hubs.len());
    let mut one = One {
        scenario,
        world,
        request,
        finished: Finished::of(pieces, scenario),
        stop,
        progress,
        runs,
    };
    let wanted = scenario.experiment.precision;
    let found = if wanted.is_some() {
        until(&mut one, request.replications, wanted)?
    } else {
        one.grow(request.replications)?;
        None
    };
    if one.runs.rows.len() < 2 {
        return Err(NOTHING.into());
    }
    Ok((one.runs, found))
}
