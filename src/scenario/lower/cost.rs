//! Prices, and the kinds of bed that have one.
//!
//! How far a price may be from what is typed stands where it does for every other number: in `[assumptions]`, as `low` and
//! `high`. The most exact path counts; a range that was stated of another price, before a what-if changed it, does not.

use super::{Lower, MOST_KINDS};
use crate::model::{Bed, Costs, Price, StaffCost};
use crate::scenario::codes;
use crate::scenario::decode::Key;
use crate::scenario::document::{BedTable, HubTable, PathwayTable, RoleTable};
use crate::scenario::paths;
use crate::units::{Per, Pounds};

impl Lower<'_, '_> {
    pub(super) fn lower_costs(&mut self) -> Costs {
        let Some(table) = self.document.costs.get() else {
            return Costs::default();
        };
        let admission = table.admission.value();
        Costs {
            year: table.year.get().map(|at| at.value.clone()),
            admission: admission.map(|cost| self.price(&["costs", "admission"], cost.0, Per::Once)),
        }
    }

    pub(super) fn lower_beds(&mut self) -> Vec<Bed> {
        let Some(entries) = self.document.bed.get() else {
            return Vec::new();
        };
        let lower = |(key, table): (&Key, &BedTable)| {
            let used = self.document.pathway.get().is_some_and(|pathways| {
                pathways
                    .iter()
                    .filter_map(|(_, pathway)| pathway.waits_in.get())
                    .any(|names| names.iter().any(|name| name.value == key.text))
            });
            if !used {
                self.problems
                    .warning(
                        codes::UNUSED,
                        &key.range,
                        format!("nobody waits in a bed of kind `{}`", key.text),
                        "has no effect",
                    )
                    .help(format!("name it in a pathway: `waits-in = [\"{}\"]`", key.text));
            }
            Bed {
                name: key.text.clone(),
                cost: table
                    .cost
                    .value()
                    .map(|cost| self.price(&["bed", &key.text, "cost"], cost.0, Per::Day)),
                year: table.year.get().map(|at| at.value.clone()),
            }
        };
        entries.iter().map(lower).collect()
    }

    /// The kinds of bed of a pathway, in order of preference.
    pub(super) fn waits_in(&mut self, table: &PathwayTable) -> Vec<crate::model::BedId> {
        // With a response it is out of place, and that is said.
        let Some(names) = table.waits_in.get().filter(|_| !table.package.is_absent()) else {
            return Vec::new();
        };
        self.check_count("kinds of bed", names.items.len(), MOST_KINDS, &names.range);
        if names.items.is_empty() {
            self.nothing("waits-in", &names.range);
        }
        let typed: Vec<_> = names.iter().cloned().collect();
        self.distinct("kind of bed", &typed);
        let ids = names.iter().filter_map(|at| self.bed_id(&at.value, &at.range));
        ids.collect()
    }

    /// Places at a hub by kind of bed; no limit where none is typed.
    pub(super) fn places(&mut self, table: &HubTable) -> Vec<Option<u32>> {
        let mut places = vec![None; self.beds.len()];
        if let Some(typed) = table.beds.get() {
            for (key, at) in typed.iter() {
                match (self.bed_id(&key.text, &key.range), u32::try_from(at.value)) {
                    (Some(id), Ok(n)) if n <= 100_000 => places[id.0] = Some(n),
                    (Some(_), _) => self.out_of_range(&key.text, &at.range, "0 to 100,000 places"),
                    (None, _) => {}
                }
            }
        }
        places
    }

    pub(super) fn staff_cost(&mut self, role: &str, table: &RoleTable) -> (Option<StaffCost>, Option<Price>) {
        let cost = table.cost.value().map(|cost| {
            let price = self.price(&["role", role, "cost"], cost.pounds, cost.per);
            if cost.per == Per::Year {
                StaffCost::Year(price)
            } else {
                StaffCost::Hour(price)
            }
        });
        let overtime = table.overtime_cost.value();
        let overtime = overtime.map(|cost| self.price(&["role", role, "overtime-cost"], cost.0, Per::Hour));
        (cost, overtime)
    }

    /// A price with its range, if one is stated of it. A range in another unit, or one that leaves the price out, is told.
    fn price(&mut self, path: &[&str], value: Pounds, per: Per) -> Price {
        let certain = Price::certain(value);
        let Some(entries) = self.document.assumptions.get() else {
            return certain;
        };
        let speaks_of = |typed: &str| {
            let parts = paths::split(typed)?;
            let same = parts.len() == path.len() && parts.iter().zip(path).all(|(a, b)| a == b || a == "*");
            same.then(|| parts.iter().filter(|part| *part != "*").count())
        };
        let found = entries
            .iter()
            .filter_map(|(key, table)| Some((speaks_of(&key.text)?, key, table)))
            .max_by_key(|(exact, ..)| *exact);
        let Some((_, key, table)) = found.filter(|(_, key, _)| !self.outdated.assumptions.contains(&key.text)) else {
            return certain;
        };
        let (Some(low), Some(high)) = (table.low.get(), table.high.get()) else {
            return certain;
        };
        let limit = |typed: &str| {
            let times = typed
                .trim()
                .strip_suffix("times")
                .and_then(|n| n.trim().parse::<f64>().ok());
            let priced = || Pounds::parse_price(typed, per).ok().map(Pounds::get);
            times.map(|n| n * value.get()).or_else(priced)
        };
        let limits = limit(&low.value.0).zip(limit(&high.value.0));
        let pounds = |v: f64| Pounds::new(v).ok();
        let price = limits
            .filter(|(low, high)| *low <= value.get() && value.get() <= *high)
            .and_then(|(low, high)| pounds(low).zip(pounds(high)));
        // A path with `*` may speak of prices in several units, of which this is another.
        let exact = !key.text.contains('*');
        match price {
            Some((low, high)) => Price { value, low, high },
            None => {
                if exact {
                    self.problems
                        .warning(
                            codes::PRICE_RANGE,
                            &low.range,
                            format!("the range of `{}` cannot be used: costs are shown as if it were certain", key.text),
                            "from here",
                        )
                        .beside(&high.range, "to here")
                        .help(
                            "give both ends in the unit of the price, with the price between them, such as \"30 GBP/h\" and \
                             \"40 GBP/h\"; or as \"0.9 times\" and \"1.2 times\"",
                        );
                }
                certain
            }
        }
    }

    fn bed_id(&mut self, name: &str, range: &std::ops::Range<usize>) -> Option<crate::model::BedId> {
        let found = self.beds.iter().position(|n| n == name);
        if found.is_none() {
            let names = self.beds.clone();
            self.unknown_name("bed", name, range, &names);
        }
        found.map(crate::model::BedId)
    }
}
