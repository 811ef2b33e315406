//! The report of `sensitivity`: which input matters, and which is worth going to measure.

use maud::html;

use super::answer_page;
use super::page::{Part, Section, bullets, dense, figure, joined, table};
use crate::output::sensitivity::{
    ASSUMED, Sensed, answers, basis, calibrated, changed, inputs, left_out, reported, shares, surface, tornado, unmoved,
};
use crate::output::uncertain::drawn;
use crate::output::{chart, sentence, words};

/// Below every picture.
const CAPTION: &str = "Each bar has at its ends the value of the input and the service level that it gives. Everything else is as in \
                       the scenario, and the same people come. An input whose ends both lie on one side of the scenario's line \
                       does no better in between than the line shows.";

/// `report.html` of `sensitivity`.
#[must_use]
pub fn sensitivity(sensed: &Sensed<'_>) -> String {
    let scenario = sensed.scenario;
    let header = html! {
        header {
            h1 { (scenario.title) ": which input matters" }
            p.file { "Scenario file: " code { (scenario.name) ".toml" } }
            p.lead { "How far each uncertain input moves the service levels, and which is worth going to measure." }
        }
    };
    let answer = html! {
        div.answer {
            @for of in &sensed.answer.standards {
                @for line in answers(sensed, of) { p { (joined(&line)) } }
            }
            @if let Some(line) = drawn::beside_its_range(&drawn::outside(sensed.ranges)) { p { strong { (joined(&line)) } } }
            p.doubt { (joined(ASSUMED)) }
            @for line in changed(sensed) { p { (joined(&line)) } }
            @for line in reported(scenario).into_iter().chain(calibrated(scenario)) { p { (joined(&line)) } }
        }
        p.basis { (joined(&basis(sensed))) }
        p.basis { (joined(sentence::DOUBT)) }
    };
    answer_page(
        &format!("{}: which input matters", scenario.title),
        scenario,
        sensed.context,
        &header,
        &answer,
        sections(sensed),
    )
    .document()
}

fn sections(sensed: &Sensed<'_>) -> Vec<Section> {
    let figures = chart::tornado(sensed);
    let standards = &sensed.answer.standards;
    let mut out = vec![Section {
        id: "tornado",
        part: Part::Risks,
        title: "One input at a time",
        content: html! {
            @for f in &figures { (figure(f, CAPTION)) }
            @for of in standards { (table(&tornado(sensed, of, usize::MAX))) }
        },
    }];
    if standards.iter().any(|of| of.spread.is_some()) {
        out.push(Section {
            id: "shares",
            part: Part::Risks,
            title: "All inputs together, and what is worth measuring",
            content: html! {
                p { (joined(ASSUMED)) }
                p { "Alone: the share of the variance that knowing this input would take away on average. With others: what would \
                     be left if all others were known; more than alone where an input matters by what others are. Nine tenths \
                     within: how wide the middle nine tenths would be, on average, if it were known. ± is half the interval of " (crate::output::digits::percent(sensed.answer.confidence)) " confidence, its longer side." }
                @for of in standards {
                    @if let Some(grid) = shares(sensed, of, usize::MAX) { (table(&grid)) }
                }
            },
        });
    }
    out.push(Section {
        id: "ranges",
        part: Part::Risks,
        title: "The ranges",
        content: html! {
            (dense(&inputs(sensed)))
            @if let Some(grid) = left_out(sensed) { (dense(&grid)) }
            @let idle: Vec<String> = unmoved(sensed).into_iter().filter(|line| line.starts_with("Nothing")).collect();
            (bullets(&idle))
        },
    });
    out.push(Section {
        id: "sure",
        part: Part::Method,
        title: "How sure this is",
        content: html! {
            p { "One input at a time: the difference to the file is taken replication by replication, on the same referrals, \
                 needs and lengths of visits; the intervals are those of these differences, each alone." }
            p { "All together: the inputs are drawn evenly over their ranges (a Latin hypercube, McKay and others 1979) and every \
                 draw is simulated with the same few replications. A smooth surface is laid through the results (polynomials of \
                 the inputs, of the logit of the service level; Blatman and Sudret 2011), and the shares are those of the \
                 surface (Saltelli and others 2010; Jansen 1999). So what chance does is no input's share. Intervals come from \
                 drawing the points again, with replacement, " "200 times; they do not say how likely the ranges themselves are." }
            @for of in standards { @if let Some(line) = surface(sensed, of) { p { (joined(&line)) } } }
            p { "Every figure is also in " code { "sensitivity.csv" } " and " code { "sensitivity.json" } ". The command that gives \
                 the same again: " code { (sensed.context.command_canonical) } }
            p.note { "Made by " (sensed.context.program()) "; hash of the inputs " code { (sensed.context.hash) } "; "
                (words::weeks(sensed.scenario.experiment.run_length.days())) " measured in each replication." }
        },
    });
    out
}
