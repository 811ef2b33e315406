//! Queues with known answers, run by the ordinary engine.
//!
//! [`catalogue`] lists them; [`rule`] says when an estimate agrees. The tests of every run use fewer replications than the
//! campaign, which writes `docs/verification.md`. Seeds are fixed, so a pass stays a pass.

mod catalogue;
mod coverage;
mod endless;
mod kolmogorov;
mod listed;
mod numbers;
mod quantity;
mod report;
mod rule;
mod run;
mod watch;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use homefirst::engine::World;
use homefirst::model::Within;
use homefirst::replicate::{PathwayRow, Plan, Row, replicate};

use catalogue::{BY_THE_HOUR, CONTINUOUS, Case, HOURS, Model, STEPPED, catalogue, theory};
use coverage::Coverage;
use kolmogorov::{Day, staff_by_hour};
use rule::{FALSE_ALARM, Precision, can_be_judged, deviation, most_deviation};
use run::{Estimate, estimates, look_on};

/// The share seen within a span \[h\] of whoever is referred, by the forward equations: referrals an hour by time of day, staff on
/// shift by hour, visits ended per hour and worker.
pub(crate) fn seen_within(rate: &dyn Fn(f64) -> f64, staff: [usize; 24], service: f64, span: f64) -> f64 {
    Day { rate, staff, service }.answers(14, span).within
}

/// What is wrong with a case's estimates; nothing if all is well.
fn faults(case: &Case, estimates: &[Estimate], replications: u32, precision: Precision) -> Vec<String> {
    let mut faults = Vec::new();
    let all = case.quantities.iter().zip(estimates);
    for (quantity, estimate) in all.filter(|(quantity, _)| can_be_judged(quantity, replications)) {
        let (id, name, reference) = (case.id, &quantity.name, quantity.reference);
        let deviation = deviation(quantity, estimate);
        println!("{id} {name}: {estimate:.6?}, reference {reference}, {deviation:+.2} standard errors");
        if estimate.error > precision.most_error(case, quantity) {
            faults.push(format!("{id} {name}: more replications are needed: {estimate:?}"));
        }
        if deviation.is_nan() || deviation.abs() > most_deviation(replications) {
            faults.push(format!(
                "{id} {name}: {} is not {reference}: {deviation:+.2} standard errors",
                estimate.value
            ));
        }
    }
    faults
}

/// The false-alarm rate of the whole test is that of the catalogue, below 1 %.
#[test]
fn every_queue_answers_as_theory_says() {
    let faults: Vec<String> = catalogue()
        .iter()
        .flat_map(|case| faults(case, &estimates(case, case.check), case.check, Precision::CHECK))
        .collect();
    assert!(faults.is_empty(), "{faults:#?}");
}

/// All but the workload on which speed is measured, which starts from empty.
#[test]
fn every_theory_file_is_in_the_catalogue() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/theory");
    let on_disk: BTreeSet<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name != "hf-tandem.toml")
        .collect();
    let listed: BTreeSet<String> = catalogue()
        .iter()
        .filter_map(|case| match case.model {
            Model::File(name) => Some(name.to_owned()),
            Model::Listed(_) => None,
        })
        .collect();
    assert_eq!(on_disk, listed);
}

#[test]
fn false_alarms_are_rare() {
    let comparisons: usize = catalogue().iter().map(|case| case.quantities.len()).sum();
    assert!(FALSE_ALARM * (comparisons as f64) < 0.01, "{comparisons} comparisons");
    assert!((most_deviation(u32::MAX) - 4.0).abs() < 1e-5);
    assert!((most_deviation(100) - 4.178).abs() < 1e-3, "{}", most_deviation(100));
}

/// The rows of some hubs, added up.
fn together<'r>(rows: impl Iterator<Item = &'r Row>) -> Row {
    let mut sum = Row::default();
    for row in rows {
        sum.roles.extend(&row.roles);
        sum.packages.extend(row.packages.iter().cloned());
        sum.pathways.resize(row.pathways.len(), PathwayRow::default());
        for (sum, of) in sum.pathways.iter_mut().zip(&row.pathways) {
            sum.referrals += of.referrals;
            sum.hits += of.hits;
            sum.seen += of.seen;
            sum.left += of.left;
            sum.wait_ms += of.wait_ms;
            sum.waiting_ms += of.waiting_ms;
        }
    }
    sum
}

/// What results are made from says the same as somebody who looked on, to the last millisecond.
#[test]
fn the_books_agree_with_what_was_seen() {
    const REPLICATIONS: u32 = 3;
    for case in catalogue() {
        let listed = |script: catalogue::Script| script(&case.scenario, 0);
        let world = World::new(&case.scenario);
        let world = match case.model {
            Model::File(_) => world,
            Model::Listed(script) => world.with_script(listed(script)),
        };
        let hubs = case.scenario.hubs.len();
        let plan = Plan {
            replications: REPLICATIONS,
            first: 0,
            threads: None,
        };
        let runs = replicate(&world, hubs, plan, &AtomicBool::new(false), &|| ()).unwrap();
        for (replication, rows) in (0u32..).zip(&runs.rows) {
            for (island, joined) in world.islands().iter().enumerate() {
                let watch = look_on(&case, &world, island, replication);
                let place = format!("{} {}, replication {replication}, island {island}", case.id, case.title);
                let row = together(joined.iter().map(|hub| &rows[hub.0]));
                for ((books, seen), pathway) in row.pathways.iter().zip(&watch.pathways).zip(&case.scenario.pathways) {
                    let Some(Within::Time(standard)) = pathway.standard.as_ref().map(|s| s.within) else {
                        panic!("a standard in hours or days")
                    };
                    let hits = seen.seen.iter().filter(|w| **w <= standard.ms()).count();
                    assert_eq!(
                        (books.referrals, books.hits, books.seen, books.wait_ms, books.left),
                        (
                            seen.referrals as u64,
                            hits as u64,
                            seen.seen.len() as u64,
                            seen.seen.iter().sum(),
                            seen.left.len() as u64
                        ),
                        "{place}"
                    );
                }
                let waiting: i64 = row.pathways.iter().map(|p| p.waiting_ms).sum();
                let busy: i64 = row.roles.iter().map(|r| r.busy_inside_ms + r.overtime_ms).sum();
                let open: i64 = row.packages.iter().map(|p| p.open_ms).sum();
                assert_eq!(
                    (waiting, busy, open),
                    (watch.waiting.area, watch.busy, watch.open.area),
                    "{place}"
                );
            }
        }
    }
}

/// References computed elsewhere for demand that changes all the time come out of the same equations as ours for demand
/// that is constant within the hour; so does the mean number busy, which Little's law gives.
#[test]
fn references_by_the_hour_solve_the_forward_equations() {
    for ((file, stepped, continuous), (amplitude, peak)) in
        BY_THE_HOUR.into_iter().zip([(0.6, 14.0), (0.6, 14.0), (0.5, 13.0)])
    {
        let scenario = theory(file);
        let mean = scenario.hubs[0].referrals[0].get() / 24.0;
        let turn = std::f64::consts::TAU / 24.0;
        let curve = |hour: f64| mean * (1.0 + amplitude * libm::cos(turn * (hour - peak)));
        let steps = |hour: f64| mean * scenario.pathways[0].profile.weight(numbers::floor(hour));
        let check = |rate: &dyn Fn(f64) -> f64, [waits, wait, within, busy]: [f64; 4], digits: f64| {
            let day = Day {
                rate,
                staff: staff_by_hour(&scenario),
                service: 1.0 / 1.5,
            };
            // After two weeks nothing is left of the empty start.
            let found = day.answers(14, 2.0);
            let pairs = [
                (found.waits, waits),
                (found.mean_wait, wait),
                (found.within, within),
                (found.busy, busy),
            ];
            for (ours, printed) in pairs {
                assert!((ours - printed).abs() < digits, "{file}: {ours}, not {printed}");
            }
        };
        check(&curve, continuous, 3e-6);
        let [waits, wait, within] = stepped;
        check(&steps, [waits, wait, within, continuous[3]], 1e-6);
    }
}

/// The references of C13, and that the files' weights are averages over the hour.
#[test]
fn references_for_endless_staff_follow_the_steps() {
    let scenario = theory("endless-staff-day.toml");
    for (hub, stepped) in STEPPED.iter().enumerate() {
        for ((hour, reference), continuous) in HOURS.into_iter().zip(stepped).zip(CONTINUOUS[hub].1) {
            let ours = endless::mean_number(&scenario, hub, usize::try_from(hour).unwrap());
            assert!((ours - reference).abs() < 1e-5, "hub {hub}, {hour}:00: {ours}");
            assert!((ours / continuous - 1.0).abs() < 0.025, "hub {hub}, {hour}:00: {ours}");
        }
    }
    let files = [
        ("endless-staff-day.toml", 0.6, 14.0),
        ("day-curve.toml", 0.6, 14.0),
        ("shifts.toml", 0.6, 14.0),
        ("nobody-at-night.toml", 0.5, 13.0),
    ];
    for (file, amplitude, peak) in files {
        let turn = std::f64::consts::TAU / 24.0;
        for pathway in &theory(file).pathways {
            for hour in 0..24 {
                let integral = |t: f64| t + amplitude / turn * libm::sin(turn * (t - peak));
                let average = integral(hour as f64 + 1.0) - integral(hour as f64);
                let weight = pathway.profile.weight(hour);
                assert!(
                    (weight - average).abs() < 1e-8,
                    "{file}, {hour}:00: {weight}, {average}"
                );
            }
        }
    }
}

/// 1,000 intervals at 95 %; if 94.5 % of all such intervals hold the truth, 1,000 others would be outside 93 to 97 % with
/// probability 2 %.
#[test]
fn intervals_of_shifts_cover_the_truth() {
    let (file, stepped, _) = BY_THE_HOUR[1];
    let found = Coverage::of(&theory(file), stepped[2], 1000);
    println!("{found:?}");
    assert!((0.93..=0.97).contains(&found.share()), "{found:?}");
}

/// Every quantity of the catalogue is in the report with its reference, and within the rule.
#[test]
fn the_verification_report_is_of_this_catalogue() {
    let text = std::fs::read_to_string(report::path()).unwrap();
    let mut rows = 0;
    for case in catalogue() {
        for quantity in &case.quantities {
            let known = report::known(&case, quantity);
            let found: Vec<&str> = text.lines().filter(|line| line.starts_with(&known)).collect();
            assert_eq!(found.len(), 1, "rows that begin with {known}: run the campaign");
            let (half_width, replications, deviation) = report::found(found[0]).unwrap();
            assert_eq!(replications, case.campaign, "{known}: run the campaign");
            assert!(can_be_judged(quantity, replications), "{known}: too rare");
            assert!(deviation.abs() <= most_deviation(replications), "{}", found[0]);
            let most = 1.97 * Precision::CAMPAIGN.most_error(&case, quantity);
            assert!(half_width <= most, "{}: more than {most}", found[0]);
            rows += 1;
        }
    }
    let all = text.lines().filter(|line| report::found(line).is_some());
    assert_eq!(all.count(), rows, "rows of no quantity");
}

/// The campaign: many times the replications, and the report of it.
#[test]
#[ignore = "takes a quarter of an hour of processor time, and writes docs/verification.md"]
fn campaign_verification() {
    let (file, stepped, _) = BY_THE_HOUR[1];
    let mut faults_found = Vec::new();
    let mut results = Vec::new();
    for case in catalogue() {
        let found = estimates(&case, case.campaign);
        faults_found.extend(faults(&case, &found, case.campaign, Precision::CAMPAIGN));
        results.push((case, found));
    }
    let covered = Coverage::of(&theory(file), stepped[2], 1000);
    std::fs::create_dir_all(report::path().parent().unwrap()).unwrap();
    std::fs::write(report::path(), report::text(&results, covered, stepped[2])).unwrap();
    assert!(faults_found.is_empty(), "{faults_found:#?}");
    assert!((0.93..=0.97).contains(&covered.share()), "{covered:?}");
}
