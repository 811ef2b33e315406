//! Results by month in sentences: from when on a target is met, what is so at each deadline, how late posts may be
//! advertised.

use crate::answers::Estimate;
use crate::answers::latest_advert::{Latest, LatestAdvert, NoAnswer, Tried};
use crate::answers::trajectory::{DeadlinePlace, Met, Trajectory};
use crate::model::{HubId, PathwayId, Scenario};
use crate::output::{digits, words};

/// What is asked of a month, in a sentence.
#[must_use]
pub fn wanted(trajectory: &Trajectory) -> String {
    format!(
        "A month is said to meet a target if at least {} of replications meet it in that month by themselves. That share \
         says how often a month may go wrong by chance; its ± says how well it is known.",
        digits::percent(trajectory.wanted)
    )
}

/// From when on each target is met; a line for each pathway with one.
#[must_use]
pub fn met(scenario: &Scenario, trajectory: &Trajectory, hub: Option<HubId>) -> Vec<String> {
    let courses = trajectory.courses.iter().filter(|c| c.hub == hub);
    let line = |course: &crate::answers::trajectory::Course| {
        let name = words::pathway(scenario, course.pathway);
        let goal = goal(scenario, course.pathway)?;
        let month = |place: usize| trajectory.months.get(place).map(words::month_of).unwrap_or_default();
        Some(match course.met? {
            Met::From(0) => format!("{name}: every month measured meets the {goal} target."),
            Met::From(place) => format!(
                "{name}: the {goal} target is met from {} on, in every month to the end.",
                month(place)
            ),
            Met::NotIn(place) => format!(
                "{name}: the {goal} target is not met to the end. In the last month, {}, {} meet it, and {} are \
                 wanted.",
                month(place),
                replications(trajectory.probability(hub, course.pathway, place).as_ref()),
                digits::percent(trajectory.wanted),
            ),
            Met::Nothing => format!("{name}: no referral was counted, so nothing can be said about its target."),
        })
    };
    courses.filter_map(line).collect()
}

/// What is so at each deadline, a line for each pathway with a target.
#[must_use]
pub fn deadlines(scenario: &Scenario, trajectory: &Trajectory, hub: Option<HubId>) -> Vec<String> {
    let mut lines = Vec::new();
    for deadline in &trajectory.deadlines {
        let date = words::date(deadline.date);
        let place = match deadline.place {
            DeadlinePlace::In(place) => place,
            DeadlinePlace::Before => {
                lines.push(format!(
                    "Deadline {date}: it lies before the measured time, which says nothing of it."
                ));
                continue;
            }
            DeadlinePlace::After => {
                lines.push(format!(
                    "Deadline {date}: the measured time ends before it; a longer `run-length` would reach it."
                ));
                continue;
            }
        };
        let month = trajectory.months.get(place).map(words::month_of).unwrap_or_default();
        for course in trajectory.courses.iter().filter(|c| c.hub == hub) {
            let Some(goal) = goal(scenario, course.pathway) else {
                continue;
            };
            let name = &scenario.pathways[course.pathway.0].name;
            let e = trajectory.probability(hub, course.pathway, place);
            lines.push(match e {
                Some(e) => format!(
                    "Deadline {date}: in {month} {} meet the {goal} target for {name}, and {} are wanted: {}.",
                    replications(Some(&e)),
                    digits::percent(trajectory.wanted),
                    if e.mean >= trajectory.wanted * (1.0 - 1e-9) {
                        "met"
                    } else {
                        "not met"
                    },
                ),
                None => format!("Deadline {date}: no {name} referral was counted in {month}."),
            });
        }
    }
    lines
}

/// How late the posts may be advertised.
#[must_use]
pub fn latest_adverts(scenario: &Scenario, trajectory: &Trajectory, adverts: &[LatestAdvert]) -> Vec<String> {
    let wanted = digits::percent(trajectory.wanted);
    let line = |a: &LatestAdvert| {
        let goal = goal(scenario, a.pathway).unwrap_or_default();
        let name = &scenario.pathways[a.pathway.0].name;
        let month = trajectory.months.get(a.month).map(words::month_of).unwrap_or_default();
        let meets = |t: &Tried| {
            format!(
                "{} meet the {goal} target in {month}",
                replications(t.probability.as_ref())
            )
        };
        let lead = format!("Latest advertisement for {name} by {}", words::date(a.deadline.date));
        match &a.latest {
            Latest::NotEvenFirst(t) => format!(
                "{lead}: none. Even on {}, when measuring starts, {}, and {wanted} are wanted.",
                words::date(t.date),
                meets(t)
            ),
            Latest::EvenLast(t) => format!(
                "{lead}: any. Even on {}, the last week before the deadline, {}, and {wanted} are wanted.",
                words::date(t.date),
                meets(t)
            ),
            Latest::Week(will_do, too_late) => format!(
                "{lead}: {}{}. Then {}; a week later it is {}, and {wanted} are wanted.",
                words::date(will_do.date),
                moved(will_do.moved),
                meets(will_do),
                too_late
                    .probability
                    .as_ref()
                    .map_or_else(|| digits::NONE.into(), digits::share_inline),
            ),
        }
    };
    adverts.iter().map(line).collect()
}

/// Why the latest advertisement cannot be looked for, and what to do.
#[must_use]
pub fn no_latest_advert(why: &NoAnswer) -> String {
    match why {
        NoAnswer::NoRecruitment => {
            "--latest-advert: the file recruits nobody. Describe the posts with `[[recruit]]`.".into()
        }
        NoAnswer::NoDeadline => "--latest-advert: the file has no deadline in its measured time. Say, for example, \
                                 `deadlines = [2021-04-01]` under `[trajectory]`, with a `run-length` that reaches it."
            .into(),
        NoAnswer::NoTarget => {
            "--latest-advert: no pathway of the file has a target. Say, for example, `target = 0.9` in its `standard`."
                .into()
        }
        NoAnswer::Fault(why) => why.clone(),
    }
}

fn moved(days: i64) -> String {
    let later = if days < 0 { "earlier" } else { "later" };
    match days.unsigned_abs() {
        0 => ", as in the file".into(),
        1 => format!(", 1 day {later} than in the file"),
        n => format!(", {n} days {later} than in the file"),
    }
}

fn replications(e: Option<&Estimate>) -> String {
    e.map_or_else(
        || "no replications".into(),
        |e| format!("{} of replications", digits::share_inline(e)),
    )
}

fn goal(scenario: &Scenario, id: PathwayId) -> Option<String> {
    let standard = scenario.pathways[id.0].standard?;
    standard.target.map(digits::per_cent)
}
