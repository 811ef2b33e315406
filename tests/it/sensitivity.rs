//! Which input matters: a model whose shares are known, the tornado, and the command.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::atomic::AtomicBool;

use homefirst::answers::sensitivity::{OfStandard, SensitivityAnswer, SensitivityRequest, sensitivity};
use homefirst::random::gamma_factor;
use homefirst::scenario::{Loaded, Ranges, ranges, read_with, settings};
use homefirst::stats::perfect_information;
use homefirst::theory::Mmc;
use serde_json::Value;
use tempfile::TempDir;

/// Three hubs where everybody is seen at once, and a fourth, three hours away, that sees too late whoever is sent there. The
/// service level over all hubs is 1 less half of the first share, less 0.3 of the second, less 0.2 of the third: a straight line,
/// with the variance of each share (they have the same range) times the square of its weight. How many are referred is drawn
/// too, and changes who they are, but not the level; notes change nothing, since staff never run out.
pub(crate) const LINE: &str = r#"format = 1
[experiment]
start = 2021-01-04
warm-up = "1 weeks"
run-length = "6 weeks"
replications = 3
seed = 7
[[hub]]
name = "A"
share = 0.5
staff = { worker = { on-shift = 500 } }
[[hub]]
name = "B"
share = 0.3
staff = { worker = { on-shift = 500 } }
[[hub]]
name = "C"
share = 0.2
staff = { worker = { on-shift = 500 } }
[[hub]]
name = "Far"
share = 0.0
staff = { worker = { on-shift = 500 } }
[role.worker]
notes = "5 min"
[pathway.urgent]
referrals = "90 /day"
standard = { within = "2 h", target = 0.8, clock-stops = "lead" }
outcome = { home = 1.0 }
[[pathway.urgent.response]]
name = "visit"
share = 1.0
lead = "worker"
staff = [{ role = "worker", length = "30 min" }]
[[served-elsewhere]]
home = "A"
served-by = "Far"
share = 0.3
extra-travel = "3 h"
[[served-elsewhere]]
home = "B"
served-by = "Far"
share = 0.3
extra-travel = "3 h"
[[served-elsewhere]]
home = "C"
served-by = "Far"
share = 0.3
extra-travel = "3 h"
[assumptions]
"served-elsewhere.A.share" = { kind = "assumption", low = 0.02, high = 0.58 }
"served-elsewhere.B.share" = { kind = "assumption", low = 0.02, high = 0.58 }
"served-elsewhere.C.share" = { kind = "assumption", low = 0.02, high = 0.58 }
"pathway.urgent.referrals" = { kind = "assumption", low = "70 /day", high = "110 /day" }
"role.worker.notes" = { kind = "assumption", low = "2 min", high = "9 min" }
"pathway.urgent.standard.target" = { kind = "assumption", low = 0.7, high = 0.9 }
"#;

fn home(text: &str) -> TempDir {
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("line.toml"), text).unwrap();
    home
}

fn asked(file: &Path, points: u32, threads: Option<usize>) -> (Loaded, Ranges, SensitivityAnswer) {
    let base = read_with(file, &[]).unwrap();
    let found = ranges(&base);
    let mut variant = |values: &[(usize, f64)]| {
        let typed = settings(values.iter().map(|(input, value)| (&found.inputs[*input], *value)));
        Ok(read_with(file, &typed).unwrap().scenario)
    };
    let request = SensitivityRequest {
        replications: 4,
        points: Some(points),
        threads,
    };
    let stop = AtomicBool::new(false);
    let answer = sensitivity(&base.scenario, &found.inputs, &mut variant, request, &stop, &|| ()).unwrap();
    (base, found, answer)
}

fn input(found: &Ranges, path: &str) -> usize {
    found.inputs.iter().position(|range| range.path == path).unwrap()
}

/// 100 points of two replications. With the file's seed the shares are within a point of what is known; the band of five is
/// more than four of their standard errors, so that another seed fails this less than once in ten thousand.
#[test]
fn the_shares_of_a_straight_line_come_out_and_chance_is_nobodys() {
    let home = home(LINE);
    let (_, found, answer) = asked(&home.path().join("line.toml"), 100, None);
    let of = &answer.standards[0];
    let spread = of.spread.as_ref().unwrap();
    let row = |path: &str| {
        spread
            .shares
            .iter()
            .find(|row| row.input == input(&found, path))
            .unwrap()
    };
    for (path, known) in [
        ("served-elsewhere.A.share", 0.25 / 0.38),
        ("served-elsewhere.B.share", 0.09 / 0.38),
        ("served-elsewhere.C.share", 0.04 / 0.38),
        ("pathway.urgent.referrals", 0.0),
    ] {
        let row = row(path);
        for share in [row.first, row.total] {
            assert!((share.mean - known).abs() < 0.05, "{path}: {row:?}");
            assert!(share.low <= share.mean && share.mean <= share.high);
        }
    }
    // Uniform over 0.56: the standard deviation of a share is 0.56 / sqrt 12; of the level, times the root of 0.38.
    let sd = 0.56 / 12f64.sqrt() * 0.38f64.sqrt();
    assert!((spread.sd.mean - sd).abs() < 0.05 * sd, "{spread:?}");
    assert!(
        (spread.mean.mean - 0.7).abs() < 0.01 && spread.explained > 0.97,
        "{spread:?}"
    );
    assert!(spread.sd_simulation < 0.01);
    // If the first were known, what is left is the other two.
    let gain = row("served-elsewhere.A.share").sd_gain.mean;
    assert!((gain - sd * (1.0 - (0.13f64 / 0.38).sqrt())).abs() < 0.004, "{gain}");
    // Two uniform numbers with the weights 0.3 and 0.2 over 0.56: nine tenths lie within 0.176 (half of a trapezium's corner
    // triangles cut off at 0.05: 0.28 - 2 sqrt(2 x 0.05 x 0.168 x 0.112) = 0.1932 wide).
    let known = row("served-elsewhere.A.share").range_if_known.mean;
    assert!((known - 0.193).abs() < 0.015, "{known}");
    // Notes change nothing, and are not drawn.
    let notes = input(&found, "role.worker.notes");
    assert!(!answer.moved.contains(&notes) && spread.shares.iter().all(|row| row.input != notes));
}

#[test]
fn the_tornado_is_the_difference_of_the_ends_and_the_widest_comes_first() {
    let home = home(LINE);
    let (_, found, answer) = asked(&home.path().join("line.toml"), 20, Some(1));
    let of: &OfStandard = &answer.standards[0];
    let order: Vec<&str> = of
        .bars
        .iter()
        .map(|bar| found.inputs[bar.input].path.as_str())
        .collect();
    assert_eq!(
        order[..3],
        [
            "served-elsewhere.A.share",
            "served-elsewhere.B.share",
            "served-elsewhere.C.share"
        ]
    );
    assert!(of.bars.windows(2).all(|pair| pair[0].width() >= pair[1].width()));
    for (bar, weight) in of.bars.iter().zip([0.5, 0.3, 0.2]) {
        assert!((bar.low.mean - 0.28 * weight).abs() < 0.02, "{bar:?}");
        assert!((bar.high.mean + 0.28 * weight).abs() < 0.02, "{bar:?}");
        assert!((bar.swing.mean - (bar.high.mean - bar.low.mean)).abs() < 1e-12 && !bar.same);
    }
    let notes = of
        .bars
        .iter()
        .find(|bar| bar.input == input(&found, "role.worker.notes"))
        .unwrap();
    assert!(notes.same && notes.width() == 0.0);
    assert_eq!(found.left_out.len(), 1, "{:?}", found.left_out);
    // Whatever the threads.
    let (_, _, mut again) = asked(&home.path().join("line.toml"), 20, Some(3));
    again.engine_cpu_s = answer.engine_cpu_s;
    assert_eq!(again, answer);
}

/// Three or four workers, visits of mean 1.5 h, referrals of a rate an hour that is gamma with shape 400 and mean 1.2; a share
/// within two hours is worth 20, a worker 1. Known: net benefits 15.534615 and 15.858933, and knowing the rate is worth
/// 0.0129096. The 20,000 draws are the middles of equal slices.
#[test]
fn the_known_worth_of_a_rate_comes_out() {
    let draws = 20_000;
    let worth: Vec<Vec<f64>> = (0..draws)
        .map(|k| {
            let rate = 1.2 * gamma_factor(400.0, (f64::from(k) + 0.5) / f64::from(draws));
            let benefit = |c: u32| 20.0 * Mmc::new(c, rate, 1.5).unwrap().within(2.0) - f64::from(c);
            vec![benefit(3), benefit(4)]
        })
        .collect();
    let mean = |d: usize| worth.iter().map(|row| row[d]).sum::<f64>() / f64::from(draws);
    assert!((mean(0) - 15.534_615).abs() < 2e-5, "{}", mean(0));
    assert!((mean(1) - 15.858_933).abs() < 2e-5, "{}", mean(1));
    let found = perfect_information(&worth).unwrap();
    assert!((found - 0.012_909_6).abs() < 2e-6, "{found}");
}

pub(crate) fn homefirst(folder: &Path, words: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_homefirst"));
    command
        .current_dir(folder)
        .args(words)
        .env("COLUMNS", "80")
        .output()
        .unwrap()
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

const QUICK: [&str; 4] = ["--replications", "2", "--points", "30"];

#[test]
fn the_command_says_what_matters_and_writes_it() {
    let home = home(LINE);
    let words = [&["sensitivity", "line.toml"], &QUICK[..]].concat();
    let output = homefirst(home.path(), &words);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let said = text(&output.stdout).replace("\n  ", " ");
    assert!(said.contains("moved farthest by share of A"), "{said}");
    assert!(said.contains("worth measuring first is share of A"), "{said}");
    assert!(
        said.contains("Nothing at all changes, whichever end: notes of worker."),
        "{said}"
    );
    assert!(said.contains("a standard or a target is what is wanted"), "{said}");
    assert!(
        said.contains("How likely the values of a range are is an assumption"),
        "{said}"
    );
    let results = home.path().join("results/line-sensitivity");
    crate::charts::words_have_room(&results);
    for file in [
        "sensitivity.csv",
        "sensitivity.json",
        "scenario.toml",
        "report.html",
        "charts/tornado_urgent.svg",
    ] {
        assert!(results.join(file).is_file(), "{file}");
    }
    let csv = fs::read_to_string(results.join("sensitivity.csv")).unwrap();
    assert!(
        csv.contains("line,urgent,served-elsewhere.A.share,0.02,0.3,0.58,uniform,at_high_points,points,"),
        "{csv}"
    );
    assert_eq!(csv.lines().filter(|line| line.contains(",total_share,")).count(), 4);
    let document: Value = serde_json::from_str(&fs::read_to_string(results.join("sensitivity.json")).unwrap()).unwrap();
    assert_eq!(
        document["by_standard"][0]["by_input"][0]["path"],
        "served-elsewhere.A.share"
    );
    assert_eq!(document["left_out"][0]["path"], "pathway.urgent.standard.target");
    // The same again, whatever the threads, and on standard output.
    let words = [&words[..], &["--json", "--threads", "1"]].concat();
    let again = homefirst(home.path(), &words);
    assert_eq!(
        text(&again.stdout),
        fs::read_to_string(results.join("sensitivity.json")).unwrap()
    );
    let report = fs::read_to_string(results.join("report.html")).unwrap();
    assert!(report.contains("<svg role=\"img\"") && !report.contains("<script"));
}

#[test]
fn what_cannot_be_answered_is_said() {
    let home = home(LINE);
    let cut = LINE.find("[assumptions]").unwrap();
    fs::write(home.path().join("certain.toml"), &LINE[..cut]).unwrap();
    let words = format!(
        "{}[assumptions]\n\"pathway.urgent.outcome\" = {{ kind = \"source\", low = \"few\", high = \"many\" }}\n",
        &LINE[..cut]
    );
    fs::write(home.path().join("words.toml"), words).unwrap();
    let beyond = LINE.replacen("low = 0.02, high = 0.58", "low = 0.02, high = 1.2", 1);
    fs::write(home.path().join("beyond.toml"), beyond).unwrap();
    fs::write(
        home.path().join("nowhere.toml"),
        LINE.replace("\"role.worker.notes\"", "\"role.nobody.notes\""),
    )
    .unwrap();
    fs::write(
        home.path().join("no-standard.toml"),
        LINE.replace("standard = { within", "#")
            .replace("\"pathway.urgent.standard.target\"", "#"),
    )
    .unwrap();
    for (file, more, code, what) in [
        (
            "certain.toml",
            &[][..],
            3,
            "the file states no range that could be moved",
        ),
        ("words.toml", &[], 3, "its ends are words"),
        (
            "beyond.toml",
            &[],
            3,
            "the range of `served-elsewhere.A.share` cannot be used: the scenario has errors at 1.2",
        ),
        ("beyond.toml", &[], 3, "HF011"),
        ("nowhere.toml", &[], 3, "HF030"),
        ("no-standard.toml", &[], 3, "no pathway has a `standard`"),
        (
            "line.toml",
            &["--precision", "1 points"],
            2,
            "say --replications instead",
        ),
        ("line.toml", &["--points", "3"], 2, "--points"),
    ] {
        let words = [&["sensitivity", file, "--replications", "2"], more].concat();
        let output = homefirst(home.path(), &words);
        let err = text(&output.stderr).replace("\n  ", " ");
        assert_eq!(output.status.code(), Some(code), "{file}: {err}");
        assert!(err.contains(what), "{file}: {err}");
    }
    assert!(!home.path().join("results").exists());
}
