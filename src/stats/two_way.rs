//! Two kinds of uncertainty apart: what is not known of the inputs, and chance in the simulation.
//!
//! Every draw of the inputs is simulated with the same replications, so that outcomes stand in a table, draws by replications.
//! Two-way analysis of variance takes it apart: what differs between draws, what differs between replications, and what is
//! left, by which draws differ from each other in some replications more than in others.

/// What a table of outcomes says.
#[derive(Clone, Debug, PartialEq)]
pub struct TwoWay {
    /// The mean over draws, by their weights.
    pub mean: f64,
    /// Standard deviation between draws that is due to the inputs alone.
    pub sd_input: f64,
    /// Standard error of the mean that is due to the simulation alone: it falls with replications.
    pub sd_simulation: f64,
    /// What chance adds to the variance between the means of draws.
    pub noise: f64,
    /// Replications of each draw.
    pub replications: usize,
    /// The mean of each draw.
    pub means: Vec<f64>,
    /// The weight of each draw; they sum to 1.
    pub weights: Vec<f64>,
}

/// Takes a table of outcomes apart: one row a draw, one column a replication, the same in all rows. `None` unless there are two
/// draws with a weight and two replications, all rows are as long, and weights are not negative.
///
/// # Source
/// Two-way layout without repetition, H. Scheffé, *The Analysis of Variance* (1959), 4.2 and 7.4; with equal weights the
/// variance due to inputs is `(MS of draws - MS of the rest) / replications`, or 0 if that is negative. Weights: the unbiased
/// weighted variance, divided by `1 - sum of squared weights`. Use: R. R. Barton, B. L. Nelson & W. Xie, *Quantifying input
/// uncertainty via simulation confidence intervals*, INFORMS Journal on Computing 26 (2014), 74-87.
#[must_use]
pub fn two_way(table: &[Vec<f64>], weights: &[f64]) -> Option<TwoWay> {
    let n = table.first()?.len();
    let sum: f64 = weights.iter().sum();
    let sound = table.len() == weights.len()
        && n >= 2
        && table.iter().all(|row| row.len() == n)
        && weights.iter().all(|w| *w >= 0.0)
        && sum > 0.0;
    if !sound {
        return None;
    }
    let weights: Vec<f64> = weights.iter().map(|w| w / sum).collect();
    let free = 1.0 - weights.iter().map(|w| w * w).sum::<f64>();
    if free <= 1e-12 {
        return None;
    }
    let square = |v: f64| v * v;
    let means: Vec<f64> = table.iter().map(|row| row.iter().sum::<f64>() / n as f64).collect();
    let weighted = |of: &dyn Fn(usize) -> f64| -> f64 { weights.iter().enumerate().map(|(k, w)| w * of(k)).sum() };
    // From the first on, so that what is the same everywhere has that mean to the last digit: weights add up to 1 only nearly.
    let average = |of: &dyn Fn(usize) -> f64| of(0) + weighted(&|k| of(k) - of(0));
    let mean = average(&|k| means[k]);
    let columns: Vec<f64> = (0..n).map(|j| average(&|k| table[k][j])).collect();
    let between = weighted(&|k| square(means[k] - mean)) / free;
    let rest = weighted(&|k| {
        let row = table[k].iter().zip(&columns);
        row.map(|(y, column)| square(y - means[k] - column + mean)).sum()
    });
    let noise = rest / free / (n - 1) as f64 / n as f64;
    let of_columns: f64 = columns.iter().map(|column| square(column - mean)).sum();
    Some(TwoWay {
        mean,
        sd_input: (between - noise).max(0.0).sqrt(),
        sd_simulation: (of_columns / ((n - 1) * n) as f64).sqrt(),
        noise,
        replications: n,
        means,
        weights,
    })
}

impl TwoWay {
    /// The means of the draws without what chance adds to their spread: drawn together until they vary as the inputs make them.
    ///
    /// # Source
    /// Shrinkage to the mean by the ratio of the standard deviations, as in constrained empirical Bayes: T. A. Louis, *Estimating
    /// a population of parameter values using Bayes and empirical Bayes methods*, JASA 79 (1984), 393-398.
    #[must_use]
    pub fn shrunk(&self) -> Vec<f64> {
        let input = self.sd_input * self.sd_input;
        let all = input + self.noise;
        let factor = if all > 0.0 { (input / all).sqrt() } else { 0.0 };
        self.means
            .iter()
            .map(|m| self.mean + factor * (m - self.mean))
            .collect()
    }

    /// As many equal weights as these weights are worth.
    #[must_use]
    pub fn effective_draws(&self) -> f64 {
        1.0 / self.weights.iter().map(|w| w * w).sum::<f64>()
    }
}

/// Outcomes of draws of which only some were repeated, taken apart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct InPart {
    /// The mean of the first outcomes, by their weights.
    pub mean: f64,
    /// Standard deviation of the first outcomes.
    pub sd: f64,
    /// Standard deviation between draws that is due to the inputs alone.
    pub sd_input: f64,
    /// Standard deviation of one outcome of a draw that is due to chance alone.
    pub sd_chance: f64,
    /// Draws that were repeated.
    pub repeated: usize,
}

/// Takes outcomes apart that stand in the first column of a table, draws by repetitions, of which only some rows are whole: `first`
/// is that column, `whole` are the whole rows, each with its first outcome. `None` unless there are two draws with a weight and two
/// whole rows of the same length, at least two.
///
/// # Source
/// Outcomes are the draw's own value, what a column does to all draws alike, and what is left. The variance within whole rows
/// is that of columns and what is left together, which is what chance does to one outcome; the variance of a single column
/// between draws is that of the inputs and what is left; what is left is the mean square of the rest in the two-way layout
/// ([`two_way`], with its source).
#[must_use]
pub fn in_part(first: &[f64], weights: &[f64], whole: &[Vec<f64>]) -> Option<InPart> {
    let sum: f64 = weights.iter().sum();
    let columns = whole.first()?.len() as f64;
    let apart = two_way(whole, &vec![1.0; whole.len()])?;
    let square = |v: f64| v * v;
    let weighted = |of: &dyn Fn(f64) -> f64| -> f64 {
        let each = first.iter().zip(weights);
        each.map(|(v, w)| w / sum * of(*v)).sum()
    };
    let free = 1.0 - weights.iter().map(|w| square(w / sum)).sum::<f64>();
    if first.len() != weights.len() || free.is_nan() || free <= 1e-12 {
        return None;
    }
    let mean = weighted(&|v| v);
    let between = weighted(&|v| square(v - mean)) / free;
    let rest = apart.noise * columns;
    let within: f64 = whole
        .iter()
        .zip(&apart.means)
        .flat_map(|(row, mean)| row.iter().map(move |v| square(v - mean)))
        .sum();
    Some(InPart {
        mean,
        sd: between.sqrt(),
        sd_input: (between - rest).max(0.0).sqrt(),
        sd_chance: (within / (whole.len() as f64 * (columns - 1.0))).sqrt(),
        repeated: whole.len(),
    })
}

#[cfg(test)]
mod tests {
    use super::{in_part, two_way};
    use crate::random::{Key, name_salt, normal_quantile};

    /// By hand: rows (1, 3), (4, 8), (7, 7). Means 2, 6, 7, over all 5; columns 4 and 6. Between the draws (9 + 1 + 4)/2 = 7;
    /// rests 0, 0; -1, 1; 1, -1, squares 4 over 2 x 1 degrees of freedom: 2, over two replications 1. So the inputs have 6.
    /// The columns differ from 5 by 1 each: sum of squares 2 over 2 x 1: the error of the mean is 1.
    #[test]
    fn the_worked_example_comes_out() {
        let table = [vec![1.0, 3.0], vec![4.0, 8.0], vec![7.0, 7.0]];
        let found = two_way(&table, &[1.0; 3]).unwrap();
        assert!((found.mean - 5.0).abs() < 1e-12);
        assert!((found.noise - 1.0).abs() < 1e-12, "{found:?}");
        assert!((found.sd_input - 6f64.sqrt()).abs() < 1e-12);
        assert!((found.sd_simulation - 1.0).abs() < 1e-12);
        assert!((found.effective_draws() - 3.0).abs() < 1e-9);
        let factor = (6f64 / 7.0).sqrt();
        let shrunk = found.shrunk();
        assert!((shrunk[0] - (5.0 - 3.0 * factor)).abs() < 1e-12);
        // A draw with twice the weight is not two draws, but has the same mean.
        let heavy = two_way(&table, &[2.0, 1.0, 1.0]).unwrap();
        assert!((heavy.mean - 4.25).abs() < 1e-12 && (heavy.effective_draws() - 16.0 / 6.0).abs() < 1e-9);
    }

    /// By hand: first outcomes 1, 4, 7 and 8, mean 5, squares 16 + 1 + 4 + 9 over 3: 10 between draws. Whole rows as above: what
    /// is left has mean square 2, so that the inputs have 8. Within rows 2 + 8 + 0 over 3: chance has 10/3.
    #[test]
    fn some_rows_are_enough_to_tell_chance_from_inputs() {
        let table = [vec![1.0, 3.0], vec![4.0, 8.0], vec![7.0, 7.0]];
        let found = in_part(&[1.0, 4.0, 7.0, 8.0], &[1.0; 4], &table).unwrap();
        assert!((found.mean - 5.0).abs() < 1e-12 && found.repeated == 3);
        let squares = [found.sd, found.sd_input, found.sd_chance].map(|sd| sd * sd);
        for (square, truth) in squares.into_iter().zip([10.0, 8.0, 10.0 / 3.0]) {
            assert!((square - truth).abs() < 1e-12, "{found:?}");
        }
        // Without chance all of it is due to the inputs; without draws nothing can be said.
        let sure = in_part(&[1.0, 3.0], &[1.0; 2], &[vec![1.0; 3], vec![3.0; 3]]).unwrap();
        assert!((sure.sd_input - sure.sd).abs() < 1e-12 && sure.sd_chance < 1e-12);
        assert_eq!(in_part(&[1.0], &[1.0], &table), None);
        assert_eq!(in_part(&[1.0, 2.0], &[1.0; 2], &[]), None);
        assert_eq!(in_part(&[1.0, 2.0], &[1.0; 2], &table[..1]), None);
    }

    #[test]
    fn too_little_says_nothing() {
        assert_eq!(two_way(&[], &[]), None);
        assert_eq!(two_way(&[vec![1.0, 2.0]], &[1.0]), None);
        assert_eq!(two_way(&[vec![1.0], vec![2.0]], &[1.0, 1.0]), None);
        assert_eq!(two_way(&[vec![1.0, 2.0], vec![2.0, 3.0]], &[1.0, -1.0]), None);
        assert_eq!(two_way(&[vec![1.0, 2.0], vec![2.0]], &[1.0, 1.0]), None);
    }

    /// Draws of sd 2, replications of sd 1 and a rest of sd 3, 300 draws of 5 replications, 200 times: the mean of the
    /// estimated variance of the inputs is 4 within four of its standard errors, though the rest adds 1.8 to the variance
    /// between draws; and without any spread of inputs it is 0 in about half of the cases and small in all.
    #[test]
    fn noise_does_not_look_like_inputs() {
        let normal = |key: Key, name: &str, k: u64| normal_quantile(key.uniform(name_salt(name), k));
        let estimate = |experiment: u64, sd: f64| {
            let key = Key::root(71).part(name_salt("experiment"), experiment);
            let table: Vec<Vec<f64>> = (0..300u64)
                .map(|k| {
                    let draw = sd * normal(key, "draw", k);
                    (0..5)
                        .map(|j| draw + normal(key, "replication", j) + 3.0 * normal(key, "rest", 5 * k + j))
                        .collect()
                })
                .collect();
            two_way(&table, &[1.0; 300]).unwrap()
        };
        let all: Vec<f64> = (0..200).map(|e| estimate(e, 2.0).sd_input).map(|sd| sd * sd).collect();
        let mean = all.iter().sum::<f64>() / 200.0;
        let error = (all.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / 199.0 / 200.0).sqrt();
        assert!((mean - 4.0).abs() < 4.0 * error && error < 0.06, "{mean} {error}");
        let none: Vec<f64> = (200..300).map(|e| estimate(e, 0.0).sd_input).collect();
        let zero = none.iter().filter(|sd| **sd == 0.0).count();
        assert!((30..=70).contains(&zero) && none.iter().all(|sd| *sd < 0.8), "{zero}");
    }
}
