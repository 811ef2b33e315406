//! What simulated points say of a figure everywhere: how it varies by chance, and an emulator of it.

use super::region::CUTOFF;
use crate::answers::figures::{Figure, Link, Sample};
use crate::stats::{Emulator, Simulated};

/// Farther from the reported figure than this, on the scale of the emulator, a point is not looked at while others do:
/// for a share of 79 %, outside 45 to 94 %.
const REACH: f64 = 1.5;

/// Places between what is expected and what was reported at which both are weighed, and halvings of the step after that.
const LOOKS: u32 = 8;
const HALVINGS: u32 = 6;

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
    chance: Chance,
    /// Of the model: what it leaves out.
    pub(super) model: f64,
    /// Correlation of the errors of points with the same random numbers.
    pub(super) correlation: f64,
    target: f64,
    /// The figure that was reported, on the scale of the emulator.
    reported: f64,
}

/// What would be simulated at some inputs, and how far it is from what was reported.
#[derive(Clone, Copy, Debug)]
pub(super) struct Expected {
    /// Doubt about the figure, from the emulator and from the few replications behind it.
    pub(super) emulator: f64,
    /// Chance in what would be reported there, and what the model leaves out.
    fixed: f64,
}

/// How far what is reported may be off by chance, where the service does as well as is expected there: a report of 100 % is
/// sure of itself only where hardly anybody waits.
#[derive(Clone, Debug)]
struct Chance {
    smooth: Smooth,
    /// The same of single months, where all points have some.
    of_months: Option<Smooth>,
    link: Link,
    figure: Figure,
}

impl Chance {
    /// The variance of what is reported.
    fn of_report(&self, y: f64) -> f64 {
        let there = |smooth: &Smooth| {
            let (variance, bottom) = smooth.at(y);
            (variance * squared(self.link.slope(y)), bottom)
        };
        let month = self.of_months.as_ref().map(there);
        self.figure.chance(self.link.back(y), there(&self.smooth), month)
    }
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
        let smooth = Smooth::of(known.iter().map(|k| (k.y, k.variance, k.sample.bottom)).collect());
        let correlation = correlation(&known, &smooth);
        let bottoms = known.iter().map(|k| k.sample.bottom).sum::<f64>() / known.len().max(1) as f64;
        let reported = link.there(figure.value, figure.referrals.map_or(bottoms, |n| n as f64));
        let chance = Chance {
            smooth,
            of_months: months(&known),
            link,
            figure: figure.clone(),
        };
        let model = squared(figure.model_error(model_error));
        let far = |k: &Known<'_>| {
            let doubt = (chance.of_report(k.y) + model).sqrt();
            f64::min(
                (k.y - reported).abs() / REACH,
                (link.back(k.y) - figure.value).abs() / (4.0 * doubt),
            )
        };
        let mut near: Vec<(f64, &Known<'_>)> = known.iter().map(|k| (far(k), k)).collect();
        near.sort_by(|a, b| a.0.total_cmp(&b.0));
        let dimensions = points.first()?.at.len();
        let terms = 1 + dimensions + dimensions * (dimensions + 1) / 2;
        let within = near.partition_point(|(far, _)| *far <= 1.0);
        let used = within.max((POINTS_A_TERM * terms).max(12)).min(near.len());
        let mut far: Vec<&Known<'_>> = near.split_off(used).into_iter().map(|(_, k)| k).collect();
        let mut near: Vec<&Known<'_>> = near.into_iter().map(|(_, k)| k).collect();
        let off = |k: &&Known<'_>| (k.y - reported).abs();
        let farthest = near.iter().map(off).fold(2.0 * REACH, f64::max);
        let fitted = |near: &mut Vec<&Known<'_>>| {
            // In the order in which they were made, so that nothing depends on ties.
            near.sort_by_key(|k| k.order);
            let simulated: Vec<Simulated> = near
                .iter()
                .map(|k| Simulated {
                    at: k.point.at.clone(),
                    // Farther than this is as far as needs be known, and would bend the surface where it matters.
                    value: k.y.clamp(reported - farthest, reported + farthest),
                    noise: chance.smooth.at(k.y).0 / f64::from(k.point.replications),
                    block: k.point.block,
                })
                .collect();
            Emulator::fit(&simulated, correlation)
        };
        let mut fit = Self {
            emulator: fitted(&mut near)?,
            link,
            chance: chance.clone(),
            model,
            correlation,
            target: figure.value,
            reported,
        };
        // Where it would take for near what was simulated and is far, it is told.
        while !far.is_empty() {
            let (wrong, right): (Vec<&Known<'_>>, Vec<&Known<'_>>) =
                far.into_iter().partition(|k| fit.implausibility(&k.point.at) <= CUTOFF);
            if wrong.is_empty() {
                break;
            }
            near.extend(wrong);
            far = right;
            fit.emulator = fitted(&mut near)?;
        }
        Some(fit)
    }

    pub(super) fn at(&self, at: &[f64]) -> Expected {
        let found = self.emulator.predict(at);
        Expected {
            emulator: found.variance * squared(self.link.slope(found.mean)),
            fixed: self.chance.of_report(found.mean) + self.model,
        }
    }

    pub(super) fn mean(&self, at: &[f64]) -> f64 {
        self.link.back(self.emulator.mean(at))
    }

    /// How far what was reported may be off by chance, as a variance, where it is right.
    pub(super) fn observed(&self) -> f64 {
        self.chance.of_report(self.reported)
    }

    /// What the figure is divided by in one replication there: referrals, where it is a share.
    pub(super) fn bottom(&self) -> f64 {
        self.chance.smooth.at(self.reported).1
    }

    /// Doubt apart from the emulator's, where the report is right.
    pub(super) fn fixed(&self) -> f64 {
        self.observed() + self.model
    }

    /// How far inputs are from what was reported, in standard deviations.
    pub(super) fn implausibility(&self, at: &[f64]) -> f64 {
        self.judged(at).0.sqrt()
    }

    /// The logarithm of the likelihood, up to a constant: by Laplace's approximation around the likeliest figure.
    pub(super) fn log_likelihood(&self, at: &[f64]) -> f64 {
        let (squares, variance) = self.judged(at);
        -0.5 * (squares + libm::log(variance))
    }

    /// How far inputs are from what was reported, as a square, and the variance of what would be reported there.
    ///
    /// The emulator is in doubt on its own scale, and the report on that of the figure, as wide as chance makes it where the figure
    /// is. So the figure is looked for with which both are least surprised. Where the scales are straight that is the difference over
    /// the root of both variances added.
    fn judged(&self, at: &[f64]) -> (f64, f64) {
        let expected = self.emulator.predict(at);
        let own = expected.variance.max(1e-12);
        let fixed = |y: f64| self.chance.of_report(y) + self.model;
        let squares = |y: f64| squared(y - expected.mean) / own + squared(self.link.back(y) - self.target) / fixed(y);
        let (from, to) = (expected.mean, self.reported);
        let place = |part: f64| from + part * (to - from);
        let looked = |k: u32| f64::from(k) / f64::from(LOOKS);
        let all = (0..=LOOKS).map(|k| (squares(place(looked(k))), looked(k)));
        let (mut least, mut part) = all.min_by(|a, b| a.0.total_cmp(&b.0)).unwrap_or((squares(from), 0.0));
        let mut reach = 0.5 / f64::from(LOOKS);
        for _ in 0..HALVINGS {
            for other in [part - reach, part + reach] {
                let found = squares(place(other.clamp(0.0, 1.0)));
                if found < least {
                    (least, part) = (found, other.clamp(0.0, 1.0));
                }
            }
            reach *= 0.5;
        }
        let y = place(part);
        (least, fixed(y) + expected.variance * squared(self.link.slope(y)))
    }

    /// Whether a simulated figure is within three standard deviations of what was reported, with chance in both and what the model
    /// leaves out allowed for.
    pub(super) fn agrees(&self, sample: &Sample, replications: u32) -> bool {
        let y = self.link.there(sample.mean, sample.bottom * f64::from(replications));
        let doubt = self.chance.of_report(y) + self.model + sample.variance / f64::from(replications);
        squared(sample.mean - self.target) <= squared(CUTOFF) * doubt
    }

    /// Doubt of the emulator over all other doubt.
    pub(super) fn doubt(&self, at: &[f64]) -> f64 {
        let found = self.at(at);
        found.emulator / found.fixed
    }

    /// How many of the points it was fitted to lie within three standard deviations of what is said without them, and how many
    /// there are.
    pub(super) fn left_out(&self) -> (usize, usize) {
        let all = self.emulator.left_out();
        (all.iter().filter(|z| z.abs() <= 3.0).count(), all.len())
    }

    /// How far a fresh mean of so many replications was from what was expected, in standard deviations.
    pub(super) fn surprise(&self, at: &[f64], sample: &Sample, replications: u32) -> f64 {
        let found = self.emulator.predict(at);
        let own = self.chance.smooth.at(found.mean).0 / f64::from(replications);
        let seen = self.link.there(sample.mean, sample.bottom * f64::from(replications));
        (seen - found.mean) / (found.variance + own).sqrt()
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
#[derive(Clone, Debug)]
struct Smooth {
    /// Figure, variance, bottom; by figure.
    at: Vec<(f64, f64, f64)>,
    least: f64,
}

impl Smooth {
    /// So many of the nearest points speak.
    const NEAREST: usize = 8;

    fn of(mut at: Vec<(f64, f64, f64)>) -> Self {
        let all = at.iter().map(|(_, variance, _)| variance).sum::<f64>() / at.len().max(1) as f64;
        at.sort_by(|a, b| a.0.total_cmp(&b.0));
        Self {
            at,
            // Replications that were all the same say little; nothing is known exactly.
            least: (1e-4 * all).max(1e-9),
        }
    }

    /// The variance of one replication and what it is divided by, where the figure is this.
    fn at(&self, y: f64) -> (f64, f64) {
        let begin = self.at.partition_point(|(x, _, _)| *x < y);
        let (mut from, mut to) = (begin, begin);
        while to - from < Self::NEAREST && to - from < self.at.len() {
            let apart = |place: Option<&(f64, f64, f64)>| place.map_or(f64::INFINITY, |(x, _, _)| (x - y).abs());
            let below = apart(from.checked_sub(1).and_then(|place| self.at.get(place)));
            if below <= apart(self.at.get(to)) {
                from -= 1;
            } else {
                to += 1;
            }
        }
        let near = &self.at[from..to];
        let width = near.iter().map(|(x, _, _)| (x - y).abs()).fold(0.0, f64::max).max(1e-9);
        let (mut weights, mut variance, mut bottom) = (0.0, 0.0, 0.0);
        for (x, v, b) in near {
            let weight = libm::exp(-0.5 * squared((x - y) / width));
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

/// How single months vary along the figure; `None` unless all points have some.
fn months(known: &[Known<'_>]) -> Option<Smooth> {
    let of = |k: &Known<'_>| {
        let (variance, bottom) = k.sample.month?;
        Some((k.y, variance / squared(k.slope), bottom))
    };
    known.iter().map(of).collect::<Option<Vec<_>>>().map(Smooth::of)
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
