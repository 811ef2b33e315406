//! Where more staff do most good, in sentences.

use super::Allocated;
use crate::answers::Estimate;
use crate::answers::allocate::{Against, Choice, Counted, Kind, Placement, RESAMPLES};
use crate::model::PathwayId;
use crate::output::{digits, words};

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

/// An even share: `4 at each hub`, or the numbers.
fn shared(allocated: &Allocated<'_>, extra: &[u32]) -> String {
    match extra {
        [first, rest @ ..] if rest.iter().all(|n| n == first) => format!("{first} at each hub"),
        _ => placed(allocated, extra),
    }
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
    )
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
    let mut lines = Vec::new();
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
    lines.push(format!("Best overall: {}.", placed(allocated, &best.extra)));
    for (kind, called) in [
        (Kind::Even, "an even share"),
        (Kind::Proportional, "a share in the present proportions"),
    ] {
        let Some(other) = answer.placement(kind) else { continue };
        let told = shared(allocated, &other.extra);
        lines.push(match answer.against(kind) {
            None => format!("{} ({told}) is that same placement.", words::capital(called)),
            Some(against) => beside(called, &told, against),
        });
    }
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

/// The placement for the worst hub, and the price of fairness in both directions.
fn fairness(allocated: &Allocated<'_>, best: &Placement) -> Vec<String> {
    let answer = allocated.answer;
    let Some(fair) = answer.placement(Kind::BestWorstHub) else {
        return Vec::new();
    };
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
    let price = match Sign::of(&against.overall) {
        Sign::More => format!("{} over all hubs", digits::points(&against.overall)),
        _ => format!(
            "nothing that can be told over all hubs ({} points)",
            digits::points_signed(&against.overall)
        ),
    };
    let gain = against.worst.map_or_else(String::new, |e| {
        let gain = turned(&e);
        match Sign::of(&gain) {
            Sign::More => format!("; and without it the worst hub has {} less", digits::points(&gain)),
            _ => format!(
                "; and what it does for the worst hub cannot be told from nothing ({} points)",
                digits::points_signed(&gain)
            ),
        }
    });
    lines.push(format!("The price of fairness is {price}{gain}."));
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
    let mut lines = vec![won("the best placement overall", best, &answer.choice)];
    if let Some(fair) = answer.placement(Kind::BestWorstHub) {
        lines.push(won(
            "the best placement for the worst hub",
            fair,
            &answer.choice_for_worst,
        ));
    }
    let alike: Vec<&Against> = answer
        .against
        .iter()
        .filter(|a| matches!(Sign::of(&a.overall), Sign::NotDetectable | Sign::Same))
        .collect();
    if let Some(against) = answer.against(Kind::RunnerUp) {
        let other = &answer.placements[against.other];
        let e = digits::points_signed(&against.overall);
        let told = placed(allocated, &other.extra);
        lines.push(match Sign::of(&against.overall) {
            Sign::More => format!("The runner-up ({told}) is worse: the best has {e} points on it."),
            _ => format!("The runner-up ({told}) cannot be told from it: the best has {e} points on it."),
        });
    }
    if !alike.is_empty() {
        lines.push(
            "Several placements are as good as one another over all hubs; choose among them by other reasons.".into(),
        );
    }
    lines
}

/// How often a placement would have been chosen.
fn won(what: &str, placement: &Placement, choice: &Choice) -> String {
    let resamples = digits::count(RESAMPLES.into());
    match choice.wins.len() {
        0 | 1 => format!(
            "Chance in the choice: the replications on which {what} was chosen were drawn again {resamples} times at random, and it was \
             the best every time."
        ),
        n => format!(
            "Chance in the choice: the replications on which {what} was chosen were drawn again {resamples} times at random, and it was \
             the best in {} of them; {} different placements were the best in some.",
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
