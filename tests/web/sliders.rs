//! Sliders of a report that was handed on as a file, in Chromium.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::browser::{Browser, LAPTOP, PHONE};
use crate::in_browser::violations;
use crate::server::home;

/// A run with sliders, and the address of its report as a file.
fn report(folder: &Path) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_homefirst"))
        .args([
            "run",
            "tiny.toml",
            "--sliders",
            "carer,nurse",
            "--slide",
            "-1..2",
            "--yes",
            "--out",
            "slid",
        ])
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    format!("file://{}", folder.join("slid/report.html").display())
}

/// Staff of both roles at a hub and its service levels in per cent, row by row of `sliders.csv`.
fn figures(folder: &Path, hub: &str) -> Vec<([String; 2], f64)> {
    let text = fs::read_to_string(folder.join("slid/sliders.csv")).unwrap();
    let mut lines = text.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let header = lines.next().unwrap();
    let at = |name: &str| header.iter().position(|own| *own == name).unwrap();
    let (of, staff, other, mean) = (at("hub"), at("staff"), at("staff_2"), at("mean"));
    let own = lines.filter(|row| row[of] == hub);
    own.map(|row| {
        (
            [row[staff].to_owned(), row[other].to_owned()],
            row[mean].parse::<f64>().map_or(f64::NAN, |share| share * 100.0),
        )
    })
    .collect()
}

/// The number that a cell begins with.
fn number(cell: &str) -> f64 {
    cell.split(' ').next().unwrap().parse().unwrap()
}

#[test]
fn sliders_show_the_tabulated_figures_and_nothing_else() {
    let Some(browser) = Browser::start("sliders of a report, with axe-core") else {
        return;
    };
    let home = home();
    let address = report(home.path());
    let mut wrong = Vec::new();
    for (size, width) in [(PHONE, "phone"), (LAPTOP, "laptop")] {
        browser.size(size);
        browser.open(&address);
        browser.picture(&format!("sliders-{width}"));
        wrong.extend(violations(&browser));
        let too_wide = browser.value("document.documentElement.scrollWidth - document.documentElement.clientWidth");
        assert!(too_wide.as_f64().unwrap() <= 1.0, "{width}: {too_wide} too wide");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(
        browser.value("document.querySelectorAll('.play input[type=range]').length"),
        4
    );
    assert_eq!(
        browser.value("[...document.querySelectorAll('.sliders details')].some(d => d.open)"),
        false
    );
    for (place, hub, most) in [(0, "North", [3, 3]), (1, "South Coast", [3, 3])] {
        let expected = figures(home.path(), hub);
        // Two pathways have a standard.
        assert_eq!(expected.len(), 16 * 2);
        let team = format!("document.querySelectorAll('.team')[{place}]");
        let ends = browser.value(&format!(
            "[...{team}.querySelectorAll('input')].map(i => [i.min, i.max, i.step])"
        ));
        assert_eq!(ends, json!([["0", "3", "1"], ["0", "3", "1"]]));
        for first in 0..=most[0] {
            for second in 0..=most[1] {
                let shown = browser.value(&format!(
                    "(() => {{ const s = {team}.querySelectorAll('input'); \
                     [{first}, {second}].forEach((v, n) => {{ s[n].value = v; s[n].dispatchEvent(new Event('input')); }}); \
                     return [[...{team}.querySelectorAll('label strong')].map(e => e.textContent), \
                     [...{team}.querySelectorAll('.figure')].map(e => e.textContent), \
                     [...s].map(e => e.getAttribute('aria-valuetext'))]; }})()"
                ));
                let text = |value: &Value| value.as_str().unwrap().to_owned();
                let staff = [text(&shown[0][0]), text(&shown[0][1])];
                assert_eq!(shown[0], shown[2], "what is seen is what is said");
                let of: Vec<f64> = expected.iter().filter(|row| row.0 == staff).map(|row| row.1).collect();
                assert_eq!(of.len(), 2, "{staff:?}");
                let table = browser.value(&format!(
                    "[...{team}.querySelectorAll('tbody tr')].map(r => [...r.cells].map(c => c.textContent))"
                ));
                let row = &table.as_array().unwrap()[(first * 4 + second) as usize];
                assert_eq!((&row[0], &row[1]), (&shown[0][0], &shown[0][1]));
                for (n, mean) in of.into_iter().enumerate() {
                    assert_eq!(shown[1][n], row[2 + n], "the very text of the table");
                    // Rounded to no decimals at most.
                    if mean.is_nan() {
                        assert_eq!(shown[1][n], "none", "nobody was counted");
                        continue;
                    }
                    let difference = (number(shown[1][n].as_str().unwrap()) - mean).abs();
                    assert!(difference <= 0.5 + 1e-9, "{hub} {staff:?}: {} for {mean}", shown[1][n]);
                }
            }
        }
    }
    assert_eq!(browser.complaints(), [""; 0]);
}

#[test]
fn a_slider_is_moved_by_keyboard_said_aloud_and_put_back() {
    let Some(browser) = Browser::start("sliders of a report by keyboard") else {
        return;
    };
    let home = home();
    browser.open(&report(home.path()));
    let north = "document.querySelector('.team')";
    let sum = "document.querySelector('.sums').textContent";
    assert!(browser.text(sum).starts_with("Carer, WTE: 17 in all, 17 as it is."));
    browser.value(&format!("{north}.querySelector('input').focus()"));
    browser.key("ArrowRight");
    browser.key("ArrowRight");
    // There it ends.
    browser.key("ArrowRight");
    assert_eq!(
        browser.text(&format!("{north}.querySelector('label strong').textContent")),
        "11"
    );
    assert!(browser.text(sum).starts_with("Carer, WTE: 19 in all, 17 as it is."));
    browser.until(&format!(
        "{north}.querySelector('.said').textContent.startsWith('North: Carer, WTE 11; ')"
    ));
    assert_eq!(
        browser.text(&format!("{north}.querySelector('.said').getAttribute('aria-live')")),
        "polite"
    );
    browser.picture("sliders-moved");
    browser.value(&format!("{north}.querySelector('button').focus()"));
    browser.key("Enter");
    assert_eq!(
        browser.text(&format!("{north}.querySelector('label strong').textContent")),
        "9"
    );
    assert_eq!(
        browser.value(&format!("{north}.querySelector('button').disabled")),
        true
    );
    assert_eq!(browser.complaints(), [""; 0]);
}

#[test]
fn without_script_every_figure_is_in_the_tables() {
    let Some(browser) = Browser::start("sliders of a report without script") else {
        return;
    };
    let home = home();
    let address = report(home.path());
    browser.tell("Emulation.setScriptExecutionDisabled", json!({ "value": true }));
    browser.open(&address);
    assert_eq!(browser.value("document.querySelectorAll('.sliders input').length"), 0);
    // Seen, and not only there.
    let seen =
        "[...document.querySelectorAll('.sliders tbody tr')].filter(r => r.getBoundingClientRect().height > 5).length";
    assert_eq!(browser.value(seen), 32);
    browser.picture("sliders-without-script");
}
