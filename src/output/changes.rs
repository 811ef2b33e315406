//! What a what-if changes, in words: for the report, and short for the terminal.

use crate::model::{Assumption, Dated, Scenario};
use crate::output::WhatIf;
use crate::output::grid::Grid;
use crate::output::{over_time, words};
use crate::scenario::{Change, Undone, same_place};

/// The most changes that the terminal lists.
const MOST_LISTED: usize = 10;

/// The most characters of a value in the terminal.
const MOST_OF_A_VALUE: usize = 40;

/// What stands for a value where there is none.
const NOTHING: &str = "none";

impl WhatIf {
    /// The file in which everything is changed, and those that change it as well.
    fn changed(&self) -> Option<(&str, Option<String>)> {
        let base = self.base.as_deref()?;
        let Some((root, between)) = self.under.split_last() else {
            return Some((base, None));
        };
        let with = std::iter::once(base).chain(between.iter().map(String::as_str));
        Some((root, Some(words::list(&with.map(str::to_owned).collect::<Vec<_>>()))))
    }
}

/// What the changes were made in, as a sentence.
#[must_use]
pub fn basis(what_if: &WhatIf) -> String {
    match what_if.changed() {
        Some((file, with)) => format!(
            "Everything else is as in {file}.{}",
            with.map_or_else(String::new, |with| format!(" Changes of {with} are among these."))
        ),
        None => "Set when this was asked, over what the file says.".into(),
    }
}

/// Every change: what, what it was, what it is, and why; `None` if nothing is changed.
#[must_use]
pub fn table(scenario: &Scenario, what_if: &WhatIf) -> Option<Grid> {
    let columns = [
        ("Input", false),
        ("Was", false),
        ("Is", false),
        ("Why it is so now", false),
    ];
    let mut grid = Grid::new("What this scenario changes", &columns);
    let mut said = None;
    for change in told_once(&what_if.changes) {
        // One reason for six hubs is read once.
        let again = change.assumption.is_some() && change.assumption == said;
        said = change.assumption;
        let or_nothing = |value: &Option<String>| value.clone().unwrap_or_else(|| NOTHING.into());
        grid.row(
            vec![
                named(&change.path),
                if change.set {
                    format!("{} (in the file)", or_nothing(&change.before))
                } else {
                    or_nothing(&change.before)
                },
                over_time(scenario, &change.path).unwrap_or_else(|| or_nothing(&change.after)),
                if again {
                    "as above".into()
                } else {
                    why(scenario, change)
                },
            ],
            false,
        );
    }
    (!grid.rows.is_empty()).then_some(grid)
}

/// All but single entries of a list that is told as a whole: `change.X` beside `change`.
fn told_once(changes: &[Change]) -> impl Iterator<Item = &Change> {
    let whole = |path: &str| changes.iter().any(|change| change.path == path);
    let again = move |change: &Change| {
        let list = change.path.split_once('.').map_or("", |(list, _)| list);
        !change.set && ["change", "recruit"].contains(&list) && whole(list)
    };
    changes.iter().filter(move |change| !again(change))
}

/// What a change of the dated changes or of recruitment comes to, in the sentences that the rest of the report uses.
fn over_time(scenario: &Scenario, path: &str) -> Option<String> {
    let (list, entry) = path.split_once('.').unwrap_or((path, ""));
    let entry = entry.trim_matches('"');
    let sentences: Vec<String> = match list {
        "change" => {
            let of = scenario.dated.iter().filter(|d| entry.is_empty() || d.path == entry);
            of.map(over_time::change).collect()
        }
        // A number of a recruitment, as set on the command line, speaks for itself.
        "recruit" if !path.contains('.') || scenario.recruits.iter().any(|r| r.name == entry) => {
            let of = scenario.recruits.iter().filter(|r| entry.is_empty() || r.name == entry);
            of.map(|r| over_time::recruit(scenario, r)).collect()
        }
        _ => return None,
    };
    (!sentences.is_empty()).then(|| sentences.join("\n"))
}

/// What the assumptions book says of the new value.
fn why(scenario: &Scenario, change: &Change) -> String {
    if change.set {
        return "set on the command line".into();
    }
    let own = change.assumption.and_then(|place| scenario.assumptions.get(place));
    // Of a list of changes, what is said of the numbers that they lead to.
    let of_list = scenario.assumptions.iter().filter(|a| {
        let leads = |dated: &Dated| same_place(&dated.path, &a.path);
        change.path == "change" && !a.changed && scenario.dated.iter().any(leads)
    });
    let said: Vec<String> = own.into_iter().chain(of_list).map(reason).collect();
    if said.is_empty() {
        "no reason given".into()
    } else {
        said.join("\n")
    }
}

/// What the assumptions book says of a number, without the number.
fn reason(a: &Assumption) -> String {
    let said = [a.kind.name(), a.source.as_str(), a.why.as_str()];
    let said: Vec<&str> = said.into_iter().filter(|text| !text.is_empty()).collect();
    said.join("; ")
}

/// An input as people say it, with its path; a list of changes or of posts by what it is.
fn named(path: &str) -> String {
    match path {
        "change" => "Changes (`[[change]]`)".into(),
        "recruit" => "Posts that are recruited (`[[recruit]]`)".into(),
        path => format!("{}\n{path}", words::capital(&words::input(path))),
    }
}

/// What was set and undoes a change of the file, in a sentence each.
#[must_use]
pub fn undone(all: &[Undone]) -> Vec<String> {
    let of = |one: &Undone| {
        format!(
            "Undone by what was set ({}): the file's change of {}, {}. A value that is set stands over it; to have both, set what both \
             come to, or write the value into the base.",
            one.set,
            words::input(&one.path),
            one.how
        )
    };
    all.iter().map(of).collect()
}

/// The changes in a line each, with a heading, for the terminal; nothing if nothing is changed. `all_are` says where the
/// rest is, if there are too many.
#[must_use]
pub fn lines(scenario: &Scenario, what_if: &WhatIf, all_are: &str) -> Vec<String> {
    if what_if.changes.is_empty() {
        return undone(&what_if.undone);
    }
    let (set, of_the_file): (Vec<&Change>, Vec<&Change>) = told_once(&what_if.changes).partition(|change| change.set);
    let mut lines = undone(&what_if.undone);
    lines.extend(listed(scenario, "What was set over the file:", &set, all_are));
    let heading = match what_if.changed() {
        Some((file, Some(with))) => format!("What it changes, with {with}, in {file}:"),
        Some((file, None)) => format!("What it changes in {file}:"),
        None => "What it changes:".into(),
    };
    lines.extend(listed(scenario, &heading, &of_the_file, all_are));
    lines
}

/// Changes under a heading, as many as the terminal lists; nothing if there are none.
fn listed(scenario: &Scenario, heading: &str, changes: &[&Change], all_are: &str) -> Vec<String> {
    if changes.is_empty() {
        return Vec::new();
    }
    let told = |change: &&Change| match over_time(scenario, &change.path) {
        Some(sentences) => sentences.lines().map(str::to_owned).collect(),
        None => vec![one(change)],
    };
    let all: Vec<String> = changes.iter().flat_map(told).collect();
    let mut lines = vec![heading.to_owned()];
    lines.extend(all.iter().take(MOST_LISTED).map(|line| format!("- {line}")));
    match all.len().saturating_sub(MOST_LISTED) {
        0 => {}
        more => lines.push(format!("- and {more} more {all_are}")),
    }
    lines
}

/// Some changes, each in a few words: dated changes and recruitment in the words of the report, all else by its path.
#[must_use]
pub fn each(scenario: &Scenario, changes: &[Change]) -> Vec<String> {
    let of = |change: &Change| match over_time(scenario, &change.path) {
        Some(sentences) => sentences
            .lines()
            .map(|line| words::inside(line.trim_end_matches('.')))
            .collect(),
        None => vec![one(change)],
    };
    told_once(changes).flat_map(of).collect()
}

/// A change in a few words: `hub.Charnwood.staff.nurse: 9, was 7`; of what was set, `9 (file: 7)`.
#[must_use]
pub fn one(change: &Change) -> String {
    let path = &change.path;
    let or_nothing = |value: &Option<String>| value.as_deref().map_or_else(|| NOTHING.into(), short);
    let after = or_nothing(&change.after);
    // What was not given has its usual value, which need not be nothing.
    let before = change.before.as_deref().map_or_else(|| "not given".into(), short);
    if change.set {
        format!("{path}: {after} (file: {before})")
    } else {
        format!("{path}: {after}, was {before}")
    }
}

/// A value with its end cut off where it is long.
fn short(value: &str) -> String {
    if value.chars().count() <= MOST_OF_A_VALUE {
        return value.into();
    }
    let kept: String = value.chars().take(MOST_OF_A_VALUE - 3).collect();
    format!("{}...", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::{lines, table};
    use crate::output::{WhatIf, sample};
    use crate::scenario::Change;

    #[test]
    fn changes_are_told_with_what_was_and_why_it_is_so_now() {
        let table = table(&sample::scenario(), &sample::what_if()).unwrap();
        let rows: Vec<String> = table
            .rows
            .iter()
            .map(|row| row.cells.join(" | ").replace('\n', " / "))
            .collect();
        insta::assert_snapshot!(rows.join("\n"), @r"
        Crisis worker staff at Charnwood (WTE) / hub.Charnwood.staff.crisis-worker | 4.5 | 8.5 | no reason given
        Share of care visits of reablement by two people / package.reablement.visits.care.two | 0.15 | 0.2 | assumption; no published figure; <8 to 25 %> & expert view
        Months of crisis / pathway.crisis.months | none | [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1.2, 1.3] | no reason given
        Patience of crisis / pathway.crisis.patience | 5 h | none | no reason given
        ");
        assert_eq!(super::table(&sample::scenario(), &WhatIf::default()), None);
    }

    #[test]
    fn the_terminal_lists_ten_and_counts_the_rest() {
        let mut what_if = sample::what_if();
        insta::assert_snapshot!(lines(&sample::scenario(), &what_if, "in the report").join("\n"), @r"
        What it changes in home-first-2020.toml:
        - hub.Charnwood.staff.crisis-worker: 8.5, was 4.5
        - package.reablement.visits.care.two: 0.2, was 0.15
        - pathway.crisis.months: [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1.2, 1.3], was not given
        - pathway.crisis.patience: none, was 5 h
        ");
        let one = what_if.changes[0].clone();
        what_if.changes = vec![one.clone(); 22];
        what_if.changes.insert(0, Change { set: true, ..one });
        let lines = lines(&sample::scenario(), &what_if, "in the report");
        assert_eq!(lines.len(), 14);
        // What was set is never among those that are only counted.
        assert_eq!(
            lines[..2],
            [
                "What was set over the file:",
                "- hub.Charnwood.staff.crisis-worker: 8.5 (file: 4.5)"
            ]
        );
        assert_eq!(lines[13], "- and 12 more in the report");
    }
}
