//! Tests of the whole, one file a subject.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod laws;
mod paths;
mod queues;
mod rules;
mod support;
