//! The page of a run, while it is simulated and afterwards; and the list of all.

use maud::{Markup, html};

use super::{alarm, at_bundle, at_result, at_run, at_scenario, page};
use crate::output::words;
use crate::web::folder::Folder;
use crate::web::jobs::{Jobs, Run, State, left};
use crate::web::work::Kept;

/// How a run is called in lists.
pub(in crate::web) fn list_of(run: &Run) -> String {
    format!("Run {}: {}, {}", run.number, run.about.file, run.about.verb.word())
}

/// Where a run stands, in a word.
pub(in crate::web) const fn in_a_word(state: &State) -> &'static str {
    match state {
        State::Waiting => "waiting",
        State::Running => "being simulated",
        State::Done(_) => "done",
        State::Cancelled => "cancelled",
        State::Failed(_) => "not finished",
    }
}

/// How far a run is, in a sentence: for the page and for the script.
pub(in crate::web) fn progress_text(run: &Run, before: usize) -> String {
    match run.state() {
        State::Waiting if before == 1 => "Waiting: one run is before it.".into(),
        State::Waiting => format!("Waiting: {before} runs are before it."),
        State::Running => {
            let far = run.progress.how_far();
            let percent = (far.share * 100.0).floor();
            let time = far.left_s.map_or_else(String::new, |s| format!(", {}", left(s)));
            let what = words::capital(far.busy_with);
            if run.progress.is_stopped() {
                "Stopping after the replications in hand.".into()
            } else if far.share >= 1.0 {
                "Writing the results.".into()
            } else {
                format!("{what}: {percent:.0} %{time}.")
            }
        }
        other => format!("{}.", words::capital(in_a_word(&other))),
    }
}

/// The page of a run.
pub(in crate::web) fn run(run: &Run, folder: &Folder, jobs: &Jobs) -> Markup {
    let title = list_of(run);
    let heading = html! {
        h1 { (run.about.title) }
        p.basis { (run.about.verb.question()) " " a href=(at_scenario(&run.about.file)) { (run.about.file) } }
        @if !run.about.changes.is_empty() {
            p { "Changed:" }
            ul { @for change in &run.about.changes { li { (change) } } }
        }
    };
    match run.state() {
        State::Waiting | State::Running => {
            let before = jobs.before(run.number);
            page(&title, &html! { (heading) (under_way(run, before)) })
        }
        State::Done(kept) => page(&title, &html! { (heading) (done(run, &kept, folder)) }),
        State::Cancelled => page(
            &title,
            &html! {
                (heading)
                h2 #state tabindex="-1" { "Cancelled" }
                p { "It was stopped before there was anything to show. "
                    a href=(at_scenario(&run.about.file)) { "Ask again" } }
            },
        ),
        State::Failed(why) => page(
            &title,
            &html! {
                (heading)
                h2 #state tabindex="-1" { "Not finished" }
                (alarm("Why", &[why]))
                p { a href=(at_scenario(&run.about.file)) { "Back to the scenario" } }
            },
        ),
    }
}

fn under_way(run: &Run, before: usize) -> Markup {
    let share = run.progress.how_far().share;
    html! {
        section #under-way aria-labelledby="state" data-events={ (at_run(run.number)) "/events" } {
            h2 #state tabindex="-1" { "Progress" }
            p {
                label for="bar" { "How far it is" }
                progress #bar max="1000" value=(format!("{:.0}", share * 1000.0)) { (format!("{:.0} %", share * 100.0)) }
            }
            p #progress-text { (progress_text(run, before)) }
            p #progress-said.unseen role="status" aria-live="polite" {}
            // Without a place in the page: to one, a browser only scrolls.
            noscript { p { a href=(at_run(run.number)) { "Look again how far it is" } } }
            form method="post" action={ (at_run(run.number)) "/cancel" } {
                button type="submit" { "Stop" }
            }
            p.hint { "When you stop it, replications that are done are kept, and the results say how many they are. It goes on when you \
                      close this page or the browser; you find it again under " a href="/runs" { "Runs" } "." }
        }
    }
}

fn done(run: &Run, kept: &Kept, folder: &Folder) -> Markup {
    let files = folder.result_files(&kept.results);
    let report = files.iter().any(|file| file == "report.html");
    html! {
        @if let Some(note) = &kept.note { (alarm("Before you read on", std::slice::from_ref(note))) }
        h2 #state tabindex="-1" { "Answer" }
        (kept.answer)
        p.actions {
            @if report { a.button href=(at_result(&kept.results, "report.html")) { "Open the report" } }
            " " a href={ "/beside?run=" (run.number) } { "Put beside other runs" }
            " " a href=(at_scenario(&run.about.file)) { "Change numbers and ask again" }
        }
        (downloads(kept, &files, folder))
        (kept.contents)
    }
}

/// Everything that was written, to be saved elsewhere.
fn downloads(kept: &Kept, files: &[String], folder: &Folder) -> Markup {
    let results = &kept.results;
    let named = |name: &str| files.iter().any(|file| file == name);
    let first: Vec<(&str, &str)> = [
        ("report.html", "The report, one file to hand on"),
        ("scenario.toml", "The scenario that gives these results again"),
        ("answer.toml", "The scenario with the staff that was found"),
        ("results.xlsx", "The tables as one workbook, with charts"),
        ("summary.csv", "Every figure, for a spreadsheet"),
        ("compare.csv", "Every difference, for a spreadsheet"),
        ("required.csv", "The staff that was found, for a spreadsheet"),
    ]
    .into_iter()
    .filter(|(name, _)| named(name))
    .collect();
    let rest: Vec<&String> = files
        .iter()
        .filter(|file| first.iter().all(|(name, _)| name != file))
        .collect();
    html! {
        section aria-labelledby="files-heading" {
            h2 #files-heading { "Files" }
            p { "All of them lie in " code { (folder.results_shown(results)) } ". "
                a href=(at_bundle(results)) download={ (results) ".zip" } { "Download all in one .zip" } }
            ul.choices {
                @for (name, what) in first {
                    li { a href=(at_result(results, name)) download { (name) } ": " (what) }
                }
            }
            @if !rest.is_empty() {
                details {
                    summary { (rest.len()) " more: tables, charts, and the files of the scenario" }
                    ul.files { @for name in rest { li { a href=(at_result(results, name)) download { (name) } } } }
                }
            }
            p {
                @if kept.whole { "The command that gives the same: " } @else { "The command that was not finished: " }
                code { (kept.command) }
            }
        }
    }
}

/// The list of all runs, and what lies in the folder from earlier.
pub(in crate::web) fn runs(jobs: &Jobs, folder: &Folder) -> Markup {
    let all = jobs.all();
    let own: Vec<String> = all
        .iter()
        .filter_map(|run| match run.state() {
            State::Done(kept) => Some(kept.results.clone()),
            _ => None,
        })
        .collect();
    let earlier: Vec<String> = folder
        .results()
        .into_iter()
        .filter(|name| !own.contains(name))
        .collect();
    let finished = all.iter().filter(|run| matches!(run.state(), State::Done(_))).count();
    let body = html! {
        h1 { "Runs" }
        @if all.is_empty() {
            p { "Nothing has been run since the program was started. " a href="/" { "Choose a scenario" } }
        } @else {
            form method="get" action="/beside" {
                fieldset.choice {
                    legend { "Runs since the program was started" }
                    @for run in &all {
                        @let is_done = matches!(run.state(), State::Done(_));
                        p.radio {
                            @if is_done {
                                input type="checkbox" name="run" id={ "run-" (run.number) } value=(run.number);
                                label for={ "run-" (run.number) } { (list_of(run)) }
                            } @else {
                                span.no-box {} span { (list_of(run)) }
                            }
                            span.hint {
                                a href=(at_run(run.number)) aria-label={ "Open run " (run.number) } { "Open" } " – " (in_a_word(&run.state()))
                                @if !run.about.changes.is_empty() { " – " (run.about.changes.join("; ")) }
                            }
                        }
                    }
                }
                @if finished > 1 { button type="submit" { "Put side by side" } p.hint { "Choose two or three." } }
            }
        }
        section aria-labelledby="earlier-heading" {
            h2 #earlier-heading { "Earlier results of this folder" }
            @if earlier.is_empty() {
                p { "There are none." }
            } @else {
                p { "Results stay in the folder when the program is ended; their reports can be opened here." }
                ul.choices { @for name in &earlier { li { a href=(at_result(name, "report.html")) { (name) } } } }
            }
        }
    };
    page("Runs", &body)
}
