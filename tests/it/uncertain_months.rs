//! Uncertain inputs month by month: points whose months are known, a queue, one month as the whole window, and the command.

use std::fs;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use homefirst::answers::run::{RunRequest, run};
use homefirst::answers::sensitivity::together;
use homefirst::answers::trajectory::Met;
use homefirst::answers::uncertain::{AboutInputs, REPLICATIONS, Uncertain, UncertainRequest, uncertain};
use homefirst::model::{HubId, Later, PathwayId, Scenario};
use homefirst::output::uncertain::months;
use homefirst::pieces::Pieces;
use homefirst::scenario::{InputRange, ranges, read_with, settings};
use homefirst::units::{PerDay, Span};
use serde_json::Value;
use tempfile::TempDir;

use crate::sensitivity::{homefirst, text};
use crate::support::{fixed, need, pathway, pool, role, scenario, share};

pub(crate) fn drawn(base: &Scenario, draws: &[(Scenario, f64)]) -> Uncertain {
    let request = UncertainRequest {
        inputs: vec!["staff".into()],
        held: Vec::new(),
        about: AboutInputs::default(),
        weights: draws.iter().map(|(_, weight)| *weight).collect(),
        confidence: 0.95,
        threads: Some(2),
    };
    let mut make = |draw: usize| Ok(vec![draws[draw].0.clone()]);
    uncertain(
        base,
        &mut make,
        &request,
        &Pieces::alone(),
        &AtomicBool::new(false),
        &|| (),
    )
    .unwrap()
    .unwrap()
}

/// Two hubs, each with twenty referrals a day and staff without end, from 1 June to 31 August 2020; target 90 %.
fn two_hubs() -> Scenario {
    let mut p = pathway("p", vec![need(0, fixed(1))]);
    p.patience = Some(fixed(60));
    p.standard = p.standard.map(|mut s| {
        s.target = Some(share(0.9));
        s
    });
    let mut s = scenario(vec![role("w")], vec![pool(50)], vec![p], vec![]);
    s.hubs[0].referrals = vec![PerDay::new(20.0).unwrap()];
    s.hubs.push(s.hubs[0].clone());
    s.hubs[1].name = "H2".into();
    s.experiment.run_length = Span::from_days(92);
    s
}

/// Nobody at either hub before a day.
fn nobody_before(mut s: Scenario, from_day: i64) -> Scenario {
    let later = s.clone();
    for hub in &mut s.hubs {
        hub.staff = vec![pool(0)];
    }
    s.later = vec![Later {
        from_day,
        scenario: later,
    }];
    s
}

/// Three parts of the weight have staff from 1 July on, one has none before 1 August. So a month is met by all, by three quarters
/// or by nobody, and the standard deviation due to the inputs is that of such a coin: 0.75 x 0.25 over 1 less 0.625, the sum of the
/// squared weights, is a half.
#[test]
fn months_of_points_that_are_known_come_out() {
    let mut base = two_hubs();
    base.trajectory.confidence = share(0.7);
    let points = [
        (nobody_before(two_hubs(), 30), 3.0),
        (nobody_before(two_hubs(), 61), 1.0),
    ];
    let found = drawn(&base, &points);
    let by_month = found.months.as_ref().unwrap();
    let names: Vec<String> = by_month.months.iter().map(|m| m.month().to_string()).collect();
    assert_eq!(names, ["2020-06", "2020-07", "2020-08"]);
    for hub in [None, Some(HubId(0)), Some(HubId(1))] {
        let course = by_month.course(hub, PathwayId(0)).unwrap();
        let of = |month: usize| course.months[month].unwrap();
        for (month, level, sd, met) in [(0, 0.0, 0.0, 0.0), (1, 0.75, 0.5_f64.sqrt(), 0.75), (2, 1.0, 0.0, 1.0)] {
            let row = of(month);
            // Whoever comes in the last hour before staff come may be seen in time.
            assert!((row.mean - level).abs() < 0.003, "{month} {row:?}");
            assert!((row.sd_input - sd).abs() < 0.003, "{month} {row:?}");
            assert!(row.sd_simulation < 0.002, "{month} {row:?}");
            assert!((row.share.unwrap().mean - met).abs() < 1e-12, "{month} {row:?}");
            assert_eq!(row.share_by_chance, Some([met, met]));
        }
        assert_eq!(course.met, Some(Met::From(1)));
    }
    // Where more are wanted than a point has, the other decides.
    base.trajectory.confidence = share(0.8);
    let found = drawn(&base, &points);
    let course = |found: &Uncertain| found.months.as_ref().unwrap().course(None, PathwayId(0)).unwrap().met;
    assert_eq!(course(&found), Some(Met::From(2)));
    let never = [
        (nobody_before(two_hubs(), 30), 3.0),
        (nobody_before(two_hubs(), 92), 1.0),
    ];
    assert_eq!(course(&drawn(&base, &never)), Some(Met::NotIn(2)));
}

/// Months that meet the target with one behind them that does not are not enough.
#[test]
fn a_month_that_falls_back_is_not_met() {
    let mut gone = two_hubs();
    let mut later = two_hubs();
    for hub in &mut later.hubs {
        hub.staff = vec![pool(0)];
    }
    gone.later = vec![Later {
        from_day: 61,
        scenario: later,
    }];
    let found = drawn(&two_hubs(), &[(gone, 1.0), (two_hubs(), 1.0)]);
    let by_month = found.months.unwrap();
    let course = by_month.course(None, PathwayId(0)).unwrap();
    let met: Vec<f64> = course.months.iter().map(|m| m.unwrap().share.unwrap().mean).collect();
    assert_eq!((met, course.met), (vec![1.0, 1.0, 0.5], Some(Met::NotIn(2))));
}

#[test]
fn who_is_always_seen_meets_every_month_in_every_draw() {
    let found = drawn(&two_hubs(), &[(two_hubs(), 1.0), (two_hubs(), 1.0), (two_hubs(), 2.0)]);
    let by_month = found.months.unwrap();
    for course in &by_month.courses {
        assert_eq!(course.met, Some(Met::From(0)));
        for row in course.months.iter().map(|m| m.unwrap()) {
            assert!(
                row.mean > 1.0 - 1e-12 && row.sd_input < 1e-12 && row.sd_simulation < 1e-12,
                "{row:?}"
            );
            assert!(row.share.unwrap().mean > 1.0 - 1e-12);
        }
    }
}

/// A window of one month has one month, which is the whole.
#[test]
fn one_month_is_the_whole_window() {
    let mut slow = two_hubs();
    slow.experiment.run_length = Span::from_days(30);
    for hub in &mut slow.hubs {
        hub.staff = vec![pool(1)];
    }
    slow.pathways[0].responses[0].needs[0].length = fixed(60);
    let mut slower = slow.clone();
    slower.pathways[0].responses[0].needs[0].length = fixed(66);
    let found = drawn(&slow, &[(slow.clone(), 1.0), (slower, 2.0)]);
    let by_month = found.months.as_ref().unwrap();
    assert_eq!(by_month.months.len(), 1);
    for row in &found.rows {
        let course = by_month.course(row.hub, row.pathway).unwrap();
        assert_eq!(course.months[0].unwrap(), *row);
        assert!(row.sd_input > 0.0 && row.sd_simulation > 0.0, "{row:?}");
    }
}

fn queue(run_length: &str) -> TempDir {
    let home = tempfile::tempdir().unwrap();
    let theory = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/theory/mm3.toml");
    let known = fs::read_to_string(theory).unwrap();
    let known = known.replace("within = \"2 h\",", "within = \"2 h\", target = 0.92,");
    let known = known.replace("52 weeks", run_length);
    let rate = "[[unknown]]\npath = \"hub.Hub.referrals.urgent\"\nfrom = \"26.473045 /day\"\nto = \"31.20881 /day\"\n\
                distribution = \"gamma\"\n";
    fs::write(home.path().join("queue.toml"), format!("{known}\n{rate}")).unwrap();
    home
}

/// Erlang's formula C for three workers, visits of 1.5 hours on average and so many referrals a day: the share within two hours.
fn within_two_hours(per_day: f64) -> f64 {
    let load = per_day / 24.0 * 1.5;
    let term = load * load * load / 6.0 * 3.0 / (3.0 - load);
    let waits = term / (1.0 + load + load * load / 2.0 + term);
    1.0 - waits * libm::exp(-(3.0 - load) / 1.5 * 2.0)
}

/// The level of each draw is known by Erlang's formula, and so are their mean and their spread. Months are noisy: five replications of
/// one have a standard error of 1.2 to 1.5 points, which is no part of the 1.7 that the inputs do, and moves the share of draws.
///
/// Over 23 months (the last is not whole) seeds 1 to 6 gave means of 0.9240 to 0.9275, standard deviations of 0.0160 to 0.0180, and
/// shares of draws of 0.64 to 0.71: the bands are three times as far from what is known, or more. The months are as the run of each draw
/// has them, to the last digits.
#[test]
fn the_known_uncertainty_of_a_queue_is_that_of_its_months() {
    const DRAWS: u32 = 40;
    let home = queue("104 weeks");
    let file = home.path().join("queue.toml");
    let base = read_with(&file, &[]).unwrap();
    let found = ranges(&base);
    let inputs: Vec<&InputRange> = found.inputs.iter().collect();
    let points = together(&inputs, DRAWS, base.scenario.experiment.seed);
    let draws: Vec<(Scenario, f64)> = points
        .iter()
        .map(|point| {
            let typed = settings(inputs.iter().copied().zip(point.iter().copied()));
            (read_with(&file, &typed).unwrap().scenario, 1.0)
        })
        .collect();
    let known: Vec<f64> = points.iter().map(|point| within_two_hours(point[0])).collect();
    let n = f64::from(DRAWS);
    let mean = known.iter().sum::<f64>() / n;
    let variance = known.iter().map(|level| (level - mean) * (level - mean)).sum::<f64>() / (n - 1.0);
    assert!(
        (mean - 0.9267).abs() < 0.002 && (variance.sqrt() - 0.017).abs() < 0.003,
        "{mean} {variance}"
    );

    let found = drawn(&base.scenario, &draws);
    let by_month = found.months.as_ref().unwrap();
    let course = by_month.course(None, PathwayId(0)).unwrap();
    let whole: Vec<usize> = (0..by_month.months.len())
        .filter(|&m| by_month.months[m].whole)
        .collect();
    let rows: Vec<_> = whole.iter().map(|&m| course.months[m].unwrap()).collect();
    let over = |of: &dyn Fn(usize) -> f64| (0..rows.len()).map(of).sum::<f64>() / rows.len() as f64;
    let found_mean = over(&|m| rows[m].mean);
    let found_variance = over(&|m| rows[m].sd_input * rows[m].sd_input);
    assert!((found_mean - mean).abs() < 0.008, "{found_mean} {mean}");
    assert!(
        (found_variance / variance - 1.0).abs() < 0.36,
        "{found_variance} {variance}"
    );
    let met = known.iter().filter(|level| **level >= 0.92).count() as f64 / n;
    let found_met = over(&|m| rows[m].share.unwrap().mean);
    assert!((found_met - met).abs() < 0.15, "{found_met} {met}");
    assert!(over(&|m| rows[m].sd_simulation) > 0.01);
    let by_chance = |m: usize| rows[m].share_by_chance.unwrap();
    assert!(over(&|m| by_chance(m)[1] - by_chance(m)[0]) > 0.3);
    assert!((0..rows.len()).all(|m| by_chance(m)[0] <= rows[m].share.unwrap().mean));

    // Another way to the same months: each draw run by itself.
    let request = RunRequest {
        replications: REPLICATIONS,
        confidence: 0.95,
        threads: Some(2),
    };
    let mut sums = vec![0.0; by_month.months.len()];
    for (scenario, _) in &draws {
        let answer = run(scenario, request, &AtomicBool::new(false), &|| ()).unwrap();
        let months = &answer.trajectory.course(None, PathwayId(0)).unwrap().months;
        for (sum, month) in sums.iter_mut().zip(months) {
            *sum += month.service_level.unwrap().mean / n;
        }
    }
    for (month, sum) in course.months.iter().zip(sums) {
        assert!((month.unwrap().mean - sum).abs() < 1e-9);
    }
}

#[test]
fn the_command_says_months_under_both_doubts_and_writes_what_a_run_writes() {
    let home = queue("13 weeks");
    let ask = |verb: &str, more: &[&str]| {
        let words = [&[verb, "queue.toml", "--replications", "4", "--draws", "20"], more].concat();
        let output = homefirst(home.path(), &words);
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        text(&output.stdout)
    };
    let said = ask("trajectory", &["--out", "t", "--uncertain"]);
    assert!(said.lines().all(|line| line.chars().count() <= 80), "{said}");
    let one_line = said.replace("\n  ", " ");
    for part in [
        "Uncertain inputs: 20 draws of",
        "With the inputs as stated; counted are the replications in which a month by itself meets the target:",
        "With uncertain inputs; counted are the draws in which the level to expect of a month meets the target:",
        "Urgent, uncertain inputs, month by month:",
        "Neither is the share of draws whose whole measured time meets the target",
        "Urgent, uncertain inputs: in",
        "% to",
        "of the draws (",
        "A draw meets a target in a month if",
        "Urgent within 2 h, month by month, uncertain inputs: per cent",
        "The inputs alone make a standard deviation of",
    ] {
        assert!(one_line.contains(part), "{part}: {said}");
    }
    let of_run = ask("run", &["--out", "r", "--threads", "1", "--uncertain"]).replace("\n  ", " ");
    assert!(
        of_run.contains("Urgent: the whole measured time, its 13 weeks taken together, meets the target of"),
        "{of_run}"
    );
    for file in [
        "uncertain.csv",
        "uncertain_monthly.csv",
        "uncertain_causes.csv",
        "monthly.csv",
        "report.html",
        "results.xlsx",
    ] {
        let read = |folder: &str| fs::read(home.path().join(folder).join(file)).unwrap();
        assert!(read("t") == read("r"), "{file}");
    }
    let csv = fs::read_to_string(home.path().join("t/uncertain_monthly.csv")).unwrap();
    assert_eq!(csv.lines().next().unwrap(), months::COLUMNS.join(","));
    // January to April 2021.
    assert_eq!(csv.lines().count(), 5, "{csv}");
    assert!(home.path().join("t/charts/months_uncertain_urgent.svg").exists());
    let report = fs::read_to_string(home.path().join("t/report.html")).unwrap();
    assert!(report.contains("Urgent within 2 h, month by month, uncertain inputs"));
    assert!(report.contains(months::DRAWN) && report.contains(homefirst::output::months::STATED));
    assert!(
        report.contains(
            "whole measured time, uncertain inputs: per cent; last, the draws in which that meets the target"
        )
    );
    let document: Value = serde_json::from_str(&ask("trajectory", &["--json", "--uncertain"])).unwrap();
    let months = document["uncertain"]["by_month"].as_array().unwrap();
    assert_eq!(months.len(), 4);
    assert_eq!(months[0]["month"], "2021-01");
    let cells: Vec<&str> = csv.lines().nth(1).unwrap().split(',').collect();
    assert!((months[0]["mean"].as_f64().unwrap() - cells[6].parse::<f64>().unwrap()).abs() < 1e-12);
    // Of the one hub that there is.
    let of_hub = ask("trajectory", &["--hub", "Hub", "--uncertain"]);
    assert!(of_hub.contains("month by month, uncertain inputs"), "{of_hub}");
}

#[test]
fn what_a_trajectory_cannot_be_asked_together_is_refused_in_words() {
    let home = queue("13 weeks");
    for (words, what) in [
        (&["--latest-advert", "--uncertain"][..], "Ask it without --uncertain"),
        (&["--draws", "20"], "give --uncertain too"),
    ] {
        let output = homefirst(home.path(), &[&["trajectory", "queue.toml"], words].concat());
        let err = text(&output.stderr).replace("\n  ", " ");
        assert_eq!(output.status.code(), Some(2), "{words:?}: {err}");
        assert!(err.contains(what), "{words:?}: {err}");
    }
    assert!(!home.path().join("results").exists());
}
