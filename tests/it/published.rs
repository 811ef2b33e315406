//! Published months beside simulated ones: from CSV and from a workbook as NHS England publishes it, limits and rules, and faults.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use rust_xlsxwriter::{Workbook, Worksheet};
use serde_json::Value;
use tempfile::TempDir;

use crate::command::{ended, home, homefirst, run_json};

type Row = BTreeMap<String, String>;

fn records(path: &Path) -> Vec<Row> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    reader.deserialize().map(Result::unwrap).collect()
}

fn number(row: &Row, column: &str) -> f64 {
    row[column].parse().unwrap()
}

fn is(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-9, "{found} for {expected}");
}

/// A window of June 2020, all of it: one whole month.
const JUNE: [&str; 6] = [
    "run",
    "tiny.toml",
    "--replications",
    "8",
    "--set",
    "experiment.run-length=30 days",
];

/// By hand: 12 months of 78 and 80 per cent in turn, then 60. Mean (6 x 78 + 6 x 80 + 60) / 13 = 77.5385; ranges: eleven of 2, one of
/// 20: 42 / 12 = 3.5; limits 77.5385 ± 9.31 = 68.2285 and 86.8485. The last is below; nothing else is special: 78 and 80 are both
/// above the mean, all twelve of them, which is a shift.
const MONTHS: &str = "\
month,service_level
2023-01,78 %
2023-02,80 %
2023-03,78 %
2023-04,80 %
Apr-24,
May 2023,78%
Jun-23,0.80
2023-07,78 %
2023-08,80 %
2023-09,78 %
2023-10,80 %
2023-11,78 %
2023-12,80 %
2024-01,60 %
";

fn with_months() -> TempDir {
    let home = home();
    fs::write(home.path().join("months.csv"), MONTHS).unwrap();
    home
}

#[test]
fn published_months_stand_beside_simulated_ones_with_their_limits() {
    let home = with_months();
    let folder = home.path();
    ended(&homefirst(folder, &[&JUNE[..], &["--out", "without"]].concat()), 0);
    let asked = ["--published", "months.csv", "--published-for", "crisis"];
    let output = homefirst(folder, &[&JUNE[..], &asked].concat());
    ended(&output, 0);
    let said = String::from_utf8(output.stdout).unwrap().replace("\n  ", " ");
    assert!(
        said.contains("77.5 % on average over 13 months, January 2023 to January 2024"),
        "{said}"
    );
    assert!(said.contains("between 68.2 % and 86.8 %"), "{said}");
    assert!(said.contains("1 whole month in each of 8 replications"), "{said}");
    let results = folder.join("results/tiny");
    let rows = records(&results.join("published.csv"));
    assert_eq!(rows.len(), 13 + 5);
    for row in &rows[..13] {
        is(number(row, "mean_value"), 10.08 / 13.0);
        is(number(row, "lower_limit"), 10.08 / 13.0 - 2.66 * 0.035);
        is(number(row, "upper_limit"), 10.08 / 13.0 + 2.66 * 0.035);
        assert!(row["month"].as_str() < "2024-02" && row["pathway"] == "crisis");
    }
    let special: Vec<&str> = rows[..13].iter().map(|row| row["special_causes"].as_str()).collect();
    assert_eq!(special, [&["shift_up"; 12][..], &["outside_down"]].concat());
    assert_eq!(rows[0]["moving_range"], "");
    is(number(&rows[12], "moving_range"), 0.2);
    // The only whole month is the window: its service level by replication.
    let mut levels: Vec<f64> = records(&results.join("replications.csv"))
        .iter()
        .filter(|row| row["measure"] == "service_level" && row["hub"] == "all" && row["pathway"] == "crisis")
        .map(|row| number(row, "value"))
        .collect();
    levels.sort_by(f64::total_cmp);
    // The least at or below which so many of eight lie: the first, second, fourth, sixth and eighth.
    for (row, place) in rows[13..].iter().zip([0, 1, 3, 5, 7]) {
        assert_eq!(row["month"], "simulated");
        is(number(row, "value"), levels[place]);
    }
    // Nothing that is simulated has changed.
    let same =
        |name: &str| fs::read(results.join(name)).unwrap() == fs::read(folder.join("without").join(name)).unwrap();
    assert!(same("summary.csv") && same("monthly.csv"));
    let document = run_json(&results);
    assert_eq!(
        document["published"][0]["months"][12]["special_causes"][0],
        "outside_down"
    );
    assert_eq!(document["published"][0]["simulated_months"], 1);
    assert!(run_json(&folder.join("without"))["published"].is_null());
    let report = fs::read_to_string(results.join("report.html")).unwrap();
    let section = report
        .split("<section id=\"published\"")
        .nth(1)
        .unwrap()
        .split("</section>")
        .next()
        .unwrap();
    for part in [
        "<svg ",
        "below the lower limit",
        "one of seven or more above the mean",
        "Lower limit",
        "published.csv",
    ] {
        assert!(section.contains(part), "{part}");
    }
    assert!(
        results.join("charts/published_crisis.svg").is_file() && results.join("charts/published_crisis.png").is_file()
    );
    crate::charts::words_have_room(&results);
    assert!(report.contains("--published months.csv --published-for crisis</code>"));
}

#[test]
fn simulated_months_before_and_after_a_change_stand_apart() {
    let home = with_months();
    let folder = home.path();
    let asked = ["--published", "months.csv", "--published-for", "crisis"];
    ended(&homefirst(folder, &[&JUNE[..], &asked, &["--out", "june"]].concat()), 0);
    // Whoever comes in July and does not wait long keeps nobody of June waiting, so that June is the same.
    let tiny = fs::read_to_string(folder.join("tiny.toml")).unwrap();
    let change = "[[change]]\nfrom = 2020-07-01\npath = \"pathway.crisis.patience\"\n\
                  value = { exponential = { mean = \"2 h\" } }\n";
    fs::write(folder.join("july.toml"), format!("{tiny}{change}")).unwrap();
    let two_months = ["--replications", "8", "--set", "experiment.run-length=61 days"];
    let said = |file: &str| {
        let output = homefirst(folder, &[&["run", file], &two_months[..], &asked].concat());
        ended(&output, 0);
        String::from_utf8(output.stdout).unwrap().replace("\n  ", " ")
    };
    assert!(!said("tiny.toml").contains("before July 2020"));
    let rows = records(&folder.join("june/published.csv"));
    let [low, middle, high] = [13, 15, 17].map(|row: usize| number(&rows[row], "value") * 100.0);
    let june =
        format!("before July 2020 half are above {middle:.1} %, and 8 in 10 between {low:.1} % and {high:.1} %;");
    let said = said("july.toml");
    assert!(
        said.contains(&june) && said.contains("from July 2020 on half are above"),
        "{june}: {said}"
    );
    let chart = fs::read_to_string(folder.join("results/july/charts/published_crisis.svg")).unwrap();
    assert!(chart.contains("before Jul 2020") && chart.contains("from Jul 2020"));
}

#[test]
fn what_cannot_be_shown_is_said_with_what_to_do() {
    let home = with_months();
    let folder = home.path();
    let write = |name: &str, text: &str| fs::write(folder.join(name), text).unwrap();
    write("wrong.csv", "month,service_level\n2024-01,79\n");
    write(
        "other.csv",
        "month,pathway,service_level\n2024-01,crises,0.79\n2024-02,crises,0.79\n2024-03,crises,0.8\n",
    );
    write("text.xlsx", "month,service_level\n");
    write("months.ods", "");
    for (more, said) in [
        (
            &["--published", "months.csv"][..],
            "does not say of which pathway its figures are; say --published-for and one of these: crisis, care",
        ),
        (
            &["--published", "months.csv", "--published-for", "crises"],
            "there is no pathway `crises` with a standard",
        ),
        (
            &["--published", "other.csv"],
            "there is no pathway `crises` with a standard",
        ),
        (
            &["--published", "other.csv", "--published-for", "crisis"],
            "leave --published-for out",
        ),
        (
            &["--published", "wrong.csv", "--published-for", "crisis"],
            "line 2: `79` is no share; write 79 % or 0.79",
        ),
        (&["--published", "none.csv"], "there is no such file"),
        (&["--published", "months.ods"], "NHS England's workbook (.xlsx)"),
        (
            &["--published", "months.csv", "--organisation", "X"],
            "leave --organisation out",
        ),
        (
            &["--published", "text.xlsx", "--organisation", "X"],
            "it cannot be read as a workbook",
        ),
    ] {
        let output = homefirst(folder, &[&["run", "tiny.toml"], more].concat());
        ended(&output, 3);
        let err = String::from_utf8(output.stderr).unwrap();
        assert!(err.replace("\n  ", " ").contains(said), "{more:?}: {err}");
        assert!(err.lines().all(|line| line.chars().count() <= 80), "{err}");
    }
    ended(&homefirst(folder, &["run", "tiny.toml", "--organisation", "X"]), 2);
    assert!(!folder.join("results").exists());
}

/// A workbook in the layout of those that are published: a title and notes, in row 6 the headings, below a row an organisation.
fn workbook(path: &Path, sheet_name: &str) {
    let mut book = Workbook::new();
    book.add_worksheet().set_name("Contents").unwrap();
    let sheet: &mut Worksheet = book.add_worksheet().set_name(sheet_name).unwrap();
    sheet
        .write(
            0,
            0,
            "Table 1: Percentage of 2-hour UCR referrals that achieved the 2-hour standard",
        )
        .unwrap();
    sheet.write(2, 0, "Source: Community Services Data Set").unwrap();
    let headings = [
        "ODS Code",
        "Organisation Name",
        "Organisation Type",
        "Apr-24",
        "May-24",
        "Jun-24",
        "Jul-24",
        "Aug-24 (provisional)",
    ];
    for (column, heading) in (0..).zip(headings) {
        sheet.write(5, column, heading).unwrap();
    }
    let rows = [
        (
            "",
            "National",
            "National",
            [Some(0.84), Some(0.85), Some(0.83), Some(0.84), Some(0.85)],
        ),
        (
            "QK1",
            "NHS LEICESTER, LEICESTERSHIRE AND RUTLAND ICB",
            "ICB",
            [Some(0.88), Some(0.87), Some(0.9), Some(0.89), Some(0.86)],
        ),
        (
            "RT5",
            "LEICESTERSHIRE PARTNERSHIP NHS TRUST",
            "Provider",
            [Some(0.91), None, Some(0.93), Some(0.92), Some(0.9)],
        ),
        ("AAA", "TWICE", "ICB", [Some(0.5); 5]),
        ("BBB", "TWICE", "Provider", [Some(0.6); 5]),
    ];
    for (row, (code, name, kind, values)) in (6..).zip(rows) {
        for (column, text) in [code, name, kind].into_iter().enumerate() {
            sheet.write(row, u16::try_from(column).unwrap(), text).unwrap();
        }
        for (column, value) in (3..).zip(values) {
            match value {
                Some(value) => sheet.write(row, column, value).unwrap(),
                None => sheet.write(row, column, "*").unwrap(),
            };
        }
    }
    book.save(path).unwrap();
}

#[test]
fn the_row_of_an_organisation_is_found_in_the_workbook_by_name_or_code() {
    let home = home();
    let folder = home.path();
    workbook(&folder.join("ucr.xlsx"), "Table 1");
    let shown = |organisation: &str| {
        let words = [
            "run",
            "tiny.toml",
            "--replications",
            "2",
            "--published",
            "ucr.xlsx",
            "--organisation",
            organisation,
        ];
        ended(&homefirst(folder, &words), 0);
        records(&folder.join("results/tiny/published.csv"))
    };
    // Of the two-hour standard: the pathway is plain.
    let rows = shown("rt5");
    let found: Vec<(&str, f64)> = rows
        .iter()
        .map(|row| (row["month"].as_str(), number(row, "value")))
        .collect();
    // No whole month is simulated, and May was not published.
    assert_eq!(
        found,
        [
            ("2024-04", 0.91),
            ("2024-06", 0.93),
            ("2024-07", 0.92),
            ("2024-08", 0.9)
        ]
    );
    assert!(
        rows.iter()
            .all(|row| row["pathway"] == "crisis" && row["organisation"] == "LEICESTERSHIRE PARTNERSHIP NHS TRUST")
    );
    let report = fs::read_to_string(folder.join("results/tiny/report.html")).unwrap();
    for said in [
        "1 month between them was not published",
        "limits are on trial",
        "No whole month was simulated",
    ] {
        assert!(report.contains(said), "{said}");
    }
    assert!(report.contains("--published ucr.xlsx --organisation rt5</code>"));
    assert_eq!(shown("Leicestershire Partnership NHS Trust"), rows);
    is(number(&shown("national")[0], "value"), 0.84);
}

#[test]
fn a_workbook_without_the_row_or_the_sheet_is_refused_with_what_is_there() {
    let home = home();
    let folder = home.path();
    workbook(&folder.join("ucr.xlsx"), "Table 1");
    workbook(&folder.join("other.xlsx"), "Figures");
    let mut plain = Workbook::new();
    let sheet = plain.add_worksheet().set_name("Table 1").unwrap();
    sheet.write(0, 0, "ODS Code").unwrap();
    plain.save(folder.join("plain.xlsx")).unwrap();
    for (file, organisation, said) in [
        ("ucr.xlsx", None, "say whose with --organisation"),
        (
            "ucr.xlsx",
            Some("Partnership"),
            "perhaps LEICESTERSHIRE PARTNERSHIP NHS TRUST (RT5)",
        ),
        (
            "ucr.xlsx",
            Some("LEICESTERSHIRE PARTNERSHP TRUST"),
            "perhaps LEICESTERSHIRE PARTNERSHIP NHS TRUST (RT5)",
        ),
        (
            "ucr.xlsx",
            Some("Twice"),
            "2 rows are called `Twice`; say the ODS code instead",
        ),
        ("other.xlsx", Some("RT5"), "it has no sheet `Table 1`"),
        (
            "plain.xlsx",
            Some("RT5"),
            "no row has the columns `ODS Code` and `Organisation Name`",
        ),
    ] {
        let mut words = vec!["run", "tiny.toml", "--published", file];
        words.extend(organisation.iter().flat_map(|name| ["--organisation", name]));
        let output = homefirst(folder, &words);
        ended(&output, 3);
        let err = String::from_utf8(output.stderr).unwrap().replace("\n  ", " ");
        assert!(err.contains(said), "{file} {organisation:?}: {err}");
    }
    assert!(!folder.join("results").exists());
}

#[test]
fn several_pathways_come_from_one_table_and_into_one_document() {
    let home = home();
    let month = |n: u32| format!("2024-0{n},crisis,0.7{n}\n2024-0{n},care,0.9{n}\n");
    let rows: String = (1..=4).map(month).collect();
    fs::write(
        home.path().join("both.csv"),
        format!("month,pathway,service_level\n{rows}"),
    )
    .unwrap();
    let output = homefirst(
        home.path(),
        &[
            "run",
            "tiny.toml",
            "--replications",
            "2",
            "--published",
            "both.csv",
            "--json",
        ],
    );
    ended(&output, 0);
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    let published = document["published"].as_array().unwrap();
    assert_eq!(
        (published.len(), &published[0]["pathway"], &published[1]["pathway"]),
        (2, &Value::from("crisis"), &Value::from("care"))
    );
    is(published[1]["mean_value"].as_f64().unwrap(), 0.925);
    // 0.925 + 2.66 x 0.01 is below 1; as reckoned.
    is(published[1]["upper_limit"].as_f64().unwrap(), 0.9516);
}
