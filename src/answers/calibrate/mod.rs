//! `calibrate`: which values of the unknown inputs reproduce what was reported, within its own uncertainty?
//!
//! **The way.** Inputs are chosen evenly over their ranges (a Latin hypercube) and simulated, a few replications each. From
//! these an emulator learns what the simulation would say at any other inputs, and how sure that is. What is too far from the
//! reported figures is ruled out, new inputs are chosen among what is left, and so on in waves until the emulator is hardly in
//! doubt. Then points are drawn and weighted by how well they explain the figures: the plausible set. Some of them are
//! simulated, as a check on the emulator. At last one set of inputs is looked for that gives back the figures themselves, and
//! confirmed on replications that nothing else has seen.
//!
//! **Doubt.** A figure may be off because of chance in the service: what was reported is one month or one year. The file may
//! say by how much (`plus-minus`); if it says of how many referrals it is (`referrals`), chance is that of so many referrals
//! in the simulation, where waits cluster and one referral says much of the next; else that of the simulated window. It is
//! rounded besides. A figure may be off because the model leaves things out: so many points are allowed for that, and stated. And the emulator and the
//! few replications behind it leave doubts of their own. All are added as variances.
//!
//! **Random numbers.** Points are simulated in blocks, the same replications for all points of a block, so that differences
//! between them are due to the inputs; other blocks have other replications, so that no level rests on a few lucky years. The
//! emulator knows which errors are alike.

mod attempt;
mod fit;
mod identify;
mod plausible;
mod point;
mod region;
mod work;

pub use identify::{Directions, Known, Pair, SHRUNK, Stands};

use std::sync::atomic::AtomicBool;

use serde::Serialize;

use crate::answers::Estimate;
use crate::answers::figures::{Figure, LeftOut, USABLE, WhyNot, figures};
use crate::engine::World;
use crate::model::Scenario;
use crate::pieces::Pieces;
use crate::replicate::{Plan, replicate};
use crate::scenario::Range;
use crate::units::Points;
use plausible::KEPT;
use region::Waves;
use work::{NOTHING, Work};

/// Groups of points with the same random numbers, in each wave.
const BLOCKS: usize = 5;
/// Doubt of the emulator, as a part of all other doubt, that is little enough.
const LITTLE_DOUBT: f64 = 0.1;
/// Plausible points that are simulated as a check on the emulator.
const CHECKS: u32 = 20;
/// Replications of the file as it stands.
pub const AS_IT_STANDS: u32 = 20;
/// Tries to find inputs that give back the figures.
const TRIES: u32 = 6;
/// How near the calibrated inputs must come to the figures, in points.
const NEAR: f64 = 0.3;
/// The most unknown inputs: each asks for points of its own.
pub const MOST_UNKNOWNS: usize = 12;

/// What to calibrate, and how much work to put into it.
#[derive(Clone, Debug)]
pub struct CalibrateRequest {
    /// The unknown inputs.
    pub ranges: Vec<Range>,
    /// Points of each wave.
    pub points: u32,
    /// Replications of each point.
    pub each: u32,
    /// The most waves.
    pub waves: u32,
    /// What the model may leave out, as a standard deviation \[points of a share; per cent of other figures\].
    pub model_error: f64,
    /// How well the figures of the calibrated inputs are to be known; none are looked for if `None`.
    pub precision: Option<Points>,
    /// The most replications of the calibrated inputs in one try.
    pub replications: u32,
    /// Threads; `None` uses every processor.
    pub threads: Option<usize>,
}

impl CalibrateRequest {
    /// What is usual: ten points an input, four replications each, at most six waves, and 2 points for what the model leaves out.
    #[must_use]
    pub fn usual(scenario: &Scenario, ranges: Vec<Range>) -> Self {
        let points = u32::try_from(10 * ranges.len()).unwrap_or(u32::MAX).max(20);
        Self {
            ranges,
            points,
            each: 4,
            waves: 6,
            model_error: 2.0,
            precision: Points::new(NEAR).ok(),
            replications: scenario.experiment.replications,
            threads: None,
        }
    }

    /// The most replications that this can take: waves, checks and the file as it stands, tries.
    #[must_use]
    pub fn most_replications(&self) -> [u64; 3] {
        let each = u64::from(self.each);
        [
            u64::from(self.waves) * u64::from(self.points) * each,
            u64::from(CHECKS) * each + u64::from(AS_IT_STANDS),
            self.precision
                .map_or(0, |_| u64::from(TRIES) * u64::from(self.replications)),
        ]
    }
}

/// One wave.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct WaveAnswer {
    /// Points simulated.
    pub points: usize,
    /// Replications, all points together.
    pub replications: u64,
    /// What share of the ranges, as a volume, has not been ruled out after it.
    pub left: f64,
    /// By figure: doubt of the emulator over all other doubt, as variances, on average over what is left.
    pub doubt: Vec<f64>,
}

/// What came of a figure.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FigureAnswer {
    /// The figure.
    pub figure: Figure,
    /// How far the report may be off by chance, as a standard deviation.
    pub sd_observed: f64,
    /// How many times the variance of so many independent referrals that is; `None` for what is no share, and where the file
    /// gives `plus-minus`.
    pub design_effect: Option<f64>,
    /// Of how many referrals it is taken to be; `None` where the file gives `plus-minus`, and for what is no share.
    pub referrals: Option<f64>,
    /// How far the model may be off, as a standard deviation.
    pub sd_model: f64,
    /// How far the emulator may be off where the figure is met, as a standard deviation; what the few replications of its points
    /// leave in doubt is in it.
    pub sd_emulator: f64,
    /// Correlation of the errors of points with the same random numbers.
    pub correlation: f64,
    /// Points that lay within three standard deviations of what the emulator says without them, and how many there were.
    pub left_out: (usize, usize),
    /// The calibrated inputs' own, on fresh replications.
    pub calibrated: Option<Estimate>,
    /// As the file stands, on fresh replications; `None` if nobody was counted, or it was stopped before.
    pub as_it_stands: Option<Estimate>,
    /// The lowest and highest that any simulated point gave; `None` if nobody was counted.
    pub simulated: Option<(f64, f64)>,
}

/// How the emulator did at plausible points that it had not seen.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Checked {
    /// Points simulated.
    pub points: usize,
    /// How many of them give every figure within three standard deviations of what was reported.
    pub agree: usize,
    /// By figure: how many were within three standard deviations of what was expected.
    pub within: Vec<usize>,
    /// By figure: the root of the mean square of the differences, in standard deviations.
    pub root_mean_square: Vec<f64>,
}

/// A plausible point.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Particle {
    /// Values of the inputs, in their units.
    pub values: Vec<f64>,
    /// What share of all weight it has.
    pub weight: f64,
}

impl Checked {
    /// Whether the emulator did at these points as it says, and they do what the plausible set is for.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        let most = |count: usize| 10 * count >= 9 * self.points;
        self.within.iter().all(|count| most(*count))
            && 2 * self.agree >= self.points
            && self.root_mean_square.iter().all(|root| *root <= 2.0)
    }
}

/// Whether the model can say what was reported.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Some inputs within their ranges reproduce it.
    Reproduced,
    /// None do.
    CannotReproduce {
        /// The inputs that come nearest.
        nearest: Vec<f64>,
        /// What is expected of each figure there.
        expected: Vec<f64>,
        /// How far that is, in standard deviations, in the worst figure.
        least: f64,
        /// Its place among the figures.
        worst: usize,
    },
}

/// The calibrated inputs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Calibrated {
    /// Their values.
    pub values: Vec<f64>,
    /// How many were tried; each on replications of its own.
    pub tries: u32,
    /// Whether every figure is as near as was asked for, and known as well.
    pub confirmed: bool,
    /// Replications of the last try.
    pub replications: u32,
    /// Whether every figure is as near as was asked for.
    pub near: bool,
    /// About how many replications it would take to know them as well as was asked for, where so many were not allowed.
    pub needed: Option<u32>,
}

/// The answer of `calibrate`.
#[derive(Clone, Debug)]
pub struct CalibrateAnswer {
    /// The figures and what came of them.
    pub figures: Vec<FigureAnswer>,
    /// The figures of the file that were not used.
    pub left_out: Vec<LeftOut>,
    /// The inputs and what is known of them; ranges are those before if nothing reproduces the figures.
    pub known: Vec<Known>,
    /// Whether the figures can be reproduced.
    pub verdict: Verdict,
    /// The waves.
    pub waves: Vec<WaveAnswer>,
    /// The check on the emulator; `None` if it was not made.
    pub checked: Option<Checked>,
    /// The plausible set; its weights sum to 1.
    pub plausible: Vec<Particle>,
    /// How many points of equal weight it was drawn from.
    pub worth: f64,
    /// Inputs that go together, the closest first.
    pub pairs: Vec<Pair>,
    /// How much the figures say together.
    pub directions: Directions,
    /// The calibrated inputs.
    pub calibrated: Option<Calibrated>,
    /// How well their figures were to be known.
    pub precision: Option<Points>,
    /// What the model may leave out \[points\].
    pub model_error: f64,
    /// Every point that was simulated: its values, and the figures there.
    pub simulated: Vec<(Vec<f64>, Vec<Option<f64>>)>,
    /// Replications, everything together.
    pub replications: u64,
    /// Whether it was stopped before its end.
    pub interrupted: bool,
    /// Events handled.
    pub events: u64,
    /// Processor time spent in the engine \[s\]. Not part of the results proper.
    pub engine_cpu_s: f64,
    waves_fitted: Waves,
    border: f64,
    ranges: Vec<Range>,
}

impl CalibrateAnswer {
    /// The inputs' ranges.
    #[must_use]
    pub fn ranges(&self) -> &[Range] {
        &self.ranges
    }

    /// Whether inputs are among the most plausible 90 %.
    #[must_use]
    pub fn holds(&self, values: &[f64]) -> bool {
        let at: Vec<f64> = self
            .ranges
            .iter()
            .zip(values)
            .map(|(range, v)| range.part(*v))
            .collect();
        let inside = at.iter().all(|x| (0.0..=1.0).contains(x));
        inside && plausible::log_plausibility(&self.waves_fitted, &at) >= self.border
    }
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CalibrateError {
    /// No input is unknown.
    #[error(
        "the file names no unknown input; say what is not known and how far it may move, for example:\n\n[[unknown]]\n\
         path = \"staff.nurse\"\nfrom = 20\nto   = 30"
    )]
    NoUnknown,
    /// There are too many.
    #[error(
        "{0} inputs are unknown, and at most {MOST_UNKNOWNS} can be calibrated together; keep those that matter most"
    )]
    TooMany(usize),
    /// It is no input of the service.
    #[error("the unknown `{0}` says how the service is simulated, and is no input of it; take it away")]
    NoInput(String),
    /// A range has no length.
    #[error(
        "`from` and `to` of the unknown `{0}` are the same, so nothing is unknown of it; take it away or give it a range"
    )]
    NoRange(String),
    /// No figure can be used.
    #[error("{0}")]
    NoFigure(String),
    /// The scenario cannot be read with values of the ranges.
    #[error("{0}")]
    Unreadable(String),
    /// Nobody was counted at most of the points.
    #[error("{0}")]
    NothingCounted(String),
    /// It waits for units that are left to others.
    #[error("some of what it looks at is still to be made")]
    Waits,
    /// Stopped too soon, or the machine cannot.
    #[error("{0}")]
    Unfinished(String),
}

/// Makes the scenario with values of the unknown inputs, in the order and the units of the ranges.
pub type Make<'a> = &'a dyn Fn(&[f64]) -> Result<Scenario, String>;

/// About how long one replication takes one processor \[s\], from one that is made.
///
/// # Errors
/// If threads cannot be started, the reason in the system's words.
pub fn seconds_a_replication(scenario: &Scenario, threads: Option<usize>) -> Result<f64, String> {
    let plan = Plan {
        replications: 1,
        first: 0,
        threads,
    };
    let (stop, world) = (AtomicBool::new(false), World::new(scenario));
    Ok(replicate(&world, scenario.hubs.len(), plan, &stop, &|| ())?.engine_cpu_s)
}

/// Calibrates a scenario.
///
/// `progress` hears, from any thread, of every unit done: islands x replications, at most
/// [`CalibrateRequest::most_replications`]. When `stop` becomes true in the first wave there is no answer; later the answer
/// rests on what has been done, and says so.
///
/// # Errors
/// [`CalibrateError`].
pub fn calibrate(
    scenario: &Scenario,
    request: &CalibrateRequest,
    make: Make<'_>,
    stop: &AtomicBool,
    progress: &(dyn Fn() + Sync),
) -> Result<CalibrateAnswer, CalibrateError> {
    calibrate_in_pieces(scenario, request, make, &Pieces::alone(), stop, progress)
}

/// The same, with what has been finished before. Where units are left to others it waits: the next wave depends on them.
///
/// # Errors
/// As [`calibrate`]; or if a piece cannot be read or written.
pub fn calibrate_in_pieces(
    scenario: &Scenario,
    request: &CalibrateRequest,
    make: Make<'_>,
    pieces: &Pieces,
    stop: &AtomicBool,
    progress: &(dyn Fn() + Sync),
) -> Result<CalibrateAnswer, CalibrateError> {
    sound(scenario, request)?;
    let (figures, left_out) = figures(scenario);
    let mut work = Work::new(scenario, request, &figures, make, pieces, (stop, progress));
    let mut waves = Waves::default();
    let (told, region) = work.waves(&mut waves)?;
    let mut answer = work.empty(told, left_out);
    let Some(fits) = waves.0.last().cloned() else {
        return Err(CalibrateError::Unfinished(NOTHING.into()));
    };
    let cloud = (!region.points.is_empty())
        .then(|| work.draw(&waves, &region))
        .flatten();
    let Some(mut cloud) = cloud else {
        answer.verdict = work.cannot(&fits, &region);
        work.close(&mut answer, &fits, &region.nearest);
        work.as_it_stands(&mut answer)?;
        work.finish(&mut answer);
        return Ok(answer);
    };
    answer.checked = work.check(&cloud, &mut waves)?;
    if answer.checked.is_some()
        && let Some(better) = work.draw(&waves, &region)
    {
        cloud = better;
    }
    let fits = waves.0.last().cloned().unwrap_or(fits);
    answer.known = identify::known(&request.ranges, &cloud, &fits);
    answer.pairs = identify::pairs(&cloud, &answer.known);
    answer.directions = identify::directions(&cloud, &fits, request.ranges.len());
    answer.plausible = cloud
        .kept(KEPT)
        .into_iter()
        .map(|(at, weight)| Particle {
            values: request.values(&at),
            weight,
        })
        .collect();
    (answer.worth, answer.border) = (cloud.worth, cloud.border);
    let middle = crate::stats::weighted_mean(&cloud.points, &cloud.weights);
    work.close(&mut answer, &fits, &middle);
    if let Some(precision) = request.precision {
        work.calibrated(&mut answer, fits, &cloud, precision)?;
    }
    work.as_it_stands(&mut answer)?;
    work.finish(&mut answer);
    answer.waves_fitted = waves;
    Ok(answer)
}

/// What cannot be calibrated at all.
fn sound(scenario: &Scenario, request: &CalibrateRequest) -> Result<(), CalibrateError> {
    let ranges = &request.ranges;
    if ranges.is_empty() {
        return Err(CalibrateError::NoUnknown);
    }
    if ranges.len() > MOST_UNKNOWNS {
        return Err(CalibrateError::TooMany(ranges.len()));
    }
    // The reader has seen to it that the lower limit is not above the upper one.
    if let Some(range) = ranges.iter().find(|range| range.from >= range.to) {
        return Err(CalibrateError::NoRange(range.path.clone()));
    }
    let of_experiment = |range: &&Range| range.path.trim_start().starts_with("experiment");
    if let Some(range) = ranges.iter().find(of_experiment) {
        return Err(CalibrateError::NoInput(range.path.clone()));
    }
    let (used, left_out) = figures(scenario);
    if used.is_empty() {
        return Err(CalibrateError::NoFigure(no_figure(scenario, &left_out)));
    }
    Ok(())
}

/// Why no figure can be used, and what to do.
fn no_figure(scenario: &Scenario, left_out: &[LeftOut]) -> String {
    let pathway = scenario.pathways.first().map_or("crisis", |p| p.name.as_str());
    let example = format!(
        "[[observed]]\nmeasure   = \"service_level\"\npathway   = \"{pathway}\"\nvalue     = 0.79\nreferrals = 600\n\
         source    = \"where it was reported\""
    );
    let usable: Vec<&str> = USABLE.iter().map(|m| m.name()).collect();
    if left_out.is_empty() {
        return format!("the file reports no figure of the real service to calibrate to, for example:\n\n{example}");
    }
    if left_out.iter().all(|l| l.why == WhyNot::BeforeChange) {
        return "the figures reported are of the service before what this scenario or `--set` changes in it; calibrate it without \
                that, or give figures of its own to this one"
            .into();
    }
    format!(
        "none of the figures reported can be calibrated to: each must be of one pathway (with a standard, if it is a \
         `service_level`), of a month that is simulated if it is of a month, and one of {}; for example:\n\n{example}",
        usable.join(", ")
    )
}

impl CalibrateRequest {
    /// The values at a place of the cube.
    fn values(&self, at: &[f64]) -> Vec<f64> {
        self.ranges.iter().zip(at).map(|(range, u)| range.at(*u)).collect()
    }

    /// Moves a place of the cube to the middle of the whole number that it stands for, where only whole numbers will do.
    fn snap(&self, at: &mut [f64]) {
        for (range, u) in self.ranges.iter().zip(at).filter(|(range, _)| range.whole) {
            *u = range.part(range.at(*u));
        }
    }
}
