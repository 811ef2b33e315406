//! `docs/mutations.md` speaks of every slip that is made on purpose, and of no slip that nothing noticed.

use std::fs;
use std::path::Path;

#[test]
fn the_page_has_a_row_for_every_slip_and_each_was_noticed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = fs::read_to_string(root.join("docs/mutations.md")).expect("the page is there");
    let mut rows: Vec<(String, String)> = Vec::new();
    for line in page
        .lines()
        .filter(|l| l.starts_with("| ") && !l.starts_with("| No.") && !l.starts_with("| --"))
    {
        let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
        let [number, what, _, noticed] = cells[..] else {
            panic!("a row of other than four cells: {line}");
        };
        let (count, _) = noticed
            .split_once(": ")
            .unwrap_or_else(|| panic!("nothing noticed it: {line}"));
        assert!(
            count == "all" || count.parse::<u32>().is_ok_and(|n| n > 0),
            "nothing noticed it: {line}"
        );
        rows.push((number.into(), what.into()));
    }
    let mut patches: Vec<(String, String)> = fs::read_dir(root.join("tests/mutations"))
        .expect("the patches are there")
        .map(|entry| entry.expect("a file").path())
        .map(|path| {
            let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
            let text = fs::read_to_string(&path).expect("text");
            let number = name.split('-').next().unwrap_or_default();
            (number.into(), text.lines().next().unwrap_or_default().into())
        })
        .collect();
    patches.sort();
    rows.sort();
    assert_eq!(rows, patches, "after a new slip: .ci/mutations");
}
