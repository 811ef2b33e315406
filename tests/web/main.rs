//! The local page: over HTTP without a browser, and as people use it, in Chromium where there is one.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that cannot go on has failed, and may say what it left out"
)]

mod browser;
mod server;

mod answers;
mod in_browser;
mod refusals;
mod sliders;
