//! `run FILE`: how does this service do? `explain FILE`: why are standards missed?

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::args::{RunArgs, RunOnlyArgs, Typed, UncertainArgs};
use super::next::{next, typed};
use super::pieces::{self, How, Inputs, Through, Words};
use super::progress::Progress;
use super::uncertain::{DRAWS, Draws, Held, draws};
use super::{Exit, diagnose, published, screen, sliders};
use crate::answers::check::check;
use crate::answers::explain::{explain_in_pieces, simulations};
use crate::answers::precision::Precision;
use crate::answers::run::{RunAnswer, RunRequest, run_in_pieces as answer_run};
use crate::diagnostic::{Diagnostic, Diagnostics, Source};
use crate::model::Scenario;
use crate::output::made::Asked;
pub(super) use crate::output::made::{file_named, files_of, hash};
use crate::output::results::write_results;
use crate::output::{self, RunContext, sentence, words};
use crate::pieces::{BUILD, Pieces, Question};
use crate::scenario::{self, Loaded};

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verb {
    /// How the service does.
    Run,
    /// The same, and why standards are missed.
    Explain,
}

pub(super) fn run(
    args: &RunArgs,
    verb: Verb,
    uncertain: &UncertainArgs,
    options: Option<&RunOnlyArgs>,
    how: &How,
) -> Exit {
    let Some(loaded) = args.read() else {
        return Exit::Scenario;
    };
    let scenario = &loaded.scenario;
    let draws = match draws(uncertain, &loaded, DRAWS, &Held::NONE) {
        Ok(draws) => draws,
        Err(exit) => return exit,
    };
    let shown = match options.map_or(Ok(Vec::new()), |options| published::given(&options.published, scenario)) {
        Ok(shown) => shown,
        Err(exit) => return exit,
    };
    let slid = match options.map_or(Ok(None), |options| sliders::wanted(&options.sliders, scenario, how)) {
        Ok(slid) => slid,
        Err(exit) => return exit,
    };
    let mut command = verb.command();
    command.extra = options.map_or_else(String::new, |options| {
        options.published.canonical() + &options.sliders.canonical()
    }) + &uncertain.canonical();
    let mut refused = false;
    let more = |answer: &mut RunAnswer, stop: &AtomicBool, pieces: &Pieces| {
        answer.published.clone_from(&shown);
        if let Some(plan) = &slid {
            sliders::add(plan, answer, scenario, args.threads, (pieces, stop))?;
        }
        draws.as_ref().map_or(Ok(()), |draws| {
            draws.beside(args, scenario, answer, (pieces, stop), &mut refused)
        })
    };
    let asked = || {
        let mut inputs = Inputs::default();
        let words = match verb {
            Verb::Run => Words::of_run(args, options, &loaded, &mut inputs)?,
            Verb::Explain => Words::of_explain(args, uncertain, &loaded, &mut inputs)?,
        };
        let more = draws.iter().map(Draws::told);
        let more: Vec<String> = more.chain(shown.iter().map(|months| format!("{months:?}"))).collect();
        Ok(command.in_pieces(args, &loaded, (words, inputs), &more))
    };
    let answered = simulate(args, verb, &loaded, &command, (how, &asked), more);
    let answered = answered.and_then(|through| {
        let run = match through {
            Through::Answer(run) => run,
            Through::Ended(exit) => return Ok((String::new(), exit)),
        };
        if args.json {
            let json = match verb {
                Verb::Run => output::json::answer(scenario, &run.answer, &run.context),
                Verb::Explain => output::json::explain(scenario, &run.answer, &run.context),
            };
            return json.map_err(no_json).map(|json| (json, run.exit()));
        }
        let text = match verb {
            Verb::Run => output::table::run(scenario, &run.answer, &run.context.what_if),
            Verb::Explain => output::table::explain(scenario, &run.answer, &run.context.what_if),
        };
        let go_on = match verb {
            Verb::Run => go_on(args, scenario, &run.answer),
            Verb::Explain => from_causes(args, scenario, &run.answer),
        };
        Ok((text + &run.places() + &go_on, run.exit()))
    });
    match answered {
        Ok((text, exit)) if text.is_empty() => exit,
        Ok((text, exit)) => printed(&text, exit),
        Err(message) if refused => {
            screen::error(&message);
            Exit::Scenario
        }
        Err(message) => fault(message),
    }
}

/// What to ask where a target is missed.
fn go_on(args: &RunArgs, scenario: &Scenario, answer: &RunAnswer) -> String {
    // The file alone is not what was asked about where something was set.
    if !args.set.is_empty() || !sentence::anything(words::Verdict::NotMet, scenario, answer) {
        return String::new();
    }
    let file = &args.file;
    let file = typed(file);
    let enough = if scenario.required.is_some() {
        format!("; `homefirst required {file}` says how many staff would do")
    } else {
        String::new()
    };
    next(&format!(
        "`homefirst explain {file}` says why people were not seen in time{enough}."
    ))
}

/// What to ask after causes have been told.
fn from_causes(args: &RunArgs, scenario: &Scenario, answer: &RunAnswer) -> String {
    if !args.set.is_empty() || !sentence::anything(words::Verdict::NotMet, scenario, answer) {
        return String::new();
    }
    let file = typed(&args.file);
    next(&if scenario.required.is_some() {
        format!("`homefirst required {file}` says how many staff would do.")
    } else {
        format!(
            "`homefirst new --base {file}` writes a what-if to fill in, and `homefirst compare` says what it changes."
        )
    })
}

/// Prints an answer; if that goes well, the command ends as the answer says.
pub(super) fn printed(text: &str, exit: Exit) -> Exit {
    match screen::print(text) {
        Exit::Answered => exit,
        other => other,
    }
}

/// The scenario with what the command line says instead; `None` if it has errors, which have been told.
pub(super) fn read(file: &Path, set: &[String], replications: Option<u32>, seed: Option<u64>) -> Option<Loaded> {
    read_typed(file, set, &[], replications, seed)
}

/// The same, where some values came by options of their own.
pub(super) fn read_typed(
    file: &Path,
    set: &[String],
    typed: &[Typed],
    replications: Option<u32>,
    seed: Option<u64>,
) -> Option<Loaded> {
    let tell = |problems: Diagnostics| {
        let problems = as_typed(problems.sorted(), typed);
        screen::warn(&diagnose::render(&problems, screen::color()));
    };
    let mut loaded = match scenario::read_with(file, set) {
        Ok(loaded) => loaded,
        Err(problems) => {
            tell(problems);
            return None;
        }
    };
    tell(std::mem::take(&mut loaded.warnings));
    loaded.repeat(replications, seed);
    Some(loaded)
}

/// Problems of options in the words that were typed.
fn as_typed(mut problems: Vec<Diagnostic>, typed: &[Typed]) -> Vec<Diagnostic> {
    for label in problems.iter_mut().flat_map(|problem| &mut problem.labels) {
        let own = typed.iter().find(|t| t.set == label.source.text);
        if let Some(own) = own {
            label.range = 0..own.text.len();
            label.source = Arc::new(Source {
                path: own.option.into(),
                text: own.text.clone(),
            });
        }
    }
    problems
}

impl RunArgs {
    /// The scenario as these options have it.
    pub(super) fn read(&self) -> Option<Loaded> {
        let mut loaded = read_typed(&self.file, &self.set, &self.typed, self.replications, self.seed)?;
        if let Some(precision) = self.precision {
            if loaded.scenario.pathways.iter().all(|p| p.standard.is_none()) {
                screen::error("--precision is that of service levels, and no pathway of the file has a `standard`");
                return None;
            }
            loaded.aim(precision);
        }
        Some(loaded)
    }
}

impl Verb {
    const fn name(self) -> &'static str {
        match self {
            Self::Run => "run",
            Self::Explain => "explain",
        }
    }

    /// What was asked, with no options but those that every run has.
    pub(super) fn command(self) -> Command {
        Command {
            verb: self.name(),
            extra: String::new(),
        }
    }

    /// Two verbs do not write over each other's results.
    const fn suffix(self) -> &'static str {
        match self {
            Self::Run => "",
            Self::Explain => "-explained",
        }
    }
}

/// Our fault, in words.
#[expect(clippy::needless_pass_by_value, reason = "what errors are handed over as")]
pub(super) fn fault(message: String) -> Exit {
    screen::error(&message);
    Exit::Fault
}

#[expect(clippy::needless_pass_by_value, reason = "what errors are handed over as")]
pub(super) fn no_json(error: serde_json::Error) -> String {
    format!("cannot write JSON: {error}")
}

/// How a command ends whose answer is there.
pub(super) fn exit_of(precision: Option<Precision>) -> Exit {
    match precision {
        Some(found) if !found.reached => Exit::Imprecise,
        _ => Exit::Answered,
    }
}

/// A run that is done, and whose results are written.
pub(super) struct Done {
    pub(super) answer: RunAnswer,
    pub(super) context: RunContext,
    out: PathBuf,
}

impl Done {
    /// How the command ends: a precision that was asked for may not have been reached.
    pub(super) fn exit(&self) -> Exit {
        exit_of(self.answer.precision)
    }

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

/// Runs the scenario, adds what else was asked and writes the results; they are written too if the rest fails.
pub(super) fn simulate(
    args: &RunArgs,
    verb: Verb,
    loaded: &Loaded,
    command: &Command,
    (how, asked): (&How, &dyn Fn() -> Result<pieces::Asked, Exit>),
    mut rest: impl FnMut(&mut RunAnswer, &AtomicBool, &Pieces) -> Result<(), String>,
) -> Result<Through<Done>, String> {
    let scenario = &loaded.scenario;
    let request = request(args, scenario);
    let replications = request.replications;
    let stop = stop_on_ctrl_c();
    let simulations = match verb {
        Verb::Run => 1,
        Verb::Explain => simulations(scenario),
    };
    let steps = u64::from(simulations) * u64::from(replications) * scenario.islands().len() as u64;
    let out = args
        .out
        .clone()
        .unwrap_or_else(|| Path::new("results").join(format!("{}{}", scenario.name, verb.suffix())));
    let through = how.through((&out, &command.canonical(args)), asked, &stop, |pieces| {
        let progress = Progress::new(pieces.to_make(steps), simulations.saturating_mul(replications));
        let answer = match verb {
            Verb::Run => answer_run(scenario, request, pieces, &stop, &|| progress.step()),
            Verb::Explain => explain_in_pieces(scenario, request, pieces, &stop, &|| progress.step()),
        };
        progress.finish();
        let mut answer = answer?;
        let rest = rest(&mut answer, &stop, pieces);
        match rest {
            // Where there is no answer yet, nothing else is to be told.
            Err(message) if pieces.leaves() => Err(message),
            rest => Ok(Some((answer, rest, progress.seconds()))),
        }
    })?;
    let (answer, rest, seconds) = match through {
        Through::Answer(answer) => answer,
        Through::Ended(exit) => return Ok(Through::Ended(exit)),
    };
    let context = command.context(args, loaded, seconds);
    let files = files_of(loaded);
    let meaning = check(scenario);
    write_results(&out, scenario, &loaded.text, &files, &answer, &meaning, &context).map_err(|e| e.to_string())?;
    if stop.load(Ordering::Relaxed) {
        screen::warn(&format!(
            "Stopped after {} of {replications} replications; what was finished is kept and stated.\n",
            answer.replications
        ));
    }
    rest.map(|()| Through::Answer(Done { answer, context, out }))
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

/// What was asked, beyond the options that `run` has.
pub(super) struct Command {
    pub(super) verb: &'static str,
    /// Options of the verb's own, as in the canonical command.
    pub(super) extra: String,
}

impl Command {
    /// How this answer came about.
    pub(super) fn context(&self, args: &RunArgs, loaded: &Loaded, wall_s: f64) -> RunContext {
        let typed = std::env::args().collect::<Vec<_>>().join(" ");
        let mut context = self.with(args, |asked| asked.context(loaded, typed, wall_s));
        context.meaning = Some(check(&loaded.scenario));
        context
    }

    /// The command that gives the same again.
    pub(super) fn canonical(&self, args: &RunArgs) -> String {
        self.with(args, |asked| asked.canonical())
    }

    /// The same question for whoever divides it; `more` is what it rests on besides this scenario.
    pub(super) fn in_pieces(
        &self,
        args: &RunArgs,
        loaded: &Loaded,
        (words, inputs): (Vec<String>, Inputs),
        more: &[String],
    ) -> pieces::Asked {
        let seed = loaded.scenario.experiment.seed;
        pieces::Asked {
            question: Question::new(BUILD, self.canonical(args), hash(loaded), seed, more),
            words,
            sources: inputs.copies,
        }
    }

    fn with<T>(&self, args: &RunArgs, make: impl FnOnce(&Asked<'_>) -> T) -> T {
        // What came by an option of its own is told by the verb.
        let own = |set: &&String| args.typed.iter().all(|typed| typed.set != **set);
        let sets: Vec<String> = args.set.iter().filter(own).cloned().collect();
        make(&Asked {
            verb: self.verb,
            file: &args.file,
            sets: &sets,
            replications: args.replications,
            precision: args.precision,
            seed: args.seed,
            extra: &self.extra,
            threads: args.threads,
        })
    }
}
