//! Month by month under uncertain inputs: from when on a target is met in as many draws as are wanted, in words, as a table, in
//! CSV and JSON.

use serde::Serialize;

use super::{About, MET_IN, RowJson, apart, cells, lies, of_the_draws, row_json, row_line, with_chance};
use crate::answers::trajectory::{DeadlinePlace, Met, Trajectory};
use crate::answers::uncertain::{Uncertain, UncertainCourse, UncertainMonths, UncertainRow};
use crate::model::{HubId, PathwayId, Period, Scenario, YearMonth};
use crate::output::csv::{self, CsvError};
use crate::output::grid::Grid;
use crate::output::words::{self, Verdict};
use crate::output::{digits, months};

/// The columns of `uncertain_monthly.csv`.
pub const COLUMNS: [&str; 23] = with_chance("month");

/// Over what is said of the draws.
pub const DRAWN: &str =
    "With uncertain inputs; counted are the draws in which the level to expect of a month meets the target:";

/// `uncertain_monthly.csv`, with no row where in some draw nobody was referred in the month; `None` of what has no months.
///
/// # Errors
/// [`CsvError`] if the table cannot be made.
pub fn csv(scenario: &Scenario, of: &Uncertain) -> Result<Option<String>, CsvError> {
    let about = About::of(of);
    let lines = each(of).map(|(month, found)| {
        let month = month.to_string();
        row_line(scenario, (&month, "service_level"), about, found)
    });
    of.months.as_ref().map(|_| csv::table(&COLUMNS, lines)).transpose()
}

/// Every month of which something is known.
fn each(of: &Uncertain) -> impl Iterator<Item = (YearMonth, &UncertainRow)> {
    of.months.iter().flat_map(|by_month| {
        let months = || by_month.months.iter().map(Period::month);
        by_month
            .courses
            .iter()
            .flat_map(move |course| months().zip(&course.months))
            .filter_map(|(month, found)| Some((month, found.as_ref()?)))
    })
}

/// A month in JSON.
#[derive(Serialize)]
pub(super) struct MonthJson<'a> {
    month: YearMonth,
    #[serde(flatten)]
    found: RowJson<'a>,
}

pub(super) fn json<'a>(scenario: &'a Scenario, of: &'a Uncertain) -> Vec<MonthJson<'a>> {
    let one = |(month, found)| MonthJson {
        month,
        found: row_json(scenario, found),
    };
    each(of).map(one).collect()
}

/// What is asked of a draw in a month, in a sentence.
#[must_use]
pub fn wanted(by_month: &UncertainMonths) -> String {
    format!(
        "A draw meets a target in a month if the level to expect of that month with its inputs reaches it, and a month is said to \
         meet it if at least {} of the draws do. How much single months vary besides is in the share of replications, which is with \
         the inputs as stated. Neither is the share of draws whose whole measured time meets the target: that is in `run \
         --uncertain`, and in the report under Uncertain inputs.",
        digits::percent(by_month.wanted)
    )
}

/// From when on each target is met, how surely at the end and at each deadline, at a hub or over all.
#[must_use]
pub fn sentences(scenario: &Scenario, of: &Uncertain, trajectory: &Trajectory, hub: Option<HubId>) -> Vec<String> {
    let Some(by_month) = &of.months else {
        return Vec::new();
    };
    let mut lines = Vec::new();
    for (id, pathway, standard) in words::standards(scenario) {
        let Some(course) = by_month.course(hub, id) else {
            continue;
        };
        let shown = Shown {
            by_month,
            course,
            replications: of.replications,
            draws: of.draws,
        };
        let of_course = format!("{}, uncertain inputs", months::whose(scenario, hub, id));
        if let Some(target) = standard.target {
            let goal = digits::per_cent(target);
            lines.extend(
                shown
                    .met(&goal)
                    .map(|met| format!("{of_course}, month by month: {met}")),
            );
        }
        if let Some((place, last)) = shown.last() {
            lines.push(format!(
                "{of_course}: in {}, {:.1} % {} {} {}. {}",
                shown.month(place),
                last.mean * 100.0,
                words::done(pathway),
                words::within_long(standard.within),
                lies(last, of.confidence),
                apart(last)
            ));
        }
        let Some(target) = standard.target else { continue };
        for deadline in &trajectory.deadlines {
            let DeadlinePlace::In(place) = deadline.place else {
                continue;
            };
            if let Some(found) = shown.judged(place) {
                lines.extend(of_the_draws(found).map(|share| {
                    format!(
                        "Deadline {}, uncertain inputs: {} meets the {} target for {} in {share}{}.",
                        words::date(deadline.date),
                        shown.month(place),
                        digits::per_cent(target),
                        pathway.name,
                        shown.doubt(found)
                    )
                }));
            }
        }
    }
    lines
}

/// A course with what it rests on.
struct Shown<'a> {
    by_month: &'a UncertainMonths,
    course: &'a UncertainCourse,
    replications: u32,
    draws: u32,
}

impl Shown<'_> {
    fn month(&self, place: usize) -> String {
        let month = self.by_month.months.get(place);
        month.map(words::month_of).unwrap_or_default()
    }

    /// A month that decides.
    fn judged(&self, place: usize) -> Option<&UncertainRow> {
        let half = self.by_month.months.get(place)?.half_measured();
        self.course.months.get(place)?.as_ref().filter(|_| half)
    }

    /// The last of them.
    fn last(&self) -> Option<(usize, &UncertainRow)> {
        let all = (0..self.course.months.len()).rev();
        all.filter_map(|place| Some((place, self.judged(place)?))).next()
    }

    /// Whether more draws or more replications might turn what is said of a month.
    fn too_close(&self, found: &UncertainRow) -> bool {
        let share = found.share_with_both();
        share.is_some_and(|e| Verdict::of_share(&e, self.by_month.wanted) == Verdict::TooClose)
    }

    fn doubt(&self, found: &UncertainRow) -> String {
        let wanted = digits::percent(self.by_month.wanted);
        if self.too_close(found) {
            format!("; {wanted} are wanted, and that is too close to call")
        } else {
            format!("; {wanted} are wanted")
        }
    }

    /// From when on the target is met; `None` without one.
    fn met(&self, goal: &str) -> Option<String> {
        let wanted = digits::percent(self.by_month.wanted);
        let rests_on = format!(
            "with {} draws of {} replications",
            digits::count(self.draws.into()),
            self.replications
        );
        Some(match self.course.met? {
            Met::From(from) => {
                let counted = (from..self.course.months.len()).filter_map(|place| Some((place, self.judged(place)?)));
                let counted: Vec<(usize, &UncertainRow)> = counted.collect();
                let close = counted.iter().filter(|(_, found)| self.too_close(found));
                let close: Vec<String> = close.map(|(place, _)| self.month(*place)).collect();
                let since = if from == 0 {
                    "every month judged meets".to_owned()
                } else {
                    format!("from {} on every month judged meets", self.month(from))
                };
                let met = format!("{since} the {goal} target in at least {wanted} of the draws");
                let met = match close.len() {
                    0 => format!("{met}."),
                    n if n == counted.len() => format!(
                        "whether {since} the {goal} target in at least {wanted} of the draws is too close to call {rests_on}."
                    ),
                    n if n > 3 => format!(
                        "{met}; but {n} of these {} months are too close to call {rests_on}.",
                        counted.len()
                    ),
                    n => format!(
                        "{met}; but {} {} too close to call {rests_on}.",
                        words::list(&close),
                        if n == 1 { "is" } else { "are" }
                    ),
                };
                let (place, last) = counted.last()?;
                format!(
                    "{met} The last, {}, meets it in {}.",
                    self.month(*place),
                    of_the_draws(last)?
                )
            }
            Met::NotIn(place) => {
                let last = self.judged(place)?;
                let what = if self.too_close(last) {
                    format!(
                        "whether the {goal} target is met at the end in at least {wanted} of the draws is too close to call {rests_on}."
                    )
                } else {
                    format!("the {goal} target is not met to the end in as many as {wanted} of the draws.")
                };
                format!(
                    "{what} The last month judged, {}, meets it in {}.",
                    self.month(place),
                    of_the_draws(last)?
                )
            }
            Met::Nothing => format!(
                "of no month of which half or more is measured were there referrals in all draws, so nothing can be said about its \
                 {goal} target."
            ),
        })
    }
}

/// The months of a standard at a hub, or over all, both kinds of doubt apart; `None` where nothing is known.
#[must_use]
pub fn grid(scenario: &Scenario, of: &Uncertain, hub: Option<HubId>, id: PathwayId) -> Option<Grid> {
    let by_month = of.months.as_ref()?;
    let course = by_month.course(hub, id)?;
    let standard = scenario.pathways[id.0].standard?;
    let caption = format!(
        "{} {}, month by month, uncertain inputs: per cent; last, the draws in which that month meets the target",
        words::pathway(scenario, id),
        words::within_short(standard.within)
    );
    let mut grid = Grid::new(
        caption,
        &[
            ("Month", false),
            ("Mean", true),
            ("Inputs: sd, points", true),
            ("Chance: error, points", true),
            ("By inputs", true),
            ("With both", true),
        ],
    );
    if course.met.is_some() {
        grid.column(MET_IN.into(), true);
    }
    for (month, found) in by_month.months.iter().zip(&course.months) {
        let mut row = vec![words::month_of(month)];
        match found {
            None => row.resize(grid.columns.len(), digits::NONE.into()),
            Some(found) => {
                row.extend(cells(found));
                row.extend(found.share.map(|e| digits::percent(e.mean)));
            }
        }
        grid.row(row, false);
    }
    course.months.iter().any(Option::is_some).then_some(grid)
}
