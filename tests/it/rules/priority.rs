//! Who is next: class, then due time, then sequence; and what waits in one list does not stop others.

use crate::support::{
    at, begins, clock, fixed, log, minutes, need, package, pathway, pool, pool_between, role, scenario, sent, share,
    stream, times, trips,
};
use homefirst::model::{Pattern, Standard, Within};

/// In one class by due time: who came at 0 is due at 120, who came at 10 with a one-hour standard at 70, who came at 5
/// in class 2 goes before both. Worker from 60, 30 minutes each: 60, 90, 120.
#[test]
fn class_then_due_time() {
    let mut short = pathway("short", vec![need(0, fixed(30))]);
    short.standard.as_mut().unwrap().within = Within::Time(minutes(60));
    let mut urgent = pathway("urgent", vec![need(0, fixed(30))]);
    urgent.priority = 2;
    let s = scenario(
        vec![role("w")],
        vec![pool_between(60, 1440, 1)],
        vec![pathway("p", vec![need(0, fixed(30))]), short, urgent],
        vec![],
    );
    assert_eq!(
        sent(&log(&s, &[(at(0), 0), (at(5), 2), (at(10), 1)])),
        [(2, 0, 60), (3, 0, 90), (1, 0, 120)]
    );
}

/// A planned visit at 10:00 (available from 09:00) and a package's first lead visit, asked for at 08:00, in one class.
/// The worker is free at 09:30. Due 1 h after clock start (09:00), the lead goes first; due after 3 h (11:00), the
/// planned visit does. Left to a standard of two hours (10:00), the tie goes by sequence: the lead asked at 08:00.
#[test]
fn first_visits_and_planned_visits_are_one_class_by_due_time() {
    for (start_due, first) in [(Some(60), 3), (Some(180), 2), (None, 3)] {
        let mut p = begins("p", 0);
        p.start_due = start_due.map(minutes);
        let mut response = pathway("crisis", vec![need(1, fixed(30))]);
        response.also = vec![(homefirst::model::PackageId(1), share(1.0))];
        let assessment = stream("assessment", 0, Pattern::Once, fixed(60));
        let visits = stream("visits", 0, times(&[600]), fixed(60));
        let s = scenario(
            vec![role("therapist"), role("nurse")],
            vec![pool_between(570, 1440, 1), pool(1)],
            vec![p, response],
            vec![
                package("reablement", fixed(1440), vec![assessment]),
                package("care", fixed(600), vec![visits]),
            ],
        );
        // Referral 1: the crisis, over at 06:30; 2: its package; 3: the package referred at 08:00.
        let log = log(&s, &[(clock(0, 6, 0), 1), (clock(0, 8, 0), 0)]);
        let order: Vec<u64> = trips(&log).iter().filter(|t| t.role == 0).map(|t| t.referral).collect();
        assert_eq!(order[0], first, "start due {start_due:?}");
        assert_eq!(trips(&log)[1].sent, clock(0, 9, 30));
    }
}

/// Due at clock start plus the standard, and "same day" is 24:00: who came at 20:00 is due at 24:00 and gives way to
/// who came at 21:00 with a two-hour standard, due at 23:00. With a standard of five hours (02:00) it goes first.
#[test]
fn the_same_day_is_due_at_midnight() {
    for (hours, first) in [(2, 2), (5, 1)] {
        let mut same_day = pathway("same day", vec![need(0, fixed(10))]);
        let standard: &mut Standard = same_day.standard.as_mut().unwrap();
        standard.within = Within::SameDay;
        let mut timed = pathway("timed", vec![need(0, fixed(10))]);
        timed.standard.as_mut().unwrap().within = Within::Time(minutes(60 * hours));
        let s = scenario(
            vec![role("w")],
            vec![pool_between(1320, 1440, 1)],
            vec![same_day, timed],
            vec![],
        );
        let log = log(&s, &[(clock(0, 20, 0), 0), (clock(0, 21, 0), 1)]);
        assert_eq!(sent(&log)[0], (first, 0, 1320), "{hours} h");
    }
}

/// Non-preemptive: an urgent one waits for the visit in progress, 0 to 60.
#[test]
fn nothing_is_interrupted() {
    let mut urgent = pathway("urgent", vec![need(0, fixed(10))]);
    urgent.priority = 1;
    let s = scenario(
        vec![role("w")],
        vec![pool(1)],
        vec![pathway("p", vec![need(0, fixed(60))]), urgent],
        vec![],
    );
    assert_eq!(sent(&log(&s, &[(at(0), 0), (at(1), 1)])), [(1, 0, 0), (2, 0, 60)]);
}

/// A planned visit has the class of its package: at 10:00, available from 09:00. A response in class 3, asked for at
/// 09:00, is due at 09:30. The worker comes at 09:30, an hour each: in class 2 the visit goes first, though due later.
#[test]
fn planned_visits_have_the_class_of_their_package() {
    for (class, first, second) in [(2, 2, 3), (3, 3, 2)] {
        let mut crisis = pathway("crisis", vec![need(1, fixed(30))]);
        crisis.also = vec![(homefirst::model::PackageId(0), share(1.0))];
        let mut response = pathway("response", vec![need(0, fixed(60))]);
        response.standard.as_mut().unwrap().within = Within::Time(minutes(30));
        let mut care = package("care", fixed(600), vec![stream("slots", 0, times(&[600]), fixed(60))]);
        care.priority = class;
        let s = scenario(
            vec![role("worker"), role("nurse")],
            vec![pool_between(570, 1440, 1), pool(1)],
            vec![crisis, response],
            vec![care],
        );
        // Referral 1 is the crisis, 2 its package, 3 the response.
        let sent = sent(&log(&s, &[(clock(0, 6, 0), 0), (clock(0, 9, 0), 1)]));
        assert_eq!(sent[1..], [(first, 0, 570), (second, 0, 630)], "class {class}");
    }
}

/// The lead's first visit has the class of its pathway, 1; the visits after it that of the package, 3. Slots at 200 and
/// 300, a response of class 2 since 0, one worker from 250, an hour a planned visit, half an hour the response: first
/// visit 250 to 310, response 310 to 340, second visit 340.
#[test]
fn the_leads_first_visit_has_the_class_of_its_pathway() {
    let mut p = begins("p", 0);
    (p.priority, p.start_due) = (1, Some(minutes(1000)));
    let mut response = pathway("response", vec![need(0, fixed(30))]);
    response.priority = 2;
    let mut slots = stream("slots", 0, times(&[200, 300]), fixed(60));
    slots.tolerance = minutes(0);
    let s = scenario(
        vec![role("worker")],
        vec![pool_between(250, 1440, 1)],
        vec![p, response],
        vec![package("k", fixed(600), vec![slots])],
    );
    let log = log(&s, &[(at(0), 1), (at(10), 0)]);
    assert_eq!(sent(&log), [(2, 0, 250), (1, 0, 310), (2, 0, 340)]);
}
