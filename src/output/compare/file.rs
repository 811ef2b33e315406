//! `compare.csv`, `compare.json`, and the files beside the scenarios that are kept.

use serde::Serialize;

use super::Compared;
use crate::answers::Estimate;
use crate::answers::compare::{CompareRow, Direction, RoleChange, Worth};
use crate::answers::precision::Precision;
use crate::output::csv::{self, CsvError};
use crate::output::results::SourceFile;
use crate::output::uncertain::{self, UncertainJson};

/// The columns of `compare.csv`. `mean` to `high` are of the difference, option less base, with its single interval;
/// `family` is how many differences hold at once with that confidence between `simultaneous_low` and `simultaneous_high`.
pub const COLUMNS: [&str; 18] = [
    "scenario",
    "option",
    "hub",
    "pathway",
    "role",
    "measure",
    "unit",
    "base_mean",
    "option_mean",
    "mean",
    "half_width",
    "low",
    "high",
    "confidence",
    "replications",
    "simultaneous_low",
    "simultaneous_high",
    "variance_ratio",
];

/// A row with names.
#[derive(Serialize)]
struct Line<'a> {
    hub: &'a str,
    pathway: &'a str,
    role: &'a str,
    measure: &'static str,
    unit: &'static str,
    base_mean: f64,
    option_mean: f64,
    single: Estimate,
    simultaneous: Option<Estimate>,
    variance_ratio: Option<f64>,
    difference: &'static str,
}

/// A direction as in files.
const fn direction(direction: Direction) -> &'static str {
    match direction {
        Direction::Up => "more",
        Direction::Down => "fewer",
        Direction::NoDetectable => "no detectable difference",
        Direction::Same => "the same",
    }
}

impl<'a> Line<'a> {
    fn new(compared: &Compared<'a>, row: &CompareRow) -> Self {
        Self {
            hub: csv::hub(compared.base, row.hub),
            pathway: csv::flow(compared.base, row.flow),
            role: csv::role(compared.base, row.role),
            measure: row.measure.name(),
            unit: row.measure.unit(),
            base_mean: row.base,
            option_mean: row.option,
            single: row.change,
            simultaneous: row.simultaneous,
            variance_ratio: row.variance_ratio,
            difference: direction(row.direction()),
        }
    }
}

/// `compare.csv`.
///
/// # Errors
/// [`CsvError`] if the table cannot be made.
pub fn csv(compared: &Compared<'_>) -> Result<String, CsvError> {
    let options = compared.answer.options.iter();
    csv::table(
        &COLUMNS,
        options.flat_map(|option| {
            option.rows.iter().map(move |row| {
                let line = Line::new(compared, row);
                let mut cells = vec![compared.base.name.clone(), option.name.clone()];
                cells.extend([line.hub, line.pathway, line.role, line.measure, line.unit].map(str::to_owned));
                cells.extend([line.base_mean, line.option_mean].map(csv::number));
                cells.extend(csv::estimate(Some(line.single)));
                let ends = line.simultaneous.map(|e| [e.low, e.high]);
                cells.extend(ends.map_or_else(|| [String::new(), String::new()], |ends| ends.map(csv::number)));
                cells.push(line.variance_ratio.map_or_else(String::new, csv::number));
                cells
            })
        }),
    )
}

#[derive(Serialize)]
struct Json<'a> {
    version: &'a str,
    build: &'a str,
    scenario: &'a str,
    hash: &'a str,
    seed: u64,
    replications: u32,
    replications_asked: u32,
    precision: Option<Precision>,
    confidence: f64,
    family: usize,
    canonical_command: &'a str,
    notes: &'a [String],
    options: Vec<OptionJson<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    uncertain: Vec<UncertainJson<'a>>,
}

#[derive(Serialize)]
struct OptionJson<'a> {
    option: &'a str,
    title: &'a str,
    hash: &'a str,
    changes: Vec<ChangeJson<'a>>,
    staff: &'a [RoleChange],
    cost_change_gbp: Option<f64>,
    per_point: Vec<PerPointJson<'a>>,
    only_here: Vec<OnlyHereJson<'a>>,
    differences: Vec<Line<'a>>,
}

/// A pathway that the base has not.
#[derive(Serialize)]
struct OnlyHereJson<'a> {
    pathway: &'a str,
    referrals: Estimate,
    service_level: Option<Estimate>,
}

#[derive(Serialize)]
struct ChangeJson<'a> {
    path: &'a str,
    before: Option<&'a str>,
    after: Option<&'a str>,
}

/// What a point of a service level costs, or saves where it is lost \[GBP a year\].
#[derive(Serialize)]
struct PerPointJson<'a> {
    pathway: &'a str,
    position: &'static str,
    mean: Option<f64>,
    low: Option<f64>,
    high: Option<f64>,
}

fn per_point(pathway: &str, worth: Worth) -> PerPointJson<'_> {
    let (position, numbers) = match worth {
        Worth::PerPoint { mean, low, high } => ("costs", Some((mean, low, high))),
        Worth::SavedPerPoint { mean, low, high } => ("saves", Some((mean, low, high))),
        Worth::GainForNothing => ("more, and no dearer", None),
        Worth::LossForNothing => ("fewer, and no cheaper", None),
        Worth::NoDetectableGain => ("no detectable gain", None),
        Worth::CostUnknown => ("cost not given", None),
    };
    PerPointJson {
        pathway,
        position,
        mean: numbers.map(|n| n.0),
        low: numbers.map(|n| n.1),
        high: numbers.map(|n| n.2),
    }
}

/// The one document of `compare --json`, and `compare.json`.
///
/// # Errors
/// If a value has no form in JSON.
pub fn json(compared: &Compared<'_>) -> Result<String, serde_json::Error> {
    let (base, answer, ctx) = (compared.base, compared.answer, compared.context);
    let options = compared.pairs().map(|(shown, option)| OptionJson {
        option: &option.name,
        title: &shown.title,
        hash: &shown.hash,
        changes: shown
            .changes
            .iter()
            .map(|change| ChangeJson {
                path: &change.path,
                before: change.before.as_deref(),
                after: change.after.as_deref(),
            })
            .collect(),
        staff: &option.staff,
        cost_change_gbp: option.cost_change,
        per_point: option
            .worth
            .iter()
            .map(|(id, worth)| per_point(&base.pathways[id.0].name, *worth))
            .collect(),
        only_here: option
            .only_here
            .iter()
            .filter_map(|found| {
                Some(OnlyHereJson {
                    pathway: &shown.scenario.pathways.get(found.pathway.0)?.name,
                    referrals: found.referrals,
                    service_level: found.service_level,
                })
            })
            .collect(),
        differences: option.rows.iter().map(|row| Line::new(compared, row)).collect(),
    });
    let drawn = answer.options.iter().zip(&answer.uncertain);
    let mut text = serde_json::to_string_pretty(&Json {
        version: &ctx.version,
        build: &ctx.build,
        scenario: &base.name,
        hash: &ctx.hash,
        seed: base.experiment.seed,
        replications: answer.replications,
        replications_asked: answer.asked,
        precision: answer.precision,
        confidence: answer.confidence,
        family: answer.family,
        canonical_command: &ctx.command_canonical,
        notes: compared.notes,
        options: options.collect(),
        uncertain: drawn
            .map(|(option, of)| uncertain::json(base, Some(&option.name), of))
            .collect(),
    })?;
    text.push('\n');
    Ok(text)
}

/// The files that the scenarios refer to, once each, to lie beside them. Two scenarios from two folders may name different
/// files alike.
///
/// # Errors
/// In words, which file that is.
pub fn files(of: &[(&str, Vec<SourceFile>)]) -> Result<Vec<SourceFile>, String> {
    let mut kept: Vec<(&str, SourceFile)> = Vec::new();
    for (name, files) in of {
        for file in files {
            match kept.iter().find(|(_, known)| known.path == file.path) {
                Some((_, known)) if known.bytes == file.bytes => {}
                Some((other, _)) => {
                    return Err(format!(
                        "`{}` of {name} is another file than that of {other}, and they are kept in one folder; give one of them \
                         another name",
                        file.path
                    ));
                }
                None => kept.push((name, file.clone())),
            }
        }
    }
    Ok(kept.into_iter().map(|(_, file)| file).collect())
}
