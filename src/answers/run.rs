//! `run`: how does this service do?

mod money;
mod outcomes;

pub(super) use money::{ANY_YEAR, amount};
pub use money::{MoneyRow, Paid};
pub use outcomes::{BedRow, OutcomeRow};

use std::sync::atomic::AtomicBool;

use serde::Serialize;

use crate::answers::causes::{self, CauseHourRow, CauseMeasure, CauseRow};
use crate::answers::check::{LoadRow, check};
use crate::answers::equity::{self, Equity, View};
use crate::answers::explain::SwitchedOff;
use crate::answers::latest_advert::LatestAdvert;
use crate::answers::precision::{Precision, simulate};
use crate::answers::published::{self, MonthSpread, PublishedMonths};
use crate::answers::reported::{self, Reported};
use crate::answers::sliders::Sliders;
use crate::answers::trajectory::{self, Trajectory};
use crate::answers::uncertain::Uncertain;
use crate::answers::{Estimate, Measure};
use crate::engine::{Cause, StreamRecord};
use crate::model::{HubId, PackageId, PathwayId, RoleId, Scenario};
use crate::pieces::Pieces;
use crate::replicate::{GROUPS, PackageRow, PairSums, PathwayRow, RoleRow, Row, Runs};
use crate::stats::{
    Interval, WaitHistogram, all_or_none, mean_interval, quantile_interval, ratio_interval, ratio_interval_of_sums,
    share_interval, wilson_interval,
};
use crate::units::{Instant, Span};

/// The pathway column of a row: a pathway, or for what belongs to packages, a package.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Flow {
    /// All of them together, or not by pathway.
    All,
    /// A pathway.
    Pathway(PathwayId),
    /// A package.
    Package(PackageId),
}

/// One line of `summary.csv`. `None` for hub or role is `all`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SummaryRow {
    /// The hub, or all.
    pub hub: Option<HubId>,
    /// The pathway or package, or all.
    pub flow: Flow,
    /// The role, or all.
    pub role: Option<RoleId>,
    /// What.
    pub measure: Measure,
    /// How much; `None` where nothing was there to measure (no referral arrived).
    pub estimate: Option<Estimate>,
}

/// What `hourly.csv` measures by hour of week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum HourlyMeasure {
    /// Mean referrals whose clock started in the hour, by pathway. Unit: count.
    Referrals,
    /// Share of those seen within their standard, by pathway. Unit: share.
    ServiceLevel,
    /// Mean staff available in the hour, by role. Unit: people.
    OnShift,
    /// Mean staff at work in the hour, overtime included, by role. Unit: people.
    Busy,
}

/// One line of `hourly.csv`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct HourlyRow {
    /// The hub, or all.
    pub hub: Option<HubId>,
    /// The pathway, for referrals.
    pub pathway: Option<PathwayId>,
    /// The role, for staff.
    pub role: Option<RoleId>,
    /// 0 is Monday 00:00 to 01:00, 167 is Sunday 23:00 to 24:00, by the calendar.
    pub hour_of_week: usize,
    /// What.
    pub measure: HourlyMeasure,
    /// How much; `None` where nothing was there to measure.
    pub estimate: Option<Estimate>,
}

/// One line of `replications.csv`: a measure in one replication.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ReplicationRow {
    /// Which replication, from 1.
    pub replication: u32,
    /// The hub, or all.
    pub hub: Option<HubId>,
    /// The pathway or package, or all.
    pub flow: Flow,
    /// The role, or all.
    pub role: Option<RoleId>,
    /// What.
    pub measure: Measure,
    /// How much; `None` where nothing was there to measure.
    pub value: Option<f64>,
}

/// The distribution of waits of a pathway at a hub, pooled over replications.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct WaitCurve {
    /// The hub, or all.
    pub hub: Option<HubId>,
    /// The pathway.
    pub pathway: PathwayId,
    /// (wait in minutes, share of counted referrals seen within it), ascending; those never seen are in the
    /// denominator only.
    pub points: Vec<(f64, f64)>,
}

/// A queue that grew without end.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Overload {
    /// The hub.
    pub hub: HubId,
    /// The pathway whose waiting referrals grew.
    pub pathway: PathwayId,
    /// Mean growth of the number waiting over the window \[referrals per week\].
    pub growth_per_week: f64,
}

/// The answer of `run`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RunAnswer {
    /// Replications finished.
    pub replications: u32,
    /// Replications asked for; more than finished if it was interrupted.
    pub asked: u32,
    /// How the search for precision ended, if there was one; then no more were asked for than it took.
    pub precision: Option<Precision>,
    /// Confidence of every interval.
    pub confidence: f64,
    /// Every measure by hub, pathway or package, and role.
    pub summary: Vec<SummaryRow>,
    /// By hour of week.
    pub hourly: Vec<HourlyRow>,
    /// Headline measures of every replication.
    pub by_replication: Vec<ReplicationRow>,
    /// Why standards were missed.
    pub causes: Vec<CauseRow>,
    /// The same by hour of week.
    pub causes_hourly: Vec<CauseHourRow>,
    /// A year's costs.
    pub money: Vec<MoneyRow>,
    /// What becomes of people.
    #[serde(skip)]
    pub outcomes: Vec<OutcomeRow>,
    /// The beds in which people wait.
    pub beds: Vec<BedRow>,
    /// What switching a cause off does: of `explain`, empty for `run`.
    pub switched_off: Vec<SwitchedOff>,
    /// How late the file's posts may be advertised: of `trajectory --latest-advert`, else empty.
    #[serde(skip)]
    pub latest_adverts: Vec<LatestAdvert>,
    /// The hub that was asked about: of `trajectory --hub`, else none.
    #[serde(skip)]
    pub asked_of: Option<HubId>,
    /// Distributions of waits.
    pub waits: Vec<WaitCurve>,
    /// By month and by week. It has documents of its own.
    #[serde(skip)]
    pub trajectory: Trajectory,
    /// Offered load against capacity.
    pub load: Vec<LoadRow>,
    /// Fairness between hubs.
    pub equity: Equity,
    /// What uncertain inputs do, where it was asked.
    #[serde(skip)]
    pub uncertain: Option<Uncertain>,
    /// Service levels by staff, for sliders, where it was asked. They have a table of their own.
    #[serde(skip)]
    pub sliders: Option<Sliders>,
    /// Monthly figures that were published, where they were given.
    #[serde(skip)]
    pub published: Vec<PublishedMonths>,
    /// Service levels of whole simulated months, by pathway with a standard.
    #[serde(skip)]
    pub months_simulated: Vec<MonthSpread>,
    /// What was reported of the service, and what is simulated in its place.
    #[serde(skip)]
    pub reported: Vec<Reported>,
    /// Queues that grew without end; empty where all is well.
    pub overloads: Vec<Overload>,
    /// Referrals turned away because more were open at once than one replication holds; they count as misses.
    pub turned_away: u64,
    /// Events handled, all replications together; stale timers left out.
    pub events: u64,
    /// Processor time spent in the engine \[s\], all threads together. Not part of the results proper.
    #[serde(skip)]
    pub engine_cpu_s: f64,
}

impl RunAnswer {
    /// The answer of replications that were made until a precision was reached.
    pub(super) fn with_precision(mut self, precision: Option<Precision>) -> Self {
        self.precision = precision;
        if precision.is_some_and(|found| found.reached) {
            self.asked = self.replications;
        }
        self
    }

    /// The estimate of a measure, if there is such a row and anything was there to measure.
    #[must_use]
    pub fn estimate(&self, hub: Option<HubId>, flow: Flow, role: Option<RoleId>, measure: Measure) -> Option<Estimate> {
        self.summary
            .iter()
            .find(|r| r.hub == hub && r.flow == flow && r.role == role && r.measure == measure)
            .and_then(|r| r.estimate)
    }

    /// The estimate for a cause, or for all together, if there is such a row and anything was there to measure.
    #[must_use]
    pub fn cause(
        &self,
        hub: Option<HubId>,
        pathway: PathwayId,
        cause: Option<Cause>,
        measure: CauseMeasure,
    ) -> Option<Estimate> {
        let wanted = |r: &&CauseRow| r.hub == hub && r.pathway == pathway && r.cause == cause && r.measure == measure;
        self.causes.iter().find(wanted).and_then(|r| r.estimate)
    }
}

/// What to run.
#[derive(Clone, Copy, Debug)]
pub struct RunRequest {
    /// Replications.
    pub replications: u32,
    /// Confidence of every interval.
    pub confidence: f64,
    /// Threads; `None` uses every processor.
    pub threads: Option<usize>,
}

/// Runs a scenario and sums up.
///
/// # Errors
/// In the system's words, if threads cannot be started; or if `stop` came before two replications were done.
pub fn run(
    scenario: &Scenario,
    request: RunRequest,
    stop: &AtomicBool,
    progress: &(dyn Fn() + Sync),
) -> Result<RunAnswer, String> {
    run_in_pieces(scenario, request, &Pieces::alone(), stop, progress)
}

/// The same, with what has been finished before. Where units are left to others, what comes of it is no answer
/// ([`Pieces::wanted`]).
///
/// # Errors
/// As [`run`]; or if a piece cannot be read or written.
pub fn run_in_pieces(
    scenario: &Scenario,
    request: RunRequest,
    pieces: &Pieces,
    stop: &AtomicBool,
    progress: &(dyn Fn() + Sync),
) -> Result<RunAnswer, String> {
    let (runs, precision) = simulate(scenario, request, pieces, stop, progress)?;
    Ok(sum_up(scenario, &runs, request).with_precision(precision))
}

/// The answer that a set of replications gives.
#[must_use]
pub fn sum_up(scenario: &Scenario, runs: &Runs, request: RunRequest) -> RunAnswer {
    let replications = runs.replications();
    // Where some of it is left to others, this is no answer but its shape, which two replications have.
    let few = runs.left.then(|| runs.first(2));
    let runs = few.as_ref().unwrap_or(runs);
    let load = check(scenario).load;
    let equity = equity::sum_up(scenario, runs, request.confidence);
    let summing = Summing {
        scenario,
        runs,
        confidence: request.confidence,
        load: &load,
        equity: &equity,
    };
    RunAnswer {
        replications,
        asked: request.replications,
        precision: None,
        confidence: request.confidence,
        summary: summing.summary(),
        money: summing.money(),
        outcomes: summing.outcomes(),
        beds: summing.beds(),
        hourly: summing.hourly(),
        by_replication: summing.by_replication(),
        causes: causes::causes(scenario, runs, request.confidence),
        causes_hourly: causes::by_hour(scenario, runs),
        switched_off: Vec::new(),
        latest_adverts: Vec::new(),
        asked_of: None,
        uncertain: None,
        sliders: None,
        published: Vec::new(),
        reported: reported::beside(scenario, runs, request.confidence),
        months_simulated: published::spreads(scenario, runs),
        waits: summing.waits(),
        trajectory: trajectory::sum_up(scenario, runs, request.confidence),
        overloads: summing.overloads(),
        equity,
        load,
        turned_away: runs.turned_away(),
        events: runs.events,
        engine_cpu_s: runs.engine_cpu_s,
    }
}

/// Days of a year, for yearly figures.
pub(super) const YEAR_DAYS: f64 = 365.25;

struct Summing<'a> {
    scenario: &'a Scenario,
    runs: &'a Runs,
    confidence: f64,
    load: &'a [LoadRow],
    equity: &'a Equity,
}

impl Summing<'_> {
    fn estimate(&self, interval: Option<Interval>) -> Option<Estimate> {
        interval.map(|i| Estimate::of(i, self.confidence, self.runs.replications()))
    }

    /// What needs no simulating has no uncertainty of simulation.
    fn exact(&self, value: f64) -> Option<Estimate> {
        self.estimate(Some(Interval::between(value, value, value)))
    }

    fn window(&self) -> Span {
        self.scenario.experiment.run_length
    }

    /// Hubs in file order, then all together; with the place of their rows.
    fn hubs(&self) -> impl Iterator<Item = (usize, Option<HubId>)> {
        let n = self.scenario.hubs.len();
        (0..=n).map(move |h| (h, (h < n).then_some(HubId(h))))
    }

    fn pathway_rows(&self, hub: usize, pathway: usize) -> impl Iterator<Item = PathwayRow> + Clone {
        self.runs.rows.iter().map(move |row| row[hub].pathways[pathway])
    }

    fn role_rows(&self, hub: usize, role: usize) -> impl Iterator<Item = RoleRow> + Clone {
        self.runs.rows.iter().map(move |row| row[hub].roles[role])
    }

    fn summary(&self) -> Vec<SummaryRow> {
        let mut rows = Vec::new();
        for (place, hub) in self.hubs() {
            for pathway in 0..self.scenario.pathways.len() {
                self.pathway_summary(place, hub, pathway, &mut rows);
            }
            for package in 0..self.scenario.packages.len() {
                self.package_summary(place, hub, package, &mut rows);
            }
            for role in 0..self.scenario.roles.len() {
                self.role_summary(place, hub, role, &mut rows);
            }
            let estimate = self.all_staff_cost(hub, place);
            rows.push(SummaryRow {
                hub,
                flow: Flow::All,
                role: None,
                measure: Measure::StaffCostGbp,
                estimate,
            });
        }
        rows
    }

    fn pathway_summary(&self, place: usize, hub: Option<HubId>, pathway: usize, rows: &mut Vec<SummaryRow>) {
        let flow = Flow::Pathway(PathwayId(pathway));
        let mut push = |measure, estimate| {
            rows.push(SummaryRow {
                hub,
                flow,
                role: None,
                measure,
                estimate,
            });
        };
        let plan = &self.scenario.pathways[pathway];
        let all = || self.pathway_rows(place, pathway);
        let mean = |of: &dyn Fn(&PathwayRow) -> f64| {
            mean_interval(&all().map(|r| of(&r)).collect::<Vec<f64>>(), self.confidence)
        };
        let pairs = |of: &dyn Fn(&PathwayRow) -> (u64, u64)| all().map(|r| of(&r)).collect::<Vec<(u64, u64)>>();
        let ratio = |of: &dyn Fn(&PathwayRow) -> (i64, u64)| {
            let pairs: Vec<(f64, f64)> = all()
                .map(|r| of(&r))
                .map(|(a, b)| (a as f64 / 60_000.0, b as f64))
                .collect();
            ratio_interval(&pairs, self.confidence)
        };
        push(Measure::Referrals, self.estimate(mean(&|r| r.referrals as f64)));
        if plan.declined.get() > 0.0 {
            push(Measure::Declined, self.estimate(mean(&|r| r.declined as f64)));
        }
        if let Some(standard) = plan.standard {
            let hits = pairs(&|r| (r.hits, r.referrals));
            push(
                Measure::ServiceLevel,
                self.estimate(share_interval(&hits, self.confidence)),
            );
            if let Some(target) = standard.target {
                let with_any = hits.iter().filter(|h| h.1 > 0);
                let met = with_any
                    .clone()
                    .filter(|(hits, of)| reaches(*hits, *of, target.get()))
                    .count();
                let interval = wilson_interval(met as u64, with_any.count() as u64, self.confidence);
                push(Measure::ProbabilityTargetMet, self.estimate(interval));
            }
            if hub.is_none() && self.scenario.hubs.len() > 1 {
                let gap = self.equity.gap(PathwayId(pathway), View::ServedBy);
                push(Measure::EquityGapPoints, gap.map(|g| g.gap));
            }
        }
        let mut push = |measure, interval| push(measure, self.estimate(interval));
        push(Measure::WaitMeanMin, ratio(&|r| (r.wait_ms, r.seen)));
        let groups = self.histograms(place, pathway);
        for (measure, level) in [
            (Measure::WaitP50Min, 0.5),
            (Measure::WaitP90Min, 0.9),
            (Measure::WaitP95Min, 0.95),
        ] {
            push(measure, quantile_interval(&groups, level, self.confidence));
        }
        push(
            Measure::WaitFromReceiptMeanMin,
            ratio(&|r| (r.wait_from_receipt_ms, r.seen)),
        );
        if plan.patience.is_some() {
            push(
                Measure::RenegedShare,
                share_interval(&pairs(&|r| (r.left, r.referrals)), self.confidence),
            );
        }
        push(
            Measure::UnansweredShare,
            share_interval(&pairs(&|r| (r.unanswered, r.referrals)), self.confidence),
        );
        let window = self.window();
        push(Measure::QueueMean, mean(&|r| r.waiting_ms as f64 / window.ms() as f64));
        let years = window.days() / YEAR_DAYS;
        let may_be_admitted = plan.package.is_none() || plan.patience.is_some();
        if may_be_admitted {
            push(Measure::Admissions, mean(&|r| r.admissions as f64 / years));
        }
        if !plan.waits_in.is_empty() {
            let kinds = self.scenario.beds.len();
            let lost = |row: &Vec<Row>| {
                let ms = (0..kinds).map(|bed| row[place].bed_ms(bed, kinds, Some(pathway)));
                Span::from_ms(ms.sum()).days() / years
            };
            let lost: Vec<f64> = self.runs.rows.iter().map(lost).collect();
            push(Measure::BedDaysLost, mean_interval(&lost, self.confidence));
        }
        if self.beds_may_run_out(hub, pathway) {
            push(
                Measure::DaysWithoutBed,
                mean(&|r| Span::from_ms(r.outside_ms).days() / years),
            );
            push(
                Measure::FoundNoBedShare,
                share_interval(&pairs(&|r| (r.found_no_bed, r.referrals)), self.confidence),
            );
        }
        let costs = [
            (
                Measure::BedCostGbp,
                !plan.waits_in.is_empty(),
                self.bed_cost(place, pathway),
            ),
            (
                Measure::AdmissionCostGbp,
                may_be_admitted,
                self.admission_cost(place, pathway),
            ),
        ];
        for (measure, _, estimate) in costs
            .into_iter()
            .filter(|(_, has, estimate)| *has && estimate.is_some())
        {
            rows.push(SummaryRow {
                hub,
                flow,
                role: None,
                measure,
                estimate,
            });
        }
    }

    fn package_summary(&self, place: usize, hub: Option<HubId>, package: usize, rows: &mut Vec<SummaryRow>) {
        let flow = Flow::Package(PackageId(package));
        let window = self.window().ms() as f64;
        let all = || self.runs.rows.iter().map(move |row| &row[place].packages[package]);
        let caseload: Vec<f64> = all().map(|p| p.open_ms as f64 / window).collect();
        let estimate = self.estimate(mean_interval(&caseload, self.confidence));
        rows.push(SummaryRow {
            hub,
            flow,
            role: None,
            measure: Measure::CaseloadMean,
            estimate,
        });
        let planned: Vec<StreamRecord> = all().map(|p| total(p.streams.iter())).collect();
        self.planned_visits(hub, flow, None, &planned, rows);
        let streams = &self.scenario.packages[package].streams;
        for role in (0..self.scenario.roles.len()).map(RoleId) {
            if streams.iter().all(|s| s.role != role) {
                continue;
            }
            let of_role = |p: &PackageRow| {
                total(
                    p.streams
                        .iter()
                        .zip(streams)
                        .filter(|(_, s)| s.role == role)
                        .map(|(r, _)| r),
                )
            };
            let planned: Vec<StreamRecord> = all().map(of_role).collect();
            let caseload: Vec<f64> = planned.iter().map(|s| s.open_ms as f64 / window).collect();
            let estimate = self.estimate(mean_interval(&caseload, self.confidence));
            rows.push(SummaryRow {
                hub,
                flow,
                role: Some(role),
                measure: Measure::CaseloadMean,
                estimate,
            });
            self.planned_visits(hub, flow, Some(role), &planned, rows);
        }
    }

    /// Late and missed planned visits, from what each replication counted.
    fn planned_visits(
        &self,
        hub: Option<HubId>,
        flow: Flow,
        role: Option<RoleId>,
        planned: &[StreamRecord],
        rows: &mut Vec<SummaryRow>,
    ) {
        let late: Vec<(u64, u64)> = planned.iter().map(|s| (s.late, s.planned)).collect();
        let missed: Vec<(u64, u64)> = planned.iter().map(|s| (s.missed, s.planned + s.missed)).collect();
        for (measure, pairs) in [(Measure::VisitsLateShare, late), (Measure::VisitsMissedShare, missed)] {
            let estimate = self.estimate(share_interval(&pairs, self.confidence));
            rows.push(SummaryRow {
                hub,
                flow,
                role,
                measure,
                estimate,
            });
        }
    }

    /// Planned visits of a role in each replication, all packages together.
    fn planned_by_role(&self, place: usize, role: RoleId) -> Vec<StreamRecord> {
        let of_role = |row: &Vec<Row>| {
            let packages = row[place].packages.iter().zip(&self.scenario.packages);
            let streams = packages.flat_map(|(record, package)| record.streams.iter().zip(&package.streams));
            total(streams.filter(|(_, s)| s.role == role).map(|(r, _)| r))
        };
        self.runs.rows.iter().map(of_role).collect()
    }

    fn role_summary(&self, place: usize, hub: Option<HubId>, role: usize, rows: &mut Vec<SummaryRow>) {
        let mut push = |measure, estimate| {
            rows.push(SummaryRow {
                hub,
                flow: Flow::All,
                role: Some(RoleId(role)),
                measure,
                estimate,
            });
        };
        let all = || self.role_rows(place, role);
        let window = self.window();
        let mean = |of: &dyn Fn(&RoleRow) -> f64| {
            self.estimate(mean_interval(
                &all().map(|r| of(&r)).collect::<Vec<f64>>(),
                self.confidence,
            ))
        };
        let busy: Vec<(f64, f64)> = all()
            .map(|r| (r.busy_inside_ms as f64, r.available_ms as f64))
            .collect();
        push(
            Measure::Utilisation,
            self.estimate(ratio_interval(&busy, self.confidence)),
        );
        push(
            Measure::OnShiftMean,
            mean(&|r| r.available_ms as f64 / window.ms() as f64),
        );
        push(
            Measure::OvertimeHPerWeek,
            mean(&|r| Span::from_ms(r.overtime_ms).hours() / (window.days() / 7.0)),
        );
        push(Measure::Visits, mean(&|r| r.visits as f64 / window.days()));
        let load = self
            .load
            .iter()
            .filter(|l| l.role.0 == role && hub.is_none_or(|h| h == l.hub));
        push(Measure::OfferedLoad, self.exact(load.map(|l| l.offered).sum()));
        push(Measure::StaffCostGbp, self.staff_cost(hub, place, role));
        push(Measure::OvertimeCostGbp, self.overtime_cost(place, role));
        let planned = self.planned_by_role(place, RoleId(role));
        self.planned_visits(hub, Flow::All, Some(RoleId(role)), &planned, rows);
    }

    fn histograms(&self, place: usize, pathway: usize) -> Vec<WaitHistogram> {
        let groups = self.runs.rows.len().min(GROUPS);
        self.runs.waits[place].seen[pathway][..groups].to_vec()
    }

    fn hourly(&self) -> Vec<HourlyRow> {
        let n = self.runs.rows.len();
        let occurrences = hours_in_window(self.scenario);
        let mut rows = Vec::new();
        for (place, hub) in self.hubs() {
            for (p, week) in self.runs.hours[place].pathways.iter().enumerate() {
                for (hour_of_week, sums) in week.iter().enumerate() {
                    let row = |measure, estimate| HourlyRow {
                        hub,
                        pathway: Some(PathwayId(p)),
                        role: None,
                        hour_of_week,
                        measure,
                        estimate: self.estimate(estimate),
                    };
                    rows.push(row(
                        HourlyMeasure::Referrals,
                        per_hour(sums.b, sums.bb, n, occurrences[hour_of_week], self.confidence),
                    ));
                    if self.scenario.pathways[p].standard.is_some() {
                        rows.push(row(
                            HourlyMeasure::ServiceLevel,
                            share_of_sums(sums, n, self.confidence),
                        ));
                    }
                }
            }
            for (r, week) in self.runs.hours[place].roles.iter().enumerate() {
                for (hour_of_week, sums) in week.iter().enumerate() {
                    let length = occurrences[hour_of_week] * Span::HOUR.ms() as f64;
                    let row = |measure, estimate| HourlyRow {
                        hub,
                        pathway: None,
                        role: Some(RoleId(r)),
                        hour_of_week,
                        measure,
                        estimate: self.estimate(estimate),
                    };
                    rows.push(row(
                        HourlyMeasure::OnShift,
                        per_hour(sums.b, sums.bb, n, length, self.confidence),
                    ));
                    rows.push(row(
                        HourlyMeasure::Busy,
                        per_hour(sums.a, sums.aa, n, length, self.confidence),
                    ));
                }
            }
        }
        rows
    }

    fn by_replication(&self) -> Vec<ReplicationRow> {
        let mut rows = Vec::new();
        let window = self.window().ms() as f64;
        for (number, by_hub) in (1..).zip(&self.runs.rows) {
            for (place, hub) in self.hubs() {
                let mut push = |flow, role, measure, value| {
                    rows.push(ReplicationRow {
                        replication: number,
                        hub,
                        flow,
                        role,
                        measure,
                        value,
                    });
                };
                for (p, row) in by_hub[place].pathways.iter().enumerate() {
                    let flow = Flow::Pathway(PathwayId(p));
                    push(flow, None, Measure::Referrals, Some(row.referrals as f64));
                    if self.scenario.pathways[p].standard.is_some() {
                        push(flow, None, Measure::ServiceLevel, share_of(row.hits, row.referrals));
                    }
                    let wait = (row.seen > 0).then(|| Span::from_ms(row.wait_ms).minutes() / row.seen as f64);
                    push(flow, None, Measure::WaitMeanMin, wait);
                    if self.scenario.pathways[p].patience.is_some() {
                        push(flow, None, Measure::RenegedShare, share_of(row.left, row.referrals));
                    }
                }
                for (p, row) in by_hub[place].packages.iter().enumerate() {
                    let flow = Flow::Package(PackageId(p));
                    push(flow, None, Measure::CaseloadMean, Some(row.open_ms as f64 / window));
                    let planned = total(row.streams.iter());
                    let missed = share_of(planned.missed, planned.planned + planned.missed);
                    push(flow, None, Measure::VisitsMissedShare, missed);
                }
                for (r, row) in by_hub[place].roles.iter().enumerate() {
                    let role = Some(RoleId(r));
                    let used = (row.available_ms > 0).then(|| row.busy_inside_ms as f64 / row.available_ms as f64);
                    push(Flow::All, role, Measure::Utilisation, used);
                }
            }
        }
        rows
    }

    fn waits(&self) -> Vec<WaitCurve> {
        let mut curves = Vec::new();
        for (place, hub) in self.hubs() {
            for pathway in 0..self.scenario.pathways.len() {
                let mut pooled = WaitHistogram::new();
                for group in &self.runs.waits[place].seen[pathway] {
                    pooled.merge(group);
                }
                let referrals: u64 = self.runs.waits[place].referrals[pathway].iter().sum();
                let share = |count: u64| {
                    if referrals > 0 {
                        count as f64 / referrals as f64
                    } else {
                        0.0
                    }
                };
                let points = pooled
                    .cumulative()
                    .map(|(edge, count)| (edge.minutes(), share(count)))
                    .collect();
                curves.push(WaitCurve {
                    hub,
                    pathway: PathwayId(pathway),
                    points,
                });
            }
        }
        curves
    }

    /// Queues whose number waiting at the end of the window is clearly above that at its start, and a burden: at least
    /// ten people, and at least 2 % of the referrals of the window.
    fn overloads(&self) -> Vec<Overload> {
        let weeks = self.window().days() / 7.0;
        let mut overloads = Vec::new();
        for hub in 0..self.scenario.hubs.len() {
            for pathway in 0..self.scenario.pathways.len() {
                let growth: Vec<f64> = self
                    .pathway_rows(hub, pathway)
                    .map(|r| r.waiting_at[1] as f64 - r.waiting_at[0] as f64)
                    .collect();
                let referrals: Vec<f64> = self.pathway_rows(hub, pathway).map(|r| r.referrals as f64).collect();
                let (Some(growth), Some(referrals)) = (
                    mean_interval(&growth, self.confidence),
                    mean_interval(&referrals, self.confidence),
                ) else {
                    continue;
                };
                if growth.low > 0.0 && growth.mean >= 10.0_f64.max(0.02 * referrals.mean) {
                    overloads.push(Overload {
                        hub: HubId(hub),
                        pathway: PathwayId(pathway),
                        growth_per_week: growth.mean / weeks,
                    });
                }
            }
        }
        overloads
    }
}

pub(super) fn total<'a>(streams: impl Iterator<Item = &'a StreamRecord>) -> StreamRecord {
    streams.fold(StreamRecord::default(), |mut sum, stream| {
        sum.add(stream);
        sum
    })
}

fn share_of(hits: u64, of: u64) -> Option<f64> {
    (of > 0).then(|| hits as f64 / of as f64)
}

/// Whether so many hits reach the target share, with a hair for its binary digits: 55 of 100 reach 0.55.
pub(super) fn reaches(hits: u64, of: u64, target: f64) -> bool {
    hits as f64 >= target * of as f64 * (1.0 - 1e-9)
}

/// Share of hits from sums; as in [`share_interval`] with one side only if all or none were hits.
pub(super) fn share_of_sums(sums: &PairSums, n: usize, confidence: f64) -> Option<Interval> {
    let PairSums {
        a,
        b,
        aa,
        ab,
        bb,
        with_b,
    } = *sums;
    let with_any = with_b as usize;
    if b > 0 && (a == 0 || a == b) {
        return Some(all_or_none(a > 0, with_any, confidence));
    }
    let sums = [a as f64, b as f64, aa as f64, ab as f64, bb as f64];
    ratio_interval_of_sums(sums, n, with_any, confidence).map(Interval::clipped_to_share)
}

/// Mean over replications of a sum over the window, per occurrence of the hour; `None` if the window has no such hour.
/// Counts and times are never below 0, and neither is the interval.
fn per_hour(sum: i128, squares: i128, n: usize, occurrences: f64, confidence: f64) -> Option<Interval> {
    let n_of = n as f64 * occurrences;
    ratio_interval_of_sums(
        [
            sum as f64,
            n_of,
            squares as f64,
            sum as f64 * occurrences,
            n_of * occurrences,
        ],
        n,
        n,
        confidence,
    )
    .map(|mut i| {
        i.low = i.low.max(0.0);
        i
    })
}

/// How often each hour of the week lies in the window.
fn hours_in_window(scenario: &Scenario) -> Vec<f64> {
    let mut hours = vec![0.0; 168];
    let experiment = &scenario.experiment;
    let first = experiment.calendar.weekday(0).index() * 24;
    let end = Instant::ZERO + experiment.run_length;
    let whole_weeks = experiment.run_length.ms() / Span::WEEK.ms();
    hours.iter_mut().for_each(|h| *h = whole_weeks as f64);
    let mut at = Instant::from_ms(whole_weeks * Span::WEEK.ms());
    let mut hour = first;
    while at < end {
        let next = (at + Span::HOUR).min(end);
        hours[hour % 168] += (next - at).hours();
        (at, hour) = (next, hour + 1);
    }
    hours
}

#[cfg(test)]
mod tests {
    use super::{per_hour, reaches, share_of_sums};
    use crate::replicate::PairSums;

    /// 0.55 x 100 is a hair above 55 in binary.
    #[test]
    fn a_target_is_met_by_exactly_as_many_hits_as_it_takes() {
        assert!(reaches(55, 100, 0.55) && !reaches(54, 100, 0.55));
        assert!(reaches(0, 7, 0.0) && reaches(7, 7, 1.0) && !reaches(6, 7, 1.0));
        assert!(!reaches(549_999_999, 1_000_000_000 - 1, 0.55 + 1e-8));
    }

    #[test]
    fn an_hour_of_all_or_none_has_one_side_and_a_lonely_one_no_interval() {
        let sums = |a, b, aa, ab, bb, with_b| PairSums {
            a,
            b,
            aa,
            ab,
            bb,
            with_b,
        };
        // 2 of 2 in each of three replications out of ten.
        let all = share_of_sums(&sums(6, 6, 12, 12, 12, 3), 10, 0.95).unwrap();
        let open = 1.0 - libm::pow(0.05, 1.0 / 3.0);
        assert!(
            (all.low - (1.0 - open)).abs() < 1e-12 && (all.high - 1.0).abs() < 1e-12,
            "{all:?}"
        );
        let none = share_of_sums(&sums(0, 6, 0, 0, 12, 3), 10, 0.95).unwrap();
        assert!((none.high - open).abs() < 1e-12 && none.low == 0.0, "{none:?}");
        let lonely = share_of_sums(&sums(1, 2, 1, 2, 4, 1), 10, 0.95).unwrap();
        assert!(lonely.half_width == f64::INFINITY && lonely.low == 0.0 && (lonely.high - 1.0).abs() < 1e-12);
        assert!(share_of_sums(&sums(0, 0, 0, 0, 0, 0), 10, 0.95).is_none());
        // One referral in one replication of ten: the plain interval would go below 0.
        let few = per_hour(1, 1, 10, 4.0, 0.95).unwrap();
        assert!(few.low == 0.0 && few.half_width > few.mean, "{few:?}");
    }
}
