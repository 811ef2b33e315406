//! The table of service levels that placements are chosen from, simulated as far as it can matter.
//!
//! A cell is an island with so many posts at each of its teams. Islands do not touch each other, so a placement is a cell for
//! each, and what is simulated is cells and not placements: six hubs and 24 posts have 150 cells and 118,755 placements.
//! Not even the cells are all needed. A cell that has not been simulated is taken to be no better than any with at least as
//! many posts everywhere (and no worse than any with at most as many); with that hope in their place the programmes find
//! what might be best, and what of it has not been simulated is simulated next, halving the stretch between two numbers
//! that have been. When what might be best is no more than [`WORTH`] above what is known to be, for every number of posts
//! and for the worst hub, nothing that is left out can matter. At the end the numbers beside those of the placements found
//! are simulated too, so that a doubt between neighbours is seen.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::AtomicBool;

use super::places::{Place, with_more};
use super::{AllocateRequest, CannotAllocate};
use crate::engine::{HubRecord, IslandRecord, World};
use crate::model::{HubId, PathwayId, Scenario};
use crate::pieces::{Pieces, WorldId};
use crate::replicate::{Unit, each};
use crate::stats::{Placed, Way, highest_low, largest_totals};

/// What is not worth a simulation: a hundredth of a point.
pub(super) const WORTH: f64 = 1e-4;

/// The most ways in which posts may be shared within an island of several teams.
const MOST_WAYS: usize = 500;

/// (hits, referrals) by hub of the island, standard and replication.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Cell(pub(super) Vec<Vec<Vec<(u64, u64)>>>);

/// Hubs that share staff, or one alone.
#[derive(Clone, Debug)]
pub(super) struct Island {
    pub(super) hubs: Vec<HubId>,
    /// Its teams: places in the list of all.
    pub(super) places: Vec<usize>,
    /// Steps at each team, fewest first.
    pub(super) ways: Vec<Vec<u32>>,
    pub(super) cells: Vec<Option<Cell>>,
    /// With all posts at each of several teams: nothing has more.
    most: Option<Cell>,
}

/// A way of an island: places in lists; past the end of the ways, all posts at each team.
type Wanted = (usize, usize);

/// What is simulated, and how.
pub(super) struct Simulating<'a> {
    pub(super) scenario: &'a Scenario,
    pub(super) request: &'a AllocateRequest,
    pub(super) places: &'a [Place],
    /// Pathways with a standard.
    pub(super) standards: Vec<PathwayId>,
    pub(super) pieces: &'a Pieces,
    pub(super) stop: &'a AtomicBool,
    pub(super) progress: &'a (dyn Fn() + Sync),
    pub(super) events: u64,
    pub(super) engine_cpu_s: f64,
}

/// The step by which posts are placed: the one asked for; else 1, or where hubs lend each other staff the smallest that keeps
/// the ways of sharing posts among them few enough.
///
/// # Errors
/// [`CannotAllocate::TooMany`] if none does.
pub(super) fn step(
    scenario: &Scenario,
    places: &[Place],
    extra: u32,
    asked: Option<u32>,
) -> Result<u32, CannotAllocate> {
    let teams = |island: &Vec<HubId>| places.iter().filter(|place| island.contains(&place.hub)).count();
    let islands = scenario.islands();
    let largest = islands.iter().max_by_key(|island| teams(island));
    let most = largest.map_or(1, teams);
    let few = |step: u32| most < 2 || ways_of(most, extra / step).is_some_and(|n| n <= MOST_WAYS);
    // In fewer steps than there are teams not even one could go to each.
    let enough = |step: &u32| (extra / step) as usize >= places.len().min(extra as usize);
    let found = match asked {
        Some(step) => Some(step).filter(|step| few(*step)),
        None => (1..=extra)
            .filter(|step| extra.is_multiple_of(*step) && few(*step))
            .find(enough),
    };
    found.ok_or_else(|| {
        let names = largest
            .into_iter()
            .flatten()
            .map(|hub| scenario.hubs[hub.0].name.clone());
        CannotAllocate::TooMany {
            hubs: names.collect::<Vec<_>>().join("; "),
            posts: extra / asked.unwrap_or(1),
        }
    })
}

/// In how many ways at most so many steps go to so many teams: binomial(steps + teams, teams); `None` past all counting.
fn ways_of(teams: usize, steps: u32) -> Option<usize> {
    (1..=teams).try_fold(1usize, |ways, team| {
        Some(ways.checked_mul(steps as usize + team)? / team)
    })
}

/// All ways in which at most so many steps go to so many teams, fewest first.
fn ways(teams: usize, steps: u32) -> Vec<Vec<u32>> {
    let mut ways = vec![Vec::new()];
    for _ in 0..teams {
        ways = ways
            .iter()
            .flat_map(|way: &Vec<u32>| {
                let left = steps - way.iter().sum::<u32>();
                (0..=left).map(move |more| way.iter().copied().chain([more]).collect())
            })
            .collect();
    }
    ways.sort_by_key(|way| way.iter().sum::<u32>());
    ways
}

fn at_most(one: &[u32], other: &[u32]) -> bool {
    one.iter().zip(other).all(|(a, b)| a <= b)
}

impl Simulating<'_> {
    pub(super) fn steps(&self) -> u32 {
        self.request.extra / self.request.step
    }

    fn objective(&self) -> usize {
        self.standards
            .iter()
            .position(|id| *id == self.request.pathway)
            .unwrap_or(0)
    }

    /// Simulates cells on so many replications from `first` on; the cells, on those replications that all of them have.
    pub(super) fn cells(
        &mut self,
        islands: &[Island],
        wanted: &[Wanted],
        first: u32,
        replications: u32,
    ) -> Result<Vec<Cell>, CannotAllocate> {
        // Islands with one team are simulated in a world in which each of those teams has as many more; the others do not
        // touch it.
        let mut worlds: Vec<(World, WorldId)> = Vec::new();
        let mut alike: BTreeMap<u32, usize> = BTreeMap::new();
        let mut of = Vec::with_capacity(wanted.len());
        for &(island, way) in wanted {
            let here = &islands[island];
            let all = vec![self.steps(); here.places.len()];
            let steps = here.ways.get(way).unwrap_or(&all);
            let mut make = |steps: &dyn Fn(usize, usize) -> u32| {
                let places = islands.iter().enumerate().flat_map(|(i, island)| {
                    let of_places = island.places.iter().enumerate();
                    of_places.map(move |(n, &place)| (place, steps(i, n)))
                });
                let more: Vec<(HubId, u32)> = places
                    .map(|(place, steps)| (self.places[place].at, steps * self.request.step))
                    .collect();
                let with = with_more(self.scenario, self.request.role, &more);
                worlds.push((World::new(&with), self.pieces.world(&with)));
                worlds.len() - 1
            };
            of.push(match steps.as_slice() {
                [] | [_] => {
                    let steps = steps.first().copied().unwrap_or(0);
                    let alone = |i: usize, _: usize| if islands[i].places.len() == 1 { steps } else { 0 };
                    *alike.entry(steps).or_insert_with(|| make(&alone))
                }
                several => make(&|i, n| if i == island { several[n] } else { 0 }),
            });
        }
        let cells = || wanted.iter().zip(&of);
        let units: Vec<Unit<'_>> = (first..first + replications)
            .flat_map(|replication| {
                let worlds = &worlds;
                cells().map(move |((island, _), world)| Unit {
                    world: &worlds[*world].0,
                    id: worlds[*world].1,
                    island: *island,
                    replication,
                })
            })
            .collect();
        // Of every pathway, so that what is kept of a world is the same whichever standards are asked.
        let keep = |record: &IslandRecord| -> Vec<Vec<(u64, u64)>> {
            let of_hub = |hub: &HubRecord| hub.pathways.iter().map(|p| (p.hits, p.referrals)).collect();
            record.hubs.iter().map(of_hub).collect()
        };
        let pathways = self.scenario.pathways.len();
        let fits = |unit: &Unit<'_>, kept: &Vec<Vec<(u64, u64)>>| {
            kept.len() == islands[unit.island].hubs.len() && kept.iter().all(|hub| hub.len() == pathways)
        };
        let watched = (self.stop, self.progress);
        let done = each(&units, self.pieces, self.request.threads, watched, keep, fits);
        let done = done.map_err(CannotAllocate::Unfinished)?.ok_or(CannotAllocate::Waits)?;
        let standards = &self.standards;
        let empty = |(island, _): &Wanted| Cell(vec![vec![Vec::new(); standards.len()]; islands[*island].hubs.len()]);
        let mut found: Vec<Cell> = wanted.iter().map(empty).collect();
        for replication in done.chunks(wanted.len().max(1)) {
            let Some(whole) = replication.iter().map(Option::as_ref).collect::<Option<Vec<_>>>() else {
                break;
            };
            for (cell, unit) in found.iter_mut().zip(whole) {
                self.events += unit.events;
                self.engine_cpu_s += unit.engine_cpu_s;
                for (hub, levels) in cell.0.iter_mut().zip(&unit.kept) {
                    hub.iter_mut()
                        .zip(standards)
                        .for_each(|(all, id)| all.push(levels[id.0]));
                }
            }
        }
        Ok(found)
    }
}

/// Shares of the hubs in the total, by the referrals of the objective that come to them.
pub(super) type Weights = BTreeMap<HubId, f64>;

/// The cells known so far.
pub(super) struct Table {
    pub(super) islands: Vec<Island>,
    pub(super) weights: Weights,
    /// The pathway that decides: a place in the standards.
    pub(super) objective: usize,
    /// The team that serves each hub.
    teams: BTreeMap<HubId, usize>,
    steps: u32,
}

impl Table {
    /// The first cells: no posts and all posts everywhere, and some placements that are asked for in any case.
    pub(super) fn first(sim: &mut Simulating<'_>, placements: &[Vec<u32>]) -> Result<Self, CannotAllocate> {
        let steps = sim.steps();
        let islands = sim.scenario.islands().into_iter().map(|hubs| {
            let places: Vec<usize> = (0..sim.places.len())
                .filter(|&p| hubs.contains(&sim.places[p].hub))
                .collect();
            let ways = ways(places.len(), steps);
            Island {
                cells: vec![None; ways.len()],
                hubs,
                places,
                ways,
                most: None,
            }
        });
        let mut table = Self {
            islands: islands.collect(),
            weights: Weights::new(),
            objective: sim.objective(),
            teams: (0..)
                .zip(sim.places)
                .flat_map(|(n, p)| p.serves.iter().map(move |h| (*h, n)))
                .collect(),
            steps,
        };
        let mut wanted: BTreeSet<Wanted> = BTreeSet::new();
        for (number, island) in table.islands.iter().enumerate() {
            wanted.insert((number, 0));
            match island.places.len() {
                0 => {}
                1 => drop(wanted.insert((number, island.ways.len() - 1))),
                _ => drop(wanted.insert((number, island.ways.len()))),
            }
        }
        for placement in placements {
            wanted.extend(table.ways_of(placement).into_iter().enumerate());
        }
        table.simulate(sim, &wanted)?;
        let referrals =
            |cell: &Cell, hub: usize| -> f64 { cell.0[hub][table.objective].iter().map(|pair| pair.1 as f64).sum() };
        let of_island = |island: &Island| -> Vec<(HubId, f64)> {
            let cell = island.cells.first().and_then(Option::as_ref);
            let hubs = island.hubs.iter().enumerate();
            cell.map_or_else(Vec::new, |cell| {
                hubs.map(|(n, hub)| (*hub, referrals(cell, n))).collect()
            })
        };
        let weights: Weights = table.islands.iter().flat_map(of_island).collect();
        let sum: f64 = weights.values().sum();
        if sum <= 0.0 {
            return Err(CannotAllocate::NobodyCame(
                sim.scenario.pathways[sim.request.pathway.0].name.clone(),
            ));
        }
        table.weights = weights.into_iter().map(|(hub, n)| (hub, n / sum)).collect();
        Ok(table)
    }

    fn simulate(&mut self, sim: &mut Simulating<'_>, wanted: &BTreeSet<Wanted>) -> Result<(), CannotAllocate> {
        let wanted: Vec<Wanted> = wanted.iter().copied().collect();
        let replications = sim.request.search;
        let cells = sim.cells(&self.islands, &wanted, 0, replications)?;
        for ((island, way), cell) in wanted.into_iter().zip(cells) {
            let done = cell
                .0
                .iter()
                .flatten()
                .all(|pairs| pairs.len() == replications as usize);
            if !done {
                return Err(CannotAllocate::Unfinished(
                    "stopped before the placements could be compared: there is nothing to report".into(),
                ));
            }
            let island = &mut self.islands[island];
            match island.cells.get_mut(way) {
                Some(place) => *place = Some(cell),
                None => island.most = Some(cell),
            }
        }
        Ok(())
    }

    /// The team that serves a hub, if it can be given posts.
    pub(super) fn team_of(&self, hub: HubId) -> Option<usize> {
        self.teams.get(&hub).copied()
    }

    /// Steps at each team, as ways of the islands.
    pub(super) fn ways_of(&self, placement: &[u32]) -> Vec<usize> {
        let way = |island: &Island| {
            let steps: Vec<u32> = island.places.iter().map(|&p| placement[p]).collect();
            island.ways.iter().position(|way| *way == steps).unwrap_or(0)
        };
        self.islands.iter().map(way).collect()
    }

    /// Ways of the islands, as steps at each team.
    pub(super) fn placement(&self, ways: &[usize]) -> Vec<u32> {
        let mut steps: Vec<(usize, u32)> = self
            .islands
            .iter()
            .zip(ways)
            .flat_map(|(island, &way)| island.places.iter().copied().zip(island.ways[way].iter().copied()))
            .collect();
        steps.sort_unstable();
        steps.into_iter().map(|(_, steps)| steps).collect()
    }

    /// What a cell adds to the total, and its lowest hub, on the replications drawn.
    pub(super) fn value(&self, island: &Island, cell: &Cell, drawn: impl Iterator<Item = usize> + Clone) -> (f64, f64) {
        let (mut total, mut lowest) = (0.0, f64::INFINITY);
        for (hub, levels) in island.hubs.iter().zip(&cell.0) {
            let pairs = &levels[self.objective];
            let add = |(hits, of): (u64, u64), r: usize| (hits + pairs[r].0, of + pairs[r].1);
            let (hits, of) = drawn.clone().fold((0, 0), add);
            let weight = self.weights.get(hub).copied().unwrap_or(0.0);
            if of > 0 && weight > 0.0 {
                let level = hits as f64 / of as f64;
                total += weight * level;
                lowest = lowest.min(level);
            }
        }
        (total, lowest)
    }

    /// The cells known, as ways of their islands; on the replications drawn. What is not known takes more posts than there are.
    pub(super) fn known(&self, drawn: &(impl Iterator<Item = usize> + Clone)) -> Vec<Vec<Way>> {
        let of = |island: &Island| -> Vec<Way> {
            let ways = island.ways.iter().zip(&island.cells);
            ways.map(|(way, cell)| {
                let Some(cell) = cell else {
                    return Way {
                        posts: usize::MAX,
                        total: 0.0,
                        lowest: 0.0,
                    };
                };
                let (total, lowest) = self.value(island, cell, drawn.clone());
                Way {
                    posts: way.iter().sum::<u32>() as usize,
                    total,
                    lowest,
                }
            })
            .collect()
        };
        self.islands.iter().map(of).collect()
    }

    /// The same, and what is not known at the best that can be hoped of it.
    fn hopeful(&self, sim: &Simulating<'_>, known: &[Vec<Way>]) -> Vec<Vec<Way>> {
        let all = 0..sim.request.search as usize;
        let of = |(island, known): (&Island, &Vec<Way>)| -> Vec<Way> {
            let most = island.most.as_ref().map(|cell| self.value(island, cell, all.clone()));
            let at = |place: usize| {
                let way = &island.ways[place];
                let mut hope = most.unwrap_or((f64::INFINITY, f64::INFINITY));
                let mut floor = (f64::NEG_INFINITY, f64::NEG_INFINITY);
                let simulated = known
                    .iter()
                    .zip(&island.ways)
                    .filter(|(value, _)| value.posts < usize::MAX);
                for (value, other) in simulated {
                    if at_most(way, other) {
                        hope = (hope.0.min(value.total), hope.1.min(value.lowest));
                    }
                    if at_most(other, way) {
                        floor = (floor.0.max(value.total), floor.1.max(value.lowest));
                    }
                }
                Way {
                    posts: way.iter().sum::<u32>() as usize,
                    total: hope.0.max(floor.0),
                    lowest: hope.1.max(floor.1),
                }
            };
            let one = |(place, way): (usize, &Way)| if way.posts < usize::MAX { *way } else { at(place) };
            known.iter().enumerate().map(one).collect()
        };
        self.islands.iter().zip(known).map(of).collect()
    }

    /// Simulates what may matter to the placement of any number of posts, and to that for the worst hub.
    pub(super) fn refine(&mut self, sim: &mut Simulating<'_>) -> Result<(), CannotAllocate> {
        let posts = self.steps as usize;
        loop {
            let known = self.known(&(0..sim.request.search as usize));
            let hopeful = self.hopeful(sim, &known);
            let mut wanted = BTreeSet::new();
            let mut look = |might: Option<Placed>, is: Option<&Placed>| {
                let Some(might) = might else { return };
                if is.is_none_or(|is| might.value > is.value + WORTH) {
                    let unknown = might.ways.iter().enumerate();
                    wanted.extend(
                        unknown
                            .filter(|(island, way)| known[*island][**way].posts == usize::MAX)
                            .map(|(island, way)| (island, self.between(island, *way))),
                    );
                }
            };
            let totals = largest_totals(&known, posts);
            let fair = highest_low(&known, posts);
            for (might, is) in largest_totals(&hopeful, posts).into_iter().zip(&totals) {
                look(might, is.as_ref());
            }
            look(highest_low(&hopeful, posts), fair.as_ref());
            if wanted.is_empty() {
                let found = [totals.into_iter().next_back().flatten(), fair];
                wanted.extend(found.into_iter().flatten().flat_map(|placed| self.beside(&placed.ways)));
            }
            if wanted.is_empty() {
                return Ok(());
            }
            self.simulate(sim, &wanted)?;
        }
    }

    /// The way to simulate when one is unknown: of a single team, half-way between the numbers known on both sides.
    fn between(&self, island: usize, way: usize) -> usize {
        let here = &self.islands[island];
        if here.places.len() != 1 {
            return way;
        }
        let known = |w: &usize| here.cells[*w].is_some();
        let below = (0..way).rev().find(known).unwrap_or(0);
        let above = (way + 1..here.ways.len()).find(known).unwrap_or(way);
        below.midpoint(above).max(below + 1)
    }

    /// Ways that are not known, a step more or fewer at one team than these.
    fn beside(&self, ways: &[usize]) -> Vec<Wanted> {
        let mut found = Vec::new();
        for (number, (island, &way)) in self.islands.iter().zip(ways).enumerate() {
            let own = &island.ways[way];
            let near = |other: &Vec<u32>| own.iter().zip(other).map(|(a, b)| a.abs_diff(*b)).sum::<u32>() == 1;
            let unknown = island.ways.iter().zip(&island.cells).enumerate();
            found.extend(
                unknown
                    .filter(|(_, (other, cell))| cell.is_none() && near(other))
                    .map(|(place, _)| (number, place)),
            );
        }
        found
    }

    /// One step at a time, each at the team where it adds most to the total: the teams in that order, and what it comes to.
    pub(super) fn one_by_one(&mut self, sim: &mut Simulating<'_>) -> Result<(Vec<usize>, Vec<usize>), CannotAllocate> {
        let mut ways = vec![0; self.islands.len()];
        let mut order = Vec::new();
        for _ in 0..self.steps {
            let next: Vec<(usize, usize, usize)> = (0..self.islands.len())
                .flat_map(|number| self.one_more(number, ways[number]))
                .collect();
            let unknown = next.iter().map(|(island, way, _)| (*island, *way));
            let unknown: BTreeSet<Wanted> = unknown.filter(|(i, w)| self.islands[*i].cells[*w].is_none()).collect();
            if !unknown.is_empty() {
                self.simulate(sim, &unknown)?;
            }
            let all = 0..sim.request.search as usize;
            let total = |island: usize, way: usize| {
                let here = &self.islands[island];
                let cell = here.cells[way].as_ref();
                cell.map_or(0.0, |cell| self.value(here, cell, all.clone()).0)
            };
            let gain = |(island, way, _): &(usize, usize, usize)| total(*island, *way) - total(*island, ways[*island]);
            let best = next
                .iter()
                .reduce(|best, next| if gain(next) > gain(best) { next } else { best });
            let Some(&(island, way, place)) = best else { break };
            ways[island] = way;
            order.push(place);
        }
        Ok((order, ways))
    }

    /// The ways of an island with a step more at one team, with that team.
    fn one_more(&self, number: usize, way: usize) -> Vec<(usize, usize, usize)> {
        let island = &self.islands[number];
        let teams = island.places.iter().enumerate();
        teams
            .filter_map(|(n, &place)| {
                let mut more = island.ways[way].clone();
                more[n] += 1;
                let found = island.ways.iter().position(|w| *w == more)?;
                Some((number, found, place))
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{ways, ways_of};

    #[test]
    fn ways_of_sharing_posts_are_as_many_as_the_binomial_says() {
        for (teams, steps) in [(1, 24), (2, 24), (3, 8), (6, 4), (0, 5)] {
            let all = ways(teams, steps);
            assert_eq!(Some(all.len()), ways_of(teams, steps));
            assert!(
                all.iter()
                    .all(|way| way.len() == teams && way.iter().sum::<u32>() <= steps)
            );
            assert!(all[0].iter().all(|&n| n == 0));
        }
        assert_eq!(ways_of(6, 24), Some(593_775));
    }
}
