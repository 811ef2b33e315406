//! Points that fill a space evenly in every direction.

use crate::random::{Key, name_salt};

/// `points` points, each a number in (0, 1) for every key: in each direction every one of as many equal slices holds one
/// point, at a random place of it. A direction has numbers of its own, which no other direction moves.
///
/// # Source
/// M. D. `McKay`, R. J. Beckman & W. J. Conover, *A comparison of three methods for selecting values of input variables in the
/// analysis of output from a computer code*, Technometrics 21 (1979), 239-245.
#[must_use]
pub fn latin_hypercube_of(points: usize, directions: &[Key]) -> Vec<Vec<f64>> {
    let (order, inside) = (name_salt("slice"), name_salt("place in the slice"));
    let mut all = vec![Vec::with_capacity(directions.len()); points];
    for key in directions {
        let mut slices: Vec<(u64, usize)> = (0..points).map(|p| (key.bits(order, p as u64), p)).collect();
        slices.sort_unstable();
        for (slice, (_, point)) in slices.into_iter().enumerate() {
            let place = key.uniform(inside, point as u64);
            all[point].push((slice as f64 + place) / points as f64);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::latin_hypercube_of;
    use crate::random::Key;

    #[test]
    fn every_slice_of_every_direction_holds_one_point() {
        let keys: Vec<Key> = (0..3).map(Key::root).collect();
        let points = latin_hypercube_of(50, &keys);
        for direction in 0..3 {
            let mut values: Vec<f64> = points.iter().map(|p| p[direction]).collect();
            values.sort_by(f64::total_cmp);
            for (slice, v) in values.into_iter().enumerate() {
                assert!(slice as f64 <= v * 50.0 && v * 50.0 < slice as f64 + 1.0, "{slice} {v}");
            }
        }
        // A direction more moves no other, and directions are no copies of each other.
        let fewer = latin_hypercube_of(50, &keys[..2]);
        assert!(points.iter().zip(&fewer).all(|(a, b)| a[..2] == b[..]));
        let product: f64 = points.iter().map(|p| (p[0] - 0.5) * (p[1] - 0.5)).sum::<f64>() / 50.0 * 12.0;
        assert!(product.abs() < 0.5, "{product}");
    }
}
