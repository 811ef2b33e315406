//! What would be needed if the inputs were not as stated: words, table, CSV, JSON.

use serde::Serialize;

use super::{Required, plain};
use crate::answers::Estimate;
use crate::answers::required::{AGAIN, Ending, Least, RequiredUncertain, Standing};
use crate::output::csv::{self, CsvError};
use crate::output::grid::Grid;
use crate::output::uncertain::{drawn, not_drawn, share};
use crate::output::{digits, words};

/// Columns of `needed.csv`: what is needed in each draw.
pub const NEEDED: [&str; 11] = [
    "scenario",
    "draw_number",
    "weight",
    "people",
    "path",
    "needed",
    "answer",
    "standing",
    "worst_hub",
    "worst_level",
    "inputs",
];

/// Where the inputs do more than this many times what chance does, more replications say nothing.
const POINTLESS: f64 = 2.0;

/// What stands in words where no staffing within the bounds does.
const BEYOND: &str = "more than the bounds allow";

/// What would be needed, in sentences; none if it was not asked.
#[must_use]
pub fn if_uncertain(required: &Required<'_>) -> Vec<String> {
    let Some(of) = required.uncertain else {
        return Vec::new();
    };
    let mut lines = vec![needs(required, of)];
    lines.extend(holds(required, of));
    if let Some(e) = of.none_within.filter(|e| e.mean > 0.0) {
        lines.push(format!(
            "In {} of the draws no staffing within the bounds seems to meet every level; they count as needing more than all others.",
            share(&e)
        ));
    }
    lines.extend(apart(required, of));
    lines.push(basis_of_draws(of));
    lines.extend(drawn::notes(required.scenario, &of.about));
    lines
}

/// From one amount to another, in the words of the question.
fn between(required: &Required<'_>, [low, high]: [Option<f64>; 2]) -> String {
    match (low, high) {
        (Some(low), Some(high)) if (low - high).abs() < 1e-9 => required.amount(low),
        (Some(low), Some(high)) => format!("{} to {}", required.amount_bare(low), required.more(high)),
        (Some(low), None) => format!("{} to {BEYOND}", required.amount(low)),
        (None, _) => BEYOND.into(),
    }
}

fn needs(required: &Required<'_>, of: &RequiredUncertain) -> String {
    let inputs = drawn::inputs(&of.inputs);
    format!(
        "If the inputs are what they could be ({} draws of {inputs}): half of the draws need {}, nine in ten {}. \
         These are found by search and not certified.",
        digits::count(of.draws.len() as u64),
        between(required, of.half),
        between(required, of.nine_tenths),
    )
}

fn holds(required: &Required<'_>, of: &RequiredUncertain) -> Option<String> {
    let (holds, falls) = (of.holds?, of.falls?);
    let amount = required.amount(required.answer.cost);
    let who = match required.answer.ending {
        Ending::Certified => format!("The certified staffing, {amount},"),
        _ => format!("The best that was found with the inputs as stated, {amount},"),
    };
    let near = 1.0 - holds.mean - falls.mean;
    let rest = if near > 1e-9 {
        format!("; in the other {} some level is too near to say", digits::percent(near))
    } else {
        String::new()
    };
    let weakest = of.weakest.map_or_else(String::new, |(check, part)| {
        let hub = check
            .hub
            .map_or_else(|| "all hubs".into(), |hub| words::hub(required.scenario, Some(hub)));
        format!(
            " Where it misses, the worst is most often {} at {hub} ({} of these draws).",
            words::pathway(required.scenario, check.pathway),
            digits::percent(part)
        )
    });
    Some(format!(
        "{who} would hold every level in {} of the draws and miss one in {}{rest}.{weakest}",
        share(&holds),
        share(&falls)
    ))
}

/// The two kinds of doubt apart.
fn apart(required: &Required<'_>, of: &RequiredUncertain) -> Option<String> {
    let apart = of.apart?;
    let amount = |sd: f64| {
        if sd < 0.005 {
            "next to nothing".into()
        } else {
            required.more(if sd < 10.0 {
                (sd * 10.0).round() / 10.0
            } else {
                sd.round()
            })
        }
    };
    let what_to_do = if apart.sd_input > POINTLESS * apart.sd_chance {
        "The inputs are what is not known: collect data."
    } else {
        "Chance in the search does as much: so few draws and replications do not tell what the inputs do."
    };
    Some(format!(
        "The inputs alone make a standard deviation of {}, chance in one search {} ({} draws searched {} times more, with other people). \
         {what_to_do}",
        amount(apart.sd_input),
        amount(apart.sd_chance),
        apart.repeated,
        AGAIN,
    ))
}

fn basis_of_draws(of: &RequiredUncertain) -> String {
    let worth = if of.effective_draws + 0.5 < of.draws.len() as f64 {
        format!(
            " The draws have weights and are worth {:.0} of equal weight.",
            of.effective_draws
        )
    } else {
        String::new()
    };
    let held = match of.held.as_slice() {
        [] => String::new(),
        held => {
            let named: Vec<String> = held.iter().map(|path| words::input(path)).collect();
            format!(
                " Not drawn, since the question moves them itself: {}.",
                words::list(&named)
            )
        }
    };
    format!(
        "The same people in all draws. How likely the values are is an assumption.{worth}{held} Shares of draws are with \
         their {} intervals.",
        digits::percent(of.confidence)
    )
}

/// By hub: each kind's number of the answer, and the median and range over the draws.
#[must_use]
pub fn over_draws(required: &Required<'_>) -> Option<Grid> {
    let of = required.uncertain?;
    let mut kinds: Vec<String> = Vec::new();
    let mut places: Vec<String> = Vec::new();
    for number in &of.numbers {
        for (list, name) in [
            (&mut kinds, required.kind(number.free)),
            (&mut places, required.where_of(number.free)),
        ] {
            if !list.contains(&name) {
                list.push(name);
            }
        }
    }
    let mut grid = Grid::new(
        "Staff needed if the inputs are not as stated: the answer, and the median over draws (from the fewest to the most)",
        &[("Hub", false)],
    );
    for kind in &kinds {
        grid.column(kind.clone(), true);
        grid.column("over draws".into(), true);
    }
    let number = |n: Option<f64>| n.map_or_else(|| "beyond".into(), plain);
    for place in &places {
        let mut cells = vec![place.clone()];
        for kind in &kinds {
            let mut own = of.numbers.iter();
            let found = own.find(|n| required.kind(n.free) == *kind && required.where_of(n.free) == *place);
            cells.push(found.map_or_else(String::new, |n| plain(n.answer)));
            cells.push(found.map_or_else(String::new, |n| {
                format!("{} ({} to {})", number(n.median), number(n.fewest), number(n.most))
            }));
        }
        grid.row(cells, false);
    }
    (!grid.rows.is_empty()).then_some(grid)
}

const fn standing(standing: Standing) -> &'static str {
    match standing {
        Standing::Holds => "holds",
        Standing::Falls => "falls",
        Standing::Near => "near",
    }
}

/// `needed.csv`: of each draw what it costs in all (`total`) and every number; empty where no staffing within the bounds suffices.
///
/// # Errors
/// [`CsvError`] if the table cannot be made.
pub fn needed_csv(required: &Required<'_>, of: &RequiredUncertain) -> Result<String, CsvError> {
    let mut rows = Vec::new();
    for (number, draw) in (1_u32..).zip(&of.draws) {
        let each = std::iter::once(&draw.least).chain(&draw.again);
        for (people, least) in (1_u32..).zip(each) {
            let head = |path: &str, needed: Option<f64>, answer: Option<f64>| {
                vec![
                    required.scenario.name.clone(),
                    number.to_string(),
                    csv::number(draw.weight),
                    people.to_string(),
                    path.to_owned(),
                    needed.map(csv::number).unwrap_or_default(),
                    answer.map(csv::number).unwrap_or_default(),
                ]
            };
            let mut total = head("total", least.cost, Some(required.answer.cost));
            if people == 1 {
                let worst = draw.held.worst;
                total.extend([
                    standing(draw.held.standing).to_owned(),
                    worst.map_or_else(String::new, |(c, _)| csv::hub(required.scenario, c.hub).to_owned()),
                    worst.map_or_else(String::new, |(_, level)| csv::number(level)),
                    draw.typed.join("; "),
                ]);
            } else {
                total.resize(NEEDED.len(), String::new());
            }
            rows.push(total);
            for (d, needed) in &least.numbers {
                let answer = required.answer.numbers.iter().find(|n| n.free == *d).map(|n| n.number);
                let mut row = head(required.path(*d), *needed, answer);
                row.resize(NEEDED.len(), String::new());
                rows.push(row);
            }
        }
    }
    csv::table(&NEEDED, rows.into_iter())
}

/// As in `required.json`.
#[derive(Serialize)]
pub(super) struct DrawsJson<'a> {
    drawn: &'a [String],
    not_drawn: Vec<&'a str>,
    draws: usize,
    effective_draws: f64,
    needed_median: Option<f64>,
    needed_half: [Option<f64>; 2],
    needed_nine_tenths: [Option<f64>; 2],
    holds: Option<Estimate>,
    falls: Option<Estimate>,
    none_within: Option<Estimate>,
    sd_needed_input: Option<f64>,
    sd_needed_chance: Option<f64>,
    searched_again: usize,
    by_number: Vec<NumberJson<'a>>,
    by_draw: Vec<DrawJson<'a>>,
}

#[derive(Serialize)]
struct NumberJson<'a> {
    path: &'a str,
    answer: f64,
    needed_median: Option<f64>,
    needed_fewest: Option<f64>,
    needed_most: Option<f64>,
}

#[derive(Serialize)]
struct DrawJson<'a> {
    weight: f64,
    inputs: &'a [String],
    needed: Option<f64>,
    needed_by_other_people: Vec<Option<f64>>,
    standing: Standing,
    worst_hub: Option<&'a str>,
    worst_level: Option<f64>,
    replications: u32,
}

/// What would be needed in each draw.
pub(super) fn json<'a>(required: &Required<'a>, of: &'a RequiredUncertain) -> DrawsJson<'a> {
    let scenario = required.scenario;
    let question = required.question;
    DrawsJson {
        drawn: &of.inputs,
        not_drawn: not_drawn(&of.held, &of.about),
        draws: of.draws.len(),
        effective_draws: of.effective_draws,
        needed_median: of.median,
        needed_half: of.half,
        needed_nine_tenths: of.nine_tenths,
        holds: of.holds,
        falls: of.falls,
        none_within: of.none_within,
        sd_needed_input: of.apart.map(|a| a.sd_input),
        sd_needed_chance: of.apart.map(|a| a.sd_chance),
        searched_again: of.draws.iter().filter(|d| !d.again.is_empty()).count(),
        by_number: of
            .numbers
            .iter()
            .map(|n| NumberJson {
                path: question.free.get(n.free).map_or("", |d| &d.path),
                answer: n.answer,
                needed_median: n.median,
                needed_fewest: n.fewest,
                needed_most: n.most,
            })
            .collect(),
        by_draw: of
            .draws
            .iter()
            .map(|d| DrawJson {
                weight: d.weight,
                inputs: &d.typed,
                needed: d.least.cost,
                needed_by_other_people: d.again.iter().map(|l: &Least| l.cost).collect(),
                standing: d.held.standing,
                worst_hub: d.held.worst.map(|(c, _)| csv::hub(scenario, c.hub)),
                worst_level: d.held.worst.map(|(_, level)| level),
                replications: d.held.replications,
            })
            .collect(),
    }
}
