//! Which inputs are drawn, which are not, and what the figures that were reported have to say of that: in words, and as a list.

use crate::answers::uncertain::AboutInputs;
use crate::model::Scenario;
use crate::output::grid::Grid;
use crate::output::words;
use crate::scenario::{InputRange, Ranges};

/// Inputs that a sentence names; the report lists all.
const NAMED: usize = 3;

/// So many inputs, the first of them by name: `41 inputs together (a, b, c and 38 more)`.
#[must_use]
pub fn inputs(all: &[String]) -> String {
    match all {
        [one] => words::input(one),
        all => format!("{} inputs together ({})", all.len(), first(all)),
    }
}

/// The first inputs by name, and how many more there are.
fn first(all: &[String]) -> String {
    let mut named: Vec<String> = all.iter().take(NAMED).map(|path| words::input(path)).collect();
    match all.len().saturating_sub(NAMED) {
        0 => {}
        // Another name is as short as a count.
        1 => named.extend(all.last().map(|path| words::input(path))),
        more => named.push(format!("{more} more")),
    }
    words::list(&named)
}

/// How inputs get their values, for [`with_changes`]: the verb, and what comes of it.
pub const DRAWN: (&str, &str) = ("is drawn", "the draw");

/// The same where inputs are moved between the ends of their ranges.
pub const MOVED: (&str, &str) = ("is moved", "what is moved");

/// What the changes of the file do to inputs that are drawn or moved; nothing if there are none.
#[must_use]
pub fn with_changes(about: &AboutInputs, (is, what): (&str, &str)) -> Vec<String> {
    let mut lines = Vec::new();
    if !about.along.is_empty() {
        lines.push(format!(
            "What a file adds or multiplies goes along with {what} (`add`, `times`, `[[recruit]]`): {}.",
            first(&about.along)
        ));
    }
    if !about.replaced.is_empty() {
        lines.push(format!(
            "Where and while a change of a file gives a value (`value`), that stands in the place of what {is}, and this doubt is \
             not in the intervals: {}.",
            first(&about.replaced)
        ));
    }
    lines
}

/// What to know of the draws besides: of changes that act on them, of inputs that are not drawn, of figures that were reported.
#[must_use]
pub fn notes(scenario: &Scenario, about: &AboutInputs) -> Vec<String> {
    let mut lines: Vec<String> = beside_its_range(&about.outside).into_iter().collect();
    lines.extend(with_changes(about, DRAWN));
    if !about.changed.is_empty() {
        lines.push(format!(
            "Not drawn, since changed or set after the range was stated: {}. The doubt about that is in no interval; a range stated with \
             the change would bring it in.",
            first(&about.changed)
        ));
    }
    if !about.as_stated.is_empty() {
        lines.push(format!(
            "As in the file in every draw, since the points do not name them: {} ({}). Their doubt is in no interval; `[[unknown]]` with \
             `calibrate` anew would bring it in.",
            match about.as_stated.len() {
                1 => "1 other input with a range".to_owned(),
                n => format!("{n} other inputs with a range"),
            },
            first(&about.as_stated)
        ));
    }
    if !about.set_too.is_empty() {
        lines.push(format!(
            "Drawn from the points, and not as set: {}. Leave out one of the two.",
            first(&about.set_too)
        ));
    }
    lines.extend(reported(scenario, about));
    lines
}

/// Inputs that lie outside of their own range as they are now: of each, its path, and value and range in words.
#[must_use]
pub fn outside(ranges: &Ranges) -> Vec<(String, String)> {
    let number = |value: f64| (value * 1e6).round() / 1e6;
    let told = |range: &InputRange| {
        let [now, low, high] = [range.now, range.low, range.high].map(number);
        let value = format!("{now}{unit}, range {low} to {high}{unit}", unit = range.unit);
        (range.path.clone(), value)
    };
    ranges.outside().map(told).collect()
}

/// That the file's own value lies outside of the range drawn from; nothing where that is so of no input.
#[must_use]
pub fn beside_its_range(outside: &[(String, String)]) -> Option<String> {
    let told: Vec<String> = outside
        .iter()
        .take(NAMED)
        .map(|(path, value)| format!("{} ({value})", words::input(path)))
        .collect();
    let more = match outside.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    (!told.is_empty()).then(|| {
        format!(
            "Outside of its own range in the file: {}{more}. Whatever is drawn from that range is another service than the file's own: \
             mend the range, or the value, before this is used.",
            told.join("; ")
        )
    })
}

/// That some draws contradict what was reported, and what does not.
fn reported(scenario: &Scenario, about: &AboutInputs) -> Option<String> {
    if about.points || scenario.observed.is_empty() {
        return None;
    }
    let (of, verb) = if scenario.observed.iter().any(|o| o.before_change) {
        ("of the base (`[[observed]]`)", "`homefirst calibrate` of the base")
    } else {
        ("(`[[observed]]`)", "`homefirst calibrate`")
    };
    Some(format!(
        "These draws do not look at what was reported {of}: some of them may not be true beside it. {verb} keeps what can, \
         and `--uncertain` with its calibrate.csv draws from that."
    ))
}

/// Every input with a range, and what becomes of it in the draws.
#[must_use]
pub fn list(drawn: &[String], held: &[String], about: &AboutInputs) -> Grid {
    let mut grid = Grid::new(
        "Inputs with a range, and whether they are drawn",
        &[("Input", false), ("Path", false), ("In the draws", false)],
    );
    let of_change = |path: &String| match (about.along.contains(path), about.replaced.contains(path)) {
        (_, true) => "drawn; where a change gives a value, that stands",
        (true, false) => "drawn; a change adds to it or multiplies it",
        (false, false) => "drawn",
    };
    let kept = |what: &'static str| move |path: &String| (path.clone(), what);
    let all = drawn.iter().map(|path| (path.clone(), of_change(path)));
    let all = all.chain(
        held.iter()
            .map(kept("not drawn: it is what is asked about, or an option's")),
    );
    let all = all.chain(
        about
            .changed
            .iter()
            .map(kept("not drawn: changed or set after its range was stated")),
    );
    let all = all.chain(
        about
            .as_stated
            .iter()
            .map(kept("as in the file: the points do not name it")),
    );
    let rows = all.map(|(path, what)| (path, what.to_owned()));
    let none = about.no_draws.iter();
    let none = none.map(|(path, why)| (path.clone(), format!("not drawn: {why}")));
    for (path, what) in rows.chain(none) {
        grid.row(vec![words::capital(&words::input(&path)), path, what], false);
    }
    grid
}

#[cfg(test)]
mod tests {
    use super::{inputs, list, notes};
    use crate::answers::uncertain::AboutInputs;
    use crate::output::sample;

    fn paths(all: &[&str]) -> Vec<String> {
        all.iter().map(|path| (*path).to_owned()).collect()
    }

    #[test]
    fn a_few_inputs_are_named_and_many_counted() {
        let all = paths(&[
            "staff.nurse",
            "staff.therapist",
            "role.*.notes",
            "pathway.crisis.triage",
            "hub.*.travel",
        ]);
        assert_eq!(inputs(&all[..1]), "nurse staff (total WTE)");
        assert_eq!(
            inputs(&all[..4]),
            "4 inputs together (nurse staff (total WTE), therapist staff (total WTE), notes of every role and triage of crisis)"
        );
        assert_eq!(
            inputs(&all),
            "5 inputs together (nurse staff (total WTE), therapist staff (total WTE), notes of every role and 2 more)"
        );
    }

    /// A change that is added goes with the draw, one that gives a value does not; what was reported is pointed to where draws do not
    /// know of it.
    #[test]
    fn what_changes_and_reported_figures_do_to_draws_is_said() {
        let mut scenario = sample::scenario();
        assert!(!scenario.observed.is_empty());
        let mut about = AboutInputs {
            along: paths(&["staff.nurse"]),
            replaced: paths(&["staff.therapist"]),
            ..AboutInputs::default()
        };
        let said = notes(&scenario, &about);
        assert!(
            said[0].contains("goes along with the draw (`add`, `times`, `[[recruit]]`): nurse staff"),
            "{said:?}"
        );
        assert!(said[1].contains("gives a value (`value`)"), "{said:?}");
        assert!(said[2].contains("calibrate.csv"), "{said:?}");
        let grid = list(&paths(&["staff.nurse", "staff.therapist"]), &[], &about);
        assert_ne!(grid.rows[0].cells[2], grid.rows[1].cells[2]);
        about.points = true;
        about.as_stated = paths(&["role.*.notes"]);
        let said = notes(&scenario, &about);
        assert_eq!(said.len(), 3);
        assert!(
            said[2].contains("1 other input with a range (notes of every role)"),
            "{said:?}"
        );
        (about.points, scenario.observed) = (false, Vec::new());
        assert_eq!(notes(&scenario, &about).len(), 3);
    }
}
