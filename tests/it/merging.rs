//! Many replications added up are what each of them was, number by number.

use std::sync::atomic::AtomicBool;

use homefirst::engine::{Cause, HubRecord, RoleRecord, World, run};
use homefirst::model::{Calendar, Outcome, PackageId, Recruit, RoleId, Scenario, Staffing};
use homefirst::random::Distribution;
use homefirst::replicate::{GROUPS, Hours, PairSums, Plan, RoleRow, Row, Runs, replicate};
use homefirst::units::{PerDay, Span, Wte};
use jiff::civil::date;

use crate::support::{
    daily, fixed, minutes, need, package, pathway, pool, pool_between, role, scenario, share, stream, waits_in,
};

const HUBS: usize = 2;
const FIRST: u32 = 5;
const REPLICATIONS: u32 = 90;

/// Two busy hubs at which everything that is counted happens: somebody is declined, leaves, is never answered, goes to
/// hospital; visits are late and missed.
fn busy() -> Scenario {
    let random = |mean| Distribution::exponential(minutes(mean)).unwrap();
    let mut seen = pathway("seen", vec![need(0, random(50))]);
    (seen.declined, seen.patience) = (share(0.1), Some(random(200)));
    seen.outcome = vec![
        (Outcome::Hospital, share(0.3)),
        (Outcome::End("home".into()), share(0.7)),
    ];
    seen.also = vec![(PackageId(0), share(0.5))];
    let unseen = pathway("unseen", vec![need(1, fixed(10))]);
    let mut visits = stream("visits", 0, daily(3.0), fixed(40));
    (visits.tolerance, visits.give_up) = (minutes(5), minutes(60));
    let mut s = scenario(
        vec![role("carer"), role("nobody")],
        vec![pool_between(360, 1320, 1), pool(0)],
        vec![seen, unseen],
        vec![package("care", fixed(600), vec![visits])],
    );
    s.experiment.warm_up = Span::DAY;
    s.experiment.run_length = Span::from_days(2);
    s.hubs[0].travel.urgent = random(20);
    s.hubs[0].referrals = vec![PerDay::new(15.0).unwrap(), PerDay::new(2.0).unwrap()];
    waits_in(&mut s, 0, "ward", Some(1));
    let mut other = s.hubs[0].clone();
    (other.name, other.referrals[0]) = ("H2".into(), PerDay::new(20.0).unwrap());
    s.hubs.push(other);
    s
}

/// Everything that is counted, in one order for records and rows: 14 numbers a pathway, 4 a role, 2 a package and 4 for
/// each of its streams.
macro_rules! counted {
    ($of:expr, $available:expr, $busy:expr) => {{
        let mut numbers: Vec<i128> = Vec::new();
        for p in &$of.pathways {
            let ends = [
                p.declined,
                p.referrals,
                p.hits,
                p.seen,
                p.left,
                p.unanswered,
                p.admissions,
                p.found_no_bed,
            ];
            numbers.extend(ends.into_iter().chain(p.waiting_at).map(i128::from));
            let times = [p.wait_ms, p.wait_from_receipt_ms, p.outside_ms, p.waiting_ms];
            numbers.extend(times.map(i128::from));
        }
        for r in &$of.roles {
            let times = [$available(r), $busy(r), r.overtime_ms];
            numbers.extend(times.map(i128::from).into_iter().chain([i128::from(r.visits)]));
        }
        numbers.extend($of.endings.iter().map(|&n| i128::from(n)));
        for bed in &$of.beds {
            numbers.extend([bed.occupied_ms, bed.full_ms].map(i128::from));
        }
        for k in &$of.packages {
            numbers.extend([i128::from(k.open_ms), i128::from(k.started)]);
            for s in &k.streams {
                numbers.push(i128::from(s.open_ms));
                numbers.extend([s.planned, s.late, s.missed].map(i128::from));
            }
        }
        numbers
    }};
}

fn of_record(record: &HubRecord) -> Vec<i128> {
    counted!(record, RoleRecord::available_ms, RoleRecord::busy_inside_ms)
}

fn of_row(row: &Row) -> Vec<i128> {
    counted!(row, |r: &RoleRow| r.available_ms, |r: &RoleRow| r.busy_inside_ms)
}

/// Each replication by itself, hub by hub, and all of them together.
fn both() -> (Vec<[HubRecord; HUBS]>, Runs) {
    let world = World::new(&busy());
    let each = (0..REPLICATIONS)
        .map(|r| [0, 1].map(|hub| run(&world, hub, FIRST + r).hubs.remove(0)))
        .collect();
    let plan = Plan {
        replications: REPLICATIONS,
        first: FIRST,
        threads: Some(2),
    };
    let runs = replicate(&world, HUBS, plan, &AtomicBool::new(false), &|| ()).unwrap();
    (each, runs)
}

#[test]
fn rows_are_the_replications_hub_by_hub_and_their_sum() {
    let (each, runs) = both();
    assert_eq!(runs.rows.len(), each.len());
    let mut happened = of_record(&each[0][0]);
    for (row, records) in runs.rows.iter().zip(&each) {
        let [one, two] = [0, 1].map(|hub| of_record(&records[hub]));
        assert_eq!(row.len(), HUBS + 1);
        assert_eq!((of_row(&row[0]), of_row(&row[1])), (one.clone(), two.clone()));
        let sum: Vec<i128> = one.iter().zip(&two).map(|(a, b)| a + b).collect();
        assert_eq!(of_row(&row[HUBS]), sum);
        happened.iter_mut().zip(&sum).for_each(|(all, n)| *all += n);
    }
    // Everything has happened to somebody, so that nothing forgotten could be nought: but nobody of the second role ever
    // works, and no response of the second pathway ends.
    let of_pathways = happened[..14].iter().zip(&happened[14..28]).map(|(a, b)| a + b);
    let others = happened[28..32]
        .iter()
        .chain(&happened[36..38])
        .chain(&happened[39..])
        .copied();
    assert!(of_pathways.chain(others).all(|n| n > 0), "{happened:?}");
}

fn sums(pairs: impl Iterator<Item = (i64, i64)>) -> PairSums {
    let mut sums = PairSums::default();
    for (a, b) in pairs {
        let (a, b, any) = (i128::from(a), i128::from(b), u32::from(b > 0));
        sums = PairSums {
            a: sums.a + a,
            b: sums.b + b,
            aa: sums.aa + a * a,
            ab: sums.ab + a * b,
            bb: sums.bb + b * b,
            with_b: sums.with_b + any,
        };
    }
    sums
}

#[test]
fn hours_are_summed_with_their_squares_hub_by_hub_and_together() {
    let (each, runs) = both();
    let places: [&[usize]; HUBS + 1] = [&[0], &[1], &[0, 1]];
    for (place, hubs) in places.into_iter().enumerate() {
        let Hours { pathways, roles, .. } = &runs.hours[place];
        for hour in 0..168 {
            let hits = each.iter().map(|records| {
                let of = |hub: &usize| {
                    let p = &records[*hub].pathways[0];
                    (i64::from(p.hits_by_hour[hour]), i64::from(p.referrals_by_hour[hour]))
                };
                hubs.iter().map(of).fold((0, 0), |(a, b), (c, d)| (a + c, b + d))
            });
            assert_eq!(pathways[0][hour], sums(hits), "hour {hour}");
            let work = each.iter().map(|records| {
                let of = |hub: &usize| {
                    let r = &records[*hub].roles[0];
                    (r.busy_by_hour[hour], r.available_by_hour[hour])
                };
                hubs.iter().map(of).fold((0, 0), |(a, b), (c, d)| (a + c, b + d))
            });
            assert_eq!(roles[0][hour], sums(work), "hour {hour}");
        }
    }
}

/// Causes, those of who left, and causes by hour of week: hub by hub and together.
#[test]
fn causes_are_summed_hub_by_hub_and_together() {
    let (each, runs) = both();
    let places: [&[usize]; HUBS + 1] = [&[0], &[1], &[0, 1]];
    let mut happened = 0;
    for (place, hubs) in places.into_iter().enumerate() {
        for pathway in 0..2 {
            let of = |records: &[HubRecord; HUBS], cause: usize| {
                let paths = hubs.iter().map(|&hub| &records[hub].pathways[pathway]);
                paths.fold((0, 0), |(all, left), p| {
                    (all + p.causes[cause], left + p.causes_of_left[cause])
                })
            };
            for cause in 0..Cause::COUNT {
                for (row, records) in runs.rows.iter().zip(&each) {
                    let row = &row[place].pathways[pathway];
                    assert_eq!((row.causes[cause], row.causes_of_left[cause]), of(records, cause));
                    happened += row.causes_of_left[cause];
                }
                for hour in 0..168 {
                    let of_hour = |records: &[HubRecord; HUBS]| -> u64 {
                        let paths = hubs.iter().map(|&hub| &records[hub].pathways[pathway]);
                        paths.map(|p| u64::from(p.causes_by_hour[hour][cause])).sum()
                    };
                    let sum: u64 = each.iter().map(of_hour).sum();
                    assert_eq!(runs.hours[place].causes[pathway][hour][cause], sum);
                }
            }
        }
    }
    assert!(happened > 0);
}

/// Histograms are kept in groups: replication number (from 0) modulo their number.
#[test]
fn waits_are_summed_by_group() {
    let (each, runs) = both();
    for group in 0..GROUPS {
        let of_group = || each.iter().skip(group).step_by(GROUPS);
        for hub in 0..HUBS {
            let counted: u64 = of_group().map(|records| records[hub].pathways[0].referrals).sum();
            assert_eq!(runs.waits[hub].referrals[0][group], counted);
            let seen = &runs.waits[hub].seen[0][group];
            for (bin, &n) in seen.counts().iter().enumerate() {
                let sum: u64 = of_group()
                    .map(|records| u64::from(records[hub].pathways[0].waits[bin]))
                    .sum();
                assert_eq!(n, sum, "group {group}, bin {bin}");
            }
        }
        let all: u64 = (0..HUBS).map(|hub| runs.waits[hub].seen[0][group].total()).sum();
        assert_eq!(runs.waits[HUBS].seen[0][group].total(), all);
    }
}

/// Ten days over the end of June 2020, with two posts at the second hub.
fn over_two_months() -> Scenario {
    let mut s = busy();
    s.experiment.calendar = Calendar::new(date(2020, 6, 28), &[]);
    s.experiment.run_length = Span::from_days(10);
    s.recruits = vec![Recruit {
        name: "helpers".into(),
        role: RoleId(1),
        posts: vec![0, 2],
        in_post: vec![0, 1],
        wte: Wte::new(0.5).unwrap(),
        advertised_day: 1,
        time_to_start: Distribution::exponential(Span::from_days(4)).unwrap(),
        induction: Span::ZERO,
        productivity: share(0.0),
        turnover: 40.0,
        refill: true,
    }];
    for hub in &mut s.hubs {
        hub.staff[1] = Staffing::NONE;
    }
    s
}

/// Every replication's months add up to its window, every week is the sum of its days, and so are the levels.
#[test]
fn months_and_weeks_add_up_to_the_window_exactly() {
    const MONTHS: [std::ops::Range<usize>; 2] = [0..3, 3..10];
    const WEEKS: [std::ops::Range<usize>; 2] = [0..7, 7..10];
    let world = World::new(&over_two_months());
    let plan = Plan {
        replications: REPLICATIONS,
        first: FIRST,
        threads: Some(2),
    };
    let runs = replicate(&world, HUBS, plan, &AtomicBool::new(false), &|| ()).unwrap();
    let each: Vec<[HubRecord; HUBS]> = (0..REPLICATIONS)
        .map(|r| [0, 1].map(|hub| run(&world, hub, FIRST + r).hubs.remove(0)))
        .collect();
    let sum = |days: &[u32], range: &std::ops::Range<usize>| days[range.clone()].iter().map(|&n| i64::from(n)).sum();
    let places: [&[usize]; HUBS + 1] = [&[0], &[1], &[0, 1]];
    for (place, hubs) in places.into_iter().enumerate() {
        let total = |records: &[HubRecord; HUBS], of: &dyn Fn(&HubRecord) -> i64| -> i64 {
            hubs.iter().map(|&hub| of(&records[hub])).sum()
        };
        for pathway in 0..2 {
            for (records, (row, months)) in each.iter().zip(runs.rows.iter().zip(&runs.months)) {
                let mut window = (0, 0);
                for (m, range) in MONTHS.iter().enumerate() {
                    let pair = months.of(place, pathway, m);
                    let hits = total(records, &|r| sum(&r.pathways[pathway].hits_by_day, range));
                    let of = total(records, &|r| sum(&r.pathways[pathway].referrals_by_day, range));
                    assert_eq!((i64::try_from(pair.0), i64::try_from(pair.1)), (Ok(hits), Ok(of)));
                    window = (window.0 + pair.0, window.1 + pair.1);
                }
                let whole = &row[place].pathways[pathway];
                assert_eq!(window, (whole.hits, whole.referrals));
            }
            for (w, range) in WEEKS.iter().enumerate() {
                let pairs = each.iter().map(|records| {
                    let hits = total(records, &|r| sum(&r.pathways[pathway].hits_by_day, range));
                    (
                        hits,
                        total(records, &|r| sum(&r.pathways[pathway].referrals_by_day, range)),
                    )
                });
                assert_eq!(runs.weeks[place][pathway][w], sums(pairs), "week {w}");
            }
        }
        for (levels, periods) in [(&runs.levels_by_month, &MONTHS), (&runs.levels_by_week, &WEEKS)] {
            for (p, range) in periods.iter().enumerate() {
                let days = i64::try_from(range.len()).unwrap();
                let open = each
                    .iter()
                    .map(|records| (total(records, &|r| sum(&r.packages[0].open_by_day, range)), days));
                assert_eq!(levels[place].packages[0][p], sums(open));
                let posts = each
                    .iter()
                    .map(|records| (total(records, &|r| sum(&r.roles[1].recruited_by_day, range)), days));
                assert_eq!(levels[place].roles[1][p], sums(posts));
                assert!(levels[place].roles[0].is_empty());
            }
        }
    }
    // Something was there to be counted: packages were open, and posts held at the second hub alone.
    let all = &runs.levels_by_month[HUBS];
    assert!(all.packages[0][1].a > 0 && all.roles[1][1].a > 0);
    assert_eq!(runs.levels_by_month[0].roles[1][1].a, 0);
    assert_eq!(runs.levels_by_month[1].roles[1][1].a, all.roles[1][1].a);
}
