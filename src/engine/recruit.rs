//! Posts that fill and empty, worked out day by day before a replication begins.
//!
//! **A post** that is advertised is filled after its drawn time to start; from the first civil day that begins no earlier,
//! its holder counts for `productivity` of its WTE until the induction is over, then in full. Whoever is in post stays for
//! an exponential time of the turnover rate; a post left is advertised again at once, unless it is not to be refilled.
//! Posts filled before the simulation begins are past their induction, and their holders may leave from the first
//! measured day on.
//!
//! Every post has a key of its own (recruitment by name, hub by name, number of the post), so neither the date of the
//! advertisement nor another post moves its draws. What counts on a day is what is in post at its first instant; it
//! enters the rota and the gate like WTE that were there from the start. The posts of a pool's hubs are at its base.

use crate::engine::World;
use crate::random::Key;
use crate::units::Span;

use super::plan::RecruitPlan;

const SALT_TIME_TO_START: u64 = 0xdd61_795f_6b65_790d;
const SALT_TIME_IN_POST: u64 = 0xed61_795f_6b65_790e;

/// Days of a year, for turnover.
const YEAR_MS: f64 = 365.25 * Span::DAY.ms() as f64;

/// WTE of recruited posts, by team and civil day.
#[derive(Debug, Default)]
pub(super) struct Posts {
    first_day: i64,
    /// By team; empty for a team that has none.
    teams: Vec<Vec<Held>>,
}

/// Posts of a team on a day \[WTE\].
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Held {
    /// What they count for.
    pub(super) counts: f64,
    /// Those that somebody holds, induction included: what is paid.
    pub(super) filled: f64,
}

impl Posts {
    /// The posts of an island's hubs in one replication; nothing is allocated where the scenario recruits nobody.
    pub(super) fn new(world: &World, hubs: &[usize], hub_keys: &[Key]) -> Self {
        if world.recruits.is_empty() {
            return Self::default();
        }
        let first_day = world.from.div_euclid(Span::DAY.ms());
        let days = world.follow_until.div_euclid(Span::DAY.ms()) - first_day + 2;
        let days = usize::try_from(days).unwrap_or(0);
        let mut posts = Self {
            first_day,
            teams: vec![Vec::new(); hubs.len() * world.roles.len()],
        };
        for plan in &world.recruits {
            let with_posts = hubs.iter().zip(hub_keys).filter(|(hub, _)| **hub < world.hubs_of_file);
            for (&hub, hub_key) in with_posts {
                let base = world.hubs[hub].base;
                let team = &mut posts.teams[base * world.roles.len() + plan.recruit.role.0];
                let (count, filled) = (plan.recruit.posts[hub], plan.recruit.in_post[hub]);
                if count > 0 {
                    team.resize(days, Held::default());
                }
                for post in 0..count {
                    fill(
                        plan,
                        hub_key.part(plan.salt, u64::from(post)),
                        post < filled,
                        first_day,
                        team,
                    );
                }
            }
        }
        posts
    }

    /// What the posts of a team count for on a day \[WTE\].
    pub(super) fn on_day(&self, team: usize, day: i64) -> f64 {
        self.held(team, day).counts
    }

    /// The posts of a team on a day.
    pub(super) fn held(&self, team: usize, day: i64) -> Held {
        let Some(days) = self.teams.get(team).filter(|days| !days.is_empty()) else {
            return Held::default();
        };
        let place = usize::try_from(day - self.first_day).unwrap_or(0);
        days.get(place).copied().unwrap_or_default()
    }
}

/// Adds one post to the days of its team.
fn fill(plan: &RecruitPlan, key: Key, in_post: bool, first_day: i64, days: &mut [Held]) {
    let recruit = &plan.recruit;
    let day_ms = Span::DAY.ms();
    let end = (first_day + i64::try_from(days.len()).unwrap_or(i64::MAX)) * day_ms;
    let time_in_post = |holder: u64| {
        if recruit.turnover > 0.0 {
            -libm::log1p(-key.uniform(SALT_TIME_IN_POST, holder)) / recruit.turnover * YEAR_MS
        } else {
            f64::INFINITY
        }
    };
    let mut add = |from: i64, until: i64, share: f64| {
        // What begins at 00:00 counts on that day, what begins later from the next.
        let place = |at: i64| {
            let day = (at + day_ms - 1).div_euclid(day_ms) - first_day;
            usize::try_from(day).unwrap_or(0).min(days.len())
        };
        let (from, until) = (place(from), place(until));
        if let Some(held) = days.get_mut(from..until.max(from)) {
            for held in held {
                held.counts += share * recruit.wte.get();
                held.filled += recruit.wte.get();
            }
        }
    };
    let mut advertised = recruit.advertised_day * day_ms;
    let mut holder = 0;
    if in_post {
        let leaves = until(0, time_in_post(holder), end);
        add(first_day * day_ms, leaves, 1.0);
        if leaves >= end || !recruit.refill {
            return;
        }
        (advertised, holder) = (leaves, 1);
    }
    while advertised < end {
        let starts = advertised + recruit.time_to_start.sample_ms(key.uniform(SALT_TIME_TO_START, holder));
        let leaves = until(starts, time_in_post(holder), end);
        let learnt = (starts + recruit.induction.ms()).min(leaves);
        add(starts, learnt, recruit.productivity.get());
        add(learnt, leaves, 1.0);
        if leaves >= end || !recruit.refill {
            return;
        }
        // A post left on the day it was filled is advertised a moment later, so that this comes to an end.
        (advertised, holder) = (leaves.max(advertised + 1), holder + 1);
    }
}

/// `from` and so many milliseconds, at most `end`.
fn until(from: i64, ms: f64, end: i64) -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "bounded by the end")]
    let later = ms.min((end - from).max(0) as f64).round() as i64;
    (from + later).min(end.max(from))
}
