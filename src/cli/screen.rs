//! Writing to the terminal. A reader that went away (`homefirst ... | head`) is no fault.

use std::io::{ErrorKind, IsTerminal as _, Write as _};

use super::Exit;

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

/// Whether messages may be coloured: a terminal, and `NO_COLOR` not set.
pub(super) fn color() -> bool {
    std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty())
}
