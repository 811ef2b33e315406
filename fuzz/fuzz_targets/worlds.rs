//! Random valid scenarios (`tests/it/worlds`), and every law of the engine in each (`tests/it/laws`).
#![no_main]
#![expect(dead_code, unused_imports, unused_macros, reason = "the tests that stand beside the laws are not built here")]
#[path = "../../tests/it/laws/mod.rs"]
mod laws;
#[path = "../../tests/it/worlds/mod.rs"]
mod worlds;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Err(why) = laws::hold_in(bytes) {
        panic!("{why}\n\n{}", worlds::scenario_text(bytes));
    }
});
