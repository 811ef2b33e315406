//! The answer in the words of the question.

use super::reject::{Sum, Tested as Sums};
use super::{Overall, Shown, Store};
use crate::answers::Estimate;
use crate::answers::required::answer::{as_tested, directions, number_of, tested};
use crate::answers::required::seldom::fewest_if_vacant;
use crate::answers::required::{
    Borderline, Cheaper, Ending, Number, Numbers, RequiredAnswer, Seems, SeenLevel, Sign, Tested, Tried,
};
use crate::model::{Question, Scenario, Smallest};
use crate::stats::{Interval, Verdict, student_t_quantile};

/// The answer in the words of the question.
pub(super) fn answer(
    scenario: &Scenario,
    question: &Question,
    overall: &Overall,
    store: &Store<'_>,
    shown: &Shown,
) -> RequiredAnswer {
    let confidence = question.confidence.get();
    let joint = &overall.joint;
    let chosen = overall.best.clone().unwrap_or_else(|| overall.nearest());
    let numbers_of = |names: &[usize]| -> Numbers {
        let levels = overall.levels(names);
        let each = joint.dials.iter().zip(levels);
        each.map(|(d, level)| (*d, question.free[*d].at(level))).collect()
    };
    let mut numbers: Vec<Number> = numbers_of(&chosen)
        .into_iter()
        .map(|(d, number)| number_of(scenario, question, d, number))
        .collect();
    numbers.sort_by_key(|n| n.free);
    let cost: f64 = numbers.iter().map(|n| n.cost).sum();
    let saves = |names: &[usize]| overall.cost(&chosen) - overall.cost(names);
    let levels_of = |names: &[usize]| -> Vec<SeenLevel> {
        let each = overall
            .checks()
            .filter_map(|k| seen_level(overall, store, confidence, names, k));
        each.collect()
    };
    let borderline: Vec<Borderline> = shown
        .between
        .iter()
        .map(|names| Borderline {
            component: 0,
            numbers: numbers_of(names),
            saves: saves(names),
            cost: cost - saves(names),
            levels: levels_of(names),
        })
        .collect();
    let below = shown.rejected.iter().flat_map(|rejected| &rejected.below);
    let cheaper = below.filter_map(|sums| {
        Some(Cheaper {
            numbers: numbers_of(&sums.names)
                .into_iter()
                .map(|(d, n)| (d, n, Sign::Unknown))
                .collect(),
            saves: saves(&sums.names),
            tested: missed(overall, confidence, sums)?,
        })
    });
    let lowest = shown.rejected.as_ref().and_then(|r| r.cheapest.as_ref());
    let at_least = lowest.map_or(cost, |lowest| cost - (overall.cost(&chosen) - lowest.cost).max(0.0));
    let looked_at = overall.looked_at.iter().map(|names| {
        let levels = levels_of(names);
        Tried {
            component: 0,
            numbers: numbers_of(names),
            suffices: levels.iter().all(|seen| seen.seems == Seems::Met),
            excluded: levels.iter().any(|seen| seen.seems == Seems::Missed),
            levels,
        }
    });
    let made = |stage: fn(&u32) -> bool| store.made.iter().filter(|(s, _)| stage(s)).map(|(_, n)| n).sum();
    let all = joint
        .levels
        .iter()
        .try_fold(1usize, |n, levels| n.checked_mul(usize::from(*levels)));
    RequiredAnswer {
        ending: shown.ending,
        confidence,
        delta_points: question.delta.get(),
        overall: true,
        yearly_cost: question.smallest == Smallest::YearlyCost,
        cost,
        cost_at_least: (shown.ending == Ending::Certified).then_some(at_least),
        cost_before: numbers.iter().map(|n| n.cost_before).sum(),
        pounds: numbers.iter().map(|n| n.pounds).sum(),
        pounds_before: numbers.iter().map(|n| n.pounds_before).sum(),
        numbers,
        levels: if shown.ending == Ending::Interrupted {
            levels_of(&chosen).into_iter().map(|seen| as_tested(0, seen)).collect()
        } else {
            shown
                .claims
                .iter()
                .map(|claim| tested(claim, joint, confidence))
                .collect()
        },
        cheaper: cheaper.collect(),
        borderline,
        borderline_of_each_cost: true,
        as_cheap: Vec::new(),
        fewest_if_vacant: fewest_if_vacant(std::iter::once(&**joint), store, confidence),
        attempts: shown.attempts,
        search_replications: made(|s| *s == 0),
        certificate_replications: made(|s| *s > 0),
        islands: store.islands().len(),
        audited: overall.audited.pairs,
        contradicted: overall.audited.contradicted.clone(),
        rests_on: directions(&overall.searches, &overall.audited.differing),
        controls: joint
            .checks
            .iter()
            .map(|check| (*check, store.uncontrolled(joint, check)))
            .collect(),
        staffings: all.unwrap_or(usize::MAX),
        tried: looked_at.collect(),
        events: store.events,
        engine_cpu_s: store.engine_cpu_s,
    }
}

/// What was seen of a level at a staffing.
fn seen_level(overall: &Overall, store: &Store<'_>, confidence: f64, names: &[usize], k: usize) -> Option<SeenLevel> {
    let check = overall.joint.checks[k];
    let seen = overall.seen(store, names, k)?;
    let n = u32::try_from(seen.replications).unwrap_or(u32::MAX);
    let t = student_t_quantile(0.5 + 0.5 * confidence, f64::from(n.max(2) - 1));
    let interval = Interval::symmetric(check.wanted + seen.gap, t * seen.error).clipped_to_share();
    let far = seen.gap.abs() >= overall.delta.max(t * seen.error);
    let seems = match (far, seen.gap > 0.0) {
        (false, _) => Seems::Unsure,
        (true, true) => Seems::Met,
        (true, false) => Seems::Missed,
    };
    Some(SeenLevel {
        check,
        level: Estimate::of(interval, confidence, n),
        seems,
    })
}

/// The level by which a staffing was rejected, the farthest below what was asked; of what stands for it where it was not simulated itself.
fn missed(overall: &Overall, confidence: f64, sums: &Sums) -> Option<Tested> {
    let each = sums.sums.iter().zip(&overall.joint.checks);
    let below = |sum: &Sum| (sum.mean + sum.off) / sum.referrals.max(1e-9);
    let (sum, check) = each.min_by(|a, b| below(a.0).total_cmp(&below(b.0)))?;
    let n = u32::try_from(sum.replications).unwrap_or(u32::MAX);
    let t = student_t_quantile(0.5 + 0.5 * confidence, f64::from(n.max(2) - 1));
    let per = 1.0 / sum.referrals.max(1e-9);
    let interval = Interval::symmetric(check.wanted + sum.mean * per, t * sum.error * per).clipped_to_share();
    Some(Tested {
        component: 0,
        check: *check,
        level: Some(Estimate::of(interval, confidence, n)),
        bound: Some((check.wanted + below(sum)).max(0.0)),
        replications: sum.replications,
        zone_points: 0.0,
        verdict: Verdict::Infeasible,
        controlled: false,
    })
}
