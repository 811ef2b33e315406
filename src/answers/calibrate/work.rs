//! Everything that a calibration simulates: waves, checks, tries.

use std::sync::atomic::{AtomicBool, Ordering};

use super::attempt::Try;
use super::fit::{Fit, Point};
use super::plausible::{self, Cloud};
use super::region::{self, Region, Waves};
use super::{
    AS_IT_STANDS, BLOCKS, CHECKS, CalibrateAnswer, CalibrateError, CalibrateRequest, Calibrated, Checked, Directions,
    FigureAnswer, Known, LITTLE_DOUBT, Make, NEAR, TRIES, Verdict, WaveAnswer, identify, point,
};
use crate::answers::Estimate;
use crate::answers::figures::{Figure, LeftOut, Sample};
use crate::answers::precision::{Growing as _, until};
use crate::engine::World;
use crate::model::Scenario;
use crate::pieces::Pieces;
use crate::random::{Key, name_salt};
use crate::replicate::{Finished, Plan, Runs, replicate_from};
use crate::stats::{latin_hypercube, spread};
use crate::units::Points;

pub(super) const NOTHING: &str = "stopped before the first wave was done: there is nothing to report";

/// Everything that is simulated.
pub(super) struct Work<'a> {
    pub(super) scenario: &'a Scenario,
    pub(super) request: &'a CalibrateRequest,
    pub(super) figures: &'a [Figure],
    make: Make<'a>,
    pub(super) pieces: &'a Pieces,
    pub(super) stop: &'a AtomicBool,
    pub(super) progress: &'a (dyn Fn() + Sync),
    /// The first replication that nothing has used.
    pub(super) next: u32,
    block: usize,
    points: Vec<Point>,
    replications: u64,
    events: u64,
    engine_cpu_s: f64,
}

impl<'a> Work<'a> {
    /// Nothing yet.
    pub(super) const fn new(
        scenario: &'a Scenario,
        request: &'a CalibrateRequest,
        figures: &'a [Figure],
        make: Make<'a>,
        pieces: &'a Pieces,
        (stop, progress): (&'a AtomicBool, &'a (dyn Fn() + Sync)),
    ) -> Self {
        Self {
            scenario,
            request,
            figures,
            make,
            pieces,
            stop,
            progress,
            next: 0,
            block: 0,
            points: Vec::new(),
            replications: 0,
            events: 0,
            engine_cpu_s: 0.0,
        }
    }
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
        let of = |f: &Figure| f.sample(runs, &months, experiment.run_length);
        self.figures.iter().map(of).collect()
    }

    /// Simulates places of the cube, in blocks of the same replications. Whether all of them were; if not, none is kept.
    fn simulate(&mut self, places: &[Vec<f64>]) -> Result<bool, CalibrateError> {
        let each = self.request.each;
        let (mut points, mut left) = (Vec::new(), false);
        for (n, at) in places.iter().enumerate() {
            let in_wave = n % BLOCKS;
            let first = self.next + each * u32::try_from(in_wave).unwrap_or(0);
            let scenario = (self.make)(&self.request.values(at)).map_err(CalibrateError::Unreadable)?;
            let plan = Plan {
                replications: each,
                first,
                threads: self.request.threads,
            };
            let (world, finished) = (World::new(&scenario), Finished::of(self.pieces, &scenario));
            let runs = replicate_from(&world, scenario.hubs.len(), plan, finished, self.stop, self.progress);
            let runs = runs.map_err(CalibrateError::Unfinished)?;
            self.count(&runs);
            if runs.stopped || self.stopped() {
                return Ok(false);
            }
            left |= runs.left;
            points.push(Point {
                at: at.clone(),
                block: self.block + in_wave,
                replications: each,
                samples: self.sample(&runs),
            });
        }
        if left {
            return Err(CalibrateError::Waits);
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
    pub(super) fn waves(&mut self, waves: &mut Waves) -> Result<(Vec<WaveAnswer>, Region), CalibrateError> {
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

    pub(super) fn draw(&self, waves: &Waves, region: &Region) -> Option<Cloud> {
        let (request, dimensions) = (self.request, self.request.ranges.len());
        plausible::draw(waves, region, dimensions, self.key("plausible set", 0), &|at| {
            request.snap(at)
        })
    }

    /// Simulates some plausible points, sets them beside what was expected, and lets the emulator learn from them.
    pub(super) fn check(&mut self, cloud: &Cloud, waves: &mut Waves) -> Result<Option<Checked>, CalibrateError> {
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
        let agrees = |p: &&Point| {
            let mut both = fits.iter().zip(&p.samples);
            both.all(|(fit, sample)| sample.as_ref().is_some_and(|s| fit.agrees(s, p.replications)))
        };
        let checked = Checked {
            points: places.len(),
            agree: self.points[known..].iter().filter(agrees).count(),
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
    pub(super) fn cannot(&self, fits: &[Fit], region: &Region) -> Verdict {
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
    pub(super) fn empty(&self, waves: Vec<WaveAnswer>, left_out: Vec<LeftOut>) -> CalibrateAnswer {
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
    pub(super) fn close(&self, answer: &mut CalibrateAnswer, fits: &[Fit], at: &[f64]) {
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
                as_it_stands: None,
                simulated: simulated.fold(None, ends),
            }
        };
        answer.figures = self.figures.iter().zip(fits).enumerate().map(of).collect();
        self.finish(answer);
    }

    pub(super) fn finish(&self, answer: &mut CalibrateAnswer) {
        let mean = |s: &Option<Sample>| s.as_ref().map(|s| s.mean);
        let of = |p: &Point| (self.request.values(&p.at), p.samples.iter().map(mean).collect());
        answer.simulated = self.points.iter().map(of).collect();
        answer.replications = self.replications;
        answer.interrupted = self.stopped();
        answer.events = self.events;
        answer.engine_cpu_s = self.engine_cpu_s;
    }

    /// Simulates the file as it stands, whose figures may be near or not.
    pub(super) fn as_it_stands(&mut self, answer: &mut CalibrateAnswer) -> Result<(), CalibrateError> {
        if self.stopped() {
            return Ok(());
        }
        let mut own = Try::new(self, self.scenario, Vec::new());
        let whole = own.grow(AS_IT_STANDS).map_err(CalibrateError::Unfinished)?;
        own.known()?;
        self.count(&own.runs);
        self.next += AS_IT_STANDS;
        if whole {
            for (figure, estimate) in answer.figures.iter_mut().zip(own.estimates()) {
                figure.as_it_stands = estimate;
            }
        }
        Ok(())
    }

    /// Looks for inputs that give back the figures, as near as can be to what the file says.
    pub(super) fn calibrated(
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
        let units: Vec<f64> = answer
            .figures
            .iter()
            .map(|f| near_enough(&f.figure, f.sd_observed))
            .collect();
        let mut before: Vec<f64> = Vec::new();
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
            let mut trying = Try::new(self, &scenario, units.clone());
            let reached =
                until(&mut trying, request.replications, Some(precision)).map_err(CalibrateError::Unfinished)?;
            trying.known()?;
            let (estimates, samples, runs) = (trying.estimates(), trying.samples(), trying.runs);
            self.count(&runs);
            if self.stopped() {
                break;
            }
            let near = |((figure, unit), e): ((&Figure, &f64), &Option<Estimate>)| {
                e.is_some_and(|e| (e.mean - figure.value).abs() <= NEAR * unit)
            };
            let near = self.figures.iter().zip(&units).zip(&estimates).all(near);
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
            for (known, value) in answer.known.iter_mut().zip(&values) {
                known.calibrated = Some(*value);
            }
            // Where more replications are wanted than are allowed, or there is nothing between these values and others, another try
            // would not know more.
            if near || before == values {
                break;
            }
            before = values;
            fits = self.fits()?;
        }
        Ok(())
    }
}

/// What counts as a point when a figure is to be met, in its unit: a point of a share, else so much that 0.3 of it are a quarter of
/// what was reported being in doubt, and no less than one per cent.
fn near_enough(figure: &Figure, sd_observed: f64) -> f64 {
    if figure.is_share() {
        figure.point()
    } else {
        figure.point().max(0.25 * sd_observed / NEAR)
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
