//! `pooling`: what would sharing staff between hubs be worth?
//!
//! The same staff and the same people under three rules: hubs that share nothing, neighbours who help with first responses
//! that have waited, and one pool for all. Differences are paired, replication by replication, so that what chance does to
//! all of them alike cancels.
//!
//! The break-even is the extra travel at which one pool no longer gains on separate hubs, found by halving the range from
//! nothing to [`FARTHEST`] to a minute, by the sign of the difference, on the same people throughout. Its ends carry the
//! interval of the difference, which says how sure the sign is.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

use serde::Serialize;

use crate::answers::Estimate;
use crate::answers::uncertain::{Uncertain, UncertainError, UncertainRequest, uncertain_differences};
use crate::engine::World;
use crate::model::{HubId, Neighbours, PathwayId, Pool, Scenario, Staffing, roles_of_first_responses};
use crate::pieces::Pieces;
use crate::replicate::{Finished, Plan, Runs, replicate_from};
use crate::stats::{Interval, paired_share_interval, share_interval};
use crate::units::Span;

/// The most extra travel that a break-even is looked for at \[min\].
pub const FARTHEST: u16 = 60;

/// Before neighbours are asked, where the file names none \[min\].
pub const AFTER_MIN: i64 = 45;

/// A rule for sharing staff.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// Hubs share nothing.
    Separate,
    /// Neighbours help with first responses that have waited.
    Neighbours,
    /// The staff of all hubs are one team.
    Pool,
}

impl Rule {
    /// All of them, in the order of the answer.
    pub const ALL: [Self; 3] = [Self::Separate, Self::Neighbours, Self::Pool];
}

/// What to compare.
#[derive(Clone, Copy, Debug)]
pub struct PoolingRequest {
    /// Replications of each rule.
    pub replications: u32,
    /// Confidence of every interval.
    pub confidence: f64,
    /// Threads; `None` uses every processor.
    pub threads: Option<usize>,
    /// Extra travel within one pool, and of neighbours where the file names none.
    pub extra_travel: Span,
}

/// A standard under a rule, all hubs together.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PoolingRow {
    /// The pathway.
    pub pathway: PathwayId,
    /// The rule.
    pub rule: Rule,
    /// Its service level; `None` if no referral was counted.
    pub level: Option<Estimate>,
    /// That less the level of separate hubs, paired \[share\]; `None` for separate hubs themselves.
    pub gain: Option<Estimate>,
}

/// The difference of one pool to separate hubs at some extra travel.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct GainAt {
    /// The extra travel on every leg \[min\].
    pub extra_travel_min: u16,
    /// The service level of one pool less that of separate hubs, paired \[share\].
    pub gain: Estimate,
}

/// Up to how much extra travel one pool gains on separate hubs.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BreakEven {
    /// Not even without extra travel.
    Never(GainAt),
    /// Between these, a minute apart: at the first it gains, at the second it does not.
    Between(GainAt, GainAt),
    /// Even at the farthest that was looked at.
    Always(GainAt),
    /// Nothing to compare, or the search was stopped.
    Unknown,
}

/// The answer of `pooling`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PoolingAnswer {
    /// Replications that every rule was compared on.
    pub replications: u32,
    /// Replications asked for.
    pub asked: u32,
    /// Confidence of every interval.
    pub confidence: f64,
    /// Extra travel within the pool.
    pub extra_travel: Span,
    /// The neighbours that were tried: the file's, or every pair of hubs.
    #[serde(skip)]
    pub neighbours: Vec<Neighbours>,
    /// Whether these are the file's.
    pub neighbours_of_the_file: bool,
    /// Every standard under every rule.
    pub rows: Vec<PoolingRow>,
    /// By pathway with a standard.
    pub break_even: Vec<(PathwayId, BreakEven)>,
    /// What uncertain inputs do to what neighbours and one pool gain on separate hubs; empty if it was not asked.
    #[serde(skip)]
    pub uncertain: Vec<(Rule, Uncertain)>,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PoolingError {
    /// One hub has nobody to share with.
    #[error("there is one hub only, which has nobody to share staff with")]
    OneHub,
    /// Staff of a role cannot be added up.
    #[error(
        "the staff of `{0}` are given in two ways at the hubs (WTE, `on-shift` or `rota`), and cannot be one team; give \
         them in one"
    )]
    TwoWays(String),
    /// Nobody says how soon anybody should be seen.
    #[error("no pathway has a `standard`, so there is nothing to compare")]
    NoStandard,
    /// Stopped too soon, or the machine cannot.
    #[error("{0}")]
    Unfinished(String),
}

/// Units of work at most, for who shows how far it is: islands x replications of every rule, and of the search.
#[must_use]
pub fn most_units(scenario: &Scenario, replications: u32) -> u64 {
    let islands = [separate(scenario), with_neighbours(scenario, Span::ZERO)].map(|s| s.islands().len() as u64);
    let searches = 3 + 6 * standards(scenario).count() as u64;
    (islands.iter().sum::<u64>() + searches) * u64::from(replications)
}

/// Compares the three rules.
///
/// `progress` hears of every unit done; see [`most_units`]. When `stop` becomes true while the rules are compared there is
/// no answer; in the search for a break-even, that is unknown.
///
/// # Errors
/// [`PoolingError`].
pub fn pooling(
    scenario: &Scenario,
    request: PoolingRequest,
    stop: &AtomicBool,
    progress: &(dyn Fn() + Sync),
) -> Result<PoolingAnswer, PoolingError> {
    pooling_in_pieces(scenario, request, &Pieces::alone(), stop, progress)
}

/// The same, with what has been finished before. Where units are left to others, what comes of it is no answer
/// ([`Pieces::wanted`]): the search for a break-even ends where it sees no referrals, and goes on once they are there.
///
/// # Errors
/// As [`pooling`]; or if a piece cannot be read or written.
pub fn pooling_in_pieces(
    scenario: &Scenario,
    request: PoolingRequest,
    pieces: &Pieces,
    stop: &AtomicBool,
    progress: &(dyn Fn() + Sync),
) -> Result<PoolingAnswer, PoolingError> {
    if scenario.hubs.len() < 2 {
        return Err(PoolingError::OneHub);
    }
    if let Some(role) = given_in_two_ways(scenario) {
        return Err(PoolingError::TwoWays(role.into()));
    }
    if standards(scenario).next().is_none() {
        return Err(PoolingError::NoStandard);
    }
    let run = |scenario: &Scenario| {
        let plan = Plan {
            replications: request.replications,
            first: 0,
            threads: request.threads,
        };
        let (world, finished) = (World::new(scenario), Finished::of(pieces, scenario));
        let runs = replicate_from(&world, scenario.hubs.len(), plan, finished, stop, progress);
        let runs = runs.map_err(PoolingError::Unfinished)?;
        if runs.stopped || stop.load(Ordering::Relaxed) {
            return Err(PoolingError::Unfinished(
                "stopped before the three rules could be compared: there is nothing to report".into(),
            ));
        }
        Ok(Levels::of(&runs, scenario))
    };
    let neighbours = with_neighbours(scenario, request.extra_travel);
    let base = run(&separate(scenario))?;
    let comparing = Comparing {
        base: &base,
        confidence: request.confidence,
        replications: request.replications,
    };
    let others = [run(&neighbours)?, run(&one_pool(scenario, request.extra_travel))?];
    let levels = [&base, &others[0], &others[1]];
    let mut rows = Vec::new();
    for pathway in standards(scenario) {
        for (rule, levels) in Rule::ALL.into_iter().zip(levels) {
            rows.push(PoolingRow {
                pathway,
                rule,
                level: comparing.estimate(share_interval(levels.pairs(pathway), request.confidence)),
                gain: (rule != Rule::Separate)
                    .then(|| comparing.gain(levels, pathway))
                    .flatten(),
            });
        }
    }
    let mut tried: BTreeMap<u16, Levels> = BTreeMap::new();
    let mut at = |minutes: u16| -> Option<Levels> {
        if let Some(levels) = tried.get(&minutes) {
            return Some(levels.clone());
        }
        let levels = run(&one_pool(scenario, Span::from_minutes(i64::from(minutes)))).ok()?;
        tried.insert(minutes, levels.clone());
        Some(levels)
    };
    let break_even = standards(scenario)
        .map(|pathway| {
            let found = search(|minutes| {
                let gain = comparing.gain(&at(minutes)?, pathway)?;
                Some(GainAt {
                    extra_travel_min: minutes,
                    gain,
                })
            });
            (pathway, found.unwrap_or(BreakEven::Unknown))
        })
        .collect();
    Ok(PoolingAnswer {
        replications: request.replications,
        asked: request.replications,
        confidence: request.confidence,
        extra_travel: request.extra_travel,
        neighbours_of_the_file: !scenario.neighbours.is_empty(),
        neighbours: neighbours.neighbours,
        rows,
        break_even,
        uncertain: Vec::new(),
    })
}

/// A scenario under every rule, in the order of [`Rule::ALL`]. `extra_travel` is that of the request.
#[must_use]
pub fn under_every_rule(scenario: &Scenario, extra_travel: Span) -> [Scenario; 3] {
    [
        separate(scenario),
        with_neighbours(scenario, extra_travel),
        one_pool(scenario, extra_travel),
    ]
}

/// What neighbours and one pool gain on separate hubs under uncertain inputs, on the same people; `None` if `stop` came before all
/// draws were simulated.
///
/// `drawn` makes the scenario of a draw, under whatever rule: the three are made of it. `progress` hears of every unit done.
///
/// # Errors
/// [`UncertainError`].
pub fn pooling_uncertain(
    scenario: &Scenario,
    drawn: &mut dyn FnMut(usize) -> Result<Scenario, String>,
    extra_travel: Span,
    request: &UncertainRequest,
    pieces: &Pieces,
    stop: &AtomicBool,
    progress: &(dyn Fn() + Sync),
) -> Result<Option<Vec<(Rule, Uncertain)>>, UncertainError> {
    let [base, neighbours, pool] = under_every_rule(scenario, extra_travel);
    let mut all = |draw: usize| Ok(under_every_rule(&drawn(draw)?, extra_travel).to_vec());
    let options = [neighbours, pool];
    let found = uncertain_differences(&base, &options, &mut all, request, pieces, stop, progress)?;
    Ok(found.map(|of| [Rule::Neighbours, Rule::Pool].into_iter().zip(of).collect()))
}

/// Halves the range from 0 to [`FARTHEST`] until the sign changes within a minute. `None` where a difference is not known.
fn search(mut gain_at: impl FnMut(u16) -> Option<GainAt>) -> Option<BreakEven> {
    let gains = |at: &GainAt| at.gain.mean > 0.0;
    let mut near = gain_at(0)?;
    if !gains(&near) {
        return Some(BreakEven::Never(near));
    }
    let mut far = gain_at(FARTHEST)?;
    if gains(&far) {
        return Some(BreakEven::Always(far));
    }
    while far.extra_travel_min - near.extra_travel_min > 1 {
        let middle = gain_at(near.extra_travel_min.midpoint(far.extra_travel_min))?;
        if gains(&middle) {
            near = middle;
        } else {
            far = middle;
        }
    }
    Some(BreakEven::Between(near, far))
}

/// (hits, referrals) by replication, all hubs together, by pathway.
#[derive(Clone, Debug)]
struct Levels(Vec<Vec<(u64, u64)>>);

impl Levels {
    fn of(runs: &Runs, scenario: &Scenario) -> Self {
        let of = |pathway| runs.levels(pathway, runs.rows.len());
        Self((0..scenario.pathways.len()).map(of).collect())
    }

    fn pairs(&self, pathway: PathwayId) -> &[(u64, u64)] {
        &self.0[pathway.0]
    }
}

struct Comparing<'a> {
    base: &'a Levels,
    confidence: f64,
    replications: u32,
}

impl Comparing<'_> {
    fn estimate(&self, interval: Option<Interval>) -> Option<Estimate> {
        interval.map(|i| Estimate {
            mean: i.mean,
            half_width: i.half_width,
            low: i.low,
            high: i.high,
            confidence: self.confidence,
            replications: self.replications,
        })
    }

    fn gain(&self, option: &Levels, pathway: PathwayId) -> Option<Estimate> {
        let (base, option) = (self.base.pairs(pathway), option.pairs(pathway));
        self.estimate(paired_share_interval(base, option, self.confidence))
    }
}

/// Pathways with a standard.
fn standards(scenario: &Scenario) -> impl Iterator<Item = PathwayId> {
    let all = (0..).map(PathwayId).zip(&scenario.pathways);
    all.filter(|(_, p)| p.standard.is_some()).map(|(id, _)| id)
}

/// A role whose staff cannot be added up over all hubs.
fn given_in_two_ways(scenario: &Scenario) -> Option<&str> {
    let adds_up_in = |scenario: &Scenario, role: usize| {
        let mut staff = scenario.hubs.iter().map(|hub| &hub.staff[role]);
        staff.try_fold(Staffing::NONE, |sum, more| sum.with(more)).is_some()
    };
    let later = || scenario.later.iter().map(|later| &later.scenario);
    let adds_up = |role: usize| later().chain([scenario]).all(|s| adds_up_in(s, role));
    let mut roles = scenario.roles.iter().enumerate();
    roles
        .find(|(number, _)| !adds_up(*number))
        .map(|(_, role)| role.name.as_str())
}

fn separate(scenario: &Scenario) -> Scenario {
    scenario.shared_by(&[], &[])
}

/// The file's neighbours; or where it has none every pair of hubs, for every role that first responses need.
fn with_neighbours(scenario: &Scenario, extra_travel: Span) -> Scenario {
    if !scenario.neighbours.is_empty() {
        return scenario.shared_by(&scenario.neighbours, &[]);
    }
    let all = Neighbours {
        hubs: (0..scenario.hubs.len()).map(HubId).collect(),
        roles: roles_of_first_responses(&scenario.pathways),
        after: Span::from_minutes(AFTER_MIN),
        extra_travel,
    };
    scenario.shared_by(&[all], &[])
}

fn one_pool(scenario: &Scenario, extra_travel: Span) -> Scenario {
    let all = Pool {
        hubs: (0..scenario.hubs.len()).map(HubId).collect(),
        extra_travel,
    };
    scenario.shared_by(&[], &[all])
}

#[cfg(test)]
mod tests {
    use super::{BreakEven, FARTHEST, GainAt, search};
    use crate::answers::Estimate;

    fn at(extra_travel_min: u16, mean: f64) -> GainAt {
        let gain = Estimate {
            mean,
            half_width: 0.1,
            low: mean - 0.1,
            high: mean + 0.1,
            confidence: 0.95,
            replications: 10,
        };
        GainAt { extra_travel_min, gain }
    }

    /// A gain of 17.5 less the minutes: positive at 17, not at 18. Six differences at most besides the two ends.
    #[test]
    fn the_sign_changes_within_a_minute() {
        let mut asked = 0;
        let found = search(|minutes| {
            asked += 1;
            Some(at(minutes, 17.5 - f64::from(minutes)))
        });
        assert_eq!(found, Some(BreakEven::Between(at(17, 0.5), at(18, -0.5))));
        assert!(asked <= 8, "{asked}");
    }

    #[test]
    fn pooling_may_never_gain_or_always() {
        assert_eq!(search(|m| Some(at(m, -1.0))), Some(BreakEven::Never(at(0, -1.0))));
        assert_eq!(search(|m| Some(at(m, 0.0))), Some(BreakEven::Never(at(0, 0.0))));
        assert_eq!(search(|m| Some(at(m, 1.0))), Some(BreakEven::Always(at(FARTHEST, 1.0))));
        assert_eq!(search(|m| (m == 0).then(|| at(m, 1.0))), None);
    }
}
