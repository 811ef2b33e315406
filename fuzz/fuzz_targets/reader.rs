//! See `tests/it/fuzzed`.
#![no_main]
#[expect(dead_code, reason = "the other doors have targets of their own")]
#[path = "../../tests/it/fuzzed/mod.rs"]
mod fuzzed;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzzed::reader(bytes));
