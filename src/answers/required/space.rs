//! What may be chosen: dials, their levels, what they cost, and which staffing is better for what.
//!
//! **Components.** Islands of hubs that share no staff cannot touch each other, so each is solved by itself, unless the standards
//! are asked over all hubs: then all are solved together. Where a dial sets several of them alike, they are searched each by itself
//! and [agree](super::linked) on it.
//!
//! **Order with signs.** More staff of a role do not help everybody: more crisis workers see more people, who ask for more
//! packages. So for each level wanted (a [`Check`]) and each dial there is a [`Sign`], and one staffing is *at most as good*
//! as another for that check if every dial is at most as far in the direction of its sign. What fails then fails for all that
//! is at most as good, and what holds holds for all that is at least as good. Where the sign is not known, dials must be equal.
//! Most signs follow from who does what; where a role could also take work off those who serve, only simulation can tell
//! ([`super::audit`]).

use serde::Serialize;

pub(super) use crate::model::StaffPlace;
use crate::model::{
    Dial, HubId, Joint, PathwayId, Question, Role, RoleId, Scenario, Smallest, StaffCost, Staffing, Weekday, Where,
    time_of_wte,
};
use crate::units::{Span, Wte};

/// Weeks of a year.
const WEEKS: f64 = 365.25 / 7.0;

/// A staffing of a component: the level of each of its dials.
pub(super) type Levels = Vec<u16>;

/// A service level that must be reached.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Check {
    /// The hub, or all together.
    pub hub: Option<HubId>,
    /// The pathway.
    pub pathway: PathwayId,
    /// The level wanted.
    pub wanted: f64,
}

/// What more of a dial does to a check, in the mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Sign {
    /// Does not lower it: the role serves the pathway.
    Raises,
    /// Does not raise it: the role serves others, and whoever is seen sooner may need this pathway sooner.
    Lowers,
    /// Nothing is taken for granted.
    Unknown,
}

/// Islands that are solved together.
#[derive(Clone, Debug)]
pub(super) struct Component {
    /// Places in the list of islands.
    pub(super) islands: Vec<usize>,
    /// Places in the question's dials.
    pub(super) dials: Vec<usize>,
    pub(super) checks: Vec<Check>,
    /// By check, by dial of the component.
    pub(super) signs: Vec<Vec<Sign>>,
    /// Signs that only simulation can tell: (check, dial).
    pub(super) doubtful: Vec<(usize, usize)>,
    /// Places among its dials of those that other components have as well.
    pub(super) shared: Vec<usize>,
    /// What one level costs at the component's own hubs, by dial of it.
    pub(super) costs: Vec<f64>,
    /// Number of levels, by dial of the component.
    pub(super) levels: Vec<u16>,
}

impl Component {
    /// What a staffing costs beyond the lowest.
    pub(super) fn cost(&self, cell: &[u16]) -> f64 {
        let each = cell
            .iter()
            .zip(&self.costs)
            .map(|(level, cost)| f64::from(*level) * cost);
        rounded(each.sum())
    }

    /// The dials that other components have as well.
    pub(super) fn shared_dials(&self) -> impl Iterator<Item = usize> + '_ {
        self.shared.iter().map(|place| self.dials[*place])
    }

    /// How many values these have together.
    pub(super) fn values(&self) -> usize {
        self.shared
            .iter()
            .map(|place| usize::from(self.levels[*place]))
            .product()
    }

    /// Which of them a staffing has.
    pub(super) fn value(&self, cell: &[u16]) -> usize {
        self.shared.iter().fold(0, |n, place| {
            n * usize::from(self.levels[*place]) + usize::from(cell[*place])
        })
    }

    /// Whether a staffing is at most as good as another for a check.
    pub(super) fn at_most(&self, check: usize, one: &[u16], other: &[u16]) -> bool {
        self.signs[check]
            .iter()
            .zip(one.iter().zip(other))
            .all(|(sign, (a, b))| match sign {
                Sign::Raises => a <= b,
                Sign::Lowers => a >= b,
                Sign::Unknown => a == b,
            })
    }

    /// How many staffings there are; `None` beyond what can be listed.
    pub(super) fn count(&self) -> Option<usize> {
        self.levels
            .iter()
            .try_fold(1usize, |n, levels| n.checked_mul(usize::from(*levels)))
            .filter(|n| *n <= MOST_LISTED)
    }

    /// All of them, the cheapest first, then in the order of their levels.
    pub(super) fn all(&self) -> Vec<(f64, Levels)> {
        let mut cells = vec![Vec::new()];
        for levels in &self.levels {
            cells = cells
                .into_iter()
                .flat_map(|cell: Levels| {
                    (0..*levels).map(move |level| {
                        let mut longer = cell.clone();
                        longer.push(level);
                        longer
                    })
                })
                .collect();
        }
        let mut all: Vec<(f64, Levels)> = cells.into_iter().map(|cell| (self.cost(&cell), cell)).collect();
        all.sort_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.1.cmp(&b.1)));
        all
    }
}

/// To a millionth, so that equal costs are equal however they add up, in pounds too.
pub(super) fn rounded(cost: f64) -> f64 {
    // Minus nothing is nothing.
    if cost.is_finite() {
        (cost * 1e6).round() / 1e6 + 0.0
    } else {
        cost
    }
}

/// The most staffings that belong together and are looked through; beyond, the question is refused.
pub const MOST_LISTED: usize = 60_000;

/// The components of a question, in the order of their first islands; those without demand for any standard are left out.
pub(super) fn components(scenario: &Scenario, question: &Question, islands: &[Vec<HubId>]) -> Vec<Component> {
    let island_of = |hub: HubId| islands.iter().position(|i| i.contains(&hub)).unwrap_or(0);
    // Islands that are solved together have the same number.
    let mut together: Vec<usize> = (0..islands.len()).collect();
    let mut join = |members: &[usize]| {
        let numbers: Vec<usize> = members.iter().map(|i| together[*i]).collect();
        let first = numbers.iter().copied().min().unwrap_or(0);
        for number in &mut together {
            if numbers.contains(number) {
                *number = first;
            }
        }
    };
    if question.at == Where::Overall {
        join(&(0..islands.len()).collect::<Vec<_>>());
    }
    let mut components: Vec<Component> = Vec::new();
    for first in 0..islands.len() {
        let members: Vec<usize> = (0..islands.len()).filter(|i| together[*i] == first).collect();
        if members.is_empty() {
            continue;
        }
        let dials: Vec<usize> = (0..question.free.len())
            .filter(|d| {
                let places = &question.free[*d].places;
                places.iter().any(|p| members.contains(&island_of(p.hub)))
            })
            .collect();
        let hubs = || members.iter().flat_map(|i| &islands[*i]).copied();
        let mut checks = Vec::new();
        for &(pathway, wanted) in &question.standards {
            let wanted = wanted.get();
            let check = |hub| Check { hub, pathway, wanted };
            match question.at {
                // As at a hub: a standard that nobody comes to is neither met nor missed.
                Where::Overall => {
                    if hubs().any(|h| reaches(scenario, h, pathway)) {
                        checks.push(check(None));
                    }
                }
                Where::EveryHub => checks.extend(
                    hubs()
                        .filter(|h| reaches(scenario, *h, pathway))
                        .map(|h| check(Some(h))),
                ),
            }
        }
        if checks.is_empty() {
            continue;
        }
        let (mut signs, mut doubtful) = (Vec::new(), Vec::new());
        for (k, check) in checks.iter().enumerate() {
            let own = dials.iter().map(|d| sign(scenario, check, &question.free[*d]));
            let own: Vec<Option<Sign>> = own.collect();
            doubtful.extend((0..own.len()).filter(|j| own[*j].is_none()).map(|j| (k, j)));
            signs.push(own.into_iter().map(|sign| sign.unwrap_or(Sign::Unknown)).collect());
        }
        components.push(Component {
            islands: members,
            checks,
            signs,
            doubtful,
            shared: Vec::new(),
            costs: Vec::new(),
            levels: dials.iter().map(|d| question.free[*d].levels).collect(),
            dials,
        });
    }
    for (d, dial) in question.free.iter().enumerate() {
        let with: Vec<usize> = (0..components.len())
            .filter(|n| components[*n].dials.contains(&d))
            .collect();
        // Places where nobody comes to a standard cost as well: they count at the first.
        let own = |n: usize, place: &StaffPlace| {
            let at = |m: usize| components[m].islands.contains(&island_of(place.hub));
            at(n) || with.first() == Some(&n) && !with.iter().any(|m| at(*m))
        };
        let costs: Vec<f64> = with
            .iter()
            .map(|n| {
                let places = dial.places.iter().filter(|place| own(*n, place));
                cost_of_level(scenario, question, dial, places)
            })
            .collect();
        for (n, cost) in with.iter().zip(costs) {
            let component = &mut components[*n];
            component.costs.push(cost);
            if with.len() > 1 {
                component
                    .shared
                    .extend(component.dials.iter().position(|own| *own == d));
            }
        }
    }
    components
}

/// Whether anybody ever comes to a pathway at a hub, on whatever day.
fn reaches(scenario: &Scenario, hub: HubId, pathway: PathwayId) -> bool {
    let days = scenario.later.iter().map(|later| &later.scenario);
    let mut all = std::iter::once(scenario).chain(days);
    all.any(|scenario| reaches_on_a_day(scenario, hub, pathway))
}

fn reaches_on_a_day(scenario: &Scenario, hub: HubId, pathway: PathwayId) -> bool {
    let mut found = vec![false; scenario.pathways.len()];
    for group in scenario.groups().iter().filter(|g| g.by == hub) {
        for (n, rate) in group.own_referrals().enumerate() {
            found[n] |= rate > 0.0;
        }
    }
    // Whatever an outcome leads to; as often as there are pathways reaches all.
    for _ in 0..found.len() {
        for (n, p) in scenario.pathways.iter().enumerate() {
            if found[n] && !p.responses.is_empty() {
                for (outcome, share) in &p.outcome {
                    if let crate::model::Outcome::Pathway(to) = outcome {
                        found[to.0] |= share.get() > 0.0;
                    }
                }
            }
        }
    }
    found.get(pathway.0).copied().unwrap_or(false)
}

/// Roles that do the work by which a pathway's standard is met, as first choice or another.
fn serving(scenario: &Scenario, pathway: PathwayId) -> Vec<RoleId> {
    let Some(pathway) = scenario.pathways.get(pathway.0) else {
        return Vec::new();
    };
    let mut roles = crate::model::roles_of_first_responses(std::slice::from_ref(pathway));
    let package = pathway.package.and_then(|id| scenario.packages.get(id.0));
    for stream in package.into_iter().flat_map(|p| &p.streams) {
        roles.push(stream.role);
        roles.extend(stream.or.iter().chain(&stream.or_second));
    }
    roles
}

/// The roles that lead to a pathway's standard in the first place: of its first responses, or of its package.
fn leading(scenario: &Scenario, pathway: PathwayId) -> Vec<RoleId> {
    let Some(pathway) = scenario.pathways.get(pathway.0) else {
        return Vec::new();
    };
    let responses = pathway.responses.iter();
    let mut roles: Vec<RoleId> = responses.filter_map(|r| Some(r.needs.get(r.lead)?.role)).collect();
    if let Some(package) = pathway.package.and_then(|id| scenario.packages.get(id.0)) {
        let has = |role: &&RoleId| package.streams.iter().any(|s| s.role == **role);
        match package.starts_with.iter().find(has) {
            Some(first) => roles.push(*first),
            None => roles.extend(package.streams.iter().map(|s| s.role)),
        }
    }
    roles
}

/// Roles of the first responses of pathways from which people come to this one.
fn feeding(scenario: &Scenario, pathway: PathwayId) -> Vec<RoleId> {
    let mut to = vec![pathway];
    let leads = |from: &crate::model::Pathway, to: &[PathwayId]| {
        let ends = from.outcome.iter().filter(|(_, share)| share.get() > 0.0);
        ends.into_iter()
            .any(|(end, _)| matches!(end, crate::model::Outcome::Pathway(id) if to.contains(id)))
    };
    for _ in 0..scenario.pathways.len() {
        let all = (0..).map(PathwayId).zip(&scenario.pathways);
        let more: Vec<PathwayId> = all
            .filter(|(id, p)| !to.contains(id) && leads(p, &to))
            .map(|(id, _)| id)
            .collect();
        to.extend(more);
    }
    let from = to.iter().skip(1).filter_map(|id| scenario.pathways.get(id.0));
    from.flat_map(|p| crate::model::roles_of_first_responses(std::slice::from_ref(p)))
        .collect()
}

/// What more of a dial does to a level, as far as it follows from who does what. `None` where only simulation can tell: where the
/// role is none of those who serve the pathway, but could take work off them, so that it may help as well as bring them more to
/// do; or where it serves, but does not lead, and brings more to do as well.
fn sign(scenario: &Scenario, check: &Check, dial: &Dial) -> Option<Sign> {
    let of = |roles: &[RoleId]| {
        let each = dial.places.iter().map(|p| roles.contains(&p.role));
        (each.clone().all(|has| has), { each }.any(|has| has))
    };
    let serves = serving(scenario, check.pathway);
    match of(&serves) {
        (true, _) if of(&leading(scenario, check.pathway)).0 => Some(Sign::Raises),
        (true, _) => (!of(&feeding(scenario, check.pathway)).1).then_some(Sign::Raises),
        (false, true) => Some(Sign::Unknown),
        (false, false) => (!of(&relieving(scenario, serves)).1).then_some(Sign::Lowers),
    }
}

/// Some roles, and all that do work which any of them could do, or could do work of those, and so on. Roles of a joint response
/// wait for each other, and count as one.
fn relieving(scenario: &Scenario, mut roles: Vec<RoleId>) -> Vec<RoleId> {
    let responses = scenario.pathways.iter().flat_map(|p| &p.responses);
    let first = responses.flat_map(|r| &r.needs).map(|n| (n.role, &n.or, &n.or_second));
    let streams = scenario.packages.iter().flat_map(|p| &p.streams);
    let visits = streams.map(|s| (s.role, &s.or, &s.or_second));
    let mut work: Vec<Vec<RoleId>> = first
        .chain(visits)
        .map(|(role, or, second)| [&[role], &or[..], &second[..]].concat())
        .collect();
    let joint = scenario.pathways.iter().filter(|p| p.joint != Joint::Separate);
    let together = joint.flat_map(|p| &p.responses);
    work.extend(together.map(|r| r.needs.iter().map(|n| n.role).collect::<Vec<_>>()));
    loop {
        let before = roles.len();
        for able in &work {
            if able.iter().any(|r| roles.contains(r)) {
                roles.extend(able);
            }
        }
        roles.sort_unstable();
        roles.dedup();
        if roles.len() == before {
            return roles;
        }
    }
}

/// What one level of a dial costs at some of its places, in what is to be small.
pub(super) fn cost_of_level<'p>(
    scenario: &Scenario,
    question: &Question,
    dial: &Dial,
    places: impl Iterator<Item = &'p StaffPlace>,
) -> f64 {
    let one = |place: &StaffPlace| {
        dial.cost
            .unwrap_or_else(|| cost_of_one(scenario, question.smallest, place))
    };
    places.map(one).sum::<f64>() * dial.step
}

/// What one more costs at a place: its WTE, or what that costs in a year.
pub(super) fn cost_of_one(scenario: &Scenario, smallest: Smallest, place: &StaffPlace) -> f64 {
    let Some(role) = scenario.roles.get(place.role.0) else {
        return 0.0;
    };
    let wte = wte_of_one(scenario, role, place);
    match (smallest, role.cost) {
        (Smallest::Wte, _) => wte,
        (Smallest::YearlyCost, Some(StaffCost::Year(price))) => wte * price.value.get(),
        (Smallest::YearlyCost, Some(StaffCost::Hour(price))) => wte * worked_hours(role) * WEEKS * price.value.get(),
        (Smallest::YearlyCost, None) => 0.0,
    }
}

/// Hours a week that one WTE works, net of headroom.
fn worked_hours(role: &Role) -> f64 {
    role.hours_per_week * (1.0 - role.headroom.planned.get()) * (1.0 - role.headroom.absence.get())
}

/// Posts that one more takes: 1, or as many as keep one more on shift every day of the year.
fn wte_of_one(scenario: &Scenario, role: &Role, place: &StaffPlace) -> f64 {
    let Some(piece) = place.piece else { return 1.0 };
    let staffing = scenario.hubs.get(place.hub.0).and_then(|h| h.staff.get(place.role.0));
    let Some(Staffing::OnShift(pieces)) = staffing else {
        return 1.0;
    };
    let Some(piece) = pieces.get(piece) else { return 1.0 };
    let length = if piece.to > piece.from {
        piece.to - piece.from
    } else {
        piece.to + Span::DAY - piece.from
    };
    7.0 * length.hours() / worked_hours(role).max(1e-9)
}

/// The roles whose price is needed and not there.
pub(super) fn without_price(scenario: &Scenario, question: &Question) -> Option<RoleId> {
    let unpriced = |d: &&Dial| d.cost.is_none();
    let places = question.free.iter().filter(unpriced).flat_map(|d| &d.places);
    let mut roles = places.map(|p| p.role);
    (question.smallest == Smallest::YearlyCost)
        .then(|| roles.find(|r| scenario.roles.get(r.0).is_some_and(|r| r.cost.is_none())))
        .flatten()
}

/// People that one level of a dial puts on shift, on average over the hours that it covers, net of headroom.
pub(super) fn people_of_level(scenario: &Scenario, dial: &Dial) -> f64 {
    let Some(place) = dial.places.first() else { return 0.0 };
    if place.piece.is_some() {
        return dial.step;
    }
    let (Some(role), Ok(one)) = (scenario.roles.get(place.role.0), Wte::new(1.0)) else {
        return 0.0;
    };
    let week: f64 = Weekday::ALL.iter().map(|day| time_of_wte(role, one, *day)).sum();
    dial.step * week / (7.0 * Span::DAY.ms() as f64)
}

/// The same scenario with other staff: numbers at places.
pub(super) fn staffed(scenario: &Scenario, numbers: &[(StaffPlace, f64)]) -> Scenario {
    let mut staffed = scenario.clone();
    let days = staffed.later.iter_mut().map(|later| &mut later.scenario);
    for day in days {
        set(day, numbers);
    }
    set(&mut staffed, numbers);
    staffed
}

fn set(scenario: &mut Scenario, numbers: &[(StaffPlace, f64)]) {
    for (place, number) in numbers {
        let Some(hub) = scenario.hubs.get_mut(place.hub.0) else {
            continue;
        };
        let Some(staffing) = hub.staff.get_mut(place.role.0) else {
            continue;
        };
        match (place.piece, staffing) {
            (None, staffing) => {
                if let Ok(wte) = Wte::new(*number) {
                    *staffing = Staffing::Wte(wte);
                }
            }
            (Some(n), Staffing::OnShift(pieces)) => {
                if let Some(piece) = pieces.get_mut(n) {
                    #[expect(
                        clippy::cast_possible_truncation,
                        clippy::cast_sign_loss,
                        reason = "whole, at most 10,000"
                    )]
                    let count = number.round().max(0.0) as u32;
                    piece.count = count;
                }
            }
            (Some(_), _) => {}
        }
    }
}

/// The number at a place as the file has it.
pub(super) fn present(scenario: &Scenario, place: &StaffPlace) -> f64 {
    let staffing = scenario.hubs.get(place.hub.0).and_then(|h| h.staff.get(place.role.0));
    match (staffing, place.piece) {
        (Some(Staffing::Wte(wte)), None) => wte.get(),
        (Some(Staffing::OnShift(pieces)), Some(n)) => pieces.get(n).map_or(0.0, |p| f64::from(p.count)),
        _ => 0.0,
    }
}
