//! `summary.csv`, `replications.csv`, `hourly.csv`, `monthly.csv`, `weekly.csv` and the tables of causes: tidy long tables,
//! UTF-8, one header each.
//!
//! The columns are a contract. Numbers are the shortest text that reads back as the same number; a cell is empty where
//! there was nothing to measure.

mod consequences;

pub use consequences::{
    AFTER, BED_MEASURES, BEDS, MONEY, OUTCOME_MEASURES, OUTCOMES, after, beds, money, outcomes, paid,
};

use serde::Serialize;

use crate::answers::Estimate;
use crate::answers::causes::CauseMeasure;
use crate::answers::run::{Flow, HourlyMeasure, RunAnswer, SummaryRow};
use crate::answers::trajectory::DatedRow;
use crate::engine::Cause;
use crate::model::{HubId, RoleId, Scenario, Weekday};

/// The word for all hubs, pathways or roles.
pub const ALL: &str = "all";

/// Columns of `summary.csv`.
pub const SUMMARY: [&str; 12] = with_estimate(["scenario", "hub", "pathway", "role", "measure", "unit"]);
/// Columns of `replications.csv`.
pub const REPLICATIONS: [&str; 8] = [
    "scenario",
    "replication",
    "hub",
    "pathway",
    "role",
    "measure",
    "unit",
    "value",
];
/// Columns of `hourly.csv`.
pub const HOURLY: [&str; 14] = with_estimate([
    "scenario", "hub", "pathway", "role", "weekday", "hour", "measure", "unit",
]);

/// Columns of `causes.csv`.
pub const CAUSES: [&str; 12] = with_estimate(["scenario", "hub", "pathway", "cause", "measure", "unit"]);
/// Columns of `causes_hourly.csv`.
pub const CAUSES_HOURLY: [&str; 9] = [
    "scenario", "hub", "pathway", "weekday", "hour", "cause", "measure", "unit", "mean",
];
/// Columns of `switched_off.csv`.
pub const SWITCHED_OFF: [&str; 12] = with_estimate(["scenario", "hub", "pathway", "switched_off", "measure", "unit"]);
/// Columns of `monthly.csv`.
pub const MONTHLY: [&str; 13] = dated("month");
/// Columns of `weekly.csv`.
pub const WEEKLY: [&str; 13] = dated("week_from");

/// The columns of a table by period: what a row is of, and its estimate.
const fn dated(period: &'static str) -> [&'static str; 13] {
    with_estimate(["scenario", "hub", "pathway", "role", period, "measure", "unit"])
}

/// The columns that say what a row is of, followed by those of an estimate: the same six in every table.
pub(super) const fn with_estimate<const FIRST: usize, const ALL: usize>(
    first: [&'static str; FIRST],
) -> [&'static str; ALL] {
    const ESTIMATE: [&str; 6] = ["mean", "half_width", "low", "high", "confidence", "replications"];
    assert!(
        ALL == FIRST + ESTIMATE.len(),
        "six columns more than those that say what a row is of"
    );
    let mut columns = [""; ALL];
    let mut at = 0;
    while at < ALL {
        columns[at] = if at < FIRST { first[at] } else { ESTIMATE[at - FIRST] };
        at += 1;
    }
    columns
}

/// A table could not be written.
#[derive(Debug, thiserror::Error)]
#[error("cannot write a CSV table: {0}")]
pub struct CsvError(String);

/// One line of `summary.csv`, with names.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SummaryLine<'a> {
    /// The hub's name, or `all`.
    pub hub: &'a str,
    /// The pathway's or package's name, or `all`.
    pub pathway: &'a str,
    /// The role's name, or `all`.
    pub role: &'a str,
    /// What.
    pub measure: &'static str,
    /// In what.
    pub unit: &'static str,
    /// How much; nothing where there was nothing to measure.
    #[serde(flatten)]
    pub estimate: Option<Estimate>,
}

impl<'a> SummaryLine<'a> {
    /// A row with names for places in lists.
    #[must_use]
    pub fn new(scenario: &'a Scenario, row: &SummaryRow) -> Self {
        Self {
            hub: hub(scenario, row.hub),
            pathway: flow(scenario, row.flow),
            role: role(scenario, row.role),
            measure: row.measure.name(),
            unit: row.measure.unit(),
            estimate: row.estimate,
        }
    }
}

/// A hub's name as in the file, or `all`.
#[must_use]
pub fn hub(scenario: &Scenario, id: Option<HubId>) -> &str {
    id.map_or(ALL, |id| &scenario.hubs[id.0].name)
}

/// A role's name as in the file, or `all`.
#[must_use]
pub fn role(scenario: &Scenario, id: Option<RoleId>) -> &str {
    id.map_or(ALL, |id| &scenario.roles[id.0].name)
}

/// A pathway's or package's name as in the file, or `all`.
#[must_use]
pub fn flow(scenario: &Scenario, flow: Flow) -> &str {
    match flow {
        Flow::All => ALL,
        Flow::Pathway(id) => &scenario.pathways[id.0].name,
        Flow::Package(id) => &scenario.packages[id.0].name,
    }
}

/// The name of an hourly measure and its unit.
#[must_use]
pub const fn hourly_measure(measure: HourlyMeasure) -> (&'static str, &'static str) {
    match measure {
        HourlyMeasure::Referrals => ("referrals", "count"),
        HourlyMeasure::ServiceLevel => ("service_level", "share"),
        HourlyMeasure::OnShift => ("on_shift", "people"),
        HourlyMeasure::Busy => ("busy", "people"),
    }
}

/// `summary.csv`.
///
/// # Errors
/// [`CsvError`] if the table cannot be made.
pub fn summary(scenario: &Scenario, answer: &RunAnswer) -> Result<String, CsvError> {
    table(
        &SUMMARY,
        answer.summary.iter().map(|row| {
            let line = SummaryLine::new(scenario, row);
            let mut cells = vec![scenario.name.clone()];
            cells.extend([line.hub, line.pathway, line.role, line.measure, line.unit].map(str::to_owned));
            cells.extend(estimate(line.estimate));
            cells
        }),
    )
}

/// `replications.csv`.
///
/// # Errors
/// [`CsvError`] if the table cannot be made.
pub fn replications(scenario: &Scenario, answer: &RunAnswer) -> Result<String, CsvError> {
    table(
        &REPLICATIONS,
        answer.by_replication.iter().map(|row| {
            vec![
                scenario.name.clone(),
                row.replication.to_string(),
                hub(scenario, row.hub).into(),
                flow(scenario, row.flow).into(),
                role(scenario, row.role).into(),
                row.measure.name().into(),
                row.measure.unit().into(),
                row.value.map_or_else(String::new, number),
            ]
        }),
    )
}

/// `hourly.csv`.
///
/// # Errors
/// [`CsvError`] if the table cannot be made.
pub fn hourly(scenario: &Scenario, answer: &RunAnswer) -> Result<String, CsvError> {
    table(
        &HOURLY,
        answer.hourly.iter().map(|row| {
            let (measure, unit) = hourly_measure(row.measure);
            let weekday = Weekday::ALL.get(row.hour_of_week / 24).map_or("", |d| d.name());
            let mut cells = vec![
                scenario.name.clone(),
                hub(scenario, row.hub).into(),
                row.pathway.map_or(ALL, |id| &scenario.pathways[id.0].name).into(),
                role(scenario, row.role).into(),
                weekday.into(),
                (row.hour_of_week % 24).to_string(),
                measure.into(),
                unit.into(),
            ];
            cells.extend(estimate(row.estimate));
            cells
        }),
    )
}

/// A cause's name, or `all`.
#[must_use]
pub fn cause(cause: Option<Cause>) -> &'static str {
    cause.map_or(ALL, Cause::name)
}

/// `causes.csv`.
///
/// # Errors
/// [`CsvError`] if the table cannot be made.
pub fn causes(scenario: &Scenario, answer: &RunAnswer) -> Result<String, CsvError> {
    table(
        &CAUSES,
        answer.causes.iter().map(|row| {
            let (measure, unit) = (row.measure.name(), row.measure.unit());
            let pathway = &scenario.pathways[row.pathway.0].name;
            let words = [hub(scenario, row.hub), pathway, cause(row.cause), measure, unit];
            let mut cells = vec![scenario.name.clone()];
            cells.extend(words.map(str::to_owned));
            cells.extend(estimate(row.estimate));
            cells
        }),
    )
}

/// `causes_hourly.csv`: hours without a miss have no row.
///
/// # Errors
/// [`CsvError`] if the table cannot be made.
pub fn causes_hourly(scenario: &Scenario, answer: &RunAnswer) -> Result<String, CsvError> {
    table(
        &CAUSES_HOURLY,
        answer.causes_hourly.iter().map(|row| {
            let weekday = Weekday::ALL.get(row.hour_of_week / 24).map_or("", |d| d.name());
            let misses = CauseMeasure::Misses;
            vec![
                scenario.name.clone(),
                hub(scenario, row.hub).into(),
                scenario.pathways[row.pathway.0].name.clone(),
                weekday.into(),
                (row.hour_of_week % 24).to_string(),
                row.cause.name().into(),
                misses.name().into(),
                misses.unit().into(),
                number(row.misses),
            ]
        }),
    )
}

/// The measures of `switched_off.csv` with their units: the service level without the cause, and its change.
pub const SWITCHED_OFF_MEASURES: [(&str, &str); 2] = [("service_level", "share"), ("change_points", "points")];

/// `switched_off.csv`: what `explain` found.
///
/// # Errors
/// [`CsvError`] if the table cannot be made.
pub fn switched_off(scenario: &Scenario, answer: &RunAnswer) -> Result<String, CsvError> {
    table(
        &SWITCHED_OFF,
        answer.switched_off.iter().flat_map(|row| {
            let measured = SWITCHED_OFF_MEASURES.iter().zip([row.service_level, row.change]);
            measured.map(|(&(measure, unit), e)| {
                let pathway = &scenario.pathways[row.pathway.0].name;
                let mut cells = vec![scenario.name.clone()];
                cells.extend([ALL, pathway, row.switch.name(), measure, unit].map(str::to_owned));
                cells.extend(estimate(e));
                cells
            })
        }),
    )
}

/// `monthly.csv`.
///
/// # Errors
/// [`CsvError`] if the table cannot be made.
pub fn monthly(scenario: &Scenario, answer: &RunAnswer) -> Result<String, CsvError> {
    let months: Vec<String> = answer.trajectory.months.iter().map(|m| m.month().to_string()).collect();
    by_date(scenario, &MONTHLY, &answer.trajectory.monthly(), &months)
}

/// `weekly.csv`: blocks of seven days from the first measured one, each named by its first day.
///
/// # Errors
/// [`CsvError`] if the table cannot be made.
pub fn weekly(scenario: &Scenario, answer: &RunAnswer) -> Result<String, CsvError> {
    let weeks: Vec<String> = answer.trajectory.weeks.iter().map(|w| w.date.to_string()).collect();
    by_date(scenario, &WEEKLY, &answer.trajectory.weekly(), &weeks)
}

fn by_date(
    scenario: &Scenario,
    header: &[&str; 13],
    rows: &[DatedRow],
    periods: &[String],
) -> Result<String, CsvError> {
    table(
        header,
        rows.iter().map(|row| {
            let mut cells = vec![
                scenario.name.clone(),
                hub(scenario, row.hub).into(),
                flow(scenario, row.flow).into(),
                role(scenario, row.role).into(),
                periods.get(row.period).cloned().unwrap_or_default(),
                row.measure.name().into(),
                row.measure.unit().into(),
            ];
            cells.extend(estimate(row.estimate));
            cells
        }),
    )
}

pub(super) fn estimate(e: Option<Estimate>) -> [String; 6] {
    e.map_or_else(Default::default, |e| {
        [
            number(e.mean),
            number(e.half_width),
            number(e.low),
            number(e.high),
            number(e.confidence),
            e.replications.to_string(),
        ]
    })
}

/// The shortest text that reads back as the same number; nothing for what is no number.
pub(super) fn number(v: f64) -> String {
    if !v.is_finite() {
        String::new()
    } else if v == 0.0 {
        // Negative zero is nothing too.
        "0".into()
    } else {
        v.to_string()
    }
}

pub(super) fn table(header: &[&str], rows: impl Iterator<Item = Vec<String>>) -> Result<String, CsvError> {
    let mut writer = ::csv::WriterBuilder::new()
        .terminator(::csv::Terminator::Any(b'\n'))
        .from_writer(Vec::new());
    let failed = |e: &dyn std::fmt::Display| CsvError(e.to_string());
    writer.write_record(header).map_err(|e| failed(&e))?;
    for row in rows {
        writer.write_record(&row).map_err(|e| failed(&e))?;
    }
    let bytes = writer.into_inner().map_err(|e| failed(&e))?;
    String::from_utf8(bytes).map_err(|e| failed(&e))
}

#[cfg(test)]
mod tests {
    use super::{hourly, replications, summary};
    use crate::output::sample;

    #[test]
    fn the_columns_are_the_contract() {
        let (scenario, answer) = (sample::scenario(), sample::answer());
        let text = summary(&scenario, &answer).unwrap();
        let mut lines = text.lines();
        assert_eq!(
            lines.next(),
            Some("scenario,hub,pathway,role,measure,unit,mean,half_width,low,high,confidence,replications")
        );
        assert!(
            lines
                .next()
                .unwrap()
                .starts_with("home-first-2020,Charnwood,crisis,all,referrals,count,1415.")
        );
        assert!(
            text.contains(
                "\nhome-first-2020,\"Blaby, Oadby and Wigston\",crisis,all,service_level,share,0.8461,0.002,"
            )
        );
        assert!(text.contains("\nhome-first-2020,all,crisis-care,all,visits_missed_share,share,"));
        assert!(text.contains("\nhome-first-2020,all,all,nurse,utilisation,share,0.76,"));
        assert!(text.contains("\nhome-first-2020,Charnwood,crisis,all,unanswered_share,share,,,,,,\n"));
        let text = hourly(&scenario, &answer).unwrap();
        assert!(text.starts_with(
            "scenario,hub,pathway,role,weekday,hour,measure,unit,mean,half_width,low,high,confidence,replications\n"
        ));
        assert!(text.contains("\nhome-first-2020,all,crisis,all,Tue,8,service_level,share,0.8,0.02,"));
        let text = replications(&scenario, &answer).unwrap();
        assert!(
            text.starts_with("scenario,replication,hub,pathway,role,measure,unit,value\nhome-first-2020,1,all,crisis,")
        );
    }

    #[test]
    fn numbers_read_back_as_the_same_numbers() {
        let (scenario, answer) = (sample::scenario(), sample::answer());
        let text = summary(&scenario, &answer).unwrap();
        let mut reader = ::csv::Reader::from_reader(text.as_bytes());
        for (record, row) in reader.records().zip(&answer.summary) {
            let mean = record.unwrap()[6].parse::<f64>().ok();
            assert_eq!(mean.map(f64::to_bits), row.estimate.map(|e| e.mean.to_bits()));
        }
    }
}
