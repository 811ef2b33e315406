//! Parts of the service that share neither staff nor a free number, and what has been seen of each of their staffings.
//!
//! Levels over all hubs are sums over parts, so a part is simulated with its own staffings only. What has not been simulated is
//! taken to be as good as the worst that has been and is at least as good by the signs: it stands in for it.

use std::sync::Arc;

use super::cheapest::{Choice, unbeaten};
use crate::answers::required::guess::{Guess, Point, score};
use crate::answers::required::search::Search;
use crate::answers::required::space::{Component, Levels};
use crate::answers::required::store::Store;
use crate::answers::required::{Sign, people_of_level, start};
use crate::model::{HubId, Question, Scenario};

/// What nothing is known of scores so much: more than any hits.
pub(super) const ANYTHING: f64 = 1e9;

/// What replications show of a check at a staffing of a part.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Value {
    /// Hits less the level wanted times referrals: mean, and variance from one replication to another.
    pub(super) mean: f64,
    pub(super) variance: f64,
    /// Mean referrals.
    pub(super) referrals: f64,
}

/// A part of the service.
pub(super) struct Part {
    /// All its staffings, and what they cost beyond the lowest.
    cells: Vec<(f64, Levels)>,
    /// Those simulated, as places in the list of all.
    pub(super) seen: Vec<usize>,
    /// By check, by place in the list of those simulated.
    values: Vec<Vec<Value>>,
    /// By check, then by staffing: which of those simulated stands for it.
    stand: StandIns,
}

/// By check, then by staffing: which of those simulated stands for it; none where none is at least as good.
pub(super) type StandIns = Vec<Vec<Option<usize>>>;

/// The parts of what is asked over all hubs, each with a search: its signs, what it has tried, and where it begins.
pub(super) fn parts(question: &Question, joint: &Component, islands: &[Vec<HubId>]) -> Vec<Component> {
    let touches = |island: usize, d: usize| {
        let places = question.free[d].places.iter();
        { places }.any(|place| islands[island].contains(&place.hub))
    };
    let mut together: Vec<usize> = (0..islands.len()).collect();
    for d in &joint.dials {
        let members: Vec<usize> = (0..islands.len())
            .filter(|i| touches(*i, *d))
            .map(|i| together[i])
            .collect();
        if let Some(first) = members.iter().copied().min() {
            let same = together.iter_mut().filter(|n| members.contains(n));
            same.for_each(|n| *n = first);
        }
    }
    let part = |first: &usize| {
        let own: Vec<usize> = joint
            .islands
            .iter()
            .copied()
            .filter(|i| together[*i] == *first)
            .collect();
        let here = |j: &usize| own.iter().any(|i| touches(*i, joint.dials[*j]));
        let places: Vec<usize> = (0..joint.dials.len()).filter(here).collect();
        let doubtful = joint.doubtful.iter();
        Component {
            islands: own,
            dials: places.iter().map(|j| joint.dials[*j]).collect(),
            checks: joint.checks.clone(),
            signs: joint
                .signs
                .iter()
                .map(|signs| places.iter().map(|j| signs[*j]).collect())
                .collect(),
            doubtful: doubtful
                .filter_map(|(k, d)| Some((*k, places.iter().position(|j| j == d)?)))
                .collect(),
            shared: Vec::new(),
            costs: places.iter().map(|j| joint.costs[*j]).collect(),
            levels: places.iter().map(|j| joint.levels[*j]).collect(),
        }
    };
    let mut firsts: Vec<usize> = joint.islands.iter().map(|i| together[*i]).collect();
    firsts.sort_unstable();
    firsts.dedup();
    firsts.iter().map(part).collect()
}

/// A search of a part, which keeps its signs and what has been tried.
pub(super) fn search(scenario: &Scenario, question: &Question, component: Component) -> Search {
    let people = component
        .dials
        .iter()
        .map(|d| people_of_level(scenario, &question.free[*d]));
    let (people, start) = (people.collect(), start(scenario, question, &component));
    Search::new(Arc::new(component), people, start, question.delta.get() / 100.0)
}

impl Part {
    pub(super) fn of(component: &Component) -> Self {
        Self {
            cells: component.all(),
            seen: Vec::new(),
            values: vec![Vec::new(); component.checks.len()],
            stand: Vec::new(),
        }
    }

    pub(super) fn cell(&self, name: usize) -> &Levels {
        &self.cells[name].1
    }

    pub(super) fn name(&self, cell: &[u16]) -> Option<usize> {
        self.cells.iter().position(|(_, one)| one == cell)
    }

    /// What a staffing costs beyond the lowest.
    pub(super) fn cost(&self, name: usize) -> f64 {
        self.cells[name].0
    }

    pub(super) fn is_seen(&self, name: usize) -> bool {
        self.seen.contains(&name)
    }

    /// What of those simulated stands for a staffing.
    pub(super) fn stands(&self, check: usize, name: usize) -> Option<usize> {
        self.stand[check][name]
    }

    pub(super) fn value(&self, check: usize, place: usize) -> &Value {
        &self.values[check][place]
    }

    /// Takes in what the search has tried, of so many replications each.
    pub(super) fn take_in(&mut self, search: &Search, store: &Store<'_>, replications: usize) {
        for cell in &search.tried {
            match self.name(cell) {
                Some(name) if !self.is_seen(name) => self.seen.push(name),
                _ => {}
            }
        }
        for check in 0..self.values.len() {
            let from = self.values[check].len();
            let new = self.seen[from..].iter();
            let values: Vec<Value> = new
                .map(|name| Value::of(&search.component, store, (0, replications), self.cell(*name), check))
                .collect();
            self.values[check].extend(values);
        }
        let all: Vec<usize> = (0..self.seen.len()).collect();
        self.stand = self.stand_ins(&search.component, &vec![all; self.values.len()]);
    }

    /// Who stands for each staffing, of some that have been simulated, given by check: it itself; else of those at least as good the one of
    /// which the search has seen the least.
    pub(super) fn stand_ins(&self, component: &Component, among: &[Vec<usize>]) -> StandIns {
        let each = among.iter().enumerate();
        each.map(|(check, among)| self.stand_in(component, check, among))
            .collect()
    }

    /// The same for one check.
    pub(super) fn stand_in(&self, component: &Component, check: usize, among: &[usize]) -> Vec<Option<usize>> {
        let mut order = among.to_vec();
        let mean = |place: &usize| self.values[check][*place].mean;
        order.sort_by(|a, b| mean(a).total_cmp(&mean(b)).then(a.cmp(b)));
        let mut itself = vec![None; self.cells.len()];
        for place in among {
            itself[self.seen[*place]] = Some(*place);
        }
        let stands = |((_, cell), itself): (&(f64, Levels), &Option<usize>)| {
            let better = |place: &usize| component.at_most(check, cell, &self.cells[self.seen[*place]].1);
            itself.or_else(|| order.iter().copied().find(better))
        };
        self.cells.iter().zip(&itself).map(stands).collect()
    }

    /// What may be chosen, by what the search has seen.
    pub(super) fn choices(&self) -> Vec<Choice> {
        self.choices_by(&self.stand, |check, place| self.values[check][place].mean)
    }

    /// The same, of what has been simulated itself.
    pub(super) fn seen_choices(&self) -> Vec<Choice> {
        let each = self.seen.iter().enumerate().map(|(place, name)| Choice {
            cost: self.cells[*name].0,
            scores: self.values.iter().map(|values| values[place].mean).collect(),
            name: *name,
        });
        unbeaten(each.collect())
    }

    /// What may be chosen, by scores of what has been simulated and who stands for whom.
    pub(super) fn choices_by(&self, stand: &StandIns, score: impl Fn(usize, usize) -> f64) -> Vec<Choice> {
        let scores: Vec<Vec<f64>> = (0..self.values.len())
            .map(|check| (0..self.seen.len()).map(|place| score(check, place)).collect())
            .collect();
        let choice = |(name, (cost, _)): (usize, &(f64, Levels))| Choice {
            cost: *cost,
            scores: (0..self.values.len())
                .map(|check| stand[check][name].map_or(ANYTHING, |place| scores[check][place]))
                .collect(),
            name,
        };
        unbeaten(self.cells.iter().enumerate().map(choice).collect())
    }

    /// The staffing that is as good as any for a check; where it is not known what is better, as another.
    pub(super) fn best_for(component: &Component, check: usize, like: &[u16]) -> Levels {
        let each = component.signs[check].iter().zip(&component.levels).zip(like);
        each.map(|((sign, levels), like)| match sign {
            Sign::Raises => levels - 1,
            Sign::Lowers => 0,
            Sign::Unknown => *like,
        })
        .collect()
    }

    /// A guess of what a check is at staffings near one: what simulating them would show.
    pub(super) fn guess<'g>(
        &'g self,
        search: &'g Search,
        check: usize,
        near: &[u16],
    ) -> impl Fn(&[u16]) -> f64 + use<'g> {
        let wanted = search.component.checks[check].wanted;
        let mut referrals = 0.0_f64;
        let mut points = Vec::new();
        for (place, value) in self.values[check].iter().enumerate().filter(|(_, v)| v.referrals > 0.0) {
            let of = value.referrals * 8.0;
            referrals = referrals.max(value.referrals);
            points.push(Point {
                people: search.persons(self.cell(self.seen[place])),
                score: score(wanted + value.mean / value.referrals, of) - score(wanted, of),
                weight: 1.0,
            });
        }
        let guess = Guess::through(&points, &search.expected(check), &search.persons(near));
        let middle = score(wanted, 8.0 * referrals);
        move |cell| {
            let score = guess.score(&search.persons(cell)) + middle;
            let level = 0.5 * libm::erfc(-score * std::f64::consts::FRAC_1_SQRT_2);
            referrals * (level - wanted)
        }
    }

    /// A staffing at least as good for a check as one of which little is known, and as far better as may be guessed to matter by
    /// no more than `slack`: it stands for many. The one itself if that has been simulated.
    pub(super) fn widened(&self, search: &Search, check: usize, name: usize, slack: f64) -> Levels {
        let component = &search.component;
        let cell = self.cell(name);
        let guess = self.guess(search, check, cell);
        let limit = guess(cell) + slack;
        let far = Self::best_for(component, check, cell);
        let mut order: Vec<usize> = (0..cell.len()).filter(|j| far[*j] != cell[*j]).collect();
        let alone = |j: usize| {
            let mut moved = cell.clone();
            moved[j] = far[j];
            guess(&moved)
        };
        order.sort_by(|a, b| alone(*a).total_cmp(&alone(*b)));
        let mut wide = cell.clone();
        for j in order {
            let mut to = far[j];
            loop {
                wide[j] = to;
                if to == cell[j] || guess(&wide) <= limit {
                    break;
                }
                // Half the way back; of one step none.
                to = if to > cell[j] {
                    cell[j] + (to - cell[j]) / 2
                } else {
                    cell[j] - (cell[j] - to) / 2
                };
            }
        }
        let known = self.name(&wide).is_some_and(|wide| self.is_seen(wide));
        if known { cell.clone() } else { wide }
    }
}

impl Value {
    /// Of the first replications of a stage, so many.
    pub(super) fn of(
        component: &Component,
        store: &Store<'_>,
        (stage, replications): (u32, usize),
        cell: &[u16],
        check: usize,
    ) -> Self {
        let wanted = component.checks[check].wanted;
        let mut samples = store.samples(stage, component, cell, check);
        samples.truncate(replications);
        let n = samples.len() as f64;
        if samples.len() < 2 {
            return Self::default();
        }
        let mean = samples.iter().map(|s| s.gap(wanted)).sum::<f64>() / n;
        let squares: f64 = samples
            .iter()
            .map(|s| (s.gap(wanted) - mean) * (s.gap(wanted) - mean))
            .sum();
        Self {
            mean,
            variance: squares / (n - 1.0),
            referrals: samples.iter().map(|s| s.referrals as f64).sum::<f64>() / n,
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::{Strategy, prop, prop_assert, proptest};
    use proptest::test_runner::{Config, RngSeed};

    use super::{Part, Value};
    use crate::answers::required::overall::cheapest::{Choice, cheapest, unbeaten};
    use crate::answers::required::space::Component;
    use crate::answers::required::{Check, Sign};
    use crate::model::PathwayId;

    /// Two dials and two checks, of which one is raised by the first and lowered by the second, and the other moved by the first in a
    /// direction that nobody knows.
    pub(in super::super) fn component() -> Component {
        let check = |n| Check {
            hub: None,
            pathway: PathwayId(n),
            wanted: 0.9,
        };
        Component {
            islands: vec![0],
            dials: vec![0, 1],
            checks: vec![check(0), check(1)],
            signs: vec![vec![Sign::Raises, Sign::Lowers], vec![Sign::Unknown, Sign::Raises]],
            doubtful: Vec::new(),
            shared: Vec::new(),
            costs: vec![1.0, 1.5],
            levels: vec![4, 3],
        }
    }

    /// A part of which some staffings have been simulated, and the truth of all: what each step of each dial does to each check.
    pub(in super::super) fn part(steps: &[i32], seen: &[bool]) -> (Part, Vec<Choice>) {
        let component = component();
        let mut part = Part::of(&component);
        let truth = |check: usize, cell: &[u16]| -> f64 {
            let of = |j: usize| {
                let own = &steps[8 * check + 4 * j..][..usize::from(cell[j])];
                let sum = |of: &dyn Fn(i32) -> i32| own.iter().map(|s| of(*s)).sum::<i32>();
                match component.signs[check][j] {
                    Sign::Raises => sum(&i32::abs),
                    Sign::Lowers => -sum(&i32::abs),
                    Sign::Unknown => sum(&|s| s),
                }
            };
            f64::from(of(0) + of(1))
        };
        let all = part.cells.iter().enumerate().map(|(name, (cost, cell))| Choice {
            cost: *cost,
            scores: vec![truth(0, cell), truth(1, cell)],
            name,
        });
        let all: Vec<Choice> = all.collect();
        part.seen = (0..all.len()).filter(|name| seen[*name]).collect();
        for (check, values) in part.values.iter_mut().enumerate() {
            let value = |name: &usize| Value {
                mean: all[*name].scores[check],
                ..Value::default()
            };
            *values = part.seen.iter().map(value).collect();
        }
        let among: Vec<usize> = (0..part.seen.len()).collect();
        part.stand = part.stand_ins(&component, &vec![among; 2]);
        (part, all)
    }

    pub(in super::super) fn parts() -> impl Strategy<Value = (Vec<i32>, Vec<bool>)> {
        let steps = prop::collection::vec(-9..9i32, 16);
        (steps, prop::collection::vec(proptest::bool::weighted(0.4), 12))
    }

    proptest! {
        #![proptest_config(Config { cases: 300, rng_seed: RngSeed::Fixed(5), failure_persistence: None, ..Config::default() })]

        /// Three parts: with what stands for what has not been simulated, it is never dearer than with the truth, and as dear if it
        /// needs nothing that was not.
        #[test]
        fn what_stands_for_others_is_a_hope(
            all in prop::collection::vec(parts(), 3),
            need in prop::collection::vec(-20..40i32, 2),
        ) {
            let need: Vec<f64> = need.into_iter().map(f64::from).collect();
            let both: Vec<(Part, Vec<Choice>)> = all.iter().map(|(steps, seen)| part(steps, seen)).collect();
            let hoped: Vec<Vec<Choice>> = both.iter().map(|(part, _)| part.choices()).collect();
            let true_ones: Vec<Vec<Choice>> = both.iter().map(|(_, all)| unbeaten(all.clone())).collect();
            let (hope, least) = (cheapest(&hoped, &need), cheapest(&true_ones, &need));
            if let Some(least) = least {
                let hope = hope.unwrap();
                prop_assert!(hope.cost <= least.cost + 1e-9, "{:?} {:?}", hope, least);
                let mut each = both.iter().zip(&hope.names);
                if each.all(|((part, _), name)| part.is_seen(*name)) {
                    prop_assert!((hope.cost - least.cost).abs() < 1e-9);
                }
            } else if let Some(hope) = hope {
                // Nothing reaches it, so that something of what is hoped for has not been simulated.
                prop_assert!(both.iter().zip(&hope.names).any(|((part, _), name)| !part.is_seen(*name)));
            }
        }
    }
}
