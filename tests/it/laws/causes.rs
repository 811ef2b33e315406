//! Why standards are missed: one cause for every miss, and none that the scenario rules out.

use std::collections::BTreeMap;

use homefirst::engine::{Cause, Seen};
use homefirst::model::{ClockStops, HubId, Joint, OutOfHours, Pathway, RoleId, ShiftEnd, Stream, Within};
use homefirst::units::Span;

use super::referrals::{End, followed};
use super::{Ran, Verdict, ensure, ensure_eq};

/// The cause of every miss in the log.
pub(super) fn causes(ran: &Ran<'_>) -> Result<BTreeMap<u64, Cause>, String> {
    let mut all = BTreeMap::new();
    for (_, seen) in &ran.log {
        if let Seen::Missed { referral, cause, .. } = *seen {
            ensure!(
                all.insert(referral, cause).is_none(),
                "referral {referral} has two causes"
            );
        }
    }
    Ok(all)
}

/// Counted referrals of a pathway with a standard have a cause if and only if they missed it; the books say the same, in
/// all, of those who left, and by hour of week.
pub(super) fn every_miss_has_one_cause(ran: &Ran<'_>) -> Verdict {
    let (all, causes) = (followed(ran)?, causes(ran)?);
    for (n, books) in ran.record.pathways.iter().enumerate() {
        let name = &ran.s.pathways[n].name;
        let standard = ran.s.pathways[n].standard.is_some();
        let (mut sums, mut left, mut hours) = ([0; Cause::COUNT], [0; Cause::COUNT], vec![[0; Cause::COUNT]; 168]);
        for (number, r) in all.iter().filter(|(_, r)| r.pathway == n) {
            let end = r.ends[0].1;
            let missed = standard && ran.inside(r.clock) && !matches!(end, End::Seen(_, true));
            let cause = causes.get(number);
            ensure_eq!(cause.is_some(), missed, "a cause for referral {number}");
            if let Some(&cause) = cause {
                sums[cause as usize] += 1;
                left[cause as usize] += u64::from(matches!(end, End::Left { .. }));
                hours[ran.hour_of_week(r.clock)][cause as usize] += 1;
            }
        }
        ensure_eq!(books.causes, sums, "causes of {name}");
        ensure_eq!(books.causes_of_left, left, "causes of those who left {name}");
        ensure_eq!(books.causes_by_hour, hours, "causes by hour of {name}");
        let misses = if standard { books.referrals - books.hits } else { 0 };
        ensure_eq!(books.misses(), misses, "misses of {name}");
    }
    Ok(())
}

fn streams(ran: &Ran<'_>, pathway: &Pathway) -> Vec<Stream> {
    pathway
        .package
        .map_or_else(Vec::new, |k| ran.s.packages[k.0].streams.clone())
}

/// The roles that could stop the clock of a pathway, or come with whoever does.
fn roles(ran: &Ran<'_>, pathway: &Pathway) -> Vec<RoleId> {
    let of_needs = pathway.responses.iter().flat_map(|r| &r.needs);
    let mut roles: Vec<RoleId> = of_needs
        .flat_map(|n| [n.role].into_iter().chain(n.or.clone()).chain(n.or_second.clone()))
        .collect();
    for s in streams(ran, pathway) {
        roles.extend([s.role].into_iter().chain(s.or).chain(s.or_second));
    }
    roles
}

/// No cause without what makes it possible; and without a factor by the hour, nobody sent in time is too late for the road
/// alone unless the road is longer than the standard.
pub(super) fn causes_are_possible(ran: &Ran<'_>) -> Verdict {
    let all = followed(ran)?;
    let lent = ran.s.neighbours.iter().any(|n| n.hubs.contains(&HubId(ran.hub)));
    for (number, cause) in causes(ran)? {
        let r = &all[&number];
        let p = &ran.s.pathways[r.pathway];
        let needs = || p.responses.iter().flat_map(|r| &r.needs);
        let clock = p.standard.map(|s| s.clock_stops);
        let possible = match cause {
            Cause::Shut => p.opens.is_some() && p.out_of_hours == OutOfHours::Accept,
            Cause::Triage => !p.triage.is_zero(),
            Cause::NobodyOnShift => true,
            Cause::NoRoom => {
                let limit = p.package.and_then(|k| ran.s.hubs[ran.hub].caseload_limit[k.0]);
                limit.is_some() || streams(ran, p).iter().any(|s| s.gated)
            }
            Cause::PlannedLater => p.package.is_some(),
            Cause::PartnerMissing => {
                let two = needs().any(|n| n.two.get() > 0.0) || streams(ran, p).iter().any(|s| s.two.get() > 0.0);
                let joint = p.joint != Joint::Separate || clock == Some(ClockStops::All);
                two || joint && p.responses.iter().any(|r| r.needs.len() > 1)
            }
            Cause::BusyFirstResponses => ran.s.pathways.iter().any(|p| p.package.is_none()),
            Cause::BusyPlannedVisits => !ran.s.packages.is_empty(),
            Cause::ShiftEnd => roles(ran, p)
                .iter()
                .any(|r| ran.s.roles[r.0].shift_end == ShiftEnd::NoLateStart),
            Cause::Travel => {
                let mut sent = ran.log.iter().filter_map(|(at, seen)| match seen {
                    Seen::Sent { referral, arrives, .. } if *referral == number => Some((*at, *arrives)),
                    _ => None,
                });
                let stop = r.ends[0].0;
                let lead = if lent {
                    sent.find(|(_, arrives)| *arrives == stop)
                } else {
                    sent.next()
                };
                let Some((at, arrives)) = lead else {
                    // Whoever was lent is in another hub's log, and comes from farther away.
                    ensure!(lent, "nobody was sent to referral {number}");
                    continue;
                };
                let longest = match p.standard.map(|s| s.within) {
                    Some(Within::Time(longest)) => longest,
                    _ => Span::DAY,
                };
                let by_hour = ran.s.hubs[ran.hub].travel.hours.is_some();
                by_hour || clock != Some(ClockStops::Lead) || arrives - at > longest.min(Span::DAY) || {
                    // The same day may leave less time than the road takes.
                    matches!(p.standard.map(|s| s.within), Some(Within::SameDay)) && arrives.day() > r.clock.day()
                }
            }
        };
        ensure!(
            possible,
            "referral {number} of {} missed its standard for {cause:?}",
            p.name
        );
    }
    Ok(())
}

/// The same in every scenario that comes with the program, a month of each.
#[test]
fn causes_add_up_in_every_scenario_that_is_shipped() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let mut seen = 0;
    for folder in [root.clone(), root.join("theory")] {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_none_or(|e| e != "toml") {
                continue;
            }
            let mut s = homefirst::scenario::read(&path).unwrap().scenario;
            s.experiment.warm_up = s.experiment.warm_up.min(Span::from_days(7));
            s.experiment.run_length = s.experiment.run_length.min(Span::from_days(28));
            for ran in Ran::all(&s) {
                let laws = every_miss_has_one_cause(&ran).and_then(|()| causes_are_possible(&ran));
                assert_eq!(laws, Ok(()), "{}", path.display());
                seen += causes(&ran).unwrap().len();
            }
        }
    }
    assert!(seen > 100, "{seen} misses");
}
