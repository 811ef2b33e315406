//! Symmetric positive definite systems by Cholesky's factorisation, plainly: a hundred or two rows, the same operations in
//! the same order on every machine.
//!
//! Golub & Van Loan, *Matrix Computations*, 4th ed., algorithm 4.2.1.

/// The lower triangle `L` of a matrix `A = L Lᵀ`, row by row.
#[derive(Clone, Debug, PartialEq)]
pub struct Cholesky {
    size: usize,
    lower: Vec<f64>,
}

impl Cholesky {
    /// Factors the matrix whose entry at a row and a column (not above the diagonal) is given. `None` if it is not positive
    /// definite as far as floating point can tell.
    #[must_use]
    pub fn of(size: usize, entry: impl Fn(usize, usize) -> f64) -> Option<Self> {
        let mut lower: Vec<f64> = Vec::with_capacity(size * (size + 1) / 2);
        let mut starts = Vec::with_capacity(size);
        for row in 0..size {
            let start = lower.len();
            for (column, &other) in starts.iter().enumerate() {
                let dot = dot(&lower[start..start + column], &lower[other..other + column]);
                let pivot = lower[other + column];
                lower.push((entry(row, column) - dot) / pivot);
            }
            let squares = dot(&lower[start..], &lower[start..]);
            let diagonal = entry(row, row);
            let left = diagonal - squares;
            // What rounding alone could have left is nothing.
            if left.is_nan() || left <= diagonal.abs() * 1e-14 {
                return None;
            }
            lower.push(left.sqrt());
            starts.push(start);
        }
        Some(Self { size, lower })
    }

    /// Of the matrix with this on its diagonal, which must be above 0, and nothing beside it.
    #[must_use]
    pub fn of_diagonal(size: usize, entry: f64) -> Self {
        let row = |row: usize| (0..=row).map(move |column| if column == row { entry.sqrt() } else { 0.0 });
        Self {
            size,
            lower: (0..size).flat_map(row).collect(),
        }
    }

    /// Rows of the matrix.
    #[must_use]
    pub fn size(&self) -> usize {
        self.size
    }

    fn row(&self, row: usize) -> &[f64] {
        let start = row * (row + 1) / 2;
        &self.lower[start..=start + row]
    }

    /// `L⁻¹ b`.
    #[must_use]
    pub fn half_solve(&self, b: &[f64]) -> Vec<f64> {
        let mut x: Vec<f64> = Vec::with_capacity(self.size);
        for (row, &value) in b.iter().enumerate().take(self.size) {
            let l = self.row(row);
            x.push((value - dot(&l[..row], &x)) / l[row]);
        }
        x
    }

    /// `A⁻¹ b`.
    #[must_use]
    pub fn solve(&self, b: &[f64]) -> Vec<f64> {
        let mut x = self.half_solve(b);
        for row in (0..x.len()).rev() {
            let l = self.row(row);
            let value = x[row] / l[row];
            x[row] = value;
            for (earlier, factor) in x.iter_mut().zip(&l[..row]) {
                *earlier -= factor * value;
            }
        }
        x
    }

    /// `L z`: from independent normal numbers, numbers with the covariance `A`.
    #[must_use]
    pub fn times(&self, z: &[f64]) -> Vec<f64> {
        (0..self.size).map(|row| dot(self.row(row), z)).collect()
    }

    /// The natural logarithm of the determinant of `A`.
    #[must_use]
    pub fn log_determinant(&self) -> f64 {
        (0..self.size).map(|row| 2.0 * libm::log(self.row(row)[row])).sum()
    }
}

/// The sum of products.
pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    use super::Cholesky;

    /// By hand: the matrix 4 2 2 / 2 5 3 / 2 3 6 is L Lᵀ with L = 2 / 1 2 / 1 1 2; its determinant is 64.
    #[test]
    fn a_matrix_worked_out_by_hand() {
        let a = [[4.0, 2.0, 2.0], [2.0, 5.0, 3.0], [2.0, 3.0, 6.0]];
        let l = Cholesky::of(3, |i, j| a[i][j]).unwrap();
        assert_eq!(l.lower, [2.0, 1.0, 2.0, 1.0, 1.0, 2.0]);
        assert!((l.log_determinant() - libm::log(64.0)).abs() < 1e-14);
        assert_eq!(l.half_solve(&[2.0, 5.0, 5.0]), [1.0, 2.0, 1.0]);
        assert_eq!(l.times(&[1.0, 2.0, 1.0]), [2.0, 5.0, 5.0]);
        // A (1, 2, 3) = (14, 21, 26).
        let x = l.solve(&[14.0, 21.0, 26.0]);
        for (x, truth) in x.iter().zip([1.0, 2.0, 3.0]) {
            assert!((x - truth).abs() < 1e-14, "{x}");
        }
    }

    /// The Hilbert matrix of 6 rows is nearly singular, and its inverse is known to be whole numbers: the first entry is 36.
    #[test]
    fn a_hard_matrix_is_solved_and_a_singular_one_refused() {
        let hilbert = Cholesky::of(6, |i, j| 1.0 / (i + j + 1) as f64).unwrap();
        let first = hilbert.solve(&[1.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
        for (x, truth) in first.iter().zip([36.0, -630.0, 3360.0, -7560.0, 7560.0, -2772.0]) {
            assert!((x - truth).abs() < 1e-7 * f64::abs(truth), "{x} {truth}");
        }
        assert_eq!(Cholesky::of(2, |_, _| 1.0), None);
        let four = |i, j| if i == j { 4.0 } else { 0.0 };
        assert_eq!(Cholesky::of(3, four), Some(Cholesky::of_diagonal(3, 4.0)));
        assert_eq!(Cholesky::of(2, |i, j| if i == j { 1.0 } else { 2.0 }), None);
        assert_eq!(Cholesky::of(1, |_, _| f64::NAN), None);
    }
}
