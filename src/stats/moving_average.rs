//! A series made smooth, for people to look at.

/// Welch's moving average: each value is the mean of itself and `reach` values on either side; near an end as many on
/// either side as there are.
///
/// # Source
/// P. D. Welch, *The statistical analysis of simulation results*, in S. S. Lavenberg (ed.), *Computer Performance Modeling
/// Handbook* (1983), 268-328.
#[must_use]
pub fn moving_average(series: &[f64], reach: usize) -> Vec<f64> {
    let last = series.len().saturating_sub(1);
    (0..series.len())
        .map(|n| {
            let reach = reach.min(n).min(last - n);
            let part = &series[n - reach..=n + reach];
            part.iter().sum::<f64>() / part.len() as f64
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::moving_average;

    #[test]
    fn the_window_shrinks_towards_both_ends() {
        let series = [4.0, 1.0, 1.0, 6.0, 8.0];
        assert_eq!(moving_average(&series, 2), [4.0, 2.0, 4.0, 5.0, 8.0]);
        assert_eq!(moving_average(&series, 0), series);
        assert!(moving_average(&[], 2).is_empty());
    }
}
