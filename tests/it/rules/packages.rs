//! Packages: streams drawn, who leads, when the clock stops, how long.

use crate::support::{
    Log, at, available, begins, clock, crew, daily, fixed, leavings, log, minutes, missed, need, package, package_ends,
    package_starts, pathway, pool, pool_between, role, run_log, scenario, sent, share, shift, stops, stream,
    stream_starts, times, trips, wte,
};
use homefirst::engine::Seen;
use homefirst::model::{
    ClockStops, Opening, OutOfHours, PackageId, Pattern, RoleId, Scenario, Staffing, Stream, WeekdaySet,
};
use homefirst::units::Span;

/// Roles carer 0, therapist 1, nurse 2.
fn world(streams: Vec<Stream>, length: i64, staff: Vec<Staffing>) -> Scenario {
    let roles = vec![role("carer"), role("therapist"), role("nurse")];
    scenario(
        roles,
        staff,
        vec![begins("p", 0)],
        vec![package("k", fixed(length), streams)],
    )
}

fn once(name: &str, role: usize) -> Stream {
    stream(name, role, Pattern::Once, fixed(30))
}

/// Days on which a role works in a pool of this many from Monday 1 June, by hour of the week.
fn from_day(day: usize, count: u32) -> Staffing {
    Staffing::Rota((0..168).map(|h| if h / 24 >= day { count } else { 0 }).collect())
}

fn roles_sent(log: &Log) -> Vec<usize> {
    trips(log).into_iter().map(|t| t.role).collect()
}

/// The carer is sent at 50 and needs 60 minutes; the therapist is sent at 65, when roads are free, and is there at once.
/// That visit begins first, so the package of one minute ends at 66, before the carer comes at 110:
/// the clock has stopped at 65 all the same.
#[test]
fn the_clock_stops_at_the_first_arrival_even_if_the_package_ends_before_the_first_sent_arrives() {
    let staff = vec![pool_between(50, 1440, 1), pool_between(65, 1440, 1), pool(0)];
    let mut s = world(vec![once("care", 0), once("therapy", 1)], 1, staff);
    s.pathways[0].standard.as_mut().unwrap().clock_stops = ClockStops::First;
    s.hubs[0].travel.round = fixed(60);
    s.hubs[0].travel.hours = Some((0..24).map(|hour| if hour == 0 { 1.0 } else { 0.0 }).collect());
    let (record, log) = run_log(&s, &[(at(0), 0)]);
    assert_eq!(sent(&log), [(1, 0, 50), (1, 1, 65)]);
    assert_eq!(package_ends(&log), [(1, 66)]);
    assert_eq!(stops(&log), [(1, 65 * 60_000, true)]);
    assert_eq!((record.pathways[0].referrals, record.pathways[0].seen), (1, 1));
}

/// All shares 0: the package gets the stream of the first role it starts with that it could have: the therapist's.
/// Nobody to start with: the first stream in the file.
#[test]
fn a_package_that_draws_no_stream_gets_its_first_starting_role() {
    let mut streams = vec![once("care", 0), once("therapy", 1), once("nursing", 2)];
    for s in &mut streams {
        s.share = share(0.0);
    }
    let mut s = world(streams, 1440, vec![pool(1); 3]);
    s.packages[0].starts_with = vec![RoleId(1), RoleId(0)];
    assert_eq!(sent(&log(&s, &[(at(0), 0)])), [(1, 1, 0)]);
    s.packages[0].starts_with = vec![];
    assert_eq!(sent(&log(&s, &[(at(0), 0)])), [(1, 0, 0)]);
}

/// Starts with therapist, then carer. Therapists come on day 2, carers are there. With therapy (share 1) the clock
/// stops at the therapist's visit, 2 x 1440; without (share 0) at the carer's, at once. Anyone's: at once both times.
#[test]
fn the_first_starting_role_that_it_has_is_the_lead() {
    for (therapy, rule, wait) in [
        (1.0, ClockStops::Lead, 2880),
        (0.0, ClockStops::Lead, 0),
        (1.0, ClockStops::First, 0),
        (0.0, ClockStops::First, 0),
    ] {
        let mut streams = vec![once("care", 0), once("therapy", 1)];
        streams[1].share = share(therapy);
        let mut s = world(streams, 14_400, vec![pool(1), from_day(2, 1), pool(0)]);
        s.packages[0].starts_with = vec![RoleId(1), RoleId(0)];
        s.pathways[0].standard.as_mut().unwrap().clock_stops = rule;
        assert_eq!(stops(&log(&s, &[(at(0), 0)])), [(1, minutes(wait).ms(), wait <= 120)]);
    }
}

/// The lead's visits are twice a day, given up after an hour; nobody works before Wednesday (day 2) 00:00. One visit
/// is offered, none is missed, and it is made at 2880. Only then come the regular ones, from after 2880.
#[test]
fn the_leads_first_visit_is_never_given_up_and_its_stream_waits() {
    let mut care = stream("care", 0, daily(2.0), fixed(30));
    (care.give_up, care.hours) = (minutes(60), Some((minutes(480), minutes(1200))));
    let mut s = world(vec![care], 14_400, vec![from_day(2, 9), pool(0), pool(0)]);
    // Saturday 6 June and Sunday have staff too; the window is a week so that Monday to Tuesday come once.
    s.experiment.run_length = Span::from_days(5);
    let log = log(&s, &[(clock(0, 9, 0), 0)]);
    let offered = available(&log);
    // first-after of an hour: at its next regular time, on Monday 10:00 or later.
    assert!(offered[0].2 >= clock(0, 10, 0) && offered[0].2 < clock(1, 8, 0));
    assert_eq!(trips(&log)[0].sent, at(2880));
    assert!(offered[1..].iter().all(|v| v.2 > at(2880)));
    assert!(missed(&log).is_empty());
    assert_eq!(stops(&log), [(1, minutes(2880 - 540).ms(), false)]);
}

/// By the week, the rest of the lead's stream is counted from the first visit: 7 a week from 2880 on: one on each of
/// days 3, 4, 5 and 6; those of days 7 and 8, Monday and Tuesday, when nobody works, move to Wednesday 00:00, the end.
#[test]
fn the_leads_stream_by_the_week_runs_from_its_first_visit() {
    let mut care = stream("care", 0, Pattern::PerWeek(7.0), fixed(30));
    care.hours = Some((minutes(480), minutes(1200)));
    let s = world(vec![care], 7 * 1440, vec![from_day(2, 9), pool(0), pool(0)]);
    let days: Vec<i64> = available(&log(&s, &[(clock(0, 9, 0), 0)]))
        .iter()
        .map(|v| v.2.day())
        .collect();
    // The first is asked for at once; the package lasts from 2 x 1440 to 9 x 1440.
    assert_eq!(days, [0, 3, 4, 5, 6]);
}

/// A therapist assesses at once, though the carers' stream (gated, no capacity) waits for room; and the other way
/// round, with the carer leading, the clock runs until day 14 after the window: unanswered.
#[test]
fn a_gated_lead_that_is_not_admitted_keeps_the_clock_running() {
    let mut care = stream("care", 0, daily(1.0), fixed(30));
    care.gated = true;
    let mut s = world(vec![care, once("therapy", 1)], 28_800, vec![pool(0), pool(1), pool(0)]);
    s.packages[0].starts_with = vec![RoleId(1), RoleId(0)];
    let (_, seen) = run_log(&s, &[(at(0), 0)]);
    assert_eq!((stops(&seen), stream_starts(&seen)), (vec![(1, 0, true)], vec![(1, 0)]));
    s.packages[0].starts_with = vec![RoleId(0), RoleId(1)];
    let (record, seen) = run_log(&s, &[(at(0), 0)]);
    assert_eq!((stops(&seen).len(), roles_sent(&seen)), (0, vec![1]));
    assert_eq!((record.pathways[0].referrals, record.pathways[0].unanswered), (1, 1));
}

/// The nurse's visit at 0 is the first of any stream: the package of two days ends at 2880, though the lead (the
/// therapist) comes at 600 only.
#[test]
fn the_length_runs_from_the_first_visit_of_any_stream() {
    let streams = vec![once("therapy", 1), once("nursing", 2)];
    let s = world(streams, 2880, vec![pool(0), pool_between(600, 1440, 1), pool(1)]);
    let log = log(&s, &[(at(0), 0)]);
    assert_eq!(sent(&log), [(1, 2, 0), (1, 1, 600)]);
    assert_eq!(
        (package_starts(&log), package_ends(&log)),
        (vec![(1, 0)], vec![(1, 2880)])
    );
}

/// With round travel of 20 the first visit is at 20 and the end at 20 + 2880.
#[test]
fn the_length_runs_from_the_home_not_from_the_road() {
    let mut s = world(vec![once("therapy", 1)], 2880, vec![pool(0), pool(1), pool(0)]);
    s.hubs[0].travel.round = fixed(20);
    assert_eq!(package_ends(&log(&s, &[(at(0), 0)])), [(1, 2900)]);
}

/// A package of 1440 whose lead comes after its end (day 3) stays open until that visit is over: 3 x 1440 + 30.
#[test]
fn a_package_stays_open_until_its_lead_has_been() {
    let streams = vec![once("therapy", 1), once("nursing", 2)];
    let s = world(streams, 1440, vec![pool(0), from_day(3, 1), pool(1)]);
    let log = log(&s, &[(at(0), 0)]);
    assert_eq!(
        (stops(&log), package_ends(&log)),
        (vec![(1, minutes(4320).ms(), false)], vec![(1, 4350)])
    );
}

/// Streams of one visit and by the week begin at once; by the day and at fixed times not before first-after.
#[test]
fn streams_start_at_once_or_at_their_next_time() {
    let mut slots = stream("slots", 0, times(&[600, 1080]), fixed(30));
    slots.first_after = minutes(120);
    let mut regular = stream("daily", 0, daily(12.0), fixed(30));
    regular.hours = Some((minutes(480), minutes(1200)));
    let streams = vec![
        once("once", 0),
        stream("weekly", 0, Pattern::PerWeek(2.0), fixed(30)),
        slots,
        regular,
    ];
    let log = log(
        &world(streams, 7 * 1440, vec![pool(9), pool(0), pool(0)]),
        &[(clock(0, 9, 0), 0)],
    );
    let first = |stream: usize| available(&log).iter().find(|v| v.1 == stream).map(|v| v.2).unwrap();
    assert_eq!((first(0), first(1)), (clock(0, 9, 0), clock(0, 9, 0)));
    // 09:00 + 2 h = 11:00: not 10:00 but 18:00.
    assert_eq!(first(2), clock(0, 18, 0));
    // Hourly from 08:00 with a phase: the first at 10:00 or within the hour after.
    assert!((clock(0, 10, 0)..clock(0, 11, 0)).contains(&first(3)));
}

/// Fixed slots 10:00 and 18:00, first-after two hours: asked for at 08:00, the first is at 10:00 exactly; at 08:01, at
/// 18:00; at 17:00, at 10:00 of the next day.
#[test]
fn fixed_slots_begin_first_after_away() {
    let first = |at| {
        let mut slots = stream("slots", 0, times(&[600, 1080]), fixed(30));
        slots.first_after = minutes(120);
        available(&log(
            &world(vec![slots], 1440, vec![pool(1), pool(0), pool(0)]),
            &[(at, 0)],
        ))[0]
            .2
    };
    assert_eq!(first(clock(0, 8, 0)), clock(0, 10, 0));
    assert_eq!(first(clock(0, 8, 1)), clock(0, 18, 0));
    assert_eq!(first(clock(0, 17, 0)), clock(1, 10, 0));
}

/// Released at once, not before opening: accepted at 20:00 by a pathway that opens at 08:00, with therapists at all
/// hours: the package starts at 20:00, the first visit is released on the next day at 08:00; the clock runs.
#[test]
fn first_visits_are_not_released_before_opening() {
    for pattern in [Pattern::Once, Pattern::PerWeek(2.0)] {
        let mut s = world(
            vec![stream("therapy", 1, pattern, fixed(30))],
            4320,
            vec![pool(0), pool(1), pool(0)],
        );
        s.pathways[0].opens = Some(Opening {
            from: minutes(480),
            to: minutes(1080),
            days: WeekdaySet::ALL,
        });
        s.pathways[0].out_of_hours = OutOfHours::Accept;
        let log = log(&s, &[(clock(0, 20, 0), 0)]);
        assert_eq!(package_starts(&log), [(1, 1200)]);
        assert_eq!(trips(&log)[0].sent, clock(1, 8, 0));
        assert_eq!(stops(&log)[0].1, minutes(720).ms());
    }
}

/// A package besides a response has no clock: no referral, no standard; its visits are all planned, and its length
/// (2000) runs from the first of them, 18:00 = 1080.
#[test]
fn a_package_besides_has_no_clock() {
    let mut first = pathway("crisis", vec![need(2, fixed(30))]);
    first.also = vec![(PackageId(0), share(1.0))];
    let mut slots = stream("slots", 0, times(&[600, 1080]), fixed(30));
    slots.first_after = minutes(120);
    let mut s = world(vec![slots], 2000, vec![pool(1), pool(0), pool(1)]);
    s.pathways = vec![first];
    let (record, log) = run_log(&s, &[(clock(0, 9, 0), 0)]);
    // Tolerance 60: sent when available. The first visit is at 17:00 = 1020, the end at 3020: 10:00 and 18:00 of day 1
    // and 10:00 of day 2 (3480) is beyond: three visits.
    let planned: Vec<_> = trips(&log).iter().filter(|t| t.role == 0).map(|t| t.sent).collect();
    assert_eq!(planned, [clock(0, 17, 0), clock(1, 9, 0), clock(1, 17, 0)]);
    assert_eq!(package_ends(&log), [(2, 3020)]);
    assert_eq!(
        (
            record.pathways[0].referrals,
            stops(&log).len(),
            record.packages[0].streams[0].planned
        ),
        (1, 1, 3)
    );
}

/// A package besides, of one visit that is missed (nobody works, given up after 240): nothing is to come, so it ends
/// then, and its place on the caseload is free.
#[test]
fn a_package_of_which_nothing_is_left_ends() {
    let mut first = pathway("crisis", vec![need(2, fixed(30))]);
    first.also = vec![(PackageId(0), share(1.0))];
    let mut s = world(vec![once("care", 0)], 2000, vec![pool(0), pool(0), pool(1)]);
    s.pathways = vec![first];
    s.hubs[0].caseload_limit = vec![Some(1)];
    let log = log(&s, &[(at(0), 0), (at(10), 0)]);
    assert_eq!(missed(&log), [(3, 270), (4, 510)]);
    assert_eq!(package_ends(&log), [(3, 270), (4, 510)]);
    assert!(leavings(&log).is_empty());
}

/// The first visit has a length of its own: 90, the others 30.
#[test]
fn the_first_visit_may_have_a_length_of_its_own() {
    let mut care = stream("care", 0, times(&[600]), fixed(30));
    care.first_length = Some(fixed(90));
    let s = world(vec![care], 3 * 1440, vec![pool(1), pool(0), pool(0)]);
    let lengths: Vec<Span> = trips(&log(&s, &[(at(0), 0)]))
        .iter()
        .map(|t| t.ends - t.begins)
        .collect();
    assert_eq!(lengths, [minutes(90), minutes(30), minutes(30)]);
}

/// Two streams with shifts: a shift role's first visit waits for the shift, like any work: asked at 06:00, on shift
/// from 08:00.
#[test]
fn a_visit_released_at_once_waits_for_staff() {
    let mut s = world(vec![once("care", 0)], 1440, vec![wte(1.0), pool(0), pool(0)]);
    s.roles[0] = crew("carer", vec![shift("day", 480, 960, 0)]);
    assert_eq!(sent(&log(&s, &[(at(360), 0)])), [(1, 0, 480)]);
}

/// Each stream is drawn by itself: of 400 people half have nursing and half have therapy, so about 100 have both, one,
/// the other, neither: between 65 and 135, all four with probability 0.999.
#[test]
fn streams_are_drawn_independently() {
    let mut streams = vec![once("care", 0), once("therapy", 1), once("nursing", 2)];
    (streams[1].share, streams[2].share) = (share(0.5), share(0.5));
    let s = world(streams, 1440, vec![pool(9); 3]);
    let log = log(&s, &(0..400).map(|n| (at(10 * n), 0)).collect::<Vec<_>>());
    let mut has = vec![0; 400];
    for (_, seen) in &log {
        if let Seen::StreamStarts { referral, stream, .. } = *seen {
            has[usize::try_from(referral).unwrap() - 1] |= 1 << stream;
        }
    }
    let cells = [0b001, 0b011, 0b101, 0b111].map(|bits| has.iter().filter(|&&h| h == bits).count());
    assert!(cells.iter().all(|n| (65..=135).contains(n)), "{cells:?}");
    assert_eq!(cells.iter().sum::<usize>(), 400);
}
