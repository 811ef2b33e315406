//! Money, outcomes and beds that look like real ones.

use crate::answers::run::{BedRow, MoneyRow, OutcomeRow, Paid};
use crate::model::{BedId, EndsAfter, HubId, RoleId, Scenario};

use super::{HUBS, estimate};

pub(super) fn money() -> Vec<MoneyRow> {
    let row = |paid, year: &str, mean: f64, half_width: f64, low: f64, high: f64| MoneyRow {
        hub: None,
        paid,
        price_year: Some(year.into()),
        estimate: Some(estimate(mean, half_width)),
        at_low_prices: low,
        at_high_prices: high,
    };
    let year = "2024/25";
    let mut rows: Vec<MoneyRow> = [1.1e6, 2.1e6, 2.3e6, 7.2e6]
        .iter()
        .enumerate()
        .map(|(role, &mean)| {
            row(
                Paid::Staff(Some(RoleId(role))),
                year,
                mean,
                0.0,
                mean * 0.88,
                mean * 1.2,
            )
        })
        .collect();
    rows.push(row(Paid::Staff(None), year, 12.7e6, 0.0, 11.2e6, 15.2e6));
    rows.push(row(
        Paid::Overtime(None),
        year,
        212_000.0,
        2_100.0,
        190_000.0,
        260_000.0,
    ));
    rows.push(row(
        Paid::Bed(Some(BedId(0))),
        "2017/18",
        1.21e6,
        11_000.0,
        1.21e6,
        1.57e6,
    ));
    rows.push(row(Paid::Bed(None), "2017/18", 1.21e6, 11_000.0, 1.21e6, 1.57e6));
    rows.push(row(Paid::Admissions, year, 3.4e6, 12_000.0, 2.5e6, 6.8e6));
    rows
}

/// Equal numbers of every outcome.
pub(super) fn outcomes(scenario: &Scenario) -> Vec<OutcomeRow> {
    let endings = scenario.endings();
    let row = |after: EndsAfter, outcome: &str| {
        let of = endings.iter().filter(|e| e.after == after).count() as f64;
        OutcomeRow {
            hub: None,
            after,
            outcome: outcome.into(),
            share: Some(estimate(1.0 / of, 0.004)),
            per_year: Some(estimate(6_000.0 / of, 40.0)),
        }
    };
    endings.iter().map(|e| row(e.after, e.outcome)).collect()
}

pub(super) fn beds() -> Vec<BedRow> {
    let row = |hub| BedRow {
        hub,
        bed: BedId(0),
        places: Some(4),
        occupied: Some(estimate(1.7, 0.05)),
        full: hub.map(|_| estimate(0.083, 0.006)),
        days_lost: Some(estimate(612.0, 18.0)),
    };
    (0..HUBS.len()).map(|h| Some(HubId(h))).chain([None]).map(row).collect()
}
