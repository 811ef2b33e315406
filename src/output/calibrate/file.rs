//! `calibrate.csv`, `calibrate.json`, and what the calibrated scenario says of itself.

use serde::Serialize;

use super::Shown;
use super::sentences::{range, typed};
use crate::answers::Estimate;
use crate::answers::calibrate::{Checked, Directions, Known, Pair, Verdict, WaveAnswer};
use crate::answers::figures::WhyNot;
use crate::output::csv::{self, CsvError};
use crate::output::reported::{figure, value};
use crate::output::words;
use crate::scenario::{Calibrated, WEIGHT};

/// `calibrate.csv`: the plausible set as [`crate::scenario::Plausible`] reads it, a column for each input and the weight last.
///
/// # Errors
/// [`CsvError`] if the table cannot be made.
pub fn csv(shown: &Shown<'_>) -> Result<String, CsvError> {
    let ranges = shown.answer.ranges();
    let header: Vec<&str> = ranges.iter().map(|r| r.path.as_str()).chain([WEIGHT]).collect();
    let rows = shown.answer.plausible.iter().map(|particle| {
        let values = ranges.iter().zip(&particle.values).map(|(range, v)| range.typed(*v));
        values.chain([csv::number(particle.weight)]).collect()
    });
    csv::table(&header, rows)
}

#[derive(Serialize)]
struct Json<'a> {
    version: &'a str,
    build: &'a str,
    scenario: &'a str,
    hash: &'a str,
    seed: u64,
    replications: u64,
    interrupted: bool,
    canonical_command: &'a str,
    reproduced: bool,
    nearest: Option<Nearest<'a>>,
    model_error_points: f64,
    figures: Vec<FigureJson<'a>>,
    not_used: Vec<NotUsed<'a>>,
    inputs: &'a [Known],
    pairs: Vec<PairJson<'a>>,
    directions: &'a Directions,
    waves: &'a [WaveAnswer],
    checked: Option<&'a Checked>,
    plausible: PlausibleJson,
    confirmed: Option<Confirmed>,
}

#[derive(Serialize)]
struct Nearest<'a> {
    values: &'a [f64],
    expected: &'a [f64],
    implausibility: f64,
}

#[derive(Serialize)]
struct FigureJson<'a> {
    measure: &'static str,
    hub: &'a str,
    pathway: &'a str,
    month: Option<String>,
    observed: f64,
    source: &'a str,
    sd_observed: f64,
    design_effect: Option<f64>,
    of_referrals: Option<f64>,
    sd_model: f64,
    sd_emulator: f64,
    error_correlation: f64,
    as_it_stands: Option<Estimate>,
    calibrated: Option<Estimate>,
}

#[derive(Serialize)]
struct NotUsed<'a> {
    measure: &'a str,
    pathway: Option<&'a str>,
    why: WhyNot,
}

#[derive(Serialize)]
struct PairJson<'a> {
    one: &'a str,
    other: &'a str,
    correlation: f64,
    alike: bool,
}

#[derive(Serialize)]
struct PlausibleJson {
    points: usize,
    worth: f64,
}

#[derive(Serialize)]
struct Confirmed {
    near_enough: bool,
    tries: u32,
    replications: u32,
    replications_needed: Option<u32>,
}

/// The one document of `calibrate --json`, and `calibrate.json`.
///
/// # Errors
/// If a value has no form in JSON.
pub fn json(shown: &Shown<'_>) -> Result<String, serde_json::Error> {
    let (scenario, answer, ctx) = (shown.scenario, shown.answer, shown.context);
    let name = |pair: &Pair| {
        (
            answer.known[pair.one].path.as_str(),
            answer.known[pair.other].path.as_str(),
        )
    };
    let nearest = match &answer.verdict {
        Verdict::Reproduced => None,
        Verdict::CannotReproduce {
            nearest,
            expected,
            least,
            ..
        } => Some(Nearest {
            values: nearest,
            expected,
            implausibility: *least,
        }),
    };
    let figures = answer.figures.iter().map(|f| FigureJson {
        measure: f.figure.measure.name(),
        hub: csv::hub(scenario, f.figure.hub),
        pathway: &scenario.pathways[f.figure.pathway.0].name,
        month: f.figure.month.map(|month| month.to_string()),
        observed: f.figure.value,
        source: &f.figure.source,
        sd_observed: f.sd_observed,
        design_effect: f.design_effect,
        of_referrals: f.referrals,
        sd_model: f.sd_model,
        sd_emulator: f.sd_emulator,
        error_correlation: f.correlation,
        as_it_stands: f.as_it_stands,
        calibrated: f.calibrated,
    });
    let mut text = serde_json::to_string_pretty(&Json {
        version: &ctx.version,
        build: &ctx.build,
        scenario: &scenario.name,
        hash: &ctx.hash,
        seed: scenario.experiment.seed,
        replications: answer.replications,
        interrupted: answer.interrupted,
        canonical_command: &ctx.command_canonical,
        reproduced: answer.verdict == Verdict::Reproduced,
        nearest,
        model_error_points: answer.model_error,
        figures: figures.collect(),
        not_used: answer
            .left_out
            .iter()
            .map(|left| NotUsed {
                measure: &left.measure,
                pathway: left.pathway_name(scenario),
                why: left.why,
            })
            .collect(),
        inputs: &answer.known,
        pairs: answer
            .pairs
            .iter()
            .map(|pair| PairJson {
                one: name(pair).0,
                other: name(pair).1,
                correlation: pair.correlation,
                alike: pair.alike,
            })
            .collect(),
        directions: &answer.directions,
        waves: &answer.waves,
        checked: answer.checked.as_ref(),
        plausible: PlausibleJson {
            points: answer.plausible.len(),
            worth: answer.worth,
        },
        confirmed: answer.calibrated.as_ref().map(|found| Confirmed {
            near_enough: found.confirmed,
            tries: found.tries,
            replications: found.replications,
            replications_needed: found.needed,
        }),
    })?;
    text.push('\n');
    Ok(text)
}

/// The title of the calibrated scenario.
#[must_use]
pub fn title(title: &str) -> String {
    format!("{title}, calibrated")
}

/// What the calibrated scenario says of how it came about, before the notes of the file.
#[must_use]
pub fn notes(shown: &Shown<'_>) -> String {
    let figures: Vec<String> = shown
        .answer
        .figures
        .iter()
        .map(|f| {
            format!(
                "{} ({})",
                value(&f.figure, f.figure.value),
                figure(shown.scenario, &f.figure)
            )
        })
        .collect();
    let inputs: Vec<String> = shown
        .answer
        .known
        .iter()
        .map(|known| words::input(&known.path))
        .collect();
    let own = format!(
        "Calibrated: {} set so that the model gives {}, so these figures are an input here and not a finding. Other values fit \
         as well.",
        if inputs.len() == 1 {
            format!("{} was", inputs[0])
        } else {
            format!("{} were", words::list(&inputs))
        },
        words::list(&figures),
    );
    match shown.scenario.notes.as_str() {
        "" => own,
        notes => format!("{own}\n\n{notes}"),
    }
}

/// What the calibrated scenario says of each input.
#[must_use]
pub fn inputs(shown: &Shown<'_>) -> Vec<Calibrated> {
    let answer = shown.answer;
    let mut sources: Vec<&str> = answer.figures.iter().map(|f| f.figure.source.as_str()).collect();
    sources.dedup();
    let figures: Vec<String> = answer
        .figures
        .iter()
        .map(|f| value(&f.figure, f.figure.value))
        .collect();
    answer
        .known
        .iter()
        .zip(answer.ranges())
        .map(|(known, range_of)| Calibrated {
            path: known.path.clone(),
            low: range_of.typed(range_of.rounded(known.low, 3)),
            high: range_of.typed(range_of.rounded(known.high, 3)),
            source: sources.join("; "),
            why: format!(
                "Set, with the other unknown inputs, so that the model gives the reported {}: one of many sets that do. Low and high \
                 hold nine tenths of the plausible ones, of the range {}{}. Fitted, so no independent check.",
                words::list(&figures),
                range(known, known.from, known.to),
                known.now.map_or_else(String::new, |now| format!("; before, it was {}", typed(known, now))),
            ),
        })
        .collect()
}
