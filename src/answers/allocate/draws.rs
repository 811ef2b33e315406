//! Placements where the inputs are not as stated: what those found do in each draw of the inputs, and what would be chosen in it.
//!
//! In each draw a placement is chosen again, on few replications; then it, and all that were found with the stated
//! inputs, are simulated on other replications, the same in all draws. What the best of the draw has more than the best by the
//! stated inputs is what it costs not to know. On so few replications the choice itself is rough: where chance has chosen it may
//! have less.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

use super::cells::Table;
use super::{
    AllocateAnswer, AllocateRequest, CannotAllocate, Choice, Confirmed, Kind, Pairs, Simulating, added, can_allocate,
};
use crate::answers::Estimate;
use crate::answers::uncertain::{AboutInputs, REPLICATIONS, UncertainRequest, UncertainRow, linear, share_of_draws};
use crate::model::{HubId, PathwayId, Scenario};
use crate::pieces::Pieces;
use crate::stats::{effective_size, largest_totals};

/// Replications on which a placement is chosen in each draw.
pub const CHOSEN_ON: u32 = 8;

/// Two placements that differ by no more than this over all hubs are as good: a tenth of a point.
pub const AS_GOOD: f64 = 0.001;

/// A placement under uncertain inputs. Shares.
#[derive(Clone, Debug, PartialEq)]
pub struct PlacementDrawn {
    /// A place in the list of placements.
    pub placement: usize,
    /// Its gain over all hubs.
    pub gain: Option<UncertainRow>,
    /// The gain of the worst hub, whichever that is with it and without.
    pub worst_gain: Option<UncertainRow>,
    /// What the best by the stated inputs has more over all hubs, and in which share of draws; `None` of itself.
    pub best_less: Option<UncertainRow>,
}

/// What uncertain inputs do to a placement.
#[derive(Clone, Debug, PartialEq)]
pub struct AllocateUncertain {
    /// The inputs that were drawn, by their paths.
    pub inputs: Vec<String>,
    /// What else is known of the inputs.
    pub about: AboutInputs,
    /// Draws.
    pub draws: u32,
    /// As many draws of equal weight as they are worth.
    pub effective_draws: f64,
    /// Replications on which a placement was chosen in each draw.
    pub chosen_on: u32,
    /// Replications, others, of which everything else is.
    pub replications: u32,
    /// Confidence of every interval.
    pub confidence: f64,
    /// Every placement but the service as it is.
    pub placements: Vec<PlacementDrawn>,
    /// What the placement chosen in each draw has more over all hubs than the best by the stated inputs; with the share of draws in
    /// which that is no more than [`AS_GOOD`].
    pub regret: Option<UncertainRow>,
    /// The share of draws in which the same placement was chosen.
    pub same: Option<Estimate>,
    /// How often each placement was chosen.
    pub choice: Choice,
}

/// The scenario with the inputs of a draw, or why that cannot be.
pub type DrawnAllocation<'a> = dyn FnMut(usize) -> Result<Scenario, String> + 'a;

/// Looks at the placements of an answer in each draw; `None` if `stop` came before all were done. Where units are left to others it
/// waits, once each draw has asked for what it looks at next.
///
/// `drawn` makes the scenario of a draw; `done` hears of every draw that is done.
///
/// # Errors
/// [`CannotAllocate`].
pub fn allocate_uncertain(
    answer: &AllocateAnswer,
    drawn: &mut DrawnAllocation<'_>,
    request: &UncertainRequest,
    pieces: &Pieces,
    stop: &AtomicBool,
    done: &(dyn Fn() + Sync),
) -> Result<Option<AllocateUncertain>, CannotAllocate> {
    let mut all = Vec::with_capacity(request.weights.len());
    for draw in 0..request.weights.len() {
        let scenario = drawn(draw).map_err(CannotAllocate::Refused)?;
        let found = of_draw(answer, &scenario, request, pieces, stop);
        if stop.load(Ordering::Relaxed) {
            return Ok(None);
        }
        match found {
            Err(CannotAllocate::Waits) => {}
            found => all.push(found?),
        }
        done();
    }
    if all.len() < request.weights.len() {
        return Err(CannotAllocate::Waits);
    }
    Ok(Some(summary(answer, request, &all)))
}

/// Levels of the pathway that decides, replication by replication.
struct Series {
    overall: Option<Vec<f64>>,
    /// Of the hub that is the worst over all replications.
    worst: Option<Vec<f64>>,
}

impl Series {
    fn of(hubs: &[Pairs]) -> Self {
        let level = |pairs: &&Pairs| {
            let (hits, of) = pairs.iter().fold((0, 0), |(h, n), p| (h + p.0, n + p.1));
            hits as f64 / of as f64
        };
        let with_some = hubs.iter().filter(|pairs| pairs.iter().any(|p| p.1 > 0));
        let worst = with_some.min_by(|a, b| level(a).total_cmp(&level(b)));
        Self {
            overall: linear(&added(hubs.iter())),
            worst: worst.and_then(|pairs| linear(pairs)),
        }
    }
}

/// One draw.
struct OfDraw {
    chosen: Vec<u32>,
    /// By placement of the answer.
    placements: Vec<Series>,
    of_chosen: Series,
}

fn of_draw(
    answer: &AllocateAnswer,
    scenario: &Scenario,
    request: &UncertainRequest,
    pieces: &Pieces,
    stop: &AtomicBool,
) -> Result<OfDraw, CannotAllocate> {
    let base = &answer.request;
    let own = AllocateRequest {
        search: CHOSEN_ON,
        replications: REPLICATIONS,
        threads: request.threads,
        ..*base
    };
    let (_, teams) = can_allocate(scenario, base.role)?;
    let mut sim = Simulating {
        scenario,
        request: &own,
        places: &teams,
        standards: vec![base.pathway],
        pieces,
        stop,
        progress: &|| (),
        events: 0,
        engine_cpu_s: 0.0,
    };
    let stated: Vec<Vec<u32>> = answer
        .placements
        .iter()
        .map(|p| p.extra.iter().map(|n| n / base.step).collect())
        .collect();
    let mut table = Table::first(&mut sim, &stated)?;
    table.refine(&mut sim)?;
    let known = table.known(&(0..CHOSEN_ON as usize));
    let best = largest_totals(&known, sim.steps() as usize).pop().flatten();
    let best = best.ok_or_else(|| CannotAllocate::Unfinished("no placement was found".into()))?;
    let mut found: Vec<(Vec<Kind>, Vec<usize>)> = answer
        .placements
        .iter()
        .zip(&stated)
        .map(|(p, steps)| (p.kinds.clone(), table.ways_of(steps)))
        .collect();
    found.push((Vec::new(), best.ways.clone()));
    // Not the people on whom anything was chosen or confirmed.
    let first = base.search + base.replications;
    let confirmed = Confirmed::of(&mut sim, &table, &found, first)?;
    let series = |ways: &[usize]| Series::of(&confirmed.by_hub(ways, base.pathway));
    Ok(OfDraw {
        chosen: table.placement(&best.ways).iter().map(|n| n * base.step).collect(),
        of_chosen: series(&best.ways),
        placements: found
            .iter()
            .take(answer.placements.len())
            .map(|(_, ways)| series(ways))
            .collect(),
    })
}

/// One series less another.
fn less(one: Option<&Vec<f64>>, other: Option<&Vec<f64>>) -> Option<Vec<f64>> {
    Some(one?.iter().zip(other?).map(|(a, b)| a - b).collect())
}

fn summary(answer: &AllocateAnswer, request: &UncertainRequest, all: &[OfDraw]) -> AllocateUncertain {
    let place = |kind: Kind| answer.placements.iter().position(|p| p.is(kind)).unwrap_or(0);
    let (now, best) = (place(Kind::AsNow), place(Kind::Best));
    let at: (Option<HubId>, PathwayId) = (None, answer.request.pathway);
    let row = |table: Option<Vec<Vec<f64>>>, meets: Option<&dyn Fn(f64) -> bool>| {
        request.row(at, &table?, meets, &|share| share)
    };
    let of = |number: usize| {
        let differences = |of: &dyn Fn(&OfDraw) -> Option<Vec<f64>>| all.iter().map(of).collect();
        let more = |v: f64| v > 0.0;
        PlacementDrawn {
            placement: number,
            gain: row(
                differences(&|d| {
                    less(
                        d.placements[number].overall.as_ref(),
                        d.placements[now].overall.as_ref(),
                    )
                }),
                None,
            ),
            worst_gain: row(
                differences(&|d| less(d.placements[number].worst.as_ref(), d.placements[now].worst.as_ref())),
                None,
            ),
            best_less: (number != best)
                .then(|| {
                    row(
                        differences(&|d| {
                            less(
                                d.placements[best].overall.as_ref(),
                                d.placements[number].overall.as_ref(),
                            )
                        }),
                        Some(&more),
                    )
                })
                .flatten(),
        }
    };
    let regret = all
        .iter()
        .map(|d| less(d.of_chosen.overall.as_ref(), d.placements[best].overall.as_ref()))
        .collect();
    let mut counts: BTreeMap<Vec<u32>, f64> = BTreeMap::new();
    for (draw, weight) in all.iter().zip(&request.weights) {
        *counts.entry(draw.chosen.clone()).or_default() += weight;
    }
    let choice = Choice::of(counts, answer.places.len());
    let worth = effective_size(&request.weights);
    let same = choice.share_of(&answer.placements[best].extra);
    AllocateUncertain {
        inputs: request.inputs.clone(),
        about: request.about.clone(),
        draws: u32::try_from(all.len()).unwrap_or(u32::MAX),
        effective_draws: worth,
        chosen_on: CHOSEN_ON,
        replications: REPLICATIONS,
        confidence: request.confidence,
        placements: (0..answer.placements.len()).filter(|n| *n != now).map(of).collect(),
        regret: row(regret, Some(&|v: f64| v <= AS_GOOD)),
        same: share_of_draws(same, worth, request.confidence, CHOSEN_ON),
        choice,
    }
}
