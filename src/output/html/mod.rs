//! The report.
use crate::answers::check::CheckAnswer;
use crate::answers::run::RunAnswer;
use crate::model::Scenario;
use crate::output::RunContext;
/// Report.
#[must_use]
pub fn report(_scenario: &Scenario, _answer: &RunAnswer, _check: &CheckAnswer, _ctx: &RunContext) -> String {
    String::new()
}
