//! Small worlds built in Rust, for exact checks.
#![allow(dead_code, reason = "a kit: not every part is in use at all times")]

use homefirst::engine::{Scripted, Seen, World, run_observed};
use homefirst::model::{
    Calendar, ClockStops, Experiment, Headroom, Hub, HubId, Joint, Need, OutOfHours, Outcome, Package, Pathway,
    PathwayId, PoolPiece, Response, Role, RoleId, Scenario, Shift, ShiftEnd, Staffing, Standard, Stream, Travel,
    WeekProfile, WeekdaySet, Within,
};
use homefirst::random::Distribution;
use homefirst::units::{Instant, PerDay, Share, Span};
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
        cost_per_hour: None,
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
        on_leaving_hospital: Share::default(),
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
        waits_in: None,
    }
}

pub(crate) fn stream(name: &str, role: usize, pattern: homefirst::model::Pattern, length: Distribution) -> Stream {
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
        },
        hubs: vec![Hub {
            name: "H1".into(),
            referrals: vec![PerDay::default(); pathways.len()],
            travel: Travel {
                urgent: fixed(0),
                round: fixed(0),
                hours: None,
            },
            staff,
            caseload_limit: vec![None; packages.len()],
        }],
        roles,
        pathways,
        packages,
        observed: Vec::new(),
        unknowns: Vec::new(),
        assumptions: Vec::new(),
    }
}

pub(crate) type Log = Vec<(Instant, Seen)>;

/// Runs listed referrals (instant, pathway) at the first hub, and returns everything that happened.
pub(crate) fn log(scenario: &Scenario, referrals: &[(Instant, usize)]) -> Log {
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
    drop(run_observed(&world, 0, 0, &mut log));
    log
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
