//! The report of how many staff are needed.

use maud::html;

use super::page::{Part, Section, bullets, dense, figure, joined, table};
use super::{Page, answer_page};
use crate::answers::required::Ending;
use crate::output::required::{
    Required, asked, basis, borderline, found, if_uncertain, levels, misses, other_targets, over_draws, rests,
    rests_on, rostered, staff,
};
use crate::output::uncertain::drawn;
use crate::output::{chart, sentence};

/// Below every picture.
const CAPTION: &str = "Each cell is a staffing that the search simulated, with the service level it saw and whether that meets (✓) or \
                       misses (✗) the level asked for, or is too near or too roughly known to say (?). A white cell with ✓ meets this \
                       standard but is missed by another, or may be: see its picture. The search looks closely only where it must, so that far \
                       from the level asked for figures are rough.";

/// `report.html` of the staffing question.
#[must_use]
pub fn required(required: &Required<'_>) -> String {
    required_page(required).document()
}

/// The same in its parts.
#[must_use]
pub fn required_page(required: &Required<'_>) -> Page {
    let scenario = required.scenario;
    let header = html! {
        header {
            h1 { (scenario.title) ": staff required" }
            p.file { "Scenario file: " code { (scenario.name) ".toml" } }
            p.lead { "How many staff are needed to hold the standards, and how sure that is." }
        }
    };
    let answer = html! {
        div.answer {
            (bullets(&found(required)))
            (bullets(&if_uncertain(required)))
            p.doubt { (joined(sentence::DOUBT)) }
        }
        p.basis { (joined(&asked(required))) }
    };
    answer_page(
        &format!("{}: staff required", scenario.title),
        scenario,
        required.context,
        &header,
        &answer,
        sections(required),
    )
}

fn sections(required: &Required<'_>) -> Vec<Section> {
    let figures = chart::required(required);
    let mut out = vec![Section {
        id: "staff",
        part: Part::Staff,
        title: "Staff needed",
        content: html! {
            @for grid in staff(required) { (table(&grid)) }
            @let below = rostered(required);
            @if !below.is_empty() { p.note { (below) } }
            @if let Some(line) = other_targets(required) { p { (joined(&line)) } }
        },
    }];
    out.extend(uncertain(required));
    out.push(
        Section {
            id: "certificate",
            part: Part::Staff,
            title: "Certificate",
            content: html! {
                p {
                    "Every level was tested on people whom the search had not seen. \"Shown to be at least\" is the level that the test \
                     would still have shown, each bound by itself. Where a staffing is certified, it is the levels asked for and that "
                    (required.rejected()) " misses one that hold together with the confidence asked for."
                }
                @let grid = levels(required);
                @if !grid.rows.is_empty() { (table(&grid)) }
                @let grid = misses(required, true);
                @if !grid.rows.is_empty() { (table(&grid)) }
                @let grid = borderline(required, usize::MAX);
                @if !grid.rows.is_empty() { (table(&grid)) }
                @let grid = misses(required, false);
                @if !grid.rows.is_empty() {
                    details {
                        summary { "All that was tested for missing a level" }
                        (dense(&grid))
                    }
                }
            },
        },
    );
    if !figures.is_empty() {
        out.push(Section {
            id: "around",
            part: Part::Staff,
            title: "Service level over staff",
            content: html! {
                @for f in &figures { (figure(f, CAPTION)) }
            },
        });
    }
    out.push(Section {
        id: "found",
        part: Part::Method,
        title: "How it was found",
        content: html! {
            p { (joined(&basis(required))) }
            (table(&rests_on(required)))
            (bullets(&rests(required)))
            @if required.answer.ending != Ending::Interrupted {
                p { "The command that gives the same again: " code { (required.context.command_canonical) } }
            }
            p.note { "Made by " (required.context.program()) "; hash of the scenario " code { (required.context.hash) } "." }
        },
    });
    out
}

/// What would be needed if the inputs were not as stated.
fn uncertain(required: &Required<'_>) -> Option<Section> {
    let of = required.uncertain?;
    Some(Section {
        id: "uncertain",
        part: Part::Risks,
        title: "If the inputs are not as stated",
        content: html! {
            @if let Some(f) = chart::needed(required) { (figure(&f, "Each mark is one set of possible inputs, a draw; all of them are in needed.csv.")) }
            @if let Some(grid) = over_draws(required) { (table(&grid)) }
            p.note {
                "In each draw the inputs have other values, and the search looks for the least staffing anew, with \
                 the same people; there is no certificate for it. “Beyond” means that in that draw nothing within the bounds suffices. The \
                 staffing of the answer was simulated in every draw on people whom no search has seen, until every level was clearly met \
                 or one clearly missed. What chance does was seen by searching some draws again with other people: what differs \
                 then is chance, and what differs between draws beyond it is due to the inputs."
            }
            (dense(&drawn::list(&of.inputs, &of.held, &of.about)))
        },
    })
}
