//! References for demand and staff by the hour: Kolmogorov's forward equations, solved numerically.
//!
//! The state is (staff busy, people waiting). Visits are exponential, a visit in hand is finished after the end of the
//! shift, and nobody starts another as long as more are busy than are on shift: the exhaustive rule of A. Ingolfsson, E.
//! Akhmetshina, S. Budge, Y. Li & X. Wu, *A survey and experimental comparison of service-level-approximation methods
//! for nonstationary M(t)/M/s(t) queueing systems with exhaustive discipline*, INFORMS J. Computing 19 (2007), 201-214.

use homefirst::model::{Scenario, Staffing};
use homefirst::units::Span;

use super::numbers::floor;

/// States with more people waiting are left out; their probability is below 1e-12 in the models here.
const MOST_WAITING: usize = 160;
/// Steps of the Runge-Kutta method are at most this long \[h\].
const STEP: f64 = 0.02;
/// Gauss and Legendre's three points and weights on 0 to 1.
const POINTS: [(f64, f64); 3] = [
    (0.112_701_665_379_258_3, 5.0 / 18.0),
    (0.5, 8.0 / 18.0),
    (0.887_298_334_620_741_7, 5.0 / 18.0),
];

/// A day that repeats: one hub, one role, one pathway.
pub(super) struct Day<'a> {
    /// Referrals an hour at a time of day \[h\].
    pub(super) rate: &'a dyn Fn(f64) -> f64,
    /// Staff on shift by hour of day.
    pub(super) staff: [usize; 24],
    /// Visits ended per hour and busy worker.
    pub(super) service: f64,
}

/// What a referral at any time of the day meets.
#[derive(Clone, Copy, Debug)]
pub(super) struct Answers {
    pub(super) waits: f64,
    pub(super) mean_wait: f64,
    pub(super) within: f64,
    pub(super) busy: f64,
}

/// Staff on shift by hour of day of the only role at the only hub.
pub(super) fn staff_by_hour(scenario: &Scenario) -> [usize; 24] {
    let Staffing::OnShift(pieces) = &scenario.hubs[0].staff[0] else {
        panic!("a pool")
    };
    std::array::from_fn(|hour| {
        let time = Span::from_hours(hour as i64);
        let on = |p: &&homefirst::model::PoolPiece| {
            let inside = p.from <= time && time < p.to;
            let round_midnight = p.to <= p.from && (p.from <= time || time < p.to);
            inside || round_midnight
        };
        pieces.iter().filter(on).map(|p| p.count as usize).sum()
    })
}

/// Probabilities by busy staff and people waiting.
type States = Vec<[f64; MOST_WAITING]>;

/// Rate of change with `on` staff on shift. With `tagged`, the last of those waiting is the one whose wait is looked
/// at: nobody comes behind, and states in which it has started are not kept.
fn flow(states: &States, rate: f64, on: usize, service: f64, tagged: bool) -> States {
    let mut change = vec![[0.0; MOST_WAITING]; states.len()];
    for (busy, line) in states.iter().enumerate() {
        for (waiting, &p) in line.iter().enumerate().filter(|(_, p)| **p != 0.0) {
            if !tagged {
                let to = if busy < on {
                    (busy + 1, waiting)
                } else {
                    (busy, waiting + 1)
                };
                if to.0 < states.len() && to.1 < MOST_WAITING {
                    change[busy][waiting] -= rate * p;
                    change[to.0][to.1] += rate * p;
                }
            }
            if busy > 0 {
                let ends = busy as f64 * service * p;
                change[busy][waiting] -= ends;
                if busy > on || waiting == 0 {
                    change[busy - 1][waiting] += ends;
                } else if !tagged || waiting > 1 {
                    change[busy][waiting - 1] += ends;
                }
            }
        }
    }
    change
}

fn plus(a: &States, factor: f64, b: &States) -> States {
    let line = |(x, y): (&[f64; MOST_WAITING], &[f64; MOST_WAITING])| std::array::from_fn(|i| x[i] + factor * y[i]);
    a.iter().zip(b).map(line).collect()
}

impl Day<'_> {
    /// From one time to another within the same hour, by Runge and Kutta's method of fourth order.
    fn go(&self, mut states: States, from: f64, to: f64, tagged: bool) -> States {
        let hour = ((from + to) / 2.0).floor();
        let on = self.staff[floor(hour) % 24];
        let steps = ((to - from) / STEP).ceil().max(1.0);
        let h = (to - from) / steps;
        // A step's ends belong to this hour, whatever the rate does at its edges.
        let rate = |t: f64| (self.rate)((t.clamp(hour + 1e-9, hour + 1.0 - 1e-9)) % 24.0);
        for step in 0..floor(steps) {
            let t = from + step as f64 * h;
            let f = |s: &States, t: f64| flow(s, rate(t), on, self.service, tagged);
            let k1 = f(&states, t);
            let k2 = f(&plus(&states, h / 2.0, &k1), t + h / 2.0);
            let k3 = f(&plus(&states, h / 2.0, &k2), t + h / 2.0);
            let k4 = f(&plus(&states, h, &k3), t + h);
            for (k, weight) in [(k1, 1.0), (k2, 2.0), (k3, 2.0), (k4, 1.0)] {
                states = plus(&states, weight * h / 6.0, &k);
            }
        }
        states
    }

    /// Staff change as an hour begins: whoever comes takes those who wait.
    fn change_staff(&self, states: &States, hour: usize, tagged: bool) -> States {
        let on = self.staff[hour % 24];
        let mut changed = vec![[0.0; MOST_WAITING]; states.len()];
        for (busy, line) in states.iter().enumerate() {
            for (waiting, &p) in line.iter().enumerate() {
                let start = waiting.min(on.saturating_sub(busy));
                if !(tagged && start == waiting) {
                    changed[busy + start][waiting - start] += p;
                }
            }
        }
        changed
    }

    /// Probability that somebody referred at `t`, who finds these states, is seen within `span` \[h\].
    fn seen_within(&self, states: &States, t: f64, span: f64) -> f64 {
        let on = self.staff[floor(t) % 24];
        let mut tagged = vec![[0.0; MOST_WAITING]; states.len()];
        for (busy, line) in states.iter().enumerate().filter(|(busy, _)| *busy >= on) {
            tagged[busy][1..].copy_from_slice(&line[..MOST_WAITING - 1]);
        }
        let mut at = t;
        while at < t + span {
            let next = (at.floor() + 1.0).min(t + span);
            tagged = self.go(tagged, at, next, true);
            if next.fract() == 0.0 {
                tagged = self.change_staff(&tagged, floor(next), true);
            }
            at = next;
        }
        1.0 - tagged.iter().flatten().sum::<f64>()
    }

    /// The state at 00:00, before any change of staff, after so many days from empty.
    fn after(&self, days: usize) -> States {
        let most = *self.staff.iter().max().unwrap();
        let mut states = vec![[0.0; MOST_WAITING]; most + 1];
        states[0][0] = 1.0;
        for _ in 0..days {
            for hour in 0..24 {
                states = self.change_staff(&states, hour, false);
                states = self.go(states, hour as f64, hour as f64 + 1.0, false);
            }
        }
        states
    }

    /// Of a day after so many days from empty, with a standard of `span` \[h\].
    pub(super) fn answers(&self, days: usize, span: f64) -> Answers {
        let mut states = self.after(days);
        let [mut referrals, mut waits, mut within, mut waiting, mut busy] = [0.0; 5];
        for hour in 0..24 {
            states = self.change_staff(&states, hour, false);
            let mut at = hour as f64;
            for quarter in 0..4 {
                let begins = hour as f64 + f64::from(quarter) * 0.25;
                for (place, weight) in POINTS {
                    let t = begins + 0.25 * place;
                    states = self.go(states, at, t, false);
                    at = t;
                    let weight = 0.25 * weight;
                    let rate = weight * (self.rate)(t);
                    let sum = |what: &dyn Fn(usize, usize) -> f64| {
                        let line = |(b, l): (usize, &[f64; MOST_WAITING])| {
                            l.iter().enumerate().map(|(q, p)| what(b, q) * p).sum::<f64>()
                        };
                        states.iter().enumerate().map(line).sum::<f64>()
                    };
                    referrals += rate;
                    waits += rate * sum(&|b, _| f64::from(u8::from(b >= self.staff[hour])));
                    within += rate * self.seen_within(&states, t, span);
                    waiting += weight * sum(&|_, q| q as f64);
                    busy += weight * sum(&|b, _| b as f64);
                }
            }
            states = self.go(states, at, hour as f64 + 1.0, false);
        }
        Answers {
            waits: waits / referrals,
            mean_wait: waiting / referrals,
            within: within / referrals,
            busy: busy / 24.0,
        }
    }
}
