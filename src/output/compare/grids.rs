//! What options change, in tables.

use super::Compared;
use super::sentences::judged;
use crate::answers::compare::{CompareRow, Direction, OptionAnswer};
use crate::answers::run::Flow;
use crate::answers::{Estimate, Measure};
use crate::model::{HubId, PackageId, PathwayId, RoleId};
use crate::output::grid::Grid;
use crate::output::{digits, words};

/// What stands where there is nothing.
const EMPTY: &str = "";

/// A difference of service levels as a cell: `+3.1 ± 0.4`, with words where it cannot be told.
fn points(row: Option<&CompareRow>) -> String {
    let Some(row) = row else { return digits::NONE.into() };
    let cell = digits::points_signed(&judged(row));
    match row.direction() {
        Direction::Same => "the same".into(),
        Direction::NoDetectable => format!("{cell}, not detectable"),
        Direction::Up | Direction::Down => cell,
    }
}

/// A number of the base or of an option, with the digits that its difference has.
fn level(row: &CompareRow, value: f64, measure: Measure) -> String {
    let e = Estimate {
        mean: value,
        low: value,
        high: value,
        ..row.change
    };
    match measure.unit() {
        "share" => format!("{} %", digits::share_figure(&e).mean),
        "GBP per year" => digits::pounds(value),
        _ => digits::number_figure(&e, 1.0).mean,
    }
}

/// A difference that explains and does not decide, with its single interval.
fn change(row: &CompareRow) -> String {
    if row.same {
        return "the same".into();
    }
    match row.measure.unit() {
        "share" => format!("{} points", digits::points_signed(&row.change)),
        _ => digits::number_signed(&row.change, 1.0),
    }
}

/// The service level of every option over all hubs, a table for each standard.
#[must_use]
pub fn overall(compared: &Compared<'_>) -> Vec<Grid> {
    let standards = words::standards(compared.base);
    standards
        .map(|(id, pathway, standard)| {
            let within = words::capital(&words::within_short(standard.within));
            let mut grid = Grid::new(
                format!(
                    "{}: {} {}, all hubs",
                    words::pathway(compared.base, id),
                    words::done(pathway),
                    words::within_long(standard.within)
                ),
                &[("Option", false), (&within, true), ("Against base, points", true)],
            );
            let rows = compared
                .answer
                .options
                .iter()
                .map(|option| (option, option.level(None, id)));
            let base = rows.clone().find_map(|(_, row)| row);
            let told = base.map_or_else(|| digits::NONE.into(), |row| level(row, row.base, row.measure));
            grid.row(vec!["Base".into(), told, EMPTY.into()], false);
            for (option, row) in rows {
                let is = row.map_or_else(|| digits::NONE.into(), |row| level(row, row.option, row.measure));
                grid.row(vec![option.name.clone(), is, points(row)], false);
            }
            grid
        })
        .collect()
}

/// Differences of service levels by hub, tables of at most so many options for each standard; none where there is one hub.
#[must_use]
pub fn by_hub(compared: &Compared<'_>, abreast: usize) -> Vec<Grid> {
    let base = compared.base;
    if base.hubs.len() < 2 {
        return Vec::new();
    }
    let mut grids = Vec::new();
    for (id, _, standard) in words::standards(base) {
        for options in compared.answer.options.chunks(abreast.max(1)) {
            let mut columns = vec![("Hub", false)];
            columns.extend(options.iter().map(|option| (option.name.as_str(), true)));
            let mut grid = Grid::new(
                format!(
                    "{} {}, by hub: points against the base",
                    words::pathway(base, id),
                    words::within_short(standard.within)
                ),
                &columns,
            );
            for hub in words::hubs_and_all(base) {
                let mut cells = vec![words::hub(base, hub)];
                cells.extend(options.iter().map(|option| points(option.level(hub, id))));
                grid.row(cells, hub.is_none());
            }
            grids.push(grid);
        }
    }
    grids
}

/// Staff that options change; `None` if they change none.
#[must_use]
pub fn staff(compared: &Compared<'_>) -> Option<Grid> {
    let columns = [
        ("Option", false),
        ("Role", false),
        ("WTE", true),
        ("People, at least", true),
        ("On shift, mean", true),
        ("Cost a year", true),
    ];
    let mut grid = Grid::new("Staff that options change, all hubs: base → option", &columns);
    let both = |pair: [String; 2]| {
        let [base, option] = pair;
        if base == option {
            base
        } else {
            format!("{base} → {option}")
        }
    };
    for option in &compared.answer.options {
        let changed: Vec<_> = option.staff.iter().filter(|role| role.changes()).collect();
        for (n, role) in changed.iter().enumerate() {
            let as_given = || "as given".to_owned();
            grid.row(
                vec![
                    if n == 0 { option.name.clone() } else { EMPTY.into() },
                    words::capital(&role.role.replace('-', " ")),
                    role.wte.map_or_else(as_given, |wte| both(wte.map(digits::wte))),
                    role.heads.map_or_else(as_given, |heads| both(heads.map(digits::count))),
                    both(role.on_shift.map(digits::people)),
                    role.cost
                        .map_or_else(|| "not given".into(), |cost| both(cost.map(digits::pounds))),
                ],
                false,
            );
        }
    }
    (!grid.rows.is_empty()).then_some(grid)
}

/// What stands in the first column of a supporting figure.
fn named(compared: &Compared<'_>, flow: Flow, role: Option<RoleId>, measure: Measure) -> String {
    let what = match measure {
        Measure::WaitMeanMin => "mean wait, min",
        Measure::WaitP90Min => "p90 wait, min",
        Measure::RenegedShare => "left before being seen",
        Measure::UnansweredShare => "never seen",
        Measure::Admissions => "admissions a year",
        Measure::BedDaysLost => "bed days lost a year",
        Measure::BedCostGbp => "cost of bed days a year, £",
        Measure::CaseloadMean => "caseload",
        Measure::VisitsMissedShare => "planned visits missed",
        Measure::VisitsLateShare => "planned visits late",
        Measure::Utilisation => "utilisation",
        Measure::OvertimeHPerWeek => "overtime, h a week",
        Measure::Referrals => "referrals in the window",
        other => other.name(),
    };
    match role {
        Some(role) => format!("{}: {what}", words::role(compared.base, role)),
        None => format!("{}: {what}", words::flow(compared.base, flow)),
    }
}

/// The supporting figures of the tables, in their order.
fn supports(compared: &Compared<'_>) -> Vec<(Flow, Option<RoleId>, Measure)> {
    let base = compared.base;
    let mut list = Vec::new();
    let mut all = |flow, role, measures: &[Measure]| list.extend(measures.iter().map(|m| (flow, role, *m)));
    for p in 0..base.pathways.len() {
        all(
            Flow::Pathway(PathwayId(p)),
            None,
            &[
                Measure::Referrals,
                Measure::WaitMeanMin,
                Measure::WaitP90Min,
                Measure::RenegedShare,
                Measure::Admissions,
                Measure::BedDaysLost,
                Measure::BedCostGbp,
            ],
        );
    }
    for p in 0..base.packages.len() {
        all(
            Flow::Package(PackageId(p)),
            None,
            &[
                Measure::CaseloadMean,
                Measure::VisitsLateShare,
                Measure::VisitsMissedShare,
            ],
        );
    }
    for r in 0..base.roles.len() {
        all(
            Flow::All,
            Some(RoleId(r)),
            &[Measure::Utilisation, Measure::OvertimeHPerWeek],
        );
    }
    list
}

/// What stands behind the service levels, over all hubs: waits, visits, caseload, staff; tables of at most so many options.
/// Figures that are the same in every option are left out.
#[must_use]
pub fn supporting(compared: &Compared<'_>, abreast: usize) -> Vec<Grid> {
    let options = compared.answer.options.chunks(abreast.max(1));
    options
        .map(|options| {
            let mut columns = vec![("All hubs", false), ("Base", true)];
            columns.extend(options.iter().map(|option| (option.name.as_str(), true)));
            let mut grid = Grid::new(
                "What stands behind it: changes against the base, each with its single interval",
                &columns,
            );
            for (flow, role, measure) in supports(compared) {
                let rows: Vec<Option<&CompareRow>> = options
                    .iter()
                    .map(|option| option.row(None, flow, role, measure))
                    .collect();
                let Some(base) = rows.iter().flatten().next() else {
                    continue;
                };
                if rows.iter().all(|row| row.is_none_or(|row| row.same)) {
                    continue;
                }
                let mut cells = vec![named(compared, flow, role, measure), level(base, base.base, measure)];
                cells.extend(rows.iter().map(|row| row.map_or_else(|| digits::NONE.into(), change)));
                grid.row(cells, false);
            }
            grid
        })
        .filter(|grid| !grid.rows.is_empty())
        .collect()
}

/// Single intervals, those of the family, and what common random numbers saved, a table for each option.
#[must_use]
pub fn variance(compared: &Compared<'_>, option: &OptionAnswer) -> Grid {
    let columns = [
        ("Standard", false),
        ("Hub", false),
        ("Points", true),
        ("Single interval", true),
        ("All at once", true),
        ("Variance saved", true),
    ];
    let mut grid = Grid::new(
        format!(
            "{}: every difference of service levels, with both intervals",
            option.name
        ),
        &columns,
    );
    let hubs: Vec<Option<HubId>> = if compared.base.hubs.len() > 1 {
        words::hubs_and_all(compared.base).collect()
    } else {
        vec![None]
    };
    for (id, _, _) in words::standards(compared.base) {
        for hub in &hubs {
            let Some(row) = option.level(*hub, id) else { continue };
            let range = |e: &Estimate| {
                if e.half_width.is_finite() {
                    format!("{:+.2} to {:+.2}", e.low * 100.0, e.high * 100.0)
                } else {
                    "not known".into()
                }
            };
            let saved = row
                .variance_ratio
                .map_or_else(|| "–".into(), |ratio| format!("{ratio:.1} times"));
            grid.row(
                vec![
                    words::pathway(compared.base, id),
                    words::hub(compared.base, *hub),
                    format!("{:+.2}", row.change.mean * 100.0),
                    range(&row.change),
                    row.simultaneous.as_ref().map_or_else(String::new, range),
                    saved,
                ],
                hub.is_none() && hubs.len() > 1,
            );
        }
    }
    grid
}
