//! Monthly figures that were published, beside simulated months: words, tables, CSV and JSON.

use serde::Serialize;

use crate::answers::Measure;
use crate::answers::published::{MonthPart, MonthSpread, PublishedMonths, TRIAL};
use crate::answers::run::RunAnswer;
use crate::answers::trajectory::{DatedMeasure, FAN};
use crate::model::{PathwayId, Scenario, YearMonth};
use crate::output::csv::{self, CsvError};
use crate::output::grid::Grid;
use crate::output::{digits, words};
use crate::stats::{SHIFT, Signal, SpecialCause, TREND};

/// The columns of `published.csv`.
pub const COLUMNS: [&str; 12] = [
    "scenario",
    "pathway",
    "organisation",
    "month",
    "measure",
    "unit",
    "value",
    "moving_range",
    "mean_value",
    "lower_limit",
    "upper_limit",
    "special_causes",
];

/// What may be special about a month, as in `published.csv`.
pub const SPECIAL_CAUSES: [&str; 8] = [
    "outside_up",
    "outside_down",
    "shift_up",
    "shift_down",
    "trend_up",
    "trend_down",
    "near_limit_up",
    "near_limit_down",
];

/// A special cause as in files.
fn signal(signal: Signal) -> &'static str {
    let cause = SpecialCause::ALL
        .iter()
        .position(|cause| *cause == signal.cause)
        .unwrap_or(0);
    SPECIAL_CAUSES[2 * cause + usize::from(!signal.up)]
}

/// The simulated months of a pathway.
#[must_use]
pub fn simulated(answer: &RunAnswer, id: PathwayId) -> Option<&MonthSpread> {
    answer.months_simulated.iter().find(|spread| spread.pathway == id)
}

/// `published.csv`: a row for each month that was published, then the quantiles of simulated months, whose month is `simulated`.
///
/// # Errors
/// [`CsvError`] if the table cannot be made.
pub fn csv(scenario: &Scenario, answer: &RunAnswer) -> Result<String, CsvError> {
    let mut rows = Vec::new();
    for of in &answer.published {
        let row = |month: String, measure: &str, value: f64, rest: [String; 5]| {
            let mut cells = vec![
                scenario.name.clone(),
                scenario.pathways[of.pathway.0].name.clone(),
                of.organisation.clone().unwrap_or_default(),
                month,
                measure.to_owned(),
                Measure::ServiceLevel.unit().to_owned(),
                csv::number(value),
            ];
            cells.extend(rest);
            cells
        };
        let chart = &of.chart;
        let months = of.months.iter().zip(&chart.moving_ranges).zip(&chart.signals);
        for (((month, value), range), signals) in months {
            let signals: Vec<&str> = signals.iter().map(|&one| signal(one)).collect();
            let rest = [
                range.map_or_else(String::new, csv::number),
                csv::number(chart.mean),
                csv::number(chart.lower),
                csv::number(chart.upper),
                signals.join(" "),
            ];
            rows.push(row(month.to_string(), Measure::ServiceLevel.name(), *value, rest));
        }
        for (place, value) in simulated(answer, of.pathway)
            .iter()
            .flat_map(|s| s.quantiles.iter().enumerate())
        {
            let measure = DatedMeasure::Quantile(place).name();
            rows.push(row("simulated".into(), measure, *value, Default::default()));
        }
    }
    csv::table(&COLUMNS, rows.into_iter())
}

/// As in JSON documents.
#[derive(Serialize)]
pub(super) struct PublishedJson<'a> {
    pathway: &'a str,
    file: &'a str,
    organisation: Option<&'a str>,
    mean_value: f64,
    lower_limit: f64,
    upper_limit: f64,
    months: Vec<MonthJson>,
    simulated_months: usize,
    simulated_quantiles: Option<[f64; 5]>,
}

#[derive(Serialize)]
struct MonthJson {
    month: YearMonth,
    value: f64,
    special_causes: Vec<&'static str>,
}

/// Every series that was given.
pub(super) fn json<'a>(scenario: &'a Scenario, answer: &'a RunAnswer) -> Vec<PublishedJson<'a>> {
    let of = |of: &'a PublishedMonths| {
        let spread = simulated(answer, of.pathway);
        let month = |((month, value), signals): (&(YearMonth, f64), &Vec<Signal>)| MonthJson {
            month: *month,
            value: *value,
            special_causes: signals.iter().map(|&one| signal(one)).collect(),
        };
        PublishedJson {
            pathway: &scenario.pathways[of.pathway.0].name,
            file: &of.file,
            organisation: of.organisation.as_deref(),
            mean_value: of.chart.mean,
            lower_limit: of.chart.lower,
            upper_limit: of.chart.upper,
            months: of.months.iter().zip(&of.chart.signals).map(month).collect(),
            simulated_months: spread.map_or(0, |spread| spread.months),
            simulated_quantiles: spread.map(|spread| spread.quantiles),
        }
    };
    answer.published.iter().map(of).collect()
}

/// Per cent with one decimal, as published figures have.
pub(super) fn tenths(share: f64) -> String {
    format!("{:.1} %", share * 100.0 + 0.0)
}

/// A limit; beyond all or none there is none.
#[must_use]
pub fn limit(limit: f64) -> String {
    if limit > 1.0 {
        "100 % (none below)".into()
    } else if limit < 0.0 {
        "0 % (none above)".into()
    } else {
        tenths(limit)
    }
}

/// Whose figures these are.
#[must_use]
pub fn whose(of: &PublishedMonths) -> String {
    of.organisation
        .as_ref()
        .map_or_else(|| of.file.clone(), |name| format!("{name} ({})", of.file))
}

/// What is special about a month, in words.
#[must_use]
pub fn special(signals: &[Signal]) -> String {
    let words = |signal: &Signal| match (signal.cause, signal.up) {
        (SpecialCause::Outside, true) => "above the upper limit",
        (SpecialCause::Outside, false) => "below the lower limit",
        (SpecialCause::Shift, true) => "one of seven or more above the mean",
        (SpecialCause::Shift, false) => "one of seven or more below the mean",
        (SpecialCause::Trend, true) => "one of six or more that rise",
        (SpecialCause::Trend, false) => "one of six or more that fall",
        (SpecialCause::NearLimit, true) => "one of two in three near the upper limit",
        (SpecialCause::NearLimit, false) => "one of two in three near the lower limit",
    };
    words::list(
        &signals
            .iter()
            .map(|signal| words(signal).to_owned())
            .collect::<Vec<_>>(),
    )
}

/// What the published months say, and where simulated months lie beside them.
#[must_use]
pub fn sentences(scenario: &Scenario, answer: &RunAnswer, of: &PublishedMonths) -> Vec<String> {
    let pathway = &scenario.pathways[of.pathway.0];
    let within = pathway
        .standard
        .map(|s| words::within_long(s.within))
        .unwrap_or_default();
    let [(first, _), .., (last, _)] = of.months.as_slice() else {
        return Vec::new();
    };
    let n = of.months.len();
    let mut out = vec![format!(
        "{}, published months: {} on average over {n} months, {} to {}, {} {within}. Usual variation from month to month is between {} and {}.",
        words::pathway(scenario, of.pathway),
        tenths(of.chart.mean),
        words::month(*first),
        words::month(*last),
        words::done(pathway),
        limit(of.chart.lower),
        limit(of.chart.upper),
    )];
    if of.on_trial() {
        out.push(format!(
            "With fewer than {TRIAL} months these limits are on trial: a few more months may move them."
        ));
    }
    let special = of.chart.signals.iter().filter(|signals| !signals.is_empty()).count();
    out.push(match special {
        0 => "No month is more than usual variation by the four rules.".into(),
        1 => format!("One of the {n} months is more than usual variation by the four rules; it is marked, and the table says by which."),
        _ => format!(
            "{special} of the {n} months are more than usual variation by the four rules; they are marked, and the table says by which."
        ),
    });
    let missing = gaps(&of.months);
    if missing > 0 {
        out.push(format!(
            "{missing} {} between them {} not published; a moving range goes over the gap.",
            if missing == 1 { "month" } else { "months" },
            if missing == 1 { "was" } else { "were" }
        ));
    }
    match simulated(answer, of.pathway) {
        Some(spread) => {
            let [low, _, middle, _, high] = spread.quantiles;
            let inside = of
                .months
                .iter()
                .filter(|(_, value)| (low..=high).contains(value))
                .count();
            out.push(format!(
                "Simulated: half of the months are above {}, and 8 in 10 between {} and {} ({} whole {} in each of {} replications, all \
                 hubs). {inside} of the {n} published months lie between these.",
                tenths(middle),
                tenths(low),
                tenths(high),
                spread.months,
                if spread.months == 1 { "month" } else { "months" },
                digits::count(spread.replications.into()),
            ));
            out.extend(parted(spread));
        }
        None => out.push(
            "No whole month was simulated, so that nothing stands beside them; a longer run-length would tell.".into(),
        ),
    }
    out
}

/// How simulated months before the first change of the service differ from those after it.
fn parted(spread: &MonthSpread) -> Option<String> {
    let [before, after] = spread.parts.as_slice() else {
        return None;
    };
    let told = |part: &MonthPart| {
        let [low, _, middle, _, high] = part.quantiles.map(tenths);
        format!("half are above {middle}, and 8 in 10 between {low} and {high}")
    };
    let month = words::month(after.first);
    Some(format!(
        "The service changes on the way (staff who are recruited, or a change on a date), so that two kinds of months are mixed in \
         these: before {month} {}; from {month} on {}.",
        told(before),
        told(after)
    ))
}

/// Months between the first and the last that were not published.
fn gaps(months: &[(YearMonth, f64)]) -> usize {
    let number = |month: YearMonth| i32::from(month.year) * 12 + i32::from(month.month);
    let span = match months {
        [(first, _), .., (last, _)] => number(*last) - number(*first) + 1,
        _ => 0,
    };
    usize::try_from(span).unwrap_or(0).saturating_sub(months.len())
}

/// How to read it.
#[must_use]
pub fn note() -> String {
    format!(
        "Limits are the mean and 2.66 times the mean moving range to either side. More than usual variation is: a month outside the limits; {SHIFT} \
         or more in a row on one side of the mean; {TREND} or more in a row that rise or fall; two of three in a row in the outer third \
         towards one limit (Making Data Count). Simulated months are those of the scenario, with its demand and staff, and not the months \
         that were published; that they differ may be due to either."
    )
}

/// The months that were published.
#[must_use]
pub fn grid(scenario: &Scenario, of: &PublishedMonths) -> Grid {
    let caption = format!(
        "{}: published months, {}",
        words::pathway(scenario, of.pathway),
        whose(of)
    );
    let columns = [
        ("Month", false),
        ("Published", true),
        ("Moving range, points", true),
        ("More than usual variation", false),
    ];
    let mut grid = Grid::new(caption, &columns);
    let months = of.months.iter().zip(&of.chart.moving_ranges).zip(&of.chart.signals);
    for (((month, value), range), signals) in months {
        let range = range.map_or_else(String::new, |range| format!("{:.1}", range * 100.0));
        grid.row(
            vec![words::month(*month), tenths(*value), range, special(signals)],
            false,
        );
    }
    let mean = format!("{:.1}", of.chart.mean_moving_range * 100.0);
    grid.row(vec!["Mean".into(), tenths(of.chart.mean), mean, String::new()], true);
    for (name, value) in [("Lower limit", of.chart.lower), ("Upper limit", of.chart.upper)] {
        grid.row(vec![name.into(), limit(value), String::new(), String::new()], true);
    }
    grid
}

/// The simulated months beside them.
#[must_use]
pub fn spread_grid(scenario: &Scenario, spread: &MonthSpread) -> Grid {
    let caption = format!(
        "{}: so many simulated months are at or below this share",
        words::pathway(scenario, spread.pathway)
    );
    let mut grid = Grid::new(caption, &[("Months", false), ("Share of the month", true)]);
    for (level, value) in FAN.iter().zip(spread.quantiles) {
        grid.row(vec![digits::percent(*level), tenths(value)], false);
    }
    grid
}
