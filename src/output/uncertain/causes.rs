//! Why standards are missed under uncertain inputs: the largest cause and each one's share of the misses, in words, as a table, in
//! CSV and JSON.

use serde::Serialize;

use super::{About, RowJson, apart, cells, lies, of_the_draws, row_json, row_line, with_chance};
use crate::answers::uncertain::{Uncertain, UncertainCauses};
use crate::model::{PathwayId, Scenario};
use crate::output::csv::{self, CsvError};
use crate::output::grid::Grid;
use crate::output::{digits, words};

/// The columns of `uncertain_causes.csv`.
pub const COLUMNS: [&str; 23] = with_chance("cause");

/// Causes that are the largest in fewer draws than this are not named in sentences, but for the first.
const NAMED: f64 = 0.01;

/// `uncertain_causes.csv`: over all hubs; `None` of what has no causes.
///
/// # Errors
/// [`CsvError`] if the table cannot be made.
pub fn csv(scenario: &Scenario, of: &Uncertain) -> Result<Option<String>, CsvError> {
    let lines = of.causes.iter().flat_map(|found| {
        let with_misses = About {
            draws: of.draws - found.draws_without_misses.min(of.draws),
            ..About::of(of)
        };
        let measure = "share_of_misses";
        let causes = found.causes.iter();
        causes.map(move |c| row_line(scenario, (c.cause.name(), measure), with_misses, &c.of_misses))
    });
    (!of.causes.is_empty()).then(|| csv::table(&COLUMNS, lines)).transpose()
}

/// The causes of a standard in JSON.
#[derive(Serialize)]
pub(super) struct CausesJson<'a> {
    pathway: &'a str,
    draws_without_misses: u32,
    causes: Vec<CauseJson<'a>>,
}

#[derive(Serialize)]
struct CauseJson<'a> {
    cause: &'static str,
    #[serde(flatten)]
    found: RowJson<'a>,
}

pub(super) fn json<'a>(scenario: &'a Scenario, of: &'a Uncertain) -> Vec<CausesJson<'a>> {
    let one = |found: &UncertainCauses| CausesJson {
        pathway: &scenario.pathways[found.pathway.0].name,
        draws_without_misses: found.draws_without_misses,
        causes: found
            .causes
            .iter()
            .map(|c| CauseJson {
                cause: c.cause.name(),
                found: row_json(scenario, &c.of_misses),
            })
            .collect(),
    };
    of.causes.iter().map(one).collect()
}

fn of_standard(of: &Uncertain, id: PathwayId) -> Option<&UncertainCauses> {
    of.causes.iter().find(|found| found.pathway == id)
}

/// Which cause of a standard's misses is the largest, how surely, and what share it has.
#[must_use]
pub fn sentences(scenario: &Scenario, of: &Uncertain, id: PathwayId) -> Vec<String> {
    let Some(found) = of_standard(of, id) else {
        return Vec::new();
    };
    let name = words::pathway(scenario, id);
    let mut lines = Vec::new();
    let mut largest: Vec<_> = found
        .causes
        .iter()
        .filter_map(|c| Some((c, c.of_misses.share?.mean)))
        .collect();
    largest.sort_by(|a, b| b.1.total_cmp(&a.1));
    let Some((first, _)) = largest.first() else {
        return vec![format!(
            "{name}, uncertain inputs: nothing can be said of causes, since nobody missed the standard in {} of the {} draws.",
            digits::count(found.draws_without_misses.into()),
            digits::count(of.draws.into())
        )];
    };
    let parts: Vec<String> = largest
        .iter()
        .enumerate()
        .filter(|(place, (_, share))| *place == 0 || *share >= NAMED)
        .filter_map(|(_, (c, _))| {
            Some(format!(
                "\"{}\" in {}",
                words::cause(c.cause),
                of_the_draws(&c.of_misses)?
            ))
        })
        .collect();
    lines.push(format!(
        "{name}, uncertain inputs: the largest cause of misses is {}.",
        words::list(&parts)
    ));
    let row = &first.of_misses;
    lines.push(format!(
        "{name}, uncertain inputs: \"{}\" is {:.1} % of the misses {}. {}",
        words::cause(first.cause),
        row.mean * 100.0,
        lies(row, of.confidence),
        apart(row)
    ));
    if found.draws_without_misses > 0 {
        lines.push(format!(
            "{name}, uncertain inputs: in {} of the {} draws nobody missed the standard; they are in none of these shares.",
            digits::count(found.draws_without_misses.into()),
            digits::count(of.draws.into())
        ));
    }
    lines
}

/// The causes of a standard's misses over all hubs, both kinds of doubt apart; `None` where nothing is known.
#[must_use]
pub fn grid(scenario: &Scenario, of: &Uncertain, id: PathwayId) -> Option<Grid> {
    let found = of_standard(of, id)?;
    let mut grid = Grid::new(
        format!(
            "{}: why the standard is missed, uncertain inputs, per cent of the misses",
            words::pathway(scenario, id)
        ),
        &[
            ("Cause", false),
            ("Mean", true),
            ("Inputs: sd, points", true),
            ("Chance: error, points", true),
            ("By inputs", true),
            ("With both", true),
            ("Largest in draws", true),
        ],
    );
    for c in &found.causes {
        let row = &c.of_misses;
        let mut line = vec![words::capital(words::cause(c.cause))];
        line.extend(cells(row));
        line.push(
            row.share
                .map_or_else(|| digits::NONE.into(), |e| digits::percent(e.mean)),
        );
        grid.row(line, false);
    }
    (!grid.rows.is_empty()).then_some(grid)
}
