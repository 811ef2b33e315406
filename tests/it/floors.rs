//! The order of the house: which module may see which, and what no file may say.
//!
//! Sources are read as text. Only a path that begins at the crate's root can leave a top-level module, so that is what is
//! looked for, outside of comments.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// The floors of `ARCHITECTURE.md`, lowest first.
const FLOORS: &[&[&str]] = &[
    &["units", "diagnostic"],
    &["random", "stats", "theory"],
    &["model"],
    &["scenario", "engine"],
    &["pieces"],
    &["replicate"],
    &["answers"],
    &["output"],
    &["web"],
    &["cli"],
    &["main"],
];

/// The imports between modules of one floor that `ARCHITECTURE.md` allows: who sees whom.
const EXCEPTIONS: &[(&str, &str)] = &[("stats", "random"), ("theory", "random")];

fn floor(module: &str) -> Option<usize> {
    FLOORS.iter().position(|modules| modules.contains(&module))
}

/// What is wrong with the imports of one file, a line each. `file` is its path below `src`.
fn faults(file: &str, text: &str) -> Vec<String> {
    let module = file.split(['/', '.']).next().unwrap_or_default();
    if module == "lib" {
        return Vec::new();
    }
    let Some(own) = floor(module) else {
        return vec![format!(
            "{file}: `{module}` has no floor; add it to FLOORS and ARCHITECTURE.md"
        )];
    };
    let mut faults = Vec::new();
    for (line, seen) in imports(text) {
        let Some(other) = floor(&seen) else {
            if seen.chars().all(|c| c.is_ascii_lowercase() || c == '_') {
                faults.push(format!("{file}:{line}: `{seen}` has no floor"));
            }
            continue;
        };
        let allowed = seen == module || other < own || EXCEPTIONS.contains(&(module, seen.as_str()));
        if !allowed {
            faults.push(format!(
                "{file}:{line}: `{module}` (floor {own}) imports `{seen}` (floor {other})"
            ));
        }
    }
    faults
}

/// The first names of paths that begin at the crate's root, with their lines.
fn imports(text: &str) -> Vec<(usize, String)> {
    // Comments become spaces, so that places stay as they are.
    let code: String = text
        .lines()
        .map(|line| line.split("//").next().unwrap_or_default().to_owned() + "\n")
        .collect();
    let mut found = Vec::new();
    for root in ["crate::", "homefirst::"] {
        for (at, _) in code.match_indices(root) {
            let before = code[..at].chars().next_back();
            if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '$') {
                continue;
            }
            let line = code[..at].matches('\n').count() + 1;
            let rest = &code[at + root.len()..];
            found.extend(names(rest).into_iter().map(|name| (line, name)));
        }
    }
    found.sort();
    found
}

/// `a::b` gives `a`; `{a, b::{c, d}}` gives `a` and `b`.
fn names(rest: &str) -> Vec<String> {
    let word = |text: &str| -> String {
        text.trim_start()
            .chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect()
    };
    let Some(group) = rest.strip_prefix('{') else {
        return vec![word(rest)];
    };
    let (mut out, mut depth, mut start) = (Vec::new(), 1, 0);
    for (i, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 || (depth == 1 && c == ',') {
            out.push(word(&group[start..i]));
            start = i + 1;
        }
        if depth == 0 {
            break;
        }
    }
    out.retain(|name| !name.is_empty());
    out
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Files below a folder, in order, without what is built or kept by other programs.
fn files(folder: &Path) -> Vec<PathBuf> {
    const NOT_OURS: [&str; 3] = ["target", "results", "Cargo.lock"];
    let mut out = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let hidden = name.starts_with('.') && ![".ci", ".github", ".gitignore"].contains(&name.as_str());
        if hidden || NOT_OURS.contains(&name.as_str()) || name.starts_with("LICENSE") {
            continue;
        }
        if path.is_dir() {
            out.extend(files(&path));
        } else {
            out.push(path);
        }
    }
    out.sort();
    out
}

fn below(folder: &Path, path: &Path) -> String {
    let parts: Vec<_> = path.strip_prefix(folder).unwrap().components().collect();
    let parts: Vec<_> = parts.iter().map(|c| c.as_os_str().to_string_lossy()).collect();
    parts.join("/")
}

#[test]
fn every_module_imports_only_from_floors_below_its_own() {
    let src = root().join("src");
    let mut all = Vec::new();
    for path in files(&src).iter().filter(|p| p.extension().is_some_and(|e| e == "rs")) {
        all.extend(faults(&below(&src, path), &std::fs::read_to_string(path).unwrap()));
    }
    assert!(all.is_empty(), "imports that point up or sideways:\n{}", all.join("\n"));
}

#[test]
fn every_module_on_a_floor_exists_and_the_table_in_the_architecture_is_the_same() {
    let architecture = std::fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let architecture = architecture.replace("\n", " ");
    for (number, modules) in FLOORS.iter().enumerate() {
        let mut row = format!("| {number} | ");
        for (i, module) in modules.iter().enumerate() {
            let _ = write!(row, "{}`{module}`", if i > 0 { ", " } else { "" });
            let src = root().join("src");
            assert!(
                src.join(format!("{module}.rs")).is_file() || src.join(module).join("mod.rs").is_file(),
                "`{module}` is on a floor but not in src"
            );
        }
        row.push_str(" | ");
        assert!(architecture.contains(&row), "ARCHITECTURE.md has no row `{row}`");
    }
    for (from, to) in EXCEPTIONS {
        let said = format!("`{from}` uses `{to}`");
        assert!(architecture.contains(&said), "ARCHITECTURE.md does not say that {said}");
    }
}

#[test]
fn every_exception_is_needed() {
    let src = root().join("src");
    let seen: BTreeSet<(String, String)> = files(&src)
        .iter()
        .flat_map(|path| {
            let file = below(&src, path);
            let module = file.split(['/', '.']).next().unwrap_or_default().to_owned();
            imports(&std::fs::read_to_string(path).unwrap_or_default())
                .into_iter()
                .map(move |(_, name)| (module.clone(), name))
        })
        .collect();
    for (from, to) in EXCEPTIONS {
        assert!(
            seen.contains(&((*from).into(), (*to).into())),
            "`{from}` no longer uses `{to}`"
        );
    }
}

#[test]
fn an_import_that_points_up_or_sideways_is_found() {
    let text = "//! See [`crate::cli`].\n\
                use crate::units::Span; // crate::output is above\n\
                use crate::output::table;\n";
    assert_eq!(
        faults("model/hub.rs", text),
        ["model/hub.rs:3: `model` (floor 2) imports `output` (floor 7)"]
    );
    let text =
        "use crate::{\n    answers::{run, check},\n    engine, units,\n};\nfn f() -> crate::cli::Exit { todo!() }\n";
    assert_eq!(
        faults("scenario/read.rs", text),
        [
            "scenario/read.rs:1: `scenario` (floor 3) imports `answers` (floor 6)",
            "scenario/read.rs:1: `scenario` (floor 3) imports `engine` (floor 3)",
            "scenario/read.rs:5: `scenario` (floor 3) imports `cli` (floor 9)",
        ]
    );
    assert_eq!(faults("stats/mod.rs", "use crate::random::Key;\n"), [""; 0]);
    assert_eq!(faults("random/mod.rs", "use crate::stats::Mean;\n").len(), 1);
    assert_eq!(faults("main.rs", "fn main() { homefirst::cli::main() }\n"), [""; 0]);
}

#[test]
fn a_module_without_a_floor_is_found() {
    assert_eq!(
        faults("desk/mod.rs", ""),
        ["desk/mod.rs: `desk` has no floor; add it to FLOORS and ARCHITECTURE.md"]
    );
    assert_eq!(
        faults("cli/mod.rs", "use crate::desk::serve;\n"),
        ["cli/mod.rs:1: `desk` has no floor"]
    );
}

/// What a text must not hold: paths of one machine, and words for which the glossary has another.
fn slips(text: &str) -> Vec<String> {
    // Written so that this file does not hold them either.
    let paths = [concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("/tm", "p/")];
    let words = [concat!("sess", "ion"), concat!("ag", "ent")];
    let mut out = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let lower = line.to_lowercase();
        let slip = |what: &str| format!("{}: `{what}`", number + 1);
        out.extend(paths.iter().filter(|p| lower.contains(**p)).map(|p| slip(p)));
        let written: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).collect();
        let is = |word: &str| {
            written
                .iter()
                .any(|w| w.strip_suffix('s').unwrap_or(w) == word || *w == word)
        };
        out.extend(words.iter().filter(|w| is(w)).map(|w| slip(w)));
    }
    out
}

#[test]
fn no_file_holds_paths_of_one_machine_or_words_that_the_glossary_replaces() {
    let mut all = Vec::new();
    for path in files(root()) {
        // What is no text has no words.
        let Ok(text) = std::fs::read_to_string(&path) else {
            continue;
        };
        let file = below(root(), &path);
        all.extend(slips(&text).iter().map(|slip| format!("{file}:{slip}")));
    }
    assert!(
        all.is_empty(),
        "say a visit, a role, a path of the project:\n{}",
        all.join("\n")
    );
    let made_up = concat!(
        "see /wo",
        "rk/notes\nThree sess",
        "ions with one Ag",
        "ent, and a reagent\n"
    );
    assert_eq!(slips(made_up).len(), 3);
}
