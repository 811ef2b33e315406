//! The progress bar: on a terminal only, and only when there is something to wait for.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::screen;

/// Nothing is shown for work shorter than this.
const PATIENCE: Duration = Duration::from_secs(2);

/// Time left that is worth a sentence \[s\].
const WORTH_SAYING: f64 = 10.0;

/// Replications done, and the time left.
#[derive(Debug)]
pub(super) struct Progress {
    bar: ProgressBar,
    start: Instant,
    shown: Mutex<bool>,
}

impl Progress {
    /// Of `steps` steps that make up `replications` replications.
    pub(super) fn new(steps: u64, replications: u32) -> Self {
        let bar = ProgressBar::with_draw_target(Some(steps), ProgressDrawTarget::hidden());
        let template = "simulating {bar:30} {percent:>3} % of {msg} replications, {eta} left";
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.progress_chars("=> "));
        }
        bar.set_message(replications.to_string());
        Self {
            bar,
            start: Instant::now(),
            shown: Mutex::new(false),
        }
    }

    /// Of so many steps that take long, each of what is named.
    pub(super) fn of(steps: usize, what: &'static str) -> Self {
        let bar = ProgressBar::with_draw_target(Some(steps as u64), ProgressDrawTarget::hidden());
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos} of {len} {msg}, {eta} left") {
            bar.set_style(style.progress_chars("=> "));
        }
        bar.set_message(what);
        Self {
            bar,
            start: Instant::now(),
            shown: Mutex::new(false),
        }
    }

    /// Of as many steps as it takes, each of what is named.
    pub(super) fn without_end(steps: &'static str) -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        if let Ok(style) = ProgressStyle::with_template("simulating, {pos} {msg} so far, {elapsed}") {
            bar.set_style(style);
        }
        bar.set_message(steps);
        Self {
            bar,
            start: Instant::now(),
            shown: Mutex::new(false),
        }
    }

    /// One step done, from any thread.
    pub(super) fn step(&self) {
        self.bar.inc(1);
        if let Ok(mut shown) = self.shown.try_lock()
            && !*shown
            && self.start.elapsed() >= PATIENCE
        {
            // indicatif draws nothing where standard error is no terminal.
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
            *shown = true;
        }
    }

    /// One step done of those that take long: after the first, how long the others may take, where that is worth saying.
    pub(super) fn long_step(&self, what: &str) {
        self.step();
        let (done, steps) = (self.bar.position(), self.bar.length().unwrap_or(1));
        let left = self.seconds() * (steps as f64 - 1.0);
        if done == 1 && left >= WORTH_SAYING {
            let said = if left < 90.0 {
                format!("{left:.0} seconds")
            } else {
                format!("{:.0} minutes", left / 60.0)
            };
            self.bar.suspend(|| {
                screen::warn(&format!(
                    "The first of {steps} {what} took {:.0} s; the others will take about {said}.\n",
                    self.seconds()
                ));
            });
        }
    }

    /// Takes the bar away.
    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }

    /// Time since the start \[s\].
    pub(super) fn seconds(&self) -> f64 {
        self.start.elapsed().as_secs_f64()
    }
}
