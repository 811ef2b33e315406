//! `path=value` from the command line: any value of a scenario, by the paths that assumptions and unknowns use.
//!
//! A path may have `*` for every name at its place. What it leads to is replaced; where only the last key is not there
//! yet, it is added, and whether the format has such a key is checked as for one typed in the file. `staff.ROLE` sets the
//! WTE of a role over all hubs, which share the new total as they shared the old one.

use std::cell::OnceCell;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use super::codes;
use super::decode::Node;
use super::merge::{Edit, Step, What, merge, merge_named};
use super::paths;
use super::problems::Problems;
use super::stack::moved_node;

/// Sets one value and returns what that changed; `None` has been reported. What a total comes to at each hub is kept in
/// `shared`, since values borrow from a text.
pub(crate) fn set<'i>(
    root: &mut DeTable<'i>,
    typed: &'i str,
    shared: &'i OnceCell<Vec<String>>,
    begins: usize,
    problems: &mut Problems,
) -> Option<Vec<Edit<'i>>> {
    let whole = begins..begins + typed.len();
    let refuse = |problems: &mut Problems, message: &str| {
        problems
            .error(codes::PATH, &whole, message, "")
            .help("for example: `--set hub.Charnwood.staff.nurse=7`, or `--set \"hub.*.staff.nurse=7\"`");
    };
    let Some(equals) = paths::equals(typed) else {
        refuse(problems, "this sets nothing: a path, `=` and a value are needed");
        return None;
    };
    let path = typed[..equals].trim();
    let value = value(&typed[equals + 1..], begins + equals + 1);
    let key_place = begins..begins + path.len();
    let parts = paths::split(path).unwrap_or_default();
    let text = typed[equals + 1..].trim();
    let quoted = text.trim_matches(['"', '\'']);
    let adds = parts.last().is_some_and(|last| last == "add");
    if quoted.starts_with('+') && quoted[1..].starts_with(|c: char| c.is_ascii_digit() || c == '.') && !adds {
        problems
            .error(
                codes::WRONG_TYPE,
                &value.span(),
                format!("`{text}` does not add: what is set stands in the place of the file's number"),
                "",
            )
            .help(format!(
                "write what it is to be, without `+`; to add to what the file has, write a what-if with a `[[change]]` that has `add = {}`",
                text.replacen('+', "", 1)
            ));
        return None;
    }
    if parts.first().is_some_and(|first| first == "base") {
        problems
            .error(
                codes::PATH,
                &key_place,
                "`base` says which file this is a what-if on, and cannot be set",
                "",
            )
            .help("ask of another file, or write a what-if with that `base`");
        return None;
    }
    if let Some(role) = paths::total(root, &parts) {
        return share_total(root, role, &key_place, &value, shared, problems);
    }
    let found = places_of(root, path, &key_place, problems)?;
    let edits = found.iter().flat_map(|steps| {
        let value = nested(steps, &key_place, value.clone());
        if steps.iter().any(|step| matches!(step, Step::Named(_))) {
            merge_named(root, value)
        } else {
            merge(root, value)
        }
    });
    let edits = edits.collect::<Vec<_>>();
    warn_of_spread(&edits, path, &whole, problems);
    Some(edits)
}

/// Warns where what is set is always the same, and the file has a distribution: who sets a length may expect its spread to stay.
fn warn_of_spread(edits: &[Edit<'_>], path: &str, place: &Range<usize>, problems: &mut Problems) {
    let spread = edits.iter().find_map(|edit| {
        let What::Set(now, Some(before)) = &edit.what else {
            return None;
        };
        let table = before.get_ref().as_table()?;
        table.values().next()?.get_ref().as_table()?;
        Some((now.get_ref().as_str()?, before))
    });
    let Some((now, before)) = spread else { return };
    let mut warning = problems
        .warning(
            codes::SET_OVER_SPREAD,
            place,
            format!("`{path}` is always {now} now, and spreads no more"),
            "set here",
        )
        .beside(&before.span(), "in the file");
    if let Some(mean) = mean_of(before) {
        warning = warning.help(format!(
            "for this mean with the spread of the file: `{path}.{mean}={now}`"
        ));
    }
    warning.help(format!("if it is meant so, `{path}={{ fixed = \"{now}\" }}` says so"));
}

/// Where the mean of a distribution stands in it: `lognormal.mean`; nothing if it has none.
pub(crate) fn mean_of(distribution: &Node<'_>) -> Option<String> {
    let (family, parameters) = distribution.get_ref().as_table()?.iter().next()?;
    let has_mean = parameters.get_ref().as_table()?.contains_key("mean");
    has_mean.then(|| format!("{}.mean", family.get_ref()))
}

/// What a path leads to; `None` has been reported. At the top of the file a star stands for nothing.
pub(crate) fn places_of(
    root: &DeTable<'_>,
    path: &str,
    range: &Range<usize>,
    problems: &mut Problems,
) -> Option<Vec<Vec<Step>>> {
    let parts = paths::split(path);
    let starred = parts.iter().flatten().next().is_some_and(|first| first == "*");
    let found = parts.as_ref().map(|parts| {
        if starred {
            Vec::new()
        } else {
            paths::places(root, parts)
        }
    });
    let message = match found {
        Some(found) if !found.is_empty() => return Some(found),
        Some(_) => format!("`{path}` names nothing in this file"),
        None => format!("`{path}` is not a path"),
    };
    let help = match paths::total(root, &parts.unwrap_or_default()) {
        Some(role) => format!("give the WTE hub by hub: `hub.*.staff.{role}`"),
        None => paths::help(path, &paths::all(root)),
    };
    problems.error(codes::PATH, range, message, "").help(help);
    None
}

/// Shares a new total of a role's WTE out over the hubs; `None` has been reported.
fn share_total<'i>(
    root: &mut DeTable<'i>,
    role: &str,
    place: &Range<usize>,
    value: &Node<'i>,
    shared: &'i OnceCell<Vec<String>>,
    problems: &mut Problems,
) -> Option<Vec<Edit<'i>>> {
    let path = ["hub", "*", "staff", role].map(str::to_string);
    let places = paths::places(root, &path);
    let now: Option<Vec<f64>> = paths::find(root, &path).into_iter().map(number).collect();
    let now = now.filter(|now| now.len() == places.len() && now.iter().sum::<f64>() > 0.0);
    let Some(now) = now else {
        problems
            .error(
                codes::PATH,
                place,
                format!("`{role}` has no WTE, or not at all hubs, by which a new total could be shared out"),
                "",
            )
            .help(format!("set the hubs one by one, or all alike: `hub.*.staff.{role}=3`"));
        return None;
    };
    let sum: f64 = now.iter().sum();
    let Some(total) = number(value) else {
        problems
            .error(
                codes::WRONG_TYPE,
                &value.span(),
                "a number of WTE over all hubs is needed",
                "",
            )
            .help(format!("there are {sum} now; for example `staff.{role}={}`", sum + 1.0));
        return None;
    };
    // To a millionth of a post, which no rota notices.
    let of = |wte: f64| ((wte * (total / sum)) * 1e6).round() / 1e6;
    let texts = shared.get_or_init(|| now.iter().map(|wte| of(*wte).to_string()).collect());
    let shared = places.iter().zip(texts);
    let edits = shared.filter_map(|(steps, text)| {
        let parsed = DeValue::parse(text).ok()?.into_inner();
        Some(merge(root, nested(steps, place, Spanned::new(value.span(), parsed))))
    });
    Some(edits.flatten().collect())
}

/// A number as TOML has it.
fn number(node: &Node<'_>) -> Option<f64> {
    let text = match node.get_ref() {
        DeValue::Integer(n) => n.to_string(),
        DeValue::Float(n) => n.to_string(),
        _ => return None,
    };
    text.parse().ok().filter(|n: &f64| n.is_finite())
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
