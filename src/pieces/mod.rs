//! Finished work, kept in files: what lets a question be divided over machines, and a long run go on after it was killed.
//!
//! ```text
//! answers ─▶ replicate ─▶ "these units of this world" ─▶ Pieces ─┬─▶ found in a file ─────────▶ read
//!                                                               ├─▶ missing, to be made here ─▶ simulated and kept
//!                                                               └─▶ missing, left to others ──▶ noted
//! ```
//!
//! A **unit** is one replication of one island of one world: a pure function of the scenario, so that it does not matter
//! who made it, when, or how often. Whatever answers a question asks for units in an order that depends on nothing but the
//! question and on units before. So the question itself says what there is to do: it is asked with nothing to read, the units that
//! it asks for are numbered, and a **piece** is a stretch of these numbers. What the question asks for once it has read these
//! is the next **round**; most questions have one. With all units found it gives its answer: merging is asking again.
//!
//! What is kept of a unit are the whole numbers that the statistics are made from, and nothing of how it was made (threads,
//! time); so a piece that is made twice is the same bytes, and an answer from pieces is that of one machine.

mod file;
mod folder;
mod plan;

pub use file::{Part, Question};
pub use folder::{Folder, PiecesError};
pub use plan::{MOST_PIECES, Manifest, PLAN_FILE, PieceOf, Round, SourceCopy};

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};

use crate::model::Scenario;
use file::{Entry, Place};

/// Version of the program, and what it was built from: pieces of two builds are not put together, even if somebody changed the engine
/// and not the version.
pub const BUILD: &str = concat!(env!("CARGO_PKG_VERSION"), "+", env!("HOMEFIRST_SOURCE"));

/// Whether a file is called as plans and pieces are.
#[must_use]
pub fn is_of_pieces(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name == PLAN_FILE) || path.extension().is_some_and(|end| end == file::ENDING)
}

/// Which world a unit is of: a hash of the scenario that it was made from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct WorldId([u8; 16]);

/// One replication of one island of one world.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unit {
    /// The world.
    pub world: WorldId,
    /// A place in its islands.
    pub island: u32,
    /// The number of the replication.
    pub replication: u32,
}

/// What came of asking for a unit.
#[derive(Clone, Debug)]
pub enum Made<T> {
    /// It is there; with the processor time that it took here \[s\].
    Done(T, f64),
    /// It is missing: somebody else makes it, or it was made for a piece and is not to be gone on from.
    Left,
    /// It was not begun when it was all stopped.
    Stopped,
}

impl<T> Made<T> {
    /// What is there.
    pub fn done(&self) -> Option<(&T, f64)> {
        match self {
            Self::Done(value, cpu_s) => Some((value, *cpu_s)),
            Self::Left | Self::Stopped => None,
        }
    }
}

/// Where units are looked for before they are simulated, and what is done with those that are missing.
#[derive(Debug)]
pub struct Pieces(Option<Box<Kept>>);

#[derive(Debug)]
struct Kept {
    folder: PathBuf,
    question: Question,
    files: Vec<PathBuf>,
    found: BTreeMap<Unit, Place>,
    missing: Missing,
    state: Mutex<State>,
}

/// What is done with units that are not found.
#[derive(Clone, Debug)]
enum Missing {
    /// They are simulated and kept as it goes.
    Keep,
    /// Those with these numbers are simulated, and kept together at the end.
    Mine { from: u64, to: u64, part: Part },
    /// They are counted.
    Note,
}

/// What has been asked for and made so far.
#[derive(Debug)]
struct State {
    noted: BTreeSet<Unit>,
    asked: Sha256,
    /// By number: what is to be written.
    fresh: BTreeMap<u64, (Entry, Vec<u8>)>,
    begun: Instant,
    written: Instant,
}

/// What is missing of a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// How many units.
    pub units: u64,
    /// A hash of which, in their order: everybody who divides them must see the same.
    pub asked: String,
}

/// Work is kept as often as this at most, and as [`LONGEST`] at least; between them, as often as one hundredth of the time since
/// the start has gone by.
const SHORTEST: Duration = Duration::from_millis(200);
const LONGEST: Duration = Duration::from_secs(60);

impl Pieces {
    /// No files: everything is simulated, nothing is kept.
    #[must_use]
    pub const fn alone() -> Self {
        Self(None)
    }

    fn new(folder: &Folder, question: &Question, rounds: Option<&[Round]>, missing: Missing) -> Self {
        let (files, found) = folder.units(rounds);
        Self(Some(Box::new(Kept {
            folder: folder.path().to_path_buf(),
            question: question.clone(),
            files,
            found,
            missing,
            state: Mutex::new(State {
                noted: BTreeSet::new(),
                asked: Sha256::new(),
                fresh: BTreeMap::new(),
                begun: Instant::now(),
                written: Instant::now(),
            }),
        })))
    }

    /// Whatever lies in the folder is taken from there; what is missing is simulated and put there as it goes.
    ///
    /// # Errors
    /// [`PiecesError`], if something there is damaged or of another question, or nothing can be written there.
    pub fn resume(folder: &Folder, question: &Question) -> Result<Self, PiecesError> {
        folder.check(question)?;
        file::claim(folder.path(), &format!("kept.{}", file::ENDING), question)?;
        file::sweep(folder.path(), ".kept");
        Ok(Self::new(folder, question, None, Missing::Keep))
    }

    /// Whatever the pieces of these rounds hold is taken from there, and what is missing is counted.
    #[must_use]
    pub fn note(folder: &Folder, question: &Question, rounds: &[Round]) -> Self {
        Self::new(folder, question, Some(rounds), Missing::Note)
    }

    /// The same, but the missing units of one piece of the round after these are simulated; [`Pieces::save`] writes them.
    #[must_use]
    pub fn piece(folder: &Folder, question: &Question, rounds: &[Round], part: Part, units: (u64, u64)) -> Self {
        let (from, to) = units;
        Self::new(folder, question, Some(rounds), Missing::Mine { from, to, part })
    }

    /// By what a world is known that is made from this scenario.
    #[must_use]
    pub fn world(&self, scenario: &Scenario) -> WorldId {
        if self.0.is_none() {
            return WorldId::default();
        }
        // The derived form has every value in it, and numbers so that reading them gives the same again.
        let mut hashing = Hashing(Sha256::new());
        let _ = write!(hashing, "{scenario:?}");
        let hash = hashing.0.finalize();
        let mut id = [0; 16];
        id.copy_from_slice(&hash[..16]);
        WorldId(id)
    }

    /// Whether units are left to others.
    #[must_use]
    pub fn leaves(&self) -> bool {
        self.0
            .as_ref()
            .is_some_and(|kept| !matches!(kept.missing, Missing::Keep))
    }

    /// How many of so many units are made here at most: for one piece, those of the piece.
    #[must_use]
    pub fn to_make(&self, units: u64) -> u64 {
        match self.0.as_ref().map(|kept| &kept.missing) {
            Some(Missing::Mine { from, to, .. }) => units.min(to - from),
            _ => units,
        }
    }

    /// What has been missing so far, whoever makes it.
    #[must_use]
    pub fn wanted(&self) -> Wanted {
        let Some(kept) = self.0.as_ref().filter(|_| self.leaves()) else {
            return Wanted {
                units: 0,
                asked: String::new(),
            };
        };
        let state = kept.state();
        Wanted {
            units: state.noted.len() as u64,
            asked: file::hex(&state.asked.clone().finalize()),
        }
    }

    /// Gives the units that are asked for, in their order: read, or simulated by `one`, which is given a place in the list and says
    /// how long it took. `fits` says whether what was read can be what was asked for. Runs on the threads of the caller's pool;
    /// `progress` hears of every unit; where a piece is made, of those that are simulated for it.
    ///
    /// # Errors
    /// In words: a file that cannot be read, or not be written.
    pub fn make<T: Serialize + DeserializeOwned + Send>(
        &self,
        units: &[Unit],
        (stop, progress): (&AtomicBool, &(dyn Fn() + Sync)),
        one: impl Fn(usize) -> (T, f64) + Sync,
        fits: impl Fn(usize, &T) -> bool + Sync,
    ) -> Result<Vec<Made<T>>, String> {
        let Some(kept) = &self.0 else {
            let make = |n: usize| {
                if stop.load(Ordering::Relaxed) {
                    return Made::Stopped;
                }
                let (value, cpu_s) = one(n);
                progress();
                Made::Done(value, cpu_s)
            };
            return Ok((0..units.len()).into_par_iter().map(make).collect());
        };
        let todo = kept.sort_out(units);
        let failed = AtomicBool::new(false);
        let make = |n: usize| -> Result<Made<T>, String> {
            if stop.load(Ordering::Relaxed) || failed.load(Ordering::Relaxed) {
                return Ok(Made::Stopped);
            }
            let counts = !self.leaves() || matches!(todo[n], Todo::Make(_));
            let made = match todo[n] {
                Todo::Read(place) => kept
                    .read(place, |value| fits(n, value))
                    .map(|value| Made::Done(value, 0.0)),
                Todo::Leave => Ok(Made::Left),
                Todo::Make(number) => {
                    let (value, cpu_s) = one(n);
                    let stored = number.map_or(Ok(()), |number| kept.keep(number, units[n], &value));
                    // Whoever makes another piece does not have it, and must be asked for the same.
                    stored.map(|()| {
                        if self.leaves() {
                            Made::Left
                        } else {
                            Made::Done(value, cpu_s)
                        }
                    })
                }
            };
            if counts {
                progress();
            }
            made.inspect_err(|_| failed.store(true, Ordering::Relaxed))
                .map_err(|error| error.to_string())
        };
        (0..units.len()).into_par_iter().map(make).collect()
    }

    /// Writes what has been made and not been written yet; of a piece, its file, which is returned.
    ///
    /// # Errors
    /// [`PiecesError`], if it cannot be written; what was there before is as it was.
    pub fn save(&self) -> Result<Option<PathBuf>, PiecesError> {
        let Some(kept) = &self.0 else {
            return Ok(None);
        };
        let fresh = std::mem::take(&mut kept.state().fresh);
        match &kept.missing {
            Missing::Note => Ok(None),
            Missing::Keep => kept.write(fresh).map(|()| None),
            Missing::Mine { part, .. } => {
                let name = part.file_name();
                file::write(&kept.folder, &name, &kept.question, Some(part), fresh.into_values())?;
                Ok(Some(kept.folder.join(name)))
            }
        }
    }
}

/// What is to be done about a unit.
#[derive(Clone, Copy)]
enum Todo {
    Read(Place),
    /// Simulate it, and keep it under this number if it is new.
    Make(Option<u64>),
    Leave,
}

impl Kept {
    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// In the order in which they are asked for, whatever the threads.
    fn sort_out(&self, units: &[Unit]) -> Vec<Todo> {
        let mut state = self.state();
        let mut todo = |unit: &Unit| {
            if let Some(place) = self.found.get(unit) {
                return Todo::Read(*place);
            }
            let number = state.noted.len() as u64;
            let fresh = state.noted.insert(*unit);
            if fresh {
                state.asked.update(unit.world.0);
                state.asked.update(unit.island.to_le_bytes());
                state.asked.update(unit.replication.to_le_bytes());
            }
            match self.missing {
                Missing::Keep => Todo::Make(fresh.then_some(number)),
                Missing::Mine { from, to, .. } if fresh && (from..to).contains(&number) => Todo::Make(Some(number)),
                Missing::Mine { .. } | Missing::Note => Todo::Leave,
            }
        };
        units.iter().map(&mut todo).collect()
    }

    fn read<T: DeserializeOwned>(&self, place: Place, fits: impl Fn(&T) -> bool) -> Result<T, PiecesError> {
        let path = &self.files[place.file];
        let damaged = || PiecesError::damaged(path);
        let bytes = file::read_at(path, place)?;
        let value = file::unpacked(&bytes).ok_or_else(damaged)?;
        if fits(&value) { Ok(value) } else { Err(damaged()) }
    }

    fn keep<T: Serialize>(&self, number: u64, unit: Unit, value: &T) -> Result<(), PiecesError> {
        let packed = file::packed(value).map_err(|_| PiecesError::damaged(&self.folder))?;
        let entry = Entry::of(unit, &packed).ok_or_else(|| PiecesError::damaged(&self.folder))?;
        let due = {
            let mut state = self.state();
            state.fresh.insert(number, (entry, packed));
            let now = Instant::now();
            let every = (now - state.begun).div_f64(100.0).clamp(SHORTEST, LONGEST);
            if matches!(self.missing, Missing::Keep) && now - state.written >= every {
                state.written = now;
                std::mem::take(&mut state.fresh)
            } else {
                BTreeMap::new()
            }
        };
        self.write(due)
    }

    /// Puts units into a file of their own, named after what it holds.
    fn write(&self, fresh: BTreeMap<u64, (Entry, Vec<u8>)>) -> Result<(), PiecesError> {
        if fresh.is_empty() {
            return Ok(());
        }
        let mut hash = Sha256::new();
        for (entry, _) in fresh.values() {
            entry.tell(&mut hash);
        }
        let mut name = file::hex(&hash.finalize());
        name.truncate(16);
        let name = format!("kept-{name}.{}", file::ENDING);
        file::write(&self.folder, &name, &self.question, None, fresh.into_values())
    }
}

/// What is written into it is hashed.
struct Hashing(Sha256);

impl fmt::Write for Hashing {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.update(text.as_bytes());
        Ok(())
    }
}
