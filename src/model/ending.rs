//! What becomes of people: the ways in which a first response, a wait or a package ends.

use crate::model::{Outcome, PackageId, PathwayId, Scenario};

/// After what something becomes of people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndsAfter {
    /// The last visit of a first response.
    FirstResponse(PathwayId),
    /// Leaving before anyone was sent.
    Leaving(PathwayId),
    /// Discharge from a package.
    Package(PackageId),
}

/// One way to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ending<'a> {
    /// After what.
    pub after: EndsAfter,
    /// What becomes of people, as in the file; a pathway by its name.
    pub outcome: &'a str,
}

impl Scenario {
    /// Every way to end: those of each pathway's first response, then of leaving it, then of each package; all in the order of
    /// the file.
    #[must_use]
    pub fn endings(&self) -> Vec<Ending<'_>> {
        let mut list = Vec::new();
        for (id, pathway) in self.pathways.iter().enumerate() {
            if pathway.package.is_none() {
                list.extend(pathway.outcome.iter().map(|(outcome, _)| Ending {
                    after: EndsAfter::FirstResponse(PathwayId(id)),
                    outcome: self.outcome_name(outcome),
                }));
            }
            list.extend(pathway.on_leaving.iter().map(|(outcome, _)| Ending {
                after: EndsAfter::Leaving(PathwayId(id)),
                outcome: self.outcome_name(outcome),
            }));
        }
        for (id, package) in self.packages.iter().enumerate() {
            list.extend(package.outcome.iter().map(|(outcome, _)| Ending {
                after: EndsAfter::Package(PackageId(id)),
                outcome,
            }));
        }
        list
    }

    /// An outcome as in the file; a pathway's is its own name.
    #[must_use]
    pub fn outcome_name<'a>(&'a self, outcome: &'a Outcome) -> &'a str {
        match outcome {
            Outcome::Pathway(id) => &self.pathways[id.0].name,
            Outcome::Hospital => "hospital",
            Outcome::End(name) => name,
        }
    }
}
