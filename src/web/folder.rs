//! The folder of the page: its scenarios, and the results below it.
//!
//! Nothing outside of it is read or written. A name that comes from a browser is never made a path: it is looked for among the
//! entries of the folder, and what is a link that leads out of it is not there.

use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use sha2::{Digest as _, Sha256};

use crate::output::place;

/// Below the folder, where results are kept.
const RESULTS: &str = "results";
/// The longest name of a file or folder that may be given.
const LONGEST_NAME: usize = 80;
/// What a name may have besides letters and digits: nothing that means something to a shell.
const ALSO_IN_NAMES: [char; 4] = [' ', '-', '_', '.'];
/// Names that Windows keeps for itself.
const NOT_NAMES: [&str; 6] = ["con", "prn", "aux", "nul", "com", "lpt"];
/// How deep a results folder goes.
const DEPTH: usize = 4;

/// The folder.
#[derive(Debug)]
pub(super) struct Folder {
    root: PathBuf,
    /// Files that were uploaded or saved from the page since it was started, each with what identifies its content; only these are
    /// written over, and only while they are as the page left them.
    own: Mutex<BTreeMap<String, Content>>,
}

/// What identifies a content: its SHA-256.
type Content = [u8; 32];

fn content(bytes: &[u8]) -> Content {
    Sha256::digest(bytes).into()
}

/// Why something was not kept, in a sentence for the planner.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum NotKept {
    /// The name will not do.
    Name(String),
    /// There is one of that name that the page did not make.
    Taken(String),
    /// The system said no.
    Machine(String),
}

impl NotKept {
    pub(super) fn why(&self) -> &str {
        match self {
            Self::Name(why) | Self::Taken(why) | Self::Machine(why) => why,
        }
    }
}

impl Folder {
    /// The folder at a place.
    ///
    /// # Errors
    /// If there is none.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let root = path.canonicalize()?;
        if !root.is_dir() {
            return Err(io::Error::other("it is no folder"));
        }
        Ok(Self {
            root,
            own: Mutex::default(),
        })
    }

    /// Where it is, as people read it.
    pub(super) fn shown(&self) -> String {
        let shown = self.root.display().to_string();
        // What Windows puts before a whole path is for programs.
        shown.strip_prefix(r"\\?\").map_or(shown.clone(), str::to_owned)
    }

    /// The scenarios that lie in it, by name, with their titles.
    pub(super) fn scenarios(&self) -> Vec<(String, String)> {
        let one = |name: String| {
            let title = title(&self.scenario(&name)?, &name)?;
            Some((name, title))
        };
        let mut all: Vec<_> = entries(&self.root).into_iter().filter_map(one).collect();
        all.sort_by_key(|(name, _)| name.to_lowercase());
        all
    }

    /// The path of a scenario of that name.
    pub(super) fn scenario(&self, name: &str) -> Option<PathBuf> {
        self.entry(&self.root, name)
            .filter(|path| path.extension().is_some_and(|ending| ending == "toml") && path.is_file())
    }

    /// Whether the page may write over a file.
    pub(super) fn is_own(&self, name: &str) -> bool {
        let own = self.own().get(name).copied();
        own.is_some_and(|own| fs::read(self.root.join(name)).is_ok_and(|bytes| content(&bytes) == own))
    }

    fn own(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, Content>> {
        self.own.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A name like this that is free: itself, or with a number.
    pub(super) fn free_name(&self, name: &str) -> String {
        let stem = name.strip_suffix(".toml").unwrap_or(name);
        let taken = |name: &String| !self.is_own(name) && self.root.join(name).exists();
        (1..)
            .map(|n: u32| match n {
                1 => name.to_owned(),
                n => format!("{stem}-{n}.toml"),
            })
            .find(|name| !taken(name))
            .unwrap_or_default()
    }

    /// Keeps a scenario.
    pub(super) fn keep_scenario(&self, name: &str, bytes: &[u8]) -> Result<(), NotKept> {
        plain_name(name).map_err(NotKept::Name)?;
        if !name.ends_with(".toml") || name.len() <= ".toml".len() {
            return Err(NotKept::Name(format!(
                "\"{name}\" should end with .toml, as scenario files do"
            )));
        }
        self.keep(&self.root.join(name), name.to_owned(), bytes)
    }

    /// Keeps a data file, in the folder itself or in one below it.
    pub(super) fn keep_data(&self, below: &str, name: &str, bytes: &[u8]) -> Result<(), NotKept> {
        plain_name(name).map_err(NotKept::Name)?;
        let (folder, key) = if below.is_empty() {
            (self.root.clone(), name.to_owned())
        } else {
            plain_name(below).map_err(NotKept::Name)?;
            if below.eq_ignore_ascii_case(RESULTS) {
                return Err(NotKept::Name(format!("\"{below}\" is where results are kept")));
            }
            let folder = self.root.join(below);
            fs::create_dir_all(&folder).map_err(|error| machine(below, &error))?;
            // It may have been there, as a link to another place.
            let inside = self.entry(&self.root, below).is_some_and(|path| path.is_dir());
            if !inside {
                return Err(NotKept::Name(format!("\"{below}\" is no folder inside this one")));
            }
            (folder, format!("{below}/{name}"))
        };
        self.keep(&folder.join(name), key, bytes)
    }

    fn keep(&self, path: &Path, key: String, bytes: &[u8]) -> Result<(), NotKept> {
        let mut own = self.own();
        let before = own.get(&key).copied();
        let there = fs::symlink_metadata(path).is_ok();
        let unchanged = there && before.is_some_and(|own| fs::read(path).is_ok_and(|bytes| content(&bytes) == own));
        if there && !unchanged {
            return Err(NotKept::Taken(match before {
                None => format!(
                    "{key} lies in the folder already, and this page writes over nothing that it did not make; choose another name"
                ),
                Some(_) => format!(
                    "{key} has been changed by somebody else since this page wrote it, and is not written over; choose another name"
                ),
            }));
        }
        let written = if unchanged {
            written_over(path, bytes)
        } else {
            let new = OpenOptions::new().write(true).create_new(true).open(path);
            new.and_then(|mut file| file.write_all(bytes))
        };
        written.map_err(|error| machine(&key, &error))?;
        own.insert(key, content(bytes));
        Ok(())
    }

    /// Takes a name for the results of a scenario, with a number that nobody else has: an empty folder keeps it.
    ///
    /// # Errors
    /// In a sentence, if there can be none.
    pub(super) fn take_results(&self, like: &str) -> Result<String, String> {
        let shown = || Path::new(&self.shown()).join(RESULTS).display().to_string();
        let place = self.root.join(RESULTS);
        fs::create_dir_all(&place).map_err(|error| format!("{} cannot be made: {error}", shown()))?;
        // It may have been there, as a link to another place.
        if !self.entry(&self.root, RESULTS).is_some_and(|path| path.is_dir()) {
            return Err(format!(
                "{} leads out of this folder, and nothing is written there",
                shown()
            ));
        }
        for n in 1u32.. {
            let name = format!("{like}-{n}");
            // What somebody was just replacing when killed is put back, and keeps its name.
            drop(place::ready(&place.join(&name)));
            match fs::create_dir(place.join(&name)) {
                Ok(()) => return Ok(name),
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(error) => return Err(format!("{} cannot be written: {error}", shown())),
            }
        }
        Err(format!("{} is full", shown()))
    }

    /// Gives back a name that nothing came of.
    pub(super) fn give_back(&self, name: &str) {
        // Goes only if the folder is empty; one that is left takes nobody's place but its own.
        drop(fs::remove_dir(self.results_place(name)));
    }

    /// The place of results of that name, to be written.
    pub(super) fn results_place(&self, name: &str) -> PathBuf {
        self.root.join(RESULTS).join(name)
    }

    /// The same as people read it.
    pub(super) fn results_shown(&self, name: &str) -> String {
        Path::new(&self.shown()).join(RESULTS).join(name).display().to_string()
    }

    /// Results that lie below the folder and have a report, by name.
    pub(super) fn results(&self) -> Vec<String> {
        let mut names = entries(&self.root.join(RESULTS));
        names.retain(|name| !name.starts_with('.') && self.result_file(name, "report.html").is_some());
        names.sort_by_key(|name| name.to_lowercase());
        names
    }

    /// The files of results of that name, with `/` between folder and file.
    pub(super) fn result_files(&self, name: &str) -> Vec<String> {
        let mut files = Vec::new();
        if let Some(folder) = self.result_folder(name) {
            self.walk(&folder, "", DEPTH, &mut files);
        }
        files.sort();
        files
    }

    fn walk(&self, folder: &Path, prefix: &str, depth: usize, files: &mut Vec<String>) {
        for name in entries(folder) {
            match self.entry(folder, &name) {
                Some(path) if path.is_dir() && depth > 0 => {
                    self.walk(&path, &format!("{prefix}{name}/"), depth - 1, files);
                }
                Some(path) if path.is_file() => files.push(format!("{prefix}{name}")),
                _ => {}
            }
        }
    }

    /// The path of a file of results.
    pub(super) fn result_file(&self, name: &str, file: &str) -> Option<PathBuf> {
        let folder = self.result_folder(name)?;
        let mut path = folder;
        for part in file.split('/') {
            path = self.entry(&path, part)?;
        }
        path.is_file().then_some(path)
    }

    fn result_folder(&self, name: &str) -> Option<PathBuf> {
        let results = self.entry(&self.root, RESULTS)?;
        self.entry(&results, name).filter(|path| path.is_dir())
    }

    /// An entry of a folder, by exactly its name; nothing if it is a link that leads out of the whole folder.
    fn entry(&self, folder: &Path, name: &str) -> Option<PathBuf> {
        if !entries(folder).iter().any(|own| own == name) {
            return None;
        }
        let path = folder.join(name);
        path.canonicalize()
            .is_ok_and(|real| real.starts_with(&self.root))
            .then_some(path)
    }
}

/// Replaces a file whole: by another beside it that takes its name.
fn written_over(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let beside = path.with_file_name(format!(".{name}.{}.new", std::process::id()));
    let written = fs::write(&beside, bytes).and_then(|()| fs::rename(&beside, path));
    if written.is_err() {
        drop(fs::remove_file(&beside));
    }
    written
}

fn machine(what: &str, error: &io::Error) -> NotKept {
    NotKept::Machine(format!("{what} cannot be written: {error}"))
}

/// The names in a folder that are text; none where it cannot be read.
fn entries(folder: &Path) -> Vec<String> {
    let read = fs::read_dir(folder).into_iter().flatten().flatten();
    read.filter_map(|entry| entry.file_name().into_string().ok()).collect()
}

/// The title of a scenario file, its name if it has none; nothing if the file is no scenario: it says neither the format nor a
/// base before its first table.
fn title(path: &Path, name: &str) -> Option<String> {
    let text = fs::read(path).ok()?;
    let text = String::from_utf8_lossy(&text);
    let head = text.lines().take_while(|line| !line.trim_start().starts_with('['));
    let head: Vec<(&str, &str)> = head.filter_map(|line| line.split_once('=')).collect();
    let value = |key: &str| head.iter().find(|(own, _)| own.trim() == key).map(|(_, value)| *value);
    value("format").or(value("base"))?;
    let quoted = value("title").and_then(|value| value.split('"').nth(1));
    Some(quoted.unwrap_or(name).to_owned())
}

/// Whether a name is one of a file and nothing else; if not, why.
pub(super) fn plain_name(name: &str) -> Result<(), String> {
    let bad = |c: char| !c.is_alphanumeric() && !ALSO_IN_NAMES.contains(&c);
    let stem = name.split('.').next().unwrap_or_default().to_lowercase();
    let letters = stem.trim_end_matches(|c: char| c.is_ascii_digit());
    let reserved = NOT_NAMES.contains(&letters) && stem.len() <= letters.len() + 1;
    if name.is_empty() {
        return Err("a name is needed".into());
    }
    if name.contains(bad)
        || name.chars().count() > LONGEST_NAME
        || name.starts_with(['.', ' '])
        || name.ends_with(['.', ' '])
        || reserved
    {
        return Err(format!(
            "\"{name}\" cannot be used as a name: at most {LONGEST_NAME} letters, digits, spaces, hyphens, underscores and dots"
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{Folder, NotKept, plain_name};

    #[test]
    fn names_that_lead_elsewhere_are_no_names() {
        for name in [
            "",
            ".",
            "..",
            "../x.toml",
            "a/b",
            "a\\b",
            "C:x",
            "x.",
            " x",
            "nul.toml",
            "COM1",
            "a\nb",
            "a;id.toml",
            "$(id).toml",
            "a&b.toml",
        ] {
            assert!(plain_name(name).is_err(), "{name:?}");
        }
        for name in ["home first 2020.toml", "winter-2.toml", "contact.toml", "é.toml"] {
            assert!(plain_name(name).is_ok(), "{name:?}");
        }
    }

    #[test]
    fn only_what_the_page_made_is_written_over() {
        let home = tempfile::tempdir().unwrap();
        fs::write(home.path().join("mine.toml"), "format = 1\n").unwrap();
        let folder = Folder::open(home.path()).unwrap();
        assert!(matches!(
            folder.keep_scenario("mine.toml", b"x"),
            Err(NotKept::Taken(_))
        ));
        assert_eq!(folder.free_name("mine.toml"), "mine-2.toml");
        folder.keep_scenario("new.toml", b"format = 1\n").unwrap();
        folder.keep_scenario("new.toml", b"format = 2\n").unwrap();
        // What somebody else has changed since is theirs.
        folder.keep_scenario("both.toml", b"format = 1\n").unwrap();
        fs::write(home.path().join("both.toml"), "by an editor").unwrap();
        assert!(matches!(folder.keep_scenario("both.toml", b"x"), Err(NotKept::Taken(why)) if why.contains("changed")));
        assert_eq!(folder.free_name("both.toml"), "both-2.toml");
        assert_eq!(
            fs::read_to_string(home.path().join("both.toml")).unwrap(),
            "by an editor"
        );
        fs::remove_file(home.path().join("both.toml")).unwrap();
        folder.keep_scenario("both.toml", b"x").unwrap();
        fs::remove_file(home.path().join("both.toml")).unwrap();
        assert_eq!(
            fs::read_to_string(home.path().join("new.toml")).unwrap(),
            "format = 2\n"
        );
        assert_eq!(folder.free_name("new.toml"), "new.toml");
        assert!(matches!(folder.keep_data("..", "x.csv", b""), Err(NotKept::Name(_))));
        assert!(matches!(
            folder.keep_data("results", "x.csv", b""),
            Err(NotKept::Name(_))
        ));
        folder.keep_data("profiles", "x.csv", b"1").unwrap();
        assert!(home.path().join("profiles/x.csv").is_file());
        fs::write(home.path().join("mine.toml"), "base = \"new.toml\"\ntitle = \"Mine\"\n").unwrap();
        fs::write(home.path().join("Cargo.toml"), "[package]\nformat = 1\n").unwrap();
        let both = [("mine.toml", "Mine"), ("new.toml", "new.toml")];
        assert_eq!(
            folder.scenarios(),
            both.map(|(name, title)| (name.to_owned(), title.to_owned()))
        );
    }

    /// As from two programs on one folder.
    #[test]
    fn nobody_takes_the_name_of_results_that_another_has() {
        let home = tempfile::tempdir().unwrap();
        let (one, other) = (Folder::open(home.path()).unwrap(), Folder::open(home.path()).unwrap());
        let names = [&one, &other, &one].map(|folder| folder.take_results("winter").unwrap());
        assert_eq!(names, ["winter-1", "winter-2", "winter-3"]);
        one.give_back("winter-1");
        fs::write(home.path().join("results/winter-2/report.html"), "kept").unwrap();
        other.give_back("winter-2");
        assert_eq!(one.take_results("winter").unwrap(), "winter-1");
        assert_eq!(one.results(), ["winter-2"]);
    }

    #[cfg(unix)]
    #[test]
    fn results_that_lead_out_are_not_written() {
        let (outside, home) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        std::os::unix::fs::symlink(outside.path(), home.path().join("results")).unwrap();
        let refused = Folder::open(home.path()).unwrap().take_results("x").unwrap_err();
        assert!(refused.contains("leads out of this folder"), "{refused}");
        assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 0);
    }

    #[cfg(unix)]
    #[test]
    fn links_that_lead_out_are_not_there() {
        let outside = tempfile::tempdir().unwrap();
        fs::write(outside.path().join("secret.toml"), "format = 1\n").unwrap();
        fs::write(outside.path().join("report.html"), "secret").unwrap();
        let home = tempfile::tempdir().unwrap();
        fs::create_dir_all(home.path().join("results/run")).unwrap();
        fs::write(home.path().join("results/run/report.html"), "open").unwrap();
        let link =
            |to: &str, at: &str| std::os::unix::fs::symlink(outside.path().join(to), home.path().join(at)).unwrap();
        link("secret.toml", "link.toml");
        link("report.html", "results/run/other.html");
        link("", "results/out");
        link("", "profiles");
        let folder = Folder::open(home.path()).unwrap();
        assert!(folder.scenarios().is_empty() && folder.scenario("link.toml").is_none());
        assert_eq!(folder.results(), ["run"]);
        assert_eq!(folder.result_files("run"), ["report.html"]);
        assert!(
            folder.result_file("run", "other.html").is_none() && folder.result_file("out", "report.html").is_none()
        );
        assert!(folder.result_file("run", "../../link.toml").is_none());
        assert!(matches!(
            folder.keep_data("profiles", "x.csv", b""),
            Err(NotKept::Name(_))
        ));
        assert!(!outside.path().join("x.csv").exists());
    }
}
