//! Who can be given posts, and the scenario with posts given.

use serde::Serialize;

use super::CannotAllocate;
use crate::model::{HubId, Need, PathwayId, PoolPiece, RoleId, Scenario, Staffing, Weekday, expected_capacity};
use crate::units::Wte;

/// How the staff of a role are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Counted {
    /// Posts, dealt over the role's shifts.
    Wte,
    /// People on shift, at every time at which anybody of the role is.
    OnShift,
}

/// A team that can be given posts: a hub's own, or that of a pool.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// The hub; of a pool, its base.
    pub hub: HubId,
    /// Whom the team serves.
    pub serves: Vec<HubId>,
    /// Staff of the role now: WTE, or mean people on shift.
    pub now: f64,
    /// The hub whose numbers are added to.
    pub(super) at: HubId,
}

/// The teams that can be given posts of a role, in the order of the file, and how its staff are counted.
///
/// # Errors
/// [`CannotAllocate`] if its staff cannot be added to, or there is but one team.
pub fn places(scenario: &Scenario, role: RoleId) -> Result<(Counted, Vec<Place>), CannotAllocate> {
    let name = || scenario.roles[role.0].name.clone();
    let of = |hub: usize| &scenario.hubs[hub].staff[role.0];
    let hubs = || 0..scenario.hubs.len();
    let pools = hubs().any(|hub| of(hub).is_pool() && !of(hub).is_none());
    if pools && hubs().any(|hub| !of(hub).is_pool()) {
        return Err(CannotAllocate::TwoWays(name()));
    }
    let counted = if pools { Counted::OnShift } else { Counted::Wte };
    if !pools && scenario.roles[role.0].shifts.is_empty() {
        return Err(CannotAllocate::Nowhere(name()));
    }
    let bases = hubs().map(HubId).filter(|&hub| scenario.base_of(hub) == hub);
    let place = |hub: HubId| {
        let serves: Vec<HubId> = hubs().map(HubId).filter(|&h| scenario.base_of(h) == hub).collect();
        let mut with_staff = serves.iter().copied().filter(|h| !of(h.0).is_none());
        let at = match counted {
            Counted::Wte => hub,
            // Without a time of day at which anybody is there, it is not known when one more would be.
            Counted::OnShift => with_staff.next()?,
        };
        let now = match scenario.staff_based_at(hub, role) {
            Staffing::Wte(wte) => wte.get(),
            staff => Weekday::ALL
                .into_iter()
                .map(|day| expected_capacity(&scenario.roles[role.0], &staff, day).days() / 7.0)
                .sum(),
        };
        Some(Place { hub, serves, now, at })
    };
    let places: Vec<Place> = bases.filter_map(place).collect();
    if places.len() < 2 {
        return Err(CannotAllocate::OneTeam(name()));
    }
    Ok((counted, places))
}

/// The same with so many more of a role at some hubs, on every day of it.
pub(super) fn with_more(scenario: &Scenario, role: RoleId, more: &[(HubId, u32)]) -> Scenario {
    let mut with = scenario.clone();
    let give = |scenario: &mut Scenario| {
        for &(hub, number) in more.iter().filter(|(_, number)| *number > 0) {
            let staff = &mut scenario.hubs[hub.0].staff[role.0];
            *staff = and(staff, number);
        }
    };
    give(&mut with);
    with.later.iter_mut().for_each(|later| give(&mut later.scenario));
    with
}

/// So many more: WTE where nobody is or WTE are; people at every time at which there are some.
fn and(staff: &Staffing, more: u32) -> Staffing {
    match staff {
        Staffing::Wte(wte) => Staffing::Wte(Wte::new(wte.get() + f64::from(more)).unwrap_or(*wte)),
        none if none.is_none() => Staffing::Wte(Wte::new(f64::from(more)).unwrap_or_default()),
        Staffing::OnShift(pieces) => Staffing::OnShift(
            pieces
                .iter()
                .map(|piece| PoolPiece {
                    count: and_number(piece.count, more),
                    ..piece.clone()
                })
                .collect(),
        ),
        Staffing::Rota(hours) => Staffing::Rota(hours.iter().map(|&n| and_number(n, more)).collect()),
    }
}

const fn and_number(now: u32, more: u32) -> u32 {
    if now == 0 { 0 } else { now.saturating_add(more) }
}

/// The pathways with a standard whose first responses or package a role serves: as first choice, or where there is none
/// such, as another choice.
#[must_use]
pub fn pathways_served(scenario: &Scenario, role: RoleId) -> Vec<PathwayId> {
    let serves = |id: PathwayId, first: bool| {
        let pathway = &scenario.pathways[id.0];
        let streams = pathway.package.iter().flat_map(|p| &scenario.packages[p.0].streams);
        let is = |own: RoleId, others: [&Vec<RoleId>; 2]| {
            if first {
                own == role
            } else {
                others.iter().any(|roles| roles.contains(&role))
            }
        };
        let needs = pathway.responses.iter().flat_map(|response| &response.needs);
        needs.into_iter().any(|n: &Need| is(n.role, [&n.or, &n.or_second]))
            || streams.into_iter().any(|s| is(s.role, [&s.or, &s.or_second]))
    };
    let with_standard = || {
        (0..scenario.pathways.len())
            .map(PathwayId)
            .filter(|id| scenario.pathways[id.0].standard.is_some())
    };
    let first: Vec<PathwayId> = with_standard().filter(|&id| serves(id, true)).collect();
    if first.is_empty() {
        with_standard().filter(|&id| serves(id, false)).collect()
    } else {
        first
    }
}

/// Whether anything in the scenario asks for a role.
pub(super) fn needed(scenario: &Scenario, role: RoleId) -> bool {
    let needs = scenario
        .pathways
        .iter()
        .flat_map(|p| &p.responses)
        .flat_map(|r| &r.needs);
    let streams = scenario.packages.iter().flat_map(|p| &p.streams);
    needs
        .into_iter()
        .any(|n| n.role == role || n.or.contains(&role) || n.or_second.contains(&role))
        || streams
            .into_iter()
            .any(|s| s.role == role || s.or.contains(&role) || s.or_second.contains(&role))
}

/// Whole numbers in proportion to weights, by the largest remainders; what is left over goes first to the larger `next`, then
/// in order.
pub(super) fn in_proportion(units: u32, weights: &[f64], next: &[f64]) -> Vec<u32> {
    let sum: f64 = weights.iter().sum();
    let quota = |weight: &f64| {
        if sum > 0.0 {
            f64::from(units) * weight / sum
        } else {
            f64::from(units) / weights.len() as f64
        }
    };
    // What is whole but for the rounding of the division is whole.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "at most the units"
    )]
    let mut numbers: Vec<u32> = weights.iter().map(|w| (quota(w) + 1e-9).floor() as u32).collect();
    let mut order: Vec<usize> = (0..weights.len()).collect();
    let rest: Vec<f64> = weights
        .iter()
        .zip(&numbers)
        .map(|(w, n)| quota(w) - f64::from(*n))
        .collect();
    order.sort_by(|&a, &b| {
        let close = (rest[a] - rest[b]).abs() < 1e-9;
        let by_rest = if close {
            std::cmp::Ordering::Equal
        } else {
            rest[b].total_cmp(&rest[a])
        };
        by_rest.then(next[b].total_cmp(&next[a])).then(a.cmp(&b))
    });
    let left = units.saturating_sub(numbers.iter().sum());
    for place in order.into_iter().take(left as usize) {
        numbers[place] += 1;
    }
    numbers
}

#[cfg(test)]
mod tests {
    use super::{and, in_proportion};
    use crate::model::{PoolPiece, Staffing};
    use crate::units::{Span, Wte};

    #[test]
    fn whole_numbers_go_by_the_largest_remainders() {
        let alike = [1.0; 6];
        assert_eq!(in_proportion(24, &alike, &alike), [4; 6]);
        // Two left over, to the two largest.
        assert_eq!(
            in_proportion(8, &alike, &[1.0, 9.0, 2.0, 3.0, 8.0, 4.0]),
            [1, 2, 1, 1, 2, 1]
        );
        // Quotas 2.25, 1.125, 0.625: the remainder of the last is the largest.
        assert_eq!(in_proportion(4, &[18.0, 9.0, 5.0], &[0.0; 3]), [2, 1, 1]);
        assert_eq!(in_proportion(3, &[0.0, 0.0], &[1.0, 2.0]), [1, 2]);
        assert_eq!(in_proportion(7, &[0.1, 0.2, 0.4], &[0.0; 3]), [1, 2, 4]);
    }

    #[test]
    fn people_are_added_whenever_there_are_some() {
        let piece = |from, count| PoolPiece {
            name: None,
            from: Span::from_hours(from),
            to: Span::from_hours(from + 8),
            count,
        };
        let pool = Staffing::OnShift(vec![piece(0, 0), piece(8, 2), piece(16, 1)]);
        assert_eq!(
            and(&pool, 3),
            Staffing::OnShift(vec![piece(0, 0), piece(8, 5), piece(16, 4)])
        );
        let rota = |n: u32| Staffing::Rota((0..168).map(|h| if h < 10 { 0 } else { n }).collect());
        assert_eq!(and(&rota(1), 2), rota(3));
        let wte = |n| Staffing::Wte(Wte::new(n).unwrap());
        assert_eq!((and(&wte(2.5), 2), and(&Staffing::NONE, 4)), (wte(4.5), wte(4.0)));
    }
}
