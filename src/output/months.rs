//! Results by month in sentences: from when on a target is met, what is so at each deadline, how late posts may be
//! advertised.

use jiff::civil::Date;

use crate::answers::Estimate;
use crate::answers::latest_advert::{Latest, LatestAdvert, NoAnswer, Tried};
use crate::answers::trajectory::{Course, DeadlinePlace, Met, Trajectory};
use crate::model::{HubId, Pathway, PathwayId, Period, Scenario, Standard};
use crate::output::words::Verdict;
use crate::output::{digits, words};

/// Over what is said with the inputs as stated, where the draws of uncertain inputs stand beside it.
pub const STATED: &str =
    "With the inputs as stated; counted are the replications in which a month by itself meets the target:";

/// What is asked of a month, in a sentence.
#[must_use]
pub fn wanted(trajectory: &Trajectory) -> String {
    format!(
        "A month is said to meet a target if at least {} of replications meet it in that month by themselves. That share \
         says how often a month may go wrong by chance; its ± says how well it is known. Months of which less than half is \
         measured are shown, and decide nothing.",
        digits::percent(trajectory.wanted)
    )
}

/// From when on each target is met; a line for each pathway with one.
#[must_use]
pub fn met(scenario: &Scenario, trajectory: &Trajectory, hub: Option<HubId>) -> Vec<String> {
    let courses = trajectory.courses.iter().filter(|c| c.hub == hub);
    let line = |course: &Course| {
        let of = whose(scenario, course.hub, course.pathway);
        Some(format!("{of}: {}", met_in(scenario, trajectory, course)?))
    };
    courses.filter_map(line).collect()
}

/// `Crisis over all hubs`, where there are several.
pub(super) fn whose(scenario: &Scenario, hub: Option<HubId>, pathway: PathwayId) -> String {
    let name = words::pathway(scenario, pathway);
    match hub {
        None if scenario.hubs.len() > 1 => format!("{name} over all hubs"),
        Some(_) if scenario.hubs.len() > 1 => format!("{name} at {}", words::hub(scenario, hub)),
        _ => name,
    }
}

/// From when on a target is met; `None` without one.
fn met_in(scenario: &Scenario, trajectory: &Trajectory, course: &Course) -> Option<String> {
    let goal = goal(scenario, course.pathway)?;
    let month = |place: usize| trajectory.months.get(place).map(words::month_of).unwrap_or_default();
    let probability = |place: usize| course.months.get(place)?.probability_target_met;
    let with = |place: usize| too_close(trajectory, probability(place).as_ref());
    Some(match course.met? {
        Met::From(from) => {
            let months = trajectory.months.iter().enumerate().skip(from);
            let counted = months.filter(|(place, m)| m.half_measured() && probability(*place).is_some());
            let counted: Vec<usize> = counted.map(|(place, _)| place).collect();
            let close: Vec<String> = counted.iter().filter(|p| with(**p)).map(|p| month(*p)).collect();
            let met = if from == 0 {
                format!("every month judged meets the {goal} target")
            } else {
                format!(
                    "the {goal} target is met from {} on, in every month judged to the end",
                    month(from)
                )
            };
            let replications = digits::count(trajectory.replications.into());
            let said = match close.len() {
                0 => format!("{met}."),
                n if n == counted.len() => format!(
                    "whether the {goal} target is met from {} on is too close to call with {replications} replications.",
                    month(from)
                ),
                n if n > 3 => format!(
                    "{met}; but {n} of these {} months are too close to call with {replications} replications.",
                    counted.len()
                ),
                n => format!(
                    "{met}; but {} {} too close to call with {replications} replications.",
                    words::list(&close),
                    if n == 1 { "is" } else { "are" }
                ),
            };
            said + &hubs_that_do_not(scenario, trajectory, course)
        }
        Met::NotIn(place) => format!(
            "{} In the last month judged, {}, {} meet it, and {} are wanted.",
            if with(place) {
                format!(
                    "whether the {goal} target is met at the end is too close to call with {} replications.",
                    digits::count(trajectory.replications.into())
                )
            } else {
                format!("the {goal} target is not met to the end.")
            },
            month(place),
            replications(probability(place).as_ref()),
            digits::percent(trajectory.wanted),
        ),
        Met::Nothing => format!(
            "no referral was counted in a month of which half or more is measured, so nothing can be said about its \
             {goal} target."
        ),
    })
}

/// At which hubs a target that is met over all of them is not met, or perhaps not; nothing where it is at each.
fn hubs_that_do_not(scenario: &Scenario, trajectory: &Trajectory, all: &Course) -> String {
    let (mut not, mut perhaps) = (Vec::new(), Vec::new());
    let hubs = trajectory.courses.iter().filter(|c| c.pathway == all.pathway);
    for course in hubs.filter(|c| all.hub.is_none() && c.hub.is_some()) {
        let Some(Met::NotIn(last)) = course.met else { continue };
        let last = course.months.get(last).and_then(|m| m.probability_target_met);
        let name = words::hub(scenario, course.hub);
        if too_close(trajectory, last.as_ref()) {
            perhaps.push(name);
        } else {
            not.push(name);
        }
    }
    let mut said = String::new();
    for (hubs, what) in [
        (not, "it is not met to the end"),
        (perhaps, "that is too close to call"),
    ] {
        if !hubs.is_empty() {
            said = format!("{said} At {} {what}.", words::list(&hubs));
        }
    }
    said
}

/// Whether the interval of a share of replications holds the share that is wanted.
fn too_close(trajectory: &Trajectory, e: Option<&Estimate>) -> bool {
    e.is_some_and(|e| Verdict::of_share(e, trajectory.wanted) == Verdict::TooClose)
}

/// Of a scenario that changes as it runs: what the first and the last whole month give, and from when on targets are met, a
/// line for each standard. Empty where nothing changes, or with fewer than two whole months.
#[must_use]
pub fn from_first_to_last(scenario: &Scenario, trajectory: &Trajectory, hub: Option<HubId>) -> Vec<String> {
    if scenario.later.is_empty() && scenario.recruits.is_empty() {
        return Vec::new();
    }
    let whole = || trajectory.months.iter().enumerate().filter(|(_, m)| m.whole);
    let (Some((first, from)), Some((last, to))) = (whole().next(), whole().next_back()) else {
        return Vec::new();
    };
    if first == last {
        return Vec::new();
    }
    let line = |(id, pathway, standard): (PathwayId, &Pathway, &Standard)| {
        let course = trajectory.course(hub, id)?;
        let level = |place: usize| course.months.get(place)?.service_level;
        let mut text = format!(
            "{}: {} {} {} in {}, the first whole month, {} in {}, the last",
            whose(scenario, course.hub, course.pathway),
            digits::share_inline(&level(first)?),
            words::done(pathway),
            words::within_long(standard.within),
            words::month(from.month()),
            digits::share_inline(&level(last)?),
            words::month(to.month()),
        );
        if let Some(met) = met_in(scenario, trajectory, course) {
            text = format!("{text}; {met}");
        } else {
            text.push('.');
        }
        Some(text)
    };
    words::standards(scenario).filter_map(line).collect()
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
        let Some(period) = trajectory.months.get(place) else {
            continue;
        };
        let month = words::month_of(period);
        if !period.half_measured() {
            lines.push(format!(
                "Deadline {date}: it is judged by its month, and less than half of {month} is measured; a longer \
                 `run-length` would tell."
            ));
            continue;
        }
        for course in trajectory.courses.iter().filter(|c| c.hub == hub) {
            let Some(goal) = goal(scenario, course.pathway) else {
                continue;
            };
            let name = &scenario.pathways[course.pathway.0].name;
            let e = trajectory.probability(hub, course.pathway, place);
            lines.push(match e {
                Some(e) => format!(
                    "Deadline {date}, judged by {}: {} meet the {goal} target for {name}, and {} are wanted: \
                     {}.",
                    all_of(period),
                    replications(Some(&e)),
                    digits::percent(trajectory.wanted),
                    verdict(trajectory, &e),
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
        let at = a
            .hub
            .map_or_else(String::new, |_| format!(" at {}", words::hub(scenario, a.hub)));
        let lead = format!(
            "Latest advertisement for {name}{at} by {}, judged by {}",
            words::date(a.deadline.date),
            trajectory
                .months
                .get(a.month)
                .map(|month| judged_by(a.deadline.date, month))
                .unwrap_or_default()
        );
        let doubt = |tried: &[&Tried]| {
            if tried.iter().any(|t| too_close(trajectory, t.probability.as_ref())) {
                format!(
                    " That is too close to call with {} replications.",
                    digits::count(trajectory.replications.into())
                )
            } else {
                String::new()
            }
        };
        match &a.latest {
            Latest::NotEvenFirst(t) => format!(
                "{lead}: none. Even on {}, when measuring starts, {}, and {wanted} are wanted.{}",
                words::date(t.date),
                meets(t),
                doubt(&[t])
            ),
            Latest::EvenLast(t) => format!(
                "{lead}: any. Even on {}, the last week before the deadline, {}, and {wanted} are wanted.{}",
                words::date(t.date),
                meets(t),
                doubt(&[t])
            ),
            Latest::Week(will_do, too_late) => format!(
                "{lead}: {}{}. Then {}; a week later it is {}, and {wanted} are wanted.{}",
                words::date(will_do.date),
                moved(will_do.moved),
                meets(will_do),
                too_late
                    .probability
                    .as_ref()
                    .map_or_else(|| digits::NONE.into(), digits::share_inline),
                doubt(&[will_do, too_late]),
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
        NoAnswer::NoDeadline => "--latest-advert: the file has no deadline in a month of which half or more is \
                                 measured. Say, for example, `deadlines = [2021-04-01]` under `[trajectory]`, with a \
                                 `run-length` that reaches to the end of that month."
            .into(),
        NoAnswer::NoTarget => {
            "--latest-advert: no pathway of the file has a target. Say, for example, `target = 0.9` in its `standard`."
                .into()
        }
        NoAnswer::Waits => why.to_string(),
        NoAnswer::Fault(why) => why.clone(),
    }
}

/// What of a month a deadline is judged by: `all of April 2021`, or `May 2021 (30 days)` if that is what is measured.
fn all_of(month: &Period) -> String {
    let name = words::month_of(month);
    if month.whole { format!("all of {name}") } else { name }
}

/// The same of a deadline: whose month begins with it may mean the month before.
fn judged_by(deadline: Date, month: &Period) -> String {
    let begins = if deadline.day() == 1 {
        ", which begins that day"
    } else {
        ""
    };
    format!("{}{begins}", all_of(month))
}

/// Whether as many replications meet a target as are wanted.
fn verdict(trajectory: &Trajectory, e: &Estimate) -> String {
    let verdict = Verdict::of_share(e, trajectory.wanted);
    match verdict {
        Verdict::TooClose => format!(
            "{} with {} replications",
            verdict.words(),
            digits::count(e.replications.into())
        ),
        Verdict::Met | Verdict::NotMet => verdict.words().into(),
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
