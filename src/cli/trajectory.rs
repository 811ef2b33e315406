//! `trajectory FILE`: from which month on is the target met?

use std::sync::atomic::AtomicBool;

use super::args::TrajectoryArgs;
use super::next::{next, typed};
use super::pieces::{How, Inputs, Through, Words};
use super::progress::Progress;
use super::run::{Command, Verb, fault, no_json, printed, request, simulate};
use super::uncertain::{DRAWS, Draws, Held, draws};
use super::{Exit, screen};
use crate::answers::latest_advert::{NoAnswer, can_answer, latest_advert, most_runs};
use crate::answers::run::RunAnswer;
use crate::model::{HubId, Scenario};
use crate::output;
use crate::pieces::Pieces;

pub(super) fn trajectory(args: &TrajectoryArgs, how: &How) -> Exit {
    let Some(loaded) = args.run.read() else {
        return Exit::Scenario;
    };
    let scenario = &loaded.scenario;
    let hub = match args.hub.as_deref().map(|name| hub(scenario, name)).transpose() {
        Ok(hub) => hub,
        Err(message) => {
            screen::error(&message);
            return Exit::Usage;
        }
    };
    if args.latest_advert && args.uncertain.uncertain.is_some() {
        screen::error(
            "--latest-advert is answered with the inputs as stated, and not in every draw of them. Ask it without --uncertain, and \
             trajectory --uncertain without it.",
        );
        return Exit::Usage;
    }
    let draws = match draws(&args.uncertain, &loaded, DRAWS, &Held::NONE) {
        Ok(draws) => draws,
        Err(exit) => return exit,
    };
    // Before anything is simulated, so that nobody waits for a refusal.
    if args.latest_advert
        && let Err(why) = can_answer(scenario)
    {
        screen::error(&output::months::no_latest_advert(&why));
        return Exit::Usage;
    }
    // Without these questions the results are those of a run, to the byte.
    let command = if args.latest_advert || hub.is_some() {
        Command {
            verb: "trajectory",
            extra: extra(args),
        }
    } else {
        Command {
            extra: args.uncertain.canonical(),
            ..Verb::Run.command()
        }
    };
    let mut refused = false;
    let late = |answer: &mut RunAnswer, stop: &AtomicBool, pieces: &Pieces| {
        answer.asked_of = hub;
        if let Some(draws) = &draws {
            return draws.beside(&args.run, scenario, answer, (pieces, stop), &mut refused);
        }
        if !args.latest_advert {
            return Ok(());
        }
        let request = request(&args.run, scenario);
        let steps = most_runs(scenario) * u64::from(request.replications) * scenario.islands().len() as u64;
        let progress = Progress::new(pieces.to_make(steps), request.replications);
        let found = latest_advert(scenario, request, hub, pieces, stop, &|| progress.step());
        progress.finish();
        answer.latest_adverts = match found {
            // There is no answer yet.
            Err(NoAnswer::Waits) => Vec::new(),
            found => found.map_err(|why| output::months::no_latest_advert(&why))?,
        };
        Ok(())
    };
    let asked = || {
        let mut inputs = Inputs::default();
        let words = Words::of_trajectory(args, &loaded, &mut inputs)?;
        let more: Vec<String> = draws.iter().map(Draws::told).collect();
        Ok(command.in_pieces(&args.run, &loaded, (words, inputs), &more))
    };
    let done = match simulate(&args.run, Verb::Run, &loaded, &command, (how, &asked), late) {
        Ok(Through::Answer(done)) => done,
        Ok(Through::Ended(exit)) => return exit,
        Err(message) if refused => {
            screen::error(&message);
            return Exit::Scenario;
        }
        Err(message) => return fault(message),
    };
    let latest = args.latest_advert.then_some(done.answer.latest_adverts.as_slice());
    let text = if args.run.json {
        output::json::trajectory(scenario, &done.answer, latest, &done.context).map_err(no_json)
    } else {
        Ok(
            output::table::trajectory(scenario, &done.answer, hub, latest, &done.context.what_if)
                + &done.places()
                + &go_on(args, scenario),
        )
    };
    text.map_or_else(fault, |text| printed(&text, done.exit()))
}

/// What to ask next: when to advertise, where that can be asked and was not.
fn go_on(args: &TrajectoryArgs, scenario: &Scenario) -> String {
    if args.latest_advert || !args.run.set.is_empty() || can_answer(scenario).is_err() {
        return String::new();
    }
    next(&format!(
        "`homefirst trajectory {} --latest-advert` says when posts must be advertised at the latest.",
        typed(&args.run.file)
    ))
}

/// The options of this verb that its results depend on, as in the canonical command.
fn extra(args: &TrajectoryArgs) -> String {
    let hub = args.hub.as_ref().map(|name| format!(" --hub \"{name}\""));
    let latest = if args.latest_advert { " --latest-advert" } else { "" };
    hub.unwrap_or_default() + latest + &args.uncertain.canonical()
}

/// The hub of that name.
fn hub(scenario: &Scenario, name: &str) -> Result<HubId, String> {
    scenario.hub(name).ok_or_else(|| {
        let names: Vec<&str> = scenario.hubs.iter().map(|h| h.name.as_str()).collect();
        format!(
            "there is no hub \"{name}\" in the file; its hubs: {}\n",
            names.join("; ")
        )
    })
}
