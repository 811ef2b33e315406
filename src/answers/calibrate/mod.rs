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

mod figures;
mod fit;
mod identify;
mod plausible;
mod point;
mod region;

pub use figures::{Figure, LeftOut, USABLE, WhyNot, figures};
pub use identify::{Directions, Known, Pair, SHRUNK, Stands};

use std::sync::atomic::{AtomicBool, Ordering};

use serde::Serialize;

use crate::answers::Estimate;
use crate::answers::precision::{Growing, until};
use crate::engine::World;
use crate::model::{PathwayId, Scenario};
use crate::random::{Key, name_salt};
use crate::replicate::{Plan, Runs, replicate};
use crate::scenario::Range;
use crate::stats::{latin_hypercube, ratio_interval, share_interval, spread};
use crate::units::Points;
use figures::Sample;
use fit::{Fit, Point};
use plausible::{Cloud, KEPT};
use region::{Region, Waves};

/// Standard deviations of a normal distribution on either side of its mean that hold 95 % of it.
const NORMAL_95: f64 = 1.959_963_984_540_054;

/// Groups of points with the same random numbers, in each wave.
const BLOCKS: usize = 5;
/// Doubt of the emulator, as a part of all other doubt, that is little enough.
const LITTLE_DOUBT: f64 = 0.1;
/// Plausible points that are simulated as a check on the emulator.
const CHECKS: u32 = 20;
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

    /// The most replications that this can take: waves, checks, tries.
    #[must_use]
    pub fn most_replications(&self) -> [u64; 3] {
        let each = u64::from(self.each);
        [
            u64::from(self.waves) * u64::from(self.points) * each,
            u64::from(CHECKS) * each,
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
    /// The lowest and highest that any simulated point gave; `None` if nobody was counted.
    pub simulated: Option<(f64, f64)>,
}

/// How the emulator did at plausible points that it had not seen.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Checked {
    /// Points simulated.
    pub points: usize,
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
    sound(scenario, request)?;
    let (figures, left_out) = figures(scenario);
    let mut work = Work {
        scenario,
        request,
        figures: &figures,
        make,
        stop,
        progress,
        next: 0,
        block: 0,
        points: Vec::new(),
        replications: 0,
        events: 0,
        engine_cpu_s: 0.0,
    };
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
    work.finish(&mut answer);
    answer.waves_fitted = waves;
    Ok(answer)
}

const NOTHING: &str = "stopped before the first wave was done: there is nothing to report";

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
        return "the figures reported are of the base, before what this scenario changes; calibrate the base, or give \
                figures of its own to this one"
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

/// Everything that is simulated.
struct Work<'a> {
    scenario: &'a Scenario,
    request: &'a CalibrateRequest,
    figures: &'a [Figure],
    make: Make<'a>,
    stop: &'a AtomicBool,
    progress: &'a (dyn Fn() + Sync),
    /// The first replication that nothing has used.
    next: u32,
    block: usize,
    points: Vec<Point>,
    replications: u64,
    events: u64,
    engine_cpu_s: f64,
}

impl Work<'_> {
    fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    fn key(&self, what: &str, number: usize) -> Key {
        Key::root(self.scenario.experiment.seed).part(name_salt(what), number as u64)
    }

    fn sample(&self, runs: &Runs) -> Vec<Option<Sample>> {
        let experiment = &self.scenario.experiment;
        let months = experiment.months();
        let of = |f: &Figure| Sample::of(&f.pairs(runs, &months, experiment.run_length));
        self.figures.iter().map(of).collect()
    }

    /// Simulates places of the cube, in blocks of the same replications. Whether all of them were; if not, none is kept.
    fn simulate(&mut self, places: &[Vec<f64>]) -> Result<bool, CalibrateError> {
        let each = self.request.each;
        let mut points = Vec::new();
        for (n, at) in places.iter().enumerate() {
            let in_wave = n % BLOCKS;
            let first = self.next + each * u32::try_from(in_wave).unwrap_or(0);
            let scenario = (self.make)(&self.request.values(at)).map_err(CalibrateError::Unreadable)?;
            let plan = Plan {
                replications: each,
                first,
                threads: self.request.threads,
            };
            let world = World::new(&scenario);
            let runs = replicate(&world, scenario.hubs.len(), plan, self.stop, self.progress);
            let runs = runs.map_err(CalibrateError::Unfinished)?;
            self.count(&runs);
            if runs.stopped || self.stopped() {
                return Ok(false);
            }
            points.push(Point {
                at: at.clone(),
                block: self.block + in_wave,
                replications: each,
                samples: self.sample(&runs),
            });
        }
        self.points.extend(points);
        self.block += BLOCKS;
        self.next += each * u32::try_from(BLOCKS).unwrap_or(0);
        Ok(true)
    }

    fn count(&mut self, runs: &Runs) {
        self.replications += u64::from(runs.replications());
        self.events += runs.events;
        self.engine_cpu_s += runs.engine_cpu_s;
    }

    fn fits(&self) -> Result<Vec<Fit>, CalibrateError> {
        let of = |(number, figure): (usize, &Figure)| {
            Fit::of(figure, number, &self.points, self.request.model_error).ok_or_else(|| {
                let pathway = &self.scenario.pathways[figure.pathway.0].name;
                CalibrateError::NothingCounted(format!(
                    "no `{}` of `{pathway}` came out of most simulations, so there is nothing to set beside what was reported; \
                     look at the ranges of the unknown inputs",
                    figure.measure.name()
                ))
            })
        };
        self.figures.iter().enumerate().map(of).collect()
    }

    /// Waves until the emulator is good enough, nothing is left, or there have been enough.
    fn waves(&mut self, waves: &mut Waves) -> Result<(Vec<WaveAnswer>, Region), CalibrateError> {
        let (request, dimensions) = (self.request, self.request.ranges.len());
        let count = request.points as usize;
        let snap = |at: &mut [f64]| request.snap(at);
        let mut places = latin_hypercube(count, dimensions, self.key("hypercube", 0));
        places.iter_mut().for_each(|at| snap(at));
        let mut told: Vec<WaveAnswer> = Vec::new();
        let mut region: Option<Region> = None;
        let mut empty = 0;
        for number in 0..request.waves.max(1) as usize {
            if !self.simulate(&places)? {
                break;
            }
            let fits = self.fits()?;
            if empty > 0 {
                // It was looked again near the best inputs: what was ruled out for want of points there may come back.
                waves.0.clear();
            }
            waves.0.push(fits);
            let key = self.key("wave", number);
            let found = region::region(waves, region.as_ref(), dimensions, key, &snap);
            let doubt = doubt(waves, &found);
            told.push(WaveAnswer {
                points: places.len(),
                replications: places.len() as u64 * u64::from(request.each),
                left: found.share,
                doubt: doubt.clone(),
            });
            if found.points.is_empty() {
                empty += 1;
                if empty > 1 {
                    region = Some(found);
                    break;
                }
                // Once more, near the inputs that come nearest.
                places = near(&found.nearest, count, self.key("near", number), &snap);
                region = None;
                if number + 1 == request.waves as usize {
                    region = Some(found);
                }
                continue;
            }
            empty = 0;
            let good = doubt.iter().all(|d| *d <= LITTLE_DOUBT);
            let there: Vec<Vec<f64>> = self.points.iter().map(|p| p.at.clone()).collect();
            let chosen = spread(&found.points, &there, count);
            places = chosen.into_iter().map(|n| found.points[n].clone()).collect();
            region = Some(found);
            if good || places.is_empty() {
                break;
            }
        }
        let region = region.ok_or_else(|| CalibrateError::Unfinished(NOTHING.into()))?;
        Ok((told, region))
    }

    fn draw(&self, waves: &Waves, region: &Region) -> Option<Cloud> {
        let (request, dimensions) = (self.request, self.request.ranges.len());
        plausible::draw(waves, region, dimensions, self.key("plausible set", 0), &|at| {
            request.snap(at)
        })
    }

    /// Simulates some plausible points, sets them beside what was expected, and lets the emulator learn from them.
    fn check(&mut self, cloud: &Cloud, waves: &mut Waves) -> Result<Option<Checked>, CalibrateError> {
        let places: Vec<Vec<f64>> = cloud.kept(CHECKS).into_iter().map(|(at, _)| at).collect();
        let known = self.points.len();
        let Some(fits) = waves.0.last() else { return Ok(None) };
        if self.stopped() || !self.simulate(&places)? {
            return Ok(None);
        }
        let surprises: Vec<Vec<f64>> = fits
            .iter()
            .enumerate()
            .map(|(number, fit)| {
                let fresh = self.points[known..].iter();
                let of = |p: &Point| Some(fit.surprise(&p.at, p.samples.get(number)?.as_ref()?, p.replications));
                fresh.filter_map(of).collect()
            })
            .collect();
        let root = |z: &Vec<f64>| (z.iter().map(|z| z * z).sum::<f64>() / z.len().max(1) as f64).sqrt();
        let checked = Checked {
            points: places.len(),
            within: surprises
                .iter()
                .map(|z| z.iter().filter(|z| z.abs() <= 3.0).count())
                .collect(),
            root_mean_square: surprises.iter().map(root).collect(),
        };
        let fits = self.fits()?;
        if let Some(last) = waves.0.last_mut() {
            *last = fits;
        }
        Ok(Some(checked))
    }

    /// Nothing reproduces the figures: what comes nearest, whatever the emulator's doubts.
    fn cannot(&self, fits: &[Fit], region: &Region) -> Verdict {
        let starts: Vec<Vec<f64>> = self.points.iter().map(|p| p.at.clone()).collect();
        let mut at = point::nearest(self.figures, fits, &region.nearest, &starts);
        self.request.snap(&mut at);
        let off: Vec<f64> = fits.iter().map(|fit| fit.implausibility(&at)).collect();
        let (worst, least) = off
            .iter()
            .enumerate()
            .fold((0, 0.0), |worst, (n, i)| if *i > worst.1 { (n, *i) } else { worst });
        Verdict::CannotReproduce {
            nearest: self.request.values(&at),
            expected: fits.iter().map(|fit| fit.mean(&at)).collect(),
            least,
            worst,
        }
    }

    /// An answer with nothing in it yet but the waves.
    fn empty(&self, waves: Vec<WaveAnswer>, left_out: Vec<LeftOut>) -> CalibrateAnswer {
        let request = self.request;
        let known = request.ranges.iter().map(|range| Known {
            path: range.path.clone(),
            unit: range.unit.clone(),
            from: range.from,
            to: range.to,
            now: range.now,
            low: range.from,
            high: range.to,
            shrunk: 0.0,
            moves: Vec::new(),
            calibrated: None,
        });
        CalibrateAnswer {
            figures: Vec::new(),
            left_out,
            known: known.collect(),
            verdict: Verdict::Reproduced,
            waves,
            checked: None,
            plausible: Vec::new(),
            worth: 0.0,
            pairs: Vec::new(),
            directions: Directions {
                unknown: request.ranges.len(),
                figures: self.figures.len(),
                told: 0,
                condition: None,
            },
            calibrated: None,
            precision: request.precision,
            model_error: request.model_error,
            simulated: Vec::new(),
            replications: 0,
            interrupted: false,
            events: 0,
            engine_cpu_s: 0.0,
            waves_fitted: Waves::default(),
            border: f64::INFINITY,
            ranges: request.ranges.clone(),
        }
    }

    /// What there is to say of the figures, with the emulator's doubt at some inputs.
    fn close(&self, answer: &mut CalibrateAnswer, fits: &[Fit], at: &[f64]) {
        let of = |(number, (figure, fit)): (usize, (&Figure, &Fit))| {
            let simulated = self
                .points
                .iter()
                .filter_map(|p| Some(p.samples.get(number)?.as_ref()?.mean));
            let ends = |ends: Option<(f64, f64)>, v: f64| Some(ends.map_or((v, v), |(l, h)| (l.min(v), h.max(v))));
            let share = figure.is_share() && figure.plus_minus.is_none();
            let referrals = share.then(|| figure.referrals.map_or(fit.bottom(), |n| n as f64));
            let independent = |n: f64| figure.value * (1.0 - figure.value) / n;
            FigureAnswer {
                figure: figure.clone(),
                sd_observed: fit.observed().sqrt(),
                design_effect: referrals
                    .map(|n| fit.observed() / independent(n))
                    .filter(|d| d.is_finite()),
                referrals,
                sd_model: fit.model.sqrt(),
                sd_emulator: fit.at(at).emulator.sqrt(),
                correlation: fit.correlation,
                left_out: fit.left_out(),
                calibrated: None,
                simulated: simulated.fold(None, ends),
            }
        };
        answer.figures = self.figures.iter().zip(fits).enumerate().map(of).collect();
        self.finish(answer);
    }

    fn finish(&self, answer: &mut CalibrateAnswer) {
        let mean = |s: &Option<Sample>| s.as_ref().map(|s| s.mean);
        let of = |p: &Point| (self.request.values(&p.at), p.samples.iter().map(mean).collect());
        answer.simulated = self.points.iter().map(of).collect();
        answer.replications = self.replications;
        answer.interrupted = self.stopped();
        answer.events = self.events;
        answer.engine_cpu_s = self.engine_cpu_s;
    }

    /// Looks for inputs that give back the figures, as near as can be to what the file says.
    fn calibrated(
        &mut self,
        answer: &mut CalibrateAnswer,
        mut fits: Vec<Fit>,
        cloud: &Cloud,
        precision: Points,
    ) -> Result<(), CalibrateError> {
        let request = self.request;
        let home: Vec<f64> = request
            .ranges
            .iter()
            .map(|range| range.now.map_or(0.5, |now| range.part(now).clamp(0.0, 1.0)))
            .collect();
        // The plausible points nearest to home, as starts.
        let mut starts: Vec<Vec<f64>> = cloud.kept(200).into_iter().map(|(at, _)| at).collect();
        starts.sort_by(|a, b| identify::apart(a, &home).total_cmp(&identify::apart(b, &home)));
        starts.truncate(5);
        for number in 1..=TRIES {
            if self.stopped() {
                break;
            }
            let at = point::nearest(self.figures, &fits, &home, &starts);
            let values: Vec<f64> = request
                .ranges
                .iter()
                .zip(&at)
                .map(|(range, u)| range.rounded(range.at(*u), 4))
                .collect();
            let scenario = (self.make)(&values).map_err(CalibrateError::Unreadable)?;
            let mut trying = Try::new(self, &scenario);
            let reached =
                until(&mut trying, request.replications, Some(precision)).map_err(CalibrateError::Unfinished)?;
            let (estimates, samples, runs) = (trying.estimates(), trying.samples(), trying.runs);
            self.count(&runs);
            if self.stopped() {
                break;
            }
            let near = |(figure, e): (&Figure, &Option<Estimate>)| {
                e.is_some_and(|e| (e.mean - figure.value).abs() <= NEAR * figure.point())
            };
            let near = self.figures.iter().zip(&estimates).all(near);
            let known = reached.is_some_and(|p| p.reached);
            let at: Vec<f64> = request
                .ranges
                .iter()
                .zip(&values)
                .map(|(range, v)| range.part(*v))
                .collect();
            self.points.push(Point {
                at,
                block: self.block,
                replications: runs.replications(),
                samples,
            });
            self.block += 1;
            self.next += runs.replications();
            answer.calibrated = Some(Calibrated {
                values: values.clone(),
                tries: number,
                confirmed: near && known,
                replications: runs.replications(),
                near,
                needed: reached.and_then(|p| p.needed),
            });
            for (figure, estimate) in answer.figures.iter_mut().zip(estimates) {
                figure.calibrated = estimate;
            }
            for (known, value) in answer.known.iter_mut().zip(values) {
                known.calibrated = Some(value);
            }
            // Where more replications are wanted than are allowed, another try would not know more.
            if near {
                break;
            }
            fits = self.fits()?;
        }
        Ok(())
    }
}

/// Doubt of the emulator over all other doubt by figure, on average over what is left, or at the nearest inputs.
fn doubt(waves: &Waves, region: &Region) -> Vec<f64> {
    let Some(last) = waves.0.last() else { return Vec::new() };
    let nearest = [region.nearest.clone()];
    let points = if region.points.is_empty() {
        &nearest[..]
    } else {
        &region.points
    };
    // A few hundred are enough for a mean.
    let step = (points.len() / 300).max(1);
    let of = |fit: &Fit| {
        let (sum, n) = points
            .iter()
            .step_by(step)
            .map(|at| fit.doubt(at))
            .fold((0.0, 0.0), |(sum, n), d| (sum + d, n + 1.0));
        sum / f64::max(n, 1.0)
    };
    last.iter().map(of).collect()
}

/// Places in a small cube around one.
fn near(at: &[f64], count: usize, key: Key, snap: &impl Fn(&mut [f64])) -> Vec<Vec<f64>> {
    const REACH: f64 = 0.15;
    let mut places = latin_hypercube(count, at.len(), key);
    for place in &mut places {
        for (x, centre) in place.iter_mut().zip(at) {
            *x = (centre + REACH * (2.0 * *x - 1.0)).clamp(0.0, 1.0);
        }
        snap(place);
    }
    places
}

/// A try of the calibrated inputs, on replications of its own.
struct Try<'a> {
    figures: &'a [Figure],
    scenario: &'a Scenario,
    world: World,
    runs: Runs,
    first: u32,
    threads: Option<usize>,
    confidence: f64,
    stop: &'a AtomicBool,
    progress: &'a (dyn Fn() + Sync),
}

impl<'a> Try<'a> {
    fn new(work: &Work<'a>, scenario: &'a Scenario) -> Self {
        let world = World::new(scenario);
        Self {
            figures: work.figures,
            runs: Runs::none(&world, scenario.hubs.len()),
            scenario,
            world,
            first: work.next,
            threads: work.request.threads,
            confidence: work.scenario.experiment.confidence.get(),
            stop: work.stop,
            progress: work.progress,
        }
    }

    fn pairs(&self, figure: &Figure) -> Vec<(f64, f64)> {
        let experiment = &self.scenario.experiment;
        figure.pairs(&self.runs, &experiment.months(), experiment.run_length)
    }

    fn samples(&self) -> Vec<Option<Sample>> {
        self.figures.iter().map(|f| Sample::of(&self.pairs(f))).collect()
    }

    fn estimates(&self) -> Vec<Option<Estimate>> {
        let of = |f: &Figure| {
            let pairs = self.pairs(f);
            let interval = if f.is_share() {
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "counts")]
                let whole: Vec<(u64, u64)> = pairs.iter().map(|(h, n)| (*h as u64, *n as u64)).collect();
                share_interval(&whole, self.confidence)
            } else {
                ratio_interval(&pairs, self.confidence)
            };
            interval.map(|interval| Estimate::of(interval, self.confidence, self.runs.replications()))
        };
        self.figures.iter().map(of).collect()
    }
}

impl Growing for Try<'_> {
    fn replications(&self) -> u32 {
        self.runs.replications()
    }

    fn grow(&mut self, to: u32) -> Result<bool, String> {
        let plan = Plan {
            replications: to,
            first: self.first,
            threads: self.threads,
        };
        self.runs.extend(&self.world, plan, self.stop, self.progress)?;
        Ok(!self.runs.stopped)
    }

    /// In points; one per cent of what is no share counts as one.
    fn widest(&self) -> f64 {
        if self.runs.replications() < 2 {
            return f64::INFINITY;
        }
        let half = |(figure, e): (&Figure, Option<Estimate>)| {
            e.map_or(f64::INFINITY, |e| e.half_width / figure.point() / 100.0)
        };
        self.figures.iter().zip(self.estimates()).map(half).fold(0.0, f64::max)
    }
}

/// Pathways whose figures were left out, for who tells of them.
impl LeftOut {
    /// The pathway's name.
    #[must_use]
    pub fn pathway_name<'s>(&self, scenario: &'s Scenario) -> Option<&'s str> {
        self.pathway.map(|PathwayId(id)| scenario.pathways[id].name.as_str())
    }
}
