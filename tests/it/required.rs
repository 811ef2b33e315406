//! How many staff are needed: against systems whose least staffing is known from equations, and the command.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use homefirst::answers::required::{
    Ending, Grounds, NoAnswer, NoControl, RequiredAnswer, RequiredRequest, Seems, Sign, Stage, required,
    required_watched,
};
use homefirst::engine::{Seen, World, offered, run_observed};
use homefirst::model::Scenario;
use homefirst::scenario::read_text;
use homefirst::stats::Verdict;
use homefirst::units::{Instant, Span};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

pub(crate) fn read(text: &str) -> Scenario {
    let read = read_text(Path::new("asked.toml"), text.to_owned());
    read.map_err(|p| format!("{p:?}")).unwrap().scenario
}

fn answered(scenario: &Scenario, seed: u64, threads: Option<usize>) -> Result<RequiredAnswer, NoAnswer> {
    let mut scenario = scenario.clone();
    scenario.experiment.seed = seed;
    let question = scenario.required.clone().unwrap();
    let request = RequiredRequest { threads, most: 5000 };
    required(&scenario, &question, request, &AtomicBool::new(false), &|| ())
}

fn asked(text: &str, seed: u64, threads: Option<usize>) -> Result<RequiredAnswer, NoAnswer> {
    answered(&read(text), seed, threads)
}

pub(crate) fn ask(scenario: &Scenario, seed: u64) -> RequiredAnswer {
    answered(scenario, seed, Some(1)).unwrap()
}

pub(crate) fn numbers(answer: &RequiredAnswer) -> Vec<f64> {
    answer.numbers.iter().map(|n| n.number).collect()
}

/// A file of M/M/c hubs: visits of 1.5 hours on average, around the clock, within 2 hours for 95 %.
pub(crate) fn stationary(rates_a_day: &[f64], to: u32) -> String {
    let mut text = "format = 1\n".to_owned();
    for (n, rate) in rates_a_day.iter().enumerate() {
        let _ = write!(
            text,
            "[[hub]]\nname = \"H{n}\"\nreferrals = {{ urgent = \"{rate} /day\" }}\nstaff = {{ worker = {{ on-shift = [{{ name = \"round\", \
             from = \"00:00\", to = \"24:00\", count = 3 }}] }} }}\n"
        );
    }
    text + &format!(
        "[experiment]\nstart = 2021-01-04\nwarm-up = \"1 week\"\nrun-length = \"8 weeks\"\n[role.worker]\n[pathway.urgent]\nstandard = {{ \
         within = \"2 h\", target = 0.95 }}\noutcome = {{ home = 1.0 }}\n[[pathway.urgent.response]]\nname = \"visit\"\nshare = 1.0\nstaff = [{{ role \
         = \"worker\", length = {{ exponential = {{ mean = \"1.5 h\" }} }} }}]\n[required]\ndelta = \"0.25 points\"\n[[required.free]]\npath = \
         \"hub.*.staff.worker.on-shift.round.count\"\nto = {to}\ncost = 1\n"
    )
}

/// Day and night staff of one hub with so many referrals a day, with what a day and a night worker cost.
pub(crate) fn day_and_night(rate_a_day: f64, costs: (f64, f64)) -> String {
    let text = fs::read_to_string(root().join("scenarios/staffing/day-and-night.toml")).unwrap();
    let hub = text.find("hub = [").unwrap();
    let first = text.find("  { name = \"H1\"").unwrap();
    let second = text.find("  { name = \"H2\"").unwrap();
    let end = text.find("\n]\n").unwrap();
    assert!(hub < first && second < end);
    let one = text[first..second].replace("16.8 /day", &format!("{rate_a_day} /day"));
    format!("{}{one}{}", &text[..first], &text[end + 1..])
        .replace("cost = 1.0", &format!("cost = {}", costs.0))
        .replace("cost = 1.3", &format!("cost = {}", costs.1))
}

/// M/M/c in closed form: of 0.6, 0.9, 1.3, 1.8, 2.4 and 3.2 referrals an hour 95 % wait at most 2 hours with 3, 3, 4, 5, 6 and 7
/// workers (0.995742 0.979382 0.989479 0.992158 0.991988 0.985187), with one fewer 0.935565 0.771317 0.896124 0.930966 0.936537
/// 0.895464. Wrong with probability at most 5 % for each seed, as certificates go; these seeds are right.
#[test]
fn the_least_staff_of_queues_is_what_erlang_says() {
    let file = stationary(&[14.4, 21.6, 31.2, 43.2, 57.6, 76.8], 12);
    for seed in [1, 2] {
        let answer = asked(&file, seed, None).unwrap();
        assert_eq!(answer.ending, Ending::Certified);
        assert_eq!(numbers(&answer), [3.0, 3.0, 4.0, 5.0, 6.0, 7.0]);
        assert!((answer.cost - 28.0).abs() < 1e-9 && answer.borderline.is_empty());
        for tested in &answer.levels {
            assert_eq!(tested.verdict, Verdict::Feasible);
            assert!(tested.bound.unwrap() >= 0.95, "{tested:?}");
        }
        // One fewer at each hub, and nothing else has to be shown.
        let fewer: Vec<f64> = answer.cheaper.iter().map(|c| c.numbers[0].1).collect();
        assert_eq!(fewer, [2.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
        for cheaper in &answer.cheaper {
            assert_eq!(cheaper.tested.verdict, Verdict::Infeasible);
            assert!(cheaper.tested.bound.unwrap() <= 0.95, "{cheaper:?}");
        }
    }
}

/// The file says its own answer, which comes from differential equations.
#[test]
fn day_and_night_staff_of_six_hubs_are_found() {
    let path = root().join("scenarios/staffing/day-and-night.toml");
    let text = fs::read_to_string(path).unwrap();
    let mut replications = 0;
    for seed in 1..=3 {
        let answer = asked(&text, seed, None).unwrap();
        assert_eq!(answer.ending, Ending::Certified);
        let (day, night) = ([3.0, 4.0, 5.0, 5.0, 6.0, 8.0], [2.0, 2.0, 2.0, 3.0, 3.0, 4.0]);
        assert_eq!(numbers(&answer), [day, night].concat());
        assert!((answer.cost - 51.8).abs() < 1e-9);
        replications += answer.search_replications + answer.certificate_replications;
    }
    // An exhaustive grid at 64 replications a cell takes 5,675 of the service.
    assert!(replications / 18 < 400, "{replications}");
}

/// The answer says what took chance in demand off: here that of all people, in the baseline of none.
#[test]
fn the_answer_says_which_control_was_used() {
    let answer = asked(&day_and_night(28.8, (1.0, 1.3)), 1, None).unwrap();
    assert_eq!(answer.controls.iter().map(|c| c.1).collect::<Vec<_>>(), [None]);
    // Nearest to the level, 4 and 2 (0.928) take more than the few replications for which no slope is needed.
    assert!(answer.cheaper.iter().any(|c| c.tested.controlled));
    // Bursts have no such mean; the answer is the same, and says why it took longer.
    let bursts = stationary(&[14.4], 12).replace("outcome =", "dispersion = 1.01\noutcome =");
    let answer = asked(&bursts, 1, None).unwrap();
    assert_eq!(numbers(&answer), [3.0]);
    assert_eq!(
        answer.controls.iter().map(|c| c.1).collect::<Vec<_>>(),
        [Some(NoControl::NotPoisson)]
    );
    assert!(
        answer
            .levels
            .iter()
            .chain(answer.cheaper.iter().map(|c| &c.tested))
            .all(|tested| !tested.controlled)
    );
}

/// Who comes and for how long, without the service: the same people as in it, to the millisecond.
#[test]
fn those_who_are_offered_are_those_who_are_served() {
    let read = read_text(Path::new("asked.toml"), stationary(&[31.2], 12)).map_err(|p| format!("{p:?}"));
    let world = World::new(&read.unwrap().scenario);
    let offered = offered(&world, 0, 3);
    let mut seen: Vec<(Instant, Seen)> = Vec::new();
    let _ = run_observed(&world, 0, 3, &mut seen);
    let clocks: Vec<Instant> = seen
        .iter()
        .filter(|(_, what)| matches!(what, Seen::ClockStarts { .. }))
        .map(|(at, _)| *at)
        .collect();
    let lengths: BTreeMap<u64, Span> = seen
        .iter()
        .filter_map(|(_, what)| match what {
            Seen::Sent {
                referral, begins, ends, ..
            } => Some((*referral, *ends - *begins)),
            _ => None,
        })
        .collect();
    let starts = seen.iter().filter_map(|(_, what)| match what {
        Seen::ClockStarts { referral, .. } => Some(*referral),
        _ => None,
    });
    let inside = Instant::from_ms(Span::from_days(56).ms());
    let expected: Vec<(Instant, Option<Span>)> = clocks
        .iter()
        .zip(starts)
        .map(|(at, referral)| (*at, lengths.get(&referral).copied()))
        .filter(|(at, _)| *at < inside)
        .collect();
    let found: Vec<(Instant, Option<Span>)> = offered.iter().map(|o| (o.clock, Some(o.length))).collect();
    assert!(found.len() > 1500);
    assert_eq!(found, expected);
}

/// With 19.2 referrals a day 3 by day and 2 by night reach 0.95024: too near to 0.95 to say. Whatever is answered, they are named.
#[test]
fn what_is_too_near_is_named() {
    let answer = asked(&day_and_night(19.2, (1.0, 1.3)), 1, None).unwrap();
    assert_eq!(answer.ending, Ending::Certified);
    let named = answer
        .borderline
        .iter()
        .any(|near| near.numbers == [(0, 3.0), (1, 2.0)]);
    assert!(named && numbers(&answer) != [3.0, 2.0], "{answer:#?}");
}

/// With 28.8 a day and day and night staff that cost the same, 4 and 3 (0.96584) and 5 and 2 (0.96290) are both least.
#[test]
fn what_is_as_cheap_is_named() {
    let answer = asked(&day_and_night(28.8, (1.0, 1.0)), 1, None).unwrap();
    assert_eq!(answer.ending, Ending::Certified);
    assert!((answer.cost - 7.0).abs() < 1e-9);
    let mut both: Vec<Vec<f64>> = answer
        .as_cheap
        .iter()
        .map(|(_, n)| n.iter().map(|x| x.1).collect())
        .collect();
    both.push(numbers(&answer));
    both.sort_by(|a, b| a[0].total_cmp(&b[0]));
    assert_eq!(both, [[4.0, 3.0], [5.0, 2.0]]);
}

#[test]
fn bounds_that_forbid_it_are_certified_too() {
    let answer = asked(&stationary(&[14.4, 31.2], 3), 1, None).unwrap();
    assert_eq!(answer.ending, Ending::NotWithinBounds);
    assert_eq!(numbers(&answer), [3.0, 3.0]);
    // The second hub is why: 3 of the 4 that it takes.
    let holding: Vec<_> = answer.cheaper.iter().filter(|c| c.tested.component == 1).collect();
    assert_eq!(holding.len(), 1);
    assert_eq!(holding[0].tested.verdict, Verdict::Infeasible);
    assert!((holding[0].numbers[0].1 - 3.0).abs() < 1e-9);
}

#[test]
fn tied_numbers_are_one_number() {
    let file = stationary(&[14.4, 31.2], 12).replace("cost = 1\n", "cost = 1\ntied = true\n");
    let answer = asked(&file, 1, None).unwrap();
    assert_eq!((answer.ending, numbers(&answer)), (Ending::Certified, vec![4.0]));
    assert!((answer.cost - 8.0).abs() < 1e-9);
}

#[test]
fn minimum_cover_is_kept() {
    let file = stationary(&[14.4], 12).replace("cost = 1\n", "cost = 1\nminimum = 5\n");
    let answer = asked(&file, 1, None).unwrap();
    assert_eq!((answer.ending, numbers(&answer)), (Ending::Certified, vec![5.0]));
    assert!(answer.cheaper.is_empty() && answer.numbers[0].at_bound);
}

/// Over both hubs together fewer do than at each: 0.979382 and 0.896124 of 21.6 and 31.2 a day are 0.930 together, and
/// 0.771317 and 0.989479 are 0.900; 3 and 4 it must be, where at every hub it is the same. With 14.4 beside 31.2, 2 and 4 give
/// (14.4 x 0.935565 + 31.2 x 0.989479)/45.6 = 0.972.
#[test]
fn overall_a_good_hub_makes_up_for_another() {
    let file = stationary(&[14.4, 31.2], 12);
    let every = asked(&file, 1, None).unwrap();
    assert_eq!(numbers(&every), [3.0, 4.0]);
    let overall = asked(&file.replace("delta =", "at = \"overall\"\ndelta ="), 1, None).unwrap();
    assert_eq!((overall.ending, numbers(&overall)), (Ending::Certified, vec![2.0, 4.0]));
    assert!(overall.overall && overall.levels.len() == 1);
}

#[test]
fn threads_change_nothing() {
    let file = stationary(&[14.4, 31.2], 12);
    let mut one = asked(&file, 5, Some(1)).unwrap();
    let mut three = asked(&file, 5, Some(3)).unwrap();
    (one.engine_cpu_s, three.engine_cpu_s) = (0.0, 0.0);
    assert_eq!(one, three);
}

#[test]
fn questions_that_cannot_be_answered_say_why() {
    let file = stationary(&[14.4], 12);
    let dated = format!(
        "{file}[[change]]\nfrom = 2021-02-01\npath = \"hub.H0.staff.worker.on-shift.round.count\"\nvalue = 4\n"
    );
    let error = asked(&dated, 1, None).unwrap_err();
    assert!(matches!(error, NoAnswer::Dated { .. }) && error.to_string().contains("leave that change out"));
    let priced = file
        .replace("cost = 1\n", "")
        .replace("delta =", "smallest = \"yearly cost\"\ndelta =");
    let error = asked(&priced, 1, None).unwrap_err();
    assert!(matches!(error, NoAnswer::NoPrice { .. }) && error.to_string().contains("`worker`"));
    // Of one hub: 301 numbers by day and as many by night.
    let many = day_and_night(14.4, (1.0, 1.3))
        .replace("to   = 12", "to   = 300")
        .replace("to   = 8", "to   = 300");
    let error = asked(&many, 1, None).unwrap_err();
    assert!(
        matches!(error, NoAnswer::TooMany { dials: 2, .. }) && error.to_string().contains("(60000)"),
        "{error}"
    );
}

fn homefirst(args: &[&str], folder: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_homefirst"));
    command.args(args).current_dir(folder).output().unwrap()
}

#[test]
fn the_command_writes_its_answer_and_ends_as_it_says() {
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("two.toml"), stationary(&[14.4, 31.2], 12)).unwrap();
    let done = homefirst(&["required", "two.toml"], home.path());
    let said = String::from_utf8(done.stdout).unwrap();
    assert_eq!(done.status.code(), Some(0), "{said}");
    assert!(
        said.contains("A cost of 7,") && said.contains("Borderline: none."),
        "{said}"
    );
    assert!(
        said.contains("Chance in demand was taken off for Urgent") && !said.contains("could not be taken off"),
        "{said}"
    );
    let results = home.path().join("results/two-required");
    for name in [
        "required.csv",
        "certificate.csv",
        "tried.csv",
        "required.json",
        "answer.toml",
        "scenario.toml",
        "report.html",
    ] {
        assert!(results.join(name).is_file(), "{name}");
    }
    // The answer is a scenario.
    let checked = homefirst(&["check", "results/two-required/answer.toml"], home.path());
    assert_eq!(checked.status.code(), Some(0));
    let ran = homefirst(
        &[
            "run",
            "results/two-required/answer.toml",
            "--replications",
            "20",
            "--seed",
            "9",
        ],
        home.path(),
    );
    assert_eq!(ran.status.code(), Some(0));
    // Options of the question stand in the file and on the command line.
    let json = homefirst(
        &[
            "required",
            "two.toml",
            "--json",
            "--delta",
            "0.5 points",
            "--confidence",
            "0.9",
        ],
        home.path(),
    );
    let answer: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(
        (&answer["delta_points"], &answer["confidence"]),
        (&0.5.into(), &0.9.into())
    );
    assert_eq!(answer["ending"], "certified");
    let bounded = homefirst(
        &[
            "required",
            "two.toml",
            "--set",
            "required.at=every hub",
            "--seed",
            "3",
            "--json",
        ],
        home.path(),
    );
    assert_eq!(bounded.status.code(), Some(0));
}

#[test]
fn a_question_can_be_typed() {
    let folder = tempfile::tempdir().unwrap();
    let text = stationary(&[14.4, 21.6], 12);
    let (asks, silent) = (folder.path().join("asks.toml"), folder.path().join("silent.toml"));
    fs::write(&asks, &text).unwrap();
    fs::write(&silent, text.split("[required]").next().unwrap()).unwrap();
    let path = "hub.*.staff.worker.on-shift.round.count";
    let (free, standard) = (format!("{path}=1..6"), "urgent=0.9");
    let run = |file: &str, more: &[&str]| homefirst(&[&["required", file, "--json"], more].concat(), folder.path());
    // With 3 workers 97.9 % of the second hub's are seen in time, with 2 77.1 %; at the first with 2 93.6 %.
    let numbers = |output: &Output| -> Vec<f64> {
        let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let staffing = json["staffing"].as_array().unwrap();
        staffing
            .iter()
            .map(|n| n["number"].as_f64().unwrap())
            .collect::<Vec<f64>>()
    };
    let typed = run("silent.toml", &["--free", &free, "--standard", standard]);
    assert_eq!(
        typed.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&typed.stderr)
    );
    assert_eq!(numbers(&typed), [2.0, 3.0]);
    // What is typed stands over what the file says of the same.
    let typed = run(
        "asks.toml",
        &["--free", &format!("{path}=3..6"), "--standard", standard],
    );
    assert_eq!(
        numbers(&typed),
        [3.0, 3.0],
        "{}",
        String::from_utf8_lossy(&typed.stdout)
    );
    // Nothing asked, or typed so that it means nothing.
    let none = run("silent.toml", &[]);
    assert_eq!(none.status.code(), Some(3));
    let said = String::from_utf8(none.stderr).unwrap();
    assert!(
        said.contains(&format!("--free \"{path}=1..20\" --standard urgent=0.95")),
        "{said}"
    );
    for wrong in ["worker", "worker=1", "worker=1..", "worker=1..x", "worker=1..9:"] {
        assert_eq!(run("silent.toml", &["--free", wrong]).status.code(), Some(2), "{wrong}");
    }
    assert_eq!(run("silent.toml", &["--standard", "urgent"]).status.code(), Some(2));
    let unknown = run("silent.toml", &["--free", "hub.*.staff.nobody=1..9"]);
    assert_eq!(unknown.status.code(), Some(3));
}

#[test]
fn the_command_says_when_bounds_forbid_it_or_nothing_is_asked() {
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("tight.toml"), stationary(&[31.2], 3)).unwrap();
    let done = homefirst(&["required", "tight.toml"], home.path());
    assert_eq!(done.status.code(), Some(4));
    assert!(
        String::from_utf8(done.stdout)
            .unwrap()
            .contains("No staffing within the bounds")
    );
    let text = stationary(&[31.2], 3);
    let asks = text.find("[required]").unwrap();
    fs::write(home.path().join("silent.toml"), &text[..asks]).unwrap();
    let done = homefirst(&["required", "silent.toml"], home.path());
    assert_eq!(done.status.code(), Some(3));
    let said = String::from_utf8(done.stderr).unwrap();
    assert!(
        said.contains("[[required.free]]") && said.contains("hub.*.staff.worker"),
        "{said}"
    );
    // Too few replications for a level that is nearly met: not decided.
    fs::write(home.path().join("near.toml"), day_and_night(19.2, (1.0, 1.3))).unwrap();
    let done = homefirst(
        &[
            "required",
            "near.toml",
            "--replications",
            "30",
            "--delta",
            "0.05 points",
        ],
        home.path(),
    );
    assert_eq!(done.status.code(), Some(5));
}

/// One number for both hubs: 3 workers, which the busier needs; and what is to be small can be said, posts or money.
#[test]
fn what_is_the_same_everywhere_and_what_is_small_can_be_typed() {
    let home = tempfile::tempdir().unwrap();
    let text = stationary(&[14.4, 21.6], 12).replace("cost = 1\n", "");
    fs::write(home.path().join("two.toml"), &text).unwrap();
    let priced = text.replace("[role.worker]", "[role.worker]\ncost = \"20 GBP/h\"");
    fs::write(home.path().join("priced.toml"), priced).unwrap();
    let ask = |file: &str, free: &str, more: &[&str]| {
        let free = format!("hub.*.staff.worker.on-shift.round.count={free}");
        let words = [&["required", file, "--standard", "urgent=0.9", "--free", &free], more].concat();
        homefirst(&words, home.path())
    };
    let json: serde_json::Value = serde_json::from_slice(&ask("two.toml", "1..6:1:tied", &["--json"]).stdout).unwrap();
    let staffing = json["staffing"].as_array().unwrap();
    assert_eq!((staffing.len(), staffing[0]["number"].as_f64()), (1, Some(3.0)));
    let text = said(&ask("two.toml", "1..6:tied", &["--smallest", "wte"]));
    assert!(text.contains("from 1 to 6 on shift, the same at each"), "{text}");
    assert!(text.contains("nothing with fewer WTE within the bounds"), "{text}");
    let text = said(&ask("priced.toml", "1..6", &["--smallest", "yearly-cost"]));
    assert!(
        text.contains("nothing with a lower yearly cost within the bounds"),
        "{text}"
    );
    assert!(!text.contains("cheap"), "{text}");
    let output = ask("two.toml", "1..6", &["--smallest", "yearly cost"]);
    assert_eq!(output.status.code(), Some(3));
    assert!(told(&output).contains("error: the yearly cost is to be as small as possible"));
    assert_eq!(ask("two.toml", "1..6", &["--smallest", "heads"]).status.code(), Some(2));
    assert_eq!(ask("two.toml", "1..6:untied", &[]).status.code(), Some(2));
}

/// 2 workers are enough for 90 %. With 3 as the lower bound, that is the answer; with 2 as the upper one, 2 are.
#[test]
fn a_number_at_its_bound_is_named_with_what_to_do() {
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("one.toml"), stationary(&[14.4], 12)).unwrap();
    let ask = |bounds: &str| {
        let free = format!("hub.*.staff.worker.on-shift.round.count={bounds}");
        said(&homefirst(
            &["required", "one.toml", "--standard", "urgent=0.9", "--free", &free],
            home.path(),
        ))
    };
    let low = ask("3..6");
    assert!(
        low.contains("As low as the question lets it be: H0: Worker (round) 3."),
        "{low}"
    );
    assert!(
        low.contains("Lower `from` and ask again.") && !low.contains("Raise `to`"),
        "{low}"
    );
    // Of one number alone, what is enough at the upper bound is enough.
    let high = ask("1..2");
    assert!(
        high.contains("Worker") && !high.contains("Raise `to`") && !high.contains("Lower `from`"),
        "{high}"
    );
    // Of two, more of the one may be less of the other.
    let two = day_and_night(28.8, (1.0, 1.3)).replace("to   = 8", "to   = 2");
    fs::write(home.path().join("two.toml"), two).unwrap();
    let two = said(&homefirst(&["required", "two.toml"], home.path()));
    assert!(
        two.contains("As high as the question lets it be: H1: Worker (night) 2.")
            && two.contains("Raise `to` and ask again."),
        "{two}"
    );
    let inside = ask("1..6");
    assert!(
        !inside.contains("As low as") && !inside.contains("As high as"),
        "{inside}"
    );
}

/// Whoever comes to everybody first and to no planned visit holds the standard: the answer says what it leaves undone, in the figures of
/// a run of it.
#[test]
fn planned_visits_that_the_answer_leaves_undone_are_said() {
    let home = tempfile::tempdir().unwrap();
    let text = stationary(&[14.4], 12).replace(
        "outcome = { home = 1.0 }\n",
        "outcome = { home = 1.0 }\npriority = 1\nalso = { care = 1.0 }\n",
    ) + "[package.care]\npriority = 2\nlength = \"3 days\"\noutcome = { home = 1.0 }\n[[package.care.visits]]\nname = \"care\"\nrole = \
         \"worker\"\nat = [\"09:00\", \"15:00\"]\nlength = \"30 min\"\ntolerance = \"1 h\"\ngive-up = \"90 min\"\n";
    fs::write(home.path().join("undone.toml"), text).unwrap();
    let whole = said(&homefirst(&["required", "undone.toml"], home.path()));
    assert!(
        whole.contains("But planned visits are left out (a run of this staff, 40 replications): Care: "),
        "{whole}"
    );
    let results = home.path().join("results");
    let found = fs::read_to_string(results.join("undone-required/required.json")).unwrap();
    let found: serde_json::Value = serde_json::from_str(&found).unwrap();
    let beside = &found["with_this_staff"];
    let run = [
        "run",
        "results/undone-required/answer.toml",
        "--replications",
        "40",
        "--json",
    ];
    let run: serde_json::Value = serde_json::from_slice(&homefirst(&run, home.path()).stdout).unwrap();
    let summary = &run["summary"];
    let of = |list: &serde_json::Value, measure: &str| {
        let over_all = |row: &&serde_json::Value| {
            row["measure"] == measure
                && ["hub", "role"]
                    .iter()
                    .all(|key| row[key].is_null() || row[key] == "all")
        };
        list.as_array().unwrap().iter().find(over_all).unwrap().clone()
    };
    for measure in ["visits_missed_share", "visits_late_share", "service_level"] {
        let (own, run) = (of(beside, measure), of(summary, measure));
        for number in ["mean", "half_width", "replications"] {
            assert_eq!(own[number], run[number], "{measure} {number}: {own} {run}");
        }
    }
    assert!(
        of(beside, "visits_missed_share")["mean"].as_f64().unwrap() > 0.05,
        "{beside}"
    );
}

/// The file has half a post, and a second standard: what was not tried and not asked about is said, and only then.
#[test]
fn posts_between_the_steps_and_standards_not_asked_about_are_named() {
    let home = tempfile::tempdir().unwrap();
    let text = stationary(&[4.8], 12)
        .replace("referrals = { urgent = \"4.8 /day\" }", "referrals = { urgent = \"4.8 /day\", slow = \"0.5 /day\" }")
        .replace(
            "{ on-shift = [{ name = \"round\", from = \"00:00\", to = \"24:00\", count = 3 }] }",
            "9.5",
        )
        .replace(
            "[role.worker]\n",
            "[role.worker]\nshifts = [{ name = \"day\", from = \"00:00\", to = \"12:00\" }, { name = \"night\", from = \"12:00\", to = \
             \"24:00\" }]\n",
        )
        .replace("worker.on-shift.round.count", "worker")
        .replace("cost = 1\n", "")
        .replace(
            "[required]\n",
            "[pathway.slow]\nstandard = { within = \"2 days\", target = 0.9 }\noutcome = { home = 1.0 }\n[[pathway.slow.response]]\nname = \
             \"visit\"\nshare = 1.0\nstaff = [{ role = \"worker\", length = \"1 h\" }]\n[required]\n",
        );
    fs::write(home.path().join("half.toml"), text).unwrap();
    let ask = |bounds: &str, more: &[&str]| {
        let free = format!("hub.*.staff.worker={bounds}");
        let words = [
            &["required", "half.toml", "--standard", "urgent=0.8", "--free", &free],
            more,
        ]
        .concat();
        said(&homefirst(&words, home.path()))
    };
    let whole = ask("1..30", &[]);
    for line in [
        "Free: Worker from 1 to 30 WTE in whole posts;",
        "Only whole posts were tried, and the file has others (H0: Worker 9.5 WTE).",
        "Not asked about (a run of this staff, 40 replications): Slow: ",
    ] {
        assert!(whole.contains(line), "{line}\n{whole}");
    }
    let halves = ask("1..30:0.5", &["--standard", "slow=0.8"]);
    assert!(
        halves.contains("in steps of 0.5") && !halves.contains("were tried") && !halves.contains("Not asked about"),
        "{halves}"
    );
    // What is said of it is what a run of the answer says.
    let whole = ask("1..30", &[]);
    let of_slow = |text: &str| {
        let from = text.find("Slow: ").unwrap();
        text[from..from + text[from..].find(" target.").unwrap()].to_owned()
    };
    let answer = ["run", "results/half-required/answer.toml", "--replications", "40"];
    assert_eq!(
        of_slow(&whole),
        of_slow(&said(&homefirst(&answer, home.path()))),
        "{whole}"
    );
    // Smaller steps from 12 on do not come to 9.5.
    let above = ask("12..30", &[]);
    assert!(
        above.contains("from 12 to 30 WTE") && !above.contains("were tried"),
        "{above}"
    );
    let others = ask("1..29:0.4", &[]);
    for words in ["Only steps of 0.4 WTE were tried", "`step = 0.2` in the file"] {
        assert!(others.replace("\n  ", " ").contains(words), "{words}\n{others}");
    }
}

/// A folder with all that is below it.
fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

/// `merge` adds a round to the plan of its own folder; a copy of the folder from before knows nothing of it, and says so.
#[test]
fn an_older_copy_of_a_plan_is_told_as_one() {
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("one.toml"), stationary(&[14.4], 12)).unwrap();
    let ends = |words: &[&str], code: i32| {
        let output = homefirst(words, home.path());
        assert_eq!(output.status.code(), Some(code), "{words:?}: {}", told(&output));
        (said(&output) + &told(&output)).replace("\n  ", " ")
    };
    ends(&["plan", "required", "one.toml", "--pieces", "2", "--out", "here"], 0);
    ends(&["piece", "here", "1"], 0);
    ends(&["piece", "here", "2"], 0);
    copy(&home.path().join("here"), &home.path().join("copy"));
    ends(&["merge", "here", "--out", "r"], 6);
    ends(&["piece", "here", "1"], 0);
    let older = "copy it anew from where `merge` was run";
    assert!(ends(&["piece", "copy", "2"], 0).contains(older));
    let piece = "round-2-piece-1-of-2.piece";
    fs::copy(
        home.path().join("here").join(piece),
        home.path().join("copy").join(piece),
    )
    .unwrap();
    let strange = homefirst(&["merge", "copy", "--out", "r"], home.path());
    let strange = told(&strange).replace("\n  ", " ");
    assert!(strange.contains("it is older than the piece"), "{strange}");
    // With the plan of now it goes on.
    fs::copy(home.path().join("here/plan.json"), home.path().join("copy/plan.json")).unwrap();
    ends(&["piece", "copy", "2"], 0);
    ends(&["merge", "copy", "--out", "r"], 6);
}

/// 901 times 901 staffings of one hub: too many, and nothing there is that could be the same at several hubs.
#[test]
fn what_is_too_much_is_refused_in_lines_that_can_be_read() {
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("near.toml"), day_and_night(19.2, (1.0, 1.3))).unwrap();
    let free = ["day", "night"].map(|piece| format!("hub.*.staff.worker.on-shift.{piece}.count=0..900"));
    let output = homefirst(
        &["required", "near.toml", "--free", &free[0], "--free", &free[1]],
        home.path(),
    );
    assert_eq!(output.status.code(), Some(3));
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(told.starts_with("error: 811,801 staffings of 2 free numbers"), "{told}");
    assert!(
        told.contains("\nhelp: take larger steps") && !told.contains("tied"),
        "{told}"
    );
    assert!(told.lines().all(|line| line.chars().count() <= 80), "{told}");
}

/// The same kind of staff lies across in every picture, although a hub's own entry comes first in the file.
#[test]
fn pictures_of_hubs_have_the_same_axes() {
    let home = tempfile::tempdir().unwrap();
    let one = day_and_night(16.8, (1.0, 1.3));
    let hub = one.find("  { name = \"H1\"").unwrap();
    let end = hub + one[hub..].find('\n').unwrap() + 1;
    let second = one[hub..end].replace("\"H1\"", "\"H2\"");
    let two = format!("{}{second}{}", &one[..end], &one[end..]);
    let night =
        "[[required.free]]\npath = \"hub.H2.staff.worker.on-shift.night.count\"\nfrom = 0\nto = 6\ncost = 1.3\n";
    let begins = two.find("[[required.free]]").unwrap();
    fs::write(
        home.path().join("two.toml"),
        format!("{}{night}{}", &two[..begins], &two[begins..]),
    )
    .unwrap();
    let output = homefirst(&["required", "two.toml"], home.path());
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    crate::charts::words_have_room(&home.path().join("results/two-required"));
    let picture = fs::read_to_string(home.path().join("results/two-required/charts/required_urgent.svg")).unwrap();
    let across = |kind: &str| picture.matches(&format!("across: Worker, {kind}")).count();
    assert_eq!(
        (across("day").min(across("night")), across("day").max(across("night"))),
        (0, 2),
        "{picture}"
    );
}

/// What is set over an answer stands first, beside what the answer has, and a target that cannot be told says in how many
/// replications.
#[test]
fn what_is_set_over_an_answer_is_told_first() {
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("two.toml"), stationary(&[14.4, 31.2], 12)).unwrap();
    assert_eq!(homefirst(&["required", "two.toml"], home.path()).status.code(), Some(0));
    // One number a hub: a row of cells each.
    let picture = home.path().join("results/two-required/charts/required_urgent.svg");
    let picture = fs::read_to_string(picture).unwrap();
    assert!(
        picture.matches("across: Worker").count() == 2 && !picture.contains("up: "),
        "{picture}"
    );
    let answer = "results/two-required/answer.toml";
    let path = |hub: u32| format!("hub.H{hub}.staff.worker.on-shift.round.count");
    let set = format!("{}=9", path(1));
    let text = said(&homefirst(
        &["run", answer, "--replications", "2", "--set", &set],
        home.path(),
    ));
    let first = format!("What was set over the file:\n- {}: 9 (file: 4)\n", path(1));
    assert!(text.contains(&first), "{text}");
    assert!(!text.contains(&format!("{}: 4", path(1))), "{text}");
    // Options are measured by the answer, and say whether each hub still meets its standard.
    let option = format!("fewer: {}=2", path(1));
    let text = said(&homefirst(
        &["compare", answer, "--replications", "6", "--option", &option],
        home.path(),
    ));
    assert!(text.contains(&format!("Changes: {}: 2, was 4.", path(1))), "{text}");
    assert!(
        text.contains("Urgent within 2 h, target 95 %: ") && text.contains("not met at H1; in the base "),
        "{text}"
    );
    assert!(text.contains("is the target of 95 % met?"), "{text}");
    assert!(
        text.contains("these 6 replications") && text.contains("no contradiction to `required`"),
        "{text}"
    );
    assert!(text.contains("\nNext: `homefirst run "), "{text}");
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).replace("\n  ", " ")
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// What is borderline has its levels with their intervals, and says which of them it may miss: of 3 and 2, 0.95024 and nothing else.
#[test]
fn what_is_borderline_is_shown_with_its_levels() {
    let answer = asked(&day_and_night(19.2, (1.0, 1.3)), 1, None).unwrap();
    let near = answer
        .borderline
        .iter()
        .find(|near| near.numbers == [(0, 3.0), (1, 2.0)])
        .unwrap();
    assert_eq!(
        near.levels.iter().map(|seen| seen.seems).collect::<Vec<_>>(),
        [Seems::Unsure]
    );
    let level = near.levels[0].level;
    // 99.9 % of intervals of so many replications: 3.3 standard errors where 95 % are 2 or so.
    assert!((level.mean - 0.950_24).abs() < 2.0 * level.half_width, "{level:?}");
    assert!((near.cost + near.saves - answer.cost).abs() < 1e-9 && near.saves > 0.0);
    // All that was simulated says how it seems: clearly met or missed far from the level.
    for tried in &answer.tried {
        for seen in &tried.levels {
            let far = (seen.level.mean - 0.95).abs() > 0.005 + 2.0 * seen.level.half_width;
            let expected = if seen.level.mean > 0.95 {
                Seems::Met
            } else {
                Seems::Missed
            };
            assert!(!far || seen.seems == expected, "{tried:?}");
        }
    }
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("near.toml"), day_and_night(19.2, (1.0, 1.3))).unwrap();
    let output = homefirst(&["required", "near.toml", "--seed", "1"], home.path());
    let text = said(&output);
    assert!(
        text.contains("Borderline: a lower cost, and too near to a level to say"),
        "{text}"
    );
    assert!(text.contains("may miss"), "{text}");
    // The method comes after the tables, and no word is broken.
    let (table, method) = (
        text.find("Service levels at this staffing"),
        text.find("staffings were looked through"),
    );
    assert!(table.unwrap() < method.unwrap());
    let report = fs::read_to_string(home.path().join("results/near-required/report.html")).unwrap();
    assert!(
        report.contains("<dt>borderline</dt>")
            && report.contains("<dt>certified</dt>")
            && report.contains("<dt>control</dt>")
    );
}

/// By hand: the worker serves the only pathway, so that the direction follows from the rules; each of the pairs that differ was
/// looked at.
#[test]
fn the_answer_says_what_it_rests_on_and_how_that_is_known() {
    let answer = asked(&day_and_night(28.8, (1.0, 1.3)), 1, None).unwrap();
    let [day, night] = answer.rests_on[..] else {
        panic!("{:?}", answer.rests_on)
    };
    for direction in [day, night] {
        assert_eq!((direction.sign, direction.grounds), (Sign::Raises, Grounds::Rules));
        assert!(direction.pairs <= answer.audited);
    }
    // Two staffings differ in one number at least.
    assert!(answer.audited > 0 && day.pairs + night.pairs >= answer.audited);
}

/// Where one role helps out for another, more of the helper is seen to raise the level that it does not serve.
#[test]
fn a_direction_that_was_only_seen_says_so() {
    let text = fs::read_to_string(root().join("tests/it/enumerated/either.toml")).unwrap();
    let answer = asked(&text, 1, None).unwrap();
    let scanned: Vec<_> = answer.rests_on.iter().filter(|d| d.grounds != Grounds::Rules).collect();
    assert!(!scanned.is_empty());
    // More nurses, who help out, free therapists; that was seen and follows from no rule.
    let mut seen = scanned.iter().map(|d| (d.sign, d.grounds));
    assert!(seen.any(|d| d == (Sign::Raises, Grounds::Scan)), "{scanned:?}");
}

/// A minimum at one hub stands in the place of what is said of all, before or after it: 3 and 4 are least, and 5 is asked of the
/// first. Said twice of one hub it is refused.
#[test]
fn a_hub_may_have_bounds_of_its_own() {
    let own = "[[required.free]]\npath = \"hub.H0.staff.worker.on-shift.round.count\"\nto = 9\ncost = 1\nminimum = 5\n";
    let file = stationary(&[14.4, 31.2], 12);
    let after = asked(&format!("{file}{own}"), 1, None).unwrap();
    let mut first: Vec<(String, f64)> = after.numbers.iter().map(|n| (n.path.clone(), n.number)).collect();
    first.sort_by(|a, b| a.0.cmp(&b.0));
    assert_eq!(first.iter().map(|n| n.1).collect::<Vec<_>>(), [5.0, 4.0], "{first:?}");
    let begins = file.find("[[required.free]]").unwrap();
    let before = format!("{}{own}{}", &file[..begins], &file[begins..]);
    assert_eq!(numbers(&asked(&before, 1, None).unwrap()), [5.0, 4.0]);
    // Tied at all others.
    let tied = format!("{}{own}", file.replace("cost = 1\n", "cost = 1\ntied = true\n"));
    assert_eq!(numbers(&asked(&tied, 1, None).unwrap()), [4.0, 5.0]);
    assert!(read_text(Path::new("asked.toml"), format!("{file}{own}{own}")).is_err());
    // What was asked is said with its bounds.
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("own.toml"), format!("{file}{own}")).unwrap();
    let text = said(&homefirst(&["required", "own.toml"], home.path()));
    assert!(text.contains("Worker, round at H1 from 0 to 12 on shift"), "{text}");
    assert!(
        text.contains("at H0 from 5 to 9 on shift, never fewer than 5 rostered on a shift"),
        "{text}"
    );
}

/// A run of the answer judges by what was asked, and --set changes it.
#[test]
fn the_answer_as_a_file_has_the_levels_asked_for() {
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("one.toml"), stationary(&[14.4], 12)).unwrap();
    let output = homefirst(&["required", "one.toml", "--standard", "urgent=0.9"], home.path());
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    let file = home.path().join("results/one-required/answer.toml");
    let read = homefirst::scenario::read(&file)
        .map_err(|p| format!("{p:?}"))
        .unwrap()
        .scenario;
    let target = read.pathways[0].standard.unwrap().target.unwrap();
    assert!((target.get() - 0.9).abs() < 1e-12);
    // It says so, and so do the file and the report; and why a run may find too close what is certified.
    let said = String::from_utf8(output.stdout).unwrap().replace("\n  ", " ");
    let targets = "answer.toml has the levels asked for as its targets, and a run of it judges by them: Urgent 90 % (in the file ";
    assert!(said.contains(targets), "{said}");
    assert!(said.contains("may still say \"too close to call\""), "{said}");
    let of_file = fs::read_to_string(&file).unwrap();
    assert!(
        of_file.contains("# Another target than that of scenario.toml, which has"),
        "{of_file}"
    );
    let report = fs::read_to_string(file.with_file_name("report.html")).unwrap();
    assert!(report.contains("answer.toml has the levels asked for as its targets"));
    let count = |read: &Scenario| match &read.hubs[0].staff[0] {
        homefirst::model::Staffing::OnShift(pieces) => pieces[0].count,
        other => panic!("{other:?}"),
    };
    assert_eq!(count(&read), 2);
    let set = ["hub.H0.staff.worker.on-shift.round.count=7".to_owned()];
    let set = homefirst::scenario::read_with(&file, &set)
        .map_err(|p| format!("{p:?}"))
        .unwrap();
    assert_eq!(count(&set.scenario), 7);
}

#[test]
fn what_was_typed_is_told_as_it_was_typed() {
    let home = tempfile::tempdir().unwrap();
    fs::create_dir(home.path().join("plans")).unwrap();
    let text = stationary(&[14.4], 12);
    fs::write(home.path().join("plans/one.toml"), &text).unwrap();
    let free = "hub.*.staff.worker.on-shift.round.count=1..6";
    let output = homefirst(
        &[
            "required",
            "plans/one.toml",
            "--free",
            free,
            "--standard",
            "urgent=0.9",
            "--delta",
            "0.5 points",
            "--json",
        ],
        home.path(),
    );
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        json["canonical_command"],
        format!("homefirst required one.toml --free \"{free}\" --standard urgent=0.9 --delta \"0.5 points\"")
    );
    // A mistake is shown in what was typed.
    let output = homefirst(
        &["required", "plans/one.toml", "--free", "hub.*.staff.nobody=1..6"],
        home.path(),
    );
    assert_eq!(output.status.code(), Some(3));
    let said = told(&output);
    assert!(
        said.contains("--free") && said.contains("hub.*.staff.nobody=1..6") && !said.contains("required.free="),
        "{said}"
    );
    // A number that the search moves cannot be set for good, and is said to be.
    let set = "hub.H0.staff.worker.on-shift.round.count=9";
    let output = homefirst(&["required", "plans/one.toml", "--set", set], home.path());
    assert!(told(&output).contains("this number is free"), "{}", told(&output));
    let output = homefirst(
        &["required", "plans/one.toml", "--set", "pathway.urgent.triage=5 min"],
        home.path(),
    );
    assert!(!told(&output).contains("this number is free"), "{}", told(&output));
}

/// Stages come in their order, the search settles what is open, and replications are those that were told.
#[test]
fn it_tells_what_it_is_busy_with() {
    let scenario = read(&day_and_night(28.8, (1.0, 1.3)));
    let question = scenario.required.clone().unwrap();
    let request = RequiredRequest {
        threads: None,
        most: 5000,
    };
    let (steps, mut stages) = (AtomicU64::new(0), Vec::new());
    let step = || {
        steps.fetch_add(1, Ordering::Relaxed);
    };
    let stop = AtomicBool::new(false);
    let answer = required_watched(&scenario, &question, request, &stop, &step, &mut |stage| {
        stages.push(stage)
    })
    .unwrap();
    assert_eq!(
        steps.load(Ordering::Relaxed),
        answer.search_replications + answer.certificate_replications
    );
    assert_eq!(stages[0], Stage::Search { settled: 0.0 });
    let Some(Stage::Certify { attempt, expected }) = stages.last() else {
        panic!("{stages:?}")
    };
    assert_eq!(*attempt, answer.attempts);
    // The forecast is of the right size.
    let made = answer.certificate_replications as f64;
    assert!(
        (*expected as f64) < 5.0 * made && made < 5.0 * (*expected as f64),
        "{expected} {made}"
    );
    let settled: Vec<f64> = stages
        .iter()
        .filter_map(|stage| match stage {
            Stage::Search { settled } => Some(*settled),
            Stage::Certify { .. } => None,
        })
        .collect();
    assert!(settled.iter().all(|share| (0.0..=1.0).contains(share)), "{settled:?}");
    assert!(settled.last().unwrap() > &0.9, "{settled:?}");
    // Stopped when the certificate begins, it has the best so far and certifies nothing.
    let request = RequiredRequest {
        threads: Some(1),
        ..request
    };
    let stopped = required_watched(&scenario, &question, request, &stop, &|| (), &mut |stage| {
        stop.store(matches!(stage, Stage::Certify { .. }), Ordering::Relaxed);
    });
    let stopped = stopped.unwrap();
    assert_eq!(
        (stopped.ending, numbers(&stopped)),
        (Ending::Interrupted, numbers(&answer))
    );
    assert!(stopped.cheaper.is_empty() && stopped.cost_at_least.is_none() && !stopped.levels.is_empty());
    assert!(
        stopped
            .levels
            .iter()
            .all(|tested| tested.verdict == Verdict::Undecided && tested.bound.is_none())
    );
    // Before anything has been looked at there is nothing to give.
    let nothing = required_watched(
        &scenario,
        &question,
        request,
        &AtomicBool::new(true),
        &|| (),
        &mut |_| (),
    );
    assert_eq!(nothing.unwrap_err(), NoAnswer::Stopped);
}

/// Ctrl-C while it works on a level that it can hardly tell: the best so far, plainly not certified, and exit code 5.
#[cfg(unix)]
#[test]
fn an_interrupted_search_keeps_the_best_so_far() {
    let home = tempfile::tempdir().unwrap();
    let text = stationary(&[14.4; 3], 12).replace("delta = \"0.25 points\"", "delta = \"0.05 points\"");
    // At 3 workers 0.995742 are seen in time, and that is what is asked.
    let text = text
        .replace("run-length = \"8 weeks\"", "run-length = \"1000 weeks\"")
        .replace("delta =", "standards = { urgent = 0.9957 }\ndelta =");
    fs::write(home.path().join("near.toml"), text).unwrap();
    let interrupted_after = |seconds: u64| {
        let child = Command::new(env!("CARGO_BIN_EXE_homefirst"))
            .current_dir(home.path())
            .args(["required", "near.toml", "--replications", "1000000", "--threads", "1"])
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        std::thread::sleep(std::time::Duration::from_secs(seconds));
        let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
        assert!(sent.unwrap().success());
        child.wait_with_output().unwrap()
    };
    // On a busy machine nothing may have been looked at so soon: then nothing is written, and it is given longer; in small steps, as
    // it must not have ended either.
    let mut tries = [2, 3, 4, 5, 6, 8, 10, 13, 17, 22, 28, 36]
        .into_iter()
        .map(interrupted_after);
    let output = tries.find(|output| output.status.code() != Some(1)).unwrap();
    assert_eq!(output.status.code(), Some(5), "{output:?}");
    assert!(told(&output).contains("nothing is certified"), "{output:?}");
    let text = said(&output);
    assert!(
        text.contains("Interrupted before it was decided: nothing is certified"),
        "{text}"
    );
    let file = fs::read_to_string(home.path().join("results/near-required/answer.toml")).unwrap();
    assert!(file.contains("not certified"), "{file}");
}

/// 3 workers around the clock at 30 pounds an hour worked: 3 x 24 x 365.25 x 30 = 788,940 a year.
#[test]
fn what_it_costs_in_pounds_is_beside_what_is_small() {
    let file = stationary(&[14.4], 12);
    let priced = file.replace("[role.worker]\n", "[role.worker]\ncost = \"30 GBP/h\"\n");
    let answer = asked(&priced, 1, None).unwrap();
    assert_eq!(numbers(&answer), [3.0]);
    assert!((answer.pounds.unwrap() - 788_940.0).abs() < 1.0, "{:?}", answer.pounds);
    assert_eq!(asked(&file, 1, None).unwrap().pounds, None);
}

/// One post, filled at first, that is left now and then and takes twelve weeks to fill: in most replications nobody is late, in some many are.
fn one_post(level: f64) -> Scenario {
    read(&format!(
        r#"
format = 1
[experiment]
start = 2026-06-01
warm-up = "52 weeks"
run-length = "26 weeks"
[[hub]]
name = "Hub"
referrals = {{ assess = "0.6 /day" }}
staff = {{ specialist = 0 }}
[role.specialist]
hours-per-week = 37.5
headroom = {{ planned = 0.16, absence = 0.06 }}
shifts = [{{ name = "day", from = "08:00", to = "16:00", break = "30 min", days = "Mon-Fri" }}]
[pathway.assess]
standard = {{ within = "7 days", target = {level} }}
outcome = {{ home = 1.0 }}
patience = "14 days"
on-leaving = {{ hospital = 0.0, home = 1.0 }}
[[pathway.assess.response]]
name = "visit"
share = 1.0
staff = [{{ role = "specialist", length = {{ lognormal = {{ mean = "90 min", cv = 0.4 }} }} }}]
[[recruit]]
role = "specialist"
posts = 1
advertised = 2025-06-02
time-to-start = "12 weeks"
induction = "2 weeks"
turnover = 0.10
[required]
[[required.free]]
path = "hub.*.staff.specialist"
from = 0
to = 2
"#
    ))
}

/// How many of some seeds certify what is not so, where the post alone gives 97.5 % (20,000 replications; standard error 0.05 points) and one more person
/// meets any of these levels; how many certify something; and replications on average.
fn wrong_of_one_post(level: f64, seeds: impl Iterator<Item = u64>) -> (usize, usize, f64) {
    let scenario = one_post(level);
    let least = if level < 0.975 { 0.0 } else { 1.0 };
    let (mut wrong, mut certified, mut replications, mut asked) = (0, 0, 0, 0.0);
    for seed in seeds {
        let answer = ask(&scenario, seed);
        let chosen = numbers(&answer)[0];
        let named = answer.borderline.iter().any(|near| near.numbers[0].1 < chosen);
        let is_certified = answer.ending == Ending::Certified;
        certified += usize::from(is_certified);
        wrong += usize::from(is_certified && (chosen < least || (chosen > least && !named)));
        replications += answer.search_replications + answer.certificate_replications;
        asked += 1.0;
    }
    (wrong, certified, replications as f64 / asked)
}

/// Seeds of which each begins with replications in which nobody is late: with the variance of people one by one, all of them certified that
/// the post alone gives 99 %.
#[test]
fn a_post_that_is_seldom_vacant_is_not_certified_on_replications_without_a_vacancy() {
    let (wrong, certified, replications) = wrong_of_one_post(0.99, [6, 9, 13, 14, 15, 26].into_iter());
    println!("{wrong} wrong of {certified}, {replications} replications");
    assert_eq!((wrong, certified), (0, 6));
}

/// Writes the lines of the table of `docs/required.md` about posts that may fall vacant.
#[test]
#[ignore = "takes some minutes"]
fn campaign_required_vacant() {
    for level in [0.96, 0.985, 0.99] {
        let (wrong, certified, replications) = wrong_of_one_post(level, 1..=40);
        println!(
            "| {:.1} % | {certified} of 40 | {wrong} | {replications:.0} |",
            level * 100.0
        );
    }
}
