//! `sensitivity.csv` and `sensitivity.json`.

use serde::Serialize;

use super::Sensed;
use crate::answers::Estimate;
use crate::answers::sensitivity::{AT_A_POINT, Bar, OfStandard, ShareRow};
use crate::output::csv::{self, CsvError};

/// The columns of `sensitivity.csv`. `path` is `all` for what is of all inputs together.
pub const COLUMNS: [&str; 15] = csv::with_estimate([
    "scenario",
    "pathway",
    "path",
    "low_end",
    "in_file",
    "high_end",
    "distribution",
    "measure",
    "unit",
]);

/// The measures of `sensitivity.csv`, with their units: of all inputs, then of one at a time, then of one among all.
pub const MEASURES: [(&str, &str); 12] = [
    ("service_level", "share"),
    ("spread_mean", "share"),
    ("spread_low", "share"),
    ("spread_high", "share"),
    ("spread_sd_points", "points"),
    ("at_low_points", "points"),
    ("at_high_points", "points"),
    ("swing_points", "points"),
    ("first_order_share", "share"),
    ("total_share", "share"),
    ("sd_gain_points", "points"),
    ("range_if_known_points", "points"),
];

fn points(e: Estimate) -> Estimate {
    Estimate {
        mean: e.mean * 100.0,
        half_width: e.half_width * 100.0,
        low: e.low * 100.0,
        high: e.high * 100.0,
        ..e
    }
}

fn share_of(of: &OfStandard, input: usize) -> Option<&ShareRow> {
    of.spread.as_ref()?.shares.iter().find(|row| row.input == input)
}

/// The measures of all inputs together.
fn of_all(of: &OfStandard) -> Vec<Estimate> {
    let spread = of.spread.iter();
    let spread = spread.flat_map(|s| [s.mean, s.low, s.high, points(s.sd)]);
    std::iter::once(of.level).chain(spread).collect()
}

/// The measures of one input.
fn of_one(of: &OfStandard, bar: &Bar) -> Vec<Estimate> {
    let mut list = vec![points(bar.low), points(bar.high), points(bar.swing)];
    if let Some(row) = share_of(of, bar.input) {
        list.extend([row.first, row.total, points(row.sd_gain), points(row.range_if_known)]);
    }
    list
}

/// How many measures are of all inputs together.
const OF_ALL: usize = 5;

/// `sensitivity.csv`.
///
/// # Errors
/// [`CsvError`] if the table cannot be made.
pub fn csv(sensed: &Sensed<'_>) -> Result<String, CsvError> {
    let mut rows: Vec<Vec<String>> = Vec::new();
    for of in &sensed.answer.standards {
        let pathway = &sensed.scenario.pathways[of.pathway.0].name;
        let mut add = |input: [String; 5], measures: &[(&str, &str)], estimates: Vec<Estimate>| {
            for ((measure, unit), e) in measures.iter().zip(estimates) {
                let mut cells = vec![sensed.scenario.name.clone(), pathway.clone()];
                cells.extend(input.iter().cloned());
                cells.extend([measure, unit].map(|text| (*text).to_owned()));
                cells.extend(csv::estimate(Some(e)));
                rows.push(cells);
            }
        };
        let none = String::new;
        add(
            [csv::ALL.into(), none(), none(), none(), none()],
            &MEASURES[..OF_ALL],
            of_all(of),
        );
        for bar in &of.bars {
            let Some(range) = sensed.ranges.inputs.get(bar.input) else {
                continue;
            };
            let [low, now, high] =
                [range.low, range.now, range.high].map(|value| format!("{}{}", csv::number(value), range.unit));
            let input = [range.path.clone(), low, now, high, range.shape.name().into()];
            add(input, &MEASURES[OF_ALL..], of_one(of, bar));
        }
    }
    csv::table(&COLUMNS, rows.into_iter())
}

#[derive(Serialize)]
struct Json<'a> {
    version: &'a str,
    build: &'a str,
    scenario: &'a str,
    hash: &'a str,
    seed: u64,
    replications: u32,
    points_simulated: u32,
    points_asked: u32,
    replications_at_a_point: u32,
    confidence: f64,
    canonical_command: &'a str,
    ranges: Vec<InputJson<'a>>,
    left_out: Vec<LeftOutJson<'a>>,
    by_standard: Vec<StandardJson<'a>>,
}

#[derive(Serialize)]
struct InputJson<'a> {
    path: &'a str,
    low_end: f64,
    in_file: f64,
    high_end: f64,
    unit: &'a str,
    distribution: &'a str,
    changes_something: bool,
}

#[derive(Serialize)]
struct LeftOutJson<'a> {
    path: &'a str,
    low: &'a str,
    high: &'a str,
    why: &'a str,
}

#[derive(Serialize)]
struct StandardJson<'a> {
    pathway: &'a str,
    service_level: Estimate,
    together: Option<SpreadJson>,
    by_input: Vec<RowJson<'a>>,
}

#[derive(Serialize)]
struct SpreadJson {
    spread_mean: Estimate,
    spread_low: Estimate,
    spread_high: Estimate,
    spread_sd_points: Estimate,
    sd_simulation_points: f64,
    explained: f64,
    terms: usize,
}

#[derive(Serialize)]
struct RowJson<'a> {
    path: &'a str,
    at_low_points: Estimate,
    at_high_points: Estimate,
    swing_points: Estimate,
    first_order_share: Option<Estimate>,
    total_share: Option<Estimate>,
    sd_gain_points: Option<Estimate>,
    range_if_known_points: Option<Estimate>,
}

/// The one document of `sensitivity --json`, and `sensitivity.json`.
///
/// # Errors
/// If a value has no form in JSON.
pub fn json(sensed: &Sensed<'_>) -> Result<String, serde_json::Error> {
    let (answer, ctx) = (sensed.answer, sensed.context);
    let inputs = sensed.ranges.inputs.iter().enumerate().map(|(input, range)| InputJson {
        path: &range.path,
        low_end: range.low,
        in_file: range.now,
        high_end: range.high,
        unit: range.unit.trim(),
        distribution: range.shape.name(),
        changes_something: answer.moved.contains(&input),
    });
    let left_out = sensed.ranges.left_out.iter().map(|left| LeftOutJson {
        path: &left.path,
        low: &left.low,
        high: &left.high,
        why: left.why,
    });
    let row = |of: &OfStandard, bar: &Bar| {
        let share = share_of(of, bar.input);
        sensed.ranges.inputs.get(bar.input).map(|range| RowJson {
            path: &range.path,
            at_low_points: points(bar.low),
            at_high_points: points(bar.high),
            swing_points: points(bar.swing),
            first_order_share: share.map(|row| row.first),
            total_share: share.map(|row| row.total),
            sd_gain_points: share.map(|row| points(row.sd_gain)),
            range_if_known_points: share.map(|row| points(row.range_if_known)),
        })
    };
    let standards = answer.standards.iter().map(|of| StandardJson {
        pathway: &sensed.scenario.pathways[of.pathway.0].name,
        service_level: of.level,
        together: of.spread.as_ref().map(|spread| SpreadJson {
            spread_mean: spread.mean,
            spread_low: spread.low,
            spread_high: spread.high,
            spread_sd_points: points(spread.sd),
            sd_simulation_points: spread.sd_simulation * 100.0,
            explained: spread.explained,
            terms: spread.terms,
        }),
        by_input: of.bars.iter().filter_map(|bar| row(of, bar)).collect(),
    });
    let mut text = serde_json::to_string_pretty(&Json {
        version: &ctx.version,
        build: &ctx.build,
        scenario: &sensed.scenario.name,
        hash: &ctx.hash,
        seed: sensed.scenario.experiment.seed,
        replications: answer.replications,
        points_simulated: answer.points,
        points_asked: answer.points_asked,
        replications_at_a_point: AT_A_POINT,
        confidence: answer.confidence,
        canonical_command: &ctx.command_canonical,
        ranges: inputs.collect(),
        left_out: left_out.collect(),
        by_standard: standards.collect(),
    })?;
    text.push('\n');
    Ok(text)
}
