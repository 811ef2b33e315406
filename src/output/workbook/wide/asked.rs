//! What was asked beyond a run, side by side: staff needed, more staff, inputs that fit what was reported, inputs one at a time.

use super::{Rows, Wide};
use crate::model::Scenario;
use crate::output::csv::ALL;
use crate::output::words;
use crate::output::workbook::picture::{Form, Picture, Series};
use crate::output::workbook::sheet::{Cell, Kind};
use crate::output::workbook::table::Table;

/// Inputs in a picture at most: the table has them all, the one that moves the level farthest first.
const MOST_INPUTS: u32 = 16;
/// Pictures of pairs of inputs at most.
const MOST_PAIRS: u16 = 3;

fn path(table: &Table, row: usize) -> Cell {
    Cell::Text(words::capital(&words::input(table.text(row, "path"))))
}

/// The staff that is needed beside that of the scenario, number by number.
pub(super) fn needed(required: &Table) -> Option<Wide> {
    let mut wide = Wide::new(
        "Staff needed",
        "required.csv",
        "the staff that was found beside that of the scenario, with a chart",
        &["Staff", "In the scenario", "Found"],
    );
    for row in 0..required.rows.len() {
        let cell = |column| Cell::number(required.text(row, column), Kind::Decimal);
        wide.rows
            .push(vec![path(required, row), cell("before"), cell("number")]);
    }
    wide.pictures.push(Picture {
        title: "Staff that was found, beside the scenario's".into(),
        across: "Staff".into(),
        up: "WTE, or people on shift where the scenario gives these".into(),
        share: false,
        form: Form::Lying,
        from_zero: true,
        begin: None,
        first: 1,
        last: wide.next() - 1,
        categories: (0, 0),
        series: vec![Series::new("In the scenario", 1), Series::new("Found", 2)],
    });
    (!wide.rows.is_empty()).then_some(wide)
}

/// The best placement of so many more, over all hubs.
pub(super) fn more(scenario: &Scenario, allocate: &Table) -> Option<Wide> {
    let mut wide = Wide::new(
        "More staff",
        "allocate.csv",
        "service level over all hubs with so many more staff, best placed, with a chart",
        &["Pathway", "More staff", "Service level (%)", "± (%)"],
    );
    for (id, pathway, _) in words::standards(scenario) {
        let first = wide.next();
        for row in 0..allocate.rows.len() {
            let is = |column, word: &str| allocate.text(row, column) == word;
            if is("placement", "curve")
                && is("hub", ALL)
                && is("pathway", &pathway.name)
                && is("measure", "service_level")
            {
                let cell = |column, kind| Cell::number(allocate.text(row, column), kind);
                wide.rows.push(vec![
                    Cell::Text(words::pathway(scenario, id)),
                    cell("extra", Kind::Whole),
                    cell("mean", Kind::Percent),
                    cell("half_width", Kind::Percent),
                ]);
            }
        }
        if wide.next() > first + 1 {
            wide.pictures.push(Picture {
                title: format!("{}: with so many more, best placed", words::pathway(scenario, id)),
                across: "More staff, all hubs together".into(),
                up: "Service level".into(),
                share: true,
                form: Form::Lines,
                from_zero: false,
                begin: None,
                first,
                last: wide.next() - 1,
                categories: (1, 1),
                series: vec![Series::new("Service level", 2).error(3, 3)],
            });
        }
    }
    (!wide.pictures.is_empty()).then_some(wide)
}

/// Values of inputs that fit what was reported: every point, without the units, which stand in the heads of the columns.
pub(super) fn fitting(calibrate: &Table) -> Option<Wide> {
    let inputs: Vec<usize> = (0..calibrate.columns.len())
        .filter(|n| calibrate.columns[*n] != "weight")
        .collect();
    let mut wide = Wide::new(
        "Inputs that fit",
        "calibrate.csv",
        "values of unknown inputs that fit what was reported, a row a point, with charts",
        &[],
    );
    let split = |text: &str| {
        let (number, unit) = text.split_once(' ').unwrap_or((text, ""));
        (Cell::number(number, Kind::Decimal), unit.to_owned())
    };
    for n in &inputs {
        let name = words::capital(&words::input(&calibrate.columns[*n]));
        let unit = calibrate.rows.first().map_or_else(String::new, |row| split(&row[*n]).1);
        wide.columns.push(if unit.is_empty() {
            name
        } else {
            format!("{name}, {unit}")
        });
    }
    for row in &calibrate.rows {
        wide.rows.push(inputs.iter().map(|n| split(&row[*n]).0).collect());
    }
    let least = |column: usize| {
        let values = wide.rows.iter().filter_map(|row| row.get(column)?.value());
        values.fold(f64::INFINITY, f64::min).floor()
    };
    let mut pictures = Vec::new();
    let pairs = u16::try_from(wide.columns.len().saturating_sub(1)).unwrap_or(0);
    for other in 1..=pairs.min(MOST_PAIRS) {
        pictures.push(Picture {
            title: format!(
                "{} and {}",
                wide.columns[0],
                words::inside(&wide.columns[usize::from(other)])
            ),
            across: wide.columns[0].clone(),
            up: wide.columns[usize::from(other)].clone(),
            share: false,
            form: Form::Dots,
            from_zero: false,
            begin: Some((least(0), least(usize::from(other)))),
            first: 1,
            last: wide.next() - 1,
            categories: (0, 0),
            series: vec![Series::new("Fits what was reported", other)],
        });
    }
    wide.pictures = pictures;
    (!wide.pictures.is_empty() && !wide.rows.is_empty()).then_some(wide)
}

/// What each input does to each standard at both ends of its range.
pub(super) fn one_by_one(scenario: &Scenario, sensitivity: &Table) -> Option<Wide> {
    let rows = Rows::by(sensitivity, &["pathway", "path", "measure"]);
    let mut wide = Wide::new(
        "Inputs one at a time",
        "sensitivity.csv",
        "what each input does to the service levels at both ends of its range, with charts",
        &[
            "Pathway",
            "Input",
            "Lower end",
            "Upper end",
            "At the lower end (points)",
            "± (points)",
            "At the upper end (points)",
            "± (points), upper",
        ],
    );
    for (id, pathway, _) in words::standards(scenario) {
        let first = wide.next();
        for row in 0..sensitivity.rows.len() {
            if sensitivity.text(row, "measure") != "at_low_points" || sensitivity.text(row, "pathway") != pathway.name {
                continue;
            }
            let of = |measure, column| {
                let key = [pathway.name.as_str(), sensitivity.text(row, "path"), measure];
                rows.cell(&key, column, Kind::Decimal)
            };
            wide.rows.push(vec![
                Cell::Text(words::pathway(scenario, id)),
                path(sensitivity, row),
                Cell::Text(sensitivity.text(row, "low_end").into()),
                Cell::Text(sensitivity.text(row, "high_end").into()),
                of("at_low_points", "mean"),
                of("at_low_points", "half_width"),
                of("at_high_points", "mean"),
                of("at_high_points", "half_width"),
            ]);
        }
        if wide.next() > first {
            wide.pictures.push(Picture {
                title: format!(
                    "{}: if one input is not as in the scenario",
                    words::pathway(scenario, id)
                ),
                across: "Input".into(),
                up: "Points of the service level".into(),
                share: false,
                form: Form::Lying,
                from_zero: false,
                begin: None,
                first,
                last: (wide.next() - 1).min(first + MOST_INPUTS - 1),
                categories: (1, 1),
                series: vec![
                    Series::new("Input at the lower end of its range", 4).error(5, 5),
                    Series::new("Input at the upper end", 6).error(7, 7),
                ],
            });
        }
    }
    (!wide.rows.is_empty()).then_some(wide)
}
