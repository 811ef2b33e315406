//! The page as it is started by a planner, and requests as a browser sends them, byte by byte.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;

/// Two hubs, staff of both kinds, a profile from a file, a package, inputs with ranges.
pub(crate) const TINY: &str = r#"format = 1
title = "A tiny service"
[experiment]
start = 2020-06-01
warm-up = "4 weeks"
run-length = "2 weeks"
replications = 6
seed = 7
[[hub]]
name = "North"
share = 0.6
travel = { urgent = "15 min", round = "11 min", cv = 0.4 }
staff = { carer = 9, nurse = { on-shift = 2 } }
[[hub]]
name = "South Coast"
share = 0.4
travel = { urgent = "15 min", round = "11 min", cv = 0.4 }
staff = { carer = 8, nurse = { on-shift = 1 } }
[role.carer]
headroom = { planned = 0.16, absence = 0.06 }
cost = "34 GBP/h"
shifts = [{ name = "day", from = "08:00", to = "20:00", break = "30 min" }]
[role.nurse]
[pathway.crisis]
referrals = "10 /day"
profile = "profiles/week.csv"
triage = { lognormal = { mean = "15 min", cv = 0.6 } }
patience = { exponential = { mean = "5 h" } }
standard = { within = "2 h", target = 0.9 }
outcome = { home = 0.7, care = 0.3 }
[[pathway.crisis.response]]
name = "joint"
share = 1
staff = [{ role = "carer", length = "70 min" }, { role = "nurse", length = "40 min" }]
[pathway.care]
standard = { within = "2 days", target = 0.95 }
package = "weeks"
[package.weeks]
length = { lognormal = { median = "5 days", sigma = 0.75, max = "14 days" } }
starts-with = ["carer"]
[[package.weeks.visits]]
name = "care"
role = "carer"
per-day = 1
length = "35 min"
[assumptions]
"pathway.crisis.referrals" = { kind = "assumption", low = "8 /day", high = "14 /day", why = "an example" }
"#;

/// A folder with the scenario above and its profile.
pub(crate) fn home() -> TempDir {
    let home = tempfile::tempdir().unwrap();
    fs::create_dir(home.path().join("profiles")).unwrap();
    let hours: String = (0..24).map(|hour| format!("{hour},1,1,1,1,1,1,1\n")).collect();
    let table = format!("hour,Mon,Tue,Wed,Thu,Fri,Sat,Sun\n{hours}");
    fs::write(home.path().join("profiles/week.csv"), table).unwrap();
    fs::write(home.path().join("tiny.toml"), TINY).unwrap();
    home
}

/// The program, told to serve a folder.
#[derive(Debug)]
pub(crate) struct Server {
    child: Child,
    pub(crate) port: u16,
    pub(crate) folder: PathBuf,
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(own, _)| own.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// Where a form leads to.
    pub(crate) fn leads_to(&self) -> String {
        assert_eq!(self.status, 303, "{}", self.text());
        self.header("location").unwrap().to_owned()
    }

    fn read(stream: TcpStream) -> Self {
        let mut reader = BufReader::new(stream);
        let mut line = String::new();
        // Nothing where the server had closed before all was sent: status 0.
        drop(reader.read_line(&mut line));
        let status = line.split(' ').nth(1).and_then(|n| n.parse().ok()).unwrap_or(0);
        let mut headers = Vec::new();
        loop {
            let mut line = String::new();
            drop(reader.read_line(&mut line));
            let Some((name, value)) = line.trim_end().split_once(": ") else {
                break;
            };
            headers.push((name.to_owned(), value.to_owned()));
        }
        let mut body = Vec::new();
        // What is closed early has said what it had to say.
        drop(reader.read_to_end(&mut body));
        Self { status, headers, body }
    }
}

impl Server {
    pub(crate) fn start(folder: &Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_homefirst"))
            .args(["serve", "--port", "0", "--threads", "1", "--folder"])
            .arg(folder)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        out.read_line(&mut line).unwrap();
        let port = line.trim_end().trim_end_matches('/').rsplit(':').next().unwrap();
        Self {
            port: port.parse().unwrap_or_else(|_| panic!("no address in {line:?}")),
            child,
            folder: folder.to_path_buf(),
        }
    }

    pub(crate) fn address(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// The process, to be told something by its number.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Waits until the program ends, and says with which code.
    pub(crate) fn ended(&mut self) -> Option<i32> {
        self.child.wait().unwrap().code()
    }

    /// A request with exactly these headers.
    pub(crate) fn raw(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Reply {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(120))).unwrap();
        let mut head = format!("{method} {path} HTTP/1.1\r\nConnection: close\r\n");
        for (name, value) in headers {
            head.push_str(name);
            head.push_str(": ");
            head.push_str(value);
            head.push_str("\r\n");
        }
        head.push_str("\r\n");
        stream.write_all(head.as_bytes()).unwrap();
        // A server that refuses may close before it has read everything.
        drop(stream.write_all(body));
        Reply::read(stream)
    }

    pub(crate) fn host(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    pub(crate) fn get(&self, path: &str) -> Reply {
        self.raw("GET", path, &[("Host", &self.host())], b"")
    }

    fn post_as(&self, path: &str, kind: &str, body: &[u8]) -> Reply {
        let length = body.len().to_string();
        let headers = [
            ("Host", self.host()),
            ("Origin", format!("http://{}", self.host())),
            ("Content-Type", kind.to_owned()),
            ("Content-Length", length),
        ];
        let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        self.raw("POST", path, &headers, body)
    }

    /// A form as a page of ours sends it.
    pub(crate) fn post(&self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let body: Vec<String> = fields
            .iter()
            .map(|(name, value)| format!("{}={}", encoded(name), encoded(value)))
            .collect();
        self.post_as(path, "application/x-www-form-urlencoded", body.join("&").as_bytes())
    }

    /// Files as a page of ours sends them.
    pub(crate) fn upload(&self, below: &str, files: &[(&str, &[u8])]) -> Reply {
        let mut body = Vec::new();
        let mut part = |what: &str, bytes: &[u8]| {
            body.extend_from_slice(format!("--part\r\nContent-Disposition: form-data; {what}\r\n\r\n").as_bytes());
            body.extend_from_slice(bytes);
            body.extend_from_slice(b"\r\n");
        };
        for (name, bytes) in files {
            part(&format!("name=\"files\"; filename=\"{name}\""), bytes);
        }
        part("name=\"below\"", below.as_bytes());
        body.extend_from_slice(b"--part--\r\n");
        self.post_as("/upload", "multipart/form-data; boundary=part", &body)
    }

    /// Asks a question of a scenario and returns the address of its run.
    pub(crate) fn ask(&self, name: &str, fields: &[(&str, &str)]) -> String {
        self.post(&format!("/scenario/{name}"), fields).leads_to()
    }

    /// Follows a run's events to the end, and returns its page.
    pub(crate) fn finished(&self, run: &str) -> String {
        let events = self.get(&format!("{run}/events"));
        assert!(events.text().contains("event: over"), "{}", events.text());
        self.get(run).text()
    }
}

fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| {
            if byte.is_ascii_alphanumeric() {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}
