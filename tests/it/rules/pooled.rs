//! Pools of hubs: one team, one queue, one gate.

use crate::support::{
    Log, at, begins, crew, daily, fixed, minutes, need, package, pathway, pool, role, scenario, shift, stream, whole,
    wte,
};
use homefirst::engine::{HubRecord, Scripted, Seen, World, run_observed};
use homefirst::model::{HubId, PathwayId, Pattern, Pool, Scenario, ShiftEnd, Staffing};
use homefirst::units::Span;

/// Two hubs, so many staff at each, visits of 60 minutes; urgent travel 10 at the second; pooled with extra travel.
fn pooled(staff: [Staffing; 2], extra: i64) -> Scenario {
    let mut s = scenario(
        vec![role("w")],
        vec![pool(0)],
        vec![pathway("p", vec![need(0, fixed(60))])],
        vec![],
    );
    s.hubs.push(s.hubs[0].clone());
    s.hubs[1].name = "H2".into();
    s.hubs[1].travel.urgent = fixed(10);
    for (hub, staff) in s.hubs.iter_mut().zip(staff) {
        hub.staff = vec![staff];
    }
    s.pools.push(Pool {
        hubs: vec![HubId(0), HubId(1)],
        extra_travel: minutes(extra),
    });
    s
}

fn ran(s: &Scenario, listed: &[(i64, usize, usize)]) -> (Vec<HubRecord>, Log) {
    let script = listed.iter().map(|&(minute, hub, pathway)| Scripted {
        received: at(minute),
        hub: HubId(hub),
        pathway: PathwayId(pathway),
    });
    let world = World::new(s).with_script(script.collect());
    assert_eq!(world.islands().len(), 1, "one island");
    let mut log = Log::new();
    let record = run_observed(&world, 0, 0, &mut log);
    (record.hubs, log)
}

/// (referral, minute sent, minute of arrival) of everybody sent; all of them from the base.
fn trips(log: &Log, base: usize) -> Vec<(u64, i64, i64)> {
    let sent = log.iter().filter_map(|&(at, seen)| match seen {
        Seen::Sent {
            referral, hub, arrives, ..
        } => {
            assert_eq!(hub, base, "where staff are based");
            Some((referral, whole(at), whole(arrives)))
        }
        _ => None,
    });
    sent.collect()
}

/// One worker each, extra travel 5. Three at the second hub at 0: two start, there at 15, free at 75; the third then, before
/// one at the first hub that came later, which starts at 75 as well, there at 80.
#[test]
fn the_staff_of_a_pool_are_one_team_with_one_queue() {
    let s = pooled([pool(1), pool(1)], 5);
    let (records, log) = ran(&s, &[(0, 1, 0), (0, 1, 0), (0, 1, 0), (20, 0, 0), (30, 1, 0)]);
    assert_eq!(
        trips(&log, 0),
        [(1, 0, 15), (2, 0, 15), (3, 75, 90), (4, 75, 80), (5, 140, 155)]
    );
    // Staff and visits are counted at the base, referrals at their own hubs.
    let visits: Vec<u64> = records.iter().map(|r| r.roles[0].visits).collect();
    let waits: Vec<i64> = records.iter().map(|r| r.pathways[0].wait_ms / 60_000).collect();
    assert_eq!((visits, waits), (vec![5, 0], vec![60, 15 + 15 + 90 + 125]));
    let available = |hub: usize| records[hub].roles[0].available_ms();
    assert_eq!([available(0), available(1)], [2 * Span::from_days(28).ms(), 0]);
}

/// The base is the first that the pool names, not the first of the file.
#[test]
fn the_first_hub_named_is_the_base() {
    let mut s = pooled([pool(1), pool(1)], 0);
    s.pools[0].hubs.reverse();
    assert_eq!(trips(&ran(&s, &[(0, 0, 0), (0, 0, 0)]).1, 1), [(1, 0, 0), (2, 0, 0)]);
}

/// Half a WTE at each hub is one person on every shift.
#[test]
fn wte_are_added_before_they_are_dealt() {
    let mut s = pooled([wte(0.5), wte(0.5)], 0);
    s.roles = vec![crew("w", vec![shift("day", 480, 960, 0)])];
    let (_, log) = ran(&s, &[(0, 0, 0)]);
    let come = |day: i64| {
        let on = |at: &homefirst::units::Instant| at.day() == day;
        log.iter()
            .filter(|(at, seen)| on(at) && matches!(seen, Seen::PersonStarts { hub: 0, .. }))
            .count()
    };
    assert_eq!((0..28).map(come).collect::<Vec<_>>(), [1; 28]);
}

/// One gate: a day of the pool has room for 2 x 24 h = 48 visits of an hour; packages of 20 visits a day, so that two fit, at
/// whichever hub; apart each hub would admit one. Caseload limits stay each hub's own: with one place at the second
/// hub, its second package waits for a place, though there is room.
#[test]
fn a_pool_has_one_gate_and_each_hub_its_own_caseload() {
    let mut care = stream("care", 0, daily(20.0), fixed(60));
    care.gated = true;
    let weeks = package("weeks", fixed(20 * 24 * 60), vec![care]);
    let mut s = pooled([pool(1), pool(1)], 0);
    s.pathways = vec![begins("p", 0)];
    s.packages = vec![weeks];
    for hub in &mut s.hubs {
        hub.caseload_limit = vec![None];
    }
    let begun = |s: &Scenario| {
        let (_, log) = ran(s, &[(0, 1, 0), (0, 1, 0), (0, 0, 0)]);
        let early = log.iter().filter(|(at, _)| *at < crate::support::at(60));
        early
            .filter_map(|(_, seen)| match *seen {
                Seen::StreamStarts { referral, hub, .. } => Some((referral, hub)),
                _ => None,
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(begun(&s), [(1, 1), (2, 1)]);
    s.hubs[1].caseload_limit = vec![Some(1)];
    assert_eq!(begun(&s), [(1, 1), (3, 0)]);
    s.pools.clear();
    let alone = World::new(&s);
    assert_eq!(alone.islands().len(), 2);
}

/// The second hub has no staff of its own: its visits by the week fall into the shifts of the base, 8:00 to 16:00.
#[test]
fn visits_fall_into_the_shifts_of_the_base() {
    let mut s = pooled([wte(1.0), Staffing::NONE], 0);
    s.roles = vec![crew("w", vec![shift("day", 480, 960, 0)])];
    s.pathways = vec![begins("p", 0)];
    s.packages = vec![package(
        "weeks",
        fixed(14 * 24 * 60),
        vec![stream("therapy", 0, Pattern::PerWeek(3.0), fixed(30))],
    )];
    for hub in &mut s.hubs {
        hub.caseload_limit = vec![None];
    }
    let (_, log) = ran(&s, &[(600, 1, 0)]);
    let times: Vec<i64> = log
        .iter()
        .filter_map(|(_, seen)| match seen {
            Seen::VisitAvailable { time, visit, .. } if *visit > 0 => Some(time.time_of_day().ms() / 60_000),
            _ => None,
        })
        .collect();
    assert!(times.len() >= 4, "{times:?}");
    assert!(times.iter().all(|t| (480..960).contains(t)), "{times:?}");
}

/// Under `no-late-start` the pool's extra travel counts: travel 10 and 60, shift until 120. Received at 45 with extra 5 it
/// ends just in time; with extra 6 it waits for the next day.
#[test]
fn extra_travel_counts_for_who_may_not_start_late() {
    let with = |extra| {
        let mut s = pooled([wte(1.0), wte(0.0)], extra);
        s.roles = vec![crew("w", vec![shift("short", 0, 120, 0)])];
        s.roles[0].shift_end = ShiftEnd::NoLateStart;
        trips(&ran(&s, &[(45, 1, 0)]).1, 0)[0].1
    };
    assert_eq!((with(5), with(6)), (45, 1440));
}

/// What cannot be added is not; nobody is nothing to add.
#[test]
fn staff_are_added_as_they_are_given() {
    let rota = |n| Staffing::Rota(vec![n; 168]);
    assert_eq!(wte(1.5).with(&wte(2.0)), Some(wte(3.5)));
    assert_eq!(rota(1).with(&rota(2)), Some(rota(3)));
    let Some(Staffing::OnShift(pieces)) = pool(1).with(&pool(2)) else {
        panic!("pieces side by side")
    };
    assert_eq!(pieces.iter().map(|p| p.count).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(wte(1.0).with(&pool(1)), None);
    assert_eq!(rota(1).with(&pool(1)), None);
    assert_eq!(wte(0.0).with(&pool(1)), None, "posts may come on top of no WTE");
    assert_eq!(wte(1.0).with(&Staffing::NONE), Some(wte(1.0)));
    assert_eq!(Staffing::NONE.with(&rota(1)), Some(rota(1)));
}

/// Posts at the second hub, one WTE filled before the start, work at the base like WTE that were there: from 480, 10 on the
/// road and 60, until 550.
#[test]
fn posts_of_a_pool_are_at_its_base() {
    let mut s = pooled([wte(0.0), wte(0.0)], 0);
    s.roles = vec![crew("w", vec![shift("day", 480, 960, 0)])];
    s.recruits.push(homefirst::model::Recruit {
        name: "r".into(),
        role: homefirst::model::RoleId(0),
        posts: vec![0, 1],
        in_post: vec![0, 1],
        wte: homefirst::units::Wte::new(1.0).unwrap(),
        advertised_day: 0,
        time_to_start: fixed(0),
        induction: Span::ZERO,
        productivity: crate::support::share(0.0),
        turnover: 0.0,
        refill: true,
    });
    assert_eq!(
        trips(&ran(&s, &[(500, 0, 0), (0, 1, 0)]).1, 0),
        [(1, 480, 490), (2, 550, 550)]
    );
}
