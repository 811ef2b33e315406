//! The folder that pieces lie in: what is there, what is missing, and what should not be there.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::mem::discriminant;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};

use super::Unit;
use super::file::{self, ENDING, Opened, Part, Place, Question};
use super::plan::Round;

/// Something is wrong with a folder of pieces.
#[derive(Clone, Debug, thiserror::Error)]
pub enum PiecesError {
    /// A file or folder could not be read.
    #[error("cannot read {}: {source}", path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        source: Arc<io::Error>,
    },
    /// A file or folder could not be written; whatever was there before is as it was.
    #[error(
        "cannot write {}: {source}. What was finished before is kept: see to the disk or the folder, and give the same command again",
        path.display()
    )]
    Unwritable {
        /// Which.
        path: PathBuf,
        /// Why.
        source: Arc<io::Error>,
    },
    /// The checksum is another, or there is less or more than there should be.
    #[error("{} is damaged, or was cut short while it was copied. Delete it and make it again", .0.display())]
    Damaged(PathBuf),
    /// It does not begin as a piece does.
    #[error("{} is no piece of homefirst's. Move it out of the folder", .0.display())]
    Foreign(PathBuf),
    /// It was made by a program whose pieces look otherwise.
    #[error(
        "{} was made by another version of homefirst (layout {layout}). Make all pieces of a question with one version",
        path.display()
    )]
    Layout {
        /// Which.
        path: PathBuf,
        /// The number of its layout.
        layout: u32,
    },
    /// It belongs to another question.
    #[error("{} is of another question: `{command}`{why}. Use a folder of its own for each question", path.display())]
    OfAnother {
        /// Which.
        path: PathBuf,
        /// That question's command.
        command: String,
        /// What differs where the command does not.
        why: String,
    },
    /// It was made by a program of another source.
    #[error(
        "{} was made by another build of homefirst, {there}; this is {here}. Make all pieces of a question, and merge them, with one build",
        path.display()
    )]
    OtherBuild {
        /// Which.
        path: PathBuf,
        /// What made it.
        there: String,
        /// What asks.
        here: String,
    },
    /// It is of another division of the same question.
    #[error(
        "{} is piece {} of {} of round {}, which plan.json beside it does not have. Where that is a copy, it is older than the piece, since \
         `merge` adds each round to it: copy plan.json anew from where `merge` was run. Otherwise the piece is of another division of this \
         question: move it out of the folder",
        path.display(), part.piece, part.pieces, part.round
    )]
    OtherDivision {
        /// Which.
        path: PathBuf,
        /// What it says it is.
        part: Part,
    },
    /// Two files say that they are the same piece.
    #[error(
        "{} is piece {} of round {}, and so is {}; {}",
        second.display(), part.piece, part.round, first.display(),
        if *same { "both are the same, so delete one" } else { "they differ, so delete both and make it again" }
    )]
    Duplicate {
        /// One of them.
        first: PathBuf,
        /// The other.
        second: PathBuf,
        /// What both say.
        part: Part,
        /// Whether they hold the same bytes.
        same: bool,
    },
    /// A file that the question was read from cannot be copied: another file has its place.
    #[error(
        "{} is there already, and is another than this question is read from. Use a folder of its own for each question, or delete it if \
         nothing needs it",
        .0.display()
    )]
    Taken(PathBuf),
    /// The manifest cannot be used.
    #[error("{} {why}", path.display())]
    Manifest {
        /// Which.
        path: PathBuf,
        /// Why not, and what to do.
        why: String,
    },
    /// More than one of these.
    #[error("{}", listed(.0))]
    Several(Vec<PiecesError>),
}

/// The most files that are named after the first with the same fault.
const MOST_NAMED: usize = 5;

/// A line for each kind of fault.
fn listed(errors: &[PiecesError]) -> String {
    let mut text = format!("{} files cannot be used", errors.len());
    let mut kinds: Vec<Vec<&PiecesError>> = Vec::new();
    for error in errors {
        // What is to be done about two that are the same is not what is to be done about two that differ.
        let is_same = |error: &PiecesError| matches!(error, PiecesError::Duplicate { same: true, .. });
        let same = |kind: &&mut Vec<&PiecesError>| {
            discriminant(kind[0]) == discriminant(error) && is_same(kind[0]) == is_same(error)
        };
        match kinds.iter_mut().find(same) {
            Some(kind) => kind.push(error),
            None => kinds.push(vec![error]),
        }
    }
    for kind in kinds {
        let _ = write!(text, "\n{}", kind[0]);
        let others = &kind[1..];
        let names = others
            .iter()
            .take(MOST_NAMED)
            .filter_map(|error| error.path()?.file_name());
        let names: Vec<_> = names.map(|name| name.display().to_string()).collect();
        match others.len().saturating_sub(names.len()) {
            _ if others.is_empty() => {}
            0 => drop(write!(text, ". Likewise {}", names.join(", "))),
            more => drop(write!(text, ". Likewise {}, and {more} more", names.join(", "))),
        }
    }
    text
}

impl PiecesError {
    pub(super) fn unreadable(path: &Path, source: io::Error) -> Self {
        let path = path.to_path_buf();
        match source.kind() {
            io::ErrorKind::UnexpectedEof => Self::Damaged(path),
            _ => Self::Unreadable {
                path,
                source: Arc::new(source),
            },
        }
    }

    pub(super) fn unwritable(path: &Path, source: io::Error) -> Self {
        Self::Unwritable {
            path: path.to_path_buf(),
            source: Arc::new(source),
        }
    }

    pub(super) fn damaged(path: &Path) -> Self {
        Self::Damaged(path.into())
    }

    pub(super) fn foreign(path: &Path) -> Self {
        Self::Foreign(path.into())
    }

    pub(super) fn layout(path: &Path, layout: u32) -> Self {
        let path = path.to_path_buf();
        Self::Layout { path, layout }
    }

    /// The file or folder that it is about; `None` if it is about several.
    fn path(&self) -> Option<&Path> {
        match self {
            Self::Unreadable { path, .. }
            | Self::Unwritable { path, .. }
            | Self::Damaged(path)
            | Self::Foreign(path)
            | Self::Taken(path)
            | Self::Layout { path, .. }
            | Self::OfAnother { path, .. }
            | Self::OtherBuild { path, .. }
            | Self::OtherDivision { path, .. }
            | Self::Duplicate { second: path, .. }
            | Self::Manifest { path, .. } => Some(path),
            Self::Several(_) => None,
        }
    }

    /// Whether all there is to say against it is that it belongs elsewhere: to another question, build or division.
    #[must_use]
    pub fn is_of_another(&self) -> bool {
        match self {
            Self::OfAnother { .. }
            | Self::OtherBuild { .. }
            | Self::OtherDivision { .. }
            | Self::Layout { .. }
            | Self::Taken(_) => true,
            Self::Several(errors) => errors.iter().all(Self::is_of_another),
            _ => false,
        }
    }

    /// One, or all of several.
    fn of(mut errors: Vec<Self>) -> Result<(), Self> {
        match errors.len() {
            0 => Ok(()),
            1 => Err(errors.remove(0)),
            _ => Err(Self::Several(errors)),
        }
    }
}

/// What lies in a folder.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    files: Vec<Opened>,
    unusable: Vec<(PathBuf, PiecesError)>,
}

impl Folder {
    /// Makes a folder if it is not there, and looks at what lies in it.
    ///
    /// # Errors
    /// [`PiecesError`], if it cannot be made or read; what is wrong with single files is told by [`Folder::check`].
    pub fn open(path: &Path) -> Result<Self, PiecesError> {
        fs::create_dir_all(path).map_err(|source| PiecesError::unwritable(path, source))?;
        Self::read(path)
    }

    /// Looks at what lies in a folder.
    ///
    /// # Errors
    /// As [`Folder::open`].
    pub fn read(path: &Path) -> Result<Self, PiecesError> {
        Self::read_some(path, &|_| true)
    }

    /// Makes a folder if it is not there, and looks at files of these names alone.
    ///
    /// # Errors
    /// As [`Folder::open`].
    pub fn open_only(path: &Path, names: &[&str]) -> Result<Self, PiecesError> {
        fs::create_dir_all(path).map_err(|source| PiecesError::unwritable(path, source))?;
        Self::read_some(path, &|name| names.iter().any(|one| Path::new(one) == name))
    }

    fn read_some(path: &Path, wanted: &dyn Fn(&Path) -> bool) -> Result<Self, PiecesError> {
        let unreadable = |source| PiecesError::unreadable(path, source);
        let mut names = Vec::new();
        for entry in fs::read_dir(path).map_err(unreadable)? {
            let entry = entry.map_err(unreadable)?;
            let name = PathBuf::from(entry.file_name());
            // Unfinished files begin with a dot.
            let hidden = name.to_string_lossy().starts_with('.');
            if !hidden && wanted(&name) && name.extension().is_some_and(|ending| ending == ENDING) {
                names.push(name);
            }
        }
        names.sort();
        let opened: Vec<Result<Opened, PiecesError>> =
            names.par_iter().map(|name| file::open(&path.join(name))).collect();
        let mut folder = Self {
            path: path.to_path_buf(),
            files: Vec::new(),
            unusable: Vec::new(),
        };
        for (name, opened) in names.iter().zip(opened) {
            match opened {
                Ok(file) => folder.files.push(file),
                Err(error) => folder.unusable.push((path.join(name), error)),
            }
        }
        Ok(folder)
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// That every piece there is sound and of this question, and none is there twice.
    ///
    /// # Errors
    /// [`PiecesError`], with every file that is not so.
    pub fn check(&self, question: &Question) -> Result<(), PiecesError> {
        self.check_but(question, None)
    }

    /// The same, but what stands under one name may be of no use: it is about to be written over. It is not if it is of use to another
    /// question.
    ///
    /// # Errors
    /// As [`Folder::check`].
    pub fn check_but(&self, question: &Question, name: Option<&str>) -> Result<(), PiecesError> {
        let but = name.map(|name| self.path.join(name));
        let counts = |path: &Path| but.as_deref() != Some(path);
        let unusable = self.unusable.iter();
        let unusable = unusable.filter(|(path, error)| counts(path) || error.is_of_another());
        let mut wrong: Vec<PiecesError> = unusable.map(|(_, error)| error.clone()).collect();
        let mut parts: Vec<&Opened> = Vec::new();
        for file in &self.files {
            if file.question != *question {
                wrong.push(of_another(file, question));
            } else if let Some(part) = file.part.as_ref().filter(|_| counts(&file.path)) {
                let first = parts.iter().find(|other| other.part.as_ref() == Some(part));
                match first {
                    Some(first) => wrong.push(PiecesError::Duplicate {
                        first: first.path.clone(),
                        second: file.path.clone(),
                        part: part.clone(),
                        same: first.is_same(file),
                    }),
                    None => parts.push(file),
                }
            }
        }
        PiecesError::of(wrong)
    }

    /// That a file of this name can be written there, to be looked at before the work that it is to hold.
    ///
    /// # Errors
    /// [`PiecesError`], if it cannot.
    pub fn can_write(&self, name: &str) -> Result<(), PiecesError> {
        file::can_write(&self.path, name)
    }

    /// That no piece there is of another question, whatever else is wrong with them.
    ///
    /// # Errors
    /// [`PiecesError`], with every file that is.
    pub fn is_of(&self, question: &Question) -> Result<(), PiecesError> {
        let others = self.files.iter().filter(|file| file.question != *question);
        PiecesError::of(others.map(|file| of_another(file, question)).collect())
    }

    /// Whether a piece of a question is there, and sound.
    #[must_use]
    pub fn holds(&self, question: &Question, part: &Part) -> bool {
        let mut files = self.files.iter();
        files.any(|file| file.question == *question && file.part.as_ref() == Some(part))
    }

    /// Which pieces of a round are not there.
    #[must_use]
    pub fn missing(&self, round: &Round, number: u32) -> Vec<u32> {
        let pieces = u32::try_from(round.pieces.len()).unwrap_or(u32::MAX);
        (1..=pieces)
            .filter(|piece| {
                let part = round.part(number, *piece);
                !self.files.iter().any(|file| file.part.as_ref() == Some(&part))
            })
            .collect()
    }

    /// That no piece there is of another division than these rounds.
    ///
    /// # Errors
    /// [`PiecesError`], with every file that is.
    pub fn divided_as(&self, rounds: &[Round]) -> Result<(), PiecesError> {
        let strange = self.files.iter().filter_map(|file| {
            let part = file.part.as_ref()?;
            (!belongs(part, rounds)).then(|| PiecesError::OtherDivision {
                path: file.path.clone(),
                part: part.clone(),
            })
        });
        PiecesError::of(strange.collect())
    }

    /// The units of all files, or of the pieces of these rounds alone, and the files that their places name.
    pub(super) fn units(&self, rounds: Option<&[Round]>) -> (Vec<PathBuf>, BTreeMap<Unit, Place>) {
        let mut paths = Vec::new();
        let mut found = BTreeMap::new();
        let wanted = |file: &&Opened| match (rounds, &file.part) {
            (None, _) => true,
            (Some(rounds), Some(part)) => belongs(part, rounds),
            (Some(_), None) => false,
        };
        for file in self.files.iter().filter(wanted) {
            for (unit, place) in &file.units {
                found.entry(*unit).or_insert_with(|| place.in_file(paths.len()));
            }
            paths.push(file.path.clone());
        }
        (paths, found)
    }
}

fn belongs(part: &Part, rounds: &[Round]) -> bool {
    let round = (part.round as usize).checked_sub(1).and_then(|n| rounds.get(n));
    round.is_some_and(|round| *part == round.part(part.round, part.piece) && part.piece as usize <= round.pieces.len())
}

pub(super) fn of_another(file: &Opened, question: &Question) -> PiecesError {
    let other = &file.question;
    if other.version != question.version {
        return PiecesError::OtherBuild {
            path: file.path.clone(),
            there: other.version.clone(),
            here: question.version.clone(),
        };
    }
    let why = if other.canonical_command != question.canonical_command {
        String::new()
    } else if other.scenario_sha256 != question.scenario_sha256 {
        ", of another state of the scenario file".to_owned()
    } else {
        ", with other options or draws".to_owned()
    };
    PiecesError::OfAnother {
        path: file.path.clone(),
        command: other.canonical_command.clone(),
        why,
    }
}

#[cfg(test)]
mod tests {
    use super::{PiecesError, listed};
    use crate::pieces::Part;

    /// Of two that are the same one is deleted, of two that differ both: a line for each.
    #[test]
    fn doubles_that_are_the_same_are_not_told_with_those_that_differ() {
        let double = |name: &str, same: bool| PiecesError::Duplicate {
            first: format!("p/{name}.piece").into(),
            second: format!("p/{name} (1).piece").into(),
            part: Part {
                round: 1,
                asked_sha256: String::new(),
                piece: 1,
                pieces: 9,
            },
            same,
        };
        let said = listed(&[double("a", true), double("b", false), double("c", true)]);
        let lines: Vec<&str> = said.lines().collect();
        assert_eq!(lines.len(), 3, "{said}");
        assert!(
            lines[1].ends_with("both are the same, so delete one. Likewise c (1).piece"),
            "{said}"
        );
        assert!(
            lines[2].ends_with("they differ, so delete both and make it again"),
            "{said}"
        );
    }
}
