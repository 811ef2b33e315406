//! A made-up answer for six hubs, three pathways and four roles: realistic, complete and always the same.

mod consequences;
mod equity;
mod months;

pub(crate) use months::adverts;

use jiff::civil::date;

use crate::answers::causes::{CauseHourRow, CauseMeasure, CauseRow};
use crate::answers::check::{CheckAnswer, EffectiveInput, LoadRow, StaffMeaning};
use crate::answers::explain::{Switch, SwitchedOff};
use crate::answers::run::{Flow, HourlyMeasure, HourlyRow, Overload, ReplicationRow, RunAnswer, SummaryRow, WaitCurve};
use crate::answers::{Estimate, Measure};
use crate::engine::Cause;
use crate::model::{
    Assumption, AssumptionKind, AtStart, Bed, BedId, Calendar, ClockStops, Costs, Experiment, GateHolds, Headroom,
    HoursOfWeek, Hub, HubId, Joint, Need, Observed, Opening, OutOfHours, Outcome, Package, PackageId, Pathway,
    PathwayId, Pattern, Price, RangeShape, Recruit, Response, Role, RoleId, Scenario, ServedElsewhere, Shift, ShiftEnd,
    StaffCost, Staffing, Standard, Stream, TrajectoryPlan, Travel, Unknown, WeekProfile, WeekdaySet, Within,
    rostered_per_instance,
};
use crate::output::{RunContext, WhatIf};
use crate::random::Distribution;
use crate::scenario::Change;
use crate::units::{PerDay, Pounds, Share, Span, Wte};

const HUBS: [&str; 6] = [
    "Charnwood",
    "North West Leicestershire",
    "Hinckley and Bosworth",
    "Blaby, Oadby and Wigston",
    "Harborough",
    "Melton and Rutland",
];
const SHARES: [f64; 6] = [0.2166, 0.1270, 0.1566, 0.2233, 0.1339, 0.1425];
const RESIDENTS: [u32; 6] = [15_693, 9_204, 11_347, 16_181, 9_701, 10_326];
const WTE: [[f64; 4]; 6] = [
    [6.0, 6.5, 6.0, 31.0],
    [3.5, 4.0, 3.5, 18.0],
    [4.0, 4.5, 4.5, 23.0],
    [6.0, 6.5, 6.5, 31.0],
    [4.0, 4.0, 4.0, 20.0],
    [4.0, 4.5, 4.5, 23.0],
];
/// Service level and half-width of each pathway by hub, all hubs last.
const LEVELS: [[(f64, f64); 7]; 3] = [
    [
        (0.8364, 0.003),
        (0.7702, 0.003),
        (0.7541, 0.003),
        (0.8461, 0.002),
        (0.7433, 0.004),
        (0.7262, 0.003),
        (0.7893, 0.0017),
    ],
    [
        (0.9141, 0.014),
        (0.8372, 0.018),
        (0.9177, 0.010),
        (0.9462, 0.010),
        (0.8651, 0.014),
        (0.9302, 0.008),
        (0.9083, 0.005),
    ],
    [
        (0.787, 0.017),
        (0.715, 0.019),
        (0.779, 0.015),
        (0.823, 0.014),
        (0.708, 0.018),
        (0.793, 0.013),
        (0.775, 0.006),
    ],
];
const BUSY: [[f64; 4]; 7] = [
    [0.53, 0.76, 0.92, 0.87],
    [0.49, 0.71, 0.91, 0.85],
    [0.53, 0.78, 0.89, 0.85],
    [0.53, 0.75, 0.87, 0.87],
    [0.49, 0.78, 0.89, 0.87],
    [0.53, 0.76, 0.86, 0.85],
    [0.52, 0.76, 0.89, 0.86],
];

fn s(share: f64) -> Share {
    Share::new(share).unwrap()
}

fn minutes(m: i64) -> Distribution {
    Distribution::fixed(Span::from_minutes(m))
}

fn estimate(mean: f64, half_width: f64) -> Estimate {
    Estimate {
        mean,
        half_width,
        low: mean - half_width,
        high: mean + half_width,
        confidence: 0.95,
        replications: 100,
    }
}

fn shift(name: &str, from: i64, to: i64) -> Shift {
    Shift {
        name: name.into(),
        from: Span::from_minutes(from),
        to: Span::from_minutes(to),
        unpaid_break: Span::from_minutes(30),
        days: WeekdaySet::ALL,
    }
}

fn role(name: &str, employer: &str, notes: i64, cost: f64, shifts: Vec<Shift>) -> Role {
    Role {
        name: name.into(),
        employer: Some(employer.into()),
        hours_per_week: 37.5,
        headroom: Headroom {
            planned: s(0.16),
            absence: s(0.06),
        },
        admin_share: s(0.08),
        notes: Span::from_minutes(notes),
        cost: Some(StaffCost::Hour(Price::certain(Pounds::new(cost).unwrap()))),
        overtime_cost: None,
        shifts,
        shift_end: ShiftEnd::Finish,
    }
}

fn need(role: usize) -> Need {
    Need {
        role: RoleId(role),
        or: vec![],
        length: minutes(70),
        two: s(0.15),
        or_second: vec![],
    }
}

fn stream(name: &str, role: usize, share: f64, gated: bool) -> Stream {
    Stream {
        name: name.into(),
        role: RoleId(role),
        or: vec![],
        share: s(share),
        pattern: Pattern::PerWeek(3.0),
        length: minutes(35),
        first_length: None,
        two: s(0.15),
        or_second: vec![],
        tolerance: Span::from_hours(2),
        give_up: Span::from_hours(4),
        gated,
        first_after: Span::from_hours(1),
        hours: None,
    }
}

fn pathway(name: &str, within: Within, target: f64, package: Option<usize>) -> Pathway {
    Pathway {
        name: name.into(),
        profile: WeekProfile::flat(),
        months: [1.0; 12],
        growth: 0.0,
        dispersion: 1.0,
        declined: s(0.0),
        opens: Some(Opening {
            from: Span::from_hours(8),
            to: Span::from_hours(20),
            days: WeekdaySet::ALL,
        }),
        out_of_hours: OutOfHours::Defer,
        triage: minutes(15),
        priority: 1,
        patience: package.is_none().then(|| minutes(300)),
        on_leaving: if package.is_none() {
            vec![(Outcome::Hospital, s(0.47)), (Outcome::End("home".into()), s(0.53))]
        } else {
            vec![]
        },
        standard: Some(Standard {
            within,
            target: Some(s(target)),
            clock_stops: ClockStops::Lead,
        }),
        outcome: match package {
            None => vec![
                (Outcome::End("home".into()), s(0.55)),
                (Outcome::Pathway(PathwayId(1)), s(0.25)),
                (Outcome::Hospital, s(0.15)),
                (Outcome::End("other".into()), s(0.05)),
            ],
            Some(_) => vec![],
        },
        also: if package.is_none() {
            vec![(PackageId(0), s(0.4))]
        } else {
            vec![]
        },
        joint: Joint::Separate,
        responses: match package {
            None => vec![
                Response {
                    name: "joint".into(),
                    share: s(0.5),
                    lead: 0,
                    needs: vec![need(0), need(1)],
                },
                Response {
                    name: "care only".into(),
                    share: s(0.2),
                    lead: 0,
                    needs: vec![need(0)],
                },
                Response {
                    name: "health only".into(),
                    share: s(0.3),
                    lead: 0,
                    needs: vec![need(1)],
                },
            ],
            Some(_) => vec![],
        },
        package: package.map(PackageId),
        start_due: None,
        waits_in: vec![],
    }
}

fn package(name: &str, streams: Vec<Stream>) -> Package {
    Package {
        name: name.into(),
        length: minutes(33_552),
        priority: 3,
        gate: 1.0,
        gate_holds: GateHolds::Stream,
        starts_with: vec![RoleId(2), RoleId(3)],
        streams,
        outcome: vec![("independent".into(), s(0.58)), ("ongoing-care".into(), s(0.42))],
    }
}

/// So many posts of the first role at the first hub, which fill after 14 weeks and three of induction, and are left again.
pub(crate) fn recruit(scenario: &Scenario, posts: u32) -> Recruit {
    let mut by_hub = vec![0; scenario.hubs.len()];
    by_hub[0] = posts;
    Recruit {
        name: "x".into(),
        role: RoleId(0),
        in_post: vec![0; by_hub.len()],
        posts: by_hub,
        wte: Wte::new(1.0).unwrap(),
        advertised_day: 14,
        time_to_start: Distribution::fixed(Span::from_days(98)),
        induction: Span::from_days(21),
        productivity: Share::default(),
        turnover: 0.3,
        refill: true,
    }
}

/// The scenario.
pub(crate) fn scenario() -> Scenario {
    let hub = |h: usize| Hub {
        name: HUBS[h].into(),
        referrals: [20.4, 4.5, 7.0].map(|n| PerDay::new(n * SHARES[h]).unwrap()).to_vec(),
        travel: Travel {
            urgent: minutes(15),
            round: minutes(11),
            hours: None,
        },
        staff: WTE[h].map(|n| Staffing::Wte(Wte::new(n).unwrap())).to_vec(),
        caseload_limit: vec![None, None],
        beds: vec![None],
        at_start: AtStart::default(),
        residents: Some(RESIDENTS[h]),
    };
    let late = || vec![shift("early", 420, 900), shift("late", 870, 1350)];
    let mut step_down = pathway("step-down", Within::SameDay, 0.9, Some(1));
    step_down.waits_in = vec![BedId(0)];
    let observed = |pathway: usize, value: f64, source: &str| Observed {
        measure: "service_level".into(),
        hub: None,
        pathway: Some(PathwayId(pathway)),
        month: None,
        value,
        plus_minus: None,
        referrals: None,
        source: source.into(),
        before_change: false,
    };
    Scenario {
        name: "home-first-2020".into(),
        title: "Home First: six county hubs, June 2020".into(),
        notes:
            "Crisis worker, therapist and reablement WTE are not published; they are set so that the model gives the \
                reported 79 % and 91 %."
                .into(),
        experiment: Experiment {
            calendar: Calendar::new(date(2020, 6, 1), &[date(2020, 8, 31), date(2020, 12, 25)]),
            warm_up: Span::from_days(70),
            run_length: Span::from_days(364),
            replications: 100,
            seed: 2020,
            confidence: s(0.95),
            precision: None,
        },
        hubs: (0..6).map(hub).collect(),
        roles: vec![
            role("crisis-worker", "Leicestershire County Council", 8, 34.0, late()),
            role("nurse", "Leicestershire Partnership NHS Trust", 15, 47.0, late()),
            role(
                "therapist",
                "Leicestershire Partnership NHS Trust",
                20,
                44.0,
                vec![shift("day", 480, 960)],
            ),
            role("reablement-worker", "Leicestershire County Council", 3, 34.0, late()),
        ],
        pathways: vec![
            pathway("crisis", Within::Time(Span::from_hours(2)), 0.9, None),
            pathway("reablement", Within::Time(Span::from_days(2)), 0.95, Some(1)),
            step_down,
        ],
        packages: vec![
            package("crisis-care", vec![stream("care", 0, 1.0, false)]),
            package(
                "reablement",
                vec![stream("care", 3, 0.68, true), stream("therapy", 2, 0.8, false)],
            ),
        ],
        beds: vec![Bed {
            name: "acute".into(),
            cost: Some(Price::certain(Pounds::new(346.0).unwrap())),
            year: Some("2017/18".into()),
        }],
        costs: Costs {
            year: Some("2024/25".into()),
            admission: Some(Price {
                value: Pounds::new(2711.0).unwrap(),
                low: Pounds::new(2000.0).unwrap(),
                high: Pounds::new(5419.0).unwrap(),
            }),
        },
        later: Vec::new(),
        dated: Vec::new(),
        recruits: Vec::new(),
        trajectory: TrajectoryPlan::default(),
        required: None,
        observed: vec![
            observed(
                0,
                0.79,
                "Leicestershire Health Overview and Scrutiny Committee, 2020 (June 2020 data)",
            ),
            observed(1, 0.91, "as above"),
        ],
        neighbours: Vec::new(),
        pools: Vec::new(),
        served_elsewhere: vec![ServedElsewhere {
            name: "Melton and Rutland".into(),
            home: HubId(5),
            by: HubId(4),
            share: s(0.1),
            pathways: (0..3).map(PathwayId).collect(),
            extra_travel: Span::from_minutes(10),
        }],
        residents_are: "people aged 75 and over".into(),
        unknowns: vec![
            Unknown {
                path: "staff.crisis-worker".into(),
                from: "16".into(),
                to: "32".into(),
                now: "27.5".into(),
                distribution: RangeShape::default(),
            },
            Unknown {
                path: "pathway.crisis.referrals".into(),
                from: "13 /day".into(),
                to: "27 /day".into(),
                now: "20.4 /day".into(),
                distribution: RangeShape::default(),
            },
        ],
        assumptions: vec![
            Assumption {
                path: "pathway.crisis.outcome".into(),
                value: String::new(),
                kind: AssumptionKind::Source,
                low: String::new(),
                high: String::new(),
                distribution: RangeShape::default(),
                source: "LGA case study: Leicester Integrated Crisis Response Service 2016/17".into(),
                why: String::new(),
                changed: false,
            },
            Assumption {
                path: "package.reablement.visits.care.two".into(),
                value: "0.15".into(),
                kind: AssumptionKind::Assumption,
                low: "0.08".into(),
                high: "0.25".into(),
                distribution: RangeShape::default(),
                source: String::new(),
                why: "no published figure; <8 to 25 %> & expert view".into(),
                changed: false,
            },
            Assumption {
                path: "hub.\"Blaby, Oadby and Wigston\".staff.crisis-worker".into(),
                value: "6".into(),
                kind: AssumptionKind::Calibrated,
                low: "4".into(),
                high: "8".into(),
                distribution: RangeShape::default(),
                source: String::new(),
                why: "with the other hubs, gives the reported 79 %".into(),
                changed: false,
            },
        ],
    }
}

/// The same service with awkward names, more roles than anything was measured for, and a target near the national one.
pub(crate) fn odd() -> Scenario {
    let mut scenario = scenario();
    for i in 0..5 {
        let mut role = scenario.roles[3].clone();
        role.name = format!("community-assistant-practitioner-{i}");
        scenario.roles.push(role);
    }
    scenario.hubs[3].name = "Blaby, Oadby, Wigston, Countesthorpe and every village to the south of them".into();
    scenario.hubs[1].name = "R&D <north> \"hub\"".into();
    scenario.pathways[0].name = "urgent-community-response-for-people-in-crisis-at-home".into();
    if let Some(standard) = &mut scenario.pathways[0].standard {
        standard.target = Some(s(0.75));
    }
    scenario
}

/// A smooth curve that reaches `at_standard` at the standard and levels off below `last`.
fn curve(standard: f64, at_standard: f64, last: f64, step: f64) -> Vec<(f64, f64)> {
    let k = -libm::log(1.0 - at_standard / last) / (standard * standard);
    (0..=240)
        .map(|i| f64::from(i) * step)
        .map(|t| (t, last * (1.0 - libm::exp(-k * t * t))))
        .collect()
}

/// The answer of `run`.
pub(crate) fn answer() -> RunAnswer {
    let scenario = scenario();
    let hubs: Vec<Option<HubId>> = (0..6).map(|h| Some(HubId(h))).chain([None]).collect();
    let mut summary = Vec::new();
    let mut push =
        |hub: Option<HubId>, flow: Flow, role: Option<RoleId>, measure: Measure, estimate: Option<Estimate>| {
            summary.push(SummaryRow {
                hub,
                flow,
                role,
                measure,
                estimate,
            });
        };
    let yearly = [6534.0, 3285.0, 2548.0];
    for (p, levels) in LEVELS.iter().enumerate() {
        let flow = Flow::Pathway(PathwayId(p));
        for (h, &hub) in hubs.iter().enumerate() {
            let share = if h < 6 { SHARES[h] } else { 1.0 };
            let (level, half_width) = levels[h];
            let n = yearly[p] * share;
            push(hub, flow, None, Measure::Referrals, Some(estimate(n, n.sqrt() * 0.2)));
            push(
                hub,
                flow,
                None,
                Measure::ServiceLevel,
                Some(estimate(level, half_width)),
            );
            push(
                hub,
                flow,
                None,
                Measure::ProbabilityTargetMet,
                Some(estimate(if level > 0.94 { 0.6 } else { 0.0 }, 0.04)),
            );
            let scale = [1.0, 18.0, 5.0][p];
            let slack = 1.0 + (0.9 - level);
            push(
                hub,
                flow,
                None,
                Measure::WaitMeanMin,
                Some(estimate(73.0 * scale * slack, 0.6 * scale)),
            );
            push(
                hub,
                flow,
                None,
                Measure::WaitP50Min,
                Some(estimate(61.0 * scale * slack, 0.5 * scale)),
            );
            push(
                hub,
                flow,
                None,
                Measure::WaitP90Min,
                Some(estimate(131.0 * scale * slack, 1.2 * scale)),
            );
            push(
                hub,
                flow,
                None,
                Measure::WaitP95Min,
                Some(estimate(162.0 * scale * slack, 2.2 * scale)),
            );
            if p == 0 {
                push(
                    hub,
                    flow,
                    None,
                    Measure::RenegedShare,
                    Some(estimate((1.0 - level) * 0.37, 0.001)),
                );
                push(hub, flow, None, Measure::Admissions, Some(estimate(n * 0.17, 4.0)));
            }
            if p == 2 {
                push(
                    hub,
                    flow,
                    None,
                    Measure::BedDaysLost,
                    Some(estimate(650.0 * share, 22.0 * share)),
                );
                push(
                    hub,
                    flow,
                    None,
                    Measure::BedCostGbp,
                    Some(estimate(224_900.0 * share, 7_600.0 * share)),
                );
            }
        }
        push(
            None,
            flow,
            None,
            Measure::EquityGapPoints,
            Some(estimate([11.99, 10.9, 11.5][p], [0.4, 1.9, 2.0][p])),
        );
    }
    for (h, &hub) in hubs.iter().enumerate() {
        let share = if h < 6 { SHARES[h] } else { 1.0 };
        for (k, values) in [[13.2, 0.045, 0.077], [369.0, 0.041, 0.016]].iter().enumerate() {
            let flow = Flow::Package(PackageId(k));
            push(
                hub,
                flow,
                None,
                Measure::CaseloadMean,
                Some(estimate(values[0] * share, values[0] * share * 0.01)),
            );
            push(
                hub,
                flow,
                None,
                Measure::VisitsLateShare,
                Some(estimate(values[1] * (1.0 + 0.1 * h as f64), 0.001)),
            );
            push(
                hub,
                flow,
                None,
                Measure::VisitsMissedShare,
                Some(estimate(values[2] * (1.0 + 0.1 * h as f64), 0.000_8)),
            );
        }
        for r in 0..4 {
            let role = Some(RoleId(r));
            push(
                hub,
                Flow::All,
                role,
                Measure::Utilisation,
                Some(estimate(BUSY[h][r], 0.001 * (r + 1) as f64)),
            );
            push(
                hub,
                Flow::All,
                role,
                Measure::OnShiftMean,
                Some(estimate([3.9, 4.2, 4.1, 20.5][r] * share, 0.01)),
            );
            push(
                hub,
                Flow::All,
                role,
                Measure::OvertimeHPerWeek,
                Some(estimate([17.0, 34.0, 49.0, 121.0][r] * share, 0.4)),
            );
        }
        push(
            hub,
            Flow::All,
            None,
            Measure::StaffCostGbp,
            Some(estimate(17_300_000.0 * share, 0.0)),
        );
        push(
            hub,
            Flow::All,
            None,
            Measure::Visits,
            Some(estimate(686.0 * share, 1.2)),
        );
    }
    push(
        Some(HubId(0)),
        Flow::Pathway(PathwayId(0)),
        None,
        Measure::UnansweredShare,
        None,
    );

    let mut hourly = Vec::new();
    let check = check();
    for hour in 0..168 {
        for (r, share) in BUSY[6].into_iter().enumerate() {
            let on_shift: f64 = check
                .staff
                .iter()
                .filter(|m| m.role.0 == r)
                .map(|m| m.on_shift[hour])
                .sum();
            let wave = 0.75 + 0.25 * libm::sin((hour % 24) as f64 / 24.0 * std::f64::consts::TAU - 1.6);
            let busy = on_shift * (share * wave * 1.15).min(0.99);
            for (measure, value) in [(HourlyMeasure::OnShift, on_shift), (HourlyMeasure::Busy, busy)] {
                hourly.push(HourlyRow {
                    hub: None,
                    pathway: None,
                    role: Some(RoleId(r)),
                    hour_of_week: hour,
                    measure,
                    estimate: Some(estimate(value, 0.05)),
                });
            }
        }
        hourly.push(HourlyRow {
            hub: None,
            pathway: Some(PathwayId(0)),
            role: None,
            hour_of_week: hour,
            measure: HourlyMeasure::ServiceLevel,
            estimate: (8..20).contains(&(hour % 24)).then(|| estimate(0.8, 0.02)),
        });
    }
    let mut waits = Vec::new();
    for (p, levels) in LEVELS.iter().enumerate() {
        for (h, &hub) in hubs.iter().enumerate() {
            let (standard, step) = [(120.0, 1.0), (2880.0, 24.0), (600.0, 12.0)][p];
            let last = [0.93 + 0.01 * (h % 3) as f64, 0.995, 0.99][p];
            waits.push(WaitCurve {
                hub,
                pathway: PathwayId(p),
                points: curve(standard, levels[h].0, last, step),
            });
        }
    }
    let by_replication = (1..=3)
        .map(|replication| ReplicationRow {
            replication,
            hub: None,
            flow: Flow::Pathway(PathwayId(0)),
            role: None,
            measure: Measure::ServiceLevel,
            value: Some(0.789 + f64::from(replication) * 0.0004),
        })
        .collect();
    RunAnswer {
        replications: scenario.experiment.replications,
        asked: scenario.experiment.replications,
        precision: None,
        confidence: 0.95,
        summary,
        hourly,
        by_replication,
        waits,
        causes: causes(),
        causes_hourly: causes_hourly(),
        switched_off: switched_off(),
        money: consequences::money(),
        outcomes: consequences::outcomes(&scenario),
        beds: consequences::beds(),
        latest_adverts: Vec::new(),
        asked_of: None,
        uncertain: None,
        sliders: None,
        published: Vec::new(),
        reported: Vec::new(),
        months_simulated: Vec::new(),
        trajectory: months::trajectory(&scenario),
        load: check.load,
        equity: equity::equity(),
        overloads: vec![],
        turned_away: 0,
        events: 97_013_482,
        engine_cpu_s: 21.4,
    }
}

/// Shares of three causes in the misses of a hub; the rest is of a fourth.
const CAUSES: [(Cause, f64); 4] = [
    (Cause::BusyPlannedVisits, 0.48),
    (Cause::BusyFirstResponses, 0.31),
    (Cause::NobodyOnShift, 0.14),
    (Cause::Triage, 0.07),
];

fn causes() -> Vec<CauseRow> {
    let mut rows = Vec::new();
    for place in 0..=HUBS.len() {
        for (pathway, levels) in LEVELS.iter().enumerate() {
            let (level, half_width) = levels[place];
            let all = [(None, 1.0)].into_iter();
            for (cause, share) in all.chain(CAUSES.map(|(cause, share)| (Some(cause), share))) {
                let missed = (1.0 - level) * share;
                let estimates = [
                    estimate(missed * 1000.0, half_width * 1000.0 * share),
                    estimate(share, half_width),
                    estimate(missed * 100.0, half_width * 100.0 * share),
                    estimate(missed * 400.0, half_width * 400.0 * share),
                ];
                for (measure, e) in CauseMeasure::ALL.into_iter().zip(estimates) {
                    rows.push(CauseRow {
                        hub: (place < HUBS.len()).then_some(HubId(place)),
                        pathway: PathwayId(pathway),
                        cause,
                        measure,
                        estimate: Some(e),
                    });
                }
            }
        }
    }
    rows
}

fn causes_hourly() -> Vec<CauseHourRow> {
    let hours = (0..168).filter(|h| (8..20).contains(&(h % 24)));
    let each = hours
        .flat_map(|hour| (0..3).flat_map(move |pathway| CAUSES.map(|(cause, share)| (hour, pathway, cause, share))));
    each.map(|(hour_of_week, pathway, cause, share)| CauseHourRow {
        hub: None,
        pathway: PathwayId(pathway),
        hour_of_week,
        cause,
        misses: share * (1.0 + (hour_of_week % 24) as f64 / 4.0),
    })
    .collect()
}

fn switched_off() -> Vec<SwitchedOff> {
    let changes = [
        (Switch::Travel, 5.2),
        (Switch::Triage, 0.0),
        (Switch::PlannedVisits, 12.4),
    ];
    let each = changes.into_iter().flat_map(|change| (0..3).map(move |p| (change, p)));
    each.map(|((switch, change), pathway)| SwitchedOff {
        switch,
        pathway: PathwayId(pathway),
        service_level: Some(estimate(LEVELS[pathway][6].0 + change / 100.0, 0.004)),
        change: Some(estimate(change, 0.2)),
    })
    .collect()
}

/// The same with a queue that grew without end.
pub(crate) fn overloaded() -> RunAnswer {
    let mut answer = answer();
    answer.overloads.push(Overload {
        hub: HubId(4),
        pathway: PathwayId(1),
        growth_per_week: 1.37,
    });
    answer.replications = 64;
    answer
}

/// The answer of `check`.
pub(crate) fn check() -> CheckAnswer {
    let scenario = scenario();
    let input = |path: &str, typed: &str, mean_min: f64, sd_min: f64, p95_min: f64, cut: bool| EffectiveInput {
        path: path.into(),
        typed: typed.into(),
        mean_min,
        sd_min,
        p95_min,
        cut,
    };
    let mut staff = Vec::new();
    let mut load = Vec::new();
    for h in 0..6 {
        for r in 0..4 {
            let (role, staffing) = (&scenario.roles[r], &scenario.hubs[h].staff[r]);
            let rostered = rostered_per_instance(role, Wte::new(WTE[h][r]).unwrap());
            let on_shift = HoursOfWeek::expected(role, staffing).0;
            let capacity = on_shift.iter().sum::<f64>() / 168.0 * 0.9375;
            load.push(LoadRow {
                hub: HubId(h),
                role: RoleId(r),
                offered: capacity * BUSY[h][r] * if (h, r) == (4, 2) { 1.18 } else { 1.03 },
                capacity,
            });
            staff.push(StaffMeaning {
                hub: HubId(h),
                role: RoleId(r),
                wte: Some(WTE[h][r]),
                rostered: role.shifts.iter().map(|s| (s.name.clone(), rostered)).collect(),
                present: role.shifts.iter().map(|s| (s.name.clone(), rostered * 0.94)).collect(),
                on_shift,
            });
        }
    }
    CheckAnswer {
        inputs: vec![
            input(
                "pathway.crisis.triage",
                "lognormal, mean 15 min, cv 0.6",
                15.0,
                9.0,
                31.8,
                false,
            ),
            input(
                "pathway.crisis.patience",
                "lognormal, mean 5 h, cv 0.5",
                300.0,
                150.0,
                585.0,
                false,
            ),
            input(
                "hub.\"Blaby, Oadby and Wigston\".travel.urgent",
                "lognormal, mean 12 min, cv 0.4",
                12.0,
                4.8,
                20.9,
                false,
            ),
            input(
                "package.crisis-care.length",
                "lognormal, mean 48 h, cv 0.5, max 72 h",
                2702.0,
                1021.0,
                4320.0,
                true,
            ),
            input(
                "package.reablement.length",
                "lognormal, median 21 days, sigma 0.75, max 42 days",
                33_552.0,
                17_424.0,
                60_480.0,
                true,
            ),
            input(
                "package.reablement.visits.therapy.first-length",
                "lognormal, mean 75 min, cv 0.4",
                75.0,
                30.0,
                130.9,
                false,
            ),
        ],
        staff,
        load,
    }
}

/// How it came about.
pub(crate) fn context() -> RunContext {
    RunContext {
        version: "0.1.0".into(),
        build: "0123456789abcdef".into(),
        hash: "b6f1c0d2e94a7788".into(),
        command_canonical: "homefirst run home-first-2020.toml --seed 2020 --replications 100".into(),
        command_typed: "homefirst run scenarios/home-first-2020.toml --threads 2 --out results/a".into(),
        wall_s: 11.2,
        threads: 2,
        created: None,
        what_if: WhatIf::default(),
        service: "5e1f0b".into(),
        meaning: None,
    }
}

/// Two hubs with more staff, one number with a reason.
pub(crate) fn what_if() -> WhatIf {
    let change = |path: &str, before: Option<&str>, after: Option<&str>, assumption| Change {
        path: path.into(),
        before: before.map(str::to_owned),
        after: after.map(str::to_owned),
        set: false,
        assumption,
    };
    WhatIf {
        under: Vec::new(),
        base: Some("home-first-2020.toml".into()),
        changes: vec![
            change("hub.Charnwood.staff.crisis-worker", Some("4.5"), Some("8.5"), None),
            change("package.reablement.visits.care.two", Some("0.15"), Some("0.2"), Some(1)),
            change(
                "pathway.crisis.months",
                None,
                Some("[1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1.2, 1.3]"),
                None,
            ),
            change("pathway.crisis.patience", Some("5 h"), None, None),
        ],
        undone: Vec::new(),
    }
}
