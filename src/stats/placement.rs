//! So many posts over groups that do not touch each other: for the largest total, or for the best lowest level.
//!
//! A group has *ways* of using posts: each takes so many, adds so much to the total, and leaves the group's lowest level
//! where it says. What a group gains need not grow with its posts, nor grow ever more slowly (where there is more work than
//! staff the first posts may do nothing at all), and one group may take its posts in several ways, so nothing is asked of
//! the ways: both programmes look, for every number of posts, at every way of the next group on top of what is best for the
//! groups before it. Placing posts one at a time where the next does most is as good only if
//! gains never grow.
//!
//! # Source
//! R. Bellman, *Dynamic Programming* (1957), ch. 1 (allocation); B. Fox, *Discrete optimization via marginal analysis*,
//! Management Science 13 (1966), 210-216, for when one at a time is best. The lowest level takes the minimum in the place
//! of the sum; among all placements that reach it, the one with the largest total is taken.

/// A way in which a group uses posts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Way {
    /// Posts that it takes.
    pub posts: usize,
    /// What it adds to the total.
    pub total: f64,
    /// The lowest level in the group; infinite where it has none.
    pub lowest: f64,
}

/// A placement: a way for each group, and what it comes to.
#[derive(Clone, Debug, PartialEq)]
pub struct Placed {
    /// The total, or the lowest level.
    pub value: f64,
    /// For each group, the place of its way in its list.
    pub ways: Vec<usize>,
}

/// For every number of posts up to `posts`: the placement of exactly so many with the largest total. `None` where no ways add
/// up to the number. Of equal placements, that with the earlier ways of the later groups.
#[must_use]
pub fn largest_totals(groups: &[Vec<Way>], posts: usize) -> Vec<Option<Placed>> {
    programme(groups, posts, 0.0, |sum, way| sum + way.total, |_| true)
}

/// The placement of exactly so many posts whose lowest level is highest; among those that reach it, the one with the largest
/// total.
#[must_use]
pub fn highest_low(groups: &[Vec<Way>], posts: usize) -> Option<Placed> {
    let lows = programme(groups, posts, f64::INFINITY, |low, way| low.min(way.lowest), |_| true);
    let low = lows.into_iter().next_back()??.value;
    let enough = |way: &Way| way.lowest >= low;
    let reach = programme(groups, posts, 0.0, |sum, way| sum + way.total, enough);
    let mut placed = reach.into_iter().next_back()??;
    placed.value = low;
    Some(placed)
}

/// The placement of so many posts with the largest total but one: the best that differs from `best` in some group.
#[must_use]
pub fn runner_up(groups: &[Vec<Way>], posts: usize, best: &Placed) -> Option<Placed> {
    let without = |group: usize| {
        let mut others = groups.to_vec();
        // A way that can never be taken.
        others[group][best.ways[group]].posts = usize::MAX;
        largest_totals(&others, posts).pop()?
    };
    let all = (0..groups.len()).filter_map(without);
    all.reduce(|best, next| if next.value > best.value { next } else { best })
}

fn programme(
    groups: &[Vec<Way>],
    posts: usize,
    nothing: f64,
    join: impl Fn(f64, &Way) -> f64,
    allowed: impl Fn(&Way) -> bool,
) -> Vec<Option<Placed>> {
    let mut best: Vec<Option<f64>> = vec![None; posts + 1];
    best[0] = Some(nothing);
    let mut chosen = Vec::with_capacity(groups.len());
    for ways in groups {
        let mut next: Vec<Option<(f64, usize)>> = vec![None; posts + 1];
        for (place, way) in ways.iter().enumerate().filter(|(_, way)| allowed(way)) {
            for number in way.posts..=posts {
                let Some(before) = best[number - way.posts] else {
                    continue;
                };
                let value = join(before, way);
                if next[number].is_none_or(|(most, _)| value > most) {
                    next[number] = Some((value, place));
                }
            }
        }
        best = next.iter().map(|found| found.map(|(value, _)| value)).collect();
        chosen.push(next);
    }
    let back = |number: usize| -> Option<Placed> {
        let mut left = number;
        let mut ways = Vec::with_capacity(groups.len());
        for (chosen, group) in chosen.iter().zip(groups).rev() {
            let (_, place) = chosen[left]?;
            left -= group[place].posts;
            ways.push(place);
        }
        ways.reverse();
        Some(Placed {
            value: best[number]?,
            ways,
        })
    };
    (0..=posts).map(back).collect()
}

#[cfg(test)]
mod tests {
    use super::{Placed, Way, highest_low, largest_totals, runner_up};
    use crate::random::{Key, name_salt};

    /// Every placement of exactly so many posts: its ways, total and lowest level.
    fn all(groups: &[Vec<Way>], posts: usize) -> Vec<(Vec<usize>, f64, f64)> {
        let mut found = vec![(Vec::new(), 0usize, 0.0, f64::INFINITY)];
        for ways in groups {
            found = found
                .iter()
                .flat_map(|(taken, used, total, low)| {
                    ways.iter().enumerate().filter_map(move |(place, way)| {
                        let used = used + way.posts;
                        (used <= posts).then(|| {
                            let taken: Vec<usize> = taken.iter().copied().chain([place]).collect();
                            (taken, used, total + way.total, low.min(way.lowest))
                        })
                    })
                })
                .collect();
        }
        let whole = found.into_iter().filter(|(_, used, ..)| *used == posts);
        whole.map(|(ways, _, total, low)| (ways, total, low)).collect()
    }

    /// Random levels of `groups` groups for 0 to `posts` posts; sorted, if they are to grow.
    fn table(number: u64, groups: u64, posts: usize, grow: bool) -> Vec<Vec<Way>> {
        let key = Key::root(38).part(name_salt("table"), number);
        (0..groups)
            .map(|group| {
                let part = key.part(name_salt("group"), group);
                let mut levels: Vec<f64> = (0..=posts as u64).map(|k| part.uniform(1, k)).collect();
                if grow {
                    levels.sort_by(f64::total_cmp);
                }
                let weight = 0.5 + part.uniform(2, 0);
                let way = |(posts, lowest): (usize, f64)| Way {
                    posts,
                    total: weight * lowest,
                    lowest,
                };
                levels.into_iter().enumerate().map(way).collect()
            })
            .collect()
    }

    /// Gives the next post to the group that is lowest: best for the lowest where levels grow with posts.
    fn feed_the_lowest(groups: &[Vec<Way>], posts: usize) -> f64 {
        let mut taken = vec![0; groups.len()];
        let level = |taken: &[usize], group: usize| groups[group][taken[group]].lowest;
        for _ in 0..posts {
            let lowest = (0..groups.len())
                .min_by(|&a, &b| level(&taken, a).total_cmp(&level(&taken, b)))
                .unwrap();
            taken[lowest] += 1;
        }
        (0..groups.len())
            .map(|group| level(&taken, group))
            .fold(f64::INFINITY, f64::min)
    }

    /// The level above which every group can still be lifted with so many posts, found by halving.
    fn by_halving(groups: &[Vec<Way>], posts: usize) -> f64 {
        let needed = |level: f64| -> Option<usize> {
            let of = |ways: &Vec<Way>| ways.iter().find(|way| way.lowest >= level).map(|way| way.posts);
            groups.iter().map(of).sum()
        };
        let (mut low, mut high) = (0.0, 1.0);
        for _ in 0..60 {
            let middle = (low + high) / 2.0;
            if needed(middle).is_some_and(|n| n <= posts) {
                low = middle;
            } else {
                high = middle;
            }
        }
        low
    }

    /// Four groups, ten posts: 286 placements, none better than what the programmes find; 200 tables of any shape and 200
    /// that grow.
    #[test]
    fn the_programmes_find_what_looking_at_every_placement_finds() {
        for number in 0..400 {
            let grow = number % 2 == 1;
            let groups = table(number, 4, 10, grow);
            let every = all(&groups, 10);
            assert_eq!(every.len(), 286);
            let mut totals: Vec<f64> = every.iter().map(|(_, total, _)| *total).collect();
            totals.sort_by(|a, b| b.total_cmp(a));
            let best = largest_totals(&groups, 10).pop().unwrap().unwrap();
            assert!((best.value - totals[0]).abs() < 1e-12, "{number}");
            let (ways, ..) = every.iter().find(|(_, total, _)| *total >= totals[0] - 1e-12).unwrap();
            assert_eq!(best.ways, *ways);
            let second = runner_up(&groups, 10, &best).unwrap();
            assert!(
                (second.value - totals[1]).abs() < 1e-12 && second.ways != best.ways,
                "{number}"
            );
            let fair = highest_low(&groups, 10).unwrap();
            let highest = every.iter().map(|(.., low)| *low).fold(0.0, f64::max);
            assert!((fair.value - highest).abs() < 1e-15, "{number}");
            let reach = every.iter().filter(|(.., low)| *low >= highest);
            let most = reach.map(|(_, total, _)| *total).fold(0.0, f64::max);
            let total: f64 = groups.iter().zip(&fair.ways).map(|(ways, &w)| ways[w].total).sum();
            assert!((total - most).abs() < 1e-12, "{number}");
            if grow {
                assert!((feed_the_lowest(&groups, 10) - highest).abs() < 1e-15, "{number}");
                assert!((by_halving(&groups, 10) - highest).abs() < 1e-12, "{number}");
            }
        }
    }

    /// A group of two teams takes its posts in several ways; numbers that no ways add up to have no placement.
    #[test]
    fn a_group_may_take_the_same_posts_in_several_ways() {
        let way = |posts, total, lowest| Way { posts, total, lowest };
        let pair = vec![way(0, 0.1, 0.1), way(2, 0.5, 0.2), way(2, 0.4, 0.3), way(4, 0.6, 0.4)];
        let alone = vec![way(0, 0.3, 0.3), way(2, 0.35, 0.35)];
        let groups = [pair, alone];
        let placed = |value, ways: [usize; 2]| {
            Some(Placed {
                value,
                ways: ways.to_vec(),
            })
        };
        let totals = largest_totals(&groups, 4);
        assert_eq!(totals[0], placed(0.1 + 0.3, [0, 0]));
        assert_eq!(totals[1], None);
        assert_eq!(totals[2], placed(0.5 + 0.3, [1, 0]));
        assert_eq!(totals[4], placed(0.6 + 0.3, [3, 0]));
        assert_eq!(highest_low(&groups, 2), placed(0.3, [2, 0]));
        assert_eq!(
            (highest_low(&groups, 1), highest_low(&groups, 4)),
            (None, placed(0.3, [3, 0]))
        );
        assert_eq!(
            runner_up(&groups, 2, totals[2].as_ref().unwrap()),
            placed(0.4 + 0.3, [2, 0])
        );
    }
}
