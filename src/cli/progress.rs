//! The progress bar: on a terminal, and only when there is something to wait for. Elsewhere, as in a file that keeps what is said,
//! a line says from time to time how far it is and how long the rest may take.

use std::io::IsTerminal as _;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::screen;
use crate::answers::required::Stage;
use crate::output::table;

/// Nothing is shown for work shorter than this.
const PATIENCE: Duration = Duration::from_secs(2);

/// Time left that is worth a sentence \[s\].
const WORTH_SAYING: f64 = 10.0;

/// Of less than this part of the work nothing is foreseen: it would be too rough.
const ENOUGH: f64 = 0.02;

/// Where there is no terminal, the first line comes after so long, and each other after three times as long \[s\].
const FIRST_LINE: f64 = 5.0;
const NEXT_LINE: f64 = 3.0;

/// Replications done, and the time left.
#[derive(Debug)]
pub(super) struct Progress {
    bar: ProgressBar,
    start: Instant,
    shown: Mutex<bool>,
    /// Whether steps move the bar.
    counts: AtomicBool,
    lines: Mutex<Lines>,
}

/// Lines about how far it is, where there is no terminal.
#[derive(Debug)]
struct Lines {
    /// What it is busy with: `simulating`.
    doing: &'static str,
    /// When that began \[s\].
    since: f64,
    /// When the next line is due \[s\].
    due: f64,
}

impl Lines {
    const fn new(doing: &'static str) -> Self {
        Self {
            doing,
            since: 0.0,
            due: FIRST_LINE,
        }
    }

    /// The line that is due, if one is, `now` seconds after the start, with this part of the work done.
    fn due(&mut self, now: f64, part: f64) -> Option<String> {
        if now < self.due || part < ENOUGH {
            return None;
        }
        self.due = now * NEXT_LINE;
        let left = (now - self.since) * (1.0 / part - 1.0);
        (left >= WORTH_SAYING).then(|| {
            format!(
                "{} since {}: {:.0} % of what may be needed is done, about {} left at most.",
                self.doing,
                time(now - self.since),
                (part * 100.0).floor(),
                time(left)
            )
        })
    }
}

/// A stretch of time as a sentence says it.
pub(super) fn time(seconds: f64) -> String {
    if seconds < 90.0 {
        format!("{seconds:.0} seconds")
    } else {
        format!("{:.0} minutes", seconds / 60.0)
    }
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
            lines: Mutex::new(Lines::new("Simulating")),
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
            lines: Mutex::new(Lines::new("Simulating")),
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
        let doing = match stage {
            Stage::Search { .. } => "Searching (the certificate comes after)",
            Stage::Certify { attempt: 1, .. } => "Certifying",
            Stage::Certify { .. } => "Certifying again",
        };
        if let Ok(mut lines) = self.lines.lock()
            && lines.doing != doing
        {
            let now = self.seconds();
            (lines.doing, lines.since, lines.due) = (doing, now, now + FIRST_LINE);
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
        self.say_if_due();
        if let Ok(mut shown) = self.shown.try_lock()
            && !*shown
            && self.start.elapsed() >= PATIENCE
        {
            // indicatif draws nothing where standard error is no terminal.
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
            *shown = true;
        }
    }

    /// Says how far it is, where there is no bar to see it and it is time to.
    fn say_if_due(&self) {
        let Ok(mut lines) = self.lines.try_lock() else { return };
        let now = self.seconds();
        if now < lines.due || std::io::stderr().is_terminal() {
            return;
        }
        let length = self.bar.length().unwrap_or(0).max(1);
        let part = (self.bar.position() as f64 / length as f64).min(1.0);
        if let Some(line) = lines.due(now, part) {
            screen::warn(&table::prose(&[line]));
        }
    }

    /// One step done of those that take long: after the first, how long the others may take, where that is worth saying.
    pub(super) fn long_step(&self, what: &str) {
        // After the first there is a sentence of its own.
        if self.bar.position() == 0
            && let Ok(mut lines) = self.lines.lock()
        {
            lines.due = self.seconds() * NEXT_LINE;
        }
        self.step();
        let (done, steps) = (self.bar.position(), self.bar.length().unwrap_or(1));
        let left = self.seconds() * (steps as f64 - 1.0);
        if done == 1 && left >= WORTH_SAYING {
            let said = time(left);
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

#[cfg(test)]
mod tests {
    use super::Lines;

    /// Nothing at first; then how long the rest takes if it goes on so; and lines that come ever more rarely.
    #[test]
    fn without_a_terminal_lines_say_how_long_the_rest_takes() {
        let mut lines = Lines::new("Simulating");
        assert_eq!(lines.due(4.9, 0.1), None);
        assert_eq!(
            lines.due(6.0, 0.1).as_deref(),
            Some("Simulating since 6 seconds: 10 % of what may be needed is done, about 54 seconds left at most.")
        );
        assert_eq!(lines.due(17.0, 0.2), None);
        assert_eq!(
            lines.due(18.0, 0.105).as_deref(),
            Some("Simulating since 18 seconds: 10 % of what may be needed is done, about 3 minutes left at most.")
        );
        // What is nearly done, or of which nothing is known yet, is not worth a line.
        assert_eq!(Lines::new("Simulating").due(8.0, 0.9), None);
        assert_eq!(Lines::new("Simulating").due(8.0, 0.0), None);
    }
}
