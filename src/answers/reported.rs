//! What was reported of the service, beside what the simulation gives: are they farther apart than chance in the report explains?
//!
//! A figure that was reported is one month or one year of the real service, which another month would have missed. How far, is
//! taken from how much one simulated replication differs from the next (as `calibrate` does: [`Figure::chance`]). What the model
//! leaves out is not in it, so that "apart" says that the two differ, and not why.

use crate::answers::Estimate;
use crate::answers::figures::{Figure, NORMAL_95, Sample, figures};
use crate::model::Scenario;
use crate::replicate::Runs;

/// A figure that was reported, and what is simulated in its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Reported {
    /// What was reported, and of what.
    pub figure: Figure,
    /// The same of the simulation.
    pub simulated: Estimate,
    /// How far the report may be off either way by chance, with 95 % confidence, in the unit of the measure.
    pub chance: f64,
}

impl Reported {
    /// Whether the two are farther apart than chance in the report and in the simulation explains, with 95 % confidence.
    #[must_use]
    pub fn is_apart(&self) -> bool {
        let apart = (self.simulated.mean - self.figure.value).abs();
        apart > libm::hypot(self.chance, self.simulated.half_width)
    }
}

/// Every figure reported that the simulation has too. None of a base before its changes, and none without two replications.
#[must_use]
pub fn beside(scenario: &Scenario, runs: &Runs, confidence: f64) -> Vec<Reported> {
    let experiment = &scenario.experiment;
    let months = experiment.months();
    let of = |figure: Figure| {
        let pairs = figure.pairs(runs, &months, experiment.run_length);
        let sample = Sample::of(&pairs)?;
        Some(Reported {
            simulated: figure.estimate(&pairs, confidence)?,
            chance: NORMAL_95 * figure.chance(sample.mean, sample.variance, sample.bottom).sqrt(),
            figure,
        })
    };
    figures(scenario).0.into_iter().filter_map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::Reported;
    use crate::answers::figures::Figure;
    use crate::answers::{Estimate, Measure};
    use crate::model::PathwayId;
    use crate::stats::Interval;

    /// 82 % of 600: with nothing but chance of single referrals ± 1.96 √(0.82 · 0.18 / 600) = ± 3.07 points, rounding
    /// (0.01² / 12) makes it 3.13; with 0.4 points of the simulation, 3.15 points are as far apart as chance explains.
    #[test]
    fn apart_by_hand() {
        let figure = Figure {
            measure: Measure::ServiceLevel,
            hub: None,
            pathway: PathwayId(0),
            month: None,
            value: 0.82,
            plus_minus: None,
            referrals: Some(600),
            last_digit: 0.01,
            source: String::new(),
        };
        let of = |mean: f64| Reported {
            chance: super::NORMAL_95 * figure.chance(0.82, 0.0, 7_000.0).sqrt(),
            figure: figure.clone(),
            simulated: Estimate::of(Interval::between(mean, mean - 0.004, mean + 0.004), 0.95, 40),
        };
        assert!((of(0.82).chance - 0.031_26).abs() < 1e-4, "{}", of(0.82).chance);
        assert!(!of(0.8514).is_apart() && of(0.8517).is_apart());
        assert!(!of(0.7886).is_apart() && of(0.7883).is_apart());
        // Waits that cluster make 600 referrals worth fewer: of 7,000 a year that differ by 2 points, sd 0.02 √(7000 / 600).
        let clustered = figure.chance(0.82, 0.02 * 0.02, 7_000.0).sqrt();
        assert!((clustered - libm::hypot(0.02 * (7_000.0_f64 / 600.0).sqrt(), 0.01 / 12.0_f64.sqrt())).abs() < 1e-12);
        // What the file says of its doubt counts alone.
        let stated = Figure {
            plus_minus: Some(0.05),
            ..figure
        };
        assert!((stated.chance(0.5, 1.0, 10.0).sqrt() * super::NORMAL_95 - 0.05).abs() < 1e-12);
    }
}
