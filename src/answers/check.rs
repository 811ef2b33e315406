//! `check`: what a scenario means, before a single event.

use serde::Serialize;

use crate::model::{
    Experiment, Group, HoursOfWeek, Hub, HubId, Outcome, Package, Pathway, Pattern, Role, RoleId, Scenario, Staffing,
    Stream, Weekday, expected_capacity, rostered_per_instance,
};
use crate::random::Distribution;
use crate::theory::traffic_rates;
use crate::units::Span;

/// Days of a year, for growth.
const YEAR_DAYS: f64 = 365.25;

/// Everything `check` can say about a sound scenario.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CheckAnswer {
    /// What is really sampled, beside what was typed, in file order.
    pub inputs: Vec<EffectiveInput>,
    /// What staff numbers mean on shift, hub by hub and role by role.
    pub staff: Vec<StaffMeaning>,
    /// Offered load against capacity, hub by hub and role by role.
    pub load: Vec<LoadRow>,
}

/// A distribution as sampled.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EffectiveInput {
    /// Path into the file, such as `pathway.crisis.triage`.
    pub path: String,
    /// What was typed, such as `lognormal, mean 15 min, cv 0.6`.
    pub typed: String,
    /// Mean of what is sampled \[min\].
    pub mean_min: f64,
    /// Standard deviation of what is sampled \[min\].
    pub sd_min: f64,
    /// 95th percentile of what is sampled \[min\].
    pub p95_min: f64,
    /// Whether `min` or `max` changes any of these.
    pub cut: bool,
}

/// What the staff of a role at a hub mean on shift.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StaffMeaning {
    /// The hub.
    pub hub: HubId,
    /// The role.
    pub role: RoleId,
    /// WTE in post; `None` for pools.
    pub wte: Option<f64>,
    /// Mean people rostered on every shift, before sickness: (shift, people). Empty for pools.
    pub rostered: Vec<(String, f64)>,
    /// Mean people who come to every shift, net of sickness: (shift, people). Empty for pools.
    pub present: Vec<(String, f64)>,
    /// Expected people on shift by hour of week, net of headroom, breaks not taken off. 168 numbers from Monday 00:00.
    pub on_shift: Vec<f64>,
}

/// Offered load against capacity.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LoadRow {
    /// The hub.
    pub hub: HubId,
    /// The role.
    pub role: RoleId,
    /// Mean staff kept busy if nobody waited, left or was missed: visits, travel, notes, admin \[people\].
    pub offered: f64,
    /// Mean staff available, net of headroom and breaks \[people\].
    pub capacity: f64,
}

impl LoadRow {
    /// Offered load over capacity; infinite where there is work and nobody.
    #[must_use]
    pub fn ratio(&self) -> f64 {
        if self.offered == 0.0 {
            0.0
        } else {
            self.offered / self.capacity
        }
    }
}

/// What a sound scenario means, before a single event.
#[must_use]
pub fn check(scenario: &Scenario) -> CheckAnswer {
    let mut staff = Vec::new();
    let mut load = Vec::new();
    let factors: Vec<f64> = scenario
        .pathways
        .iter()
        .map(|p| demand_factor(&scenario.experiment, p))
        .collect();
    // What a pool's hubs ask for is asked of the staff at its base.
    let mut offered = vec![vec![0.0; scenario.roles.len()]; scenario.hubs.len()];
    for group in scenario.groups() {
        let base = scenario.base_of(group.by);
        for (sum, load) in offered[base.0].iter_mut().zip(offered_load(scenario, &group, &factors)) {
            *sum += load;
        }
    }
    for (hub, offered) in (0..).map(HubId).zip(&offered) {
        for (r, (role, &offered)) in scenario.roles.iter().zip(offered).enumerate() {
            let role_id = RoleId(r);
            let based_here = scenario.staff_based_at(hub, role_id);
            staff.push(staff_meaning(hub, role_id, role, &based_here));
            load.push(LoadRow {
                hub,
                role: role_id,
                offered,
                capacity: mean_capacity(&scenario.experiment, role, &based_here),
            });
        }
    }
    CheckAnswer {
        inputs: effective_inputs(scenario),
        staff,
        load,
    }
}

/// A name as part of a dotted path: in quotes unless it is made of letters, digits, `-` and `_`.
fn quoted(name: &str) -> String {
    let bare = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    if bare {
        name.to_owned()
    } else {
        format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\""))
    }
}

/// Every distribution of the scenario: hubs, pathways, packages, each in file order.
fn effective_inputs(scenario: &Scenario) -> Vec<EffectiveInput> {
    let mut inputs = Vec::new();
    let mut add = |path: String, d: &Distribution| {
        let minute = Span::MINUTE.ms() as f64;
        inputs.push(EffectiveInput {
            path,
            typed: d.describe(),
            mean_min: d.mean_ms() / minute,
            sd_min: d.sd_ms() / minute,
            p95_min: d.quantile_ms(0.95) / minute,
            cut: d.is_cut(),
        });
    };
    for hub in &scenario.hubs {
        let path = format!("hub.{}.travel", quoted(&hub.name));
        add(format!("{path}.urgent"), &hub.travel.urgent);
        add(format!("{path}.round"), &hub.travel.round);
    }
    for pathway in &scenario.pathways {
        let path = format!("pathway.{}", quoted(&pathway.name));
        add(format!("{path}.triage"), &pathway.triage);
        if let Some(patience) = &pathway.patience {
            add(format!("{path}.patience"), patience);
        }
        for response in &pathway.responses {
            for need in &response.needs {
                let role = quoted(&scenario.roles[need.role.0].name);
                let response = quoted(&response.name);
                add(format!("{path}.response.{response}.staff.{role}.length"), &need.length);
            }
        }
    }
    for package in &scenario.packages {
        let path = format!("package.{}", quoted(&package.name));
        add(format!("{path}.length"), &package.length);
        for stream in &package.streams {
            let path = format!("{path}.visits.{}", quoted(&stream.name));
            if let Some(first) = &stream.first_length {
                add(format!("{path}.first-length"), first);
            }
            add(format!("{path}.length"), &stream.length);
        }
    }
    inputs
}

/// What a role's staff at a hub mean on shift.
fn staff_meaning(hub: HubId, role_id: RoleId, role: &Role, staffing: &Staffing) -> StaffMeaning {
    let each = |people: f64| role.shifts.iter().map(|s| (s.name.clone(), people)).collect();
    let (wte, rostered, present) = match staffing {
        Staffing::Wte(wte) => {
            let people = rostered_per_instance(role, *wte);
            let present = people * (1.0 - role.headroom.absence.get());
            (Some(wte.get()), each(people), each(present))
        }
        Staffing::OnShift(_) | Staffing::Rota(_) => (None, Vec::new(), Vec::new()),
    };
    StaffMeaning {
        hub,
        role: role_id,
        wte,
        rostered,
        present,
        on_shift: HoursOfWeek::expected(role, staffing).0,
    }
}

/// The days of the measured window, each with the time of it that is measured; the last may be cut short.
fn measured_days(experiment: &Experiment) -> impl Iterator<Item = (i64, Span)> {
    let (day, window) = (Span::DAY.ms(), experiment.run_length.ms());
    (0..window.div_euclid(day) + 1)
        .map(move |d| (d, Span::from_ms((window - d * day).min(day))))
        .filter(|(_, time)| time.ms() > 0)
}

/// Mean people available over the measured window, net of headroom and breaks; a bank holiday counts as Sunday.
fn mean_capacity(experiment: &Experiment, role: &Role, staffing: &Staffing) -> f64 {
    let by_weekday = Weekday::ALL.map(|day| expected_capacity(role, staffing, day).ms() as f64);
    let (mut sum, mut time) = (0.0, 0.0);
    for (day, measured) in measured_days(experiment) {
        let share = measured.ms() as f64 / Span::DAY.ms() as f64;
        sum += share * by_weekday[experiment.calendar.working_weekday(day).index()];
        time += measured.ms() as f64;
    }
    sum / time
}

/// Mean demand of a pathway over the measured window, where 1 is the referrals a day of the file: month, growth, and
/// the profile of the working weekday, hour by hour.
fn demand_factor(experiment: &Experiment, pathway: &Pathway) -> f64 {
    let calendar = &experiment.calendar;
    let (hour, mut sum, mut hours) = (Span::HOUR.ms(), 0.0, 0.0);
    for (day, measured) in measured_days(experiment) {
        let growth = libm::pow(1.0 + pathway.growth, day as f64 / YEAR_DAYS);
        let profile = pathway.profile.day(calendar.working_weekday(day).index());
        let weights: f64 = (0..)
            .zip(profile)
            .map(|(h, weight)| weight * (measured.ms() - h * hour).clamp(0, hour) as f64 / hour as f64)
            .sum();
        sum += pathway.months[calendar.month(day)] * growth * weights;
        hours += measured.hours();
    }
    sum / hours
}

/// Mean people kept busy by role by those who are served together, if nobody waited, left or was missed.
fn offered_load(scenario: &Scenario, group: &Group, factors: &[f64]) -> Vec<f64> {
    let hub = &scenario.hubs[group.by.0];
    let base = scenario.base_of(group.by);
    let extra = (scenario.extra_travel(group.by) + group.extra_travel).ms() as f64;
    let staff = |role: RoleId| scenario.staff_based_at(base, role);
    let flows = pathway_flows(scenario, group, factors);
    let mut busy = vec![0.0; scenario.roles.len()];
    let mut packages = vec![0.0; scenario.packages.len()];
    for (pathway, &flow) in scenario.pathways.iter().zip(&flows) {
        for response in &pathway.responses {
            for need in &response.needs {
                // Alternatives may do it as well; the load is put down to the role preferred.
                let id = need.role.0;
                let role = &scenario.roles[id];
                let travel = extra + mean_travel(&hub.travel.urgent, hub, role, &staff(need.role));
                let time = staff_time(role, travel, need.length.mean_ms());
                let people = response.share.get() * (1.0 + need.two.get());
                busy[id] += product(flow, people * time / Span::DAY.ms() as f64);
            }
        }
        if let Some(package) = pathway.package.filter(|_| pathway.responses.is_empty()) {
            packages[package.0] += flow;
        }
        let stays_out = 1.0 - share_to(pathway, &Outcome::Hospital);
        for (package, share) in &pathway.also {
            packages[package.0] += product(flow, share.get() * stays_out);
        }
    }
    for (package, &flow) in scenario.packages.iter().zip(&packages) {
        for (stream, probability) in package.streams.iter().zip(stream_probabilities(package)) {
            let role = &scenario.roles[stream.role.0];
            let travel = extra + mean_travel(&hub.travel.round, hub, role, &staff(stream.role));
            let visits = mean_visits(package, stream);
            let first = visits.min(1.0);
            let first_length = stream.first_length.as_ref().unwrap_or(&stream.length);
            let time = first * staff_time(role, travel, first_length.mean_ms())
                + (visits - first) * staff_time(role, travel, stream.length.mean_ms());
            let people = probability * (1.0 + stream.two.get());
            busy[stream.role.0] += product(flow, people * time / Span::DAY.ms() as f64);
        }
    }
    busy
}

/// A flow, perhaps infinite, times a finite number; nothing of anything is nothing.
fn product(flow: f64, by: f64) -> f64 {
    if flow == 0.0 || by == 0.0 { 0.0 } else { flow * by }
}

/// Time one person is kept busy by one visit \[ms\]: travel, length and notes, and the admin that follows them.
fn staff_time(role: &Role, travel_ms: f64, length_ms: f64) -> f64 {
    (travel_ms + length_ms + role.notes.ms() as f64) / (1.0 - role.admin_share.get())
}

/// Mean travel \[ms\], its factor by hour of day weighted with the staff on shift.
fn mean_travel(travel: &Distribution, hub: &Hub, role: &Role, staffing: &Staffing) -> f64 {
    let Some(factors) = &hub.travel.hours else {
        return travel.mean_ms();
    };
    let on_shift = HoursOfWeek::expected(role, staffing).0;
    let (mut sum, mut weight) = (0.0, 0.0);
    for (hour, people) in on_shift.iter().enumerate() {
        sum += people * factors[hour % 24];
        weight += people;
    }
    let factor = if weight > 0.0 {
        sum / weight
    } else {
        factors.iter().sum::<f64>() / factors.len() as f64
    };
    travel.mean_ms() * factor
}

/// Share of a pathway's first responses with this outcome.
fn share_to(pathway: &Pathway, outcome: &Outcome) -> f64 {
    pathway
        .outcome
        .iter()
        .filter(|(o, _)| o == outcome)
        .map(|(_, share)| share.get())
        .sum()
}

/// Mean referrals a day by pathway of those served together over the measured window: those received and taken, and those born of
/// others and taken. Infinite for all that a hub receives, directly or not, if referrals multiply without end.
fn pathway_flows(scenario: &Scenario, group: &Group, factors: &[f64]) -> Vec<f64> {
    let n = scenario.pathways.len();
    let external: Vec<f64> = scenario
        .pathways
        .iter()
        .zip(group.own_referrals())
        .zip(factors)
        .map(|((p, per_day), factor)| per_day * factor * (1.0 - p.declined.get()))
        .collect();
    let mut routing = vec![vec![0.0; n]; n];
    for (from, pathway) in scenario.pathways.iter().enumerate() {
        // An outcome follows a first response; a pathway that begins a package has none.
        if pathway.responses.is_empty() {
            continue;
        }
        for (outcome, share) in &pathway.outcome {
            if let Outcome::Pathway(to) = outcome {
                routing[from][to.0] += share.get() * (1.0 - scenario.pathways[to.0].declined.get());
            }
        }
    }
    // A circle that nobody enters is no overload.
    let mut reached: Vec<bool> = external.iter().map(|&e| e > 0.0).collect();
    for _ in 0..n {
        for from in 0..n {
            for to in 0..n {
                reached[to] |= reached[from] && routing[from][to] > 0.0;
            }
        }
    }
    for (from, row) in routing.iter_mut().enumerate() {
        for share in row.iter_mut() {
            if !reached[from] {
                *share = 0.0;
            }
        }
    }
    traffic_rates(&external, &routing)
        .unwrap_or_else(|| reached.iter().map(|&r| if r { f64::INFINITY } else { 0.0 }).collect())
}

/// Share of packages that have each stream: its own share, and for one stream the packages that draw none.
fn stream_probabilities(package: &Package) -> Vec<f64> {
    let none: f64 = package.streams.iter().map(|s| 1.0 - s.share.get()).product();
    let first = package
        .starts_with
        .first()
        .and_then(|role| package.streams.iter().position(|s| s.role == *role))
        .unwrap_or(0);
    package
        .streams
        .iter()
        .enumerate()
        .map(|(i, s)| s.share.get() + if i == first { none } else { 0.0 })
        .collect()
}

/// Strata of a package's length over which visits by the week are averaged.
const STRATA: u32 = 1000;

/// Mean visits of a stream in one package that has it.
fn mean_visits(package: &Package, stream: &Stream) -> f64 {
    let days = package.length.mean_ms() / Span::DAY.ms() as f64;
    match &stream.pattern {
        // Linear in the package's days, so the mean length is all it takes.
        Pattern::PerDay { start, end } => start
            .iter()
            .map(|s| s.share.get() * days * 0.5 * (s.visits + end.unwrap_or(s.visits)))
            .sum(),
        // The first at the start, then one at every multiple of 7/n days before the end.
        Pattern::PerWeek(visits) => {
            let step = 7.0 / visits * Span::DAY.ms() as f64;
            let later = |k: u32| {
                let u = (f64::from(k) + 0.5) / f64::from(STRATA);
                ((package.length.quantile_ms(u) / step).ceil() - 1.0).max(0.0)
            };
            1.0 + (0..STRATA).map(later).sum::<f64>() / f64::from(STRATA)
        }
        Pattern::At { times, days: on } => days * times.len() as f64 * f64::from(on.len()) / 7.0,
        Pattern::Once => 1.0,
    }
}

/// The fewest people whose contracts so many WTE can be: nobody holds more than one full-time post.
#[must_use]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "WTE are bounded")]
pub fn heads(wte: f64) -> u64 {
    (wte - 1e-9).ceil().max(0.0) as u64
}

#[cfg(test)]
mod tests {
    use super::{check, quoted};
    use crate::model::{
        AtStart, Calendar, Costs, DailyStart, Experiment, GateHolds, Headroom, Hub, Joint, Need, OutOfHours, Outcome,
        Package, PackageId, Pathway, PathwayId, Pattern, PoolPiece, Response, Role, RoleId, Scenario, Shift, ShiftEnd,
        Staffing, Stream, TrajectoryPlan, Travel, WeekProfile, Weekday, WeekdaySet,
    };
    use crate::random::Distribution;
    use crate::units::{PerDay, Share, Span, Wte};
    use jiff::civil::date;

    fn share(x: f64) -> Share {
        Share::new(x).unwrap()
    }

    fn fixed(minutes: i64) -> Distribution {
        Distribution::fixed(Span::from_minutes(minutes))
    }

    fn role(name: &str, admin_share: f64, notes: i64) -> Role {
        Role {
            name: name.into(),
            employer: None,
            hours_per_week: 37.5,
            headroom: Headroom {
                planned: share(0.16),
                absence: share(0.06),
            },
            admin_share: share(admin_share),
            notes: Span::from_minutes(notes),
            cost: None,
            overtime_cost: None,
            shifts: vec![Shift {
                name: "day".into(),
                from: Span::from_hours(8),
                to: Span::from_hours(20),
                unpaid_break: Span::from_minutes(30),
                days: WeekdaySet::ALL,
            }],
            shift_end: ShiftEnd::Finish,
        }
    }

    fn pathway(name: &str) -> Pathway {
        Pathway {
            name: name.into(),
            profile: WeekProfile::flat(),
            months: [1.0; 12],
            growth: 0.0,
            dispersion: 1.0,
            declined: Share::default(),
            opens: None,
            out_of_hours: OutOfHours::Defer,
            triage: Distribution::lognormal_mean_cv(Span::from_minutes(15), 0.6).unwrap(),
            priority: 3,
            patience: None,
            on_leaving: vec![],
            standard: None,
            outcome: vec![],
            also: vec![],
            joint: Joint::Separate,
            responses: vec![],
            package: None,
            start_due: None,
            waits_in: vec![],
        }
    }

    fn need(role: usize, minutes: i64, two: f64) -> Need {
        Need {
            role: RoleId(role),
            or: vec![],
            length: fixed(minutes),
            two: share(two),
            or_second: vec![],
        }
    }

    fn stream(name: &str, role: usize, of: f64, pattern: Pattern) -> Stream {
        Stream {
            name: name.into(),
            role: RoleId(role),
            or: vec![],
            share: share(of),
            pattern,
            length: fixed(30),
            first_length: None,
            two: Share::default(),
            or_second: vec![],
            tolerance: Span::HOUR,
            give_up: Span::from_hours(4),
            gated: false,
            first_after: Span::HOUR,
            hours: None,
        }
    }

    /// Two roles, one package, a crisis pathway of which two ninths come back and three tenths go on to a package.
    fn small() -> Scenario {
        let crisis = Pathway {
            declined: share(0.1),
            patience: Some(fixed(240)),
            outcome: vec![
                (Outcome::Pathway(PathwayId(0)), share(2.0 / 9.0)),
                (Outcome::Pathway(PathwayId(1)), share(0.3)),
                (Outcome::Hospital, share(0.1)),
                (Outcome::End("home".into()), share(0.6 - 2.0 / 9.0)),
            ],
            also: vec![(PackageId(0), share(0.5))],
            responses: vec![
                Response {
                    name: "joint".into(),
                    share: share(0.6),
                    lead: 0,
                    needs: vec![need(0, 60, 0.5), need(1, 40, 0.0)],
                },
                Response {
                    name: "care only".into(),
                    share: share(0.4),
                    lead: 0,
                    needs: vec![need(0, 50, 0.0)],
                },
            ],
            ..pathway("crisis")
        };
        let reablement = Pathway {
            package: Some(PackageId(0)),
            ..pathway("reablement")
        };
        let package = Package {
            name: "reablement".into(),
            length: Distribution::uniform(Span::from_days(14), Span::from_days(28)).unwrap(),
            priority: 3,
            gate: 0.8,
            gate_holds: GateHolds::Stream,
            starts_with: vec![RoleId(1), RoleId(0)],
            streams: vec![
                stream(
                    "care",
                    0,
                    0.9,
                    Pattern::PerDay {
                        start: vec![
                            DailyStart {
                                visits: 2.0,
                                share: share(0.5),
                            },
                            DailyStart {
                                visits: 4.0,
                                share: share(0.5),
                            },
                        ],
                        end: Some(1.0),
                    },
                ),
                Stream {
                    first_length: Some(fixed(90)),
                    ..stream("therapy", 1, 0.6, Pattern::PerWeek(2.0))
                },
            ],
            outcome: vec![],
        };
        Scenario {
            name: "small".into(),
            title: String::new(),
            notes: String::new(),
            experiment: Experiment {
                calendar: Calendar::new(date(2020, 6, 1), &[]),
                warm_up: Span::ZERO,
                run_length: Span::WEEK,
                replications: 2,
                seed: 1,
                confidence: share(0.95),
                precision: None,
            },
            hubs: vec![Hub {
                name: "Blaby, Oadby and Wigston".into(),
                residents: None,
                referrals: vec![PerDay::new(8.0).unwrap(), PerDay::new(1.0).unwrap()],
                travel: Travel {
                    urgent: fixed(20),
                    round: fixed(10),
                    hours: None,
                },
                staff: vec![
                    Staffing::Wte(Wte::new(10.0).unwrap()),
                    Staffing::OnShift(vec![PoolPiece {
                        name: None,
                        from: Span::from_hours(9),
                        to: Span::from_hours(17),
                        count: 3,
                    }]),
                ],
                caseload_limit: vec![None],
                beds: vec![],
                at_start: AtStart::default(),
            }],
            roles: vec![role("crisis-worker", 0.2, 10), role("therapist", 0.0, 0)],
            pathways: vec![crisis, reablement],
            packages: vec![package],
            beds: vec![],
            costs: Costs::default(),
            later: Vec::new(),
            dated: Vec::new(),
            recruits: Vec::new(),
            trajectory: TrajectoryPlan::default(),
            required: None,
            observed: vec![],
            neighbours: Vec::new(),
            pools: Vec::new(),
            served_elsewhere: Vec::new(),
            residents_are: String::new(),
            unknowns: vec![],
            assumptions: vec![],
        }
    }

    /// On paper. Crisis: 8 x 0.9 = 7.2 a day from outside; two ninths of the seen come back, a tenth of those are declined
    /// again, so one referral taken makes 1/(1 - 2/9 x 0.9) = 1.25 in all: 9. Reablement:
    /// 1 + 0.3 x 9 = 3.7. Packages: 3.7 + 9 x 0.5 x (1 - 0.1) = 7.75 a day of 21 days.
    /// Crisis workers: a joint visit takes (20 + 60 + 10)/0.8 = 112.5 min of 1.5 people, a care-only one 100 min:
    /// 9 x (0.6 x 1.5 x 112.5 + 0.4 x 100) = 1271.25 min. Care: 21 x (3 + 1)/2 = 42 visits of (10 + 30 + 10)/0.8 =
    /// 62.5 min in 90 % of packages: 7.75 x 0.9 x 42 x 62.5 = 18,309.375 min. In all 19,580.625 min a day = 13.5976.
    /// Therapists: first responses 9 x 0.6 x 60 = 324 min. Therapy: 60 %, and the 0.1 x 0.4 that draw nothing: 64 % of
    /// packages; every 3.5 days before an end 14 to 28 days off, every length as likely, are 4, 5, 6 or 7 visits, so
    /// 1 + 5.5 visits of 40 min, the first of 100: 7.75 x 0.64 x (100 + 5.5 x 40) = 1587.2 min. In all 1911.2 min a
    /// day = 1.32722.
    #[test]
    fn the_offered_load_is_the_one_worked_out_on_paper() {
        let answer = check(&small());
        let [crisis, therapist] = &answer.load[..] else {
            panic!("two rows")
        };
        assert!((crisis.offered - 19_580.625 / 1440.0).abs() < 1e-9, "{crisis:?}");
        assert!((therapist.offered - 1911.2 / 1440.0).abs() < 1e-6, "{therapist:?}");
        // 10 x 37.5 x 0.84 x 0.94 h a week of 168.
        assert!((crisis.capacity - 10.0 * 37.5 * 0.84 * 0.94 / 168.0).abs() < 1e-6);
        assert!((therapist.capacity - 1.0).abs() < 1e-12);
        assert!((therapist.ratio() - 1.327_222).abs() < 1e-6);
    }

    #[test]
    fn referrals_that_multiply_are_an_infinite_load_only_where_they_arrive() {
        let mut scenario = small();
        scenario.pathways[0].outcome = vec![(Outcome::Pathway(PathwayId(0)), share(1.0))];
        scenario.pathways[0].declined = Share::default();
        assert!(check(&scenario).load.iter().all(|row| row.offered == f64::INFINITY));
        scenario.hubs[0].referrals[0] = PerDay::default();
        let load = check(&scenario).load;
        // One package a day, nothing else.
        assert!((load[0].offered - 0.9 * 42.0 * 62.5 / 1440.0).abs() < 1e-9, "{load:?}");
    }

    #[test]
    fn months_and_growth_multiply_the_load() {
        let one = check(&small()).load;
        let mut scenario = small();
        for pathway in &mut scenario.pathways {
            pathway.months = [3.0; 12];
        }
        for (thrice, once) in check(&scenario).load.iter().zip(&one) {
            assert!(
                (thrice.offered / once.offered - 3.0).abs() < 1e-12 && (thrice.capacity - once.capacity).abs() < 1e-12
            );
        }
        // Four days of June at 2 and three of July at 5, each day a factor of (1 + growth)^(day/365.25).
        scenario.experiment.calendar = Calendar::new(date(2020, 6, 27), &[]);
        for pathway in &mut scenario.pathways {
            pathway.months[5..7].copy_from_slice(&[2.0, 5.0]);
            pathway.growth = 0.5;
        }
        let growth = |day: f64| libm::pow(1.5, day / 365.25);
        let mean: f64 = (2.0 * (growth(0.0) + growth(1.0) + growth(2.0) + growth(3.0))
            + 5.0 * (growth(4.0) + growth(5.0) + growth(6.0)))
            / 7.0;
        for (grown, once) in check(&scenario).load.iter().zip(&one) {
            assert!((grown.offered / once.offered / mean - 1.0).abs() < 1e-12);
        }
    }

    /// Demand on Mondays to Saturdays only, staff on Mondays to Fridays only. A bank holiday on the first Monday: the
    /// other five days bring 7/6 of the mean each, and the shift runs on four days of the seven.
    #[test]
    fn a_bank_holiday_is_a_sunday_for_load_and_capacity() {
        let mut scenario = small();
        let weights = [1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.0];
        for pathway in &mut scenario.pathways {
            pathway.profile = WeekProfile::from_hours_and_days(&[1.0; 24], &weights).unwrap();
        }
        scenario.roles[0].shifts[0].days = [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri]
            .into_iter()
            .fold(WeekdaySet::NONE, WeekdaySet::with);
        let plain = check(&scenario).load;
        assert!((plain[0].offered - 19_580.625 / 1440.0).abs() < 1e-9);
        scenario.experiment.calendar = Calendar::new(date(2020, 6, 1), &[date(2020, 6, 1)]);
        let holiday = check(&scenario).load;
        for (h, p) in holiday.iter().zip(&plain) {
            assert!((h.offered / p.offered - 5.0 / 6.0).abs() < 1e-12, "{h:?} {p:?}");
        }
        assert!((holiday[0].capacity / plain[0].capacity - 0.8).abs() < 1e-12);
        assert!((holiday[1].capacity - plain[1].capacity).abs() < 1e-12);
        // A day and a half: the holiday, and twelve hours of Tuesday with 7/6 of the mean.
        scenario.experiment.run_length = Span::from_hours(36);
        let short = check(&scenario).load;
        assert!((short[0].offered / plain[0].offered - 0.5 * 7.0 / 6.0 / 1.5).abs() < 1e-12);
    }

    #[test]
    fn traffic_hours_count_where_staff_are_on_shift() {
        let mut scenario = small();
        let mut hours = vec![5.0; 24];
        hours[9..17].fill(2.0);
        scenario.hubs[0].travel.hours = Some(hours);
        let load = check(&scenario).load;
        // Therapists: urgent travel 40 min instead of 20, round 20 instead of 10.
        let minutes = 9.0 * 0.6 * 80.0 + 7.75 * 0.64 * (110.0 + 5.5 * 50.0);
        assert!((load[1].offered - minutes / 1440.0).abs() < 1e-6);
    }

    #[test]
    fn every_distribution_has_its_path_in_file_order() {
        let answer = check(&small());
        let paths: Vec<&str> = answer.inputs.iter().map(|i| i.path.as_str()).collect();
        insta::assert_snapshot!(paths.join("\n"), @r#"
        hub."Blaby, Oadby and Wigston".travel.urgent
        hub."Blaby, Oadby and Wigston".travel.round
        pathway.crisis.triage
        pathway.crisis.patience
        pathway.crisis.response.joint.staff.crisis-worker.length
        pathway.crisis.response.joint.staff.therapist.length
        pathway.crisis.response."care only".staff.crisis-worker.length
        pathway.reablement.triage
        package.reablement.length
        package.reablement.visits.care.length
        package.reablement.visits.therapy.first-length
        package.reablement.visits.therapy.length
        "#);
        let triage = &answer.inputs[2];
        assert_eq!(triage.typed, "log-normal, mean 15 min, cv 0.6");
        assert!((triage.mean_min - 15.0).abs() < 1e-9 && (triage.sd_min - 9.0).abs() < 1e-9 && !triage.cut);
        assert_eq!(quoted("a\"b"), "\"a\\\"b\"");
    }

    #[test]
    fn staff_numbers_say_what_they_mean_on_shift() {
        let answer = check(&small());
        let [crisis, therapist] = &answer.staff[..] else {
            panic!("two rows")
        };
        let people = 10.0 * 37.5 * 0.84 / (7.0 * 11.5);
        assert_eq!((crisis.wte, therapist.wte), (Some(10.0), None));
        assert_eq!(crisis.rostered.len(), 1);
        assert!((crisis.rostered[0].1 - people).abs() < 1e-12);
        assert!((crisis.present[0].1 - 0.94 * people).abs() < 1e-12 && crisis.present.len() == 1);
        assert!((crisis.on_shift[8] - 0.94 * people).abs() < 1e-12 && crisis.on_shift[7] == 0.0);
        assert!(
            therapist.rostered.is_empty()
                && therapist.present.is_empty()
                && (therapist.on_shift[9] - 3.0).abs() < 1e-12
        );
    }
}
