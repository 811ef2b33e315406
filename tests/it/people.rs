//! The same people, whatever the rules, the order of the file and what else stands in it.

use homefirst::engine::{Seen, World, run, run_observed};
use homefirst::model::{Joint, Need, Outcome, Pattern, Scenario, ShiftEnd, Staffing, Weekday, WeekdaySet};
use homefirst::random::Distribution;
use homefirst::units::{PerDay, Span, Wte};

use crate::support::{fixed, minutes, need, package, pathway, pool, role, scenario, share, shift, stream};

/// Arrivals of the first person of each visit, by role: instants of whatever was drawn for people, no queue.
fn arrivals_by_role(s: &Scenario) -> Vec<(u64, usize, i64, i64)> {
    let mut log = Vec::new();
    drop(run_observed(&World::new(s), 0, 0, &mut log));
    let mut sent: Vec<_> = log
        .iter()
        .filter_map(|(_, seen)| match *seen {
            Seen::Sent {
                referral,
                role,
                arrives,
                begins,
                ends,
                ..
            } => Some((referral, role, arrives.ms(), (ends - begins).ms())),
            _ => None,
        })
        .collect();
    sent.sort_unstable();
    sent
}

fn two_roles(joint: Joint, swapped: bool) -> Scenario {
    let length = |mean| Distribution::lognormal_mean_cv(minutes(mean), 0.5).unwrap();
    let mut needs: Vec<Need> = vec![need(0, length(60)), need(1, length(30))];
    let lead = usize::from(swapped);
    if swapped {
        needs.reverse();
    }
    let mut crisis = pathway("crisis", needs);
    (crisis.joint, crisis.responses[0].lead) = (joint, lead);
    let mut s = scenario(
        vec![role("carer"), role("nurse")],
        vec![pool(500), pool(500)],
        vec![crisis],
        vec![],
    );
    s.hubs[0].travel.urgent = Distribution::lognormal_mean_cv(minutes(20), 0.4).unwrap();
    s.hubs[0].referrals[0] = PerDay::new(20.0).unwrap();
    s
}

/// With staff for everybody, how a joint response finds its people and who is listed first change nothing of what is
/// drawn: each person's travel and each role's length are the same.
#[test]
fn the_joint_rule_and_the_order_of_the_list_move_nobodys_numbers() {
    let separate = arrivals_by_role(&two_roles(Joint::Separate, false));
    assert!(separate.len() > 500);
    for (joint, swapped) in [
        (Joint::Together, false),
        (Joint::Reserve, false),
        (Joint::Separate, true),
        (Joint::Together, true),
    ] {
        assert_eq!(
            arrivals_by_role(&two_roles(joint, swapped)),
            separate,
            "{joint:?}, swapped {swapped}"
        );
    }
}

/// A response and a stream of the same names draw different numbers for the same person.
#[test]
fn a_response_and_a_stream_of_one_name_share_no_draw() {
    let length = || Distribution::lognormal_mean_cv(minutes(60), 0.5).unwrap();
    let mut crisis = pathway("care", vec![need(0, length())]);
    crisis.also = vec![(homefirst::model::PackageId(0), share(1.0))];
    let visits = stream("visit", 0, Pattern::Once, length());
    let mut s = scenario(
        vec![role("carer")],
        vec![pool(500)],
        vec![crisis],
        vec![package("care", fixed(1440), vec![visits])],
    );
    s.hubs[0].referrals[0] = PerDay::new(20.0).unwrap();
    let mut log = Vec::new();
    drop(run_observed(&World::new(&s), 0, 0, &mut log));
    let lengths = |planned: bool| {
        log.iter()
            .filter_map(|(_, seen)| match *seen {
                Seen::Sent {
                    stream, begins, ends, ..
                } if stream.is_some() == planned => Some((ends - begins).ms()),
                _ => None,
            })
            .collect::<std::collections::BTreeSet<i64>>()
    };
    assert!(lengths(false).len() > 400);
    // Two of some 600 independent lengths in milliseconds coincide now and then; all of them would.
    assert!(lengths(false).intersection(&lengths(true)).count() < 20);
}

/// Everybody goes to hospital at the end of a four-hour visit: all who were counted are admitted, however short the
/// window.
#[test]
fn what_follows_a_counted_response_is_counted_past_the_window() {
    let mut crisis = pathway("crisis", vec![need(0, fixed(240))]);
    crisis.outcome = vec![(Outcome::Hospital, share(1.0))];
    let mut s = scenario(vec![role("carer")], vec![pool(500)], vec![crisis], vec![]);
    s.experiment.run_length = Span::from_days(1);
    s.hubs[0].referrals[0] = PerDay::new(24.0).unwrap();
    for replication in 0..20 {
        let record = run(&World::new(&s), 0, replication);
        let pathway = &record.hubs[0].pathways[0];
        assert!(pathway.referrals > 5);
        assert_eq!(pathway.admissions, pathway.referrals);
    }
}

/// Five visits a week by a role that works from Monday to Friday, with more staff than work: none is missed, because
/// a visit moved to Monday moves the next one to Tuesday.
#[test]
fn weekly_visits_moved_off_the_weekend_do_not_push_each_other_out() {
    let mut worker = role("worker");
    let days = Weekday::ALL
        .into_iter()
        .take(5)
        .fold(WeekdaySet::NONE, WeekdaySet::with);
    worker.shifts = vec![homefirst::model::Shift {
        days,
        ..shift("day", 480, 960, 0)
    }];
    worker.shift_end = ShiftEnd::Finish;
    let mut visits = stream("visits", 0, Pattern::PerWeek(5.0), fixed(30));
    (visits.tolerance, visits.give_up) = (Span::from_hours(4), Span::from_hours(72));
    let mut community = pathway("community", vec![]);
    community.package = Some(homefirst::model::PackageId(0));
    let mut s = scenario(
        vec![worker],
        vec![Staffing::Wte(Wte::new(40.0).unwrap())],
        vec![community],
        vec![package("weeks", Distribution::fixed(Span::from_days(21)), vec![visits])],
    );
    s.hubs[0].referrals[0] = PerDay::new(1.0).unwrap();
    s.experiment.warm_up = Span::from_days(28);
    s.experiment.run_length = Span::from_days(84);
    let record = run(&World::new(&s), 0, 0);
    let stream = &record.hubs[0].packages[0].streams[0];
    assert!(stream.planned > 800, "{stream:?}");
    assert_eq!(stream.missed, 0, "{stream:?}");
}
