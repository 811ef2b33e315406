//! Causes under uncertain inputs: points whose causes are known, and the command.

use std::cmp::Ordering;
use std::fs;
use std::sync::atomic::AtomicBool;

use homefirst::answers::causes::CauseMeasure;
use homefirst::answers::run::{RunRequest, run};
use homefirst::answers::uncertain::{REPLICATIONS, Uncertain};
use homefirst::engine::{Cause, World};
use homefirst::model::{PathwayId, Scenario};
use homefirst::output::uncertain::causes;
use homefirst::random::Distribution;
use homefirst::replicate::{Plan, replicate};
use homefirst::units::{PerDay, Span};
use serde_json::Value;

use crate::sensitivity::{homefirst, text};
use crate::support::{fixed, need, pathway, pool, role, scenario};
use crate::uncertain_months::drawn;

const P: PathwayId = PathwayId(0);

/// Six referrals a day for four weeks; one visit of a minute by one of ten, always there.
fn small() -> Scenario {
    let mut s = scenario(
        vec![role("w")],
        vec![pool(10)],
        vec![pathway("p", vec![need(0, fixed(1))])],
        vec![],
    );
    s.experiment.run_length = Span::from_days(28);
    s.hubs[0].referrals[0] = PerDay::new(6.0).unwrap();
    s
}

fn far() -> Scenario {
    let mut s = small();
    s.hubs[0].travel.urgent = fixed(150);
    s
}

fn slow_triage() -> Scenario {
    let mut s = small();
    s.pathways[0].triage = fixed(150);
    s
}

/// One worker for six visits of two hours a day: some wait too long.
fn busy() -> Scenario {
    let mut s = small();
    s.hubs[0].staff = vec![pool(1)];
    s.pathways[0].responses[0].needs[0].length = fixed(120);
    s
}

fn of(found: &Uncertain, cause: Cause) -> Option<homefirst::answers::uncertain::UncertainRow> {
    let causes = &found.causes[0].causes;
    causes.iter().find(|c| c.cause == cause).map(|c| c.of_misses)
}

/// Of three parts of the weight all misses are travel's, of one triage's. A draw in which nobody misses is in no share.
#[test]
fn causes_of_points_that_are_known_come_out() {
    let points = [(far(), 3.0), (small(), 5.0), (slow_triage(), 1.0)];
    let found = drawn(&small(), &points);
    assert_eq!((found.draws, found.causes[0].draws_without_misses), (3, 1));
    assert_eq!(found.causes[0].causes.len(), 2);
    for (cause, share) in [(Cause::Travel, 0.75), (Cause::Triage, 0.25)] {
        let judged = of(&found, cause).unwrap();
        assert!((judged.mean - share).abs() < 1e-12, "{cause:?} {judged:?}");
        assert!((judged.sd_input - 0.5_f64.sqrt()).abs() < 1e-12 && judged.sd_simulation < 1e-12);
        assert!((judged.share.unwrap().mean - share).abs() < 1e-12);
        let [low, high] = judged.share_by_chance.unwrap();
        assert!((low - share).abs() < 1e-12 && (high - share).abs() < 1e-12);
    }
    let none = drawn(&small(), &[(small(), 1.0), (small(), 1.0)]);
    assert!(none.causes[0].causes.is_empty() && none.causes[0].draws_without_misses == 2);
    assert!(causes::sentences(&small(), &none, P)[0].contains("since nobody missed the standard in 2 of the 2 draws"));
}

/// Shares are those of a run of each draw, and add up to 1; the largest is counted draw by draw.
#[test]
fn shares_are_those_of_each_draw_by_itself_and_add_up() {
    // Three workers are enough, and half of the journeys are too long; one is not, and hardly any is.
    let mut mixed = busy();
    mixed.hubs[0].staff = vec![pool(3)];
    mixed.hubs[0].travel.urgent = Distribution::uniform(Span::from_minutes(60), Span::from_minutes(180)).unwrap();
    let mut nearer = busy();
    nearer.hubs[0].travel.urgent = Distribution::uniform(Span::from_minutes(10), Span::from_minutes(125)).unwrap();
    let points = [(mixed, 1.0), (nearer, 2.0), (busy(), 1.0)];
    let found = drawn(&busy(), &points);
    let request = RunRequest {
        replications: REPLICATIONS,
        confidence: 0.95,
        threads: Some(2),
    };
    let mut expected = [(0.0, 0.0); Cause::COUNT];
    for (scenario, weight) in &points {
        let answer = run(scenario, request, &AtomicBool::new(false), &|| ()).unwrap();
        let share = |cause| {
            answer
                .cause(None, P, Some(cause), CauseMeasure::ShareOfMisses)
                .unwrap()
                .mean
        };
        let largest = Cause::ALL
            .into_iter()
            .max_by(|a, b| share(*a).total_cmp(&share(*b)))
            .unwrap();
        for cause in Cause::ALL {
            expected[cause as usize].0 += share(cause) * weight / 4.0;
        }
        expected[largest as usize].1 += weight / 4.0;
    }
    let mut sum = 0.0;
    let mut several = 0;
    for cause in Cause::ALL {
        let (share, largest) = expected[cause as usize];
        let Some(judged) = of(&found, cause) else {
            assert!(share < 1e-12, "{cause:?}");
            continue;
        };
        assert!((judged.mean - share).abs() < 1e-9, "{cause:?} {judged:?} {share}");
        assert!(
            (judged.share.unwrap().mean - largest).abs() < 1e-9,
            "{cause:?} {judged:?} {largest}"
        );
        sum += judged.mean;
        several += usize::from(largest > 0.0);
    }
    assert!((sum - 1.0).abs() < 1e-9 && several > 1, "{sum} {several}");
    let causes = &found.causes[0].causes;
    assert!(
        causes
            .windows(2)
            .all(|two| two[0].of_misses.mean >= two[1].of_misses.mean)
    );
}

/// Twenty-four draws in which triage and waiting for the one worker are about as large: leaving out one replication after the other, with
/// counts taken from replications simulated by themselves, moves the share of draws as is said. 2.776445 is the 97.5 % quantile of
/// Student's t with four degrees of freedom.
#[test]
fn chance_moves_the_share_of_draws_as_replications_left_out_do() {
    let draws: Vec<(Scenario, f64)> = (0..24)
        .map(|k| {
            let mut s = busy();
            s.hubs[0].referrals[0] = PerDay::new(9.0).unwrap();
            s.pathways[0].responses[0].needs[0].length = fixed(80);
            s.pathways[0].triage = Distribution::exponential(Span::from_minutes(66 + k)).unwrap();
            (s, 1.0)
        })
        .collect();
    let found = drawn(&draws[0].0, &draws);
    let counts: Vec<Vec<[u64; Cause::COUNT]>> = draws
        .iter()
        .map(|(s, _)| {
            let plan = Plan {
                replications: REPLICATIONS,
                first: 0,
                threads: Some(2),
            };
            let runs = replicate(&World::new(s), 1, plan, &AtomicBool::new(false), &|| ()).unwrap();
            runs.rows.iter().map(|row| row[1].pathways[0].causes).collect()
        })
        .collect();
    let share = |left_out: Option<usize>| {
        let leads = |draw: &Vec<[u64; Cause::COUNT]>| {
            let sum = |cause: Cause| -> u64 {
                let kept = draw.iter().enumerate().filter(|(r, _)| Some(*r) != left_out);
                kept.map(|(_, misses)| misses[cause as usize]).sum()
            };
            match sum(Cause::Triage).cmp(&sum(Cause::BusyFirstResponses)) {
                Ordering::Greater => 1.0,
                Ordering::Equal => 0.5,
                Ordering::Less => 0.0,
            }
        };
        counts.iter().map(leads).sum::<f64>() / 24.0
    };
    let each: Vec<f64> = (0..5).map(|r| share(Some(r))).collect();
    let mean = each.iter().sum::<f64>() / 5.0;
    let squares: f64 = each.iter().map(|v| (v - mean) * (v - mean)).sum();
    let chance = 2.776_445 * (0.8 * squares).sqrt();
    let triage = of(&found, Cause::Triage).unwrap();
    assert!((triage.share.unwrap().mean - share(None)).abs() < 1e-12);
    let [low, high] = triage.share_by_chance.unwrap();
    assert!(chance > 0.05, "{each:?}");
    assert!((low - (share(None) - chance).max(0.0)).abs() < 1e-6, "{low} {each:?}");
    assert!((high - (share(None) + chance).min(1.0)).abs() < 1e-6, "{high} {each:?}");
}

#[test]
fn the_command_says_the_largest_cause_under_both_doubts_and_writes_it() {
    let home = tempfile::tempdir().unwrap();
    fs::write(
        home.path().join("two.toml"),
        "format = 1\n[experiment]\nstart = 2020-06-01\nwarm-up = \"0 days\"\nrun-length = \"4 weeks\"\n\
         replications = 4\n[[hub]]\nname = \"North\"\nreferrals = { p = \"9 /day\" }\nstaff = { w = { on-shift = 1 } }\n\
         travel = { urgent = \"20 min\", round = \"20 min\" }\n[role.w]\n[pathway.p]\nstandard = { within = \"2 h\" }\n\
         outcome = { home = 1 }\n[[pathway.p.response]]\nname = \"v\"\nshare = 1\n\
         staff = [{ role = \"w\", length = \"1 h\" }]\n\
         [[unknown]]\npath = \"hub.North.travel.urgent\"\nfrom = \"10 min\"\nto = \"200 min\"\n",
    )
    .unwrap();
    let ask = |more: &[&str]| homefirst(home.path(), &[&["explain", "two.toml", "--draws", "20"], more].concat());
    let output = ask(&["--uncertain"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let said = text(&output.stdout);
    assert!(said.lines().all(|line| line.chars().count() <= 80), "{said}");
    let one_line = said.replace("\n  ", " ");
    for part in [
        "P, uncertain inputs: the largest cause of misses is",
        "of the draws",
        "of the misses on average, and with both kinds of doubt between",
        "why the standard is missed, uncertain inputs, per cent of the misses",
        "What switching a cause off does is with the inputs as stated",
    ] {
        assert!(one_line.contains(part), "{part}: {said}");
    }
    let results = home.path().join("results/two-explained");
    let csv = fs::read_to_string(results.join("uncertain_causes.csv")).unwrap();
    assert_eq!(csv.lines().next().unwrap(), causes::COLUMNS.join(","));
    let means: f64 = csv
        .lines()
        .skip(1)
        .map(|l| l.split(',').nth(6).unwrap().parse::<f64>().unwrap())
        .sum();
    assert!((means - 1.0).abs() < 1e-9, "{csv}");
    let largest: f64 = csv
        .lines()
        .skip(1)
        .map(|l| l.split(',').nth(17).unwrap().parse::<f64>().unwrap())
        .sum();
    assert!((largest - 1.0).abs() < 1e-9, "{csv}");
    assert!(results.join("switched_off.csv").exists());
    let report = fs::read_to_string(results.join("report.html")).unwrap();
    assert!(report.contains("P: why the standard is missed, uncertain inputs"));
    let run_json: Value = serde_json::from_str(&fs::read_to_string(results.join("run.json")).unwrap()).unwrap();
    let json: Value = serde_json::from_str(&text(&ask(&["--json", "--threads", "1", "--uncertain"]).stdout)).unwrap();
    assert_eq!(json["uncertain"], run_json["uncertain"]);
    assert_eq!(json["uncertain"]["by_cause"][0]["pathway"], "p");
    assert_eq!(json["uncertain"]["by_cause"][0]["draws_without_misses"], 0);
    assert_eq!(
        json["canonical_command"],
        "homefirst explain two.toml --draws 20 --uncertain"
    );
}
