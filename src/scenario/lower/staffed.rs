//! Whether there is anybody to do the work, hub by hub, and whether everything defined is used.

use std::collections::BTreeMap;
use std::ops::Range;

use super::Lower;
use crate::model::{Group, Hub, HubId, Neighbours, Outcome, PackageId, PathwayId, RoleId, Scenario};
use crate::scenario::codes;

/// Pathways and packages that referrals at a hub, or those who stand there at the start, may come to.
fn reached(scenario: &Scenario, groups: &[Group], id: HubId, hub: &Hub) -> (Vec<bool>, Vec<bool>) {
    let mut pathways = vec![false; scenario.pathways.len()];
    let mut packages = vec![false; scenario.packages.len()];
    let served = groups.iter().filter(|group| group.by == id);
    let mut open: Vec<usize> = served
        .flat_map(|group| group.own_referrals().enumerate().filter(|(_, rate)| *rate > 0.0))
        .map(|(pathway, _)| pathway)
        .collect();
    open.extend(hub.at_start.waiting.iter().map(|(id, _)| id.0));
    for (package, _) in &hub.at_start.open {
        packages[package.0] = true;
    }
    while let Some(i) = open.pop() {
        if std::mem::replace(&mut pathways[i], true) {
            continue;
        }
        let pathway = &scenario.pathways[i];
        for package in pathway.package.iter().chain(also(pathway)) {
            packages[package.0] = true;
        }
        if pathway.package.is_none() {
            open.extend(
                pathway
                    .outcome
                    .iter()
                    .filter(|(_, s)| s.get() > 0.0)
                    .filter_map(|(o, _)| match o {
                        Outcome::Pathway(PathwayId(next)) => Some(*next),
                        _ => None,
                    }),
            );
        }
    }
    (pathways, packages)
}

/// Whether anybody of a role ever works for a hub: its own staff, its pool's, or for a first response its neighbours'.
fn is_staffed(scenario: &Scenario, hub: HubId, role: RoleId, first_response: bool) -> bool {
    let team = |hub: HubId| {
        scenario
            .pool_of(hub)
            .map_or_else(|| vec![hub], |pool| pool.hubs.clone())
    };
    let own = |hub: HubId| team(hub).iter().any(|h| !scenario.has_nobody(h.0, role));
    let lends = |n: &Neighbours| n.hubs.contains(&hub) && n.roles.contains(&role) && n.hubs.iter().any(|&h| own(h));
    own(hub) || (first_response && scenario.neighbours.iter().any(lends))
}

fn also(pathway: &crate::model::Pathway) -> impl Iterator<Item = &PackageId> {
    pathway.also.iter().filter(|(_, s)| s.get() > 0.0).map(|(id, _)| id)
}

/// One place where work names the roles that can do it.
struct Work {
    roles: Vec<RoleId>,
    range: Range<usize>,
    what: String,
    in_pathway: Option<usize>,
    in_package: Option<usize>,
}

impl Lower<'_, '_> {
    /// Runs only when nothing else is wrong, so that lists of document and scenario agree.
    pub(super) fn check_staffed(&mut self, scenario: &Scenario) {
        let works = self.works(scenario);
        let groups = scenario.groups();
        let hubs = scenario.hubs.iter().enumerate();
        let reached: Vec<_> = hubs
            .map(|(number, hub)| reached(scenario, &groups, HubId(number), hub))
            .collect();
        // The same roles at the same hubs are reported once, at the first place that needs them.
        let mut told: BTreeMap<(Vec<RoleId>, Vec<usize>), ()> = BTreeMap::new();
        for work in &works {
            let with_demand: Vec<usize> = (0..scenario.hubs.len())
                .filter(|&h| {
                    let (pathways, packages) = &reached[h];
                    work.in_pathway.is_none_or(|i| pathways[i]) && work.in_package.is_none_or(|i| packages[i])
                })
                .collect();
            let empty: Vec<usize> = with_demand
                .iter()
                .copied()
                .filter(|&h| {
                    !work
                        .roles
                        .iter()
                        .any(|&r| is_staffed(scenario, HubId(h), r, work.in_package.is_none()))
                })
                .collect();
            if empty.is_empty() || told.insert((work.roles.clone(), empty.clone()), ()).is_some() {
                continue;
            }
            let roles: Vec<String> = work
                .roles
                .iter()
                .map(|r| format!("`{}`", scenario.roles[r.0].name))
                .collect();
            let who = roles.join(" or ");
            if empty.len() == with_demand.len() {
                self.problems
                    .error(
                        codes::NO_STAFF,
                        &work.range,
                        format!("{} needs {who}, who is on shift at no hub", work.what),
                        "nobody can do this",
                    )
                    .help(format!(
                        "in the `staff` of each hub, give `{}` a number above 0, in WTE or `on-shift`",
                        scenario.roles[work.roles[0].0].name
                    ));
            } else {
                let mut names: Vec<String> = empty.iter().take(4).map(|&h| scenario.hubs[h].name.clone()).collect();
                if empty.len() > 4 {
                    names.push(format!("{} more", empty.len() - 4));
                }
                self.problems
                    .warning(
                        codes::NOBODY_AT_HUB,
                        &work.range,
                        format!(
                            "{} needs {who}, who is never on shift at {}",
                            work.what,
                            names.join("; ")
                        ),
                        "waits there for ever",
                    )
                    .help("give that hub staff of this role, or name another with `or`");
            }
        }
        self.check_used(scenario, &works, &reached);
    }

    /// Every place where work names roles, in the order of the file's tables.
    fn works(&self, scenario: &Scenario) -> Vec<Work> {
        let mut works = Vec::new();
        if let Some(entries) = self.document.pathway.get() {
            for (i, (table, pathway)) in entries.iter().map(|(_, t)| t).zip(&scenario.pathways).enumerate() {
                let responses = table.response.get().into_iter().flat_map(|l| l.iter());
                for (typed, response) in responses.zip(&pathway.responses).filter(|(_, r)| r.share.get() > 0.0) {
                    let places = typed.staff.get().into_iter().flat_map(|l| l.iter());
                    for (place, need) in places.zip(&response.needs) {
                        works.push(Work {
                            roles: std::iter::once(need.role).chain(need.or.iter().copied()).collect(),
                            range: place.role.get().map_or(0..0, |at| at.range.clone()),
                            what: format!("response \"{}\" of pathway `{}`", response.name, pathway.name),
                            in_pathway: Some(i),
                            in_package: None,
                        });
                    }
                }
            }
        }
        if let Some(entries) = self.document.package.get() {
            for (i, (table, package)) in entries.iter().map(|(_, t)| t).zip(&scenario.packages).enumerate() {
                let typed = table.visits.get().into_iter().flat_map(|l| l.iter());
                for (place, stream) in typed.zip(&package.streams).filter(|(_, s)| s.share.get() > 0.0) {
                    works.push(Work {
                        roles: std::iter::once(stream.role).chain(stream.or.iter().copied()).collect(),
                        range: place.role.get().map_or(0..0, |at| at.range.clone()),
                        what: format!("stream \"{}\" of package `{}`", stream.name, package.name),
                        in_pathway: None,
                        in_package: Some(i),
                    });
                }
            }
        }
        works
    }

    fn check_used(&mut self, scenario: &Scenario, works: &[Work], reached: &[(Vec<bool>, Vec<bool>)]) {
        let second = |r: RoleId| {
            let needs = scenario
                .pathways
                .iter()
                .flat_map(|p| &p.responses)
                .flat_map(|r| &r.needs);
            let streams = scenario.packages.iter().flat_map(|p| &p.streams);
            needs
                .map(|n| &n.or_second)
                .chain(streams.map(|s| &s.or_second))
                .any(|or| or.contains(&r))
        };
        let document = self.document;
        for (i, (key, _)) in document.role.get().into_iter().flat_map(|e| &e.list).enumerate() {
            if !works.iter().any(|w| w.roles.contains(&RoleId(i))) && !second(RoleId(i)) {
                self.problems.warning(
                    codes::UNUSED,
                    &key.range,
                    format!("role `{}` is never needed", key.text),
                    "no work names it",
                );
            }
        }
        for (i, (key, _)) in document.pathway.get().into_iter().flat_map(|e| &e.list).enumerate() {
            if !reached.iter().any(|(pathways, _)| pathways[i]) {
                let message = format!("nobody comes to pathway `{}`", key.text);
                self.problems.warning(
                    codes::UNUSED,
                    &key.range,
                    message,
                    "no referrals, and no outcome leads here",
                );
            }
        }
        for (i, (key, _)) in document.package.get().into_iter().flat_map(|e| &e.list).enumerate() {
            if !reached.iter().any(|(_, packages)| packages[i]) {
                self.problems.warning(
                    codes::UNUSED,
                    &key.range,
                    format!("package `{}` is never begun", key.text),
                    "no pathway leads here",
                );
            }
        }
    }
}
