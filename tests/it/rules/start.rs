//! What stands at the first instant: packages that are open, people who wait.
//!
//! Ages are drawn, so a path is reckoned from the age that the log shows.

use homefirst::engine::{HubRecord, Scripted, Seen, World, run, run_observed};
use homefirst::model::{DailyStart, HubId, PackageId, PathwayId, Pattern, Pool, Scenario, Staffing};
use homefirst::random::Distribution;
use homefirst::units::{Instant, PerDay, Span};

use crate::support::{
    Log, at, available, begins, daily, fixed, minutes, need, package, pathway, pool, pool_between, role, run_log,
    scenario, sent, share, stops, stream, stream_starts, times, trips, whole,
};

const DAY: i64 = 1440;

/// One package of one stream by a carer, for so many minutes, and a pathway that begins it.
fn world(pattern: Pattern, length: i64, carers: u32) -> Scenario {
    let k = package("k", fixed(length), vec![stream("care", 0, pattern, fixed(30))]);
    scenario(vec![role("carer")], vec![pool(carers)], vec![begins("p", 0)], vec![k])
}

fn with_open(mut s: Scenario, open: u32) -> Scenario {
    s.hubs[0].at_start.open = vec![(PackageId(0), open)];
    s
}

fn with_waiting(mut s: Scenario, waiting: u32) -> Scenario {
    s.hubs[0].at_start.waiting = vec![(PathwayId(0), waiting)];
    s
}

/// (referral, when it began [ms]) of the packages open at the start.
fn began(log: &Log) -> Vec<(u64, i64)> {
    log.iter()
        .filter_map(|(_, seen)| match *seen {
            Seen::OpenAtStart { referral, began, .. } => Some((referral, began.ms())),
            _ => None,
        })
        .collect()
}

/// The number of the next visit of the only stream of each of them.
fn next_visit(log: &Log, of: u64) -> u32 {
    let number = |seen: &Seen| match *seen {
        Seen::RunsAtStart { referral, visit, .. } if referral == of => Some(visit),
        _ => None,
    };
    log.iter().find_map(|(_, seen)| number(seen)).unwrap()
}

/// (referral, when the clock started [ms]) of those who wait at the start.
fn clocks(log: &Log) -> Vec<(u64, i64)> {
    log.iter()
        .filter_map(|(_, seen)| match *seen {
            Seen::WaitsAtStart { referral, clock, .. } => Some((referral, clock.ms())),
            _ => None,
        })
        .collect()
}

/// Four days of a visit at 09:00, begun an hour or more before it. Twenty are open: one that began at `b` ends at b +
/// 5760; its visits are at 09:00 of every day from 0 before that, numbered on from those between b + 60 and 0. None
/// starts in the window, none is counted as a referral, and each is on the caseload until its end.
#[test]
fn an_open_package_goes_on_where_it_would_be() {
    let (record, log) = run_log(&with_open(world(times(&[540]), 4 * DAY, 50), 20), &[]);
    let began = began(&log);
    assert_eq!(began.len(), 20);
    let (mut open, mut ages) = (0, Vec::new());
    for &(n, b) in &began {
        let end = b + minutes(4 * DAY).ms();
        assert!(b < 0 && end > 0, "{n} began at {b}");
        ages.push(-b);
        open += end;
        let visits = |from: i64, to: i64| {
            (-5..5)
                .map(|day| minutes(day * DAY + 540).ms())
                .filter(|t| (from..to).contains(t))
                .count()
        };
        assert_eq!(
            u32::try_from(visits(b + minutes(60).ms(), 0)).unwrap(),
            next_visit(&log, n)
        );
        let made: Vec<_> = trips(&log).into_iter().filter(|t| t.referral == n).collect();
        assert_eq!(made.len(), visits(0, end), "visits of {n}, which began at {b}");
        assert!(
            made.iter().all(|t| whole(t.begins) % DAY == 480),
            "within the tolerance of an hour"
        );
        let ended = log
            .iter()
            .find(|(_, s)| matches!(s, Seen::PackageEnds { referral, .. } if *referral == n));
        assert_eq!(ended.unwrap().0, Instant::from_ms(end));
    }
    assert_eq!((record.packages[0].open_ms, record.packages[0].started), (open, 0));
    assert_eq!(record.pathways[0].referrals, 0);
    // Twenty ages between nothing and four days are not all in one half: two in a million.
    let half = minutes(2 * DAY).ms();
    assert!(ages.iter().any(|a| *a < half) && ages.iter().any(|a| *a > half));
}

/// Three visits a day that taper to one over four days: 3, 2 1/3, 1 2/3 and 1, with what is left over carried: 3, 2, 2
/// and 1. Whoever is on day d of the package at the start has what day d and those after it have left.
#[test]
fn the_taper_goes_on_by_age() {
    let taper = Pattern::PerDay {
        start: vec![DailyStart {
            visits: 3.0,
            share: share(1.0),
        }],
        end: Some(1.0),
    };
    let mut s = with_open(world(taper, 4 * DAY, 90), 60);
    // The whole day, and at once: the first day is the one on which it began.
    s.packages[0].streams[0].first_after = Span::ZERO;
    let (_, log) = run_log(&s, &[]);
    let mut days = [0; 4];
    for (n, b) in began(&log) {
        let first = Instant::from_ms(b).day();
        days[usize::try_from(-first - 1).unwrap()] += 1;
        for day in 0..first + 4 {
            let of_day = |v: &&(u64, usize, Instant, Instant)| v.0 == n && v.2.day() == day;
            let found = available(&log).iter().filter(of_day).count();
            assert_eq!(
                found,
                [3, 2, 2, 1][usize::try_from(day - first).unwrap()],
                "day {day} of {n}, which began at {b}"
            );
        }
        // On its first day only what is left of it: two thirds of a day or more leave two, and so on.
        let before: usize = [3, 2, 2, 1][1..usize::try_from(-first).unwrap()].iter().sum();
        let made = usize::try_from(next_visit(&log, n)).unwrap();
        assert!(
            (before..=before + 3).contains(&made),
            "{made} made, {before} and the first day's"
        );
    }
    assert!(days.iter().all(|n| *n > 0), "{days:?}");
}

/// Twice a week: one visit when it began, so the next is another. Once: none is left to come.
#[test]
fn a_first_visit_has_been() {
    let (_, log) = run_log(&with_open(world(Pattern::Once, 4 * DAY, 9), 5), &[]);
    assert_eq!(sent(&log), []);
    assert_eq!(package_ends_ms(&log).len(), 5);
    let (_, log) = run_log(&with_open(world(Pattern::PerWeek(7.0), 9 * DAY, 9), 5), &[]);
    for (n, b) in began(&log) {
        // One a day after the day on which it began: its number is the day.
        assert_eq!(
            i64::from(next_visit(&log, n)),
            first_after(&log, n) - Instant::from_ms(b).day()
        );
    }
}

/// The day of the first visit that becomes available of a package.
fn first_after(log: &Log, of: u64) -> i64 {
    available(log).iter().find(|v| v.0 == of).unwrap().2.day()
}

fn package_ends_ms(log: &Log) -> Vec<(u64, i64)> {
    log.iter()
        .filter_map(|(at, seen)| match *seen {
            Seen::PackageEnds { referral, .. } => Some((referral, at.ms())),
            _ => None,
        })
        .collect()
}

/// Three are open where two may be: a referral at 10 starts when the second of them ends.
#[test]
fn places_are_taken_without_being_asked_for() {
    let mut s = with_open(world(daily(1.0), 4 * DAY, 9), 3);
    s.hubs[0].caseload_limit = vec![Some(2)];
    let (_, log) = run_log(&s, &[(at(10), 0)]);
    let started = log
        .iter()
        .find(|(_, s)| matches!(s, Seen::PackageStarts { .. }))
        .unwrap();
    let mut ends: Vec<i64> = began(&log).iter().map(|b| b.1 + minutes(4 * DAY).ms()).collect();
    ends.sort_unstable();
    assert_eq!(started.0, Instant::from_ms(ends[1]));
}

/// Two visits of 30 a day are 60; a day of 480 with a gate of a quarter has room for two, and three are charged. A package
/// of ten days that began on day f is charged until day f + 9: at 00:00 of that day the next has room. One who asks at 10
/// needs two to have gone: the second to go decides.
#[test]
fn room_is_taken_without_being_asked_for() {
    let mut s = with_open(world(daily(2.0), 10 * DAY, 0), 3);
    s.hubs[0].staff = vec![pool_between(480, 960, 1)];
    s.packages[0].gate = 0.25;
    s.packages[0].streams[0].gated = true;
    let (_, log) = run_log(&s, &[(at(10), 0)]);
    let mut first_days: Vec<i64> = began(&log).iter().map(|b| Instant::from_ms(b.1).day()).collect();
    first_days.sort_unstable();
    assert_eq!(first_days.len(), 3);
    assert_eq!(stream_starts(&log), [(4, ((first_days[1] + 9) * DAY).max(10))]);
    assert!(first_days[1] + 9 > 0, "{first_days:?}: another seed is needed");
}

/// A response of 30, one to give it, a standard of 120. Three wait: their clocks started between -120 and 0. They are seen
/// at 0, 30 and 60, whoever has waited longest first; one who comes at 5 is due after them: at 90. Only that one is
/// counted; the queue at the beginning is three; time in the queue is 0 + 30 + 60 and 85.
#[test]
fn those_who_wait_are_seen_first_and_not_counted() {
    let s = scenario(
        vec![role("w")],
        vec![pool(1)],
        vec![pathway("p", vec![need(0, fixed(30))])],
        vec![],
    );
    let (record, log) = run_log(&with_waiting(s, 3), &[(at(5), 0)]);
    let clocks = clocks(&log);
    assert!(
        clocks.iter().all(|c| (-minutes(120).ms()..0).contains(&c.1)),
        "{clocks:?}"
    );
    assert!(clocks.is_sorted_by_key(|c| c.1), "{clocks:?}");
    assert_eq!(sent(&log), [(1, 0, 0), (2, 0, 30), (3, 0, 60), (4, 0, 90)]);
    let first: Vec<i64> = stops(&log).iter().take(3).map(|s| s.1).collect();
    assert_eq!(
        first,
        [
            -clocks[0].1,
            minutes(30).ms() - clocks[1].1,
            minutes(60).ms() - clocks[2].1
        ]
    );
    let HubRecord { pathways, .. } = record;
    assert_eq!((pathways[0].referrals, pathways[0].seen, pathways[0].hits), (1, 1, 1));
    assert_eq!(
        (pathways[0].waiting_at, pathways[0].waiting_ms),
        ([3, 0], minutes(90 + 85).ms())
    );
    assert_eq!(pathways[0].wait_ms, minutes(85).ms());
}

/// A patience of 60: nobody has waited longer. Nobody comes: each leaves when the clock has run for 60.
#[test]
fn those_who_wait_have_not_lost_patience_yet() {
    let mut s = scenario(
        vec![role("w")],
        vec![pool(0)],
        vec![pathway("p", vec![need(0, fixed(30))])],
        vec![],
    );
    s.pathways[0].patience = Some(fixed(60));
    let (record, log) = run_log(&with_waiting(s, 8), &[]);
    let left: Vec<i64> = log
        .iter()
        .filter(|(_, s)| matches!(s, Seen::Left { .. }))
        .map(|(at, _)| at.ms())
        .collect();
    let due: Vec<i64> = clocks(&log).iter().map(|c| c.1 + minutes(60).ms()).collect();
    assert_eq!(left, due);
    assert!(due.iter().all(|at| *at >= 0));
    assert_eq!((record.pathways[0].left, record.pathways[0].waiting_at), (0, [8, 0]));
}

/// One place, one open, two waiting: the first of the two starts when the open one ends, the other when that one does.
/// The warm-up begins at -2880: so do they.
#[test]
fn those_who_wait_for_a_package_take_the_next_places() {
    let mut s = with_waiting(with_open(world(times(&[0]), DAY, 9), 1), 2);
    s.experiment.warm_up = Span::from_days(2);
    s.hubs[0].caseload_limit = vec![Some(1)];
    s.packages[0].streams[0].first_after = Span::ZERO;
    let (record, log) = run_log(&s, &[]);
    assert!(clocks(&log).iter().all(|c| c.1 < minutes(-2 * DAY).ms()));
    let free = began(&log)[0].1 + minutes(DAY).ms();
    let starts: Vec<_> = log
        .iter()
        .filter(|(_, s)| matches!(s, Seen::PackageStarts { .. }))
        .map(|(at, s)| (at.ms(), matches!(s, Seen::PackageStarts { referral: 2, .. })))
        .collect();
    // The first visit is at the next 00:00, less the tolerance of an hour, or at once if that has begun.
    let next = |from: i64| {
        let midnight = Instant::midnight(Instant::from_ms(from - 1).day() + 1).ms();
        (midnight - minutes(60).ms()).max(from)
    };
    assert_eq!(starts, [(free, true), (next(free) + minutes(DAY).ms(), false)]);
    assert_eq!(record.pathways[0].referrals, 0);
}

fn everything(s: &Scenario) -> Log {
    let mut log = Log::new();
    let _ = run_observed(&World::new(s), 0, 0, &mut log);
    log
}

/// One more of them moves nobody: not the others, not those who are referred, not what they need.
#[test]
fn nobody_else_moves() {
    let mut s = world(daily(2.0), 4 * DAY, 500);
    s.packages[0].length = Distribution::exponential(Span::from_days(4)).unwrap();
    s.hubs[0].referrals = vec![PerDay::new(6.0).unwrap()];
    let (none, few, more) = (
        everything(&s),
        everything(&with_open(s.clone(), 4)),
        everything(&with_open(s, 5)),
    );
    assert_eq!(began(&few)[..], began(&more)[..4]);
    let ends = |log: &Log| package_ends_ms(log).into_iter().map(|e| e.1).collect::<Vec<_>>();
    let (none, few, more) = (ends(&none), ends(&few), ends(&more));
    assert_eq!((none.len() + 4, none.len() + 5), (few.len(), more.len()));
    assert!(none.iter().all(|e| few.contains(e)) && few.iter().all(|e| more.contains(e)));
}

/// Open packages at 00:00 of each day, over replications: mean and standard error.
fn by_day(s: &Scenario, days: usize, replications: u32) -> Vec<(f64, f64)> {
    let world = World::new(s);
    let mut sums = vec![(0.0, 0.0); days];
    for replication in 0..replications {
        let mut log = Log::new();
        let _ = run_observed(&world, 0, replication, &mut log);
        let mut changes = vec![0; days];
        for (at, seen) in &log {
            let change = match seen {
                Seen::OpenAtStart { .. } | Seen::PackageStarts { .. } => 1,
                Seen::PackageEnds { .. } => -1,
                _ => 0,
            };
            let day = usize::try_from(at.day() + i64::from(at.ms() > 0)).unwrap_or(0);
            if let Some(changed) = changes.get_mut(day) {
                *changed += change;
            }
        }
        let mut open = 0;
        for (sum, change) in sums.iter_mut().zip(changes) {
            open += change;
            *sum = (sum.0 + f64::from(open), sum.1 + f64::from(open * open));
        }
    }
    let n = f64::from(replications);
    sums.iter()
        .map(|(sum, squares)| (sum / n, libm::sqrt((squares / n - (sum / n) * (sum / n)).max(0.0) / n)))
        .collect()
}

/// A caseload of an endless service (nobody ever waits) that begins at its mean, six a day for ten days each, stays at it
/// from the first day, whatever the form of the lengths: what is left of those open is what is left of a process that
/// has run for ever. Had their lengths been drawn like those of new packages, exponential ones would have sunk by 28 % on
/// day 4 (t E1(t) at its highest): 17 of 60, twenty times what is allowed here. 4.5 standard errors on 3 x 21 days: false
/// alarms of less than one in 2,000 seeds.
#[test]
fn a_caseload_that_begins_at_its_mean_stays_there() {
    let days = Span::from_days;
    for length in [
        Distribution::fixed(days(10)),
        Distribution::exponential(days(10)).unwrap(),
        Distribution::lognormal_mean_cv(days(10), 0.8).unwrap(),
    ] {
        let mut s = with_open(world(Pattern::Once, 0, 9999), 60);
        s.packages[0].length = length;
        s.hubs[0].referrals = vec![PerDay::new(6.0).unwrap()];
        s.experiment.run_length = days(21);
        for (day, (mean, error)) in by_day(&s, 21, 150).into_iter().enumerate() {
            assert!(
                (mean - 60.0).abs() <= 4.5 * error + 1e-9,
                "{mean} open on day {day}, give or take {error}"
            );
            assert!(error < 0.8, "{error}");
        }
    }
}

/// A number of nought is nobody.
#[test]
fn a_number_of_nought_is_none() {
    let mut s = world(daily(1.0), 4 * DAY, 2);
    s.hubs[0].referrals = vec![PerDay::new(3.0).unwrap()];
    let without = run(&World::new(&s), 0, 0);
    assert_eq!(without, run(&World::new(&with_waiting(with_open(s, 0), 0)), 0, 0));
}

/// Packages open at a hub of a pool take their room at the gate of its base: carers 00:00 to 24:00, 1440 minutes, gate 0.25:
/// 360. Six of two visits of 30 a day fill it, whichever hub they are at, so one that asks waits until one of them ends.
#[test]
fn in_a_pool_what_is_open_takes_room_at_the_base() {
    let admitted = |open_at: usize| {
        let mut care = stream("care", 0, daily(2.0), fixed(30));
        care.gated = true;
        let mut k = package("k", fixed(300 * DAY), vec![care]);
        k.gate = 0.25;
        let mut s = scenario(vec![role("carer")], vec![pool(1)], vec![begins("p", 0)], vec![k]);
        s.hubs.push(s.hubs[0].clone());
        s.hubs[1].name = "H2".into();
        s.hubs[1].staff = vec![Staffing::NONE];
        s.pools.push(Pool {
            hubs: vec![HubId(0), HubId(1)],
            extra_travel: Span::ZERO,
        });
        s.hubs[open_at].at_start.open = vec![(PackageId(0), 6)];
        s.experiment.run_length = Span::from_days(1);
        let mut log = Log::new();
        let script = vec![Scripted {
            received: at(10),
            hub: HubId(0),
            pathway: PathwayId(0),
        }];
        let _ = run_observed(&World::new(&s).with_script(script), 0, 0, &mut log);
        // Those open at the start run on; none of them starts.
        let first = log.iter().find(|(_, seen)| matches!(seen, Seen::StreamStarts { .. }));
        first.map(|(at, _)| at.ms() >= DAY * 60_000)
    };
    for open_at in [0, 1] {
        assert_ne!(admitted(open_at), Some(false), "there is no room on the first day");
    }
}
