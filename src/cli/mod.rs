//! The command line: words in, a request to the floor below, an answer printed.

mod allocate;
mod args;
mod calibrate;
mod check;
mod compare;
pub mod diagnose;
mod exit;
mod new;
mod next;
mod pooling;
mod progress;
mod report;
mod required;
mod run;
mod screen;
mod sensitivity;
#[cfg(feature = "web")]
mod serve;
mod trace;
mod trajectory;
mod uncertain;
mod warm_up;

pub use exit::Exit;

use std::process::ExitCode;

use clap::Parser as _;

use args::{Args, Command};
use run::Verb;

/// Reads the command line, does what it says, and returns the exit code.
#[must_use]
pub fn main() -> ExitCode {
    exit::on_panic();
    // Wrong words end here, with clap's own message and exit code 2.
    let args = Args::parse();
    let exit = match args.command {
        Command::Run(args) => run::run(&args.run, Verb::Run, Some(&args.uncertain)),
        Command::Explain(args) => run::run(&args, Verb::Explain, None),
        Command::Compare(args) => compare::compare(&args),
        Command::Allocate(args) => allocate::allocate(&args),
        Command::Calibrate(args) => calibrate::calibrate(&args),
        Command::Sensitivity(args) => sensitivity::sensitivity(&args),
        Command::Trajectory(args) => trajectory::trajectory(&args),
        Command::Required(args) => required::required(&args),
        Command::Report(args) => report::report(&args),
        Command::Pooling(args) => pooling::pooling(&args),
        Command::WarmUp(args) => warm_up::warm_up(&args),
        Command::Check(args) => check::check(&args),
        Command::Trace(args) => trace::trace(&args),
        Command::New(args) => new::new(&args),
        #[cfg(feature = "web")]
        Command::Serve(args) => serve::serve(&args),
        Command::Schema => screen::print(&crate::scenario::schema()),
    };
    exit.into()
}
