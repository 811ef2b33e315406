//! The question of the warm-up: series week by week, what they ask for, and the audit.

use std::sync::atomic::AtomicBool;

use homefirst::answers::warm_up::{Verdict, WarmUpAnswer, WarmUpRequest, Watched, warm_up};
use homefirst::engine::{World, run};
use homefirst::model::{PackageId, PathwayId, Pattern, Scenario};
use homefirst::output::chart::first_weeks;
use homefirst::output::warm_up::{COLUMNS, table, text};
use homefirst::random::Distribution;
use homefirst::units::{PerDay, Span};

use crate::support::{begins, fixed, need, package, pathway, pool, role, scenario, stream};

fn days(n: i64) -> Span {
    Span::from_days(n)
}

fn look(s: &Scenario, weeks: u32, replications: u32) -> WarmUpAnswer {
    let request = WarmUpRequest {
        weeks: Some(weeks),
        replications,
        confidence: 0.95,
        threads: Some(2),
    };
    warm_up(s, request, &AtomicBool::new(false), &|| ()).unwrap()
}

/// A crisis response by one of three, and a package of some days by as many as are needed, six a day each.
fn world(length: i64) -> Scenario {
    let k = package(
        "k",
        fixed(length * 1440),
        vec![stream("care", 1, Pattern::Once, fixed(30))],
    );
    let crisis = pathway(
        "crisis",
        vec![need(0, Distribution::exponential(Span::from_hours(6)).unwrap())],
    );
    let mut s = scenario(
        vec![role("nurse"), role("carer")],
        vec![pool(3), pool(999)],
        vec![crisis, begins("p", 0)],
        vec![k],
    );
    s.hubs[0].referrals = vec![PerDay::new(8.0).unwrap(), PerDay::new(6.0).unwrap()];
    s.hubs.push(s.hubs[0].clone());
    s.hubs[1].name = "H2".into();
    s.hubs[1].at_start.open = vec![(PackageId(0), 30)];
    s.hubs[1].at_start.waiting = vec![(PathwayId(0), 9)];
    s
}

/// What the onlooker adds up by week is what the books hold of the whole time: open packages, people waiting, hits.
#[test]
fn the_weeks_are_the_books_cut_up() {
    let mut s = world(10);
    s.experiment.run_length = days(20 * 7);
    let answer = look(&s, 20, 3);
    let world = World::new(&s);
    let (mut open, mut waiting, mut referrals) = (0, 0, 0);
    for replication in 0..3 {
        for island in 0..2 {
            let books = &run(&world, island, replication).hubs[0];
            open += books.packages[0].open_ms;
            waiting += books.pathways[0].waiting_ms;
            referrals += books.pathways[0].referrals;
        }
    }
    let of = |what: Watched| answer.series.iter().find(|s| s.what == what).unwrap();
    let whole = |what: Watched| of(what).weeks.iter().flatten().sum::<f64>() * Span::WEEK.ms() as f64 * 3.0;
    let same = |found: f64, books: i64| assert!((found / books as f64 - 1.0).abs() < 1e-9, "{found} of {books}");
    same(whole(Watched::Caseload(PackageId(0))), open);
    same(whole(Watched::Queue(PathwayId(0))), waiting);
    assert!(referrals > 0 && waiting > 0);
    let levels = &of(Watched::ServiceLevel(PathwayId(0))).weeks;
    assert!(levels.iter().flatten().all(|l| (0.0..1.0).contains(l)) && levels.len() == 20);
    let shown = table(&s, &answer).unwrap();
    assert_eq!(shown.lines().next(), Some(COLUMNS.join(",").as_str()));
    assert_eq!(shown.lines().count(), 1 + answer.series.len() * 20);
}

/// Packages of ten weeks, begun with nobody: the caseload rises for ten weeks in a straight line and then stays, so it asks
/// for ten; a warm-up of three weeks is too short, and one of ten is not. Nobody waits for a package, so that the audit
/// finds nothing.
#[test]
fn a_caseload_that_fills_asks_for_its_length() {
    let mut s = world(70);
    s.hubs.truncate(1);
    s.pathways[0].standard = None;
    s.experiment.run_length = days(28);
    for (warm_up, verdict) in [(days(21), Verdict::TooShort), (days(70), Verdict::LongEnough)] {
        s.experiment.warm_up = warm_up;
        s.hubs[0].referrals[0] = PerDay::default();
        let answer = look(&s, 50, 40);
        let caseload = &answer.series[0];
        assert_eq!(
            (caseload.asks, caseload.too_short),
            (Some(10), false),
            "{:?}",
            caseload.weeks
        );
        assert_eq!((answer.asks, answer.verdict), (10, verdict));
        assert!(answer.audits.iter().all(|a| a.holds_none() && a.is_sharp()));
        let said = text(&s, &answer, &[]);
        assert!(said.lines().all(|line| line.chars().count() <= 80), "{said}");
        assert!(first_weeks(&s, &answer).unwrap().svg.contains("open packages"));
    }
}

/// A queue that takes months to fill: the results with twice the warm-up differ, whatever the series say.
#[test]
fn the_audit_finds_a_warm_up_that_is_too_short() {
    let mut s = world(10);
    s.hubs.truncate(1);
    // Three nurses could see twelve a day: 11.7 come.
    s.hubs[0].referrals[0] = PerDay::new(11.7).unwrap();
    s.experiment.run_length = days(28);
    s.experiment.warm_up = days(7);
    let answer = look(&s, 20, 60);
    assert!(!answer.audits[0].holds_none(), "{:?}", answer.audits);
    assert_eq!(answer.verdict, Verdict::TooShort);
    assert!(text(&s, &answer, &[]).contains("is too short: with 2 weeks the results differ"));
}
