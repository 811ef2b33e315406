//! `required`: how many staff are needed, at least, and how sure is that?
//!
//! ```text
//! question ─▶ components ─▶ search (the same people everywhere) ─▶ audit of signs ─▶ certificate (new people) ─▶ answer
//!                              ▲                                                        │ a claim failed
//!                              └────────────────────────────────────────────────────────┘
//! ```
//!
//! `space` says what may be chosen and which staffing is better for what; `search` looks for the cheapest that seems to
//! suffice; `known` keeps what follows from it for all others; components that share a number agree on it in `linked`; `seen` says what has been seen of a level, with what chance brought to demand taken off by a `control` whose mean is
//! known; `audit` tries to contradict the order that this rests on; `certificate` tests, on people whom the search has not seen, that the staffing
//! meets every level and that nothing cheaper does. `guess` only says where to look. `store` simulates, each island with
//! each staffing once; `answer` says what came of it in the words of the question.
//!
//! **What is guaranteed.** With at least the confidence asked for, a certificate is right in all that it says: every level
//! is met, and no cheaper staffing within the bounds meets all of them, those named as borderline left aside. It holds for normal sums over
//! replications, and if means are ordered as the signs say.

mod answer;
mod audit;
mod certificate;
mod control;
mod draws;
mod guess;
mod known;
mod least;
mod linked;
mod overall;
mod search;
mod seen;
mod space;
mod store;

pub use control::NoControl;
pub use draws::{
    AGAIN, DrawnQuestion, Held, NumberSpread, OfDraw, RequiredDraws, RequiredUncertain, Standing, repeated,
    required_uncertain,
};
pub use least::{Least, least};
pub use space::{Check, MOST_LISTED, Sign};

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use serde::Serialize;

use crate::answers::Estimate;
use crate::answers::check::check as meaning;
use crate::model::{Dial, HoursOfWeek, Question, RoleId, Scenario};
use crate::stats::Verdict;
use crate::units::Wte;
use certificate::{Claim, Said, error_of_attempt};
use linked::{Group, agree, groups};
use search::Search;
use space::{Component, Levels, components, people_of_level, without_price};
use store::{Stopped, Store};

/// Numbers of a staffing: a place in the question's list of what is free, and the number.
pub type Numbers = Vec<(usize, f64)>;

/// The most attempts at a certificate.
const MOST_ATTEMPTS: u32 = 12;

/// How to answer.
#[derive(Clone, Copy, Debug)]
pub struct RequiredRequest {
    /// Threads; `None` uses every processor.
    pub threads: Option<usize>,
    /// The most replications of a claim.
    pub most: u32,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum NoAnswer {
    /// A dated change sets a number that is free.
    #[error("`{path}` is free, but changes on a date in this file; leave that change out, or do not let it be free")]
    Dated {
        /// The path.
        path: String,
    },
    /// A price is missing.
    #[error(
        "the yearly cost is to be as small as possible, but role `{role}` has no `cost`; give it one, or ask for the smallest WTE"
    )]
    NoPrice {
        /// The role.
        role: String,
    },
    /// Nobody comes to any of the standards asked for.
    #[error("nobody is ever referred to the pathways whose standards are asked for")]
    NoDemand,
    /// More staffings than can be listed.
    #[error(
        "{staffings:.0} staffings of {dials} free numbers that belong together are too many to look through ({MOST_LISTED})"
    )]
    TooMany {
        /// Staffings.
        staffings: f64,
        /// Free numbers.
        dials: usize,
    },
    /// A draw of the inputs cannot be used.
    #[error("{0}")]
    Refused(String),
    /// It was interrupted.
    #[error("interrupted before there was an answer; nothing has been written")]
    Stopped,
    /// The machine.
    #[error("{0}")]
    Machine(String),
}

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// A staffing was found and certified.
    Certified,
    /// It was certified that no staffing within the bounds meets every level.
    NotWithinBounds,
    /// The replications allowed did not decide it.
    NotDecided,
    /// It was interrupted before it was decided: the best so far, as the search saw it.
    Interrupted,
}

/// A staff number of the answer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Number {
    /// A place in the question's list of free numbers.
    pub free: usize,
    /// The path.
    pub path: String,
    /// The number.
    pub number: f64,
    /// As in the file; of several places their mean.
    pub before: f64,
    /// What it costs, at all its places, in what is to be small.
    pub cost: f64,
    /// The same for the number of the file.
    pub cost_before: f64,
    /// What it costs in a year, at all its places \[GBP\]; `None` if the role has no price.
    pub pounds: Option<f64>,
    /// The same for the number of the file.
    pub pounds_before: Option<f64>,
    /// Mean people rostered on each shift before sickness; of people on shift none.
    pub rostered: Option<f64>,
    /// Whether it stands at the lowest or the highest number allowed.
    pub at_bound: bool,
}

/// A level at a staffing, as tested.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Tested {
    /// Which component.
    pub component: usize,
    /// What was asked.
    #[serde(flatten)]
    pub check: Check,
    /// The service level in the replications of the test, after the control.
    pub level: Option<Estimate>,
    /// What it was shown to be at least, or at most; `None` if neither could be shown.
    pub bound: Option<f64>,
    /// Replications that the test took.
    pub replications: usize,
    /// The zone of indifference used \[points\].
    pub zone_points: f64,
    /// What the test said.
    pub verdict: Verdict,
    /// Whether it was of hits less a slope times the control.
    pub controlled: bool,
}

/// A staffing that misses a level, with all that are at most as good for it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Cheaper {
    /// Its numbers: (free number, number, what more of it does to the level that is missed). Where more raises the level, all
    /// that have at most so many miss it too; where more lowers it, all that have at least so many.
    pub numbers: Vec<(usize, f64, Sign)>,
    /// What it costs less than the answer, with the other numbers as they are; below 0 if it costs more, but holds for cheaper ones.
    pub saves: f64,
    /// The level that it misses, as tested.
    pub tested: Tested,
}

/// What is known of a level at a staffing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Seems {
    /// It is met: shown by a test, or seen at this staffing or at one that is at most as good.
    Met,
    /// It is missed: shown by a test, or seen at this staffing or at one that is at least as good.
    Missed,
    /// Too near to the level wanted to say, or not looked at closely enough.
    Unsure,
}

impl SeenLevel {
    /// Whether what was seen at the staffing itself would say the contrary: it is known from others, on more people.
    #[must_use]
    pub fn is_from_others(&self) -> bool {
        match self.seems {
            Seems::Met => self.level.mean < self.check.wanted,
            Seems::Missed => self.level.mean > self.check.wanted,
            Seems::Unsure => false,
        }
    }
}

/// A level at a staffing, as the search and the tests saw it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct SeenLevel {
    /// What was asked.
    #[serde(flatten)]
    pub check: Check,
    /// The service level, with chance in demand taken off where there is a control. The search looked where it was told to, so
    /// that it is rougher than that of a run.
    pub level: Estimate,
    /// What that says.
    pub seems: Seems,
}

/// A cheaper staffing of which it could not be shown either that it meets every level or that it misses one.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Borderline {
    /// Which component.
    pub component: usize,
    /// Its numbers.
    pub numbers: Numbers,
    /// What it costs less than the answer, with the rest as it is; where it has another number that is the same at several hubs, with the
    /// least there of which it has not been shown that it is too little.
    pub saves: f64,
    /// What it costs, then.
    pub cost: f64,
    /// What was seen of each level.
    pub levels: Vec<SeenLevel>,
}

/// How it is known what more of a number does to a level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Grounds {
    /// It follows from who does what in the file.
    Rules,
    /// Moved alone, on the same people, no step could be seen to do the contrary by more than the zone of indifference.
    Scan,
    /// It is not known, and nothing rests on it.
    Nothing,
}

/// What more of a number does to a level, in the mean.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Direction {
    /// Which component.
    pub component: usize,
    /// The level.
    pub check: Check,
    /// The free number.
    pub free: usize,
    /// What more of it does.
    pub sign: Sign,
    /// How that is known.
    pub grounds: Grounds,
    /// Pairs of staffings that differ in it, and that were searched for a contradiction.
    pub pairs: usize,
}

/// What it is busy with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Stage {
    /// It searches. Of the staffings that were open at first so large a share is settled, on a scale on which halving what is open is
    /// always as far: from 0 to 1.
    Search {
        /// That share.
        settled: f64,
    },
    /// It tests, on people whom the search has not seen.
    Certify {
        /// Attempts at it, this one included.
        attempt: u32,
        /// Replications of an island that the search expects of it.
        expected: u64,
    },
}

/// A staffing that was simulated, for the picture.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Tried {
    /// Which component.
    pub component: usize,
    /// Its numbers: (free number, number).
    pub numbers: Numbers,
    /// What was seen of each check of the component.
    pub levels: Vec<SeenLevel>,
    /// Whether it is known, from itself or others, to meet all of them.
    pub suffices: bool,
    /// Whether it is known to miss one.
    pub excluded: bool,
}

/// The answer of `required`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RequiredAnswer {
    /// How it ended.
    pub ending: Ending,
    /// Confidence of everything certified, together.
    pub confidence: f64,
    /// Half the zone of indifference \[points\].
    pub delta_points: f64,
    /// Whether levels are of every hub, or over all.
    pub overall: bool,
    /// Whether costs are yearly costs; otherwise WTE, or what the file gives.
    pub yearly_cost: bool,
    /// The staffing: of the best that was found, if nothing is certified.
    pub numbers: Vec<Number>,
    /// What it costs.
    pub cost: f64,
    /// What the cheapest staffing costs of which it is not certified that it misses a level: less than the answer if some are
    /// borderline. `None` if nothing is certified to do.
    pub cost_at_least: Option<f64>,
    /// What the staff of the file cost.
    pub cost_before: f64,
    /// What the staffing costs in a year \[GBP\]; `None` unless all roles that are free have a price.
    pub pounds: Option<f64>,
    /// The same for the staff of the file.
    pub pounds_before: Option<f64>,
    /// Every level at that staffing, as certified; as the search saw it if it was interrupted.
    pub levels: Vec<Tested>,
    /// Staffings that were tested for missing a level: every one cheaper than the answer is at most as good as one of these.
    pub cheaper: Vec<Cheaper>,
    /// Cheaper staffings of which neither could be shown.
    pub borderline: Vec<Borderline>,
    /// Whether these are only the best of some of the costs between [`Self::cost_at_least`] and the answer's, as where parts were
    /// simulated apart and added up: then nothing is claimed of others there either.
    pub borderline_of_each_cost: bool,
    /// Staffings as cheap as the answer that seemed sufficient in the search too; these are not certified.
    pub as_cheap: Vec<(usize, Numbers)>,
    /// Attempts at a certificate.
    pub attempts: u32,
    /// Replications of an island: in the search, and in all certificates.
    pub search_replications: u64,
    /// The same.
    pub certificate_replications: u64,
    /// Islands of hubs; replications divided by these are replications of the whole service.
    pub islands: usize,
    /// Pairs of staffings that were compared to contradict the order.
    pub audited: usize,
    /// Signs that were contradicted and not used: (check, free number).
    pub contradicted: Vec<(Check, usize)>,
    /// What more of each number does to each level, and how that is known.
    pub rests_on: Vec<Direction>,
    /// Levels, and why what chance brings to demand could not be taken off: `None` where it was, by the infinite-server control.
    pub controls: Vec<(Check, Option<NoControl>)>,
    /// Staffings within the bounds, all components together.
    pub staffings: usize,
    /// All that were simulated.
    pub tried: Vec<Tried>,
    /// Events handled.
    pub events: u64,
    /// Processor time in the engine \[s\]. Not part of the results proper.
    #[serde(skip)]
    pub engine_cpu_s: f64,
}

/// Answers the question of a scenario.
///
/// `progress` hears, from any thread, of every replication of an island.
///
/// # Errors
/// [`NoAnswer`], with what to do.
pub fn required(
    scenario: &Scenario,
    question: &Question,
    request: RequiredRequest,
    stop: &AtomicBool,
    progress: &(dyn Fn() + Sync),
) -> Result<RequiredAnswer, NoAnswer> {
    required_watched(scenario, question, request, stop, progress, &mut |_| ())
}

/// The same, telling what it is busy with. Interrupted, it gives the best so far, if every part of the service has been looked at.
///
/// # Errors
/// [`NoAnswer`], with what to do.
pub fn required_watched(
    scenario: &Scenario,
    question: &Question,
    request: RequiredRequest,
    stop: &AtomicBool,
    progress: &(dyn Fn() + Sync),
    stage: &mut dyn FnMut(Stage),
) -> Result<RequiredAnswer, NoAnswer> {
    if let Some(joint) = overall::asked(scenario, question) {
        return overall::required(scenario, question, joint, request, (stop, progress), stage);
    }
    let (mut store, groups, mut searches) = begin(scenario, question, request.threads, stop, progress)?;
    let mut solved = Solved::default();
    let done = solve(
        (&groups, &mut searches),
        &mut store,
        question,
        request,
        &mut solved,
        stage,
    );
    if done == Err(Stopped) {
        searches.iter_mut().for_each(|search| search.leave(&store));
        agree(&groups, &mut searches);
        if searches.iter().any(|search| search.tried.is_empty()) {
            return Err(NoAnswer::Stopped);
        }
        solved.ending = Ending::Interrupted;
    }
    Ok(answer::answer(
        scenario,
        question,
        (&groups, &searches),
        &store,
        &solved,
    ))
}

/// A store, the components that share numbers, and a search for each component, with nothing simulated yet.
fn begin<'s>(
    scenario: &'s Scenario,
    question: &'s Question,
    threads: Option<usize>,
    stop: &'s AtomicBool,
    progress: &'s (dyn Fn() + Sync),
) -> Result<(Store<'s>, Vec<Group>, Vec<Search>), NoAnswer> {
    askable(scenario, question)?;
    let store = Store::new(scenario, question, threads, stop, progress).map_err(NoAnswer::Machine)?;
    let components = components(scenario, question, store.islands());
    if components.is_empty() {
        return Err(NoAnswer::NoDemand);
    }
    if let Some(component) = components.iter().find(|c| c.count().is_none()) {
        return Err(too_many(&component.levels));
    }
    let groups = groups(&components).map_err(|levels| too_many(&levels))?;
    let searches = components
        .into_iter()
        .map(|c| {
            let people = c
                .dials
                .iter()
                .map(|d| people_of_level(scenario, &question.free[*d]))
                .collect();
            let start = start(scenario, question, &c);
            Search::new(Arc::new(c), people, start, question.delta.get() / 100.0)
        })
        .collect();
    Ok((store, groups, searches))
}

/// That free numbers with so many levels have more staffings than can be listed.
fn too_many(levels: &[u16]) -> NoAnswer {
    NoAnswer::TooMany {
        staffings: levels.iter().map(|n| f64::from(*n)).product(),
        dials: levels.len(),
    }
}

/// Whether the question can be answered at all.
fn askable(scenario: &Scenario, question: &Question) -> Result<(), NoAnswer> {
    for dial in &question.free {
        let dated = |p: &space::StaffPlace| {
            let now = &scenario.hubs[p.hub.0].staff[p.role.0];
            let days = scenario.later.iter();
            days.map(|l| &l.scenario.hubs[p.hub.0].staff[p.role.0])
                .any(|then| then != now)
        };
        if dial.places.iter().any(dated) {
            let path = dial.path.clone();
            return Err(NoAnswer::Dated { path });
        }
    }
    if let Some(RoleId(role)) = without_price(scenario, question) {
        let role = scenario.roles[role].name.clone();
        return Err(NoAnswer::NoPrice { role });
    }
    Ok(())
}

/// Where to begin: enough people for the work offered and a safety margin of 0.6 of its square root, which is what keeps
/// waits short in a team of any size (Halfin & Whitt, *Operations Research* 29 (1981), 567-588).
fn start(scenario: &Scenario, question: &Question, component: &Component) -> Levels {
    let load = meaning(scenario).load;
    let of = |dial: &Dial, place: &space::StaffPlace| {
        let base = scenario.base_of(place.hub);
        let row = load.iter().find(|r| r.hub == base && r.role == place.role)?;
        if !row.offered.is_finite() {
            return None;
        }
        let role = scenario.roles.get(place.role.0)?;
        let need = |offered: f64| offered + 0.6 * offered.sqrt();
        let number = if let Some(piece) = place.piece {
            need(row.offered * demand_in_piece(scenario, place, piece)?)
        } else {
            let one = HoursOfWeek::expected(role, &crate::model::Staffing::Wte(Wte::new(1.0).ok()?)).0;
            let covered = one.iter().filter(|n| **n > 0.0).count() as f64 / one.len() as f64;
            need(row.offered / covered) * covered / (people_of_level(scenario, dial) / dial.step)
        };
        Some(((number - dial.from) / dial.step).ceil())
    };
    let level = |d: &usize| {
        let dial = &question.free[*d];
        // What is the same at several hubs must be enough where most is needed.
        let needs = dial.places.iter().filter_map(|place| of(dial, place));
        let found = needs.filter(|n| n.is_finite()).fold(0.0, f64::max);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped")]
        let level = found.clamp(0.0, f64::from(dial.levels - 1)) as u16;
        level
    };
    component.dials.iter().map(level).collect()
}

/// Demand in a piece of the day, where the mean over the day is 1.
fn demand_in_piece(scenario: &Scenario, place: &space::StaffPlace, piece: usize) -> Option<f64> {
    let crate::model::Staffing::OnShift(pieces) = scenario.hubs.get(place.hub.0)?.staff.get(place.role.0)? else {
        return None;
    };
    let piece = pieces.get(piece)?;
    let hour = crate::units::Span::HOUR.ms();
    let covers = |h: i64| {
        let at = crate::units::Span::from_ms(h * hour);
        if piece.to > piece.from {
            piece.from <= at && at < piece.to
        } else {
            at >= piece.from || at < piece.to
        }
    };
    let (mut sum, mut hours) = (0.0, 0.0);
    for pathway in scenario.pathways.iter().filter(|p| !p.responses.is_empty()) {
        for (_, weight) in (0..).zip(pathway.profile.day(0)).filter(|(h, _)| covers(*h)) {
            sum += weight;
            hours += 1.0;
        }
    }
    (hours > 0.0).then(|| sum / hours)
}

/// What came of it.
struct Solved {
    claims: Vec<Claim>,
    attempts: u32,
    ending: Ending,
    audited: Audited,
}

impl Default for Solved {
    fn default() -> Self {
        Self {
            claims: Vec::new(),
            attempts: 0,
            ending: Ending::NotDecided,
            audited: Audited::default(),
        }
    }
}

/// Searches and certifies by turns.
fn solve(
    (groups, searches): (&[Group], &mut [Search]),
    store: &mut Store<'_>,
    question: &Question,
    request: RequiredRequest,
    last: &mut Solved,
    stage: &mut dyn FnMut(Stage),
) -> Result<(), Stopped> {
    let delta = question.delta.get() / 100.0;
    stage(Stage::Search { settled: 0.0 });
    scan_everywhere(searches, store)?;
    for attempt in 1..=MOST_ATTEMPTS {
        let beta = error_of_attempt(attempt, question.confidence.get());
        let mut claims = loop {
            look_and_audit((groups, searches), store, delta, &mut last.audited, &mut |settled| {
                stage(Stage::Search { settled });
            })?;
            let mut any = false;
            let mut claims = Vec::new();
            for (number, search) in searches.iter().enumerate() {
                claims.extend(certificate::claims(number, search, store, beta, delta));
            }
            // By what a failed certificate has shown besides, some may be nearer to the level than they seemed.
            for claim in &claims {
                let search = &mut searches[claim.search];
                let seen = search.seen(store, &claim.cell, claim.check);
                if seen.is_some_and(|s| s.is_near(delta)) {
                    search.shown_borderline((claim.cell.clone(), claim.check));
                    any = true;
                }
            }
            if !any {
                break claims;
            }
        };
        stage(Stage::Certify {
            attempt,
            expected: certificate::expected(&claims, searches),
        });
        certificate::test(&mut claims, (groups, searches), store, attempt, request.most as usize)?;
        let may_hold = certificate::may_hold(&claims, groups, searches);
        let undecided = claims.iter().any(|c| c.verdict == Verdict::Undecided);
        take_in(&claims, searches);
        agree(groups, searches);
        last.claims = claims;
        last.attempts = attempt;
        if !may_hold {
            continue;
        }
        let is_without = |group: &&Group| group.members.iter().any(|m| searches[*m].known.best().is_none());
        let mut without = groups.iter().filter(is_without);
        last.ending = if undecided {
            Ending::NotDecided
        } else if searches.iter().all(|s| s.known.best().is_some()) {
            Ending::Certified
        } else if without.any(|group| certificate::rules_out_all(group, searches, &last.claims)) {
            Ending::NotWithinBounds
        } else {
            // All that might do is too near to a level to say.
            Ending::NotDecided
        };
        break;
    }
    Ok(())
}

/// All components look over what their signs rest on, before they search.
fn scan_everywhere(searches: &mut [Search], store: &mut Store<'_>) -> Result<(), Stopped> {
    for (replications, error) in audit::SCAN {
        let wants: Vec<_> = searches.iter().flat_map(|s| s.scan(replications)).collect();
        store.extend(0, &wants)?;
        for search in searches.iter_mut() {
            search.scanned(store, error);
        }
    }
    for search in searches {
        search.look_at_scanned(store);
    }
    Ok(())
}

/// Two staffings compared, in the last look, and all signs that were contradicted.
#[derive(Default)]
struct Audited {
    pairs: usize,
    /// By search, check and dial of its component: those that differ in it.
    differing: Vec<Vec<Vec<usize>>>,
    contradicted: Vec<(Check, usize)>,
}

/// All components search, until no sign that what they know rests on is contradicted. `settled` is told how far they are.
fn look_and_audit(
    (groups, searches): (&[Group], &mut [Search]),
    store: &mut Store<'_>,
    delta: f64,
    audited: &mut Audited,
    settled: &mut dyn FnMut(f64),
) -> Result<(), Stopped> {
    loop {
        look_everywhere((groups, searches), store, settled)?;
        let before = audited.contradicted.len();
        (audited.pairs, audited.differing) = (0, Vec::new());
        for search in searches.iter_mut() {
            let found = audit::audit(search, store, delta);
            audited.pairs += found.pairs;
            audited.differing.push(found.differing);
            let component = &search.component;
            let named = |(k, j): &(usize, usize)| (component.checks[*k], component.dials[*j]);
            audited.contradicted.extend(found.against.iter().map(named));
            search.take_away(&found.against);
        }
        if audited.contradicted.len() == before {
            return Ok(());
        }
    }
}

/// All components search, side by side, until each knows a best staffing or that there is none.
fn look_everywhere(
    (groups, searches): (&[Group], &mut [Search]),
    store: &mut Store<'_>,
    settled: &mut dyn FnMut(f64),
) -> Result<(), Stopped> {
    loop {
        store.side_by_side(searches, Search::hear);
        agree(groups, searches);
        let wants = store.side_by_side(searches, Search::next);
        let wants: Vec<_> = wants.into_iter().flatten().collect();
        let each = searches.iter().map(Search::settled).sum::<f64>();
        settled(each / searches.len().max(1) as f64);
        if wants.is_empty() {
            return Ok(());
        }
        store.extend(0, &wants)?;
    }
}

/// Tells the searches what the tests of their claims have shown. What holds comes last, so that it stands.
fn take_in(claims: &[Claim], searches: &mut [Search]) {
    let mut shown: Vec<&Claim> = claims.iter().collect();
    shown.sort_by_key(|claim| claim.holds());
    for claim in shown {
        let fact = (claim.cell.clone(), claim.check);
        let search = &mut searches[claim.search];
        match (claim.said, claim.verdict) {
            (_, Verdict::Undecided) | (Said::Missed, Verdict::Infeasible) => {}
            (_, Verdict::Borderline) => search.shown_borderline(fact),
            (_, Verdict::Feasible) => search.shown_met(fact),
            (Said::Met, Verdict::Infeasible) => search.shown_missed(fact),
        }
    }
}
