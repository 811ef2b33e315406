//! Pathways: demand over time, first responses, what follows.

use std::ops::Range;

use super::{Lower, MOST_KINDS, MOST_PLACES};
use crate::model::{ClockStops, Hub, Need, Outcome, Pathway, Response, Standard, WeekProfile, Within};
use crate::scenario::decode::{At, Decode as _, Either, Field, Key};
use crate::scenario::document::{DaysTable, MonthsTable, NeedTable, PathwayTable, ResponseTable};
use crate::scenario::problems::nearest;
use crate::scenario::{codes, files};
use crate::units::{Share, Span};

/// Where those go who leave, if the file does not say.
const ELSEWHERE: &str = "elsewhere";

impl Lower<'_, '_> {
    pub(super) fn lower_pathways(&mut self) -> Vec<Pathway> {
        let Some(entries) = self.document.pathway.get() else {
            return Vec::new();
        };
        entries
            .iter()
            .map(|(key, table)| self.lower_pathway(key, table))
            .collect()
    }

    fn lower_pathway(&mut self, key: &Key, table: &PathwayTable) -> Pathway {
        let responses = self.responses(table);
        self.check_first_step(key, table);
        let package = match table.package.get() {
            Some(at) => self.package_id(&at.value, &at.range),
            None => None,
        };
        let on_leaving = table.on_leaving.get();
        if let Some(leaving) = on_leaving
            && table.patience.is_absent()
        {
            self.problems
                .warning(
                    codes::UNUSED,
                    &leaving.range,
                    "nobody leaves: there is no `patience`",
                    "has no effect",
                )
                .help("add for example `patience = { lognormal = { mean = \"5 h\", cv = 0.5 } }`");
        }
        Pathway {
            name: key.text.clone(),
            profile: self.profile(table),
            months: self.months(table),
            growth: self.number(
                "growth",
                &table.growth,
                (-0.9, 10.0),
                "-0.9 to 10: 0.03 is 3 % more a year",
                0.0,
            ),
            dispersion: self.number(
                "dispersion",
                &table.dispersion,
                (1.0, 1000.0),
                "1 (Poisson) to 1000",
                1.0,
            ),
            declined: table.declined.value().unwrap_or_default(),
            opens: table.opens.value(),
            out_of_hours: table.out_of_hours.value().unwrap_or_default(),
            triage: self.duration_or_zero(&table.triage),
            priority: self.priority(&table.priority),
            patience: self.duration(&table.patience),
            on_leaving: self.on_leaving(table),
            standard: self.standard(table),
            outcome: self.outcome(table),
            also: self.also(table),
            joint: table.joint.value().unwrap_or_default(),
            responses,
            package,
            start_due: table.start_due.value(),
            waits_in: self.waits_in(table),
        }
    }

    /// A pathway begins with a response or a package, and has the keys that go with it.
    fn check_first_step(&mut self, key: &Key, table: &PathwayTable) {
        let name = &key.text;
        match (&table.response, &table.package) {
            (Field::Absent, Field::Absent) if table.strange() => {}
            (Field::Absent, Field::Absent) => {
                self.problems
                    .error(
                        codes::CHOICE,
                        &table.range,
                        format!("`pathway.{name}` has neither a `response` nor a `package`"),
                        "one of them is needed",
                    )
                    .help(format!("add `[[pathway.{name}.response]]`, or `package = \"...\"`"));
            }
            (Field::Given(list), Field::Given(package)) => {
                self.problems
                    .error(
                        codes::CHOICE,
                        &package.range,
                        format!("`pathway.{name}` has both a `response` and a `package`"),
                        "the package",
                    )
                    .beside(&list.range, "the response")
                    .help(format!(
                        "to begin the package after the response, say `also = {{ {} = 1 }}`",
                        package.value
                    ));
            }
            (Field::Absent, Field::Given(_)) => {
                let refused = [
                    ("outcome", table.outcome.place()),
                    ("also", table.also.place()),
                    ("joint", table.joint.place()),
                ];
                self.misplaced(
                    &refused,
                    "belongs to first responses, and this pathway begins a package",
                );
            }
            (Field::Given(_), Field::Absent) => {
                let refused = [
                    ("start-due", table.start_due.place()),
                    ("waits-in", table.waits_in.place()),
                ];
                self.misplaced(
                    &refused,
                    "belongs to pathways that begin a package, and this one has responses",
                );
            }
            _ => {}
        }
    }

    fn misplaced(&mut self, keys: &[(&str, Option<&Range<usize>>)], why: &str) {
        for (key, range) in keys {
            if let Some(range) = range {
                self.problems
                    .error(codes::CLASH, range, format!("`{key}` {why}"), "")
                    .help("leave it out");
            }
        }
    }

    fn standard(&mut self, table: &PathwayTable) -> Option<Standard> {
        let typed = table.standard.get()?;
        let clock_stops = typed.clock_stops.value().unwrap_or_default();
        if let Some(at) = typed.within.get()
            && at.value == Within::Time(Span::ZERO)
        {
            self.out_of_range("within", &at.range, "above 0, as in \"2 h\"");
        }
        if let Some(at) = typed.clock_stops.get()
            && at.value == ClockStops::All
            && !table.package.is_absent()
        {
            self.problems
                .error(
                    codes::CLASH,
                    &at.range,
                    "the clock of a package cannot wait for `all`",
                    "",
                )
                .help("use \"lead\" (the first of the package's `starts-with`) or \"first\" (anyone)");
        }
        Some(Standard {
            within: typed.within.value()?,
            target: typed.target.value(),
            clock_stops,
        })
    }

    /// What becomes of those who leave: what is typed, and `elsewhere` for the rest, be it nobody.
    fn on_leaving(&mut self, table: &PathwayTable) -> Vec<(Outcome, Share)> {
        let mut list = Vec::new();
        let (mut sum, mut elsewhere) = (0.0, 0.0);
        if let Some(typed) = table.on_leaving.get() {
            for (key, at) in typed.iter() {
                let share = at.value.get();
                sum += share;
                if self.pathways.contains(&key.text) {
                    self.problems
                        .error(
                            codes::CLASH,
                            &key.range,
                            format!("those who leave cannot begin `{}`", key.text),
                            "a pathway",
                        )
                        .help("nobody is sent to them any more: say where they go, such as `hospital` or `home`");
                } else if key.text == "hospital" {
                    list.push((Outcome::Hospital, at.value));
                } else if key.text == ELSEWHERE {
                    elsewhere = share;
                } else {
                    self.check_name("outcome", &key.text, &key.range);
                    self.check_end(&key.text, &key.range);
                    list.push((Outcome::End(key.text.clone()), at.value));
                }
            }
            if sum > 1.001 {
                let sum = (sum * 1e6).round() / 1e6;
                self.problems
                    .error(
                        codes::SUM,
                        &typed.range,
                        format!("the shares of `on-leaving` add up to {sum}, above 1"),
                        "the rest, if they are less than 1, are `elsewhere`",
                    )
                    .help("for example: `on-leaving = { hospital = 0.47, home = 0.53 }`");
            }
        }
        if table.patience.is_absent() {
            return Vec::new();
        }
        let rest = elsewhere + (1.0 - sum).max(0.0);
        list.push((Outcome::End(ELSEWHERE.into()), Share::new(rest).unwrap_or_default()));
        list
    }

    fn outcome(&mut self, table: &PathwayTable) -> Vec<(Outcome, Share)> {
        let Some(typed) = table.outcome.get() else {
            return vec![(Outcome::End("home".into()), Share::new(1.0).unwrap_or_default())];
        };
        let shares = self.shares("outcome", typed);
        shares
            .into_iter()
            .map(|(key, share)| {
                let outcome = match self.pathways.iter().position(|n| *n == key.text) {
                    Some(id) => Outcome::Pathway(crate::model::PathwayId(id)),
                    None if key.text == "hospital" => Outcome::Hospital,
                    None => {
                        self.check_name("outcome", &key.text, &key.range);
                        self.check_end(&key.text, &key.range);
                        Outcome::End(key.text.clone())
                    }
                };
                (outcome, share)
            })
            .collect()
    }

    /// Refuses an end whose name is nearly that of a pathway: people would leave where they should go on.
    fn check_end(&mut self, name: &str, range: &Range<usize>) {
        let Some(near) = nearest(name, self.pathways.iter().map(String::as_str)) else {
            return;
        };
        let message = format!("`{name}` is no pathway, but nearly the name of one");
        let help = format!("did you mean `{near}`? For an end of its own, choose another name");
        self.problems.slip(near, name);
        self.problems.error(codes::REFERENCE, range, message, "").help(help);
    }

    fn also(&mut self, table: &PathwayTable) -> Vec<(crate::model::PackageId, Share)> {
        let Some(typed) = table.also.get() else {
            return Vec::new();
        };
        let mut list = Vec::new();
        for (key, at) in typed.iter() {
            if let Some(id) = self.package_id(&key.text, &key.range) {
                list.push((id, at.value));
            }
        }
        list
    }

    fn profile(&mut self, table: &PathwayTable) -> WeekProfile {
        let flat = WeekProfile::flat;
        if let Some(path) = table.profile.get() {
            if !table.hours.is_absent() || !table.days.is_absent() {
                self.problems
                    .error(
                        codes::CHOICE,
                        &path.range,
                        "`profile` holds hours and days already",
                        "clashes with `hours` or `days`",
                    )
                    .help("leave out `profile`, or `hours` and `days`");
            }
            let Some(source) = self.folder.open(path, self.problems) else {
                return flat();
            };
            let unfit = |n: f64| (n < 0.0).then_some("a weight is at least 0");
            let Some(weights) = files::week_table(&source, unfit, self.problems) else {
                return flat();
            };
            return WeekProfile::from_weights(&weights).unwrap_or_else(|| {
                self.problems.error_in(
                    &source,
                    codes::CSV,
                    &(0..0),
                    "all weights are 0",
                    "at least one must be above 0",
                );
                flat()
            });
        }
        let hours = table.hours.get().and_then(|list| self.numbers("hours", list, 24));
        let days = match table.days.get() {
            None => None,
            Some(Either::Short(list)) => self.numbers("days", list, 7),
            Some(Either::Full(days)) => self.not_negative("days", day_fields(days).into_iter(), &days.range),
        };
        let array24 = hours.and_then(|h| <[f64; 24]>::try_from(h).ok()).unwrap_or([1.0; 24]);
        let array7 = days.and_then(|d| <[f64; 7]>::try_from(d).ok()).unwrap_or([1.0; 7]);
        WeekProfile::from_hours_and_days(&array24, &array7).unwrap_or_else(flat)
    }

    fn months(&mut self, table: &PathwayTable) -> [f64; 12] {
        let months = match table.months.get() {
            None => None,
            Some(Either::Short(list)) => self.numbers("months", list, 12),
            Some(Either::Full(months)) => self.not_negative("months", month_fields(months).into_iter(), &months.range),
        };
        months.and_then(|m| <[f64; 12]>::try_from(m).ok()).unwrap_or([1.0; 12])
    }

    fn responses(&mut self, table: &PathwayTable) -> Vec<Response> {
        let Some(list) = table.response.get() else {
            return Vec::new();
        };
        self.check_count("responses", list.items.len(), MOST_KINDS, &list.range);
        if list.items.is_empty() {
            self.nothing("response", &list.range);
            return Vec::new();
        }
        let names: Vec<At<String>> = list.iter().filter_map(|r| r.name.get().cloned()).collect();
        let distinct = self.distinct("response", &names);
        let parts: Vec<_> = list.iter().map(|r| r.share.clone()).collect();
        let range = parts
            .iter()
            .rev()
            .find_map(Field::get)
            .map_or_else(|| list.range.clone(), |at| at.range.clone());
        // A response that stands twice has been reported, and with it the sum.
        let shares = if distinct {
            self.sum_to_one("the shares of the responses", &parts, &range, 0.001)
        } else {
            vec![Share::default(); parts.len()]
        };
        list.iter()
            .zip(shares)
            .map(|(response, share)| self.response(response, share))
            .collect()
    }

    fn response(&mut self, table: &ResponseTable, share: Share) -> Response {
        let mut needs = Vec::new();
        let mut lead = 0;
        if let Some(list) = table.staff.get() {
            self.check_count("places", list.items.len(), MOST_PLACES, &list.range);
            if list.items.is_empty() {
                self.nothing("staff", &list.range);
            }
            if let Some(at) = table.lead.get() {
                let roles: Vec<String> = list
                    .iter()
                    .filter_map(|n| n.role.get())
                    .map(|r| r.value.clone())
                    .collect();
                // With a place that could not be read, or a role that is none, the lead may well be among them.
                let whole = roles.len() == list.items.len() && roles.iter().all(|r| self.roles.contains(r));
                match roles.iter().position(|r| *r == at.value) {
                    Some(place) => lead = place,
                    None if !whole => {}
                    None => {
                        let names = roles.join("`, `");
                        self.problems
                            .error(
                                codes::REFERENCE,
                                &at.range,
                                format!(
                                    "`{}` cannot lead: it is not among the `staff` of this response",
                                    at.value
                                ),
                                "",
                            )
                            .help(format!("roles of its `staff`: `{names}`"));
                    }
                }
            }
            for need in list.iter() {
                needs.extend(self.need(need));
            }
        }
        Response {
            name: table.name.get().map(|at| at.value.clone()).unwrap_or_default(),
            share,
            lead,
            needs,
        }
    }

    fn need(&mut self, table: &NeedTable) -> Option<Need> {
        let role = table.role.get().and_then(|at| self.role_id(at));
        let or = self.role_ids(&table.or, table.role.get());
        let or_second = self.role_ids(&table.or_second, table.role.get());
        let length = self.duration_or_zero(&table.length);
        Some(Need {
            role: role?,
            or,
            length,
            two: table.two.value().unwrap_or_default(),
            or_second,
        })
    }

    /// There must be something to simulate.
    pub(super) fn check_demand(&mut self, hubs: &[Hub]) {
        let none = hubs.iter().all(|h| h.referrals.iter().all(|r| r.get() == 0.0));
        if none && !self.problems.has_errors() {
            let range = self.document.pathway.get().map_or(0..0, |p| {
                p.list
                    .first()
                    .map_or_else(|| p.range.clone(), |(key, _)| key.range.clone())
            });
            self.problems
                .error(
                    codes::NO_DEMAND,
                    &range,
                    "no hub receives any referral",
                    "no pathway has referrals",
                )
                .help("give a pathway `referrals = \"20 /day\"`, or a hub `referrals = { crisis = \"4 /day\" }`");
        }
    }
}

fn day_fields(d: &DaysTable) -> [&Field<At<f64>>; 7] {
    [&d.mon, &d.tue, &d.wed, &d.thu, &d.fri, &d.sat, &d.sun]
}

fn month_fields(m: &MonthsTable) -> [&Field<At<f64>>; 12] {
    [
        &m.jan, &m.feb, &m.mar, &m.apr, &m.may, &m.jun, &m.jul, &m.aug, &m.sep, &m.oct, &m.nov, &m.dec,
    ]
}
