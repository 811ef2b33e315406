//! Pathways: demand over time, first responses, what follows.

use super::choices::Choices;
use super::duration::duration;
use super::hub::rate;
use super::{Names, line, numbers, others, put, quoted};

/// Shares of so many kinds.
const SHARES: [&[&str]; 3] = [&["1"], &["0.4", "0.6"], &["0.5", "0.3", "0.2"]];
const STANDARDS: [&str; 5] = ["2 h", "2 days", "same day", "20 min", "1 min"];

pub(super) fn pathway(choices: &mut Choices<'_>, names: &Names, n: usize, name: &str) -> String {
    let mut text = format!("\n[pathway.{name}]\n");
    if names.shares && names.sources[n] {
        line(&mut text, "referrals", rate(choices));
    }
    demand(choices, &mut text);
    if choices.one_in(2) {
        let mean = choices.of(&[15, 90]);
        line(&mut text, "triage", &duration(choices, mean));
    }
    if choices.one_in(2) {
        line(&mut text, "priority", choices.of(&["1", "2", "5"]));
    }
    if choices.one_in(3) {
        let mean = choices.of(&[300, 40]);
        line(&mut text, "patience", &duration(choices, mean));
        if choices.one_in(2) {
            line(&mut text, "on-leaving", "{ hospital = 0.5 }");
        }
    }
    let package = if names.packages.is_empty() || !choices.one_in(2) {
        None
    } else {
        Some(choices.of(names.packages))
    };
    if !choices.one_in(6) {
        let within = choices.of(&STANDARDS);
        let stops = match package {
            Some(_) => choices.of(&["", ", clock-stops = \"first\""]),
            None => choices.of(&["", ", clock-stops = \"first\"", ", clock-stops = \"all\""]),
        };
        line(
            &mut text,
            "standard",
            &format!("{{ within = \"{within}\", target = 0.9{stops} }}"),
        );
    }
    if let Some(package) = package {
        line(&mut text, "package", &format!("\"{package}\""));
        if choices.one_in(3) {
            line(&mut text, "start-due", choices.of(&["\"4 h\"", "\"3 days\""]));
        }
        if choices.one_in(3) {
            let kinds = choices.of(&["[\"acute\"]", "[\"community\", \"acute\"]", "[\"community\"]"]);
            line(&mut text, "waits-in", kinds);
        }
        return text;
    }
    if choices.one_in(2) {
        line(
            &mut text,
            "joint",
            choices.of(&["\"together\"", "\"reserve\"", "\"separate\""]),
        );
    }
    if !choices.one_in(3) {
        line(&mut text, "outcome", &outcome(choices, names));
    }
    let also: Vec<String> = choices
        .some(names.packages, 2)
        .into_iter()
        .map(|p| format!("{p} = {}", choices.of(&["0.3", "1"])))
        .collect();
    if !also.is_empty() {
        line(&mut text, "also", &format!("{{ {} }}", also.join(", ")));
    }
    for (k, share) in choices.of(&SHARES).iter().enumerate() {
        text += &response(choices, names.roles, name, k, share);
    }
    text
}

fn demand(choices: &mut Choices<'_>, text: &mut String) {
    if choices.one_in(5) {
        line(text, "hours", &numbers(choices, 24, &["1", "0", "3"]));
    }
    match choices.below(6) {
        4 => line(text, "days", &numbers(choices, 7, &["1", "0.4", "1.3"])),
        5 => line(
            text,
            "days",
            "{ Mon = 1.3, Tue = 1, Wed = 1, Thu = 1, Fri = 1, Sat = 0, Sun = 0.4 }",
        ),
        _ => {}
    }
    if choices.one_in(6) {
        line(text, "months", &numbers(choices, 12, &["1", "1.4", "0.6"]));
    }
    if choices.one_in(6) {
        line(text, "growth", choices.of(&["0.1", "-0.3", "4"]));
    }
    if choices.one_in(6) {
        line(text, "dispersion", choices.of(&["1.5", "4"]));
    }
    if choices.one_in(6) {
        line(text, "declined", choices.of(&["0.2", "0.7"]));
    }
    if choices.one_in(2) {
        line(
            text,
            "opens",
            choices.of(&["\"08:00-20:00\"", "\"Mon-Fri 09:00-17:00\"", "\"00:00-24:00\""]),
        );
        if choices.one_in(2) {
            line(text, "out-of-hours", choices.of(&["\"accept\"", "\"defer\""]));
        }
    }
}

/// Shares of what follows. However they lead in circles, some leave at every turn.
fn outcome(choices: &mut Choices<'_>, names: &Names) -> String {
    let mut left = 100;
    let mut rows = Vec::new();
    for pathway in choices.some(names.pathways, 3) {
        let share = choices.of(&[20, 5, 40]).min(left - 10);
        if share > 0 {
            left -= share;
            rows.push(format!("{pathway} = {}", f64::from(share) / 100.0));
        }
    }
    if choices.one_in(2) {
        let share = left / 3;
        left -= share;
        rows.push(format!("hospital = {}", f64::from(share) / 100.0));
    }
    rows.push(format!("home = {}", f64::from(left) / 100.0));
    format!("{{ {} }}", rows.join(", "))
}

fn response(choices: &mut Choices<'_>, roles: &[&'static str], pathway: &str, k: usize, share: &str) -> String {
    let needed: Vec<&str> = (0..choices.of(&[1, 2, 1, 3])).map(|_| choices.of(roles)).collect();
    let mut text = format!("\n[[pathway.{pathway}.response]]\nname = \"kind {k}\"\nshare = {share}\n");
    if choices.one_in(3) {
        line(&mut text, "lead", &format!("\"{}\"", choices.of(&needed)));
    }
    let mut rows = String::new();
    for role in needed {
        let mean = choices.of(&[60, 25, 0, 180]);
        let length = if mean == 0 {
            "\"0 min\"".into()
        } else {
            duration(choices, mean)
        };
        put(&mut rows, &format!("  {{ role = \"{role}\", length = {length}"));
        for (key, value) in alternatives(choices, roles, role) {
            put(&mut rows, &format!(", {key} = {value}"));
        }
        rows += " },\n";
    }
    line(&mut text, "staff", &format!("[\n{rows}]"));
    text
}

/// Who else will do, whether two are needed, and who else may be the second.
pub(super) fn alternatives(
    choices: &mut Choices<'_>,
    roles: &[&'static str],
    role: &str,
) -> Vec<(&'static str, String)> {
    let mut keys = Vec::new();
    let other = others(roles, role);
    let or = choices.some(&other, 4);
    if !or.is_empty() {
        keys.push(("or", quoted(&or)));
    }
    if choices.one_in(4) {
        keys.push(("two", choices.of(&["0.3", "1"]).into()));
        let second = choices.some(&other, 2);
        if !second.is_empty() {
            keys.push(("or-second", quoted(&second)));
        }
    }
    keys
}
