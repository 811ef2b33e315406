//! The command line: words in, a request to the floor below, an answer printed.

mod args;
mod check;
pub mod diagnose;
mod exit;
mod progress;
mod run;
mod screen;

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
        Command::Run(args) => run::run(&args, Verb::Run),
        Command::Explain(args) => run::run(&args, Verb::Explain),
        Command::Check(args) => check::check(&args),
        Command::Schema => screen::print(&crate::scenario::schema()),
    };
    exit.into()
}
