//! Whether the state of the world is whole: for a check at the end of every run of the tests.
//!
//! What comes and goes reuses its place, so a place that is never given back, or twice, shows only in a long run: as
//! memory that grows, or as two things that are one.

use crate::engine::{Observer, Run};

use super::staff::Staff;

impl<O: Observer> Run<'_, O> {
    /// Whether every place taken holds something that is still to come, and the counters are what they count.
    pub(super) fn is_whole(&self) -> bool {
        self.work.are_sound(|work| Some(work.waits()))
            && self.referrals.are_sound(|referral| referral.is_open())
            && self.open.are_sound(|open| Some(open.alive))
            && self
                .courses
                .are_sound(|course| Some(!course.ended || course.pending > 0))
            && self.people.are_sound(|person| Some(person.is_here()))
            && self.teams_are_whole()
            && self.presence_is_whole()
            && self.caseloads_are_whole()
    }

    /// Whether as many are free as are counted.
    fn teams_are_whole(&self) -> bool {
        self.teams.iter().all(|team| match &team.staff {
            Staff::People { list, free } => list.iter().filter(|&&p| self.people[p].is_free()).count() == *free,
            Staff::Pool { .. } => true,
        })
    }

    /// Whether as many are on shift, and busy with either kind of work, as are counted.
    fn presence_is_whole(&self) -> bool {
        self.teams
            .iter()
            .map(|team| (&team.staff, &team.presence))
            .all(|(staff, presence)| match staff {
                Staff::People { list, .. } => {
                    let count = |of: (bool, Option<bool>)| {
                        list.iter().filter(|&&p| self.people[p].is_on_and_at() == of).count()
                    };
                    let (first, planned) = (count((true, Some(false))), count((true, Some(true))));
                    let on = count((true, None)) + first + planned;
                    [presence.now.on, presence.now.first, presence.now.planned].map(|n| n as usize)
                        == [on, first, planned]
                }
                Staff::Pool { capacity, busy, .. } => {
                    presence.now.on == *capacity && presence.now.first + presence.now.planned == *busy
                }
            })
    }

    /// Whether as many places are taken as there are packages open.
    fn caseloads_are_whole(&self) -> bool {
        let packages = self.world.packages.len();
        (0..self.caseloads.len()).all(|n| {
            let (hub, package) = (n / packages, n % packages);
            let here = |open: &&super::package::Open| {
                let served_at = self.hub_plan(usize::from(open.hub)).served_at;
                open.alive && open.opened.is_some() && served_at == hub && open.package == package
            };
            self.open.all().iter().filter(here).count() == self.caseloads[n].taken as usize
        })
    }
}
