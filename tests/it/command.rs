//! The command as a planner meets it: the built program, its files, its words and its exit codes.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// Two hubs, staff of both kinds, a pathway with a profile from a file, a package.
const TINY: &str = r#"format = 1
title = "A tiny service"
[experiment]
start = 2020-06-01
warm-up = "4 weeks"
run-length = "2 weeks"
replications = 6
seed = 7
[[hub]]
name = "North"
share = 0.6
travel = { urgent = "15 min", round = "11 min", cv = 0.4 }
staff = { carer = 9, nurse = { on-shift = 2 } }
[[hub]]
name = "South"
share = 0.4
travel = { urgent = "15 min", round = "11 min", cv = 0.4 }
staff = { carer = 8, nurse = { on-shift = 1 } }
[role.carer]
headroom = { planned = 0.16, absence = 0.06 }
cost = "34 GBP/h"
shifts = [{ name = "day", from = "08:00", to = "20:00", break = "30 min" }]
[role.nurse]
[pathway.crisis]
referrals = "10 /day"
profile = "profiles/week.csv"
triage = { lognormal = { mean = "15 min", cv = 0.6 } }
patience = { exponential = { mean = "5 h" } }
standard = { within = "2 h", target = 0.9 }
outcome = { home = 0.7, care = 0.3 }
[[pathway.crisis.response]]
name = "joint"
share = 1
staff = [{ role = "carer", length = "70 min" }, { role = "nurse", length = "40 min" }]
[pathway.care]
standard = { within = "2 days", target = 0.95 }
package = "weeks"
[package.weeks]
length = { lognormal = { median = "5 days", sigma = 0.75, max = "14 days" } }
starts-with = ["carer"]
[[package.weeks.visits]]
name = "care"
role = "carer"
per-day = 1
length = "35 min"
"#;

/// What a run writes for the scenario above, in which nobody misses the standard of care.
const FILES: [&str; 30] = [
    "beds.csv",
    "causes.csv",
    "causes_hourly.csv",
    "charts/causes_crisis.png",
    "charts/causes_crisis.svg",
    "charts/causes_hours_crisis.png",
    "charts/causes_hours_crisis.svg",
    "charts/service_level_care.png",
    "charts/service_level_care.svg",
    "charts/service_level_crisis.png",
    "charts/service_level_crisis.svg",
    "charts/staffing.png",
    "charts/staffing.svg",
    "charts/utilisation.png",
    "charts/utilisation.svg",
    "charts/waits.png",
    "charts/waits.svg",
    "equity.csv",
    "hourly.csv",
    "money.csv",
    "monthly.csv",
    "outcomes.csv",
    "profiles/week.csv",
    "replications.csv",
    "report.html",
    "results.xlsx",
    "run.json",
    "scenario.toml",
    "summary.csv",
    "weekly.csv",
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A folder with `tiny.toml` in it and the file that it names.
pub(crate) fn home() -> TempDir {
    let home = tempfile::tempdir().unwrap();
    fs::create_dir(home.path().join("profiles")).unwrap();
    fs::copy(
        root().join("scenarios/profiles/crisis_24x7.csv"),
        home.path().join("profiles/week.csv"),
    )
    .unwrap();
    fs::write(home.path().join("tiny.toml"), TINY).unwrap();
    home
}

/// The scenario above with one piece of text replaced, which must be there exactly once.
fn edited(home: &TempDir, name: &str, from: &str, to: &str) {
    assert_eq!(TINY.matches(from).count(), 1, "{from}");
    fs::write(home.path().join(name), TINY.replace(from, to)).unwrap();
}

fn command(folder: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_homefirst"));
    command.current_dir(folder).args(words).env("COLUMNS", "80");
    command
}

pub(crate) fn homefirst(folder: &Path, words: &[&str]) -> Output {
    command(folder, words).output().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[track_caller]
pub(crate) fn ended(output: &Output, code: i32) {
    assert_eq!(output.status.code(), Some(code), "{}\n{}", out(output), err(output));
}

/// Every file below a folder, with `/` between the parts of its path, in order.
pub(crate) fn listing(folder: &Path) -> Vec<String> {
    fn walk(folder: &Path, prefix: &str, names: &mut Vec<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
            if entry.path().is_dir() {
                walk(&entry.path(), &format!("{name}/"), names);
            } else {
                names.push(name);
            }
        }
    }
    let mut names = Vec::new();
    walk(folder, "", &mut names);
    names.sort();
    names
}

/// `run.json` without the blocks that say how it was run.
pub(crate) fn run_json(folder: &Path) -> Value {
    let text = fs::read_to_string(folder.join("run.json")).unwrap();
    let mut json: Value = serde_json::from_str(&text).unwrap();
    for block in ["command", "timing"] {
        assert!(json.as_object_mut().unwrap().remove(block).is_some(), "{block}");
    }
    json
}

fn without_first_column(csv: &str) -> String {
    csv.lines()
        .map(|line| line.split_once(',').unwrap().1.to_owned() + "\n")
        .collect()
}

#[test]
fn wrong_words_end_with_2_and_write_nothing() {
    let home = home();
    for words in [
        &[][..],
        &["run"],
        &["check"],
        &["walk", "tiny.toml"],
        &["run", "tiny.toml", "--replicas", "3"],
        &["run", "tiny.toml", "--replications", "1"],
        &["run", "tiny.toml", "--replications", "many"],
        &["run", "tiny.toml", "--threads", "0"],
        &["run", "tiny.toml", "--seed", "-1"],
    ] {
        let output = homefirst(home.path(), words);
        ended(&output, 2);
        assert!(out(&output).is_empty() && !err(&output).is_empty(), "{words:?}");
    }
    assert_eq!(listing(home.path()), ["profiles/week.csv", "tiny.toml"]);
}

#[test]
fn a_file_with_errors_ends_with_3_and_leaves_no_results() {
    let home = home();
    edited(&home, "bad.toml", "share = 0.6", "share = 6");
    for words in [
        &["run", "bad.toml"][..],
        &["run", "bad.toml", "--json"],
        &["check", "bad.toml"],
        &["run", "there-is-none.toml"],
    ] {
        let output = homefirst(home.path(), words);
        ended(&output, 3);
        assert!(out(&output).is_empty(), "{words:?}");
        assert!(err(&output).contains("nothing was run"), "{}", err(&output));
    }
    assert!(!home.path().join("results").exists());
}

#[test]
fn a_sound_file_is_answered_even_beside_a_broken_one() {
    let home = home();
    edited(&home, "bad.toml", "share = 0.6", "share = 6");
    let output = homefirst(home.path(), &["check", "bad.toml", "tiny.toml"]);
    ended(&output, 3);
    assert!(
        out(&output).starts_with("\ntiny.toml: A tiny service\n"),
        "{}",
        out(&output)
    );
    assert!(err(&output).contains("bad.toml:11:9"), "{}", err(&output));
    assert!(!err(&output).contains("tiny.toml"));
}

#[test]
fn json_is_one_document_and_nothing_else() {
    let home = home();
    let output = homefirst(home.path(), &["run", "tiny.toml", "--json"]);
    ended(&output, 0);
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(json["replications"], 6);
    assert_eq!(json["headline"][2]["hub"], "all");
    // Every line of the summary is there.
    let summary = fs::read_to_string(home.path().join("results/tiny/summary.csv")).unwrap();
    assert_eq!(json["summary"].as_array().unwrap().len(), summary.lines().count() - 1);
    let output = homefirst(home.path(), &["check", "tiny.toml", "--json"]);
    ended(&output, 0);
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(json["staff"][0]["wte"], 9.0);
    let output = homefirst(home.path(), &["schema"]);
    ended(&output, 0);
    let kept = fs::read(root().join("schema/scenario.schema.json")).unwrap();
    assert!(output.stdout == kept);
}

#[test]
fn a_run_writes_every_file_that_is_promised() {
    let home = home();
    let output = homefirst(home.path(), &["run", "tiny.toml"]);
    ended(&output, 0);
    assert!(err(&output).is_empty(), "{}", err(&output));
    assert!(out(&output).contains("report.html"));
    let results = home.path().join("results/tiny");
    assert_eq!(listing(&results), FILES);
    for file in FILES {
        assert!(fs::metadata(results.join(file)).unwrap().len() > 0, "{file}");
    }
    assert_eq!(fs::read_to_string(results.join("scenario.toml")).unwrap(), TINY);
    // Nothing half-written stays behind.
    assert_eq!(fs::read_dir(home.path().join("results")).unwrap().count(), 1);
}

#[test]
fn any_number_of_threads_writes_the_same_bytes() {
    let home = home();
    for threads in ["1", "2", "7"] {
        let words = ["run", "tiny.toml", "--threads", threads, "--out", threads];
        ended(&homefirst(home.path(), &words), 0);
    }
    let one = home.path().join("1");
    for other in ["2", "7"] {
        let other = home.path().join(other);
        assert_eq!(listing(&other), FILES);
        for file in FILES.into_iter().filter(|f| *f != "run.json") {
            assert!(
                fs::read(one.join(file)).unwrap() == fs::read(other.join(file)).unwrap(),
                "{file}"
            );
        }
        assert_eq!(run_json(&one), run_json(&other));
    }
}

/// The window of `tiny.toml` drawn out over two months, with a deadline in the second and one after it.
fn two_months(home: &TempDir) {
    let from = TINY.lines().find(|l| l.starts_with("run-length")).unwrap();
    edited(home, "months.toml", from, "run-length = \"61 days\"");
    let file = home.path().join("months.toml");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(
        file,
        text + "[trajectory]\ndeadlines = [2020-07-01, 2020-12-01]\nconfidence = 0.7\n",
    )
    .unwrap();
}

#[test]
fn a_trajectory_says_from_when_on_and_writes_what_a_run_writes() {
    let home = home();
    two_months(&home);
    let output = homefirst(home.path(), &["trajectory", "months.toml", "--hub", "South"]);
    ended(&output, 0);
    assert!(
        err(&output).contains("HF103") && err(&output).contains("\n1 warning in months.toml\n"),
        "{}",
        err(&output)
    );
    let text = out(&output);
    for said in [
        "Hub: South",
        "Deadline 1 July 2020, judged by all of July 2020: ",
        "too close to call with",
        "and 70 % are wanted",
        "Deadline 1 December 2020: the measured time ends before it",
        "\nJune 2020 ",
        "\nJuly 2020 ",
        "\nReport: ",
    ] {
        // Sentences are broken between words.
        let joined = text.replace("\n  ", " ");
        assert!(text.contains(said) || joined.contains(said), "{said}: {text}");
    }
    // The report says of whom it was asked, and how to ask it again.
    let report = fs::read_to_string(home.path().join("results/months/report.html")).unwrap();
    for said in [
        "Asked of South only:",
        "at South: ",
        "All hubs together:",
        "homefirst trajectory months.toml --hub &quot;South&quot;</code>",
    ] {
        assert!(report.contains(said), "{said}");
    }
    let all = out(&homefirst(home.path(), &["trajectory", "months.toml", "--out", "t"]));
    assert!(!all.contains("Hub: South") && all.contains("July 2020"));
    ended(&homefirst(home.path(), &["run", "months.toml", "--out", "r"]), 0);
    let (one, other) = (home.path().join("t"), home.path().join("r"));
    assert_eq!(listing(&one), listing(&other));
    assert!(listing(&one).contains(&"charts/months_crisis.svg".to_owned()));
    for file in listing(&one).into_iter().filter(|f| f != "run.json") {
        assert!(
            fs::read(one.join(&file)).unwrap() == fs::read(other.join(&file)).unwrap(),
            "{file}"
        );
    }
    assert_eq!(run_json(&one), run_json(&other));
    let report = fs::read_to_string(one.join("report.html")).unwrap();
    assert!(report.contains("<h2 id=\"months-heading\">Month by month</h2>"));
}

#[test]
fn a_trajectory_as_json_is_one_document() {
    let home = home();
    two_months(&home);
    let output = homefirst(home.path(), &["trajectory", "months.toml", "--json"]);
    ended(&output, 0);
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(json["replications_wanted"], 0.7);
    assert_eq!(json["deadlines"][0]["month"], "2020-07");
    assert_eq!(json["deadlines"][0]["hub"], "North");
    assert!(json["target_met"][0].get("from_month").is_some() && json.get("latest_advert").is_none());
    let rows = json["monthly"].as_array().unwrap();
    assert_eq!(rows[0]["measure"], "measured_days");
    assert!(
        rows.iter()
            .any(|r| r["month"] == "2020-06" && r["measure"] == "service_level_p50")
    );
}

#[test]
fn a_trajectory_that_cannot_be_answered_ends_with_2_before_anything_is_run() {
    let home = home();
    two_months(&home);
    for (words, said) in [
        (
            &["trajectory", "months.toml", "--hub", "Nowhere"][..],
            "there is no hub \"Nowhere\" in the file",
        ),
        (
            &["trajectory", "months.toml", "--latest-advert"],
            "the file recruits nobody",
        ),
    ] {
        let output = homefirst(home.path(), words);
        ended(&output, 2);
        assert!(err(&output).contains(said), "{}", err(&output));
        assert!(!home.path().join("results").exists());
    }
}

#[test]
fn a_second_run_replaces_the_results() {
    let home = home();
    let results = home.path().join("results/tiny");
    ended(&homefirst(home.path(), &["run", "tiny.toml"]), 0);
    let first = fs::read(results.join("summary.csv")).unwrap();
    fs::write(results.join("charts/stale.svg"), "old").unwrap();
    ended(&homefirst(home.path(), &["run", "tiny.toml", "--seed", "8"]), 0);
    assert_eq!(listing(&results), FILES);
    assert_ne!(fs::read(results.join("summary.csv")).unwrap(), first);
    assert_eq!(run_json(&results)["seed"], 8);
}

#[test]
fn a_folder_that_is_no_results_folder_is_left_as_it_is() {
    let home = home();
    let thesis = home.path().join("thesis");
    fs::create_dir(&thesis).unwrap();
    fs::write(thesis.join("chapter.txt"), "years of work").unwrap();
    let output = homefirst(home.path(), &["run", "tiny.toml", "--out", "thesis"]);
    ended(&output, 2);
    assert!(out(&output).is_empty());
    assert!(
        err(&output).contains("thesis is not a results folder"),
        "{}",
        err(&output)
    );
    assert_eq!(listing(&thesis), ["chapter.txt"]);
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 3);
}

#[test]
fn the_copy_of_the_scenario_in_the_results_gives_the_same_results() {
    let home = home();
    ended(&homefirst(home.path(), &["run", "tiny.toml"]), 0);
    let results = home.path().join("results/tiny");
    let again = home.path().join("again");
    ended(
        &homefirst(&results, &["run", "scenario.toml", "--out", "../../again"]),
        0,
    );
    for file in [
        "summary.csv",
        "hourly.csv",
        "monthly.csv",
        "weekly.csv",
        "replications.csv",
    ] {
        let read = |folder: &PathBuf| without_first_column(&fs::read_to_string(folder.join(file)).unwrap());
        // The first column is the scenario's name, which is that of its file.
        assert!(read(&results) == read(&again), "{file}");
    }
    assert_eq!(
        run_json(&results)["scenario"]["hash"],
        run_json(&again)["scenario"]["hash"]
    );
}

/// What was said on the command line is in the copy, so that running it needs no more words; and it hides no fault.
#[test]
fn the_copy_has_the_replications_and_the_seed_of_the_command_line() {
    let home = home();
    let words = [
        "run",
        "tiny.toml",
        "--replications",
        "3",
        "--seed",
        "11",
        "--set",
        "hub.*.staff.carer=7",
    ];
    ended(&homefirst(home.path(), &words), 0);
    let results = home.path().join("results/tiny");
    ended(
        &homefirst(&results, &["run", "scenario.toml", "--out", "../../again"]),
        0,
    );
    let again = home.path().join("again");
    for file in ["summary.csv", "hourly.csv", "replications.csv"] {
        let read = |folder: &PathBuf| without_first_column(&fs::read_to_string(folder.join(file)).unwrap());
        assert!(read(&results) == read(&again), "{file}");
    }
    let (first, second) = (run_json(&results), run_json(&again));
    assert_eq!(first["scenario"]["hash"], second["scenario"]["hash"]);
    assert_eq!(
        (first["seed"].as_u64(), first["replications"].as_u64()),
        (Some(11), Some(3))
    );
    assert_eq!(first["changes"].as_array().unwrap().len(), 2);
    assert_eq!(first["changes"][0]["path"], "hub.North.staff.carer");
    assert_eq!(
        (&first["changes"][0]["before"], &first["changes"][0]["after"]),
        (&"9".into(), &"7".into())
    );
    assert!(
        fs::read_to_string(results.join("report.html"))
            .unwrap()
            .contains("What this scenario changes")
    );

    edited(&home, "faulty.toml", "replications = 6", "replications = 1");
    let output = homefirst(home.path(), &["run", "faulty.toml", "--replications", "3"]);
    ended(&output, 3);
    assert!(err(&output).contains("HF011"), "{}", err(&output));
}

#[test]
fn a_place_that_cannot_be_written_is_said_and_nothing_is_half_written() {
    let home = home();
    // Whoever may write anywhere still cannot put a folder below a file.
    fs::write(home.path().join("file"), "").unwrap();
    let output = homefirst(home.path(), &["run", "tiny.toml", "--out", "file/results"]);
    ended(&output, 1);
    assert!(out(&output).is_empty());
    assert!(err(&output).contains("cannot write file"), "{}", err(&output));
    assert!(!err(&output).contains("panicked"));
    assert_eq!(listing(home.path()), ["file", "profiles/week.csv", "tiny.toml"]);
}

#[test]
fn where_nothing_was_measured_it_says_none() {
    let home = home();
    // Nobody is referred in crisis, so nobody is measured; a few go straight to a package.
    edited(&home, "quiet.toml", "referrals = \"10 /day\"", "referrals = \"0 /day\"");
    let quiet = fs::read_to_string(home.path().join("quiet.toml")).unwrap();
    let quiet = quiet.replace("[pathway.care]", "[pathway.care]\nreferrals = \"1 /day\"");
    fs::write(home.path().join("quiet.toml"), quiet).unwrap();
    let output = homefirst(home.path(), &["run", "quiet.toml"]);
    ended(&output, 0);
    assert!(
        out(&output).contains("Crisis: no referral was counted"),
        "{}",
        out(&output)
    );
    assert!(out(&output).contains("none"));
    let results = home.path().join("results/quiet");
    let json = fs::read_to_string(results.join("run.json")).unwrap();
    let summary = fs::read_to_string(results.join("summary.csv")).unwrap();
    assert!(
        summary.contains("quiet,all,crisis,all,service_level,share,,,,,,\n"),
        "{summary}"
    );
    let report = fs::read_to_string(results.join("report.html")).unwrap();
    let charts = fs::read_to_string(results.join("charts/waits.svg")).unwrap();
    for text in [out(&output), json, summary, report, charts] {
        let words = text.split(|c: char| !c.is_alphanumeric());
        let numbers: Vec<&str> = words
            .filter(|w| ["NaN", "nan", "inf", "Infinity"].contains(w))
            .collect();
        assert!(numbers.is_empty(), "{numbers:?}");
    }
}

#[test]
fn a_service_without_any_referral_is_a_fault_of_the_file() {
    let home = home();
    edited(
        &home,
        "silent.toml",
        "referrals = \"10 /day\"",
        "referrals = \"0 /day\"",
    );
    let output = homefirst(home.path(), &["run", "silent.toml"]);
    ended(&output, 3);
    assert!(
        err(&output).contains("no hub receives any referral"),
        "{}",
        err(&output)
    );
}

#[test]
fn a_pathway_that_nobody_ever_staffs_is_said_before_and_after() {
    let home = home();
    // At one hub: a warning, and everybody there waits in vain for a nurse.
    let lead = TINY.replace("share = 1\nstaff", "share = 1\nlead = \"nurse\"\nstaff");
    let text = lead.replace("nurse = { on-shift = 1 }", "nurse = { on-shift = 0 }");
    fs::write(home.path().join("alone.toml"), text).unwrap();
    let output = homefirst(home.path(), &["run", "alone.toml"]);
    ended(&output, 0);
    assert!(err(&output).contains("never on shift at South"), "{}", err(&output));
    let summary = fs::read_to_string(home.path().join("results/alone/summary.csv")).unwrap();
    let level = summary
        .lines()
        .find(|l| l.starts_with("alone,South,crisis,all,service_level,"));
    assert!(
        level
            .unwrap()
            .starts_with("alone,South,crisis,all,service_level,share,0,"),
        "{level:?}"
    );
    // At every hub: a fault of the file.
    let text = lead.replace("nurse = { on-shift = 1 }", "nurse = { on-shift = 0 }");
    let text = text.replace("nurse = { on-shift = 2 }", "nurse = { on-shift = 0 }");
    fs::write(home.path().join("never.toml"), text).unwrap();
    let output = homefirst(home.path(), &["run", "never.toml"]);
    ended(&output, 3);
    assert!(err(&output).contains("nurse"), "{}", err(&output));
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_keeps_what_is_finished_and_says_so() {
    let home = home();
    let words = ["run", "tiny.toml", "--replications", "100000", "--threads", "1"];
    let mut child = command(home.path(), &words)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Long enough to start on a slow machine, much too short for a hundred thousand replications.
    std::thread::sleep(std::time::Duration::from_millis(1500));
    assert!(
        child.try_wait().unwrap().is_none(),
        "finished before it was interrupted"
    );
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(sent.unwrap().success());
    let output = child.wait_with_output().unwrap();
    ended(&output, 0);
    assert!(err(&output).contains("Stopped after "), "{}", err(&output));
    assert!(
        out(&output).contains("of the 100,000 asked for (interrupted)"),
        "{}",
        out(&output)
    );
    let results = home.path().join("results/tiny");
    // Among so many somebody may miss the standard of care after all.
    let mut written = listing(&results);
    written.retain(|name| !name.starts_with("charts/causes_") || !name.contains("care."));
    assert_eq!(written, FILES);
    let json = run_json(&results);
    let finished = json["replications"].as_u64().unwrap();
    assert!((2..100_000).contains(&finished), "{finished}");
    assert_eq!(json["replications_asked"], 100_000);
}

#[test]
fn a_reader_that_went_away_is_no_failure() {
    let home = home();
    for words in [&["check", "tiny.toml"][..], &["schema"], &["run", "tiny.toml"]] {
        let mut child = command(home.path(), words)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let mut said = String::new();
        child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(0), "{words:?}: {said}");
        assert!(said.is_empty(), "{said}");
    }
    assert_eq!(listing(&home.path().join("results/tiny")), FILES);
}

#[test]
fn the_help_names_every_command_and_exit_code() {
    let output = homefirst(root(), &["--help"]);
    ended(&output, 0);
    insta::assert_snapshot!(out(&output), @r##"
    How many staff does urgent community response and reablement need?

    Reads a scenario file, simulates the service many times, and says how often
    people are seen in time, hub by hub, and how sure that is.

    Usage: homefirst <COMMAND>

    Commands:
      run          How does this service do? Simulates it and writes tables, charts
                   and a report
      explain      Why are standards missed? Tries it again without each cause
      compare      What do options change? The same people in the base and in every
                   option, with differences and their certainty
      required     How many staff are needed to hold the standards? The least
                   staffing, with a certificate of how sure that is
      allocate     Where do more staff of a role do most good? The best placement
                   over the hubs, and the price of fairness
      calibrate    Which values of the unknown inputs reproduce what was reported?
                   The plausible set, and what cannot be told
      pooling      What would sharing staff between hubs be worth? The same staff as
                   separate hubs, as neighbours and as one pool
      sensitivity  Which input matters, and which is worth going to measure? Moves
                   the ranges that the file states
      trajectory   From which month on is the target met? Month by month, with
                   deadlines; writes what `run` writes
      report       What do I hand over? One report, in the order of a committee, of
                   what lies in results folders
      plan         Divide a question into pieces for any number of machines
      piece        Make one piece of a planned question
      merge        The answer from all pieces of a planned question
      check        Is the file sound, and what does it mean? Nothing is simulated
      trace        What happened in one replication? Writes every event as CSV, for
                   process tools
      new          Write a file to start from: a small service, or a what-if on
                   another file
      warm-up      Is the warm-up long enough? Looks at the first weeks of the
                   service, and at a warm-up twice as long
      serve        A page on this machine: choose a scenario, change numbers, ask,
                   and see results without the command line
      schema       Print the JSON Schema of scenario files, for editors
      help         Print this message or the help of the given subcommand(s)

    Options:
      -h, --help
              Print help (see a summary with '-h')

      -V, --version
              Print version

    Exit codes: 0 answered, 1 not finished (a fault of the program or the machine),
    2 wrong command line, 3 the scenario has errors, 4 nothing within the bounds
    will do (no staffing meets the target, no inputs reproduce what was reported), 5
    precision not reached, 6 pieces are still to be made.
    "##);
}

#[test]
fn the_check_of_the_baseline_says_what_its_staff_mean() {
    let output = homefirst(root(), &["check", "scenarios/home-first-2020.toml"]);
    ended(&output, 0);
    assert!(err(&output).is_empty(), "{}", err(&output));
    let text = out(&output);
    assert!(text.lines().all(|line| line.chars().count() <= 80));
    insta::assert_snapshot!(text, @r##"
    scenarios/home-first-2020.toml: Home First: six county hubs, June 2020
    The file is sound. Hubs: 6. Roles: 4. Pathways: 3. Packages: 2.
    Hubs: Charnwood; North West Leicestershire; Hinckley and Bosworth; Blaby, Oadby
      and Wigston; Harborough; Melton and Rutland.

    Warning: above 85 % of capacity, where waits grow fast: nurse at Harborough
      (85 %), therapist at 6 hubs (up to 99 %) and reablement worker at 6 hubs (up
      to 95 %).

    Offered load as a share of capacity, and below it people kept busy of people
      available, averaged over day and night; ! above 85 %
    Hub                              Crisis         Nurse     Therapist  Reablement
                                     worker                                  worker
    -------------------------------------------------------------------------------
    Charnwood                          81 %          79 %        99 % !      92 % !
                               0.64 of 0.79   0.91 of 1.1    1.0 of 1.0  4.8 of 5.2
    North West Leicestershire          78 %          75 %        99 % !      94 % !
                               0.38 of 0.48  0.53 of 0.70  0.57 of 0.57  2.8 of 3.0
    Hinckley and Bosworth              82 %          84 %        94 % !      91 % !
                               0.47 of 0.57  0.67 of 0.79  0.70 of 0.75  3.5 of 3.9
    Blaby, Oadby and Wigston           81 %          80 %        93 % !      93 % !
                               0.64 of 0.79   0.92 of 1.1    1.0 of 1.1  4.8 of 5.2
    Harborough                         80 %        85 % !        95 % !      95 % !
                               0.43 of 0.53  0.60 of 0.70  0.63 of 0.66  3.2 of 3.3
    Melton and Rutland                 82 %          83 %        91 % !      91 % !
                               0.47 of 0.57  0.66 of 0.79  0.68 of 0.75  3.5 of 3.9

    Crisis worker: 21.25 WTE of 37.5 h a week are at least 24 people, of whom about
      0.78 to 1.3 are on each shift at a hub, net of leave and sickness
    Hub                     WTE  People  On each shift          On shift, by hour of
                                                                the day
    --------------------------------------------------------------------------------
    Charnwood               4.5      5+  early 1.3, late 1.3    07-14 1.3,
                                                                14-15 1.9,
                                                                15-22 1.3,
                                                                22-23 0.63
    North West             2.75      3+  early 0.78, late 0.78  07-14 0.78,
    Leicestershire                                              14-15 1.2,
                                                                15-22 0.78,
                                                                22-23 0.39
    Hinckley and Bosworth  3.25      4+  early 0.92, late 0.92  07-14 0.92,
                                                                14-15 1.4,
                                                                15-22 0.92,
                                                                22-23 0.46
    Blaby, Oadby and        4.5      5+  early 1.3, late 1.3    07-14 1.3,
    Wigston                                                     14-15 1.9,
                                                                15-22 1.3,
                                                                22-23 0.63
    Harborough                3      3+  early 0.85, late 0.85  07-14 0.85,
                                                                14-15 1.3,
                                                                15-22 0.85,
                                                                22-23 0.42
    Melton and Rutland     3.25      4+  early 0.92, late 0.92  07-14 0.92,
                                                                14-15 1.4,
                                                                15-22 0.92,
                                                                22-23 0.46

    Nurse: 30 WTE of 37.5 h a week are at least 32 people, of whom about 1.1 to 1.8
      are on each shift at a hub, net of leave and sickness
    Hub                     WTE  People  On each shift        On shift, by hour of
                                                              the day
    --------------------------------------------------------------------------------
    Charnwood               6.5      7+  early 1.8, late 1.8  07-14 1.8, 14-15 2.7,
                                                              15-22 1.8, 22-23 0.92
    North West                4      4+  early 1.1, late 1.1  07-14 1.1, 14-15 1.7,
    Leicestershire                                            15-22 1.1, 22-23 0.56
    Hinckley and Bosworth   4.5      5+  early 1.3, late 1.3  07-14 1.3, 14-15 1.9,
                                                              15-22 1.3, 22-23 0.63
    Blaby, Oadby and        6.5      7+  early 1.8, late 1.8  07-14 1.8, 14-15 2.7,
    Wigston                                                   15-22 1.8, 22-23 0.92
    Harborough                4      4+  early 1.1, late 1.1  07-14 1.1, 14-15 1.7,
                                                              15-22 1.1, 22-23 0.56
    Melton and Rutland      4.5      5+  early 1.3, late 1.3  07-14 1.3, 14-15 1.9,
                                                              15-22 1.3, 22-23 0.63

    Therapist: 27 WTE of 37.5 h a week are at least 30 people, of whom about 1.8 to
      3.4 are on each shift at a hub, net of leave and sickness
    Hub                         WTE  People  On each  On shift,
                                             shift    by hour
                                                      of the
                                                      day
    -----------------------------------------------------------
    Charnwood                   5.5      6+  day 3.1  08-16 3.1
    North West Leicestershire  3.25      4+  day 1.8  08-16 1.8
    Hinckley and Bosworth      4.25      5+  day 2.4  08-16 2.4
    Blaby, Oadby and Wigston      6      6+  day 3.4  08-16 3.4
    Harborough                 3.75      4+  day 2.1  08-16 2.1
    Melton and Rutland         4.25      5+  day 2.4  08-16 2.4

    Reablement worker: 139 WTE of 37.5 h a week are at least 140 people, of whom
      about 4.8 to 8.3 are on each shift at a hub, net of leave and sickness
    Hub                      WTE  People  On each shift        On shift, by hour of
                                                               the day
    --------------------------------------------------------------------------------
    Charnwood               29.5     30+  early 8.3, late 8.3  07-14 8.3,
                                                               14-15 12.5,
                                                               15-22 8.3, 22-23 4.2
    North West                17     17+  early 4.8, late 4.8  07-14 4.8, 14-15 7.2,
    Leicestershire                                             15-22 4.8, 22-23 2.4
    Hinckley and Bosworth     22     22+  early 6.2, late 6.2  07-14 6.2, 14-15 9.3,
                                                               15-22 6.2, 22-23 3.1
    Blaby, Oadby and        29.5     30+  early 8.3, late 8.3  07-14 8.3,
    Wigston                                                    14-15 12.5,
                                                               15-22 8.3, 22-23 4.2
    Harborough                19     19+  early 5.4, late 5.4  07-14 5.4, 14-15 8.0,
                                                               15-22 5.4, 22-23 2.7
    Melton and Rutland        22     22+  early 6.2, late 6.2  07-14 6.2, 14-15 9.3,
                                                               15-22 6.2, 22-23 3.1

    Durations as sampled; * where min or max cuts
    Input, and as typed                                   Mean         sd        p95
    --------------------------------------------------------------------------------
    hub.Charnwood.travel.urgent                         15 min    6.0 min     26 min
      log-normal, mean 15 min, cv 0.4
    hub.Charnwood.travel.round                          11 min    4.4 min     19 min
      log-normal, mean 11 min, cv 0.4
    hub."North West Leicestershire".travel.urgent       15 min    6.0 min     26 min
      log-normal, mean 15 min, cv 0.4
    hub."North West Leicestershire".travel.round        11 min    4.4 min     19 min
      log-normal, mean 11 min, cv 0.4
    hub."Hinckley and Bosworth".travel.urgent           16 min    6.4 min     28 min
      log-normal, mean 16 min, cv 0.4
    hub."Hinckley and Bosworth".travel.round            12 min    4.8 min     21 min
      log-normal, mean 12 min, cv 0.4
    hub."Blaby, Oadby and Wigston".travel.urgent        12 min    4.8 min     21 min
      log-normal, mean 12 min, cv 0.4
    hub."Blaby, Oadby and Wigston".travel.round         10 min    4.0 min     17 min
      log-normal, mean 10 min, cv 0.4
    hub.Harborough.travel.urgent                        22 min    8.8 min     38 min
      log-normal, mean 22 min, cv 0.4
    hub.Harborough.travel.round                         15 min    6.0 min     26 min
      log-normal, mean 15 min, cv 0.4
    hub."Melton and Rutland".travel.urgent              26 min     10 min     45 min
      log-normal, mean 26 min, cv 0.4
    hub."Melton and Rutland".travel.round               17 min    6.8 min     30 min
      log-normal, mean 17 min, cv 0.4
    pathway.crisis.triage                               15 min    9.0 min     32 min
      log-normal, mean 15 min, cv 0.6
    pathway.crisis.patience                              5.0 h      2.5 h      9.7 h
      log-normal, mean 5 h, cv 0.5
    pathway.crisis.response."joint,                     70 min     28 min      2.0 h
    nurse".staff.crisis-worker.length
      log-normal, mean 70 min, cv 0.4
    pathway.crisis.response."joint,                     70 min     28 min      2.0 h
    nurse".staff.nurse.length
      log-normal, mean 70 min, cv 0.4
    pathway.crisis.response."joint,                     70 min     28 min      2.0 h
    therapist".staff.crisis-worker.length
      log-normal, mean 70 min, cv 0.4
    pathway.crisis.response."joint,                     70 min     28 min      2.0 h
    therapist".staff.therapist.length
      log-normal, mean 70 min, cv 0.4
    pathway.crisis.response."care                       70 min     28 min      2.0 h
    only".staff.crisis-worker.length
      log-normal, mean 70 min, cv 0.4
    pathway.crisis.response."health only,               70 min     28 min      2.0 h
    nurse".staff.nurse.length
      log-normal, mean 70 min, cv 0.4
    pathway.crisis.response."health only,               70 min     28 min      2.0 h
    therapist".staff.therapist.length
      log-normal, mean 70 min, cv 0.4
    package.crisis-care.length                          45.0 h     17.1 h   3.0 days
      log-normal, mean 48 h, cv 0.5, at most 3
      days *
    package.crisis-care.visits.care.length              35 min     14 min     61 min
      log-normal, mean 35 min, cv 0.4
    package.reablement.length                        23.3 days  12.4 days  42.0 days
      log-normal, median 21 days, sigma 0.75, at
      most 42 days *
    package.reablement.visits.care.length               35 min     14 min     61 min
      log-normal, mean 35 min, cv 0.4
    package.reablement.visits.therapy.first-length      75 min     30 min      2.2 h
      log-normal, mean 75 min, cv 0.4
    package.reablement.visits.therapy.length            45 min     18 min     79 min
      log-normal, mean 45 min, cv 0.4
    package.reablement.visits.nursing.length            30 min     12 min     52 min
      log-normal, mean 30 min, cv 0.4

    Next: `homefirst run scenarios/home-first-2020.toml` simulates it.
    "##);
}

/// By hand: a WTE is 37.5 h a week, of which 16 % is leave and training. The role has two shifts of 7.5 paid hours on each
/// of seven days, 14 in all, so of `w` WTE there are `w x 37.5 x 0.84 / (7.5 x 14) = 0.3 w` rostered on each shift, and
/// 0.94 of them come. Early is 07:00 to 15:00 and late 14:30 to 22:30.
///
/// Charnwood, 4.5 WTE: 1.35 rostered, 1.269 there; 1.9035 from 14 to 15 (both for half of it); 0.6345 from 22 to 23.
/// North West Leicestershire, 2.75 WTE: 0.825 rostered, 0.7755 there; 1.16325 from 14 to 15; 0.38775 from 22 to 23.
#[test]
fn crisis_workers_on_shift_at_two_hubs_are_those_worked_out_by_hand() {
    let path = root().join("scenarios/home-first-2020.toml");
    let scenario = homefirst::scenario::read(&path).unwrap().scenario;
    let role = scenario.role("crisis-worker").unwrap();
    let answer = homefirst::answers::check::check(&scenario);
    for (hub, rostered, there, overlap, last) in [
        ("Charnwood", 1.35, 1.269, 1.9035, 0.6345),
        ("North West Leicestershire", 0.825, 0.7755, 1.163_25, 0.387_75),
    ] {
        let found = answer
            .staff
            .iter()
            .find(|m| m.role == role && scenario.hubs[m.hub.0].name == hub)
            .unwrap();
        let near = |a: f64, b: f64| (a - b).abs() < 1e-9;
        assert_eq!(found.rostered.len(), 2);
        assert!(found.rostered.iter().all(|(_, n)| near(*n, rostered)), "{found:?}");
        assert!(found.present.iter().all(|(_, n)| near(*n, there)), "{found:?}");
        for (hour, &n) in found.on_shift.iter().enumerate() {
            let expected = match hour % 24 {
                14 => overlap,
                22 => last,
                7..22 => there,
                _ => 0.0,
            };
            assert!(near(n, expected), "{hub}, hour {hour} of the week: {n}, not {expected}");
        }
    }
}

/// The figure planners start from: 24 WTE over six hubs are 4 at each, 0.3 x 4 = 1.2 rostered on every early and every
/// late shift, of whom 1.2 x 0.94 = 1.128 come; both for half the hour from 14 to 15, 1.692; 0.564 from 22 to 23.
#[test]
fn twenty_four_crisis_workers_over_six_hubs_are_one_on_each_shift() {
    let baseline = fs::read_to_string(root().join("scenarios/home-first-2020.toml")).unwrap();
    let lines = baseline.lines().map(|line| match line.split_once("crisis-worker = ") {
        Some((before, after)) if line.starts_with("staff") => {
            let rest = after.find(',').map_or("", |comma| &after[comma..]);
            format!("{before}crisis-worker = 4{rest}")
        }
        _ => line.to_owned(),
    });
    let dir = tempfile::tempdir().unwrap();
    let text = lines.collect::<Vec<String>>().join("\n");
    fs::write(dir.path().join("service.toml"), text).unwrap();
    fs::create_dir(dir.path().join("profiles")).unwrap();
    let profile = "profiles/crisis_24x7.csv";
    fs::copy(root().join("scenarios").join(profile), dir.path().join(profile)).unwrap();
    let output = homefirst(dir.path(), &["check", "service.toml"]);
    ended(&output, 0);
    let text = out(&output);
    assert!(
        text.contains("Crisis worker: 24 WTE of 37.5 h a week are at least 24 people, of whom about 1.1"),
        "{text}"
    );
    assert!(text.contains("07-14 1.1, 14-15 1.7"), "{text}");
}

/// `explain` answers first why, writes what `run` writes and what switching causes off does, and leaves the results of `run`
/// where they are.
#[test]
fn explain_writes_what_run_writes_and_more() {
    let home = home();
    ended(&homefirst(home.path(), &["run", "tiny.toml"]), 0);
    let output = homefirst(home.path(), &["explain", "tiny.toml"]);
    ended(&output, 0);
    let text = out(&output);
    assert!(text.contains("Of crisis misses: "), "{text}");
    assert!(
        text.contains("No travel time") && text.contains("Effects do not add up"),
        "{text}"
    );
    let (one, other) = (
        home.path().join("results/tiny"),
        home.path().join("results/tiny-explained"),
    );
    for name in [
        "summary.csv",
        "causes.csv",
        "causes_hourly.csv",
        "outcomes.csv",
        "beds.csv",
        "money.csv",
        "scenario.toml",
    ] {
        assert_eq!(
            fs::read(one.join(name)).unwrap(),
            fs::read(other.join(name)).unwrap(),
            "{name}"
        );
    }
    let table = fs::read_to_string(other.join("switched_off.csv")).unwrap();
    assert!(
        table.starts_with("scenario,hub,pathway,switched_off,measure,unit,mean,half_width,"),
        "{table}"
    );
    assert!(!one.join("switched_off.csv").exists());
    let output = homefirst(
        home.path(),
        &[
            "explain",
            "tiny.toml",
            "--replications",
            "2",
            "--json",
            "--out",
            "other",
        ],
    );
    ended(&output, 0);
    let json: Value = serde_json::from_str(&out(&output)).unwrap();
    assert_eq!(
        json["canonical_command"],
        "homefirst explain tiny.toml --replications 2"
    );
    let misses = |wanted: &str| -> f64 {
        let rows = json["causes"].as_array().unwrap().iter();
        let of = rows
            .filter(|r| r["hub"] == "all" && r["pathway"] == "crisis" && (r["cause"] == "all") == (wanted == "all"));
        of.map(|r| r["misses"]["mean"].as_f64().unwrap()).sum()
    };
    assert!(misses("all") > 0.0 && (misses("all") - misses("each")).abs() < 1e-9);
    assert!(json["switched_off"].as_array().unwrap().len() > 4);
}
