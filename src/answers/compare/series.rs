//! What is compared, replication by replication: every measure as numbers over numbers.
//!
//! The same measures as in `summary.csv`, by the same definitions; a test holds the two together.

use crate::answers::Measure;
use crate::answers::run::{Flow, YEAR_DAYS, total};
use crate::engine::StreamRecord;
use crate::model::{BedId, PackageId, PathwayId, RoleId, Scenario};
use crate::replicate::{GROUPS, PackageRow, PathwayRow, RoleRow, Row, Runs};
use crate::stats::{
    Interval, Paired, WaitHistogram, paired_quantile, paired_ratio, paired_share, ratio_interval, share_interval,
};
use crate::units::Span;

/// A measure in every replication.
#[derive(Clone, Debug)]
pub(super) enum Series {
    /// Hits of so many.
    Share(Vec<(u64, u64)>),
    /// A number over a number; of a mean, over 1.
    Ratio(Vec<(f64, f64)>),
    /// The 90 % point of waits, in groups of replications.
    P90(Vec<WaitHistogram>),
}

impl Series {
    /// Its difference to that of the base, which this is.
    pub(super) fn paired(&self, option: &Self) -> Option<Paired> {
        match (self, option) {
            (Self::Share(base), Self::Share(option)) => paired_share(base, option),
            (Self::Ratio(base), Self::Ratio(option)) => paired_ratio(base, option),
            (Self::P90(base), Self::P90(option)) => paired_quantile(base, option, 0.9),
            _ => None,
        }
    }

    /// It on its own, with the interval that `run` gives it; of waits none.
    pub(super) fn alone(&self, confidence: f64) -> Option<Interval> {
        match self {
            Self::Share(hits) => share_interval(hits, confidence),
            Self::Ratio(pairs) => ratio_interval(pairs, confidence),
            Self::P90(_) => None,
        }
    }
}

/// The place of a hub among the rows of a replication; the last is all hubs together.
#[derive(Clone, Copy)]
pub(super) struct Place(pub(super) usize);

/// One side of the comparison.
pub(super) struct Side<'a> {
    pub(super) scenario: &'a Scenario,
    pub(super) runs: &'a Runs,
    /// The first so many are compared.
    pub(super) replications: usize,
}

impl Side<'_> {
    pub(super) const fn all(&self) -> Place {
        Place(self.scenario.hubs.len())
    }

    fn rows(&self, place: Place) -> impl Iterator<Item = &Row> + Clone {
        self.runs
            .rows
            .iter()
            .take(self.replications)
            .filter_map(move |row| row.get(place.0))
    }

    fn window(&self) -> Span {
        self.scenario.experiment.run_length
    }

    fn years(&self) -> f64 {
        self.window().days() / YEAR_DAYS
    }

    pub(super) fn pathway(&self, place: Place, id: PathwayId) -> Vec<(Measure, Series)> {
        let plan = &self.scenario.pathways[id.0];
        let rows = || self.rows(place).map(|row| &row.pathways[id.0]);
        let share = |of: fn(&PathwayRow) -> (u64, u64)| Series::Share(rows().map(of).collect());
        let mean = |of: &dyn Fn(&PathwayRow) -> f64| Series::Ratio(rows().map(|r| (of(r), 1.0)).collect());
        let wait = |of: fn(&PathwayRow) -> i64| {
            Series::Ratio(
                rows()
                    .map(|r| (Span::from_ms(of(r)).minutes(), r.seen as f64))
                    .collect(),
            )
        };
        let mut list = vec![(Measure::Referrals, mean(&|r| r.referrals as f64))];
        if plan.standard.is_some() {
            list.push((Measure::ServiceLevel, share(|r| (r.hits, r.referrals))));
        }
        list.push((Measure::WaitMeanMin, wait(|r| r.wait_ms)));
        // Histograms are sums, from which a replication that only one side has cannot be taken out again.
        if self.runs.rows.len() == self.replications {
            let groups = self.replications.min(GROUPS);
            let seen = self.runs.waits[place.0].seen[id.0].iter().take(groups);
            list.push((Measure::WaitP90Min, Series::P90(seen.cloned().collect())));
        }
        if plan.patience.is_some() {
            list.push((Measure::RenegedShare, share(|r| (r.left, r.referrals))));
        }
        list.push((Measure::UnansweredShare, share(|r| (r.unanswered, r.referrals))));
        let window = self.window().ms() as f64;
        list.push((Measure::QueueMean, mean(&|r| r.waiting_ms as f64 / window)));
        if plan.package.is_none() || plan.patience.is_some() {
            list.push((Measure::Admissions, mean(&|r| r.admissions as f64 / self.years())));
        }
        let beds = &self.scenario.beds;
        if !plan.waits_in.is_empty() {
            let days =
                |row: &Row, bed: &BedId| Span::from_ms(row.bed_ms(bed.0, beds.len(), Some(id.0))).days() / self.years();
            let all = |row: &Row| plan.waits_in.iter().map(|bed| days(row, bed)).sum::<f64>();
            let lost = self.rows(place).map(|row| (all(row), 1.0));
            list.push((Measure::BedDaysLost, Series::Ratio(lost.collect())));
            let price = |bed: &BedId| Some(beds.get(bed.0)?.cost?.value.get());
            let cost =
                |row: &Row| -> Option<f64> { plan.waits_in.iter().map(|bed| Some(days(row, bed) * price(bed)?)).sum() };
            let costs: Option<Vec<(f64, f64)>> = self.rows(place).map(|row| Some((cost(row)?, 1.0))).collect();
            list.extend(costs.map(|costs| (Measure::BedCostGbp, Series::Ratio(costs))));
        }
        list
    }

    fn package(&self, place: Place, id: PackageId) -> Vec<(Measure, Series)> {
        let rows = || self.rows(place).map(|row| &row.packages[id.0]);
        let planned = |p: &PackageRow| total(p.streams.iter());
        let share = |of: fn(&StreamRecord) -> (u64, u64)| Series::Share(rows().map(|p| of(&planned(p))).collect());
        let window = self.window().ms() as f64;
        vec![
            (
                Measure::CaseloadMean,
                Series::Ratio(rows().map(|p| (p.open_ms as f64 / window, 1.0)).collect()),
            ),
            (Measure::VisitsLateShare, share(|s| (s.late, s.planned))),
            (Measure::VisitsMissedShare, share(|s| (s.missed, s.planned + s.missed))),
        ]
    }

    fn role(&self, place: Place, id: RoleId) -> Vec<(Measure, Series)> {
        let rows = || self.rows(place).map(|row| &row.roles[id.0]);
        let mean = |of: &dyn Fn(&RoleRow) -> f64| Series::Ratio(rows().map(|r| (of(r), 1.0)).collect());
        let window = self.window();
        let busy = rows().map(|r| (r.busy_inside_ms as f64, r.available_ms as f64));
        vec![
            (Measure::Utilisation, Series::Ratio(busy.collect())),
            (
                Measure::OnShiftMean,
                mean(&|r| r.available_ms as f64 / window.ms() as f64),
            ),
            (
                Measure::OvertimeHPerWeek,
                mean(&|r| Span::from_ms(r.overtime_ms).hours() / (window.days() / 7.0)),
            ),
            (Measure::Visits, mean(&|r| r.visits as f64 / window.days())),
        ]
    }
}

/// The difference of every measure that both sides have at a place of each, under the base's pathways, packages and roles.
pub(super) fn pairs(
    base: &Side<'_>,
    option: &Side<'_>,
    (here, there): (Place, Place),
) -> Vec<(Flow, Option<RoleId>, Measure, Paired)> {
    let mut found = Vec::new();
    let mut compare = |flow, role, of_base: Vec<(Measure, Series)>, of_option: Vec<(Measure, Series)>| {
        for (measure, series) in of_base {
            let other = of_option.iter().find(|(m, _)| *m == measure);
            found.extend(other.and_then(|(_, other)| Some((flow, role, measure, series.paired(other)?))));
        }
    };
    for (id, pathway) in (0..).map(PathwayId).zip(&base.scenario.pathways) {
        if let Some(other) = option.scenario.pathway(&pathway.name) {
            let (a, b) = (base.pathway(here, id), option.pathway(there, other));
            compare(Flow::Pathway(id), None, a, b);
        }
    }
    for (id, package) in (0..).map(PackageId).zip(&base.scenario.packages) {
        if let Some(other) = option.scenario.package(&package.name) {
            let (a, b) = (base.package(here, id), option.package(there, other));
            compare(Flow::Package(id), None, a, b);
        }
    }
    for (id, role) in (0..).map(RoleId).zip(&base.scenario.roles) {
        if let Some(other) = option.scenario.role(&role.name) {
            let (a, b) = (base.role(here, id), option.role(there, other));
            compare(Flow::All, Some(id), a, b);
        }
    }
    found
}
