//! The last line of an answer: what to ask next.

use std::path::Path;

use crate::output::table;

/// A line that says what to do next, to stand at the end.
pub(super) fn next(what: &str) -> String {
    table::prose(&[format!("Next: {what}")])
}

/// A file as it is typed in a command.
pub(super) fn typed(path: &Path) -> String {
    let path = path.display().to_string();
    if path.contains(' ') {
        format!("\"{path}\"")
    } else {
        path
    }
}
