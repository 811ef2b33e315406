//! How well the results shall be known.

use super::Lower;
use crate::model::Scenario;
use crate::scenario::codes;
use crate::scenario::document::ExperimentTable;
use crate::units::Points;

/// The smallest and the largest half-width that can be asked for \[points\]. A smaller one is beyond any data and would take
/// millions of replications; a larger one says nothing.
pub const PRECISION: (f64, f64) = (0.01, 20.0);

impl Lower<'_, '_> {
    pub(super) fn precision(&mut self, table: &ExperimentTable) -> Option<Points> {
        let at = table.precision.get()?;
        let points = at.value;
        if (PRECISION.0..=PRECISION.1).contains(&points.get()) {
            return Some(points);
        }
        let allowed = "0.01 to 20 points; \"0.5 points\" is usual";
        self.out_of_range("precision", &at.range, allowed);
        None
    }

    /// Without a standard there is no service level to be known.
    pub(super) fn check_precision(&mut self, scenario: &Scenario) {
        let place = self.document.experiment.get().and_then(|e| e.precision.place());
        let Some(place) = place.filter(|_| scenario.pathways.iter().all(|p| p.standard.is_none())) else {
            return;
        };
        self.problems
            .error(
                codes::CLASH,
                place,
                "`precision` is that of service levels, and no pathway has a `standard`",
                "",
            )
            .help("leave `precision` out and say `replications = 400`; or give a pathway its `standard`");
    }
}
