//! What is known of every staffing of a component, from facts about a few: what misses a level excludes all that is at most as
//! good for it, and what meets one meets it wherever it is at least as good.
//!
//! There may be tens of thousands of staffings, and they are asked about at every step of the search. So what the facts say is
//! kept for each staffing, and a new fact is told to all of them once; when facts are taken back, all are told again.
//!
//! Which staffing is best, and which others are cheap enough to matter, is not for one component to say if it shares a number with
//! others: that is [agreed](super::linked) by all of them, for each value of the numbers shared.

use std::collections::BTreeSet;

use super::linked::Agreed;
use super::space::{Component, Levels};

/// A check that is missed, or met, at a staffing.
pub(super) type Fact = (Levels, usize);

/// All staffings, and what facts say of them.
pub(super) struct Known {
    /// All staffings, the cheapest first.
    cells: Vec<(f64, Levels)>,
    /// Number of levels, by dial.
    levels: Vec<u16>,
    /// Where the n-th staffing in the order of their levels stands among all.
    places: Vec<usize>,
    /// Which value of the numbers shared a staffing has.
    values: Vec<usize>,
    missed: Vec<Fact>,
    met: Vec<Fact>,
    /// Too near to the level wanted to claim either.
    borderline: BTreeSet<Levels>,
    /// By staffing: whether a fact says that it misses a check.
    misses: Vec<bool>,
    /// By check, then by staffing: whether a fact says that it meets it.
    meets: Vec<Vec<bool>>,
    /// What has been agreed with the components that share a number.
    agreed: Agreed,
}

impl Known {
    /// Nothing is known yet.
    pub(super) fn nothing(component: &Component) -> Self {
        let cells = component.all();
        let mut known = Self {
            places: vec![0; cells.len()],
            values: cells.iter().map(|(_, cell)| component.value(cell)).collect(),
            agreed: Agreed::nothing(component.values()),
            levels: component.levels.clone(),
            missed: Vec::new(),
            met: Vec::new(),
            borderline: BTreeSet::new(),
            misses: vec![false; cells.len()],
            meets: vec![vec![false; cells.len()]; component.checks.len()],
            cells,
        };
        for place in 0..known.cells.len() {
            let number = known.number(&known.cells[place].1);
            known.places[number] = place;
        }
        known
    }

    /// The number of a staffing in the order of levels.
    fn number(&self, cell: &[u16]) -> usize {
        let each = cell.iter().zip(&self.levels);
        each.fold(0, |n, (level, levels)| n * usize::from(*levels) + usize::from(*level))
    }

    fn place(&self, cell: &[u16]) -> usize {
        self.places[self.number(cell)]
    }

    /// All staffings and what they cost, the cheapest first.
    pub(super) fn cells(&self) -> &[(f64, Levels)] {
        &self.cells
    }

    /// The facts that say that a level is missed.
    pub(super) fn missed(&self) -> &[Fact] {
        &self.missed
    }

    /// Staffings too near to a level to claim either.
    pub(super) const fn borderline(&self) -> &BTreeSet<Levels> {
        &self.borderline
    }

    /// Whether a check is known to be met anywhere.
    pub(super) fn is_ever_met(&self, check: usize) -> bool {
        self.met.iter().any(|(_, met)| *met == check)
    }

    pub(super) fn excluded(&self, cell: &[u16]) -> bool {
        self.misses[self.place(cell)] || self.borderline.contains(cell)
    }

    pub(super) fn is_met(&self, cell: &[u16], check: usize) -> bool {
        self.meets[check][self.place(cell)]
    }

    pub(super) fn suffices(&self, cell: &[u16]) -> bool {
        self.suffices_at(self.place(cell))
    }

    fn suffices_at(&self, place: usize) -> bool {
        self.meets.iter().all(|meets| meets[place]) && !self.borderline.contains(&self.cells[place].1)
    }

    /// The cheapest staffing that suffices, for each value of the numbers shared.
    pub(super) fn sufficient(&self) -> Vec<Option<&(f64, Levels)>> {
        self.cheapest(|place| self.suffices_at(place))
    }

    /// The cheapest staffing that is not excluded, for each value of the numbers shared.
    pub(super) fn not_excluded(&self) -> Vec<Option<&(f64, Levels)>> {
        self.cheapest(|place| !self.misses[place] && !self.borderline.contains(&self.cells[place].1))
    }

    /// The cheapest staffing that is not known to miss a level, for each value of the numbers shared: it may be borderline.
    pub(super) fn not_missed(&self) -> Vec<Option<&(f64, Levels)>> {
        self.cheapest(|place| !self.misses[place])
    }

    /// The cheapest staffing of those that count, for each value of the numbers shared.
    pub(super) fn cheapest(&self, counts: impl Fn(usize) -> bool) -> Vec<Option<&(f64, Levels)>> {
        let mut found = vec![None; self.agreed.values()];
        let mut left = found.len();
        for (place, cell) in self.cells.iter().enumerate() {
            let of_value = &mut found[self.values[place]];
            if of_value.is_none() && counts(place) {
                *of_value = Some(cell);
                left -= 1;
                if left == 0 {
                    break;
                }
            }
        }
        found
    }

    /// Takes in what has been agreed.
    pub(super) fn agree(&mut self, agreed: Agreed) {
        self.agreed = agreed;
    }

    /// The component's part of the best staffing, as last agreed.
    pub(super) const fn best(&self) -> Option<&(f64, Levels)> {
        self.agreed.best.as_ref()
    }

    /// Whether nothing that might be cheaper was left, when it was last agreed, in any component that shares a number.
    pub(super) const fn is_settled(&self) -> bool {
        self.agreed.settled
    }

    /// Which value of the numbers shared a staffing has.
    pub(super) fn value(&self, cell: &[u16]) -> usize {
        self.values[self.place(cell)]
    }

    /// The dearest staffing with a value of the numbers shared.
    pub(super) fn highest(&self, value: usize) -> Levels {
        let mut all = self.cells.iter().zip(&self.values).rev();
        let found = all.find(|(_, own)| **own == value);
        found.map(|((_, cell), _)| cell.clone()).unwrap_or_default()
    }

    /// What a staffing must cost less than, to be part of one that is cheaper than the best.
    pub(super) fn limit(&self, cell: &[u16]) -> f64 {
        self.agreed.limits[self.value(cell)]
    }

    /// What a staffing must cost less than, to be one that a certificate has to exclude.
    pub(super) fn target(&self, cell: &[u16]) -> f64 {
        self.agreed.targets[self.value(cell)]
    }

    /// Staffings that may be part of one that is cheaper than the best; all if there is none.
    pub(super) fn cheaper(&self) -> impl Iterator<Item = &(f64, Levels)> + Clone {
        self.below(&self.agreed.limits)
    }

    /// Staffings that a certificate has to exclude.
    pub(super) fn to_exclude(&self) -> impl Iterator<Item = &(f64, Levels)> + Clone {
        self.below(&self.agreed.targets)
    }

    fn below<'a>(&'a self, limits: &'a [f64]) -> impl Iterator<Item = &'a (f64, Levels)> + Clone {
        let most = limits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let cells = self.cells.iter().zip(&self.values);
        let near = cells.take_while(move |((cost, _), _)| *cost < most);
        near.filter(|((cost, _), value)| *cost < limits[**value])
            .map(|(cell, _)| cell)
    }

    /// A check is missed at a staffing.
    pub(super) fn add_missed(&mut self, component: &Component, fact: Fact) {
        for (misses, (_, cell)) in self.misses.iter_mut().zip(&self.cells) {
            *misses |= component.at_most(fact.1, cell, &fact.0);
        }
        self.missed.push(fact);
    }

    /// A check is met at a staffing.
    pub(super) fn add_met(&mut self, component: &Component, fact: Fact) {
        for (meets, (_, cell)) in self.meets[fact.1].iter_mut().zip(&self.cells) {
            *meets |= component.at_most(fact.1, &fact.0, cell);
        }
        self.met.push(fact);
    }

    /// A staffing is too near to a level to claim either.
    pub(super) fn add_borderline(&mut self, cell: Levels) {
        self.borderline.insert(cell);
    }

    /// Keeps these facts only, and tells them to all staffings again: also where the order of staffings has changed.
    pub(super) fn keep(&mut self, component: &Component, missed: impl Fn(&Fact) -> bool, met: impl Fn(&Fact) -> bool) {
        self.misses.fill(false);
        for meets in &mut self.meets {
            meets.fill(false);
        }
        for fact in std::mem::take(&mut self.missed).into_iter().filter(missed) {
            self.add_missed(component, fact);
        }
        for fact in std::mem::take(&mut self.met).into_iter().filter(met) {
            self.add_met(component, fact);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Fact, Known};
    use crate::answers::required::space::{Component, Levels};
    use crate::answers::required::{Check, Sign};
    use crate::model::PathwayId;

    /// Three dials and two checks, of which one is raised, lowered and moved in an unknown direction.
    fn component() -> Component {
        let check = |n| Check {
            hub: None,
            pathway: PathwayId(n),
            wanted: 0.9,
        };
        Component {
            islands: vec![0],
            dials: vec![0, 1, 2],
            checks: vec![check(0), check(1)],
            signs: vec![
                vec![Sign::Raises, Sign::Lowers, Sign::Unknown],
                vec![Sign::Raises, Sign::Raises, Sign::Raises],
            ],
            doubtful: Vec::new(),
            shared: vec![1],
            costs: vec![1.0, 1.3, 0.7],
            levels: vec![4, 3, 5],
        }
    }

    /// What facts say of a staffing, each asked in turn.
    fn is_told(known: &Known, component: &Component, missed: &[Fact], met: &[Fact], near: &[Levels]) {
        let misses = |cell: &[u16]| missed.iter().any(|(at, k)| component.at_most(*k, cell, at));
        let meets = |cell: &[u16], check| {
            let mut own = met.iter().filter(|(_, k)| *k == check);
            own.any(|(at, k)| component.at_most(*k, at, cell))
        };
        let suffices = |cell: &Levels| !near.contains(cell) && meets(cell, 0) && meets(cell, 1);
        let all = component.all();
        for (_, cell) in &all {
            assert_eq!(known.excluded(cell), near.contains(cell) || misses(cell), "{cell:?}");
            assert_eq!(known.is_met(cell, 0), meets(cell, 0), "{cell:?}");
            assert_eq!(known.suffices(cell), suffices(cell), "{cell:?}");
        }
        // The second number is shared.
        let best = |level: u16| all.iter().find(|(_, cell)| cell[1] == level && suffices(cell));
        assert_eq!(known.sufficient(), [best(0), best(1), best(2)]);
        let open = |cell: &Levels| !near.contains(cell) && !misses(cell);
        let least = |level: u16| all.iter().find(|(_, cell)| cell[1] == level && open(cell));
        assert_eq!(known.not_excluded(), [least(0), least(1), least(2)]);
    }

    #[test]
    fn what_is_kept_is_what_the_facts_say() {
        let component = component();
        let mut known = Known::nothing(&component);
        let (mut missed, mut met): (Vec<Fact>, Vec<Fact>) = (Vec::new(), Vec::new());
        is_told(&known, &component, &[], &[], &[]);
        for fact in [(vec![1, 1, 2], 0), (vec![0, 2, 3], 1), (vec![2, 0, 1], 1)] {
            known.add_missed(&component, fact.clone());
            missed.push(fact);
            is_told(&known, &component, &missed, &met, &[]);
        }
        for fact in [
            (vec![2, 1, 3], 0),
            (vec![2, 1, 2], 1),
            (vec![3, 0, 4], 1),
            (vec![1, 2, 4], 0),
        ] {
            known.add_met(&component, fact.clone());
            met.push(fact);
            is_told(&known, &component, &missed, &met, &[]);
        }
        let near: Vec<Levels> = known.sufficient().into_iter().flatten().map(|c| c.1.clone()).collect();
        let near = vec![near[0].clone()];
        known.add_borderline(near[0].clone());
        is_told(&known, &component, &missed, &met, &near);
        // Taken back: one of either kind; and a sign that is not used any more.
        let mut component = component;
        component.signs[1][0] = Sign::Unknown;
        known.keep(
            &component,
            |(cell, _)| *cell != vec![1, 1, 2],
            |(cell, _)| *cell != vec![2, 1, 2],
        );
        missed.remove(0);
        met.remove(1);
        is_told(&known, &component, &missed, &met, &near);
    }
}
