//! Hubs that share staff: neighbours and pools.

use std::ops::Range;

use super::{LONGEST_RUN_DAYS, Lower, MOST_HUBS};
use crate::model::{HubId, Neighbours, Pathway, Pool, RoleId, Scenario, roles_of_first_responses};
use crate::scenario::codes;
use crate::scenario::decode::{At, Field, List};
use crate::scenario::document::{Names, NeighbourTable};
use crate::units::Span;

/// The most entries of `neighbour`.
const MOST_ENTRIES: usize = 1_000;

impl Lower<'_, '_> {
    pub(super) fn lower_neighbours(&mut self, pathways: &[Pathway]) -> Vec<Neighbours> {
        let Some(list) = self.document.neighbour.get() else {
            return Vec::new();
        };
        self.check_count("entries of `neighbour`", list.items.len(), MOST_ENTRIES, &list.range);
        // Pairs that have been joined, with the roles they lend.
        let mut joined: Vec<(HubId, HubId, RoleId, Range<usize>)> = Vec::new();
        let mut neighbours = Vec::new();
        for table in list.iter().take(MOST_ENTRIES) {
            let hubs = self.hubs_together(&table.hubs);
            let roles = self.lent(table, pathways);
            self.travel_on_top(&table.extra_travel);
            if let Some(after) = table.after.get()
                && after.value > Span::from_days(LONGEST_RUN_DAYS)
            {
                self.out_of_range("after", &after.range, "at most 20 years");
            }
            let place = table.hubs.place().unwrap_or(&table.range).clone();
            self.joined_once(&hubs, &roles, &place, &mut joined);
            neighbours.push(Neighbours {
                hubs,
                roles,
                after: table.after.value().unwrap_or_default(),
                extra_travel: table.extra_travel.value().unwrap_or_default(),
            });
        }
        neighbours
    }

    /// Reports hubs that an earlier entry has joined for a role of this one, and joins the others.
    fn joined_once(
        &mut self,
        hubs: &[HubId],
        roles: &[RoleId],
        place: &Range<usize>,
        joined: &mut Vec<(HubId, HubId, RoleId, Range<usize>)>,
    ) {
        let pairs = hubs
            .iter()
            .enumerate()
            .flat_map(|(n, a)| hubs[n + 1..].iter().map(move |b| (*a.min(b), *a.max(b))));
        let mut told = false;
        let mut fresh = Vec::new();
        for (a, b) in pairs {
            for &role in roles {
                let before = joined.iter().find(|(c, d, r, _)| (a, b, role) == (*c, *d, *r));
                if let Some((.., first)) = before {
                    if !std::mem::replace(&mut told, true) {
                        let names = [a, b].map(|hub| self.hubs.get(hub.0).cloned().unwrap_or_default());
                        let role = self.roles.get(role.0).cloned().unwrap_or_default();
                        self.problems
                            .error(
                                codes::TWICE,
                                place,
                                format!(
                                    "\"{}\" and \"{}\" are neighbours twice for `{role}`",
                                    names[0], names[1]
                                ),
                                "the second time",
                            )
                            .beside(first, "the first time")
                            .help("name different `roles` in the two entries, or leave one of them out");
                    }
                } else {
                    fresh.push((a, b, role, place.clone()));
                }
            }
        }
        joined.extend(fresh);
    }

    /// The roles that are lent: those named, or every role that a first response needs.
    fn lent(&mut self, table: &NeighbourTable, pathways: &[Pathway]) -> Vec<RoleId> {
        let urgent = roles_of_first_responses(pathways);
        let Some(names) = table.roles.get() else {
            return urgent;
        };
        if names.items.is_empty() {
            self.nothing("roles", &names.range);
        }
        let roles = self.role_ids(&table.roles, None);
        for at in names.iter() {
            let id = self.roles.iter().position(|name| *name == at.value);
            if id.is_some_and(|id| !urgent.contains(&RoleId(id))) {
                self.problems
                    .warning(
                        codes::UNUSED,
                        &at.range,
                        format!("`{}` is lent, but no first response needs it", at.value),
                        "never asked for",
                    )
                    .help("neighbours help with first responses only");
            }
        }
        roles
    }

    pub(super) fn lower_pools(&mut self) -> Vec<Pool> {
        let Some(list) = self.document.pool.get() else {
            return Vec::new();
        };
        self.check_count("pools", list.items.len(), MOST_HUBS, &list.range);
        // Where each hub is said to share its staff, with how.
        let mut places: Vec<(HubId, Range<usize>, bool)> = Vec::new();
        for table in self.document.neighbour.get().into_iter().flat_map(List::iter) {
            places.extend(self.named(&table.hubs).into_iter().map(|(hub, at)| (hub, at, false)));
        }
        let mut pools = Vec::new();
        for table in list.iter().take(MOST_HUBS) {
            let hubs = self.hubs_together(&table.hubs);
            self.travel_on_top(&table.extra_travel);
            let mut told = false;
            for (hub, here) in self.named(&table.hubs) {
                if let Some((_, first, in_pool)) = places.iter().find(|(h, ..)| *h == hub)
                    && !std::mem::replace(&mut told, true)
                {
                    let name = self.hubs.get(hub.0).cloned().unwrap_or_default();
                    let (message, help) = if *in_pool {
                        (
                            format!("\"{name}\" is in two pools"),
                            "a hub has its staff in one pool: make one of the two, or leave it out of one",
                        )
                    } else {
                        (
                            format!("\"{name}\" is in a pool and has neighbours"),
                            "the staff of a pool work for all its hubs at once; leave the hub out of one of the two",
                        )
                    };
                    self.problems
                        .error(codes::CLASH, &here, message, "here")
                        .beside(first, "and here")
                        .help(help);
                }
            }
            places.extend(self.named(&table.hubs).into_iter().map(|(hub, at)| (hub, at, true)));
            pools.push(Pool {
                hubs,
                extra_travel: table.extra_travel.value().unwrap_or_default(),
            });
        }
        pools
    }

    /// The hubs that a list names, each with its place; what is not known left out.
    fn named(&self, hubs: &Field<Names>) -> Vec<(HubId, Range<usize>)> {
        let Some(names) = hubs.get() else { return Vec::new() };
        if let [Field::Given(star)] = names.items.as_slice()
            && star.value == "*"
        {
            return (0..self.hubs.len()).map(|h| (HubId(h), star.range.clone())).collect();
        }
        let id = |at: &At<String>| self.hubs.iter().position(|name| *name == at.value);
        let found = names.iter().filter_map(|at| Some((HubId(id(at)?), at.range.clone())));
        found.collect()
    }

    /// Two hubs or more, by name or all of them, each once.
    fn hubs_together(&mut self, hubs: &Field<Names>) -> Vec<HubId> {
        let Some(names) = hubs.get() else { return Vec::new() };
        let all = |at: &At<String>| at.value == "*";
        let known = self.hubs.clone();
        if let Some(star) = names.iter().find(|at| all(at))
            && names.items.len() > 1
        {
            self.problems
                .error(codes::CLASH, &star.range, "`*` is every hub, and stands alone", "")
                .help("either `hubs = [\"*\"]`, or the hubs by name");
            return Vec::new();
        }
        let mut seen: Vec<&At<String>> = Vec::new();
        for at in names.iter().filter(|at| !all(at)) {
            if let Some(first) = seen.iter().find(|s| s.value == at.value) {
                let first = first.range.clone();
                self.problems
                    .error(
                        codes::TWICE,
                        &at.range,
                        format!("\"{}\" is named twice", at.value),
                        "the second time",
                    )
                    .beside(&first, "the first time")
                    .help("leave one of them out");
            } else if !known.contains(&at.value) {
                self.unknown_name("hub", &at.value, &at.range, &known);
            }
            seen.push(at);
        }
        let mut found: Vec<HubId> = Vec::new();
        for (hub, _) in self.named(hubs) {
            if !found.contains(&hub) {
                found.push(hub);
            }
        }
        let sound = names.items.iter().all(|item| item.get().is_some());
        if sound && names.items.len() < 2 && found.len() < 2 {
            self.problems
                .error(codes::NOTHING, &names.range, "sharing takes at least two hubs", "")
                .help("name two hubs of this file or more, or all: `hubs = [\"*\"]`");
        }
        found
    }

    /// Travel that comes on top is at most a day.
    fn travel_on_top(&mut self, field: &Field<At<Span>>) {
        if let Some(at) = field.get()
            && at.value > Span::DAY
        {
            self.out_of_range("extra-travel", &at.range, "at most 24 h, as in \"12 min\"");
        }
    }

    /// Reports staff of a pool that cannot be added up. Runs only when nothing else is wrong.
    pub(super) fn check_pools_add_up(&mut self, scenario: &Scenario) {
        let Some(hubs) = self.document.hub.get() else { return };
        let tables: Vec<_> = hubs.iter().collect();
        let place = |hub: HubId, role: &str| {
            let staff = tables.get(hub.0)?.staff.get()?;
            let (key, _) = staff.iter().find(|(key, _)| key.text == role)?;
            Some(key.range.clone())
        };
        for pool in &scenario.pools {
            for (number, role) in scenario.roles.iter().enumerate() {
                let of = |hub: HubId| &scenario.hubs[hub.0].staff[number];
                let mut sum = crate::model::Staffing::NONE;
                for &hub in &pool.hubs {
                    if let Some(more) = sum.with(of(hub)) {
                        sum = more;
                        continue;
                    }
                    let first = pool.hubs.iter().find(|&&other| !of(other).is_none());
                    let (Some(here), Some(there)) = (place(hub, &role.name), first.and_then(|&h| place(h, &role.name)))
                    else {
                        break;
                    };
                    self.problems
                        .error(
                            codes::CLASH,
                            &here,
                            format!("staff of `{}` in one pool are given in two ways", role.name),
                            format!("at \"{}\" so", scenario.hubs[hub.0].name),
                        )
                        .beside(&there, "elsewhere in the pool otherwise")
                        .help(
                            "within a pool, give a role in WTE at every hub, or `on-shift` at every hub, or a `rota`",
                        );
                    break;
                }
            }
        }
    }
}
