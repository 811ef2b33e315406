//! What the page answers: the same bytes as the command line, and files that can be mended.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::server::{Server, TINY, home};

/// The files below a folder, by path.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    fn walk(folder: &Path, prefix: &str, found: &mut BTreeMap<String, Vec<u8>>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = format!("{prefix}{}", path.file_name().unwrap().to_string_lossy());
            if path.is_dir() {
                walk(&path, &format!("{name}/"), found);
            } else {
                found.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    let mut found = BTreeMap::new();
    walk(folder, "", &mut found);
    found
}

/// JSON without what says how it was run.
fn same_part(bytes: &[u8]) -> Value {
    let mut value: Value = serde_json::from_slice(bytes).unwrap();
    let map = value.as_object_mut().unwrap();
    map.remove("command");
    map.remove("timing");
    value
}

/// The words of a command as a shell would take them.
fn words(command: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quote = None;
    for c in command.chars() {
        match (quote, c) {
            (None, ' ') => words.push(String::new()),
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if c == open => quote = None,
            (_, c) => words.last_mut().unwrap().push(c),
        }
    }
    words
}

/// The command that a page says gives the same again.
fn command_on(page: &str) -> String {
    let after = page.split("The command that gives the same: <code>").nth(1).unwrap();
    let command = after.split("</code>").next().unwrap();
    command
        .replace("&quot;", "\"")
        .replace("&amp;", "&")
        .replace("&gt;", ">")
        .replace("&lt;", "<")
}

/// Asks on the page, then gives the command that the page names, and compares every file.
fn is_what_the_command_gives(server: &Server, fields: &[(&str, &str)], results: &str) -> BTreeMap<String, Vec<u8>> {
    let run = server.ask("tiny.toml", fields);
    let page = server.finished(&run);
    let command = command_on(&page);
    let out = server.folder.join("again");
    let output = Command::new(env!("CARGO_BIN_EXE_homefirst"))
        .args(&words(&command)[1..])
        .arg("--out")
        .arg(&out)
        .current_dir(&server.folder)
        .output()
        .unwrap();
    assert!(
        [0, 4, 5].contains(&output.status.code().unwrap()),
        "{command}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    let (here, there) = (files(&server.folder.join("results").join(results)), files(&out));
    assert_eq!(
        here.keys().collect::<Vec<_>>(),
        there.keys().collect::<Vec<_>>(),
        "{command}"
    );
    for (name, bytes) in &here {
        if name.ends_with(".json") {
            assert_eq!(same_part(bytes), same_part(&there[name]), "{command}: {name}");
        } else {
            assert!(*bytes == there[name], "{command}: {name}");
        }
        // And downloaded they are the same.
        let parts: Vec<String> = name.split('/').map(|part| part.replace(' ', "%20")).collect();
        let reply = server.get(&format!("/results/{results}/{}", parts.join("/")));
        assert!(reply.status == 200 && reply.body == *bytes, "{name}");
    }
    fs::remove_dir_all(out).unwrap();
    here
}

const STAFF: (&str, &str) = ("staff:hub.North.staff.carer", "11.5");
const NURSES: (&str, &str) = ("staff:hub.\"South Coast\".staff.nurse.on-shift", "2");

/// What a report says first.
fn the_answer(report: &str) -> &str {
    let from = report.split("<div class=\"answer\">").nth(1).unwrap();
    from.split("</div>").next().unwrap()
}

#[test]
fn a_run_of_the_page_is_the_one_of_the_command_line() {
    let home = home();
    let server = Server::start(home.path());
    let demand = ("input:pathway.crisis.referrals", "12");
    let fields = [
        ("ask", "run"),
        STAFF,
        NURSES,
        demand,
        ("replications", "5"),
        ("seed", "11"),
    ];
    let files = is_what_the_command_gives(&server, &fields, "tiny-1");
    // What was changed has come through.
    let scenario = String::from_utf8(files["scenario.toml"].clone()).unwrap();
    for part in [
        "carer = 11.5",
        "on-shift = 2",
        "12 /day",
        "replications = 5",
        "seed = 11",
    ] {
        assert!(scenario.contains(part), "{part} in {scenario}");
    }
    // All in one: every file is in it, as it is.
    let all = server.get("/bundle/tiny-1").body;
    assert_eq!(&all[..4], b"PK\x03\x04");
    for (name, bytes) in &files {
        let whole = bytes.is_empty() || all.windows(bytes.len()).any(|part| part == bytes.as_slice());
        assert!(
            whole && all.windows(name.len()).any(|part| part == name.as_bytes()),
            "{name}"
        );
    }
    assert_eq!(server.get("/bundle/tiny-9").status, 404);
    // The page itself shows the figures of summary.csv: those of the report.
    let page = server.get("/runs/1").text();
    let report = String::from_utf8(files["report.html"].clone()).unwrap();
    let answer = the_answer(&report);
    assert!(page.contains(answer), "{answer}");
    for (table, _) in report.match_indices("<table") {
        let table = &report[table..table + report[table..].find("</table>").unwrap()];
        assert!(page.contains(table), "{table}");
    }
}

#[test]
fn nothing_changed_is_the_file_as_it_is() {
    let home = home();
    let server = Server::start(home.path());
    // As a browser sends it: every field with what it showed.
    let page = server.get("/scenario/tiny.toml").text();
    let shown: Vec<(String, String)> = page
        .split("<input ")
        .skip(1)
        .filter(|field| field.contains("data-low"))
        .map(|field| {
            let of = |key: &str| {
                let value = field.split(&format!("{key}=\"")).nth(1).unwrap();
                value.split('"').next().unwrap().replace("&quot;", "\"")
            };
            (of(" name"), of(" value"))
        })
        .collect();
    assert_eq!(shown.len(), 5);
    let mut fields: Vec<(&str, &str)> = shown.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    fields.extend([
        ("ask", "run"),
        ("replications", "6"),
        ("seed", "7"),
        ("precision", ""),
        ("other", ""),
    ]);
    let run = server.ask("tiny.toml", &fields);
    assert_eq!(command_on(&server.finished(&run)), "homefirst run tiny.toml");
}

#[test]
fn the_other_questions_are_those_of_the_command_line_too() {
    let home = home();
    fs::write(
        home.path().join("fewer referrals.toml"),
        "base = \"tiny.toml\"\ntitle = \"Fewer\"\n[experiment]\nseed = 3\n[pathway.crisis]\nreferrals = \"8 /day\"\n",
    )
    .unwrap();
    let server = Server::start(home.path());
    let fields = [
        ("ask", "compare"),
        STAFF,
        NURSES,
        ("option", "fewer referrals.toml"),
        ("replications", "4"),
    ];
    let files = is_what_the_command_gives(&server, &fields, "tiny-compared-1");
    assert!(
        files.contains_key("scenarios/with the changes.toml") && files.contains_key("scenarios/fewer referrals.toml")
    );
    is_what_the_command_gives(&server, &[("ask", "explain"), STAFF], "tiny-explained-1");
    let fields = [
        ("ask", "required"),
        NURSES,
        ("free:hub.*.staff.carer", "yes"),
        ("from:hub.*.staff.carer", "4"),
        ("to:hub.*.staff.carer", "12"),
        ("step:hub.*.staff.carer", "4"),
        ("level:crisis", "60"),
        ("tied:hub.*.staff.carer", "yes"),
        ("smallest", "yearly cost"),
        ("at", "overall"),
        ("confidence", "80"),
        ("most", "200"),
    ];
    is_what_the_command_gives(&server, &fields, "tiny-required-1");
    // Several beside each other, with the same numbers.
    server.finished(&server.ask("tiny.toml", &[("ask", "run")]));
    server.finished(&server.ask("tiny.toml", &[("ask", "run"), STAFF]));
    let page = server.get("/beside?run=4&run=5").text();
    let summary = |n: u32| fs::read_to_string(server.folder.join(format!("results/tiny-{n}/report.html"))).unwrap();
    for n in [1, 2] {
        let report = summary(n);
        let answer = the_answer(&report);
        assert!(page.contains(answer), "{answer}");
    }
    assert!(page.contains("Carer staff at North (WTE): 11.5") && page.contains("/results/tiny-2/charts/waits.svg"));
    assert!(server.get("/beside?run=4").text().contains("Choose two or three"));
    assert!(
        server
            .get("/beside?run=1&run=2&run=4&run=5")
            .text()
            .contains("The first three are shown")
    );
}

#[test]
fn a_broken_scenario_is_uploaded_mended_and_run() {
    let home = home();
    let server = Server::start(home.path());
    let broken = TINY
        .replace("share = 0.4", "share = 0.3")
        .replace("role = \"carer\"\nper-day", "role = \"carrer\"\nper-day");
    let page = server.upload("", &[("mine.toml", broken.as_bytes())]).leads_to();
    assert_eq!(page, "/scenario/mine.toml");
    let text = server.get(&page).text();
    let line = broken.lines().position(|l| l.contains("carrer")).unwrap() + 1;
    assert!(
        text.contains(&format!(
            "mine.toml, line <span data-line=\"{line}\">{line}</span>, column 8"
        )),
        "{text}"
    );
    assert!(
        text.contains("<mark>&quot;carrer&quot;</mark>") && text.contains("What to do: "),
        "{text}"
    );
    assert!(text.contains("per-day = 1"), "the text is there to be mended");
    // The same problems as in the terminal.
    let output = Command::new(env!("CARGO_BIN_EXE_homefirst"))
        .args(["check", "mine.toml"])
        .current_dir(home.path())
        .output()
        .unwrap();
    let terminal = String::from_utf8(output.stderr).unwrap();
    let codes = |text: &str| text.match_indices("HF0").count();
    assert!(codes(&text) == codes(&terminal) && codes(&text) > 0, "{terminal}");
    // It cannot be run before.
    let mended = TINY.replace('\n', "\r\n");
    let saved = server.post("/scenario/mine.toml/text", &[("text", &mended), ("as", "mine.toml")]);
    assert_eq!(saved.leads_to(), "/scenario/mine.toml");
    assert_eq!(fs::read_to_string(home.path().join("mine.toml")).unwrap(), TINY);
    let run = server.ask("mine.toml", &[("ask", "run"), ("replications", "2")]);
    assert!(server.finished(&run).contains("Open the report"));
    // What the page did not make is not written over.
    let taken = server.post("/scenario/tiny.toml/text", &[("text", "x"), ("as", "tiny.toml")]);
    assert_eq!(taken.status, 422);
    assert!(taken.text().contains("writes over nothing that it did not make") && taken.text().contains("tiny-2.toml"));
    assert_eq!(server.upload("", &[("tiny.toml", b"x")]).status, 409);
    assert_eq!(fs::read_to_string(home.path().join("tiny.toml")).unwrap(), TINY);
    // A data file goes where the scenario names it.
    let elsewhere = TINY.replace("profiles/week.csv", "weeks/week.csv");
    let week = fs::read(home.path().join("profiles/week.csv")).unwrap();
    let page = server
        .upload("weeks", &[("two.toml", elsewhere.as_bytes()), ("week.csv", &week)])
        .leads_to();
    assert!(server.get(&page).text().contains("What to ask"));
    // Not text at all.
    let page = server.upload("", &[("odd.toml", b"\xff\xfe\x00title")]).leads_to();
    assert!(server.get(&page).text().contains("cannot be read"));
}

#[test]
fn results_of_earlier_are_found_again() {
    let home = home();
    {
        let server = Server::start(home.path());
        server.finished(&server.ask("tiny.toml", &[("ask", "run"), ("replications", "2")]));
    }
    let server = Server::start(home.path());
    let page = server.get("/runs").text();
    assert!(
        page.contains("Nothing has been run") && page.contains("/results/tiny-1/report.html"),
        "{page}"
    );
    assert_eq!(server.get("/results/tiny-1/report.html").status, 200);
    server.finished(&server.ask("tiny.toml", &[("ask", "run"), ("replications", "2")]));
    assert!(home.path().join("results/tiny-2/summary.csv").is_file());
}

/// Two hundred browsers at once, while a run is simulated and others wait: each gets its page.
#[test]
fn two_hundred_requests_at_once_are_answered() {
    let home = home();
    let server = Server::start(home.path());
    let asked =
        ["2000", "2001", "2002", "2003"].map(|n| server.ask("tiny.toml", &[("ask", "run"), ("replications", n)]));
    let paths = [
        "/",
        "/scenario/tiny.toml",
        "/scenario/tiny.toml/text",
        "/runs",
        "/style.css",
    ];
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let asked: Vec<_> = (0..200)
            .map(|n| {
                scope.spawn({
                    let server = &server;
                    move || server.get(paths[n % paths.len()]).status
                })
            })
            .collect();
        asked.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert!(statuses.iter().all(|status| *status == 200), "{statuses:?}");
    for run in asked {
        server.post(&format!("{run}/cancel"), &[]);
    }
}
