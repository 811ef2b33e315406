//! What the scenario says, in sentences: the logic part of the method.

use crate::model::{
    ClockStops, GateHolds, Joint, OutOfHours, Outcome, Package, Pathway, Pattern, Role, Scenario, ShiftEnd, Staffing,
    WeekdaySet,
};
use crate::output::{digits, words};
use crate::units::{Share, Span};

/// How referrals of each pathway arrive and are answered.
pub(super) fn pathways(scenario: &Scenario) -> Vec<String> {
    scenario
        .pathways
        .iter()
        .enumerate()
        .map(|(p, pathway)| describe_pathway(scenario, p, pathway))
        .collect()
}

fn describe_pathway(scenario: &Scenario, p: usize, pathway: &Pathway) -> String {
    let mut parts: Vec<String> = Vec::new();
    let a_day: f64 = scenario
        .hubs
        .iter()
        .filter_map(|h| h.referrals.get(p))
        .map(|r| r.get())
        .sum();
    let hubs = scenario.hubs.len();
    parts.push(if a_day > 0.0 {
        format!("{:.1} referrals a day at {hubs} hubs, at random by hour of week", a_day)
    } else {
        "no referrals of its own; it follows from other pathways".into()
    });
    parts.push(match pathway.opens {
        None => "taken at all hours".into(),
        Some(o) => {
            let when = format!("taken {} to {}{}", clock(o.from), clock(o.to), days(o.days));
            match pathway.out_of_hours {
                OutOfHours::Defer => format!("{when}, otherwise the clock starts at the next opening"),
                OutOfHours::Accept => format!("{when}, the clock runs from receipt at any hour"),
            }
        }
    });
    if let Some(standard) = &pathway.standard {
        let stops = match (standard.clock_stops, pathway.package.is_some()) {
            (ClockStops::Lead, false) => "the clock stops when the leading member of staff arrives at the home",
            (ClockStops::Lead, true) => "the clock stops at the first visit of the role that leads the package",
            (ClockStops::First, _) => "the clock stops when anybody first arrives",
            (ClockStops::All, _) => "the clock stops when all who were sent have arrived",
        };
        let target = standard
            .target
            .map_or_else(String::new, |t| format!(", target {}", digits::per_cent(t)));
        parts.push(format!(
            "standard: {} {}{target}; {stops}",
            words::done(pathway),
            words::within_long(standard.within)
        ));
    }
    if !pathway.responses.is_empty() {
        let kinds: Vec<String> = pathway
            .responses
            .iter()
            .map(|r| {
                let who: Vec<String> = r.needs.iter().map(|n| words::role_inside(scenario, n.role)).collect();
                format!("{} {} ({})", r.name, digits::per_cent(r.share), words::list(&who))
            })
            .collect();
        parts.push(format!("first responses: {}", kinds.join(", ")));
        if pathway.responses.iter().any(|r| r.needs.len() > 1) {
            parts.push(
                match pathway.joint {
                    Joint::Separate => "where several roles are needed each goes when one of it is free",
                    Joint::Together => "where several roles are needed all are sent at one instant or none",
                    Joint::Reserve => "where several roles are needed free staff are held until all can be sent",
                }
                .into(),
            );
        }
    }
    if let Some(package) = pathway.package {
        parts.push(format!("begins the package {}", scenario.packages[package.0].name));
    }
    if pathway.patience.is_some() {
        let outcomes = outcomes(scenario, &pathway.on_leaving);
        parts.push(format!("people who wait too long leave: {outcomes}"));
    }
    // What follows a package is said where the package is.
    if pathway.package.is_none() && !pathway.outcome.is_empty() {
        parts.push(format!("afterwards {}", outcomes(scenario, &pathway.outcome)));
    }
    for (package, share) in &pathway.also {
        parts.push(format!(
            "besides, {} begin the package {}",
            digits::per_cent(*share),
            scenario.packages[package.0].name
        ));
    }
    format!("{}: {}.", words::capital(&pathway.name), parts.join("; "))
}

/// The visits of each package.
pub(super) fn packages(scenario: &Scenario) -> Vec<String> {
    scenario
        .packages
        .iter()
        .map(|package| describe_package(scenario, package))
        .collect()
}

fn describe_package(scenario: &Scenario, package: &Package) -> String {
    let streams: Vec<String> = package
        .streams
        .iter()
        .map(|s| {
            let often = match &s.pattern {
                Pattern::PerDay { start, end } => {
                    let mean: f64 = start.iter().map(|d| d.visits * d.share.get()).sum();
                    let taper = end.map_or_else(String::new, |e| format!(", tapering to {e}"));
                    format!("{mean:.1} a day at the start{taper}")
                }
                Pattern::PerWeek(n) => format!("{n} a week"),
                Pattern::At { times, .. } => {
                    format!("at {}", times.iter().map(|t| clock(*t)).collect::<Vec<_>>().join(", "))
                }
                Pattern::Once => "once".into(),
            };
            let two = if s.two.get() > 0.0 {
                format!(", {} need two people", digits::per_cent(s.two))
            } else {
                String::new()
            };
            let gated = match (s.gated, package.gate_holds) {
                (false, _) => "",
                (true, GateHolds::Stream) => ", begun only when there is room",
                (true, GateHolds::Package) => ", the whole package begun only when there is room for them",
            };
            format!(
                "{} by {} for {} of people, {often}{two}, late after {} and missed after {}{gated}",
                s.name,
                words::role_inside(scenario, s.role),
                digits::per_cent(s.share),
                words::span_short(s.tolerance),
                words::span_short(s.give_up)
            )
        })
        .collect();
    format!(
        "{}: {}.",
        words::capital(&package.name.replace('-', " ")),
        streams.join("; ")
    )
}

/// The working time of each role.
pub(super) fn roles(scenario: &Scenario) -> Vec<String> {
    scenario
        .roles
        .iter()
        .enumerate()
        .map(|(r, role)| describe_role(scenario, r, role))
        .collect()
}

fn describe_role(scenario: &Scenario, r: usize, role: &Role) -> String {
    let employer = role.employer.as_ref().map_or_else(String::new, |e| format!(" ({e})"));
    let mut parts = Vec::new();
    if !role.shifts.is_empty() {
        let shifts = role
            .shifts
            .iter()
            .map(|s| format!("{} {} to {}{}", s.name, clock(s.from), clock(s.to), days(s.days)));
        parts.push(format!("shifts {}", shifts.collect::<Vec<_>>().join(", ")));
        parts.push(format!(
            "{} of contracted time is leave and training, {} of rostered shifts fall to sickness",
            digits::per_cent(role.headroom.planned),
            digits::per_cent(role.headroom.absence)
        ));
    } else if scenario
        .hubs
        .iter()
        .any(|h| h.staff.get(r).is_some_and(|s| !s.is_none()))
    {
        parts.push("people on shift are given as they are, by hour".into());
    }
    if scenario
        .hubs
        .iter()
        .any(|h| matches!(h.staff.get(r), Some(Staffing::Wte(_))))
        && !role.shifts.is_empty()
    {
        parts.push("a rota deals WTE over the shifts so that long-run hours are exact".into());
    }
    parts.push(format!(
        "{} after each visit for notes, {} of time for other duties",
        words::span_short(role.notes),
        digits::per_cent(role.admin_share)
    ));
    parts.push(
        match role.shift_end {
            ShiftEnd::Finish => "what has begun is finished after the shift's end",
            ShiftEnd::NoLateStart => "nothing starts that would on average end after the shift",
        }
        .into(),
    );
    format!(
        "{}{employer}: {}.",
        words::capital(&role.name.replace('-', " ")),
        parts.join("; ")
    )
}

/// A time of day.
fn clock(span: Span) -> String {
    let minutes = span.ms() / Span::MINUTE.ms();
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

fn days(set: WeekdaySet) -> &'static str {
    if set == WeekdaySet::ALL { "" } else { " on its days" }
}

/// What becomes of people, by share.
fn outcomes(scenario: &Scenario, outcomes: &[(Outcome, Share)]) -> String {
    let one = |(outcome, share): &(Outcome, Share)| {
        format!("{} {}", scenario.outcome_name(outcome), digits::per_cent(*share))
    };
    let any = outcomes.iter().filter(|(_, share)| share.get() > 0.0);
    any.map(one).collect::<Vec<_>>().join(", ")
}
