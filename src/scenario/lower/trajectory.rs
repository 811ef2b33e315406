//! What is asked of results over time.

use jiff::civil::Date;

use super::{Lower, MOST_KINDS};
use crate::model::{Scenario, TrajectoryPlan};
use crate::scenario::codes;
use crate::scenario::decode::{At, List};
use crate::units::{Share, Span};

impl Lower<'_, '_> {
    pub(super) fn lower_trajectory(&mut self, scenario: &Scenario) -> TrajectoryPlan {
        let default = TrajectoryPlan::default();
        let Some(table) = self.document.trajectory.get() else {
            return default;
        };
        let allowed = "0.5 to 1; 80 % of replications is 0.8";
        let usual = default.confidence.get();
        let confidence = self.number("confidence", &table.confidence, (0.5, 1.0), allowed, usual);
        TrajectoryPlan {
            deadlines: table
                .deadlines
                .get()
                .map(|list| self.deadlines(list, scenario))
                .unwrap_or_default(),
            confidence: Share::new(confidence).unwrap_or(default.confidence),
        }
    }

    /// The deadlines in order; two that are the same and those outside of the measured time are reported.
    fn deadlines(&mut self, list: &List<At<Date>>, scenario: &Scenario) -> Vec<Date> {
        self.check_count("deadlines", list.items.len(), MOST_KINDS, &list.range);
        if list.items.is_empty() {
            self.nothing("deadlines", &list.range);
        }
        let start = scenario.experiment.calendar.start();
        let mut seen: Vec<&At<Date>> = Vec::new();
        for at in list.iter().take(MOST_KINDS) {
            if let Some(first) = seen.iter().find(|s| s.value == at.value) {
                self.problems
                    .error(
                        codes::TWICE,
                        &at.range,
                        format!("the deadline {} is named twice", at.value),
                        "the second time",
                    )
                    .beside(&first.range, "the first time")
                    .help("leave one of them out");
                continue;
            }
            if at.value < start {
                self.problems
                    .warning(
                        codes::DEADLINE,
                        &at.range,
                        format!("the deadline {} lies before the measured time", at.value),
                        format!("measuring starts on {start}"),
                    )
                    .help("nothing can be said of it; let `start` be earlier, or leave the deadline out");
            }
            let run_length = scenario.experiment.run_length;
            if Span::from_days(scenario.experiment.calendar.day_of(at.value)) >= run_length {
                self.problems
                    .warning(
                        codes::DEADLINE,
                        &at.range,
                        format!("the deadline {} lies after the measured time", at.value),
                        format!("measuring ends {} days after {start}", run_length.days()),
                    )
                    .help("nothing can be said of it; give a longer `run-length`, or leave the deadline out");
            }
            seen.push(at);
        }
        let mut deadlines: Vec<Date> = seen.into_iter().map(|at| at.value).collect();
        deadlines.sort();
        deadlines
    }
}
