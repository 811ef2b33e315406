//! Tests of the whole, one file a subject.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

#[cfg(feature = "cli")]
mod bad_files;
mod good_files;
mod laws;
mod paths;
mod queues;
mod rules;
mod schema;
mod support;
