//! A scenario made ready to run: names turned into numbers and salts, alternatives into lists, WTE into rotas (in [`mod@compile`]).
//!
//! Compiled once, shared by all replications and threads, never changed. Everything that a draw is keyed by is a
//! salt of *names*, so that no other line of the scenario can move it.

use crate::model::{
    Calendar, ClockStops, HubId, Opening, PathwayId, Pattern, Period, Recruit, Role, Stream, WeekProfile, Within,
};
use crate::random::{Distribution, Key, PoissonTable, UnderWay};
use crate::units::{Instant, Span};

use super::alone::Alone;

mod compile;

/// A scenario ready to run.
#[derive(Debug)]
pub struct World {
    pub(crate) calendar: Calendar,
    /// First simulated instant \[ms\]: minus the warm-up.
    pub(crate) from: i64,
    /// End of the measured window \[ms\].
    pub(crate) window_end: i64,
    /// Civil days of the window; the last may be a part of one.
    pub(crate) days: usize,
    /// Kinds of bed, and ways in which things end.
    pub(crate) beds: usize,
    pub(crate) endings: usize,
    /// First days of its stretches between dated changes; the first is day 0.
    pub(crate) first_days: Vec<usize>,
    /// Its months, and its weeks.
    pub(crate) months: Vec<Period>,
    pub(crate) weeks: Vec<Period>,
    /// When following counted referrals ends \[ms\].
    pub(crate) follow_until: i64,
    pub(crate) seed: Key,
    pub(crate) roles: Vec<RolePlan>,
    pub(crate) pathways: Vec<PathwayPlan>,
    pub(crate) packages: Vec<PackagePlan>,
    pub(crate) streams: Vec<StreamPlan>,
    pub(crate) tasks: Vec<Task>,
    /// What the waiting lines of every hub wait for: the roles of each seat.
    pub(crate) lines: Vec<Line>,
    /// Lines that name a role, as bits: so many words for each role.
    pub(crate) naming: Vec<u64>,
    pub(crate) line_words: usize,
    /// By role, the only line that names it, if it is for one person of this role whom nobody holds or lends, and who may
    /// always start.
    pub(crate) sole_lines: Vec<Option<u32>>,
    /// Whether any hub has neighbours.
    pub(crate) any_neighbours: bool,
    /// Whether any line holds staff.
    pub(crate) any_reserve: bool,
    /// The hubs of the file, then the people of each who are served by another, as a hub without staff of its own.
    pub(crate) hubs: Vec<HubPlan>,
    /// How many of them are hubs of the file.
    pub(crate) hubs_of_file: usize,
    pub(crate) poisson: Vec<PoissonTable>,
    /// More open referrals and packages than this at once are turned away, and counted as such: a queue that grows
    /// without end must not take the machine with it.
    pub(crate) most_open: usize,
    islands: Vec<Vec<HubId>>,
    script: Option<Vec<Scripted>>,
    /// What dated changes make of it: the first day of each, and the world from then on. All have the same lines and tasks,
    /// so that what waits on such a day goes on waiting.
    later: Vec<(i64, World)>,
    pub(crate) recruits: Vec<RecruitPlan>,
}

/// Posts that fill and empty.
#[derive(Debug)]
pub(crate) struct RecruitPlan {
    pub(crate) recruit: Recruit,
    pub(crate) salt: u64,
}

/// A referral listed by hand, for exact checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scripted {
    /// When it is received.
    pub received: Instant,
    /// Where: a place in the scenario's hubs.
    pub hub: HubId,
    /// As what: a place in the scenario's pathways.
    pub pathway: PathwayId,
}

#[derive(Debug)]
pub(crate) struct RolePlan {
    pub(crate) role: Role,
    pub(crate) notes: i64,
    /// share / (1 - share) of travel, length and notes: busy besides.
    pub(crate) admin_extra: f64,
    pub(crate) no_late_start: bool,
    /// One salt a shift, for absence.
    pub(crate) absence_salts: Vec<u64>,
    /// People on every shift instance for one WTE, on average.
    pub(crate) people_per_wte: f64,
    /// Expected on-shift time of one WTE by working weekday \[ms\].
    pub(crate) capacity_per_wte: [f64; 7],
}

#[derive(Debug)]
pub(crate) struct PathwayPlan {
    pub(crate) salt: u64,
    pub(crate) opens: Option<Opening>,
    pub(crate) defer: bool,
    pub(crate) declined: f64,
    pub(crate) triage: Distribution,
    pub(crate) has_triage: bool,
    pub(crate) patience: Option<Distribution>,
    /// What becomes of those who leave: cumulative share, and whether it is hospital.
    pub(crate) on_leaving: Vec<(f64, bool)>,
    pub(crate) within: Option<Within>,
    pub(crate) clock_stops: ClockStops,
    /// Clock start to due time \[ms\]; `None` is due at 24:00 of the day.
    pub(crate) due_after: Option<i64>,
    pub(crate) priority: u8,
    /// Cumulative shares.
    pub(crate) outcome: Vec<(f64, After)>,
    /// Where outcomes of a first response, and of leaving, begin in the list of endings.
    pub(crate) first_ending: usize,
    pub(crate) first_leaving: usize,
    pub(crate) also: Vec<(usize, f64, u64)>,
    pub(crate) responses: Vec<ResponsePlan>,
    pub(crate) package: Option<usize>,
    /// Kinds of bed in which referrals wait, in order of preference.
    pub(crate) waits_in: Vec<usize>,
    /// Relative demand by hour of week, mean 1.
    pub(crate) profile: WeekProfile,
    /// The least and the greatest weight of each weekday's hours.
    pub(crate) weights: [(f64, f64); 7],
    pub(crate) months: [f64; 12],
    pub(crate) growth: f64,
    pub(crate) dispersion: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum After {
    Pathway(usize),
    Hospital,
    End,
}

#[derive(Debug)]
pub(crate) struct ResponsePlan {
    /// Cumulative share.
    pub(crate) upto: f64,
    /// Two-person share of each need.
    pub(crate) two: Vec<f64>,
    /// Separate: for each need, the task for one and for two people.
    /// Otherwise one list: the task for each combination of needs that take two, as a bit mask.
    pub(crate) tasks: Vec<Vec<u32>>,
    /// Together: for each need, its bit in the mask; `None` where nobody needs two.
    pub(crate) mask_bits: Vec<Option<u32>>,
    pub(crate) together: bool,
    /// The task, where it is always the same one, of one person.
    pub(crate) alone: Option<u32>,
}

#[derive(Debug)]
pub(crate) struct PackagePlan {
    pub(crate) length: Distribution,
    pub(crate) length_salt: u64,
    /// Lengths of those open at the start, if any are.
    pub(crate) under_way: Option<UnderWay>,
    pub(crate) priority: u8,
    pub(crate) gate: f64,
    /// No stream begins before the gated one is admitted.
    pub(crate) holds_all: bool,
    /// Streams of this package: a range of [`World::streams`].
    pub(crate) streams: std::ops::Range<usize>,
    /// Streams in the order in which a lead is looked for.
    pub(crate) lead_order: Vec<usize>,
    /// Outcomes at discharge, by cumulative share, and where they begin in the list of endings.
    pub(crate) outcome: Vec<(f64, ())>,
    pub(crate) first_ending: usize,
    pub(crate) outcome_salt: u64,
}

#[derive(Debug)]
pub(crate) struct StreamPlan {
    pub(crate) stream: Stream,
    pub(crate) role: usize,
    pub(crate) have_salt: u64,
    pub(crate) phase_salt: u64,
    pub(crate) start_salt: u64,
    pub(crate) time_salt: u64,
    pub(crate) task_one: u32,
    pub(crate) task_two: u32,
    /// Mean length + notes \[ms\], for the gate's charge; travel is the hub's.
    pub(crate) mean_busy: f64,
}

/// A kind of work: who is needed, for how long.
#[derive(Clone, Debug)]
pub(crate) struct Task {
    pub(crate) line: u32,
    pub(crate) urgent: bool,
    /// One for each person needed at the same instant.
    pub(crate) seats: Vec<Seat>,
    /// One for each need; a second person stays as long as the first.
    pub(crate) lengths: Vec<Length>,
    /// The seat of the response's lead, or of a visit's first person.
    pub(crate) lead_seat: Option<u8>,
    /// Which of the tasks of a response whose roles go separately.
    pub(crate) part: u8,
}

#[derive(Clone, Debug)]
pub(crate) struct Seat {
    pub(crate) need: u8,
    pub(crate) travel_salt: u64,
}

#[derive(Clone, Debug)]
pub(crate) struct Length {
    pub(crate) usual: Distribution,
    pub(crate) first: Option<Distribution>,
    pub(crate) salt: u64,
}

impl Length {
    pub(crate) fn of(&self, first: bool) -> &Distribution {
        self.first.as_ref().filter(|_| first).unwrap_or(&self.usual)
    }
}

/// What a waiting line waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    /// For each seat, the roles that will do, in order of preference.
    pub(crate) seats: Vec<Vec<u16>>,
    pub(crate) reserve: bool,
    /// All of these roles, as bits and each once.
    pub(crate) roles: u128,
    pub(crate) all_roles: Vec<u16>,
    /// The role, where it is one person of one role.
    pub(crate) only: Option<u16>,
}

/// Which of the people who live in an area: those whose place is from the first number to just below the second.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Places(f64, f64);

impl Places {
    /// Whether a person of that place, which is asked for only where it matters, is one of these.
    pub(crate) fn hold(self, place: impl FnOnce() -> f64) -> bool {
        let Self(from, to) = self;
        self.are_all() || {
            let place = place();
            from <= place && place < to
        }
    }

    /// Whether everybody is one of these.
    pub(crate) const fn are_all(self) -> bool {
        let Self(from, to) = self;
        from <= 0.0 && to >= 1.0
    }

    /// How many of all who live there, as a share.
    pub(crate) const fn share(self) -> f64 {
        let Self(from, to) = self;
        to - from
    }
}

/// A leg of travel.
#[derive(Debug)]
pub(crate) struct Roads {
    pub(crate) travel: Distribution,
    /// Whether everybody is there at once.
    pub(crate) none: bool,
}

impl Roads {
    fn new(travel: &Distribution) -> Self {
        Self {
            none: travel.is_zero(),
            travel: travel.clone(),
        }
    }
}

/// Referrals of a pathway that come to a hub.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Source {
    pub(crate) pathway: usize,
    /// Referrals a day of all who live there.
    pub(crate) rate: f64,
    /// Which of them come to this hub.
    pub(crate) places: Places,
}

#[derive(Debug)]
pub(crate) struct HubPlan {
    /// Of the name of the hub where its people live.
    pub(crate) salt: u64,
    /// The hub of the file where its people live, and the one that serves them: mostly the same.
    pub(crate) home: HubId,
    pub(crate) by: HubId,
    /// The one that serves them: a place in its island's list.
    pub(crate) served_at: usize,
    /// Where the staff who work for this hub are based: a place in its island's list.
    pub(crate) base: usize,
    /// Added to every leg of travel \[ms\].
    pub(crate) extra_travel: i64,
    /// Who may help with its first responses, the nearest first.
    pub(crate) lenders: Vec<Lender>,
    pub(crate) urgent: Roads,
    pub(crate) round: Roads,
    pub(crate) mean_urgent: f64,
    pub(crate) mean_round: f64,
    pub(crate) hours: Option<Vec<f64>>,
    pub(crate) sources: Vec<Source>,
    /// Who is needed by each pathway, if it is always one person of one role.
    pub(crate) alone: Vec<Option<Alone>>,
    /// Which of those who live there come to this hub, by pathway.
    pub(crate) places: Vec<Places>,
    pub(crate) caseload_limit: Vec<Option<u32>>,
    /// Places by kind of bed.
    pub(crate) beds: Vec<Option<u32>>,
    /// (package, how many are open at the start, salt).
    pub(crate) open_at_start: Vec<(usize, u32, u64)>,
    /// (pathway, how many wait at the start, salt).
    pub(crate) waiting_at_start: Vec<(usize, u32, u64)>,
    /// Staff by role who are based here.
    pub(crate) teams: Vec<TeamPlan>,
    /// Expected on-shift time \[ms\] of those based here by role and working weekday.
    pub(crate) capacity: Vec<[i64; 7]>,
    /// The stretch of the day in which a role works for this hub (from, to) \[ms\].
    pub(crate) shift_hours: Vec<(i64, i64)>,
}

/// A neighbour who may help.
#[derive(Debug)]
pub(crate) struct Lender {
    /// A place in the island's list.
    pub(crate) hub: usize,
    /// Roles that are lent, as bits.
    pub(crate) roles: u128,
    /// How long work has waited before it is asked \[ms\].
    pub(crate) after: i64,
    /// Travel besides what is drawn \[ms\].
    pub(crate) extra_travel: i64,
}

/// How a role is staffed at a hub.
#[derive(Debug)]
pub(crate) enum TeamPlan {
    /// People dealt over shifts: so many on every instance on average.
    People(f64),
    /// A pool: (time of day, staff from then on) for each working weekday.
    Pool(Vec<Vec<(i64, u32)>>),
}

impl World {
    /// The world as it is on a day.
    pub(crate) fn on_day(&self, day: i64) -> &Self {
        let later = self.later.iter().rev().find(|(from, _)| *from <= day);
        later.map_or(self, |(_, world)| world)
    }

    /// The same world with listed referrals instead of random ones, for exact checks. In any order.
    #[must_use]
    pub fn with_script(mut self, script: Vec<Scripted>) -> Self {
        self.script = Some(script);
        self
    }

    /// Groups of hubs that share staff, each simulated by itself.
    #[must_use]
    pub fn islands(&self) -> &[Vec<HubId>] {
        &self.islands
    }

    /// What is simulated together in an island: its hubs, then those of their people who live elsewhere.
    pub(crate) fn hubs_of(&self, island: &[HubId]) -> Vec<usize> {
        let away = (self.hubs_of_file..self.hubs.len()).filter(|&h| island.contains(&self.hubs[h].by));
        island.iter().map(|hub| hub.0).chain(away).collect()
    }

    /// Whether a package has a stream by its own share.
    fn has_stream(&self, stream: usize, key: Key) -> bool {
        let plan = &self.streams[stream];
        key.uniform(plan.have_salt, 0) < plan.stream.share.get()
    }

    /// The stream that leads a package where somebody must: the first in the order in which a lead is looked for.
    pub(crate) fn lead_stream(&self, package: usize, key: Key) -> Option<usize> {
        let order = &self.packages[package].lead_order;
        let has = order.iter().copied().find(|&s| self.has_stream(s, key));
        has.or_else(|| order.first().copied())
    }

    /// The streams of a package, drawn by share; the leading one if none.
    pub(crate) fn streams_of(&self, package: usize, key: Key) -> impl Iterator<Item = usize> + '_ {
        let streams = self.packages[package].streams.clone();
        let any = streams.clone().any(|s| self.has_stream(s, key));
        let lead = if any { None } else { self.lead_stream(package, key) };
        streams.filter(move |&s| Some(s) == lead || self.has_stream(s, key))
    }

    /// Whether it is another from some day on.
    pub(crate) const fn is_dated(&self) -> bool {
        !self.later.is_empty()
    }

    pub(crate) fn script(&self) -> Option<&[Scripted]> {
        self.script.as_deref()
    }
}

impl ResponsePlan {
    /// The tasks of a person; `double` says whether they need two at each visit.
    pub(crate) fn tasks_for(&self, double: f64) -> impl Iterator<Item = u32> + '_ {
        let mask = self
            .two
            .iter()
            .zip(&self.mask_bits)
            .filter_map(|(&two, bit)| bit.filter(|_| double < two))
            .fold(0, |mask, bit| mask | 1 << bit);
        self.tasks.iter().zip(&self.two).map(move |(tasks, &two)| {
            if self.together {
                tasks[mask]
            } else {
                tasks[usize::from(double < two)]
            }
        })
    }
}

impl HubPlan {
    /// Travel to first responses, or to everything else.
    pub(crate) const fn roads(&self, urgent: bool) -> &Roads {
        if urgent { &self.urgent } else { &self.round }
    }

    /// The factor of travel for whoever sets out at an instant.
    pub(crate) fn factor(&self, at: Instant) -> f64 {
        self.hours.as_ref().map_or(1.0, |hours| {
            hours[usize::try_from(at.time_of_day().ms() / Span::HOUR.ms()).unwrap_or(0)]
        })
    }
}

impl PathwayPlan {
    /// The last instant within the standard of a clock that started at `clock` \[ms\]; the end of time without one.
    pub(crate) fn standard_ends(&self, clock: i64) -> i64 {
        match self.within {
            Some(Within::Time(span)) => clock + span.ms(),
            Some(Within::SameDay) => Instant::midnight(Instant::from_ms(clock).day() + 1).ms() - 1,
            None => i64::MAX,
        }
    }

    /// When a referral whose clock started at `clock` is due \[ms\].
    pub(crate) fn due(&self, clock: i64) -> i64 {
        self.due_after.map_or_else(
            || Instant::midnight(Instant::from_ms(clock).day() + 1).ms(),
            |after| clock + after,
        )
    }
}

/// A regular day's number of visits falls inside these hours.
impl StreamPlan {
    /// The stretch of the day \[ms\] in which visits fall, given the role's shift hours.
    pub(crate) fn hours(&self, shift_hours: (i64, i64)) -> (i64, i64) {
        let (from, to) = self.stream.hours.map_or(shift_hours, |(from, to)| (from.ms(), to.ms()));
        if to > from {
            (from, to)
        } else {
            (from, to + Span::DAY.ms())
        }
    }

    /// Mean visits a day at the start, for streams whose start is not drawn.
    pub(crate) fn steady_rate(&self) -> f64 {
        match &self.stream.pattern {
            Pattern::PerDay { start, .. } => start.first().map_or(0.0, |s| s.visits),
            Pattern::PerWeek(n) => n / 7.0,
            Pattern::At { times, days } => times.len() as f64 * f64::from(days.len()) / 7.0,
            Pattern::Once => 0.0,
        }
    }
}
