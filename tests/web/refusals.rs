//! What the page does not do.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::server::{Server, TINY, home};

/// A run that would take very long.
const LONG: [(&str, &str); 2] = [("ask", "run"), ("replications", "100000")];

#[test]
fn other_hosts_and_other_pages_are_refused() {
    let home = home();
    let server = Server::start(home.path());
    let ours = server.host();
    let port = server.port;
    assert_eq!(server.get("/").status, 200);
    assert_eq!(
        server
            .raw("GET", "/", &[("Host", &format!("localhost:{port}"))], b"")
            .status,
        200
    );
    // A name that somebody has made lead here.
    let foreign = format!("planner.example:{port}");
    for host in [foreign.as_str(), "127.0.0.1", "localhost:1", "169.254.169.254"] {
        let reply = server.raw("GET", "/", &[("Host", host)], b"");
        assert_eq!(reply.status, 403, "{host}");
        assert!(!reply.text().contains("tiny.toml"), "{host}");
    }
    assert!(server.raw("GET", "/", &[], b"").status >= 400);
    assert_eq!(
        server
            .raw("GET", "/", &[("Host", &ours), ("Host", "x.example")], b"")
            .status
            / 100,
        4
    );
    // Another page makes this browser send a form.
    let form = b"shipped=winter.toml";
    let length = form.len().to_string();
    let kind = "application/x-www-form-urlencoded";
    let base = [
        ("Host", ours.as_str()),
        ("Content-Type", kind),
        ("Content-Length", length.as_str()),
    ];
    for origin in [
        None,
        Some("null"),
        Some("http://planner.example"),
        Some("http://127.0.0.1:1"),
    ] {
        let headers: Vec<(&str, &str)> = base.into_iter().chain(origin.map(|o| ("Origin", o))).collect();
        assert_eq!(server.raw("POST", "/shipped", &headers, form).status, 403, "{origin:?}");
    }
    assert!(!home.path().join("winter.toml").exists());
    let origin = format!("http://{ours}");
    let headers: Vec<(&str, &str)> = base.into_iter().chain([("Origin", origin.as_str())]).collect();
    assert_eq!(server.raw("POST", "/shipped", &headers, form).status, 303);
    assert!(home.path().join("winter.toml").exists());
}

#[test]
fn pages_may_fetch_nothing_from_elsewhere() {
    let home = home();
    let server = Server::start(home.path());
    for path in ["/", "/runs", "/scenario/tiny.toml", "/nothing"] {
        let reply = server.get(path);
        let policy = reply.header("content-security-policy").unwrap();
        assert!(
            policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self';"),
            "{policy}"
        );
        assert_eq!(reply.header("x-content-type-options"), Some("nosniff"));
        let text = reply.text();
        for fetched in ["src=\"http", "href=\"http", "url(", "@import", "style=\"", " onclick"] {
            assert!(!text.contains(fetched), "{path}: {fetched}");
        }
    }
    let file = server.get("/scenario/tiny.toml/file");
    assert!(file.header("content-security-policy").unwrap().contains("sandbox"));
    assert_eq!(file.text(), TINY);
}

#[test]
fn nothing_outside_of_the_folder_is_read() {
    let around = tempfile::tempdir().unwrap();
    fs::write(around.path().join("secret.toml"), TINY.replace("tiny", "secret")).unwrap();
    let inside = around.path().join("inside");
    fs::create_dir_all(inside.join("results/one/charts")).unwrap();
    fs::write(inside.join("results/one/report.html"), "a report").unwrap();
    fs::write(inside.join("notes.txt"), "secret notes").unwrap();
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(around.path().join("secret.toml"), inside.join("link.toml")).unwrap();
        std::os::unix::fs::symlink(around.path(), inside.join("results/out")).unwrap();
        std::os::unix::fs::symlink(around.path().join("secret.toml"), inside.join("results/one/link.toml")).unwrap();
    }
    let server = Server::start(&inside);
    assert_eq!(server.get("/results/one/report.html").text(), "a report");
    for path in [
        "/scenario/..%2Fsecret.toml",
        "/scenario/..%2Fsecret.toml/file",
        "/scenario/..%5Csecret.toml",
        "/scenario/../secret.toml",
        "/scenario/%2e%2e%2fsecret.toml/text",
        "/scenario/link.toml",
        "/scenario/notes.txt/file",
        "/scenario/results",
        "/results/one/../../notes.txt",
        "/results/one/..%2F..%2Fnotes.txt",
        "/results/..%2Finside/notes.txt",
        "/results/../notes.txt",
        "/results/%2e%2e/notes.txt",
        "/results/out/secret.toml",
        "/results/one/link.toml",
        "/results/one//report.html",
        "/results/one/charts",
        "/../../../../etc/passwd",
        "/results/one/%00report.html",
    ] {
        let reply = server.get(path);
        assert!(
            [400, 404].contains(&reply.status),
            "{path}: {} {}",
            reply.status,
            reply.text()
        );
        assert!(!reply.text().to_lowercase().contains("a secret service"), "{path}");
    }
    assert!(!server.get("/").text().contains("link.toml"));
    // Nor written.
    for (below, name) in [
        ("..", "x.csv"),
        ("", "../x.csv"),
        ("a/b", "x.csv"),
        ("", "x.exe"),
        ("results", "x.csv"),
    ] {
        let reply = server.upload(below, &[(name, b"1")]);
        assert_eq!(reply.status, 409, "{below} {name}");
    }
    assert!(!around.path().join("x.csv").exists() && !inside.join("x.exe").exists());
}

#[test]
fn uploads_over_the_limit_are_refused_and_nothing_is_kept() {
    let home = home();
    let server = Server::start(home.path());
    let host = server.host();
    let origin = format!("http://{host}");
    let headers = [
        ("Host", host.as_str()),
        ("Origin", origin.as_str()),
        ("Content-Type", "multipart/form-data; boundary=part"),
        ("Content-Length", "13000000"),
    ];
    // Refused before anything is sent.
    let reply = server.raw("POST", "/upload", &headers, b"");
    assert_eq!(reply.status, 413);
    assert!(reply.text().contains("12 MB"), "{}", reply.text());
    let much = vec![b'#'; 2_000_001];
    assert_eq!(server.upload("", &[("much.toml", &much)]).status, 413);
    assert!(!home.path().join("much.toml").exists());
    // The same without saying how long it is.
    let headers = [
        ("Host", host.as_str()),
        ("Origin", origin.as_str()),
        ("Content-Type", "application/x-www-form-urlencoded"),
        ("Transfer-Encoding", "chunked"),
    ];
    let mut body = Vec::new();
    for _ in 0..13 {
        body.extend_from_slice(b"F4240\r\n");
        body.extend_from_slice(&[b'a'; 1_000_000]);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"0\r\n\r\n");
    let reply = server.raw("POST", "/scenario/tiny.toml/text", &headers, &body);
    assert!([413, 0].contains(&reply.status), "{}", reply.status);
    assert_eq!(fs::read_to_string(home.path().join("tiny.toml")).unwrap(), TINY);
    assert_eq!(server.get("/").status, 200);
}

#[test]
fn no_more_runs_than_can_be_made_and_pages_answer_meanwhile() {
    let home = home();
    let mut server = Server::start(home.path());
    let runs: Vec<String> = (0..4).map(|_| server.ask("tiny.toml", &LONG)).collect();
    let refused = server.post("/scenario/tiny.toml", &LONG);
    assert_eq!(refused.status, 503);
    assert!(refused.text().contains("stop one under Runs"), "{}", refused.text());
    // Whatever is asked is answered while the first is simulated.
    for path in ["/", "/runs", "/scenario/tiny.toml", &runs[0], &runs[3]] {
        assert_eq!(server.get(path).status, 200, "{path}");
    }
    assert!(server.get(&runs[1]).text().contains("Waiting: one run is before it."));
    assert!(server.get("/runs").text().contains("being simulated"));
    // One that waits is gone at once, and there is room again.
    assert_eq!(server.post(&format!("{}/cancel", runs[3]), &[]).leads_to(), runs[3]);
    assert!(server.get(&runs[3]).text().contains("Cancelled"));
    server.ask("tiny.toml", &LONG);
    // The one in hand ends after its replications.
    server.post(&format!("{}/cancel", runs[0]), &[]);
    let page = server.finished(&runs[0]);
    assert!(
        page.contains("of 100,000 replications") || page.contains("Cancelled"),
        "{page}"
    );
    // Ctrl-C ends the program, and what is finished stays.
    #[cfg(unix)]
    {
        let told = std::process::Command::new("sh")
            .args(["-c", &format!("kill -INT {}", server.id())])
            .status();
        assert!(told.unwrap().success());
        assert_eq!(server.ended(), Some(0));
        assert_eq!(server.folder, home.path());
    }
}

#[test]
fn bad_input_gets_a_clear_answer() {
    let home = home();
    fs::write(
        home.path().join("broken.toml"),
        TINY.replace("share = 0.6", "share = 6"),
    )
    .unwrap();
    let server = Server::start(home.path());
    let ask = |fields: &[(&str, &str)]| {
        let reply = server.post("/scenario/tiny.toml", fields);
        assert_eq!(reply.status, 422, "{fields:?}");
        reply.text()
    };
    let carer = "staff:hub.North.staff.carer";
    assert!(ask(&[]).contains("choose what to ask"));
    assert!(ask(&[("ask", "run"), (carer, "many")]).contains("North: &quot;many&quot; is not a number"));
    let page = ask(&[("ask", "run"), (carer, "-4")]);
    assert!(
        page.contains("With these numbers: 1 problem") && page.contains("value=\"-4\""),
        "{page}"
    );
    assert!(ask(&[("ask", "run"), ("other", "hub.Nowhere.staff.carer=3")]).contains("names nothing in this file"));
    assert!(ask(&[("ask", "run"), ("replications", "1")]).contains("2 to 100,000"));
    assert!(ask(&[("ask", "run"), ("precision", "0")]).contains("a precision is"));
    assert!(ask(&[("ask", "run"), ("seed", "-1")]).contains("a seed is a whole number"));
    assert!(ask(&[("ask", "compare")]).contains("nothing to compare with"));
    assert!(ask(&[("ask", "compare"), ("option", "../x.toml")]).contains("is not in the folder"));
    assert!(ask(&[("ask", "compare"), ("option", "broken.toml")]).contains("With these numbers: 1 problem"));
    assert!(ask(&[("ask", "required")]).contains("of at least one role"));
    let free = ("free:hub.*.staff.carer", "yes");
    assert!(ask(&[("ask", "required"), free, ("from:hub.*.staff.carer", "x")]).contains("is not a number"));
    assert!(ask(&[("ask", "required"), free, ("level:crisis", "120")]).contains("0 to 100 per cent"));
    assert!(ask(&[("ask", "required"), free, ("at", "here")]).contains("no place"));
    let smallest = ("smallest", "misery");
    assert!(ask(&[("ask", "required"), free, smallest]).contains("nothing that can be as small"));
    assert_eq!(server.post("/scenario/broken.toml", &LONG).status, 422);
    for (path, status) in [
        ("/runs/1", 404),
        ("/runs/x", 404),
        ("/runs/1/events", 404),
        ("/upload", 405),
        ("/x", 404),
    ] {
        assert_eq!(server.get(path).status, status, "{path}");
    }
    assert_eq!(server.post("/scenario/none.toml", &LONG).status, 404);
    assert_eq!(server.post("/shipped", &[("shipped", "none.toml")]).status, 404);
    assert_eq!(server.upload("", &[]).status, 422);
    let nonsense = server.raw(
        "POST",
        "/upload",
        &[
            ("Host", &server.host()),
            ("Origin", &format!("http://{}", server.host())),
            ("Content-Type", "multipart/form-data; boundary=x"),
            ("Content-Length", "4"),
        ],
        b"abcd",
    );
    assert_eq!(nonsense.status, 400);
    assert!(server.get("/runs").text().contains("Nothing has been run"));
}

#[test]
fn a_folder_or_port_that_cannot_be_used_ends_with_2() {
    let home = home();
    let server = Server::start(home.path());
    let ended = |words: &[&str]| {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_homefirst"))
            .arg("serve")
            .args(words)
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(2));
        String::from_utf8(output.stderr).unwrap()
    };
    let folder = home.path().to_string_lossy().into_owned();
    let port = server.port.to_string();
    assert!(ended(&["--folder", &folder, "--port", &port]).contains("Choose another with --port"));
    assert!(ended(&["--folder", "no-such-folder", "--port", "0"]).contains("no-such-folder cannot be used"));
}

/// As many connections as there may be, each with nothing or with half of a request: whoever comes next is answered all the same, as
/// they are ended.
#[test]
fn nobody_keeps_a_connection_for_good() {
    let home = home();
    let server = Server::start(home.path());
    let idle: Vec<TcpStream> = (0..100)
        .map(|n| {
            let mut stream = TcpStream::connect(("127.0.0.1", server.port)).unwrap();
            if n % 2 == 0 {
                stream.write_all(b"GET / HTTP/1.1\r\nHost: 127.0").unwrap();
            }
            stream
        })
        .collect();
    let began = Instant::now();
    assert_eq!(server.get("/").status, 200);
    // They had all the places, and not for long.
    assert!((5..30).contains(&began.elapsed().as_secs()), "{:?}", began.elapsed());
    for mut stream in idle {
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        let mut said = Vec::new();
        // Ended, with or without a word.
        drop(stream.read_to_end(&mut said));
        assert!(!String::from_utf8_lossy(&said).contains("200 OK"));
    }
}

/// A form that never comes to its end.
#[test]
fn what_is_sent_must_come_to_its_end() {
    let home = home();
    let server = Server::start(home.path());
    let host = server.host();
    let origin = format!("http://{host}");
    let headers = [
        ("Host", host.as_str()),
        ("Origin", origin.as_str()),
        ("Content-Type", "application/x-www-form-urlencoded"),
        ("Content-Length", "100"),
    ];
    let reply = server.raw("POST", "/shipped", &headers, b"shipped=");
    assert_eq!(reply.status, 408);
    assert!(reply.text().contains("That took too long"), "{}", reply.text());
}

/// Results larger than what the program may hold come whole, alone and in the bundle.
#[cfg(target_os = "linux")]
#[test]
fn large_files_are_never_held_whole() {
    const LARGE: u64 = 300_000_000;
    let home = home();
    let results = home.path().join("results/one");
    fs::create_dir_all(&results).unwrap();
    fs::write(results.join("report.html"), "a report").unwrap();
    fs::File::create(results.join("large.csv"))
        .unwrap()
        .set_len(LARGE)
        .unwrap();
    let server = Server::start(home.path());
    for (path, most_more) in [("/results/one/large.csv", 0), ("/bundle/one", 10_000)] {
        let reply = server.get(path);
        assert_eq!(reply.status, 200, "{path}");
        let length: u64 = reply.header("content-length").unwrap().parse().unwrap();
        assert_eq!(reply.body.len() as u64, length);
        assert!((LARGE..=LARGE + most_more).contains(&length), "{path}: {length}");
    }
    let status = fs::read_to_string(format!("/proc/{}/status", server.id())).unwrap();
    let most = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    let most: u64 = most.trim().trim_end_matches(" kB").parse().unwrap();
    assert!(most < 150_000, "{most} kB");
}
