//! What all inputs together do to a service level, and which of them it is due to.

use rayon::iter::{IntoParallelIterator, ParallelIterator};

use super::AT_A_POINT;
use crate::answers::Estimate;
use crate::random::{Key, name_salt};
use crate::scenario::InputRange;
use crate::stats::{Interval, Surface, latin_hypercube_of, quantile_by_weight, two_way, variance_shares};

/// What an input has to do with the spread of a service level.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ShareRow {
    /// The input, by its place in the list.
    pub input: usize,
    /// First-order share of the variance: what knowing it would take away on average.
    pub first: Estimate,
    /// Total share: what would be left if all others were known.
    pub total: Estimate,
    /// How much smaller the standard deviation would be if it were known \[share\].
    pub sd_gain: Estimate,
    /// How wide the middle nine tenths would be on average if it were known \[share\].
    pub range_if_known: Estimate,
}

/// How a service level spreads over the ranges of all inputs.
#[derive(Clone, Debug, PartialEq)]
pub struct Spread {
    /// The mean \[share\].
    pub mean: Estimate,
    /// The standard deviation that is due to the inputs.
    pub sd: Estimate,
    /// A twentieth lies below.
    pub low: Estimate,
    /// A twentieth lies above.
    pub high: Estimate,
    /// Standard deviation that chance in the simulation adds at a point; part of nothing above.
    pub sd_simulation: f64,
    /// Which share of the variance the surface explains where it has not been.
    pub explained: f64,
    /// Terms of the surface, besides the mean.
    pub terms: usize,
    /// Every input that was moved, the one with the largest total share first; none where the surface explains too little.
    pub shares: Vec<ShareRow>,
}

/// Resamples of the points, for intervals.
const RESAMPLES: u64 = 200;
/// Points at which the surface is looked at for the shares; and in each resample.
const LOOKS: [usize; 2] = [16_384, 1_024];
/// Values of an input at which the rest is looked at.
const VALUES: usize = 16;
/// Points of the rest; and in each resample.
const REST: [usize; 2] = [4_096, 256];
/// A surface that explains less of the variance than this says nothing of shares.
const EXPLAINED: f64 = 0.5;
/// What lies outside of the middle nine tenths, on each side.
const OUTSIDE: f64 = 0.05;

fn keys(ranges: &[&InputRange], seed: u64, purpose: &str) -> Vec<Key> {
    let root = Key::root(seed)
        .part(name_salt("sensitivity"), 0)
        .part(name_salt(purpose), 0);
    ranges
        .iter()
        .map(|range| root.part(name_salt(&range.path), 0))
        .collect()
}

/// Values of all inputs together, draw by draw, evenly over all ranges. An input has numbers of its own, which go by its path.
#[must_use]
pub fn together(ranges: &[&InputRange], points: u32, seed: u64) -> Vec<Vec<f64>> {
    let all = latin_hypercube_of(points as usize, &keys(ranges, seed, "points"));
    let values = |point: Vec<f64>| point.iter().zip(ranges).map(|(u, range)| range.quantile(*u)).collect();
    all.into_iter().map(values).collect()
}

fn scaled(ranges: &[&InputRange], values: &[f64]) -> Vec<f64> {
    values.iter().zip(ranges).map(|(v, range)| range.scaled(*v)).collect()
}

/// So many points that fill the ranges, on the scale of the surface.
fn looks(ranges: &[&InputRange], n: usize, seed: u64, purpose: &str) -> Vec<Vec<f64>> {
    let all = latin_hypercube_of(n, &keys(ranges, seed, purpose));
    let one = |point: Vec<f64>| -> Vec<f64> {
        point
            .iter()
            .zip(ranges)
            .map(|(u, range)| range.scaled(range.quantile(*u)))
            .collect()
    };
    all.into_iter().map(one).collect()
}

/// The share whose logit this is.
fn share(logit: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-logit))
}

/// Two samples of points, and for each input of the surface the first with that input from the second.
fn samples(ranges: &[&InputRange], of_surface: &[usize], n: usize, seed: u64, mut take: impl FnMut(&[f64])) {
    let (a, b) = (
        looks(ranges, n, seed, "first sample"),
        looks(ranges, n, seed, "second sample"),
    );
    a.iter().chain(&b).for_each(|point| take(point));
    for &i in of_surface {
        for (point, other) in a.iter().zip(&b) {
            let mut point = point.clone();
            point[i] = other[i];
            take(&point);
        }
    }
}

/// What a surface says.
#[derive(Default)]
struct Said {
    variance: f64,
    low: f64,
    high: f64,
    first: Vec<f64>,
    total: Vec<f64>,
}

/// From the levels at `n` points of each sample, in the order of [`samples`].
fn said(levels: &[f64], n: usize) -> Option<Said> {
    let mut samples = levels.chunks(n);
    let (a, b) = (samples.next()?, samples.next()?);
    let swapped: Vec<Vec<f64>> = samples.map(<[f64]>::to_vec).collect();
    let found = variance_shares(a, b, &swapped)?;
    let ones = vec![1.0; n];
    Some(Said {
        variance: found.variance,
        low: quantile_by_weight(a, &ones, OUTSIDE)?,
        high: quantile_by_weight(a, &ones, 1.0 - OUTSIDE)?,
        first: found.first.into_iter().map(|s| s.clamp(0.0, 1.0)).collect(),
        total: found.total.into_iter().map(|s| s.min(1.0)).collect(),
    })
}

/// Points at which one input after another has one value after another, and all others are as they come: the first so many
/// with the first value of the first input of the surface, and so on.
fn with_one_known(ranges: &[&InputRange], of_surface: &[usize], rest: usize, seed: u64, mut take: impl FnMut(&[f64])) {
    let points = looks(ranges, rest, seed, "the rest");
    for &i in of_surface {
        for v in 0..VALUES {
            let u = (v as f64 + 0.5) / VALUES as f64;
            let value = ranges[i].scaled(ranges[i].quantile(u));
            for point in &points {
                let mut point = point.clone();
                point[i] = value;
                take(&point);
            }
        }
    }
}

/// How wide the middle nine tenths are on average if an input of the surface is known, input by input, from the levels at the
/// points of [`with_one_known`].
fn widths(levels: &[f64], rest: usize) -> Vec<f64> {
    let ones = vec![1.0; rest];
    let width = |levels: &[f64]| {
        let at = |p| quantile_by_weight(levels, &ones, p).unwrap_or(0.0);
        at(1.0 - OUTSIDE) - at(OUTSIDE)
    };
    let of_input = |levels: &[f64]| levels.chunks(rest).map(width).sum::<f64>() / VALUES as f64;
    levels.chunks(VALUES * rest).map(of_input).collect()
}

/// Mean, sd, the two ends of the middle nine tenths, and how wide these are.
type Five = [f64; 5];

fn five(levels: &[f64]) -> Option<Five> {
    let n = levels.len() as f64;
    let mean = levels.iter().sum::<f64>() / n;
    let variance = levels.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / (n - 1.0);
    let ones = vec![1.0; levels.len()];
    let at = |p| quantile_by_weight(levels, &ones, p);
    let (low, high) = (at(OUTSIDE)?, at(1.0 - OUTSIDE)?);
    Some([mean, variance.sqrt(), low, high, high - low])
}

/// What the surface says at many points, put right by what the points that were simulated say beyond it: they are few, and
/// what they have in common with the surface cancels.
fn together_with(points: &[f64], surface_there: &[f64], surface: &[f64]) -> Option<Five> {
    let (own, there, many) = (five(points)?, five(surface_there)?, five(surface)?);
    let mut found = many;
    found
        .iter_mut()
        .zip(own.iter().zip(there))
        .for_each(|(f, (own, there))| *f += own - there);
    let [mean, sd, low, high, _] = found;
    let (low, high) = (low.clamp(0.0, 1.0), high.clamp(0.0, 1.0));
    Some([mean, sd.max(0.0), low, high, (high - low).max(0.0)])
}

/// What is shown, number by number: those five; then of every input of the surface its first-order and total share, the
/// gain in sd, and the width if it is known. What the surface does not explain is in the variance and in nobody's share.
fn shown(five: Five, said: &Said, unexplained: f64, widths: &[f64]) -> Vec<f64> {
    let whole = said.variance + unexplained;
    let part = if whole > 0.0 { said.variance / whole } else { 0.0 };
    let mut list = five.to_vec();
    let [_, sd, _, _, width] = five;
    // The surface is a little narrower than the points where it does not explain all of them.
    let wider = if said.high > said.low {
        width / (said.high - said.low)
    } else {
        1.0
    };
    for ((first, total), known) in said.first.iter().zip(&said.total).zip(widths) {
        let first = first * part;
        let gain = sd * (1.0 - (1.0 - first).max(0.0).sqrt());
        list.extend([first, total * part, gain, (known * wider).min(width)]);
    }
    list
}

/// The spread over the points of a design; `None` if no referral was counted at one of them, or nothing varies.
pub(super) fn spread(
    ranges: &[&InputRange],
    places: &[usize],
    design: &[Vec<f64>],
    outcomes: &[&[(u64, u64)]],
    seed: u64,
    confidence: f64,
) -> Option<Spread> {
    let points: Vec<Vec<f64>> = design.iter().map(|values| scaled(ranges, values)).collect();
    if outcomes.iter().any(|pairs| pairs.iter().any(|(_, of)| *of == 0)) {
        return None;
    }
    let table: Vec<Vec<f64>> = outcomes
        .iter()
        .map(|pairs| pairs.iter().map(|&(hits, of)| hits as f64 / of as f64).collect())
        .collect();
    let apart = two_way(&table, &vec![1.0; table.len()])?;
    let logits: Vec<f64> = outcomes
        .iter()
        .map(|pairs| {
            let (hits, of) = pairs.iter().fold((0, 0), |(h, n), &(hits, of)| (h + hits, n + of));
            // A half each, so that all or none has a logit too.
            libm::log((hits as f64 + 0.5) / ((of - hits) as f64 + 0.5))
        })
        .collect();
    let surface = Surface::fit(&points, &logits)?;
    let of_surface: Vec<usize> = (0..ranges.len()).filter(|&i| surface.has(i)).collect();
    // What the surface says of points that it has not seen, chance in them taken off.
    let left_out = surface.left_out(&points, &logits)?;
    let squares = apart
        .means
        .iter()
        .zip(&left_out)
        .map(|(level, logit)| level - share(*logit));
    let wrong = squares.map(|d| d * d).sum::<f64>() / points.len() as f64;
    let unexplained = (wrong - apart.noise).max(0.0);
    let mut levels = Vec::new();
    samples(ranges, &of_surface, LOOKS[0], seed, |point| {
        levels.push(share(surface.at(point)))
    });
    // A surface without terms has no variance to share out.
    let large = said(&levels, LOOKS[0]).unwrap_or_default();
    let mut if_known = Vec::new();
    with_one_known(ranges, &of_surface, REST[0], seed, |point| {
        if_known.push(share(surface.at(point)))
    });
    let simulated = apart.shrunk();
    let at_points = |surface: &Surface| -> Vec<f64> { points.iter().map(|p| share(surface.at(p))).collect() };
    let five = together_with(&simulated, &at_points(&surface), &levels[..LOOKS[0]])?;
    let estimates = shown(five, &large, unexplained, &widths(&if_known, REST[0]));
    let whole = large.variance + unexplained;
    let explained = if whole > 0.0 { large.variance / whole } else { 0.0 };
    // Resamples look at fewer points, always the same: what that alone changes is taken off again.
    let mut rows = Vec::new();
    samples(ranges, &of_surface, LOOKS[1], seed, |point| {
        rows.push(surface.row(point))
    });
    let mut known_rows = Vec::new();
    with_one_known(ranges, &of_surface, REST[1], seed, |point| {
        known_rows.push(surface.row(point))
    });
    let numbers = |surface: &Surface, chosen: &[usize]| {
        let levels = |rows: &[Vec<f64>]| -> Vec<f64> { rows.iter().map(|row| share(surface.of(row))).collect() };
        let widths = widths(&levels(&known_rows), REST[1]);
        let many = levels(&rows);
        let there = at_points(surface);
        let of = |all: &[f64]| -> Vec<f64> { chosen.iter().filter_map(|&k| all.get(k).copied()).collect() };
        let five = together_with(&of(&simulated), &of(&there), &many[..LOOKS[1]])?;
        Some(shown(
            five,
            &said(&many, LOOKS[1]).unwrap_or_default(),
            unexplained,
            &widths,
        ))
    };
    let all: Vec<usize> = (0..points.len()).collect();
    let here = numbers(&surface, &all)?;
    let key = Key::root(seed).part(name_salt("sensitivity"), 0);
    let n = points.len() as u64;
    let resampled: Vec<Vec<f64>> = (0..RESAMPLES)
        .into_par_iter()
        .filter_map(|sample| {
            let key = key.part(name_salt("resample"), sample);
            #[expect(clippy::cast_possible_truncation, reason = "below the number of points")]
            let chosen: Vec<usize> = (0..n).map(|k| (key.bits(0, k) % n) as usize).collect();
            let again = surface.refitted(&points, &logits, &chosen)?;
            numbers(&again, &chosen)
        })
        .collect();
    let ones = vec![1.0; resampled.len()];
    let replications = u32::try_from(points.len()).unwrap_or(u32::MAX) * AT_A_POINT;
    let estimate = |number: usize| -> Option<Estimate> {
        let values: Vec<f64> = resampled.iter().map(|all| all[number]).collect();
        let end = |p| Some(estimates[number] + quantile_by_weight(&values, &ones, p)? - here[number]);
        let (low, high) = (end((1.0 - confidence) / 2.0)?, end(f64::midpoint(1.0, confidence))?);
        let (mean, low, high) = (
            estimates[number],
            low.max(0.0).min(estimates[number]),
            high.max(estimates[number]),
        );
        Some(Estimate::of(
            Interval::between(mean, low, high),
            confidence,
            replications,
        ))
    };
    let nothing = Estimate::of(Interval::symmetric(0.0, 0.0), confidence, replications);
    let mut shares = Vec::new();
    for (i, &input) in places.iter().enumerate().filter(|_| explained >= EXPLAINED) {
        let row = match of_surface.iter().position(|&own| own == i) {
            Some(place) => {
                let at = 5 + 4 * place;
                ShareRow {
                    input,
                    first: estimate(at)?,
                    total: estimate(at + 1)?,
                    sd_gain: estimate(at + 2)?,
                    range_if_known: estimate(at + 3)?,
                }
            }
            None => ShareRow {
                input,
                first: nothing,
                total: nothing,
                sd_gain: nothing,
                range_if_known: estimate(4)?,
            },
        };
        shares.push(row);
    }
    shares.sort_by(|a, b| b.total.mean.total_cmp(&a.total.mean));
    Some(Spread {
        mean: estimate(0)?,
        sd: estimate(1)?,
        low: estimate(2)?,
        high: estimate(3)?,
        sd_simulation: apart.noise.sqrt(),
        explained,
        terms: surface.terms(),
        shares,
    })
}
