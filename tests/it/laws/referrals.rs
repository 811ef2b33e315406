//! What becomes of referrals, and what the books say of it.

use std::collections::BTreeMap;

use homefirst::engine::Seen;
use homefirst::model::{EndsAfter, OutOfHours, Outcome, PackageId, PathwayId, Scenario, Within};
use homefirst::units::{Instant, Span};

use super::{Ran, Verdict, ensure, ensure_eq};

/// The end of a referral: its wait and whether it was met if seen, what became of it otherwise.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum End {
    Seen(Span, bool),
    Left { hospital: bool },
    Unanswered,
}

/// A referral with every end in the log.
#[derive(Clone, Debug)]
pub(super) struct Followed {
    pub(super) pathway: usize,
    pub(super) received: Instant,
    /// Waiting when the simulation begins.
    pub(super) at_start: bool,
    pub(super) clock: Instant,
    pub(super) ends: Vec<(Instant, End)>,
}

pub(super) fn followed(ran: &Ran<'_>) -> Result<BTreeMap<u64, Followed>, String> {
    let mut all: BTreeMap<u64, Followed> = BTreeMap::new();
    for &(at, seen) in &ran.log {
        let (referral, end) = match seen {
            Seen::ClockStarts {
                referral,
                hub,
                pathway,
                received,
            } => {
                ensure_eq!(hub, ran.hub, "hub of referral {referral}");
                let new = Followed {
                    pathway,
                    received,
                    at_start: false,
                    clock: at,
                    ends: Vec::new(),
                };
                ensure!(all.insert(referral, new).is_none(), "referral {referral} starts twice");
                continue;
            }
            Seen::WaitsAtStart {
                referral,
                hub,
                pathway,
                clock,
            } => {
                ensure_eq!(hub, ran.hub, "hub of referral {referral}");
                ensure!(clock < at, "referral {referral} waits since {clock:?} at {at:?}");
                let new = Followed {
                    pathway,
                    received: clock,
                    at_start: true,
                    clock,
                    ends: Vec::new(),
                };
                ensure!(all.insert(referral, new).is_none(), "referral {referral} starts twice");
                continue;
            }
            Seen::ClockStops {
                referral,
                at,
                wait,
                met,
                ..
            } => (referral, (at, End::Seen(wait, met))),
            Seen::Left {
                referral,
                pathway,
                outcome,
                ..
            } => {
                let hospital = ran.s.pathways[pathway].on_leaving[outcome].0 == Outcome::Hospital;
                (referral, (at, End::Left { hospital }))
            }
            Seen::Unanswered { referral, .. } => (referral, (at, End::Unanswered)),
            _ => continue,
        };
        let Some(followed) = all.get_mut(&referral) else {
            return Err(format!("referral {referral} ends without having begun"));
        };
        followed.ends.push(end);
    }
    Ok(all)
}

/// Every referral ends in exactly one of seen, left, unanswered, and waits no less than nothing.
pub(super) fn every_referral_ends_once(ran: &Ran<'_>) -> Verdict {
    ensure_eq!(ran.record.turned_away, 0, "turned away");
    for (n, r) in followed(ran)? {
        ensure!(r.ends.len() == 1, "referral {n} has ends {:?}", r.ends);
        let (at, end) = r.ends[0];
        ensure!(r.received <= r.clock && r.clock <= at, "referral {n} goes back in time");
        if let End::Seen(wait, met) = end {
            ensure_eq!(at, r.clock + wait, "the stop of referral {n}");
            let within = ran.s.pathways[r.pathway].standard.map(|s| s.within);
            let kept = match within {
                None => false,
                Some(Within::Time(longest)) => wait <= longest,
                Some(Within::SameDay) => at.day() == r.clock.day(),
            };
            ensure_eq!(met, kept, "the standard of referral {n}");
        }
    }
    Ok(())
}

/// The books of every pathway are what happened to those counted.
pub(super) fn books_are_what_happened(ran: &Ran<'_>) -> Verdict {
    let all = followed(ran)?;
    let end_of_run = Instant::ZERO + ran.s.experiment.run_length;
    for (n, books) in ran.record.pathways.iter().enumerate() {
        let pathway = &ran.s.pathways[n];
        let name = &pathway.name;
        let of_pathway = || all.values().filter(move |r| r.pathway == n);
        let counted: Vec<_> = of_pathway().filter(|r| ran.inside(r.clock)).collect();
        let ended = |pick: fn(&End) -> bool| counted.iter().filter(|r| pick(&r.ends[0].1)).count() as u64;
        ensure_eq!(books.referrals, counted.len() as u64, "referrals of {name}");
        ensure_eq!(
            books.referrals,
            books.seen + books.left + books.unanswered,
            "ends of {name}"
        );
        ensure_eq!(books.seen, ended(|e| matches!(e, End::Seen(..))), "seen of {name}");
        ensure_eq!(books.left, ended(|e| matches!(e, End::Left { .. })), "left of {name}");
        ensure_eq!(
            books.unanswered,
            ended(|e| *e == End::Unanswered),
            "unanswered of {name}"
        );
        ensure_eq!(books.hits, ended(|e| matches!(e, End::Seen(_, true))), "hits of {name}");
        let seen = counted.iter().filter(|r| matches!(r.ends[0].1, End::Seen(..)));
        let sum = |from: fn(&Followed) -> Instant| seen.clone().map(|r| (r.ends[0].0 - from(r)).ms()).sum::<i64>();
        ensure_eq!(books.wait_ms, sum(|r| r.clock), "waits of {name}");
        ensure_eq!(
            books.wait_from_receipt_ms,
            sum(|r| r.received),
            "waits from receipt of {name}"
        );
        let waiting: i64 = of_pathway().map(|r| ran.overlap(r.clock, r.ends[0].0)).sum();
        ensure_eq!(books.waiting_ms, waiting, "time waiting of {name}");
        let at = |time: Instant| of_pathway().filter(|r| r.clock < time && time <= r.ends[0].0).count() as u64;
        ensure_eq!(
            books.waiting_at,
            [at(Instant::ZERO), at(end_of_run)],
            "waiting at the ends of {name}"
        );
        let mut hours = [vec![0; 168], vec![0; 168]];
        for r in &counted {
            let hour = ran.hour_of_week(r.clock);
            hours[0][hour] += 1;
            hours[1][hour] += u32::from(matches!(r.ends[0].1, End::Seen(_, true)));
        }
        ensure_eq!(
            [&books.referrals_by_hour, &books.hits_by_hour],
            [&hours[0], &hours[1]],
            "hours of {name}"
        );
        let waits = books.waits.iter().map(|&w| u64::from(w)).sum::<u64>();
        ensure_eq!(waits, books.seen, "waits in the histogram of {name}");
        let in_bed: i64 = counted.iter().map(|r| (r.ends[0].0 - r.clock).ms()).sum();
        let in_bed = if pathway.waits_in.is_empty() { 0 } else { in_bed };
        let booked = books.bed_ms.iter().sum::<i64>() + books.outside_ms;
        ensure_eq!(booked, in_bed, "time in bed or without one of {name}");
        let declined = ran
            .log
            .iter()
            .filter(|(at, seen)| ran.inside(*at) && matches!(seen, Seen::Declined { pathway, .. } if *pathway == n));
        ensure_eq!(books.declined, declined.count() as u64, "declined of {name}");
        let after = ran.log.iter().filter(|(_, seen)| {
            matches!(seen, Seen::ResponseOver { referral, pathway: p, outcome, .. } if *p == n
                && pathway.outcome[*outcome].0 == Outcome::Hospital && ran.inside(all[referral].clock))
        });
        let admitted = after.count() as u64 + ended(|e| matches!(e, End::Left { hospital: true }));
        ensure_eq!(books.admissions, admitted, "admissions of {name}");
    }
    Ok(())
}

/// What became of people, outcome by outcome, is what happened: after first responses of those counted, after leaving, and
/// after packages that ended in the window. Outcomes of first responses sum to those that were over, those of leaving to
/// those who left, and admissions of both to the admissions of the books.
pub(super) fn what_becomes_of_people_adds_up(ran: &Ran<'_>) -> Verdict {
    let all = followed(ran)?;
    let list = ran.s.endings();
    let place = |after: EndsAfter, outcome: usize| list.iter().position(|e| e.after == after).map(|n| n + outcome);
    let counted = |referral: &u64| all.get(referral).is_some_and(|r| ran.inside(r.clock));
    let mut made = vec![0; list.len()];
    let mut over = vec![0; ran.s.pathways.len()];
    for (at, seen) in &ran.log {
        let ended = match seen {
            Seen::ResponseOver {
                referral,
                pathway,
                outcome,
                ..
            } if counted(referral) => {
                over[*pathway] += 1;
                place(EndsAfter::FirstResponse(PathwayId(*pathway)), *outcome)
            }
            Seen::Left {
                referral,
                pathway,
                outcome,
                ..
            } if counted(referral) => place(EndsAfter::Leaving(PathwayId(*pathway)), *outcome),
            Seen::PackageEnds {
                package,
                outcome: Some(outcome),
                ..
            } if ran.inside(*at) => place(EndsAfter::Package(PackageId(*package)), *outcome),
            _ => continue,
        };
        let Some(count) = ended.and_then(|n| made.get_mut(n)) else {
            return Err(format!("an end that is in no list: {seen:?}"));
        };
        *count += 1;
    }
    ensure_eq!(ran.record.endings, made, "what became of people");
    for (n, books) in ran.record.pathways.iter().enumerate() {
        let name = &ran.s.pathways[n].name;
        let sum = |after: EndsAfter, hospital: bool| {
            let these = list.iter().zip(&ran.record.endings);
            let these = these.filter(|(e, _)| e.after == after && (!hospital || e.outcome == "hospital"));
            these.map(|(_, n)| *n).sum::<u64>()
        };
        let (response, leaving) = (EndsAfter::FirstResponse(PathwayId(n)), EndsAfter::Leaving(PathwayId(n)));
        ensure_eq!(sum(response, false), over[n], "first responses of {name} by outcome");
        ensure_eq!(sum(leaving, false), books.left, "those who left {name} by outcome");
        let admitted = sum(response, true) + sum(leaving, true);
        ensure_eq!(admitted, books.admissions, "admissions of {name} by outcome");
    }
    Ok(())
}

/// Little's law exactly, between the two entries of the books: where nobody waits as the window opens or closes, the time
/// integral of the number waiting is the sum of the waits.
pub(super) fn waiting_is_the_sum_of_waits(ran: &Ran<'_>) -> Verdict {
    let all = followed(ran)?;
    for (n, books) in ran.record.pathways.iter().enumerate() {
        if books.waiting_at == [0, 0] {
            let left: i64 = all
                .values()
                .filter(|r| r.pathway == n && ran.inside(r.clock) && !matches!(r.ends[0].1, End::Seen(..)))
                .map(|r| (r.ends[0].0 - r.clock).ms())
                .sum();
            ensure_eq!(
                books.waiting_ms,
                books.wait_ms + left,
                "L T and n W of {}",
                ran.s.pathways[n].name
            );
        }
    }
    Ok(())
}

/// Whether a pathway that defers takes referrals at an instant.
fn open_at(s: &Scenario, pathway: usize, at: Instant) -> bool {
    let pathway = &s.pathways[pathway];
    let Some(opening) = pathway.opens.filter(|_| pathway.out_of_hours == OutOfHours::Defer) else {
        return true;
    };
    let time = at.time_of_day();
    opening.from <= time && time < opening.to && opening.days.contains(s.experiment.calendar.working_weekday(at.day()))
}

/// Under `defer`, clocks start inside opening hours, and at once if the referral is received in them; else at the very
/// instant of opening.
pub(super) fn clocks_start_while_the_door_is_open(ran: &Ran<'_>) -> Verdict {
    for (n, r) in followed(ran)?.into_iter().filter(|(_, r)| !r.at_start) {
        ensure!(
            open_at(ran.s, r.pathway, r.clock),
            "the clock of referral {n} starts behind a shut door"
        );
        let just_before = Instant::ZERO + (r.clock - Instant::ZERO) - Span::from_ms(1);
        let at_once = r.received == r.clock;
        ensure!(
            at_once || !(open_at(ran.s, r.pathway, r.received) || open_at(ran.s, r.pathway, just_before)),
            "referral {n} waits before an open door"
        );
    }
    Ok(())
}

/// What follows a first response is an outcome with a share; a pathway named there begins; nobody comes to a pathway to
/// which nothing leads.
pub(super) fn what_follows_is_an_outcome_of_the_file(ran: &Ran<'_>) -> Verdict {
    let s = ran.s;
    let mut born: BTreeMap<(usize, Instant), (u32, u32)> = BTreeMap::new();
    let mut led_to = vec![false; s.pathways.len()];
    let mut referred = s.groups();
    referred.retain(|group| group.by.0 == ran.hub);
    for &(at, seen) in &ran.log {
        match seen {
            Seen::ResponseOver { pathway, outcome, .. } => {
                let Some((what, share)) = s.pathways[pathway].outcome.get(outcome) else {
                    return Err(format!("outcome {outcome} of {}", s.pathways[pathway].name));
                };
                ensure!(share.get() > 0.0, "an outcome without a share");
                if let Outcome::Pathway(PathwayId(next)) = *what {
                    led_to[next] = true;
                    if open_at(s, next, at) {
                        born.entry((next, at)).or_default().0 += 1;
                    }
                }
            }
            Seen::ClockStarts { pathway, received, .. } => {
                let own = referred.iter().any(|g| g.own_referrals().nth(pathway) > Some(0.0));
                ensure!(own || led_to[pathway], "somebody comes to {}", s.pathways[pathway].name);
                if at == received {
                    born.entry((pathway, at)).or_default().1 += 1;
                }
            }
            Seen::Declined { pathway, .. } => born.entry((pathway, at)).or_default().1 += 1,
            _ => {}
        }
    }
    for ((pathway, at), (sent_on, came)) in born {
        let name = &s.pathways[pathway].name;
        ensure!(sent_on <= came, "{sent_on} sent on to {name} at {at:?}, {came} came");
    }
    Ok(())
}
