//! Components that share a number: one that is the same at several hubs whose other numbers are free hub by hub.
//!
//! For a value v of the numbers shared, hubs have nothing to do with each other, and costs add up. So with `B_h(v)` the least that hub
//! h costs of what suffices there, the answer is the least sum of `B_h(v)` over all v. With `L_h(v)` the least that it costs of
//! what is not excluded, nothing is cheaper than the answer once the sum of `L_h(v)` is no less for any v. A staffing of hub h
//! with v can only be part of a cheaper one if it costs less than the answer less the sum of the others' `L_k(v)`: that is
//! the **limit** up to which hub h is searched, and it comes down as the others learn more.
//!
//! A certificate need not exclude all that the search has excluded. Where a hub excludes all that goes with v, the others need say
//! nothing of v; where the `L_h(v)` add up to more than the answer, some need not be so high. What is left is the **target** of each hub.
//!
//! A component that shares nothing is alone, and has one value: its limit and target are what its own best staffing costs.

use super::search::Search;
use super::space::{Component, Levels, MOST_LISTED};

/// What has been agreed, as one component needs it.
#[derive(Clone, Debug)]
pub(super) struct Agreed {
    /// Its part of the best staffing.
    pub(super) best: Option<(f64, Levels)>,
    /// By value: what a staffing must cost less than to be part of a cheaper one.
    pub(super) limits: Vec<f64>,
    /// By value: below what cost a certificate has to exclude all staffings.
    pub(super) targets: Vec<f64>,
    /// Whether nothing that might be cheaper is left.
    pub(super) settled: bool,
}

impl Agreed {
    /// Nothing has been agreed yet: all may be cheaper.
    pub(super) fn nothing(values: usize) -> Self {
        Self {
            best: None,
            limits: vec![f64::INFINITY; values],
            targets: vec![f64::INFINITY; values],
            settled: false,
        }
    }

    /// How many values the numbers shared have.
    pub(super) fn values(&self) -> usize {
        self.limits.len()
    }
}

/// Components that share numbers, directly or by others between them.
#[derive(Clone, Debug)]
pub(super) struct Group {
    /// Places in the list of components.
    pub(super) members: Vec<usize>,
    /// For each value of all numbers shared: which value that is for each member.
    pub(super) values: Vec<Vec<usize>>,
}

/// Puts components that share numbers together; `None` if these have more values than can be listed.
pub(super) fn groups(components: &[Component]) -> Option<Vec<Group>> {
    let mut group_of: Vec<usize> = (0..components.len()).collect();
    for (n, one) in components.iter().enumerate() {
        for m in 0..n {
            if one.shared_dials().any(|d| components[m].dials.contains(&d)) {
                let (from, to) = (group_of[n].max(group_of[m]), group_of[n].min(group_of[m]));
                group_of.iter_mut().filter(|g| **g == from).for_each(|g| *g = to);
            }
        }
    }
    let all = (0..components.len()).map(|first| -> Vec<usize> {
        let members = (0..components.len()).filter(|n| group_of[*n] == first);
        members.collect()
    });
    all.filter(|members| !members.is_empty())
        .map(|members| Group::of(members, components))
        .collect()
}

impl Group {
    fn of(members: Vec<usize>, components: &[Component]) -> Option<Self> {
        let mut shared: Vec<(usize, u16)> = Vec::new();
        for member in &members {
            let component = &components[*member];
            for place in &component.shared {
                let dial = (component.dials[*place], component.levels[*place]);
                if !shared.contains(&dial) {
                    shared.push(dial);
                }
            }
        }
        let count = shared
            .iter()
            .try_fold(1usize, |n, (_, levels)| n.checked_mul(usize::from(*levels)))
            .filter(|n| *n <= MOST_LISTED)?;
        let value = |number: usize, component: &Component| {
            let mut rest = number;
            let mut cell = vec![0; component.dials.len()];
            for (dial, levels) in &shared {
                let level = rest % usize::from(*levels);
                rest /= usize::from(*levels);
                if let Some(place) = component.dials.iter().position(|d| d == dial) {
                    cell[place] = u16::try_from(level).unwrap_or(u16::MAX);
                }
            }
            component.value(&cell)
        };
        let values = (0..count)
            .map(|number| members.iter().map(|m| value(number, &components[*m])).collect())
            .collect();
        Some(Self { members, values })
    }

    /// What something that each member has by value adds up to, for each value of all numbers shared.
    pub(super) fn sums(&self, of: &[Vec<f64>]) -> Vec<f64> {
        let sum = |values: &Vec<usize>| rounded(values.iter().zip(of).map(|(value, own)| own[*value]).sum());
        self.values.iter().map(sum).collect()
    }

    /// What is left of a cost for a member, for each of its values, where the others cost what they cost at least: the most over all that
    /// this value of its own goes with.
    pub(super) fn left_for(&self, member: usize, cost: f64, least: &[Vec<f64>]) -> Vec<f64> {
        let mut left = vec![f64::NEG_INFINITY; least[member].len()];
        for values in &self.values {
            let others = (0..values.len()).filter(|m| *m != member);
            let others: f64 = others.map(|m| least[m][values[m]]).sum();
            // What none of the others has anything for is not to be had at any cost.
            let own = if others.is_finite() {
                rounded(cost - others)
            } else {
                f64::NEG_INFINITY
            };
            let of_value = &mut left[values[member]];
            *of_value = of_value.max(own);
        }
        left
    }

    /// Agrees on the best staffing and on what may still be cheaper.
    fn agree(&self, searches: &mut [Search]) {
        let each = || self.members.iter().map(|m| &searches[*m].known);
        let sufficient: Vec<Vec<Option<(f64, Levels)>>> = each()
            .map(|known| known.sufficient().into_iter().map(|cell| cell.cloned()).collect())
            .collect();
        // What suffices is not excluded, whatever else has been seen.
        let least: Vec<Vec<f64>> = each()
            .zip(&sufficient)
            .map(|(known, sufficient)| {
                let open = known.not_excluded().into_iter().map(cost_of);
                let both = open.zip(sufficient);
                both.map(|(open, own)| open.min(cost_of(own.as_ref()))).collect()
            })
            .collect();
        let lowest: Vec<Vec<f64>> = each()
            .map(|known| known.cheapest(|_| true).into_iter().map(cost_of).collect())
            .collect();
        let costs: Vec<Vec<f64>> = sufficient
            .iter()
            .map(|own| own.iter().map(|cell| cost_of(cell.as_ref())).collect())
            .collect();
        let sums = self.sums(&costs);
        let best = (0..sums.len())
            .filter(|n| sums[*n].is_finite())
            .min_by(|a, b| sums[*a].total_cmp(&sums[*b]));
        let cost = best.map_or(f64::INFINITY, |n| sums[n]);
        let settled = self.sums(&least).iter().all(|sum| *sum >= cost);
        let targets = self.targets(cost, &least, &lowest);
        for (m, targets) in targets.into_iter().enumerate() {
            let part = best.and_then(|n| sufficient[m][self.values[n][m]].clone());
            searches[self.members[m]].known.agree(Agreed {
                best: part,
                limits: self.left_for(m, cost, &least),
                targets,
                settled: settled && best.is_some(),
            });
        }
    }

    /// Below what cost each member has to exclude all its staffings, by its value, so that nothing is cheaper than `cost`: never more than
    /// it has excluded, which is what costs less than `least`.
    fn targets(&self, cost: f64, least: &[Vec<f64>], lowest: &[Vec<f64>]) -> Vec<Vec<f64>> {
        let mut targets: Vec<Vec<f64>> = least.iter().map(|own| vec![f64::NEG_INFINITY; own.len()]).collect();
        let excluded = |m: usize| least[m].iter().filter(|c| c.is_infinite()).count();
        for values in &self.values {
            let own = |m: usize| least[m][values[m]];
            let members = 0..values.len();
            // One that has nothing for this value is enough: the one that has nothing for most, as it must say that anyhow.
            let nothing = members.clone().filter(|m| own(*m).is_infinite());
            let nothing = nothing.max_by_key(|m| (excluded(*m), usize::MAX - *m));
            let mut more = rounded(members.clone().map(own).sum::<f64>() - cost).max(0.0);
            for m in members {
                let target = match nothing {
                    Some(one) if one == m => f64::INFINITY,
                    Some(_) => continue,
                    None => {
                        let target = (own(m) - more).max(lowest[m][values[m]]);
                        more -= own(m) - target;
                        rounded(target)
                    }
                };
                let of_value = &mut targets[m][values[m]];
                *of_value = of_value.max(target);
            }
        }
        targets
    }
}

/// All groups agree on what their members know.
pub(super) fn agree(groups: &[Group], searches: &mut [Search]) {
    for group in groups {
        group.agree(searches);
    }
}

/// What a staffing costs; no cost is enough for none.
pub(super) fn cost_of(cell: Option<&(f64, Levels)>) -> f64 {
    cell.map_or(f64::INFINITY, |(cost, _)| *cost)
}

/// To a billionth, so that equal costs are equal however they add up.
pub(super) fn rounded(cost: f64) -> f64 {
    if cost.is_finite() {
        (cost * 1e9).round() / 1e9
    } else {
        cost
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{Group, agree, groups, rounded};
    use crate::answers::required::search::Search;
    use crate::answers::required::space::{Component, Levels};
    use crate::answers::required::{Check, Sign};
    use crate::model::PathwayId;
    use crate::random::{Key, name_salt};

    /// A component with these free numbers, each of some levels, of which some are shared.
    fn component(dials: &[usize], levels: &[u16], shared: &[usize], costs: &[f64]) -> Component {
        Component {
            islands: vec![dials[0]],
            dials: dials.to_vec(),
            checks: vec![Check {
                hub: None,
                pathway: PathwayId(0),
                wanted: 0.9,
            }],
            signs: vec![vec![Sign::Raises; dials.len()]],
            doubtful: Vec::new(),
            shared: shared.to_vec(),
            costs: costs.to_vec(),
            levels: levels.to_vec(),
        }
    }

    /// Hubs A and B share number 0, B and C share number 1; D shares nothing.
    fn four() -> Vec<Component> {
        vec![
            component(&[0, 2], &[3, 4], &[0], &[1.0, 0.7]),
            component(&[0, 1, 3], &[3, 2, 3], &[0, 1], &[2.0, 1.1, 0.9]),
            component(&[1, 4], &[2, 4], &[0], &[0.3, 1.0]),
            component(&[5], &[4], &[], &[1.0]),
        ]
    }

    fn searches(components: &[Component]) -> Vec<Search> {
        let new = |c: &Component| {
            Search::new(
                Arc::new(c.clone()),
                vec![1.0; c.dials.len()],
                vec![0; c.dials.len()],
                0.005,
            )
        };
        components.iter().map(new).collect()
    }

    /// All staffings of components, numbers shared alike, with what they cost.
    fn together(components: &[Component]) -> Vec<(f64, Vec<Levels>)> {
        let mut all: Vec<(f64, Vec<Levels>)> = vec![(0.0, Vec::new())];
        for (n, component) in components.iter().enumerate() {
            let mut longer = Vec::new();
            for (cost, cells) in &all {
                for (own, cell) in component.all() {
                    let alike = |m: usize, before: &Levels| {
                        let mut dials = component.dials.iter().zip(&cell);
                        dials.all(|(d, level)| {
                            let there = components[m].dials.iter().position(|other| other == d);
                            there.is_none_or(|place| before[place] == *level)
                        })
                    };
                    if (0..n).all(|m| alike(m, &cells[m])) {
                        longer.push((cost + own, cells.iter().cloned().chain([cell]).collect()));
                    }
                }
            }
            all = longer;
        }
        all.into_iter().map(|(cost, cells)| (rounded(cost), cells)).collect()
    }

    #[test]
    fn those_that_share_a_number_are_together() {
        let groups = groups(&four()).unwrap();
        let members: Vec<&[usize]> = groups.iter().map(|g| &g.members[..]).collect();
        assert_eq!(members, [&[0, 1, 2][..], &[3]]);
        assert_eq!((groups[0].values.len(), groups[1].values.len()), (6, 1));
        // Too many values to be listed.
        let many = [
            component(&[0, 1], &[900, 900], &[0, 1], &[1.0, 1.0]),
            component(&[0, 1], &[900, 900], &[0, 1], &[1.0, 1.0]),
        ];
        assert!(super::groups(&many).is_none());
    }

    /// Whatever is known, compared with all staffings one by one.
    #[test]
    fn what_is_agreed_is_what_all_staffings_say() {
        let components = four();
        let groups = groups(&components).unwrap();
        let mut found = [(0, 0); 2];
        for run in 0..300 {
            let key = Key::root(3).part(name_salt("linked"), run);
            let mut searches = searches(&components);
            for (n, search) in searches.iter_mut().enumerate() {
                let component = Arc::clone(&search.component);
                // What is met lies above what is missed; in some runs nothing is left between them.
                let line = 0.5 + 2.5 * key.uniform(name_salt("line"), n as u64);
                let between = if run % 2 == 0 { 0.0 } else { 1.5 };
                for (cost, cell) in component.all() {
                    let fact = (cell, 0);
                    if cost >= line + between {
                        search.known.add_met(&component, fact);
                    } else if cost < line {
                        search.known.add_missed(&component, fact);
                    }
                }
            }
            agree(&groups, &mut searches);
            for (group, found) in groups.iter().zip(&mut found) {
                let (best, settled) = is_right(group, &components, &searches);
                found.0 += usize::from(best);
                found.1 += usize::from(settled);
            }
        }
        // Some have a best and some not; some have nothing cheaper left and some have.
        for (best, settled) in found {
            assert!(50 < settled && settled + 20 < best && best < 300, "{found:?}");
        }
    }

    fn is_right(group: &Group, components: &[Component], searches: &[Search]) -> (bool, bool) {
        let own: Vec<Component> = group.members.iter().map(|m| components[*m].clone()).collect();
        let known: Vec<_> = group.members.iter().map(|m| &searches[*m].known).collect();
        let all = together(&own);
        let every =
            |cells: &[Levels], is: &dyn Fn(usize, &Levels) -> bool| (0..).zip(cells).all(|(m, cell)| is(m, cell));
        let suffices = |cells: &[Levels]| every(cells, &|m, cell| known[m].suffices(cell));
        let open = |cells: &[Levels]| every(cells, &|m, cell| !known[m].excluded(cell));
        let costs = all.iter().filter(|(_, cells)| suffices(cells)).map(|(cost, _)| *cost);
        let least = costs.fold(f64::INFINITY, f64::min);
        let parts: Option<Vec<Levels>> = known.iter().map(|k| k.best().map(|(_, cell)| cell.clone())).collect();
        match &parts {
            Some(parts) => {
                assert!(suffices(parts));
                assert!(
                    all.iter()
                        .any(|(cost, cells)| cells == parts && (cost - least).abs() < 1e-9)
                );
            }
            None => assert!(least.is_infinite()),
        }
        let cheaper: Vec<&Vec<Levels>> = all
            .iter()
            .filter(|(cost, cells)| *cost < least && open(cells))
            .map(|(_, cells)| cells)
            .collect();
        // Each part of one that may be cheaper is below its limit.
        for cells in &cheaper {
            assert!(every(cells, &|m, cell| own[m].cost(cell) < known[m].limit(cell)));
        }
        let settled = parts.is_some() && cheaper.is_empty();
        assert!(known.iter().all(|k| k.is_settled() == settled));
        if settled || parts.is_none() && all.iter().all(|(_, cells)| !open(cells)) {
            // What is to be excluded is excluded, and with it nothing cheaper is left.
            let to_exclude: Vec<Vec<&Levels>> =
                known.iter().map(|k| k.to_exclude().map(|(_, c)| c).collect()).collect();
            assert!(
                to_exclude
                    .iter()
                    .zip(&known)
                    .all(|(cells, k)| cells.iter().all(|c| k.excluded(c)))
            );
            let left = |(cost, cells): &&(f64, Vec<Levels>)| {
                *cost < least && every(cells, &|m, cell| !to_exclude[m].contains(&cell))
            };
            assert_eq!(all.iter().find(left), None);
        }
        (parts.is_some(), settled)
    }
}
