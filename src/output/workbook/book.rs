//! The first sheet and the last: how the workbook came about, and what it rests on.

use rust_xlsxwriter::{Format, FormatAlign, Worksheet, XlsxError};

use super::sheet::{self, Cell, Kind};
use super::table::{LeftOut, Table};
use super::wide::Wide;
use crate::model::Scenario;
use crate::output::{RunContext, grid, sentence};

/// What it is, how to get the same again, and what is in which sheet.
pub(super) fn about(
    sheet: &mut Worksheet,
    scenario: &Scenario,
    title: &str,
    context: &RunContext,
    wide: &[Wide],
    tables: &[Table],
) -> Result<(), XlsxError> {
    sheet.set_name("About")?;
    let wrapped = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    let top = Format::new().set_align(FormatAlign::Top).set_bold();
    let heading = sheet::heading();
    sheet.set_column_width(0, 24)?;
    sheet.set_column_width(1, 26)?;
    sheet.set_column_width(2, 70)?;
    sheet.write_string_with_format(0, 0, title, &sheet::title())?;
    let seed = scenario.experiment.seed.to_string();
    let facts = [
        ("Scenario", format!("{}: {}.toml", scenario.title, scenario.name)),
        ("Command", context.command_canonical.clone()),
        ("Seed", seed),
        ("Version", context.program()),
        ("Hash of the scenario", context.hash.clone()),
        (
            "How to read it",
            "Every number is that of the CSV file named below, in full; cells show fewer digits. Shares are shown in per cent. mean is \
             the estimate, half_width what stands after ± in the report, low and high the ends of the interval, confidence how \
             often such intervals hold the true value of the simulation. A cell is empty where there was nothing to measure."
                .into(),
        ),
        ("What it does not say", sentence::DOUBT.into()),
    ];
    let mut row = 2;
    for (name, text) in &facts {
        sheet.write_string_with_format(row, 0, *name, &top)?;
        sheet.merge_range(row, 1, row, 2, text, &wrapped)?;
        // Merged cells do not make room for themselves.
        let lines = u32::try_from(text.chars().count() / 88 + 1).unwrap_or(1);
        sheet.set_row_height(row, 15.5 * f64::from(lines))?;
        row += 1;
    }
    row += 1;
    for (column, text) in ["Sheet", "Figures of", "What is in it"].into_iter().enumerate() {
        sheet.write_string_with_format(row, u16::try_from(column).unwrap_or(0), text, &heading)?;
    }
    let mut line = |name: &str, file: &str, what: &str| -> Result<(), XlsxError> {
        row += 1;
        sheet.write_url(row, 0, format!("internal:'{name}'!A1").as_str())?;
        sheet.write_string(row, 0, name)?;
        sheet.write_string_with_format(row, 1, file, &wrapped)?;
        sheet.write_string_with_format(row, 2, what, &wrapped)?;
        Ok(())
    };
    for own in wide {
        line(own.name, own.file, own.what)?;
    }
    for table in tables {
        let short = match table.left_out {
            None => "",
            Some(LeftOut::Hubs) => "; over all hubs, since there are too many rows: the rest is in the file",
            Some(LeftOut::Rest) => "; the first rows, since there are too many: the rest is in the file",
        };
        line(table.sheet, table.file, &format!("{}{short}", table.what))?;
    }
    line(
        "Assumptions",
        "scenario.toml",
        "every input with a reason, its source and its range",
    )?;
    sheet.set_paper_size(9).set_landscape().set_print_fit_to_pages(1, 0);
    Ok(())
}

/// The assumptions book, as the report has it, with the ends of ranges in cells of their own.
pub(super) fn assumptions(sheet: &mut Worksheet, scenario: &Scenario) -> Result<(), XlsxError> {
    sheet.set_name("Assumptions")?;
    let columns = ["Input", "Value", "Kind", "Low", "High", "Source or reason"].map(str::to_owned);
    let typed = |text: &str| Cell::number(text, Kind::Decimal);
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    for line in grid::book(scenario) {
        rows.push(vec![
            Cell::Text(line.path),
            typed(&line.value),
            Cell::Text(line.kind),
            typed(&line.low),
            typed(&line.high),
            Cell::Text(line.because),
        ]);
    }
    for unknown in &scenario.unknowns {
        rows.push(vec![
            Cell::Text(unknown.path.clone()),
            Cell::Text(String::new()),
            Cell::Text("unknown".into()),
            typed(&unknown.from),
            typed(&unknown.to),
            Cell::Text("within these ends, for calibrate and sensitivity".into()),
        ]);
    }
    sheet::table(sheet, &columns, rows.iter().map(Vec::as_slice))?;
    let wrapped = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    for (row, cells) in (1..).zip(&rows) {
        if let Some(Cell::Text(text)) = cells.last() {
            sheet.write_string_with_format(row, 5, text, &wrapped)?;
        }
    }
    sheet.set_column_width(5, 90)?;
    Ok(())
}
