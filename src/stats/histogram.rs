//! Waits as whole-number counts on fixed edges, and quantiles from them.

use crate::stats::interval::{Interval, t_factor};
use crate::units::Span;

/// Fine bins end at 8 h, middle ones at 7 days, coarse ones at 60 days \[min\].
const FINE_END: i64 = 8 * 60;
const MIDDLE_END: i64 = 7 * 24 * 60;
const COARSE_END: i64 = 60 * 24 * 60;

/// Their widths \[min\].
const MIDDLE: i64 = 15;
const COARSE: i64 = 60;

/// Number of bins of each width; one more takes what is longer than 60 days.
const FINE_BINS: usize = 480;
const MIDDLE_BINS: usize = 640;
const COARSE_BINS: usize = 1272;
const _: () = assert!(
    FINE_BINS as i64 == FINE_END
        && MIDDLE_BINS as i64 * MIDDLE == MIDDLE_END - FINE_END
        && COARSE_BINS as i64 * COARSE == COARSE_END - MIDDLE_END
);

/// A histogram of waits: bins of 1 minute to 8 hours, 15 minutes to 7 days, 1 hour to 60 days, and one for longer
/// waits. The edges are the same everywhere, so that merging is adding whole numbers: exact, and in any order.
///
/// A wait exactly at an edge is counted in the bin that ends there, so "within 2 h" is exact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitHistogram {
    counts: Box<[u64]>,
}

impl Default for WaitHistogram {
    fn default() -> Self {
        Self::new()
    }
}

impl WaitHistogram {
    /// Number of bins.
    pub const BINS: usize = FINE_BINS + MIDDLE_BINS + COARSE_BINS + 1;

    /// An empty one.
    #[must_use]
    pub fn new() -> Self {
        Self {
            counts: vec![0; Self::BINS].into(),
        }
    }

    /// The bin of a wait. Negative waits count as none.
    #[must_use]
    #[inline]
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 0 and the number of bins"
    )]
    pub const fn bin_of(wait: Span) -> usize {
        let minutes = (wait.ms() + (Span::MINUTE.ms() - 1)) / Span::MINUTE.ms();
        (if minutes <= 1 {
            0
        } else if minutes <= FINE_END {
            minutes - 1
        } else if minutes <= MIDDLE_END {
            FINE_BINS as i64 + (minutes - FINE_END - 1) / MIDDLE
        } else if minutes <= COARSE_END {
            (FINE_BINS + MIDDLE_BINS) as i64 + (minutes - MIDDLE_END - 1) / COARSE
        } else {
            Self::BINS as i64 - 1
        }) as usize
    }

    /// The longest wait that a bin counts; `None` for the last, which has no end.
    #[must_use]
    pub const fn upper_edge(bin: usize) -> Option<Span> {
        let minutes = if bin < FINE_BINS {
            bin as i64 + 1
        } else if bin < FINE_BINS + MIDDLE_BINS {
            FINE_END + (bin - FINE_BINS + 1) as i64 * MIDDLE
        } else if bin + 1 < Self::BINS {
            MIDDLE_END + (bin - FINE_BINS - MIDDLE_BINS + 1) as i64 * COARSE
        } else {
            return None;
        };
        Some(Span::from_minutes(minutes))
    }

    /// The end of the bin before: waits in a bin are longer than this.
    #[must_use]
    pub fn lower_edge(bin: usize) -> Span {
        bin.checked_sub(1).and_then(Self::upper_edge).unwrap_or(Span::ZERO)
    }

    /// Counts one wait.
    #[inline]
    pub fn add(&mut self, wait: Span) {
        self.counts[Self::bin_of(wait)] += 1;
    }

    /// Counts `count` waits in a bin.
    pub fn add_to_bin(&mut self, bin: usize, count: u64) {
        self.counts[bin] += count;
    }

    /// Adds all that another has counted.
    pub fn merge(&mut self, other: &Self) {
        for (own, more) in self.counts.iter_mut().zip(&other.counts) {
            *own += more;
        }
    }

    /// What is left without those that another has counted; they must be among these.
    #[must_use]
    pub(crate) fn without(&self, other: &Self) -> Self {
        let left = self.counts.iter().zip(&other.counts);
        Self {
            counts: left.map(|(all, gone)| all.saturating_sub(*gone)).collect(),
        }
    }

    /// Waits counted.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// The count of every bin.
    #[must_use]
    pub const fn counts(&self) -> &[u64] {
        &self.counts
    }

    /// Waits of at most `limit`: exact if that is an edge, otherwise up to the last edge before it.
    #[must_use]
    pub fn within(&self, limit: Span) -> u64 {
        let bin = Self::bin_of(limit);
        let whole = if Self::upper_edge(bin).is_some_and(|edge| edge <= limit) {
            bin + 1
        } else {
            bin
        };
        self.counts[..whole].iter().sum()
    }

    /// (upper edge, waits up to it) for every bin that counts any, ascending; longer waits than 60 days are left out.
    pub fn cumulative(&self) -> impl Iterator<Item = (Span, u64)> {
        let mut sum = 0;
        self.counts.iter().enumerate().filter_map(move |(bin, &count)| {
            sum += count;
            Self::upper_edge(bin).filter(|_| count > 0).map(|edge| (edge, sum))
        })
    }

    /// The wait that a share `level` stays within \[min\], with waits spread evenly inside their bin. `None` if nothing
    /// was counted; 60 days if it lies beyond them.
    #[must_use]
    pub fn quantile_min(&self, level: f64) -> Option<f64> {
        let wanted = level * self.total() as f64;
        let mut before = 0;
        for (bin, &count) in self.counts.iter().enumerate() {
            if count > 0 && (before + count) as f64 >= wanted {
                let from = Self::lower_edge(bin).minutes();
                let width = Self::upper_edge(bin).map_or(0.0, |to| to.minutes() - from);
                return Some(from + width * ((wanted - before as f64) / count as f64).max(0.0));
            }
            before += count;
        }
        None
    }
}

/// Interval of a quantile of waits \[min\] from histograms of groups of replications (40, say: replication number
/// modulo 40). `None` if nothing was counted.
///
/// At each edge the share of waits up to it is a ratio over groups with its t interval; the quantile's interval is
/// every edge whose interval holds the level, and one bin more on either side.
///
/// # Source
/// R. S. Woodruff, *Confidence intervals for medians and other position measures*, JASA 47 (1952), 635-646.
#[must_use]
pub fn quantile_interval(groups: &[WaitHistogram], level: f64, confidence: f64) -> Option<Interval> {
    let mut pooled = WaitHistogram::new();
    for group in groups {
        pooled.merge(group);
    }
    let point = pooled.quantile_min(level)?;
    let totals: Vec<(f64, &WaitHistogram)> = groups
        .iter()
        .map(|g| (g.total() as f64, g))
        .filter(|(total, _)| *total > 0.0)
        .collect();
    let n = totals.len();
    let longest = Span::from_minutes(COARSE_END).minutes();
    if n < 2 {
        return Some(Interval::between(point, 0.0, f64::INFINITY));
    }
    let t = t_factor(n, confidence);
    let all = pooled.total() as f64;
    let mut so_far = vec![0u64; n];
    let mut pooled_so_far = 0u64;
    let (mut low, mut high) = (None, f64::INFINITY);
    for bin in 0..WaitHistogram::BINS {
        for (sum, (_, group)) in so_far.iter_mut().zip(&totals) {
            *sum += group.counts[bin];
        }
        pooled_so_far += pooled.counts[bin];
        let share = pooled_so_far as f64 / all;
        let squares: f64 = so_far
            .iter()
            .zip(&totals)
            .map(|(&up_to, (total, _))| up_to as f64 - share * total)
            .map(|d| d * d)
            .sum();
        let reach = t * (squares / (n - 1) as f64 * n as f64).sqrt() / all;
        if low.is_none() && share + reach >= level {
            low = Some(WaitHistogram::lower_edge(bin).minutes());
        }
        if share - reach > level {
            high = WaitHistogram::upper_edge(bin).map_or(f64::INFINITY, Span::minutes);
            break;
        }
    }
    Some(Interval::between(
        point,
        low.unwrap_or(longest).min(point),
        high.max(point),
    ))
}

#[cfg(test)]
mod tests {
    use super::{WaitHistogram, quantile_interval};
    use crate::random::{Key, name_salt};
    use crate::units::Span;

    #[test]
    fn a_wait_at_an_edge_belongs_to_the_bin_that_ends_there() {
        assert_eq!(WaitHistogram::BINS, 480 + 640 + 1272 + 1);
        for bin in 0..WaitHistogram::BINS - 1 {
            let edge = WaitHistogram::upper_edge(bin).unwrap();
            assert_eq!(WaitHistogram::bin_of(edge), bin);
            assert_eq!(WaitHistogram::bin_of(edge + Span::from_ms(1)), bin + 1);
            assert_eq!(WaitHistogram::lower_edge(bin + 1), edge);
        }
        assert_eq!(WaitHistogram::upper_edge(119), Some(Span::from_hours(2)));
        assert_eq!(
            WaitHistogram::upper_edge(WaitHistogram::BINS - 2),
            Some(Span::from_days(60))
        );
        assert_eq!(WaitHistogram::bin_of(Span::from_days(90)), WaitHistogram::BINS - 1);
        assert_eq!(WaitHistogram::bin_of(Span::ZERO), 0);
        assert_eq!(WaitHistogram::bin_of(Span::from_ms(-5)), 0);
    }

    #[test]
    fn within_a_standard_is_exact_and_merging_is_adding() {
        let mut a = WaitHistogram::new();
        for ms in [0, 7_200_000, 7_200_001, 6_000_000_000] {
            a.add(Span::from_ms(ms));
        }
        assert_eq!(a.within(Span::from_hours(2)), 2);
        let mut b = a.clone();
        b.merge(&a);
        assert_eq!((b.total(), b.within(Span::from_hours(2))), (8, 4));
        assert_eq!(b.cumulative().last(), Some((Span::from_minutes(121), 6)));
    }

    #[test]
    fn quantiles_lie_evenly_in_their_bin() {
        let mut h = WaitHistogram::new();
        h.add_to_bin(9, 100);
        assert!((h.quantile_min(0.25).unwrap() - 9.25).abs() < 1e-12);
        assert!((h.quantile_min(1.0).unwrap() - 10.0).abs() < 1e-12);
        assert!(WaitHistogram::new().quantile_min(0.5).is_none());
        h.add_to_bin(WaitHistogram::BINS - 1, 900);
        assert!((h.quantile_min(0.5).unwrap() - 86_400.0).abs() < 1e-9);
    }

    /// 300 experiments of 40 groups of 100 exponential waits whose mean varies by group; the pooled 0.9 quantile is
    /// known. Nominal 95 %; at least 274 of 300 are wanted: if the truth is 95 %, another seed would fail this with
    /// probability 0.3 %.
    #[test]
    fn the_interval_covers_the_quantile() {
        // Mean 30 min or 60 min with equal chance: 0.5 e^(-x/30) + 0.5 e^(-x/60) = 0.1 at y^2 + y = 0.2, y = e^(-x/60).
        let truth = -60.0 * libm::log(0.5 * (1.8f64.sqrt() - 1.0));
        let mut covered = 0;
        for experiment in 0..300 {
            let key = Key::root(8).part(name_salt("experiment"), experiment);
            let groups: Vec<WaitHistogram> = (0..40)
                .map(|g| {
                    let part = key.part(1, g);
                    let mut h = WaitHistogram::new();
                    let mean = if part.uniform(2, 0) < 0.5 { 30.0 } else { 60.0 };
                    for k in 0..100 {
                        let minutes = -mean * libm::log(part.uniform(3, k));
                        #[expect(clippy::cast_possible_truncation, reason = "a few hours")]
                        h.add(Span::from_ms((minutes * 60_000.0) as i64));
                    }
                    h
                })
                .collect();
            let i = quantile_interval(&groups, 0.9, 0.95).unwrap();
            assert!(i.contains(i.mean) && i.high - i.low < 60.0, "{i:?}");
            covered += u32::from(i.contains(truth));
        }
        assert!(covered >= 274, "{covered} of 300");
    }

    #[test]
    fn one_group_says_nothing_about_the_next() {
        let mut h = WaitHistogram::new();
        h.add(Span::from_hours(1));
        let i = quantile_interval(&[h, WaitHistogram::new()], 0.5, 0.95).unwrap();
        assert!(i.low == 0.0 && i.high == f64::INFINITY);
        assert!(quantile_interval(&[], 0.5, 0.95).is_none());
    }
}
