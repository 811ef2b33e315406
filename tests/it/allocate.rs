//! Where more staff do most good: placements that are known, every placement looked at, and the command.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::atomic::AtomicBool;

use homefirst::answers::Estimate;
use homefirst::answers::allocate::{
    AllocateAnswer, AllocateRequest, CannotAllocate, Counted, Kind, allocate, pathways_served, places, step,
};
use homefirst::engine::World;
use homefirst::model::{HubId, Neighbours, PathwayId, Pool, RoleId, Scenario, Staffing};
use homefirst::output::RunContext;
use homefirst::output::allocate::{self as words, Allocated};
use homefirst::random::Distribution;
use homefirst::replicate::{Plan, replicate};
use homefirst::stats::{Way, highest_low, largest_totals};
use homefirst::theory::Mmc;
use homefirst::units::{PerDay, Span};
use serde_json::Value;

use crate::support::{crew, fixed, need, pathway, pool, role, scenario, shift, wte};

/// The share seen within two hours by so many workers, visits of an hour and a half; 0 where the queue grows without end.
fn within_two_hours(workers: u32, rate: f64) -> f64 {
    Mmc::new(workers, rate, 1.5).map_or(0.0, |queue| queue.within(2.0))
}

/// M/M/c hubs with these rates an hour and workers now: every number of more up to `extra`, as ways.
pub(crate) fn of_theory(rates: &[f64], now: &[u32], extra: u32) -> Vec<Vec<Way>> {
    let all: f64 = rates.iter().sum();
    let hub = |(rate, now): (&f64, &u32)| {
        let way = |more: u32| {
            let lowest = within_two_hours(now + more, *rate);
            Way {
                posts: more as usize,
                total: rate / all * lowest,
                lowest,
            }
        };
        (0..=extra).map(way).collect()
    };
    rates.iter().zip(now).map(hub).collect()
}

/// The next to the hub whose total gains most by it.
fn one_by_one(groups: &[Vec<Way>], posts: usize) -> Vec<usize> {
    let mut taken = vec![0; groups.len()];
    for _ in 0..posts {
        let gain = |hub: usize| groups[hub][taken[hub] + 1].total - groups[hub][taken[hub]].total;
        let best = (0..groups.len()).reduce(|best, hub| if gain(hub) > gain(best) { hub } else { best });
        taken[best.unwrap()] += 1;
    }
    taken
}

pub(crate) fn total(groups: &[Vec<Way>], taken: &[usize]) -> f64 {
    groups.iter().zip(taken).map(|(ways, &n)| ways[n].total).sum()
}

fn lowest(groups: &[Vec<Way>], taken: &[usize]) -> f64 {
    let levels = groups.iter().zip(taken).map(|(ways, &n)| ways[n].lowest);
    levels.fold(f64::INFINITY, f64::min)
}

const RATES: [f64; 6] = [1.0, 1.6, 2.2, 3.0, 4.0, 5.2];

/// Worked out independently with 30 digits: six hubs that mostly have more work than staff, and 24 more. One at a time ends
/// far below the best, since the first do nothing where there is more work than staff.
#[test]
fn six_overloaded_hubs_get_what_is_best_for_them() {
    let groups = of_theory(&RATES, &[2, 2, 3, 4, 5, 6], 24);
    let best = largest_totals(&groups, 24).pop().unwrap().unwrap();
    assert_eq!(best.ways, [2, 3, 4, 4, 5, 6]);
    assert!((best.value - 0.999_031_27).abs() < 1e-8, "{}", best.value);
    let fair = highest_low(&groups, 24).unwrap();
    assert_eq!(fair.ways, [2, 4, 4, 4, 5, 5]);
    assert!((fair.value - 0.996_977_03).abs() < 1e-8, "{}", fair.value);
    let greedy = one_by_one(&groups, 24);
    assert_eq!(greedy, [5, 6, 6, 7, 0, 0]);
    assert!((total(&groups, &greedy) - 0.458_822_6).abs() < 1e-7);
}

/// The same hubs where none has more work than staff, and eight more: gains fall, and one at a time is best.
#[test]
fn six_hubs_with_falling_gains_may_be_given_one_at_a_time() {
    let groups = of_theory(&RATES, &[2, 3, 4, 5, 7, 9], 8);
    let best = largest_totals(&groups, 8).pop().unwrap().unwrap();
    assert_eq!(best.ways, [1, 1, 1, 2, 1, 2]);
    assert!((best.value - 0.982_535_15).abs() < 1e-8, "{}", best.value);
    assert_eq!(one_by_one(&groups, 8), best.ways);
    assert!((lowest(&groups, &best.ways) - 0.966_002).abs() < 1e-6);
    let fair = highest_low(&groups, 8).unwrap();
    assert_eq!(fair.ways, [1, 2, 1, 2, 1, 1]);
    assert!((fair.value - 0.967_150_62).abs() < 1e-8, "{}", fair.value);
}

/// M/M/c hubs, rates an hour and workers now.
pub(crate) fn queues(rates: &[f64], now: &[u32], weeks: i64) -> Scenario {
    let visit = Distribution::exponential(Span::from_minutes(90)).unwrap();
    let mut s = scenario(
        vec![role("worker")],
        vec![pool(1)],
        vec![pathway("urgent", vec![need(0, visit)])],
        vec![],
    );
    s.experiment.warm_up = Span::from_days(28);
    s.experiment.run_length = Span::from_days(7 * weeks);
    let hub = s.hubs[0].clone();
    s.hubs = rates
        .iter()
        .zip(now)
        .enumerate()
        .map(|(n, (rate, now))| {
            let mut hub = hub.clone();
            hub.name = format!("H{}", n + 1);
            hub.referrals = vec![PerDay::new(24.0 * rate).unwrap()];
            hub.staff = vec![pool(*now)];
            hub
        })
        .collect();
    s
}

pub(crate) fn request(extra: u32, search: u32, replications: u32) -> AllocateRequest {
    AllocateRequest {
        role: RoleId(0),
        extra,
        step: 1,
        pathway: PathwayId(0),
        search,
        replications,
        confidence: 0.95,
        threads: None,
    }
}

pub(crate) fn allocated(s: &Scenario, request: AllocateRequest) -> AllocateAnswer {
    allocate(s, request, &AtomicBool::new(false), &|| ()).unwrap()
}

pub(crate) fn extra(answer: &AllocateAnswer, kind: Kind) -> &[u32] {
    &answer.placement(kind).unwrap().extra
}

/// Three M/M/c hubs (0.8, 1.5 and 2.4 an hour; 2, 3 and 4 workers) and three more. By Erlang's formula the best is 0, 1, 2 with
/// 96.21 %, and leaves the first hub at 84.51 %; best for the worst hub is 1, 1, 1 with 95.79 % and 93.65 %, which is also the
/// runner-up. The first is ahead by five standard errors of the replications it is chosen on.
#[test]
fn three_queues_get_what_the_formula_says() {
    let (rates, now) = ([0.8, 1.5, 2.4], [2, 3, 4]);
    let groups = of_theory(&rates, &now, 3);
    let answer = allocated(&queues(&rates, &now, 26), request(3, 40, 24));
    assert_eq!(
        (extra(&answer, Kind::Best), answer.counted),
        (&[0, 1, 2][..], Counted::OnShift)
    );
    assert_eq!(extra(&answer, Kind::BestWorstHub), [1, 1, 1]);
    let fair = answer.placement(Kind::BestWorstHub).unwrap();
    assert!(fair.is(Kind::Even) && fair.is(Kind::RunnerUp));
    for cell in &answer.cells {
        let truth = groups[cell.hub.0][cell.extra as usize].lowest;
        // Half-widths of 95 % are two standard errors; all dozen within four of them but for one time in a thousand.
        let reach = 2.0 * cell.level.half_width + 1e-3;
        assert!((cell.level.mean - truth).abs() < reach, "{cell:?} {truth}");
    }
    for kind in [Kind::Best, Kind::BestWorstHub, Kind::AsNow] {
        let placement = answer.placement(kind).unwrap();
        let taken: Vec<usize> = placement.extra.iter().map(|n| *n as usize).collect();
        let level = placement.level(None, PathwayId(0)).unwrap().level;
        assert!(
            (level.mean - total(&groups, &taken)).abs() < 2.0 * level.half_width,
            "{kind:?} {level:?}"
        );
        let (_, worst) = placement.worst.unwrap();
        assert!(
            (worst.mean - lowest(&groups, &taken)).abs() < 2.0 * worst.half_width + 1e-3,
            "{worst:?}"
        );
    }
    // The price of fairness: 0.41 points over all hubs, 9.14 at the worst hub, with their signs beyond doubt.
    let price = answer.against(Kind::BestWorstHub).unwrap();
    assert!(
        (price.overall.mean - 0.004_13).abs() < 2.0 * price.overall.half_width,
        "{price:?}"
    );
    let worst = price.worst.unwrap();
    assert!(
        worst.high < 0.0 && (worst.mean + 0.091_4).abs() < 2.0 * worst.half_width,
        "{worst:?}"
    );
    assert!(answer.choice.share_of(&[0, 1, 2]) > 0.9 && answer.choice_for_worst.share_of(&[1, 1, 1]) > 0.999);
    // Where the runner-up is as good over all hubs and better for the worst, that is said; here it is not.
    let fairer = |answer: &AllocateAnswer| {
        let scenario = queues(&rates, &now, 26);
        let shown = Allocated {
            scenario: &scenario,
            answer,
            uncertain: None,
            context: &RunContext::default(),
        };
        let mut said = words::answers(&shown).into_iter();
        said.find(|line| line.contains("the fairer of the two"))
    };
    assert_eq!(fairer(&answer), None);
    let mut tied = answer.clone();
    let place = tied
        .against
        .iter()
        .position(|a| tied.placements[a.other].is(Kind::RunnerUp))
        .unwrap();
    let of = |mean: f64, half_width: f64, like: &Estimate| Estimate {
        mean,
        half_width,
        low: mean - half_width,
        high: mean + half_width,
        ..*like
    };
    let against = &mut tied.against[place];
    against.overall = of(0.001, 0.002, &against.overall);
    tied.against[place].worst = Some(of(-0.03, 0.01, &worst));
    let line = fairer(&tied).unwrap();
    assert!(
        line.starts_with("The runner-up (") && line.contains("3.0 points (± 1.0) more"),
        "{line}"
    );
    tied.against[place].worst = Some(of(-0.03, 0.04, &worst));
    assert_eq!(fairer(&tied), None);
    // Said as one direction: what the fair placement costs all, and what it gives the worst.
    let scenario = queues(&rates, &now, 26);
    let shown = Allocated {
        scenario: &scenario,
        answer: &answer,
        uncertain: None,
        context: &RunContext::default(),
    };
    let said = words::answers(&shown);
    let price = said
        .iter()
        .find(|line| line.starts_with("The price of fairness"))
        .unwrap();
    assert!(
        price.contains("against the best overall: all hubs together have 0.") && price.contains(" points (± "),
        "{price}"
    );
    assert!(
        price.contains(" less; for that the worst hub has 9.") && price.ends_with(" more."),
        "{price}"
    );
    let of_first: f64 = answer.choice.by_place[0].iter().map(|n| n.share).sum();
    assert!((of_first - 1.0).abs() < 1e-12);
}

/// The third hub has more work than staff by far: one or two more do nothing there, four are best for all. One at a time
/// they would go to the others.
#[test]
fn an_overloaded_hub_is_given_enough_or_nothing() {
    let (rates, now) = ([0.8, 1.4, 2.4], [3, 4, 2]);
    let answer = allocated(&queues(&rates, &now, 8), request(4, 10, 10));
    assert_eq!(extra(&answer, Kind::Best), [0, 0, 4]);
    assert!(answer.placement(Kind::Best).unwrap().is(Kind::BestWorstHub));
    assert_eq!(answer.one_by_one.extra, [2, 2, 0]);
    let less = answer.one_by_one.against_best.unwrap();
    assert!(less.high < -0.3, "{less:?}");
    assert_eq!(answer.curve.len(), 5);
    // Two more are best at the first two, three at the third.
    assert_eq!(answer.curve[0].gain, None);
    assert!(answer.curve.windows(2).all(|pair| {
        let step = pair[1].gain.unwrap().mean;
        (pair[1].level.mean - pair[0].level.mean - step).abs() < 1e-12
    }));
}

/// Hits and referrals of every replication by hub, pathway 0, with so many more at some hubs.
fn played(s: &Scenario, more: &[(usize, u32)], first: u32, replications: u32) -> Vec<Vec<(u64, u64)>> {
    let mut with = s.clone();
    for &(hub, number) in more {
        let staff = &mut with.hubs[hub].staff[0];
        *staff = match staff {
            Staffing::OnShift(pieces) => pool(pieces[0].count + number),
            Staffing::Wte(now) => wte(now.get() + f64::from(number)),
            Staffing::Rota(_) => panic!("not here"),
        };
    }
    let plan = Plan {
        replications,
        first,
        threads: None,
    };
    let runs = replicate(
        &World::new(&with),
        with.hubs.len(),
        plan,
        &AtomicBool::new(false),
        &|| (),
    )
    .unwrap();
    (0..with.hubs.len())
        .map(|hub| {
            let rows = runs.rows.iter().map(|row| row[hub].pathways[0]);
            rows.map(|p| (p.hits, p.referrals)).collect()
        })
        .collect()
}

fn share(pairs: &[(u64, u64)]) -> f64 {
    let (hits, of) = pairs.iter().fold((0, 0), |(h, n), p| (h + p.0, n + p.1));
    hits as f64 / of as f64
}

/// (over all hubs, at the worst).
fn levels(by_hub: &[Vec<(u64, u64)>]) -> (f64, f64) {
    let all: Vec<(u64, u64)> = by_hub.iter().flatten().copied().collect();
    (share(&all), by_hub.iter().map(|hub| share(hub)).fold(1.0, f64::min))
}

/// Every placement played in full, all hubs together, on the replications on which placements are chosen: none is better than
/// those found by more than what is not worth a simulation; and what is told of those found is what playing them on the next
/// replications gives. `at` are the hubs that posts go to.
fn like_playing_every_placement(s: &Scenario, at: &[usize], number: u32) {
    let (search, replications) = (4, 3);
    let answer = allocated(s, request(number, search, replications));
    assert_eq!(answer.places.len(), at.len());
    let mut all: Vec<Vec<u32>> = vec![vec![]];
    for _ in at {
        let longer = |taken: &Vec<u32>| {
            let left = number - taken.iter().sum::<u32>();
            let taken = taken.clone();
            (0..=left).map(move |n| taken.iter().copied().chain([n]).collect::<Vec<u32>>())
        };
        all = all.iter().flat_map(longer).collect();
    }
    all.retain(|taken| taken.iter().sum::<u32>() == number);
    let more = |taken: &[u32]| -> Vec<(usize, u32)> { at.iter().copied().zip(taken.iter().copied()).collect() };
    let every: Vec<(f64, f64)> = all
        .iter()
        .map(|taken| levels(&played(s, &more(taken), 0, search)))
        .collect();
    let of = |taken: &[u32]| every[all.iter().position(|other| other == taken).unwrap()];
    let best = every.iter().map(|e| e.0).fold(0.0, f64::max);
    let fairest = every.iter().map(|e| e.1).fold(0.0, f64::max);
    let found = extra(&answer, Kind::Best);
    assert!(
        best - of(found).0 <= 1e-4 + 1e-12,
        "{found:?}: {} of {best}",
        of(found).0
    );
    let fair = extra(&answer, Kind::BestWorstHub);
    assert!(
        fairest - of(fair).1 <= 1e-4 + 1e-12,
        "{fair:?}: {} of {fairest}",
        of(fair).1
    );
    let last = answer.curve.last().unwrap();
    assert!((last.level.mean - of(found).0).abs() < 1e-12 && last.extra == found);
    for placement in &answer.placements {
        let played = played(s, &more(&placement.extra), search, replications);
        let (overall, worst) = levels(&played);
        let told = placement.level(None, PathwayId(0)).unwrap().level.mean;
        assert!((told - overall).abs() < 1e-12, "{:?}", placement.kinds);
        assert!((placement.worst.unwrap().1.mean - worst).abs() < 1e-12);
        for (hub, pairs) in played.iter().enumerate() {
            let told = placement.level(Some(HubId(hub)), PathwayId(0)).unwrap().level.mean;
            assert!((told - share(pairs)).abs() < 1e-12);
        }
    }
}

fn short(rates: &[f64], now: &[u32]) -> Scenario {
    let mut s = queues(rates, now, 3);
    s.experiment.warm_up = Span::from_days(7);
    s
}

/// 28 placements of six at three hubs.
#[test]
fn no_placement_is_better_where_hubs_share_nothing() {
    like_playing_every_placement(&short(&[1.0, 1.6, 2.2], &[2, 2, 3]), &[0, 1, 2], 6);
}

/// The first two lend each other whoever is free, so that they are looked at together.
#[test]
fn no_placement_is_better_where_neighbours_help() {
    let mut s = short(&[1.0, 1.6, 2.2], &[2, 2, 3]);
    s.neighbours.push(Neighbours {
        hubs: vec![HubId(0), HubId(1)],
        roles: vec![RoleId(0)],
        after: Span::from_minutes(30),
        extra_travel: Span::from_minutes(20),
    });
    like_playing_every_placement(&s, &[0, 1, 2], 4);
    let answer = allocated(&s, request(4, 4, 2));
    assert!(
        answer
            .cells
            .iter()
            .any(|cell| cell.hub == HubId(0) && cell.beside == [(1, 2)])
    );
}

/// The second and the third are one team, at the second.
#[test]
fn no_placement_is_better_where_two_hubs_are_one_team() {
    let mut s = short(&[1.0, 0.8, 1.2, 1.6], &[2, 2, 1, 3]);
    s.pools.push(Pool {
        hubs: vec![HubId(1), HubId(2)],
        extra_travel: Span::from_minutes(10),
    });
    like_playing_every_placement(&s, &[0, 1, 3], 4);
    // As many at each hub is twice as many at the team of two.
    assert_eq!(extra(&allocated(&s, request(4, 2, 2)), Kind::Even), [1, 2, 1]);
}

/// WTE on two shifts, as planners have them; and one hub has nobody yet.
#[test]
fn no_placement_is_better_where_posts_are_dealt_over_shifts() {
    let mut s = short(&[0.4, 0.6, 0.5], &[1, 1, 1]);
    s.roles = vec![crew(
        "worker",
        vec![shift("early", 0, 720, 0), shift("late", 720, 1440, 0)],
    )];
    for (hub, n) in s.hubs.iter_mut().zip([1.5, 2.25, 0.0]) {
        hub.staff = vec![wte(n)];
    }
    like_playing_every_placement(&s, &[0, 1, 2], 5);
    let answer = allocated(&s, request(5, 4, 2));
    assert_eq!(answer.counted, Counted::Wte);
    // A WTE of this role is one person on every shift.
    assert!((answer.on_each_shift.unwrap() - 1.0).abs() < 1e-12);
    assert_eq!(extra(&answer, Kind::Proportional), [2, 3, 0]);
    // The same where nobody is left out and not given as none.
    s.hubs[2].staff = vec![Staffing::NONE];
    let other = allocated(&s, request(5, 4, 2));
    assert_eq!((other.curve, other.placements), (answer.curve, answer.placements));
}

/// From a day on there are two fewer: what is placed comes on top, before and after.
#[test]
fn what_is_placed_comes_on_top_of_dated_changes() {
    let s = short(&[1.0, 1.6], &[3, 4]);
    let mut changed = s.clone();
    let mut then = s.clone();
    then.hubs
        .iter_mut()
        .zip([1, 3])
        .for_each(|(hub, n)| hub.staff = vec![pool(n)]);
    changed.later = vec![homefirst::model::Later {
        from_day: 10,
        scenario: then,
    }];
    let answer = allocated(&changed, request(2, 3, 2));
    let best = extra(&answer, Kind::Best).to_vec();
    let mut by_hand = changed.clone();
    let give = |s: &mut Scenario| {
        for (hub, more) in s.hubs.iter_mut().zip(&best) {
            let Staffing::OnShift(pieces) = &hub.staff[0] else {
                panic!("a pool")
            };
            hub.staff = vec![pool(pieces[0].count + more)];
        }
    };
    give(&mut by_hand);
    by_hand.later.iter_mut().for_each(|later| give(&mut later.scenario));
    let (overall, _) = levels(&played(&by_hand, &[], 3, 2));
    let told = answer.placement(Kind::Best).unwrap().level(None, PathwayId(0)).unwrap();
    assert!((told.level.mean - overall).abs() < 1e-12);
    assert!(told.gain.unwrap().mean > 0.05);
}

#[test]
fn any_number_of_threads_gives_the_same() {
    let s = short(&[1.0, 1.6, 2.2], &[2, 2, 3]);
    let on = |threads| {
        let asked = AllocateRequest {
            threads: Some(threads),
            ..request(6, 5, 4)
        };
        let mut answer = allocated(&s, asked);
        (answer.engine_cpu_s, answer.request.threads) = (0.0, None);
        answer
    };
    let one = on(1);
    assert!(one.cells.len() < one.cells_in_all, "{} cells", one.cells.len());
    for threads in [2, 3] {
        assert_eq!(on(threads), one, "{threads}");
    }
}

#[test]
fn what_cannot_be_placed_is_said() {
    let s = short(&[1.0, 1.6], &[2, 2]);
    let refused = |s: &Scenario| allocate(s, request(2, 2, 2), &AtomicBool::new(false), &|| ()).unwrap_err();
    let with = |change: &dyn Fn(&mut Scenario)| {
        let mut s = s.clone();
        change(&mut s);
        refused(&s)
    };
    let worker = || "worker".to_owned();
    assert_eq!(
        with(&|s| s.hubs[0].staff = vec![wte(2.0)]),
        CannotAllocate::TwoWays(worker())
    );
    assert_eq!(
        with(&|s| s.hubs.iter_mut().for_each(|hub| hub.staff = vec![Staffing::NONE])),
        CannotAllocate::Nowhere(worker())
    );
    assert_eq!(with(&|s| s.hubs.truncate(1)), CannotAllocate::OneTeam(worker()));
    assert_eq!(with(&|s| s.pathways[0].standard = None), CannotAllocate::NoStandard);
    assert_eq!(
        with(&|s| s.pathways[0].responses.clear()),
        CannotAllocate::Unneeded(worker())
    );
    assert_eq!(
        with(&|s| s
            .hubs
            .iter_mut()
            .for_each(|hub| hub.referrals = vec![PerDay::default()])),
        CannotAllocate::NobodyCame("urgent".into())
    );
    let stopped = allocate(&s, request(2, 2, 2), &AtomicBool::new(true), &|| ());
    assert!(matches!(stopped, Err(CannotAllocate::Unfinished(_))));
    // A hub without anybody has no time of day at which one more would be there.
    let mut none = short(&[1.0, 1.6, 2.2], &[2, 2, 3]);
    none.hubs[1].staff = vec![Staffing::NONE];
    let (_, teams) = places(&none, RoleId(0)).unwrap();
    assert_eq!(
        teams.iter().map(|place| place.hub).collect::<Vec<_>>(),
        [HubId(0), HubId(2)]
    );
}

/// One at a time where hubs share nothing, whatever the number; fewer steps where they lend each other staff; refused where
/// even those are too many.
#[test]
fn steps_are_as_large_as_they_must_be() {
    let mut s = short(&[1.0; 6], &[2; 6]);
    let steps = |s: &Scenario, extra, asked| step(s, &places(s, RoleId(0)).unwrap().1, extra, asked);
    assert_eq!(steps(&s, 200, None), Ok(1));
    let lend = |s: &mut Scenario, hubs: usize| {
        s.neighbours = vec![Neighbours {
            hubs: (0..hubs).map(HubId).collect(),
            roles: vec![RoleId(0)],
            after: Span::ZERO,
            extra_travel: Span::ZERO,
        }];
    };
    lend(&mut s, 2);
    assert_eq!((steps(&s, 24, None), steps(&s, 100, None)), (Ok(1), Ok(4)));
    lend(&mut s, 3);
    assert_eq!((steps(&s, 24, None), steps(&s, 24, Some(6))), (Ok(2), Ok(6)));
    assert!(matches!(
        steps(&s, 24, Some(1)),
        Err(CannotAllocate::TooMany { posts: 24, .. })
    ));
    lend(&mut s, 6);
    assert!(matches!(steps(&s, 24, None), Err(CannotAllocate::TooMany { .. })));
    assert_eq!(steps(&s, 24, Some(6)), Ok(6));
}

/// As first choice, or where there is none such as another.
#[test]
fn the_pathway_is_the_one_that_the_role_serves() {
    let read = |file: &str| {
        homefirst::scenario::read(&root().join("scenarios").join(file))
            .unwrap()
            .scenario
    };
    let s = read("home-first-2020.toml");
    let served = |role: &str| -> Vec<&str> {
        let ids = pathways_served(&s, s.role(role).unwrap());
        ids.iter().map(|id| s.pathways[id.0].name.as_str()).collect()
    };
    assert_eq!(served("crisis-worker"), ["crisis"]);
    assert_eq!(served("reablement-worker"), ["reablement", "step-down"]);
    assert_eq!(served("therapist"), ["crisis", "reablement", "step-down"]);
    let mut other = scenario(
        vec![role("a"), role("b")],
        vec![pool(1), pool(1)],
        vec![pathway("p", vec![need(0, fixed(60))])],
        vec![],
    );
    other.pathways[0].responses[0].needs[0].or = vec![RoleId(1)];
    assert_eq!(pathways_served(&other, RoleId(1)), [PathwayId(0)]);
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn homefirst(folder: &Path, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_homefirst"))
        .current_dir(folder)
        .arg("allocate")
        .args(words)
        .env_remove("NO_COLOR")
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// A folder with a service of two hubs that has WTE, a role that nothing needs, and two standards.
fn home() -> tempfile::TempDir {
    let home = tempfile::tempdir().unwrap();
    let hub = |name: &str, rate: u32, wte: u32| {
        format!(
            "[[hub]]\nname = \"{name}\"\nreferrals = {{ crisis = \"{rate} /day\", late = \"1 /day\" }}\n\
             staff = {{ worker = {wte}, driver = 1, cook = {{ on-shift = 1 }} }}\n"
        )
    };
    let role = |name: &str| {
        format!(
            "[role.{name}]\nhours-per-week = 42\ncost = \"20 GBP/h\"\n\
             shifts = [{{ name = \"day\", from = \"08:00\", to = \"20:00\" }}]\n"
        )
    };
    let pathway = |name: &str, role: &str| {
        format!(
            "[pathway.{name}]\nopens = \"08:00-20:00\"\nstandard = {{ within = \"2 h\" }}\noutcome = {{ home = 1 }}\n\
             [[pathway.{name}.response]]\nname = \"v\"\nshare = 1\n\
             staff = [{{ role = \"{role}\", length = {{ exponential = {{ mean = \"1 h\" }} }} }}]\n"
        )
    };
    let service = format!(
        "format = 1\n[experiment]\nstart = 2020-06-01\nwarm-up = \"1 weeks\"\nrun-length = \"3 weeks\"\nreplications = 6\n\
         {}{}{}[role.cook]\n{}{}{}",
        hub("North, and the moor", 9, 4),
        hub("South", 18, 4),
        role("worker"),
        role("driver"),
        pathway("crisis", "worker"),
        pathway("late", "worker"),
    );
    fs::write(home.path().join("two.toml"), service).unwrap();
    home
}

#[test]
fn the_command_answers_in_words_and_in_files() {
    let home = home();
    let asked = |threads: &str, out: &str| {
        let words = [
            "two.toml",
            "--extra",
            "worker=4",
            "--pathway",
            "crisis",
            "--threads",
            threads,
            "--out",
            out,
        ];
        homefirst(home.path(), &words)
    };
    let (first, second) = (asked("1", "a"), asked("3", "b"));
    assert_eq!(
        (first.status.code(), second.status.code()),
        (Some(0), Some(0)),
        "{first:?}"
    );
    crate::charts::words_have_room(&home.path().join("a"));
    for file in [
        "allocate.csv",
        "allocate.json",
        "report.html",
        "scenario.toml",
        "best.toml",
        "best-worst-hub.toml",
        "charts/allocate_crisis.svg",
        "charts/allocate_hubs_crisis.svg",
    ] {
        let read = |folder: &str| fs::read(home.path().join(folder).join(file)).unwrap();
        assert!(!read("a").is_empty() && read("a") == read("b"), "{file}");
    }
    let said = text(&first.stdout);
    assert!(said.lines().all(|line| line.chars().count() <= 80), "{said}");
    let flowing = said.replace("\n  ", " ");
    for part in [
        "4 more WTE of worker, placed for the largest share of crisis referrals seen within 2 hours over all hubs:",
        "Best overall",
        "n even share (2 at each hub)",
        "To the other standards the best placement does this: Late seen within 2 hours",
        "They cost £",
        "Placements are chosen on 6 replications of 3 weeks and confirmed on 6 others",
    ] {
        assert!(flowing.contains(part), "{part}: {said}");
    }
    // The worst hub has the same ± in the sentence, beside the placements and among the hubs.
    let sentence = flowing.split("(as now: ").nth(1).unwrap();
    let (_, worst) = sentence.split("))").next().unwrap().split_once(" at ").unwrap();
    let cell = worst.replace("(± ", "± ");
    assert!(said.matches(&cell).count() >= 2, "{cell}: {said}");
    let csv = fs::read_to_string(home.path().join("a/allocate.csv")).unwrap();
    assert!(
        csv.starts_with("scenario,placement,hub,pathway,role,extra,beside,measure,unit,mean,half_width,"),
        "{csv}"
    );
    for row in [
        "two,cell,South,crisis,worker,4,,service_level,share,",
        "two,curve,all,crisis,worker,4,,gain_points,points,",
        "two,even,South,late,worker,2,,service_level,share,",
        "two,best,all,crisis,worker,4,,gain_points,points,",
    ] {
        assert!(csv.contains(row), "{row}: {csv}");
    }
    let report = fs::read_to_string(home.path().join("a/report.html")).unwrap();
    assert!(report.contains("id=\"sure-heading\"") && !report.contains("<script"));
    // One document, and nothing else; over the earlier results.
    let words = [
        "two.toml",
        "--extra",
        "worker=4",
        "--pathway",
        "crisis",
        "--out",
        "a",
        "--json",
    ];
    let json = homefirst(home.path(), &words);
    let document: Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(
        document["canonical_command"],
        "homefirst allocate two.toml --extra worker=4 --pathway crisis"
    );
    assert_eq!((&document["unit"], &document["extra"]), (&"WTE".into(), &4.into()));
    // 4 WTE of 42 hours at 20 pounds, every week of a year.
    let cost = document["cost_change_gbp"].as_f64().unwrap();
    assert!((cost - 4.0 * 42.0 * 20.0 * 365.25 / 7.0).abs() < 0.01, "{cost}");
    assert_eq!(
        fs::read_to_string(home.path().join("a/allocate.json")).unwrap(),
        text(&json.stdout)
    );
    // The placements are what-ifs on the scenario beside them.
    let staff = |file: &str| -> Vec<Staffing> {
        let read = homefirst::scenario::read(&home.path().join("a").join(file))
            .unwrap()
            .scenario;
        read.hubs.iter().map(|hub| hub.staff[0].clone()).collect()
    };
    assert_eq!(staff("even.toml"), [wte(6.0), wte(6.0)]);
    let best = &document["placements"][1];
    assert_eq!(best["placement"][0], "best");
    let more = |hub: usize| best["placed"][hub]["extra"].as_f64().unwrap();
    assert_eq!(staff("best.toml"), [wte(4.0 + more(0)), wte(4.0 + more(1))]);
    // From what is kept, the same again.
    let words = ["scenario.toml", "--extra", "worker=4", "--pathway", "crisis"];
    let again = homefirst(&home.path().join("a"), &words);
    assert_eq!(again.status.code(), Some(0), "{again:?}");
    let kept = fs::read_to_string(home.path().join("a/results/scenario-allocated/allocate.csv")).unwrap();
    assert_eq!(
        kept.replace("\nscenario,", "\ntwo,")
            .replacen("two,placement", "scenario,placement", 1),
        csv
    );
}

#[test]
fn a_question_that_makes_no_sense_is_refused_before_anything_is_simulated() {
    let home = home();
    for (words, code, said) in [
        (&["two.toml"][..], 2, "--extra"),
        (
            &["two.toml", "--extra", "worker"],
            2,
            "a role, = and a number are needed",
        ),
        (&["two.toml", "--extra", "worker=0"], 2, "a whole number from 1 to 200"),
        (
            &["two.toml", "--extra", "worker=2.5"],
            2,
            "a whole number from 1 to 200",
        ),
        (&["two.toml", "--extra", "worker=-2"], 2, "a whole number from 1 to 200"),
        (
            &["two.toml", "--extra", "worker=201"],
            2,
            "a whole number from 1 to 200",
        ),
        (
            &["two.toml", "--extra", "nurse=2"],
            2,
            "there is no role `nurse` in the file; its roles: worker, cook, driver",
        ),
        (
            &["two.toml", "--extra", "worker=2"],
            2,
            "--pathway crisis or --pathway late",
        ),
        (
            &["two.toml", "--extra", "worker=2", "--pathway", "crises"],
            2,
            "there is no pathway `crises` with a standard",
        ),
        (
            &["two.toml", "--extra", "worker=5", "--step", "2"],
            2,
            "5 cannot be placed in steps of 2",
        ),
        (
            &["two.toml", "--extra", "worker=2", "--precision", "1 point"],
            2,
            "say --replications instead",
        ),
        (
            &["two.toml", "--extra", "driver=2"],
            3,
            "no first response and no package needs a `driver`",
        ),
        (
            &[
                "two.toml",
                "--extra",
                "worker=2",
                "--pathway",
                "late",
                "--set",
                "hub.South.staff.worker={ on-shift = 2 }",
            ],
            3,
            "given in two ways",
        ),
        (&["three.toml", "--extra", "worker=2"], 3, "there is no such file"),
    ] {
        let output = homefirst(home.path(), words);
        let err = text(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{words:?}: {err}");
        assert!(err.replace("\n  ", " ").contains(said), "{words:?}: {err}");
    }
    assert!(!home.path().join("results").exists());
}

/// 3 do not divide by 2: one each, and one where 18 a day come and not 9.
#[test]
fn an_even_share_says_what_becomes_of_what_does_not_divide() {
    let home = home();
    let output = homefirst(home.path(), &["two.toml", "--extra", "worker=3", "--pathway", "crisis"]);
    let said = text(&output.stdout).replace("\n  ", " ");
    let even = "n even share (3 do not divide by 2 hubs: 1 at each hub, and 1 more at each of those with most crisis referrals: South)";
    assert!(said.contains(even), "{said}");
    assert!(!said.contains("as good as one another"), "{said}");
    let file = home.path().join("results/two-allocated/even.toml");
    let title = homefirst::scenario::read(&file).unwrap().scenario.title;
    assert!(
        title.ends_with("3 more of worker, shared evenly over the hubs"),
        "{title}"
    );
}

#[cfg(unix)]
#[test]
fn an_interrupted_confirmation_keeps_what_all_placements_have() {
    let home = home();
    let child = Command::new(env!("CARGO_BIN_EXE_homefirst"))
        .current_dir(home.path())
        .args(["allocate", "two.toml", "--extra", "worker=2", "--pathway", "crisis"])
        .args([
            "--replications",
            "100000",
            "--search-replications",
            "2",
            "--threads",
            "1",
        ])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    std::thread::sleep(std::time::Duration::from_millis(1500));
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(sent.unwrap().success());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(
        text(&output.stderr).contains("replications of the placements"),
        "{output:?}"
    );
    let said = text(&output.stdout).replace("\n  ", " ");
    assert!(said.contains("of the 100,000 asked for; interrupted"), "{said}");
    let first = said.split("\n\n").nth(1).unwrap();
    assert!(
        first.starts_with("Interrupted: the placements are chosen, but"),
        "{said}"
    );
    let report = fs::read_to_string(home.path().join("results/two-allocated/report.html")).unwrap();
    assert!(report.contains("Interrupted: the placements are chosen"));
    let kept = fs::read_to_string(home.path().join("results/two-allocated/allocate.json")).unwrap();
    let document: Value = serde_json::from_str(&kept).unwrap();
    assert!((2..100_000).contains(&document["replications"].as_u64().unwrap()));
}
