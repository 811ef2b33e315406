//! Durations, by inversion: one uniform number, one duration.

use std::sync::Arc;

use crate::random::gamma::GammaTable;
use crate::random::keyed::uniform;
use crate::random::logarithm::{log_of_rest, log_of_rest_of_draw};
use crate::random::normal::normal_quantile;
use crate::units::Span;

/// Why parameters make no distribution.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum DistributionError {
    /// A parameter is out of range.
    #[error("{what} must be {range}, not {value}")]
    OutOfRange {
        /// The parameter.
        what: &'static str,
        /// Allowed range in words.
        range: &'static str,
        /// As given, in the unit of the range.
        value: f64,
    },
    /// Parameters are in the wrong order.
    #[error("{smaller} must not be more than {larger}")]
    WrongOrder {
        /// The one that must not be more.
        smaller: &'static str,
        /// The one that must not be less.
        larger: &'static str,
    },
    /// Shares that must sum to 1 do not.
    #[error("the shares sum to {sum}, not 1")]
    SharesDoNotSum {
        /// What they sum to.
        sum: f64,
    },
    /// There is nothing to draw from.
    #[error("at least one value is needed")]
    Empty,
}

/// The longest parameter: 100 years \[ms\].
const LONGEST_PARAMETER: i64 = 36_525 * Span::DAY.ms();

/// The longest duration that is ever drawn: 1,000 years \[ms\]. Keeps sums of instants far from overflow.
const LONGEST: f64 = 10.0 * LONGEST_PARAMETER as f64;

/// The largest number below 1.
const BELOW_ONE: f64 = 1.0 - f64::EPSILON / 2.0;

/// A distribution of durations.
///
/// Sampled by inversion: [`sample`](Self::sample) turns one uniform number in (0, 1) into one duration, so that a
/// person keeps their luck when a parameter moves. Values are rounded to whole milliseconds and never negative.
/// Whatever is sampled, [`mean_ms`](Self::mean_ms) and its neighbours describe exactly that: after `min` and `max`,
/// before rounding. No duration is ever longer than 1,000 years.
#[derive(Clone, Debug, PartialEq)]
pub struct Distribution {
    family: Family,
    /// As typed, for describing.
    min: Option<Span>,
    max: Option<Span>,
    /// Lower and upper clamp \[ms\].
    low: f64,
    high: f64,
    /// Of what is sampled \[ms\].
    mean: f64,
    sd: f64,
    /// Whether the clamps change anything.
    cut: bool,
}

/// The families, with parameters ready for sampling. Times in milliseconds.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Family {
    /// Always the same.
    Fixed(f64),
    /// Exponential.
    Exponential { mean: f64 },
    /// Log-normal: `exp(mu + sigma z)`.
    LogNormal { mu: f64, sigma: f64, typed: LogNormalTyped },
    /// Gamma; a whole number of stages where given as Erlang.
    Gamma {
        mean: f64,
        shape: f64,
        stages: Option<u32>,
        table: Arc<GammaTable>,
    },
    /// A mixture of exponentials.
    HyperExponential { branches: Arc<[Branch]>, cv: Option<f64> },
    /// Triangular.
    Triangular { low: f64, mode: f64, high: f64 },
    /// Uniform.
    Uniform { low: f64, high: f64 },
    /// Observed values, ascending, joined by straight lines. At least two.
    Empirical { values: Arc<[f64]> },
}

/// How a log-normal was given.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum LogNormalTyped {
    /// Mean and coefficient of variation.
    MeanCv,
    /// Median and sigma.
    MedianSigma,
}

/// One branch of a hyper-exponential distribution.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Branch {
    /// Shares of the branches before this one.
    pub(crate) from: f64,
    /// Its share.
    pub(crate) share: f64,
    /// Its mean \[ms\].
    pub(crate) mean: f64,
}

/// A length of time within the limits, in milliseconds.
fn time(what: &'static str, span: Span) -> Result<f64, DistributionError> {
    if (0..=LONGEST_PARAMETER).contains(&span.ms()) {
        Ok(span.ms() as f64)
    } else {
        Err(DistributionError::OutOfRange {
            what,
            range: "0 to 36,525 days",
            value: span.days(),
        })
    }
}

/// A number within a range. Written so that NaN fails.
fn number(what: &'static str, range: &'static str, value: f64, valid: bool) -> Result<f64, DistributionError> {
    if value.is_finite() && valid {
        Ok(value)
    } else {
        Err(DistributionError::OutOfRange { what, range, value })
    }
}

impl Distribution {
    fn of(family: Family) -> Self {
        Self {
            family,
            min: None,
            max: None,
            low: 0.0,
            high: LONGEST,
            mean: 0.0,
            sd: 0.0,
            cut: false,
        }
        .summed_up()
    }

    /// Always the same duration. A negative one is taken as 0, one over 1,000 years as that.
    #[must_use]
    pub const fn fixed(value: Span) -> Self {
        let value = (value.ms() as f64).clamp(0.0, LONGEST);
        Self {
            family: Family::Fixed(value),
            min: None,
            max: None,
            low: 0.0,
            high: LONGEST,
            mean: value,
            sd: 0.0,
            cut: false,
        }
    }

    /// With mean, standard deviation and the rest brought up to date.
    fn summed_up(mut self) -> Self {
        let raised = self.plain_quantile(f64::EPSILON / 2.0) < self.low;
        let lowered = self.plain_quantile(BELOW_ONE) > self.high;
        self.cut = (self.min.is_some() && raised) || (self.max.is_some() && lowered);
        (self.mean, self.sd) = match self.family {
            Family::Fixed(value) => (value.max(self.low).min(self.high), 0.0),
            _ if raised || lowered => self.family.clamped_moments(self.low, self.high),
            _ => self.family.moments(),
        };
        self
    }

    /// Exponential with this mean.
    ///
    /// # Errors
    /// [`DistributionError::OutOfRange`] unless the mean lies between 0 and 36,525 days.
    ///
    /// # Source
    /// Inversion: `-mean ln(1 - u)`, written `log1p(-u)`. It rises with `u`; `-ln u` would fall with it. Both keep all
    /// digits of the long tail that 52-bit draws reach, and this one those of the short tail too.
    pub fn exponential(mean: Span) -> Result<Self, DistributionError> {
        Ok(Self::of(Family::Exponential {
            mean: time("mean", mean)?,
        }))
    }

    /// Log-normal with this mean and coefficient of variation (standard deviation over mean) \[1\]: 0 to 100; 0 is fixed.
    ///
    /// # Errors
    /// [`DistributionError::OutOfRange`] for parameters outside their ranges, NaN included.
    ///
    /// # Source
    /// Moments of the log-normal: `sigma^2 = ln(1 + cv^2)`, `mu = ln mean - sigma^2/2` (Law, *Simulation Modeling and
    /// Analysis*, 5th ed., 6.2.2).
    pub fn lognormal_mean_cv(mean: Span, cv: f64) -> Result<Self, DistributionError> {
        let mean_ms = time("mean", mean)?;
        number("cv", "0 to 100", cv, (0.0..=100.0).contains(&cv))?;
        if cv == 0.0 || mean_ms == 0.0 {
            return Ok(Self::fixed(mean));
        }
        let variance = libm::log1p(cv * cv);
        Ok(Self::of(Family::LogNormal {
            mu: libm::log(mean_ms) - 0.5 * variance,
            sigma: variance.sqrt(),
            typed: LogNormalTyped::MeanCv,
        }))
    }

    /// Log-normal with this median and sigma (standard deviation of the logarithm) \[1\]: 0 to 4; 0 is fixed.
    ///
    /// # Errors
    /// [`DistributionError::OutOfRange`] for parameters outside their ranges, NaN included.
    pub fn lognormal_median_sigma(median: Span, sigma: f64) -> Result<Self, DistributionError> {
        let median_ms = time("median", median)?;
        number("sigma", "0 to 4", sigma, (0.0..=4.0).contains(&sigma))?;
        if sigma == 0.0 || median_ms == 0.0 {
            return Ok(Self::fixed(median));
        }
        Ok(Self::of(Family::LogNormal {
            mu: libm::log(median_ms),
            sigma,
            typed: LogNormalTyped::MedianSigma,
        }))
    }

    /// Gamma with this mean and coefficient of variation \[1\]: 0.001 to 10, or 0 for fixed. `shape = 1/cv^2`.
    ///
    /// # Errors
    /// [`DistributionError::OutOfRange`] for parameters outside their ranges, NaN included.
    pub fn gamma(mean: Span, cv: f64) -> Result<Self, DistributionError> {
        let mean_ms = time("mean", mean)?;
        number("cv", "0.001 to 10, or 0", cv, cv == 0.0 || (0.001..=10.0).contains(&cv))?;
        if cv == 0.0 || mean_ms == 0.0 {
            return Ok(Self::fixed(mean));
        }
        Ok(Self::gamma_of(mean_ms, 1.0 / (cv * cv), None))
    }

    /// Erlang: the sum of `stages` exponentials, with this mean in all. 1 to 1,000 stages.
    ///
    /// # Errors
    /// [`DistributionError::OutOfRange`] for parameters outside their ranges.
    pub fn erlang(mean: Span, stages: u32) -> Result<Self, DistributionError> {
        let mean_ms = time("mean", mean)?;
        let shape = f64::from(stages);
        number("stages", "1 to 1,000", shape, (1..=1000).contains(&stages))?;
        if mean_ms == 0.0 {
            return Ok(Self::fixed(mean));
        }
        Ok(Self::gamma_of(mean_ms, shape, Some(stages)))
    }

    fn gamma_of(mean: f64, shape: f64, stages: Option<u32>) -> Self {
        let table = Arc::new(GammaTable::new(shape));
        Self::of(Family::Gamma {
            mean,
            shape,
            stages,
            table,
        })
    }

    /// Hyper-exponential of two branches with this mean and coefficient of variation \[1\], 1 to 100, and balanced
    /// means: both branches bring half of the total time. A cv of 1 is exponential.
    ///
    /// # Errors
    /// [`DistributionError::OutOfRange`] for parameters outside their ranges, NaN included.
    ///
    /// # Source
    /// H. C. Tijms, *A First Course in Stochastic Models* (2003), appendix B:
    /// `p = (1 + sqrt((cv^2 - 1)/(cv^2 + 1)))/2`, branch means `mean/(2p)` and `mean/(2(1 - p))`.
    pub fn hyper_exponential_mean_cv(mean: Span, cv: f64) -> Result<Self, DistributionError> {
        let mean_ms = time("mean", mean)?;
        number("cv", "1 to 100", cv, (1.0..=100.0).contains(&cv))?;
        let root = ((cv * cv - 1.0) / (cv * cv + 1.0)).sqrt();
        let (p, q) = (0.5 * (1.0 + root), 0.5 * (1.0 - root));
        let branches = [
            Branch {
                from: 0.0,
                share: p,
                mean: mean_ms / (2.0 * p),
            },
            Branch {
                from: p,
                share: q,
                mean: mean_ms / (2.0 * q),
            },
        ];
        Ok(Self::of(Family::HyperExponential {
            branches: Arc::new(branches),
            cv: Some(cv),
        }))
    }

    /// Hyper-exponential: exponential with one of several means, each with its share. Shares sum to 1.
    ///
    /// One uniform number chooses the branch and, stretched over the branch's share, the value in it. That is exact,
    /// but not monotone in `u`.
    ///
    /// # Errors
    /// [`DistributionError::OutOfRange`] for a share outside 0 to 1 or a mean outside its range,
    /// [`DistributionError::SharesDoNotSum`] unless the shares sum to 1 within a millionth,
    /// [`DistributionError::Empty`] without branches.
    pub fn hyper_exponential(branches: &[(f64, Span)]) -> Result<Self, DistributionError> {
        if branches.is_empty() {
            return Err(DistributionError::Empty);
        }
        let mut sum = 0.0;
        let mut ready = Vec::with_capacity(branches.len());
        for &(share, mean) in branches {
            number("share", "0 to 1", share, (0.0..=1.0).contains(&share))?;
            let mean = time("mean", mean)?;
            if share > 0.0 {
                ready.push(Branch { from: sum, share, mean });
            }
            sum += share;
        }
        if (sum - 1.0).abs() > 1e-6 {
            return Err(DistributionError::SharesDoNotSum { sum });
        }
        for branch in &mut ready {
            branch.from /= sum;
            branch.share /= sum;
        }
        Ok(Self::of(Family::HyperExponential {
            branches: ready.into(),
            cv: None,
        }))
    }

    /// Triangular from `low` to `high` with its peak at `mode`.
    ///
    /// # Errors
    /// [`DistributionError::WrongOrder`] unless `low <= mode <= high`; [`DistributionError::OutOfRange`] outside 0 to
    /// 36,525 days.
    pub fn triangular(low: Span, mode: Span, high: Span) -> Result<Self, DistributionError> {
        let (a, c, b) = (time("low", low)?, time("mode", mode)?, time("high", high)?);
        order("low", "mode", a <= c)?;
        order("mode", "high", c <= b)?;
        if low == high {
            return Ok(Self::fixed(low));
        }
        Ok(Self::of(Family::Triangular {
            low: a,
            mode: c,
            high: b,
        }))
    }

    /// Uniform from `low` to `high`.
    ///
    /// # Errors
    /// [`DistributionError::WrongOrder`] unless `low <= high`; [`DistributionError::OutOfRange`] outside 0 to 36,525
    /// days.
    pub fn uniform(low: Span, high: Span) -> Result<Self, DistributionError> {
        let (a, b) = (time("low", low)?, time("high", high)?);
        order("low", "high", a <= b)?;
        if low == high {
            return Ok(Self::fixed(low));
        }
        Ok(Self::of(Family::Uniform { low: a, high: b }))
    }

    /// Observed values, in any order: sampled along straight lines between the order statistics, so that values
    /// between two observed ones occur, and none beyond them.
    ///
    /// # Errors
    /// [`DistributionError::Empty`] without values; [`DistributionError::OutOfRange`] for a value outside 0 to 36,525
    /// days.
    ///
    /// # Source
    /// Law, *Simulation Modeling and Analysis*, 5th ed., 6.2.4 and 8.3.16: the `i`-th of `n` ordered values sits at
    /// probability `(i - 1)/(n - 1)`.
    pub fn empirical(mut values: Vec<Span>) -> Result<Self, DistributionError> {
        values.sort_unstable();
        let ready: Vec<f64> = values.iter().map(|&v| time("value", v)).collect::<Result<_, _>>()?;
        match ready.len() {
            0 => Err(DistributionError::Empty),
            1 => Ok(Self::fixed(values[0])),
            _ => Ok(Self::of(Family::Empirical { values: ready.into() })),
        }
    }

    /// The same with values below `min` raised to it and values above `max` lowered to it. Replaces earlier limits.
    ///
    /// Values are moved, not drawn again: their share stays visible as a lump at the limit.
    ///
    /// # Errors
    /// [`DistributionError::WrongOrder`] if `min` is more than `max`; [`DistributionError::OutOfRange`] outside 0 to
    /// 36,525 days.
    pub fn clamped(mut self, min: Option<Span>, max: Option<Span>) -> Result<Self, DistributionError> {
        self.low = min.map_or(Ok(0.0), |m| time("min", m))?;
        self.high = max.map_or(Ok(LONGEST), |m| time("max", m))?;
        order("min", "max", self.low <= self.high)?;
        (self.min, self.max) = (min, max);
        Ok(self.summed_up())
    }

    /// The distribution of `factor` times the value, limits included. `factor` \[1\]: 0 to 1,000,000.
    ///
    /// # Errors
    /// [`DistributionError::OutOfRange`] for a factor outside its range, NaN included.
    pub fn scaled(mut self, factor: f64) -> Result<Self, DistributionError> {
        number("factor", "0 to 1,000,000", factor, (0.0..=1e6).contains(&factor))?;
        if factor == 0.0 {
            return Ok(Self::fixed(Span::ZERO));
        }
        match &mut self.family {
            Family::Fixed(value) => *value *= factor,
            Family::Exponential { mean } | Family::Gamma { mean, .. } => *mean *= factor,
            Family::LogNormal { mu, .. } => *mu += libm::log(factor),
            Family::HyperExponential { branches, .. } => {
                *branches = branches
                    .iter()
                    .map(|&b| Branch {
                        mean: b.mean * factor,
                        ..b
                    })
                    .collect();
            }
            Family::Triangular { low, mode, high } => {
                *low *= factor;
                *mode *= factor;
                *high *= factor;
            }
            Family::Uniform { low, high } => {
                *low *= factor;
                *high *= factor;
            }
            Family::Empirical { values } => *values = values.iter().map(|v| v * factor).collect(),
        }
        self.low = (self.low * factor).min(LONGEST);
        self.high = (self.high * factor).min(LONGEST);
        self.min = self.min.map(|_| whole(self.low));
        self.max = self.max.map(|_| whole(self.high));
        Ok(self.summed_up())
    }

    /// The duration at `u` in (0, 1).
    #[must_use]
    #[inline]
    pub fn sample(&self, u: f64) -> Span {
        Span::from_ms(self.sample_ms(u))
    }

    /// The duration at `u` in (0, 1) \[ms\].
    #[must_use]
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "clamped to 0 to 1,000 years")]
    pub fn sample_ms(&self, u: f64) -> i64 {
        (self.value(u).max(self.low).min(self.high) + 0.5) as i64
    }

    /// The duration at a number as [`Key`](crate::random::Key)s draw it, given by its bits \[ms\]: the same as
    /// `sample_ms(uniform(bits))`. Exponential ones, of which most are drawn, take no detour.
    #[expect(clippy::inline_always, reason = "a call costs a fifth of it")]
    #[inline(always)]
    pub(crate) fn draw_ms(&self, bits: u64) -> i64 {
        if let Family::Exponential { mean } = &self.family {
            return self.limited(-mean * log_of_rest_of_draw(uniform(bits)));
        }
        self.sample_ms(uniform(bits))
    }

    /// The same, given one of the [`logs_of_rest`](crate::random::logs_of_rest) of several draws as well: of exponential ones two
    /// take as long as one.
    #[inline]
    pub(crate) fn draw_ms_at(&self, bits: u64, log: f64) -> i64 {
        if let Family::Exponential { mean } = &self.family {
            return self.limited(-mean * log);
        }
        self.sample_ms(uniform(bits))
    }

    /// A value within the limits, to the nearest millisecond.
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "clamped to 0 to 1,000 years")]
    fn limited(&self, value: f64) -> i64 {
        let value = if value > self.low { value } else { self.low };
        let value = if value < self.high { value } else { self.high };
        (value + 0.5) as i64
    }

    /// The value at `u`, limits not applied \[ms\].
    #[inline]
    fn value(&self, u: f64) -> f64 {
        match &self.family {
            Family::Fixed(value) => *value,
            Family::Exponential { mean } => -mean * log_of_rest(u),
            Family::LogNormal { mu, sigma, .. } => libm::exp(mu + sigma * normal_quantile(u)),
            Family::Gamma { mean, table, .. } => mean * table.value(u),
            Family::HyperExponential { branches, .. } => {
                let mut branch = &branches[0];
                for next in &branches[1..] {
                    if u < next.from {
                        break;
                    }
                    branch = next;
                }
                let v = ((u - branch.from) / branch.share).min(BELOW_ONE);
                -branch.mean * libm::log1p(-v)
            }
            Family::Triangular { low, mode, high } => {
                let width = high - low;
                if u * width < mode - low {
                    low + (u * width * (mode - low)).sqrt()
                } else {
                    high - ((1.0 - u) * width * (high - mode)).sqrt()
                }
            }
            Family::Uniform { low, high } => low + u * (high - low),
            Family::Empirical { values } => {
                let place = u * (values.len() - 1) as f64;
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "saturates; bounded"
                )]
                let cell = (place as usize).min(values.len() - 2);
                let (a, b) = (values[cell], values[cell + 1]);
                a + (place - cell as f64) * (b - a)
            }
        }
    }

    /// The value that is not exceeded with probability `u` in (0, 1), limits applied, not rounded \[ms\].
    ///
    /// Monotone in `u` for every family; differs from the sampled value at `u` for hyper-exponential ones.
    #[must_use]
    pub fn quantile_ms(&self, u: f64) -> f64 {
        self.plain_quantile(u).max(self.low).min(self.high)
    }

    /// The same, limits not applied.
    fn plain_quantile(&self, u: f64) -> f64 {
        match &self.family {
            Family::HyperExponential { branches, .. } => hyper_exponential_quantile(branches, u),
            _ => self.value(u),
        }
    }

    /// The duration that is not exceeded with probability `p` in (0, 1).
    #[must_use]
    pub fn quantile(&self, p: f64) -> Span {
        whole(self.quantile_ms(p))
    }

    /// Mean of what is sampled \[ms\].
    #[must_use]
    #[inline]
    pub const fn mean_ms(&self) -> f64 {
        self.mean
    }

    /// Standard deviation of what is sampled \[ms\].
    #[must_use]
    pub const fn sd_ms(&self) -> f64 {
        self.sd
    }

    /// Mean of the shorter of what is sampled and `x` \[ms\]: the integral of the survival function from 0 to `x`. Limits
    /// applied, rounding not.
    #[must_use]
    pub fn mean_up_to_ms(&self, x: f64) -> f64 {
        if x <= self.low {
            return x.max(0.0);
        }
        match self.family {
            Family::Fixed(value) => value.max(self.low).min(self.high).min(x),
            _ => self.family.clamped_moments(self.low, self.high.min(x)).0,
        }
    }

    /// Whether `min` or `max` change anything: whether any uniform number of 52 bits gives a value beyond them.
    #[must_use]
    pub const fn is_cut(&self) -> bool {
        self.cut
    }

    /// Whether nothing but 0 is ever drawn.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        self.high == 0.0
            || self.low == 0.0
                && match &self.family {
                    Family::Fixed(value) => *value <= 0.0,
                    Family::Exponential { mean } | Family::Gamma { mean, .. } => *mean == 0.0,
                    Family::LogNormal { .. } => false,
                    Family::HyperExponential { branches, .. } => branches.iter().all(|b| b.mean == 0.0),
                    Family::Triangular { high, .. } | Family::Uniform { high, .. } => *high == 0.0,
                    Family::Empirical { values } => values.iter().all(|&v| v == 0.0),
                }
    }

    /// In words, such as `log-normal, mean 15 min, cv 0.6, at most 72 h`.
    #[must_use]
    pub fn describe(&self) -> String {
        let mut text = match &self.family {
            Family::Fixed(value) => format!("fixed, {}", whole(value.max(0.0))),
            Family::Exponential { mean } => format!("exponential, mean {}", whole(*mean)),
            Family::LogNormal { mu, sigma, typed } => match typed {
                LogNormalTyped::MeanCv => format!(
                    "log-normal, mean {}, cv {}",
                    whole(libm::exp(mu + 0.5 * sigma * sigma)),
                    short(libm::expm1(sigma * sigma).sqrt())
                ),
                LogNormalTyped::MedianSigma => {
                    format!("log-normal, median {}, sigma {}", whole(libm::exp(*mu)), short(*sigma))
                }
            },
            Family::Gamma {
                mean, stages, shape, ..
            } => match stages {
                Some(1) => format!("Erlang, mean {}, 1 stage", whole(*mean)),
                Some(k) => format!("Erlang, mean {}, {k} stages", whole(*mean)),
                None => format!("gamma, mean {}, cv {}", whole(*mean), short(1.0 / shape.sqrt())),
            },
            Family::HyperExponential { branches, cv } => match cv {
                Some(cv) => format!(
                    "hyper-exponential, mean {}, cv {}",
                    whole(branches.iter().map(|b| b.share * b.mean).sum()),
                    short(*cv)
                ),
                None => {
                    let parts: Vec<String> = branches
                        .iter()
                        .map(|b| format!("{} % with mean {}", short(100.0 * b.share), whole(b.mean)))
                        .collect();
                    format!("hyper-exponential, {}", parts.join(" and "))
                }
            },
            Family::Triangular { low, mode, high } => {
                format!("triangular, {} to {}, mode {}", whole(*low), whole(*high), whole(*mode))
            }
            Family::Uniform { low, high } => format!("uniform, {} to {}", whole(*low), whole(*high)),
            Family::Empirical { values } => format!(
                "empirical, {} values, {} to {}",
                values.len(),
                whole(values[0]),
                whole(values[values.len() - 1])
            ),
        };
        if let Some(min) = self.min {
            text.push_str(", at least ");
            text.push_str(&min.to_string());
        }
        if let Some(max) = self.max {
            text.push_str(", at most ");
            text.push_str(&max.to_string());
        }
        text
    }
}

/// Refuses parameters in the wrong order.
const fn order(smaller: &'static str, larger: &'static str, right: bool) -> Result<(), DistributionError> {
    if right {
        Ok(())
    } else {
        Err(DistributionError::WrongOrder { smaller, larger })
    }
}

/// Rounded to whole milliseconds.
fn whole(ms: f64) -> Span {
    #[expect(clippy::cast_possible_truncation, reason = "saturates")]
    Span::from_ms((ms + 0.5).floor() as i64)
}

/// At most four decimals, no trailing zeros.
fn short(number: f64) -> String {
    let text = format!("{number:.4}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// The quantile of a mixture of exponentials, by bisection between its branches' own.
fn hyper_exponential_quantile(branches: &[Branch], u: f64) -> f64 {
    let own = |b: &Branch| -b.mean * libm::log1p(-u);
    let mut low = branches.iter().map(own).fold(f64::INFINITY, f64::min);
    let mut high = branches.iter().map(own).fold(0.0, f64::max);
    if !high.is_finite() {
        return high;
    }
    for _ in 0..200 {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high {
            break;
        }
        let beyond: f64 = branches.iter().map(|b| b.share * libm::exp(-middle / b.mean)).sum();
        if beyond > 1.0 - u {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

#[cfg(test)]
mod tests;
