//! Sound files mean what their authors meant.

use std::path::Path;

use homefirst::model::{ClockStops, Joint, Outcome, Pattern, Staffing, Within};
use homefirst::scenario::{Loaded, read, read_with};
use homefirst::units::Span;

fn load(name: &str) -> Loaded {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/data").join(name);
    read(&path).unwrap_or_else(|problems| {
        let list: Vec<_> = problems.iter().map(|d| (d.code, d.line_column(), &d.message)).collect();
        panic!("{list:#?}")
    })
}

#[test]
fn the_baseline_reads_whole() {
    let loaded = load("baseline.toml");
    let scenario = &loaded.scenario;
    assert!(loaded.warnings.is_empty(), "{:?}", loaded.warnings);
    assert_eq!(scenario.name, "baseline");
    assert_eq!((scenario.hubs.len(), scenario.roles.len()), (6, 4));
    assert_eq!(scenario.experiment.warm_up, Span::from_days(70));
    assert_eq!(scenario.experiment.replications, 400);
    let names: Vec<_> = scenario.pathways.iter().map(|p| p.name.as_str()).collect();
    assert_eq!(names, ["crisis", "reablement", "step-down"], "file order");

    let crisis = &scenario.pathways[0];
    let total: f64 = scenario.hubs.iter().map(|h| h.referrals[0].get()).sum();
    assert!((total - 20.4).abs() < 1e-9, "{total}");
    assert!(crisis.profile.weight(11) > 2.0 && crisis.profile.weight(3) < 0.3);
    assert_eq!(crisis.joint, Joint::Separate);
    assert_eq!(crisis.responses.len(), 3);
    assert_eq!(crisis.responses[0].lead, 0);
    assert!(
        crisis
            .outcome
            .iter()
            .any(|(o, _)| *o == Outcome::Pathway(homefirst::model::PathwayId(1)))
    );
    assert!(crisis.outcome.iter().any(|(o, _)| *o == Outcome::Hospital));
    let step_down = scenario.pathways[2]
        .standard
        .as_ref()
        .map(|s| (s.within, s.clock_stops));
    assert_eq!(step_down, Some((Within::SameDay, ClockStops::First)));

    let package = &scenario.packages[scenario.package("reablement").unwrap().0];
    assert_eq!(package.streams.len(), 3);
    assert!(matches!(&package.streams[0].pattern, Pattern::PerDay { start, end: Some(_) } if start.len() == 3));
    assert_eq!(
        package.streams[2].hours,
        Some((Span::from_hours(8), Span::from_hours(18)))
    );
    assert_eq!(scenario.hubs[0].caseload_limit[1], Some(90));

    assert_eq!(loaded.files.len(), 1);
    assert_eq!(loaded.files[0].0, Path::new("profiles/crisis_24x7.csv"));
    assert_eq!(scenario.assumptions[1].value, "0.15");
}

#[test]
fn the_tandem_of_the_theory_reads_whole() {
    let loaded = load("tandem.toml");
    let scenario = &loaded.scenario;
    assert!(loaded.warnings.is_empty(), "{:?}", loaded.warnings);
    assert_eq!(scenario.experiment.run_length, Span::from_days(365));
    assert_eq!(scenario.experiment.warm_up, Span::ZERO);
    let Staffing::OnShift(pieces) = &scenario.hubs[5].staff[0] else {
        panic!("a pool")
    };
    assert_eq!(
        (pieces[0].count, pieces[0].from, pieces[0].to),
        (5, Span::ZERO, Span::DAY)
    );
    assert!((scenario.hubs[0].referrals[0].get() - 48.0).abs() < 1e-12);
    assert!(scenario.hubs[0].travel.urgent.is_zero());
}

/// A tenth more at one hub is a tenth more of every pathway there, and nothing elsewhere.
#[test]
fn demand_can_grow_at_one_hub_alone() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/home-first-2020.toml");
    let (before, after) = (
        read(&path).unwrap().scenario,
        read_with(&path, &["hub.Charnwood.demand-times=1.1".into()])
            .unwrap()
            .scenario,
    );
    for (n, (was, is)) in before.hubs.iter().zip(&after.hubs).enumerate() {
        let times = if n == 0 { 1.1 } else { 1.0 };
        for (was, is) in was.referrals.iter().zip(&is.referrals) {
            assert!((is.get() - times * was.get()).abs() < 1e-12, "{n}: {was:?} {is:?}");
        }
    }
    for wrong in ["-0.1", "101", "nan"] {
        assert!(
            read_with(&path, &[format!("hub.Charnwood.demand-times={wrong}")]).is_err(),
            "{wrong}"
        );
    }
}
