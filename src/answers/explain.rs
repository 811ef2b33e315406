//! `explain`: why are standards missed, and what would switching a cause off do?
//!
//! A switch is a change of the scenario, simulated on the same people with the same draws; its effect is the paired
//! difference of the service level, replication by replication. Effects do not add up: whom one cause lets go another may
//! hold, and more people seen are more packages for the same staff.

use std::sync::atomic::AtomicBool;

use serde::Serialize;

use crate::answers::Estimate;
use crate::answers::precision::simulate;
use crate::answers::run::{RunAnswer, RunRequest, sum_up};
use crate::engine::World;
use crate::model::{
    ClockStops, Headroom, HubId, Joint, OutOfHours, Pathway, PathwayId, PoolPiece, Role, RoleId, Scenario, ShiftEnd,
    Staffing,
};
use crate::pieces::Pieces;
use crate::random::Distribution;
use crate::replicate::{Finished, Plan, Runs, replicate_from};
use crate::stats::{paired_share_interval, share_interval};
use crate::units::Span;

/// Something that makes people miss a standard, and can be thought away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Switch {
    /// Nobody needs time on the road.
    Travel,
    /// Triage takes no time.
    Triage,
    /// Nobody is on leave, in training or ill.
    Headroom,
    /// Pathways that take referrals at any time are open always; staff as they are.
    OpeningHours,
    /// Whoever must come with the lead is always there, while the role works.
    Partners,
    /// No gate and no caseload limit.
    Limits,
    /// Planned visits are made by others, who are always there: they take nobody's time.
    PlannedVisits,
    /// Nothing is forbidden because a shift ends: what has begun is finished.
    ShiftEnd,
}

impl Switch {
    /// Every switch, in the order in which they are tried.
    pub const ALL: [Self; 8] = [
        Self::Travel,
        Self::Triage,
        Self::Headroom,
        Self::OpeningHours,
        Self::Partners,
        Self::Limits,
        Self::PlannedVisits,
        Self::ShiftEnd,
    ];

    /// The name in `switched_off.csv`: snake case.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Travel => "no_travel",
            Self::Triage => "no_triage",
            Self::Headroom => "no_headroom",
            Self::OpeningHours => "always_open",
            Self::Partners => "unlimited_partners",
            Self::Limits => "no_limits",
            Self::PlannedVisits => "no_planned_visits",
            Self::ShiftEnd => "finish_after_shift",
        }
    }

    /// The scenario with this switched off; `None` if there is nothing to switch off.
    #[must_use]
    pub fn off(self, scenario: &Scenario) -> Option<Scenario> {
        let mut s = scenario.clone();
        self.switch_off(&mut s)?;
        for later in &mut s.later {
            self.switch_off(&mut later.scenario)?;
        }
        (s != *scenario).then_some(s)
    }

    fn switch_off(self, s: &mut Scenario) -> Option<()> {
        match self {
            Self::Travel => {
                for hub in &mut s.hubs {
                    let none = || Distribution::fixed(Span::ZERO);
                    (hub.travel.urgent, hub.travel.round, hub.travel.hours) = (none(), none(), None);
                }
                s.pools.iter_mut().for_each(|pool| pool.extra_travel = Span::ZERO);
                s.neighbours
                    .iter_mut()
                    .for_each(|entry| entry.extra_travel = Span::ZERO);
            }
            Self::Triage => {
                for pathway in &mut s.pathways {
                    pathway.triage = Distribution::fixed(Span::ZERO);
                }
            }
            Self::Headroom => {
                for role in &mut s.roles {
                    role.headroom = Headroom::default();
                }
            }
            Self::OpeningHours => {
                for pathway in s.pathways.iter_mut().filter(|p| p.out_of_hours == OutOfHours::Accept) {
                    pathway.opens = None;
                }
            }
            Self::Partners => {
                for role in partners(s) {
                    without_end(s, role);
                }
            }
            Self::Limits => {
                for hub in &mut s.hubs {
                    hub.caseload_limit.iter_mut().for_each(|limit| *limit = None);
                }
                for stream in s.packages.iter_mut().flat_map(|p| &mut p.streams) {
                    stream.gated = false;
                }
            }
            Self::PlannedVisits => others_make_the_planned_visits(s)?,
            Self::ShiftEnd => {
                for role in &mut s.roles {
                    role.shift_end = ShiftEnd::Finish;
                }
            }
        }
        Some(())
    }
}

/// Roles that only ever come along with another: where all must come at one instant, or the clock runs until all have.
#[must_use]
pub fn partners(scenario: &Scenario) -> Vec<RoleId> {
    let needs_all =
        |p: &&Pathway| p.joint != Joint::Separate || p.standard.is_some_and(|s| s.clock_stops == ClockStops::All);
    let responses = || scenario.pathways.iter().flat_map(|p| &p.responses);
    let leads = |role: RoleId| responses().any(|r| r.needs.get(r.lead).is_some_and(|n| n.role == role));
    let comes = |role: RoleId| {
        let joint = scenario.pathways.iter().filter(needs_all).flat_map(|p| &p.responses);
        joint.filter(|r| r.needs.len() > 1).any(|r| {
            let others = r.needs.iter().enumerate().filter(|(n, _)| *n != r.lead);
            others.into_iter().any(|(_, n)| n.role == role)
        })
    };
    let roles = (0..scenario.roles.len()).map(RoleId);
    roles.filter(|&r| comes(r) && !leads(r)).collect()
}

/// As many as can be typed: more than can ever be needed.
const WITHOUT_END: u32 = 10_000;

/// A pool that never runs out, in the hours in which somebody of the role would be on shift, or always if nobody is.
fn unlimited(role: &Role, staffing: &Staffing) -> Staffing {
    let piece = |from, to| PoolPiece {
        name: None,
        from,
        to,
        count: WITHOUT_END,
    };
    let pieces = match staffing {
        Staffing::Rota(hours) if hours.iter().any(|&n| n > 0) => {
            return Staffing::Rota(hours.iter().map(|&n| if n > 0 { WITHOUT_END } else { 0 }).collect());
        }
        Staffing::OnShift(pieces) => {
            let there = pieces.iter().filter(|p| p.count > 0);
            there.map(|p| piece(p.from, p.to)).collect()
        }
        Staffing::Wte(wte) if wte.get() > 0.0 => role.shifts.iter().map(|s| piece(s.from, s.to)).collect(),
        Staffing::Wte(_) | Staffing::Rota(_) => Vec::new(),
    };
    Staffing::OnShift(if pieces.is_empty() {
        vec![piece(Span::ZERO, Span::DAY)]
    } else {
        pieces
    })
}

fn without_end(scenario: &mut Scenario, role: RoleId) {
    let all = unlimited_by_hub(scenario, role);
    for (hub, staff) in scenario.hubs.iter_mut().zip(all) {
        hub.staff[role.0] = staff;
    }
}

/// Pools that never run out, by hub. The staff of a pool of hubs are added up at its base: there they never run out, in the
/// hours of all of them together.
fn unlimited_by_hub(scenario: &Scenario, role: RoleId) -> Vec<Staffing> {
    let at = |hub: HubId| {
        if scenario.base_of(hub) == hub {
            unlimited(&scenario.roles[role.0], &scenario.staff_based_at(hub, role))
        } else {
            Staffing::NONE
        }
    };
    (0..scenario.hubs.len()).map(HubId).map(at).collect()
}

/// Most roles that the engine can tell apart.
const MOST_ROLES: usize = 128;

/// Every role that makes planned visits gets a twin that does nothing else and never runs out. Draws belong to people and
/// to the names of visits, not to who makes them, so nobody's needs change.
fn others_make_the_planned_visits(scenario: &mut Scenario) -> Option<()> {
    let own = scenario.roles.len();
    let twin = |role: RoleId| RoleId(role.0 + own);
    if 2 * own > MOST_ROLES || scenario.packages.is_empty() {
        return None;
    }
    for number in 0..own {
        let mut role = scenario.roles[number].clone();
        role.name = format!("{} for planned visits", role.name);
        let all = unlimited_by_hub(scenario, RoleId(number));
        for (hub, staff) in scenario.hubs.iter_mut().zip(all) {
            hub.staff.push(staff);
        }
        scenario.roles.push(role);
    }
    for package in &mut scenario.packages {
        package.starts_with.iter_mut().for_each(|r| *r = twin(*r));
        for stream in &mut package.streams {
            let roles = stream.or.iter_mut().chain(&mut stream.or_second);
            roles.chain([&mut stream.role]).for_each(|r| *r = twin(*r));
        }
    }
    Some(())
}

/// What switching something off does to a pathway, all hubs together.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SwitchedOff {
    /// What.
    pub switch: Switch,
    /// A pathway with a standard.
    pub pathway: PathwayId,
    /// The service level without it.
    pub service_level: Option<Estimate>,
    /// Its paired difference from the scenario as it is \[points\].
    pub change: Option<Estimate>,
}

/// How many simulations `explain` makes of a scenario: itself, and with each switch that there is.
#[must_use]
pub fn simulations(scenario: &Scenario) -> u32 {
    let switches = Switch::ALL.iter().filter(|s| s.off(scenario).is_some());
    1 + u32::try_from(switches.count()).unwrap_or(0)
}

/// Runs a scenario, sums up, and runs it again without one cause after the other.
///
/// # Errors
/// As [`crate::answers::run::run`]. What `stop` leaves of a switch is used if it is two replications or more.
pub fn explain(
    scenario: &Scenario,
    request: RunRequest,
    stop: &AtomicBool,
    progress: &(dyn Fn() + Sync),
) -> Result<RunAnswer, String> {
    explain_in_pieces(scenario, request, &Pieces::alone(), stop, progress)
}

/// The same, with what has been finished before. Where units are left to others, what comes of it is no answer
/// ([`Pieces::wanted`]).
///
/// # Errors
/// As [`explain`]; or if a piece cannot be read or written.
pub fn explain_in_pieces(
    scenario: &Scenario,
    request: RunRequest,
    pieces: &Pieces,
    stop: &AtomicBool,
    progress: &(dyn Fn() + Sync),
) -> Result<RunAnswer, String> {
    let (base, precision) = simulate(scenario, request, pieces, stop, progress)?;
    let again = |scenario: &Scenario| {
        let plan = Plan {
            // As many as the precision took, if one was asked for.
            replications: precision.map_or(request.replications, |_| base.replications()),
            first: 0,
            threads: request.threads,
        };
        let finished = Finished::of(pieces, scenario);
        replicate_from(
            &World::new(scenario),
            scenario.hubs.len(),
            plan,
            finished,
            stop,
            progress,
        )
    };
    let mut answer = sum_up(scenario, &base, request).with_precision(precision);
    for switch in Switch::ALL {
        let Some(other) = switch.off(scenario) else { continue };
        let option = again(&other)?;
        answer.events += option.events;
        answer.engine_cpu_s += option.engine_cpu_s;
        answer
            .switched_off
            .extend(effects(scenario, switch, &base, &option, request.confidence));
    }
    Ok(answer)
}

fn effects(scenario: &Scenario, switch: Switch, base: &Runs, option: &Runs, confidence: f64) -> Vec<SwitchedOff> {
    let n = base.rows.len().min(option.rows.len());
    if n < 2 {
        return Vec::new();
    }
    let replications = u32::try_from(n).unwrap_or(u32::MAX);
    let estimate = |interval| Estimate::of(interval, confidence, replications);
    (0..scenario.pathways.len())
        .filter(|&p| scenario.pathways[p].standard.is_some())
        .map(|p| {
            let (before, after) = (base.levels(p, n), option.levels(p, n));
            SwitchedOff {
                switch,
                pathway: PathwayId(p),
                service_level: share_interval(&after, confidence).map(estimate),
                change: paired_share_interval(&before, &after, confidence)
                    .map(|share| share.times(100.0))
                    .map(estimate),
            }
        })
        .collect()
}
