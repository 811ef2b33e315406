//! A table of the results folder as a sheet, row by row.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::WorkbookError;
use super::sheet::{self, Cell, Kind};

/// Columns whose cells are words even where they look like numbers: a hub may be called "7".
const WORDS: [&str; 29] = [
    "scenario",
    "option",
    "hub",
    "pathway",
    "role",
    "bed",
    "cause",
    "ended",
    "outcome",
    "switched_off",
    "measure",
    "unit",
    "weekday",
    "month",
    "week_from",
    "path",
    "low_end",
    "in_file",
    "high_end",
    "distribution",
    "placement",
    "claim",
    "staffing",
    "rule",
    "counted",
    "role_2",
    "counted_2",
    "organisation",
    "special_causes",
];

/// Columns that hold whole numbers whatever is measured.
const WHOLE: [&str; 6] = ["replications", "hour", "places", "extra", "draw", "draws"];

/// Columns of tables without units that hold shares.
const SHARES: [&str; 4] = ["wanted", "low", "high", "bound"];

/// A sheet has at most so many rows of a table. Longer tables are shown over all hubs only.
pub(super) const LONGEST: usize = 100_000;

/// A table as its CSV file has it.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) file: &'static str,
    pub(super) sheet: &'static str,
    pub(super) what: &'static str,
    pub(super) columns: Vec<String>,
    pub(super) rows: Vec<Vec<String>>,
    /// Whether rows of single hubs were left out, and whether all were, since there are too many.
    pub(super) left_out: Option<LeftOut>,
}

/// What of a long table is not in its sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LeftOut {
    /// Rows of single hubs.
    Hubs,
    /// Everything after the first [`LONGEST`] rows.
    Rest,
}

impl Table {
    pub(super) fn read(
        file: &'static str,
        sheet: &'static str,
        what: &'static str,
        bytes: &[u8],
    ) -> Result<Self, WorkbookError> {
        let failed = |error: ::csv::Error| WorkbookError::Table(file.into(), error.to_string());
        let mut reader = ::csv::Reader::from_reader(bytes);
        let columns: Vec<String> = reader.headers().map_err(failed)?.iter().map(str::to_owned).collect();
        let mut rows = Vec::new();
        for record in reader.records() {
            rows.push(record.map_err(failed)?.iter().map(str::to_owned).collect::<Vec<_>>());
        }
        let mut table = Self {
            file,
            sheet,
            what,
            columns,
            rows,
            left_out: None,
        };
        table.shorten(LONGEST);
        Ok(table)
    }

    fn shorten(&mut self, longest: usize) {
        if self.rows.len() > longest
            && let Some(hub) = self.column("hub")
        {
            self.left_out = Some(LeftOut::Hubs);
            self.rows
                .retain(|row| row.get(hub).is_some_and(|name| name == crate::output::csv::ALL));
        }
        if self.rows.len() > longest {
            self.left_out = Some(LeftOut::Rest);
            self.rows.truncate(longest);
        }
    }

    pub(super) fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column == name)
    }

    /// A cell as text; nothing where there is no such column.
    pub(super) fn text(&self, row: usize, column: &str) -> &str {
        let found = self.column(column).and_then(|at| self.rows.get(row)?.get(at));
        found.map_or("", String::as_str)
    }

    pub(super) fn write(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        sheet.set_name(self.sheet)?;
        let unit = self.column("unit");
        let cells: Vec<Vec<Cell>> = self
            .rows
            .iter()
            .map(|row| {
                let unit = unit.and_then(|at| row.get(at)).map(String::as_str);
                let both = self.columns.iter().zip(row);
                both.map(|(column, text)| cell(column, unit, text)).collect()
            })
            .collect();
        sheet::table(sheet, &self.columns, cells.iter().map(Vec::as_slice))
    }
}

/// A cell of that column, in a row of that unit.
fn cell(column: &str, unit: Option<&str>, text: &str) -> Cell {
    if WORDS.contains(&column) {
        return Cell::Text(text.into());
    }
    let kind = match unit {
        _ if column == "confidence" => Kind::Confidence,
        _ if WHOLE.contains(&column) => Kind::Whole,
        _ if column == "variance_ratio" => Kind::Decimal,
        _ if column.starts_with("price") => Kind::Pounds,
        _ if column.starts_with("staff") => Kind::Decimal,
        Some(unit) => Kind::of_unit(unit),
        None if column == "mean" || SHARES.contains(&column) => Kind::Percent,
        None if column.starts_with("pounds") => Kind::Pounds,
        None => Kind::Decimal,
    };
    Cell::number(text, kind)
}

#[cfg(test)]
mod tests {
    use super::{Cell, Kind, LeftOut, Table, cell};

    #[test]
    fn names_stay_names_and_numbers_are_the_same_numbers() {
        assert_eq!(cell("hub", Some("share"), "7"), Cell::Text("7".into()));
        let text = "0.8367325593557159";
        assert_eq!(
            cell("mean", Some("share"), text).value().map(f64::to_bits),
            Some(0.836_732_559_355_715_9_f64.to_bits())
        );
        assert_eq!(
            cell("confidence", Some("min"), "0.95"),
            Cell::Number(0.95, Kind::Confidence)
        );
        assert_eq!(cell("mean", Some("share"), ""), Cell::Text(String::new()));
    }

    #[test]
    fn a_long_table_is_shown_over_all_hubs() {
        let text = "hub,mean\nall,1\nWest,2\nall,3\n";
        let mut table = Table::read("summary.csv", "Summary", "", text.as_bytes()).unwrap();
        assert_eq!((table.rows.len(), table.left_out), (3, None));
        table.shorten(2);
        assert_eq!((table.rows.len(), table.left_out), (2, Some(LeftOut::Hubs)));
        assert!(table.rows.iter().all(|row| row[0] == "all"));
        table.shorten(1);
        assert_eq!((table.rows.len(), table.left_out), (1, Some(LeftOut::Rest)));
    }
}
