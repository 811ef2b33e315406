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
mod pieces;
mod pooling;
mod progress;
mod published;
mod replaced;
mod report;
mod required;
mod run;
mod screen;
mod sensitivity;
#[cfg(feature = "web")]
mod serve;
mod sliders;
mod trace;
mod trajectory;
mod uncertain;
mod warm_up;

pub use exit::Exit;

use std::process::ExitCode;

use clap::Parser as _;

use args::{Args, Command};

/// Reads the command line, does what it says, and returns the exit code.
#[must_use]
pub fn main() -> ExitCode {
    exit::on_panic();
    // Wrong words end here, with clap's own message and exit code 2.
    let exit = match Args::parse().command {
        Command::Ask(ask) => pieces::here(ask),
        Command::Report(args) => report::report(&args),
        Command::Plan(args) => pieces::plan(args),
        Command::Piece(args) => pieces::piece(&args),
        Command::Merge(args) => pieces::merge(&args),
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
