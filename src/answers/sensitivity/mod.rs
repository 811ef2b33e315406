//! `sensitivity`: which input matters, and which is worth going to measure?
//!
//! Inputs are the ranges that the file states ([`crate::scenario::InputRange`]). Everything is simulated on the same people.
//!
//! **The tornado** moves one input at a time to each end of its range, everything else as in the file: paired differences of
//! every service level over all hubs. An input that changes nothing at either end, in no replication and no pathway, is said to
//! change nothing and is left as it is from then on.
//!
//! **Shares** need all inputs to move together. They are drawn together, evenly over all ranges (a Latin hypercube), and each
//! draw is simulated with few replications. A smooth surface is laid through the logits of the service levels
//! ([`crate::stats::Surface`]), and the shares are those of the surface ([`crate::stats::variance_shares`], at some thousand points
//! that cost nothing). So chance in the simulation is no input's share: what the surface does not explain, chance taken off,
//! is shown as such. Evaluating the shares by the simulation itself would take some hundred times the replications for the same
//! certainty.
//!
//! All of it rests on how likely the values of a range are, which nobody knows: uniform unless the file says otherwise.

mod spread;

pub use spread::{ShareRow, Spread, together};

use std::sync::atomic::{AtomicBool, Ordering};

use crate::answers::Estimate;
use crate::engine::World;
use crate::model::{PathwayId, Scenario};
use crate::pieces::Pieces;
use crate::replicate::{Finished, Plan, replicate_from};
use crate::scenario::InputRange;
use crate::stats::{Paired, paired_share, share_interval};

/// Replications of each point at which all inputs move.
pub const AT_A_POINT: u32 = 2;

/// What to ask.
#[derive(Clone, Copy, Debug)]
pub struct SensitivityRequest {
    /// Replications at the values of the file and at each end of each range.
    pub replications: u32,
    /// Points at which all inputs move; by the number of inputs if left out.
    pub points: Option<u32>,
    /// Threads; `None` uses every processor.
    pub threads: Option<usize>,
}

/// What one input does to a service level, alone.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bar {
    /// The input, by its place in the list.
    pub input: usize,
    /// At the lower end of its range: difference to the file's values, paired \[share\].
    pub low: Estimate,
    /// At the upper end.
    pub high: Estimate,
    /// The upper end less the lower one, paired.
    pub swing: Estimate,
    /// Whether the level was the same at both ends as in the file, in every replication.
    pub same: bool,
}

impl Bar {
    /// How far the level moves, from the lowest of both ends and the file's values to the highest \[share\].
    #[must_use]
    pub fn width(&self) -> f64 {
        let (a, b) = (self.low.mean, self.high.mean);
        a.max(b).max(0.0) - a.min(b).min(0.0)
    }
}

/// What the inputs do to one standard, over all hubs.
#[derive(Clone, Debug, PartialEq)]
pub struct OfStandard {
    /// The pathway.
    pub pathway: PathwayId,
    /// Its service level at the values of the file.
    pub level: Estimate,
    /// Every input, the one that moves it farthest first.
    pub bars: Vec<Bar>,
    /// What all inputs together do; `None` if there were too few points, or nothing varies.
    pub spread: Option<Spread>,
}

/// The answer of `sensitivity`.
#[derive(Clone, Debug, PartialEq)]
pub struct SensitivityAnswer {
    /// Replications of the tornado.
    pub replications: u32,
    /// Points at which all inputs moved.
    pub points: u32,
    /// Points asked for; more than were simulated if it was interrupted.
    pub points_asked: u32,
    /// Confidence of every interval.
    pub confidence: f64,
    /// Inputs that moved together: those that change something.
    pub moved: Vec<usize>,
    /// By pathway with a standard for which referrals were counted.
    pub standards: Vec<OfStandard>,
    /// Events handled.
    pub events: u64,
    /// Processor time spent in the engine \[s\]. Not part of the results proper.
    pub engine_cpu_s: f64,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SensitivityError {
    /// Nobody says how soon anybody should be seen.
    #[error("no pathway has a `standard`, so there is no service level that inputs could move")]
    NoStandard,
    /// The reader refuses a value of a range.
    #[error("{0}")]
    Refused(String),
    /// Stopped too soon, or the machine cannot.
    #[error("{0}")]
    Unfinished(String),
}

/// Points if none are asked for: ten for each input, but neither too few for a surface nor more than planners wait for.
#[must_use]
pub fn default_points(inputs: usize) -> u32 {
    u32::try_from(10 * inputs).unwrap_or(u32::MAX).clamp(100, 400)
}

/// Units of work at most, for who shows how far it is: islands x replications of all that is simulated.
#[must_use]
pub fn most_units(scenario: &Scenario, inputs: usize, request: SensitivityRequest) -> u64 {
    let points = request.points.unwrap_or_else(|| default_points(inputs));
    let replications =
        (2 * inputs as u64 + 1) * u64::from(request.replications) + u64::from(points) * u64::from(AT_A_POINT);
    replications * scenario.islands().len() as u64
}

/// (hits, referrals) by pathway and replication, over all hubs.
pub(super) type Levels = Vec<Vec<(u64, u64)>>;

/// The scenario with these inputs at these values, or why it cannot be.
pub type Variant<'a> = dyn FnMut(&[(usize, f64)]) -> Result<Scenario, String> + 'a;

struct Simulating<'a> {
    variant: &'a mut Variant<'a>,
    threads: Option<usize>,
    pieces: &'a Pieces,
    stop: &'a AtomicBool,
    progress: &'a (dyn Fn() + Sync),
    events: u64,
    engine_cpu_s: f64,
}

impl Simulating<'_> {
    /// All replications of a scenario; `None` if stopped.
    fn levels(&mut self, scenario: &Scenario, replications: u32) -> Result<Option<Levels>, SensitivityError> {
        let plan = Plan {
            replications,
            first: 0,
            threads: self.threads,
        };
        let world = World::new(scenario);
        let finished = Finished::of(self.pieces, scenario);
        let runs = replicate_from(&world, scenario.hubs.len(), plan, finished, self.stop, self.progress);
        let runs = runs.map_err(SensitivityError::Unfinished)?;
        if runs.stopped || self.stop.load(Ordering::Relaxed) {
            return Ok(None);
        }
        self.events += runs.events;
        self.engine_cpu_s += runs.engine_cpu_s;
        let of = |pathway| runs.levels(pathway, runs.rows.len());
        Ok(Some((0..scenario.pathways.len()).map(of).collect()))
    }

    fn with(&mut self, values: &[(usize, f64)], replications: u32) -> Result<Option<Levels>, SensitivityError> {
        let scenario = (self.variant)(values).map_err(SensitivityError::Refused)?;
        self.levels(&scenario, replications)
    }
}

/// Moves the inputs, one at a time and all together.
///
/// `variant` makes the scenario with some inputs at some values, and everything else as in `base`. `progress` hears of every
/// unit done; see [`most_units`]. When `stop` becomes true in the tornado, there is no answer; after it, the answer is without
/// shares.
///
/// # Errors
/// [`SensitivityError`].
pub fn sensitivity<'a>(
    base: &Scenario,
    inputs: &[InputRange],
    variant: &'a mut Variant<'a>,
    request: SensitivityRequest,
    stop: &'a AtomicBool,
    progress: &'a (dyn Fn() + Sync),
) -> Result<SensitivityAnswer, SensitivityError> {
    sensitivity_in_pieces(base, inputs, variant, request, &Pieces::alone(), stop, progress)
}

/// The same, with what has been finished before. Where units are left to others, what comes of it is no answer
/// ([`Pieces::wanted`]): points at which all inputs move are asked for once it is known which of them change anything.
///
/// # Errors
/// As [`sensitivity`]; or if a piece cannot be read or written.
pub fn sensitivity_in_pieces<'a>(
    base: &Scenario,
    inputs: &[InputRange],
    variant: &'a mut Variant<'a>,
    request: SensitivityRequest,
    pieces: &'a Pieces,
    stop: &'a AtomicBool,
    progress: &'a (dyn Fn() + Sync),
) -> Result<SensitivityAnswer, SensitivityError> {
    let standards: Vec<PathwayId> = base
        .pathways
        .iter()
        .enumerate()
        .filter(|(_, p)| p.standard.is_some())
        .map(|(p, _)| PathwayId(p))
        .collect();
    if standards.is_empty() {
        return Err(SensitivityError::NoStandard);
    }
    let confidence = base.experiment.confidence.get();
    let mut simulating = Simulating {
        variant,
        threads: request.threads,
        pieces,
        stop,
        progress,
        events: 0,
        engine_cpu_s: 0.0,
    };
    let stopped =
        || SensitivityError::Unfinished("stopped before every input had been moved: there is nothing to report".into());
    let n = request.replications;
    let file = simulating.levels(base, n)?.ok_or_else(stopped)?;
    let mut ends: Vec<[Levels; 2]> = Vec::new();
    for (place, input) in inputs.iter().enumerate() {
        let low = simulating.with(&[(place, input.low)], n)?.ok_or_else(stopped)?;
        let high = simulating.with(&[(place, input.high)], n)?.ok_or_else(stopped)?;
        ends.push([low, high]);
    }
    let moved: Vec<usize> = (0..inputs.len())
        .filter(|&i| ends[i].iter().any(|end| *end != file))
        .collect();
    let asked = if moved.is_empty() {
        0
    } else {
        request.points.unwrap_or_else(|| default_points(moved.len()))
    };
    let ranges: Vec<&InputRange> = moved.iter().map(|&i| &inputs[i]).collect();
    let design = together(&ranges, asked, base.experiment.seed);
    let mut at_points: Vec<Levels> = Vec::new();
    for point in &design {
        let values: Vec<(usize, f64)> = moved.iter().copied().zip(point.iter().copied()).collect();
        let Some(levels) = simulating.with(&values, AT_A_POINT)? else {
            break;
        };
        at_points.push(levels);
    }
    // Half a hypercube is not even.
    let whole = at_points.len() == design.len();
    let estimate = |interval| Estimate::of(interval, confidence, n);
    let of_standard = |id: PathwayId| -> Option<OfStandard> {
        let level = share_interval(&file[id.0], confidence).map(estimate)?;
        let mut bars: Vec<Bar> = ends
            .iter()
            .enumerate()
            .filter_map(|(input, [low, high])| {
                let pair = |base: &Levels, other: &Levels| paired_share(&base[id.0], &other[id.0]);
                let change = |paired: &Paired| estimate(paired.interval(confidence));
                let (at_low, at_high) = (pair(&file, low)?, pair(&file, high)?);
                Some(Bar {
                    input,
                    low: change(&at_low),
                    high: change(&at_high),
                    swing: change(&pair(low, high)?),
                    same: at_low.same && at_high.same,
                })
            })
            .collect();
        bars.sort_by(|a, b| b.width().total_cmp(&a.width()));
        let outcomes: Vec<&[(u64, u64)]> = at_points.iter().map(|levels| levels[id.0].as_slice()).collect();
        Some(OfStandard {
            pathway: id,
            level,
            bars,
            spread: whole
                .then(|| spread::spread(&ranges, &moved, &design, &outcomes, base.experiment.seed, confidence))
                .flatten(),
        })
    };
    let standards: Vec<OfStandard> = standards.into_iter().filter_map(of_standard).collect();
    Ok(SensitivityAnswer {
        replications: n,
        points: u32::try_from(at_points.len()).unwrap_or(u32::MAX),
        points_asked: asked,
        confidence,
        moved,
        standards,
        events: simulating.events,
        engine_cpu_s: simulating.engine_cpu_s,
    })
}
