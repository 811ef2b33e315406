//! How many staff are needed: against systems whose least staffing is known from equations, and the command.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::atomic::AtomicBool;

use homefirst::answers::required::{Ending, NoAnswer, NoControl, RequiredAnswer, RequiredRequest, required};
use homefirst::engine::{Seen, World, offered, run_observed};
use homefirst::scenario::{read_text, read_with};
use homefirst::stats::Verdict;
use homefirst::units::{Instant, Span};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn asked(text: &str, seed: u64, threads: Option<usize>) -> Result<RequiredAnswer, NoAnswer> {
    let read = read_text(Path::new("asked.toml"), text.to_owned());
    let mut scenario = read.map_err(|p| format!("{p:?}")).unwrap().scenario;
    scenario.experiment.seed = seed;
    let question = scenario.required.clone().unwrap();
    let request = RequiredRequest { threads, most: 5000 };
    required(&scenario, &question, request, &AtomicBool::new(false), &|| ())
}

fn numbers(answer: &RequiredAnswer) -> Vec<f64> {
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
fn day_and_night(rate_a_day: f64, costs: (f64, f64)) -> String {
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
    let answer = asked(&stationary(&[14.4, 31.2], 12), 1, None).unwrap();
    assert_eq!(answer.controls.len(), 2);
    assert!(answer.controls.iter().all(|(_, why)| why.is_none()));
    assert!(answer.levels.iter().all(|tested| tested.controlled));
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
    let named = answer.borderline.iter().any(|(_, n, _)| *n == [(0, 3.0), (1, 2.0)]);
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
    let many = stationary(&[14.4; 6], 12).replace("delta =", "at = \"overall\"\ndelta =");
    let error = asked(&many, 1, None).unwrap_err();
    assert!(
        matches!(error, NoAnswer::TooMany { .. }) && error.to_string().contains("tied"),
        "{error}"
    );
}

/// Answers of any seed are right, at least as often as they say: a documented campaign.
#[test]
#[ignore = "a campaign: 200 questions of six hubs, about five minutes"]
fn campaign_required() {
    let path = root().join("scenarios/staffing/day-and-night.toml");
    let mut scenario = read_with(&path, &[]).map_err(|p| format!("{p:?}")).unwrap().scenario;
    let question = scenario.required.clone().unwrap();
    let (mut wrong, mut without, mut replications) = (0, 0, 0);
    for seed in 1..=200 {
        scenario.experiment.seed = seed;
        let request = RequiredRequest {
            threads: None,
            most: 5000,
        };
        let answer = required(&scenario, &question, request, &AtomicBool::new(false), &|| ()).unwrap();
        let (day, night) = ([3.0, 4.0, 5.0, 5.0, 6.0, 8.0], [2.0, 2.0, 2.0, 3.0, 3.0, 4.0]);
        let right = numbers(&answer) == [day, night].concat();
        without += u32::from(answer.ending != Ending::Certified);
        wrong += u32::from(answer.ending == Ending::Certified && !right && answer.borderline.is_empty());
        replications += answer.search_replications + answer.certificate_replications;
    }
    let each = replications as f64 / (6.0 * 200.0);
    println!("{wrong} of 200 wrong, {without} without a certificate, {each:.1} replications of the service on average");
    assert!(wrong <= 4 && without <= 20, "{wrong} wrong, {without} without");
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
        said.contains("Infinite-server control for urgent") && !said.contains("No control"),
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
