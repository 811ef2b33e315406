//! The reported figures, and the same figures of a simulation.

use serde::Serialize;

use crate::answers::{Estimate, Measure};
use crate::model::{HubId, Observed, PathwayId, Period, Scenario, YearMonth};
use crate::replicate::{PathwayRow, Runs};
use crate::stats::{ratio_interval, share_interval};
use crate::units::Span;

/// Standard deviations of a normal distribution on either side of its mean that hold 95 % of it.
pub const NORMAL_95: f64 = 1.959_963_984_540_054;

/// A figure that was reported of the service.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Figure {
    /// Of what.
    pub measure: Measure,
    /// At which hub; `None` for all.
    pub hub: Option<HubId>,
    /// Of which pathway.
    pub pathway: PathwayId,
    /// Of which month; of the whole window if `None`.
    pub month: Option<YearMonth>,
    /// The figure, in the unit of the measure.
    pub value: f64,
    /// How far it may be off either way with 95 % confidence, where the file says so.
    pub plus_minus: Option<f64>,
    /// Of how many referrals it was reported, where the file says so.
    pub referrals: Option<u64>,
    /// What its last digit is worth, in the unit of the measure: a figure is rounded. Of a share a point at most.
    pub last_digit: f64,
    /// Where it was reported.
    pub source: String,
}

/// Why a figure of the file is not used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum WhyNot {
    /// It is of the base, before the change.
    BeforeChange,
    /// It names no pathway, and there are several.
    NoPathway,
    /// Its pathway has no standard.
    NoStandard,
    /// It is of another measure than those that can be used.
    Measure,
    /// Its month lies outside the measured window, or not with all of its days inside.
    Month,
}

/// A figure of the file that is not used.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LeftOut {
    /// Its measure, as in the file.
    pub measure: String,
    /// Its pathway.
    pub pathway: Option<PathwayId>,
    /// Why.
    pub why: WhyNot,
}

impl LeftOut {
    /// The pathway's name.
    #[must_use]
    pub fn pathway_name<'s>(&self, scenario: &'s Scenario) -> Option<&'s str> {
        self.pathway.map(|PathwayId(id)| scenario.pathways[id].name.as_str())
    }
}

/// The measures that can be calibrated to.
pub const USABLE: [Measure; 8] = [
    Measure::ServiceLevel,
    Measure::WaitMeanMin,
    Measure::WaitFromReceiptMeanMin,
    Measure::RenegedShare,
    Measure::UnansweredShare,
    Measure::Referrals,
    Measure::QueueMean,
    Measure::Admissions,
];

/// The figures of a scenario that can be used, and those that cannot.
#[must_use]
pub fn figures(scenario: &Scenario) -> (Vec<Figure>, Vec<LeftOut>) {
    let (mut used, mut left_out) = (Vec::new(), Vec::new());
    for observed in &scenario.observed {
        match figure(scenario, observed) {
            Ok(figure) => used.push(figure),
            Err(why) => left_out.push(LeftOut {
                measure: observed.measure.clone(),
                pathway: observed.pathway,
                why,
            }),
        }
    }
    (used, left_out)
}

fn figure(scenario: &Scenario, observed: &Observed) -> Result<Figure, WhyNot> {
    if observed.before_change {
        return Err(WhyNot::BeforeChange);
    }
    let measure = USABLE.into_iter().find(|m| m.name() == observed.measure);
    let measure = measure.ok_or(WhyNot::Measure)?;
    let only = (scenario.pathways.len() == 1).then_some(PathwayId(0));
    let pathway = observed.pathway.or(only).ok_or(WhyNot::NoPathway)?;
    if measure == Measure::ServiceLevel && scenario.pathways[pathway.0].standard.is_none() {
        return Err(WhyNot::NoStandard);
    }
    let by_month = [Measure::ServiceLevel, Measure::Referrals].contains(&measure);
    let months = scenario.experiment.months();
    if let Some(month) = observed.month
        && !(by_month && months.iter().any(|m| m.month() == month && m.whole))
    {
        return Err(WhyNot::Month);
    }
    Ok(Figure {
        measure,
        hub: observed.hub,
        pathway,
        month: observed.month,
        value: observed.value,
        plus_minus: observed.plus_minus,
        referrals: observed.referrals,
        last_digit: last_digit(observed.value, measure.unit() == "share"),
        source: observed.source.clone(),
    })
}

/// What the last digit of a figure is worth, as it was typed: 0.79 is a whole per cent, and so is 0.9.
fn last_digit(value: f64, share: bool) -> f64 {
    let typed = value.to_string();
    let decimals = typed.split_once('.').map_or(0, |(_, after)| after.len());
    let decimals = if share { decimals.max(2) } else { decimals };
    (0..decimals).fold(1.0, |unit, _| unit / 10.0)
}

impl Figure {
    /// How far what was reported may be off by chance, as a variance, where the service does as well as `level`. `window` is how the
    /// figure of the simulated window varies from one replication to the next, and `month` that of a calendar month: its variance, and
    /// what it is divided by on average, referrals where it is a share.
    ///
    /// A share of `n` referrals varies as months do if they are about those of a month. Of fewer, chance is added as if they were picked
    /// from a month's (`p (1 - p) (1/n - 1/m)`); more are several months, which vary independently but for what the whole window has in
    /// common. It is never less than if one referral said nothing of the next, and is rounded besides.
    pub(super) fn chance(&self, level: f64, window: (f64, f64), month: Option<(f64, f64)>) -> f64 {
        if let Some(plus_minus) = self.plus_minus {
            return (plus_minus / NORMAL_95) * (plus_minus / NORMAL_95);
        }
        let (variance, bottom) = window;
        let n = self.referrals.map_or(bottom, |n| n as f64);
        let rounding = self.last_digit * self.last_digit / 12.0;
        if !self.is_share() {
            return variance * bottom / n + rounding;
        }
        let one = level * (1.0 - level);
        let clustered = match month {
            Some((of_month, in_month)) if n <= in_month => of_month + one * (1.0 / n - 1.0 / in_month),
            Some((of_month, in_month)) if n < bottom => (of_month * in_month / n).max(variance),
            // No share varies by more than that of a single referral.
            _ => (variance * bottom / n).min(one),
        };
        clustered.max(one / n) + rounding
    }

    /// The figure over replications, and how it varies.
    pub(super) fn sample(&self, runs: &Runs, months: &[Period], window: Span) -> Option<Sample> {
        let mut sample = Sample::of(&self.pairs(runs, months, window))?;
        sample.month = self.by_month(sample.mean, runs, months);
        Some(sample)
    }

    /// How a service level varies from month to month around a mean, and of how many referrals a month is; `None` of what is of a month
    /// itself, and without whole months.
    fn by_month(&self, mean: f64, runs: &Runs, months: &[Period]) -> Option<(f64, f64)> {
        if self.month.is_some() || self.measure != Measure::ServiceLevel {
            return None;
        }
        let place = self.hub.map_or(runs.hours.len() - 1, |hub| hub.0);
        let whole = || (0..months.len()).filter(|number| months[*number].whole);
        let pairs: Vec<(f64, f64)> = runs
            .months
            .iter()
            .flat_map(|row| whole().map(|number| row.of(place, self.pathway.0, number)))
            .map(|(hits, referrals)| (hits as f64, referrals as f64))
            .collect();
        let count = pairs.len() as f64;
        let bottom = pairs.iter().map(|(_, n)| n).sum::<f64>() / count;
        let squares = pairs.iter().map(|(h, n)| (h - mean * n) * (h - mean * n)).sum::<f64>();
        (pairs.len() > 1 && bottom > 0.0).then(|| (squares / count / (bottom * bottom), bottom))
    }

    /// The same figure of a simulation, from its tops and bottoms by replication; `None` without anything to divide by.
    pub(super) fn estimate(&self, pairs: &[(f64, f64)], confidence: f64) -> Option<Estimate> {
        let interval = if self.is_share() {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "counts")]
            let whole: Vec<(u64, u64)> = pairs.iter().map(|(h, n)| (*h as u64, *n as u64)).collect();
            share_interval(&whole, confidence)
        } else {
            ratio_interval(pairs, confidence)
        };
        let replications = u32::try_from(pairs.len()).unwrap_or(u32::MAX);
        interval.map(|interval| Estimate::of(interval, confidence, replications))
    }

    /// Whether it is a share.
    #[must_use]
    pub fn is_share(&self) -> bool {
        self.measure.unit() == "share"
    }

    pub(super) fn link(&self) -> Link {
        if self.is_share() {
            Link::Logit
        } else {
            Link::Log {
                least: 1e-3 * self.value.abs().max(1e-9),
            }
        }
    }

    /// What the model leaves out, as a standard deviation in the unit of the measure: so many points of a share, and as many
    /// per cent of anything else.
    pub(super) fn model_error(&self, points: f64) -> f64 {
        let share = points / 100.0;
        if self.is_share() {
            share
        } else {
            share * self.value.abs()
        }
    }

    /// What counts as one point of a share: of anything else, one per cent of the figure.
    pub(super) fn point(&self) -> f64 {
        self.model_error(1.0)
    }

    /// Tops and bottoms of the same figure by replication.
    pub(super) fn pairs(&self, runs: &Runs, months: &[Period], window: Span) -> Vec<(f64, f64)> {
        let hubs = runs.hours.len() - 1;
        let place = self.hub.map_or(hubs, |hub| hub.0);
        if let Some(month) = self.month {
            let Some(number) = months.iter().position(|m| m.month() == month) else {
                return Vec::new();
            };
            let of = |row: &crate::replicate::MonthRow| {
                let (hits, referrals) = row.of(place, self.pathway.0, number);
                match self.measure {
                    Measure::Referrals => (referrals as f64, 1.0),
                    _ => (hits as f64, referrals as f64),
                }
            };
            return runs.months.iter().map(of).collect();
        }
        let rows = runs
            .rows
            .iter()
            .filter_map(|row| row.get(place)?.pathways.get(self.pathway.0));
        rows.map(|row| self.pair(row, window)).collect()
    }

    fn pair(&self, p: &PathwayRow, window: Span) -> (f64, f64) {
        let minutes = |ms: i64| Span::from_ms(ms).minutes();
        match self.measure {
            Measure::WaitMeanMin => (minutes(p.wait_ms), p.seen as f64),
            Measure::WaitFromReceiptMeanMin => (minutes(p.wait_from_receipt_ms), p.seen as f64),
            Measure::RenegedShare => (p.left as f64, p.referrals as f64),
            Measure::UnansweredShare => (p.unanswered as f64, p.referrals as f64),
            Measure::Referrals => (p.referrals as f64, 1.0),
            Measure::QueueMean => (p.waiting_ms as f64 / window.ms() as f64, 1.0),
            Measure::Admissions => (p.admissions as f64, window.days() / 365.25),
            _ => (p.hits as f64, p.referrals as f64),
        }
    }
}

/// A ratio over replications, with how single replications vary around it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Sample {
    /// Sum over sum.
    pub(super) mean: f64,
    /// The variance of one replication's figure.
    pub(super) variance: f64,
    /// Bottoms of a replication, on average: referrals, where it is a share.
    pub(super) bottom: f64,
    /// Of a service level: the variance of one month's figure, and the referrals of a month.
    pub(super) month: Option<(f64, f64)>,
    /// By how much each replication's figure is above the mean.
    pub(super) deviations: Vec<f64>,
}

impl Sample {
    /// `None` without anything to divide by, or with fewer than two replications.
    pub(super) fn of(pairs: &[(f64, f64)]) -> Option<Self> {
        let n = pairs.len() as f64;
        let (top, bottom) = pairs.iter().fold((0.0, 0.0), |(t, b), p| (t + p.0, b + p.1));
        if pairs.len() < 2 || bottom.is_nan() || bottom <= 0.0 {
            return None;
        }
        let (mean, bottom) = (top / bottom, bottom / n);
        let deviations: Vec<f64> = pairs.iter().map(|(t, b)| (t - mean * b) / bottom).collect();
        Some(Self {
            mean,
            variance: deviations.iter().map(|d| d * d).sum::<f64>() / (n - 1.0),
            bottom,
            month: None,
            deviations,
        })
    }
}

/// The scale on which a figure is nearly quadratic in the inputs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Link {
    /// Of shares.
    Logit,
    /// Of anything else; what is less becomes this.
    Log { least: f64 },
}

impl Link {
    /// A figure on that scale. All and none of `of` become half of one less and more.
    pub(super) fn there(self, figure: f64, of: f64) -> f64 {
        match self {
            Self::Logit => {
                let inside = (figure * of + 0.5) / (of + 1.0);
                libm::log(inside / (1.0 - inside))
            }
            Self::Log { least } => libm::log(figure.max(least)),
        }
    }

    /// The figure at a place of that scale.
    pub(super) fn back(self, y: f64) -> f64 {
        match self {
            Self::Logit => 1.0 / (1.0 + libm::exp(-y)),
            Self::Log { .. } => libm::exp(y),
        }
    }

    /// How fast the figure changes there.
    pub(super) fn slope(self, y: f64) -> f64 {
        let figure = self.back(y);
        match self {
            Self::Logit => figure * (1.0 - figure),
            Self::Log { .. } => figure,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Link, Sample, last_digit};

    #[test]
    fn a_figure_is_as_exact_as_it_was_typed() {
        let near = |a: f64, b: f64| (a - b).abs() < 1e-12;
        assert!(near(last_digit(0.79, true), 0.01) && near(last_digit(0.9, true), 0.01));
        assert!(near(last_digit(1.0, true), 0.01) && near(last_digit(0.785, true), 0.001));
        assert!(near(last_digit(63.0, false), 1.0) && near(last_digit(63.5, false), 0.1));
    }

    /// V1 of a worked example: four replications with hits 8 6 9 7 of 10 10 10 10: 0.75, deviations 0.05, -0.15, 0.15, -0.05,
    /// and 0.05 / 3 for their variance.
    #[test]
    fn a_sample_by_hand() {
        let sample = Sample::of(&[(8.0, 10.0), (6.0, 10.0), (9.0, 10.0), (7.0, 10.0)]).unwrap();
        assert!((sample.mean - 0.75).abs() < 1e-15 && (sample.bottom - 10.0).abs() < 1e-15);
        assert!((sample.variance - 0.05 / 3.0).abs() < 1e-15, "{sample:?}");
        assert!((sample.deviations[1] + 0.15).abs() < 1e-15);
        assert_eq!(Sample::of(&[(8.0, 10.0)]), None);
        assert_eq!(Sample::of(&[(0.0, 0.0), (0.0, 0.0)]), None);
    }

    #[test]
    fn there_and_back() {
        for link in [Link::Logit, Link::Log { least: 1e-3 }] {
            let y = link.there(0.8, 1e12);
            assert!((link.back(y) - 0.8).abs() < 1e-9);
            let slope = (link.back(y + 1e-5) - link.back(y - 1e-5)) / 2e-5;
            assert!((link.slope(y) - slope).abs() < 1e-6);
        }
        assert!((Link::Logit.back(Link::Logit.there(1.0, 99.0)) - 0.995).abs() < 1e-12);
        assert!((Link::Log { least: 0.5 }.there(0.0, 1.0) - libm::log(0.5)).abs() < 1e-15);
    }
}
