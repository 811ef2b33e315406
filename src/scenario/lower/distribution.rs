//! Durations.

use std::ops::Range;

use super::Lower;
use crate::random::{Distribution, DistributionError};
use crate::scenario::codes;
use crate::scenario::decode::{At, Decode as _, Either, Field};
use crate::scenario::document::{DistributionTable, Duration, EmpiricalTable, HyperTable, LognormalTable};
use crate::scenario::files;
use crate::units::Span;

/// Limits of a distribution, as typed.
type Limits<'a> = (&'a Field<At<Span>>, &'a Field<At<Span>>);

/// Makes a distribution, if its parameters are there.
type Made = Option<Result<Distribution, DistributionError>>;

/// Where parameters stand, to point at the one that is wrong.
type Places = Vec<(&'static str, Range<usize>)>;

/// The place of a field, if it has a value.
fn place<T>(name: &'static str, field: &Field<At<T>>) -> Option<(&'static str, Range<usize>)> {
    field.get().map(|at| (name, at.range.clone()))
}

impl Lower<'_, '_> {
    /// The duration at a key, if one was typed; a stand-in if it cannot be used.
    pub(super) fn duration(&mut self, field: &Field<Duration>) -> Option<Distribution> {
        match field {
            Field::Absent => None,
            Field::Bad => Some(Distribution::fixed(Span::ZERO)),
            Field::Given(Either::Short(at)) => Some(Distribution::fixed(at.value)),
            Field::Given(Either::Full(table)) => {
                Some(self.distribution(table).unwrap_or(Distribution::fixed(Span::ZERO)))
            }
        }
    }

    /// The duration at a key, or none at all.
    pub(super) fn duration_or_zero(&mut self, field: &Field<Duration>) -> Distribution {
        self.duration(field).unwrap_or(Distribution::fixed(Span::ZERO))
    }

    fn distribution(&mut self, table: &DistributionTable) -> Option<Distribution> {
        let typed: Vec<&str> = [
            ("fixed", table.fixed.is_absent()),
            ("exponential", table.exponential.is_absent()),
            ("lognormal", table.lognormal.is_absent()),
            ("gamma", table.gamma.is_absent()),
            ("erlang", table.erlang.is_absent()),
            ("hyper-exponential", table.hyper_exponential.is_absent()),
            ("triangular", table.triangular.is_absent()),
            ("uniform", table.uniform.is_absent()),
            ("empirical", table.empirical.is_absent()),
        ]
        .into_iter()
        .filter_map(|(name, absent)| (!absent).then_some(name))
        .collect();
        if typed.len() != 1 {
            if typed.is_empty() && table.strange() {
                return None;
            }
            let message = if typed.is_empty() {
                "this table names no distribution".into()
            } else {
                format!("{} stand in one place", typed.join(" and "))
            };
            self.problems
                .error(codes::CHOICE, &table.range, message, "exactly one is needed")
                .help("for example: `{ lognormal = { mean = \"15 min\", cv = 0.6 } }`, or just \"15 min\" for always the same");
            return None;
        }
        if let Some(at) = table.fixed.get() {
            return Some(Distribution::fixed(at.value));
        }
        if let Some(t) = table.exponential.get() {
            if !self.above_zero("mean", &t.mean) {
                return None;
            }
            let made = t.mean.value().map(Distribution::exponential);
            let places = place("mean", &t.mean).into_iter().collect();
            return self.made(made, (&t.min, &t.max), places, &t.range);
        }
        if let Some(t) = table.lognormal.get() {
            return self.lognormal(t);
        }
        if let Some(t) = table.gamma.get() {
            if !self.above_zero("mean", &t.mean) {
                return None;
            }
            let made = t
                .mean
                .value()
                .zip(t.cv.value())
                .map(|(mean, cv)| Distribution::gamma(mean, cv));
            let places = [place("mean", &t.mean), place("cv", &t.cv)]
                .into_iter()
                .flatten()
                .collect();
            return self.made(made, (&t.min, &t.max), places, &t.range);
        }
        if let Some(t) = table.erlang.get() {
            if !self.above_zero("mean", &t.mean) {
                return None;
            }
            let stages = t.stages.value().map(|n| u32::try_from(n).unwrap_or(u32::MAX));
            let made = t
                .mean
                .value()
                .zip(stages)
                .map(|(mean, n)| Distribution::erlang(mean, n));
            let places = [place("mean", &t.mean), place("stages", &t.stages)]
                .into_iter()
                .flatten()
                .collect();
            return self.made(made, (&t.min, &t.max), places, &t.range);
        }
        if let Some(t) = table.hyper_exponential.get() {
            return self.hyper_exponential(t);
        }
        if let Some(t) = table.triangular.get() {
            let made = match (t.low.value(), t.mode.value(), t.high.value()) {
                (Some(low), Some(mode), Some(high)) => Some(Distribution::triangular(low, mode, high)),
                _ => None,
            };
            let places = [place("low", &t.low), place("mode", &t.mode), place("high", &t.high)];
            return self.made(made, (&t.min, &t.max), places.into_iter().flatten().collect(), &t.range);
        }
        if let Some(t) = table.uniform.get() {
            let made = t
                .low
                .value()
                .zip(t.high.value())
                .map(|(low, high)| Distribution::uniform(low, high));
            let places = [place("low", &t.low), place("high", &t.high)]
                .into_iter()
                .flatten()
                .collect();
            return self.made(made, (&t.min, &t.max), places, &t.range);
        }
        table.empirical.get().and_then(|t| self.empirical(t))
    }

    /// Refuses a mean or median of nothing: whatever its spread, every draw would be 0.
    fn above_zero(&mut self, name: &str, field: &Field<At<Span>>) -> bool {
        let Some(at) = field.get().filter(|at| at.value == Span::ZERO) else {
            return true;
        };
        self.problems
            .error(
                codes::DISTRIBUTION,
                &at.range,
                format!("`{name}` is out of range"),
                "must be above 0",
            )
            .help("for no time at all, say \"0 min\" in place of the distribution");
        false
    }

    fn lognormal(&mut self, t: &LognormalTable) -> Option<Distribution> {
        if !self.above_zero("mean", &t.mean) || !self.above_zero("median", &t.median) {
            return None;
        }
        let typed = [
            !t.mean.is_absent(),
            !t.cv.is_absent(),
            !t.median.is_absent(),
            !t.sigma.is_absent(),
        ];
        let made = match typed {
            [true, true, false, false] => t
                .mean
                .value()
                .zip(t.cv.value())
                .map(|(m, cv)| Distribution::lognormal_mean_cv(m, cv)),
            [false, false, true, true] => t
                .median
                .value()
                .zip(t.sigma.value())
                .map(|(m, s)| Distribution::lognormal_median_sigma(m, s)),
            _ if t.strange() => return None,
            _ => {
                self.problems
                    .error(
                        codes::CHOICE,
                        &t.range,
                        "`lognormal` needs `mean` and `cv`, or `median` and `sigma`",
                        "exactly one of these pairs",
                    )
                    .help("for example: `{ lognormal = { mean = \"15 min\", cv = 0.6 } }`");
                return None;
            }
        };
        let places = [
            place("mean", &t.mean),
            place("median", &t.median),
            place("cv", &t.cv),
            place("sigma", &t.sigma),
        ];
        self.made(made, (&t.min, &t.max), places.into_iter().flatten().collect(), &t.range)
    }

    fn hyper_exponential(&mut self, t: &HyperTable) -> Option<Distribution> {
        let typed = [!t.mean.is_absent(), !t.cv.is_absent(), !t.branches.is_absent()];
        let made = match typed {
            [true, true, false] => t
                .mean
                .value()
                .zip(t.cv.value())
                .map(|(m, cv)| Distribution::hyper_exponential_mean_cv(m, cv)),
            [false, false, true] => {
                let list = t.branches.get()?;
                let parts: Vec<_> = list.iter().map(|b| b.share.clone()).collect();
                let shares = self.sum_to_one("the shares of `branches`", &parts, &list.range, 0.001);
                let means: Vec<Span> = list.iter().filter_map(|b| b.mean.value()).collect();
                let sound = means.len() == list.items.len() && !self.problems.has_errors();
                sound.then(|| {
                    let branches: Vec<(f64, Span)> = shares.iter().map(|s| s.get()).zip(means).collect();
                    Distribution::hyper_exponential(&branches)
                })
            }
            _ if t.strange() => return None,
            _ => {
                self.problems
                    .error(
                        codes::CHOICE,
                        &t.range,
                        "`hyper-exponential` needs `mean` and `cv`, or `branches`",
                        "exactly one of these",
                    )
                    .help("for example: `{ hyper-exponential = { mean = \"1 h\", cv = 1.5 } }`");
                return None;
            }
        };
        let places = [place("mean", &t.mean), place("cv", &t.cv)]
            .into_iter()
            .flatten()
            .collect();
        self.made(made, (&t.min, &t.max), places, &t.range)
    }

    fn empirical(&mut self, t: &EmpiricalTable) -> Option<Distribution> {
        if let Some(unit) = t.unit.get()
            && Span::parse(&format!("1 {}", unit.value)).is_err()
        {
            self.problems
                .error(
                    codes::WORD,
                    &unit.range,
                    format!("`{}` is not a unit of time", unit.value),
                    "",
                )
                .help("use s, min, h, days or weeks: `unit = \"min\"`");
            return None;
        }
        let source = self.folder.open(t.file.get()?, self.problems)?;
        let values = files::lengths(&source, t.unit.get().map(|u| u.value.as_str()), self.problems)?;
        let places = place("value", &t.file).into_iter().collect();
        self.made(
            Some(Distribution::empirical(values)),
            (&t.min, &t.max),
            places,
            &t.range,
        )
    }

    /// Puts limits on a distribution, or reports why there is none.
    fn made(
        &mut self,
        made: Made,
        (min, max): Limits<'_>,
        mut places: Places,
        whole: &Range<usize>,
    ) -> Option<Distribution> {
        places.extend(place("min", min));
        places.extend(place("max", max));
        let error = match made?.and_then(|d| d.clamped(min.value(), max.value())) {
            Ok(distribution) => return Some(distribution),
            Err(error) => error,
        };
        self.impossible(&error, &places, whole);
        None
    }

    /// Reports parameters that make no distribution, at the parameter itself where that is known.
    pub(super) fn impossible(
        &mut self,
        error: &DistributionError,
        places: &[(&'static str, Range<usize>)],
        whole: &Range<usize>,
    ) {
        let find = |name: &str| {
            places
                .iter()
                .find(|(n, _)| *n == name)
                .map_or(whole, |(_, range)| range)
        };
        match error {
            DistributionError::OutOfRange { what, range, .. } => {
                self.problems.error(
                    codes::DISTRIBUTION,
                    find(what),
                    format!("`{what}` is out of range"),
                    format!("must be {range}"),
                );
            }
            DistributionError::WrongOrder { smaller, larger } => {
                self.problems
                    .error(
                        codes::DISTRIBUTION,
                        find(smaller),
                        format!("`{smaller}` is more than `{larger}`"),
                        format!("`{smaller}` must not be more than `{larger}`"),
                    )
                    .beside(find(larger), format!("`{larger}`"));
            }
            _ => {
                self.problems.error(
                    codes::DISTRIBUTION,
                    whole,
                    "this makes no distribution",
                    error.to_string(),
                );
            }
        }
    }
}
