//! The page of a scenario's text: what is wrong with it, and a place to mend it.

use maud::{Markup, html};

use super::problems::{counted, problems};
use super::{alarm, at_scenario, page};
use crate::diagnostic::Diagnostic;

/// What the page shows.
#[derive(Debug)]
pub(in crate::web) struct Shown<'a> {
    pub(in crate::web) name: &'a str,
    pub(in crate::web) text: &'a str,
    /// The name under which it would be saved.
    pub(in crate::web) save_as: &'a str,
    pub(in crate::web) problems: &'a [Diagnostic],
    /// Why it could not be saved.
    pub(in crate::web) refused: Option<&'a str>,
}

/// The page.
pub(in crate::web) fn text(shown: &Shown<'_>) -> Markup {
    let at = at_scenario(shown.name);
    let refused: Vec<String> = shown.refused.map(str::to_owned).into_iter().collect();
    let broken = !shown.problems.is_empty();
    let body = html! {
        h1 { (shown.name) }
        (alarm("Not saved", &refused))
        @if broken {
            section aria-labelledby="problems-heading" {
                h2 #problems-heading tabindex="-1" { (counted(shown.problems)) }
                p { "Mend them in the text below and save; nothing can be run before." }
                (problems(shown.problems))
            }
        } @else {
            p { "No problems. " a href=(at) { "Change numbers and run it" } }
        }
        section aria-labelledby="text-heading" {
            h2 #text-heading { "The text" }
            form method="post" action={ (at) "/text" } {
                p.field {
                    label for="text" { "Scenario" }
                    span.hint #text-hint { "Lines are counted from 1. Line and column of the cursor: " span #place { "1, 1" } }
                    textarea #text name="text" rows="24" spellcheck="false" autocomplete="off" aria-describedby="text-hint" wrap="off" {
                        // The first line break after the tag is not part of a text area's content.
                        "\n" (shown.text)
                    }
                }
                p.field {
                    label for="as" { "Save as" }
                    input #as type="text" name="as" value=(shown.save_as) required autocomplete="off";
                }
                button type="submit" { "Save and check" }
            }
        }
    };
    let title = if refused.is_empty() {
        shown.name.to_owned()
    } else {
        format!("Not saved: {}", shown.name)
    };
    page(&title, &body)
}
