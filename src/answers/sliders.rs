//! `run --sliders`: what would more or fewer staff at each hub do? Every number of staff in a range, simulated.
//!
//! Hubs that share no staff cannot touch each other, so that one hub's service levels depend on its own staff alone: a table for each
//! hub holds every placement of staff over all of them. A cell is one team with one number of each role that is slid, on the
//! people of the run itself; so the cell of the staff as they are has the very figures of the run. What lies between two cells, or
//! beyond the last, is not simulated and not said.

use std::sync::atomic::AtomicBool;

use serde::Serialize;

use crate::answers::Estimate;
use crate::answers::allocate::Counted;
use crate::engine::{HubRecord, IslandRecord, World};
use crate::model::{HubId, PathwayId, RoleId, Scenario, Staffing, Weekday, expected_capacity};
use crate::pieces::Pieces;
use crate::replicate::{Finished, islands};
use crate::stats::share_interval;
use crate::units::{Span, Wte};

/// The most roles whose staff are tabulated together.
pub const MOST_ROLES: usize = 2;

/// The most cells of a report: a table that a browser still opens at once.
pub const MOST_CELLS: usize = 5_000;

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SlidersRequest {
    /// Whose staff are slid: one role or two.
    pub roles: Vec<RoleId>,
    /// The least that is added to what there is; 0 or below.
    pub from: i32,
    /// The most; 0 or above.
    pub to: i32,
}

/// Why there are no sliders.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CannotSlide {
    /// Nobody says how soon anybody should be seen.
    #[error("no pathway has a `standard`, so there is no service level to show beside staff")]
    NoStandard,
    /// One hub's figures hang on another's staff.
    #[error(
        "{0} lend each other staff, so that what one has changes what the other's people see, and no table of one hub alone is true; \
         ask it of hubs that lend nothing (a what-if with `neighbour = []`), or of one pool"
    )]
    Lent(String),
    /// There is nothing to move.
    #[error(
        "nobody is `{0}` at any hub, and the role has no `shifts` over which posts could be dealt, so there is nothing to slide"
    )]
    Nowhere(String),
    /// More than anybody could open.
    #[error(
        "{cells} numbers of staff are more than a report holds ({MOST_CELLS}); say a shorter range, or one role instead of two"
    )]
    TooMany {
        /// How many.
        cells: usize,
    },
}

/// The staff of one role in one team, and how far they are slid.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Slid {
    counted: Counted,
    least: i32,
    most: i32,
    /// The hub whose numbers are changed.
    at: HubId,
}

/// A team: a hub, or a pool of hubs.
#[derive(Clone, Debug, PartialEq)]
struct Team {
    hubs: Vec<HubId>,
    slid: Vec<Slid>,
}

impl Team {
    fn holds(&self, change: &[i32]) -> bool {
        let mut both = self.slid.iter().zip(change);
        both.all(|(slid, change)| (slid.least..=slid.most).contains(change))
    }

    fn cells(&self) -> usize {
        let numbers = |slid: &Slid| usize::try_from(slid.most - slid.least + 1).unwrap_or(0);
        self.slid.iter().map(numbers).product()
    }
}

/// What is to be simulated.
#[derive(Clone, Debug, PartialEq)]
pub struct SlidersPlan {
    request: SlidersRequest,
    teams: Vec<Team>,
}

/// Service levels by staff, team by team.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Sliders {
    /// Whose staff are slid.
    pub roles: Vec<RoleId>,
    /// The teams, in the order of the file.
    pub teams: Vec<SlidTeam>,
    /// Replications of every cell.
    pub replications: u32,
    /// Confidence of every interval.
    pub confidence: f64,
}

/// A team with every number of staff that was simulated.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SlidTeam {
    /// The hub; of a pool, all of them.
    pub hubs: Vec<HubId>,
    /// How the staff are counted, by role.
    pub counted: Vec<Counted>,
    /// Fewest staff of the first role first, then of the second.
    pub cells: Vec<SlidCell>,
}

/// A team with one number of each role.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SlidCell {
    /// Staff by role: WTE, or mean people on shift.
    pub staff: Vec<f64>,
    /// How many more than now, by role.
    pub change: Vec<i32>,
    /// Service levels by hub of the team and pathway with a standard; nothing where nobody was counted.
    pub levels: Vec<(HubId, PathwayId, Option<Estimate>)>,
}

impl SlidersPlan {
    /// How a scenario is to be tabulated.
    ///
    /// # Errors
    /// [`CannotSlide`].
    pub fn new(scenario: &Scenario, request: SlidersRequest) -> Result<Self, CannotSlide> {
        if scenario.pathways.iter().all(|pathway| pathway.standard.is_none()) {
            return Err(CannotSlide::NoStandard);
        }
        for &role in &request.roles {
            let staffed = |hub: &crate::model::Hub| !hub.staff[role.0].is_none();
            if scenario.roles[role.0].shifts.is_empty() && !scenario.hubs.iter().any(staffed) {
                return Err(CannotSlide::Nowhere(scenario.roles[role.0].name.clone()));
            }
        }
        let mut teams = Vec::new();
        for hubs in scenario.islands() {
            let base = scenario.base_of(hubs[0]);
            if hubs.iter().any(|&hub| scenario.base_of(hub) != base) {
                let names: Vec<&str> = hubs.iter().map(|hub| scenario.hubs[hub.0].name.as_str()).collect();
                return Err(CannotSlide::Lent(names.join(", ")));
            }
            let slid = request.roles.iter();
            let slid = slid.map(|&role| slid_of(scenario, &hubs, base, role, (request.from, request.to)));
            teams.push(Team {
                slid: slid.collect(),
                hubs,
            });
        }
        let plan = Self { request, teams };
        match plan.cells() {
            cells if cells > MOST_CELLS => Err(CannotSlide::TooMany { cells }),
            _ => Ok(plan),
        }
    }

    /// Numbers of staff that are simulated, all teams together.
    #[must_use]
    pub fn cells(&self) -> usize {
        self.teams.iter().map(Team::cells).sum()
    }

    /// Replications of single islands that it takes with so many replications.
    #[must_use]
    pub fn units(&self, replications: u32) -> u64 {
        self.cells() as u64 * u64::from(replications)
    }

    /// Teams that are tabulated.
    #[must_use]
    pub const fn teams(&self) -> usize {
        self.teams.len()
    }

    /// Every change of the range, fewest of the first role first.
    fn changes(&self) -> Vec<Vec<i32>> {
        let mut changes = vec![Vec::new()];
        for _ in &self.request.roles {
            let range = || self.request.from..=self.request.to;
            changes = changes
                .iter()
                .flat_map(|before: &Vec<i32>| range().map(move |k| before.iter().copied().chain([k]).collect()))
                .collect();
        }
        changes
    }
}

/// How far the staff of a role can be slid in a team: never below nobody, on any day.
fn slid_of(scenario: &Scenario, hubs: &[HubId], base: HubId, role: RoleId, (from, to): (i32, i32)) -> Slid {
    let staff = scenario.staff_based_at(base, role);
    let own = |hub: HubId| &scenario.hubs[hub.0].staff[role.0];
    let wte = |hub: HubId| match own(hub) {
        Staffing::Wte(wte) => wte.get(),
        Staffing::OnShift(_) | Staffing::Rota(_) => 0.0,
    };
    let pool = staff.is_pool() && !staff.is_none();
    let at = if pool {
        hubs.iter().copied().find(|&hub| !own(hub).is_none()).unwrap_or(base)
    } else {
        // Where there is most to take from.
        hubs.iter()
            .copied()
            .fold(base, |most, hub| if wte(hub) > wte(most) { hub } else { most })
    };
    // As it is and after every dated change.
    let worlds = || std::iter::once(scenario).chain(scenario.later.iter().map(|later| &later.scenario));
    let on_each_day = || worlds().map(|world| &world.hubs[at.0].staff[role.0]);
    let given_alike = on_each_day().all(|staff| staff.is_none() || staff.is_pool() == pool);
    // Of nobody it is not known when one more would be there, unless the role has shifts.
    let dealt = !pool && !scenario.roles[role.0].shifts.is_empty();
    let counted = if pool { Counted::OnShift } else { Counted::Wte };
    if !given_alike || !(pool || dealt) {
        let (least, most) = (0, 0);
        return Slid {
            counted,
            least,
            most,
            at,
        };
    }
    let fewest = on_each_day().map(fewest).min().unwrap_or(0);
    Slid {
        counted,
        least: from.max(-fewest),
        most: to,
        at,
    }
}

/// The staff of a role in a team: WTE, or mean people on shift.
fn staff_of(scenario: &Scenario, team: &Team, role: RoleId) -> f64 {
    let base = team.hubs.first().map_or(HubId(0), |&hub| scenario.base_of(hub));
    match scenario.staff_based_at(base, role) {
        Staffing::Wte(wte) => wte.get(),
        staff => {
            // In whole milliseconds, so that two people round the clock are 2.
            let day = |day| expected_capacity(&scenario.roles[role.0], &staff, day).ms();
            let week: i64 = Weekday::ALL.into_iter().map(day).sum();
            week as f64 / (7 * Span::DAY.ms()) as f64
        }
    }
}

/// How many can be taken away at any time at which there is anybody.
fn fewest(staff: &Staffing) -> i32 {
    let people = match staff {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a cast saturates, and WTE are not negative"
        )]
        Staffing::Wte(wte) => (wte.get() + 1e-9).floor() as u32,
        Staffing::OnShift(pieces) => pieces.iter().map(|p| p.count).filter(|n| *n > 0).min().unwrap_or(0),
        Staffing::Rota(hours) => hours.iter().copied().filter(|n| *n > 0).min().unwrap_or(0),
    };
    i32::try_from(people).unwrap_or(i32::MAX)
}

/// So many more or fewer: WTE where nobody is or WTE are; people at every time at which there are some.
fn changed(staff: &Staffing, counted: Counted, change: i32) -> Staffing {
    let number = |now: u32| if now == 0 { 0 } else { now.saturating_add_signed(change) };
    match (staff, counted) {
        (Staffing::Wte(now), _) => {
            let wte = (now.get() + f64::from(change)).max(0.0);
            Staffing::Wte(Wte::new(wte).unwrap_or(*now))
        }
        (none, Counted::Wte) if none.is_none() => Staffing::Wte(Wte::new(f64::from(change.max(0))).unwrap_or_default()),
        (Staffing::OnShift(pieces), _) => {
            let mut pieces = pieces.clone();
            pieces.iter_mut().for_each(|piece| piece.count = number(piece.count));
            Staffing::OnShift(pieces)
        }
        (Staffing::Rota(hours), _) => Staffing::Rota(hours.iter().map(|&n| number(n)).collect()),
    }
}

/// The scenario with so many more or fewer at these teams, on every day of it.
fn with_change(scenario: &Scenario, plan: &SlidersPlan, teams: &[usize], change: &[i32]) -> Scenario {
    let mut with = scenario.clone();
    let make = |world: &mut Scenario| {
        for team in teams.iter().map(|&team| &plan.teams[team]) {
            for ((role, slid), &change) in plan.request.roles.iter().zip(&team.slid).zip(change) {
                let staff = &mut world.hubs[slid.at.0].staff[role.0];
                if change != 0 {
                    *staff = changed(staff, slid.counted, change);
                }
            }
        }
    };
    make(&mut with);
    with.later.iter_mut().for_each(|later| make(&mut later.scenario));
    with
}

/// Simulates what was planned; nothing if it was stopped before all of it was done. `progress` hears of every unit.
///
/// # Errors
/// If the threads cannot be started, the reason in the system's words; or if a piece cannot be read or written.
pub fn sliders(
    scenario: &Scenario,
    plan: &SlidersPlan,
    replications: u32,
    threads: Option<usize>,
    pieces: &Pieces,
    (stop, progress): (&AtomicBool, &(dyn Fn() + Sync)),
) -> Result<Option<Sliders>, String> {
    let confidence = scenario.experiment.confidence.get();
    let standards: Vec<PathwayId> = (0..scenario.pathways.len())
        .map(PathwayId)
        .filter(|id| scenario.pathways[id.0].standard.is_some())
        .collect();
    let mut teams: Vec<SlidTeam> = plan
        .teams
        .iter()
        .map(|team| SlidTeam {
            hubs: team.hubs.clone(),
            counted: team.slid.iter().map(|slid| slid.counted).collect(),
            cells: Vec::new(),
        })
        .collect();
    let keep = |record: &IslandRecord| -> Vec<Vec<(u64, u64)>> {
        let level = |hub: &HubRecord| {
            let pair = |id: &PathwayId| (hub.pathways[id.0].hits, hub.pathways[id.0].referrals);
            standards.iter().map(pair).collect()
        };
        record.hubs.iter().map(level).collect()
    };
    for change in plan.changes() {
        let here: Vec<usize> = (0..plan.teams.len())
            .filter(|&n| plan.teams[n].holds(&change))
            .collect();
        if here.is_empty() {
            continue;
        }
        let changed = with_change(scenario, plan, &here, &change);
        let finished = Finished::of(pieces, &changed);
        let asked = (here.as_slice(), replications);
        let world = World::new(&changed);
        let Some(found) = islands(&world, finished, asked, threads, (stop, progress), keep)? else {
            return Ok(None);
        };
        for (&team, records) in here.iter().zip(&found) {
            let mut levels = Vec::new();
            for (n, &hub) in plan.teams[team].hubs.iter().enumerate() {
                for (p, &pathway) in standards.iter().enumerate() {
                    let pairs: Vec<(u64, u64)> = records.iter().map(|record| record[n][p]).collect();
                    let interval = share_interval(&pairs, confidence);
                    levels.push((
                        hub,
                        pathway,
                        interval.map(|i| Estimate::of(i, confidence, replications)),
                    ));
                }
            }
            let staff = |&role: &RoleId| staff_of(&changed, &plan.teams[team], role);
            teams[team].cells.push(SlidCell {
                staff: plan.request.roles.iter().map(staff).collect(),
                change: change.clone(),
                levels,
            });
        }
    }
    Ok(Some(Sliders {
        roles: plan.request.roles.clone(),
        teams,
        replications,
        confidence,
    }))
}
