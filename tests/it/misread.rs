//! What readers took for something else: each answer says at the place what it is, and what to do.

use std::fs;
use std::path::Path;

use homefirst::scenario::read_with;
use serde_json::Value;
use tempfile::TempDir;

use crate::sensitivity::{LINE, homefirst, text};

/// The straight line of `sensitivity`, with what was reported of it and what is on it.
fn home(more: &str) -> TempDir {
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("line.toml"), format!("{LINE}{more}")).unwrap();
    home
}

const REPORTED: &str = "[[observed]]\nmeasure = \"service_level\"\npathway = \"urgent\"\nvalue = 0.7\nreferrals = 600\n\
                        source = \"a report\"\n";

fn what_if(home: &TempDir, file: &str, change: &str) {
    fs::write(
        home.path().join(file),
        format!("base = \"line.toml\"\n[[change]]\n{change}\n"),
    )
    .unwrap();
}

/// Standard output and standard error, each line that was broken made one again.
fn said(home: &TempDir, words: &[&str], code: i32) -> (String, String) {
    let output = homefirst(home.path(), words);
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(code), "{words:?}: {err}{out}");
    let fits = |text: &str| text.lines().all(|line| line.chars().count() <= 80);
    // What the file says is shown as it stands there.
    assert!(fits(&out) && (fits(&err) || err.contains("[HF")), "{err}{out}");
    (out.replace("\n  ", " "), err.replace("\n  ", " "))
}

fn report(home: &TempDir, folder: &str) -> String {
    fs::read_to_string(home.path().join("results").join(folder).join("report.html")).unwrap()
}

/// 510 by hand: 500 and the 10 that are added; with 400 set there are 400, and not 410. Whoever added 10 is told, on the screen and in the report,
/// and so is how to have both.
#[test]
fn a_value_set_over_an_addition_says_that_it_undoes_it() {
    let home = home("");
    what_if(&home, "more.toml", "path = \"hub.*.staff.worker.on-shift\"\nadd = 10");
    let set = ["--set", "hub.*.staff.worker.on-shift=400", "--replications", "2"];
    let (out, err) = said(&home, &[&["run", "more.toml"], &set[..]].concat(), 0);
    for part in [
        "warning[HF108]",
        "`add = 10` is not made here",
        "the change that is undone",
        "set what both come to",
        "--set \"change.'hub.*.staff.worker.on-shift'.add=N\"",
    ] {
        assert!(err.contains(part), "{part}: {err}");
    }
    let undone = "Undone by what was set (hub.*.staff.worker.on-shift=400)";
    assert!(out.contains(undone), "{out}");
    let page = report(&home, "more");
    assert!(page.contains("class=\"alarm\"") && page.contains(undone));
    // In a comparison both sides have what is set, so that the option is no option any more.
    let (out, _) = said(&home, &[&["compare", "line.toml", "more.toml"], &set[..]].concat(), 0);
    assert!(out.contains(&format!("more: {undone}")), "{out}");
    assert!(report(&home, "line-compared").contains(undone));
    // What the warning says is so.
    let file = home.path().join("more.toml");
    let settings = ["change.'hub.*.staff.worker.on-shift'.add=20".to_owned()];
    let read = read_with(&file, &settings).unwrap();
    assert!(read.warnings.sorted().is_empty() && read.undone.is_empty());
    assert!(
        format!("{:?}", read.scenario.hubs[0].staff).contains("520"),
        "{:?}",
        read.scenario.hubs[0].staff
    );
    // Nothing is undone where nothing is set over it.
    let (out, err) = said(&home, &["run", "more.toml", "--replications", "2"], 0);
    assert!(!out.contains("Undone") && !err.contains("HF108"), "{out}{err}");
}

const DRAWN: [&str; 6] = ["--replications", "6", "--draws", "10", "--out", "r"];

fn uncertain(home: &TempDir, file: &str, more: &[&str], source: &[&str]) -> (String, String, Value) {
    let words = [&["run", file], &DRAWN[..], more, &["--uncertain"], source].concat();
    let (out, _) = said(home, &words, 0);
    let read = |name: &str| fs::read_to_string(home.path().join("r").join(name)).unwrap();
    (
        out,
        read("report.html"),
        serde_json::from_str(&read("run.json")).unwrap(),
    )
}

const BLIND: &str = "These draws do not look at what was reported";

/// Five ranges can be moved: three are named, the report and `run.json` have all. Draws of ranges do not know what was reported; the
/// points of a file do, and leave the others as they are.
#[test]
fn draws_name_their_inputs_and_what_they_leave_out() {
    let home = home(REPORTED);
    let (out, page, json) = uncertain(&home, "line.toml", &[], &[]);
    assert!(out.contains("10 draws of 5 inputs together ("), "{out}");
    assert!(out.contains("and 2 more)") && out.contains(BLIND), "{out}");
    assert!(page.contains(BLIND) && page.contains("Inputs with a range, and whether they are drawn"));
    let drawn = json["uncertain"]["drawn"].as_array().unwrap();
    assert_eq!(drawn.len(), 5);
    for path in drawn {
        assert!(
            page.contains(&format!(
                "<td><span class=\"path\">{}</span></td>",
                path.as_str().unwrap()
            )),
            "{path}"
        );
    }
    assert!(json["uncertain"].get("not_drawn").is_none());

    let points = "pathway.urgent.referrals,weight\n80 /day,1\n100 /day,1\n";
    fs::write(home.path().join("points.csv"), points).unwrap();
    let (out, page, json) = uncertain(&home, "line.toml", &[], &["points.csv"]);
    assert!(!out.contains(BLIND), "{out}");
    let left = "As in the file in every draw, since the points do not name them: 4 other inputs with a range";
    assert!(out.contains(left) && page.contains(left), "{out}");
    assert_eq!(json["uncertain"]["not_drawn"].as_array().unwrap().len(), 4);
    // Of a file of which nothing was reported there is nothing to look at.
    fs::write(home.path().join("line.toml"), LINE).unwrap();
    assert!(!uncertain(&home, "line.toml", &[], &[]).0.contains("what was reported"));
}

/// What is added goes with a draw; a value stands in its place; what is set has no range any more.
#[test]
fn draws_say_what_changes_of_the_file_do_to_them() {
    let home = home("[[unknown]]\npath = \"pathway.urgent.referrals\"\nfrom = \"70 /day\"\nto = \"110 /day\"\n");
    let path = "path = \"pathway.urgent.referrals\"";
    what_if(&home, "more.toml", &format!("{path}\ntimes = 1.1"));
    what_if(&home, "other.toml", &format!("{path}\nvalue = \"80 /day\""));
    let (out, ..) = uncertain(&home, "more.toml", &[], &[]);
    let along = "goes along with the draw (`add`, `times`, `[[recruit]]`): referrals of urgent.";
    assert!(out.contains(along) && !out.contains("gives a value"), "{out}");
    // Its range as `[[unknown]]` is drawn from, whatever became of an older one.
    assert!(!out.contains("Not drawn"), "{out}");
    let (out, page, _) = uncertain(&home, "other.toml", &[], &[]);
    let held = "a change of a file gives a value (`value`)";
    assert!(out.contains(held) && !out.contains(along), "{out}");
    assert!(page.contains("drawn; where a change gives a value, that stands"));
    let set = ["--set", "pathway.urgent.referrals=80 /day"];
    let (out, _, json) = uncertain(&home, "line.toml", &set, &[]);
    assert!(out.contains("Not drawn, since changed or set"), "{out}");
    assert_eq!(json["uncertain"]["not_drawn"][0], "pathway.urgent.referrals");
    let (out, ..) = uncertain(&home, "line.toml", &[], &[]);
    assert!(
        !out.contains("goes along") && !out.contains("gives a value") && !out.contains("Not drawn"),
        "{out}"
    );
    // So do the options of a comparison.
    let words = [
        "compare",
        "line.toml",
        "more.toml",
        "--replications",
        "6",
        "--draws",
        "10",
        "--uncertain",
    ];
    assert!(said(&home, &words, 0).0.contains(along));
}

/// Posts that are recruited come on top of the staff drawn; what was reported is of the base.
#[test]
fn posts_that_are_recruited_go_with_the_draw() {
    let home = home("");
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/plus-24-recruited.toml");
    let short = [
        "--set",
        "experiment.run-length=2 weeks",
        "--set",
        "experiment.warm-up=1 week",
    ];
    let (out, page, _) = uncertain(&home, file.to_str().unwrap(), &short, &[]);
    let along = "goes along with the draw (`add`, `times`, `[[recruit]]`): crisis worker staff (total WTE).";
    assert!(out.contains(along), "{out}");
    assert!(out.contains("what was reported of the base (`[[observed]]`)"), "{out}");
    assert!(page.contains("drawn; a change adds to it or multiplies it"));
}

#[test]
fn ranges_beside_reported_figures_say_that_they_do_not_know_them() {
    let home = home(REPORTED);
    let words = ["sensitivity", "line.toml", "--replications", "2", "--points", "30"];
    let (out, _) = said(&home, &words, 0);
    let blind = "Figures were reported of this service (`[[observed]]`), and the ranges do not know them";
    assert!(
        out.contains(blind) && out.contains("`homefirst calibrate` keeps"),
        "{out}"
    );
    assert!(!out.contains("This file is calibrated"), "{out}");
    assert!(report(&home, "line-sensitivity").contains("the ranges do not know them"));
    let calibrated = LINE.replace(
        "\"role.worker.notes\" = { kind = \"assumption\"",
        "\"role.worker.notes\" = { kind = \"calibrated\"",
    );
    fs::write(home.path().join("line.toml"), format!("{calibrated}{REPORTED}")).unwrap();
    assert!(
        said(&home, &words, 0)
            .0
            .contains("This file is calibrated: its levels were reported, and are no question.")
    );
    fs::write(home.path().join("line.toml"), LINE).unwrap();
    assert!(!said(&home, &words, 0).0.contains("reported"));
}

#[test]
fn few_replications_are_said_to_be_few() {
    let home = home("");
    let few = "From only 3 replications: ± is then wide, or narrow by luck.";
    for (words, folder) in [
        (&["run", "line.toml"][..], "line"),
        (&["trajectory", "line.toml"], "line"),
        (&["explain", "line.toml"], "line-explained"),
        (
            &[
                "compare",
                "line.toml",
                "--option",
                "a: pathway.urgent.referrals=80 /day",
            ],
            "line-compared",
        ),
    ] {
        let (out, _) = said(&home, &[words, &["--replications", "3"]].concat(), 0);
        assert!(out.contains(few), "{words:?}: {out}");
        assert!(report(&home, folder).contains("From only 3"), "{words:?}");
        let (out, _) = said(&home, &[words, &["--replications", "6"]].concat(), 0);
        assert!(!out.contains("From only"), "{words:?}: {out}");
    }
}

/// Every two files that are shipped, either way round: what one changes in the other can be told, whatever both add or multiply.
#[test]
fn any_two_shipped_files_can_be_compared() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let all: Vec<_> = files
        .filter(|path| path.extension().is_some_and(|ending| ending == "toml"))
        .map(|path| homefirst::scenario::read(&path).unwrap())
        .collect();
    assert!(all.len() > 15);
    for base in &all {
        for option in &all {
            let told = homefirst::scenario::differences(base, option);
            assert_eq!(
                told.is_empty(),
                base.scenario.name == option.scenario.name,
                "{} {}",
                base.scenario.name,
                option.scenario.name
            );
        }
    }
}

/// 90 a day in the file and 10 to 20 in its range: whatever is drawn is another service, and that is said wherever ranges are.
#[test]
fn a_value_outside_of_its_own_range_is_told() {
    let home = home("[[unknown]]\npath = \"pathway.urgent.referrals\"\nfrom = \"10 /day\"\nto = \"20 /day\"\n");
    let outside = "Outside of its own range in the file: referrals of urgent (90 /day, range 10 to 20 /day)";
    assert!(said(&home, &["check", "line.toml"], 0).1.contains(outside));
    let (out, page, _) = uncertain(&home, "line.toml", &[], &[]);
    assert!(out.contains(outside) && page.contains(outside), "{out}");
    let (out, _) = said(
        &home,
        &["sensitivity", "line.toml", "--replications", "2", "--points", "30"],
        0,
    );
    assert!(out.contains(outside), "{out}");
    // Nothing of a file whose values lie in their ranges.
    let home = self::home("");
    assert!(!said(&home, &["check", "line.toml"], 0).1.contains("Outside"));
}

/// By hand: of 90 referrals a day half are of A, three tenths of whom are 3 h away, and so on: the line's level, which is simulated with
/// as good as no chance. A report of 600 referrals that is 20 points off cannot be chance (seven standard deviations), and one of that
/// level itself is no farther than chance.
#[test]
fn a_simulation_that_is_not_what_was_reported_says_so() {
    let home = home(REPORTED);
    let few = ["--replications", "3"];
    let run = |home: &TempDir, file: &str| said(home, &[&["run", file], &few[..]].concat(), 0).0;
    let level = |home: &TempDir| {
        run(home, "line.toml");
        let json = fs::read_to_string(home.path().join("results/line/run.json")).unwrap();
        let json: Value = serde_json::from_str(&json).unwrap();
        let rows = json["headline"].as_array().unwrap();
        let all = rows.iter().find(|row| row["hub"] == "all").unwrap();
        all["service_level"]["mean"].as_f64().unwrap()
    };
    let simulated = level(&home);
    let reported = |value: f64| {
        let text = REPORTED.replace("value = 0.7", &format!("value = {value:.2}"));
        fs::write(home.path().join("line.toml"), format!("{LINE}{text}")).unwrap();
    };
    let apart = "unless the model leaves out as much, the file does not reproduce it";
    reported(simulated - 0.2);
    let out = run(&home, "line.toml");
    assert!(out.contains("was reported") && out.contains(apart), "{out}");
    assert!(out.contains("`homefirst calibrate` looks for inputs that do"), "{out}");
    assert!(report(&home, "line").contains(apart));
    what_if(&home, "more.toml", "path = \"hub.*.staff.worker.on-shift\"\nadd = 10");
    let (out, _) = said(&home, &[&["compare", "line.toml", "more.toml"], &few[..]].concat(), 0);
    assert!(out.contains("the base does not reproduce it"), "{out}");
    assert!(report(&home, "line-compared").contains("the base does not reproduce it"));
    // What a what-if changes need not be what was reported of its base.
    assert!(!run(&home, "more.toml").contains("reproduce"));
    reported(simulated);
    assert!(!run(&home, "line.toml").contains("reproduce"));
    let near = "is simulated: no farther apart than chance in report and simulation explains";
    assert!(report(&home, "line").contains(near));
}

#[test]
fn a_plus_sign_adds_nothing_and_says_so() {
    let home = home("");
    let (_, err) = said(
        &home,
        &["check", "line.toml", "--set", "hub.A.staff.worker.on-shift=+10"],
        3,
    );
    assert!(err.contains("`+10` does not add"), "{err}");
    assert!(err.contains("`[[change]]` that has `add = 10`"), "{err}");
    said(
        &home,
        &["check", "line.toml", "--set", "hub.A.staff.worker.on-shift=10"],
        0,
    );
}

/// Every verb that simulates a file says what a value that was set undoes in it.
#[test]
fn every_verb_says_what_is_undone() {
    let home = home("");
    what_if(&home, "more.toml", "path = \"hub.*.staff.worker.on-shift\"\nadd = 10");
    let set = ["--set", "hub.*.staff.worker.on-shift=400", "--replications", "2"];
    for verb in ["run", "explain", "warm-up"] {
        let (out, _) = said(&home, &[&[verb, "more.toml"], &set[..]].concat(), 0);
        assert!(
            out.contains("Undone by what was set (hub.*.staff.worker.on-shift=400)"),
            "{verb}: {out}"
        );
    }
}

/// Five minutes in the service, six in the what-if, seven in what is based on that: one change from five to seven, and both additions.
#[test]
fn a_what_if_on_a_what_if_tells_each_change_once() {
    let home = home("");
    let path = "path = \"hub.*.staff.worker.on-shift\"\nadd = 10";
    what_if(&home, "more.toml", &format!("{path}\n[role.worker]\nnotes = \"6 min\""));
    let on_it = format!("base = \"more.toml\"\n[[change]]\n{path}\n[role.worker]\nnotes = \"7 min\"\n");
    fs::write(home.path().join("still-more.toml"), on_it).unwrap();
    let (out, _) = said(&home, &["run", "still-more.toml", "--replications", "2"], 0);
    assert!(out.contains("What it changes, with more.toml, in line.toml:"), "{out}");
    assert_eq!(out.matches("role.worker.notes: 7 min, was 5 min").count(), 1, "{out}");
    assert!(!out.contains("6 min"), "{out}");
    assert_eq!(out.matches("is 10 more than before").count(), 2, "{out}");
    let page = report(&home, "still-more");
    assert!(page.contains("Everything else is as in line.toml. Changes of more.toml are among these."));
    let (out, _) = said(&home, &["run", "more.toml", "--replications", "2"], 0);
    assert!(out.contains("What it changes in line.toml:"), "{out}");
}
