//! Hubs: demand, travel, staff.
//!
//! The first hub takes referrals of every pathway that has any and has somebody of every role, so that all work can be
//! done somewhere; the others need not.

use super::choices::Choices;
use super::role::Crew;
use super::{Names, line, numbers, put};

pub(super) fn hubs(choices: &mut Choices<'_>, names: &Names, crews: &[Crew], beds: bool) -> String {
    let with_share: Vec<bool> = (0..names.hubs.len())
        .map(|n| names.shares && (n == 0 || !choices.one_in(4)))
        .collect();
    let of = with_share.iter().filter(|s| **s).count();
    let mut text = String::new();
    for (n, hub) in names.hubs.iter().enumerate() {
        put(&mut text, &format!("\n[[hub]]\nname = \"{hub}\"\n"));
        if with_share[n] {
            // The first takes what the others leave.
            let share = if n == 0 { 1.0 - 0.25 * (of - 1) as f64 } else { 0.25 };
            line(&mut text, "share", &share.to_string());
        } else {
            line(&mut text, "referrals", &referrals(choices, names, n == 0));
        }
        if !choices.one_in(4) {
            line(&mut text, "travel", &travel(choices));
        }
        line(&mut text, "staff", &staff(choices, names, crews, n == 0));
        let limits: Vec<String> = choices
            .some(names.packages, 3)
            .into_iter()
            .map(|p| format!("{p} = {}", choices.of(&[3, 1, 10])))
            .collect();
        if beds && !choices.one_in(4) {
            let acute = choices.of(&["", ", acute = 1", ", acute = 3"]);
            let community = choices.of(&[1, 0, 2]);
            line(&mut text, "beds", &format!("{{ community = {community}{acute} }}"));
        }
        if !limits.is_empty() {
            line(&mut text, "caseload-limit", &format!("{{ {} }}", limits.join(", ")));
        }
    }
    text
}

fn referrals(choices: &mut Choices<'_>, names: &Names, all: bool) -> String {
    let mut rates = Vec::new();
    for (pathway, source) in names.pathways.iter().zip(&names.sources) {
        if *source && (all || !choices.one_in(3)) {
            rates.push(format!("{pathway} = {}", rate(choices)));
        }
    }
    format!("{{ {} }}", rates.join(", "))
}

/// Referrals a day, of a pathway or at a hub.
pub(super) fn rate(choices: &mut Choices<'_>) -> &'static str {
    choices.of(&["\"3 /day\"", "\"8 /day\"", "\"14 /day\"", "\"5 /week\"", "\"1 /h\""])
}

fn travel(choices: &mut Choices<'_>) -> String {
    let urgent = choices.of(&["15 min", "26 min", "40 s", "90 min"]);
    let round = choices.of(&["10 min", "17 min", "0 min"]);
    let mut text = format!("{{ urgent = \"{urgent}\", round = \"{round}\"");
    if choices.one_in(2) {
        text += ", cv = 0.4";
    }
    if choices.one_in(5) {
        let hours = numbers(choices, 24, &["1", "1.3", "0"]);
        put(&mut text, &format!(", hours = {hours}"));
    }
    text + " }"
}

fn staff(choices: &mut Choices<'_>, names: &Names, crews: &[Crew], all: bool) -> String {
    let mut rows = Vec::new();
    for (role, crew) in names.roles.iter().zip(crews) {
        if !all && choices.one_in(8) {
            continue;
        }
        let as_people = !choices.one_in(4);
        let staffed = match crew.wte_of_one.filter(|_| as_people) {
            Some(one) => format!("{:.2}", one * choices.of(&[1.0, 2.0, 0.5, 3.4, 1.7, 6.0, 0.2])),
            None => match choices.below(6) {
                3 => "{ on-shift = [{ from = \"08:00\", to = \"20:00\", count = 2 }] }".into(),
                4 => "{ on-shift = [{ name = \"day\", from = \"07:00\", to = \"15:30\", count = 3 }, \
                      { name = \"evening\", from = \"15:30\", to = \"22:00\", count = 1 }] }"
                    .into(),
                5 => "{ on-shift = [{ from = \"20:00\", to = \"06:00\", count = 1 }, \
                      { from = \"06:00\", to = \"20:00\", count = 4 }] }"
                    .into(),
                _ => format!("{{ on-shift = {} }}", choices.of(&[1, 2, 3, 6])),
            },
        };
        rows.push(format!("{role} = {staffed}"));
    }
    format!("{{ {} }}", rows.join(", "))
}
