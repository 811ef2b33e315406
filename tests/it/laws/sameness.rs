//! What must not change: with another thread, another order, another hub, something that nobody uses, more staff.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::AtomicBool;

use homefirst::engine::{HubRecord, Seen, World, run};
use homefirst::model::{
    DailyStart, EndsAfter, GateHolds, Joint, Need, Outcome, Package, PackageId, Pathway, PathwayId, Pattern, Response,
    Role, RoleId, Scenario, Staffing, Stream, WeekProfile,
};
use homefirst::random::Distribution;
use homefirst::replicate::{Plan, Runs, replicate};
use homefirst::units::{Instant, PerDay, Share, Span, Wte};

use super::{Log, Ran, Verdict, ensure, ensure_eq};

/// The same world gives the same log twice, and the same books when nobody looks on.
pub(super) fn the_same_world_twice_is_the_same(s: &Scenario) -> Verdict {
    for (one, other) in Ran::all(s).into_iter().zip(Ran::all(s)) {
        ensure!(
            one.log == other.log && one.record == other.record,
            "another run of the same"
        );
        let unseen = run(&World::new(s), one.island.0, 0);
        ensure!(
            unseen.hubs[one.island.1] == one.record,
            "another run when nobody looks on"
        );
    }
    Ok(())
}

const REPLICATIONS: u32 = 3;

fn runs(s: &Scenario, first: u32, replications: u32, threads: usize) -> Result<Runs, String> {
    let plan = Plan {
        replications,
        first,
        threads: Some(threads),
    };
    let mut runs = replicate(&World::new(s), s.hubs.len(), plan, &AtomicBool::new(false), &|| {})?;
    runs.engine_cpu_s = 0.0;
    Ok(runs)
}

/// One, two and three threads give the same.
pub(super) fn threads_change_nothing(s: &Scenario) -> Verdict {
    let one = runs(s, 0, REPLICATIONS, 1)?;
    for threads in [2, 3] {
        ensure!(one == runs(s, 0, REPLICATIONS, threads)?, "{threads} threads");
    }
    Ok(())
}

/// Replications taken in two halves, the second first, are those of the whole; and the first is that of the log.
pub(super) fn two_halves_are_the_whole(s: &Scenario) -> Verdict {
    let whole = runs(s, 0, REPLICATIONS, 1)?;
    let late = runs(s, 2, REPLICATIONS - 2, 1)?;
    let early = runs(s, 0, 2, 1)?;
    ensure!([&early.rows[..], &late.rows[..]].concat() == whole.rows, "the rows");
    ensure_eq!(whole.events, early.events + late.events, "events");
    for (hub, ran) in Ran::all(s).iter().enumerate() {
        let waits: Vec<i64> = ran.record.pathways.iter().map(|p| p.wait_ms).collect();
        let row: Vec<i64> = whole.rows[0][hub].pathways.iter().map(|p| p.wait_ms).collect();
        ensure_eq!(waits, row, "waits at hub {hub}");
    }
    for (all, (one, other)) in whole.hours.iter().zip(early.hours.iter().zip(&late.hours)) {
        let sums = |hours: &homefirst::replicate::Hours| -> Vec<(i128, i128)> {
            let pairs = hours.pathways.iter().chain(&hours.roles).flatten();
            pairs.map(|p| (p.a, p.b)).collect()
        };
        let added: Vec<_> = sums(one)
            .iter()
            .zip(sums(other))
            .map(|(x, y)| (x.0 + y.0, x.1 + y.1))
            .collect();
        ensure!(sums(all) == added, "sums by hour of week");
    }
    Ok(())
}

/// A log without the number of its hub, which is another in another file.
fn at_home(log: &Log) -> Log {
    let renumber = |seen| {
        moved(
            seen,
            |_| 0,
            |role| role,
            |pathway| pathway,
            |package| package,
            |stream| stream,
        )
    };
    log.iter().map(|&(at, seen)| (at, renumber(seen))).collect()
}

/// The same event with other places in the scenario's lists.
fn moved(
    seen: Seen,
    on_hub: impl Fn(usize) -> usize,
    on_role: impl Fn(usize) -> usize,
    on_pathway: impl Fn(usize) -> usize,
    on_package: impl Fn(usize) -> usize,
    on_stream: impl Fn(usize) -> usize,
) -> Seen {
    let mut seen = seen;
    match &mut seen {
        Seen::ClockStarts { hub, pathway, .. }
        | Seen::WaitsAtStart { hub, pathway, .. }
        | Seen::Declined { hub, pathway }
        | Seen::ClockStops { hub, pathway, .. }
        | Seen::Missed { hub, pathway, .. }
        | Seen::Left { hub, pathway, .. }
        | Seen::Unanswered { hub, pathway, .. }
        | Seen::ResponseOver { hub, pathway, .. } => (*hub, *pathway) = (on_hub(*hub), on_pathway(*pathway)),
        Seen::Sent { hub, role, stream, .. } => {
            (*hub, *role, *stream) = (on_hub(*hub), on_role(*role), stream.map(on_stream));
        }
        Seen::PackageStarts { hub, package, .. }
        | Seen::OpenAtStart { hub, package, .. }
        | Seen::PackageEnds { hub, package, .. } => {
            (*hub, *package) = (on_hub(*hub), on_package(*package));
        }
        Seen::StreamStarts { hub, stream, .. } | Seen::RunsAtStart { hub, stream, .. } => {
            (*hub, *stream) = (on_hub(*hub), on_stream(*stream))
        }
        Seen::VisitAvailable { stream, .. } | Seen::VisitMissed { stream, .. } => *stream = on_stream(*stream),
        Seen::PersonStarts { hub, role, .. }
        | Seen::PersonAbsent { hub, role, .. }
        | Seen::PersonLeaves { hub, role, .. }
        | Seen::PoolChanges { hub, role, .. } => (*hub, *role) = (on_hub(*hub), on_role(*role)),
        Seen::BreakStarts { .. } => {}
    }
    seen
}

/// A hub added at the top of the file changes nothing for the others.
pub(super) fn another_hub_changes_nothing_for_the_others(s: &Scenario) -> Verdict {
    let mut more = s.clone();
    let mut hub = s.hubs[0].clone();
    hub.name = "Yonder".into();
    more.hubs.insert(0, hub);
    for hub in more.neighbours.iter_mut().flat_map(|n| &mut n.hubs) {
        hub.0 += 1;
    }
    for entry in &mut more.served_elsewhere {
        (entry.home.0, entry.by.0) = (entry.home.0 + 1, entry.by.0 + 1);
    }
    for hub in 0..s.hubs.len() {
        let (one, other) = (Ran::new(s, hub), Ran::new(&more, hub + 1));
        ensure!(one.record == other.record, "the books of {}", s.hubs[hub].name);
        ensure!(
            at_home(&one.log) == at_home(&other.log),
            "what happened at {}",
            s.hubs[hub].name
        );
    }
    Ok(())
}

/// The same scenario with a role, a pathway and a package that nobody uses, each before all others.
fn with_what_nobody_uses(s: &Scenario) -> Scenario {
    let mut more = s.clone();
    let on = |role: &mut RoleId| role.0 += 1;
    for need in more
        .pathways
        .iter_mut()
        .flat_map(|p| &mut p.responses)
        .flat_map(|r| &mut r.needs)
    {
        on(&mut need.role);
        need.or.iter_mut().chain(&mut need.or_second).for_each(on);
    }
    more.neighbours.iter_mut().flat_map(|n| &mut n.roles).for_each(on);
    let pathways = more.served_elsewhere.iter_mut().flat_map(|entry| &mut entry.pathways);
    pathways.for_each(|pathway| pathway.0 += 1);
    for package in &mut more.packages {
        package.starts_with.iter_mut().for_each(on);
        for stream in &mut package.streams {
            on(&mut stream.role);
            stream.or.iter_mut().chain(&mut stream.or_second).for_each(on);
        }
    }
    for pathway in &mut more.pathways {
        for (outcome, _) in &mut pathway.outcome {
            if let Outcome::Pathway(next) = outcome {
                next.0 += 1;
            }
        }
        let also = pathway.also.iter_mut().map(|(package, _)| package);
        also.chain(&mut pathway.package).for_each(|package| package.0 += 1);
    }
    let hour = Distribution::fixed(Span::HOUR);
    let whole = Share::new(1.0).unwrap();
    more.roles.insert(
        0,
        Role {
            name: "spare".into(),
            ..s.roles[0].clone()
        },
    );
    more.pathways.insert(
        0,
        Pathway {
            name: "spare".into(),
            profile: WeekProfile::flat(),
            package: None,
            joint: Joint::Together,
            also: vec![(PackageId(0), whole)],
            outcome: vec![(Outcome::Pathway(PathwayId(1)), whole)],
            responses: vec![Response {
                name: "spare".into(),
                share: whole,
                lead: 0,
                needs: vec![Need {
                    role: RoleId(0),
                    or: vec![RoleId(1)],
                    length: hour.clone(),
                    two: whole,
                    or_second: Vec::new(),
                }],
            }],
            ..s.pathways[0].clone()
        },
    );
    let stream = Stream {
        name: "spare".into(),
        role: RoleId(1),
        or: vec![RoleId(0)],
        share: whole,
        pattern: Pattern::PerDay {
            start: vec![DailyStart {
                visits: 3.0,
                share: whole,
            }],
            end: None,
        },
        length: hour.clone(),
        first_length: None,
        two: Share::default(),
        or_second: Vec::new(),
        tolerance: Span::HOUR,
        give_up: Span::HOUR,
        gated: true,
        first_after: Span::HOUR,
        hours: None,
    };
    more.packages.insert(
        0,
        Package {
            name: "spare".into(),
            length: hour,
            priority: 1,
            gate: 0.5,
            gate_holds: GateHolds::Stream,
            starts_with: Vec::new(),
            streams: vec![stream],
            outcome: Vec::new(),
        },
    );
    for hub in &mut more.hubs {
        hub.referrals.insert(0, PerDay::default());
        hub.staff.insert(0, Staffing::NONE);
        hub.caseload_limit.insert(0, Some(1));
        hub.at_start.open.iter_mut().for_each(|(package, _)| package.0 += 1);
        hub.at_start.waiting.iter_mut().for_each(|(pathway, _)| pathway.0 += 1);
    }
    more
}

/// A role, a pathway and a package that nobody uses, at the top of the file, change nothing.
pub(super) fn what_is_not_used_changes_nothing(s: &Scenario) -> Verdict {
    let more = with_what_nobody_uses(s);
    for hub in 0..s.hubs.len() {
        let (one, other) = (Ran::new(s, hub), Ran::new(&more, hub));
        let spare = |seen: &Seen| matches!(seen, Seen::PoolChanges { role: 0, .. });
        let without: Log = other
            .log
            .iter()
            .filter(|(_, seen)| !spare(seen))
            .map(|&(at, seen)| (at, moved(seen, |hub| hub, |r| r - 1, |p| p - 1, |p| p - 1, |s| s - 1)))
            .collect();
        ensure!(without == one.log, "what happened at {}", s.hubs[hub].name);
        let HubRecord {
            pathways,
            roles,
            packages,
            beds,
            endings,
            turned_away,
        } = &other.record;
        ensure!(
            *beds == one.record.beds
                && pathways[1..] == one.record.pathways
                && roles[1..] == one.record.roles
                && packages[1..] == one.record.packages,
            "the books of {}",
            s.hubs[hub].name
        );
        let nobodys = |after: &EndsAfter| match after {
            EndsAfter::FirstResponse(id) | EndsAfter::Leaving(id) => id.0 == 0,
            EndsAfter::Package(id) => id.0 == 0,
        };
        let (spare, kept): (Vec<_>, Vec<_>) = more
            .endings()
            .iter()
            .map(|ending| nobodys(&ending.after))
            .zip(endings.iter().copied())
            .partition(|(spare, _)| *spare);
        let numbers = |of: Vec<(bool, u64)>| of.into_iter().map(|(_, n)| n).collect::<Vec<u64>>();
        ensure_eq!(numbers(kept), one.record.endings, "what became of people");
        ensure!(numbers(spare).iter().all(|n| *n == 0), "what became of nobody");
        ensure_eq!(*turned_away, one.record.turned_away, "turned away");
    }
    Ok(())
}

/// Who was rostered before the window closed: (when, role, shift, slot), and whether they came.
fn rostered(ran: &Ran<'_>) -> BTreeMap<(Instant, usize, usize, u32), bool> {
    let end = Instant::ZERO + ran.s.experiment.run_length;
    let slot = |&(at, seen): &(Instant, Seen)| match seen {
        Seen::PersonStarts { role, shift, slot, .. } => Some(((at, role, shift, slot), true)),
        Seen::PersonAbsent { role, shift, slot, .. } => Some(((at, role, shift, slot), false)),
        _ => None,
    };
    ran.log.iter().filter(|(at, _)| *at < end).filter_map(slot).collect()
}

/// Referrals of a hub's own, and when they were received, before the window closed. Not of pathways to which
/// outcomes lead: who comes from there depends on who was seen.
pub(super) fn received(ran: &Ran<'_>) -> BTreeSet<(usize, Instant)> {
    let end = Instant::ZERO + ran.s.experiment.run_length;
    let led_to = |pathway: usize| {
        let outcomes = ran.s.pathways.iter().flat_map(|p| &p.outcome);
        outcomes
            .into_iter()
            .any(|(o, _)| *o == Outcome::Pathway(PathwayId(pathway)))
    };
    ran.log
        .iter()
        .filter_map(|&(at, seen)| match seen {
            Seen::ClockStarts { pathway, received, .. } if at < end && !led_to(pathway) => Some((pathway, received)),
            _ => None,
        })
        .collect()
}

/// More WTE is never fewer people on any shift, and makes nobody else ill; and the same people are referred.
pub(super) fn more_staff_is_never_fewer_people(s: &Scenario) -> Verdict {
    for step in [0.3, 2.5] {
        let mut more = s.clone();
        for staffing in more.hubs.iter_mut().flat_map(|h| &mut h.staff) {
            if let Staffing::Wte(wte) = staffing {
                *wte = Wte::new(wte.get() + step).unwrap();
            }
        }
        for hub in 0..s.hubs.len() {
            let (few, many) = (Ran::new(s, hub), Ran::new(&more, hub));
            let with_more = rostered(&many);
            for (who, came) in rostered(&few) {
                ensure_eq!(with_more.get(&who), Some(&came), "{who:?} with {step} WTE more");
            }
            ensure_eq!(
                received(&few),
                received(&many),
                "who is referred to {}",
                s.hubs[hub].name
            );
        }
    }
    Ok(())
}

/// With less demand the same people come, only fewer of them.
pub(super) fn less_demand_keeps_the_same_people(s: &Scenario) -> Verdict {
    let mut less = s.clone();
    for pathway in &mut less.pathways {
        pathway.dispersion = 1.0;
    }
    let usual = less.clone();
    for rate in less.hubs.iter_mut().flat_map(|h| &mut h.referrals) {
        *rate = PerDay::new(rate.get() * 0.6).unwrap();
    }
    for hub in 0..s.hubs.len() {
        let (many, few) = (received(&Ran::new(&usual, hub)), received(&Ran::new(&less, hub)));
        ensure!(few.is_subset(&many), "somebody else comes to {}", s.hubs[hub].name);
    }
    Ok(())
}
