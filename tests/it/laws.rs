//! Laws that hold in every world: small random services, everything that happened looked at again from outside.

use std::collections::BTreeMap;

use homefirst::engine::{HubRecord, Seen, World, run_observed};
use homefirst::model::{
    ClockStops, Joint, Opening, OutOfHours, Outcome, PackageId, PathwayId, Pattern, RoleId, Scenario, ShiftEnd,
    Staffing, WeekdaySet,
};
use homefirst::random::Distribution;
use homefirst::units::{Instant, PerDay, Span};
use proptest::prelude::{Strategy, any};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::support::{
    Log, begins, crew, daily, minutes, need, package, pathway, pool, role, run_log, scenario, share, shift, stream,
    times, wte,
};

/// What differs between the worlds.
#[derive(Clone, Copy, Debug)]
struct Choice {
    seed: u64,
    demand: u32,
    carers: u32,
    therapists: u32,
    people: bool,
    joint: Joint,
    stops: ClockStops,
    late_start: ShiftEnd,
    patience: bool,
    shut: bool,
    two: bool,
    limit: Option<u32>,
    gate: f64,
    admin: bool,
}

fn choices() -> impl Strategy<Value = Choice> {
    let joint = proptest::sample::select(vec![Joint::Separate, Joint::Together, Joint::Reserve]);
    let stops = proptest::sample::select(vec![ClockStops::Lead, ClockStops::First, ClockStops::All]);
    let late_start = proptest::sample::select(vec![ShiftEnd::Finish, ShiftEnd::NoLateStart]);
    let limit = proptest::sample::select(vec![None, Some(2), Some(6)]);
    let gate = proptest::sample::select(vec![0.2, 0.6, 1.0]);
    (
        (any::<u64>(), 1u32..25, 1u32..6, 1u32..5, any::<bool>(), joint, stops),
        (
            late_start,
            any::<bool>(),
            any::<bool>(),
            any::<bool>(),
            limit,
            gate,
            any::<bool>(),
        ),
    )
        .prop_map(|((seed, demand, carers, therapists, people, joint, stops), rest)| {
            let (late_start, patience, shut, two, limit, gate, admin) = rest;
            Choice {
                seed,
                demand,
                carers,
                therapists,
                people,
                joint,
                stops,
                late_start,
                patience,
                shut,
                two,
                limit,
                gate,
                admin,
            }
        })
}

/// A service with a bit of everything.
fn service(choice: Choice) -> Scenario {
    let random = |mean: i64| Distribution::exponential(minutes(mean)).unwrap();
    let mut roles = vec![role("carer"), role("therapist")];
    let mut staff = vec![pool(choice.carers), pool(choice.therapists)];
    if choice.people {
        roles[0] = crew(
            "carer",
            vec![shift("early", 420, 900, 30), shift("late", 840, 1320, 30)],
        );
        roles[1] = crew("therapist", vec![shift("day", 480, 1020, 60)]);
        roles[1].headroom.absence = share(0.1);
        staff = vec![
            wte(f64::from(choice.carers) + 0.4),
            wte(f64::from(choice.therapists) + 0.7),
        ];
    }
    for role in &mut roles {
        role.shift_end = choice.late_start;
        if choice.admin {
            (role.admin_share, role.notes) = (share(0.15), minutes(6));
        }
    }
    let mut crisis = pathway("crisis", vec![need(0, random(40)), need(1, random(50))]);
    crisis.responses[0].share = share(0.5);
    let mut alone = crisis.responses[0].clone();
    (alone.name, alone.needs) = ("alone".into(), vec![need(0, random(40))]);
    alone.needs[0].or = vec![RoleId(1)];
    if choice.two {
        alone.needs[0].two = share(0.4);
        alone.needs[0].or_second = vec![RoleId(1)];
    }
    crisis.responses.push(alone);
    (crisis.joint, crisis.priority, crisis.triage) = (choice.joint, 1, random(15));
    crisis.standard.as_mut().unwrap().clock_stops = choice.stops;
    crisis.patience = choice.patience.then(|| random(300));
    crisis.outcome = vec![
        (Outcome::End("home".into()), share(0.5)),
        (Outcome::Hospital, share(0.1)),
        (Outcome::Pathway(PathwayId(1)), share(0.4)),
    ];
    crisis.also = vec![(PackageId(1), share(0.3))];
    let mut reablement = begins("reablement", 0);
    if choice.stops == ClockStops::First {
        reablement.standard.as_mut().unwrap().clock_stops = ClockStops::First;
    }
    if choice.shut {
        let open = Opening {
            from: minutes(480),
            to: minutes(1080),
            days: WeekdaySet::ALL,
        };
        (crisis.opens, crisis.out_of_hours, reablement.opens) = (Some(open), OutOfHours::Accept, Some(open));
    }
    let mut care = stream("care", 0, daily(2.0), random(35));
    care.gated = true;
    care.two = share(if choice.two { 0.4 } else { 0.0 });
    let therapy = stream("therapy", 1, Pattern::PerWeek(2.0), random(45));
    let mut whole = package("whole", random(4000), vec![care, therapy]);
    (whole.gate, whole.starts_with) = (choice.gate, vec![RoleId(1), RoleId(0)]);
    let mut short = package(
        "short",
        random(2000),
        vec![stream("slots", 0, times(&[540, 840, 1140]), random(25))],
    );
    short.priority = 2;
    let mut s = scenario(roles, staff, vec![crisis, reablement], vec![whole, short]);
    let demand = f64::from(choice.demand) / 2.0;
    s.hubs[0].referrals = vec![PerDay::new(demand).unwrap(), PerDay::new(demand / 5.0).unwrap()];
    s.hubs[0].caseload_limit = vec![choice.limit, None];
    (s.hubs[0].travel.urgent, s.hubs[0].travel.round) = (random(20), random(12));
    s.experiment.seed = choice.seed;
    (s.experiment.warm_up, s.experiment.run_length) = (Span::from_days(2), Span::from_days(6));
    s
}

/// Runs a law over 48 worlds, always the same ones.
fn holds(law: impl Fn(&Scenario, &HubRecord, &Log)) {
    let config = Config {
        cases: 48,
        failure_persistence: None,
        ..Config::default()
    };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    runner
        .run(&choices(), |choice| {
            let s = service(choice);
            let (record, log) = run(&s);
            law(&s, &record, &log);
            Ok(())
        })
        .unwrap();
}

fn run(s: &Scenario) -> (HubRecord, Log) {
    let mut log = Log::new();
    let mut record = run_observed(&World::new(s), 0, 0, &mut log);
    (record.hubs.remove(0), log)
}

fn inside(s: &Scenario, at: Instant) -> bool {
    (0..s.experiment.run_length.ms()).contains(&at.ms())
}

/// The part of an interval that lies in the window [ms].
fn overlap(s: &Scenario, from: Instant, to: Instant) -> i64 {
    (to.ms().min(s.experiment.run_length.ms()) - from.ms().max(0)).max(0)
}

/// The end of a referral: its wait and whether it was met if seen, what became of it otherwise.
#[derive(Clone, Copy, Debug, PartialEq)]
enum End {
    Seen(Span, bool),
    Left,
    Unanswered,
}

/// Pathway, clock start, and every end in the log.
type Followed = (usize, Instant, Vec<(Instant, End)>);

fn referrals(log: &Log) -> BTreeMap<u64, Followed> {
    let mut all = BTreeMap::new();
    for &(at, seen) in log {
        match seen {
            Seen::ClockStarts { referral, pathway, .. } => {
                assert!(
                    all.insert(referral, (pathway, at, Vec::new())).is_none(),
                    "referral {referral} twice"
                );
            }
            Seen::ClockStops {
                referral,
                at,
                wait,
                met,
                ..
            } => {
                all.get_mut(&referral).unwrap().2.push((at, End::Seen(wait, met)));
            }
            Seen::Left { referral, .. } => all.get_mut(&referral).unwrap().2.push((at, End::Left)),
            Seen::Unanswered { referral, .. } => all.get_mut(&referral).unwrap().2.push((at, End::Unanswered)),
            _ => {}
        }
    }
    all
}

/// Every counted referral ends in exactly one of seen, left, unanswered; the books and the log agree; no wait is
/// negative; waiting inside the window adds up.
#[test]
fn nobody_is_lost() {
    holds(|s, record, log| {
        let all = referrals(log);
        for (n, books) in record.pathways.iter().enumerate() {
            let of_pathway = || all.values().filter(move |r| r.0 == n);
            let counted: Vec<_> = of_pathway().filter(|r| inside(s, r.1)).collect();
            assert!(counted.iter().all(|r| r.2.len() == 1), "one end each");
            assert!(of_pathway().all(|r| r.2.len() <= 1));
            let ended = |pick: fn(&End) -> bool| counted.iter().filter(|r| pick(&r.2[0].1)).count() as u64;
            assert_eq!(books.referrals, counted.len() as u64);
            assert_eq!(books.referrals, books.seen + books.left + books.unanswered);
            assert_eq!(books.seen, ended(|e| matches!(e, End::Seen(..))));
            assert_eq!(books.left, ended(|e| *e == End::Left));
            assert_eq!(books.unanswered, ended(|e| *e == End::Unanswered));
            assert_eq!(books.hits, ended(|e| matches!(e, End::Seen(_, true))));
            let mut waits = 0;
            for (_, start, ends) in of_pathway() {
                if let Some((at, End::Seen(wait, _))) = ends.first() {
                    assert!(*wait >= Span::ZERO && *at == *start + *wait);
                    waits += if inside(s, *start) { wait.ms() } else { 0 };
                }
            }
            assert_eq!(books.wait_ms, waits);
            let waiting: i64 = of_pathway().filter_map(|r| Some(overlap(s, r.1, r.2.first()?.0))).sum();
            assert_eq!(books.waiting_ms, waiting);
            assert_eq!(books.waits.iter().map(|&w| u64::from(w)).sum::<u64>(), books.seen);
            assert_eq!(
                books.referrals_by_hour.iter().map(|&w| u64::from(w)).sum::<u64>(),
                books.referrals
            );
        }
    });
}

/// Somebody on one shift: role, from, shift end, what they did, when they left.
struct Shifted {
    role: usize,
    from: Instant,
    until: Instant,
    work: Vec<(Instant, Instant)>,
    breaks: Vec<(Instant, Instant)>,
    left: Option<Instant>,
}

fn shifts(log: &Log) -> Vec<Shifted> {
    let mut now: BTreeMap<u32, Shifted> = BTreeMap::new();
    let mut done = Vec::new();
    for &(at, seen) in log {
        match seen {
            Seen::PersonStarts {
                person, role, until, ..
            } => {
                let new = Shifted {
                    role,
                    from: at,
                    until,
                    work: vec![],
                    breaks: vec![],
                    left: None,
                };
                assert!(now.insert(person, new).is_none(), "somebody comes before leaving");
            }
            Seen::Sent {
                person: Some(person),
                role,
                free,
                ..
            } => {
                let shifted = now.get_mut(&person).unwrap();
                assert_eq!(shifted.role, role);
                shifted.work.push((at, free));
            }
            Seen::BreakStarts { person, until } => now.get_mut(&person).unwrap().breaks.push((at, until)),
            Seen::PersonLeaves { person, .. } => {
                let mut shifted = now.remove(&person).unwrap();
                shifted.left = Some(at);
                done.push(shifted);
            }
            _ => {}
        }
    }
    done.extend(now.into_values());
    done
}

/// Nobody is in two places: visits and breaks of a person never overlap, none begins outside the shift, nobody leaves
/// in the middle, nobody has more than one break.
#[test]
fn nobody_is_in_two_places() {
    holds(|_, _, log| {
        for shifted in shifts(log) {
            let mut all: Vec<_> = shifted.work.iter().chain(&shifted.breaks).copied().collect();
            all.sort_unstable();
            assert!(all.windows(2).all(|w| w[0].1 <= w[1].0), "{all:?}");
            assert!(
                all.iter()
                    .all(|w| shifted.from <= w.0 && w.0 < shifted.until && w.0 <= w.1)
            );
            assert!(shifted.breaks.len() <= 1 && shifted.breaks.iter().all(|b| b.1 <= shifted.until));
            if let Some(left) = shifted.left {
                assert_eq!(left, all.last().map_or(shifted.until, |w| w.1.max(shifted.until)));
            }
        }
    });
}

/// A pool never starts more than its capacity.
#[test]
fn pools_start_within_their_capacity() {
    holds(|_, _, log| {
        let mut capacity = [0, 0];
        let mut busy: [Vec<Instant>; 2] = [vec![], vec![]];
        for &(at, seen) in log {
            match seen {
                Seen::PoolChanges {
                    role, capacity: now, ..
                } => capacity[role] = now as usize,
                Seen::Sent {
                    role,
                    person: None,
                    free,
                    ..
                } => {
                    busy[role].retain(|&until| until > at);
                    busy[role].push(free);
                    assert!(
                        busy[role].len() <= capacity[role],
                        "{} of {}",
                        busy[role].len(),
                        capacity[role]
                    );
                }
                _ => {}
            }
        }
    });
}

/// Staff time adds up: busy time is the sum of all intervals, cut to the window; overtime the part after shifts;
/// available time is shifts less breaks.
#[test]
fn staff_time_adds_up() {
    holds(|s, record, log| {
        for (role, books) in record.roles.iter().enumerate() {
            let busy: i64 = log
                .iter()
                .map(|&(at, seen)| match seen {
                    Seen::Sent { role: r, free, .. } if r == role => overlap(s, at, free),
                    _ => 0,
                })
                .sum();
            assert_eq!(books.busy_by_hour.iter().sum::<i64>(), busy);
            assert_eq!(books.busy_inside_ms() + books.overtime_ms, busy);
            match &s.hubs[0].staff[role] {
                Staffing::Wte(_) => {
                    let (mut over, mut available) = (0, 0);
                    for shifted in shifts(log).iter().filter(|x| x.role == role) {
                        over += shifted
                            .work
                            .iter()
                            .map(|w| overlap(s, w.0.max(shifted.until), w.1))
                            .sum::<i64>();
                        available += overlap(s, shifted.from, shifted.until);
                        available -= shifted.breaks.iter().map(|b| overlap(s, b.0, b.1)).sum::<i64>();
                    }
                    assert_eq!((books.overtime_ms, books.available_ms()), (over, available));
                }
                Staffing::OnShift(pieces) => {
                    let capacity = i64::from(pieces[0].count) * s.experiment.run_length.ms();
                    assert_eq!((books.overtime_ms, books.available_ms()), (0, capacity));
                }
                Staffing::Rota(_) => unreachable!(),
            }
            assert!(books.busy_inside_ms() <= books.available_ms());
        }
    });
}

/// Visits and packages: each visit offered is made, missed or still to come, never two of these; each package that
/// ends has started; the caseload keeps its limit.
#[test]
fn visits_and_packages_add_up() {
    holds(|s, record, log| {
        let mut visits: BTreeMap<(u64, usize, u32), (bool, bool)> = BTreeMap::new();
        let (mut open, mut missed) = ([0u32; 2], 0);
        for &(at, seen) in log {
            match seen {
                Seen::VisitAvailable {
                    referral,
                    stream,
                    visit,
                    ..
                } => {
                    assert!(visits.insert((referral, stream, visit), (false, false)).is_none());
                }
                Seen::Sent {
                    referral,
                    stream: Some(stream),
                    visit,
                    ..
                } => {
                    visits.get_mut(&(referral, stream, visit)).unwrap().0 = true;
                }
                Seen::VisitMissed {
                    referral,
                    stream,
                    visit,
                } => {
                    visits.get_mut(&(referral, stream, visit)).unwrap().1 = true;
                    missed += u64::from(inside(s, at));
                }
                Seen::PackageStarts { package, .. } => {
                    open[package] += 1;
                    assert!(s.hubs[0].caseload_limit[package].is_none_or(|limit| open[package] <= limit));
                }
                Seen::PackageEnds { package, .. } => open[package] -= 1,
                _ => {}
            }
        }
        assert!(visits.values().all(|v| !(v.0 && v.1)));
        assert_eq!(
            record
                .packages
                .iter()
                .flat_map(|p| &p.streams)
                .map(|s| s.missed)
                .sum::<u64>(),
            missed
        );
    });
}

/// A role, a pathway and a package that nobody uses change nothing.
#[test]
fn what_is_not_used_changes_nothing() {
    holds(|s, record, log| {
        let mut more = s.clone();
        more.roles.push(role("spare"));
        more.pathways
            .push(pathway("spare", vec![need(2, Distribution::fixed(Span::HOUR))]));
        more.packages.push(package(
            "spare",
            Distribution::fixed(Span::DAY),
            vec![stream("spare", 2, Pattern::Once, Distribution::fixed(Span::HOUR))],
        ));
        more.hubs[0].referrals.push(PerDay::default());
        more.hubs[0].staff.push(Staffing::NONE);
        more.hubs[0].caseload_limit.push(None);
        let (other, other_log) = run(&more);
        let spare = |seen: &Seen| matches!(seen, Seen::PoolChanges { role: 2, .. });
        assert!(other_log.iter().filter(|x| !spare(&x.1)).eq(log.iter()));
        assert_eq!(other.pathways[..2], record.pathways);
        assert_eq!(other.roles[..2], record.roles);
        assert_eq!(other.packages[..2], record.packages);
    });
}

/// Little's law exactly, from empty to empty: the time-integral of the number waiting, counted up and down through the
/// log, is the sum of the waits.
#[test]
fn littles_law_holds_exactly_from_empty_to_empty() {
    let mut p = pathway("p", vec![need(0, Distribution::exponential(minutes(47)).unwrap())]);
    p.triage = Distribution::exponential(minutes(9)).unwrap();
    let mut s = scenario(vec![role("w")], vec![pool(2)], vec![p], vec![]);
    s.hubs[0].travel.urgent = Distribution::exponential(minutes(11)).unwrap();
    let listed: Vec<_> = (0..300)
        .map(|n| (Instant::ZERO + minutes(n * n % 97 + 20 * n), 0))
        .collect();
    let (record, log) = run_log(&s, &listed);
    let mut steps: Vec<(Instant, i64)> = Vec::new();
    for &(at, seen) in &log {
        match seen {
            Seen::ClockStarts { .. } => steps.push((at, 1)),
            Seen::ClockStops { at, .. } => steps.push((at, -1)),
            _ => {}
        }
    }
    steps.sort_unstable();
    let (mut waiting, mut area, mut last) = (0, 0, Instant::ZERO);
    for (at, step) in steps {
        area += waiting * (at - last).ms();
        (waiting, last) = (waiting + step, at);
    }
    assert_eq!(waiting, 0);
    assert_eq!(
        (area, area),
        (record.pathways[0].wait_ms, record.pathways[0].waiting_ms)
    );
    assert_eq!(record.pathways[0].seen, 300);
    // lambda W = L over the time from the first to the last, in whole numbers: L T = area = n W.
    assert!(area > 0);
}

/// Nobody is idle while planned visits wait that one person can make, unless somebody is held back (`reserve`) or may
/// not start late in the shift.
#[test]
fn nobody_is_idle_while_a_planned_visit_waits() {
    holds(|s, _, log| {
        if s.pathways[0].joint == Joint::Reserve || s.roles[0].shift_end == ShiftEnd::NoLateStart {
            return;
        }
        let role_of: Vec<usize> = s
            .packages
            .iter()
            .flat_map(|p| &p.streams)
            .map(|stream| stream.role.0)
            .collect();
        let last = log.last().unwrap().0;
        let mut waiting: BTreeMap<(u64, usize, u32), (Instant, Instant)> = BTreeMap::new();
        let mut work: [Vec<(Instant, Instant)>; 2] = [vec![], vec![]];
        let mut hands: BTreeMap<(u64, usize, u32), usize> = BTreeMap::new();
        for &(at, seen) in log {
            match seen {
                Seen::VisitAvailable {
                    referral,
                    stream,
                    visit,
                    ..
                } => {
                    waiting.insert((referral, stream, visit), (at, last));
                }
                Seen::VisitMissed {
                    referral,
                    stream,
                    visit,
                } => {
                    waiting.get_mut(&(referral, stream, visit)).unwrap().1 = at;
                }
                Seen::Sent {
                    referral,
                    role,
                    stream,
                    visit,
                    free,
                    ..
                } => {
                    work[role].push((at, free));
                    if let Some(stream) = stream {
                        waiting.get_mut(&(referral, stream, visit)).unwrap().1 = at;
                        *hands.entry((referral, stream, visit)).or_default() += 1;
                    }
                }
                _ => {}
            }
        }
        // Double-handed people, or people never visited, who may be: their visits may wait for a second.
        let single: BTreeMap<(u64, usize), bool> = hands.iter().map(|(k, &n)| ((k.0, k.1), n == 1)).collect();
        let shifts = shifts(log);
        for (&(referral, stream, _), &(from, until)) in &waiting {
            if single.get(&(referral, stream)) != Some(&true) || from == until {
                continue;
            }
            let role = role_of[stream];
            let busy = |at: Instant| work[role].iter().filter(|w| w.0 <= at && at < w.1).count();
            if let Staffing::OnShift(pieces) = &s.hubs[0].staff[role] {
                let freed = work[role].iter().map(|w| w.1).filter(|f| from <= *f && *f < until);
                for at in freed.chain([from]) {
                    assert_eq!(
                        busy(at),
                        pieces[0].count as usize,
                        "referral {referral}, stream {stream}, {at:?}"
                    );
                }
            } else {
                for person in shifts.iter().filter(|x| x.role == role) {
                    let ends = person.work.iter().chain(&person.breaks).map(|w| w.1);
                    for at in ends.chain([person.from]).map(|t| t.max(from)) {
                        let here = person.from <= at && at < person.until && at < until;
                        let occupied = person.work.iter().chain(&person.breaks).any(|w| w.0 <= at && at < w.1);
                        assert!(!here || occupied, "referral {referral}, stream {stream}, {at:?}");
                    }
                }
            }
        }
    });
}
