//! What sharing staff is worth: three rules on the same people, and the command.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::atomic::AtomicBool;

use homefirst::answers::Measure;
use homefirst::answers::check::check;
use homefirst::answers::pooling::{BreakEven, FARTHEST, PoolingError, PoolingRequest, Rule, pooling};
use homefirst::answers::run::{Flow, RunRequest, run};
use homefirst::model::{HubId, Neighbours, PathwayId, Pool, RoleId, Scenario};
use homefirst::output::csv;
use homefirst::units::{PerDay, Span};

use crate::support::{fixed, need, pathway, pool, role, scenario, wte};

const REPLICATIONS: u32 = 4;

/// Two hubs: one with two workers for few people, one with one worker for many.
fn uneven() -> Scenario {
    let mut s = scenario(
        vec![role("w")],
        vec![pool(2)],
        vec![pathway("p", vec![need(0, fixed(60))])],
        vec![],
    );
    s.hubs.push(s.hubs[0].clone());
    (s.hubs[1].name, s.hubs[1].staff) = ("H2".into(), vec![pool(1)]);
    for (hub, rate) in s.hubs.iter_mut().zip([8.0, 20.0]) {
        hub.referrals = vec![PerDay::new(rate).unwrap()];
    }
    s
}

fn request(extra: i64) -> PoolingRequest {
    PoolingRequest {
        replications: REPLICATIONS,
        confidence: 0.95,
        threads: None,
        extra_travel: Span::from_minutes(extra),
    }
}

fn answered(s: &Scenario, extra: i64) -> homefirst::answers::pooling::PoolingAnswer {
    pooling(s, request(extra), &AtomicBool::new(false), &|| ()).unwrap()
}

fn ran(s: &Scenario) -> homefirst::answers::run::RunAnswer {
    let request = RunRequest {
        replications: REPLICATIONS,
        confidence: 0.95,
        threads: None,
    };
    run(s, request, &AtomicBool::new(false), &|| ()).unwrap()
}

fn level(s: &Scenario) -> f64 {
    let flow = Flow::Pathway(PathwayId(0));
    ran(s).estimate(None, flow, None, Measure::ServiceLevel).unwrap().mean
}

/// Each rule is what `run` says of a file with that rule; gains are differences to separate hubs.
#[test]
fn the_rules_are_those_of_a_file() {
    let separate = uneven();
    let mut lent = separate.clone();
    lent.neighbours.push(Neighbours {
        hubs: vec![HubId(0), HubId(1)],
        roles: vec![RoleId(0)],
        after: Span::from_minutes(45),
        extra_travel: Span::from_minutes(7),
    });
    let mut one = separate.clone();
    one.pools.push(Pool {
        hubs: vec![HubId(0), HubId(1)],
        extra_travel: Span::from_minutes(7),
    });
    let expected = [level(&separate), level(&lent), level(&one)];
    let answer = answered(&separate, 7);
    assert!(!answer.neighbours_of_the_file);
    for (row, (rule, level)) in answer.rows.iter().zip(Rule::ALL.into_iter().zip(expected)) {
        assert_eq!(row.rule, rule);
        assert!((row.level.unwrap().mean - level).abs() < 1e-12, "{rule:?}");
        let gain = row.gain.map_or(0.0, |gain| gain.mean);
        assert!((gain - (level - expected[0])).abs() < 1e-12, "{rule:?}");
    }
    assert!(
        expected[1] > expected[0] + 0.05 && expected[2] > expected[0] + 0.05,
        "{expected:?}"
    );
    // What a file says of sharing itself: its neighbours are those compared; its pool is one of the three rules.
    let of_the_file = answered(&lent, 7);
    assert!(of_the_file.neighbours_of_the_file);
    assert_eq!(
        (of_the_file.rows, of_the_file.break_even),
        (answer.rows.clone(), answer.break_even.clone())
    );
    assert_eq!(answered(&one, 7).rows, answer.rows);
}

/// Travel is none and visits are an hour: at the busy hub nobody waits less for being alone, so that a pool gains without
/// extra travel; how far is between nothing and an hour, with the sign changing within a minute.
#[test]
fn the_break_even_is_where_the_sign_changes() {
    let answer = answered(&uneven(), 12);
    let [(PathwayId(0), BreakEven::Between(near, far))] = answer.break_even[..] else {
        panic!("{:?}", answer.break_even)
    };
    assert_eq!(far.extra_travel_min, near.extra_travel_min + 1);
    assert!(near.gain.mean > 0.0 && far.gain.mean <= 0.0, "{near:?} {far:?}");
    assert!(far.extra_travel_min <= FARTHEST);
    let mut there = uneven();
    there.pools.push(Pool {
        hubs: vec![HubId(0), HubId(1)],
        extra_travel: Span::from_minutes(i64::from(near.extra_travel_min)),
    });
    assert!((level(&there) - level(&uneven()) - near.gain.mean).abs() < 1e-12);
}

#[test]
fn what_cannot_be_compared_is_said() {
    let refused = |s: &Scenario| pooling(s, request(12), &AtomicBool::new(false), &|| ()).unwrap_err();
    let mut s = uneven();
    s.hubs[1].staff = vec![wte(3.0)];
    assert_eq!(refused(&s), PoolingError::TwoWays("w".into()));
    let mut s = uneven();
    s.hubs.truncate(1);
    assert_eq!(refused(&s), PoolingError::OneHub);
    let mut s = uneven();
    s.pathways[0].standard = None;
    assert_eq!(refused(&s), PoolingError::NoStandard);
    let stopped = pooling(&uneven(), request(12), &AtomicBool::new(true), &|| ());
    assert!(matches!(stopped, Err(PoolingError::Unfinished(_))));
}

/// What is asked of a pool's staff is asked at its base: 8 and 20 visits a day of 60 minutes and 10 on the road keep 28 x 70
/// minutes of a day busy, of three people there.
#[test]
fn a_pool_is_checked_at_its_base() {
    let mut s = uneven();
    s.pools.push(Pool {
        hubs: vec![HubId(0), HubId(1)],
        extra_travel: Span::from_minutes(10),
    });
    let load = check(&s).load;
    assert!((load[0].offered - 28.0 * 70.0 / 1440.0).abs() < 1e-9, "{load:?}");
    assert!((load[0].capacity - 3.0).abs() < 1e-9, "{load:?}");
    assert!(load[1].offered == 0.0 && load[1].capacity == 0.0, "{load:?}");
}

/// Neighbours who are never asked: the same summary, byte by byte.
#[test]
fn neighbours_who_are_never_asked_write_the_same_summary() {
    let separate = uneven();
    let mut joined = separate.clone();
    joined.neighbours.push(Neighbours {
        hubs: vec![HubId(0), HubId(1)],
        roles: vec![RoleId(0)],
        after: Span::from_days(1000),
        extra_travel: Span::ZERO,
    });
    let text = |s: &Scenario| csv::summary(s, &ran(s)).unwrap();
    assert_eq!(text(&joined), text(&separate));
}

fn command(folder: &Path, words: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_homefirst"));
    command.current_dir(folder).args(words).output().unwrap()
}

/// The verb writes its folder, says its answer, and gives the same bytes on any number of threads; JSON is one document.
#[test]
fn the_command_answers_in_words_and_in_files() {
    let home = tempfile::tempdir().unwrap();
    let text = |hubs: &str| {
        format!(
            "format = 1\n[experiment]\nstart = 2020-06-01\nwarm-up = \"0 days\"\nrun-length = \"12 weeks\"\n\
             replications = 8\n{hubs}[role.w]\n[pathway.p]\nstandard = {{ within = \"2 h\" }}\n\
             outcome = {{ home = 1 }}\n[[pathway.p.response]]\nname = \"v\"\nshare = 1\n\
             staff = [{{ role = \"w\", length = \"1 h\" }}]\n"
        )
    };
    let hub = |name: &str, rate: u32| {
        format!(
            "[[hub]]\nname = \"{name}\"\nreferrals = {{ p = \"{rate} /day\" }}\nstaff = {{ w = {{ on-shift = 1 }} }}\n"
        )
    };
    fs::write(
        home.path().join("two.toml"),
        text(&(hub("North", 5) + &hub("South", 18))),
    )
    .unwrap();
    fs::write(home.path().join("one.toml"), text(&hub("North", 5))).unwrap();
    let asked = |threads: &str, out: &str| {
        command(
            home.path(),
            &[
                "pooling",
                "two.toml",
                "--threads",
                threads,
                "--out",
                out,
                "--extra-travel",
                "5 min",
            ],
        )
    };
    let (first, second) = (asked("1", "a"), asked("3", "b"));
    assert_eq!((first.status.code(), second.status.code()), (Some(0), Some(0)));
    for file in ["pooling.csv", "pooling.json", "scenario.toml"] {
        let read = |folder: &str| fs::read(home.path().join(folder).join(file)).unwrap();
        assert!(!read("a").is_empty() && read("a") == read("b"), "{file}");
    }
    let said = String::from_utf8(first.stdout).unwrap();
    assert!(
        said.contains("P: one pool gains") && said.replace("\n  ", " ").contains("every journey takes 5 minutes more"),
        "{said}"
    );
    assert!(said.lines().all(|line| line.chars().count() <= 80), "{said}");
    let json = command(home.path(), &["pooling", "two.toml", "--json", "--out", "c"]);
    let document: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(document["levels"].as_array().unwrap().len(), 5);
    let alone = command(home.path(), &["pooling", "one.toml"]);
    assert_eq!(alone.status.code(), Some(3));
    assert!(!home.path().join("results").exists(), "nothing is left behind");
    assert_eq!(
        command(home.path(), &["pooling", "two.toml", "--extra-travel", "far"])
            .status
            .code(),
        Some(2)
    );
}
