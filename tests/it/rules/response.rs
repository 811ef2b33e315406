//! First responses: who goes, whose arrival stops the clock, and what follows.

use crate::support::{
    at, clock, clock_starts, fixed, log, minutes, need, package, package_starts, pathway, pool, pool_between, role,
    run_log, scenario, sent, share, stops, stream, trips, waits, when,
};
use homefirst::engine::Seen;
use homefirst::model::{
    ClockStops, Joint, Opening, Outcome, PackageId, Pathway, PathwayId, Pattern, RoleId, Scenario, Staffing, WeekdaySet,
};
use homefirst::random::Distribution;
use homefirst::units::Span;

/// Pathway 0 needs A for 30 and B for 45 minutes, A leading, class 1; pathway 1 needs A, pathway 2 needs B, each for
/// 60 minutes in class 3.
fn joint(how: Joint, staff: Vec<Staffing>) -> Scenario {
    let mut both = pathway("both", vec![need(0, fixed(30)), need(1, fixed(45))]);
    (both.joint, both.priority) = (how, 1);
    let single = |name, role| pathway(name, vec![need(role, fixed(60))]);
    scenario(
        vec![role("a"), role("b")],
        staff,
        vec![both, single("a", 0), single("b", 1)],
        vec![],
    )
}

fn stopping(mut s: Scenario, rule: ClockStops) -> Scenario {
    s.pathways[0].standard.as_mut().unwrap().clock_stops = rule;
    s
}

fn over(log: &crate::support::Log) -> Vec<(u64, i64)> {
    when(log, |seen| {
        if let Seen::ResponseOver { referral, .. } = *seen {
            Some(referral)
        } else {
            None
        }
    })
}

/// Triage 20 and travel 15 are inside the wait: 35.
#[test]
fn triage_and_travel_are_inside_the_wait() {
    let mut p = pathway("p", vec![need(0, fixed(30))]);
    p.triage = fixed(20);
    let mut s = scenario(vec![role("w")], vec![pool(1)], vec![p], vec![]);
    s.hubs[0].travel.urgent = fixed(15);
    let log = log(&s, &[(at(100), 0)]);
    assert_eq!((sent(&log), waits(&log)), (vec![(1, 0, 120)], vec![Some(35)]));
    assert_eq!(over(&log), [(1, 165)]);
}

/// Travel 10. At 0 a B-visit: 0 to 70. At 5 both are needed: A leaves at 5, comes at 15, ends at 45; B leaves at 70,
/// comes at 80, ends at 125. Waits: lead A 10; lead B 75; first 10; all 75. The response is over at 125.
#[test]
fn separate_roles_go_when_each_is_free() {
    let listed = [(at(0), 2), (at(5), 0)];
    for (rule, lead, wait) in [
        (ClockStops::Lead, 0, 10),
        (ClockStops::Lead, 1, 75),
        (ClockStops::First, 0, 10),
        (ClockStops::First, 1, 10),
        (ClockStops::All, 0, 75),
    ] {
        let mut s = stopping(joint(Joint::Separate, vec![pool(1), pool(1)]), rule);
        s.hubs[0].travel.urgent = fixed(10);
        s.pathways[0].responses[0].lead = lead;
        let log = log(&s, &listed);
        assert_eq!(sent(&log), [(1, 1, 0), (2, 0, 5), (2, 1, 70)]);
        assert_eq!(waits(&log)[1], Some(wait), "{rule:?} {lead}");
        assert_eq!(over(&log), [(1, 70), (2, 125)]);
        let each: Vec<_> = trips(&log)[1..].iter().map(|t| (t.arrives, t.begins, t.ends)).collect();
        assert_eq!(each, [(at(15), at(15), at(45)), (at(80), at(80), at(125))]);
    }
}

/// Roads six times slower in the first hour: A leaves at 5 and comes at 125; B, on shift from 60, leaves at 60 and
/// comes at 80. The first arrival is B's: 75; the last is A's: 120. A is done at 155, B at 125: over at 155.
#[test]
fn the_first_arrival_may_be_of_whoever_was_sent_last() {
    for (rule, wait) in [(ClockStops::First, 75), (ClockStops::All, 120)] {
        let mut s = stopping(joint(Joint::Separate, vec![pool(1), pool_between(60, 1440, 1)]), rule);
        s.hubs[0].travel.urgent = fixed(20);
        s.hubs[0].travel.hours = Some([6.0].into_iter().chain([1.0; 23]).collect());
        let log = log(&s, &[(at(5), 0)]);
        assert_eq!(stops(&log), [(1, minutes(wait).ms(), true)]);
        assert_eq!(over(&log), [(1, 155)]);
    }
}

/// B busy 0 to 60. Both needed from 5. Under `together` nobody is held: A-work of 10 passes and keeps A to 70; both
/// start at 70, wait 65 by any rule. A and B are free at 100 and 115.
#[test]
fn together_is_all_or_nothing_and_lower_work_may_pass() {
    for rule in [ClockStops::Lead, ClockStops::First, ClockStops::All] {
        let s = stopping(joint(Joint::Together, vec![pool(1), pool(1)]), rule);
        let log = log(&s, &[(at(0), 2), (at(5), 0), (at(10), 1)]);
        assert_eq!(sent(&log), [(1, 1, 0), (3, 0, 10), (2, 0, 70), (2, 1, 70)]);
        assert_eq!(waits(&log), [Some(0), Some(65), Some(0)]);
        assert_eq!(over(&log), [(1, 60), (3, 70), (2, 115)]);
    }
}

/// Under `reserve` A is held: both start at 60, wait 55. A is free at 90 and then does the A-work of 10, wait 80.
#[test]
fn reserve_holds_idle_staff_for_the_joint_response() {
    let s = joint(Joint::Reserve, vec![pool(1), pool(1)]);
    let log = log(&s, &[(at(0), 2), (at(5), 0), (at(10), 1)]);
    assert_eq!(sent(&log), [(1, 1, 0), (2, 0, 60), (2, 1, 60), (3, 0, 90)]);
    assert_eq!(waits(&log), [Some(0), Some(55), Some(80)]);
}

/// With two A one is held and the other takes the A-work of 10. Work of a higher class takes a held one: with one A
/// and the A-work in class 0, A is away 10 to 70, both start at 70.
#[test]
fn reserve_holds_no_more_than_is_needed_and_only_from_lower_work() {
    let s = joint(Joint::Reserve, vec![pool(2), pool(1)]);
    let listed = [(at(0), 2), (at(5), 0), (at(10), 1)];
    assert_eq!(sent(&log(&s, &listed)), [(1, 1, 0), (3, 0, 10), (2, 0, 60), (2, 1, 60)]);
    let mut s = joint(Joint::Reserve, vec![pool(1), pool(1)]);
    s.pathways[1].priority = 0;
    assert_eq!(sent(&log(&s, &listed)), [(1, 1, 0), (3, 0, 10), (2, 0, 70), (2, 1, 70)]);
}

/// A is held from 5 for a joint response that leaves at 35 (patience 30): the A-work that waits since 10 starts then,
/// for nobody holds A any more.
#[test]
fn staff_held_for_somebody_who_leaves_are_free_at_once() {
    let mut s = joint(Joint::Reserve, vec![pool(1), pool(0)]);
    s.pathways[0].patience = Some(fixed(30));
    assert_eq!(sent(&log(&s, &[(at(5), 0), (at(10), 1)])), [(2, 0, 35)]);
}

/// A and B from 5, A and C from 10, C alone from 15; one A and one C free, B from 60 on; half an hour each. Under `reserve`
/// A is held for the first joint response and C for nobody: C alone goes at 15, the first at 60, and the second when A is
/// free, at 90. Under `together` the second passes at 10, so C alone goes at 40 and the first when B comes, at 60.
#[test]
fn staff_are_held_for_the_first_joint_response_only() {
    for (how, expected) in [
        (
            Joint::Reserve,
            [(3, 2, 15), (1, 0, 60), (1, 1, 60), (2, 0, 90), (2, 2, 90)],
        ),
        (
            Joint::Together,
            [(2, 0, 10), (2, 2, 10), (3, 2, 40), (1, 0, 60), (1, 1, 60)],
        ),
    ] {
        let mut pathways = Vec::new();
        for (name, other) in [("ab", 1), ("ac", 2)] {
            let mut p = pathway(name, vec![need(0, fixed(30)), need(other, fixed(30))]);
            p.joint = how;
            pathways.push(p);
        }
        pathways.push(pathway("c", vec![need(2, fixed(30))]));
        let staff = vec![pool(1), pool_between(60, 1440, 1), pool(1)];
        let s = scenario(vec![role("a"), role("b"), role("c")], staff, pathways, vec![]);
        assert_eq!(sent(&log(&s, &[(at(5), 0), (at(10), 1), (at(15), 2)])), expected);
    }
}

/// Each travels alone, the visit begins when the last is there, the first waits, busy: with travel between 10 and 30
/// minutes the two differ, both begin at the later arrival, A is free 30 and B 45 minutes after that.
/// Clocks: lead A's own arrival, the earlier, the later.
#[test]
fn of_those_sent_together_the_first_waits_for_the_last() {
    for rule in [ClockStops::Lead, ClockStops::First, ClockStops::All] {
        for how in [Joint::Together, Joint::Reserve] {
            let mut s = stopping(joint(how, vec![pool(1), pool(1)]), rule);
            s.hubs[0].travel.urgent = Distribution::uniform(minutes(10), minutes(30)).unwrap();
            let log = log(&s, &[(at(0), 0)]);
            let [a, b] = trips(&log)[..] else {
                panic!("two are sent")
            };
            assert_ne!(a.arrives, b.arrives);
            let last = a.arrives.max(b.arrives);
            assert_eq!((a.begins, b.begins), (last, last));
            assert_eq!((a.free, b.free), (last + minutes(30), last + minutes(45)));
            let stop = match rule {
                ClockStops::Lead => a.arrives,
                ClockStops::First => a.arrives.min(b.arrives),
                ClockStops::All => last,
            };
            assert_eq!(stops(&log), [(1, (stop - at(0)).ms(), true)]);
        }
    }
}

/// A, else B, else C. At 0 all are free: A (to 60). At 10: B (to 70). At 20: C (to 80). At 30 nobody; A is free first.
/// At 75 A is busy (60 to 120), B free since 70, C not: B.
#[test]
fn alternatives_go_in_order_of_preference() {
    let mut any = need(0, fixed(60));
    any.or = vec![RoleId(1), RoleId(2)];
    let s = scenario(
        vec![role("a"), role("b"), role("c")],
        vec![pool(1); 3],
        vec![pathway("p", vec![any])],
        vec![],
    );
    let listed: Vec<_> = [0, 10, 20, 30, 75].map(|t| (at(t), 0)).to_vec();
    assert_eq!(
        sent(&log(&s, &listed)),
        [(1, 0, 0), (2, 1, 10), (3, 2, 20), (4, 0, 60), (5, 1, 75)]
    );
}

/// A seat for A or B and a seat for A only; one A, one B: the first seat leaves A to the second.
#[test]
fn preference_gives_way_where_it_would_leave_a_seat_empty() {
    let mut any = need(0, fixed(60));
    any.or = vec![RoleId(1)];
    let mut p = pathway("p", vec![any, need(0, fixed(60))]);
    p.joint = Joint::Together;
    let s = scenario(vec![role("a"), role("b")], vec![pool(1); 2], vec![p], vec![]);
    assert_eq!(sent(&log(&s, &[(at(0), 0)])), [(1, 1, 0), (1, 0, 0)]);
}

/// Two A. One is busy 0 to 60. Two are needed from 5 (class 1): they wait for 60; but the single visit of 10 passes
/// and takes the other A to 70. So two are free at 70: both sent then.
#[test]
fn double_handed_work_needs_two_at_one_instant() {
    let mut two = need(0, fixed(30));
    two.two = share(1.0);
    let mut double = pathway("double", vec![two]);
    double.priority = 1;
    let s = scenario(
        vec![role("a")],
        vec![pool(2)],
        vec![double, pathway("single", vec![need(0, fixed(60))])],
        vec![],
    );
    let (record, log) = run_log(&s, &[(at(0), 1), (at(5), 0), (at(10), 1)]);
    assert_eq!(sent(&log), [(1, 0, 0), (3, 0, 10), (2, 0, 70), (2, 0, 70)]);
    // Three visits by four pairs of hands: 60 + 60 + 2 x 30 minutes.
    assert_eq!(
        (record.roles[0].visits, record.roles[0].busy_inside_ms()),
        (3, minutes(180).ms())
    );
}

/// The second may be a B: with one A busy 0 to 60 and one A and one B free, A and B go at 5. But the first may not:
/// with no A free, two B wait.
#[test]
fn the_second_may_be_of_another_role() {
    let mut two = need(0, fixed(30));
    (two.two, two.or_second) = (share(1.0), vec![RoleId(1)]);
    let staffed = |a, b| {
        scenario(
            vec![role("a"), role("b")],
            vec![pool(a), pool(b)],
            vec![
                pathway("double", vec![two.clone()]),
                pathway("single", vec![need(0, fixed(60))]),
            ],
            vec![],
        )
    };
    let listed = [(at(0), 1), (at(5), 0)];
    assert_eq!(sent(&log(&staffed(2, 1), &listed)), [(1, 0, 0), (2, 0, 5), (2, 1, 5)]);
    assert_eq!(sent(&log(&staffed(1, 2), &listed)), [(1, 0, 0), (2, 0, 60), (2, 1, 60)]);
}

fn doubles(response: f64, package_share: f64, later: f64) -> (Vec<usize>, Vec<usize>, Vec<usize>) {
    let mut first = need(0, fixed(30));
    first.two = share(response);
    let mut p = pathway("p", vec![first]);
    p.also = vec![(PackageId(0), share(1.0))];
    p.outcome = vec![(Outcome::Pathway(PathwayId(1)), share(1.0))];
    let mut again = need(1, fixed(30));
    again.two = share(later);
    let mut care = stream("care", 2, Pattern::Once, fixed(30));
    care.two = share(package_share);
    let s = scenario(
        vec![role("a"), role("b"), role("c")],
        vec![pool(500); 3],
        vec![p, pathway("again", vec![again])],
        vec![package("k", fixed(1440), vec![care])],
    );
    // Everybody comes a quarter of an hour after the one before; nobody waits, so who is who is known by the time.
    let log = log(&s, &(0..200).map(|n| (at(15 * n), 0)).collect::<Vec<_>>());
    let of = |role: usize, since: i64| -> Vec<usize> {
        (0..200)
            .map(|n| {
                trips(&log)
                    .iter()
                    .filter(|t| t.role == role && t.sent == at(15 * n + since))
                    .count()
            })
            .collect()
    };
    (of(0, 0), of(2, 30), of(1, 30))
}

/// Equal shares: the same people need two at the response, in the package besides, and in whatever pathway follows.
/// A larger share holds the smaller. Half of 200: between 70 and 130 with probability 0.99998.
#[test]
fn double_handed_is_a_property_of_the_person() {
    let (response, care, later) = doubles(0.5, 0.5, 0.5);
    let double = response.iter().filter(|&&n| n == 2).count();
    assert!((70..=130).contains(&double), "{double} of 200");
    assert_eq!(response, care);
    assert_eq!(response, later);
    let (response, care, later) = doubles(0.3, 0.6, 0.1);
    assert!(response.iter().zip(&care).all(|(r, c)| r <= c));
    assert!(response.iter().zip(&later).all(|(r, l)| l <= r));
}

/// 30 minutes from 0: over at 30, when the second pathway's referral begins with a clock of its own; it is seen at
/// once by another, wait 0, received at 30.
#[test]
fn an_outcome_that_is_a_pathway_begins_at_the_end_of_the_response() {
    let mut p = pathway("p", vec![need(0, fixed(30))]);
    p.outcome = vec![(Outcome::Pathway(PathwayId(1)), share(1.0))];
    let mut s = scenario(
        vec![role("a"), role("b")],
        vec![pool(1), pool(1)],
        vec![p, pathway("next", vec![need(1, fixed(60))])],
        vec![],
    );
    assert_eq!(sent(&log(&s, &[(at(0), 0)])), [(1, 0, 0), (2, 1, 30)]);
    // Taken from 08:00 only: the clock starts at 480, 450 after receipt.
    s.pathways[1].opens = Some(Opening {
        from: minutes(480),
        to: minutes(1080),
        days: WeekdaySet::ALL,
    });
    let (record, log) = run_log(&s, &[(at(0), 0)]);
    assert_eq!(clock_starts(&log), [(1, 0), (2, 480)]);
    assert_eq!(
        (record.pathways[1].wait_ms, record.pathways[1].wait_from_receipt_ms),
        (0, minutes(450).ms())
    );
}

/// Repeat visits: every response of 30 minutes begets the next. In a window of 100 minutes clocks start at 0, 30, 60
/// and 90: four referrals, though one was received.
#[test]
fn outcomes_may_lead_in_a_circle() {
    let mut p = pathway("p", vec![need(0, fixed(30))]);
    p.outcome = vec![(Outcome::Pathway(PathwayId(0)), share(1.0))];
    let mut s = scenario(vec![role("a")], vec![pool(1)], vec![p], vec![]);
    s.experiment.run_length = minutes(100);
    let (record, log) = run_log(&s, &[(at(0), 0)]);
    assert_eq!(clock_starts(&log)[..4], [(1, 0), (2, 30), (3, 60), (4, 90)]);
    assert_eq!((record.pathways[0].referrals, record.pathways[0].seen), (4, 4));
}

/// `also` goes with every outcome but hospital: of (home), (another pathway), (hospital), two begin short care at 30.
#[test]
fn what_also_begins_depends_on_nothing_but_hospital() {
    let begun = |outcome: Outcome| {
        let mut p = pathway("p", vec![need(0, fixed(30))]);
        (p.outcome, p.also) = (vec![(outcome, share(1.0))], vec![(PackageId(0), share(1.0))]);
        let care = stream("care", 0, Pattern::Once, fixed(30));
        let next = pathway("next", vec![need(0, fixed(30))]);
        let s = scenario(
            vec![role("a")],
            vec![pool(1)],
            vec![p, next],
            vec![package("k", fixed(4320), vec![care])],
        );
        let (record, log) = run_log(&s, &[(at(0), 0)]);
        (
            package_starts(&log).into_iter().map(|p| p.1).collect::<Vec<_>>(),
            record.pathways[0].admissions,
        )
    };
    assert_eq!(begun(Outcome::End("home".into())), (vec![30], 0));
    assert_eq!(begun(Outcome::Pathway(PathwayId(1))), (vec![30], 0));
    assert_eq!(begun(Outcome::Hospital), (vec![], 1));
}

/// The independence of `also` and outcome: of 400 people half go home and half begin reablement, half get short care
/// besides. In each of the four cells about 100: between 65 and 135, all four with probability 0.999.
#[test]
fn short_care_is_drawn_independently_of_the_outcome() {
    let mut p = pathway("p", vec![need(0, fixed(1))]);
    p.outcome = vec![
        (Outcome::End("home".into()), share(0.5)),
        (Outcome::End("else".into()), share(0.5)),
    ];
    p.also = vec![(PackageId(0), share(0.5))];
    let care = stream("care", 0, Pattern::Once, fixed(1));
    let s = scenario(
        vec![role("a")],
        vec![pool(9)],
        vec![p],
        vec![package("k", fixed(1440), vec![care])],
    );
    let (_, log) = run_log(&s, &(0..400).map(|n| (at(10 * n), 0)).collect::<Vec<_>>());
    let begun: Vec<i64> = package_starts(&log).into_iter().map(|p| p.1).collect();
    let mut cells = [0; 4];
    for (at, seen) in &log {
        if let Seen::ResponseOver { outcome, .. } = seen {
            cells[outcome * 2 + usize::from(begun.contains(&(at.ms() / 60_000)))] += 1;
        }
    }
    assert!(cells.iter().all(|n| (65..=135).contains(n)), "{cells:?}");
}

/// The kind is drawn by share: shares 0 and 1 leave no choice.
#[test]
fn a_kind_of_share_nought_never_comes() {
    let mut p: Pathway = pathway("p", vec![need(0, fixed(30))]);
    let mut other = p.responses[0].clone();
    (other.name, other.share) = ("other".into(), share(0.0));
    other.needs = vec![need(1, fixed(30))];
    p.responses.insert(0, other);
    let s = scenario(vec![role("a"), role("b")], vec![pool(9), pool(9)], vec![p], vec![]);
    assert!(
        trips(&log(&s, &(0..100).map(|n| (at(n), 0)).collect::<Vec<_>>()))
            .iter()
            .all(|t| t.role == 0)
    );
}

/// Urgent travel (10) for first responses, round travel (25) for everything else.
#[test]
fn urgent_roads_for_first_responses_and_round_ones_for_the_rest() {
    let mut p = pathway("p", vec![need(0, fixed(30))]);
    p.also = vec![(PackageId(0), share(1.0))];
    let care = stream("care", 0, Pattern::Once, fixed(30));
    let mut s = scenario(
        vec![role("a")],
        vec![pool(1)],
        vec![p],
        vec![package("k", fixed(1440), vec![care])],
    );
    (s.hubs[0].travel.urgent, s.hubs[0].travel.round) = (fixed(10), fixed(25));
    let travel: Vec<Span> = trips(&log(&s, &[(at(0), 0)]))
        .iter()
        .map(|t| t.arrives - t.sent)
        .collect();
    assert_eq!(travel, [minutes(10), minutes(25)]);
}

/// The factor of the hour in which somebody leaves: 20 minutes, times 1.5 from 17:00 on. 16:59 is still 1.
#[test]
fn roads_are_slower_in_some_hours() {
    let mut s = scenario(
        vec![role("a")],
        vec![pool(9)],
        vec![pathway("p", vec![need(0, fixed(30))])],
        vec![],
    );
    s.hubs[0].travel.urgent = fixed(20);
    s.hubs[0].travel.hours = Some((0..24).map(|h| if h == 17 { 1.5 } else { 1.0 }).collect());
    let listed = [(clock(0, 16, 59), 0), (clock(0, 17, 0), 0), (clock(0, 18, 0), 0)];
    assert_eq!(waits(&log(&s, &listed)), [Some(20), Some(30), Some(20)]);
}

/// A choice: of two sent to one need the first is the lead: its own arrival stops a `lead` clock, the earlier a `first`
/// one, the later an `all` one.
#[test]
fn of_two_at_one_visit_the_first_leads() {
    for rule in [ClockStops::Lead, ClockStops::First, ClockStops::All] {
        let mut two = need(0, fixed(30));
        two.two = share(1.0);
        let s = scenario(vec![role("a")], vec![pool(2)], vec![pathway("p", vec![two])], vec![]);
        let mut s = stopping(s, rule);
        s.hubs[0].travel.urgent = Distribution::uniform(minutes(10), minutes(30)).unwrap();
        let log = log(&s, &[(at(0), 0)]);
        let [a, b] = trips(&log)[..] else {
            panic!("two are sent")
        };
        let stop = match rule {
            ClockStops::Lead => a.arrives,
            ClockStops::First => a.arrives.min(b.arrives),
            ClockStops::All => a.arrives.max(b.arrives),
        };
        assert_ne!(a.arrives, b.arrives);
        assert_eq!(stops(&log)[0].1, (stop - at(0)).ms());
        assert_eq!((a.ends, b.ends), (a.begins + minutes(30), a.begins + minutes(30)));
    }
}

/// A and two B at one instant. One B is busy 0 to 60: from 5 on all three wait for it, then go together.
#[test]
fn together_counts_everybody_of_a_double_handed_need() {
    for how in [Joint::Together, Joint::Reserve] {
        let mut s = joint(how, vec![pool(1), pool(2)]);
        s.pathways[0].responses[0].needs[1].two = share(1.0);
        let (record, log) = run_log(&s, &[(at(0), 2), (at(5), 0)]);
        assert_eq!(sent(&log), [(1, 1, 0), (2, 0, 60), (2, 1, 60), (2, 1, 60)]);
        // Two needs are two visits; a second person is no visit more.
        assert_eq!((record.roles[0].visits, record.roles[1].visits), (1, 2));
    }
}

/// Two B and then A, who leads: the clock stops at A's own arrival, the third of those sent.
#[test]
fn the_lead_may_come_after_a_double_handed_need() {
    let mut s = joint(Joint::Together, vec![pool(1), pool(2)]);
    s.pathways[0].responses[0].needs.reverse();
    s.pathways[0].responses[0].needs[0].two = share(1.0);
    s.pathways[0].responses[0].lead = 1;
    s.hubs[0].travel.urgent = Distribution::uniform(minutes(10), minutes(30)).unwrap();
    let log = log(&s, &[(at(0), 0)]);
    let sent = trips(&log);
    assert_eq!(sent.iter().map(|t| t.role).collect::<Vec<_>>(), [1, 1, 0]);
    assert_ne!(sent[1].arrives, sent[2].arrives);
    assert_eq!(stops(&log), [(1, (sent[2].arrives - at(0)).ms(), true)]);
}

/// The second is of the same role if one is free: two A and a B free, two A go.
#[test]
fn another_role_is_second_only_if_need_be() {
    let mut two = need(0, fixed(30));
    (two.two, two.or_second) = (share(1.0), vec![RoleId(1)]);
    let s = scenario(
        vec![role("a"), role("b")],
        vec![pool(2), pool(1)],
        vec![pathway("double", vec![two])],
        vec![],
    );
    assert_eq!(sent(&log(&s, &[(at(0), 0)])), [(1, 0, 0), (1, 0, 0)]);
}

/// A planned A-visit at 20 for 30 minutes. A and B are needed from 5, B comes at 60. `together`: the visit 20 to 50, both
/// at 60. `reserve`: A is held from 5 to 60, at work to 90, then the visit.
#[test]
fn held_staff_take_no_planned_visits() {
    for (how, planned) in [(Joint::Together, 20), (Joint::Reserve, 90)] {
        let mut s = joint(how, vec![pool(1), pool_between(60, 1440, 1), pool(1)]);
        s.roles.push(role("c"));
        let mut besides = pathway("c", vec![need(2, fixed(0))]);
        besides.also = vec![(PackageId(0), share(1.0))];
        s.pathways.push(besides);
        let mut slots = stream(
            "slots",
            0,
            Pattern::At {
                times: vec![minutes(20)],
                days: WeekdaySet::ALL,
            },
            fixed(30),
        );
        (slots.tolerance, slots.first_after) = (minutes(0), minutes(10));
        s.packages = vec![package("k", fixed(600), vec![slots])];
        s.hubs[0].caseload_limit = vec![None];
        let log = log(&s, &[(at(0), 3), (at(5), 0)]);
        let at_a: Vec<_> = sent(&log).into_iter().filter(|s| s.1 < 2).collect();
        let mut expected = vec![(2, 0, planned), (3, 0, 60), (3, 1, 60)];
        expected.sort_by_key(|s| s.2);
        assert_eq!(at_a, expected);
    }
}
