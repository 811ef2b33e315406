//! What options change, in sentences.

use super::{Compared, Shown, family};
use crate::answers::compare::{CompareRow, Direction, OnlyHere, OptionAnswer, Worth};
use crate::answers::run::Flow;
use crate::answers::{Estimate, Measure};
use crate::model::{HubId, PackageId, PathwayId, Scenario};
use crate::output::words::Verdict;
use crate::output::{changes, digits, sentence, words};

/// The most changes of an option that the terminal lists.
const MOST_LISTED: usize = 3;

/// What everything rests on.
#[must_use]
pub fn basis(compared: &Compared<'_>) -> String {
    let (x, answer) = (&compared.base.experiment, compared.answer);
    let asked = if answer.asked > answer.replications && answer.precision.is_none() {
        format!(" of the {} asked for (interrupted)", digits::count(answer.asked.into()))
    } else {
        String::new()
    };
    format!(
        "The same people in the base and in every option: {} replications{asked} of {} from {}, after {} of warm-up; seed {}. \
         ± of service levels is the half-width of {} confidence for {}.",
        digits::count(answer.replications.into()),
        words::weeks(x.run_length.days()),
        x.calendar.start(),
        words::weeks(x.warm_up.days()),
        x.seed,
        digits::percent(answer.confidence),
        family(answer),
    ) + &sentence::few(answer.replications)
}

/// That an option's file has another experiment than the base, whose is everybody's; nothing if it has not.
#[must_use]
pub fn other_experiment(name: &str, keys: &[&str]) -> Option<String> {
    let keys: Vec<String> = keys.iter().map(|key| format!("`{key}`")).collect();
    (!keys.is_empty()).then(|| {
        format!(
            "{name} has another {} than the base, whose is used for all, so that the same people come.",
            words::list(&keys)
        )
    })
}

/// A difference with the interval by which it is judged.
pub(super) fn judged(row: &CompareRow) -> Estimate {
    row.simultaneous.unwrap_or(row.change)
}

/// What an option changes in each standard, at how many hubs, in planned visits that are missed, in staff and in money; and what it
/// has that the base has not.
#[must_use]
pub fn answers(compared: &Compared<'_>, option: &OptionAnswer) -> Vec<String> {
    let mut lines = Vec::new();
    for (id, pathway, standard) in words::standards(compared.base) {
        let name = words::pathway(compared.base, id);
        let Some(row) = option.level(None, id) else {
            lines.push(format!(
                "{name}: no referral was counted, so there is nothing to compare."
            ));
            continue;
        };
        let e = judged(row);
        let done = format!("{} {}", words::done(pathway), words::within_long(standard.within));
        let [was, is] = [row.base, row.option].map(|share| level(&e, share));
        lines.push(match row.direction() {
            Direction::Up => format!("{name}: {is} % {done} instead of {was} %, {} more.", digits::points(&e)),
            Direction::Down => format!(
                "{name}: {is} % {done} instead of {was} %, {} fewer.",
                digits::points(&e)
            ),
            Direction::NoDetectable => format!(
                "{name}: no detectable difference ({} points; {was} % {done} in the base).",
                digits::points_signed(&e)
            ),
            Direction::Same => format!("{name}: the same in every replication, {was} % {done}."),
        });
        lines.extend(at_hubs(compared, option, id));
    }
    lines.extend(only_here(compared, option));
    lines.extend(missed(compared, option));
    lines.extend(staff(compared, option));
    lines
}

/// What an option has that the base has not: a night service would else look like money for nothing.
fn only_here(compared: &Compared<'_>, option: &OptionAnswer) -> Vec<String> {
    let Some((shown, _)) = compared.pairs().find(|(_, own)| own.name == option.name) else {
        return Vec::new();
    };
    let window = words::weeks(compared.base.experiment.run_length.days());
    let line = |found: &OnlyHere| {
        let pathway = shown.scenario.pathways.get(found.pathway.0)?;
        let name = words::pathway(&shown.scenario, found.pathway);
        let begun = format!("{name} is not in the base, so that there is nothing to compare it with");
        if found.referrals.mean <= 0.0 {
            return Some(format!("{begun}: nobody was referred to it."));
        }
        let referrals = digits::number(Some(found.referrals), 1.0);
        let level = pathway.standard.zip(found.service_level).map(|(standard, e)| {
            let done = format!("{} {}", words::done(pathway), words::within_long(standard.within));
            let stands = standard.target.map_or_else(String::new, |target| {
                format!(
                    " (target {}: {})",
                    digits::per_cent(target),
                    Verdict::of(&e, target).words()
                )
            });
            format!(", {} {done}{stands}", digits::share_inline(&e))
        });
        Some(format!(
            "{begun}: {referrals} referrals in {window}{}.",
            level.unwrap_or_default()
        ))
    };
    option.only_here.iter().filter_map(line).collect()
}

/// What becomes of planned visits, where many are missed on either side: service levels say nothing of them.
fn missed(compared: &Compared<'_>, option: &OptionAnswer) -> Vec<String> {
    let base = compared.base;
    let line = |package| {
        let flow = Flow::Package(package);
        let of = |hub| option.row(hub, flow, None, Measure::VisitsMissedShare);
        let all = of(None)?;
        let hubs = (0..base.hubs.len()).filter_map(|h| of(Some(HubId(h))));
        let more = |row: &CompareRow| row.base.max(row.option);
        let worst = hubs.max_by(|a, b| more(a).total_cmp(&more(b)));
        if all.same || more(all).max(worst.map_or(0.0, more)) < sentence::MANY_MISSED {
            return None;
        }
        let name = words::flow(base, flow);
        let [was, is] = [all.base, all.option].map(|share| level(&all.change, share));
        let points = digits::points(&all.change);
        let said = match all.direction() {
            Direction::Up => format!("{is} % of planned visits are missed instead of {was} %, {points} more"),
            Direction::Down => format!("{is} % of planned visits are missed instead of {was} %, {points} fewer"),
            Direction::NoDetectable | Direction::Same => format!(
                "no detectable difference in planned visits missed ({} points; {was} % in the base)",
                digits::points_signed(&all.change)
            ),
        };
        let there = worst
            .filter(|worst| more(worst) > more(all))
            .map_or_else(String::new, |worst| {
                let [was, is] = [worst.base, worst.option].map(|share| level(&worst.change, share));
                let hub = words::hub(base, worst.hub);
                let than = if was == is {
                    "in both".to_owned()
                } else {
                    format!("instead of {was} %")
                };
                format!("; most at {hub}: {is} % {than}")
            });
        Some(format!("{name}: {said}{there}."))
    };
    (0..base.packages.len()).map(PackageId).filter_map(line).collect()
}

/// A share with the digits that an estimate has.
fn level(like: &Estimate, share: f64) -> String {
    let alone = Estimate {
        mean: share,
        low: share,
        high: share,
        ..*like
    };
    digits::share_figure(&alone).mean
}

/// At which hubs a pathway's difference can be told; nothing where there is one hub, or it is as over all everywhere.
fn at_hubs(compared: &Compared<'_>, option: &OptionAnswer, id: PathwayId) -> Option<String> {
    let rows: Vec<(HubId, Direction)> = (0..compared.base.hubs.len())
        .filter_map(|h| Some((HubId(h), option.level(Some(HubId(h)), id)?.direction())))
        .collect();
    let overall = option.level(None, id)?.direction();
    if rows.len() < 2 || rows.iter().all(|(_, d)| *d == overall) {
        return None;
    }
    let of = |wanted: Direction| -> Vec<String> {
        let hubs = rows.iter().filter(|(_, d)| *d == wanted);
        hubs.map(|(hub, _)| words::hub(compared.base, Some(*hub))).collect()
    };
    let many = |names: &[String], what: &str| match names.len() {
        0 => None,
        n if n == rows.len() && what.starts_with("no ") => Some(format!("{what} at any hub")),
        n if n == rows.len() => Some(format!("{what} at every hub")),
        n if n > 4 => Some(format!("{what} at {n} of {} hubs", rows.len())),
        _ => Some(format!("{what} at {}", words::hub_list(names))),
    };
    let said: Vec<String> = [
        (Direction::Up, "more"),
        (Direction::Down, "fewer"),
        (Direction::NoDetectable, "no detectable difference"),
        (Direction::Same, "the same in every replication"),
    ]
    .into_iter()
    .filter_map(|(direction, what)| many(&of(direction), what))
    .collect();
    let name = words::pathway(compared.base, id);
    Some(format!("{name} by hub: {}.", said.join("; ")))
}

/// Staff, their cost, and what a point costs.
fn staff(compared: &Compared<'_>, option: &OptionAnswer) -> Vec<String> {
    let changed: Vec<String> = option
        .staff
        .iter()
        .filter(|role| role.changes())
        .map(|role| {
            let name = role.role.replace('-', " ");
            let more = |n: f64| format!("{}{}", if n < 0.0 { "-" } else { "+" }, digits::wte(n.abs()));
            match (role.wte, role.heads) {
                (Some([base, option]), Some([few, many])) if (base - option).abs() > 1e-9 => {
                    format!(
                        "{name} {} WTE (at least {many} people instead of {few})",
                        more(option - base)
                    )
                }
                _ => {
                    let [base, option] = role.on_shift;
                    format!("{name} {} people on shift on average", more(option - base))
                }
            }
        })
        .collect();
    if changed.is_empty() {
        let days = if changes_in_time(compared, option) {
            " on the last day"
        } else {
            ""
        };
        return vec![format!("Staff: as in the base{days}.")];
    }
    let cost = match option.cost_change {
        None => "the cost of some of them is not given".to_owned(),
        Some(cost) if cost.abs() < 0.5 => "at the same cost".into(),
        Some(cost) if cost > 0.0 => format!("{} a year more", digits::pounds(cost)),
        Some(cost) => format!("{} a year less", digits::pounds(-cost)),
    };
    let mut lines = vec![format!("Staff: {}; {cost}.", words::list(&changed))];
    if !option.only_here.is_empty() {
        lines.push(
            "That is for all that the option has, what the base has not included: what a point of the others costs is not said.".into(),
        );
        return lines;
    }
    let per_point = |worth: &Worth| matches!(worth, Worth::PerPoint { .. } | Worth::SavedPerPoint { .. });
    if option.worth.iter().any(|(_, worth)| per_point(worth)) && changes_in_time(compared, option) {
        lines.push(
            "That is a year with every post filled. What is gained is of the measured time, in which some were not or not yet: a whole \
             year with all of them gains more for each pound."
                .into(),
        );
    }
    if option.worth.iter().filter(|(_, worth)| per_point(worth)).count() > 1 {
        lines.push(
            "What a point costs is the whole of that money for each standard, as if it were spent for that one alone: the \
             figures are no sums to add up."
                .into(),
        );
    }
    // Beside what uncertain inputs do it must not look as sure as chance alone leaves it.
    let alone = if compared.answer.uncertain.is_empty() {
        ""
    } else {
        " by chance in the simulation alone"
    };
    for (id, worth) in &option.worth {
        let name = words::pathway(compared.base, *id);
        lines.extend(match *worth {
            Worth::PerPoint { mean, low, high } => Some(format!(
                "{name}: each extra point costs {} a year ({} to {}{alone}).",
                digits::pounds(mean),
                digits::pounds(low),
                digits::pounds(high)
            )),
            Worth::SavedPerPoint { mean, low, high } => Some(format!(
                "{name}: for each point that is lost, {} a year is saved ({} to {}{alone}).",
                digits::pounds(mean),
                digits::pounds(low),
                digits::pounds(high)
            )),
            Worth::GainForNothing => Some(format!("{name}: more, and no dearer.")),
            Worth::LossForNothing => Some(format!("{name}: fewer, and no cheaper.")),
            Worth::NoDetectableGain if option.cost_change.is_some_and(|c| c > 0.0) => {
                Some(format!("{name}: no detectable gain for the money."))
            }
            Worth::NoDetectableGain | Worth::CostUnknown => None,
        });
    }
    lines
}

/// Whether staff change within the measured time, in the base or in an option: by posts that fall vacant and are filled, or by changes on
/// a date.
fn changes_in_time(compared: &Compared<'_>, option: &OptionAnswer) -> bool {
    let own = compared.pairs().filter(|(_, own)| own.name == option.name);
    let changes = |scenario: &Scenario| !scenario.recruits.is_empty() || !scenario.later.is_empty();
    changes(compared.base) || own.into_iter().any(|(shown, _)| changes(&shown.scenario))
}

/// The first things that an option changes.
#[must_use]
pub fn changed(shown: &Shown) -> Option<String> {
    if shown.changes.is_empty() {
        return Some("It changes nothing in the base.".into());
    }
    let mut listed = changes::each(&shown.scenario, &shown.changes);
    let all = listed.len();
    listed.truncate(MOST_LISTED);
    let more = match all - listed.len() {
        0 => String::new(),
        n => format!("; and {n} more in the report"),
    };
    Some(format!("Changes: {}{more}.", listed.join("; ")))
}

/// Fewer replications than this do not tell one variance from another.
const ENOUGH: u32 = 20;
/// From more than this on, a difference hardly varies at all, and the ratio says nothing.
const MOST_SAVED: f64 = 1000.0;

/// What common random numbers saved, over the differences of service levels.
#[must_use]
pub fn variance_saved(compared: &Compared<'_>) -> Option<String> {
    let mut ratios: Vec<f64> = compared
        .answer
        .options
        .iter()
        .flat_map(|option| &option.rows)
        .filter(|row| row.simultaneous.is_some() && row.hub.is_none())
        .filter_map(|row| row.variance_ratio)
        .collect();
    ratios.sort_by(f64::total_cmp);
    let (low, high) = (ratios.first()?, ratios.last()?);
    let replications = compared.answer.replications;
    if replications < ENOUGH || *high > MOST_SAVED {
        let why = if replications < ENOUGH {
            format!("{replications} replications are too few to say")
        } else {
            "some options change so little that no number can be given for them".into()
        };
        return Some(format!(
            "The same people come in the base and in every option, so that differences are known better than with other people for \
             every option; how much better: {why}."
        ));
    }
    let (low, high) = (words::about(*low), words::about(*high));
    let range = if low == high { low } else { format!("{low} to {high}") };
    Some(format!(
        "What the same people save: these differences are as well known as with {range} times the replications on other people for \
         every option."
    ))
}
