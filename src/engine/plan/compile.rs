//! How a scenario becomes a plan: every name a number and a salt, every alternative a list, WTE a rota.

use super::{
    After, HubPlan, Lender, Length, Line, PackagePlan, PathwayPlan, Places, RecruitPlan, ResponsePlan, Roads, RolePlan,
    Seat, Source, StreamPlan, Task, TeamPlan, World,
};
use crate::engine::alone::Alone;
use crate::engine::event_list::NUMBER_BITS;
use crate::model::{
    AtStart, EndsAfter, GateHolds, Group, Hub, HubId, Joint, Need, OutOfHours, Outcome, Package, PackageId, Pathway,
    PathwayId, PoolPiece, Recruit, Response, Role, RoleId, Scenario, ShiftEnd, Staffing, Stream, Weekday, Within,
    expected_capacity, rostered_per_instance, time_of_wte,
};
use crate::random::{Key, PoissonTable, UnderWay, name_salt};
use crate::units::{Share, Span, Wte};

/// Most streams and pieces of waiting work at once: with room to spare what an event can number.
const MOST_PARTS: usize = 1 << (NUMBER_BITS - 2);

/// After the window, counted referrals are followed this long; then they are a miss.
const FOLLOW_UP: Span = Span::from_days(14);

impl World {
    /// Makes a scenario ready to run.
    #[must_use]
    pub fn new(scenario: &Scenario) -> Self {
        let mut lines = Vec::new();
        let mut tasks = Vec::new();
        // A person who needs two goes on needing them, though on another day nobody new does.
        let many_days = !scenario.later.is_empty();
        let mut world = Self::with_work(scenario, many_days, &mut tasks, &mut lines);
        world.later = scenario
            .later
            .iter()
            .map(|later| {
                (
                    later.from_day,
                    Self::with_work(&later.scenario, many_days, &mut tasks, &mut lines),
                )
            })
            .collect();
        for (_, later) in &mut world.later {
            later.take_work(tasks.clone(), lines.clone());
            later.calendar.clone_from(&world.calendar);
            (later.window_end, later.follow_until) = (world.window_end, world.follow_until);
        }
        world.take_work(tasks, lines);
        world
    }

    /// All but the work: its kinds and lines are added to those of other days.
    fn with_work(scenario: &Scenario, many_days: bool, tasks: &mut Vec<Task>, lines: &mut Vec<Line>) -> Self {
        let roles = scenario.roles.iter().map(role_plan).collect::<Vec<_>>();
        let pathways = scenario
            .pathways
            .iter()
            .enumerate()
            .map(|(id, p)| pathway_plan((PathwayId(id), p), scenario, tasks, lines))
            .collect();
        let mut streams = Vec::new();
        let mut packages = Vec::new();
        for package in &scenario.packages {
            let first = streams.len();
            for stream in &package.streams {
                streams.push(stream_plan(&package.name, stream, &roles, many_days, tasks, lines));
            }
            let stands = |hub: &Hub| hub.at_start.open.iter().any(|(id, _)| id.0 == packages.len());
            let under_way = scenario.hubs.iter().any(stands).then(|| UnderWay::of(&package.length));
            let first_ending = first_ending(scenario, EndsAfter::Package(PackageId(packages.len())));
            packages.push(package_plan(package, first..streams.len(), under_way, first_ending));
        }
        let experiment = &scenario.experiment;
        let islands = scenario.islands();
        let parts = scenario.packages.iter().map(|p| p.streams.len());
        let needs = scenario
            .pathways
            .iter()
            .flat_map(|p| &p.responses)
            .map(|r| r.needs.len());
        let most_parts = parts.chain(needs).max().unwrap_or(1).max(1);
        Self {
            most_open: (MOST_PARTS / most_parts).min(1 << 20),
            calendar: experiment.calendar.clone(),
            from: -experiment.warm_up.ms(),
            window_end: experiment.run_length.ms(),
            days: experiment.days(),
            first_days: scenario
                .stretches()
                .iter()
                .filter_map(|(days, _)| usize::try_from(days.start).ok())
                .collect(),
            beds: scenario.beds.len(),
            endings: scenario.endings().len(),
            months: experiment.months(),
            weeks: experiment.weeks(),
            follow_until: (experiment.run_length + FOLLOW_UP).ms(),
            seed: Key::root(experiment.seed),
            any_reserve: false,
            naming: Vec::new(),
            line_words: 0,
            sole_lines: Vec::new(),
            any_neighbours: !scenario.neighbours.is_empty(),
            hubs: scenario
                .groups()
                .iter()
                .enumerate()
                .map(|(n, group)| hub_plan(group, n < scenario.hubs.len(), scenario, &islands))
                .collect(),
            hubs_of_file: scenario.hubs.len(),
            poisson: (0..7).map(|k| PoissonTable::new(f64::from(1u32 << k))).collect(),
            islands,
            script: None,
            later: Vec::new(),
            recruits: scenario.recruits.iter().map(recruit_plan).collect(),
            roles,
            pathways,
            packages,
            streams,
            tasks: Vec::new(),
            lines: Vec::new(),
        }
    }

    /// The kinds of work of all days, and what their lines wait for.
    fn take_work(&mut self, tasks: Vec<Task>, lines: Vec<Line>) {
        self.line_words = lines.len().div_ceil(64);
        self.naming = vec![0; self.roles.len() * self.line_words];
        for (number, line) in lines.iter().enumerate() {
            for &role in line.seats.iter().flatten() {
                self.naming[usize::from(role) * self.line_words + number / 64] |= 1 << (number % 64);
            }
        }
        self.any_reserve = lines.iter().any(|l| l.reserve);
        (self.tasks, self.lines) = (tasks, lines);
        self.sole_lines = (0u16..)
            .zip(&self.roles)
            .map(|(role, plan)| self.sole_line(role, plan))
            .collect();
        let of_hub = |hub| self.pathways.iter().map(|plan| Alone::of(self, hub, plan)).collect();
        let alone: Vec<Vec<Option<Alone>>> = self.hubs.iter().map(of_hub).collect();
        for (hub, alone) in self.hubs.iter_mut().zip(alone) {
            hub.alone = alone;
        }
    }

    /// The only line that names a role, if it is plain.
    fn sole_line(&self, role: u16, plan: &RolePlan) -> Option<u32> {
        let mut naming = (0u32..)
            .zip(&self.lines)
            .filter(|(_, line)| line.all_roles.contains(&role));
        let (Some((number, line)), None) = (naming.next(), naming.next()) else {
            return None;
        };
        let plain = line.only.is_some() && !plan.no_late_start && !self.any_reserve && !self.any_neighbours;
        plain.then_some(number)
    }
}

fn role_plan(role: &Role) -> RolePlan {
    let share = role.admin_share.get();
    let one = Wte::new(1.0).unwrap_or_default();
    RolePlan {
        notes: role.notes.ms(),
        admin_extra: share / (1.0 - share),
        no_late_start: role.shift_end == ShiftEnd::NoLateStart,
        absence_salts: role
            .shifts
            .iter()
            .map(|s| name_salt(&format!("absence {} / {}", role.name, s.name)))
            .collect(),
        people_per_wte: rostered_per_instance(role, one),
        capacity_per_wte: Weekday::ALL.map(|day| time_of_wte(role, one, day)),
        role: role.clone(),
    }
}

fn recruit_plan(recruit: &Recruit) -> RecruitPlan {
    RecruitPlan {
        salt: name_salt(&format!("recruit {}", recruit.name)),
        recruit: recruit.clone(),
    }
}

/// The number of a line, made if there is none for these seats yet.
fn line_of(seats: Vec<Vec<u16>>, reserve: bool, lines: &mut Vec<Line>) -> u32 {
    let roles = seats.iter().flatten().fold(0, |bits, &role| bits | 1 << role);
    let all_roles = (0..128).filter(|&role| roles >> role & 1 == 1).collect();
    let only = match seats.as_slice() {
        [seat] if seat.len() == 1 => seat.first().copied(),
        _ => None,
    };
    let line = Line {
        only,
        seats,
        reserve,
        roles,
        all_roles,
    };
    let place = lines.iter().position(|l| *l == line).unwrap_or_else(|| {
        lines.push(line);
        lines.len() - 1
    });
    u32::try_from(place).unwrap_or(u32::MAX)
}

fn role_number(role: RoleId) -> u16 {
    u16::try_from(role.0).unwrap_or(u16::MAX)
}

fn role_list(first: RoleId, others: &[RoleId], more: &[RoleId]) -> Vec<u16> {
    let mut list = vec![role_number(first)];
    for role in others.iter().chain(more) {
        if !list.contains(&role_number(*role)) {
            list.push(role_number(*role));
        }
    }
    list
}

/// A need with the name that its draws are keyed by, and whether it takes two.
struct Place<'a> {
    need: &'a Need,
    name: &'a str,
    two: bool,
}

/// Adds a task for some needs, each for one or two people at the same instant.
fn add_task(
    places: &[Place<'_>],
    lead: Option<usize>,
    reserve: bool,
    tasks: &mut Vec<Task>,
    lines: &mut Vec<Line>,
) -> u32 {
    let (mut seats, mut line, mut lengths, mut lead_seat) = (Vec::new(), Vec::new(), Vec::new(), None);
    for (n, Place { need, name, two }) in places.iter().enumerate() {
        let number = u8::try_from(n).unwrap_or(u8::MAX);
        let salt = |what: &str| name_salt(&format!("{what} {name}"));
        if lead == Some(n) {
            lead_seat = u8::try_from(seats.len()).ok();
        }
        seats.push(Seat {
            need: number,
            travel_salt: salt("travel"),
        });
        line.push(role_list(need.role, &need.or, &[]));
        if *two {
            seats.push(Seat {
                need: number,
                travel_salt: salt("second travel"),
            });
            line.push(role_list(need.role, &need.or, &need.or_second));
        }
        lengths.push(Length {
            usual: need.length.clone(),
            first: None,
            salt: salt("length"),
        });
    }
    let line = line_of(line, reserve, lines);
    tasks.push(Task {
        line,
        urgent: true,
        seats,
        lengths,
        lead_seat,
        part: 0,
    });
    u32::try_from(tasks.len() - 1).unwrap_or(u32::MAX)
}

/// What the draws of a response's needs are keyed by: the names of pathway, response and role, and a number where a role
/// is needed more than once. Neither the joint rule nor the order of the list moves anybody's numbers.
fn need_names(pathway: &Pathway, response: &Response, scenario: &Scenario) -> Vec<String> {
    let role = |n: usize| response.needs[n].role;
    let name = |n: usize| {
        let same = (0..n).filter(|&m| role(m) == role(n)).count();
        let role = &scenario.roles[role(n).0].name;
        format!("response {} / {} / {role} {same}", pathway.name, response.name)
    };
    (0..response.needs.len()).map(name).collect()
}

fn pathway_plan(
    (id, pathway): (PathwayId, &Pathway),
    scenario: &Scenario,
    tasks: &mut Vec<Task>,
    lines: &mut Vec<Line>,
) -> PathwayPlan {
    let within = pathway.standard.map(|s| s.within);
    let due_after = match (pathway.start_due, within) {
        (Some(span), _) | (None, Some(Within::Time(span))) => Some(span.ms()),
        (None, Some(Within::SameDay)) => None,
        (None, None) => Some(0),
    };
    let mut upto = 0.0;
    let responses = pathway
        .responses
        .iter()
        .map(|response| {
            upto += response.share.get();
            let names = need_names(pathway, response, scenario);
            let together = pathway.joint != Joint::Separate && response.needs.len() > 1;
            let mut bits = 0..;
            let mask_bits: Vec<Option<u32>> = response
                .needs
                .iter()
                .map(|need| {
                    if together && need.two.get() > 0.0 {
                        bits.next()
                    } else {
                        None
                    }
                })
                .collect();
            let place = |n: usize, two: bool| Place {
                need: &response.needs[n],
                name: &names[n],
                two,
            };
            let tasks = if together {
                let reserve = pathway.joint == Joint::Reserve;
                let all = |mask: u32| {
                    let two = |n: usize| mask_bits[n].is_some_and(|bit| mask >> bit & 1 == 1);
                    (0..response.needs.len()).map(|n| place(n, two(n))).collect::<Vec<_>>()
                };
                let masks = 0..1u32 << mask_bits.iter().flatten().count();
                vec![
                    masks
                        .map(|mask| add_task(&all(mask), Some(response.lead), reserve, tasks, lines))
                        .collect(),
                ]
            } else {
                let each = response.needs.iter().enumerate().map(|(n, need)| {
                    let lead = (n == response.lead).then_some(0);
                    let one = add_task(&[place(n, false)], lead, false, tasks, lines);
                    let two = if need.two.get() > 0.0 {
                        add_task(&[place(n, true)], lead, false, tasks, lines)
                    } else {
                        one
                    };
                    for task in [one, two] {
                        tasks[task as usize].part = u8::try_from(n).unwrap_or(u8::MAX);
                    }
                    vec![one, two]
                });
                each.collect()
            };
            ResponsePlan {
                alone: match (response.needs.as_slice(), tasks.as_slice()) {
                    ([need], [list]) if need.two.get() <= 0.0 => list.first().copied(),
                    _ => None,
                },
                upto,
                two: response.needs.iter().map(|n| n.two.get()).collect(),
                tasks,
                mask_bits,
                together,
            }
        })
        .collect();
    PathwayPlan {
        salt: name_salt(&format!("pathway {}", pathway.name)),
        opens: pathway.opens,
        defer: pathway.out_of_hours == OutOfHours::Defer,
        declined: pathway.declined.get(),
        has_triage: !pathway.triage.is_zero(),
        triage: pathway.triage.clone(),
        patience: pathway.patience.clone(),
        on_leaving: cumulative(&pathway.on_leaving, |what| *what == Outcome::Hospital),
        within,
        clock_stops: pathway.standard.map(|s| s.clock_stops).unwrap_or_default(),
        due_after,
        priority: pathway.priority,
        outcome: cumulative(&pathway.outcome, |what| match what {
            Outcome::Pathway(id) => After::Pathway(id.0),
            Outcome::Hospital => After::Hospital,
            Outcome::End(_) => After::End,
        }),
        first_ending: first_ending(scenario, EndsAfter::FirstResponse(id)),
        first_leaving: first_ending(scenario, EndsAfter::Leaving(id)),
        also: pathway
            .also
            .iter()
            .map(|(id, share)| {
                (
                    id.0,
                    share.get(),
                    name_salt(&format!("also {}", scenario.packages[id.0].name)),
                )
            })
            .collect(),
        responses,
        package: pathway.package.map(|id| id.0),
        waits_in: pathway.waits_in.iter().map(|bed| bed.0).collect(),
        weights: std::array::from_fn(|weekday| {
            let hours = pathway.profile.day(weekday).iter();
            hours.fold((f64::INFINITY, 0.0), |(least, most), &hour| {
                (hour.min(least), hour.max(most))
            })
        }),
        profile: pathway.profile.clone(),
        months: pathway.months,
        growth: pathway.growth,
        dispersion: pathway.dispersion,
    }
}

/// Outcomes by cumulative share.
fn cumulative<T, U>(outcomes: &[(T, Share)], what: impl Fn(&T) -> U) -> Vec<(f64, U)> {
    let mut upto = 0.0;
    outcomes
        .iter()
        .map(|(outcome, share)| {
            upto += share.get();
            (upto, what(outcome))
        })
        .collect()
}

/// Where the outcomes of something begin in the list of endings.
fn first_ending(scenario: &Scenario, after: EndsAfter) -> usize {
    let endings = scenario.endings();
    endings.iter().position(|e| e.after == after).unwrap_or_default()
}

fn stream_plan(
    package: &str,
    stream: &Stream,
    roles: &[RolePlan],
    many_days: bool,
    tasks: &mut Vec<Task>,
    lines: &mut Vec<Line>,
) -> StreamPlan {
    let name = format!("stream {package} / {}", stream.name);
    let salt = |what: &str| name_salt(&format!("{what} {name}"));
    let need = Need {
        role: stream.role,
        or: stream.or.clone(),
        length: stream.length.clone(),
        two: stream.two,
        or_second: stream.or_second.clone(),
    };
    let mut task = |two: bool| {
        let place = Place {
            need: &need,
            name: &name,
            two,
        };
        let number = add_task(&[place], Some(0), false, tasks, lines);
        let task = &mut tasks[number as usize];
        task.urgent = false;
        task.lengths[0].first.clone_from(&stream.first_length);
        number
    };
    let task_one = task(false);
    let task_two = if stream.two.get() > 0.0 || many_days {
        task(true)
    } else {
        task_one
    };
    StreamPlan {
        role: stream.role.0,
        have_salt: salt("has"),
        phase_salt: salt("phase"),
        start_salt: salt("visits at start"),
        time_salt: salt("time"),
        task_one,
        task_two,
        mean_busy: stream.length.mean_ms() + roles[stream.role.0].role.notes.ms() as f64,
        stream: stream.clone(),
    }
}

fn package_plan(
    package: &Package,
    streams: std::ops::Range<usize>,
    under_way: Option<UnderWay>,
    first_ending: usize,
) -> PackagePlan {
    let by_role = package.starts_with.iter().flat_map(|role| {
        package
            .streams
            .iter()
            .enumerate()
            .filter(move |(_, s)| s.role == *role)
            .map(|(n, _)| n)
    });
    let mut lead_order: Vec<usize> = Vec::new();
    for n in by_role.chain(0..package.streams.len()) {
        if !lead_order.contains(&(streams.start + n)) {
            lead_order.push(streams.start + n);
        }
    }
    PackagePlan {
        length: package.length.clone(),
        length_salt: name_salt(&format!("length of {}", package.name)),
        under_way,
        priority: package.priority,
        gate: package.gate,
        holds_all: package.gate_holds == GateHolds::Package,
        streams,
        lead_order,
        outcome: cumulative(&package.outcome, |_| ()),
        first_ending,
        outcome_salt: name_salt(&format!("outcome of {}", package.name)),
    }
}

/// Who may help a hub, in the order in which they are asked: nearest first, then by name.
fn lenders(hub: HubId, scenario: &Scenario, place: impl Fn(HubId) -> usize) -> Vec<Lender> {
    let mut found: Vec<(Span, &str, Lender)> = Vec::new();
    for entry in scenario.neighbours.iter().filter(|n| n.hubs.contains(&hub)) {
        let roles = entry.roles.iter().fold(0, |bits, role| bits | 1 << role.0);
        for &other in entry.hubs.iter().filter(|&&h| h != hub) {
            let lender = Lender {
                hub: place(other),
                roles,
                after: entry.after.ms(),
                extra_travel: entry.extra_travel.ms(),
            };
            found.push((entry.extra_travel, &scenario.hubs[other.0].name, lender));
        }
    }
    found.sort_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)));
    found.into_iter().map(|(_, _, lender)| lender).collect()
}

/// The plan of people who are served together: those who stay at their own hub, with its staff, or those who are served
/// elsewhere, with the travel, limits and neighbours of the hub that serves them, and nobody of their own.
fn hub_plan(group: &Group, stay: bool, scenario: &Scenario, islands: &[Vec<HubId>]) -> HubPlan {
    let id = group.by;
    let hub = &scenario.hubs[id.0];
    let island = islands.iter().find(|island| island.contains(&id));
    let place = |hub: HubId| island.and_then(|i| i.iter().position(|h| *h == hub)).unwrap_or(0);
    let staff = |at: HubId| -> Vec<Staffing> {
        (0..scenario.roles.len())
            .map(|r| scenario.staff_based_at(at, RoleId(r)))
            .collect()
    };
    let base = scenario.base_of(id);
    let based_here = if stay {
        staff(id)
    } else {
        vec![Staffing::NONE; scenario.roles.len()]
    };
    let nothing = AtStart::default();
    let at_start = if stay { &hub.at_start } else { &nothing };
    let extra_travel = scenario.extra_travel(id) + group.extra_travel;
    let teams: Vec<TeamPlan> = if stay {
        let staffed = based_here.iter().zip(&scenario.roles);
        staffed.map(|(staffing, role)| team_plan(staffing, role)).collect()
    } else {
        // Nobody, at any time: there is nothing to set on any day.
        based_here.iter().map(|_| TeamPlan::Pool(vec![Vec::new(); 7])).collect()
    };
    let shift_hours = staff(base)
        .iter()
        .zip(&scenario.roles)
        .map(|(staffing, role)| shift_hours(staffing, role))
        .collect();
    HubPlan {
        alone: Vec::new(),
        base: place(base),
        extra_travel: extra_travel.ms(),
        lenders: lenders(id, scenario, place),
        salt: name_salt(&format!("hub {}", scenario.hubs[group.home.0].name)),
        home: group.home,
        by: id,
        served_at: place(id),
        mean_urgent: hub.travel.urgent.mean_ms() + extra_travel.ms() as f64,
        mean_round: hub.travel.round.mean_ms() + extra_travel.ms() as f64,
        urgent: Roads::new(&hub.travel.urgent),
        round: Roads::new(&hub.travel.round),
        hours: hub.travel.hours.clone(),
        teams,
        sources: group
            .referrals
            .iter()
            .zip(&group.places)
            .enumerate()
            .filter(|(_, (rate, (from, to)))| rate.get() > 0.0 && from < to)
            .map(|(pathway, (rate, &(from, to)))| Source {
                pathway,
                rate: rate.get(),
                places: Places(from, to),
            })
            .collect(),
        places: group.places.iter().map(|&(from, to)| Places(from, to)).collect(),
        caseload_limit: hub.caseload_limit.clone(),
        beds: hub.beds.clone(),
        open_at_start: at_start
            .open
            .iter()
            .map(|&(id, n)| {
                (
                    id.0,
                    n,
                    name_salt(&format!("open at start {}", scenario.packages[id.0].name)),
                )
            })
            .collect(),
        waiting_at_start: at_start
            .waiting
            .iter()
            .map(|&(id, n)| {
                (
                    id.0,
                    n,
                    name_salt(&format!("waiting at start {}", scenario.pathways[id.0].name)),
                )
            })
            .collect(),
        capacity: based_here
            .iter()
            .zip(&scenario.roles)
            .map(|(staffing, role)| Weekday::ALL.map(|day| expected_capacity(role, staffing, day).ms()))
            .collect(),
        shift_hours,
    }
}

fn team_plan(staffing: &Staffing, role: &Role) -> TeamPlan {
    match staffing {
        Staffing::Wte(wte) => TeamPlan::People(rostered_per_instance(role, *wte)),
        Staffing::OnShift(pieces) => {
            let covers = |piece: &PoolPiece, at: Span| {
                if piece.to > piece.from {
                    piece.from <= at && at < piece.to
                } else {
                    at >= piece.from || at < piece.to
                }
            };
            let mut times: Vec<Span> = pieces.iter().flat_map(|p| [p.from, p.to]).chain([Span::ZERO]).collect();
            times.retain(|t| *t < Span::DAY);
            times.sort();
            times.dedup();
            let day: Vec<(i64, u32)> = times
                .iter()
                .map(|&at| (at.ms(), pieces.iter().filter(|p| covers(p, at)).map(|p| p.count).sum()))
                .collect();
            TeamPlan::Pool(vec![day; 7])
        }
        Staffing::Rota(hours) => TeamPlan::Pool(
            hours
                .chunks(24)
                .map(|day| (0..).zip(day).map(|(h, &n)| (Span::from_hours(h).ms(), n)).collect())
                .collect(),
        ),
    }
}

/// From the first to the last time of day at which a role works; the whole day if it works past midnight or never.
fn shift_hours(staffing: &Staffing, role: &Role) -> (i64, i64) {
    let day = Span::DAY.ms();
    let stretches: Vec<(i64, i64)> = match staffing {
        Staffing::Wte(_) => role
            .shifts
            .iter()
            .map(|s| (s.from.ms(), (s.from + s.length()).ms()))
            .collect(),
        Staffing::OnShift(pieces) => pieces
            .iter()
            .filter(|p| p.count > 0)
            .map(|p| (p.from.ms(), if p.to > p.from { p.to.ms() } else { p.to.ms() + day }))
            .collect(),
        Staffing::Rota(hours) => (0..)
            .zip(hours.iter())
            .filter(|(_, n)| **n > 0)
            .map(|(h, _)| (Span::from_hours(h % 24).ms(), Span::from_hours(h % 24 + 1).ms()))
            .collect(),
    };
    let from = stretches.iter().map(|s| s.0).min().unwrap_or(0);
    let to = stretches.iter().map(|s| s.1).max().unwrap_or(day);
    if to > day { (0, day) } else { (from, to) }
}
