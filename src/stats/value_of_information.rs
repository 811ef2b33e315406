//! What it would be worth to know before deciding.

/// The expected value of perfect information: how much better off, on average, whoever knew the inputs would be than whoever
/// decides by the means. `worth` has a row for every equally likely draw of the inputs, and in it the net benefit of each
/// option. `None` without draws or options, or where rows differ in length. Never negative.
///
/// # Source
/// H. Raiffa & R. Schlaifer, *Applied Statistical Decision Theory* (1961), 4.4: the mean of the best less the best of the means.
#[must_use]
pub fn perfect_information(worth: &[Vec<f64>]) -> Option<f64> {
    let options = worth.first()?.len();
    if options == 0 || worth.iter().any(|row| row.len() != options) {
        return None;
    }
    let draws = worth.len() as f64;
    let best = |values: &mut dyn Iterator<Item = f64>| values.fold(f64::NEG_INFINITY, f64::max);
    let of_knowing = worth.iter().map(|row| best(&mut row.iter().copied())).sum::<f64>() / draws;
    let by_means = best(&mut (0..options).map(|d| worth.iter().map(|row| row[d]).sum::<f64>() / draws));
    Some((of_knowing - by_means).max(0.0))
}

#[cfg(test)]
mod tests {
    use super::perfect_information;

    #[test]
    fn knowing_is_worth_what_it_changes() {
        // Two states; whoever knew would take the better option in each: (4 + 3)/2 against 3.
        assert_eq!(perfect_information(&[vec![4.0, 1.0], vec![2.0, 3.0]]), Some(0.5));
        // One option is best whatever is true.
        assert_eq!(perfect_information(&[vec![4.0, 1.0], vec![3.5, 3.0]]), Some(0.0));
        assert_eq!(perfect_information(&[]), None);
        assert_eq!(perfect_information(&[vec![1.0], vec![]]), None);
    }
}
