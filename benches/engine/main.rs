//! What an event costs: nanoseconds of processor time on one thread, beside a floor written by hand.
//!
//! ```sh
//! cargo bench --bench engine                                  # every workload, medians of 5 rounds
//! cargo bench --bench engine -- hf-tandem baseline --rounds 9 # some
//! cargo bench --bench engine -- hf-tandem --beside PROGRAM    # and any program of the same model in turn
//! cargo bench --bench engine -- baseline --once               # one replication, for counting instructions:
//!     valgrind --tool=callgrind target/release/deps/engine-... baseline --once
//! ```
//!
//! Rounds go over all workloads in turn, so that whatever else the machine does hits all alike. Floors are of the same model
//! and the same number of replications (`floor.rs`); the ratio is of processor time for these, so that nobody can gain by
//! counting more events. Both are held against Erlang's C formula, and the bench fails if either is far from it. `PROGRAM` is
//! called with replications and seed, and prints `cpu_s=` with the seconds it took.
//!
//! `required`, which runs the engine for as long as an answer needs, has a bench of its own: `cargo bench --bench required`.

#![expect(clippy::print_stdout, reason = "a bench prints what it has measured")]

mod floor;
mod workloads;

use std::process::{Command, ExitCode};
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use cpu_time::ThreadTime;
use homefirst::answers::check::check;
use homefirst::engine::{self, World};
use homefirst::replicate::{Plan, replicate};
use homefirst::scenario;

use floor::Tally;
use workloads::{Workload, all};

/// How far mean waits may lie from Erlang's: four standard errors of the least precise, and the empty start.
const TOLERANCE: f64 = 0.08;

fn main() -> ExitCode {
    let mut rounds = 5;
    let (mut once, mut beside, mut names) = (false, None, Vec::new());
    let mut words = std::env::args().skip(1).filter(|word| word != "--bench");
    while let Some(word) = words.next() {
        match word.as_str() {
            "--rounds" => rounds = words.next().and_then(|n| n.parse().ok()).unwrap_or(rounds),
            "--beside" => beside = words.next(),
            "--once" => once = true,
            _ => names.push(word),
        }
    }
    let result = if once {
        run_once(&names)
    } else {
        measure(&names, rounds, beside.as_deref())
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            println!("{why}");
            ExitCode::FAILURE
        }
    }
}

fn chosen(names: &[String]) -> Result<Vec<Workload>, String> {
    let all = all()?;
    let known = |name: &&String| all.iter().any(|w| w.name == name.as_str()) || EXTRAS.contains(&name.as_str());
    if let Some(unknown) = names.iter().find(|name| !known(name)) {
        let list: Vec<&str> = all.iter().map(|w| w.name).chain(EXTRAS).collect();
        return Err(format!("no workload {unknown}; there are {}", list.join(", ")));
    }
    let wanted = |w: &Workload| names.is_empty() || names.iter().any(|name| name == w.name);
    Ok(all.into_iter().filter(wanted).collect())
}

/// What is measured besides the engine.
const EXTRAS: [&str; 3] = ["reading", "threads", "memory"];

fn run_once(names: &[String]) -> Result<(), String> {
    for workload in chosen(names)? {
        let world = World::new(&workload.scenario);
        let events: u64 = (0..world.islands().len())
            .map(|i| engine::run(&world, i, 0).events)
            .sum();
        println!("{}: {events} events", workload.name);
    }
    Ok(())
}

/// The middle one.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

struct Measured {
    workload: Workload,
    world: World,
    events: u64,
    engine: Vec<f64>,
    floor: Vec<f64>,
    floor_events: u64,
    beside: Vec<f64>,
}

fn measure(names: &[String], rounds: u32, beside: Option<&str>) -> Result<(), String> {
    let mut all: Vec<Measured> = chosen(names)?
        .into_iter()
        .map(|workload| Measured {
            world: World::new(&workload.scenario),
            workload,
            events: 0,
            engine: Vec::new(),
            floor: Vec::new(),
            floor_events: 0,
            beside: Vec::new(),
        })
        .collect();
    for round in 0..rounds {
        for one in &mut all {
            one.engine(round)?;
            one.floor(round)?;
            if let Some(program) = beside.filter(|_| one.workload.queues.is_some() && one.workload.name == "hf-tandem")
            {
                let seconds = outside(program, one.workload.replications, round + 1)?;
                one.beside.push(seconds);
            }
        }
    }
    println!("workload             events/replication   ns/event   M events/s   floor ns   x floor   x beside");
    for one in all {
        let events = one.events as f64 / f64::from(rounds);
        let engine = median(one.engine);
        let floor_events = one.floor_events as f64 / f64::from(rounds);
        let ratio = |seconds: Vec<f64>, digits: usize| {
            if seconds.is_empty() {
                "-".to_owned()
            } else {
                format!("{:.digits$}", engine / median(seconds))
            }
        };
        let floor_ns = if one.floor.is_empty() {
            "-".to_owned()
        } else {
            format!("{:.1}", median(one.floor.clone()) / floor_events * 1e9)
        };
        println!(
            "{:<20} {:>18.0} {:>10.1} {:>12.2} {:>10} {:>9} {:>10}",
            one.workload.name,
            events / f64::from(one.workload.replications),
            engine / events * 1e9,
            events / engine / 1e6,
            floor_ns,
            ratio(one.floor, 2),
            ratio(one.beside, 2),
        );
    }
    let wants = |extra: &str| names.is_empty() || names.iter().any(|name| name == extra);
    if wants("reading") {
        reading(rounds)?;
    }
    if wants("threads") {
        threads()?;
    }
    if wants("memory") {
        memory()?;
    }
    Ok(())
}

impl Measured {
    fn engine(&mut self, round: u32) -> Result<(), String> {
        let replications = self.workload.replications;
        let mut waits = vec![(0, 0); self.workload.scenario.pathways.len()];
        let start = ThreadTime::now();
        for replication in round * replications..(round + 1) * replications {
            for island in 0..self.world.islands().len() {
                let record = engine::run(&self.world, island, replication);
                self.events += record.events;
                for hub in &record.hubs {
                    for (sum, pathway) in waits.iter_mut().zip(&hub.pathways) {
                        *sum = (sum.0 + pathway.wait_ms, sum.1 + pathway.seen);
                    }
                }
            }
        }
        self.engine.push(start.elapsed().as_secs_f64());
        let hours = |(ms, n): (i64, u64)| Duration::from_millis(ms.cast_unsigned()).as_secs_f64() / 3600.0 / n as f64;
        let waits: Vec<f64> = waits.into_iter().map(hours).collect();
        self.holds("the engine", &waits)
    }

    fn floor(&mut self, round: u32) -> Result<(), String> {
        let Some(queues) = self.workload.queues else {
            return Ok(());
        };
        let mut tally = Tally::default();
        let start = ThreadTime::now();
        for replication in 0..self.workload.replications {
            queues.run(u64::from(round * self.workload.replications + replication), &mut tally);
        }
        self.floor.push(start.elapsed().as_secs_f64());
        self.floor_events += tally.events;
        let mean = |stage: usize| tally.waited[stage] / tally.begun[stage] as f64;
        self.holds("the floor", &[mean(0), mean(1)])
    }

    /// Mean waits [h] must be Erlang's.
    fn holds(&self, what: &str, waits: &[f64]) -> Result<(), String> {
        let Some(queues) = self.workload.queues.filter(|_| self.workload.is_plain) else {
            return Ok(());
        };
        for (&wait, expected) in waits.iter().zip(queues.expected()).filter(|(_, e)| *e > 0.0) {
            let far = (wait / expected - 1.0).abs();
            if far.is_nan() || far > TOLERANCE {
                return Err(format!(
                    "{}: {what} has a mean wait of {wait:.4} h, and Erlang {expected:.4} h",
                    self.workload.name
                ));
            }
        }
        Ok(())
    }
}

/// Seconds that another program says it took.
fn outside(program: &str, replications: u32, seed: u32) -> Result<f64, String> {
    let output = Command::new(program)
        .args([replications.to_string(), seed.to_string()])
        .output()
        .map_err(|why| format!("{program}: {why}"))?;
    let text = String::from_utf8_lossy(&output.stdout);
    let value = text.split_whitespace().find_map(|word| word.strip_prefix("cpu_s="));
    value
        .and_then(|number| number.parse().ok())
        .ok_or_else(|| format!("{program} does not print cpu_s="))
}

/// Reading and checking the baseline.
fn reading(rounds: u32) -> Result<(), String> {
    let path = workloads::path("home-first-2020.toml");
    let mut times = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..rounds.max(5) {
        let start = ThreadTime::now();
        let loaded = scenario::read(&path).map_err(|_| "the baseline cannot be read".to_owned())?;
        times.0.push(start.elapsed().as_secs_f64());
        let start = ThreadTime::now();
        let answer = check(&loaded.scenario);
        times.1.push(start.elapsed().as_secs_f64());
        std::hint::black_box(&answer);
        let start = ThreadTime::now();
        std::hint::black_box(World::new(&loaded.scenario));
        times.2.push(start.elapsed().as_secs_f64());
    }
    let ms = |times| median(times) * 1e3;
    let (read, checked, ready) = (ms(times.0), ms(times.1), ms(times.2));
    println!("the baseline: {read:.2} ms to read, {checked:.2} ms to check, {ready:.2} ms to make ready to run");
    Ok(())
}

/// What threads cost and gain on the baseline: all the processor time of the process, and the time on the wall.
fn threads() -> Result<(), String> {
    let loaded = scenario::read(&workloads::path("home-first-2020.toml"))
        .map_err(|_| "the baseline cannot be read".to_owned())?;
    let world = World::new(&loaded.scenario);
    for replications in [1, 40] {
        let mut one = None;
        for threads in [1, 2] {
            let plan = Plan {
                first: 0,
                replications,
                threads: Some(threads),
            };
            let (cpu, wall) = (cpu_time::ProcessTime::now(), std::time::Instant::now());
            let stop = AtomicBool::new(false);
            replicate(&world, loaded.scenario.hubs.len(), plan, &stop, &|| ())?;
            let (cpu, wall) = (cpu.elapsed().as_secs_f64(), wall.elapsed().as_secs_f64());
            let (cpu_one, wall_one) = *one.get_or_insert((cpu, wall));
            println!(
                "the baseline, {replications} replications, {threads} threads: {cpu:.3} s of processor time ({:.2} x one \
                 thread's), {wall:.3} s on the wall ({:.2} x faster)",
                cpu / cpu_one,
                wall_one / wall
            );
        }
    }
    Ok(())
}

/// The most memory that replications take on two threads, as Linux tells it of the whole process; so the larger come last.
fn memory() -> Result<(), String> {
    let of = |name: &str, replications: u32| -> Result<(), String> {
        let workload = all()?.into_iter().find(|w| w.name == name).ok_or("no such workload")?;
        let hubs = workload.scenario.hubs.len();
        let world = World::new(&workload.scenario);
        let plan = Plan {
            first: 0,
            replications,
            threads: Some(2),
        };
        let runs = replicate(&world, hubs, plan, &AtomicBool::new(false), &|| ())?;
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let most = status
            .lines()
            .find_map(|line| line.strip_prefix("VmHWM:"))
            .unwrap_or(" not known");
        println!("{name}, {} replications: at most{most} of memory", runs.replications());
        Ok(())
    };
    of("baseline", 10)?;
    of("baseline", 100)?;
    of("england", 2)?;
    of("england", 8)
}
