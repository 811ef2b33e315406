//! `trajectory`: from when on is the target met?
//!
//! A month is said to meet the target if at least the stated share of replications meet it in that month by themselves
//! (the file's `[trajectory] confidence`, 80 % if it says nothing). That share has a Wilson interval, whose confidence is
//! the experiment's: the one says how often a month may go wrong by chance, the other how well that is known from so
//! many replications.

use jiff::civil::Date;
use serde::Serialize;

use crate::answers::Estimate;
use crate::answers::run::{Flow, reaches, share_of_sums};
use crate::model::{HubId, PackageId, PathwayId, Period, RoleId, Scenario, YearMonth};
use crate::replicate::{MonthRow, PairSums, Runs};
use crate::stats::{
    Interval, mean_interval, order_statistic_ranks, ratio_interval_of_sums, share_interval, wilson_interval,
};

/// What the fan of a month shows: quantiles of its service level over replications.
pub const FAN: [f64; 5] = [0.1, 0.25, 0.5, 0.75, 0.9];

/// What `monthly.csv` and `weekly.csv` measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DatedMeasure {
    /// Civil days of the period that lie in the window.
    MeasuredDays,
    /// Counted referrals whose clock started in the period, per replication.
    Referrals,
    /// Share of those seen within their standard.
    ServiceLevel,
    /// A quantile of that share over replications: its place in [`FAN`]. Months only.
    Quantile(usize),
    /// Share of replications whose service level in the month reaches the target (Wilson interval). Months only.
    ProbabilityTargetMet,
    /// Open packages at 00:00, averaged over the days.
    CaseloadMean,
    /// What recruited posts count for at 00:00, averaged over the days.
    RecruitedWte,
}

impl DatedMeasure {
    /// Every one of them.
    pub const ALL: [Self; 11] = [
        Self::MeasuredDays,
        Self::Referrals,
        Self::ServiceLevel,
        Self::Quantile(0),
        Self::Quantile(1),
        Self::Quantile(2),
        Self::Quantile(3),
        Self::Quantile(4),
        Self::ProbabilityTargetMet,
        Self::CaseloadMean,
        Self::RecruitedWte,
    ];

    /// The name in the files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::MeasuredDays => "measured_days",
            Self::Referrals => "referrals",
            Self::ServiceLevel => "service_level",
            Self::Quantile(0) => "service_level_p10",
            Self::Quantile(1) => "service_level_p25",
            Self::Quantile(2) => "service_level_p50",
            Self::Quantile(3) => "service_level_p75",
            Self::Quantile(_) => "service_level_p90",
            Self::ProbabilityTargetMet => "probability_target_met",
            Self::CaseloadMean => "caseload_mean",
            Self::RecruitedWte => "recruited_wte",
        }
    }

    /// Its unit in the files.
    #[must_use]
    pub const fn unit(self) -> &'static str {
        match self {
            Self::MeasuredDays => "days",
            Self::Referrals => "count",
            Self::ServiceLevel | Self::Quantile(_) | Self::ProbabilityTargetMet => "share",
            Self::CaseloadMean => "referrals",
            Self::RecruitedWte => "WTE",
        }
    }
}

/// A pathway in a month.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MonthFound {
    /// Counted referrals, per replication.
    pub referrals: Option<Estimate>,
    /// Share of them seen within the standard; `None` without a standard, or if there was no referral.
    pub service_level: Option<Estimate>,
    /// Its quantiles over replications, at the levels of [`FAN`].
    pub fan: [Option<Estimate>; 5],
    /// Share of replications that reach the target; `None` without a target.
    pub probability_target_met: Option<Estimate>,
}

/// A pathway in a week.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct WeekFound {
    /// Counted referrals, per replication.
    pub referrals: Option<Estimate>,
    /// Share of them seen within the standard.
    pub service_level: Option<Estimate>,
}

/// From when on a target is met with the stated confidence. Months are places in [`Trajectory::months`]; those decide in
/// which something was counted and of which half the days or more lie in the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Met {
    /// In this month and in every later one that decides.
    From(usize),
    /// Not: this month is the last that decides, and does not meet it.
    NotIn(usize),
    /// No month decides.
    Nothing,
}

/// A pathway at a hub, or at all together, through the window.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Course {
    /// The hub, or all.
    pub hub: Option<HubId>,
    /// The pathway.
    pub pathway: PathwayId,
    /// Whether it has a standard.
    pub standard: bool,
    /// One for each month.
    pub months: Vec<MonthFound>,
    /// One for each week.
    pub weeks: Vec<WeekFound>,
    /// From when on the target is met; `None` without a target.
    pub met: Option<Met>,
}

/// Something that has a level at 00:00 of each day: a caseload, or recruited posts.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Level {
    /// The hub, or all.
    pub hub: Option<HubId>,
    /// The package, or all.
    pub flow: Flow,
    /// The role, or all.
    pub role: Option<RoleId>,
    /// What.
    pub measure: DatedMeasure,
    /// One for each month.
    pub months: Vec<Option<Estimate>>,
    /// One for each week.
    pub weeks: Vec<Option<Estimate>>,
}

/// Where a deadline lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DeadlinePlace {
    /// In this month of the window.
    In(usize),
    /// Before the window.
    Before,
    /// After it.
    After,
}

/// A day by which a target should be met.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Deadline {
    /// The day.
    pub date: Date,
    /// Where it lies.
    pub place: DeadlinePlace,
}

/// Results by month and by week.
#[derive(Clone, Debug, PartialEq)]
pub struct Trajectory {
    /// The months of the window.
    pub months: Vec<Period>,
    /// Its weeks.
    pub weeks: Vec<Period>,
    /// By hub (all together last), then pathway.
    pub courses: Vec<Course>,
    /// By hub (all together last): caseloads, then recruited posts.
    pub levels: Vec<Level>,
    /// The file's deadlines, in order.
    pub deadlines: Vec<Deadline>,
    /// The share of replications that must meet a target in a month.
    pub wanted: f64,
    /// Confidence of every interval.
    pub confidence: f64,
    /// Replications that everything rests on.
    pub replications: u32,
}

/// One line of `monthly.csv` or `weekly.csv`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DatedRow {
    /// The hub, or all.
    pub hub: Option<HubId>,
    /// The pathway or package, or all.
    pub flow: Flow,
    /// The role, or all.
    pub role: Option<RoleId>,
    /// Which month or week: its place in the list.
    pub period: usize,
    /// What.
    pub measure: DatedMeasure,
    /// How much; `None` where nothing was there to measure.
    pub estimate: Option<Estimate>,
}

impl Trajectory {
    /// A pathway at a hub, or at all together.
    #[must_use]
    pub fn course(&self, hub: Option<HubId>, pathway: PathwayId) -> Option<&Course> {
        self.courses.iter().find(|c| c.hub == hub && c.pathway == pathway)
    }

    /// A measure of a pathway in a month, by its name in `monthly.csv`; `None` outside the window.
    #[must_use]
    pub fn estimate(
        &self,
        hub: Option<HubId>,
        pathway: PathwayId,
        month: YearMonth,
        measure: &str,
    ) -> Option<Estimate> {
        let place = self.months.iter().position(|m| m.month() == month)?;
        let found = self.course(hub, pathway)?.months.get(place)?;
        [
            (DatedMeasure::Referrals, found.referrals),
            (DatedMeasure::ServiceLevel, found.service_level),
            (DatedMeasure::ProbabilityTargetMet, found.probability_target_met),
        ]
        .into_iter()
        .find(|(m, _)| m.name() == measure)
        .and_then(|(_, estimate)| estimate)
    }

    /// The share of replications that meet a target in a month.
    #[must_use]
    pub fn probability(&self, hub: Option<HubId>, pathway: PathwayId, month: usize) -> Option<Estimate> {
        self.course(hub, pathway)?.months.get(month)?.probability_target_met
    }

    /// The lines of `monthly.csv`.
    #[must_use]
    pub fn monthly(&self) -> Vec<DatedRow> {
        self.rows(
            &self.months,
            |level| &level.months,
            |course, rows| {
                for (period, month) in course.months.iter().enumerate() {
                    let mut push = |measure, estimate| rows.push(course.row(period, measure, estimate));
                    push(DatedMeasure::Referrals, month.referrals);
                    if course.standard {
                        push(DatedMeasure::ServiceLevel, month.service_level);
                        for (level, quantile) in month.fan.iter().enumerate() {
                            push(DatedMeasure::Quantile(level), *quantile);
                        }
                    }
                    if course.met.is_some() {
                        push(DatedMeasure::ProbabilityTargetMet, month.probability_target_met);
                    }
                }
            },
        )
    }

    /// The lines of `weekly.csv`.
    #[must_use]
    pub fn weekly(&self) -> Vec<DatedRow> {
        self.rows(
            &self.weeks,
            |level| &level.weeks,
            |course, rows| {
                for (period, week) in course.weeks.iter().enumerate() {
                    rows.push(course.row(period, DatedMeasure::Referrals, week.referrals));
                    if course.standard {
                        rows.push(course.row(period, DatedMeasure::ServiceLevel, week.service_level));
                    }
                }
            },
        )
    }

    /// The days, then hub by hub its pathways and its levels.
    fn rows(
        &self,
        periods: &[Period],
        of_level: impl Fn(&Level) -> &Vec<Option<Estimate>>,
        of_course: impl Fn(&Course, &mut Vec<DatedRow>),
    ) -> Vec<DatedRow> {
        let exact = |days: f64| Estimate::of(Interval::symmetric(days, 0.0), self.confidence, self.replications);
        let days = periods.iter().enumerate().map(|(period, days)| DatedRow {
            hub: None,
            flow: Flow::All,
            role: None,
            period,
            measure: DatedMeasure::MeasuredDays,
            estimate: Some(exact(days.days() as f64)),
        });
        let mut rows: Vec<DatedRow> = days.collect();
        let mut levels = self.levels.iter().peekable();
        let mut courses = self.courses.iter().peekable();
        while let Some(hub) = courses.peek().map(|c| c.hub).or_else(|| levels.peek().map(|l| l.hub)) {
            while let Some(course) = courses.next_if(|c| c.hub == hub) {
                of_course(course, &mut rows);
            }
            while let Some(level) = levels.next_if(|l| l.hub == hub) {
                rows.extend(of_level(level).iter().enumerate().map(|(period, &estimate)| DatedRow {
                    hub,
                    flow: level.flow,
                    role: level.role,
                    period,
                    measure: level.measure,
                    estimate,
                }));
            }
        }
        rows
    }
}

impl Course {
    const fn row(&self, period: usize, measure: DatedMeasure, estimate: Option<Estimate>) -> DatedRow {
        DatedRow {
            hub: self.hub,
            flow: Flow::Pathway(self.pathway),
            role: None,
            period,
            measure,
            estimate,
        }
    }
}

/// What a set of replications says by month and by week.
#[must_use]
pub fn sum_up(scenario: &Scenario, runs: &Runs, confidence: f64) -> Trajectory {
    let (months, weeks) = (scenario.experiment.months(), scenario.experiment.weeks());
    let summing = Summing {
        scenario,
        runs,
        confidence,
        months: &months,
    };
    let hubs = scenario.hubs.len();
    let places = || (0..=hubs).map(|place| (place, (place < hubs).then_some(HubId(place))));
    let courses = places()
        .flat_map(|(place, hub)| (0..scenario.pathways.len()).map(move |p| (place, hub, p)))
        .map(|(place, hub, pathway)| summing.course(place, hub, pathway))
        .collect();
    let levels = places().flat_map(|(place, hub)| summing.levels(place, hub)).collect();
    Trajectory {
        courses,
        levels,
        deadlines: deadlines(scenario, &months),
        wanted: scenario.trajectory.confidence.get(),
        confidence,
        replications: runs.replications(),
        months,
        weeks,
    }
}

/// Where each deadline of the file lies.
#[must_use]
pub fn deadlines(scenario: &Scenario, months: &[Period]) -> Vec<Deadline> {
    let start = scenario.experiment.calendar.start();
    let place = |date: Date| {
        let day = usize::try_from(date.duration_since(start).as_hours() / 24);
        match day {
            _ if date < start => DeadlinePlace::Before,
            Ok(day) => months
                .iter()
                .position(|m| (m.from..m.to).contains(&day))
                .map_or(DeadlinePlace::After, DeadlinePlace::In),
            Err(_) => DeadlinePlace::Before,
        }
    };
    scenario
        .trajectory
        .deadlines
        .iter()
        .map(|&date| Deadline {
            date,
            place: place(date),
        })
        .collect()
}

/// Of the replications in which anything was counted in a month: how many reach the target, and how many they are.
pub(super) fn meeting(pairs: &[(u64, u64)], target: f64) -> (u64, u64) {
    let with_any = pairs.iter().filter(|(_, of)| *of > 0);
    with_any.fold((0, 0), |(met, all), &(hits, of)| {
        (met + u64::from(reaches(hits, of, target)), all + 1)
    })
}

struct Summing<'a> {
    scenario: &'a Scenario,
    runs: &'a Runs,
    confidence: f64,
    months: &'a [Period],
}

impl Summing<'_> {
    fn estimate(&self, interval: Option<Interval>) -> Option<Estimate> {
        interval.map(|i| Estimate::of(i, self.confidence, self.runs.replications()))
    }

    fn course(&self, place: usize, hub: Option<HubId>, pathway: usize) -> Course {
        let standard = self.scenario.pathways[pathway].standard;
        let target = standard.and_then(|s| s.target).map(|t| t.get());
        let mut met = Met::Nothing;
        let months = (0..self.months.len())
            .map(|month| {
                let row = |r: &MonthRow| r.of(place, pathway, month);
                let pairs: Vec<(u64, u64)> = self.runs.months.iter().map(row).collect();
                let (reaching, judged) = target.map_or((0, 0), |t| meeting(&pairs, t));
                if judged > 0 && self.months.get(month).is_some_and(Period::half_measured) {
                    let enough = reaches(reaching, judged, self.scenario.trajectory.confidence.get());
                    met = match (enough, met) {
                        (true, Met::From(first)) => Met::From(first),
                        (true, _) => Met::From(month),
                        (false, _) => Met::NotIn(month),
                    };
                }
                let referrals: Vec<f64> = pairs.iter().map(|p| p.1 as f64).collect();
                MonthFound {
                    referrals: self.estimate(mean_interval(&referrals, self.confidence)),
                    service_level: standard.and_then(|_| self.estimate(share_interval(&pairs, self.confidence))),
                    fan: standard.map_or([None; 5], |_| self.fan(&pairs)),
                    probability_target_met: self.estimate(wilson_interval(reaching, judged, self.confidence)),
                }
            })
            .collect();
        let n = self.runs.rows.len();
        let weeks = self.runs.weeks[place][pathway]
            .iter()
            .map(|sums| WeekFound {
                referrals: self.estimate(mean_of(sums.b, sums.bb, n, self.confidence)),
                service_level: standard.and_then(|_| self.estimate(share_of_sums(sums, n, self.confidence))),
            })
            .collect();
        Course {
            hub,
            pathway: PathwayId(pathway),
            standard: standard.is_some(),
            months,
            weeks,
            met: target.map(|_| met),
        }
    }

    /// Quantiles of the shares of those replications that counted anything.
    fn fan(&self, pairs: &[(u64, u64)]) -> [Option<Estimate>; 5] {
        let with_any = pairs.iter().filter(|(_, of)| *of > 0);
        let mut shares: Vec<f64> = with_any.map(|&(hits, of)| hits as f64 / of as f64).collect();
        shares.sort_by(f64::total_cmp);
        FAN.map(|level| self.estimate(quantile(&shares, level, self.confidence)))
    }

    fn levels(&self, place: usize, hub: Option<HubId>) -> Vec<Level> {
        let (by_month, by_week) = (&self.runs.levels_by_month[place], &self.runs.levels_by_week[place]);
        let mean = |sums: &PairSums, scale: f64| {
            let sums = [sums.a, sums.b, sums.aa, sums.ab, sums.bb].map(|s| s as f64);
            let n = self.runs.rows.len();
            let interval = ratio_interval_of_sums(sums, n, n, self.confidence).map(|i| i.times(scale));
            self.estimate(interval.map(at_least_nothing))
        };
        let level = |flow, role, measure, months: &[PairSums], weeks: &[PairSums], scale| Level {
            hub,
            flow,
            role,
            measure,
            months: months.iter().map(|s| mean(s, scale)).collect(),
            weeks: weeks.iter().map(|s| mean(s, scale)).collect(),
        };
        let packages = by_month.packages.iter().zip(&by_week.packages).enumerate();
        let packages = packages.map(|(p, (months, weeks))| {
            level(
                Flow::Package(PackageId(p)),
                None,
                DatedMeasure::CaseloadMean,
                months,
                weeks,
                1.0,
            )
        });
        let roles = by_month.roles.iter().zip(&by_week.roles).enumerate();
        let roles = roles.filter(|(_, (months, _))| !months.is_empty());
        let roles = roles.map(|(r, (months, weeks))| {
            level(
                Flow::All,
                Some(RoleId(r)),
                DatedMeasure::RecruitedWte,
                months,
                weeks,
                0.001,
            )
        });
        packages.chain(roles).collect()
    }
}

/// The smallest of some shares, in ascending order, that as many are at or below, between order statistics. Where there are
/// too few for these, nothing is known but that shares are 0 to 1.
fn quantile(shares: &[f64], level: f64, confidence: f64) -> Option<Interval> {
    let n = shares.len();
    let ranked = |rank: usize| shares.get(rank.wrapping_sub(1)).copied();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to n")]
    let rank = (level * n as f64 - 1e-9).ceil() as usize;
    let mean = ranked(rank)?;
    let ends = order_statistic_ranks(n, level, confidence);
    let ends = ends.and_then(|ranks| Some((ranked(ranks.low)?, ranked(ranks.high)?)));
    let (low, high) = ends.unwrap_or((0.0, 1.0));
    Some(Interval::between(mean, low, high))
}

/// Mean of a count over replications, from its sum and that of its squares.
fn mean_of(sum: i128, squares: i128, n: usize, confidence: f64) -> Option<Interval> {
    let (sum, n_of) = (sum as f64, n as f64);
    ratio_interval_of_sums([sum, n_of, squares as f64, sum, n_of], n, n, confidence).map(at_least_nothing)
}

/// Counts and levels are never below 0, and neither are their intervals.
const fn at_least_nothing(mut interval: Interval) -> Interval {
    interval.low = interval.low.max(0.0);
    interval
}

#[cfg(test)]
mod tests {
    use super::{FAN, mean_of, meeting, quantile};

    #[test]
    fn a_quantile_is_the_smallest_share_that_as_many_are_at_or_below() {
        let tenths: Vec<f64> = (1..=10).map(|n| f64::from(n) / 10.0).collect();
        let of = |shares: &[f64]| FAN.map(|level| quantile(shares, level, 0.95).map(|i| i.mean));
        assert_eq!(of(&tenths), [0.1, 0.3, 0.5, 0.8, 0.9].map(Some));
        assert_eq!(of(&[0.4]), [0.4; 5].map(Some));
        assert_eq!(of(&[]), [None; 5]);
        // Ten values do not bound a tenth of them; a hundred bound nine tenths by the 84th and the 96th.
        let few = quantile(&tenths, 0.1, 0.95).unwrap();
        assert_eq!(vec![few.low, few.high], vec![0.0, 1.0]);
        let hundredths: Vec<f64> = (1..=100).map(|n| f64::from(n) / 100.0).collect();
        let many = quantile(&hundredths, 0.9, 0.95).unwrap();
        assert_eq!(vec![many.mean, many.low, many.high], vec![0.9, 0.84, 0.96]);
    }

    #[test]
    fn replications_that_counted_nothing_neither_meet_a_target_nor_miss_it() {
        let pairs = [(9, 10), (8, 10), (0, 0), (18, 20)];
        assert_eq!(meeting(&pairs, 0.9), (2, 3));
        assert_eq!(meeting(&[(0, 0)], 0.9), (0, 0));
    }

    /// 1, 2, 3, 4: as in the worked t interval of stats, cut at nothing.
    #[test]
    fn a_mean_from_sums_has_its_t_interval() {
        let i = mean_of(10, 30, 4, 0.95).unwrap();
        assert!((i.mean - 2.5).abs() < 1e-12 && (i.half_width - 2.054_260).abs() < 1e-5);
        let few = mean_of(1, 1, 10, 0.95).unwrap();
        assert!(few.low == 0.0 && few.half_width > few.mean);
    }
}
