//! The trace of one replication as CSV, with the columns that process tools read: `docs/trace.md` says how.

use crate::answers::run::Flow;
use crate::answers::trace::{Event, Sent, TraceRow};
use crate::model::{Outcome, Pathway, Scenario};
use crate::output::csv::{self, CsvError};
use crate::units::Share;
use crate::units::{Instant, Span};

/// Columns of a trace.
pub const TRACE: [&str; 19] = [
    "entity_id",
    "pathway",
    "event_type",
    "event",
    "time",
    "resource_id",
    "timestamp",
    "activity_instance_id",
    "lifecycle",
    "resource",
    "hub",
    "role",
    "package",
    "stream",
    "planned",
    "arrives",
    "begins",
    "ends",
    "detail",
];

/// The trace as CSV.
///
/// # Errors
/// [`CsvError`] if the table cannot be made.
pub fn trace(scenario: &Scenario, rows: &[TraceRow]) -> Result<String, CsvError> {
    csv::table(&TRACE, rows.iter().map(|row| cells(scenario, row)))
}

fn cells(scenario: &Scenario, row: &TraceRow) -> Vec<String> {
    let words = Words::of(scenario, row);
    let stamp = |at: Option<Instant>| at.map_or_else(String::new, |at| timestamp(scenario, at));
    let number = |n: Option<u64>| n.map_or_else(String::new, |n| n.to_string());
    let hub = csv::hub(scenario, Some(row.hub));
    let role = row.role.map_or("", |role| csv::role(scenario, Some(role)));
    let resource = row.worker.map(|worker| format!("{hub} {role} {worker}"));
    let flow = match row.flow {
        Flow::All => "",
        flow => csv::flow(scenario, flow),
    };
    let package = row.package.map(|(id, _)| &scenario.packages[id.0]);
    let stream = row
        .package
        .zip(package)
        .and_then(|((_, stream), package)| package.streams.get(stream?));
    vec![
        number(row.case),
        flow.into(),
        words.kind.into(),
        words.event,
        minutes(row.at),
        number(row.worker.map(u64::from)),
        stamp(Some(row.at)),
        number(row.activity),
        words.lifecycle.into(),
        resource.unwrap_or_default(),
        hub.into(),
        role.into(),
        package.map_or_else(String::new, |p| p.name.clone()),
        stream.map_or_else(String::new, |s| s.name.clone()),
        stamp(row.times.planned),
        stamp(row.times.arrives),
        stamp(row.times.begins),
        stamp(row.times.ends),
        words.detail,
    ]
}

/// Minutes from the start of measuring, to a hundred-thousandth: half a millisecond and less.
fn minutes(at: Instant) -> String {
    let minutes = (at - Instant::ZERO).minutes();
    let rounded = (minutes * 1e5).round() / 1e5;
    if rounded == 0.0 {
        "0".into()
    } else {
        rounded.to_string()
    }
}

/// Local time by the calendar, to the millisecond: `2020-06-01T08:00:00.000`.
fn timestamp(scenario: &Scenario, at: Instant) -> String {
    let date = scenario.experiment.calendar.date(at.day());
    let ms = at.time_of_day().ms();
    let of = |unit: i64| ms.div_euclid(unit);
    format!(
        "{date}T{:02}:{:02}:{:02}.{:03}",
        of(Span::HOUR.ms()),
        of(60_000) % 60,
        of(1_000) % 60,
        ms % 1_000
    )
}

/// What an event is called.
#[derive(Debug)]
struct Words {
    kind: &'static str,
    event: String,
    lifecycle: &'static str,
    detail: String,
}

/// Kinds of event that vidigi knows.
const ARRIVAL_DEPARTURE: &str = "arrival_departure";
const QUEUE: &str = "queue";
const USE: &str = "resource_use";
const USE_END: &str = "resource_use_end";
/// Kinds that it passes over.
const QUEUE_END: &str = "queue_end";
const STAFF: &str = "staff";
const OTHER: &str = "other";

const START: &str = "start";
const COMPLETE: &str = "complete";

impl Words {
    fn of(scenario: &Scenario, row: &TraceRow) -> Self {
        let role = row.role.map_or("", |role| csv::role(scenario, Some(role)));
        let package = row.package.map_or("", |(id, _)| &scenario.packages[id.0].name);
        let waits = || format!("wait for {}", csv::flow(scenario, row.flow));
        let shift = |shift: usize| {
            let shifts = row.role.map(|role| &scenario.roles[role.0].shifts);
            shifts
                .and_then(|shifts| shifts.get(shift))
                .map_or_else(String::new, |s| s.name.clone())
        };
        let outcome = |of: fn(&Pathway) -> &[(Outcome, Share)], place: usize| {
            let pathway = match row.flow {
                Flow::Pathway(id) => scenario.pathways.get(id.0),
                Flow::All | Flow::Package(_) => None,
            };
            let outcome = pathway.and_then(|pathway| of(pathway).get(place));
            outcome.map_or("", |(outcome, _)| scenario.outcome_name(outcome))
        };
        let (kind, event, lifecycle, detail) = match row.what {
            Event::Received => (OTHER, "received".into(), "", String::new()),
            Event::Declined => (OTHER, "declined".into(), "", String::new()),
            Event::Arrival => (ARRIVAL_DEPARTURE, "arrival".into(), "", String::new()),
            Event::Depart => (ARRIVAL_DEPARTURE, "depart".into(), "", String::new()),
            Event::Waits => (QUEUE, waits(), START, String::new()),
            Event::Seen(met) => {
                let detail = match met {
                    Some(true) => "within the standard",
                    Some(false) => "after the standard",
                    None => "seen",
                };
                (QUEUE_END, waits(), COMPLETE, detail.into())
            }
            Event::Left(place) => {
                let outcome = outcome(|pathway| &pathway.on_leaving, place);
                (QUEUE_END, waits(), COMPLETE, format!("left for {outcome}"))
            }
            Event::Unanswered => (QUEUE_END, waits(), COMPLETE, "unanswered".into()),
            Event::Sent(sent) => {
                let detail = match sent {
                    Sent::Response => "first response",
                    Sent::FirstLead => "first lead visit",
                    Sent::Planned { late: false } => "visit in time",
                    Sent::Planned { late: true } => "visit late",
                    Sent::Second => "second person",
                };
                (USE, format!("visit by {role}"), START, detail.into())
            }
            Event::Free => (USE_END, format!("visit by {role}"), COMPLETE, String::new()),
            Event::AtHome => (QUEUE, "between visits".into(), "", String::new()),
            Event::Missed => (OTHER, "visit missed".into(), "", String::new()),
            Event::ResponseOver(place) => {
                let outcome = outcome(|pathway| &pathway.outcome, place);
                (OTHER, "response over".into(), "", outcome.into())
            }
            Event::PackageStarts => (QUEUE, format!("package {package}"), START, String::new()),
            Event::PackageEnds(place) => {
                let outcome = match (row.package, place) {
                    (Some((id, _)), Some(place)) => scenario.packages[id.0].outcome.get(place),
                    _ => None,
                };
                let outcome = outcome.map(|(name, _)| name.clone()).unwrap_or_default();
                (QUEUE_END, format!("package {package}"), COMPLETE, outcome)
            }
            Event::StreamStarts => (OTHER, "stream starts".into(), "", String::new()),
            Event::OnShift(number) => (STAFF, "on shift".into(), "", shift(number)),
            Event::Absent(number) => (STAFF, "absent".into(), "", shift(number)),
            Event::Break => (STAFF, "break".into(), "", String::new()),
            Event::OffShift => (STAFF, "off shift".into(), "", String::new()),
            Event::Capacity(people) => (STAFF, "capacity".into(), "", people.to_string()),
        };
        Self {
            kind,
            event,
            lifecycle,
            detail,
        }
    }
}
