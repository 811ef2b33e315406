//! From when on targets are met: months, deadlines, how late posts may be advertised.

use std::sync::atomic::AtomicBool;

use homefirst::answers::Measure;
use homefirst::answers::latest_advert::{Latest, NoAnswer, latest_advert};
use homefirst::answers::run::{Flow, RunAnswer, RunRequest, run};
use homefirst::answers::trajectory::{DatedMeasure, DatedRow, DeadlinePlace, Met};
use homefirst::model::{Calendar, HubId, Later, PathwayId, Recruit, RoleId, Scenario};
use homefirst::output::months::met;
use homefirst::pieces::Pieces;
use homefirst::units::{PerDay, Span, Wte};
use jiff::civil::{Date, date};

use crate::support::{crew, fixed, need, pathway, pool, role, scenario, share, shift, wte};

const REQUEST: RunRequest = RunRequest {
    replications: 10,
    confidence: 0.95,
    threads: Some(2),
};

/// Twenty referrals a day, seen at once by anybody who is there, day and night; nobody is until a post is filled, fourteen
/// days after it is advertised. Measured from 1 June to 31 August 2020.
fn waiting_for_one_post(advertised_day: i64) -> Scenario {
    let mut p = pathway("p", vec![need(0, fixed(1))]);
    p.patience = Some(fixed(60));
    p.standard = p.standard.map(|mut s| {
        s.target = Some(share(0.97));
        s
    });
    let mut s = scenario(
        vec![crew("w", vec![shift("all day", 0, 1440, 0)])],
        vec![wte(0.0)],
        vec![p],
        vec![],
    );
    s.hubs[0].referrals = vec![PerDay::new(20.0).unwrap()];
    s.experiment.run_length = Span::from_days(92);
    s.recruits = vec![Recruit {
        name: "post".into(),
        role: RoleId(0),
        posts: vec![1],
        in_post: vec![0],
        wte: Wte::new(1.0).unwrap(),
        advertised_day,
        time_to_start: fixed(14 * 1440),
        induction: Span::ZERO,
        productivity: share(0.0),
        turnover: 0.0,
        refill: true,
    }];
    s.trajectory.deadlines = vec![date(2020, 8, 1)];
    s
}

fn answer(s: &Scenario) -> RunAnswer {
    run(s, REQUEST, &AtomicBool::new(false), &|| ()).unwrap()
}

/// Three posts of 0.8 WTE, advertised on day 0 and filled on day 20, learn for ten days and count for half meanwhile:
/// 1.2 WTE on days 20 to 29, 2.4 from then on. June has 30 days: 12/30 = 0.4 WTE on average. July: 2.4. By the week:
/// 0, 0, 1.2 x 1/7, 1.2, (1.2 x 2 + 2.4 x 5)/7, then 2.4.
#[test]
fn posts_that_fill_stand_in_the_rows_of_their_months_and_weeks() {
    let mut s = waiting_for_one_post(0);
    s.experiment.run_length = Span::from_days(45);
    s.trajectory.deadlines = vec![date(2020, 5, 31), date(2020, 7, 15), date(2020, 7, 16)];
    let recruit = &mut s.recruits[0];
    (recruit.posts, recruit.wte, recruit.time_to_start) = (vec![3], Wte::new(0.8).unwrap(), fixed(20 * 1440));
    (recruit.induction, recruit.productivity) = (Span::from_days(10), share(0.5));
    let trajectory = answer(&s).trajectory;
    let posts = |rows: Vec<DatedRow>, all: bool| -> Vec<f64> {
        let ours = |r: &&DatedRow| {
            r.measure == DatedMeasure::RecruitedWte && r.role == Some(RoleId(0)) && r.hub.is_none() == all
        };
        rows.iter().filter(ours).map(|r| r.estimate.unwrap().mean).collect()
    };
    let close = |found: &[f64], expected: &[f64]| {
        assert_eq!(found.len(), expected.len());
        assert!(
            found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-12),
            "{found:?}"
        );
    };
    for all in [false, true] {
        close(&posts(trajectory.monthly(), all), &[0.4, 2.4]);
        close(
            &posts(trajectory.weekly(), all),
            &[0.0, 0.0, 1.2 / 7.0, 1.2, 14.4 / 7.0, 2.4, 2.4],
        );
    }
    let days: Vec<f64> = trajectory
        .monthly()
        .iter()
        .filter(|r| r.measure == DatedMeasure::MeasuredDays)
        .map(|r| r.estimate.unwrap().mean)
        .collect();
    close(&days, &[30.0, 15.0]);
    // 45 days from 1 June end with 15 July.
    let places: Vec<DeadlinePlace> = trajectory.deadlines.iter().map(|d| d.place).collect();
    assert_eq!(
        places,
        [DeadlinePlace::Before, DeadlinePlace::In(1), DeadlinePlace::After]
    );
}

/// Nobody works at the second hub, to which one in a hundred referrals come: over all hubs the target is met, and not there.
#[test]
fn a_hub_that_never_meets_a_target_that_all_together_do_is_named() {
    let mut s = waiting_for_one_post(0);
    s.recruits.clear();
    s.hubs[0].staff = vec![pool(3)];
    let mut other = s.hubs[0].clone();
    (other.name, other.staff) = ("Farther out".into(), vec![pool(0)]);
    other.referrals = vec![PerDay::new(0.2).unwrap()];
    s.hubs.push(other);
    s.trajectory.confidence = share(0.6);
    let trajectory = answer(&s).trajectory;
    let said = met(&s, &trajectory, None).join("\n");
    assert!(
        said.ends_with("every month judged meets the 97 % target. At Farther out it is not met to the end."),
        "{said}"
    );
    let of_it = met(&s, &trajectory, Some(HubId(0))).join("\n");
    assert!(!of_it.contains("Farther out"), "{of_it}");
}

/// Advertised on 15 July (day 44), filled on day 58, 29 July: June all missed, July all but three days, August none. So
/// the target is met from August on. A month later it is not met to the end.
#[test]
fn the_month_from_which_a_target_is_met_is_the_first_of_those_to_the_end() {
    let found = answer(&waiting_for_one_post(44));
    let course = found.trajectory.course(None, PathwayId(0)).unwrap();
    let level = |m: usize| course.months[m].service_level.unwrap().mean;
    assert!(level(0) == 0.0 && (level(1) - 3.0 / 31.0).abs() < 0.03 && level(2) > 1.0 - 1e-12);
    let met: Vec<f64> = course
        .months
        .iter()
        .map(|m| m.probability_target_met.unwrap().mean)
        .collect();
    assert_eq!(met, [0.0, 0.0, 1.0]);
    assert_eq!(course.met, Some(Met::From(2)));
    let fan = course.months[2].fan.map(|q| q.unwrap().mean);
    assert_eq!(fan.to_vec(), vec![1.0; 5]);

    let late = answer(&waiting_for_one_post(75));
    let course = late.trajectory.course(None, PathwayId(0)).unwrap();
    assert_eq!(course.met, Some(Met::NotIn(2)));

    // A good month with a bad one behind it does not count: staff who leave in August.
    let mut s = waiting_for_one_post(0);
    s.recruits[0].advertised_day = -30;
    let mut gone = s.clone();
    gone.hubs[0].staff = vec![wte(0.0)];
    s.experiment.warm_up = Span::from_days(30);
    s.recruits.clear();
    gone.recruits.clear();
    gone.experiment = s.experiment.clone();
    s.hubs[0].staff = vec![wte(1.0)];
    s.later = vec![Later {
        from_day: 61,
        scenario: gone,
    }];
    let found = answer(&s);
    let course = found.trajectory.course(None, PathwayId(0)).unwrap();
    let met: Vec<f64> = course
        .months
        .iter()
        .map(|m| m.probability_target_met.unwrap().mean)
        .collect();
    assert_eq!((met, course.met), (vec![1.0, 1.0, 0.0], Some(Met::NotIn(2))));
}

/// Staff leave at the end of August. Of September five days of 30 are measured, which decide nothing, or fifteen, which do. A
/// deadline in the five cannot be judged.
#[test]
fn a_month_of_which_less_than_half_is_measured_decides_nothing() {
    let measured = |days: i64| {
        let mut s = waiting_for_one_post(0);
        s.experiment.run_length = Span::from_days(days);
        let mut gone = s.clone();
        s.recruits.clear();
        gone.recruits.clear();
        s.hubs[0].staff = vec![wte(1.0)];
        gone.hubs[0].staff = vec![wte(0.0)];
        s.later = vec![Later {
            from_day: 92,
            scenario: gone,
        }];
        let mut trajectory = answer(&s).trajectory;
        // Ten of ten replications leave no doubt of a half.
        trajectory.wanted = 0.5;
        let course = trajectory.course(None, PathwayId(0)).unwrap();
        let said = met(&s, &trajectory, None).concat();
        (
            (course.months[3].probability_target_met.unwrap().mean, course.met),
            said,
        )
    };
    let (five, said) = measured(97);
    assert_eq!(five, (0.0, Some(Met::From(0))));
    // September was measured too, and fails.
    assert!(said.contains("every month judged meets the 97 % target"), "{said}");
    assert_eq!(measured(107).0, (0.0, Some(Met::NotIn(3))));

    let mut s = waiting_for_one_post(0);
    s.experiment.run_length = Span::from_days(97);
    s.trajectory.deadlines = vec![date(2020, 9, 2)];
    assert_eq!(latest(&s), Err(NoAnswer::NoDeadline));
}

/// The months of a row are those of the whole window: referrals add up, and so do the hits.
#[test]
fn months_and_weeks_have_the_referrals_of_the_window() {
    let found = answer(&waiting_for_one_post(20));
    let flow = Flow::Pathway(PathwayId(0));
    let whole = found.estimate(None, flow, None, Measure::Referrals).unwrap().mean;
    let of = |rows: Vec<DatedRow>| -> f64 {
        let ours = |r: &&DatedRow| r.hub.is_none() && r.flow == flow && r.measure == DatedMeasure::Referrals;
        rows.iter().filter(ours).map(|r| r.estimate.unwrap().mean).sum()
    };
    assert!((of(found.trajectory.monthly()) - whole).abs() < 1e-9);
    assert!((of(found.trajectory.weekly()) - whole).abs() < 1e-9);
}

fn latest(s: &Scenario) -> Result<Latest, NoAnswer> {
    let found = latest_advert(s, REQUEST, None, &Pieces::alone(), &AtomicBool::new(false), &|| ())?;
    assert_eq!(found.len(), 1);
    Ok(found[0].latest)
}

fn dates(latest: Latest) -> (Option<Date>, Option<Date>) {
    match latest {
        Latest::NotEvenFirst(t) => (None, Some(t.date)),
        Latest::EvenLast(t) => (Some(t.date), None),
        Latest::Week(last, next) => (Some(last.date), Some(next.date)),
    }
}

/// The post is filled fourteen days after its advertisement. For all of August it must be filled by day 61, so advertised
/// by day 47: the last whole week is day 42, 13 July. A week later two days of August are missed, 2/31 = 6.5 %, twice what
/// the target allows.
#[test]
fn the_latest_advertisement_is_found_to_the_week() {
    let found = latest(&waiting_for_one_post(5)).unwrap();
    assert_eq!(dates(found), (Some(date(2020, 7, 13)), Some(date(2020, 7, 20))));
    let Latest::Week(last, next) = found else {
        unreachable!()
    };
    assert_eq!((last.moved, next.moved), (37, 44));
    let (last, next) = (last.probability.unwrap(), next.probability.unwrap());
    assert!(last.mean > 1.0 - 1e-12 && next.mean == 0.0 && last.replications == 10);
    // Wilson's interval of 10 of 10: 1 / (1 + z^2 / 10) at its lower end.
    assert!((last.low - 1.0 / (1.0 + 1.959_964_f64 * 1.959_964 / 10.0)).abs() < 1e-6);
    // Where it stands in the file makes no difference.
    assert_eq!(dates(latest(&waiting_for_one_post(70)).unwrap()), dates(found));
}

/// Two advertisements three weeks apart; only who comes of the second is there in time. It must be out by day 47, so the
/// first by day 26: the last whole week is day 21, 22 June, and the file's own 30 days become 9 days less.
#[test]
fn all_advertisements_move_by_the_same_number_of_days() {
    let mut s = waiting_for_one_post(30);
    let mut second = s.recruits[0].clone();
    (second.name, second.advertised_day) = ("second".into(), 51);
    s.recruits[0].time_to_start = fixed(300 * 1440);
    s.recruits.push(second);
    let found = latest(&s).unwrap();
    assert_eq!(dates(found), (Some(date(2020, 6, 22)), Some(date(2020, 6, 29))));
    assert!(matches!(found, Latest::Week(last, _) if last.moved == -9));
}

/// A second hub has its staff: there any week will do, at the first hub it is as if it were alone.
#[test]
fn the_latest_advertisement_is_that_of_the_hub_asked_for() {
    let alone = latest(&waiting_for_one_post(5)).unwrap();
    let mut s = waiting_for_one_post(5);
    let mut second = s.hubs[0].clone();
    (second.name, second.staff) = ("second".into(), vec![wte(1.0)]);
    s.hubs.push(second);
    (s.recruits[0].posts, s.recruits[0].in_post) = (vec![1, 0], vec![0, 0]);
    let at = |hub: usize| {
        latest_advert(
            &s,
            REQUEST,
            Some(HubId(hub)),
            &Pieces::alone(),
            &AtomicBool::new(false),
            &|| (),
        )
        .unwrap()
    };
    assert_eq!(at(0)[0].latest, alone);
    assert_eq!(dates(at(1)[0].latest), (Some(date(2020, 7, 27)), None));
}

/// For June the post would have to be filled on its first day, for a deadline of 10 June; with staff besides, any week will
/// do.
#[test]
fn it_is_said_when_no_week_will_do_or_any() {
    let mut s = waiting_for_one_post(0);
    s.trajectory.deadlines = vec![date(2020, 6, 10)];
    assert_eq!(dates(latest(&s).unwrap()), (None, Some(date(2020, 6, 1))));
    s.hubs[0].staff = vec![wte(1.0)];
    assert_eq!(dates(latest(&s).unwrap()), (Some(date(2020, 6, 8)), None));
}

#[test]
fn without_posts_deadlines_or_targets_nothing_is_looked_for() {
    let mut s = waiting_for_one_post(0);
    s.trajectory.deadlines = vec![date(2020, 9, 1)];
    assert_eq!(latest(&s), Err(NoAnswer::NoDeadline));
    s.trajectory.deadlines = vec![date(2020, 8, 31)];
    s.pathways[0].standard = None;
    assert_eq!(latest(&s), Err(NoAnswer::NoTarget));
    s.recruits.clear();
    assert_eq!(latest(&s), Err(NoAnswer::NoRecruitment));
}

/// A single month measured from its tenth day on; and a role that nobody recruits has no rows.
#[test]
fn a_clipped_month_says_so() {
    let mut s = waiting_for_one_post(0);
    s.recruits.clear();
    s.roles = vec![role("w")];
    s.hubs[0].staff = vec![pool(1)];
    s.experiment.calendar = Calendar::new(date(2020, 6, 10), &[]);
    s.experiment.run_length = Span::from_days(21);
    let trajectory = answer(&s).trajectory;
    let months: Vec<(usize, bool)> = trajectory.months.iter().map(|m| (m.days(), m.whole)).collect();
    assert_eq!(months, [(21, false)]);
    assert!(
        trajectory
            .monthly()
            .iter()
            .all(|r| r.measure != DatedMeasure::RecruitedWte)
    );
}
