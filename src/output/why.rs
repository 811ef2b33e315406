//! Why a standard is missed, in a sentence for those who read nothing else: the main cause, where, and when.

use crate::answers::Measure;
use crate::answers::causes::CauseMeasure;
use crate::answers::run::{Flow, RunAnswer};
use crate::engine::Cause;
use crate::model::{HubId, PathwayId, Scenario};
use crate::output::{digits, grid, words};

/// With fewer misses than this there is nothing to explain.
const LEAST: f64 = 0.005;
/// A time of day is named from so many times its even share of the misses on.
const STANDS_OUT: f64 = 1.5;
/// A hub is named from so many times the misses on that its referrals let expect.
const HIT_MORE: f64 = 1.3;
/// The stretch of the day that is looked for \[hours\].
const STRETCH: usize = 4;

/// A sentence for each standard that is missed by more than a few.
#[must_use]
pub fn sentences(scenario: &Scenario, answer: &RunAnswer) -> Vec<String> {
    let each = words::standards(scenario).filter_map(|(id, _, _)| sentence(scenario, answer, id));
    each.collect()
}

fn sentence(scenario: &Scenario, answer: &RunAnswer, id: PathwayId) -> Option<String> {
    let all = answer.cause(None, id, None, CauseMeasure::Points)?;
    if all.mean < LEAST * 100.0 {
        return None;
    }
    let (cause, _) = *grid::ordered_causes(answer, None, id).first()?;
    let share = answer.cause(None, id, Some(cause), CauseMeasure::ShareOfMisses)?;
    let about: Vec<String> = [place(scenario, answer, id, cause), time(answer, id, cause)]
        .into_iter()
        .flatten()
        .collect();
    let about = if about.is_empty() {
        String::new()
    } else {
        format!("; of these {}", words::list(&about))
    };
    Some(format!(
        "Why the {} standard is missed: most often {}, {} of misses{about}.",
        scenario.pathways[id.0].name,
        words::cause(cause),
        digits::share_inline(&share)
    ))
}

/// The hub at which the cause hits most of those who are referred, if that is clearly more than elsewhere.
fn place(scenario: &Scenario, answer: &RunAnswer, id: PathwayId, cause: Cause) -> Option<String> {
    let hubs = || (0..scenario.hubs.len()).map(|h| Some(HubId(h)));
    let misses = |hub| {
        let found = answer.cause(hub, id, Some(cause), CauseMeasure::Misses);
        found.map_or(0.0, |e| e.mean)
    };
    let referrals = |hub| {
        let found = answer.estimate(hub, Flow::Pathway(id), None, Measure::Referrals);
        found.map_or(0.0, |e| e.mean)
    };
    let all = |of: &dyn Fn(Option<HubId>) -> f64| hubs().map(of).sum::<f64>();
    let (missed, came) = (all(&misses), all(&referrals));
    if scenario.hubs.len() < 2 || missed <= 0.0 || came <= 0.0 {
        return None;
    }
    let often = |hub| misses(hub) / missed / (referrals(hub) / came);
    let hub = hubs()
        .filter(|hub| referrals(*hub) > 0.0)
        .max_by(|a, b| often(*a).total_cmp(&often(*b)))?;
    let of = |share: f64| digits::percent((share * 100.0).round() / 100.0);
    (often(hub) >= HIT_MORE).then(|| {
        format!(
            "{} at {}, where {} of referrals go",
            of(misses(hub) / missed),
            words::hub(scenario, hub),
            of(referrals(hub) / came)
        )
    })
}

/// The hours of the day in which the clocks of the most misses of a cause start, if they have clearly more than others.
fn time(answer: &RunAnswer, id: PathwayId, cause: Cause) -> Option<String> {
    let mut of_day = [0.0; 24];
    for (hour, misses) in grid::misses_by_hour(answer, id, cause).into_iter().enumerate() {
        of_day[hour % 24] += misses;
    }
    let all: f64 = of_day.iter().sum();
    let within = |from: usize| (from..from + STRETCH).map(|hour| of_day[hour % 24]).sum::<f64>();
    // The earliest of those that are alike.
    let from = (0..24).rev().max_by(|a, b| within(*a).total_cmp(&within(*b)))?;
    let share = within(from) / all;
    (share >= STANDS_OUT * STRETCH as f64 / 24.0).then(|| {
        let to = (from + STRETCH) % 24;
        format!(
            "{:.0} % with clocks that start from {from:02}:00 to {to:02}:00",
            share * 100.0
        )
    })
}

#[cfg(test)]
mod tests {
    use super::sentences;
    use crate::answers::causes::CauseMeasure;
    use crate::output::{sample, words};

    #[test]
    fn the_main_cause_is_said_with_where_and_when() {
        let (scenario, answer) = (sample::scenario(), sample::answer());
        let said = sentences(&scenario, &answer);
        let (id, pathway, _) = words::standards(&scenario).next().unwrap();
        let (cause, _) = crate::output::grid::ordered_causes(&answer, None, id)[0];
        assert!(
            said[0].starts_with(&format!(
                "Why the {} standard is missed: most often {}",
                pathway.name,
                words::cause(cause)
            )),
            "{said:?}"
        );
        // All of them at one hub, at one hour.
        let mut one = answer.clone();
        for row in &mut one.causes {
            let elsewhere = row.hub.is_some_and(|hub| hub.0 != 2);
            if row.measure == CauseMeasure::Misses && elsewhere {
                row.estimate = None;
            }
        }
        let hour = one.causes_hourly[0].hour_of_week;
        for row in &mut one.causes_hourly {
            row.misses = if row.hour_of_week == hour { 5.0 } else { 0.0 };
        }
        let said = sentences(&scenario, &one);
        let hub = &scenario.hubs[2].name;
        assert!(said[0].contains(&format!("100 % at {hub}")), "{said:?}");
        assert!(said[0].contains("100 % with clocks that start from "), "{said:?}");
    }

    #[test]
    fn nothing_is_explained_where_hardly_anybody_is_late() {
        let (scenario, mut answer) = (sample::scenario(), sample::answer());
        for row in &mut answer.causes {
            if let (CauseMeasure::Points, Some(e)) = (row.measure, &mut row.estimate) {
                e.mean = 0.3;
            }
        }
        assert!(sentences(&scenario, &answer).is_empty());
    }
}
