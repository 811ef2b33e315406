//! Whether a warm-up is long enough, as sentences and small tables, CSV and JSON.

use serde::Serialize;

use crate::answers::Measure;
use crate::answers::run::Flow;
use crate::answers::warm_up::{Audit, Series, Verdict, WarmUpAnswer, Watched};
use crate::model::Scenario;
use crate::output::csv::{self, CsvError};
use crate::output::grid::{Column, Grid, Row};
use crate::output::table::Text;
use crate::output::{changes, digits, words};
use crate::scenario::Undone;
use crate::stats::Interval;

/// Columns of `warm-up.csv`.
pub const COLUMNS: [&str; 7] = ["scenario", "week", "pathway", "measure", "unit", "mean", "smooth"];

/// What a series is of, in the words of the results files.
const fn measured(what: Watched) -> (Flow, Measure) {
    match what {
        Watched::Caseload(id) => (Flow::Package(id), Measure::CaseloadMean),
        Watched::Queue(id) => (Flow::Pathway(id), Measure::QueueMean),
        Watched::ServiceLevel(id) => (Flow::Pathway(id), Measure::ServiceLevel),
    }
}

/// What a series is of, for people.
#[must_use]
pub fn name(scenario: &Scenario, what: Watched) -> String {
    let of = words::flow(scenario, measured(what).0);
    match what {
        Watched::Caseload(_) => format!("{of}: open packages"),
        Watched::Queue(_) => format!("{of}: people waiting"),
        Watched::ServiceLevel(_) => format!("{of}: seen in time"),
    }
}

/// The mean of the second half of the weeks, as it is shown.
fn later(series: &Series) -> String {
    let Some(value) = series.later else {
        return digits::NONE.into();
    };
    match series.what {
        Watched::ServiceLevel(_) => digits::percent(value),
        _ => digits::people(value),
    }
}

fn asks(series: &Series) -> String {
    match (series.asks, series.too_short) {
        (None, _) => "cannot tell".into(),
        (Some(weeks), true) => format!("{weeks} or more"),
        (Some(weeks), false) => format!("{weeks}"),
    }
}

/// The difference of an audit, in points.
fn points(audit: &Audit) -> Option<Interval> {
    audit.difference.map(|d| d.times(100.0))
}

/// The answer in sentences.
#[must_use]
pub fn sentences(scenario: &Scenario, answer: &WarmUpAnswer) -> Vec<String> {
    let (has, longer) = (words::weeks(answer.warm_up.days()), words::weeks(answer.longer.days()));
    let asks = words::weeks(answer.asks as f64 * 7.0);
    let mut lines = vec![match answer.verdict {
        Verdict::LongEnough => format!("The warm-up of {has} is long enough: the series ask for {asks}."),
        Verdict::TooShort if answer.audits.iter().any(|a| !a.holds_none()) => {
            format!("The warm-up of {has} is too short: with {longer} the results differ.")
        }
        Verdict::TooShort => format!("The warm-up of {has} may be too short: the series ask for {asks}."),
        Verdict::CannotTell => format!(
            "Whether the warm-up of {has} is long enough cannot be told from this: the series ask for {asks}, and some of \
             them, or the comparison below, need more."
        ),
    }];
    let short: Vec<String> = answer
        .series
        .iter()
        .filter(|s| s.too_short)
        .map(|s| name(scenario, s.what))
        .collect();
    if !short.is_empty() {
        lines.push(format!(
            "Still moving after half of the weeks looked at: {}. Look at more weeks; where demand grows or follows the \
             seasons, it never settles.",
            short.join("; ")
        ));
    }
    let blunt: Vec<String> = answer
        .audits
        .iter()
        .filter(|a| !a.is_sharp())
        .map(|a| words::pathway(scenario, a.pathway))
        .collect();
    if !blunt.is_empty() {
        lines.push(format!(
            "The comparison is not sharp for {}: half of its interval is more than 0.1 points. Ask for more replications.",
            words::list(&blunt)
        ));
    }
    lines
}

/// The answer for a terminal.
#[must_use]
pub fn text(scenario: &Scenario, answer: &WarmUpAnswer, undone: &[Undone]) -> String {
    let mut out = Text::default();
    out.prose(&scenario.title);
    let begins = if scenario.hubs.iter().all(|h| h.at_start.is_nothing()) {
        "from an empty service"
    } else {
        "from the caseload of the file"
    };
    out.prose(&format!(
        "{} replications of {} weeks, {begins}, all hubs together.",
        answer.replications, answer.weeks
    ));
    for line in changes::undone(undone) {
        out.prose(&line);
    }
    out.gap();
    for line in sentences(scenario, answer) {
        out.prose(&line);
    }
    let column = |heading: &str, number| Column {
        heading: heading.into(),
        number,
    };
    out.grid(&Grid {
        caption: "Weeks to throw away (MSER-5)".into(),
        columns: vec![
            column("Series", false),
            column("Weeks", true),
            column("Second half", true),
        ],
        rows: answer
            .series
            .iter()
            .map(|s| Row {
                cells: vec![name(scenario, s.what), asks(s), later(s)],
                total: false,
            })
            .collect(),
    });
    out.grid(&Grid {
        caption: format!(
            "Service levels with {} of warm-up less those with {}, the same people",
            words::weeks(answer.longer.days()),
            words::weeks(answer.warm_up.days())
        ),
        columns: vec![column("Pathway", false), column("Points", true)],
        rows: answer
            .audits
            .iter()
            .map(|a| {
                let shown = points(a).map_or_else(
                    || digits::NONE.into(),
                    |e| format!("{:+.2} ± {:.2}", e.mean, e.half_width),
                );
                Row {
                    cells: vec![words::pathway(scenario, a.pathway), shown],
                    total: false,
                }
            })
            .collect(),
    });
    out.into_string()
}

/// `warm-up.csv`: every series by week, from 1.
///
/// # Errors
/// If a cell has no form in CSV.
pub fn table(scenario: &Scenario, answer: &WarmUpAnswer) -> Result<String, CsvError> {
    let cell = |value: Option<f64>| value.map_or_else(String::new, csv::number);
    let rows = answer.series.iter().flat_map(|s| {
        let (flow, measure) = measured(s.what);
        let row = move |(n, mean): (usize, &Option<f64>)| {
            vec![
                scenario.name.clone(),
                (n + 1).to_string(),
                csv::flow(scenario, flow).to_string(),
                measure.name().to_string(),
                measure.unit().to_string(),
                cell(*mean),
                cell(s.smooth.get(n).copied()),
            ]
        };
        s.weeks.iter().enumerate().map(row)
    });
    csv::table(&COLUMNS, rows)
}

#[derive(Serialize)]
struct Document<'a> {
    scenario: &'a str,
    replications: u32,
    confidence: f64,
    weeks: usize,
    warm_up_days: f64,
    asks_weeks: usize,
    long_enough: &'static str,
    series: Vec<SeriesJson<'a>>,
    audit: AuditJson<'a>,
}

#[derive(Serialize)]
struct SeriesJson<'a> {
    pathway: &'a str,
    measure: &'a str,
    asks_weeks: Option<usize>,
    too_short: bool,
}

#[derive(Serialize)]
struct AuditJson<'a> {
    warm_up_days: f64,
    difference_points: Vec<DifferenceJson<'a>>,
}

#[derive(Serialize)]
struct DifferenceJson<'a> {
    pathway: &'a str,
    mean: Option<f64>,
    half_width: Option<f64>,
}

/// The document of `warm-up --json`.
///
/// # Errors
/// If a value has no form in JSON.
pub fn json(scenario: &Scenario, answer: &WarmUpAnswer) -> Result<String, serde_json::Error> {
    let document = Document {
        scenario: &scenario.name,
        replications: answer.replications,
        confidence: answer.confidence,
        weeks: answer.weeks,
        warm_up_days: answer.warm_up.days(),
        asks_weeks: answer.asks,
        long_enough: match answer.verdict {
            Verdict::LongEnough => "yes",
            Verdict::TooShort => "no",
            Verdict::CannotTell => "cannot tell",
        },
        series: answer
            .series
            .iter()
            .map(|s| {
                let (flow, measure) = measured(s.what);
                SeriesJson {
                    pathway: csv::flow(scenario, flow),
                    measure: measure.name(),
                    asks_weeks: s.asks,
                    too_short: s.too_short,
                }
            })
            .collect(),
        audit: AuditJson {
            warm_up_days: answer.longer.days(),
            difference_points: answer
                .audits
                .iter()
                .map(|a| DifferenceJson {
                    pathway: csv::flow(scenario, Flow::Pathway(a.pathway)),
                    mean: points(a).map(|e| e.mean),
                    half_width: points(a).map(|e| e.half_width),
                })
                .collect(),
        },
    };
    let mut text = serde_json::to_string_pretty(&document)?;
    text.push('\n');
    Ok(text)
}
