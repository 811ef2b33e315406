//! What changes while the simulation runs: the service from a date on, and posts that fill and empty.

use std::ops::Range;

use jiff::civil::Date;

use crate::model::{Price, RoleId, Scenario, StaffCost};
use crate::random::Distribution;
use crate::units::{Share, Span, Wte};

/// The service as dated changes make it, from one day to the next such day.
#[derive(Clone, Debug, PartialEq)]
pub struct Later {
    /// The first day on which it is so; day 0 is the first measured one.
    pub from_day: i64,
    /// The whole service from then on. It differs from the scenario that holds it in numbers only (see
    /// [`Scenario::same_shape`]), and has nothing later of its own.
    pub scenario: Scenario,
}

/// A change, as it was asked for: for people to read. What it does is in the scenario, or in [`Later`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dated {
    /// First day; `None` is the beginning.
    pub from: Option<Date>,
    /// First day on which it is as before again; `None` is never.
    pub until: Option<Date>,
    /// What changes, as a path into the file.
    pub path: String,
    /// What becomes of it.
    pub change: Change,
}

/// What becomes of a value on a date, each as typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// It is this.
    Value(String),
    /// So much more.
    Add(String),
    /// So many times what it was.
    Times(String),
}

/// Posts that are advertised, filled, learnt and left.
#[derive(Clone, Debug, PartialEq)]
pub struct Recruit {
    /// What the posts' draws are keyed by, distinct within the scenario.
    pub name: String,
    /// The role.
    pub role: RoleId,
    /// Posts at each hub. One entry a hub.
    pub posts: Vec<u32>,
    /// Of those, filled before the simulation begins. One entry a hub.
    pub in_post: Vec<u32>,
    /// WTE of one post.
    pub wte: Wte,
    /// The day on which the posts that are not filled are advertised.
    pub advertised_day: i64,
    /// From the advertisement to the first day at work.
    pub time_to_start: Distribution,
    /// From the first day at work until somebody counts in full.
    pub induction: Span,
    /// What somebody counts for meanwhile, as a share of the post.
    pub productivity: Share,
    /// Rate at which somebody in post leaves \[per year of 365.25 days\]; times in post are exponential.
    pub turnover: f64,
    /// Whether a post that somebody leaves is advertised again at once.
    pub refill: bool,
}

/// Milliseconds in a year of 365.25 days.
const YEAR_MS: f64 = 365.25 * 86_400_000.0;

impl Recruit {
    /// For what part of all posts those in post count in the long run; `None` if nobody leaves, or no post is filled again.
    ///
    /// # Source
    /// Renewal-reward theorem: what one holder counts for over the time from one advertisement to the next. With times in post
    /// that are exponential with rate `r`, an induction of `a` and a share `p` meanwhile, a holder counts for
    /// `(p + (1 - p) exp(-r a)) / r` on average.
    #[must_use]
    pub fn in_the_long_run(&self) -> Option<f64> {
        if self.turnover <= 0.0 || !self.refill {
            return None;
        }
        let in_post = YEAR_MS / self.turnover;
        let learning = self.productivity.get();
        let through = libm::exp(-(self.induction.ms() as f64) / in_post);
        let counts = (learning + (1.0 - learning) * through) * in_post;
        Some(counts / (in_post + self.time_to_start.mean_ms()))
    }
}

impl Scenario {
    /// The service as dated changes make it on a day; day 0 is the first measured one.
    #[must_use]
    pub fn on_day(&self, day: i64) -> &Self {
        let later = self.later.iter().rev().find(|later| later.from_day <= day);
        later.map_or(self, |later| &later.scenario)
    }

    /// The stretches of the window in which nothing changes, in order: the days, and the service on them.
    #[must_use]
    pub fn stretches(&self) -> Vec<(Range<i64>, &Self)> {
        let days = i64::try_from(self.experiment.days()).unwrap_or(i64::MAX);
        let later = self.later.iter().map(|later| later.from_day);
        let first: Vec<i64> = std::iter::once(0)
            .chain(later.filter(|day| (1..days).contains(day)))
            .collect();
        let ends = first.iter().skip(1).copied().chain([days]);
        first
            .iter()
            .zip(ends)
            .map(|(&from, to)| (from..to, self.on_day(from)))
            .collect()
    }

    /// Whether there is never anybody of a role at a hub (its place in the list): no staff, and no posts to come.
    #[must_use]
    pub fn has_nobody(&self, hub: usize, role: RoleId) -> bool {
        self.hubs[hub].staff[role.0].is_none() && self.recruits.iter().all(|r| r.role != role || r.posts[hub] == 0)
    }

    /// Whether another scenario differs from this one in nothing but numbers that may change on a date: staffing,
    /// travel, demand, shares, durations, rates. Names, roles, standards, priorities and the shape of lists are the same.
    #[must_use]
    pub fn same_shape(&self, other: &Self) -> bool {
        let mut as_here = other.clone();
        let same_lengths = self.hubs.len() == other.hubs.len()
            && self.roles.len() == other.roles.len()
            && self.pathways.len() == other.pathways.len()
            && self.packages.len() == other.packages.len();
        if !same_lengths {
            return false;
        }
        as_here.later.clone_from(&self.later);
        as_here.dated.clone_from(&self.dated);
        // Posts by share of referrals follow the referrals of the beginning.
        for (there, here) in as_here.recruits.iter_mut().zip(&self.recruits) {
            there.posts.clone_from(&here.posts);
            there.in_post.clone_from(&here.in_post);
        }
        as_here.observed.clone_from(&self.observed);
        as_here.unknowns.clone_from(&self.unknowns);
        as_here.assumptions.clone_from(&self.assumptions);
        for (there, here) in as_here.served_elsewhere.iter_mut().zip(&self.served_elsewhere) {
            (there.share, there.extra_travel) = (here.share, here.extra_travel);
        }
        for (there, here) in as_here.hubs.iter_mut().zip(&self.hubs) {
            let same_kinds = there
                .staff
                .iter()
                .zip(&here.staff)
                .all(|(a, b)| a.is_pool() == b.is_pool());
            if !same_kinds {
                return false;
            }
            there.staff.clone_from(&here.staff);
            there.referrals.clone_from(&here.referrals);
            there.travel.clone_from(&here.travel);
            there.caseload_limit.clone_from(&here.caseload_limit);
            there.beds.clone_from(&here.beds);
        }
        for (there, here) in as_here.roles.iter_mut().zip(&self.roles) {
            there.hours_per_week = here.hours_per_week;
            there.headroom = here.headroom;
            there.admin_share = here.admin_share;
            there.notes = here.notes;
            for (there, here) in there.shifts.iter_mut().zip(&here.shifts) {
                let name = std::mem::take(&mut there.name);
                there.clone_from(here);
                there.name = name;
            }
        }
        // Prices hold for the whole window; how far they may be off is said once.
        for (there, here) in as_here.roles.iter_mut().zip(&self.roles) {
            same_value(&mut there.overtime_cost, here.overtime_cost);
            match (&mut there.cost, here.cost) {
                (Some(StaffCost::Hour(there)), Some(StaffCost::Hour(here)))
                | (Some(StaffCost::Year(there)), Some(StaffCost::Year(here)))
                    if there.value == here.value =>
                {
                    *there = here;
                }
                _ => {}
            }
        }
        for (there, here) in as_here.beds.iter_mut().zip(&self.beds) {
            same_value(&mut there.cost, here.cost);
        }
        same_value(&mut as_here.costs.admission, self.costs.admission);
        for (there, here) in as_here.pathways.iter_mut().zip(&self.pathways) {
            there.profile.clone_from(&here.profile);
            (there.months, there.dispersion, there.declined) = (here.months, here.dispersion, here.declined);
            (there.opens, there.out_of_hours) = (here.opens, here.out_of_hours);
            there.triage.clone_from(&here.triage);
            // Whether anybody ever loses patience is a rule, how soon is a number.
            if there.patience.is_some() == here.patience.is_some() {
                there.patience.clone_from(&here.patience);
            }
            for (there, here) in [
                (&mut there.on_leaving, &here.on_leaving),
                (&mut there.outcome, &here.outcome),
            ] {
                there.iter_mut().zip(here).for_each(|(there, here)| there.1 = here.1);
            }
            there.also.clone_from(&here.also);
            for (there, here) in there.responses.iter_mut().zip(&here.responses) {
                there.share = here.share;
                for (there, here) in there.needs.iter_mut().zip(&here.needs) {
                    there.length.clone_from(&here.length);
                    there.two = here.two;
                }
            }
        }
        for (there, here) in as_here.packages.iter_mut().zip(&self.packages) {
            there.length.clone_from(&here.length);
            there.gate = here.gate;
            let outcomes = there.outcome.iter_mut().zip(&here.outcome);
            outcomes.for_each(|(there, here)| there.1 = here.1);
            for (there, here) in there.streams.iter_mut().zip(&here.streams) {
                (there.share, there.two) = (here.share, here.two);
                there.length.clone_from(&here.length);
                there.first_length.clone_from(&here.first_length);
                (there.tolerance, there.give_up) = (here.tolerance, here.give_up);
                (there.first_after, there.hours) = (here.first_after, here.hours);
                if std::mem::discriminant(&there.pattern) == std::mem::discriminant(&here.pattern) {
                    there.pattern.clone_from(&here.pattern);
                }
            }
        }
        as_here == *self
    }
}

/// Takes over a price's range where the price itself is the same.
fn same_value(there: &mut Option<Price>, here: Option<Price>) {
    if let (Some(a), Some(b)) = (*there, here)
        && a.value == b.value
    {
        *there = here;
    }
}
