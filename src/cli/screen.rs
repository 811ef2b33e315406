//! Writing to the terminal. A reader that went away (`homefirst ... | head`) is no fault.

use std::io::{ErrorKind, IsTerminal as _, Write as _};

use super::Exit;
use crate::output::table;

/// Writes to standard output.
pub(super) fn print(text: &str) -> Exit {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => Exit::Answered,
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Exit::Answered,
        Err(error) => {
            warn(&format!("cannot write to standard output: {error}\n"));
            Exit::Fault
        }
    }
}

/// Writes to standard error; what cannot be written there cannot be said.
pub(super) fn warn(text: &str) {
    drop(std::io::stderr().lock().write_all(text.as_bytes()));
}

/// Says why there is no answer, in lines that fit the terminal; what follows the first line (a drawing of the file, a list) is kept
/// as it is.
pub(super) fn error(message: &str) {
    let (first, rest) = message.split_once('\n').unwrap_or((message, ""));
    let mut text = table::prose(&[format!("error: {first}")]);
    text.push_str(rest);
    if !text.ends_with('\n') {
        text.push('\n');
    }
    warn(&text);
}

/// Says what to do about an error.
pub(super) fn help(what: &str) {
    warn(&table::prose(&[format!("help: {what}")]));
}

/// Whether messages may be coloured: a terminal, and `NO_COLOR` not set.
pub(super) fn color() -> bool {
    std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty())
}
