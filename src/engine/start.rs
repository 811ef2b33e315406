//! The first instant, where the service does not begin empty: packages that are open, and people who wait.
//!
//! **An open package** is one found under way: its whole length is drawn as those of a caseload list are (a package twice
//! as long stands on it twice as often, [`crate::random::UnderWay`]), its age is uniform over that, and its streams are
//! drawn as for any package. Each stream has run by its pattern since the package began: the visits that fell before the
//! first instant have been made, and the next keeps the phase, the taper and the numbers that it would have had. Its clock
//! has stopped and it has no lead. Nobody asks whether its place on the caseload or its room at the gate is there: both
//! are taken, and what comes later waits until they are free.
//!
//! **Somebody who waits** has been accepted, and triage is over. The time waited is uniform between nothing and the
//! standard of the pathway (a day for "same day"; without a standard, what the package's start is due in), or the
//! person's own patience where that is shorter, so that nobody has left already. Before the first instant comes to an end
//! they ask for their response or package, whoever has waited longest first. Their clocks started before the window, so
//! they are not counted; but they take staff, room and places like everybody else.
//!
//! Everybody is keyed by hub, package or pathway, and an ordinal: another number there or elsewhere moves nobody.

use crate::engine::{Observer, Run, Seen, response::Referral};
use crate::model::{Pattern, Within};
use crate::random::{Key, UnderWay};
use crate::units::{Instant, Span};

use super::arrivals::SALT_PATIENCE;
use super::event_list::{Kind, Phase};
use super::package::{Admission, Course};
use super::plan::PathwayPlan;
use super::record::Case;

const SALT_AGE: u64 = 0xdd61_795f_6b65_790d;

impl<O: Observer> Run<'_, O> {
    /// Sets what stands at the first instant, hub by hub.
    pub(super) fn stand_at_start(&mut self) {
        for hub in 0..self.hubs.len() {
            let (plan, hub_key) = (self.hub_plan(hub), self.hub_keys[hub]);
            let number = u16::try_from(hub).unwrap_or(u16::MAX);
            for &(package, open, salt) in &plan.open_at_start {
                for ordinal in 0..open {
                    self.stand_open(number, package, hub_key.part(salt, u64::from(ordinal)));
                }
            }
            let mut waiting = Vec::new();
            for &(pathway, waits, salt) in &plan.waiting_at_start {
                let plan = &self.world.pathways[pathway];
                for ordinal in 0..waits {
                    let key = hub_key.part(salt, u64::from(ordinal));
                    let patience = plan
                        .patience
                        .as_ref()
                        .map(|p| p.sample_ms(key.uniform(SALT_PATIENCE, 0)));
                    let waited = waited(plan, patience, key);
                    waiting.push((self.now - waited, pathway, key, patience));
                }
            }
            waiting.sort_by_key(|&(clock, ..)| clock);
            for (clock, pathway, key, patience) in waiting {
                self.stand_waiting(number, pathway, clock, key, patience);
            }
        }
    }

    /// Whether there is room for one more in what a replication can number; if not, it is counted as turned away.
    fn has_room(&mut self, hub: u16) -> bool {
        let room = self.referrals.len() + self.open.len() < self.world.most_open;
        self.books.hubs[usize::from(hub)].turned_away += u64::from(!room);
        room
    }

    /// One open package.
    fn stand_open(&mut self, hub: u16, package: usize, key: Key) {
        let world = self.world;
        let plan = &world.packages[package];
        let Some(under_way) = plan.under_way.as_ref().filter(|_| self.has_room(hub)) else {
            return;
        };
        let length = under_way.length_ms(key.uniform(plan.length_salt, 0));
        let began = self.now - UnderWay::age_ms(length, key.uniform(SALT_AGE, 0));
        self.serial += 1;
        let serial = self.serial;
        let number = self.new_open(package, None, hub, (key, key), serial, plan.priority, began);
        let end = began + length;
        let end_timer = self.events.push(end, Phase::Completion, Kind::PackageEnds, number);
        let open = &mut self.open[number];
        (open.length, open.first_visit, open.end, open.end_timer) = (length, Some(began), end, end_timer);
        // One that began at this very instant is not one that starts in the window.
        let opened = began.min(self.now - 1);
        open.opened = Some(opened);
        let caseload = self.caseload_of(hub, package);
        self.caseloads[caseload].taken += 1;
        self.observer.see(
            self.instant(),
            Seen::OpenAtStart {
                referral: serial,
                hub: self.hub_in_file(hub),
                package,
                began: Instant::from_ms(opened),
            },
        );
        for course in self.draw_courses(number) {
            self.courses[course].started = Some(opened);
            self.resume(course, began);
            let Course { stream, visit, .. } = self.courses[course];
            self.observer.see(
                self.instant(),
                Seen::RunsAtStart {
                    referral: serial,
                    hub: self.hub_in_file(hub),
                    stream,
                    visit,
                },
            );
            if world.streams[stream].stream.gated {
                self.courses[course].admission = Admission::Admitted;
                let charge = self.charge_tomorrow(course);
                let gate = self.team(self.base(usize::from(hub)), world.streams[stream].role);
                self.gates[gate].take(course, charge);
            }
        }
    }

    /// A stream that began at `began` runs on: visits that fell before now have been made, the next is set.
    fn resume(&mut self, number: u32, began: i64) {
        let plan = &self.world.streams[self.courses[number].stream].stream;
        let mut after = match plan.pattern {
            Pattern::PerWeek(_) | Pattern::Once => {
                let course = &mut self.courses[number];
                (course.base, course.visit) = (began, 1);
                began
            }
            Pattern::PerDay { .. } | Pattern::At { .. } => began + plan.first_after.ms() - 1,
        };
        loop {
            let next = self.next_time(number, after);
            let Some(made) = next.filter(|time| *time < self.now) else {
                self.set_next(number, next);
                return;
            };
            self.courses[number].visit += 1;
            after = made;
        }
    }

    /// One person who waits since `clock`.
    fn stand_waiting(&mut self, hub: u16, pathway: usize, clock: i64, key: Key, patience: Option<i64>) {
        if !self.has_room(hub) {
            return;
        }
        let case = Case {
            hub,
            pathway: u16::try_from(pathway).unwrap_or(u16::MAX),
            received: clock,
            clock,
            counted: false,
            hour: 0,
            day: 0,
        };
        self.serial += 1;
        self.observer.see(
            self.instant(),
            Seen::WaitsAtStart {
                referral: self.serial,
                hub: self.hub_in_file(hub),
                pathway,
                clock: Instant::from_ms(clock),
            },
        );
        self.beds.comes(&case, self.serial, self.now, &mut self.books);
        let number = self.referrals.insert(Referral::new(case, key, key, self.serial));
        if let Some(patience) = patience {
            let until = (clock + patience).max(self.now);
            let timer = self.events.push(until, Phase::Leaving, Kind::PatienceOver, number);
            self.referrals[number].patience = timer;
            self.referrals[number].patience_until = until;
        }
        self.ready(number);
    }
}

/// How long somebody has waited \[ms\]: at least a millisecond, so that the clock started before the first instant.
fn waited(plan: &PathwayPlan, patience: Option<i64>, key: Key) -> i64 {
    let longest = match plan.within {
        Some(Within::Time(span)) => span.ms(),
        Some(Within::SameDay) => Span::DAY.ms(),
        None => plan.due_after.unwrap_or(0),
    };
    let longest = longest.min(patience.unwrap_or(i64::MAX));
    #[expect(clippy::cast_possible_truncation, reason = "a part of whole milliseconds")]
    let waited = (longest as f64 * key.uniform(SALT_AGE, 0)) as i64;
    waited.max(1)
}
