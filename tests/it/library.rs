//! The what-ifs that are shipped: what each showed, and that it still does.
//!
//! `cargo test --test it campaign_library -- --ignored --nocapture` runs them all on the people of the baseline, writes
//! `docs/scenarios.md`, and the line `# Showed` into each file. It takes ten minutes of processor time. In the
//! ordinary tests the first replications of each are run again, and must be those from which the page was made.

use std::fmt::Write as _;
use std::path::PathBuf;

use homefirst::stats::Interval;

use crate::baseline::{Headline, change, level, root, shipped};

const BASE: &str = "home-first-2020.toml";
/// Replications of each what-if.
const REPLICATIONS: u32 = 100;
/// Replications by which the page is recognised.
const RECOGNISED_BY: u32 = 2;
const SHOWED: &str = "# Showed";

/// How an independently written prototype moved by the same change, in points within 2 hours and within 2 days, where
/// that was a point or more.
const PROTOTYPE: [(&str, Option<f64>, Option<f64>); 9] = [
    ("plus-24-crisis-workers.toml", Some(11.7), Some(-3.6)),
    ("co-location.toml", Some(13.0), Some(-3.1)),
    ("therapists-doubled.toml", Some(4.4), Some(5.1)),
    ("winter.toml", Some(-6.0), Some(-38.4)),
    ("demand-plus-10.toml", Some(-3.3), Some(-17.5)),
    ("day-and-night.toml", Some(-3.7), Some(1.5)),
    ("gate-on-the-package.toml", None, Some(-12.8)),
    ("therapists-monday-to-friday.toml", None, Some(-16.2)),
    ("care-led-start.toml", None, Some(1.9)),
];

/// The what-ifs, by name.
fn what_ifs() -> Vec<String> {
    let folder = std::fs::read_dir(root().join("scenarios")).unwrap();
    let names = folder.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.filter(|n| n.ends_with(".toml") && n != BASE).collect();
    names.sort();
    names
}

fn path(name: &str) -> PathBuf {
    root().join("scenarios").join(name)
}

fn text(name: &str) -> String {
    std::fs::read_to_string(path(name)).unwrap()
}

/// What the comment at the head of a file says: what it is and why, without what it showed.
fn why(text: &str) -> String {
    let lines = text
        .lines()
        .skip(1)
        .take_while(|l| l.starts_with('#') && !l.starts_with(SHOWED));
    let words: Vec<&str> = lines.map(|l| l.trim_start_matches('#').trim()).collect();
    words.join(" ")
}

/// What the line in a file says that it showed.
fn showed(text: &str) -> Option<String> {
    let mut lines = text
        .lines()
        .skip_while(|l| !l.starts_with(SHOWED))
        .take_while(|l| l.starts_with('#'));
    let first = lines.next()?.strip_prefix(SHOWED)?.trim().to_string();
    Some(lines.fold(first, |all, l| format!("{all} {}", l.trim_start_matches('#').trim())))
}

/// Hits and referrals of the first replications.
fn recognised_by(name: &str) -> String {
    let headline = Headline::of(&shipped(name), RECOGNISED_BY);
    let sum = |pairs: &[(u64, u64)]| pairs.iter().fold((0, 0), |a, p| (a.0 + p.0, a.1 + p.1));
    let all = [&headline.crisis, &headline.reablement, &headline.step_down].map(|pairs| sum(pairs));
    let all = all.map(|(hits, of)| format!("{hits} of {of}"));
    format!(
        "<!-- {name}, first {RECOGNISED_BY} replications: {} -->",
        all.join(", ")
    )
}

#[test]
fn every_what_if_is_a_few_lines_on_a_base_with_a_reason() {
    for name in what_ifs() {
        let text = text(&name);
        let lines = text.lines().filter(|l| !l.trim().is_empty() && !l.starts_with('#'));
        assert!(lines.count() <= 45, "{name} is long for a what-if");
        assert!(
            text.contains("\nbase  = \"") || text.contains("\nbase = \""),
            "{name} has no base"
        );
        assert!(why(&text).contains("Why: "), "{name} does not say why it is there");
    }
}

#[test]
fn what_each_what_if_showed_is_still_so() {
    let page = std::fs::read_to_string(root().join("docs/scenarios.md")).unwrap();
    for name in what_ifs() {
        let text = text(&name);
        let showed = showed(&text).unwrap_or_else(|| panic!("{name} does not say what it showed"));
        let row = format!("| [{name}](../scenarios/{name}) | {} | {showed} |", why(&text));
        assert!(
            page.contains(&row),
            "docs/scenarios.md and {name} do not say the same: {row}"
        );
        let now = recognised_by(&name);
        assert!(
            page.contains(&now),
            "another engine or another scenario; now: {now}\nrun the campaign of this module"
        );
    }
}

/// Writes what a file showed into it, in lines of at most 118 characters.
fn write_showed(name: &str, showed: &str) {
    let text = text(name);
    let mut lines = vec![String::from(SHOWED)];
    for word in showed.split(' ') {
        let last = lines.last_mut().unwrap();
        if last.chars().count() + 1 + word.chars().count() > 118 {
            lines.push(format!("# {word}"));
        } else {
            write!(last, " {word}").unwrap();
        }
    }
    let mut out: Vec<String> = Vec::new();
    let mut inside = false;
    let mut done = false;
    for line in text.lines() {
        inside = line.starts_with(SHOWED) || (inside && line.starts_with('#'));
        if inside {
            continue;
        }
        // The head ends where the file begins to say something.
        if !done && !line.starts_with('#') {
            out.append(&mut lines);
            done = true;
        }
        out.push(line.into());
    }
    std::fs::write(path(name), out.join("\n") + "\n").unwrap();
}

/// A change in words; of what the what-if does not touch at all, that it is the same.
fn moved(by: &Interval) -> String {
    if by.mean == 0.0 && by.half_width == 0.0 {
        "unchanged".into()
    } else {
        change(by)
    }
}

#[test]
#[ignore = "a campaign: ten minutes of processor time; writes docs/scenarios.md and the lines in the scenarios"]
fn campaign_library() {
    let base = Headline::of(&shipped(BASE), REPLICATIONS);
    let names = [
        "crisis within 2 hours",
        "reablement within 2 days",
        "step-down on the same day",
    ];
    let in_words = |levels: Vec<String>| {
        let parts: Vec<String> = names
            .iter()
            .zip(levels)
            .map(|(name, level)| format!("{name} {level}"))
            .collect();
        parts.join("; ")
    };
    let levels = base.levels().map(|l| format!("{} %", level(&l)));
    let mut page = format!(
        "# What the shipped what-ifs showed\n\nGenerated by `cargo test --test it campaign_library -- --ignored \
         --nocapture`. Each what-if is a few lines on the baseline, and was run {REPLICATIONS} times on the same people; the \
         change against the baseline, in points, is in brackets, paired, with the half-width of its 95 % confidence \
         interval. Half-widths are chance in the simulation only; every figure is a result of the model under the assumptions \
         in the scenario, and not a fact about the service.\n\nThe baseline itself, with the same {REPLICATIONS} \
         replications: {}.\n\n| Scenario | What it is, and why it is there | What it showed |\n| --- | --- | --- |\n",
        in_words(levels.to_vec())
    );
    let mut marks = String::new();
    for name in what_ifs() {
        let headline = Headline::of(&shipped(&name), REPLICATIONS);
        let (levels, changes) = (headline.levels(), headline.less(&base));
        if let Some((_, hours, days)) = PROTOTYPE.iter().find(|(of, ..)| *of == name) {
            for (prototype, ours) in [(hours, changes[0]), (days, changes[1])] {
                let agrees = prototype.is_none_or(|p| ours.mean * p > 0.0);
                println!(
                    "{name}: prototype {prototype:?}, here {}{}",
                    change(&ours),
                    if agrees { "" } else { "  OTHER WAY" }
                );
            }
        }
        let both = levels
            .iter()
            .zip(&changes)
            .map(|(l, c)| format!("{} % ({})", level(l), moved(c)));
        let showed = format!("with {REPLICATIONS} replications: {}.", in_words(both.collect()));
        println!("{name}: {showed}");
        write_showed(&name, &showed);
        writeln!(
            page,
            "| [{name}](../scenarios/{name}) | {} | {showed} |",
            why(&text(&name))
        )
        .unwrap();
        writeln!(marks, "{}", recognised_by(&name)).unwrap();
    }
    std::fs::write(root().join("docs/scenarios.md"), format!("{page}\n{marks}")).unwrap();
}
