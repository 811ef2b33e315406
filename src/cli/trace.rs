//! `trace FILE`: what happened in one replication, as a log for process tools.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use super::args::TraceArgs;
use super::pieces::exit_of;
use super::run::read;
use super::{Exit, screen};
use crate::answers::trace::{TraceRequest, trace as answer_trace};
use crate::model::{HubId, Scenario};
use crate::output::results::ResultsError;
use crate::output::{self, place};

pub(super) fn trace(args: &TraceArgs) -> Exit {
    let Some(loaded) = read(&args.file, &args.set, None, args.seed) else {
        return Exit::Scenario;
    };
    let hub = match args.hub.as_deref().map(|name| hub(&loaded.scenario, name)).transpose() {
        Ok(hub) => hub,
        Err(exit) => return exit,
    };
    if let Some(Err(exit)) = args.out.as_deref().map(ready) {
        return exit;
    }
    let request = TraceRequest {
        replication: args.replication - 1,
        hub,
        days: args.days,
    };
    let rows = answer_trace(&loaded.scenario, request);
    let text = match output::trace::trace(&loaded.scenario, &rows) {
        Ok(text) => text,
        Err(error) => {
            screen::error(&error.to_string());
            return Exit::Fault;
        }
    };
    match &args.out {
        None => screen::print(&text),
        Some(out) => place::write_file(out, &text).map_or_else(told, |()| Exit::Answered),
    }
}

#[expect(clippy::needless_pass_by_value, reason = "what errors are handed over as")]
fn told(error: ResultsError) -> Exit {
    screen::error(&error.to_string());
    Exit::Fault
}

/// The hub of that name; where there is none, that has been said.
fn hub(scenario: &Scenario, name: &str) -> Result<HubId, Exit> {
    scenario.hub(name).ok_or_else(|| {
        let names: Vec<String> = scenario.hubs.iter().map(|hub| format!("\"{}\"", hub.name)).collect();
        screen::error(&format!("there is no hub \"{name}\"; there are {}", names.join(", ")));
        Exit::Usage
    })
}

/// That a trace can be written there when it is made, over nothing but an earlier one; or how the command ends.
fn ready(out: &Path) -> Result<(), Exit> {
    let header = output::trace::TRACE.join(",");
    if out.exists() && !begins_with(out, &header) {
        screen::error(&format!(
            "{} is there already and is no trace; choose another name",
            out.display()
        ));
        return Err(Exit::Usage);
    }
    place::ready_for_file(out).map_err(|error| {
        screen::error(&error.to_string());
        exit_of(&error)
    })
}

fn begins_with(file: &Path, header: &str) -> bool {
    let mut start = vec![0; header.len()];
    File::open(file)
        .and_then(|mut file| file.read_exact(&mut start))
        .is_ok()
        && start == header.as_bytes()
}
