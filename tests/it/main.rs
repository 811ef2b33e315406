//! Tests of the whole, one file a subject.

mod paths;
mod queues;
mod rules;
mod support;
