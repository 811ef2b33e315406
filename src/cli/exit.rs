//! Exit codes: documented, stable.

use std::process::ExitCode;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// Answered.
    Answered = 0,
    /// Not finished, and not for a reason in the file: a fault of the program, or of the machine (a full disk, say).
    Fault = 1,
    /// Wrong command line.
    Usage = 2,
    /// The scenario has errors.
    Scenario = 3,
    /// Nothing within the bounds will do: no staffing meets the target, or no inputs reproduce what was reported.
    NoneFeasible = 4,
    /// The precision asked for was not reached.
    Imprecise = 5,
    /// Pieces of the work are still to be made before there is an answer.
    Wanting = 6,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// A panic is our fault: say so, and how to report it.
pub(super) fn on_panic() {
    std::panic::set_hook(Box::new(|info| {
        let place = info.location().map(ToString::to_string).unwrap_or_default();
        let payload = info.payload();
        let text = payload.downcast_ref::<&str>().copied();
        let what = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
        let what = what.unwrap_or("no further word");
        super::screen::warn(&format!(
            "homefirst has met a fault of its own, at {place}: {what}\n\
             Nothing was written. Please report it with the scenario file and the command.\n"
        ));
        std::process::exit(i32::from(Exit::Fault as u8));
    }));
}
