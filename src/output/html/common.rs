//! What every report has, whatever was asked: purpose, limits, room for a recommendation, what it rests on, and who answers for it.

use maud::{Markup, html};

use super::page::{Part, Section, bullets};
use super::section;
use crate::model::Scenario;
use crate::output::{RunContext, sentence};

/// The verb of the command that gives the same again.
pub(super) fn verb(ctx: &RunContext) -> &str {
    ctx.command_canonical.split_whitespace().nth(1).unwrap_or_default()
}

/// What a verb asks, in a few words.
pub(super) fn question(verb: &str) -> &'static str {
    match verb {
        "explain" => "Why are standards missed?",
        "trajectory" => "When are the targets met?",
        "compare" => "What do options change?",
        "required" => "How many staff are needed?",
        "allocate" => "Where do more staff do most good?",
        "calibrate" => "Which values of unknown inputs reproduce what was reported?",
        "sensitivity" => "Which input matters?",
        _ => "How does this service do?",
    }
}

/// What a report of that verb is for.
fn purpose(verb: &str) -> &'static str {
    match verb {
        "explain" => {
            "To say why people were not seen within the standards, by hub and hour, and what each cause does, so that what is changed \
             is what stands in the way."
        }
        "trajectory" => "To say from which month on each target is met, with what is planned, and how sure that is.",
        "compare" => {
            "To say what each option changes in the service as it is described, for whom, at what cost, and whether chance alone \
             could be the reason."
        }
        "required" => {
            "To say how many staff, at least, the standards need at each hub, and how sure it is that fewer would not do."
        }
        "allocate" => "To say at which hubs more staff do most good, and what is best for the hub that is worst off.",
        "calibrate" => {
            "To say which values of inputs that nobody published agree with what was reported, and what the reported figures \
             cannot tell."
        }
        "sensitivity" => {
            "To say which of the uncertain inputs the answers hang on, and which is worth going to measure."
        }
        _ => {
            "To estimate, for the service as described, the share of referrals answered within each standard, how busy staff are, and \
             what is late or missed, hub by hub; as a basis for decisions on the number and place of staff."
        }
    }
}

/// Adds what the sections of a verb do not say themselves.
pub(super) fn add(sections: &mut Vec<Section>, scenario: &Scenario, ctx: &RunContext) {
    let asked = verb(ctx);
    let has = |id: &str, sections: &[Section]| sections.iter().any(|section| section.id == id);
    // What a scenario changes is said after what the report is for.
    sections.insert(
        0,
        Section {
            id: "purpose",
            part: Part::Purpose,
            title: "Purpose",
            content: html! {
                p { strong { (question(asked)) } " " (purpose(asked)) }
                p { "The service is that of the scenario “" (scenario.title) "”. The figures are a simulation's: what follows from what the \
                     file says of demand, staff and rules, with chance. They are meant to inform a decision, and do not make it." }
            },
        },
    );
    if !has("limits", sections) {
        sections.push(Section {
            id: "limits",
            part: Part::Limits,
            title: "What the simulation cannot say",
            content: bullets(&sentence::limits(scenario)),
        });
    }
    sections.push(Section {
        id: "recommendation",
        part: Part::Recommendation,
        title: "Recommendation",
        content: recommendation(),
    });
    if !has("assumptions", sections) {
        sections.push(Section {
            id: "assumptions",
            part: Part::Assumptions,
            title: "Assumptions book",
            content: section::assumptions(scenario),
        });
    }
    if !has("inputs", sections) {
        sections.push(Section {
            id: "inputs",
            part: Part::Inputs,
            title: "What the inputs mean",
            content: match &ctx.meaning {
                Some(check) => section::inputs(scenario, check),
                None => html! { p { "The command " code { "homefirst check" } " shows what is sampled from these inputs." } },
            },
        });
    }
    if !has("method", sections) {
        let repeated = html! { p { "How often it was repeated, and what intervals mean, is said above for the question that was asked." } };
        sections.push(Section {
            id: "method",
            part: Part::Method,
            title: "Method and limits",
            content: section::stress_des(scenario, ctx, purpose(asked), &repeated, None),
        });
    }
    sections.push(Section {
        id: "quality",
        part: Part::Quality,
        title: "Quality assurance",
        content: quality(),
    });
    if !has("repeat", sections) {
        sections.push(Section {
            id: "repeat",
            part: Part::Repeat,
            title: "How to repeat this",
            content: repeat(scenario, ctx),
        });
    }
}

/// Room for people.
fn recommendation() -> Markup {
    html! {
        p { "The simulation recommends nothing. What is recommended, and why, is for the people who answer for it:" }
        @for _ in 0..4 { p.blank { "\u{a0}" } }
    }
}

/// Who answers for the work: to be filled in by hand.
fn quality() -> Markup {
    html! {
        p { "To be filled in by the people named. The program cannot check whether the scenario is like the service, nor whether the \
             question was the right one." }
        div.scroll tabindex="0" role="region" aria-label="Table: who answers for this work" {
            table.blanks.keep {
                caption { "Who answers for this work" }
                thead { tr {
                    th scope="col" { "Step" }
                    th scope="col" { "Name and organisation" }
                    th scope="col" { "Date" }
                    th scope="col" { "Signature" }
                } }
                tbody {
                    @for step in ["Commissioned by", "Done by", "Checked by", "Approved by"] {
                        tr { th scope="row" { (step) } td {} td {} td {} }
                    }
                }
            }
        }
    }
}

fn repeat(scenario: &Scenario, ctx: &RunContext) -> Markup {
    html! {
        dl {
            div { dt { "Command" } dd { code { (ctx.command_canonical) } } }
            div { dt { "Scenario" } dd { (scenario.name) " (hash " code { (ctx.hash) } ")" } }
            div { dt { "Seed" } dd { (scenario.experiment.seed) } }
            div { dt { "Version" } dd { (ctx.program()) } }
        }
        p { "The scenario lies beside this report, with the files that it names, and so do the figures as CSV, JSON and "
            code { "results.xlsx" } "." }
    }
}
