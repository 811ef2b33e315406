//! Tests of the whole, one file a subject.

#[cfg(feature = "cli")]
mod bad_files;
mod good_files;
mod paths;
mod queues;
mod schema;
mod support;
