//! Small worlds built in Rust, for exact checks.

use homefirst::engine::{HubRecord, Scripted, Seen, World, run_observed};
use homefirst::model::{
    AtStart, Bed, BedId, Calendar, ClockStops, Costs, DailyStart, Experiment, GateHolds, Headroom, Hub, HubId, Joint,
    Need, OutOfHours, Outcome, Package, PackageId, Pathway, PathwayId, Pattern, PoolPiece, Response, Role, RoleId,
    Scenario, Shift, ShiftEnd, Staffing, Standard, Stream, TrajectoryPlan, Travel, WeekProfile, Weekday, WeekdaySet,
    Within,
};
use homefirst::random::Distribution;
use homefirst::units::{Instant, PerDay, Share, Span, Wte};
use jiff::civil::date;

pub(crate) fn minutes(n: i64) -> Span {
    Span::from_minutes(n)
}

pub(crate) fn at(n: i64) -> Instant {
    Instant::ZERO + minutes(n)
}

/// `hh:mm` of day `day`.
pub(crate) fn clock(day: i64, hour: i64, minute: i64) -> Instant {
    Instant::midnight(day) + minutes(hour * 60 + minute)
}

pub(crate) fn share(value: f64) -> Share {
    Share::new(value).unwrap()
}

pub(crate) fn fixed(n: i64) -> Distribution {
    Distribution::fixed(minutes(n))
}

/// Always `count` on shift.
pub(crate) fn pool(count: u32) -> Staffing {
    Staffing::OnShift(vec![PoolPiece {
        name: None,
        from: Span::ZERO,
        to: Span::DAY,
        count,
    }])
}

pub(crate) fn role(name: &str) -> Role {
    Role {
        name: name.into(),
        employer: None,
        hours_per_week: 37.5,
        headroom: Headroom::default(),
        admin_share: Share::default(),
        notes: Span::ZERO,
        cost: None,
        overtime_cost: None,
        shifts: Vec::new(),
        shift_end: ShiftEnd::Finish,
    }
}

pub(crate) fn shift(name: &str, from: i64, to: i64, unpaid_break: i64) -> Shift {
    Shift {
        name: name.into(),
        from: minutes(from),
        to: minutes(to),
        unpaid_break: minutes(unpaid_break),
        days: WeekdaySet::ALL,
    }
}

pub(crate) fn need(role: usize, length: Distribution) -> Need {
    Need {
        role: RoleId(role),
        or: Vec::new(),
        length,
        two: Share::default(),
        or_second: Vec::new(),
    }
}

pub(crate) fn response(needs: Vec<Need>) -> Response {
    Response {
        name: "visit".into(),
        share: share(1.0),
        lead: 0,
        needs,
    }
}

/// Open always, no triage, no patience, a two-hour standard, everybody home afterwards.
pub(crate) fn pathway(name: &str, needs: Vec<Need>) -> Pathway {
    Pathway {
        name: name.into(),
        profile: WeekProfile::flat(),
        months: [1.0; 12],
        growth: 0.0,
        dispersion: 1.0,
        declined: Share::default(),
        opens: None,
        out_of_hours: OutOfHours::Defer,
        triage: fixed(0),
        priority: 3,
        patience: None,
        on_leaving: vec![],
        standard: Some(Standard {
            within: Within::Time(minutes(120)),
            target: None,
            clock_stops: ClockStops::Lead,
        }),
        outcome: vec![(Outcome::End("home".into()), share(1.0))],
        also: Vec::new(),
        joint: Joint::Separate,
        responses: if needs.is_empty() {
            Vec::new()
        } else {
            vec![response(needs)]
        },
        package: None,
        start_due: None,
        waits_in: vec![],
    }
}

pub(crate) fn stream(name: &str, role: usize, pattern: Pattern, length: Distribution) -> Stream {
    Stream {
        name: name.into(),
        role: RoleId(role),
        or: Vec::new(),
        share: share(1.0),
        pattern,
        length,
        first_length: None,
        two: Share::default(),
        or_second: Vec::new(),
        tolerance: minutes(60),
        give_up: minutes(240),
        gated: false,
        first_after: minutes(60),
        hours: None,
    }
}

pub(crate) fn package(name: &str, length: Distribution, streams: Vec<Stream>) -> Package {
    Package {
        name: name.into(),
        length,
        priority: 3,
        gate: 1.0,
        gate_holds: GateHolds::Stream,
        starts_with: Vec::new(),
        streams,
        outcome: Vec::new(),
    }
}

/// One hub without travel; staff by role; no random referrals.
pub(crate) fn scenario(
    roles: Vec<Role>,
    staff: Vec<Staffing>,
    pathways: Vec<Pathway>,
    packages: Vec<Package>,
) -> Scenario {
    Scenario {
        name: "small".into(),
        title: "A small world".into(),
        notes: String::new(),
        experiment: Experiment {
            calendar: Calendar::new(date(2020, 6, 1), &[]),
            warm_up: Span::ZERO,
            run_length: Span::from_days(28),
            replications: 10,
            seed: 1,
            confidence: share(0.95),
            precision: None,
        },
        hubs: vec![Hub {
            name: "H1".into(),
            residents: None,
            referrals: vec![PerDay::default(); pathways.len()],
            travel: Travel {
                urgent: fixed(0),
                round: fixed(0),
                hours: None,
            },
            staff,
            caseload_limit: vec![None; packages.len()],
            beds: vec![],
            at_start: AtStart::default(),
        }],
        roles,
        pathways,
        packages,
        beds: vec![],
        costs: Costs::default(),
        later: Vec::new(),
        dated: Vec::new(),
        recruits: Vec::new(),
        trajectory: TrajectoryPlan::default(),
        required: None,
        observed: Vec::new(),
        neighbours: Vec::new(),
        pools: Vec::new(),
        served_elsewhere: Vec::new(),
        residents_are: String::new(),
        unknowns: Vec::new(),
        assumptions: Vec::new(),
    }
}

/// A kind of bed, with so many places at every hub, in which everybody of a pathway waits. The last one named is the least
/// preferred.
pub(crate) fn waits_in(s: &mut Scenario, pathway: usize, name: &str, places: Option<u32>) {
    s.beds.push(Bed {
        name: name.into(),
        cost: None,
        year: None,
    });
    s.hubs.iter_mut().for_each(|hub| hub.beds.push(places));
    s.pathways[pathway].waits_in.push(BedId(s.beds.len() - 1));
}

pub(crate) type Log = Vec<(Instant, Seen)>;

/// Runs listed referrals (instant, pathway) at the first hub, and returns everything that happened.
pub(crate) fn log(scenario: &Scenario, referrals: &[(Instant, usize)]) -> Log {
    run_log(scenario, referrals).1
}

/// Waits in whole minutes by referral, in the order of arrival; `None` if never seen.
pub(crate) fn waits(log: &Log) -> Vec<Option<i64>> {
    let mut waits = Vec::new();
    for (_, seen) in log {
        match *seen {
            Seen::ClockStarts { referral, .. } => {
                waits.resize(waits.len().max(usize::try_from(referral).unwrap()), None);
            }
            Seen::ClockStops { referral, wait, .. } => {
                waits[usize::try_from(referral).unwrap() - 1] = Some(wait.ms() / 60_000);
            }
            _ => {}
        }
    }
    waits
}

/// The same, with the books.
pub(crate) fn run_log(scenario: &Scenario, referrals: &[(Instant, usize)]) -> (HubRecord, Log) {
    let script = referrals
        .iter()
        .map(|&(received, pathway)| Scripted {
            received,
            hub: HubId(0),
            pathway: PathwayId(pathway),
        })
        .collect();
    let world = World::new(scenario).with_script(script);
    let mut log = Log::new();
    let mut record = run_observed(&world, 0, 0, &mut log);
    (record.hubs.remove(0), log)
}

/// Whole minutes since tick 0; fails on a fraction.
pub(crate) fn whole(at: Instant) -> i64 {
    assert_eq!(at.ms() % 60_000, 0, "{} ms are not whole minutes", at.ms());
    at.ms() / 60_000
}

/// Somebody sent to a visit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Trip {
    pub(crate) referral: u64,
    pub(crate) role: usize,
    pub(crate) person: Option<u32>,
    pub(crate) stream: Option<usize>,
    pub(crate) visit: u32,
    pub(crate) sent: Instant,
    pub(crate) arrives: Instant,
    pub(crate) begins: Instant,
    pub(crate) ends: Instant,
    pub(crate) free: Instant,
}

/// Everybody sent, in order.
pub(crate) fn trips(log: &Log) -> Vec<Trip> {
    log.iter()
        .filter_map(|&(sent, seen)| match seen {
            Seen::Sent {
                referral,
                role,
                person,
                stream,
                visit,
                arrives,
                begins,
                ends,
                free,
                ..
            } => Some(Trip {
                referral,
                role,
                person,
                stream,
                visit,
                sent,
                arrives,
                begins,
                ends,
                free,
            }),
            _ => None,
        })
        .collect()
}

/// (referral, role, minute sent) of everybody sent, in order.
pub(crate) fn sent(log: &Log) -> Vec<(u64, usize, i64)> {
    trips(log)
        .into_iter()
        .map(|t| (t.referral, t.role, whole(t.sent)))
        .collect()
}

/// (referral, minute) of the things that `pick` finds.
pub(crate) fn when(log: &Log, pick: impl Fn(&Seen) -> Option<u64>) -> Vec<(u64, i64)> {
    log.iter()
        .filter_map(|(at, seen)| pick(seen).map(|referral| (referral, whole(*at))))
        .collect()
}

/// (referral, minute) at which clocks started.
pub(crate) fn clock_starts(log: &Log) -> Vec<(u64, i64)> {
    when(log, |seen| {
        if let Seen::ClockStarts { referral, .. } = *seen {
            Some(referral)
        } else {
            None
        }
    })
}

/// (referral, minute) at which people left.
pub(crate) fn leavings(log: &Log) -> Vec<(u64, i64)> {
    when(log, |seen| {
        if let Seen::Left { referral, .. } = *seen {
            Some(referral)
        } else {
            None
        }
    })
}

/// (referral, minute) at which streams were admitted, or began without need of room.
pub(crate) fn stream_starts(log: &Log) -> Vec<(u64, i64)> {
    when(log, |seen| {
        if let Seen::StreamStarts { referral, .. } = *seen {
            Some(referral)
        } else {
            None
        }
    })
}

/// (referral, minute) at which packages took their places.
pub(crate) fn package_starts(log: &Log) -> Vec<(u64, i64)> {
    when(log, |seen| {
        if let Seen::PackageStarts { referral, .. } = *seen {
            Some(referral)
        } else {
            None
        }
    })
}

/// (referral, minute) at which packages ended.
pub(crate) fn package_ends(log: &Log) -> Vec<(u64, i64)> {
    when(log, |seen| {
        if let Seen::PackageEnds { referral, .. } = *seen {
            Some(referral)
        } else {
            None
        }
    })
}

/// (referral, minute) at which visits were given up.
pub(crate) fn missed(log: &Log) -> Vec<(u64, i64)> {
    when(log, |seen| {
        if let Seen::VisitMissed { referral, .. } = *seen {
            Some(referral)
        } else {
            None
        }
    })
}

/// (referral, stream, time of the visit, when it became available) of all planned visits.
pub(crate) fn available(log: &Log) -> Vec<(u64, usize, Instant, Instant)> {
    log.iter()
        .filter_map(|&(at, seen)| match seen {
            Seen::VisitAvailable {
                referral, stream, time, ..
            } => Some((referral, stream, time, at)),
            _ => None,
        })
        .collect()
}

/// (referral, wait [ms], within the standard) in the order in which it became known.
pub(crate) fn stops(log: &Log) -> Vec<(u64, i64, bool)> {
    log.iter()
        .filter_map(|&(_, seen)| match seen {
            Seen::ClockStops {
                referral, wait, met, ..
            } => Some((referral, wait.ms(), met)),
            _ => None,
        })
        .collect()
}

/// A role whose WTE are people on every shift: full-time hours are all paid hours of its shifts in a week.
pub(crate) fn crew(name: &str, shifts: Vec<Shift>) -> Role {
    let paid: f64 = shifts.iter().map(|s| s.paid().hours() * f64::from(s.days.len())).sum();
    Role {
        hours_per_week: paid,
        shifts,
        ..role(name)
    }
}

/// So many WTE.
pub(crate) fn wte(n: f64) -> Staffing {
    Staffing::Wte(Wte::new(n).unwrap())
}

/// A pool in some hours only.
pub(crate) fn pool_between(from: i64, to: i64, count: u32) -> Staffing {
    Staffing::OnShift(vec![PoolPiece {
        name: None,
        from: minutes(from),
        to: minutes(to),
        count,
    }])
}

/// A pathway that begins package number `package`.
pub(crate) fn begins(name: &str, package: usize) -> Pathway {
    Pathway {
        package: Some(PackageId(package)),
        ..pathway(name, Vec::new())
    }
}

/// So many visits a day, the same to the end.
pub(crate) fn daily(visits: f64) -> Pattern {
    Pattern::PerDay {
        start: vec![DailyStart {
            visits,
            share: share(1.0),
        }],
        end: None,
    }
}

/// At listed times of day, every day.
pub(crate) fn times(times: &[i64]) -> Pattern {
    Pattern::At {
        times: times.iter().map(|&t| minutes(t)).collect(),
        days: WeekdaySet::ALL,
    }
}

/// Monday to Friday.
pub(crate) fn weekdays() -> WeekdaySet {
    Weekday::ALL
        .into_iter()
        .take(5)
        .fold(WeekdaySet::NONE, WeekdaySet::with)
}
