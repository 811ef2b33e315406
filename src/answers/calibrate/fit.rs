//! What simulated points say of a figure everywhere: how it varies by chance, and an emulator of it.

use super::figures::{Figure, Link, Sample};
use crate::stats::{Emulator, Simulated};

/// Farther from the reported figure than this, on the scale of the emulator, a point is not looked at while others do:
/// for a share of 79 %, outside 45 to 94 %.
const REACH: f64 = 1.5;

/// At least so many points, the nearest ones, are looked at for each term of a full quadratic.
const POINTS_A_TERM: usize = 2;

/// Inputs at which replications were made.
#[derive(Clone, Debug)]
pub(super) struct Point {
    /// Where in the cube of the ranges.
    pub(super) at: Vec<f64>,
    /// Points of one block have the same random numbers.
    pub(super) block: usize,
    pub(super) replications: u32,
    /// By figure; `None` where nobody was counted.
    pub(super) samples: Vec<Option<Sample>>,
}

/// What is known of a figure.
#[derive(Clone, Debug)]
pub(super) struct Fit {
    link: Link,
    emulator: Emulator,
    /// Of the report: chance in what was reported.
    pub(super) observed: f64,
    /// Of the model: what it leaves out.
    pub(super) model: f64,
    /// The variance of one simulated replication near the figure.
    pub(super) chance: f64,
    /// What a figure is divided by in one replication near it: referrals, where it is a share.
    pub(super) bottom: f64,
    /// Correlation of the errors of points with the same random numbers.
    pub(super) correlation: f64,
    target: f64,
}

/// What would be simulated at some inputs, and how far it is from what was reported.
#[derive(Clone, Copy, Debug)]
pub(super) struct Expected {
    /// The figure.
    pub(super) mean: f64,
    /// Doubt about that, from the emulator and from the few replications behind it.
    pub(super) emulator: f64,
}

impl Fit {
    /// `None` if the points do not allow it.
    pub(super) fn of(figure: &Figure, number: usize, points: &[Point], model_error: f64) -> Option<Self> {
        let link = figure.link();
        let known: Vec<Known<'_>> = points
            .iter()
            .enumerate()
            .filter_map(|(order, point)| Known::of(order, point, number, link))
            .collect();
        let target = link.there(figure.value, 1e4);
        let smooth = Smooth::of(&known);
        let correlation = correlation(&known, &smooth);
        let (variance, bottom) = smooth.at(target);
        let slope = link.slope(target);
        let chance = variance * slope * slope;
        let observed = match (figure.plus_minus, figure.referrals) {
            (Some(plus_minus), _) => squared(plus_minus / super::NORMAL_95),
            (None, Some(referrals)) => chance * bottom / referrals as f64,
            (None, None) => chance,
        };
        // Never less than chance would be if one referral said nothing of the next.
        let least = match (figure.plus_minus, figure.is_share()) {
            (None, true) => figure.value * (1.0 - figure.value) / figure.referrals.map_or(bottom, |n| n as f64),
            _ => 0.0,
        };
        let mut near: Vec<&Known<'_>> = known.iter().collect();
        near.sort_by(|a, b| (a.y - target).abs().total_cmp(&(b.y - target).abs()));
        let dimensions = points.first()?.at.len();
        let terms = 1 + dimensions + dimensions * (dimensions + 1) / 2;
        let within = near.partition_point(|k| (k.y - target).abs() <= REACH);
        near.truncate(within.max((POINTS_A_TERM * terms).max(12)));
        // In the order in which they were made, so that nothing depends on ties.
        near.sort_by_key(|k| k.order);
        let simulated: Vec<Simulated> = near
            .iter()
            .map(|k| Simulated {
                at: k.point.at.clone(),
                value: k.y,
                noise: smooth.at(k.y).0 / f64::from(k.point.replications),
                block: k.point.block,
            })
            .collect();
        Some(Self {
            emulator: Emulator::fit(&simulated, correlation)?,
            link,
            observed: observed.max(least),
            model: squared(figure.model_error(model_error)),
            chance,
            bottom,
            correlation,
            target: figure.value,
        })
    }

    pub(super) fn at(&self, at: &[f64]) -> Expected {
        let found = self.emulator.predict(at);
        Expected {
            mean: self.link.back(found.mean),
            emulator: found.variance * squared(self.link.slope(found.mean)),
        }
    }

    pub(super) fn mean(&self, at: &[f64]) -> f64 {
        self.link.back(self.emulator.mean(at))
    }

    /// Doubt apart from the emulator's.
    pub(super) fn fixed(&self) -> f64 {
        self.observed + self.model
    }

    /// How far inputs are from what was reported, in standard deviations.
    pub(super) fn implausibility(&self, at: &[f64]) -> f64 {
        let found = self.at(at);
        (found.mean - self.target).abs() / (self.fixed() + found.emulator).sqrt()
    }

    /// The logarithm of the likelihood, up to a constant.
    pub(super) fn log_likelihood(&self, at: &[f64]) -> f64 {
        let found = self.at(at);
        let variance = self.fixed() + found.emulator;
        -0.5 * (squared(found.mean - self.target) / variance + libm::log(variance))
    }

    /// How many of the points it was fitted to lie within three standard deviations of what is said without them, and how many
    /// there are.
    pub(super) fn left_out(&self) -> (usize, usize) {
        let all = self.emulator.left_out();
        (all.iter().filter(|z| z.abs() <= 3.0).count(), all.len())
    }

    /// How far a fresh mean of so many replications was from what was expected, in standard deviations.
    pub(super) fn surprise(&self, at: &[f64], sample: &Sample, replications: u32) -> f64 {
        let found = self.at(at);
        (sample.mean - found.mean) / (found.emulator + self.chance / f64::from(replications)).sqrt()
    }
}

pub(super) fn squared(x: f64) -> f64 {
    x * x
}

/// A point at which a figure is known.
struct Known<'a> {
    order: usize,
    point: &'a Point,
    sample: &'a Sample,
    /// On the scale of the emulator.
    y: f64,
    /// The variance of one replication on that scale.
    variance: f64,
    slope: f64,
}

impl<'a> Known<'a> {
    fn of(order: usize, point: &'a Point, number: usize, link: Link) -> Option<Self> {
        let sample = point.samples.get(number)?.as_ref()?;
        let y = link.there(sample.mean, sample.bottom * f64::from(point.replications));
        let slope = link.slope(y);
        Some(Self {
            order,
            point,
            sample,
            y,
            variance: sample.variance / squared(slope),
            slope,
        })
    }
}

/// Variances of one replication, smoothed along the figure: those of single points rest on a few replications each.
struct Smooth {
    at: Vec<(f64, f64, f64)>,
    width: f64,
    least: f64,
}

impl Smooth {
    fn of(known: &[Known<'_>]) -> Self {
        let n = known.len().max(1) as f64;
        let mean = known.iter().map(|k| k.y).sum::<f64>() / n;
        let spread = known.iter().map(|k| squared(k.y - mean)).sum::<f64>() / n;
        let all = known.iter().map(|k| k.variance).sum::<f64>() / n;
        Self {
            at: known.iter().map(|k| (k.y, k.variance, k.sample.bottom)).collect(),
            width: (0.5 * spread.sqrt()).max(1e-6),
            // Replications that were all the same say little; nothing is known exactly.
            least: (1e-4 * all).max(1e-12),
        }
    }

    /// The variance of one replication and what it is divided by, where the figure is this.
    fn at(&self, y: f64) -> (f64, f64) {
        let nearest = self
            .at
            .iter()
            .map(|(x, _, _)| (x - y).abs())
            .fold(f64::INFINITY, f64::min);
        let (mut weights, mut variance, mut bottom) = (0.0, 0.0, 0.0);
        for (x, v, b) in &self.at {
            // In the weight of the nearest, so that far outside it is that one that speaks.
            let weight = libm::exp(-0.5 * (squared(x - y) - squared(nearest)) / squared(self.width));
            weights += weight;
            variance += weight * v;
            bottom += weight * b;
        }
        if weights > 0.0 {
            ((variance / weights).max(self.least), bottom / weights)
        } else {
            (self.least, 1.0)
        }
    }
}

/// How alike the errors of points with the same random numbers are: in a block of `k` points the mean of their deviations has
/// the variance `correlation + (1 - correlation) / k` of a single one's, replication by replication.
fn correlation(known: &[Known<'_>], smooth: &Smooth) -> f64 {
    let mut blocks: Vec<usize> = known.iter().map(|k| k.point.block).collect();
    blocks.sort_unstable();
    blocks.dedup();
    let (mut found, mut expected) = (0.0, 0.0);
    for block in blocks {
        let of: Vec<&Known<'_>> = known.iter().filter(|k| k.point.block == block).collect();
        let (k, n) = (of.len() as f64, of.first().map_or(0, |k| k.sample.deviations.len()));
        if of.len() < 2 || n < 2 {
            continue;
        }
        let mut squares = 0.0;
        for replication in 0..n {
            let deviation = |known: &&&Known<'_>| {
                let sd = (smooth.at(known.y).0).sqrt() * known.slope;
                known.sample.deviations.get(replication).copied().unwrap_or(0.0) / sd
            };
            squares += squared(of.iter().map(|k| deviation(&k)).sum::<f64>() / k);
        }
        found += squares / (n - 1) as f64 - 1.0 / k;
        expected += 1.0 - 1.0 / k;
    }
    if expected > 0.0 {
        (found / expected).clamp(0.0, 0.98)
    } else {
        0.0
    }
}
