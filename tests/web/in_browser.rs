//! The page as people use it, in Chromium.

use std::fs;

use serde_json::Value;

use crate::browser::{Browser, LAPTOP, PHONE};
use crate::server::{Server, TINY, home};

/// A4 less the margins of a report, in pixels of CSS.
const PAPER: (u32, u32) = (680, 990);
const AXE: &str = include_str!("axe/axe.min.js");

/// What axe-core finds wrong with the page, a line each; the best practices of its own besides WCAG 2.2 A and AA.
pub(crate) fn violations(browser: &Browser) -> Vec<String> {
    // Put in over the protocol: the page itself would not let it in.
    browser.value(&format!("{AXE}; undefined"));
    let found = browser.value(
        "axe.run(document, { resultTypes: ['violations'] }).then(r => r.violations.map(v => \
         v.id + ': ' + v.help + ' ' + v.nodes.map(n => n.target.join(' ') + ' ' + n.html.slice(0, 160)).slice(0, 4).join(' | ')))",
    );
    let lines = found.as_array().unwrap().iter();
    lines.map(|line| line.as_str().unwrap().to_owned()).collect()
}

/// Opens a page in both widths, and looks for whatever is wrong with it.
fn is_sound(browser: &Browser, address: &str, name: &str, wrong: &mut Vec<String>) {
    for (size, width) in [(PHONE, "phone"), (LAPTOP, "laptop")] {
        browser.size(size);
        browser.open(address);
        wrong.extend(
            browser
                .complaints()
                .iter()
                .map(|line| format!("{name}-{width}: {line}")),
        );
        looked_at(browser, &format!("{name}-{width}"), wrong);
    }
}

/// Nobody can scroll on paper: nothing of a report is wider than what A4 leaves between its margins.
fn fits_on_paper(browser: &Browser, name: &str, wrong: &mut Vec<String>) {
    browser.size(PAPER);
    browser.tell("Emulation.setEmulatedMedia", serde_json::json!({ "media": "print" }));
    let cut = browser.text(
        "[...document.querySelectorAll('table, figure, p, code')].filter(e => e.checkVisibility() && e.getBoundingClientRect().right > \
         document.documentElement.clientWidth + 1).map(e => e.textContent.slice(0, 60)).join('; ')",
    );
    if !cut.is_empty() {
        wrong.push(format!("{name}: cut off on paper: {cut}"));
    }
    browser.tell("Emulation.setEmulatedMedia", serde_json::json!({ "media": "" }));
}

/// The page that is open now.
fn looked_at(browser: &Browser, name: &str, wrong: &mut Vec<String>) {
    browser.picture(name);
    // Nothing but what scrolls by itself is wider than the window.
    let too_wide = browser.value("document.documentElement.scrollWidth - document.documentElement.clientWidth");
    if too_wide.as_f64().is_none_or(|pixels| pixels > 1.0) {
        wrong.push(format!("{name}: {too_wide} too wide"));
    }
    wrong.extend(violations(browser).iter().map(|line| format!("{name}: {line}")));
}

#[test]
fn every_page_and_report_is_sound_at_phone_and_laptop() {
    let Some(browser) = Browser::start("every page and report at two widths, with axe-core") else {
        return;
    };
    let wrong = &mut Vec::new();
    let home = home();
    let broken = TINY.replace("share = 0.4", "share = 0.3");
    fs::write(home.path().join("broken.toml"), broken).unwrap();
    let server = Server::start(home.path());
    is_sound(&browser, &server.address("/"), "home", wrong);
    is_sound(&browser, &server.address("/scenario/tiny.toml"), "scenario", wrong);
    is_sound(&browser, &server.address("/scenario/tiny.toml/text"), "text", wrong);
    is_sound(&browser, &server.address("/scenario/broken.toml"), "broken", wrong);
    is_sound(&browser, &server.address("/runs"), "no-runs", wrong);
    // Every part of the form, as each question shows it.
    for (size, width) in [(PHONE, "phone"), (LAPTOP, "laptop")] {
        browser.size(size);
        browser.open(&server.address("/scenario/tiny.toml"));
        for ask in ["required", "compare"] {
            browser.value(&format!("document.querySelector('#ask-{ask}').click()"));
            browser.value("document.querySelectorAll('details').forEach(d => { d.open = true })");
            looked_at(&browser, &format!("asking-{ask}-{width}"), wrong);
        }
    }
    // Refused for a reason, so that the console may say so.
    browser.open(&server.address("/nothing"));
    drop(browser.complaints());
    looked_at(&browser, "nothing", wrong);
    let carer = ("staff:hub.North.staff.carer", "12");
    server.finished(&server.ask("tiny.toml", &[("ask", "run"), ("replications", "4")]));
    server.finished(&server.ask("tiny.toml", &[("ask", "explain"), ("replications", "4"), carer]));
    server.finished(&server.ask("tiny.toml", &[("ask", "compare"), ("replications", "4"), carer]));
    let question = [
        ("ask", "required"),
        ("free:hub.*.staff.carer", "yes"),
        ("from:hub.*.staff.carer", "4"),
        ("to:hub.*.staff.carer", "12"),
        ("step:hub.*.staff.carer", "4"),
        ("level:crisis", "60"),
        ("confidence", "80"),
        ("most", "200"),
    ];
    server.finished(&server.ask("tiny.toml", &question));
    for (number, name) in [(1, "run"), (2, "explain"), (3, "compare"), (4, "required")] {
        is_sound(&browser, &server.address(&format!("/runs/{number}")), name, wrong);
    }
    for (results, name) in [
        ("tiny-1", "run"),
        ("tiny-compared-1", "compare"),
        ("tiny-required-1", "required"),
    ] {
        is_sound(
            &browser,
            &server.address(&format!("/results/{results}/report.html")),
            &format!("report-{name}"),
            wrong,
        );
        // And from the folder itself, as it is handed on.
        let file = home.path().join("results").join(results).join("report.html");
        browser.open(&format!("file://{}", file.display()));
        wrong.extend(browser.complaints());
        fits_on_paper(&browser, results, wrong);
    }
    is_sound(&browser, &server.address("/runs"), "runs", wrong);
    is_sound(&browser, &server.address("/beside?run=1&run=2&run=3"), "beside", wrong);
    // While it is simulated.
    let run = server.ask("tiny.toml", &[("ask", "run"), ("replications", "100000")]);
    is_sound(&browser, &server.address(&run), "under-way", wrong);
    server.post(&format!("{run}/cancel"), &[]);
    server.finished(&run);
    is_sound(&browser, &server.address(&run), "stopped", wrong);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_scenario_is_uploaded_mended_changed_run_and_its_results_downloaded() {
    let Some(browser) = Browser::start("uploading, mending, running and downloading on the page") else {
        return;
    };
    let home = home();
    let server = Server::start(home.path());
    let broken = browser.folder().join("mine.toml");
    fs::write(&broken, TINY.replace("share = 0.4", "share = 0.3")).unwrap();
    browser.open(&server.address("/"));
    browser.choose_file("#files", &broken);
    browser.press("form[action='/upload'] button");
    assert!(
        browser
            .text("document.querySelector('#problems-heading').textContent")
            .contains("problem")
    );
    // A line number leads to its line in the text.
    let line = broken_line(&browser);
    browser.value("document.querySelector('[data-line] a').click()");
    assert_eq!(
        browser
            .text("document.querySelector('#place').textContent")
            .split(',')
            .next(),
        Some(line.as_str())
    );
    assert_eq!(browser.text("document.activeElement.id"), "text");
    browser.value("const t = document.querySelector('#text'); t.value = t.value.replace('share = 0.3', 'share = 0.4')");
    browser.press("form[action$='/text'] button");
    assert_eq!(
        browser.text("document.querySelector('h1').textContent"),
        "A tiny service"
    );
    assert_eq!(fs::read_to_string(home.path().join("mine.toml")).unwrap(), TINY);
    // By keyboard: the slider beside a number moves it, and the total says so.
    let field = "document.querySelector('[name=\"staff:hub.North.staff.carer\"]')";
    browser.value(&format!("{field}.focus()"));
    browser.key("Tab");
    assert_eq!(browser.text("document.activeElement.type"), "range");
    browser.key("ArrowRight");
    browser.key("ArrowUp");
    assert_eq!(browser.text(&format!("{field}.value")), "9.5");
    assert_eq!(
        browser.text(&format!(
            "{field}.closest('fieldset').querySelector('output').textContent"
        )),
        "17.5"
    );
    assert_eq!(
        browser.text("document.activeElement.getAttribute('aria-valuetext')"),
        "9.5"
    );
    browser.picture("changed-laptop");
    browser.value("document.querySelector('#replications').value = '3'");
    browser.press("form.ask button.go");
    browser.until("document.querySelector('#state')?.textContent === 'Answer'");
    // Who comes back after waiting is taken to the answer.
    let run = browser.text("location.pathname");
    browser.open(&server.address("/"));
    browser.open(&server.address(&format!("{run}#state")));
    browser.until("document.activeElement.id === 'state'");
    assert!(
        browser
            .text("document.body.innerText")
            .contains("Carer staff at North (WTE): 9.5")
    );
    // What is downloaded is what lies in the folder.
    let address = browser.text("document.querySelector('a[download][href$=\"scenario.toml\"]').getAttribute('href')");
    let text = browser.text(&format!("fetch({address:?}).then(r => r.text())"));
    assert_eq!(
        text,
        fs::read_to_string(home.path().join("results/mine-1/scenario.toml")).unwrap()
    );
    assert!(text.contains("carer = 9.5") && text.contains("replications = 3"));
    assert_eq!(browser.complaints(), [""; 0]);
}

/// The line of the first problem.
fn broken_line(browser: &Browser) -> String {
    browser.text("document.querySelector('[data-line]').textContent")
}

#[test]
fn a_run_shows_its_progress_and_is_stopped() {
    let Some(browser) = Browser::start("progress on the page, and stopping a run") else {
        return;
    };
    let home = home();
    let server = Server::start(home.path());
    let run = server.ask("tiny.toml", &[("ask", "run"), ("replications", "100000")]);
    browser.open(&server.address(&run));
    browser.until("document.querySelector('#bar').value > 0");
    browser.until("/left\\./.test(document.querySelector('#progress-text').textContent)");
    assert!(
        browser
            .text("document.querySelector('#progress-said').textContent")
            .contains("Simulating")
    );
    let by_keyboard = "document.querySelector('#under-way button')";
    browser.value(&format!("{by_keyboard}.focus()"));
    browser.key("Enter");
    // Whoever waited is at the answer.
    browser.until("document.querySelector('#under-way') === null && document.activeElement.id === 'state'");
    assert!(
        browser
            .text("document.querySelector('.alarm').innerText")
            .contains("of 100,000 replications")
    );
    assert!(
        browser
            .text("document.body.innerText")
            .contains("The command that was not finished")
    );
    assert_eq!(browser.complaints(), [""; 0]);
}

#[test]
fn everything_can_be_done_without_script() {
    let Some(browser) = Browser::start("the page without script") else {
        return;
    };
    let home = home();
    let server = Server::start(home.path());
    browser.tell(
        "Emulation.setScriptExecutionDisabled",
        serde_json::json!({ "value": true }),
    );
    browser.open(&server.address("/scenario/tiny.toml"));
    let field = browser.value("document.querySelectorAll('input[type=range]').length");
    assert_eq!(field, Value::from(0));
    browser.value("document.querySelector('#replications').value = '2'");
    browser.press("form.ask button.go");
    // The page never loads itself again, which would take the place from whoever reads it: a link does.
    assert_eq!(
        browser.value("document.querySelectorAll('meta[http-equiv]').length"),
        Value::from(0)
    );
    for _ in 0..100 {
        if browser.value("document.querySelector('noscript a') === null") == true {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(200));
        browser.press("noscript a");
    }
    assert_eq!(browser.text("document.querySelector('#state').textContent"), "Answer");
    assert_eq!(browser.complaints(), [""; 0]);
}
