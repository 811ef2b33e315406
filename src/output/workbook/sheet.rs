//! How cells look: one place for number formats, headings, widths and what is printed.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, Worksheet, XlsxError};

/// The colour of headings, as in the report.
const INK: Color = Color::RGB(0x0012_436D);

/// The widest column that is not set by hand, in characters.
const WIDEST: f64 = 44.0;

/// How a number is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A share, as so many of a hundred.
    Percent,
    /// A share without decimals.
    Confidence,
    /// Something that is counted, as a mean.
    Count,
    /// A whole number.
    Whole,
    /// Pounds.
    Pounds,
    /// Anything else.
    Decimal,
}

impl Kind {
    /// What suits a unit of the results files.
    pub(super) fn of_unit(unit: &str) -> Self {
        match unit {
            "share" => Self::Percent,
            "count" => Self::Count,
            _ if unit.starts_with("GBP") => Self::Pounds,
            _ => Self::Decimal,
        }
    }

    fn format(self) -> Format {
        Format::new().set_num_format(match self {
            Self::Percent => "0.00%",
            Self::Confidence => "0%",
            Self::Count => "#,##0.0",
            Self::Whole => "0",
            Self::Pounds => "[$£-809]#,##0",
            Self::Decimal => "#,##0.00",
        })
    }
}

/// A cell.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell {
    /// Text, or nothing.
    Text(String),
    /// A number, and how it is shown.
    Number(f64, Kind),
}

impl Cell {
    /// A number of a table, or nothing where there was nothing to measure.
    pub(super) fn number(text: &str, kind: Kind) -> Self {
        match text.parse() {
            Ok(number) => Self::Number(number, kind),
            Err(_) => Self::Text(text.into()),
        }
    }

    pub(super) fn value(&self) -> Option<f64> {
        match self {
            Self::Number(number, _) => Some(*number),
            Self::Text(_) => None,
        }
    }

    /// How much room it wants, in characters.
    fn width(&self) -> usize {
        match self {
            Self::Text(text) => text.chars().count(),
            Self::Number(..) => 9,
        }
    }
}

/// The formats of a sheet, made once.
#[derive(Debug)]
pub(super) struct Formats {
    kinds: Vec<(Kind, Format)>,
    heading: Format,
}

impl Formats {
    pub(super) fn new() -> Self {
        let kinds = [
            Kind::Percent,
            Kind::Confidence,
            Kind::Count,
            Kind::Whole,
            Kind::Pounds,
            Kind::Decimal,
        ];
        Self {
            kinds: kinds.into_iter().map(|kind| (kind, kind.format())).collect(),
            heading: heading(),
        }
    }

    fn of(&self, kind: Kind) -> Option<&Format> {
        self.kinds
            .iter()
            .find(|(own, _)| *own == kind)
            .map(|(_, format)| format)
    }
}

/// Of the headings of columns.
pub(super) fn heading() -> Format {
    Format::new()
        .set_bold()
        .set_font_color(Color::White)
        .set_background_color(INK)
        .set_border_bottom(FormatBorder::Thin)
        .set_align(FormatAlign::VerticalCenter)
        .set_text_wrap()
}

/// Of the title of a sheet.
pub(super) fn title() -> Format {
    Format::new().set_bold().set_font_size(16).set_font_color(INK)
}

/// A table from the first row down: headings that stay, a filter, widths, and one page wide in print.
pub(super) fn table<'a>(
    sheet: &mut Worksheet,
    columns: &[String],
    rows: impl ExactSizeIterator<Item = &'a [Cell]> + Clone,
) -> Result<(), XlsxError> {
    let formats = Formats::new();
    for (column, text) in (0..).zip(columns) {
        sheet.write_string_with_format(0, column, text, &formats.heading)?;
    }
    for (row, cells) in (1..).zip(rows.clone()) {
        for (column, cell) in (0..).zip(cells) {
            match cell {
                Cell::Text(text) if text.is_empty() => {}
                Cell::Text(text) => {
                    sheet.write_string(row, column, text)?;
                }
                Cell::Number(number, kind) => {
                    match formats.of(*kind) {
                        Some(format) => sheet.write_number_with_format(row, column, *number, format)?,
                        None => sheet.write_number(row, column, *number)?,
                    };
                }
            }
        }
    }
    let last = u16::try_from(columns.len().saturating_sub(1)).unwrap_or(u16::MAX);
    for (column, heading) in (0..=last).zip(columns) {
        let widths = rows.clone().filter_map(|cells| cells.get(usize::from(column)));
        // A filter's button stands over the heading.
        let room = heading.chars().count().min(16) + 3;
        let chars = widths.map(Cell::width).max().unwrap_or(0).max(room);
        let chars = f64::from(u32::try_from(chars + 1).unwrap_or(u32::MAX)).min(WIDEST);
        sheet.set_column_width(column, chars)?;
    }
    if columns.iter().any(|heading| heading.chars().count() > 16) {
        // Two lines, or three.
        sheet.set_row_height(0, 46)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    if rows.len() > 0 {
        let end = u32::try_from(rows.len()).unwrap_or(u32::MAX);
        sheet.autofilter(0, 0, end, last)?;
    }
    printed(sheet)
}

/// On A4 paper, on its side, as wide as one page.
pub(super) fn printed(sheet: &mut Worksheet) -> Result<(), XlsxError> {
    sheet.set_paper_size(9).set_landscape().set_print_fit_to_pages(1, 0);
    sheet.set_repeat_rows(0, 0)?;
    Ok(())
}
