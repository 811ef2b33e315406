//! Beds and outcomes, by hand.

use homefirst::engine::HubRecord;
use homefirst::model::{Later, Outcome, Pattern, Scenario, Staffing};
use homefirst::units::{PerDay, Span};

use crate::support::{
    at, begins, fixed, minutes, package, pool, pool_between, role, run_log, scenario, share, stream, waits_in,
};

/// Visits of twenty minutes by one carer who comes on at 100, to people who each wait in a bed until then.
fn ward(first: &str, places: Option<u32>) -> Scenario {
    let mut visits = stream("visits", 0, Pattern::Once, fixed(20));
    visits.first_after = Span::ZERO;
    let mut s = scenario(
        vec![role("carer")],
        vec![pool_between(100, 1440, 1)],
        vec![begins("step-down", 0)],
        vec![package("care", fixed(60), vec![visits])],
    );
    s.experiment.run_length = Span::DAY;
    waits_in(&mut s, 0, first, places);
    s
}

fn times(record: &HubRecord) -> (Vec<i64>, i64, u64) {
    let p = &record.pathways[0];
    let minutes = |ms: i64| ms / 60_000;
    (
        p.bed_ms.iter().map(|&ms| minutes(ms)).collect(),
        minutes(p.outside_ms),
        p.found_no_bed,
    )
}

/// One place. Received at 0, 10 and 30; seen at 100, 120, 140 (visits of 20). The place is the first's until 100, then the
/// second's until 120, then the third's: 100 + 20 + 20 in bed, 90 + 90 outside; two found none.
#[test]
fn whoever_finds_no_bed_waits_outside_for_the_first_that_comes_free() {
    let s = ward("acute", Some(1));
    let (record, _) = run_log(&s, &[(at(0), 0), (at(10), 0), (at(30), 0)]);
    assert_eq!(times(&record), (vec![140], 180, 2));
    assert_eq!(record.beds[0].occupied_ms, minutes(140).ms());
    assert_eq!(record.beds[0].full_ms, minutes(140).ms());
}

/// A second kind: the second person takes it at 10, and stays in it when the first kind comes free at 100, which the third,
/// outside since 30, then takes.
#[test]
fn kinds_are_taken_in_order_and_nobody_moves() {
    let mut s = ward("community", Some(1));
    waits_in(&mut s, 0, "acute", Some(1));
    let (record, _) = run_log(&s, &[(at(0), 0), (at(10), 0), (at(30), 0)]);
    assert_eq!(times(&record), (vec![100 + 40, 110], 70, 1));
    // The first kind is full throughout; the second from 10 to 120.
    assert_eq!(record.beds[0].full_ms, minutes(140).ms());
    assert_eq!(record.beds[1].full_ms, minutes(110).ms());
}

/// One place. The first is in it until 100; outside are one since 10 and, of a second pathway, one since 30. The former takes
/// it until 120, then the latter until 140.
#[test]
fn whoever_has_waited_longest_takes_the_place_that_comes_free() {
    let mut s = ward("acute", Some(1));
    s.pathways.push(begins("early", 0));
    s.pathways[1].waits_in = s.pathways[0].waits_in.clone();
    s.hubs[0].referrals.push(PerDay::default());
    let (record, _) = run_log(&s, &[(at(0), 0), (at(10), 0), (at(30), 1)]);
    let in_bed_and_outside = record
        .pathways
        .iter()
        .map(|p| (p.bed_ms[0] / 60_000, p.outside_ms / 60_000));
    assert!(in_bed_and_outside.eq([(100 + 20, 90), (20, 90)]));
}

/// No places: outside throughout, and full from the first instant to the last.
#[test]
fn without_places_everybody_waits_outside() {
    let (record, _) = run_log(&ward("acute", Some(0)), &[(at(0), 0), (at(10), 0)]);
    assert_eq!(times(&record), (vec![0], 100 + 110, 2));
    assert_eq!(record.beds[0].full_ms, Span::DAY.ms());
}

/// Without a limit nobody is outside, and it is never full.
#[test]
fn without_a_limit_there_is_always_a_bed() {
    let (record, _) = run_log(&ward("acute", None), &[(at(0), 0), (at(10), 0), (at(30), 0)]);
    assert_eq!(times(&record), (vec![100 + 110 + 110], 0, 0));
    assert_eq!(record.beds[0].full_ms, 0);
}

/// Nobody comes before 3,000 (the third day, 02:00). One place on the first day, two from the second: the second person is
/// outside from 10 to 1,440. None from the third: nobody has to go.
#[test]
fn places_change_on_a_date() {
    let mut s = ward("acute", Some(1));
    s.hubs[0].staff = vec![Staffing::Rota((0..168).map(|hour| u32::from(hour >= 50)).collect())];
    s.experiment.run_length = Span::from_days(3);
    for (from_day, places) in [(1, 2), (2, 0)] {
        let mut scenario = s.clone();
        scenario.later.clear();
        scenario.hubs[0].beds = vec![Some(places)];
        s.later.push(Later { from_day, scenario });
    }
    let (record, _) = run_log(&s, &[(at(0), 0), (at(10), 0)]);
    // Seen at 3,000 and 3,020.
    assert_eq!(times(&record), (vec![3_000 + 3_020 - 1_440], 1_430, 1));
    // Full: from 0 to 3,020 by one of one, two of two, or more than none; and, without a place, to the end.
    assert_eq!(record.beds[0].full_ms, Span::from_days(3).ms());
}

/// A wait that ends when it begins needs no bed.
#[test]
fn whoever_is_seen_at_once_needs_no_bed() {
    let mut s = ward("acute", Some(0));
    s.hubs[0].staff = vec![pool(2)];
    let (record, _) = run_log(&s, &[(at(0), 0)]);
    assert_eq!(times(&record), (vec![0], 0, 0));
}

/// Patience of 40 with everybody home after that, and nobody ever comes: one ends by leaving, no package ends with an
/// outcome. With somebody there, the package of 60 minutes ends at 60 with its outcome; and one that ends after the window of
/// a day, at 1,450, is not counted, though the last of all still waits then.
#[test]
fn outcomes_are_counted_where_they_happen() {
    let mut s = ward("acute", None);
    s.pathways[0].patience = Some(fixed(40));
    s.pathways[0].on_leaving = vec![
        (Outcome::Hospital, share(0.0)),
        (Outcome::End("home".into()), share(1.0)),
    ];
    s.packages[0].outcome = vec![("independent".into(), share(1.0)), ("died".into(), share(0.0))];
    let names: Vec<String> = s.endings().iter().map(|e| e.outcome.to_string()).collect();
    assert_eq!(names, ["hospital", "home", "independent", "died"]);
    let (record, _) = run_log(&s, &[(at(0), 0)]);
    assert_eq!(record.endings, [0, 1, 0, 0]);
    s.hubs[0].staff = vec![pool(1)];
    let (record, _) = run_log(&s, &[(at(0), 0), (at(1_390), 0), (at(1_435), 0), (at(1_436), 0)]);
    assert_eq!(record.endings, [0, 0, 1, 0]);
}
