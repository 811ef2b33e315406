//! The least staffing as the search finds it, without a certificate: for the same question asked of many inputs.
//!
//! It is the search of [`super::required`], on the same people and with the same scan and audit of signs; what is left out is the proof on
//! other people. So it may be off by what chance does to a level near the one wanted.

use std::sync::atomic::AtomicBool;

use super::answer::number_of;
use super::store::{Stopped, Store};
use super::{Audited, NoAnswer, begin, look_and_audit, overall, scan_everywhere};
use crate::model::{Question, Scenario};
use crate::pieces::Pieces;

/// What the search found, uncertified.
#[derive(Clone, Debug, PartialEq)]
pub struct Least {
    /// What the staffing costs; `None` if no staffing within the bounds seems to suffice somewhere.
    pub cost: Option<f64>,
    /// By free number, in the order of the question: the number, and `None` where no staffing within the bounds seems to suffice.
    /// Numbers that touch none of the levels asked for are left out.
    pub numbers: Vec<(usize, Option<f64>)>,
    /// Events handled.
    pub events: u64,
    /// Processor time in the engine \[s\]. Not part of the results proper.
    pub engine_cpu_s: f64,
}

/// Looks for the least staffing that seems to meet every level, and certifies nothing.
///
/// `progress` hears, from any thread, of every replication of an island. Where units are left to others it ends as if it were
/// stopped: what to look at next depends on them.
///
/// # Errors
/// [`NoAnswer`], with what to do.
pub fn least(
    scenario: &Scenario,
    question: &Question,
    (threads, pieces): (Option<usize>, &Pieces),
    stop: &AtomicBool,
    progress: &(dyn Fn() + Sync),
) -> Result<Least, NoAnswer> {
    let (store, found) = match overall::asked(scenario, question) {
        Some(joint) => overall::least(scenario, question, joint, (threads, pieces), (stop, progress))?,
        None => searched(scenario, question, (threads, pieces), (stop, progress))?,
    };
    let mut numbers: Vec<(usize, Option<f64>)> = Vec::new();
    let mut cost = Some(0.0);
    for (d, level) in found {
        let number = level.zip(question.free.get(d)).map(|(level, dial)| dial.at(level));
        let costs = number.map(|number| number_of(scenario, question, d, number).cost);
        cost = cost.zip(costs).map(|(all, own)| all + own);
        numbers.push((d, number));
    }
    numbers.sort_by_key(|(d, _)| *d);
    Ok(Least {
        cost,
        numbers,
        events: store.events,
        engine_cpu_s: store.engine_cpu_s,
    })
}

/// What the search of all components found: by free number its level, or `None` where nothing within the bounds seems to suffice.
fn searched<'s>(
    scenario: &'s Scenario,
    question: &'s Question,
    (threads, pieces): (Option<usize>, &'s Pieces),
    watched: (&'s AtomicBool, &'s (dyn Fn() + Sync)),
) -> Result<(Store<'s>, overall::Found), NoAnswer> {
    let (mut store, groups, mut searches) = begin(scenario, question, threads, pieces, watched)?;
    let delta = question.delta.get() / 100.0;
    scan_everywhere(&mut searches, &mut store).map_err(|Stopped| store.stopped())?;
    let mut audited = Audited::default();
    look_and_audit((&groups, &mut searches), &mut store, delta, &mut audited, &mut |_| ())
        .map_err(|Stopped| store.stopped())?;
    let mut found = overall::Found::new();
    for search in &searches {
        let best = search.known.best().map(|(_, cell)| cell);
        for (place, d) in search.component.dials.iter().enumerate() {
            // One that several components share is one number.
            if !found.iter().any(|(known, _)| known == d) {
                found.push((*d, best.and_then(|cell| cell.get(place)).copied()));
            }
        }
    }
    Ok((store, found))
}
