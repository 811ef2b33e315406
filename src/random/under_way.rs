//! How long something that is found under way lasts in all, and for how much of that it has run.

use super::Distribution;

/// Stretches of equal probability into which a distribution is cut.
const PIECES: usize = 4096;

/// Durations of things found under way.
///
/// Whoever looks in at one instant finds long things more often than short ones: in proportion to their length. A
/// duration found under way has density `x f(x) / E X`, where `f` is that of all, and its age is uniform over it; what is
/// left of it then has the density `(1 - F(x)) / E X` of a renewal process that has run for ever (Cox 1962, *Renewal
/// Theory*, 5.2). Here `f` is cut into pieces of equal probability, each weighted by its middle.
#[derive(Clone, Debug)]
pub struct UnderWay {
    of_all: Distribution,
    /// Sums of the pieces' weights \[ms\].
    upto: Vec<f64>,
}

impl UnderWay {
    /// Those of a distribution, found at one instant.
    #[must_use]
    pub fn of(all: &Distribution) -> Self {
        let mut sum = 0.0;
        let weights = (0..PIECES).map(|n| all.quantile_ms((n as f64 + 0.5) / PIECES as f64));
        Self {
            upto: weights
                .map(|weight| {
                    sum += weight;
                    sum
                })
                .collect(),
            of_all: all.clone(),
        }
    }

    /// The whole length \[ms\] that belongs to `u`, a uniform number above 0 and below 1; at least a millisecond.
    #[must_use]
    pub fn length_ms(&self, u: f64) -> i64 {
        let whole = self.upto.last().copied().unwrap_or(0.0);
        let target = u * whole;
        let piece = self.upto.partition_point(|upto| *upto <= target).min(PIECES - 1);
        let below = piece.checked_sub(1).map_or(0.0, |p| self.upto[p]);
        let weight = self.upto[piece] - below;
        let inside = if weight > 0.0 { (target - below) / weight } else { u };
        let place = (piece as f64 + inside) / PIECES as f64;
        self.of_all.sample_ms(place.clamp(1e-12, 1.0 - 1e-12)).max(1)
    }

    /// The age \[ms\] of one of that length, by another uniform number: from 0 to just below the length.
    #[must_use]
    pub fn age_ms(length: i64, v: f64) -> i64 {
        #[expect(clippy::cast_possible_truncation, reason = "a part of whole milliseconds")]
        let age = (length as f64 * v) as i64;
        age.clamp(0, length - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::UnderWay;
    use crate::random::Distribution;
    use crate::units::Span;

    /// Mean whole length and mean of what is left, over an even grid of both numbers.
    fn means(all: &Distribution) -> (f64, f64) {
        const N: i32 = 400;
        let under_way = UnderWay::of(all);
        let grid = || (0..N).map(|n| (f64::from(n) + 0.5) / f64::from(N));
        let (mut length, mut left) = (0.0, 0.0);
        for u in grid() {
            let whole = under_way.length_ms(u);
            length += whole as f64;
            left += grid().map(|v| (whole - UnderWay::age_ms(whole, v)) as f64).sum::<f64>() / f64::from(N);
        }
        (length / f64::from(N), left / f64::from(N))
    }

    /// E X^2 / E X of the whole, half of it of what is left.
    #[test]
    fn long_ones_are_found_more_often() {
        let days = Span::from_days;
        for (all, second_over_first) in [
            (Distribution::fixed(days(10)), 10.0),
            (Distribution::exponential(days(10)).unwrap(), 20.0),
            (Distribution::uniform(days(0), days(30)).unwrap(), 20.0),
            (Distribution::lognormal_mean_cv(days(10), 0.5).unwrap(), 12.5),
            (Distribution::erlang(days(12), 2).unwrap(), 18.0),
        ] {
            let (length, left) = means(&all);
            let expected = second_over_first * Span::DAY.ms() as f64;
            let off = |found: f64, expected: f64| (found / expected - 1.0).abs();
            assert!(
                off(length, expected) < 0.003,
                "{}: {length} of {expected}",
                all.describe()
            );
            assert!(off(left, expected / 2.0) < 0.003, "{}: {left} left", all.describe());
        }
    }

    #[test]
    fn nothing_lasts_a_millisecond_and_is_new() {
        let nothing = UnderWay::of(&Distribution::fixed(Span::ZERO));
        assert_eq!((nothing.length_ms(0.3), UnderWay::age_ms(1, 0.999)), (1, 0));
    }
}
