//! The plausible set: points drawn from the ranges and weighted by how well they explain what was reported.
//!
//! All values within the ranges are as likely before; the likelihood of a figure is normal around what the emulator expects,
//! with all doubts added (a Gaussian synthetic likelihood: Wood, *Nature* 466 (2010), 1102-1104). Points come from importance
//! sampling whose proposal is made anew from the points found until they are worth enough (population Monte Carlo: Cappé,
//! Guillin, Marin & Robert, *J. Comput. Graph. Statist.* 13 (2004), 907-929). Of proposals a tenth is always uniform, so that
//! no weight can grow without end.

use super::region::{CUTOFF, Region, Spread, Waves, bounds};
use crate::random::{Key, name_salt};
use crate::stats::{effective_size, resample, squared_distance, weighted_quantile};

/// Points drawn each time.
const DRAWN: u64 = 4096;
/// Points of equal weight that they should be worth.
const WORTH: f64 = 1000.0;
/// How often the proposal is made anew at most.
const ROUNDS: u64 = 5;
/// Kernels of the proposal.
const KERNELS: u32 = 100;
/// Share of proposals that are uniform.
const UNIFORM: f64 = 0.1;
/// Rows of the set.
pub(super) const KEPT: u32 = 1000;

/// Points with weights.
#[derive(Clone, Debug)]
pub(super) struct Cloud {
    pub(super) points: Vec<Vec<f64>>,
    /// They sum to 1.
    pub(super) weights: Vec<f64>,
    /// What the points are worth in points of equal weight.
    pub(super) worth: f64,
    /// What the logarithm of the likelihood is in the most plausible 90 %.
    pub(super) border: f64,
}

/// The logarithm of how plausible inputs are, up to a constant.
pub(super) fn log_plausibility(waves: &Waves, at: &[f64]) -> f64 {
    let Some(last) = waves.0.last() else { return 0.0 };
    if waves.implausibility(at) > CUTOFF {
        return f64::NEG_INFINITY;
    }
    last.iter().map(|fit| fit.log_likelihood(at)).sum()
}

/// Draws the set. `None` if nothing with any plausibility was found.
pub(super) fn draw(
    waves: &Waves,
    region: &Region,
    dimensions: usize,
    key: Key,
    snap: &impl Fn(&mut [f64]),
) -> Option<Cloud> {
    let bounds = bounds(&region.points, dimensions);
    let volume: f64 = bounds.iter().map(|(low, high)| high - low).product();
    let (salt, which) = (name_salt("drawn"), name_salt("which"));
    let mut best: Option<Weighted> = None;
    for round in 0..ROUNDS {
        let key = key.part(name_salt("round"), round);
        let proposal = best.as_ref().map(|known| Mixture::of(known, key));
        let mut drawn = Weighted::default();
        for n in 0..DRAWN {
            let key = key.part(salt, n);
            let uniform = |axis: u64, (low, high): &(f64, f64)| low + (high - low) * key.uniform(salt, axis);
            let at: Vec<f64> = match &proposal {
                Some(mixture) if key.uniform(which, 0) >= UNIFORM => mixture.draw(key.uniform(which, 1), key),
                _ => (0u64..).zip(&bounds).map(|(axis, b)| uniform(axis, b)).collect(),
            };
            if at.iter().any(|x| !(0.0..=1.0).contains(x)) {
                continue;
            }
            let mut there = at.clone();
            snap(&mut there);
            let plausible = log_plausibility(waves, &there);
            if plausible == f64::NEG_INFINITY {
                continue;
            }
            let in_box = at.iter().zip(&bounds).all(|(x, (low, high))| (low..=high).contains(&x));
            let uniform = if in_box { 1.0 / volume } else { 0.0 };
            let density = match &proposal {
                None => uniform,
                Some(mixture) => UNIFORM * uniform + (1.0 - UNIFORM) * mixture.density(&at),
            };
            drawn.add(there, plausible, plausible - libm::log(density));
        }
        drawn.finish();
        if best.as_ref().is_none_or(|known| drawn.worth > known.worth) {
            best = Some(drawn);
        }
        if best
            .as_ref()
            .is_some_and(|known| known.worth >= WORTH || known.points.is_empty())
        {
            break;
        }
    }
    let best = best.filter(|known| !known.points.is_empty())?;
    // The lowest likelihood of the most plausible 90 %.
    let border = weighted_quantile(&best.plausible, &best.weights, 0.1)?;
    Some(Cloud {
        points: best.points,
        weights: best.weights,
        worth: best.worth,
        border,
    })
}

impl Cloud {
    /// So many points of equal weight, equal ones as one; with what share each stands for.
    pub(super) fn kept(&self, count: u32) -> Vec<(Vec<f64>, f64)> {
        let times = resample(&self.weights, count, 0.5);
        let kept = self.points.iter().zip(times).filter(|(_, times)| *times > 0);
        kept.map(|(p, times)| (p.clone(), f64::from(times) / f64::from(count)))
            .collect()
    }
}

#[derive(Debug, Default)]
struct Weighted {
    points: Vec<Vec<f64>>,
    plausible: Vec<f64>,
    /// Their logarithms until it is finished.
    weights: Vec<f64>,
    worth: f64,
}

impl Weighted {
    fn add(&mut self, at: Vec<f64>, plausible: f64, weight: f64) {
        self.points.push(at);
        self.plausible.push(plausible);
        self.weights.push(weight);
    }

    fn finish(&mut self) {
        let most = self.weights.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        self.weights.iter_mut().for_each(|w| *w = libm::exp(*w - most));
        let whole: f64 = self.weights.iter().sum();
        self.weights.iter_mut().for_each(|w| *w /= whole);
        self.worth = effective_size(&self.weights);
    }
}

/// A mixture of normal kernels around the points found so far, each with the shape of the points around it, so that a bent ridge
/// is followed.
struct Mixture {
    kernels: Vec<(Vec<f64>, Spread)>,
}

impl Mixture {
    fn of(known: &Weighted, key: Key) -> Self {
        let times = resample(&known.weights, KERNELS, key.uniform(name_salt("comb"), 0));
        // Points without weight worth the name say nothing of the shape.
        let least = 1e-3 / known.points.len() as f64;
        let shape = known.points.iter().zip(&known.weights).filter(|(_, w)| **w > least);
        let shape: Vec<&Vec<f64>> = shape.map(|(p, _)| p).collect();
        let kernels = known
            .points
            .iter()
            .zip(times)
            .filter(|(_, times)| *times > 0)
            .flat_map(|(centre, times)| {
                let mut near: Vec<(f64, &Vec<f64>)> = shape.iter().map(|p| (squared_distance(p, centre), *p)).collect();
                near.sort_by(|a, b| a.0.total_cmp(&b.0));
                near.truncate(3 * (centre.len() + 1) + 3);
                let near: Vec<Vec<f64>> = near.into_iter().map(|(_, p)| p.clone()).collect();
                let spread = Spread::of(&near, &vec![1.0; near.len()], 1.0);
                std::iter::repeat_n((centre.clone(), spread), times as usize)
            })
            .collect();
        Self { kernels }
    }

    fn draw(&self, u: f64, key: Key) -> Vec<f64> {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "0 to their number"
        )]
        let place = (u * self.kernels.len() as f64) as usize;
        let kernel = self.kernels.get(place).or(self.kernels.last());
        kernel.map_or_else(Vec::new, |(centre, spread)| spread.draw(centre, key))
    }

    fn density(&self, at: &[f64]) -> f64 {
        let one = |(centre, spread): &(Vec<f64>, Spread)| {
            let step: Vec<f64> = at.iter().zip(centre).map(|(x, c)| x - c).collect();
            libm::exp(spread.log_density(&step))
        };
        let sum: f64 = self.kernels.iter().map(one).sum();
        sum / self.kernels.len() as f64
    }
}
