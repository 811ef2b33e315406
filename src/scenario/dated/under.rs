//! What is set on the command line stands over changes from the beginning: these are made in the values before it.
//!
//! Otherwise a number that comes by such a change could not be set: the change would be made afterwards. All of them are made, in
//! the order of the file, and are then no changes any more, so that the text that is kept means the same. A change with a date,
//! its first or its last, is left: what is set holds besides it, and a warning says from when a `value` takes its place.

use std::cell::OnceCell;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{MOST_CHANGES, amounts, make, sound_change};
use crate::scenario::codes;
use crate::scenario::decode::{Decode as _, Key, Node};
use crate::scenario::document::ChangeTable;
use crate::scenario::merge::{Edit, Step, What};
use crate::scenario::paths;
use crate::scenario::problems::Problems;
use crate::scenario::written::typed;

/// The key of the list.
pub(in crate::scenario) const CHANGE: &str = "change";

/// What changes make of numbers, as it would be typed; values borrow from it.
pub(in crate::scenario) struct Texts(Vec<OnceCell<Vec<String>>>);

impl Texts {
    /// Room for as many changes as there may be.
    pub(in crate::scenario) fn new() -> Self {
        Self((0..MOST_CHANGES).map(|_| OnceCell::new()).collect())
    }
}

/// Changes that have been made in the values.
pub(in crate::scenario) struct Made<'i> {
    /// By change: where it stood, as a path, and what it did.
    pub(in crate::scenario) each: Vec<(String, Vec<Edit<'i>>)>,
    /// What that left of the list of changes.
    pub(in crate::scenario) list: Edit<'i>,
    /// Those whose amounts what is set wipes out.
    pub(in crate::scenario) undone: Vec<Undone>,
}

/// A change of the file that says so much more or so many times, and comes to nothing where a value is set over it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undone {
    /// What is set, as typed: `path=value`.
    pub set: String,
    /// What the change changes.
    pub path: String,
    /// How, as typed: `add = 4`.
    pub how: String,
}

/// Makes the changes from the beginning in the values, if any of these paths leads to what one of them changes. Where one cannot be
/// made nothing is done; the reading of the file says why.
pub(in crate::scenario) fn make_under<'i>(
    root: &mut DeTable<'i>,
    set: &[(Vec<String>, Range<usize>)],
    texts: &'i Texts,
    problems: &mut Problems,
) -> Option<Made<'i>> {
    let changes: Vec<Node<'i>> = from_the_beginning(root).cloned().collect();
    let mut made = made_under(root, set, texts, problems)?;
    made.undone = warn_of_undone(&changes, set, problems);
    Some(made)
}

/// The same without a word of what is set over what.
fn made_under<'i>(
    root: &mut DeTable<'i>,
    set: &[(Vec<String>, Range<usize>)],
    texts: &'i Texts,
    problems: &mut Problems,
) -> Option<Made<'i>> {
    let node = root.get(CHANGE)?.clone();
    let list = node.get_ref().as_array().filter(|list| list.len() <= MOST_CHANGES)?;
    let dated = |item: &&Node<'i>| is_dated(item);
    let from_the_beginning: Vec<&Node<'i>> = list.iter().filter(|item| !is_dated(item)).collect();
    if !from_the_beginning
        .iter()
        .any(|item| set.iter().any(|(path, _)| leads_to(item, path)))
    {
        return None;
    }
    // A change that ends on a date holds from the beginning too. Made after one that stands below it, it would do something else.
    if let Some(under) = made_on_another(list) {
        for (path, range) in set {
            if from_the_beginning.iter().any(|item| leads_to(item, path)) {
                problems
                    .warning(
                        codes::SET_AND_DATED,
                        range,
                        "a change of the file is made after this: what is set here is what it changes",
                        "set here",
                    )
                    .beside(&under.span(), "made on another change, which ends on a date")
                    .help("take the change out of the file, or put those that end on a date last");
            }
        }
        return None;
    }
    let mut found = problems.like();
    let mut changed = root.clone();
    let mut each = Vec::new();
    for (item, cell) in from_the_beginning.iter().copied().zip(&texts.0) {
        let key = Key {
            text: CHANGE.into(),
            range: item.span(),
        };
        let table = ChangeTable::decode(item, &key, &mut found)?;
        let sound = sound_change(&table, item, &changed, &mut found)?;
        let typed = amounts(&changed, &sound, &mut found)?;
        let edits = make(&mut changed, &sound, cell.get_or_init(|| typed))?;
        let place = [Step::Key(CHANGE.into()), Step::Named(sound.path.value.clone())];
        each.push((paths::join(&place), edits));
    }
    if found.has_errors() {
        return None;
    }
    let left: Vec<Node<'i>> = list.iter().filter(dated).cloned().collect();
    let path = vec![Step::Key(CHANGE.into())];
    let (key, before) = changed.remove_entry(CHANGE)?;
    let what = if left.is_empty() {
        What::Gone(before)
    } else {
        let now = Spanned::new(before.span(), DeValue::Array(left.into_iter().collect()));
        changed.insert(key, now.clone());
        What::Set(now, Some(before))
    };
    *root = changed;
    Some(Made {
        each,
        list: Edit { path, what },
        undone: Vec::new(),
    })
}

/// Warns where a value is set over what a change says so much more or so many times of: nobody who adds to a number expects that
/// setting the number takes the addition away.
fn warn_of_undone(changes: &[Node<'_>], set: &[(Vec<String>, Range<usize>)], problems: &mut Problems) -> Vec<Undone> {
    let mut all = Vec::new();
    for item in changes {
        let (Some(path), Some(how)) = (text_of(item, "path"), amount_of(item)) else {
            continue;
        };
        for (_, range) in set.iter().filter(|(path, _)| leads_to(item, path)) {
            let typed = problems.sources.text(range).to_owned();
            let warned = problems
                .warning(
                    codes::SET_OVER_CHANGE,
                    range,
                    format!("this undoes a change of the file: `{how}` is not made here"),
                    "set here",
                )
                .beside(&item.span(), "the change that is undone")
                .help("to have both, set what both come to, or write the number into the base");
            // Of several with one path it would be the first that is set, and quotes within quotes are another matter in every shell.
            let alone = changes
                .iter()
                .filter(|other| text_of(other, "path").as_ref() == Some(&path))
                .count()
                == 1;
            if let Some((key, _)) = how.split_once(" = ").filter(|_| alone && !path.contains(['"', '\''])) {
                warned.help(format!(
                    "to set the change itself to another number N: `--set \"change.'{path}'.{key}=N\"`"
                ));
            }
            all.push(Undone {
                set: typed,
                path: path.clone(),
                how: how.clone(),
            });
        }
    }
    all
}

/// A text of a change.
fn text_of(item: &Node<'_>, key: &str) -> Option<String> {
    Some(item.get_ref().as_table()?.get(key)?.get_ref().as_str()?.to_owned())
}

/// What a change adds, or how many times it takes: `add = 4`; nothing of one that gives a value.
fn amount_of(item: &Node<'_>) -> Option<String> {
    let table = item.get_ref().as_table()?;
    let amount = |key: &str| Some(format!("{key} = {}", typed(table.get(key)?)));
    ["add", "times"].into_iter().find_map(amount)
}

/// Makes all changes from the beginning in the values, so that two texts can be compared by what they come to; says whether they are
/// made. Where one cannot be, nothing is done.
pub(in crate::scenario) fn make_all<'i>(root: &mut DeTable<'i>, texts: &'i Texts) -> bool {
    let paths: Vec<(Vec<String>, Range<usize>)> = from_the_beginning(root)
        .filter_map(path_of)
        .map(|path| (path, 0..0))
        .collect();
    paths.is_empty() || made_under(root, &paths, texts, &mut Problems::default()).is_some()
}

/// Whether a change from the beginning of one text is not in another.
pub(in crate::scenario) fn takes_one_away(before: &DeTable<'_>, after: &DeTable<'_>) -> bool {
    let kept: Vec<String> = from_the_beginning(after).map(typed).collect();
    from_the_beginning(before).any(|change| !kept.contains(&typed(change)))
}

/// The changes that begin with the scenario and do not end.
fn from_the_beginning<'a, 'i>(root: &'a DeTable<'i>) -> impl Iterator<Item = &'a Node<'i>> {
    let list = root.get(CHANGE).and_then(|node| node.get_ref().as_array());
    list.into_iter().flatten().filter(|item| !is_dated(item))
}

/// Warns where a change on a date takes the place of what is set: of each path set, where it stands.
pub(in crate::scenario) fn warn_of_dated(
    root: &DeTable<'_>,
    set: &[(Vec<String>, Range<usize>)],
    problems: &mut Problems,
) {
    let list = root.get(CHANGE).and_then(|node| node.get_ref().as_array());
    for item in list.into_iter().flatten() {
        let Some(table) = item.get_ref().as_table() else {
            continue;
        };
        if !is_dated(item) || table.get("value").is_none() {
            continue;
        }
        let date = |key: &str| {
            let date = table.get(key)?.get_ref().as_datetime()?;
            Some(date.to_string())
        };
        let until = match (date("from"), date("until")) {
            (Some(from), _) => {
                format!("what is set here holds until {from}: from then on a change of the file has it otherwise")
            }
            (None, Some(until)) => {
                format!("what is set here holds from {until} on: until then a change of the file has it otherwise")
            }
            (None, None) => continue,
        };
        for (path, range) in set {
            if leads_to(item, path) {
                problems
                    .warning(codes::SET_AND_DATED, range, until.clone(), "set here")
                    .beside(&item.span(), "the change")
                    .help("take that change out of the file if what is set is to hold all the time");
            }
        }
    }
}

/// Whether a change begins or ends on a date.
fn is_dated(item: &Node<'_>) -> bool {
    let table = item.get_ref().as_table();
    table.is_some_and(|table| table.contains_key("from") || table.contains_key("until"))
}

/// What a change changes.
fn path_of(item: &Node<'_>) -> Option<Vec<String>> {
    let path = item.get_ref().as_table()?.get("path")?;
    paths::split(path.get_ref().as_str()?)
}

/// Whether a path leads to what a change changes.
fn leads_to(item: &Node<'_>, set: &[String]) -> bool {
    path_of(item).is_some_and(|path| paths::touch(set, &path))
}

/// The first change without a date that is made on what one has made that only ends on a date.
fn made_on_another<'a, 'i>(list: &'a [Node<'i>]) -> Option<&'a Node<'i>> {
    let ends = |item: &&Node<'i>| is_dated(item) && item.get_ref().as_table().is_some_and(|t| !t.contains_key("from"));
    let after = |(n, item): &(usize, &'a Node<'i>)| {
        let mut before = list[..*n].iter().filter(ends).filter_map(path_of);
        !is_dated(item) && before.any(|path| leads_to(item, &path))
    };
    list.iter().enumerate().find(after).map(|(_, item)| item)
}
