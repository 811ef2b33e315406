//! Staff of one hub for people of another: lent to neighbours, or one team for several hubs.

use std::collections::BTreeSet;

use super::{HubId, Pathway, RoleId, Scenario, Staffing};
use crate::units::{Span, Wte};

/// Hubs that lend each other staff for first responses that have waited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Neighbours {
    /// Two hubs or more, distinct; every two of them are neighbours.
    pub hubs: Vec<HubId>,
    /// Whose people are lent.
    pub roles: Vec<RoleId>,
    /// How long a first response has waited for its people before neighbours are asked.
    pub after: Span,
    /// Travel of whoever is lent, besides what is drawn.
    pub extra_travel: Span,
}

/// Hubs whose staff are one team, with one queue and one gate. The first of them is their base, where the staff and all
/// that is counted of them stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pool {
    /// Two hubs or more, distinct and in no other pool; the first is the base.
    pub hubs: Vec<HubId>,
    /// Added to every leg of travel.
    pub extra_travel: Span,
}

impl Staffing {
    /// Both together: WTE added, or the pieces of the day side by side, or the rotas added. `None` for staff given in two
    /// ways, which cannot be added.
    #[must_use]
    pub fn with(&self, other: &Self) -> Option<Self> {
        // WTE of nobody are still people to be dealt: posts may come on top.
        let nobody = |staff: &Self| staff.is_none() && staff.is_pool();
        match (self, other) {
            (Self::Wte(a), Self::Wte(b)) => Wte::new(a.get() + b.get()).ok().map(Self::Wte),
            (Self::OnShift(a), Self::OnShift(b)) => Some(Self::OnShift(a.iter().chain(b).cloned().collect())),
            (Self::Rota(a), Self::Rota(b)) => Some(Self::Rota(a.iter().zip(b).map(|(a, b)| a + b).collect())),
            _ if nobody(other) => Some(self.clone()),
            _ if nobody(self) => Some(other.clone()),
            _ => None,
        }
    }
}

/// The roles that first responses need, as first choice or another, in the order of the roles.
#[must_use]
pub fn roles_of_first_responses(pathways: &[Pathway]) -> Vec<RoleId> {
    let needs = pathways.iter().flat_map(|p| &p.responses).flat_map(|r| &r.needs);
    let all = needs.flat_map(|need| {
        [need.role]
            .into_iter()
            .chain(need.or.clone())
            .chain(need.or_second.clone())
    });
    let roles: BTreeSet<RoleId> = all.collect();
    roles.into_iter().collect()
}

impl Scenario {
    /// The pool that a hub belongs to.
    #[must_use]
    pub fn pool_of(&self, hub: HubId) -> Option<&Pool> {
        self.pools.iter().find(|pool| pool.hubs.contains(&hub))
    }

    /// The hub at which the staff who work for a hub are based: itself, unless it belongs to a pool.
    #[must_use]
    pub fn base_of(&self, hub: HubId) -> HubId {
        self.pool_of(hub)
            .and_then(|pool| pool.hubs.first().copied())
            .unwrap_or(hub)
    }

    /// What is added to every leg of travel for a hub's people.
    #[must_use]
    pub fn extra_travel(&self, hub: HubId) -> Span {
        self.pool_of(hub).map_or(Span::ZERO, |pool| pool.extra_travel)
    }

    /// The staff of a role who are based at a hub, those of all its pool together; nobody at a pool's other hubs.
    #[must_use]
    pub fn staff_based_at(&self, hub: HubId, role: RoleId) -> Staffing {
        let of = |hub: HubId| &self.hubs[hub.0].staff[role.0];
        match self.pool_of(hub) {
            None => of(hub).clone(),
            Some(_) if self.base_of(hub) != hub => Staffing::NONE,
            Some(pool) => pool.hubs.iter().fold(Staffing::NONE, |sum, &hub| {
                // The reader refuses staff that cannot be added.
                sum.with(of(hub)).unwrap_or(sum)
            }),
        }
    }

    /// The same with hubs shared so, on every day of it.
    #[must_use]
    pub fn shared_by(&self, neighbours: &[Neighbours], pools: &[Pool]) -> Self {
        let mut shared = self.clone();
        let days = shared.later.iter_mut().map(|later| &mut later.scenario);
        for day in days {
            (day.neighbours, day.pools) = (neighbours.to_vec(), pools.to_vec());
        }
        (shared.neighbours, shared.pools) = (neighbours.to_vec(), pools.to_vec());
        shared
    }

    /// Groups of hubs that share staff, directly or through others, in the order of their first hubs. Hubs that share no
    /// staff cannot touch each other.
    #[must_use]
    pub fn islands(&self) -> Vec<Vec<HubId>> {
        let mut island: Vec<usize> = (0..self.hubs.len()).collect();
        let joined = self.neighbours.iter().map(|n| &n.hubs);
        for hubs in joined.chain(self.pools.iter().map(|p| &p.hubs)) {
            let together: Vec<usize> = hubs.iter().map(|h| island[h.0]).collect();
            let first = together.iter().copied().min().unwrap_or(0);
            for place in &mut island {
                if together.contains(place) {
                    *place = first;
                }
            }
        }
        (0..self.hubs.len())
            .filter(|&first| island[first] == first)
            .map(|first| {
                (0..self.hubs.len())
                    .filter(|&h| island[h] == first)
                    .map(HubId)
                    .collect()
            })
            .collect()
    }
}
