//! `outcomes.csv`, `beds.csv` and `money.csv`.

use super::{ALL, CsvError, estimate, hub, number, role, table, with_estimate};
use crate::answers::Measure;
use crate::answers::run::{MoneyRow, Paid, RunAnswer};
use crate::model::{BedId, EndsAfter, Scenario};

/// Columns of `outcomes.csv`.
pub const OUTCOMES: [&str; 13] = with_estimate(["scenario", "hub", "pathway", "ended", "outcome", "measure", "unit"]);
/// Columns of `beds.csv`.
pub const BEDS: [&str; 12] = with_estimate(["scenario", "hub", "bed", "places", "measure", "unit"]);
/// Columns of `money.csv`.
pub const MONEY: [&str; 15] = [
    "scenario",
    "hub",
    "role",
    "bed",
    "measure",
    "unit",
    "price_year",
    "mean",
    "half_width",
    "low",
    "high",
    "confidence",
    "replications",
    "at_low_prices",
    "at_high_prices",
];
/// The measures of `outcomes.csv` with their units.
pub const OUTCOME_MEASURES: [(&str, &str); 2] = [("share", "share"), ("people_per_year", "per year")];
/// The measures of `beds.csv` with their units.
pub const BED_MEASURES: [(&str, &str); 3] = [
    ("beds_occupied_mean", "people"),
    ("beds_full_share", "share"),
    ("bed_days_lost", "days per year"),
];
/// The words of `ended` in `outcomes.csv`.
pub const AFTER: [&str; 3] = ["first_response", "leaving", "package"];

/// After what people end, as in the files: the pathway or package, and the word.
#[must_use]
pub fn after(scenario: &Scenario, after: EndsAfter) -> (&str, &'static str) {
    match after {
        EndsAfter::FirstResponse(id) => (&scenario.pathways[id.0].name, AFTER[0]),
        EndsAfter::Leaving(id) => (&scenario.pathways[id.0].name, AFTER[1]),
        EndsAfter::Package(id) => (&scenario.packages[id.0].name, AFTER[2]),
    }
}

/// What is paid for, as in the files: role, bed and measure.
#[must_use]
pub fn paid(scenario: &Scenario, paid: Paid) -> (&str, &str, &'static str) {
    let bed = |id: Option<BedId>| id.map_or(ALL, |id| &scenario.beds[id.0].name);
    match paid {
        Paid::Staff(id) => (role(scenario, id), "", Measure::StaffCostGbp.name()),
        Paid::Overtime(id) => (role(scenario, id), "", Measure::OvertimeCostGbp.name()),
        Paid::Bed(id) => ("", bed(id), Measure::BedCostGbp.name()),
        Paid::Admissions => ("", "", Measure::AdmissionCostGbp.name()),
    }
}

/// `outcomes.csv`.
///
/// # Errors
/// [`CsvError`] if the table cannot be made.
pub fn outcomes(scenario: &Scenario, answer: &RunAnswer) -> Result<String, CsvError> {
    let lines = answer.outcomes.iter().flat_map(|row| {
        let (name, after) = after(scenario, row.after);
        let measured = OUTCOME_MEASURES.iter().zip([row.share, row.per_year]);
        measured.map(move |(&(measure, unit), value)| {
            let mut cells = vec![scenario.name.clone()];
            let words = [hub(scenario, row.hub), name, after, &row.outcome, measure, unit];
            cells.extend(words.map(str::to_owned));
            cells.extend(estimate(value));
            cells
        })
    });
    table(&OUTCOMES, lines)
}

/// `beds.csv`.
///
/// # Errors
/// [`CsvError`] if the table cannot be made.
pub fn beds(scenario: &Scenario, answer: &RunAnswer) -> Result<String, CsvError> {
    let lines = answer.beds.iter().flat_map(|row| {
        let measured = BED_MEASURES.iter().zip([row.occupied, row.full, row.days_lost]);
        measured.map(|(&(measure, unit), value)| {
            let places = row.places.map_or_else(String::new, |n| n.to_string());
            let mut cells = vec![scenario.name.clone(), hub(scenario, row.hub).into()];
            cells.extend([
                scenario.beds[row.bed.0].name.clone(),
                places,
                measure.into(),
                unit.into(),
            ]);
            cells.extend(estimate(value));
            cells
        })
    });
    table(&BEDS, lines)
}

/// `money.csv`.
///
/// # Errors
/// [`CsvError`] if the table cannot be made.
pub fn money(scenario: &Scenario, answer: &RunAnswer) -> Result<String, CsvError> {
    let line = |row: &MoneyRow| {
        let (role, bed, measure) = paid(scenario, row.paid);
        let year = row.price_year.as_deref().unwrap_or_default();
        let mut cells = vec![scenario.name.clone()];
        cells.extend([hub(scenario, row.hub), role, bed, measure, "GBP per year", year].map(str::to_owned));
        cells.extend(estimate(row.estimate));
        cells.extend([row.at_low_prices, row.at_high_prices].map(number));
        cells
    };
    table(&MONEY, answer.money.iter().map(line))
}
