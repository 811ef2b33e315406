//! `report DIR...`: one report of what lies in results folders.

use std::fs;
use std::path::{Path, PathBuf};

use super::args::ReportArgs;
use super::pieces::{exit_of, warn_of_put_back};
use super::{Exit, screen};
use crate::output::html::{Kept, Together, together};
use crate::output::place;

/// What the report in a results folder is called.
const REPORT: &str = "report.html";

pub(super) fn report(args: &ReportArgs) -> Exit {
    if let Err(error) = place::ready_for_report(&args.out) {
        screen::error(&error.to_string());
        return exit_of(&error);
    }
    let mut reports = Vec::new();
    for dir in &args.dirs {
        if let Some(found) = place::put_back(dir) {
            warn_of_put_back(dir, &found);
        }
        match read(dir) {
            Ok(kept) => reports.push((dir.display().to_string(), kept)),
            Err((what, help)) => {
                screen::error(&what);
                screen::help(&help);
                return Exit::Usage;
            }
        }
    }
    let first = reports.first().map_or("", |(_, kept)| kept.scenario_title());
    let title = args.title.clone().unwrap_or_else(|| format!("{first}: report"));
    let text = together(&Together {
        title: &title,
        reports: &reports,
        version: env!("CARGO_PKG_VERSION"),
    });
    match place::write_file(&args.out, &text) {
        Ok(()) => screen::print(&format!("Report: {}\n", args.out.display())),
        Err(error) => {
            screen::error(&error.to_string());
            Exit::Fault
        }
    }
}

/// The report in a folder; or what is wrong with it, and what to do.
fn read(dir: &Path) -> Result<Kept, (String, String)> {
    let file: PathBuf = if dir.is_dir() {
        dir.join(REPORT)
    } else {
        dir.to_path_buf()
    };
    let text = fs::read_to_string(&file).map_err(|error| {
        (
            format!("cannot read {}: {error}", file.display()),
            "name results folders that a command has written, each with a report.html; pooling, warm-up and trace write none".into(),
        )
    })?;
    Kept::parse(&text).map_err(|why| {
        (
            format!("{} cannot be put into a report: {why}", file.display()),
            "ask again with the command that the report ends with, and name the new folder".into(),
        )
    })
}
