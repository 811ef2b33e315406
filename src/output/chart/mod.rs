//! Figures as SVG text: one file per figure, one theme for all.
//!
//! Text stays text, so a figure scales, can be searched and read aloud. Each carries a title and a description; the
//! table that belongs to it is in [`crate::output::grid`]. Nothing is told by colour alone: shapes, labels and line
//! forms differ as well, and every figure can be read in grey.

mod allocate;
mod calibrate;
mod causes;
mod compare;
#[cfg(test)]
mod fits;
mod months;
mod needed;
mod required;
mod service_level;
mod staffing;
mod theme;
mod tornado;
mod utilisation;
mod waits;
mod warm_up;
mod week;
mod xmr;

pub use allocate::allocate;
pub use calibrate::calibrate;
pub use causes::{causes, causes_by_hour};
pub use compare::compare;
pub use months::{months, months_drawn, recruitment};
pub use needed::needed;
pub use required::required;
pub use service_level::service_level;
pub use staffing::staffing;
pub use tornado::tornado;
pub use utilisation::utilisation;
pub use waits::waits;
pub use warm_up::first_weeks;
pub use xmr::xmr;

use crate::answers::run::RunAnswer;
use crate::model::{Pathway, PathwayId, RoleId, Scenario};
use crate::output::words;

/// A figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    /// File name without ending; also the root of the ids inside the SVG.
    pub name: String,
    /// What it shows.
    pub title: String,
    /// What can be seen in it, for people who cannot see it.
    pub description: String,
    /// The SVG document.
    pub svg: String,
}

/// Every figure of a run that there are numbers for.
#[must_use]
pub fn all(scenario: &Scenario, answer: &RunAnswer) -> Vec<Figure> {
    let mut figures: Vec<Figure> = words::standards(scenario)
        .filter_map(|(id, _, _)| service_level(scenario, answer, id))
        .collect();
    figures.extend(waits(scenario, answer));
    figures.extend(staffing(scenario, answer));
    figures.extend(utilisation(scenario, answer));
    for (id, _, _) in words::standards(scenario) {
        figures.extend(causes(scenario, answer, id));
        figures.extend(causes_by_hour(scenario, answer, id));
    }
    figures.extend(words::standards(scenario).filter_map(|(id, _, _)| months(scenario, answer, id)));
    figures.extend((0..scenario.roles.len()).filter_map(|role| recruitment(scenario, answer, RoleId(role))));
    figures.extend(answer.published.iter().map(|of| xmr(scenario, answer, of)));
    figures.extend(words::standards(scenario).filter_map(|(id, _, _)| months_drawn(scenario, answer, id)));
    figures
}

/// The name of a pathway's figure. Names that differ only in signs get their place beside them.
fn file_name(what: &str, scenario: &Scenario, id: PathwayId) -> String {
    let part = |p: &Pathway| theme::file_part(&p.name);
    let own = part(&scenario.pathways[id.0]);
    let shared = scenario.pathways.iter().filter(|p| part(p) == own).count() > 1;
    if shared || own.is_empty() {
        format!("{what}_{own}_{}", id.0 + 1)
    } else {
        format!("{what}_{own}")
    }
}

#[cfg(test)]
mod tests {
    use super::all;
    use crate::output::sample;

    #[test]
    fn every_figure_is_named_described_and_scales() {
        let mut scenario = sample::scenario();
        scenario.hubs[0].name = "R&D <north> \"hub\"".into();
        let figures = all(&scenario, &sample::answer());
        let names: Vec<&str> = figures.iter().map(|f| f.name.as_str()).collect();
        assert_eq!(
            names,
            [
                "service_level_crisis",
                "service_level_reablement",
                "service_level_step-down",
                "waits",
                "staffing",
                "utilisation",
                "causes_crisis",
                "causes_hours_crisis",
                "causes_reablement",
                "causes_hours_reablement",
                "causes_step-down",
                "causes_hours_step-down",
                "months_crisis",
                "months_reablement",
                "months_step-down"
            ]
        );
        for f in &figures {
            assert!(f.svg.starts_with("<svg role=\"img\" aria-labelledby=\""), "{}", f.name);
            assert!(f.svg.contains("viewBox=\"0 0 "), "{}", f.name);
            assert!(
                f.svg.contains("<title id=") && f.svg.contains("<desc id="),
                "{}",
                f.name
            );
            assert!(f.svg.trim_end().ends_with("</svg>"), "{}", f.name);
            assert!(!f.svg.contains("<north>"), "{}", f.name);
            assert_eq!(
                all(&scenario, &sample::answer()).iter().find(|g| g.name == f.name),
                Some(f)
            );
        }
    }

    #[test]
    fn names_that_differ_only_in_signs_make_different_files() {
        let mut scenario = sample::scenario();
        scenario.pathways[1].name = "crisis!".into();
        let figures = all(&scenario, &sample::answer());
        let names: Vec<&str> = figures.iter().map(|f| f.name.as_str()).take(2).collect();
        assert_eq!(names, ["service_level_crisis_1", "service_level_crisis_2"]);
    }

    #[test]
    fn nothing_measured_makes_no_figure() {
        let (scenario, mut answer) = (sample::scenario(), sample::answer());
        answer.summary.clear();
        answer.hourly.clear();
        answer.waits.clear();
        answer.causes.clear();
        answer.causes_hourly.clear();
        answer.trajectory.courses.clear();
        assert!(all(&scenario, &answer).is_empty());
    }
}
