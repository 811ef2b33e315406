//! Fairness between hubs: what is said of it, against the books of each replication.

use std::sync::atomic::AtomicBool;

use homefirst::answers::Measure;
use homefirst::answers::equity::{EquityMeasure, View};
use homefirst::answers::run::{Flow, RunAnswer, RunRequest, run};
use homefirst::engine::{World, run as replication};
use homefirst::model::{HubId, Later, PathwayId, Recruit, RoleId, Scenario, ServedElsewhere};
use homefirst::output::equity::{gaps, not_told_apart};
use homefirst::units::{PerDay, Span, Wte};

use crate::support::{crew, fixed, minutes, need, pathway, scenario, share, shift, wte};

/// Hubs A, B and C with 2,000, 1,000 and 500 residents, 12, 8 and 6 referrals a day and one WTE a shift each, a year of 364
/// days.
fn three() -> Scenario {
    let mut s = scenario(
        vec![crew("w", vec![shift("day", 0, 1440, 0)])],
        vec![wte(1.0)],
        vec![pathway("p", vec![need(0, fixed(60))])],
        vec![],
    );
    s.experiment.run_length = Span::from_days(364);
    s.hubs = vec![s.hubs[0].clone(); 3];
    for (hub, (name, residents, rate)) in s
        .hubs
        .iter_mut()
        .zip([("A", 2000, 12.0), ("B", 1000, 8.0), ("C", 500, 6.0)])
    {
        (hub.name, hub.residents) = (name.into(), Some(residents));
        hub.referrals = vec![PerDay::new(rate).unwrap()];
    }
    s.residents_are = "people".into();
    s
}

fn served(s: &mut Scenario, home: usize, by: usize, of: f64) {
    s.served_elsewhere.push(ServedElsewhere {
        name: format!("{home} by {by}"),
        home: HubId(home),
        by: HubId(by),
        share: share(of),
        pathways: vec![PathwayId(0)],
        extra_travel: minutes(5),
    });
}

fn answer(s: &Scenario) -> RunAnswer {
    let request = RunRequest {
        replications: 4,
        confidence: 0.95,
        threads: Some(1),
    };
    run(s, request, &AtomicBool::new(false), &|| ()).unwrap()
}

/// A quarter of A's are B's and half of B's are C's. Referrals and hits by where people live are added up here from the books
/// of each replication; both ways have the same totals.
#[test]
fn by_where_people_live_and_by_who_serves_them_all_are_the_same_people() {
    let mut s = three();
    served(&mut s, 0, 1, 0.25);
    served(&mut s, 1, 2, 0.5);
    let found = answer(&s);
    let world = World::new(&s);
    let mut counts = [(0_u64, 0_u64); 3];
    for number in 0..4 {
        for island in 0..3 {
            let record = replication(&world, island, number);
            let own = &record.hubs[0].pathways[0];
            counts[island].0 += own.referrals;
            counts[island].1 += own.hits;
            for these in &record.elsewhere {
                let (home, p) = (these.entry, &these.pathways[0]);
                counts[island].0 -= p.referrals;
                counts[island].1 -= p.hits;
                counts[home].0 += p.referrals;
                counts[home].1 += p.hits;
            }
        }
    }
    let pathway = Some(PathwayId(0));
    let live = |hub, measure| found.equity.estimate(hub, pathway, None, measure).unwrap().mean;
    for (place, (referrals, hits)) in counts.into_iter().enumerate() {
        let hub = Some(HubId(place));
        assert!((live(hub, EquityMeasure::ReferralsOfResidents) - referrals as f64 / 4.0).abs() < 1e-9);
        let level = live(hub, EquityMeasure::LevelOfResidents);
        assert!((level - hits as f64 / referrals as f64).abs() < 1e-12);
        // 364 of 365.25 days, and 4 replications.
        let residents = [2000.0, 1000.0, 500.0][place];
        let misses = (referrals - hits) as f64 / 4.0 * 365.25 / 364.0 / residents * 1000.0;
        assert!((live(hub, EquityMeasure::Misses) - misses).abs() < 1e-9);
    }
    let served = |measure| {
        found
            .estimate(None, Flow::Pathway(PathwayId(0)), None, measure)
            .unwrap()
    };
    for (here, there) in [
        (EquityMeasure::ReferralsOfResidents, Measure::Referrals),
        (EquityMeasure::LevelOfResidents, Measure::ServiceLevel),
    ] {
        assert_eq!(live(None, here).to_bits(), served(there).mean.to_bits());
    }
    let all: u64 = counts.iter().map(|c| c.0).sum();
    assert!((served(Measure::Referrals).mean - all as f64 / 4.0).abs() < 1e-9);
    // Of A's 12 a day a quarter are elsewhere: by where people live they are 12 a day all the same.
    let (at_a, of_a) = (
        found.estimate(Some(HubId(0)), Flow::Pathway(PathwayId(0)), None, Measure::Referrals),
        live(Some(HubId(0)), EquityMeasure::ReferralsOfResidents),
    );
    assert!((at_a.unwrap().mean / of_a - 0.75).abs() < 0.03);
    assert!(found.equity.gap(PathwayId(0), View::Home).is_some());
}

/// A has 1 WTE for 2,000, B for 1,000, C for 500: 0.5, 1 and 2 for 1,000, 3 for 3,500 in all; the highest is four times the
/// lowest. C, with the fewest referrals for the same staff, is the best, and A the worst, in every resample.
#[test]
fn best_and_worst_are_named_and_staff_set_against_residents() {
    let found = answer(&three());
    let of = |hub, measure| {
        let e = found.equity.estimate(hub, None, Some(RoleId(0)), measure).unwrap();
        (e.mean, e.half_width)
    };
    let each = [Some(0), Some(1), Some(2), None].map(|hub: Option<usize>| of(hub.map(HubId), EquityMeasure::Wte));
    assert_eq!(each, [(0.5, 0.0), (1.0, 0.0), (2.0, 0.0), (3000.0 / 3500.0, 0.0)]);
    let ratio = of(None, EquityMeasure::WteRatio).0;
    assert!((ratio - 4.0).abs() < 1e-9);
    let gap = found.equity.gap(PathwayId(0), View::ServedBy).unwrap();
    assert_eq!((gap.best.hub, gap.worst.hub), (HubId(2), HubId(0)));
    assert!(gap.best.is_sure() && gap.worst.is_sure());
    assert_eq!(gap.perhaps_worst, [HubId(0)]);
    let summary = found.estimate(None, Flow::Pathway(PathwayId(0)), None, Measure::EquityGapPoints);
    assert_eq!(summary, Some(gap.gap));
    assert!(found.equity.gap(PathwayId(0), View::Home).is_none());
    let of_residents = found
        .equity
        .rows
        .iter()
        .filter(|r| r.measure == EquityMeasure::LevelOfResidents);
    assert_eq!(of_residents.count(), 0);
}

/// A hub without an area is left out of rates per resident; without residents nothing is said of them.
#[test]
fn a_hub_without_residents_has_no_rate_of_its_own() {
    let mut s = three();
    s.hubs[2].residents = Some(0);
    let found = answer(&s);
    let wte = |hub: usize| {
        found
            .equity
            .estimate(Some(HubId(hub)), None, Some(RoleId(0)), EquityMeasure::Wte)
    };
    assert!(wte(0).is_some() && wte(1).is_some() && wte(2).is_none());
    s.hubs.iter_mut().for_each(|hub| hub.residents = None);
    let found = answer(&s);
    let per_resident = |m: EquityMeasure| m.name().ends_with("_per_1000_residents") || m.name().ends_with("_ratio");
    assert!(!found.equity.rows.iter().any(|r| per_resident(r.measure)));
}

/// One WTE each. On day 91 of 364 A has three: (91 x 1 + 273 x 3) / 364 = 2.5 for 2,000, 1.25 for 1,000. B has a post of 0.5
/// WTE, in post all the time: 1.5 for 1,000. C has 1 for 500: 2. In all 5 for 3,500.
#[test]
fn wte_for_a_thousand_residents_count_changes_and_posts() {
    let mut s = three();
    let mut more = s.clone();
    more.hubs[0].staff = vec![wte(3.0)];
    s.recruits = vec![Recruit {
        name: "post".into(),
        role: RoleId(0),
        posts: vec![0, 1, 0],
        in_post: vec![0, 1, 0],
        wte: Wte::new(0.5).unwrap(),
        advertised_day: 0,
        time_to_start: fixed(0),
        induction: Span::ZERO,
        productivity: share(1.0),
        turnover: 0.0,
        refill: true,
    }];
    s.later = vec![Later {
        from_day: 91,
        scenario: more,
    }];
    let found = answer(&s);
    let of = |hub: Option<usize>, measure| {
        let e = found.equity.estimate(hub.map(HubId), None, Some(RoleId(0)), measure);
        e.unwrap().mean
    };
    for (hub, expected) in [(Some(0), 1.25), (Some(1), 1.5), (Some(2), 2.0), (None, 5000.0 / 3500.0)] {
        let wte = of(hub, EquityMeasure::Wte);
        assert!((wte - expected).abs() < 1e-9, "{hub:?}: {wte}");
    }
    assert!((of(None, EquityMeasure::WteRatio) - 1.6).abs() < 1e-9);
}

/// Everybody at every hub is seen in time, in all four replications: that nobody is missed is not known. At most so many as
/// the service level leaves open, 1 - 0.05^(1/4) = 52.7 % of referrals. A hub to which nobody can be referred is known.
#[test]
fn no_miss_in_any_replication_is_at_most_so_many() {
    let mut s = three();
    s.hubs[0].referrals = vec![PerDay::new(0.0).unwrap()];
    for hub in &mut s.hubs {
        hub.staff = vec![wte(400.0)];
    }
    let found = answer(&s);
    let of = |hub: usize, measure| {
        let pathway = Some(PathwayId(0));
        found.equity.estimate(Some(HubId(hub)), pathway, None, measure).unwrap()
    };
    for hub in [1, 2] {
        let (misses, referrals) = (of(hub, EquityMeasure::Misses), of(hub, EquityMeasure::Referrals));
        assert!(misses.mean == 0.0 && misses.low == 0.0);
        let at_most = (1.0 - 0.05_f64.sqrt().sqrt()) * referrals.mean;
        assert!((misses.high / at_most - 1.0).abs() < 1e-9, "{misses:?} {at_most}");
    }
    assert!(of(0, EquityMeasure::Referrals).high.abs() < 1e-12);
    // All alike: nobody is best or worst.
    let gap = found.equity.gap(PathwayId(0), View::ServedBy).unwrap();
    assert!(gap.all_alike());
    assert_eq!(not_told_apart(&s, &found), ["P: all hubs are alike."]);
    let shown = gaps(&s, &found, View::ServedBy).unwrap();
    let cells = shown.rows[0].cells.concat();
    assert!(
        cells.contains("none: all alike") && !cells.contains("perhaps"),
        "{cells}"
    );
}

/// Of twenty-five hubs that chance alone orders each is the worst in a twenty-fifth of the resamples: the list of those who may
/// be the worst has nobody in it.
#[test]
fn many_hubs_of_which_none_stands_out_are_alike() {
    let s = three();
    let mut found = answer(&s);
    found.equity.gaps[0].perhaps_worst.clear();
    found.equity.gaps[0].worst.in_resamples = 0.04;
    let said = not_told_apart(&s, &found);
    assert!(
        said[0].contains("all hubs are alike") && !said[0].contains("any of ."),
        "{said:?}"
    );
}
