//! People of one hub's area who are served by another: who they are, whose staff they wait for, and where they are counted.

use std::collections::BTreeSet;

use crate::support::{
    at, fixed, minutes, need, package, pathway, pool, role, scenario, share, stream, waits_in, whole,
};
use homefirst::engine::{HubRecord, IslandRecord, PathwayRecord, Scripted, Seen, World, run_observed};
use homefirst::model::{
    HubId, Later, Neighbours, Outcome, PathwayId, Pattern, Pool, RoleId, Scenario, ServedElsewhere,
};
use homefirst::random::Distribution;
use homefirst::units::{Instant, PerDay, Span};

/// Hubs A, B and C with so many staff of one role, pathway 0: visits of 60 minutes in class 2, pathway 1: the same in class
/// 1. Urgent travel 10 minutes at B, 40 at A, none at C.
fn hubs(staff: [u32; 3]) -> Scenario {
    let visit = |name, priority| {
        let mut p = pathway(name, vec![need(0, fixed(60))]);
        p.priority = priority;
        p
    };
    let mut s = scenario(
        vec![role("w")],
        vec![pool(0)],
        vec![visit("p", 2), visit("higher", 1)],
        vec![],
    );
    s.hubs = vec![s.hubs[0].clone(); 3];
    for (hub, (name, n)) in s.hubs.iter_mut().zip(["A", "B", "C"].into_iter().zip(staff)) {
        (hub.name, hub.staff) = (name.into(), vec![pool(n)]);
    }
    (s.hubs[0].travel.urgent, s.hubs[1].travel.urgent) = (fixed(40), fixed(10));
    s
}

/// So large a share of the people of one hub are served by another.
fn served(s: &mut Scenario, home: usize, by: usize, of: f64, extra: i64) {
    s.served_elsewhere.push(ServedElsewhere {
        name: format!("entry {}", s.served_elsewhere.len()),
        home: HubId(home),
        by: HubId(by),
        share: share(of),
        pathways: (0..s.pathways.len()).map(PathwayId).collect(),
        extra_travel: minutes(extra),
    });
}

type Log = Vec<(Instant, Seen)>;

/// Runs listed referrals (minute, hub where they live, pathway): records and logs of all islands.
fn ran(s: &Scenario, listed: &[(i64, usize, usize)]) -> (Vec<IslandRecord>, Log) {
    let script = listed.iter().map(|&(minute, hub, pathway)| Scripted {
        received: at(minute),
        hub: HubId(hub),
        pathway: PathwayId(pathway),
    });
    let world = World::new(s).with_script(script.collect());
    let mut log = Log::new();
    let records = (0..world.islands().len())
        .map(|island| run_observed(&world, island, 0, &mut log))
        .collect();
    (records, log)
}

fn records(records: &[IslandRecord]) -> Vec<&HubRecord> {
    records.iter().flat_map(|island| &island.hubs).collect()
}

/// (hub, minute sent, minute of arrival, minute of the end) of everybody sent.
fn sent(s: &Scenario, listed: &[(i64, usize, usize)]) -> Vec<(usize, i64, i64, i64)> {
    let of = |(at, seen): &(Instant, Seen)| match *seen {
        Seen::Sent { hub, arrives, ends, .. } => Some((hub, whole(*at), whole(arrives), whole(ends))),
        _ => None,
    };
    ran(s, listed).1.iter().filter_map(of).collect()
}

/// Everybody of A is B's: somebody of B is sent at once, and travels 10 minutes as to B's own people and 5 besides; nobody of
/// A goes, though they are free. The referral is B's, and kept apart as one of A's people.
#[test]
fn who_is_served_elsewhere_is_another_hubs_with_its_travel_and_more() {
    let mut s = hubs([1, 1, 0]);
    served(&mut s, 0, 1, 1.0, 5);
    assert_eq!(sent(&s, &[(0, 0, 0)]), [(1, 0, 15, 75)]);
    let (islands, log) = ran(&s, &[(0, 0, 0), (200, 1, 0)]);
    let counted: Vec<_> = records(&islands)
        .iter()
        .map(|r| {
            (
                r.pathways[0].referrals,
                r.pathways[0].hits,
                r.pathways[0].wait_ms / 60_000,
            )
        })
        .collect();
    assert_eq!(counted, [(0, 0, 0), (2, 2, 15 + 10), (0, 0, 0)]);
    let elsewhere: Vec<_> = islands.iter().flat_map(|i| &i.elsewhere).collect();
    assert_eq!((elsewhere.len(), elsewhere[0].entry), (1, 0));
    let these = &elsewhere[0].pathways[0];
    assert_eq!((these.referrals, these.hits, these.wait_ms / 60_000), (1, 1, 15));
    let told = log.iter().filter_map(|(_, seen)| match *seen {
        Seen::ClockStarts { hub, .. } | Seen::ClockStops { hub, .. } => Some(hub),
        _ => None,
    });
    assert!(told.eq([1, 1, 1, 1]));
}

/// One worker at B. B's own person from 0 to 70; A's person of 30 waits for the same worker, and at 70 B's person of higher
/// class, who came at 40, goes first, until 140. Then A's, until 140 + 10 + 60.
#[test]
fn who_is_served_elsewhere_waits_in_the_same_line_as_its_own_people() {
    let mut s = hubs([1, 1, 0]);
    served(&mut s, 0, 1, 1.0, 0);
    assert_eq!(
        sent(&s, &[(0, 1, 0), (30, 0, 0), (40, 1, 1)]),
        [(1, 0, 10, 70), (1, 70, 80, 140), (1, 140, 150, 210)]
    );
}

/// A's are B's and B's are C's: nobody is passed on twice. C's own go nowhere.
#[test]
fn nobody_is_passed_on_twice() {
    let mut s = hubs([1, 1, 1]);
    served(&mut s, 0, 1, 1.0, 0);
    served(&mut s, 1, 2, 1.0, 0);
    let mut found = sent(&s, &[(0, 0, 0), (0, 1, 0), (500, 2, 0)]);
    found.sort_unstable();
    assert_eq!(found, [(1, 0, 10, 70), (2, 0, 0, 60), (2, 500, 500, 560)]);
}

/// 200 people of A, a visit each 200 minutes, so that nobody waits for anybody.
fn people() -> Vec<(i64, usize, usize)> {
    (0..200).map(|n| (n * 200, 0, 0)).collect()
}

/// Who of A's people is served by each hub, by the minute at which they come.
fn who(s: &Scenario) -> [BTreeSet<i64>; 3] {
    let mut found = [const { BTreeSet::new() }; 3];
    for (hub, minute, ..) in sent(s, &people()) {
        assert!(found[hub].insert(minute));
    }
    found
}

/// A larger share serves the same people elsewhere and others besides; everybody is served once. Of 200 people with a chance
/// of 0.3, 60 are expected with a standard deviation of 6.5; of 0.6, 120 with 6.9: the bounds are 4 of them, 1 false
/// alarm in 16,000 seeds.
#[test]
fn a_larger_share_is_the_same_people_and_more() {
    let of = |part: f64| {
        let mut s = hubs([1, 1, 0]);
        s.experiment.run_length = Span::from_days(30);
        served(&mut s, 0, 1, part, 0);
        who(&s)
    };
    let (none, few, many, all) = (of(0.0), of(0.3), of(0.6), of(1.0));
    assert!(few[1].is_subset(&many[1]) && many[0].is_subset(&few[0]));
    assert!((34..=86).contains(&few[1].len()) && (92..=148).contains(&many[1].len()));
    for found in [&none, &few, &many, &all] {
        assert_eq!(found[0].len() + found[1].len(), 200);
        assert!(found[0].is_disjoint(&found[1]));
    }
    assert!(none[1].is_empty() && all[0].is_empty());
}

/// Of two entries the second takes those next to the first's, and moves none of these; together they may be all.
#[test]
fn entries_take_different_people_one_after_the_other() {
    let mut s = hubs([1, 1, 1]);
    s.experiment.run_length = Span::from_days(30);
    served(&mut s, 0, 1, 0.3, 0);
    let alone = who(&s);
    served(&mut s, 0, 2, 0.7, 0);
    let both = who(&s);
    assert_eq!(both[1], alone[1]);
    assert_eq!(both[2], alone[0]);
    assert!(both[0].is_empty());
}

/// A share of nobody is no entry: same log, same books, as many events.
#[test]
fn a_share_of_nobody_is_no_entry() {
    let mut s = hubs([2, 1, 1]);
    for hub in &mut s.hubs {
        hub.referrals = vec![PerDay::new(8.0).unwrap(), PerDay::new(3.0).unwrap()];
    }
    let of = |s: &Scenario| {
        let world = World::new(s);
        let mut log = Log::new();
        let islands = 0..world.islands().len();
        let done: Vec<_> = islands
            .map(|island| run_observed(&world, island, 0, &mut log))
            .map(|record| (record.hubs, record.events))
            .collect();
        (done, log)
    };
    let before = of(&s);
    served(&mut s, 0, 1, 0.0, 9);
    assert!(of(&s) == before);
}

/// Drawn referrals, lengths and travel, and always somebody free: with B as far as A, the same people come at the same
/// instants, are visited for as long, and only by others. Exactly.
#[test]
fn they_are_the_same_people_with_the_same_needs() {
    let mut s = hubs([50, 50, 0]);
    let drawn = Distribution::lognormal_mean_cv(minutes(60), 0.7).unwrap();
    s.pathways[0].responses[0].needs[0].length = drawn.clone();
    s.pathways[0].triage = drawn.clone();
    s.hubs[0].travel.urgent = drawn.clone();
    s.hubs[1].travel.urgent = drawn;
    s.hubs[0].referrals[0] = PerDay::new(12.0).unwrap();
    let visits = |s: &Scenario, hub: usize| {
        let mut log = Log::new();
        let record = run_observed(&World::new(s), hub, 0, &mut log);
        let of = |(at, seen): &(Instant, Seen)| match *seen {
            Seen::Sent { arrives, ends, .. } => Some((*at, arrives, ends)),
            _ => None,
        };
        (record, log.iter().filter_map(of).collect::<Vec<_>>())
    };
    let (before, at_home) = visits(&s, 0);
    served(&mut s, 0, 1, 1.0, 0);
    let (after, away) = visits(&s, 1);
    assert!(at_home.len() > 200 && at_home == away);
    assert_eq!(before.hubs[0].pathways, after.hubs[0].pathways);
    assert_eq!(after.elsewhere[0].pathways, after.hubs[0].pathways);
    assert!(visits(&s, 0).1.is_empty());
}

/// Pathway 2 begins a package of 600 minutes whose one visit takes 30; pathway 0 always leads to it. Only pathway 0 of A is
/// B's, and what is born of it stays there: visited at B from 10 to 70, its package is B's. A's own referrals of pathway 2
/// stay at A. B has room for one package: that of B's own person of 0 ends at 600, and only then does the other begin.
#[test]
fn what_is_born_stays_with_whoever_serves_and_takes_their_places() {
    let mut s = hubs([5, 5, 0]);
    let once = stream("visit", 0, Pattern::Once, fixed(30));
    s.packages = vec![package("k", fixed(600), vec![once])];
    s.pathways.push(crate::support::begins("start", 0));
    s.pathways[0].outcome = vec![(Outcome::Pathway(PathwayId(2)), share(1.0))];
    for hub in &mut s.hubs {
        hub.referrals.push(PerDay::default());
        hub.caseload_limit = vec![Some(1)];
    }
    served(&mut s, 0, 1, 1.0, 0);
    s.served_elsewhere[0].pathways = vec![PathwayId(0)];
    let (islands, log) = ran(&s, &[(0, 1, 2), (0, 0, 0), (5, 0, 2)]);
    let starts: Vec<(usize, i64)> = log
        .iter()
        .filter_map(|(at, seen)| match *seen {
            Seen::PackageStarts { hub, .. } => Some((hub, whole(*at))),
            _ => None,
        })
        .collect();
    assert_eq!(starts, [(0, 5), (1, 0), (1, 600)]);
    let started: Vec<u64> = records(&islands).iter().map(|r| r.packages[0].started).collect();
    assert_eq!(started, [1, 2, 0]);
    let these = &islands.iter().find_map(|i| i.elsewhere.first()).unwrap().pathways;
    assert_eq!([0, 1, 2].map(|p| these[p].referrals), [1, 0, 1]);
    assert_eq!(these[2].wait_ms / 60_000, 600 - 70);
}

/// B has one worker and one bed. B's own person of 0 lies in it until the worker comes at 10; A's person of 5 is outside until
/// then, and in it until the worker, back at 70, comes at 80. All of it is in B's books, and what is A's beside them.
#[test]
fn they_wait_in_the_beds_of_who_serves() {
    let mut s = hubs([1, 1, 0]);
    waits_in(&mut s, 0, "acute", Some(1));
    served(&mut s, 0, 1, 1.0, 0);
    let (islands, _) = ran(&s, &[(0, 1, 0), (5, 0, 0)]);
    let minutes = |ms: i64| ms / 60_000;
    let of = |p: &PathwayRecord| (minutes(p.bed_ms[0]), minutes(p.outside_ms), p.found_no_bed);
    let counted: Vec<_> = records(&islands).iter().map(|r| of(&r.pathways[0])).collect();
    assert_eq!(counted, [(0, 0, 0), (10 + 70, 5, 1), (0, 0, 0)]);
    let these = &islands.iter().find_map(|i| i.elsewhere.first()).unwrap().pathways;
    assert_eq!(of(&these[0]), (70, 5, 1));
    let occupied: Vec<_> = records(&islands)
        .iter()
        .map(|r| minutes(r.beds[0].occupied_ms))
        .collect();
    assert_eq!(occupied, [0, 80, 0]);
}

/// B has nobody, and C lends after 45 minutes with 12 more: C goes to A's person as to one of B's, with B's travel and the
/// entry's 5 minutes.
#[test]
fn neighbours_of_who_serves_help() {
    let mut s = hubs([1, 0, 1]);
    s.neighbours.push(Neighbours {
        hubs: vec![HubId(1), HubId(2)],
        roles: vec![RoleId(0)],
        after: minutes(45),
        extra_travel: minutes(12),
    });
    served(&mut s, 0, 1, 1.0, 5);
    assert_eq!(sent(&s, &[(0, 0, 0)]), [(2, 45, 45 + 12 + 10 + 5, 45 + 27 + 60)]);
}

/// B and C are one pool at B with 3 minutes more: A's people are served by C with C's travel, none, the pool's 3 and the
/// entry's 5.
#[test]
fn the_staff_of_a_pool_serve_them_from_its_base() {
    let mut s = hubs([1, 1, 1]);
    s.pools.push(Pool {
        hubs: vec![HubId(1), HubId(2)],
        extra_travel: minutes(3),
    });
    served(&mut s, 0, 2, 1.0, 5);
    assert_eq!(sent(&s, &[(0, 0, 0)]), [(1, 0, 8, 68)]);
    let (islands, _) = ran(&s, &[(0, 0, 0)]);
    let counted: Vec<u64> = records(&islands).iter().map(|r| r.pathways[0].referrals).collect();
    assert_eq!(counted, [0, 0, 1]);
}

/// From the second day on everybody of A is B's; before, nobody.
#[test]
fn a_share_that_changes_on_a_date_counts_from_that_day() {
    let mut s = hubs([1, 1, 0]);
    served(&mut s, 0, 1, 0.0, 0);
    let mut then = s.clone();
    then.served_elsewhere[0].share = share(1.0);
    assert!(s.same_shape(&then));
    s.later = vec![Later {
        from_day: 1,
        scenario: then,
    }];
    let mut found = sent(&s, &[(1439, 0, 0), (1440, 0, 0)]);
    found.sort_unstable();
    assert_eq!(found, [(0, 1439, 1479, 1539), (1, 1440, 1450, 1510)]);
}

/// The gate charges the longer way: B's capacity is 100 minutes a day; a stream of one visit a day of 30 minutes with 10 of
/// round travel is charged 40, so two fit; with 25 minutes farther it is charged 65, so one does.
#[test]
fn the_gate_charges_the_way_to_them() {
    let admitted = |extra: i64| {
        let mut s = hubs([0, 0, 0]);
        let mut care = stream("care", 0, crate::support::daily(1.0), fixed(30));
        care.gated = true;
        s.packages = vec![package("k", fixed(7 * 1440), vec![care])];
        s.pathways = vec![crate::support::begins("start", 0)];
        for hub in &mut s.hubs {
            (hub.referrals, hub.caseload_limit) = (vec![PerDay::default()], vec![None]);
            hub.travel.round = fixed(10);
        }
        s.hubs[1].staff = vec![crate::support::pool_between(600, 700, 1)];
        served(&mut s, 0, 1, 1.0, extra);
        let (_, log) = ran(&s, &[(0, 0, 0), (1, 0, 0)]);
        let begun = log.iter().filter(|(at, seen)| {
            let first_day = *at < Instant::midnight(1);
            first_day && matches!(seen, Seen::StreamStarts { .. })
        });
        begun.count()
    };
    assert_eq!((admitted(0), admitted(25)), (2, 1));
}
