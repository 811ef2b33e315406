//! The progress bar: on a terminal only, and only when there is something to wait for.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::screen;
use crate::answers::required::Stage;

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
    /// Whether steps move the bar.
    counts: AtomicBool,
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
            counts: AtomicBool::new(true),
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
            counts: AtomicBool::new(true),
        }
    }

    /// Of a search of which it is not known how much it takes, and of what comes after it: see [`Progress::stage`].
    pub(super) fn staged() -> Self {
        let progress = Self::of(1000, "");
        progress.stage(Stage::Search { settled: 0.0 });
        progress
    }

    /// What it is busy with, how far that is and how long it may take. What a search has settled grows about evenly with time; how
    /// long the certificate takes is known when it begins.
    pub(super) fn stage(&self, stage: Stage) {
        let template = match stage {
            Stage::Search { .. } => "searching {bar:30} {percent:>3} % settled, about {eta} left; then the certificate",
            Stage::Certify { attempt: 1, .. } => "certifying {bar:30} {percent:>3} %, about {eta} left",
            Stage::Certify { .. } => "certifying again {bar:30} {percent:>3} %, about {eta} left",
        };
        let style = ProgressStyle::with_template(template).map(|style| style.progress_chars("=> "));
        if let Ok(style) = style {
            self.bar.set_style(style);
        }
        match stage {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share")]
            Stage::Search { settled } => {
                if self.counts.swap(false, Ordering::Relaxed) {
                    self.bar.reset_eta();
                }
                self.bar.set_length(1000);
                self.bar.set_position((settled.clamp(0.0, 1.0) * 1000.0) as u64);
            }
            Stage::Certify { expected, .. } => {
                self.counts.store(true, Ordering::Relaxed);
                self.bar.reset();
                self.bar.set_length(expected.max(1));
            }
        }
    }

    /// One step done, from any thread.
    pub(super) fn step(&self) {
        // A search says itself how far it is.
        if self.counts.load(Ordering::Relaxed) {
            self.bar.inc(1);
        } else {
            self.bar.tick();
        }
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
