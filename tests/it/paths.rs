//! Exact paths: integer inputs, waits known to the minute.

use homefirst::engine::{Scripted, Seen, World, run_observed};
use homefirst::model::{HubId, Pathway, PathwayId, PoolPiece, Scenario, Staffing};
use homefirst::random::Key;
use homefirst::units::Span;

use crate::support::{at, clock_starts, fixed, log, minutes, need, pathway, pool, role, scenario, trips, waits, whole};

const A: [i64; 14] = [0, 10, 20, 25, 40, 41, 42, 90, 95, 100, 130, 131, 132, 200];
const S: [i64; 14] = [60, 90, 30, 45, 120, 20, 35, 60, 15, 75, 40, 30, 90, 25];
const P: [u8; 14] = [2, 1, 2, 1, 2, 2, 1, 2, 1, 2, 2, 1, 1, 2];

/// One pathway for each referral, so that each has its own length and class.
fn listed(lengths: &[i64], classes: &[u8], staff: Staffing) -> Scenario {
    let pathways: Vec<Pathway> = lengths
        .iter()
        .zip(classes)
        .enumerate()
        .map(|(n, (&length, &class))| {
            let mut pathway = pathway(&format!("p{n}"), vec![need(0, fixed(length))]);
            pathway.priority = class;
            pathway
        })
        .collect();
    scenario(vec![role("worker")], vec![staff], pathways, Vec::new())
}

fn waits_of(arrivals: &[i64], lengths: &[i64], classes: &[u8], staff: Staffing) -> Vec<i64> {
    let referrals: Vec<_> = arrivals.iter().enumerate().map(|(n, &a)| (at(a), n)).collect();
    waits(&log(&listed(lengths, classes, staff), &referrals))
        .into_iter()
        .map(Option::unwrap)
        .collect()
}

#[test]
fn fifo_waits_equal_the_listed_path_for_one_two_and_three_workers() {
    let same = [3; 14];
    assert_eq!(
        waits_of(&A, &S, &same, pool(1)),
        [0, 50, 130, 155, 185, 304, 323, 310, 365, 375, 420, 459, 488, 510]
    );
    assert_eq!(
        waits_of(&A, &S, &same, pool(2)),
        [0, 0, 40, 65, 60, 94, 113, 100, 125, 135, 120, 159, 178, 120]
    );
    assert_eq!(
        waits_of(&A, &S, &same, pool(3)),
        [0, 0, 0, 25, 20, 54, 58, 25, 40, 50, 45, 49, 78, 15]
    );
}

/// The area under the number of people in the system is the sum of the times they spend there, whatever the order.
#[test]
fn the_integral_of_the_number_in_system_is_the_sum_of_sojourns() {
    for (workers, total) in [(1, 4809), (2, 2044), (3, 1194)] {
        let referrals: Vec<_> = A.iter().enumerate().map(|(n, &a)| (at(a), n)).collect();
        let log = log(&listed(&S, &[3; 14], pool(workers)), &referrals);
        let mut steps: Vec<(i64, i64)> = clock_starts(&log).into_iter().map(|(_, t)| (t, 1)).collect();
        steps.extend(trips(&log).iter().map(|t| (whole(t.ends), -1)));
        steps.sort_unstable();
        let (mut area, mut number, mut since) = (0, 0, 0);
        for (t, step) in steps {
            area += number * (t - since);
            (number, since) = (number + step, t);
        }
        let sojourns: i64 = waits(&log)
            .into_iter()
            .map(Option::unwrap)
            .zip(S)
            .map(|(w, s)| w + s)
            .sum();
        assert_eq!((number, area, sojourns), (0, total, total), "{workers} workers");
    }
}

/// Waits first come first served, by the recursion of Kiefer & Wolfowitz, *On the theory of queues with many servers*,
/// Trans. AMS 78 (1955), 1-18: how long each worker still has work, shortest first.
fn kiefer_wolfowitz(arrivals: &[i64], lengths: &[i64], workers: usize) -> Vec<i64> {
    let (mut left, mut before) = (vec![0; workers], 0);
    let mut waits = Vec::new();
    for (&arrival, &length) in arrivals.iter().zip(lengths) {
        for work in &mut left {
            *work = (*work - (arrival - before)).max(0);
        }
        left.sort_unstable();
        waits.push(left[0]);
        left[0] += length;
        before = arrival;
    }
    waits
}

#[test]
fn fifo_waits_are_those_of_the_recursion_for_a_thousand_random_inputs() {
    for input in 0..1000 {
        let key = Key::root(1955).part(1, input);
        let draw = |salt: u64, ordinal: u64, below: u64| i64::try_from(key.bits(salt, ordinal) % below).unwrap();
        let n = 5 + draw(2, 0, 21);
        let workers = 1 + u32::try_from(draw(3, 0, 4)).unwrap();
        // Gaps of 0 to 15 minutes, every third or so none at all.
        let mut now = 0;
        let (mut arrivals, mut lengths) = (Vec::new(), Vec::new());
        for k in 0..n.unsigned_abs() {
            now += (draw(4, k, 23) - 7).max(0);
            arrivals.push(now);
            lengths.push(1 + draw(5, k, 40));
        }
        let mut distinct = lengths.clone();
        distinct.sort_unstable();
        distinct.dedup();
        let mut world = listed(&distinct, &vec![3; distinct.len()], pool(workers));
        world.experiment.run_length = Span::from_days(2);
        let referrals: Vec<_> = arrivals
            .iter()
            .zip(&lengths)
            .map(|(&a, length)| (at(a), distinct.binary_search(length).unwrap()))
            .collect();
        let found: Vec<i64> = waits(&log(&world, &referrals))
            .into_iter()
            .map(Option::unwrap)
            .collect();
        let expected = kiefer_wolfowitz(&arrivals, &lengths, workers as usize);
        assert_eq!(
            found, expected,
            "input {input}: {workers} workers, {arrivals:?}, {lengths:?}"
        );
    }
}

#[test]
fn lower_priority_numbers_go_first_and_nothing_is_interrupted() {
    assert_eq!(
        waits_of(&A, &S, &P, pool(1)),
        [0, 50, 345, 125, 355, 474, 153, 445, 135, 495, 540, 114, 143, 510]
    );
    assert_eq!(
        waits_of(&A, &S, &P, pool(2)),
        [0, 0, 100, 35, 125, 199, 58, 170, 10, 185, 190, 4, 18, 160]
    );
}

#[test]
fn after_a_reduction_nothing_starts_while_as_many_are_busy_as_there_is_capacity() {
    let piece = |from, to, count| PoolPiece {
        name: None,
        from: minutes(from),
        to: minutes(to),
        count,
    };
    let staff = Staffing::OnShift(vec![
        piece(0, 30, 1),
        piece(30, 120, 3),
        piece(120, 240, 1),
        piece(420, 1440, 2),
    ]);
    assert_eq!(
        waits_of(&A, &S, &[3; 14], staff),
        [0, 20, 10, 35, 20, 64, 138, 125, 325, 320, 305, 344, 363, 305]
    );
}

/// More staff, and somebody waits longer: priorities are not monotone path by path.
///
/// The two who come in minute 10 must not come at the same instant for that: all arrivals of an instant come before
/// any start, so the urgent one would go first. One millisecond apart, the third worker is gone when he comes.
#[test]
fn a_third_worker_can_lengthen_a_wait_under_priorities() {
    let (arrivals, lengths, classes) = ([5, 8, 8, 8, 10, 10], [13, 1, 2, 9, 8, 4], [2, 1, 1, 2, 2, 1]);
    let waits_with = |workers: u32, later: i64| {
        let mut referrals: Vec<_> = arrivals.iter().enumerate().map(|(n, &a)| (at(a), n)).collect();
        referrals[5].0 = referrals[5].0 + Span::from_ms(later);
        let log = log(&listed(&lengths, &classes, pool(workers)), &referrals);
        let stops = log.iter().filter_map(|(_, seen)| match seen {
            Seen::ClockStops { referral, wait, .. } => Some((*referral, (wait.minutes()).round())),
            _ => None,
        });
        let mut waits: Vec<(u64, f64)> = stops.collect();
        waits.sort_by_key(|w| w.0);
        waits.into_iter().map(|w| w.1).collect::<Vec<f64>>()
    };
    assert_eq!(waits_with(2, 1), [0.0, 0.0, 1.0, 7.0, 8.0, 1.0]);
    assert_eq!(waits_with(3, 1), [0.0, 0.0, 0.0, 1.0, 0.0, 8.0]);
    assert_eq!(waits_with(2, 0), [0.0, 0.0, 1.0, 7.0, 8.0, 1.0]);
    assert_eq!(waits_with(3, 0), [0.0, 0.0, 0.0, 1.0, 4.0, 0.0]);
}

/// Whoever looks on is told the hub by its place in the scenario, on whatever island it lies; and of somebody never seen
/// when following them ended.
#[test]
fn what_happens_is_told_of_its_own_hub_and_time() {
    let mut s = scenario(
        vec![role("w")],
        vec![pool(0)],
        vec![pathway("p", vec![need(0, fixed(10))])],
        vec![],
    );
    s.experiment.run_length = Span::from_hours(6);
    s.hubs.push(s.hubs[0].clone());
    s.hubs[1].name = "H2".into();
    let listed = Scripted {
        received: at(30),
        hub: HubId(1),
        pathway: PathwayId(0),
    };
    let mut log = Vec::new();
    let _ = run_observed(&World::new(&s).with_script(vec![listed]), 1, 0, &mut log);
    let hub = log.iter().find_map(|(_, seen)| match seen {
        Seen::ClockStarts { hub, .. } => Some(*hub),
        _ => None,
    });
    assert_eq!(hub, Some(1));
    let (end, last) = log.last().unwrap();
    assert!(matches!(last, Seen::Unanswered { hub: 1, .. }), "{last:?}");
    assert_eq!(*end, at(6 * 60) + Span::from_days(14));
}
