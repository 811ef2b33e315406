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

use std::path::Path;
use std::process::ExitCode;

use clap::Parser as _;

use args::{Args, Command, PiecesArgs};
use pieces::How;
use run::Verb;

/// Reads the command line, does what it says, and returns the exit code.
#[must_use]
pub fn main() -> ExitCode {
    exit::on_panic();
    // Wrong words end here, with clap's own message and exit code 2.
    let args = Args::parse();
    let exit = match args.command {
        Command::Run(args) => answered(&args.pieces, args.run.out.as_deref(), |how| {
            run::run(&args.run, Verb::Run, &args.uncertain, Some(&args), how)
        }),
        Command::Explain(args) => run::run(&args.run, Verb::Explain, &args.uncertain, None, &How::Alone),
        Command::Compare(args) => answered(&args.pieces, args.run.out.as_deref(), |how| {
            compare::compare(&args, how)
        }),
        Command::Allocate(args) => allocate::allocate(&args),
        Command::Calibrate(args) => calibrate::calibrate(&args),
        Command::Sensitivity(args) => answered(&args.pieces, args.run.out.as_deref(), |how| {
            sensitivity::sensitivity(&args, how)
        }),
        Command::Trajectory(args) => trajectory::trajectory(&args),
        Command::Required(args) => answered(&args.pieces, args.out.as_deref(), |how| required::required(&args, how)),
        Command::Report(args) => report::report(&args),
        Command::Plan(args) => pieces::plan(args),
        Command::Piece(args) => pieces::piece(&args),
        Command::Merge(args) => pieces::merge(&args),
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

/// Asks a question as its options say: in one go, going on from what is finished, or one piece of it.
fn answered(args: &PiecesArgs, out: Option<&Path>, ask: impl FnOnce(&How) -> Exit) -> Exit {
    match How::of(args, out) {
        Ok(how) => ask(&how),
        Err(exit) => exit,
    }
}
