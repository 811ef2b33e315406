//! The place that results are put in: looked at before anything is simulated, and taken whole at the end.
//!
//! What is written has a hidden name beside its place, `.NAME.new-PROCESS-N`, until it is whole, so that nobody ever reads half of it. Earlier
//! results step aside as `.NAME.old-PROCESS-N` for the instant in which the new ones take their place, as the standard library cannot
//! exchange two folders. Whoever is killed at that instant leaves nothing under the name: the next who writes there puts the earlier
//! results back. Several may do all this at once: whoever comes last, stays.
//!
//! A link is followed: the results go where it leads, and it stays.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::results::{KNOWN, ResultsError};
use crate::pieces::is_of_pieces;

/// What is older than this, and hidden, is nobody's who is still writing: all that takes seconds.
const LONGEST_WRITING: Duration = Duration::from_secs(3600);

/// How often others may be met at the instant of taking a place.
const TRIES: u32 = 10;

/// How many links may lead to one another.
const MOST_LINKS: u32 = 40;

/// A folder or file, and the folder that it is in.
struct Place {
    parent: PathBuf,
    name: OsString,
    path: PathBuf,
}

impl Place {
    fn of(path: &Path) -> Result<Self, ResultsError> {
        let asked = path;
        // `results/x/.` and `results/x/` name the same place; `..` and `/` name none.
        let mut path: PathBuf = path.components().collect();
        for _ in 0..MOST_LINKS {
            let Some(Component::Normal(name)) = path.components().next_back() else {
                return Err(ResultsError::NoName(asked.into()));
            };
            let parent = path.parent().filter(|p| !p.as_os_str().is_empty());
            let parent = parent.unwrap_or(Path::new("."));
            // What it leads to need not be there: it may have stepped aside.
            let Ok(to) = fs::read_link(&path) else {
                return Ok(Self {
                    parent: parent.into(),
                    name: name.into(),
                    path,
                });
            };
            let to = if parent == Path::new(".") { to } else { parent.join(to) };
            path = to.components().collect();
        }
        Err(ResultsError::NoName(asked.into()))
    }

    /// That something can be written there: the same hidden name is made and taken away again, in the folder itself or, where that
    /// would have to be made, in what is there of the way to it.
    fn can_write(&self) -> Result<(), ResultsError> {
        let failed = || failed(&self.path);
        let (mut folder, mut name) = (self.parent.as_path(), self.name.as_os_str());
        while folder != Path::new(".") && !folder.try_exists().map_err(failed())? {
            name = folder.file_name().unwrap_or(name);
            folder = folder
                .parent()
                .filter(|p| !p.as_os_str().is_empty())
                .unwrap_or(Path::new("."));
        }
        let fresh = fresh_folder(folder, name).map_err(failed())?;
        let can = self.can_step_aside(&fresh);
        fs::remove_dir_all(&fresh).map_err(failed())?;
        can
    }

    /// That what is there can be moved, which a folder cannot where something is mounted on it. Tried is a move that comes to nothing
    /// everywhere else: onto a folder that is not empty.
    fn can_step_aside(&self, fresh: &Path) -> Result<(), ResultsError> {
        if !self.path.is_dir() {
            return Ok(());
        }
        fs::write(fresh.join("taken"), "").map_err(failed(&self.path))?;
        match fs::rename(&self.path, fresh) {
            Err(error) if error.kind() == io::ErrorKind::ResourceBusy => Err(ResultsError::Mounted(self.path.clone())),
            Err(_) => Ok(()),
            // No system does this; if one did, it must not stay so.
            Ok(()) => fs::rename(fresh, &self.path)
                .and_then(|()| fs::create_dir(fresh))
                .map_err(failed(&self.path)),
        }
    }

    /// The folders on the way to it, as far as they are not there.
    fn make_way(&self) -> Result<(), ResultsError> {
        fs::create_dir_all(&self.parent).map_err(failed(&self.parent))
    }

    /// What lies beside it under a hidden name with this word, each with the time when it was last changed.
    fn hidden(&self, word: &str) -> Vec<(PathBuf, SystemTime)> {
        let mut begin = OsString::from(".");
        begin.push(&self.name);
        begin.push(format!(".{word}-"));
        let begin = begin.as_encoded_bytes();
        let entries = fs::read_dir(&self.parent).into_iter().flatten().flatten();
        let ours = entries.filter(|entry| {
            let name = entry.file_name();
            let rest = name.as_encoded_bytes().strip_prefix(begin);
            // As `unused` names them; a date has two dashes.
            let number = |text: &[u8]| !text.is_empty() && text.iter().all(u8::is_ascii_digit);
            let mut parts = rest.unwrap_or_default().splitn(2, |b| *b == b'-');
            parts.next().is_some_and(number) && parts.next().is_some_and(number)
        });
        let timed = ours.filter_map(|entry| {
            let changed = entry.metadata().and_then(|meta| meta.modified());
            Some((entry.path(), changed.ok()?))
        });
        timed.collect()
    }

    /// Puts back what stepped aside for somebody who was killed; from where.
    fn put_back(&self) -> Option<PathBuf> {
        if fs::symlink_metadata(&self.path).is_ok() {
            return None;
        }
        let (latest, _) = self.hidden("old").into_iter().max_by_key(|(_, changed)| *changed)?;
        // Whoever is not dead but at that very instant steps in once more.
        fs::rename(&latest, &self.path).is_ok().then_some(latest)
    }

    /// Clears away what the dead have left, now that the place is taken by results. What stepped aside is nobody's any more; what was to
    /// come is left if it may still come.
    fn sweep(&self) {
        for (path, _) in self.hidden("old") {
            away(&path);
        }
        self.sweep_new();
    }

    /// The same of what was to come alone. Where a file is written nothing steps aside: what did are results, and somebody's.
    fn sweep_new(&self) {
        let now = fs::metadata(&self.path).and_then(|meta| meta.modified());
        let dead = |changed: SystemTime| {
            let age = now.as_ref().ok().and_then(|now| now.duration_since(changed).ok());
            age.is_some_and(|age| age > LONGEST_WRITING)
        };
        let new = self.hidden("new").into_iter().filter(|(_, changed)| dead(*changed));
        for (path, _) in new {
            away(&path);
        }
    }

    /// Moves a fresh folder into place; the one that is there steps aside first and comes back if that fails.
    fn take(&self, fresh: &Path) -> Result<(), ResultsError> {
        let mut tries = 0;
        loop {
            // Windows does not rename onto a folder, so that the old one has to go first on every system alike.
            let aside = unused(&self.parent, &self.name, "old");
            let stepped = match fs::rename(&self.path, &aside) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
                stepped => stepped.map(|()| true),
            };
            let Err(error) = stepped.and_then(|stepped| {
                fs::rename(fresh, &self.path).inspect_err(|_| {
                    if stepped {
                        drop(fs::rename(&aside, &self.path));
                    }
                })
            }) else {
                return Ok(());
            };
            // It may be that somebody else has taken the place, or the name, meanwhile.
            tries += 1;
            if tries == TRIES {
                return Err(failed(&self.path)(error));
            }
        }
    }
}

/// Takes something away; what cannot be is no reason to fail.
fn away(path: &Path) {
    drop(fs::remove_dir_all(path).or_else(|_| fs::remove_file(path)));
}

/// Puts earlier results back that somebody was just replacing when killed, where nothing is under their name; from where.
#[must_use]
pub fn put_back(dir: &Path) -> Option<PathBuf> {
    Place::of(dir).ok()?.put_back()
}

/// Whether one place is the other or lies in it, be it that neither is there yet.
#[must_use]
pub fn lies_in(inner: &Path, outer: &Path) -> bool {
    // As far as they are there, links and all; the rest as it is written.
    let settled = |path: &Path| {
        let path = std::path::absolute(path).unwrap_or_else(|_| path.into());
        let there = path
            .ancestors()
            .find_map(|folder| Some((folder, folder.canonicalize().ok()?)));
        match there {
            Some((folder, whole)) => whole.join(path.strip_prefix(folder).unwrap_or(Path::new(""))),
            None => path,
        }
    };
    settled(inner).starts_with(settled(outer))
}

/// Looks before the work whether a results folder can be put there when it is done. Earlier results that somebody was just replacing
/// when killed are put back first; from where, is returned.
///
/// # Errors
/// [`ResultsError`], if something else lies there, or nothing can be written there.
pub fn ready(dir: &Path) -> Result<Option<PathBuf>, ResultsError> {
    let place = Place::of(dir)?;
    let found = place.put_back();
    replaceable(&place.path)?;
    place.can_write()?;
    Ok(found)
}

/// Looks before the work whether a file can be put there when it is done.
///
/// # Errors
/// [`ResultsError`], if nothing can be written there, or somebody's results have stepped aside from there.
pub fn ready_for_file(path: &Path) -> Result<(), ResultsError> {
    let place = Place::of(path)?;
    let aside = place.hidden("old").into_iter().max_by_key(|(_, changed)| *changed);
    match aside {
        Some((found, _)) if fs::symlink_metadata(&place.path).is_err() => Err(ResultsError::SteppedAside {
            path: place.path,
            found,
        }),
        _ => place.can_write(),
    }
}

/// Looks before the work whether a report can be put there when it is done.
///
/// # Errors
/// [`ResultsError`], if something else lies there, or nothing can be written there.
pub fn ready_for_report(path: &Path) -> Result<(), ResultsError> {
    if path.try_exists().map_err(failed(path))? {
        let earlier = fs::read(path).map_err(failed(path))?;
        let generator = b"<meta name=\"generator\" content=\"homefirst ";
        if !earlier.windows(generator.len()).any(|bytes| bytes == generator) {
            return Err(ResultsError::NotReport(path.into()));
        }
    }
    ready_for_file(path)
}

/// Writes a file whole, in the place of one that is there.
///
/// # Errors
/// [`ResultsError`]; whatever was there is then untouched.
pub fn write_file(path: &Path, text: &str) -> Result<(), ResultsError> {
    let place = Place::of(path)?;
    place.make_way()?;
    let fresh = unused(&place.parent, &place.name, "new");
    let written = fs::write(&fresh, text).and_then(|()| fs::rename(&fresh, &place.path));
    if written.is_err() {
        // Best effort: the error that matters is the one above.
        drop(fs::remove_file(&fresh));
    }
    written.map_err(failed(path))?;
    place.sweep_new();
    Ok(())
}

/// Writes a whole folder beside its place and moves it there.
pub(super) fn replace(dir: &Path, contents: &[(String, Vec<u8>)]) -> Result<(), ResultsError> {
    let place = Place::of(dir)?;
    place.put_back();
    replaceable(&place.path)?;
    place.make_way()?;
    let fresh = fresh_folder(&place.parent, &place.name).map_err(failed(&place.path))?;
    let written = write_all(&fresh, contents).and_then(|()| place.take(&fresh));
    if written.is_err() {
        // Best effort: the error that matters is the one above.
        drop(fs::remove_dir_all(&fresh));
    }
    written?;
    place.sweep();
    Ok(())
}

/// That nothing of worth but an earlier run's results lies there.
fn replaceable(place: &Path) -> Result<(), ResultsError> {
    // Somebody else may be replacing it at the instant of looking.
    let mut found = Ok(false);
    for _ in 0..TRIES {
        found = is_replaceable(place);
        if let Ok(true) = found {
            return Ok(());
        }
    }
    found.map_err(failed(place))?;
    Err(ResultsError::NotResults(place.into()))
}

fn is_replaceable(place: &Path) -> io::Result<bool> {
    // Whether something can be there at all, says whoever writes.
    if fs::symlink_metadata(place).is_err() {
        return Ok(true);
    }
    if !place.is_dir() {
        return Ok(false);
    }
    let mut empty = true;
    for entry in fs::read_dir(place)? {
        empty = false;
        // Finished work of a question in pieces is nobody's earlier results, be it in a folder of theirs.
        let path = entry?.path();
        let mut within = fs::read_dir(&path).into_iter().flatten().flatten();
        if is_of_pieces(&path) || within.any(|entry| is_of_pieces(&entry.path())) {
            return Ok(false);
        }
    }
    let mut known = KNOWN.iter();
    Ok(empty || known.any(|files| files.iter().all(|file| place.join(file).is_file())))
}

/// A name beside the place that nobody uses.
fn unused(parent: &Path, name: &OsStr, word: &str) -> PathBuf {
    let mut n = 0;
    loop {
        let mut candidate = OsString::from(".");
        candidate.push(name);
        candidate.push(format!(".{word}-{}-{n}", std::process::id()));
        let path = parent.join(candidate);
        if fs::symlink_metadata(&path).is_err() {
            return path;
        }
        n += 1;
    }
}

/// A new folder beside a place, whoever else writes there at the same time, from whatever machine.
fn fresh_folder(parent: &Path, name: &OsStr) -> io::Result<PathBuf> {
    loop {
        let path = unused(parent, name, "new");
        match fs::create_dir(&path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            made => return made.map(|()| path),
        }
    }
}

fn write_all(folder: &Path, contents: &[(String, Vec<u8>)]) -> Result<(), ResultsError> {
    for (name, bytes) in contents {
        let path = name.split('/').fold(folder.to_path_buf(), |path, part| path.join(part));
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(failed(parent))?;
        }
        fs::write(&path, bytes).map_err(failed(&path))?;
    }
    Ok(())
}

fn failed(path: &Path) -> impl FnOnce(io::Error) -> ResultsError {
    let path = path.to_path_buf();
    move |source| ResultsError::Io { path, source }
}

// The time of a folder cannot be set by the standard library on Windows.
#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::fs::{self, File};
    use std::path::Path;
    use std::time::Duration;

    use super::{LONGEST_WRITING, lies_in, put_back, ready, ready_for_file, replace, write_file};

    fn contents(text: &str) -> Vec<(String, Vec<u8>)> {
        let names = ["run.json", "summary.csv", "charts/waits.svg"];
        names.iter().map(|name| ((*name).into(), text.into())).collect()
    }

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
        let mut names: Vec<String> = entries.map(|name| name.into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn to_look_leaves_nothing() {
        let home = tempfile::tempdir().unwrap();
        assert_eq!(ready(&home.path().join("a/b/c")).unwrap(), None);
        assert_eq!(names(home.path()), [""; 0]);
    }

    #[test]
    fn of_several_that_stepped_aside_the_last_is_put_back() {
        let home = tempfile::tempdir().unwrap();
        let dir = home.path().join("a");
        replace(&dir, &contents("later")).unwrap();
        let later = home.path().join(".a.old-1-0");
        fs::rename(&dir, &later).unwrap();
        // Made now, the one below would be the latest.
        let earlier = home.path().join(".a.old-2-0");
        fs::create_dir(&earlier).unwrap();
        let folder = File::open(&earlier).unwrap();
        let before = fs::metadata(&later).unwrap().modified().unwrap() - Duration::from_secs(5);
        folder.set_modified(before).unwrap();
        fs::create_dir(home.path().join(".a.old-mine")).unwrap();
        assert_eq!(ready(&dir).unwrap(), Some(later));
        assert_eq!(fs::read(dir.join("run.json")).unwrap(), b"later");
        assert_eq!(names(home.path()), [".a.old-2-0", ".a.old-mine", "a"]);
        assert_eq!(ready(&dir).unwrap(), None);
    }

    #[test]
    fn what_the_dead_have_left_is_cleared_away_and_nothing_else() {
        let home = tempfile::tempdir().unwrap();
        let dir = home.path().join("a");
        let hidden = [
            ".a.new-1-0",
            ".a.new-2-0",
            ".a.old-3-0",
            ".a.old-mine",
            ".a.old-2026-11-01",
            ".a.new-",
            ".b.new-1-0",
            ".b.old-1-0",
        ];
        for name in hidden {
            replace(&home.path().join(name), &contents(name)).unwrap();
        }
        let long_ago =
            fs::metadata(home.path()).unwrap().modified().unwrap() - LONGEST_WRITING - Duration::from_secs(9);
        for name in [".a.new-2-0", ".b.new-1-0"] {
            let folder = File::open(home.path().join(name)).unwrap();
            folder.set_modified(long_ago).unwrap();
        }
        replace(&dir, &contents("new")).unwrap();
        let left = [
            ".a.new-",
            ".a.new-1-0",
            ".a.old-2026-11-01",
            ".a.old-mine",
            ".b.new-1-0",
            ".b.old-1-0",
            "a",
        ];
        assert_eq!(names(home.path()), left);
    }

    /// A link stays, and what it leads to is replaced: a folder, a file, one that has stepped aside, one that is not there yet.
    #[test]
    fn links_are_followed() {
        use std::os::unix::fs::symlink;
        let home = tempfile::tempdir().unwrap();
        let (link, disk) = (home.path().join("latest"), home.path().join("disk"));
        fs::create_dir(&disk).unwrap();
        symlink("disk/results", &link).unwrap();
        symlink("latest", home.path().join("by-way")).unwrap();
        for text in ["first", "second"] {
            ready(&home.path().join("by-way")).unwrap();
            replace(&home.path().join("by-way"), &contents(text)).unwrap();
            assert_eq!(fs::read(disk.join("results/run.json")).unwrap(), text.as_bytes());
        }
        fs::rename(disk.join("results"), disk.join(".results.old-9-0")).unwrap();
        assert_eq!(put_back(&link), Some(disk.join(".results.old-9-0")));
        assert_eq!(
            (names(home.path()), names(&disk)),
            (
                vec!["by-way".into(), "disk".into(), "latest".into()],
                vec!["results".into()]
            )
        );
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        let log = home.path().join("log.csv");
        symlink("disk/log.csv", &log).unwrap();
        for text in ["one", "other"] {
            ready_for_file(&log).unwrap();
            write_file(&log, text).unwrap();
            assert_eq!(fs::read(disk.join("log.csv")).unwrap(), text.as_bytes());
        }
        assert!(fs::symlink_metadata(&log).unwrap().is_symlink());
        symlink("round", home.path().join("round")).unwrap();
        assert!(ready(&home.path().join("round")).is_err());
    }

    /// A file of the same name does not clear away results that have stepped aside.
    #[test]
    fn a_file_leaves_results_that_had_stepped_aside() {
        let home = tempfile::tempdir().unwrap();
        let (dir, aside) = (home.path().join("a"), home.path().join(".a.old-9-0"));
        replace(&aside, &contents("somebody's")).unwrap();
        let refused = ready_for_file(&dir).unwrap_err().to_string();
        assert!(refused.contains(".a.old-9-0"), "{refused}");
        write_file(&dir, "a log").unwrap();
        ready_for_file(&dir).unwrap();
        write_file(&dir, "a log").unwrap();
        assert_eq!(names(home.path()), [".a.old-9-0", "a"]);
        assert!(aside.join("run.json").is_file());
    }

    #[test]
    fn what_lies_in_a_place_is_known_before_either_is_there() {
        use std::os::unix::fs::symlink;
        let home = tempfile::tempdir().unwrap();
        let at = |path: &str| home.path().join(path);
        fs::create_dir(at("there")).unwrap();
        symlink("there", at("link")).unwrap();
        for (inner, outer, lies) in [
            ("x/kept", "x", true),
            ("x", "x", true),
            ("x", "x/kept", false),
            ("x-kept", "x", false),
            ("link/x/kept", "there/x", true),
            ("there/./kept", "link", true),
        ] {
            assert_eq!(lies_in(&at(inner), &at(outer)), lies, "{inner} {outer}");
        }
    }

    #[test]
    fn pieces_kept_in_a_folder_of_results_are_not_written_over() {
        let home = tempfile::tempdir().unwrap();
        let dir = home.path().join("a");
        replace(&dir, &contents("first")).unwrap();
        fs::create_dir(dir.join("kept")).unwrap();
        replace(&dir, &contents("second")).unwrap();
        fs::create_dir(dir.join("kept")).unwrap();
        fs::write(dir.join("kept/plan.json"), "{}").unwrap();
        assert!(ready(&dir).is_err() && replace(&dir, &contents("third")).is_err());
        assert!(dir.join("kept/plan.json").is_file());
    }

    /// Many who write to one place while others look at it: everybody comes through, whoever comes last stays, and nothing is left.
    #[test]
    fn many_may_write_at_once() {
        let home = tempfile::tempdir().unwrap();
        let dir = home.path().join("a");
        std::thread::scope(|scope| {
            for writer in 0..4 {
                let dir = &dir;
                scope.spawn(move || {
                    for n in 0..50 {
                        replace(dir, &contents(&format!("{writer} {n}"))).unwrap();
                        ready(dir).unwrap();
                    }
                });
            }
        });
        // Two who cleared away the same may have been in each other's way.
        replace(&dir, &contents("last")).unwrap();
        assert_eq!(names(home.path()), ["a"]);
        assert_eq!(names(&dir), ["charts", "run.json", "summary.csv"]);
        assert_eq!(fs::read(dir.join("charts/waits.svg")).unwrap(), b"last");
    }
}
