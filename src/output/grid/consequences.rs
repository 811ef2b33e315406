//! What the service comes to: what becomes of people, the beds in which they wait, and money.

use super::{Grid, HUB};
use crate::answers::Measure;
use crate::answers::run::{Flow, Paid, RunAnswer};
use crate::model::{EndsAfter, Scenario};
use crate::output::{digits, words};

/// Admissions and days in beds or without one, over all hubs.
#[must_use]
pub fn consequences(scenario: &Scenario, answer: &RunAnswer) -> Option<Grid> {
    let mut grid = Grid::new("A year of the service, all hubs", &[("What", false), ("A year", true)]);
    let named = [
        (
            Measure::Admissions,
            "Hospital admissions after leaving or after the first visit",
        ),
        (Measure::BedDaysLost, "Bed days lost waiting for a package"),
        (Measure::FoundNoBedShare, "Referrals that found no bed free"),
        (Measure::DaysWithoutBed, "Days waiting without a bed, none being free"),
    ];
    for (measure, label) in named {
        let rows = answer
            .summary
            .iter()
            .filter(|r| r.hub.is_none() && r.role.is_none() && r.measure == measure);
        for row in rows.filter(|r| r.estimate.is_some()) {
            let of = match row.flow {
                Flow::All => String::new(),
                flow => format!(" ({})", words::flow(scenario, flow)),
            };
            grid.row(
                vec![format!("{label}{of}"), digits::measured(measure, row.estimate)],
                false,
            );
        }
    }
    (!grid.rows.is_empty()).then_some(grid)
}

/// Whether there is ever a limit to beds anywhere.
fn has_limit(scenario: &Scenario) -> bool {
    let days = std::iter::once(scenario).chain(scenario.later.iter().map(|later| &later.scenario));
    days.flat_map(|day| &day.hubs)
        .any(|hub| hub.beds.iter().any(Option::is_some))
}

/// What a year costs over all hubs, at the prices stated and over their ranges.
#[must_use]
pub fn money(scenario: &Scenario, answer: &RunAnswer) -> Option<Grid> {
    let mut grid = Grid::new(
        "What a year costs, all hubs, in pounds",
        &[
            ("What", false),
            ("At the prices stated", true),
            ("Over the range of prices", true),
            ("Prices of", false),
        ],
    );
    let of_beds = |one: bool| {
        let beds = answer.money.iter().filter(|r| r.hub.is_none());
        beds.filter(|r| matches!(r.paid, Paid::Bed(kind) if kind.is_some() == one))
            .count()
    };
    // The only kind of bed is its own sum.
    let alone = of_beds(true) == 1 && of_beds(false) == 1;
    for row in answer.money.iter().filter(|row| row.hub.is_none()) {
        let (label, total) = match row.paid {
            Paid::Staff(Some(id)) => (words::role(scenario, id), false),
            Paid::Staff(None) => ("Staff in post".into(), true),
            Paid::Overtime(Some(_)) => continue,
            Paid::Overtime(None) => ("Overtime, besides".into(), true),
            Paid::Bed(Some(_)) if alone => continue,
            Paid::Bed(Some(id)) => (format!("Bed days lost, {}", scenario.beds[id.0].name), false),
            Paid::Bed(None) => ("Bed days lost waiting for a package".into(), true),
            Paid::Admissions => (
                "Hospital admissions after leaving or after the first visit".into(),
                true,
            ),
        };
        let (low, high) = (row.at_low_prices, row.at_high_prices);
        let range = if high - low < 0.5 {
            String::new()
        } else {
            digits::gbp_range(low, high)
        };
        let year = row.price_year.clone().unwrap_or_default();
        grid.row(vec![label, digits::gbp(row.estimate), range, year], total);
    }
    (!grid.rows.is_empty()).then_some(grid)
}

/// What becomes of people, over all hubs.
#[must_use]
pub fn outcomes(scenario: &Scenario, answer: &RunAnswer) -> Option<Grid> {
    let mut grid = Grid::new(
        "What becomes of people, all hubs",
        &[
            ("After", false),
            ("What", false),
            ("Share", true),
            ("People a year", true),
        ],
    );
    for row in answer.outcomes.iter().filter(|row| row.hub.is_none()) {
        let after = match row.after {
            EndsAfter::FirstResponse(id) => format!("{}: first response", words::pathway(scenario, id)),
            EndsAfter::Leaving(id) => format!("{}: left the queue", words::pathway(scenario, id)),
            EndsAfter::Package(id) => format!("{}: discharge", words::flow(scenario, Flow::Package(id))),
        };
        let cells = vec![
            after,
            row.outcome.clone(),
            digits::share(row.share),
            digits::number(row.per_year, 1.0),
        ];
        grid.row(cells, false);
    }
    (!grid.rows.is_empty()).then_some(grid)
}

/// The beds in which people wait, by kind and hub; nothing where there is no limit to any.
#[must_use]
pub fn beds(scenario: &Scenario, answer: &RunAnswer) -> Option<Grid> {
    let mut grid = Grid::new(
        "Beds in which people wait for a package",
        &[
            ("Bed", false),
            HUB,
            ("Places", true),
            ("People in them, mean", true),
            ("Time with all taken", true),
            ("Bed days lost a year", true),
        ],
    );
    for row in &answer.beds {
        let places = row.places.map_or_else(|| "no limit".into(), |n| n.to_string());
        let cells = vec![
            scenario.beds[row.bed.0].name.clone(),
            words::hub(scenario, row.hub),
            places,
            digits::number(row.occupied, 1.0),
            row.full.map_or_else(String::new, |full| digits::share(Some(full))),
            digits::number(row.days_lost, 1.0),
        ];
        grid.row(cells, row.hub.is_none());
    }
    has_limit(scenario).then_some(grid)
}
