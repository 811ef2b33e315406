//! What else the staffing of an answer does.
//!
//! The search sees nothing but the levels asked for. A staffing that is the least for these may leave other standards and planned
//! visits undone: crisis workers who hurry to every first response and never come to the visits after it. So the answer is run once
//! as `run` would run it, and what was not asked about is said beside it.

use std::sync::atomic::AtomicBool;

use super::RequiredAnswer;
use super::space::staffed;
use crate::answers::run::{RunAnswer, RunRequest, run_in_pieces};
use crate::model::{Question, Scenario, StaffPlace};
use crate::pieces::Pieces;

/// The most replications of that run: enough to see what is undone.
const BESIDE: u32 = 40;

/// The scenario with the staff of an answer.
pub(super) fn answered(scenario: &Scenario, question: &Question, answer: &RequiredAnswer) -> Scenario {
    let mut places: Vec<(StaffPlace, f64)> = Vec::new();
    for number in &answer.numbers {
        let dial = question.free.iter().find(|dial| dial.path == number.path);
        places.extend(dial.iter().flat_map(|d| &d.places).map(|p| (*p, number.number)));
    }
    staffed(scenario, &places)
}

/// Runs the staffing of an answer on the file's seed, with as many replications as the file says, 40 at most. Where units
/// are left to others, what comes of it is no answer ([`Pieces::wanted`]).
///
/// # Errors
/// In the system's words, if threads cannot be started; or if `stop` came before two replications were done.
pub fn beside(
    scenario: &Scenario,
    question: &Question,
    answer: &RequiredAnswer,
    threads: Option<usize>,
    pieces: &Pieces,
    (stop, progress): (&AtomicBool, &(dyn Fn() + Sync)),
) -> Result<RunAnswer, String> {
    let mut with = answered(scenario, question, answer);
    with.experiment.precision = None;
    // A run keeps all of a replication and the search only what it asks about: among pieces they must not be taken for one another, and
    // it is by all that a scenario says that worlds are known there.
    with.title.push_str(", as answered");
    let request = RunRequest {
        replications: with.experiment.replications.clamp(2, BESIDE),
        confidence: with.experiment.confidence.get(),
        threads,
    };
    run_in_pieces(&with, request, pieces, stop, progress)
}
