//! `run FILE`: how does this service do?

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use sha2::{Digest as _, Sha256};

use super::args::RunArgs;
use super::progress::Progress;
use super::{Exit, diagnose, screen, what_if};
use crate::answers::check::check;
use crate::answers::run::{RunRequest, run as answer_run};
use crate::output::results::{SourceFile, write_results};
use crate::output::{self, RunContext};
use crate::scenario::{self, Loaded};

pub(super) fn run(args: &RunArgs) -> Exit {
    let mut loaded = match scenario::read_with(&args.file, &args.set) {
        Ok(loaded) => loaded,
        Err(problems) => {
            screen::warn(&diagnose::render(&problems.sorted(), screen::color()));
            return Exit::Scenario;
        }
    };
    screen::warn(&diagnose::render(
        &std::mem::take(&mut loaded.warnings).sorted(),
        screen::color(),
    ));
    loaded.repeat(args.replications, args.seed);
    match simulate(args, &loaded) {
        Ok(exit) => exit,
        Err(message) => {
            screen::warn(&format!("{message}\n"));
            Exit::Fault
        }
    }
}

fn simulate(args: &RunArgs, loaded: &Loaded) -> Result<Exit, String> {
    let scenario = &loaded.scenario;
    let replications = scenario.experiment.replications;
    let request = RunRequest {
        replications,
        confidence: scenario.experiment.confidence.get(),
        threads: args.threads.map(usize::from),
    };
    let stop = stop_on_ctrl_c();
    let progress = Progress::new(u64::from(replications) * scenario.hubs.len() as u64, replications);
    let answer = answer_run(scenario, request, &stop, &|| progress.step());
    progress.finish();
    let answer = answer?;
    let context = context(args, loaded, progress.seconds());
    let out = args
        .out
        .clone()
        .unwrap_or_else(|| Path::new("results").join(&scenario.name));
    let files: Vec<SourceFile> = loaded
        .files
        .iter()
        .map(|(path, text)| SourceFile {
            path: slashes(path),
            bytes: text.as_bytes().to_vec(),
        })
        .collect();
    let meaning = check(scenario);
    write_results(&out, scenario, &loaded.text, &files, &answer, &meaning, &context).map_err(|e| e.to_string())?;
    let text = if args.json {
        output::json::answer(scenario, &answer, &context).map_err(|e| format!("cannot write JSON: {e}"))?
    } else {
        let mut text = output::table::run(scenario, &answer, &context.what_if);
        let report = out.join("report.html");
        let _ = writeln!(
            text,
            "\nReport: {}\nTables and charts: {}",
            report.display(),
            out.display()
        );
        text
    };
    if stop.load(Ordering::Relaxed) {
        screen::warn(&format!(
            "Stopped after {} of {replications} replications; what was finished is kept and stated.\n",
            answer.replications
        ));
    }
    Ok(screen::print(&text))
}

/// The first Ctrl-C finishes what is in hand; the second ends at once.
pub(super) fn stop_on_ctrl_c() -> Arc<AtomicBool> {
    let stop = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&stop);
    let handler = move || {
        if flag.swap(true, Ordering::Relaxed) {
            std::process::exit(i32::from(Exit::Fault as u8));
        }
        screen::warn("\nStopping after the replications in hand. Ctrl-C again ends at once.\n");
    };
    if ctrlc::set_handler(handler).is_err() {
        // Without it, Ctrl-C ends the program as usual.
        screen::warn("Ctrl-C will not keep finished replications on this machine.\n");
    }
    stop
}

fn context(args: &RunArgs, loaded: &Loaded, wall_s: f64) -> RunContext {
    let file = args.file.file_name().unwrap_or_default().to_string_lossy();
    let quoted = if file.contains(' ') {
        format!("\"{file}\"")
    } else {
        file.into_owned()
    };
    let mut canonical = format!("homefirst run {quoted}");
    for set in &args.set {
        let _ = write!(canonical, " --set \"{set}\"");
    }
    if let Some(n) = args.replications {
        let _ = write!(canonical, " --replications {n}");
    }
    if let Some(seed) = args.seed {
        let _ = write!(canonical, " --seed {seed}");
    }
    let threads = args.threads.map_or_else(
        || std::thread::available_parallelism().map_or(1, usize::from),
        usize::from,
    );
    RunContext {
        version: env!("CARGO_PKG_VERSION").into(),
        hash: hash(loaded),
        command_canonical: canonical,
        command_typed: std::env::args().collect::<Vec<_>>().join(" "),
        wall_s,
        threads,
        created: None,
        what_if: what_if(loaded),
    }
}

/// SHA-256 of the scenario's text and of every file it names, in the order of their names.
fn hash(loaded: &Loaded) -> String {
    let mut hasher = Sha256::new();
    let mut add = |name: &str, text: &str| {
        for part in [name, text] {
            hasher.update((part.len() as u64).to_le_bytes());
            hasher.update(part.as_bytes());
        }
    };
    add("scenario", &loaded.text);
    let mut files: Vec<(String, &String)> = loaded.files.iter().map(|(path, text)| (slashes(path), text)).collect();
    files.sort();
    for (name, text) in files {
        add(&name, text);
    }
    hasher.finalize().iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// A relative path with `/` between its parts.
fn slashes(path: &Path) -> String {
    let parts: Vec<_> = path
        .components()
        .map(|c| c.as_os_str().to_string_lossy().into_owned())
        .collect();
    parts.join("/")
}
