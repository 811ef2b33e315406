//! Tests of the whole, through the public interface.

#[cfg(feature = "cli")]
mod bad_files;
mod good_files;
mod schema;
