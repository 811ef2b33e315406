//! `warm-up`: is the warm-up of this file long enough?
//!
//! The service is simulated from its very first instant, as a run of it begins, and looked at week by week: open packages,
//! people who wait, service levels, over all hubs and averaged over replications. MSER-5 says of each series how much of
//! its beginning is not like the rest. And an audit asks what matters in the end: with twice the warm-up and the same people,
//! do the service levels stay the same?

use std::sync::atomic::AtomicBool;

use serde::Serialize;

use crate::engine::{Observer, Seen, World};
use crate::model::{PackageId, PathwayId, Scenario};
use crate::replicate::{Plan, replicate, watch};
use crate::stats::{Interval, moving_average, mser5, paired_share_interval};
use crate::units::{Instant, Span};

/// Weeks looked at beyond the warm-up, if nothing else is asked for: ten batches of five or more.
const WEEKS_BEYOND: usize = 40;
/// Fewest weeks that MSER-5 says anything of: four batches of five.
pub const FEWEST_WEEKS: u32 = 20;
/// The warm-up that the audit sets beside none.
const BESIDE_NONE: Span = Span::from_days(56);
/// The audit is sharp enough if half its interval is no more than this share.
const SHARP: f64 = 0.001;
/// Weeks on either side that the moving average takes in.
const REACH: usize = 2;

/// What to look at.
#[derive(Clone, Copy, Debug)]
pub struct WarmUpRequest {
    /// Weeks from the first simulated instant; forty beyond the warm-up if left out.
    pub weeks: Option<u32>,
    /// Replications.
    pub replications: u32,
    /// Confidence of every interval.
    pub confidence: f64,
    /// Threads; `None` uses every processor.
    pub threads: Option<usize>,
}

/// What is looked at week by week, over all hubs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Watched {
    /// Open packages of a kind, averaged over the week.
    Caseload(PackageId),
    /// Referrals of a pathway that wait, averaged over the week.
    Queue(PathwayId),
    /// Service level of the referrals of a pathway whose clocks start in the week.
    ServiceLevel(PathwayId),
}

/// One series, averaged over replications.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Series {
    /// Of what.
    pub what: Watched,
    /// By week from the first simulated instant; `None` where there was nothing to measure.
    pub weeks: Vec<Option<f64>>,
    /// Smoothed, for people to look at; empty where a week has nothing.
    pub smooth: Vec<f64>,
    /// The mean of the second half of the weeks; `None` where one of them has nothing.
    pub later: Option<f64>,
    /// Weeks to throw away by MSER-5; `None` where a week has nothing, or there are too few.
    pub asks: Option<usize>,
    /// The whole series is too short to tell: the best place to cut was the last that is looked at.
    pub too_short: bool,
}

/// The service level of a pathway with a longer warm-up less that with the one of the file, the same people.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Audit {
    /// Which pathway.
    pub pathway: PathwayId,
    /// The difference of the shares; `None` if nobody was referred.
    pub difference: Option<Interval>,
}

impl Audit {
    /// Whether no difference is among what is plausible.
    #[must_use]
    pub fn holds_none(&self) -> bool {
        self.difference.is_none_or(|d| d.contains(0.0))
    }

    /// Whether the interval is short enough to say so.
    #[must_use]
    pub fn is_sharp(&self) -> bool {
        self.difference.is_none_or(|d| d.half_width <= SHARP)
    }
}

/// What it comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Verdict {
    /// No series asks for more, and the audit finds no difference.
    LongEnough,
    /// A series asks for more, or the audit finds a difference.
    TooShort,
    /// The series cannot tell: look at more weeks, or more replications.
    CannotTell,
}

/// The answer of `warm-up`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct WarmUpAnswer {
    /// Replications finished.
    pub replications: u32,
    /// Confidence of the audit's intervals.
    pub confidence: f64,
    /// Weeks looked at.
    pub weeks: usize,
    /// The warm-up of the file.
    pub warm_up: Span,
    /// The longer one of the audit.
    pub longer: Span,
    /// Every series that there is.
    pub series: Vec<Series>,
    /// By pathway with a standard.
    pub audits: Vec<Audit>,
    /// What the series ask for: the longest of them, in weeks.
    pub asks: usize,
    /// What it comes to.
    pub verdict: Verdict,
}

/// Looks at the first weeks of a service, and audits its warm-up.
///
/// # Errors
/// In the system's words, if threads cannot be started; or if `stop` came before two replications were done.
pub fn warm_up(
    scenario: &Scenario,
    request: WarmUpRequest,
    stop: &AtomicBool,
    progress: &(dyn Fn() + Sync),
) -> Result<WarmUpAnswer, String> {
    let warm_up = scenario.experiment.warm_up;
    let in_file = usize::try_from(warm_up.ms().div_euclid(Span::WEEK.ms())).unwrap_or(0);
    let weeks = request
        .weeks
        .and_then(|n| usize::try_from(n).ok())
        .unwrap_or(in_file + WEEKS_BEYOND);
    let plan = Plan {
        replications: request.replications,
        first: 0,
        threads: request.threads,
    };
    let mut long = scenario.clone();
    let looked_at = Span::from_ms(Span::WEEK.ms().saturating_mul(i64::try_from(weeks).unwrap_or(i64::MAX)));
    long.experiment.run_length = Span::from_ms((looked_at.ms() - warm_up.ms()).max(Span::DAY.ms()));
    let from = -warm_up.ms();
    let watched = watch(&World::new(&long), plan, stop, progress, || {
        Weeks::new(scenario, from, weeks)
    })?;
    let audited = |warm_up: Span| {
        let mut other = scenario.clone();
        other.experiment.warm_up = warm_up;
        replicate(&World::new(&other), scenario.hubs.len(), plan, stop, progress)
    };
    let longer = if warm_up == Span::ZERO {
        BESIDE_NONE
    } else {
        warm_up + warm_up
    };
    let (with_this, with_longer) = (audited(warm_up)?, audited(longer)?);
    let replications = watched.len().min(with_this.rows.len()).min(with_longer.rows.len());
    if replications < 2 {
        return Err("stopped before two replications were done: there is nothing to report".into());
    }
    let mut all = Weeks::new(scenario, from, weeks);
    for onlooker in watched.iter().take(replications).flatten() {
        all.add(onlooker);
    }
    let series = all.series(scenario, replications);
    let with_standard = (0..scenario.pathways.len()).filter(|&p| scenario.pathways[p].standard.is_some());
    let audits: Vec<Audit> = with_standard
        .map(|p| Audit {
            pathway: PathwayId(p),
            difference: paired_share_interval(
                &with_this.levels(p, replications),
                &with_longer.levels(p, replications),
                request.confidence,
            ),
        })
        .collect();
    let asks = series.iter().filter_map(|s| s.asks).max().unwrap_or(0);
    Ok(WarmUpAnswer {
        replications: u32::try_from(replications).unwrap_or(u32::MAX),
        confidence: request.confidence,
        weeks,
        warm_up,
        longer,
        verdict: verdict(&series, &audits, asks, warm_up),
        series,
        audits,
        asks,
    })
}

fn verdict(series: &[Series], audits: &[Audit], asks: usize, warm_up: Span) -> Verdict {
    let asked = Span::from_ms(Span::WEEK.ms() * i64::try_from(asks).unwrap_or(i64::MAX / Span::WEEK.ms()));
    let differs = audits.iter().any(|a| !a.holds_none());
    // One that is too short asks for at least as much as it could.
    if differs || asked > warm_up {
        Verdict::TooShort
    } else if series.iter().any(|s| s.too_short || s.asks.is_none()) || audits.iter().any(|a| !a.is_sharp()) {
        Verdict::CannotTell
    } else {
        Verdict::LongEnough
    }
}

/// A number that rises and falls, integrated over each week.
#[derive(Clone, Debug, Default)]
struct Level {
    /// What a step adds to the week in which it is \[ms\].
    inside: Vec<i64>,
    /// What it adds to all later weeks.
    after: Vec<i64>,
}

impl Level {
    fn of(weeks: usize) -> Self {
        Self {
            inside: vec![0; weeks],
            after: vec![0; weeks],
        }
    }

    /// It rises (or falls) by `by`, so long after the first instant; before it counts as at it.
    fn step(&mut self, since: i64, by: i64) {
        let (since, length) = (since.max(0), Span::WEEK.ms());
        let week = usize::try_from(since / length).unwrap_or(usize::MAX);
        if let (Some(inside), Some(after)) = (self.inside.get_mut(week), self.after.get_mut(week)) {
            *inside += by * (length - since % length);
            *after += by;
        }
    }

    fn add(&mut self, other: &Self) {
        let sums = self.inside.iter_mut().chain(&mut self.after);
        for (mine, theirs) in sums.zip(other.inside.iter().chain(&other.after)) {
            *mine += theirs;
        }
    }

    /// The mean of each week.
    fn means(&self) -> Vec<f64> {
        let mut before = 0;
        let weeks = self.inside.iter().zip(&self.after);
        weeks
            .map(|(inside, after)| {
                let mean = before as f64 + *inside as f64 / Span::WEEK.ms() as f64;
                before += after;
                mean
            })
            .collect()
    }
}

/// Looks on, and adds up by week.
#[derive(Clone, Debug)]
struct Weeks {
    /// The first simulated instant \[ms\].
    from: i64,
    /// By package.
    open: Vec<Level>,
    /// By pathway.
    waiting: Vec<Level>,
    /// By pathway and week: clocks started, and of those in time.
    referrals: Vec<Vec<u64>>,
    hits: Vec<Vec<u64>>,
}

impl Weeks {
    fn new(scenario: &Scenario, from: i64, weeks: usize) -> Self {
        let (packages, pathways) = (scenario.packages.len(), scenario.pathways.len());
        Self {
            from,
            open: vec![Level::of(weeks); packages],
            waiting: vec![Level::of(weeks); pathways],
            referrals: vec![vec![0; weeks]; pathways],
            hits: vec![vec![0; weeks]; pathways],
        }
    }

    fn since(&self, at: Instant) -> i64 {
        at.ms() - self.from
    }

    /// Counts somebody whose clock started at an instant; not those who waited at the first.
    fn count(counts: &mut [u64], since: i64) {
        let week = usize::try_from(since.div_euclid(Span::WEEK.ms())).unwrap_or(usize::MAX);
        if let Some(count) = counts.get_mut(week) {
            *count += 1;
        }
    }

    fn add(&mut self, other: &Self) {
        for (mine, theirs) in self.open.iter_mut().zip(&other.open) {
            mine.add(theirs);
        }
        for (mine, theirs) in self.waiting.iter_mut().zip(&other.waiting) {
            mine.add(theirs);
        }
        let mine = self.referrals.iter_mut().chain(&mut self.hits).flatten();
        for (mine, theirs) in mine.zip(other.referrals.iter().chain(&other.hits).flatten()) {
            *mine += theirs;
        }
    }

    fn series(&self, scenario: &Scenario, replications: usize) -> Vec<Series> {
        let mean = |level: &Level| -> Vec<Option<f64>> {
            level
                .means()
                .into_iter()
                .map(|m| Some(m / replications as f64))
                .collect()
        };
        let caseloads = self.open.iter().enumerate();
        let caseloads = caseloads.map(|(k, level)| series(Watched::Caseload(PackageId(k)), mean(level)));
        let queues = self.waiting.iter().enumerate();
        let queues = queues.map(|(p, level)| series(Watched::Queue(PathwayId(p)), mean(level)));
        let levels = (0..scenario.pathways.len()).filter(|&p| scenario.pathways[p].standard.is_some());
        let levels = levels.map(|p| {
            let pairs = self.hits[p].iter().zip(&self.referrals[p]);
            let shares = pairs.map(|(&h, &n)| (n > 0).then(|| h as f64 / n as f64));
            series(Watched::ServiceLevel(PathwayId(p)), shares.collect())
        });
        caseloads.chain(queues).chain(levels).collect()
    }
}

fn series(what: Watched, weeks: Vec<Option<f64>>) -> Series {
    let whole: Option<Vec<f64>> = weeks.iter().copied().collect();
    let cut = whole.as_ref().and_then(|values| mser5(values));
    let later = whole.as_ref().map(|values| {
        let half = &values[values.len() / 2..];
        half.iter().sum::<f64>() / half.len() as f64
    });
    Series {
        what,
        smooth: whole.map_or_else(Vec::new, |values| moving_average(&values, REACH)),
        weeks,
        later: later.filter(|mean| mean.is_finite()),
        asks: cut.map(|c| c.truncate),
        too_short: cut.is_some_and(|c| c.too_short),
    }
}

impl Observer for Weeks {
    fn see(&mut self, at: Instant, what: Seen) {
        let now = self.since(at);
        match what {
            Seen::OpenAtStart { package, .. } | Seen::PackageStarts { package, .. } => self.open[package].step(now, 1),
            Seen::PackageEnds { package, .. } => self.open[package].step(now, -1),
            Seen::WaitsAtStart { pathway, .. } => self.waiting[pathway].step(now, 1),
            Seen::ClockStarts { pathway, .. } => {
                self.waiting[pathway].step(now, 1);
                Self::count(&mut self.referrals[pathway], now);
            }
            Seen::ClockStops {
                pathway, at, wait, met, ..
            } => {
                let stop = self.since(at);
                self.waiting[pathway].step(stop, -1);
                if met {
                    Self::count(&mut self.hits[pathway], stop - wait.ms());
                }
            }
            Seen::Left { pathway, .. } | Seen::Unanswered { pathway, .. } => self.waiting[pathway].step(now, -1),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Level;
    use crate::units::Span;

    /// Up by one in the middle of the first week, by two more as the third begins, down by one half way through it.
    #[test]
    fn a_level_is_the_mean_of_each_week() {
        let week = Span::WEEK.ms();
        let mut level = Level::of(4);
        for (at, by) in [(week / 2, 1), (2 * week, 2), (2 * week + week / 2, -1), (9 * week, 5)] {
            level.step(at, by);
        }
        assert_eq!(level.means(), [0.5, 1.0, 2.5, 2.0]);
        let mut twice = level.clone();
        twice.add(&level);
        assert_eq!(twice.means(), [1.0, 2.0, 5.0, 4.0]);
        level.step(-week, -2);
        assert_eq!(level.means()[..1], [-1.5]);
    }
}
