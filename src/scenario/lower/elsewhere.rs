//! People served elsewhere, and how many people live in each hub's area.

use std::ops::Range;

use super::{Lower, MOST_KINDS};
use crate::model::{Hub, HubId, PathwayId, Scenario, ServedElsewhere};
use crate::scenario::codes;
use crate::scenario::decode::{At, Decode as _};
use crate::scenario::document::{HubTable, ServedElsewhereTable};
use crate::units::Span;

/// The most entries of `served-elsewhere`.
const MOST_ENTRIES: usize = 1_000;
/// The most residents of a hub's area.
const MOST_RESIDENTS: u32 = 100_000_000;

impl Lower<'_, '_> {
    pub(super) fn lower_served_elsewhere(&mut self, hubs: &[Hub]) -> Vec<ServedElsewhere> {
        let Some(list) = self.document.served_elsewhere.get() else {
            return Vec::new();
        };
        self.check_count(
            "entries of `served-elsewhere`",
            list.items.len(),
            MOST_ENTRIES,
            &list.range,
        );
        let tables: Vec<&ServedElsewhereTable> = list.iter().take(MOST_ENTRIES).collect();
        // One without a name is called as its home.
        let name = |t: &ServedElsewhereTable| t.name.get().or(t.home.get()).cloned();
        let names: Vec<At<String>> = tables.iter().filter_map(|t| name(t)).collect();
        self.distinct("`served-elsewhere`", &names);
        let mut taken: Vec<(HubId, PathwayId, f64, Range<usize>)> = Vec::new();
        let mut entries = Vec::new();
        for table in tables {
            let home = table.home.get().and_then(|at| self.hub_id(at));
            let by = table.served_by.get().and_then(|at| self.hub_id(at));
            let pathways = self.pathways_of(table);
            if let Some(at) = table.extra_travel.get()
                && at.value > Span::DAY
            {
                self.out_of_range("extra-travel", &at.range, "at most 24 h, as in \"12 min\"");
            }
            let (Some(home), Some(by)) = (home, by) else { continue };
            if home == by
                && let Some(at) = table.served_by.get()
            {
                let message = format!("\"{}\" serves its own people anyway", at.value);
                let mut told = self.problems.error(codes::CLASH, &at.range, message, "who serves them");
                if let Some(home) = table.home.get() {
                    told = told.beside(&home.range, "where they live");
                }
                told.help("name another hub in `served-by`, or leave the entry out");
                continue;
            }
            self.nobody_to_serve(table, &pathways, hubs.get(home.0));
            let Some(share) = table.share.get() else { continue };
            self.no_more_than_all(home, &pathways, share.value.get(), &share.range, &mut taken);
            entries.push(ServedElsewhere {
                name: name(table).map(|at| at.value).unwrap_or_default(),
                home,
                by,
                share: share.value,
                pathways,
                extra_travel: table.extra_travel.value().unwrap_or_default(),
            });
        }
        entries
    }

    fn hub_id(&mut self, at: &At<String>) -> Option<HubId> {
        let found = self.hubs.iter().position(|n| *n == at.value);
        if found.is_none() {
            let names = self.hubs.clone();
            self.unknown_name("hub", &at.value, &at.range, &names);
        }
        found.map(HubId)
    }

    /// The pathways named, or all of them.
    fn pathways_of(&mut self, table: &ServedElsewhereTable) -> Vec<PathwayId> {
        let Some(names) = table.pathways.get() else {
            return (0..self.pathways.len()).map(PathwayId).collect();
        };
        self.check_count("pathways", names.items.len(), MOST_KINDS, &names.range);
        if names.items.is_empty() {
            self.nothing("pathways", &names.range);
        }
        let mut found: Vec<(PathwayId, Range<usize>)> = Vec::new();
        for at in names.iter().take(MOST_KINDS) {
            let Some(id) = self.pathway_id(&at.value, &at.range) else {
                continue;
            };
            if let Some((_, first)) = found.iter().find(|(known, _)| *known == id) {
                self.problems
                    .error(
                        codes::TWICE,
                        &at.range,
                        format!("`{}` is named twice", at.value),
                        "the second time",
                    )
                    .beside(first, "the first time")
                    .help("leave one of them out");
            } else {
                found.push((id, at.range.clone()));
            }
        }
        found.into_iter().map(|(id, _)| id).collect()
    }

    /// Warns where none of the referrals that are shared out here is of this hub.
    fn nobody_to_serve(&mut self, table: &ServedElsewhereTable, pathways: &[PathwayId], home: Option<&Hub>) {
        let Some(home) = home else { return };
        let none = pathways
            .iter()
            .all(|p| home.referrals.get(p.0).is_none_or(|rate| rate.get() == 0.0));
        if none && !pathways.is_empty() && !self.problems.has_errors() {
            let at = table.pathways.place().or_else(|| table.home.place());
            let range = at.unwrap_or(&table.range).clone();
            self.problems
                .warning(
                    codes::UNUSED,
                    &range,
                    format!("\"{}\" receives none of these referrals", home.name),
                    "nobody is served elsewhere",
                )
                .help("a share is of the referrals that the hub itself receives; those born of others stay with whoever serves the first");
        }
    }

    /// Reports shares of one hub's referrals that come to more than all of them.
    fn no_more_than_all(
        &mut self,
        home: HubId,
        pathways: &[PathwayId],
        share: f64,
        range: &Range<usize>,
        taken: &mut Vec<(HubId, PathwayId, f64, Range<usize>)>,
    ) {
        let mut told = false;
        for &pathway in pathways {
            let before: Vec<_> = taken.iter().filter(|(h, p, ..)| (*h, *p) == (home, pathway)).collect();
            let sum = before.iter().map(|(.., share, _)| share).sum::<f64>() + share;
            if sum > 1.0 + 1e-9 && !std::mem::replace(&mut told, true) {
                let sum = (sum * 1e6).round() / 1e6;
                let name = self.hubs.get(home.0).cloned().unwrap_or_default();
                let places: Vec<Range<usize>> = before.iter().map(|(.., place)| place.clone()).collect();
                let message =
                    format!("the shares of \"{name}\" that are served elsewhere add up to {sum}, more than all");
                let mut error = self.problems.error(codes::CLASH, range, message, "with this one");
                for place in &places {
                    error = error.beside(place, "");
                }
                error.help("shares are of the referrals of the area where people live; together they are at most 1");
            }
            taken.push((home, pathway, share, range.clone()));
        }
    }

    /// Warns of a hub with staff of which nobody is left to be served there. Runs only when nothing is wrong.
    pub(super) fn check_somebody_is_served(&mut self, scenario: &Scenario) {
        let Some(list) = self.document.served_elsewhere.get() else {
            return;
        };
        let groups = scenario.groups();
        for (number, hub) in scenario.hubs.iter().enumerate() {
            let mut served = groups.iter().filter(|g| g.by == HubId(number));
            let lived = hub.referrals.iter().any(|rate| rate.get() > 0.0);
            let staffed = hub.staff.iter().any(|s| !s.is_none());
            if !lived || !staffed || served.any(|g| g.own_referrals().any(|rate| rate > 0.0)) {
                continue;
            }
            let entries = list.iter().zip(&scenario.served_elsewhere);
            let last = entries.filter(|(_, entry)| entry.home == HubId(number)).last();
            let place = last
                .and_then(|(table, _)| table.share.place())
                .unwrap_or(&list.range)
                .clone();
            self.problems
                .warning(
                    codes::UNUSED,
                    &place,
                    format!("nobody is left to be served by \"{}\"", hub.name),
                    "its staff wait for nobody",
                )
                .help("if that is meant, move its staff too: give them to the hub that serves its people");
        }
    }

    /// How many people live in a hub's area.
    pub(super) fn residents(&mut self, table: &HubTable) -> Option<u32> {
        table.residents.get()?;
        Some(self.whole("residents", &table.residents, 0, MOST_RESIDENTS, 0))
    }

    /// Residents are given at every hub or at none; otherwise the hubs cannot be compared.
    pub(super) fn check_residents(&mut self) -> String {
        let Some(list) = self.document.hub.get() else {
            return String::new();
        };
        let with = list.iter().find_map(|h| Some(h.residents.place()?.clone()));
        let without = list.iter().find(|h| h.residents.is_absent() && !h.strange());
        if let (Some(with), Some(without)) = (&with, without) {
            let name = without.name.get().map(|at| at.value.clone()).unwrap_or_default();
            let place = without.name.place().unwrap_or(&without.range).clone();
            self.problems
                .error(
                    codes::MISSING_KEY,
                    &place,
                    format!("\"{name}\" has no `residents`, and other hubs have"),
                    "`residents` is missing here",
                )
                .beside(with, "given here")
                .help("give `residents` at every hub, or at none: hubs are compared by them");
        }
        let Some(are) = self.document.residents_are.get() else {
            return "residents".into();
        };
        if are.value.trim().is_empty() {
            self.nothing("residents-are", &are.range);
        } else if with.is_none() && !list.iter().any(|h| h.strange()) {
            self.problems
                .warning(codes::UNUSED, &are.range, "no hub has `residents`", "says who they are")
                .help("give every `[[hub]]` its `residents`, or leave this out");
        }
        are.value.trim().into()
    }
}
