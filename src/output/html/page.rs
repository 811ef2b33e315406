//! Pieces that every section is made of.

use maud::{Markup, PreEscaped, html};

use crate::output::chart::Figure;
use crate::output::grid::Grid;

/// The parts of a report, in the order in which a committee reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    Purpose,
    Findings,
    Position,
    Options,
    Staff,
    Risks,
    Limits,
    Recommendation,
    Assumptions,
    Inputs,
    Method,
    Quality,
    Repeat,
    Words,
}

impl Part {
    pub(super) const ALL: [Self; 14] = [
        Self::Purpose,
        Self::Findings,
        Self::Position,
        Self::Options,
        Self::Staff,
        Self::Risks,
        Self::Limits,
        Self::Recommendation,
        Self::Assumptions,
        Self::Inputs,
        Self::Method,
        Self::Quality,
        Self::Repeat,
        Self::Words,
    ];

    /// As the marks in the page say it.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Purpose => "purpose",
            Self::Findings => "findings",
            Self::Position => "position",
            Self::Options => "options",
            Self::Staff => "staff-needed",
            Self::Risks => "risks",
            Self::Limits => "limits",
            Self::Recommendation => "recommendation",
            Self::Assumptions => "assumptions",
            Self::Inputs => "inputs",
            Self::Method => "method",
            Self::Quality => "quality",
            Self::Repeat => "repeat",
            Self::Words => "words",
        }
    }

    /// As a heading over what several results say of it.
    pub(super) const fn title(self) -> &'static str {
        match self {
            Self::Purpose => "Purpose",
            Self::Findings => "Findings",
            Self::Position => "Position against the standards",
            Self::Options => "Options",
            Self::Staff => "Staff needed",
            Self::Risks => "Risks and uncertain inputs",
            Self::Limits => "What the model cannot say",
            Self::Recommendation => "Recommendation",
            Self::Assumptions => "Assumptions book",
            Self::Inputs => "What the inputs mean",
            Self::Method => "Method",
            Self::Quality => "Quality assurance",
            Self::Repeat => "How to repeat this",
            Self::Words => "Words used",
        }
    }
}

/// A section of the page.
pub(super) struct Section {
    /// Where links lead.
    pub(super) id: &'static str,
    /// Where it stands on the page.
    pub(super) part: Part,
    pub(super) title: &'static str,
    pub(super) content: Markup,
}

impl Section {
    pub(super) fn markup(&self) -> Markup {
        html! {
            section id=(self.id) aria-labelledby={ (self.id) "-heading" } {
                h2 id={ (self.id) "-heading" } { (self.title) }
                (PreEscaped(mark(&format!("section {} {}", self.part.name(), self.id))))
                (self.content)
                (PreEscaped(mark(END)))
            }
        }
    }
}

/// What ends whatever a mark begins.
pub(super) const END: &str = "end";

/// A mark in the page, which `report` finds parts by. No text of a page can be mistaken for one, since `<` is escaped there.
pub(super) fn mark(what: &str) -> String {
    format!("{MARK}{what}-->")
}

/// How every mark begins.
pub(super) const MARK: &str = "<!--homefirst:";

/// Tables of at most so many rows stay on one page.
const ROWS_KEPT: usize = 24;

/// A table that scrolls by itself where the page is narrow.
#[must_use]
pub fn table(grid: &Grid) -> Markup {
    table_as(grid, "")
}

/// The same under a heading that says what it shows already.
pub(super) fn untitled(grid: &Grid) -> Markup {
    table_as(grid, "untitled")
}

/// The same, in small type.
pub(super) fn dense(grid: &Grid) -> Markup {
    table_as(grid, "dense")
}

fn table_as(grid: &Grid, class: &str) -> Markup {
    // A table that fits a page is not broken over two.
    let keep = if grid.rows.len() <= ROWS_KEPT { "keep" } else { "" };
    let class = format!("{class} {keep}");
    let class = class.trim();
    html! {
        // Not by its caption alone: a section may be called the same.
        div.scroll tabindex="0" role="region" aria-label={ "Table: " (grid.caption) } {
            table class=[(!class.is_empty()).then_some(class)] {
                caption { (grid.caption) }
                thead {
                    tr {
                        @for c in &grid.columns {
                            th scope="col" class=[c.number.then_some("n")] { (c.heading) }
                        }
                    }
                }
                tbody {
                    @for row in &grid.rows {
                        tr class=[row.total.then_some("total")] {
                            @for (i, cell) in row.cells.iter().enumerate() {
                                @if i == 0 {
                                    th scope="row" { (lines(cell)) }
                                } @else {
                                    td class=[grid.columns.get(i).filter(|c| c.number).map(|_| "n")] { (lines(cell)) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Text with its line breaks; a path may break anywhere.
fn lines(text: &str) -> Markup {
    html! {
        @for (i, line) in text.lines().enumerate() {
            @if i > 0 { br; }
            @if is_path(line) { span.path { (line) } } @else { (line.trim()) }
        }
    }
}

/// Whether something is a path into a file, which no number is.
fn is_path(text: &str) -> bool {
    text.contains('.') && !text.contains(' ') && text.contains(char::is_alphabetic)
}

/// A figure with its caption.
pub(super) fn figure(f: &Figure, caption: &str) -> Markup {
    html! {
        figure {
            (PreEscaped(&f.svg))
            figcaption { (caption) }
        }
    }
}

/// A number stays with its sign where a line breaks.
pub(super) fn joined(text: &str) -> String {
    text.replace(" %", "\u{a0}%").replace("± ", "±\u{a0}")
}

/// A list of sentences.
pub(super) fn bullets(items: &[String]) -> Markup {
    html! {
        @if !items.is_empty() {
            ul { @for item in items { li { (joined(item)) } } }
        }
    }
}
