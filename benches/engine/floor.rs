//! A floor for comparison: the same queues written by hand, with nothing in them that they do not need.
//!
//! One hub at a time. The times of what comes next (the arrival, and the end of each worker's visit) stand in one short list, of
//! which the least is found by looking at all; waiting is a ring of arrival times. Draws come from one stream, not from keys, and
//! exponential lengths from a ziggurat. So the floor has no people, no priorities, no calendar, no causes and no results by the
//! hour; what the engine does besides is what the ratio to it measures.

use std::collections::VecDeque;

use homefirst::theory::Mmc;
use rand::{RngExt as _, SeedableRng as _};
use rand_distr::Exp1;
use rand_xoshiro::Xoshiro256PlusPlus;

/// One or two stages of exponential servers; everybody comes to the first.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Queues {
    /// Separate hubs of this kind.
    pub(crate) hubs: usize,
    /// Referrals an hour at each.
    pub(crate) rate: f64,
    /// Workers and mean length of a visit \[h\].
    pub(crate) first: (usize, f64),
    /// The same of the second stage, and the share of people who go on to it.
    pub(crate) second: Option<(usize, f64, f64)>,
    /// From empty to here \[h\].
    pub(crate) hours: f64,
}

/// What is counted, stage by stage.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Tally {
    /// Arrivals at the first stage, and ends of visits at both.
    pub(crate) events: u64,
    /// Visits begun.
    pub(crate) begun: [u64; 2],
    /// Sum of their waits \[h\].
    pub(crate) waited: [f64; 2],
}

const MOST: usize = 32;

impl Queues {
    /// One replication.
    ///
    /// # Panics
    /// With more workers than [`MOST`].
    pub(crate) fn run(&self, seed: u64, tally: &mut Tally) {
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed);
        for _ in 0..self.hubs {
            self.run_hub(&mut rng, tally);
        }
    }

    fn run_hub(&self, rng: &mut Xoshiro256PlusPlus, tally: &mut Tally) {
        let (workers, mean) = self.first;
        let (others, other_mean, share) = self.second.unwrap_or((0, 0.0, 0.0));
        let all = 1 + workers + others;
        assert!(all <= MOST, "more workers than the floor has room for");
        let mut next = [f64::INFINITY; MOST];
        let next = &mut next[..all];
        let mut lines: [VecDeque<f64>; 2] = [VecDeque::new(), VecDeque::new()];
        let exponential = |rng: &mut Xoshiro256PlusPlus, mean: f64| mean * rng.sample::<f64, _>(Exp1);
        next[0] = exponential(rng, 1.0 / self.rate);
        loop {
            let (mut place, mut now) = (0, next[0]);
            for (other, &time) in next.iter().enumerate().skip(1) {
                if time < now {
                    (place, now) = (other, time);
                }
            }
            if now > self.hours {
                return;
            }
            tally.events += 1;
            let mut stage_two = false;
            if place == 0 {
                next[0] = now + exponential(rng, 1.0 / self.rate);
                let free = next[1..=workers].iter().position(|time| time.is_infinite());
                if let Some(free) = free {
                    tally.begun[0] += 1;
                    next[1 + free] = now + exponential(rng, mean);
                } else {
                    lines[0].push_back(now);
                }
            } else {
                let (stage, mean) = if place <= workers { (0, mean) } else { (1, other_mean) };
                next[place] = match lines[stage].pop_front() {
                    Some(since) => {
                        tally.begun[stage] += 1;
                        tally.waited[stage] += now - since;
                        now + exponential(rng, mean)
                    }
                    None => f64::INFINITY,
                };
                stage_two = stage == 0 && others > 0 && rng.random::<f64>() < share;
            }
            if stage_two {
                let free = next[1 + workers..].iter().position(|time| time.is_infinite());
                if let Some(free) = free {
                    tally.begun[1] += 1;
                    next[1 + workers + free] = now + exponential(rng, other_mean);
                } else {
                    lines[1].push_back(now);
                }
            }
        }
    }

    /// Mean waits by Erlang's C formula and, for the second stage, Jackson's theorem \[h\].
    pub(crate) fn expected(&self) -> [f64; 2] {
        let wait = |workers: usize, mean: f64, rate: f64| {
            Mmc::new(u32::try_from(workers).unwrap_or(0), rate, mean).map_or(f64::NAN, |queue| queue.mean_wait())
        };
        let (workers, mean) = self.first;
        let second = self
            .second
            .map_or(0.0, |(others, mean, share)| wait(others, mean, self.rate * share));
        [wait(workers, mean, self.rate), second]
    }
}
