//! The caseload limit: the whole start waits.

use crate::support::{
    at, available, begins, fixed, leavings, log, minutes, package, package_ends, package_starts, pool, role, run_log,
    scenario, sent, stops, stream,
};
use homefirst::model::{Pattern, Scenario};

/// One visit of 30 by a therapist, packages of 600, at most `limit` open.
fn world(limit: Option<u32>) -> Scenario {
    let k = package("k", fixed(600), vec![stream("therapy", 0, Pattern::Once, fixed(30))]);
    let mut urgent = begins("urgent", 0);
    urgent.priority = 2;
    let mut s = scenario(vec![role("t")], vec![pool(9)], vec![begins("p", 0), urgent], vec![k]);
    s.hubs[0].caseload_limit = vec![limit];
    s
}

/// Limit 1: the first is open 0 to 600; the second starts at 600, ends at 1200; the third, urgent, asked for at 20, goes
/// before the second asked for at 10: urgent 600 to 1200, then 1200. Nothing is asked for before: the start waits.
#[test]
fn starts_wait_for_a_place_in_order_of_class_and_due_time() {
    let (record, log) = run_log(&world(Some(1)), &[(at(0), 0), (at(10), 0), (at(20), 1)]);
    assert_eq!(package_starts(&log), [(1, 0), (3, 600), (2, 1200)]);
    assert_eq!(package_ends(&log)[..2], [(1, 600), (3, 1200)]);
    assert_eq!(
        available(&log).iter().map(|v| v.3).collect::<Vec<_>>(),
        [at(0), at(600), at(1200)]
    );
    // The clock runs while they wait: 0, 580, 1190.
    let waits = [
        (1, 0, true),
        (3, minutes(580).ms(), false),
        (2, minutes(1190).ms(), false),
    ];
    assert_eq!(stops(&log), waits);
    assert_eq!(record.packages[0].started, 3);
}

/// Without a limit all start at once; with a limit of two the third waits for the first end, 600.
#[test]
fn the_limit_is_a_number_of_open_packages() {
    let listed = [(at(0), 0), (at(10), 0), (at(20), 0)];
    assert_eq!(package_starts(&log(&world(None), &listed)), [(1, 0), (2, 10), (3, 20)]);
    assert_eq!(
        package_starts(&log(&world(Some(2)), &listed)),
        [(1, 0), (2, 10), (3, 600)]
    );
}

/// Whoever leaves the queue (patience 100, asked for at 10, gone at 110) takes no place; the third starts at 600.
#[test]
fn who_leaves_the_queue_takes_no_place() {
    let mut s = world(Some(1));
    s.pathways[0].patience = Some(fixed(100));
    let log = log(&s, &[(at(0), 0), (at(10), 0), (at(20), 1)]);
    assert_eq!(
        (leavings(&log), package_starts(&log)),
        (vec![(2, 110)], vec![(1, 0), (3, 600)])
    );
    assert_eq!(sent(&log), [(1, 0, 0), (3, 0, 600)]);
}

/// Open packages over the window: 0 to 600 and 600 to 1200 under the limit: 1200 minutes, cut to a window of 900.
/// A place is taken from the start, not from the first visit: with travel of 60 the second is open from 660.
#[test]
fn open_packages_are_counted_from_start_to_end() {
    let mut s = world(Some(1));
    s.experiment.run_length = minutes(900);
    let (record, _) = run_log(&s, &[(at(0), 0), (at(10), 0)]);
    assert_eq!(record.packages[0].open_ms, minutes(900).ms());
    assert_eq!(record.packages[0].streams[0].open_ms, minutes(900).ms());
    s.hubs[0].travel.round = fixed(60);
    let (_, log) = run_log(&s, &[(at(0), 0), (at(10), 0)]);
    assert_eq!(package_starts(&log), [(1, 0), (2, 660)]);
}

/// The limit is of the packages of one name: one place for `k` and one for `l`. `k` at 0, `l` at 10, `k` at 20: the
/// third waits for the first end, 600, whatever becomes of `l`.
#[test]
fn each_package_has_a_limit_of_its_own() {
    let mut s = world(Some(1));
    let mut other = s.packages[0].clone();
    other.name = "l".into();
    s.packages.push(other);
    s.pathways[1] = begins("q", 1);
    s.hubs[0].caseload_limit = vec![Some(1); 2];
    let log = log(&s, &[(at(0), 0), (at(10), 1), (at(20), 0)]);
    assert_eq!(package_starts(&log), [(1, 0), (2, 10), (3, 600)]);
}
