//! Planned visits: when they fall due, who makes them, which are missed.

use std::collections::BTreeMap;

use homefirst::engine::Seen;
use homefirst::model::{Joint, Pattern, ShiftEnd, Staffing, Stream};
use homefirst::units::Instant;

use super::staff::shifts;
use super::{Ran, Verdict, ensure, ensure_eq};

/// A planned visit from outside.
#[derive(Clone, Debug)]
pub(super) struct Visit {
    pub(super) available: Instant,
    pub(super) time: Instant,
    /// When people were sent, and when the visit began.
    pub(super) sent: Vec<(Instant, Instant)>,
    pub(super) missed: Option<Instant>,
    /// When it no longer waits.
    pub(super) until: Instant,
    /// The places in the log at which it was offered and at which it no longer waited: at one instant, which came first.
    places: (usize, usize),
    /// Whether it may be the first visit of a lead, which has rules of its own.
    pub(super) maybe_lead: bool,
}

/// (referral, stream over all packages, number of the visit).
pub(super) type VisitId = (u64, usize, u32);

pub(super) fn visits(ran: &Ran<'_>) -> Result<BTreeMap<VisitId, Visit>, String> {
    let last = ran.log.last().map_or(Instant::ZERO, |x| x.0);
    let mut all: BTreeMap<VisitId, Visit> = BTreeMap::new();
    let mut clocked: BTreeMap<u64, ()> = BTreeMap::new();
    for (place, &(at, seen)) in ran.log.iter().enumerate() {
        match seen {
            Seen::ClockStarts { referral, .. } | Seen::WaitsAtStart { referral, .. } => {
                clocked.insert(referral, ());
            }
            Seen::VisitAvailable {
                referral,
                stream,
                visit,
                time,
            } => {
                let new = Visit {
                    available: at,
                    time,
                    sent: Vec::new(),
                    missed: None,
                    until: last,
                    places: (place, usize::MAX),
                    maybe_lead: visit == 0 && clocked.contains_key(&referral),
                };
                let before = all.insert((referral, stream, visit), new);
                ensure!(
                    before.is_none(),
                    "visit {visit} of referral {referral} is offered twice"
                );
            }
            Seen::Sent {
                referral,
                stream: Some(stream),
                visit,
                begins,
                ..
            } => {
                let Some(v) = all.get_mut(&(referral, stream, visit)) else {
                    return Err(format!(
                        "visit {visit} of referral {referral} is made and was never offered"
                    ));
                };
                v.sent.push((at, begins));
                (v.until, v.places.1) = (at, place);
            }
            Seen::VisitMissed {
                referral,
                stream,
                visit,
            } => {
                let Some(v) = all.get_mut(&(referral, stream, visit)) else {
                    return Err(format!(
                        "visit {visit} of referral {referral} is missed and was never offered"
                    ));
                };
                ensure!(
                    v.missed.is_none(),
                    "visit {visit} of referral {referral} is missed twice"
                );
                (v.missed, v.until, v.places.1) = (Some(at), at, place);
            }
            Seen::Left { referral, .. } => {
                for (_, v) in all.range_mut((referral, 0, 0)..=(referral, usize::MAX, u32::MAX)) {
                    ensure!(v.sent.is_empty(), "referral {referral} leaves after a visit");
                    (v.until, v.places.1) = (v.until.min(at), v.places.1.min(place));
                }
            }
            _ => {}
        }
    }
    Ok(all)
}

/// The stream of a visit.
pub(super) fn stream_of<'r>(ran: &'r Ran<'_>, number: usize) -> &'r Stream {
    let (package, place) = ran.stream(number);
    &ran.s.packages[package].streams[place]
}

/// Visits are offered in order, at times that the pattern allows; each is made, missed or still waits, never two of
/// these; nobody is sent once it should have been given up; the same number of people come to every visit.
pub(super) fn visits_are_done_or_missed(ran: &Ran<'_>) -> Verdict {
    let all = visits(ran)?;
    let mut hands: BTreeMap<(u64, usize), usize> = BTreeMap::new();
    // By stream: missed; made and late, at least and at most.
    let mut counts: BTreeMap<usize, [u64; 5]> = BTreeMap::new();
    for (&(referral, number, visit), v) in &all {
        let stream = stream_of(ran, number);
        let what = || format!("visit {visit} of referral {referral}, {}: {v:?}", stream.name);
        ensure!(v.sent.is_empty() || v.missed.is_none(), "made and missed: {}", what());
        ensure!(
            v.sent.windows(2).all(|w| w[0] == w[1]),
            "two who do not come together: {}",
            what()
        );
        if !v.sent.is_empty() {
            let (first, now) = (*hands.entry((referral, number)).or_insert(v.sent.len()), v.sent.len());
            ensure_eq!(first, now, "people sent to {}", what());
            ensure!(
                now == 1 || (now == 2 && stream.two.get() > 0.0),
                "{now} people sent to {}",
                what()
            );
        }
        ensure!(
            v.available >= Instant::from_ms(v.time.ms() - stream.tolerance.ms()),
            "early: {}",
            what()
        );
        let last_call = (v.time + stream.give_up).max(v.available);
        if let Some((sent, _)) = v.sent.first() {
            ensure!(v.maybe_lead || *sent <= last_call, "sent after giving up: {}", what());
        }
        if let Some(missed) = v.missed {
            let next = all.get(&(referral, number, visit + 1)).map(|n| n.time.max(v.available));
            let by_next = next.is_none_or(|next| missed == last_call.min(next));
            ensure!(missed <= last_call && by_next, "given up at the wrong time: {}", what());
        }
        if visit > made_before(ran, referral, number) {
            let Some(before) = all.get(&(referral, number, visit - 1)) else {
                return Err(format!("out of order: {}", what()));
            };
            ensure!(before.time < v.time, "before the one before it: {}", what());
        }
        let first_at_once = visit == 0 && matches!(stream.pattern, Pattern::PerWeek(_) | Pattern::Once);
        ensure!(
            first_at_once || allowed(ran, stream, v.time),
            "at no time of its pattern: {}",
            what()
        );
        let count = counts.entry(number).or_default();
        count[0] += u64::from(v.missed.is_some_and(|at| ran.inside(at)));
        if let Some((_, begins)) = v.sent.first().filter(|(_, begins)| ran.inside(*begins)) {
            let late = u64::from(*begins > v.time + stream.tolerance);
            let sure = u64::from(!v.maybe_lead);
            *count = [
                count[0],
                count[1] + sure,
                count[2] + 1,
                count[3] + sure * late,
                count[4] + late,
            ];
        }
    }
    let streams = ran.record.packages.iter().flat_map(|p| &p.streams);
    for (number, books) in streams.enumerate() {
        let [missed, least, most, least_late, most_late] = counts.get(&number).copied().unwrap_or_default();
        ensure_eq!(books.missed, missed, "missed of stream {number}");
        ensure!(
            (least..=most).contains(&books.planned),
            "{} made, {least} to {most}",
            books.planned
        );
        ensure!(
            (least_late..=most_late).contains(&books.late),
            "{} late, {least_late} to {most_late}",
            books.late
        );
    }
    Ok(())
}

/// Visits of a stream that had been made when the simulation began.
fn made_before(ran: &Ran<'_>, referral: u64, number: usize) -> u32 {
    let of_this = |seen: &Seen| match *seen {
        Seen::RunsAtStart {
            referral: r,
            stream,
            visit,
            ..
        } if (r, stream) == (referral, number) => Some(visit),
        _ => None,
    };
    ran.log.iter().find_map(|(_, seen)| of_this(seen)).unwrap_or(0)
}

/// Whether a pattern allows a visit at a time.
fn allowed(ran: &Ran<'_>, stream: &Stream, time: Instant) -> bool {
    let clock = time.time_of_day();
    match &stream.pattern {
        Pattern::At { times, days } => {
            times.contains(&clock) && days.contains(ran.s.experiment.calendar.working_weekday(time.day()))
        }
        Pattern::PerDay { .. } => stream.hours.is_none_or(|(from, to)| from <= clock && clock < to),
        Pattern::PerWeek(_) => true,
        Pattern::Once => false,
    }
}

/// Who may make a visit alone, in order of preference.
fn roles_of(stream: &Stream) -> Vec<usize> {
    std::iter::once(&stream.role).chain(&stream.or).map(|r| r.0).collect()
}

/// Among planned visits that the same roles make alone, the first by priority and time goes first.
pub(super) fn who_is_due_first_goes_first(ran: &Ran<'_>) -> Verdict {
    let all = visits(ran)?;
    let mut lines: BTreeMap<Vec<usize>, Vec<(u8, &Visit)>> = BTreeMap::new();
    for (&(_, number, _), v) in &all {
        let stream = stream_of(ran, number);
        if !v.maybe_lead && stream.two.get() == 0.0 {
            let priority = ran.s.packages[ran.stream(number).0].priority;
            lines.entry(roles_of(stream)).or_default().push((priority, v));
        }
    }
    for line in lines.values() {
        for (priority, v) in line.iter().filter(|(_, v)| !v.sent.is_empty()) {
            let passed = line.iter().find(|(other, w)| {
                (*other, w.time) < (*priority, v.time) && w.places.0 < v.places.1 && v.places.1 < w.places.1
            });
            ensure!(passed.is_none(), "{passed:?} is passed over for {v:?}");
        }
    }
    Ok(())
}

/// Nobody is idle while a planned visit waits that one person can make, unless staff are held back (`reserve`) or may
/// not start late in the shift.
pub(super) fn nobody_is_idle_while_a_planned_visit_waits(ran: &Ran<'_>) -> Verdict {
    let held =
        |p: &homefirst::model::Pathway| p.joint == Joint::Reserve && p.responses.iter().any(|r| r.needs.len() > 1);
    if ran.s.pathways.iter().any(held) {
        return Ok(());
    }
    visits(ran)?;
    idle_while_a_visit_waits(ran, ShiftEnd::Finish).map_or(Ok(()), Err)
}

/// Somebody idle while a visit waits that they could make alone, in words; of roles that all have one rule for the end
/// of a shift.
pub(super) fn idle_while_a_visit_waits(ran: &Ran<'_>, rule: ShiftEnd) -> Option<String> {
    let all = visits(ran).ok()?;
    let alone: BTreeMap<(u64, usize), bool> = all
        .iter()
        .filter(|(_, v)| !v.sent.is_empty())
        .map(|(id, v)| ((id.0, id.1), v.sent.len() == 1))
        .collect();
    let idle: Vec<Idle> = (0..ran.s.roles.len())
        .map(|role| Idle::of(ran, role))
        .collect::<Result<_, _>>()
        .ok()?;
    all.iter().find_map(|(&(referral, number, visit), v)| {
        let stream = stream_of(ran, number);
        let single = stream.two.get() == 0.0 || alone.get(&(referral, number)) == Some(&true);
        let roles = roles_of(stream);
        let same_rule = roles.iter().all(|&r| ran.s.roles[r].shift_end == rule);
        if !single || !same_rule || v.available >= v.until {
            return None;
        }
        let found = |role: usize| Some((role, idle[role].between(v.available, v.until)?));
        let (role, at) = roles.into_iter().find_map(found)?;
        let name = &ran.s.roles[role].name;
        Some(format!(
            "{name} idle at {at:?} while visit {visit} of referral {referral} waits: {v:?}"
        ))
    })
}

/// When somebody of a role was idle: stretches, in order.
struct Idle(Vec<(Instant, Instant)>);

impl Idle {
    fn of(ran: &Ran<'_>, role: usize) -> Result<Self, String> {
        // Changes of those there and not at work or on a break.
        let mut steps: Vec<(Instant, i64)> = Vec::new();
        let last = ran.log.last().map_or(Instant::ZERO, |x| x.0);
        if let Staffing::Wte(_) = ran.s.hubs[ran.hub].staff[role] {
            for shifted in shifts(ran)?.iter().filter(|x| x.role == role) {
                steps.extend([(shifted.from, 1), (shifted.until, -1)]);
                for away in shifted.work.iter().chain(&shifted.breaks) {
                    steps.extend([(away.0, -1), (away.1.min(shifted.until), 1)]);
                }
            }
        } else {
            let mut capacity = 0;
            for &(at, seen) in &ran.log {
                match seen {
                    Seen::PoolChanges {
                        role: r, capacity: now, ..
                    } if r == role => {
                        steps.push((at, i64::from(now) - capacity));
                        capacity = i64::from(now);
                    }
                    Seen::Sent { role: r, free, .. } if r == role => steps.extend([(at, -1), (free, 1)]),
                    _ => {}
                }
            }
        }
        steps.push((last, 0));
        steps.sort_unstable();
        let (mut idle, mut free) = (Vec::new(), 0);
        for (n, (at, step)) in steps.iter().enumerate() {
            free += step;
            if let Some((next, _)) = steps.get(n + 1).filter(|next| free > 0 && *at < next.0) {
                idle.push((*at, *next));
            }
        }
        Ok(Self(idle))
    }

    /// The first instant of a stretch at which somebody was idle.
    fn between(&self, from: Instant, until: Instant) -> Option<Instant> {
        let first = self.0.partition_point(|stretch| stretch.1 <= from);
        self.0
            .get(first)
            .map(|stretch| stretch.0.max(from))
            .filter(|at| *at < until)
    }
}
