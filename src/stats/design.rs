//! Where to look: points that fill a cube evenly.
//!
//! A Latin hypercube (`McKay`, Beckman & Conover, *Technometrics* 21 (1979), 239-245) has one point in each of `n` slices of
//! every axis, whatever the other axes. Of several the one whose nearest two points are farthest apart is taken (Johnson,
//! Moore & Ylvisaker, *J. Statist. Plann. Inference* 26 (1990), 131-148).

use crate::random::{Key, name_salt};

/// Hypercubes drawn, of which the most even one is kept.
const TRIES: u64 = 10;

/// A Latin hypercube of so many points in the unit cube.
#[must_use]
pub fn latin_hypercube(points: usize, dimensions: usize, key: Key) -> Vec<Vec<f64>> {
    let salt = name_salt("latin hypercube");
    let tries = (0..TRIES).map(|number| one(points, dimensions, key.part(salt, number)));
    let mut best: Option<(f64, Vec<Vec<f64>>)> = None;
    for cube in tries {
        let apart = nearest_two(&cube);
        if best.as_ref().is_none_or(|(most, _)| apart > *most) {
            best = Some((apart, cube));
        }
    }
    best.map(|(_, cube)| cube).unwrap_or_default()
}

fn one(points: usize, dimensions: usize, key: Key) -> Vec<Vec<f64>> {
    let (order, inside) = (name_salt("order of slices"), name_salt("place in the slice"));
    let mut cube = vec![Vec::with_capacity(dimensions); points];
    for axis in 0..dimensions as u64 {
        let key = key.part(name_salt("axis"), axis);
        // Slices in the order of random numbers: a permutation, all as likely.
        let mut slices: Vec<(u64, usize)> = (0..points)
            .map(|slice| (key.bits(order, slice as u64), slice))
            .collect();
        slices.sort_unstable();
        for ((place, point), (_, slice)) in (0..).zip(&mut cube).zip(slices) {
            point.push((slice as f64 + key.uniform(inside, place)) / points as f64);
        }
    }
    cube
}

fn nearest_two(points: &[Vec<f64>]) -> f64 {
    let pairs = points
        .iter()
        .enumerate()
        .flat_map(|(n, a)| points[..n].iter().map(move |b| squared_distance(a, b)));
    pairs.fold(f64::INFINITY, f64::min)
}

/// The square of the distance between two points.
#[must_use]
pub fn squared_distance(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum()
}

/// Up to so many of the candidates, by their places: each time the one farthest from all those taken and those that are
/// there already.
#[must_use]
pub fn spread(candidates: &[Vec<f64>], there: &[Vec<f64>], count: usize) -> Vec<usize> {
    let nearest = |c: &Vec<f64>| {
        there
            .iter()
            .map(|t| squared_distance(c, t))
            .fold(f64::INFINITY, f64::min)
    };
    let mut apart: Vec<f64> = candidates.iter().map(nearest).collect();
    let mut taken = Vec::new();
    while taken.len() < count {
        let best = apart
            .iter()
            .enumerate()
            .fold(None, |best: Option<(usize, f64)>, (n, &d)| match best {
                Some((_, most)) if most >= d => best,
                _ => Some((n, d)),
            });
        let Some((next, d)) = best else { break };
        // Nothing is left but copies of what has been taken.
        if d <= 0.0 {
            break;
        }
        taken.push(next);
        for (d, candidate) in apart.iter_mut().zip(candidates) {
            *d = d.min(squared_distance(candidate, &candidates[next]));
        }
    }
    taken
}

#[cfg(test)]
mod tests {
    use super::{latin_hypercube, spread};
    use crate::random::Key;

    #[test]
    fn every_slice_of_every_axis_holds_one_point() {
        let cube = latin_hypercube(23, 4, Key::root(5));
        for axis in 0..4 {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 22")]
            let mut slices: Vec<usize> = cube.iter().map(|p| (p[axis] * 23.0) as usize).collect();
            slices.sort_unstable();
            assert_eq!(slices, (0..23).collect::<Vec<_>>());
        }
        assert_eq!(cube, latin_hypercube(23, 4, Key::root(5)));
        assert_ne!(cube, latin_hypercube(23, 4, Key::root(6)));
        assert!(latin_hypercube(0, 2, Key::root(1)).is_empty());
    }

    #[test]
    fn the_farthest_is_taken_first_and_nothing_twice() {
        let line: Vec<Vec<f64>> = [0.1, 0.5, 0.9, 0.9].iter().map(|x| vec![*x]).collect();
        assert_eq!(spread(&line, &[vec![0.0]], 9), [2, 1, 0]);
        assert_eq!(spread(&line, &[], 2), [0, 2]);
        assert!(spread(&[], &[], 2).is_empty());
    }
}
