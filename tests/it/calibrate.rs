//! Unknown inputs calibrated to reported figures: coverage, width, what cannot be told apart, and the command.

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use homefirst::answers::calibrate::{CalibrateAnswer, CalibrateRequest, Verdict, calibrate, figures};
use homefirst::engine::World;
use homefirst::model::Scenario;
use homefirst::random::{Key, name_salt};
use homefirst::replicate::{Plan, replicate};
use homefirst::scenario::{Range, read_with};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A queue of six workers with what is unknown and reported of it, in a folder of its own.
struct Queue {
    _home: tempfile::TempDir,
    file: PathBuf,
}

const LENGTH: &str = "pathway.urgent.response.visit.staff.worker.length.exponential.mean";
const RATE: &str = "hub.Hub.referrals.urgent";

impl Queue {
    fn new(run_length: &str, more: &str) -> Self {
        let text = std::fs::read_to_string(root().join("scenarios/theory/mm6.toml")).unwrap();
        let text = text
            .replace("\"26 weeks\"", &format!("\"{run_length}\""))
            .replace("\"2 weeks\"", "\"3 days\"");
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("mm6.toml");
        std::fs::write(&file, text + more).unwrap();
        Self { _home: home, file }
    }

    fn with(&self, sets: &[String]) -> Scenario {
        read_with(&self.file, sets).unwrap().scenario
    }

    /// What the share within 2 h was in one replication that calibrating does not see.
    fn once(&self, sets: &[String], number: u32) -> f64 {
        let scenario = self.with(sets);
        let plan = Plan {
            replications: 1,
            first: 500_000 + number,
            threads: Some(1),
        };
        let runs = replicate(&World::new(&scenario), 1, plan, &AtomicBool::new(false), &|| ()).unwrap();
        let (hits, of) = runs.levels(0, 1)[0];
        hits as f64 / of as f64
    }

    fn calibrated(&self, sets: &[String], change: impl Fn(&mut CalibrateRequest)) -> CalibrateAnswer {
        let scenario = self.with(sets);
        let ranges: Vec<Range> = scenario.unknowns.iter().map(|u| Range::of(u).unwrap()).collect();
        let mut request = CalibrateRequest::usual(&scenario, ranges.clone());
        request.precision = None;
        request.model_error = 0.0;
        change(&mut request);
        let make = |values: &[f64]| {
            let values = ranges.iter().zip(values).map(|(range, v)| range.setting(*v));
            let sets: Vec<String> = sets.iter().cloned().chain(values).collect();
            Ok(self.with(&sets))
        };
        calibrate(&scenario, &request, &make, &AtomicBool::new(false), &|| ()).unwrap()
    }
}

fn unknown(path: &str, from: &str, to: &str) -> String {
    format!("\n[[unknown]]\npath = '{path}'\nfrom = \"{from}\"\nto = \"{to}\"\n")
}

fn observed(value: f64, more: &str) -> String {
    format!(
        "\n[[observed]]\nmeasure = \"service_level\"\npathway = \"urgent\"\nvalue = {value}\nsource = \"a report\"\n{more}\n"
    )
}

#[test]
fn look() {
    let start = std::time::Instant::now();
    let queue = Queue::new(
        "4 weeks",
        &(unknown(LENGTH, "45 min", "2 h") + &observed(0.79, "plus-minus = 0.04")),
    );
    let a = queue.calibrated(&[], |_| ());
    println!("{:?} {:?} {:?} {:?}", a.verdict, a.waves, a.known, a.checked);
    println!("{:?} {} {}", a.figures, a.replications, a.worth);
    println!("{:?}", start.elapsed());
    let queue = Queue::new(
        "4 weeks",
        &(unknown(LENGTH, "45 min", "180 min")
            + &unknown(RATE, "36 /day", "180 /day")
            + &observed(0.79, "plus-minus = 0.04")),
    );
    let a = queue.calibrated(&[], |_| ());
    println!("{:?} {:?} {:?} {:?}", a.verdict, a.waves, a.known, a.checked);
    println!("{:?} {} {}", a.figures, a.replications, a.worth);
    println!("{:?} {:?}", a.pairs, a.directions);
    println!("{:?}", start.elapsed());
}
