//! Every limit that the reader states: a file at it is read, one past it is refused in words. And loads that are unusual without
//! being wrong: nobody comes, nobody works, far too many come.

use std::fs;
use std::path::Path;

use homefirst::diagnostic::{Diagnostic, Diagnostics};
use homefirst::engine::World;
use homefirst::scenario::{Plausible, read, read_text};

/// One hub, one role, one pathway.
const SMALL: &str = r#"format = 1
[experiment]
start = 2021-01-04
warm-up = "1 day"
run-length = "1 day"
replications = 2
[[hub]]
name = "Hub"
referrals = { urgent = "24 /day" }
staff = { worker = { on-shift = 3 } }
[role.worker]
[pathway.urgent]
standard = { within = "2 h" }
outcome = { home = 1.0 }
[[pathway.urgent.response]]
name = "visit"
share = 1.0
staff = [{ role = "worker", length = "1 h" }]
"#;

/// The same with something else in the place of a line, or more after all.
fn with(line: &str, other: &str) -> String {
    if line.is_empty() {
        return format!("{SMALL}{other}\n");
    }
    assert!(SMALL.contains(line), "{line}");
    SMALL.replacen(line, other, 1)
}

fn times(n: usize, one: impl Fn(usize) -> String) -> String {
    (0..n).map(one).collect()
}

/// A file with `n` of something.
type File = fn(usize) -> String;

/// What, the most of it, the code and the words by which one more is refused (`#` stands for the number), and a file with so many.
const LIMITS: [(&str, usize, [&str; 2], File); 25] = [
    ("hubs", 1000, ["HF014", "# hubs are too many"], |n| {
        with(
            "[[hub]]",
            &(times(n - 1, |k| format!("[[hub]]\nname = \"H{k}\"\nreferrals = {{}}\n")) + "[[hub]]"),
        )
    }),
    ("roles", 100, ["HF014", "# roles are too many"], |n| {
        with("", &times(n - 1, |k| format!("[role.r{k}]\n")))
    }),
    ("pathways", 100, ["HF014", "# pathways are too many"], |n| {
        with(
            "",
            &times(n - 1, |k| {
                let visit = format!("[[pathway.p{k}.response]]\nname = \"visit\"\nshare = 1.0\n");
                format!(
                    "[pathway.p{k}]\noutcome = {{ home = 1.0 }}\n{visit}staff = [{{ role = \"worker\", length = \"1 h\" }}]\n"
                )
            }),
        )
    }),
    ("responses", 100, ["HF014", "# responses are too many"], |n| {
        let one = |k| {
            format!(
                "[[pathway.urgent.response]]\nname = \"v{k}\"\nshare = 0\nstaff = [{{ role = \"worker\", length = \"1 h\" }}]\n"
            )
        };
        with("", &times(n - 1, one))
    }),
    (
        "replications",
        100_000,
        ["HF011", "`replications` is out of range"],
        |n| with("replications = 2", &format!("replications = {n}")),
    ),
    (
        "run length in days",
        7305,
        ["HF011", "`run-length` is out of range"],
        |n| with("run-length = \"1 day\"", &format!("run-length = \"{n} days\"")),
    ),
    ("warm-up in days", 7305, ["HF011", "`warm-up` is out of range"], |n| {
        with("warm-up = \"1 day\"", &format!("warm-up = \"{n} days\""))
    }),
    ("staff on shift", 10_000, ["HF011", "`on-shift` is out of range"], |n| {
        with("on-shift = 3", &format!("on-shift = {n}"))
    }),
    (
        "residents",
        100_000_000,
        ["HF011", "`residents` is out of range"],
        |n| with("name = \"Hub\"", &format!("name = \"Hub\"\nresidents = {n}")),
    ),
    (
        "times the demand",
        100,
        ["HF011", "`demand-times` is out of range"],
        |n| with("name = \"Hub\"", &format!("name = \"Hub\"\ndemand-times = {n}")),
    ),
    ("changes", 200, ["HF014", "# changes are too many"], |n| {
        let one = |_| "[[change]]\npath = \"hub.Hub.referrals.urgent\"\ntimes = 1\n".to_owned();
        with("", &times(n, one))
    }),
    (
        "letters of a name",
        80,
        ["HF019", "the name has more than 80 characters"],
        |n| with("name = \"visit\"", &format!("name = \"{}\"", "v".repeat(n))),
    ),
    ("posts", 10_000, ["HF011", "`posts` is out of range"], |n| {
        with(
            "[role.worker]",
            &format!(
                "[[recruit]]\nrole = \"extra\"\nposts = {n}\nadvertised = 2021-01-05\ntime-to-start = \"8 weeks\"\n[role.extra]\n\
                 shifts = [{{ name = \"day\", from = \"08:00\", to = \"20:00\" }}]\n[role.worker]"
            ),
        )
    }),
    (
        "observed figures' referrals",
        1_000_000_000,
        ["HF011", "`referrals` is out of range"],
        |n| {
            with(
                "",
                &format!(
                    "[[observed]]\nmeasure = \"service_level\"\npathway = \"urgent\"\nvalue = 0.9\nreferrals = {n}\nsource = \"x\"\n"
                ),
            )
        },
    ),
    (
        "bytes of a file",
        2_000_000,
        ["HF002", "the text is larger than 2 MB"],
        |n| {
            let text = SMALL.to_owned() + "#";
            let fill = n - text.len();
            text + &"x".repeat(fill)
        },
    ),
    (
        "people waiting at the start",
        10_000,
        ["HF011", "`waiting` is out of range"],
        |n| {
            with(
                "",
                &format!("[[caseload]]\nhub = \"Hub\"\npathway = \"urgent\"\nwaiting = {n}\n"),
            )
        },
    ),
    (
        "neighbours",
        1000,
        ["HF014", "# entries of `neighbour` are too many"],
        |n| {
            let hubs = times(50, |k| format!("[[hub]]\nname = \"H{k}\"\nreferrals = {}\n", "{}"));
            let pairs = (0..50).flat_map(|a| (0..a).map(move |b| (a, b)));
            let one = |(a, b)| {
                format!("[[neighbour]]\nhubs = [\"H{a}\", \"H{b}\"]\nafter = \"30 min\"\nextra-travel = \"5 min\"\n")
            };
            with("[[hub]]", &(hubs + "[[hub]]")) + &pairs.take(n).map(one).collect::<String>()
        },
    ),
    ("recruitments", 1000, ["HF014", "# recruitments are too many"], |n| {
        let one = |k| {
            format!(
                "[[recruit]]\nname = \"r{k}\"\nrole = \"extra\"\nposts = 1\nadvertised = 2021-01-05\ntime-to-start = \"8 weeks\"\n"
            )
        };
        with("[role.worker]", &format!("[role.extra]\n{SHIFTS}[role.worker]")) + &times(n, one)
    }),
    (
        "entries for people served elsewhere",
        1000,
        ["HF014", "# entries of `served-elsewhere` are too many"],
        |n| {
            let one = |k| {
                format!(
                    "[[served-elsewhere]]\nname = \"e{k}\"\nhome = \"Hub\"\nserved-by = \"Other\"\nshare = 0.0005\n"
                )
            };
            let other = "[[hub]]\nname = \"Other\"\nreferrals = {}\nstaff = { worker = { on-shift = 1 } }\n";
            with("", other) + &times(n, one)
        },
    ),
    (
        "numbers of staff that are free",
        1000,
        ["HF014", "# free staff numbers are too many"],
        |n| {
            let staff = times(95, |k| format!("r{k} = 1, "));
            let hubs = times(11, |k| {
                format!("[[hub]]\nname = \"H{k}\"\nreferrals = {{}}\nstaff = {{ {staff} }}\n")
            });
            let free = |k| {
                format!(
                    "[[required.free]]\npath = \"hub.H{}.staff.r{}\"\nfrom = 1\nto = 2\n",
                    k / 95,
                    k % 95
                )
            };
            with("[[hub]]", &(hubs + "[[hub]]"))
                + &times(95, |k| format!("[role.r{k}]\n{SHIFTS}"))
                + "[required]\nstandards = { urgent = 0.9 }\n"
                + &times(n, free)
        },
    ),
    (
        "numbers that one of them may have",
        1000,
        ["HF014", "# numbers are too many"],
        |n| {
            with("[role.worker]", &format!("[role.worker]\n{SHIFTS}")).replace("{ on-shift = 3 }", "3")
                + "[required]\nstandards = { urgent = 0.9 }\n[[required.free]]\npath = \"hub.Hub.staff.worker\"\nfrom = 1\n"
                + &format!("to = {n}\n")
        },
    ),
    (
        "visits a day",
        48,
        ["HF011", "must be above 0, at most 48 visits a day"],
        |n| {
            let care = "[pathway.care]\npackage = \"care\"\n[package.care]\nlength = \"2 days\"\n[[package.care.visits]]\nname = \"care\"\n";
            with("24 /day\"", "24 /day\", care = \"1 /day\"")
                + care
                + &format!("role = \"worker\"\nlength = \"10 min\"\nbetween = \"08:00-20:00\"\nper-day = {n}\n")
        },
    ),
    ("observed figures", 2000, ["HF014", "# entries are too many"], |n| {
        let one = |_| {
            "[[observed]]\nmeasure = \"service_level\"\npathway = \"urgent\"\nvalue = 0.9\nsource = \"x\"\n".to_owned()
        };
        with("", &times(n, one))
    }),
    ("unknown inputs", 2000, ["HF014", "# entries are too many"], |n| {
        let one = |_| "[[unknown]]\npath = \"hub.Hub.referrals.urgent\"\nfrom = 1\nto = 2\n".to_owned();
        with("", &times(n, one))
    }),
    (
        "files that are based on each other",
        8,
        ["HF014", "more than 8 files are based on each other"],
        |_| SMALL.into(),
    ),
];

/// The shifts of a role whose staff are in WTE.
const SHIFTS: &str = "shifts = [{ name = \"day\", from = \"08:00\", to = \"20:00\" }]\n";

/// What is wrong with a file with `n` of something; nothing, if it is read.
fn problems(n: usize, file: File, what: &str) -> Vec<Diagnostic> {
    let read = if what == "files that are based on each other" {
        let home = tempfile::tempdir().unwrap();
        for k in 1..=n {
            let based = format!("format = 1\nbase = \"{}.toml\"\n", k + 1);
            fs::write(
                home.path().join(format!("{k}.toml")),
                if k == n { file(n) } else { based },
            )
            .unwrap();
        }
        read(&home.path().join("1.toml"))
    } else {
        read_text(Path::new("file.toml"), file(n))
    };
    read.map_or_else(Diagnostics::sorted, |_| Vec::new())
}

#[test]
fn a_file_at_a_limit_is_read_and_one_past_it_is_refused_for_that() {
    let mut wrong = Vec::new();
    for (what, most, [code, words], file) in LIMITS {
        let said = |problems: &[Diagnostic]| -> Vec<String> {
            let all = problems.iter().map(|d| {
                let labels = d.labels.iter().map(|label| label.text.as_str());
                format!("{} {}; {}", d.code, d.message, labels.collect::<Vec<_>>().join("; "))
            });
            all.collect()
        };
        let at = said(&problems(most, file, what));
        if !at.is_empty() {
            wrong.push(format!("{most} {what}: {:?}", &at[..at.len().min(2)]));
        }
        let past = said(&problems(most + 1, file, what));
        let words = words.replace('#', &(most + 1).to_string());
        if !past.iter().any(|one| one.starts_with(code) && one.contains(&words)) {
            wrong.push(format!("{} {what}: {:?}", most + 1, &past[..past.len().min(2)]));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Of keys that nobody knows, so many are told, however many there are.
#[test]
fn so_many_unknown_keys_are_told() {
    for (n, told) in [(50, 50), (51, 50), (5000, 50)] {
        let text = with("", "") + &times(n, |k| format!("k{k} = 1\n"));
        let problems = read_text(Path::new("keys.toml"), text).unwrap_err().sorted();
        assert_eq!(problems.iter().filter(|d| d.code == "HF007").count(), told, "{n}");
    }
}

#[test]
fn so_many_weighted_points_are_read() {
    let text = |n: usize| "hub.Hub.demand-times,weight\n".to_owned() + &"1,1\n".repeat(n);
    assert_eq!(
        Plausible::from_text("points.csv", &text(10_000)).unwrap().points.len(),
        10_000
    );
    let refused = Plausible::from_text("points.csv", &text(10_001))
        .unwrap_err()
        .to_string();
    assert!(refused.contains("more than 10000 points"), "{refused}");
}

/// The largest service that can be typed runs: a thousand hubs, each its own island.
#[test]
fn a_thousand_hubs_run() {
    let text = with(
        "[[hub]]",
        &(times(999, |k| {
            format!(
                "[[hub]]\nname = \"H{k}\"\nreferrals = {{ urgent = \"24 /day\" }}\nstaff = {{ worker = {{ on-shift = 2 }} }}\n"
            )
        }) + "[[hub]]"),
    );
    let scenario = read_text(Path::new("many.toml"), text).unwrap().scenario;
    let world = World::new(&scenario);
    let plan = homefirst::replicate::Plan {
        replications: 2,
        first: 0,
        threads: None,
    };
    let stop = std::sync::atomic::AtomicBool::new(false);
    let runs = homefirst::replicate::replicate(&world, scenario.hubs.len(), plan, &stop, &|| {}).unwrap();
    let all = runs.rows[0].last().unwrap().pathways[0].referrals;
    // 24,000 on average, by chance ± 620 at four standard deviations: a false alarm in 16,000 seeds.
    assert!((23_380..=24_620).contains(&all), "{all}");
}

/// The clock goes back and forward in the measured day: the model's days have 24 hours, three people work in each of them.
#[test]
fn the_clock_is_changed_meanwhile() {
    for start in ["2020-10-25", "2021-03-28"] {
        let text = with("2021-01-04", start);
        let scenario = read_text(Path::new("changed.toml"), text).unwrap().scenario;
        let hubs = homefirst::engine::run(&World::new(&scenario), 0, 0).hubs;
        let available = &hubs[0].roles[0].available_by_hour;
        let mut expected = [0; 168];
        expected[144..].fill(3 * 3_600_000); // A Sunday's hours.
        assert_eq!(*available, expected, "{start}");
        assert!(hubs[0].pathways[0].referrals > 0);
    }
}

#[cfg(feature = "cli")]
mod command {
    use std::fs;
    use std::process::Command;

    use super::{SMALL, with};

    /// Exit code, and what is said on both ways, lines joined.
    fn asked(text: &str, words: &[&str]) -> (i32, String) {
        let home = tempfile::tempdir().unwrap();
        fs::write(home.path().join("small.toml"), text).unwrap();
        fs::write(
            home.path().join("long.csv"),
            "path,weight\n".to_owned() + &"1,1\n".repeat(100_000),
        )
        .unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_homefirst"))
            .args(words)
            .current_dir(home.path())
            .output()
            .unwrap();
        let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        assert!(
            !said.contains("NaN") && !said.contains("inf %") && !said.contains("panicked"),
            "{said}"
        );
        for file in ["report.html", "run.json", "summary.csv"] {
            if let Ok(text) = fs::read_to_string(home.path().join("results/small").join(file)) {
                assert!(!text.contains("NaN"), "{file}");
            }
        }
        (
            output.status.code().unwrap(),
            said.split_whitespace().collect::<Vec<_>>().join(" "),
        )
    }

    const RUN: [&str; 2] = ["run", "small.toml"];

    /// One in a century is answered, and nobody at all is refused: there is nothing to simulate.
    #[test]
    fn nobody_comes() {
        let (code, said) = asked(&with("24 /day", "0.00003 /day"), &RUN);
        assert_eq!(code, 0, "{said}");
        assert!(
            said.contains("no referral was counted, so there is no service level"),
            "{said}"
        );
        let (code, said) = asked(&with("24 /day", "0 /day"), &RUN);
        assert_eq!(code, 3, "{said}");
        assert!(said.contains("no hub receives any referral"), "{said}");
    }

    #[test]
    fn nobody_works() {
        let (code, said) = asked(&with("on-shift = 3", "on-shift = 0"), &RUN);
        assert_eq!(code, 3, "{said}");
        assert!(said.contains("needs `worker`, who is on shift at no hub"), "{said}");
    }

    /// Ten times as many as can be seen, for a year: the queue grows to the end, and that is said.
    #[test]
    fn far_too_many_come() {
        let text = with("24 /day", "700 /day").replace("run-length = \"1 day\"", "run-length = \"52 weeks\"");
        let (code, said) = asked(&text, &RUN);
        assert_eq!(code, 0, "{said}");
        assert!(
            said.contains("Overload: at Hub the queue of urgent referrals grows without end"),
            "{said}"
        );
    }

    /// More than a replication can number stand in the queue: whoever comes then is turned away and counted, in a bounded memory.
    #[cfg(target_os = "linux")]
    #[test]
    fn a_queue_without_end_takes_no_memory_without_end() {
        let home = tempfile::tempdir().unwrap();
        let text = with("24 /day", "400000 /day");
        fs::write(home.path().join("small.toml"), text).unwrap();
        let script = "ulimit -v 500000; exec \"$0\" \"$@\"";
        let output = Command::new("bash")
            .args([
                "-c",
                script,
                env!("CARGO_BIN_EXE_homefirst"),
                "run",
                "small.toml",
                "--threads",
                "1",
            ])
            .current_dir(home.path())
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(
            said.contains("referrals were turned away, and count as misses"),
            "{said}"
        );
    }

    #[test]
    fn ten_thousand_replications() {
        let (code, said) = asked(SMALL, &["run", "small.toml", "--replications", "10000"]);
        assert_eq!(code, 0, "{said}");
        assert!(said.contains("10,000 replications"), "{said}");
    }

    #[test]
    fn a_file_of_a_hundred_thousand_lines() {
        let (code, said) = asked(SMALL, &["run", "small.toml", "--uncertain", "long.csv"]);
        assert_eq!(code, 3, "{said}");
        assert!(said.contains("long.csv") && said.contains("10000 points"), "{said}");
        let (code, said) = asked(
            &with("[pathway.urgent]", "[pathway.urgent]\nprofile = \"long.csv\""),
            &RUN,
        );
        assert_eq!(code, 3, "{said}");
        assert!(
            said.contains("long.csv") && said.contains("this row has 2 cells, not 8"),
            "{said}"
        );
    }

    #[test]
    fn so_many_published_months_are_read() {
        for (n, expected, words) in [
            (600, 0, ""),
            (601, 3, "there are more than 600 months; give the latest"),
        ] {
            let month = |k: usize| format!("{}-{:02},0.{}\n", 1970 + k / 12, k % 12 + 1, 70 + k % 7);
            let months = "month,service_level\n".to_owned() + &super::times(n, month);
            let home = tempfile::tempdir().unwrap();
            fs::write(home.path().join("small.toml"), SMALL).unwrap();
            fs::write(home.path().join("months.csv"), months).unwrap();
            let output = Command::new(env!("CARGO_BIN_EXE_homefirst"))
                .args([RUN[0], RUN[1], "--published", "months.csv"])
                .current_dir(home.path())
                .output()
                .unwrap();
            let said = String::from_utf8(output.stderr).unwrap();
            let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(
                output.status.code() == Some(expected) && said.contains(words),
                "{n}: {said}"
            );
        }
    }
}
