//! `new [FILE]`: a file to start from.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use super::args::NewArgs;
use super::{Exit, diagnose, screen};
use crate::scenario;

/// The service that is written if no name is given.
const SERVICE: &str = "my-service.toml";
/// The what-if that is written, beside its base, if no name is given.
const WHAT_IF: &str = "what-if.toml";

pub(super) fn new(args: &NewArgs) -> Exit {
    let (path, text) = match &args.base {
        None => {
            let path = args.file.clone().unwrap_or_else(|| SERVICE.into());
            (path, scenario::TEMPLATE.to_string())
        }
        Some(base) => match what_if(args.file.as_deref(), base) {
            Ok(written) => written,
            Err(exit) => return exit,
        },
    };
    let mut open = OpenOptions::new();
    // What lies there already is never written over.
    let written = open
        .write(true)
        .create_new(true)
        .open(&path)
        .and_then(|mut file| file.write_all(text.as_bytes()));
    if let Err(error) = written {
        let path = path.display();
        let (why, exit) = match error.kind() {
            ErrorKind::AlreadyExists => (format!("{path} is there already; choose another name"), Exit::Usage),
            ErrorKind::NotFound => (
                format!("cannot write {path}: its folder is not there; make it first, or name a file without one"),
                Exit::Usage,
            ),
            _ => (format!("cannot write {path}: {error}"), Exit::Fault),
        };
        screen::error(&why);
        return exit;
    }
    let path = path.display();
    screen::print(&format!("Written: {path}\nCheck it with: homefirst check {path}\n"))
}

/// The what-if's place and text; where it cannot be one, the reason has been said.
fn what_if(file: Option<&Path>, base: &Path) -> Result<(PathBuf, String), Exit> {
    let loaded = scenario::read(base).map_err(|problems| {
        screen::warn(&diagnose::render(&problems.sorted(), screen::color()));
        Exit::Scenario
    })?;
    let beside = base.with_file_name(WHAT_IF);
    let path = file.map_or_else(|| beside.clone(), Path::to_path_buf);
    if folder(&path) != folder(base) {
        let place = base.with_file_name(path.file_name().unwrap_or(WHAT_IF.as_ref()));
        screen::error(&format!(
            "a what-if lies in the folder of its base: {} would do",
            place.display()
        ));
        return Err(Exit::Usage);
    }
    let name = base.file_name().unwrap_or_default().to_string_lossy();
    Ok((path, scenario::what_if(&name, &loaded.scenario)))
}

/// The folder that a file is in, the same however it is named.
fn folder(file: &Path) -> Option<PathBuf> {
    let parent = file.parent().filter(|p| !p.as_os_str().is_empty());
    fs::canonicalize(parent.unwrap_or(Path::new("."))).ok()
}
