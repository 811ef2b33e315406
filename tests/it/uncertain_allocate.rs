//! Placements where the inputs are not as stated: queues of which the best placement is known in every draw, and the command.

use std::fs;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use homefirst::answers::allocate::{AllocateAnswer, AllocateUncertain, Kind, allocate_uncertain};
use homefirst::answers::uncertain::{AboutInputs, UncertainRequest};
use homefirst::model::Scenario;
use homefirst::pieces::Pieces;
use homefirst::stats::largest_totals;
use homefirst::units::PerDay;
use serde_json::Value;

use crate::allocate::{allocated, extra, of_theory, queues, request, total};
use crate::required::stationary;
use crate::sensitivity::{homefirst, text};

/// Rates an hour: the first hub's, the second's as stated, and the second's in four draws.
const FIRST: f64 = 2.0;
const STATED: f64 = 1.7;
const DRAWN: [f64; 4] = [1.2, 1.5, 2.2, 2.3];
const WEIGHTS: [f64; 4] = [1.0, 2.0, 2.0, 1.0];
const NOW: [u32; 2] = [4, 4];

fn with(s: &Scenario, second: f64) -> Scenario {
    let mut s = s.clone();
    s.hubs[1].referrals = vec![PerDay::new(24.0 * second).unwrap()];
    s
}

fn asked(threads: Option<usize>, weeks: i64) -> (AllocateAnswer, AllocateUncertain) {
    let s = queues(&[FIRST, STATED], &NOW, weeks);
    let answer = allocated(&s, request(1, 16, 8));
    let asks = UncertainRequest {
        inputs: vec!["hub.H2.referrals.urgent".into()],
        held: Vec::new(),
        about: AboutInputs::default(),
        weights: WEIGHTS.to_vec(),
        confidence: 0.95,
        threads,
    };
    let done = AtomicU32::new(0);
    let count = || {
        done.fetch_add(1, Ordering::Relaxed);
    };
    let mut drawn = |draw: usize| Ok(with(&s, DRAWN[draw]));
    let found = allocate_uncertain(
        &answer,
        &mut drawn,
        &asks,
        &Pieces::alone(),
        &AtomicBool::new(false),
        &count,
    );
    assert_eq!(done.load(Ordering::Relaxed), 4);
    (answer, found.unwrap().unwrap())
}

/// One more worker for two queues of four each: with 2 and 1.7 an hour the first needs it more; if the second has 2.2 or 2.3, it
/// does. What each placement gains, what is lost where the choice is wrong, and how often, follow from Erlang's formula.
///
/// The levels of five replications of two years have standard errors of about 0.003 at 2 an hour and 0.006 at 2.3, and the gains,
/// on the same people, less; the bands are about four of these.
#[test]
fn what_is_gained_and_lost_in_each_draw_is_what_erlang_says() {
    let (answer, of) = asked(None, 104);
    assert_eq!(extra(&answer, Kind::Best), [1, 0]);
    let (mut gain, mut lost, mut same, mut better) = (0.0, 0.0, 0.0, 0.0);
    for (rate, weight) in DRAWN.iter().zip(WEIGHTS.map(|w| w / 6.0)) {
        let groups = of_theory(&[FIRST, *rate], &NOW, 1);
        let (stated, other, none) = (
            total(&groups, &[1, 0]),
            total(&groups, &[0, 1]),
            total(&groups, &[0, 0]),
        );
        let best = largest_totals(&groups, 1).pop().unwrap().unwrap();
        // No draw is near the edge.
        assert!((stated - other).abs() > 0.005, "{rate} {stated} {other}");
        gain += weight * (stated - none);
        lost += weight * (best.value - stated);
        same += weight * f64::from(u8::from(best.ways == [1, 0]));
        better += weight * f64::from(u8::from(stated > other));
    }
    assert!(
        (same - 0.5).abs() < 1e-9 && gain > 0.02 && lost > 0.01,
        "{same} {gain} {lost}"
    );
    let best = of
        .placements
        .iter()
        .find(|p| answer.placements[p.placement].is(Kind::Best))
        .unwrap();
    assert!(
        (best.gain.as_ref().unwrap().mean - gain).abs() < 0.008,
        "{gain} {best:?}"
    );
    assert!(best.best_less.is_none());
    let regret = of.regret.as_ref().unwrap();
    assert!((regret.mean - lost).abs() < 0.01, "{lost} {regret:?}");
    // Where the choice is right nothing is lost; where it is not, more than a tenth of a point is.
    assert!((regret.share.unwrap().mean - same).abs() < 1e-9, "{regret:?}");
    assert!((of.same.unwrap().mean - same).abs() < 1e-9);
    assert_eq!(of.choice.wins.len(), 2);
    let other = of
        .placements
        .iter()
        .find(|p| answer.placements[p.placement].extra == [0, 1])
        .unwrap();
    let less = other.best_less.as_ref().unwrap();
    assert!((less.share.unwrap().mean - better).abs() < 1e-9, "{less:?}");
    // The inputs are what is not known, not chance.
    assert!(
        regret.sd_input > regret.sd_simulation && (of.effective_draws - 3.6).abs() < 1e-9,
        "{regret:?}"
    );
}

#[test]
fn threads_change_nothing() {
    assert_eq!(asked(Some(1), 4).1, asked(Some(2), 4).1);
}

#[test]
fn the_command_says_what_the_inputs_do_and_is_otherwise_as_it_was() {
    let home = tempfile::tempdir().unwrap();
    let unknown = "[[unknown]]\npath = \"hub.H1.referrals.urgent\"\nfrom = \"24 /day\"\nto = \"56 /day\"\n";
    let file = stationary(&[48.0, 36.0], 12);
    fs::write(home.path().join("two.toml"), file.clone() + unknown).unwrap();
    fs::write(home.path().join("certain.toml"), file).unwrap();
    let run = |file: &str, more: &[&str]| {
        let words = ["allocate", file, "--extra", "worker=2", "--replications", "6"];
        homefirst(home.path(), &[&words[..], more].concat())
    };
    assert_eq!(run("two.toml", &[]).status.code(), Some(0));
    let results = home.path().join("results/two-allocated");
    let before = fs::read_to_string(results.join("allocate.csv")).unwrap();
    assert!(!results.join("uncertain.csv").exists());
    let output = run("two.toml", &["--draws", "10", "--uncertain"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let said = text(&output.stdout).replace("\n  ", " ");
    for words in [
        "is within 0.1 points of the one chosen anew in the draw",
        "The inputs alone make a standard deviation of",
        "it is the very same placement in",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    assert_eq!(fs::read_to_string(results.join("allocate.csv")).unwrap(), before);
    let csv = fs::read_to_string(results.join("uncertain.csv")).unwrap();
    assert!(
        csv.contains("two,best,all,urgent,gain_points,points,") && csv.contains(",chosen_less_best_points,"),
        "{csv}"
    );
    let document: Value = serde_json::from_str(&fs::read_to_string(results.join("allocate.json")).unwrap()).unwrap();
    assert_eq!(document["uncertain"]["draws"], 10);
    assert!(
        document["canonical_command"]
            .as_str()
            .unwrap()
            .ends_with("--draws 10 --uncertain")
    );
    let report = fs::read_to_string(results.join("report.html")).unwrap();
    assert!(report.contains("<section id=\"uncertain\""));
    fs::remove_dir_all(home.path().join("results")).unwrap();
    for (file, words, code, what) in [
        ("certain.toml", &["--uncertain"][..], 3, "the file states no range"),
        ("two.toml", &["--draws", "20"], 2, "give --uncertain too"),
        ("two.toml", &["--uncertain", "none.csv"], 3, "there is no such file"),
    ] {
        let output = run(file, words);
        let err = text(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{words:?}: {err}");
        assert!(err.contains(what), "{words:?}: {err}");
        assert!(!home.path().join("results").exists());
    }
}
