//! `compare`: what do options change, with the same people in all of them?
//!
//! Every option is simulated on the base's seed, window and replications. Draws are keyed by names, so that the same people
//! come to the same hubs at the same times with the same needs whatever the option, and what chance does to both sides of a
//! difference cancels. Differences are paired, replication by replication.
//!
//! **The headline** is the service level of every pathway with a standard, at every hub and over all of them: each of these
//! differences has a single interval and one of a family that holds as a whole (Bonferroni over options, hubs and
//! standards). Whether there is a difference is judged by the second. Everything else has single intervals only: among
//! twenty of those one may miss by chance, so they explain and do not decide.
//!
//! There is no "probability that the option is better": how often it was better in a replication is a statement about single
//! years and not about the service, and a probability about the truth needs a belief to start from.

mod series;
mod staff;

pub(super) use staff::changes as staff_changes;
pub use staff::{RoleChange, Worth};

use std::sync::atomic::AtomicBool;

use serde::Serialize;

use crate::answers::precision::{Growing, NOTHING, Precision, until};
use crate::answers::reported::{self, Reported};
use crate::answers::run::Flow;
use crate::answers::uncertain::Uncertain;
use crate::answers::{Estimate, Measure};
use crate::engine::World;
use crate::model::{HubId, PathwayId, RoleId, Scenario, Standard};
use crate::pieces::Pieces;
use crate::replicate::{Finished, Plan, Runs};
use crate::stats::Paired;
use series::{Place, Series, Side};

/// What to compare.
#[derive(Clone, Copy, Debug)]
pub struct CompareRequest {
    /// Threads; `None` uses every processor.
    pub threads: Option<usize>,
}

/// A number of the base, of an option, and their difference.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CompareRow {
    /// The hub of the base, or all.
    pub hub: Option<HubId>,
    /// The pathway or package of the base, or all.
    pub flow: Flow,
    /// The role of the base, or all.
    pub role: Option<RoleId>,
    /// What.
    pub measure: Measure,
    /// In the base.
    pub base: f64,
    /// In the option.
    pub option: f64,
    /// Option less base, with its single interval.
    pub change: Estimate,
    /// Of the headline: the same with an interval of the family.
    pub simultaneous: Option<Estimate>,
    /// How many times larger the variance of the difference would be with independent seeds; `None` where nothing varies.
    pub variance_ratio: Option<f64>,
    /// Whether both were the same in every replication.
    pub same: bool,
    /// Of the headline: base and option apart, each with the interval that `run` gives it on these replications, by which it stands
    /// beside its target.
    pub sides: Option<[Estimate; 2]>,
}

/// Which way a difference goes, as far as can be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Above 0, with all of the interval.
    Up,
    /// Below 0, with all of it.
    Down,
    /// The interval holds 0.
    NoDetectable,
    /// Every replication was the same in both.
    Same,
}

impl CompareRow {
    /// Which way it goes: by the interval of the family where there is one.
    #[must_use]
    pub fn direction(&self) -> Direction {
        let e = self.simultaneous.unwrap_or(self.change);
        if self.same {
            Direction::Same
        } else if e.low > 0.0 {
            Direction::Up
        } else if e.high < 0.0 {
            Direction::Down
        } else {
            Direction::NoDetectable
        }
    }
}

/// What one option changes.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OptionAnswer {
    /// Its name.
    pub name: String,
    /// Every measure that both have.
    pub rows: Vec<CompareRow>,
    /// Staff of both, role by role.
    pub staff: Vec<RoleChange>,
    /// What the staff of the option cost more in a year \[GBP\]; `None` where a role that changes has no cost.
    pub cost_change: Option<f64>,
    /// By pathway with a standard: what a point of its service level over all hubs costs.
    pub worth: Vec<(PathwayId, Worth)>,
    /// Pathways that the base has not, so that there is nothing to compare them with.
    pub only_here: Vec<OnlyHere>,
}

/// A pathway of an option that the base has not, over all hubs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OnlyHere {
    /// The pathway of the option.
    pub pathway: PathwayId,
    /// Its counted referrals in a replication.
    pub referrals: Estimate,
    /// Its service level, if it has a standard and anybody was counted.
    pub service_level: Option<Estimate>,
}

impl OptionAnswer {
    /// The row of a pathway's service level at a hub, or over all.
    #[must_use]
    pub fn level(&self, hub: Option<HubId>, pathway: PathwayId) -> Option<&CompareRow> {
        self.row(hub, Flow::Pathway(pathway), None, Measure::ServiceLevel)
    }

    /// The row of a measure.
    #[must_use]
    pub fn row(&self, hub: Option<HubId>, flow: Flow, role: Option<RoleId>, measure: Measure) -> Option<&CompareRow> {
        let wanted = |r: &&CompareRow| r.hub == hub && r.flow == flow && r.role == role && r.measure == measure;
        self.rows.iter().find(wanted)
    }
}

/// The answer of `compare`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CompareAnswer {
    /// Replications that everything was compared on.
    pub replications: u32,
    /// Replications asked for; more than finished if it was interrupted.
    pub asked: u32,
    /// How the search for precision ended, if there was one.
    pub precision: Option<Precision>,
    /// Confidence of each single interval, and of the family as a whole.
    pub confidence: f64,
    /// Differences that the family has.
    pub family: usize,
    /// In the order in which they were named.
    pub options: Vec<OptionAnswer>,
    /// What uncertain inputs do to the differences, option by option; empty if it was not asked.
    #[serde(skip)]
    pub uncertain: Vec<Uncertain>,
    /// What was reported of the service, and what the base gives in its place.
    #[serde(skip)]
    pub reported: Vec<Reported>,
    /// Events handled, all simulations together.
    pub events: u64,
    /// Processor time spent in the engine \[s\]. Not part of the results proper.
    #[serde(skip)]
    pub engine_cpu_s: f64,
}

/// Why an option cannot be compared with the base.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotComparable {
    /// It measures another time.
    #[error(
        "{option} measures another time than the base (start, run-length or warm-up), and other people come; give both the \
         same"
    )]
    Window {
        /// The option.
        option: String,
    },
    /// A pathway with a standard is missing.
    #[error(
        "{option} has no pathway `{pathway}`, so its service level cannot be compared; its pathways must have those names"
    )]
    NoPathway {
        /// The option.
        option: String,
        /// The pathway.
        pathway: String,
    },
    /// A standard is another.
    #[error(
        "`{pathway}` has another standard in {option} than in the base (its time, or whose arrival stops the clock): shares \
         of different things cannot be compared; let only `target` differ"
    )]
    Standard {
        /// The option.
        option: String,
        /// The pathway.
        pathway: String,
    },
    /// Nothing to compare.
    #[error("no pathway of the base has a `standard`, so there is no service level to compare")]
    NoStandard,
}

/// Whether an option can be compared with a base.
///
/// # Errors
/// [`NotComparable`], with what to do.
pub fn comparable(base: &Scenario, option: &Scenario) -> Result<(), NotComparable> {
    let name = || option.name.clone();
    if standards(base).next().is_none() {
        return Err(NotComparable::NoStandard);
    }
    let (b, o) = (&base.experiment, &option.experiment);
    if (b.calendar.start(), b.warm_up, b.run_length) != (o.calendar.start(), o.warm_up, o.run_length) {
        return Err(NotComparable::Window { option: name() });
    }
    for pathway in &base.pathways {
        let pathway_name = || pathway.name.clone();
        let found = option.pathway(&pathway.name).map(|id| &option.pathways[id.0].standard);
        // What counts as a hit; the target is only what is wanted.
        let what = |s: &Option<Standard>| s.map(|s| (s.within, s.clock_stops));
        match found {
            None if pathway.standard.is_some() => {
                return Err(NotComparable::NoPathway {
                    option: name(),
                    pathway: pathway_name(),
                });
            }
            Some(other) if what(other) != what(&pathway.standard) => {
                return Err(NotComparable::Standard {
                    option: name(),
                    pathway: pathway_name(),
                });
            }
            _ => {}
        }
    }
    Ok(())
}

/// Pathways with a standard.
fn standards(scenario: &Scenario) -> impl Iterator<Item = PathwayId> {
    let all = (0..).map(PathwayId).zip(&scenario.pathways);
    all.filter(|(_, p)| p.standard.is_some()).map(|(id, _)| id)
}

/// The hubs of the base that an option has as well, and all of them; of a single hub, only all.
fn hubs(base: &Scenario, option: &Scenario) -> Vec<Option<HubId>> {
    let mut hubs: Vec<Option<HubId>> = (0..base.hubs.len())
        .filter(|&h| option.hub(&base.hubs[h].name).is_some())
        .map(|h| Some(HubId(h)))
        .collect();
    if base.hubs.len() == 1 && option.hubs.len() == 1 {
        hubs.clear();
    }
    hubs.push(None);
    hubs
}

/// Everything that is simulated, grown together.
struct Comparing<'a> {
    /// The base first.
    scenarios: Vec<&'a Scenario>,
    worlds: Vec<World>,
    runs: Vec<Runs>,
    /// What has been finished of each before.
    finished: Vec<Finished<'a>>,
    threads: Option<usize>,
    stop: &'a AtomicBool,
    progress: &'a (dyn Fn() + Sync),
}

impl Comparing<'_> {
    fn base(&self) -> &Scenario {
        self.scenarios[0]
    }

    /// Differences of the headline: options, hubs and standards.
    fn family(&self) -> usize {
        let standards = standards(self.base()).count();
        let options = self.scenarios.iter().skip(1);
        options.map(|option| hubs(self.base(), option).len() * standards).sum()
    }

    fn side(&self, number: usize) -> Side<'_> {
        Side {
            scenario: self.scenarios[number],
            runs: &self.runs[number],
            replications: self.replications() as usize,
        }
    }

    /// The service levels of base and option at a place of each.
    fn levels(&self, option: usize, (here, there): (Place, Place), pathway: PathwayId) -> Option<[Series; 2]> {
        let (base, other) = (self.side(0), self.side(option));
        let alike = other.scenario.pathway(&base.scenario.pathways[pathway.0].name)?;
        let find = |list: Vec<(Measure, Series)>| list.into_iter().find(|(m, _)| *m == Measure::ServiceLevel);
        let (_, base) = find(base.pathway(here, pathway))?;
        let (_, other) = find(other.pathway(there, alike))?;
        Some([base, other])
    }

    fn level(&self, option: usize, pathway: PathwayId) -> Option<Paired> {
        let all = (self.side(0).all(), self.side(option).all());
        let [base, other] = self.levels(option, all, pathway)?;
        base.paired(&other)
    }

    fn sides(&self, option: usize, places: (Place, Place), pathway: PathwayId) -> Option<[Estimate; 2]> {
        let estimate = |series: &Series| {
            let interval = series.alone(self.confidence())?;
            Some(Estimate::of(interval, self.confidence(), self.replications()))
        };
        let [base, other] = self.levels(option, places, pathway)?;
        Some([estimate(&base)?, estimate(&other)?])
    }

    fn confidence(&self) -> f64 {
        self.base().experiment.confidence.get()
    }

    fn option(&self, number: usize) -> OptionAnswer {
        let (base, other) = (self.side(0), self.side(number));
        let family = self.family();
        let (confidence, replications) = (self.confidence(), self.replications());
        let mut rows = Vec::new();
        for hub in hubs(base.scenario, other.scenario) {
            let places = (
                hub.map_or(base.all(), |h| Place(h.0)),
                hub.and_then(|h| other.scenario.hub(&base.scenario.hubs[h.0].name))
                    .map_or(other.all(), |h| Place(h.0)),
            );
            for (flow, role, measure, paired) in series::pairs(&base, &other, places) {
                let estimate = |interval| Estimate::of(interval, confidence, replications);
                rows.push(CompareRow {
                    hub,
                    flow,
                    role,
                    measure,
                    base: paired.base,
                    option: paired.option,
                    change: estimate(paired.interval(confidence)),
                    simultaneous: (measure == Measure::ServiceLevel)
                        .then(|| estimate(paired.simultaneous(confidence, family))),
                    variance_ratio: paired.variance_ratio(),
                    same: paired.same,
                    sides: match (measure, flow) {
                        (Measure::ServiceLevel, Flow::Pathway(pathway)) => self.sides(number, places, pathway),
                        _ => None,
                    },
                });
            }
        }
        let staff = staff::changes(base.scenario, other.scenario);
        let cost_change = staff::cost_change(&staff);
        let gain = |id: PathwayId| {
            rows.iter()
                .find(|r| r.hub.is_none() && r.flow == Flow::Pathway(id) && r.measure == Measure::ServiceLevel)
        };
        let worth = standards(base.scenario)
            .filter_map(|id| Some((id, staff::worth(gain(id)?, cost_change))))
            .collect();
        OptionAnswer {
            name: other.scenario.name.clone(),
            staff,
            cost_change,
            worth,
            rows,
            only_here: self.only_here(number),
        }
    }

    /// The pathways of an option that the base has not.
    fn only_here(&self, number: usize) -> Vec<OnlyHere> {
        let (base, other) = (self.base(), self.side(number));
        let estimate = |interval| Estimate::of(interval, self.confidence(), self.replications());
        let of = |id: PathwayId| {
            let list = other.pathway(other.all(), id);
            let find = |measure| list.iter().find(|(m, _)| *m == measure).map(|(_, series)| series);
            Some(OnlyHere {
                pathway: id,
                referrals: estimate(find(Measure::Referrals)?.alone(self.confidence())?),
                service_level: find(Measure::ServiceLevel)
                    .and_then(|series| series.alone(self.confidence()))
                    .map(estimate),
            })
        };
        let pathways = (0..).map(PathwayId).zip(&other.scenario.pathways);
        let new = pathways.filter(|(_, p)| base.pathway(&p.name).is_none());
        new.filter_map(|(id, _)| of(id)).collect()
    }
}

impl Growing for Comparing<'_> {
    fn waits(&self) -> bool {
        self.finished.iter().any(Finished::waits)
    }

    fn replications(&self) -> u32 {
        self.runs.iter().map(Runs::replications).min().unwrap_or(0)
    }

    fn grow(&mut self, to: u32) -> Result<bool, String> {
        for ((world, runs), finished) in self.worlds.iter().zip(&mut self.runs).zip(&self.finished) {
            let plan = Plan {
                replications: to,
                first: 0,
                threads: self.threads,
            };
            runs.extend_from(world, plan, *finished, self.stop, self.progress)?;
            if runs.stopped {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Of the differences over all hubs, in the intervals of the family: those that are printed.
    fn widest(&self) -> f64 {
        if self.replications() < 2 {
            return f64::INFINITY;
        }
        let family = self.family();
        let half_width = |option: usize, pathway| {
            self.level(option, pathway)
                .map_or(0.0, |paired| paired.simultaneous(self.confidence(), family).half_width)
        };
        (1..self.scenarios.len())
            .flat_map(|option| standards(self.base()).map(move |pathway| half_width(option, pathway)))
            .fold(0.0, f64::max)
    }
}

/// Compares options with a base, on the base's replications, confidence and precision. The scenarios must be
/// [`comparable`] and have the same seed.
///
/// `progress` hears of every unit done: (1 + options) x replications x islands at most. All are simulated by turns, so that
/// when `stop` becomes true every option has nearly as many replications; what all have is compared.
///
/// # Errors
/// In the system's words, if threads cannot be started; or if `stop` came before two replications of everything were done.
pub fn compare(
    base: &Scenario,
    options: &[Scenario],
    request: CompareRequest,
    stop: &AtomicBool,
    progress: &(dyn Fn() + Sync),
) -> Result<CompareAnswer, String> {
    compare_in_pieces(base, options, request, &Pieces::alone(), stop, progress)
}

/// The same, with what has been finished before. Where units are left to others, what comes of it is no answer
/// ([`Pieces::wanted`]).
///
/// # Errors
/// As [`compare`]; or if a piece cannot be read or written.
pub fn compare_in_pieces(
    base: &Scenario,
    options: &[Scenario],
    request: CompareRequest,
    pieces: &Pieces,
    stop: &AtomicBool,
    progress: &(dyn Fn() + Sync),
) -> Result<CompareAnswer, String> {
    let scenarios: Vec<&Scenario> = std::iter::once(base).chain(options).collect();
    let worlds: Vec<World> = scenarios.iter().map(|s| World::new(s)).collect();
    let runs = worlds.iter().zip(&scenarios);
    let mut comparing = Comparing {
        runs: runs.map(|(world, s)| Runs::none(world, s.hubs.len())).collect(),
        finished: scenarios.iter().map(|s| Finished::of(pieces, s)).collect(),
        scenarios,
        worlds,
        threads: request.threads,
        stop,
        progress,
    };
    let most = base.experiment.replications;
    let precision = until(&mut comparing, most, base.experiment.precision)?;
    let replications = comparing.replications();
    if replications < 2 {
        return Err(NOTHING.into());
    }
    let reached = precision.is_some_and(|found| found.reached);
    Ok(CompareAnswer {
        replications,
        asked: if reached { replications } else { most },
        precision,
        confidence: comparing.confidence(),
        family: comparing.family(),
        options: (1..=options.len()).map(|number| comparing.option(number)).collect(),
        uncertain: Vec::new(),
        reported: reported::beside(base, &comparing.runs[0], comparing.confidence()),
        events: comparing.runs.iter().map(|runs| runs.events).sum(),
        engine_cpu_s: comparing.runs.iter().map(|runs| runs.engine_cpu_s).sum(),
    })
}
