//! Planned visits: when they fall due, when they are late or missed.

use crate::support::{
    at, available, begins, clock, crew, daily, fixed, log, minutes, missed, need, package, pathway, pool, pool_between,
    role, run_log, scenario, share, shift, stream, times, trips, weekdays, wte,
};
use homefirst::model::{Calendar, DailyStart, PackageId, Pattern, RoleId, Scenario, Staffing, Stream};
use homefirst::units::{Instant, Span};
use jiff::civil::date;

/// A response of one minute by a nurse at `at`, then a package besides with these streams of the carer.
fn besides(streams: Vec<Stream>, length: i64, carers: Staffing) -> Scenario {
    let mut first = pathway("p", vec![need(1, fixed(0))]);
    first.also = vec![(PackageId(0), share(1.0))];
    scenario(
        vec![role("carer"), role("nurse")],
        vec![carers, pool(1)],
        vec![first],
        vec![package("k", fixed(length), streams)],
    )
}

fn in_hours(mut s: Stream, from: i64, to: i64) -> Stream {
    s.hours = Some((minutes(from), minutes(to)));
    s
}

fn visit_times(s: &Scenario, start: Instant) -> Vec<Instant> {
    available(&log(s, &[(start, 0)])).into_iter().map(|v| v.2).collect()
}

/// Three a day between 08:00 and 20:00: 240 minutes apart, at the same times every day, inside the hours; the phase is
/// drawn. Begun at 00:00, the first day has all three. Available an hour (the tolerance) before.
#[test]
fn visits_by_the_day_are_equally_spaced() {
    let s = besides(
        vec![in_hours(stream("care", 0, daily(3.0), fixed(30)), 480, 1200)],
        5 * 1440,
        pool(1),
    );
    let log = log(&s, &[(at(0), 0)]);
    let seen = available(&log);
    let first = seen[0].2;
    assert!((clock(0, 8, 0)..clock(0, 12, 0)).contains(&first));
    for (n, &(_, _, time, available)) in (0..).zip(&seen) {
        assert_eq!(time, first + Span::from_days(n / 3) + minutes(n % 3 * 240));
        assert_eq!(available, time - minutes(60));
    }
    // The first visit begins an hour early; five days from there are fifteen visits and not the sixteenth, whose time
    // is an hour after the end.
    assert_eq!(seen.len(), 15);
}

/// The stream's hours, if left out, are the shift hours of its role: 07:00 to 15:00 and 14:00 to 22:00, so 07 to 22:
/// five visits 180 minutes apart.
#[test]
fn the_hours_of_a_stream_are_its_roles_if_left_out() {
    let mut s = besides(vec![stream("care", 0, daily(5.0), fixed(30))], 2 * 1440, wte(3.0));
    s.roles[0] = crew("carer", vec![shift("early", 420, 900, 0), shift("late", 840, 1320, 0)]);
    let times = visit_times(&s, at(0));
    assert!((clock(0, 7, 0)..clock(0, 10, 0)).contains(&times[0]));
    assert!(times[..5].windows(2).all(|w| w[1] - w[0] == minutes(180)));
}

/// Different people have different phases: of 40 people's first visits (hours 08:00 to 20:00, one a day) at least 30
/// differ; a phase uniform over 12 hours of milliseconds repeats with probability below 0.0001.
#[test]
fn phases_are_drawn_per_person() {
    let s = besides(
        vec![in_hours(stream("care", 0, daily(1.0), fixed(1)), 480, 1200)],
        1440,
        pool(99),
    );
    let log = log(&s, &[(at(0), 0); 40]);
    let mut first: Vec<Instant> = available(&log).iter().filter(|v| v.2.day() == 0).map(|v| v.2).collect();
    assert_eq!(first.len(), 40);
    first.sort_unstable();
    first.dedup();
    assert!(first.len() >= 30);
}

/// Start 3, end 1, seven days: 3, 2.667, 2.333, 2, 1.667, 1.333, 1. With the fraction carried: 3 | 2 (0.667) | 3.0: 3
/// | 2 | 1 (0.667) | 2.0: 2 | 1: in all 14 = 7 x 2.
#[test]
fn a_taper_carries_its_fraction_to_the_next_day() {
    let taper = Pattern::PerDay {
        start: vec![DailyStart {
            visits: 3.0,
            share: share(1.0),
        }],
        end: Some(1.0),
    };
    let mut care = in_hours(stream("care", 0, taper, fixed(30)), 480, 1200);
    care.tolerance = minutes(0);
    let s = besides(vec![care], 7 * 1440, pool(1));
    let times = visit_times(&s, at(0));
    let by_day: Vec<usize> = (0..8).map(|d| times.iter().filter(|t| t.day() == d).count()).collect();
    // The package ends at the time of day of its first visit on day 7, whose own visit would be at the same phase of a
    // day with one visit; so day 7 has none or one. The first seven days are as listed.
    assert_eq!(by_day[..7], [3, 2, 3, 2, 1, 2, 1]);
}

/// The same, begun so late that one time of the first day is left: the taper is over the package's days all the same:
/// 1 of 3 | 2 | 3 | 2 | 1 | 2 | 1. Phase fixed by the first run: the last time of day 0, less an hour and a minute.
#[test]
fn a_late_start_gets_the_days_remaining_times_and_the_taper_of_its_days() {
    let taper = Pattern::PerDay {
        start: vec![DailyStart {
            visits: 3.0,
            share: share(1.0),
        }],
        end: Some(1.0),
    };
    let mut care = in_hours(stream("care", 0, taper, fixed(30)), 480, 1200);
    care.tolerance = minutes(30);
    let s = besides(vec![care], 7 * 1440, pool(1));
    // The same person (first of the list) whatever the time: the same phase.
    let all: Vec<Instant> = visit_times(&s, at(0)).into_iter().filter(|t| t.day() == 0).collect();
    assert_eq!(all.len(), 3);
    for (left, expected) in [(2, [2, 2, 3, 2, 1, 2, 1]), (1, [1, 2, 3, 2, 1, 2, 1])] {
        // First-after is an hour: begun exactly an hour before, that time is still made.
        let start = all[3 - left] - minutes(60);
        let times = visit_times(&s, start);
        assert_eq!(times[0], all[3 - left]);
        let by_day: Vec<usize> = (0..7).map(|d| times.iter().filter(|t| t.day() == d).count()).collect();
        assert_eq!(by_day, expected, "{left} left");
    }
    // A millisecond later, that time is gone, and the package's first day is the next: all three of a first day.
    let times = visit_times(&s, all[2] - minutes(60) + Span::from_ms(1));
    let by_day: Vec<usize> = (0..8).map(|d| times.iter().filter(|t| t.day() == d).count()).collect();
    assert_eq!(by_day[..8], [0, 3, 2, 3, 2, 1, 2, 1]);
}

/// A constant one and a half a day: 1, 2, 1, 2, 1, 2.
#[test]
fn half_visits_alternate() {
    let care = in_hours(stream("care", 0, daily(1.5), fixed(30)), 480, 1200);
    let times = visit_times(&besides(vec![care], 6 * 1440, pool(1)), at(0));
    let by_day: Vec<usize> = (0..6).map(|d| times.iter().filter(|t| t.day() == d).count()).collect();
    assert_eq!(by_day, [1, 2, 1, 2, 1, 2]);
}

/// The number at the start is drawn by share: share 0 of four, 1 of two.
#[test]
fn the_start_is_drawn_by_share() {
    let start = vec![
        DailyStart {
            visits: 4.0,
            share: share(0.0),
        },
        DailyStart {
            visits: 2.0,
            share: share(1.0),
        },
    ];
    let care = in_hours(
        stream("care", 0, Pattern::PerDay { start, end: None }, fixed(30)),
        480,
        1200,
    );
    let times = visit_times(&besides(vec![care], 2 * 1440, pool(1)), at(0));
    assert_eq!(times.iter().filter(|t| t.day() == 0).count(), 2);
}

/// Two a week, begun on Monday at 09:00: the first at once; then every 3.5 days: the day of Thursday 21:00, of Monday
/// 09:00, of Thursday 21:00: days 3, 7, 10, 14, each inside the hours.
#[test]
fn visits_by_the_week_are_seven_nths_of_days_apart() {
    let mut therapy = in_hours(stream("therapy", 0, Pattern::PerWeek(2.0), fixed(30)), 480, 1020);
    therapy.tolerance = minutes(0);
    let times = visit_times(&besides(vec![therapy], 15 * 1440, pool(1)), clock(0, 9, 0));
    assert_eq!(times.iter().map(|t| t.day()).collect::<Vec<_>>(), [0, 3, 7, 10, 14]);
    assert_eq!(times[0], clock(0, 9, 0));
    assert!(
        times[1..]
            .iter()
            .all(|t| (minutes(480)..minutes(1020)).contains(&t.time_of_day()))
    );
}

/// The role works Monday to Friday, 08:00 to 16:00. Five visits a week from Monday 09:00: every 1.4 days: Tuesday 18:36,
/// Thursday 04:12, Friday 13:48, Saturday 23:24: Saturday moves to Monday 08:00, the start of the next shift.
#[test]
fn visits_by_the_week_move_to_the_next_working_shift() {
    let mut day = shift("day", 480, 960, 0);
    day.days = weekdays();
    let mut therapy = stream("therapy", 0, Pattern::PerWeek(5.0), fixed(30));
    therapy.tolerance = minutes(0);
    let mut s = besides(vec![therapy], 8 * 1440, wte(2.0));
    s.roles[0] = crew("carer", vec![day]);
    let times = visit_times(&s, clock(0, 9, 0));
    assert_eq!(times[..4].iter().map(|t| t.day()).collect::<Vec<_>>(), [0, 1, 3, 4]);
    assert_eq!(times[4], clock(7, 8, 0));
    assert!(
        times[1..4]
            .iter()
            .all(|t| (minutes(480)..minutes(960)).contains(&t.time_of_day()))
    );
}

/// One visit at 10:00, tolerance 60. Available from 09:00 and done then if somebody is free. A carer from 11:00: begun
/// exactly at the tolerance, not late. With travel of a millisecond: late.
#[test]
fn early_from_the_tolerance_and_late_beyond_it() {
    let care = || {
        let mut care = stream("care", 0, times(&[600]), fixed(30));
        care.tolerance = minutes(60);
        care
    };
    let run = |carers: Staffing, travel: i64| {
        let mut s = besides(vec![care()], 600, carers);
        s.hubs[0].travel.round = homefirst::random::Distribution::fixed(Span::from_ms(travel));
        let (record, log) = run_log(&s, &[(at(0), 0)]);
        let role = &record.packages[0].streams[0];
        (trips(&log).last().unwrap().sent, role.planned, role.late, role.missed)
    };
    assert_eq!(run(pool(1), 0), (at(540), 1, 0, 0));
    assert_eq!(run(pool_between(660, 1440, 1), 0), (at(660), 1, 0, 0));
    assert_eq!(run(pool_between(660, 1440, 1), 1), (at(660), 1, 1, 0));
}

/// Visit at 10:00, given up 240 after: 14:00 = 840. Somebody from 14:00 still goes (dispatch wins the tick), late;
/// from 14:01 nobody does: missed at 840, counted, not done.
#[test]
fn missed_at_give_up() {
    let run = |from| {
        let s = besides(
            vec![stream("care", 0, times(&[600]), fixed(30))],
            600,
            pool_between(from, 1200, 1),
        );
        let mut s = s;
        s.experiment.run_length = Span::from_days(1);
        let (record, log) = run_log(&s, &[(at(0), 0)]);
        (
            missed(&log),
            record.packages[0].streams[0].planned,
            record.packages[0].streams[0].late,
            record.packages[0].streams[0].missed,
        )
    };
    assert_eq!(run(840), (vec![], 1, 1, 0));
    assert_eq!(run(841), (vec![(2, 840)], 0, 0, 1));
}

/// Visits at 10:00 and 12:00, give-up 240: the first is missed at 12:00, the stream's next visit; the second at 16:00.
/// A carer at 12:00 does one of them: the first, due first, wins the tick, then the second.
#[test]
fn missed_at_the_next_visit_if_sooner() {
    let run = |from| {
        let s = besides(
            vec![stream("care", 0, times(&[600, 720]), fixed(30))],
            600,
            pool_between(from, 1100, 1),
        );
        let mut s = s;
        s.experiment.run_length = Span::from_days(1);
        let log = log(&s, &[(at(0), 0)]);
        (
            missed(&log),
            trips(&log)[1..].iter().map(|t| (t.visit, t.sent)).collect::<Vec<_>>(),
        )
    };
    assert_eq!(run(1000), (vec![(2, 720), (2, 960)], vec![]));
    assert_eq!(run(720), (vec![], vec![(0, at(720)), (1, at(750))]));
    assert_eq!(run(721), (vec![(2, 720)], vec![(1, at(721))]));
}

/// Double-handed planned visits: two carers, all or nothing; the second may be a nurse. One carer, the nurse free: both
/// go at 09:00. One carer and no second role: nobody goes, missed at 14:00.
#[test]
fn double_handed_visits_are_all_or_nothing() {
    let run = |second: Vec<RoleId>| {
        let mut care = stream("care", 0, times(&[600]), fixed(30));
        (care.two, care.or_second) = (share(1.0), second);
        let mut s = besides(vec![care], 600, pool(1));
        s.experiment.run_length = Span::from_days(1);
        let log = log(&s, &[(at(0), 0)]);
        (
            trips(&log)[1..].iter().map(|t| (t.role, t.sent)).collect::<Vec<_>>(),
            missed(&log),
        )
    };
    assert_eq!(run(vec![RoleId(1)]), (vec![(0, at(540)), (1, at(540))], vec![]));
    assert_eq!(run(vec![]), (vec![], vec![(2, 840)]));
}

/// Two streams of one package need the same carer: by due time, 10:00 before 10:30, though both wait from 09:30 when
/// the carer comes.
#[test]
fn planned_visits_go_by_their_time() {
    let streams = vec![
        stream("later", 0, times(&[630]), fixed(30)),
        stream("sooner", 0, times(&[600]), fixed(30)),
    ];
    let s = besides(streams, 600, pool_between(570, 1440, 1));
    let log = log(&s, &[(at(0), 0)]);
    assert_eq!(
        trips(&log)[1..].iter().map(|t| (t.stream, t.sent)).collect::<Vec<_>>(),
        [(Some(1), at(570)), (Some(0), at(600))]
    );
}

/// A visit dispatched before its package ends is done; visits whose time lies at or after the end are not asked for.
/// First visit 10:00 of day 0 (tolerance 0), length exactly one day: the visit of day 1 at 10:00 is not made.
#[test]
fn visits_at_the_end_are_not_made() {
    let mut care = stream("care", 0, times(&[600]), fixed(30));
    care.tolerance = minutes(0);
    assert_eq!(
        visit_times(&besides(vec![care.clone()], 1440, pool(1)), at(0)),
        [at(600)]
    );
    assert_eq!(
        visit_times(&besides(vec![care], 1441, pool(1)), at(0)),
        [at(600), at(2040)]
    );
}

/// Fixed times on some days only: Tuesday and Wednesday out of a weekday set.
#[test]
fn fixed_times_follow_their_days() {
    let mut care = stream("care", 0, times(&[600]), fixed(30));
    let days = homefirst::model::WeekdaySet::NONE
        .with(homefirst::model::Weekday::Tue)
        .with(homefirst::model::Weekday::Wed);
    care.pattern = Pattern::At {
        times: vec![minutes(600)],
        days,
    };
    let mut s = besides(vec![care], 8 * 1440, pool(1));
    let expected = [clock(1, 10, 0), clock(2, 10, 0), clock(8, 10, 0)];
    assert_eq!(visit_times(&s, at(0)), expected);
    // The same through a pathway that begins the package.
    s.pathways = vec![begins("p", 0)];
    assert_eq!(visit_times(&s, at(0)), expected);
}

/// Sundays only, and Tuesday 2 June is a bank holiday: days 1 and 6.
#[test]
fn fixed_times_follow_bank_holidays() {
    let mut care = stream("care", 0, times(&[600]), fixed(30));
    care.pattern = Pattern::At {
        times: vec![minutes(600)],
        days: homefirst::model::WeekdaySet::NONE.with(homefirst::model::Weekday::Sun),
    };
    let mut s = besides(vec![care], 7 * 1440, pool(1));
    s.experiment.calendar = Calendar::new(date(2020, 6, 1), &[date(2020, 6, 2)]);
    assert_eq!(visit_times(&s, at(0)), [clock(1, 10, 0), clock(6, 10, 0)]);
}
