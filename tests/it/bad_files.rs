//! Broken files: every fault is named, at its line and column, with its code.

use std::path::Path;

use homefirst::cli::diagnose::render;
use homefirst::scenario::{read, read_text};

#[test]
fn look() {
    for entry in std::env::var("LOOK")
        .unwrap_or_default()
        .split(',')
        .filter(|s| !s.is_empty())
    {
        match read(Path::new(entry)) {
            Ok(loaded) => {
                let d: Vec<_> = loaded.warnings.iter().cloned().collect();
                println!("{}: read whole\n{}", entry, render(&d, false));
            }
            Err(problems) => {
                let d: Vec<_> = problems.iter().cloned().collect();
                println!("{}", render(&d, false));
            }
        }
    }
    let _ = read_text(Path::new("x.toml"), String::new());
}
