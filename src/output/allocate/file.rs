//! `allocate.csv` and `allocate.json`.

use serde::Serialize;

use super::Allocated;
use super::draws::{self, DrawsJson};
use super::sentences::turned;
use crate::answers::Estimate;
use crate::answers::allocate::{Choice, Counted, Kind, RESAMPLES, Win};
use crate::answers::run::Flow;
use crate::model::{HubId, PathwayId, Staffing};
use crate::output::csv::{self, CsvError};

/// The columns of `allocate.csv`.
pub const COLUMNS: [&str; 15] = csv::with_estimate([
    "scenario",
    "placement",
    "hub",
    "pathway",
    "role",
    "extra",
    "beside",
    "measure",
    "unit",
]);

/// The measures of `allocate.csv`, with their units.
pub const MEASURES: [(&str, &str); 6] = [
    ("service_level", "share"),
    ("gain_points", "points"),
    ("worst_hub_level", "share"),
    ("worst_hub_gain_points", "points"),
    ("best_less_this_points", "points"),
    ("best_less_this_worst_hub_points", "points"),
];

const LEVEL: usize = 0;
const GAIN: usize = 1;
const WORST: usize = 2;
const WORST_GAIN: usize = 3;
const LESS: usize = 4;
const WORST_LESS: usize = 5;

/// A kind of placement as in files.
pub(super) const fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::AsNow => "as_now",
        Kind::Even => "even",
        Kind::Proportional => "proportional",
        Kind::Best => "best",
        Kind::BestWorstHub => "best_worst_hub",
        Kind::RunnerUp => "runner_up",
    }
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

/// A row of `allocate.csv`.
struct Row<'a> {
    placement: &'a str,
    hub: Option<HubId>,
    pathway: Flow,
    extra: Option<u32>,
    beside: String,
    measure: usize,
    estimate: Estimate,
}

/// `allocate.csv`: cells of the table (`cell`), best placements of fewer (`curve`), then each placement and what the best one
/// has more than it.
///
/// # Errors
/// [`CsvError`] if the table cannot be made.
pub fn csv(allocated: &Allocated<'_>) -> Result<String, CsvError> {
    let (scenario, answer) = (allocated.scenario, allocated.answer);
    let role = csv::role(scenario, Some(answer.request.role));
    csv::table(
        &COLUMNS,
        rows(allocated).into_iter().map(|row| {
            let (measure, unit) = MEASURES[row.measure];
            let mut cells = vec![scenario.name.clone()];
            cells.extend(
                [
                    row.placement,
                    csv::hub(scenario, row.hub),
                    csv::flow(scenario, row.pathway),
                    role,
                ]
                .map(str::to_owned),
            );
            cells.push(row.extra.map_or_else(String::new, |n| n.to_string()));
            cells.extend([row.beside, measure.into(), unit.into()]);
            cells.extend(csv::estimate(Some(row.estimate)));
            cells
        }),
    )
}

fn rows<'a>(allocated: &Allocated<'a>) -> Vec<Row<'a>> {
    let answer = allocated.answer;
    let objective = Flow::Pathway(answer.request.pathway);
    let mut rows = Vec::new();
    for cell in &answer.cells {
        rows.push(Row {
            placement: "cell",
            hub: Some(cell.hub),
            pathway: objective,
            extra: Some(cell.extra),
            beside: beside(allocated, &cell.beside),
            measure: LEVEL,
            estimate: cell.level,
        });
    }
    let row = |placement, hub, pathway, extra, measure, estimate| Row {
        placement,
        hub,
        pathway,
        extra,
        beside: String::new(),
        measure,
        estimate,
    };
    for point in &answer.curve {
        let total = Some(point.total);
        rows.push(row("curve", None, objective, total, LEVEL, point.level));
        rows.extend(
            point
                .gain
                .map(|e| row("curve", None, objective, total, GAIN, in_points(e))),
        );
    }
    for placement in &answer.placements {
        let posts = |hub: Option<HubId>| match hub {
            None => Some(placement.extra.iter().sum()),
            Some(hub) => {
                let own = answer.places.iter().position(|place| place.serves.contains(&hub));
                own.map(|n| placement.extra[n])
            }
        };
        for &is in &placement.kinds {
            let name = kind(is);
            for l in &placement.levels {
                let (pathway, extra) = (Flow::Pathway(l.pathway), posts(l.hub));
                rows.push(row(name, l.hub, pathway, extra, LEVEL, l.level));
                rows.extend(l.gain.map(|e| row(name, l.hub, pathway, extra, GAIN, in_points(e))));
            }
            if let Some((hub, level)) = placement.worst {
                let hub = Some(hub);
                rows.push(row(name, hub, objective, posts(hub), WORST, level));
                let gain = placement.worst_gain.map(in_points);
                rows.extend(gain.map(|e| row(name, hub, objective, posts(hub), WORST_GAIN, e)));
            }
        }
    }
    for against in &answer.against {
        for &is in &answer.placements[against.other].kinds {
            let name = kind(is);
            let total = Some(answer.request.extra);
            let less = |pathway, measure, e| row(name, None, pathway, total, measure, in_points(e));
            rows.push(less(objective, LESS, against.overall));
            rows.extend(against.worst.map(|e| less(objective, WORST_LESS, e)));
            rows.extend(against.others.iter().map(|(id, e)| less(Flow::Pathway(*id), LESS, *e)));
        }
    }
    rows
}

/// Posts at the teams beside: `Harborough 2; Melton and Rutland 1`.
fn beside(allocated: &Allocated<'_>, posts: &[(usize, u32)]) -> String {
    let told: Vec<String> = posts
        .iter()
        .map(|(place, n)| {
            format!(
                "{} {n}",
                csv::hub(allocated.scenario, Some(allocated.answer.places[*place].hub))
            )
        })
        .collect();
    told.join("; ")
}

/// The placements as what-ifs on the scenario that lies beside them, by file name: to run, to compare, to go on from. None
/// where people on shift are placed, or a dated change sets staff, since then no single number says it.
#[must_use]
pub fn what_ifs(allocated: &Allocated<'_>) -> Vec<(&'static str, String)> {
    let (scenario, answer) = (allocated.scenario, allocated.answer);
    let dated = scenario.dated.iter().any(|dated| dated.path.contains("staff"));
    if answer.counted != Counted::Wte || dated {
        return Vec::new();
    }
    let role = csv::role(scenario, Some(answer.request.role));
    let text = |text: &str| toml::Value::from(text).to_string();
    let file = |(name, is, title): (&'static str, Kind, &str)| {
        let placement = answer.placement(is)?;
        let mut lines = vec![
            "base  = \"scenario.toml\"".to_owned(),
            format!(
                "title = {}",
                text(&format!(
                    "{}: {} more of {role}, {title}",
                    scenario.title, answer.request.extra
                ))
            ),
        ];
        let posts = answer
            .places
            .iter()
            .zip(&placement.extra)
            .filter(|(_, extra)| **extra > 0);
        for (place, extra) in posts {
            let now = match &scenario.hubs[place.hub.0].staff[answer.request.role.0] {
                Staffing::Wte(wte) => wte.get(),
                _ => 0.0,
            };
            lines.push(format!(
                "\n[[hub]]\nname  = {}\nstaff = {{ {} = {} }}",
                text(csv::hub(scenario, Some(place.hub))),
                text(role),
                now + f64::from(*extra)
            ));
        }
        Some((name, lines.join("\n") + "\n"))
    };
    [
        ("best.toml", Kind::Best, "best over all hubs"),
        ("best-worst-hub.toml", Kind::BestWorstHub, "best for the worst hub"),
        ("even.toml", Kind::Even, "shared evenly over the hubs"),
    ]
    .into_iter()
    .filter_map(file)
    .collect()
}

#[derive(Serialize)]
struct Json<'a> {
    version: &'a str,
    build: &'a str,
    scenario: &'a str,
    hash: &'a str,
    seed: u64,
    canonical_command: &'a str,
    role: &'a str,
    pathway: &'a str,
    unit: &'static str,
    extra: u32,
    in_steps_of: u32,
    confidence: f64,
    chosen_on_replications: u32,
    replications: u32,
    replications_asked: u32,
    people_on_each_shift: Option<f64>,
    cost_change_gbp: Option<f64>,
    placements: Vec<PlacementJson<'a>>,
    against: Vec<AgainstJson<'a>>,
    price_of_fairness: PriceJson,
    choices: Vec<ChoiceJson<'a>>,
    one_by_one: OneByOneJson<'a>,
    curve: Vec<PointJson<'a>>,
    cells: Vec<CellJson<'a>>,
    cells_in_all: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    uncertain: Option<DrawsJson<'a>>,
}

/// Posts at a team.
#[derive(Serialize)]
struct PostsJson<'a> {
    hub: &'a str,
    extra: u32,
}

#[derive(Serialize)]
struct PlacementJson<'a> {
    placement: Vec<&'static str>,
    placed: Vec<PostsJson<'a>>,
    worst_hub: Option<&'a str>,
    worst_hub_level: Option<Estimate>,
    worst_hub_gain_points: Option<Estimate>,
    service_levels: Vec<LevelJson<'a>>,
}

#[derive(Serialize)]
struct LevelJson<'a> {
    hub: &'a str,
    pathway: &'a str,
    service_level: Estimate,
    gain_points: Option<Estimate>,
}

#[derive(Serialize)]
struct AgainstJson<'a> {
    placement: Vec<&'static str>,
    best_less_this_points: Estimate,
    best_less_this_worst_hub_points: Option<Estimate>,
    others: Vec<OtherJson<'a>>,
}

#[derive(Serialize)]
struct OtherJson<'a> {
    pathway: &'a str,
    best_less_this_points: Estimate,
}

/// What the placement for the worst hub costs over all hubs, and what the worst hub has by it; nothing where it is the best
/// over all hubs as well.
#[derive(Serialize)]
struct PriceJson {
    all_hubs_points: Option<Estimate>,
    worst_hub_points: Option<Estimate>,
}

#[derive(Serialize)]
struct ChoiceJson<'a> {
    placement: &'static str,
    resamples: u32,
    wins: Vec<WinJson<'a>>,
    number_wins: Vec<NumbersJson<'a>>,
}

#[derive(Serialize)]
struct WinJson<'a> {
    placed: Vec<PostsJson<'a>>,
    share: f64,
}

#[derive(Serialize)]
struct NumbersJson<'a> {
    hub: &'a str,
    extra: u32,
    share: f64,
}

#[derive(Serialize)]
struct OneByOneJson<'a> {
    order: Vec<&'a str>,
    placed: Vec<PostsJson<'a>>,
    gain_points: Option<Estimate>,
}

#[derive(Serialize)]
struct PointJson<'a> {
    extra: u32,
    placed: Vec<PostsJson<'a>>,
    service_level: Estimate,
    gain_points: Option<Estimate>,
}

#[derive(Serialize)]
struct CellJson<'a> {
    hub: &'a str,
    extra: u32,
    beside: Vec<PostsJson<'a>>,
    service_level: Estimate,
}

/// Names for places.
impl<'a> Allocated<'a> {
    fn team(&self, place: usize) -> &'a str {
        csv::hub(self.scenario, Some(self.answer.places[place].hub))
    }

    fn posts(&self, extra: &[u32]) -> Vec<PostsJson<'a>> {
        let posts = |(n, extra): (usize, &u32)| PostsJson {
            hub: self.team(n),
            extra: *extra,
        };
        extra.iter().enumerate().map(posts).collect()
    }

    fn pathway(&self, id: PathwayId) -> &'a str {
        csv::flow(self.scenario, Flow::Pathway(id))
    }

    fn choice(&self, placement: Kind, choice: &Choice) -> ChoiceJson<'a> {
        let win = |win: &Win| WinJson {
            placed: self.posts(&win.extra),
            share: win.share,
        };
        let numbers = choice.by_place.iter().enumerate().flat_map(|(n, numbers)| {
            numbers.iter().map(move |number| NumbersJson {
                hub: self.team(n),
                extra: number.extra,
                share: number.share,
            })
        });
        ChoiceJson {
            placement: kind(placement),
            resamples: RESAMPLES,
            wins: choice.wins.iter().map(win).collect(),
            number_wins: numbers.collect(),
        }
    }
}

/// The one document of `allocate --json`, and `allocate.json`.
///
/// # Errors
/// If a value has no form in JSON.
pub fn json(allocated: &Allocated<'_>) -> Result<String, serde_json::Error> {
    let (scenario, answer, ctx) = (allocated.scenario, allocated.answer, allocated.context);
    let request = &answer.request;
    let placements = answer.placements.iter().map(|placement| PlacementJson {
        placement: placement.kinds.iter().copied().map(kind).collect(),
        placed: allocated.posts(&placement.extra),
        worst_hub: placement.worst.map(|(hub, _)| csv::hub(scenario, Some(hub))),
        worst_hub_level: placement.worst.map(|(_, level)| level),
        worst_hub_gain_points: placement.worst_gain.map(in_points),
        service_levels: placement
            .levels
            .iter()
            .map(|l| LevelJson {
                hub: csv::hub(scenario, l.hub),
                pathway: allocated.pathway(l.pathway),
                service_level: l.level,
                gain_points: l.gain.map(in_points),
            })
            .collect(),
    });
    let against = answer.against.iter().map(|against| AgainstJson {
        placement: answer.placements[against.other]
            .kinds
            .iter()
            .copied()
            .map(kind)
            .collect(),
        best_less_this_points: in_points(against.overall),
        best_less_this_worst_hub_points: against.worst.map(in_points),
        others: against
            .others
            .iter()
            .map(|(id, e)| OtherJson {
                pathway: allocated.pathway(*id),
                best_less_this_points: in_points(*e),
            })
            .collect(),
    });
    let fair = answer.against(Kind::BestWorstHub);
    let price = PriceJson {
        all_hubs_points: fair.map(|against| in_points(against.overall)),
        worst_hub_points: fair.and_then(|against| against.worst).map(|e| in_points(turned(&e))),
    };
    let one_by_one = &answer.one_by_one;
    let mut text = serde_json::to_string_pretty(&Json {
        version: &ctx.version,
        build: &ctx.build,
        scenario: &scenario.name,
        hash: &ctx.hash,
        seed: scenario.experiment.seed,
        canonical_command: &ctx.command_canonical,
        role: csv::role(scenario, Some(request.role)),
        pathway: allocated.pathway(request.pathway),
        unit: match answer.counted {
            Counted::Wte => "WTE",
            Counted::OnShift => "people",
        },
        extra: request.extra,
        in_steps_of: request.step,
        confidence: request.confidence,
        chosen_on_replications: request.search,
        replications: answer.replications,
        replications_asked: request.replications,
        people_on_each_shift: answer.on_each_shift,
        cost_change_gbp: answer.cost,
        placements: placements.collect(),
        against: against.collect(),
        price_of_fairness: price,
        choices: vec![
            allocated.choice(Kind::Best, &answer.choice),
            allocated.choice(Kind::BestWorstHub, &answer.choice_for_worst),
        ],
        one_by_one: OneByOneJson {
            order: one_by_one.order.iter().map(|place| allocated.team(*place)).collect(),
            placed: allocated.posts(&one_by_one.extra),
            gain_points: one_by_one.against_best.map(in_points),
        },
        curve: answer
            .curve
            .iter()
            .map(|point| PointJson {
                extra: point.total,
                placed: allocated.posts(&point.extra),
                service_level: point.level,
                gain_points: point.gain.map(in_points),
            })
            .collect(),
        cells: answer
            .cells
            .iter()
            .map(|cell| CellJson {
                hub: csv::hub(scenario, Some(cell.hub)),
                extra: cell.extra,
                beside: cell
                    .beside
                    .iter()
                    .map(|(place, extra)| PostsJson {
                        hub: allocated.team(*place),
                        extra: *extra,
                    })
                    .collect(),
                service_level: cell.level,
            })
            .collect(),
        cells_in_all: answer.cells_in_all,
        uncertain: allocated.uncertain.map(|of| draws::json(allocated, of)),
    })?;
    text.push('\n');
    Ok(text)
}
