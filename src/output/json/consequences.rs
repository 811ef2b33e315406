//! What becomes of people, beds and money in JSON: the rows of `outcomes.csv`, `beds.csv` and `money.csv`.

use serde::Serialize;

use crate::answers::Estimate;
use crate::answers::run::{BedRow, MoneyRow, OutcomeRow, RunAnswer};
use crate::model::Scenario;
use crate::output::csv;

#[derive(Serialize)]
pub(super) struct OutcomeJson<'a> {
    hub: &'a str,
    pathway: &'a str,
    ended: &'static str,
    outcome: &'a str,
    share: Option<Estimate>,
    people_per_year: Option<Estimate>,
}

#[derive(Serialize)]
pub(super) struct BedJson<'a> {
    hub: &'a str,
    bed: &'a str,
    places: Option<u32>,
    beds_occupied_mean: Option<Estimate>,
    beds_full_share: Option<Estimate>,
    bed_days_lost: Option<Estimate>,
}

#[derive(Serialize)]
pub(super) struct MoneyJson<'a> {
    hub: &'a str,
    role: &'a str,
    bed: &'a str,
    measure: &'static str,
    price_year: Option<&'a str>,
    cost_gbp: Option<Estimate>,
    at_low_prices: f64,
    at_high_prices: f64,
}

pub(super) fn outcomes<'a>(scenario: &'a Scenario, answer: &'a RunAnswer) -> Vec<OutcomeJson<'a>> {
    let json = |row: &'a OutcomeRow| {
        let (pathway, ended) = csv::after(scenario, row.after);
        OutcomeJson {
            hub: csv::hub(scenario, row.hub),
            pathway,
            ended,
            outcome: &row.outcome,
            share: row.share,
            people_per_year: row.per_year,
        }
    };
    answer.outcomes.iter().map(json).collect()
}

pub(super) fn beds<'a>(scenario: &'a Scenario, answer: &RunAnswer) -> Vec<BedJson<'a>> {
    let json = |row: &BedRow| BedJson {
        hub: csv::hub(scenario, row.hub),
        bed: &scenario.beds[row.bed.0].name,
        places: row.places,
        beds_occupied_mean: row.occupied,
        beds_full_share: row.full,
        bed_days_lost: row.days_lost,
    };
    answer.beds.iter().map(json).collect()
}

pub(super) fn money<'a>(scenario: &'a Scenario, answer: &'a RunAnswer) -> Vec<MoneyJson<'a>> {
    let json = |row: &'a MoneyRow| {
        let (role, bed, measure) = csv::paid(scenario, row.paid);
        MoneyJson {
            hub: csv::hub(scenario, row.hub),
            role,
            bed,
            measure,
            price_year: row.price_year.as_deref(),
            cost_gbp: row.estimate,
            at_low_prices: row.at_low_prices,
            at_high_prices: row.at_high_prices,
        }
    };
    answer.money.iter().map(json).collect()
}
