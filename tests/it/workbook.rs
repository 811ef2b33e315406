//! The same numbers everywhere: the workbook and the reports against the CSV files beside them, read back by other programs, and
//! one report of several folders. (That the local page has the tables of the report is a test of `tests/web`.)

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use calamine::{Data, Range, Reader as _, Xlsx, open_workbook};
use homefirst::output::workbook::{NAME, SHEETS};
use tempfile::TempDir;

use crate::command::{ended, home, homefirst};
use crate::required::stationary;

/// A run, and a comparison with two options, in one folder.
static RESULTS: LazyLock<TempDir> = LazyLock::new(|| {
    let home = home();
    let folder = home.path();
    ended(&homefirst(folder, &["run", "tiny.toml", "--out", "run"]), 0);
    let compare = [
        "compare",
        "tiny.toml",
        "--option",
        "more: hub.North.staff.carer=12",
        "--option",
        "busier: pathway.crisis.referrals=12 /day",
        "--out",
        "compare",
    ];
    ended(&homefirst(folder, &compare), 0);
    home
});

fn folder(name: &str) -> PathBuf {
    RESULTS.path().join(name)
}

/// A CSV file: its header and its records.
fn csv(path: &Path) -> (Vec<String>, Vec<Vec<String>>) {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let words = |record: &csv::StringRecord| record.iter().map(str::to_owned).collect::<Vec<_>>();
    let header = words(reader.headers().unwrap());
    (header, reader.records().map(|record| words(&record.unwrap())).collect())
}

fn sheet(folder: &Path, name: &str) -> Range<Data> {
    let mut book: Xlsx<_> = open_workbook(folder.join(NAME)).unwrap();
    book.worksheet_range(name).unwrap()
}

fn at(range: &Range<Data>, row: usize, column: usize) -> Data {
    let place = (u32::try_from(row).unwrap(), u32::try_from(column).unwrap());
    range.get_value(place).cloned().unwrap_or(Data::Empty)
}

#[test]
fn every_number_of_the_workbook_is_that_of_its_csv_file() {
    for (results, own) in [("run", 9), ("compare", 1)] {
        let folder = folder(results);
        let (mut tables, mut numbers) = (0, 0);
        for (file, name, _) in SHEETS {
            if !folder.join(file).is_file() {
                continue;
            }
            tables += 1;
            let (header, records) = csv(&folder.join(file));
            let range = sheet(&folder, name);
            for (column, heading) in header.iter().enumerate() {
                assert_eq!(at(&range, 0, column), Data::String(heading.clone()), "{file}");
            }
            assert!(at(&range, records.len() + 1, 0) == Data::Empty, "{file} has more rows");
            for (row, record) in records.iter().enumerate() {
                for (column, text) in record.iter().enumerate() {
                    match at(&range, row + 1, column) {
                        Data::Float(number) => {
                            assert_eq!(text.parse::<f64>().unwrap().to_bits(), number.to_bits(), "{file} {row}");
                            numbers += 1;
                        }
                        Data::String(found) => {
                            assert_eq!(found, *text, "{file} {row}");
                            // What is measured is a number in a workbook, never text that looks like one.
                            let measured = ["mean", "half_width", "low", "high", "value", "hour"];
                            assert!(!measured.contains(&header[column].as_str()), "{file} {row} {text}");
                        }
                        Data::Empty => assert!(text.is_empty(), "{file} {row} {column}: {text}"),
                        other => panic!("{file} {row} {column}: {other:?} for {text}"),
                    }
                }
            }
        }
        // All but the longest tables, of single replications and of the causes of single hours, are in it.
        let left_out = ["replications.csv", "causes_hourly.csv"];
        let there = fs::read_dir(&folder).unwrap();
        let there = there.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let there = there.filter(|name| name.ends_with(".csv") && !left_out.contains(&name.as_str()));
        assert_eq!((tables, tables), (own, there.count()), "{results}");
        assert!(numbers > 500, "{numbers}");
    }
}

#[test]
fn sheets_with_charts_have_the_numbers_of_the_tables() {
    let (_, records) = csv(&folder("run").join("summary.csv"));
    let range = sheet(&folder("run"), "Headlines");
    let mut found = 0;
    for row in 1..range.height() {
        let words = [at(&range, row, 0), at(&range, row, 1)].map(|cell| cell.to_string());
        let hub = if words[1] == "All hubs" { "all" } else { &words[1] };
        for (measure, columns) in [
            ("service_level", &[(4, 6), (5, 7), (6, 8), (7, 9)][..]),
            ("referrals", &[(3, 6)]),
        ] {
            let record = records
                .iter()
                .find(|r| r[1] == hub && r[2] == words[0].to_lowercase() && r[3] == "all" && r[4] == measure)
                .unwrap_or_else(|| panic!("{words:?} {measure}"));
            for &(column, of) in columns {
                assert_eq!(
                    at(&range, row, column),
                    Data::Float(record[of].parse().unwrap()),
                    "{words:?}"
                );
                found += 1;
            }
        }
    }
    // Two standards, two hubs and both together.
    assert_eq!(found, 2 * 3 * 5);
    let (_, records) = csv(&folder("compare").join("compare.csv"));
    let range = sheet(&folder("compare"), "Options");
    let levels: Vec<_> = records.iter().filter(|r| r[5] == "service_level").collect();
    assert_eq!(range.height() - 1, levels.len());
    for row in 1..range.height() {
        let [pathway, hub, option] = [0, 1, 2].map(|column| at(&range, row, column).to_string());
        let hub = if hub == "All hubs" { "all" } else { &hub };
        let own = levels
            .iter()
            .find(|r| r[1] == option && r[2] == hub && r[3] == pathway.to_lowercase());
        for (column, of) in [(3, 7), (4, 8), (5, 9), (6, 15), (7, 16)] {
            let text = &own.unwrap()[of];
            let wanted = text.parse().map_or(Data::Empty, Data::Float);
            assert_eq!(at(&range, row, column), wanted, "{pathway} {hub} {option} {column}");
        }
    }
}

/// A number as it stands in a table, with its unit behind it if it has one.
fn number_of(text: &str) -> Data {
    let word = text.split_once(' ').map_or(text, |(number, _)| number);
    word.parse().map_or(Data::Empty, Data::Float)
}

/// The sheet that has the chart of a question: after its heading so many columns of words, then the numbers of each row.
#[track_caller]
fn has_rows(folder: &Path, name: &str, words: usize, wanted: &[Vec<&str>]) {
    let range = sheet(folder, name);
    assert_eq!((range.height() - 1, wanted.is_empty()), (wanted.len(), false), "{name}");
    for (row, wanted) in wanted.iter().enumerate() {
        let found: Vec<Data> = (0..wanted.len()).map(|n| at(&range, row + 1, words + n)).collect();
        let wanted: Vec<Data> = wanted.iter().map(|text| number_of(text)).collect();
        assert_eq!(found, wanted, "{name}, row {row}");
    }
    // The names of its parts stand in the file as they are: one of the tables, and one of a chart.
    let bytes = fs::read(folder.join(NAME)).unwrap();
    let has = |part: &[u8]| bytes.windows(part.len()).any(|found| found == part);
    assert!(
        has(b"xl/charts/chart1.xml") && has(b"xl/worksheets/sheet1.xml"),
        "{name}"
    );
}

#[test]
fn sheets_of_the_other_questions_have_the_numbers_of_their_tables() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    let unknown = |path: &str, from: &str, to: &str| {
        format!("[[unknown]]\npath = \"{path}\"\nfrom = \"{from}\"\nto = \"{to}\"\n")
    };
    let two = stationary(&[40.0, 21.6], 6)
        + &unknown("hub.H0.referrals.urgent", "16 /day", "44 /day")
        + &unknown("hub.H1.referrals.urgent", "18 /day", "30 /day");
    let reported = "[[observed]]\nmeasure = \"service_level\"\npathway = \"urgent\"\nvalue = 0.8\nreferrals = 900\nsource = \"nobody\"\n";
    fs::write(home.join("two.toml"), two + reported).unwrap();
    let ask = |words: &[&str]| {
        let out = words[0];
        let output = homefirst(home, &[words, &["--out", out]].concat());
        assert!(matches!(output.status.code(), Some(0 | 5)), "{output:?}");
        let (header, records) = csv(&home.join(out).join(format!("{out}.csv")));
        (home.join(out), header, records)
    };
    let column = |header: &[String], name: &str| header.iter().position(|h| h == name).unwrap();

    let (folder, header, records) = ask(&["required", "two.toml"]);
    let (before, number) = (column(&header, "before"), column(&header, "number"));
    let rows = records.iter().map(|r| vec![r[before].as_str(), &r[number]]);
    has_rows(&folder, "Staff needed", 1, &rows.collect::<Vec<_>>());

    let more = [
        "--extra",
        "worker=4",
        "--replications",
        "4",
        "--search-replications",
        "3",
    ];
    let (folder, header, records) = ask(&[&["allocate", "two.toml"], &more[..]].concat());
    let curve = records.iter().filter(|r| {
        [
            ("placement", "curve"),
            ("hub", "all"),
            ("pathway", "urgent"),
            ("measure", "service_level"),
        ]
        .iter()
        .all(|(name, word)| r[column(&header, name)] == *word)
    });
    let rows = curve.map(|r| {
        ["extra", "mean", "half_width"]
            .map(|name| r[column(&header, name)].as_str())
            .to_vec()
    });
    has_rows(&folder, "More staff", 1, &rows.collect::<Vec<_>>());

    let (folder, header, records) = ask(&["sensitivity", "two.toml", "--replications", "3", "--points", "20"]);
    let measure = column(&header, "measure");
    let of = |name: &str| {
        let own = records.iter().filter(|r| r[measure] == name);
        own.collect::<Vec<_>>()
    };
    let (mean, half) = (column(&header, "mean"), column(&header, "half_width"));
    let ends = of("at_low_points").into_iter().zip(of("at_high_points"));
    let rows = ends.map(|(low, high)| vec![low[mean].as_str(), &low[half], &high[mean], &high[half]]);
    has_rows(&folder, "Inputs one at a time", 4, &rows.collect::<Vec<_>>());

    let few = [
        "--points",
        "8",
        "--waves",
        "2",
        "--precision",
        "3 points",
        "--replications",
        "60",
    ];
    let (folder, header, records) = ask(&[&["calibrate", "two.toml"], &few[..]].concat());
    let inputs: Vec<usize> = (0..header.len()).filter(|n| header[*n] != "weight").collect();
    let rows = records.iter().map(|r| inputs.iter().map(|n| r[*n].as_str()).collect());
    has_rows(&folder, "Inputs that fit", 0, &rows.collect::<Vec<_>>());
}

#[test]
fn the_same_run_has_the_same_workbook() {
    let other = home();
    ended(
        &homefirst(other.path(), &["run", "tiny.toml", "--out", "run", "--threads", "1"]),
        0,
    );
    let bytes = |folder: &Path| fs::read(folder.join(NAME)).unwrap();
    assert!(bytes(&other.path().join("run")) == bytes(&folder("run")));
}

/// The tables of a report by their captions: rows of cells without markup.
fn tables(html: &str) -> BTreeMap<String, Vec<Vec<String>>> {
    let bare = |html: &str| {
        let mut text = String::new();
        let mut inside = false;
        for c in html.chars() {
            match c {
                '<' => inside = true,
                '>' => inside = false,
                _ if !inside => text.push(c),
                _ => {}
            }
        }
        text.replace("&amp;", "&").replace('\u{a0}', " ")
    };
    let table = |table: &str| {
        let (caption, body) = table
            .split_once("<caption>")
            .unwrap()
            .1
            .split_once("</caption>")
            .unwrap();
        let body = body.split_once("<tbody>").unwrap().1;
        let rows = body.split("<tr").skip(1).map(|row| {
            let cells = row.split("</td>").flat_map(|cell| cell.split("</th>"));
            cells
                .map(|cell| bare(cell.split_once('>').map_or("", |(_, cell)| cell)))
                .collect()
        });
        (bare(caption), rows.collect())
    };
    html.split("<table").skip(1).map(table).collect()
}

/// The numbers in a cell, each with how far the number that it stands for may be from it.
fn shown(cell: &str) -> Vec<(f64, f64)> {
    let words = cell.split_whitespace();
    let numbers = words.filter_map(|word| {
        let word = word
            .trim_matches([',', '(', ')'])
            .replace(',', "")
            .replace('\u{2212}', "-");
        let number: f64 = word.parse().ok()?;
        let digits = word.split_once('.').map_or(0, |(_, digits)| digits.len());
        Some((number, (0..digits).fold(0.5, |half, _| half / 10.0) + 1e-9))
    });
    numbers.collect()
}

#[track_caller]
fn agrees(cell: &str, wanted: &[f64]) {
    let found = shown(cell);
    assert_eq!(found.len(), wanted.len(), "{cell}");
    // A number that is not known to one is shown in tens or hundreds, and so is its ±.
    let mut tens = 1.0;
    while !cell.contains(['%', '.'])
        && found
            .iter()
            .all(|(number, _)| *number >= 10.0 * tens && (number % (10.0 * tens)).abs() < 1e-9)
    {
        tens *= 10.0;
    }
    for (n, ((number, half), wanted)) in found.iter().zip(wanted).enumerate() {
        // An end that stands alone is rounded away from the estimate.
        let far = if n == 1 && cell.contains(", at ") { 2.0 } else { tens };
        assert!((number - wanted).abs() <= far * half, "{cell}: {wanted}");
    }
}

#[test]
fn the_report_has_the_numbers_of_the_csv_files() {
    let (_, records) = csv(&folder("run").join("summary.csv"));
    let report = fs::read_to_string(folder("run").join("report.html")).unwrap();
    let mut compared = 0;
    for (caption, rows) in tables(&report) {
        let pathway = ["crisis", "care"]
            .into_iter()
            .find(|name| caption.to_lowercase().starts_with(&format!("{name}: ")) && caption.contains("; target"));
        let Some(pathway) = pathway else { continue };
        for row in rows {
            let hub = if row[0] == "All hubs" { "all" } else { &row[0] };
            let get = |measure: &str, column: usize| {
                let mut own = records.iter();
                let own = own.find(|r| r[1] == hub && r[2] == pathway && r[3] == "all" && r[4] == measure);
                own.unwrap()[column].parse::<f64>().unwrap()
            };
            agrees(&row[1], &[get("referrals", 6), get("referrals", 7)]);
            // Where all or none are in time, the other end of the interval stands for ±.
            let other = match row[2].split_once(", at ") {
                Some((_, end)) if end.starts_with("least") => 8,
                Some(_) => 9,
                None => 7,
            };
            agrees(
                &row[2],
                &[get("service_level", 6) * 100.0, get("service_level", other) * 100.0],
            );
            let scale = if pathway == "care" { 60.0 } else { 1.0 };
            // Where one end is farther than the other, both stand for ±.
            let columns: &[usize] = if row[3].contains(" to ") { &[6, 8, 9] } else { &[6, 7] };
            let numbers: Vec<f64> = columns
                .iter()
                .map(|column| get("wait_p90_min", *column) / scale)
                .collect();
            agrees(&row[3], &numbers);
            compared += 1;
        }
    }
    assert_eq!(compared, 2 * 3);
    let (_, records) = csv(&folder("compare").join("compare.csv"));
    let report = fs::read_to_string(folder("compare").join("report.html")).unwrap();
    let mut compared = 0;
    for (caption, rows) in tables(&report) {
        let pathway = ["crisis", "care"]
            .into_iter()
            .find(|name| caption.to_lowercase().starts_with(&format!("{name}: ")) && caption.ends_with(", all hubs"));
        let Some(pathway) = pathway else { continue };
        for row in rows.iter().skip(1) {
            let mut own = records.iter();
            let own = own.find(|r| r[1] == row[0] && r[2] == "all" && r[3] == pathway && r[5] == "service_level");
            let number = |column: usize| own.unwrap()[column].parse::<f64>().unwrap() * 100.0;
            agrees(&row[1], &[number(8)]);
            let half = (number(16) - number(15)) / 2.0;
            if row[2] != "the same" {
                agrees(row[2].trim_end_matches(", not detectable"), &[number(9), half]);
            }
            compared += 1;
        }
    }
    assert_eq!(compared, 2 * 2);
}

#[test]
fn one_report_has_the_tables_of_all_its_folders() {
    let home = RESULTS.path();
    let report = homefirst(
        home,
        &[
            "report",
            "run",
            "compare",
            "--out",
            "joint.html",
            "--title",
            "To the committee",
        ],
    );
    ended(&report, 0);
    let joint = fs::read_to_string(home.join("joint.html")).unwrap();
    assert!(joint.contains("<h1>To the committee</h1>") && !joint.contains("not all of the same service"));
    for part in ["run", "compare"] {
        let own = fs::read_to_string(home.join(part).join("report.html")).unwrap();
        for table in own.split("<table").skip(1) {
            let body = table.split_once("<tbody>").unwrap().1.split_once("</tbody>").unwrap().0;
            assert!(joint.contains(body), "{part}: {body}");
        }
        assert!(own.contains("id=\"recommendation-heading\"") && own.contains("<caption>Who answers for this work"));
        assert!(own.contains("6. Code access") && own.contains(">Assumptions book</h2>"));
    }
    let parts = [
        "purpose",
        "position",
        "options",
        "limits",
        "recommendation",
        "assumptions",
        "method",
        "quality",
    ];
    let places = parts.map(|part| joint.find(&format!("<section id=\"{part}\"")).unwrap_or(0));
    assert!(places[0] > 0 && places.is_sorted(), "{places:?}");
    // Again in its own place, but not in the place of something else.
    ended(&homefirst(home, &["report", "compare", "--out", "joint.html"]), 0);
    fs::write(home.join("minutes.html"), "minutes").unwrap();
    ended(&homefirst(home, &["report", "run", "--out", "minutes.html"]), 2);
    assert_eq!(fs::read_to_string(home.join("minutes.html")).unwrap(), "minutes");
    // What is no results folder is a slip of the command line.
    ended(&homefirst(home, &["report", "nowhere"]), 2);
    ended(&homefirst(home, &["report", "minutes.html"]), 2);
    ended(&homefirst(home, &["report", "joint.html"]), 2);
    let left = fs::read_dir(home).unwrap().map(|entry| entry.unwrap().file_name());
    assert!(left.into_iter().all(|name| !name.to_string_lossy().starts_with('.')));
}

/// A number as `LibreOffice` writes it: a share with its sign of per cent, pounds with theirs.
fn number(text: &str) -> Option<f64> {
    match text.strip_suffix('%') {
        Some(percent) => percent.parse().ok().map(|n: f64| n / 100.0),
        None => text.trim_start_matches('£').parse().ok(),
    }
}

#[test]
fn libreoffice_opens_the_workbook() {
    let home = tempfile::tempdir().unwrap();
    let profile = format!("-env:UserInstallation=file://{}", home.path().join("profile").display());
    // Every sheet, with numbers in full.
    let form = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1";
    let mut command = Command::new("soffice");
    command.args([&profile, "--headless", "--convert-to", form, "--outdir"]);
    command.arg(home.path()).arg(folder("run").join(NAME));
    let Ok(output) = command.output() else {
        println!(
            "Left out: LibreOffice (soffice) is not installed, so that nothing has opened the workbook but our own reader."
        );
        return;
    };
    assert!(output.status.success(), "{output:?}");
    for (file, name, _) in SHEETS {
        if !folder("run").join(file).is_file() {
            continue;
        }
        let (_, wanted) = csv(&folder("run").join(file));
        let (_, found) = csv(&home.path().join(format!("results-{name}.csv")));
        assert_eq!(wanted.len(), found.len(), "{file}");
        for (wanted, found) in wanted.iter().flatten().zip(found.iter().flatten()) {
            match (wanted.parse::<f64>(), number(found)) {
                // It writes fifteen digits.
                (Ok(wanted), Some(found)) => assert!((wanted - found).abs() <= 1e-13 * wanted.abs(), "{file}: {found}"),
                _ => assert_eq!(wanted, found, "{file}"),
            }
        }
    }
}
