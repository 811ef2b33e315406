//! What sharing staff between hubs is worth: the table, its sentences, its CSV and its JSON.

use serde::Serialize;

use crate::answers::Estimate;
use crate::answers::pooling::{BreakEven, FARTHEST, GainAt, PoolingAnswer, PoolingRow, Rule};
use crate::model::{Neighbours, PathwayId, Scenario};
use crate::output::csv::{self, CsvError};
use crate::output::grid::Grid;
use crate::output::uncertain::{self, UncertainJson};
use crate::output::{RunContext, WhatIf, changes, digits, sentence, table, words};
use crate::units::Span;

/// The columns of `pooling.csv`.
pub const COLUMNS: [&str; 11] = csv::with_estimate(["scenario", "pathway", "rule", "measure", "unit"]);

/// The measures of `pooling.csv`, with their units: a service level, its difference to separate hubs, and that difference
/// for one pool at the two ends of its break-even, whose extra travel stands in the measure's place of the row.
pub const MEASURES: [(&str, &str); 2] = [("service_level", "share"), ("gain_points", "points")];

/// The rule as in files.
#[must_use]
pub const fn rule_name(rule: Rule) -> &'static str {
    match rule {
        Rule::Separate => "separate",
        Rule::Neighbours => "neighbours",
        Rule::Pool => "pool",
    }
}

const fn rule_words(rule: Rule) -> &'static str {
    match rule {
        Rule::Separate => "Separate hubs",
        Rule::Neighbours => "Neighbours",
        Rule::Pool => "One pool",
    }
}

/// The answer in the terminal.
#[must_use]
pub fn text(scenario: &Scenario, answer: &PoolingAnswer, what_if: &WhatIf) -> String {
    let mut lines = vec![
        scenario.title.clone(),
        format!("Scenario file: {}.toml", scenario.name),
        format!(
            "The same staff under three rules, on the same people: {} replications of {}, seed {}. ± is the half-width of the \
             {} confidence interval.{} {}",
            digits::count(answer.replications.into()),
            words::weeks(scenario.experiment.run_length.days()),
            scenario.experiment.seed,
            digits::percent(answer.confidence),
            sentence::few(answer.replications),
            sentence::DOUBT
        ),
        String::new(),
    ];
    lines.extend(changes::undone(&what_if.undone));
    lines.extend(rules(scenario, answer));
    lines.push(String::new());
    for (pathway, break_even) in &answer.break_even {
        let rows = answer.rows.iter().filter(|row| row.pathway == *pathway);
        lines.extend(rows.filter_map(|row| gained(scenario, row)));
        lines.push(travelled(scenario, *pathway, break_even));
    }
    lines.extend(if_uncertain(scenario, answer));
    let mut text = table::prose(&lines);
    for grid in std::iter::once(grid(scenario, answer)).chain(over_draws(scenario, answer)) {
        text.push('\n');
        text.push_str(&table::grid(&grid));
    }
    text
}

/// Gains on separate hubs under uncertain inputs, all hubs together; `None` if it was not asked.
#[must_use]
pub fn over_draws(scenario: &Scenario, answer: &PoolingAnswer) -> Option<Grid> {
    let mut grid = Grid::new(
        "Uncertain inputs: points against separate hubs, all hubs together; last, the draws in which the rule is above them",
        &[
            ("Standard", false),
            ("Rule", false),
            ("Mean", true),
            ("Inputs: sd", true),
            ("Chance: error", true),
            ("By inputs", true),
            ("With both", true),
            ("Above in draws", true),
        ],
    );
    for (id, _, standard) in words::standards(scenario) {
        for (place, (rule, of)) in answer.uncertain.iter().enumerate() {
            let Some(row) = of.rows.iter().find(|row| row.hub.is_none() && row.pathway == id) else {
                continue;
            };
            let name = format!(
                "{} {}",
                words::pathway(scenario, id),
                words::within_short(standard.within)
            );
            let mut line = vec![if place == 0 { name } else { String::new() }, rule_words(*rule).into()];
            line.extend(uncertain::signed_cells(row));
            line.push(
                row.share
                    .map_or_else(|| digits::NONE.into(), |e| digits::percent(e.mean)),
            );
            grid.row(line, false);
        }
    }
    (!grid.rows.is_empty()).then_some(grid)
}

/// What gains are measured against.
const SEPARATE: &str = "separate hubs";

/// What uncertain inputs do to the gains, in sentences; none if it was not asked.
fn if_uncertain(scenario: &Scenario, answer: &PoolingAnswer) -> Vec<String> {
    let Some((_, first)) = answer.uncertain.first() else {
        return Vec::new();
    };
    let mut lines = vec![String::new()];
    lines.extend(uncertain::basis(scenario, first));
    lines.push(
        "Differences are to separate hubs, in each draw by itself. The break-even is with the inputs as stated.".into(),
    );
    for (rule, of) in &answer.uncertain {
        let whose = format!(", {}", words::inside(rule_words(*rule)));
        lines.extend(uncertain::differences(scenario, of, &whose, SEPARATE));
    }
    lines
}

/// `uncertain.csv` of the rules against separate hubs: `option` says which. `None` if it was not asked.
///
/// # Errors
/// [`CsvError`] if the table cannot be made.
pub fn uncertain_csv(scenario: &Scenario, answer: &PoolingAnswer) -> Result<Option<String>, CsvError> {
    let all: Vec<_> = answer
        .uncertain
        .iter()
        .map(|(rule, of)| (rule_name(*rule), of))
        .collect();
    (!all.is_empty()).then(|| uncertain::csv(scenario, &all)).transpose()
}

/// What the rules are.
fn rules(scenario: &Scenario, answer: &PoolingAnswer) -> Vec<String> {
    let mut lines = vec!["Separate hubs: every hub has its own staff, and nobody else's.".to_owned()];
    let whose = if answer.neighbours_of_the_file {
        "those of the file"
    } else {
        "every pair of hubs, since the file names none"
    };
    let after = |span: Span| {
        if span == Span::ZERO {
            "at once".into()
        } else {
            format!("after {}", words::span_long(span))
        }
    };
    let said = |n: &Neighbours| format!("{}, with {} extra travel", after(n.after), span(n.extra_travel));
    let mut distinct: Vec<String> = answer.neighbours.iter().map(said).collect();
    distinct.sort();
    distinct.dedup();
    lines.push(format!(
        "Neighbours: {whose}; first responses only, {}.",
        match distinct.as_slice() {
            [one] => one.clone(),
            _ => "each after its own wait and with its own extra travel".into(),
        }
    ));
    let extra = span(answer.extra_travel);
    let hubs = match scenario.hubs.len() {
        2 => "both hubs".to_owned(),
        n => format!("all {n} hubs"),
    };
    lines.push(format!(
        "One pool: the staff of {hubs} are one team with one queue, and every journey takes {extra} more."
    ));
    lines
}

fn span(span: Span) -> String {
    if span == Span::ZERO {
        "no".into()
    } else {
        words::span_long(span)
    }
}

/// What a rule gains for a standard, in a sentence.
fn gained(scenario: &Scenario, row: &PoolingRow) -> Option<String> {
    let gain = row.gain?;
    let name = words::pathway(scenario, row.pathway);
    let who = match row.rule {
        Rule::Separate => return None,
        Rule::Neighbours => "neighbours",
        Rule::Pool => "one pool",
    };
    Some(match Direction::of(&gain) {
        Direction::Gain => format!("{name}: {who} gain{} {}.", s(row.rule), digits::points(&gain)),
        Direction::Loss => format!("{name}: {who} lose{} {}.", s(row.rule), digits::points(&gain)),
        Direction::Neither => format!(
            "{name}: no detectable difference with {who} ({}).",
            digits::points_signed(&gain)
        ),
    })
}

const fn s(rule: Rule) -> &'static str {
    match rule {
        Rule::Pool => "s",
        _ => "",
    }
}

/// Up to how much extra travel one pool gains, in a sentence.
fn travelled(scenario: &Scenario, pathway: PathwayId, break_even: &BreakEven) -> String {
    let name = words::pathway(scenario, pathway);
    let sure = |at: &GainAt| match Direction::of(&at.gain) {
        Direction::Neither => " (no detectable difference)",
        _ => "",
    };
    let undecided = |at: &GainAt| matches!(Direction::of(&at.gain), Direction::Neither);
    match break_even {
        BreakEven::Never(at) if undecided(at) => format!(
            "{name}: without extra travel no difference between one pool and separate hubs can be told: {} points.",
            digits::points_signed(&at.gain),
        ),
        BreakEven::Between(near, far) if undecided(near) && undecided(far) => format!(
            "{name}: the break-even lies near {} min of extra travel, and is not known to the minute: {} points there, {} at \
             {} min, and neither can be told from no difference. More replications would narrow it.",
            near.extra_travel_min,
            digits::points_signed(&near.gain),
            digits::points_signed(&far.gain),
            far.extra_travel_min,
        ),
        BreakEven::Never(at) => format!(
            "{name}: one pool does not gain on separate hubs even without extra travel: {} points{}.",
            digits::points_signed(&at.gain),
            sure(at)
        ),
        BreakEven::Between(near, far) => format!(
            "{name}: one pool gains on separate hubs up to {} min of extra travel: {} points there{}, {} at {} min{}.",
            near.extra_travel_min,
            digits::points_signed(&near.gain),
            sure(near),
            digits::points_signed(&far.gain),
            far.extra_travel_min,
            sure(far)
        ),
        BreakEven::Always(at) => format!(
            "{name}: one pool gains on separate hubs even with {FARTHEST} min of extra travel, the most that was tried: {} \
             points{}.",
            digits::points_signed(&at.gain),
            sure(at)
        ),
        BreakEven::Unknown => {
            format!("{name}: the break-even was not found: the search was stopped, or nobody was referred.")
        }
    }
}

/// Which way a difference goes, beyond chance.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Direction {
    Gain,
    Loss,
    Neither,
}

impl Direction {
    fn of(gain: &Estimate) -> Self {
        if gain.low > 0.0 {
            Self::Gain
        } else if gain.high < 0.0 {
            Self::Loss
        } else {
            Self::Neither
        }
    }
}

/// Every standard under every rule.
#[must_use]
pub fn grid(scenario: &Scenario, answer: &PoolingAnswer) -> Grid {
    let mut grid = Grid::new(
        "Service level of the same staff under three rules, all hubs together",
        &[
            ("Standard", false),
            ("Rule", false),
            ("Service level", true),
            ("Against separate, points", true),
        ],
    );
    for row in &answer.rows {
        let Some(standard) = &scenario.pathways[row.pathway.0].standard else {
            continue;
        };
        let name = words::pathway(scenario, row.pathway);
        let gain = row.gain.as_ref().map_or_else(String::new, |gain| {
            if Direction::of(gain) == Direction::Neither {
                format!("{}, no detectable difference", digits::points_signed(gain))
            } else {
                digits::points_signed(gain)
            }
        });
        let first = row.rule == Rule::Separate;
        grid.row(
            vec![
                if first {
                    format!("{name} {}", words::within_short(standard.within))
                } else {
                    String::new()
                },
                rule_words(row.rule).into(),
                digits::share(row.level),
                gain,
            ],
            false,
        );
    }
    grid
}

/// One number of the answer.
#[derive(Serialize)]
struct Line<'a> {
    pathway: &'a str,
    rule: &'static str,
    measure: &'static str,
    unit: &'static str,
    estimate: Option<Estimate>,
}

fn lines<'a>(scenario: &'a Scenario, answer: &'a PoolingAnswer) -> impl Iterator<Item = Line<'a>> {
    answer.rows.iter().flat_map(move |row| {
        let line = |(measure, unit), estimate| Line {
            pathway: csv::flow(scenario, crate::answers::run::Flow::Pathway(row.pathway)),
            rule: rule_name(row.rule),
            measure,
            unit,
            estimate,
        };
        let level = line(MEASURES[0], row.level);
        let gain = (row.rule != Rule::Separate).then(|| line(MEASURES[1], row.gain.map(in_points)));
        std::iter::once(level).chain(gain)
    })
}

fn in_points(e: Estimate) -> Estimate {
    Estimate {
        mean: e.mean * 100.0,
        half_width: e.half_width * 100.0,
        low: e.low * 100.0,
        high: e.high * 100.0,
        ..e
    }
}

/// `pooling.csv`.
///
/// # Errors
/// [`CsvError`] if the table cannot be made.
pub fn csv(scenario: &Scenario, answer: &PoolingAnswer) -> Result<String, CsvError> {
    csv::table(
        &COLUMNS,
        lines(scenario, answer).map(|line| {
            let mut cells = vec![scenario.name.clone()];
            cells.extend([line.pathway, line.rule, line.measure, line.unit].map(str::to_owned));
            cells.extend(csv::estimate(line.estimate));
            cells
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
    confidence: f64,
    canonical_command: &'a str,
    extra_travel_min: f64,
    neighbours_of_the_file: bool,
    levels: Vec<Line<'a>>,
    break_even: Vec<BreakEvenJson<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    uncertain: Vec<UncertainJson<'a>>,
}

/// `position` says how the pool stands: `never`, `between`, `always` or `unknown`.
#[derive(Serialize)]
struct BreakEvenJson<'a> {
    pathway: &'a str,
    position: &'static str,
    ends: Vec<EndJson>,
}

#[derive(Serialize)]
struct EndJson {
    extra_travel_min: u16,
    gain_points: Estimate,
}

/// The one document of `pooling --json`, and `pooling.json`.
///
/// # Errors
/// If a value has no form in JSON.
pub fn json(scenario: &Scenario, answer: &PoolingAnswer, ctx: &RunContext) -> Result<String, serde_json::Error> {
    let end = |at: &GainAt| EndJson {
        extra_travel_min: at.extra_travel_min,
        gain_points: in_points(at.gain),
    };
    let break_even = answer.break_even.iter().map(|(pathway, found)| {
        let (position, ends) = match found {
            BreakEven::Never(at) => ("never", vec![end(at)]),
            BreakEven::Between(near, far) => ("between", vec![end(near), end(far)]),
            BreakEven::Always(at) => ("always", vec![end(at)]),
            BreakEven::Unknown => ("unknown", Vec::new()),
        };
        BreakEvenJson {
            pathway: &scenario.pathways[pathway.0].name,
            position,
            ends,
        }
    });
    let mut text = serde_json::to_string_pretty(&Json {
        version: &ctx.version,
        build: &ctx.build,
        scenario: &scenario.name,
        hash: &ctx.hash,
        seed: scenario.experiment.seed,
        replications: answer.replications,
        confidence: answer.confidence,
        canonical_command: &ctx.command_canonical,
        extra_travel_min: answer.extra_travel.minutes(),
        neighbours_of_the_file: answer.neighbours_of_the_file,
        levels: lines(scenario, answer).collect(),
        break_even: break_even.collect(),
        uncertain: answer
            .uncertain
            .iter()
            .map(|(rule, of)| uncertain::json(scenario, Some(rule_name(*rule)), of))
            .collect(),
    })?;
    text.push('\n');
    Ok(text)
}
