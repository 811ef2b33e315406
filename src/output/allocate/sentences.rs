//! Where more staff do most good, in sentences.

use super::Allocated;
use crate::answers::Estimate;
use crate::answers::allocate::{Against, Choice, Counted, Kind, Placement, RESAMPLES};
use crate::model::PathwayId;
use crate::output::{digits, sentence, words};

/// What is placed, for people: `24 WTE`, `3 people on shift`.
fn so_many(allocated: &Allocated<'_>, number: u32) -> String {
    format!("{number} {}", unit(allocated, number))
}

const fn unit(allocated: &Allocated<'_>, number: u32) -> &'static str {
    match (allocated.answer.counted, number) {
        (Counted::Wte, _) => "WTE",
        (Counted::OnShift, 1) => "person on shift",
        (Counted::OnShift, _) => "people on shift",
    }
}

/// A kind of placement for people.
#[must_use]
pub const fn named(kind: Kind) -> &'static str {
    match kind {
        Kind::AsNow => "as now",
        Kind::Even => "even share",
        Kind::Proportional => "in proportion",
        Kind::Best => "best overall",
        Kind::BestWorstHub => "best for the worst hub",
        Kind::RunnerUp => "runner-up",
    }
}

/// Posts at each team: `Charnwood 5; Harborough 4`, without those that get none.
#[must_use]
pub fn placed(allocated: &Allocated<'_>, extra: &[u32]) -> String {
    let teams = allocated.answer.places.iter().zip(extra).filter(|(_, n)| **n > 0);
    let told: Vec<String> = teams
        .map(|(place, n)| format!("{} {n}", words::hub(allocated.scenario, Some(place.hub))))
        .collect();
    told.join("; ")
}

/// An even share: `4 at each hub`, or what that becomes where the number does not divide; else the numbers.
fn shared(allocated: &Allocated<'_>, extra: &[u32], even: bool) -> String {
    let (Some(least), Some(most)) = (extra.iter().min(), extra.iter().max()) else {
        return placed(allocated, extra);
    };
    let places = &allocated.answer.places;
    let step = allocated.answer.request.step;
    if least == most {
        return format!("{least} at each hub");
    }
    if !even || most - least != step || places.iter().any(|place| place.serves.len() != 1) {
        return placed(allocated, extra);
    }
    let all = places.iter().zip(extra).filter(|(_, n)| *n == most);
    let hubs: Vec<String> = all
        .map(|(place, _)| words::hub(allocated.scenario, Some(place.hub)))
        .collect();
    let pathway = words::pathway(allocated.scenario, allocated.answer.request.pathway).to_lowercase();
    let each = if *least == 0 {
        String::new()
    } else {
        format!("{least} at each hub, and ")
    };
    format!(
        "{} do not divide by {} hubs: {each}{step} more at each of those with most {pathway} referrals: {}",
        allocated.answer.request.extra,
        places.len(),
        words::hub_list(&hubs)
    )
}

/// What everything rests on.
#[must_use]
pub fn basis(allocated: &Allocated<'_>) -> String {
    let (x, answer) = (&allocated.scenario.experiment, allocated.answer);
    let asked = answer.request.replications;
    let interrupted = if asked > answer.replications {
        format!(" (of the {} asked for; interrupted)", digits::count(asked.into()))
    } else {
        String::new()
    };
    let step = match answer.request.step {
        1 => String::new(),
        n => format!(" Placed in steps of {}.", so_many(allocated, n)),
    };
    format!(
        "Placements are chosen on {} replications of {} and confirmed on {} others{interrupted}, the same people in all of \
         them; seed {}. ± is the half-width of the {} confidence interval; those of the best placement against the others hold for \
         all of them at once.{step}",
        digits::count(answer.request.search.into()),
        words::weeks(x.run_length.days()),
        digits::count(answer.replications.into()),
        x.seed,
        digits::percent(answer.request.confidence),
    ) + &sentence::few(answer.replications)
}

/// That it was interrupted, and what of the answer that touches; nothing if it was not.
pub(super) fn interrupted(allocated: &Allocated<'_>) -> Option<String> {
    let answer = allocated.answer;
    let (made, asked) = (answer.replications, answer.request.replications);
    (made < asked).then(|| {
        format!(
            "Interrupted: the placements are chosen, but their figures are confirmed on {} of {} replications only. Ask again before \
             they are used.",
            digits::count(made.into()),
            digits::count(asked.into())
        )
    })
}

/// Which way a difference goes, beyond chance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    More,
    Fewer,
    NotDetectable,
    Same,
}

impl Sign {
    pub(super) fn of(e: &Estimate) -> Self {
        if e.low > 0.0 {
            Self::More
        } else if e.high < 0.0 {
            Self::Fewer
        } else if e.low == 0.0 && e.high == 0.0 {
            Self::Same
        } else {
            Self::NotDetectable
        }
    }
}

/// `crisis: seen within 2 hours`.
fn standard(allocated: &Allocated<'_>, id: PathwayId) -> (String, String) {
    let pathway = &allocated.scenario.pathways[id.0];
    let within = pathway.standard.as_ref().map(|s| words::within_long(s.within));
    (
        words::pathway(allocated.scenario, id),
        format!("{} {}", words::done(pathway), within.unwrap_or_default()),
    )
}

/// The answer: the best placement, and what others come to beside it.
#[must_use]
pub fn answers(allocated: &Allocated<'_>) -> Vec<String> {
    let answer = allocated.answer;
    let objective = answer.request.pathway;
    let (name, done) = standard(allocated, objective);
    let role = words::role_inside(allocated.scenario, answer.request.role);
    let mut lines: Vec<String> = interrupted(allocated).into_iter().collect();
    let level = |kind| answer.placement(kind)?.level(None, objective).map(|l| l.level);
    let (Some(best), Some(now)) = (answer.placement(Kind::Best), level(Kind::AsNow)) else {
        return lines;
    };
    if let Some(with) = best.level(None, objective) {
        let change = with.gain.map_or_else(String::new, |gain| match Sign::of(&gain) {
            Sign::More => format!(", {} more", digits::points(&gain)),
            Sign::Fewer => format!(", {} fewer", digits::points(&gain)),
            Sign::NotDetectable => format!("; no detectable difference ({} points)", digits::points_signed(&gain)),
            Sign::Same => "; no difference in any replication".into(),
        });
        lines.push(format!(
            "{} more {} of {role}, placed for the largest share of {name} referrals {done} over all hubs: {} instead of \
             {}{change}.",
            answer.request.extra,
            unit(allocated, answer.request.extra),
            digits::share_inline(&with.level),
            digits::share_inline(&now),
            name = name.to_lowercase(),
        ));
    }
    let near = |kind| {
        answer
            .against(kind)
            .is_some_and(|against| Sign::of(&against.overall) != Sign::More)
    };
    let among = if [Kind::Even, Kind::Proportional, Kind::RunnerUp].into_iter().any(near) {
        ", as one of several that cannot be told apart"
    } else {
        ""
    };
    lines.push(format!("Best overall{among}: {}.", placed(allocated, &best.extra)));
    for (kind, called) in [
        (Kind::Even, "an even share"),
        (Kind::Proportional, "a share in the present proportions"),
    ] {
        let Some(other) = answer.placement(kind) else { continue };
        let told = shared(allocated, &other.extra, kind == Kind::Even);
        lines.push(match answer.against(kind) {
            None => format!("{} ({told}) is that same placement.", words::capital(called)),
            Some(against) => beside(called, &told, against),
        });
    }
    lines.extend(as_good_and_fairer(allocated));
    lines.extend(fairness(allocated, best));
    lines.extend(other_standards(allocated, best));
    lines
}

/// The best placement beside another.
fn beside(called: &str, told: &str, against: &Against) -> String {
    let e = &against.overall;
    match Sign::of(e) {
        Sign::More => format!("Against {called} ({told}) it is {} more.", digits::points(e)),
        Sign::Fewer => format!(
            "Against {called} ({told}) it is {} fewer: chance had put it first where it was chosen.",
            digits::points(e)
        ),
        Sign::NotDetectable => format!(
            "Against {called} ({told}): no detectable difference ({} points).",
            digits::points_signed(e)
        ),
        Sign::Same => format!("Against {called} ({told}): the same in every replication."),
    }
}

/// Another placement that over all hubs cannot be told from the best, and has more at its worst hub: whoever must choose wants to know.
fn as_good_and_fairer(allocated: &Allocated<'_>) -> Option<String> {
    let answer = allocated.answer;
    let found = [Kind::RunnerUp, Kind::Even, Kind::Proportional]
        .into_iter()
        .find_map(|kind| {
            let against = answer.against(kind)?;
            let worst = against.worst.as_ref().map(turned)?;
            let as_good = matches!(Sign::of(&against.overall), Sign::NotDetectable | Sign::Same);
            (as_good && Sign::of(&worst) == Sign::More).then_some((kind, against.other, worst))
        });
    found.map(|(kind, other, worst)| {
        format!(
            "The {} ({}) cannot be told apart from it over all hubs, and the worst hub then has {} more: the fairer of the two.",
            named(kind),
            placed(allocated, &answer.placements[other].extra),
            digits::points(&worst)
        )
    })
}

/// The placement for the worst hub, and the price of fairness in both directions.
fn fairness(allocated: &Allocated<'_>, best: &Placement) -> Vec<String> {
    let answer = allocated.answer;
    let Some(fair) = answer.placement(Kind::BestWorstHub) else {
        return Vec::new();
    };
    if allocated.scenario.hubs.len() < 2 {
        return Vec::new();
    }
    if super::worst(allocated, best).is_none() {
        return vec!["With the best placement all hubs are alike: none is the worst.".into()];
    }
    let worst = |placement: &Placement| {
        super::worst(allocated, placement).map_or_else(
            || digits::NONE.to_owned(),
            |(hub, level)| {
                format!(
                    "{} at {}",
                    words::hub(allocated.scenario, Some(hub)),
                    digits::share_inline(&level)
                )
            },
        )
    };
    let now = answer
        .placement(Kind::AsNow)
        .map_or_else(String::new, |now| format!(" (as now: {})", worst(now)));
    let Some(against) = answer.against(Kind::BestWorstHub) else {
        return vec![format!(
            "The same placement is best for the worst hub, which is then {}{now}: fairness costs nothing here.",
            worst(best)
        )];
    };
    let mut lines = vec![format!(
        "Best for the worst hub: {}. The worst hub is then {}; with the best placement overall it is {}{now}.",
        placed(allocated, &fair.extra),
        worst(fair),
        worst(best)
    )];
    // Both as what the fair placement has against the best overall: less here, more there.
    let price = match Sign::of(&against.overall) {
        Sign::More => format!("all hubs together have {} less", digits::points(&against.overall)),
        _ => format!(
            "all hubs together have no detectable difference ({} points)",
            digits::points_signed(&turned(&against.overall))
        ),
    };
    let gain = against.worst.map_or_else(String::new, |e| {
        let gain = turned(&e);
        match Sign::of(&gain) {
            Sign::More => format!("; for that the worst hub has {} more", digits::points(&gain)),
            _ => format!(
                "; and the worst hub has no detectable difference ({} points)",
                digits::points_signed(&gain)
            ),
        }
    });
    lines.push(format!(
        "The price of fairness, this placement against the best overall: {price}{gain}."
    ));
    lines
}

/// The other way round.
pub(super) fn turned(e: &Estimate) -> Estimate {
    Estimate {
        mean: 0.0 - e.mean,
        low: 0.0 - e.high,
        high: 0.0 - e.low,
        ..*e
    }
}

/// What the best placement does to the other standards.
fn other_standards(allocated: &Allocated<'_>, best: &Placement) -> Option<String> {
    let others = words::standards(allocated.scenario).filter(|(id, ..)| *id != allocated.answer.request.pathway);
    let told: Vec<String> = others
        .filter_map(|(id, ..)| {
            let gain = best.level(None, id)?.gain?;
            let (name, done) = standard(allocated, id);
            Some(match Sign::of(&gain) {
                Sign::More | Sign::Fewer => format!("{name} {done} {} points", digits::points_signed(&gain)),
                Sign::NotDetectable => format!(
                    "{name} {done} no detectable change ({} points)",
                    digits::points_signed(&gain)
                ),
                Sign::Same => format!("{name} {done} unchanged"),
            })
        })
        .collect();
    (!told.is_empty()).then(|| {
        format!(
            "To the other standards the best placement does this: {}.",
            told.join("; ")
        )
    })
}

/// How sure the choice is.
#[must_use]
pub fn sureness(allocated: &Allocated<'_>) -> Vec<String> {
    let answer = allocated.answer;
    let Some(best) = answer.placement(Kind::Best) else {
        return Vec::new();
    };
    let mut lines = vec![won("the same best placement overall", best, &answer.choice)];
    if let Some(fair) = answer.placement(Kind::BestWorstHub) {
        lines.push(won(
            "the same best placement for the worst hub",
            fair,
            &answer.choice_for_worst,
        ));
    }
    if let Some(against) = answer.against(Kind::RunnerUp) {
        let other = &answer.placements[against.other];
        let e = digits::points_signed(&against.overall);
        let told = placed(allocated, &other.extra);
        let replications = digits::count(answer.replications.into());
        lines.push(match Sign::of(&against.overall) {
            Sign::More => format!(
                "On the {replications} other replications the runner-up ({told}) is worse: the best has {e} points on it."
            ),
            _ => format!(
                "On the {replications} other replications the runner-up ({told}) cannot be told from it: the best has {e} points on it."
            ),
        });
    }
    lines.extend(not_told_apart(allocated));
    lines
}

/// The placements that the best overall cannot be told from, and why that may be so of one that is chosen every time.
fn not_told_apart(allocated: &Allocated<'_>) -> Option<String> {
    let answer = allocated.answer;
    let alike = answer
        .against
        .iter()
        .filter(|a| matches!(Sign::of(&a.overall), Sign::NotDetectable | Sign::Same));
    let mut names: Vec<&str> = Vec::new();
    for kind in alike.flat_map(|a| &answer.placements[a.other].kinds) {
        let name = match kind {
            Kind::AsNow => "the service as now",
            Kind::Even => "an even share",
            Kind::Proportional => "a share in the present proportions",
            Kind::Best => continue,
            Kind::BestWorstHub => "the best for the worst hub",
            Kind::RunnerUp => "the runner-up",
        };
        if !names.contains(&name) {
            names.push(name);
        }
    }
    if names.is_empty() {
        return None;
    }
    let names: Vec<String> = names.into_iter().map(str::to_owned).collect();
    // What reads like a contradiction to the line on the choice.
    let why = if answer.choice.wins.len() < 2 {
        " It was chosen every time, and may still be ahead by less than these replications can show."
    } else {
        ""
    };
    Some(format!(
        "Over all hubs the best overall cannot be told from {}.{why} Choose among them by other reasons, or ask with more --replications.",
        words::list(&names)
    ))
}

/// How often a placement would have been chosen.
fn won(what: &str, placement: &Placement, choice: &Choice) -> String {
    let resamples = digits::count(RESAMPLES.into());
    let drawn = format!("The choice: drawn again {resamples} times at random, the replications on which it was made");
    match choice.wins.len() {
        0 | 1 => format!("{drawn} give {what} every time."),
        n => format!(
            "{drawn} give {what} in {} of them; {} different placements came first in some.",
            digits::percent(choice.share_of(&placement.extra)),
            digits::count(n as u64)
        ),
    }
}

/// What is placed means on shift and in money, and whether it can be filled one post at a time.
#[must_use]
pub fn staff(allocated: &Allocated<'_>) -> Vec<String> {
    let answer = allocated.answer;
    let mut lines = Vec::new();
    if let Some(each) = answer.on_each_shift {
        let role = words::role_inside(allocated.scenario, answer.request.role);
        lines.push(format!(
            "One WTE of {role} is {} of a person on each shift on average, net of leave and sickness; {} are {} people.",
            digits::people(each),
            so_many(allocated, answer.request.extra),
            digits::people(each * f64::from(answer.request.extra))
        ));
    }
    lines.extend(
        answer
            .cost
            .map(|cost| format!("They cost {} a year, wherever they are placed.", digits::pounds(cost))),
    );
    lines.extend(one_by_one(allocated));
    lines
}

/// Whether posts that are filled one at a time, each where it helps most, end at the best placement.
#[must_use]
pub fn one_by_one(allocated: &Allocated<'_>) -> Option<String> {
    let answer = allocated.answer;
    let found = &answer.one_by_one;
    let best = answer.placement(Kind::Best)?;
    if found.extra == best.extra {
        return Some(
            "Placed one at a time, each where it helps most at the time, they end at the best placement.".into(),
        );
    }
    let e = found.against_best?;
    Some(match Sign::of(&e) {
        Sign::Fewer => format!(
            "Placed one at a time, each where it helps most at the time, they would end at {}: {} fewer than the best (on the \
             replications both were chosen on). Where there is more work than staff, the first posts alone do little.",
            placed(allocated, &found.extra),
            digits::points(&e)
        ),
        _ => format!(
            "Placed one at a time, each where it helps most at the time, they would end at {}, as good as the best ({} points).",
            placed(allocated, &found.extra),
            digits::points_signed(&e)
        ),
    })
}
