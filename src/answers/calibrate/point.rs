//! One set of inputs that gives back what was reported, as near to the file's own values as can be.
//!
//! Many sets do; this one moves every input, in its range, as little as the figures ask for. It is found with the emulator,
//! simulated on fresh replications until the figures are known well enough, and taken if they are as near to what was reported
//! as is asked for. If not, the emulator learns from that and another try is made, again on fresh replications.

use super::fit::{Fit, squared};
use super::identify::{apart, gradient};
use crate::answers::figures::Figure;
use crate::stats::Cholesky;

/// Steps of the search.
const STEPS: usize = 60;
/// How exactly the figures are to be met by what the emulator expects, in points.
const EXACT: f64 = 0.02;

/// The inputs nearest to `home` for which the figures are expected to be as reported, from several starts.
pub(super) fn nearest(figures: &[Figure], fits: &[Fit], home: &[f64], starts: &[Vec<f64>]) -> Vec<f64> {
    let cost = |at: &[f64]| off(figures, fits, at) + apart(at, home);
    let mut best = home.to_vec();
    for start in std::iter::once(home).chain(starts.iter().map(Vec::as_slice)) {
        let found = search(figures, fits, home, start);
        if cost(&found) < cost(&best) {
            best = found;
        }
    }
    best
}

/// How sure each figure is to be met, as a standard deviation. With as many figures as inputs or more not all can be met, and
/// they count by how sure they are.
fn width(figure: &Figure, fit: &Fit, exact: bool) -> f64 {
    if exact {
        EXACT * figure.point()
    } else {
        0.1 * fit.fixed().sqrt()
    }
}

fn off(figures: &[Figure], fits: &[Fit], at: &[f64]) -> f64 {
    let exact = fits.len() <= at.len();
    let one = |(figure, fit): (&Figure, &Fit)| squared((fit.mean(at) - figure.value) / width(figure, fit, exact));
    figures.iter().zip(fits).map(one).sum()
}

/// Levenberg and Marquardt's steps (Nocedal & Wright, *Numerical Optimization*, 2nd ed., 10.3) on the figures and on the
/// distance from home, inside the cube: an input that would leave it stays at its end.
fn search(figures: &[Figure], fits: &[Fit], home: &[f64], start: &[f64]) -> Vec<f64> {
    let exact = fits.len() <= home.len();
    let cost = |at: &[f64]| off(figures, fits, at) + apart(at, home);
    let mut at = start.to_vec();
    let mut here = cost(&at);
    let mut damping = 1.0;
    for _ in 0..STEPS {
        let rows: Vec<(f64, Vec<f64>)> = figures
            .iter()
            .zip(fits)
            .map(|(figure, fit)| {
                let width = width(figure, fit, exact);
                let slope = gradient(fit, &at).into_iter().map(|g| g / width);
                ((fit.mean(&at) - figure.value) / width, slope.collect())
            })
            .collect();
        let downhill: Vec<f64> = (0..at.len())
            .map(|i| home[i] - at[i] - rows.iter().map(|(left, slope)| left * slope[i]).sum::<f64>())
            .collect();
        // What lies at an end and would leave stays.
        let held: Vec<bool> = at
            .iter()
            .zip(&downhill)
            .map(|(x, d)| (*x <= 0.0 && *d < 0.0) || (*x >= 1.0 && *d > 0.0))
            .collect();
        let free: Vec<usize> = (0..at.len()).filter(|i| !held[*i]).collect();
        let entry = |a: usize, b: usize| {
            let (i, j) = (free[a], free[b]);
            let own = if a == b { 1.0 + damping } else { 0.0 };
            own + rows.iter().map(|(_, slope)| slope[i] * slope[j]).sum::<f64>()
        };
        let Some(factor) = Cholesky::of(free.len(), entry) else {
            break;
        };
        let step = factor.solve(&free.iter().map(|i| downhill[*i]).collect::<Vec<_>>());
        let mut there = at.clone();
        for (i, d) in free.iter().zip(step) {
            there[*i] = (there[*i] + d).clamp(0.0, 1.0);
        }
        let better = cost(&there);
        if better < here {
            let enough = here - better < 1e-9 * here.max(1e-9);
            (at, here) = (there, better);
            damping = (damping * 0.3).max(1e-9);
            if enough {
                break;
            }
        } else {
            damping *= 10.0;
            if damping > 1e12 {
                break;
            }
        }
    }
    at
}
