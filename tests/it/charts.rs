//! Figures of whole results: their words have room in a typeface wider than ours.

use std::fs;
use std::path::Path;

use crate::fits::faults;

/// Looks at every figure of a results folder.
pub(crate) fn words_have_room(results: &Path) {
    let mut seen = 0;
    for entry in fs::read_dir(results.join("charts")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|kind| kind == "svg") {
            let svg = fs::read_to_string(&path).unwrap();
            assert_eq!(faults(&svg, 960), "", "{}", path.display());
            // Said once, for all words of it.
            assert_eq!(svg.matches("font-family=").count(), 1);
            assert!(svg.contains("Arial, Helvetica, sans-serif"));
            seen += 1;
        }
    }
    assert!(seen > 0, "{}", results.display());
}
