//! The pages, as HTML.

pub(super) mod beside;
pub(super) mod home;
pub(super) mod run;
pub(super) mod scenario;
pub(super) mod text;

mod problems;

use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Response};
use maud::{DOCTYPE, Markup, html};
use percent::encoded;

use super::guard::MOST_BYTES;

mod percent {
    use std::fmt::Write as _;

    /// A name as a part of an address: whatever is no letter, digit, hyphen, dot or underscore by its bytes.
    pub(crate) fn encoded(name: &str) -> String {
        name.bytes().fold(String::new(), |mut text, byte| {
            if byte.is_ascii_alphanumeric() || b"-._".contains(&byte) {
                text.push(char::from(byte));
            } else {
                let _ = write!(text, "%{byte:02X}");
            }
            text
        })
    }

    #[cfg(test)]
    mod tests {
        #[test]
        fn names_become_parts_of_addresses() {
            assert_eq!(super::encoded("a b/é.toml"), "a%20b%2F%C3%A9.toml");
        }
    }
}

/// The address of a scenario's page.
pub(super) fn at_scenario(name: &str) -> String {
    format!("/scenario/{}", encoded(name))
}

/// The address of a run's page.
pub(super) fn at_run(number: u32) -> String {
    format!("/runs/{number}")
}

/// The address of a file of results.
pub(super) fn at_result(results: &str, file: &str) -> String {
    let parts: Vec<String> = file.split('/').map(encoded).collect();
    format!("/results/{}/{}", encoded(results), parts.join("/"))
}

/// The address of all files of results in one.
pub(super) fn at_bundle(results: &str) -> String {
    format!("/bundle/{}", encoded(results))
}

/// A page of ours. It never loads itself again: whoever reads it with a screen reader or a large type would lose their place.
pub(super) fn page(title: &str, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en-GB" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) " – homefirst" }
                link rel="icon" href="/icon.svg" type="image/svg+xml";
                link rel="stylesheet" href="/style.css";
                script src="/script.js" defer {}
            }
            body.web {
                a.skip href="#main" { "Skip to the content" }
                header.top {
                    p.name { a href="/" { "homefirst" } }
                    nav.site aria-label="Pages" {
                        ul {
                            li { a href="/" { "Scenarios" } }
                            li { a href="/runs" { "Runs" } }
                        }
                    }
                }
                main #main tabindex="-1" { (body) }
                footer.bottom {
                    p { "homefirst " (env!("CARGO_PKG_VERSION")) ", on this machine only: nothing is sent anywhere." }
                }
            }
        }
    }
}

/// A page that says no, why, and what to do.
pub(super) fn refusal(status: StatusCode, title: &str, what_to_do: &str) -> Response {
    let body = html! {
        h1 { (title) }
        p { (what_to_do) }
        p { a href="/" { "To the scenarios" } }
    };
    (status, Html(page(title, &body).into_string())).into_response()
}

/// Nothing is there.
pub(super) fn not_found(what: &str) -> Response {
    refusal(
        StatusCode::NOT_FOUND,
        "There is no such page",
        &format!("{what} is not here, or not any more."),
    )
}

/// More than is taken.
pub(super) fn too_large() -> Response {
    refusal(
        StatusCode::PAYLOAD_TOO_LARGE,
        "That is too large",
        &format!(
            "All files together may be {} MB at most, a scenario 2 MB and a data file 10 MB. A scenario is a text file of a few \
             pages: is this another file?",
            MOST_BYTES / 1_000_000
        ),
    )
}

/// A list of what is wrong, to be read first.
pub(super) fn alarm(title: &str, lines: &[String]) -> Markup {
    html! {
        @if !lines.is_empty() {
            div.alarm role="alert" {
                h2 { (title) }
                ul { @for line in lines { li { (line) } } }
            }
        }
    }
}
