//! The questions that can be divided or gone on with, and `plan`, `piece` and `merge`.

use std::path::{Path, PathBuf};

use clap::Parser as _;

use super::{How, no_plan};
use crate::cli::args::{
    Args, Ask, Command, MergeArgs, PieceArgs, PiecesArgs, PlanArgs, RunArgs, Shard, UncertainArgs, With,
};
use crate::cli::run::Verb;
use crate::cli::{Exit, allocate, calibrate, compare, pooling, required, run, screen, sensitivity, trajectory};
use crate::pieces::{Manifest, PLAN_FILE};

/// What of a question says from where it is read, where to it is written, and how.
struct Places<'a> {
    file: &'a mut PathBuf,
    out: &'a mut Option<PathBuf>,
    threads: &'a mut Option<u16>,
    json: &'a mut bool,
    /// Other files that are read.
    others: Vec<&'a mut PathBuf>,
}

impl<'a> Places<'a> {
    fn of(run: &'a mut RunArgs) -> Self {
        Self {
            file: &mut run.file,
            out: &mut run.out,
            threads: &mut run.threads,
            json: &mut run.json,
            others: Vec::new(),
        }
    }

    fn with(mut self, others: impl IntoIterator<Item = &'a mut PathBuf>) -> Self {
        self.others.extend(others);
        self
    }

    fn and(self, uncertain: &'a mut UncertainArgs) -> Self {
        self.with(uncertain.uncertain.iter_mut().flatten())
    }
}

impl<W: clap::Args> Ask<W> {
    fn ask(&self, how: &How) -> Exit {
        match self {
            Self::Run(With { of, .. }) => run::run(&of.run, Verb::Run, &of.uncertain, Some(of), how),
            Self::Explain(With { of, .. }) => run::run(&of.run, Verb::Explain, &of.uncertain, None, how),
            Self::Compare(With { of, .. }) => compare::compare(of, how),
            Self::Required(With { of, .. }) => required::required(of, how),
            Self::Allocate(With { of, .. }) => allocate::allocate(of, how),
            Self::Calibrate(With { of, .. }) => calibrate::calibrate(of, how),
            Self::Pooling(With { of, .. }) => pooling::pooling(of, how),
            Self::Sensitivity(With { of, .. }) => sensitivity::sensitivity(of, how),
            Self::Trajectory(With { of, .. }) => trajectory::trajectory(of, how),
        }
    }

    fn how(&self) -> &W {
        match self {
            Self::Run(With { how, .. })
            | Self::Explain(With { how, .. })
            | Self::Compare(With { how, .. })
            | Self::Required(With { how, .. })
            | Self::Allocate(With { how, .. })
            | Self::Calibrate(With { how, .. })
            | Self::Pooling(With { how, .. })
            | Self::Sensitivity(With { how, .. })
            | Self::Trajectory(With { how, .. }) => how,
        }
    }

    fn places(&mut self) -> Places<'_> {
        match self {
            Self::Run(With { of, .. }) => Places::of(&mut of.run)
                .with(&mut of.published.published)
                .and(&mut of.uncertain),
            Self::Explain(With { of, .. }) => Places::of(&mut of.run).and(&mut of.uncertain),
            Self::Compare(With { of, .. }) => Places::of(&mut of.run).with(&mut of.options).and(&mut of.uncertain),
            Self::Required(With { of, .. }) => Places {
                file: &mut of.file,
                out: &mut of.out,
                threads: &mut of.threads,
                json: &mut of.json,
                others: Vec::new(),
            }
            .and(&mut of.uncertain),
            Self::Allocate(With { of, .. }) => Places::of(&mut of.run).and(&mut of.uncertain),
            Self::Calibrate(With { of, .. }) => Places::of(&mut of.run),
            Self::Pooling(With { of, .. }) => Places::of(&mut of.run).and(&mut of.uncertain),
            Self::Sensitivity(With { of, .. }) => Places::of(&mut of.run),
            Self::Trajectory(With { of, .. }) => Places::of(&mut of.run).and(&mut of.uncertain),
        }
    }
}

/// Asks a question as its options say: in one go, going on from what is finished, or one piece of it.
pub(in crate::cli) fn here(mut ask: Ask<PiecesArgs>) -> Exit {
    let out = ask.places().out.clone();
    match How::of(ask.how(), out.as_deref()) {
        Ok(how) => ask.ask(&how),
        Err(exit) => exit,
    }
}

/// `plan VERB FILE... --pieces N --out DIR`.
pub(in crate::cli) fn plan(args: PlanArgs) -> Exit {
    let mut ask = args.ask;
    let Some(folder) = ask.places().out.clone() else {
        screen::error("say with --out DIR into which folder the plan and its pieces go");
        return Exit::Usage;
    };
    ask.ask(&How::Plan(ask.how().pieces, folder))
}

/// What is set in a question whose words were read from a plan: files are those of the folder.
struct Set<'a> {
    folder: &'a Path,
    out: Option<PathBuf>,
    threads: Option<u16>,
    json: bool,
}

/// The question of a plan, and its pieces; or how the command ends.
fn planned(folder: &Path, set: Set<'_>) -> Result<(Ask<PiecesArgs>, u32), Exit> {
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
            folder.join(PLAN_FILE).display()
        ));
        Exit::Fault
    };
    let words = std::iter::once("homefirst").chain(manifest.words.iter().map(String::as_str));
    let args = Args::try_parse_from(words).map_err(|_| unread())?;
    let Command::Ask(mut ask) = args.command else {
        return Err(unread());
    };
    let places = ask.places();
    for path in places.others.into_iter().chain([places.file]) {
        *path = set.folder.join(&*path);
    }
    (*places.out, *places.threads, *places.json) = (set.out, set.threads, set.json);
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
