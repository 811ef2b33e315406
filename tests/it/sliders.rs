//! Staff to be slid: every figure is that of a run with that staff, and the work is said before it is done.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::command::{ended, home, homefirst, listing};

/// Mean, ends of the interval and replications, as text, by hub and pathway.
type Levels = BTreeMap<(String, String), [String; 4]>;

fn records(path: &Path) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    reader.deserialize().map(Result::unwrap).collect()
}

fn estimate(row: &BTreeMap<String, String>) -> [String; 4] {
    ["mean", "low", "high", "replications"].map(|column| row[column].clone())
}

/// The service levels of a run by hub.
fn levels(folder: &Path) -> Levels {
    let rows = records(&folder.join("summary.csv")).into_iter();
    let own = rows.filter(|row| row["measure"] == "service_level" && row["hub"] != "all");
    own.map(|row| ((row["hub"].clone(), row["pathway"].clone()), estimate(&row)))
        .collect()
}

/// The same of a hub in `sliders.csv` with so many staff.
fn slid(folder: &Path, hub: &str, staff: [&str; 2]) -> Levels {
    let rows = records(&folder.join("sliders.csv")).into_iter();
    let here = rows.filter(|row| row["hub"] == hub && [&row["staff"], &row["staff_2"]] == staff);
    here.map(|row| ((row["hub"].clone(), row["pathway"].clone()), estimate(&row)))
        .collect()
}

const SLIDERS: [&str; 8] = [
    "run",
    "tiny.toml",
    "--replications",
    "4",
    "--sliders",
    "carer,nurse",
    "--slide",
    "-1..1",
];

#[test]
fn every_figure_is_that_of_a_run_with_that_staff() {
    let home = home();
    let folder = home.path();
    let all = [&SLIDERS[..], &["--yes", "--out", "slid"]].concat();
    let output = homefirst(folder, &all);
    ended(&output, 0);
    let said = String::from_utf8(output.stdout).unwrap().replace("\n  ", " ");
    assert!(
        said.contains("sliders for carer and nurse: 18 numbers of staff at 2 teams"),
        "{said}"
    );
    let out = folder.join("slid");
    let rows = records(&out.join("sliders.csv"));
    assert_eq!(rows.len(), 2 * 9 * 2);
    assert!(
        rows.iter()
            .all(|row| row["counted"] == "wte" && row["counted_2"] == "on_shift")
    );
    // As it is: the figures of the run itself.
    let now = levels(&out);
    for (hub, staff) in [("North", ["9", "2"]), ("South", ["8", "1"])] {
        let own: Levels = now
            .iter()
            .filter(|(key, _)| key.0 == hub)
            .map(|(k, v)| (k.clone(), v.clone()))
            .collect();
        assert_eq!(slid(&out, hub, staff), own);
    }
    // With other staff at both: each hub's figures are those of its own staff.
    let other = [
        "run",
        "tiny.toml",
        "--replications",
        "4",
        "--out",
        "other",
        "--set",
        "hub.North.staff.carer=10",
        "--set",
        "hub.North.staff.nurse.on-shift=1",
        "--set",
        "hub.South.staff.carer=7",
        "--set",
        "hub.South.staff.nurse.on-shift=2",
    ];
    ended(&homefirst(folder, &other), 0);
    let mut found = slid(&out, "North", ["10", "1"]);
    found.extend(slid(&out, "South", ["7", "2"]));
    assert_eq!(found, levels(&folder.join("other")));
    assert_ne!(found, now);
}

#[test]
fn a_pool_is_one_team_and_a_role_nobody_can_be_taken_from_slides_up_only() {
    let home = home();
    let pooled =
        fs::read_to_string(home.path().join("tiny.toml")).unwrap() + "[[pool]]\nhubs = [\"North\", \"South\"]\n";
    let pooled = pooled
        .replace("staff = { carer = 9,", "staff = { carer = 0.5,")
        .replace("staff = { carer = 8,", "staff = { carer = 1.5,");
    fs::write(home.path().join("pooled.toml"), pooled).unwrap();
    let words = [
        "run",
        "pooled.toml",
        "--replications",
        "2",
        "--sliders",
        "carer",
        "--slide",
        "-4..1",
        "--yes",
    ];
    ended(&homefirst(home.path(), &words), 0);
    let rows = records(&home.path().join("results/pooled/sliders.csv"));
    // Of 2 WTE one and a half are where most are: one can be taken away.
    let mut staff: Vec<&str> = rows.iter().map(|row| row["staff"].as_str()).collect();
    staff.dedup();
    assert_eq!(staff, ["1", "2", "3"]);
    assert!(
        rows.iter()
            .all(|row| row["role_2"].is_empty() && row["staff_2"].is_empty())
    );
    let hubs = rows.iter().filter(|row| row["hub"] == "South").count();
    assert_eq!((rows.len(), hubs), (12, 6));
}

#[test]
fn the_work_is_said_first_and_not_done_unasked() {
    let home = home();
    let output = homefirst(home.path(), &SLIDERS);
    ended(&output, 2);
    let said = String::from_utf8(output.stderr).unwrap();
    let plain = said.replace("\n  ", " ").replace('\n', " ");
    assert!(
        plain.contains("18 numbers of staff at 2 teams, 4 replications each"),
        "{said}"
    );
    assert!(
        plain.contains("72 replications of single hubs or pools, 9.0 times as much as the run"),
        "{said}"
    );
    assert!(plain.contains("say --yes"), "{said}");
    assert!(said.lines().all(|line| line.chars().count() <= 80), "{said}");
    let wrong: [&[&str]; 7] = [
        &["--sliders", "carrer", "--yes"],
        &["--sliders", "carer,carer", "--yes"],
        &["--sliders", "carer,nurse,other", "--yes"],
        &["--sliders", "carer", "--slide", "1..3", "--yes"],
        &["--sliders", "carer", "--slide", "3", "--yes"],
        &["--slide", "-1..3"],
        &["--yes"],
    ];
    for more in wrong {
        let output = homefirst(home.path(), &[&["run", "tiny.toml"], more].concat());
        ended(&output, 2);
    }
    // One hub's figures are not its own staff's alone.
    let lent = fs::read_to_string(home.path().join("tiny.toml")).unwrap()
        + "[[neighbour]]\nhubs = [\"North\", \"South\"]\nafter = \"30 min\"\nextra-travel = \"15 min\"\n";
    fs::write(home.path().join("lent.toml"), lent).unwrap();
    let output = homefirst(home.path(), &["run", "lent.toml", "--sliders", "carer", "--yes"]);
    ended(&output, 3);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("North, South lend each other staff"), "{said}");
    assert_eq!(listing(home.path()), ["lent.toml", "profiles/week.csv", "tiny.toml"]);
}

#[test]
fn the_report_has_every_figure_in_tables_and_one_script_that_fetches_nothing() {
    let home = home();
    let all = [&SLIDERS[..], &["--yes", "--threads", "1"]].concat();
    ended(&homefirst(home.path(), &all), 0);
    let folder = home.path().join("results/tiny");
    let report = fs::read_to_string(folder.join("report.html")).unwrap();
    let section = report
        .split("<section id=\"sliders\"")
        .nth(1)
        .unwrap()
        .split("</section>")
        .next()
        .unwrap();
    assert_eq!(report.matches("<script").count(), 1);
    assert_eq!(section.matches("<script>").count(), 1);
    assert_eq!(
        (
            section.matches("<table").count(),
            section.matches("<tr class=\"total\">").count()
        ),
        (2, 2)
    );
    assert_eq!(section.matches("<th scope=\"row\">").count(), 18);
    for fetched in ["src=", "url(", "fetch(", "import", "http"] {
        assert!(!section.contains(fetched), "{fetched}");
    }
    assert!(report.contains("homefirst run tiny.toml --replications 4 --sliders carer,nurse --slide -1..1</code>"));
    // Any number of threads gives the same bytes, and the report can be put together with others.
    let again = [&SLIDERS[..], &["--yes", "--threads", "2", "--out", "again"]].concat();
    ended(&homefirst(home.path(), &again), 0);
    for name in ["report.html", "sliders.csv", "results.xlsx"] {
        let same = fs::read(folder.join(name)).unwrap() == fs::read(home.path().join("again").join(name)).unwrap();
        assert!(same, "{name}");
    }
    ended(
        &homefirst(home.path(), &["report", "results/tiny", "--out", "all.html"]),
        0,
    );
    let joint = fs::read_to_string(home.path().join("all.html")).unwrap();
    let script = section
        .split("<script>")
        .nth(1)
        .unwrap()
        .split("</script>")
        .next()
        .unwrap();
    assert!(joint.contains(script), "the script is as it was");
}

/// What is handed over stays small enough to be sent by mail.
#[test]
fn the_report_of_the_baseline_with_three_options_is_below_three_megabytes() {
    let home = tempfile::tempdir().unwrap();
    let scenario = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/home-first-2020.toml");
    let scenario = scenario.to_str().unwrap();
    let quick = [
        "--replications",
        "2",
        "--set",
        "experiment.warm-up=1 week",
        "--set",
        "experiment.run-length=8 weeks",
    ];
    let options = [
        "--option",
        "more: staff.crisis-worker=46",
        "--option",
        "therapists: staff.therapist=40",
        "--option",
        "busier: pathway.crisis.referrals=24 /day",
    ];
    let compare = [&["compare", scenario], &quick[..], &options, &["--out", "compared"]].concat();
    ended(&homefirst(home.path(), &compare), 0);
    let slid = ["--sliders", "crisis-worker,therapist", "--yes", "--out", "run"];
    let run = [&["run", scenario], &quick[..], &slid].concat();
    ended(&homefirst(home.path(), &run), 0);
    ended(
        &homefirst(home.path(), &["report", "run", "compared", "--out", "all.html"]),
        0,
    );
    let size = |path: &str| fs::metadata(home.path().join(path)).unwrap().len();
    for report in ["compared/report.html", "run/report.html", "all.html"] {
        println!("{report}: {} bytes", size(report));
        assert!(size(report) < 3_000_000, "{report}: {} bytes", size(report));
    }
    let both = fs::read_to_string(home.path().join("all.html")).unwrap();
    assert!(both.contains("class=\"team\"") && both.contains("What do options change?"));
}
