//! The report: one offline page for a committee, findings first, everything it rests on behind them.
//!
//! Nothing fetched, one language, headings in order; no script but that of sliders, where they were asked for, and nothing that can
//! only be read with it. The same bytes on every machine: the page prints the canonical command and no date.

mod allocate;
mod calibrate;
mod common;
mod compare;
mod glossary;
mod joint;
mod logic;
mod page;
mod required;
mod section;
mod sensitivity;
mod sliders;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::answers::check::CheckAnswer;
use crate::answers::run::RunAnswer;
use crate::model::Scenario;
use crate::output::{RunContext, changes};

pub use allocate::allocate;
pub use calibrate::calibrate;
pub use compare::{compare, compare_page};
pub use page::table;
pub use required::{required, required_page};
pub use sensitivity::sensitivity;

pub use joint::{Kept, NotKept, Together, together};
use page::Section;

/// The style of every report.
pub const STYLE: &str = include_str!("style.css");

/// A report in its parts, for a page that shows it among other things.
#[derive(Clone, Debug)]
pub struct Page {
    title: String,
    facts: Vec<(&'static str, String)>,
    header: Markup,
    answer: Markup,
    contents: Markup,
}

impl Page {
    /// The answer in a few sentences, without headings.
    #[must_use]
    pub const fn answer(&self) -> &Markup {
        &self.answer
    }

    /// What is on the page, and every section with a heading of the second level.
    #[must_use]
    pub const fn contents(&self) -> &Markup {
        &self.contents
    }

    /// The report as a file of its own, with nothing fetched.
    #[must_use]
    pub fn document(&self) -> String {
        let body = html! {
            (self.header)
            main {
                (PreEscaped(page::mark("answer")))
                (self.answer)
                (PreEscaped(page::mark(page::END)))
                (self.contents)
            }
        };
        document(&self.title, &self.facts, &body)
    }
}

/// `report.html` of a run.
#[must_use]
pub fn report(scenario: &Scenario, answer: &RunAnswer, check: &CheckAnswer, ctx: &RunContext) -> String {
    report_page(scenario, answer, check, ctx).document()
}

/// The report of a run in its parts.
#[must_use]
pub fn report_page(scenario: &Scenario, answer: &RunAnswer, check: &CheckAnswer, ctx: &RunContext) -> Page {
    let header = html! {
        header {
            h1 { (scenario.title) }
            p.file { "Scenario file: " code { (scenario.name) ".toml" } }
            p.lead { "What a simulation of the service says about waits, staff and targets." }
        }
    };
    answer_page(
        &format!("{}: simulation report", scenario.title),
        scenario,
        ctx,
        &header,
        &section::opening(scenario, answer),
        section::all(scenario, answer, check, ctx),
    )
}

/// The page of an answer: its header, the answer first, what is on the page, the sections in the order of a committee, and the
/// words used in them.
fn answer_page(
    title: &str,
    scenario: &Scenario,
    ctx: &RunContext,
    header: &Markup,
    answer: &Markup,
    own: Vec<Section>,
) -> Page {
    let mut sections = own;
    common::add(&mut sections, scenario, ctx);
    sections.sort_by_key(|section| section.part);
    let body: Markup = html! {
        @for s in &sections { (s.markup()) }
    };
    let glossary = glossary::section(&body.0);
    let undone = changes::undone(&ctx.what_if.undone);
    Page {
        title: title.into(),
        facts: joint::facts(title, scenario, ctx),
        header: header.clone(),
        answer: html! {
            @if !undone.is_empty() { div.alarm { @for line in &undone { p { strong { (page::joined(line)) } } } } }
            (answer)
        },
        contents: html! {
            nav aria-label="Contents" {
                ol {
                    @for s in sections.iter().chain([&glossary]) {
                        li { a href={ "#" (s.id) } { (s.title) } }
                    }
                }
            }
            (body)
            (glossary.markup())
        },
    }
}

/// A page of its own, with nothing fetched. What is known of it stands in its head, with the hash of its body.
fn document(title: &str, facts: &[(&'static str, String)], body: &Markup) -> String {
    let version = facts.iter().find(|(name, _)| *name == "version");
    let body = html! { body { (body) } };
    let page = html! {
        (DOCTYPE)
        html lang="en-GB" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                @if let Some((_, version)) = version { meta name="generator" content={ "homefirst " (version) }; }
                @for (name, value) in facts { meta name={ "homefirst-" (name) } content=(value); }
                meta name="homefirst-body" content=(joint::digest(&body.0));
                style { (PreEscaped(STYLE)) }
            }
            (body)
        }
    };
    page.into_string()
}

#[cfg(test)]
mod tests {
    use super::report;
    use crate::output::sample;

    #[test]
    fn the_report_is_one_offline_page_with_headings_in_order() {
        let text = report(
            &sample::scenario(),
            &sample::overloaded(),
            &sample::check(),
            &sample::context(),
        );
        assert!(text.starts_with("<!DOCTYPE html><html lang=\"en-GB\">"));
        assert!(!text.contains("<script") && !text.contains("http-equiv"));
        for fetched in ["src=", "url(", "@import", "href=\"http", "<link"] {
            assert!(!text.contains(fetched), "{fetched}");
        }
        assert_eq!(text.matches("<h1>").count(), 1);
        let mut level = 0;
        for (at, _) in text.match_indices("<h") {
            if let Some(n) = text[at + 2..].chars().next().and_then(|c| c.to_digit(10)) {
                assert!(n <= level + 1, "a heading of level {n} after one of level {level}");
                level = n;
            }
        }
        for svg in text.match_indices("<svg ") {
            assert!(text[svg.0..].starts_with("<svg role=\"img\" aria-labelledby="));
        }
    }

    #[test]
    fn every_table_that_is_written_is_named_in_the_report() {
        let text = report(
            &sample::scenario(),
            &sample::answer(),
            &sample::check(),
            &sample::context(),
        );
        let all = text.split("All figures of this report").nth(1).unwrap();
        let named = all.split("</p>").next().unwrap();
        for file in ["summary", "equity", "outcomes", "beds", "money"] {
            assert!(named.contains(&format!("<code>{file}.csv</code>")), "{file}: {named}");
        }
        assert!(!text.contains("of costs and of durations show the service before"));
    }

    #[test]
    fn ids_are_used_once_and_every_link_leads_somewhere() {
        let text = report(
            &sample::scenario(),
            &sample::answer(),
            &sample::check(),
            &sample::context(),
        );
        let after = |mark: &str| -> Vec<String> {
            text.split(mark)
                .skip(1)
                .filter_map(|t| t.split('"').next().map(str::to_owned))
                .collect()
        };
        let mut ids = after(" id=\"");
        for link in after("href=\"#") {
            assert!(ids.contains(&link), "{link}");
        }
        ids.sort();
        let n = ids.len();
        ids.dedup();
        assert_eq!(ids.len(), n);
    }

    #[test]
    fn what_planners_type_is_escaped() {
        let mut scenario = sample::scenario();
        scenario.title = "Six <b>hubs</b> & more".into();
        scenario.hubs[2].name = "<i>West</i>".into();
        let text = report(&scenario, &sample::answer(), &sample::check(), &sample::context());
        assert!(!text.contains("<b>hubs") && !text.contains("<i>West"));
        assert!(text.contains("Six &lt;b&gt;hubs&lt;/b&gt; &amp; more"));
    }

    #[test]
    fn the_page_does_not_say_when_or_where_it_was_made() {
        let (scenario, answer, check) = (sample::scenario(), sample::answer(), sample::check());
        let mut other = sample::context();
        other.command_typed = "elsewhere".into();
        other.threads = 64;
        other.wall_s = 0.1;
        other.created = Some("today".into());
        assert_eq!(
            report(&scenario, &answer, &check, &sample::context()),
            report(&scenario, &answer, &check, &other)
        );
    }
}
