//! Who may ask, and what a page of ours may do in a browser.
//!
//! The page is for the browser of this machine. A page of another site can make that browser send requests here, and a name
//! that somebody else owns can be made to lead here. So a request must name this machine as its host, and whatever changes
//! something must come from a page of ours. Our pages may fetch nothing from anywhere else.

use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;

use super::pages;

/// The most that is taken of a request \[bytes\]: a scenario and several data files.
pub(super) const MOST_BYTES: usize = 12_000_000;

/// How long a request may take, whatever is sent with it, until the answer begins.
const TAKES: Duration = Duration::from_secs(30);

/// What pages of ours may do: show what comes from here.
const OWN: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
                   form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// What a file of results may do when it is opened: it has its style in itself, and reaches nothing.
pub(super) const FILE: &str = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; \
                               font-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
                               sandbox allow-scripts";

/// Lets in what may be asked, and puts on every answer what keeps it here.
pub(super) async fn guard(State(port): State<u16>, request: Request, next: Next) -> Response {
    let mut response = match refused(port, &request) {
        Some(response) => response,
        None => tokio::time::timeout(TAKES, next.run(request))
            .await
            .unwrap_or_else(|_| {
                let what_to_do = "What was sent did not come to its end in half a minute. Go back and try once more.";
                pages::refusal(StatusCode::REQUEST_TIMEOUT, "That took too long", what_to_do)
            }),
    };
    let headers = response.headers_mut();
    let always = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // Without the address of the page the browser would not say where a form comes from.
        (header::REFERRER_POLICY, "same-origin"),
        (header::CACHE_CONTROL, "no-store"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    ];
    for (name, value) in always {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static(OWN));
    response
}

fn refused(port: u16, request: &Request) -> Option<Response> {
    let headers = request.headers();
    if !is_ours(port, headers) {
        return Some(pages::refusal(
            StatusCode::FORBIDDEN,
            "This page is only for this machine",
            &format!("Open it as http://127.0.0.1:{port}/ in a browser on the machine on which homefirst runs."),
        ));
    }
    let changes = ![Method::GET, Method::HEAD].contains(request.method());
    if !comes_from_us(port, headers, changes) {
        return Some(pages::refusal(
            StatusCode::FORBIDDEN,
            "This request came from another page",
            &format!("Only pages of homefirst itself may ask. Open http://127.0.0.1:{port}/ and try it there."),
        ));
    }
    let length = headers.get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok());
    if length
        .and_then(|v| v.parse::<u64>().ok())
        .is_some_and(|n| n > MOST_BYTES as u64)
    {
        return Some(pages::too_large());
    }
    None
}

/// Whether the host asked for is this machine, by its number or as localhost.
fn is_ours(port: u16, headers: &HeaderMap) -> bool {
    let mut hosts = headers.get_all(header::HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else {
        return false;
    };
    host.to_str()
        .is_ok_and(|host| hosts_of(port).iter().any(|own| own == host))
}

/// Whether it was a page of ours that asked. Browsers say where a request that changes something comes from; who does not say
/// may look and change nothing.
fn comes_from_us(port: u16, headers: &HeaderMap, changes: bool) -> bool {
    // A picture or script of another page has no origin; browsers say of it that it comes from another site.
    let site = headers.get("sec-fetch-site").map(HeaderValue::as_bytes);
    if site.is_some_and(|site| site != b"same-origin" && site != b"none") {
        return false;
    }
    let mut origins = headers.get_all(header::ORIGIN).iter();
    match (origins.next(), origins.next()) {
        (None, _) => !changes,
        (Some(origin), None) => {
            let own = |host: &String| origin.as_bytes() == format!("http://{host}").as_bytes();
            hosts_of(port).iter().any(own)
        }
        _ => false,
    }
}

fn hosts_of(port: u16) -> Vec<String> {
    let mut hosts = vec![format!("127.0.0.1:{port}"), format!("localhost:{port}")];
    // A browser leaves out the port that everybody knows.
    if port == 80 {
        hosts.extend(["127.0.0.1".into(), "localhost".into()]);
    }
    hosts
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderName, HeaderValue};

    use super::{comes_from_us, is_ours};

    fn headers(list: &[(&'static str, &'static str)]) -> HeaderMap {
        let pair = |(name, value): &(&'static str, &'static str)| {
            (HeaderName::from_static(name), HeaderValue::from_static(value))
        };
        list.iter().map(pair).collect()
    }

    #[test]
    fn only_this_machine_is_a_host() {
        for host in ["127.0.0.1:8020", "localhost:8020"] {
            assert!(is_ours(8020, &headers(&[("host", host)])), "{host}");
        }
        for host in [
            "127.0.0.1",
            "127.0.0.1:80",
            "evil.example:8020",
            "localhost.evil.example:8020",
            "",
        ] {
            assert!(!is_ours(8020, &headers(&[("host", host)])), "{host}");
        }
        assert!(!is_ours(8020, &headers(&[])));
    }

    #[test]
    fn what_changes_something_comes_from_a_page_of_ours() {
        let of = |origin: &'static str| headers(&[("origin", origin)]);
        assert!(comes_from_us(8020, &of("http://127.0.0.1:8020"), true));
        assert!(comes_from_us(8020, &headers(&[]), false));
        assert!(!comes_from_us(8020, &headers(&[]), true));
        for (site, ours) in [
            ("none", true),
            ("same-origin", true),
            ("same-site", false),
            ("cross-site", false),
        ] {
            assert_eq!(
                comes_from_us(8020, &headers(&[("sec-fetch-site", site)]), false),
                ours,
                "{site}"
            );
        }
        for origin in [
            "null",
            "http://evil.example",
            "http://127.0.0.1:8021",
            "https://127.0.0.1:8020",
        ] {
            assert!(!comes_from_us(8020, &of(origin), true), "{origin}");
            assert!(!comes_from_us(8020, &of(origin), false), "{origin}");
        }
    }
}
