//! Laws that hold in every world: random valid scenarios ([`crate::worlds`]), and everything that happened looked at
//! again from outside.
//!
//! A law is a function that says what is broken, and knows of no test framework, so that anything that makes bytes can
//! drive it: [`hold_in`] tries all of them on the world of some bytes. A world that breaks one is shown as the text of
//! its scenario.

pub(crate) mod beds;
mod causes;
mod packages;
mod reach;
mod referrals;
mod sameness;
mod sharing;
mod staff;
mod visits;

use std::collections::BTreeMap;
use std::path::Path;

use homefirst::engine::{HubRecord, Seen, World, run_observed};
use homefirst::model::{HubId, Scenario};
use homefirst::units::Instant;
use proptest::collection::vec;
use proptest::prelude::{Strategy, any};
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestError, TestRng, TestRunner};

use crate::worlds::scenario_text;

/// Everything that happened.
pub(crate) type Log = Vec<(Instant, Seen)>;
/// What is broken, in words.
pub(crate) type Verdict = Result<(), String>;

/// Says what is broken unless something holds.
macro_rules! ensure {
    ($holds:expr, $($words:tt)+) => {
        let holds: bool = $holds;
        if !holds {
            return Err(format!($($words)+));
        }
    };
}
use ensure;

/// Two things that must be equal.
macro_rules! ensure_eq {
    ($one:expr, $other:expr, $($words:tt)+) => {
        let (one, other) = (&$one, &$other);
        if one != other {
            return Err(format!("{}: {one:?} is not {other:?}", format!($($words)+)));
        }
    };
}
use ensure_eq;

/// What one replication of one hub came to.
#[derive(Debug)]
pub(crate) struct Ran<'s> {
    pub(crate) s: &'s Scenario,
    /// Which hub.
    pub(crate) hub: usize,
    /// Its island, and its place there.
    pub(crate) island: (usize, usize),
    pub(crate) record: HubRecord,
    /// What happened at this hub: to its referrals and packages, and to the people who come from here.
    pub(crate) log: Log,
    /// Hub and pathway of every referral of the island.
    pub(crate) referrals: BTreeMap<u64, (usize, usize)>,
    /// When their clocks started.
    pub(crate) clocks: BTreeMap<u64, Instant>,
}

impl<'s> Ran<'s> {
    /// The first replication of a hub.
    pub(crate) fn new(s: &'s Scenario, hub: usize) -> Self {
        let world = World::new(s);
        let place = |island: &Vec<HubId>| island.iter().position(|h| h.0 == hub);
        let mut islands = world.islands().iter().enumerate();
        let island = islands.find_map(|(n, hubs)| Some((n, place(hubs)?))).unwrap();
        let mut log = Log::new();
        let mut records = run_observed(&world, island.0, 0, &mut log);
        Self {
            s,
            hub,
            island,
            record: records.hubs.remove(island.1),
            referrals: referrals_of(&log),
            clocks: clocks_of(&log),
            log: of_hub(log, hub),
        }
    }

    /// Every hub.
    pub(crate) fn all(s: &'s Scenario) -> Vec<Self> {
        (0..s.hubs.len()).map(|hub| Ran::new(s, hub)).collect()
    }

    /// Whether an instant lies in the window.
    fn inside(&self, at: Instant) -> bool {
        (0..self.s.experiment.run_length.ms()).contains(&at.ms())
    }

    /// The part of an interval that lies in the window [ms].
    fn overlap(&self, from: Instant, to: Instant) -> i64 {
        (to.ms().min(self.s.experiment.run_length.ms()) - from.ms().max(0)).max(0)
    }

    /// The hour of the week of an instant, 0 for Monday 00:00.
    fn hour_of_week(&self, at: Instant) -> usize {
        let day = self.s.experiment.calendar.weekday(at.day()).index();
        let hour = at.time_of_day().ms() / 3_600_000;
        day * 24 + usize::try_from(hour).unwrap()
    }

    /// The package and the place in it of a stream, by its number over all packages.
    fn stream(&self, number: usize) -> (usize, usize) {
        let mut first = 0;
        for (package, p) in self.s.packages.iter().enumerate() {
            if number < first + p.streams.len() {
                return (package, number - first);
            }
            first += p.streams.len();
        }
        unreachable!("stream {number}")
    }
}

/// Hub and pathway of every referral.
fn referrals_of(log: &Log) -> BTreeMap<u64, (usize, usize)> {
    let of = |(_, seen): &(Instant, Seen)| match *seen {
        Seen::ClockStarts {
            referral, hub, pathway, ..
        }
        | Seen::WaitsAtStart {
            referral, hub, pathway, ..
        } => Some((referral, (hub, pathway))),
        _ => None,
    };
    log.iter().filter_map(of).collect()
}

/// When the clock of every referral started.
fn clocks_of(log: &Log) -> BTreeMap<u64, Instant> {
    let of = |&(at, seen): &(Instant, Seen)| match seen {
        Seen::ClockStarts { referral, .. } => Some((referral, at)),
        Seen::WaitsAtStart { referral, clock, .. } => Some((referral, clock)),
        _ => None,
    };
    log.iter().filter_map(of).collect()
}

/// What of an island's log happened at a hub.
fn of_hub(log: Log, here: usize) -> Log {
    // Packages by their numbers; people by theirs, which are given again after they have left.
    let (mut packages, mut people) = (BTreeMap::new(), BTreeMap::new());
    let mut at_hub = |seen: &Seen| match *seen {
        Seen::PackageStarts { referral, hub, .. } | Seen::OpenAtStart { referral, hub, .. } => {
            packages.insert(referral, hub);
            hub == here
        }
        Seen::PersonStarts { person, hub, .. } => {
            people.insert(person, hub);
            hub == here
        }
        Seen::VisitAvailable { referral, .. } | Seen::VisitMissed { referral, .. } => packages[&referral] == here,
        Seen::BreakStarts { person, .. } => people[&person] == here,
        Seen::ClockStarts { hub, .. }
        | Seen::WaitsAtStart { hub, .. }
        | Seen::RunsAtStart { hub, .. }
        | Seen::Declined { hub, .. }
        | Seen::Sent { hub, .. }
        | Seen::ClockStops { hub, .. }
        | Seen::Missed { hub, .. }
        | Seen::Left { hub, .. }
        | Seen::Unanswered { hub, .. }
        | Seen::ResponseOver { hub, .. }
        | Seen::StreamStarts { hub, .. }
        | Seen::PackageEnds { hub, .. }
        | Seen::PersonAbsent { hub, .. }
        | Seen::PersonLeaves { hub, .. }
        | Seen::PoolChanges { hub, .. } => hub == here,
    };
    log.into_iter().filter(|(_, seen)| at_hub(seen)).collect()
}

/// A law of one hub's run.
type HubLaw = fn(&Ran<'_>) -> Verdict;
/// A law of a whole scenario, which runs it in several ways.
type WorldLaw = fn(&Scenario) -> Verdict;

const HUB_LAWS: [(&str, HubLaw); 21] = [
    ("every referral ends once", referrals::every_referral_ends_once),
    ("books of referrals", referrals::books_are_what_happened),
    ("ends add up", referrals::what_becomes_of_people_adds_up),
    ("causes add up", causes::every_miss_has_one_cause),
    ("causes", causes::causes_are_possible),
    ("beds", beds::beds_are_taken_in_order),
    ("waiting adds up", referrals::waiting_is_the_sum_of_waits),
    ("doors", referrals::clocks_start_while_the_door_is_open),
    ("outcomes", referrals::what_follows_is_an_outcome_of_the_file),
    ("one place at a time", staff::nobody_is_in_two_places),
    ("breaks", staff::breaks_are_taken_when_next_free),
    ("shift ends", staff::nobody_is_sent_too_late_in_a_shift),
    ("pools", staff::pools_start_within_their_capacity),
    ("staff time", staff::staff_time_adds_up),
    ("visits", visits::visits_are_done_or_missed),
    ("order of work", visits::who_is_due_first_goes_first),
    ("nobody idle", visits::nobody_is_idle_while_a_planned_visit_waits),
    ("packages", packages::packages_add_up),
    ("gate", packages::the_gate_admits_no_more_than_fits),
    ("held packages", packages::a_held_package_begins_at_once),
    ("neighbours", sharing::neighbours_help_as_the_file_says),
];

const WORLD_LAWS: [(&str, WorldLaw); 10] = [
    ("the same again", sameness::the_same_world_twice_is_the_same),
    ("threads", sameness::threads_change_nothing),
    ("two halves", sameness::two_halves_are_the_whole),
    ("another hub", sameness::another_hub_changes_nothing_for_the_others),
    ("what is not used", sameness::what_is_not_used_changes_nothing),
    ("more staff", sameness::more_staff_is_never_fewer_people),
    ("less demand", sameness::less_demand_keeps_the_same_people),
    ("never asked", sharing::neighbours_who_are_never_asked_change_nothing),
    ("one team", sharing::a_pool_is_one_team),
    ("served once", sharing::everybody_is_served_once),
];

/// The scenario of a text.
pub(crate) fn read(text: &str) -> Result<Scenario, String> {
    let path = Path::new("world.toml");
    let loaded = homefirst::scenario::read_text(path, text.into()).map_err(|problems| {
        let list: Vec<_> = problems.iter().map(|d| (d.code, d.line_column(), &d.message)).collect();
        format!("the reader refuses it: {list:?}")
    })?;
    Ok(loaded.scenario)
}

/// Tries every law on the world of some bytes.
pub(crate) fn hold_in(bytes: &[u8]) -> Verdict {
    let scenario = read(&scenario_text(bytes))?;
    let named = |name: &str, verdict: Verdict| verdict.map_err(|why| format!("{name}: {why}"));
    for ran in Ran::all(&scenario) {
        for (name, law) in HUB_LAWS {
            named(name, law(&ran)).map_err(|why| format!("{why} (at {})", scenario.hubs[ran.hub].name))?;
        }
    }
    WORLD_LAWS
        .iter()
        .try_for_each(|(name, law)| named(name, law(&scenario)))
}

/// Worlds tried in every run of the tests; always the same ones.
const WORLDS: u32 = 400;

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    vec(any::<u8>(), 0..500)
}

fn runner(cases: u32) -> TestRunner {
    let config = Config {
        cases,
        failure_persistence: None,
        max_shrink_iters: 1500,
        ..Config::default()
    };
    TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha))
}

/// Runs a check over the worlds; a failure shows the simplest scenario found that breaks it.
fn over_worlds(cases: u32, check: impl Fn(&[u8]) -> Verdict) {
    let outcome = runner(cases).run(&bytes(), |bytes| {
        check(&bytes).map_err(proptest::test_runner::TestCaseError::fail)
    });
    match outcome {
        Ok(()) => {}
        Err(TestError::Fail(why, bytes)) => panic!("{why}\n\n{}\n{bytes:?}", scenario_text(&bytes)),
        Err(why) => panic!("{why}"),
    }
}

#[test]
fn every_law_holds_in_every_world() {
    over_worlds(WORLDS, hold_in);
}

/// A longer search: `HOMEFIRST_WORLDS=10000 cargo test --test it a_long_search -- --ignored --nocapture`. Goes on
/// after a failure, and ends with a list of the laws broken.
#[test]
#[ignore = "minutes to hours: for a long search"]
fn a_long_search_for_worlds_that_break_a_law() {
    let worlds = std::env::var("HOMEFIRST_WORLDS").map_or(10_000, |n| n.parse().unwrap());
    let mut runner = runner(1);
    let mut broken: BTreeMap<String, u32> = BTreeMap::new();
    let strategy = bytes();
    for n in 0..worlds {
        if n > 0 && n % 1000 == 0 {
            println!("{n} worlds; broken so far: {broken:?}");
        }
        let mut tree = strategy.new_tree(&mut runner).unwrap();
        let verdict = |bytes: &[u8]| {
            std::panic::catch_unwind(|| hold_in(bytes)).unwrap_or_else(|_| Err("panic: see above".into()))
        };
        let law = |why: &str| why.split(':').next().unwrap_or_default().to_owned();
        let Err(mut why) = verdict(&tree.current()) else {
            continue;
        };
        let name = law(&why);
        let times = broken.entry(name.clone()).or_default();
        *times += 1;
        if *times > 3 {
            continue;
        }
        let mut simplest = tree.current();
        let mut more = tree.simplify();
        for _ in 0..2000 {
            if !more {
                break;
            }
            let now = tree.current();
            match verdict(&now) {
                Err(other) if law(&other) == name => {
                    (simplest, why) = (now, other);
                    more = tree.simplify();
                }
                _ => more = tree.complicate(),
            }
        }
        println!("== world {n}: {why}\n{}\n", scenario_text(&simplest));
    }
    println!("{worlds} worlds; broken: {broken:?}");
    assert!(broken.is_empty(), "{broken:?}");
}
