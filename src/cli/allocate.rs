//! `allocate FILE --extra ROLE=N`: where do more staff do most good?

use std::fmt::Write as _;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use super::args::AllocateArgs;
use super::next::{next, typed};
use super::pieces::{How, Inputs, Through, Words};
use super::progress::Progress;
use super::run::{Command, files_of, no_json, stop_on_ctrl_c};
use super::uncertain::{DRAWS_OF_SEARCH, Draws, Held, draws};
use super::{Exit, screen};
use crate::answers::allocate::{
    AllocateAnswer, AllocateRequest, AllocateUncertain, CannotAllocate, SEARCH, allocate_in_pieces, allocate_uncertain,
    can_allocate, likely_units, pathways_served, step,
};
use crate::model::{PathwayId, RoleId, Scenario};
use crate::output::allocate::{self, Allocated};
use crate::output::results::write_allocate;
use crate::output::words;
use crate::pieces::Pieces;
use crate::scenario::Loaded;

pub(super) fn allocate(args: &AllocateArgs, how: &How) -> Exit {
    if args.run.precision.is_some() {
        return usage("allocate makes as many replications as it is told; say --replications instead of --precision");
    }
    if let Some(step) = args.step
        && !args.extra.number.is_multiple_of(step)
    {
        return usage(&format!(
            "{} cannot be placed in steps of {step}: give a step that divides them",
            args.extra.number
        ));
    }
    let Some(loaded) = args.run.read() else {
        return Exit::Scenario;
    };
    let asked = match request(args, &loaded.scenario) {
        Ok(asked) => asked,
        Err(Refused::Usage(message)) => return usage(&message),
        Err(Refused::Scenario(error)) => return refused(&error),
    };
    let draws = match draws(&args.uncertain, &loaded, DRAWS_OF_SEARCH, &Held::NONE) {
        Ok(draws) => draws,
        Err(exit) => return exit,
    };
    match simulate(args, &loaded, asked, draws.as_ref(), how) {
        Ok(exit) => exit,
        Err(error) => refused(&error),
    }
}

fn usage(message: &str) -> Exit {
    screen::error(message);
    Exit::Usage
}

fn refused(error: &CannotAllocate) -> Exit {
    screen::error(&error.to_string());
    match error {
        CannotAllocate::Unfinished(_) => Exit::Fault,
        _ => Exit::Scenario,
    }
}

/// Why a question is not asked.
enum Refused {
    Usage(String),
    Scenario(CannotAllocate),
}

/// What is asked of this scenario.
fn request(args: &AllocateArgs, scenario: &Scenario) -> Result<AllocateRequest, Refused> {
    let name = &args.extra.role;
    let role = scenario.role(name).ok_or_else(|| {
        let names: Vec<&str> = scenario.roles.iter().map(|r| r.name.as_str()).collect();
        Refused::Usage(format!(
            "there is no role `{name}` in the file; its roles: {}",
            names.join(", ")
        ))
    })?;
    let (_, places) = can_allocate(scenario, role).map_err(Refused::Scenario)?;
    let pathway = pathway(args, scenario, role).map_err(Refused::Usage)?;
    let step = step(scenario, &places, args.extra.number, args.step).map_err(Refused::Scenario)?;
    let replications = scenario.experiment.replications;
    Ok(AllocateRequest {
        role,
        extra: args.extra.number,
        step,
        pathway,
        search: args.search_replications.unwrap_or_else(|| replications.min(SEARCH)),
        replications,
        confidence: scenario.experiment.confidence.get(),
        threads: args.run.threads.map(usize::from),
    })
}

/// The pathway that decides: the one named, or the only one with a standard that the role serves.
fn pathway(args: &AllocateArgs, scenario: &Scenario, role: RoleId) -> Result<PathwayId, String> {
    let named = |ids: &[PathwayId]| -> Vec<String> {
        ids.iter()
            .map(|id| format!("--pathway {}", scenario.pathways[id.0].name))
            .collect()
    };
    let with_standard: Vec<PathwayId> = words::standards(scenario).map(|(id, ..)| id).collect();
    if let Some(name) = &args.pathway {
        let found = with_standard.iter().find(|id| scenario.pathways[id.0].name == *name);
        return found.copied().ok_or_else(|| {
            format!(
                "there is no pathway `{name}` with a standard in the file; say {}",
                named(&with_standard).join(" or ")
            )
        });
    }
    let role_name = &scenario.roles[role.0].name;
    match pathways_served(scenario, role).as_slice() {
        [one] => Ok(*one),
        [] => Err(format!(
            "no pathway with a standard is served by `{role_name}` itself; say whose service level decides: {}",
            named(&with_standard).join(" or ")
        )),
        several => Err(format!(
            "`{role_name}` serves several pathways with a standard; say whose service level decides: {}",
            named(several).join(" or ")
        )),
    }
}

fn simulate(
    args: &AllocateArgs,
    loaded: &Loaded,
    request: AllocateRequest,
    draws: Option<&Draws>,
    how: &How,
) -> Result<Exit, CannotAllocate> {
    let scenario = &loaded.scenario;
    let stop = stop_on_ctrl_c();
    let stop: &AtomicBool = &stop;
    let command = Command {
        verb: "allocate",
        extra: canonical(args, scenario, &request),
    };
    let asked = || {
        let mut inputs = Inputs::default();
        let words = Words::of_allocate(args, loaded, &mut inputs)?;
        let more: Vec<String> = draws.iter().map(|draws| draws.told()).collect();
        Ok(command.in_pieces(&args.run, loaded, (words, inputs), &more))
    };
    let out = args.run.out.clone().unwrap_or_else(|| {
        let name = format!("{}-allocated", scenario.name);
        Path::new("results").join(name)
    });
    let through = how.through((&out, &command.canonical(&args.run)), asked, stop, |pieces| {
        let progress = Progress::new(
            pieces.to_make(likely_units(scenario, &request)),
            request.search + request.replications,
        );
        let answer = allocate_in_pieces(scenario, request, pieces, stop, &|| progress.step());
        progress.finish();
        let answer = match answer {
            Err(CannotAllocate::Waits) => return Ok(None),
            answer => answer?,
        };
        let looked = match draws.filter(|_| !stop.load(Ordering::Relaxed)) {
            None => Ok(None),
            Some(draws) => look_at_draws(args, scenario, &answer, draws, (pieces, stop)),
        };
        match looked {
            Err(CannotAllocate::Waits) => Ok(None),
            looked => Ok(Some((answer, looked, progress.seconds()))),
        }
    })?;
    let (answer, looked, seconds) = match through {
        Through::Answer(found) => found,
        Through::Ended(exit) => return Ok(exit),
    };
    if matches!(looked, Ok(None)) && draws.is_some() {
        screen::warn("Stopped before all draws of the uncertain inputs were done: nothing is said of them.\n");
    }
    let (of_draws, refused) = match looked {
        Ok(found) => (found, None),
        Err(error) => (None, Some(error)),
    };
    let context = command.context(&args.run, loaded, seconds);
    let allocated = Allocated {
        scenario,
        answer: &answer,
        uncertain: of_draws.as_ref(),
        context: &context,
    };
    let unfinished = |error: &dyn std::fmt::Display| CannotAllocate::Unfinished(error.to_string());
    write_allocate(&out, &allocated, &loaded.text, &files_of(loaded)).map_err(|e| unfinished(&e))?;
    // What was found with the inputs as stated is written all the same.
    if let Some(error) = refused {
        return Err(error);
    }
    if answer.replications < request.replications {
        screen::warn(&format!(
            "Stopped after {} of {} replications of the placements; what was finished is kept and stated.\n",
            answer.replications, request.replications
        ));
    }
    let text = if args.run.json {
        allocate::json(&allocated).map_err(|e| unfinished(&no_json(e)))?
    } else {
        let mut text = allocate::text(&allocated);
        let _ = writeln!(
            text,
            "\nReport: {}\nTables and charts: {}",
            out.join("report.html").display(),
            out.display()
        );
        // Of people on shift no what-if is written.
        let best = out.join("best.toml");
        if best.exists() {
            text.push_str(&next(&format!(
                "`homefirst compare {} {}` says what the best placement changes besides.",
                typed(&args.run.file),
                typed(&best)
            )));
        }
        text
    };
    Ok(screen::print(&text))
}

/// The placements in every draw; nothing if stopped.
fn look_at_draws(
    args: &AllocateArgs,
    scenario: &Scenario,
    answer: &AllocateAnswer,
    draws: &Draws,
    (pieces, stop): (&Pieces, &AtomicBool),
) -> Result<Option<AllocateUncertain>, CannotAllocate> {
    let progress = Progress::of(draws.typed.len(), "draws");
    let mut drawn = |draw: usize| draws.scenario(draw, &args.run, scenario);
    let request = draws.request(&args.run, scenario);
    let found = allocate_uncertain(answer, &mut drawn, &request, pieces, stop, &|| {
        progress.long_step("draws")
    });
    progress.finish();
    found
}

/// What the canonical command says besides the file.
fn canonical(args: &AllocateArgs, scenario: &Scenario, request: &AllocateRequest) -> String {
    let mut words = format!(" --extra {}={}", args.extra.role, args.extra.number);
    let pathway = &scenario.pathways[request.pathway.0].name;
    let _ = if pathway.contains(' ') {
        write!(words, " --pathway \"{pathway}\"")
    } else {
        write!(words, " --pathway {pathway}")
    };
    if let Some(step) = args.step {
        let _ = write!(words, " --step {step}");
    }
    if let Some(n) = args.search_replications {
        let _ = write!(words, " --search-replications {n}");
    }
    words.push_str(&args.uncertain.canonical());
    words
}
