//! The search for the cheapest staffing that looks sufficient. It decides nothing: a wrong turn costs replications, and the
//! certificate, on other people, is where it shows.
//!
//! A staffing is simulated on the same people as all others until each of its checks looks met or one looks missed, or so near
//! to the level wanted that a certificate could not be expected to tell: then it is named as borderline, and nothing is claimed
//! of it. What is missed excludes all that is at most as good; what is met holds for all that is at least as good. The search goes on until
//! every staffing cheaper than the cheapest that meets all is excluded. Among those that are not, it tries the one that can be
//! expected to settle most of them.

use std::sync::Arc;

use super::guess::{Guess, Point, score};
use super::known::{Fact, Known};
use super::seen::{Line, Seen};
use super::space::{Component, Levels};
use super::store::{Store, Want};

/// Replications at which a staffing is looked at, and how many standard errors from the level wanted it must then be.
const LOOKS: [(usize, f64); 11] = [
    (3, 5.0),
    (4, 3.5),
    (6, 2.6),
    (8, 2.2),
    (12, 2.0),
    (16, 1.7),
    (24, 1.4),
    (40, 1.2),
    (64, 1.1),
    (100, 1.0),
    (160, 0.0),
];

/// Up to so many replications, a staffing that is not clearly outside twice the zone of indifference is looked at until it is known
/// to a fraction of it.
const SHARPER: usize = 40;

impl Seen {
    /// What this shows where `errors` standard errors from the level are enough, and `delta` is half the zone of indifference.
    /// At the last look it is decided one way or another.
    fn shows(&self, errors: f64, delta: f64, last: bool) -> Shown {
        let (gap, error) = (self.gap.abs(), self.error);
        if self.is_near(delta) || last && gap < delta {
            Shown::Near
        } else if gap < errors * error || gap < 2.0 * delta && !self.is_sharp(delta) && self.replications < SHARPER {
            Shown::Unclear
        } else if self.gap < 0.0 {
            Shown::Missed
        } else {
            Shown::Met
        }
    }
}

/// What has been seen of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shown {
    Met,
    Missed,
    /// Inside the zone of indifference, as far as it can be seen.
    Near,
    Unclear,
}

/// The search of one component.
pub(super) struct Search {
    pub(super) component: Arc<Component>,
    /// What the facts seen so far say of all staffings.
    pub(super) known: Known,
    /// People on shift of one level, by dial.
    people: Vec<f64>,
    /// All that has been simulated, in that order.
    pub(super) tried: Vec<Levels>,
    /// Signs that are still to be seen: (check, dial).
    pub(super) doubtful: Vec<(usize, usize)>,
    now: Option<(Levels, usize)>,
    pub(super) start: Levels,
    /// Half the zone of indifference.
    delta: f64,
}

impl Search {
    pub(super) fn new(component: Arc<Component>, people: Vec<f64>, start: Levels, delta: f64) -> Self {
        Self {
            known: Known::nothing(&component),
            doubtful: component.doubtful.clone(),
            component,
            people,
            tried: Vec::new(),
            now: None,
            start,
            delta,
        }
    }

    /// Slopes expected of a check's score, by dial.
    pub(super) fn expected(&self, check: usize) -> Vec<f64> {
        let size = |j: usize| (f64::from(self.start[j]) * self.people[j]).max(1.0);
        let of = |(j, sign): (usize, &super::Sign)| match sign {
            super::Sign::Raises => 0.5 / size(j).sqrt(),
            super::Sign::Lowers | super::Sign::Unknown => 0.0,
        };
        self.component.signs[check].iter().enumerate().map(of).collect()
    }

    /// What is to be simulated before the search begins, where a sign is doubtful.
    pub(super) fn scan(&self, replications: usize) -> Vec<Want> {
        let cells = super::audit::scan(self).into_iter();
        cells.map(|cell| self.want(cell, replications)).collect()
    }

    /// Notes what the scan has shown of signs.
    pub(super) fn scanned(&mut self, store: &Store<'_>, error: f64) {
        let cells = super::audit::scan(self);
        let shown = super::audit::support(self, store, error, self.delta);
        self.take_for(&shown);
        self.doubtful
            .retain(|(check, j)| !shown.iter().any(|(k, d, _)| k == check && d == j));
        for cell in cells {
            if !self.tried.contains(&cell) {
                self.tried.push(cell);
            }
        }
    }

    /// Notes what staffings of the scan show of the levels, once all their replications are there.
    pub(super) fn look_at_scanned(&mut self, store: &Store<'_>) {
        for cell in self.tried.clone() {
            let _ = self.look(store, &cell, LOOKS[0].0);
        }
    }

    fn checks(&self) -> std::ops::Range<usize> {
        0..self.component.checks.len()
    }

    /// Leaves off: what it was busy with counts as tried, if anything of it has been seen.
    pub(super) fn leave(&mut self, store: &Store<'_>) {
        if let Some((cell, _)) = self.now.take()
            && !self.tried.contains(&cell)
            && self.checks().any(|k| self.seen(store, &cell, k).is_some())
        {
            self.tried.push(cell);
        }
    }

    /// How far the search is: 0 with everything open, 1 with nothing, and as much nearer whenever what is open is halved.
    pub(super) fn settled(&self) -> f64 {
        let open = self
            .known
            .cheaper()
            .filter(|(_, cell)| !self.known.excluded(cell))
            .count();
        let digits = |n: usize| libm::log(1.0 + n as f64);
        1.0 - digits(open) / digits(self.known.cells().len())
    }

    /// What is known of a check at a staffing, from the search and from certificates that failed.
    pub(super) fn seen(&self, store: &Store<'_>, cell: &[u16], check: usize) -> Option<Seen> {
        self.seen_beside(store, cell, check, &self.lines(store, check))
    }

    /// The same, where the lines through all staffings tried are at hand.
    fn seen_beside(&self, store: &Store<'_>, cell: &[u16], check: usize, lines: &[(&Levels, Line)]) -> Option<Seen> {
        let samples = store.all_samples(&self.component, cell, check);
        let others = lines.iter().filter(|(other, _)| *other != cell);
        let others: Vec<Line> = others.map(|(_, line)| *line).collect();
        Seen::of(&samples, self.component.checks[check].wanted, &others)
    }

    /// Lines through hits and control at the staffings tried.
    fn lines(&self, store: &Store<'_>, check: usize) -> Vec<(&Levels, Line)> {
        let wanted = self.component.checks[check].wanted;
        let through = |cell| Line::through(&store.all_samples(&self.component, cell, check), wanted);
        let each = self.tried.iter().map(|cell| (cell, through(cell)));
        each.filter_map(|(cell, line)| Some((cell, line?))).collect()
    }

    /// Takes in what has been simulated of what it asked for.
    pub(super) fn hear(&mut self, store: &Store<'_>) {
        let Some((cell, replications)) = self.now.take() else {
            return;
        };
        if let Some(more) = self.look(store, &cell, replications) {
            self.now = Some((cell, more));
        } else if !self.tried.contains(&cell) {
            self.tried.push(cell);
        }
    }

    /// What to simulate next; `None` when every cheaper staffing is excluded.
    pub(super) fn next(&mut self, store: &Store<'_>) -> Option<Want> {
        if self.now.is_none() {
            self.now = self.choose(store).map(|cell| (cell, LOOKS[0].0));
        }
        let (cell, replications) = self.now.clone()?;
        Some(self.want(cell, replications))
    }

    /// What is to be simulated of a staffing.
    pub(super) fn want(&self, cell: Levels, replications: usize) -> Want {
        Want {
            component: Arc::clone(&self.component),
            cell,
            replications,
        }
    }

    /// Notes what a staffing shows; or how many replications it takes to see more.
    fn look(&mut self, store: &Store<'_>, cell: &Levels, replications: usize) -> Option<usize> {
        let seen: Vec<Option<Seen>> = self.checks().map(|k| self.seen(store, cell, k)).collect();
        let known = seen
            .iter()
            .flatten()
            .map(|s| s.replications)
            .max()
            .unwrap_or(replications);
        let look = LOOKS.partition_point(|(n, _)| *n <= known).max(1) - 1;
        let next = LOOKS.get(look + 1).map(|(n, _)| *n);
        let shown: Vec<Shown> = (0..)
            .zip(&seen)
            // What is known need not be seen; and without a referral in so many replications there is nothing to miss.
            .map(|(k, seen)| match seen {
                Some(seen) if !self.known.is_met(cell, k) => seen.shows(LOOKS[look].1, self.delta, next.is_none()),
                _ => Shown::Met,
            })
            .collect();
        for (check, shown) in shown.iter().enumerate() {
            let fact = (cell.clone(), check);
            match shown {
                Shown::Met => self.known.add_met(&self.component, fact),
                Shown::Missed => self.known.add_missed(&self.component, fact),
                Shown::Near | Shown::Unclear => {}
            }
        }
        if shown.contains(&Shown::Missed) {
            return None;
        }
        if shown.contains(&Shown::Unclear) {
            return next;
        }
        if shown.contains(&Shown::Near) {
            self.known.add_borderline(cell.clone());
        }
        None
    }

    pub(super) fn persons(&self, cell: &[u16]) -> Vec<f64> {
        cell.iter().zip(&self.people).map(|(l, p)| f64::from(*l) * p).collect()
    }

    /// A guess of every check's score less that of the level wanted.
    pub(super) fn guesses(&self, store: &Store<'_>) -> Vec<Guess> {
        let centre = self.known.best().map_or(&self.start, |(_, cell)| cell);
        self.checks()
            .map(|k| {
                let wanted = self.component.checks[k].wanted;
                let lines = self.lines(store, k);
                let points: Vec<Point> = self
                    .tried
                    .iter()
                    .filter_map(|cell| {
                        let seen = self.seen_beside(store, cell, k, &lines)?;
                        let of = seen.referrals * seen.replications as f64;
                        Some(Point {
                            people: self.persons(cell),
                            score: score(wanted + seen.gap, of) - score(wanted, of),
                            weight: 1.0,
                        })
                    })
                    .collect();
                Guess::through(&points, &self.expected(k), &self.persons(centre))
            })
            .collect()
    }

    /// Whether a fact makes an easy claim: it lies no higher than what it is to exclude, or far from the level wanted. While
    /// the best was dearer, staffings may have been tried that are dearer than the best is now, and nearer to the level than
    /// any that must be excluded.
    fn is_easy(&self, store: &Store<'_>, (cell, check): &Fact) -> bool {
        let far = |seen: Seen| seen.gap.abs() > EASY * seen.spread;
        self.component.cost(cell) < self.known.target(cell) || self.seen(store, cell, *check).is_some_and(far)
    }

    /// Cheaper staffings that are not excluded; if all are, those that no easy claim would exclude.
    fn open(&self, store: &Store<'_>) -> Vec<&Levels> {
        let (known, component) = (&self.known, &self.component);
        let Some((_, best)) = known.best().filter(|_| known.is_settled()) else {
            let open = known.cheaper().map(|(_, cell)| cell);
            return open
                .filter(|cell| !known.excluded(cell) && !known.suffices(cell))
                .collect();
        };
        let missed = known.missed();
        let easy: Vec<&Fact> = missed.iter().filter(|fact| self.is_easy(store, fact)).collect();
        let claimed = |cell: &Levels| easy.iter().any(|(at, k)| component.at_most(*k, cell, at));
        let unclaimed = known.to_exclude().map(|(_, cell)| cell);
        let unclaimed: Vec<&Levels> = unclaimed
            .filter(|cell| !known.borderline().contains(*cell) && !self.tried.contains(cell) && !claimed(cell))
            .collect();
        if !unclaimed.is_empty() {
            return unclaimed;
        }
        // Whatever is as cheap as the best, with the numbers shared as they are, is named if it will do as well.
        let limit = known.limit(best);
        let dearer = known.cells().iter().skip_while(|(cost, _)| *cost < limit);
        let as_cheap = dearer.take_while(|(cost, _)| *cost <= limit).map(|(_, cell)| cell);
        as_cheap
            .filter(|cell| component.value(cell) == component.value(best))
            .filter(|cell| !known.excluded(cell) && !self.tried.contains(cell))
            .collect()
    }

    /// The staffing that is as good as any for a check, where several have been tried and none has met it: if that fails, nothing
    /// within the bounds suffices.
    fn corner(&self) -> Option<Levels> {
        if self.tried.len() < TRIED_BEFORE_CORNERS {
            return None;
        }
        let unmet = self.checks().filter(|k| !self.known.is_ever_met(*k));
        let corner = |k: usize| -> Levels {
            let signs = self.component.signs[k]
                .iter()
                .zip(&self.component.levels)
                .zip(&self.start);
            signs
                .map(|((sign, levels), start)| match sign {
                    super::Sign::Raises => levels - 1,
                    super::Sign::Lowers => 0,
                    super::Sign::Unknown => *start,
                })
                .collect()
        };
        unmet
            .map(corner)
            .find(|cell| !self.tried.contains(cell) && !self.known.excluded(cell))
    }

    fn choose(&self, store: &Store<'_>) -> Option<Levels> {
        if let Some(corner) = self.corner() {
            return Some(corner);
        }
        let open = self.open(store);
        if self.tried.is_empty() {
            return open
                .iter()
                .find(|cell| ***cell == self.start)
                .or(open.first())
                .map(|c| (*c).clone());
        }
        self.most_telling(store, &open)
    }

    /// The staffing by which most of those open can be expected to be settled: if it suffices, all that are as dear and have the same
    /// numbers where these are shared; if it misses a level, all that are at most as good for that. How likely either is, is guessed: the farther from all that has been
    /// tried, the less surely. It may be one that is dearer than the best, if it would be missed as well and settle more.
    fn most_telling(&self, store: &Store<'_>, open: &[&Levels]) -> Option<Levels> {
        let guesses = self.guesses(store);
        let tried: Vec<Vec<f64>> = self.tried.iter().map(|cell| self.persons(cell)).collect();
        let expected: Vec<Vec<f64>> = self.checks().map(|k| self.expected(k)).collect();
        let likely = |cell: &[u16], k: usize| {
            let people = self.persons(cell);
            let far = |at: &Vec<f64>| -> f64 {
                let each = at.iter().zip(&people).zip(&expected[k]);
                each.map(|((a, b), slope)| slope * (a - b).abs()).sum()
            };
            let nearest = tried.iter().map(far).fold(f64::INFINITY, f64::min);
            let score = guesses[k].score(&people) / (UNSURE.0 + UNSURE.1 * nearest);
            0.5 * libm::erfc(-score * std::f64::consts::FRAC_1_SQRT_2)
        };
        // Of very many only some are counted, and fewer still thought of, spread evenly over costs.
        let spread = |most: usize| open.iter().step_by(open.len().div_ceil(most).max(1));
        let counted: Vec<&Levels> = spread(MOST_COUNTED).copied().collect();
        let worse = |cell: &[u16], k: usize| {
            let those = counted.iter().filter(|c| self.component.at_most(k, c, cell));
            those.count() as f64
        };
        let mut most: Option<(f64, Levels)> = None;
        for cell in spread(MOST_CANDIDATES) {
            let each = self.checks().map(|k| (k, likely(cell, k)));
            let (check, met) = each.min_by(|a, b| a.1.total_cmp(&b.1))?;
            let cost = self.component.cost(cell);
            let value = self.component.value(cell);
            let dearer = |c: &&&Levels| self.component.cost(c) >= cost && self.component.value(c) == value;
            let dearer = counted.iter().filter(dearer).count() as f64;
            let settles = met * dearer + (1.0 - met) * worse(cell, check);
            let wide = self.widened(&guesses[check], cell, check);
            let by_wide = (1.0 - likely(&wide, check)) * worse(&wide, check);
            // One that has been tried may be open again, where a certificate has shown otherwise.
            let by_wide = if self.tried.contains(&wide) { 0.0 } else { by_wide };
            for (settles, cell) in [(settles, (*cell).clone()), (by_wide, wide)] {
                if most.as_ref().is_none_or(|(s, _)| settles > *s) {
                    most = Some((settles, cell));
                }
            }
        }
        most.map(|(_, cell)| cell)
    }

    /// A staffing that is at least as good for a check and still guessed to miss it by half as much: dials that matter little for it
    /// are turned as far as they go, one by one.
    fn widened(&self, guess: &Guess, cell: &[u16], check: usize) -> Levels {
        let score = |cell: &[u16]| guess.score(&self.persons(cell));
        let limit = 0.5 * score(cell);
        let mut wide = cell.to_vec();
        for (j, sign) in self.component.signs[check].iter().enumerate() {
            let before = wide[j];
            wide[j] = match sign {
                super::Sign::Raises => self.component.levels[j] - 1,
                super::Sign::Lowers => 0,
                super::Sign::Unknown => before,
            };
            if limit > -UNSURE.0 || score(&wide) > limit {
                wide[j] = before;
            }
        }
        wide
    }
}

/// How unsure the score guessed is where something has been tried, and how much more for each expected unit of score away.
const UNSURE: (f64, f64) = (0.1, 0.5);

/// Staffings tried before it is asked whether a level can be met at all.
const TRIED_BEFORE_CORNERS: usize = 4;

/// How many standard deviations of a replication from the level wanted make a claim easy.
const EASY: f64 = 1.0;

/// The most staffings for which it is counted what they would settle, and the most among which it is counted.
const MOST_CANDIDATES: usize = 400;
const MOST_COUNTED: usize = 1_200;

impl Search {
    /// A certificate has shown that a check is met at a staffing: so is it at all that is at least as good.
    pub(super) fn shown_met(&mut self, (cell, check): Fact) {
        let component = Arc::clone(&self.component);
        let stands = |(at, k): &Fact| *k != check || !component.at_most(check, &cell, at);
        self.known.keep(&component, stands, |_| true);
        self.known.add_met(&component, (cell, check));
    }

    /// It has shown that a check is missed at a staffing: so is it at all that is at most as good.
    pub(super) fn shown_missed(&mut self, (cell, check): Fact) {
        let component = Arc::clone(&self.component);
        let stands = |(at, k): &Fact| *k != check || !component.at_most(check, at, &cell);
        self.known.keep(&component, |_| true, stands);
        self.known.add_missed(&component, (cell, check));
    }

    /// Neither could be shown at a staffing, which is neither claimed nor chosen any more.
    pub(super) fn shown_borderline(&mut self, fact: Fact) {
        let component = Arc::clone(&self.component);
        let stands = |(at, k): &Fact| *k != fact.1 || !component.at_most(fact.1, at, &fact.0);
        self.known.keep(&component, |one| *one != fact, stands);
        self.known.add_borderline(fact.0);
    }

    /// What is known, with the order of staffings as it now is.
    pub(super) fn order_changed(&mut self) {
        self.known.keep(&self.component, |_| true, |_| true);
    }
}
