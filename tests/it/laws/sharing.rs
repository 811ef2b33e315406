//! Who helps whom.

use homefirst::engine::{Seen, World, run};
use homefirst::model::{HubId, Neighbours, PathwayId, Pool, RoleId, Scenario, ServedElsewhere, Staffing};
use homefirst::units::Share;
use homefirst::units::Span;

use super::sameness::received;
use super::{Ran, Verdict, ensure, ensure_eq};

/// The file's entries that join this hub with another for a role.
pub(super) fn entries<'r>(ran: &'r Ran<'_>, other: usize, role: usize) -> impl Iterator<Item = &'r Neighbours> {
    let here = ran.hub;
    let joined = move |n: &&Neighbours| [here, other].iter().all(|h| n.hubs.contains(&HubId(*h)));
    let all = ran.s.neighbours.iter().filter(joined);
    all.filter(move |n| n.roles.contains(&RoleId(role)))
}

/// Whoever goes to another hub goes to a first response, is of a role that is lent, not before the wait stated, and not
/// without the extra travel.
pub(super) fn neighbours_help_as_the_file_says(ran: &Ran<'_>) -> Verdict {
    for &(at, seen) in &ran.log {
        let Seen::Sent {
            referral,
            role,
            stream,
            arrives,
            ..
        } = seen
        else {
            continue;
        };
        let Some(&(hub, _)) = ran.referrals.get(&referral).filter(|(hub, _)| *hub != ran.hub) else {
            continue;
        };
        ensure!(stream.is_none(), "a planned visit by a neighbour: {seen:?}");
        ensure!(
            entries(ran, hub, role).any(|n| arrives >= at + n.extra_travel && at >= ran.clocks[&referral] + n.after),
            "nobody lends this, or not yet, or it is nearer than it is: {seen:?} at {at:?}"
        );
    }
    Ok(())
}

/// Neighbours who would be asked after longer than anybody waits are none: every hub is as if it had none.
pub(super) fn neighbours_who_are_never_asked_change_nothing(s: &Scenario) -> Verdict {
    let mut apart = s.clone();
    apart.neighbours.clear();
    let mut joined = apart.clone();
    joined.neighbours.push(Neighbours {
        hubs: (0..s.hubs.len()).map(HubId).collect(),
        roles: (0..s.roles.len()).map(RoleId).collect(),
        after: Span::from_days(1000),
        extra_travel: Span::ZERO,
    });
    let (apart, joined) = (World::new(&apart), World::new(&joined));
    let alone: Vec<_> = (0..s.hubs.len())
        .flat_map(|island| run(&apart, island, 0).hubs)
        .collect();
    ensure!(run(&joined, 0, 0).hubs == alone, "a neighbour who is never asked");
    Ok(())
}

/// All hubs as one pool, wherever their staff can be added: the same people are referred to the same hubs, everybody who is
/// sent is based at the first, pools of staff are there as long as before, and referrals end as they must.
pub(super) fn a_pool_is_one_team(s: &Scenario) -> Verdict {
    let adds_up = |role: usize| {
        let mut staff = s.hubs.iter().map(|hub| &hub.staff[role]);
        staff.try_fold(Staffing::NONE, |sum, more| sum.with(more)).is_some()
    };
    if !(0..s.roles.len()).all(adds_up) {
        return Ok(());
    }
    let mut apart = s.clone();
    apart.neighbours.clear();
    let mut one = apart.clone();
    one.pools.push(Pool {
        hubs: (0..s.hubs.len()).map(HubId).collect(),
        extra_travel: Span::from_minutes(7),
    });
    let (apart, one) = (Ran::all(&apart), Ran::all(&one));
    for (alone, pooled) in apart.iter().zip(&one) {
        ensure_eq!(
            received(alone),
            received(pooled),
            "who is referred to hub {}",
            alone.hub
        );
        super::referrals::every_referral_ends_once(pooled)?;
        let sent = |ran: &Ran<'_>| ran.log.iter().any(|(_, seen)| matches!(seen, Seen::Sent { .. }));
        ensure!(
            pooled.hub == 0 || !sent(pooled),
            "somebody is sent from hub {}",
            pooled.hub
        );
    }
    for role in 0..s.roles.len() {
        if s.hubs.iter().any(|hub| matches!(hub.staff[role], Staffing::Wte(_))) {
            continue; // Fractions of people add up to whole ones.
        }
        let there = |all: &[Ran<'_>]| all.iter().map(|ran| ran.record.roles[role].available_ms()).sum::<i64>();
        ensure_eq!(there(&one), there(&apart), "time of {}", s.roles[role].name);
        ensure_eq!(there(&one[..1]), there(&one), "{} is at the base", s.roles[role].name);
    }
    Ok(())
}

/// Some of the people of the first hub are served by the last: everybody is referred once, as without it; a larger share is the
/// same people and more; and taken by where they live or by who serves them, all are the same.
pub(super) fn everybody_is_served_once(s: &Scenario) -> Verdict {
    let last = s.hubs.len() - 1;
    if last == 0 {
        return Ok(());
    }
    let with = |share: f64| {
        let mut s = s.clone();
        s.neighbours.clear();
        s.served_elsewhere = vec![ServedElsewhere {
            name: "some".into(),
            home: HubId(0),
            by: HubId(last),
            share: Share::new(share).unwrap(),
            pathways: (0..s.pathways.len()).map(PathwayId).collect(),
            extra_travel: Span::from_minutes(7),
        }];
        s
    };
    let (none, few, many) = (with(0.0), with(0.3), with(0.6));
    let all = [&none, &few, &many].map(Ran::all);
    let referred = |ran: &[Ran<'_>]| {
        let mut found: Vec<_> = ran.iter().flat_map(received).collect();
        found.sort();
        found
    };
    ensure_eq!(referred(&all[1]), referred(&all[0]), "who is referred anywhere");
    ensure_eq!(referred(&all[2]), referred(&all[0]), "who is referred anywhere");
    for (fewer, more) in [(0, 1), (1, 2)] {
        ensure!(
            received(&all[fewer][last]).is_subset(&received(&all[more][last])),
            "a larger share serves others"
        );
        ensure!(
            received(&all[more][0]).is_subset(&received(&all[fewer][0])),
            "a larger share leaves others"
        );
    }
    for (without, with) in all[0].iter().zip(&all[2]).take(last).skip(1) {
        ensure!(with.record == without.record, "a hub that it does not touch");
    }
    for ran in &all[1] {
        super::referrals::every_referral_ends_once(ran)?;
        super::referrals::books_are_what_happened(ran)?;
    }
    // What is kept apart is a part of the books of who serves them.
    let world = World::new(&few);
    let (place, served) = (all[1][last].island.0, &all[1][last].record);
    let apart = &run(&world, place, 0).elsewhere;
    ensure_eq!(apart.len(), 1, "entries");
    for (these, all) in apart[0].pathways.iter().zip(&served.pathways) {
        ensure!(
            these.referrals <= all.referrals && these.hits <= all.hits && these.seen <= all.seen,
            "more are apart than there are"
        );
    }
    Ok(())
}
