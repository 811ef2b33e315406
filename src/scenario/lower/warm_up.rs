//! Whether the warm-up is as long as what it has to fill.

use super::Lower;
use crate::model::Scenario;
use crate::scenario::codes;
use crate::units::Span;

/// Packages that last longer than this share of them are left out of account.
const NEARLY_ALL: f64 = 0.999;
/// What a queue is given besides, to come to its own level.
const FOR_THE_QUEUE: Span = Span::from_days(14);

impl Lower<'_, '_> {
    /// Warns of a caseload at the start before a longer warm-up than it needs; and of a warm-up from an empty service that
    /// is shorter than the longest package and two weeks: until then the caseload is still filling, whatever the staff. (With as many carers as anybody needs, a caseload follows its
    /// referrals exactly from the moment at which the longest package begun at the start has ended.)
    pub(super) fn check_warm_up(&mut self, scenario: &Scenario) {
        let has = scenario.experiment.warm_up;
        let given = |package: usize| {
            let open = |h: &crate::model::Hub| h.at_start.open.iter().any(|(id, _)| id.0 == package);
            scenario.hubs.iter().all(open)
        };
        let begun = |package: usize| {
            let by = |p: &crate::model::Pathway| {
                p.package
                    .iter()
                    .chain(p.also.iter().map(|(id, _)| id))
                    .any(|id| id.0 == package)
            };
            scenario.pathways.iter().any(by)
        };
        let lasts = (0..scenario.packages.len())
            .filter(|&n| begun(n) && !given(n))
            .map(|n| (scenario.packages[n].length.quantile(NEARLY_ALL), n));
        let longest = lasts.max();
        let needed = longest.map_or(Span::ZERO, |(longest, _)| longest) + FOR_THE_QUEUE;
        if has > needed && scenario.hubs.iter().any(|h| !h.at_start.is_nothing()) {
            self.caseload_before_a_long_warm_up(has, needed);
        }
        let Some((longest, package)) = longest.filter(|_| has < needed) else {
            return;
        };
        let Some(experiment) = self.document.experiment.get() else {
            return;
        };
        let range = experiment.warm_up.place().unwrap_or(&experiment.range).clone();
        let message = format!(
            "the warm-up is {} days, and packages `{}` last up to {} days: measuring begins while the caseload is still filling",
            days(has),
            scenario.packages[package].name,
            days(longest)
        );
        self.problems
            .warning(codes::WARM_UP, &range, message, "")
            .help(format!("give `warm-up = \"{} days\"` (the longest package and two weeks)", days(needed)))
            .help("or say in `[[caseload]]` how many packages are open at the start; `homefirst warm-up` looks more closely");
    }

    /// What is given stands at the beginning of the warm-up: behind a long one little of it is left.
    fn caseload_before_a_long_warm_up(&mut self, has: Span, needed: Span) {
        let Some(first) = self.document.caseload.get().and_then(|list| list.iter().next()) else {
            return;
        };
        let message = format!(
            "this caseload stands at the beginning of the warm-up, {} days before measuring begins",
            days(has)
        );
        self.problems.warning(codes::CASELOAD, &first.range, message, "").help(format!(
            "give `warm-up = \"{} days\"`, which is enough with it, so that it is still there when measuring begins",
            days(needed)
        ));
    }
}

/// Whole days, rounded up.
const fn days(span: Span) -> i64 {
    (span.ms() + Span::DAY.ms() - 1).div_euclid(Span::DAY.ms())
}
