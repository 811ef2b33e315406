//! The report of a calibration.

use maud::{Markup, html};

use super::answer_page;
use super::page::{Part, Section, bullets, figure, joined, table};
use crate::answers::calibrate::SHRUNK;
use crate::output::calibrate::{
    Shown, answers, basis, chance, checked, figures, inputs_grid, left_out, pairs, unknown, waves,
};
use crate::output::{chart, digits};

/// `report.html` of a calibration.
#[must_use]
pub fn calibrate(shown: &Shown<'_>) -> String {
    let scenario = shown.scenario;
    let header = html! {
        header {
            h1 { (scenario.title) ": unknown inputs, calibrated" }
            p.file { "Scenario file: " code { (scenario.name) ".toml" } }
            p.lead { "Which values of what is not known reproduce what was reported of the service, and what cannot be told." }
        }
    };
    let answer = html! {
        div.answer { (bullets(&answers(shown))) }
        p.basis { (joined(&basis(shown))) }
        @for line in left_out(shown) { p.basis { (joined(&line)) } }
    };
    answer_page(
        &format!("{}: calibrated", scenario.title),
        scenario,
        shown.context,
        &header,
        &answer,
        sections(shown),
    )
    .document()
}

fn sections(shown: &Shown<'_>) -> Vec<Section> {
    let drawn = chart::calibrate(shown);
    let (ridges, ranges): (Vec<_>, Vec<_>) = drawn.into_iter().partition(|f| f.name.starts_with("ridge"));
    let mut out = vec![Section {
        id: "figures",
        part: Part::Risks,
        title: "What was reported, and what the model gives",
        content: html! {
            (table(&figures(shown)))
            @if let Some(line) = chance(shown) { p { (joined(&line)) } }
            p { "Where the file gives neither " code { "plus-minus" } " nor " code { "referrals" } " of a figure, as many referrals as \
                 are simulated are taken to be behind it. A figure of one month is much less sure than that." }
        },
    }];
    let unknown = unknown(shown);
    if !unknown.is_empty() {
        out.push(Section {
            id: "unknown",
            part: Part::Limits,
            title: "What the figures cannot tell",
            content: bullets(&unknown),
        });
    }
    out.push(Section {
        id: "unknown-inputs",
        part: Part::Risks,
        title: "The unknown inputs",
        content: html! {
            @for f in &ranges {
                (figure(f, "Each bar holds nine tenths of the plausible set. A long pale bar is not sure but unknown: what was reported \
                            says little of that input alone."))
            }
            (table(&inputs_grid(shown)))
            p { "An input whose range has become less than " (digits::percent(SHRUNK)) " shorter is nearly as unknown as before." }
        },
    });
    if !ridges.is_empty() {
        out.push(Section {
            id: "ridge",
            part: Part::Risks,
            title: "Inputs that make up for each other",
            content: html! {
                @for f in &ridges {
                    (figure(f, "Every dark dot fits what was reported. A narrow band says that one input makes up for the other."))
                }
                @if let Some(grid) = pairs(shown) { (table(&grid)) }
            },
        });
    }
    out.push(Section {
        id: "found",
        part: Part::Method,
        title: "How this was found",
        content: method(shown),
    });
    out
}

fn method(shown: &Shown<'_>) -> Markup {
    html! {
        p { "Inputs were chosen evenly over their ranges and simulated, a few replications each. From these an emulator (a quadratic \
             and a Gaussian process) says what the simulation would give at any other inputs, and how sure that is. What lies more \
             than three standard deviations from a reported figure, with chance, model and emulator in doubt, is ruled out; then new \
             inputs are chosen among what is left. At the end points of the ranges are weighted by how well they explain the \
             figures. All values within a range count as equally likely before, and different inputs as independent." }
        (table(&waves(shown)))
        @if let Some(line) = checked(shown) { p { (joined(&line)) } }
        p { "The plausible set is " code { "calibrate.csv" } ": one row a point, its columns the paths of the inputs, and its weight."
            @if shown.calibrated.is_some() { " The calibrated scenario is " code { "calibrated.toml" } "." } }
        p { "The command that gives the same again: " code { (shown.context.command_canonical) } }
        p.note { "Made by " (shown.context.program()) "; hash of the scenario " code { (shown.context.hash) } "." }
    }
}
