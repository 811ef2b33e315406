//! Staff to be slid: tables that are whole by themselves, and a script that shows one of their rows at a time.

use maud::{Markup, PreEscaped, html};

use super::page::{Part, Section, bullets, dense};
use crate::answers::sliders::{SlidTeam, Sliders};
use crate::model::Scenario;
use crate::output::sliders as words;

/// What makes sliders of the tables. It fetches nothing and keeps nothing.
const SCRIPT: &str = include_str!("sliders.js");

pub(super) fn section(scenario: &Scenario, sliders: &Sliders) -> Section {
    Section {
        id: "sliders",
        part: Part::Options,
        title: "More or fewer staff at each hub",
        content: html! {
            (bullets(&words::sentences(scenario, sliders)))
            div.sliders {
                @for team in &sliders.teams { (of_team(scenario, sliders, team)) }
            }
            p.note { "In bold: the staff as they are. Every figure is also in " code { "sliders.csv" } "." }
            script { (PreEscaped(SCRIPT)) }
        },
    }
}

fn of_team(scenario: &Scenario, sliders: &Sliders, team: &SlidTeam) -> Markup {
    html! {
        div.team data-sizes=(sizes(team)) {
            h3 { (words::team(scenario, team)) }
            details open {
                summary { "Every number of staff that was simulated" }
                (dense(&words::grid(scenario, sliders, team)))
            }
        }
    }
}

/// How many numbers there are of each role.
fn sizes(team: &SlidTeam) -> String {
    let roles = team.counted.len();
    let numbers = |role: usize| {
        let mut found: Vec<i32> = team
            .cells
            .iter()
            .filter_map(|cell| cell.change.get(role).copied())
            .collect();
        found.sort_unstable();
        found.dedup();
        found.len().to_string()
    };
    (0..roles).map(numbers).collect::<Vec<_>>().join(" ")
}
