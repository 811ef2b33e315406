//! Several runs beside each other.

use std::sync::Arc;

use maud::{Markup, html};

use super::run::list_of;
use super::{alarm, at_result, at_run, page};
use crate::output::html::table;
use crate::web::jobs::Run;
use crate::web::work::Kept;

/// The most runs on one page.
pub(in crate::web) const MOST: usize = 3;

/// A run with what came of it.
type Finished = (Arc<Run>, Arc<Kept>);

/// The page: of those chosen, which are done, among all that are.
pub(in crate::web) fn beside(chosen: &[Finished], all: &[Finished]) -> Markup {
    let few = chosen.len() < 2;
    let shown = &chosen[..chosen.len().min(MOST)];
    let is_chosen = |run: &Run| chosen.iter().any(|(own, _)| own.number == run.number);
    let body = html! {
        h1 { "Runs side by side" }
        @if chosen.len() > MOST {
            (alarm("The first three are shown", &["Four and more do not fit beside each other.".to_owned()]))
        }
        form method="get" action="/beside" {
            fieldset.choice {
                legend { "Runs" }
                @for (run, _) in all {
                    p.radio {
                        input type="checkbox" name="run" id={ "run-" (run.number) } value=(run.number) checked[is_chosen(run)];
                        label for={ "run-" (run.number) } { (list_of(run)) }
                    }
                }
            }
            button type="submit" { "Put side by side" }
        }
        @if few {
            p { "Choose two or three runs that are done." }
        } @else {
            (heads(shown))
            (joined(shown))
            (own(shown))
            (charts(shown))
            p.note { "These runs were made one by one. Whether a difference is more than chance is for the question “What do the \
                      changes, or other files, change?”, which simulates both with the same people and says how sure the \
                      difference is." }
        }
    };
    page("Side by side", &body)
}

fn heads(shown: &[Finished]) -> Markup {
    html! {
        div.abreast {
            @for (run, kept) in shown {
                section aria-labelledby={ "head-" (run.number) } {
                    h2 id={ "head-" (run.number) } { a href=(at_run(run.number)) { (list_of(run)) } }
                    @if run.about.changes.is_empty() {
                        p.basis { "As the file has it." }
                    } @else {
                        ul.basis { @for change in &run.about.changes { li { (change) } } }
                    }
                    @if let Some(note) = &kept.note { p.basis { strong { (note) } } }
                    (kept.answer)
                }
            }
        }
    }
}

/// Tables of one number a row, joined by their rows.
fn joined(shown: &[Finished]) -> Markup {
    let mut captions: Vec<(&str, &str)> = Vec::new();
    for single in shown.iter().flat_map(|(_, kept)| &kept.beside.joined) {
        if !captions.iter().any(|(caption, _)| *caption == single.caption) {
            captions.push((&single.caption, &single.of));
        }
    }
    html! {
        @if !captions.is_empty() {
            section aria-labelledby="figures-heading" {
                h2 #figures-heading { "Figures" }
                @for (caption, of) in captions { (joined_table(shown, caption, of)) }
            }
        }
    }
}

fn joined_table(shown: &[Finished], caption: &str, of: &str) -> Markup {
    let of_run = |kept: &Arc<Kept>| {
        kept.beside
            .joined
            .iter()
            .find(|single| single.caption == caption)
            .cloned()
    };
    // Of answers of other kinds there is no column.
    let with_figures = shown.iter().filter(|(_, kept)| !kept.beside.joined.is_empty());
    let columns: Vec<_> = with_figures.map(|(run, kept)| (run.number, of_run(kept))).collect();
    let mut rows: Vec<(String, bool)> = Vec::new();
    for (label, _, total) in columns
        .iter()
        .filter_map(|(_, single)| single.as_ref())
        .flat_map(|single| &single.rows)
    {
        if !rows.iter().any(|(own, _)| own == label) {
            rows.push((label.clone(), *total));
        }
    }
    let cell = |n: usize, row: &str| {
        let single = columns.get(n).and_then(|(_, single)| single.as_ref());
        let found = single.and_then(|single| single.rows.iter().find(|(own, _, _)| own == row));
        found.map_or_else(String::new, |(_, value, _)| value.clone())
    };
    html! {
        div.scroll tabindex="0" role="region" aria-label={ "Table: " (caption) } {
            table {
                caption { (caption) }
                thead { tr {
                    th scope="col" { (of) }
                    @for (number, _) in &columns { th.n scope="col" { "Run " (number) } }
                } }
                tbody {
                    @for (row, total) in &rows {
                        tr class=[total.then_some("total")] {
                            th scope="row" { (row) }
                            @for n in 0..columns.len() { td.n { (cell(n, row)) } }
                        }
                    }
                }
            }
        }
    }
}

/// Tables that only one kind of answer has.
fn own(shown: &[Finished]) -> Markup {
    html! {
        @for (run, kept) in shown.iter().filter(|(_, kept)| !kept.beside.own.is_empty()) {
            section aria-labelledby={ "own-" (run.number) } {
                h2 id={ "own-" (run.number) } { "Run " (run.number) ": tables" }
                @for grid in &kept.beside.own { (table(grid)) }
            }
        }
    }
}

/// The same chart of each run in a row; pictures, since what is named inside of them is named once on a page.
fn charts(shown: &[Finished]) -> Markup {
    let mut names: Vec<&str> = Vec::new();
    for (name, _) in shown.iter().flat_map(|(_, kept)| &kept.beside.charts) {
        if !names.contains(&name.as_str()) {
            names.push(name);
        }
    }
    let of_run = |kept: &Arc<Kept>, name: &str| kept.beside.charts.iter().find(|(own, _)| own == name).cloned();
    html! {
        @if !names.is_empty() {
            section aria-labelledby="charts-heading" {
                h2 #charts-heading { "Charts" }
                @for name in names {
                    div.abreast {
                        @for (run, kept) in shown {
                            @if let Some((name, title)) = of_run(kept, name) {
                                figure {
                                    img src=(at_result(&kept.results, &format!("charts/{name}.svg"))) alt={ "Run " (run.number) ": " (title) };
                                    figcaption { "Run " (run.number) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
