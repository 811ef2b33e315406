//! Findings in plain English, for people who read nothing else.
//!
//! A sentence says what was found, how sure it is, and no more. Every number in it stands in a table as well.

use crate::answers::causes::CauseMeasure;
use crate::answers::check::LoadRow;
use crate::answers::run::{Flow, RunAnswer};
use crate::answers::{Estimate, Measure};
use crate::engine::Cause;
use crate::model::{
    Assumption, AssumptionKind, HubId, Neighbours, PackageId, Pathway, PathwayId, Pool, Role, RoleId, Scenario,
    StaffCost, Standard, Within,
};
use crate::output::grid::{self, LoadState};
use crate::output::words::{self, Verdict};
use crate::output::{digits, reported};
use crate::units::{Share, Span};

/// What was found, topic by topic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Findings {
    /// Queues that grew without end. Empty where all is well; otherwise to be read first.
    pub overloads: Vec<String>,
    /// The position against each standard, and between hubs.
    pub position: Vec<String>,
    /// How busy staff are.
    pub staff: Vec<String>,
    /// Planned visits late and missed, beds, people who left.
    pub visits: Vec<String>,
    /// What the model cannot say.
    pub limits: Vec<String>,
}

/// All findings of a run.
#[must_use]
pub fn findings(scenario: &Scenario, answer: &RunAnswer) -> Findings {
    Findings {
        overloads: overloads(scenario, answer),
        position: position(scenario, answer),
        staff: staff(scenario, answer),
        visits: visits(scenario, answer),
        limits: limits(scenario),
    }
}

/// What the numbers rest on: replications, length, seed, and what ± means.
#[must_use]
pub fn basis(scenario: &Scenario, answer: &RunAnswer) -> String {
    let x = &scenario.experiment;
    let (length, warm_up) = (words::weeks(x.run_length.days()), words::weeks(x.warm_up.days()));
    // A search for precision says itself how it ended.
    let asked = if answer.asked > answer.replications && answer.precision.is_none() {
        format!(" of the {} asked for (interrupted)", digits::count(answer.asked.into()))
    } else {
        String::new()
    };
    format!(
        "{} replications{asked} of {length} from {}, after {warm_up} of warm-up; seed {}. ± is the half-width of the \
         {} confidence interval.",
        digits::count(answer.replications.into()),
        x.calendar.start(),
        x.seed,
        digits::percent(answer.confidence),
    ) + &few(answer.replications)
}

/// With so few replications an interval is as much luck as knowledge.
const FEW: u32 = 5;

/// That ± rests on few replications, and what to do, to stand behind what says what ± is; empty where there are enough.
#[must_use]
pub fn few(replications: u32) -> String {
    match replications {
        0 => String::new(),
        1 => " From only 1 replication: nothing says how far that is off. Ask with --replications 20 or more before it is used.".into(),
        2..=FEW => format!(
            " From only {replications} replications: ± is then wide, or narrow by luck. Ask with --replications 20 or more before it is \
             used."
        ),
        _ => String::new(),
    }
}

/// How well service levels are known against how well they were to be; nothing if nobody asked.
#[must_use]
pub fn precision(answer: &RunAnswer) -> Option<String> {
    let interrupted = answer.asked > answer.replications;
    let said = |found| {
        crate::output::precision::sentence(&found, answer.replications, interrupted, "service levels over all hubs")
    };
    answer.precision.map(said)
}

/// What ± leaves out; it stands beside every first answer.
pub const DOUBT: &str = "± is chance in the simulation only; doubt about the inputs is usually larger.";

/// One short line per standard, one for each package of which many visits are missed, and one for each figure that was reported
/// and is not reproduced: the answer of a run.
#[must_use]
pub fn answers(scenario: &Scenario, answer: &RunAnswer) -> Vec<String> {
    words::standards(scenario)
        .map(|(id, pathway, standard)| on_standard(scenario, answer, (id, pathway, standard)))
        .chain(many_missed(scenario, answer))
        .chain(not_reproduced(scenario, answer))
        .collect()
}

/// How a pathway stands against its standard over all hubs, in one short line.
pub(super) fn on_standard(
    scenario: &Scenario,
    answer: &RunAnswer,
    (id, pathway, standard): (PathwayId, &Pathway, &Standard),
) -> String {
    let name = words::pathway(scenario, id);
    let Some(e) = level(answer, None, id) else {
        return format!("{name}: no referral was counted, so there is no service level.");
    };
    let within = match standard.within {
        Within::Time(_) => words::within_short(standard.within),
        Within::SameDay => words::within_long(standard.within),
    };
    let found = format!("{name}: {} {} {within}", digits::share_inline(&e), words::done(pathway));
    let Some(target) = standard.target else {
        return format!("{found}{}.", national(&e, standard));
    };
    let goal = digits::per_cent(target);
    let position = match Verdict::of(&e, target) {
        Verdict::Met => format!("meeting the {goal} target"),
        Verdict::NotMet => format!("below the {goal} target"),
        Verdict::TooClose => match sure_from(&e, target) {
            Some(n) => format!(
                "nobody late in {} replications; {n} like these would be sure of the {goal} target",
                count(&e)
            ),
            None => format!("too close to the {goal} target to call with {} replications", count(&e)),
        },
    };
    format!("{found}, {position}{}.", national(&e, standard))
}

/// Figures that the file does not reproduce; nothing of them where what is drawn beside it was made to reproduce them.
fn not_reproduced(scenario: &Scenario, answer: &RunAnswer) -> Vec<String> {
    let of_points = answer.uncertain.as_ref().is_some_and(|of| of.about.points);
    if of_points {
        return Vec::new();
    }
    reported::apart(scenario, &answer.reported, "the file")
}

/// From this share on, missed visits are part of the answer.
pub(super) const MANY_MISSED: f64 = 0.05;

/// Packages of which many planned visits are missed, over all hubs or at one: service levels of referrals say nothing of them.
pub(super) fn many_missed(scenario: &Scenario, answer: &RunAnswer) -> impl Iterator<Item = String> {
    (0..scenario.packages.len()).map(PackageId).filter_map(|package| {
        let flow = Flow::Package(package);
        let of = |hub: Option<HubId>| answer.estimate(hub, flow, None, Measure::VisitsMissedShare);
        let missed = of(None)?;
        let hubs = (0..scenario.hubs.len()).map(HubId);
        let worst = hubs
            .filter_map(|hub| Some((hub, of(Some(hub))?)))
            .max_by(|(_, a), (_, b)| a.mean.total_cmp(&b.mean))
            .filter(|(_, worst)| worst.low > missed.high);
        let most = worst.map_or(missed.mean, |(_, worst)| worst.mean);
        (most >= MANY_MISSED).then(|| {
            let name = words::flow(scenario, flow);
            let there = worst.map_or_else(String::new, |(hub, worst)| {
                let hub = words::hub(scenario, Some(hub));
                format!(", most at {hub}: {}", digits::share_inline(&worst))
            });
            format!(
                "{name}: {} of planned visits are missed{there}.",
                digits::share_inline(&missed)
            )
        })
    })
}

fn count(e: &Estimate) -> String {
    digits::count(e.replications.into())
}

/// Whether some service level stands so beside its target, at a hub or over all.
#[must_use]
pub fn anything(verdict: Verdict, scenario: &Scenario, answer: &RunAnswer) -> bool {
    words::standards(scenario).any(|(id, _, standard)| {
        standard.target.is_some_and(|target| {
            let mut levels = words::hubs_and_all(scenario).filter_map(|hub| level(answer, hub, id));
            levels.any(|e| Verdict::of(&e, target) == verdict)
        })
    })
}

/// Where a figure stands against the national minimum, if its standard has one.
fn national(e: &Estimate, standard: &Standard) -> String {
    let Some(minimum) = words::national_minimum(standard) else {
        return String::new();
    };
    let share = digits::per_cent(minimum);
    match Verdict::of(e, minimum) {
        Verdict::Met => format!(", above the national minimum of {share}"),
        Verdict::NotMet => format!(", below the national minimum of {share}"),
        Verdict::TooClose => format!(
            ", too close to the national minimum of {share} to call with {} replications",
            count(e)
        ),
    }
}

/// The causes in the order in which they are tried.
#[must_use]
pub fn causes_in_order() -> Vec<String> {
    Cause::ALL.iter().map(|c| words::cause(*c).to_owned()).collect()
}

/// What to know of switching causes off; it stands beside the effects.
pub const SWITCHES: &str = "Effects do not add up: whom one cause lets go another may hold, and more people seen are more \
                            packages for the same staff. No detectable difference: the interval of the change holds 0. \
                            \"Nobody on shift\" has no switch: somebody there at other hours is either more staff or fewer \
                            at the old hours, and which, a what-if must say (`shifts`, `on-shift`).";

/// Why a standard is missed, the largest cause first, and where another one is.
#[must_use]
pub fn causes(scenario: &Scenario, answer: &RunAnswer, id: PathwayId) -> Vec<String> {
    let found = grid::ordered_causes(answer, None, id);
    let name = &scenario.pathways[id.0].name;
    let Some((largest, _)) = found.first() else {
        return vec![format!("No {name} referral missed its standard.")];
    };
    let share = |cause| answer.cause(None, id, Some(cause), CauseMeasure::ShareOfMisses);
    let parts: Vec<String> = found
        .iter()
        .take(3)
        .filter_map(|(c, _)| share(*c).map(|e| format!("{} {}", words::cause(*c), digits::share_inline(&e))))
        .collect();
    let mut out = vec![format!("Of {name} misses: {}.", words::list(&parts))];
    let other: Vec<String> = (0..scenario.hubs.len())
        .map(HubId)
        .filter_map(|h| {
            let (cause, _) = *grid::ordered_causes(answer, Some(h), id).first()?;
            (cause != *largest).then(|| format!("{} ({})", words::hub(scenario, Some(h)), words::cause(cause)))
        })
        .collect();
    if !other.is_empty() {
        out.push(format!("Another cause is the largest at {}.", words::hub_list(&other)));
    }
    out
}

/// Queues that grew without end.
#[must_use]
pub fn overloads(scenario: &Scenario, answer: &RunAnswer) -> Vec<String> {
    let mut out = Vec::new();
    for o in &answer.overloads {
        out.push(format!(
            "Overload: at {} the queue of {} referrals grows without end, by about {} a week. There is more work than \
             staff, and every figure for it depends on how long the simulation runs.",
            words::hub(scenario, Some(o.hub)),
            scenario.pathways[o.pathway.0].name,
            words::about(o.growth_per_week)
        ));
    }
    if answer.turned_away > 0 {
        out.push(format!(
            "{} referrals were turned away, and count as misses: more were open at once than one replication holds.",
            digits::count(answer.turned_away)
        ));
    }
    out
}

/// What stands at the hubs when the simulation begins.
#[must_use]
pub fn start(scenario: &Scenario) -> String {
    let open: Vec<u32> = (0..scenario.packages.len())
        .map(|p| {
            let here = scenario.hubs.iter().flat_map(|h| &h.at_start.open);
            here.filter(|(id, _)| id.0 == p).map(|(_, n)| n).sum()
        })
        .collect();
    let waiting: u32 = scenario
        .hubs
        .iter()
        .flat_map(|h| &h.at_start.waiting)
        .map(|(_, n)| n)
        .sum();
    let mut parts: Vec<String> = scenario
        .packages
        .iter()
        .zip(open)
        .filter(|(_, n)| *n > 0)
        .map(|(package, n)| format!("{n} open packages of {}", package.name))
        .collect();
    if waiting > 0 {
        parts.push(format!("{waiting} people waiting"));
    }
    let x = &scenario.experiment;
    let days = x.warm_up.ms().div_euclid(Span::DAY.ms());
    if parts.is_empty() {
        "The simulation begins with an empty service.".into()
    } else {
        format!(
            "The simulation begins with {} over all hubs, on {}.",
            words::list(&parts),
            words::date(x.calendar.date(-days))
        )
    }
}

/// The same where something was given, for those who read little.
#[must_use]
pub fn start_if_given(scenario: &Scenario) -> Option<String> {
    let given = scenario.hubs.iter().any(|h| !h.at_start.is_nothing());
    given.then(|| start(scenario))
}

/// How hubs share staff, and where shared staff are counted; nothing where they do not.
#[must_use]
pub fn sharing(scenario: &Scenario) -> Vec<String> {
    let hubs = |ids: &[HubId]| {
        let names: Vec<String> = ids.iter().map(|&id| words::hub(scenario, Some(id))).collect();
        words::hub_list(&names)
    };
    let more = |span: Span| {
        if span == Span::ZERO {
            "no extra travel".to_owned()
        } else {
            format!("{} of extra travel", words::span_long(span))
        }
    };
    let pool = |p: &Pool| {
        let base = p.hubs.first().map(|&id| words::hub(scenario, Some(id)));
        format!(
            "The staff of {} are one team, with {} on every journey. They are counted at {}, and nobody at the others.",
            hubs(&p.hubs),
            more(p.extra_travel),
            base.unwrap_or_default()
        )
    };
    let neighbours = |n: &Neighbours| {
        let roles: Vec<String> = n.roles.iter().map(|&r| words::role_inside(scenario, r)).collect();
        let after = if n.after == Span::ZERO {
            "at once".to_owned()
        } else {
            format!("after {}", words::span_long(n.after))
        };
        format!(
            "Neighbours: {} help each other's first responses {after}, with {} ({}). Whoever helps is counted at the hub they \
             come from.",
            hubs(&n.hubs),
            more(n.extra_travel),
            words::list(&roles)
        )
    };
    let pools = scenario.pools.iter().map(pool);
    pools.chain(scenario.neighbours.iter().map(neighbours)).collect()
}

fn level(answer: &RunAnswer, hub: Option<HubId>, id: PathwayId) -> Option<Estimate> {
    answer.estimate(hub, Flow::Pathway(id), None, Measure::ServiceLevel)
}

const HUBS_DIFFER: &str = "Hubs differ";
/// Said once, at the first gap.
const WHY_HUBS_DIFFER: &str = " The gap follows from demand, travel and how staff are shared out over hubs; where that \
                               sharing is assumed, so is the gap.";

/// The position against each standard, hubs compared.
fn position(scenario: &Scenario, answer: &RunAnswer) -> Vec<String> {
    let mut out = Vec::new();
    let mut explained = false;
    for (id, pathway, standard) in words::standards(scenario) {
        let name = &pathway.name;
        let Some(e) = level(answer, None, id) else {
            out.push(format!(
                "No {name} referral was counted, so nothing can be said about its standard."
            ));
            continue;
        };
        let (done, within) = (words::done(pathway), words::within_long(standard.within));
        let mut text = format!(
            "{} {name} referrals are {done} {within} ({}){}.",
            of_hundred(e.mean * 100.0),
            digits::share_spoken(&e),
            national(&e, standard)
        );
        if let Some(target) = standard.target {
            text.push(' ');
            text.push_str(&against(&e, target));
        }
        out.push(text);
        if let Some(mut between) = between_hubs(scenario, answer, id) {
            if between.starts_with(HUBS_DIFFER) && !explained {
                between.push_str(WHY_HUBS_DIFFER);
                explained = true;
            }
            out.push(between);
        }
        if let Some(target) = standard.target {
            out.extend(hubs_against(scenario, answer, id, target));
        }
    }
    out
}

/// A whole number as people say it; never a rounded-up "100" or a rounded-down "0".
fn whole(v: f64) -> String {
    let rounded = v.round();
    if rounded >= 100.0 && v < 100.0 {
        "99".into()
    } else if rounded <= 0.0 && v > 0.0 {
        "1".into()
    } else {
        format!("{rounded:.0}")
    }
}

/// How many of a hundred, in words; hardly all and hardly any are no whole number of a hundred.
fn of_hundred(percent: f64) -> String {
    match percent {
        p if p >= 100.0 => "All".into(),
        p if p <= 0.0 => "No".into(),
        p if p >= 99.5 => "More than 99 in 100".into(),
        p if p < 0.5 => "Fewer than 1 in 100".into(),
        p => format!("About {} in 100", whole(p)),
    }
}

fn against(e: &Estimate, target: Share) -> String {
    let goal = digits::per_cent(target);
    let short = (target.get() - e.mean).abs() * 100.0;
    let points = if short < 0.95 {
        format!("{short:.1} points")
    } else {
        plural(short, "point")
    };
    match Verdict::of(e, target) {
        Verdict::Met => format!("The target of {goal} set in this scenario is met, by about {points}."),
        Verdict::NotMet => {
            let verb = if points == "1 point" { "is" } else { "are" };
            format!("The target of {goal} set in this scenario is not met: about {points} {verb} missing.")
        }
        Verdict::TooClose => match sure_from(e, target) {
            Some(n) => format!(
                "Nobody was late in any of {} replications. That is not yet sure to meet the target of {goal} set in this scenario; {n} \
                 replications with nobody late would be.",
                count(e)
            ),
            None => format!(
                "That is too close to the target of {goal} set in this scenario to call with {} replications: the target lies \
                 within the interval.",
                count(e)
            ),
        },
    }
}

/// Where nobody was late, but in too few replications for a target: how many, with nobody late, would be enough. By the rule of three
/// the lower end is the n-th root of a number that only hangs on the confidence.
fn sure_from(e: &Estimate, target: Share) -> Option<String> {
    let all = e.mean >= 1.0 && e.low > 0.0 && target.get() < 1.0;
    let needed = f64::from(e.replications) * libm::log(e.low) / libm::log(target.get());
    all.then(|| whole(libm::ceil(needed)))
}

fn plural(n: f64, word: &str) -> String {
    let n = whole(n);
    if n == "1" {
        format!("1 {word}")
    } else {
        format!("{n} {word}s")
    }
}

/// Best and worst hub, and the gap, if there is one.
fn between_hubs(scenario: &Scenario, answer: &RunAnswer, id: PathwayId) -> Option<String> {
    let mut hubs: Vec<(HubId, Estimate)> = (0..scenario.hubs.len())
        .map(HubId)
        .filter_map(|h| level(answer, Some(h), id).map(|e| (h, e)))
        .collect();
    hubs.sort_by(|a, b| b.1.mean.total_cmp(&a.1.mean));
    let [(best, top), .., (worst, bottom)] = hubs.as_slice() else {
        return None;
    };
    let name = &scenario.pathways[id.0].name;
    if top.low <= bottom.high {
        return Some(format!(
            "For {name} referrals no hub is clearly better or worse than another: the intervals of the highest and the lowest overlap."
        ));
    }
    let gap = answer.estimate(None, Flow::Pathway(id), None, Measure::EquityGapPoints);
    let gap = gap.map_or_else(String::new, |g| {
        format!(", a gap of {} points", digits::number(Some(g), 1.0))
    });
    // The lowest by name is one of those that chance cannot tell apart.
    let alike: Vec<String> = hubs[1..hubs.len() - 1]
        .iter()
        .filter(|(_, e)| e.low <= bottom.high)
        .map(|(h, _)| words::hub(scenario, Some(*h)))
        .collect();
    let alike = if alike.is_empty() {
        String::new()
    } else {
        format!(" Too close to the lowest to tell apart: {}.", words::hub_list(&alike))
    };
    let (top, bottom) = (digits::share_figure(top).mean, digits::share_figure(bottom).mean);
    let (best, worst) = (words::hub(scenario, Some(*best)), words::hub(scenario, Some(*worst)));
    Some(format!(
        "{HUBS_DIFFER}: {top} % ({best}) against {bottom} % ({worst}){gap}.{alike}"
    ))
}

/// How many hubs meet the target.
fn hubs_against(scenario: &Scenario, answer: &RunAnswer, id: PathwayId, target: Share) -> Option<String> {
    let mut named: [Vec<String>; 4] = Default::default();
    let mut enough = String::new();
    for h in (0..scenario.hubs.len()).map(HubId) {
        let Some(e) = level(answer, Some(h), id) else { continue };
        let sure = sure_from(&e, target);
        let place = match Verdict::of(&e, target) {
            Verdict::Met => 0,
            Verdict::TooClose if sure.is_some() => 3,
            Verdict::TooClose => 1,
            Verdict::NotMet => 2,
        };
        named[place].push(words::hub(scenario, Some(h)));
        enough = sure.unwrap_or(enough);
    }
    let [met, close, missed, nobody_late] = named;
    let n = met.len() + close.len() + missed.len() + nobody_late.len();
    if n < 2 {
        return None;
    }
    let name = &scenario.pathways[id.0].name;
    let goal = digits::per_cent(target);
    let mut text = match (met.len(), close.is_empty() && nobody_late.is_empty(), missed.len()) {
        (m, ..) if m == n => return Some(format!("Every hub meets the {goal} target for {name} referrals.")),
        (0, true, _) => return Some(format!("No hub meets the {goal} target for {name} referrals.")),
        (0, ..) => format!("No hub surely meets the {goal} target for {name} referrals"),
        _ => format!("The {goal} target for {name} referrals is met at {}", names(&met)),
    };
    if !close.is_empty() {
        text = format!(
            "{text}; too close to call with {} replications at {}",
            digits::count(answer.replications.into()),
            names(&close)
        );
    }
    if !nobody_late.is_empty() {
        text = format!(
            "{text}; nobody was late at {}, of which {enough} replications would be sure",
            names(&nobody_late)
        );
    }
    if !missed.is_empty() {
        text = format!("{text}; not met at {}", names(&missed));
    }
    Some(format!("{text}."))
}

/// A few hubs by name; many are counted instead.
fn names(hubs: &[String]) -> String {
    if hubs.len() > 3 {
        format!("{} hubs", hubs.len())
    } else {
        words::hub_list(hubs)
    }
}

fn staff(scenario: &Scenario, answer: &RunAnswer) -> Vec<String> {
    let mut busy = Vec::new();
    let mut tight = Vec::new();
    for r in (0..scenario.roles.len()).map(RoleId) {
        if let Some(e) = answer.estimate(None, Flow::All, Some(r), Measure::Utilisation) {
            let name = words::role_inside(scenario, r);
            busy.push(format!("{name} {}", digits::share_inline(&e)));
            if e.low > 0.85 {
                tight.push(name);
            }
        }
    }
    let mut out = sharing(scenario);
    if busy.is_empty() {
        return out;
    }
    out.push(format!("Share of time on shift spent at work: {}.", words::list(&busy)));
    if !tight.is_empty() {
        out.push(format!(
            "Above 85 % there is little room for busy days, sickness or growth; that is so for: {}.",
            words::list(&tight)
        ));
    }
    out.push(
        "A role that is not busy on average can still miss a standard: what counts is whether somebody is free at that \
         hub in that hour. Small teams leave gaps."
            .into(),
    );
    out
}

fn visits(scenario: &Scenario, answer: &RunAnswer) -> Vec<String> {
    let mut out = Vec::new();
    for k in (0..scenario.packages.len()).map(PackageId) {
        let flow = Flow::Package(k);
        let get = |m| answer.estimate(None, flow, None, m);
        let name = words::flow(scenario, flow).to_lowercase();
        if let Some(missed) = get(Measure::VisitsMissedShare) {
            let mut text = format!("Of planned {name} visits, {} are missed", digits::share_inline(&missed));
            if let Some(late) = get(Measure::VisitsLateShare) {
                text = format!("{text}, and {} of those done begin late", digits::share_inline(&late));
            }
            out.push(format!("{text}."));
        }
    }
    for (p, pathway) in scenario.pathways.iter().enumerate() {
        let get = |m| answer.estimate(None, Flow::Pathway(PathwayId(p)), None, m);
        let name = &pathway.name;
        if let (Some(e), true) = (get(Measure::RenegedShare), pathway.patience.is_some()) {
            out.push(format!(
                "{} of {name} referrals leave before anybody is sent, for example to 999 or the emergency \
                 department; each counts as a miss.",
                digits::share_inline(&e)
            ));
        }
        if let (Some(e), true) = (get(Measure::BedDaysLost), !pathway.waits_in.is_empty()) {
            let cost = get(Measure::BedCostGbp);
            let cost = cost.map_or_else(String::new, |c| format!(", at a cost of {}", digits::gbp(Some(c))));
            out.push(format!(
                "Waiting {name} referrals take up {} bed days a year{cost}.",
                digits::number(Some(e), 1.0)
            ));
            if let (Some(none), Some(days)) = (get(Measure::FoundNoBedShare), get(Measure::DaysWithoutBed)) {
                out.push(format!(
                    "{} of {name} referrals find no bed free, and wait {} days a year without one.",
                    digits::share_inline(&none),
                    digits::number(Some(days), 1.0)
                ));
            }
        }
        let unanswered = get(Measure::UnansweredShare).map(|e| digits::share_figure(&e).mean);
        // Not where it would read 0.0 %.
        if let Some(share) = unanswered.filter(|s| s.contains(|c: char| ('1'..='9').contains(&c))) {
            out.push(format!(
                "{share} % of {name} referrals were still waiting two weeks after the end and count as misses."
            ));
        }
    }
    out
}

/// Warnings on offered load, worst first; or that there is none.
#[must_use]
pub fn load(scenario: &Scenario, rows: &[LoadRow]) -> Vec<String> {
    let mut over: Vec<&LoadRow> = rows
        .iter()
        .filter(|r| LoadState::of(r) == LoadState::Overloaded)
        .collect();
    over.sort_by(|a, b| b.ratio().total_cmp(&a.ratio()));
    let mut out = Vec::new();
    for row in over {
        let hub = words::hub(scenario, Some(row.hub));
        let role = words::role_inside(scenario, row.role);
        let ratio = row.ratio();
        out.push(if ratio.is_finite() {
            format!(
                "More work than hours: {role} at {hub}: {:.0} % of capacity, before what other roles may do, people who \
                 leave, missed visits and overtime. If none of these relieves it, queues grow without end.",
                ratio * 100.0
            )
        } else {
            format!("More work than hours: {role} at {hub}: there is work and nobody to do it.")
        });
    }
    let mut tight = Vec::new();
    for (r, role) in (0..scenario.roles.len()).map(|r| (r, words::role_inside(scenario, RoleId(r)))) {
        let of_role = rows
            .iter()
            .filter(|row| row.role.0 == r && LoadState::of(row) == LoadState::Tight);
        let ratios: Vec<f64> = of_role.clone().map(LoadRow::ratio).collect();
        let most = ratios.iter().fold(0.0, |a: f64, b| a.max(*b)) * 100.0;
        match of_role
            .map(|row| words::hub(scenario, Some(row.hub)))
            .collect::<Vec<_>>()
            .as_slice()
        {
            [] => {}
            [hub] => tight.push(format!("{role} at {hub} ({most:.0} %)")),
            hubs => tight.push(format!("{role} at {} hubs (up to {most:.0} %)", hubs.len())),
        }
    }
    if !tight.is_empty() {
        out.push(format!(
            "Warning: above 85 % of capacity, where waits grow fast: {}.",
            words::list(&tight)
        ));
    }
    if out.is_empty() {
        out.push("Offered load is at most 85 % of capacity at every hub and in every role.".into());
    }
    out
}

/// What the model cannot say, with what this scenario adds to it.
pub(in crate::output) fn limits(scenario: &Scenario) -> Vec<String> {
    let mut out = vec![
        "The ± beside a figure covers chance in the simulation only. It does not cover doubt about the inputs, which is \
         usually larger: see the assumptions."
            .to_owned(),
        "This is a simulation of the service as described in the scenario, not a record of the service. It cannot say \
         whether the people were the right ones to refer, how good a visit was, or what became of their health."
            .to_owned(),
        "Demand does not answer to the service: if people are seen sooner and more are then referred, the model does not \
         know."
            .to_owned(),
        "Travel times, visit lengths and sickness are drawn at random around the averages stated; there is no map, no \
         weather, and no matching of a person to a familiar carer."
            .to_owned(),
    ];
    let of = |kind| {
        scenario
            .assumptions
            .iter()
            .filter(move |a| a.kind == kind && !a.changed)
    };
    let count = |kind| of(kind).count();
    let (assumed, calibrated) = (count(AssumptionKind::Assumption), count(AssumptionKind::Calibrated));
    let choices = count(AssumptionKind::Choice);
    let inputs = |n: usize| {
        if n == 1 {
            "One input".to_owned()
        } else {
            format!("{n} inputs")
        }
    };
    if assumed > 0 {
        let verb = if assumed == 1 {
            "is an assumption"
        } else {
            "are assumptions"
        };
        let ranged = |a: &&Assumption| !a.low.is_empty() && !a.high.is_empty();
        let range = match of(AssumptionKind::Assumption).filter(ranged).count() {
            n if n == assumed && n == 1 => "gives its range".to_owned(),
            n if n == assumed => "gives a range for each".to_owned(),
            n => format!("gives a range for {n} of them"),
        };
        out.push(format!(
            "{} {verb} without a published source; the assumptions book {range}.",
            inputs(assumed)
        ));
    }
    if choices > 0 {
        let (verb, number) = if choices == 1 {
            ("is a choice", "a number")
        } else {
            ("are choices", "numbers")
        };
        out.push(format!(
            "{} {verb} made for the model, not {number}; other choices are possible and may give other results.",
            inputs(choices)
        ));
    }
    if calibrated > 0 {
        let verb = if calibrated == 1 { "was set" } else { "were set" };
        out.push(format!(
            "{} {verb} so that the simulation gives reported figures. Agreement with those figures is therefore no proof \
             that the model is right.",
            inputs(calibrated)
        ));
    }
    match scenario.assumptions.iter().filter(|a| a.changed).count() {
        0 => {}
        1 => out.push("One entry of the assumptions book is of an input that this scenario changes: it gives no reason for the new value.".to_owned()),
        n => out.push(format!(
            "{n} entries of the assumptions book are of inputs that this scenario changes: they give no reason for the new values."
        )),
    }
    if scenario.observed.iter().any(|o| o.before_change) {
        out.push(
            "The reported figures are of the base, before the change: they say nothing of what the change will do."
                .to_owned(),
        );
    }
    if !scenario.unknowns.is_empty() {
        let named: Vec<String> = scenario.unknowns.iter().map(|u| words::input(&u.path)).collect();
        out.push(format!("Not known and worth measuring: {}.", named.join("; ")));
    }
    out
}

/// What the table of money means.
#[must_use]
pub fn of_money(scenario: &Scenario) -> String {
    let mut parts = Vec::new();
    let hourly = |role: &&Role| matches!(role.cost, Some(StaffCost::Hour(_)));
    let yearly = |role: &&Role| matches!(role.cost, Some(StaffCost::Year(_)));
    if scenario.roles.iter().any(|role| hourly(&role)) {
        parts.push(
            "Staff priced by the hour cost so much for each working hour of the posts filled, after leave and sickness: \
             what these cost is in the price of the hour."
                .to_string(),
        );
    }
    if scenario.roles.iter().any(|role| yearly(&role)) {
        parts.push("Staff priced by the year cost that for each WTE, leave and sickness included.".into());
    }
    if !scenario.beds.is_empty() {
        parts.push(
            "Beds cost the days on which somebody lies in them; places kept open and empty are not in it.".into(),
        );
    }
    parts.push(
        "The half-width is of the simulation only. The range is what the same year would cost if every price lay at the low or \
         at the high end of what [assumptions] states, all of them together; where no range is stated, the price itself; prices of different years are not brought to one."
            .into(),
    );
    parts.join(" ")
}

#[cfg(test)]
mod tests {
    use super::{against, basis, findings, sure_from};
    use crate::answers::{Estimate, Measure};
    use crate::model::{HubId, Neighbours, Pool, RoleId};
    use crate::output::sample;
    use crate::stats::share_interval;
    use crate::units::{Share, Span};

    /// The number that is told is the least whose own interval reaches the target.
    #[test]
    fn so_many_replications_with_nobody_late_are_sure_of_a_target() {
        let nobody_late = |n: u32| {
            let pairs: Vec<(u64, u64)> = (0..n).map(|_| (50, 50)).collect();
            Estimate::of(share_interval(&pairs, 0.95).unwrap(), 0.95, n)
        };
        for (target, n) in [(0.95, 59), (0.98, 149)] {
            let target = Share::new(target).unwrap();
            assert_eq!(sure_from(&nobody_late(20), target), Some(n.to_string()));
            assert!(nobody_late(n).low >= target.get() && nobody_late(n - 1).low < target.get());
        }
        let target = Share::new(0.95).unwrap();
        let text = against(&nobody_late(20), target);
        assert!(
            text.starts_with("Nobody was late in any of 20 replications.") && text.contains("; 59 replications"),
            "{text}"
        );
        let late = Estimate {
            mean: 0.96,
            low: 0.94,
            ..nobody_late(20)
        };
        assert_eq!(sure_from(&late, target), None);
        assert!(against(&late, target).contains("too close"));
    }

    #[test]
    fn hardly_all_are_no_whole_number_of_a_hundred() {
        let said = [100.0, 99.996, 99.4, 78.9, 0.6, 0.2, 0.0].map(super::of_hundred);
        let wanted = [
            "All",
            "More than 99 in 100",
            "About 99 in 100",
            "About 79 in 100",
            "About 1 in 100",
            "Fewer than 1 in 100",
            "No",
        ];
        assert_eq!(said, wanted);
    }

    #[test]
    fn findings_read_well() {
        let (scenario, answer) = (sample::scenario(), sample::overloaded());
        let f = findings(&scenario, &answer);
        let text: Vec<String> = [f.overloads, f.position, f.staff, f.visits, f.limits]
            .map(|p| p.join("\n"))
            .into();
        insta::assert_snapshot!(
            "findings",
            format!("{}\n\n{}", basis(&scenario, &answer), text.join("\n\n"))
        );
    }

    #[test]
    fn shared_staff_are_said_with_where_they_are_counted() {
        let mut scenario = sample::scenario();
        assert!(super::sharing(&scenario).is_empty());
        scenario.pools.push(Pool {
            hubs: vec![HubId(1), HubId(0)],
            extra_travel: Span::from_minutes(12),
        });
        scenario.neighbours.push(Neighbours {
            hubs: vec![HubId(0), HubId(1)],
            roles: vec![RoleId(0)],
            after: Span::ZERO,
            extra_travel: Span::ZERO,
        });
        let said = super::sharing(&scenario);
        let base = &scenario.hubs[1].name;
        assert!(
            said[0].contains("12 minutes of extra travel on every journey")
                && said[0].contains(&format!("counted at {base}"))
        );
        assert!(
            said[1].contains("help each other's first responses at once, with no extra travel ("),
            "{}",
            said[1]
        );
    }

    #[test]
    fn nothing_measured_is_said_and_not_shown_as_zero() {
        let (scenario, mut answer) = (sample::scenario(), sample::answer());
        for row in &mut answer.summary {
            if row.measure == Measure::ServiceLevel {
                row.estimate = None;
            }
        }
        let f = findings(&scenario, &answer);
        assert!(
            f.position[0].starts_with("No crisis referral was counted"),
            "{:?}",
            f.position
        );
    }
}
