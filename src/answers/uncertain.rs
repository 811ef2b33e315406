//! How much of the doubt is due to the inputs, and how much to chance in the simulation?
//!
//! The inputs are drawn many times: from the ranges of the file, or from a set of weighted points. Every draw is simulated with
//! the same few replications, the same people, so that a service level is a table, draws by replications; two-way analysis of
//! variance takes it apart ([`crate::stats::two_way`]). What differs between draws is due to the inputs, and no replication takes it
//! away; what differs between replications is chance.
//!
//! Options are drawn together with the base: what is taken apart then is their difference, draw by draw and replication by
//! replication.

mod causes;
mod months;

pub use causes::{UncertainCause, UncertainCauses};
pub use months::{UncertainCourse, UncertainMonths};

use std::sync::atomic::{AtomicBool, Ordering};

use crate::answers::Estimate;
use crate::engine::World;
use crate::model::{Change, Dated, HubId, PathwayId, Scenario};
use crate::pieces::Pieces;
use crate::replicate::{Finished, MonthRow, Plan, Runs, replicate_from};
use crate::scenario::same_place;
use crate::stats::{Interval, TwoWay, quantile_by_weight, student_t_quantile, two_way, wilson_interval};

/// Replications of each draw: with few, more draws can be made, and it is draws that tell.
pub const REPLICATIONS: u32 = 5;

/// Where the ratio of both kinds is above this, more replications are pointless.
pub const POINTLESS: f64 = 2.0;

/// What is to be known of the inputs beside those that are drawn.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AboutInputs {
    /// Whether the draws are weighted points of a file; else they are of the ranges of the scenario, each by itself.
    pub points: bool,
    /// Inputs with a range that those points do not name: in every draw they are as in the file.
    pub as_stated: Vec<String>,
    /// Inputs that have been changed since their range was stated, so that it is not theirs any more: not drawn.
    pub changed: Vec<String>,
    /// Inputs drawn from a range in which the file's own value does not lie: of each, its path, and value and range in words.
    pub outside: Vec<(String, String)>,
    /// Inputs that were set, and that the points name all the same: they are drawn, and not as set.
    pub set_too: Vec<String>,
    /// Inputs with a range from which nothing can be drawn, and why.
    pub no_draws: Vec<(String, &'static str)>,
    /// Inputs that are drawn, and that a change of a file adds to or multiplies: what it makes goes along with the draw.
    pub along: Vec<String>,
    /// Inputs that are drawn, and that a change of a file gives a value of its own: that stands in the place of the draw.
    pub replaced: Vec<String>,
}

impl AboutInputs {
    /// Finds out what the changes of some files do to inputs that are drawn or moved.
    pub fn meet_changes(&mut self, inputs: &[String], files: &[&Scenario]) {
        let dated = || files.iter().flat_map(|scenario| &scenario.dated);
        let of = |replaces: bool| -> Vec<String> {
            let kind = |one: &&Dated| matches!(one.change, Change::Value(_)) == replaces;
            let leads = |path: &&String| dated().filter(kind).any(|one| same_place(&one.path, path));
            inputs.iter().filter(leads).cloned().collect()
        };
        (self.along, self.replaced) = (of(false), of(true));
        // Posts that are filled come on top of the staff there are.
        let posts = files
            .iter()
            .flat_map(|scenario| scenario.recruits.iter().map(move |post| (scenario, post)));
        for (scenario, post) in posts {
            let staff = format!("staff.\"{}\"", scenario.roles[post.role.0].name);
            let own = inputs.iter().filter(|path| same_place(&staff, path));
            let more: Vec<String> = own.filter(|path| !self.along.contains(path)).cloned().collect();
            self.along.extend(more);
        }
    }
}

/// What to draw, and how to simulate it.
#[derive(Clone, Debug)]
pub struct UncertainRequest {
    /// The inputs that are drawn, by their paths.
    pub inputs: Vec<String>,
    /// Inputs that are not drawn, since an option has a value of its own for them.
    pub held: Vec<String>,
    /// What else is known of the inputs.
    pub about: AboutInputs,
    /// The weight of each draw.
    pub weights: Vec<f64>,
    /// Confidence of every interval.
    pub confidence: f64,
    /// Threads; `None` uses every processor.
    pub threads: Option<usize>,
}

/// A service level, or a difference of service levels, under uncertain inputs. Shares.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct UncertainRow {
    /// The hub, or all.
    pub hub: Option<HubId>,
    /// The pathway.
    pub pathway: PathwayId,
    /// The mean over draws.
    pub mean: f64,
    /// Standard deviation that is due to the inputs.
    pub sd_input: f64,
    /// Standard error of the mean that is due to the simulation.
    pub sd_simulation: f64,
    /// Where it lies, as often as the confidence says, by the inputs alone.
    pub by_inputs: [f64; 2],
    /// The same with both kinds of uncertainty.
    pub by_both: [f64; 2],
    /// Of a level with a target: the share of draws that meet it. Of a difference: the share of draws in which the option is above
    /// the base.
    pub share: Option<Estimate>,
    /// The same share if what chance does to all draws alike were at either end of its interval.
    pub share_by_chance: Option<[f64; 2]>,
}

impl UncertainRow {
    /// How many times as large what the inputs do is; `None` if chance does nothing.
    #[must_use]
    pub fn ratio(&self) -> Option<f64> {
        (self.sd_simulation > 0.0).then(|| self.sd_input / self.sd_simulation)
    }

    /// The share of draws, from the lower to the upper end with either kind of doubt.
    #[must_use]
    pub fn share_with_both(&self) -> Option<Estimate> {
        let (share, [low, high]) = (self.share?, self.share_by_chance?);
        Some(Estimate {
            low: share.low.min(low),
            high: share.high.max(high),
            half_width: share.half_width.max(share.mean - low).max(high - share.mean),
            ..share
        })
    }

    /// Whether more replications are pointless, as the inputs are what is not known.
    #[must_use]
    pub fn pointless(&self) -> bool {
        self.sd_input > POINTLESS * self.sd_simulation
    }
}

/// What uncertain inputs do.
#[derive(Clone, Debug, PartialEq)]
pub struct Uncertain {
    /// The inputs that were drawn, by their paths.
    pub inputs: Vec<String>,
    /// Inputs that were not drawn, since an option has a value of its own for them: their doubt is in no interval.
    pub held: Vec<String>,
    /// What else is known of the inputs.
    pub about: AboutInputs,
    /// Draws.
    pub draws: u32,
    /// As many draws of equal weight as they are worth.
    pub effective_draws: f64,
    /// Replications of each.
    pub replications: u32,
    /// Confidence of every interval.
    pub confidence: f64,
    /// By standard and hub, all hubs together last.
    pub rows: Vec<UncertainRow>,
    /// Of a scenario: the same by month. Of differences there is none.
    pub months: Option<UncertainMonths>,
    /// Of a scenario: why standards were missed, by standard.
    pub causes: Vec<UncertainCauses>,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UncertainError {
    /// The reader refuses a draw.
    #[error("{0}")]
    Refused(String),
    /// The machine cannot, in its words.
    #[error("{0}")]
    Unfinished(String),
}

/// The base and its options, with the inputs of a draw; or why that cannot be.
pub type Drawn<'a> = dyn FnMut(usize) -> Result<Vec<Scenario>, String> + 'a;

/// Units of work, for who shows how far it is: islands x replications of all draws.
#[must_use]
pub fn units(scenarios: &[&Scenario], draws: usize) -> u64 {
    let islands: u64 = scenarios.iter().map(|s| s.islands().len() as u64).sum();
    islands * draws as u64 * u64::from(REPLICATIONS)
}

/// (hits, referrals) by place, pathway and replication; the last place is all hubs.
struct Levels(Vec<Vec<Vec<(u64, u64)>>>);

impl Levels {
    fn of(runs: &Runs, scenario: &Scenario) -> Self {
        let of = |place: usize, pathway: usize| -> Vec<(u64, u64)> {
            let rows = runs.rows.iter().filter_map(|row| row.get(place));
            let pathways = rows.filter_map(|row| row.pathways.get(pathway));
            pathways.map(|p| (p.hits, p.referrals)).collect()
        };
        let places = 0..=scenario.hubs.len();
        Self(
            places
                .map(|place| (0..scenario.pathways.len()).map(|p| of(place, p)).collect())
                .collect(),
        )
    }

    /// As [`linear`].
    fn linear(&self, place: usize, pathway: PathwayId) -> Option<Vec<f64>> {
        linear(self.0.get(place)?.get(pathway.0)?)
    }
}

/// The level of each replication about the ratio of all of them; `None` if nobody came.
pub(super) fn linear(pairs: &[(u64, u64)]) -> Option<Vec<f64>> {
    let (hits, of) = pairs
        .iter()
        .fold((0.0, 0.0), |(h, n), &(hits, of)| (h + hits as f64, n + of as f64));
    if of <= 0.0 {
        return None;
    }
    let (level, mean) = (hits / of, of / pairs.len() as f64);
    Some(
        pairs
            .iter()
            .map(|&(hits, of)| level + (hits as f64 - level * of as f64) / mean)
            .collect(),
    )
}

/// All draws, of each what is kept of the base and of its options; `None` if stopped.
fn simulate<T>(
    drawn: &mut Drawn<'_>,
    request: &UncertainRequest,
    pieces: &Pieces,
    (stop, progress): (&AtomicBool, &(dyn Fn() + Sync)),
    keep: impl Fn(Runs, &Scenario) -> T,
) -> Result<Option<Vec<Vec<T>>>, UncertainError> {
    let plan = Plan {
        replications: REPLICATIONS,
        first: 0,
        threads: request.threads,
    };
    let mut all = Vec::with_capacity(request.weights.len());
    for draw in 0..request.weights.len() {
        let mut of_draw = Vec::new();
        for scenario in drawn(draw).map_err(UncertainError::Refused)? {
            let (world, finished) = (World::new(&scenario), Finished::of(pieces, &scenario));
            let runs = replicate_from(&world, scenario.hubs.len(), plan, finished, stop, progress);
            let runs = runs.map_err(UncertainError::Unfinished)?;
            if runs.stopped || stop.load(Ordering::Relaxed) {
                return Ok(None);
            }
            of_draw.push(keep(runs, &scenario));
        }
        all.push(of_draw);
    }
    Ok(Some(all))
}

fn standards(scenario: &Scenario) -> impl Iterator<Item = PathwayId> {
    let all = (0..).map(PathwayId).zip(&scenario.pathways);
    all.filter(|(_, p)| p.standard.is_some()).map(|(id, _)| id)
}

/// Every hub, then all of them; of a single hub, only all.
fn places(scenario: &Scenario) -> Vec<Option<HubId>> {
    let single = scenario.hubs.len() == 1;
    let hubs = (0..scenario.hubs.len()).filter(|_| !single).map(|h| Some(HubId(h)));
    hubs.chain([None]).collect()
}

/// A share of draws that are worth so many of equal weight.
pub(super) fn share_of_draws(share: f64, worth: f64, confidence: f64, replications: u32) -> Option<Estimate> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "at most the number of draws"
    )]
    let (trials, yes) = ((worth.round() as u64).max(1), (share * worth).round() as u64);
    let interval = wilson_interval(yes.min(trials), trials, confidence)?;
    let interval = Interval::between(share, interval.low.min(share), interval.high.max(share));
    Some(Estimate::of(interval, confidence, replications))
}

/// The share of draws, by their weights and without what chance adds to their spread, of which that is so.
fn share_that(apart: &TwoWay, is_so: &dyn Fn(f64) -> bool) -> f64 {
    let shrunk = apart.shrunk();
    let both = shrunk.iter().zip(&apart.weights);
    // Weights of all draws may come to a little more than 1.
    both.filter(|(v, _)| is_so(**v)).map(|(_, w)| w).sum::<f64>().min(1.0)
}

impl UncertainRequest {
    /// The row of a table of draws by replications; `None` if it says nothing.
    pub(super) fn row(
        &self,
        (hub, pathway): (Option<HubId>, PathwayId),
        table: &[Vec<f64>],
        meets: Option<&dyn Fn(f64) -> bool>,
        clip: &dyn Fn(f64) -> f64,
    ) -> Option<UncertainRow> {
        let apart = two_way(table, &self.weights)?;
        let shrunk = apart.shrunk();
        let outside = (1.0 - self.confidence) / 2.0;
        let at = |p| quantile_by_weight(&shrunk, &apart.weights, p);
        let (low, high) = (at(outside)?, at(1.0 - outside)?);
        // How far chance may have moved all draws alike.
        let chance = student_t_quantile(1.0 - outside, (apart.replications - 1) as f64) * apart.sd_simulation;
        // Two independent doubts: their reaches to each side add up as squares do.
        let reach = |end: f64| libm::hypot(end - apart.mean, chance);
        let share = meets.and_then(|meets| {
            let replications = u32::try_from(apart.replications).unwrap_or(u32::MAX);
            let share = share_that(&apart, meets);
            share_of_draws(share, apart.effective_draws(), self.confidence, replications)
        });
        let share_by_chance = meets.map(|meets| {
            let [one, other] = [-chance, chance].map(|moved| share_that(&apart, &|v| meets(v + moved)));
            [one.min(other), one.max(other)]
        });
        Some(UncertainRow {
            hub,
            pathway,
            mean: apart.mean,
            sd_input: apart.sd_input,
            sd_simulation: apart.sd_simulation,
            by_inputs: [clip(low), clip(high)],
            by_both: [clip(apart.mean - reach(low)), clip(apart.mean + reach(high))],
            share,
            share_by_chance,
        })
    }

    fn answer(&self, rows: Vec<UncertainRow>) -> Uncertain {
        let sum: f64 = self.weights.iter().sum();
        let squares: f64 = self.weights.iter().map(|w| w * w).sum();
        Uncertain {
            inputs: self.inputs.clone(),
            held: self.held.clone(),
            about: self.about.clone(),
            draws: u32::try_from(self.weights.len()).unwrap_or(u32::MAX),
            effective_draws: if squares > 0.0 { sum * sum / squares } else { 0.0 },
            replications: REPLICATIONS,
            confidence: self.confidence,
            rows,
            months: None,
            causes: Vec::new(),
        }
    }
}

/// What is kept of the replications of a draw.
struct Kept {
    levels: Levels,
    months: Vec<MonthRow>,
    causes: causes::Counts,
}

/// Service levels under uncertain inputs, of a scenario, as a whole and by month, and why standards are missed; `None` if `stop` came before all draws were simulated.
///
/// `drawn` makes the scenario of a draw. `progress` hears of every unit done; see [`units`]. Where `pieces` leaves units to others,
/// what comes of it is no answer ([`Pieces::wanted`]).
///
/// # Errors
/// [`UncertainError`].
pub fn uncertain(
    base: &Scenario,
    drawn: &mut Drawn<'_>,
    request: &UncertainRequest,
    pieces: &Pieces,
    stop: &AtomicBool,
    progress: &(dyn Fn() + Sync),
) -> Result<Option<Uncertain>, UncertainError> {
    let keep = |runs: Runs, scenario: &Scenario| Kept {
        levels: Levels::of(&runs, scenario),
        causes: causes::counts(&runs, scenario),
        months: runs.months,
    };
    let Some(all) = simulate(drawn, request, pieces, (stop, progress), keep)? else {
        return Ok(None);
    };
    let all: Vec<Kept> = all
        .into_iter()
        .filter_map(|of_draw| of_draw.into_iter().next())
        .collect();
    let mut rows = Vec::new();
    for pathway in standards(base) {
        let target = base.pathways[pathway.0].standard.and_then(|s| s.target);
        let meets = target.map(|target| move |level: f64| level >= target.get());
        for hub in places(base) {
            let place = hub.map_or(base.hubs.len(), |h| h.0);
            let table: Option<Vec<Vec<f64>>> = all.iter().map(|draw| draw.levels.linear(place, pathway)).collect();
            let meets = meets.as_ref().map(|meets| meets as &dyn Fn(f64) -> bool);
            let clip = |share: f64| share.clamp(0.0, 1.0);
            rows.extend(table.and_then(|table| request.row((hub, pathway), &table, meets, &clip)));
        }
    }
    let months: Vec<&[MonthRow]> = all.iter().map(|draw| draw.months.as_slice()).collect();
    let counts: Vec<&causes::Counts> = all.iter().map(|draw| &draw.causes).collect();
    Ok(Some(Uncertain {
        months: Some(months::by_month(base, request, &months)),
        causes: causes::by_cause(base, request, &counts),
        ..request.answer(rows)
    }))
}

/// Differences of service levels between options and their base under uncertain inputs, option by option; `None` if `stop` came
/// before all draws were simulated. `drawn` makes the base and every option, with the inputs of a draw in all of them.
///
/// # Errors
/// [`UncertainError`].
pub fn uncertain_differences(
    base: &Scenario,
    options: &[Scenario],
    drawn: &mut Drawn<'_>,
    request: &UncertainRequest,
    pieces: &Pieces,
    stop: &AtomicBool,
    progress: &(dyn Fn() + Sync),
) -> Result<Option<Vec<Uncertain>>, UncertainError> {
    let keep = |runs: Runs, scenario: &Scenario| Levels::of(&runs, scenario);
    let Some(all) = simulate(drawn, request, pieces, (stop, progress), keep)? else {
        return Ok(None);
    };
    let of_option = |(number, option): (usize, &Scenario)| {
        let mut rows = Vec::new();
        for pathway in standards(base) {
            let Some(there) = option.pathway(&base.pathways[pathway.0].name) else {
                continue;
            };
            for hub in places(base) {
                let in_option = match hub {
                    None => Some(option.hubs.len()),
                    Some(hub) => option.hub(&base.hubs[hub.0].name).map(|h| h.0),
                };
                let Some(in_option) = in_option else { continue };
                let place = hub.map_or(base.hubs.len(), |h| h.0);
                let difference = |draw: &Vec<Levels>| -> Option<Vec<f64>> {
                    let before = draw.first()?.linear(place, pathway)?;
                    let after = draw.get(number + 1)?.linear(in_option, there)?;
                    Some(after.iter().zip(before).map(|(after, before)| after - before).collect())
                };
                let table: Option<Vec<Vec<f64>>> = all.iter().map(difference).collect();
                let above = |difference: f64| difference > 0.0;
                rows.extend(table.and_then(|t| request.row((hub, pathway), &t, Some(&above), &|share| share)));
            }
        }
        request.answer(rows)
    };
    Ok(Some(options.iter().enumerate().map(of_option).collect()))
}
