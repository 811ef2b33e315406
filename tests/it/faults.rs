//! A machine that does not do its part: a full disk, a folder that nothing can be written into or that goes away, another time zone. An
//! error that says which, earlier results as they were, and nothing half-written.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::baseline::root;
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

/// A folder that may be read only, be it root who writes: mounted so, where that can be done without asking anybody.
#[test]
fn a_folder_that_nothing_can_be_written_into_is_named() {
    let home = home();
    let before = content(home.path());
    let results = home.path().join("results");
    fs::set_permissions(&results, fs::Permissions::from_mode(0o555)).unwrap();
    let is_root = fs::write(results.join("probe"), "").is_ok();
    if is_root {
        fs::remove_file(results.join("probe")).unwrap();
    } else {
        failed(
            &homefirst(home.path(), RUN),
            "cannot write results/line: Permission denied",
        );
    }
    fs::set_permissions(&results, fs::Permissions::from_mode(0o755)).unwrap();
    let mount = "mount --bind results results && mount -o remount,bind,ro results || exit 77; exec \"$0\" \"$@\"";
    let mut command = Command::new("unshare");
    command.current_dir(home.path()).env("COLUMNS", "80");
    command.args([
        "--map-root-user",
        "--mount",
        "bash",
        "-c",
        mount,
        env!("CARGO_BIN_EXE_homefirst"),
    ]);
    match command.args(RUN).output() {
        Ok(ran) if !(text(&ran.stderr).starts_with("unshare:") || ran.status.code() == Some(77)) => {
            failed(&ran, "cannot write results/line: Read-only file system");
        }
        _ => eprintln!("not tried: nothing can be mounted here"),
    }
    if cfg!(target_os = "linux") {
        let words = [&RUN[..5], &["/proc/line"]].concat();
        failed(&homefirst(home.path(), &words), "cannot write /proc/line: ");
    }
    assert!(content(home.path()) == before);
}

/// A command that ends within a time in which what is asked could not be simulated; `None` if it does not.
fn at_once(home: &Path, words: &[&str]) -> Option<Output> {
    let mut child = Command::new(env!("CARGO_BIN_EXE_homefirst"))
        .current_dir(home)
        .args(words)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let began = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if began.elapsed() > Duration::from_secs(60) {
            child.kill().unwrap();
            return None;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    Some(child.wait_with_output().unwrap())
}

/// Whether something can be written is looked at before the work that it is for, which would take days.
#[test]
fn nothing_is_simulated_that_cannot_be_written() {
    let home = home();
    let home = home.path();
    fs::create_dir(home.join("thesis")).unwrap();
    fs::write(home.join("thesis/chapter.txt"), "years of work").unwrap();
    let service = root().join("scenarios/home-first-2020.toml");
    let service = service.to_str().unwrap();
    let long = ["--replications", "20000"];
    let plan = [&["plan", "run", service][..], &long, &["--pieces", "2", "--out", "p"]].concat();
    assert_eq!(homefirst(home, &plan).status.code(), Some(0));
    let before = content(home);
    let asked: [(&[&str], &[&str]); 11] = [
        (&["run"], &[]),
        (&["run"], &["--uncertain"]),
        (&["explain"], &[]),
        (&["trajectory"], &[]),
        (&["compare"], &["--option", "fewer: pathway.crisis.referrals=1 /day"]),
        (&["required"], &[]),
        (&["allocate"], &["--extra", "crisis-worker=24"]),
        (&["calibrate"], &[]),
        (&["sensitivity"], &[]),
        (&["pooling"], &[]),
        (&["warm-up"], &[]),
    ];
    for (verb, more) in asked {
        let words = |out: &'static str| [verb, &[service], &long, &["--out", out], more].concat();
        for (out, code, why) in [
            ("line.toml/new", 1, "cannot write line.toml/new"),
            ("line.toml/deep/new", 1, "cannot write line.toml/deep/new"),
            (
                "thesis",
                2,
                "thesis is not a results folder of an earlier run; choose another folder",
            ),
            ("line.toml", 2, "line.toml is not a results folder"),
        ] {
            // A series can be put beside other files.
            if verb == ["warm-up"] && code == 2 {
                continue;
            }
            let told = at_once(home, &words(out)).map(|ended| (ended.status.code(), text(&ended.stderr)));
            let Some((ended, told)) = told else {
                panic!("{verb:?} simulates before it looks at {out}");
            };
            let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(
                ended == Some(code) && told.contains(why),
                "{verb:?} {out}: {ended:?} {told}"
            );
        }
    }
    for (words, code, why) in [
        (
            &["merge", "p", "--out", "line.toml/new"][..],
            1,
            "cannot write line.toml/new",
        ),
        (&["merge", "p", "--out", "thesis"], 2, "thesis is not a results folder"),
        (
            &["report", "results/line", "--out", "line.toml"],
            2,
            "line.toml is not a report",
        ),
        (
            &["report", "results/line", "--out", "line.toml/r.html"],
            1,
            "cannot write line.toml/r.html",
        ),
        (
            &["trace", service, "--out", "line.toml/log.csv"],
            1,
            "cannot write line.toml/log.csv",
        ),
        (
            &["trace", service, "--out", "line.toml"],
            2,
            "line.toml is there already",
        ),
    ] {
        let ended = at_once(home, words).unwrap();
        let told = text(&ended.stderr).split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(
            ended.status.code() == Some(code) && told.contains(why),
            "{words:?}: {told}"
        );
    }
    // What is kept would be in the way of the results.
    for (kept, out) in [
        ("new/kept", "new"),
        ("new", "new"),
        ("results/line/kept", "results/../results/line"),
    ] {
        let words = [&["run", service][..], &long, &["--resume", kept, "--out", out]].concat();
        let ended = at_once(home, &words).expect("nothing is simulated");
        let told = text(&ended.stderr).split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(
            ended.status.code() == Some(2) && told.contains("lies in the folder for results"),
            "{told}"
        );
    }
    // Plans, pieces and what is kept.
    let resume = [&["run", service][..], &long, &["--resume", "/proc/self", "--out", "x"]].concat();
    let shard = [&["run", service][..], &long, &["--shard", "1/2", "--out", "/proc/self"]].concat();
    let plan = [
        &["plan", "run", service][..],
        &long,
        &["--pieces", "2", "--out", "/proc/self"],
    ]
    .concat();
    for words in [resume, shard, plan] {
        if cfg!(target_os = "linux") {
            let ended = at_once(home, &words).expect("nothing is simulated");
            failed(&ended, "cannot write /proc/self/");
        }
    }
    assert!(content(home) == before);
}

/// Nothing takes the place of a folder on which something is mounted: that is said before the work as well.
#[test]
fn a_folder_that_is_mounted_is_refused_before_the_work() {
    let home = home();
    let before = content(home.path());
    let service = root().join("scenarios/home-first-2020.toml");
    let mount = "mount --bind results/line results/line || exit 77; exec timeout 60 \"$0\" \"$@\"";
    let mut command = Command::new("unshare");
    command.current_dir(home.path()).env("COLUMNS", "80");
    let own = ["--map-root-user", "--mount", "bash", "-c", mount];
    command
        .args(own)
        .arg(env!("CARGO_BIN_EXE_homefirst"))
        .arg("run")
        .arg(service);
    match command
        .args(["--replications", "20000", "--out", "results/line"])
        .output()
    {
        Ok(ran) if !(text(&ran.stderr).starts_with("unshare:") || ran.status.code() == Some(77)) => {
            let told = text(&ran.stderr).split_whitespace().collect::<Vec<_>>().join(" ");
            assert_eq!(ran.status.code(), Some(2), "{told}");
            assert!(
                told.contains("results/line cannot be replaced, since another disk or folder is mounted there"),
                "{told}"
            );
        }
        _ => eprintln!("not tried: nothing can be mounted here"),
    }
    assert!(content(home.path()) == before);
}

/// A report is asked for of results that a killed command has left aside, and a trace under their name.
#[test]
fn results_left_aside_are_put_back_for_a_report_and_left_by_a_trace() {
    let home = home();
    let results = home.path().join("results");
    let trace = ["trace", "line.toml", "--out", "results/line"];
    fs::rename(results.join("line"), results.join(".line.old-99-0")).unwrap();
    let told = |output: &Output| text(&output.stderr).split_whitespace().collect::<Vec<_>>().join(" ");
    let refused = homefirst(home.path(), &trace);
    assert_eq!(refused.status.code(), Some(2));
    assert!(
        told(&refused).contains("left as results/.line.old-99-0; move these back"),
        "{}",
        told(&refused)
    );
    assert!(results.join(".line.old-99-0/run.json").is_file());
    let report = homefirst(home.path(), &["report", "results/line", "--out", "report.html"]);
    assert_eq!(report.status.code(), Some(0), "{report:?}");
    assert!(
        told(&report).contains("left as results/.line.old-99-0"),
        "{}",
        told(&report)
    );
    assert!(results.join("line/run.json").is_file() && !results.join(".line.old-99-0").exists());
}

/// Killed between the two renames that put new results in the place of earlier ones: the next command puts these back and says so, and
/// clears away what the dead have left.
#[test]
fn results_that_had_stepped_aside_are_put_back() {
    let home = home();
    let results = home.path().join("results");
    fs::rename(results.join("line"), results.join(".line.old-99-0")).unwrap();
    // Even if it then comes to nothing.
    let stopped = homefirst(home.path(), &[RUN, &["--resume", "line.toml"]].concat());
    failed(&stopped, "line.toml");
    let told = text(&stopped.stderr).split_whitespace().collect::<Vec<_>>().join(" ");
    let put_back = "warning: the earlier results in results/line had been left as results/.line.old-99-0, by a command that was \
                    killed, or that is replacing them at this moment; they are put back.";
    assert!(told.contains(put_back), "{told}");
    assert!(results.join("line/run.json").is_file() && !results.join(".line.old-99-0").exists());
    fs::create_dir(results.join(".line.old-98-1")).unwrap();
    let again = homefirst(home.path(), RUN);
    assert_eq!((again.status.code(), text(&again.stderr)), (Some(0), String::new()));
    assert_eq!(fs::read_dir(&results).unwrap().count(), 1);
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
