//! What is counted, and when: the only writer of a [`HubRecord`].
//!
//! Everything that is added up is a whole number (counts and milliseconds), so records merge exactly and in any
//! order. Referrals count if their clock starts inside the window; levels (staff, caseload, queue) are integrated
//! over the window; visits count if they begin inside it. What months and weeks are made of is kept by civil day of the
//! window: referrals and hits by the day of their clock start, open packages and recruited posts as they stand at 00:00.

use serde::{Deserialize, Serialize};

use crate::engine::Cause;
use crate::engine::queue::Queue;
use crate::engine::recruit::Held;
use crate::model::Within;
use crate::stats::WaitHistogram;
use crate::units::{Instant, Span};

/// Hours of a week.
pub(super) const HOURS: usize = 168;

/// One hub in one replication.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HubRecord {
    /// By pathway, in the scenario's order.
    pub pathways: Vec<PathwayRecord>,
    /// By role.
    pub roles: Vec<RoleRecord>,
    /// By package.
    pub packages: Vec<PackageRecord>,
    /// By kind of bed.
    pub beds: Vec<BedRecord>,
    /// What became of people, in the order of [`Scenario::endings`](crate::model::Scenario::endings): counted referrals whose
    /// first response was over or who left, and packages that ended in the window.
    pub endings: Vec<u64>,
    /// Referrals turned away because the replication was full: the engine's bound on memory.
    pub turned_away: u64,
}

/// A pathway at a hub.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PathwayRecord {
    /// Declined at arrival.
    pub declined: u64,
    /// Accepted, clock started in the window.
    pub referrals: u64,
    /// Of those, seen within the standard.
    pub hits: u64,
    /// Of those, seen at all.
    pub seen: u64,
    /// Sum of their waits \[ms\].
    pub wait_ms: i64,
    /// Sum of their waits from real receipt \[ms\].
    pub wait_from_receipt_ms: i64,
    /// Of those counted, left.
    pub left: u64,
    /// Of those counted, still waiting when following them ended.
    pub unanswered: u64,
    /// Of those counted, to hospital: after leaving, or after the first response.
    pub admissions: u64,
    /// Time waited in beds by those counted \[ms\], by kind.
    pub bed_ms: Vec<i64>,
    /// Time for which those counted waited without a bed \[ms\], where they should have had one.
    pub outside_ms: i64,
    /// Of those counted, found no bed free when their clock started.
    pub found_no_bed: u64,
    /// Referral-time waiting inside the window \[ms\].
    pub waiting_ms: i64,
    /// Waiting when the window opened, and when it closed.
    pub waiting_at: [u64; 2],
    /// Counted referrals by hour of week of their clock start.
    pub referrals_by_hour: Vec<u32>,
    /// Hits by hour of week of their clock start.
    pub hits_by_hour: Vec<u32>,
    /// Counted referrals by civil day of the window, of their clock start.
    pub referrals_by_day: Vec<u32>,
    /// Hits by civil day of the window, of their clock start.
    pub hits_by_day: Vec<u32>,
    /// Waits of those seen, by bin of [`WaitHistogram::bin_of`].
    pub waits: Vec<u32>,
    /// Counted referrals that missed the standard, by cause; all 0 without a standard.
    pub causes: [u64; Cause::COUNT],
    /// Of those, the ones that left.
    pub causes_of_left: [u64; Cause::COUNT],
    /// Misses by hour of week of their clock start, then by cause.
    pub causes_by_hour: Vec<[u32; Cause::COUNT]>,
}

impl PathwayRecord {
    /// Counted referrals that missed a standard.
    #[must_use]
    pub fn misses(&self) -> u64 {
        self.causes.iter().sum()
    }
}

/// A role at a hub. All times are inside the window.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleRecord {
    /// Staff-time available: on shift, less breaks taken \[ms\], by hour of week.
    pub available_by_hour: Vec<i64>,
    /// Staff-time at work, overtime included \[ms\], by hour of week.
    pub busy_by_hour: Vec<i64>,
    /// Staff-time at work after the end of shifts \[ms\].
    pub overtime_ms: i64,
    /// Visits begun, first responses included.
    pub visits: u64,
    /// What recruited posts count for at 00:00 of each civil day of the window \[1/1000 WTE\]; empty for a role that the
    /// scenario does not recruit anywhere.
    pub recruited_by_day: Vec<u32>,
    /// The same of all recruited posts that somebody holds, whatever they count for: what is paid \[1/1000 WTE\].
    pub filled_by_day: Vec<u32>,
}

impl RoleRecord {
    /// Staff-time available \[ms\].
    #[must_use]
    pub fn available_ms(&self) -> i64 {
        self.available_by_hour.iter().sum()
    }

    /// Staff-time at work inside shifts \[ms\].
    #[must_use]
    pub fn busy_inside_ms(&self) -> i64 {
        self.busy_by_hour.iter().sum::<i64>() - self.overtime_ms
    }
}

/// A package at a hub.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackageRecord {
    /// Open packages, integrated over the window \[ms\].
    pub open_ms: i64,
    /// Packages started in the window.
    pub started: u64,
    /// Open packages at 00:00 of each civil day of the window.
    pub open_by_day: Vec<u32>,
    /// By stream of the package.
    pub streams: Vec<StreamRecord>,
}

/// A kind of bed at a hub. All times are inside the window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BedRecord {
    /// People in these beds, integrated over time \[ms\].
    pub occupied_ms: i64,
    /// Time for which every place was taken \[ms\]; 0 without a limit.
    pub full_ms: i64,
}

/// A stream of a package at a hub.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StreamRecord {
    /// Open packages whose stream has begun, integrated over the window \[ms\].
    pub open_ms: i64,
    /// Planned visits begun in the window (a package's first lead visit apart).
    pub planned: u64,
    /// Of those, begun after their tolerance.
    pub late: u64,
    /// Planned visits given up in the window.
    pub missed: u64,
}

/// How many of everything there are in a [`HubRecord`].
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Shape<'a> {
    pub(crate) pathways: usize,
    /// By role, whether anybody is recruited.
    pub(crate) recruited: &'a [bool],
    /// By package, its streams.
    pub(crate) streams_of_packages: &'a [usize],
    /// Kinds of bed.
    pub(crate) beds: usize,
    pub(crate) endings: usize,
    /// Civil days of the window.
    pub(crate) days: usize,
}

/// A referral's place in the books.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Case {
    pub(crate) hub: u16,
    pub(crate) pathway: u16,
    pub(crate) received: i64,
    pub(crate) clock: i64,
    pub(crate) counted: bool,
    /// Hour of week and civil day of the clock start, if it is counted: places in lists.
    pub(crate) hour: u8,
    pub(crate) day: u16,
}

/// The civil hour that runs, or what of it lies on one side of the window's end. Nearly everything that is booked happens now,
/// so the divisions that find its place in lists by hour and by day are made once an hour.
#[derive(Clone, Copy, Debug)]
struct Hour {
    /// Its first instant, and the first one after it \[ms\].
    from: i64,
    end: i64,
    /// The hour of week and the civil day: places in lists.
    of_week: u8,
    day: u16,
    /// Whether it lies in the window.
    inside: bool,
}

/// The books of one island in one replication.
#[derive(Debug)]
pub(crate) struct Books {
    window_end: i64,
    /// Hours from Monday 00:00 to tick 0.
    first_hour: i64,
    hour: Hour,
    /// The hubs' records; those of their pathways stand side by side in `pathways` until the end.
    pub(crate) hubs: Vec<HubRecord>,
    /// By hub and pathway.
    pub(crate) pathways: Vec<PathwayRecord>,
    /// Pathways of a hub.
    pathways_of_hub: usize,
    /// Counted referrals not yet seen, left or given up on.
    pub(crate) open: u64,
    /// Counted referrals whose first response is not over: what follows it is still to be counted.
    pub(crate) responding: u64,
}

impl Books {
    pub(crate) fn new(window_end: i64, first_weekday: usize, mut hubs: Vec<HubRecord>) -> Self {
        Self {
            pathways_of_hub: hubs.first().map_or(0, |hub| hub.pathways.len()),
            pathways: hubs.iter_mut().flat_map(|hub| hub.pathways.drain(..)).collect(),
            window_end,
            first_hour: first_weekday as i64 * 24,
            hour: Hour {
                from: i64::MIN,
                end: i64::MIN,
                of_week: 0,
                day: 0,
                inside: false,
            },
            hubs,
            open: 0,
            responding: 0,
        }
    }

    /// Sets the hour that holds an instant, the first one or one after all others.
    pub(crate) fn set_hour(&mut self, at: i64) {
        let length = Span::HOUR.ms();
        let from = at.div_euclid(length) * length;
        let end = from + length;
        let inside = self.inside(at);
        self.hour = Hour {
            from: if from < self.window_end && self.window_end <= at {
                self.window_end
            } else {
                from
            },
            end: if inside { end.min(self.window_end) } else { end },
            of_week: u8::try_from(self.hour_of_week(at)).unwrap_or(u8::MAX),
            day: u16::try_from(Instant::from_ms(at).day().max(0)).unwrap_or(u16::MAX),
            inside,
        };
    }

    /// The next hour begins. Gives the hour of week of the one that ends, if it lies in the window.
    pub(crate) fn turn_hour(&mut self) -> Option<usize> {
        let Hour {
            end,
            of_week,
            day,
            inside,
            ..
        } = self.hour;
        let ended = inside.then_some(usize::from(of_week));
        // Inside the window hours follow one another; elsewhere they are few, or not looked at.
        if inside && end < self.window_end {
            let of_week = if usize::from(of_week) + 1 == HOURS {
                0
            } else {
                of_week + 1
            };
            self.hour = Hour {
                from: end,
                end: (end + Span::HOUR.ms()).min(self.window_end),
                of_week,
                day: day.saturating_add(u16::from(of_week.is_multiple_of(24))),
                inside: true,
            };
        } else {
            self.set_hour(end);
        }
        ended
    }

    /// The first instant after the hour that runs \[ms\].
    pub(crate) const fn hour_end(&self) -> i64 {
        self.hour.end
    }

    /// How long the hour that runs is \[ms\].
    pub(crate) const fn hour_length(&self) -> i64 {
        self.hour.end - self.hour.from
    }

    /// Somebody's clock starts now.
    #[inline]
    pub(crate) fn case(&self, hub: u16, pathway: u16, received: i64, now: i64) -> Case {
        Case {
            hub,
            pathway,
            received,
            clock: now,
            counted: self.hour.inside,
            hour: self.hour.of_week,
            day: self.hour.day,
        }
    }

    /// Whether an instant lies in the window.
    pub(crate) fn inside(&self, time: i64) -> bool {
        0 <= time && time < self.window_end
    }

    /// The part of an interval that lies in the window \[ms\].
    fn overlap(&self, from: i64, to: i64) -> i64 {
        (to.min(self.window_end) - from.max(0)).max(0)
    }

    fn hour_of_week(&self, time: i64) -> usize {
        usize::try_from((time.div_euclid(Span::HOUR.ms()) + self.first_hour).rem_euclid(HOURS as i64)).unwrap_or(0)
    }

    /// The records of all hubs, as they are handed out.
    pub(crate) fn into_hubs(mut self) -> Vec<HubRecord> {
        let mut pathways = self.pathways.into_iter();
        for hub in &mut self.hubs {
            hub.pathways.extend(pathways.by_ref().take(self.pathways_of_hub));
        }
        self.hubs
    }

    #[inline]
    fn pathway(&mut self, case: &Case) -> &mut PathwayRecord {
        self.pathway_of(case.hub, case.pathway)
    }

    #[inline]
    pub(crate) fn pathway_of(&mut self, hub: u16, pathway: u16) -> &mut PathwayRecord {
        &mut self.pathways[usize::from(hub) * self.pathways_of_hub + usize::from(pathway)]
    }

    pub(crate) fn declined(&mut self, hub: u16, pathway: u16, clock: i64) {
        if self.inside(clock) {
            self.pathway_of(hub, pathway).declined += 1;
        }
    }

    #[inline]
    pub(crate) fn clock_starts(&mut self, case: &Case) {
        if case.counted {
            self.open += 1;
            let (hour, day) = (usize::from(case.hour), usize::from(case.day));
            let record = self.pathway(case);
            record.referrals += 1;
            record.referrals_by_hour[hour] += 1;
            record.referrals_by_day[day] += 1;
        }
    }

    /// A counted referral asks for help: it is followed until [`Books::followed`].
    pub(crate) fn follow(&mut self, case: &Case) {
        self.responding += u64::from(case.counted);
    }

    /// Its first response is over, or has become a package, or it has left.
    pub(crate) fn followed(&mut self, case: &Case) {
        self.responding -= u64::from(case.counted);
    }

    /// The clock stops. Returns whether that is within the standard; if there is one and it is not, this is why.
    #[inline]
    pub(crate) fn clock_stops(&mut self, case: &Case, stop: i64, within: Option<Within>, cause: Cause) -> bool {
        let wait = stop - case.clock;
        let met = is_met(within, case.clock, stop);
        let end = self.window_end;
        self.open -= u64::from(case.counted);
        let record = self.pathway(case);
        record.waited(case.clock, stop, end);
        if case.counted {
            let (hour, day) = (usize::from(case.hour), usize::from(case.day));
            record.seen += 1;
            record.wait_ms += wait;
            record.wait_from_receipt_ms += stop - case.received;
            record.waits[WaitHistogram::bin_of(Span::from_ms(wait))] += 1;
            record.hits += u64::from(met);
            record.hits_by_hour[hour] += u32::from(met);
            record.hits_by_day[day] += u32::from(met);
            if !met && within.is_some() {
                record.miss(case, cause);
            }
        }
        met
    }

    /// A referral leaves before anyone is sent, and if it had a standard misses it for this cause.
    pub(crate) fn left(&mut self, case: &Case, at: i64, hospital: bool, ending: usize, cause: Option<Cause>) {
        let end = self.window_end;
        let record = self.pathway(case);
        record.waited(case.clock, at, end);
        if case.counted {
            record.left += 1;
            record.admissions += u64::from(hospital);
            if let Some(cause) = cause {
                record.causes_of_left[cause as usize] += 1;
                record.miss(case, cause);
            }
            self.open -= 1;
            self.ended(case, ending);
        }
    }

    /// Following has ended and the referral still waits; if it had a standard it misses it for this cause.
    pub(crate) fn unanswered(&mut self, case: &Case, at: i64, cause: Option<Cause>) {
        let end = self.window_end;
        self.open -= u64::from(case.counted);
        let record = self.pathway(case);
        record.waited(case.clock, at, end);
        if case.counted {
            record.unanswered += 1;
            if let Some(cause) = cause {
                record.miss(case, cause);
            }
        }
    }

    pub(crate) fn admitted(&mut self, case: &Case) {
        if case.counted {
            self.pathway(case).admissions += 1;
        }
    }

    /// What became of somebody counted, after a first response or on leaving: a place in the list of endings.
    pub(crate) fn ended(&mut self, case: &Case, ending: usize) {
        if case.counted {
            self.count_ending(case.hub, ending);
        }
    }

    /// What became of somebody whose package ends now.
    pub(crate) fn package_ended(&mut self, hub: u16, at: i64, ending: usize) {
        if self.inside(at) {
            self.count_ending(hub, ending);
        }
    }

    fn count_ending(&mut self, hub: u16, ending: usize) {
        if let Some(count) = self.hubs[usize::from(hub)].endings.get_mut(ending) {
            *count += 1;
        }
    }

    /// A package leaves the caseload: open from `from` to `to`, its streams from their own beginnings.
    pub(crate) fn caseload(&mut self, hub: u16, package: usize, from: i64, to: i64) {
        let open = self.overlap(from, to);
        let started = self.inside(from);
        let record = &mut self.hubs[usize::from(hub)].packages[package];
        record.open_ms += open;
        record.started += u64::from(started);
        // The days at whose 00:00 it was open.
        let first_midnight = |at: i64| usize::try_from(Instant::from_ms(at - 1).day() + 1).unwrap_or(0);
        let (first, last) = (first_midnight(from), first_midnight(to).min(record.open_by_day.len()));
        if let Some(days) = record.open_by_day.get_mut(first..last) {
            days.iter_mut().for_each(|open| *open += 1);
        }
    }

    /// What recruited posts of a role come to on each day of the window, the first one first.
    pub(crate) fn recruited(&mut self, hub: usize, role: usize, held: impl Fn(i64) -> Held) {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "never below 0, and casts saturate"
        )]
        let thousandths = |wte: f64| (wte * 1000.0).round() as u32;
        let record = &mut self.hubs[hub].roles[role];
        let days = record.recruited_by_day.iter_mut().zip(&mut record.filled_by_day);
        for (day, (counts, filled)) in (0..).zip(days) {
            let held = held(day);
            (*counts, *filled) = (thousandths(held.counts), thousandths(held.filled));
        }
    }

    pub(crate) fn stream(&mut self, hub: u16, package: usize, stream: usize, from: i64, to: i64) {
        let open = self.overlap(from, to);
        self.hubs[usize::from(hub)].packages[package].streams[stream].open_ms += open;
    }

    /// A visit begins at a home.
    #[inline]
    pub(crate) fn visit(&mut self, hub: u16, role: u16, begins: i64) {
        if self.inside(begins) {
            self.hubs[usize::from(hub)].roles[usize::from(role)].visits += 1;
        }
    }

    /// A planned visit begins at a home.
    pub(crate) fn planned(&mut self, hub: u16, package: usize, stream: usize, begins: i64, late: bool) {
        if self.inside(begins) {
            let record = &mut self.hubs[usize::from(hub)].packages[package].streams[stream];
            record.planned += 1;
            record.late += u64::from(late);
        }
    }

    /// A planned visit is given up.
    pub(crate) fn missed(&mut self, hub: u16, package: usize, stream: usize, at: i64) {
        if self.inside(at) {
            self.hubs[usize::from(hub)].packages[package].streams[stream].missed += 1;
        }
    }

    /// `staff` are available from `from` to `to`; negative takes a break off again.
    pub(crate) fn available(&mut self, hub: u16, role: u16, from: i64, to: i64, staff: i64) {
        let (from, to) = (from.max(0), to.min(self.window_end));
        if from < to && staff != 0 {
            let hour = self.hour_of_week(from);
            spread(
                &mut self.hubs[usize::from(hub)].roles[usize::from(role)].available_by_hour,
                hour,
                from,
                to,
                staff,
            );
        }
    }

    /// Somebody is at work from now to `to`, from `shift_end` on after the end of the shift.
    pub(crate) fn busy(&mut self, hub: u16, role: u16, now: i64, shift_end: i64, to: i64) {
        let overtime = self.overlap(shift_end.max(now), to);
        let (from, to) = (now.max(0), to.min(self.window_end));
        if from < to {
            let hour = if self.hour.inside {
                usize::from(self.hour.of_week)
            } else {
                self.hour_of_week(from)
            };
            let record = &mut self.hubs[usize::from(hub)].roles[usize::from(role)];
            record.overtime_ms += overtime;
            spread(&mut record.busy_by_hour, hour, from, to, 1);
        }
    }

    /// What a team has counted for itself: visits, and the staff-time of a pool, available and busy \[ms\], by hour of week.
    pub(crate) fn team(&mut self, hub: u16, role: u16, visits: u64, hours: &[[i64; 2]]) {
        let record = &mut self.hubs[usize::from(hub)].roles[usize::from(role)];
        record.visits += visits;
        let sums = record.available_by_hour.iter_mut().zip(&mut record.busy_by_hour);
        for ((available, busy), hour) in sums.zip(hours) {
            *available += hour[0];
            *busy += hour[1];
        }
    }

    /// From now on so many more of a pool work after they should have gone.
    pub(crate) fn pool_overtime(&mut self, hub: usize, role: usize, now: i64, more: i64) {
        self.hubs[hub].roles[role].overtime_ms += more * self.overlap(now, self.window_end);
    }
}

/// Whether a clock that starts and stops at these instants keeps the standard.
#[inline]
pub(crate) fn is_met(within: Option<Within>, clock: i64, stop: i64) -> bool {
    match within {
        Some(Within::Time(span)) => stop - clock <= span.ms(),
        Some(Within::SameDay) => stop < Instant::midnight(Instant::from_ms(clock).day() + 1).ms(),
        None => false,
    }
}

/// What a plain island counts by itself, at its only hub.
impl Books {
    /// What of the window is still to come \[ms\].
    pub(crate) fn left_of_window(&self, now: i64) -> i64 {
        self.overlap(now, self.window_end)
    }

    /// The first instant after the window \[ms\].
    pub(crate) const fn window_end(&self) -> i64 {
        self.window_end
    }

    /// The case of somebody whose clock started at an instant that may be past.
    pub(crate) fn case_of(&self, pathway: u16, clock: i64, counted: bool) -> Case {
        Case {
            hub: 0,
            pathway,
            received: clock,
            clock,
            counted,
            hour: u8::try_from(self.hour_of_week(clock)).unwrap_or(u8::MAX),
            day: u16::try_from(Instant::from_ms(clock).day().max(0)).unwrap_or(u16::MAX),
        }
    }

    /// Somebody is seen who has waited from before the window, or until after it. What was waited by those counted is taken to
    /// lie in the window otherwise.
    pub(crate) fn waited(&mut self, pathway: u16, clock: i64, until: i64, counted: bool) {
        let end = self.window_end;
        let record = self.pathway_of(0, pathway);
        record.waited(clock, until, end);
        record.waiting_ms -= if counted { until - clock } else { 0 };
    }

    /// What a pathway has counted: referrals and hits by hour of the window, waits of those seen by bin, and their sum \[ms\].
    /// Those `unseen`, by hour of week, are no hits and have a cause; the other misses, if there is a standard, have `cause`.
    /// Gives how many these are.
    pub(crate) fn add_plain(&mut self, pathway: u16, queue: &Queue<'_>, cause: Cause) -> u64 {
        let first_hour = usize::try_from(self.first_hour).unwrap_or(0) % HOURS;
        let record = self.pathway_of(0, pathway);
        let mut of_week = first_hour;
        let days = record.referrals_by_day.iter_mut().zip(&mut record.hits_by_day);
        for ((referrals_of_day, hits_of_day), hours) in days.zip(queue.hours.chunks(24)) {
            let rest = record.referrals_by_hour[of_week..].iter_mut();
            let (mut referrals, mut hits) = (0, 0);
            for ((by_hour, hits_by_hour), &[come, met]) in rest.zip(&mut record.hits_by_hour[of_week..]).zip(hours) {
                *by_hour += come;
                *hits_by_hour += met;
                referrals += come;
                hits += met;
            }
            *referrals_of_day += referrals;
            *hits_of_day += hits;
            record.referrals += u64::from(referrals);
            record.hits += u64::from(hits);
            of_week = if of_week + 24 >= HOURS { 0 } else { of_week + 24 };
        }
        record.seen += queue.waits.iter().map(|&n| u64::from(n)).sum::<u64>();
        add_all(&mut record.waits, &queue.waits);
        record.wait_ms += queue.wait_ms;
        record.wait_from_receipt_ms += queue.wait_ms;
        record.waiting_ms += queue.wait_ms;
        if queue.plan.within.is_none() {
            return 0;
        }
        let come = record.referrals_by_hour.iter().zip(&record.hits_by_hour);
        let mut late = 0;
        for ((causes, (come, met)), unseen) in record.causes_by_hour.iter_mut().zip(come).zip(&queue.unseen) {
            let missed = come - met - unseen;
            causes[cause as usize] += missed;
            late += u64::from(missed);
        }
        record.causes[cause as usize] += late;
        late
    }

    /// So many responses ended in a way: a place in the list of endings.
    pub(crate) fn add_ended(&mut self, pathway: u16, count: u64, ending: usize, hospital: bool) {
        if let Some(ended) = self.hubs[0].endings.get_mut(ending) {
            *ended += count;
        }
        self.pathway_of(0, pathway).admissions += if hospital { count } else { 0 };
    }
}

fn add_all<T: Copy + std::ops::AddAssign>(mine: &mut [T], theirs: &[T]) {
    for (mine, &theirs) in mine.iter_mut().zip(theirs) {
        *mine += theirs;
    }
}

impl PathwayRecord {
    /// Somebody has waited until `until`; the window ends at `end`.
    #[inline]
    fn waited(&mut self, clock: i64, until: i64, end: i64) {
        if until == clock {
            return; // Not at all.
        }
        self.waiting_ms += (until.min(end) - clock.max(0)).max(0);
        self.waiting_at[0] += u64::from(clock < 0 && until >= 0);
        self.waiting_at[1] += u64::from(clock < end && until >= end);
    }

    /// A counted referral misses its standard.
    fn miss(&mut self, case: &Case, cause: Cause) {
        self.causes[cause as usize] += 1;
        self.causes_by_hour[usize::from(case.hour)][cause as usize] += 1;
    }

    /// As [`HubRecord::is_shaped_as`].
    pub(super) fn is_shaped_as(&self, other: &Self) -> bool {
        self.bed_ms.len() == other.bed_ms.len()
            && self.referrals_by_hour.len() == other.referrals_by_hour.len()
            && self.hits_by_hour.len() == other.hits_by_hour.len()
            && self.referrals_by_day.len() == other.referrals_by_day.len()
            && self.hits_by_day.len() == other.hits_by_day.len()
            && self.waits.len() == other.waits.len()
            && self.causes_by_hour.len() == other.causes_by_hour.len()
    }

    fn add(&mut self, other: &Self) {
        self.declined += other.declined;
        self.referrals += other.referrals;
        self.hits += other.hits;
        self.seen += other.seen;
        self.wait_ms += other.wait_ms;
        self.wait_from_receipt_ms += other.wait_from_receipt_ms;
        self.left += other.left;
        self.unanswered += other.unanswered;
        self.admissions += other.admissions;
        add_all(&mut self.bed_ms, &other.bed_ms);
        self.outside_ms += other.outside_ms;
        self.found_no_bed += other.found_no_bed;
        self.waiting_ms += other.waiting_ms;
        add_all(&mut self.waiting_at, &other.waiting_at);
        add_all(&mut self.referrals_by_hour, &other.referrals_by_hour);
        add_all(&mut self.hits_by_hour, &other.hits_by_hour);
        add_all(&mut self.referrals_by_day, &other.referrals_by_day);
        add_all(&mut self.hits_by_day, &other.hits_by_day);
        add_all(&mut self.waits, &other.waits);
        add_all(&mut self.causes, &other.causes);
        add_all(&mut self.causes_of_left, &other.causes_of_left);
        for (mine, theirs) in self.causes_by_hour.iter_mut().zip(&other.causes_by_hour) {
            add_all(mine, theirs);
        }
    }
}

impl StreamRecord {
    /// Adds another stream's.
    pub fn add(&mut self, other: &Self) {
        self.open_ms += other.open_ms;
        self.planned += other.planned;
        self.late += other.late;
        self.missed += other.missed;
    }
}

impl RoleRecord {
    fn add(&mut self, other: &Self) {
        self.overtime_ms += other.overtime_ms;
        self.visits += other.visits;
        add_all(&mut self.available_by_hour, &other.available_by_hour);
        add_all(&mut self.busy_by_hour, &other.busy_by_hour);
        add_all(&mut self.recruited_by_day, &other.recruited_by_day);
        add_all(&mut self.filled_by_day, &other.filled_by_day);
    }
}

/// Adds `staff` x time to the hours of the week that an interval covers.
fn spread(hours: &mut [i64], mut hour: usize, mut from: i64, to: i64, staff: i64) {
    let length = Span::HOUR.ms();
    let mut next = (from / length + 1) * length;
    while next < to {
        hours[hour] += staff * (next - from);
        hour = if hour + 1 == HOURS { 0 } else { hour + 1 };
        (from, next) = (next, next + length);
    }
    hours[hour] += staff * (to - from);
}

impl HubRecord {
    /// Adds another hub of the same scenario.
    pub fn add(&mut self, other: &Self) {
        for (mine, theirs) in self.pathways.iter_mut().zip(&other.pathways) {
            mine.add(theirs);
        }
        for (mine, theirs) in self.roles.iter_mut().zip(&other.roles) {
            mine.add(theirs);
        }
        for (mine, theirs) in self.packages.iter_mut().zip(&other.packages) {
            mine.open_ms += theirs.open_ms;
            mine.started += theirs.started;
            add_all(&mut mine.open_by_day, &theirs.open_by_day);
            for (mine, theirs) in mine.streams.iter_mut().zip(&theirs.streams) {
                mine.add(theirs);
            }
        }
        for (mine, theirs) in self.beds.iter_mut().zip(&other.beds) {
            mine.occupied_ms += theirs.occupied_ms;
            mine.full_ms += theirs.full_ms;
        }
        add_all(&mut self.endings, &other.endings);
        self.turned_away += other.turned_away;
    }

    /// Whether every list of another record is as long as here: what is added up place by place has to be.
    #[must_use]
    pub fn is_shaped_as(&self, other: &Self) -> bool {
        fn alike<T>(mine: &[T], theirs: &[T], same: impl Fn(&T, &T) -> bool) -> bool {
            mine.len() == theirs.len() && mine.iter().zip(theirs).all(|(mine, theirs)| same(mine, theirs))
        }
        alike(&self.pathways, &other.pathways, PathwayRecord::is_shaped_as)
            && alike(&self.roles, &other.roles, |mine, theirs| {
                mine.available_by_hour.len() == theirs.available_by_hour.len()
                    && mine.busy_by_hour.len() == theirs.busy_by_hour.len()
                    && mine.recruited_by_day.len() == theirs.recruited_by_day.len()
                    && mine.filled_by_day.len() == theirs.filled_by_day.len()
            })
            && alike(&self.packages, &other.packages, |mine, theirs| {
                mine.open_by_day.len() == theirs.open_by_day.len() && mine.streams.len() == theirs.streams.len()
            })
            && self.beds.len() == other.beds.len()
            && self.endings.len() == other.endings.len()
    }

    /// One with nothing in it.
    pub(crate) fn empty(shape: &Shape) -> Self {
        let Shape {
            pathways,
            recruited,
            streams_of_packages,
            beds,
            endings,
            days,
        } = *shape;
        let pathway = PathwayRecord {
            declined: 0,
            referrals: 0,
            hits: 0,
            seen: 0,
            wait_ms: 0,
            wait_from_receipt_ms: 0,
            left: 0,
            unanswered: 0,
            admissions: 0,
            bed_ms: vec![0; beds],
            outside_ms: 0,
            found_no_bed: 0,
            waiting_ms: 0,
            waiting_at: [0; 2],
            referrals_by_hour: vec![0; HOURS],
            hits_by_hour: vec![0; HOURS],
            referrals_by_day: vec![0; days],
            hits_by_day: vec![0; days],
            waits: vec![0; WaitHistogram::BINS],
            causes: [0; Cause::COUNT],
            causes_of_left: [0; Cause::COUNT],
            causes_by_hour: vec![[0; Cause::COUNT]; HOURS],
        };
        let role = |recruited: bool| RoleRecord {
            available_by_hour: vec![0; HOURS],
            busy_by_hour: vec![0; HOURS],
            overtime_ms: 0,
            visits: 0,
            recruited_by_day: vec![0; if recruited { days } else { 0 }],
            filled_by_day: vec![0; if recruited { days } else { 0 }],
        };
        let package = |streams: usize| PackageRecord {
            open_ms: 0,
            started: 0,
            open_by_day: vec![0; days],
            streams: vec![StreamRecord::default(); streams],
        };
        Self {
            pathways: vec![pathway; pathways],
            roles: recruited.iter().map(|&r| role(r)).collect(),
            packages: streams_of_packages.iter().map(|&n| package(n)).collect(),
            beds: vec![BedRecord::default(); beds],
            endings: vec![0; endings],
            turned_away: 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Books, HubRecord, Shape};
    use crate::units::Span;

    #[test]
    fn an_interval_is_cut_to_the_window_and_spread_over_its_hours() {
        let hour = Span::HOUR.ms();
        // Tick 0 is a Sunday: its last hour is the week's last.
        let mut books = Books::new(
            26 * hour,
            6,
            vec![HubRecord::empty(&Shape {
                recruited: &[false],
                days: 2,
                ..Shape::default()
            })],
        );
        books.set_hour(-hour);
        books.busy(0, 0, -hour, 25 * hour / 2, 25 * hour / 2);
        books.busy(0, 0, -hour, -hour / 2, 25 * hour / 2);
        books.set_hour(47 * hour / 2);
        books.busy(0, 0, 47 * hour / 2, 31 * hour, 30 * hour);
        let role = &books.hubs[0].roles[0];
        assert_eq!(role.busy_by_hour[144], 2 * hour);
        assert_eq!(role.busy_by_hour[156], hour);
        assert_eq!(role.busy_by_hour[167], hour / 2);
        assert_eq!(
            (role.busy_by_hour[0], role.busy_by_hour[1], role.busy_by_hour[2]),
            (hour, hour, 0)
        );
        assert_eq!(role.overtime_ms, 25 * hour / 2);
        assert_eq!(role.busy_inside_ms(), 25 * hour / 2 + 5 * hour / 2);
    }

    /// Of three days: open from before the window to 12:00 of the first; from 00:00 of the second to its 23:59; from just
    /// after it until 00:00 of the third; and to the end.
    #[test]
    fn a_package_is_counted_at_every_midnight_at_which_it_is_open() {
        let day = Span::DAY.ms();
        let of = |from: i64, to: i64| {
            let mut books = Books::new(
                3 * day,
                0,
                vec![HubRecord::empty(&Shape {
                    streams_of_packages: &[0],
                    days: 3,
                    ..Shape::default()
                })],
            );
            books.caseload(0, 0, from, to);
            books.hubs[0].packages[0].open_by_day.clone()
        };
        assert_eq!(of(-5 * day, day / 2), [1, 0, 0]);
        assert_eq!(of(day, 2 * day - 1), [0, 1, 0]);
        assert_eq!(of(day + 1, 2 * day), [0, 0, 0]);
        assert_eq!(of(day + 1, 2 * day + 1), [0, 0, 1]);
        assert_eq!(of(-1, 9 * day), [1, 1, 1]);
        assert_eq!(of(-9 * day, -day), [0, 0, 0]);
    }
}
