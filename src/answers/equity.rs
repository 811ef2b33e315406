//! Fairness between hubs: which is best and worst, how surely, what falls to a thousand residents of each, and the same by
//! where people live where some are served elsewhere.
//!
//! **By whom they are served, by where they live.** What is counted at a hub is of those whom it serves. Taken by where
//! people live, the referrals of an area are those that its hub serves, less those who come from elsewhere, and those whom
//! other hubs serve for it. Both ways add up to the same totals, exactly.
//!
//! **A hub that receives nobody** is not compared.
//!
//! **WTE are known** where nobody is recruited, and have no interval. No other rate is known because all replications agree.

use serde::Serialize;

use crate::answers::Estimate;
use crate::model::{HubId, Outcome, PathwayId, RoleId, Scenario, Staffing};
use crate::replicate::{PathwayRow, Runs};
use crate::stats::{Extremes, Interval, extremes, mean_interval, share_interval};
use crate::units::Span;

/// A hub is said to be the best or the worst if it is in this share of the resamples; below it, it cannot be told apart.
pub const SURE: f64 = 0.8;

/// Per so many residents.
const PER: f64 = 1000.0;
/// Days of a year, for yearly figures.
const YEAR_DAYS: f64 = 365.25;

macro_rules! measures {
    ($($(#[$doc:meta])* $variant:ident = $name:literal [$unit:literal],)*) => {
        /// What `equity.csv` measures.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
        #[serde(rename_all = "snake_case")]
        pub enum EquityMeasure {
            $($(#[$doc])* #[doc = concat!(" Unit: ", $unit, ".")] $variant,)*
        }

        impl EquityMeasure {
            /// Every measure, in the order of the file.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The name in `equity.csv`: snake case.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// The unit in `equity.csv`.
            #[must_use]
            pub const fn unit(self) -> &'static str {
                match self { $(Self::$variant => $unit,)* }
            }
        }
    };
}

measures! {
    /// Best less worst hub's service level.
    Gap = "equity_gap_points" ["points"],
    /// Share of bootstrap resamples in which the hub is the best.
    Best = "best_in_resamples" ["share"],
    /// The same for the worst.
    Worst = "worst_in_resamples" ["share"],
    /// Counted referrals of those who live in the hub's area, per replication.
    ReferralsOfResidents = "referrals_of_residents" ["count"],
    /// Share of them seen within their standard, whoever serves them.
    LevelOfResidents = "service_level_of_residents" ["share"],
    /// Best less worst area's.
    GapOfResidents = "equity_gap_of_residents_points" ["points"],
    /// Share of bootstrap resamples in which the area is the best.
    BestOfResidents = "best_of_residents_in_resamples" ["share"],
    /// The same for the worst.
    WorstOfResidents = "worst_of_residents_in_resamples" ["share"],
    /// Referrals of those who live in the area.
    Referrals = "referrals_per_1000_residents" ["per year"],
    /// Of those, seen; or where a package answers them, started.
    Seen = "seen_per_1000_residents" ["per year"],
    /// Of those, not seen within their standard.
    Misses = "misses_per_1000_residents" ["per year"],
    /// WTE on the books of the area's hub, recruited posts too: the mean over the days of the window.
    Wte = "wte_per_1000_residents" ["WTE"],
    /// Staff on shift there, day and night mean.
    OnShift = "on_shift_per_1000_residents" ["people"],
    /// The highest area's referrals per resident over the lowest's.
    ReferralsRatio = "referrals_ratio" ["times"],
    /// The same of those seen.
    SeenRatio = "seen_ratio" ["times"],
    /// The same of misses.
    MissesRatio = "misses_ratio" ["times"],
    /// The same of WTE.
    WteRatio = "wte_ratio" ["times"],
    /// The same of staff on shift.
    OnShiftRatio = "on_shift_ratio" ["times"],
}

/// One line of `equity.csv`. `None` for hub or role is `all`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EquityRow {
    /// The hub, or its area; or all.
    pub hub: Option<HubId>,
    /// The pathway, for referrals.
    pub pathway: Option<PathwayId>,
    /// The role, for staff.
    pub role: Option<RoleId>,
    /// What.
    pub measure: EquityMeasure,
    /// How much; `None` where nothing was there to measure.
    pub estimate: Option<Estimate>,
}

/// What hubs are compared by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum View {
    /// By the hub that serves.
    ServedBy,
    /// By the hub in whose area people live.
    Home,
}

/// The best or the worst hub.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Extreme {
    /// Which.
    pub hub: HubId,
    /// Its service level.
    pub service_level: Option<Estimate>,
    /// Share of bootstrap resamples in which it is this one.
    pub in_resamples: f64,
}

impl Extreme {
    /// Whether it can be told apart from the others.
    #[must_use]
    pub fn is_sure(&self) -> bool {
        self.in_resamples >= SURE
    }
}

impl Gap {
    /// Whether every hub has the same service level, so that none is best or worst.
    #[must_use]
    pub fn all_alike(&self) -> bool {
        self.gap.mean == 0.0
    }
}

/// How far hubs are apart in a pathway's service level.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Gap {
    /// The pathway.
    pub pathway: PathwayId,
    /// What hubs are compared by.
    pub view: View,
    /// Best less worst \[points\].
    pub gap: Estimate,
    /// The best: of several alike the first in the file.
    pub best: Extreme,
    /// The worst: of several alike the first in the file.
    pub worst: Extreme,
    /// Hubs that are the worst in a twentieth of the resamples or more, the most frequent first; none where many are alike.
    pub perhaps_worst: Vec<HubId>,
}

/// Fairness between hubs.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Equity {
    /// By pathway with a standard, by the hub that serves; and by where people live, if some are served elsewhere.
    pub gaps: Vec<Gap>,
    /// Every line of `equity.csv`.
    pub rows: Vec<EquityRow>,
}

impl Equity {
    /// How far hubs are apart, if two or more can be compared.
    #[must_use]
    pub fn gap(&self, pathway: PathwayId, view: View) -> Option<&Gap> {
        self.gaps.iter().find(|g| g.pathway == pathway && g.view == view)
    }

    /// The estimate of a measure, if there is such a row and anything was there to measure.
    #[must_use]
    pub fn estimate(
        &self,
        hub: Option<HubId>,
        pathway: Option<PathwayId>,
        role: Option<RoleId>,
        measure: EquityMeasure,
    ) -> Option<Estimate> {
        let wanted = |r: &&EquityRow| (r.hub, r.pathway, r.role, r.measure) == (hub, pathway, role, measure);
        self.rows.iter().find(wanted).and_then(|r| r.estimate)
    }
}

/// Whether the scenario says how many people live where, of two areas or more.
#[must_use]
pub fn has_residents(scenario: &Scenario) -> bool {
    with_residents(scenario).count() > 1
}

/// The hubs in whose area anybody lives, as far as the scenario says.
pub fn with_residents(scenario: &Scenario) -> impl Iterator<Item = HubId> + use<'_> {
    let hubs = scenario.hubs.iter().enumerate();
    hubs.filter(|(_, hub)| hub.residents.is_some_and(|n| n > 0))
        .map(|(place, _)| HubId(place))
}

/// Whether anybody is ever served elsewhere.
#[must_use]
pub fn serves_elsewhere(scenario: &Scenario) -> bool {
    let days = scenario.later.iter().map(|later| &later.scenario);
    let mut entries = days.chain([scenario]).flat_map(|s| &s.served_elsewhere);
    entries.any(|entry| entry.share.get() > 0.0)
}

/// One of the counts.
type Count = fn(&Counts) -> u64;

/// Counts of those who live in an area, in one replication and pathway.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Counts {
    referrals: u64,
    hits: u64,
    seen: u64,
}

impl Counts {
    const fn of(row: &PathwayRow) -> Self {
        Self {
            referrals: row.referrals,
            hits: row.hits,
            seen: row.seen,
        }
    }

    const fn plus(self, other: Self) -> Self {
        Self {
            referrals: self.referrals + other.referrals,
            hits: self.hits + other.hits,
            seen: self.seen + other.seen,
        }
    }

    const fn less(self, other: Self) -> Self {
        Self {
            referrals: self.referrals - other.referrals,
            hits: self.hits - other.hits,
            seen: self.seen - other.seen,
        }
    }
}

/// A rate in every replication, and its mean.
struct Rate {
    values: Vec<f64>,
    interval: Option<Interval>,
}

/// Sums up.
pub(super) fn sum_up(scenario: &Scenario, runs: &Runs, confidence: f64) -> Equity {
    let summing = Summing {
        scenario,
        runs,
        confidence,
    };
    let mut equity = Equity::default();
    if scenario.hubs.len() < 2 {
        return equity;
    }
    let elsewhere = serves_elsewhere(scenario);
    for id in (0..scenario.pathways.len()).map(PathwayId) {
        if scenario.pathways[id.0].standard.is_some() {
            summing.compare(id, View::ServedBy, &mut equity);
        }
        if elsewhere {
            summing.by_home(id, &mut equity.rows);
            if scenario.pathways[id.0].standard.is_some() {
                summing.compare(id, View::Home, &mut equity);
            }
        }
    }
    if has_residents(scenario) {
        summing.per_resident(&mut equity.rows);
    }
    equity
}

struct Summing<'a> {
    scenario: &'a Scenario,
    runs: &'a Runs,
    confidence: f64,
}

impl Summing<'_> {
    fn estimate(&self, interval: Interval) -> Estimate {
        Estimate::of(interval, self.confidence, self.runs.replications())
    }

    /// What needs no interval, or has none.
    fn exact(&self, value: f64) -> Estimate {
        self.estimate(Interval::between(value, value, value))
    }

    fn hubs(&self) -> impl Iterator<Item = HubId> + use<> {
        (0..self.scenario.hubs.len()).map(HubId)
    }

    /// By replication: of a hub, or of all.
    fn counts(&self, hub: Option<HubId>, pathway: PathwayId, view: View) -> Vec<Counts> {
        let place = hub.map_or(self.scenario.hubs.len(), |hub| hub.0);
        let served = self
            .runs
            .rows
            .iter()
            .map(|row| Counts::of(&row[place].pathways[pathway.0]));
        let (Some(hub), View::Home) = (hub, view) else {
            return served.collect();
        };
        let away = |(counts, elsewhere): (Counts, &Vec<Vec<PathwayRow>>)| {
            let entries = self.scenario.served_elsewhere.iter().zip(elsewhere);
            entries.fold(counts, |counts, (entry, rows)| {
                let these = rows.get(pathway.0).map(Counts::of).unwrap_or_default();
                if entry.by == hub {
                    counts.less(these)
                } else if entry.home == hub {
                    counts.plus(these)
                } else {
                    counts
                }
            })
        };
        served.zip(&self.runs.elsewhere).map(away).collect()
    }

    /// Best, worst and the gap of a pathway's service level.
    fn compare(&self, pathway: PathwayId, view: View, equity: &mut Equity) {
        let counts = self.hubs().map(|hub| (hub, self.counts(Some(hub), pathway, view)));
        let compared: Vec<(HubId, Vec<Counts>)> = counts
            .filter(|(_, counts)| counts.iter().any(|c| c.referrals > 0))
            .collect();
        let pairs = |counts: &[Counts]| counts.iter().map(|c| (c.hits as f64, c.referrals as f64)).collect();
        let shares: Vec<Vec<(f64, f64)>> = compared.iter().map(|(_, counts)| pairs(counts)).collect();
        let Some(found) = extremes(&shares, 100.0, self.confidence) else {
            return;
        };
        let gap = self.estimate(found.gap);
        let level = |counts: &[Counts]| {
            let pairs: Vec<(u64, u64)> = counts.iter().map(|c| (c.hits, c.referrals)).collect();
            share_interval(&pairs, self.confidence).map(|i| self.estimate(i))
        };
        let levels: Vec<Option<Estimate>> = compared.iter().map(|(_, counts)| level(counts)).collect();
        let mean = |n: usize| levels[n].map_or(0.0, |e| e.mean);
        let named = |place: usize, resamples: &[f64]| Extreme {
            hub: compared[place].0,
            service_level: levels[place],
            in_resamples: resamples[place],
        };
        let places = 0..compared.len();
        // Of several alike the first.
        let best = places
            .clone()
            .fold(0, |best, n| if mean(n) > mean(best) { n } else { best });
        let worst = places
            .clone()
            .fold(0, |worst, n| if mean(n) < mean(worst) { n } else { worst });
        let mut perhaps: Vec<usize> = places.clone().filter(|&n| found.lowest[n] >= 0.05).collect();
        perhaps.sort_by(|&a, &b| found.lowest[b].total_cmp(&found.lowest[a]));
        let measures = match view {
            View::ServedBy => [EquityMeasure::Gap, EquityMeasure::Best, EquityMeasure::Worst],
            View::Home => [
                EquityMeasure::GapOfResidents,
                EquityMeasure::BestOfResidents,
                EquityMeasure::WorstOfResidents,
            ],
        };
        let mut push = |hub, measure, estimate| {
            equity.rows.push(EquityRow {
                hub,
                pathway: Some(pathway),
                role: None,
                measure,
                estimate: Some(estimate),
            });
        };
        push(None, measures[0], gap);
        for (measure, resamples) in [(measures[1], &found.highest), (measures[2], &found.lowest)] {
            for (n, (hub, _)) in compared.iter().enumerate() {
                push(Some(*hub), measure, self.exact(resamples[n]));
            }
        }
        equity.gaps.push(Gap {
            pathway,
            view,
            gap,
            best: named(best, &found.highest),
            worst: named(worst, &found.lowest),
            perhaps_worst: perhaps.into_iter().map(|n| compared[n].0).collect(),
        });
    }

    /// Referrals and service level by where people live.
    fn by_home(&self, pathway: PathwayId, rows: &mut Vec<EquityRow>) {
        let judged = self.scenario.pathways[pathway.0].standard.is_some();
        for hub in self.hubs().map(Some).chain([None]) {
            let counts = self.counts(hub, pathway, View::Home);
            let referrals: Vec<f64> = counts.iter().map(|c| c.referrals as f64).collect();
            let pairs: Vec<(u64, u64)> = counts.iter().map(|c| (c.hits, c.referrals)).collect();
            let mut push = |measure, interval: Option<Interval>| {
                rows.push(EquityRow {
                    hub,
                    pathway: Some(pathway),
                    role: None,
                    measure,
                    estimate: interval.map(|i| self.estimate(i)),
                });
            };
            push(
                EquityMeasure::ReferralsOfResidents,
                mean_interval(&referrals, self.confidence),
            );
            if judged {
                push(EquityMeasure::LevelOfResidents, share_interval(&pairs, self.confidence));
            }
        }
    }

    fn residents(&self, hub: Option<HubId>) -> f64 {
        let of = |hub: HubId| self.scenario.hubs[hub.0].residents.map_or(0.0, f64::from);
        hub.map_or_else(|| self.hubs().map(of).sum(), of)
    }

    /// What falls to a thousand residents of each area.
    fn per_resident(&self, rows: &mut Vec<EquityRow>) {
        let window = self.scenario.experiment.run_length;
        let years = window.days() / YEAR_DAYS;
        for pathway in (0..self.scenario.pathways.len()).map(PathwayId) {
            let misses = self.scenario.pathways[pathway.0].standard.is_some();
            let each: [(_, _, Count); 3] = [
                (EquityMeasure::Referrals, EquityMeasure::ReferralsRatio, |c| c.referrals),
                (EquityMeasure::Seen, EquityMeasure::SeenRatio, |c| c.seen),
                (EquityMeasure::Misses, EquityMeasure::MissesRatio, |c| {
                    c.referrals - c.hits
                }),
            ];
            for (measure, ratio, of) in each {
                if misses || measure != EquityMeasure::Misses {
                    let rate = |hub: Option<HubId>| -> Rate {
                        let scale = PER / self.residents(hub) / years;
                        let counts = self.counts(hub, pathway, View::Home);
                        Rate {
                            values: counts.iter().map(|c| of(c) as f64 * scale).collect(),
                            interval: self.count_interval(hub, pathway, &counts, of).map(|i| i.times(scale)),
                        }
                    };
                    self.push_rates((Some(pathway), None), (measure, ratio), &rate, rows);
                }
            }
        }
        for role in (0..self.scenario.roles.len()).map(RoleId) {
            self.wte_per_resident(role, rows);
            self.on_shift_per_resident(role, window, rows);
        }
    }

    /// The mean of a count. A count that is the same in all replications is not known for that: of none at all the interval
    /// is open on one side (see [`share_interval`]), of any other on both.
    fn count_interval(&self, hub: Option<HubId>, pathway: PathwayId, counts: &[Counts], of: Count) -> Option<Interval> {
        let first = of(counts.first()?);
        if counts.iter().any(|c| of(c) != first) {
            let values: Vec<f64> = counts.iter().map(|c| of(c) as f64).collect();
            return mean_interval(&values, self.confidence);
        }
        if first > 0 {
            return Some(Interval::symmetric(first as f64, f64::INFINITY));
        }
        if !self.may_be_referred(hub, pathway) {
            return Some(Interval::between(0.0, 0.0, 0.0));
        }
        let pairs: Vec<(u64, u64)> = counts.iter().map(|c| (of(c), c.referrals)).collect();
        let n = counts.len() as f64;
        let referrals = counts.iter().map(|c| c.referrals).sum::<u64>() as f64 / n;
        let at_most = match share_interval(&pairs, self.confidence) {
            Some(share) => share.high * referrals,
            // Nobody was referred. The rule of three: were it more, somebody would have been, at that confidence.
            None => -libm::log1p(-self.confidence) / n,
        };
        Some(Interval::between(0.0, 0.0, at_most))
    }

    /// Whether anybody who lives in an area can be referred to a pathway at all.
    fn may_be_referred(&self, hub: Option<HubId>, pathway: PathwayId) -> bool {
        let demand = |s: &Scenario| {
            let mut hubs = s
                .hubs
                .iter()
                .enumerate()
                .filter(|(n, _)| hub.is_none_or(|hub| hub.0 == *n));
            hubs.any(|(_, hub)| hub.referrals[pathway.0].get() > 0.0)
        };
        let mut outcomes = self.scenario.pathways.iter().flat_map(|p| &p.outcome);
        self.scenario.stretches().iter().any(|(_, s)| demand(s))
            || outcomes.any(|(outcome, _)| *outcome == Outcome::Pathway(pathway))
    }

    /// Staff by where they are on the books: WTE as dated changes make them, averaged over the days of the window, and
    /// recruited posts. Posts of a pool are counted at its base, and nobody can say whose residents they are for.
    fn wte_per_resident(&self, role: RoleId, rows: &mut Vec<EquityRow>) {
        let recruited = |hub: Option<HubId>| {
            let mut recruits = self.scenario.recruits.iter().filter(|r| r.role == role);
            recruits.any(|r| hub.map_or_else(|| r.posts.iter().any(|n| *n > 0), |hub| r.posts[hub.0] > 0))
        };
        if recruited(None) && !self.scenario.pools.is_empty() {
            return;
        }
        let days = self.scenario.experiment.days() as f64;
        let steady = |hub: HubId| -> Option<f64> {
            let each = self.scenario.stretches().into_iter().map(|(days, s)| {
                let wte = match &s.hubs[hub.0].staff[role.0] {
                    Staffing::Wte(wte) => wte.get(),
                    staff => staff.is_none().then_some(0.0)?,
                };
                Some((wte, (days.end - days.start) as f64))
            });
            let each: Vec<(f64, f64)> = each.collect::<Option<_>>()?;
            match each[..] {
                [(wte, _)] => Some(wte),
                _ => Some(each.iter().map(|(wte, of)| wte * of).sum::<f64>() / days),
            }
        };
        let Some(total) = self.hubs().map(steady).sum::<Option<f64>>() else {
            return;
        };
        if total <= 0.0 && !recruited(None) {
            return;
        }
        let rate = |hub: Option<HubId>| {
            let place = hub.map_or(self.scenario.hubs.len(), |hub| hub.0);
            let steady = hub.map_or(Some(total), steady).unwrap_or_default();
            let scale = PER / self.residents(hub);
            let posts = self
                .runs
                .rows
                .iter()
                .map(|row| row[place].roles[role.0].recruited_wte_days);
            let values: Vec<f64> = posts
                .map(|posts| (steady + posts as f64 / 1000.0 / days) * scale)
                .collect();
            let interval = if recruited(hub) {
                mean_interval(&values, self.confidence)
            } else {
                let wte = steady * scale;
                Some(Interval::between(wte, wte, wte))
            };
            Rate { values, interval }
        };
        let measures = (EquityMeasure::Wte, EquityMeasure::WteRatio);
        self.push_rates((None, Some(role)), measures, &rate, rows);
    }

    /// Staff on shift by where they are on the books. Of a pool's, who are counted at its base, nobody can say whose residents
    /// they are on shift for.
    fn on_shift_per_resident(&self, role: RoleId, window: Span, rows: &mut Vec<EquityRow>) {
        if !self.scenario.pools.is_empty() {
            return;
        }
        let rate = |hub: Option<HubId>| {
            let place = hub.map_or(self.scenario.hubs.len(), |hub| hub.0);
            let scale = PER / self.residents(hub) / window.ms() as f64;
            let available = self.runs.rows.iter().map(|row| row[place].roles[role.0].available_ms);
            let values: Vec<f64> = available.map(|ms| ms as f64 * scale).collect();
            Rate {
                interval: mean_interval(&values, self.confidence),
                values,
            }
        };
        let measures = (EquityMeasure::OnShift, EquityMeasure::OnShiftRatio);
        self.push_rates((None, Some(role)), measures, &rate, rows);
    }

    /// A rate by hub and over all, and the highest over the lowest.
    fn push_rates(
        &self,
        (pathway, role): (Option<PathwayId>, Option<RoleId>),
        (measure, ratio): (EquityMeasure, EquityMeasure),
        rate: &dyn Fn(Option<HubId>) -> Rate,
        rows: &mut Vec<EquityRow>,
    ) {
        let mut push = |hub, measure, interval: Option<Interval>| {
            rows.push(EquityRow {
                hub,
                pathway,
                role,
                measure,
                estimate: interval.map(|i| self.estimate(i)),
            });
        };
        let hubs: Vec<HubId> = with_residents(self.scenario).collect();
        let by_hub: Vec<Rate> = hubs.iter().map(|&hub| rate(Some(hub))).collect();
        for (&hub, rate) in hubs.iter().zip(&by_hub) {
            push(Some(hub), measure, rate.interval);
        }
        push(None, measure, rate(None).interval);
        let each = by_hub
            .iter()
            .map(|rate| rate.values.iter().map(|&v| (v, 1.0)).collect());
        let rates: Vec<Vec<(f64, f64)>> = each.collect();
        let found: Option<Extremes> = extremes(&rates, 1.0, self.confidence);
        let times = found.and_then(|found| found.ratio);
        // Resampling finds nothing to vary where a rate is not known how well.
        let open = |rate: &Rate| rate.interval.is_some_and(|i| i.half_width.is_infinite());
        push(
            None,
            ratio,
            times.map(|times| match times {
                Interval { mean, half_width, .. } if half_width == 0.0 && by_hub.iter().any(open) => {
                    Interval::symmetric(mean, f64::INFINITY)
                }
                times => times,
            }),
        );
    }
}
