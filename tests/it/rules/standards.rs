//! Standards, to the millisecond.

use crate::support::{Trip, clock, fixed, minutes, need, pathway, pool, role, run_log, scenario, stops, trips};
use homefirst::model::Within;
use homefirst::random::Distribution;
use homefirst::units::{Instant, Span};

/// Whether an answer that takes `travel` from `start` is within the standard.
fn met(within: Within, start: Instant, travel: Span) -> bool {
    let mut p = pathway("p", vec![need(0, fixed(30))]);
    p.standard.as_mut().unwrap().within = within;
    let mut s = scenario(vec![role("w")], vec![pool(1)], vec![p], vec![]);
    s.hubs[0].travel.urgent = Distribution::fixed(travel);
    let (record, log) = run_log(&s, &[(start, 0)]);
    let met = stops(&log)[0].2;
    assert_eq!(record.pathways[0].hits, u64::from(met));
    let Trip { arrives, .. } = trips(&log)[0];
    assert_eq!(stops(&log)[0].1, (arrives - start).ms());
    met
}

/// A wait equal to the standard is within it; a millisecond more is not.
#[test]
fn two_hours_and_two_days_to_the_millisecond() {
    for hours in [2, 48] {
        let standard = minutes(60 * hours);
        assert!(met(Within::Time(standard), clock(0, 9, 0), standard));
        assert!(!met(
            Within::Time(standard),
            clock(0, 9, 0),
            standard + Span::from_ms(1)
        ));
    }
}

/// From 20:00, arrival at 23:59:59.999 is the same day, at 24:00 it is not. From 00:00 there are 24 hours.
#[test]
fn the_same_day_ends_at_midnight() {
    let hair = Span::from_ms(1);
    assert!(met(Within::SameDay, clock(0, 20, 0), minutes(240) - hair));
    assert!(!met(Within::SameDay, clock(0, 20, 0), minutes(240)));
    assert!(met(Within::SameDay, clock(1, 0, 0), Span::DAY - hair));
    assert!(!met(Within::SameDay, clock(1, 0, 0), Span::DAY));
}

/// Under `defer` the day is the day on which the clock started: received on Monday at 19:00, clock on Tuesday 08:00,
/// seen on Tuesday at 23:59.
#[test]
fn the_same_day_is_the_day_of_the_clock() {
    let mut p = pathway("p", vec![need(0, fixed(30))]);
    p.standard.as_mut().unwrap().within = Within::SameDay;
    p.opens = Some(homefirst::model::Opening {
        from: minutes(480),
        to: minutes(1080),
        days: homefirst::model::WeekdaySet::ALL,
    });
    let mut s = scenario(vec![role("w")], vec![pool(1)], vec![p], vec![]);
    s.hubs[0].travel.urgent = fixed(15 * 60 + 59);
    assert_eq!(
        stops(&run_log(&s, &[(clock(0, 19, 0), 0)]).1),
        [(1, minutes(959).ms(), true)]
    );
}
