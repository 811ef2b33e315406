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
    /// Warns of a warm-up from an empty service that is shorter than the longest package and two weeks: until then the
    /// caseload is still filling, whatever the staff. (With as many carers as anybody needs, a caseload follows its
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
        let Some((longest, package)) = lasts.max() else {
            return;
        };
        let needed = longest + FOR_THE_QUEUE;
        if has >= needed {
            return;
        }
        let Some(experiment) = self.document.experiment.get() else {
            return;
        };
        let range = experiment.warm_up.place().unwrap_or(&experiment.range).clone();
        let days = |span: Span| (span.ms() + Span::DAY.ms() - 1).div_euclid(Span::DAY.ms());
        let message = format!(
            "the warm-up is {} days, and packages `{}` last up to {}: measuring begins while the caseload is still filling",
            days(has),
            scenario.packages[package].name,
            days(longest)
        );
        self.problems
            .warning(codes::WARM_UP, &range, message, "")
            .help(format!("give `warm-up = \"{} days\"` (the longest package and two weeks)", days(needed)))
            .help("or say in `[[caseload]]` how many packages are open at the start; `homefirst warm-up` looks more closely");
    }
}
