//! The infinite-server control: what chance brought to a replication, measured by a system whose mean is known.
//!
//! Beside the service stands another, with the same people, the same lengths of their visits, and a worker for everybody at once.
//! At any time as many are at work in it as a Poisson number, whose mean `m(t)` follows from the referrals expected by hour and
//! the law of lengths; and whoever arrives finds it so (S. G. Eick, W. A. Massey & W. Whitt, *The physics of the M_t/G/infinity
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
    use super::*;
    use crate::answers::required::space::staffed;
    use crate::model::StaffPlace;
    use std::path::Path;

    fn scenario() -> Scenario {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/staffing/day-and-night.toml");
        crate::scenario::read_with(&path, &[])
            .map_err(|p| format!("{p:?}"))
            .unwrap()
            .scenario
    }

    #[test]
    #[ignore = "look"]
    fn look() {
        let s = scenario();
        let plain = World::new(&s);
        let q = s.required.clone().unwrap();
        let corners: Vec<Scenario> = [(0., 0.), (5., 0.), (0., 5.)]
            .iter()
            .map(|(d, n)| cell(&s, *d, *n))
            .collect();
        fn cell(s: &Scenario, d: f64, n: f64) -> Scenario {
            let places: Vec<(StaffPlace, f64)> = (0..6)
                .flat_map(|h| {
                    [(0, d), (1, n)].map(|(p, x)| {
                        (
                            StaffPlace {
                                hub: HubId(h),
                                role: RoleId(0),
                                piece: Some(p),
                            },
                            x,
                        )
                    })
                })
                .collect();
            staffed(s, &places)
        }
        let _ = q;
        let reps = 400;
        for (h, cells) in [
            (0, vec![(3., 2.), (4., 1.), (2., 2.), (5., 1.), (3., 3.)]),
            (1, vec![(4., 2.), (3., 2.), (5., 2.), (6., 1.)]),
            (2, vec![(5., 2.), (4., 2.), (4., 3.), (6., 2.)]),
            (3, vec![(5., 3.), (6., 2.), (4., 3.)]),
            (4, vec![(6., 3.), (5., 3.), (8., 2.), (5., 4.)]),
            (5, vec![(8., 4.), (9., 3.), (7., 4.), (7., 5.)]),
        ] {
            let control = Control::of(&s, &plain, HubId(h), PathwayId(0), &corners).unwrap();
            let found: Vec<Found> = (0..reps)
                .map(|r| control.found(&engine::offered(&plain, h, r)))
                .collect();
            println!(
                "hub {h}: stretches {} most {} expected {:.2}",
                control.first_hours.len(),
                control.most,
                control.expected.iter().sum::<f64>()
            );
            for (d, n) in cells {
                let st = cell(&s, d, n);
                let w = World::new(&st);
                let hits: Vec<(f64, f64)> = (0..reps)
                    .map(|r| {
                        let x = engine::run(&w, h, r);
                        let p = &x.hubs[0].pathways[0];
                        (p.hits as f64, p.referrals as f64)
                    })
                    .collect();
                let refs = hits.iter().map(|x| x.1).sum::<f64>() / f64::from(reps);
                let z: Vec<f64> = hits.iter().map(|x| (x.0 - 0.95 * x.1) / refs).collect();
                let lvl = z.iter().sum::<f64>() / f64::from(reps) + 0.95;
                print!("  ({d},{n}) level {lvl:.4}");
                let base = control.weights(&st);
                let staff = HoursOfWeek::expected(&st.roles[0], &st.hubs[h].staff[0]).0;
                let mk = |off: f64, pow: f64| -> Vec<f64> {
                    control
                        .first_hours
                        .iter()
                        .flat_map(|hr| {
                            let s = staff[*hr];
                            (0..=control.most).map(move |n| libm::pow((n as f64 - s + off).max(0.0), pow))
                        })
                        .collect()
                };
                let all: Vec<(&str, Vec<f64>)> = vec![
                    ("sq+1", base),
                    ("sq0", mk(0., 2.)),
                    ("sq-1", mk(-1., 2.)),
                    ("sq+2", mk(2., 2.)),
                    ("l1", mk(1., 1.)),
                    ("c1", mk(1., 3.)),
                    ("sq+3", mk(3., 2.)),
                ];
                let mut cols: Vec<Vec<f64>> = Vec::new();
                for (name, weights) in &all {
                    let c: Vec<f64> = found.iter().map(|f| control.value(f, weights) / refs).collect();
                    let m = c.iter().sum::<f64>() / c.len() as f64;
                    let sd = (c.iter().map(|x| (x - m) * (x - m)).sum::<f64>() / (c.len() - 1) as f64).sqrt();
                    let t = m / (sd / (c.len() as f64).sqrt());
                    let mz = z.iter().sum::<f64>() / z.len() as f64;
                    let szc: f64 = z.iter().zip(&c).map(|(a, b)| (a - mz) * (b - m)).sum();
                    let scc: f64 = c.iter().map(|b| (b - m) * (b - m)).sum();
                    let szz: f64 = z.iter().map(|b| (b - mz) * (b - mz)).sum();
                    let ec: f64 = control.expected.iter().zip(weights).map(|(a, b)| a * b).sum::<f64>() / refs;
                    print!(
                        "  {name}: R2 {:.3} b {:.4} bEC {:.3} t {t:.2}",
                        szc * szc / scc / szz,
                        szc / scc,
                        szc / scc * ec
                    );
                    cols.push(c);
                }
                println!();
            }
        }
    }
}
