//! The report of where more staff do most good.

use maud::html;

use super::answer_page;
use super::page::{Part, Section, bullets, dense, figure, joined, table};
use crate::output::allocate::{
    Allocated, answers, basis, by_hub, chosen_in_draws, curve, if_uncertain, levels, numbers, others, over_draws,
    placements, staff, sureness, what_ifs,
};
use crate::output::uncertain::drawn;
use crate::output::{changes, chart, digits, sentence, words};

/// `report.html` of an allocation.
#[must_use]
pub fn allocate(allocated: &Allocated<'_>) -> String {
    let scenario = allocated.scenario;
    let request = &allocated.answer.request;
    let role = words::role_inside(scenario, request.role);
    let header = html! {
        header {
            h1 { (scenario.title) ": where " (request.extra) " more of " (role) " do most good" }
            p.file { "Scenario file: " code { (scenario.name) ".toml" } }
            p.lead { "The best placement over the hubs, that which is best for the worst hub, and what each costs the other." }
        }
    };
    let answer = html! {
        div.answer {
            @for line in answers(allocated) { p { (joined(&line)) } }
            @for line in if_uncertain(allocated) { p { (joined(&line)) } }
            p.doubt { (joined(sentence::DOUBT)) }
        }
        p.basis { (joined(&basis(allocated))) }
        @if !scenario.notes.is_empty() { p.basis { (joined(&scenario.notes)) } }
    };
    answer_page(
        &format!("{}: where to place {} more", scenario.title, request.extra),
        scenario,
        allocated.context,
        &header,
        &answer,
        sections(allocated),
    )
    .document()
}

fn sections(allocated: &Allocated<'_>) -> Vec<Section> {
    let figures = chart::allocate(allocated);
    let (hubs, all): (Vec<_>, Vec<_>) = figures.into_iter().partition(|f| f.name.starts_with("allocate_hubs"));
    let answer = allocated.answer;
    let mut out = Vec::new();
    if let Some(changed) = changes::table(allocated.scenario, &allocated.context.what_if) {
        out.push(Section {
            id: "changes",
            part: Part::Purpose,
            title: "What this scenario changes",
            content: html! {
                p { (changes::basis(&allocated.context.what_if)) }
                (table(&changed))
            },
        });
    }
    out.extend([
        Section {
            id: "placements",
            part: Part::Options,
            title: "Placements and what they do",
            content: html! {
                (table(&placements(allocated)))
                (table(&levels(allocated)))
                (table(&by_hub(allocated)))
                p.note { "The lowest of several figures that chance moves leans downward, so the level of the worst hub does too, \
                          a little, and alike in all placements." }
            },
        },
        Section {
            id: "fewer",
            part: Part::Options,
            title: "What fewer would do",
            content: html! {
                @for f in &all { (figure(f, "The numbers are in the table below.")) }
                p { "These are the best placements of so many, on the replications on which they were chosen, which flatters \
                     them slightly; those named above were confirmed on others. The numbers in the last column go to the hubs in \
                     the order of the first table." }
                (dense(&curve(allocated, usize::MAX)))
            },
        },
        Section {
            id: "hubs",
            part: Part::Options,
            title: "Hub by hub",
            content: html! {
                @for f in &hubs { (figure(f, "Each point was simulated; its numbers are in allocate.csv.")) }
                @if hubs.is_empty() { p { "Hubs that lend each other staff, or many hubs, make no picture; the figures are in " code { "allocate.csv" } "." } }
            },
        },
    ]);
    if let Some(grid) = over_draws(allocated) {
        out.push(Section {
            id: "uncertain",
            part: Part::Risks,
            title: "If the inputs are not as stated",
            content: html! {
                (table(&grid))
                @if let Some(grid) = chosen_in_draws(allocated) { (dense(&grid)) }
                p.note {
                    "In each draw the inputs have other values. “With both” is where it lies by the inputs and by chance \
                     together. “Best has” is what the best placement by the stated inputs has more than this one, and in how many draws it \
                     has more. Every figure, with both kinds of doubt apart, is in " code { "uncertain.csv" } "."
                }
                @if let Some(of) = allocated.uncertain { (dense(&drawn::list(&of.inputs, &[], &of.about))) }
            },
        });
    }
    if let Some(grid) = others(allocated) {
        out.push(Section {
            id: "others",
            part: Part::Options,
            title: "What it does to the other standards",
            content: html! {
                p { "The same staff serve everybody: whoever is seen sooner may begin a package that others then wait for, and \
                     staff who are free sooner may help elsewhere. So a gain in one standard may cost another." }
                (table(&grid))
            },
        });
    }
    out.push(Section {
        id: "sure",
        part: Part::Options,
        title: "How sure the choice is",
        content: html! {
            (bullets(&sureness(allocated)))
            (table(&numbers(allocated)))
        },
    });
    out.push(Section {
        id: "posts",
        part: Part::Options,
        title: "What is placed",
        content: html! {
            (bullets(&staff(allocated)))
            @let files: Vec<&str> = what_ifs(allocated).into_iter().map(|(name, _)| name).collect();
            @if !files.is_empty() {
                p { "Beside this report lie the placements as what-ifs on " code { "scenario.toml" } ", to run, to compare and to go \
                     on from: "
                    @for (n, file) in files.iter().enumerate() { @if n > 0 { ", " } code { (file) } } "." }
            }
        },
    });
    out.push(Section {
        id: "found",
        part: Part::Method,
        title: "How it was found",
        content: html! {
            p {
                "Hubs that share no staff cannot touch each other, so a hub with so many more staff needs to be simulated once, \
                 whatever the others have. " (digits::count(answer.cells_in_all as u64)) " such cells there are; "
                "those were simulated that could matter, on the same people. A cell that was left out was taken to be no better \
                 than one with more staff, and could then not have changed the result by more than a hundredth of a point. Over \
                 all hubs every hub counts by its referrals. The best placement is found by dynamic programming, which asks \
                 nothing of how gains grow; the one for the worst hub in the same way, and among those with the same worst hub \
                 the best over all hubs is taken."
            }
            p {
                "Whoever chooses the best on some data flatters it on the same data; therefore all figures of placements are of \
                 other replications. Differences are taken replication by replication. The intervals of the best placement \
                 against the others hold for all of them at once (Bonferroni); other intervals stand alone; those of the worst \
                 hub are bootstrap intervals."
            }
            p { "The command that gives the same again: " code { (allocated.context.command_canonical) } }
            p.note { "Made by " (allocated.context.program()) "; hash of the scenario " code { (allocated.context.hash) } "." }
        },
    });
    out
}
