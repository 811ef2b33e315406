//! What happens first at one instant.

use crate::support::{
    at, clock, crew, fixed, leavings, log, minutes, need, pathway, pool, role, scenario, sent, shift, waits, wte,
};
use homefirst::units::Span;

/// One worker, 60 min each. A comes at 0 and is over at 60, when B comes: the visit ends first, B waits 0.
#[test]
fn a_visit_ends_before_the_work_of_its_instant_starts() {
    let s = scenario(
        vec![role("w")],
        vec![pool(1)],
        vec![pathway("p", vec![need(0, fixed(60))])],
        vec![],
    );
    assert_eq!(waits(&log(&s, &[(at(0), 0), (at(60), 0)])), [Some(0), Some(0)]);
}

/// Shift 480 to 960. Who comes at 480 is seen at once; who comes at 960 finds nobody and is seen at 1440 + 480.
#[test]
fn staff_come_and_go_before_the_work_of_their_instant_starts() {
    let s = scenario(
        vec![crew("w", vec![shift("day", 480, 960, 0)])],
        vec![wte(1.0)],
        vec![pathway("p", vec![need(0, fixed(60))])],
        vec![],
    );
    assert_eq!(
        sent(&log(&s, &[(at(480), 0), (at(960), 0)])),
        [(1, 0, 480), (2, 0, 1920)]
    );
}

/// One worker. Both come at 0, the less urgent one listed first: all arrive before any start, so 2 goes at 0, 1 at 30.
#[test]
fn everybody_of_an_instant_arrives_before_anybody_is_sent() {
    let mut urgent = pathway("urgent", vec![need(0, fixed(30))]);
    urgent.priority = 1;
    let s = scenario(
        vec![role("w")],
        vec![pool(1)],
        vec![pathway("p", vec![need(0, fixed(30))]), urgent],
        vec![],
    );
    assert_eq!(sent(&log(&s, &[(at(0), 0), (at(0), 1)])), [(2, 0, 0), (1, 0, 30)]);
}

/// One worker busy 0 to 60; the second waits from 10 with patience 50, over at 60, when the worker is free: sent.
/// With one millisecond less of patience: gone.
#[test]
fn at_the_tick_at_which_patience_ends_dispatch_wins() {
    let mut p = pathway("p", vec![need(0, fixed(60))]);
    p.patience = Some(fixed(50));
    let mut s = scenario(vec![role("w")], vec![pool(1)], vec![p], vec![]);
    let listed = [(at(0), 0), (at(10), 0)];
    assert_eq!(sent(&log(&s, &listed)), [(1, 0, 0), (2, 0, 60)]);
    s.pathways[0].patience = Some(homefirst::random::Distribution::fixed(minutes(50) - Span::from_ms(1)));
    let log = log(&s, &listed);
    assert_eq!(sent(&log), [(1, 0, 0)]);
    assert_eq!(waits(&log), [Some(0), None]);
}

/// Three of one class at one instant go in the order in which they came: at 0, 30 and 60.
#[test]
fn ties_go_by_sequence() {
    let s = scenario(
        vec![role("w")],
        vec![pool(1)],
        vec![pathway("p", vec![need(0, fixed(30))])],
        vec![],
    );
    assert_eq!(sent(&log(&s, &[(at(5), 0); 3])), [(1, 0, 5), (2, 0, 35), (3, 0, 65)]);
}

/// Triage 20 of somebody who came at 0 is over at 20, when another comes without triage and the worker comes on
/// shift: both ask before the worker starts; the first came first by due time (120 against 140).
#[test]
fn the_end_of_triage_is_an_arrival() {
    let mut slow = pathway("slow", vec![need(0, fixed(30))]);
    slow.triage = fixed(20);
    let s = scenario(
        vec![crew("w", vec![shift("day", 20, 960, 0)])],
        vec![wte(1.0)],
        vec![slow, pathway("p", vec![need(0, fixed(30))])],
        vec![],
    );
    assert_eq!(sent(&log(&s, &[(at(0), 0), (at(20), 1)])), [(1, 0, 20), (2, 0, 50)]);
}

/// The warm-up is negative time from an empty system: who comes 30 minutes before tick 0 is seen then.
#[test]
fn the_warm_up_is_negative_time() {
    let mut s = scenario(
        vec![role("w")],
        vec![pool(1)],
        vec![pathway("p", vec![need(0, fixed(60))])],
        vec![],
    );
    s.experiment.warm_up = Span::from_days(1);
    let log = log(&s, &[(at(-30), 0), (clock(0, 0, 10), 0)]);
    assert_eq!(sent(&log), [(1, 0, -30), (2, 0, 30)]);
    assert!(leavings(&log).is_empty());
}
