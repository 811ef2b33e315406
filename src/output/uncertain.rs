//! What uncertain inputs do beside chance in the simulation: words, table, CSV, JSON; of a run, and of options.

pub mod causes;
pub mod drawn;
pub mod months;
#[cfg(test)]
mod tests;

use serde::Serialize;

use crate::answers::Estimate;
use crate::answers::uncertain::{AboutInputs, Uncertain, UncertainRow};
use crate::model::Scenario;
use crate::output::csv::{self, CsvError};
use crate::output::grid::Grid;
use crate::output::{digits, words};

/// The last columns of every table of uncertain inputs: the figure, what it rests on, and the share of draws.
const FIGURES: [&str; 17] = [
    "mean",
    "sd_input",
    "sd_simulation",
    "input_low",
    "input_high",
    "both_low",
    "both_high",
    "confidence",
    "draws",
    "effective_draws",
    "replications",
    "share_of_draws",
    "share_low",
    "share_high",
    "share_chance_low",
    "share_chance_high",
    "more_replications_pointless",
];

/// These after others.
const fn columns(about: [&'static str; 6]) -> [&'static str; 23] {
    let mut all = [""; 23];
    let mut n = 0;
    while n < all.len() {
        all[n] = if n < about.len() {
            about[n]
        } else {
            FIGURES[n - about.len()]
        };
        n += 1;
    }
    all
}

/// The columns of `uncertain.csv`. `option` is empty for a run; else everything is of the difference, option less base.
pub const COLUMNS: [&str; 23] = columns(["scenario", "option", "hub", "pathway", "measure", "unit"]);

/// `uncertain.csv`: of a run (one entry without an option), or of options by their names.
///
/// # Errors
/// [`CsvError`] if the table cannot be made.
pub fn csv(scenario: &Scenario, of: &[(&str, &Uncertain)]) -> Result<String, CsvError> {
    let all = of.iter().flat_map(|(option, u)| {
        let about = About::of(u);
        let measure = ("service_level", "share");
        u.rows
            .iter()
            .map(move |row| line(scenario, option, measure, 1.0, about, row))
    });
    csv::table(&COLUMNS, all)
}

/// What all rows of an answer rest on.
#[derive(Clone, Copy, Debug)]
pub(super) struct About {
    pub(super) confidence: f64,
    pub(super) draws: u32,
    pub(super) effective_draws: f64,
    pub(super) replications: u32,
}

impl About {
    const fn of(u: &Uncertain) -> Self {
        Self {
            confidence: u.confidence,
            draws: u.draws,
            effective_draws: u.effective_draws,
            replications: u.replications,
        }
    }
}

/// A row of `uncertain.csv`: of a measure with its unit, the numbers so many times.
pub(super) fn line(
    scenario: &Scenario,
    option: &str,
    (measure, unit): (&str, &str),
    scale: f64,
    about: About,
    row: &UncertainRow,
) -> Vec<String> {
    let mut cells = vec![
        scenario.name.clone(),
        option.to_owned(),
        csv::hub(scenario, row.hub).to_owned(),
        scenario.pathways[row.pathway.0].name.clone(),
        measure.into(),
        unit.into(),
    ];
    cells.extend(numbers(scale, about, row));
    cells.extend(shares(row));
    cells.push(row.pointless().to_string());
    cells
}

/// The cells from `mean` to `replications`.
fn numbers(scale: f64, about: About, row: &UncertainRow) -> impl Iterator<Item = String> {
    let numbers = [row.mean, row.sd_input, row.sd_simulation].into_iter();
    let numbers = numbers.chain(row.by_inputs).chain(row.by_both);
    let numbers = numbers.map(move |v| csv::number(v * scale));
    numbers.chain([
        csv::number(about.confidence),
        about.draws.to_string(),
        csv::number(about.effective_draws),
        about.replications.to_string(),
    ])
}

/// The cells of the share of draws.
fn shares(row: &UncertainRow) -> Vec<String> {
    let share = row.share.map(|e| [e.mean, e.low, e.high].map(csv::number));
    let by_chance = row.share_by_chance.map(|ends| ends.map(csv::number));
    let all = share.unwrap_or_default().into_iter();
    all.chain(by_chance.unwrap_or_default()).collect()
}

/// The columns of `uncertain_monthly.csv` and `uncertain_causes.csv`: `what` says which month or which cause.
const fn with_chance(what: &'static str) -> [&'static str; 23] {
    columns(["scenario", "hub", "pathway", what, "measure", "unit"])
}

/// A row of one of these.
fn row_line(scenario: &Scenario, (what, measure): (&str, &str), about: About, row: &UncertainRow) -> Vec<String> {
    let mut cells = vec![
        scenario.name.clone(),
        csv::hub(scenario, row.hub).to_owned(),
        scenario.pathways[row.pathway.0].name.clone(),
        what.into(),
        measure.into(),
        "share".into(),
    ];
    cells.extend(numbers(1.0, about, row));
    cells.extend(shares(row));
    cells.push(row.pointless().to_string());
    cells
}

/// As in JSON documents.
#[derive(Serialize)]
pub(super) struct UncertainJson<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    option: Option<&'a str>,
    drawn: &'a [String],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    not_drawn: Vec<&'a str>,
    draws: u32,
    effective_draws: f64,
    replications: u32,
    by_hub: Vec<RowJson<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    by_month: Vec<months::MonthJson<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    by_cause: Vec<causes::CausesJson<'a>>,
}

#[derive(Serialize)]
pub(super) struct RowJson<'a> {
    hub: &'a str,
    pathway: &'a str,
    mean: f64,
    sd_input: f64,
    sd_simulation: f64,
    input_low: f64,
    input_high: f64,
    both_low: f64,
    both_high: f64,
    more_replications_pointless: bool,
    share_of_draws: Option<Estimate>,
    share_chance_low: Option<f64>,
    share_chance_high: Option<f64>,
}

/// A row.
pub(super) fn row_json<'a>(scenario: &'a Scenario, row: &UncertainRow) -> RowJson<'a> {
    RowJson {
        hub: csv::hub(scenario, row.hub),
        pathway: &scenario.pathways[row.pathway.0].name,
        mean: row.mean,
        sd_input: row.sd_input,
        sd_simulation: row.sd_simulation,
        input_low: row.by_inputs[0],
        input_high: row.by_inputs[1],
        both_low: row.by_both[0],
        both_high: row.by_both[1],
        more_replications_pointless: row.pointless(),
        share_of_draws: row.share,
        share_chance_low: row.share_by_chance.map(|ends| ends[0]),
        share_chance_high: row.share_by_chance.map(|ends| ends[1]),
    }
}

/// Inputs with a range that are not drawn, whatever holds them.
pub(super) fn not_drawn<'a>(held: &'a [String], about: &'a AboutInputs) -> Vec<&'a str> {
    let all = held.iter().chain(&about.changed).chain(&about.as_stated);
    all.map(String::as_str).collect()
}

/// Of a run, or of an option by its name.
pub(super) fn json<'a>(scenario: &'a Scenario, option: Option<&'a str>, of: &'a Uncertain) -> UncertainJson<'a> {
    UncertainJson {
        option,
        drawn: &of.inputs,
        not_drawn: not_drawn(&of.held, &of.about),
        draws: of.draws,
        effective_draws: of.effective_draws,
        replications: of.replications,
        by_hub: of.rows.iter().map(|row| row_json(scenario, row)).collect(),
        by_month: months::json(scenario, of),
        by_cause: causes::json(scenario, of),
    }
}

/// What was drawn, and what to know of it: the first line says how often, the others where that is not all.
#[must_use]
pub fn basis(scenario: &Scenario, of: &Uncertain) -> Vec<String> {
    std::iter::once(draws(of))
        .chain(drawn::notes(scenario, &of.about))
        .collect()
}

/// How often what was drawn.
fn draws(of: &Uncertain) -> String {
    let worth = if of.effective_draws + 0.5 < f64::from(of.draws) {
        format!(" with weights, worth {:.0} of equal weight", of.effective_draws)
    } else {
        String::new()
    };
    let inputs = drawn::inputs(&of.inputs);
    let held = match of.held.as_slice() {
        [] => String::new(),
        held => {
            let named: Vec<String> = held.iter().map(|path| words::input(path)).collect();
            let (is, its) = if named.len() == 1 {
                ("is", "its")
            } else {
                ("are", "their")
            };
            format!(
                " {} {is} not drawn, since an option has a value of its own there: {its} doubt is in none of these intervals, and a change \
                 that says so much more (`add`) or so many times (`times`) would bring it in.",
                words::capital(&words::list(&named))
            )
        }
    };
    format!(
        "Uncertain inputs: {} draws{worth} of {inputs}, {} replications of each, the same people. How likely the values are is an \
         assumption.{held}",
        digits::count(of.draws.into()),
        of.replications
    )
}

/// Tenths of points of a share.
fn points(share: f64) -> String {
    if nothing(share) {
        "less than 0.1".into()
    } else {
        format!("{:.1}", share * 100.0)
    }
}

/// Whether a share is no tenth of a point.
fn nothing(share: f64) -> bool {
    (share * 100.0).abs() < 0.05
}

/// Points with their sign; none on nothing.
fn signed(share: f64) -> String {
    if nothing(share) {
        "0.0".into()
    } else {
        format!("{:+.1}", share * 100.0)
    }
}

/// The two kinds apart, in words.
pub(super) fn apart(row: &UncertainRow) -> String {
    let times = match row.ratio() {
        Some(ratio) if ratio >= 1.5 => format!(", {} times as much", words::about(ratio)),
        _ => String::new(),
    };
    let what_to_do = if nothing(row.sd_input) && nothing(row.sd_simulation) {
        ""
    } else if row.pointless() {
        " More replications are pointless: collect data."
    } else {
        " Chance matters too: more replications help."
    };
    format!(
        "The inputs alone make a standard deviation of {} points, chance in the simulation an error of {}{times}.{what_to_do}",
        points(row.sd_input),
        points(row.sd_simulation)
    )
}

/// What to know of causes under uncertain inputs; it stands beside them.
pub const CAUSES_NOTE: &str =
    "Shares are of the misses over all hubs. What switching a cause off does is with the inputs as stated.";

/// Heading of the share of draws that meet a target, beside a caption that says over what time.
const MET_IN: &str = "Met in draws";

fn overall(of: &Uncertain) -> impl Iterator<Item = &UncertainRow> {
    of.rows.iter().filter(|row| row.hub.is_none())
}

/// A share of draws with its interval.
pub(super) fn share(e: &Estimate) -> String {
    format!(
        "{} ({} to {})",
        digits::percent(e.mean),
        digits::percent(e.low),
        digits::percent(e.high)
    )
}

/// A share of draws with its interval, and how far chance moves it, if it does.
fn of_the_draws(row: &UncertainRow) -> Option<String> {
    let e = row.share.as_ref()?;
    let ends = row.share_by_chance.unwrap_or([e.mean, e.mean]).map(digits::percent);
    let told = digits::percent(e.mean);
    if ends.iter().all(|end| *end == told) {
        return Some(format!("{} of the draws", share(e)));
    }
    let [low, high] = ends;
    Some(format!(
        "{told} of the draws ({} to {} by how many they are, {low} to {high} by chance in the simulation)",
        digits::percent(e.low),
        digits::percent(e.high)
    ))
}

/// Where a share lies, in words.
fn lies(row: &UncertainRow, confidence: f64) -> String {
    let level = |share: f64| format!("{:.0} %", share * 100.0);
    format!(
        "on average, and with both kinds of doubt between {} and {} ({} of cases)",
        level(row.by_both[0]),
        level(row.by_both[1]),
        digits::percent(confidence)
    )
}

/// The numbers of a row for a table, in per cent: mean, the two kinds of doubt apart, and where it lies.
fn cells(row: &UncertainRow) -> [String; 5] {
    let number = |share: f64| format!("{:.1}", share * 100.0);
    let between = |[low, high]: [f64; 2]| format!("{} to {}", number(low), number(high));
    [
        number(row.mean),
        number(row.sd_input),
        number(row.sd_simulation),
        between(row.by_inputs),
        between(row.by_both),
    ]
}

/// The same of a difference, in points with their signs.
pub(super) fn signed_cells(row: &UncertainRow) -> [String; 5] {
    let between = |[low, high]: [f64; 2]| format!("{} to {}", signed(low), signed(high));
    let [_, inputs, chance, _, _] = cells(row);
    [
        signed(row.mean),
        inputs,
        chance,
        between(row.by_inputs),
        between(row.by_both),
    ]
}

/// What uncertain inputs do to the service levels of a run, over all hubs.
#[must_use]
pub fn sentences(scenario: &Scenario, of: &Uncertain) -> Vec<String> {
    let mut lines = basis(scenario, of);
    for row in overall(of) {
        let pathway = &scenario.pathways[row.pathway.0];
        let Some(standard) = pathway.standard else { continue };
        lines.push(format!(
            "{}: {:.1} % {} {} {}. {}",
            words::pathway(scenario, row.pathway),
            row.mean * 100.0,
            words::done(pathway),
            words::within_long(standard.within),
            lies(row, of.confidence),
            apart(row)
        ));
        if let (Some(share), Some(target)) = (of_the_draws(row), standard.target) {
            lines.push(format!(
                "{}: the whole measured time, its {} taken together, meets the target of {} in {share}.",
                words::pathway(scenario, row.pathway),
                words::weeks(scenario.experiment.run_length.days()),
                digits::per_cent(target)
            ));
        }
    }
    lines
}

/// What uncertain inputs do to the differences of an option, over all hubs.
#[must_use]
pub fn of_option(scenario: &Scenario, of: &Uncertain) -> Vec<String> {
    differences(scenario, of, "", "the base")
}

/// What uncertain inputs do to differences to something, over all hubs; `whose` stands behind the name of the pathway.
pub(super) fn differences(scenario: &Scenario, of: &Uncertain, whose: &str, to: &str) -> Vec<String> {
    overall(of)
        .map(|row| {
            if row.mean == 0.0 && row.by_both == [0.0, 0.0] {
                return format!(
                    "{}{whose} under uncertain inputs: the same as {to} in every draw.",
                    words::pathway(scenario, row.pathway)
                );
            }
            // Of what rounds to nothing, a share of draws on one side would say a way that nobody has seen.
            let sided = row.share.is_some() && !nothing(row.mean);
            let share = of_the_draws(row).filter(|_| sided);
            let above = share.map_or_else(String::new, |share| format!(" It is above {to} in {share}."));
            format!(
                "{}{whose} under uncertain inputs: {} points on average, with both kinds of doubt {} to {} ({}).{above} {}",
                words::pathway(scenario, row.pathway),
                signed(row.mean),
                signed(row.by_both[0]),
                signed(row.by_both[1]),
                digits::percent(of.confidence),
                apart(row)
            )
        })
        .collect()
}

/// By hub, both kinds of uncertainty apart; of differences, in points with their signs. One table for each standard.
#[must_use]
pub fn grids(scenario: &Scenario, option: Option<&str>, of: &Uncertain) -> Vec<Grid> {
    let mut grids = Vec::new();
    for (id, _, standard) in words::standards(scenario) {
        let within = words::within_short(standard.within);
        let name = words::pathway(scenario, id);
        let (caption, last) = match option {
            Some(option) => (
                format!("{name} {within}, uncertain inputs: {option}, points against the base"),
                "Draws above the base",
            ),
            None => (
                format!(
                    "{name} {within}, whole measured time, uncertain inputs: per cent; last, the draws in which that meets the target"
                ),
                MET_IN,
            ),
        };
        let mut grid = Grid::new(
            caption,
            &[
                ("Hub", false),
                ("Mean", true),
                ("Inputs: sd, points", true),
                ("Chance: error, points", true),
                ("By inputs", true),
                ("With both", true),
                (last, true),
            ],
        );
        let number = |share: f64| {
            if option.is_some() {
                signed(share)
            } else {
                format!("{:.1}", share * 100.0)
            }
        };
        for row in of.rows.iter().filter(|row| row.pathway == id) {
            let between = |[low, high]: [f64; 2]| format!("{} to {}", number(low), number(high));
            grid.row(
                vec![
                    words::hub(scenario, row.hub),
                    number(row.mean),
                    format!("{:.1}", row.sd_input * 100.0),
                    format!("{:.1}", row.sd_simulation * 100.0),
                    between(row.by_inputs),
                    between(row.by_both),
                    row.share
                        .map_or_else(|| digits::NONE.into(), |e| digits::percent(e.mean)),
                ],
                row.hub.is_none(),
            );
        }
        if !grid.rows.is_empty() {
            grids.push(grid);
        }
    }
    grids
}
