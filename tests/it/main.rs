//! Tests of the whole, through the public interface.

mod bad_files;
mod good_files;
mod schema;
