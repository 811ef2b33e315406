//! What would be needed if the inputs were not as stated: the question asked again of each draw of the inputs.
//!
//! In each draw the search looks for the least staffing, uncertified and with the same people in all draws; and the staffing
//! of the answer is simulated in it, on people whom no search has seen, until every level is clearly met or one is
//! clearly missed.
//!
//! **Two kinds of doubt.** That draws need different staff is due to the inputs, and to chance: a search sees only so many
//! people, and a level near the one wanted falls on either side. So some draws are searched again with other people
//! ([`crate::stats::in_part`] takes both apart).

use std::sync::atomic::{AtomicBool, Ordering};

use serde::Serialize;

use super::beside::answered;
use super::seen::Seen;
use super::space::{Check, components};
use super::store::Sample;
use super::{Least, NoAnswer, RequiredAnswer, least};
use crate::answers::Estimate;
use crate::answers::uncertain::{AboutInputs, share_of_draws};
use crate::engine::World;
use crate::model::{Question, Scenario};
use crate::pieces::Pieces;
use crate::replicate::{Finished, PathwayRow, Plan, Runs, replicate_from};
use crate::stats::{InPart, effective_size, in_part, student_t_quantile, weighted_quantile};

/// Searches with other people, of each draw that is searched again.
pub const AGAIN: usize = 2;

/// The most draws that are searched again.
const REPEATED: usize = 5;

/// Replications after which the staffing of the answer is looked at in a draw.
const LOOKS: [u32; 3] = [8, 16, 32];

/// Probability that a staffing of which all levels are met looks clearly as if one were not, or the other way round: of all looks and levels
/// together.
const CLEARLY: f64 = 0.03;

/// Replications of these numbers are of people whom neither search nor certificate has seen.
const OTHER_PEOPLE: u32 = 1_000_000_000;

/// What to draw.
#[derive(Clone, Debug)]
pub struct RequiredDraws {
    /// The inputs that are drawn, by their paths.
    pub inputs: Vec<String>,
    /// Inputs that are not drawn since the question moves them itself.
    pub held: Vec<String>,
    /// What else is known of the inputs.
    pub about: AboutInputs,
    /// The weight of each draw.
    pub weights: Vec<f64>,
    /// What is set in each draw, as it is typed.
    pub typed: Vec<Vec<String>>,
    /// Confidence of every interval.
    pub confidence: f64,
    /// Threads; `None` uses every processor.
    pub threads: Option<usize>,
}

/// Whether the staffing of the answer does in a draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Every level is clearly met.
    Holds,
    /// A level is clearly missed.
    Falls,
    /// Nothing is clearly missed, but some level is too near to say.
    Near,
}

/// The staffing of the answer in a draw.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Held {
    /// Whether it does.
    pub standing: Standing,
    /// The level that is lowest against the one wanted, and the service level seen; `None` if nobody came.
    pub worst: Option<(Check, f64)>,
    /// Replications.
    pub replications: u32,
}

/// One draw.
#[derive(Clone, Debug, PartialEq)]
pub struct OfDraw {
    /// Its weight; all sum to 1.
    pub weight: f64,
    /// What is set in it, as it is typed.
    pub typed: Vec<String>,
    /// The least staffing in it.
    pub least: Least,
    /// The same as found with other people; empty if it was not searched again.
    pub again: Vec<Least>,
    /// The staffing of the answer in it.
    pub held: Held,
}

/// A staff number over the draws. Where no staffing within the bounds suffices in a draw, it counts as above all others: `None`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NumberSpread {
    /// A place in the question's list of free numbers.
    pub free: usize,
    /// The number of the answer.
    pub answer: f64,
    /// Half of the draws need at most so many.
    pub median: Option<f64>,
    /// The fewest in any draw.
    pub fewest: Option<f64>,
    /// The most in any draw.
    pub most: Option<f64>,
}

/// What would be needed if the inputs were not as stated.
#[derive(Clone, Debug, PartialEq)]
pub struct RequiredUncertain {
    /// The inputs that were drawn, by their paths.
    pub inputs: Vec<String>,
    /// Inputs that were not drawn since the question moves them itself.
    pub held: Vec<String>,
    /// What else is known of the inputs.
    pub about: AboutInputs,
    /// As many draws of equal weight as they are worth.
    pub effective_draws: f64,
    /// Confidence of every interval.
    pub confidence: f64,
    /// Every draw.
    pub draws: Vec<OfDraw>,
    /// The cost that half of the draws do not exceed; `None` where no staffing within the bounds suffices.
    pub median: Option<f64>,
    /// The middle half of the draws.
    pub half: [Option<f64>; 2],
    /// The middle nine tenths.
    pub nine_tenths: [Option<f64>; 2],
    /// Every number of the answer over the draws.
    pub numbers: Vec<NumberSpread>,
    /// The share of draws in which the staffing of the answer clearly meets every level.
    pub holds: Option<Estimate>,
    /// The share of draws in which it clearly misses one.
    pub falls: Option<Estimate>,
    /// The level that is the lowest against the one wanted in most of the draws in which the staffing clearly misses one, and in
    /// which share of these it is.
    pub weakest: Option<(Check, f64)>,
    /// The share of draws in which no staffing within the bounds suffices.
    pub none_within: Option<Estimate>,
    /// What the inputs do to the cost, and what chance does; `None` if too few draws have a staffing within the bounds.
    pub apart: Option<InPart>,
}

/// The scenario with the inputs of a draw, or why that cannot be.
pub type DrawnQuestion<'a> = dyn FnMut(usize) -> Result<Scenario, String> + 'a;

/// Of so many draws, those that are searched again, evenly spaced.
#[must_use]
pub fn repeated(draws: usize) -> Vec<usize> {
    let some = draws.min(REPEATED);
    (0..some).map(|k| k * draws / some).collect()
}

/// Asks the question of every draw; `None` if `stop` came before all were searched, or if units are left to others
/// ([`Pieces::wanted`]): then every search has asked for what it looks at next.
///
/// `drawn` makes the scenario of a draw, which must ask the same question. `done` hears of every search that is finished: of each
/// draw one, then [`AGAIN`] of each that is [`repeated`].
///
/// # Errors
/// [`NoAnswer`].
pub fn required_uncertain(
    answer: &RequiredAnswer,
    drawn: &mut DrawnQuestion<'_>,
    request: &RequiredDraws,
    pieces: &Pieces,
    stop: &AtomicBool,
    done: &(dyn Fn() + Sync),
) -> Result<Option<RequiredUncertain>, NoAnswer> {
    let mut searching = Searching {
        answer,
        drawn,
        request,
        pieces,
        stop,
        done,
    };
    match searching.all() {
        Ok(draws) => Ok(Some(request.summary(answer, draws))),
        Err(NoAnswer::Stopped) => Ok(None),
        Err(error) => Err(error),
    }
}

struct Searching<'a, 'd> {
    answer: &'a RequiredAnswer,
    drawn: &'a mut DrawnQuestion<'d>,
    request: &'a RequiredDraws,
    pieces: &'a Pieces,
    stop: &'a AtomicBool,
    done: &'a (dyn Fn() + Sync),
}

impl Searching<'_, '_> {
    fn all(&mut self) -> Result<Vec<OfDraw>, NoAnswer> {
        let whole: f64 = self.request.weights.iter().sum();
        let weights: Vec<f64> = self.request.weights.iter().map(|w| w / whole).collect();
        let mut draws = Vec::with_capacity(weights.len());
        for (number, weight) in weights.into_iter().enumerate() {
            let scenario = self.scenario(number)?;
            let question = asked(&scenario)?;
            let least = self.unless_left(self.search(&scenario, question))?;
            let held = self.unless_left(self.held(&scenario, question))?;
            draws.extend(least.zip(held).map(|(least, held)| OfDraw {
                weight,
                typed: self.request.typed.get(number).cloned().unwrap_or_default(),
                least,
                again: Vec::new(),
                held,
            }));
            (self.done)();
        }
        let number = self.request.weights.len();
        let mut left = draws.len() < number;
        for number in repeated(number) {
            let mut scenario = self.scenario(number)?;
            for _ in 0..AGAIN {
                // A seed of its own: other people in all of it.
                scenario.experiment.seed = scenario.experiment.seed.wrapping_add(1);
                match self.unless_left(self.search(&scenario, asked(&scenario)?))? {
                    Some(found) if !left => draws[number].again.push(found),
                    _ => left = true,
                }
                (self.done)();
            }
        }
        if left { Err(NoAnswer::Stopped) } else { Ok(draws) }
    }

    /// What was found; nothing where it waits for what others make. The searches go on side by side, so that all of them together take
    /// as many rounds as the longest.
    fn unless_left<T>(&self, found: Result<T, NoAnswer>) -> Result<Option<T>, NoAnswer> {
        match found {
            Err(NoAnswer::Stopped) if self.pieces.leaves() && !self.stop.load(Ordering::Relaxed) => Ok(None),
            found => found.map(Some),
        }
    }

    fn scenario(&mut self, number: usize) -> Result<Scenario, NoAnswer> {
        (self.drawn)(number).map_err(NoAnswer::Refused)
    }

    fn search(&self, scenario: &Scenario, question: &Question) -> Result<Least, NoAnswer> {
        least(
            scenario,
            question,
            (self.request.threads, self.pieces),
            self.stop,
            &|| (),
        )
    }

    /// Simulates the staffing of the answer until it is clear whether it does, or the last look has been taken.
    fn held(&self, scenario: &Scenario, question: &Question) -> Result<Held, NoAnswer> {
        let with = answered(scenario, question, self.answer);
        let (world, finished) = (World::new(&with), Finished::of(self.pieces, &with));
        let checks: Vec<Check> = components(&with, question, &with.islands())
            .into_iter()
            .flat_map(|component| component.checks)
            .collect();
        let mut samples: Vec<Vec<Sample>> = vec![Vec::new(); checks.len()];
        let mut made = 0;
        for look in LOOKS {
            let plan = Plan {
                replications: look - made,
                first: OTHER_PEOPLE + made,
                threads: self.request.threads,
            };
            let runs = replicate_from(&world, with.hubs.len(), plan, finished, self.stop, &|| ());
            let runs = runs.map_err(NoAnswer::Machine)?;
            if runs.stopped || runs.left {
                return Err(NoAnswer::Stopped);
            }
            made = look;
            for (check, samples) in checks.iter().zip(&mut samples) {
                samples.extend(hits_of(&runs, check, with.hubs.len()));
            }
            let seen = checks.iter().zip(&samples);
            let seen: Vec<(Check, Seen)> = seen
                .filter_map(|(check, samples)| Some((*check, Seen::of(samples, check.wanted, &[])?)))
                .collect();
            // Any of the levels may look missed by chance; to look met by chance a staffing needs one that is missed to do so.
            let each = CLEARLY / LOOKS.len() as f64;
            let reach = |error: f64| student_t_quantile(1.0 - error, f64::from(look - 1));
            let (falls, holds) = (reach(each / seen.len().max(1) as f64), reach(each));
            let standing = if seen.iter().any(|(_, s)| s.gap < -falls * s.error) {
                Standing::Falls
            } else if seen.iter().all(|(_, s)| s.gap >= holds * s.error) {
                Standing::Holds
            } else {
                Standing::Near
            };
            if standing != Standing::Near || LOOKS.last() == Some(&look) {
                let worst = seen.into_iter().min_by(|a, b| a.1.gap.total_cmp(&b.1.gap));
                return Ok(Held {
                    standing,
                    worst: worst.map(|(check, seen)| (check, seen.level)),
                    replications: made,
                });
            }
        }
        Err(NoAnswer::Stopped)
    }
}

/// What is seen of a check by replication, without a control; the last row of a replication is all hubs.
fn hits_of(runs: &Runs, check: &Check, hubs: usize) -> Vec<Sample> {
    let place = check.hub.map_or(hubs, |hub| hub.0);
    let rows = runs.rows.iter().filter_map(|row| row.get(place));
    let pathways = rows.filter_map(|row| row.pathways.get(check.pathway.0));
    let sample = |p: &PathwayRow| Sample {
        hits: p.hits,
        referrals: p.referrals,
        control: 0.0,
    };
    pathways.map(sample).collect()
}

fn asked(scenario: &Scenario) -> Result<&Question, NoAnswer> {
    scenario.required.as_ref().ok_or(NoAnswer::NoDemand)
}

/// A number of which `None` is above all others.
fn needed(number: Option<f64>) -> f64 {
    number.unwrap_or(f64::INFINITY)
}

impl RequiredDraws {
    fn summary(&self, answer: &RequiredAnswer, draws: Vec<OfDraw>) -> RequiredUncertain {
        let weights: Vec<f64> = draws.iter().map(|d| d.weight).collect();
        let worth = effective_size(&weights);
        let costs: Vec<f64> = draws.iter().map(|d| needed(d.least.cost)).collect();
        let at = |of: &[f64], p: f64| weighted_quantile(of, &weights, p).filter(|v| v.is_finite());
        let share = |is: &dyn Fn(&OfDraw) -> bool| {
            let share: f64 = draws.iter().filter(|d| is(d)).map(|d| d.weight).sum::<f64>().min(1.0);
            let number = u32::try_from(draws.len()).unwrap_or(u32::MAX);
            share_of_draws(share, worth, self.confidence, number)
        };
        let numbers = answer.numbers.iter().map(|number| {
            let of = |draw: &OfDraw| {
                let own = draw.least.numbers.iter().find(|(d, _)| *d == number.free);
                needed(own.and_then(|(_, n)| *n))
            };
            let of: Vec<f64> = draws.iter().map(of).collect();
            NumberSpread {
                free: number.free,
                answer: number.number,
                median: at(&of, 0.5),
                fewest: at(&of, 0.0),
                most: at(&of, 1.0),
            }
        });
        let numbers = numbers.collect();
        let within: Vec<(f64, f64)> = draws.iter().filter_map(|d| Some((d.least.cost?, d.weight))).collect();
        let (values, of_values): (Vec<f64>, Vec<f64>) = within.into_iter().unzip();
        let again: Vec<Vec<f64>> = draws
            .iter()
            .filter(|d| !d.again.is_empty())
            .filter_map(|d| std::iter::once(&d.least).chain(&d.again).map(|l| l.cost).collect())
            .collect();
        RequiredUncertain {
            inputs: self.inputs.clone(),
            held: self.held.clone(),
            about: self.about.clone(),
            effective_draws: worth,
            confidence: self.confidence,
            median: at(&costs, 0.5),
            half: [at(&costs, 0.25), at(&costs, 0.75)],
            nine_tenths: [at(&costs, 0.05), at(&costs, 0.95)],
            numbers,
            holds: share(&|d| d.held.standing == Standing::Holds),
            falls: share(&|d| d.held.standing == Standing::Falls),
            weakest: weakest(&draws),
            none_within: share(&|d| d.least.cost.is_none()),
            apart: in_part(&values, &of_values, &again),
            draws,
        }
    }
}

/// The level that most often fails first.
fn weakest(draws: &[OfDraw]) -> Option<(Check, f64)> {
    let falls = draws.iter().filter(|d| d.held.standing == Standing::Falls);
    let mut counts: Vec<(Check, f64)> = Vec::new();
    for (check, weight) in falls.filter_map(|d| Some((d.held.worst?.0, d.weight))) {
        match counts.iter_mut().find(|(known, _)| *known == check) {
            Some((_, sum)) => *sum += weight,
            None => counts.push((check, weight)),
        }
    }
    let all: f64 = counts.iter().map(|(_, weight)| weight).sum();
    let most = counts
        .into_iter()
        .reduce(|most, next| if next.1 > most.1 { next } else { most });
    most.map(|(check, weight)| (check, weight / all))
}

#[cfg(test)]
mod tests {
    use super::repeated;

    #[test]
    fn some_draws_are_searched_again_from_one_end_to_the_other() {
        assert_eq!(repeated(20), [0, 4, 8, 12, 16]);
        assert_eq!(repeated(3), [0, 1, 2]);
        assert!(repeated(0).is_empty());
    }
}
