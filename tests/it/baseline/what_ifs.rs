//! Changes to the baseline, each with what an independently written prototype found for it.
//!
//! The prototype is a program in C of 245 lines, made before this engine from the description of the service alone. Its
//! figures are paired differences in points on its own staffing, 40 replications, with half-widths of 0.1 to 0.2 for two
//! hours and 0.3 to 0.6 for two days, up to 1.3 where the change is large.

use homefirst::model::{
    Calendar, GateHolds, Headroom, Joint, OutOfHours, Outcome, Pattern, Response, RoleId, Scenario, Staffing,
};
use homefirst::random::Distribution;
use homefirst::units::{PerDay, Share, Span, Wte};
use jiff::civil::date;

use crate::support::{minutes, share, weekdays};

/// One change, and by how many points it moved the prototype's two-hour and two-day figures, where it said so.
pub(super) struct WhatIf {
    pub(super) name: &'static str,
    pub(super) edit: fn(&mut Scenario),
    pub(super) prototype: (Option<f64>, Option<f64>),
}

const fn both(name: &'static str, edit: fn(&mut Scenario), two_hours: f64, two_days: f64) -> WhatIf {
    WhatIf {
        name,
        edit,
        prototype: (Some(two_hours), Some(two_days)),
    }
}

const fn hours_only(name: &'static str, edit: fn(&mut Scenario), two_hours: f64) -> WhatIf {
    WhatIf {
        name,
        edit,
        prototype: (Some(two_hours), None),
    }
}

const fn days_only(name: &'static str, edit: fn(&mut Scenario), two_days: f64) -> WhatIf {
    WhatIf {
        name,
        edit,
        prototype: (None, Some(two_days)),
    }
}

pub(super) const WHAT_IFS: &[WhatIf] = &[
    both(
        "2 more crisis workers at each hub (+12)",
        |s| more(s, "crisis-worker", 2.0),
        7.4,
        -2.1,
    ),
    both(
        "4 more crisis workers at each hub (+24)",
        |s| more(s, "crisis-worker", 4.0),
        11.7,
        -3.6,
    ),
    both(
        "+24 crisis workers, and nurses x 1.2",
        |s| {
            more(s, "crisis-worker", 4.0);
            times(s, "nurse", 1.2);
        },
        13.5,
        -2.6,
    ),
    both("therapists x 1.1", |s| times(s, "therapist", 1.1), 0.9, 3.5),
    both("therapists doubled", |s| times(s, "therapist", 2.0), 4.4, 5.1),
    both("nurses doubled", |s| times(s, "nurse", 2.0), 7.8, 1.2),
    both("triage 5 minutes, not 15", |s| triage(s, 5), 1.8, -0.2),
    both("triage 30 minutes", |s| triage(s, 30), -4.2, 0.5),
    both("reablement workers take crisis work too", cross_cover, 11.6, -3.0),
    both(
        "co-location: that, and triage 5 minutes",
        |s| {
            cross_cover(s);
            triage(s, 5);
        },
        13.0,
        -3.1,
    ),
    both("crisis referrals x 1.2", |s| demand(s, &["crisis"], 1.2), -4.5, -7.5),
    both("all referrals x 1.2", |s| demand(s, ALL, 1.2), -6.0, -38.4),
    both(
        "all referrals x 1.2, with nurses, therapists and reablement workers x 1.2 or a little more",
        |s| {
            demand(s, ALL, 1.2);
            times(s, "nurse", 36.0 / 30.0);
            times(s, "therapist", 36.0 / 29.0);
            times(s, "reablement-worker", 178.0 / 146.0);
        },
        -1.5,
        5.1,
    ),
    both("all referrals x 1.1", |s| demand(s, ALL, 1.1), -3.3, -17.5),
    both("all referrals x 0.9", |s| demand(s, ALL, 0.9), 3.0, 6.7),
    both(
        "13 crisis referrals a day, not 20.4",
        |s| demand(s, &["crisis"], 13.0 / 20.4),
        7.7,
        7.0,
    ),
    both(
        "27 crisis referrals a day",
        |s| demand(s, &["crisis"], 27.0 / 20.4),
        -7.3,
        -14.4,
    ),
    days_only(
        "0.15 of crises to reablement, not 0.25",
        |s| to_reablement(s, 0.15),
        6.9,
    ),
    days_only("0.40 of crises to reablement", |s| to_reablement(s, 0.40), -34.4),
    hours_only("joint share 0.35, not 0.50", |s| joint_share(s, 0.35), 3.9),
    hours_only("joint share 0.60", |s| joint_share(s, 0.60), -3.1),
    hours_only("first visit 50 minutes, not 70", |s| first_visit(s, 50), 2.3),
    hours_only("first visit 90 minutes", |s| first_visit(s, 90), -2.0),
    hours_only("0.25 on crisis care, not 0.40", |s| crisis_care(s, 0.25), 3.0),
    hours_only("0.55 on crisis care", |s| crisis_care(s, 0.55), -2.7),
    both(
        "crisis care in one order with first responses",
        |s| package(s, "crisis-care").priority = 1,
        -3.5,
        0.0,
    ),
    both("no stand-in between nurse and therapist", strict_health, -8.4, 3.2),
    both(
        "crises accepted day and night",
        |s| {
            let crisis = pathway(s, "crisis");
            s.pathways[crisis].out_of_hours = OutOfHours::Accept;
        },
        -3.7,
        1.5,
    ),
    both(
        "no share of time for administration",
        |s| all_roles(s, |r| r.admin_share = Share::default()),
        3.4,
        3.2,
    ),
    both("all absence at random (22 %)", |s| headroom(s, 0.0, 0.22), -3.2, -3.4),
    both("all absence planned (22 %)", |s| headroom(s, 0.22, 0.0), 1.1, 1.7),
    both("travel x 1.25", |s| travel(s, 1.25), -3.0, -6.8),
    both("travel x 0.8", |s| travel(s, 0.8), 2.3, 3.7),
    both(
        "daily counts more uneven (dispersion 1.2)",
        |s| s.pathways.iter_mut().for_each(|p| p.dispersion = 1.2),
        -0.7,
        0.0,
    ),
    both("patience 3 hours, not 5", |s| patience(s, 180), 0.8, 1.8),
    both("patience 10 hours", |s| patience(s, 600), -1.2, -1.5),
    both(
        "the gate holds the whole package",
        |s| package(s, "reablement").gate_holds = GateHolds::Package,
        0.0,
        -12.8,
    ),
    both("the gate at 0.92", |s| package(s, "reablement").gate = 0.92, 0.0, -6.7),
    both("no gate", no_gate, 0.0, 5.3),
    both(
        "therapists from Monday to Friday",
        |s| shifts_of(s, "therapist", |x| x.days = weekdays()),
        -0.3,
        -16.2,
    ),
    both("therapists on early and late shifts", early_and_late, -0.4, -3.9),
    days_only("follow-ups once a week, not 1.25 times", |s| follow_ups(s, 1.0), 4.1),
    days_only("follow-ups 1.5 times a week", |s| follow_ups(s, 1.5), -14.1),
    days_only("median package 19 days, not 21", |s| median(s, 19), 5.1),
    days_only("median package 23 days", |s| median(s, 23), -8.9),
    days_only("two people for 0.08, not 0.15", |s| two(s, 0.08), 3.1),
    days_only("two people for 0.25", |s| two(s, 0.25), -6.8),
    days_only(
        "care visits for 0.60 of packages, not 0.68",
        |s| care_share(s, 0.60),
        3.8,
    ),
];

const ALL: &[&str] = &["crisis", "reablement", "step-down"];

fn place<T>(list: &[T], name: &str, of: impl Fn(&T) -> &str) -> usize {
    list.iter()
        .position(|x| of(x) == name)
        .unwrap_or_else(|| panic!("no {name} in the baseline"))
}

pub(super) fn role(s: &Scenario, name: &str) -> usize {
    place(&s.roles, name, |r| &r.name)
}

pub(super) fn pathway(s: &Scenario, name: &str) -> usize {
    place(&s.pathways, name, |p| &p.name)
}

pub(super) fn package<'a>(s: &'a mut Scenario, name: &str) -> &'a mut homefirst::model::Package {
    let at = place(&s.packages, name, |p| &p.name);
    &mut s.packages[at]
}

fn stream<'a>(s: &'a mut Scenario, of: &str, name: &str) -> &'a mut homefirst::model::Stream {
    let streams = &mut package(s, of).streams;
    let at = place(streams, name, |x| &x.name);
    &mut streams[at]
}

/// WTE of a role at each hub become what `new` says of them.
fn staff(s: &mut Scenario, name: &str, new: impl Fn(f64) -> f64) {
    let role = role(s, name);
    for hub in &mut s.hubs {
        let Staffing::Wte(wte) = hub.staff[role] else {
            panic!("the baseline's staff are WTE")
        };
        hub.staff[role] = Staffing::Wte(Wte::new(new(wte.get())).unwrap());
    }
}

fn more(s: &mut Scenario, name: &str, each: f64) {
    staff(s, name, |wte| wte + each);
}

pub(super) fn times(s: &mut Scenario, name: &str, factor: f64) {
    staff(s, name, |wte| wte * factor);
}

fn demand(s: &mut Scenario, pathways: &[&str], factor: f64) {
    for name in pathways {
        let pathway = pathway(s, name);
        for hub in &mut s.hubs {
            let rate = &mut hub.referrals[pathway];
            *rate = PerDay::new(rate.get() * factor).unwrap();
        }
    }
}

fn lognormal(mean: i64, cv: f64) -> Distribution {
    Distribution::lognormal_mean_cv(minutes(mean), cv).unwrap()
}

fn triage(s: &mut Scenario, mean: i64) {
    let crisis = pathway(s, "crisis");
    s.pathways[crisis].triage = lognormal(mean, 0.6);
}

fn patience(s: &mut Scenario, mean: i64) {
    let crisis = pathway(s, "crisis");
    s.pathways[crisis].patience = Some(lognormal(mean, 0.5));
}

fn responses(s: &mut Scenario) -> &mut Vec<Response> {
    let crisis = pathway(s, "crisis");
    &mut s.pathways[crisis].responses
}

fn cross_cover(s: &mut Scenario) {
    let (crisis, reablement) = (RoleId(role(s, "crisis-worker")), RoleId(role(s, "reablement-worker")));
    for need in responses(s).iter_mut().flat_map(|r| &mut r.needs) {
        if need.role == crisis {
            need.or = vec![reablement];
        }
    }
    stream(s, "crisis-care", "care").or = vec![reablement];
}

fn strict_health(s: &mut Scenario) {
    let crisis = RoleId(role(s, "crisis-worker"));
    for need in responses(s).iter_mut().flat_map(|r| &mut r.needs) {
        if need.role != crisis {
            need.or.clear();
        }
    }
}

fn joint_share(s: &mut Scenario, joint: f64) {
    let together = responses(s).iter().filter(|r| r.needs.len() > 1);
    let before: f64 = together.map(|r| r.share.get()).sum();
    assert!((before - 0.5).abs() < 1e-9, "the name says 0.50");
    for response in responses(s) {
        let factor = if response.needs.len() > 1 {
            joint / 0.5
        } else {
            (1.0 - joint) / 0.5
        };
        response.share = share(response.share.get() * factor);
    }
}

fn first_visit(s: &mut Scenario, mean: i64) {
    for need in responses(s).iter_mut().flat_map(|r| &mut r.needs) {
        need.length = lognormal(mean, 0.4);
    }
}

fn crisis_care(s: &mut Scenario, of_people: f64) {
    let crisis = pathway(s, "crisis");
    s.pathways[crisis].also[0].1 = share(of_people);
}

fn to_reablement(s: &mut Scenario, of_people: f64) {
    let (crisis, reablement) = (pathway(s, "crisis"), pathway(s, "reablement"));
    let outcome = &mut s.pathways[crisis].outcome;
    let is_reablement = |what: &Outcome| matches!(what, Outcome::Pathway(id) if id.0 == reablement);
    let before = outcome.iter().find(|(what, _)| is_reablement(what)).unwrap().1.get();
    assert!((before - 0.25).abs() < 1e-9, "the name says 0.25");
    for (what, of) in outcome {
        match what {
            Outcome::Pathway(id) if id.0 == reablement => *of = share(of_people),
            Outcome::End(name) if name == "home" => *of = share(of.get() + before - of_people),
            _ => {}
        }
    }
}

fn all_roles(s: &mut Scenario, edit: impl Fn(&mut homefirst::model::Role)) {
    s.roles.iter_mut().for_each(edit);
}

fn headroom(s: &mut Scenario, planned: f64, absence: f64) {
    all_roles(s, |role| {
        role.headroom = Headroom {
            planned: share(planned),
            absence: share(absence),
        };
    });
}

fn travel(s: &mut Scenario, factor: f64) {
    for hub in &mut s.hubs {
        for leg in [&mut hub.travel.urgent, &mut hub.travel.round] {
            *leg = leg.clone().scaled(factor).unwrap();
        }
    }
}

fn no_gate(s: &mut Scenario) {
    stream(s, "reablement", "care").gated = false;
}

fn shifts_of(s: &mut Scenario, name: &str, edit: impl Fn(&mut homefirst::model::Shift)) {
    let role = role(s, name);
    s.roles[role].shifts.iter_mut().for_each(edit);
}

fn early_and_late(s: &mut Scenario) {
    let (therapist, nurse) = (role(s, "therapist"), role(s, "nurse"));
    s.roles[therapist].shifts = s.roles[nurse].shifts.clone();
}

fn follow_ups(s: &mut Scenario, a_week: f64) {
    stream(s, "reablement", "therapy").pattern = Pattern::PerWeek(a_week);
}

fn median(s: &mut Scenario, days: i64) {
    package(s, "reablement").length = Distribution::lognormal_median_sigma(Span::from_days(days), 0.75)
        .unwrap()
        .clamped(None, Some(Span::from_days(42)))
        .unwrap();
}

fn two(s: &mut Scenario, of_people: f64) {
    for need in responses(s).iter_mut().flat_map(|r| &mut r.needs) {
        if need.two.get() > 0.0 {
            need.two = share(of_people);
        }
    }
    stream(s, "crisis-care", "care").two = share(of_people);
    stream(s, "reablement", "care").two = share(of_people);
}

fn care_share(s: &mut Scenario, of_packages: f64) {
    stream(s, "reablement", "care").share = share(of_packages);
}

/// The baseline with the prototype's staff and the prototype's rules where it had others: joint visits find both people
/// at one instant, planned visits are begun at most half an hour early (nursing: on time; therapy: four hours, which is
/// about its day), headroom is 22 % in all, and there are no bank holidays.
pub(super) fn as_the_prototype(s: &mut Scenario) {
    const STAFF: [(&str, [f64; 6]); 4] = [
        ("crisis-worker", [6.0, 3.5, 4.0, 6.0, 4.0, 4.0]),
        ("nurse", [6.5, 4.0, 4.5, 6.5, 4.0, 4.5]),
        ("therapist", [6.0, 3.5, 4.5, 6.5, 4.0, 4.5]),
        ("reablement-worker", [31.0, 18.0, 23.0, 31.0, 20.0, 23.0]),
    ];
    for (name, by_hub) in STAFF {
        let role = role(s, name);
        for (hub, wte) in s.hubs.iter_mut().zip(by_hub) {
            hub.staff[role] = Staffing::Wte(Wte::new(wte).unwrap());
        }
    }
    let crisis = pathway(s, "crisis");
    s.pathways[crisis].joint = Joint::Together;
    stream(s, "crisis-care", "care").tolerance = minutes(30);
    stream(s, "reablement", "care").tolerance = minutes(30);
    stream(s, "reablement", "nursing").tolerance = minutes(1);
    stream(s, "reablement", "therapy").tolerance = minutes(240);
    s.experiment.calendar = Calendar::new(date(2020, 6, 1), &[]);
    // Its staff are 22 % short of their contracts: 6 % at random, the rest planned.
    headroom(s, 1.0 - 0.78 / 0.94, 0.06);
}

/// The number of a stream among all streams of the scenario.
pub(super) fn stream_number(s: &Scenario, of: &str, name: &str) -> usize {
    let (package, stream) = stream_place(s, of, name);
    let before: usize = s.packages[..package].iter().map(|p| p.streams.len()).sum();
    before + stream
}

/// The place of a package, and of a stream in it.
pub(super) fn stream_place(s: &Scenario, of: &str, name: &str) -> (usize, usize) {
    let package = place(&s.packages, of, |p| &p.name);
    (package, place(&s.packages[package].streams, name, |x| &x.name))
}
