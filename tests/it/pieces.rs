//! One question in pieces: the bytes of one machine whatever the division, nothing lost when killed, nothing believed that is damaged.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::AtomicBool;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use homefirst::engine::{self, World};
use homefirst::pieces::{
    BUILD, Folder, Manifest, Part, Pieces, PiecesError, Question, SourceCopy, Unit, Wanted, WorldId,
};
use homefirst::random::{Key, name_salt};
use homefirst::replicate::{Finished, Plan, Runs, replicate};
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;

use crate::baseline::root;
use crate::command::{listing, run_json};
use crate::required::stationary;
use crate::sensitivity::{LINE, homefirst, text};
use crate::{laws, worlds};

mod verbs;

const RUN: &[&str] = &["run", "line.toml", "--replications", "5"];

fn home() -> TempDir {
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("line.toml"), LINE).unwrap();
    home
}

#[track_caller]
fn ended(output: &Output, code: i32) {
    let said = (text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(code), "{}\n{}", said.0, said.1);
}

/// What was said about errors, on one line.
fn told(output: &Output) -> String {
    text(&output.stderr).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// That two folders hold the same files, byte by byte; of `run.json`, all but how it was run.
#[track_caller]
fn same(one: &Path, other: &Path, about: &str) {
    let names = listing(one);
    assert_eq!(names, listing(other), "{about}");
    for name in names {
        if name == "run.json" {
            assert_eq!(run_json(one), run_json(other), "{about}");
        } else {
            let bytes = |folder: &Path| fs::read(folder.join(&name)).unwrap();
            assert!(bytes(one) == bytes(other), "{about}: {name}");
        }
    }
}

/// Numbers up to n in some order that depends on the seed.
fn shuffled(n: u32, seed: u64) -> Vec<u32> {
    let key = Key::root(seed);
    let mut all: Vec<u32> = (1..=n).collect();
    all.sort_by_key(|i| key.bits(name_salt("order"), u64::from(*i)));
    all
}

/// Plans a question, makes all pieces of every round in some order, and merges them into `merged`; how many rounds it took.
#[track_caller]
fn in_pieces(home: &Path, words: &[&str], pieces: u32) -> u32 {
    let (n, dir) = (pieces.to_string(), format!("p{pieces}"));
    let plan = [&["plan"], &words[..1], &["--pieces", &n, "--out", &dir], &words[1..]].concat();
    ended(&homefirst(home, &plan), 0);
    for round in 1..500 {
        for piece in shuffled(pieces, u64::from(pieces + round)) {
            let piece = piece.to_string();
            ended(&homefirst(home, &["piece", &dir, &piece, "--threads", "2"]), 0);
        }
        let merged = homefirst(home, &["merge", &dir, "--out", "merged"]);
        if merged.status.code() == Some(6) {
            assert!(text(&merged.stdout).contains("is needed"), "{merged:?}");
            assert!(!home.join("merged").exists());
            continue;
        }
        assert!(matches!(merged.status.code(), Some(0 | 5)), "{merged:?}");
        return round;
    }
    panic!("no end of rounds");
}

/// One machine, and pieces; how many rounds these took.
#[track_caller]
fn one_and_pieces(home: &Path, words: &[&str], pieces: &[u32]) -> Vec<u32> {
    let one = homefirst(home, &[&words[..1], &["--out", "one"], &words[1..]].concat());
    assert!(matches!(one.status.code(), Some(0 | 5)), "{one:?}");
    let rounds = pieces.iter().map(|n| {
        let rounds = in_pieces(home, words, *n);
        same(&home.join("one"), &home.join("merged"), &format!("{words:?} in {n}"));
        fs::remove_dir_all(home.join("merged")).unwrap();
        rounds
    });
    rounds.collect()
}

#[test]
fn any_number_of_pieces_gives_the_bytes_of_one_machine() {
    let home = home();
    assert_eq!(one_and_pieces(home.path(), RUN, &[1, 2, 7, 64]), [1; 4]);
}

#[test]
fn so_do_draws_and_options() {
    let home = home();
    let drawn = [RUN, &["--draws", "10", "--uncertain"]].concat();
    assert_eq!(one_and_pieces(home.path(), &drawn, &[7]), [1]);
    let option = "fewer: pathway.urgent.referrals=80 /day";
    let compared = [
        "compare",
        "line.toml",
        "--option",
        option,
        "--draws",
        "10",
        "--uncertain",
    ];
    let home = self::home();
    assert_eq!(one_and_pieces(home.path(), &compared, &[3]), [1]);
}

#[test]
fn so_do_sliders_and_published_months() {
    let home = home();
    let months = "month,service_level\n2024-01,0.7\n2024-02,0.8\n2024-03,0.7\n";
    fs::write(home.path().join("months.csv"), months).unwrap();
    let more = [
        "--sliders",
        "worker",
        "--slide",
        "-1..1",
        "--yes",
        "--published",
        "months.csv",
    ];
    assert_eq!(one_and_pieces(home.path(), &[RUN, &more].concat(), &[3]), [1]);
    // As many replications as the run came to take.
    let home = self::home();
    let precise = [
        "--precision",
        "0.01 points",
        "--sliders",
        "worker",
        "--slide",
        "0..1",
        "--yes",
    ];
    let run = ["run", "line.toml", "--replications", "25"];
    assert_eq!(one_and_pieces(home.path(), &[&run[..], &precise].concat(), &[2]), [3]);
}

/// A piece of an earlier round, damaged or lost when a later round has begun, is made again and nothing else; results are not written
/// over pieces.
#[test]
fn a_lost_piece_of_an_earlier_round_is_made_again() {
    let home = home();
    let home = home.path();
    let words = ["run", "line.toml", "--replications", "40", "--precision", "0.01 points"];
    ended(
        &homefirst(
            home,
            &[&["plan"][..], &words, &["--pieces", "2", "--out", "p"]].concat(),
        ),
        0,
    );
    for round in 1..=2 {
        for piece in ["1", "2"] {
            ended(&homefirst(home, &["piece", "p", piece]), 0);
        }
        ended(&homefirst(home, &["merge", "p", "--out", "merged"]), 6);
        assert!(home.join(format!("p/round-{round}-piece-2-of-2.piece")).is_file());
    }
    let lost = home.join("p/round-1-piece-2-of-2.piece");
    let sound = fs::read(&lost).unwrap();
    for damage in [None, Some(b"no piece".as_slice())] {
        match damage {
            None => fs::remove_file(&lost).unwrap(),
            Some(bytes) => fs::write(&lost, bytes).unwrap(),
        }
        // The other of this round cannot go on from what is not there, and says so.
        if damage.is_none() {
            let other = homefirst(home, &["piece", "p", "1"]);
            ended(&other, 6);
            assert!(
                told(&other).contains("piece 2 of 2 of round 1 is missing"),
                "{}",
                told(&other)
            );
        }
        ended(&homefirst(home, &["piece", "p", "2"]), 0);
        assert!(fs::read(&lost).unwrap() == sound, "{damage:?}");
    }
    let refused = homefirst(home, &[&words[..], &["--out", "p"]].concat());
    ended(&refused, 2);
    assert!(told(&refused).contains("p is not a results folder"), "{refused:?}");
    assert!(lost.is_file() && home.join("p/plan.json").is_file());
}

#[test]
fn what_goes_on_from_what_it_has_found_takes_rounds() {
    let home = home();
    let sensed = ["sensitivity", "line.toml", "--replications", "2", "--points", "20"];
    assert_eq!(one_and_pieces(home.path(), &sensed, &[3]), [2]);
    // 20, 25, 32 and 40 replications: four looks, of which the precision is never reached.
    let home = self::home();
    let precise = ["run", "line.toml", "--replications", "40", "--precision", "0.01 points"];
    assert_eq!(one_and_pieces(home.path(), &precise, &[2]), [4]);
    let home = self::home();
    let option = "fewer: pathway.urgent.referrals=80 /day";
    let compared = [
        "compare",
        "line.toml",
        "--replications",
        "25",
        "--precision",
        "0.01 points",
        "--option",
        option,
    ];
    assert_eq!(one_and_pieces(home.path(), &compared, &[2]), [2]);
}

#[test]
fn least_staffing_is_found_in_rounds() {
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("two.toml"), stationary(&[14.4], 6)).unwrap();
    let rounds = one_and_pieces(home.path(), &["required", "two.toml"], &[2]);
    assert!(rounds[0] > 2, "{rounds:?}");
}

#[test]
fn pieces_that_are_missing_are_named_and_then_made() {
    let home = home();
    let home = home.path();
    ended(&homefirst(home, &[RUN, &["--out", "one"]].concat()), 0);
    // Without a plan the first piece makes one.
    for piece in ["2/7", "7/7", "2/7"] {
        ended(&homefirst(home, &[RUN, &["--shard", piece, "--out", "p"]].concat()), 0);
    }
    let merged = homefirst(home, &["merge", "p", "--out", "merged"]);
    ended(&merged, 6);
    assert!(
        told(&merged).contains("5 of 7 pieces of round 1 are missing: 1 and 3 to 6"),
        "{}",
        told(&merged)
    );
    assert!(!home.join("merged").exists());
    // Somebody was killed while writing.
    fs::write(home.join("p/.round-1-piece-3-of-7.piece.new-1-0"), "half").unwrap();
    for piece in ["6", "1", "4", "3", "5"] {
        ended(&homefirst(home, &["piece", "p", piece]), 0);
    }
    ended(&homefirst(home, &["merge", "p", "--out", "merged"]), 0);
    same(&home.join("one"), &home.join("merged"), "after all");
    // A piece that is made anew is the same bytes.
    let piece = home.join("p/round-1-piece-4-of-7.piece");
    let before = fs::read(&piece).unwrap();
    fs::remove_file(&piece).unwrap();
    ended(&homefirst(home, &["piece", "p", "4", "--threads", "1"]), 0);
    assert!(fs::read(&piece).unwrap() == before);
}

#[test]
fn damaged_mixed_and_doubled_pieces_are_refused_by_name() {
    let home = home();
    let home = home.path();
    for dir in ["p", "q"] {
        let seed = if dir == "p" { "1" } else { "2" };
        for piece in ["1/2", "2/2"] {
            let words = ["--seed", seed, "--shard", piece, "--out", dir];
            ended(&homefirst(home, &[RUN, &words].concat()), 0);
        }
    }
    let merge = || homefirst(home, &["merge", "p", "--out", "merged"]);
    let ended_with = |code: i32, why: &str| {
        let merged = merge();
        ended(&merged, code);
        assert!(told(&merged).contains(why), "{why}: {}", told(&merged));
        assert!(!home.join("merged").exists());
    };
    let refused = |why: &str| ended_with(1, why);
    let (first, second) = (
        home.join("p/round-1-piece-1-of-2.piece"),
        home.join("p/round-1-piece-2-of-2.piece"),
    );
    let sound = fs::read(&first).unwrap();
    // Twice.
    let twice = home.join("p/round-1-piece-1-of-2 (1).piece");
    fs::write(&twice, &sound).unwrap();
    refused("both are the same, so delete one");
    fs::remove_file(&twice).unwrap();
    // Cut short, and changed.
    fs::write(&first, &sound[..sound.len() - 1]).unwrap();
    refused("p/round-1-piece-1-of-2.piece is damaged");
    let mut changed = sound.clone();
    changed[sound.len() / 2] ^= 1;
    fs::write(&first, &changed).unwrap();
    refused("is damaged");
    // Two at once.
    fs::rename(&second, home.join("p/kept.piece")).unwrap();
    fs::write(&second, "a letter").unwrap();
    refused("2 files cannot be used");
    refused("is no piece of homefirst's");
    fs::rename(home.join("p/kept.piece"), &second).unwrap();
    // By another version, and of another question.
    fs::write(&first, b"homefirst piece 2\nwhatever").unwrap();
    ended_with(2, "another version of homefirst (layout 2)");
    fs::copy(home.join("q/round-1-piece-1-of-2.piece"), &first).unwrap();
    ended_with(
        2,
        "is of another question: `homefirst run line.toml --replications 5 --seed 2`",
    );
    fs::write(&first, &sound).unwrap();
    // Another number of pieces, another question, in a folder that is planned already.
    let other = homefirst(home, &[RUN, &["--seed", "1", "--shard", "1/3", "--out", "p"]].concat());
    ended(&other, 2);
    assert!(told(&other).contains("planned in 2 pieces, not 3"), "{}", told(&other));
    let other = homefirst(home, &[RUN, &["--seed", "2", "--shard", "1/2", "--out", "p"]].concat());
    ended(&other, 2);
    // A file changes while its pieces are made.
    fs::write(home.join("line.toml"), LINE.replace("90 /day", "91 /day")).unwrap();
    let other = homefirst(home, &[RUN, &["--seed", "1", "--shard", "1/2", "--out", "p"]].concat());
    ended(&other, 2);
    assert!(
        told(&other).contains("or its files have changed since"),
        "{}",
        told(&other)
    );
    // The folder has its own copies.
    ended(&merge(), 0);
}

/// A folder with many files that are not its own: a line for each kind of fault, in which some are named.
#[test]
fn many_strange_files_are_told_in_a_few_lines() {
    let home = home();
    let home = home.path();
    for (dir, seed) in [("p", "1"), ("q", "2")] {
        for piece in ["1/2", "2/2"] {
            let words = ["--seed", seed, "--shard", piece, "--out", dir];
            ended(&homefirst(home, &[RUN, &words].concat()), 0);
        }
    }
    for n in 0..40 {
        let place = |kind: &str| home.join(format!("p/{kind}-{n:02}.piece"));
        fs::copy(home.join("q/round-1-piece-1-of-2.piece"), place("other")).unwrap();
        fs::write(place("strange"), "a letter").unwrap();
    }
    let merged = homefirst(home, &["merge", "p", "--out", "merged"]);
    ended(&merged, 1);
    let said = text(&merged.stderr);
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines.len(), 3, "{said}");
    assert_eq!(lines[0], "error: 80 files cannot be used");
    let more = |kind: &str| {
        format!(
            ". Likewise {}, and 34 more",
            (1..=5)
                .map(|n| format!("{kind}-0{n}.piece"))
                .collect::<Vec<_>>()
                .join(", ")
        )
    };
    assert!(
        lines[1].contains("strange-00.piece is no piece of homefirst's") && lines[1].ends_with(&more("strange")),
        "{said}"
    );
    assert!(
        lines[2].contains("other-00.piece is of another question") && lines[2].ends_with(&more("other")),
        "{said}"
    );
}

/// Where a pipe lies in the place of a piece or of a plan, nobody waits for its other end.
#[cfg(unix)]
#[test]
fn pipes_are_not_read() {
    let home = home();
    let home = home.path();
    for piece in ["1/2", "2/2"] {
        ended(&homefirst(home, &[RUN, &["--shard", piece, "--out", "p"]].concat()), 0);
    }
    for (name, why) in [
        ("strange.piece", "is no piece of homefirst's"),
        ("plan.json", "is no file"),
    ] {
        let place = home.join("p").join(name);
        let _ = fs::remove_file(&place);
        assert!(Command::new("mkfifo").arg(&place).status().unwrap().success());
        let mut child = Command::new(env!("CARGO_BIN_EXE_homefirst"))
            .current_dir(home)
            .args(["merge", "p", "--out", "merged"])
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let began = std::time::Instant::now();
        while child.try_wait().unwrap().is_none() {
            if began.elapsed() > Duration::from_secs(60) {
                child.kill().unwrap();
                panic!("{name} is waited for");
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        let merged = child.wait_with_output().unwrap();
        ended(&merged, 1);
        assert!(told(&merged).contains(why), "{}", told(&merged));
        fs::remove_file(&place).unwrap();
    }
}

/// Whose plan has been lost, keeps its pieces: neither another plan nor another piece takes their place.
#[test]
fn a_piece_of_another_question_is_not_written_over() {
    let home = home();
    let home = home.path();
    let words = |seed: &'static str| [RUN, &["--seed", seed, "--shard", "1/2", "--out", "p"]].concat();
    ended(&homefirst(home, &words("1")), 0);
    let piece = home.join("p/round-1-piece-1-of-2.piece");
    let sound = fs::read(&piece).unwrap();
    let plan = fs::read(home.join("p/plan.json")).unwrap();
    ended(
        &homefirst(home, &[RUN, &["--seed", "2", "--shard", "2/2", "--out", "q"]].concat()),
        0,
    );
    let another =
        "p/round-1-piece-1-of-2.piece is of another question: `homefirst run line.toml --replications 5 --seed 1`";
    // Without a plan, and where somebody has put that of the other question.
    for place in [None, Some("q/plan.json")] {
        fs::remove_file(home.join("p/plan.json")).unwrap();
        if let Some(other) = place {
            fs::copy(home.join(other), home.join("p/plan.json")).unwrap();
        }
        let refused = homefirst(home, &words("2"));
        ended(&refused, 2);
        assert!(told(&refused).contains(another), "{}", told(&refused));
        assert!(fs::read(&piece).unwrap() == sound);
        fs::write(home.join("p/plan.json"), &plan).unwrap();
    }
    // Its own plan is made again.
    fs::remove_file(home.join("p/plan.json")).unwrap();
    ended(&homefirst(home, &words("1")), 0);
    assert!(fs::read(home.join("p/plan.json")).unwrap() == plan && fs::read(&piece).unwrap() == sound);
}

#[test]
fn wrong_words_about_pieces_are_refused() {
    let home = home();
    for (words, code, why) in [
        (
            &["run", "line.toml", "--shard", "3/2", "--out", "p"][..],
            2,
            "such as 3/64",
        ),
        (&["run", "line.toml", "--shard", "1/2"], 2, "--out DIR"),
        (
            &["run", "line.toml", "--shard", "1/2", "--resume", "k"],
            2,
            "cannot be used with",
        ),
        (&["plan", "run", "line.toml", "--pieces", "2"], 2, "--out DIR"),
        (
            &["plan", "run", "line.toml", "--pieces", "0", "--out", "p"],
            2,
            "1..=10000",
        ),
        (
            &["plan", "warm-up", "line.toml", "--pieces", "2", "--out", "p"],
            2,
            "unrecognized subcommand",
        ),
        (
            &[
                "plan",
                "run",
                "line.toml",
                "--pieces",
                "2",
                "--out",
                "p",
                "--resume",
                "k",
            ],
            2,
            "unexpected argument '--resume'",
        ),
        (
            &["warm-up", "line.toml", "--resume", "k"],
            2,
            "unexpected argument '--resume'",
        ),
        (&["merge", "nowhere"], 2, "has no plan.json"),
        (&["piece", "nowhere", "1"], 2, "has no plan.json"),
    ] {
        let output = homefirst(home.path(), words);
        ended(&output, code);
        assert!(told(&output).contains(why), "{words:?}: {}", told(&output));
    }
    assert_eq!(listing(home.path()), ["line.toml"]);
    fs::create_dir(home.path().join("p")).unwrap();
    for plan in ["", "{", "{\"format\": 1}", "{\"format\": 2}", "[]"] {
        fs::write(home.path().join("p/plan.json"), plan).unwrap();
        let output = homefirst(home.path(), &["merge", "p"]);
        ended(&output, 1);
        assert!(
            told(&output).contains("plan again into an empty folder"),
            "{}",
            told(&output)
        );
    }
}

#[test]
fn units_from_files_are_those_that_were_simulated() {
    let stop = AtomicBool::new(false);
    let mut elsewhere = 0;
    for world in 0..30_u64 {
        let key = Key::root(world);
        let bytes: Vec<u8> = (0..400)
            .map(|n| key.bits(name_salt("bytes"), n).to_le_bytes()[0])
            .collect();
        let scenario = laws::read(&worlds::scenario_text(&bytes)).unwrap();
        let world = World::new(&scenario);
        for island in 0..world.islands().len() {
            let record = engine::run(&world, island, 0);
            assert!(engine::nothing(&world, island).is_shaped_as(&record));
            elsewhere += record.elsewhere.len();
        }
        let plan = Plan {
            replications: 3,
            first: 2,
            threads: Some(2),
        };
        let mut whole = replicate(&world, scenario.hubs.len(), plan, &stop, &|| ()).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let question = question("worlds");
        // Twice: what is missing is kept, then all is found.
        for _ in 0..2 {
            let pieces = Pieces::resume(&Folder::read(folder.path()).unwrap(), &question).unwrap();
            let mut runs = Runs::none(&world, scenario.hubs.len());
            runs.extend_from(&world, plan, Finished::of(&pieces, &scenario), &stop, &|| ())
                .unwrap();
            pieces.save().unwrap();
            (whole.engine_cpu_s, runs.engine_cpu_s) = (0.0, 0.0);
            assert!(runs == whole);
        }
        let pieces = Pieces::note(&Folder::read(folder.path()).unwrap(), &question, &[]);
        let mut runs = Runs::none(&world, scenario.hubs.len());
        runs.extend_from(&world, plan, Finished::of(&pieces, &scenario), &stop, &|| ())
            .unwrap();
        // Nobody divided these, so that they do not count as pieces.
        assert_eq!(pieces.wanted().units, 3 * world.islands().len() as u64);
    }
    assert!(elsewhere > 0, "nobody is served elsewhere in these worlds");
}

/// A folder, a plan or a piece of another build of the same version, whose engine may be another, is refused, and a change of one byte of
/// the source makes another build.
#[test]
fn pieces_of_two_builds_are_not_put_together() {
    let home = home();
    let home = home.path();
    ended(&homefirst(home, &[RUN, &["--shard", "1/1", "--out", "p"]].concat()), 0);
    let version = env!("CARGO_PKG_VERSION");
    let (_, source) = BUILD.split_once('+').unwrap();
    assert_eq!(BUILD, format!("{version}+{source}"));
    assert_eq!(source, crate::build::fingerprint(&root()).unwrap());
    let plan = fs::read_to_string(home.join("p/plan.json")).unwrap();
    assert!(plan.contains(&format!("\"version\": \"{BUILD}\"")), "{plan}");
    let piece = home.join("p/round-1-piece-1-of-1.piece");
    let sound = fs::read(&piece).unwrap();
    // As whoever built it from other sources would have written it, the checksum included.
    let other = source.chars().rev().collect::<String>();
    assert_ne!(other, source);
    let at = sound.windows(16).position(|bytes| bytes == source.as_bytes()).unwrap();
    let mut forged = sound.clone();
    forged[at..at + 16].copy_from_slice(other.as_bytes());
    let end = forged.len() - 32;
    let checksum = Sha256::digest(&forged[..end]);
    forged[end..].copy_from_slice(&checksum);
    fs::write(&piece, &forged).unwrap();
    let merged = homefirst(home, &["merge", "p", "--out", "merged"]);
    ended(&merged, 2);
    let made_by = format!("was made by another build of homefirst, {version}+{other}; this is {BUILD}.");
    assert!(told(&merged).contains(&made_by), "{}", told(&merged));
    fs::write(&piece, &sound).unwrap();
    fs::write(home.join("p/plan.json"), plan.replace(source, &other)).unwrap();
    for words in [&["merge", "p"][..], &["piece", "p", "1"]] {
        let output = homefirst(home, words);
        ended(&output, 2);
        assert!(told(&output).contains("with one build"), "{}", told(&output));
    }
    assert!(!home.join("merged").exists() && !home.join("results").exists());
}

/// Results and their report say what they were made by, as pieces do.
#[test]
fn results_say_from_which_source_they_were_made() {
    let home = home();
    let home = home.path();
    ended(&homefirst(home, &[RUN, &["--out", "one"]].concat()), 0);
    let (version, source) = BUILD.split_once('+').unwrap();
    let run = run_json(&home.join("one"));
    assert_eq!((&run["version"], &run["build"]), (&version.into(), &source.into()));
    let report = fs::read_to_string(home.join("one/report.html")).unwrap();
    assert!(report.contains(&format!("homefirst {version}, build {source}")));
}

/// The name that a build takes from its source: every byte and every name count; the folder, the ends of lines and the order in which a
/// disk lists its files do not.
#[test]
fn a_build_is_known_by_its_source_alone() {
    let homes = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let write = |home: &TempDir, name: &str, text: &str| {
        let path = home.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    let of = |home: &TempDir| crate::build::fingerprint(home.path()).unwrap();
    for (home, end) in homes.iter().zip(["\n", "\r\n"]) {
        let mut files = vec!["Cargo.lock", "src/lib.rs", "src/engine/mod.rs", "src/engine.rs"];
        if end == "\n" {
            files.reverse();
        }
        files
            .into_iter()
            .for_each(|name| write(home, name, &format!("// {name}{end}")));
        write(home, "README.md", end);
    }
    let plain = of(&homes[0]);
    assert_eq!(plain, of(&homes[1]));
    let mut seen = std::collections::BTreeSet::from([plain]);
    write(&homes[0], "src/engine/mod.rs", "// src/engine/mod.rs \n");
    assert!(seen.insert(of(&homes[0])), "a byte more");
    write(&homes[0], "Cargo.lock", "");
    assert!(seen.insert(of(&homes[0])), "other crates");
    write(&homes[0], "src/engine/new.rs", "");
    assert!(seen.insert(of(&homes[0])), "a new file");
    fs::rename(
        homes[0].path().join("src/engine/new.rs"),
        homes[0].path().join("src/engine/old.rs"),
    )
    .unwrap();
    assert!(seen.insert(of(&homes[0])), "under another name");
}

fn question(command: &str) -> Question {
    Question::new("1", command.into(), "0".into(), 1, &[])
}

/// A piece with a few units in it, each a few numbers.
fn small_piece(folder: &Path) -> PathBuf {
    made_piece(folder, "small").save().unwrap().unwrap()
}

/// The same of some question, not saved yet.
fn made_piece(folder: &Path, of: &str) -> Pieces {
    let part = Part {
        round: 1,
        asked_sha256: "0".into(),
        piece: 1,
        pieces: 1,
    };
    let found = Folder::read(folder).unwrap();
    let pieces = Pieces::piece(&found, &question(of), &[], part, (0, 4));
    let unit = |replication| Unit {
        world: WorldId::default(),
        island: 0,
        replication,
    };
    let units: Vec<Unit> = (0..6).map(unit).collect();
    let stop = AtomicBool::new(false);
    let one = |n: usize| (vec![n as u64; 5], 0.0);
    // How far it is, is how much of the piece is made.
    let steps = AtomicU64::new(0);
    let step = || {
        steps.fetch_add(1, Ordering::Relaxed);
    };
    pieces.make(&units, (&stop, &step), one, |_, _| true).unwrap();
    assert_eq!(pieces.wanted().units, 6);
    assert_eq!((steps.into_inner(), pieces.to_make(6), pieces.to_make(3)), (4, 4, 3));
    assert_eq!(Pieces::alone().to_make(6), 6);
    pieces
}

/// Two questions whose pieces have one name, begun before either was there: the second is refused, and the first stays as it is. The same
/// question may be asked as often as one likes, and what is of no use is written over.
#[test]
fn of_two_questions_in_one_folder_the_second_is_refused() {
    let home = tempfile::tempdir().unwrap();
    let [first, second, again] = ["first", "second", "first"].map(|of| made_piece(home.path(), of));
    let path = first.save().unwrap().unwrap();
    let sound = fs::read(&path).unwrap();
    let refused = second.save().unwrap_err();
    assert!(
        refused.is_of_another() && refused.to_string().contains("another question: `first`"),
        "{refused}"
    );
    assert!(fs::read(&path).unwrap() == sound);
    fs::write(&path, &sound[..9]).unwrap();
    again.save().unwrap();
    assert!(fs::read(&path).unwrap() == sound);
    assert_eq!(listing(home.path()).len(), 1, "{:?}", listing(home.path()));

    // Going on: both have looked before either is there.
    let home = tempfile::tempdir().unwrap();
    let look = || Folder::read(home.path()).unwrap();
    let (one, other, third) = (look(), look(), look());
    Pieces::resume(&one, &question("first")).unwrap();
    let refused = Pieces::resume(&other, &question("second")).unwrap_err();
    assert!(refused.is_of_another(), "{refused}");
    Pieces::resume(&third, &question("first")).unwrap();
    look().check(&question("first")).unwrap();

    // Plans, and what the questions were read from.
    let home = tempfile::tempdir().unwrap();
    let plan = |of: &str| {
        let wanted = Wanted {
            units: 9,
            asked: of.into(),
        };
        Manifest::new(question(of), vec![of.into()], &wanted, 3)
    };
    let copy = |bytes: &str| {
        let source = SourceCopy {
            path: "in/line.toml".into(),
            bytes: bytes.into(),
        };
        Manifest::copy(home.path(), &[source])
    };
    assert!(plan("first").write_first(home.path()).unwrap());
    assert!(!plan("second").write_first(home.path()).unwrap());
    assert_eq!(Manifest::read(home.path()).unwrap().unwrap(), plan("first"));
    copy("first").unwrap();
    copy("first").unwrap();
    let refused = copy("second").unwrap_err();
    assert!(
        refused.is_of_another() && refused.to_string().contains("in/line.toml is there already"),
        "{refused}"
    );
    assert_eq!(fs::read(home.path().join("in/line.toml")).unwrap(), b"first");
    assert_eq!(listing(home.path()), ["in/line.toml", "plan.json"]);
}

/// Two commands at once, in a folder that neither has found anything in: one gets it, and its pieces give its answer.
#[test]
fn two_commands_at_once_do_not_spoil_each_other() {
    for round in 0..4 {
        let home = home();
        let home = home.path();
        let asked = |seed: &'static str, more: &[&'static str]| [RUN, &["--seed", seed], more].concat();
        for (more, folder) in [
            (&["--shard", "1/2", "--out", "p"][..], "p"),
            (&["--resume", "kept", "--out", "one"], "kept"),
        ] {
            let spawn = |seed: &'static str| {
                let mut command = Command::new(env!("CARGO_BIN_EXE_homefirst"));
                command.current_dir(home).args(asked(seed, more)).env("COLUMNS", "80");
                command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
            };
            let both = ["1", "2"].map(spawn).map(|child| child.wait_with_output().unwrap());
            let codes = both.each_ref().map(|output| output.status.code());
            let won = codes.iter().position(|code| *code == Some(0));
            let (Some(won), true) = (won, codes.contains(&Some(2))) else {
                panic!("{round}, {folder}: {codes:?} {both:?}");
            };
            let refused = told(&both[1 - won]);
            assert!(refused.contains("another question"), "{refused}");
            let seed = ["1", "2"][won];
            ended(&homefirst(home, &asked(seed, more)), 0);
            if folder == "p" {
                ended(&homefirst(home, &asked(seed, &["--shard", "2/2", "--out", "p"])), 0);
                ended(&homefirst(home, &["merge", "p", "--out", "merged"]), 0);
                ended(&homefirst(home, &asked(seed, &["--out", "alone"])), 0);
                same(&home.join("alone"), &home.join("merged"), "of whoever was first");
            }
        }
    }
}

/// Hidden files of makers that were killed go when the piece is made again, but not those of somebody who may still be writing, nor
/// somebody else's.
#[cfg(unix)]
#[test]
fn what_killed_makers_have_left_is_cleared_away() {
    let home = tempfile::tempdir().unwrap();
    let own = ".round-1-piece-1-of-1.piece.new-";
    let dead = [format!("{own}9-0"), ".kept-0123.piece.new-9-0".into()];
    let others = [
        format!("{own}8-0"),
        format!("{own}mine"),
        ".round-1-piece-2-of-2.piece.new-9-0".into(),
        ".kept-0123.piece.new-8-0".into(),
    ];
    for name in dead.iter().chain(&others) {
        let file = fs::File::create(home.path().join(name)).unwrap();
        if !name.ends_with("8-0") {
            let long_ago = file.metadata().unwrap().modified().unwrap() - Duration::from_secs(3700);
            file.set_modified(long_ago).unwrap();
        }
    }
    small_piece(home.path());
    Pieces::resume(&Folder::read(home.path()).unwrap(), &question("small")).unwrap();
    let left: Vec<String> = fs::read_dir(home.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with('.'))
        .collect();
    for name in &dead {
        assert!(!left.contains(name), "{left:?}");
    }
    for name in &others {
        assert!(left.contains(name), "{name}: {left:?}");
    }
}

#[test]
fn no_byte_of_a_piece_can_change_unseen() {
    let home = tempfile::tempdir().unwrap();
    let path = small_piece(home.path());
    let sound = fs::read(&path).unwrap();
    let check = || Folder::read(home.path()).unwrap().check(&question("small"));
    check().unwrap();
    assert!(Folder::read(home.path()).unwrap().check(&question("large")).is_err());
    for at in 0..sound.len() {
        for bit in [0, 3, 7] {
            let mut changed = sound.clone();
            changed[at] ^= 1 << bit;
            fs::write(&path, &changed).unwrap();
            assert!(check().is_err(), "bit {bit} of byte {at}");
        }
        fs::write(&path, &sound[..at]).unwrap();
        assert!(
            matches!(check(), Err(PiecesError::Damaged(_) | PiecesError::Foreign(_))),
            "cut at {at}"
        );
    }
    fs::write(&path, [&sound[..], b"\n"].concat()).unwrap();
    assert!(check().is_err());
}

/// The same command, but another state of the scenario file, another seed, other options or draws, or another version.
#[test]
fn a_piece_of_nearly_the_same_question_is_refused() {
    let home = tempfile::tempdir().unwrap();
    small_piece(home.path());
    let asked = |version: &str, scenario: &str, seed: u64, more: &[String]| {
        let question = Question::new(version, "small".into(), scenario.into(), seed, more);
        let folder = Folder::read(home.path()).unwrap();
        let resumed = Pieces::resume(&folder, &question).err();
        let refused = folder.check(&question).err();
        assert_eq!(refused.is_some(), resumed.is_some());
        refused.map(|error| error.to_string())
    };
    assert_eq!(asked("1", "0", 1, &[]), None);
    for (error, why) in [
        (
            asked("1", "1", 1, &[]),
            "`small`, of another state of the scenario file.",
        ),
        (asked("1", "0", 2, &[]), "`small`, with other options or draws."),
        (
            asked("1", "0", 1, &["more".into()]),
            "`small`, with other options or draws.",
        ),
    ] {
        let error = error.unwrap();
        assert!(
            error.contains("is of another question: ") && error.contains(why),
            "{error}"
        );
    }
    let error = asked("2", "0", 1, &[]).unwrap();
    assert!(
        error.contains("was made by another build of homefirst, 1; this is 2."),
        "{error}"
    );
}

/// Spawns the command, and kills it for good after a while; whether it was still running.
#[cfg(unix)]
fn killed(home: &Path, words: &[&str], after: Duration) -> bool {
    let mut child = Command::new(env!("CARGO_BIN_EXE_homefirst"))
        .current_dir(home)
        .args(words)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    std::thread::sleep(after);
    let running = child.try_wait().unwrap().is_none();
    // SIGKILL: nothing of the program hears of it.
    child.kill().unwrap();
    child.wait().unwrap();
    running
}

/// The finished files of a folder.
fn finished(folder: &Path) -> Vec<String> {
    if !folder.exists() {
        return Vec::new();
    }
    let mut names = listing(folder);
    names.retain(|name| Path::new(name).extension().is_some_and(|ending| ending == "piece") && !name.starts_with('.'));
    names
}

/// Kills runs that go on from what is finished, and makers of pieces, at instants that nobody chose; after each, whatever was
/// finished is still there and sound; in the end the answers are those of runs that nobody killed. It goes on until so many were
/// killed while they were at work; how many had ended before.
#[cfg(unix)]
fn killing(kills: u32, replications: &str) -> u32 {
    let home = home();
    let home = home.path();
    let words = ["run", "line.toml", "--replications", replications, "--threads", "1"];
    let began = std::time::Instant::now();
    ended(&homefirst(home, &[&words[..], &["--out", "one"]].concat()), 0);
    let whole = began.elapsed();
    let resumed = [&words[..], &["--resume", "kept", "--out", "resumed"]].concat();
    let plan = [
        "plan",
        "run",
        "line.toml",
        "--replications",
        replications,
        "--pieces",
        "9",
        "--out",
        "p",
    ];
    ended(&homefirst(home, &plan), 0);
    let key = Key::root(u64::from(kills));
    let (mut at_work, mut kill) = (0, 0);
    let mut before = [Vec::new(), Vec::new()];
    while at_work < kills {
        assert!(kill < 20 * kills, "{at_work} of {kill} at work");
        kill += 1;
        let draw = key.bits(name_salt("kill"), u64::from(kill));
        let share = (draw % 1000) as f64 / 1000.0;
        let piece = (draw / 1000 % 9 + 1).to_string();
        let which = usize::from(kill % 2 == 1);
        let ran = if which == 0 {
            killed(home, &resumed, whole.mul_f64(share))
        } else {
            killed(
                home,
                &["piece", "p", &piece, "--threads", "1"],
                whole.mul_f64(share / 5.0),
            )
        };
        at_work += u32::from(ran);
        let folder = home.join(["kept", "p"][which]);
        let now = finished(&folder);
        assert!(
            before[which].iter().all(|name| now.contains(name)),
            "kill {kill}: {now:?}"
        );
        if folder.exists() {
            assert!(unusable(&folder).is_empty(), "kill {kill}: {:?}", unusable(&folder));
        }
        before[which] = now;
        if home.join("resumed").exists() {
            same(
                &home.join("one"),
                &home.join("resumed"),
                "finished before it was killed",
            );
            fs::remove_dir_all(home.join("resumed")).unwrap();
            fs::remove_dir_all(home.join("kept")).unwrap();
            before[0].clear();
        }
        if before[1].len() == 9 {
            ended(&homefirst(home, &["merge", "p", "--out", "merged"]), 0);
            same(&home.join("one"), &home.join("merged"), "pieces of the killed");
            fs::remove_dir_all(home.join("p")).unwrap();
            ended(&homefirst(home, &plan), 0);
            before[1].clear();
        }
    }
    ended(&homefirst(home, &resumed), 0);
    same(&home.join("one"), &home.join("resumed"), "resumed after the last kill");
    for piece in 1..=9 {
        ended(&homefirst(home, &["piece", "p", &piece.to_string()]), 0);
    }
    ended(&homefirst(home, &["merge", "p", "--out", "merged"]), 0);
    same(&home.join("one"), &home.join("merged"), "pieces after the last kill");
    kill - at_work
}

/// What of a folder cannot be used, whatever question it is of.
fn unusable(folder: &Path) -> Vec<String> {
    let wrong = |error: &PiecesError| !error.is_of_another();
    match Folder::read(folder).unwrap().check(&question("any")) {
        Err(PiecesError::Several(errors)) => errors.iter().filter(|e| wrong(e)).map(ToString::to_string).collect(),
        Err(error) if wrong(&error) => vec![error.to_string()],
        _ => Vec::new(),
    }
}

#[cfg(unix)]
#[test]
fn a_killed_run_goes_on_from_what_it_had_finished() {
    killing(6, "300");
}

/// Two hundred kills of processes at work; says how many others came too late.
#[cfg(unix)]
#[test]
#[ignore = "takes some minutes"]
fn campaign_kills() {
    let late = killing(200, "600");
    println!("200 processes killed at work ({late} others had ended before); nothing finished was lost");
}

#[test]
fn going_on_reads_what_is_there_and_refuses_what_is_not_its_own() {
    let home = home();
    let home = home.path();
    ended(&homefirst(home, &[RUN, &["--out", "one"]].concat()), 0);
    let resumed = [RUN, &["--resume", "kept", "--out", "resumed"]].concat();
    ended(&homefirst(home, &resumed), 0);
    same(&home.join("one"), &home.join("resumed"), "with what it kept itself");
    let kept = finished(&home.join("kept"));
    assert!(!kept.is_empty());
    fs::remove_dir_all(home.join("resumed")).unwrap();
    ended(&homefirst(home, &resumed), 0);
    same(&home.join("one"), &home.join("resumed"), "with all of it read");
    // Nothing was simulated, so that nothing was kept anew.
    assert_eq!(finished(&home.join("kept")), kept);
    let timing: serde_json::Value = serde_json::from_slice(&fs::read(home.join("resumed/run.json")).unwrap()).unwrap();
    assert_eq!(timing["timing"]["engine_cpu_s"], 0.0);
    let other = homefirst(home, &["run", "line.toml", "--replications", "6", "--resume", "kept"]);
    ended(&other, 2);
    assert!(told(&other).contains("is of another question"), "{}", told(&other));
    let file = home.join("kept").join(&kept[0]);
    let sound = fs::read(&file).unwrap();
    fs::write(&file, &sound[..sound.len() / 2]).unwrap();
    let other = homefirst(home, &resumed);
    ended(&other, 1);
    assert!(told(&other).contains("is damaged"), "{}", told(&other));
}

/// A disk that is full, a folder that is a file, one that nothing can be written into: an error that says so, and what was there before
/// is as it was.
#[cfg(target_os = "linux")]
#[test]
fn a_disk_that_takes_no_more_is_named_and_spoils_nothing() {
    let home = home();
    let home = home.path();
    let long = [
        "run",
        "line.toml",
        "--replications",
        "400",
        "--threads",
        "1",
        "--resume",
        "kept",
        "--out",
        "one",
    ];
    // The most that a file may hold, as a full disk; the signal that comes with it is not heard, so that writing fails.
    let limited = |kilobytes: u32, words: &[&str]| {
        let script = format!("trap '' XFSZ; ulimit -f {kilobytes}; exec \"$0\" \"$@\"");
        let mut command = Command::new("bash");
        command
            .current_dir(home)
            .args(["-c", &script, env!("CARGO_BIN_EXE_homefirst")]);
        command.args(words).env("COLUMNS", "80").output().unwrap()
    };
    let plan = [RUN, &["--pieces", "2", "--out", "p"]].concat();
    ended(&homefirst(home, &[&["plan"], &plan[..]].concat()), 0);
    ended(&homefirst(home, &["piece", "p", "1"]), 0);
    let before = listing(&home.join("p"));
    let full = limited(1, &["piece", "p", "2"]);
    ended(&full, 1);
    assert!(
        told(&full).contains("cannot write p/round-1-piece-2-of-2.piece: File too large"),
        "{}",
        told(&full)
    );
    assert_eq!(listing(&home.join("p")), before);
    let full = limited(1, &long);
    ended(&full, 1);
    assert!(
        told(&full).contains("What was finished before is kept"),
        "{}",
        told(&full)
    );
    // What says whose the folder is takes next to nothing.
    assert!(!home.join("one").exists() && finished(&home.join("kept")) == ["kept.piece"]);
    for folder in ["line.toml", "/proc/kept", "line.toml/kept"] {
        for words in [["--resume", folder], ["--shard", "1/1"]] {
            let out = if words[0] == "--shard" { folder } else { "one" };
            let output = homefirst(home, &[RUN, &words, &["--out", out]].concat());
            ended(&output, 1);
            let told = told(&output);
            assert!(told.contains("error: cannot ") && told.contains(folder), "{told}");
        }
    }
    assert!(!home.join("one").exists());
}
