//! What the least staffing costs in replications, beside an exhaustive grid at the same confidence.
//!
//! ```sh
//! cargo bench --bench required                                                # six hubs by day and night, every cell of the grid
//! cargo bench --bench required -- scenarios/home-first-2020.toml --cells 12   # the baseline, 12 cells a hub
//! ```
//!
//! The grid has no search and no order: each staffing of each hub is simulated until the three-way test of every standard has
//! decided, or one has been missed, with the zone of indifference and the error probability of the question. That all hubs
//! are told apart at that error probability needs no correction, as in the certificate. Where only some cells are
//! simulated (spread evenly over all), the total is an estimate, with its half-width of 95 %.

#![expect(clippy::print_stdout, reason = "a bench prints what it has measured")]

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use homefirst::answers::required::{RequiredRequest, required};
use homefirst::engine::{self, World};
use homefirst::model::{HubId, Question};
use homefirst::scenario;
use homefirst::stats::{ThreeWay, Verdict, mean_interval};
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

/// First replications of a test of the grid.
const FIRST: u32 = 10;
/// Replications after which a cell is given up as undecided, in both.
const MOST: u32 = 5000;

fn main() -> ExitCode {
    let mut file = PathBuf::from("scenarios/staffing/day-and-night.toml");
    let mut cells = usize::MAX;
    let mut words = std::env::args().skip(1).filter(|word| word != "--bench");
    while let Some(word) = words.next() {
        if word == "--cells" {
            cells = words.next().and_then(|n| n.parse().ok()).unwrap_or(cells);
        } else {
            file = PathBuf::from(word);
        }
    }
    match compare(&file, cells) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            println!("{}: {why}", file.display());
            ExitCode::FAILURE
        }
    }
}

fn compare(file: &Path, most_cells: usize) -> Result<(), String> {
    let loaded = scenario::read(file).map_err(|_| "cannot be read; `homefirst check` says why".to_owned())?;
    let question = loaded
        .scenario
        .required
        .clone()
        .ok_or("asks nothing: it has no [required]")?;
    if loaded.scenario.islands().iter().any(|island| island.len() > 1)
        || question.free.iter().any(|d| d.places.len() > 1)
    {
        return Err("hubs that share staff or have tied numbers are not compared here".to_owned());
    }

    let request = RequiredRequest {
        threads: None,
        most: MOST,
    };
    let start = Instant::now();
    let answer =
        required(&loaded.scenario, &question, request, &AtomicBool::new(false), &|| ()).map_err(|e| e.to_string())?;
    let ours = (answer.search_replications + answer.certificate_replications) as f64;
    println!(
        "required: {:?}, {ours} replications of a hub, in {:.1} s on {} threads ({:.1} s of processor time)",
        answer.ending,
        start.elapsed().as_secs_f64(),
        rayon::current_num_threads(),
        answer.engine_cpu_s
    );

    let start = Instant::now();
    let (mut all, mut simulated, mut used, mut spread) = (0, 0, 0.0, 0.0);
    for hub in 0..loaded.scenario.hubs.len() {
        let grid = cells_of(&question, HubId(hub));
        let step = grid.len().div_ceil(most_cells);
        let chosen: Vec<&Vec<String>> = grid.iter().skip(step / 2).step_by(step).collect();
        let takes = chosen.par_iter().map(|cell| replications(file, &question, hub, cell));
        let takes: Vec<f64> = takes.collect::<Result<_, String>>()?;
        let interval = mean_interval(&takes, 0.95).ok_or("two cells of each hub at least must be simulated")?;
        all += grid.len();
        simulated += chosen.len();
        used += interval.mean * grid.len() as f64;
        let share_left = 1.0 - chosen.len() as f64 / grid.len() as f64;
        let half_width = interval.half_width * grid.len() as f64;
        spread += half_width * half_width * share_left;
    }
    println!(
        "grid:     {used:.0} ± {:.0} replications of a hub for {all} staffings, of which {simulated} were simulated, in {:.1} s",
        spread.sqrt(),
        start.elapsed().as_secs_f64()
    );
    println!("the grid takes {:.1} times as many", used / ours);
    Ok(())
}

/// Every staffing of a hub, as settings over its file.
fn cells_of(question: &Question, hub: HubId) -> Vec<Vec<String>> {
    let mut cells = vec![Vec::new()];
    for dial in question
        .free
        .iter()
        .filter(|dial| dial.places.iter().any(|place| place.hub == hub))
    {
        let settings = (0..dial.levels).map(|level| format!("{}={}", dial.path, dial.at(level)));
        let settings: Vec<String> = settings.collect();
        cells = cells
            .iter()
            .flat_map(|cell| {
                settings
                    .iter()
                    .map(move |one| [cell.clone(), vec![one.clone()]].concat())
            })
            .collect();
    }
    cells
}

/// Replications of a hub until every standard is decided, or one is missed.
fn replications(file: &Path, question: &Question, hub: usize, settings: &[String]) -> Result<f64, String> {
    let loaded = scenario::read_with(file, settings).map_err(|_| format!("{settings:?} cannot be set"))?;
    let world = World::new(&loaded.scenario);
    let test = ThreeWay {
        first: FIRST,
        slopes: 0,
        beta: 1.0 - question.confidence.get(),
        delta: question.delta.get() / 100.0,
    };
    let mut values: Vec<Vec<(f64, f64)>> = vec![Vec::new(); question.standards.len()];
    for replication in 0..MOST {
        let record = engine::run(&world, hub, replication);
        let mut open = false;
        for ((pathway, wanted), values) in question.standards.iter().zip(&mut values) {
            let counted = &record.hubs[0].pathways[pathway.0];
            values.push((counted.hits as f64, counted.referrals as f64));
            let referrals = values.iter().map(|v| v.1).sum::<f64>() / values.len() as f64;
            let gaps: Vec<f64> = values
                .iter()
                .map(|v| (v.0 - wanted.get() * v.1) / referrals.max(1.0))
                .collect();
            match test.verdict(&gaps) {
                Verdict::Infeasible => return Ok(f64::from(replication + 1)),
                Verdict::Undecided => open = true,
                Verdict::Feasible | Verdict::Borderline => {}
            }
        }
        if !open {
            return Ok(f64::from(replication + 1));
        }
    }
    Ok(f64::from(MOST))
}
