//! The models that are run.

use std::path::{Path, PathBuf};

use homefirst::model::Scenario;
use homefirst::scenario;

use super::floor::Queues;

/// A model, how often it is run in a round, and the floor to hold it against.
pub(crate) struct Workload {
    pub(crate) name: &'static str,
    pub(crate) scenario: Scenario,
    pub(crate) replications: u32,
    pub(crate) queues: Option<Queues>,
    /// Whether the floor is of exactly this model, and not of one with less in it.
    pub(crate) is_plain: bool,
}

const TANDEM: Queues = Queues {
    hubs: 6,
    rate: 2.0,
    first: (5, 2.0),
    second: Some((8, 5.0, 0.6)),
    hours: 8760.0,
};

/// Systems of six hubs in England.
const SYSTEMS: usize = 42;

/// A file of the shipped scenarios.
pub(crate) fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(name)
}

fn read(name: &str) -> Result<Scenario, String> {
    let loaded = scenario::read(&path(name)).map_err(|_| format!("{name} cannot be read"))?;
    Ok(loaded.scenario)
}

fn written(name: &str, text: String) -> Result<Scenario, String> {
    let loaded = scenario::read_text(&path("written.toml"), text).map_err(|why| format!("{name}: {why:?}"))?;
    Ok(loaded.scenario)
}

pub(crate) fn all() -> Result<Vec<Workload>, String> {
    let text = std::fs::read_to_string(path("theory/hf-tandem.toml")).map_err(|why| why.to_string())?;
    let tandem = |name, scenario, is_plain| Workload {
        name,
        scenario,
        replications: 10,
        queues: Some(TANDEM),
        is_plain,
    };
    let mm = |name, servers: usize, rate: f64, mean: f64| -> Result<Workload, String> {
        Ok(Workload {
            name,
            scenario: written(name, one_queue(servers, rate, mean))?,
            replications: 40,
            queues: Some(Queues {
                hubs: 1,
                rate,
                first: (servers, mean),
                second: None,
                hours: 8760.0,
            }),
            is_plain: true,
        })
    };
    let baseline = |name, scenario, replications| Workload {
        name,
        scenario,
        replications,
        queues: None,
        is_plain: false,
    };
    let home_first = read("home-first-2020.toml")?;
    Ok(vec![
        tandem("hf-tandem", read("theory/hf-tandem.toml")?, true),
        tandem(
            "hf-tandem-unused",
            written("hf-tandem-unused", with_unused(&text))?,
            true,
        ),
        tandem("hf-tandem-full", written("hf-tandem-full", full(&text))?, false),
        mm("mm1", 1, 4.0, 0.125)?,
        mm("mm24", 24, 20.0, 1.0)?,
        baseline("baseline", home_first.clone(), 4),
        baseline("england", england(home_first), 1),
    ])
}

/// Poisson referrals to one queue for exponential servers: `rate` an hour, `mean` \[h\].
fn one_queue(servers: usize, rate: f64, mean: f64) -> String {
    format!(
        r#"
format = 1
title = "One queue"
hub = [{{ name = "H1", referrals = {{ crisis = "{} /day" }}, staff = {{ worker = {{ on-shift = {servers} }} }} }}]
[experiment]
start = 2021-01-04
warm-up = "0 weeks"
run-length = "8760 h"
[role.worker]
[pathway.crisis]
standard = {{ within = "2 h", clock-stops = "lead" }}
outcome = {{ home = 1.0 }}
[[pathway.crisis.response]]
name = "crisis"
share = 1.0
lead = "worker"
staff = [{{ role = "worker", length = {{ exponential = {{ mean = "{} min" }} }} }}]
"#,
        rate * 24.0,
        mean * 60.0
    )
}

/// HF-tandem with a role, a pathway and a package that nobody uses.
fn with_unused(text: &str) -> String {
    text.to_owned()
        + r#"
[role.nurse]
[pathway.unused]
patience = "4 h"
outcome = { home = 1.0 }
[[pathway.unused.response]]
name = "nurse"
share = 1.0
lead = "nurse"
staff = [{ role = "nurse", length = "1 h" }]
[package.unused]
length = "21 days"
starts-with = ["nurse"]
[[package.unused.visits]]
name = "nursing"
role = "nurse"
share = 1.0
per-week = 2
length = "30 min"
"#
}

/// HF-tandem with weekly rates, two priority classes, shifts and patience.
fn full(text: &str) -> String {
    let weights: Vec<String> = (0..24)
        .map(|hour| if (8..20).contains(&hour) { "1.4" } else { "0.6" }.to_owned())
        .collect();
    let staff = r#"crisis-worker = { on-shift = [{ from = "08:00", to = "20:00", count = 7 }, { from = "20:00", to = "08:00", count = 4 }] }"#;
    text.replace("crisis-worker = { on-shift = 5 }", staff)
        .replace(
            r#"referrals = { crisis = "48 /day" }"#,
            r#"referrals = { crisis = "24 /day", less-urgent = "24 /day" }"#,
        )
        .replace(
            "[pathway.crisis]",
            &format!(
                "[pathway.crisis]\npriority = 1\nhours = [{}]\npatience = {{ exponential = {{ mean = \"12 h\" }} }}",
                weights.join(", ")
            ),
        )
        + &format!(
            r#"
[pathway.less-urgent]
priority = 2
hours = [{}]
patience = {{ exponential = {{ mean = "12 h" }} }}
standard = {{ within = "4 h", target = 0.75, clock-stops = "lead" }}
outcome  = {{ therapy = 0.6, home = 0.4 }}
[[pathway.less-urgent.response]]
name  = "less urgent"
share = 1.0
lead  = "crisis-worker"
staff = [{{ role = "crisis-worker", length = {{ exponential = {{ mean = "2 h" }} }} }}]
"#,
            weights.join(", ")
        )
}

/// The six hubs of the baseline, once for each system.
fn england(mut scenario: Scenario) -> Scenario {
    let six = scenario.hubs.clone();
    for system in 2..=SYSTEMS {
        for hub in &six {
            let mut hub = hub.clone();
            hub.name = format!("{} {system}", hub.name);
            scenario.hubs.push(hub);
        }
    }
    scenario.required = None;
    scenario.observed.clear();
    scenario
}
