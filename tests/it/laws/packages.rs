//! Packages: places, room, beginnings and ends.

use std::collections::{BTreeMap, BTreeSet};

use homefirst::engine::Seen;
use homefirst::model::{GateHolds, Pattern, Stream, expected_capacity};
use homefirst::units::Instant;

use super::{Ran, Verdict, ensure, ensure_eq};

/// A package from outside.
#[derive(Clone, Debug)]
pub(super) struct Taken {
    pub(super) package: usize,
    pub(super) from: Instant,
    pub(super) to: Option<Instant>,
    /// When each of its streams (over all packages) began.
    pub(super) streams: BTreeMap<usize, Instant>,
    /// When its first visit began.
    pub(super) first_visit: Option<Instant>,
}

pub(super) fn packages(ran: &Ran<'_>) -> Result<BTreeMap<u64, Taken>, String> {
    let mut all: BTreeMap<u64, Taken> = BTreeMap::new();
    for &(at, seen) in &ran.log {
        match seen {
            Seen::PackageStarts { referral, hub, package } => {
                ensure_eq!(hub, ran.hub, "hub of package {referral}");
                let new = Taken {
                    package,
                    from: at,
                    to: None,
                    streams: BTreeMap::new(),
                    first_visit: None,
                };
                ensure!(all.insert(referral, new).is_none(), "package {referral} starts twice");
            }
            Seen::OpenAtStart {
                referral,
                package,
                began,
                ..
            } => {
                ensure!(began < at, "package {referral} began at {began:?}, and it is {at:?}");
                let new = Taken {
                    package,
                    from: began,
                    to: None,
                    streams: BTreeMap::new(),
                    first_visit: Some(began),
                };
                ensure!(all.insert(referral, new).is_none(), "package {referral} starts twice");
            }
            Seen::RunsAtStart { referral, stream, .. } => {
                let Some(taken) = all.get_mut(&referral) else {
                    return Err(format!("a stream of package {referral} runs outside it"));
                };
                taken.streams.insert(stream, taken.from);
            }
            Seen::PackageEnds { referral, package, .. } => {
                let Some(taken) = all.get_mut(&referral) else {
                    return Err(format!("package {referral} ends without having begun"));
                };
                ensure_eq!(taken.package, package, "kind of package {referral}");
                ensure!(taken.to.replace(at).is_none(), "package {referral} ends twice");
            }
            Seen::StreamStarts { referral, stream, .. } => {
                let Some(taken) = all.get_mut(&referral).filter(|taken| taken.to.is_none()) else {
                    return Err(format!("a stream of package {referral} starts outside it"));
                };
                ensure_eq!(ran.stream(stream).0, taken.package, "package of stream {stream}");
                let before = taken.streams.insert(stream, at);
                ensure!(before.is_none(), "a stream of package {referral} starts twice");
            }
            Seen::VisitAvailable { referral, stream, .. } => {
                let taken = all.get(&referral).filter(|taken| taken.to.is_none());
                let begun = taken.is_some_and(|taken| taken.streams.contains_key(&stream));
                ensure!(begun, "a visit of a stream that has not begun: {referral}, {stream}");
            }
            Seen::Sent {
                referral,
                stream: Some(_),
                begins,
                ..
            } => {
                if let Some(taken) = all.get_mut(&referral) {
                    taken.first_visit = Some(taken.first_visit.map_or(begins, |first| first.min(begins)));
                }
            }
            _ => {}
        }
    }
    Ok(all)
}

/// Packages that end have started; the caseload keeps its limit; the books of packages and streams are what happened.
pub(super) fn packages_add_up(ran: &Ran<'_>) -> Verdict {
    let all = packages(ran)?;
    let mut open = vec![0u32; ran.s.packages.len()];
    for &(at, seen) in &ran.log {
        match seen {
            Seen::PackageStarts { package, .. } => {
                open[package] += 1;
                let limit = ran.s.hubs[ran.hub].caseload_limit[package];
                ensure!(
                    limit.is_none_or(|limit| open[package] <= limit),
                    "{open:?} open at {at:?}"
                );
            }
            Seen::OpenAtStart { package, .. } => open[package] += 1,
            Seen::PackageEnds { package, .. } => open[package] -= 1,
            _ => {}
        }
    }
    let end = Instant::ZERO + ran.s.experiment.run_length;
    let mut first = 0;
    for (n, books) in ran.record.packages.iter().enumerate() {
        let name = &ran.s.packages[n].name;
        let of_kind = || all.values().filter(move |taken| taken.package == n);
        let to = |taken: &Taken| taken.to.unwrap_or(end);
        let started = of_kind().filter(|taken| ran.inside(taken.from)).count() as u64;
        ensure_eq!(books.started, started, "{name} started");
        let time: i64 = of_kind().map(|taken| ran.overlap(taken.from, to(taken))).sum();
        ensure_eq!(books.open_ms, time, "time of {name}");
        for (place, stream) in books.streams.iter().enumerate() {
            let time: i64 = of_kind()
                .filter_map(|taken| Some(ran.overlap(*taken.streams.get(&(first + place))?, to(taken))))
                .sum();
            ensure_eq!(stream.open_ms, time, "time of stream {place} of {name}");
        }
        first += books.streams.len();
    }
    Ok(())
}

/// Where the gate holds whole packages, all streams of one begin at one instant, the gated one among them.
pub(super) fn a_held_package_begins_at_once(ran: &Ran<'_>) -> Verdict {
    let mut first = 0;
    for (number, package) in ran.s.packages.iter().enumerate() {
        let gated = package.streams.iter().position(|s| s.gated && s.share.get() >= 1.0);
        if let Some(gated) = gated.filter(|_| package.gate_holds == GateHolds::Package) {
            for (referral, taken) in packages(ran)?.iter().filter(|(_, taken)| taken.package == number) {
                let begun: BTreeSet<Instant> = taken.streams.values().copied().collect();
                ensure!(begun.len() <= 1, "package {referral} began at several instants");
                let with_gated = taken.streams.contains_key(&(first + gated));
                ensure!(
                    begun.is_empty() || with_gated,
                    "package {referral} began without its gated stream"
                );
            }
        }
        first += package.streams.len();
    }
    Ok(())
}

/// The least that a stream is charged for a day before its package has had a visit [ms].
fn least_charge(ran: &Ran<'_>, stream: &Stream) -> f64 {
    let role = &ran.s.roles[stream.role.0];
    let share = role.admin_share.get();
    let visit = stream.length.mean_ms() + role.notes.ms() as f64 + ran.s.hubs[ran.hub].travel.round.mean_ms();
    let people = if stream.two.get() >= 1.0 { 2.0 } else { 1.0 };
    let rate = match &stream.pattern {
        Pattern::PerDay { start, .. } => start.iter().map(|s| s.visits).fold(f64::INFINITY, f64::min),
        Pattern::PerWeek(n) => n / 7.0,
        Pattern::At { times, days } => times.len() as f64 * f64::from(days.len()) / 7.0,
        Pattern::Once => 0.0,
    };
    people * visit / (1.0 - share) * rate
}

/// When a gated stream begins, it and those admitted whose packages have had no visit yet (the others are charged by
/// what is left of them) fit into the next day.
pub(super) fn the_gate_admits_no_more_than_fits(ran: &Ran<'_>) -> Verdict {
    let mut admitted: BTreeMap<(u64, usize), f64> = BTreeMap::new();
    let mut visited: BTreeSet<u64> = BTreeSet::new();
    for &(at, seen) in &ran.log {
        match seen {
            Seen::StreamStarts { referral, stream, .. } => {
                let (package, place) = ran.stream(stream);
                let plan = &ran.s.packages[package].streams[place];
                if !plan.gated {
                    continue;
                }
                let role = plan.role.0;
                let (tomorrow, staffing) = (at.day() + 1, &ran.s.hubs[ran.hub].staff[role]);
                let weekday = ran.s.experiment.calendar.working_weekday(tomorrow);
                let capacity = expected_capacity(&ran.s.roles[role], staffing, weekday).ms() as f64;
                let room = ran.s.packages[package].gate * capacity;
                let same = admitted.iter().filter(|((_, other), _)| {
                    let (package, place) = ran.stream(*other);
                    ran.s.packages[package].streams[place].role.0 == role
                });
                let before: f64 = same.map(|(_, charge)| charge).sum();
                let charge = least_charge(ran, plan);
                // Charges are rounded to whole milliseconds, each by less than one.
                ensure!(
                    before + charge <= room + 1.0 + admitted.len() as f64,
                    "package {referral} is let in at {at:?}: {before} and {charge} of {room}"
                );
                if !visited.contains(&referral) {
                    admitted.insert((referral, stream), charge);
                }
            }
            Seen::Sent { referral, .. } | Seen::PackageEnds { referral, .. } => {
                visited.insert(referral);
                admitted.retain(|(other, _), _| *other != referral);
            }
            _ => {}
        }
    }
    Ok(())
}
