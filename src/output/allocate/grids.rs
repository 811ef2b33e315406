//! Where more staff do most good, in tables.

use super::sentences::{Sign, named, placed};
use super::{Allocated, worst};
use crate::answers::Estimate;
use crate::answers::allocate::{Choice, Counted, Kind, NumberWin, Placement, RESAMPLES};
use crate::model::PathwayId;
use crate::output::grid::Grid;
use crate::output::{digits, words};

/// The kinds in the order in which people read them.
const KINDS: [Kind; 6] = [
    Kind::AsNow,
    Kind::Even,
    Kind::Proportional,
    Kind::Best,
    Kind::BestWorstHub,
    Kind::RunnerUp,
];

/// What came out best more rarely is not listed.
const RARE: f64 = 0.01;

/// A change in points, with words where it cannot be told.
fn change(e: Option<Estimate>) -> String {
    e.map_or_else(String::new, |e| match Sign::of(&e) {
        Sign::Same => "the same".into(),
        Sign::NotDetectable => format!("{}, not detectable", digits::points_signed(&e)),
        Sign::More | Sign::Fewer => digits::points_signed(&e),
    })
}

/// Every placement with all that it is, each once, in the order in which people read them.
pub(super) fn all<'a>(allocated: &Allocated<'a>, but: &[Kind]) -> Vec<(String, &'a Placement)> {
    let mut found: Vec<(Vec<String>, &Placement)> = Vec::new();
    for kind in KINDS.into_iter().filter(|kind| !but.contains(kind)) {
        let Some(placement) = allocated.answer.placement(kind) else {
            continue;
        };
        match found.iter_mut().find(|(_, known)| known.extra == placement.extra) {
            Some((names, _)) => names.push(named(kind).into()),
            None => found.push((vec![named(kind).into()], placement)),
        }
    }
    let one = |(names, placement): (Vec<String>, _)| (words::capital(&words::list(&names)), placement);
    found.into_iter().map(one).collect()
}

/// Posts at each team under every placement.
#[must_use]
pub fn placements(allocated: &Allocated<'_>) -> Grid {
    let answer = allocated.answer;
    let (now, unit) = match answer.counted {
        Counted::Wte => ("WTE now", "WTE"),
        Counted::OnShift => ("On shift now", "people on shift"),
    };
    let kinds = all(allocated, &[Kind::AsNow]);
    let mut columns = vec![("Hub", false), (now, true)];
    columns.extend(kinds.iter().map(|(name, _)| (name.as_str(), true)));
    let caption = format!(
        "Where {} more {unit} of {} go",
        answer.request.extra,
        words::role_inside(allocated.scenario, answer.request.role)
    );
    let mut grid = Grid::new(caption, &columns);
    for (n, place) in answer.places.iter().enumerate() {
        let mut name = words::hub(allocated.scenario, Some(place.hub));
        if place.serves.len() > 1 {
            name.push_str(" (pool)");
        }
        let mut cells = vec![name, digits::wte(place.now)];
        cells.extend(kinds.iter().map(|(_, placement)| format!("+{}", placement.extra[n])));
        grid.row(cells, false);
    }
    grid
}

/// Every standard over all hubs, and the worst hub, under every placement.
#[must_use]
pub fn levels(allocated: &Allocated<'_>) -> Grid {
    let answer = allocated.answer;
    let scenario = allocated.scenario;
    let objective = answer.request.pathway;
    let within = |id: PathwayId| {
        let standard = scenario.pathways[id.0].standard.as_ref();
        standard.map_or_else(String::new, |s| words::within_short(s.within))
    };
    let headings = [
        words::capital(&within(objective)),
        "Against as now".to_owned(),
        "Worst hub".to_owned(),
        "Its level".to_owned(),
    ];
    let mut columns = vec![("Placement", false)];
    columns.extend(headings.iter().enumerate().map(|(n, h)| (h.as_str(), n != 2)));
    let caption = format!(
        "{} {}, all hubs and the worst",
        words::pathway(scenario, objective),
        within(objective)
    );
    let mut grid = Grid::new(caption, &columns);
    for (name, placement) in all(allocated, &[]) {
        let level = placement.level(None, objective);
        grid.row(
            vec![
                name,
                digits::share(level.map(|l| l.level)),
                change(level.and_then(|l| l.gain)),
                worst(allocated, placement).map_or_else(
                    || {
                        if scenario.hubs.len() < 2 {
                            "the only one"
                        } else {
                            "all alike"
                        }
                        .into()
                    },
                    |(hub, _)| words::hub(scenario, Some(hub)),
                ),
                digits::share(worst(allocated, placement).map(|(_, e)| e)),
            ],
            false,
        );
    }
    grid
}

/// What placements do to the other standards over all hubs; `None` where there is no other.
#[must_use]
pub fn others(allocated: &Allocated<'_>) -> Option<Grid> {
    let scenario = allocated.scenario;
    let objective = allocated.answer.request.pathway;
    let others: Vec<_> = words::standards(scenario).filter(|(id, ..)| *id != objective).collect();
    if others.is_empty() {
        return None;
    }
    let headings: Vec<String> = others
        .iter()
        .map(|(id, _, standard)| {
            format!(
                "{} {}",
                words::pathway(scenario, *id),
                words::within_short(standard.within)
            )
        })
        .collect();
    let mut columns = vec![("Placement", false)];
    columns.extend(headings.iter().map(|h| (h.as_str(), true)));
    let mut grid = Grid::new("The other standards, all hubs: points against as now", &columns);
    for (name, placement) in all(allocated, &[Kind::AsNow]) {
        let mut cells = vec![name];
        cells.extend(
            others
                .iter()
                .map(|(id, ..)| change(placement.level(None, *id).and_then(|l| l.gain))),
        );
        grid.row(cells, false);
    }
    Some(grid)
}

/// The standard that decides, hub by hub, under every placement.
#[must_use]
pub fn by_hub(allocated: &Allocated<'_>) -> Grid {
    let scenario = allocated.scenario;
    let objective = allocated.answer.request.pathway;
    let kinds = all(allocated, &[Kind::RunnerUp, Kind::Proportional]);
    let mut columns = vec![("Hub", false)];
    columns.extend(kinds.iter().map(|(name, _)| (name.as_str(), true)));
    let caption = format!("{}, by hub", words::pathway(scenario, objective));
    let mut grid = Grid::new(caption, &columns);
    for hub in words::hubs_and_all(scenario) {
        let mut cells = vec![words::hub(scenario, hub)];
        let level = |p: &Placement| digits::share(p.level(hub, objective).map(|l| l.level));
        cells.extend(kinds.iter().map(|(_, placement)| level(placement)));
        grid.row(cells, hub.is_none());
    }
    grid
}

/// How often each number of posts would have been chosen, team by team.
#[must_use]
pub fn numbers(allocated: &Allocated<'_>) -> Grid {
    let answer = allocated.answer;
    let columns = [
        ("Hub", false),
        ("Best overall", false),
        ("Best for the worst hub", false),
    ];
    let mut grid = Grid::new(
        format!("How often each number came out best in {RESAMPLES} resamples"),
        &columns,
    );
    let told = |choice: &Choice, place: usize| {
        let mut numbers: Vec<NumberWin> = choice.by_place.get(place).cloned().unwrap_or_default();
        numbers.sort_by(|a, b| b.share.total_cmp(&a.share));
        let told: Vec<String> = numbers
            .iter()
            .take(4)
            .filter(|win| win.share >= RARE)
            .map(|win| format!("{} ({:.0} %)", win.extra, win.share * 100.0))
            .collect();
        told.join(", ")
    };
    for (n, place) in answer.places.iter().enumerate() {
        let name = words::hub(allocated.scenario, Some(place.hub));
        grid.row(
            vec![name, told(&answer.choice, n), told(&answer.choice_for_worst, n)],
            false,
        );
    }
    grid
}

/// The best placement of so many posts, and what the last step adds; at most so many rows, evenly spread, the last always.
#[must_use]
pub fn curve(allocated: &Allocated<'_>, most: usize) -> Grid {
    let answer = allocated.answer;
    let step = match answer.request.step {
        1 => "The last adds, points".to_owned(),
        n => format!("The last {n} add, points"),
    };
    let columns = [
        ("More", true),
        ("All hubs", true),
        (step.as_str(), true),
        ("Best placed", false),
    ];
    let mut grid = Grid::new(
        "The best placement of so many, on the replications it was chosen on",
        &columns,
    );
    let every = answer
        .curve
        .len()
        .saturating_sub(1)
        .div_ceil(most.saturating_sub(1).max(1))
        .max(1);
    let last = answer.curve.len().saturating_sub(1);
    for (n, point) in answer.curve.iter().enumerate() {
        if n % every != 0 && n != last {
            continue;
        }
        grid.row(
            vec![
                point.total.to_string(),
                digits::share(Some(point.level)),
                change(point.gain),
                short(allocated, &point.extra),
            ],
            false,
        );
    }
    grid
}

/// Posts at each team in the order of the file: `5, 3, 4, 5, 3, 4`; in full where that would not be understood.
fn short(allocated: &Allocated<'_>, extra: &[u32]) -> String {
    if extra.len() <= 12 {
        let numbers: Vec<String> = extra.iter().map(u32::to_string).collect();
        numbers.join(" ")
    } else {
        placed(allocated, extra)
    }
}
