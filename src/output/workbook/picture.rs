//! A native chart of columns of one sheet, in the colours of the report.

use rust_xlsxwriter::{
    Chart, ChartErrorBars, ChartErrorBarsDirection, ChartErrorBarsType, ChartFont, ChartFormat, ChartLegendPosition,
    ChartLine, ChartLineDashType, ChartMarker, ChartMarkerType, ChartRange, ChartSolidFill, ChartType, Color,
};

/// Colours in the order of series, which differ in lightness too.
const INKS: [Color; 6] = [
    Color::RGB(0x0012_436D),
    Color::RGB(0x0028_A197),
    Color::RGB(0x0080_1650),
    Color::RGB(0x00F4_6A25),
    Color::RGB(0x003D_3D3D),
    Color::RGB(0x00A2_85D1),
];
/// A target.
const TARGET: Color = Color::RGB(0x0080_1650);

/// A column of the sheet in a chart.
#[derive(Clone, Debug)]
pub(super) struct Series {
    name: String,
    values: u16,
    /// Columns with the distances down and up to the ends of the interval.
    error: Option<(u16, u16)>,
    line: bool,
}

impl Series {
    pub(super) fn new(name: &str, values: u16) -> Self {
        Self {
            name: name.into(),
            values,
            error: None,
            line: false,
        }
    }

    pub(super) fn error(mut self, down: u16, up: u16) -> Self {
        self.error = Some((down, up));
        self
    }

    /// A line over bars.
    pub(super) fn line(mut self) -> Self {
        self.line = true;
        self
    }
}

/// How values are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Bars,
    /// Bars that lie beside long names, the first on top.
    Lying,
    Lines,
    /// Against the numbers that name their places.
    Dots,
}

/// A chart over rows `first` to `last` of a sheet.
#[derive(Clone, Debug)]
pub(super) struct Picture {
    pub(super) title: String,
    pub(super) across: String,
    pub(super) up: String,
    /// Whether values are shares.
    pub(super) share: bool,
    pub(super) form: Form,
    /// Whether the axis begins at nought.
    pub(super) from_zero: bool,
    /// Where the axes of dots begin.
    pub(super) begin: Option<(f64, f64)>,
    pub(super) first: u32,
    pub(super) last: u32,
    /// First and last column of what names a place on the axis.
    pub(super) categories: (u16, u16),
    pub(super) series: Vec<Series>,
}

impl Picture {
    pub(super) fn chart(&self, sheet: &str) -> Chart {
        let kind = match self.form {
            Form::Bars => ChartType::Column,
            Form::Lying => ChartType::Bar,
            Form::Lines => ChartType::Line,
            Form::Dots => ChartType::Scatter,
        };
        let mut chart = Chart::new(kind);
        let mut over = Chart::new(ChartType::Line);
        let mut lines = false;
        for (series, ink) in self.series.iter().zip(INKS.iter().cycle()) {
            if series.line {
                lines = true;
                self.add(&mut over, sheet, series, TARGET, true);
            } else {
                self.add(&mut chart, sheet, series, *ink, self.form == Form::Lines);
            }
        }
        if lines {
            chart.combine(&over);
        }
        let small = || {
            let mut font = ChartFont::new();
            font.set_size(9);
            font
        };
        chart
            .title()
            .set_name(&self.title)
            .set_font(ChartFont::new().set_size(12).set_bold());
        let lying = self.form == Form::Lying;
        let names = if lying { chart.y_axis() } else { chart.x_axis() };
        names.set_name(&self.across).set_font(&small());
        // Names stay at the edge of the picture where bars go down.
        names.set_label_position(rust_xlsxwriter::ChartAxisLabelPosition::Low);
        if lying {
            names.set_reverse();
        }
        if let Some((across, up)) = self.begin {
            chart.x_axis().set_min(across);
            chart.y_axis().set_min(up);
        }
        let places = self.last.saturating_sub(self.first) + 1;
        if places > 48 && self.form == Form::Lines {
            chart.x_axis().set_label_interval(12).set_tick_interval(12);
        }
        let form = if self.share { "0%" } else { "#,##0.##" };
        let values = if lying { chart.x_axis() } else { chart.y_axis() };
        values
            .set_name(&self.up)
            .set_num_format(form)
            .set_font(&small())
            .set_major_gridlines_line(ChartLine::new().set_color(Color::RGB(0x00D9_DCDE)));
        if self.from_zero {
            values.set_min(0);
        }
        if self.share && self.from_zero {
            values.set_max(1);
        }
        if self.series.len() > 1 {
            chart.legend().set_position(ChartLegendPosition::Bottom);
        } else {
            chart.legend().set_hidden();
        }
        let named: Vec<&str> = self.series.iter().map(|series| series.name.as_str()).collect();
        let told = format!(
            "{}. {}; the numbers are in the table beside it.",
            self.title,
            named.join(", ")
        );
        // A spreadsheet reads out no more than so much.
        chart.set_alt_text(told.chars().take(250).collect::<String>());
        chart.set_width(760).set_height(400);
        chart
    }

    fn add(&self, chart: &mut Chart, sheet: &str, series: &Series, ink: Color, line: bool) {
        let column = |from: u16, to: u16| ChartRange::new_from_range(sheet, self.first, from, self.last, to);
        let target = series.line;
        let own = chart
            .add_series()
            .set_name(series.name.as_str())
            .set_categories(&column(self.categories.0, self.categories.1))
            .set_values(&column(series.values, series.values));
        let mut form = ChartFormat::new();
        if line {
            let mut stroke = ChartLine::new();
            stroke.set_color(ink).set_width(2);
            if target {
                stroke.set_dash_type(ChartLineDashType::Dash);
            }
            form.set_line(&stroke);
        } else if self.form == Form::Dots {
            form.set_no_line();
        } else {
            form.set_solid_fill(ChartSolidFill::new().set_color(ink));
        }
        let mut marker = ChartMarker::new();
        if self.form == Form::Dots {
            let mut fill = ChartFormat::new();
            fill.set_solid_fill(ChartSolidFill::new().set_color(ink));
            marker
                .set_type(ChartMarkerType::Circle)
                .set_size(4)
                .set_format(&mut fill);
        } else {
            marker.set_none();
        }
        own.set_format(&mut form).set_marker(&marker);
        if let Some((down, up)) = series.error {
            let mut bars = ChartErrorBars::new();
            bars.set_type(ChartErrorBarsType::Custom(column(up, up), column(down, down)))
                .set_direction(ChartErrorBarsDirection::Both)
                .set_format(ChartFormat::new().set_line(ChartLine::new().set_color(Color::Black).set_width(1)));
            own.set_y_error_bars(&bars);
        }
    }
}
