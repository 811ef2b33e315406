//! What stands of several runs beside each other: one number of each for the same row, and the same charts.

use crate::answers::run::RunAnswer;
use crate::model::{PathwayId, RoleId, Scenario};
use crate::output::chart::{self, Figure};
use crate::output::grid::{self, Grid};
use crate::output::words;

/// A run's part in a page of several.
#[derive(Clone, Debug, Default)]
pub(super) struct Beside {
    /// Tables of one number a row, which join those of other runs.
    pub(super) joined: Vec<Single>,
    /// Tables that only this kind of answer has.
    pub(super) own: Vec<Grid>,
    /// Charts: name of the file without ending, title.
    pub(super) charts: Vec<(String, String)>,
}

/// A table with one number a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Single {
    pub(super) caption: String,
    /// What the rows are.
    pub(super) of: String,
    /// Row, number, and whether it is a total.
    pub(super) rows: Vec<(String, String, bool)>,
}

impl Single {
    /// A column of a table, under a caption that says what it is.
    fn of(grid: &Grid, column: usize, caption: String) -> Option<Self> {
        grid.columns.get(column)?;
        let rows = grid.rows.iter().filter_map(|row| {
            let label = row.cells.first()?.replace('\n', " ");
            Some((label, row.cells.get(column)?.clone(), row.total))
        });
        Some(Self {
            caption,
            of: grid.columns.first()?.heading.clone(),
            rows: rows.collect(),
        })
    }
}

/// Charts that are worth seeing beside those of another run.
fn charts(figures: &[Figure]) -> Vec<(String, String)> {
    figures.iter().map(|f| (f.name.clone(), f.title.clone())).collect()
}

impl Beside {
    /// Of an answer whose tables stand alone.
    pub(super) fn of(grids: &[Grid], figures: &[Figure]) -> Self {
        Self {
            joined: Vec::new(),
            own: grids.to_vec(),
            charts: charts(figures),
        }
    }
}

/// Of a run: service levels by hub, how busy staff are, and the charts of waits.
pub(super) fn beside_run(scenario: &Scenario, answer: &RunAnswer) -> Beside {
    let pathways = (0..scenario.pathways.len()).map(PathwayId);
    let levels = pathways.filter_map(|id| {
        let caption = grid::standard_caption(scenario, id)?;
        Single::of(&grid::standard(scenario, answer, id)?, LEVEL, caption)
    });
    let mut joined: Vec<Single> = levels.collect();
    for role in (0..scenario.roles.len()).map(RoleId) {
        let grid = grid::utilisation(scenario, answer, &[role]);
        let caption = format!("{}: {}", words::role(scenario, role), words::inside(&grid.caption));
        joined.extend(Single::of(&grid, 1, caption));
    }
    let worth_seeing = |f: &Figure| {
        ["service_level", "waits", "months", "causes_"]
            .iter()
            .any(|p| f.name.starts_with(p))
    };
    let mut figures = chart::all(scenario, answer);
    figures.retain(|f| worth_seeing(f) && !f.name.starts_with("causes_hours"));
    Beside {
        joined,
        own: Vec::new(),
        charts: charts(&figures),
    }
}

/// The column of service levels in the table of a standard.
const LEVEL: usize = 2;

#[cfg(test)]
mod tests {
    use super::Single;
    use crate::output::grid::{Column, Grid, Row};

    #[test]
    fn a_column_is_taken_with_its_rows() {
        let column = |heading: &str| Column {
            heading: heading.into(),
            number: true,
        };
        let grid = Grid {
            caption: "Crisis".into(),
            columns: vec![column("Hub"), column("Within 2 h")],
            rows: vec![Row {
                cells: vec!["North".into(), "80 %".into()],
                total: true,
            }],
        };
        let single = Single::of(&grid, 1, "Crisis within 2 h".into()).unwrap();
        assert_eq!(
            (single.caption.as_str(), single.of.as_str()),
            ("Crisis within 2 h", "Hub")
        );
        assert_eq!(single.rows, [("North".to_owned(), "80 %".to_owned(), true)]);
        assert_eq!(Single::of(&grid, 2, String::new()), None);
    }
}
