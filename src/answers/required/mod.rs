//! `required`: how many staff are needed, at least, and how sure is that?
//!
//! ```text
//! question ─▶ components ─▶ search (the same people everywhere) ─▶ audit of signs ─▶ certificate (new people) ─▶ answer
//!                              ▲                                                        │ a claim failed
//!                              └────────────────────────────────────────────────────────┘
//! ```
//!
//! `space` says what may be chosen and which staffing is better for what; `search` looks for the cheapest that seems to
//! suffice; `known` keeps what follows from it for all others; `seen` says what has been seen of a level, with what chance brought to demand taken off by a `control` whose mean is
//! known; `audit` tries to contradict the order that this rests on; `certificate` tests, on people whom the search has not seen, that the staffing
//! meets every level and that nothing cheaper does. `guess` only says where to look. `store` simulates, each island with
//! each staffing once.
//!
//! **What is guaranteed.** With at least the confidence asked for, a certificate is right in all that it says: every level
//! is met, and no cheaper staffing within the bounds meets all of them, those named as borderline left aside. It holds for normal sums over
//! replications, and if means are ordered as the signs say.

mod audit;
mod certificate;
mod control;
mod draws;
mod guess;
mod known;
mod least;
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
pub use space::{Check, Sign};

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use serde::Serialize;

use crate::answers::Estimate;
use crate::answers::check::check as meaning;
use crate::model::{Dial, HoursOfWeek, Question, RoleId, Scenario, Smallest, Where, rostered_per_instance};
use crate::stats::Verdict;
use crate::units::Wte;
use certificate::{Claim, Said, error_of_attempt};
use search::Search;
use space::{Component, Levels, components, cost_of_one, people_of_level, present, without_price};
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
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
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
        "{staffings} staffings of {dials} free numbers that belong together are too many to look through (60,000); tie some (`tied = true`), take larger \
         steps, or bounds that are nearer to each other"
    )]
    TooMany {
        /// Staffings, in words.
        staffings: String,
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
    /// What it costs less than the component's part of the answer; below 0 if it costs more, but holds for cheaper ones.
    pub saves: f64,
    /// The level that it misses, as tested.
    pub tested: Tested,
}

/// A staffing that was simulated, for the picture.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Tried {
    /// Which component.
    pub component: usize,
    /// Its numbers: (free number, number).
    pub numbers: Numbers,
    /// What was seen of each check of the component: (check, level, replications).
    pub levels: Vec<(Check, f64, usize)>,
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
    /// Every level at that staffing, as certified.
    pub levels: Vec<Tested>,
    /// Staffings that were tested for missing a level: every one cheaper than the answer is at most as good as one of these.
    pub cheaper: Vec<Cheaper>,
    /// Cheaper staffings of which neither could be shown: (component, numbers, what each saves).
    pub borderline: Vec<(usize, Numbers, f64)>,
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
    /// Signs that it rests on: (check, free number, sign).
    pub rests_on: Vec<(Check, usize, Sign)>,
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
    let (mut store, mut searches) = begin(scenario, question, request.threads, stop, progress)?;
    let solved = solve(&mut searches, &mut store, question, request).map_err(|Stopped| NoAnswer::Stopped)?;
    Ok(answer(scenario, question, &searches, &store, solved))
}

/// A store and a search for each component, with nothing simulated yet.
fn begin<'s>(
    scenario: &'s Scenario,
    question: &'s Question,
    threads: Option<usize>,
    stop: &'s AtomicBool,
    progress: &'s (dyn Fn() + Sync),
) -> Result<(Store<'s>, Vec<Search>), NoAnswer> {
    askable(scenario, question)?;
    let store = Store::new(scenario, question, threads, stop, progress).map_err(NoAnswer::Machine)?;
    let components = components(scenario, question, store.islands());
    if components.is_empty() {
        return Err(NoAnswer::NoDemand);
    }
    for component in &components {
        if component.count().is_none() {
            let all: f64 = component.levels.iter().map(|n| f64::from(*n)).product();
            return Err(NoAnswer::TooMany {
                staffings: format!("{all:.0}"),
                dials: component.dials.len(),
            });
        }
    }
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
    Ok((store, searches))
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
    let of = |dial: &Dial| {
        let place = dial.places.first()?;
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
        let found = of(dial).filter(|n| n.is_finite()).unwrap_or(0.0);
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
    audited: usize,
    contradicted: Vec<(Check, usize)>,
}

/// Searches and certifies by turns.
fn solve(
    searches: &mut [Search],
    store: &mut Store<'_>,
    question: &Question,
    request: RequiredRequest,
) -> Result<Solved, Stopped> {
    let delta = question.delta.get() / 100.0;
    let mut contradicted = Vec::new();
    let mut last = Solved {
        claims: Vec::new(),
        attempts: 0,
        ending: Ending::NotDecided,
        audited: 0,
        contradicted: Vec::new(),
    };
    scan_everywhere(searches, store)?;
    for attempt in 1..=MOST_ATTEMPTS {
        let beta = error_of_attempt(attempt, question.confidence.get());
        let mut claims = loop {
            let audited = look_and_audit(searches, store, delta)?;
            last.audited = audited.pairs;
            contradicted.extend(audited.contradicted);
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
        certificate::test(&mut claims, searches, store, attempt, request.most as usize)?;
        let may_hold = certificate::may_hold(&claims, searches);
        let undecided = claims.iter().any(|c| c.verdict == Verdict::Undecided);
        take_in(&claims, searches);
        last.claims = claims;
        last.attempts = attempt;
        if !may_hold {
            continue;
        }
        let mut without = searches.iter().enumerate().filter(|(_, s)| s.known.best().is_none());
        last.ending = if undecided {
            Ending::NotDecided
        } else if searches.iter().all(|s| s.known.best().is_some()) {
            Ending::Certified
        } else if without.any(|(n, search)| certificate::rules_out_all(n, search, &last.claims)) {
            Ending::NotWithinBounds
        } else {
            // All that might do is too near to a level to say.
            Ending::NotDecided
        };
        break;
    }
    last.contradicted = contradicted;
    Ok(last)
}

/// All components look over what their signs rest on, before they search.
fn scan_everywhere(searches: &mut [Search], store: &mut Store<'_>) -> Result<(), Stopped> {
    for (replications, error) in audit::SCAN {
        let wants: Vec<_> = searches.iter().flat_map(|s| s.scan(replications)).collect();
        store.extend(0, &wants)?;
        for search in searches.iter_mut() {
            search.scanned(store, replications, error);
        }
    }
    Ok(())
}

/// Two staffings compared, in the last look, and the signs that were contradicted.
struct Audited {
    pairs: usize,
    contradicted: Vec<(Check, usize)>,
}

/// All components search, until no sign that what they know rests on is contradicted.
fn look_and_audit(searches: &mut [Search], store: &mut Store<'_>, delta: f64) -> Result<Audited, Stopped> {
    let mut contradicted = Vec::new();
    loop {
        look_everywhere(searches, store)?;
        let (mut pairs, before) = (0, contradicted.len());
        for search in searches.iter_mut() {
            let found = audit::audit(search, store, delta);
            pairs += found.pairs;
            let component = &search.component;
            let named = |(k, j): &(usize, usize)| (component.checks[*k], component.dials[*j]);
            contradicted.extend(found.against.iter().map(named));
            search.take_away(&found.against);
        }
        if contradicted.len() == before {
            return Ok(Audited { pairs, contradicted });
        }
    }
}

/// All components search, side by side, until each knows a best staffing or that there is none.
fn look_everywhere(searches: &mut [Search], store: &mut Store<'_>) -> Result<(), Stopped> {
    loop {
        let wants = store.side_by_side(searches, Search::next);
        let wants: Vec<_> = wants.into_iter().flatten().collect();
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

/// The answer in the words of the question.
fn answer(
    scenario: &Scenario,
    question: &Question,
    searches: &[Search],
    store: &Store<'_>,
    solved: Solved,
) -> RequiredAnswer {
    let numbers_of = |component: &Component, cell: &[u16]| -> Numbers {
        let each = component.dials.iter().zip(cell);
        each.map(|(d, level)| (*d, question.free[*d].at(*level))).collect()
    };
    let chosen: Vec<Levels> = searches.iter().map(|s| best_seen(s, store)).collect();
    let mut numbers: Vec<Number> = Vec::new();
    for (search, cell) in searches.iter().zip(&chosen) {
        for (d, number) in numbers_of(&search.component, cell) {
            numbers.push(number_of(scenario, question, d, number));
        }
    }
    numbers.sort_by_key(|n| n.free);
    let tested = |claim: &Claim| {
        let component = &searches[claim.search].component;
        let check = component.checks[claim.check];
        let n = u32::try_from(claim.samples.len()).unwrap_or(u32::MAX);
        let confidence = question.confidence.get();
        Tested {
            component: claim.search,
            check,
            level: claim
                .level(check.wanted, confidence)
                .map(|i| Estimate::of(i, confidence, n)),
            bound: claim.bound(check.wanted),
            replications: claim.samples.len(),
            zone_points: claim.tests.first().map_or(0.0, |t| t.delta * 100.0),
            verdict: claim.verdict,
            controlled: claim.is_controlled(),
        }
    };
    let is_best = |c: &&Claim| c.said == Said::Met && c.cell == chosen[c.search];
    let saves = |search: usize, cell: &Levels| {
        let component = &searches[search].component;
        component.cost(&chosen[search]) - component.cost(cell)
    };
    let cost: f64 = numbers.iter().map(|n| n.cost).sum();
    let mut at_least = cost;
    let mut borderline = Vec::new();
    let mut as_cheap = Vec::new();
    let mut tried = Vec::new();
    for (n, search) in searches.iter().enumerate() {
        let component = &search.component;
        let shown = |cell: &Levels| {
            let own = solved.claims.iter().filter(|c| c.search == n && c.said == Said::Missed);
            own.filter(|c| c.holds())
                .any(|c| component.at_most(c.check, cell, &c.cell))
        };
        let cheaper = search
            .known
            .borderline()
            .iter()
            .filter(|cell| (saves(n, cell) > 0.0 || search.known.best().is_none()) && !shown(cell));
        at_least -= cheaper.clone().map(|cell| saves(n, cell)).fold(0.0, f64::max);
        borderline.extend(cheaper.map(|cell| (n, numbers_of(component, cell), saves(n, cell))));
        for cell in &search.tried {
            if search.known.best().is_some()
                && saves(n, cell) == 0.0
                && *cell != chosen[n]
                && search.known.suffices(cell)
            {
                as_cheap.push((n, numbers_of(component, cell)));
            }
            let of = |k: usize| {
                let seen = search.seen(store, cell, k)?;
                Some((component.checks[k], seen.level, seen.replications))
            };
            tried.push(Tried {
                component: n,
                numbers: numbers_of(component, cell),
                levels: (0..component.checks.len()).filter_map(of).collect(),
                suffices: search.known.suffices(cell),
                excluded: search.known.excluded(cell),
            });
        }
    }
    let mut rests_on = Vec::new();
    for search in searches {
        let component = &search.component;
        for (check, signs) in component.checks.iter().zip(&component.signs) {
            rests_on.extend(component.dials.iter().zip(signs).map(|(d, sign)| (*check, *d, *sign)));
        }
    }
    let checks = searches
        .iter()
        .flat_map(|s| s.component.checks.iter().map(move |check| (s, check)));
    let controls = checks
        .map(|(s, check)| (*check, store.uncontrolled(&s.component, check)))
        .collect();
    let made = |stage: fn(&u32) -> bool| store.made.iter().filter(|(s, _)| stage(s)).map(|(_, n)| n).sum();
    RequiredAnswer {
        ending: solved.ending,
        confidence: question.confidence.get(),
        delta_points: question.delta.get(),
        overall: question.at == Where::Overall,
        yearly_cost: question.smallest == Smallest::YearlyCost,
        cost,
        cost_at_least: (solved.ending == Ending::Certified).then_some(at_least),
        cost_before: numbers.iter().map(|n| n.cost_before).sum(),
        numbers,
        levels: solved.claims.iter().filter(is_best).map(tested).collect(),
        cheaper: solved
            .claims
            .iter()
            .filter(|c| c.said == Said::Missed)
            .map(|c| Cheaper {
                numbers: {
                    let component = &searches[c.search].component;
                    let numbers = numbers_of(component, &c.cell).into_iter();
                    numbers
                        .zip(&component.signs[c.check])
                        .map(|((d, n), sign)| (d, n, *sign))
                        .collect()
                },
                saves: saves(c.search, &c.cell),
                tested: tested(c),
            })
            .collect(),
        borderline,
        as_cheap,
        attempts: solved.attempts,
        search_replications: made(|s| *s == 0),
        certificate_replications: made(|s| *s > 0),
        islands: store.islands().len(),
        audited: solved.audited,
        contradicted: solved.contradicted,
        rests_on,
        controls,
        staffings: searches.iter().filter_map(|s| s.component.count()).sum(),
        tried,
        events: store.events,
        engine_cpu_s: store.engine_cpu_s,
    }
}

/// The best staffing of a search; if none suffices, the one simulated that came nearest.
fn best_seen(search: &Search, store: &Store<'_>) -> Levels {
    if let Some((_, cell)) = search.known.best() {
        return cell.clone();
    }
    let least = |cell: &Levels| {
        let gaps = (0..search.component.checks.len()).filter_map(|k| search.seen(store, cell, k).map(|s| s.gap));
        gaps.fold(f64::INFINITY, f64::min)
    };
    let most = search.tried.iter().max_by(|a, b| least(a).total_cmp(&least(b)));
    most.cloned().unwrap_or_default()
}

fn number_of(scenario: &Scenario, question: &Question, d: usize, number: f64) -> Number {
    let dial = &question.free[d];
    let one = |p: &space::StaffPlace| dial.cost.unwrap_or_else(|| cost_of_one(scenario, question.smallest, p));
    let before: Vec<f64> = dial.places.iter().map(|p| present(scenario, p)).collect();
    let rostered = dial.places.first().filter(|p| p.piece.is_none()).and_then(|p| {
        let role = scenario.roles.get(p.role.0)?;
        Some(rostered_per_instance(role, Wte::new(number).ok()?))
    });
    let highest = dial.at(dial.levels - 1);
    Number {
        free: d,
        path: dial.path.clone(),
        number,
        before: before.iter().sum::<f64>() / before.len().max(1) as f64,
        cost: dial.places.iter().map(one).sum::<f64>() * number,
        cost_before: dial.places.iter().zip(&before).map(|(p, n)| one(p) * n).sum(),
        rostered,
        at_bound: (number - dial.from).abs() < 1e-9 || (number - highest).abs() < 1e-9,
    }
}
