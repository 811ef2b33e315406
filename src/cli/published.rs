//! `run --published FILE`: figures of months that were published, to stand beside simulated months.

use super::args::PublishedArgs;
use super::run::file_named;
use super::{Exit, screen};
use crate::answers::published::{PublishedMonths, published};
use crate::model::Scenario;
use crate::scenario::Published;

/// The figures that were given, nothing if none were; or how the command ends, which has been told.
pub(super) fn given(args: &PublishedArgs, scenario: &Scenario) -> Result<Vec<PublishedMonths>, Exit> {
    let Some(path) = &args.published else {
        return Ok(Vec::new());
    };
    let told = |error: &dyn std::fmt::Display| {
        screen::error(&format!("published figures: {error}"));
        Exit::Scenario
    };
    let read = Published::read(path, args.organisation.as_deref()).map_err(|error| told(&error))?;
    published(scenario, &read, args.published_for.as_deref()).map_err(|error| told(&error))
}

impl PublishedArgs {
    /// What the canonical command says of it, files by their names alone.
    pub(super) fn canonical(&self) -> String {
        let quoted = |text: &String| {
            if text.contains(' ') {
                format!("\"{text}\"")
            } else {
                text.clone()
            }
        };
        let file = self
            .published
            .as_ref()
            .map(|path| format!(" --published {}", file_named(path)));
        let whose = self
            .organisation
            .as_ref()
            .map(|name| format!(" --organisation {}", quoted(name)));
        let of = self
            .published_for
            .as_ref()
            .map(|name| format!(" --published-for {}", quoted(name)));
        [file, whose, of].into_iter().flatten().collect()
    }
}
