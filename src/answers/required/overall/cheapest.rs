//! The cheapest choice of one thing from each part, such that scores that add up reach what is needed: a knapsack with several
//! needs, solved exactly.
//!
//! Parts are taken one by one, and of what has been chosen so far only what is not beaten is kept: nothing else costs at most as
//! much and scores at least as high. What the rest must cost at least is known from Lagrangian bounds: for any prices `p >= 0` of the
//! scores, whatever reaches the needs costs at least `sum over parts of min (cost - p x score) + p x need` (A. M. Geoffrion,
//! *Lagrangean relaxation for integer programming*, Mathematical Programming Study 2 (1974), 82-114). What cannot come below the
//! cheapest that is known is left, so that few are kept though the choices are more than can be counted.

/// Something to choose: what it costs, what it scores, and its name.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Choice {
    pub(super) cost: f64,
    pub(super) scores: Vec<f64>,
    pub(super) name: usize,
}

/// One of each part.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Chosen {
    pub(super) cost: f64,
    /// The name chosen, by part.
    pub(super) names: Vec<usize>,
}

/// Costs are equal if they differ by less: those of parts are rounded to a millionth, and some hundreds of parts are added up.
pub(super) const SAME: f64 = 1e-4;
/// Times that prices are looked for, and how many of them are kept.
const SWEEPS: usize = 4;
const BISECTIONS: usize = 24;
const STEPS: usize = 80;
const PRICES: usize = 12;

/// Those that are not beaten: nothing else costs at most as much and scores at least as high everywhere. The cheapest first; of equal
/// ones the first.
pub(super) fn unbeaten(mut choices: Vec<Choice>) -> Vec<Choice> {
    choices.sort_by(|a, b| {
        let by_cost = a.cost.total_cmp(&b.cost);
        let sum = |c: &Choice| c.scores.iter().sum::<f64>();
        by_cost.then(sum(b).total_cmp(&sum(a))).then(a.name.cmp(&b.name))
    });
    let mut kept: Vec<Choice> = Vec::new();
    for choice in choices {
        let beats = |other: &Choice| other.scores.iter().zip(&choice.scores).all(|(a, b)| a >= b);
        if !kept.iter().any(beats) {
            kept.push(choice);
        }
    }
    kept
}

/// The cheapest choice of one from each part whose scores add up to what is needed, each; `None` if there is none. Parts hold
/// what is [`unbeaten`].
pub(super) fn cheapest(parts: &[Vec<Choice>], need: &[f64]) -> Option<Chosen> {
    let reach = |k: usize| -> f64 { parts.iter().map(|part| highest(part, k)).sum() };
    if parts.iter().any(Vec::is_empty) || (0..need.len()).any(|k| reach(k) < need[k]) {
        return None;
    }
    let bounds = Bounds::of(parts, need)?;
    let mut best = bounds.best.clone();
    let step = common_step(parts);
    let mut labels = vec![Label {
        cost: 0.0,
        scores: vec![0.0; need.len()],
        names: Vec::new(),
    }];
    for (place, part) in parts.iter().enumerate() {
        let most = best.as_ref().map_or(f64::INFINITY, |b| b.cost - step + SAME);
        let mut next: Vec<Label> = Vec::new();
        for label in &labels {
            for choice in part {
                let cost = label.cost + choice.cost;
                let scores: Vec<f64> = label.scores.iter().zip(&choice.scores).map(|(a, b)| a + b).collect();
                if bounds.rest(place + 1, cost, &scores, need) <= most {
                    let mut names = Vec::with_capacity(parts.len());
                    names.extend_from_slice(&label.names);
                    names.push(choice.name);
                    next.push(Label { cost, scores, names });
                }
            }
        }
        labels = Label::unbeaten(next);
    }
    let passing = labels
        .into_iter()
        .filter(|label| label.scores.iter().zip(need).all(|(s, n)| s >= n));
    for label in passing {
        if best.as_ref().is_none_or(|b| label.cost < b.cost - SAME) {
            best = Some(Chosen {
                cost: label.cost,
                names: label.names,
            });
        }
    }
    best
}

/// What has been chosen of the first parts.
struct Label {
    cost: f64,
    scores: Vec<f64>,
    names: Vec<usize>,
}

impl Label {
    fn unbeaten(mut labels: Vec<Self>) -> Vec<Self> {
        labels.sort_by(|a, b| {
            let by_cost = a.cost.total_cmp(&b.cost);
            let each = a.scores.iter().zip(&b.scores).map(|(a, b)| b.total_cmp(a));
            let by_scores = { each }.find(|o| o.is_ne()).unwrap_or(std::cmp::Ordering::Equal);
            by_cost.then(by_scores).then(a.names.cmp(&b.names))
        });
        let mut kept: Vec<Self> = Vec::new();
        for label in labels {
            // What beats it is likeliest among those that were kept last.
            let beats = |other: &Self| other.scores.iter().zip(&label.scores).all(|(a, b)| a >= b);
            if !kept.iter().rev().any(beats) {
                kept.push(label);
            }
        }
        kept
    }
}

fn highest(part: &[Choice], k: usize) -> f64 {
    part.iter().map(|c| c.scores[k]).fold(f64::NEG_INFINITY, f64::max)
}

/// The step that all costs are whole numbers of, counted from the cheapest of each part; 0 if there is none.
fn common_step(parts: &[Vec<Choice>]) -> f64 {
    let from_first = parts.iter().flat_map(|part| {
        part.iter()
            .map(|c| c.cost - part.first().map_or(0.0, |first| first.cost))
    });
    let costs: Vec<f64> = from_first.filter(|cost| *cost > SAME).collect();
    let step = costs.iter().copied().fold(f64::INFINITY, f64::min);
    // What is off by rounding must still be nothing when the parts are added up.
    let off = 0.5 * SAME / parts.len() as f64;
    let whole = |cost: &f64| {
        let n = cost / step;
        (n - n.round()).abs() * step < off
    };
    if step.is_finite() && costs.iter().all(whole) {
        step
    } else {
        0.0
    }
}

/// Prices of scores, and what the last parts must cost at least by them.
struct Bounds {
    /// By set of prices: the prices, and the sums over the parts from each place on.
    prices: Vec<(Vec<f64>, Vec<f64>)>,
    /// By place and score: the most that can still come.
    reach: Vec<Vec<f64>>,
    /// The cheapest that was come across.
    best: Option<Chosen>,
}

impl Bounds {
    /// `None` if prices show that nothing reaches the needs.
    fn of(parts: &[Vec<Choice>], need: &[f64]) -> Option<Self> {
        let dearest: f64 = parts
            .iter()
            .map(|part| part.iter().map(|c| c.cost).fold(0.0, f64::max))
            .sum();
        let mut prices = Prices {
            parts,
            need,
            best: None,
            found: Vec::new(),
        };
        let at = prices.look(dearest);
        let mut found = prices.found;
        found.sort_by(|a, b| b.0.total_cmp(&a.0));
        if found.first().is_some_and(|(bound, _)| *bound > dearest + SAME) {
            return None;
        }
        // The best, and what was come across on the way to it: for what has been chosen so far others may be better.
        let mut kept: Vec<Vec<f64>> = vec![vec![0.0; need.len()], at];
        let stride = (found.len() / (2 * PRICES)).max(1);
        let spread = found.iter().step_by(stride).take(PRICES);
        for (_, price) in found.iter().take(PRICES / 2).chain(spread) {
            if !kept.contains(price) {
                kept.push(price.clone());
            }
        }
        let sums = |price: &Vec<f64>| {
            let mut sums = vec![0.0; parts.len() + 1];
            for (place, part) in parts.iter().enumerate().rev() {
                let least = part.iter().map(|c| priced(c, price)).fold(f64::INFINITY, f64::min);
                sums[place] = sums[place + 1] + least;
            }
            sums
        };
        let mut reach = vec![vec![0.0; need.len()]; parts.len() + 1];
        for (place, part) in parts.iter().enumerate().rev() {
            let after = reach[place + 1].iter().enumerate();
            reach[place] = after.map(|(k, after)| after + highest(part, k)).collect();
        }
        Some(Self {
            prices: kept.into_iter().map(|p| (p.clone(), sums(&p))).collect(),
            reach,
            best: prices.best,
        })
    }

    /// What everything must cost at least, where so much has been chosen of the parts before a place.
    fn rest(&self, place: usize, cost: f64, scores: &[f64], need: &[f64]) -> f64 {
        let left = || need.iter().zip(scores).map(|(n, s)| n - s);
        if left().zip(&self.reach[place]).any(|(left, reach)| left > *reach) {
            return f64::INFINITY;
        }
        let each = self.prices.iter().map(|(price, sums)| {
            let dear: f64 = price.iter().zip(left()).map(|(p, left)| p * left).sum();
            cost + sums[place] + dear
        });
        each.fold(f64::NEG_INFINITY, f64::max)
    }
}

fn priced(choice: &Choice, price: &[f64]) -> f64 {
    let scored: f64 = choice.scores.iter().zip(price).map(|(s, p)| s * p).sum();
    choice.cost - scored
}

/// Looks for prices by which whatever reaches the needs must cost much.
struct Prices<'p> {
    parts: &'p [Vec<Choice>],
    need: &'p [f64],
    best: Option<Chosen>,
    /// Bounds, and their prices.
    found: Vec<(f64, Vec<f64>)>,
}

impl Prices<'_> {
    /// What these prices say, and by how much the needs are missed by what is cheapest with them.
    fn ask(&mut self, price: &[f64]) -> (f64, Vec<f64>) {
        let least = |part: &Vec<Choice>| {
            let each = part.iter().map(|c| (priced(c, price), c));
            each.min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, c)| c.clone())
        };
        let chosen: Vec<Choice> = self.parts.iter().filter_map(least).collect();
        let missing: Vec<f64> = (0..self.need.len())
            .map(|k| self.need[k] - chosen.iter().map(|c| c.scores[k]).sum::<f64>())
            .collect();
        let cost: f64 = chosen.iter().map(|c| c.cost).sum();
        let bound = cost + price.iter().zip(&missing).map(|(p, m)| p * m).sum::<f64>();
        if missing.iter().all(|m| *m <= 0.0) {
            self.take(chosen, &missing);
        }
        self.found.push((bound, price.to_vec()));
        (bound, missing)
    }

    /// Takes in a choice that reaches the needs, after giving up what it can do without.
    fn take(&mut self, mut chosen: Vec<Choice>, missing: &[f64]) {
        let mut spare: Vec<f64> = missing.iter().map(|m| -m).collect();
        loop {
            let mut most: Option<(f64, usize, &Choice)> = None;
            for (place, (part, now)) in self.parts.iter().zip(&chosen).enumerate() {
                for other in part.iter().take_while(|c| c.cost < now.cost - SAME) {
                    let given = now.scores.iter().zip(&other.scores).map(|(a, b)| a - b);
                    let saves = now.cost - other.cost;
                    if given.zip(&spare).all(|(given, spare)| given <= *spare)
                        && most.as_ref().is_none_or(|(most, ..)| saves > *most + SAME)
                    {
                        most = Some((saves, place, other));
                    }
                }
            }
            let Some((_, place, other)) = most else { break };
            for (k, spare) in spare.iter_mut().enumerate() {
                *spare -= chosen[place].scores[k] - other.scores[k];
            }
            chosen[place] = other.clone();
        }
        // What is left over has been added and taken away: it is added up anew.
        let reached = (0..self.need.len()).all(|k| chosen.iter().map(|c| c.scores[k]).sum::<f64>() >= self.need[k]);
        let cost = chosen.iter().map(|c| c.cost).sum();
        if reached && self.best.as_ref().is_none_or(|b| cost < b.cost - SAME) {
            self.best = Some(Chosen {
                cost,
                names: chosen.into_iter().map(|c| c.name).collect(),
            });
        }
    }

    /// Score by score, then along what is missed by steps that become smaller.
    fn look(&mut self, dearest: f64) -> Vec<f64> {
        let scores = self.need.len();
        let range = |k: usize| {
            let each = self.parts.iter().map(|part| {
                let scores = part.iter().map(|c| c.scores[k]);
                let (low, high) = scores.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), s| {
                    (low.min(s), high.max(s))
                });
                high - low
            });
            each.sum::<f64>()
        };
        let unit: Vec<f64> = (0..scores).map(|k| dearest.max(SAME) / range(k).max(SAME)).collect();
        let mut price = vec![0.0; scores];
        let (mut bound, _) = self.ask(&price);
        let mut at = price.clone();
        for _ in 0..SWEEPS {
            for k in 0..scores {
                let (mut low, mut high) = (0.0, unit[k]);
                // Up to where it is no longer missed; beyond a million times the unit it always is.
                for _ in 0..40 {
                    price[k] = high;
                    if self.ask(&price).1[k] <= 0.0 {
                        break;
                    }
                    (low, high) = (high, 2.0 * high);
                }
                for _ in 0..BISECTIONS {
                    price[k] = 0.5 * (low + high);
                    let (_, missing) = self.ask(&price);
                    if missing[k] > 0.0 {
                        low = price[k];
                    } else {
                        high = price[k];
                    }
                }
                price[k] = if self.ask(&[&price[..k], &[low], &price[k + 1..]].concat()).0 >= bound {
                    low
                } else {
                    high
                };
                let (now, _) = self.ask(&price);
                if now > bound {
                    bound = now;
                    at.clone_from(&price);
                }
            }
        }
        let mut size: Vec<f64> = at.iter().zip(&unit).map(|(p, u)| 0.3 * p.max(0.01 * u)).collect();
        price.clone_from(&at);
        for _ in 0..STEPS {
            let (now, missing) = self.ask(&price);
            if now > bound {
                bound = now;
                at.clone_from(&price);
            }
            for (k, price) in price.iter_mut().enumerate() {
                *price = (*price + size[k] * missing[k].signum()).max(0.0);
            }
            size.iter_mut().for_each(|s| *s *= 0.93);
        }
        at
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{Strategy, prop, prop_assert, prop_assert_eq, proptest};
    use proptest::test_runner::{Config, RngSeed};

    use super::{Choice, Chosen, cheapest, unbeaten};

    /// Every choice, one by one.
    fn by_force(parts: &[Vec<Choice>], need: &[f64]) -> Option<f64> {
        let mut sums = vec![(0.0, vec![0.0; need.len()])];
        for part in parts {
            let and = |(cost, scores): &(f64, Vec<f64>), c: &Choice| {
                let scores = scores.iter().zip(&c.scores).map(|(a, b)| a + b).collect();
                (cost + c.cost, scores)
            };
            sums = sums
                .iter()
                .flat_map(|sum| part.iter().map(move |c| and(sum, c)))
                .collect();
        }
        let passing = sums.iter().filter(|(_, s)| s.iter().zip(need).all(|(s, n)| s >= n));
        passing.map(|(cost, _)| *cost).min_by(f64::total_cmp)
    }

    fn parts(scores: usize) -> impl Strategy<Value = Vec<Vec<Choice>>> {
        let choice = (0..12u32, prop::collection::vec(-20..20i32, scores));
        let part = prop::collection::vec(choice, 1..9).prop_map(|part| {
            let of = |(name, (cost, scores)): (usize, (u32, Vec<i32>))| Choice {
                cost: f64::from(cost) * 0.7,
                scores: scores.into_iter().map(f64::from).collect(),
                name,
            };
            part.into_iter().enumerate().map(of).collect()
        });
        prop::collection::vec(part, 1..5)
    }

    fn sums(parts: &[Vec<Choice>], chosen: &Chosen, k: usize) -> f64 {
        let each = parts
            .iter()
            .zip(&chosen.names)
            .map(|(part, name)| part[*name].scores[k]);
        each.sum()
    }

    proptest! {
        #![proptest_config(Config { cases: 400, rng_seed: RngSeed::Fixed(3), failure_persistence: None, ..Config::default() })]

        /// Whole numbers, so that sums are exact: one score, two, or three, of which some can be reached and some not.
        #[test]
        fn it_is_as_cheap_as_the_cheapest_of_all(
            (all, need) in (1..4usize).prop_flat_map(|k| (parts(k), prop::collection::vec(-30..40i32, k)))
        ) {
            let need: Vec<f64> = need.into_iter().map(f64::from).collect();
            let fronts: Vec<Vec<Choice>> = all.iter().cloned().map(unbeaten).collect();
            let found = cheapest(&fronts, &need);
            prop_assert_eq!(found.is_some(), by_force(&all, &need).is_some());
            if let (Some(found), Some(least)) = (found, by_force(&all, &need)) {
                prop_assert!((found.cost - least).abs() < 1e-6, "{:?} {}", found, least);
                prop_assert!((0..need.len()).all(|k| sums(&all, &found, k) >= need[k]));
            }
        }
    }

    /// Six parts with 1,131 choices each, of which there are 2e18 together, take no time to look through.
    #[test]
    fn many_parts_are_no_matter() {
        let level = |x: f64| 1.0 - libm::exp(-x);
        let part = |size: f64| {
            let all = (0..39).flat_map(|a| (0..29).map(move |b| (a, b)));
            let choice = |(a, b): (i32, i32)| {
                let (x, y) = (f64::from(a) / 6.0 / size, f64::from(b) / 5.0 / size);
                Choice {
                    cost: 0.5 * f64::from(a + b),
                    scores: vec![
                        100.0 * size * (level(x) * level(2.0 * y) - 0.9),
                        60.0 * size * (level(y) * (1.0 - 0.1 * level(0.1 * x)) - 0.85),
                    ],
                    name: usize::try_from(29 * a + b).unwrap(),
                }
            };
            unbeaten(all.map(choice).collect())
        };
        let parts: Vec<Vec<Choice>> = [0.6, 0.8, 0.9, 1.0, 1.1, 1.3].into_iter().map(part).collect();
        let found = cheapest(&parts, &[0.0, 0.0]).unwrap();
        let reached = |k: usize| -> f64 {
            let of = |(part, name): (&Vec<Choice>, &usize)| part.iter().find(|c| c.name == *name).unwrap().scores[k];
            parts.iter().zip(&found.names).map(of).sum()
        };
        assert!(reached(0) >= 0.0 && reached(1) >= 0.0);
        // Equal parts of the same size and shape would have 12 posts each or so.
        assert!((found.cost - 72.0).abs() < 1e-9, "{found:?}");
    }
}
