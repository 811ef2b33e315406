//! Notes and admin: busy, and no clock is moved by them.

use crate::support::{at, fixed, minutes, need, pathway, pool, role, run_log, scenario, sent, share, trips, waits};
use homefirst::model::{Joint, ShiftEnd};
use homefirst::random::Distribution;
use homefirst::units::Span;

/// Travel 10, length 30, notes 7: 47. A quarter for admin: 47 x 0.25 / 0.75 = 15 min 40 s more. The visit ends at 40,
/// the worker is free at 40 + 7 + 15:40 = 62:40; the clock stopped at 10. The next, waiting since 0, waits 72:40.
#[test]
fn staff_stay_busy_for_notes_and_admin() {
    let mut w = role("w");
    (w.notes, w.admin_share) = (minutes(7), share(0.25));
    let mut s = scenario(
        vec![w],
        vec![pool(1)],
        vec![pathway("p", vec![need(0, fixed(30))])],
        vec![],
    );
    s.hubs[0].travel.urgent = fixed(10);
    let (record, log) = run_log(&s, &[(at(0), 0), (at(0), 0)]);
    let first = trips(&log)[0];
    assert_eq!((first.arrives, first.ends), (at(10), at(40)));
    assert_eq!(first.free.ms(), 62 * 60_000 + 40_000);
    assert_eq!(trips(&log)[1].sent, first.free);
    assert_eq!(record.pathways[0].wait_ms, 10 * 60_000 + 72 * 60_000 + 40_000);
    assert_eq!(record.roles[0].busy_inside_ms(), 2 * (62 * 60_000 + 40_000));
    assert_eq!(waits(&log), [Some(10), Some(72)]);
}

/// The share of on-shift time: over a visit, admin is a quarter of all busy time, to the rounding of a millisecond.
#[test]
fn the_admin_share_is_a_share_of_busy_time() {
    let mut w = role("w");
    (w.notes, w.admin_share) = (Span::from_ms(1), share(0.3));
    let s = scenario(
        vec![w],
        vec![pool(1)],
        vec![pathway("p", vec![need(0, fixed(31))])],
        vec![],
    );
    let (_, log) = run_log(&s, &[(at(0), 0)]);
    let t = trips(&log)[0];
    let work = 31 * 60_000 + 1;
    assert_eq!((t.free - t.sent).ms(), work + 797_143); // 1,860,001 x 3 / 7 = 797,143.29
}

/// The response is over when the visits end, notes aside: 30; the second role's notes delay nothing.
#[test]
fn notes_are_after_the_visit() {
    let mut w = role("w");
    w.notes = minutes(20);
    let mut p = pathway("p", vec![need(0, fixed(30))]);
    p.outcome = vec![(
        homefirst::model::Outcome::Pathway(homefirst::model::PathwayId(0)),
        share(1.0),
    )];
    let mut s = scenario(vec![w], vec![pool(2)], vec![p], vec![]);
    s.experiment.run_length = minutes(61);
    let (_, log) = run_log(&s, &[(at(0), 0)]);
    assert_eq!(sent(&log)[..3], [(1, 0, 0), (2, 0, 30), (3, 0, 60)]);
}

/// Admin is for travel, length and notes, not for waiting at the door: sent together with different journeys, each is
/// busy for its own travel, the common wait, 30 minutes, and admin of (own travel + 30 minutes) / 4 x 1.
#[test]
fn waiting_for_the_other_earns_no_admin() {
    let mut roles = vec![role("a"), role("b")];
    for r in &mut roles {
        (r.admin_share, r.shift_end) = (share(0.2), ShiftEnd::Finish);
    }
    let mut p = pathway("p", vec![need(0, fixed(30)), need(1, fixed(30))]);
    p.joint = Joint::Together;
    let mut s = scenario(roles, vec![pool(1); 2], vec![p], vec![]);
    s.hubs[0].travel.urgent = Distribution::uniform(minutes(10), minutes(40)).unwrap();
    let (_, log) = run_log(&s, &[(at(0), 0)]);
    for t in trips(&log) {
        let work = (t.arrives - t.sent).ms() + minutes(30).ms();
        #[expect(clippy::cast_possible_truncation, reason = "milliseconds")]
        let admin = (work as f64 * 0.25).round() as i64;
        assert_eq!((t.free - t.ends).ms(), admin);
        assert_eq!(t.ends, t.begins + minutes(30));
    }
}
