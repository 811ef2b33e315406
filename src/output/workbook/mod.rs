//! `results.xlsx`: the tables of a results folder as one workbook, for whoever works with a spreadsheet.
//!
//! Every number comes out of the CSV text that lies beside it, read back: the two cannot disagree, and a table that a verb
//! begins to write is in its workbook with one line in [`SHEETS`]. Besides there is what a reader wants first, side by side
//! and with charts: `wide` picks it out of the same tables.

mod book;
mod picture;
mod sheet;
mod table;
mod wide;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

use crate::model::Scenario;
use crate::output::RunContext;
use table::Table;

/// The name of the workbook in every results folder.
pub const NAME: &str = "results.xlsx";

/// The tables that have a sheet: the file, the sheet, and what is in it.
pub const SHEETS: [(&str, &str, &str); 24] = [
    ("summary.csv", "Summary", "every measure by hub, pathway and role"),
    ("compare.csv", "Comparison", "every difference of an option to the base"),
    (
        "required.csv",
        "Required",
        "the staff that was found, and what it costs",
    ),
    (
        "certificate.csv",
        "Certificate",
        "what is claimed of it, and how each claim was tested",
    ),
    ("tried.csv", "Tried", "every staffing that was simulated in the search"),
    (
        "needed.csv",
        "Needed",
        "what would be needed in each draw of the uncertain inputs",
    ),
    (
        "allocate.csv",
        "Allocation",
        "placements of more staff, and what they do",
    ),
    (
        "calibrate.csv",
        "Calibration",
        "the plausible set: a row a point, and its weight",
    ),
    (
        "sensitivity.csv",
        "Sensitivity",
        "how far each input moves the service levels",
    ),
    (
        "uncertain.csv",
        "Uncertain",
        "the same with the inputs drawn from their ranges",
    ),
    (
        "uncertain_monthly.csv",
        "Uncertain by month",
        "service levels by month with the inputs drawn from their ranges",
    ),
    (
        "uncertain_causes.csv",
        "Uncertain causes",
        "why standards were missed with the inputs drawn from their ranges",
    ),
    (
        "published.csv",
        "Published",
        "published months with limits of usual variation",
    ),
    (
        "sliders.csv",
        "Sliders",
        "service levels with more or fewer staff, hub by hub",
    ),
    (
        "pooling.csv",
        "Pooling",
        "the same staff as separate hubs, as neighbours and as one pool",
    ),
    ("equity.csv", "Equity", "fairness between hubs"),
    ("causes.csv", "Causes", "why standards were missed, by hub"),
    ("switched_off.csv", "Switched off", "what switching a cause off does"),
    ("outcomes.csv", "Outcomes", "what becomes of people"),
    ("beds.csv", "Beds", "the beds in which they wait"),
    (
        "money.csv",
        "Money",
        "what a year costs, and over which range of prices",
    ),
    ("monthly.csv", "Monthly", "by month"),
    ("weekly.csv", "Weekly", "by week"),
    ("hourly.csv", "Hourly", "by hour of the week"),
];

/// The workbook could not be made.
#[derive(Debug, thiserror::Error)]
pub enum WorkbookError {
    /// The library refused something.
    #[error("cannot make {NAME}: {0}")]
    Xlsx(#[from] XlsxError),
    /// A table that was to be put in is no table.
    #[error("cannot make {NAME}: {0} is not a table: {1}")]
    Table(String, String),
}

/// `results.xlsx` of a folder that has these files. `title` says what was asked, as a heading.
///
/// # Errors
/// [`WorkbookError`] if a table cannot be read back, or has something in it that no workbook can hold.
pub fn workbook(
    scenario: &Scenario,
    title: &str,
    context: &RunContext,
    files: &[(String, Vec<u8>)],
) -> Result<Vec<u8>, WorkbookError> {
    let mut tables = Vec::new();
    for (file, sheet, what) in SHEETS {
        if let Some((_, bytes)) = files.iter().find(|(name, _)| name == file) {
            tables.push(Table::read(file, sheet, what, bytes)?);
        }
    }
    let wide = wide::all(scenario, &tables);
    let mut workbook = Workbook::new();
    // A workbook says when it was made. The same run has the same bytes, so that it is always the same moment.
    let made = ExcelDateTime::from_ymd(2000, 1, 1)?;
    workbook.set_properties(
        &DocProperties::new()
            .set_title(title)
            .set_comment(format!("{}; hash of the scenario {}", context.program(), context.hash))
            .set_creation_datetime(&made),
    );
    book::about(workbook.add_worksheet(), scenario, title, context, &wide, &tables)?;
    for sheet in &wide {
        sheet.write(workbook.add_worksheet())?;
    }
    for table in &tables {
        table.write(workbook.add_worksheet())?;
    }
    book::assumptions(workbook.add_worksheet(), scenario)?;
    Ok(workbook.save_to_buffer()?)
}
