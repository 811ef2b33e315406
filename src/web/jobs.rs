//! Runs: one is simulated, a few wait, all that came of them are kept for as long as the program runs.
//!
//! The simulation has a thread of its own, and threads of its own below that, apart from those that answer the browser. A run
//! goes on when its page is closed.

use std::collections::VecDeque;
use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use super::ask::{Ask, Verb};
use super::work::{Kept, NoResult};
use crate::answers::required::Stage;

/// The most runs that may wait behind the one that is simulated.
pub(super) const MOST_WAITING: usize = 3;
/// The most runs of which pages are kept; results folders stay.
pub(super) const MOST_KEPT: usize = 40;

/// What was asked, for the list.
#[derive(Clone, Debug)]
pub(super) struct About {
    pub(super) verb: Verb,
    /// The scenario file, by name.
    pub(super) file: String,
    pub(super) title: String,
    /// What was changed or is compared, in a few words each.
    pub(super) changes: Vec<String>,
}

/// A run.
pub(super) struct Run {
    pub(super) number: u32,
    pub(super) about: About,
    pub(super) progress: Progress,
    state: Mutex<State>,
}

impl fmt::Debug for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Run")
            .field("number", &self.number)
            .field("about", &self.about)
            .finish_non_exhaustive()
    }
}

/// Where a run stands.
#[derive(Clone, Debug)]
pub(super) enum State {
    Waiting,
    Running,
    /// Finished, or stopped with something to show.
    Done(Arc<Kept>),
    /// Stopped before there was anything to show.
    Cancelled,
    /// With the reason.
    Failed(String),
}

impl State {
    /// Whether nothing more will come.
    pub(super) const fn is_over(&self) -> bool {
        !matches!(self, Self::Waiting | Self::Running)
    }
}

/// How far a run is.
#[derive(Debug, Default)]
pub(super) struct Progress {
    pub(super) stop: AtomicBool,
    done: AtomicU64,
    steps: AtomicU64,
    started: Mutex<Option<Instant>>,
    stage: Mutex<Option<Stage>>,
}

/// What can be said of how far a run is.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct HowFar {
    /// From 0 to 1.
    pub(super) share: f64,
    /// Time left \[s\], if it can be told.
    pub(super) left_s: Option<f64>,
    /// What it is busy with.
    pub(super) busy_with: &'static str,
}

fn open<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Progress {
    /// Begins to count so many steps.
    pub(super) fn begin(&self, steps: u64) {
        self.done.store(0, Ordering::Relaxed);
        self.steps.store(steps.max(1), Ordering::Relaxed);
        *open(&self.started) = Some(Instant::now());
    }

    /// One step done, from any thread.
    pub(super) fn step(&self) {
        self.done.fetch_add(1, Ordering::Relaxed);
    }

    /// What a search is busy with.
    pub(super) fn stage(&self, stage: Stage) {
        let before = open(&self.stage).replace(stage);
        let is_search = |stage: Option<Stage>| matches!(stage, Some(Stage::Search { .. }));
        if let Stage::Certify { expected, .. } = stage {
            self.begin(expected);
        } else if !is_search(before) {
            self.begin(1);
        }
    }

    /// How far it is.
    pub(super) fn how_far(&self) -> HowFar {
        let stage = *open(&self.stage);
        let (share, busy_with) = match stage {
            Some(Stage::Search { settled }) => (settled, "searching; the certificate comes after it"),
            Some(Stage::Certify { attempt: 1, .. }) => (self.counted(), "certifying"),
            Some(Stage::Certify { .. }) => (self.counted(), "certifying again"),
            None => (self.counted(), "simulating"),
        };
        let share = share.clamp(0.0, 1.0);
        let elapsed = open(&self.started).map(|start| start.elapsed().as_secs_f64());
        let left_s = elapsed
            .filter(|_| share > 0.01)
            .map(|elapsed| elapsed * (1.0 - share) / share);
        HowFar {
            share,
            left_s,
            busy_with,
        }
    }

    fn counted(&self) -> f64 {
        let steps = self.steps.load(Ordering::Relaxed).max(1);
        self.done.load(Ordering::Relaxed) as f64 / steps as f64
    }

    /// Whether it has been told to stop.
    pub(super) fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}

impl Run {
    pub(super) fn state(&self) -> State {
        open(&self.state).clone()
    }

    /// Tells it to stop: one that waits is over, one that is simulated ends after the replications in hand.
    pub(super) fn cancel(&self) {
        self.progress.stop.store(true, Ordering::Relaxed);
        let mut state = open(&self.state);
        if matches!(*state, State::Waiting) {
            *state = State::Cancelled;
        }
    }

    /// Begins it, unless it is over.
    fn begin(&self) -> bool {
        let mut state = open(&self.state);
        let waits = matches!(*state, State::Waiting);
        if waits {
            *state = State::Running;
        }
        waits
    }
}

/// All runs.
#[derive(Debug, Default)]
pub(super) struct Jobs {
    inner: Mutex<Inner>,
    wake: Condvar,
}

#[derive(Debug, Default)]
struct Inner {
    runs: Vec<Arc<Run>>,
    asked: VecDeque<(Arc<Run>, Box<Ask>)>,
    last: u32,
    ending: bool,
}

/// There are as many runs under way as there may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Full;

impl Jobs {
    /// Takes a question, to be simulated in its turn.
    pub(super) fn add(&self, ask: Ask, about: About) -> Result<Arc<Run>, Full> {
        let mut inner = open(&self.inner);
        // Those that were cancelled while they waited are not kept with their scenarios.
        inner.asked.retain(|(run, _)| !run.state().is_over());
        let under_way = inner.runs.iter().filter(|run| !run.state().is_over()).count();
        if under_way > MOST_WAITING || inner.ending {
            return Err(Full);
        }
        inner.last += 1;
        let run = Arc::new(Run {
            number: inner.last,
            about,
            progress: Progress::default(),
            state: Mutex::new(State::Waiting),
        });
        inner.runs.push(Arc::clone(&run));
        inner.asked.push_back((Arc::clone(&run), Box::new(ask)));
        if inner.runs.len() > MOST_KEPT
            && let Some(oldest) = inner.runs.iter().position(|run| run.state().is_over())
        {
            inner.runs.remove(oldest);
        }
        self.wake.notify_one();
        Ok(run)
    }

    /// All of them, the latest first.
    pub(super) fn all(&self) -> Vec<Arc<Run>> {
        open(&self.inner).runs.iter().rev().cloned().collect()
    }

    /// The one of that number.
    pub(super) fn run(&self, number: u32) -> Option<Arc<Run>> {
        open(&self.inner).runs.iter().find(|run| run.number == number).cloned()
    }

    /// How many stand before one that waits.
    pub(super) fn before(&self, number: u32) -> usize {
        let inner = open(&self.inner);
        let earlier = inner.runs.iter().filter(|run| run.number < number);
        earlier.filter(|run| !run.state().is_over()).count()
    }

    /// Takes no more, and stops what is under way.
    pub(super) fn end(&self) {
        let mut inner = open(&self.inner);
        inner.ending = true;
        inner.runs.iter().for_each(|run| run.cancel());
        self.wake.notify_all();
    }

    /// Simulates whatever is asked, one after the other, until the end.
    pub(super) fn work(&self, answer: impl Fn(&Ask, &Progress) -> Result<Kept, NoResult>) {
        while let Some((run, ask)) = self.next() {
            if !run.begin() {
                continue;
            }
            let found = match answer(&ask, &run.progress) {
                Ok(kept) => State::Done(Arc::new(kept)),
                Err(NoResult::Stopped) => State::Cancelled,
                Err(NoResult::Failed(why)) => State::Failed(why),
            };
            *open(&run.state) = found;
        }
    }

    /// The next question; nothing at the end.
    fn next(&self) -> Option<(Arc<Run>, Box<Ask>)> {
        let mut inner = open(&self.inner);
        loop {
            if let Some(next) = inner.asked.pop_front() {
                return Some(next);
            }
            if inner.ending {
                return None;
            }
            inner = self.wake.wait(inner).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// A length of time left, as people say it.
pub(super) fn left(seconds: f64) -> String {
    let said = |n: f64, unit: &str| {
        let s = if n < 1.5 { "" } else { "s" };
        format!("about {n:.0} {unit}{s} left")
    };
    if seconds < 50.0 {
        said(((seconds / 5.0).ceil() * 5.0).max(5.0), "second")
    } else if seconds < 3000.0 {
        said((seconds / 60.0).ceil(), "minute")
    } else {
        said((seconds / 3600.0).ceil(), "hour")
    }
}

#[cfg(test)]
mod tests {
    use super::{Progress, left};
    use crate::answers::required::Stage;

    #[test]
    fn time_left_is_said_roughly() {
        assert_eq!(left(0.2), "about 5 seconds left");
        assert_eq!(left(31.0), "about 35 seconds left");
        assert_eq!(left(59.0), "about 1 minute left");
        assert_eq!(left(125.0), "about 3 minutes left");
        assert_eq!(left(7000.0), "about 2 hours left");
    }

    fn is(progress: &Progress, share: f64) -> bool {
        (progress.how_far().share - share).abs() < 1e-12
    }

    #[test]
    fn a_search_says_how_far_it_is_and_a_certificate_is_counted() {
        let progress = Progress::default();
        progress.stage(Stage::Search { settled: 0.25 });
        progress.step();
        assert!(is(&progress, 0.25));
        progress.stage(Stage::Certify {
            attempt: 1,
            expected: 4,
        });
        assert!(is(&progress, 0.0));
        progress.step();
        assert!(is(&progress, 0.25));
        assert_eq!(progress.how_far().busy_with, "certifying");
    }
}
