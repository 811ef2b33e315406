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

use std::path::Path;
use std::process::ExitCode;

use clap::Parser as _;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use args::{Args, Command, PiecesArgs};
use pieces::How;
use run::Verb;

/// Reads the command line, does what it says, and returns the exit code.
#[must_use]
pub fn main() -> ExitCode {
    exit::on_panic();
    // Wrong words end here, with clap's own message and exit code 2.
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(wrong) => return wrong_words(&wrong).into(),
    };
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

/// Says what is wrong with a command line, or what was asked of clap itself.
fn wrong_words(wrong: &clap::Error) -> Exit {
    let option = match wrong.get(ContextKind::InvalidArg) {
        Some(ContextValue::String(option)) if wrong.kind() == ErrorKind::UnknownArgument => option.as_str(),
        _ => wrong.exit(),
    };
    let verb = std::env::args_os().nth(1).unwrap_or_default();
    let verb = verb.to_string_lossy();
    let Some((what, help)) = in_one_go(&verb, option) else {
        wrong.exit()
    };
    screen::error(&what);
    screen::help(help);
    Exit::Usage
}

/// Why a verb has no such option, and what to do, where one wants to go on from what is finished, or to divide the work.
fn in_one_go(verb: &str, option: &str) -> Option<(String, &'static str)> {
    if !["--resume", "--shard"].contains(&option) {
        return None;
    }
    let help = match verb {
        "trajectory" => {
            "`homefirst run FILE --resume DIR`, with --uncertain if that was asked, makes the same results folder, its report says from \
             which month on targets are met, and it goes on from what is finished"
        }
        "calibrate" => {
            "ask for less at a time with --points, --each or --waves; Ctrl-C keeps what is finished, but it begins anew the next time"
        }
        "allocate" => {
            "ask for less with --search-replications, --replications or a larger --step; Ctrl-C keeps what is finished, but it begins anew \
             the next time"
        }
        "explain" | "pooling" | "warm-up" => {
            "ask for less with --replications; `homefirst run` and `homefirst compare` go on from what is finished"
        }
        _ => return None,
    };
    let what = format!(
        "{verb} is answered in one go: {option} is of run, compare, sensitivity and required, which keep what is finished and go on from \
         there"
    );
    Some((what, help))
}

/// Asks a question as its options say: in one go, going on from what is finished, or one piece of it.
fn answered(args: &PiecesArgs, out: Option<&Path>, ask: impl FnOnce(&How) -> Exit) -> Exit {
    match How::of(args, out) {
        Ok(how) => ask(&how),
        Err(exit) => exit,
    }
}
