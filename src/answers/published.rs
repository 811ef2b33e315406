//! `run --published`: monthly figures that were published, on an `XmR` chart, beside what the simulation gives for a month.

use serde::Serialize;

use crate::answers::trajectory::FAN;
use crate::model::{PathwayId, Period, Scenario, Within, YearMonth};
use crate::replicate::Runs;
use crate::scenario::Published;
use crate::stats::{Xmr, xmr};
use crate::units::Span;

/// With fewer months than this limits are on trial: a few more may move them.
pub const TRIAL: usize = 12;

/// What was published of a pathway.
#[derive(Clone, Debug, PartialEq)]
pub struct PublishedMonths {
    /// The pathway.
    pub pathway: PathwayId,
    /// The file.
    pub file: String,
    /// Whose figures they are, where the file says it.
    pub organisation: Option<String>,
    /// Months and shares seen within the standard, in the order of time.
    pub months: Vec<(YearMonth, f64)>,
    /// Limits, and what is more than usual variation.
    pub chart: Xmr,
}

impl PublishedMonths {
    /// Whether there are too few months for limits that stay.
    #[must_use]
    pub const fn on_trial(&self) -> bool {
        self.months.len() < TRIAL
    }
}

/// Why published figures cannot stand beside a scenario.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CannotShow {
    /// It is not said of which pathway they are.
    #[error("{file} does not say of which pathway its figures are; say --published-for and one of these: {pathways}")]
    WhichPathway {
        /// The file.
        file: String,
        /// Those that have a standard.
        pathways: String,
    },
    /// There is no such pathway.
    #[error(
        "{file}: there is no pathway `{name}` with a standard in the scenario; its pathways with a standard: {pathways}"
    )]
    NoSuchPathway {
        /// The file.
        file: String,
        /// What was said.
        name: String,
        /// Those that there are.
        pathways: String,
    },
    /// Two series of one pathway.
    #[error("{file} names its pathways itself; leave --published-for out")]
    NamesItself {
        /// The file.
        file: String,
    },
}

/// Published figures as series of the scenario's pathways; `asked` names the pathway where the file does not.
///
/// # Errors
/// [`CannotShow`].
pub fn published(
    scenario: &Scenario,
    read: &Published,
    asked: Option<&str>,
) -> Result<Vec<PublishedMonths>, CannotShow> {
    let file = || read.file.clone();
    let standards: Vec<PathwayId> = (0..scenario.pathways.len())
        .map(PathwayId)
        .filter(|id| scenario.pathways[id.0].standard.is_some())
        .collect();
    let name = |id: &PathwayId| scenario.pathways[id.0].name.as_str();
    let pathways = || standards.iter().map(name).collect::<Vec<_>>().join(", ");
    let named = |wanted: &str| {
        let found = standards.iter().copied().find(|id| name(id) == wanted);
        found.ok_or_else(|| CannotShow::NoSuchPathway {
            file: file(),
            name: wanted.to_owned(),
            pathways: pathways(),
        })
    };
    let two_hours = |id: &&PathwayId| {
        let within = scenario.pathways[id.0].standard.map(|standard| standard.within);
        within == Some(Within::Time(Span::from_hours(2)))
    };
    let mut out: Vec<PublishedMonths> = Vec::new();
    for series in &read.series {
        let pathway = match (&series.pathway, asked) {
            (Some(_), Some(_)) => return Err(CannotShow::NamesItself { file: file() }),
            (Some(wanted), None) => named(wanted)?,
            (None, Some(wanted)) => named(wanted)?,
            (None, None) => {
                let may: Vec<PathwayId> = if read.two_hours {
                    standards.iter().filter(two_hours).copied().collect()
                } else {
                    standards.clone()
                };
                let [one] = may.as_slice() else {
                    return Err(CannotShow::WhichPathway {
                        file: file(),
                        pathways: pathways(),
                    });
                };
                *one
            }
        };
        let values: Vec<f64> = series.months.iter().map(|(_, value)| *value).collect();
        // The reader has seen to it that there are enough.
        let Some(chart) = xmr(&values) else { continue };
        out.push(PublishedMonths {
            pathway,
            file: file(),
            organisation: read.organisation.clone(),
            months: series.months.clone(),
            chart,
        });
    }
    Ok(out)
}

/// Service levels of whole simulated months, all hubs together: every month of the window in every replication.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MonthSpread {
    /// The pathway.
    pub pathway: PathwayId,
    /// Whole months of the window.
    pub months: usize,
    /// Replications.
    pub replications: u32,
    /// The share at or below which so many of them lie as [`FAN`] says.
    pub quantiles: [f64; 5],
    /// How many lie in each point of service level: `n` counts those from `n` to below `n + 1` per cent, 100 with 99.
    pub counts: Vec<u64>,
    /// The same of the months before and after the first change of the service; empty where none lies between whole months.
    pub parts: Vec<MonthPart>,
}

/// Some months of a [`MonthSpread`], one after the other.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MonthPart {
    /// The first of them.
    pub first: YearMonth,
    /// As of all months.
    pub months: usize,
    /// As of all months.
    pub quantiles: [f64; 5],
    /// As of all months.
    pub counts: Vec<u64>,
}

/// The first measured day on which the service is another: by a dated change, or when the recruited count on average.
fn first_change(scenario: &Scenario) -> Option<f64> {
    let dated = scenario.later.iter().map(|later| later.from_day as f64);
    let recruiting = scenario.recruits.iter().filter(|r| r.posts != r.in_post);
    let counting = recruiting.map(|r| {
        let until = r.time_to_start.mean_ms() + r.induction.ms() as f64;
        r.advertised_day as f64 + until / Span::from_hours(24).ms() as f64
    });
    dated.chain(counting).filter(|day| *day > 0.0).min_by(f64::total_cmp)
}

/// For each pathway with a standard in which anything was counted in a whole month.
#[must_use]
pub fn spreads(scenario: &Scenario, runs: &Runs) -> Vec<MonthSpread> {
    let months: Vec<Period> = scenario.experiment.months();
    let whole: Vec<usize> = (0..months.len()).filter(|&n| months[n].whole).collect();
    let all_hubs = scenario.hubs.len();
    let change = first_change(scenario);
    let after = change.map_or(0, |day| whole.partition_point(|&n| months[n].to as f64 <= day));
    let spread = |pathway: usize, of: &[usize]| -> Option<([f64; 5], Vec<u64>)> {
        let pairs = runs
            .months
            .iter()
            .flat_map(|row| of.iter().map(move |&month| row.of(all_hubs, pathway, month)));
        let with_any = pairs.filter(|(_, of)| *of > 0);
        let mut counts = vec![0; 100];
        let mut shares: Vec<f64> = Vec::new();
        for (hits, of) in with_any {
            // In whole numbers, so that 29 of 100 are not 28 per cent.
            let percent = usize::try_from(hits * 100 / of).unwrap_or(0).min(99);
            counts[percent] += 1;
            shares.push(hits as f64 / of as f64);
        }
        shares.sort_by(f64::total_cmp);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a place in a list"
        )]
        let at =
            |level: f64| Some(*shares.get(((shares.len() as f64 * level - 1e-9).ceil() as usize).saturating_sub(1))?);
        let [a, b, c, d, e] = FAN.map(at);
        Some(([a?, b?, c?, d?, e?], counts))
    };
    let of = |pathway: usize| {
        scenario.pathways[pathway].standard.as_ref()?;
        let (quantiles, counts) = spread(pathway, &whole)?;
        let part = |of: &[usize]| {
            let (quantiles, counts) = spread(pathway, of)?;
            Some(MonthPart {
                first: months[*of.first()?].month(),
                months: of.len(),
                quantiles,
                counts,
            })
        };
        let parts: Option<Vec<MonthPart>> = [&whole[..after], &whole[after..]].into_iter().map(part).collect();
        Some(MonthSpread {
            pathway: PathwayId(pathway),
            months: whole.len(),
            replications: runs.replications(),
            quantiles,
            counts,
            parts: parts.unwrap_or_default(),
        })
    };
    (0..scenario.pathways.len()).filter_map(of).collect()
}
