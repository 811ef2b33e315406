//! Neighbours: who helps whom, when, and where it is counted.

use crate::support::{
    Log, at, crew, fixed, minutes, need, package, pathway, pool, role, scenario, shift, stream, times, whole, wte,
};
use homefirst::engine::{HubRecord, Scripted, Seen, World, run, run_observed};
use homefirst::model::{HubId, Joint, Neighbours, Outcome, PackageId, PathwayId, RoleId, Scenario, ShiftEnd, Staffing};
use homefirst::units::Span;

/// Hubs called A, B, C and so on, one role, pathway 0: visits of 60 minutes in class 2, pathway 1: the same in class 3,
/// pathway 2: in class 1. Urgent travel 10 minutes at A, nowhere else.
fn hubs(staff: &[u32]) -> Scenario {
    let visit = |name, priority| {
        let mut p = pathway(name, vec![need(0, fixed(60))]);
        p.priority = priority;
        p
    };
    let mut s = scenario(
        vec![role("w")],
        vec![pool(0)],
        vec![visit("p", 2), visit("lower", 3), visit("higher", 1)],
        vec![],
    );
    s.hubs = vec![s.hubs[0].clone(); staff.len()];
    for (hub, (name, &n)) in s.hubs.iter_mut().zip(["A", "B", "C", "D"].into_iter().zip(staff)) {
        (hub.name, hub.staff) = (name.into(), vec![pool(n)]);
    }
    s.hubs[0].travel.urgent = fixed(10);
    s
}

fn join(s: &mut Scenario, hubs: [usize; 2], roles: &[usize], after: i64, extra: i64) {
    s.neighbours.push(Neighbours {
        hubs: hubs.map(HubId).to_vec(),
        roles: roles.iter().map(|&r| RoleId(r)).collect(),
        after: minutes(after),
        extra_travel: minutes(extra),
    });
}

/// A and B with so many staff, neighbours after 45 minutes with 12 minutes extra.
fn pair(staff: [u32; 2]) -> Scenario {
    let mut s = hubs(&staff);
    join(&mut s, [0, 1], &[0], 45, 12);
    s
}

/// Runs listed referrals (minute, hub, pathway) in one island.
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

/// (referral, hub that they come from, role, minute sent, minute of arrival) of everybody sent.
fn trips(log: &Log) -> Vec<(u64, usize, usize, i64, i64)> {
    let sent = log.iter().filter_map(|&(at, seen)| match seen {
        Seen::Sent {
            referral,
            hub,
            role,
            arrives,
            ..
        } => Some((referral, hub, role, whole(at), whole(arrives))),
        _ => None,
    });
    sent.collect()
}

fn sent(s: &Scenario, listed: &[(i64, usize, usize)]) -> Vec<(u64, usize, i64)> {
    let all = trips(&ran(s, listed).1);
    all.into_iter().map(|(n, hub, _, at, _)| (n, hub, at)).collect()
}

/// At A a visit from 0: travel 10 and 60, so until 70. Another at A waits from 30, is open at 75, but starts at home at
/// 70. From 24 it is open at 69, and B comes: sent at 69, there at 69 + 10 + 12 = 91; from 25 at 70, when A is free at
/// the same instant and goes first, there at 80.
#[test]
fn a_neighbour_comes_after_the_wait_stated_and_not_before() {
    let s = pair([1, 1]);
    let second = |minute| trips(&ran(&s, &[(0, 0, 0), (minute, 0, 0)]).1)[1];
    assert_eq!(second(30), (2, 0, 0, 70, 80));
    assert_eq!(second(24), (2, 1, 0, 69, 91));
    assert_eq!(second(25), (2, 0, 0, 70, 80));
    // Nobody at A at all: just at 45 minutes, to the minute; and the other way round, without A's travel, 12.
    let s = pair([0, 1]);
    assert_eq!(trips(&ran(&s, &[(0, 0, 0)]).1), [(1, 1, 0, 45, 67)]);
    let s = pair([1, 0]);
    assert_eq!(trips(&ran(&s, &[(0, 1, 0)]).1), [(1, 0, 0, 45, 57)]);
}

/// Triage does not count: asked at 20, open at 65.
#[test]
fn the_wait_for_neighbours_begins_when_triage_is_over() {
    let mut s = pair([0, 1]);
    s.pathways[0].triage = fixed(20);
    assert_eq!(sent(&s, &[(0, 0, 0)]), [(1, 1, 65)]);
}

/// `after` 0: at once, after the hub's own people. Two referrals at 0, one worker at each hub: A's own takes the first.
#[test]
fn after_nothing_neighbours_come_at_once_but_own_people_first() {
    let mut s = hubs(&[1, 1]);
    join(&mut s, [0, 1], &[0], 0, 12);
    assert_eq!(sent(&s, &[(0, 0, 0), (0, 0, 0)]), [(1, 0, 0), (2, 1, 0)]);
}

/// B is at a visit of its own until 60 while A's referral waits from 0; at 60 nothing waits at B, and it goes at once.
/// With another of B's waiting from 50, in the same class: B serves that first, and A's at 120.
#[test]
fn whoever_becomes_free_does_own_work_first_and_then_open_work() {
    let s = pair([0, 1]);
    assert_eq!(sent(&s, &[(0, 0, 0), (0, 1, 0)]), [(2, 1, 0), (1, 1, 60)]);
    assert_eq!(
        sent(&s, &[(0, 0, 0), (0, 1, 0), (50, 1, 0)]),
        [(2, 1, 0), (3, 1, 60), (1, 1, 120)]
    );
}

/// Of two open, the first in the order of work goes first, whatever their hubs: class 1 of C before class 2 of A, though A
/// has waited longer. C's takes 20 and 60 minutes, until 140. Of the same class the one that was due first: A's takes 10, 12
/// and 60 minutes, until 142.
#[test]
fn open_work_goes_in_the_order_of_work() {
    let mut s = hubs(&[0, 1, 0]);
    join(&mut s, [0, 1], &[0], 0, 12);
    join(&mut s, [2, 1], &[0], 0, 20);
    assert_eq!(
        sent(&s, &[(0, 1, 0), (10, 0, 0), (20, 2, 2)]),
        [(1, 1, 0), (3, 1, 60), (2, 1, 140)]
    );
    assert_eq!(
        sent(&s, &[(0, 1, 0), (10, 0, 0), (20, 2, 0)]),
        [(1, 1, 0), (2, 1, 60), (3, 1, 142)]
    );
}

/// The nearest by extra travel helps; of two as near the first by name, though it stands later in the file.
#[test]
fn the_nearest_neighbour_helps_and_of_two_the_first_by_name() {
    let near = |b: i64, c: i64, names: [&str; 2]| {
        let mut s = hubs(&[0, 1, 1]);
        join(&mut s, [0, 1], &[0], 45, b);
        join(&mut s, [0, 2], &[0], 45, c);
        (s.hubs[1].name, s.hubs[2].name) = (names[0].into(), names[1].into());
        trips(&ran(&s, &[(0, 0, 0)]).1)
    };
    assert_eq!(near(12, 5, ["B", "C"]), [(1, 2, 0, 45, 60)]);
    assert_eq!(near(5, 12, ["B", "C"]), [(1, 1, 0, 45, 60)]);
    assert_eq!(near(12, 12, ["B", "C"]), [(1, 1, 0, 45, 67)]);
    assert_eq!(near(12, 12, ["Z", "C"]), [(1, 2, 0, 45, 67)]);
}

/// Two neighbours, each with an `after` of its own: the farther after 20, the nearer after 45. With both free, the farther
/// comes at 20; with the farther away until 60, the nearer at 45; with both away until 60, the nearer then.
#[test]
fn each_neighbour_has_its_own_wait() {
    let mut s = hubs(&[0, 1, 1]);
    join(&mut s, [0, 1], &[0], 20, 30);
    join(&mut s, [0, 2], &[0], 45, 5);
    assert_eq!(sent(&s, &[(0, 0, 0)]), [(1, 1, 20)]);
    assert_eq!(sent(&s, &[(0, 1, 0), (0, 0, 0)]), [(1, 1, 0), (2, 2, 45)]);
    assert_eq!(
        sent(&s, &[(0, 1, 0), (0, 2, 0), (0, 0, 0)]),
        [(1, 1, 0), (2, 2, 0), (3, 2, 60)]
    );
}

/// A and C are both neighbours of B, and not of each other: B is busy, C idle, and nobody comes to A.
#[test]
fn a_neighbour_of_a_neighbour_is_none() {
    let mut s = hubs(&[0, 1, 1]);
    join(&mut s, [0, 1], &[0], 45, 12);
    join(&mut s, [1, 2], &[0], 45, 12);
    assert_eq!(sent(&s, &[(0, 1, 0), (0, 0, 0)]), [(1, 1, 0), (2, 1, 60)]);
}

/// At B two-person work of so high a class waits from 0, for which one of its two people is missing: they do not help A
/// with equal or lower work, and do with higher. Class 2 waits at B; A has class 2, 3 or 1.
#[test]
fn who_is_wanted_at_home_for_equal_or_higher_work_does_not_help() {
    let mut s = pair([0, 1]);
    let mut both = need(0, fixed(60));
    both.two = crate::support::share(1.0);
    s.pathways[0].responses[0].needs = vec![both];
    s.pathways.push(s.pathways[2].clone());
    s.pathways[3].name = "equal".into();
    s.pathways[3].priority = 2;
    for hub in &mut s.hubs {
        hub.referrals.push(homefirst::units::PerDay::default());
    }
    let helped = |pathway| sent(&s, &[(0, 1, 0), (0, 0, pathway)]);
    assert_eq!(helped(2), [(2, 1, 45)]);
    assert_eq!(helped(1), []);
    assert_eq!(helped(3), []);
}

/// Double-handed: two people at once, of one hub. One free at B and one at C: nobody comes until B has two, at 60. Both
/// travel 10 and the extra 12; each is one visit's pair of hands, and the visit is counted once.
#[test]
fn two_people_come_from_one_hub() {
    let mut s = hubs(&[1, 2, 1]);
    join(&mut s, [0, 1], &[0], 45, 12);
    join(&mut s, [0, 2], &[0], 45, 5);
    let mut both = need(0, fixed(60));
    both.two = crate::support::share(1.0);
    s.pathways[2].responses[0].needs = vec![both];
    let (records, log) = ran(&s, &[(0, 1, 0), (0, 0, 2)]);
    assert_eq!(trips(&log), [(1, 1, 0, 0, 0), (2, 1, 0, 60, 82), (2, 1, 0, 60, 82)]);
    let visits: Vec<u64> = records.iter().map(|r| r.roles[0].visits).collect();
    assert_eq!(visits, [0, 2, 0]);
}

/// Only roles that are lent go: of a nurse or else a therapist, both free at B, the therapist is lent. Among lent
/// alternatives the work's own order of preference holds.
#[test]
fn only_roles_that_are_lent_go_in_the_order_of_preference() {
    let with = |lent: &[usize]| {
        let mut first = need(0, fixed(60));
        first.or = vec![RoleId(1)];
        let mut s = scenario(
            vec![role("nurse"), role("therapist")],
            vec![pool(0), pool(0)],
            vec![pathway("p", vec![first])],
            vec![],
        );
        s.hubs.push(s.hubs[0].clone());
        (s.hubs[1].name, s.hubs[1].staff) = ("H2".into(), vec![pool(1), pool(1)]);
        join(&mut s, [0, 1], lent, 45, 0);
        trips(&ran(&s, &[(0, 0, 0)]).1)
    };
    assert_eq!(with(&[1]), [(1, 1, 1, 45, 45)]);
    assert_eq!(with(&[0, 1]), [(1, 1, 0, 45, 45)]);
}

/// A response with two roles that go together: B has both, and lends only one: nobody comes. Lending both, both come. Where
/// the roles go separately, the one lent comes, the other starts at home when free.
#[test]
fn a_joint_response_is_filled_by_one_hub_or_role_by_role() {
    let with = |how: Joint, lent: &[usize]| {
        let mut both = pathway("p", vec![need(0, fixed(60)), need(1, fixed(60))]);
        both.joint = how;
        let mut s = scenario(vec![role("a"), role("b")], vec![pool(0), pool(0)], vec![both], vec![]);
        s.hubs.push(s.hubs[0].clone());
        (s.hubs[1].name, s.hubs[1].staff) = ("H2".into(), vec![pool(1), pool(1)]);
        join(&mut s, [0, 1], lent, 45, 12);
        trips(&ran(&s, &[(0, 0, 0)]).1)
    };
    assert_eq!(with(Joint::Together, &[0]), []);
    assert_eq!(with(Joint::Together, &[0, 1]), [(1, 1, 0, 45, 57), (1, 1, 1, 45, 57)]);
    assert_eq!(with(Joint::Separate, &[0]), [(1, 1, 0, 45, 57)]);
}

/// Planned visits are never open: crisis care at A, with nobody there, is missed beside an idle neighbour.
#[test]
fn neighbours_do_not_make_planned_visits() {
    let mut s = pair([0, 1]);
    s.packages = vec![package(
        "care",
        fixed(24 * 60),
        vec![stream("v", 0, times(&[600]), fixed(30))],
    )];
    s.pathways[0].also = vec![(PackageId(0), crate::support::share(1.0))];
    s.pathways[0].outcome = vec![(Outcome::End("home".into()), crate::support::share(1.0))];
    for hub in &mut s.hubs {
        hub.caseload_limit = vec![None];
    }
    let (records, log) = ran(&s, &[(0, 0, 0)]);
    assert_eq!(trips(&log), [(1, 1, 0, 45, 67)]);
    assert!(records[0].packages[0].streams[0].missed > 0);
}

/// Under `no-late-start` extra travel counts: B's shift ends at 120. Travel 10, length 60, extra 12: from 45 it ends at
/// 127, too late; with extra 5 at 120, just in time.
#[test]
fn extra_travel_counts_for_who_may_not_start_late() {
    let with = |extra| {
        let mut s = pair([0, 0]);
        s.roles = vec![crew("w", vec![shift("short", 0, 120, 0)])];
        s.roles[0].shift_end = ShiftEnd::NoLateStart;
        s.hubs[0].staff = vec![wte(0.0)];
        s.hubs[1].staff = vec![wte(1.0)];
        s.neighbours[0].extra_travel = minutes(extra);
        trips(&ran(&s, &[(0, 0, 0)]).1).first().map(|t| t.3)
    };
    assert_eq!(with(5), Some(45));
    assert_eq!(with(6), Some(24 * 60), "the next day's shift");
}

/// People help as pools do; whose shift has ended does not. B's worker is on shift until 60: helps at 45, and with a
/// referral at 20, open at 65, not before the next day.
#[test]
fn people_help_while_they_are_on_shift() {
    let mut s = pair([0, 0]);
    s.roles = vec![crew("w", vec![shift("short", 0, 60, 0)])];
    s.hubs[0].staff = vec![wte(0.0)];
    s.hubs[1].staff = vec![wte(1.0)];
    assert_eq!(sent(&s, &[(0, 0, 0)]), [(1, 1, 45)]);
    assert_eq!(sent(&s, &[(20, 0, 0)]), [(1, 1, 1440)]);
}

/// Time and visit are counted at B, the referral at A: from 45, travel 22 and 60, so 82 minutes of B's time; wait 67.
#[test]
fn the_time_is_counted_where_staff_come_from_and_the_referral_at_its_hub() {
    let (records, log) = ran(&pair([0, 1]), &[(0, 0, 0)]);
    let busy = |hub: usize| records[hub].roles[0].busy_inside_ms();
    assert_eq!([busy(0), busy(1)], [0, minutes(82).ms()]);
    assert_eq!([records[0].roles[0].visits, records[1].roles[0].visits], [0, 1]);
    let answered = |hub: usize| (records[hub].pathways[0].hits, records[hub].pathways[0].wait_ms);
    assert_eq!([answered(0), answered(1)], [(1, minutes(67).ms()), (0, 0)]);
    assert!(
        log.iter()
            .any(|(_, seen)| matches!(seen, Seen::ClockStops { hub: 0, met: true, .. }))
    );
}

/// Who has lost patience is not open any more; dispatch at the same instant wins.
#[test]
fn patience_ends_what_is_open() {
    let mut s = pair([0, 1]);
    s.pathways[0].patience = Some(fixed(50));
    assert_eq!(sent(&s, &[(0, 1, 0), (0, 0, 0)]), [(1, 1, 0)]);
    s.pathways[0].patience = Some(fixed(45));
    assert_eq!(sent(&s, &[(0, 0, 0)]), [(1, 1, 45)]);
}

/// Under `reserve` at home, A's one worker of role a is held for a joint response whose b is missing. A neighbour with
/// both takes it at 45, and what a was held back from starts at once.
#[test]
fn help_frees_who_was_held_at_home() {
    let mut both = pathway("both", vec![need(0, fixed(60)), need(1, fixed(60))]);
    (both.joint, both.priority) = (Joint::Reserve, 1);
    let single = pathway("a", vec![need(0, fixed(30))]);
    let mut s = scenario(
        vec![role("a"), role("b")],
        vec![pool(1), pool(0)],
        vec![both, single],
        vec![],
    );
    s.hubs.push(s.hubs[0].clone());
    (s.hubs[1].name, s.hubs[1].staff) = ("H2".into(), vec![pool(1), pool(1)]);
    join(&mut s, [0, 1], &[0, 1], 45, 12);
    let all = trips(&ran(&s, &[(0, 0, 0), (5, 0, 1)]).1);
    assert_eq!(all, [(1, 1, 0, 45, 57), (1, 1, 1, 45, 57), (2, 0, 0, 45, 45)]);
}

/// A's visit waits for B, whose one person is wanted at home by two-person work of the same class. At 60 the two of C are
/// free and take that; so B's is not wanted any more, and goes to A's at the same instant.
#[test]
fn help_frees_who_was_wanted_at_home() {
    let mut s = hubs(&[0, 1, 2]);
    join(&mut s, [0, 1], &[0], 0, 0);
    join(&mut s, [1, 2], &[0], 0, 0);
    let mut both = need(0, fixed(60));
    both.two = crate::support::share(1.0);
    s.pathways[1].responses[0].needs = vec![both];
    s.pathways[1].priority = 2;
    assert_eq!(
        sent(&s, &[(0, 2, 0), (0, 2, 0), (0, 0, 0), (0, 1, 1)]),
        [(1, 2, 0), (2, 2, 0), (4, 2, 60), (4, 2, 60), (3, 1, 60)]
    );
}

/// A third hub that is joined to nobody stands on its own, and is the same with and without the others' being neighbours.
#[test]
fn hubs_that_share_nothing_stay_islands_of_their_own() {
    let mut s = hubs(&[1, 1, 1]);
    for hub in &mut s.hubs {
        hub.referrals[0] = homefirst::units::PerDay::new(20.0).unwrap();
    }
    let alone = run(&World::new(&s), 2, 0);
    join(&mut s, [0, 1], &[0], 0, 12);
    let world = World::new(&s);
    let islands: Vec<Vec<usize>> = world
        .islands()
        .iter()
        .map(|i| i.iter().map(|h| h.0).collect())
        .collect();
    assert_eq!(islands, [vec![0, 1], vec![2]]);
    assert_eq!(run(&world, 1, 0), alone);
    join(&mut s, [2, 1], &[0], 0, 12);
    assert_eq!(World::new(&s).islands().len(), 1);
}

/// Neighbours who are never asked are no neighbours: every number of every hub, with people, pools, packages and gates.
#[test]
fn neighbours_who_are_never_asked_equal_separate_hubs() {
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/home-first-2020.toml");
    let mut s = homefirst::scenario::read(&file).unwrap().scenario;
    s.experiment.warm_up = Span::from_days(14);
    s.experiment.run_length = Span::from_days(28);
    let separate = World::new(&s);
    let roles = (0..s.roles.len()).collect::<Vec<_>>();
    for hub in 1..s.hubs.len() {
        join(&mut s, [hub - 1, hub], &roles, 365 * 24 * 60, 12);
    }
    let joined = World::new(&s);
    assert_eq!((separate.islands().len(), joined.islands().len()), (s.hubs.len(), 1));
    for replication in 0..2 {
        let apart: Vec<HubRecord> = (0..s.hubs.len())
            .flat_map(|i| run(&separate, i, replication).hubs)
            .collect();
        assert!(run(&joined, 0, replication).hubs == apart, "replication {replication}");
    }
}

/// Nobody at any hub for a role that nobody has: the neighbours' staff are of no use for it.
#[test]
fn staff_of_none_help_nobody() {
    let mut s = pair([0, 1]);
    s.hubs[1].staff = vec![Staffing::NONE];
    assert_eq!(sent(&s, &[(0, 0, 0)]), []);
}
