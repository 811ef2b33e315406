//! Broken files: every fault is named with its code, at its line and column.
//!
//! Each case is a small edit of one sound scenario, so that nothing else can be at fault.

use std::path::{Path, PathBuf};

use homefirst::cli::diagnose::render;
use homefirst::diagnostic::Diagnostic;
use homefirst::scenario::{CODES, Loaded, read, read_text};
use proptest::prelude::proptest;

const SOUND: &str = r#"format = 1
[experiment]
start = 2020-06-01
run-length = "4 weeks"
[[hub]]
name = "North"
share = 0.6
travel = { urgent = "15 min", round = "11 min", cv = 0.4 }
staff = { carer = 4, nurse = { on-shift = 2 } }
[[hub]]
name = "South"
share = 0.4
staff = { carer = 3, nurse = { on-shift = [{ name = "day", from = "08:00", to = "20:00", count = 2 }, { name = "night", from = 20:00, to = 08:00, count = 1 }] } }
[role.carer]
headroom = { planned = 0.16, absence = 0.06 }
shifts = [{ name = "day", from = "08:00", to = "20:00", break = "30 min", days = "Mon-Sun" }]
[role.nurse]
[pathway.crisis]
referrals = "18 /day"
opens = "08:00-20:00"
triage = { lognormal = { mean = "15 min", cv = 0.6 } }
standard = { within = "2 h", target = 0.9, clock-stops = "all" }
outcome = { home = 0.7, care = 0.3 }
[[pathway.crisis.response]]
name = "joint"
share = 1
lead = "carer"
staff = [{ role = "carer", length = "70 min" }, { role = "nurse", length = { gamma = { mean = "40 min", cv = 0.5 } } }]
[pathway.care]
standard = { within = "2 days", target = 0.95 }
package = "weeks"
[package.weeks]
length = { lognormal = { median = "21 days", sigma = 0.75, max = "42 days" } }
starts-with = ["carer"]
[[package.weeks.visits]]
name = "care"
role = "carer"
per-day = { start = { "2" = 0.5, "3" = 0.5 }, end = 1 }
length = "35 min"
[assumptions]
"pathway.crisis.outcome" = { kind = "source", source = "a report" }
"#;

fn text_of(text: String) -> Result<Loaded, Vec<Diagnostic>> {
    read_text(Path::new("scenario.toml"), text).map_err(|p| p.iter().cloned().collect())
}

/// The sound scenario with one piece of text replaced, which must be there exactly once.
fn edited(from: &str, to: &str) -> String {
    assert_eq!(SOUND.matches(from).count(), 1, "{from}");
    SOUND.replace(from, to)
}

fn faults(text: String) -> Vec<(&'static str, usize, usize)> {
    let problems = match text_of(text) {
        Ok(loaded) => loaded.warnings.iter().cloned().collect(),
        Err(problems) => problems,
    };
    problems
        .iter()
        .map(|d| {
            let (line, column) = d.line_column().unwrap_or_default();
            (d.code, line, column)
        })
        .collect()
}

fn drawn(text: String) -> String {
    render(&text_of(text).expect_err("a fault"), false)
}

#[test]
fn the_scenario_that_all_cases_edit_is_sound() {
    assert_eq!(faults(SOUND.into()), []);
}

/// Code, line and column of the only fault after an edit.
#[test]
fn every_fault_is_found_where_it_stands() {
    #[rustfmt::skip]
    let cases: &[(&str, &str, &str, usize, usize)] = &[
        ("format = 1", "format = 2", "HF006", 1, 10),
        ("format = 1\n", "", "HF006", 1, 1),
        ("format = 1", "base = \"x.toml\"\nformat = 1", "HF013", 1, 1),
        ("start = 2020-06-01", "start = 2020-02-31", "HF005", 3, 9),
        ("start = 2020-06-01", "start = \"1 June\"", "HF010", 3, 9),
        ("start = 2020-06-01", "start = 2020-06-01T08:00:00", "HF010", 3, 9),
        ("start = 2020-06-01", "start = 2020-06-01\nprecision = \"0.5 points\"", "HF013", 4, 1),
        ("run-length = \"4 weeks\"\n", "", "HF008", 2, 1),
        ("run-length = \"4 weeks\"", "run-length = 4", "HF010", 4, 14),
        ("run-length = \"4 weeks\"", "run-length = \"4 wekes\"", "HF010", 4, 14),
        ("run-length = \"4 weeks\"", "run-length = \"30 min\"", "HF011", 4, 14),
        ("run-length = \"4 weeks\"", "run-lenght = \"4 weeks\"", "HF007", 4, 1),
        ("run-length = \"4 weeks\"", "run-length = \"4 weeks\"\nwarm-up = \"36 h\"", "HF011", 5, 11),
        ("run-length = \"4 weeks\"", "run-length = \"4 weeks\"\nreplications = 1", "HF011", 5, 16),
        ("run-length = \"4 weeks\"", "run-length = \"4 weeks\"\nseed = \"x\"", "HF009", 5, 8),
        ("name = \"South\"", "name = \"North\"", "HF018", 11, 8),
        ("name = \"South\"", "name = \"all\"", "HF019", 11, 8),
        ("name = \"South\"", "name = \"\"", "HF019", 11, 8),
        ("share = 0.4\n", "share = 0.5\n", "HF016", 12, 9),
        ("share = 0.4\n", "share = \"0.4\"\n", "HF009", 12, 9),
        ("share = 0.4\n", "share = 40\n", "HF011", 12, 9),
        ("share = 0.4\n", "share = nan\n", "HF011", 12, 9),
        ("share = 0.4\n", "share = 0.4\nreferrals = { crisis = \"3 /day\" }\n", "HF015", 12, 9),
        ("round = \"11 min\", cv = 0.4", "round = \"11 min\", cv = -0.4", "HF026", 8, 54),
        ("{ carer = 4,", "{ carer = -4,", "HF011", 9, 19),
        ("{ carer = 4,", "{ carer = inf,", "HF011", 9, 19),
        ("{ carer = 4,", "{ carrer = 4,", "HF017", 9, 11),
        ("nurse = { on-shift = 2 }", "nurse = 2", "HF025", 9, 30),
        ("nurse = { on-shift = 2 }", "nurse = { on-shift = 2, rota = \"x.csv\" }", "HF015", 9, 30),
        ("nurse = { on-shift = 2 }", "nurse = { rota = \"../x.csv\" }", "HF027", 9, 39),
        ("nurse = { on-shift = 2 }", "nurse = { rota = 'C:\\x.csv' }", "HF027", 9, 39),
        ("nurse = { on-shift = 2 }", "nurse = { rota = \"/etc/passwd\" }", "HF027", 9, 39),
        ("nurse = { on-shift = 2 }", "nurse = { rota = \"none.csv\" }", "HF028", 9, 39),
        ("from = 20:00, to = 08:00, count = 1", "from = 19:00, to = 08:00, count = 1", "HF023", 13, 128),
        ("absence = 0.06", "absence = 0.9", "HF011", 15, 12),
        ("to = \"20:00\", break", "to = \"08:00\", break", "HF022", 16, 48),
        ("break = \"30 min\"", "break = \"12 h\"", "HF022", 16, 65),
        ("\"Mon-Sun\"", "\"Mon-Sum\"", "HF010", 16, 82),
        ("referrals = \"18 /day\"", "referrals = 18", "HF010", 19, 13),
        ("referrals = \"18 /day\"", "referrals = \"18 /month\"", "HF010", 19, 13),
        ("referrals = \"18 /day\"", "referrals = \"0 /day\"", "HF031", 18, 10),
        ("opens = \"08:00-20:00\"", "opens = \"20:00-08:00\"", "HF011", 20, 9),
        ("opens = \"08:00-20:00\"", "hours = [1, 2]", "HF021", 20, 9),
        ("{ mean = \"15 min\", cv = 0.6 }", "{ mean = \"15 min\" }", "HF015", 21, 24),
        ("{ lognormal = { mean = \"15 min\", cv = 0.6 } }", "{}", "HF015", 21, 10),
        ("{ lognormal = { mean = \"15 min\", cv = 0.6 } }", "{ fixed = \"1 min\", gamma = { mean = \"1 min\", cv = 1 } }", "HF015", 21, 10),
        ("{ lognormal = { mean = \"15 min\", cv = 0.6 } }", "{ uniform = { low = \"2 h\", high = \"1 h\" } }", "HF026", 21, 30),
        ("clock-stops = \"all\"", "clock-stops = \"lad\"", "HF012", 22, 58),
        ("care = 0.3", "care = 0.2", "HF016", 23, 11),
        ("lead = \"carer\"", "lead = \"doctor\"", "HF017", 27, 8),
        ("{ role = \"carer\", length = \"70 min\" }", "{ role = \"carer\" }", "HF008", 28, 10),
        ("target = 0.95 }", "target = 0.95, clock-stops = \"all\" }", "HF032", 30, 62),
        ("package = \"weeks\"\n", "", "HF015", 29, 1),
        ("package = \"weeks\"", "package = \"week\"", "HF017", 31, 11),
        ("package = \"weeks\"", "package = \"weeks\"\njoint = \"together\"", "HF032", 32, 9),
        ("sigma = 0.75", "sigma = -1", "HF026", 33, 54),
        ("starts-with = [\"carer\"]", "starts-with = [\"nurse\"]", "HF017", 34, 16),
        ("starts-with = [\"carer\"]", "gate = 0", "HF011", 34, 8),
        ("starts-with = [\"carer\"]", "gate-holds = \"package\"", "HF032", 34, 14),
        ("starts-with = [\"carer\"]", "gate-holds = \"care\"", "HF012", 34, 14),
        ("starts-with = [\"carer\"]", "priority = 10", "HF011", 34, 12),
        ("\"3\" = 0.5 }", "\"3\" = 0.4 }", "HF016", 38, 21),
        ("\"3\" = 0.5 }", "\"many\" = 0.5 }", "HF011", 38, 34),
        ("length = \"35 min\"", "length = \"35 min\"\nper-week = 2", "HF015", 35, 1),
        ("length = \"35 min\"", "length = \"35 min\"\ndays = \"Mon\"", "HF032", 40, 8),
        ("\"pathway.crisis.outcome\"", "\"pathway.crisis.outcomes\"", "HF030", 41, 1),
        ("{ kind = \"source\", source", "{ kind = \"guess\", source", "HF012", 41, 37),
        ("staff = { carer = 3, nurse", "staff = { carer = 0, nurse", "HF101", 28, 19),
        ("share = 0.4\n", "share = 0.4\nadmin-share = 0.1\n", "HF007", 13, 1),
        ("[package.weeks]\n", "[[package.weeks]]\n", "HF009", 32, 1),
        ("[role.nurse]", "[role.porter]\n[role.nurse]", "HF102", 17, 7),
    ];
    let mut wrong = Vec::new();
    for (from, to, code, line, column) in cases {
        let found = faults(edited(from, to));
        if found != [(*code, *line, *column)] {
            wrong.push(format!("{to}: {code} {line}:{column} expected, not {found:?}"));
        }
        assert!(CODES.iter().any(|(c, _)| c == code));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_circle_of_outcomes_that_nobody_leaves_is_refused() {
    let text = edited("outcome = { home = 0.7, care = 0.3 }", "outcome = { crisis = 1 }");
    assert_eq!(faults(text), [("HF032", 23, 11)]);
    assert!(
        text_of(edited(
            "outcome = { home = 0.7, care = 0.3 }",
            "outcome = { home = 0.1, crisis = 0.9 }"
        ))
        .is_ok()
    );
}

#[test]
fn a_response_of_nine_places_and_visits_more_often_than_daily_by_the_week_are_refused() {
    let nurse = r#"{ role = "nurse", length = { gamma = { mean = "40 min", cv = 0.5 } } }"#;
    let many = [nurse; 8].join(", ");
    assert_eq!(faults(edited(nurse, &many)), [("HF014", 28, 9)]);
    let daily = r#"per-day = { start = { "2" = 0.5, "3" = 0.5 }, end = 1 }"#;
    assert_eq!(
        faults(edited(daily, "per-week = 14")).first().map(|f| f.0),
        Some("HF011")
    );
}

#[test]
fn all_faults_are_named_at_once_in_file_order() {
    let mut text = SOUND.to_string();
    for (from, to) in [
        ("name = \"South\"", "name = \"North\""),
        ("run-length = \"4 weeks\"", "run-length = 4"),
        ("\"Mon-Sun\"", "\"Mon-Sum\""),
        ("care = 0.3", "care = 0.2"),
        ("length = \"35 min\"", "lenght = \"35 min\""),
        ("role = \"nurse\", length", "role = \"nures\", length"),
        ("share = 0.4\n", "shares = 0.4\n"),
    ] {
        text = text.replace(from, to);
    }
    let found = faults(text);
    let lines: Vec<usize> = found.iter().map(|f| f.1).collect();
    assert!(lines.is_sorted(), "{found:?}");
    let codes: Vec<&str> = found.iter().map(|f| f.0).collect();
    assert!(codes.starts_with(&["HF010"]), "{found:?}");
    for (code, line) in [
        ("HF010", 4),
        ("HF018", 11),
        ("HF007", 12),
        ("HF010", 16),
        ("HF016", 23),
        ("HF017", 28),
        ("HF007", 39),
    ] {
        assert!(
            found.iter().any(|f| (f.0, f.1) == (code, line)),
            "{code} at {line}: {found:?}"
        );
    }
}

#[test]
fn the_first_three_syntax_errors_are_named_at_once() {
    let text = "format = 1\ntitle = Home First\nseed = \nshare = 0,5\n";
    let three = [("HF005", 2, 9), ("HF005", 3, 8), ("HF005", 4, 10)];
    assert_eq!(faults(text.into()), three);
    assert!(!drawn(text.into()).contains("may be missing"));
    let more = format!("{text}name \"x\"\n");
    assert_eq!(faults(more.clone()), three);
    assert!(drawn(more).contains("may be missing here or on the line before"));
}

#[test]
fn a_missing_brace_is_not_a_fault_of_every_line_after_it() {
    let text = edited(
        "length = { lognormal = { median = \"21 days\", sigma = 0.75, max = \"42 days\" } }",
        "length = { x = 1",
    );
    let found = faults(text);
    assert!((1..=3).contains(&found.len()), "{found:?}");
    assert!(found.iter().all(|f| f.0 == "HF005"));
}

#[test]
fn a_share_typed_with_its_sign_is_told_as_a_number() {
    for typed in ["90%", "90 %", "90%, clock-stops = \"lead\""] {
        let text = edited("target = 0.9, clock-stops = \"all\"", &format!("target = {typed}"));
        let text = drawn(text);
        assert!(text.contains("write 0.9"), "{text}");
    }
}

#[test]
fn deep_nesting_is_refused_and_does_not_overflow_the_stack() {
    let deep = 5_000;
    for text in [
        format!("a = {}{}", "[".repeat(deep), "]".repeat(deep)),
        format!("a = {}1{}", "{a=".repeat(deep), "}".repeat(deep)),
        format!("{}a = 1", "a.".repeat(deep)),
        format!("[{}a]", "a.".repeat(deep)),
    ] {
        let found = faults(text);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].0, found[0].1), ("HF005", 1));
    }
}

fn in_folder(files: &[(&str, &[u8])]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, bytes) in files {
        std::fs::write(folder.path().join(name), bytes).expect("a file");
    }
    let path = folder.path().join("scenario.toml");
    (folder, path)
}

fn faults_of_file(path: &Path) -> Vec<(&'static str, String, usize, usize)> {
    let Err(problems) = read(path) else { return Vec::new() };
    problems
        .iter()
        .map(|d| {
            let (line, column) = d.line_column().expect("a place");
            let name = d.labels[0]
                .source
                .path
                .file_name()
                .expect("a name")
                .to_string_lossy()
                .into_owned();
            (d.code, name, line, column)
        })
        .collect()
}

#[test]
fn files_that_are_no_scenarios_are_refused_at_their_first_bad_byte() {
    let fault = |code, line, column| vec![(code, "scenario.toml".to_string(), line, column)];
    let cases: [(&[u8], _); 5] = [
        (b"", fault("HF004", 1, 1)),
        (b"\xef\xbb\xbf \n", fault("HF004", 1, 1)),
        (b"format = 1\ntitle = \"caf\xe9\"\n", fault("HF003", 2, 13)),
        (b"\xff\xfef\0o\0", fault("HF003", 1, 1)),
        (&[0; 4096], fault("HF003", 1, 1)),
    ];
    for (bytes, expected) in cases {
        let (_folder, path) = in_folder(&[("scenario.toml", bytes)]);
        assert_eq!(faults_of_file(&path), expected);
    }
    let (folder, path) = in_folder(&[]);
    assert_eq!(faults_of_file(&path), fault("HF001", 1, 1));
    assert_eq!(faults_of_file(folder.path())[0].0, "HF001");
    // A gigabyte of nothing: no more than the limit is read.
    std::fs::File::create(&path).unwrap().set_len(1 << 30).unwrap();
    assert_eq!(faults_of_file(&path), fault("HF002", 1, 1));
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_do_no_harm() {
    let text = format!("\u{feff}{}", SOUND.replace('\n', "\r\n"));
    assert_eq!(faults(text), []);
    let text = edited("share = 0.4\n", "share = 0.5\n").replace('\n', "\r\n");
    assert_eq!(faults(text), [("HF016", 12, 9)]);
}

#[test]
fn faults_in_a_data_file_are_shown_in_that_file() {
    let table = include_str!("data/profiles/crisis_24x7.csv");
    let scenario = edited("opens = \"08:00-20:00\"", "profile = \"p.csv\"");
    let fault = |line, column| vec![("HF029", "p.csv".to_string(), line, column)];
    for (table, expected) in [
        (table.to_string(), vec![]),
        (format!("\u{feff}{}", table.replace('\n', "\r\n")), vec![]),
        (table.replace("2.734", "2,734"), fault(13, 1)),
        (table.replace("2.734", "lots"), fault(13, 4)),
        (table.replace("2.734", "-2"), fault(13, 4)),
        (table.replace("hour,Mon", "hour,Sun"), fault(1, 1)),
        (table.lines().take(20).collect::<Vec<_>>().join("\n"), fault(20, 45)),
        (String::new(), fault(1, 1)),
    ] {
        let (_folder, path) = in_folder(&[("scenario.toml", scenario.as_bytes()), ("p.csv", table.as_bytes())]);
        assert_eq!(
            faults_of_file(&path),
            expected,
            "{}",
            table.lines().nth(12).unwrap_or_default()
        );
    }
}

#[test]
fn observed_lengths_come_from_a_column() {
    let typed = "{ empirical = { file = \"p.csv\", unit = \"min\" } }";
    let scenario = edited("{ lognormal = { mean = \"15 min\", cv = 0.6 } }", typed);
    for (table, expected) in [
        ("minutes\n10\n20\n30\n", vec![]),
        ("10\n2 h\n", vec![]),
        ("10\nlong\n", vec![("HF029", "p.csv".to_string(), 2, 1)]),
        ("\n", vec![("HF029", "p.csv".to_string(), 1, 1)]),
    ] {
        let (_folder, path) = in_folder(&[("scenario.toml", scenario.as_bytes()), ("p.csv", table.as_bytes())]);
        assert_eq!(faults_of_file(&path), expected, "{table}");
    }
}

#[cfg(unix)]
#[test]
fn a_link_out_of_the_folder_is_not_followed() {
    let outside = tempfile::tempdir().unwrap();
    std::fs::write(outside.path().join("p.csv"), "secret").unwrap();
    let scenario = edited("opens = \"08:00-20:00\"", "profile = \"p.csv\"");
    let (folder, path) = in_folder(&[("scenario.toml", scenario.as_bytes())]);
    std::os::unix::fs::symlink(outside.path().join("p.csv"), folder.path().join("p.csv")).unwrap();
    assert_eq!(faults_of_file(&path), [("HF027", "scenario.toml".to_string(), 20, 11)]);
}

#[test]
fn too_many_hubs_are_refused_without_delay() {
    let hub = |i: usize| format!("[[hub]]\nname = \"h{}\"\nshare = 0\nstaff = {{ nobody = 1 }}\n", i % 7);
    let many: String = (0..20_000).map(hub).collect();
    let found = text_of(edited("[role.carer]\n", &format!("{many}[role.carer]\n"))).unwrap_err();
    assert!(found.iter().any(|d| d.code == "HF014"));
}

proptest! {
    /// Cutting, doubling and moving pieces of a sound file gives a meaning or diagnostics that can be drawn.
    #[test]
    fn no_file_makes_the_reader_panic(from in 0..SOUND.len(), length in 0..60_usize, to in 0..SOUND.len(), piece in "[é\"\\[\\]{}=,.0-9a-z \n]{0,6}") {
        let mut text = SOUND.to_string();
        let moved = text[from..(from + length).min(SOUND.len())].to_string();
        text.insert_str(to, &moved);
        text.insert_str(from, &piece);
        let _ = text_of(text).map_err(|problems| render(&problems, true));
        let mut text = SOUND.to_string();
        text.replace_range(from..(from + length).min(SOUND.len()), &piece);
        let _ = text_of(text).map_err(|problems| render(&problems, true));
    }
}

#[test]
fn a_slip_in_a_key_shows_the_key_that_was_meant() {
    insta::assert_snapshot!(drawn(edited("run-length", "run-lenght")), @r#"
    error[HF007]: unknown key `run-lenght` in `experiment`
     --> scenario.toml:4:1
      |
    4 | run-lenght = "4 weeks"
      | ^^^^^^^^^^
      |
      = help: did you mean `run-length`?

    1 problem in scenario.toml; nothing was run
    "#);
}

#[test]
fn a_key_in_the_wrong_table_is_shown_its_home() {
    insta::assert_snapshot!(drawn(edited("share = 0.4\n", "share = 0.4\nadmin-share = 0.1\n")), @r#"
    error[HF007]: unknown key `admin-share` in `hub`
      --> scenario.toml:13:1
       |
    13 | admin-share = 0.1
       | ^^^^^^^^^^^
       |
       = help: `admin-share` belongs in `[role.NAME]`

    1 problem in scenario.toml; nothing was run
    "#);
}

#[test]
fn a_number_without_its_unit_shows_what_to_type() {
    insta::assert_snapshot!(drawn(edited("run-length = \"4 weeks\"", "run-length = 4")), @r#"
    error[HF010]: `run-length` must be a length of time with its unit, in quotes
     --> scenario.toml:4:14
      |
    4 | run-length = 4
      |              ^ no unit
      |
      = help: for example: `run-length = "52 weeks"`

    1 problem in scenario.toml; nothing was run
    "#);
}

#[test]
fn shares_that_do_not_add_up_show_their_sum() {
    insta::assert_snapshot!(drawn(edited("care = 0.3", "care = 0.2")), @r#"
    error[HF016]: the shares of `outcome` add up to 0.9, not 1
      --> scenario.toml:23:11
       |
    23 | outcome = { home = 0.7, care = 0.2 }
       |           ^^^^^^^^^^^^^^^^^^^^^^^^^^ 2 shares
       |
       = help: add 0.1 so that they add up to 1

    1 problem in scenario.toml; nothing was run
    "#);
}

#[test]
fn an_unknown_name_is_shown_once_with_all_its_places() {
    insta::assert_snapshot!(drawn(SOUND.replace("[role.nurse]", "[role.nurs]")), @r#"
    error[HF017]: there is no role called `nurse`
      --> scenario.toml:9:22
       |
     9 | staff = { carer = 4, nurse = { on-shift = 2 } }
       |                      ^^^^^
    ...
    13 | staff = { carer = 3, nurse = { on-shift = [{ name = "day", from = "08:00", to = "20:00", count = 2 }, { name = "night", from = 20:00...
       |                      ----- also here
    ...
    28 | staff = [{ role = "carer", length = "70 min" }, { role = "nurse", length = { gamma = { mean = "40 min", cv = 0.5 } } }]
       |                                                          ------- also here
       |
       = help: did you mean `nurs`?

    1 problem in scenario.toml; nothing was run
    "#);
}

#[test]
fn wte_without_shifts_offer_both_ways_out() {
    insta::assert_snapshot!(drawn(edited("nurse = { on-shift = 2 }", "nurse = 2")), @r#"
    error[HF025]: these WTE reach no shift: `role.nurse` has no `shifts`
     --> scenario.toml:9:30
      |
    9 | staff = { carer = 4, nurse = 2 }
      |                              ^ WTE in post
      |
      = help: give the role `shifts = [{ name = "day", from = "08:00", to = "20:00" }]`
      = help: or say how many are on shift: `nurse = { on-shift = 3 }`

    1 problem in scenario.toml; nothing was run
    "#);
}

#[test]
fn what_is_not_supported_yet_says_what_to_do_instead() {
    insta::assert_snapshot!(drawn(format!("{SOUND}[[neighbour]]\nhubs = [\"North\", \"South\"]\n")), @r#"
    error[HF013]: `neighbour` is not supported yet in this version
      --> scenario.toml:42:3
       |
    42 | [[neighbour]]
       |   ^^^^^^^^^
       |
       = help: leave it out; to study full sharing, describe the neighbours as one hub

    1 problem in scenario.toml; nothing was run
    "#);
}

#[test]
fn a_role_on_shift_nowhere_is_an_error() {
    let text = SOUND
        .replace("carer = 4", "carer = 0")
        .replace("carer = 3", "carer = 0");
    insta::assert_snapshot!(drawn(text), @r#"
    error[HF024]: response "joint" of pathway `crisis` needs `carer`, who is on shift at no hub
      --> scenario.toml:28:19
       |
    28 | staff = [{ role = "carer", length = "70 min" }, { role = "nurse", length = { gamma = { mean = "40 min", cv = 0.5 } } }]
       |                   ^^^^^^^ nobody can do this
       |
       = help: add to the hubs for example `staff = { carer = 3 }`

    1 problem in scenario.toml; nothing was run
    "#);
}

#[test]
fn warnings_do_not_stop_a_run() {
    let loaded = text_of(edited("staff = { carer = 3, nurse", "staff = { carer = 0, nurse")).unwrap();
    let warnings: Vec<_> = loaded.warnings.iter().cloned().collect();
    insta::assert_snapshot!(render(&warnings, false), @r#"
    warning[HF101]: response "joint" of pathway `crisis` needs `carer`, who is never on shift at South
      --> scenario.toml:28:19
       |
    28 | staff = [{ role = "carer", length = "70 min" }, { role = "nurse", length = { gamma = { mean = "40 min", cv = 0.5 } } }]
       |                   ^^^^^^^ waits there for ever
       |
       = help: give that hub staff of this role, or name another with `or`

    1 warning in scenario.toml
    "#);
}
