//! Components that share a number: one that is the same at several hubs whose other numbers are free hub by hub.
//!
//! For a value v of the numbers shared, hubs have nothing to do with each other, and costs add up. So with `B_h(v)` the least that hub
//! h costs of what suffices there, the answer is the least sum of `B_h(v)` over all v. With `L_h(v)` the least that it costs of
//! what is not excluded, nothing is cheaper than the answer once the sum of `L_h(v)` is no less for any v. A staffing of hub h
//! with v can only be part of a cheaper one if it costs less than the answer less the sum of the others' `L_k(v)`: that is
//! the **limit** up to which hub h is searched, and it comes down as the others learn more. What is borderline is not claimed and not
//! chosen, but it might do, so that it counts as not excluded in the `L_k(v)` of the others: they go on until the cheaper staffings of
//! which it is part are excluded by somebody, or are all within reach and named.
//!
//! A certificate need not exclude all that the search has excluded. Where a hub excludes all that goes with v, the others need say
//! nothing of v; where the `L_h(v)` add up to more than the answer, some need not be so high. What is left is the **target** of each hub.
//!
//! A component that shares nothing is alone, and has one value: its limit and target are what its own best staffing costs.

use super::known::Known;
use super::search::Search;
use super::space::{Component, Levels, MOST_LISTED, rounded};

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

/// Puts components that share numbers together.
///
/// # Errors
/// The levels of numbers that are shared, if these have more values together than can be listed.
pub(super) fn groups(components: &[Component]) -> Result<Vec<Group>, Vec<u16>> {
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
    fn of(members: Vec<usize>, components: &[Component]) -> Result<Self, Vec<u16>> {
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
            .filter(|n| *n <= MOST_LISTED)
            .ok_or_else(|| shared.iter().map(|(_, levels)| *levels).collect::<Vec<_>>())?;
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
        Ok(Self { members, values })
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
        let costs: Vec<Vec<f64>> = sufficient
            .iter()
            .map(|own| own.iter().map(|cell| cost_of(cell.as_ref())).collect())
            .collect();
        // What suffices is not excluded, whatever else has been seen.
        let least = |of: &dyn Fn(&Known) -> Vec<f64>| -> Vec<Vec<f64>> {
            let own = each().map(of).zip(&costs);
            own.map(|(own, enough)| own.into_iter().zip(enough).map(|(a, b)| a.min(*b)).collect())
                .collect()
        };
        let possible = least(&|known| costs_of(known.not_missed()));
        let open = least(&|known| costs_of(known.not_excluded()));
        let lowest = least(&|known| costs_of(known.cheapest(|_| true)));
        let sums = self.sums(&costs);
        let best = (0..sums.len())
            .filter(|n| sums[*n].is_finite())
            .min_by(|a, b| sums[*a].total_cmp(&sums[*b]));
        let cost = best.map_or(f64::INFINITY, |n| sums[n]);
        let limits: Vec<Vec<f64>> = (0..self.members.len())
            .map(|m| {
                let left = self.left_for(m, cost, &possible).into_iter();
                // What is dearer than what suffices with the same value is of no use.
                left.zip(&costs[m]).map(|(left, enough)| left.min(*enough)).collect()
            })
            .collect();
        let done = |open: &Vec<f64>, limits: &Vec<f64>| open.iter().zip(limits).all(|(open, limit)| open >= limit);
        let settled = best.is_some() && open.iter().zip(&limits).all(|(open, limits)| done(open, limits));
        let targets = self.targets(cost, &possible, &open, &lowest);
        for (m, (limits, targets)) in limits.into_iter().zip(targets).enumerate() {
            let part = best.and_then(|n| sufficient[m][self.values[n][m]].clone());
            searches[self.members[m]].known.agree(Agreed {
                best: part,
                limits,
                targets,
                settled,
            });
        }
    }

    /// Below what cost each member has to exclude all its staffings that are not borderline, by its value, so that nothing is cheaper than
    /// `cost`: never more than it has excluded, which is what costs less than `open`; and where what is `possible`, the borderline
    /// included, is no cheaper either, so that this is shown as well.
    fn targets(&self, cost: f64, possible: &[Vec<f64>], open: &[Vec<f64>], lowest: &[Vec<f64>]) -> Vec<Vec<f64>> {
        let mut targets: Vec<Vec<f64>> = open.iter().map(|own| vec![f64::NEG_INFINITY; own.len()]).collect();
        let nothing_for = |own: &Vec<f64>| own.iter().filter(|c| c.is_infinite()).count();
        let excluded: Vec<usize> = possible.iter().map(nothing_for).collect();
        for values in &self.values {
            let members = 0..values.len();
            let least: Vec<f64> = members.clone().map(|m| possible[m][values[m]]).collect();
            // One that has nothing for this value is enough: the one that has nothing for most, as it must say that anyhow.
            let nothing = members.clone().filter(|m| least[*m].is_infinite());
            let nothing = nothing.max_by_key(|m| (excluded[*m], usize::MAX - *m));
            let all: f64 = least.iter().sum();
            let mut more = rounded(all - cost);
            let named = more < 0.0;
            for m in members {
                let target = match nothing {
                    Some(one) if one == m => f64::INFINITY,
                    Some(_) => continue,
                    // Cheaper ones with a part that is borderline are named: as few as can be.
                    None if named => open[m][values[m]].min(rounded(cost - (all - least[m]))),
                    None => {
                        let target = (least[m] - more).max(lowest[m][values[m]]);
                        more -= least[m] - target;
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

/// The same for each value.
fn costs_of(cells: Vec<Option<&(f64, Levels)>>) -> Vec<f64> {
    cells.into_iter().map(cost_of).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{Group, agree, groups};
    use crate::answers::required::search::Search;
    use crate::answers::required::space::{Component, Levels, rounded};
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

    /// Hubs A and B share number 0, B and C share number 1; D shares nothing. More of one of B's numbers lowers its level, and of one of
    /// C's nothing is known.
    fn four() -> Vec<Component> {
        let mut all = vec![
            component(&[0, 2], &[3, 4], &[0], &[1.0, 0.7]),
            component(&[0, 1, 3], &[3, 2, 3], &[0, 1], &[2.0, 1.1, 0.9]),
            component(&[1, 4], &[2, 4], &[0], &[0.3, 1.0]),
            component(&[5], &[4], &[], &[1.0]),
        ];
        all[1].signs[0][1] = Sign::Lowers;
        all[2].signs[0][0] = Sign::Unknown;
        all
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
        assert_eq!(super::groups(&many).err(), Some(vec![900, 900]));
    }

    /// Whatever is known, contradictions and what is borderline included, compared with all staffings one by one.
    #[test]
    fn what_is_agreed_is_what_all_staffings_say() {
        let components = four();
        let groups = groups(&components).unwrap();
        let mut found = [(0, 0); 2];
        let mut named = 0;
        for run in 0..600 {
            let key = Key::root(3).part(name_salt("linked"), run);
            let mut searches = searches(&components);
            for (n, search) in searches.iter_mut().enumerate() {
                let component = Arc::clone(&search.component);
                let mut number = 0;
                let mut draw = |salt: &str| {
                    number += 1;
                    key.uniform(name_salt(salt), 1_000 * n as u64 + number)
                };
                // What is met lies above what is missed; in some runs nothing is left between them, in some much is borderline.
                let line = 0.5 + 2.5 * draw("line");
                let between = if run % 2 == 0 { 0.0 } else { 1.5 };
                for (cost, cell) in component.all() {
                    if run % 3 == 0 && draw("near") < 0.2 {
                        search.known.add_borderline(cell);
                    } else if cost >= line + between {
                        search.known.add_met(&component, (cell, 0));
                    } else if cost < line {
                        search.known.add_missed(&component, (cell, 0));
                    }
                }
            }
            agree(&groups, &mut searches);
            for (group, found) in groups.iter().zip(&mut found) {
                let is = is_right(group, &components, &searches);
                found.0 += usize::from(is.best);
                found.1 += usize::from(is.settled);
                named += usize::from(is.named);
            }
        }
        // Some have a best and some not; some have nothing cheaper left and some have; some have something borderline to name.
        for (best, settled) in found {
            assert!(100 < settled && settled + 40 < best && best < 600, "{found:?}");
        }
        assert!(named > 20, "{named}");
    }

    struct Is {
        best: bool,
        settled: bool,
        named: bool,
    }

    fn is_right(group: &Group, components: &[Component], searches: &[Search]) -> Is {
        let own: Vec<Component> = group.members.iter().map(|m| components[*m].clone()).collect();
        let known: Vec<_> = group.members.iter().map(|m| &searches[*m].known).collect();
        let all = together(&own);
        let every =
            |cells: &[Levels], is: &dyn Fn(usize, &Levels) -> bool| (0..).zip(cells).all(|(m, cell)| is(m, cell));
        let misses = |m: usize, cell: &Levels| {
            let mut facts = known[m].missed().iter();
            facts.any(|(at, k)| own[m].at_most(*k, cell, at))
        };
        let suffices = |m: usize, cell: &Levels| known[m].suffices(cell);
        let possible = |m: usize, cell: &Levels| suffices(m, cell) || !misses(m, cell);
        let near = |m: usize, cell: &Levels| known[m].borderline().contains(cell);
        let open = |m: usize, cell: &Levels| !misses(m, cell) && !near(m, cell) && !suffices(m, cell);
        let costs = all.iter().filter(|(_, cells)| every(cells, &suffices));
        let least = costs.map(|(cost, _)| *cost).fold(f64::INFINITY, f64::min);
        let parts: Option<Vec<Levels>> = known.iter().map(|k| k.best().map(|(_, cell)| cell.clone())).collect();
        match &parts {
            Some(parts) => {
                assert!(every(parts, &suffices));
                assert!(
                    all.iter()
                        .any(|(cost, cells)| cells == parts && (cost - least).abs() < 1e-9)
                );
            }
            None => assert!(least.is_infinite()),
        }
        // Whatever may be cheaper, and is not only borderline, has a part that is still to be looked at.
        let dearer = |m: usize, cell: &Levels| {
            let enough = known[m].sufficient()[known[m].value(cell)];
            enough.is_some_and(|(cost, _)| own[m].cost(cell) >= *cost)
        };
        let cheaper = all.iter().filter(|(cost, _)| *cost < least);
        let to_see = cheaper.clone().filter(|(_, cells)| {
            every(cells, &possible) && (0..).zip(cells).any(|(m, cell)| open(m, cell) && !dearer(m, cell))
        });
        let mut any = false;
        for (_, cells) in to_see {
            any = true;
            let looked_at = |(m, cell): (usize, &Levels)| open(m, cell) && own[m].cost(cell) < known[m].limit(cell);
            assert!((0..).zip(cells).any(looked_at));
        }
        let settled = parts.is_some() && !any;
        assert!(known.iter().all(|k| k.is_settled() == settled));
        let mut named = false;
        if settled {
            // What is to be excluded is excluded. What is left that is cheaper has a part that is borderline, and is left only where
            // something that is cheaper is possible with the numbers shared; or the part is missed as well, so that it is not claimed.
            let claimed: Vec<Vec<&Levels>> = (0..known.len())
                .map(|m| {
                    let below = known[m].to_exclude().map(|(_, cell)| cell);
                    below.filter(|cell| !near(m, cell)).collect()
                })
                .collect();
            for (m, cells) in claimed.iter().enumerate() {
                assert!(cells.iter().all(|cell| misses(m, cell)));
            }
            let values = |cells: &[Levels]| -> Vec<usize> {
                (0..).zip(cells).map(|(m, c): (usize, _)| known[m].value(c)).collect()
            };
            for (_, cells) in cheaper.clone() {
                if every(cells, &|m, cell| !claimed[m].contains(&cell)) {
                    named = true;
                    assert!((0..).zip(cells).any(|(m, cell)| near(m, cell)), "{cells:?}");
                    let same = cheaper.clone().filter(|(_, other)| values(other) == values(cells));
                    let both = (0..).zip(cells).any(|(m, cell)| near(m, cell) && misses(m, cell));
                    assert!(both || { same }.any(|(_, other)| every(other, &possible)), "{cells:?}");
                }
            }
        }
        Is {
            best: parts.is_some(),
            settled,
            named,
        }
    }
}
