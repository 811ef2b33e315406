//! Changes, from the beginning or on a date: what the service is from each day on which something changes.
//!
//! Those from the beginning are made in the scenario itself. On such a day every change in force is made in the values of
//! the file, as `--set` would make it, in the order of their first days (those of one day in the order of the file), and
//! the whole is read like a file of its own. So what a change makes wrong is found as if it had been typed, and every
//! number that can be typed can change. What cannot change while people are on their way is refused: names, roles,
//! standards, who is needed for what (see [`crate::model::Scenario::same_shape`]).
//!
//! What is set on the command line stands over the changes from the beginning: where it leads to what one of them changes, all of
//! them are made in the values first ([`under`]). Changes on a date come on top of it all the same.

mod under;

use std::collections::BTreeSet;
use std::ops::Range;

use jiff::civil::Date;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::codes;
use super::decode::{At, Decode as _, Key, Node};
use super::document::{ChangeTable, Document};
use super::files::Folder;
use super::lower::{self, quantity};
use super::merge::{Edit, Step, merge};
use super::paths;
use super::problems::Problems;
use super::setting::{mean_of, nested, places_of};
use super::stack::Outdated;
use super::values::{AsTyped, number};
use crate::model::{Change, Dated, Later, Scenario};
use crate::units::Span;
pub use under::Undone;
pub(super) use under::{CHANGE, Made, Texts, make_all, make_under, takes_one_away, warn_of_dated};

/// The most changes of a scenario.
const MOST_CHANGES: usize = 200;
/// What may change on a date: the service itself, and neither its name nor how it is studied.
const MAY_CHANGE: [&str; 5] = ["hub", "role", "pathway", "package", "served-elsewhere"];
/// What may change besides from the beginning: prices hold for the whole window.
const FROM_THE_BEGINNING: [&str; 2] = ["bed", "costs"];
/// Tables that say nothing of the service on a day.
const ASIDE: [&str; 4] = ["change", "observed", "unknown", "assumptions"];

/// A change that can be made.
struct Sound<'a, 'i> {
    /// `None` is the beginning.
    from: Option<Date>,
    until: Option<Date>,
    path: &'a At<String>,
    places: Vec<Vec<Step>>,
    how: How<'a, 'i>,
}

enum How<'a, 'i> {
    Value(&'a Node<'i>),
    Add(&'a At<AsTyped>),
    Times(&'a At<f64>),
}

impl How<'_, '_> {
    fn range(&self) -> Range<usize> {
        match self {
            Self::Value(node) => node.span(),
            Self::Add(at) => at.range.clone(),
            Self::Times(at) => at.range.clone(),
        }
    }
}

/// Puts what changes into a scenario that is sound without it.
pub(super) fn make_changes(
    scenario: &mut Scenario,
    document: &Document,
    root: &DeTable<'_>,
    problems: &mut Problems,
    folder: &mut Folder,
) {
    let changes = sound_changes(scenario, document, root, problems);
    if problems.has_errors() || changes.is_empty() {
        return;
    }
    let at_first: Vec<&Sound<'_, '_>> = changes.iter().filter(|c| c.from.is_none()).collect();
    if !at_first.is_empty() {
        let mut found = problems.like();
        let read = read_with(&scenario.name, root, &at_first, &mut found, folder);
        match read {
            Some(changed) if !found.has_errors() => {
                let before = std::mem::replace(scenario, changed);
                keep_marks(before, scenario);
            }
            _ => return report(found, &at_first, "with the changes from the beginning", problems),
        }
    }
    let mut aside = root.clone();
    for key in ASIDE {
        aside.remove(key);
    }
    let dates: BTreeSet<Date> = changes.iter().flat_map(|c| [c.from, c.until]).flatten().collect();
    let mut later = Vec::new();
    for date in dates {
        // `None` is before any date.
        let in_force = |c: &&Sound<'_, '_>| c.from <= Some(date) && c.until.is_none_or(|until| date < until);
        let mut active: Vec<&Sound<'_, '_>> = changes.iter().filter(in_force).collect();
        active.sort_by_key(|c| c.from);
        let mut found = problems.like();
        let read = read_with(&scenario.name, &aside, &active, &mut found, folder);
        if found.has_errors() {
            let newest = active.iter().max_by_key(|c| c.from).unwrap_or(&active[0]);
            let places: Vec<Range<usize>> = active.iter().map(|c| c.how.range()).collect();
            problems.take_errors(
                found,
                &places,
                &newest.path.range,
                &format!("with what has changed by {date}"),
            );
            return;
        }
        let Some(mut there) = read else { return };
        if !scenario.same_shape(&there) {
            refuse(scenario, &aside, (&at_first, &changes), problems, folder);
            return;
        }
        (there.later, there.dated) = (Vec::new(), Vec::new());
        later.push(Later {
            from_day: scenario.experiment.calendar.day_of(date),
            scenario: there,
        });
    }
    scenario.later = later;
    scenario.dated = changes.iter().map(|c| dated(c, problems)).collect();
}

/// What was marked as said before a change of a what-if stays so.
fn keep_marks(before: Scenario, scenario: &mut Scenario) {
    for (now, before) in scenario.observed.iter_mut().zip(before.observed) {
        now.before_change = before.before_change;
    }
    for (now, before) in scenario.assumptions.iter_mut().zip(before.assumptions) {
        now.changed = before.changed;
    }
}

/// Reports what some changes make wrong.
fn report(found: Problems, active: &[&Sound<'_, '_>], when: &str, problems: &mut Problems) {
    let places: Vec<Range<usize>> = active.iter().map(|c| c.how.range()).collect();
    if let Some(newest) = active.iter().max_by_key(|c| c.from) {
        problems.take_errors(found, &places, &newest.path.range, when);
    }
}

/// A change in words.
fn dated(change: &Sound<'_, '_>, problems: &Problems) -> Dated {
    let typed = |range: &Range<usize>| problems.sources.text(range).trim_matches('"').to_string();
    Dated {
        from: change.from,
        until: change.until,
        path: change.path.value.clone(),
        change: match &change.how {
            How::Value(node) => Change::Value(typed(&node.span())),
            How::Add(at) => Change::Add(at.value.0.clone()),
            How::Times(at) => Change::Times(at.value.to_string()),
        },
    }
}

/// Says which change asks on its date for what cannot change: the first that does so by itself, else the first. Those from
/// the beginning are in the scenario already, and ask for it when they end.
fn refuse(
    scenario: &Scenario,
    root: &DeTable<'_>,
    (at_first, changes): (&[&Sound<'_, '_>], &[Sound<'_, '_>]),
    problems: &mut Problems,
    folder: &mut Folder,
) {
    let dated = || changes.iter().filter(|c| c.from.is_some() || c.until.is_some());
    let alone = |change: &&Sound<'_, '_>| {
        let mut found = problems.like();
        let others = at_first.iter().copied().filter(|c| !std::ptr::eq(*c, *change));
        let these: Vec<&Sound<'_, '_>> = others.chain(change.from.map(|_| *change)).collect();
        let read = read_with(&scenario.name, root, &these, &mut found, folder);
        read.is_none_or(|there| !scenario.same_shape(&there))
    };
    let Some(culprit) = dated().find(alone).or(dated().next()) else {
        return;
    };
    problems
        .error(
            codes::CLASH,
            &culprit.path.range,
            format!("`{}` cannot change on a date", culprit.path.value),
            "",
        )
        .help("staff, travel, demand, shares, durations and rates can; who is needed for what, standards and names cannot")
        .help("for the other service make a file of its own, with `base` and what differs, and compare the two");
}

/// The changes that can be made; all others have been reported.
fn sound_changes<'a, 'i>(
    scenario: &Scenario,
    document: &'a Document,
    root: &'a DeTable<'i>,
    problems: &mut Problems,
) -> Vec<Sound<'a, 'i>> {
    let (Some(list), Some(nodes)) = (
        document.change.get(),
        root.get("change").and_then(|n| n.get_ref().as_array()),
    ) else {
        return Vec::new();
    };
    if list.items.len() > MOST_CHANGES {
        let message = format!("{} changes are too many", list.items.len());
        let allowed = format!("at most {MOST_CHANGES} are allowed");
        problems.error(codes::TOO_MANY, &list.range, message, allowed);
        return Vec::new();
    }
    let both = list.items.iter().zip(nodes.iter());
    both.filter_map(|(field, node)| {
        let table = field.get()?;
        warn_of_the_end(scenario, table, problems);
        sound_change(table, node, root, problems)
    })
    .collect()
}

/// A change that comes too late to be seen.
fn warn_of_the_end(scenario: &Scenario, table: &ChangeTable, problems: &mut Problems) {
    let experiment = &scenario.experiment;
    let after_the_end = |date: Date| Span::from_days(experiment.calendar.day_of(date)) >= experiment.run_length;
    if let Some(from) = table.from.get().filter(|at| after_the_end(at.value)) {
        problems
            .warning(
                codes::UNUSED,
                &from.range,
                "this change begins after what is measured ends",
                "",
            )
            .help("an earlier date, or a longer `run-length`");
    }
}

fn sound_change<'a, 'i>(
    table: &'a ChangeTable,
    node: &'a Node<'i>,
    root: &DeTable<'i>,
    problems: &mut Problems,
) -> Option<Sound<'a, 'i>> {
    let how = how(table, node, problems);
    if !table.from.is_absent() && table.from.get().is_none() {
        return None;
    }
    let path = table.path.get()?;
    if let (Some(from), Some(until)) = (table.from.get(), table.until.get())
        && until.value <= from.value
    {
        problems
            .error(
                codes::RANGE,
                &until.range,
                "this change ends before it begins",
                "`until`",
            )
            .beside(&from.range, "`from`")
            .help("`until` is the first day on which it is as before again");
    }
    let dated = table.from.get().is_some() || table.until.get().is_some();
    let places = places(path, dated, root, problems)?;
    let how = how?;
    let sound = Sound {
        from: table.from.value(),
        until: table.until.value(),
        path,
        places,
        how,
    };
    if let How::Add(_) | How::Times(_) = sound.how {
        for steps in &sound.places {
            amount(root, steps, &sound, problems)?;
        }
    }
    Some(sound)
}

/// Which of `value`, `add` and `times` is given; `None` has been reported.
fn how<'a, 'i>(table: &'a ChangeTable, node: &'a Node<'i>, problems: &mut Problems) -> Option<How<'a, 'i>> {
    let given: Vec<&str> = [
        ("value", table.value.is_absent()),
        ("add", table.add.is_absent()),
        ("times", table.times.is_absent()),
    ]
    .into_iter()
    .filter_map(|(key, absent)| (!absent).then_some(key))
    .collect();
    let [one] = given[..] else {
        let message = match given.len() {
            0 => "this changes nothing: `value`, `add` or `times` is needed".into(),
            _ => format!("`{}` stand in one change", given.join("` and `")),
        };
        problems
            .error(codes::CHOICE, &table.range, message, "exactly one is needed")
            .help("for example: `value = \"5 min\"`, `add = 4` or `times = 1.2`");
        return None;
    };
    match one {
        "value" => {
            let value = node.get_ref().as_table()?.get("value")?;
            Some(How::Value(value))
        }
        "add" => table.add.get().map(How::Add),
        _ => {
            let at = table.times.get()?;
            if !(0.0..=1000.0).contains(&at.value) {
                problems
                    .error(codes::RANGE, &at.range, "`times` is out of range", "must be 0 to 1000")
                    .help("for 20 % more: `times = 1.2`; for half of it: `times = 0.5`");
                return None;
            }
            Some(How::Times(at))
        }
    }
}

/// What a path leads to; `None` has been reported.
fn places(path: &At<String>, dated: bool, root: &DeTable<'_>, problems: &mut Problems) -> Option<Vec<Vec<Step>>> {
    let found = places_of(root, &path.value, &path.range, problems)?;
    let first = found.first().and_then(|steps| steps.first()).map_or("", Step::name);
    let last = found.first().and_then(|steps| steps.last()).map_or("", Step::name);
    let inside = last != "name" && found.iter().all(|steps| steps.len() > 1);
    let price = FROM_THE_BEGINNING.contains(&first);
    if inside && (MAY_CHANGE.contains(&first) || price && !dated) {
        return Some(found);
    }
    let (when, more) = if dated {
        (" on a date", "")
    } else {
        ("", ", bed or price")
    };
    let message = format!("`{}` cannot change{when}", path.value);
    let error = problems.error(codes::PATH, &path.range, message, "");
    if inside && price {
        error.help("a price holds for the whole window; without `from` it changes from the beginning");
    } else {
        error.help(format!(
            "a path leads to a number of a hub, role, pathway, package{more} or of who is served elsewhere: \
             `hub.*.staff.nurse`, `pathway.crisis.triage`"
        ));
    }
    None
}

/// Reads the scenario with some changes made.
fn read_with(
    name: &str,
    root: &DeTable<'_>,
    changes: &[&Sound<'_, '_>],
    problems: &mut Problems,
    folder: &mut Folder,
) -> Option<Scenario> {
    let Some((change, rest)) = changes.split_first() else {
        let top = Key {
            text: String::new(),
            range: 0..0,
        };
        let node = Spanned::new(0..0, DeValue::Table(root.clone()));
        let document = Document::decode(&node, &top, problems)?;
        let scenario = lower::lower(name.into(), &document, root, &Outdated::default(), problems, folder);
        return (!problems.has_errors()).then_some(scenario);
    };
    let texts = amounts(root, change, problems)?;
    let mut changed = root.clone();
    make(&mut changed, change, &texts)?;
    read_with(name, &changed, rest, problems, folder)
}

/// What `add` or `times` makes of the values at its places, as they would be typed: they live as long as the values that are
/// read from them. `None` has been reported.
fn amounts(root: &DeTable<'_>, change: &Sound<'_, '_>, problems: &mut Problems) -> Option<Vec<String>> {
    let of = |steps: &Vec<Step>| match &change.how {
        How::Value(_) => Some(String::new()),
        How::Add(_) | How::Times(_) => amount(root, steps, change, problems),
    };
    change.places.iter().map(of).collect()
}

/// Makes one change in the values, and returns what that changed.
fn make<'i>(root: &mut DeTable<'i>, change: &Sound<'_, 'i>, texts: &'i [String]) -> Option<Vec<Edit<'i>>> {
    let mut edits = Vec::new();
    for (steps, text) in change.places.iter().zip(texts) {
        let value = match &change.how {
            How::Value(node) => (*node).clone(),
            How::Add(_) | How::Times(_) => Spanned::new(change.how.range(), DeValue::parse(text).ok()?.into_inner()),
        };
        edits.extend(merge(root, nested(steps, &change.path.range, value)));
    }
    Some(edits)
}

/// Where a file has the referrals of a pathway by hub, if these steps lead to a total that it has not.
fn at_hubs(root: &DeTable<'_>, steps: &[Step]) -> Option<String> {
    let [pathway, name, referrals] = steps else { return None };
    let parts = ["hub", "*", referrals.name(), name.name()].map(str::to_string);
    let there = pathway.name() == "pathway" && referrals.name() == "referrals" && !paths::find(root, &parts).is_empty();
    there.then(|| paths::path_of(&parts.each_ref().map(String::as_str)))
}

/// A quantity that is added, or with a minus taken away.
fn more_or_less(typed: &str) -> Option<(&'static str, f64)> {
    match typed.trim().strip_prefix('-') {
        Some(less) => quantity(less.trim_start()).map(|(kind, n)| (kind, -n)),
        None => quantity(typed),
    }
}

/// What `add` or `times` makes of the value at a place, as it would be typed; `None` has been reported.
fn amount(root: &DeTable<'_>, steps: &[Step], change: &Sound<'_, '_>, problems: &mut Problems) -> Option<String> {
    let typed = |value: &DeValue<'_>| match value {
        DeValue::String(text) => quantity(text).filter(|(kind, _)| *kind != "number"),
        value => number(value).filter(|n| n.is_finite()).map(|n| ("number", n)),
    };
    let there = paths::at(root, steps);
    let Some((kind, now)) = there.and_then(|node| typed(node.get_ref())) else {
        let message = match there {
            Some(node) if node.get_ref().is_table() => "is a table: one of its numbers is needed",
            Some(_) => "is no number to reckon with",
            None => "has no number yet to reckon with",
        };
        let near = there
            .is_none()
            .then(|| paths::meant(&change.path.value, &paths::all(root)))
            .flatten();
        let mut error = problems.error(
            codes::PATH,
            &change.path.range,
            format!("`{}` {message}", paths::join(steps)),
            "",
        );
        if let Some(near) = near {
            error = error.help(format!("did you mean `{near}`?"));
        }
        if let Some(mean) = there.and_then(mean_of) {
            error = error.help(format!("its mean is `{}.{mean}`", paths::join(steps)));
        }
        if let Some(at_hubs) = at_hubs(root, steps) {
            error = error.help(format!("this file has these referrals hub by hub: `{at_hubs}`"));
        }
        error.help("name a number, as in `hub.*.travel.urgent`, or give the whole with `value`");
        return None;
    };
    let result = match &change.how {
        How::Times(at) => now * at.value,
        How::Add(at) => match more_or_less(&at.value.0) {
            Some((added, more)) if added == kind => now + more,
            _ => {
                let typed = there.map_or("", |node| problems.sources.text(&node.span())).to_string();
                problems
                    .error(codes::UNIT, &at.range, "this cannot be added to what is there", "")
                    .help(format!(
                        "`{}` is {typed}; give `add` in the same unit",
                        paths::join(steps)
                    ));
                return None;
            }
        },
        How::Value(_) => return None,
    };
    Some(match kind {
        "time" => format!("\"{} s\"", result * 60.0),
        "rate" => format!("\"{result} /day\""),
        _ => result.to_string(),
    })
}
