//! The answer in sentences.

use super::apart::between;
use super::refused::many;
use super::{Required, plain};
use crate::answers::required::{Borderline, Check, Ending, NoControl, RequiredAnswer, Sign};
use crate::model::{Dial, PathwayId, Smallest, StaffPlace, Staffing, Where};
use crate::output::{digits, sentence, words};

/// What was asked.
#[must_use]
pub fn asked(required: &Required<'_>) -> String {
    let (scenario, question) = (required.scenario, required.question);
    let standards: Vec<String> = question
        .standards
        .iter()
        .map(|(id, share)| {
            let within = scenario.pathways[id.0].standard.map(|s| words::within_short(s.within));
            let name = words::pathway(scenario, *id);
            let own = scenario.pathways[id.0]
                .standard
                .and_then(|s| s.target)
                .filter(|target| target != share);
            let own = own.map_or_else(String::new, |target| {
                format!(" (its own target in the file: {})", digits::per_cent(target))
            });
            format!(
                "{name} {} for {}{own}",
                within.unwrap_or_default(),
                digits::per_cent(*share)
            )
        })
        .collect();
    let place = match question.at {
        Where::EveryHub if scenario.hubs.len() == 1 => "at the hub",
        Where::EveryHub => "at every hub",
        Where::Overall => "over all hubs together",
    };
    let small = match question.smallest {
        Smallest::Wte if required.priced() => "cost as the file counts it",
        Smallest::Wte => "WTE",
        Smallest::YearlyCost => "yearly cost",
    };
    format!(
        "Asked: the smallest {small} that meets {}, {place}, with {} confidence. Free: {}; all other staff as in the file. Levels \
         nearer than {} points to those asked for are not told from them.",
        words::list(&standards),
        digits::per_cent(question.confidence),
        free(required).join("; "),
        plain(question.delta.get()),
    )
}

/// What may be moved, and how far: those with the same bounds together, with their hubs where these are not all.
fn free(required: &Required<'_>) -> Vec<String> {
    let dials = &required.question.free;
    let bounds = |dial: &Dial| {
        let to = dial.at(dial.levels.saturating_sub(1));
        let unit = if dial.places.iter().any(|p| p.piece.is_some()) {
            "on shift"
        } else {
            "WTE"
        };
        let step = if (dial.step - 1.0).abs() > 1e-9 {
            format!(" in steps of {}", plain(dial.step))
        } else if passed_over(required, dial).next().is_some() {
            " in whole posts".into()
        } else {
            String::new()
        };
        let least = match dial.minimum {
            0 => String::new(),
            n => format!(", never fewer than {n} rostered on a shift"),
        };
        let alike = if dial.places.len() > 1 {
            ", the same at each"
        } else {
            ""
        };
        format!("{} to {} {unit}{step}{least}{alike}", plain(dial.from), plain(to))
    };
    let mut groups: Vec<(String, String, Vec<String>)> = Vec::new();
    for (d, dial) in dials.iter().enumerate() {
        let (kind, bounds, place) = (required.kind(d), bounds(dial), required.where_of(d));
        match groups.iter_mut().find(|(k, b, _)| (k, b) == (&kind, &bounds)) {
            Some((_, _, places)) => places.push(place),
            None => groups.push((kind, bounds, vec![place])),
        }
    }
    let one_of_its_kind = |kind: &String| groups.iter().filter(|(k, ..)| k == kind).count() == 1;
    let everywhere = |places: &[String]| {
        places.len() == required.scenario.hubs.len() || places.iter().any(|place| place == "Every hub")
    };
    let each = groups.iter().map(|(kind, bounds, places)| {
        let at = if one_of_its_kind(kind) && everywhere(places) {
            String::new()
        } else {
            format!(" at {}", words::list(places))
        };
        format!("{}{at} from {bounds}", kind.trim_end_matches(", WTE"))
    });
    each.collect()
}

/// WTE of the file that lie between two numbers tried.
fn passed_over<'a>(required: &'a Required<'_>, dial: &'a Dial) -> impl Iterator<Item = f64> + 'a {
    let of = |place: &StaffPlace| match required.scenario.hubs.get(place.hub.0)?.staff.get(place.role.0)? {
        Staffing::Wte(wte) => Some(wte.get()),
        _ => None,
    };
    let between = |wte: &f64| {
        let steps = (wte - dial.from) / dial.step;
        let tried = 0.0..=f64::from(dial.levels.saturating_sub(1));
        tried.contains(&steps) && (steps - steps.round()).abs() > 1e-6
    };
    dial.places.iter().filter_map(of).filter(between)
}

/// That less may do in smaller steps, where the file has numbers between those tried; nothing where it has none.
fn smaller_steps(required: &Required<'_>) -> Option<String> {
    let dials = &required.question.free;
    let each = dials.iter().enumerate().flat_map(|(d, dial)| {
        let told = move |wte| format!("{}: {}", required.where_of(d), required.so_many(d, "", wte));
        passed_over(required, dial).map(told)
    });
    let between: Vec<String> = each.collect();
    let [first, rest @ ..] = &between[..] else { return None };
    let least = dials.iter().map(|dial| dial.step).fold(f64::INFINITY, f64::min);
    let alike = dials.iter().all(|dial| dial.step - least < 1e-9);
    let tried = match alike {
        true if (least - 1.0).abs() < 1e-9 => "whole posts".to_owned(),
        true => format!("steps of {least} WTE"),
        false => "such steps".to_owned(),
    };
    let smaller = least / 2.0;
    let more = match rest.len() {
        0 => String::new(),
        n => format!(", and {n} more"),
    };
    Some(format!(
        "Only {tried} were tried, and the file has others ({first}{more}). Smaller steps may do with less: \
         `:{smaller}` after the bounds of --free, or `step = {smaller}` in the file, asks for them."
    ))
}

/// What the staffing does beside the levels asked for: other standards, and planned visits of which many are missed; nothing where
/// there is nothing to say.
fn beside(required: &Required<'_>) -> Vec<String> {
    let Some(run) = required.beside else { return Vec::new() };
    let scenario = required.scenario;
    let asked = |id: &PathwayId| required.question.standards.iter().any(|(pathway, _)| pathway == id);
    let others: Vec<String> = words::standards(scenario)
        .filter(|(id, ..)| !asked(id))
        .map(|standard| sentence::on_standard(scenario, run, standard))
        .collect();
    let missed: Vec<String> = sentence::many_missed(scenario, run).collect();
    let basis = format!(
        "(a run of this staff, {} replications)",
        digits::count(run.replications.into())
    );
    let mut lines = Vec::new();
    if !others.is_empty() {
        lines.push(format!("Not asked about {basis}: {}", others.join(" ")));
    }
    if !missed.is_empty() {
        lines.push(format!(
            "But planned visits are left out {basis}: {} First responses come first, and the levels asked for do not see what is \
             left for planned visits. `homefirst check` of answer.toml says for whom there is too much work; to leave room for it, \
             raise `from` of that role and ask again.",
            missed.join(" ")
        ));
    }
    lines
}

/// Why a level may be certified here and too close to call elsewhere.
const AND_A_RUN: &str = "A run or `compare` of this staff may still say \"too close to call\": its own few replications leave the target \
                         inside ±, where the certificate tests one level after another until it is sure. Both are true.";

/// Why it takes so many replications where posts may fall vacant.
fn seldom((level, fewest): (f64, u32)) -> String {
    let level = digits::percent(level);
    let takes = if f64::from(fewest) < MANY_REPLICATIONS {
        format!(
            "is not taken for met on fewer than about {} replications",
            digits::count(fewest.into())
        )
    } else {
        "cannot be taken for met on any number of replications that could be made; ask for a little less".into()
    };
    format!(
        "Posts may fall vacant here, so that people may be late seldom but many at once: however few were late, {level} {takes}."
    )
}

/// More than anybody makes.
const MANY_REPLICATIONS: f64 = 1e6;

/// What was found: the answer first.
#[must_use]
pub fn found(required: &Required<'_>) -> Vec<String> {
    let answer = required.answer;
    let amount = required.amount_and_pounds(answer.cost, answer.pounds);
    let difference = answer.cost - answer.cost_before;
    let pounds = answer
        .pounds
        .zip(answer.pounds_before)
        .map(|(now, before)| now - before);
    let than = if difference.abs() < 1e-9 {
        "as much as in the file".to_owned()
    } else {
        let more = if difference > 0.0 { "more" } else { "less" };
        // More of one role and less of another may be more posts and less money.
        let alike = pounds.filter(|pounds| pounds * difference > 0.0).map(f64::abs);
        format!(
            "{} {more} than in the file",
            required.more_and_pounds(difference.abs(), alike)
        )
    };
    let confidence = digits::percent(answer.confidence);
    let mut lines = Vec::new();
    match answer.ending {
        Ending::Certified => {
            lines.push(format!(
                "{}, {than}. With {confidence} confidence every level asked for is met, and nothing {} within the bounds meets \
                 them all.{}",
                words::capital(&amount),
                if answer.borderline.is_empty() {
                    format!("with {}", required.fewer())
                } else {
                    format!("below {}", required.amount(answer.cost_at_least.unwrap_or(answer.cost)))
                },
                if answer.cost_at_least.is_some_and(|least| least < answer.cost) && !answer.borderline.is_empty() {
                    " What lies between is too near a level to tell, so that a little less may do as well (borderline)."
                } else {
                    ""
                }
            ));
            lines.extend(beside(required));
            lines.extend(smaller_steps(required));
            lines.push(
                "That is sure as far as chance goes, and takes every number in the file for true; `--uncertain` asks what would be \
                 needed if they are not."
                    .into(),
            );
            lines.extend(answer.fewest_if_vacant.map(seldom));
            lines.push(AND_A_RUN.into());
            lines.push(borderline(required));
            if !answer.as_cheap.is_empty() {
                lines.push(format!(
                    "With {}, and sufficient as far as the search could see, but not certified: {}.",
                    required.as_many(),
                    staffings(required, answer.as_cheap.iter().map(|(part, n)| (*part, &n[..])))
                ));
            }
            lines.extend(at_bounds(required));
        }
        Ending::NotWithinBounds => {
            lines.push(format!(
                "No staffing within the bounds meets every level asked for: certified with {confidence} confidence. Widen `to`, or let \
                 other roles be free too: the tables name what is missed where."
            ));
            lines.push(format!(
                "The best found has {amount}, {than}; where it falls short is in the tables."
            ));
            lines.extend(beside(required));
        }
        Ending::Interrupted => {
            lines.push(format!(
                "Interrupted before it was decided: nothing is certified, and this is no answer yet. The best so far has {}, and fewer or more may be needed; what \
                 the search saw of it is in the tables.",
                required.amount(answer.cost)
            ));
        }
        Ending::NotDecided => {
            lines.push(format!(
                "Not decided with the replications and attempts allowed. The best found has {amount}, {than}, and is not certified; \
                 give more with --replications, wider bounds, or another --delta: a larger one decides sooner, a smaller one tells levels \
                 near 100 % apart."
            ));
            lines.extend(beside(required));
            lines.extend(answer.fewest_if_vacant.map(seldom));
            if !answer.borderline.is_empty() {
                lines.push(borderline(required));
            }
            lines.extend(at_bounds(required));
        }
    }
    lines
}

/// Numbers beyond which the search could not look, and what to do.
fn at_bounds(required: &Required<'_>) -> Vec<String> {
    let at = |upper: bool| -> Vec<String> {
        let all = required.answer.numbers.iter().filter(|n| n.at_bound);
        let of = all.filter(|n| {
            let Some(dial) = required.question.free.get(n.free) else {
                return false;
            };
            // What cannot move, or is nobody, has no bound to widen.
            let bound = if upper {
                dial.at(dial.levels.saturating_sub(1))
            } else {
                dial.from
            };
            dial.levels > 1 && (n.number - bound).abs() < 1e-9 && (upper || n.number > 0.0)
        });
        of.map(|n| {
            format!(
                "{}: {}",
                required.where_of(n.free),
                required.so_many(n.free, "", n.number)
            )
        })
        .collect()
    };
    let held = required.question.free.iter().any(|dial| dial.minimum > 0);
    let mut lines = Vec::new();
    let (top, bottom) = (at(true), at(false));
    // Of one number alone, what is enough is enough.
    if !top.is_empty() && required.question.free.len() > 1 {
        lines.push(format!(
            "As high as the question lets it be: {}. With more there, others might do with less; that was not looked at. Raise `to` \
             and ask again.",
            top.join("; ")
        ));
    }
    if !bottom.is_empty() {
        lines.push(format!(
            "As low as the question lets it be: {}. Whether less would do was not looked at. Lower `from`{} and ask again.",
            bottom.join("; "),
            if held { " (or `minimum`, where that is what holds it)" } else { "" }
        ));
    }
    lines
}

fn borderline(required: &Required<'_>) -> String {
    let answer = required.answer;
    if answer.borderline.is_empty() {
        return "Borderline: none.".into();
    }
    if answer.borderline_of_each_cost {
        return between(required);
    }
    // The cheapest of each part of the service; the others lie between it and the answer.
    let parts = answer.borderline.iter().map(|near| near.component).max().unwrap_or(0);
    let cheapest: Vec<&Borderline> = (0..=parts)
        .filter_map(|part| {
            let own = answer.borderline.iter().filter(|near| near.component == part);
            own.max_by(|a, b| a.saves.total_cmp(&b.saves))
        })
        .collect();
    let rest = answer.borderline.len() - cheapest.len();
    let each = cheapest.iter().map(|near| {
        let staffing = staffings(required, std::iter::once((near.component, &near.numbers[..])));
        if near.saves > 0.0 {
            format!("{staffing} ({})", required.saved(near.saves))
        } else {
            staffing
        }
    });
    format!(
        "Borderline, within {} points of a level, so that nothing is claimed either way; of each hub the one with {}: {}{}.",
        plain(answer.delta_points),
        required.fewest(),
        each.collect::<Vec<_>>().join("; "),
        match rest {
            0 => String::new(),
            1 => "; and one more, in the report".into(),
            n => format!("; and {n} more, in the report"),
        }
    )
}

/// Staffings in words.
fn staffings<'n>(required: &Required<'_>, all: impl Iterator<Item = (usize, &'n [(usize, f64)])>) -> String {
    let each = all.map(|(component, numbers)| {
        let place = required.part(component, numbers);
        let counts: Vec<String> = numbers.iter().map(|(d, n)| required.so_many(*d, "", *n)).collect();
        format!("{place}: {}", words::list(&counts))
    });
    each.collect::<Vec<_>>().join("; ")
}

/// How much was simulated.
#[must_use]
pub fn basis(required: &Required<'_>) -> String {
    let answer = required.answer;
    let all = answer.search_replications + answer.certificate_replications;
    let attempts = match answer.attempts {
        1 => "in one attempt".to_owned(),
        n => format!("in {n} attempts"),
    };
    let whole = digits::count(all.div_ceil(answer.islands.max(1) as u64));
    let parts = match answer.islands {
        1 => "of the service".to_owned(),
        n if n == required.scenario.hubs.len() => format!("of one hub (the work of {whole} of the whole service)"),
        n => format!("of one group of hubs, of which {n} share no staff (the work of {whole} of the whole service)"),
    };
    format!(
        "{} staffings were looked through. That took {} replications {parts}: {} to search, and {} on other people to certify, \
         {attempts}. Seed {}.{}",
        many(answer.staffings as f64),
        digits::count(all),
        digits::count(answer.search_replications),
        digits::count(answer.certificate_replications),
        required.scenario.experiment.seed,
        if answer.pounds.is_some() {
            " Pounds are those of the roles that may be moved, at the prices of the file."
        } else {
            ""
        },
    )
}

/// How hard a contradiction was looked for.
fn looked_through(answer: &RequiredAnswer) -> String {
    let found = if !answer.contradicted.is_empty() {
        "; where one was found, nothing was taken for granted"
    } else if answer.audited > 0 {
        ", and none was found"
    } else {
        return "No two staffings could be compared on the same people, so nothing speaks for or against that.".into();
    };
    let pairs = digits::count(answer.audited as u64);
    format!("{pairs} pairs of staffings on the same people were searched for a contradiction{found}.")
}

/// What the certificate takes for granted.
#[must_use]
pub fn rests(required: &Required<'_>) -> Vec<String> {
    let answer = required.answer;
    let mut lines = Vec::new();
    let shown = matches!(answer.ending, Ending::Certified | Ending::NotWithinBounds);
    if shown && answer.rests_on.iter().any(|direction| direction.sign != Sign::Unknown) {
        lines.push(format!(
            "Not every such staffing was simulated: that {} misses a level follows from what more of each number does to each level, as \
             in the table. {}",
            required.rejected(),
            looked_through(answer)
        ));
    }
    lines.extend(controls(required));
    if answer.ending == Ending::Interrupted {
        return lines;
    }
    let law = if answer.fewest_if_vacant.is_some() {
        "Where posts may fall vacant the tests take nothing for granted of how service levels vary; elsewhere, as normally distributed from \
         replication to replication."
    } else {
        "The tests take the service levels of replications as normally distributed."
    };
    lines.push(format!(
        "{law} Each test stops as soon as it is sure, so that the \
         service level beside it, with its ±, is rougher than that of a run; what it was shown to be holds all the same."
    ));
    lines
}

/// What was taken off the chance in demand, and why not where it was not.
fn controls(required: &Required<'_>) -> Vec<String> {
    let answer = required.answer;
    let pathways = |of: Option<NoControl>| {
        let those = answer.controls.iter().filter(|(_, why)| *why == of);
        let mut names: Vec<String> = Vec::new();
        for (check, _) in those {
            let alike = |(c, why): &(Check, Option<NoControl>)| c.pathway != check.pathway || *why == of;
            let name = words::pathway(required.scenario, check.pathway);
            let name = if answer.controls.iter().all(alike) {
                name
            } else {
                format!("{name} ({})", words::hub(required.scenario, check.hub))
            };
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    };
    let mut lines = Vec::new();
    // A control that no test came to use is no part of the answer.
    let tested = answer.levels.iter().chain(answer.cheaper.iter().map(|c| &c.tested));
    let used = tested.filter(|tested| tested.controlled).count() > 0;
    let with = pathways(None);
    if used && !with.is_empty() {
        lines.push(format!(
            "Chance in demand was taken off for {}: how busy each replication would have been if nobody ever had to wait was reckoned, \
             and since its mean is known, how far a replication was above or below it (a control variate with infinite servers). So \
             fewer replications decide.",
            words::list(&with)
        ));
    }
    for (why, because) in NO_CONTROL {
        let without = pathways(Some(why));
        if !without.is_empty() {
            lines.push(format!(
                "Chance in demand could not be taken off for {}, because {because}: more replications, and as sure.",
                words::list(&without)
            ));
        }
    }
    lines
}

/// Why a level has no control, in words.
const NO_CONTROL: [(NoControl, &str); 7] = [
    (NoControl::Changes, "the service changes during the window"),
    (
        NoControl::Shares,
        "the hub shares staff, or people of one area are served by another",
    ),
    (NoControl::Package, "its standard is that of a package"),
    (
        NoControl::Response,
        "its first responses are of several kinds, or need more than one person of one role",
    ),
    (
        NoControl::NotPoisson,
        "its referrals come in bursts, or wait for an opening",
    ),
    (NoControl::BornOfService, "people also come to it from other pathways"),
    (NoControl::OtherWork, "its role does other work as well"),
];
