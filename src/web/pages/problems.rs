//! What is wrong with a scenario: the same places, words and hints as in the terminal.

use std::ops::Range;

use maud::{Markup, html};

use crate::diagnostic::{Diagnostic, Label, Severity};

/// The most problems that are shown.
const MOST_SHOWN: usize = 200;
/// The most of a line that is shown on either side of the fault \[characters\].
const MOST_AROUND: usize = 120;

/// All of them, each with its lines.
pub(super) fn problems(list: &[Diagnostic]) -> Markup {
    html! {
        ol.problems {
            @for problem in list.iter().take(MOST_SHOWN) { li { (one(problem)) } }
        }
        @if list.len() > MOST_SHOWN {
            p { "The first " (MOST_SHOWN) " of " (list.len()) " are shown." }
        }
    }
}

/// How many of a kind there are, in words.
pub(super) fn counted(list: &[Diagnostic]) -> String {
    let of = |severity, one: &str, many: &str| match list.iter().filter(|d| d.severity == severity).count() {
        0 => None,
        1 => Some(format!("1 {one}")),
        n => Some(format!("{n} {many}")),
    };
    let found = [
        of(Severity::Error, "problem", "problems"),
        of(Severity::Warning, "warning", "warnings"),
    ];
    let found: Vec<String> = found.into_iter().flatten().collect();
    found.join(" and ")
}

fn one(problem: &Diagnostic) -> Markup {
    let kind = match problem.severity {
        Severity::Error => "Problem",
        Severity::Warning => "Warning",
    };
    html! {
        p {
            strong { (kind) ": " (problem.message) }
            " (" (problem.code) ")"
        }
        @for (n, label) in problem.labels.iter().enumerate() { (place(label, n == 0)) }
        @for help in &problem.help { p.help { "What to do: " (help) } }
    }
}

/// Where, the line itself with the fault marked, and what is said of it.
fn place(label: &Label, first: bool) -> Markup {
    let text = &label.source.text;
    let range = on_first_line(text, &label.range);
    let (line, column) = line_column(text, range.start);
    let from = text[..range.start].rfind('\n').map_or(0, |at| at + 1);
    let to = text[range.end..]
        .find(['\n', '\r'])
        .map_or(text.len(), |at| range.end + at);
    let file = label
        .source
        .path
        .file_name()
        .unwrap_or(label.source.path.as_os_str())
        .to_string_lossy();
    let before: Vec<char> = text[from..range.start].chars().collect();
    let cut = before.len().saturating_sub(MOST_AROUND);
    let before: String = before.iter().skip(cut).collect();
    let fault: String = text[range.clone()].chars().take(MOST_AROUND).collect();
    let after: String = text[range.end..to].chars().take(MOST_AROUND).collect();
    html! {
        p.place {
            @if !first { "Beside it: " }
            (file) ", line " span data-line=(line) { (line) } ", column " (column)
            @if !label.text.is_empty() { ": " (label.text) }
        }
        pre.line tabindex="0" role="group" aria-label={ "Line " (line) } {
            code {
                @if cut > 0 { "…" }
                (before) mark { @if fault.is_empty() { " " } @else { (fault) } } (after)
            }
        }
    }
}

/// The part of a range that lies on its first line, at character boundaries.
fn on_first_line(text: &str, range: &Range<usize>) -> Range<usize> {
    let boundary = |at: usize| {
        let mut at = at.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let start = boundary(range.start);
    let end = boundary(range.end).max(start);
    let line = text[start..end].find(['\n', '\r']).map_or(end, |at| start + at);
    start..line
}

/// Both from 1, columns in characters.
fn line_column(text: &str, at: usize) -> (usize, usize) {
    let before = &text[..at];
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (line, column)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{counted, problems};
    use crate::scenario::read_text;

    #[test]
    fn a_problem_has_its_line_its_place_and_what_to_do() {
        let text = crate::scenario::TEMPLATE.replace("hours-per-week", "hours-per-weak");
        let found = read_text(Path::new("x/a <b>.toml"), text).unwrap_err().sorted();
        let page = problems(&found).into_string();
        assert!(page.contains("<mark>hours-per-weak</mark>"), "{page}");
        assert!(page.contains("a &lt;b&gt;.toml, line <span data-line=\""), "{page}");
        assert!(page.contains("What to do: "), "{page}");
        assert_eq!(counted(&found), format!("{} problems", found.len()));
    }

    #[test]
    fn faults_at_the_end_and_in_long_lines_are_shown_too() {
        for text in ["format = ", "", &format!("format = 1\nx = \"{}\" é", "é".repeat(9000))] {
            let found = read_text(Path::new("a.toml"), text.to_owned()).unwrap_err().sorted();
            assert!(problems(&found).into_string().contains("<mark>"));
        }
    }
}
