//! `trace FILE`: what happened in one replication, as a log for process tools.

use std::fs;
use std::io::Read as _;
use std::path::Path;

use super::args::TraceArgs;
use super::run::read;
use super::{Exit, screen};
use crate::answers::trace::{TraceRequest, trace as answer_trace};
use crate::model::{HubId, Scenario};
use crate::output;

pub(super) fn trace(args: &TraceArgs) -> Exit {
    let Some(loaded) = read(&args.file, &args.set, None, args.seed) else {
        return Exit::Scenario;
    };
    let hub = match args.hub.as_deref().map(|name| hub(&loaded.scenario, name)).transpose() {
        Ok(hub) => hub,
        Err(exit) => return exit,
    };
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
        Some(out) => write(out, &text),
    }
}

/// The hub of that name; where there is none, that has been said.
fn hub(scenario: &Scenario, name: &str) -> Result<HubId, Exit> {
    scenario.hub(name).ok_or_else(|| {
        let names: Vec<String> = scenario.hubs.iter().map(|hub| format!("\"{}\"", hub.name)).collect();
        screen::error(&format!("there is no hub \"{name}\"; there are {}", names.join(", ")));
        Exit::Usage
    })
}

/// Writes a trace where nothing is, or an earlier one.
fn write(out: &Path, text: &str) -> Exit {
    let header = output::trace::TRACE.join(",");
    if out.exists() && !begins_with(out, &header) {
        screen::error(&format!(
            "{} is there already and is no trace; choose another name",
            out.display()
        ));
        return Exit::Fault;
    }
    match fs::write(out, text) {
        Ok(()) => Exit::Answered,
        Err(error) => {
            screen::error(&format!("cannot write {}: {error}", out.display()));
            Exit::Fault
        }
    }
}

fn begins_with(file: &Path, header: &str) -> bool {
    let mut start = vec![0; header.len()];
    fs::File::open(file)
        .and_then(|mut file| file.read_exact(&mut start))
        .is_ok()
        && start == header.as_bytes()
}
