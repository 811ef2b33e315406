//! The answer as files: CSV, JSON, and a scenario that has it.

use std::fmt::Write as _;

use serde::Serialize;

use super::Required;
use super::draws::{self, DrawsJson};
use crate::answers::required::{Check, Ending, Grounds, NoControl, Number, Seems, SeenLevel, Sign, Tested, Tried};
use crate::answers::{Estimate, Measure};
use crate::model::{Smallest, Where};
use crate::output::csv::{self, CsvError};
use crate::output::{digits, words};
use crate::stats::Verdict;

/// Columns of `required.csv`: the staffing.
pub const COLUMNS: [&str; 10] = [
    "scenario",
    "path",
    "number",
    "before",
    "cost",
    "cost_before",
    "pounds",
    "pounds_before",
    "rostered",
    "at_bound",
];
/// Columns of `certificate.csv`: the claims, and how each was tested.
pub const CERTIFICATE: [&str; 14] = [
    "scenario",
    "hub",
    "pathway",
    "claim",
    "staffing",
    "wanted",
    "mean",
    "low",
    "high",
    "bound",
    "replications",
    "zone_points",
    "verdict",
    "control",
];
/// Columns of `tried.csv`: all that the search simulated.
pub const TRIED: [&str; 10] = [
    "scenario",
    "hub",
    "pathway",
    "staffing",
    "wanted",
    "mean",
    "half_width",
    "replications",
    "seems",
    "standing",
];

const fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Feasible => "feasible",
        Verdict::Infeasible => "infeasible",
        Verdict::Borderline => "borderline",
        Verdict::Undecided => "undecided",
    }
}

const fn seems(seems: Seems) -> &'static str {
    match seems {
        Seems::Met => "met",
        Seems::Missed => "missed",
        Seems::Unsure => "unsure",
    }
}

const fn control(used: bool) -> &'static str {
    if used { "infinite_server" } else { "none" }
}

const fn reach(sign: Sign) -> &'static str {
    match sign {
        Sign::Raises => "at_most",
        Sign::Lowers => "at_least",
        Sign::Unknown => "exactly",
    }
}

const fn standing(tried: &Tried) -> &'static str {
    match (tried.suffices, tried.excluded) {
        (true, _) => "suffices",
        (_, true) => "misses",
        _ => "open",
    }
}

impl Required<'_> {
    pub(super) fn path(&self, free: usize) -> &str {
        self.question.free.get(free).map_or("", |d| &d.path)
    }

    fn by_paths(&self, numbers: impl Iterator<Item = (usize, f64)>) -> String {
        numbers
            .map(|(d, n)| format!("{}={n}", self.path(d)))
            .collect::<Vec<_>>()
            .join("; ")
    }

    fn hub(&self, check: &Check) -> &str {
        csv::hub(self.scenario, check.hub)
    }

    fn pathway(&self, check: &Check) -> &str {
        &self.scenario.pathways[check.pathway.0].name
    }
}

/// `required.csv`.
///
/// # Errors
/// [`CsvError`] if the table cannot be made.
pub fn csv(required: &Required<'_>) -> Result<String, CsvError> {
    csv::table(
        &COLUMNS,
        required.answer.numbers.iter().map(|n| {
            vec![
                required.scenario.name.clone(),
                n.path.clone(),
                csv::number(n.number),
                csv::number(n.before),
                csv::number(n.cost),
                csv::number(n.cost_before),
                n.pounds.map(csv::number).unwrap_or_default(),
                n.pounds_before.map(csv::number).unwrap_or_default(),
                n.rostered.map(csv::number).unwrap_or_default(),
                n.at_bound.to_string(),
            ]
        }),
    )
}

/// `certificate.csv`.
///
/// # Errors
/// [`CsvError`] if the table cannot be made.
pub fn certificate_csv(required: &Required<'_>) -> Result<String, CsvError> {
    let answer = required.answer;
    let whole = answer.numbers.iter().map(|n| (n.free, n.number));
    let whole = required.by_paths(whole);
    let row = |tested: &Tested, claim: &str, staffing: String| {
        let e = |of: fn(&Estimate) -> f64| tested.level.as_ref().map(of).map(csv::number).unwrap_or_default();
        vec![
            required.scenario.name.clone(),
            required.hub(&tested.check).to_owned(),
            required.pathway(&tested.check).to_owned(),
            claim.to_owned(),
            staffing,
            csv::number(tested.check.wanted),
            e(|e| e.mean),
            e(|e| e.low),
            e(|e| e.high),
            tested.bound.map(csv::number).unwrap_or_default(),
            tested.replications.to_string(),
            csv::number(tested.zone_points),
            verdict(tested.verdict).to_owned(),
            control(tested.controlled).to_owned(),
        ]
    };
    let met = answer.levels.iter().map(|t| row(t, "met", whole.clone()));
    let missed = answer.cheaper.iter().map(|c| {
        let staffing = required.by_paths(c.numbers.iter().map(|(d, n, _)| (*d, *n)));
        row(&c.tested, "missed", staffing)
    });
    csv::table(&CERTIFICATE, met.chain(missed))
}

/// `tried.csv`.
///
/// # Errors
/// [`CsvError`] if the table cannot be made.
pub fn tried_csv(required: &Required<'_>) -> Result<String, CsvError> {
    let rows = required.answer.tried.iter().flat_map(|tried| {
        tried.levels.iter().map(|seen| {
            let check = &seen.check;
            vec![
                required.scenario.name.clone(),
                required.hub(check).to_owned(),
                required.pathway(check).to_owned(),
                required.by_paths(tried.numbers.iter().copied()),
                csv::number(check.wanted),
                csv::number(seen.level.mean),
                csv::number(seen.level.half_width),
                seen.level.replications.to_string(),
                seems(seen.seems).to_owned(),
                standing(tried).to_owned(),
            ]
        })
    });
    csv::table(&TRIED, rows)
}

#[derive(Serialize)]
struct Json<'a> {
    version: &'a str,
    build: &'a str,
    scenario: &'a str,
    hash: &'a str,
    seed: u64,
    canonical_command: &'a str,
    ending: Ending,
    at: &'static str,
    smallest: &'static str,
    confidence: f64,
    delta_points: f64,
    cost: f64,
    cost_at_least: Option<f64>,
    cost_before: f64,
    pounds: Option<f64>,
    pounds_before: Option<f64>,
    staffing: Vec<NumberJson<'a>>,
    levels: Vec<LevelJson<'a>>,
    misses: Vec<MissJson<'a>>,
    borderline: Vec<BorderlineJson<'a>>,
    borderline_of_each_cost: bool,
    as_cheap: Vec<CheaperJson<'a>>,
    attempts: u32,
    staffings: usize,
    search_replications: u64,
    certificate_replications: u64,
    islands: usize,
    audited_pairs: usize,
    contradicted: Vec<SignJson<'a>>,
    rests_on: Vec<DirectionJson<'a>>,
    controls: Vec<ControlJson<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    with_this_staff: Vec<BesideJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    uncertain: Option<DrawsJson<'a>>,
}

/// What else the staffing of the answer does, over all hubs.
#[derive(Serialize)]
struct BesideJson<'a> {
    pathway: &'a str,
    measure: &'static str,
    unit: &'static str,
    #[serde(flatten)]
    estimate: Estimate,
}

/// Service levels and what becomes of planned visits in a run of the staffing.
fn beside<'a>(required: &Required<'a>) -> Vec<BesideJson<'a>> {
    let wanted = [
        Measure::ServiceLevel,
        Measure::VisitsLateShare,
        Measure::VisitsMissedShare,
    ];
    let rows = required.beside.into_iter().flat_map(|run| &run.summary);
    let rows = rows.filter(|row| row.hub.is_none() && row.role.is_none() && wanted.contains(&row.measure));
    rows.filter_map(|row| {
        Some(BesideJson {
            pathway: csv::flow(required.scenario, row.flow),
            measure: row.measure.name(),
            unit: row.measure.unit(),
            estimate: row.estimate?,
        })
    })
    .collect()
}

#[derive(Serialize)]
struct ControlJson<'a> {
    hub: &'a str,
    pathway: &'a str,
    control: &'static str,
    no_control: Option<NoControl>,
}

#[derive(Serialize)]
struct NumberJson<'a> {
    path: &'a str,
    number: f64,
    before: f64,
    cost: f64,
    cost_before: f64,
    pounds: Option<f64>,
    pounds_before: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rostered: Option<f64>,
    at_bound: bool,
}

#[derive(Serialize)]
struct LevelJson<'a> {
    hub: &'a str,
    pathway: &'a str,
    wanted: f64,
    level: Option<Estimate>,
    bound: Option<f64>,
    zone_points: f64,
    verdict: Verdict,
    control: &'static str,
}

#[derive(Serialize)]
struct MissJson<'a> {
    numbers: Vec<ReachJson<'a>>,
    saves: f64,
    #[serde(flatten)]
    level: LevelJson<'a>,
}

#[derive(Serialize)]
struct ReachJson<'a> {
    path: &'a str,
    number: f64,
    reach: &'static str,
}

#[derive(Serialize)]
struct CheaperJson<'a> {
    numbers: Vec<PlainJson<'a>>,
    saves: f64,
}

#[derive(Serialize)]
struct PlainJson<'a> {
    path: &'a str,
    number: f64,
}

#[derive(Serialize)]
struct BorderlineJson<'a> {
    #[serde(flatten)]
    staffing: CheaperJson<'a>,
    cost: f64,
    levels: Vec<SeenJson<'a>>,
}

#[derive(Serialize)]
struct SeenJson<'a> {
    hub: &'a str,
    pathway: &'a str,
    wanted: f64,
    level: Estimate,
    seems: Seems,
}

#[derive(Serialize)]
struct SignJson<'a> {
    hub: &'a str,
    pathway: &'a str,
    path: &'a str,
}

#[derive(Serialize)]
struct DirectionJson<'a> {
    #[serde(flatten)]
    of: SignJson<'a>,
    sign: Sign,
    grounds: Grounds,
    audited_pairs: usize,
}

/// The one document of `required --json`, and `required.json`.
///
/// # Errors
/// [`serde_json::Error`] if it cannot be written.
pub fn json(required: &Required<'_>) -> Result<String, serde_json::Error> {
    let (scenario, answer, context) = (required.scenario, required.answer, required.context);
    let level = |t: &Tested| LevelJson {
        hub: csv::hub(scenario, t.check.hub),
        pathway: &scenario.pathways[t.check.pathway.0].name,
        wanted: t.check.wanted,
        level: t.level,
        bound: t.bound,
        zone_points: t.zone_points,
        verdict: t.verdict,
        control: control(t.controlled),
    };
    let cheaper = |numbers: &[(usize, f64)], saves: f64| CheaperJson {
        numbers: numbers
            .iter()
            .map(|(d, number)| PlainJson {
                path: required.path(*d),
                number: *number,
            })
            .collect(),
        saves,
    };
    let sign = |check: &Check, d: usize| SignJson {
        hub: csv::hub(scenario, check.hub),
        pathway: &scenario.pathways[check.pathway.0].name,
        path: required.path(d),
    };
    let seen = |seen: &SeenLevel| SeenJson {
        hub: csv::hub(scenario, seen.check.hub),
        pathway: &scenario.pathways[seen.check.pathway.0].name,
        wanted: seen.check.wanted,
        level: seen.level,
        seems: seen.seems,
    };
    let document = Json {
        version: &context.version,
        build: &context.build,
        scenario: &scenario.name,
        hash: &context.hash,
        seed: scenario.experiment.seed,
        canonical_command: &context.command_canonical,
        ending: answer.ending,
        at: match required.question.at {
            Where::EveryHub => "every hub",
            Where::Overall => "overall",
        },
        smallest: match required.question.smallest {
            Smallest::Wte => "WTE",
            Smallest::YearlyCost => "yearly cost",
        },
        confidence: answer.confidence,
        delta_points: answer.delta_points,
        cost: answer.cost,
        cost_at_least: answer.cost_at_least,
        cost_before: answer.cost_before,
        pounds: answer.pounds,
        pounds_before: answer.pounds_before,
        staffing: answer
            .numbers
            .iter()
            .map(|n| NumberJson {
                path: &n.path,
                number: n.number,
                before: n.before,
                cost: n.cost,
                cost_before: n.cost_before,
                pounds: n.pounds,
                pounds_before: n.pounds_before,
                rostered: n.rostered,
                at_bound: n.at_bound,
            })
            .collect(),
        levels: answer.levels.iter().map(level).collect(),
        misses: answer
            .cheaper
            .iter()
            .map(|c| MissJson {
                numbers: c
                    .numbers
                    .iter()
                    .map(|(d, number, sign)| ReachJson {
                        path: required.path(*d),
                        number: *number,
                        reach: reach(*sign),
                    })
                    .collect(),
                saves: c.saves,
                level: level(&c.tested),
            })
            .collect(),
        borderline: answer
            .borderline
            .iter()
            .map(|near| BorderlineJson {
                staffing: cheaper(&near.numbers, near.saves),
                cost: near.cost,
                levels: near.levels.iter().map(seen).collect(),
            })
            .collect(),
        borderline_of_each_cost: answer.borderline_of_each_cost,
        as_cheap: answer.as_cheap.iter().map(|(_, n)| cheaper(n, 0.0)).collect(),
        attempts: answer.attempts,
        staffings: answer.staffings,
        search_replications: answer.search_replications,
        certificate_replications: answer.certificate_replications,
        islands: answer.islands,
        audited_pairs: answer.audited,
        contradicted: answer.contradicted.iter().map(|(c, d)| sign(c, *d)).collect(),
        rests_on: answer
            .rests_on
            .iter()
            .map(|direction| DirectionJson {
                of: sign(&direction.check, direction.free),
                sign: direction.sign,
                grounds: direction.grounds,
                audited_pairs: direction.pairs,
            })
            .collect(),
        controls: answer
            .controls
            .iter()
            .map(|(check, no_control)| ControlJson {
                hub: csv::hub(scenario, check.hub),
                pathway: &scenario.pathways[check.pathway.0].name,
                control: control(no_control.is_none()),
                no_control: *no_control,
            })
            .collect(),
        with_this_staff: beside(required),
        uncertain: required.uncertain.map(|of| draws::json(required, of)),
    };
    let mut text = serde_json::to_string_pretty(&document)?;
    text.push('\n');
    Ok(text)
}

/// Where the targets of `answer.toml` are others than the scenario's, in a sentence; nothing if they are the same.
#[must_use]
pub fn other_targets(required: &Required<'_>) -> Option<String> {
    let other = required.question.standards.iter().filter_map(|(id, wanted)| {
        let pathway = required.scenario.pathways.get(id.0)?;
        let own = pathway.standard.and_then(|s| s.target);
        let than = own.map_or_else(|| "none".to_owned(), digits::per_cent);
        let name = words::pathway(required.scenario, *id);
        (own != Some(*wanted)).then(|| format!("{name} {} (in the file {than})", digits::per_cent(*wanted)))
    });
    let other: Vec<String> = other.collect();
    (!other.is_empty()).then(|| {
        format!(
            "answer.toml has the levels asked for as its targets, and a run of it judges by them: {}.",
            words::list(&other)
        )
    })
}

/// `answer.toml`: a what-if on the scenario beside it that has the staff of the answer, and as targets the levels asked for.
#[must_use]
pub fn answer_file(required: &Required<'_>) -> String {
    let answer = required.answer;
    let standing = match answer.ending {
        Ending::Certified if required.some_between() => {
            "meets every level asked for; of some that is cheaper nothing is claimed"
        }
        Ending::Certified => "the least that meets every level asked for",
        Ending::NotWithinBounds => "the best found; no staffing within the bounds meets every level asked for",
        Ending::NotDecided => "the best found, not certified",
        Ending::Interrupted => "the best found before it was interrupted, not certified",
    };
    let title = required.scenario.title.replace(['"', '\\'], "'");
    let mut text = format!(
        "# {}: what `homefirst required` answered for scenario.toml.\nformat = 1\nbase   = \"scenario.toml\"\ntitle  = \"{title}: {}\"\n",
        words::capital(standing),
        "staff as required"
    );
    for (id, wanted) in &required.question.standards {
        let Some(pathway) = required.scenario.pathways.get(id.0) else {
            continue;
        };
        let own = pathway.standard.and_then(|s| s.target);
        if own != Some(*wanted) {
            let (name, wanted) = (escaped(&pathway.name), wanted.get());
            let own = own.map_or_else(|| "has none".to_owned(), |own| format!("has {}", own.get()));
            let _ = write!(
                text,
                "\n# Another target than that of scenario.toml, which {own}: the level asked for, so that a run of this file judges by it.\n\
                 [pathway.\"{name}\".standard]\ntarget = {wanted}\n"
            );
        }
    }
    // What is the same at several hubs first, so that a hub's own comes over it.
    let alike = |n: &&Number| {
        required
            .question
            .free
            .get(n.free)
            .is_some_and(|dial| dial.places.len() > 1)
    };
    let (alike, own): (Vec<&Number>, Vec<&Number>) = answer.numbers.iter().partition(alike);
    for n in alike.into_iter().chain(own) {
        let path = escaped(&n.path);
        let _ = write!(text, "\n[[change]]\npath  = \"{path}\"\nvalue = {}\n", n.number);
    }
    text
}

/// A text as it stands between quotes in TOML.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}
