//! Packages and their streams of visits.

use super::choices::Choices;
use super::duration::duration;
use super::pathway::alternatives;
use super::{Names, line, quoted};

pub(super) fn package(choices: &mut Choices<'_>, names: &Names, name: &str) -> String {
    let mut text = format!("\n[package.{name}]\n");
    let mean = choices.of(&[2880, 4300, 700]);
    line(&mut text, "length", &duration(choices, mean));
    if choices.one_in(2) {
        line(&mut text, "priority", choices.of(&["2", "4", "9"]));
    }
    if choices.one_in(2) {
        line(&mut text, "gate", choices.of(&["0.5", "0.1", "1.5"]));
    }
    let streams: Vec<&str> = (0..choices.of(&[1, 2, 3, 2]))
        .map(|_| choices.of(names.roles))
        .collect();
    let mut by: Vec<&str> = Vec::new();
    for role in &streams {
        if !by.contains(role) {
            by.push(role);
        }
    }
    let starts = choices.some(&by, 2);
    if !starts.is_empty() {
        line(&mut text, "starts-with", &quoted(&starts));
    }
    if choices.one_in(3) {
        line(&mut text, "outcome", "{ independent = 0.6, hospital = 0.4 }");
    }
    let visits: Vec<String> = streams
        .into_iter()
        .enumerate()
        .map(|(n, role)| visits(choices, names.roles, name, n, role))
        .collect();
    let visits = visits.concat();
    if visits.matches("gated = true").count() == 1 && choices.one_in(2) {
        line(&mut text, "gate-holds", "\"package\"");
    }
    text + &visits
}

fn visits(choices: &mut Choices<'_>, roles: &[&'static str], package: &str, n: usize, role: &str) -> String {
    let mut text = format!("\n[[package.{package}.visits]]\nname = \"stream {n}\"\nrole = \"{role}\"\n");
    if choices.one_in(3) {
        line(&mut text, "share", choices.of(&["0.6", "0.2", "0"]));
    }
    pattern(choices, &mut text);
    let mean = choices.of(&[35, 20, 90]);
    line(&mut text, "length", &duration(choices, mean));
    if choices.one_in(3) {
        line(&mut text, "first-length", &duration(choices, mean * 2));
    }
    for (key, value) in alternatives(choices, roles, role) {
        line(&mut text, key, &value);
    }
    if choices.one_in(3) {
        line(
            &mut text,
            "tolerance",
            choices.of(&["\"30 min\"", "\"0 min\"", "\"2 days\""]),
        );
    }
    if choices.one_in(3) {
        line(
            &mut text,
            "give-up",
            choices.of(&["\"1 h\"", "\"0 min\"", "\"3 days\""]),
        );
    }
    if choices.one_in(2) {
        line(&mut text, "gated", "true");
    }
    if choices.one_in(4) {
        line(
            &mut text,
            "first-after",
            choices.of(&["\"0 min\"", "\"6 h\"", "\"30 h\""]),
        );
    }
    if choices.one_in(3) {
        line(
            &mut text,
            "between",
            choices.of(&["\"08:00-18:00\"", "\"12:00-12:30\"", "\"00:00-24:00\""]),
        );
    }
    text
}

fn pattern(choices: &mut Choices<'_>, text: &mut String) {
    match choices.below(8) {
        0 => line(text, "per-day", choices.of(&["1", "2", "0.4", "4"])),
        1 => line(
            text,
            "per-day",
            choices.of(&[
                "{ start = 3, end = 1 }",
                "{ start = 1, end = 0 }",
                "{ start = 0.5, end = 2 }",
            ]),
        ),
        2 => line(
            text,
            "per-day",
            "{ start = { \"2\" = 0.25, \"3\" = 0.5, \"4\" = 0.25 }, end = 1 }",
        ),
        3 => line(text, "per-week", choices.of(&["3", "7", "0.5"])),
        4 => {
            line(text, "at", choices.of(&["[\"09:00\", \"18:00\"]", "[\"08:00\"]"]));
            line(text, "days", choices.of(&["\"Mon-Fri\"", "\"Tue,Sat\""]));
        }
        5 => line(
            text,
            "at",
            choices.of(&["[\"08:00\", \"12:30\", \"18:00\"]", "[\"00:00\", \"23:59\"]"]),
        ),
        6 => line(text, "once", "true"),
        _ => line(text, "per-week", choices.of(&["2", "5"])),
    }
}
