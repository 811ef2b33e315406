//! Tests of the whole, one file a subject.

mod laws;
mod paths;
mod queues;
mod rules;
mod support;
