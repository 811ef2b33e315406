//! What uncertain inputs do beside chance in the simulation: words, table, CSV, JSON; of a run, and of options.

pub mod causes;
pub mod months;

use serde::Serialize;

use crate::answers::Estimate;
use crate::answers::uncertain::{Judged, Uncertain, UncertainRow};
use crate::model::Scenario;
use crate::output::csv::{self, CsvError};
use crate::output::grid::Grid;
use crate::output::{digits, words};

/// The columns of `uncertain.csv`. `option` is empty for a run; else everything is of the difference, option less base.
pub const COLUMNS: [&str; 21] = [
    "scenario",
    "option",
    "hub",
    "pathway",
    "measure",
    "unit",
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
    "more_replications_pointless",
];

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
fn shares(row: &UncertainRow) -> [String; 3] {
    let share = row.share.map(|e| [e.mean, e.low, e.high].map(csv::number));
    share.unwrap_or_default()
}

/// The columns of `uncertain_monthly.csv` and `uncertain_causes.csv`; the last but three says which month or which cause.
const fn with_chance(what: &'static str) -> [&'static str; 23] {
    [
        "scenario",
        "hub",
        "pathway",
        what,
        "measure",
        "unit",
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
    ]
}

/// A row of one of these.
fn judged_line(
    scenario: &Scenario,
    (what, measure): (&str, &str),
    about: About,
    Judged { row, share_by_chance }: &Judged,
) -> Vec<String> {
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
    cells.extend(share_by_chance.map(|ends| ends.map(csv::number)).unwrap_or_default());
    cells.push(row.pointless().to_string());
    cells
}

/// As in JSON documents.
#[derive(Serialize)]
pub(super) struct UncertainJson<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    option: Option<&'a str>,
    drawn: &'a [String],
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    not_drawn: &'a [String],
    draws: u32,
    effective_draws: f64,
    replications: u32,
    by_hub: Vec<RowJson<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    by_month: Vec<months::MonthJson<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    by_cause: Vec<causes::CausesJson<'a>>,
}

/// A row, and how far chance moves its share of draws.
#[derive(Serialize)]
struct JudgedJson<'a> {
    #[serde(flatten)]
    row: RowJson<'a>,
    share_chance_low: Option<f64>,
    share_chance_high: Option<f64>,
}

fn judged_json<'a>(scenario: &'a Scenario, judged: &Judged) -> JudgedJson<'a> {
    let end = |n: usize| judged.share_by_chance.map(|ends| ends[n]);
    JudgedJson {
        row: row_json(scenario, &judged.row),
        share_chance_low: end(0),
        share_chance_high: end(1),
    }
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
    }
}

/// Of a run, or of an option by its name.
pub(super) fn json<'a>(scenario: &'a Scenario, option: Option<&'a str>, of: &'a Uncertain) -> UncertainJson<'a> {
    UncertainJson {
        option,
        drawn: &of.inputs,
        not_drawn: &of.held,
        draws: of.draws,
        effective_draws: of.effective_draws,
        replications: of.replications,
        by_hub: of.rows.iter().map(|row| row_json(scenario, row)).collect(),
        by_month: months::json(scenario, of),
        by_cause: causes::json(scenario, of),
    }
}

/// What was drawn.
#[must_use]
pub fn basis(of: &Uncertain) -> String {
    let worth = if of.effective_draws + 0.5 < f64::from(of.draws) {
        format!(" with weights, worth {:.0} of equal weight", of.effective_draws)
    } else {
        String::new()
    };
    let inputs = match of.inputs.as_slice() {
        [one] => words::input(one),
        all => format!("{} inputs together", all.len()),
    };
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
    let points = share * 100.0;
    if points.abs() < 0.05 {
        "less than 0.1".into()
    } else {
        format!("{points:.1}")
    }
}

/// The two kinds apart, in words.
pub(super) fn apart(row: &UncertainRow) -> String {
    let times = match row.ratio() {
        Some(ratio) if ratio >= 1.5 => format!(", {} times as much", words::about(ratio)),
        _ => String::new(),
    };
    let what_to_do = if row.pointless() {
        "More replications are pointless: collect data."
    } else {
        "Chance matters too: more replications help."
    };
    format!(
        "The inputs alone make a standard deviation of {} points, chance in the simulation an error of {}{times}. {what_to_do}",
        points(row.sd_input),
        points(row.sd_simulation)
    )
}

/// What to know of causes under uncertain inputs; it stands beside them.
pub const CAUSES_NOTE: &str =
    "Shares are of the misses over all hubs. What switching a cause off does is with the inputs as stated.";

/// Heading of the share of draws that meet a target.
const MEET: &str = "Draws that meet the target";

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

/// A share of draws with both of its intervals.
fn share_twice(judged: &Judged) -> Option<String> {
    let e = judged.row.share.as_ref()?;
    let said = format!(
        "{} of the draws ({} to {} by how many they are",
        digits::percent(e.mean),
        digits::percent(e.low),
        digits::percent(e.high)
    );
    Some(match judged.share_by_chance {
        Some([low, high]) => format!(
            "{said}, {} to {} by chance in the simulation)",
            digits::percent(low),
            digits::percent(high)
        ),
        None => format!("{said})"),
    })
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

/// What uncertain inputs do to the service levels of a run, over all hubs.
#[must_use]
pub fn sentences(scenario: &Scenario, of: &Uncertain) -> Vec<String> {
    let mut lines = vec![basis(of)];
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
        if let (Some(e), Some(target)) = (&row.share, standard.target) {
            lines.push(format!(
                "{}: the target of {} is met in {} of the draws.",
                words::pathway(scenario, row.pathway),
                digits::per_cent(target),
                share(e)
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
            let signed = |share: f64| format!("{:+.1}", share * 100.0 + 0.0);
            let above = row.share.as_ref().map_or_else(String::new, |e| {
                format!(" It is above {to} in {} of the draws.", share(e))
            });
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
    grids_against(scenario, option.map(|option| (option, "the base")), of)
}

/// The same of something against something else.
pub(super) fn grids_against(scenario: &Scenario, against: Option<(&str, &str)>, of: &Uncertain) -> Vec<Grid> {
    let mut grids = Vec::new();
    for (id, _, standard) in words::standards(scenario) {
        let within = words::within_short(standard.within);
        let name = words::pathway(scenario, id);
        let (caption, last) = match against {
            Some((option, base)) => (
                format!("{name} {within}, uncertain inputs: {option}, points against {base}"),
                format!("Draws above {base}"),
            ),
            None => (format!("{name} {within}, uncertain inputs: per cent"), MEET.into()),
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
                (&last, true),
            ],
        );
        let number = |share: f64| {
            let points = share * 100.0;
            if against.is_some() {
                format!("{:+.1}", points + 0.0)
            } else {
                format!("{points:.1}")
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
