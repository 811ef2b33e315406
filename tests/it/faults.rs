//! A machine that does not do its part: a full disk, a folder that nothing can be written into or that goes away, another time zone. An
//! error that says which, earlier results as they were, and nothing half-written.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::command::{listing, run_json};
use crate::sensitivity::{LINE, homefirst, text};

const RUN: &[&str] = &["run", "line.toml", "--replications", "3", "--out", "results/line"];

/// A folder with a scenario and results of it.
fn home() -> TempDir {
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("line.toml"), LINE).unwrap();
    let ran = homefirst(home.path(), RUN);
    assert_eq!(ran.status.code(), Some(0), "{ran:?}");
    home
}

/// Every file with what it holds.
fn content(home: &Path) -> Vec<(String, Vec<u8>)> {
    let names = listing(home).into_iter();
    names
        .map(|name| (name.clone(), fs::read(home.join(name)).unwrap()))
        .collect()
}

/// That a command failed for a reason outside of the file, and said which.
#[track_caller]
fn failed(output: &Output, what: &str) {
    let told = text(&output.stderr).split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(
        told.contains("error: cannot ") && told.contains(what) && !told.contains("panicked"),
        "{what}: {told}"
    );
}

/// So few kilobytes that the report does not fit: as a full disk, halfway through the folder.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_leaves_earlier_results() {
    let home = home();
    let before = content(home.path());
    for verb in ["run", "explain", "compare", "sensitivity"] {
        let more: &[&str] = match verb {
            "compare" => &["--option", "fewer: pathway.urgent.referrals=80 /day"],
            "sensitivity" => &["--points", "20"],
            _ => &[],
        };
        let words = [&[verb], &RUN[1..], more].concat();
        let script = "trap '' XFSZ; ulimit -f 20; exec \"$0\" \"$@\"";
        let mut command = Command::new("bash");
        command.current_dir(home.path()).env("COLUMNS", "80");
        command
            .args(["-c", script, env!("CARGO_BIN_EXE_homefirst")])
            .args(&words);
        let full = command.output().unwrap();
        failed(&full, "File too large");
        assert!(content(home.path()) == before, "{verb}");
    }
}

/// As nobody but root may write where nobody may, root is tried where nothing can be.
#[test]
fn a_folder_that_nothing_can_be_written_into_is_named() {
    let home = home();
    let results = home.path().join("results");
    let before = content(home.path());
    fs::set_permissions(&results, fs::Permissions::from_mode(0o555)).unwrap();
    let is_root = fs::write(results.join("probe"), "").is_ok();
    if is_root {
        fs::remove_file(results.join("probe")).unwrap();
    } else {
        failed(&homefirst(home.path(), RUN), "Permission denied");
    }
    fs::set_permissions(&results, fs::Permissions::from_mode(0o755)).unwrap();
    if cfg!(target_os = "linux") {
        let words = [&RUN[..5], &["/proc/line"]].concat();
        failed(&homefirst(home.path(), &words), "/proc");
    }
    assert!(content(home.path()) == before);
}

/// The folder of finished work is taken away while work is going on, and the folder of a plan while a piece of it is made.
#[test]
fn a_folder_that_goes_away_is_named_and_the_work_can_be_asked_again() {
    let home = home();
    let home = home.path();
    // The plan lies in a folder of its own, which goes.
    let others = || -> Vec<_> {
        let all = content(home).into_iter();
        all.filter(|(name, _)| !name.starts_with("p/")).collect()
    };
    let before = others();
    let long = ["run", "line.toml", "--replications", "2000", "--threads", "1"];
    let resumed = [&long[..], &["--resume", "kept", "--out", "long"]].concat();
    let plan = [&["plan"], &long[..4], &["--pieces", "1", "--out", "p"]].concat();
    assert_eq!(homefirst(home, &plan).status.code(), Some(0));
    for (folder, words) in [("kept", resumed), ("p", vec!["piece", "p", "1", "--threads", "1"])] {
        let child = Command::new(env!("CARGO_BIN_EXE_homefirst"))
            .current_dir(home)
            .args(&words)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let began = Instant::now();
        // Of a piece nothing is seen while it is made.
        let at_work = || match folder {
            "kept" => home.join(folder).exists() && !listing(&home.join(folder)).is_empty(),
            _ => began.elapsed() > Duration::from_millis(300),
        };
        while !at_work() {
            assert!(began.elapsed() < Duration::from_secs(60));
            std::thread::sleep(Duration::from_millis(5));
        }
        while fs::remove_dir_all(home.join(folder)).is_err() {}
        failed(&child.wait_with_output().unwrap(), folder);
        assert!(others() == before, "{folder}");
    }
    let again = homefirst(home, &[RUN, &["--resume", "kept"]].concat());
    assert_eq!(again.status.code(), Some(0), "{again:?}");
}

/// Neither the clock of the machine nor its zone is in any result, be it the night in which clocks are changed.
#[test]
fn the_zone_of_the_machine_changes_nothing() {
    let home = home();
    for zone in ["Pacific/Kiritimati", "America/St_Johns", "Europe/London"] {
        let ran = Command::new(env!("CARGO_BIN_EXE_homefirst"))
            .current_dir(home.path())
            .args(&RUN[..4])
            .args(["--out", "zone"])
            .env("TZ", zone)
            .output()
            .unwrap();
        assert_eq!(ran.status.code(), Some(0), "{ran:?}");
        let (one, other) = (home.path().join("results/line"), home.path().join("zone"));
        assert_eq!(run_json(&one), run_json(&other), "{zone}");
        let without = |folder: &Path| {
            let mut all = content(folder);
            all.retain(|(name, _)| name != "run.json");
            all
        };
        assert!(without(&one) == without(&other), "{zone}");
    }
}
