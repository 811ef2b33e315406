//! What is known of the real service, what is not, and why each number is what it is.

use crate::model::{HubId, PathwayId, YearMonth};

/// A figure reported of the real service: drawn beside the simulation, never fed into it.
#[derive(Clone, Debug, PartialEq)]
pub struct Observed {
    /// What was measured, as in the file and in `summary.csv`.
    pub measure: String,
    /// Of which hub; all if left out.
    pub hub: Option<HubId>,
    /// Of which pathway; all if left out.
    pub pathway: Option<PathwayId>,
    /// Of which month; of the whole window if left out.
    pub month: Option<YearMonth>,
    /// The figure, in the unit of the measure.
    pub value: f64,
    /// How far it may be off either way with 95 % confidence, in the unit of the measure.
    pub plus_minus: Option<f64>,
    /// Of how many referrals a share was reported.
    pub referrals: Option<u64>,
    /// Where it was reported.
    pub source: String,
    /// Whether it is of the service before the changes of a what-if.
    pub before_change: bool,
}

/// How likely the values of a range are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RangeShape {
    /// Every value between the ends is as likely.
    #[default]
    Uniform,
    /// Most likely as in the file, less and less towards the ends.
    Triangular,
    /// Log-normal, nine tenths of it between the ends.
    Lognormal,
    /// Gamma, nine tenths of it between the ends.
    Gamma,
}

impl RangeShape {
    /// The word, as in files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Uniform => "uniform",
            Self::Triangular => "triangular",
            Self::Lognormal => "lognormal",
            Self::Gamma => "gamma",
        }
    }
}

/// An input that is not known.
#[derive(Clone, Debug, PartialEq)]
pub struct Unknown {
    /// Which, as a path into the file.
    pub path: String,
    /// Lowest plausible value, as typed.
    pub from: String,
    /// Highest plausible value, as typed.
    pub to: String,
    /// The value in the file, as typed; of a total its sum; empty if it is not one value.
    pub now: String,
    /// How likely the values between them are.
    pub distribution: RangeShape,
}

/// How a number came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AssumptionKind {
    /// Found in a source.
    Source,
    /// Worked out from sources.
    Derived,
    /// Assumed.
    Assumption,
    /// Set so that a reported figure is reproduced.
    Calibrated,
    /// Decided for the model, not a number; other choices are possible.
    Choice,
}

impl AssumptionKind {
    /// The word, as in files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Source => "source",
            Self::Derived => "derived",
            Self::Assumption => "assumption",
            Self::Calibrated => "calibrated",
            Self::Choice => "choice",
        }
    }
}

/// One line of the assumptions book.
#[derive(Clone, Debug, PartialEq)]
pub struct Assumption {
    /// Which number, as a path into the file.
    pub path: String,
    /// The value used, as typed in the file; empty if the path names a table.
    pub value: String,
    /// How it came about.
    pub kind: AssumptionKind,
    /// Lowest plausible value, as typed; empty if not given.
    pub low: String,
    /// Highest plausible value, as typed; empty if not given.
    pub high: String,
    /// How likely the values between them are.
    pub distribution: RangeShape,
    /// Where it was found; empty if not given.
    pub source: String,
    /// Why; empty if not given.
    pub why: String,
    /// Whether a what-if has changed the number since this was said of it.
    pub changed: bool,
}
