//! Paths into a scenario file, the same for assumptions, unknowns and `--set`: `hub.*.staff.nurse`,
//! `package.x.visits.care.two`, and `staff.nurse` for the total over hubs. A name that holds a dot stands in quotes, double
//! or single, and may in any case. After the first part, `*` stands for every name.

use toml::de::{DeTable, DeValue};

use super::decode::{Node, in_file_order};
use super::merge::{Step, name_of};
use super::problems::nearest;

/// What stands for every name.
const EVERY: &str = "*";

/// Tables of a hub whose keys are names, which may all be left out.
const BY_NAME: [&str; 2] = ["beds", "caseload-limit"];

/// The most paths that are listed to find the nearest one.
const MOST: usize = 20_000;

/// Splits a path at its dots; a part in quotes may hold dots. `None` if a part is empty or a quote stays open.
pub(crate) fn split(path: &str) -> Option<Vec<String>> {
    let mut parts = Vec::new();
    let mut rest = path.trim();
    loop {
        let part;
        if let Some((quote, quoted)) = quoted(rest) {
            let end = quoted.find(quote)?;
            (part, rest) = (&quoted[..end], &quoted[end + 1..]);
        } else {
            let end = rest.find('.').unwrap_or(rest.len());
            (part, rest) = (rest[..end].trim(), &rest[end..]);
        }
        if part.is_empty() {
            return None;
        }
        parts.push(part.to_string());
        match rest.strip_prefix('.') {
            Some(more) => rest = more,
            None if rest.is_empty() => return Some(parts),
            None => return None,
        }
    }
}

/// The quote that a part begins with, and what follows it.
fn quoted(part: &str) -> Option<(char, &str)> {
    let quote = part.chars().next().filter(|c| ['"', '\''].contains(c))?;
    Some((quote, &part[1..]))
}

/// Where in `path=value` the path ends: at the first `=` that is in no quoted part.
pub(crate) fn equals(typed: &str) -> Option<usize> {
    let mut at = typed.len() - typed.trim_start().len();
    loop {
        if let Some((quote, inside)) = quoted(&typed[at..]) {
            at += inside.find(quote)? + 2;
        }
        at += typed[at..].find(['.', '='])?;
        if typed[at..].starts_with('=') {
            return Some(at);
        }
        at += 1;
    }
}

/// The role whose total over hubs a path names: `staff.ROLE`.
pub(crate) fn total<'a>(root: &DeTable<'_>, parts: &'a [String]) -> Option<&'a str> {
    let [staff, role] = parts else { return None };
    let roles = root.get("role")?.get_ref().as_table()?;
    (staff == "staff" && roles.contains_key(role.as_str())).then_some(role)
}

/// The path of which a total over hubs is short for.
pub(crate) fn whole(parts: &[String]) -> Vec<String> {
    match parts {
        [staff, role] if staff == "staff" => [
            ["hub", EVERY].map(str::to_string).as_slice(),
            &[staff.clone(), role.clone()],
        ]
        .concat(),
        parts => parts.to_vec(),
    }
}

/// Whether two paths speak of the same: one leads to the other's place or below it, at one name at least.
pub(crate) fn touch(one: &[String], other: &[String]) -> bool {
    let same = |(a, b): (&String, &String)| a == b || a == EVERY || b == EVERY;
    whole(one).iter().zip(&whole(other)).all(same)
}

/// What a path step leads to: the entries of a table, or the named entries of a list of tables.
fn children<'a, 'i>(node: &'a DeValue<'i>) -> Vec<(String, &'a Node<'i>)> {
    match node {
        DeValue::Table(table) => in_file_order(table).into_iter().map(|(k, v)| (k.text, v)).collect(),
        DeValue::Array(array) => array
            .iter()
            .filter_map(|item| Some((name_of(item)?.to_string(), item)))
            .collect(),
        _ => Vec::new(),
    }
}

/// Everything that the parts lead to; `*` stands for every name at its place.
pub(crate) fn find<'a, 'i>(root: &'a DeTable<'i>, parts: &[String]) -> Vec<&'a Node<'i>> {
    let Some((first, rest)) = parts.split_first() else {
        return Vec::new();
    };
    let mut at: Vec<&Node<'i>> = in_file_order(root)
        .into_iter()
        .filter(|(key, _)| key.text == *first)
        .map(|(_, node)| node)
        .collect();
    for part in rest {
        at = at
            .into_iter()
            .flat_map(|node| children(node.get_ref()))
            .filter(|(name, _)| part == EVERY || name == part)
            .map(|(_, node)| node)
            .collect();
    }
    at
}

/// What stands at the end of some steps.
pub(crate) fn at<'a, 'i>(root: &'a DeTable<'i>, steps: &[Step]) -> Option<&'a Node<'i>> {
    let (first, rest) = steps.split_first()?;
    let mut node = root.get(first.name())?;
    for step in rest {
        node = children(node.get_ref())
            .into_iter()
            .find(|(name, _)| name == step.name())?
            .1;
    }
    Some(node)
}

/// The places that the parts lead to; the last part may be a key that its table does not have yet, or the first name of a
/// table of names that is not there yet.
pub(crate) fn places(root: &DeTable<'_>, parts: &[String]) -> Vec<Vec<Step>> {
    let Some((first, rest)) = parts.split_first() else {
        return Vec::new();
    };
    let from_here = |node: &Node<'_>, step: Step| {
        let more = match (rest.is_empty(), node.get_ref()) {
            (true, _) => vec![Vec::new()],
            (false, DeValue::Table(table)) => places(table, rest),
            (false, DeValue::Array(_)) => named_places(node, rest),
            (false, _) => Vec::new(),
        };
        more.into_iter().map(move |mut steps| {
            steps.insert(0, step.clone());
            steps
        })
    };
    let entries = in_file_order(root);
    let mut found: Vec<Vec<Step>> = Vec::new();
    for (key, node) in entries.iter().filter(|(key, _)| first == EVERY || key.text == *first) {
        found.extend(from_here(node, Step::Key(key.text.clone())));
    }
    if first != EVERY && found.is_empty() {
        match rest {
            [] => found.push(vec![Step::Key(first.clone())]),
            [name] if BY_NAME.contains(&first.as_str()) && name != EVERY => {
                found.push(vec![Step::Key(first.clone()), Step::Key(name.clone())]);
            }
            _ => {}
        }
    }
    found
}

/// The places that the parts lead to from a list of named entries.
fn named_places(list: &Node<'_>, parts: &[String]) -> Vec<Vec<Step>> {
    let Some((first, rest)) = parts.split_first() else {
        return Vec::new();
    };
    let named = children(list.get_ref())
        .into_iter()
        .filter(|(name, _)| first == EVERY || name == first);
    let mut found = Vec::new();
    for (name, item) in named {
        let more = match (rest.is_empty(), item.get_ref().as_table()) {
            (true, _) => vec![Vec::new()],
            (false, Some(table)) => places(table, rest),
            (false, None) => Vec::new(),
        };
        for mut steps in more {
            steps.insert(0, Step::Named(name.clone()));
            found.push(steps);
        }
    }
    found
}

/// A name as a part of a path: in quotes where it holds a dot, a space, or what else a shell or a reader may stumble over.
fn part(name: &str) -> String {
    if name.contains(['.', ' ', ',', '=', '\'']) {
        format!("\"{name}\"")
    } else {
        name.to_string()
    }
}

/// The path of these names and keys, as it is typed.
#[must_use]
pub fn path_of(names: &[&str]) -> String {
    let parts: Vec<String> = names.iter().map(|name| part(name)).collect();
    parts.join(".")
}

/// The path of these steps.
pub(crate) fn join(steps: &[Step]) -> String {
    let parts: Vec<String> = steps.iter().map(|step| part(step.name())).collect();
    parts.join(".")
}

/// A path that begins with `hub` and a name or a star, with this name in its place.
pub(crate) fn join_names(parts: &[String], hub: &str) -> String {
    let named = parts
        .iter()
        .enumerate()
        .map(|(n, p)| if n == 1 { part(hub) } else { part(p) });
    named.collect::<Vec<_>>().join(".")
}

/// Every path of the file, and the totals over hubs.
pub(crate) fn all(root: &DeTable<'_>) -> Vec<String> {
    let mut paths = Vec::new();
    let mut open: Vec<(String, &Node<'_>)> = in_file_order(root)
        .into_iter()
        .filter(|(key, _)| key.text != "assumptions")
        .map(|(key, node)| (part(&key.text), node))
        .collect();
    while let Some((path, node)) = open.pop() {
        for (name, child) in children(node.get_ref()) {
            open.push((format!("{path}.{}", part(&name)), child));
        }
        paths.push(path);
        if paths.len() >= MOST {
            break;
        }
    }
    let roles = root.get("role").and_then(|node| node.get_ref().as_table());
    let roles = roles.into_iter().flat_map(in_file_order);
    paths.extend(roles.map(|(role, _)| format!("staff.{}", part(&role.text))));
    paths.sort();
    paths
}

/// What to say of a path that names nothing, beside all those that name something.
pub(crate) fn help(path: &str, all: &[String]) -> String {
    match meant(path, all) {
        Some(near) => format!("did you mean `{near}`?"),
        None if path.starts_with("staff.") => "after `staff.` comes the name of a role".into(),
        None => "a path follows the tables of the file, as in `pathway.crisis.triage`, `hub.*.staff.nurse` or \
                 `package.reablement.visits.care.two`"
            .into(),
    }
}

/// The path, of all those there are, that was most likely meant. A star is compared with paths in which it stands for the
/// name at its place. Where there are as many parts, each must be near by itself: a long path is not a word that is hardly mistyped.
pub(crate) fn meant(path: &str, all: &[String]) -> Option<String> {
    let stars: Vec<String> = all.iter().filter_map(|p| starred(p, path)).collect();
    let parts = split(path).unwrap_or_default();
    let part_by_part = |other: &&str| {
        let other = split(other).unwrap_or_default();
        let near = |(one, other): (&String, &String)| nearest(one, [other.as_str()]).is_some();
        parts.len() != other.len() || parts.iter().zip(&other).all(near)
    };
    let near = stars.iter().chain(all).map(String::as_str).filter(part_by_part);
    nearest(path, near).map(str::to_string)
}

/// A path with a star wherever the pattern has one; `None` if the pattern has none or is of another length.
fn starred(path: &str, pattern: &str) -> Option<String> {
    let (parts, pattern) = (split(path)?, split(pattern)?);
    if parts.len() != pattern.len() || !pattern.iter().any(|p| p == EVERY) {
        return None;
    }
    let put = |(name, pattern): (String, &String)| if pattern == EVERY { EVERY.into() } else { part(&name) };
    let parts: Vec<String> = parts.into_iter().zip(&pattern).map(put).collect();
    Some(parts.join("."))
}

#[cfg(test)]
mod tests {
    use super::{all, equals, find, meant, split, total, touch};
    use toml::de::DeTable;

    #[test]
    fn paths_walk_through_tables_and_named_lists() {
        let text =
            "hub = [{ name = \"A, B\", staff = { nurse = 3 } }, { name = \"C\", staff = { nurse = 4 } }]\nx.y = 1";
        let table = DeTable::parse(text).unwrap();
        let count = |path: &str| find(table.get_ref(), &split(path).unwrap()).len();
        assert_eq!(count("hub.\"A, B\".staff.nurse"), 1);
        assert_eq!(count("hub.*.staff.nurse"), 2);
        assert_eq!(count("hub.*.staff.therapist"), 0);
        assert_eq!(count("x.y"), 1);
        assert!(all(table.get_ref()).contains(&"hub.\"A, B\".staff.nurse".to_string()));
        assert_eq!(split("a..b"), None);
        assert_eq!(split("a.\"b"), None);
        assert_eq!(split("hub.'A. B'.x"), split("hub.\"A. B\".x"));
        assert_eq!(count("*.*"), 0);
    }

    /// Of a long path with one word that is altogether another, no other word is likely; of a slip it is.
    #[test]
    fn what_was_meant_is_near_in_each_part() {
        let there = ["pathway.crisis.also", "pathway.crisis.triage", "hub.North.staff.nurse"].map(str::to_string);
        let of = |path: &str| meant(path, &there);
        assert_eq!(of("pathway.crisis.referrals"), None);
        assert_eq!(of("pathway.crisis.traige").as_deref(), Some("pathway.crisis.triage"));
        assert_eq!(of("hub.*.staff.nurs").as_deref(), Some("hub.*.staff.nurse"));
    }

    #[test]
    fn a_path_ends_at_the_first_equals_outside_quotes() {
        assert_eq!(equals("a.b=3"), Some(3));
        assert_eq!(equals("a.\"b=c.d\".e = 3"), Some(12));
        assert_eq!(equals(" 'a=b'=x=y"), Some(6));
        assert_eq!(equals("a.b"), None);
        assert_eq!(equals("a.\"b=3"), None);
        assert_eq!(equals("King's=3"), Some(6));
    }

    #[test]
    fn totals_are_of_roles_that_there_are() {
        let table = DeTable::parse("[role.nurse]\n[role.\"care worker\"]").unwrap();
        let of = |path: &str| total(table.get_ref(), &split(path).unwrap()).map(str::to_string);
        assert_eq!(of("staff.nurse").as_deref(), Some("nurse"));
        assert_eq!(of("staff.nurses"), None);
        assert_eq!(of("role.nurse"), None);
        assert!(all(table.get_ref()).contains(&"staff.\"care worker\"".to_string()));
    }

    #[test]
    fn paths_touch_where_one_lies_within_the_other() {
        let touching = |one: &str, other: &str| touch(&split(one).unwrap(), &split(other).unwrap());
        assert!(touching("hub.*.staff.nurse", "hub.North.staff.nurse"));
        assert!(touching("hub.North.staff", "hub.*.staff.nurse"));
        assert!(touching("staff.nurse", "hub.North.staff.nurse"));
        assert!(touching("hub.North", "staff.nurse"));
        assert!(!touching("staff.nurse", "hub.North.staff.carer"));
        assert!(!touching("hub.North.staff.nurse", "hub.South.staff.nurse"));
        assert!(!touching("hub.*.share", "hub.North.staff"));
    }
}
