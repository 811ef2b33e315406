//! Who helps whom.

use homefirst::engine::{Seen, World, run};
use homefirst::model::{HubId, Neighbours, RoleId, Scenario};
use homefirst::units::Span;

use super::{Ran, Verdict, ensure};

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
            entries(ran, hub, role).any(|n| arrives >= at + n.extra_travel),
            "nobody lends this, or it is nearer than it is: {seen:?} at {at:?}"
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
