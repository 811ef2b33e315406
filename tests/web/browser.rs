//! Chromium, told what to do by its `DevTools` protocol: a few commands over one web socket.
//!
//! `HOMEFIRST_CHROMIUM` names the program; otherwise it is looked for by its usual names. Where there is none, tests that need
//! it pass and say what they left out.

use std::cell::RefCell;
use std::fs;
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;
use tungstenite::{Message, WebSocket};

/// Names under which it is installed.
const NAMES: [&str; 5] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
];
/// The longest that anything may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(180);

/// Width and height of a window, in its own pixels.
pub(crate) const PHONE: (u32, u32) = (360, 780);
pub(crate) const LAPTOP: (u32, u32) = (1366, 768);

fn program() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("HOMEFIRST_CHROMIUM") {
        let named = PathBuf::from(named);
        assert!(
            named.is_file(),
            "HOMEFIRST_CHROMIUM is {}, and there is no such file",
            named.display()
        );
        return Some(named);
    }
    let path = std::env::var_os("PATH")?;
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let all = NAMES
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    all.into_iter().find(|file| file.is_file())
}

/// Chromium with one page open.
#[derive(Debug)]
pub(crate) struct Browser {
    child: Child,
    inner: RefCell<Inner>,
    page: String,
    // Removed with its profile, after the program has ended.
    profile: TempDir,
}

#[derive(Debug)]
struct Inner {
    socket: WebSocket<TcpStream>,
    last: u64,
    seen: Vec<Value>,
    /// Pages that have been loaded.
    loads: u64,
}

impl Drop for Browser {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

impl Browser {
    /// Starts it; nothing if there is none, which is said.
    pub(crate) fn start(what_is_left_out: &str) -> Option<Self> {
        let Some(program) = program() else {
            println!("left out, as there is no Chromium: {what_is_left_out}");
            return None;
        };
        let profile = tempfile::tempdir().unwrap();
        let child = Command::new(program)
            .args([
                "--headless=new",
                "--remote-debugging-port=0",
                "--no-first-run",
                "--disable-gpu",
            ])
            // Containers give it no room and no rights for its own walls; it opens nothing but pages of ours.
            .args([
                "--no-sandbox",
                "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--disable-sync",
            ])
            .args([
                "--disable-component-update",
                "--disable-extensions",
                "--no-default-browser-check",
            ])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .arg("about:blank")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let place = profile.path().join("DevToolsActivePort");
        let begun = Instant::now();
        let (port, path) = loop {
            let text = fs::read_to_string(&place).unwrap_or_default();
            if let Some((port, path)) = text.trim().split_once('\n') {
                break (port.parse::<u16>().unwrap(), path.to_owned());
            }
            assert!(begun.elapsed() < PATIENCE, "Chromium did not start");
            std::thread::sleep(Duration::from_millis(50));
        };
        let stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let (socket, _) = tungstenite::client(format!("ws://127.0.0.1:{port}{path}"), stream).unwrap();
        let inner = Inner {
            socket,
            last: 0,
            seen: Vec::new(),
            loads: 0,
        };
        let mut browser = Self {
            child,
            inner: RefCell::new(inner),
            page: String::new(),
            profile,
        };
        let target = browser.tell("Target.createTarget", json!({ "url": "about:blank" }));
        let target = &target["targetId"];
        let attached = browser.tell("Target.attachToTarget", json!({ "targetId": target, "flatten": true }));
        browser.page = attached[concat!("sess", "ionId")].as_str().unwrap().to_owned();
        for domain in ["Page", "Runtime", "Log", "Network", "DOM"] {
            browser.tell(&format!("{domain}.enable"), json!({}));
        }
        browser.size(LAPTOP);
        Some(browser)
    }

    /// A command, and what came of it.
    pub(crate) fn tell(&self, method: &str, params: Value) -> Value {
        self.ask(method, params)
            .unwrap_or_else(|error| panic!("{method}: {error}"))
    }

    /// A command, and what came of it or what the browser says is wrong.
    fn ask(&self, method: &str, params: Value) -> Result<Value, Value> {
        let mut inner = self.inner.borrow_mut();
        inner.last += 1;
        let id = inner.last;
        let mut message = json!({ "id": id, "method": method, "params": params });
        if !self.page.is_empty() {
            message[concat!("sess", "ionId")] = json!(self.page);
        }
        inner.socket.send(Message::text(message.to_string())).unwrap();
        loop {
            let found = inner.next();
            if found["id"] == id {
                let error = &found["error"];
                return if error.is_null() {
                    Ok(found["result"].clone())
                } else {
                    Err(error.clone())
                };
            }
            inner.seen.push(found);
        }
    }

    /// Does something that opens a page, and waits until all of it is there.
    fn opens(&self, act: impl FnOnce()) {
        let before = self.inner.borrow().loads;
        act();
        let mut inner = self.inner.borrow_mut();
        while inner.loads == before {
            let found = inner.next();
            inner.seen.push(found);
        }
    }

    pub(crate) fn size(&self, (width, height): (u32, u32)) {
        self.tell(
            "Emulation.setDeviceMetricsOverride",
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600 }),
        );
    }

    /// Opens a page and waits until all of it is there.
    pub(crate) fn open(&self, address: &str) {
        self.opens(|| {
            self.tell("Page.navigate", json!({ "url": address }));
        });
    }

    /// What an expression of the page's script comes to.
    pub(crate) fn value(&self, expression: &str) -> Value {
        let found = self.tell(
            "Runtime.evaluate",
            json!({ "expression": expression, "awaitPromise": true, "returnByValue": true }),
        );
        assert!(
            found["exceptionDetails"].is_null(),
            "{expression}: {}",
            found["exceptionDetails"]
        );
        found["result"]["value"].clone()
    }

    pub(crate) fn text(&self, expression: &str) -> String {
        self.value(expression).as_str().unwrap_or_default().to_owned()
    }

    /// Waits until something is so, across loads of other pages.
    pub(crate) fn until(&self, condition: &str) {
        let begun = Instant::now();
        loop {
            let params = json!({ "expression": condition, "returnByValue": true });
            // A page that is left while it is asked answers with an error; the next is asked again.
            let found = self.ask("Runtime.evaluate", params);
            if found.as_ref().is_ok_and(|found| found["result"]["value"] == true) {
                return;
            }
            if begun.elapsed() >= PATIENCE {
                panic!(
                    "never: {condition}, at last {found:?}\n{}",
                    self.text("document.body.innerText")
                );
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Presses what a selector names and waits for the page that comes of it.
    pub(crate) fn press(&self, selector: &str) {
        self.opens(|| {
            self.value(&format!("document.querySelector({selector:?}).click()"));
        });
    }

    /// Chooses a file for an upload.
    pub(crate) fn choose_file(&self, selector: &str, file: &Path) {
        let root = self.tell("DOM.getDocument", json!({}));
        let params = json!({ "nodeId": root["root"]["nodeId"], "selector": selector });
        let field = self.tell("DOM.querySelector", params);
        self.tell(
            "DOM.setFileInputFiles",
            json!({ "nodeId": field["nodeId"], "files": [file] }),
        );
    }

    /// A key as somebody presses it.
    pub(crate) fn key(&self, key: &str) {
        let code = match key {
            "Tab" => 9,
            "Enter" => 13,
            "ArrowRight" => 39,
            "ArrowUp" => 38,
            " " => 32,
            _ => 0,
        };
        let mut params = json!({ "type": "keyDown", "key": key, "code": key, "windowsVirtualKeyCode": code });
        if key == "Enter" {
            params["text"] = json!("\r");
        }
        self.tell("Input.dispatchKeyEvent", params);
        self.tell(
            "Input.dispatchKeyEvent",
            json!({ "type": "keyUp", "key": key, "code": key, "windowsVirtualKeyCode": code }),
        );
    }

    /// A picture of the whole page, where `HOMEFIRST_PICTURES` names a folder for them.
    pub(crate) fn picture(&self, name: &str) {
        let Some(folder) = std::env::var_os("HOMEFIRST_PICTURES") else {
            return;
        };
        let folder = PathBuf::from(folder);
        fs::create_dir_all(&folder).unwrap();
        let shot = self.tell("Page.captureScreenshot", json!({ "captureBeyondViewport": true }));
        let bytes = decoded(shot["data"].as_str().unwrap());
        fs::write(folder.join(format!("{name}.png")), bytes).unwrap();
    }

    /// Errors of the console and requests to other machines, since the last time they were asked for.
    pub(crate) fn complaints(&self) -> Vec<String> {
        // Whatever is on its way arrives before the answer to this.
        self.value("1");
        let seen = std::mem::take(&mut self.inner.borrow_mut().seen);
        seen.iter().filter_map(complaint).collect()
    }

    /// Where the profile lies, so that downloads can go beside it.
    pub(crate) fn folder(&self) -> &Path {
        self.profile.path()
    }
}

impl Inner {
    fn next(&mut self) -> Value {
        loop {
            if let Message::Text(text) = self.socket.read().unwrap() {
                let found: Value = serde_json::from_str(&text).unwrap();
                self.loads += u64::from(found["method"] == "Page.loadEventFired");
                return found;
            }
        }
    }
}

/// What is wrong about an event, if anything is.
fn complaint(event: &Value) -> Option<String> {
    let params = &event["params"];
    match event["method"].as_str()? {
        "Runtime.exceptionThrown" => Some(format!("exception: {}", params["exceptionDetails"])),
        "Runtime.consoleAPICalled" if ["error", "warning", "assert"].contains(&params["type"].as_str()?) => {
            Some(format!("console: {}", params["args"]))
        }
        "Log.entryAdded" if ["error", "warning"].contains(&params["entry"]["level"].as_str()?) => {
            Some(format!("log: {}", params["entry"]))
        }
        "Network.requestWillBeSent" => {
            let address = params["request"]["url"].as_str()?;
            let ours = ["http://127.0.0.1:", "file://", "data:", "about:", "blob:"];
            (!ours.iter().any(|start| address.starts_with(start))).then(|| format!("request: {address}"))
        }
        _ => None,
    }
}

/// Base64, as the protocol has pictures.
fn decoded(text: &str) -> Vec<u8> {
    let digit = |c: u8| match c {
        b'A'..=b'Z' => u32::from(c - b'A'),
        b'a'..=b'z' => u32::from(c - b'a') + 26,
        b'0'..=b'9' => u32::from(c - b'0') + 52,
        b'+' => 62,
        _ => 63,
    };
    let letters: Vec<u8> = text.bytes().filter(|c| *c != b'=').collect();
    let mut bytes = Vec::new();
    for four in letters.chunks(4) {
        let bits = four.iter().fold(0, |bits, c| bits << 6 | digit(*c)) << (6 * (4 - four.len()));
        bytes.extend(bits.to_be_bytes()[1..four.len()].iter().copied());
    }
    bytes
}

#[test]
fn pictures_are_decoded() {
    assert_eq!(decoded("aG9tZQ=="), b"home");
    assert_eq!(decoded("Zmlyc3Q="), b"first");
}

#[test]
fn other_machines_and_errors_are_complained_of() {
    let event = |method: &str, params: Value| json!({ "method": method, "params": params });
    let request = |url: &str| event("Network.requestWillBeSent", json!({ "request": { "url": url } }));
    assert_eq!(complaint(&request("http://127.0.0.1:80/x")), None);
    assert!(complaint(&request("https://fonts.example/x")).is_some());
    assert!(complaint(&event("Log.entryAdded", json!({ "entry": { "level": "error" } }))).is_some());
    assert!(complaint(&event("Runtime.consoleAPICalled", json!({ "type": "log", "args": [] }))).is_none());
}
