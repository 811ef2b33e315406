//! Tables by month.

use crate::answers::Estimate;
use crate::answers::trajectory::{FAN, Level, Trajectory};
use crate::model::{HubId, PathwayId, Scenario};
use crate::output::digits;
use crate::output::grid::{Grid, standard_caption};
use crate::output::words;

/// A pathway with a standard, month by month; `None` without a standard or with less than one month counted.
#[must_use]
pub fn months(scenario: &Scenario, trajectory: &Trajectory, hub: Option<HubId>, id: PathwayId) -> Option<Grid> {
    let standard = scenario.pathways[id.0].standard.as_ref()?;
    let course = trajectory.course(hub, id)?;
    let within = words::capital(&words::within_short(standard.within));
    let mut grid = Grid::new(
        match hub {
            Some(_) => format!("{}, {}", standard_caption(scenario, id)?, words::hub(scenario, hub)),
            None => standard_caption(scenario, id)?,
        },
        &[
            ("Month", false),
            ("Referrals", true),
            (&within, true),
            ("8 in 10 replications", true),
        ],
    );
    if standard.target.is_some() {
        grid.column("Replications that meet it".into(), true);
    }
    let reported = words::reported_by_month(scenario, hub, id);
    let any_reported = trajectory.months.iter().any(|m| reported.contains_key(&m.month()));
    if any_reported {
        let before = scenario.observed.iter().any(|o| o.before_change);
        grid.column(if before { "Reported of the base" } else { "Reported" }.into(), true);
    }
    for (month, found) in trajectory.months.iter().zip(&course.months) {
        let [low, .., high] = found.fan;
        let between = low.zip(high).map_or_else(
            || digits::NONE.into(),
            |(low, high)| format!("{:.0} to {:.0} %", low.mean * 100.0, high.mean * 100.0),
        );
        let mut cells = vec![
            words::month_of(month),
            digits::number(found.referrals, 1.0),
            digits::share(found.service_level),
            between,
        ];
        if standard.target.is_some() {
            cells.push(digits::share(found.probability_target_met));
        }
        if any_reported {
            let value = reported.get(&month.month());
            cells.push(value.map_or_else(String::new, |v| digits::percent(*v)));
        }
        grid.row(cells, false);
    }
    Some(grid)
}

/// The numbers of the fan: quantiles of the month's share over replications.
#[must_use]
pub fn fan(scenario: &Scenario, trajectory: &Trajectory, hub: Option<HubId>, id: PathwayId) -> Option<Grid> {
    let course = trajectory.course(hub, id).filter(|c| c.standard)?;
    let caption = format!(
        "{}: so many replications stay below this share in the month",
        words::pathway(scenario, id)
    );
    let mut grid = Grid::new(caption, &[("Month", false)]);
    for level in FAN {
        grid.column(digits::percent(level), true);
    }
    for (month, found) in trajectory.months.iter().zip(&course.months) {
        let mut cells = vec![words::month_of(month)];
        cells.extend(
            found
                .fan
                .map(|q| q.map_or_else(|| digits::NONE.into(), |q| format!("{:.1} %", q.mean * 100.0))),
        );
        grid.row(cells, false);
    }
    Some(grid)
}

/// Caseloads and recruited posts, month by month.
#[must_use]
pub fn levels(scenario: &Scenario, trajectory: &Trajectory, levels: &[&Level]) -> Grid {
    let mut grid = Grid::new(
        "Open packages and recruited posts, means over the days of the month",
        &[("Month", false)],
    );
    for level in levels {
        grid.column(
            match level.role {
                Some(role) => format!("Recruited {}, WTE", words::role_inside(scenario, role)),
                None => format!("Caseload, {}", words::flow(scenario, level.flow).to_lowercase()),
            },
            true,
        );
    }
    for (place, month) in trajectory.months.iter().enumerate() {
        let mut cells = vec![words::month_of(month)];
        cells.extend(levels.iter().map(|l| {
            let found = l.months.get(place).copied().flatten();
            if l.role.is_some() {
                posts(found)
            } else {
                digits::number(found, 1.0)
            }
        }));
        grid.row(cells, false);
    }
    grid
}

/// Posts to a tenth, which is as far as anybody speaks of them; ± where chance moves that.
fn posts(found: Option<Estimate>) -> String {
    match found {
        Some(e) if e.half_width < 0.05 => format!("{:.1}", e.mean),
        Some(e) => format!("{:.1} ± {:.1}", e.mean, e.half_width),
        None => digits::NONE.into(),
    }
}
