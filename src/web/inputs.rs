//! What can be changed of a scenario in a form: staff by hub and role, and the inputs of which the file states a range.
//!
//! Every field has the path of what it changes as its name. What comes back is compared with what the file has, and only what
//! differs is set, as `--set` on the command line sets it: so a run from the page can be repeated there.

use crate::model::{PoolPiece, Scenario, Staffing};
use crate::output::words;
use crate::scenario::{InputRange, Loaded, path_of, ranges, settings};
use crate::units::Span;

/// What came from a form: names and what was typed, in order.
pub(super) type Typed = Vec<(String, String)>;

/// What stands before the path in the name of a field of staff.
const STAFF: &str = "staff:";
/// The same of an input with a range.
const RANGE: &str = "input:";
/// The field for everything else.
pub(super) const OTHER: &str = "other";

/// A number that can be changed.
#[derive(Clone, Debug)]
pub(super) struct Field {
    /// The name in the form.
    pub(super) name: String,
    /// The path in the file.
    pub(super) path: String,
    /// What it is.
    pub(super) label: String,
    /// The unit, as it is said after the number; may be empty.
    pub(super) unit: String,
    /// What the file has.
    pub(super) now: f64,
    /// Of staff on shift at a part of the day: its name.
    pub(super) piece: Option<String>,
    /// Where a slider begins and ends, and its step.
    pub(super) slider: (f64, f64, f64),
}

/// The staff of one role.
#[derive(Clone, Debug)]
pub(super) struct RoleFields {
    /// The role, as people say it.
    pub(super) role: String,
    /// Its name in the file.
    pub(super) name: String,
    /// Hub by hub.
    pub(super) fields: Vec<Field>,
    /// Hubs whose numbers stand in a table of their own and cannot be changed here.
    pub(super) elsewhere: Vec<String>,
}

/// All that can be changed.
#[derive(Clone, Debug)]
pub(super) struct Inputs {
    pub(super) staff: Vec<RoleFields>,
    pub(super) inputs: Vec<Field>,
    ranges: Vec<InputRange>,
}

/// The last thing that was typed into a field.
pub(super) fn typed<'a>(all: &'a Typed, name: &str) -> Option<&'a str> {
    let last = all.iter().rev().find(|(own, _)| own == name);
    last.map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
}

impl Inputs {
    /// Those of a scenario.
    pub(super) fn of(loaded: &Loaded) -> Self {
        let scenario = &loaded.scenario;
        let staff = (0..scenario.roles.len()).map(|role| staff(scenario, role));
        // Staff have fields of their own.
        let mut found = ranges(loaded).inputs;
        found.retain(|range| !range.path.starts_with("staff.") && !range.path.contains(".staff."));
        Self {
            staff: staff.filter(|role| !role.fields.is_empty()).collect(),
            inputs: found.iter().map(of_range).collect(),
            ranges: found,
        }
    }

    /// What is set, each as `path=value`, and what cannot be read, a sentence each.
    pub(super) fn sets(&self, all: &Typed) -> Result<Vec<String>, Vec<String>> {
        let mut wrong = Vec::new();
        let mut changed = |field: &Field| {
            let text = typed(all, &field.name)?;
            let Some(value) = number(text) else {
                wrong.push(format!("{}: \"{text}\" is not a number", field.label));
                return None;
            };
            // What is shown is rounded.
            (text != shown(field.now) && (value - field.now).abs() > 1e-9).then_some(value)
        };
        let mut sets = Vec::new();
        for field in self.staff.iter().flat_map(|role| &role.fields) {
            if let Some(value) = changed(field) {
                sets.push(format!("{}={}", field.path, shown(value)));
            }
        }
        let both = self.ranges.iter().zip(&self.inputs);
        let moved: Vec<_> = both
            .filter_map(|(range, field)| changed(field).map(|value| (range, value)))
            .collect();
        sets.extend(settings(moved.into_iter()));
        let other = typed(all, OTHER).unwrap_or_default().lines().map(str::trim);
        sets.extend(other.filter(|line| !line.is_empty()).map(str::to_owned));
        if wrong.is_empty() { Ok(sets) } else { Err(wrong) }
    }
}

/// What is set, as lists say it: the input in words, and its new value.
pub(super) fn said(set: &str) -> String {
    match set.rsplit_once('=') {
        Some((path, value)) if !value.contains(['{', '}', ']']) => {
            let value = value.trim().trim_matches('"');
            format!("{}: {value}", words::capital(&words::input(path.trim())))
        }
        _ => set.to_owned(),
    }
}

/// A number as people type it, also with commas between thousands.
pub(super) fn number(text: &str) -> Option<f64> {
    let bare = text.trim().replace(',', "");
    bare.parse().ok().filter(|n: &f64| n.is_finite())
}

/// A number in a field: to six digits after the point.
pub(super) fn shown(value: f64) -> String {
    let rounded = (value * 1e6).round() / 1e6;
    if rounded == 0.0 {
        "0".into()
    } else {
        rounded.to_string()
    }
}

fn staff(scenario: &Scenario, role: usize) -> RoleFields {
    let own = &scenario.roles[role];
    let mut fields = Vec::new();
    let mut elsewhere = Vec::new();
    for hub in &scenario.hubs {
        let path = [hub.name.as_str(), own.name.as_str()];
        let field = |piece: Option<&str>, keys: &[&str], label: String, unit: &str, now: f64| {
            let names: Vec<&str> = ["hub", path[0], "staff", path[1]]
                .into_iter()
                .chain(keys.iter().copied())
                .collect();
            let path = path_of(&names);
            let step = if unit == WTE { 0.25 } else { 1.0 };
            Field {
                name: format!("{STAFF}{path}"),
                path,
                label,
                unit: unit.into(),
                now,
                piece: piece.map(str::to_owned),
                slider: (0.0, now, step),
            }
        };
        match hub.staff.get(role) {
            Some(Staffing::Wte(wte)) => fields.push(field(None, &[], hub.name.clone(), WTE, wte.get())),
            Some(Staffing::OnShift(pieces)) if is_always(pieces) => {
                let count = pieces.first().map_or(0.0, |piece| f64::from(piece.count));
                fields.push(field(None, &["on-shift"], hub.name.clone(), "on shift", count));
            }
            Some(Staffing::OnShift(pieces)) if !pieces.is_empty() => {
                for piece in pieces {
                    match &piece.name {
                        Some(name) => {
                            let label = format!("{}, {name}", hub.name);
                            let keys = ["on-shift", name.as_str(), "count"];
                            fields.push(field(Some(name), &keys, label, "on shift", f64::from(piece.count)));
                        }
                        None => elsewhere.push(hub.name.clone()),
                    }
                }
            }
            Some(Staffing::Rota(_)) => elsewhere.push(hub.name.clone()),
            _ => {}
        }
    }
    elsewhere.dedup();
    // One end for all hubs, so that sliders can be compared by eye; far enough to play with, and whoever wants more types it.
    let largest = fields.iter().fold(0.0, |most: f64, field| most.max(field.now));
    for field in &mut fields {
        field.slider.1 = (largest * 2.0).max(largest + 6.0).ceil();
    }
    RoleFields {
        role: words::role(scenario, crate::model::RoleId(role)),
        name: own.name.clone(),
        fields,
        elsewhere,
    }
}

pub(super) const WTE: &str = "WTE";

/// Always the same number.
fn is_always(pieces: &[PoolPiece]) -> bool {
    matches!(pieces, [piece] if piece.name.is_none() && piece.from == Span::ZERO && piece.to == Span::DAY)
}

fn of_range(range: &InputRange) -> Field {
    let (low, high) = (range.low.min(range.now), range.high.max(range.now));
    // A hundred steps, rounded to one digit.
    let step = (high - low) / 100.0;
    let size = libm::pow(10.0, libm::floor(libm::log10(step.max(1e-9))));
    Field {
        name: format!("{RANGE}{}", range.path),
        path: range.path.clone(),
        label: words::capital(&words::input(&range.path)),
        unit: range.unit.trim().into(),
        now: range.now,
        piece: None,
        slider: (low, high, ((step / size).round() * size).max(1e-6)),
    }
}

#[cfg(test)]
mod tests {
    use super::{Inputs, number, said, shown};
    use crate::scenario::read;

    fn baseline() -> crate::scenario::Loaded {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/home-first-2020.toml");
        read(&path).unwrap()
    }

    #[test]
    fn what_is_left_as_it_is_sets_nothing_and_what_is_changed_is_set_by_its_path() {
        let loaded = baseline();
        let inputs = Inputs::of(&loaded);
        let fields = inputs.staff.iter().flat_map(|role| &role.fields).chain(&inputs.inputs);
        let mut all: Vec<(String, String)> = fields.map(|f| (f.name.clone(), shown(f.now))).collect();
        assert_eq!(inputs.sets(&all), Ok(Vec::new()));
        assert!(all.len() > 30, "{}", all.len());
        let change = |all: &mut Vec<(String, String)>, name: &str, to: &str| {
            all.iter_mut().find(|(own, _)| own == name).unwrap().1 = to.into();
        };
        change(&mut all, "staff:hub.Charnwood.staff.crisis-worker", "8");
        change(&mut all, "staff:hub.\"Melton and Rutland\".staff.nurse", "5.25");
        all.push(("other".into(), " experiment.seed=3 \n\n".into()));
        let sets = [
            "hub.Charnwood.staff.crisis-worker=8",
            "hub.\"Melton and Rutland\".staff.nurse=5.25",
            "experiment.seed=3",
        ];
        assert_eq!(inputs.sets(&all), Ok(sets.map(str::to_owned).to_vec()));
        change(&mut all, "staff:hub.Charnwood.staff.crisis-worker", "many");
        assert_eq!(
            inputs.sets(&all),
            Err(vec!["Charnwood: \"many\" is not a number".to_owned()])
        );
    }

    /// Every field can be moved along its slider, and the reader takes it.
    #[test]
    fn every_field_of_the_baseline_can_be_set() {
        let loaded = baseline();
        let inputs = Inputs::of(&loaded);
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/home-first-2020.toml");
        for field in inputs.staff.iter().flat_map(|role| &role.fields).chain(&inputs.inputs) {
            let (low, high, _) = field.slider;
            let value = low + 0.37 * (high - low);
            let sets = inputs.sets(&vec![(field.name.clone(), shown(value))]).unwrap();
            assert!(!sets.is_empty(), "{}", field.path);
            let read = crate::scenario::read_with(&path, &sets);
            assert!(read.is_ok(), "{sets:?}: {:?}", read.err());
        }
    }

    #[test]
    fn what_is_set_is_said_in_words() {
        let told = said("hub.\"Melton and Rutland\".staff.crisis-worker=8.25");
        assert_eq!(told, "Crisis worker staff at Melton and Rutland (WTE): 8.25");
        assert!(said("pathway.crisis.referrals=\"21 /day\"").ends_with(": 21 /day"));
        assert_eq!(said("required.free=[{ from = 1 }]"), "required.free=[{ from = 1 }]");
    }

    #[test]
    fn numbers_are_read_as_people_type_them() {
        assert_eq!(number(" 1,234.5 "), Some(1234.5));
        assert_eq!((number("inf"), number("ten")), (None, None));
        assert_eq!(
            (shown(4.5), shown(0.1 + 0.2), shown(-0.0)),
            ("4.5".into(), "0.3".into(), "0".into())
        );
    }
}
