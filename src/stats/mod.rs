//! Estimates with intervals, from plain numbers.
//!
//! Nothing here knows hubs, pathways or scenarios. Replications are the unit of everything: they are independent,
//! the waits within one are not (intervals that treat referrals as independent hold the truth half as often as they
//! say). What comes in is whole numbers wherever possible, so that the order of merging cannot matter; floating
//! point begins here, in the order of the replications.

mod bet;
mod bootstrap;
mod cholesky;
mod design;
mod emulator;
mod histogram;
mod interval;
mod latin;
mod lowest;
mod moving_average;
mod order;
mod paired;
mod placement;
mod ratio;
mod response_surface;
mod sequential;
mod stopping;
mod two_way;
mod value_of_information;
mod variance_shares;
mod warm_up;
mod weighted;
mod xmr;

pub use bet::Bet;
pub use bootstrap::{Extremes, extremes};
pub use cholesky::Cholesky;
pub use design::{latin_hypercube, spread, squared_distance};
pub use emulator::{Emulator, Prediction, Simulated};
pub use histogram::{WaitHistogram, quantile_interval};
pub(crate) use ratio::all_or_none;

pub use interval::{Interval, mean_interval, student_t_quantile, wilson_interval};
pub use latin::latin_hypercube_of;
pub use lowest::{lowest_difference, lowest_share};
pub use moving_average::moving_average;
pub use order::{Ranks, order_statistic_ranks};
pub use paired::{Paired, paired_quantile, paired_ratio, paired_share, paired_share_interval};
pub use placement::{Placed, Way, highest_low, largest_totals, runner_up};
pub use ratio::{jackknife_share, ratio_interval, ratio_interval_of_sums, share_interval, share_lower_bound};
pub use response_surface::Surface;
pub use sequential::{ThreeWay, Verdict, three_way_constants};
pub use stopping::{FIRST_LOOK, looks, needed};
pub use two_way::{InPart, TwoWay, in_part, two_way};
pub use value_of_information::perfect_information;
pub use variance_shares::{VarianceShares, variance_shares};
pub use warm_up::{WarmUp, mser5};
pub use weighted::{
    effective_size, eigenvalues, quantile_by_weight, resample, weighted_covariance, weighted_mean, weighted_quantile,
};
pub use xmr::{REACH, SHIFT, Signal, SpecialCause, TREND, Xmr, xmr};
