//! The cells of every table, once for the terminal and the report.

mod consequences;
mod months;

pub use consequences::{beds, consequences, money, outcomes};
pub use months::{fan, levels, months};

use crate::answers::causes::{CauseHourRow, CauseMeasure};
use crate::answers::check::{CheckAnswer, LoadRow, StaffMeaning, heads};
use crate::answers::run::{Flow, HourlyMeasure, RunAnswer};
use crate::answers::{Estimate, Measure};
use crate::engine::Cause;
use crate::model::{Assumption, HubId, PackageId, PathwayId, RoleId, Scenario, Weekday, Within};
use crate::output::digits;
use crate::output::words::{self, Verdict};
use crate::units::Span;

/// A table of text: what it shows, its headings, its rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grid {
    /// What it shows, as a phrase.
    pub caption: String,
    /// Its columns. The first names the row.
    pub columns: Vec<Column>,
    /// Its rows.
    pub rows: Vec<Row>,
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Heading.
    pub heading: String,
    /// Whether it holds numbers, which are set to the right.
    pub number: bool,
}

/// A row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// One cell per column.
    pub cells: Vec<String>,
    /// Whether it sums up the others.
    pub total: bool,
}

impl Grid {
    pub(super) fn new(caption: impl Into<String>, columns: &[(&str, bool)]) -> Self {
        Self {
            caption: caption.into(),
            columns: columns
                .iter()
                .map(|&(heading, number)| Column {
                    heading: heading.into(),
                    number,
                })
                .collect(),
            rows: Vec::new(),
        }
    }

    pub(super) fn column(&mut self, heading: String, number: bool) {
        self.columns.push(Column { heading, number });
    }

    pub(super) fn row(&mut self, cells: Vec<String>, total: bool) {
        self.rows.push(Row { cells, total });
    }
}

const HUB: (&str, bool) = ("Hub", false);

/// Heads the tables of one standard.
#[must_use]
pub fn standard_caption(scenario: &Scenario, id: PathwayId) -> Option<String> {
    let pathway = &scenario.pathways[id.0];
    let standard = pathway.standard.as_ref()?;
    let target = standard
        .target
        .map_or_else(String::new, |t| format!("; target {}", digits::per_cent(t)));
    let (name, done, within) = (
        words::pathway(scenario, id),
        words::done(pathway),
        words::within_long(standard.within),
    );
    Some(format!("{name}: {done} {within}{target}"))
}

/// Every standard over all hubs.
#[must_use]
pub fn overall(scenario: &Scenario, answer: &RunAnswer) -> Option<Grid> {
    let mut grid = Grid::new(
        "Every standard, all hubs together",
        &[
            ("Pathway", false),
            ("Standard", false),
            ("Target", true),
            ("Simulated", true),
            ("Position", false),
            ("Replications that meet it", true),
        ],
    );
    for (id, pathway, standard) in words::standards(scenario) {
        let get = |measure| answer.estimate(None, Flow::Pathway(id), None, measure);
        let level = get(Measure::ServiceLevel);
        let verdict = level
            .zip(standard.target)
            .map_or("", |(e, t)| Verdict::of(&e, t).words());
        grid.row(
            vec![
                words::pathway(scenario, id),
                format!("{} {}", words::done(pathway), words::within_long(standard.within)),
                standard.target.map_or_else(|| "none set".into(), digits::per_cent),
                digits::share(level),
                verdict.into(),
                digits::share(get(Measure::ProbabilityTargetMet)),
            ],
            false,
        );
    }
    (!grid.rows.is_empty()).then_some(grid)
}

/// Position against the standard of a pathway, hub by hub; `None` if it has no standard.
#[must_use]
pub fn standard(scenario: &Scenario, answer: &RunAnswer, id: PathwayId) -> Option<Grid> {
    let standard = scenario.pathways[id.0].standard.as_ref()?;
    let (unit, scale) = wait_unit(standard.within);
    let within = words::capital(&words::within_short(standard.within));
    let p90 = format!("p90 wait, {unit}");
    let referrals = format!("Referrals in {}", words::weeks(scenario.experiment.run_length.days()));
    let mut grid = Grid::new(
        standard_caption(scenario, id)?,
        &[HUB, (&referrals, true), (&within, true), (&p90, true)],
    );
    if standard.target.is_some() {
        grid.column("Target".into(), false);
    }
    let flow = Flow::Pathway(id);
    for hub in words::hubs_and_all(scenario) {
        let get = |measure| answer.estimate(hub, flow, None, measure);
        let level = get(Measure::ServiceLevel);
        let mut cells = vec![
            words::hub(scenario, hub),
            digits::number(get(Measure::Referrals), 1.0),
            digits::share(level),
            digits::quantile(get(Measure::WaitP90Min), scale),
        ];
        if let Some(target) = standard.target {
            cells.push(level.map_or_else(|| digits::NONE.into(), |e| Verdict::of(&e, target).words().into()));
        }
        grid.row(cells, hub.is_none());
    }
    Some(grid)
}

/// The causes of a pathway's misses over all hubs, the largest first; `None` if it has no standard or nobody missed it.
#[must_use]
pub fn causes(scenario: &Scenario, answer: &RunAnswer, id: PathwayId) -> Option<Grid> {
    let referrals = words::weeks(scenario.experiment.run_length.days());
    let caption = format!("{}: why the standard is missed, all hubs", words::pathway(scenario, id));
    let misses = format!("Misses in {referrals}");
    let mut grid = Grid::new(
        caption,
        &[
            ("Cause", false),
            (&misses, true),
            ("Of all misses", true),
            ("Points of service level", true),
        ],
    );
    let leaves = scenario.pathways[id.0].patience.is_some();
    if leaves {
        grid.column("Of these left".into(), true);
    }
    let rows = ordered_causes(answer, None, id)
        .into_iter()
        .map(|(cause, _)| Some(cause));
    for cause in rows.chain([None]) {
        let get = |measure| answer.cause(None, id, cause, measure);
        let name = cause.map_or_else(|| "All misses".into(), |c| words::capital(words::cause(c)));
        let share = get(CauseMeasure::ShareOfMisses);
        let mut cells = vec![
            name,
            digits::number(get(CauseMeasure::Misses), 1.0),
            if cause.is_none() {
                "100 %".into()
            } else {
                digits::share(share)
            },
            digits::number(get(CauseMeasure::Points), 1.0),
        ];
        if leaves {
            cells.push(digits::number(get(CauseMeasure::MissesThatLeft), 1.0));
        }
        grid.row(cells, cause.is_none());
    }
    (grid.rows.len() > 1).then_some(grid)
}

/// The causes that occur for a pathway at a hub with the points of the service level that they cost, the largest first.
#[must_use]
pub fn ordered_causes(answer: &RunAnswer, hub: Option<HubId>, id: PathwayId) -> Vec<(Cause, Estimate)> {
    let points = |cause| answer.cause(hub, id, Some(cause), CauseMeasure::Points);
    let mut found: Vec<(Cause, Estimate)> = Cause::ALL
        .into_iter()
        .filter_map(|c| points(c).filter(|e| e.mean > 0.0).map(|e| (c, e)))
        .collect();
    found.sort_by(|a, b| b.1.mean.total_cmp(&a.1.mean));
    found
}

/// The points of the service level that each cause costs, hub by hub.
#[must_use]
pub fn causes_by_hub(scenario: &Scenario, answer: &RunAnswer, id: PathwayId) -> Option<Grid> {
    let found = ordered_causes(answer, None, id);
    let caption = format!(
        "{}: points of service level missed, by hub and cause",
        words::pathway(scenario, id)
    );
    let mut grid = Grid::new(caption, &[HUB]);
    for (cause, _) in &found {
        grid.column(words::capital(words::cause(*cause)), true);
    }
    grid.column("All".into(), true);
    for hub in words::hubs_and_all(scenario) {
        let points = |cause| digits::number(answer.cause(hub, id, cause, CauseMeasure::Points), 1.0);
        let mut cells = vec![words::hub(scenario, hub)];
        cells.extend(found.iter().map(|(cause, _)| points(Some(*cause))));
        cells.push(points(None));
        grid.row(cells, hub.is_none());
    }
    (!found.is_empty()).then_some(grid)
}

/// The largest cause and the next at each hub.
#[must_use]
pub fn largest_causes(scenario: &Scenario, answer: &RunAnswer, id: PathwayId) -> Option<Grid> {
    let caption = format!(
        "{}: the largest causes by hub, in points of service level",
        words::pathway(scenario, id)
    );
    let mut grid = Grid::new(
        caption,
        &[HUB, ("Missed", true), ("Most of it", false), ("Then", false)],
    );
    let mut any = false;
    for hub in words::hubs_and_all(scenario) {
        let found = ordered_causes(answer, hub, id);
        any |= !found.is_empty();
        let named = |n: usize| {
            let one = found.get(n);
            one.map_or_else(String::new, |(c, e)| {
                format!("{} {}", words::cause(*c), digits::number(Some(*e), 1.0))
            })
        };
        let all = digits::number(answer.cause(hub, id, None, CauseMeasure::Points), 1.0);
        grid.row(vec![words::hub(scenario, hub), all, named(0), named(1)], hub.is_none());
    }
    any.then_some(grid)
}

/// Misses of a pathway over all hubs by cause, hour and weekday: of a cause, or of all.
#[must_use]
pub fn causes_by_hour(scenario: &Scenario, answer: &RunAnswer, id: PathwayId, cause: Cause) -> Option<Grid> {
    let hours = misses_by_hour(answer, id, cause);
    let caption = format!(
        "{}: {}, misses by hour of week of the clock start, all hubs",
        words::pathway(scenario, id),
        words::cause(cause)
    );
    let mut grid = Grid::new(caption, &[("Hour", false)]);
    for day in Weekday::ALL {
        grid.column(day.name().into(), true);
    }
    for hour in 0..24 {
        if (0..7).any(|day| hours[day * 24 + hour] > 0.0) {
            let mut cells = vec![format!("{hour:02}-{:02}", hour + 1)];
            cells.extend((0..7).map(|day| digits::people(hours[day * 24 + hour])));
            grid.row(cells, false);
        }
    }
    (!grid.rows.is_empty()).then_some(grid)
}

/// The 168 mean numbers of misses of a pathway over all hubs for a cause.
#[must_use]
pub fn misses_by_hour(answer: &RunAnswer, id: PathwayId, cause: Cause) -> Vec<f64> {
    let mut hours = vec![0.0; 168];
    let wanted = |r: &&CauseHourRow| r.hub.is_none() && r.pathway == id && r.cause == cause;
    for row in answer.causes_hourly.iter().filter(wanted) {
        if let Some(hour) = hours.get_mut(row.hour_of_week) {
            *hour += row.misses;
        }
    }
    hours
}

/// What switching causes off does to a pathway; `None` if it was not asked.
#[must_use]
pub fn switched_off(scenario: &Scenario, answer: &RunAnswer, id: PathwayId) -> Option<Grid> {
    let caption = format!(
        "{}: with one cause switched off, the same people, all hubs",
        words::pathway(scenario, id)
    );
    let mut grid = Grid::new(
        caption,
        &[
            ("Switched off", false),
            ("Service level", true),
            ("Change, points", true),
        ],
    );
    for row in answer.switched_off.iter().filter(|r| r.pathway == id) {
        grid.row(
            vec![
                words::capital(&words::switch(scenario, row.switch)),
                digits::share(row.service_level),
                change(row.change),
            ],
            false,
        );
    }
    (!grid.rows.is_empty()).then_some(grid)
}

/// A difference in points with its sign, or that there is none to be seen.
fn change(e: Option<Estimate>) -> String {
    let Some(e) = e else { return digits::NONE.into() };
    if e.low <= 0.0 && e.high >= 0.0 {
        return "no detectable difference".into();
    }
    let figure = digits::number_figure(&e, 1.0);
    let sign = if e.mean > 0.0 { "+" } else { "" };
    format!("{sign}{} ± {}", figure.mean, figure.half_width)
}

/// Waits of those seen, by pathway and hub.
#[must_use]
pub fn waits(scenario: &Scenario, answer: &RunAnswer, id: PathwayId) -> Option<Grid> {
    let within = scenario.pathways[id.0].standard.as_ref().map(|s| s.within);
    let (unit, scale) = within.map_or(("h", 1.0 / 60.0), wait_unit);
    let heading = |what: &str| format!("{what}, {unit}");
    let caption = format!(
        "{}: wait of those seen, and those who left",
        words::pathway(scenario, id)
    );
    let mut grid = Grid::new(caption, &[HUB]);
    for what in [
        "Mean wait",
        "Half wait less than",
        "90 % wait less than",
        "95 % wait less than",
    ] {
        grid.column(heading(what), true);
    }
    let reneges = scenario.pathways[id.0].patience.is_some();
    if reneges {
        grid.column("Left before being seen".into(), true);
    }
    let flow = Flow::Pathway(id);
    let mut any = false;
    for hub in words::hubs_and_all(scenario) {
        let mut cells = vec![words::hub(scenario, hub)];
        for measure in [
            Measure::WaitMeanMin,
            Measure::WaitP50Min,
            Measure::WaitP90Min,
            Measure::WaitP95Min,
        ] {
            let e = answer.estimate(hub, flow, None, measure);
            any |= e.is_some();
            // A mean has an interval with two like sides.
            cells.push(match measure {
                Measure::WaitMeanMin => digits::number(e, scale),
                _ => digits::quantile(e, scale),
            });
        }
        if reneges {
            cells.push(digits::share(answer.estimate(hub, flow, None, Measure::RenegedShare)));
        }
        grid.row(cells, hub.is_none());
    }
    any.then_some(grid)
}

/// How busy staff are, by hub and role.
#[must_use]
pub fn utilisation(scenario: &Scenario, answer: &RunAnswer, roles: &[RoleId]) -> Grid {
    let mut grid = Grid::new("Utilisation: share of time on shift spent at work", &[HUB]);
    for &role in roles {
        grid.column(words::role(scenario, role), true);
    }
    for hub in words::hubs_and_all(scenario) {
        let mut cells = vec![words::hub(scenario, hub)];
        for &role in roles {
            cells.push(digits::share(answer.estimate(
                hub,
                Flow::All,
                Some(role),
                Measure::Utilisation,
            )));
        }
        grid.row(cells, hub.is_none());
    }
    grid
}

/// Staff over all hubs: WTE, on shift, at work, overtime, by role.
#[must_use]
pub fn staff(scenario: &Scenario, answer: &RunAnswer, check: &CheckAnswer) -> Grid {
    let caption = if scenario.later.is_empty() && scenario.recruits.is_empty() {
        "Staff over all hubs"
    } else {
        "Staff over all hubs; WTE before dated changes, without recruited posts"
    };
    let mut grid = Grid::new(
        caption,
        &[
            ("Role", false),
            ("WTE in post", true),
            ("On shift, day and night mean", true),
            ("Utilisation", true),
            ("Overtime, h a week", true),
        ],
    );
    for r in 0..scenario.roles.len() {
        let role = RoleId(r);
        let get = |measure| answer.estimate(None, Flow::All, Some(role), measure);
        let wte: Option<f64> = check.staff.iter().filter(|m| m.role == role).map(|m| m.wte).sum();
        grid.row(
            vec![
                words::role(scenario, role),
                wte.map_or_else(|| "pool".into(), digits::wte),
                digits::number(get(Measure::OnShiftMean), 1.0),
                digits::share(get(Measure::Utilisation)),
                digits::number(get(Measure::OvertimeHPerWeek), 1.0),
            ],
            false,
        );
    }
    grid
}

/// Caseload and planned visits of a package, hub by hub; `None` if nothing of it was measured.
#[must_use]
pub fn package(scenario: &Scenario, answer: &RunAnswer, id: PackageId) -> Option<Grid> {
    let flow = Flow::Package(id);
    let mut grid = Grid::new(
        format!("{}: caseload and planned visits", words::flow(scenario, flow)),
        &[HUB, ("Caseload", true), ("Visits late", true), ("Visits missed", true)],
    );
    let mut any = false;
    for hub in words::hubs_and_all(scenario) {
        let get = |measure| answer.estimate(hub, flow, None, measure);
        any |= get(Measure::CaseloadMean).is_some() || get(Measure::VisitsMissedShare).is_some();
        grid.row(
            vec![
                words::hub(scenario, hub),
                digits::number(get(Measure::CaseloadMean), 1.0),
                digits::share(get(Measure::VisitsLateShare)),
                digits::share(get(Measure::VisitsMissedShare)),
            ],
            hub.is_none(),
        );
    }
    any.then_some(grid)
}

/// What is known of the service beside what was simulated.
#[must_use]
pub fn observed(scenario: &Scenario, answer: &RunAnswer) -> Option<Grid> {
    let before_change = scenario.observed.iter().any(|o| o.before_change);
    let (caption, reported, simulated) = if before_change {
        (
            "What was reported of the base, before the change, and what the simulation gives with it",
            "Reported of the base",
            "Simulated, with the change",
        )
    } else {
        (
            "What was reported of the service, and what the simulation gives",
            "Reported",
            "Simulated",
        )
    };
    let mut grid = Grid::new(
        caption,
        &[
            ("Measure", false),
            (reported, true),
            (simulated, true),
            ("Reported in", false),
        ],
    );
    for o in &scenario.observed {
        let known = words::measure_named(&o.measure);
        let flow = o.pathway.map_or(Flow::All, Flow::Pathway);
        let e = match o.month {
            Some(month) => o
                .pathway
                .and_then(|p| answer.trajectory.estimate(o.hub, p, month, &o.measure)),
            None => known.and_then(|m| answer.estimate(o.hub, flow, None, m)),
        };
        let reported = match known.map(Measure::unit) {
            Some("share") => digits::percent(o.value),
            _ => format!("{}", o.value),
        };
        let mut what = words::measure(&o.measure);
        if let Some(pathway) = o.pathway {
            what = format!("{what}, {}", scenario.pathways[pathway.0].name);
        }
        if o.hub.is_some() {
            what = format!("{what}, {}", words::hub(scenario, o.hub));
        }
        if let Some(month) = o.month {
            what = format!("{what}, {}", words::month(month));
        }
        let simulated = known.map_or_else(|| digits::NONE.into(), |m| digits::measured(m, e));
        grid.row(vec![what, reported, simulated, o.source.clone()], false);
    }
    (!grid.rows.is_empty()).then_some(grid)
}

/// The assumptions book.
#[must_use]
pub fn assumptions(scenario: &Scenario) -> Option<Grid> {
    let mut grid = Grid::new(
        "Assumptions book",
        &[
            ("Input", false),
            ("Value", false),
            ("Kind", false),
            ("Low to high", false),
            ("Source or reason", false),
        ],
    );
    for line in book(scenario) {
        let range = match (line.low.as_str(), line.high.as_str()) {
            ("", "") => String::new(),
            (low, high) => format!("{low} to {high}"),
        };
        grid.row(vec![line.path, line.value, line.kind, range, line.because], false);
    }
    (!grid.rows.is_empty()).then_some(grid)
}

/// A line of the assumptions book as it is shown; cells are empty where nothing was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BookLine {
    /// Which number, as a path into the file.
    pub path: String,
    /// The value used, as typed.
    pub value: String,
    /// How it came about.
    pub kind: String,
    /// Lowest plausible value, as typed.
    pub low: String,
    /// Highest plausible value, as typed.
    pub high: String,
    /// Where it was found, and why.
    pub because: String,
}

/// The assumptions book, line by line.
#[must_use]
pub fn book(scenario: &Scenario) -> Vec<BookLine> {
    let line = |a: &Assumption| {
        let because = [a.source.as_str(), a.why.as_str()];
        let because: Vec<&str> = because.into_iter().filter(|t| !t.is_empty()).collect();
        let because = because.join("; ");
        // What was said of the number before says nothing of the number now.
        let (kind, low, high, because) = if a.changed {
            let before = if because.is_empty() {
                String::new()
            } else {
                format!("; {because}")
            };
            let before = format!("Of the base: {}{before}", a.kind.name());
            ("changed by this scenario", String::new(), String::new(), before)
        } else {
            (a.kind.name(), a.low.clone(), a.high.clone(), because)
        };
        BookLine {
            path: a.path.clone(),
            value: a.value.clone(),
            kind: kind.into(),
            low,
            high,
            because,
        }
    };
    scenario.assumptions.iter().map(line).collect()
}

/// What calibration may move.
#[must_use]
pub fn unknowns(scenario: &Scenario) -> Option<Grid> {
    let mut grid = Grid::new(
        "Inputs that are not known",
        &[("Input", false), ("From", true), ("To", true)],
    );
    for u in &scenario.unknowns {
        grid.row(vec![u.path.clone(), u.from.clone(), u.to.clone()], false);
    }
    (!grid.rows.is_empty()).then_some(grid)
}

/// What is really sampled beside what was typed.
#[must_use]
pub fn inputs(check: &CheckAnswer) -> Grid {
    let mut grid = Grid::new(
        "Durations as sampled; * where min or max cuts",
        &[
            ("Input, and as typed", false),
            ("Mean", true),
            ("sd", true),
            ("p95", true),
        ],
    );
    // What takes no time at all is not worth a line.
    for i in check.inputs.iter().filter(|i| i.mean_min > 0.0) {
        let mark = if i.cut { " *" } else { "" };
        grid.row(
            vec![
                format!("{}\n  {}{mark}", i.path, i.typed),
                digits::minutes_short(i.mean_min),
                digits::minutes_short(i.sd_min),
                digits::minutes_short(i.p95_min),
            ],
            false,
        );
    }
    grid
}

/// What the staff numbers of a role mean on shift.
#[must_use]
pub fn meaning(scenario: &Scenario, check: &CheckAnswer, role: RoleId) -> Grid {
    let ours: Vec<&StaffMeaning> = check.staff.iter().filter(|m| m.role == role).collect();
    let mut grid = Grid::new(
        meaning_caption(scenario, &ours, role),
        &[
            HUB,
            ("WTE", true),
            ("People", true),
            ("On each shift", false),
            ("On shift, by hour of the day", false),
        ],
    );
    for m in ours {
        let nobody = m.on_shift.iter().all(|&n| n == 0.0);
        if nobody {
            // Neither a pool nor posts: one word is enough.
            let mut cells = vec![words::hub(scenario, Some(m.hub)), digits::NONE.to_owned()];
            cells.resize(5, String::new());
            grid.row(cells, false);
            continue;
        }
        let (wte, heads) = match m.wte {
            Some(wte) => (digits::wte(wte), format!("{}+", heads(wte))),
            None => ("pool".into(), "as given".into()),
        };
        grid.row(
            vec![
                words::hub(scenario, Some(m.hub)),
                wte,
                heads,
                on_each_shift(m),
                stretches(m)
                    .split(", ")
                    .map(|part| part.replace(' ', "\u{a0}"))
                    .collect::<Vec<_>>()
                    .join(", "),
            ],
            false,
        );
    }
    grid
}

/// What the posts of a role come to: how many people at least, and how few of them are there at one time.
fn meaning_caption(scenario: &Scenario, ours: &[&StaffMeaning], role: RoleId) -> String {
    let name = words::role(scenario, role);
    let hours = scenario.roles[role.0].hours_per_week;
    let posts: Vec<f64> = ours.iter().filter_map(|m| m.wte).filter(|&wte| wte > 0.0).collect();
    if posts.is_empty() {
        return format!("{name}: people on shift, as given");
    }
    let people: u64 = posts.iter().map(|&wte| heads(wte)).sum();
    let present = ours.iter().filter(|m| m.wte.is_some_and(|wte| wte > 0.0));
    let present = present.flat_map(|m| m.present.iter().map(|(_, n)| *n));
    let (few, many) = present.fold((f64::INFINITY, 0.0_f64), |(few, many), n| (few.min(n), many.max(n)));
    let (few, many) = (digits::people(few), digits::people(many));
    let on_each = if few == many { few } else { format!("{few} to {many}") };
    let at = if posts.len() == 1 { "" } else { " at a hub" };
    format!(
        "{name}: {} WTE of {hours} h a week are at least {people} people, of whom about {on_each} are on each shift{at}, \
         net of leave and sickness",
        digits::wte(posts.iter().sum()),
    )
}

/// People who come to each shift: `early 1.7, late 1.7`.
fn on_each_shift(m: &StaffMeaning) -> String {
    if m.present.is_empty() {
        return "as given".into();
    }
    let each = m
        .present
        .iter()
        .map(|(name, n)| format!("{name} {}", digits::people(*n)));
    each.collect::<Vec<_>>().join(", ")
}

/// Offered load against capacity by hub and role: per cent, and people below it.
#[must_use]
pub fn load(scenario: &Scenario, rows: &[LoadRow], roles: &[RoleId]) -> Grid {
    let worst = rows.iter().map(LoadState::of).max().unwrap_or(LoadState::Fine);
    let marks = match worst {
        LoadState::Fine => "",
        LoadState::Tight => "; ! above 85 %",
        LoadState::Overloaded => "; ! above 85 %, !! above 100 %",
    };
    let mut grid = Grid::new(
        format!(
            "Offered load as a share of capacity, and below it people kept busy of people available, averaged over day \
             and night{marks}"
        ),
        &[HUB],
    );
    for &role in roles {
        grid.column(words::role(scenario, role), true);
    }
    for h in 0..scenario.hubs.len() {
        let mut cells = vec![words::hub(scenario, Some(HubId(h)))];
        for &role in roles {
            let row = rows.iter().find(|r| r.hub.0 == h && r.role == role);
            cells.push(row.map_or_else(|| digits::NONE.into(), load_cell));
        }
        grid.row(cells, false);
    }
    grid
}

fn load_cell(row: &LoadRow) -> String {
    let mark = match LoadState::of(row) {
        LoadState::Fine => "",
        LoadState::Tight => " !",
        LoadState::Overloaded => " !!",
    };
    let (offered, capacity) = (digits::people(row.offered), digits::people(row.capacity));
    if row.ratio().is_finite() {
        format!("{:.0} %{mark}\n{offered} of {capacity}", row.ratio() * 100.0)
    } else {
        format!("nobody{mark}\n{offered} of {capacity}")
    }
}

/// How offered load stands to capacity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LoadState {
    /// Up to 85 %.
    Fine,
    /// Above 85 %: little is left for the peaks.
    Tight,
    /// Above 100 %: the queue grows without end, or visits are missed.
    Overloaded,
}

impl LoadState {
    /// Where a row stands.
    #[must_use]
    pub fn of(row: &LoadRow) -> Self {
        match row.ratio() {
            r if r > 1.0 => Self::Overloaded,
            r if r > 0.85 => Self::Tight,
            _ => Self::Fine,
        }
    }
}

/// Staff on shift and at work over all hubs, by hour and weekday, for a role; `None` if it was not measured.
#[must_use]
pub fn hours_of_week(scenario: &Scenario, answer: &RunAnswer, role: RoleId) -> Option<Grid> {
    let on_shift = hourly(answer, role, HourlyMeasure::OnShift)?;
    let busy = hourly(answer, role, HourlyMeasure::Busy)?;
    let caption = format!(
        "{}: staff at work / on shift, all hubs, by hour of week",
        words::role(scenario, role)
    );
    let mut grid = Grid::new(caption, &[("Hour", false)]);
    for day in Weekday::ALL {
        grid.column(day.name().into(), true);
    }
    for hour in 0..24 {
        let cell = |day: usize| {
            let at = day * 24 + hour;
            format!("{} / {}", digits::people(busy[at]), digits::people(on_shift[at]))
        };
        let any = (0..7).any(|day| busy[day * 24 + hour] > 0.0 || on_shift[day * 24 + hour] > 0.0);
        if any {
            let mut cells = vec![format!("{hour:02}-{:02}", hour + 1)];
            cells.extend((0..7).map(cell));
            grid.row(cells, false);
        }
    }
    Some(grid)
}

/// The 168 means of an hourly measure of a role over all hubs; `None` if it was not measured.
#[must_use]
pub fn hourly(answer: &RunAnswer, role: RoleId, measure: HourlyMeasure) -> Option<Vec<f64>> {
    let mut values = vec![0.0; 168];
    let mut any = false;
    for row in &answer.hourly {
        let wanted = row.hub.is_none() && row.role == Some(role) && row.measure == measure;
        if let (true, Some(e), Some(value)) = (wanted, row.estimate, values.get_mut(row.hour_of_week)) {
            *value = e.mean;
            any = true;
        }
    }
    any.then_some(values)
}

/// People on shift by distinct stretches of the day, weekdays alike taken together: `07-14 1.4, 14-15 2.8, 15-22 1.4`.
#[must_use]
pub fn stretches(meaning: &StaffMeaning) -> String {
    let day = |d: usize| -> String {
        let mut parts: Vec<String> = Vec::new();
        let mut from = 0;
        let text: Vec<String> = meaning.on_shift[d * 24..d * 24 + 24]
            .iter()
            .map(|&n| digits::people(n))
            .collect();
        for to in 1..=24 {
            if to == 24 || text[to] != text[from] {
                if text[from] != "0.0" {
                    parts.push(format!("{from:02}-{to:02} {}", text[from]));
                }
                from = to;
            }
        }
        if parts.is_empty() {
            "nobody".into()
        } else {
            parts.join(", ")
        }
    };
    if meaning.on_shift.len() != 168 {
        return digits::NONE.into();
    }
    let mut groups: Vec<(usize, usize, String)> = Vec::new();
    for d in 0..7 {
        let text = day(d);
        match groups.last_mut() {
            Some((_, last, same)) if *same == text => *last = d,
            _ => groups.push((d, d, text)),
        }
    }
    if let [(_, _, only)] = groups.as_slice() {
        return only.clone();
    }
    let named = groups.iter().map(|(from, to, text)| {
        let (from, to) = (Weekday::ALL[*from].name(), Weekday::ALL[*to].name());
        if from == to {
            format!("{from}: {text}")
        } else {
            format!("{from}-{to}: {text}")
        }
    });
    named.collect::<Vec<_>>().join("; ")
}

/// The unit in which waits beside a standard are shown, and minutes in that unit.
#[must_use]
pub fn wait_unit(within: Within) -> (&'static str, f64) {
    match within {
        Within::Time(span) if span < Span::from_hours(12) => ("min", 1.0),
        _ => ("h", 1.0 / 60.0),
    }
}
