//! The `XmR` chart: is a change in a published series more than its usual variation?
//!
//! Limits are the mean and 2.66 times the mean moving range to either side (Wheeler, *Understanding Variation*, 2nd ed., 2000;
//! 2.66 is 3 / 1.128, three standard deviations where the mean range of two is 1.128 of them). The rules are those of NHS England's
//! Making Data Count: a point outside the limits; seven or more in a row on one side of the mean; six or more in a row that rise
//! or fall; two of three in a row that are nearer to one limit than two thirds of the way from the mean.

/// From the mean moving range to the distance of a limit.
pub const REACH: f64 = 2.66;
/// So many points in a row on one side of the mean are no chance.
pub const SHIFT: usize = 7;
/// So many points in a row that rise, or fall, are none either.
pub const TREND: usize = 6;

/// Why a point is no usual variation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SpecialCause {
    /// It lies outside the limits.
    Outside,
    /// It is one of [`SHIFT`] or more in a row on one side of the mean.
    Shift,
    /// It is one of [`TREND`] or more in a row, each above (or each below) the one before.
    Trend,
    /// It is one of two, of three in a row, in the outer third on the same side.
    NearLimit,
}

impl SpecialCause {
    /// All of them, the plainest first.
    pub const ALL: [Self; 4] = [Self::Outside, Self::Shift, Self::Trend, Self::NearLimit];
}

/// A point's special cause, and to which side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Signal {
    /// Which rule.
    pub cause: SpecialCause,
    /// Upwards: above the limit or the mean, or rising.
    pub up: bool,
}

/// The chart of a series.
#[derive(Clone, Debug, PartialEq)]
pub struct Xmr {
    /// Mean of the values.
    pub mean: f64,
    /// Mean of the moving ranges.
    pub mean_moving_range: f64,
    /// Lower limit.
    pub lower: f64,
    /// Upper limit.
    pub upper: f64,
    /// Difference of each value to the one before, without its sign; none for the first.
    pub moving_ranges: Vec<Option<f64>>,
    /// What is special about each point, in the order of [`SpecialCause::ALL`]; mostly nothing.
    pub signals: Vec<Vec<Signal>>,
}

/// The chart of values in the order of time; `None` of fewer than three, which have no limits to speak of.
#[must_use]
pub fn xmr(values: &[f64]) -> Option<Xmr> {
    if values.len() < 3 {
        return None;
    }
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    let ranges: Vec<f64> = values.windows(2).map(|two| (two[1] - two[0]).abs()).collect();
    let mean_moving_range = ranges.iter().sum::<f64>() / ranges.len() as f64;
    let reach = REACH * mean_moving_range;
    let mut chart = Xmr {
        mean,
        mean_moving_range,
        lower: mean - reach,
        upper: mean + reach,
        moving_ranges: std::iter::once(None).chain(ranges.into_iter().map(Some)).collect(),
        signals: vec![Vec::new(); values.len()],
    };
    for up in [true, false] {
        let distance = |value: &f64| if up { value - mean } else { mean - value };
        let above = |place: usize, least: f64| distance(&values[place]) > least;
        let mark = |chart: &mut Xmr, places: &mut dyn Iterator<Item = usize>, cause: SpecialCause| {
            for place in places {
                let signal = Signal { cause, up };
                if !chart.signals[place].contains(&signal) {
                    chart.signals[place].push(signal);
                }
            }
        };
        let all = 0..values.len();
        mark(
            &mut chart,
            &mut all.clone().filter(|&n| above(n, reach)),
            SpecialCause::Outside,
        );
        let on_this_side: Vec<bool> = all.clone().map(|n| above(n, 0.0)).collect();
        for run in runs(&on_this_side).filter(|run| run.len() >= SHIFT) {
            mark(&mut chart, &mut run.clone(), SpecialCause::Shift);
        }
        let moves: Vec<bool> = values
            .windows(2)
            .map(|two| distance(&two[1]) > distance(&two[0]))
            .collect();
        // So many moves are one point more.
        for run in runs(&moves).filter(|run| run.len() + 1 >= TREND) {
            mark(&mut chart, &mut (run.start..run.end + 1), SpecialCause::Trend);
        }
        for first in 0..values.len() - 2 {
            let near = || (first..first + 3).filter(|&n| above(n, reach * 2.0 / 3.0));
            if near().count() >= 2 {
                mark(&mut chart, &mut near(), SpecialCause::NearLimit);
            }
        }
    }
    chart.signals.iter_mut().for_each(|signals| signals.sort_unstable());
    Some(chart)
}

/// Stretches that are so throughout.
fn runs(so: &[bool]) -> impl Iterator<Item = std::ops::Range<usize>> {
    let mut found = Vec::new();
    let mut start = None;
    for (place, so) in so.iter().copied().chain([false]).enumerate() {
        match (so, start) {
            (true, None) => start = Some(place),
            (false, Some(from)) => {
                found.push(from..place);
                start = None;
            }
            _ => {}
        }
    }
    found.into_iter()
}

#[cfg(test)]
mod tests {
    use super::{Signal, SpecialCause, xmr};

    fn marked(values: &[f64], cause: SpecialCause, up: bool) -> Vec<usize> {
        let chart = xmr(values).unwrap();
        let has = |signals: &Vec<Signal>| signals.contains(&Signal { cause, up });
        (0..values.len()).filter(|&n| has(&chart.signals[n])).collect()
    }

    /// By hand: 70, 72, 69, 71, 73 have mean 71; ranges 2, 3, 2, 2, of mean 2.25; limits 71 ± 2.66 x 2.25 = 71 ± 5.985.
    #[test]
    fn limits_are_as_worked_out_by_hand() {
        let chart = xmr(&[70.0, 72.0, 69.0, 71.0, 73.0]).unwrap();
        assert!((chart.mean - 71.0).abs() < 1e-12 && (chart.mean_moving_range - 2.25).abs() < 1e-12);
        assert!((chart.lower - 65.015).abs() < 1e-12 && (chart.upper - 76.985).abs() < 1e-12);
        assert_eq!(chart.moving_ranges, [None, Some(2.0), Some(3.0), Some(2.0), Some(2.0)]);
        assert!(chart.signals.iter().all(Vec::is_empty));
        assert!(xmr(&[70.0, 71.0]).is_none());
    }

    /// By hand: eleven values of 10 and 11 in turn and one of 20. Sum 5 x 11 + 6 x 10 + 20 = 135 over 12: mean 11.25. Ranges: ten of 1,
    /// and 20 less the last of 10: 10; sum 20 over 11: 1.8182; limits 11.25 ± 4.8364: 6.4136 and 16.0864.
    #[test]
    fn a_point_outside_is_seen() {
        let mut values: Vec<f64> = (0..11).map(|n| if n % 2 == 0 { 10.0 } else { 11.0 }).collect();
        values.push(20.0);
        let chart = xmr(&values).unwrap();
        assert!((chart.mean - 11.25).abs() < 1e-12 && (chart.upper - 16.086_363_636).abs() < 1e-6);
        assert_eq!(marked(&values, SpecialCause::Outside, true), [11]);
        assert!(marked(&values, SpecialCause::Outside, false).is_empty());
        let turned: Vec<f64> = values.iter().map(|v| -v).collect();
        assert_eq!(marked(&turned, SpecialCause::Outside, false), [11]);
    }

    /// By hand: seven on one side are a shift, six are none. A value on the mean ends a run.
    #[test]
    fn seven_on_one_side_are_a_shift_and_six_are_none() {
        // 7 of +1, -1 in turn with 2, so that none rises six times: mean of all is 0.
        let above = [1.0, 2.0, 1.0, 2.0, 1.0, 2.0, 1.0];
        let below = [-1.0, -2.0, -1.0, -2.0, -1.0, -2.0, -1.0];
        let values: Vec<f64> = above.into_iter().chain(below).collect();
        assert_eq!(marked(&values, SpecialCause::Shift, true), [0, 1, 2, 3, 4, 5, 6]);
        assert_eq!(marked(&values, SpecialCause::Shift, false), [7, 8, 9, 10, 11, 12, 13]);
        let six: Vec<f64> = above[..6].iter().chain(&below[..6]).copied().collect();
        assert!(
            marked(&six, SpecialCause::Shift, true).is_empty() && marked(&six, SpecialCause::Shift, false).is_empty()
        );
        let broken: Vec<f64> = above[..4]
            .iter()
            .chain(&[0.0])
            .chain(&above[4..])
            .chain(&below)
            .copied()
            .collect();
        assert!(marked(&broken, SpecialCause::Shift, true).is_empty());
    }

    /// By hand: six points that rise are a trend; five are none; two alike end it.
    #[test]
    fn six_that_rise_are_a_trend_and_five_are_none() {
        let rising = |n: u32| (0..n).map(f64::from);
        let values: Vec<f64> = [3.0, 2.0].into_iter().chain(rising(6)).chain([2.0]).collect();
        assert_eq!(marked(&values, SpecialCause::Trend, true), [2, 3, 4, 5, 6, 7]);
        let five: Vec<f64> = [3.0, 2.0].into_iter().chain(rising(5)).chain([2.0]).collect();
        assert!(marked(&five, SpecialCause::Trend, true).is_empty());
        let alike = [9.0, 0.0, 1.0, 2.0, 2.0, 3.0, 4.0, 1.0];
        assert!(marked(&alike, SpecialCause::Trend, true).is_empty());
        let falling: Vec<f64> = values.iter().map(|v| -v).collect();
        assert_eq!(marked(&falling, SpecialCause::Trend, false), [2, 3, 4, 5, 6, 7]);
    }

    /// By hand: 0 and 1 in turn ten times (sum 10 over 20, ranges of 1), then 3, 0.5, 3, 0.5. Sum 10 + 7 = 17 over 24: mean 0.7083.
    /// Ranges: nineteen of 1, then 2, 2.5, 2.5, 2.5; sum 28.5 over 23: 1.2391; reach 3.2961. Two thirds of it above the mean is
    /// 0.7083 + 2.1974 = 2.9057, which the threes pass; the limit, 4.0044, they do not.
    #[test]
    fn two_of_three_near_a_limit_are_seen_and_one_alone_is_not() {
        let turns = (0..20).map(|n| f64::from(n % 2));
        let values: Vec<f64> = turns.clone().chain([3.0, 0.5, 3.0, 0.5]).collect();
        let chart = xmr(&values).unwrap();
        assert!((chart.upper - 4.004_4).abs() < 1e-4, "{}", chart.upper);
        assert_eq!(marked(&values, SpecialCause::NearLimit, true), [20, 22]);
        assert!(marked(&values, SpecialCause::Outside, true).is_empty());
        // With two between them they are not two of three.
        let apart: Vec<f64> = turns.chain([3.0, 0.5, 0.5, 3.0, 0.5]).collect();
        assert!(xmr(&apart).unwrap().upper > 3.0);
        assert!(marked(&apart, SpecialCause::NearLimit, true).is_empty());
    }
}
