//! `run FILE`: how does this service do?

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use sha2::{Digest as _, Sha256};

use super::args::RunArgs;
use super::progress::Progress;
use super::{Exit, diagnose, screen, what_if};
use crate::answers::check::check;
use crate::answers::run::{RunAnswer, RunRequest, run as answer_run};
use crate::model::Scenario;
use crate::output::results::{SourceFile, write_results};
use crate::output::{self, RunContext};
use crate::scenario::{self, Loaded};

pub(super) fn run(args: &RunArgs) -> Exit {
    let loaded = match load(args) {
        Ok(loaded) => loaded,
        Err(exit) => return exit,
    };
    let answered = simulate(args, &loaded).and_then(|run| {
        if args.json {
            return output::json::answer(&loaded.scenario, &run.answer, &run.context).map_err(no_json);
        }
        let text = output::table::run(&loaded.scenario, &run.answer, &run.context.what_if);
        Ok(text + &run.places())
    });
    answered.map_or_else(fault, |text| screen::print(&text))
}

/// Reads the file, with what the command line says of it; its problems and warnings are drawn.
pub(super) fn load(args: &RunArgs) -> Result<Loaded, Exit> {
    let mut loaded = scenario::read_with(&args.file, &args.set).map_err(|problems| {
        screen::warn(&diagnose::render(&problems.sorted(), screen::color()));
        Exit::Scenario
    })?;
    screen::warn(&diagnose::render(
        &std::mem::take(&mut loaded.warnings).sorted(),
        screen::color(),
    ));
    loaded.repeat(args.replications, args.seed);
    Ok(loaded)
}

/// Our fault, in words.
#[expect(clippy::needless_pass_by_value, reason = "what errors are handed over as")]
pub(super) fn fault(message: String) -> Exit {
    screen::warn(&format!("{message}\n"));
    Exit::Fault
}

#[expect(clippy::needless_pass_by_value, reason = "what errors are handed over as")]
pub(super) fn no_json(error: serde_json::Error) -> String {
    format!("cannot write JSON: {error}")
}

/// A run that is done, and whose results are written.
pub(super) struct Done {
    pub(super) answer: RunAnswer,
    pub(super) context: RunContext,
    /// Set by Ctrl-C.
    pub(super) stop: Arc<AtomicBool>,
    out: PathBuf,
}

impl Done {
    /// Where the results are.
    pub(super) fn places(&self) -> String {
        let report = self.out.join("report.html");
        format!(
            "\nReport: {}\nTables and charts: {}\n",
            report.display(),
            self.out.display()
        )
    }
}

/// What is to be run.
pub(super) fn request(args: &RunArgs, scenario: &Scenario) -> RunRequest {
    RunRequest {
        replications: scenario.experiment.replications,
        confidence: scenario.experiment.confidence.get(),
        threads: args.threads.map(usize::from),
    }
}

/// Runs the scenario and writes its results.
pub(super) fn simulate(args: &RunArgs, loaded: &Loaded) -> Result<Done, String> {
    let scenario = &loaded.scenario;
    let request = request(args, scenario);
    let replications = request.replications;
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
    if stop.load(Ordering::Relaxed) {
        screen::warn(&format!(
            "Stopped after {} of {replications} replications; what was finished is kept and stated.\n",
            answer.replications
        ));
    }
    Ok(Done {
        answer,
        context,
        stop,
        out,
    })
}

/// The first Ctrl-C finishes what is in hand; the second ends at once.
fn stop_on_ctrl_c() -> Arc<AtomicBool> {
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
