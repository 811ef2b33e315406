//! Packages and their streams of visits.

use super::{Lower, MOST_KINDS};
use crate::model::{DailyStart, GateHolds, Package, Pattern, RoleId, Stream, WeekdaySet};
use crate::scenario::codes;
use crate::scenario::decode::{At, Decode as _, Either, Entries, Field, Key};
use crate::scenario::document::{PackageTable, VisitsTable};
use crate::scenario::problems::suggestion;
use crate::units::{Share, Span};

/// The most visits a day of one stream.
const MOST_A_DAY: f64 = 48.0;

impl Lower<'_, '_> {
    pub(super) fn lower_packages(&mut self) -> Vec<Package> {
        let Some(entries) = self.document.package.get() else {
            return Vec::new();
        };
        entries
            .iter()
            .map(|(key, table)| self.lower_package(key, table))
            .collect()
    }

    fn lower_package(&mut self, key: &Key, table: &PackageTable) -> Package {
        let length = self.duration_or_zero(&table.length);
        let priority = self.priority(&table.priority);
        let gate = self.number(
            "gate",
            &table.gate,
            (1e-6, 100.0),
            "above 0; 1 commits all capacity",
            1.0,
        );
        let mut streams = Vec::new();
        if let Some(list) = table.visits.get() {
            self.check_count("streams", list.items.len(), MOST_KINDS, &list.range);
            if list.items.is_empty() {
                self.nothing("visits", &list.range);
            }
            let names: Vec<At<String>> = list.iter().filter_map(|v| v.name.get().cloned()).collect();
            self.distinct("stream", &names);
            for visits in list.iter() {
                streams.extend(self.stream(visits));
            }
        }
        let starts_with = self.starts_with(table);
        let gate_holds = self.gate_holds(table, &streams);
        let outcome = match table.outcome.get() {
            Some(typed) => {
                let shares = self.shares("outcome", typed);
                shares
                    .into_iter()
                    .map(|(key, share)| (key.text.clone(), share))
                    .collect()
            }
            None => Vec::new(),
        };
        Package {
            name: key.text.clone(),
            length,
            priority,
            gate,
            gate_holds,
            starts_with,
            streams,
            outcome,
        }
    }

    fn gate_holds(&mut self, table: &PackageTable, streams: &[Stream]) -> GateHolds {
        let Some(typed) = table.gate_holds.get() else {
            return GateHolds::default();
        };
        let gated = streams.iter().filter(|s| s.gated).count();
        if typed.value == GateHolds::Package && gated != 1 {
            // With two, one package would keep the room that another waits for, and so the other way round.
            let message = match gated {
                0 => "the gate holds nothing: no visits of this package are `gated`".to_string(),
                n => format!("a whole package can wait for one kind of visits, and {n} are `gated`"),
            };
            self.problems
                .error(codes::CLASH, &typed.range, message, "")
                .help("mark one kind of visits with `gated = true`, or leave `gate-holds` out");
        }
        typed.value
    }

    fn starts_with(&mut self, table: &PackageTable) -> Vec<RoleId> {
        let ids = self.role_ids(&table.starts_with, None);
        if let (Some(names), Some(visits)) = (table.starts_with.get(), table.visits.get()) {
            let used: Vec<&str> = visits
                .iter()
                .filter_map(|v| v.role.get())
                .map(|r| r.value.as_str())
                .collect();
            // With visits whose role could not be read, any role may be among them.
            let whole = used.len() == visits.items.len() && used.iter().all(|r| self.roles.iter().any(|n| n == r));
            for at in names.iter().filter(|_| whole) {
                // One that is no role at all has been reported.
                if self.roles.contains(&at.value) && !used.contains(&at.value.as_str()) {
                    let message = format!(
                        "the package cannot start with `{}`: none of its visits are by that role",
                        at.value
                    );
                    self.problems
                        .error(codes::REFERENCE, &at.range, message, "")
                        .help(suggestion(&at.value, used.iter().copied()));
                }
            }
        }
        ids
    }

    fn stream(&mut self, table: &VisitsTable) -> Option<Stream> {
        let role = table.role.get().and_then(|at| self.role_id(at));
        let or = self.role_ids(&table.or, table.role.get());
        let or_second = self.role_ids(&table.or_second, table.role.get());
        let length = self.duration_or_zero(&table.length);
        let first_length = self.duration(&table.first_length);
        let pattern = self.pattern(table);
        let by_the_day = matches!(pattern, Some(Pattern::PerDay { .. } | Pattern::At { .. }));
        let (tolerance, give_up) = if by_the_day {
            (Span::from_hours(2), Span::from_hours(4))
        } else {
            (Span::DAY, Span::from_hours(24))
        };
        let first_after = if matches!(pattern, Some(Pattern::At { .. })) {
            Span::from_hours(2)
        } else {
            Span::HOUR
        };
        Some(Stream {
            name: table.name.get()?.value.clone(),
            role: role?,
            or,
            share: table
                .share
                .value()
                .unwrap_or_else(|| Share::new(1.0).unwrap_or_default()),
            pattern: pattern?,
            length,
            first_length,
            two: table.two.value().unwrap_or_default(),
            or_second,
            tolerance: table.tolerance.value().unwrap_or(tolerance),
            give_up: table.give_up.value().unwrap_or(give_up),
            gated: table.gated.value().unwrap_or(false),
            first_after: table.first_after.value().unwrap_or(first_after),
            hours: table.between.value().map(|h| (h.from, h.to)),
        })
    }

    fn pattern(&mut self, table: &VisitsTable) -> Option<Pattern> {
        let typed: Vec<&str> = [
            ("per-day", table.per_day.is_absent()),
            ("per-week", table.per_week.is_absent()),
            ("at", table.at.is_absent()),
            ("once", table.once.is_absent()),
        ]
        .into_iter()
        .filter_map(|(name, absent)| (!absent).then_some(name))
        .collect();
        if typed.is_empty() && table.strange() {
            return None;
        }
        if typed.len() != 1 {
            let message = if typed.is_empty() {
                "nothing says when these visits fall".to_string()
            } else {
                format!("{} both say when these visits fall", typed.join(" and "))
            };
            self.problems
                .error(codes::CHOICE, &table.range, message, "exactly one is needed")
                .help("`per-day = 3`, `per-week = 2`, `at = [\"08:00\", \"18:00\"]` or `once = true`");
            return None;
        }
        if let Some(days) = table.days.get()
            && table.at.is_absent()
        {
            self.problems
                .error(codes::CLASH, &days.range, "`days` goes with `at` only", "")
                .help("leave it out");
        }
        if let Some(typed) = table.per_day.get() {
            return self.per_day(typed);
        }
        if let Some(at) = table.per_week.get() {
            if !(0.01..=7.0).contains(&at.value) {
                self.out_of_range("per-week", &at.range, "0.01 to 7; more often than daily is `per-day`");
            }
            return Some(Pattern::PerWeek(at.value));
        }
        if let Some(at) = table.once.get() {
            if !at.value {
                self.problems
                    .error(
                        codes::RANGE,
                        &at.range,
                        "`once = false` says nothing about when visits fall",
                        "",
                    )
                    .help("`once = true` for one visit, or `per-day`, `per-week` or `at`");
            }
            return Some(Pattern::Once);
        }
        let list = table.at.get()?;
        if list.items.is_empty() {
            self.nothing("at", &list.range);
        }
        self.check_count("times", list.items.len(), MOST_KINDS, &list.range);
        let mut sorted: Vec<_> = list.iter().cloned().collect();
        sorted.sort_by_key(|at| at.value.0);
        for pair in sorted.windows(2) {
            if pair[0].value.0 == pair[1].value.0 {
                self.problems
                    .error(codes::TWICE, &pair[1].range, "this time is listed twice", "the second")
                    .beside(&pair[0].range, "the first");
            }
        }
        if let Some(last) = sorted.last()
            && last.value.0 >= Span::DAY
        {
            self.out_of_range("at", &last.range, "00:00 to 23:59");
        }
        Some(Pattern::At {
            times: sorted.into_iter().map(|at| at.value.0).collect(),
            days: table.days.value().unwrap_or(WeekdaySet::ALL),
        })
    }

    fn per_day(&mut self, typed: &Either<At<f64>, crate::scenario::document::PerDayTable>) -> Option<Pattern> {
        let always = |visits: f64| {
            vec![DailyStart {
                visits,
                share: Share::new(1.0).unwrap_or_default(),
            }]
        };
        match typed {
            Either::Short(at) => {
                let visits = self.visits_a_day("per-day", at);
                Some(Pattern::PerDay {
                    start: always(visits),
                    end: None,
                })
            }
            Either::Full(table) => {
                let start = match table.start.get()? {
                    Either::Short(at) => always(self.visits_a_day("start", at)),
                    Either::Full(entries) => self.daily_starts(entries),
                };
                let end = match &table.end {
                    Field::Given(at) if at.value == 0.0 => Some(0.0),
                    Field::Given(at) => Some(self.visits_a_day("end", at)),
                    _ => None,
                };
                Some(Pattern::PerDay { start, end })
            }
        }
    }

    fn daily_starts(&mut self, entries: &Entries<At<Share>>) -> Vec<DailyStart> {
        let shares = self.shares("start", entries);
        let mut starts = Vec::new();
        for (key, share) in shares {
            match key.text.trim().parse::<f64>() {
                Ok(visits) if visits > 0.0 && visits <= MOST_A_DAY => starts.push(DailyStart { visits, share }),
                _ => {
                    self.problems
                        .error(
                            codes::RANGE,
                            &key.range,
                            format!("`{}` is not a number of visits a day", key.text),
                            format!("must be above 0, at most {MOST_A_DAY}"),
                        )
                        .help("for example: `start = { \"2\" = 0.25, \"3\" = 0.50, \"4\" = 0.25 }`");
                }
            }
        }
        starts
    }

    fn visits_a_day(&mut self, key: &str, at: &At<f64>) -> f64 {
        if !(at.value > 0.0 && at.value <= MOST_A_DAY) {
            self.out_of_range(key, &at.range, &format!("above 0, at most {MOST_A_DAY} visits a day"));
        }
        at.value
    }
}
