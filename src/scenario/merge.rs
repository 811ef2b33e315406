//! A what-if over its base: what the what-if says stands, everything else is the base's.
//!
//! **By name.** Tables are merged key by key. Lists of named things (hubs, shifts, responses, the staff of a response
//! by their roles, visit streams, pieces of a day, unknowns by their paths, people served elsewhere by their home) are merged entry by entry; an entry with a
//! new name is added at the end. Changes, recruitments and neighbours are added to the base's; an empty list takes the
//! base's away. All other lists and values are replaced.
//!
//! **One of several.** Where the format asks for exactly one of several keys (the families of a distribution, `per-day` or
//! `per-week`, `profile` or `hours`), the one that the what-if gives takes the place of the base's.
//!
//! **Assumptions** are replaced whole: what the what-if says of a number does not go on with the base's source for it.
//! Assumptions of the base about something that this took away go with it.

use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

use super::decode::{Node, in_file_order};
use super::paths;

/// Groups of which a table has one member: any of the first keys chooses it, and the second go when another is chosen.
type OneOf = &'static [(&'static [&'static str], &'static [&'static str])];

const ONE_OF: &[OneOf] = &[
    &[
        (&["fixed"], &["fixed"]),
        (&["exponential"], &["exponential"]),
        (&["lognormal"], &["lognormal"]),
        (&["gamma"], &["gamma"]),
        (&["erlang"], &["erlang"]),
        (&["hyper-exponential"], &["hyper-exponential"]),
        (&["triangular"], &["triangular"]),
        (&["uniform"], &["uniform"]),
        (&["empirical"], &["empirical"]),
    ],
    &[(&["profile"], &["profile"]), (&["hours", "days"], &["hours", "days"])],
    &[
        (&["per-day"], &["per-day"]),
        (&["per-week"], &["per-week"]),
        (&["at"], &["at", "days"]),
        (&["once"], &["once"]),
    ],
    &[(&["on-shift"], &["on-shift"]), (&["rota"], &["rota"])],
    &[(&["mean"], &["mean"]), (&["median"], &["median"])],
    &[(&["cv"], &["cv"]), (&["sigma"], &["sigma"])],
];

/// Lists whose entries are added to the base's.
pub(crate) const ADDED: &[&str] = &["change", "recruit", "neighbour"];

/// A step of a path into a scenario: a key of a table, or the entry of a list that has this name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Key(String),
    Named(String),
}

impl Step {
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Key(name) | Self::Named(name) => name,
        }
    }
}

/// One thing that a what-if changes in its base.
#[derive(Clone, Debug)]
pub(crate) struct Edit<'i> {
    pub(crate) path: Vec<Step>,
    pub(crate) what: What<'i>,
}

/// What becomes of the value at a path.
#[derive(Clone, Debug)]
pub(crate) enum What<'i> {
    /// It is this now, instead of the other if there was one.
    Set(Node<'i>, Option<Node<'i>>),
    /// An entry is added to the list there.
    Added(Node<'i>),
    /// It is taken away.
    Gone(Node<'i>),
}

/// Puts a what-if over its base and returns what that changed, in the order of the what-if.
pub(crate) fn merge<'i>(base: &mut DeTable<'i>, over: DeTable<'i>) -> Vec<Edit<'i>> {
    put_over(base, over, ADDED)
}

/// Changes entries of lists that are there already, by their names: of those whose entries a what-if adds, too.
pub(crate) fn merge_named<'i>(base: &mut DeTable<'i>, over: DeTable<'i>) -> Vec<Edit<'i>> {
    put_over(base, over, &[])
}

fn put_over<'i>(base: &mut DeTable<'i>, over: DeTable<'i>, lists_added: &'static [&'static str]) -> Vec<Edit<'i>> {
    let before = base.clone();
    let mut merging = Merging {
        lists_added,
        path: Vec::new(),
        edits: Vec::new(),
    };
    merging.tables(base, over);
    merging.drop_assumptions(&before, base);
    merging.edits
}

struct Merging<'i> {
    /// Lists whose entries are added.
    lists_added: &'static [&'static str],
    path: Vec<Step>,
    edits: Vec<Edit<'i>>,
}

impl<'i> Merging<'i> {
    fn note(&mut self, step: Option<Step>, what: What<'i>) {
        let mut path = self.path.clone();
        path.extend(step);
        self.edits.push(Edit { path, what });
    }

    fn tables(&mut self, base: &mut DeTable<'i>, over: DeTable<'i>) {
        let mut entries: Vec<_> = over.into_iter().collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        let given: Vec<String> = entries.iter().map(|(key, _)| key.get_ref().to_string()).collect();
        for gone in alternatives(&given) {
            if let Some(node) = base.remove(gone) {
                self.note(Some(Step::Key(gone.into())), What::Gone(node));
            }
        }
        for (key, node) in entries {
            let step = Step::Key(key.get_ref().to_string());
            let Some(there) = base.get_mut(key.get_ref().as_ref()) else {
                self.note(Some(step), What::Set(node.clone(), None));
                base.insert(key, node);
                continue;
            };
            let added = self.path.is_empty() && self.lists_added.contains(&key.get_ref().as_ref());
            self.path.push(step);
            self.values(there, node, added);
            self.path.pop();
        }
    }

    fn values(&mut self, there: &mut Node<'i>, node: Node<'i>, added: bool) {
        let place = node.span();
        let whole = self.path.len() == 2 && self.path[0].name() == "assumptions";
        match (there.get_mut(), node.into_inner()) {
            (DeValue::Table(base), DeValue::Table(over)) if !whole => {
                self.tables(base, over);
                // What is wrong with it now, the what-if made so.
                let table = DeValue::Table(std::mem::take(base));
                *there = Spanned::new(place, table);
            }
            (DeValue::Array(base), DeValue::Array(over)) if added && !over.is_empty() => {
                for item in over {
                    self.note(None, What::Added(item.clone()));
                    base.push(item);
                }
            }
            (DeValue::Array(base), DeValue::Array(over)) if all_named(base) && all_named(&over) => {
                for item in over {
                    self.item(base, item);
                }
            }
            (_, value) => {
                let now = Spanned::new(place, value);
                let before = std::mem::replace(there, now.clone());
                self.note(None, What::Set(now, Some(before)));
            }
        }
    }

    fn item(&mut self, list: &mut DeArray<'i>, mut item: Node<'i>) {
        let Some(name) = name_of(&item).map(str::to_string) else {
            return;
        };
        if let Some(there) = list.iter_mut().find(|there| name_of(there) == Some(&name)) {
            if let DeValue::Table(table) = item.get_mut()
                && let Some(key) = NAMES.iter().find(|key| table.contains_key(**key))
            {
                table.remove(*key);
            }
            self.path.push(Step::Named(name));
            self.values(there, item, false);
            self.path.pop();
        } else {
            self.note(None, What::Added(item.clone()));
            list.push(item);
        }
    }

    /// Assumptions whose path led somewhere in the base, and leads nowhere any more.
    fn drop_assumptions(&mut self, before: &DeTable<'i>, now: &mut DeTable<'i>) {
        let leads = |table: &DeTable<'i>, path: &str| {
            paths::split(path).is_some_and(|parts| !paths::find(table, &parts).is_empty())
        };
        let Some(assumptions) = before.get("assumptions").and_then(|node| node.get_ref().as_table()) else {
            return;
        };
        for (key, node) in in_file_order(assumptions) {
            if !leads(before, &key.text) || leads(now, &key.text) {
                continue;
            }
            if let Some(DeValue::Table(table)) = now.get_mut("assumptions").map(Spanned::get_mut) {
                table.remove(key.text.as_str());
            }
            let path = vec![Step::Key("assumptions".into()), Step::Key(key.text)];
            self.edits.push(Edit {
                path,
                what: What::Gone(node.clone()),
            });
        }
    }
}

/// Keys that those given take the place of.
fn alternatives(given: &[String]) -> Vec<&'static str> {
    let has = |key: &&str| given.iter().any(|g| g == key);
    let mut gone = Vec::new();
    for group in ONE_OF {
        if group.iter().any(|(by, _)| by.iter().any(has)) {
            let others = group.iter().filter(|(by, _)| !by.iter().any(has));
            gone.extend(
                others
                    .flat_map(|(_, goes)| goes.iter().copied())
                    .filter(|key| !has(key)),
            );
        }
    }
    gone
}

/// The keys by which an entry of a list may be known, the first that it has.
pub(crate) const NAMES: [&str; 4] = ["name", "role", "path", "home"];

/// The name by which an entry of a list is known.
pub(crate) fn name_of<'a>(node: &'a Node<'_>) -> Option<&'a str> {
    let table = node.get_ref().as_table()?;
    NAMES.iter().find_map(|key| table.get(*key))?.get_ref().as_str()
}

fn all_named(list: &DeArray<'_>) -> bool {
    !list.is_empty() && list.iter().all(|item| name_of(item).is_some())
}
