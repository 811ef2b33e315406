//! `allocate`: where do so many more staff of a role do most good?
//!
//! The service level of one pathway decides, over all hubs (every hub by the referrals that come to it) and at the worst
//! hub. **Two stages.** Placements are chosen on some replications, from a table of cells that are simulated as far as they
//! can matter (`cells`), by programmes that ask nothing of how gains grow ([`crate::stats::largest_totals`]). Whoever
//! chooses the best on some data flatters it on the same data, so the placements found, an even share and one in the
//! present proportions are then simulated on other replications, and only what these say is told of them.
//!
//! **How sure the choice is**: whole replications of the first stage are drawn anew 500 times, and the programmes run again
//! (`choice`). Whether the best placement is better than another is judged on the second stage by the paired difference,
//! with intervals that hold for all others at once; that of the worst hubs has a bootstrap interval of its own.
//!
//! **What is placed** are WTE, dealt over the role's shifts at the hub; where people on shift are given instead (`on-shift`,
//! `rota`), people on shift at every time at which there are some. Posts at a pool go to its base. Dated changes and
//! recruited posts stay as they are, and what is placed comes on top of them from the first day.

mod cells;
mod choice;
mod draws;
mod places;

pub use choice::{Choice, NumberWin, RESAMPLES, Win};
pub use draws::{AS_GOOD, AllocateUncertain, CHOSEN_ON, DrawnAllocation, PlacementDrawn, allocate_uncertain};
pub use places::{Counted, Place, pathways_served, places};

use std::collections::BTreeSet;
use std::sync::atomic::AtomicBool;

use serde::Serialize;

use crate::answers::Estimate;
use crate::answers::compare::{RoleChange, staff_changes};
use crate::model::{HubId, PathwayId, RoleId, Scenario, rostered_per_instance};
use crate::pieces::Pieces;
use crate::stats::{
    Interval, highest_low, largest_totals, lowest_difference, lowest_share, paired_share, runner_up, share_interval,
};
use crate::units::Wte;
use cells::{Cell, Island, Simulating, Table};

/// Replications on which placements are chosen, if nobody says otherwise and there are as many.
pub const SEARCH: u32 = 64;

/// The most posts that are placed.
pub const MOST_EXTRA: u32 = 200;

/// What to place, and how.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AllocateRequest {
    /// Whose staff.
    pub role: RoleId,
    /// How many more.
    pub extra: u32,
    /// In steps of so many; it divides them. See [`step`].
    pub step: u32,
    /// Whose service level decides; it has a standard.
    pub pathway: PathwayId,
    /// Replications on which placements are chosen: the first ones.
    pub search: u32,
    /// Replications on which they are confirmed: the next ones.
    pub replications: u32,
    /// Confidence of every interval, and of the family.
    pub confidence: f64,
    /// Threads; `None` uses every processor.
    pub threads: Option<usize>,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CannotAllocate {
    /// Nobody says how soon anybody should be seen.
    #[error("no pathway has a `standard`, so there is no service level to raise")]
    NoStandard,
    /// Nothing asks for the role.
    #[error("no first response and no package needs a `{0}`, so more of them would change nothing")]
    Unneeded(String),
    /// Staff of the role cannot be counted alike.
    #[error(
        "the staff of `{0}` are given in two ways at the hubs (WTE, and `on-shift` or `rota`): a WTE and a person on shift are \
         not the same; give them in one"
    )]
    TwoWays(String),
    /// Nobody is there, and nobody could be.
    #[error(
        "nobody is `{0}` at any hub, and the role has no `shifts` over which posts could be dealt; give it `shifts`, or staff \
         at the hubs"
    )]
    Nowhere(String),
    /// Nothing to choose.
    #[error(
        "there is one team of `{0}` only, so there is nothing to choose; `compare` says what more of them would do"
    )]
    OneTeam(String),
    /// Hubs that lend each other staff have to be looked at together.
    #[error(
        "hubs that lend each other staff have to be looked at together, and there are too many ways of sharing {posts} steps \
         among these: {hubs}; place fewer posts or larger steps (--step), or ask it of hubs that lend nothing (a what-if with \
         `neighbour = []`), or of one pool"
    )]
    TooMany {
        /// Which.
        hubs: String,
        /// Steps.
        posts: u32,
    },
    /// Nobody was referred.
    #[error("no referral of `{0}` was counted, so there is no service level to raise")]
    NobodyCame(String),
    /// A draw of the inputs cannot be used.
    #[error("{0}")]
    Refused(String),
    /// It waits for units that are left to others.
    #[error("some of what it looks at is still to be made")]
    Waits,
    /// Stopped too soon, or the machine cannot.
    #[error("{0}")]
    Unfinished(String),
}

/// A placement that is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// No more posts: the service as it is.
    AsNow,
    /// As many at each hub, as far as whole steps go; what is over goes to the hubs with most referrals.
    Even,
    /// In proportion to the staff of the role there are now, in whole steps.
    Proportional,
    /// The largest service level over all hubs.
    Best,
    /// The highest service level of the worst hub, and the largest over all hubs among those.
    BestWorstHub,
    /// The largest but one over all hubs.
    RunnerUp,
}

/// A service level under a placement.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct PlacedLevel {
    /// The hub, or all.
    pub hub: Option<HubId>,
    /// The pathway.
    pub pathway: PathwayId,
    /// Its service level.
    pub level: Estimate,
    /// That less the level without more posts, paired \[share\]; `None` for the service as it is.
    pub gain: Option<Estimate>,
}

/// A placement with what it does, on the replications on which it is confirmed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Placement {
    /// What it is; one placement may be several.
    pub kinds: Vec<Kind>,
    /// Posts at each team.
    pub extra: Vec<u32>,
    /// Every standard over all hubs and hub by hub; without those of which nobody was counted.
    pub levels: Vec<PlacedLevel>,
    /// The hub with the lowest level of the pathway that decides, and that level.
    pub worst: Option<(HubId, Estimate)>,
    /// That level less the worst hub's without more posts, paired \[share\].
    pub worst_gain: Option<Estimate>,
}

impl Placement {
    /// The level of a pathway at a hub, or over all.
    #[must_use]
    pub fn level(&self, hub: Option<HubId>, pathway: PathwayId) -> Option<&PlacedLevel> {
        self.levels.iter().find(|l| l.hub == hub && l.pathway == pathway)
    }

    /// Whether it is of a kind.
    #[must_use]
    pub fn is(&self, kind: Kind) -> bool {
        self.kinds.contains(&kind)
    }
}

/// The best placement less another, on the replications on which they are confirmed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Against {
    /// The other: a place in the list of placements.
    pub other: usize,
    /// Difference of the pathway that decides, over all hubs, with an interval that holds for all others at once \[share\].
    pub overall: Estimate,
    /// Difference of the levels of the worst hubs \[share\].
    pub worst: Option<Estimate>,
    /// Differences of the other standards over all hubs, each with its single interval \[share\].
    pub others: Vec<(PathwayId, Estimate)>,
}

/// A cell of the table that placements were chosen from.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CellRow {
    /// The hub.
    pub hub: HubId,
    /// Posts at its team.
    pub extra: u32,
    /// Posts at other teams that lend it staff, by their places in the list; those with none are left out.
    pub beside: Vec<(usize, u32)>,
    /// The service level of the pathway that decides.
    pub level: Estimate,
}

/// The best placement of some number of posts.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CurvePoint {
    /// How many, over all hubs.
    pub total: u32,
    /// Posts at each team.
    pub extra: Vec<u32>,
    /// The service level over all hubs, on the replications on which it was chosen.
    pub level: Estimate,
    /// What the last step adds, paired \[share\]; `None` at 0.
    pub gain: Option<Estimate>,
}

/// Posts placed one step at a time, each where it adds most to the total.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OneByOne {
    /// The teams, in the order in which they get a step.
    pub order: Vec<usize>,
    /// Posts at each team at the end.
    pub extra: Vec<u32>,
    /// The service level over all hubs less that of the best placement, on the replications on which both were chosen,
    /// paired \[share\].
    pub against_best: Option<Estimate>,
}

/// The answer of `allocate`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AllocateAnswer {
    /// What was asked.
    #[serde(skip)]
    pub request: AllocateRequest,
    /// How staff are counted.
    pub counted: Counted,
    /// The teams.
    #[serde(skip)]
    pub places: Vec<Place>,
    /// People on each shift that one WTE comes to on average, net of leave and sickness; `None` where people on shift are
    /// placed.
    pub on_each_shift: Option<f64>,
    /// What all that is placed costs in a year \[GBP\]; `None` where the role has no cost.
    pub cost: Option<f64>,
    /// Replications on which placements are confirmed; fewer than asked for if it was interrupted.
    pub replications: u32,
    /// The cells that were simulated.
    pub cells: Vec<CellRow>,
    /// How many cells there are.
    pub cells_in_all: usize,
    /// The best placements of 0, one step, two, ... posts.
    pub curve: Vec<CurvePoint>,
    /// Placements, the service as it is first; each once.
    pub placements: Vec<Placement>,
    /// The best placement against each other one, without the service as it is.
    pub against: Vec<Against>,
    /// How often each placement would have been chosen for the total.
    pub choice: Choice,
    /// The same for the worst hub.
    pub choice_for_worst: Choice,
    /// Posts placed one at a time.
    pub one_by_one: OneByOne,
    /// Events handled.
    pub events: u64,
    /// Processor time in the engine \[s\]. Not part of the results proper.
    #[serde(skip)]
    pub engine_cpu_s: f64,
}

impl AllocateAnswer {
    /// The placement of a kind.
    #[must_use]
    pub fn placement(&self, kind: Kind) -> Option<&Placement> {
        self.placements.iter().find(|p| p.is(kind))
    }

    /// The best placement against that of a kind; `None` where they are the same.
    #[must_use]
    pub fn against(&self, kind: Kind) -> Option<&Against> {
        self.against.iter().find(|a| self.placements[a.other].is(kind))
    }
}

/// The step by which posts are placed: `asked`, or the smallest that keeps the work bounded. It divides the posts if `asked`
/// does.
///
/// # Errors
/// [`CannotAllocate::TooMany`] if hubs that lend each other staff leave too many ways of sharing posts.
pub fn step(scenario: &Scenario, places: &[Place], extra: u32, asked: Option<u32>) -> Result<u32, CannotAllocate> {
    cells::step(scenario, places, extra, asked)
}

/// About how many units of work it takes, for who shows how far it is: cells x replications of the first stage and of the
/// second. How many cells can matter is only known when they have been simulated; where hubs lend each other staff it is more.
#[must_use]
pub fn likely_units(scenario: &Scenario, request: &AllocateRequest) -> u64 {
    let islands = scenario.islands().len() as u64;
    // In the baseline 57 cells for six islands, and 20 in the placements that are confirmed.
    let search = u64::from((request.extra / request.step + 1).min(10));
    islands * (search * u64::from(request.search) + 4 * u64::from(request.replications))
}

/// Whether the question has an answer: something asks for the role, and its staff can be added to.
///
/// # Errors
/// [`CannotAllocate`].
pub fn can_allocate(scenario: &Scenario, role: RoleId) -> Result<(Counted, Vec<Place>), CannotAllocate> {
    if scenario.pathways.iter().all(|p| p.standard.is_none()) {
        return Err(CannotAllocate::NoStandard);
    }
    if !places::needed(scenario, role) {
        return Err(CannotAllocate::Unneeded(scenario.roles[role.0].name.clone()));
    }
    places(scenario, role)
}

/// Places posts.
///
/// `progress` hears of every unit done; see [`likely_units`]. When `stop` becomes true while placements are chosen there is no
/// answer; while they are confirmed, the replications that all have are kept.
///
/// # Errors
/// [`CannotAllocate`].
pub fn allocate(
    scenario: &Scenario,
    request: AllocateRequest,
    stop: &AtomicBool,
    progress: &(dyn Fn() + Sync),
) -> Result<AllocateAnswer, CannotAllocate> {
    allocate_in_pieces(scenario, request, &Pieces::alone(), stop, progress)
}

/// The same, with what has been finished before. Where units are left to others it waits: which cells to look at next depends on them.
///
/// # Errors
/// As [`allocate`]; or if a piece cannot be read or written.
pub fn allocate_in_pieces(
    scenario: &Scenario,
    request: AllocateRequest,
    pieces: &Pieces,
    stop: &AtomicBool,
    progress: &(dyn Fn() + Sync),
) -> Result<AllocateAnswer, CannotAllocate> {
    let (counted, teams) = can_allocate(scenario, request.role)?;
    let mut sim = Simulating {
        scenario,
        request: &request,
        places: &teams,
        standards: (0..scenario.pathways.len())
            .map(PathwayId)
            .filter(|id| scenario.pathways[id.0].standard.is_some())
            .collect(),
        pieces,
        stop,
        progress,
        events: 0,
        engine_cpu_s: 0.0,
    };
    let steps = sim.steps();
    let referrals = |place: &Place| -> f64 {
        let of = |hub: &HubId| scenario.hubs[hub.0].referrals[request.pathway.0].get();
        place.serves.iter().map(of).sum()
    };
    let demand: Vec<f64> = teams.iter().map(referrals).collect();
    let hubs: Vec<f64> = teams.iter().map(|place| place.serves.len() as f64).collect();
    let now: Vec<f64> = teams.iter().map(|place| place.now).collect();
    let even = places::in_proportion(steps, &hubs, &demand);
    let proportional = places::in_proportion(steps, &now, &demand);

    let mut table = Table::first(&mut sim, &[even.clone(), proportional.clone()])?;
    table.refine(&mut sim)?;
    let (order, one_by_one) = table.one_by_one(&mut sim)?;
    // What that has shown may matter to the rest.
    table.refine(&mut sim)?;
    let known = table.known(&(0..request.search as usize));
    let totals = largest_totals(&known, steps as usize);
    let nothing = || CannotAllocate::Unfinished("no placement was found".into());
    let best = totals.last().cloned().flatten().ok_or_else(nothing)?;
    let fair = highest_low(&known, steps as usize).ok_or_else(nothing)?;
    let second = runner_up(&known, steps as usize, &best);
    let [choice, choice_for_worst] = choice::choices(&table, request.search, steps, request.step, teams.len());

    let as_now = vec![0; table.islands.len()];
    let mut asked: Vec<(Kind, Vec<usize>)> = vec![
        (Kind::AsNow, as_now),
        (Kind::Best, best.ways.clone()),
        (Kind::BestWorstHub, fair.ways),
        (Kind::Even, table.ways_of(&even)),
        (Kind::Proportional, table.ways_of(&proportional)),
    ];
    asked.extend(second.map(|placed| (Kind::RunnerUp, placed.ways)));
    let mut found: Vec<(Vec<Kind>, Vec<usize>)> = Vec::new();
    for (kind, ways) in asked {
        match found.iter_mut().find(|(_, known)| *known == ways) {
            Some((kinds, _)) => kinds.push(kind),
            None => found.push((vec![kind], ways)),
        }
    }
    let confirmed = Confirmed::of(&mut sim, &table, &found, request.search)?;
    let placement = |steps: &[u32]| -> Vec<u32> { steps.iter().map(|n| n * request.step).collect() };
    let placements: Vec<Placement> = found
        .iter()
        .map(|(kinds, ways)| confirmed.placement(kinds.clone(), placement(&table.placement(ways)), ways))
        .collect();
    let against = confirmed.against(&found);
    let searched = Searched {
        table: &table,
        request: &request,
    };
    let curve = searched.curve(&totals);
    let one_by_one = OneByOne {
        order,
        extra: placement(&table.placement(&one_by_one)),
        against_best: searched.difference(&best.ways, &one_by_one),
    };
    let more: Vec<(HubId, u32)> = teams.iter().zip(&even).map(|(p, n)| (p.at, n * request.step)).collect();
    let with = places::with_more(scenario, request.role, &more);
    let cost = staff_changes(scenario, &with)
        .into_iter()
        .find(|change| change.role == scenario.roles[request.role.0].name)
        .and_then(|change: RoleChange| change.cost.map(|[base, option]| option - base));
    let cells = searched.cells();
    Ok(AllocateAnswer {
        request,
        counted,
        on_each_shift: (counted == Counted::Wte).then(|| {
            let role = &scenario.roles[request.role.0];
            let one = Wte::new(1.0).unwrap_or_default();
            rostered_per_instance(role, one) * (1.0 - role.headroom.absence.get())
        }),
        cost,
        replications: confirmed.replications,
        cells,
        cells_in_all: table.islands.iter().map(|island| island.ways.len()).sum(),
        curve,
        placements,
        against,
        choice,
        choice_for_worst,
        one_by_one,
        events: sim.events,
        engine_cpu_s: sim.engine_cpu_s,
        places: teams,
    })
}

/// (hits, referrals) by replication.
type Pairs = Vec<(u64, u64)>;

/// A hub's, or all hubs' together.
fn added<'a>(levels: impl Iterator<Item = &'a Pairs>) -> Pairs {
    let mut all = Pairs::new();
    for pairs in levels {
        all.resize(all.len().max(pairs.len()), (0, 0));
        for (sum, pair) in all.iter_mut().zip(pairs) {
            *sum = (sum.0 + pair.0, sum.1 + pair.1);
        }
    }
    all
}

/// The placements on other replications than those they were chosen on.
struct Confirmed<'a> {
    islands: &'a [Island],
    standards: Vec<PathwayId>,
    objective: PathwayId,
    hubs: usize,
    confidence: f64,
    replications: u32,
    wanted: Vec<(usize, usize)>,
    cells: Vec<Cell>,
}

impl<'a> Confirmed<'a> {
    fn of(
        sim: &mut Simulating<'_>,
        table: &'a Table,
        found: &[(Vec<Kind>, Vec<usize>)],
        first: u32,
    ) -> Result<Self, CannotAllocate> {
        let wanted: BTreeSet<(usize, usize)> = found
            .iter()
            .flat_map(|(_, ways)| ways.iter().copied().enumerate())
            .collect();
        let wanted: Vec<(usize, usize)> = wanted.into_iter().collect();
        let request = sim.request;
        let cells = sim.cells(&table.islands, &wanted, first, request.replications)?;
        let done = cells
            .iter()
            .flat_map(|cell| cell.0.iter().flatten())
            .map(Vec::len)
            .min();
        let replications = u32::try_from(done.unwrap_or(0)).unwrap_or(u32::MAX);
        if replications < 2 {
            return Err(CannotAllocate::Unfinished(
                "stopped before two replications of the placements were done: there is nothing to report".into(),
            ));
        }
        Ok(Self {
            islands: &table.islands,
            standards: sim.standards.clone(),
            objective: request.pathway,
            hubs: sim.scenario.hubs.len(),
            confidence: request.confidence,
            replications,
            wanted,
            cells,
        })
    }

    fn estimate(&self, interval: Interval) -> Estimate {
        Estimate::of(interval, self.confidence, self.replications)
    }

    /// By hub of the scenario.
    fn by_hub(&self, ways: &[usize], pathway: PathwayId) -> Vec<Pairs> {
        let standard = self.standards.iter().position(|id| *id == pathway).unwrap_or(0);
        let mut hubs = vec![Pairs::new(); self.hubs];
        for (island, way) in ways.iter().copied().enumerate() {
            let Some(place) = self.wanted.iter().position(|w| *w == (island, way)) else {
                continue;
            };
            for (hub, levels) in self.islands[island].hubs.iter().zip(&self.cells[place].0) {
                hubs[hub.0].clone_from(&levels[standard]);
            }
        }
        hubs
    }

    fn as_now(&self) -> Vec<usize> {
        vec![0; self.islands.len()]
    }

    fn placement(&self, kinds: Vec<Kind>, extra: Vec<u32>, ways: &[usize]) -> Placement {
        let as_now = kinds.contains(&Kind::AsNow);
        let mut levels = Vec::new();
        for &pathway in &self.standards {
            let (with, without) = (self.by_hub(ways, pathway), self.by_hub(&self.as_now(), pathway));
            let mut add = |hub: Option<HubId>, with: &Pairs, without: &Pairs| {
                let Some(level) = share_interval(with, self.confidence) else {
                    return;
                };
                let gain = paired_share(without, with).filter(|_| !as_now);
                levels.push(PlacedLevel {
                    hub,
                    pathway,
                    level: self.estimate(level),
                    gain: gain.map(|gain| self.estimate(gain.interval(self.confidence))),
                });
            };
            for (hub, (with, without)) in with.iter().zip(&without).enumerate() {
                add(Some(HubId(hub)), with, without);
            }
            add(None, &added(with.iter()), &added(without.iter()));
        }
        let with = self.by_hub(ways, self.objective);
        let without = self.by_hub(&self.as_now(), self.objective);
        let worst = lowest_share(&with, self.confidence);
        let worst_gain = lowest_difference(&without, &with, self.confidence).filter(|_| !as_now);
        Placement {
            kinds,
            extra,
            levels,
            worst: worst.map(|(hub, interval)| (HubId(hub), self.estimate(interval))),
            worst_gain: worst_gain.map(|interval| self.estimate(interval)),
        }
    }

    fn against(&self, found: &[(Vec<Kind>, Vec<usize>)]) -> Vec<Against> {
        let Some((_, best)) = found.iter().find(|(kinds, _)| kinds.contains(&Kind::Best)) else {
            return Vec::new();
        };
        let others = || {
            let all = found.iter().enumerate();
            all.filter(|(_, (kinds, _))| !kinds.contains(&Kind::Best) && !kinds.contains(&Kind::AsNow))
        };
        let family = others().count();
        let pairs = |ways: &[usize], pathway| added(self.by_hub(ways, pathway).iter());
        others()
            .filter_map(|(other, (_, ways))| {
                let difference = |pathway| paired_share(&pairs(ways, pathway), &pairs(best, pathway));
                let overall = difference(self.objective)?.simultaneous(self.confidence, family);
                let rest = self.standards.iter().copied().filter(|id| *id != self.objective);
                let single = |id| Some((id, self.estimate(difference(id)?.interval(self.confidence))));
                let by_hub = |ways: &[usize]| self.by_hub(ways, self.objective);
                let worst = lowest_difference(&by_hub(ways), &by_hub(best), self.confidence);
                Some(Against {
                    other,
                    overall: self.estimate(overall),
                    worst: worst.map(|interval| self.estimate(interval)),
                    others: rest.filter_map(single).collect(),
                })
            })
            .collect()
    }
}

/// What the replications say on which placements were chosen.
struct Searched<'a> {
    table: &'a Table,
    request: &'a AllocateRequest,
}

impl Searched<'_> {
    fn estimate(&self, interval: Interval) -> Estimate {
        Estimate::of(interval, self.request.confidence, self.request.search)
    }

    /// Over all hubs.
    fn pairs(&self, ways: &[usize]) -> Pairs {
        let cells = self.table.islands.iter().zip(ways);
        let cells = cells.filter_map(|(island, &way)| island.cells[way].as_ref());
        added(
            cells
                .flat_map(|cell| &cell.0)
                .map(|levels| &levels[self.table.objective]),
        )
    }

    /// One placement less another.
    fn difference(&self, base: &[usize], option: &[usize]) -> Option<Estimate> {
        let paired = paired_share(&self.pairs(base), &self.pairs(option))?;
        Some(self.estimate(paired.interval(self.request.confidence)))
    }

    fn curve(&self, totals: &[Option<crate::stats::Placed>]) -> Vec<CurvePoint> {
        let mut before: Option<&Vec<usize>> = None;
        let mut points = Vec::new();
        for (total, placed) in (0..).zip(totals) {
            let Some(placed) = placed else { continue };
            let Some(level) = share_interval(&self.pairs(&placed.ways), self.request.confidence) else {
                continue;
            };
            points.push(CurvePoint {
                total: total * self.request.step,
                extra: self
                    .table
                    .placement(&placed.ways)
                    .iter()
                    .map(|n| n * self.request.step)
                    .collect(),
                level: self.estimate(level),
                gain: before.and_then(|before| self.difference(before, &placed.ways)),
            });
            before = Some(&placed.ways);
        }
        points
    }

    fn cells(&self) -> Vec<CellRow> {
        let mut rows = Vec::new();
        for island in &self.table.islands {
            let known = island.ways.iter().zip(&island.cells);
            for (way, cell) in known.filter_map(|(way, cell)| Some((way, cell.as_ref()?))) {
                for (hub, levels) in island.hubs.iter().zip(&cell.0) {
                    let Some(level) = share_interval(&levels[self.table.objective], self.request.confidence) else {
                        continue;
                    };
                    // Of a pool every hub has the posts of the base.
                    let own = self.table.team_of(*hub);
                    let posts = island
                        .places
                        .iter()
                        .zip(way)
                        .map(|(place, n)| (*place, n * self.request.step));
                    rows.push(CellRow {
                        hub: *hub,
                        extra: posts
                            .clone()
                            .find(|(place, _)| Some(*place) == own)
                            .map_or(0, |(_, n)| n),
                        beside: posts.filter(|(place, n)| Some(*place) != own && *n > 0).collect(),
                        level: self.estimate(level),
                    });
                }
            }
        }
        rows.sort_by_key(|row| (row.hub, row.extra, row.beside.clone()));
        rows
    }
}
