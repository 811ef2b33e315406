//! See `tests/it/fuzzed`.
#![no_main]
#[allow(dead_code)]
#[path = "../../tests/it/fuzzed/mod.rs"]
mod fuzzed;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzzed::reader(bytes));
