//! Opening hours, bank holidays, declined referrals.

use crate::support::{
    Log, at, clock, clock_starts, crew, fixed, leavings, log, minutes, need, pathway, pool, role, run_log, scenario,
    sent, share, shift, waits, weekdays, wte,
};
use homefirst::engine::Seen;
use homefirst::model::{Calendar, Opening, OutOfHours, Pathway, Scenario, Weekday, WeekdaySet};
use homefirst::units::{Instant, Span};
use jiff::civil::date;

/// Monday to Friday, 08:00 to 18:00.
fn office() -> Pathway {
    let mut p = pathway("p", vec![need(0, fixed(30))]);
    p.opens = Some(Opening {
        from: minutes(480),
        to: minutes(1080),
        days: weekdays(),
    });
    p
}

fn with(p: Pathway, staff: u32) -> Scenario {
    let mut s = scenario(vec![role("w")], vec![pool(staff)], vec![p], vec![]);
    s.hubs[0].travel.urgent = fixed(15);
    s
}

fn starts(log: &Log) -> Vec<i64> {
    clock_starts(log).into_iter().map(|s| s.1).collect()
}

/// Monday 07:00 waits for 08:00 (480); Monday 17:59:59.999 is open; Monday 18:00 is shut until Tuesday 08:00
/// (1440 + 480 = 1920); Friday 19:00 until Monday 08:00 (7 x 1440 + 480 = 10560).
#[test]
fn deferred_referrals_begin_at_the_next_opening() {
    let last = clock(0, 18, 0) - Span::from_ms(1);
    let log = log(
        &with(office(), 5),
        &[
            (clock(0, 7, 0), 0),
            (last, 0),
            (clock(0, 18, 0), 0),
            (clock(4, 19, 0), 0),
        ],
    );
    let at: Vec<Instant> = log
        .iter()
        .filter(|(_, seen)| matches!(seen, Seen::ClockStarts { .. }))
        .map(|(at, _)| *at)
        .collect();
    assert_eq!(at, [clock(0, 8, 0), last, clock(1, 8, 0), clock(7, 8, 0)]);
}

/// The same with Monday 8 June a bank holiday: a Sunday, so Tuesday 9 June 08:00 = 8 x 1440 + 480 = 12000.
/// Open on Sundays too, the holiday is a day like Sunday: Saturday 6 June 10:00 begins on Sunday, 6 x 1440 + 480.
#[test]
fn a_bank_holiday_counts_as_a_sunday() {
    let mut s = with(office(), 5);
    s.experiment.calendar = Calendar::new(date(2020, 6, 1), &[date(2020, 6, 8)]);
    assert_eq!(starts(&log(&s, &[(clock(4, 19, 0), 0)])), [12_000]);
    s.pathways[0].opens = Some(Opening {
        from: minutes(480),
        to: minutes(1080),
        days: WeekdaySet::NONE.with(Weekday::Sun),
    });
    assert_eq!(
        starts(&log(&s, &[(clock(5, 10, 0), 0), (clock(6, 19, 0), 0)])),
        [9_120, 10_560]
    );
}

/// Friday 19:00 to Monday 08:00 is 5 + 24 + 24 + 8 = 61 h. Triage 30 and travel 15 from there: the wait is 45 min,
/// from real receipt 61 h 45 min.
#[test]
fn triage_begins_at_the_opening_and_the_time_from_receipt_is_kept() {
    let mut p = office();
    p.triage = fixed(30);
    let (record, log) = run_log(&with(p, 1), &[(clock(4, 19, 0), 0)]);
    assert_eq!(sent(&log), [(1, 0, 10_590)]);
    assert_eq!(record.pathways[0].wait_ms, minutes(45).ms());
    assert_eq!(record.pathways[0].wait_from_receipt_ms, minutes(61 * 60 + 45).ms());
    let received = log.iter().find_map(|(_, seen)| match *seen {
        Seen::ClockStarts { received, .. } => Some(received),
        _ => None,
    });
    assert_eq!(received, Some(clock(4, 19, 0)));
}

/// Nobody on shift, patience 45: the deferred one leaves at Monday 08:45 = 10605.
#[test]
fn patience_begins_at_the_opening() {
    let mut p = office();
    p.patience = Some(fixed(45));
    assert_eq!(leavings(&log(&with(p, 0), &[(clock(4, 19, 0), 0)])), [(1, 10_605)]);
}

/// Under `accept` the clock starts at receipt, Friday 19:00 = 4 x 1440 + 1140 = 6900, and somebody is sent then.
#[test]
fn accepted_out_of_hours_everything_begins_at_once() {
    let mut p = office();
    p.out_of_hours = OutOfHours::Accept;
    let log = log(&with(p, 1), &[(clock(4, 19, 0), 0)]);
    assert_eq!((starts(&log), sent(&log)), (vec![6900], vec![(1, 0, 6900)]));
}

/// Two deferred to the same opening, one worker: who was received first (Friday) goes first, though listed last.
#[test]
fn deferred_referrals_queue_in_the_order_of_receipt() {
    let (_, log) = run_log(&with(office(), 1), &[(clock(5, 9, 0), 0), (clock(4, 19, 0), 0)]);
    let received: Vec<Instant> = log
        .iter()
        .filter_map(|(_, seen)| {
            if let Seen::ClockStarts { received, .. } = *seen {
                Some(received)
            } else {
                None
            }
        })
        .collect();
    assert_eq!(received, [clock(4, 19, 0), clock(5, 9, 0)]);
    assert_eq!(sent(&log), [(1, 0, 10_560), (2, 0, 10_605)]);
}

/// Declined: counted as such, and nothing else: no clock, no visit, no referral.
#[test]
fn declined_referrals_cost_nothing_else() {
    let mut p = pathway("p", vec![need(0, fixed(30))]);
    p.declined = share(1.0);
    let (record, log) = run_log(&with(p, 1), &[(at(10), 0), (at(20), 0)]);
    let p = &record.pathways[0];
    assert_eq!((p.declined, p.referrals, p.seen, p.left, p.unanswered), (2, 0, 0, 0, 0));
    assert_eq!((sent(&log).len(), record.roles[0].busy_inside_ms()), (0, 0));
}

/// A weekday shift does not run on the bank holiday Monday 8 June: Monday 09:00 is seen on Tuesday at 08:00.
/// Two different days of work: the Sunday shift (600 to 720) is what runs on the bank holiday.
#[test]
fn rotas_follow_bank_holidays() {
    let mut day = shift("day", 480, 960, 0);
    day.days = weekdays();
    let mut sunday = shift("sunday", 600, 720, 0);
    sunday.days = WeekdaySet::NONE.with(Weekday::Sun);
    let p = || pathway("p", vec![need(0, fixed(30))]);
    let mut s = scenario(vec![crew("w", vec![day.clone()])], vec![wte(1.0)], vec![p()], vec![]);
    s.experiment.calendar = Calendar::new(date(2020, 6, 1), &[date(2020, 6, 8)]);
    assert_eq!(sent(&log(&s, &[(clock(7, 9, 0), 0)])), [(1, 0, 8 * 1440 + 480)]);
    s.roles = vec![crew("w", vec![day, sunday])];
    assert_eq!(sent(&log(&s, &[(clock(7, 9, 0), 0)])), [(1, 0, 7 * 1440 + 600)]);
    assert_eq!(waits(&log(&s, &[(clock(7, 9, 0), 0)])), [Some(60)]);
}
