//! Why a standard was missed: one world for each cause, and which of two that hold counts.

use crate::support::{
    at, begins, crew, fixed, log, minutes, need, package, pathway, pool, pool_between, role, run_log, scenario, share,
    shift, stream, times, wte,
};
use homefirst::engine::{Cause, PathwayRecord, Seen};
use homefirst::model::{
    ClockStops, Joint, Opening, OutOfHours, Pathway, Pattern, RoleId, Scenario, ShiftEnd, Staffing, WeekdaySet, Within,
};
use homefirst::units::{Instant, PerDay};

/// Misses of the first pathway by cause, with how many of them left.
fn why(s: &Scenario, listed: &[(i64, usize)]) -> Vec<(Cause, u64, u64)> {
    let listed: Vec<(Instant, usize)> = listed.iter().map(|&(time, pathway)| (at(time), pathway)).collect();
    let (record, log) = run_log(s, &listed);
    for (books, _) in record
        .pathways
        .iter()
        .zip(&s.pathways)
        .filter(|(_, p)| p.standard.is_some())
    {
        assert_eq!(books.misses(), books.referrals - books.hits, "causes add up");
    }
    let said = log
        .iter()
        .filter(|(_, seen)| matches!(seen, Seen::Missed { .. }))
        .count() as u64;
    let misses: u64 = record.pathways.iter().map(PathwayRecord::misses).sum();
    assert_eq!(said, misses, "and an observer is told of each");
    let books = &record.pathways[0];
    let of = |c: &Cause| (*c, books.causes[*c as usize], books.causes_of_left[*c as usize]);
    Cause::ALL.iter().map(of).filter(|c| c.1 > 0).collect()
}

fn once(cause: Cause) -> Vec<(Cause, u64, u64)> {
    vec![(cause, 1, 0)]
}

/// First responses of one person of role 0, so long, in so many pathways; two hours.
fn responses(staff: Staffing, lengths: &[i64]) -> Scenario {
    let paths = lengths.iter().zip(["p0", "p1", "p2"]);
    let paths = paths.map(|(&n, name)| pathway(name, vec![need(0, fixed(n))]));
    scenario(vec![role("w")], vec![staff], paths.collect(), vec![])
}

/// The same, and beside them the last pathway begins a package of one visit of 200 by the same role.
fn with_visits(staff: Staffing, lengths: &[i64]) -> Scenario {
    let mut s = responses(staff, lengths);
    s.pathways.push(begins("visited", 0));
    s.packages = vec![package(
        "once",
        fixed(14_400),
        vec![stream("visit", 0, Pattern::Once, fixed(200))],
    )];
    s.hubs[0].caseload_limit = vec![None];
    s.hubs[0].referrals.push(PerDay::default());
    s
}

fn open_at_any_time(p: &mut Pathway) {
    p.opens = Some(Opening {
        from: minutes(480),
        to: minutes(1200),
        days: WeekdaySet::ALL,
    });
    p.out_of_hours = OutOfHours::Accept;
}

/// Open 08:00 to 20:00, accepted at any time. At 1260 nobody is there until 480 of the next day: to be judged at 1380,
/// outside opening hours, though nobody has been on shift since either. With somebody on shift who is busy, the same.
#[test]
fn shut() {
    let mut s = responses(pool_between(480, 1200, 1), &[30]);
    open_at_any_time(&mut s.pathways[0]);
    assert_eq!(why(&s, &[(1260, 0)]), once(Cause::Shut));
    let mut s = responses(pool(1), &[30, 500]);
    open_at_any_time(&mut s.pathways[0]);
    assert_eq!(why(&s, &[(1255, 1), (1260, 0)]), once(Cause::Shut));
}

/// The same pathway, at 1190. The only person is at a first response from 1185 to 1485, and off shift at 1200. To be
/// judged at 1310, when it is shut; but one looks at when somebody was last there, just before 1200: open, and busy.
/// With a triage of 15 (over at 1205): triage. At 1190, triage 150, nobody since 1100: shut at 1310, before triage.
#[test]
fn one_looks_at_the_last_instant_at_which_somebody_was_there() {
    let mut s = responses(pool_between(480, 1200, 1), &[30, 300]);
    open_at_any_time(&mut s.pathways[0]);
    let listed = [(1185, 1), (1190, 0)];
    assert_eq!(why(&s, &listed), once(Cause::BusyFirstResponses));
    s.pathways[0].triage = fixed(15);
    assert_eq!(why(&s, &listed), once(Cause::Triage));
    s.pathways[0].triage = fixed(150);
    assert_eq!(why(&s, &listed), once(Cause::Triage));
    s.hubs[0].staff[0] = pool_between(480, 1100, 1);
    assert_eq!(why(&s, &[(1190, 0)]), once(Cause::Shut));
}

/// Triage 150, standard 120, somebody free: triage, and so it is if nobody is free. Triage 120: sent at 120, in time.
#[test]
fn triage() {
    let mut s = responses(pool(1), &[30, 500]);
    s.pathways[0].triage = fixed(150);
    assert_eq!(why(&s, &[(0, 0)]), once(Cause::Triage));
    assert_eq!(why(&s, &[(0, 1), (1, 0)]), once(Cause::Triage));
    s.pathways[0].triage = fixed(120);
    assert_eq!(why(&s, &[(0, 0)]), []);
}

/// Nobody on shift until 300; or never.
#[test]
fn nobody_on_shift() {
    for staff in [pool_between(300, 1440, 1), pool(0)] {
        assert_eq!(why(&responses(staff, &[30]), &[(0, 0)]), once(Cause::NobodyOnShift));
    }
}

/// A caseload of one, taken at 0. Or a gate without room.
#[test]
fn no_room() {
    let mut s = with_visits(pool(3), &[]);
    s.hubs[0].caseload_limit = vec![Some(1)];
    assert_eq!(why(&s, &[(0, 0), (0, 0)]), once(Cause::NoRoom));
    let mut s = with_visits(pool(3), &[]);
    s.packages[0].streams[0] = stream("care", 0, times(&[60]), fixed(30));
    (s.packages[0].streams[0].gated, s.packages[0].gate) = (true, 0.0);
    assert_eq!(why(&s, &[(0, 0)]), once(Cause::NoRoom));
    // Nobody of the role is there: that comes first.
    s.hubs[0].staff[0] = pool(0);
    assert_eq!(why(&s, &[(0, 0)]), once(Cause::NobodyOnShift));
}

/// Visits at 10:00, an hour of tolerance: available at 540, and the standard ends at 120. A referral at 430 asks for
/// somebody at 540 and has them at 540: in time.
#[test]
fn planned_later() {
    let mut s = with_visits(pool(1), &[]);
    s.packages[0].streams[0].pattern = times(&[600]);
    assert_eq!(why(&s, &[(0, 0)]), once(Cause::PlannedLater));
    assert_eq!(why(&s, &[(430, 0)]), []);
}

/// Roles 0 (leads, two there) and 1 (one there); a visit takes 200.
fn joint(how: Joint, stops: ClockStops) -> Scenario {
    let mut p = pathway("p0", vec![need(0, fixed(200)), need(1, fixed(200))]);
    p.joint = how;
    p.standard.as_mut().unwrap().clock_stops = stops;
    scenario(vec![role("a"), role("b")], vec![pool(2), pool(1)], vec![p], vec![])
}

/// The first takes one of role 0 and the one of role 1. Together or reserved, the second has a free lead and no partner.
/// Separate, the lead goes alone: in time by the `lead` clock, and under `all` the partner is missing.
#[test]
fn partner_missing() {
    let listed = [(0, 0), (1, 0)];
    for (how, stops) in [
        (Joint::Together, ClockStops::Lead),
        (Joint::Reserve, ClockStops::Lead),
        (Joint::Together, ClockStops::First),
        (Joint::Separate, ClockStops::All),
    ] {
        assert_eq!(
            why(&joint(how, stops), &listed),
            once(Cause::PartnerMissing),
            "{how:?} {stops:?}"
        );
    }
    assert_eq!(why(&joint(Joint::Separate, ClockStops::Lead), &listed), []);
    assert_eq!(why(&joint(Joint::Separate, ClockStops::First), &listed), []);
    // The partner's role has nobody there: that comes first. So does a lead who is not free.
    let mut s = joint(Joint::Together, ClockStops::Lead);
    s.hubs[0].staff[1] = pool(0);
    assert_eq!(why(&s, &[(0, 0)]), once(Cause::NobodyOnShift));
    s.hubs[0].staff = vec![pool(1), pool(1)];
    assert_eq!(why(&s, &listed), once(Cause::BusyFirstResponses));
    // Two needed and one there: the second is a partner too.
    let mut s = responses(pool(1), &[30]);
    s.pathways[0].responses[0].needs[0].two = share(1.0);
    assert_eq!(why(&s, &[(0, 0)]), once(Cause::PartnerMissing));
}

/// Under `all`, roles going separately: travel of both is 30, so 90 is the last instant. The second's lead is sent at 1,
/// its partner at 200 only. If both roles are taken until 200, the lead is waited for as well: busy.
#[test]
fn under_all_the_first_who_is_certain_to_be_late_counts() {
    let mut s = joint(Joint::Separate, ClockStops::All);
    s.hubs[0].travel.urgent = fixed(30);
    assert_eq!(why(&s, &[(0, 0), (1, 0)]), once(Cause::PartnerMissing));
    s.hubs[0].staff[0] = pool(1);
    assert_eq!(why(&s, &[(0, 0), (1, 0)]), once(Cause::BusyFirstResponses));
}

/// Any of the two would do: nobody of role 0 is there, the one of role 1 is busy. By the lead's clock: nobody.
#[test]
fn under_first_a_cause_must_hold_for_all() {
    let run = |stops| {
        let mut s = joint(Joint::Separate, stops);
        s.pathways.push(pathway("p1", vec![need(1, fixed(500))]));
        s.hubs[0].referrals.push(PerDay::default());
        s.hubs[0].staff[0] = pool(0);
        why(&s, &[(0, 1), (1, 0)])
    };
    assert_eq!(run(ClockStops::First), once(Cause::BusyFirstResponses));
    assert_eq!(run(ClockStops::Lead), once(Cause::NobodyOnShift));
}

/// One there, at a first response until 200. Travel 20 ends the second's time at 100: free at 100 is in time, free a
/// minute later is not.
#[test]
fn busy_with_first_responses() {
    assert_eq!(
        why(&responses(pool(1), &[200]), &[(0, 0), (1, 0)]),
        once(Cause::BusyFirstResponses)
    );
    let run = |length| {
        let mut s = responses(pool(1), &[30, length]);
        s.hubs[0].travel.urgent = fixed(20);
        why(&s, &[(0, 1), (0, 0)])
    };
    assert_eq!(run(80), []);
    assert_eq!(run(81), once(Cause::BusyFirstResponses));
}

/// One there, at a planned visit until 200. Two there, one of each kind: without planned visits one would be free.
#[test]
fn busy_with_planned_visits() {
    assert_eq!(
        why(&with_visits(pool(1), &[30]), &[(0, 1), (1, 0)]),
        once(Cause::BusyPlannedVisits)
    );
    let s = with_visits(pool(2), &[30, 500]);
    assert_eq!(why(&s, &[(0, 2), (0, 1), (1, 0)]), once(Cause::BusyPlannedVisits));
    // Two at first responses, and a third with a visit who has become too many: without it nobody would be free.
    let mut s = with_visits(pool_between(0, 60, 3), &[30, 500]);
    let Staffing::OnShift(pieces) = &mut s.hubs[0].staff[0] else {
        return;
    };
    let mut fewer = pieces[0].clone();
    (fewer.from, fewer.to, fewer.count) = (minutes(60), minutes(1440), 2);
    pieces.push(fewer);
    assert_eq!(
        why(&s, &[(0, 2), (0, 1), (0, 1), (1, 0)]),
        once(Cause::BusyFirstResponses)
    );
}

/// The lead's first visit of a package waits for somebody at a first response, or at a planned visit.
#[test]
fn packages_are_judged_too() {
    let mut s = with_visits(pool(1), &[300]);
    s.pathways.swap(0, 1);
    assert_eq!(why(&s, &[(0, 1), (1, 0)]), once(Cause::BusyFirstResponses));
    assert_eq!(why(&s, &[(0, 0), (1, 0)]), once(Cause::BusyPlannedVisits));
    s.pathways[0].triage = fixed(121);
    assert_eq!(why(&s, &[(1, 0)]), once(Cause::Triage));
}

fn no_late_start(until: i64, length: i64) -> Scenario {
    let mut s = responses(wte(1.0), &[length]);
    s.roles[0] = crew("w", vec![shift("day", 0, until, 0)]);
    s.roles[0].shift_end = ShiftEnd::NoLateStart;
    s
}

/// The shift ends at 300, a visit takes 200. At 150 none may start; to be judged at 270, somebody is there and free. With
/// the end at 200, nobody is there at 270, and just before 200 somebody was free.
#[test]
fn shift_end() {
    assert_eq!(why(&no_late_start(300, 200), &[(150, 0)]), once(Cause::ShiftEnd));
    assert_eq!(why(&no_late_start(200, 200), &[(150, 0)]), once(Cause::ShiftEnd));
    assert_eq!(why(&no_late_start(350, 200), &[(150, 0)]), []);
}

/// 150 on the road. Or 50, three times that in the first hour of the day: sent at 0, there at 150; sent at 70, the last
/// instant, there at 120.
#[test]
fn travel() {
    let mut s = responses(pool(2), &[30]);
    s.hubs[0].travel.urgent = fixed(150);
    assert_eq!(why(&s, &[(0, 0)]), once(Cause::Travel));
    s.hubs[0].travel.urgent = fixed(50);
    let mut hours = vec![1.0; 24];
    hours[0] = 3.0;
    s.hubs[0].travel.hours = Some(hours);
    assert_eq!(why(&s, &[(0, 0)]), once(Cause::Travel));
    // Taken until 70: in time; until 71: not, and not for the road.
    let until = |length| {
        let mut s = s.clone();
        s.hubs[0].staff[0] = pool(1);
        s.pathways.push(pathway("p1", vec![need(0, fixed(length))]));
        s.hubs[0].referrals.push(PerDay::default());
        (s.hubs[0].travel.urgent, s.pathways[1].standard) = (fixed(50), None);
        // The other sets out at 0 and is there at 150; it is listed as the one before.
        s.hubs[0].travel.hours = Some((0..24).map(|h| if h == 0 { 0.2 } else { 1.0 }).collect());
        why(&s, &[(0, 1), (0, 0)])
    };
    assert_eq!(until(60), []);
    assert_eq!(until(61), once(Cause::BusyFirstResponses));
}

/// The same day: at 1380, half an hour on the road. Sent at 1410, there at 24:00 sharp: too late; the last instant is a
/// millisecond sooner, when the only person was still busy. Had they been free at 1409, in time.
#[test]
fn the_same_day_ends_before_midnight() {
    let run = |length| {
        let mut s = responses(pool(1), &[10, length]);
        s.pathways[0].standard.as_mut().unwrap().within = Within::SameDay;
        s.hubs[0].travel.urgent = fixed(30);
        why(&s, &[(1300, 1), (1380, 0)])
    };
    assert_eq!(run(80), once(Cause::BusyFirstResponses));
    assert_eq!(run(79), []);
}

/// Two people go home at 100, one of them at a first response until 301, the other free. Two are needed: a partner was
/// missing, whichever of the two is the first on the list.
#[test]
fn those_who_go_at_one_instant_are_looked_at_before_any_has_gone() {
    let mut s = responses(wte(2.0), &[10, 300, 5]);
    s.roles[0] = crew("w", vec![shift("day", 0, 100, 0)]);
    s.pathways[0].responses[0].needs[0].two = share(1.0);
    assert_eq!(why(&s, &[(1, 1), (20, 0)]), once(Cause::PartnerMissing));
    assert_eq!(why(&s, &[(0, 2), (1, 1), (20, 0)]), once(Cause::PartnerMissing));
}

/// Somebody works from 0 to 480 with a break of 60, due at 240. At a visit from 100 to 300 they take it at 300. Asked for
/// at 200, to be judged at 320, on the break: one looks at just before it, when they were at a first response. Asked for
/// at 250 on a break from 240, to be judged at 280: nobody has been there since.
#[test]
fn whoever_is_on_a_break_is_not_there() {
    let mut s = responses(wte(1.0), &[200]);
    s.roles[0] = crew("w", vec![shift("day", 0, 480, 60)]);
    assert_eq!(why(&s, &[(100, 0), (200, 0)]), once(Cause::BusyFirstResponses));
    s.pathways[0].standard.as_mut().unwrap().within = Within::Time(minutes(30));
    assert_eq!(why(&s, &[(250, 0)]), once(Cause::NobodyOnShift));
}

/// Overtime is not a shift: at a planned visit from 90 to 290, the shift ends at 100, a colleague comes at 150 and is
/// sent to a first response for 500. Asked for at 145, to be judged at 265: who works overtime does not count; all there are at first
/// responses.
#[test]
fn whoever_works_overtime_is_not_there() {
    let mut s = with_visits(wte(1.0), &[30, 500]);
    s.roles[0] = crew("w", vec![shift("early", 0, 100, 0), shift("late", 150, 1440, 0)]);
    assert_eq!(why(&s, &[(90, 2), (140, 1), (145, 0)]), once(Cause::BusyFirstResponses));
}

/// Busy at a planned visit until 135, then at a more urgent response. Patience 150 from 10: left at 160, but judged at
/// 130. Patience 40: judged on leaving at 50.
#[test]
fn whoever_leaves_is_counted_besides() {
    let mut s = with_visits(pool(1), &[30, 500]);
    s.packages[0].streams[0].length = fixed(135);
    s.pathways[1].priority = 1;
    s.pathways[0].patience = Some(fixed(150));
    let listed = [(0, 2), (10, 0), (100, 1)];
    assert_eq!(why(&s, &listed), [(Cause::BusyPlannedVisits, 1, 1)]);
    s.pathways[0].patience = Some(fixed(40));
    assert_eq!(why(&s, &listed), [(Cause::BusyPlannedVisits, 1, 1)]);
    // In triage until 60: that is why.
    s.pathways[0].triage = fixed(50);
    assert_eq!(why(&s, &listed), [(Cause::Triage, 1, 1)]);
    // And one who leaves while waiting for a package.
    let mut s = with_visits(pool(1), &[500]);
    s.pathways.swap(0, 1);
    s.pathways[0].patience = Some(fixed(40));
    assert_eq!(why(&s, &[(0, 1), (1, 0)]), [(Cause::BusyFirstResponses, 1, 1)]);
}

/// Under `reserve`, role 0 is held for a joint response that waits for role 1 until 500. Who needs role 0 alone, and is
/// due later, waits behind it: for a first response.
#[test]
fn staff_held_are_as_good_as_sent() {
    let mut s = joint(Joint::Reserve, ClockStops::Lead);
    s.hubs[0].staff[0] = pool(1);
    s.pathways.insert(0, pathway("alone", vec![need(0, fixed(10))]));
    s.pathways.push(pathway("other", vec![need(1, fixed(500))]));
    s.hubs[0].referrals = vec![PerDay::default(); 3];
    assert_eq!(why(&s, &[(0, 2), (1, 1), (2, 0)]), once(Cause::BusyFirstResponses));
}

/// Alternatives: of the two roles that will do, one is at a first response and one at a planned visit.
#[test]
fn all_who_would_do_must_be_busy() {
    let mut s = with_visits(pool(1), &[30, 500]);
    s.roles.push(role("or"));
    s.hubs[0].staff.push(pool(1));
    s.pathways[0].responses[0].needs[0].or = vec![RoleId(1)];
    s.packages[0].streams[0].role = RoleId(1);
    assert_eq!(why(&s, &[(0, 1), (0, 2), (1, 0)]), once(Cause::BusyPlannedVisits));
    s.hubs[0].staff[1] = pool(0);
    assert_eq!(why(&s, &[(0, 1), (1, 0)]), once(Cause::BusyFirstResponses));
    s.hubs[0].staff[1] = pool(2);
    assert_eq!(why(&s, &[(0, 1), (0, 2), (1, 0)]), []);
}

/// Nobody speaks of causes without a standard, or before the window.
#[test]
fn only_misses_have_causes() {
    let mut s = responses(pool(0), &[30]);
    s.pathways[0].standard = None;
    assert_eq!(run_log(&s, &[(at(0), 0)]).0.pathways[0].misses(), 0);
    let mut s = responses(pool_between(300, 1440, 1), &[30]);
    s.experiment.warm_up = minutes(1440);
    assert_eq!(run_log(&s, &[(at(-1440), 0)]).0.pathways[0].misses(), 0);
    assert!(
        !log(&s, &[(at(-1440), 0)])
            .iter()
            .any(|(_, seen)| matches!(seen, Seen::Missed { .. }))
    );
}

/// By hour of week of the clock start: Monday 00:00 is hour 0.
#[test]
fn misses_are_kept_by_the_hour_of_their_clock() {
    let (record, _) = run_log(
        &responses(pool(0), &[30]),
        &[(at(61), 0), (at(1440 * 2), 0), (at(1440 * 9 + 5), 0)],
    );
    let by_hour = &record.pathways[0].causes_by_hour;
    let nobody = |hour: usize| by_hour[hour][Cause::NobodyOnShift as usize];
    assert_eq!((nobody(1), nobody(48)), (1, 2));
    assert_eq!(by_hour.iter().flatten().sum::<u32>(), 3);
}
