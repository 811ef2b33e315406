//! Packages: a place on the caseload, streams of planned visits, and an end.
//!
//! **Start.** A package takes a place if its caseload limit allows, else it waits for one. It then has some of its
//! streams (drawn by share; if none, the first in the order in which a lead is looked for). A package begun by a
//! referral has a lead: the first stream of that order that it has. A gated stream waits for room ([`super::gate`]);
//! the others start at once, unless the gate holds whole packages: then nothing starts before its one gated stream has
//! room.
//!
//! **Visits.** A stream by the week, or of one visit, releases its first visit when it starts; a stream by the day,
//! or at fixed times, begins at its next regular time `first-after` or more away. A visit becomes available at its
//! time less the tolerance, is late when it begins at the home after its time plus the tolerance, and is given up
//! `give-up` after its time or at the stream's next visit, if nobody has been sent. The lead's first visit is never
//! given up, is due when the standard says, and the rest of its stream waits for it.
//!
//! **End.** The package's length runs from its first visit of any stream. Visits whose time lies before the end are
//! still made or missed; a package whose lead has not been yet stays open until that visit is over.

use crate::engine::{Cause, Observer, Run, Seen};
use crate::model::{ClockStops, Pattern};
use crate::random::Key;
use crate::units::Instant;

use super::arrivals::{SALT_TWO, next_open};
use super::dispatch::Owner;
use super::event_list::{Kind, Phase};
use super::plan::StreamPlan;
use super::record::Case;
use super::response::{Referral, Sent, drawn};

/// A package asked for, waiting or open.
#[derive(Clone, Copy, Debug)]
pub(super) struct Open {
    /// The referral it answers; `None` if begun by `also`.
    pub(super) case: Option<Case>,
    pub(super) hub: u16,
    pub(super) package: usize,
    pub(super) key: Key,
    /// Of the first referral of this person.
    pub(super) person: Key,
    pub(super) serial: u64,
    /// Class and due time of the lead's first visit.
    pub(super) priority: u8,
    pub(super) due: i64,
    /// When it took its place; `None` while it waits for one.
    pub(super) opened: Option<i64>,
    /// When the first visit of any stream begins.
    pub(super) first_visit: Option<i64>,
    pub(super) length: i64,
    /// The end, once the first visit has fixed it.
    pub(super) end: i64,
    pub(super) end_timer: u64,
    /// Past its end, waiting for the lead's first visit.
    pub(super) overdue: bool,
    pub(super) has_lead: bool,
    pub(super) lead_sent: bool,
    pub(super) stopped: bool,
    pub(super) sent_any: bool,
    pub(super) first_arrival: i64,
    pub(super) clock_timer: u64,
    pub(super) patience: u64,
    /// When triage was over.
    pub(super) ready: i64,
    /// The event that judges it; 0 if none.
    pub(super) judging: u64,
    /// Why its referral misses the standard, if it does and that is known.
    pub(super) cause: Option<Cause>,
    pub(super) alive: bool,
    /// First of the chain of its streams.
    pub(super) courses: Option<u32>,
}

/// Whether a stream is in a gate's books.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Admission {
    /// Not gated, or gone.
    Free,
    Waiting,
    Admitted,
}

/// The course of a stream in one package.
#[derive(Clone, Copy, Debug)]
pub(super) struct Course {
    pub(super) open: u32,
    pub(super) hub: u16,
    pub(super) package_plan: usize,
    /// A place in [`super::plan::World::streams`].
    pub(super) stream: usize,
    pub(super) key: Key,
    pub(super) serial: u64,
    pub(super) two: bool,
    /// Visits a day at the start.
    pub(super) start_rate: f64,
    pub(super) admission: Admission,
    pub(super) lead: bool,
    pub(super) started: Option<i64>,
    pub(super) ended: bool,
    /// Visits waiting.
    pub(super) pending: u32,
    /// Number of the next visit.
    pub(super) visit: u32,
    /// When somebody was first asked for; the end of time until then, and again when all visits asked for were given up.
    pub(super) offered: i64,
    /// The next visit's time, and the event that makes it available.
    pub(super) time: i64,
    pub(super) timer: u64,
    /// Streams by the week: the first visit.
    pub(super) base: i64,
    /// The civil day of the stream's first visit, as long as the package has had none.
    pub(super) first_day: i64,
    /// Streams by the day: the day looked at, its number of visits, the next of them, the fraction carried over.
    pub(super) day: Option<i64>,
    pub(super) of_day: u32,
    pub(super) next_of_day: u32,
    pub(super) carry: f64,
    pub(super) phase: f64,
    pub(super) chain: Option<u32>,
}

/// The caseload of one package at one hub.
#[derive(Debug, Default)]
pub(super) struct Caseload {
    pub(super) taken: u32,
    /// (priority, due, sequence, package) in order.
    line: Vec<(u8, i64, u64, u32)>,
}

impl<O: Observer> Run<'_, O> {
    /// A referral asks for its package. It may have to be judged.
    pub(super) fn ask_for_package(&mut self, package: usize, referral: Referral, judging: bool) {
        let Referral {
            case,
            key,
            person,
            serial,
            patience_until,
            cause,
            ..
        } = referral;
        let plan = &self.world.pathways[usize::from(case.pathway)];
        let (priority, due) = (plan.priority, plan.due(case.clock));
        let open = self.new_open(package, Some(case), case.hub, (key, person), serial, priority, due);
        if patience_until < i64::MAX {
            let at = patience_until.max(self.now);
            self.open[open].patience = self.time_later(at, Kind::PackagePatienceOver, open);
        }
        if judging {
            self.open[open].judging = self.time_later(self.now, Kind::PackageJudged, open);
        }
        self.open[open].cause = cause;
        self.ask_for_place(open);
    }

    /// A package begins besides an outcome: it has no clock and no lead.
    pub(super) fn begin_besides(&mut self, package: usize, hub: u16, key: Key, person: Key) {
        self.serial += 1;
        let priority = self.world.packages[package].priority;
        let open = self.new_open(package, None, hub, (key, person), self.serial, priority, self.now);
        self.ask_for_place(open);
    }

    #[expect(clippy::too_many_arguments, reason = "the identity of a package")]
    pub(super) fn new_open(
        &mut self,
        package: usize,
        case: Option<Case>,
        hub: u16,
        (key, person): (Key, Key),
        serial: u64,
        priority: u8,
        due: i64,
    ) -> u32 {
        self.open.insert(Open {
            case,
            hub,
            package,
            key,
            person,
            serial,
            priority,
            due,
            opened: None,
            first_visit: None,
            length: 0,
            end: i64::MAX,
            end_timer: 0,
            overdue: false,
            has_lead: case.is_some(),
            lead_sent: false,
            stopped: false,
            sent_any: false,
            first_arrival: i64::MAX,
            clock_timer: 0,
            patience: 0,
            ready: self.now,
            judging: 0,
            cause: None,
            alive: true,
            courses: None,
        })
    }

    pub(super) fn caseload_of(&self, hub: u16, package: usize) -> usize {
        self.hub_plan(usize::from(hub)).served_at * self.world.packages.len() + package
    }

    /// Takes a place on the caseload, or waits for one.
    fn ask_for_place(&mut self, number: u32) {
        let Open {
            hub,
            package,
            priority,
            due,
            ..
        } = self.open[number];
        let sequence = self.events.next_sequence();
        let caseload = self.caseload_of(hub, package);
        let line = &mut self.caseloads[caseload].line;
        let at = line.partition_point(|&(p, d, s, _)| (p, d, s) < (priority, due, sequence));
        line.insert(at, (priority, due, sequence, number));
        self.fill_places(hub, package);
    }

    fn fill_places(&mut self, hub: u16, package: usize) {
        let limit = self.hub_plan(usize::from(hub)).caseload_limit[package].unwrap_or(u32::MAX);
        let caseload = self.caseload_of(hub, package);
        while self.caseloads[caseload].taken < limit && !self.caseloads[caseload].line.is_empty() {
            let (_, _, _, number) = self.caseloads[caseload].line.remove(0);
            self.caseloads[caseload].taken += 1;
            self.start_package(number);
        }
    }

    /// The service is another from today on, and its limits may be others.
    pub(super) fn fill_all_places(&mut self) {
        for hub in 0..u16::try_from(self.hubs.len()).unwrap_or(u16::MAX) {
            for package in 0..self.world.packages.len() {
                self.fill_places(hub, package);
            }
        }
    }

    /// The package has its place: its streams are drawn and started.
    fn start_package(&mut self, number: u32) {
        let world = self.world;
        let Open {
            hub,
            package,
            key,
            serial,
            priority,
            due,
            ..
        } = self.open[number];
        let plan = &world.packages[package];
        self.open[number].opened = Some(self.now);
        self.open[number].length = plan.length.sample_ms(key.uniform(plan.length_salt, 0)).max(1);
        self.observer.see(
            self.instant(),
            Seen::PackageStarts {
                referral: serial,
                hub: self.hub_in_file(hub),
                package,
            },
        );
        let starting = self.draw_courses(number);
        let gated = |run: &Self, course: u32| world.streams[run.courses[course].stream].stream.gated;
        let held = plan.holds_all && starting.iter().any(|&c| gated(self, c));
        for course in starting {
            if gated(self, course) {
                self.ask_for_room(course, priority, due);
            } else if !held {
                self.start_course(course);
            }
        }
    }

    /// Draws which streams a package has, none of them begun; in the order of the file.
    pub(super) fn draw_courses(&mut self, number: u32) -> Vec<u32> {
        let world = self.world;
        let Open {
            hub,
            package,
            key,
            person,
            serial,
            has_lead,
            ..
        } = self.open[number];
        let lead = world.lead_stream(package, key);
        let double = person.uniform(SALT_TWO, 0);
        let mut chain = None;
        let mut starting = Vec::with_capacity(world.packages[package].streams.len());
        for stream in world.streams_of(package, key) {
            let stream_plan = &world.streams[stream];
            let course = self.courses.insert(Course {
                open: number,
                hub,
                package_plan: package,
                stream,
                key,
                serial,
                two: double < stream_plan.stream.two.get(),
                start_rate: start_rate(stream_plan, key),
                admission: Admission::Free,
                lead: has_lead && Some(stream) == lead,
                started: None,
                ended: false,
                pending: 0,
                visit: 0,
                offered: i64::MAX,
                time: 0,
                timer: 0,
                base: 0,
                first_day: 0,
                day: None,
                of_day: 0,
                next_of_day: 0,
                carry: 0.0,
                phase: key.uniform(stream_plan.phase_salt, 0),
                chain,
            });
            chain = Some(course);
            starting.push(course);
        }
        self.open[number].courses = chain;
        starting
    }

    /// A gated stream has its room, and starts; with it, where the gate holds whole packages, everything else.
    pub(super) fn admitted(&mut self, number: u32) {
        let Course { open, package_plan, .. } = self.courses[number];
        if self.world.packages[package_plan].holds_all {
            // The chain runs backwards; streams start in the order of the file.
            for course in self.courses_of(open).into_iter().rev() {
                self.start_course(course);
            }
        } else {
            self.start_course(number);
        }
    }

    /// A stream starts: its first visit, or its first regular time.
    pub(super) fn start_course(&mut self, number: u32) {
        self.courses[number].started = Some(self.now);
        let Course {
            stream, serial, hub, ..
        } = self.courses[number];
        self.observer.see(
            self.instant(),
            Seen::StreamStarts {
                referral: serial,
                hub: self.hub_in_file(hub),
                stream,
            },
        );
        let plan = &self.world.streams[stream].stream;
        match plan.pattern {
            Pattern::PerWeek(_) | Pattern::Once => {
                let release = self.release_time(number);
                self.courses[number].base = release;
                if release == self.now {
                    self.offer(number, release);
                } else {
                    let timer = self.events.push(release, Phase::Arrival, Kind::VisitAvailable, number);
                    (self.courses[number].time, self.courses[number].timer) = (release, timer);
                }
            }
            Pattern::PerDay { .. } | Pattern::At { .. } => {
                let earliest = self.now + plan.first_after.ms();
                self.schedule(number, earliest - 1);
            }
        }
    }

    /// When a first visit that needs no regular time is released: now, but not before its pathway opens.
    fn release_time(&self, number: u32) -> i64 {
        let case = self.open[self.courses[number].open].case;
        match case.and_then(|case| self.world.pathways[usize::from(case.pathway)].opens) {
            Some(opening) => next_open(opening, self.now, |day| self.world.calendar.working_weekday(day)),
            None => self.now,
        }
    }

    /// Sets the next visit of a stream whose time is later than `after`. Returns that time, if there is one.
    fn schedule(&mut self, number: u32, after: i64) -> Option<i64> {
        let next = self.next_time(number, after);
        self.set_next(number, next)
    }

    /// Sets the time of a stream's next visit, unless its package is over by then.
    pub(super) fn set_next(&mut self, number: u32, next: Option<i64>) -> Option<i64> {
        let course = &self.courses[number];
        // The lead's first visit is made even if the package's end has come.
        let end = if course.lead && course.visit == 0 {
            i64::MAX
        } else {
            self.open[course.open].end
        };
        if let Some(time) = next.filter(|&t| t < end) {
            let available = (time - self.world.streams[course.stream].stream.tolerance.ms()).max(self.now);
            let timer = self
                .events
                .push(available, Phase::Arrival, Kind::VisitAvailable, number);
            let course = &mut self.courses[number];
            (course.time, course.timer) = (time, timer);
            Some(time)
        } else {
            self.courses[number].timer = 0;
            None
        }
    }

    /// A planned visit becomes available.
    pub(super) fn visit_available(&mut self, number: u32, event: u64) -> bool {
        let course = &self.courses[number];
        if course.timer != event || course.ended {
            return false;
        }
        if course.time >= self.open[course.open].end && !(course.lead && course.visit == 0) {
            self.courses[number].timer = 0; // The end has been fixed meanwhile.
            return true;
        }
        self.offer(number, course.time);
        true
    }

    /// Asks for somebody to make the stream's next visit, whose time is `time`.
    fn offer(&mut self, number: u32, time: i64) {
        let world = self.world;
        let Course {
            stream,
            serial,
            two,
            lead,
            visit,
            open,
            ..
        } = self.courses[number];
        let plan = &world.streams[stream];
        let lead_first = lead && visit == 0;
        let (priority, due) = if lead_first {
            (self.open[open].priority, self.open[open].due)
        } else {
            (world.packages[self.courses[number].package_plan].priority, time)
        };
        let task = if two { plan.task_two } else { plan.task_one };
        self.observer.see(
            self.instant(),
            Seen::VisitAvailable {
                referral: serial,
                stream,
                visit,
                time: Instant::from_ms(time),
            },
        );
        let work = self.ask(
            task,
            Owner::Stream {
                course: number,
                visit,
                time,
                lead_first,
            },
            priority,
            due,
            None,
        );
        let course = &mut self.courses[number];
        course.pending += 1;
        course.offered = course.offered.min(self.now);
        course.visit += 1;
        course.timer = 0;
        if !lead_first {
            let next = self.schedule(number, time);
            let give_up = (time + plan.stream.give_up.ms()).min(next.unwrap_or(i64::MAX));
            self.work[work].timer = self.time_later(give_up.max(self.now), Kind::GivenUp, work);
        }
    }

    /// Somebody has been sent to a planned visit.
    pub(super) fn visit_sent(&mut self, number: u32, time: i64, lead_first: bool, sent: Sent) {
        let begins = sent.last_arrival;
        let Course {
            stream,
            open,
            ended,
            hub,
            ..
        } = self.courses[number];
        let plan = &self.world.streams[stream];
        self.courses[number].pending -= 1;
        if !lead_first {
            let late = begins > time + plan.stream.tolerance.ms();
            let package = self.courses[number].package_plan;
            let first = self.world.packages[package].streams.start;
            self.books.planned(hub, package, stream - first, begins, late);
        }
        if ended {
            self.drop_course(number);
            return;
        }
        if self.open[open].first_visit.is_none_or(|first| begins < first) {
            self.fix_end(open, begins);
        }
        self.package_sent(open, lead_first, sent);
        if lead_first {
            self.open[open].lead_sent = true;
            self.courses[number].base = begins;
            if self.open[open].overdue {
                self.open[open].end_timer = self.events.push(sent.end, Phase::Completion, Kind::PackageEnds, open);
            } else {
                // It may have begun before its own time, which is not to come again.
                self.schedule(number, begins.max(time));
            }
        }
    }

    /// The first visit fixes when the package ends.
    fn fix_end(&mut self, number: u32, begins: i64) {
        let charges: Vec<(u32, i64)> = self
            .courses_of(number)
            .into_iter()
            .map(|c| (c, self.charge_tomorrow(c)))
            .collect();
        let open = &mut self.open[number];
        open.first_visit = Some(begins);
        open.end = begins + open.length;
        let end = open.end;
        self.open[number].end_timer = self.events.push(end, Phase::Completion, Kind::PackageEnds, number);
        for (course, before) in charges {
            self.recharge(course, before);
        }
    }

    fn courses_of(&self, number: u32) -> Vec<u32> {
        std::iter::successors(self.open[number].courses, |&c| self.courses[c].chain).collect()
    }

    /// Patience no longer matters, and perhaps the clock stops.
    fn package_sent(&mut self, number: u32, lead_first: bool, sent: Sent) {
        let open = &mut self.open[number];
        open.patience = 0;
        let sooner = sent.first_arrival < open.first_arrival;
        open.first_arrival = open.first_arrival.min(sent.first_arrival);
        open.sent_any = true;
        let Some(case) = open.case.filter(|_| !open.stopped) else {
            return;
        };
        let (serial, first_arrival, cause) = (open.serial, open.first_arrival, open.cause);
        if self.world.pathways[usize::from(case.pathway)].clock_stops == ClockStops::First {
            if sooner {
                // Somebody sent later may still come earlier; at this arrival it is known. It is never later than the end.
                let timer = self
                    .events
                    .push(first_arrival, Phase::Completion, Kind::PackageClockStops, number);
                self.open[number].clock_timer = timer;
            }
        } else if lead_first {
            self.open[number].stopped = true;
            let stop = sent.lead_arrival.unwrap_or(sent.first_arrival);
            let plan = self.pathway(case.pathway);
            self.book_stop(plan, case, serial, stop, cause);
        }
    }

    pub(super) fn package_clock_stops_at_first(&mut self, number: u32, event: u64) -> bool {
        let open = &mut self.open[number];
        let Some(case) = open.case.filter(|_| open.clock_timer == event && !open.stopped) else {
            return false;
        };
        open.stopped = true;
        let (serial, stop, cause) = (open.serial, open.first_arrival, open.cause);
        let plan = self.pathway(case.pathway);
        self.book_stop(plan, case, serial, stop, cause);
        true
    }

    /// A planned visit is given up.
    pub(super) fn given_up(&mut self, place: u32, event: u64) -> bool {
        let work = self.work[place];
        if work.timer != event {
            return false;
        }
        let Owner::Stream { course, visit, .. } = work.owner else {
            return false;
        };
        let Course {
            stream,
            serial,
            ended,
            hub,
            ..
        } = self.courses[course];
        self.withdraw(place);
        self.courses[course].pending -= 1;
        if self.courses[course].pending == 0 {
            self.courses[course].offered = i64::MAX;
        }
        let package = self.courses[course].package_plan;
        self.books.missed(
            hub,
            package,
            stream - self.world.packages[package].streams.start,
            self.now,
        );
        self.observer.see(
            self.instant(),
            Seen::VisitMissed {
                referral: serial,
                stream,
                visit,
            },
        );
        if ended {
            self.drop_course(course);
        } else {
            self.close_if_nothing_is_left(self.courses[course].open);
        }
        true
    }

    /// A package whose visits have all been missed and that has none to come will never have the first visit that
    /// its length runs from: it is over.
    fn close_if_nothing_is_left(&mut self, number: u32) {
        let over = |course: &Course| course.started.is_some() && course.pending == 0 && course.timer == 0;
        if self.open[number].first_visit.is_none() && self.courses_of(number).iter().all(|&c| over(&self.courses[c])) {
            self.close_package(number, true);
        }
    }

    /// Forgets a stream of an ended package once none of its visits waits.
    fn drop_course(&mut self, number: u32) {
        if self.courses[number].pending == 0 {
            self.courses[number].timer = 0;
            self.courses.release(number);
        }
    }

    /// The package's end has come.
    pub(super) fn package_ends(&mut self, number: u32, event: u64) -> bool {
        let open = &mut self.open[number];
        if open.end_timer != event || !open.alive {
            return false;
        }
        if open.has_lead && !open.lead_sent {
            open.overdue = true;
            return true;
        }
        self.close_package(number, true);
        true
    }

    /// The package is over: its place and its room are free. Whoever is discharged has an outcome, whoever left has not.
    fn close_package(&mut self, number: u32, discharged: bool) {
        let Open {
            hub,
            package,
            serial,
            key,
            ..
        } = self.open[number];
        self.book_package(number, self.now);
        let plan = &self.world.packages[package];
        let has_outcome = discharged && !plan.outcome.is_empty();
        let outcome = has_outcome.then(|| drawn(key.uniform(plan.outcome_salt, 0), &plan.outcome));
        if let Some(outcome) = outcome {
            self.books.package_ended(hub, self.now, plan.first_ending + outcome);
        }
        self.observer.see(
            self.instant(),
            Seen::PackageEnds {
                referral: serial,
                hub: self.hub_in_file(hub),
                package,
                outcome,
            },
        );
        let courses = self.courses_of(number);
        let open = &mut self.open[number];
        (open.alive, open.end_timer, open.clock_timer, open.patience) = (false, 0, 0, 0);
        self.open.release(number);
        for &course in &courses {
            self.courses[course].ended = true;
            self.courses[course].timer = 0;
            self.leave_gate(course);
        }
        for course in courses {
            let role = self.world.streams[self.courses[course].stream].role;
            self.drop_course(course);
            self.test_gate(self.base(usize::from(hub)), role);
        }
        let caseload = self.caseload_of(hub, package);
        self.caseloads[caseload].taken -= 1;
        self.fill_places(hub, package);
    }

    /// Enters an open package's time into the books.
    fn book_package(&mut self, number: u32, until: i64) {
        let Open {
            hub, package, opened, ..
        } = self.open[number];
        let Some(from) = opened else { return };
        self.books.caseload(hub, package, from, until);
        let first = self.world.packages[package].streams.start;
        for course in self.courses_of(number) {
            if let Course {
                started: Some(from),
                stream,
                ..
            } = self.courses[course]
            {
                self.books.stream(hub, package, stream - first, from, until);
            }
        }
    }

    /// Patience is over before anybody has been sent: the referral leaves, the package never is.
    pub(super) fn package_patience_over(&mut self, number: u32, event: u64) -> bool {
        let Open {
            case: Some(case),
            key,
            serial,
            hub,
            package,
            opened,
            patience,
            ..
        } = self.open[number]
        else {
            return false;
        };
        if patience != event {
            return false;
        }
        let cause = self.why_package(number);
        self.book_leaving(case, key, serial, cause);
        let courses = self.courses_of(number);
        let waiting: Vec<u32> = (0u32..)
            .zip(self.work.all())
            .filter(|(_, w)| matches!(w.owner, Owner::Stream { course, .. } if courses.contains(&course)))
            .map(|(place, _)| place)
            .collect();
        for place in waiting {
            self.withdraw(place);
        }
        for &course in &courses {
            self.courses[course].pending = 0;
        }
        if opened.is_some() {
            self.close_package(number, false);
        } else {
            let caseload = self.caseload_of(hub, package);
            self.caseloads[caseload].line.retain(|&(_, _, _, n)| n != number);
            let open = &mut self.open[number];
            (open.alive, open.patience) = (false, 0);
            self.open.release(number);
        }
        true
    }

    /// Following has ended: levels are closed, referrals that still wait are written off.
    pub(super) fn close_packages(&mut self, at: i64) {
        for place in 0..u32::try_from(self.open.all().len()).unwrap_or(u32::MAX) {
            if !self.open[place].alive {
                continue;
            }
            self.book_package(place, at);
            let Open {
                case,
                stopped,
                sent_any,
                first_arrival,
                serial,
                cause,
                ..
            } = self.open[place];
            if let Some(case) = case.filter(|_| !stopped) {
                let first = self.world.pathways[usize::from(case.pathway)].clock_stops == ClockStops::First;
                if first && sent_any {
                    let plan = self.pathway(case.pathway);
                    self.book_stop(plan, case, serial, first_arrival, cause);
                } else {
                    let cause = self.why_package(place);
                    self.book_unanswered(case, serial, at, cause);
                }
            }
        }
    }
}

/// Visits a day at the start: drawn by share where the scenario gives several.
fn start_rate(plan: &StreamPlan, key: Key) -> f64 {
    if let Pattern::PerDay { start, .. } = &plan.stream.pattern
        && start.len() > 1
    {
        let u = key.uniform(plan.start_salt, 0);
        let mut upto = 0.0;
        for option in start {
            upto += option.share.get();
            if u < upto {
                return option.visits;
            }
        }
        return start.last().map_or(0.0, |s| s.visits);
    }
    plan.steady_rate()
}
