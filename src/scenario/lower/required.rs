//! The question of how many staff are needed: which numbers may be moved, how far, and what must be met.

use std::collections::BTreeMap;
use std::ops::Range;

use super::{Lower, MOST_HUBS};
use crate::model::{Dial, HubId, PathwayId, Question, RoleId, Scenario, StaffPlace, Staffing, rostered_per_instance};
use crate::scenario::document::{FreeTable, RequiredTable};
use crate::scenario::{codes, paths};
use crate::units::{Points, Share, Wte};

/// The zone of indifference \[points\].
const DELTA: (f64, f64) = (0.05, 5.0);
const USUAL_DELTA: f64 = 0.5;
/// The most staff that a number may come to.
const MOST_STAFF: f64 = 10_000.0;
/// The most numbers that a dial may have.
const MOST_LEVELS: f64 = 1_000.0;
/// The most dials.
const MOST_FREE: usize = 1_000;
/// The highest cost of one more.
const MOST_COST: f64 = 1e9;

/// What a path of `free` names.
struct Named<'p> {
    /// A hub, or all.
    hub: Option<&'p str>,
    role: &'p str,
    /// A piece of the day; of WTE none.
    piece: Option<&'p str>,
}

/// `hub.H.staff.ROLE` or `hub.H.staff.ROLE.on-shift.NAME.count`, where H may be a star.
fn named(parts: &[String]) -> Option<Named<'_>> {
    let words: Vec<&str> = parts.iter().map(String::as_str).collect();
    let (hub, role, piece) = match words[..] {
        ["hub", hub, "staff", role] => (hub, role, None),
        ["hub", hub, "staff", role, "on-shift", piece, "count"] => (hub, role, Some(piece)),
        _ => return None,
    };
    Some(Named {
        hub: (hub != "*").then_some(hub),
        role,
        piece,
    })
}

/// Whether a path is of all hubs.
fn is_of_all(path: &str) -> bool {
    let parts = paths::split(path).unwrap_or_default();
    named(&parts).is_some_and(|named| named.hub.is_none())
}

impl Lower<'_, '_> {
    pub(super) fn lower_required(&mut self, scenario: &Scenario) -> Option<Question> {
        let table = self.document.required.get()?;
        let usual = scenario.experiment.confidence;
        let confidence = self.number(
            "confidence",
            &table.confidence,
            (0.5, 0.999),
            "0.5 to 0.999; 95 % is 0.95",
            usual.get(),
        );
        let delta = table.delta.get().map_or(USUAL_DELTA, |at| {
            if !(DELTA.0..=DELTA.1).contains(&at.value.get()) {
                self.out_of_range("delta", &at.range, "0.05 to 5 points; \"0.5 points\" is usual");
            }
            at.value.get()
        });
        let standards = self.standards_asked(table, scenario);
        // Near 100 % a zone as wide as what is missing to it would hold everything that is good enough.
        let missing = standards
            .iter()
            .map(|(_, level)| 100.0 * (1.0 - level.get()))
            .fold(100.0, f64::min);
        let most = missing / 2.0;
        let delta = match table.delta.get() {
            // Beyond 5 it has been told.
            Some(at) if at.value.get() > most && at.value.get() <= DELTA.1 => {
                let most = (most * 1e4).round() / 1e4;
                self.out_of_range(
                    "delta",
                    &at.range,
                    &format!("at most {most} points: half of what the highest level asked for leaves to 100 %"),
                );
                delta
            }
            _ => delta.min(most),
        };
        let free = self.free(table, scenario);
        (!free.is_empty() && !standards.is_empty()).then(|| Question {
            at: table.at.value().unwrap_or_default(),
            confidence: Share::new(confidence).unwrap_or(usual),
            delta: Points::new(delta).unwrap_or_default(),
            smallest: table.smallest.value().unwrap_or_default(),
            standards,
            free,
        })
    }

    /// The levels wanted: those named, or the targets of all standards that have one.
    fn standards_asked(&mut self, table: &RequiredTable, scenario: &Scenario) -> Vec<(PathwayId, Share)> {
        let Some(named) = table.standards.get() else {
            let of = |p: &crate::model::Pathway| p.standard.and_then(|s| s.target);
            let all = (0..).map(PathwayId).zip(&scenario.pathways);
            let asked: Vec<_> = all.filter_map(|(id, p)| Some((id, of(p)?))).collect();
            if asked.is_empty() && !self.problems.has_errors() {
                self.problems
                    .error(
                        codes::CLASH,
                        &table.range,
                        "nothing says which service level is wanted: no standard of this file has a `target`",
                        "",
                    )
                    .help("give `standards = { PATHWAY = 0.95 }` here, or a `target` in the pathway's `standard`");
            }
            return asked;
        };
        if named.list.is_empty() {
            self.nothing("standards", &named.range);
        }
        let mut asked = Vec::new();
        for (key, field) in &named.list {
            let Some(id) = self.pathway_id(&key.text, &key.range) else {
                continue;
            };
            if scenario.pathways.get(id.0).is_some_and(|p| p.standard.is_none()) {
                let message = format!("pathway `{}` has no `standard` that could be met", key.text);
                self.problems
                    .error(codes::CLASH, &key.range, message, "")
                    .help("give it one, such as `standard = { within = \"2 h\" }`, or leave it out here");
            }
            let Some(at) = field.get() else { continue };
            if !(0.01..=0.999).contains(&at.value.get()) {
                self.out_of_range(&key.text, &at.range, "0.01 to 0.999; 95 % is 0.95");
            }
            asked.push((id, at.value));
        }
        asked.sort_by_key(|(id, _)| *id);
        asked
    }

    fn free(&mut self, table: &RequiredTable, scenario: &Scenario) -> Vec<Dial> {
        let Some(list) = table.free.get() else {
            return Vec::new();
        };
        if list.items.is_empty() {
            self.nothing("free", &list.range);
        }
        let mut dials: Vec<(Dial, Range<usize>)> = Vec::new();
        // What is said of one hub stands over what is said of all, wherever it stands in the file.
        let of_all = |table: &FreeTable| table.path.get().is_some_and(|at| is_of_all(&at.value));
        let (all, single): (Vec<_>, Vec<_>) = (0..).zip(list.iter()).partition(|(_, table)| of_all(table));
        let mut own: Vec<StaffPlace> = Vec::new();
        let mut each: BTreeMap<usize, (&Range<usize>, Vec<Dial>)> = BTreeMap::new();
        for (n, table) in single.into_iter().chain(all) {
            let Some(range) = table.path.place() else { continue };
            let besides = if of_all(table) { &own[..] } else { &[] };
            let found = self.dials(table, besides, scenario);
            if !of_all(table) {
                own.extend(found.iter().flat_map(|dial| &dial.places));
            }
            each.insert(n, (range, found));
        }
        for (range, found) in each.into_values() {
            for dial in found {
                let again = dials
                    .iter()
                    .find(|(d, _)| d.places.iter().any(|p| dial.places.contains(p)));
                if let Some((_, first)) = again {
                    self.problems
                        .error(
                            codes::TWICE,
                            range,
                            "this staff number is already free",
                            "the second time",
                        )
                        .beside(first, "the first time")
                        .help("leave one of them out");
                    break;
                }
                dials.push((dial, range.clone()));
            }
        }
        self.check_count("free staff numbers", dials.len(), MOST_FREE, &list.range);
        dials.into_iter().map(|(dial, _)| dial).collect()
    }

    /// The dials of an entry: one a place, or one for all, without the places that have an entry of their own.
    fn dials(&mut self, table: &FreeTable, own: &[StaffPlace], scenario: &Scenario) -> Vec<Dial> {
        let staff = "0 to 10,000";
        let from = self.number("from", &table.from, (0.0, MOST_STAFF), staff, 0.0);
        let to = self.number("to", &table.to, (0.0, MOST_STAFF), staff, from);
        let step = self.number("step", &table.step, (0.01, MOST_STAFF), "0.01 to 10,000", 1.0);
        let minimum = self.whole("minimum", &table.minimum, 0, 1_000, 0);
        let cost = table.cost.get().map(|at| {
            if !(at.value > 0.0 && at.value <= MOST_COST) {
                self.out_of_range("cost", &at.range, "above 0");
            }
            at.value
        });
        let Some(path) = table.path.get() else {
            return Vec::new();
        };
        let mut places = self.staff_places(&path.value, &path.range, scenario);
        places.retain(|(place, _)| !own.contains(place));
        if places.is_empty() {
            return Vec::new();
        }
        if from > to {
            let range = table.to.place().unwrap_or(&table.range).clone();
            self.problems
                .error(
                    codes::RANGE,
                    &range,
                    format!("`to` is {to}, below `from`, which is {from}"),
                    "",
                )
                .help("give the lowest number as `from` and the highest as `to`");
            return Vec::new();
        }
        let exact = places.iter().any(|(p, _)| p.piece.is_some());
        if exact && (from.fract() != 0.0 || step.fract() != 0.0) {
            self.out_of_range(
                "step",
                &path.range,
                "whole, as `from` too: people on shift are whole people",
            );
            return Vec::new();
        }
        let groups: Vec<Vec<(StaffPlace, String)>> = if table.tied.value().unwrap_or(false) {
            vec![places]
        } else {
            places.into_iter().map(|place| vec![place]).collect()
        };
        let mut dials = Vec::new();
        for places in groups {
            let name = match &places[..] {
                [(_, own)] => own.clone(),
                _ => path.value.clone(),
            };
            let places: Vec<StaffPlace> = places.into_iter().map(|(place, _)| place).collect();
            let enough = |number: f64| places.iter().all(|p| cover(scenario, *p, number) >= minimum);
            let steps = |from: f64| ((to - from) / step + 1e-9).floor();
            // Fewer than the minimum need not be looked at.
            let lower = (0..=100_000_u32)
                .map(|n| from + f64::from(n) * step)
                .take_while(|x| *x <= to + 1e-9);
            let Some(from) = lower.into_iter().find(|x| enough(*x)) else {
                let range = table.minimum.place().unwrap_or(&table.range).clone();
                self.problems
                    .error(
                        codes::CLASH,
                        &range,
                        format!("even {to} leave fewer than {minimum} rostered on a shift"),
                        format!("for {name}"),
                    )
                    .help("raise `to`, or lower `minimum`");
                return Vec::new();
            };
            let levels = steps(from) + 1.0;
            if levels > MOST_LEVELS {
                self.problems
                    .error(
                        codes::TOO_MANY,
                        &table.range,
                        format!("{levels} numbers are too many"),
                        "at most 1,000",
                    )
                    .help("take larger steps, or bounds that are nearer to each other");
                return Vec::new();
            }
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "at most a thousand"
            )]
            let levels = levels as u16;
            dials.push(Dial {
                path: name,
                places,
                from,
                step,
                levels,
                cost,
                minimum,
            });
        }
        dials
    }

    /// What a path of `free` sets, each with its own path; nothing where it cannot be used, which has been reported.
    fn staff_places(&mut self, path: &str, range: &Range<usize>, scenario: &Scenario) -> Vec<(StaffPlace, String)> {
        let parts = paths::split(path).unwrap_or_default();
        let Some(named) = named(&parts) else {
            let total = matches!(&parts[..], [staff, _] if staff == "staff");
            let help = if total {
                format!("hub by hub: `hub.*.{path}`; the same at every hub with `tied = true`")
            } else {
                "`hub.*.staff.ROLE` for WTE, `hub.*.staff.ROLE.on-shift.NAME.count` for people on shift".into()
            };
            self.problems
                .error(codes::PATH, range, format!("`{path}` is not a number of staff"), "")
                .help(help);
            return Vec::new();
        };
        if scenario.role(named.role).is_none() {
            let names = self.roles.clone();
            self.unknown_name("role", named.role, range, &names);
            return Vec::new();
        }
        let Some(role) = scenario.role(named.role) else {
            return Vec::new();
        };
        let hubs: Vec<HubId> = match named.hub {
            // Staff of a pool are one team: the number of its base stands for all of it.
            None => (0..scenario.hubs.len().min(MOST_HUBS))
                .map(HubId)
                .filter(|hub| scenario.base_of(*hub) == *hub)
                .collect(),
            Some(name) => {
                let Some(hub) = scenario.hub(name) else {
                    let names = self.hubs.clone();
                    self.unknown_name("hub", name, range, &names);
                    return Vec::new();
                };
                vec![hub]
            }
        };
        let mut places = Vec::new();
        for hub in hubs {
            let Some(of_hub) = scenario.hubs.get(hub.0) else {
                continue;
            };
            let own = paths::join_names(&parts, &of_hub.name);
            let Some(staffing) = of_hub.staff.get(role.0) else {
                continue;
            };
            match (staffing, named.piece) {
                (Staffing::Wte(_), None) => places.push((StaffPlace { hub, role, piece: None }, own)),
                (staffing, None) if *staffing == Staffing::NONE => {
                    if !self.has_shifts(scenario, role, range) {
                        return Vec::new();
                    }
                    places.push((StaffPlace { hub, role, piece: None }, own));
                }
                (Staffing::OnShift(pieces), Some(name)) => {
                    match pieces.iter().position(|p| p.name.as_deref() == Some(name)) {
                        Some(piece) => places.push((
                            StaffPlace {
                                hub,
                                role,
                                piece: Some(piece),
                            },
                            own,
                        )),
                        None if named.hub.is_none() => {}
                        None => {
                            let message = format!(
                                "no piece of the day of `{}` at {} is called `{name}`",
                                named.role, of_hub.name
                            );
                            self.problems
                                .error(codes::PATH, range, message, "")
                                .help("give the piece of `on-shift` a `name`");
                            return Vec::new();
                        }
                    }
                }
                (_, piece) => {
                    let (is, help) = if piece.is_none() {
                        (
                            "people on shift",
                            "name the piece of the day: `hub.*.staff.ROLE.on-shift.NAME.count`; a rota cannot be free",
                        )
                    } else {
                        (
                            "WTE, or by a rota",
                            "leave out what follows the role, or give that hub `on-shift` pieces",
                        )
                    };
                    let message = format!("the staff of `{}` at {} are given as {is}", named.role, of_hub.name);
                    self.problems.error(codes::CLASH, range, message, "").help(help);
                    return Vec::new();
                }
            }
        }
        if places.is_empty() {
            self.problems
                .error(codes::PATH, range, format!("`{path}` names nothing in this file"), "")
                .help("give the pieces of `on-shift` that name, or name the role's WTE: `hub.*.staff.ROLE`");
        }
        places
    }

    fn has_shifts(&mut self, scenario: &Scenario, role: RoleId, range: &Range<usize>) -> bool {
        let found = scenario.roles.get(role.0).is_some_and(|r| !r.shifts.is_empty());
        if !found {
            self.problems
                .error(
                    codes::NO_SHIFTS,
                    range,
                    "this role has no `shifts` to deal WTE over",
                    "free here",
                )
                .help("give the role `shifts = [{ name = \"day\", from = \"08:00\", to = \"20:00\" }]`");
        }
        found
    }
}

/// People rostered on any shift if a number of staff is so much.
fn cover(scenario: &Scenario, place: StaffPlace, number: f64) -> u32 {
    let people = match (place.piece, Wte::new(number), scenario.roles.get(place.role.0)) {
        (None, Ok(wte), Some(role)) => rostered_per_instance(role, wte) + 1e-9,
        _ => number,
    };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most 10,000")]
    let whole = people.max(0.0) as u32;
    whole
}
