//! The first page: which scenario?

use maud::{Markup, html};

use super::{at_run, at_scenario, page};
use crate::web::folder::Folder;
use crate::web::jobs::Jobs;
use crate::web::pages::run::{in_a_word, list_of};
use crate::web::shipped::SHIPPED;

/// The page.
pub(in crate::web) fn home(folder: &Folder, jobs: &Jobs) -> Markup {
    let scenarios = folder.scenarios();
    let runs = jobs.all();
    let body = html! {
        h1 { "Which service?" }
        p.lead { "Choose a scenario, change staff and other numbers, and see what that does to waits. Nothing needs a command line." }
        section aria-labelledby="own-heading" {
            h2 #own-heading { "Scenarios of your folder" }
            p.basis { "Folder: " code { (folder.shown()) } }
            @if scenarios.is_empty() {
                p { "There is none yet. Copy one that comes with the program, or upload one." }
            } @else {
                ul.choices {
                    @for (name, title) in &scenarios {
                        li { a href=(at_scenario(name)) { (title) } @if title != name { " (" (name) ")" } }
                    }
                }
            }
        }
        section aria-labelledby="shipped-heading" {
            h2 #shipped-heading { "Scenarios that come with the program" }
            form method="post" action="/shipped" {
                p.field {
                    label for="shipped" { "Scenario" }
                    select #shipped name="shipped" {
                        @for shipped in SHIPPED { option value=(shipped.name) { (shipped.title()) } }
                    }
                }
                p.hint { "It is copied into your folder, with the scenario that it is based on, so that you can change it." }
                button type="submit" { "Copy and open" }
            }
        }
        section aria-labelledby="upload-heading" {
            h2 #upload-heading { "Upload files" }
            form method="post" action="/upload" enctype="multipart/form-data" {
                p.field {
                    label for="files" { "Scenario files (.toml), and data files (.csv) that they name" }
                    input #files type="file" name="files" accept=".toml,.csv" multiple required;
                }
                p.field {
                    label for="below" { "Folder for the data files, as the scenario names it; empty for none" }
                    input #below type="text" name="below" placeholder="profiles" autocomplete="off";
                }
                p.hint { "At most 2 MB a scenario and 10 MB a data file. A file of the folder is never written over, unless it was \
                          uploaded or saved here since the program was started." }
                button type="submit" { "Upload" }
            }
        }
        section aria-labelledby="earlier-heading" {
            h2 #earlier-heading { "Runs" }
            @if runs.is_empty() {
                p { "Nothing has been run yet. " a href="/runs" { "Earlier results" } " of this folder can be opened all the same." }
            } @else {
                ul.choices {
                    @for run in runs.iter().take(5) {
                        li { a href=(at_run(run.number)) { (list_of(run)) } " – " (in_a_word(&run.state())) }
                    }
                }
                p { a href="/runs" { "All runs, and side by side" } }
            }
        }
    };
    page("Scenarios", &body)
}
