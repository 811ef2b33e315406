//! What has not been ruled out: history matching in waves.
//!
//! Inputs are ruled out if what is expected of them is more than three standard deviations from what was reported, in the
//! worst figure, or the second worst of more than five: Pukelsheim's rule (*American Statistician* 48 (1994), 88-91) has 95 % of
//! any distribution with one top within three. What one wave has ruled out stays so (Vernon, Goldstein & Bower, *Bayesian
//! Analysis* 5 (2010), 619-670), but for earlier waves only what is more than five away: they knew few points, and the last one
//! knows theirs and more.

use super::fit::Fit;
use crate::random::{Key, name_salt, normal_quantile};
use crate::stats::{Cholesky, weighted_covariance};

/// Standard deviations within which inputs are not ruled out.
pub(super) const CUTOFF: f64 = 3.0;

/// The same for waves before the last.
const CUTOFF_BEFORE: f64 = 5.0;

/// With more figures than this, the worst may be chance.
const MANY_FIGURES: usize = 5;

/// Inputs tried at random for each wave.
const TRIED: u64 = 4096;

/// Fewer than this of them are too few to choose from.
const FEW: usize = 150;

/// The waves so far: what each says of every figure.
#[derive(Clone, Debug, Default)]
pub(super) struct Waves(pub(super) Vec<Vec<Fit>>);

impl Waves {
    /// How implausible inputs are to the last wave; more than [`CUTOFF`] if an earlier one has ruled them out.
    pub(super) fn implausibility(&self, at: &[f64]) -> f64 {
        // The last wave knows most, so that it is asked first, and the others only of what it lets pass.
        let mut worst = 0.0;
        for (age, wave) in self.0.iter().rev().enumerate() {
            let scale = if age == 0 { 1.0 } else { CUTOFF / CUTOFF_BEFORE };
            worst = f64::max(worst, scale * of_wave(wave, at));
            if worst > CUTOFF {
                break;
            }
        }
        worst
    }
}

fn of_wave(fits: &[Fit], at: &[f64]) -> f64 {
    let mut all: Vec<f64> = fits.iter().map(|fit| fit.implausibility(at)).collect();
    all.sort_by(|a, b| b.total_cmp(a));
    let place = usize::from(all.len() > MANY_FIGURES);
    all.get(place).copied().unwrap_or(0.0)
}

/// What is left of the ranges.
#[derive(Clone, Debug)]
pub(super) struct Region {
    /// Inputs that have not been ruled out.
    pub(super) points: Vec<Vec<f64>>,
    /// What share of the ranges, as a volume, they stand for.
    pub(super) share: f64,
    /// The inputs that are least implausible of all that were tried.
    pub(super) nearest: Vec<f64>,
}

/// Looks for what has not been ruled out within the box of what was left before. `snap` moves inputs to those that there are.
pub(super) fn region(
    waves: &Waves,
    before: Option<&Region>,
    dimensions: usize,
    key: Key,
    snap: &impl Fn(&mut [f64]),
) -> Region {
    let bounds = before.map_or_else(
        || vec![(0.0, 1.0); dimensions],
        |region| bounds(&region.points, dimensions),
    );
    let volume: f64 = bounds.iter().map(|(low, high)| high - low).product();
    let salt = name_salt("tried inputs");
    let mut nearest: Vec<(f64, Vec<f64>)> = Vec::new();
    let mut points = Vec::new();
    for n in 0..TRIED {
        let key = key.part(salt, n);
        let mut at: Vec<f64> = (0u64..)
            .zip(&bounds)
            .map(|(axis, (low, high))| low + (high - low) * key.uniform(salt, axis))
            .collect();
        snap(&mut at);
        let implausibility = waves.implausibility(&at);
        if implausibility <= CUTOFF {
            points.push(at.clone());
        }
        nearest.push((implausibility, at));
    }
    let share = volume * points.len() as f64 / TRIED as f64;
    nearest.sort_by(|a, b| a.0.total_cmp(&b.0));
    nearest.truncate(if points.is_empty() { 10 } else { 1 });
    if points.is_empty() {
        for (number, from) in (0u64..).zip(&mut nearest) {
            descend(waves, from, key.part(name_salt("descent"), number), snap);
        }
        nearest.sort_by(|a, b| a.0.total_cmp(&b.0));
        let found = nearest.iter().filter(|(i, _)| *i <= CUTOFF);
        points.extend(found.map(|(_, at)| at.clone()));
    }
    if !points.is_empty() && points.len() < FEW {
        around(waves, &mut points, key.part(name_salt("around"), 0), snap);
    }
    let nearest = nearest.into_iter().next().map(|(_, at)| at);
    Region {
        points,
        share,
        nearest: nearest.unwrap_or_default(),
    }
}

/// The box of some points with a margin, inside the cube.
pub(super) fn bounds(points: &[Vec<f64>], dimensions: usize) -> Vec<(f64, f64)> {
    (0..dimensions)
        .map(|axis| {
            let along = points.iter().map(|p| p[axis]);
            let low = along.clone().fold(f64::INFINITY, f64::min);
            let high = along.fold(f64::NEG_INFINITY, f64::max);
            if low > high {
                return (0.0, 1.0);
            }
            let margin = 0.1 * (high - low) + 0.01;
            ((low - margin).max(0.0), (high + margin).min(1.0))
        })
        .collect()
}

/// Goes down from some inputs by random steps that become shorter.
fn descend(waves: &Waves, from: &mut (f64, Vec<f64>), key: Key, snap: &impl Fn(&mut [f64])) {
    let salt = name_salt("step");
    let mut reach = 0.2;
    for step in 0..200 {
        let key = key.part(salt, step);
        let mut at: Vec<f64> = (0u64..)
            .zip(&from.1)
            .map(|(axis, x)| (x + reach * normal_quantile(key.uniform(salt, axis))).clamp(0.0, 1.0))
            .collect();
        snap(&mut at);
        let implausibility = waves.implausibility(&at);
        if implausibility < from.0 {
            *from = (implausibility, at);
        } else {
            reach *= 0.98;
        }
    }
}

/// Adds points around those there are, by their spread.
fn around(waves: &Waves, points: &mut Vec<Vec<f64>>, key: Key, snap: &impl Fn(&mut [f64])) {
    let (salt, from) = (name_salt("around"), name_salt("from"));
    for n in 0..TRIED {
        // Grows with what is found, so that a narrow ridge is followed along.
        let spread = Spread::of(points, &vec![1.0; points.len()], 0.5);
        let key = key.part(salt, n);
        let centre = pick(points, key.uniform(from, 0));
        let mut at = spread.draw(centre, key);
        let inside = at.iter().all(|x| (0.0..=1.0).contains(x));
        snap(&mut at);
        if inside && waves.implausibility(&at) <= CUTOFF {
            points.push(at);
        }
        if points.len() >= 2 * FEW {
            break;
        }
    }
}

/// One of some points, each as likely.
fn pick(points: &[Vec<f64>], u: f64) -> &[f64] {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "0 to their number"
    )]
    let place = (u * points.len() as f64) as usize;
    points.get(place).or(points.last()).map_or(&[], Vec::as_slice)
}

/// Normal steps with the shape of a cloud of points.
#[derive(Clone, Debug)]
pub(super) struct Spread {
    factor: Cholesky,
    log_determinant: f64,
    size: usize,
}

impl Spread {
    /// Steps of `scale` times the spread of the points, and of a thousandth of the ranges at least.
    pub(super) fn of(points: &[Vec<f64>], weights: &[f64], scale: f64) -> Self {
        let size = points.first().map_or(0, Vec::len);
        let covariance = weighted_covariance(points, weights);
        let least = if points.len() < 2 { 4e-4 } else { 1e-6 };
        let entry = |i: usize, j: usize| {
            let own = if i == j { least } else { 0.0 };
            covariance[i][j] * scale * scale + own
        };
        let factor = Cholesky::of(size, entry).unwrap_or_else(|| Cholesky::of_diagonal(size, least));
        Self {
            log_determinant: factor.log_determinant(),
            factor,
            size,
        }
    }

    /// A step away from somewhere.
    pub(super) fn draw(&self, from: &[f64], key: Key) -> Vec<f64> {
        let salt = name_salt("normal");
        let z: Vec<f64> = (0..self.size as u64)
            .map(|axis| normal_quantile(key.uniform(salt, axis)))
            .collect();
        let step = self.factor.times(&z);
        from.iter().zip(step).map(|(x, d)| x + d).collect()
    }

    /// The logarithm of the density of a step.
    pub(super) fn log_density(&self, step: &[f64]) -> f64 {
        let half = self.factor.half_solve(step);
        let squares: f64 = half.iter().map(|x| x * x).sum();
        -0.5 * (squares + self.log_determinant + self.size as f64 * libm::log(std::f64::consts::TAU))
    }
}
