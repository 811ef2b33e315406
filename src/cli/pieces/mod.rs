//! One question in pieces: `plan`, `piece` (or `--shard`), `merge`; and `--resume`.
//!
//! A verb says what it asks and how to ask it; whether that is done alone, by going on from what is finished, for one piece, or
//! with all pieces read is known only here.

mod command;
mod words;

pub(super) use command::{here, merge, piece, plan};
pub(super) use words::{Inputs, Words};

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use super::args::{PiecesArgs, Shard};
use super::next::{next, typed};
use super::replaced::warn_if_replaced;
use super::{Exit, screen};
use crate::output::results::ResultsError;
use crate::output::{place, table, words as output_words};
use crate::pieces::{Folder, Manifest, PLAN_FILE, PieceOf, Pieces, PiecesError, Question, Round, SourceCopy, Wanted};

/// How a question is answered.
#[derive(Clone, Debug)]
pub(super) enum How {
    /// In one go, with nothing kept.
    Alone,
    /// Going on from what lies in a folder, and keeping there what is finished.
    Resume(PathBuf),
    /// Not: it is divided into so many pieces, and the plan written into a folder.
    Plan(u32, PathBuf),
    /// Not: one piece of it is made.
    Shard(Shard, PathBuf),
    /// From the pieces in a folder.
    Merge(PathBuf),
}

/// What is asked, for whoever divides it.
pub(super) struct Asked {
    pub(super) question: Question,
    /// The command line, with files as they lie below a folder.
    pub(super) words: Vec<String>,
    /// These files.
    pub(super) sources: Vec<SourceCopy>,
}

/// What came of it.
pub(super) enum Through<A> {
    /// The answer.
    Answer(A),
    /// There is none, and that is how the command ends; what there is to say has been said.
    Ended(Exit),
}

impl How {
    /// As the options say; `out` is the folder for results, or for the piece. Or how the command ends.
    pub(super) fn of(args: &PiecesArgs, out: Option<&Path>) -> Result<Self, Exit> {
        match (&args.shard, &args.resume, out) {
            (None, None, _) => Ok(Self::Alone),
            (None, Some(folder), _) => Ok(Self::Resume(folder.clone())),
            (Some(shard), _, Some(out)) => Ok(Self::Shard(*shard, out.to_path_buf())),
            (Some(_), _, None) => {
                screen::error("--shard makes a piece of the work; say with --out DIR into which folder");
                Err(Exit::Usage)
            }
        }
    }

    /// Answers a question, or does what is to be done about it. `ask` asks it of what is finished; where that leaves units to others,
    /// it may be asked twice, and has no answer where it waits for them. Where there is to be an answer, it is asked only if `out` can
    /// take its results; that they would take the place of another question's (than `canonical`) is said before.
    pub(super) fn through<A, E>(
        &self,
        (out, canonical): (&Path, &str),
        asked: impl FnOnce() -> Result<Asked, Exit>,
        stop: &AtomicBool,
        mut ask: impl FnMut(&Pieces) -> Result<Option<A>, E>,
    ) -> Result<Through<A>, E> {
        if matches!(self, Self::Alone | Self::Resume(_) | Self::Merge(_)) {
            if let Err(exit) = ready(out) {
                return Ok(Through::Ended(exit));
            }
            warn_if_replaced(out, canonical);
        }
        // Results take the whole of their place, and what is finished would be in their way at the end.
        if let Self::Resume(folder) = self
            && place::lies_in(folder, out)
        {
            screen::error(&format!(
                "--resume {} lies in the folder for results, {}, which is replaced as a whole; choose a folder beside it",
                folder.display(),
                out.display()
            ));
            return Ok(Through::Ended(Exit::Usage));
        }
        if matches!(self, Self::Alone) {
            return Ok(ask(&Pieces::alone())?.map_or(Through::Ended(Exit::Fault), Through::Answer));
        }
        let asked = match asked() {
            Ok(asked) => asked,
            Err(exit) => return Ok(Through::Ended(exit)),
        };
        let mut failed = None;
        let mut ask = |pieces: &Pieces| -> Result<Option<A>, Stop> {
            let answer = ask(pieces).map_err(|error| {
                failed = Some(error);
                Stop::Failed
            })?;
            if pieces.leaves() && stop.load(Ordering::Relaxed) {
                screen::error(
                    "stopped: what was begun of this is not kept, and everything finished before is as it was",
                );
                return Err(Stop::Told(Exit::Fault));
            }
            Ok(answer)
        };
        let done = match self {
            Self::Alone => Err(Stop::Told(Exit::Fault)),
            Self::Resume(folder) => resume(folder, &asked, &mut ask),
            Self::Plan(pieces, folder) => plan_into(folder, *pieces, &asked, &mut ask),
            Self::Shard(shard, folder) => shard_of(folder, *shard, &asked, &mut ask),
            Self::Merge(folder) => merged(folder, &asked, &mut ask),
        };
        match (done, failed) {
            (Err(Stop::Failed), Some(error)) => Err(error),
            (Ok(through), _) => Ok(through),
            (Err(Stop::Wrong(error)), _) => {
                screen::error(&error.to_string());
                let elsewhere = error.is_of_another();
                Ok(Through::Ended(if elsewhere { Exit::Usage } else { Exit::Fault }))
            }
            (Err(Stop::Told(exit)), _) => Ok(Through::Ended(exit)),
            (Err(Stop::Failed), None) => Ok(Through::Ended(Exit::Fault)),
        }
    }
}

/// That results can be put there when they are done; or how the command ends.
fn ready(out: &Path) -> Result<(), Exit> {
    let found = place::ready(out).map_err(|error| {
        screen::error(&error.to_string());
        exit_of(&error)
    })?;
    if let Some(found) = found {
        warn_of_put_back(out, &found);
    }
    Ok(())
}

/// That earlier results are where they were again.
pub(super) fn warn_of_put_back(out: &Path, found: &Path) {
    let (out, found) = (out.display(), found.display());
    screen::warn(&table::prose(&[format!(
        "warning: the earlier results in {out} had been left as {found}, by a command that was killed, or that is replacing them at \
         this moment; they are put back."
    )]));
}

/// How a command ends that cannot write where it is to.
pub(super) fn exit_of(error: &ResultsError) -> Exit {
    match error {
        ResultsError::NotResults(_)
        | ResultsError::NotReport(_)
        | ResultsError::Mounted(_)
        | ResultsError::SteppedAside { .. }
        | ResultsError::NoName(_) => Exit::Usage,
        _ => Exit::Fault,
    }
}

/// Why there is neither an answer nor a piece.
enum Stop {
    /// The question itself failed.
    Failed,
    /// Something is wrong with the folder.
    Wrong(PiecesError),
    /// That has been said.
    Told(Exit),
}

impl From<PiecesError> for Stop {
    fn from(error: PiecesError) -> Self {
        Self::Wrong(error)
    }
}

type Ask<'a, A> = dyn FnMut(&Pieces) -> Result<Option<A>, Stop> + 'a;

/// Ends with something to say.
fn ended<A>(text: &str, exit: Exit) -> Result<Through<A>, Stop> {
    Ok(Through::Ended(super::run::printed(text, exit)))
}

fn told(message: &str, exit: Exit) -> Stop {
    screen::error(message);
    Stop::Told(exit)
}

fn resume<A>(folder: &Path, asked: &Asked, ask: &mut Ask<'_, A>) -> Result<Through<A>, Stop> {
    planned(folder, asked)?;
    let pieces = Pieces::resume(&Folder::open(folder)?, &asked.question)?;
    let answer = ask(&pieces);
    let saved = pieces.save();
    let answer = answer?.ok_or(Stop::Told(Exit::Fault))?;
    if let Err(error) = saved {
        // The answer is whole all the same.
        screen::warn(&table::prose(&[format!("warning: {error}")]));
    }
    Ok(Through::Answer(answer))
}

/// The plan of a folder, which must be of this question.
fn planned(folder: &Path, asked: &Asked) -> Result<Option<Manifest>, Stop> {
    let Some(manifest) = Manifest::read(folder)? else {
        return Ok(None);
    };
    let (there, here) = (&manifest.question, &asked.question);
    if there == here {
        return Ok(Some(manifest));
    }
    let why = if there.version == here.version {
        format!(
            "{} is planned for another question, `{}`, or its files have changed since; use a folder of its own for each question",
            folder.display(),
            there.canonical_command
        )
    } else {
        format!(
            "{} was planned by version {} of homefirst, and this is {}; make all pieces and merge them with one build",
            folder.display(),
            there.version,
            here.version
        )
    };
    Err(told(&why, Exit::Usage))
}

/// Divides a question, if the folder has no plan of it yet.
fn divide<A>(folder: &Path, pieces: u32, asked: &Asked, ask: &mut Ask<'_, A>) -> Result<Manifest, Stop> {
    if let Some(manifest) = planned_in(folder, pieces, asked)? {
        return Ok(manifest);
    }
    // Without a plan, what lies there may be somebody else's.
    Folder::open(folder)?.is_of(&asked.question)?;
    let nothing = Folder::open_only(folder, &[])?;
    nothing.can_write(PLAN_FILE)?;
    let noting = Pieces::note(&nothing, &asked.question, &[]);
    ask(&noting)?;
    let manifest = Manifest::new(asked.question.clone(), asked.words.clone(), &noting.wanted(), pieces);
    Manifest::copy(folder, &asked.sources)?;
    // Somebody else may have planned there meanwhile: the same, or something else.
    if manifest.write_first(folder)? {
        return Ok(manifest);
    }
    planned_in(folder, pieces, asked)?.ok_or_else(|| told(&no_plan(folder), Exit::Fault))
}

/// The plan of a folder, which must be of this question and division.
fn planned_in(folder: &Path, pieces: u32, asked: &Asked) -> Result<Option<Manifest>, Stop> {
    let Some(manifest) = planned(folder, asked)? else {
        return Ok(None);
    };
    let there = manifest.pieces();
    if there == pieces {
        return Ok(Some(manifest));
    }
    let message = format!(
        "{} is planned in {there} pieces, not {pieces}; go on with these, or use another folder",
        folder.display()
    );
    Err(told(&message, Exit::Usage))
}

fn plan_into<A>(folder: &Path, pieces: u32, asked: &Asked, ask: &mut Ask<'_, A>) -> Result<Through<A>, Stop> {
    let manifest = divide(folder, pieces, asked, ask)?;
    let units = manifest.rounds.last().map_or(0, |round| round.units);
    let mut text = table::prose(&[format!(
        "{} in {}: {}.",
        folder.join(PLAN_FILE).display(),
        counted(u64::from(pieces), "piece"),
        counted(units, UNITS)
    )]);
    text.push_str(&how_to_go_on(folder, &(1..=pieces).collect::<Vec<_>>()));
    ended(&text, Exit::Answered)
}

/// What pieces are made of.
const UNITS: &str = "replications of single hubs, or of hubs that share staff";

/// So many of something.
fn counted(n: u64, what: &str) -> String {
    let plural = if n == 1 || what.contains(' ') { "" } else { "s" };
    format!("{n} {what}{plural}")
}

fn how_to_go_on(folder: &Path, missing: &[u32]) -> String {
    let folder = typed(folder);
    let first = missing.first().copied().unwrap_or(1);
    let others = match missing {
        [] | [_] => String::new(),
        [_, others @ ..] => format!(", and so for {}", stretches(others)),
    };
    next(&format!(
        "`homefirst piece {folder} {first}`, on any machine that sees the folder{others}; then `homefirst merge {folder} --out \
         RESULTS`."
    ))
}

/// Numbers in ascending order, in few words: 3, 17 and 20 to 25.
fn stretches(numbers: &[u32]) -> String {
    let mut found: Vec<(u32, u32)> = Vec::new();
    for &n in numbers {
        match found.last_mut() {
            Some((_, to)) if *to + 1 == n => *to = n,
            _ => found.push((n, n)),
        }
    }
    let said: Vec<String> = found
        .into_iter()
        .map(|(from, to)| match to - from {
            0 => from.to_string(),
            1 => format!("{from}, {to}"),
            _ => format!("{from} to {to}"),
        })
        .collect();
    output_words::list(&said)
}

fn shard_of<A>(folder: &Path, shard: Shard, asked: &Asked, ask: &mut Ask<'_, A>) -> Result<Through<A>, Stop> {
    let manifest = divide(folder, shard.pieces, asked, ask)?;
    let own = |round: &Round| round.pieces.iter().find(|one| one.piece == shard.piece).cloned();
    // Of an earlier round it is made again, if it has been lost since.
    let of_rounds: Vec<Option<PieceOf>> = manifest.rounds.iter().map(own).collect();
    let names = of_rounds.iter().flatten().map(|piece| piece.file.as_str());
    let finished = Folder::open_only(folder, &names.collect::<Vec<_>>())?;
    let lost = (1..).zip(&manifest.rounds).position(|(number, round)| {
        let part = round.part(number, shard.piece);
        !finished.holds(&asked.question, &part)
    });
    let Some((place, round)) = lost.and_then(|place| Some((place, manifest.rounds.get(place)?))) else {
        return match of_rounds.last() {
            Some(Some(own)) => ended(
                &table::prose(&[format!(
                    "{} is finished already. If `merge` asked for a round after {}, this plan.json is a copy from before: copy it anew from \
                     where `merge` was run.",
                    folder.join(&own.file).display(),
                    manifest.round()
                )]),
                Exit::Answered,
            ),
            _ => Err(told(
                "the plan has no round; plan again into an empty folder",
                Exit::Fault,
            )),
        };
    };
    let Some(own) = &of_rounds[place] else {
        let message = format!("there are {} pieces; {} is none of them", shard.pieces, shard.piece);
        return Err(told(&message, Exit::Usage));
    };
    let (before, number) = (&manifest.rounds[..place], u32::try_from(place + 1).unwrap_or(u32::MAX));
    // What others are writing now is none of this piece's business: only what it goes on from, and itself.
    let names = before.iter().flat_map(|round| &round.pieces).chain([own]);
    let names: Vec<&str> = names.map(|piece| piece.file.as_str()).collect();
    let found = Folder::open_only(folder, &names)?;
    let place = folder.join(&own.file);
    let part = round.part(number, own.piece);
    nothing_missing(folder, &found, before)?;
    found.check_but(&asked.question, Some(&own.file))?;
    found.can_write(&own.file)?;
    let units = (own.first_unit, own.first_unit + own.units);
    let pieces = Pieces::piece(&found, &asked.question, before, part, units);
    ask(&pieces)?;
    same_units(folder, &pieces.wanted(), round.units, &round.asked_sha256)?;
    pieces.save()?;
    let rounds = if number == 1 {
        String::new()
    } else {
        format!(" of round {number}")
    };
    let text = format!(
        "Piece {} of {}{rounds} is finished: {}",
        shard.piece,
        shard.pieces,
        place.display()
    );
    ended(&table::prose(&[text]), Exit::Answered)
}

/// That the question asks for what was planned.
fn same_units(folder: &Path, wanted: &Wanted, units: u64, asked: &str) -> Result<(), Stop> {
    if wanted.units == units && wanted.asked == asked {
        return Ok(());
    }
    let message = format!(
        "the question asks for other work than was planned in {}: plan.json and the pieces are not from one time, or this program is \
         not built as the one that planned it. Copy plan.json and all pieces from where `merge` was run, and use one build for all pieces",
        folder.display()
    );
    Err(told(&message, Exit::Fault))
}

/// That all pieces of some rounds, the first ones, are there.
fn nothing_missing(folder: &Path, found: &Folder, rounds: &[Round]) -> Result<(), Stop> {
    for (number, round) in (1..).zip(rounds) {
        let missing = found.missing(round, number);
        if !missing.is_empty() {
            let mut text = format!(
                "{} of {} pieces of round {number} are missing: {}",
                missing.len(),
                round.pieces.len(),
                stretches(&missing)
            );
            if missing.len() == 1 {
                text = format!(
                    "piece {} of {} of round {number} is missing",
                    missing[0],
                    round.pieces.len()
                );
            }
            screen::error(&text);
            screen::warn(&how_to_go_on(folder, &missing));
            return Err(Stop::Told(Exit::Wanting));
        }
    }
    Ok(())
}

fn merged<A>(folder: &Path, asked: &Asked, ask: &mut Ask<'_, A>) -> Result<Through<A>, Stop> {
    let Some(mut manifest) = planned(folder, asked)? else {
        return Err(told(&no_plan(folder), Exit::Usage));
    };
    let found = Folder::read(folder)?;
    found.check(&asked.question)?;
    found.divided_as(&manifest.rounds)?;
    nothing_missing(folder, &found, &manifest.rounds)?;
    let pieces = Pieces::note(&found, &asked.question, &manifest.rounds);
    let answer = ask(&pieces)?;
    let wanted = pieces.wanted();
    if let Some(answer) = answer.filter(|_| wanted.units == 0) {
        return Ok(Through::Answer(answer));
    }
    if manifest.rounds.iter().any(|round| round.asked_sha256 == wanted.asked) {
        same_units(folder, &wanted, 0, "")?;
    }
    manifest.go_on(&wanted);
    manifest.write(folder)?;
    let mut text = String::new();
    let _ = writeln!(
        text,
        "Round {} is needed: what is to be simulated next depends on what has been found. {} more.",
        manifest.round(),
        counted(wanted.units, UNITS)
    );
    let mut text = table::prose(&[text.trim_end().to_owned()]);
    text.push_str(&how_to_go_on(folder, &(1..=manifest.pieces()).collect::<Vec<_>>()));
    ended(&text, Exit::Wanting)
}

/// What to say of a folder without a plan.
fn no_plan(folder: &Path) -> String {
    format!(
        "{} has no plan.json; `homefirst plan run FILE --pieces 64 --out {}` makes one",
        folder.display(),
        typed(folder)
    )
}

#[cfg(test)]
mod tests {
    use super::stretches;

    #[test]
    fn numbers_are_told_in_stretches() {
        assert_eq!(stretches(&[3]), "3");
        assert_eq!(stretches(&[3, 17, 20, 21, 22, 23]), "3, 17 and 20 to 23");
        assert_eq!(stretches(&[1, 2]), "1, 2");
    }
}
