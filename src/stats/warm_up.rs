//! How much of the start of a series to throw away.

use serde::Serialize;

/// What the start of a series looks like.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct WarmUp {
    /// Values to leave out at the start.
    pub truncate: usize,
    /// The statistic at its least.
    pub statistic: f64,
    /// The least lay at the last place looked at: the series is too short to tell.
    pub too_short: bool,
}

/// MSER-5: the truncation that makes the mean of the rest most certain, in batches of five values, looking at the
/// first half only. `None` for fewer than four batches. For series of weeks, averaged over replications: daily series
/// fool it, since the week is periodic.
///
/// # Source
/// K. P. White, *An effective truncation heuristic for bias reduction in simulation output*, Simulation 69 (1997),
/// 323-334; W. W. Franklin & K. P. White, *Stationarity tests and MSER-5*, Proc. Winter Simulation Conf. (2008),
/// 541-546.
#[must_use]
pub fn mser5(series: &[f64]) -> Option<WarmUp> {
    let batches: Vec<f64> = series.chunks_exact(5).map(|b| b.iter().sum::<f64>() / 5.0).collect();
    let n = batches.len();
    if n < 4 {
        return None;
    }
    let statistic = |d: usize| {
        let rest = &batches[d..];
        let size = rest.len() as f64;
        let mean = rest.iter().sum::<f64>() / size;
        rest.iter().map(|z| (z - mean) * (z - mean)).sum::<f64>() / (size * size)
    };
    let (d, least) = (0..=n / 2)
        .map(|d| (d, statistic(d)))
        .min_by(|a, b| a.1.total_cmp(&b.1))?;
    Some(WarmUp {
        truncate: 5 * d,
        statistic: least,
        too_short: d == n / 2,
    })
}

#[cfg(test)]
mod tests {
    use super::mser5;

    #[test]
    fn the_worked_example_comes_out_to_the_printed_digits() {
        let series: Vec<f64> = (0..400)
            .map(|k| 10.0 * libm::pow(0.9, f64::from(k)) + f64::from((7919 * k) % 13 - 6) / 3.0)
            .collect();
        let warm_up = mser5(&series).unwrap();
        assert_eq!(warm_up.truncate, 25);
        assert!((warm_up.statistic - 0.001_782_25).abs() < 5e-9, "{warm_up:?}");
        assert!(!warm_up.too_short);
    }

    #[test]
    fn a_series_that_only_rises_is_too_short() {
        let rising: Vec<f64> = (0..100).map(f64::from).collect();
        assert!(mser5(&rising).unwrap().too_short);
        assert!(mser5(&rising[..19]).is_none());
    }
}
