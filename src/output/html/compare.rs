//! The report of a comparison.

use maud::{Markup, html};

use super::page::{Part, Section, bullets, dense, figure, joined, table, untitled};
use super::section::uncertain_note;
use super::{Page, answer_page};
use crate::output::compare::{
    Compared, answers, basis, by_hub, met, note, overall, staff, standing, supporting, uncertain, variance,
    variance_saved,
};
use crate::output::{WhatIf, changes, chart, digits, reported, sentence};

/// Options side by side in one table of the page.
const ABREAST: usize = 4;

/// Below every picture.
const CAPTION: &str =
    "The mark is the estimate. A difference is told from chance where the long interval leaves 0 out.";

/// `report.html` of a comparison.
#[must_use]
pub fn compare(compared: &Compared<'_>) -> String {
    compare_page(compared).document()
}

/// The same in its parts.
#[must_use]
pub fn compare_page(compared: &Compared<'_>) -> Page {
    let base = compared.base;
    let header = html! {
        header {
            h1 { (base.title) ": options compared" }
            p.file { "Base: " code { (base.name) ".toml" } }
            p.lead { "What options change, with the same people in the base and in every one of them." }
        }
    };
    let answer = opening(compared);
    answer_page(
        &format!("{}: options compared", base.title),
        base,
        compared.context,
        &header,
        &answer,
        sections(compared),
    )
}

fn opening(compared: &Compared<'_>) -> Markup {
    html! {
        div.answer {
            @for (shown, option) in compared.pairs() {
                p { strong { (shown.title) } @if shown.title != option.name { " (" (option.name) ")" } }
                (bullets(&answers(compared, option)))
                (bullets(&met(compared, option)))
                (bullets(&uncertain(compared, option)))
            }
            p.doubt { (joined(sentence::DOUBT)) }
        }
        p.basis { (joined(&basis(compared))) }
        @if let Some(line) = compared.precision() { p.basis { (joined(&line)) } }
        @for note in compared.notes { p.basis { (joined(note)) } }
        @for line in reported::apart(compared.base, &compared.answer.reported, "the base") { p { (joined(&line)) } }
    }
}

fn sections(compared: &Compared<'_>) -> Vec<Section> {
    let figures = chart::compare(compared);
    let (hubs, all): (Vec<_>, Vec<_>) = figures.into_iter().partition(|f| f.name.starts_with("compare_hubs"));
    let mut out = vec![
        Section {
            id: "options",
            part: Part::Options,
            title: "What each option changes",
            content: options(compared),
        },
        Section {
            id: "compare",
            part: Part::Options,
            title: "Options against the base, all hubs",
            content: html! {
                @for f in &all { (figure(f, CAPTION)) }
                @for grid in overall(compared) { (table(&grid)) }
            },
        },
    ];
    let tables = by_hub(compared, ABREAST);
    if !tables.is_empty() {
        out.push(Section {
            id: "hubs",
            part: Part::Options,
            title: "Hub by hub",
            content: html! {
                @for f in &hubs { (figure(f, CAPTION)) }
                @if hubs.is_empty() { p { "There are too many rows for a picture." } }
                @for grid in tables { (table(&grid)) }
            },
        });
    }
    let tables = standing(compared, ABREAST);
    if !tables.is_empty() {
        out.push(Section {
            id: "targets",
            part: Part::Options,
            title: "Are the targets met?",
            content: html! {
                @for grid in tables { (table(&grid)) }
                @if let Some(note) = note(compared) { p.note { (joined(&note)) } }
            },
        });
    }
    if !compared.answer.uncertain.is_empty() {
        let drawn = compared.answer.options.iter().zip(&compared.answer.uncertain);
        out.push(Section {
            id: "uncertain",
            part: Part::Risks,
            title: "Uncertain inputs",
            content: html! {
                @for (option, of) in drawn {
                    @for grid in crate::output::uncertain::grids(compared.base, Some(&option.name), of) { (table(&grid)) }
                }
                (uncertain_note())
                @if let Some(of) = compared.answer.uncertain.first() {
                    (dense(&crate::output::uncertain::drawn::list(&of.inputs, &of.held, &of.about)))
                }
            },
        });
    }
    if let Some(grid) = staff(compared) {
        out.push(Section {
            id: "staff",
            part: Part::Options,
            title: "Staff and what they cost",
            content: html! {
                p { "Staff are those of the last day, with recruited posts filled. Cost is at the prices stated, as it is paid: by the \
                     hour worked or by the year in post; overtime, premises and the way there are not in it." }
                (table(&grid))
                p { "What a point costs is the yearly cost of the staff that an option has more, over the points that it gains \
                     over all hubs; its two ends are those of the interval of the gain. It says what these posts did here, and \
                     not what the next post would do." }
            },
        });
    }
    out.push(Section {
        id: "behind",
        part: Part::Options,
        title: "What stands behind it",
        content: html! {
            p { "These figures explain the differences and do not decide anything: each has its own single interval, and among \
                 twenty of those one may miss by chance. What is the same in every replication is left out." }
            @for grid in supporting(compared, ABREAST) { (table(&grid)) }
        },
    });
    out.push(Section {
        id: "sure",
        part: Part::Method,
        title: "How sure this is",
        content: method(compared),
    });
    out
}

fn options(compared: &Compared<'_>) -> Markup {
    let base = format!("{}.toml", compared.base.name);
    html! {
        @for (shown, option) in compared.pairs() {
            h3 { (shown.title) }
            p { "Kept as " code { "scenarios/" (option.name) ".toml" } "." }
            @if !shown.scenario.notes.is_empty() && shown.scenario.notes != compared.base.notes {
                p.basis { (joined(&shown.scenario.notes)) }
            }
            @let what_if = WhatIf { base: Some(base.clone()), changes: shown.changes.clone(), ..WhatIf::default() };
            @if let Some(grid) = changes::table(&shown.scenario, &what_if) {
                (untitled(&grid))
            } @else {
                p { "It changes nothing in the base." }
            }
        }
    }
}

fn method(compared: &Compared<'_>) -> Markup {
    let answer = compared.answer;
    html! {
        p {
            "Every option was simulated on the same referrals, needs and lengths of visits, replication by replication; the \
             difference was taken in each replication, and the intervals are those of these differences. "
            @if let Some(line) = variance_saved(compared) { (joined(&line)) }
        }
        p {
            "Of " (digits::count(answer.family as u64)) " differences with single intervals of "
            (digits::percent(answer.confidence)) " some would miss the truth by chance. Whether there is a difference is \
             therefore judged by longer intervals, which all hold at once with that confidence (Bonferroni). Where such an \
             interval holds 0 there is no detectable difference: it may be that there is none, or that it is smaller than so \
             many replications show."
        }
        @for option in &answer.options {
            details {
                summary { (option.name) ": every difference with both intervals" }
                (dense(&variance(compared, option)))
            }
        }
        p { "The command that gives the same again: " code { (compared.context.command_canonical) } }
        p.note { "Made by " (compared.context.program()) "; hash of the base " code { (compared.context.hash) } "." }
    }
}
