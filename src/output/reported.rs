//! Figures that were reported of the service, in words, and how the simulation stands to them.

use crate::answers::figures::Figure;
use crate::answers::reported::Reported;
use crate::answers::{Estimate, Measure};
use crate::model::Scenario;
use crate::output::{digits, words};

/// Of which service a figure is.
#[must_use]
pub fn figure(scenario: &Scenario, figure: &Figure) -> String {
    let pathway = &scenario.pathways[figure.pathway.0];
    let name = words::pathway(scenario, figure.pathway);
    let what = match (figure.measure, &pathway.standard) {
        (Measure::ServiceLevel, Some(standard)) => {
            format!(
                "{name}: {} {}",
                words::done(pathway),
                words::within_long(standard.within)
            )
        }
        (measure, _) => format!("{name}: {}", words::measure(measure.name()).to_lowercase()),
    };
    let hub = figure
        .hub
        .map_or_else(String::new, |hub| format!(" at {}", words::hub(scenario, Some(hub))));
    let month = figure
        .month
        .map_or_else(String::new, |month| format!(" in {}", words::month(month)));
    format!("{what}{hub}{month}")
}

/// The same in a word or two.
#[must_use]
pub fn figure_short(scenario: &Scenario, figure: &Figure) -> String {
    let standard = scenario.pathways[figure.pathway.0].standard.as_ref();
    let name = words::pathway(scenario, figure.pathway);
    match (figure.measure, standard) {
        (Measure::ServiceLevel, Some(standard)) => format!("{name}, {}", words::within_short(standard.within)),
        (measure, _) => format!("{name}, {}", words::measure(measure.name()).to_lowercase()),
    }
}

/// A figure's value in its unit.
#[must_use]
pub fn value(figure: &Figure, value: f64) -> String {
    if figure.is_share() {
        format!("{} %", trimmed(value * 100.0, 1))
    } else {
        trimmed(value, 2)
    }
}

/// Doubt about a figure, or the difference of two: points of a share.
#[must_use]
pub fn doubt(figure: &Figure, value: f64) -> String {
    if figure.is_share() {
        format!("{:.1}", value * 100.0)
    } else {
        trimmed(value, 2)
    }
}

/// What is simulated in the place of a figure.
#[must_use]
pub fn estimate(figure: &Figure, e: &Estimate) -> String {
    if figure.is_share() {
        digits::share_inline(e)
    } else {
        digits::number(Some(*e), 1.0)
    }
}

/// A number without the zeros that say nothing.
#[must_use]
pub fn trimmed(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    let text = if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.')
    } else {
        &text
    };
    if text == "-0" { "0".into() } else { text.into() }
}

/// Figures that are farther from the simulation than chance explains, each with what to do. `of` names what was simulated:
/// `the file`, `the base`.
#[must_use]
pub fn apart(scenario: &Scenario, all: &[Reported], of: &str) -> Vec<String> {
    let advice = if scenario.unknowns.is_empty() {
        "say what is not known of it (`[[unknown]]`), and `homefirst calibrate` looks for inputs that do"
    } else {
        "`homefirst calibrate` looks for inputs that do"
    };
    let told = |one: &Reported| {
        format!(
            "{}. That is farther apart than chance in report and simulation explains ({}); unless the model leaves out as much, {of} does not \
             reproduce it: {advice}.",
            both(scenario, one),
            chance(one)
        )
    };
    all.iter().filter(|one| one.is_apart()).map(told).collect()
}

/// Every figure beside the simulation, near or apart.
#[must_use]
pub fn standing(scenario: &Scenario, all: &[Reported]) -> Vec<String> {
    let told = |one: &Reported| {
        let stands = if one.is_apart() { "farther" } else { "no farther" };
        format!(
            "{}: {stands} apart than chance in report and simulation explains ({}).",
            both(scenario, one),
            chance(one)
        )
    };
    all.iter().map(told).collect()
}

fn both(scenario: &Scenario, one: &Reported) -> String {
    format!(
        "{}: {} was reported, {} is simulated",
        figure(scenario, &one.figure).replacen(": ", ", ", 1),
        value(&one.figure, one.figure.value),
        estimate(&one.figure, &one.simulated)
    )
}

fn chance(one: &Reported) -> String {
    let half = doubt(&one.figure, one.chance);
    if one.figure.is_share() {
        format!("± {half} points")
    } else {
        format!("± {half}")
    }
}

#[cfg(test)]
mod tests {
    use super::{apart, standing};
    use crate::answers::Measure;
    use crate::answers::figures::figures;
    use crate::answers::reported::Reported;
    use crate::answers::run::Flow;
    use crate::output::sample;

    #[test]
    fn what_is_apart_is_said_with_what_to_do() {
        let (mut scenario, answer) = (sample::scenario(), sample::answer());
        let figure = figures(&scenario).0.remove(0);
        let level = answer.estimate(figure.hub, Flow::Pathway(figure.pathway), None, Measure::ServiceLevel);
        let at = |value: f64| Reported {
            figure: crate::answers::figures::Figure {
                value,
                ..figure.clone()
            },
            simulated: level.unwrap(),
            chance: 0.031,
        };
        let mean = level.unwrap().mean;
        assert!(apart(&scenario, &[at(mean)], "the file").is_empty());
        assert!(standing(&scenario, &[at(mean)])[0].contains("no farther apart than chance"));
        let said = apart(&scenario, &[at(mean - 0.06)], "the file").remove(0);
        assert!(
            said.contains("was reported") && said.contains("(± 3.1 points)"),
            "{said}"
        );
        assert!(said.contains("the file does not reproduce it"), "{said}");
        scenario.unknowns.clear();
        assert!(apart(&scenario, &[at(mean - 0.06)], "the base")[0].contains("[[unknown]]"));
    }
}
