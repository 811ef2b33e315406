//! `path=value` from the command line: any value of a scenario, by the paths that assumptions use.
//!
//! A path may have `*` for every name at its place. What it leads to is replaced; where only the last key is not there
//! yet, it is added, and whether the format has such a key is checked as for one typed in the file.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use super::codes;
use super::decode::Node;
use super::merge::{Edit, Step, merge};
use super::paths;
use super::problems::Problems;
use super::stack::moved_node;

/// Sets one value and returns what that changed; `None` has been reported.
pub(crate) fn set<'i>(
    root: &mut DeTable<'i>,
    typed: &'i str,
    begins: usize,
    problems: &mut Problems,
) -> Option<Vec<Edit<'i>>> {
    let whole = begins..begins + typed.len();
    let refuse = |problems: &mut Problems, message: &str| {
        problems
            .error(codes::PATH, &whole, message, "")
            .help("for example: `--set hub.Charnwood.staff.nurse=7`, or `--set \"hub.*.staff.nurse=7\"`");
    };
    let Some(equals) = typed.find('=') else {
        refuse(problems, "this sets nothing: a path, `=` and a value are needed");
        return None;
    };
    let path = typed[..equals].trim();
    let value = value(&typed[equals + 1..], begins + equals + 1);
    let key_place = begins..begins + path.len();
    let found = places_of(root, path, &key_place, problems)?;
    Some(
        found
            .iter()
            .flat_map(|steps| merge(root, nested(steps, &key_place, value.clone())))
            .collect(),
    )
}

/// What a path leads to; `None` has been reported.
pub(crate) fn places_of(
    root: &DeTable<'_>,
    path: &str,
    range: &Range<usize>,
    problems: &mut Problems,
) -> Option<Vec<Vec<Step>>> {
    let found = paths::split(path).map(|parts| paths::places(root, &parts));
    let message = match found {
        Some(found) if !found.is_empty() => return Some(found),
        Some(_) => format!("`{path}` names nothing in this file"),
        None => format!("`{path}` is not a path"),
    };
    let near = paths::meant(path, &paths::all(root));
    let help = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => "for example: `hub.Charnwood.staff.nurse`, `hub.*.staff.nurse` or `pathway.crisis.triage`".into(),
    };
    problems.error(codes::PATH, range, message, "").help(help);
    None
}

/// The table that has only this, at the end of these steps.
pub(crate) fn nested<'i>(steps: &[Step], place: &Range<usize>, value: Node<'i>) -> DeTable<'i> {
    let at = |text: &str| -> Spanned<DeString<'i>> { Spanned::new(place.clone(), text.to_string().into()) };
    let mut inner = value;
    for step in steps.iter().rev() {
        let mut table = DeTable::new();
        if let Step::Key(key) = step {
            table.insert(at(key), inner.clone());
        } else if let DeValue::Table(entry) = inner.into_inner() {
            table = entry;
        }
        inner = if let Step::Named(name) = step {
            table.insert(
                at("name"),
                Spanned::new(place.clone(), DeValue::String(name.clone().into())),
            );
            let item = Spanned::new(place.clone(), DeValue::Table(table));
            Spanned::new(place.clone(), DeValue::Array(std::iter::once(item).collect()))
        } else {
            Spanned::new(place.clone(), DeValue::Table(table))
        };
    }
    match inner.into_inner() {
        DeValue::Table(table) => table,
        _ => DeTable::new(),
    }
}

/// A value as TOML has it, or else as text without its quotes, which shells take away.
fn value(typed: &str, begins: usize) -> Node<'_> {
    let text = typed.trim();
    let from = begins + typed.len() - typed.trim_start().len();
    match DeValue::parse(text) {
        Ok(parsed) => moved_node(parsed, from),
        Err(_) => Spanned::new(from..from + text.len(), DeValue::String(text.into())),
    }
}
