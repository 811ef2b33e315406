//! The infinite-server control: what chance brought to a replication, measured by a system whose mean is known.
//!
//! Beside the service stands another, with the same people, the same lengths of their visits, and a worker for everybody at once.
//! At any time as many are at work in it as a Poisson number, whose mean `m(t)` follows from the referrals expected by hour and
//! the law of lengths; and whoever arrives finds it so (S. G. Eick, W. A. Massey & W. Whitt, *The physics of the `M_t/G/infinity`
//! queue*, Operations Research 41 (1993), 731-742). If an arrival finds `N` at work there and `s` are on shift here, then
//!
//! `C = sum over counted arrivals of ((N - s + 1)^+)^2`
//!
//! is large in those replications in which people had to wait, and its mean is an integral over the window. What is left of hits less
//! the level wanted times referrals after `b (C - E C)` is taken off has the same mean and less chance in it, for any constant
//! `b` (A. M. Law, *Simulation Modeling and Analysis*, 5th ed., 11.4). This holds whatever the service does; the control is only
//! worth having where the visits of the other system are those of this one.
//!
//! How many each arrival finds does not depend on the staff. So a replication is drawn once for an island, and counted in a table by
//! stretch of the week and number found; the control of a staffing is a sum over it.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use serde::Serialize;

use crate::engine::{self, Offered, World};
use crate::model::{HoursOfWeek, HubId, OutOfHours, Outcome, PathwayId, RoleId, Scenario};
use crate::random::Distribution;
use crate::units::{Instant, Span};

/// Why a level has no control.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NoControl {
    /// The service changes on a date, or posts fill and empty.
    Changes,
    /// The hub shares staff or serves people of other areas.
    Shares,
    /// The standard is one of a package.
    Package,
    /// First responses are of several kinds, need more than one person, or one of several roles.
    Response,
    /// Referrals come in bursts, or wait for an opening.
    NotPoisson,
    /// People become referrals of this pathway by what the service does.
    BornOfService,
    /// The role does other work as well.
    OtherWork,
}

/// Parts of an hour, each with two points at which it is looked at.
const PARTS: usize = 12;
/// Where in each part, by the rule of Gauss with two points.
const POINTS: [f64; 2] = [0.211_324_865_405_187_1, 0.788_675_134_594_812_9];
/// Looks at an hour.
const LOOKS: usize = PARTS * POINTS.len();

/// The other system, for the first responses of one pathway at one hub.
#[derive(Debug)]
pub(super) struct Control {
    hub: HubId,
    role: RoleId,
    pathway: usize,
    /// Stretch of the week that each hour of it belongs to, and the first hour of each stretch.
    stretches: Vec<usize>,
    first_hours: Vec<usize>,
    /// The most at work that are told apart.
    most: usize,
    /// Arrivals expected to find so many, as counted in `Found`.
    expected: Vec<f64>,
    /// Busy besides the length of a visit: so much \[ms\] after so many times the length.
    besides: f64,
    times: f64,
    from_hour: i64,
    hours: Vec<usize>,
}

/// Counted arrivals of a replication by stretch of the week and how many they found at work.
pub(super) type Found = Box<[u32]>;

impl Control {
    /// The control of a level, or why there is none. Staff may differ between `staffings`, of which each number that may be chosen is
    /// larger in one.
    pub(super) fn of(
        scenario: &Scenario,
        world: &World,
        hub: HubId,
        pathway: PathwayId,
        staffings: &[Scenario],
    ) -> Result<Self, NoControl> {
        let role = role_of(scenario, hub, pathway)?;
        let plan = &scenario.pathways[pathway.0];
        let need = &plan.responses[0].needs[0];
        let doer = &scenario.roles[role.0];
        let times = 1.0 / (1.0 - doer.admin_share.get());
        let travel = scenario.hubs[hub.0].travel.urgent.mean_ms();
        let besides = (travel + doer.notes.ms() as f64) * times;
        let rates = engine::expected_by_hour(world, hub, pathway.0);
        let from_hour = -scenario.experiment.warm_up.ms().div_euclid(Span::HOUR.ms());
        let calendar = &scenario.experiment.calendar;
        let hours: Vec<usize> = (from_hour..)
            .zip(&rates)
            .map(|(hour, _)| {
                let day = calendar.working_weekday(hour.div_euclid(24)).index();
                day * 24 + usize::try_from(hour.rem_euclid(24)).unwrap_or(0)
            })
            .collect();
        let (stretches, first_hours) = stretches(role, hub, staffings);
        let busy = busy_at(&rates, &need.length, besides, times);
        let highest = busy.iter().copied().fold(0.0, f64::max);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "rounded up, of people"
        )]
        let most = (highest + 12.0 * highest.sqrt()).ceil() as usize + 20;
        let mut expected = vec![0.0; first_hours.len() * (most + 1)];
        for (place, rate) in rates.iter().enumerate() {
            if from_hour + i64::try_from(place).unwrap_or(0) < 0 || *rate <= 0.0 {
                continue;
            }
            let row = stretches[hours[place]] * (most + 1);
            for mean in &busy[place * LOOKS..(place + 1) * LOOKS] {
                add_poisson(&mut expected[row..=row + most], *mean, rate / LOOKS as f64);
            }
        }
        Ok(Self {
            hub,
            role,
            pathway: pathway.0,
            stretches,
            first_hours,
            most,
            expected,
            besides,
            times,
            from_hour,
            hours,
        })
    }

    /// How many the counted arrivals of a replication found at work in the other system.
    pub(super) fn found(&self, offered: &[Offered]) -> Found {
        let mut found = vec![0; self.expected.len()];
        let mut ends: BinaryHeap<Reverse<i64>> = BinaryHeap::new();
        let mine = |o: &&Offered| o.hub == self.hub.0 && o.pathway == self.pathway;
        for one in offered.iter().filter(mine) {
            let now = one.clock.ms();
            while ends.peek().is_some_and(|Reverse(end)| *end <= now) {
                ends.pop();
            }
            let place = usize::try_from(now.div_euclid(Span::HOUR.ms()) - self.from_hour);
            let hour = place.ok().and_then(|place| self.hours.get(place));
            if let Some(hour) = hour.filter(|_| one.clock >= Instant::from_ms(0)) {
                found[self.stretches[*hour] * (self.most + 1) + ends.len().min(self.most)] += 1;
            }
            #[expect(clippy::cast_possible_truncation, reason = "milliseconds")]
            let busy = (self.besides + self.times * one.length.ms() as f64).round() as i64;
            ends.push(Reverse(now + busy));
        }
        found.into()
    }

    /// What an arrival adds that finds so many at work, by stretch of the week, with these staff.
    pub(super) fn weights(&self, scenario: &Scenario) -> Vec<f64> {
        let staff = HoursOfWeek::expected(
            &scenario.roles[self.role.0],
            &scenario.hubs[self.hub.0].staff[self.role.0],
        )
        .0;
        let of = |hour: &usize| {
            let on_shift = staff[*hour];
            (0..=self.most).map(move |n| {
                let over = (n as f64 - on_shift + 1.0).max(0.0);
                over * over
            })
        };
        self.first_hours.iter().flat_map(of).collect()
    }

    /// The control less its mean.
    pub(super) fn value(&self, found: &Found, weights: &[f64]) -> f64 {
        let less_mean = found.iter().zip(&self.expected).map(|(n, mean)| f64::from(*n) - mean);
        less_mean.zip(weights).map(|(n, weight)| n * weight).sum()
    }
}

/// The role whose visits are the first responses of a pathway and nothing else, if that is all there is to it.
fn role_of(scenario: &Scenario, hub: HubId, pathway: PathwayId) -> Result<RoleId, NoControl> {
    let refuse = |what: bool, why: NoControl| if what { Err(why) } else { Ok(()) };
    refuse(
        !scenario.later.is_empty() || !scenario.recruits.is_empty(),
        NoControl::Changes,
    )?;
    let shares = scenario.neighbours.iter().any(|n| n.hubs.contains(&hub)) || scenario.pool_of(hub).is_some();
    let elsewhere = scenario.served_elsewhere.iter().any(|e| e.home == hub || e.by == hub);
    refuse(shares || elsewhere, NoControl::Shares)?;
    let plan = &scenario.pathways[pathway.0];
    refuse(plan.package.is_some(), NoControl::Package)?;
    let need = match plan.responses.as_slice() {
        [response] => match response.needs.as_slice() {
            [need] if need.or.is_empty() && need.two.get() <= 0.0 => need,
            _ => return Err(NoControl::Response),
        },
        _ => return Err(NoControl::Response),
    };
    let deferred = plan.opens.is_some() && plan.out_of_hours == OutOfHours::Defer;
    refuse(plan.dispersion > 1.0 || deferred, NoControl::NotPoisson)?;
    let leads_here = |outcomes: &[(Outcome, crate::units::Share)]| {
        let here = Outcome::Pathway(pathway);
        outcomes
            .iter()
            .any(|(outcome, share)| *outcome == here && share.get() > 0.0)
    };
    let born = scenario
        .pathways
        .iter()
        .any(|p| leads_here(&p.outcome) || leads_here(&p.on_leaving));
    refuse(born, NoControl::BornOfService)?;
    let role = need.role;
    let others = scenario.pathways.iter().enumerate().filter(|(n, _)| *n != pathway.0);
    let mut other_needs = others.flat_map(|(_, p)| &p.responses).flat_map(|r| &r.needs);
    let mut streams = scenario.packages.iter().flat_map(|p| &p.streams);
    let other_work = other_needs.any(|n| n.role == role || n.or.contains(&role) || n.or_second.contains(&role))
        || streams.any(|s| s.role == role || s.or.contains(&role) || s.or_second.contains(&role));
    refuse(other_work, NoControl::OtherWork)?;
    Ok(role)
}

/// Stretches of the week in which staff are as many whatever is chosen: the one of each hour, and the first hour of each.
fn stretches(role: RoleId, hub: HubId, staffings: &[Scenario]) -> (Vec<usize>, Vec<usize>) {
    let on_shift = |s: &Scenario| HoursOfWeek::expected(&s.roles[role.0], &s.hubs[hub.0].staff[role.0]).0;
    let each: Vec<Vec<f64>> = staffings.iter().map(on_shift).collect();
    let alike = |a: usize, b: usize| each.iter().all(|hours| hours[a].total_cmp(&hours[b]).is_eq());
    let mut first_hours: Vec<usize> = Vec::new();
    let of = |hour: usize, first_hours: &mut Vec<usize>| {
        let known = first_hours.iter().position(|first| alike(*first, hour));
        known.unwrap_or_else(|| {
            first_hours.push(hour);
            first_hours.len() - 1
        })
    };
    let stretches = (0..168).map(|hour| of(hour, &mut first_hours)).collect();
    (stretches, first_hours)
}

/// The mean number at work in a system that has a worker for everybody and was empty before the first hour, [`LOOKS`] times an
/// hour: `m(t) = sum over hours before of rate x (G(t - start) - G(t - end))`, with `G(x)` the mean of the shorter of `x` and the
/// time for which somebody is busy.
fn busy_at(rates: &[f64], length: &Distribution, besides: f64, times: f64) -> Vec<f64> {
    let hour = Span::HOUR.ms() as f64;
    let mean_up_to = |x: f64| {
        if x <= besides {
            x.max(0.0)
        } else {
            besides + times * length.mean_up_to_ms((x - besides) / times)
        }
    };
    let whole = besides + times * length.mean_ms();
    // Of those who came in an hour so long ago, the share at work now.
    let mut at_work: Vec<[f64; LOOKS]> = Vec::new();
    for ago in 0..rates.len() {
        let offset = |look: usize| ((look / 2) as f64 + POINTS[look % 2]) / PARTS as f64 + ago as f64;
        let share = |look: usize| (mean_up_to(offset(look) * hour) - mean_up_to((offset(look) - 1.0) * hour)) / hour;
        at_work.push(std::array::from_fn(share));
        if whole - mean_up_to(ago as f64 * hour) < 1e-10 * whole {
            break;
        }
    }
    let mut busy = Vec::with_capacity(rates.len() * LOOKS);
    for now in 0..rates.len() {
        let of = |look: usize| -> f64 {
            let hours = at_work.iter().zip(rates[..=now].iter().rev());
            hours.map(|(shares, rate)| rate * shares[look]).sum()
        };
        busy.extend((0..LOOKS).map(of));
    }
    busy
}

/// Adds `weight` times the probabilities of a Poisson number with this mean; the last stands for all from there on.
fn add_poisson(to: &mut [f64], mean: f64, weight: f64) {
    let mut probability = libm::exp(-mean);
    let mut left = 1.0;
    let last = to.len() - 1;
    for (n, place) in (1..).zip(&mut to[..last]) {
        *place += weight * probability;
        left -= probability;
        let n: u32 = n;
        probability *= mean / f64::from(n);
    }
    to[last] += weight * left.max(0.0);
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Control, Found, LOOKS, NoControl, PARTS, POINTS, busy_at};
    use crate::answers::required::space::staffed;
    use crate::engine::{self, World};
    use crate::model::{HubId, PathwayId, RoleId, Scenario, StaffPlace};
    use crate::random::Distribution;
    use crate::scenario::read_with;
    use crate::units::Span;

    fn scenario(name: &str, changes: &[&str]) -> Scenario {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(name);
        let changes: Vec<String> = changes.iter().map(|c| (*c).to_owned()).collect();
        let read = read_with(&path, &changes);
        read.map_err(|p| format!("{p:?}")).unwrap().scenario
    }

    /// So many by day and by night at every hub.
    fn with(scenario: &Scenario, day: f64, night: f64) -> Scenario {
        let hubs = (0..scenario.hubs.len()).map(HubId);
        let place = |hub, piece, number| {
            (
                StaffPlace {
                    hub,
                    role: RoleId(0),
                    piece: Some(piece),
                },
                number,
            )
        };
        let numbers: Vec<_> = hubs
            .flat_map(|hub| [place(hub, 0, day), place(hub, 1, night)])
            .collect();
        staffed(scenario, &numbers)
    }

    fn control(scenario: &Scenario, hub: usize) -> Result<Control, NoControl> {
        let staffings = [(0.0, 0.0), (9.0, 0.0), (0.0, 9.0)].map(|(day, night)| with(scenario, day, night));
        Control::of(scenario, &World::new(scenario), HubId(hub), PathwayId(0), &staffings)
    }

    /// Control and hits less 95 % of referrals, by replication.
    fn both(scenario: &Scenario, hub: usize, (day, night): (f64, f64), replications: u32) -> Vec<(f64, f64)> {
        let (control, staffed) = (control(scenario, hub).unwrap(), with(scenario, day, night));
        let (world, weights) = (World::new(&staffed), control.weights(&staffed));
        let of = |r: u32| {
            let found: Found = control.found(&engine::offered(&world, hub, r));
            let record = engine::run(&world, hub, r);
            let book = &record.hubs[0].pathways[0];
            assert_eq!(u64::from(found.iter().sum::<u32>()), book.referrals);
            let gap = book.hits as f64 - 0.95 * book.referrals as f64;
            (control.value(&found, &weights), gap)
        };
        (0..replications).map(of).collect()
    }

    fn mean_and_squares(values: &[f64]) -> (f64, f64) {
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        (mean, values.iter().map(|v| (v - mean) * (v - mean)).sum())
    }

    /// Hubs of day-and-night and staffings near the level. Means are to be within 4 standard errors, each wrong with probability
    /// 6e-5. Of the shares of variance explained, 0.456 to 0.659 here, the least is 0.45 in all of 1,000
    /// replications: they err by 0.025 or so.
    #[test]
    fn the_control_has_the_mean_that_is_reckoned_and_explains_half() {
        let scenario = scenario("staffing/day-and-night.toml", &[]);
        for (hub, staff) in [
            (1, (4.0, 2.0)),
            (2, (4.0, 2.0)),
            (2, (5.0, 2.0)),
            (3, (6.0, 2.0)),
            (4, (5.0, 3.0)),
            (5, (8.0, 4.0)),
            (5, (7.0, 4.0)),
        ] {
            let both = both(&scenario, hub, staff, 1000);
            let (controls, gaps): (Vec<f64>, Vec<f64>) = both.iter().copied().unzip();
            let ((mean, squares), (gap, gap_squares)) = (mean_and_squares(&controls), mean_and_squares(&gaps));
            let error = squares.sqrt() / 1000.0;
            let products: f64 = both.iter().map(|(c, z)| (c - mean) * (z - gap)).sum();
            let explained = products * products / (squares * gap_squares);
            assert!(
                mean.abs() < 4.0 * error,
                "hub {hub}, {staff:?}: {mean} with error {error}"
            );
            assert!(explained >= 0.45, "hub {hub}, {staff:?}: {explained}");
        }
    }

    /// All that moves demand and lengthens work, at once: days of the week, months, growth, a bank holiday, refusals, travel, notes,
    /// admin, another law; and a window that ends in the middle of an hour. Wrong with probability 6e-5.
    #[test]
    fn whatever_moves_demand_is_in_the_mean() {
        let scenario = scenario(
            "staffing/day-and-night.toml",
            &[
                "pathway.urgent.days={ Mon = 1.4, Tue = 1.0, Wed = 1.2, Thu = 1.0, Fri = 1.0, Sat = 0.9, Sun = 0.5 }",
                "pathway.urgent.months={ Jan = 1.5, Feb = 1.0, Mar = 1.0, Apr = 1.0, May = 1.0, Jun = 1.0, Jul = 1.0, Aug = 1.0, Sep = 1.0, Oct = 1.0, Nov = 1.0, Dec = 0.5 }",
                "pathway.urgent.growth=0.8",
                "pathway.urgent.declined=0.1",
                "role.worker.notes=10 min",
                "role.worker.admin-share=0.1",
                "hub.*.travel={ urgent = \"12 min\", round = \"12 min\", cv = 0.4 }",
                "pathway.urgent.response.visit.staff=[{ role = \"worker\", length = { lognormal = { mean = \"70 min\", cv = 0.9 } } }]",
                "experiment.bank-holidays=[2021-01-13]",
                "experiment.warm-up=1 day",
                "experiment.run-length=41790 min",
            ],
        );
        let staffed = with(&scenario, 4.0, 3.0);
        let (control, world) = (control(&scenario, 3).unwrap(), World::new(&scenario));
        let weights = control.weights(&staffed);
        let values: Vec<f64> = (0..1500)
            .map(|r| control.value(&control.found(&engine::offered(&world, 3, r)), &weights))
            .collect();
        let (mean, squares) = mean_and_squares(&values);
        assert!(
            mean.abs() < 4.0 * squares.sqrt() / 1500.0,
            "{mean} {}",
            squares.sqrt() / 1500.0
        );
        // It could tell a hundredth of the mean.
        let expected: f64 = control.expected.iter().zip(&weights).map(|(n, w)| n * w).sum();
        assert!(4.0 * squares.sqrt() / 1500.0 < 0.05 * expected, "{expected}");
    }

    /// From empty: with exponential lengths of mean 1.5 h the mean at work is 2 x 1.5 (1 - exp(-t/1.5)), with fixed ones of 90
    /// minutes whoever came in the last 90.
    #[test]
    fn the_mean_at_work_is_that_of_the_closed_form() {
        let time = |n: usize| (n / LOOKS) as f64 + ((n % LOOKS / 2) as f64 + POINTS[n % 2]) / PARTS as f64;
        let length = Distribution::exponential(Span::from_minutes(90)).unwrap();
        for (n, busy) in busy_at(&[2.0; 40], &length, 0.0, 1.0).iter().enumerate() {
            let exact = 3.0 * (1.0 - libm::exp(-time(n) / 1.5));
            assert!((busy - exact).abs() < 1e-8, "{n}: {busy} {exact}");
        }
        // 2, 5 and 1 an hour; 72 minutes, 8 of notes, and a tenth of all is admin: 80 / 0.9 minutes.
        let rates = [2.0, 5.0, 1.0, 0.0, 0.0];
        let came = |t: f64| -> f64 { (0..5).map(|h| rates[h] * (t - h as f64).clamp(0.0, 1.0)).sum() };
        let fixed = Distribution::fixed(Span::from_minutes(72));
        let besides = Span::from_minutes(8).ms() as f64 / 0.9;
        for (n, busy) in busy_at(&rates, &fixed, besides, 1.0 / 0.9).iter().enumerate() {
            let exact = came(time(n)) - came(time(n) - 80.0 / 60.0 / 0.9);
            assert!((busy - exact).abs() < 1e-9, "{n}: {busy} {exact}");
        }
    }

    #[test]
    fn where_the_mean_is_not_known_there_is_no_control() {
        let why = |changes: &[&str]| control(&scenario("staffing/day-and-night.toml", changes), 0).err();
        assert_eq!(why(&[]), None);
        assert_eq!(why(&["pathway.urgent.dispersion=1.2"]), Some(NoControl::NotPoisson));
        assert_eq!(why(&["pathway.urgent.opens=08:00-20:00"]), Some(NoControl::NotPoisson));
        let open = ["pathway.urgent.opens=08:00-20:00", "pathway.urgent.out-of-hours=accept"];
        assert_eq!(why(&open), None);
        let baseline = scenario("home-first-2020.toml", &[]);
        let world = World::new(&baseline);
        let of = |pathway: &str| {
            let id = baseline
                .pathways
                .iter()
                .position(|p| p.name == pathway)
                .map(PathwayId)
                .unwrap();
            Control::of(&baseline, &world, HubId(0), id, std::slice::from_ref(&baseline)).err()
        };
        assert_eq!(of("crisis"), Some(NoControl::Response));
        assert_eq!(of("reablement"), Some(NoControl::Package));
    }
}
