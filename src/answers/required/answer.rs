//! The answer in the words of the question: what was found, shown and seen, by free number and level.

use super::certificate::{Claim, Said, least_unclaimed};
use super::linked::Group;
use super::search::Search;
use super::seldom::fewest_if_vacant;
use super::space::{Component, Levels, StaffPlace, cost_of_level, cost_of_one, present, rounded};
use super::store::Store;
use super::{
    Borderline, Cheaper, Direction, Ending, Grounds, Number, Numbers, RequiredAnswer, Seems, SeenLevel, Sign, Solved,
    Tested, Tried,
};
use crate::answers::Estimate;
use crate::model::{Question, Scenario, Smallest, Where, rostered_per_instance};
use crate::stats::{Interval, Verdict, student_t_quantile};
use crate::units::Wte;

/// The answer in the words of the question.
pub(super) fn answer(
    scenario: &Scenario,
    question: &Question,
    (groups, searches): (&[Group], &[Search]),
    store: &Store<'_>,
    solved: &Solved,
) -> RequiredAnswer {
    let numbers_of = |component: &Component, cell: &[u16]| -> Numbers {
        let each = component.dials.iter().zip(cell);
        each.map(|(d, level)| (*d, question.free[*d].at(*level))).collect()
    };
    let mut chosen: Vec<Levels> = searches.iter().map(|s| best_seen(s, store, |_| true)).collect();
    for group in groups {
        share(group, searches, store, &mut chosen);
    }
    let mut numbers: Vec<Number> = Vec::new();
    for (search, cell) in searches.iter().zip(&chosen) {
        for (d, number) in numbers_of(&search.component, cell) {
            numbers.push(number_of(scenario, question, d, number));
        }
    }
    numbers.sort_by_key(|n| n.free);
    // A number that is the same at several hubs is one number.
    numbers.dedup_by_key(|n| n.free);
    let confidence = question.confidence.get();
    let tested = |claim: &Claim| tested(claim, &searches[claim.search].component, confidence);
    let is_best = |c: &&Claim| c.said == Said::Met && c.cell == chosen[c.search];
    // At all its places, with the other numbers as they are.
    let saves = |search: usize, cell: &Levels| {
        let dials = searches[search].component.dials.iter();
        let each = dials.zip(chosen[search].iter().zip(cell)).map(|(d, (best, own))| {
            let dial = &question.free[*d];
            (f64::from(*best) - f64::from(*own)) * cost_of_level(scenario, question, dial, dial.places.iter())
        });
        rounded(each.sum())
    };
    let cost: f64 = numbers.iter().map(|n| n.cost).sum();
    let seen_at = |n: usize, cell: &Levels| -> Vec<SeenLevel> {
        let checks = 0..searches[n].component.checks.len();
        checks
            .filter_map(|k| seen_level(n, &searches[n], store, question, &solved.claims, (cell, k)))
            .collect()
    };
    let (mut borderline, mut as_cheap, mut tried) = (Vec::new(), Vec::new(), Vec::new());
    let mut at_least = cost;
    for group in groups {
        let parts = group.members.iter();
        let part: f64 = parts.map(|m| searches[*m].component.cost(&chosen[*m])).sum();
        let has_best = group.members.iter().all(|m| searches[*m].known.best().is_some());
        let least: Vec<Vec<f64>> = group
            .members
            .iter()
            .map(|m| {
                let own = solved.claims.iter().filter(|c| c.search == *m && c.holds());
                least_unclaimed(&searches[*m], own, |_| false)
            })
            .collect();
        at_least -= group
            .sums(&least)
            .into_iter()
            .map(|sum| rounded(part - sum))
            .fold(0.0, f64::max);
        for (place, n) in group.members.iter().enumerate() {
            let Search { component, known, .. } = &searches[*n];
            let own = solved
                .claims
                .iter()
                .filter(|c| c.search == *n && c.said == Said::Missed);
            let own: Vec<&Claim> = own.filter(|c| c.holds()).collect();
            let shown = |cell: &Levels| own.iter().any(|c| component.at_most(c.check, cell, &c.cell));
            let left = group.left_for(place, part, &least);
            let as_chosen = |cell: &Levels| known.value(cell) == known.value(&chosen[*n]);
            let less = |cell: &Levels| {
                if as_chosen(cell) {
                    return saves(*n, cell);
                }
                // With other numbers shared the rest cannot be as it is: it is the least that has not been shown to be too few.
                rounded(left[known.value(cell)] - component.cost(cell))
            };
            // What that is, only a certificate says.
            let certified = solved.ending == Ending::Certified;
            let near = known.borderline().iter().filter(|cell| !shown(cell));
            let near = near.filter(|cell| certified || as_chosen(cell));
            borderline.extend(near.filter(|cell| less(cell) > 0.0 || !has_best).map(|cell| {
                let saves = less(cell);
                Borderline {
                    component: *n,
                    numbers: numbers_of(component, cell),
                    saves,
                    cost: cost - saves,
                    levels: seen_at(*n, cell),
                }
            }));
        }
    }
    for (n, search) in searches.iter().enumerate() {
        let component = &search.component;
        for cell in &search.tried {
            if search.known.best().is_some()
                && saves(n, cell) == 0.0
                && component.value(cell) == component.value(&chosen[n])
                && *cell != chosen[n]
                && search.known.suffices(cell)
            {
                as_cheap.push((n, numbers_of(component, cell)));
            }
            tried.push(Tried {
                component: n,
                numbers: numbers_of(component, cell),
                levels: seen_at(n, cell),
                suffices: search.known.suffices(cell),
                excluded: search.known.excluded(cell),
            });
        }
    }
    let checks = searches
        .iter()
        .flat_map(|s| s.component.checks.iter().map(move |check| (s, check)));
    let controls = checks
        .map(|(s, check)| (*check, store.uncontrolled(&s.component, check)))
        .collect();
    let made = |stage: fn(&u32) -> bool| store.made.iter().filter(|(s, _)| stage(s)).map(|(_, n)| n).sum();
    RequiredAnswer {
        ending: solved.ending,
        confidence,
        delta_points: question.delta.get(),
        overall: question.at == Where::Overall,
        yearly_cost: question.smallest == Smallest::YearlyCost,
        cost,
        cost_at_least: (solved.ending == Ending::Certified).then_some(at_least),
        cost_before: numbers.iter().map(|n| n.cost_before).sum(),
        pounds: numbers.iter().map(|n| n.pounds).sum(),
        pounds_before: numbers.iter().map(|n| n.pounds_before).sum(),
        numbers,
        levels: if solved.ending == Ending::Interrupted {
            let seen = chosen.iter().enumerate().flat_map(|(n, cell)| {
                let of = move |seen| as_tested(n, seen);
                seen_at(n, cell).into_iter().map(of)
            });
            seen.collect()
        } else {
            solved.claims.iter().filter(is_best).map(tested).collect()
        },
        cheaper: solved
            .claims
            .iter()
            .filter(|c| c.said == Said::Missed)
            .map(|c| Cheaper {
                numbers: {
                    let component = &searches[c.search].component;
                    let numbers = numbers_of(component, &c.cell).into_iter();
                    numbers
                        .zip(&component.signs[c.check])
                        .map(|((d, n), sign)| (d, n, *sign))
                        .collect()
                },
                saves: saves(c.search, &c.cell),
                tested: tested(c),
            })
            .collect(),
        borderline,
        borderline_of_each_cost: false,
        as_cheap,
        fewest_if_vacant: fewest_if_vacant(searches.iter().map(|s| &*s.component), store, confidence),
        attempts: solved.attempts,
        search_replications: made(|s| *s == 0),
        certificate_replications: made(|s| *s > 0),
        islands: store.islands().len(),
        audited: solved.audited.pairs,
        contradicted: solved.audited.contradicted.clone(),
        rests_on: directions(searches, &solved.audited.differing),
        controls,
        staffings: searches.iter().filter_map(|s| s.component.count()).sum(),
        tried,
        events: store.events,
        engine_cpu_s: store.engine_cpu_s,
    }
}

/// A level as a claim tested it.
pub(super) fn tested(claim: &Claim, component: &Component, confidence: f64) -> Tested {
    let check = component.checks[claim.check];
    let n = u32::try_from(claim.samples.len()).unwrap_or(u32::MAX);
    Tested {
        component: claim.search,
        check,
        level: claim
            .level(check.wanted, confidence)
            .map(|i| Estimate::of(i, confidence, n)),
        bound: claim.bound(check.wanted),
        replications: claim.samples.len(),
        zone_points: claim.tests.first().map_or(0.0, |t| t.delta * 100.0),
        verdict: claim.verdict,
        controlled: claim.is_controlled(),
    }
}

/// A level as the search saw it, in the form of one that was tested, with nothing shown.
pub(super) fn as_tested(component: usize, seen: SeenLevel) -> Tested {
    Tested {
        component,
        check: seen.check,
        level: Some(seen.level),
        bound: None,
        replications: seen.level.replications as usize,
        zone_points: 0.0,
        verdict: Verdict::Undecided,
        controlled: false,
    }
}

/// What was seen of a level at a staffing, and what that says: what a claim that holds says of it, or what was seen itself.
fn seen_level(
    number: usize,
    search: &Search,
    store: &Store<'_>,
    question: &Question,
    claims: &[Claim],
    (cell, k): (&Levels, usize),
) -> Option<SeenLevel> {
    let component = &search.component;
    let (check, confidence) = (component.checks[k], question.confidence.get());
    let seen = search.seen(store, cell, k)?;
    let n = u32::try_from(seen.replications).unwrap_or(u32::MAX);
    let t = student_t_quantile(0.5 + 0.5 * confidence, f64::from(n.max(2) - 1));
    let interval = Interval::symmetric(check.wanted + seen.gap, t * seen.error).clipped_to_share();
    let own = claims
        .iter()
        .filter(|c| c.search == number && c.check == k && c.holds());
    let shown = |said: Said| {
        own.clone().filter(|c| c.said == said).any(|c| match said {
            Said::Met => component.at_most(k, &c.cell, cell),
            Said::Missed => component.at_most(k, cell, &c.cell),
        })
    };
    let delta = question.delta.get() / 100.0;
    let far = seen.gap.abs() >= delta.max(t * seen.error);
    let missed = search.known.missed().iter();
    let excluded = { missed }.any(|(at, check)| *check == k && component.at_most(k, cell, at));
    let seems = match (shown(Said::Met), shown(Said::Missed)) {
        (true, _) => Seems::Met,
        (false, true) => Seems::Missed,
        (false, false) if far && seen.gap > 0.0 => Seems::Met,
        (false, false) if far => Seems::Missed,
        // What the search took for plain, unless it has been seen to be near since.
        (false, false) => match (search.known.is_met(cell, k), excluded) {
            (true, false) if seen.gap.abs() >= delta => Seems::Met,
            (false, true) if seen.gap.abs() >= delta => Seems::Missed,
            _ => Seems::Unsure,
        },
    };
    Some(SeenLevel {
        check,
        level: Estimate::of(interval, confidence, n),
        seems,
    })
}

/// What more of each number does to each level, how that is known, and how many pairs were searched for a contradiction.
pub(super) fn directions(searches: &[Search], differing: &[Vec<Vec<usize>>]) -> Vec<Direction> {
    let mut all = Vec::new();
    for (n, search) in searches.iter().enumerate() {
        let component = &search.component;
        for (k, (check, signs)) in component.checks.iter().zip(&component.signs).enumerate() {
            for (j, (d, sign)) in component.dials.iter().zip(signs).enumerate() {
                let grounds = match sign {
                    Sign::Unknown => Grounds::Nothing,
                    _ if component.doubtful.contains(&(k, j)) => Grounds::Scan,
                    _ => Grounds::Rules,
                };
                let pairs = differing.get(n).and_then(|of| of.get(k)?.get(j));
                all.push(Direction {
                    component: n,
                    check: *check,
                    free: *d,
                    sign: *sign,
                    grounds,
                    pairs: pairs.copied().unwrap_or(0),
                });
            }
        }
    }
    all
}

/// Gives components that share numbers the same, where they have not agreed on any: that with which most of them have what suffices. Those
/// that have nothing there come as near as has been seen.
fn share(group: &Group, searches: &[Search], store: &Store<'_>, chosen: &mut [Levels]) {
    let members = || group.members.iter().map(|m| &searches[*m]);
    if group.members.len() < 2 || members().all(|search| search.known.best().is_some()) {
        return;
    }
    let enough: Vec<Vec<Option<&(f64, Levels)>>> = members().map(|search| search.known.sufficient()).collect();
    let seen = |search: &Search, value: usize| search.tried.iter().any(|cell| search.known.value(cell) == value);
    let lacking = |values: &Vec<usize>| {
        let each = values.iter().zip(&enough).zip(members());
        let lacks = each.filter(|((value, own), _)| own[**value].is_none());
        let unseen = lacks.clone().filter(|((value, _), search)| !seen(search, **value));
        (lacks.count(), unseen.count())
    };
    let Some(values) = group.values.iter().min_by_key(|values| lacking(values)) else {
        return;
    };
    for (m, (value, own)) in group.members.iter().zip(values.iter().zip(&enough)) {
        let search = &searches[*m];
        let with = |cell: &Levels| search.known.value(cell) == *value;
        chosen[*m] = match own[*value] {
            Some((_, cell)) => cell.clone(),
            None if seen(search, *value) => best_seen(search, store, with),
            None => search.known.highest(*value),
        };
    }
}

/// The best staffing of a search; if none suffices, the one simulated that came nearest, of those that count.
fn best_seen(search: &Search, store: &Store<'_>, counts: impl Fn(&Levels) -> bool) -> Levels {
    if let Some((_, cell)) = search.known.best() {
        return cell.clone();
    }
    let least = |cell: &Levels| {
        let gaps = (0..search.component.checks.len()).filter_map(|k| search.seen(store, cell, k).map(|s| s.gap));
        gaps.fold(f64::INFINITY, f64::min)
    };
    let tried = search.tried.iter().filter(|cell| counts(cell));
    let most = tried.max_by(|a, b| least(a).total_cmp(&least(b)));
    most.cloned().unwrap_or_default()
}

pub(super) fn number_of(scenario: &Scenario, question: &Question, d: usize, number: f64) -> Number {
    let dial = &question.free[d];
    let one = |p: &StaffPlace| dial.cost.unwrap_or_else(|| cost_of_one(scenario, question.smallest, p));
    let before: Vec<f64> = dial.places.iter().map(|p| present(scenario, p)).collect();
    let rostered = dial.places.first().filter(|p| p.piece.is_none()).and_then(|p| {
        let role = scenario.roles.get(p.role.0)?;
        Some(rostered_per_instance(role, Wte::new(number).ok()?))
    });
    let highest = dial.at(dial.levels - 1);
    let priced = |p: &StaffPlace| scenario.roles.get(p.role.0).is_some_and(|role| role.cost.is_some());
    let year = |p: &StaffPlace| cost_of_one(scenario, Smallest::YearlyCost, p);
    let all_priced = dial.places.iter().all(priced);
    Number {
        free: d,
        path: dial.path.clone(),
        number,
        before: before.iter().sum::<f64>() / before.len().max(1) as f64,
        cost: dial.places.iter().map(one).sum::<f64>() * number,
        cost_before: dial.places.iter().zip(&before).map(|(p, n)| one(p) * n).sum(),
        pounds: all_priced.then(|| dial.places.iter().map(year).sum::<f64>() * number),
        pounds_before: all_priced.then(|| dial.places.iter().zip(&before).map(|(p, n)| year(p) * n).sum()),
        rostered,
        at_bound: (number - dial.from).abs() < 1e-9 || (number - highest).abs() < 1e-9,
    }
}
