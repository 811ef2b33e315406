//! Models whose referrals a file cannot say: they are listed, referral by referral.

use homefirst::engine::Scripted;
use homefirst::model::{HubId, PathwayId, PoolPiece, Scenario, Staffing};
use homefirst::random::Distribution;
use homefirst::units::{Instant, Span};
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{Rng, SeedableRng};

use super::numbers::hours;
use crate::support::{minutes, need, pathway, pool, role, scenario};

fn exponential(mean: Span) -> Distribution {
    Distribution::exponential(mean).unwrap()
}

/// D/M/1: a referral an hour for one worker, exponential visits of mean 48 min.
pub(super) fn one_an_hour() -> Scenario {
    let mut model = scenario(
        vec![role("worker")],
        vec![pool(1)],
        vec![pathway("urgent", vec![need(0, exponential(minutes(48)))])],
        Vec::new(),
    );
    model.experiment.warm_up = Span::from_days(14);
    model.experiment.run_length = Span::from_days(364);
    model
}

/// One on every hour.
pub(super) fn on_every_hour(model: &Scenario, _replication: u32) -> Vec<Scripted> {
    let hour = Span::HOUR.ms();
    let (from, to) = (-model.experiment.warm_up.ms(), model.experiment.run_length.ms());
    (from..to)
        .step_by(usize::try_from(hour).unwrap())
        .map(|time| received(time, 0))
        .collect()
}

fn received(time: i64, hub: usize) -> Scripted {
    Scripted {
        received: Instant::from_ms(time),
        hub: HubId(hub),
        pathway: PathwayId(0),
    }
}

/// Periods of the sine in a replication.
const PERIODS: i32 = 100;

/// Mt/M/st+M with one mean of 1 h for visits and patience, at two hubs: 85 workers at any time, and 60, 130 or 95 by
/// the time of day.
pub(super) fn as_patient_as_served() -> Scenario {
    let mean = Span::HOUR;
    let mut urgent = pathway("urgent", vec![need(0, exponential(mean))]);
    urgent.patience = Some(exponential(mean));
    let mut model = scenario(vec![role("worker")], vec![pool(85)], vec![urgent], Vec::new());
    let pieces = [(0, 8, 60), (8, 16, 130), (16, 24, 95)].map(|(from, to, count)| PoolPiece {
        name: None,
        from: Span::from_hours(from),
        to: Span::from_hours(to),
        count,
    });
    let mut second = model.hubs[0].clone();
    second.name = "H2".into();
    second.staff = vec![Staffing::OnShift(pieces.to_vec())];
    model.hubs.push(second);
    model.experiment.warm_up = Span::DAY;
    model.experiment.run_length = Span::from_days(27);
    model
}

/// The instants at which the sine has this phase \[rad\]; a radian is an hour.
pub(super) fn at_phase(phase: f64) -> Vec<i64> {
    (0..PERIODS)
        .map(|k| hours(phase + f64::from(k) * std::f64::consts::TAU).ms())
        .collect()
}

/// Poisson referrals at 100 + 20 sin t an hour, the same ones for both hubs: thinned from 120 an hour (Lewis and Shedler
/// 1979).
pub(super) fn as_the_sine_says(model: &Scenario, replication: u32) -> Vec<Scripted> {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(u64::from(replication));
    let mut uniform = || ((random.next_u64() >> 12) as f64 + 0.5) / (1u64 << 52) as f64;
    let mut time = -model.experiment.warm_up.hours();
    let end = f64::from(PERIODS) * std::f64::consts::TAU;
    let mut list = Vec::new();
    loop {
        time -= libm::log(uniform()) / 120.0;
        if time >= end {
            return list;
        }
        if uniform() * 120.0 < 100.0 + 20.0 * libm::sin(time) {
            list.extend([0, 1].map(|hub| received(hours(time).ms(), hub)));
        }
    }
}
