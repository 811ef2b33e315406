//! Leaving before anybody has been sent.

use crate::support::{
    at, available, begins, daily, fixed, leavings, log, minutes, need, package, package_ends, pathway, pool,
    pool_between, role, run_log, scenario, sent, share, stream,
};
use homefirst::model::{ClockStops, Outcome};

/// Nobody on shift, patience 40: gone at 40, a breach: counted, no hit, not seen. All who leave go to hospital here.
#[test]
fn leaving_is_a_breach_and_an_outcome() {
    let mut p = pathway("p", vec![need(0, fixed(30))]);
    (p.patience, p.on_leaving) = (Some(fixed(40)), vec![(Outcome::Hospital, share(1.0))]);
    let (record, log) = run_log(
        &scenario(vec![role("w")], vec![pool(0)], vec![p], vec![]),
        &[(at(0), 0)],
    );
    assert_eq!(leavings(&log), [(1, 40)]);
    let p = &record.pathways[0];
    assert_eq!(
        (p.referrals, p.hits, p.seen, p.left, p.unanswered, p.admissions),
        (1, 0, 0, 1, 0, 1)
    );
    assert_eq!(p.waiting_ms, minutes(40).ms());
}

/// Patience runs from clock start, triage inside: triage 50, patience 40, worker free: gone at 40, nobody is sent.
#[test]
fn patience_runs_during_triage() {
    let mut p = pathway("p", vec![need(0, fixed(30))]);
    (p.patience, p.triage) = (Some(fixed(40)), fixed(50));
    let log = log(
        &scenario(vec![role("w")], vec![pool(1)], vec![p], vec![]),
        &[(at(0), 0), (at(45), 0)],
    );
    assert_eq!((leavings(&log), sent(&log).len()), (vec![(1, 40), (2, 85)], 0));
}

/// Separate: A is sent at 5, so who waits for B (on shift from 300) stays, though patience was 40. The clock of the
/// lead B stops at 300, 295 after 5.
#[test]
fn a_person_whom_one_role_has_been_sent_to_stays_for_the_other() {
    let mut p = pathway("p", vec![need(0, fixed(30)), need(1, fixed(30))]);
    p.patience = Some(fixed(40));
    p.responses[0].lead = 1;
    let s = scenario(
        vec![role("a"), role("b")],
        vec![pool(1), pool_between(300, 1440, 1)],
        vec![p],
        vec![],
    );
    let (record, log) = run_log(&s, &[(at(5), 0)]);
    assert_eq!((leavings(&log).len(), sent(&log)), (0, vec![(1, 0, 5), (1, 1, 300)]));
    assert_eq!(record.pathways[0].wait_ms, minutes(295).ms());
}

/// The work of those who left is gone: worker from 100; the first (patience 40) left at 40, the second came at 90.
#[test]
fn nobody_is_sent_to_those_who_left() {
    let mut p = pathway("p", vec![need(0, fixed(30))]);
    p.patience = Some(fixed(40));
    let s = scenario(vec![role("w")], vec![pool_between(100, 1440, 1)], vec![p], vec![]);
    assert_eq!(sent(&log(&s, &[(at(0), 0), (at(90), 0)])), [(2, 0, 100)]);
}

/// A package: no therapist ever, patience one day: the referral leaves at 1440, its package ends, no visit is asked
/// for afterwards.
#[test]
fn a_package_never_visited_is_left_too() {
    let mut p = begins("p", 0);
    p.patience = Some(fixed(1440));
    let mut care = stream("care", 0, daily(2.0), fixed(30));
    care.hours = Some((minutes(480), minutes(1200)));
    let s = scenario(
        vec![role("w")],
        vec![pool(0)],
        vec![p],
        vec![package("k", fixed(14_400), vec![care])],
    );
    let (record, log) = run_log(&s, &[(at(0), 0)]);
    assert_eq!((leavings(&log), package_ends(&log)), (vec![(1, 1440)], vec![(1, 1440)]));
    assert!(available(&log).iter().all(|v| v.3 <= at(1440)));
    assert_eq!((record.pathways[0].left, record.pathways[0].unanswered), (1, 0));
}

/// A package whose clock stops at anyone's first visit: the nurse goes at 0, so nobody leaves, though the therapist
/// who leads never comes.
#[test]
fn patience_ends_with_the_first_visit_of_anyone() {
    let mut p = begins("p", 0);
    p.patience = Some(fixed(60));
    p.standard.as_mut().unwrap().clock_stops = ClockStops::First;
    let once = |name, role| stream(name, role, homefirst::model::Pattern::Once, fixed(30));
    let k = package("k", fixed(14_400), vec![once("therapy", 0), once("nursing", 1)]);
    let s = scenario(vec![role("t"), role("n")], vec![pool(0), pool(1)], vec![p], vec![k]);
    let (record, log) = run_log(&s, &[(at(0), 0)]);
    assert!(leavings(&log).is_empty());
    assert_eq!((record.pathways[0].seen, record.pathways[0].wait_ms), (1, 0));
}

/// Patience 300 for the start of a package. The therapist comes at 300: dispatch wins the tick. From 301 on: gone at 300.
#[test]
fn dispatch_wins_the_tick_for_packages_too() {
    let run = |from| {
        let mut p = begins("p", 0);
        p.patience = Some(fixed(300));
        let therapy = stream("therapy", 0, homefirst::model::Pattern::Once, fixed(30));
        let staff = vec![pool_between(from, 1440, 1)];
        let k = package("k", fixed(1440), vec![therapy]);
        let log = log(&scenario(vec![role("t")], staff, vec![p], vec![k]), &[(at(0), 0)]);
        (sent(&log), leavings(&log))
    };
    assert_eq!(run(300), (vec![(1, 0, 300)], vec![]));
    assert_eq!(run(301), (vec![], vec![(1, 300)]));
}
