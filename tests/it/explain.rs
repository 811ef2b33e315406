//! Switching causes off: where a cause is the only one, everybody is seen in time without it; and nothing else changes.

use std::sync::atomic::AtomicBool;

use homefirst::answers::causes::CauseMeasure;
use homefirst::answers::explain::{Switch, explain, simulations};
use homefirst::answers::run::{RunAnswer, RunRequest};
use homefirst::engine::{Cause, World, run};
use homefirst::model::{
    ClockStops, HubId, Joint, Opening, OutOfHours, PathwayId, Pool, Scenario, ShiftEnd, Staffing, WeekdaySet,
};
use homefirst::random::Distribution;
use homefirst::units::{PerDay, Span};

use crate::support::{
    begins, crew, daily, fixed, minutes, need, package, pathway, pool, role, scenario, share, shift, stream, wte,
};

const ALL: PathwayId = PathwayId(0);

/// Four referrals a day of the first pathway, for ten days; one visit of a minute by one of ten, always there.
fn small() -> Scenario {
    let mut s = scenario(
        vec![role("w")],
        vec![pool(10)],
        vec![pathway("p", vec![need(0, fixed(1))])],
        vec![],
    );
    s.experiment.run_length = Span::from_days(10);
    s.hubs[0].referrals[0] = PerDay::new(4.0).unwrap();
    s
}

fn asked(s: &Scenario) -> RunAnswer {
    let request = RunRequest {
        replications: 4,
        confidence: 0.95,
        threads: Some(1),
    };
    explain(s, request, &AtomicBool::new(false), &|| ()).unwrap()
}

/// Everybody misses the standard for one cause, and nobody without it.
#[track_caller]
fn the_only_cause(s: &Scenario, cause: Cause, switch: Switch) {
    let answer = asked(s);
    let share = |c| answer.cause(None, ALL, c, CauseMeasure::ShareOfMisses).unwrap().mean;
    let points = |c| answer.cause(None, ALL, c, CauseMeasure::Points).unwrap().mean;
    let one = |x: f64| (x - 1.0).abs() < 1e-12;
    assert!(
        one(share(Some(cause))) && one(share(None)) && one(points(None) / 100.0),
        "{cause:?}"
    );
    let found = answer
        .switched_off
        .iter()
        .find(|r| r.switch == switch && r.pathway == ALL);
    let found = found.unwrap();
    assert!(one(found.service_level.unwrap().mean), "{:?}", found.service_level);
    let change = found.change.unwrap();
    assert!(one(change.mean / 100.0) && change.half_width < 1e-9, "{change:?}");
}

#[test]
fn without_the_only_cause_everybody_is_seen_in_time() {
    let mut s = small();
    s.hubs[0].travel.urgent = fixed(150);
    the_only_cause(&s, Cause::Travel, Switch::Travel);
    let mut s = small();
    s.pathways[0].triage = fixed(150);
    the_only_cause(&s, Cause::Triage, Switch::Triage);
    let mut s = small();
    (s.roles[0], s.hubs[0].staff[0]) = (crew("w", vec![shift("day", 0, 1440, 0)]), wte(2.0));
    s.roles[0].headroom.absence = share(1.0);
    the_only_cause(&s, Cause::NobodyOnShift, Switch::Headroom);
    s.roles[0].headroom.absence = share(0.0);
    (s.roles[0].shift_end, s.hubs[0].staff[0]) = (ShiftEnd::NoLateStart, wte(200.0));
    s.pathways[0].responses[0].needs[0].length = fixed(1441);
    the_only_cause(&s, Cause::ShiftEnd, Switch::ShiftEnd);
}

#[test]
fn without_the_limit_every_package_begins_in_time() {
    let mut s = scenario(
        vec![role("w")],
        vec![pool(1000)],
        vec![begins("p", 0)],
        vec![package("k", fixed(14_400), vec![stream("v", 0, daily(24.0), fixed(1))])],
    );
    s.experiment.run_length = Span::from_days(10);
    s.hubs[0].referrals[0] = PerDay::new(4.0).unwrap();
    let mut limited = s.clone();
    limited.hubs[0].caseload_limit = vec![Some(0)];
    the_only_cause(&limited, Cause::NoRoom, Switch::Limits);
    (s.packages[0].streams[0].gated, s.packages[0].gate) = (true, 0.0);
    the_only_cause(&s, Cause::NoRoom, Switch::Limits);
}

/// The lead is there, who must come along never is free: at visits without end in another pathway.
#[test]
fn a_partner_who_never_runs_out_is_there() {
    let mut s = small();
    s.roles.push(role("partner"));
    s.hubs[0].staff.push(pool(1));
    s.pathways[0].responses[0].needs.push(need(1, fixed(1)));
    s.pathways[0].responses[0].needs[1].two = share(1.0);
    for (joint, stops) in [
        (Joint::Together, ClockStops::Lead),
        (Joint::Reserve, ClockStops::Lead),
        (Joint::Separate, ClockStops::All),
    ] {
        s.pathways[0].joint = joint;
        s.pathways[0].standard.as_mut().unwrap().clock_stops = stops;
        the_only_cause(&s, Cause::PartnerMissing, Switch::Partners);
    }
    s.pathways[0].joint = Joint::Separate;
    s.pathways[0].standard.as_mut().unwrap().clock_stops = ClockStops::Lead;
    assert_eq!(Switch::Partners.off(&s), None);
}

/// Two hubs with one team: who must come along is based at the other hub, where nobody is of the first one's own.
#[test]
fn a_partner_who_never_runs_out_is_there_in_a_pool_too() {
    let mut s = small();
    s.roles.push(role("partner"));
    s.hubs[0].staff.push(Staffing::NONE);
    s.pathways[0].responses[0].needs.push(need(1, fixed(1)));
    s.pathways[0].responses[0].needs[1].two = share(1.0);
    s.pathways[0].joint = Joint::Together;
    let mut second = s.hubs[0].clone();
    (second.name, second.staff) = ("second".into(), vec![pool(10), pool(1)]);
    s.hubs.push(second);
    s.pools.push(Pool {
        hubs: vec![HubId(0), HubId(1)],
        extra_travel: Span::ZERO,
    });
    the_only_cause(&s, Cause::PartnerMissing, Switch::Partners);
}

/// One person, whom planned visits of a higher class keep busy; others make them, and first responses are all in time.
#[test]
fn planned_visits_by_others_leave_staff_to_first_responses() {
    let mut s = small();
    s.hubs[0].staff[0] = pool(1);
    s.pathways.push(begins("q", 0));
    s.packages = vec![package(
        "k",
        fixed(14_400),
        vec![stream("v", 0, daily(20.0), fixed(300))],
    )];
    s.packages[0].priority = 1;
    (s.hubs[0].caseload_limit, s.pathways[1].priority) = (vec![None], 1);
    s.hubs[0].referrals.push(PerDay::new(2.0).unwrap());
    let answer = asked(&s);
    let found = answer
        .switched_off
        .iter()
        .find(|r| r.switch == Switch::PlannedVisits)
        .unwrap();
    assert!((found.service_level.unwrap().mean - 1.0).abs() < 1e-12);
    assert!(found.change.unwrap().low > 50.0, "{:?}", found.change);
}

/// Staff beyond need: who makes planned visits changes no wait, no length, and no number of visits.
#[test]
fn others_make_the_same_visits_of_the_same_people() {
    let mut s = small();
    let random = |mean| Distribution::exponential(minutes(mean)).unwrap();
    s.hubs[0].staff[0] = pool(5000);
    (s.hubs[0].travel.urgent, s.hubs[0].travel.round) = (random(60), random(60));
    s.pathways.push(begins("q", 0));
    s.packages = vec![package("k", random(5000), vec![stream("v", 0, daily(3.0), random(30))])];
    s.hubs[0].caseload_limit = vec![None];
    s.hubs[0].referrals.push(PerDay::new(2.0).unwrap());
    let off = Switch::PlannedVisits.off(&s).unwrap();
    let [one, other] = [&s, &off].map(|s| run(&World::new(s), 0, 3).hubs.remove(0));
    assert_eq!((one.pathways, one.packages), (other.pathways, other.packages));
    let visits = |r: &[homefirst::engine::RoleRecord]| r.iter().map(|r| r.visits).sum::<u64>();
    assert_eq!(visits(&one.roles), visits(&other.roles));
    assert!(other.roles[0].visits > 0 && other.roles[1].visits > 0);
}

#[test]
fn only_what_is_there_can_be_switched_off() {
    let s = small();
    assert!(Switch::ALL.iter().all(|switch| switch.off(&s).is_none()));
    assert_eq!((simulations(&s), asked(&s).switched_off.len()), (1, 0));
    let mut s = small();
    s.pathways[0].opens = Some(Opening {
        from: minutes(480),
        to: minutes(1200),
        days: WeekdaySet::ALL,
    });
    assert_eq!(
        Switch::OpeningHours.off(&s),
        None,
        "deferred: nobody waits for the door"
    );
    s.pathways[0].out_of_hours = OutOfHours::Accept;
    assert_eq!(Switch::OpeningHours.off(&s).unwrap().pathways[0].opens, None);
    assert_eq!(simulations(&s), 2);
}
