//! Every verb that can be divided, in 1, 2 and 7 pieces, and going on from what it has kept: the bytes of one machine.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use super::{LINE, ended, finished, home, homefirst, one_and_pieces, same};
use crate::baseline::root;
use crate::required::stationary;

const PIECES: &[u32] = &[1, 2, 7];

fn folder(name: &str, text: &str) -> TempDir {
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join(name), text).unwrap();
    home
}

/// The answer in any number of pieces, and by going on twice from a folder; how many rounds the pieces took, the same for any number.
#[track_caller]
fn divided(home: &Path, words: &[&str], pieces: &[u32]) -> u32 {
    let rounds = one_and_pieces(home, words, pieces);
    assert!(rounds.iter().all(|n| *n == rounds[0]), "{words:?}: {rounds:?}");
    let resumed = ["--resume", "kept", "--out", "resumed"];
    // An option that may have a file after it comes last.
    let resumed = match words.split_last() {
        Some((last, before)) if *last == "--uncertain" => [before, &resumed, &[last]].concat(),
        _ => [words, &resumed].concat(),
    };
    let mut kept = Vec::new();
    for again in [false, true] {
        let output = homefirst(home, &resumed);
        assert!(matches!(output.status.code(), Some(0 | 5)), "{output:?}");
        same(&home.join("one"), &home.join("resumed"), &format!("{words:?} resumed"));
        if let Ok(json) = fs::read(home.join("resumed/run.json")) {
            let json: serde_json::Value = serde_json::from_slice(&json).unwrap();
            let simulated = json["timing"]["engine_cpu_s"].as_f64().unwrap() > 0.0;
            assert!(simulated != again, "{words:?}: not all that was kept was read");
        }
        fs::remove_dir_all(home.join("resumed")).unwrap();
        let now = finished(&home.join("kept"));
        assert!(!now.is_empty() && (!again || now == kept), "{words:?}: {now:?}");
        kept = now;
    }
    rounds[0]
}

/// Replications of single islands in the rounds of a plan.
fn units(home: &Path, pieces: u32) -> Vec<u64> {
    let plan = fs::read(home.join(format!("p{pieces}/plan.json"))).unwrap();
    let plan: serde_json::Value = serde_json::from_slice(&plan).unwrap();
    let rounds = plan["rounds"].as_array().unwrap().iter();
    rounds.map(|round| round["units"].as_u64().unwrap()).collect()
}

#[test]
fn explain() {
    let words = ["explain", "line.toml", "--replications", "3"];
    let home = || {
        folder(
            "line.toml",
            &LINE.replace("[pathway.urgent]", "[pathway.urgent]\ntriage = \"10 min\""),
        )
    };
    let alone = home();
    assert_eq!(divided(alone.path(), &words, PIECES), 1);
    // Three replications of four hubs, as they are and without triage.
    assert_eq!(units(alone.path(), 7), [3 * 4 * 2]);
    let drawn = [&words[..], &["--draws", "10", "--uncertain"]].concat();
    assert_eq!(divided(home().path(), &drawn, &[3]), 1);
    // 20 and 25 replications: two looks, of which the precision is never reached.
    let precise = [
        "explain",
        "line.toml",
        "--replications",
        "25",
        "--precision",
        "0.01 points",
    ];
    assert_eq!(divided(home().path(), &precise, &[2]), 2);
}

/// Posts for a queue that falls short without them. Round by round: the file and the first week, the last, and halvings of eight weeks.
#[test]
fn trajectory() {
    let words = ["trajectory", "line.toml", "--replications", "3"];
    let drawn = [&words[..], &["--draws", "10", "--uncertain"]].concat();
    assert_eq!(divided(home().path(), &drawn, PIECES), 1);
    let posts = "[trajectory]\ndeadlines = [2021-03-01]\nconfidence = 0.5\n[[recruit]]\nrole = \"worker\"\nposts = 3\nadvertised = 2021-01-11\n\
                 time-to-start = \"1 week\"\ninduction = \"1 week\"\n";
    let file = stationary(&[28.8], 6)
        .replace(
            "{ on-shift = [{ name = \"round\", from = \"00:00\", to = \"24:00\", count = 3 }] }",
            "7.5",
        )
        .replace(
            "[role.worker]",
            "[role.worker]\nhours-per-week = 37.5\nheadroom = 0\nshifts = [{ name = \"day\", days = \"Mon-Sun\", from = \"08:00\", to = \
             \"20:00\" }]",
        )
        .replace("8 weeks", "12 weeks")
        .replace("target = 0.95", "target = 0.3");
    let file = &file[..file.find("[required]").unwrap()];
    let home = folder("posts.toml", &(file.to_owned() + posts));
    let words = ["trajectory", "posts.toml", "--replications", "6", "--latest-advert"];
    let rounds = divided(home.path(), &words, PIECES);
    assert_eq!(rounds, 5);
}

/// Two hubs, of which one has more work than the other.
fn two_hubs() -> TempDir {
    let unknown = "[[unknown]]\npath = \"hub.H0.referrals.urgent\"\nfrom = \"16 /day\"\nto = \"44 /day\"\n";
    folder("two.toml", &(stationary(&[40.0, 21.6], 6) + unknown))
}

/// The rules and a pool without extra travel, the farthest pool, and halvings of an hour.
#[test]
fn pooling() {
    let words = ["pooling", "two.toml", "--replications", "3", "--extra-travel", "7 min"];
    let alone = two_hubs();
    assert_eq!(divided(alone.path(), &words, PIECES), 8);
    let drawn = [&words[..], &["--draws", "10", "--uncertain"]].concat();
    let with_draws = two_hubs();
    assert_eq!(divided(with_draws.path(), &drawn, &[7]), 8);
    // Ten draws, of which five replications each of two hubs alone, of both as neighbours, and of one pool.
    assert_eq!(units(with_draws.path(), 7)[0] - units(alone.path(), 7)[0], 10 * 5 * 4);
}

#[test]
fn allocate() {
    let words = [
        "allocate",
        "two.toml",
        "--extra",
        "worker=4",
        "--replications",
        "4",
        "--search-replications",
        "3",
    ];
    let alone = divided(two_hubs().path(), &words, PIECES);
    assert!(alone > 1, "{alone}");
    // The draws go on side by side: all of them take no more rounds than the longest.
    let drawn = [&words[..], &["--draws", "10", "--uncertain"]].concat();
    let with_draws = divided(two_hubs().path(), &drawn, PIECES);
    assert!((alone + 1..alone + 8).contains(&with_draws), "{alone} {with_draws}");
}

#[test]
fn calibrate() {
    let text = fs::read_to_string(root().join("scenarios/theory/mm6.toml")).unwrap();
    let text = text
        .replace("\"26 weeks\"", "\"4 weeks\"")
        .replace("\"2 weeks\"", "\"3 days\"");
    let knowledge = "[[unknown]]\npath = \"hub.Hub.referrals.urgent\"\nfrom = \"80 /day\"\nto = \"104 /day\"\n[[observed]]\n\
                     measure = \"service_level\"\npathway = \"urgent\"\nvalue = 0.88\nreferrals = 2700\nsource = \"nobody\"\n";
    let home = folder("mm6.toml", &(text + knowledge));
    let words = [
        "calibrate",
        "mm6.toml",
        "--points",
        "8",
        "--waves",
        "2",
        "--precision",
        "3 points",
        "--replications",
        "60",
    ];
    let rounds = divided(home.path(), &words, PIECES);
    // One or two waves, the check on the emulator, a try with its looks, and the file as it stands.
    assert!((4..20).contains(&rounds), "{rounds}");
}

/// The searches of all draws go on side by side, so that they take no more rounds than the longest of them.
#[test]
fn required_under_uncertain_inputs() {
    let unknown = "[[unknown]]\npath = \"hub.H0.referrals.urgent\"\nfrom = \"16 /day\"\nto = \"30 /day\"\n";
    let home = folder("queue.toml", &(stationary(&[21.6], 6) + unknown));
    let words = ["required", "queue.toml"];
    let alone = one_and_pieces(home.path(), &words, &[2])[0];
    fs::remove_dir_all(home.path().join("one")).unwrap();
    fs::remove_dir_all(home.path().join("p2")).unwrap();
    let drawn = [&words[..], &["--draws", "10", "--uncertain"]].concat();
    let rounds = divided(home.path(), &drawn, PIECES);
    println!("{alone} rounds alone, {rounds} with 10 draws and 10 searches again");
    // Twenty searches one after the other would take some hundred.
    assert!((alone + 1..alone + 30).contains(&rounds), "{alone} {rounds}");
    // While the answer is run, which was the last round alone, twenty searches look at three replications first, and at eight of the staffing of
    // the answer in each of ten draws.
    assert_eq!(units(home.path(), 7)[alone as usize - 1], 40 + 20 * 3 + 10 * 8);
}

#[test]
fn what_plan_offers_is_what_it_takes() {
    let home = home();
    for verb in [
        "run",
        "explain",
        "compare",
        "required",
        "allocate",
        "calibrate",
        "pooling",
        "sensitivity",
        "trajectory",
    ] {
        let output = homefirst(home.path(), &["plan", verb, "--help"]);
        ended(&output, 0);
        let help = super::text(&output.stdout);
        assert!(help.contains("--pieces <N>"), "{help}");
        assert!(!help.contains("--shard") && !help.contains("--resume"), "{help}");
        let output = homefirst(home.path(), &[verb, "--help"]);
        let help = super::text(&output.stdout);
        assert!(
            help.contains("--shard <PIECE/PIECES>") && help.contains("--resume <DIR>"),
            "{help}"
        );
        assert!(!help.contains("--pieces <N>"), "{help}");
    }
}
