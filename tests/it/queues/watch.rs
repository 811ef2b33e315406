//! Somebody who looks on at one hub and counts exactly, in whole milliseconds.

use homefirst::engine::{Observer, Seen};
use homefirst::units::{Instant, Span};

/// A number that changes with time, and its integral over the window.
#[derive(Debug, Default)]
pub(super) struct Level {
    pub(super) now: i64,
    since: i64,
    /// Integral over the window \[ms\].
    pub(super) area: i64,
}

impl Level {
    fn change(&mut self, by: i64, at: i64, window: i64) {
        self.area += self.now * overlap(self.since, at, window);
        (self.now, self.since) = (self.now + by, at);
    }
}

/// The part of an interval that lies in the window from 0 \[ms\].
fn overlap(from: i64, to: i64, window: i64) -> i64 {
    (to.min(window) - from.max(0)).max(0)
}

/// What one pathway's counted referrals did.
#[derive(Debug, Default)]
pub(super) struct Counted {
    /// Waits of those seen \[ms\].
    pub(super) seen: Vec<i64>,
    /// Waits of those who left \[ms\].
    pub(super) left: Vec<i64>,
    /// Those whose clock started in the window.
    pub(super) referrals: i64,
    /// First responses that ended in the window with the pathway's first outcome.
    pub(super) first_outcomes: i64,
}

/// The state just before an instant.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moment {
    pub(super) at: i64,
    /// People waiting or with a visit.
    pub(super) there: i64,
    /// Open packages.
    pub(super) open: i64,
    /// How long somebody referred at that instant would wait \[ms\]: until as many of those there have gone as are too
    /// many, first come first served. `None` until it is known.
    pub(super) wait: Option<i64>,
    /// Those still to go.
    to_go: i64,
}

/// One hub in one replication.
#[derive(Debug)]
pub(super) struct Watch {
    window: i64,
    starts: Vec<i64>,
    pub(super) pathways: Vec<Counted>,
    pub(super) waiting: Level,
    pub(super) there: Level,
    pub(super) open: Level,
    /// Staff-time at work in the window \[ms\].
    pub(super) busy: i64,
    workers: i64,
    instants: std::vec::IntoIter<i64>,
    next: i64,
    pub(super) moments: Vec<Moment>,
    undecided: usize,
}

impl Watch {
    /// `workers` all alike, for the wait of somebody referred at one of the `instants`, which are in order \[ms\].
    pub(super) fn new(window: Span, pathways: usize, workers: i64, instants: Vec<i64>) -> Self {
        let mut instants = instants.into_iter();
        Self {
            window: window.ms(),
            starts: Vec::new(),
            pathways: (0..pathways).map(|_| Counted::default()).collect(),
            waiting: Level::default(),
            there: Level::default(),
            open: Level::default(),
            busy: 0,
            workers,
            next: instants.next().unwrap_or(i64::MAX),
            instants,
            moments: Vec::new(),
            undecided: 0,
        }
    }

    /// The levels' integrals end, whatever instants are left are looked at.
    pub(super) fn close(&mut self) {
        self.look(self.window);
        for level in [&mut self.waiting, &mut self.there, &mut self.open] {
            let end = self.window.max(level.since);
            level.change(0, end, self.window);
        }
    }

    fn inside(&self, time: i64) -> bool {
        (0..self.window).contains(&time)
    }

    /// Looks at the instants up to now, as they were before what happens now.
    fn look(&mut self, now: i64) {
        while self.next <= now {
            let to_go = (self.there.now - self.workers + 1).max(0);
            self.undecided += usize::from(to_go > 0);
            self.moments.push(Moment {
                at: self.next,
                there: self.there.now,
                open: self.open.now,
                wait: (to_go == 0).then_some(0),
                to_go,
            });
            self.next = self.instants.next().unwrap_or(i64::MAX);
        }
    }

    /// Somebody's visit is over.
    fn gone(&mut self, now: i64) {
        if self.undecided == 0 {
            return;
        }
        for moment in self.moments.iter_mut().filter(|m| m.to_go > 0) {
            moment.to_go -= 1;
            if moment.to_go == 0 {
                moment.wait = Some(now - moment.at);
                self.undecided -= 1;
            }
        }
    }
}

impl Observer for Watch {
    fn see(&mut self, at: Instant, what: Seen) {
        let now = at.ms();
        self.look(now);
        match what {
            Seen::ClockStarts { referral, pathway, .. } => {
                let place = usize::try_from(referral).unwrap();
                if self.starts.len() <= place {
                    self.starts.resize(place + 1, 0);
                }
                self.starts[place] = now;
                self.pathways[pathway].referrals += i64::from(self.inside(now));
                self.waiting.change(1, now, self.window);
                self.there.change(1, now, self.window);
            }
            Seen::ClockStops {
                pathway,
                at: stop,
                wait,
                ..
            } => {
                assert_eq!(stop, at, "nobody travels in these models");
                self.waiting.change(-1, now, self.window);
                if self.inside(now - wait.ms()) {
                    self.pathways[pathway].seen.push(wait.ms());
                }
            }
            Seen::Left { referral, pathway, .. } => {
                self.waiting.change(-1, now, self.window);
                self.there.change(-1, now, self.window);
                let start = self.starts[usize::try_from(referral).unwrap()];
                if self.inside(start) {
                    self.pathways[pathway].left.push(now - start);
                }
            }
            Seen::Sent { free, .. } => self.busy += overlap(now, free.ms(), self.window),
            Seen::ResponseOver { pathway, outcome, .. } => {
                self.there.change(-1, now, self.window);
                self.pathways[pathway].first_outcomes += i64::from(outcome == 0 && self.inside(now));
                self.gone(now);
            }
            Seen::PackageStarts { .. } => self.open.change(1, now, self.window),
            Seen::PackageEnds { .. } => self.open.change(-1, now, self.window),
            _ => {}
        }
    }
}
