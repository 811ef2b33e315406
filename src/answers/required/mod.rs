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
//! meets every level and that nothing cheaper does, where posts may fall vacant as in `seldom`. `beside` looks at what the answer does to all that was not asked. `guess` only says where to look. `store` simulates, each island with
//! each staffing once; `answer` says what came of it in the words of the question.
//!
//! **What is guaranteed.** With at least the confidence asked for, a certificate is right in all that it says: every level
//! is met, and no cheaper staffing within the bounds meets all of them, those named as borderline left aside. It holds for normal sums over
//! replications (where posts may fall vacant for any; over all hubs together, of what is met), and if means are ordered as the signs say.

mod answer;
mod audit;
mod beside;
mod certificate;
mod control;
mod draws;
mod guess;
mod known;
mod least;
mod linked;
mod overall;
mod reply;
mod screen;
mod search;
mod seen;
mod seldom;
mod space;
mod store;

pub use beside::beside;
pub use control::NoControl;
pub use draws::{
    AGAIN, DrawnQuestion, Held, NumberSpread, OfDraw, RequiredDraws, RequiredUncertain, Standing, repeated,
    required_uncertain,
};
pub use least::{Least, least};
pub use reply::{
    Borderline, Cheaper, Direction, Ending, Grounds, NoAnswer, Number, Numbers, RequiredAnswer, RequiredRequest, Seems,
    SeenLevel, Stage, Tested, Tried,
};
pub use space::{Check, MOST_LISTED, Sign};

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use crate::model::{Question, RoleId, Scenario};
use crate::pieces::Pieces;
use crate::stats::Verdict;
use certificate::{Claim, Said, error_of_attempt};
use linked::{Group, agree, groups};
use screen::start;
use search::Search;
use space::{components, people_of_level, without_price};
use store::{Stopped, Store};

/// The most attempts at a certificate.
const MOST_ATTEMPTS: u32 = 12;

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
    required_in_pieces(scenario, question, request, &Pieces::alone(), (stop, progress), stage)
}

/// The same, with what has been finished before. Where units are left to others it ends as if it were stopped, and what comes of it
/// is no answer ([`Pieces::wanted`]): what to look at next depends on them.
///
/// # Errors
/// [`NoAnswer`], with what to do.
pub fn required_in_pieces(
    scenario: &Scenario,
    question: &Question,
    request: RequiredRequest,
    pieces: &Pieces,
    watched: (&AtomicBool, &(dyn Fn() + Sync)),
    stage: &mut dyn FnMut(Stage),
) -> Result<RequiredAnswer, NoAnswer> {
    if let Some(joint) = overall::asked(scenario, question) {
        return overall::required(scenario, question, joint, request, pieces, watched, stage);
    }
    let (mut store, groups, mut searches) = begin(scenario, question, request.threads, pieces, watched)?;
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
        store.sound()?;
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
    pieces: &'s Pieces,
    watched: (&'s AtomicBool, &'s (dyn Fn() + Sync)),
) -> Result<(Store<'s>, Vec<Group>, Vec<Search>), NoAnswer> {
    askable(scenario, question)?;
    let store = Store::new(scenario, question, threads, pieces, watched).map_err(NoAnswer::Machine)?;
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

/// What came of it.
#[derive(Default)]
struct Solved {
    claims: Vec<Claim>,
    attempts: u32,
    ending: Ending,
    audited: Audited,
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
