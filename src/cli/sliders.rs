//! `run --sliders ROLE[,ROLE]`: how much work that is, whether it is wanted, and doing it.

use std::io::IsTerminal as _;
use std::sync::atomic::AtomicBool;

use super::args::{Slide, SlidersArgs};
use super::pieces::How;
use super::progress::Progress;
use super::{Exit, screen};
use crate::answers::run::RunAnswer;
use crate::answers::sliders::{CannotSlide, MOST_ROLES, SlidersPlan, SlidersRequest, sliders};
use crate::model::{RoleId, Scenario};
use crate::output::sliders::work;
use crate::output::table;
use crate::pieces::Pieces;

/// How far staff are slid if nothing is said: of one role, and of two together.
const ALONE: Slide = Slide { from: -2, to: 6 };
const TOGETHER: Slide = Slide { from: -2, to: 4 };

/// Sliders that were asked for, and are wanted with all their work; nothing if none were. Or how the command ends, which has been told.
pub(super) fn wanted(args: &SlidersArgs, scenario: &Scenario, how: &How) -> Result<Option<SlidersPlan>, Exit> {
    if args.sliders.is_empty() {
        return Ok(None);
    }
    let roles = roles(&args.sliders, scenario).map_err(|message| {
        screen::error(&message);
        Exit::Usage
    })?;
    let slide = args.slide.unwrap_or(if roles.len() > 1 { TOGETHER } else { ALONE });
    let request = SlidersRequest {
        roles: roles.clone(),
        from: slide.from,
        to: slide.to,
    };
    let plan = SlidersPlan::new(scenario, request).map_err(|error| {
        screen::error(&error.to_string());
        match error {
            CannotSlide::TooMany { .. } => Exit::Usage,
            _ => Exit::Scenario,
        }
    })?;
    // Who divides a question has said already that it is much.
    if matches!(how, How::Alone | How::Resume(_)) {
        let x = &scenario.experiment;
        let told = work(scenario, &roles, &plan, x.replications, x.precision.is_some());
        screen::warn(&table::prose(&[told]));
        agreed(args.yes)?;
    }
    Ok(Some(plan))
}

/// The roles by their names.
fn roles(names: &[String], scenario: &Scenario) -> Result<Vec<RoleId>, String> {
    let mut roles = Vec::new();
    for name in names {
        let Some(role) = scenario.role(name) else {
            let names: Vec<&str> = scenario.roles.iter().map(|r| r.name.as_str()).collect();
            return Err(format!(
                "--sliders: there is no role `{name}` in the file; its roles: {}",
                names.join(", ")
            ));
        };
        if roles.contains(&role) {
            return Err(format!("--sliders: `{name}` is there twice"));
        }
        roles.push(role);
    }
    if roles.len() > MOST_ROLES {
        return Err(format!(
            "--sliders: {} roles would have too many combinations; give one, or two that are slid together",
            roles.len()
        ));
    }
    Ok(roles)
}

/// Whether so much work is wanted: said before, or asked at a terminal.
fn agreed(yes: bool) -> Result<(), Exit> {
    if yes {
        return Ok(());
    }
    if !(std::io::stdin().is_terminal() && std::io::stderr().is_terminal()) {
        screen::error(
            "nothing was simulated: say --yes to have sliders with that much work, or --slide for a shorter range",
        );
        return Err(Exit::Usage);
    }
    screen::warn("Go on? [y/N] ");
    let mut reply = String::new();
    // What cannot be read is no yes.
    let read = std::io::stdin().read_line(&mut reply);
    if read.is_ok() && says_yes(&reply) {
        return Ok(());
    }
    screen::error("nothing was simulated; --slide gives a shorter range, --replications fewer replications");
    Err(Exit::Usage)
}

fn says_yes(reply: &str) -> bool {
    ["y", "yes"].contains(&reply.trim().to_lowercase().as_str())
}

/// Adds them to the answer of a run, on as many replications.
pub(super) fn add(
    plan: &SlidersPlan,
    answer: &mut RunAnswer,
    scenario: &Scenario,
    threads: Option<u16>,
    (pieces, stop): (&Pieces, &AtomicBool),
) -> Result<(), String> {
    // As long as it is not known how many replications the run takes, nobody can simulate as many.
    if scenario.experiment.precision.is_some() && pieces.wanted().units > 0 {
        return Ok(());
    }
    let replications = answer.replications;
    let cells = u32::try_from(plan.cells()).unwrap_or(u32::MAX);
    let progress = Progress::new(
        pieces.to_make(plan.units(replications)),
        cells.saturating_mul(replications),
    );
    let threads = threads.map(usize::from);
    let step = || progress.step();
    let found = sliders(scenario, plan, replications, threads, pieces, (stop, &step));
    progress.finish();
    answer.sliders = found?;
    if answer.sliders.is_none() {
        screen::warn("Stopped before every number of staff was simulated: there are no sliders.\n");
    }
    Ok(())
}

impl SlidersArgs {
    /// What the canonical command says of it.
    pub(super) fn canonical(&self) -> String {
        if self.sliders.is_empty() {
            return String::new();
        }
        let names = self.sliders.join(",");
        let names = if names.contains(' ') {
            format!("\"{names}\"")
        } else {
            names
        };
        let slide = self.slide.map_or_else(String::new, |slide| format!(" --slide {slide}"));
        format!(" --sliders {names}{slide}")
    }
}

#[cfg(test)]
mod tests {
    use super::says_yes;

    #[test]
    fn only_a_yes_is_a_yes() {
        assert!(says_yes("y\n") && says_yes(" Yes \r\n"));
        assert!(!says_yes("") && !says_yes("\n") && !says_yes("no\n") && !says_yes("yellow\n"));
    }
}
