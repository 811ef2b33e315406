//! What may start late in a shift, and what is overtime.

use crate::support::{
    at, crew, fixed, log, minutes, missed, need, package, pathway, pool, role, run_log, scenario, sent, shift, stream,
    times, trips, wte,
};
use homefirst::model::{Scenario, Shift, ShiftEnd};
use homefirst::random::Distribution;
use homefirst::units::Span;

fn with(shifts: Vec<Shift>, end: ShiftEnd) -> Scenario {
    let mut w = crew("w", shifts);
    (w.shift_end, w.notes) = (end, minutes(10));
    let mut s = scenario(
        vec![w],
        vec![wte(1.0)],
        vec![pathway("p", vec![need(0, fixed(60))])],
        vec![],
    );
    s.hubs[0].travel.urgent = fixed(15);
    s
}

fn day() -> Vec<Shift> {
    vec![shift("day", 480, 960, 0)]
}

/// Sent at 950: home at 965, ends at 1025, notes to 1035: 10 minutes inside the shift, 75 of overtime. Then the person
/// leaves; what waits since 955 is for tomorrow, 1440 + 480.
#[test]
fn whatever_has_begun_is_finished_and_the_excess_is_overtime() {
    let mut s = with(day(), ShiftEnd::Finish);
    s.experiment.run_length = Span::from_days(1);
    let (record, log) = run_log(&s, &[(at(950), 0), (at(955), 0)]);
    assert_eq!(sent(&log), [(1, 0, 950), (2, 0, 1920)]);
    assert_eq!(trips(&log)[0].free, at(1035));
    let role = &record.roles[0];
    assert_eq!(
        (role.overtime_ms, role.busy_inside_ms()),
        (minutes(75).ms(), minutes(10).ms())
    );
    assert_eq!(role.available_ms(), minutes(480).ms());
}

/// Early to 960, late from 960. Early's last visit is 950 to 1035; late takes the next at 960.
#[test]
fn a_colleague_starts_while_the_first_finishes() {
    let shifts = vec![shift("early", 480, 960, 0), shift("late", 960, 1320, 0)];
    let log = log(&with(shifts, ShiftEnd::Finish), &[(at(950), 0), (at(955), 0)]);
    assert_eq!(sent(&log), [(1, 0, 950), (2, 0, 960)]);
    assert_eq!(trips(&log)[0].free, at(1035));
}

/// Mean travel 15 and mean length 60: 75, notes apart. At 885 the visit ends at 960: it may start. At 885 and a
/// millisecond it may not, and is for tomorrow.
#[test]
fn no_late_start() {
    let s = with(day(), ShiftEnd::NoLateStart);
    assert_eq!(sent(&log(&s, &[(at(885), 0)])), [(1, 0, 885)]);
    assert_eq!(sent(&log(&s, &[(at(885) + Span::from_ms(1), 0)])), [(1, 0, 1920)]);
}

/// By the mean, not by the draw: lengths from 20 to 100 have the mean 60; at 885 everybody may go, however long it takes,
/// and at 886 nobody, however short.
#[test]
fn no_late_start_goes_by_means() {
    let mut s = with(day(), ShiftEnd::NoLateStart);
    s.hubs[0].staff = vec![wte(20.0)];
    s.pathways[0].responses[0].needs[0].length = Distribution::uniform(minutes(20), minutes(100)).unwrap();
    let log = log(&s, &(0..40).map(|n| (at(885 + n % 2), 0)).collect::<Vec<_>>());
    assert_eq!(trips(&log).iter().filter(|t| t.sent == at(885)).count(), 20);
    assert_eq!(trips(&log).iter().filter(|t| t.sent == at(1920)).count(), 20);
    assert!(trips(&log)[..20].iter().any(|t| t.ends > at(960)) && trips(&log)[..20].iter().any(|t| t.ends < at(960)));
}

/// The one who stays until 1020 may still go at 900, though the other (to 960) may not. Then nobody.
#[test]
fn no_late_start_looks_at_each_person() {
    let shifts = vec![shift("early", 480, 960, 0), shift("late", 540, 1020, 0)];
    let log = log(&with(shifts, ShiftEnd::NoLateStart), &[(at(900), 0), (at(901), 0)]);
    assert_eq!(sent(&log), [(1, 0, 900), (2, 0, 1920)]);
}

/// A choice: what may not start keeps what is behind it in the same list waiting, even if that is short enough. The
/// long one came first (both in class 3); 30 minutes would do at 900, but it goes tomorrow after the long one.
#[test]
fn who_is_first_in_line_is_not_passed_at_the_end_of_the_shift() {
    let mut s = with(day(), ShiftEnd::NoLateStart);
    s.pathways.push(pathway("short", vec![need(0, fixed(30))]));
    s.hubs[0].referrals = vec![Default::default(); 2];
    // 1920 + 15 + 60 + 10 = 2005.
    assert_eq!(
        sent(&log(&s, &[(at(890), 0), (at(900), 1)])),
        [(1, 0, 1920), (2, 0, 2005)]
    );
}

/// The long one of 890 may not start and leaves at 900 (patience 10); the short one behind it, of 895, starts at 900, for
/// 900 + 15 + 30 = 945.
#[test]
fn who_stood_behind_one_who_left_may_start_at_once() {
    let mut s = with(day(), ShiftEnd::NoLateStart);
    s.pathways[0].patience = Some(fixed(10));
    s.pathways.push(pathway("short", vec![need(0, fixed(30))]));
    s.hubs[0].referrals = vec![Default::default(); 2];
    assert_eq!(sent(&log(&s, &[(at(890), 0), (at(895), 1)])), [(2, 0, 900)]);
}

/// A planned visit at 930 for 60 minutes with no travel could start until 900 at the latest, available from 930: never
/// on that day. Given up 240 after its time, at 1170. The next, at 930 of the day after, likewise.
#[test]
fn planned_visits_wait_for_the_next_shift_until_given_up() {
    let mut care = stream("care", 0, times(&[930]), fixed(60));
    care.tolerance = minutes(0);
    let mut first = pathway("p", vec![need(1, fixed(10))]);
    first.also = vec![(homefirst::model::PackageId(0), crate::support::share(1.0))];
    let mut w = crew("w", day());
    w.shift_end = ShiftEnd::NoLateStart;
    let mut s = scenario(
        vec![w, role("nurse")],
        vec![wte(1.0), pool(1)],
        vec![first.clone()],
        vec![package("k", fixed(2000), vec![care.clone()])],
    );
    s.experiment.run_length = Span::from_days(2);
    // Following ends with the window, for nobody is waiting.
    assert_eq!(missed(&log(&s, &[(at(500), 0)])), [(2, 1170), (2, 2610)]);
    // Until given up: with a day of patience it is done in the next shift, 1920, unless the stream's next visit comes.
    s.packages[0].streams[0].give_up = Span::DAY;
    let log = log(&s, &[(at(500), 0)]);
    assert_eq!(trips(&log)[1].sent, at(1920));
}

/// A choice: pools have no shift end to look at, so `no-late-start` holds nothing back there: a pool to 960 starts an
/// hour's work at 950. And the hours factor is not in the mean: at 885 with roads twice as slow from 14:00, 885 + 30 +
/// 60 = 975 ends after the shift, and starts.
#[test]
fn no_late_start_knows_neither_pools_nor_hours() {
    let mut s = with(day(), ShiftEnd::NoLateStart);
    s.hubs[0].travel.hours = Some((0..24).map(|h| if h >= 14 { 2.0 } else { 1.0 }).collect());
    let seen = log(&s, &[(at(885), 0)]);
    assert_eq!((trips(&seen)[0].sent, trips(&seen)[0].ends), (at(885), at(975)));
    s.hubs[0].staff = vec![crate::support::pool_between(480, 960, 1)];
    assert_eq!(sent(&log(&s, &[(at(950), 0)])), [(1, 0, 950)]);
}

/// Planned visits go by the mean of round travel, 20 here (15 for urgent travel): 20 + 60 = 80 before 960. A visit at 880
/// may start, one at 881 may not and is for tomorrow, 1920.
#[test]
fn no_late_start_of_a_planned_visit_goes_by_round_travel() {
    let sent_at = |slot: i64| {
        let mut s = planned(slot, None);
        s.hubs[0].travel.round = fixed(20);
        trips(&log(&s, &[(at(500), 0)]))[1].sent
    };
    assert_eq!((sent_at(880), sent_at(881)), (at(880), at(1920)));
}

/// A first visit of 120, the others of 60, no travel. The first, at 885, would end at 1005: it is for tomorrow, 1920.
/// The second, at 1440 + 885, ends at 1440 + 945 and may start.
#[test]
fn no_late_start_knows_the_length_of_a_first_visit() {
    let log = log(&planned(885, Some(120)), &[(at(500), 0)]);
    let sent: Vec<_> = trips(&log)[1..3].iter().map(|t| t.sent).collect();
    assert_eq!(sent, [at(1920), at(1440 + 885)]);
}

/// One worker 480 to 960 under `no-late-start`; a package besides a nurse's visit, with visits of 60 at `slot`, the first
/// perhaps of another length, given up after a day.
fn planned(slot: i64, first_length: Option<i64>) -> Scenario {
    let mut care = stream("care", 0, times(&[slot]), fixed(60));
    (care.tolerance, care.give_up, care.first_length) = (minutes(0), Span::DAY, first_length.map(fixed));
    let mut s = with(day(), ShiftEnd::NoLateStart);
    s.roles.push(role("nurse"));
    s.pathways = vec![pathway("p", vec![need(1, fixed(10))])];
    s.pathways[0].also = vec![(homefirst::model::PackageId(0), crate::support::share(1.0))];
    s.packages = vec![package("k", fixed(3000), vec![care])];
    (s.hubs[0].staff, s.hubs[0].caseload_limit) = (vec![wte(1.0), pool(1)], vec![None]);
    s.experiment.run_length = Span::from_days(3);
    s
}
