//! Answers as people and programs read them: sentences, tables, files, charts and the report.
//!
//! Everything here is a pure function from a finished answer to text, except [`results`] and [`place`], which write it down.
//! Nothing is estimated here: an interval, a quantile or a difference that is shown was computed on a floor below, so
//! that table, chart, file and sentence cannot disagree. What several forms share stands once: [`digits`] for how many
//! digits a number deserves, [`words`] for names and phrases, [`grid`] for the cells of every table.

pub mod allocate;
pub mod calibrate;
pub mod changes;
pub mod chart;
pub mod compare;
pub mod csv;
pub mod digits;
pub mod equity;
pub mod grid;
pub mod html;
pub mod json;
pub mod made;
pub mod months;
pub mod over_time;
pub mod place;
#[cfg(feature = "png")]
pub mod png;
pub mod pooling;
pub mod precision;
pub mod published;
pub mod reported;
pub mod required;
pub mod results;
#[cfg(test)]
mod sample;
pub mod sensitivity;
pub mod sentence;
pub mod sliders;
pub mod table;
pub mod trace;
pub mod uncertain;
pub mod warm_up;
pub mod why;
pub mod words;
pub mod workbook;

use crate::answers::check::CheckAnswer;
use crate::scenario::{Change, Undone};

/// How an answer came about: what the results say about their own making.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RunContext {
    /// Version of the program.
    pub version: String,
    /// What it was built from: a hash of its sources.
    pub build: String,
    /// Hash of the scenario with everything it refers to.
    pub hash: String,
    /// The command that gives the same bytes anywhere: without threads, folders, shards or resuming.
    pub command_canonical: String,
    /// The command as typed.
    pub command_typed: String,
    /// Seconds from start to finish.
    pub wall_s: f64,
    /// Threads used.
    pub threads: usize,
    /// When, if it is to be said; it goes into the `timing` block of `run.json` only.
    pub created: Option<String>,
    /// What the scenario changes in another.
    pub what_if: WhatIf,
    /// Hash of what makes the simulated service, and of nothing else: the same for every question asked of the same service.
    pub service: String,
    /// What the inputs mean, where a report is to show it.
    pub meaning: Option<CheckAnswer>,
}

impl RunContext {
    /// The program: its version, and what it was built from.
    #[must_use]
    pub fn program(&self) -> String {
        format!("homefirst {}, build {}", self.version, self.build)
    }
}

/// What a scenario is based on, and what it changes in it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WhatIf {
    /// The file that it is based on, as typed; `None` if there is none.
    pub base: Option<String>,
    /// The files under that one, the nearest first: what it changes, it changes with the first of them in the last.
    pub under: Vec<String>,
    /// What it changes, and what was set on the command line.
    pub changes: Vec<Change>,
    /// Changes of its files that what was set undoes.
    pub undone: Vec<Undone>,
}
