//! What becomes of people, and the beds in which they wait.

use serde::Serialize;

use super::Summing;
use crate::answers::Estimate;
use crate::model::{BedId, EndsAfter, Hub, HubId, Scenario};
use crate::stats::{mean_interval, share_interval};
use crate::units::Span;

/// One line of `outcomes.csv`.
#[derive(Clone, Debug, PartialEq)]
pub struct OutcomeRow {
    /// The hub, or all.
    pub hub: Option<HubId>,
    /// After what.
    pub after: EndsAfter,
    /// What becomes of people, as in the file.
    pub outcome: String,
    /// Of those who got so far, the share of whom this becomes.
    pub share: Option<Estimate>,
    /// How many a year.
    pub per_year: Option<Estimate>,
}

/// A kind of bed at a hub: one line of `beds.csv` for each figure.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BedRow {
    /// The hub, or all.
    pub hub: Option<HubId>,
    /// The kind.
    pub bed: BedId,
    /// Places at the start of the window; `None` is no limit, for all hubs as soon as one has none.
    pub places: Option<u32>,
    /// Time-average of people in these beds.
    pub occupied: Option<Estimate>,
    /// Share of the window in which every place was taken; `None` without a limit, and for all hubs together.
    pub full: Option<Estimate>,
    /// Bed days lost waiting, per year: of those counted.
    pub days_lost: Option<Estimate>,
}

impl Summing<'_> {
    pub(super) fn outcomes(&self) -> Vec<OutcomeRow> {
        let endings = self.scenario.endings();
        let mut rows = Vec::new();
        for (place, hub) in self.hubs() {
            for (n, ending) in endings.iter().enumerate() {
                // Where all outcomes of leaving are stated, nobody goes elsewhere.
                if matches!(ending.after, EndsAfter::Leaving(_))
                    && ending.outcome == "elsewhere"
                    && self.runs.rows.iter().all(|row| row[place].endings[n] == 0)
                {
                    continue;
                }
                let same = |m: &usize| endings[*m].after == ending.after;
                let of_all: Vec<usize> = (0..endings.len()).filter(same).collect();
                let count = |row: &crate::replicate::Row, n: usize| row.endings.get(n).copied().unwrap_or_default();
                let pairs: Vec<(u64, u64)> = self
                    .runs
                    .rows
                    .iter()
                    .map(|row| {
                        let all = of_all.iter().map(|&m| count(&row[place], m)).sum();
                        (count(&row[place], n), all)
                    })
                    .collect();
                let a_year: Vec<f64> = pairs.iter().map(|(n, _)| *n as f64 / self.years()).collect();
                rows.push(OutcomeRow {
                    hub,
                    after: ending.after,
                    outcome: ending.outcome.into(),
                    share: self.estimate(share_interval(&pairs, self.confidence)),
                    per_year: self.estimate(mean_interval(&a_year, self.confidence)),
                });
            }
        }
        rows
    }

    /// Whether every kind of bed in which a pathway's people wait is limited at some hub on some day.
    pub(super) fn beds_may_run_out(&self, hub: Option<HubId>, pathway: usize) -> bool {
        let kinds = &self.scenario.pathways[pathway].waits_in;
        let limited = |h: &Hub| kinds.iter().all(|bed| h.beds[bed.0].is_some());
        let of = |scenario: &Scenario| {
            let hubs = scenario.hubs.iter().enumerate();
            hubs.filter(|(h, _)| hub.is_none_or(|one| one.0 == *h))
                .any(|(_, h)| limited(h))
        };
        let first = self.scenario;
        !kinds.is_empty() && (of(first) || first.later.iter().any(|later| of(&later.scenario)))
    }

    pub(super) fn beds(&self) -> Vec<BedRow> {
        let window = self.window().ms() as f64;
        let kinds = self.scenario.beds.len();
        let now = self.scenario.on_day(0);
        let mut rows = Vec::new();
        for (place, hub) in self.hubs() {
            for bed in 0..kinds {
                let of_hubs = now.hubs.iter().enumerate();
                let places = of_hubs
                    .filter(|(h, _)| hub.is_none_or(|one| one.0 == *h))
                    .map(|(_, h)| h.beds[bed])
                    .sum::<Option<u32>>();
                let all = || self.runs.rows.iter().map(move |row| &row[place]);
                let occupied: Vec<f64> = all().map(|row| row.beds[bed].occupied_ms as f64 / window).collect();
                let full: Vec<f64> = all().map(|row| row.beds[bed].full_ms as f64 / window).collect();
                let lost = all().map(|row| Span::from_ms(row.bed_ms(bed, kinds, None)).days() / self.years());
                let lost: Vec<f64> = lost.collect();
                let mean = |values: &[f64]| self.estimate(mean_interval(values, self.confidence));
                rows.push(BedRow {
                    hub,
                    bed: BedId(bed),
                    places,
                    occupied: mean(&occupied),
                    full: mean_interval(&full, self.confidence)
                        .filter(|_| hub.is_some() && places.is_some())
                        .and_then(|full| self.estimate(Some(full.clipped_to_share()))),
                    days_lost: mean(&lost),
                });
            }
        }
        rows
    }
}
