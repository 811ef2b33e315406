//! What may be typed in a scenario file: every table and key of the format, with what it means.
//!
//! The comments are the descriptions in the JSON Schema and in the reference, so they are written for planners.

use jiff::civil::Date;

use super::decode::{Anything, At, Either, Entries, List, tables};
use super::values::{AsTyped, Daily, Each, Hourly, Hours, OfStaff, Spread, TimeOfDay};
use crate::model::{
    AssumptionKind, ClockStops, GateHolds, Joint, Opening, OutOfHours, RangeShape, ShiftEnd, Smallest, WeekdaySet,
    Where, Within, YearMonth,
};
use crate::units::{PerDay, Points, Share, Span};

/// A duration: always the same (`"8 min"`), or drawn (`{ lognormal = { mean = "15 min", cv = 0.6 } }`).
pub(crate) type Duration = Either<At<Span>, DistributionTable>;
/// Names in order of preference.
pub(crate) type Names = List<At<String>>;
/// Shares by name.
pub(crate) type Shares = Entries<At<Share>>;

/// The tables that a key belongs in, for one that was typed in another; none if it belongs in many.
pub(crate) fn homes(key: &str) -> Vec<&'static str> {
    let homes: Vec<&str> = [
        ("`[experiment]`", ExperimentTable::KNOWN),
        ("`[[hub]]`", HubTable::KNOWN),
        ("`[role.NAME]`", RoleTable::KNOWN),
        ("`[pathway.NAME]`", PathwayTable::KNOWN),
        ("`[[pathway.NAME.response]]`", ResponseTable::KNOWN),
        ("`[package.NAME]`", PackageTable::KNOWN),
        ("`[[package.NAME.visits]]`", VisitsTable::KNOWN),
        ("`standard = { ... }`", StandardTable::KNOWN),
        ("`travel = { ... }`", TravelTable::KNOWN),
        ("`headroom = { ... }`", HeadroomTable::KNOWN),
        ("`[bed.NAME]`", BedTable::KNOWN),
        ("`[costs]`", CostsTable::KNOWN),
        ("`[[observed]]`", ObservedTable::KNOWN),
        ("`[[change]]`", ChangeTable::KNOWN),
        ("`[[recruit]]`", RecruitTable::KNOWN),
        ("`[[neighbour]]`", NeighbourTable::KNOWN),
        ("`[[pool]]`", PoolTable::KNOWN),
        ("`[[served-elsewhere]]`", ServedElsewhereTable::KNOWN),
        ("`[trajectory]`", TrajectoryTable::KNOWN),
        ("`[required]`", RequiredTable::KNOWN),
        ("`[[required.free]]`", FreeTable::KNOWN),
        ("`[[caseload]]`", CaseloadTable::KNOWN),
    ]
    .into_iter()
    .filter(|(_, known)| known.contains(&key))
    .map(|(home, _)| home)
    .collect();
    if homes.len() > 2 { Vec::new() } else { homes }
}

tables! {
    /// A scenario: one service, and how to experiment with it.
    Document {
        /// Version of the file format: 1.
        required format = "format": At<u64>,
        /// One line that names the scenario in reports. The file's name if left out.
        optional title = "title": At<String>,
        /// Anything a reader of the results should know.
        optional notes = "notes": At<String>,
        /// When measuring starts, how long it lasts, how often it is repeated.
        required experiment = "experiment": ExperimentTable,
        /// The hubs: team bases that take referrals for an area and own staff.
        required hub = "hub": List<HubTable>,
        /// Hubs that lend each other staff for first responses that have waited.
        optional neighbour = "neighbour": List<NeighbourTable>,
        /// Hubs whose staff are one team.
        optional pool = "pool": List<PoolTable>,
        /// Shares of the people who live in one hub's area and are served by another, as when they are registered with a GP there.
        optional served_elsewhere = "served-elsewhere": List<ServedElsewhereTable>,
        /// Who the `residents` of the hubs are, as in "people aged 75 and over".
        optional residents_are = "residents-are": At<String>,
        /// The roles: kinds of staff by what they may do, and how their WTE become people on shift.
        required role = "role": Entries<RoleTable>,
        /// The pathways: kinds of referral, how they arrive and what they need first.
        required pathway = "pathway": Entries<PathwayTable>,
        /// The packages: weeks of visits by the same staff.
        optional package = "package": Entries<PackageTable>,
        /// The kinds of bed in which referrals wait for their package.
        optional bed = "bed": Entries<BedTable>,
        /// Prices that belong to no role and no bed.
        optional costs = "costs": CostsTable,
        /// What is asked of results over time: by when targets should be met, and how surely.
        optional trajectory = "trajectory": TrajectoryTable,
        /// Figures reported of the real service: to calibrate against, never fed into the simulation.
        optional observed = "observed": List<ObservedTable>,
        /// Inputs that are not known, with their plausible range.
        optional unknown = "unknown": List<UnknownTable>,
        /// Why each number is what it is: the path of the number, then its source or reason.
        optional assumptions = "assumptions": Entries<AssumptionTable>,
        /// The scenario that this one changes, a file in the same folder. What stands here takes the place of what stands
        /// there; everything else is as there.
        optional base = "base": At<String>,
        /// Posts that fill over weeks; they come on top of the WTE of the hubs.
        optional recruit = "recruit": List<RecruitTable>,
        /// Changes, from the beginning or on a date.
        optional change = "change": List<ChangeTable>,
        /// What stands at the hubs when the simulation begins: packages open, people waiting. Nothing if left out.
        optional caseload = "caseload": List<CaseloadTable>,
        /// How many staff are needed: what `homefirst required` answers.
        optional required = "required": RequiredTable,
    }

    /// When measuring starts, how long it lasts, how often it is repeated.
    ExperimentTable {
        /// First measured day; it decides weekdays and months.
        required start = "start": At<Date>,
        /// Simulated before measuring, from an empty service or from its `[[caseload]]`, and thrown away. 8 weeks if left out.
        optional warm_up = "warm-up": At<Span>,
        /// Measured in each replication: 1 hour to 20 years.
        required run_length = "run-length": At<Span>,
        /// Independent repetitions, 2 to 100000. 100 if left out. With `precision`, the most that are made.
        optional replications = "replications": At<u64>,
        /// The half-width at which to stop, 0.01 to 20 points: replications go on until every service level over all hubs is
        /// known as well as that. All replications are made if left out.
        optional precision = "precision": At<Points>,
        /// The number that all random draws come from. 1 if left out.
        optional seed = "seed": At<u64>,
        /// Confidence of every interval, 0.5 to 0.999. 0.95 if left out.
        optional confidence = "confidence": At<f64>,
        /// Days that count as Sundays for demand and rotas.
        optional bank_holidays = "bank-holidays": List<At<Date>>,
    }

    /// A hub: where, how much, who.
    HubTable {
        /// Name, different for every hub.
        required name = "name": At<String>,
        /// Share of every pathway's total of referrals that come to this hub. Or give `referrals`.
        optional share = "share": At<Share>,
        /// Referrals received at this hub, by pathway. Beside a `share` only of pathways that have no total.
        optional referrals = "referrals": Entries<At<PerDay>>,
        /// So many times the referrals that come of that, 0 to 100: 1.1 is a tenth more at this hub alone. 1 if left out.
        optional demand_times = "demand-times": At<f64>,
        /// How many people live in its area, of those whom `residents-are` names. Results are set against them; given
        /// at every hub or at none, and 0 for a hub without an area of its own.
        optional residents = "residents": At<u64>,
        /// Travel to visits. None if left out.
        optional travel = "travel": TravelTable,
        /// Staff by role: WTE in post, or exact numbers on shift. A role left out has nobody here.
        optional staff = "staff": Entries<Either<At<f64>, ExactStaffTable>>,
        /// The most open packages, by package. No limit if left out.
        optional caseload_limit = "caseload-limit": Entries<At<u64>>,
        /// Places by kind of bed. No limit if left out.
        optional beds = "beds": Entries<At<u64>>,
    }

    /// Hubs that lend each other staff: whoever is free at one may go to a first response of another that has waited.
    NeighbourTable {
        /// The hubs, two or more by name, or `["*"]` for all: every two of them are neighbours.
        required hubs = "hubs": Names,
        /// The roles that are lent. Every role that a first response needs if left out.
        optional roles = "roles": Names,
        /// How long a first response has waited for its people before neighbours are asked; triage does not count.
        required after = "after": At<Span>,
        /// Travel of whoever is lent, besides the travel of the hub they help.
        required extra_travel = "extra-travel": At<Span>,
    }

    /// Hubs whose staff are one team: one set of staff, one queue and one gate. Demand, travel and caseload limits stay each
    /// hub's own.
    PoolTable {
        /// The hubs, two or more by name, or `["*"]` for all; the first is the base, where staff are counted.
        required hubs = "hubs": Names,
        /// Added to every leg of travel. None if left out.
        optional extra_travel = "extra-travel": At<Span>,
    }

    /// People who live in one hub's area and are served by another: its staff, queue, gate and limits are theirs.
    ServedElsewhereTable {
        /// What the entry is known by, different for every entry. The name of `home` if left out.
        optional name = "name": At<String>,
        /// The hub in whose area they live.
        required home = "home": At<String>,
        /// The hub that serves them.
        required served_by = "served-by": At<String>,
        /// Of the referrals of `home`; those of all entries of one `home` come to at most 1. Nobody is passed on twice.
        required share = "share": At<Share>,
        /// Of which pathways. All of them if left out. What is born of a referral stays with whoever serves it.
        optional pathways = "pathways": Names,
        /// Travel to them, besides that of the hub that serves them. None if left out.
        optional extra_travel = "extra-travel": At<Span>,
    }

    /// Travel from the last place to a visit, drawn from a lognormal distribution.
    TravelTable {
        /// Mean travel to first responses.
        required urgent = "urgent": At<Span>,
        /// Mean travel to everything else.
        required round = "round": At<Span>,
        /// Standard deviation over mean. 0 if left out: always the mean.
        optional cv = "cv": At<f64>,
        /// Factor by hour of day: 24 numbers, 1 where roads are free.
        optional hours = "hours": List<At<f64>>,
    }

    /// Exact numbers on shift instead of WTE.
    ExactStaffTable {
        /// People on shift: one number for always, or numbers by time of day.
        optional on_shift = "on-shift": Either<At<u64>, List<PieceTable>>,
        /// A CSV file with people on shift by hour and weekday: 24 rows `hour,Mon,...,Sun`.
        optional rota = "rota": At<String>,
    }

    /// A stretch of the day with a number of staff on shift.
    PieceTable {
        /// Name, different for every stretch of a role at a hub.
        optional name = "name": At<String>,
        /// From this time of day.
        required from = "from": At<TimeOfDay>,
        /// To this time of day; the next day's if it is not later than `from`.
        required to = "to": At<TimeOfDay>,
        /// Staff on shift.
        required count = "count": At<u64>,
    }

    /// A role: how WTE become people on shift.
    RoleTable {
        /// Who employs them; for the report.
        optional employer = "employer": At<String>,
        /// Hours a week of one WTE. 37.5 if left out.
        optional hours_per_week = "hours-per-week": At<f64>,
        /// Share of contracted time that never reaches a shift: one number (all of it absence), or planned and absence. 0 if left out.
        optional headroom = "headroom": Either<At<Share>, HeadroomTable>,
        /// Share of on-shift time that cannot go to visits and travel, below 1. 0 if left out.
        optional admin_share = "admin-share": At<Share>,
        /// Busy time after every visit. None if left out.
        optional notes = "notes": At<Span>,
        /// Cost of one working hour, after leave and sickness, as in the Unit Costs manual: "34 GBP/h". Or of one WTE a year,
        /// leave and sickness included: "46000 GBP/year".
        optional cost = "cost": At<OfStaff>,
        /// Cost of an hour worked after the end of a shift. What any working hour costs if left out.
        optional overtime_cost = "overtime-cost": At<Hourly>,
        /// The shifts that WTE are dealt over. Needed unless every hub gives exact numbers on shift.
        optional shifts = "shifts": List<ShiftTable>,
        /// What may start late in a shift. `finish` if left out: whatever has begun is finished, the excess is overtime.
        optional shift_end = "shift-end": At<ShiftEnd>,
    }

    /// Contracted time lost before and on the day.
    HeadroomTable {
        /// Leave and training: rostered around. 0 if left out.
        optional planned = "planned": At<Share>,
        /// Sickness: strikes at random on the day. 0 if left out.
        optional absence = "absence": At<Share>,
    }

    /// A shift: one stretch of work, repeated on its days.
    ShiftTable {
        /// Name, different for every shift of the role.
        required name = "name": At<String>,
        /// From this time of day.
        required from = "from": At<TimeOfDay>,
        /// To this time of day; the next day's if it is not later than `from`.
        required to = "to": At<TimeOfDay>,
        /// Unpaid break, due in the middle of the shift. None if left out.
        optional unpaid_break = "break": At<Span>,
        /// Days on which the shift starts. Every day if left out.
        optional days = "days": At<WeekdaySet>,
    }

    /// A pathway: how referrals arrive, and what they need first.
    PathwayTable {
        /// Referrals received over all hubs, spread by the hubs' `share`.
        optional referrals = "referrals": At<PerDay>,
        /// A CSV file of relative weights by hour and weekday: 24 rows `hour,Mon,...,Sun`. Or give `hours` and `days`.
        optional profile = "profile": At<String>,
        /// Relative weights by hour of day: 24 numbers.
        optional hours = "hours": List<At<f64>>,
        /// Relative weights by weekday: 7 numbers from Monday, or a table of all seven days.
        optional days = "days": Either<List<At<f64>>, DaysTable>,
        /// Factors by month: 12 numbers from January, or a table of all twelve months.
        optional months = "months": Either<List<At<f64>>, MonthsTable>,
        /// Growth a year; demand is as given at the start of measuring. 0 if left out.
        optional growth = "growth": At<f64>,
        /// Variance over mean of the daily count at a hub, at least 1. 1 if left out.
        optional dispersion = "dispersion": At<f64>,
        /// Share of referrals declined at arrival. 0 if left out.
        optional declined = "declined": At<Share>,
        /// When referrals are taken. Always if left out.
        optional opens = "opens": At<Opening>,
        /// Referrals received outside `opens`: `defer` (the clock starts at opening, also if left out) or `accept` (the clock runs).
        optional out_of_hours = "out-of-hours": At<OutOfHours>,
        /// Delay before a referral can be dispatched. None if left out.
        optional triage = "triage": Duration,
        /// Class of the first response or of the package's first visit, 1 to 9: lower goes first. 3 if left out.
        optional priority = "priority": At<u64>,
        /// How long a referral waits before it leaves. For ever if left out.
        optional patience = "patience": Duration,
        /// What becomes of those who leave, by share; `hospital` is a hospital stay. The rest are `elsewhere`.
        optional on_leaving = "on-leaving": Shares,
        /// The response standard.
        optional standard = "standard": StandardTable,
        /// What follows the first response, by share. A pathway's name starts that pathway; `hospital` is a hospital stay; anything else is an end.
        optional outcome = "outcome": Shares,
        /// Packages begun besides, each for a share of those not in hospital.
        optional also = "also": Shares,
        /// How a response with several roles finds its people. `separate` if left out.
        optional joint = "joint": At<Joint>,
        /// Kinds of first response, by share. Or give `package`.
        optional response = "response": List<ResponseTable>,
        /// The package that a referral begins. Or give `response`.
        optional package = "package": At<String>,
        /// When the package's first visit is due in the order of work, if not when the standard says.
        optional start_due = "start-due": At<Span>,
        /// The kinds of bed in which a referral waits for its package, in order of preference. None if left out.
        optional waits_in = "waits-in": Names,
    }

    /// Relative weights by weekday.
    DaysTable {
        /// Monday.
        required mon = "Mon": At<f64>,
        /// Tuesday.
        required tue = "Tue": At<f64>,
        /// Wednesday.
        required wed = "Wed": At<f64>,
        /// Thursday.
        required thu = "Thu": At<f64>,
        /// Friday.
        required fri = "Fri": At<f64>,
        /// Saturday.
        required sat = "Sat": At<f64>,
        /// Sunday.
        required sun = "Sun": At<f64>,
    }

    /// Factors by month.
    MonthsTable {
        /// January.
        required jan = "Jan": At<f64>,
        /// February.
        required feb = "Feb": At<f64>,
        /// March.
        required mar = "Mar": At<f64>,
        /// April.
        required apr = "Apr": At<f64>,
        /// May.
        required may = "May": At<f64>,
        /// June.
        required jun = "Jun": At<f64>,
        /// July.
        required jul = "Jul": At<f64>,
        /// August.
        required aug = "Aug": At<f64>,
        /// September.
        required sep = "Sep": At<f64>,
        /// October.
        required oct = "Oct": At<f64>,
        /// November.
        required nov = "Nov": At<f64>,
        /// December.
        required dec = "Dec": At<f64>,
    }

    /// The response standard.
    StandardTable {
        /// The longest wait allowed: a length of time, or "same day".
        required within = "within": At<Within>,
        /// The service level wanted.
        optional target = "target": At<Share>,
        /// Whose arrival stops the clock: `lead` (also if left out), `first` or `all`.
        optional clock_stops = "clock-stops": At<ClockStops>,
    }

    /// A kind of first response.
    ResponseTable {
        /// Name, different for every response of the pathway.
        required name = "name": At<String>,
        /// Share of referrals.
        required share = "share": At<Share>,
        /// The role that leads. The first of `staff` if left out.
        optional lead = "lead": At<String>,
        /// Who is needed.
        required staff = "staff": List<NeedTable>,
    }

    /// One place in a first response.
    NeedTable {
        /// The role preferred.
        required role = "role": At<String>,
        /// Roles that will do as well, in order of preference.
        optional or = "or": Names,
        /// Time in the home, without travel.
        required length = "length": Duration,
        /// Share of people who need two staff at once. 0 if left out.
        optional two = "two": At<Share>,
        /// Roles that may be the second, in order of preference; the first role always may.
        optional or_second = "or-second": Names,
    }

    /// A kind of bed in which referrals wait for their package. How many places there are stands at the hubs (`beds`).
    BedTable {
        /// Cost of one bed day.
        optional cost = "cost": At<Daily>,
        /// Whose prices that is, such as "2017/18". That of `[costs]` if left out.
        optional year = "year": At<String>,
    }

    /// Prices that belong to no role and no bed.
    CostsTable {
        /// Whose prices these and the roles' are, such as "2024/25".
        optional year = "year": At<String>,
        /// Cost of one admission to hospital.
        optional admission = "admission": At<Each>,
    }

    /// A package: weeks of visits by the same staff.
    PackageTable {
        /// From the first visit to discharge.
        required length = "length": Duration,
        /// Class of its planned visits, 1 to 9: lower goes first. 3 if left out.
        optional priority = "priority": At<u64>,
        /// Share of a day's capacity that gated visits may commit, above 0. 1 if left out.
        optional gate = "gate": At<f64>,
        /// What waits while gated visits wait for room: that `stream` only, or the whole `package`, of which then only one stream is gated. `stream` if left out.
        optional gate_holds = "gate-holds": At<GateHolds>,
        /// Whose first visit stops the clock: the first of these roles that the package has.
        optional starts_with = "starts-with": Names,
        /// Its streams of visits.
        required visits = "visits": List<VisitsTable>,
        /// What becomes of people at discharge, by share.
        optional outcome = "outcome": Shares,
    }

    /// A stream of visits: who comes, when and for how long.
    VisitsTable {
        /// Name, different for every stream of the package.
        required name = "name": At<String>,
        /// Who visits.
        required role = "role": At<String>,
        /// Roles that will do as well, in order of preference.
        optional or = "or": Names,
        /// Share of packages that have this stream. 1 if left out.
        optional share = "share": At<Share>,
        /// Visits a day: a number, or numbers by share at the start and on the last day.
        optional per_day = "per-day": Either<At<f64>, PerDayTable>,
        /// Visits a week.
        optional per_week = "per-week": At<f64>,
        /// Fixed times of day.
        optional at = "at": List<At<TimeOfDay>>,
        /// Days of the fixed times in `at`. Every day if left out.
        optional days = "days": At<WeekdaySet>,
        /// One visit only: `once = true`.
        optional once = "once": At<bool>,
        /// Time in the home, without travel.
        required length = "length": Duration,
        /// Length of the first visit, if it differs.
        optional first_length = "first-length": Duration,
        /// Share of people who need two staff at once. 0 if left out.
        optional two = "two": At<Share>,
        /// Roles that may be the second, in order of preference; the first role always may.
        optional or_second = "or-second": Names,
        /// A visit may begin this much early, and is late after this much. 2 h for visits by the day, else 1 day, if left out.
        optional tolerance = "tolerance": At<Span>,
        /// A visit not begun this long after its time is missed. 4 h for visits by the day, else 24 h, if left out.
        optional give_up = "give-up": At<Span>,
        /// Whether the stream waits until a day of its own role has room (see `gate` and `gate-holds`). false if left out.
        optional gated = "gated": At<bool>,
        /// Between the start and the first regular time. 1 h, or 2 h with `at`, if left out.
        optional first_after = "first-after": At<Span>,
        /// The stretch of the day in which visits fall. The role's shift hours if left out.
        optional between = "between": At<Hours>,
    }

    /// Visits a day that change over the package.
    PerDayTable {
        /// Visits a day at the start: a number, or a table of numbers and their shares.
        required start = "start": Either<At<f64>, Entries<At<Share>>>,
        /// Visits a day on the last day, reached in a straight line. As at the start if left out.
        optional end = "end": At<f64>,
    }

    /// A distribution of durations: exactly one of these.
    DistributionTable {
        /// Always the same.
        optional fixed = "fixed": At<Span>,
        /// Exponential: many short, a few long.
        optional exponential = "exponential": ExponentialTable,
        /// Lognormal, by mean and cv, or by median and sigma.
        optional lognormal = "lognormal": LognormalTable,
        /// Gamma, by mean and cv.
        optional gamma = "gamma": GammaTable,
        /// Erlang: the sum of so many exponential stages.
        optional erlang = "erlang": ErlangTable,
        /// A mixture of exponentials, by mean and cv, or branch by branch.
        optional hyper_exponential = "hyper-exponential": HyperTable,
        /// Triangular, by lowest, most likely and highest.
        optional triangular = "triangular": TriangularTable,
        /// Anything between two lengths, equally likely.
        optional uniform = "uniform": UniformTable,
        /// Drawn from a list of observed lengths.
        optional empirical = "empirical": EmpiricalTable,
    }

    /// Exponential.
    ExponentialTable {
        /// Mean before limits.
        required mean = "mean": At<Span>,
        /// Shorter draws become this.
        optional min = "min": At<Span>,
        /// Longer draws become this.
        optional max = "max": At<Span>,
    }

    /// Lognormal: `mean` and `cv`, or `median` and `sigma`.
    LognormalTable {
        /// Mean before limits.
        optional mean = "mean": At<Span>,
        /// Standard deviation over mean.
        optional cv = "cv": At<f64>,
        /// Median before limits.
        optional median = "median": At<Span>,
        /// Standard deviation of the logarithm.
        optional sigma = "sigma": At<f64>,
        /// Shorter draws become this.
        optional min = "min": At<Span>,
        /// Longer draws become this.
        optional max = "max": At<Span>,
    }

    /// Gamma.
    GammaTable {
        /// Mean before limits.
        required mean = "mean": At<Span>,
        /// Standard deviation over mean.
        required cv = "cv": At<f64>,
        /// Shorter draws become this.
        optional min = "min": At<Span>,
        /// Longer draws become this.
        optional max = "max": At<Span>,
    }

    /// Erlang.
    ErlangTable {
        /// Mean before limits.
        required mean = "mean": At<Span>,
        /// Stages, 1 or more; more stages vary less.
        required stages = "stages": At<u64>,
        /// Shorter draws become this.
        optional min = "min": At<Span>,
        /// Longer draws become this.
        optional max = "max": At<Span>,
    }

    /// Mixture of exponentials: `mean` and `cv`, or `branches`.
    HyperTable {
        /// Mean before limits.
        optional mean = "mean": At<Span>,
        /// Standard deviation over mean, at least 1.
        optional cv = "cv": At<f64>,
        /// The exponentials and their shares.
        optional branches = "branches": List<BranchTable>,
        /// Shorter draws become this.
        optional min = "min": At<Span>,
        /// Longer draws become this.
        optional max = "max": At<Span>,
    }

    /// One exponential of a mixture.
    BranchTable {
        /// Share of draws.
        required share = "share": At<Share>,
        /// Mean.
        required mean = "mean": At<Span>,
    }

    /// Triangular.
    TriangularTable {
        /// Lowest.
        required low = "low": At<Span>,
        /// Most likely.
        required mode = "mode": At<Span>,
        /// Highest.
        required high = "high": At<Span>,
        /// Shorter draws become this.
        optional min = "min": At<Span>,
        /// Longer draws become this.
        optional max = "max": At<Span>,
    }

    /// Uniform.
    UniformTable {
        /// Lowest.
        required low = "low": At<Span>,
        /// Highest.
        required high = "high": At<Span>,
        /// Shorter draws become this.
        optional min = "min": At<Span>,
        /// Longer draws become this.
        optional max = "max": At<Span>,
    }

    /// Drawn from a list.
    EmpiricalTable {
        /// A CSV file with one length in each row, with or without a header.
        required file = "file": At<String>,
        /// Unit of rows that are bare numbers: `min`, `h` or `days`.
        optional unit = "unit": At<String>,
        /// Shorter draws become this.
        optional min = "min": At<Span>,
        /// Longer draws become this.
        optional max = "max": At<Span>,
    }

    /// A change, from the beginning or on a date: what begins from then on goes by it. Exactly one of `value`, `add` and `times`.
    ChangeTable {
        /// The first day, from 00:00. From the beginning if left out.
        optional from = "from": At<Date>,
        /// The first day on which it is as before again. For good if left out.
        optional until = "until": At<Date>,
        /// What changes: a path into this file, such as `hub.*.staff.nurse` or `pathway.crisis.triage`.
        required path = "path": At<String>,
        /// What it is from then on, as it would be typed at its place.
        optional value = "value": Anything,
        /// How much is added: a number, or a quantity in quotes.
        optional add = "add": At<AsTyped>,
        /// By how much it is multiplied.
        optional times = "times": At<f64>,
    }

    /// Posts that are advertised, filled, learnt and left.
    RecruitTable {
        /// Name, different for every recruitment. The role's name if left out.
        optional name = "name": At<String>,
        /// The role.
        required role = "role": At<String>,
        /// Posts over all hubs.
        required posts = "posts": At<u64>,
        /// How they are spread over the hubs: `even` (also if left out), `by-share` of referrals, or a table of hubs and posts.
        optional spread = "spread": Either<At<Spread>, Entries<At<u64>>>,
        /// WTE of one post. 1 if left out.
        optional wte = "wte": At<f64>,
        /// Of the posts, those filled from the beginning. 0 if left out.
        optional in_post = "in-post": At<u64>,
        /// The day on which the others are advertised.
        required advertised = "advertised": At<Date>,
        /// From the advertisement to the first day at work.
        required time_to_start = "time-to-start": Duration,
        /// From the first day at work until somebody counts in full. None if left out.
        optional induction = "induction": At<Span>,
        /// What somebody counts for during the induction, as a share of the post. 0 if left out.
        optional productivity = "productivity": At<Share>,
        /// How many leave in a year, for each one in post: 0.3 is a turnover of 30 % a year. 0 if left out.
        optional turnover = "turnover": At<f64>,
        /// Whether a post that somebody leaves is advertised again at once. true if left out.
        optional refill = "refill": At<bool>,
    }

    /// What is asked of results over time.
    TrajectoryTable {
        /// Days by which targets should be met: each is answered for the month in which it lies.
        optional deadlines = "deadlines": List<At<Date>>,
        /// Share of replications that must meet the target in a month before the month is said to meet it, 0.5 to 1. 0.8 if left out. It says how often a month may go wrong by chance; the `confidence` of `[experiment]` says how well a figure is known.
        optional confidence = "confidence": At<f64>,
    }

    /// The question of how many staff are needed.
    RequiredTable {
        /// Where the standards must be met: `every hub` (also if left out) or `overall`.
        optional at = "at": At<Where>,
        /// How sure the answer must be, 0.5 to 0.999. That of `[experiment]` if left out.
        optional confidence = "confidence": At<f64>,
        /// How near to the level wanted it no longer matters, 0.05 to 5 points. "0.5 points" if left out.
        optional delta = "delta": At<Points>,
        /// What is to be as small as possible: `WTE` (also if left out) or `yearly cost`.
        optional smallest = "smallest": At<Smallest>,
        /// The service level wanted of each pathway: `{ crisis = 0.95, reablement = 0.95 }`. The `target` of every standard that has one if left out.
        optional standards = "standards": Entries<At<Share>>,
        /// The staff numbers that may be moved.
        required free = "free": List<FreeTable>,
    }

    /// A staff number that may be moved.
    FreeTable {
        /// Which: `hub.*.staff.ROLE` for WTE, `hub.*.staff.ROLE.on-shift.NAME.count` for people on shift. An entry for one hub stands in the place of that for all.
        required path = "path": At<String>,
        /// Lowest number, 0 to 10000. 0 if left out.
        optional from = "from": At<f64>,
        /// Highest number, up to 10000.
        required to = "to": At<f64>,
        /// From one number to the next. 1 if left out; 0.5 for half posts.
        optional step = "step": At<f64>,
        /// What one more costs, in whatever is to be as small as possible. If left out it follows from the role: its WTE, or its yearly cost.
        optional cost = "cost": At<f64>,
        /// Never fewer rostered on any shift than this, sickness not counted. 0 if left out.
        optional minimum = "minimum": At<u64>,
        /// Whether it is the same number at all hubs that the path names. false if left out: each has its own.
        optional tied = "tied": At<bool>,
    }

    /// What stands at a hub when the simulation begins, at the start of the warm-up.
    CaseloadTable {
        /// Which hub; "*" is every hub without a line of its own.
        required hub = "hub": At<String>,
        /// Which package.
        optional package = "package": At<String>,
        /// For which pathway people wait. The one that begins the package if left out.
        optional pathway = "pathway": At<String>,
        /// Packages open, 0 to 10000. None if left out.
        optional open = "open": At<u64>,
        /// People waiting for the package, or for a first response of the pathway, 0 to 10000. None if left out.
        optional waiting = "waiting": At<u64>,
    }

    /// A figure reported of the real service.
    ObservedTable {
        /// What was measured, as named in `summary.csv`: `service_level`, `wait_p90_min`, ...
        required measure = "measure": At<String>,
        /// Of which hub. All hubs if left out.
        optional hub = "hub": At<String>,
        /// Of which pathway. All pathways if left out.
        optional pathway = "pathway": At<String>,
        /// Of which month, such as "2020-06". Of the whole measured time if left out.
        optional month = "month": At<YearMonth>,
        /// The figure, in the unit of the measure.
        required value = "value": At<f64>,
        /// How sure the figure is: it may be off by so much either way with 95 % confidence, in the unit of the measure, so
        /// that 5 points of a share are 0.05. `calibrate` needs to know; give this, or `referrals`.
        optional plus_minus = "plus-minus": At<f64>,
        /// How many referrals a share was reported of, from which chance alone is worked out. If neither is given, as many as
        /// are simulated.
        optional referrals = "referrals": At<u64>,
        /// Where it was reported.
        required source = "source": At<String>,
    }

    /// An input that is not known.
    UnknownTable {
        /// Which: a path into this file, or `staff.ROLE` for the total over hubs.
        required path = "path": At<String>,
        /// Lowest plausible value.
        required from = "from": At<AsTyped>,
        /// Highest plausible value.
        required to = "to": At<AsTyped>,
        /// How likely the values between them are: `uniform` (all as likely) or `triangular` (most likely as in the file)
        /// between the two, `lognormal` or `gamma` with nine tenths between them. `uniform` if left out.
        optional distribution = "distribution": At<RangeShape>,
    }

    /// Why a number is what it is.
    AssumptionTable {
        /// How it came about: `source`, `derived`, `assumption` or `calibrated`.
        required kind = "kind": At<AssumptionKind>,
        /// Where it was found.
        optional source = "source": At<String>,
        /// Why.
        optional why = "why": At<String>,
        /// Lowest plausible value.
        optional low = "low": At<AsTyped>,
        /// Highest plausible value.
        optional high = "high": At<AsTyped>,
        /// How likely the values between `low` and `high` are: `uniform` (all as likely) or `triangular` (most likely as in
        /// the file) between the two, `lognormal` or `gamma` with nine tenths between them. `uniform` if left out.
        optional distribution = "distribution": At<RangeShape>,
    }
}
