//! Hubs: demand, travel, staff.

use super::{Lower, MOST_HUBS, MOST_KINDS};
use crate::model::{AtStart, Hub, PoolPiece, Role, Staffing, Travel};
use crate::random::Distribution;
use crate::scenario::decode::{At, Decode as _, Either, Field, List};
use crate::scenario::document::{ExactStaffTable, HubTable, PieceTable, TravelTable};
use crate::scenario::{codes, files};
use crate::units::{PerDay, Share, Span, Wte};

/// The most people on shift at one hub and role.
const MOST_ON_SHIFT: u32 = 10_000;

impl Lower<'_, '_> {
    pub(super) fn lower_hubs(&mut self, roles: &[Role]) -> Vec<Hub> {
        let Some(list) = self.document.hub.get() else {
            return Vec::new();
        };
        let with_share: Vec<_> = list.iter().filter(|h| !h.share.is_absent()).collect();
        let parts: Vec<_> = with_share.iter().map(|h| h.share.clone()).collect();
        let mut scaled = Vec::new();
        // With a hub that says nothing of its demand, which is reported there, or that is not known as one, the sum
        // means nothing.
        let silent = |h: &HubTable| h.share.is_absent() && h.referrals.is_absent();
        let unread = list.items.iter().any(|h| h.get().is_none_or(silent));
        let slip = self.problems.slips().iter().any(|(meant, _)| meant == "/hub");
        if let Some(last) = parts.iter().rev().find_map(Field::get)
            && !unread
            && !slip
        {
            let range = last.range.clone();
            scaled = self.sum_to_one("the hubs' shares", &parts, &range, 0.002);
        }
        let mut scaled = scaled.into_iter();
        let mut hubs = Vec::new();
        for table in list.iter().take(MOST_HUBS) {
            let share = (!table.share.is_absent()).then(|| scaled.next().unwrap_or_default());
            hubs.push(self.lower_hub(table, share, roles));
        }
        if with_share.is_empty() {
            self.check_totals_are_spread();
        }
        hubs
    }

    /// A pathway's total is spread by the hubs' shares, so there must be some.
    fn check_totals_are_spread(&mut self) {
        let Some(pathways) = self.document.pathway.get() else {
            return;
        };
        for (key, table) in pathways.iter() {
            if let Some(at) = table.referrals.get() {
                self.problems
                    .error(
                        codes::CLASH,
                        &at.range,
                        format!("the referrals of `{}` reach no hub", key.text),
                        "a total over all hubs, but no hub has a `share`",
                    )
                    .help(format!(
                        "the hubs have numbers of their own: change those, `hub.*.referrals.{}`",
                        key.text
                    ))
                    .help("or all referrals of a hub: `hub.*.demand-times`, where 1.1 is a tenth more")
                    .help("or give every hub a `share` in place of its `referrals`");
            }
        }
    }

    fn lower_hub(&mut self, table: &HubTable, share: Option<Share>, roles: &[Role]) -> Hub {
        let referrals = self.referrals(table, share);
        let travel = match table.travel.get() {
            Some(travel) => self.travel(travel),
            None => Travel {
                urgent: Distribution::fixed(Span::ZERO),
                round: Distribution::fixed(Span::ZERO),
                hours: None,
            },
        };
        let mut caseload_limit = vec![None; self.packages.len()];
        if let Some(limits) = table.caseload_limit.get() {
            for (key, at) in limits.iter() {
                let id = self.package_id(&key.text, &key.range);
                match (id, u32::try_from(at.value)) {
                    (Some(id), Ok(limit)) if limit >= 1 => caseload_limit[id.0] = Some(limit),
                    (Some(_), _) => self.out_of_range(&key.text, &at.range, "at least 1; leave it out for no limit"),
                    (None, _) => {}
                }
            }
        }
        Hub {
            residents: self.residents(table),
            name: table.name.get().map(|at| at.value.clone()).unwrap_or_default(),
            referrals,
            travel,
            staff: self.staff(table, roles),
            caseload_limit,
            beds: self.places(table),
            at_start: AtStart::default(),
        }
    }

    fn referrals(&mut self, table: &HubTable, share: Option<Share>) -> Vec<PerDay> {
        let mut rates = vec![PerDay::default(); self.pathways.len()];
        match (table.share.get(), table.referrals.get()) {
            (Some(share), Some(own)) => {
                for (key, at) in own.iter() {
                    if !self.has_total(&key.text) {
                        continue;
                    }
                    self.problems
                        .error(
                            codes::CHOICE,
                            &at.range,
                            format!(
                                "this hub has a share of all `{}` referrals, and a number of its own",
                                key.text
                            ),
                            "of its own",
                        )
                        .beside(&share.range, "a share of the totals")
                        .help("leave one of them out: beside a `share` stand pathways without a total")
                        .help("for so many times its share: `demand-times = 1.1`");
                }
            }
            (None, None) if table.share.is_absent() && table.referrals.is_absent() && !table.strange() => {
                self.problems
                    .error(codes::CHOICE, &table.range, "this hub has neither `share` nor `referrals`", "one of them is needed")
                    .help("for example: `share = 0.2`, or `referrals = { crisis = \"4.4 /day\" }`; for no referrals, `share = 0`");
            }
            _ => {}
        }
        if let (Some(share), Some(pathways)) = (share, self.document.pathway.get()) {
            for (i, (_, field)) in pathways.list.iter().enumerate() {
                let total = field.get().and_then(|p| p.referrals.value()).unwrap_or_default();
                rates[i] = PerDay::new(total.get() * share.get()).unwrap_or_default();
            }
        }
        if let Some(own) = table.referrals.get() {
            for (key, at) in own.iter() {
                if let Some(id) = self.pathway_id(&key.text, &key.range) {
                    rates[id.0] = at.value;
                }
            }
        }
        let times = self.number("demand-times", &table.demand_times, (0.0, 100.0), "0 to 100", 1.0);
        for rate in &mut rates {
            *rate = PerDay::new(rate.get() * times).unwrap_or_default();
        }
        rates
    }

    /// Whether a pathway has a number of referrals over all hubs.
    fn has_total(&self, pathway: &str) -> bool {
        let mut pathways = self.document.pathway.get().into_iter().flat_map(|all| all.iter());
        pathways.any(|(key, table)| key.text == pathway && !table.referrals.is_absent())
    }

    fn travel(&mut self, table: &TravelTable) -> Travel {
        let cv = table.cv.value().unwrap_or(0.0);
        let mut one = |field: &Field<At<Span>>| {
            let Some(at) = field.get() else {
                return Distribution::fixed(Span::ZERO);
            };
            Distribution::lognormal_mean_cv(at.value, cv).unwrap_or_else(|error| {
                let mut places = vec![("mean", at.range.clone())];
                places.extend(table.cv.get().map(|cv| ("cv", cv.range.clone())));
                self.impossible(&error, &places, &table.range);
                Distribution::fixed(Span::ZERO)
            })
        };
        let urgent = one(&table.urgent);
        // A wrong cv has been reported with the first.
        let round = if cv.is_finite() && (0.0..=100.0).contains(&cv) {
            one(&table.round)
        } else {
            Distribution::fixed(Span::ZERO)
        };
        let hours = table.hours.get().and_then(|list| self.numbers("hours", list, 24));
        Travel { urgent, round, hours }
    }

    fn staff(&mut self, table: &HubTable, roles: &[Role]) -> Vec<Staffing> {
        let mut staff = vec![Staffing::NONE; self.roles.len()];
        let Some(entries) = table.staff.get() else { return staff };
        for (key, typed) in entries.iter() {
            let at = At {
                value: key.text.clone(),
                range: key.range.clone(),
            };
            let Some(id) = self.role_id(&at) else { continue };
            match typed {
                Either::Short(at) => {
                    match Wte::new(at.value) {
                        Ok(wte) => {
                            // Roles that could not be read are missing from the list.
                            let shiftless = roles.iter().any(|r| r.name == key.text && r.shifts.is_empty());
                            let read = self.document.role.get().and_then(|r| r.list.get(id.0));
                            let none_typed = read.and_then(|(_, f)| f.get()).is_some_and(|t| {
                                (t.shifts.is_absent() && !t.strange())
                                    || t.shifts.get().is_some_and(|list| list.items.is_empty())
                            });
                            let message = format!("these WTE reach no shift: `role.{}` has no `shifts`", key.text);
                            if wte.get() > 0.0 && shiftless && none_typed && !self.problems.again(&message, &at.range) {
                                self.problems
                                .error(codes::NO_SHIFTS, &at.range, message, "WTE in post")
                                .help("give the role `shifts = [{ name = \"day\", from = \"08:00\", to = \"20:00\" }]`")
                                .help(format!("or say how many are on shift: `{} = {{ on-shift = 3 }}`", key.text));
                            }
                            staff[id.0] = Staffing::Wte(wte);
                        }
                        Err(_) => self.out_of_range(&key.text, &at.range, "0 to 100,000 WTE"),
                    }
                }
                Either::Full(exact) => {
                    if let Some(staffing) = self.exact(exact) {
                        staff[id.0] = staffing;
                    }
                }
            }
        }
        staff
    }

    fn exact(&mut self, table: &ExactStaffTable) -> Option<Staffing> {
        if table.strange() {
            return None;
        }
        if table.on_shift.is_absent() == table.rota.is_absent() {
            self.problems
                .error(
                    codes::CHOICE,
                    &table.range,
                    "exactly one of `on-shift` and `rota` is needed",
                    "",
                )
                .help("for example: `{ on-shift = 3 }`; for WTE, just the number");
            return None;
        }
        if let Some(path) = table.rota.get() {
            let source = self.folder.open(path, self.problems)?;
            let unfit = |n: f64| {
                let whole = n.fract() == 0.0 && (0.0..=f64::from(MOST_ON_SHIFT)).contains(&n);
                (!whole).then_some("people on shift are a whole number from 0 to 10000")
            };
            let hours = files::week_table(&source, unfit, self.problems)?;
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "checked just above"
            )]
            return Some(Staffing::Rota(hours.iter().map(|&n| n as u32).collect()));
        }
        match table.on_shift.get()? {
            Either::Short(at) => {
                let count = self.whole("on-shift", &Field::Given(at.clone()), 0, MOST_ON_SHIFT, 0);
                Some(Staffing::OnShift(vec![PoolPiece {
                    name: None,
                    from: Span::ZERO,
                    to: Span::DAY,
                    count,
                }]))
            }
            Either::Full(list) => Some(Staffing::OnShift(self.pieces(list))),
        }
    }

    fn pieces(&mut self, list: &List<PieceTable>) -> Vec<PoolPiece> {
        self.check_count("stretches", list.items.len(), MOST_KINDS, &list.range);
        let names: Vec<At<String>> = list.iter().filter_map(|p| p.name.get().cloned()).collect();
        self.distinct("stretch", &names);
        let mut pieces: Vec<(PoolPiece, &PieceTable)> = Vec::new();
        for table in list.iter().take(MOST_KINDS) {
            let count = self.whole("count", &table.count, 0, MOST_ON_SHIFT, 0);
            let help = "for always the same number: `{ on-shift = 3 }`";
            let Some((from, to)) = self.stretch(&table.from, &table.to, "stretch", help) else {
                continue;
            };
            let piece = PoolPiece {
                name: table.name.get().map(|at| at.value.clone()),
                from,
                to,
                count,
            };
            if let Some((_, other)) = pieces.iter().find(|(p, _)| overlap((p.from, p.to), (from, to))) {
                let show = |t: &PieceTable| t.from.get().map_or_else(|| t.range.clone(), |at| at.range.clone());
                let (here, there) = (show(table), show(other));
                self.problems
                    .error(
                        codes::OVERLAP,
                        &here,
                        "two stretches of the day overlap",
                        "this one starts here",
                    )
                    .beside(&there, "the other starts here")
                    .help("let one end where the next begins: \"08:00\" to \"20:00\", then \"20:00\" to \"08:00\"");
            }
            pieces.push((piece, table));
        }
        pieces.into_iter().map(|(piece, _)| piece).collect()
    }
}

/// Whether two stretches of the day, each of which may pass midnight, share any time.
fn overlap(a: (Span, Span), b: (Span, Span)) -> bool {
    let parts = |(from, to): (Span, Span)| {
        if from < to {
            vec![(from, to)]
        } else {
            vec![(from, Span::DAY), (Span::ZERO, to)]
        }
    };
    parts(a).iter().any(|x| parts(b).iter().any(|y| x.0 < y.1 && y.0 < x.1))
}

#[cfg(test)]
mod tests {
    use super::overlap;
    use crate::units::Span;

    #[test]
    fn stretches_that_pass_midnight_overlap_only_where_they_share_time() {
        let h = |from, to| (Span::from_hours(from), Span::from_hours(to));
        assert!(!overlap(h(8, 20), h(20, 8)));
        assert!(overlap(h(8, 20), h(19, 8)));
        assert!(overlap(h(22, 6), h(5, 9)));
        assert!(!overlap(h(22, 0), h(0, 6)));
        assert!(overlap(h(0, 24), h(3, 4)));
    }
}
