//! How an answer came about: the command that gives it again, the hash of what it rests on, and the files to lie beside it.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use crate::output::results::SourceFile;
use crate::output::{RunContext, WhatIf};
use crate::scenario::Loaded;
use crate::units::Points;

/// What was asked, as far as the answer depends on it, and how it was simulated.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The verb of the command line.
    pub verb: &'a str,
    /// The scenario file; only its name is told, since results are the same bytes wherever it stands.
    pub file: &'a Path,
    /// Values set over the file, each as `path=value`.
    pub sets: &'a [String],
    /// Replications, where they were said.
    pub replications: Option<u32>,
    /// Precision, where it was asked for.
    pub precision: Option<Points>,
    /// Seed, where it was said.
    pub seed: Option<u64>,
    /// Options of the verb's own, with a space before each.
    pub extra: &'a str,
    /// Threads; `None` uses every processor.
    pub threads: Option<u16>,
}

impl Asked<'_> {
    /// The command that gives the same bytes anywhere.
    #[must_use]
    pub fn canonical(&self) -> String {
        let mut command = format!("homefirst {} {}", self.verb, file_named(self.file));
        for set in self.sets {
            let quote = if set.contains('"') { '\'' } else { '"' };
            let _ = write!(command, " --set {quote}{set}{quote}");
        }
        if let Some(n) = self.replications {
            let _ = write!(command, " --replications {n}");
        }
        if let Some(precision) = self.precision {
            let _ = write!(command, " --precision \"{precision}\"");
        }
        if let Some(seed) = self.seed {
            let _ = write!(command, " --seed {seed}");
        }
        command + self.extra
    }

    /// How this answer came about, where it was simulated in so many seconds of `wall_s`; `typed` is what was really typed.
    #[must_use]
    pub fn context(&self, loaded: &Loaded, typed: String, wall_s: f64) -> RunContext {
        let all = || std::thread::available_parallelism().map_or(1, usize::from);
        RunContext {
            version: env!("CARGO_PKG_VERSION").into(),
            build: env!("HOMEFIRST_SOURCE").into(),
            hash: hash(loaded),
            command_canonical: self.canonical(),
            command_typed: typed,
            wall_s,
            threads: self.threads.map_or_else(all, usize::from),
            created: None,
            what_if: what_if(loaded),
            service: service(loaded),
            meaning: None,
        }
    }
}

/// What a scenario changes, as results tell it.
#[must_use]
pub fn what_if(loaded: &Loaded) -> WhatIf {
    WhatIf {
        base: loaded.base.clone(),
        // Its own file first, then its base.
        under: loaded
            .sources
            .iter()
            .skip(2)
            .map(|(path, _)| path.display().to_string())
            .collect(),
        changes: loaded.changes.clone(),
        undone: loaded.undone.clone(),
    }
}

/// A file by its name alone, in quotes if it must.
#[must_use]
pub fn file_named(path: &Path) -> String {
    let file = path.file_name().unwrap_or_default().to_string_lossy();
    if file.contains(' ') {
        format!("\"{file}\"")
    } else {
        file.into_owned()
    }
}

/// The files that the scenario was read from, to lie beside the results.
#[must_use]
pub fn files_of(loaded: &Loaded) -> Vec<SourceFile> {
    let file = |(path, text): &(PathBuf, String)| SourceFile {
        path: slashes(path),
        bytes: text.as_bytes().to_vec(),
    };
    loaded.files.iter().map(file).collect()
}

/// The hash of what makes the simulated service: not of what is asked of it, how it is simulated, or what is known of it.
#[must_use]
pub fn service(loaded: &Loaded) -> String {
    digest(&loaded.service_text(), &loaded.files)
}

/// SHA-256 of the scenario's text and of every file it names, in the order of their names.
#[must_use]
pub fn hash(loaded: &Loaded) -> String {
    digest(&loaded.text, &loaded.files)
}

fn digest(text: &str, files: &[(PathBuf, String)]) -> String {
    let mut hasher = Sha256::new();
    let mut add = |name: &str, text: &str| {
        for part in [name, text] {
            hasher.update((part.len() as u64).to_le_bytes());
            hasher.update(part.as_bytes());
        }
    };
    add("scenario", text);
    let mut files: Vec<(String, &String)> = files.iter().map(|(path, text)| (slashes(path), text)).collect();
    files.sort();
    for (name, text) in files {
        add(&name, text);
    }
    hasher.finalize().iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// A relative path with `/` between its parts.
fn slashes(path: &Path) -> String {
    let parts: Vec<_> = path
        .components()
        .map(|c| c.as_os_str().to_string_lossy().into_owned())
        .collect();
    parts.join("/")
}
