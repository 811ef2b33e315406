//! Results by month that look like real ones: a service that gets better until the spring.

use crate::answers::latest_advert::{Latest, LatestAdvert, Tried};
use crate::answers::run::Flow;
use crate::answers::trajectory::{
    Course, DatedMeasure, Deadline, DeadlinePlace, Level, Met, MonthFound, Trajectory, WeekFound,
};
use crate::model::{HubId, PackageId, PathwayId, RoleId, Scenario};
use jiff::civil::{Date, date};

use super::estimate;

/// Service level in June 2020 and what every month adds, by pathway; referrals a day.
const LEVELS: [(f64, f64, f64); 3] = [(0.79, 0.014, 18.0), (0.91, 0.004, 9.0), (0.88, 0.001, 7.0)];
const TARGETS: [f64; 3] = [0.9, 0.95, 0.9];

pub(crate) fn trajectory(scenario: &Scenario) -> Trajectory {
    let (months, weeks) = (scenario.experiment.months(), scenario.experiment.weeks());
    let hubs = (0..scenario.hubs.len()).map(|h| Some(HubId(h))).chain([None]);
    let course = |hub: Option<HubId>, p: usize| {
        let (first, step, a_day) = LEVELS[p];
        let a_day = a_day * if hub.is_some() { 1.0 / 6.0 } else { 1.0 };
        let spread = if hub.is_some() { 0.05 } else { 0.02 };
        let level = |month: f64| (first + step * month).min(0.995);
        let found: Vec<MonthFound> = months
            .iter()
            .enumerate()
            .map(|(m, period)| {
                let middle = level(m as f64);
                let met = (0.5 + (middle - TARGETS[p]) / spread * 0.4).clamp(0.0, 1.0);
                MonthFound {
                    referrals: Some(estimate(a_day * period.days() as f64, 1.3)),
                    service_level: Some(estimate(middle, 0.003)),
                    fan: [-1.3, -0.7, 0.0, 0.7, 1.3].map(|z| Some(estimate((middle + z * spread).min(1.0), 0.004))),
                    probability_target_met: Some(estimate(met, 0.05)),
                }
            })
            .collect();
        let fails = |m: &MonthFound| m.probability_target_met.is_some_and(|e| e.mean < 0.8);
        let met = match found.iter().rposition(fails) {
            None => Met::From(0),
            Some(last) if last + 1 == found.len() => Met::NotIn(last),
            Some(last) => Met::From(last + 1),
        };
        Course {
            hub,
            pathway: PathwayId(p),
            standard: true,
            months: found,
            weeks: weeks
                .iter()
                .map(|week| WeekFound {
                    referrals: Some(estimate(a_day * week.days() as f64, 0.6)),
                    service_level: Some(estimate(level(week.from as f64 / 30.4), 0.006)),
                })
                .collect(),
            met: Some(met),
        }
    };
    let level = |hub: Option<HubId>, flow, role, measure, from: f64, step: f64| Level {
        hub,
        flow,
        role,
        measure,
        months: (0..months.len())
            .map(|m| Some(estimate(from + step * m as f64, 0.4)))
            .collect(),
        weeks: (0..weeks.len())
            .map(|w| Some(estimate(from + step * w as f64 / 4.35, 0.5)))
            .collect(),
    };
    let levels = |hub| {
        [
            level(
                hub,
                Flow::Package(PackageId(0)),
                None,
                DatedMeasure::CaseloadMean,
                21.0,
                0.1,
            ),
            level(hub, Flow::All, Some(RoleId(0)), DatedMeasure::RecruitedWte, 0.0, 2.0),
        ]
    };
    Trajectory {
        courses: hubs
            .clone()
            .flat_map(|hub| (0..3).map(move |p| (hub, p)))
            .map(|(hub, p)| course(hub, p))
            .collect(),
        levels: hubs.flat_map(levels).collect(),
        deadlines: vec![
            Deadline {
                date: date(2021, 4, 1),
                place: DeadlinePlace::In(10),
            },
            Deadline {
                date: date(2022, 10, 1),
                place: DeadlinePlace::After,
            },
        ],
        wanted: 0.8,
        confidence: 0.95,
        replications: scenario.experiment.replications,
        months,
        weeks,
    }
}

/// How late posts may be advertised: to the week, not at all, and at any time.
pub(crate) fn adverts() -> Vec<LatestAdvert> {
    let tried = |date: Date, moved: i64, share: f64| Tried {
        date,
        moved,
        probability: Some(estimate(share, 0.06)),
    };
    let answer = |p: usize, latest: Latest| LatestAdvert {
        deadline: Deadline {
            date: date(2021, 4, 1),
            place: DeadlinePlace::In(10),
        },
        month: 10,
        pathway: PathwayId(p),
        hub: None,
        latest,
    };
    let border = Latest::Week(tried(date(2020, 10, 12), 21, 0.84), tried(date(2020, 10, 19), 28, 0.78));
    vec![
        answer(0, border),
        answer(1, Latest::NotEvenFirst(tried(date(2020, 6, 1), -112, 0.31))),
        answer(2, Latest::EvenLast(tried(date(2021, 3, 29), 189, 0.93))),
    ]
}
