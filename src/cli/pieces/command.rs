//! `plan`, `piece` and `merge`.

use std::path::{Path, PathBuf};

use clap::Parser as _;

use super::{How, no_plan};
use crate::cli::args::{
    Args, Command, CompareArgs, InPieces, MergeArgs, PieceArgs, PiecesArgs, PlanArgs, Planned, RequiredArgs, RunArgs,
    RunOnlyArgs, SensitivityArgs, Shard, UncertainArgs,
};
use crate::cli::run::Verb;
use crate::cli::{Exit, compare, required, run, screen, sensitivity};
use crate::pieces::Manifest;

/// A question that can be asked in pieces.
enum Ask {
    Run(RunOnlyArgs),
    Compare(CompareArgs),
    Sensitivity(SensitivityArgs),
    Required(RequiredArgs),
}

/// What is set in a question whose words were read from a plan.
struct Set<'a> {
    folder: &'a Path,
    out: Option<PathBuf>,
    threads: Option<u16>,
    json: bool,
}

impl Ask {
    fn ask(&self, how: &How) -> Exit {
        match self {
            Self::Run(args) => run::run(&args.run, Verb::Run, &args.uncertain, Some(args), how),
            Self::Compare(args) => compare::compare(args, how),
            Self::Sensitivity(args) => sensitivity::sensitivity(args, how),
            Self::Required(args) => required::required(args, how),
        }
    }

    fn pieces(&self) -> &PiecesArgs {
        match self {
            Self::Run(args) => &args.pieces,
            Self::Compare(args) => &args.pieces,
            Self::Sensitivity(args) => &args.pieces,
            Self::Required(args) => &args.pieces,
        }
    }

    fn out(&self) -> Option<&Path> {
        match self {
            Self::Run(args) => args.run.out.as_deref(),
            Self::Compare(args) => args.run.out.as_deref(),
            Self::Sensitivity(args) => args.run.out.as_deref(),
            Self::Required(args) => args.out.as_deref(),
        }
    }

    /// Files are those of the folder, and nothing else of the words says how it is answered.
    fn settle(&mut self, set: Set<'_>) {
        let uncertain = |args: &mut UncertainArgs| {
            if let Some(Some(path)) = &mut args.uncertain {
                *path = set.folder.join(&*path);
            }
        };
        let ((file, out, threads, json), pieces) = match self {
            Self::Run(args) => {
                uncertain(&mut args.uncertain);
                let published = args.published.published.iter_mut();
                published.for_each(|path| *path = set.folder.join(&*path));
                (places(&mut args.run), &mut args.pieces)
            }
            Self::Compare(args) => {
                uncertain(&mut args.uncertain);
                args.options.iter_mut().for_each(|path| *path = set.folder.join(&*path));
                (places(&mut args.run), &mut args.pieces)
            }
            Self::Sensitivity(args) => (places(&mut args.run), &mut args.pieces),
            Self::Required(args) => (
                (&mut args.file, &mut args.out, &mut args.threads, &mut args.json),
                &mut args.pieces,
            ),
        };
        *file = set.folder.join(&*file);
        (*out, *threads, *json) = (set.out, set.threads, set.json);
        *pieces = PiecesArgs::default();
    }
}

/// The file of a run, and how it is answered.
type Places<'a> = (
    &'a mut PathBuf,
    &'a mut Option<PathBuf>,
    &'a mut Option<u16>,
    &'a mut bool,
);

const fn places(run: &mut RunArgs) -> Places<'_> {
    (&mut run.file, &mut run.out, &mut run.threads, &mut run.json)
}

/// `plan VERB FILE... --pieces N --out DIR`.
pub(in crate::cli) fn plan(args: PlanArgs) -> Exit {
    let (ask, pieces) = match args.verb {
        Planned::Run(InPieces { of, pieces }) => (Ask::Run(of), pieces),
        Planned::Compare(InPieces { of, pieces }) => (Ask::Compare(of), pieces),
        Planned::Sensitivity(InPieces { of, pieces }) => (Ask::Sensitivity(of), pieces),
        Planned::Required(InPieces { of, pieces }) => (Ask::Required(of), pieces),
    };
    if ask.pieces().shard.is_some() || ask.pieces().resume.is_some() {
        screen::error("plan only divides the work; leave --shard and --resume out");
        return Exit::Usage;
    }
    let Some(folder) = ask.out() else {
        screen::error("say with --out DIR into which folder the plan and its pieces go");
        return Exit::Usage;
    };
    ask.ask(&How::Plan(pieces, folder.to_path_buf()))
}

/// The question of a plan, and its pieces; or how the command ends.
fn planned(folder: &Path, set: Set<'_>) -> Result<(Ask, u32), Exit> {
    let manifest = match Manifest::read(folder) {
        Ok(Some(manifest)) => manifest,
        Ok(None) => {
            screen::error(&no_plan(folder));
            return Err(Exit::Usage);
        }
        Err(error) => {
            screen::error(&error.to_string());
            return Err(Exit::Fault);
        }
    };
    let unread = || {
        screen::error(&format!(
            "the words of {} are not understood; plan again into an empty folder",
            folder.join("plan.json").display()
        ));
        Exit::Fault
    };
    let words = std::iter::once("homefirst").chain(manifest.words.iter().map(String::as_str));
    let args = Args::try_parse_from(words).map_err(|_| unread())?;
    let mut ask = match args.command {
        Command::Run(args) => Ask::Run(args),
        Command::Compare(args) => Ask::Compare(args),
        Command::Sensitivity(args) => Ask::Sensitivity(args),
        Command::Required(args) => Ask::Required(args),
        _ => return Err(unread()),
    };
    ask.settle(set);
    Ok((ask, manifest.pieces()))
}

/// `piece DIR N`.
pub(in crate::cli) fn piece(args: &PieceArgs) -> Exit {
    let set = Set {
        folder: &args.folder,
        out: None,
        threads: args.threads,
        json: false,
    };
    match planned(&args.folder, set) {
        Err(exit) => exit,
        Ok((ask, pieces)) => {
            let shard = Shard {
                piece: args.piece,
                pieces,
            };
            ask.ask(&How::Shard(shard, args.folder.clone()))
        }
    }
}

/// `merge DIR`.
pub(in crate::cli) fn merge(args: &MergeArgs) -> Exit {
    let set = Set {
        folder: &args.folder,
        out: args.out.clone(),
        threads: args.threads,
        json: args.json,
    };
    match planned(&args.folder, set) {
        Err(exit) => exit,
        Ok((ask, _)) => ask.ask(&How::Merge(args.folder.clone())),
    }
}
