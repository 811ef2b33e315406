//! What is known, what is not, and why each number is what it is.

use toml::de::DeValue;

use super::{Lower, MOST_NOTES};
use crate::model::{Assumption, Observed, RangeShape, Scenario, Unknown};
use crate::scenario::codes;
use crate::scenario::decode::{At, Field, Node};
use crate::scenario::document::ObservedTable;
use crate::scenario::paths;
use crate::scenario::problems::suggestion;
use crate::scenario::ranges::plain;
use crate::scenario::values::AsTyped;
use crate::scenario::written::typed;
use crate::units::{PerDay, Span};

/// The measures that an observed figure may name: those of `summary.csv`.
pub const MEASURES: &[&str] = &[
    "referrals",
    "declined",
    "service_level",
    "probability_target_met",
    "equity_gap_points",
    "wait_mean_min",
    "wait_p50_min",
    "wait_p90_min",
    "wait_p95_min",
    "wait_from_receipt_mean_min",
    "reneged_share",
    "unanswered_share",
    "queue_mean",
    "admissions",
    "bed_days_lost",
    "bed_cost_gbp",
    "days_without_bed",
    "found_no_bed_share",
    "admission_cost_gbp",
    "caseload_mean",
    "utilisation",
    "on_shift_mean",
    "offered_load",
    "overtime_h_per_week",
    "visits",
    "visits_late_share",
    "visits_missed_share",
    "overtime_cost_gbp",
    "staff_cost_gbp",
];

/// Of those, the measures of pathways that `monthly.csv` has too.
const MONTHLY: &[&str] = &["referrals", "service_level", "probability_target_met"];

/// The most referrals that a figure may be of.
const MOST_REFERRALS: u64 = 1_000_000_000;

/// The longest value that the assumptions book shows.
const LONGEST_VALUE: usize = 80;

impl Lower<'_, '_> {
    pub(super) fn lower_observed(&mut self, scenario: &Scenario) -> Vec<Observed> {
        let Some(list) = self.document.observed.get() else {
            return Vec::new();
        };
        self.check_count("entries", list.items.len(), MOST_NOTES, &list.range);
        let mut observed = Vec::new();
        for table in list.iter().take(MOST_NOTES) {
            if let Some(at) = table.measure.get()
                && !MEASURES.contains(&at.value.as_str())
            {
                self.problems
                    .error(codes::WORD, &at.range, format!("`{}` is not a measure", at.value), "")
                    .help(suggestion(&at.value, MEASURES.iter().copied()));
            }
            if let (Some(measure), Some(at)) = (table.measure.get(), table.value.get())
                && is_share(&measure.value)
                && !(0.0..=1.0).contains(&at.value)
            {
                self.out_of_range("value", &at.range, "0 to 1; 79 % is 0.79");
            }
            self.check_how_sure(table);
            let hub = table.hub.get().and_then(|at| {
                let found = scenario.hub(&at.value);
                if found.is_none() {
                    let names = self.hubs.clone();
                    self.unknown_name("hub", &at.value, &at.range, &names);
                }
                found
            });
            let pathway = table.pathway.get().and_then(|at| self.pathway_id(&at.value, &at.range));
            if let (Some(month), Some(measure)) = (table.month.get(), table.measure.get())
                && MEASURES.contains(&measure.value.as_str())
                && !MONTHLY.contains(&measure.value.as_str())
            {
                self.problems
                    .error(
                        codes::CLASH,
                        &month.range,
                        format!("`{}` has no figure by month", measure.value),
                        "so that nothing could stand beside it",
                    )
                    .beside(&measure.range, "this measure")
                    .help(format!(
                        "measures with a `month`: {}; or leave `month` out",
                        MONTHLY.join(", ")
                    ));
            }
            let text = |field: &Field<At<String>>| field.get().map(|at| at.value.clone()).unwrap_or_default();
            observed.push(Observed {
                measure: text(&table.measure),
                hub,
                pathway,
                month: table.month.value(),
                value: table.value.value().unwrap_or_default(),
                plus_minus: table.plus_minus.value(),
                referrals: table.referrals.value(),
                source: text(&table.source),
                before_change: self.outdated.observed,
            });
        }
        observed
    }

    /// Reports what is said of a figure's own certainty, where it cannot be meant so.
    fn check_how_sure(&mut self, table: &ObservedTable) {
        let share = table.measure.get().is_none_or(|at| is_share(&at.value));
        if let Some(at) = table.plus_minus.get()
            && !(at.value > 0.0 && (!share || at.value < 1.0))
        {
            let allowed = "above 0, in the unit of the measure; 5 points of a share are 0.05";
            self.out_of_range("plus-minus", &at.range, allowed);
        }
        let Some(referrals) = table.referrals.get() else { return };
        if !(1..=MOST_REFERRALS).contains(&referrals.value) {
            self.out_of_range("referrals", &referrals.range, "1 to 1,000,000,000");
        }
        if let Some(plus_minus) = table.plus_minus.get() {
            self.problems
                .error(
                    codes::CLASH,
                    &referrals.range,
                    "this and `plus-minus` say the same thing twice",
                    "how sure the figure is",
                )
                .beside(&plus_minus.range, "and this")
                .help(
                    "keep `plus-minus` if the report gave it, and `referrals` if it is only known how many there were",
                );
        }
        if let (Some(measure), false) = (table.measure.get(), share) {
            self.problems
                .error(
                    codes::CLASH,
                    &referrals.range,
                    format!(
                        "how sure a `{}` is does not follow from the number of referrals",
                        measure.value
                    ),
                    "",
                )
                .beside(&measure.range, "no share")
                .help("give `plus-minus` instead, in the unit of the measure");
        }
    }

    pub(super) fn lower_unknowns(&mut self) -> Vec<Unknown> {
        let Some(list) = self.document.unknown.get() else {
            return Vec::new();
        };
        self.check_count("entries", list.items.len(), MOST_NOTES, &list.range);
        let mut unknowns = Vec::new();
        for table in list.iter().take(MOST_NOTES) {
            let now = table.path.get().map(|at| self.value_now(&at.value, &at.range));
            if let (Some(from), Some(to)) = (table.from.get(), table.to.get()) {
                self.check_interval(from, to);
            }
            self.check_distribution(&table.distribution, &table.from, &table.to);
            let typed = |field: &Field<At<AsTyped>>| field.get().map(|at| at.value.0.clone()).unwrap_or_default();
            unknowns.push(Unknown {
                path: table.path.get().map(|at| at.value.clone()).unwrap_or_default(),
                from: typed(&table.from),
                to: typed(&table.to),
                now: now.unwrap_or_default(),
                distribution: table.distribution.value().unwrap_or_default(),
            });
        }
        unknowns
    }

    /// The value at a path as typed, and the sum of a total; empty if it is not one value. A path to nothing is reported.
    fn value_now(&mut self, path: &str, range: &std::ops::Range<usize>) -> String {
        let typed = self.nodes(path, range);
        let parts = paths::split(path).unwrap_or_default();
        let Some(role) = paths::total(self.root, &parts) else {
            return typed;
        };
        let wte = ["hub", "*", "staff", role].map(str::to_string);
        let of = |node: &Node<'_>| self.as_typed(node).parse::<f64>().ok();
        let all: Option<Vec<f64>> = paths::find(self.root, &wte).into_iter().map(of).collect();
        // Sums of quarters and tenths without what binary adds to them.
        let sum = |all: Vec<f64>| ((all.iter().sum::<f64>() * 1e6).round() / 1e6).to_string();
        all.filter(|all| !all.is_empty()).map(sum).unwrap_or_default()
    }

    /// Reports limits of different kinds or in the wrong order.
    fn check_interval(&mut self, from: &At<AsTyped>, to: &At<AsTyped>) {
        match (quantity(&from.value.0), quantity(&to.value.0)) {
            (Some((kind, low)), Some((other, high))) if kind == other => {
                if low > high {
                    self.problems
                        .error(
                            codes::RANGE,
                            &from.range,
                            "the lower limit is above the upper one",
                            "lower",
                        )
                        .beside(&to.range, "upper")
                        .help("put the smaller number first");
                }
            }
            (Some(_), Some(_)) => {
                self.problems
                    .error(
                        codes::UNIT,
                        &to.range,
                        "the two limits are of different kinds",
                        "the upper limit",
                    )
                    .beside(&from.range, "the lower limit")
                    .help("give both the same unit");
            }
            (low, _) => {
                let bad = if low.is_none() { from } else { to };
                self.problems
                    .error(
                        codes::UNIT,
                        &bad.range,
                        format!("\"{}\" is not a number, a length of time or a rate", bad.value.0),
                        "",
                    )
                    .help("for example: `16`, `\"30 min\"` or `\"13 /day\"`");
            }
        }
    }

    /// Reports a distribution without a range, or of a range that it cannot have.
    fn check_distribution(
        &mut self,
        distribution: &Field<At<RangeShape>>,
        low: &Field<At<AsTyped>>,
        high: &Field<At<AsTyped>>,
    ) {
        let Some(at) = distribution.get() else { return };
        if low.is_absent() || high.is_absent() {
            self.problems
                .error(codes::MISSING_KEY, &at.range, "a `distribution` needs a range", "")
                .help("give `low` and `high` as well");
            return;
        }
        let above_nothing = matches!(at.value, RangeShape::Lognormal | RangeShape::Gamma);
        let (Some(low), true) = (low.get(), above_nothing) else {
            return;
        };
        let number = low.value.0.trim();
        let end = number.find(|c: char| !(c.is_ascii_digit() || ['.', '-', '+'].contains(&c)));
        if number[..end.unwrap_or(number.len())]
            .parse::<f64>()
            .is_ok_and(|n| n <= 0.0)
        {
            self.problems
                .error(
                    codes::DISTRIBUTION,
                    &low.range,
                    format!("a `{}` range begins above 0", at.value.name()),
                    "",
                )
                .beside(&at.range, "this distribution")
                .help("give a lower end above 0, or `distribution = \"uniform\"`");
        }
    }

    pub(super) fn lower_assumptions(&mut self) -> Vec<Assumption> {
        let Some(entries) = self.document.assumptions.get() else {
            return Vec::new();
        };
        self.check_count("entries", entries.list.len(), MOST_NOTES, &entries.range);
        let mut list = Vec::new();
        for (key, table) in entries.iter().take(MOST_NOTES) {
            let value = self.nodes(&key.text, &key.range);
            let text = |field: &Field<At<String>>| field.get().map(|at| at.value.clone()).unwrap_or_default();
            let typed = |field: &Field<At<AsTyped>>| field.get().map(|at| at.value.0.clone()).unwrap_or_default();
            let Some(kind) = table.kind.value() else { continue };
            if let (Some(low), Some(high)) = (table.low.get(), table.high.get())
                && let (Some((one, from)), Some((other, to))) = (quantity(&low.value.0), quantity(&high.value.0))
                && one == other
                && from > to
            {
                self.check_interval(low, high);
            }
            self.check_distribution(&table.distribution, &table.low, &table.high);
            list.push(Assumption {
                path: key.text.clone(),
                value,
                kind,
                low: typed(&table.low),
                high: typed(&table.high),
                distribution: table.distribution.value().unwrap_or_default(),
                source: text(&table.source),
                why: text(&table.why),
                changed: self.outdated.assumptions.contains(&key.text),
            });
        }
        list
    }

    /// The value at a path as typed, if it is short; a path to nothing is reported.
    fn nodes(&mut self, path: &str, range: &std::ops::Range<usize>) -> String {
        let root = self.root;
        let parts = paths::split(path).unwrap_or_default();
        if paths::total(root, &parts).is_some() {
            return String::new();
        }
        let found = paths::find(root, &parts);
        // A slip in the key or name itself has been reported.
        let mended = |(meant, typed): &(String, String)| {
            let mended = |part: &String| if part == meant { typed.clone() } else { part.clone() };
            let parts: Vec<String> = parts.iter().map(mended).collect();
            paths::total(root, &parts).is_some() || !paths::find(root, &parts).is_empty()
        };
        if found.is_empty() && self.problems.slips().iter().any(mended) {
            return String::new();
        }
        if found.is_empty() {
            let all = self.paths.get_or_insert_with(|| paths::all(root));
            let help = paths::help(path, all);
            self.problems
                .error(codes::PATH, range, format!("`{path}` names nothing in this file"), "")
                .help(help);
            return String::new();
        }
        let mut values: Vec<String> = found.iter().map(|node| self.as_typed(node)).collect();
        values.dedup();
        let text = values.join(", ");
        if text.chars().count() <= LONGEST_VALUE {
            text
        } else {
            String::new()
        }
    }

    /// The text of a value, without the quotes of a string; nothing for tables under a header. A value that a change has made of
    /// another stands where the change does: that is not its text.
    fn as_typed(&self, node: &Node<'_>) -> String {
        let text = self.problems.sources.text(&node.span());
        let made = match node.get_ref() {
            DeValue::String(own) => Some(own.to_string()).filter(|own| text.trim_matches('"') != own),
            DeValue::Integer(_) | DeValue::Float(_) => {
                let own = typed(node);
                let same = own.parse::<f64>().ok() == text.replace('_', "").parse::<f64>().ok();
                (!same).then_some(own)
            }
            _ => None,
        };
        if let Some(own) = made.filter(|own| !own.contains(['\n', '\\'])) {
            return without_rounding(&own);
        }
        // Tables and lists under a header of their own have its text for a place.
        let is_header = match node.get_ref() {
            DeValue::Table(_) => !text.starts_with('{'),
            DeValue::Array(_) => text.starts_with("[["),
            _ => false,
        };
        if is_header || text.contains('\n') {
            return String::new();
        }
        text.trim_matches('"').to_owned()
    }
}

/// An amount without the digits that only binary arithmetic has brought.
fn without_rounding(text: &str) -> String {
    let end = text
        .find(|c: char| !(c.is_ascii_digit() || ['.', '-', '+'].contains(&c)))
        .unwrap_or(text.len());
    match text[..end].parse::<f64>() {
        Ok(number) => plain(number) + &text[end..],
        Err(_) => text.to_owned(),
    }
}

/// Whether a measure is a share.
fn is_share(measure: &str) -> bool {
    measure == "service_level" || measure.ends_with("_share")
}

/// The kind of a limit and its size within that kind.
pub(crate) fn quantity(text: &str) -> Option<(&'static str, f64)> {
    if let Ok(n) = text.trim().parse::<f64>() {
        return Some(("number", n));
    }
    if let Ok(span) = Span::parse(text) {
        return Some(("time", span.minutes()));
    }
    PerDay::parse(text).ok().map(|rate| ("rate", rate.get()))
}
