//! Names and phrases as people read them, once.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::answers::explain::{Switch, partners};
use crate::answers::run::Flow;
use crate::answers::{Estimate, Measure};
use crate::engine::Cause;
use crate::model::{HubId, Observed, Pathway, PathwayId, Period, RoleId, Scenario, Standard, Within, YearMonth};
use crate::units::{Share, Span};

/// What stands for all of them in tables.
pub const ALL_HUBS: &str = "All hubs";

/// A role for people: `Crisis worker`.
#[must_use]
pub fn role(scenario: &Scenario, id: RoleId) -> String {
    capital(&spaced(&scenario.roles[id.0].name))
}

/// A role inside a sentence: `crisis worker`.
#[must_use]
pub fn role_inside(scenario: &Scenario, id: RoleId) -> String {
    spaced(&scenario.roles[id.0].name)
}

/// A pathway for people: `Step-down`.
#[must_use]
pub fn pathway(scenario: &Scenario, id: PathwayId) -> String {
    capital(&scenario.pathways[id.0].name)
}

/// A pathway, a package or all, for people.
#[must_use]
pub fn flow(scenario: &Scenario, flow: Flow) -> String {
    match flow {
        Flow::All => "All".into(),
        Flow::Pathway(id) => pathway(scenario, id),
        Flow::Package(id) => capital(&spaced(&scenario.packages[id.0].name)),
    }
}

/// A hub, or all of them, for people.
#[must_use]
pub fn hub(scenario: &Scenario, id: Option<HubId>) -> String {
    id.map_or_else(|| ALL_HUBS.into(), |id| scenario.hubs[id.0].name.clone())
}

/// The hubs in file order, then all of them.
pub fn hubs_and_all(scenario: &Scenario) -> impl Iterator<Item = Option<HubId>> {
    (0..scenario.hubs.len()).map(|h| Some(HubId(h))).chain([None])
}

/// The pathways that have a standard.
pub fn standards(scenario: &Scenario) -> impl Iterator<Item = (PathwayId, &Pathway, &Standard)> {
    let with = |(i, p): (usize, &'_ Pathway)| p.standard.is_some().then_some(i);
    scenario.pathways.iter().enumerate().filter_map(with).filter_map(|i| {
        Some((
            PathwayId(i),
            &scenario.pathways[i],
            scenario.pathways[i].standard.as_ref()?,
        ))
    })
}

/// What happens to a referral of the pathway when its clock stops: it is `seen`, or its package is `started`.
#[must_use]
pub fn done(pathway: &Pathway) -> &'static str {
    if pathway.package.is_some() { "started" } else { "seen" }
}

/// The share within two hours that NHS England asks of every system.
///
/// Source: NHS England, urgent community response statistics: at least 70 % within two hours from December 2022.
const NATIONAL_TWO_HOURS: f64 = 0.7;

/// The national minimum for a standard of exactly two hours; no other standard has one.
#[must_use]
pub fn national_minimum(standard: &Standard) -> Option<Share> {
    (standard.within == Within::Time(Span::from_hours(2)))
        .then(|| Share::new(NATIONAL_TWO_HOURS).ok())
        .flatten()
}

/// A standard in a table: `within 2 h`, `same day`.
#[must_use]
pub fn within_short(within: Within) -> String {
    match within {
        Within::Time(span) => format!("within {}", span_short(span)),
        Within::SameDay => "same day".into(),
    }
}

/// A standard in a sentence: `within 2 hours`, `on the same day`.
#[must_use]
pub fn within_long(within: Within) -> String {
    match within {
        Within::Time(span) => format!("within {}", span_long(span)),
        Within::SameDay => "on the same day".into(),
    }
}

/// `2 h`, `2 days`, `45 min`.
#[must_use]
pub fn span_short(span: Span) -> String {
    if span >= Span::from_days(2) && span.ms() % Span::DAY.ms() == 0 {
        format!("{} days", span.ms() / Span::DAY.ms())
    } else {
        span.to_string()
    }
}

/// `2 hours`, `2 days`, `45 minutes`.
#[must_use]
pub fn span_long(span: Span) -> String {
    let short = span_short(span);
    match short.rsplit_once(' ') {
        Some(("1", "h")) => "1 hour".into(),
        Some((n, "h")) => format!("{n} hours"),
        Some((n, "min")) => format!("{n} minutes"),
        _ => short,
    }
}

/// `52 weeks`, `10 days`.
#[must_use]
pub fn weeks(days: f64) -> String {
    // A mean that is worked out from others is no whole number of days to the last bit.
    let days = (days * 1000.0).round() / 1000.0;
    if days >= 14.0 && days % 7.0 == 0.0 {
        format!("{} weeks", days / 7.0)
    } else {
        let day = if (days - 1.0).abs() < 1e-9 { "day" } else { "days" };
        format!("{days} {day}")
    }
}

/// The months, in full.
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

fn month_name(month: i8) -> &'static str {
    let place = usize::from(month.unsigned_abs()).wrapping_sub(1);
    MONTHS.get(place).copied().unwrap_or_default()
}

/// `June 2020`.
#[must_use]
pub fn month(month: YearMonth) -> String {
    format!("{} {}", month_name(month.month), month.year)
}

/// `Jun`.
#[must_use]
pub fn month_short(month: YearMonth) -> &'static str {
    month_name(month.month).get(..3).unwrap_or_default()
}

/// A month of the window, with its days if the window does not hold all of it: `May 2021 (30 days)`.
#[must_use]
pub fn month_of(period: &Period) -> String {
    let name = month(period.month());
    match period.days() {
        _ if period.whole => name,
        1 => format!("{name} (1 day)"),
        n => format!("{name} ({n} days)"),
    }
}

/// `1 April 2021`.
#[must_use]
pub fn date(date: Date) -> String {
    format!("{} {} {}", date.day(), month_name(date.month()), date.year())
}

/// Service levels reported of the real service, by month.
#[must_use]
pub fn reported_by_month(scenario: &Scenario, hub: Option<HubId>, id: PathwayId) -> BTreeMap<YearMonth, f64> {
    let ours = |o: &&Observed| o.hub == hub && o.pathway == Some(id) && o.measure == Measure::ServiceLevel.name();
    let observed = scenario.observed.iter().filter(ours);
    observed.filter_map(|o| Some((o.month?, o.value))).collect()
}

/// Hubs, whose names hold commas and "and": `a; b and c`, or `a; b, c and d; and e`.
#[must_use]
pub fn hub_list(names: &[String]) -> String {
    let last_joint = if names.iter().any(|n| n.contains(" and ")) {
        "; and "
    } else {
        " and "
    };
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [front @ .., last] => format!("{}{last_joint}{last}", front.join("; ")),
    }
}

/// The place of an input in the file as people say it: `staff.crisis-worker` is `crisis worker staff (total WTE)`.
#[must_use]
pub fn input(path: &str) -> String {
    let mut parts = vec![String::new()];
    let mut quoted = false;
    for c in path.chars() {
        match c {
            '"' | '\'' => quoted = !quoted,
            '.' if !quoted => parts.push(String::new()),
            _ => parts.last_mut().into_iter().for_each(|p| p.push(c)),
        }
    }
    let every = |name: &str, what: &str| {
        if name == "*" {
            format!("every {what}")
        } else {
            name.to_owned()
        }
    };
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    match parts.as_slice() {
        ["staff", role] => format!("{} staff (total WTE)", spaced(&every(role, "role"))),
        ["hub", hub, "staff", role] => {
            format!("{} staff at {} (WTE)", spaced(&every(role, "role")), every(hub, "hub"))
        }
        ["hub", hub, "staff", role, "on-shift", piece, "count"] => {
            let (role, hub) = (spaced(&every(role, "role")), every(hub, "hub"));
            format!("{role} staff on shift at {hub} ({})", every(piece, "piece of the day"))
        }
        ["hub", hub, "demand-times"] => format!("demand at {} (times what it was)", every(hub, "hub")),
        ["hub", hub, "beds", kind] => format!("beds of kind {kind} at {}", every(hub, "hub")),
        ["hub", hub, "travel", kind @ ("urgent" | "round")] => format!("{kind} travel of {}", every(hub, "hub")),
        ["hub", hub, rest @ ..] if !rest.is_empty() => format!("{} of {}", backwards(rest), every(hub, "hub")),
        ["pathway", name, "also", package @ ..] => {
            let package = package
                .first()
                .map_or_else(|| "a package".into(), |package| spaced(package));
            format!("share of {} who also get {package}", every(name, "pathway"))
        }
        ["pathway", name, "declined"] => format!("share of {} that is declined", every(name, "pathway")),
        ["pathway", name, "dispersion"] => format!("referrals of {}: spread from day to day", every(name, "pathway")),
        ["pathway", name, "outcome", what] => {
            format!("share of {} with outcome {}", every(name, "pathway"), spaced(what))
        }
        ["pathway", name, "on-leaving", what] => {
            format!(
                "share with outcome {} of those who leave {}",
                spaced(what),
                every(name, "pathway")
            )
        }
        ["package", name, "outcome", what] => {
            format!(
                "share of {} with outcome {}",
                spaced(&every(name, "package")),
                spaced(what)
            )
        }
        ["package", name, "visits", stream, rest @ ..] => {
            let of = format!(
                "{} visits of {}",
                every(stream, "stream's"),
                spaced(&every(name, "package"))
            );
            match rest {
                [] => of,
                ["share"] => format!("share who have {of}"),
                ["two"] => format!("share of {of} by two people"),
                rest => format!("{} of {of}", backwards(rest)),
            }
        }
        ["pathway", name, "response", kind, rest @ ..] if !rest.is_empty() => {
            response(&every(name, "pathway"), &spaced(&every(kind, "kind of")), rest, &every)
        }
        // The names of pathways are written with their hyphens everywhere.
        ["pathway", name, rest @ ..] if !rest.is_empty() => {
            format!("{} of {}", backwards(rest), every(name, "pathway"))
        }
        [table, name, rest @ ..] if !rest.is_empty() => {
            format!("{} of {}", backwards(rest), spaced(&every(name, table)))
        }
        all => backwards(all),
    }
}

/// What is said of a first response: `length of crisis worker visits in every kind of response of crisis`.
fn response(pathway: &str, kind: &str, rest: &[&str], every: &dyn Fn(&str, &str) -> String) -> String {
    let of = format!("{kind} response of {pathway}");
    match rest {
        ["staff", role, what @ ..] if !what.is_empty() => {
            format!(
                "{} of {} visits in {of}",
                backwards(what),
                spaced(&every(role, "role's"))
            )
        }
        rest => format!("{} of {of}", backwards(rest)),
    }
}

/// Kinds of distribution, which are named with their parameters.
const DISTRIBUTIONS: [&str; 8] = [
    "lognormal",
    "gamma",
    "exponential",
    "erlang",
    "weibull",
    "triangular",
    "uniform",
    "fixed",
];

/// The last part first: `share of care of visits`. Of a distribution only its parameter is said: `mean length`.
fn backwards(parts: &[&str]) -> String {
    if let [before @ .., what, kind, parameter] = parts
        && DISTRIBUTIONS.contains(kind)
    {
        let parameter = format!("{} {}", spaced(parameter), spaced(what));
        let before = before.iter().rev().map(|p| spaced(p));
        return [parameter].into_iter().chain(before).collect::<Vec<_>>().join(" of ");
    }
    let named: Vec<String> = parts.iter().rev().map(|p| spaced(p)).collect();
    named.join(" of ")
}

/// `a, b and c`.
#[must_use]
pub fn list(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [front @ .., last] => format!("{} and {last}", front.join(", ")),
    }
}

/// An estimate beside its target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The whole interval is at the target or above it.
    Met,
    /// The whole interval is below the target.
    NotMet,
    /// The interval includes the target: more replications would tell.
    TooClose,
}

impl Verdict {
    /// Where an estimate stands.
    #[must_use]
    pub fn of(e: &Estimate, target: Share) -> Self {
        Self::of_share(e, target.get())
    }

    /// Where an estimate stands beside a share that is wanted.
    #[must_use]
    pub fn of_share(e: &Estimate, wanted: f64) -> Self {
        if e.low >= wanted {
            Self::Met
        } else if e.high < wanted {
            Self::NotMet
        } else {
            Self::TooClose
        }
    }

    /// In a table.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::NotMet => "not met",
            Self::TooClose => "too close to call",
        }
    }
}

/// What is meant by a target that is met, not met, or too close to call; `certified` is whether `required` may have said otherwise.
#[must_use]
pub fn what_met_means(replications: u32, confidence: f64, certified: bool) -> String {
    let own = if certified {
        " That is no contradiction to `required`, which tests each level on people of its own, as many as it takes."
    } else {
        ""
    };
    format!(
        "Met or not met: all of the {} interval of these {} replications lies on that side of the target. Too close to call: the target \
         is inside it; more replications would tell.{own}",
        crate::output::digits::percent(confidence),
        crate::output::digits::count(replications.into())
    )
}

/// A measure by its name in the files, as observed figures give it.
#[must_use]
pub fn measure_named(name: &str) -> Option<Measure> {
    Measure::ALL.iter().copied().find(|m| m.name() == name)
}

/// A cause of a miss for people.
#[must_use]
pub const fn cause(cause: Cause) -> &'static str {
    match cause {
        Cause::Shut => "outside opening hours",
        Cause::Triage => "triage not over",
        Cause::NobodyOnShift => "nobody on shift",
        Cause::NoRoom => "no room (gate or caseload limit)",
        Cause::PlannedLater => "first visit planned for later",
        Cause::PartnerMissing => "second person needed, not free",
        Cause::BusyFirstResponses => "all busy with first responses",
        Cause::BusyPlannedVisits => "all busy with planned visits",
        Cause::ShiftEnd => "too late in the shift",
        Cause::Travel => "travel too long",
    }
}

/// What has been switched off, for people.
#[must_use]
pub fn switch(scenario: &Scenario, switch: Switch) -> String {
    let words = match switch {
        Switch::Travel => "no travel time",
        Switch::Triage => "no time for triage",
        Switch::Headroom => "nobody on leave, in training or ill",
        Switch::OpeningHours => "always open, staff as they are",
        Switch::Partners => {
            let roles: Vec<String> = partners(scenario)
                .into_iter()
                .map(|r| role_inside(scenario, r))
                .collect();
            return format!("{} staff never run out, in their hours", list(&roles));
        }
        Switch::Limits => "no gate and no caseload limit",
        Switch::PlannedVisits => "planned visits made by others",
        Switch::ShiftEnd => "any work may start before the shift ends",
    };
    words.into()
}

/// A measure for people.
#[must_use]
pub fn measure(name: &str) -> String {
    let words = match name {
        "service_level" => "Service level",
        "wait_mean_min" => "Mean wait",
        "reneged_share" => "Left before being seen",
        "caseload_mean" => "Caseload",
        other => return capital(&other.replace('_', " ")),
    };
    words.into()
}

/// The same inside a sentence: its first letter small.
#[must_use]
pub fn inside(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|c| c.to_lowercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

/// The word with a capital first letter.
#[must_use]
pub fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// More than one of a role: `nurses`, `therapy assistants`, `deputies`. Names are as people typed them, so the usual rule is all there is.
#[must_use]
pub fn several(role: &str) -> String {
    let vowel = |c: char| "aeiou".contains(c);
    let mut back = role.chars().rev();
    match (back.next(), back.next()) {
        (Some('s'), _) => role.into(),
        (Some('y'), Some(before)) if !vowel(before) => format!("{}ies", role.trim_end_matches('y')),
        _ => format!("{role}s"),
    }
}

/// File names have hyphens where people write spaces.
fn spaced(name: &str) -> String {
    name.replace('-', " ")
}

/// A number in a sentence that says "about": two or three figures.
#[must_use]
pub fn about(value: f64) -> String {
    if value < 10.0 {
        return format!("{value:.1}");
    }
    #[expect(clippy::cast_possible_truncation, reason = "two or three figures of it are kept")]
    let digits = libm::log10(value).floor() as i32;
    let unit = libm::pow(10.0, f64::from((digits - 1).max(0)));
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at least 10")]
    let rounded = ((value / unit).round() * unit) as u64;
    crate::output::digits::count(rounded)
}

#[cfg(test)]
mod tests {
    use super::{Verdict, hub_list, input, list, span_long, span_short, within_long};
    use crate::answers::Estimate;
    use crate::model::Within;
    use crate::units::{Share, Span};

    #[test]
    fn a_target_inside_the_interval_is_too_close_to_call() {
        let e = |mean: f64| Estimate {
            mean,
            half_width: 0.02,
            low: mean - 0.02,
            high: mean + 0.02,
            confidence: 0.95,
            replications: 10,
        };
        let target = Share::new(0.9).unwrap();
        assert_eq!(Verdict::of(&e(0.95), target), Verdict::Met);
        assert_eq!(Verdict::of(&e(0.91), target), Verdict::TooClose);
        assert_eq!(Verdict::of(&e(0.89), target), Verdict::TooClose);
        assert_eq!(Verdict::of(&e(0.85), target), Verdict::NotMet);
    }

    #[test]
    fn standards_read_as_they_are_spoken() {
        assert_eq!(span_short(Span::from_hours(2)), "2 h");
        assert_eq!(span_short(Span::from_days(2)), "2 days");
        assert_eq!(span_long(Span::from_hours(2)), "2 hours");
        assert_eq!(span_long(Span::from_hours(1)), "1 hour");
        assert_eq!(span_long(Span::from_minutes(45)), "45 minutes");
        assert_eq!(within_long(Within::SameDay), "on the same day");
    }

    #[test]
    fn inputs_are_named_in_words() {
        assert_eq!(input("staff.crisis-worker"), "crisis worker staff (total WTE)");
        assert_eq!(input("pathway.crisis.referrals"), "referrals of crisis");
        assert_eq!(input("role.*.admin-share"), "admin share of every role");
        assert_eq!(input("hub.\"A. and B\".staff.nurse"), "nurse staff at A. and B (WTE)");
        assert_eq!(input("pathway.step-down.start-due"), "start due of step-down");
        assert_eq!(input("hub.*.beds.acute"), "beds of kind acute at every hub");
        assert_eq!(input("experiment"), "experiment");
        assert_eq!(
            input("pathway.crisis.response.*.staff.crisis-worker.length"),
            "length of crisis worker visits in every kind of response of crisis"
        );
        assert_eq!(
            input("pathway.crisis.response.\"care only\".staff.crisis-worker.length.lognormal.mean"),
            "mean length of crisis worker visits in care only response of crisis"
        );
        assert_eq!(
            input("pathway.crisis.response.joint.share"),
            "share of joint response of crisis"
        );
        assert_eq!(
            input("package.reablement.visits.care.length.gamma.mean"),
            "mean length of care visits of reablement"
        );
        assert_eq!(input("pathway.crisis.also"), "share of crisis who also get a package");
        assert_eq!(
            input("pathway.crisis.also.crisis-care"),
            "share of crisis who also get crisis care"
        );
        assert_eq!(
            input("pathway.crisis.outcome.home"),
            "share of crisis with outcome home"
        );
        assert_eq!(
            input("package.reablement.visits.care.share"),
            "share who have care visits of reablement"
        );
        assert_eq!(input("package.reablement.visits.care"), "care visits of reablement");
    }

    #[test]
    fn several_of_a_role_are_more_than_one() {
        let said = ["nurse", "crisis worker", "deputy", "on-call GPs", "key worker day"].map(super::several);
        assert_eq!(
            said,
            ["nurses", "crisis workers", "deputies", "on-call GPs", "key worker days"]
        );
    }

    #[test]
    fn hubs_with_and_in_their_names_stay_apart() {
        let names = |n: &[&str]| n.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>();
        assert_eq!(hub_list(&names(&["A", "B", "C"])), "A; B and C");
        assert_eq!(hub_list(&names(&["A", "B and C"])), "A; and B and C");
    }

    #[test]
    fn lists_end_with_and() {
        assert_eq!(list(&["a".into()]), "a");
        assert_eq!(list(&["a".into(), "b".into(), "c".into()]), "a, b and c");
    }
}
