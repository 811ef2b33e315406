//! What was reported of the service, beside what the simulation gives: are they farther apart than chance in the report explains?
//!
//! A figure that was reported is one month or one year of the real service, which another month would have missed. How far, is
//! taken from how simulated months and years differ (as `calibrate` does). Chance in the simulated mean is added.
//! With several figures each is given less chance to be wrong (Bonferroni), so that in 19 of 20 files that are right none is called
//! apart. What the model leaves out is not in it: "apart" says that the two differ, and not why.

use crate::answers::Estimate;
use crate::answers::figures::{Figure, Sample, figures};
use crate::model::Scenario;
use crate::replicate::Runs;
use crate::stats::student_t_quantile;

/// How often one of the figures of a file that is right may be called apart.
const ERROR: f64 = 0.05;

/// A figure that was reported, and what is simulated in its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Reported {
    /// What was reported, and of what.
    pub figure: Figure,
    /// The same of the simulation.
    pub simulated: Estimate,
    /// How far the two may be apart by chance in the report and in the simulation, with 95 % confidence in all figures of the file
    /// together, in the unit of the measure.
    pub chance: f64,
}

impl Reported {
    /// Whether the two are farther apart than chance explains.
    #[must_use]
    pub fn is_apart(&self) -> bool {
        (self.simulated.mean - self.figure.value).abs() > self.chance
    }
}

/// Every figure reported that the simulation has too. None of a base before its changes, and none without two replications.
#[must_use]
pub fn beside(scenario: &Scenario, runs: &Runs, confidence: f64) -> Vec<Reported> {
    let experiment = &scenario.experiment;
    let months = experiment.months();
    let figures = figures(scenario).0;
    let family = figures.len().max(1);
    let of = |figure: Figure| {
        let pairs = figure.pairs(runs, &months, experiment.run_length);
        let sample = figure.sample(runs, &months, experiment.run_length)?;
        Some(Reported {
            simulated: figure.estimate(&pairs, confidence)?,
            chance: chance(&figure, &sample, pairs.len(), family),
            figure,
        })
    };
    figures.into_iter().filter_map(of).collect()
}

/// How far a figure and a simulation of so many replications may be apart, as one of a family of figures.
fn chance(figure: &Figure, sample: &Sample, replications: usize, family: usize) -> f64 {
    let window = (sample.variance, sample.bottom);
    let at = |level: f64| figure.chance(level, window, sample.month);
    // All or none in the simulation say little of how single referrals vary in what was reported.
    let report = if figure.is_share() {
        at(sample.mean).max(at(figure.value))
    } else {
        at(sample.mean)
    };
    let n = replications as f64;
    let t = student_t_quantile(1.0 - ERROR / (2.0 * family as f64), n - 1.0);
    t * (report + sample.variance / n).sqrt()
}

#[cfg(test)]
mod tests {
    use super::{Reported, chance};
    use crate::answers::figures::{Figure, Sample};
    use crate::answers::{Estimate, Measure};
    use crate::model::PathwayId;
    use crate::stats::Interval;

    fn figure(value: f64, referrals: u64) -> Figure {
        Figure {
            measure: Measure::ServiceLevel,
            hub: None,
            pathway: PathwayId(0),
            month: None,
            value,
            plus_minus: None,
            referrals: Some(referrals),
            last_digit: 0.01,
            source: String::new(),
        }
    }

    fn sample(mean: f64, sd: f64, month: Option<(f64, f64)>) -> Sample {
        Sample {
            mean,
            variance: sd * sd,
            bottom: 7_200.0,
            month,
            deviations: Vec::new(),
        }
    }

    /// 82 % of 600 referrals, a year of 7,200 that does not vary, and so many replications that t is 1.96: chance of single referrals alone,
    /// 1.96 √(0.82 · 0.18 / 600 + 0.01² / 12) = 3.13 points.
    #[test]
    fn apart_by_hand() {
        let of = |mean: f64| Reported {
            figure: figure(0.82, 600),
            simulated: Estimate::of(Interval::between(mean, mean, mean), 0.95, 40),
            chance: chance(&figure(0.82, 600), &sample(0.82, 0.0, None), 1_000_000, 1),
        };
        assert!((of(0.82).chance - 0.031_26).abs() < 1e-4, "{}", of(0.82).chance);
        assert!(!of(0.8512).is_apart() && of(0.8514).is_apart());
        assert!(!of(0.7888).is_apart() && of(0.7886).is_apart());
        // Twice as wide for a t of 3 replications (4.303), and more for one of six figures (10.886, at 1 - 0.05 / 12).
        let few =
            |family| chance(&figure(0.82, 600), &sample(0.82, 0.0, None), 3, family) / of(0.82).chance * 1.959_964;
        assert!((few(1) - 4.302_653).abs() < 1e-4, "{}", few(1));
        assert!((few(6) - 10.886).abs() < 1e-2, "{}", few(6));
        // Everybody in the simulation, and not in the report: what single referrals of the report do is still chance,
        // 2.0227 √(0.93 · 0.07 / 5000 + 0.01² / 12).
        let all = chance(&figure(0.93, 5_000), &sample(1.0, 0.0, None), 40, 1);
        assert!((all - 0.009_347).abs() < 2e-6, "{all}");
    }

    /// A year of twelve months of 600 in which a month's share varies by 3 points and a year's by 1: of 600 referrals 3 points, of 300 the
    /// chance of picking half of them besides, of 1,200 3 / √2, of 7,200 a year's 1 point, of 28,800 half of that; and of 10 no more than single
    /// referrals can vary, with whatever is said of months.
    #[test]
    fn chance_of_a_report_by_hand() {
        let rounding: f64 = 0.0001 / 12.0;
        let of = |n: u64, month| {
            let f = figure(0.8, n);
            (f.chance(0.8, (1e-4, 7_200.0), month) - rounding).sqrt()
        };
        let month = Some((9e-4, 600.0));
        let near = |a: f64, b: f64| assert!((a - b).abs() < 1e-9, "{a} {b}");
        near(of(600, month), 0.03);
        near(of(300, month), (9e-4 + 0.16 * (1.0 / 300.0 - 1.0 / 600.0_f64)).sqrt());
        near(of(1_200, month), 0.03 / 2.0_f64.sqrt());
        near(of(7_200, month), 0.01);
        near(of(28_800, month), 0.005);
        near(of(10, None), (1e-4 * 720.0_f64).sqrt().min(0.4));
        near(
            figure(0.8, 1).chance(0.8, (1e-4, 7_200.0), None).sqrt(),
            (0.16 + rounding).sqrt(),
        );
        // What the file says of its doubt counts alone.
        let stated = Figure {
            plus_minus: Some(0.05),
            ..figure(0.8, 600)
        };
        near(
            stated.chance(0.5, (1.0, 10.0), month).sqrt(),
            0.05 / 1.959_963_984_540_054,
        );
    }
}
