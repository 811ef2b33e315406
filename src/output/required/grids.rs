//! The answer in tables.

use super::{Required, plain};
use crate::answers::required::{Cheaper, Check, Ending, Numbers, Sign, Tested};
use crate::output::grid::Grid;
use crate::output::{digits, words};
use crate::stats::Verdict;

/// Staff by hub: each kind's number, and in brackets what the file has.
#[must_use]
pub fn staff(required: &Required<'_>) -> Vec<Grid> {
    let answer = required.answer;
    let mut kinds: Vec<String> = Vec::new();
    let mut places: Vec<String> = Vec::new();
    for number in &answer.numbers {
        for (list, name) in [
            (&mut kinds, required.kind(number.free)),
            (&mut places, required.where_of(number.free)),
        ] {
            if !list.contains(&name) {
                list.push(name);
            }
        }
    }
    let title = match answer.ending {
        Ending::Certified => "Staff needed; in brackets what the file has",
        Ending::NotWithinBounds => "The best within the bounds, which is not enough; in brackets what the file has",
        Ending::NotDecided => "The best that was found, which is not certified; in brackets what the file has",
    };
    let mut grid = Grid::new(title, &[("Hub", false)]);
    let rostered = answer.numbers.iter().any(|n| n.rostered.is_some());
    for kind in &kinds {
        grid.column(kind.clone(), true);
        if rostered {
            grid.column("on each shift".into(), true);
        }
    }
    for place in &places {
        let mut cells = vec![place.clone()];
        for kind in &kinds {
            let found = answer
                .numbers
                .iter()
                .find(|n| required.kind(n.free) == *kind && required.where_of(n.free) == *place);
            cells.push(found.map_or_else(String::new, |n| format!("{} ({})", plain(n.number), plain(n.before))));
            if rostered {
                let people = found.and_then(|n| n.rostered).map(digits::people);
                cells.push(people.unwrap_or_default());
            }
        }
        grid.row(cells, false);
    }
    if places.len() > 1 {
        let mut cells = vec!["All together".to_owned()];
        for kind in &kinds {
            let of = answer.numbers.iter().filter(|n| required.kind(n.free) == *kind);
            let count = |d: usize| required.question.free[d].places.len() as f64;
            let (now, before) = of.fold((0.0, 0.0), |(a, b), n| {
                (a + n.number * count(n.free), b + n.before * count(n.free))
            });
            cells.push(format!("{} ({})", plain(now), plain(before)));
            if rostered {
                cells.push(String::new());
            }
        }
        grid.row(cells, true);
    }
    vec![grid]
}

fn place(required: &Required<'_>, check: &Check) -> String {
    words::hub(required.scenario, check.hub)
}

fn standard(required: &Required<'_>, check: &Check) -> String {
    let name = words::pathway(required.scenario, check.pathway);
    let within = required.scenario.pathways[check.pathway.0].standard;
    format!(
        "{name} {}",
        within.map(|s| words::within_short(s.within)).unwrap_or_default()
    )
}

fn bound(tested: &Tested, what: &str) -> String {
    match (tested.bound, tested.verdict) {
        (Some(bound), _) => format!("{what} {:.1} %", bound * 100.0),
        (None, Verdict::Borderline) => "borderline".into(),
        (None, Verdict::Undecided) => "not decided".into(),
        (None, Verdict::Feasible) => "it is met".into(),
        (None, Verdict::Infeasible) => "it is missed".into(),
    }
}

/// Every level at the answer, as certified.
#[must_use]
pub fn levels(required: &Required<'_>) -> Grid {
    let mut grid = Grid::new(
        "Service levels at this staffing, on people whom the search has not seen",
        &[
            ("Hub", false),
            ("Standard", false),
            ("Asked", true),
            ("Service level", true),
            ("Shown to be", true),
            ("Replications", true),
        ],
    );
    for tested in &required.answer.levels {
        grid.row(
            vec![
                place(required, &tested.check),
                standard(required, &tested.check),
                digits::percent(tested.check.wanted),
                digits::share(tested.level),
                bound(tested, "at least"),
                digits::count(tested.replications as u64),
            ],
            false,
        );
    }
    grid
}

/// What fails, and by how much: all, or the nearest to each level.
#[must_use]
pub fn misses(required: &Required<'_>, nearest: bool) -> Grid {
    let mut grid = Grid::new(
        if nearest {
            "The nearest that is cheaper, and how it fails"
        } else {
            "What is cheaper, and how it fails: everything cheaper lies within one of these"
        },
        &[
            ("Hub", false),
            ("Staff", false),
            ("Misses", false),
            ("Service level", true),
            ("Shown to be", true),
            ("Replications", true),
        ],
    );
    let mut all: Vec<&Cheaper> = required.answer.cheaper.iter().collect();
    let level = |c: &Cheaper| c.tested.level.map_or(0.0, |e| e.mean - c.tested.check.wanted);
    all.sort_by(|a, b| {
        let by_level = level(b).total_cmp(&level(a));
        a.tested.component.cmp(&b.tested.component).then(by_level)
    });
    let mut shown: Vec<(usize, Check)> = Vec::new();
    for cheaper in all {
        let level = (cheaper.tested.component, cheaper.tested.check);
        if nearest && shown.contains(&level) {
            continue;
        }
        shown.push(level);
        // Of what stands at its bound on the better side, any number will do as little.
        let any = |(d, n, sign): &&(usize, f64, Sign)| {
            let dial = &required.question.free[*d];
            match sign {
                Sign::Raises => *n >= dial.at(dial.levels - 1),
                Sign::Lowers => *n <= dial.from,
                Sign::Unknown => false,
            }
        };
        let numbers: Vec<String> = cheaper
            .numbers
            .iter()
            .filter(|of| !any(of))
            .map(|(d, n, sign)| {
                let up_to = match sign {
                    Sign::Raises => "at most ",
                    Sign::Lowers => "at least ",
                    Sign::Unknown => "",
                };
                format!("{} {up_to}{}", required.kind(*d), plain(*n))
            })
            .collect();
        grid.row(
            vec![
                place(required, &cheaper.tested.check),
                if numbers.is_empty() {
                    "any within the bounds".into()
                } else {
                    numbers.join("; ")
                },
                standard(required, &cheaper.tested.check),
                digits::share(cheaper.tested.level),
                bound(&cheaper.tested, "at most"),
                digits::count(cheaper.tested.replications as u64),
            ],
            false,
        );
    }
    grid
}

/// What is cheaper and too near to a level to say either, the cheapest first of each hub.
#[must_use]
pub fn borderline(required: &Required<'_>) -> Grid {
    let mut grid = Grid::new(
        "Borderline: cheaper, and too near to a level to say",
        &[("Hub", false), ("Staff", false), ("Saves", true)],
    );
    let mut all: Vec<&(usize, Numbers, f64)> = required.answer.borderline.iter().collect();
    all.sort_by(|a, b| a.0.cmp(&b.0).then(b.2.total_cmp(&a.2)));
    for (_, numbers, saves) in all {
        let each = numbers
            .iter()
            .map(|(d, n)| format!("{} {}", required.kind(*d), plain(*n)));
        grid.row(
            vec![
                numbers.first().map(|(d, _)| required.where_of(*d)).unwrap_or_default(),
                each.collect::<Vec<_>>().join("; "),
                required.more(*saves),
            ],
            false,
        );
    }
    grid
}
