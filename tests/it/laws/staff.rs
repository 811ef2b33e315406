//! Where staff are and what they do.

use std::collections::BTreeMap;

use homefirst::engine::Seen;
use homefirst::model::{Need, ShiftEnd, Staffing};
use homefirst::units::Instant;

use super::{Ran, Verdict, ensure, ensure_eq};

/// Somebody on one shift: role, shift, from, shift end, what they did, when they left.
#[derive(Clone, Debug)]
pub(super) struct Shifted {
    pub(super) role: usize,
    pub(super) shift: usize,
    pub(super) from: Instant,
    pub(super) until: Instant,
    pub(super) work: Vec<(Instant, Instant)>,
    pub(super) breaks: Vec<(Instant, Instant)>,
    pub(super) left: Option<Instant>,
}

pub(super) fn shifts(ran: &Ran<'_>) -> Result<Vec<Shifted>, String> {
    let mut now: BTreeMap<u32, Shifted> = BTreeMap::new();
    let mut done = Vec::new();
    for &(at, seen) in &ran.log {
        match seen {
            Seen::PersonStarts {
                person,
                hub,
                role,
                shift,
                until,
                ..
            } => {
                ensure_eq!(hub, ran.hub, "hub of person {person}");
                let new = Shifted {
                    role,
                    shift,
                    from: at,
                    until,
                    work: vec![],
                    breaks: vec![],
                    left: None,
                };
                ensure!(
                    now.insert(person, new).is_none(),
                    "person {person} comes before leaving"
                );
            }
            Seen::Sent {
                person: Some(person),
                role,
                free,
                ..
            } => {
                let Some(shifted) = now.get_mut(&person) else {
                    return Err(format!("person {person} is sent without being on shift"));
                };
                ensure_eq!(shifted.role, role, "role of person {person}");
                shifted.work.push((at, free));
            }
            Seen::BreakStarts { person, until } => match now.get_mut(&person) {
                Some(shifted) => shifted.breaks.push((at, until)),
                None => return Err(format!("person {person} takes a break without being on shift")),
            },
            Seen::PersonLeaves { person, .. } => {
                let Some(mut shifted) = now.remove(&person) else {
                    return Err(format!("person {person} leaves without having come"));
                };
                shifted.left = Some(at);
                done.push(shifted);
            }
            _ => {}
        }
    }
    done.extend(now.into_values());
    Ok(done)
}

/// Visits and breaks of a person never overlap, none begins outside the shift, nobody leaves in the middle, nobody has
/// more than one break; and nobody arrives before being sent.
pub(super) fn nobody_is_in_two_places(ran: &Ran<'_>) -> Verdict {
    for shifted in shifts(ran)? {
        let mut all: Vec<_> = shifted.work.iter().chain(&shifted.breaks).copied().collect();
        all.sort_unstable();
        ensure!(all.windows(2).all(|w| w[0].1 <= w[1].0), "in two places: {shifted:?}");
        let on_shift = |w: &(Instant, Instant)| shifted.from <= w.0 && w.0 < shifted.until && w.0 <= w.1;
        ensure!(all.iter().all(on_shift), "outside the shift: {shifted:?}");
        ensure!(
            shifted.breaks.len() <= 1 && shifted.breaks.iter().all(|b| b.1 <= shifted.until),
            "breaks: {shifted:?}"
        );
        if let Some(left) = shifted.left {
            let last = all.last().map_or(shifted.until, |w| w.1.max(shifted.until));
            ensure_eq!(left, last, "the end of {shifted:?}");
        }
    }
    for &(at, seen) in &ran.log {
        if let Seen::Sent {
            arrives,
            begins,
            ends,
            free,
            hub,
            ..
        } = seen
        {
            ensure!(
                at <= arrives && arrives <= begins && begins <= ends && ends <= free,
                "back in time: {seen:?} at {at:?}"
            );
            ensure_eq!(hub, ran.hub, "the hub of those sent");
        }
    }
    Ok(())
}

/// A break falls due in the middle of the shift and is taken when next free: not before, and never later than the end of
/// the work in hand; who has none was at work from then on.
pub(super) fn breaks_are_taken_when_next_free(ran: &Ran<'_>) -> Verdict {
    for shifted in shifts(ran)? {
        let plan = &ran.s.roles[shifted.role].shifts[shifted.shift];
        let half = plan.length().ms() / 2;
        let due = Instant::from_ms(shifted.until.ms() - plan.length().ms() + half);
        let ended = shifted.left.is_some();
        if plan.unpaid_break.ms() == 0 {
            ensure!(shifted.breaks.is_empty(), "a break that nobody has: {shifted:?}");
            continue;
        }
        // Of who came before the first simulated instant nobody knows.
        if due < shifted.from {
            continue;
        }
        // Somebody free at this instant takes the break.
        let at = shifted
            .work
            .iter()
            .filter(|w| w.0 < due && due < w.1)
            .map(|w| w.1)
            .max()
            .unwrap_or(due);
        match shifted.breaks.first() {
            Some(&(from, to)) => {
                ensure_eq!(from, at, "the break of {shifted:?}");
                ensure_eq!(to, (from + plan.unpaid_break).min(shifted.until), "its end");
            }
            None => {
                ensure!(!ended || at >= shifted.until, "no break: {shifted:?}");
            }
        }
    }
    Ok(())
}

/// What somebody may be sent to a first response for: needs that name the role.
fn needs_of<'a>(ran: &'a Ran<'a>, pathway: usize, role: usize) -> impl Iterator<Item = &'a Need> {
    let needs = ran.s.pathways[pathway].responses.iter().flat_map(|r| &r.needs);
    needs.filter(move |n| n.role.0 == role || n.or.iter().chain(&n.or_second).any(|r| r.0 == role))
}

/// Only roles that the file names are sent; and under `no-late-start` only where mean travel and mean length end before
/// the shift does.
pub(super) fn nobody_is_sent_too_late_in_a_shift(ran: &Ran<'_>) -> Verdict {
    let travel = &ran.s.hubs[ran.hub].travel;
    let mut pathways: BTreeMap<u64, usize> = BTreeMap::new();
    let mut until: BTreeMap<u32, Instant> = BTreeMap::new();
    for &(at, seen) in &ran.log {
        match seen {
            Seen::ClockStarts { referral, pathway, .. } | Seen::WaitsAtStart { referral, pathway, .. } => {
                pathways.insert(referral, pathway);
            }
            Seen::PersonStarts { person, until: end, .. } => {
                until.insert(person, end);
            }
            Seen::Sent {
                referral,
                role,
                person,
                stream,
                visit,
                ..
            } => {
                let shortest = if let Some(stream) = stream {
                    let (package, place) = ran.stream(stream);
                    let stream = &ran.s.packages[package].streams[place];
                    let named = stream.role.0 == role
                        || stream.or.iter().any(|r| r.0 == role)
                        || stream.two.get() > 0.0 && stream.or_second.iter().any(|r| r.0 == role);
                    ensure!(named, "role {role} makes a visit of {}", stream.name);
                    let first = stream.first_length.as_ref().filter(|_| visit == 0);
                    travel.round.mean_ms() + first.unwrap_or(&stream.length).mean_ms()
                } else {
                    let needs = needs_of(ran, pathways[&referral], role);
                    let shortest = needs.map(|n| n.length.mean_ms()).fold(f64::INFINITY, f64::min);
                    ensure!(shortest.is_finite(), "role {role} is sent to referral {referral}");
                    travel.urgent.mean_ms() + shortest
                };
                if let Some(person) = person.filter(|_| ran.s.roles[role].shift_end == ShiftEnd::NoLateStart) {
                    ensure!(
                        at.ms() as f64 + shortest <= until[&person].ms() as f64 + 0.5,
                        "person {person} starts late at {at:?}"
                    );
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// A pool never starts more than its capacity.
pub(super) fn pools_start_within_their_capacity(ran: &Ran<'_>) -> Verdict {
    let mut capacity = vec![0; ran.s.roles.len()];
    let mut busy: Vec<Vec<Instant>> = vec![Vec::new(); ran.s.roles.len()];
    for &(at, seen) in &ran.log {
        match seen {
            Seen::PoolChanges {
                role, capacity: now, ..
            } => capacity[role] = now as usize,
            Seen::Sent {
                role,
                person: None,
                free,
                ..
            } => {
                busy[role].retain(|&until| until > at);
                busy[role].push(free);
                ensure!(
                    busy[role].len() <= capacity[role],
                    "{} of {} at work at {at:?}",
                    busy[role].len(),
                    capacity[role]
                );
            }
            _ => {}
        }
    }
    Ok(())
}

/// Staff-time by hour of week [ms], and after shifts.
#[derive(Debug, PartialEq)]
struct Time {
    available: Vec<i64>,
    busy: Vec<i64>,
    over: i64,
}

impl Time {
    /// Adds so many staff from one instant to another, as far as that lies in the window.
    fn add(ran: &Ran<'_>, hours: &mut [i64], from: Instant, to: Instant, staff: i64) {
        let mut from = from.max(Instant::ZERO);
        let to = to.min(Instant::ZERO + ran.s.experiment.run_length);
        while from < to {
            let hour = 3_600_000;
            let next = Instant::from_ms((from.ms().div_euclid(hour) + 1) * hour).min(to);
            hours[ran.hour_of_week(from)] += staff * (next - from).ms();
            from = next;
        }
    }

    fn of_people(ran: &Ran<'_>, role: usize) -> Result<Self, String> {
        let (mut available, mut busy, mut over) = (vec![0; 168], vec![0; 168], 0);
        for shifted in shifts(ran)?.iter().filter(|x| x.role == role) {
            Self::add(ran, &mut available, shifted.from, shifted.until, 1);
            for pause in &shifted.breaks {
                Self::add(ran, &mut available, pause.0, pause.1, -1);
            }
            for work in &shifted.work {
                Self::add(ran, &mut busy, work.0, work.1, 1);
                over += ran.overlap(work.0.max(shifted.until), work.1);
            }
        }
        Ok(Self { available, busy, over })
    }

    fn of_pool(ran: &Ran<'_>, role: usize) -> Self {
        // (when, change of those at work, capacity from then on)
        let mut steps: Vec<(Instant, i64, Option<i64>)> = Vec::new();
        for &(at, seen) in &ran.log {
            match seen {
                Seen::PoolChanges { role: r, capacity, .. } if r == role => {
                    steps.push((at, 0, Some(i64::from(capacity))));
                }
                Seen::Sent { role: r, free, .. } if r == role => {
                    steps.push((at, 1, None));
                    steps.push((free, -1, None));
                }
                _ => {}
            }
        }
        steps.push((Instant::ZERO + ran.s.experiment.run_length, 0, None));
        steps.sort_by_key(|step| step.0);
        let (mut available, mut busy, mut over) = (vec![0; 168], vec![0; 168], 0);
        let (mut at_work, mut capacity, mut last) = (0, 0, steps[0].0);
        for (at, change, now) in steps {
            Self::add(ran, &mut available, last, at, capacity);
            Self::add(ran, &mut busy, last, at, at_work);
            over += (at_work - capacity).max(0) * ran.overlap(last, at);
            (last, at_work, capacity) = (at, at_work + change, now.unwrap_or(capacity));
        }
        Self { available, busy, over }
    }
}

/// Staff time adds up, hour by hour: time available is shifts less breaks, time at work the sum of all visits, overtime
/// the part after shifts, or of more at work than a pool has; and nobody works more inside shifts than they are there.
pub(super) fn staff_time_adds_up(ran: &Ran<'_>) -> Verdict {
    for (role, books) in ran.record.roles.iter().enumerate() {
        let time = match &ran.s.hubs[ran.hub].staff[role] {
            Staffing::Wte(_) => Time::of_people(ran, role)?,
            Staffing::OnShift(_) | Staffing::Rota(_) => Time::of_pool(ran, role),
        };
        let name = &ran.s.roles[role].name;
        ensure_eq!(books.available_by_hour, time.available, "{name} available");
        ensure_eq!(books.busy_by_hour, time.busy, "{name} at work");
        ensure_eq!(books.overtime_ms, time.over, "overtime of {name}");
        ensure!(
            books.busy_inside_ms() <= books.available_ms(),
            "{name} more at work than there"
        );
        ensure!(books.busy_inside_ms() >= 0, "{name} less at work than in overtime");
        let begun = ran.log.iter().filter(
            |(_, seen)| matches!(seen, Seen::Sent { role: r, begins, .. } if *r == role && ran.inside(*begins)),
        );
        ensure!(
            books.visits <= begun.count() as u64,
            "{name} makes more visits than it is sent to"
        );
    }
    Ok(())
}
