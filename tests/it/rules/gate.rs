//! The gate: gated streams wait for room.

use crate::support::{
    Log, at, begins, clock, crew, daily, fixed, leavings, log, minutes, package, pool, pool_between, role, scenario,
    share, shift, stream, trips, whole, wte,
};
use homefirst::engine::Seen;
use homefirst::model::{Calendar, DailyStart, GateHolds, Pattern, RoleId, Scenario, Staffing, Stream};
use jiff::civil::date;

/// Carers (role 0) gated; a therapist (role 1, always there) leads. Pathway and package `n` have care of pattern `n`.
fn world(patterns: Vec<Pattern>, length: i64, gate: f64, carers: Staffing) -> Scenario {
    let names = ["p0", "p1", "p2", "p3"];
    let packages = patterns.into_iter().zip(names).map(|(pattern, name)| {
        let mut care = stream("care", 0, pattern, fixed(30));
        care.gated = true;
        let mut k = package(
            name,
            fixed(length),
            vec![stream("therapy", 1, Pattern::Once, fixed(10)), care],
        );
        (k.gate, k.starts_with) = (gate, vec![RoleId(1)]);
        k
    });
    let packages: Vec<_> = packages.collect();
    let pathways = names[..packages.len()]
        .iter()
        .enumerate()
        .map(|(n, name)| begins(name, n))
        .collect();
    scenario(
        vec![role("carer"), role("therapist")],
        vec![carers, pool(50)],
        pathways,
        packages,
    )
}

/// (referral, minute) at which care was admitted.
fn admitted(log: &Log) -> Vec<(u64, i64)> {
    log.iter()
        .filter_map(|&(at, seen)| match seen {
            Seen::StreamStarts { referral, stream, .. } if stream % 2 == 1 => Some((referral, at.ms() / 60_000)),
            _ => None,
        })
        .collect()
}

/// Notes 5, round travel 10, length 30: 45; a fifth for admin: 45 / 0.8 = 56.25 a visit, 112.5 a day for two.
fn charged(mut s: Scenario) -> Scenario {
    (s.roles[0].notes, s.roles[0].admin_share) = (minutes(5), share(0.2));
    s.hubs[0].travel.round = fixed(10);
    s
}

/// Capacity 08:00 to 16:00: 480. Three packages are 337.5 = 480 x 45/64: with that gate three fit exactly, with a gate
/// a millisecond narrower two. The fourth is admitted on day 1: the packages (two days from 00:10) are charged for
/// days 0 and 1; at 1440 the next full day is day 2, which is empty.
#[test]
fn the_charge_is_exact_to_the_millisecond() {
    let run = |gate| {
        let s = charged(world(vec![daily(2.0)], 2880, gate, pool_between(480, 960, 1)));
        admitted(&log(&s, &[(at(0), 0); 4]))
    };
    assert_eq!(run(45.0 / 64.0), [(1, 0), (2, 0), (3, 0), (4, 1440)]);
    assert_eq!(
        run((337.5 * 60_000.0 - 1.0) / (480.0 * 60_000.0)),
        [(1, 0), (2, 0), (3, 1440), (4, 1440)]
    );
}

/// Gate 0.75: 360. Three take 337.5, a fourth does not fit. Two visits a week are 2/7 x 56.25 = 16.07: fit: 353.57.
/// Another such: 369.6, does not. The packages last ten days from day 0: on day 9, 12960, the next full day is empty.
#[test]
fn a_smaller_start_passes_a_bigger_one() {
    let s = charged(world(
        vec![daily(2.0), Pattern::PerWeek(2.0)],
        14_400,
        0.75,
        pool_between(480, 960, 1),
    ));
    let listed = [(at(0), 0), (at(0), 0), (at(0), 0), (at(1), 0), (at(2), 1), (at(3), 1)];
    assert_eq!(
        admitted(&log(&s, &listed)),
        [(1, 0), (2, 0), (3, 0), (5, 2), (4, 12_960), (6, 12_960)]
    );
}

/// Double-handed people are charged twice: 225; of 480 x 0.75 = 360 one fits, until day 9
/// (the package is charged for ten days).
#[test]
fn two_people_are_charged_twice() {
    let mut s = charged(world(vec![daily(2.0)], 14_400, 0.75, pool_between(480, 960, 1)));
    s.packages[0].streams[1].two = share(1.0);
    assert_eq!(admitted(&log(&s, &[(at(0), 0), (at(0), 0)])), [(1, 0), (2, 12_960)]);
}

/// Capacity is net of headroom and breaks: one person 08:00 to 16:00 with half an hour unpaid and 20 % absence:
/// 450 x 0.8 = 360 = twelve visits of 30. Twelve a day fit, 12.01 never do.
#[test]
fn capacity_is_net_of_headroom_and_breaks() {
    let run = |visits| {
        let mut s = world(vec![daily(visits)], 1440, 1.0, wte(1.0));
        s.roles[0] = crew("carer", vec![shift("day", 480, 960, 30)]);
        s.roles[0].headroom.absence = share(0.2);
        admitted(&log(&s, &[(at(0), 0)]))
    };
    assert_eq!((run(12.0), run(12.01)), (vec![(1, 0)], vec![]));
}

fn but(day: usize) -> Staffing {
    Staffing::Rota(
        (0..168)
            .map(|h| u32::from(h / 24 != day && (8..16).contains(&(h % 24))))
            .collect(),
    )
}

/// No carers on Tuesdays. Asked for on Monday: the next full day has no capacity. At Tuesday 00:00 it is Wednesday's:
/// admitted at 1440. With Wednesday 3 June a bank holiday and nobody on Sundays but on Tuesdays: asked for on Tuesday
/// 09:00, admitted on Wednesday 00:00 = 2880.
#[test]
fn a_new_day_admits() {
    let mut s = world(vec![daily(2.0)], 14_400, 1.0, but(1));
    assert_eq!(admitted(&log(&s, &[(clock(0, 9, 0), 0)])), [(1, 1440)]);
    (s.hubs[0].staff[0], s.experiment.calendar) = (but(6), Calendar::new(date(2020, 6, 1), &[date(2020, 6, 3)]));
    assert_eq!(admitted(&log(&s, &[(clock(0, 9, 0), 0)])), [(1, 540)]);
    assert_eq!(admitted(&log(&s, &[(clock(1, 9, 0), 0)])), [(1, 2880)]);
}

/// No therapists: nobody is visited before 08:00. The first is admitted at 0, the second does not fit (2 x 60 over 60);
/// the first leaves at 300: its package ends, the second is admitted then.
#[test]
fn the_end_of_a_package_admits() {
    let mut s = world(vec![daily(2.0)], 14_400, 0.125, pool_between(480, 960, 1));
    s.hubs[0].staff[1] = pool(0);
    s.pathways[0].patience = Some(fixed(300));
    let log = log(&s, &[(at(0), 0), (at(10), 0)]);
    assert_eq!(
        (admitted(&log), leavings(&log)),
        (vec![(1, 0), (2, 300)], vec![(1, 300), (2, 310)])
    );
}

fn tapering(from: f64, to: f64) -> Pattern {
    Pattern::PerDay {
        start: vec![DailyStart {
            visits: from,
            share: share(1.0),
        }],
        end: Some(to),
    }
}

/// 30 a visit, gate 0.5 of 480: 240, eight visits. Start 4, end 0 over four days: 4, 2.67, 1.33, 0 a day: 120, 80, 40,
/// 0. Of four asked for at 0, two are admitted (120 + 120). Visited at 0, they are charged 80 each for day 1: a third
/// would be 160 + 120 = 280: no. At 1440, for day 2: 40 + 40 + 120 = 200: the third is admitted; its package runs since
/// day 0, so it is charged 40 for day 2, and the fourth fits exactly: 40 + 40 + 40 + 120 = 240.
/// With a gate of 239.9 it does not: at 2880, for day 3, nothing is charged any more.
#[test]
fn the_charge_falls_with_the_taper() {
    let run = |gate, listed: &[i64]| {
        let s = world(vec![tapering(4.0, 0.0)], 4 * 1440, gate, pool_between(480, 960, 1));
        admitted(&log(&s, &listed.iter().map(|&t| (at(t), 0)).collect::<Vec<_>>()))
    };
    assert_eq!(run(0.5, &[0; 4]), [(1, 0), (2, 0), (3, 1440), (4, 1440)]);
    // 239.9 holds only one at first (240 would be two); the second at 0 beside 80, the third beside 160: no.
    assert_eq!(run(239.9 / 480.0, &[0; 4]), [(1, 0), (2, 0), (3, 1440), (4, 2880)]);
}

/// Start 4, end 0 over five days: day 1 is 3 visits, 90. Gate 0.4375: 210 = 120 + 90. The second of 0 does not fit
/// beside 120; when the first has been visited, at 0, it is charged 90 for day 1: the second fits, at 0 still.
#[test]
fn a_first_visit_admits() {
    let s = world(vec![tapering(4.0, 0.0)], 5 * 1440, 0.4375, pool_between(480, 960, 1));
    assert_eq!(admitted(&log(&s, &[(at(0), 0), (at(0), 0)])), [(1, 0), (2, 0)]);
    let mut late = s;
    late.hubs[0].staff[1] = pool_between(600, 1440, 1);
    late.packages[0].streams[1].hours = Some((minutes(900), minutes(960)));
    // Visited at 600 only.
    assert_eq!(admitted(&log(&late, &[(at(0), 0), (at(0), 0)])), [(1, 0), (2, 600)]);
}

/// Gate 0.25: 120, all taken by the first (four visits) for days 0 and 1. Three of one visit wait: 2, due at 1 + 120; 3,
/// due at 2 + 60; 4, class 2. At 1440 there is room for all: class first, then due time: 4, 3, 2.
#[test]
fn room_goes_by_class_and_due_time() {
    let patterns = vec![daily(4.0), daily(1.0), daily(1.0), daily(1.0)];
    let mut s = world(patterns, 2 * 1440, 0.25, pool_between(480, 960, 1));
    s.pathways[2].start_due = Some(minutes(60));
    s.pathways[3].priority = 2;
    let listed = [(at(0), 0), (at(1), 1), (at(2), 2), (at(3), 3)];
    assert_eq!(admitted(&log(&s, &listed)), [(1, 0), (4, 1440), (3, 1440), (2, 1440)]);
}

/// Streams that are not gated do not wait, and are not charged: the same package without the mark, at once.
#[test]
fn only_marked_streams_wait() {
    let mut s = world(vec![daily(2.0)], 14_400, 0.0, pool_between(480, 960, 1));
    assert_eq!(admitted(&log(&s, &[(at(0), 0)])), []);
    let care: &mut Stream = &mut s.packages[0].streams[1];
    care.gated = false;
    assert_eq!(admitted(&log(&s, &[(at(0), 0); 30])).len(), 30);
}

/// Choices. Fixed times on some days are charged as their mean over the week: two on Mondays are 2/7 x 30 = 8.57 on
/// every day, Tuesdays too. A stream of one visit is charged nothing, so it fits the narrowest gate.
#[test]
fn fixed_times_are_charged_by_their_mean_and_single_visits_not_at_all() {
    let mondays = || Pattern::At {
        times: vec![minutes(600), minutes(720)],
        days: homefirst::model::WeekdaySet::NONE.with(homefirst::model::Weekday::Mon),
    };
    let run = |pattern, gate| {
        let s = world(vec![pattern], 14_400, gate, pool_between(480, 960, 1));
        admitted(&log(&s, &[(at(0), 0)]))
    };
    assert_eq!(run(mondays(), 8.58 / 480.0), [(1, 0)]);
    // At 12,960 the package's last day is today; charged at the door for its first full day all the same: never.
    assert_eq!(run(mondays(), 8.56 / 480.0), []);
    assert_eq!(run(Pattern::Once, 0.0), [(1, 0)]);
}

/// The gate holds whole packages. Gate 0.125: 60 = one package of two visits of 30. Of two asked for at 0, the first is
/// admitted, its therapist sent at 0. With `stream` the second's therapist is sent at 0 as well; with `package` nothing of
/// it begins before care has room: at 1440 x 9 = 12,960, when the first is charged for no further day.
#[test]
fn a_gate_may_hold_the_whole_package() {
    let run = |holds| {
        let mut s = world(vec![daily(2.0)], 14_400, 0.125, pool_between(480, 960, 1));
        s.packages[0].gate_holds = holds;
        let log = log(&s, &[(at(0), 0), (at(0), 0)]);
        let therapists = trips(&log).into_iter().filter(|t| t.role == 1);
        let therapists: Vec<_> = therapists.map(|t| (t.referral, whole(t.sent))).collect();
        (admitted(&log), therapists)
    };
    let care = vec![(1, 0), (2, 12_960)];
    assert_eq!(run(GateHolds::Stream), (care.clone(), vec![(1, 0), (2, 0)]));
    assert_eq!(run(GateHolds::Package), (care, vec![(1, 0), (2, 12_960)]));
}

/// Planned headroom and absence come off once each: 450 x 0.8 x 0.8 = 288 = 9.6 visits of 30.
#[test]
fn both_kinds_of_headroom_come_off_the_capacity_once() {
    let run = |visits| {
        let mut s = world(vec![daily(visits)], 1440, 1.0, wte(1.0));
        s.roles[0] = crew("carer", vec![shift("day", 480, 960, 30)]);
        (s.roles[0].headroom.planned, s.roles[0].headroom.absence) = (share(0.2), share(0.2));
        admitted(&log(&s, &[(at(0), 0)]))
    };
    assert_eq!((run(9.6), run(9.61)), (vec![(1, 0)], vec![]));
}
