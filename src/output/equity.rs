//! Fairness between hubs, as people and programs read it: best and worst, per resident, by where people live.

use serde::Serialize;

use crate::answers::Estimate;
use crate::answers::Measure;
use crate::answers::equity::{
    EquityMeasure, EquityRow, Extreme, Gap, View, has_residents, serves_elsewhere, with_residents,
};
use crate::answers::run::{Flow, RunAnswer};
use crate::model::{HubId, PathwayId, RoleId, Scenario};
use crate::output::csv::{self, CsvError};
use crate::output::digits;
use crate::output::grid::Grid;
use crate::output::words;
use crate::units::Span;

/// Columns of `equity.csv`: those of `summary.csv`.
pub const COLUMNS: [&str; 12] = csv::SUMMARY;

/// What best and worst, and the gap, mean; it stands below their table.
pub const NOTE: &str = "The last line of a cell is the share of 1,000 resamples of the replications in which it is this one. \
                        Below 80 % it stands as “perhaps”: chance alone may have put its name there. A gap between hubs \
                        that are alike leans upward, since it is a difference of extremes.";

/// Best and worst hub and the gap of every standard, by the hub that serves or by where people live; `None` where there are
/// not two to compare.
#[must_use]
pub fn gaps(scenario: &Scenario, answer: &RunAnswer, view: View) -> Option<Grid> {
    let (caption, best, worst) = match view {
        View::ServedBy => (
            "Fairness between hubs: best and worst service level",
            "Best hub",
            "Worst hub",
        ),
        View::Home => (
            "The same by where people live, whoever serves them",
            "Best area",
            "Worst area",
        ),
    };
    let mut grid = Grid::new(
        caption,
        &[("Pathway", false), (best, false), (worst, false), ("Gap, points", true)],
    );
    let named = |e: &Extreme| {
        let perhaps = if e.is_sure() { "" } else { "perhaps " };
        let name = words::hub(scenario, Some(e.hub));
        // All of them are still no certainty, and 80 % is not rounded up to.
        let resamples = (e.in_resamples * 100.0).floor();
        format!(
            "{perhaps}{name}\n{}\n{resamples:.0} % of resamples",
            digits::share(e.service_level)
        )
    };
    for gap in answer.equity.gaps.iter().filter(|g| g.view == view) {
        let pathway = words::pathway(scenario, gap.pathway);
        let cells = if gap.all_alike() {
            let level = digits::share(gap.best.service_level);
            vec![
                pathway,
                format!("none: all alike\n{level}"),
                format!("none: all alike\n{level}"),
                "0".into(),
            ]
        } else {
            vec![
                pathway,
                named(&gap.best),
                named(&gap.worst),
                digits::number(Some(gap.gap), 1.0),
            ]
        };
        grid.row(cells, false);
    }
    (!grid.rows.is_empty()).then_some(grid)
}

/// Which hubs cannot be told apart from the worst, a sentence for each pathway where that is so.
#[must_use]
pub fn not_told_apart(scenario: &Scenario, answer: &RunAnswer) -> Vec<String> {
    let unsure = answer.equity.gaps.iter().filter(|gap| !gap.worst.is_sure());
    let said = |gap: &Gap| {
        let names: Vec<String> = gap
            .perhaps_worst
            .iter()
            .map(|&hub| words::hub(scenario, Some(hub)))
            .collect();
        let (which, by) = match gap.view {
            View::ServedBy => ("hub", ""),
            View::Home => ("area", " by where people live"),
        };
        let lead = format!("{}{by}", words::pathway(scenario, gap.pathway));
        if gap.all_alike() {
            return format!("{lead}: all {which}s are alike.");
        }
        if names.is_empty() {
            return format!(
                "{lead}: all {which}s are alike, as far as these replications tell: none is often the worst."
            );
        }
        format!(
            "{lead}: which {which} is worst cannot be told apart. It may be any of {}.",
            words::hub_list(&names)
        )
    };
    unsure.map(said).collect()
}

/// Who is served elsewhere, an entry a sentence; nothing where nobody is.
#[must_use]
pub fn served_elsewhere(scenario: &Scenario) -> Vec<String> {
    let hub = |id: HubId| words::hub(scenario, Some(id));
    let all = scenario.pathways.len();
    scenario
        .served_elsewhere
        .iter()
        .map(|entry| {
            let names: Vec<String> = entry
                .pathways
                .iter()
                .map(|p| scenario.pathways[p.0].name.clone())
                .collect();
            let of = if names.len() == all {
                "all referrals".to_owned()
            } else {
                format!("{} referrals", words::list(&names))
            };
            let travel = if entry.extra_travel == Span::ZERO {
                String::new()
            } else {
                format!(", {} farther than to its own", words::span_long(entry.extra_travel))
            };
            format!(
                "Of those who live in the area of {}, {} of {of} are served by {}{travel}.",
                hub(entry.home),
                digits::per_cent(entry.share),
                hub(entry.by),
            )
        })
        .collect()
}

/// Service level of a pathway by the hub that serves, and by where people live; `None` where that is the same, or there is
/// no standard.
#[must_use]
pub fn by_home(scenario: &Scenario, answer: &RunAnswer, id: PathwayId) -> Option<Grid> {
    scenario.pathways[id.0].standard.as_ref()?;
    if !serves_elsewhere(scenario) {
        return None;
    }
    let caption = format!(
        "{}: by the hub that serves, and by where people live",
        words::pathway(scenario, id)
    );
    let mut grid = Grid::new(
        caption,
        &[
            ("Hub and its area", false),
            ("Served by it", true),
            ("Service level", true),
            ("Live there", true),
            ("Their service level", true),
        ],
    );
    for hub in words::hubs_and_all(scenario) {
        let served = |measure| answer.estimate(hub, Flow::Pathway(id), None, measure);
        let live = |measure| answer.equity.estimate(hub, Some(id), None, measure);
        grid.row(
            vec![
                words::hub(scenario, hub),
                digits::number(served(Measure::Referrals), 1.0),
                digits::share(served(Measure::ServiceLevel)),
                digits::number(live(EquityMeasure::ReferralsOfResidents), 1.0),
                digits::share(live(EquityMeasure::LevelOfResidents)),
            ],
            hub.is_none(),
        );
    }
    Some(grid)
}

/// What a rate per resident is of.
type Of = (Option<PathwayId>, Option<RoleId>);

/// The rates that were measured: of what, in words, with the measure of its ratio.
fn rates(scenario: &Scenario, answer: &RunAnswer) -> Vec<(String, Of, EquityMeasure, EquityMeasure)> {
    let mut found = Vec::new();
    let rows = &answer.equity.rows;
    let mut add = |name: String, of: Of, measure, ratio| {
        let wanted = |r: &&EquityRow| (r.pathway, r.role, r.measure) == (of.0, of.1, measure);
        if rows
            .iter()
            .any(|r| wanted(&r) && r.estimate.is_some_and(|e| e.mean > 0.0))
        {
            found.push((name, of, measure, ratio));
        }
    };
    for id in (0..scenario.pathways.len()).map(PathwayId) {
        let pathway = &scenario.pathways[id.0];
        let (name, of) = (words::pathway(scenario, id), (Some(id), None));
        let late = if pathway.package.is_some() {
            "not started in time"
        } else {
            "not seen in time"
        };
        let each = [
            ("referrals", EquityMeasure::Referrals, EquityMeasure::ReferralsRatio),
            (words::done(pathway), EquityMeasure::Seen, EquityMeasure::SeenRatio),
            (late, EquityMeasure::Misses, EquityMeasure::MissesRatio),
        ];
        for (what, measure, ratio) in each {
            add(format!("{name}: {what}"), of, measure, ratio);
        }
    }
    for (what, measure, ratio) in [
        ("WTE", EquityMeasure::Wte, EquityMeasure::WteRatio),
        ("on shift", EquityMeasure::OnShift, EquityMeasure::OnShiftRatio),
    ] {
        for role in (0..scenario.roles.len()).map(RoleId) {
            add(
                format!("{}: {what}", words::role(scenario, role)),
                (None, Some(role)),
                measure,
                ratio,
            );
        }
    }
    found
}

fn per_thousand(scenario: &Scenario) -> String {
    format!("per 1,000 {}", scenario.residents_are)
}

/// A rate with its half-width, unless it is known; of none at all, how many there are at most.
fn rate(e: Option<Estimate>) -> String {
    match e {
        Some(e) if e.half_width == 0.0 => digits::number_figure(&e, 1.0).mean,
        Some(e) if e.mean == 0.0 && e.low == 0.0 && e.high.is_finite() => {
            let end = Estimate {
                mean: (e.high * 100.0).ceil() / 100.0,
                half_width: 0.0,
                ..e
            };
            format!("0, at most {}", digits::number_figure(&end, 1.0).mean)
        }
        e => digits::number(e, 1.0),
    }
}

/// The lowest and highest of every rate per resident, and how many times one is the other; only misses and WTE if `short`.
/// `None` where the file does not say how many people live where.
#[must_use]
pub fn per_resident(scenario: &Scenario, answer: &RunAnswer, short: bool) -> Option<Grid> {
    if !has_residents(scenario) {
        return None;
    }
    let mut grid = Grid::new(
        format!("What falls to each area, {}; referrals a year", per_thousand(scenario)),
        &[
            ("What", false),
            ("Lowest", false),
            ("Highest", false),
            ("All hubs", true),
            ("Highest over lowest", true),
        ],
    );
    for (name, (pathway, role), measure, ratio) in rates(scenario, answer) {
        if short && !matches!(measure, EquityMeasure::Misses | EquityMeasure::Wte) {
            continue;
        }
        let of = |hub| answer.equity.estimate(hub, pathway, role, measure);
        let hubs = with_residents(scenario);
        let mut each: Vec<(HubId, Estimate)> = hubs.filter_map(|hub| Some((hub, of(Some(hub))?))).collect();
        each.sort_by(|a, b| a.1.mean.total_cmp(&b.1.mean));
        let (Some(lowest), Some(highest)) = (each.first(), each.last()) else {
            continue;
        };
        let named = |(hub, e): &(HubId, Estimate)| format!("{}\n{}", words::hub(scenario, Some(*hub)), rate(Some(*e)));
        grid.row(
            vec![
                name,
                named(lowest),
                named(highest),
                rate(of(None)),
                rate(answer.equity.estimate(None, pathway, role, ratio)),
            ],
            false,
        );
    }
    (!grid.rows.is_empty()).then_some(grid)
}

/// Rates per resident hub by hub: one table for each pathway, and one for the WTE of all roles.
#[must_use]
pub fn per_resident_by_hub(scenario: &Scenario, answer: &RunAnswer) -> Vec<Grid> {
    if !has_residents(scenario) {
        return Vec::new();
    }
    let all = rates(scenario, answer);
    let mut grids = Vec::new();
    let mut tell = |title: String, columns: Vec<&(String, Of, EquityMeasure, EquityMeasure)>| {
        if columns.is_empty() {
            return;
        }
        let of_one = columns.iter().all(|(_, of, ..)| of.0.is_some());
        let headings: Vec<String> = columns
            .iter()
            .map(|(name, ..)| match name.split_once(": ") {
                Some((_, what)) if of_one => words::capital(what),
                Some((role, _)) => role.to_owned(),
                None => name.clone(),
            })
            .collect();
        let mut heads = vec![("Area", false), ("Residents", true)];
        heads.extend(headings.iter().map(|h| (h.as_str(), true)));
        let mut grid = Grid::new(format!("{title}, {}", per_thousand(scenario)), &heads);
        for hub in words::hubs_and_all(scenario) {
            let of = |h: HubId| scenario.hubs[h.0].residents.map_or(0, u64::from);
            let live = hub.map_or_else(|| (0..scenario.hubs.len()).map(|h| of(HubId(h))).sum(), of);
            let mut cells = vec![words::hub(scenario, hub), digits::count(live)];
            let each = columns.iter();
            cells.extend(each.map(|(_, of, measure, _)| rate(answer.equity.estimate(hub, of.0, of.1, *measure))));
            grid.row(cells, hub.is_none());
        }
        grids.push(grid);
    };
    for id in (0..scenario.pathways.len()).map(PathwayId) {
        let title = format!("{} referrals a year by where people live", words::pathway(scenario, id));
        tell(title, all.iter().filter(|(_, of, ..)| of.0 == Some(id)).collect());
    }
    for (title, measure) in [
        ("WTE on the books", EquityMeasure::Wte),
        ("Staff on shift, day and night mean", EquityMeasure::OnShift),
    ] {
        tell(title.into(), all.iter().filter(|(_, _, m, _)| *m == measure).collect());
    }
    grids
}

/// `equity.csv`.
///
/// # Errors
/// [`CsvError`] if the table cannot be made.
pub fn csv(scenario: &Scenario, answer: &RunAnswer) -> Result<String, CsvError> {
    csv::table(
        &COLUMNS,
        answer.equity.rows.iter().map(|row| {
            let flow = row.pathway.map_or(Flow::All, Flow::Pathway);
            let mut cells = vec![
                scenario.name.clone(),
                csv::hub(scenario, row.hub).into(),
                csv::flow(scenario, flow).into(),
                csv::role(scenario, row.role).into(),
                row.measure.name().into(),
                row.measure.unit().into(),
            ];
            cells.extend(csv::estimate(row.estimate));
            cells
        }),
    )
}

/// How far hubs are apart, in `run.json`.
#[derive(Serialize)]
pub(super) struct GapJson<'a> {
    pathway: &'a str,
    view: View,
    gap_points: Estimate,
    best: Option<ExtremeJson<'a>>,
    worst: Option<ExtremeJson<'a>>,
    perhaps_worst: Vec<&'a str>,
}

#[derive(Serialize)]
struct ExtremeJson<'a> {
    hub: &'a str,
    service_level: Option<Estimate>,
    in_resamples: f64,
    told_apart: bool,
}

/// The block `equity` of `run.json`.
pub(super) fn json<'a>(scenario: &'a Scenario, answer: &RunAnswer) -> Vec<GapJson<'a>> {
    let extreme = |e: &Extreme| ExtremeJson {
        hub: csv::hub(scenario, Some(e.hub)),
        service_level: e.service_level,
        in_resamples: e.in_resamples,
        told_apart: e.is_sure(),
    };
    let one = |gap: &Gap| GapJson {
        pathway: &scenario.pathways[gap.pathway.0].name,
        view: gap.view,
        gap_points: gap.gap,
        best: (!gap.all_alike()).then(|| extreme(&gap.best)),
        worst: (!gap.all_alike()).then(|| extreme(&gap.worst)),
        perhaps_worst: gap
            .perhaps_worst
            .iter()
            .map(|&hub| csv::hub(scenario, Some(hub)))
            .collect(),
    };
    answer.equity.gaps.iter().map(one).collect()
}

/// A line of `equity.csv`, in `run.json`.
#[derive(Serialize)]
pub(super) struct RowJson<'a> {
    hub: &'a str,
    pathway: &'a str,
    role: &'a str,
    measure: &'static str,
    unit: &'static str,
    #[serde(flatten)]
    estimate: Option<Estimate>,
}

/// The block `equity_rows` of `run.json`: the lines of `equity.csv`.
pub(super) fn rows_json<'a>(scenario: &'a Scenario, answer: &RunAnswer) -> Vec<RowJson<'a>> {
    let json = |row: &EquityRow| RowJson {
        hub: csv::hub(scenario, row.hub),
        pathway: csv::flow(scenario, row.pathway.map_or(Flow::All, Flow::Pathway)),
        role: csv::role(scenario, row.role),
        measure: row.measure.name(),
        unit: row.measure.unit(),
        estimate: row.estimate,
    };
    answer.equity.rows.iter().map(json).collect()
}
