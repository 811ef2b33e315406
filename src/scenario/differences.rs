//! What one scenario changes in another, value by value, however either came about.
//!
//! A what-if knows what it changes in its base; two files that were written beside each other do not, nor a what-if that is
//! compared with another. So the whole texts are compared, what-ifs with their bases put together: tables key by key, lists of
//! named things entry by entry, all else as typed. What a file says of itself (title, notes, assumptions, observed figures,
//! unknowns, what is asked of results) is no change of the service.
//!
//! `[[change]]` from the beginning is told as such where the option has more of them than the base. Where it has not all of the base's
//! (what is set on the command line stands over them, which makes them), they are made in both, and the values compared.

use toml::de::{DeArray, DeTable, DeValue};

use super::dated::{Texts, make_all, takes_one_away};
use super::decode::{Node, in_file_order};
use super::merge::{ADDED, Step, name_of};
use super::stack::Change;
use super::written::typed;
use super::{Loaded, explained_by, paths};

/// Tables and keys at the top that say nothing of the service.
const OF_THE_FILE: [&str; 8] = [
    "format",
    "title",
    "notes",
    "assumptions",
    "observed",
    "unknown",
    "trajectory",
    "required",
];

/// What `option` changes in `base`, in the order of the option's text, then what it takes away.
#[must_use]
pub fn differences(base: &Loaded, option: &Loaded) -> Vec<Change> {
    let parse = |text| DeTable::parse(text).map(toml::Spanned::into_inner);
    let texts = [&base.text, &option.text].map(|text| text.trim_start_matches('\u{feff}'));
    let (Ok(mut before), Ok(mut after)) = (parse(texts[0]), parse(texts[1])) else {
        return Vec::new();
    };
    let made = [Texts::new(), Texts::new()];
    if takes_one_away(&before, &after) {
        let (mut base, mut option) = (before.clone(), after.clone());
        if make_all(&mut base, &made[0]) && make_all(&mut option, &made[1]) {
            (before, after) = (base, option);
        }
    }
    let mut comparing = Comparing {
        path: Vec::new(),
        found: Vec::new(),
    };
    comparing.tables(&before, &after);
    let mut found = comparing.found;
    for change in &mut found {
        change.assumption = explained_by(&option.scenario, &change.path);
    }
    found
}

struct Comparing {
    path: Vec<Step>,
    found: Vec<Change>,
}

impl Comparing {
    fn note(&mut self, step: Option<Step>, before: Option<&Node<'_>>, after: Option<&Node<'_>>) {
        let mut path = self.path.clone();
        path.extend(step);
        self.found.push(Change {
            path: paths::join(&path),
            before: before.map(typed),
            after: after.map(typed),
            set: false,
            assumption: None,
        });
    }

    fn tables(&mut self, before: &DeTable<'_>, after: &DeTable<'_>) {
        let skipped = |comparing: &Self, key: &str| comparing.path.is_empty() && OF_THE_FILE.contains(&key);
        for (key, now) in in_file_order(after) {
            if skipped(self, &key.text) {
                continue;
            }
            let step = Step::Key(key.text.clone());
            match before.get(key.text.as_str()) {
                None => self.note(Some(step), None, Some(now)),
                Some(was) => {
                    self.path.push(step);
                    self.values(was, now);
                    self.path.pop();
                }
            }
        }
        for (key, was) in in_file_order(before) {
            if !after.contains_key(key.text.as_str()) && !skipped(self, &key.text) {
                self.note(Some(Step::Key(key.text)), Some(was), None);
            }
        }
    }

    fn values(&mut self, was: &Node<'_>, now: &Node<'_>) {
        let adding = self.path.len() == 1 && ADDED.contains(&self.path[0].name());
        match (was.get_ref(), now.get_ref()) {
            (DeValue::Table(before), DeValue::Table(after)) => self.tables(before, after),
            (DeValue::Array(before), DeValue::Array(after)) if adding => {
                let among = |list: &DeArray<'_>, one: &Node<'_>| list.iter().any(|other| typed(other) == typed(one));
                for now in after.iter().filter(|now| !among(before, now)) {
                    self.note(None, None, Some(now));
                }
                for was in before.iter().filter(|was| !among(after, was)) {
                    self.note(None, Some(was), None);
                }
            }
            (DeValue::Array(before), DeValue::Array(after)) if named_apart(before) && named_apart(after) => {
                self.items(before, after);
            }
            (before, after) => {
                if number(before)
                    .zip(number(after))
                    .is_some_and(|(b, a)| b.total_cmp(&a).is_eq())
                    || typed(was) == typed(now)
                {
                    return;
                }
                self.note(None, Some(was), Some(now));
            }
        }
    }

    fn items(&mut self, before: &DeArray<'_>, after: &DeArray<'_>) {
        let find = |list: &'_ DeArray<'_>, name: &str| list.iter().position(|node| name_of(node) == Some(name));
        for now in after {
            let name = name_of(now).unwrap_or_default();
            let step = Step::Named(name.into());
            match find(before, name).and_then(|place| before.get(place)) {
                None => self.note(Some(step), None, Some(now)),
                Some(was) => {
                    self.path.push(step);
                    self.values(was, now);
                    self.path.pop();
                }
            }
        }
        for was in before {
            let name = name_of(was).unwrap_or_default();
            if find(after, name).is_none() {
                self.note(Some(Step::Named(name.into())), Some(was), None);
            }
        }
    }
}

/// Whether every entry of a list has a name of its own.
fn named_apart(list: &DeArray<'_>) -> bool {
    let names: Vec<Option<&str>> = list.iter().map(name_of).collect();
    !names.is_empty()
        && names
            .iter()
            .enumerate()
            .all(|(n, name)| name.is_some() && !names[..n].contains(name))
}

/// 8 and 8.0 are the same.
fn number(value: &DeValue<'_>) -> Option<f64> {
    match value {
        DeValue::Integer(number) => number.to_string().parse().ok(),
        DeValue::Float(number) => number.to_string().parse().ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::differences;
    use crate::scenario::{read, read_with};
    use std::path::Path;

    fn told(option: &str, sets: &[&str]) -> Vec<String> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
        let base = read(&folder.join("home-first-2020.toml")).unwrap();
        let sets: Vec<String> = sets.iter().map(|s| (*s).to_owned()).collect();
        let option = read_with(&folder.join(option), &sets).unwrap();
        let none = || "none".to_owned();
        differences(&base, &option)
            .into_iter()
            .map(|c| {
                format!(
                    "{}: {} -> {}",
                    c.path,
                    c.before.unwrap_or_else(none),
                    c.after.unwrap_or_else(none)
                )
            })
            .collect()
    }

    #[test]
    fn a_file_changes_nothing_in_itself() {
        assert_eq!(told("home-first-2020.toml", &[]), [""; 0]);
        // As typed otherwise, and still the same number.
        assert_eq!(
            told("home-first-2020.toml", &["hub.Charnwood.staff.crisis-worker=4.50"]),
            [""; 0]
        );
    }

    /// A base that brings its numbers by changes is what its options are measured by, and not what it is based on itself.
    #[test]
    fn changes_of_the_base_are_not_those_of_an_option() {
        let folder = tempfile::tempdir().unwrap();
        let scenarios = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
        let theory = scenarios.join("staffing/day-and-night.toml");
        std::fs::copy(&theory, folder.path().join("service.toml")).unwrap();
        let day = |hub: u32| format!("hub.H{hub}.staff.worker.on-shift.day.count");
        let change = |hub, value: u32| format!("[[change]]\npath = \"{}\"\nvalue = {value}\n", day(hub));
        let answer = format!("base = \"service.toml\"\n{}{}", change(1, 3), change(3, 5));
        std::fs::write(folder.path().join("answer.toml"), answer).unwrap();
        let read = |file: &str, sets: &[String]| read_with(&folder.path().join(file), sets).unwrap();
        let told = |base: &crate::scenario::Loaded, option: &crate::scenario::Loaded| -> Vec<String> {
            let all = differences(base, option).into_iter();
            all.map(|c| format!("{}: {} -> {}", c.path, c.before.unwrap(), c.after.unwrap()))
                .collect()
        };
        let answer = read("answer.toml", &[]);
        let more = read("answer.toml", &[format!("{}=9", day(1))]);
        assert_eq!(told(&answer, &more), [format!("{}: 3 -> 9", day(1))]);
        // And the other way round, what it is based on takes its changes back.
        let service = read("service.toml", &[]);
        assert_eq!(
            told(&answer, &service),
            [format!("{}: 3 -> 4", day(1)), format!("{}: 5 -> 4", day(3))]
        );
    }

    /// What a what-if notes of itself is what a comparison of the texts finds.
    #[test]
    fn what_ifs_change_what_they_say() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
        for file in [
            "plus-24-crisis-workers.toml",
            "joint-together.toml",
            "therapists-doubled.toml",
            "plus-24-recruited.toml",
        ] {
            let noted = read(&folder.join(file)).unwrap().changes.len();
            let found = told(file, &[]);
            assert_eq!(found.len(), noted, "{file}: {found:#?}");
        }
        let joint = told("joint-together.toml", &["experiment.seed=5"]);
        assert!(
            joint
                .iter()
                .any(|c| c.starts_with("pathway.crisis.joint: ") && c.ends_with("together")),
            "{joint:?}"
        );
        assert!(joint.iter().any(|c| c.starts_with("experiment.seed: ")), "{joint:?}");
    }
}
