//! Pools: capacity only.

use crate::support::{at, clock, fixed, log, minutes, need, pathway, pool_between, role, run_log, scenario, sent};
use homefirst::engine::Seen;
use homefirst::model::{Calendar, PoolPiece, Scenario, Staffing};
use jiff::civil::date;

fn with(staff: Staffing) -> Scenario {
    scenario(
        vec![role("w")],
        vec![staff],
        vec![pathway("p", vec![need(0, fixed(60))])],
        vec![],
    )
}

/// Three to 30, then one. Three start at 0 and end at 60; one more waits from 10: at 60 none is busy: starts at 60.
/// Three start at 0, 10, 20 (end 60, 70, 80) instead: at 60 two are busy, at 70 one, at 80 none: only then.
#[test]
fn after_a_reduction_nothing_starts_while_as_many_are_busy_as_remain() {
    let piece = |from, to, count| PoolPiece {
        name: None,
        from: minutes(from),
        to: minutes(to),
        count,
    };
    let s = with(Staffing::OnShift(vec![piece(0, 30, 3), piece(30, 1440, 1)]));
    assert_eq!(
        sent(&log(&s, &[(at(0), 0), (at(0), 0), (at(0), 0), (at(10), 0)]))[3],
        (4, 0, 60)
    );
    let (record, log) = run_log(&s, &[(at(0), 0), (at(10), 0), (at(20), 0), (at(25), 0)]);
    assert_eq!(sent(&log)[3], (4, 0, 80));
    // Beyond capacity: 2 from 30 to 60, 1 from 60 to 70: 70 minutes; all in all 4 x 60.
    assert_eq!(record.roles[0].overtime_ms, minutes(70).ms());
    assert_eq!(record.roles[0].busy_inside_ms(), minutes(240 - 70).ms());
}

/// A pool from 22:00 to 06:00 is the same every night; in between there is nobody.
#[test]
fn a_piece_may_run_past_midnight_and_uncovered_time_is_nobody() {
    let s = with(pool_between(1320, 360, 1));
    let listed = [(clock(0, 5, 30), 0), (clock(0, 6, 0), 0), (clock(1, 0, 30), 0)];
    assert_eq!(sent(&log(&s, &listed)), [(1, 0, 330), (2, 0, 1320), (3, 0, 1470)]);
}

/// A rota of 168 hours: one worker on Monday 09:00 to 10:00 and one on Sunday 12:00 to 13:00. Monday 08:00 waits for
/// 09:00; Monday 10:00 for Sunday 12:00 (6 x 1440 + 720 = 9360). With Tuesday 2 June a bank holiday: Tuesday 12:00.
#[test]
fn a_rota_is_by_hour_of_the_week_and_bank_holidays_are_sundays() {
    let mut hours = vec![0; 168];
    (hours[9], hours[6 * 24 + 12]) = (1, 1);
    let mut s = with(Staffing::Rota(hours));
    let listed = [(clock(0, 8, 0), 0), (clock(0, 10, 0), 0)];
    assert_eq!(sent(&log(&s, &listed)), [(1, 0, 540), (2, 0, 9360)]);
    s.experiment.calendar = Calendar::new(date(2020, 6, 1), &[date(2020, 6, 2)]);
    assert_eq!(sent(&log(&s, &listed)), [(1, 0, 540), (2, 0, 1440 + 720)]);
}

/// What is seen of a pool's capacity: 2 from 08:00, 0 from 20:00, every day.
#[test]
fn capacity_changes_when_the_pieces_say() {
    let mut s = with(pool_between(480, 1200, 2));
    s.experiment.run_length = homefirst::units::Span::from_days(2);
    let (record, log) = run_log(&s, &[(clock(1, 20, 30), 0)]);
    let seen: Vec<(i64, u32)> = log
        .iter()
        .filter_map(|(at, seen)| match *seen {
            Seen::PoolChanges { capacity, .. } => Some((at.ms() / 60_000, capacity)),
            _ => None,
        })
        .collect();
    assert_eq!(seen[..5], [(0, 0), (480, 2), (1200, 0), (1920, 2), (2640, 0)]);
    assert_eq!(record.roles[0].available_ms(), minutes(2 * 2 * 720).ms());
}
