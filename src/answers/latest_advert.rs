//! `trajectory --latest-advert`: until when may the posts be advertised?
//!
//! All advertisements of the file are moved by the same number of days, to whole weeks from the start of the window, and
//! the month of each deadline is looked at. Every week is tried on the same people, and on the same posts: a post's times
//! are keyed by the post, so that an advertisement a week later fills it a week later and moves nothing else.
//!
//! The latest week is found by halving: it is taken that whoever meets the target after a later advertisement also meets
//! it after an earlier one. That is so for posts that only help; the two weeks at the border are both stated, with their
//! intervals, so that it can be seen how sharp it is.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

use jiff::civil::Date;

use crate::answers::Estimate;
use crate::answers::run::{RunRequest, reaches};
use crate::answers::trajectory::{Deadline, DeadlinePlace, deadlines, meeting};
use crate::engine::World;
use crate::model::{HubId, Pathway, PathwayId, Period, Scenario};
use crate::pieces::Pieces;
use crate::replicate::{Finished, Plan, replicate_from};
use crate::stats::wilson_interval;

/// One week tried: the target in the month of the deadline.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tried {
    /// When the first advertisement of the file appears.
    pub date: Date,
    /// By how many days that moves every advertisement.
    pub moved: i64,
    /// Share of replications that meet the target in the month; `None` if no referral was counted in it.
    pub probability: Option<Estimate>,
}

/// How late the posts may be advertised.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Latest {
    /// Not even in the first week of the window: that week.
    NotEvenFirst(Tried),
    /// Even in the last week before the deadline: that week.
    EvenLast(Tried),
    /// The last week that will do, and the next, that will not.
    Week(Tried, Tried),
}

/// The answer for a deadline and a pathway with a target, for a hub or all together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LatestAdvert {
    /// The deadline.
    pub deadline: Deadline,
    /// Its month: a place in the window's months.
    pub month: usize,
    /// The pathway.
    pub pathway: PathwayId,
    /// The hub, or all.
    pub hub: Option<HubId>,
    /// How late.
    pub latest: Latest,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoAnswer {
    /// The file recruits nobody.
    #[error("the scenario recruits nobody")]
    NoRecruitment,
    /// The file has no deadline inside the window, in a month of which half or more is measured.
    #[error("the scenario has no deadline in its measured time")]
    NoDeadline,
    /// No pathway has a target.
    #[error("no pathway of the scenario has a target")]
    NoTarget,
    /// It waits for units that are left to others.
    #[error("some of what it looks at is still to be made")]
    Waits,
    /// It was stopped, or threads could not be started: in words.
    #[error("{0}")]
    Fault(String),
}

/// Weeks that can be tried: from the start of the window to a deadline.
const fn weeks_until(day: i64) -> i64 {
    day / 7
}

/// The most runs that it can take, for the bar that shows how far it is.
#[must_use]
pub fn most_runs(scenario: &Scenario) -> u64 {
    let asked = questions(scenario);
    asked.iter().map(|q| u64::from(q.last.max(1).ilog2()) + 3).sum()
}

struct Question {
    deadline: Deadline,
    month: usize,
    pathway: usize,
    target: f64,
    /// The last week to try.
    last: i64,
}

fn questions(scenario: &Scenario) -> Vec<Question> {
    let months = scenario.experiment.months();
    let start = scenario.experiment.calendar.start();
    let mut questions = Vec::new();
    for deadline in deadlines(scenario, &months) {
        let DeadlinePlace::In(month) = deadline.place else {
            continue;
        };
        if !months.get(month).is_some_and(Period::half_measured) {
            continue;
        }
        for (pathway, plan) in scenario.pathways.iter().enumerate() {
            if let Some(target) = plan.standard.and_then(|s| s.target) {
                questions.push(Question {
                    deadline,
                    month,
                    pathway,
                    target: target.get(),
                    last: weeks_until(deadline.date.duration_since(start).as_hours() / 24),
                });
            }
        }
    }
    questions
}

/// The day of the first advertisement.
fn first_advertised(scenario: &Scenario) -> i64 {
    let days = scenario.recruits.iter().map(|r| r.advertised_day);
    days.min().unwrap_or_default()
}

/// Whether the file asks for it: it needs posts to advertise, a deadline in the window, and a target.
///
/// # Errors
/// [`NoAnswer`], if one is missing.
pub fn can_answer(scenario: &Scenario) -> Result<(), NoAnswer> {
    asked(scenario).map(|_| ())
}

fn asked(scenario: &Scenario) -> Result<Vec<Question>, NoAnswer> {
    if scenario.recruits.is_empty() {
        return Err(NoAnswer::NoRecruitment);
    }
    let questions = questions(scenario);
    if !questions.is_empty() {
        return Ok(questions);
    }
    let target = |p: &Pathway| p.standard.is_some_and(|s| s.target.is_some());
    let targets = scenario.pathways.iter().any(target);
    Err(if targets {
        NoAnswer::NoDeadline
    } else {
        NoAnswer::NoTarget
    })
}

/// The latest advertisements that still meet each target in the month of each deadline with the stated confidence, at a hub
/// or at all together. All posts of the file move, wherever they are. Which week is tried next depends on those before: where
/// these are left to others, it waits.
///
/// # Errors
/// [`NoAnswer`], if the file does not ask for it, or it was stopped, or waits.
pub fn latest_advert(
    scenario: &Scenario,
    request: RunRequest,
    hub: Option<HubId>,
    pieces: &Pieces,
    stop: &AtomicBool,
    progress: &(dyn Fn() + Sync),
) -> Result<Vec<LatestAdvert>, NoAnswer> {
    let questions = asked(scenario)?;
    let mut trying = Trying {
        scenario,
        request,
        hub,
        pieces,
        stop,
        progress,
        first: first_advertised(scenario),
        tried: BTreeMap::new(),
    };
    let answer = |question: &Question| {
        Ok(LatestAdvert {
            deadline: question.deadline,
            month: question.month,
            pathway: PathwayId(question.pathway),
            hub,
            latest: trying.latest(question)?,
        })
    };
    // One that waits does not keep the others from saying what they want.
    let answers: Vec<_> = questions.iter().map(answer).collect();
    answers.into_iter().collect()
}

/// Hits and referrals by replication, for each question's pathway and month.
type Found = BTreeMap<(usize, usize), Vec<(u64, u64)>>;

struct Trying<'a> {
    scenario: &'a Scenario,
    request: RunRequest,
    hub: Option<HubId>,
    pieces: &'a Pieces,
    stop: &'a AtomicBool,
    progress: &'a (dyn Fn() + Sync),
    /// The day of the first advertisement in the file.
    first: i64,
    /// By week.
    tried: BTreeMap<i64, Found>,
}

impl Trying<'_> {
    fn latest(&mut self, question: &Question) -> Result<Latest, NoAnswer> {
        let (mut will_do, mut too_late) = (0, question.last);
        let (early, enough) = self.look(question, will_do)?;
        if !enough {
            return Ok(Latest::NotEvenFirst(early));
        }
        let (late, enough) = self.look(question, too_late)?;
        if enough {
            return Ok(Latest::EvenLast(late));
        }
        let mut border = (early, late);
        while too_late - will_do > 1 {
            let week = i64::midpoint(will_do, too_late);
            let (tried, enough) = self.look(question, week)?;
            if enough {
                (will_do, border.0) = (week, tried);
            } else {
                (too_late, border.1) = (week, tried);
            }
        }
        Ok(Latest::Week(border.0, border.1))
    }

    /// One week: what it gives, and whether that is enough.
    fn look(&mut self, question: &Question, week: i64) -> Result<(Tried, bool), NoAnswer> {
        if !self.tried.contains_key(&week) {
            let found = self.run(week)?;
            self.tried.insert(week, found);
        }
        let pairs = self
            .tried
            .get(&week)
            .and_then(|by| by.get(&(question.pathway, question.month)));
        let pairs = pairs.map(Vec::as_slice).unwrap_or_default();
        let (met, judged) = meeting(pairs, question.target);
        let wanted = self.scenario.trajectory.confidence.get();
        let replications = u32::try_from(pairs.len()).unwrap_or(u32::MAX);
        let of = |interval| Estimate::of(interval, self.request.confidence, replications);
        let tried = Tried {
            date: self.scenario.experiment.calendar.date(week * 7),
            moved: week * 7 - self.first,
            probability: wilson_interval(met, judged, self.request.confidence).map(of),
        };
        Ok((tried, judged > 0 && reaches(met, judged, wanted)))
    }

    fn run(&self, week: i64) -> Result<Found, NoAnswer> {
        let mut scenario = self.scenario.clone();
        for recruit in &mut scenario.recruits {
            recruit.advertised_day += week * 7 - self.first;
        }
        let plan = Plan {
            replications: self.request.replications,
            first: 0,
            threads: self.request.threads,
        };
        let hubs = scenario.hubs.len();
        let (world, finished) = (World::new(&scenario), Finished::of(self.pieces, &scenario));
        let runs = replicate_from(&world, hubs, plan, finished, self.stop, self.progress).map_err(NoAnswer::Fault)?;
        if runs.stopped || self.stop.load(Ordering::Relaxed) {
            return Err(NoAnswer::Fault(
                "stopped before the latest advertisement was found".into(),
            ));
        }
        if runs.left {
            return Err(NoAnswer::Waits);
        }
        // All hubs together stand last.
        let place = self.hub.map_or(hubs, |hub| hub.0);
        let of = |q: &Question| {
            let pairs = runs.months.iter().map(|r| r.of(place, q.pathway, q.month)).collect();
            ((q.pathway, q.month), pairs)
        };
        Ok(questions(self.scenario).iter().map(of).collect())
    }
}
