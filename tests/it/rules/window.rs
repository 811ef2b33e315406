//! What is counted: the window, the following, the bookkeeping at its edges.

use crate::support::{
    at, crew, fixed, minutes, need, pathway, pool, pool_between, role, run_log, scenario, sent, share, shift, stops,
    stream, times, waits_in, wte,
};
use homefirst::engine::Seen;
use homefirst::model::{PackageId, Scenario, Staffing};
use homefirst::units::Span;

/// A window of one day after a warm-up of one; visits of 60.
fn day(staff: Staffing) -> Scenario {
    let mut s = scenario(
        vec![role("w")],
        vec![staff],
        vec![pathway("p", vec![need(0, fixed(60))])],
        vec![],
    );
    (s.experiment.warm_up, s.experiment.run_length) = (Span::DAY, Span::DAY);
    s
}

/// A clock that starts at 0 counts, a millisecond before does not; a millisecond before 24:00 counts, at 24:00 not.
#[test]
fn clocks_that_start_inside_the_window_count() {
    let hair = Span::from_ms(1);
    for (start, counted) in [(at(0), 1), (at(0) - hair, 0), (at(1440) - hair, 1), (at(1440), 0)] {
        let (record, _) = run_log(&day(pool(1)), &[(start, 0)]);
        assert_eq!(
            (record.pathways[0].referrals, record.pathways[0].seen),
            (counted, counted),
            "{start:?}"
        );
        assert_eq!(record.pathways[0].declined, 0);
    }
}

/// By the clock, not by receipt: received on day -1 at 20:00, clock at day 0 08:00: counted.
#[test]
fn the_clock_counts_not_the_receipt() {
    let mut s = day(pool(1));
    let days = homefirst::model::WeekdaySet::ALL;
    s.pathways[0].opens = Some(homefirst::model::Opening {
        from: minutes(480),
        to: minutes(1080),
        days,
    });
    let (record, _) = run_log(&s, &[(at(-240), 0), (at(1200), 0)]);
    assert_eq!(record.pathways[0].referrals, 1);
    assert_eq!(record.pathways[0].wait_from_receipt_ms, minutes(720).ms());
}

/// Somebody of 23:50 (1430) is followed past the window while referrals go on: the worker comes at 1500; the one of
/// 1460, in class 1, goes first, 1500 to 1560; so the wait is 130, a miss. The later one does not count.
#[test]
fn arrivals_go_on_while_the_counted_are_followed() {
    let mut s = day(Staffing::Rota((0..168).map(|h| u32::from(h >= 25)).collect()));
    let mut urgent = pathway("urgent", vec![need(0, fixed(60))]);
    urgent.priority = 1;
    s.pathways.push(urgent);
    s.hubs[0].referrals = vec![Default::default(); 2];
    let (record, log) = run_log(&s, &[(at(1430), 0), (at(1460), 1)]);
    assert_eq!(sent(&log), [(2, 1 - 1, 1500), (1, 0, 1560)]);
    let p = &record.pathways[0];
    assert_eq!((p.referrals, p.seen, p.hits, p.wait_ms), (1, 1, 0, minutes(130).ms()));
    assert_eq!((record.pathways[1].referrals, record.pathways[1].seen), (0, 0));
    // The waiting inside the window is ten minutes, and one waits at its end.
    assert_eq!((p.waiting_ms, p.waiting_at), (minutes(10).ms(), [0, 1]));
}

/// Nobody ever comes. Followed 14 days after the window: a miss, reported as unanswered. In a bed from 12:00 of day 0
/// to day 15, 00:00: 14.5 days.
#[test]
fn after_fourteen_days_whatever_waits_is_a_miss() {
    let mut s = day(pool(0));
    waits_in(&mut s, 0, "ward", None);
    let (record, log) = run_log(&s, &[(at(720), 0)]);
    let p = &record.pathways[0];
    assert_eq!((p.referrals, p.hits, p.seen, p.left, p.unanswered), (1, 0, 0, 0, 1));
    assert!(
        log.iter()
            .any(|(_, seen)| matches!(seen, Seen::Unanswered { referral: 1, .. }))
    );
    assert_eq!(p.bed_ms, [Span::from_minutes(14 * 1440 + 720).ms()]);
    assert_eq!(p.waiting_ms, minutes(720).ms());
}

/// Following ends at day 15, 00:00 (window of a day plus 14). With a worker on Mondays from 23:00 only, day 14 is a
/// Monday: still seen there, an hour before the end. With Tuesdays from 00:00, day 15: too late.
#[test]
fn following_ends_after_fourteen_days_exactly() {
    let only = |hour: usize| Staffing::Rota((0..168).map(|h| u32::from(h == hour)).collect());
    let (record, log) = run_log(&day(only(23)), &[(at(1439), 0)]);
    // Day 0 is a Monday too; who comes at 23:59 finds the worker: so let the visit before keep him.
    assert_eq!((sent(&log)[0].2, record.pathways[0].seen), (1439, 1));
    let mut busy = day(only(23));
    busy.pathways[0].responses[0].needs[0].length = fixed(8 * 1440);
    let (record, log) = run_log(&busy, &[(at(1380), 0), (at(1439), 0)]);
    assert_eq!(sent(&log)[1].2, 14 * 1440 + 1380);
    assert_eq!((record.pathways[0].seen, record.pathways[0].unanswered), (2, 0));
    let mut late = day(only(24));
    late.pathways[0].responses[0].needs[0].length = fixed(9 * 1440);
    // Tuesdays: day 1 takes the first until day 10; then day 15, which is not followed any more.
    let (record, _) = run_log(&late, &[(at(700), 0), (at(701), 0)]);
    assert_eq!((record.pathways[0].seen, record.pathways[0].unanswered), (1, 1));
}

/// Warm-up and end: visits -30 to 30, 1410 to 1470: half an hour of each is inside: 60 of 1440 available, for a pool and
/// for people alike. The visits: one begins inside.
#[test]
fn staff_time_is_cut_at_the_edges() {
    for people in [false, true] {
        let mut s = day(if people { wte(1.0) } else { pool(1) });
        if people {
            s.roles[0] = crew("w", vec![shift("round", 720, 720, 0)]);
        }
        // Somebody to follow, until everything has been booked.
        let (record, _) = run_log(&s, &[(at(-30), 0), (at(1410), 0)]);
        let r = &record.roles[0];
        assert_eq!(
            (r.busy_inside_ms(), r.available_ms(), r.visits),
            (minutes(60).ms(), minutes(1440).ms(), 1)
        );
        // By hour of the week: Monday 00:00 and Monday 23:00.
        assert_eq!(
            (r.busy_by_hour[0], r.busy_by_hour[23]),
            (minutes(30).ms(), minutes(30).ms())
        );
        assert_eq!(r.available_by_hour[..24], [minutes(60).ms(); 24]);
        assert_eq!(r.available_by_hour[24..].iter().sum::<i64>(), 0);
    }
}

/// Overtime past the window is not booked: shift to 1430, visit 1420 to 1480: 10 inside, 10 of overtime in the window.
#[test]
fn overtime_is_cut_too() {
    let mut s = day(wte(1.0));
    s.roles[0] = crew("w", vec![shift("day", 480, 1430, 0)]);
    let (record, _) = run_log(&s, &[(at(1420), 0)]);
    let r = &record.roles[0];
    assert_eq!(
        (r.busy_inside_ms(), r.overtime_ms),
        (minutes(10).ms(), minutes(10).ms())
    );
}

/// Waiting across the start: clock at -60, worker from 30: waiting inside 30, one waits at 0; not counted as referral.
#[test]
fn waiting_is_integrated_over_the_window() {
    let mut s = day(pool_between(30, 600, 1));
    s.pathways[0].responses[0].needs[0].length = fixed(10);
    let (record, log) = run_log(&s, &[(at(-60), 0), (at(20), 0)]);
    assert_eq!(
        stops(&log).iter().map(|w| w.1).collect::<Vec<_>>(),
        [minutes(90).ms(), minutes(20).ms()]
    );
    let p = &record.pathways[0];
    assert_eq!(
        (p.referrals, p.waiting_ms, p.waiting_at),
        (1, minutes(30 + 20).ms(), [1, 0])
    );
}

/// Planned visits count if they begin inside: slots at 10:00 every day, from day -1 to the end: one in the window of a
/// day; missed ones by the instant at which they are given up.
#[test]
fn planned_visits_count_if_they_begin_inside() {
    let mut s = day(pool(1));
    s.pathways[0].also = vec![(PackageId(0), share(1.0))];
    let mut slots = stream("slots", 0, times(&[600]), fixed(30));
    slots.tolerance = minutes(0);
    s.packages = vec![crate::support::package("k", fixed(10 * 1440), vec![slots])];
    s.hubs[0].caseload_limit = vec![None];
    let (record, _) = run_log(&s, &[(at(-1400), 0)]);
    assert_eq!(
        (
            record.packages[0].streams[0].planned,
            record.packages[0].streams[0].late,
            record.packages[0].streams[0].missed
        ),
        (1, 0, 0)
    );
    s.hubs[0].staff = vec![pool_between(0, 120, 1)];
    let (record, _) = run_log(&s, &[(at(-1400), 0)]);
    assert_eq!(
        (
            record.packages[0].streams[0].planned,
            record.packages[0].streams[0].missed
        ),
        (0, 1)
    );
}

/// Hits and referrals by the hour of the week of the clock's start: Monday 07:50, seen at 08:00, a hit of the hour from
/// 07:00; Monday 09:50, a hit; Tuesday 00:01, a miss.
#[test]
fn counts_by_hour_are_of_the_clocks_start() {
    let mut s = day(pool_between(480, 960, 1));
    s.experiment.run_length = Span::from_days(2);
    let (record, _) = run_log(&s, &[(at(470), 0), (at(590), 0), (at(1441), 0)]);
    let p = &record.pathways[0];
    assert_eq!(
        (p.referrals_by_hour[7], p.hits_by_hour[7], p.hits_by_hour[8]),
        (1, 1, 0)
    );
    assert_eq!((p.referrals_by_hour[9], p.hits_by_hour[9]), (1, 1));
    assert_eq!((p.referrals_by_hour[24], p.hits_by_hour[24]), (1, 0));
    assert_eq!(p.referrals_by_hour.iter().sum::<u32>(), 3);
}

/// In a bed from 0 until seen at 60, or until gone at 40.
#[test]
fn a_bed_is_taken_until_somebody_comes_or_the_person_goes() {
    for (patience, bed) in [(None, 60), (Some(fixed(40)), 40)] {
        let mut s = day(pool_between(60, 1440, 1));
        s.pathways[0].patience = patience;
        waits_in(&mut s, 0, "ward", None);
        let (record, _) = run_log(&s, &[(at(0), 0)]);
        assert_eq!(record.pathways[0].bed_ms, [minutes(bed).ms()]);
    }
}

/// Nobody ever comes, 24 referrals a day: whoever counts is followed for 14 days after a window of one, and referrals go on
/// as long: on days 0 to 14, and on no later one. A day without any has probability e^-24.
#[test]
fn referrals_go_on_as_long_as_somebody_is_followed() {
    let mut s = day(pool(0));
    s.hubs[0].referrals[0] = homefirst::units::PerDay::new(24.0).unwrap();
    let mut log = crate::support::Log::new();
    let record = homefirst::engine::run_observed(&homefirst::engine::World::new(&s), 0, 0, &mut log);
    let days: std::collections::BTreeSet<i64> = log
        .iter()
        .filter(|(_, seen)| matches!(seen, Seen::ClockStarts { .. }))
        .map(|(at, _)| at.day())
        .collect();
    assert!(days.into_iter().eq(-1..15));
    let p = &record.hubs[0].pathways[0];
    assert!(p.referrals > 0 && p.referrals == p.unanswered);
}
