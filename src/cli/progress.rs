//! The progress bar: on a terminal only, and only when there is something to wait for.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Nothing is shown for work shorter than this.
const PATIENCE: Duration = Duration::from_secs(2);

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

    /// Takes the bar away.
    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }

    /// Time since the start \[s\].
    pub(super) fn seconds(&self) -> f64 {
        self.start.elapsed().as_secs_f64()
    }
}
