//! The manifest: which question, into how many pieces it is divided, and what each of them is.

use std::fs;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::Wanted;
use super::file::{self, Part, Question};
use super::folder::PiecesError;

/// The most pieces that a question is divided into.
pub const MOST_PIECES: u32 = 10_000;

/// The file of the manifest.
pub const PLAN_FILE: &str = "plan.json";

/// The layout of the manifest.
const FORMAT: u32 = 1;

/// The largest manifest that is read \[bytes\].
const MOST_BYTES: u64 = 1 << 28;

/// One piece of a round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PieceOf {
    /// Which, from 1.
    pub piece: u32,
    /// Its file.
    pub file: String,
    /// Its first unit, from 0 in the order in which the question asks for them.
    pub first_unit: u64,
    /// How many units it has.
    pub units: u64,
}

/// What can be made without knowing anything that is not there yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Round {
    /// Units: replications of single islands.
    pub units: u64,
    /// Hash of which, in their order.
    pub asked_sha256: String,
    /// What they are divided into.
    pub pieces: Vec<PieceOf>,
}

impl Round {
    /// What is wanted, divided evenly into so many pieces; `number` counts rounds from 1.
    #[must_use]
    pub fn of(wanted: &Wanted, number: u32, pieces: u32) -> Self {
        let mut round = Self {
            units: wanted.units,
            asked_sha256: wanted.asked.clone(),
            pieces: Vec::new(),
        };
        let at = |piece: u32| {
            let share = u128::from(wanted.units) * u128::from(piece) / u128::from(pieces.max(1));
            u64::try_from(share).unwrap_or(wanted.units)
        };
        round.pieces = (1..=pieces)
            .map(|piece| PieceOf {
                piece,
                file: String::new(),
                first_unit: at(piece - 1),
                units: at(piece) - at(piece - 1),
            })
            .collect();
        let names: Vec<String> = (1..=pieces).map(|n| round.part(number, n).file_name()).collect();
        for (piece, name) in round.pieces.iter_mut().zip(names) {
            piece.file = name;
        }
        round
    }

    /// What a piece of this round says of itself.
    #[must_use]
    pub fn part(&self, number: u32, piece: u32) -> Part {
        Part {
            round: number,
            asked_sha256: self.asked_sha256.clone(),
            piece,
            pieces: u32::try_from(self.pieces.len()).unwrap_or(u32::MAX),
        }
    }
}

/// A copy of a file that the question was read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceCopy {
    /// Its path below the folder, with `/` between its parts.
    pub path: String,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// What is divided, and how.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    format: u32,
    /// What is asked.
    pub question: Question,
    /// The command line, with files as they lie below the folder.
    pub words: Vec<String>,
    /// Rounds so far; the last is the one to be made.
    pub rounds: Vec<Round>,
}

impl Manifest {
    /// Of a question whose first round wants this.
    #[must_use]
    pub fn new(question: Question, words: Vec<String>, wanted: &Wanted, pieces: u32) -> Self {
        Self {
            format: FORMAT,
            question,
            words,
            rounds: vec![Round::of(wanted, 1, pieces)],
        }
    }

    /// The manifest of a folder, if there is one.
    ///
    /// # Errors
    /// [`PiecesError`], if it is there and cannot be used.
    pub fn read(folder: &Path) -> Result<Option<Self>, PiecesError> {
        let path = folder.join(PLAN_FILE);
        let wrong = |why: String| PiecesError::Manifest {
            path: path.clone(),
            why,
        };
        if fs::metadata(&path).is_ok_and(|about| !about.is_file()) {
            return Err(wrong("is no file".into()));
        }
        let mut bytes = Vec::new();
        match fs::File::open(&path).and_then(|file| file.take(MOST_BYTES).read_to_end(&mut bytes)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(PiecesError::unreadable(&path, source)),
            Ok(_) => {}
        }
        let format = serde_json::from_slice::<serde_json::Value>(&bytes)
            .ok()
            .and_then(|value| value.get("format")?.as_u64());
        match format {
            Some(format) if format == u64::from(FORMAT) => {}
            Some(format) => {
                return Err(wrong(format!(
                    "was written by another version of homefirst (format {format}); plan again into an empty folder"
                )));
            }
            None => {
                return Err(wrong(
                    "is no plan of homefirst's, or is damaged; plan again into an empty folder".into(),
                ));
            }
        }
        let manifest: Self = serde_json::from_slice(&bytes)
            .map_err(|error| wrong(format!("is damaged ({error}); plan again into an empty folder")))?;
        if !manifest.is_sound() {
            return Err(wrong(
                "contradicts itself: its pieces are not those of its rounds; plan again into an empty folder".into(),
            ));
        }
        Ok(Some(manifest))
    }

    /// Whether every round is divided as this program would.
    fn is_sound(&self) -> bool {
        let pieces = self.pieces();
        let rounds = (1..).zip(&self.rounds);
        let divided = |(number, round): (u32, &Round)| {
            let wanted = Wanted {
                units: round.units,
                asked: round.asked_sha256.clone(),
            };
            *round == Round::of(&wanted, number, pieces)
        };
        (1..=MOST_PIECES).contains(&pieces) && rounds.into_iter().all(divided)
    }

    /// Pieces of each round.
    #[must_use]
    pub fn pieces(&self) -> u32 {
        self.rounds
            .first()
            .map_or(0, |round| u32::try_from(round.pieces.len()).unwrap_or(u32::MAX))
    }

    /// The number of the round that is to be made, from 1.
    #[must_use]
    pub fn round(&self) -> u32 {
        u32::try_from(self.rounds.len()).unwrap_or(u32::MAX)
    }

    /// Begins another round.
    pub fn go_on(&mut self, wanted: &Wanted) {
        let next = Round::of(wanted, self.round() + 1, self.pieces());
        self.rounds.push(next);
    }

    /// Puts the manifest into a folder, in the place of an earlier one.
    ///
    /// # Errors
    /// [`PiecesError`]; the earlier one is then as it was.
    pub fn write(&self, folder: &Path) -> Result<(), PiecesError> {
        self.fresh(folder)?.put()
    }

    /// Puts the manifest into a folder that has none; whether it had none, whoever else does so at the same time.
    ///
    /// # Errors
    /// [`PiecesError`].
    pub fn write_first(&self, folder: &Path) -> Result<bool, PiecesError> {
        self.fresh(folder)?.put_new()
    }

    fn fresh(&self, folder: &Path) -> Result<file::Fresh, PiecesError> {
        file::Fresh::write(folder, PLAN_FILE, |file| {
            serde_json::to_writer_pretty(&mut *file, self)?;
            file.write_all(b"\n")?;
            file.flush()
        })
    }

    /// Puts copies of files below a folder; what stands there is not written over.
    ///
    /// # Errors
    /// [`PiecesError`]; also if another file stands in the place of one.
    pub fn copy(folder: &Path, sources: &[SourceCopy]) -> Result<(), PiecesError> {
        for source in sources {
            let place: PathBuf = source
                .path
                .split('/')
                .fold(folder.to_path_buf(), |path, part| path.join(part));
            let parent = place.parent().unwrap_or(folder);
            fs::create_dir_all(parent).map_err(|error| PiecesError::unwritable(parent, error))?;
            let name = place.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let taken = || fs::read(&place).is_ok_and(|there| there != source.bytes);
            if taken() {
                return Err(PiecesError::Taken(place));
            }
            if fs::symlink_metadata(&place).is_ok() {
                continue;
            }
            let copy = file::Fresh::write(parent, &name, |file| {
                file.write_all(&source.bytes)?;
                file.flush()
            })?;
            if !copy.put_new()? && taken() {
                return Err(PiecesError::Taken(place));
            }
        }
        Ok(())
    }
}
