//! What-if files: a base and a few lines; and values set on the command line.

use std::fs;
use std::path::Path;

use homefirst::model::{Scenario, Staffing};
use homefirst::scenario::{Loaded, read_drawn, read_with};

const BASE: &str = r#"# The service as it is.
format = 1
title = "As it is"
notes = "Two hubs."
[experiment]
start = 2020-06-01
run-length = "4 weeks"
replications = 20              # few
[[hub]]
name = "North"
share = 0.6
staff = { carer = 4, nurse = 2 }   # WTE
[[hub]]
name = "South, by the sea"
share = 0.4
staff = { carer = 3, nurse = 1 }
[role.carer]
shifts = [
  { name = "early", from = "07:00", to = "15:00" },
  { name = "late", from = "14:00", to = "22:00" },
]
[role.nurse]
shifts = [{ name = "day", from = "08:00", to = "16:00" }]
[pathway.crisis]
referrals = "18 /day"
hours = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0]
triage = { lognormal = { mean = "15 min", cv = 0.6 } }
standard = { within = "2 h", target = 0.9 }
outcome = { home = 0.7, care = 0.3 }
[[pathway.crisis.response]]
name = "joint"
share = 0.5
lead = "carer"
staff = [{ role = "carer", length = "70 min" }, { role = "nurse", length = "40 min" }]
[[pathway.crisis.response]]
name = "alone"
share = 0.5
staff = [{ role = "carer", length = "60 min" }]
[pathway.care]
standard = { within = "2 days" }
package = "weeks"
[package.weeks]
length = { lognormal = { median = "21 days", sigma = 0.75, max = "42 days" } }
[[package.weeks.visits]]
name = "care"
role = "carer"
per-day = 3
length = "35 min"
[assumptions]
"pathway.crisis.hours" = { kind = "source", source = "a report" }
"hub.*.staff.nurse" = { kind = "source", source = "a list" }
"#;

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

fn with(files: &[(&str, &str)], top: &str, settings: &[&str]) -> Result<Loaded, Vec<String>> {
    let folder = folder(files);
    let settings: Vec<String> = settings.iter().map(ToString::to_string).collect();
    read_with(&folder.path().join(top), &settings).map_err(|problems| {
        let place = |d: &homefirst::diagnostic::Diagnostic| {
            let (line, column) = d.line_column().unwrap();
            let file: &Path = &d.labels[0].source.path;
            let file = file.file_name().unwrap().to_string_lossy().into_owned();
            format!("{} {file}:{line}:{column}", d.code)
        };
        problems.sorted().iter().map(place).collect()
    })
}

fn what_if(text: &str) -> Result<Loaded, Vec<String>> {
    with(&[("base.toml", BASE), ("option.toml", text)], "option.toml", &[])
}

fn changed(text: &str) -> Scenario {
    what_if(text).unwrap().scenario
}

/// The base with pieces of its text replaced, under the name of the option.
fn edited(edits: &[(&str, &str)]) -> Scenario {
    let mut text = BASE.to_string();
    for (from, to) in edits {
        assert_eq!(text.matches(from).count(), 1, "{from}");
        text = text.replace(from, to);
    }
    with(&[("option.toml", &text)], "option.toml", &[]).unwrap().scenario
}

/// What it means for the service: without its title, and without the marks of what has been changed.
fn without_title(mut s: Scenario) -> Scenario {
    s.title.clear();
    s.assumptions.iter_mut().for_each(|a| a.changed = false);
    s.observed.iter_mut().for_each(|o| o.before_change = false);
    s
}

/// A length set over a distribution is always the same, which is said with the words that keep the spread.
#[test]
fn a_length_that_is_set_over_a_spread_says_so() {
    let set = |setting: &str| with(&[("base.toml", BASE)], "base.toml", &[setting]).unwrap();
    let told = |setting: &str| {
        let warnings = set(setting).warnings.sorted();
        warnings.into_iter().filter(|w| w.code == "HF109").collect::<Vec<_>>()
    };
    let warned = told("pathway.crisis.triage=20 min");
    assert_eq!(warned.len(), 1);
    let help = warned[0].help.join("\n");
    let kept = "pathway.crisis.triage.lognormal.mean=20 min";
    assert!(help.contains(kept), "{help}");
    let spread = edited(&[("mean = \"15 min\"", "mean = \"20 min\"")]);
    assert_eq!(set(kept).scenario.pathways, spread.pathways);
    for quiet in [
        kept,
        "pathway.crisis.triage={ fixed = \"20 min\" }",
        "package.weeks.visits.care.length=25 min",
    ] {
        assert!(told(quiet).is_empty(), "{quiet}");
    }
}

/// 35 minutes less 5 are 30; 18 a day less 3 are 15; and what comes to less than nothing is refused as out of range.
#[test]
fn what_is_added_may_be_less() {
    let change = |path: &str, add: &str| {
        what_if(&format!(
            "base = \"base.toml\"\n[[change]]\npath = \"{path}\"\nadd = {add}\n"
        ))
    };
    let less = change("package.weeks.visits.care.length", "\"-5 min\"")
        .unwrap()
        .scenario;
    let same = edited(&[("length = \"35 min\"", "length = \"30 min\"")]);
    assert_eq!(less.packages, same.packages);
    let fewer = change("pathway.crisis.referrals", "\"- 3 /day\"").unwrap().scenario;
    assert_eq!(fewer.hubs, edited(&[("18 /day", "15 /day")]).hubs);
    let below = change("package.weeks.visits.care.length", "\"-50 min\"").unwrap_err();
    assert!(below.len() == 1 && below[0].starts_with("HF011"), "{below:?}");
}

/// A pathway without a total has numbers at the hubs that have a share of all others.
#[test]
fn a_hub_with_a_share_may_have_referrals_of_its_own() {
    let own = what_if("base = \"base.toml\"\n[[hub]]\nname = \"North\"\nreferrals = { care = \"2 /day\" }\n").unwrap();
    let rates: Vec<f64> = own
        .scenario
        .hubs
        .iter()
        .flat_map(|h| h.referrals.iter().map(|r| r.get()))
        .collect();
    let close = rates
        .iter()
        .zip([10.8, 2.0, 7.2, 0.0])
        .all(|(a, b)| (a - b).abs() < 1e-9);
    assert!(close, "{rates:?}");
    let both =
        what_if("base = \"base.toml\"\n[[hub]]\nname = \"North\"\nreferrals = { crisis = \"2 /day\" }\n").unwrap_err();
    assert!(
        both.len() == 1 && both[0].starts_with("HF015 option.toml:4:"),
        "{both:?}"
    );
}

/// Where the file has the referrals hub by hub, a change of their total is shown the way there, and no key that it is not.
#[test]
fn a_total_that_a_file_has_by_hub_is_found_at_the_hubs() {
    let by_hub = BASE
        .replace("share = 0.6\nstaff", "referrals = { crisis = \"10 /day\" }\nstaff")
        .replace("share = 0.4\nstaff", "referrals = { crisis = \"8 /day\" }\nstaff")
        .replace("referrals = \"18 /day\"\n", "");
    let help = |settings: &[String], text: &str| {
        let folder = folder(&[("base.toml", &by_hub), ("option.toml", text)]);
        let refused = read_with(&folder.path().join("option.toml"), settings)
            .unwrap_err()
            .sorted();
        assert_eq!(refused.len(), 1, "{refused:?}");
        refused[0].help.join("\n")
    };
    let times = help(
        &[],
        "base = \"base.toml\"\n[[change]]\npath = \"pathway.crisis.referrals\"\ntimes = 1.1\n",
    );
    let set = help(&["pathway.crisis.referrals=6.6 /day".into()], "base = \"base.toml\"\n");
    for said in [times, set] {
        assert!(
            said.contains("`hub.*.referrals.crisis`") && !said.contains("did you mean"),
            "{said}"
        );
    }
}

#[test]
fn a_what_if_says_only_what_changes() {
    let cases: &[(&str, &[(&str, &str)])] = &[
        (
            "[[hub]]\nname = \"South, by the sea\"\nstaff = { carer = 5 }",
            &[("carer = 3", "carer = 5")],
        ),
        (
            "[experiment]\nseed = 9",
            &[("replications = 20 ", "seed = 9\nreplications = 20 ")],
        ),
        (
            "[role.carer]\nshifts = [{ name = \"late\", to = \"23:00\" }]",
            &[("to = \"22:00\"", "to = \"23:00\"")],
        ),
        (
            "[[pathway.crisis.response]]\nname = \"joint\"\nstaff = [{ role = \"nurse\", length = \"50 min\" }]",
            &[("length = \"40 min\"", "length = \"50 min\"")],
        ),
        (
            "[pathway.crisis]\noutcome = { home = 0.6, care = 0.4 }",
            &[("home = 0.7, care = 0.3", "home = 0.6, care = 0.4")],
        ),
        (
            "[pathway.crisis]\ntriage = \"5 min\"",
            &[("{ lognormal = { mean = \"15 min\", cv = 0.6 } }", "\"5 min\"")],
        ),
        (
            "[pathway.crisis.triage.gamma]\nmean = \"15 min\"\ncv = 1",
            &[(
                "{ lognormal = { mean = \"15 min\", cv = 0.6 } }",
                "{ gamma = { mean = \"15 min\", cv = 1 } }",
            )],
        ),
        (
            "[package.weeks.length.lognormal]\nmedian = \"14 days\"",
            &[("median = \"21 days\"", "median = \"14 days\"")],
        ),
        (
            "[[package.weeks.visits]]\nname = \"care\"\nper-week = 3",
            &[("per-day = 3", "per-week = 3")],
        ),
        (
            "[[package.weeks.visits]]\nname = \"nursing\"\nrole = \"nurse\"\nper-week = 2\nlength = \"30 min\"",
            &[(
                "[assumptions]",
                "[[package.weeks.visits]]\nname = \"nursing\"\nrole = \"nurse\"\nper-week = 2\nlength = \"30 min\"\n[assumptions]",
            )],
        ),
        (
            "[role.therapist]\nshifts = [{ name = \"day\", from = \"08:00\", to = \"16:00\" }]\n[[hub]]\nname = \"North\"\nstaff.therapist = 1\n[[pathway.crisis.response]]\nname = \"alone\"\nstaff = [{ role = \"carer\", or = [\"therapist\"] }]",
            &[
                (
                    "[pathway.crisis]\n",
                    "[role.therapist]\nshifts = [{ name = \"day\", from = \"08:00\", to = \"16:00\" }]\n[pathway.crisis]\n",
                ),
                ("carer = 4, nurse = 2", "carer = 4, nurse = 2, therapist = 1"),
                ("length = \"60 min\"", "length = \"60 min\", or = [\"therapist\"]"),
            ],
        ),
    ];
    for (option, edits) in cases {
        let text = format!("base = \"base.toml\"\n{option}\n");
        assert_eq!(without_title(changed(&text)), without_title(edited(edits)), "{option}");
    }
}

#[test]
fn one_file_says_the_same_and_keeps_the_comments() {
    let option = "base = \"base.toml\"\ntitle = \"More\"\n[experiment]\nreplications = 40\n[[hub]]\nname = \"North\"\nstaff = { carer = 6 }\n[pathway.crisis]\ntriage = \"5 min\"\n";
    let loaded = what_if(option).unwrap();
    assert!(loaded.text.contains("# The service as it is."), "{}", loaded.text);
    assert!(
        loaded.text.contains("replications = 40              # few"),
        "{}",
        loaded.text
    );
    assert!(
        loaded.text.contains("staff = { carer = 6, nurse = 2 }   # WTE"),
        "{}",
        loaded.text
    );
    let again = with(&[("option.toml", &loaded.text)], "option.toml", &[]).unwrap();
    assert_eq!(again.scenario, loaded.scenario);
    assert_eq!(again.text, loaded.text);
    let changes: Vec<String> = loaded
        .changes
        .iter()
        .map(|c| format!("{}: {:?} -> {:?}", c.path, c.before.as_deref(), c.after.as_deref()))
        .collect();
    assert_eq!(
        changes,
        [
            "experiment.replications: Some(\"20\") -> Some(\"40\")",
            "hub.North.staff.carer: Some(\"4\") -> Some(\"6\")",
            "pathway.crisis.triage: Some(\"{ lognormal = { mean = \\\"15 min\\\", cv = 0.6 } }\") -> Some(\"5 min\")",
        ]
    );
}

/// Without a title of its own it has its file's name, in the one file too, wherever that lies.
#[test]
fn a_what_if_is_not_called_as_its_base() {
    let loaded = what_if("base = \"base.toml\"\n").unwrap();
    assert_eq!(loaded.scenario.title, "option");
    let again = with(&[("scenario.toml", &loaded.text)], "scenario.toml", &[]).unwrap();
    assert_eq!(again.scenario.title, "option");
    assert_eq!(loaded.changes, []);
}

#[test]
fn a_file_without_a_base_is_kept_as_it_is() {
    let loaded = with(&[("base.toml", BASE)], "base.toml", &[]).unwrap();
    assert_eq!(loaded.text, BASE);
    assert_eq!(loaded.changes, []);
}

#[test]
fn a_fault_is_shown_in_the_file_that_it_stands_in() {
    for (base, option, expected) in [
        (
            BASE.to_string(),
            "[experiment]\nseed = -1",
            vec!["HF011 option.toml:3:8"],
        ),
        (
            BASE.to_string(),
            "[experiment]\nsede = 1",
            vec!["HF007 option.toml:3:1"],
        ),
        (
            BASE.to_string(),
            "[[hub]]\nname = \"North\"\nstaff = { carers = 6 }",
            vec!["HF017 option.toml:4:11"],
        ),
        (
            BASE.to_string(),
            "[pathway.crisis]\noutcome = { home = 0.6 }",
            vec!["HF016 option.toml:3:11"],
        ),
        (
            BASE.replace("share = 0.6", "share = 0.5"),
            "",
            vec!["HF016 base.toml:15:9"],
        ),
        (
            BASE.replace("cv = 0.6", "cv = 0.6 sec"),
            "[experiment]\nseed = 1",
            vec!["HF005 base.toml:27:48"],
        ),
    ] {
        let text = format!("base = \"base.toml\"\n{option}\n");
        let found = with(&[("base.toml", &base), ("option.toml", &text)], "option.toml", &[]).unwrap_err();
        assert_eq!(found, expected, "{option}");
    }
}

#[test]
fn bases_that_cannot_be_used_are_refused_where_they_are_named() {
    for (files, expected) in [
        (vec![("option.toml", "base = \"none.toml\"")], "HF028 option.toml:1:8"),
        (vec![("option.toml", "base = \"option.toml\"")], "HF032 option.toml:1:8"),
        (
            vec![
                ("option.toml", "base = \"b.toml\""),
                ("b.toml", "base = \"option.toml\""),
            ],
            "HF032 b.toml:1:8",
        ),
        (vec![("option.toml", "base = \"../x.toml\"")], "HF027 option.toml:1:8"),
        (vec![("option.toml", "base = \"sub/x.toml\"")], "HF027 option.toml:1:8"),
        (vec![("option.toml", "base = 3")], "HF009 option.toml:1:8"),
        (
            vec![("option.toml", "base = \"b.toml\""), ("b.toml", "")],
            "HF004 b.toml:1:1",
        ),
    ] {
        assert_eq!(with(&files, "option.toml", &[]).unwrap_err(), [expected]);
    }
}

#[test]
fn what_ifs_stand_on_what_ifs() {
    let files = [
        ("base.toml", BASE),
        (
            "more.toml",
            "base = \"base.toml\"\nhub = [{ name = \"North\", staff = { carer = 8 } }]",
        ),
        (
            "winter.toml",
            "base = \"more.toml\"\npathway.crisis.referrals = \"22 /day\"",
        ),
    ];
    let loaded = with(&files, "winter.toml", &[]).unwrap();
    let expected = edited(&[("carer = 4", "carer = 8"), ("18 /day", "22 /day")]);
    let name = |mut s: Scenario| {
        (s.name, s.title) = (String::new(), String::new());
        s
    };
    assert_eq!(loaded.scenario.title, "winter");
    assert_eq!(name(loaded.scenario), name(expected));
}

/// The hours go when a profile comes, and what the base says of them; what it says of others stays.
#[test]
fn assumptions_of_what_is_gone_go_with_it() {
    let profile = include_str!("data/profiles/crisis_24x7.csv");
    let option = "base = \"base.toml\"\n[pathway.crisis]\nprofile = \"p.csv\"";
    let files = [("base.toml", BASE), ("option.toml", option), ("p.csv", profile)];
    let loaded = with(&files, "option.toml", &[]).unwrap();
    let paths: Vec<&str> = loaded.scenario.assumptions.iter().map(|a| a.path.as_str()).collect();
    assert_eq!(paths, ["hub.*.staff.nurse"]);
    assert!(!loaded.text.contains("hours = ["), "{}", loaded.text);
    let names: Vec<_> = loaded.files.iter().map(|f| f.0.display().to_string()).collect();
    assert_eq!(names, ["p.csv"]);
}

#[test]
fn values_are_set_by_their_paths() {
    let set = |settings: &[&str]| with(&[("option.toml", BASE)], "option.toml", settings);
    let carers = |s: &Scenario, hub: usize| match s.hubs[hub].staff[0] {
        Staffing::Wte(wte) => wte.get(),
        _ => 0.0,
    };
    let s = set(&["hub.\"South, by the sea\".staff.carer=8"]).unwrap().scenario;
    assert_eq!((carers(&s, 0), carers(&s, 1)), (4.0, 8.0));
    let s = set(&["hub.*.staff.carer = 2.5"]).unwrap().scenario;
    assert_eq!((carers(&s, 0), carers(&s, 1)), (2.5, 2.5));
    // A table of names that is not there yet.
    let s = set(&["hub.*.caseload-limit.weeks=9"]).unwrap().scenario;
    assert!(s.hubs.iter().all(|hub| hub.caseload_limit == [Some(9)]));
    let same = |settings: &[&str], edits: &[(&str, &str)]| {
        let loaded = set(settings).unwrap();
        assert_eq!(loaded.scenario, edited(edits), "{settings:?}");
        let again = with(&[("option.toml", &loaded.text)], "option.toml", &[]).unwrap();
        assert_eq!(again.scenario, loaded.scenario, "{}", loaded.text);
    };
    same(
        &["pathway.crisis.triage=5 min", "experiment.seed=7"],
        &[
            ("{ lognormal = { mean = \"15 min\", cv = 0.6 } }", "\"5 min\""),
            ("start = 2020", "seed = 7\nstart = 2020"),
        ],
    );
    same(
        &["pathway.crisis.triage.lognormal.mean=20 min"],
        &[("mean = \"15 min\"", "mean = \"20 min\"")],
    );
    same(&["role.carer.shifts.late.to=23:00"], &[("\"22:00\"", "\"23:00\"")]);
    same(
        &["pathway.crisis.response.joint.staff.nurse.length=50 min"],
        &[("\"40 min\"", "\"50 min\"")],
    );
    same(
        &["package.weeks.visits.care.per-day=2"],
        &[("per-day = 3", "per-day = 2")],
    );
    for (setting, expected) in [
        ("hub.North.staff.carer", "HF030 --set:1:1"),
        ("hub.Nort.staff.carer=3", "HF030 --set:1:1"),
        ("hub.North.staff.carer=lots", "HF009 --set:1:23"),
        ("hub.North.staf.carer=3", "HF030 --set:1:1"),
        ("experiment.sede=3", "HF007 --set:1:1"),
        ("experiment.seed=-3", "HF011 --set:1:17"),
    ] {
        assert_eq!(set(&[setting]).unwrap_err(), [expected], "{setting}");
    }
}

const TOGETHER: &str = "[[neighbour]]\nhubs = [\"*\"]\nafter = \"45 min\"\nextra-travel = \"12 min\"\n";

/// Neighbours are added to the base's; an empty list takes them away, so that a pool can take their place.
#[test]
fn neighbours_are_added_and_an_empty_list_takes_them_away() {
    let base = format!("{BASE}{TOGETHER}");
    let over = |text: &str| {
        let text = format!("base = \"base.toml\"\n{text}");
        with(&[("base.toml", &base), ("option.toml", &text)], "option.toml", &[])
    };
    let more = "[[neighbour]]\nhubs = [\"*\"]\nroles = [\"nurse\"]\nafter = \"1 h\"\nextra-travel = \"0 min\"\n";
    assert_eq!(over(more).unwrap_err(), ["HF018 option.toml:3:8"], "both lend nurses");
    let pool = "neighbour = []\n[[pool]]\nhubs = [\"*\"]\nextra-travel = \"12 min\"\n";
    let loaded = over(pool).unwrap();
    assert_eq!((loaded.scenario.neighbours.len(), loaded.scenario.pools.len()), (0, 1));
    let again = with(&[("option.toml", &loaded.text)], "option.toml", &[]).unwrap();
    assert_eq!(
        without_title(again.scenario),
        without_title(loaded.scenario),
        "{}",
        loaded.text
    );
    assert_eq!(
        over("[[pool]]\nhubs = [\"*\"]\n").unwrap_err(),
        ["HF032 option.toml:3:9"]
    );
}

/// Co-location is said in a few lines: with these taken back, nothing else differs from the baseline.
#[test]
fn co_location_changes_the_hand_over_and_who_may_do_crisis_work() {
    let shipped = |name: &str| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(name);
        read_with(&path, &[]).unwrap().scenario
    };
    let (base, mut s) = (shipped("home-first-2020.toml"), shipped("co-location.toml"));
    let (worker, stand_in) = (s.role("crisis-worker").unwrap(), s.role("reablement-worker").unwrap());
    let crisis = &mut s.pathways[0];
    assert!((crisis.triage.mean_ms() - 300_000.0).abs() < 1e-6);
    assert!(
        (crisis.triage.sd_ms() / crisis.triage.mean_ms() - 0.6).abs() < 1e-9,
        "the spread stays"
    );
    crisis.triage = base.pathways[0].triage.clone();
    let needs = crisis.responses.iter_mut().flat_map(|r| &mut r.needs);
    let mut opened = 0;
    for need in needs.filter(|need| need.role == worker) {
        assert_eq!(std::mem::take(&mut need.or), [stand_in]);
        opened += 1;
    }
    assert_eq!(opened, 3);
    let care = &mut s.packages[base.package("crisis-care").unwrap().0].streams[0];
    assert_eq!(std::mem::take(&mut care.or), [stand_in]);
    (s.name, s.title, s.notes) = (base.name.clone(), base.title.clone(), base.notes.clone());
    s.assumptions.clone_from(&base.assumptions);
    s.observed.clone_from(&base.observed);
    assert_eq!(s, base);
}

/// A total is shared out as the old one was; nobody's post is lost in it.
#[test]
fn a_total_over_hubs_is_shared_out_as_before() {
    let set = |settings: &[&str]| with(&[("option.toml", BASE)], "option.toml", settings);
    let loaded = set(&["staff.carer=14"]).unwrap();
    assert_eq!(
        loaded
            .scenario
            .hubs
            .iter()
            .map(|h| h.staff[0].clone())
            .collect::<Vec<_>>(),
        edited(&[("carer = 4", "carer = 8"), ("carer = 3", "carer = 6")])
            .hubs
            .iter()
            .map(|h| h.staff[0].clone())
            .collect::<Vec<_>>()
    );
    let again = with(&[("option.toml", &loaded.text)], "option.toml", &[]).unwrap();
    assert_eq!(again.scenario.hubs, loaded.scenario.hubs);
    let none = BASE.replace("carer = 4, nurse = 2", "carer = 4, nurse = { on-shift = 1 }");
    for (base, setting, expected) in [
        (BASE, "staff.carer=many", "HF009 --set:1:13"),
        (BASE, "staff.carers=7", "HF030 --set:1:1"),
        (none.as_str(), "staff.nurse=7", "HF030 --set:1:1"),
        (BASE, "*=7", "HF030 --set:1:1"),
        (BASE, "*.crisis.triage=5 min", "HF030 --set:1:1"),
    ] {
        let found = with(&[("option.toml", base)], "option.toml", &[setting]).unwrap_err();
        assert_eq!(found, [expected], "{setting}");
    }
}

/// One spelling of a path does for all who name one, and for all the same is suggested.
#[test]
fn paths_are_the_same_for_assumptions_unknowns_and_settings() {
    let said = |path: &str, how: usize| -> Result<Loaded, String> {
        let quoted = path.replace('"', "\\\"");
        let text = match how {
            0 => format!("{BASE}\"{quoted}\" = {{ kind = \"choice\" }}\n"),
            1 => BASE.replace(
                "[assumptions]",
                &format!("[[unknown]]\npath = \"{quoted}\"\nfrom = 1\nto = 2\n[assumptions]"),
            ),
            _ => BASE.into(),
        };
        let folder = folder(&[("base.toml", &text)]);
        let settings: Vec<String> = (how == 2).then(|| format!("{path}=3")).into_iter().collect();
        read_with(&folder.path().join("base.toml"), &settings)
            .map_err(|problems| problems.sorted().iter().map(|d| d.help.join(" ")).collect())
    };
    for path in [
        "hub.North.staff.carer",
        "hub.*.staff.carer",
        "hub.\"South, by the sea\".staff.carer",
        "hub.'South, by the sea'.staff.carer",
        "hub.South, by the sea.staff.carer",
        "staff.carer",
        "package.weeks.visits.care.per-day",
    ] {
        for how in 0..3 {
            assert_eq!(said(path, how).err(), None, "{path}");
        }
    }
    for (path, meant) in [
        ("hub.Nort.staff.carer", "did you mean `hub.North.staff.carer`?"),
        ("hub.*.staf.carer", "did you mean `hub.*.staff.carer`?"),
        ("staff.carers", "did you mean `staff.carer`?"),
        (
            "hub.'South, by the see'.staff.carer",
            "did you mean `hub.\"South, by the sea\".staff.carer`?",
        ),
        (
            "package.week.visits.care.per-day",
            "did you mean `package.weeks.visits.care.per-day`?",
        ),
        ("staff.surgeon-general", "after `staff.` comes the name of a role"),
    ] {
        for how in 0..3 {
            assert_eq!(said(path, how).err().as_deref(), Some(meant), "{path}");
        }
    }
}

/// What the base says of a number holds until the number is changed, or the what-if says something of its own.
#[test]
fn what_was_said_of_a_number_before_it_was_changed_is_marked() {
    let observed = "[[observed]]\nmeasure = \"service_level\"\nvalue = 0.79\nsource = \"a paper\"\n";
    let base = BASE.replace("[assumptions]", &format!("{observed}[assumptions]"));
    let marks = |option: &str, settings: &[&str]| -> (Vec<(String, bool)>, bool) {
        let text = format!("base = \"base.toml\"\n{option}\n");
        let loaded = with(&[("base.toml", &base), ("option.toml", &text)], "option.toml", settings).unwrap();
        let marked = |a: &homefirst::model::Assumption| (a.path.clone(), a.changed);
        (
            loaded.scenario.assumptions.iter().map(marked).collect(),
            loaded.scenario.observed.iter().any(|o| o.before_change),
        )
    };
    let both = |hours: bool, nurse: bool| {
        vec![
            ("pathway.crisis.hours".to_string(), hours),
            ("hub.*.staff.nurse".to_string(), nurse),
        ]
    };
    let nurses = "[[hub]]\nname = \"North\"\nstaff = { nurse = 3 }";
    let own = "[assumptions]\n\"hub.*.staff.nurse\" = { kind = \"assumption\", why = \"one more\" }";
    assert_eq!(marks("", &[]), (both(false, false), false));
    assert_eq!(marks("[experiment]\nseed = 3", &[]), (both(false, false), false));
    assert_eq!(marks(nurses, &[]), (both(false, true), true));
    assert_eq!(marks(&format!("{nurses}\n{own}"), &[]), (both(false, false), true));
    assert_eq!(marks("", &["staff.nurse=4"]), (both(false, true), true));
    assert_eq!(
        marks(&format!("{nurses}\n{own}"), &["staff.nurse=9"]),
        (both(false, true), true)
    );
    assert_eq!(
        marks("[[hub]]\nname = \"North\"\nstaff = { nurse = 2 }", &[]),
        (both(false, false), false)
    );
    assert_eq!(marks(&format!("{nurses}\n{observed}"), &[]), (both(false, true), false));
    // What a what-if says of a number does not go on with the source of the base.
    let loaded = with(
        &[
            ("base.toml", &base),
            ("option.toml", &format!("base = \"base.toml\"\n{nurses}\n{own}")),
        ],
        "option.toml",
        &[],
    )
    .unwrap();
    let said = &loaded.scenario.assumptions[1];
    assert_eq!((said.source.as_str(), said.why.as_str()), ("", "one more"));
    assert_eq!(loaded.changes[0].assumption, Some(1));
}

/// The shipped what-if is the baseline with 24 WTE more, and nothing else.
#[test]
fn the_shipped_what_if_changes_the_posts_of_one_role() {
    let scenarios = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let read = |name: &str| read_with(&scenarios.join(name), &[]).unwrap();
    let (mut base, option) = (
        read("home-first-2020.toml").scenario,
        read("plus-24-crisis-workers.toml"),
    );
    let role = base.role("crisis-worker").unwrap();
    for hub in &mut base.hubs {
        let Staffing::Wte(wte) = &hub.staff[role.0] else {
            panic!("WTE")
        };
        hub.staff[role.0] = Staffing::Wte(homefirst::units::Wte::new(wte.get() + 4.0).unwrap());
    }
    let mut found = option.scenario;
    assert_eq!(found.title, "24 more crisis workers, four at each hub");
    assert!(
        found.notes.ends_with(&format!("Notes of the base: {}", base.notes)),
        "{}",
        found.notes
    );
    (base.name, base.title, base.notes) = (found.name.clone(), found.title.clone(), found.notes.clone());
    assert!(found.observed.iter().all(|o| o.before_change) && found.observed.len() == 2);
    found.observed.iter_mut().for_each(|o| o.before_change = false);
    let place = found
        .assumptions
        .iter()
        .position(|a| a.path == "hub.*.staff.crisis-worker")
        .unwrap();
    assert!(found.assumptions[place].why.contains("four WTE more at each hub"));
    assert!(found.assumptions.iter().all(|a| !a.changed));
    base.assumptions[place] = found.assumptions[place].clone();
    // 24 more of what is not known.
    assert_eq!(
        (base.unknowns[0].now.as_str(), found.unknowns[0].now.as_str()),
        ("21.25", "45.25")
    );
    base.unknowns[0].now.clone_from(&found.unknowns[0].now);
    base.dated.clone_from(&found.dated);
    assert_eq!(found, base);
    let told: Vec<(&str, Option<usize>)> = option.changes.iter().map(|c| (c.path.as_str(), c.assumption)).collect();
    assert_eq!(told, [("change", None)]);
}

/// What is said of a number that a change has made is said of that number, and not of what the change has typed.
#[test]
fn assumptions_have_the_values_that_changes_make() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/demand-plus-10.toml");
    let scenario = read_with(&file, &[]).unwrap().scenario;
    let value = |path: &str| &scenario.assumptions.iter().find(|a| a.path == path).unwrap().value;
    // A tenth more than 20.4 and 7.
    assert_eq!(value("pathway.crisis.referrals"), "22.44 /day");
    assert_eq!(value("pathway.step-down.referrals"), "7.7 /day");
}

/// Replications and seed of the command line are in the one file; what the file says of them is still looked at.
#[test]
fn the_one_file_has_the_replications_that_were_run() {
    let mut loaded = what_if("base = \"base.toml\"\n[experiment]\nseed = 5\n").unwrap();
    loaded.repeat(Some(33), Some(99));
    assert!(
        loaded.text.contains("replications = 33              # few"),
        "{}",
        loaded.text
    );
    let again = with(&[("option.toml", &loaded.text)], "option.toml", &[]).unwrap();
    assert_eq!(again.scenario, loaded.scenario);
    assert_eq!(
        (again.scenario.experiment.replications, again.scenario.experiment.seed),
        (33, 99)
    );
    let mut as_it_is = with(&[("base.toml", BASE)], "base.toml", &[]).unwrap();
    as_it_is.repeat(None, None);
    assert_eq!(as_it_is.text, BASE);
}

/// WTE of a role at both hubs.
fn wte(scenario: &Scenario, role: &str) -> Vec<f64> {
    let role = scenario.role(role).unwrap().0;
    let of = |staffing: &Staffing| match staffing {
        Staffing::Wte(wte) => wte.get(),
        other => panic!("{other:?}"),
    };
    scenario.hubs.iter().map(|hub| of(&hub.staff[role])).collect()
}

const BY_CHANGES: &str = r#"base = "base.toml"
[[change]]
path = "hub.*.staff.carer"
value = 7
[[change]]
path = "hub.North.staff.carer"
times = 1.5
[[change]]
path = "pathway.crisis.referrals"
times = 1.5
"#;

/// By hand: both hubs have 7 by the first change, and North 10.5 by the second. What is set over that is what is so, at the
/// hub where it is set and nowhere else; a total is shared as 10.5 to 7; and the one file that is kept says the same.
#[test]
fn what_is_set_stands_over_changes_from_the_beginning() {
    let files = [("base.toml", BASE), ("top.toml", BY_CHANGES)];
    let without = with(&files, "top.toml", &[]).unwrap();
    assert_eq!(wte(&without.scenario, "carer"), [10.5, 7.0]);
    let set = |settings: &[&str]| with(&files, "top.toml", settings).unwrap();
    for (settings, expected) in [
        (&["hub.North.staff.carer=2"][..], [2.0, 7.0]),
        (&["hub.*.staff.carer=2"], [2.0, 2.0]),
        (&["staff.carer=35"], [21.0, 14.0]),
        (&["hub.North.staff.carer=2", "hub.North.staff.carer=3"], [3.0, 7.0]),
        (&["hub.North.staff.nurse=5"], [10.5, 7.0]),
    ] {
        let read = set(settings);
        assert_eq!(wte(&read.scenario, "carer"), expected, "{settings:?}");
        assert!(read.warnings.sorted().iter().all(|warning| warning.code == "HF108"));
        let again = with(&[("top.toml", &read.text)], "top.toml", &[]).unwrap();
        assert_eq!(
            without_title(again.scenario),
            without_title(read.scenario),
            "{}",
            read.text
        );
    }
    // Demand still is half as much again; told is what the what-if did, and then what was set.
    let read = set(&["hub.North.staff.carer=2"]);
    let all: f64 = read.scenario.hubs.iter().map(|hub| hub.referrals[0].get()).sum();
    assert!((all - 27.0).abs() < 1e-9);
    let told: Vec<(&str, &str, &str)> = read
        .changes
        .iter()
        .map(|c| {
            (
                c.path.as_str(),
                c.before.as_deref().unwrap_or(""),
                c.after.as_deref().unwrap_or(""),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("hub.North.staff.carer", "10.5", "2"),
            ("hub.\"South, by the sea\".staff.carer", "3", "7"),
            ("pathway.crisis.referrals", "18 /day", "27 /day"),
        ]
    );
    // A change that cannot be made is told as ever.
    let wrong = BY_CHANGES.replace(
        "times = 1.5\n[[change]]\npath = \"pathway",
        "times = -1\n[[change]]\npath = \"pathway",
    );
    let found = with(
        &[("base.toml", BASE), ("top.toml", &wrong)],
        "top.toml",
        &["hub.North.staff.carer=2"],
    );
    assert_eq!(found.unwrap_err(), ["HF011 top.toml:7:9"]);
}

fn drawn(files: &[(&str, &str)], inputs: &[&str], settings: &[&str]) -> Loaded {
    let folder = folder(files);
    let owned = |texts: &[&str]| texts.iter().map(ToString::to_string).collect::<Vec<_>>();
    read_drawn(&folder.path().join("top.toml"), &owned(inputs), &owned(settings)).unwrap()
}

/// By hand: a drawn input stands in the place of the file's, so that its changes act on it: 20 a day become 30, and what a change gives
/// a value has that. Only what is set stands over changes; of what is set as well, the drawn value is over that.
#[test]
fn changes_act_on_values_of_inputs() {
    let files = [("base.toml", BASE), ("top.toml", BY_CHANGES)];
    let all = |read: &Loaded| read.scenario.hubs.iter().map(|hub| hub.referrals[0].get()).sum::<f64>();
    for (inputs, settings, carers, demand) in [
        (&["pathway.crisis.referrals=20 /day"][..], &[][..], [10.5, 7.0], 30.0),
        (&["hub.North.staff.carer=2"], &[], [10.5, 7.0], 27.0),
        (
            &["pathway.crisis.referrals=20 /day"],
            &["hub.North.staff.carer=3"],
            [3.0, 7.0],
            30.0,
        ),
        (
            &["hub.North.staff.carer=2"],
            &["hub.North.staff.carer=3"],
            [2.0, 7.0],
            27.0,
        ),
    ] {
        let read = drawn(&files, inputs, settings);
        assert_eq!(wte(&read.scenario, "carer"), carers, "{inputs:?} {settings:?}");
        assert!((all(&read) - demand).abs() < 1e-9, "{inputs:?} {settings:?}");
        let again = with(&[("top.toml", &read.text)], "top.toml", &[]).unwrap();
        assert_eq!(without_title(again.scenario), without_title(read.scenario));
    }
}

/// A change itself can be set beside what it leads to.
#[test]
fn a_change_can_be_set_beside_what_it_changes() {
    let files = [("base.toml", BASE), ("top.toml", BY_CHANGES)];
    let settings = ["change.\"hub.*.staff.carer\".value=6", "hub.North.staff.carer=3"];
    for settings in [settings, [settings[1], settings[0]]] {
        let read = with(&files, "top.toml", &settings).unwrap();
        assert_eq!(wte(&read.scenario, "carer"), [3.0, 6.0]);
    }
}

/// North has 10 until the eighth, and then what it had; both twice that. Twice 10 and twice 4 must not become 10 and 8 because South is
/// set: so the change is made after it, and that is told.
#[test]
fn changes_are_not_made_out_of_their_order() {
    let text = "base = \"base.toml\"\n[[change]]\nuntil = 2020-06-08\npath = \"hub.North.staff.carer\"\nvalue = 10\n\
                [[change]]\npath = \"hub.*.staff.carer\"\ntimes = 2\n";
    let files = [("base.toml", BASE), ("top.toml", text)];
    for (settings, south) in [(&[][..], 6.0), (&["hub.\"South, by the sea\".staff.carer=5"], 10.0)] {
        let read = with(&files, "top.toml", settings).unwrap();
        assert_eq!(wte(&read.scenario, "carer"), [20.0, south]);
        assert_eq!(wte(&read.scenario.later[0].scenario, "carer"), [8.0, south]);
        let codes: Vec<_> = read.warnings.sorted().iter().map(|d| d.code).collect();
        assert_eq!(codes, vec!["HF107"; settings.len()]);
    }
}

/// By hand: 1.5 times 7 is North's, and 7 everybody's. What is set at North wipes the half more out, which is warned of once for each; what
/// is set over a plain value is what is wanted.
#[test]
fn what_is_set_over_so_much_more_is_warned_of() {
    let files = [("base.toml", BASE), ("top.toml", BY_CHANGES)];
    let south = "hub.\"South, by the sea\".staff.carer=2";
    for (settings, undone) in [
        (&["hub.North.staff.carer=2"][..], &["times = 1.5"][..]),
        (&["staff.carer=35"], &["times = 1.5"]),
        (
            &["pathway.crisis.referrals=9 /day", "hub.North.staff.carer=2"],
            &["times = 1.5", "times = 1.5"],
        ),
        (&[south], &[]),
        (&["hub.North.staff.nurse=5"], &[]),
    ] {
        let read = with(&files, "top.toml", settings).unwrap();
        let hows: Vec<&str> = read.undone.iter().map(|one| one.how.as_str()).collect();
        assert_eq!(hows, undone, "{settings:?}");
        let warned = read.warnings.sorted();
        assert_eq!(
            warned.iter().map(|d| d.code).collect::<Vec<_>>(),
            vec!["HF108"; undone.len()]
        );
        for one in &warned {
            assert_eq!(one.labels.len(), 2, "{one:?}");
            assert!(one.labels[0].source.path.ends_with("--set") && one.labels[1].source.path.ends_with("top.toml"));
        }
    }
    // What only an input is drawn over undoes nothing: a change acts on it.
    assert!(drawn(&files, &["hub.North.staff.carer=2"], &[]).undone.is_empty());
}

/// What changes on a date still does, from there; the planner is told where that takes the place of what was set.
#[test]
fn a_change_on_a_date_comes_on_top_of_what_is_set() {
    let dated = "base = \"base.toml\"\n[[change]]\nfrom = 2020-06-08\npath = \"hub.*.staff.carer\"\nvalue = 7\n";
    let files = [("base.toml", BASE), ("top.toml", dated)];
    let read = with(&files, "top.toml", &["hub.North.staff.carer=2"]).unwrap();
    assert_eq!(wte(&read.scenario, "carer"), [2.0, 3.0]);
    assert_eq!(wte(&read.scenario.later[0].scenario, "carer"), [7.0, 7.0]);
    let warned = read.warnings.sorted();
    assert_eq!(warned.iter().map(|d| d.code).collect::<Vec<_>>(), ["HF107"]);
    assert!(warned[0].message.contains("until 2020-06-08"), "{}", warned[0].message);
    // What is added, or set elsewhere, needs no warning: 2 and 1 more.
    let more = dated.replace("value = 7", "add = 1");
    let files = [("base.toml", BASE), ("top.toml", more.as_str())];
    let read = with(&files, "top.toml", &["hub.North.staff.carer=2"]).unwrap();
    assert_eq!(wte(&read.scenario.later[0].scenario, "carer"), [3.0, 4.0]);
    assert!(read.warnings.sorted().is_empty());
    let read = with(
        &[("base.toml", BASE), ("top.toml", dated)],
        "top.toml",
        &["hub.North.staff.nurse=2"],
    )
    .unwrap();
    assert!(read.warnings.sorted().is_empty());
}
