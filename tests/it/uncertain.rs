//! Uncertain inputs beside chance: a queue with known answers, weighted points, options, and the command.

use std::fs;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use homefirst::answers::sensitivity::together;
use homefirst::answers::uncertain::{AboutInputs, Uncertain, UncertainRequest, uncertain};
use homefirst::pieces::Pieces;
use homefirst::scenario::{InputRange, ranges, read_with, settings};
use serde_json::Value;
use tempfile::TempDir;

use crate::sensitivity::{homefirst, text};

/// M/M/3 with a rate that is gamma with shape 400 and mean 28.8 a day: nine tenths of it between these two.
fn queue() -> TempDir {
    let home = tempfile::tempdir().unwrap();
    let theory = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/theory/mm3.toml");
    let known = fs::read_to_string(theory).unwrap();
    let known = known.replace("within = \"2 h\",", "within = \"2 h\", target = 0.92,");
    let rate = "[[unknown]]\npath = \"hub.Hub.referrals.urgent\"\nfrom = \"26.473045 /day\"\nto = \"31.20881 /day\"\n\
                distribution = \"gamma\"\n";
    fs::write(home.path().join("queue.toml"), format!("{known}\n{rate}")).unwrap();
    home
}

fn drawn(home: &TempDir, draws: u32, sets: &[&str]) -> Uncertain {
    let file = home.path().join("queue.toml");
    let sets: Vec<String> = sets.iter().map(|s| (*s).to_owned()).collect();
    let base = read_with(&file, &sets).unwrap();
    let found = ranges(&base);
    let inputs: Vec<&InputRange> = found.inputs.iter().collect();
    let points = together(&inputs, draws, base.scenario.experiment.seed);
    let mut make = |draw: usize| {
        let typed = settings(inputs.iter().copied().zip(points[draw].iter().copied()));
        let all: Vec<String> = sets.iter().cloned().chain(typed).collect();
        Ok(vec![read_with(&file, &all).unwrap().scenario])
    };
    let request = UncertainRequest {
        inputs: vec![found.inputs[0].path.clone()],
        held: Vec::new(),
        about: AboutInputs::default(),
        weights: vec![1.0; draws as usize],
        confidence: 0.95,
        threads: None,
    };
    uncertain(
        &base.scenario,
        &mut make,
        &request,
        &Pieces::alone(),
        &AtomicBool::new(false),
        &|| (),
    )
    .unwrap()
    .unwrap()
}

/// Known from Erlang's formula over the gamma distribution: with three workers the mean share within two hours is 0.926731, its
/// standard deviation 0.0169838, and it is at least 0.92 with probability 0.691659; with four 0.992947 and 0.00190692; the middle
/// 95 % of the rate, 26.05 to 31.69 a day, has shares of 0.9543 to 0.8882.
///
/// Five replications of ten years are the same for all draws: by them the mean has a standard error of about 0.0012, the
/// standard deviation (which goes with how busy they happen to be) of about 4 %, the probability of about 0.025, and the lower
/// end of about 0.003. The bands are four of these.
#[test]
fn the_known_uncertainty_of_a_queue_comes_out() {
    let home = queue();
    let three = drawn(&home, 60, &["experiment.run-length=520 weeks"]);
    let row = three.rows[0];
    assert!((row.mean - 0.926_731).abs() < 0.005, "{row:?}");
    assert!((row.sd_input - 0.016_983_8).abs() < 0.16 * 0.016_983_8, "{row:?}");
    assert!((row.share.unwrap().mean - 0.691_659).abs() < 0.1, "{row:?}");
    assert!(row.pointless() && row.sd_simulation < 0.003, "{row:?}");
    assert!(
        (row.by_inputs[0] - 0.8882).abs() < 0.012 && (row.by_inputs[1] - 0.9543).abs() < 0.006,
        "{row:?}"
    );
    assert!(row.by_both[0] <= row.by_inputs[0] && row.by_both[1] >= row.by_inputs[1]);
    let four = drawn(
        &home,
        30,
        &["experiment.run-length=104 weeks", "hub.Hub.staff.worker.on-shift=4"],
    );
    let row = four.rows[0];
    assert!((row.mean - 0.992_947).abs() < 0.002, "{row:?}");
    assert!((row.sd_input - 0.001_906_92).abs() < 0.25 * 0.001_906_92, "{row:?}");
    assert!((row.share.unwrap().mean - 1.0).abs() < 1e-12);
}

const QUICK: [&str; 3] = ["--set", "experiment.run-length=4 weeks", "--replications"];

#[test]
fn a_run_says_both_kinds_of_doubt_and_is_otherwise_as_it_was() {
    let home = queue();
    let run = |more: &[&str]| {
        let words = [&["run", "queue.toml"], &QUICK[..], &["4"], more].concat();
        homefirst(home.path(), &words)
    };
    assert_eq!(run(&[]).status.code(), Some(0));
    let results = home.path().join("results/queue");
    let before = fs::read_to_string(results.join("summary.csv")).unwrap();
    assert!(!results.join("uncertain.csv").exists());
    let output = run(&["--draws", "20", "--uncertain"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let said = text(&output.stdout).replace("\n  ", " ");
    assert!(said.contains("Uncertain inputs: 20 draws of"), "{said}");
    assert!(said.contains("The inputs alone make a standard deviation of"), "{said}");
    assert!(said.contains("taken together, meets the target of 92 % in"), "{said}");
    assert_eq!(fs::read_to_string(results.join("summary.csv")).unwrap(), before);
    let csv = fs::read_to_string(results.join("uncertain.csv")).unwrap();
    assert_eq!(csv.lines().count(), 2, "{csv}");
    let document: Value = serde_json::from_str(&fs::read_to_string(results.join("run.json")).unwrap()).unwrap();
    assert_eq!(document["uncertain"]["draws"], 20);
    assert_eq!(document["uncertain"]["drawn"][0], "hub.Hub.referrals.urgent");
    assert!(
        fs::read_to_string(results.join("report.html"))
            .unwrap()
            .contains("<section id=\"uncertain\"")
    );
    // The same whatever the threads.
    let threads = run(&["--draws", "20", "--threads", "1", "--uncertain"]);
    assert_eq!(threads.status.code(), Some(0));
    assert_eq!(fs::read_to_string(results.join("uncertain.csv")).unwrap(), csv);
}

#[test]
fn points_of_a_file_are_drawn_by_their_weight() {
    let home = queue();
    let points =
        "hub.Hub.referrals.urgent,role.worker.notes,weight\n26 /day,0 min,1\n31 /day,5 min,3\n50 /day,0 min,0\n";
    fs::write(home.path().join("points.csv"), points).unwrap();
    let words = [
        &["run", "queue.toml"],
        &QUICK[..],
        &["2", "--uncertain", "points.csv", "--json"],
    ]
    .concat();
    let output = homefirst(home.path(), &words);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let document: Value = serde_json::from_str(&text(&output.stdout)).unwrap();
    let of = &document["uncertain"];
    assert_eq!(of["draws"], 2);
    assert!((of["effective_draws"].as_f64().unwrap() - 1.6).abs() < 1e-9);
    // The levels of the two points, from two runs of five replications.
    let level = |sets: [&str; 2]| {
        let words = [
            &["run", "queue.toml", "--set", sets[0], "--set", sets[1]],
            &QUICK[..],
            &["5", "--json"],
        ]
        .concat();
        let output = homefirst(home.path(), &words);
        let document: Value = serde_json::from_str(&text(&output.stdout)).unwrap();
        document["headline"][0]["service_level"]["mean"].as_f64().unwrap()
    };
    let (low, high) = (
        level(["hub.Hub.referrals.urgent=26 /day", "role.worker.notes=0 min"]),
        level(["hub.Hub.referrals.urgent=31 /day", "role.worker.notes=5 min"]),
    );
    let mean = of["by_hub"][0]["mean"].as_f64().unwrap();
    assert!((mean - (0.25 * low + 0.75 * high)).abs() < 1e-9, "{mean} {low} {high}");
}

#[test]
fn options_are_drawn_with_their_base_and_keep_what_they_change() {
    let home = queue();
    let option = "a fourth: hub.Hub.staff.worker.on-shift=4";
    let words = [
        &["compare", "queue.toml", "--option", option],
        &QUICK[..],
        &["4", "--draws", "20", "--uncertain"],
    ]
    .concat();
    let output = homefirst(home.path(), &words);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let said = text(&output.stdout).replace("\n  ", " ");
    assert!(said.contains("under uncertain inputs: +"), "{said}");
    assert!(
        said.contains("above the base in 100 % (83.9 % to 100 %) of the draws"),
        "{said}"
    );
    let results = home.path().join("results/queue-compared");
    let csv = fs::read_to_string(results.join("uncertain.csv")).unwrap();
    assert!(
        csv.lines()
            .nth(1)
            .unwrap()
            .starts_with("queue,a fourth,all,urgent,service_level,share,0."),
        "{csv}"
    );
    let document: Value = serde_json::from_str(&fs::read_to_string(results.join("compare.json")).unwrap()).unwrap();
    assert_eq!(document["uncertain"][0]["option"], "a fourth");
    // An input that the option changes would be taken from it again: it is not drawn.
    let option = "more of them: hub.Hub.referrals.urgent=30 /day";
    let words = [
        &["compare", "queue.toml", "--option", option],
        &QUICK[..],
        &["4", "--uncertain"],
    ]
    .concat();
    let output = homefirst(home.path(), &words);
    assert_eq!(output.status.code(), Some(3), "{output:?}");
    assert!(text(&output.stderr).contains("every uncertain input is changed by an option"));
    // So it is where a file says it by a change; what says so much more goes with the draw.
    for (how, code) in [("value = \"30 /day\"", 3), ("times = 1.25", 0)] {
        let file = format!("base = \"queue.toml\"\n[[change]]\npath = \"hub.Hub.referrals.urgent\"\n{how}\n");
        fs::write(home.path().join("more.toml"), file).unwrap();
        let words = [
            &["compare", "queue.toml", "more.toml"],
            &QUICK[..],
            &["4", "--uncertain"],
        ]
        .concat();
        let output = homefirst(home.path(), &words);
        assert_eq!(output.status.code(), Some(code), "{how}: {output:?}");
    }
    let csv = fs::read_to_string(results.join("uncertain.csv")).unwrap();
    assert!(
        csv.lines().nth(1).unwrap().starts_with("queue,more,all,urgent,"),
        "{csv}"
    );
}

#[test]
fn what_cannot_be_drawn_is_said_before_anything_is_written() {
    let home = queue();
    let text_of = fs::read_to_string(home.path().join("queue.toml")).unwrap();
    fs::write(
        home.path().join("certain.toml"),
        text_of.split("[[unknown]]").next().unwrap(),
    )
    .unwrap();
    fs::write(home.path().join("bad.csv"), "hub.Hub.referrals.urgent\n26 /day\n").unwrap();
    fs::write(
        home.path().join("nowhere.csv"),
        "hub.Elsewhere.referrals.urgent,weight\n26 /day,1\n27 /day,1\n",
    )
    .unwrap();
    for (words, code, what) in [
        (
            &["certain.toml", "--uncertain"][..],
            3,
            "the file states no range that could be moved",
        ),
        (&["queue.toml", "--uncertain", "bad.csv"], 3, "bad.csv, line 1"),
        (&["queue.toml", "--uncertain", "none.csv"], 3, "there is no such file"),
        (
            &["queue.toml", "--uncertain", "certain.toml"],
            2,
            "after --uncertain comes a CSV file",
        ),
        (&["queue.toml", "--draws", "50"], 2, "give --uncertain too"),
        (&["queue.toml", "--draws", "5", "--uncertain"], 2, "--draws"),
    ] {
        let words = [&["run"], words, &["--replications=2"]].concat();
        let output = homefirst(home.path(), &words);
        let err = text(&output.stderr).replace("\n  ", " ");
        assert_eq!(output.status.code(), Some(code), "{words:?}: {err}");
        assert!(err.contains(what), "{words:?}: {err}");
        assert!(!home.path().join("results").exists());
    }
    // What only the reader of the scenario can tell comes with the draw.
    let words = [&["run", "queue.toml"], &QUICK[..], &["2", "--uncertain", "nowhere.csv"]].concat();
    let output = homefirst(home.path(), &words);
    let err = text(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{err}");
    assert!(
        err.contains("draw 1 of the uncertain inputs cannot be used") && err.contains("HF030"),
        "{err}"
    );
}
