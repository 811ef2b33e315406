//! The answer of `required`, confirmed: the command writes `answer.toml`, and a run of that with another seed, on people whom neither the
//! search nor the certificate has seen, must be above every level that was asked for.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use super::required::day_and_night;

/// The service level of a hub and pathway in a run.
#[derive(Debug)]
struct Confirmed {
    hub: String,
    pathway: String,
    mean: f64,
    half_width: f64,
    low: f64,
}

fn homefirst(words: &[&str]) {
    let done = Command::new(env!("CARGO_BIN_EXE_homefirst"))
        .args(words)
        .output()
        .unwrap();
    let (said, complaint) = (
        String::from_utf8_lossy(&done.stdout),
        String::from_utf8_lossy(&done.stderr),
    );
    assert_eq!(done.status.code(), Some(0), "{words:?}\n{said}\n{complaint}");
}

/// Asks, then runs the answer with another seed: what each hub reaches of the pathways asked for. Says what came of it.
fn confirm(scenario: &Path, more: &[&str], seed: u32, replications: u32, pathways: &[&str]) -> Vec<Confirmed> {
    let home = tempfile::tempdir().unwrap();
    let path = |name: &str| home.path().join(name).to_string_lossy().into_owned();
    let (asked, fresh) = (path("asked"), path("fresh"));
    let scenario = scenario.to_string_lossy();
    let began = Instant::now();
    homefirst(&[&["required", &scenario, "--out", &asked], more].concat());
    let took = began.elapsed().as_secs_f64();
    let read =
        |file: &str| -> serde_json::Value { serde_json::from_str(&fs::read_to_string(path(file)).unwrap()).unwrap() };
    let document = read("asked/required.json");
    println!(
        "{} is enough, and nothing below {} is; found in {took:.0} s",
        document["cost"], document["cost_at_least"]
    );
    let answer = path("asked/answer.toml");
    let (seed, replications) = (seed.to_string(), replications.to_string());
    homefirst(&[
        "run",
        &answer,
        "--seed",
        &seed,
        "--replications",
        &replications,
        "--out",
        &fresh,
    ]);
    // Other people than those of the answer.
    let seed_of = |file: &str| read(file)["seed"].to_string();
    assert!(seed_of("fresh/run.json") == seed && seed_of("asked/required.json") != seed);
    let summary = fs::read_to_string(path("fresh/summary.csv")).unwrap();
    let mut rows = csv::Reader::from_reader(summary.as_bytes());
    let heads = rows.headers().unwrap().clone();
    let confirmed = rows.records().filter_map(|row| {
        let row = row.unwrap();
        let cell = |name: &str| &row[heads.iter().position(|head| head == name).unwrap()];
        let wanted = cell("measure") == "service_level" && cell("hub") != "all" && pathways.contains(&cell("pathway"));
        wanted.then(|| {
            assert_eq!(cell("replications"), replications);
            let number = |name: &str| cell(name).parse::<f64>().unwrap();
            Confirmed {
                hub: cell("hub").into(),
                pathway: cell("pathway").into(),
                mean: number("mean"),
                half_width: number("half_width"),
                low: number("low"),
            }
        })
    });
    let confirmed: Vec<Confirmed> = confirmed.collect();
    for one in &confirmed {
        println!(
            "{}, {}: {:.2} % ± {:.2}",
            one.hub,
            one.pathway,
            100.0 * one.mean,
            100.0 * one.half_width
        );
    }
    confirmed
}

/// The short form: day and night staff of one hub, 100 replications. What is needed reaches 96.3 % by the equations of the model and its
/// estimate has a standard error of 0.2 points: below 95 % in one of a billion cases; the certificate may be wrong in 5 % and is not with
/// this seed.
#[test]
fn fresh_people_confirm_an_answer() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("hub.toml");
    fs::write(&file, day_and_night(28.8, (1.0, 1.3))).unwrap();
    let confirmed = confirm(&file, &[], 77, 100, &["urgent"]);
    let [one] = &confirmed[..] else { panic!("{confirmed:?}") };
    assert!(one.mean >= 0.95 && (one.mean - 0.9629).abs() < 0.01, "{one:?}");
}

/// The baseline as its file asks: crisis workers and therapists, 95 % within 2 hours and within 2 days at every hub. 1,000 replications with
/// another seed: all twelve levels lie above 95 % with their whole interval.
#[test]
#[ignore = "a campaign: `required` on the baseline and 1,000 replications of the answer, ten minutes of processor time"]
fn campaign_required_baseline() {
    baseline(&[]);
}

/// The same with reablement workers free as well.
#[test]
#[ignore = "a campaign: `required` on the baseline with three roles free and 1,000 replications, half an hour of processor time"]
fn campaign_required_baseline_three_roles() {
    baseline(&["--free", "hub.*.staff.reablement-worker=15..35"]);
}

fn baseline(more: &[&str]) {
    let scenario = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/home-first-2020.toml");
    let confirmed = confirm(&scenario, more, 20_201, 1000, &["crisis", "reablement"]);
    assert_eq!(confirmed.len(), 12);
    for one in &confirmed {
        assert!(one.low >= 0.95, "{one:?}");
    }
}
