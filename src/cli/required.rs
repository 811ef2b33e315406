//! `required FILE`: how many staff are needed to hold the standards?

use std::fmt::Write as _;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use super::args::{RequiredArgs, RunArgs, Typed};
use super::next::{next, typed};
use super::pieces::{How, Inputs, Through, Words};
use super::progress::{Progress, time};
use super::run::{Command, fault, files_of, no_json, printed, stop_on_ctrl_c};
use super::uncertain::{DRAWS_OF_SEARCH, Draws, Held, draws};
use super::{Exit, screen};
use crate::answers::required::{
    AGAIN, Ending, NoAnswer, RequiredAnswer, RequiredRequest, RequiredUncertain, beside, repeated, required_in_pieces,
    required_uncertain,
};
use crate::model::{HubId, Question, RoleId, Scenario, Smallest, Staffing};
use crate::output::required::{self, Required};
use crate::output::results::write_required;
use crate::output::table;
use crate::pieces::Pieces;
use crate::scenario::{Loaded, same_place};

pub(super) fn required(args: &RequiredArgs, how: &How) -> Exit {
    let run = run_args(args);
    let Some(loaded) = run.read() else {
        return Exit::Scenario;
    };
    let Some(question) = &loaded.scenario.required else {
        screen::error(&no_question(&loaded.scenario, &typed(&run.file)));
        return Exit::Scenario;
    };
    warn_of_free(args, question);
    let held = Held {
        is: &|path| moves(&loaded.scenario, question, path),
        by: "the question itself",
    };
    let draws = match draws(&args.uncertain, &loaded, DRAWS_OF_SEARCH, &held) {
        Ok(draws) => draws,
        Err(exit) => return exit,
    };
    match answer(args, (&run, &loaded), question, draws.as_ref(), how) {
        Ok((text, exit)) if text.is_empty() => exit,
        Ok((text, exit)) => printed(&text, exit),
        Err(exit) => exit,
    }
}

/// What `run` would be told: the question's own options are values set in the file.
fn run_args(args: &RequiredArgs) -> RunArgs {
    let typed = asked(args);
    let set = args.set.iter().chain(typed.iter().map(|typed| &typed.set));
    RunArgs {
        file: args.file.clone(),
        replications: None,
        precision: None,
        set: set.cloned().collect(),
        typed,
        seed: args.seed,
        threads: args.threads,
        out: args.out.clone(),
        json: args.json,
    }
}

/// The question's own options, each with the value that it sets: they may be all that is asked. Names are in single quotes, so
/// that a shell's double quotes can stand around them.
fn asked(args: &RequiredArgs) -> Vec<Typed> {
    let typed = |option, text: &str, set: String| Typed {
        set,
        option,
        text: text.to_owned(),
    };
    let free = args.free.iter().map(|free| {
        let step = free.step.map_or_else(String::new, |step| format!(", step = {step}"));
        let tied = if free.tied { ", tied = true" } else { "" };
        let (path, from, to) = (&free.path, free.from, free.to);
        let set = format!("required.free=[{{ path = '{path}', from = {from}, to = {to}{step}{tied} }}]");
        typed("--free", &free.typed, set)
    });
    let standards = args.standards.iter().map(|asked| {
        let set = format!("required.standards={{ '{}' = {} }}", asked.pathway, asked.share);
        typed("--standard", &asked.typed, set)
    });
    let mut all: Vec<Typed> = free.chain(standards).collect();
    // A file that asks nothing has no table yet to set them in.
    if let Some(first) = all.first() {
        let table = typed(first.option, &first.text, "required={}".into());
        all.insert(0, table);
    }
    let single = [
        ("--delta", "delta", &args.delta),
        ("--confidence", "confidence", &args.confidence),
        ("--at", "at", &args.at),
        ("--smallest", "smallest", &args.smallest),
    ];
    for (option, key, value) in single {
        all.extend(
            value
                .iter()
                .map(|value| typed(option, value, format!("required.{key}={value}"))),
        );
    }
    all
}

/// The options of the question as in the canonical command: as typed.
fn canonical(args: &RequiredArgs) -> String {
    let mut words = String::new();
    for typed in asked(args).iter().filter(|typed| typed.set != "required={}") {
        let quote = match typed.text.as_str() {
            text if text.contains('"') => "'",
            text if text.contains([' ', '*', '\'']) => "\"",
            _ => "",
        };
        let _ = write!(words, " {} {quote}{}{quote}", typed.option, typed.text);
    }
    if args.replications != RequiredArgs::MOST {
        let _ = write!(words, " --replications {}", args.replications);
    }
    words.push_str(&args.uncertain.canonical());
    words
}

/// Says of what is set that the search moves it.
fn warn_of_free(args: &RequiredArgs, question: &Question) {
    for set in &args.set {
        let path = set.split_once('=').map_or("", |(path, _)| path.trim());
        if question.free.iter().any(|dial| same_place(&dial.path, path)) {
            screen::warn(&format!(
                "--set {set}: this number is free, so that the search moves it; what is set is only what the answer is compared \
                 with, in the place of what the file has\n"
            ));
        }
    }
}

/// What to write into a file that asks nothing.
fn no_question(scenario: &Scenario, file: &str) -> String {
    let path = example(scenario);
    let pathway = scenario.pathways.iter().find(|p| p.standard.is_some());
    let standards = pathway.map_or_else(Default::default, |p| {
        let words = |before: &str, between: &str, after: &str| format!("{before}{}{between}0.95{after}", p.name);
        (
            words(" --standard ", "=", ""),
            words("standards = { \"", "\" = ", " }\n"),
        )
    });
    let (of_pathway, standards) = standards;
    format!(
        "{0}.toml asks no question of how many staff are needed. Say what may be moved, and how far, for example\n\n\
         homefirst required {file} --free \"{path}=1..20\"{of_pathway}\n\nor write it into the file:\n\n\
         [required]\nat = \"every hub\"\nconfidence = 0.95\n{standards}\n[[required.free]]\npath = \"{path}\"\n\
         from = 1\nto = 20\n",
        scenario.name
    )
}

/// A staff number of the file that may be moved: of the role that leads the first response to a standard, if any does.
fn example(scenario: &Scenario) -> String {
    let judged = scenario.pathways.iter().filter(|p| p.standard.is_some());
    let leads = judged.flat_map(|p| &p.responses).filter_map(|r| r.needs.first());
    let role = leads.map(|need| need.role.0).next().unwrap_or(0);
    let name = scenario.roles.get(role).map_or("nurse", |r| &r.name);
    let pieces = scenario.hubs.iter().find_map(|hub| match hub.staff.get(role) {
        Some(Staffing::OnShift(pieces)) => pieces.iter().find_map(|p| p.name.as_deref()),
        _ => None,
    });
    match pieces {
        Some(piece) => format!("hub.*.staff.{name}.on-shift.{piece}.count"),
        None => format!("hub.*.staff.{name}"),
    }
}

/// Whether a question moves all that a path leads to, so that a value there would make no difference.
fn moves(scenario: &Scenario, question: &Question, path: &str) -> bool {
    let leads_to = |other: &str| same_place(other, path);
    let mut staff = scenario.hubs.iter().enumerate().flat_map(|(h, hub)| {
        (0..)
            .zip(&hub.staff)
            .map(move |(r, staff)| (HubId(h), RoleId(r), staff))
    });
    let free = |hub: HubId, role: RoleId| {
        let mut places = question.free.iter().flat_map(|dial| &dial.places);
        places.any(|place| place.hub == hub && place.role == role)
    };
    question.free.iter().any(|dial| leads_to(&dial.path))
        && staff.all(|(hub, role, staff)| {
            let (at, who) = (&scenario.hubs[hub.0].name, &scenario.roles[role.0].name);
            staff.is_none() || free(hub, role) || !leads_to(&format!("hub.\"{at}\".staff.\"{who}\""))
        })
}

fn answer(
    args: &RequiredArgs,
    (run, loaded): (&RunArgs, &Loaded),
    question: &Question,
    draws: Option<&Draws>,
    how: &How,
) -> Result<(String, Exit), Exit> {
    let scenario = &loaded.scenario;
    let request = RequiredRequest {
        threads: args.threads.map(usize::from),
        most: args.replications,
    };
    let stop = stop_on_ctrl_c();
    let stop: &AtomicBool = &stop;
    let command = Command {
        verb: "required",
        extra: canonical(args),
    };
    let asked = || {
        let mut inputs = Inputs::default();
        let words = Words::of_required(args, loaded, &mut inputs)?;
        let more: Vec<String> = draws.iter().map(|draws| draws.told()).collect();
        Ok(command.in_pieces(run, loaded, (words, inputs), &more))
    };
    let out = args.out.clone().unwrap_or_else(|| {
        let name = format!("{}-required", scenario.name);
        Path::new("results").join(name)
    });
    let through = how.through((&out, &command.canonical(run)), asked, stop, |pieces| {
        let progress = Progress::staged();
        let watched: (&AtomicBool, &(dyn Fn() + Sync)) = (stop, &|| progress.step());
        let mut stage = |stage| progress.stage(stage);
        let answer = required_in_pieces(scenario, question, request, pieces, watched, &mut stage);
        let waits = || pieces.wanted().units > 0;
        let answer = match answer {
            Err(NoAnswer::Stopped) if waits() => {
                progress.finish();
                return Ok(None);
            }
            answer => answer.inspect_err(|_| progress.finish())?,
        };
        let decided = answer.ending != Ending::Interrupted;
        let threads = request.threads;
        let run_it = || {
            beside(
                scenario,
                question,
                &answer,
                threads,
                pieces,
                (stop, &|| progress.step()),
            )
        };
        // Stopped now, the answer stands without it.
        let with_it = decided.then(run_it).transpose();
        let with_it = match with_it {
            Err(_) if stop.load(Ordering::Relaxed) => None,
            found => found.map_err(NoAnswer::Machine)?,
        };
        progress.finish();
        let asked = draws.filter(|_| decided);
        let of_draws = asked.map(|draws| ask_draws(run, scenario, &answer, draws, (pieces, stop), progress.seconds()));
        Ok((!waits()).then_some((answer, with_it, of_draws, progress.seconds())))
    });
    let (answer, with_it, of_draws, seconds) = match through.map_err(|error| told(question, &error))? {
        Through::Answer(found) => found,
        Through::Ended(exit) => return Err(exit),
    };
    if answer.ending == Ending::Interrupted {
        screen::warn("Stopped before it was decided: the best so far is kept, and nothing is certified.\n");
    }
    let (of_draws, unfinished_draws) = match of_draws {
        None => (None, Ok(())),
        Some(Ok(found)) => {
            if found.is_none() {
                screen::warn(
                    "Stopped before all draws of the uncertain inputs were searched: nothing is said of them.\n",
                );
            }
            (found, Ok(()))
        }
        // What is certified is written all the same.
        Some(Err(error)) => (None, Err(told(question, &error))),
    };
    let context = command.context(run, loaded, seconds);
    let exit = match answer.ending {
        Ending::Certified => Exit::Answered,
        Ending::NotWithinBounds => Exit::NoneFeasible,
        Ending::NotDecided | Ending::Interrupted => Exit::Imprecise,
    };
    let shown = Required {
        scenario,
        question,
        answer: &answer,
        uncertain: of_draws.as_ref(),
        beside: with_it.as_ref(),
        context: &context,
    };
    let unfinished = |message: String| fault(message);
    write_required(&out, &shown, &loaded.text, &files_of(loaded)).map_err(|e| unfinished(e.to_string()))?;
    unfinished_draws?;
    let text = if args.json {
        required::json(&shown).map_err(|e| unfinished(no_json(e)))?
    } else {
        let mut text = required::text(&shown);
        let _ = writeln!(
            text,
            "\nReport: {}\nTables, charts and answer.toml, the scenario with this staff: {}",
            out.join("report.html").display(),
            out.display()
        );
        text.push_str(&go_on(args, &shown, &out));
        text
    };
    Ok((text, exit))
}

/// What to ask once it is known; nothing where the answer itself says what to do.
fn go_on(args: &RequiredArgs, shown: &Required<'_>, out: &Path) -> String {
    if shown.answer.ending != Ending::Certified {
        return String::new();
    }
    let found = typed(&out.join("answer.toml"));
    let other = shown.scenario.experiment.seed.saturating_add(1);
    let own_costs = shown.question.free.iter().any(|dial| dial.cost.is_some());
    let money = match (shown.question.smallest, shown.answer.pounds) {
        (Smallest::Wte, Some(_)) if !own_costs => "; `--smallest \"yearly cost\"` asks for the least money instead",
        _ => "",
    };
    // The file alone is not what was asked about where something was set.
    let compare = if args.set.is_empty() {
        format!(
            "; `homefirst compare {} {found}` says what it changes",
            typed(&args.file)
        )
    } else {
        String::new()
    };
    next(&format!(
        "`homefirst run {found} --seed {other}` looks at it with other people{compare}{money}."
    ))
}

/// How the command ends where there is no answer, which is told.
fn told(question: &Question, error: &NoAnswer) -> Exit {
    let (message, help) = required::refused(question, error);
    screen::error(&message);
    help.iter().for_each(|what| screen::help(what));
    match error {
        NoAnswer::Stopped | NoAnswer::Machine(_) => Exit::Fault,
        _ => Exit::Scenario,
    }
}

/// The question asked of every draw; nothing if stopped.
fn ask_draws(
    run: &RunArgs,
    scenario: &Scenario,
    answer: &RequiredAnswer,
    draws: &Draws,
    (pieces, stop): (&Pieces, &AtomicBool),
    seconds: f64,
) -> Result<Option<RequiredUncertain>, NoAnswer> {
    let number = draws.typed.len();
    let searches = number + AGAIN * repeated(number).len();
    if let Some(line) = ahead(number, searches, seconds).filter(|_| !pieces.leaves()) {
        screen::warn(&table::prose(&[line]));
    }
    let progress = Progress::of(searches, "searches");
    let mut drawn = |draw: usize| draws.scenario(draw, run, scenario);
    let found = required_uncertain(
        answer,
        &mut drawn,
        &draws.of_question(run, scenario),
        pieces,
        stop,
        &|| progress.long_step("searches"),
    );
    progress.finish();
    found
}

/// What is still to be searched, before it begins, where the question with the inputs as stated took so many seconds; nothing where that
/// is no time at all.
fn ahead(draws: usize, searches: usize, seconds: f64) -> Option<String> {
    (seconds >= 2.0).then(|| {
        format!(
            "Search and certificate with the inputs as stated took {}. Next come {searches} searches without a certificate: {draws} draws, \
             some of them again with other people. Where a draw has more work than staff, one takes much longer; the first will \
             say how long the others may take. --draws 10 are the fewest; Ctrl-C keeps what is certified.",
            time(seconds)
        )
    })
}

#[cfg(test)]
mod tests {
    use super::ahead;

    #[test]
    fn many_searches_are_announced_and_short_ones_are_not() {
        let line = ahead(20, 30, 95.0).unwrap();
        assert!(
            line.contains("took 2 minutes") && line.contains("30 searches") && line.contains("20 draws"),
            "{line}"
        );
        assert_eq!(ahead(20, 30, 1.9), None);
    }
}
