//! Staff to be slid: words, table, CSV and JSON. What a reader moves is in [`crate::output::html`].

use serde::Serialize;

use crate::answers::Estimate;
use crate::answers::Measure;
use crate::answers::allocate::Counted;
use crate::answers::sliders::{SlidCell, SlidTeam, Sliders, SlidersPlan};
use crate::model::{HubId, PathwayId, RoleId, Scenario};
use crate::output::csv::{self, CsvError};
use crate::output::grid::Grid;
use crate::output::{digits, words};

/// The columns of `sliders.csv`. The second role is empty where one is slid alone.
pub const COLUMNS: [&str; 17] = csv::with_estimate([
    "scenario",
    "hub",
    "pathway",
    "role",
    "staff",
    "counted",
    "role_2",
    "staff_2",
    "counted_2",
    "measure",
    "unit",
]);

/// How staff are counted, as in files.
const fn counted(counted: Counted) -> &'static str {
    match counted {
        Counted::Wte => "wte",
        Counted::OnShift => "on_shift",
    }
}

/// `sliders.csv`: a row for each hub, pathway with a standard, and number of staff.
///
/// # Errors
/// [`CsvError`] if the table cannot be made.
pub fn csv(scenario: &Scenario, sliders: &Sliders) -> Result<String, CsvError> {
    csv::table(&COLUMNS, rows(sliders).map(|row| line(scenario, sliders, &row)))
}

/// A figure: of a team, a number of staff, a hub and a pathway.
struct Row<'a> {
    team: &'a SlidTeam,
    cell: &'a SlidCell,
    hub: HubId,
    pathway: PathwayId,
    level: Option<Estimate>,
}

fn rows(sliders: &Sliders) -> impl Iterator<Item = Row<'_>> {
    let cells = sliders
        .teams
        .iter()
        .flat_map(|team| team.cells.iter().map(move |cell| (team, cell)));
    cells.flat_map(|(team, cell)| {
        cell.levels.iter().map(move |&(hub, pathway, level)| Row {
            team,
            cell,
            hub,
            pathway,
            level,
        })
    })
}

fn line(scenario: &Scenario, sliders: &Sliders, row: &Row<'_>) -> Vec<String> {
    let mut cells = vec![
        scenario.name.clone(),
        csv::hub(scenario, Some(row.hub)).to_owned(),
        scenario.pathways[row.pathway.0].name.clone(),
    ];
    for n in 0..2 {
        let role = sliders
            .roles
            .get(n)
            .zip(row.cell.staff.get(n))
            .zip(row.team.counted.get(n));
        cells.extend(role.map_or_else(Default::default, |((&role, &staff), &how)| {
            [csv::role(scenario, Some(role)), &csv::number(staff), counted(how)].map(str::to_owned)
        }));
    }
    cells.extend([Measure::ServiceLevel.name(), Measure::ServiceLevel.unit()].map(str::to_owned));
    cells.extend(csv::estimate(row.level));
    cells
}

/// As in JSON documents.
#[derive(Serialize)]
pub(super) struct SlidersJson<'a> {
    roles: Vec<&'a str>,
    replications: u32,
    confidence: f64,
    cells: Vec<CellJson<'a>>,
}

#[derive(Serialize)]
struct CellJson<'a> {
    hub: &'a str,
    pathway: &'a str,
    staff: &'a [f64],
    service_level: Option<Estimate>,
}

/// Every figure, in the order of the CSV file.
pub(super) fn json<'a>(scenario: &'a Scenario, sliders: &'a Sliders) -> SlidersJson<'a> {
    let cell = |row: Row<'a>| CellJson {
        hub: csv::hub(scenario, Some(row.hub)),
        pathway: &scenario.pathways[row.pathway.0].name,
        staff: &row.cell.staff,
        service_level: row.level,
    };
    SlidersJson {
        roles: sliders
            .roles
            .iter()
            .map(|&role| csv::role(scenario, Some(role)))
            .collect(),
        replications: sliders.replications,
        confidence: sliders.confidence,
        cells: rows(sliders).map(cell).collect(),
    }
}

/// Roles in a sentence: `crisis worker and therapist`.
fn roles(scenario: &Scenario, roles: &[RoleId]) -> String {
    let names: Vec<String> = roles.iter().map(|&role| words::role_inside(scenario, role)).collect();
    words::list(&names)
}

/// The work that sliders take with so many replications, before it is begun.
#[must_use]
pub fn work(scenario: &Scenario, of: &[RoleId], plan: &SlidersPlan, replications: u32, at_most: bool) -> String {
    let times = plan.cells() as f64 / plan.teams().max(1) as f64;
    format!(
        "Sliders for {}: {} numbers of staff at {}, {}{} replications each. That is {} replications of single hubs or pools, {} times \
         as much as the run itself.",
        roles(scenario, of),
        digits::count(plan.cells() as u64),
        teams(plan.teams()),
        if at_most { "at most " } else { "" },
        digits::count(replications.into()),
        digits::count(plan.units(replications)),
        words::about(times),
    )
}

fn teams(n: usize) -> String {
    if n == 1 {
        "one team".into()
    } else {
        format!("{n} teams")
    }
}

/// That there are sliders, and where.
#[must_use]
pub fn told(scenario: &Scenario, sliders: &Sliders) -> String {
    let cells: usize = sliders.teams.iter().map(|team| team.cells.len()).sum();
    format!(
        "The report has sliders for {}: {} numbers of staff at {}, also in sliders.csv.",
        roles(scenario, &sliders.roles),
        digits::count(cells as u64),
        teams(sliders.teams.len())
    )
}

/// What was simulated, and what was not.
#[must_use]
pub fn sentences(scenario: &Scenario, sliders: &Sliders) -> Vec<String> {
    let cells: usize = sliders.teams.iter().map(|team| team.cells.len()).sum();
    vec![
        format!(
            "Simulated: {} numbers of staff ({}) at {}, each with {} replications, on the same people as the rest of this report. \
             Intervals are {} confidence intervals, one by one.",
            digits::count(cells as u64),
            roles(scenario, &sliders.roles),
            teams(sliders.teams.len()),
            digits::count(sliders.replications.into()),
            digits::percent(sliders.confidence)
        ),
        "Staff of other roles, demand and rules are those of the file. Teams share no staff, so that the figures of one do not depend on \
         the staff of another."
            .into(),
        "Nothing between or beyond these numbers was simulated, and nothing is said of it: the ends of each slider are the fewest and the \
         most that were."
            .into(),
        "Whether two numbers of staff differ is better told by homefirst compare, which says how sure the difference is: on the same \
         people it is surer than the two intervals look."
            .into(),
    ]
}

/// The heading of a role's staff in a team.
#[must_use]
pub fn staff_heading(scenario: &Scenario, role: RoleId, how: Counted) -> String {
    let unit = match how {
        Counted::Wte => "WTE",
        Counted::OnShift => "mean on shift",
    };
    format!("{}, {unit}", words::role(scenario, role))
}

/// The name of a team: its hubs.
#[must_use]
pub fn team(scenario: &Scenario, team: &SlidTeam) -> String {
    let names: Vec<String> = team.hubs.iter().map(|&hub| words::hub(scenario, Some(hub))).collect();
    words::list(&names)
}

/// Every number of staff of a team with its service levels; the row of the staff as they are is its total.
#[must_use]
pub fn grid(scenario: &Scenario, sliders: &Sliders, of: &SlidTeam) -> Grid {
    let mut grid = Grid::new(format!("{}: service level by staff", team(scenario, of)), &[]);
    for (&role, &how) in sliders.roles.iter().zip(&of.counted) {
        grid.column(staff_heading(scenario, role, how), true);
    }
    let first = of.cells.first().map_or(&[][..], |cell| &cell.levels);
    for &(hub, pathway, _) in first {
        let within = scenario.pathways[pathway.0]
            .standard
            .map(|s| words::within_short(s.within));
        let own = format!("{} {}", words::pathway(scenario, pathway), within.unwrap_or_default());
        grid.column(
            match of.hubs.as_slice() {
                [_] => own,
                _ => format!("{}: {own}", words::hub(scenario, Some(hub))),
            },
            true,
        );
    }
    for cell in &of.cells {
        let staff = cell.staff.iter().map(|&n| digits::wte(n));
        let levels = cell.levels.iter().map(|&(.., level)| digits::share(level));
        let now = cell.change.iter().all(|&change| change == 0);
        grid.row(staff.chain(levels).collect(), now);
    }
    grid
}
