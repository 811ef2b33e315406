//! What a reader wants first, side by side: hubs against their standard, options against the base, months, hours of the week, and what
//! was asked beyond a run.
//!
//! Nothing is computed but the distance of an interval's end, which a chart needs: cells are those of the long tables.

mod asked;

use std::collections::BTreeMap;

use rust_xlsxwriter::Worksheet;

use super::WorkbookError;
use super::picture::{Form, Picture, Series};
use super::sheet::{self, Cell, Kind};
use super::table::Table;
use crate::model::{Scenario, Weekday};
use crate::output::csv::ALL;
use crate::output::words;

/// Rows between the tops of two pictures.
const APART: u32 = 22;

/// A sheet with one row for each hub, option, month or hour, and its pictures beside it.
#[derive(Debug)]
pub(super) struct Wide {
    pub(super) name: &'static str,
    pub(super) file: &'static str,
    pub(super) what: &'static str,
    columns: Vec<String>,
    rows: Vec<Vec<Cell>>,
    pictures: Vec<Picture>,
}

impl Wide {
    fn new(name: &'static str, file: &'static str, what: &'static str, columns: &[&str]) -> Self {
        Self {
            name,
            file,
            what,
            columns: columns.iter().map(|&column| column.into()).collect(),
            rows: Vec::new(),
            pictures: Vec::new(),
        }
    }

    /// Where the next row will stand in the sheet.
    fn next(&self) -> u32 {
        u32::try_from(self.rows.len() + 1).unwrap_or(u32::MAX)
    }

    pub(super) fn write(&self, to: &mut Worksheet) -> Result<(), WorkbookError> {
        to.set_name(self.name)?;
        sheet::table(to, &self.columns, self.rows.iter().map(Vec::as_slice))?;
        let beside = u16::try_from(self.columns.len() + 1).unwrap_or(u16::MAX);
        for (n, picture) in (0..).zip(&self.pictures) {
            to.insert_chart(1 + APART * n, beside, &picture.chart(self.name))?;
        }
        Ok(())
    }
}

/// Every such sheet that the tables give.
pub(super) fn all(scenario: &Scenario, tables: &[Table]) -> Vec<Wide> {
    let table = |file: &str| tables.iter().find(|table| table.file == file);
    let mut wide = Vec::new();
    wide.extend(table("summary.csv").and_then(|of| hubs(scenario, of)));
    wide.extend(table("compare.csv").and_then(|of| options(scenario, of)));
    wide.extend(table("required.csv").and_then(asked::needed));
    wide.extend(table("allocate.csv").and_then(|of| asked::more(scenario, of)));
    wide.extend(table("calibrate.csv").and_then(asked::fitting));
    wide.extend(table("sensitivity.csv").and_then(|of| asked::one_by_one(scenario, of)));
    wide.extend(table("monthly.csv").and_then(|of| months(scenario, of)));
    wide.extend(table("hourly.csv").and_then(|of| hours(scenario, of)));
    wide
}

/// Rows of a table by the words in some of its columns.
struct Rows<'a> {
    table: &'a Table,
    found: BTreeMap<Vec<&'a str>, usize>,
}

impl<'a> Rows<'a> {
    fn by(table: &'a Table, columns: &[&str]) -> Self {
        let at: Vec<Option<usize>> = columns.iter().map(|column| table.column(column)).collect();
        let mut found = BTreeMap::new();
        for (n, row) in table.rows.iter().enumerate() {
            let words = at
                .iter()
                .map(|at| at.and_then(|at| row.get(at)).map_or("", String::as_str));
            found.insert(words.collect(), n);
        }
        Self { table, found }
    }

    /// A number of the row with these words; nothing where there is none.
    fn cell(&self, words: &[&str], column: &str, kind: Kind) -> Cell {
        let row = self.found.get(words);
        row.map_or_else(
            || Cell::Text(String::new()),
            |&row| Cell::number(self.table.text(row, column), kind),
        )
    }
}

/// Hubs against the standard of each pathway.
fn hubs(scenario: &Scenario, summary: &Table) -> Option<Wide> {
    let rows = Rows::by(summary, &["hub", "pathway", "role", "measure"]);
    let mut wide = Wide::new(
        "Headlines",
        "summary.csv",
        "service level by hub beside its target, with charts",
        &[
            "Pathway",
            "Hub",
            "Standard",
            "Referrals",
            "Service level (%)",
            "± (%)",
            "Low (%)",
            "High (%)",
            "Target (%)",
            "p90 wait (min)",
        ],
    );
    for (id, pathway, standard) in words::standards(scenario) {
        let first = wide.next();
        for hub in words::hubs_and_all(scenario) {
            let name = hub.map_or(ALL, |hub| &scenario.hubs[hub.0].name);
            let of = |measure, column, kind| rows.cell(&[name, &pathway.name, ALL, measure], column, kind);
            let level = |column| of("service_level", column, Kind::Percent);
            let target = standard.target.map(|target| Cell::Number(target.get(), Kind::Percent));
            wide.rows.push(vec![
                Cell::Text(words::pathway(scenario, id)),
                Cell::Text(words::hub(scenario, hub)),
                Cell::Text(words::within_long(standard.within)),
                of("referrals", "mean", Kind::Count),
                level("mean"),
                level("half_width"),
                level("low"),
                level("high"),
                target.unwrap_or_else(|| Cell::Text(String::new())),
                of("wait_p90_min", "mean", Kind::Decimal),
            ]);
        }
        let mut series = vec![Series::new("Service level", 4).error(5, 5)];
        if standard.target.is_some() {
            series.push(Series::new("Target", 8).line());
        }
        wide.pictures.push(Picture {
            title: format!(
                "{}: {} {}",
                words::pathway(scenario, id),
                words::done(pathway),
                words::within_long(standard.within)
            ),
            across: "Hub".into(),
            up: "Service level".into(),
            share: true,
            form: Form::Bars,
            from_zero: true,
            begin: None,
            first,
            last: wide.next() - 1,
            categories: (1, 1),
            series,
        });
    }
    (!wide.rows.is_empty()).then_some(wide)
}

/// Service levels of options against the base: first over all hubs, then by hub.
fn options(scenario: &Scenario, compare: &Table) -> Option<Wide> {
    let rows = Rows::by(compare, &["option", "hub", "pathway", "role", "measure"]);
    let option = compare.column("option")?;
    let mut names: Vec<&str> = Vec::new();
    for row in &compare.rows {
        if !names.contains(&row[option].as_str()) {
            names.push(&row[option]);
        }
    }
    let mut wide = Wide::new(
        "Options",
        "compare.csv",
        "service levels of options beside the base; the intervals of the differences hold all at once",
        &[
            "Pathway",
            "Hub",
            "Option",
            "Base (%)",
            "Option (%)",
            "Difference (points, as %)",
            "Low (all hold at once)",
            "High (all hold at once)",
            "Down to low",
            "Up to high",
        ],
    );
    for (id, pathway, _) in words::standards(scenario) {
        let mut blocks = vec![vec![None]];
        if scenario.hubs.len() > 1 {
            blocks.push(words::hubs_and_all(scenario).filter(Option::is_some).collect());
        }
        for (n, block) in blocks.into_iter().enumerate() {
            for own in &names {
                if n == 0 && own != &names[0] {
                    continue;
                }
                let first = wide.next();
                // All hubs: one row an option. By hub: a block an option.
                let pairs: Vec<_> = if n == 0 {
                    names.iter().map(|own| (None, *own)).collect()
                } else {
                    block.iter().map(|hub| (*hub, *own)).collect()
                };
                for (hub, own) in pairs {
                    let name = hub.map_or(ALL, |hub| &scenario.hubs[hub.0].name);
                    let key = [own, name, &pathway.name, ALL, "service_level"];
                    let of = |column| rows.cell(&key, column, Kind::Percent);
                    let (mean, low, high) = (of("mean"), of("simultaneous_low"), of("simultaneous_high"));
                    let from = |one: &Cell, other: &Cell| match one.value().zip(other.value()) {
                        Some((one, other)) => Cell::Number(one - other, Kind::Percent),
                        None => Cell::Text(String::new()),
                    };
                    let (down, up) = (from(&mean, &low), from(&high, &mean));
                    wide.rows.push(vec![
                        Cell::Text(words::pathway(scenario, id)),
                        Cell::Text(words::hub(scenario, hub)),
                        Cell::Text(own.to_owned()),
                        of("base_mean"),
                        of("option_mean"),
                        mean,
                        low,
                        high,
                        down,
                        up,
                    ]);
                }
                let (title, across, categories) = if n == 0 {
                    (words::pathway(scenario, id), "Option", (2, 2))
                } else {
                    (format!("{}: {own}", words::pathway(scenario, id)), "Hub", (1, 1))
                };
                wide.pictures.push(Picture {
                    title: format!("{title}, against the base"),
                    across: across.into(),
                    up: "Difference of the service level".into(),
                    share: true,
                    form: Form::Bars,
                    from_zero: false,
                    begin: None,
                    first,
                    last: wide.next() - 1,
                    categories,
                    series: vec![Series::new("Difference", 5).error(8, 9)],
                });
            }
        }
    }
    (!wide.rows.is_empty()).then_some(wide)
}

/// Service levels month by month, over all hubs.
fn months(scenario: &Scenario, monthly: &Table) -> Option<Wide> {
    let rows = Rows::by(monthly, &["hub", "pathway", "role", "month", "measure"]);
    let at = monthly.column("month")?;
    let mut of: Vec<&str> = monthly.rows.iter().map(|row| row[at].as_str()).collect();
    of.sort_unstable();
    of.dedup();
    let mut wide = Wide::new(
        "By month",
        "monthly.csv",
        "service level and referrals by month over all hubs, with charts",
        &["Month", "Measured days"],
    );
    let (mut levels, mut referrals) = (Vec::new(), Vec::new());
    for (n, (id, ..)) in (0..).zip(words::standards(scenario)) {
        let name = words::pathway(scenario, id);
        let first = 2 + 3 * n;
        wide.columns.push(format!("{name}: referrals"));
        wide.columns.push(format!("{name}: service level (%)"));
        wide.columns.push(format!("{name}: ± (%)"));
        referrals.push(Series::new(&name, first));
        levels.push(Series::new(&name, first + 1).error(first + 2, first + 2));
    }
    if levels.is_empty() || of.is_empty() {
        return None;
    }
    for month in &of {
        let days = rows.cell(&[ALL, ALL, ALL, month, "measured_days"], "mean", Kind::Whole);
        let mut cells = vec![Cell::Text((*month).into()), days];
        for (_, pathway, _) in words::standards(scenario) {
            let cell = |measure, column, kind| rows.cell(&[ALL, &pathway.name, ALL, month, measure], column, kind);
            cells.push(cell("referrals", "mean", Kind::Count));
            cells.push(cell("service_level", "mean", Kind::Percent));
            cells.push(cell("service_level", "half_width", Kind::Percent));
        }
        wide.rows.push(cells);
    }
    for (title, up, share, series) in [
        ("Service level by month, all hubs", "Service level", true, levels),
        ("Referrals by month, all hubs", "Referrals", false, referrals),
    ] {
        wide.pictures.push(Picture {
            title: title.into(),
            across: "Month".into(),
            up: up.into(),
            share,
            form: Form::Lines,
            from_zero: !share,
            begin: None,
            first: 1,
            last: wide.next() - 1,
            categories: (0, 0),
            series,
        });
    }
    Some(wide)
}

/// Referrals and staff by hour of the week, over all hubs.
fn hours(scenario: &Scenario, hourly: &Table) -> Option<Wide> {
    let rows = Rows::by(hourly, &["hub", "pathway", "role", "weekday", "hour", "measure"]);
    let mut wide = Wide::new(
        "By hour of the week",
        "hourly.csv",
        "referrals and staff by hour of the week over all hubs, with charts",
        &["Weekday", "Hour", "From"],
    );
    let (mut referrals, mut staff) = (Vec::new(), Vec::new());
    let mut column = 3;
    for (id, ..) in words::standards(scenario) {
        let name = words::pathway(scenario, id);
        wide.columns.push(format!("{name}: referrals in the hour"));
        referrals.push(Series::new(&name, column));
        column += 1;
    }
    for role in &scenario.roles {
        let name = words::capital(&role.name.replace('-', " "));
        wide.columns.push(format!("{name}: on shift (people)"));
        wide.columns.push(format!("{name}: busy (people)"));
        staff.push((
            name,
            vec![Series::new("On shift", column), Series::new("Busy", column + 1)],
        ));
        column += 2;
    }
    for day in Weekday::ALL {
        for hour in 0..24 {
            let typed = hour.to_string();
            let cell = |pathway, role, measure| {
                let words = [ALL, pathway, role, day.name(), &typed, measure];
                rows.cell(&words, "mean", Kind::Decimal)
            };
            let mut cells = vec![
                Cell::Text(day.name().into()),
                Cell::Number(f64::from(hour), Kind::Whole),
                Cell::Text(format!("{} {hour:02}:00", day.name())),
            ];
            cells.extend(words::standards(scenario).map(|(_, pathway, _)| cell(&pathway.name, ALL, "referrals")));
            for role in &scenario.roles {
                cells.push(cell(ALL, &role.name, "on_shift"));
                cells.push(cell(ALL, &role.name, "busy"));
            }
            wide.rows.push(cells);
        }
    }
    let last = wide.next() - 1;
    let week = |title: String, up: &str, series| Picture {
        title,
        across: "Hour of the week".into(),
        up: up.into(),
        share: false,
        form: Form::Lines,
        from_zero: true,
        begin: None,
        first: 1,
        last,
        categories: (2, 2),
        series,
    };
    if !referrals.is_empty() {
        let title = "Referrals by hour of the week, all hubs".to_owned();
        wide.pictures.push(week(title, "Referrals in the hour", referrals));
    }
    for (name, series) in staff {
        wide.pictures
            .push(week(format!("{name}: on shift and busy, all hubs"), "People", series));
    }
    Some(wide)
}
