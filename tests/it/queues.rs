//! Queues with known answers, read from scenario files and run by the ordinary engine.
//!
//! Pass rule: an estimate lies within 4 standard errors of the reference, and the standard error is at most 0.0005 for
//! a share and 0.3 % for a mean. A true 4-standard-error deviation has probability 0.00006; with the 19 comparisons
//! below the false-alarm rate of the whole file is about 0.1 %. Seeds are fixed, so a pass stays a pass.

use std::path::Path;
use std::sync::atomic::AtomicBool;

use homefirst::engine::{Observer, Seen, World, run_observed};
use homefirst::model::Scenario;
use homefirst::random::Distribution;
use homefirst::replicate::{PathwayRow, Plan, Runs, replicate};
use homefirst::stats::{mean_interval, ratio_interval};
use homefirst::units::{Instant, Span};

use crate::support::minutes;

fn theory(name: &str) -> Scenario {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("scenarios/theory")
        .join(name);
    homefirst::scenario::read(&path)
        .unwrap_or_else(|problems| panic!("{name}: {problems:?}"))
        .scenario
}

fn runs(scenario: &Scenario, replications: u32) -> Runs {
    let plan = Plan {
        replications,
        first: 0,
        threads: None,
    };
    replicate(
        &World::new(scenario),
        scenario.hubs.len(),
        plan,
        &AtomicBool::new(false),
        &|| (),
    )
    .unwrap()
}

/// Ratio of sums over replications with its standard error.
fn ratio(runs: &Runs, pathway: usize, of: impl Fn(&PathwayRow) -> (f64, f64)) -> (f64, f64) {
    let pairs: Vec<(f64, f64)> = runs.rows.iter().map(|row| of(&row[0].pathways[pathway])).collect();
    // At 68.27 % confidence and many replications, the half-width is the standard error to within half a per cent.
    let interval = ratio_interval(&pairs, 0.682_689_492).unwrap();
    (interval.mean, interval.half_width)
}

fn mean_wait_h(runs: &Runs, pathway: usize) -> (f64, f64) {
    ratio(runs, pathway, |r| (Span::from_ms(r.wait_ms).hours(), r.seen as f64))
}

fn share(runs: &Runs, pathway: usize) -> (f64, f64) {
    ratio(runs, pathway, |r| (r.hits as f64, r.referrals as f64))
}

#[track_caller]
fn passes(what: &str, (estimate, error): (f64, f64), reference: f64, most_error: f64) {
    println!("{what}: {estimate:.6} (standard error {error:.6}), reference {reference:.6}");
    assert!(
        error <= most_error,
        "{what}: standard error {error} is above {most_error}: more replications are needed"
    );
    assert!(
        (estimate - reference).abs() <= 4.0 * error,
        "{what}: {estimate} is not {reference} (standard error {error})"
    );
}

#[track_caller]
fn share_passes(what: &str, estimate: (f64, f64), reference: f64) {
    passes(what, estimate, reference, 0.0005);
}

#[track_caller]
fn mean_passes(what: &str, estimate: (f64, f64), reference: f64) {
    passes(what, estimate, reference, 0.003 * reference);
}

/// Erlang C: three workers, 1.2 an hour, exponential with mean 1.5 h.
#[test]
fn c1_three_workers_wait_as_erlang_says() {
    let mut scenario = theory("mm3.toml");
    let long = runs(&scenario, 1200);
    share_passes("C1 P(W <= 2 h)", share(&long, 0), 0.928_378);
    mean_passes("C1 mean wait", mean_wait_h(&long, 0), 0.443_431);
    let queue = long
        .rows
        .iter()
        .map(|row| row[0].pathways[0].waiting_ms as f64 / scenario.experiment.run_length.ms() as f64);
    let interval = mean_interval(&queue.collect::<Vec<f64>>(), 0.682_689_492).unwrap();
    mean_passes("C1 mean queue", (interval.mean, interval.half_width), 0.532_117);
    // The share within half an hour, and those who do not wait at all, are shares within other standards.
    for (minutes_allowed, reference) in [(30, 0.762_208), (0, 1.0 - 0.354_745)] {
        let standard = scenario.pathways[0].standard.as_mut().unwrap();
        standard.within = homefirst::model::Within::Time(minutes(minutes_allowed));
        share_passes("C1 P(W <= t)", share(&runs(&scenario, 700), 0), reference);
    }
}

/// Pollaczek and Khinchine: one worker, 0.8 an hour, mean 0.75 h.
#[test]
fn c8_one_worker_waits_as_pollaczek_and_khinchine_say() {
    let mean = minutes(45);
    let cases = [
        ("log-normal, cv 1.2", None, 1.372_5, 1500),
        ("always the same", Some(Distribution::fixed(mean)), 0.562_5, 400),
        (
            "Erlang, two stages",
            Some(Distribution::erlang(mean, 2).unwrap()),
            0.843_75,
            600,
        ),
        (
            "uniform",
            Some(Distribution::uniform(minutes(15), minutes(75)).unwrap()),
            0.645_833,
            600,
        ),
    ];
    for (what, length, reference, replications) in cases {
        let mut scenario = theory("mg1-lognormal.toml");
        if let Some(length) = length {
            scenario.pathways[0].responses[0].needs[0].length = length;
        }
        mean_passes(what, mean_wait_h(&runs(&scenario, replications), 0), reference);
    }
}

/// Cobham: three classes for one worker, nothing is interrupted.
#[test]
fn c9_priorities_wait_as_cobham_says() {
    let runs = runs(&theory("mg1-priority.toml"), 3200);
    for (pathway, reference) in [(0, 0.749_333), (1, 1.665_185), (2, 4.162_963)] {
        mean_passes("C9 mean wait", mean_wait_h(&runs, pathway), reference);
    }
}

/// Jackson: two stages in tandem.
#[test]
fn c15_stages_in_tandem_wait_as_if_alone() {
    let runs = runs(&theory("tandem.toml"), 1300);
    for (pathway, wait, within) in [(0, 0.421_652, 0.942_936), (1, 0.862_921, 0.855_592)] {
        mean_passes("C15 mean wait", mean_wait_h(&runs, pathway), wait);
        share_passes("C15 P(W <= 2 h)", share(&runs, pathway), within);
    }
}

/// Open packages at 00:00 of three weekdays.
struct Caseloads {
    open: i64,
    changes: Vec<(i64, i64)>,
}

impl Observer for Caseloads {
    fn see(&mut self, at: Instant, what: Seen) {
        match what {
            Seen::PackageStarts { .. } => self.open += 1,
            Seen::PackageEnds { .. } => self.open -= 1,
            _ => return,
        }
        self.changes.push((at.ms(), self.open));
    }
}

/// Endless servers: the caseload at an instant of the week is Poisson, with a mean that is known.
#[test]
fn c17_the_caseload_follows_the_week() {
    let scenario = theory("caseload-week.toml");
    let world = World::new(&scenario);
    let weekdays = [(0, 133.142_9), (2, 135.428_6), (5, 138.857_1)];
    let mut by_replication = [const { Vec::new() }; 3];
    let mut squares = 0.0;
    let replications = 300;
    for replication in 0..replications {
        let mut caseloads = Caseloads {
            open: 0,
            changes: Vec::new(),
        };
        drop(run_observed(&world, 0, replication, &mut caseloads));
        for ((weekday, mean), values) in weekdays.iter().zip(&mut by_replication) {
            let counts = (0..52).map(|week| {
                let instant = Instant::midnight(week * 7 + weekday).ms();
                let place = caseloads.changes.partition_point(|c| c.0 < instant);
                caseloads.changes[place - 1].1 as f64
            });
            let counts: Vec<f64> = counts.collect();
            squares += counts.iter().map(|c| (c - mean) * (c - mean) / mean).sum::<f64>();
            values.push(counts.iter().sum::<f64>() / 52.0);
        }
    }
    for ((_, reference), values) in weekdays.iter().zip(&by_replication) {
        let interval = mean_interval(values, 0.682_689_492).unwrap();
        mean_passes("C17 caseload", (interval.mean, interval.half_width), *reference);
    }
    // Poisson: the variance is the mean. Weeks are correlated over six; 300 x 52 / 12 independent values at least, so the
    // ratio has a standard deviation below sqrt(2 / 1300) = 0.039.
    let ratio = squares / f64::from(replications) / 156.0;
    assert!((ratio - 1.0).abs() < 4.0 * 0.039, "variance over mean is {ratio}");
}
