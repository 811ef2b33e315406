//! `required` over all hubs, with numbers that are free hub by hub: too many staffings to look through one by one.
//!
//! **Sums.** Parts of the service that share neither staff nor a free number cannot touch each other, so what a staffing reaches over
//! all hubs is a sum: of hits less the level wanted times referrals, part by part, each of its own few staffings. It meets a level if
//! that sum is at least 0 in the mean, and costs add up as well. So parts are simulated apart (six hubs with 1,131 staffings each
//! have 2e18 together), and [`mod@cheapest`] puts them together.
//!
//! **Search.** What has not been simulated is taken to be as good as the worst that has been and is at least as good by the signs
//! ([`part`]): a hope. What is cheapest with that hope is simulated, or what stands for it and many others, and it is asked again until
//! the cheapest consists of what has been simulated. The best staffing is the cheapest that is above every level by a margin, on
//! the same people for all; how far is looked at with more replications, as people of few may have been lucky in all staffings alike.
//!
//! **Certificate**, on people whom the search has not seen. Each check of the best staffing is claimed to be met, as in
//! [`super::certificate`]. That nothing below a cost meets all of them is shown by [`reject`]: every cheaper staffing is rejected by a
//! check of its own. Wrong it is only if the one that meets all checks and is the cheapest of these has been rejected, so that its
//! error need not be shared with others, however many they are, nor with the claims that the best meets its levels, of which
//! there must be a wrong one if it misses any (intersection-union: R. L. Berger, *Multiparameter hypothesis testing and acceptance
//! sampling*, Technometrics 24 (1982), 295-300). What costs less than the best and is not rejected lies within the zone of indifference,
//! as far as can be seen: the answer says from which cost on, and names the best of a few costs; of what lies between nothing is claimed.

mod cheapest;
mod part;
mod reject;
mod told;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::certificate::{Claim, Said, error_of_attempt};
use super::search::Search;
use super::seen::Seen;
use super::seldom::seldom_at;
use super::space::{Component, Levels, components};
use super::store::{Stopped, Store, Want};
use super::{
    Audited, Ending, MOST_ATTEMPTS, NoAnswer, RequiredAnswer, RequiredRequest, Stage, askable, audit, scan_everywhere,
};
use crate::model::{Question, Scenario, Where};
use crate::pieces::Pieces;
use crate::stats::Verdict;
use cheapest::{Choice, Chosen, SAME, cheapest};
use part::Part;
use reject::{Plan, Rejected};

/// Replications of each staffing of a part in the search.
const SEARCH: usize = 10;
/// The most of the best staffing, which is looked at more closely.
const SHARP: usize = 200;
/// In zones of indifference: how far above the levels the best must be as far as can be seen, and how much more after each attempt that
/// failed.
const MARGIN: (f64, f64) = (0.5, 0.3);
/// In zones of indifference: what stands for a staffing may be guessed to be so much better in each part, before the staffing itself is
/// simulated.
const TIGHT: f64 = 0.05;
/// Times that the best is looked for anew, with what was seen of the one before.
const ROUNDS: usize = 8;
/// Staffings named between what is rejected and the best, at the most.
const NAMED: usize = 4;
/// Halvings of the margin at which the best of a cost is found.
const HALVINGS: usize = 14;

/// The component of all hubs, if that is what is asked and it has more staffings than can be listed.
pub(super) fn asked(scenario: &Scenario, question: &Question) -> Option<Component> {
    if question.at != Where::Overall {
        return None;
    }
    let joint = components(scenario, question, &scenario.islands()).into_iter().next()?;
    joint.count().is_none().then_some(joint)
}

/// Answers it.
///
/// # Errors
/// [`NoAnswer`], with what to do.
pub(super) fn required(
    scenario: &Scenario,
    question: &Question,
    joint: Component,
    request: RequiredRequest,
    pieces: &Pieces,
    watched: (&AtomicBool, &(dyn Fn() + Sync)),
    stage: &mut dyn FnMut(Stage),
) -> Result<RequiredAnswer, NoAnswer> {
    let (mut store, mut overall) = open(scenario, question, joint, (request.threads, pieces), watched)?;
    let mut shown = Shown::default();
    let done = overall.solve(&mut store, question, request, &mut shown, stage);
    if done == Err(Stopped) {
        store.sound()?;
        if overall.parts.iter().any(|part| part.seen.is_empty()) {
            return Err(NoAnswer::Stopped);
        }
        shown.ending = Ending::Interrupted;
    }
    Ok(told::answer(scenario, question, &overall, &store, &shown))
}

/// A store, and all parts with nothing simulated yet.
fn open<'s>(
    scenario: &'s Scenario,
    question: &'s Question,
    joint: Component,
    (threads, pieces): (Option<usize>, &'s Pieces),
    watched: (&'s AtomicBool, &'s (dyn Fn() + Sync)),
) -> Result<(Store<'s>, Overall), NoAnswer> {
    askable(scenario, question)?;
    let store = Store::new(scenario, question, threads, pieces, watched).map_err(NoAnswer::Machine)?;
    let components = part::parts(question, &joint, store.islands());
    if let Some(large) = components.iter().find(|c| c.count().is_none()) {
        return Err(super::too_many(&large.levels));
    }
    let search = |component| part::search(scenario, question, component);
    let overall = Overall {
        parts: components.iter().map(Part::of).collect(),
        searches: components.into_iter().map(search).collect(),
        delta: question.delta.get() / 100.0,
        referrals: vec![0.0; joint.checks.len()],
        lucky: vec![0.0; joint.checks.len()],
        best: None,
        looked_at: Vec::new(),
        audited: Audited::default(),
        joint: Arc::new(joint),
    };
    Ok((store, overall))
}

/// The staffing found without a certificate, and what it took: by free number its level, or `None` if nothing within the bounds seems
/// to suffice.
pub(super) type Found = Vec<(usize, Option<u16>)>;

/// Looks for the least staffing that seems to meet every level, and certifies nothing: for the same question asked of many inputs.
///
/// # Errors
/// [`NoAnswer`], with what to do.
pub(super) fn least<'s>(
    scenario: &'s Scenario,
    question: &'s Question,
    joint: Component,
    machine: (Option<usize>, &'s Pieces),
    watched: (&'s AtomicBool, &'s (dyn Fn() + Sync)),
) -> Result<(Store<'s>, Found), NoAnswer> {
    let (mut store, mut overall) = open(scenario, question, joint, machine, watched)?;
    overall.begin(&mut store).map_err(|Stopped| store.stopped())?;
    let found = loop {
        let aim = Aim {
            margin: 0.0,
            errors: 0.0,
        };
        let found = overall.look_for_best(&mut store, aim, &mut |_| ());
        let found = found.map_err(|Stopped| store.stopped())?;
        if !overall.audit(&store) {
            break found;
        }
    };
    let levels = found.map(|names| overall.levels(&names));
    let each = overall.joint.dials.iter().enumerate();
    let found = each
        .map(|(place, d)| (*d, levels.as_ref().map(|levels| levels[place])))
        .collect();
    Ok((store, found))
}

/// How far above each level the best staffing must be, as far as can be seen.
#[derive(Clone, Copy)]
struct Aim {
    /// A margin, as a share of referrals.
    margin: f64,
    /// And so many standard errors.
    errors: f64,
}

/// What is known.
struct Overall {
    /// All hubs together.
    joint: Arc<Component>,
    parts: Vec<Part>,
    /// By part: its signs, what has been tried, and where it begins.
    searches: Vec<Search>,
    /// Half the zone of indifference.
    delta: f64,
    /// Referrals of a replication over all hubs, by check.
    referrals: Vec<f64>,
    /// By check: how much more the people of the search hit than others do, in a replication, as far as was seen at the best.
    lucky: Vec<f64>,
    /// The best staffing, as a name in each part.
    best: Option<Vec<usize>>,
    /// Staffings that were looked at closely.
    looked_at: Vec<Vec<usize>>,
    audited: Audited,
}

/// What came of it.
#[derive(Default)]
struct Shown {
    claims: Vec<Claim>,
    rejected: Option<Rejected>,
    /// Staffings between what is rejected and the best, the cheapest first.
    between: Vec<Vec<usize>>,
    attempts: u32,
    ending: Ending,
}

impl Overall {
    fn checks(&self) -> std::ops::Range<usize> {
        0..self.joint.checks.len()
    }

    /// Searches and certifies by turns.
    fn solve(
        &mut self,
        store: &mut Store<'_>,
        question: &Question,
        request: RequiredRequest,
        shown: &mut Shown,
        stage: &mut dyn FnMut(Stage),
    ) -> Result<(), Stopped> {
        stage(Stage::Search { settled: 0.0 });
        self.begin(store)?;
        for attempt in 1..=MOST_ATTEMPTS {
            let beta = error_of_attempt(attempt, question.confidence.get());
            let margin = self.delta * (MARGIN.0 + MARGIN.1 * f64::from(attempt - 1));
            let plan = loop {
                self.best = self.best_with(store, margin, stage)?;
                let plan = self.plan(store, beta, request.most as usize, stage)?;
                if !self.audit(store) {
                    break plan;
                }
            };
            let mut claims = self.claims(store, beta);
            stage(Stage::Certify {
                attempt,
                expected: self.expected(&claims, &plan),
            });
            shown.attempts = attempt;
            self.test(&mut claims, store, attempt, request.most as usize)?;
            let failed = claims.iter().any(|c| !c.holds() && c.verdict != Verdict::Undecided);
            // A level of which the search has seen nobody is not tested, and what is not tested is not certified.
            let tested = self.best.is_none() || claims.len() == self.checks().len();
            let met = tested && claims.iter().all(Claim::holds);
            shown.claims = claims;
            if failed {
                continue;
            }
            if met {
                let rejected = self.reject(&plan, store, attempt, request.most as usize)?;
                shown.ending = if self.best.is_some() {
                    Ending::Certified
                } else if rejected.cheapest.is_none() {
                    Ending::NotWithinBounds
                } else {
                    Ending::NotDecided
                };
                shown.rejected = Some(rejected);
            }
            break;
        }
        // What is certified stands, whether or not what lies below has been looked at.
        let _ = self.name_between(store, shown);
        Ok(())
    }

    /// Looks over signs that only simulation can tell, then where each part begins and what is best for each check.
    fn begin(&mut self, store: &mut Store<'_>) -> Result<(), Stopped> {
        scan_everywhere(&mut self.searches, store)?;
        let mut cells: Vec<(usize, Levels)> = Vec::new();
        for (part, search) in self.searches.iter().enumerate() {
            cells.push((part, search.start.clone()));
            let best = self
                .checks()
                .map(|k| Part::best_for(&search.component, k, &search.start));
            cells.extend(best.map(|cell| (part, cell)));
        }
        self.simulate(store, cells)?;
        self.referrals = self
            .checks()
            .map(|k| {
                let at_start = |(part, search): (&Part, &Search)| {
                    let place = part.name(&search.start).and_then(|name| part.stands(k, name));
                    place.map_or(0.0, |place| part.value(k, place).referrals)
                };
                self.parts.iter().zip(&self.searches).map(at_start).sum()
            })
            .collect();
        Ok(())
    }

    /// Simulates staffings of parts, and takes in what they show.
    fn simulate(&mut self, store: &mut Store<'_>, mut cells: Vec<(usize, Levels)>) -> Result<(), Stopped> {
        cells.sort();
        cells.dedup();
        let wants = cells
            .iter()
            .map(|(part, cell)| self.searches[*part].want(cell.clone(), SEARCH));
        store.extend(0, &wants.collect::<Vec<_>>())?;
        for (part, cell) in cells {
            if !self.searches[part].tried.contains(&cell) {
                self.searches[part].tried.push(cell);
            }
        }
        for (part, search) in self.parts.iter_mut().zip(&self.searches) {
            if part.seen.len() < search.tried.len() {
                part.take_in(search, store, SEARCH);
            }
        }
        Ok(())
    }

    /// What the scores of the search must add up to, so that a staffing is so far from each level on other people.
    fn need(&self, away: impl Fn(usize) -> f64) -> Vec<f64> {
        let each = self.checks().map(|k| away(k) * self.referrals[k] + self.lucky[k]);
        each.collect()
    }

    /// The cheapest staffing whose scores add up to what is needed, all of it simulated.
    fn settle(
        &mut self,
        store: &mut Store<'_>,
        need: &[f64],
        stage: &mut dyn FnMut(Stage),
    ) -> Result<Option<Chosen>, Stopped> {
        loop {
            store.go_on()?;
            let parts: Vec<Vec<Choice>> = self.parts.iter().map(Part::choices).collect();
            let Some(found) = cheapest(&parts, need) else {
                return Ok(None);
            };
            let doubts = self.doubts(&found.names);
            if doubts.is_empty() {
                return Ok(Some(found));
            }
            // The cheapest that can be hoped for, of the cheapest that is known.
            let seen: Vec<Vec<Choice>> = self.parts.iter().map(Part::seen_choices).collect();
            let known = cheapest(&seen, need).map_or(f64::INFINITY, |known| known.cost);
            stage(Stage::Search {
                settled: (found.cost / known.max(SAME)).clamp(0.0, 1.0),
            });
            self.simulate(store, doubts)?;
        }
    }

    /// What to simulate before a staffing is believed to be as good as what stands for it.
    fn doubts(&self, names: &[usize]) -> Vec<(usize, Levels)> {
        let mut doubts: Vec<(f64, usize, usize)> = Vec::new();
        for (n, (part, name)) in self.parts.iter().zip(names).enumerate() {
            let search = &self.searches[n];
            for k in self.checks() {
                let by = match part.stands(k, *name) {
                    None => f64::INFINITY,
                    Some(place) if part.seen[place] == *name => continue,
                    Some(place) => {
                        let cell = part.cell(*name);
                        let guess = part.guess(search, k, cell);
                        (part.value(k, place).mean - guess(cell)) / (self.delta * self.referrals[k]).max(1e-9)
                    }
                };
                doubts.push((by, n, k));
            }
        }
        let most = doubts.iter().map(|d| d.0).fold(0.0, f64::max);
        if most > TIGHT {
            let large = doubts.iter().filter(|(by, ..)| *by >= 0.5 * most);
            let cell = |(by, n, k): &(f64, usize, usize)| {
                let (part, search) = (&self.parts[*n], &self.searches[*n]);
                let cell = if by.is_finite() {
                    let slack = 0.25 * by * self.delta * self.referrals[*k];
                    part.widened(search, *k, names[*n], slack)
                } else {
                    Part::best_for(&search.component, *k, part.cell(names[*n]))
                };
                (*n, cell)
            };
            return large.map(cell).collect();
        }
        let unseen = (0..names.len()).filter(|n| !self.parts[*n].is_seen(names[*n]));
        unseen.map(|n| (n, self.parts[n].cell(names[n]).clone())).collect()
    }

    /// A staffing of all hubs from those of the parts.
    fn levels(&self, names: &[usize]) -> Levels {
        let mut levels = vec![0; self.joint.dials.len()];
        for ((part, search), name) in self.parts.iter().zip(&self.searches).zip(names) {
            for (d, level) in search.component.dials.iter().zip(part.cell(*name)) {
                if let Some(place) = self.joint.dials.iter().position(|own| own == d) {
                    levels[place] = *level;
                }
            }
        }
        levels
    }

    fn cost(&self, names: &[usize]) -> f64 {
        let each = self.parts.iter().zip(names).map(|(part, name)| part.cost(*name));
        (each.sum::<f64>() * 1e9).round() / 1e9
    }

    /// What is known of a check at a staffing, from the search and from certificates that failed.
    fn seen(&self, store: &Store<'_>, names: &[usize], check: usize) -> Option<Seen> {
        let samples = store.all_samples(&self.joint, &self.levels(names), check);
        Seen::of(&samples, self.joint.checks[check].wanted, &[])
    }

    /// Simulates a staffing more often.
    fn look_closely(&mut self, store: &mut Store<'_>, names: &[usize], replications: usize) -> Result<(), Stopped> {
        let each = self.parts.iter().zip(&self.searches).zip(names);
        let wants: Vec<Want> = each
            .map(|((part, search), name)| search.want(part.cell(*name).clone(), replications))
            .collect();
        store.extend(0, &wants)?;
        if !self.looked_at.iter().any(|one| one == names) {
            self.looked_at.push(names.to_vec());
        }
        Ok(())
    }

    /// How far a staffing is above each level as far as can be seen, in units of the level, with its standard error.
    fn above(&self, store: &Store<'_>, names: &[usize]) -> Vec<(f64, f64)> {
        let each = self
            .checks()
            .map(|k| self.seen(store, names, k).map_or((1.0, 0.0), |s| (s.gap, s.error)));
        each.collect()
    }

    /// Looks at a staffing until it is known to a fraction of the zone of indifference, and how lucky the people of the search were there.
    fn sharpen(&mut self, store: &mut Store<'_>, names: &[usize]) -> Result<(), Stopped> {
        let mut n = 2 * SEARCH;
        loop {
            self.look_closely(store, names, n)?;
            let each = self.above(store, names);
            if n >= SHARP || each.iter().all(|(_, error)| 2.5 * error < self.delta) {
                break;
            }
            n = (n + n / 2).min(SHARP);
        }
        for k in self.checks() {
            let of_search: f64 = self
                .parts
                .iter()
                .zip(names)
                .filter_map(|(part, name)| Some(part.value(k, part.stands(k, *name)?).mean))
                .sum();
            if let Some(seen) = self.seen(store, names, k) {
                self.referrals[k] = seen.referrals;
                self.lucky[k] = of_search - seen.gap * seen.referrals;
            }
        }
        Ok(())
    }

    /// The cheapest staffing that is above every level by a margin and its standard error; where the bounds leave none, by as much as
    /// they leave.
    fn best_with(
        &mut self,
        store: &mut Store<'_>,
        margin: f64,
        stage: &mut dyn FnMut(Stage),
    ) -> Result<Option<Vec<usize>>, Stopped> {
        for (margin, errors) in [(margin, 1.0), (0.5 * margin, 1.0), (0.0, 0.0)] {
            let best = self.look_for_best(store, Aim { margin, errors }, stage)?;
            if best.is_some() {
                return Ok(best);
            }
        }
        Ok(None)
    }

    /// The cheapest staffing that is as far above every level as is aimed at.
    fn look_for_best(
        &mut self,
        store: &mut Store<'_>,
        aim: Aim,
        stage: &mut dyn FnMut(Stage),
    ) -> Result<Option<Vec<usize>>, Stopped> {
        let mut found: Vec<Vec<usize>> = Vec::new();
        let mut error = vec![0.3 * self.delta; self.joint.checks.len()];
        for _ in 0..ROUNDS {
            let need = self.need(|k| aim.margin + aim.errors * error[k]);
            let Some(best) = self.settle(store, &need, stage)? else {
                break;
            };
            let names = self.steadiest(&best, &need);
            if found.contains(&names) {
                break;
            }
            self.best.get_or_insert_with(|| names.clone());
            self.sharpen(store, &names)?;
            let above = self.above(store, &names);
            error = above.iter().map(|a| a.1).collect();
            found.push(names);
        }
        let passes = |names: &&Vec<usize>| {
            let above = self.above(store, names);
            // Of what the last round says of the margin a little may be missing.
            let enough = |error: f64| aim.margin + 0.8 * aim.errors * error;
            above.iter().all(|(gap, error)| *gap >= enough(*error))
        };
        let passing = found.iter().filter(passes);
        let least = passing.min_by(|a, b| self.cost(a).total_cmp(&self.cost(b)));
        Ok(least.or(found.last()).cloned())
    }

    /// Of all that has been simulated and costs no more, the staffing that is farthest above what is needed.
    fn steadiest(&self, found: &Chosen, need: &[f64]) -> Vec<usize> {
        let parts: Vec<Vec<Choice>> = self.parts.iter().map(Part::seen_choices).collect();
        let mut best = found.names.clone();
        let (mut low, mut high) = (0.0, 4.0 * self.delta);
        for _ in 0..HALVINGS {
            let more = 0.5 * (low + high);
            let need: Vec<f64> = need.iter().zip(&self.referrals).map(|(n, r)| n + more * r).collect();
            match cheapest(&parts, &need) {
                Some(other) if other.cost <= found.cost + SAME => {
                    best = other.names;
                    low = more;
                }
                _ => high = more,
            }
        }
        best
    }

    /// Of all that costs less than `under`, what comes nearest to what is needed: all needs are lowered alike, by as little as will do.
    fn best_below(&self, parts: &[Vec<Choice>], need: &[f64], under: f64) -> Option<Chosen> {
        let (mut low, mut high) = (0.0, 1.0);
        let mut found = None;
        for _ in 0..HALVINGS {
            let less = 0.5 * (low + high);
            let need: Vec<f64> = need.iter().zip(&self.referrals).map(|(n, r)| n - less * r).collect();
            match cheapest(parts, &need).filter(|f| f.cost < under - SAME) {
                Some(chosen) => {
                    found = Some(chosen);
                    high = less;
                }
                None => low = less,
            }
        }
        found
    }

    /// Names staffings between what is rejected and the best: the cheapest, and below a few costs in between what comes nearest to all
    /// levels.
    fn name_between(&mut self, store: &mut Store<'_>, shown: &mut Shown) -> Result<(), Stopped> {
        let cheapest = shown.rejected.as_ref().and_then(|r| r.cheapest.as_ref());
        let (Some(best), Some(lowest)) = (&self.best, cheapest) else {
            return Ok(());
        };
        let (top, least) = (self.cost(best), lowest.cost);
        if least > top - SAME {
            return Ok(());
        }
        shown.between.push(lowest.names.clone());
        let parts: Vec<Vec<Choice>> = self.parts.iter().map(Part::seen_choices).collect();
        let need = self.need(|_| self.delta);
        let mut above = least;
        for step in 1..NAMED {
            let under = least + (top - least) * step as f64 / (NAMED - 1) as f64;
            let found = self.best_below(&parts, &need, under);
            if let Some(found) = found.filter(|f| f.cost > above + SAME) {
                above = found.cost;
                shown.between.push(found.names);
            }
        }
        for names in &shown.between {
            self.look_closely(store, names, 2 * SEARCH)?;
        }
        Ok(())
    }

    /// Of what has been simulated, the staffing that comes nearest to all levels, at whatever cost.
    fn nearest(&self) -> Vec<usize> {
        let parts: Vec<Vec<Choice>> = self.parts.iter().map(Part::seen_choices).collect();
        let mut best: Vec<usize> = parts.iter().filter_map(|p| p.last().map(|c| c.name)).collect();
        let (mut low, mut high) = (-1.0, 1.0);
        for _ in 0..2 * HALVINGS {
            let away = 0.5 * (low + high);
            match cheapest(&parts, &self.need(|_| away)) {
                Some(found) => {
                    best = found.names;
                    low = away;
                }
                None => high = away,
            }
        }
        best
    }

    /// Searches for a contradiction to the signs; whether there is one, which is then not used any more.
    fn audit(&mut self, store: &Store<'_>) -> bool {
        let before = self.audited.contradicted.len();
        (self.audited.pairs, self.audited.differing) = (0, Vec::new());
        for (part, search) in self.parts.iter_mut().zip(&mut self.searches) {
            let found = audit::audit(search, store, self.delta);
            self.audited.pairs += found.pairs;
            self.audited.differing.push(found.differing);
            let component = &search.component;
            let named = |(k, j): &(usize, usize)| (component.checks[*k], component.dials[*j]);
            self.audited.contradicted.extend(found.against.iter().map(named));
            if !found.against.is_empty() {
                search.take_away(&found.against);
                part.take_in(search, store, SEARCH);
            }
        }
        self.audited.contradicted.len() > before
    }

    /// What is claimed of the best staffing.
    fn claims(&self, store: &Store<'_>, beta: f64) -> Vec<Claim> {
        let Some(best) = &self.best else {
            return Vec::new();
        };
        let of = |k| {
            let seen = self.seen(store, best, k)?;
            let zone = (self.delta, seldom_at(store, &self.joint, k));
            Some(Claim::of(0, (self.levels(best), k), Said::Met, &seen, beta, zone))
        };
        self.checks().filter_map(of).collect()
    }

    /// Replications of an island that the tests are expected to take.
    fn expected(&self, claims: &[Claim], plan: &Plan) -> u64 {
        let met = claims.iter().map(Claim::takes).fold(0.0, f64::max) * self.joint.islands.len() as f64;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "not negative, and bounded"
        )]
        let met = met.min(1e9).ceil() as u64;
        let islands = |(search, among): (&Search, &BTreeMap<usize, usize>)| {
            among.values().sum::<usize>() * search.component.islands.len()
        };
        let rejected: usize = self.searches.iter().zip(&plan.among).map(islands).sum();
        met + rejected as u64
    }

    /// Tests the claims on the people of an attempt.
    fn test(&self, claims: &mut [Claim], store: &mut Store<'_>, attempt: u32, most: usize) -> Result<(), Stopped> {
        loop {
            let open = claims.iter().filter(|c| c.verdict == Verdict::Undecided);
            let Some(next) = { open }.map(|c| c.next_look(most)).min() else {
                return Ok(());
            };
            if claims
                .iter()
                .all(|c| c.verdict != Verdict::Undecided || c.samples.len() >= most)
            {
                return Ok(());
            }
            let Some(cell) = claims.first().map(|c| c.cell.clone()) else {
                return Ok(());
            };
            let component = Arc::clone(&self.joint);
            store.extend(
                attempt,
                &[Want {
                    component,
                    cell,
                    replications: next,
                }],
            )?;
            for claim in claims.iter_mut().filter(|c| c.verdict == Verdict::Undecided) {
                let samples = store.samples(attempt, &self.joint, &claim.cell, claim.check);
                claim.hear(samples, self.joint.checks[claim.check].wanted);
            }
            if claims.iter().any(|c| !c.holds() && c.verdict != Verdict::Undecided) {
                return Ok(());
            }
        }
    }
}
