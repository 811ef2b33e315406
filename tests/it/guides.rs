//! The guides say what is so: every command in them is run, and figures quoted from a generated page are those of the page.
//!
//! Commands stand in blocks fenced as `sh`, one a line, a line that ends in `\` going on. Those of one page are run one after the
//! other in one folder that has a copy of `scenarios`, so that a page may use what its earlier commands wrote. They are made
//! cheap first (`cheap`), unless a comment above the block says that the block below the command shows what it prints:
//!
//! - `<!-- tested: as shown -->`: run as it stands; every line of the `text` block that follows is among what it prints, in that
//!   order. A line `...` stands for what is left out.
//! - `<!-- tested: exit 3 -->`: this exit code is expected, instead of 0.
//!
//! `<!-- file: scenarios/mine.toml -->` above a block: it is that file, which is there for all commands of the page.
//!
//! `WORDS_ONLY` has those that are not run, and `ELSEWHERE` the commands of other programs, each with the reason.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Not run, as they take too long or do not end; but their words are looked at: the program is asked for help on them, which it
/// refuses where it does not know an option.
const WORDS_ONLY: [(&str, &str); 4] = [
    ("serve", "goes on until it is stopped; tests/web has it"),
    (
        "required scenarios/home-first-2020.toml",
        "takes a minute of processor time; tests/it/certificates.rs has its like",
    ),
    (
        "sensitivity scenarios/home-first-2020.toml",
        "takes minutes; tests/it/sensitivity.rs has its like",
    ),
    (
        "trace scenarios/home-first-2020.toml",
        "writes much; tests/it/trace.rs looks at every line of it",
    ),
];

/// Commands of other programs, by what they begin with.
const ELSEWHERE: [(&str, &str); 14] = [
    ("cargo test", "this is it"),
    ("cargo install --path . --locked", "builds anew what is built"),
    ("cargo build --release", "builds anew what is built"),
    ("cargo clippy", "a step of .ci/run"),
    ("cargo bench", "takes long, and measures"),
    ("cargo deny", "a step of .ci/run"),
    ("cargo install cargo-deny", "another program, from the network"),
    ("rustup target add", "needs a network"),
    ("docker ", "needs a container engine"),
    ("ldd ", "looks at a file that was built for it"),
    ("UPDATE_SCHEMA=1 cargo test", "writes into the source"),
    (".ci/", "runs these tests"),
    ("pip install ", "another program, from the network"),
    ("python docs/", "needs packages that are not ours"),
];

/// Keeps what is simulated short; of commands that take more than seconds otherwise.
const SHORT: [&str; 4] = [
    "--set",
    "experiment.run-length=4 weeks",
    "--set",
    "experiment.warm-up=1 week",
];

/// A command of a page.
#[derive(Clone, Debug)]
struct Typed {
    line: usize,
    text: String,
    exit: i32,
    /// What it prints, where that is shown.
    shown: Option<String>,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// README and every page of `docs`.
fn pages() -> Vec<(String, String)> {
    let mut files: Vec<PathBuf> = fs::read_dir(root().join("docs"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "md"))
        .collect();
    files.push(root().join("README.md"));
    files.sort();
    let name = |path: &Path| path.file_name().unwrap().to_str().unwrap().to_owned();
    files
        .iter()
        .map(|path| (name(path), fs::read_to_string(path).unwrap()))
        .collect()
}

fn page(name: &str) -> String {
    pages().into_iter().find(|(n, _)| n == name).unwrap().1
}

/// The commands of a page, in its order.
fn commands(text: &str) -> Vec<Typed> {
    let mut found: Vec<Typed> = Vec::new();
    let mut lines = text.lines().enumerate();
    let (mut exit, mut as_shown) = (0, false);
    while let Some((number, line)) = lines.next() {
        if let Some(told) = line.strip_prefix("<!-- tested: ").and_then(|l| l.strip_suffix(" -->")) {
            match told.strip_prefix("exit ") {
                Some(code) => exit = code.parse().unwrap(),
                None if told == "as shown" => as_shown = true,
                None => panic!("line {}: `{told}` is no way of testing", number + 1),
            }
            continue;
        }
        if line != "```sh" && line != "```text" {
            continue;
        }
        let block: Vec<(usize, &str)> = lines.by_ref().take_while(|(_, l)| *l != "```").collect();
        if line == "```text" {
            if as_shown {
                let words: Vec<&str> = block.iter().map(|(_, l)| *l).collect();
                found.last_mut().expect("a command above what it prints").shown = Some(words.join("\n"));
                as_shown = false;
            }
            continue;
        }
        let mut begun: Option<Typed> = None;
        for (number, line) in block {
            let (part, goes_on) = line.strip_suffix('\\').map_or((line, false), |part| (part, true));
            let typed = begun.get_or_insert(Typed {
                line: number + 1,
                text: String::new(),
                exit,
                shown: None,
            });
            typed.text.push_str(part.trim_start());
            if !goes_on {
                found.extend(begun.take().filter(|t| !t.text.is_empty()));
            }
        }
        exit = 0;
    }
    found
}

/// The files that a page shows, by name.
fn files(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.split("<!-- file: ").skip(1).map(|rest| {
        let (name, rest) = rest.split_once(" -->\n```toml\n").expect("a block below the name");
        (name, rest.split_once("\n```").expect("a block that ends").0)
    })
}

/// The words of a command as a shell takes them apart; of quotes it knows `"` and `'`.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let (mut word, mut quote, mut begun) = (String::new(), None, false);
    for c in text.chars() {
        match (quote, c) {
            (None, '"' | '\'') => (quote, begun) = (Some(c), true),
            (Some(q), c) if q == c => quote = None,
            (None, ' ') => {
                if begun {
                    words.push(std::mem::take(&mut word));
                }
                begun = false;
            }
            (None, '#') if !begun => return words,
            _ => {
                word.push(c);
                begun = true;
            }
        }
    }
    assert!(quote.is_none(), "a quote left open: {text}");
    if begun {
        words.push(word);
    }
    words
}

/// The same command with little to simulate. Two replications, and of what makes many runs only weeks.
fn cheap(words: &[String]) -> Vec<String> {
    let mut words = words.to_vec();
    let verb = words[0].clone();
    let mut give = |option: &str, value: &str| {
        if let Some(at) = words.iter().position(|w| w == option) {
            value.clone_into(&mut words[at + 1]);
        } else {
            words.extend([option.to_owned(), value.to_owned()]);
        }
    };
    match verb.as_str() {
        "plan" | "run" | "explain" | "compare" | "trajectory" | "pooling" | "warm-up" | "allocate" | "calibrate" => {
            give("--replications", "2");
        }
        _ => {}
    }
    if verb == "calibrate" {
        for (option, value) in [("--points", "20"), ("--each", "2"), ("--waves", "1")] {
            give(option, value);
        }
    }
    let draws = words.iter().any(|w| w == "--uncertain");
    if draws {
        words.extend(["--draws", "10"].map(str::to_owned));
    }
    let slid = words.iter().any(|w| w == "--sliders");
    if draws || slid || ["allocate", "calibrate", "pooling", "explain"].contains(&verb.as_str()) {
        words.extend(SHORT.map(str::to_owned));
    }
    words
}

/// What exit codes a command made cheap may have besides its own: with few replications hardly anything is precise, decided or found.
fn allowed(words: &[String]) -> &'static [i32] {
    let precise = words.iter().any(|w| w == "--precision");
    match words[0].as_str() {
        "calibrate" => &[4, 5],
        _ if precise => &[5],
        _ => &[],
    }
}

/// The lines of an excerpt that are not among what was printed, in that order.
fn missing<'a>(shown: &'a str, printed: &str) -> Option<&'a str> {
    let mut printed = printed.lines().map(str::trim_end);
    shown
        .lines()
        .map(str::trim_end)
        .filter(|line| !line.is_empty() && line.trim() != "...")
        .find(|line| !printed.any(|p| p == *line))
}

/// What is wrong with the commands of a page.
fn faults(text: &str) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    copy(&root().join("scenarios"), &folder.path().join("scenarios"));
    for (name, written) in files(text) {
        fs::write(folder.path().join(name), written).unwrap();
    }
    commands(text)
        .iter()
        .filter_map(|typed| fault(typed, folder.path()))
        .collect()
}

fn fault(typed: &Typed, folder: &Path) -> Option<String> {
    let told = |what: String| Some(format!("line {}: `{}`: {what}", typed.line, typed.text));
    let ours = ["homefirst ", "cargo run --release -- "];
    let Some(rest) = ours.iter().find_map(|o| typed.text.strip_prefix(o)) else {
        return if ELSEWHERE.iter().any(|(begins, _)| typed.text.starts_with(begins)) {
            None
        } else {
            told("neither a command of ours nor one of those that are known not to be run".into())
        };
    };
    let typed_words = words(rest);
    let mut used = if typed.shown.is_some() {
        typed_words.clone()
    } else {
        cheap(&typed_words)
    };
    let words_only = WORDS_ONLY.iter().any(|(begins, _)| rest.starts_with(begins));
    if words_only {
        used = typed_words.clone();
        used.push("--help".into());
    }
    let output = Command::new(env!("CARGO_BIN_EXE_homefirst"))
        .args(&used)
        .current_dir(folder)
        .env("COLUMNS", "80")
        .output()
        .unwrap();
    let code = output.status.code();
    let is_cheap = typed.shown.is_none() && !words_only;
    if code != Some(typed.exit) && !(is_cheap && code.is_some_and(|c| allowed(&used).contains(&c))) {
        let why = String::from_utf8_lossy(&output.stderr);
        return told(format!("exit code {code:?}, where {} is expected\n{why}", typed.exit));
    }
    let printed = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    let shown = typed.shown.as_deref()?;
    let line = missing(shown, &printed)?;
    told(format!(
        "does not print, or not there, what the page shows:\n{line}\nIt prints:\n{printed}"
    ))
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

fn nothing_wrong(page_name: &str) {
    let faults = faults(&page(page_name));
    assert!(faults.is_empty(), "{page_name}\n{}", faults.join("\n\n"));
}

#[test]
fn commands_of_the_readme_do_what_it_says() {
    nothing_wrong("README.md");
}

#[test]
fn commands_of_the_planners_guide_do_what_it_says() {
    nothing_wrong("planners-guide.md");
}

#[test]
fn commands_of_all_other_pages_do_what_they_say() {
    for (name, _) in pages() {
        if !["README.md", "planners-guide.md"].contains(&name.as_str()) {
            nothing_wrong(&name);
        }
    }
}

#[test]
fn slips_in_a_guide_are_noticed() {
    let of = |command: &str| faults(&format!("# A page\n\n```sh\n{command}\n```\n"));
    for sound in [
        "homefirst check scenarios/winter.toml",
        "cargo run --release -- check scenarios/winter.toml",
        "homefirst new mine.toml\nhomefirst check \\\n    mine.toml   # a note",
        "homefirst serve --folder scenarios",
        "cargo test",
    ] {
        assert_eq!(of(sound), Vec::<String>::new(), "{sound}");
    }
    for slip in [
        "homefrist check scenarios/winter.toml",
        "homefirst chekc scenarios/winter.toml",
        "homefirst check scenarios/wniter.toml",
        "homefirst run scenarios/winter.toml --replication 2",
        "homefirst serve --foldr scenarios",
        "homefirst compare scenarios/home-first-2020.toml --option \"more: hub.Harborogh.staff.nurse=5\"",
        "homefirst check \\\n    mine.toml",
        "cargo tset",
    ] {
        assert_eq!(of(slip).len(), 1, "{slip}");
    }
    let shown = |line: &str| {
        faults(&format!(
            "<!-- tested: as shown -->\n```sh\nhomefirst check scenarios/theory/mm3.toml\n```\n\nIt says\n\n```text\n{line}\n```\n"
        ))
    };
    assert!(shown("...\nThe file is sound. Hubs: 1. Roles: 1. Pathways: 1. Packages: 0.").is_empty());
    assert_eq!(
        shown("The file is sound. Hubs: 2. Roles: 1. Pathways: 1. Packages: 0.").len(),
        1
    );
    let exit = |code: i32| {
        faults(&format!(
            "<!-- tested: exit {code} -->\n```sh\nhomefirst check nothing.toml\n```\n"
        ))
    };
    assert_eq!((exit(3).len(), exit(0).len()), (0, 1));
}

/// Rows of a table that begin with the number of a comparison (C1, N4) or with a validation stand in the page they are quoted from.
#[test]
fn figures_quoted_from_the_verification_are_those_of_its_page() {
    let verification = page("verification.md");
    for name in ["README.md", "analysts-guide.md"] {
        let text = page(name);
        let is_case = |line: &&str| {
            let id = line
                .strip_prefix("| ")
                .and_then(|l| l.split_once(" |"))
                .map_or("", |(id, _)| id);
            id.strip_prefix(['C', 'N']).is_some_and(|n| n.parse::<u32>().is_ok())
        };
        let quoted: Vec<&str> = text.lines().filter(is_case).collect();
        assert!(quoted.len() >= 8, "{name} quotes {} rows", quoted.len());
        for row in quoted {
            let start = row.trim_end_matches(['|', ' ']);
            assert!(
                verification.lines().any(|l| l.starts_with(&format!("{start} |"))),
                "{name}: not in docs/verification.md: {row}"
            );
        }
    }
}

/// Files named in the guides are there: `src/...`, `tests/...`, `docs/...`, `scenarios/...` between backticks, and links.
#[test]
fn files_named_in_the_guides_are_there() {
    let starts = [
        "src/",
        "tests/",
        "docs/",
        "scenarios/",
        "benches/",
        "schema/",
        "deploy/",
        ".ci/",
    ];
    let mut named = 0;
    for name in [
        "planners-guide.md",
        "analysts-guide.md",
        "maintainers-guide.md",
        "distribution.md",
    ] {
        let text = page(name);
        for span in text.split('`').skip(1).step_by(2) {
            let is_path = starts.iter().any(|s| span.starts_with(s)) && !span.contains([' ', '*', '<', '\n']);
            if is_path && !span.starts_with("scenarios/my-") && !span.starts_with("scenarios/one-more") {
                assert!(root().join(span).exists(), "docs/{name}: there is no `{span}`");
                named += 1;
            }
        }
        for link in text.split("](").skip(1) {
            let to = link.split([')', '#']).next().unwrap();
            if !to.is_empty() && !to.contains("://") {
                assert!(
                    root().join("docs").join(to).exists(),
                    "docs/{name}: no file at the link {to}"
                );
                named += 1;
            }
        }
    }
    assert!(named >= 40, "only {named} files are named");
}

/// A command in the middle of a sentence names a verb and options that there are.
#[test]
fn commands_within_sentences_have_words_that_there_are() {
    let help = |verb: &str| {
        // What is planned is a verb of its own; all have the same words for pieces.
        let verbs: &[&str] = if verb == "plan" { &["plan", "run"] } else { &[verb] };
        let output = Command::new(env!("CARGO_BIN_EXE_homefirst"))
            .args(verbs)
            .arg("--help")
            .output()
            .unwrap();
        output
            .status
            .success()
            .then(|| String::from_utf8_lossy(&output.stdout).into_owned())
    };
    for (name, text) in pages() {
        let mut blocks = text.split("```");
        let prose: String = blocks.by_ref().step_by(2).collect();
        for span in prose.split('`').skip(1).step_by(2) {
            let Some(rest) = span.strip_prefix("homefirst ") else {
                continue;
            };
            let verb = rest.split_whitespace().next().unwrap_or("");
            if verb == "VERB" {
                continue;
            }
            let help = help(verb).unwrap_or_else(|| panic!("{name}: `{span}`: there is no `{verb}`"));
            for option in rest.split_whitespace().filter(|w| w.starts_with("--")) {
                let option = option.trim_end_matches([',', '.']);
                assert!(help.contains(option), "{name}: `{span}`: `{verb}` has no {option}");
            }
        }
    }
}
