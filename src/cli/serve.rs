//! `serve`: the page on this machine.

use super::args::ServeArgs;
use super::run::stop_on_ctrl_c;
use super::{Exit, screen};
use crate::web::{Serve, ServeError, serve as serve_page};

pub(super) fn serve(args: &ServeArgs) -> Exit {
    let what = Serve {
        port: args.port,
        folder: args.folder.clone(),
        threads: args.threads,
    };
    let ending = stop_on_ctrl_c();
    let mut shown = Exit::Answered;
    let served = serve_page(&what, &ending, |address| {
        shown = screen::print(&format!(
            "The page is open at {address}\nOpen this address in a browser on this machine. Ctrl-C here ends it.\n"
        ));
    });
    match served {
        Ok(()) => shown,
        Err(error) => {
            screen::warn(&format!("{error}\n"));
            match error {
                ServeError::Folder { .. } | ServeError::Port { .. } => Exit::Usage,
                ServeError::Machine(_) => Exit::Fault,
            }
        }
    }
}
