//! The answer in tables.

use super::apart::differing;
use super::{Required, plain};
use crate::answers::check::heads;
use crate::answers::required::{Borderline, Cheaper, Check, Ending, Grounds, Seems, SeenLevel, Sign, Tested};
use crate::model::Smallest;
use crate::output::grid::Grid;
use crate::output::{digits, words};
use crate::stats::Verdict;

/// Staff by hub: each kind's number, and in brackets what the scenario has.
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
        Ending::Certified => "Staff needed; in brackets what the scenario has",
        Ending::NotWithinBounds => "The best within the bounds, which is not enough; in brackets what the scenario has",
        Ending::NotDecided => "The best that was found, which is not certified; in brackets what the scenario has",
        Ending::Interrupted => {
            "The best before it was interrupted, which is not certified; in brackets what the scenario has"
        }
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
            cells.push(found.map_or_else(String::new, |n| {
                let several = required.question.free[n.free].places.len() > 1;
                let mean = if several { " on average" } else { "" };
                format!("{} ({}{mean})", plain(n.number), plain(n.before))
            }));
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

/// What people on each shift are, below the table that has them; empty where there are none.
#[must_use]
pub fn rostered(required: &Required<'_>) -> String {
    if required.answer.numbers.iter().all(|n| n.rostered.is_none()) {
        return String::new();
    }
    format!(
        "On each shift: how many people these WTE put on the rota of every shift, on average, with leave and training taken off and \
         sickness not; 2.4 are two on some days and three on others. In heads, if nobody holds more than one whole post: {}.",
        words::list(&in_heads(required))
    )
}

/// The fewest people who can hold the WTE of each kind, at all places together: `crisis worker at least 25 (18)`.
fn in_heads(required: &Required<'_>) -> Vec<String> {
    let mut kinds: Vec<(String, u64, u64)> = Vec::new();
    for number in required.answer.numbers.iter().filter(|n| n.rostered.is_some()) {
        let kind = required.kind(number.free);
        let places = required.question.free[number.free].places.len() as u64;
        let (now, before) = (places * heads(number.number), places * heads(number.before));
        match kinds.iter_mut().find(|(known, ..)| *known == kind) {
            Some((_, all, all_before)) => (*all, *all_before) = (*all + now, *all_before + before),
            None => kinds.push((kind, now, before)),
        }
    }
    let told = |(kind, now, before): (String, u64, u64)| {
        let kind = words::inside(kind.trim_end_matches(", WTE"));
        let kind = if now == 1 { kind } else { words::several(&kind) };
        format!("at least {now} {kind} ({before} in the scenario)")
    };
    kinds.into_iter().map(told).collect()
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
        // No more than was shown.
        (Some(bound), Verdict::Infeasible) => format!("{what} {:.1} %", (bound * 1e3 - 1e-9).ceil() / 10.0),
        (Some(bound), _) => format!("{what} {:.1} %", (bound * 1e3 + 1e-9).floor() / 10.0),
        (None, Verdict::Borderline) => "borderline".into(),
        (None, Verdict::Undecided) => "nothing yet".into(),
        (None, Verdict::Feasible) => "it is met".into(),
        (None, Verdict::Infeasible) => "it is missed".into(),
    }
}

/// Every level at the answer, as certified.
#[must_use]
pub fn levels(required: &Required<'_>) -> Grid {
    let caption = match required.answer.ending {
        Ending::Interrupted => "Service levels at this staffing, as far as the search saw them",
        _ => "Service levels at this staffing, on people whom the search has not seen",
    };
    let mut grid = Grid::new(
        caption,
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

/// The heading of staffings: of those of all hubs only what differs is told.
const fn staff_heading(required: &Required<'_>) -> &'static str {
    if required.answer.borderline_of_each_cost {
        "Staff, where not as the answer"
    } else {
        "Staff"
    }
}

/// What fails, and by how much: all, or the nearest to each level.
#[must_use]
pub fn misses(required: &Required<'_>, nearest: bool) -> Grid {
    let mut grid = Grid::new(
        match (required.answer.ending, nearest) {
            (Ending::Certified, true) => format!("The nearest with {}, and how it misses", required.fewer()),
            (Ending::Certified, false) => format!(
                "What has {}, and how it misses: everything with {} lies within one of these",
                required.fewer(),
                required.fewer()
            ),
            (Ending::NotWithinBounds, true) => "The nearest within the bounds, and how it misses".into(),
            (Ending::NotWithinBounds, false) => {
                "What lies within the bounds, and how it misses: everything lies within one of these".into()
            }
            (Ending::NotDecided | Ending::Interrupted, true) => {
                "What was tested for missing a level, the nearest".into()
            }
            (Ending::NotDecided | Ending::Interrupted, false) => "What was tested for missing a level".into(),
        },
        &[
            ("Hub", false),
            (staff_heading(required), false),
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
    // Of hubs that were added up these are the nearest already, and no hub's own.
    let added_up = required.answer.borderline_of_each_cost;
    if added_up {
        grid.caption =
            "What takes a little less and was rejected, each the best for what it takes, and how it misses".into();
    }
    for cheaper in all {
        let level = (cheaper.tested.component, cheaper.tested.check);
        if nearest && !added_up && shown.contains(&level) {
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
                required.so_many(*d, up_to, *n)
            })
            .collect();
        grid.row(
            vec![
                place(required, &cheaper.tested.check),
                if added_up {
                    let numbers = cheaper.numbers.iter().map(|(d, n, _)| (*d, *n));
                    differing(required, &numbers.collect::<Vec<_>>())
                } else if numbers.is_empty() {
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

/// What is cheaper and too near to a level to say either, with what was seen of it: the cheapest first of each hub, at most so many.
#[must_use]
pub fn borderline(required: &Required<'_>, most: usize) -> Grid {
    let near = &required.answer.borderline;
    let more = near.iter().enumerate().any(|(n, one)| {
        near[..n]
            .iter()
            .filter(|before| before.component == one.component)
            .count()
            >= most
    });
    let added_up = required.answer.borderline_of_each_cost;
    let mut grid = Grid::new(
        format!(
            "Borderline: {}, and {}; levels as the search and its tests saw them{}",
            required.fewer(),
            if added_up {
                "not rejected by its test, whatever the search saw of it"
            } else {
                "too near to a level to say"
            },
            if more {
                format!(
                    "; {}the {most} with {}, all are in the report",
                    if added_up { "" } else { "of each hub " },
                    required.fewest()
                )
            } else {
                String::new()
            }
        ),
        &[
            ("Hub", false),
            (staff_heading(required), false),
            (
                match required.question.smallest {
                    Smallest::Wte if required.priced() => "Cost",
                    Smallest::Wte => "WTE in all",
                    Smallest::YearlyCost => "Cost a year",
                },
                true,
            ),
            (required.saved_heading(), true),
            ("Service levels", false),
        ],
    );
    let mut all: Vec<&Borderline> = required.answer.borderline.iter().collect();
    all.sort_by(|a, b| a.component.cmp(&b.component).then(b.saves.total_cmp(&a.saves)));
    let mut shown: Vec<usize> = Vec::new();
    for near in all {
        if shown.iter().filter(|component| **component == near.component).count() >= most {
            continue;
        }
        shown.push(near.component);
        let hubs: Vec<&SeenLevel> = near.levels.iter().collect();
        let one_place = hubs.iter().all(|seen| seen.check.hub == hubs[0].check.hub);
        let levels: Vec<String> = near
            .levels
            .iter()
            .map(|seen| seen_level(required, seen, one_place))
            .collect();
        grid.row(
            vec![
                if added_up {
                    words::hub(required.scenario, None)
                } else {
                    required.part(near.component, &near.numbers)
                },
                if added_up {
                    differing(required, &near.numbers)
                } else {
                    required.staffing(&near.numbers)
                },
                required.bare(near.cost),
                required.bare(near.saves),
                levels.join("\n"),
            ],
            false,
        );
    }
    grid
}

/// A level that was seen, and whether that misses it.
fn seen_level(required: &Required<'_>, seen: &SeenLevel, one_place: bool) -> String {
    let name = words::pathway(required.scenario, seen.check.pathway);
    let name = if one_place {
        name
    } else {
        format!("{}, {name}", place(required, &seen.check))
    };
    let says = match seen.seems {
        // On these replications alone it may not be; that it is, rests on what others or the control of chance show.
        Seems::Met if seen.level.low < seen.check.wanted => "seems met",
        Seems::Met => "met",
        Seems::Missed => "missed",
        Seems::Unsure => "may miss",
    };
    if seen.is_from_others() {
        return format!("{name}: {says}, as others show");
    }
    format!("{name} {}: {says}", digits::share(Some(seen.level)))
}

/// What more of each number does to each level, how that is known and how it was looked for.
#[must_use]
pub fn rests_on(required: &Required<'_>) -> Grid {
    let mut grid = Grid::new(
        "What this rests on: what more of each does to each level, in the mean",
        &[
            ("More of", false),
            ("Standard", false),
            ("Does", false),
            ("Known", false),
            ("Pairs looked through for the contrary", true),
        ],
    );
    let answer = required.answer;
    let mut rows: Vec<(String, String, Sign, Grounds, usize, bool)> = Vec::new();
    let mut places: Vec<Vec<String>> = Vec::new();
    for direction in &answer.rests_on {
        let (more, standard) = (required.kind(direction.free), standard(required, &direction.check));
        let against = answer.contradicted.contains(&(direction.check, direction.free));
        let hub = place(required, &direction.check);
        let same = rows.iter().position(|row| {
            row.0 == more && row.1 == standard && (row.2, row.3) == (direction.sign, direction.grounds)
        });
        match same {
            Some(n) => {
                rows[n].4 += direction.pairs;
                rows[n].5 |= against;
                if !places[n].contains(&hub) {
                    places[n].push(hub);
                }
            }
            None => {
                rows.push((
                    more,
                    standard,
                    direction.sign,
                    direction.grounds,
                    direction.pairs,
                    against,
                ));
                places.push(vec![hub]);
            }
        }
    }
    // Where it is not the same at all hubs, it is said where it is so.
    let alone = |more: &str, standard: &str| rows.iter().filter(|row| row.0 == more && row.1 == standard).count() == 1;
    let mut told: Vec<_> = rows.iter().zip(&places).collect();
    told.sort_by(|(a, _), (b, _)| (&a.0, &a.1).cmp(&(&b.0, &b.1)));
    for ((more, standard, sign, grounds, pairs, against), places) in told {
        let at = if alone(more, standard) {
            String::new()
        } else {
            format!(" ({})", words::list(places))
        };
        let does = match sign {
            Sign::Raises => "helps: never lowers it",
            Sign::Lowers => "does not help: never raises it",
            Sign::Unknown => "nothing is taken for granted",
        };
        let known = match grounds {
            Grounds::Rules => "by the rules: who does what in the file",
            Grounds::Scan => "seen: moved alone on the same people, no step did the contrary by more than the zone",
            Grounds::Nothing if *against => "a pair contradicted it, so it is not used",
            Grounds::Nothing => "not shown by moving it alone, so it is not used",
        };
        let looked = match (grounds, pairs) {
            (Grounds::Nothing, _) => String::new(),
            (_, 0) => "none could be".into(),
            (_, n) => format!("{}, none found", digits::count(*n as u64)),
        };
        grid.row(
            vec![
                more.clone(),
                format!("{standard}{at}"),
                does.into(),
                known.into(),
                looked,
            ],
            false,
        );
    }
    grid
}
