//! That a folder of results had the answer to another question.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::screen;
use crate::output::table;

/// Says so before such a folder is replaced, so that nobody looks in it for what was there.
pub(super) fn warn_if_replaced(out: &Path, canonical: &str) {
    let Some(before) = asked(out) else { return };
    if before != canonical {
        screen::warn(&table::prose(&[format!(
            "{} has the answer to another question, which will be replaced: `{before}`. To keep both, stop this and give one of them \
             another folder with --out.",
            out.display()
        )]));
    }
}

/// The command whose results a folder has; nothing if it has none, or none that can be read.
fn asked(out: &Path) -> Option<String> {
    let mut files: Vec<_> = fs::read_dir(out).ok()?.flatten().map(|entry| entry.path()).collect();
    files.sort();
    let json = files
        .iter()
        .filter(|path| path.extension().is_some_and(|ending| ending == "json"));
    json.filter_map(|path| serde_json::from_str(&fs::read_to_string(path).ok()?).ok())
        .find_map(|of: Value| Some(of.get("canonical_command")?.as_str()?.to_owned()))
}
