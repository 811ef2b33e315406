//! From what was typed to what it means: names found, shares added up, defaults filled in.
//!
//! Lowering goes on after a problem, with a stand-in for what could not be used, so that one reading names them all;
//! a scenario with any error is never handed out.

mod caseload;
mod cost;
mod distribution;
mod elsewhere;
mod hub;
mod knowledge;
mod package;
mod pathway;
mod precision;
mod recruit;
mod required;
mod role;
mod sharing;
mod staffed;
mod trajectory;
mod warm_up;

use std::collections::BTreeMap;
use std::ops::Range;

use toml::de::DeTable;

use super::codes;
use super::decode::{At, Entries, Field, Key, List};
use super::document::{Document, ExperimentTable, Shares};
use super::files::Folder;
use super::problems::{Problems, nearest, suggestion};
use super::stack::Outdated;
use crate::model::{Calendar, Experiment, Outcome, PackageId, Pathway, PathwayId, RoleId, Scenario, TrajectoryPlan};
use crate::theory::traffic_rates;
use crate::units::{Share, Span};

pub use knowledge::MEASURES;
pub(crate) use knowledge::quantity;
pub use precision::PRECISION;

/// The most hubs of a scenario.
const MOST_HUBS: usize = 1_000;
/// The most roles, pathways or packages of a scenario, and entries of their lists.
const MOST_KINDS: usize = 100;
/// The most shares that are shown where they do not add up.
const MOST_SHOWN: usize = 12;
/// Most people asked for by one response.
const MOST_PLACES: usize = 8;
/// The most observed figures, unknowns or assumptions.
const MOST_NOTES: usize = 2_000;
/// The longest run, in days of 20 years.
const LONGEST_RUN_DAYS: i64 = 7_305;

/// A reading in progress.
pub(crate) struct Lower<'a, 'i> {
    document: &'a Document,
    root: &'a DeTable<'i>,
    problems: &'a mut Problems,
    folder: &'a mut Folder,
    hubs: Vec<String>,
    roles: Vec<String>,
    pathways: Vec<String>,
    packages: Vec<String>,
    beds: Vec<String>,
    /// What is said of the service, and has been changed since.
    outdated: &'a Outdated,
    /// Every path of the file, once one has been looked for in vain.
    paths: Option<Vec<String>>,
}

/// The meaning of a document; of no use if there are errors.
pub(crate) fn lower(
    name: String,
    document: &Document,
    root: &DeTable<'_>,
    outdated: &Outdated,
    problems: &mut Problems,
    folder: &mut Folder,
) -> Scenario {
    let hubs: Vec<String> = document
        .hub
        .get()
        .map(|hubs| {
            hubs.iter()
                .filter_map(|h| h.name.get())
                .map(|n| n.value.clone())
                .collect()
        })
        .unwrap_or_default();
    let lower = Lower {
        document,
        root,
        problems,
        folder,
        hubs,
        roles: owned_names(&document.role),
        pathways: owned_names(&document.pathway),
        packages: owned_names(&document.package),
        beds: owned_names(&document.bed),
        outdated,
        paths: None,
    };
    lower.scenario(name)
}

fn owned_names<T>(entries: &Field<Entries<T>>) -> Vec<String> {
    entries
        .get()
        .map(|e| e.names().map(Into::into).collect())
        .unwrap_or_default()
}

impl Lower<'_, '_> {
    fn scenario(mut self, name: String) -> Scenario {
        let document = self.document;
        if let Some(format) = document.format.get()
            && format.value != 1
        {
            self.problems
                .error(
                    codes::FORMAT,
                    &format.range,
                    format!("format {} is not known", format.value),
                    "",
                )
                .help("this version reads format 1: `format = 1`");
        }
        self.check_names();
        let experiment = match document.experiment.get() {
            Some(table) => self.experiment(table),
            None => self.stand_in_experiment(),
        };
        let roles = self.lower_roles();
        let packages = self.lower_packages();
        let beds = self.lower_beds();
        let costs = self.lower_costs();
        let pathways = self.lower_pathways();
        let mut hubs = self.lower_hubs(&roles);
        self.lower_caseload(&mut hubs, &pathways);
        self.check_demand(&hubs);
        let recruits = self.lower_recruits(&roles, &mut hubs, &experiment);
        let neighbours = self.lower_neighbours(&pathways);
        let pools = self.lower_pools();
        let served_elsewhere = self.lower_served_elsewhere(&hubs);
        let residents_are = self.check_residents();
        let text = |field: &Field<At<String>>| field.get().map(|at| at.value.clone());
        let mut scenario = Scenario {
            title: text(&document.title).unwrap_or_else(|| name.clone()),
            name,
            notes: text(&document.notes).unwrap_or_default(),
            experiment,
            hubs,
            neighbours,
            pools,
            served_elsewhere,
            residents_are,
            roles,
            pathways,
            packages,
            beds,
            costs,
            later: Vec::new(),
            dated: Vec::new(),
            recruits,
            trajectory: TrajectoryPlan::default(),
            required: None,
            observed: Vec::new(),
            unknowns: Vec::new(),
            assumptions: Vec::new(),
        };
        scenario.trajectory = self.lower_trajectory(&scenario);
        scenario.required = self.lower_required(&scenario);
        scenario.observed = self.lower_observed(&scenario);
        scenario.unknowns = self.lower_unknowns();
        scenario.assumptions = self.lower_assumptions();
        if !self.problems.has_errors() {
            self.check_circles(&scenario);
        }
        if !self.problems.has_errors() {
            self.check_pools_add_up(&scenario);
        }
        if !self.problems.has_errors() {
            self.check_precision(&scenario);
            self.check_staffed(&scenario);
            self.check_somebody_is_served(&scenario);
            self.check_warm_up(&scenario);
        }
        scenario
    }

    /// Refuses outcomes that lead in a circle from which nobody ever leaves.
    fn check_circles(&mut self, scenario: &Scenario) {
        let share_to = |from: &Pathway, to: usize| -> f64 {
            let kept = 1.0 - scenario.pathways[to].declined.get();
            let to = Outcome::Pathway(PathwayId(to));
            from.outcome
                .iter()
                .filter(|(o, _)| *o == to)
                .map(|(_, s)| s.get())
                .sum::<f64>()
                * kept
        };
        let n = scenario.pathways.len();
        let routing: Vec<Vec<f64>> = scenario
            .pathways
            .iter()
            .map(|from| (0..n).map(|to| share_to(from, to)).collect())
            .collect();
        if traffic_rates(&vec![1.0; n], &routing).is_some() {
            return;
        }
        let Some(pathways) = self.document.pathway.get() else {
            return;
        };
        let outcome = pathways.list.iter().find_map(|(_, table)| table.get()?.outcome.place());
        let range = outcome.unwrap_or(&pathways.range).clone();
        self.problems
            .error(
                codes::CLASH,
                &range,
                "these outcomes lead in a circle that nobody ever leaves",
                "",
            )
            .help("each round must end for some: give a share to `home`, `hospital` or another end");
    }

    fn check_names(&mut self) {
        let document = self.document;
        if let Some(hubs) = document.hub.get() {
            self.check_count("hubs", hubs.items.len(), MOST_HUBS, &hubs.range);
            if hubs.items.is_empty() {
                self.nothing("hub", &hubs.range);
            }
            let names: Vec<At<String>> = hubs.iter().filter_map(|h| h.name.get().cloned()).collect();
            self.distinct("hub", &names);
        }
        self.check_kinds("role", &document.role, true);
        self.check_kinds("pathway", &document.pathway, true);
        self.check_kinds("package", &document.package, false);
        self.check_kinds("bed", &document.bed, false);
        if let Some((key, _)) = document
            .pathway
            .get()
            .and_then(|p| p.list.iter().find(|(key, _)| key.text == "hospital"))
        {
            self.problems
                .error(codes::NAME, &key.range, "a pathway cannot be called `hospital`", "")
                .help("in an `outcome`, `hospital` means a hospital stay; choose another name");
        }
    }

    fn check_kinds<T>(&mut self, kind: &str, entries: &Field<Entries<T>>, needed: bool) {
        let Some(entries) = entries.get() else { return };
        self.check_count(&format!("{kind}s"), entries.list.len(), MOST_KINDS, &entries.range);
        if needed && entries.list.is_empty() {
            self.nothing(kind, &entries.range);
        }
        for (key, _) in &entries.list {
            self.check_name(kind, &key.text, &key.range);
        }
    }

    fn nothing(&mut self, key: &str, range: &Range<usize>) {
        self.problems.error(
            codes::NOTHING,
            range,
            format!("`{key}` is empty"),
            "at least one entry is needed",
        );
    }

    fn check_count(&mut self, what: &str, count: usize, most: usize, range: &Range<usize>) {
        if count > most {
            self.problems.error(
                codes::TOO_MANY,
                range,
                format!("{count} {what} are too many"),
                format!("at most {most} are allowed"),
            );
        }
    }

    /// Reports names that are empty, too long or hold control characters, and the words that results files use.
    fn check_name(&mut self, kind: &str, name: &str, range: &Range<usize>) {
        let why = if name.trim().is_empty() {
            "the name is empty"
        } else if name.trim() != name {
            "the name begins or ends with a space"
        } else if name.chars().count() > 80 {
            "the name has more than 80 characters"
        } else if name.chars().any(char::is_control) || name.contains('"') {
            "quotes and line breaks cannot be part of a name"
        } else if name == "all" {
            "in results, `all` stands for everything together"
        } else if name == "*" {
            "in paths, `*` stands for every name"
        } else {
            return;
        };
        self.problems
            .error(
                codes::NAME,
                range,
                format!("this {kind} cannot be called \"{name}\""),
                why,
            )
            .help("choose another name");
    }

    /// Reports unfit names and those that appear twice; whether all were different.
    fn distinct(&mut self, kind: &str, names: &[At<String>]) -> bool {
        let mut distinct = true;
        let mut seen: BTreeMap<&str, &Range<usize>> = BTreeMap::new();
        for name in names {
            self.check_name(kind, &name.value, &name.range);
            if let Some(first) = seen.get(name.value.as_str()) {
                distinct = false;
                self.problems
                    .error(
                        codes::TWICE,
                        &name.range,
                        format!("there are two of {kind} \"{}\"", name.value),
                        "the second",
                    )
                    .beside(first, "the first")
                    .help(format!("give every {kind} a name of its own"));
            } else {
                seen.insert(&name.value, &name.range);
            }
        }
        distinct
    }

    fn stand_in_experiment(&self) -> Experiment {
        Experiment {
            calendar: Calendar::new(jiff::civil::date(2020, 6, 1), &[]),
            warm_up: Span::from_days(56),
            run_length: Span::from_days(364),
            replications: 100,
            seed: 1,
            confidence: Share::new(0.95).unwrap_or_default(),
            precision: None,
        }
    }

    fn experiment(&mut self, table: &ExperimentTable) -> Experiment {
        let default = self.stand_in_experiment();
        let start = table.start.value().unwrap_or(default.calendar.start());
        let holidays: Vec<_> = table
            .bank_holidays
            .get()
            .map(|list| list.iter().map(|at| at.value).collect())
            .unwrap_or_default();
        let longest = Span::from_days(LONGEST_RUN_DAYS);
        if let Some(warm_up) = table.warm_up.get() {
            if warm_up.value > longest {
                self.out_of_range("warm-up", &warm_up.range, "at most 20 years");
            } else if warm_up.value.ms() % Span::DAY.ms() != 0 {
                self.out_of_range(
                    "warm-up",
                    &warm_up.range,
                    "whole days, as in \"70 days\" or \"10 weeks\"",
                );
            }
        }
        if let Some(length) = table.run_length.get()
            && !(Span::HOUR..=longest).contains(&length.value)
        {
            self.out_of_range("run-length", &length.range, "1 hour to 20 years, as in \"52 weeks\"");
        }
        let replications = self.whole("replications", &table.replications, 2, 100_000, default.replications);
        let confidence = self.number(
            "confidence",
            &table.confidence,
            (0.5, 0.999),
            "0.5 to 0.999; 95 % is 0.95",
            0.95,
        );
        Experiment {
            calendar: Calendar::new(start, &holidays),
            warm_up: table.warm_up.value().unwrap_or(default.warm_up),
            run_length: table.run_length.value().unwrap_or(default.run_length),
            replications,
            seed: table.seed.value().unwrap_or(default.seed),
            confidence: Share::new(confidence).unwrap_or(default.confidence),
            precision: self.precision(table),
        }
    }

    fn out_of_range(&mut self, key: &str, range: &Range<usize>, allowed: &str) {
        self.problems.error(
            codes::RANGE,
            range,
            format!("`{key}` is out of range"),
            format!("must be {allowed}"),
        );
    }

    /// A number within bounds, or the default if nothing was typed.
    fn number(
        &mut self,
        key: &str,
        field: &Field<At<f64>>,
        (low, high): (f64, f64),
        allowed: &str,
        default: f64,
    ) -> f64 {
        match field.get() {
            Some(at) if (low..=high).contains(&at.value) => at.value,
            Some(at) => {
                self.out_of_range(key, &at.range, allowed);
                default
            }
            None => default,
        }
    }

    /// A whole number within bounds, or the default if nothing was typed.
    fn whole(&mut self, key: &str, field: &Field<At<u64>>, low: u32, high: u32, default: u32) -> u32 {
        let Some(at) = field.get() else { return default };
        match u32::try_from(at.value) {
            Ok(n) if (low..=high).contains(&n) => n,
            _ => {
                let high = if high == 100_000 {
                    "100,000".into()
                } else {
                    high.to_string()
                };
                self.out_of_range(key, &at.range, &format!("{low} to {high}"));
                default
            }
        }
    }

    fn priority(&mut self, field: &Field<At<u64>>) -> u8 {
        u8::try_from(self.whole("priority", field, 1, 9, 3)).unwrap_or(3)
    }

    fn unknown_name(&mut self, kind: &str, name: &str, range: &Range<usize>, names: &[String]) {
        let message = format!("there is no {kind} called `{name}`");
        // With `[roles.nurse]` there is no role, and that has been said.
        let header = format!("/{kind}");
        if self.problems.slips().iter().any(|(meant, _)| *meant == header) {
            return;
        }
        if self.problems.again(&message, range) {
            return;
        }
        if let Some(near) = nearest(name, names.iter().map(String::as_str)) {
            // Whichever of the two is right.
            self.problems.slip(name, near);
            self.problems.slip(near, name);
        }
        let help = if names.is_empty() {
            format!("the file defines no {kind}; `[{kind}.{name}]` would be one")
        } else {
            suggestion(name, names.iter().map(String::as_str))
        };
        self.problems.error(codes::REFERENCE, range, message, "").help(help);
    }

    fn role_id(&mut self, at: &At<String>) -> Option<RoleId> {
        let found = self.roles.iter().position(|n| *n == at.value);
        if found.is_none() {
            let names = self.roles.clone();
            self.unknown_name("role", &at.value, &at.range, &names);
        }
        found.map(RoleId)
    }

    fn pathway_id(&mut self, name: &str, range: &Range<usize>) -> Option<PathwayId> {
        let found = self.pathways.iter().position(|n| n == name);
        if found.is_none() {
            let names = self.pathways.clone();
            self.unknown_name("pathway", name, range, &names);
        }
        found.map(PathwayId)
    }

    fn package_id(&mut self, name: &str, range: &Range<usize>) -> Option<PackageId> {
        let found = self.packages.iter().position(|n| n == name);
        if found.is_none() {
            let names = self.packages.clone();
            self.unknown_name("package", name, range, &names);
        }
        found.map(PackageId)
    }

    /// Roles in order of preference; those named twice, or equal to `besides`, are reported.
    fn role_ids(&mut self, names: &Field<List<At<String>>>, besides: Option<&At<String>>) -> Vec<RoleId> {
        let Some(names) = names.get() else { return Vec::new() };
        self.check_count("roles", names.items.len(), MOST_KINDS, &names.range);
        let mut ids = Vec::new();
        let mut seen: Vec<&At<String>> = besides.into_iter().collect();
        for at in names.iter().take(MOST_KINDS) {
            if let Some(first) = seen.iter().find(|s| s.value == at.value) {
                let first = first.range.clone();
                self.problems
                    .error(
                        codes::TWICE,
                        &at.range,
                        format!("`{}` is named twice", at.value),
                        "the second time",
                    )
                    .beside(&first, "the first time")
                    .help("leave one of them out");
                continue;
            }
            seen.push(at);
            ids.extend(self.role_id(at));
        }
        ids
    }

    /// Reports shares that do not add up to 1, and scales away what rounding left.
    fn sum_to_one(
        &mut self,
        what: &str,
        parts: &[Field<At<Share>>],
        range: &Range<usize>,
        tolerance: f64,
    ) -> Vec<Share> {
        let shares: Vec<Share> = parts.iter().filter_map(Field::value).collect();
        let sum: f64 = shares.iter().map(|s| s.get()).sum();
        if shares.len() == parts.len() && (sum - 1.0).abs() > tolerance + 1e-9 {
            let sum = (sum * 1e6).round() / 1e6;
            let count = match shares.len() {
                1 => "the only share".into(),
                n => format!("{n} shares"),
            };
            let message = format!("{what} add up to {sum}, not 1");
            let mut added = self.problems.error(codes::SUM, range, message, count);
            // Where each stands on a line of its own, the others are shown as well.
            let others = parts.iter().filter_map(Field::get).map(|at| &at.range);
            for other in others
                .filter(|r| !(range.start..range.end).contains(&r.start))
                .take(MOST_SHOWN)
            {
                added = added.beside(other, "");
            }
            let verb = if sum > 1.0 { "take away" } else { "add" };
            let rest = ((sum - 1.0).abs() * 1e6).round() / 1e6;
            added.help(format!(
                "{verb} {rest} so that they add up to 1; which of them is wrong cannot be known from their sum"
            ));
        }
        let scale = if (sum - 1.0).abs() > 1e-9 && sum > 0.0 {
            sum
        } else {
            1.0
        };
        parts
            .iter()
            .map(|p| {
                p.value()
                    .and_then(|s| Share::new(s.get() / scale).ok())
                    .unwrap_or_default()
            })
            .collect()
    }

    /// The shares of a table, which must add up to 1, by name.
    fn shares<'t>(&mut self, what: &str, table: &'t Shares) -> Vec<(&'t Key, Share)> {
        if table.list.is_empty() {
            self.nothing(what, &table.range);
        }
        let parts: Vec<Field<At<Share>>> = table.list.iter().map(|(_, f)| f.clone()).collect();
        let scaled = if parts.is_empty() {
            Vec::new()
        } else {
            self.sum_to_one(&format!("the shares of `{what}`"), &parts, &table.range, 0.001)
        };
        table.list.iter().map(|(key, _)| key).zip(scaled).collect()
    }

    /// A list of so many numbers, none negative and some positive.
    fn numbers(&mut self, key: &str, list: &List<At<f64>>, count: usize) -> Option<Vec<f64>> {
        if list.items.len() != count {
            self.problems.error(
                codes::LENGTH,
                &list.range,
                format!("`{key}` has {} numbers, not {count}", list.items.len()),
                match count {
                    24 => "one for each hour of the day, from 00:00",
                    12 => "one for each month, from January",
                    _ => "one for each day of the week, from Monday",
                },
            );
            return None;
        }
        self.not_negative(key, list.items.iter(), &list.range)
    }

    fn not_negative<'f>(
        &mut self,
        key: &str,
        fields: impl Iterator<Item = &'f Field<At<f64>>>,
        range: &Range<usize>,
    ) -> Option<Vec<f64>> {
        let mut sound = true;
        let mut numbers = Vec::new();
        for field in fields {
            let Some(at) = field.get() else {
                sound = false;
                continue;
            };
            if !(0.0..=1e6).contains(&at.value) {
                sound = false;
                self.out_of_range(key, &at.range, "0 to 1,000,000");
            }
            numbers.push(at.value);
        }
        if sound && numbers.iter().all(|n| *n == 0.0) {
            sound = false;
            self.out_of_range(key, range, "above 0 somewhere");
        }
        sound.then_some(numbers)
    }
}
