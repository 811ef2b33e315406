//! Drawing what is wrong with a file: the lines themselves, the fault underlined, and what to do.

use std::ops::Range;
use std::path::Path;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use crate::diagnostic::{Diagnostic, Label, Severity, Source};

/// The most problems that are drawn; the closing line counts them all.
const MOST_DRAWN: usize = 200;

/// The most of a line that is handed over for drawing after the last label \[bytes\]: a line may be a million long.
const MOST_AFTER: usize = 500;

/// All diagnostics as text, with a closing line that counts them; empty if there are none.
#[must_use]
pub fn render(diagnostics: &[Diagnostic], color: bool) -> String {
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    let mut text = String::new();
    for diagnostic in diagnostics.iter().take(MOST_DRAWN) {
        text.push_str(&renderer.render(&[group(diagnostic)]));
        text.push_str("\n\n");
    }
    text.push_str(&closing(diagnostics));
    text
}

fn group(diagnostic: &Diagnostic) -> Group<'_> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let mut group = level
        .primary_title(diagnostic.message.as_str())
        .id(diagnostic.code)
        .elements(snippets(&diagnostic.labels));
    for help in &diagnostic.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    group
}

/// One snippet for each file that the labels are in.
fn snippets(labels: &[Label]) -> Vec<Snippet<'_, annotate_snippets::Annotation<'_>>> {
    let mut sources: Vec<&Source> = Vec::new();
    for label in labels {
        if !sources.iter().any(|s| std::ptr::eq(*s, &*label.source)) {
            sources.push(&label.source);
        }
    }
    sources
        .into_iter()
        .map(|source| {
            let ours = labels
                .iter()
                .enumerate()
                .filter(|(_, l)| std::ptr::eq(&*l.source, source));
            let places: Vec<(usize, &Label, Range<usize>)> =
                ours.map(|(i, l)| (i, l, first_line(&source.text, &l.range))).collect();
            // Only the lines from the first label to the last are handed over: files may be long.
            let from = places.iter().map(|(_, _, r)| r.start).min().unwrap_or(0);
            let to = places.iter().map(|(_, _, r)| r.end).max().unwrap_or(0);
            let from = source.text[..from].rfind('\n').map_or(0, |at| at + 1);
            let end = source.text[to..].find('\n').map_or(source.text.len(), |at| to + at);
            let end = end.min(to + MOST_AFTER);
            let to = first_line(&source.text, &(end..end)).start;
            let mut snippet = Snippet::source(&source.text[from..to])
                .line_start(source.text[..from].matches('\n').count() + 1)
                .path(source.path.to_string_lossy().into_owned());
            for (i, label, range) in places {
                let kind = if i == 0 {
                    AnnotationKind::Primary
                } else {
                    AnnotationKind::Context
                };
                let mut annotation = kind.span(range.start - from..range.end - from);
                if !label.text.is_empty() {
                    annotation = annotation.label(label.text.as_str());
                }
                snippet = snippet.annotation(annotation);
            }
            snippet
        })
        .collect()
}

/// The part of a range that lies on its first line, at character boundaries.
fn first_line(text: &str, range: &Range<usize>) -> Range<usize> {
    let boundary = |at: usize| {
        (0..=at.min(text.len()))
            .rev()
            .find(|&i| text.is_char_boundary(i))
            .unwrap_or(0)
    };
    let start = boundary(range.start);
    let end = boundary(range.end).max(start);
    let line = text[start..end].find(['\n', '\r']).map_or(end, |at| start + at);
    start..line
}

/// How many problems there are, where, and what that means.
fn closing(diagnostics: &[Diagnostic]) -> String {
    let count = |severity, one: &str, many: &str| {
        let n = diagnostics.iter().filter(|d| d.severity == severity).count();
        match n {
            0 => None,
            1 => Some(format!("1 {one}")),
            n => Some(format!("{n} {many}")),
        }
    };
    let problems = count(Severity::Error, "problem", "problems");
    let warnings = count(Severity::Warning, "warning", "warnings");
    let place = diagnostics
        .iter()
        .find_map(|d| d.labels.first())
        .map(|l| format!(" in {}", file_name(&l.source.path)))
        .unwrap_or_default();
    let hidden = match diagnostics.len().saturating_sub(MOST_DRAWN) {
        0 => String::new(),
        _ => format!(" (the first {MOST_DRAWN} are shown)"),
    };
    match (problems, warnings) {
        (Some(problems), Some(warnings)) => format!("{problems} and {warnings}{place}{hidden}; nothing was run\n"),
        (Some(problems), None) => format!("{problems}{place}{hidden}; nothing was run\n"),
        (None, Some(warnings)) => format!("{warnings}{place}{hidden}\n"),
        (None, None) => String::new(),
    }
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .unwrap_or(path.as_os_str())
        .to_string_lossy()
        .into_owned()
}
