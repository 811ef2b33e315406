//! Looking on: what happened, as it happens, for traces and for tests.
//!
//! The engine tells an [`Observer`] everything; the default one is deaf and costs nothing.

use crate::engine::Cause;
use crate::units::{Instant, Span};

/// Numbers here are places in the scenario's lists; `referral` counts referrals and packages of a replication.
#[derive(Clone, Copy, Debug, PartialEq)]
#[expect(
    missing_docs,
    reason = "each field is what its name says; the variants are documented"
)]
pub enum Seen {
    /// A referral is received and accepted; its clock starts now, or started at the opening that is now.
    ClockStarts {
        referral: u64,
        hub: usize,
        pathway: usize,
        received: Instant,
    },
    /// Somebody waits at the first simulated instant; the clock started before it.
    WaitsAtStart {
        referral: u64,
        hub: usize,
        pathway: usize,
        clock: Instant,
    },
    /// A package is open at the first simulated instant; it began before it.
    OpenAtStart {
        referral: u64,
        hub: usize,
        package: usize,
        began: Instant,
    },
    /// A stream of it is running; `visit` is the number of its next visit.
    RunsAtStart {
        referral: u64,
        hub: usize,
        stream: usize,
        visit: u32,
    },
    /// A referral is declined.
    Declined { hub: usize, pathway: usize },
    /// Somebody is sent: to a first response or to a planned visit. `hub` is where they are based, which where hubs share
    /// staff need not be the referral's. `person` is `None` for pools; `second` is true of the second person of one visit;
    /// `planned` is the time of a planned visit, and `None` of a first response and of a package's first lead visit, which
    /// are late by no time of their own.
    Sent {
        referral: u64,
        hub: usize,
        role: usize,
        person: Option<u32>,
        stream: Option<usize>,
        visit: u32,
        second: bool,
        planned: Option<Instant>,
        arrives: Instant,
        begins: Instant,
        ends: Instant,
        free: Instant,
    },
    /// The clock stops.
    ClockStops {
        referral: u64,
        hub: usize,
        pathway: usize,
        at: Instant,
        wait: Span,
        met: bool,
    },
    /// A counted referral has missed its standard, for this cause.
    Missed {
        referral: u64,
        hub: usize,
        pathway: usize,
        cause: Cause,
    },
    /// Patience is over; what becomes of the person is a place in the pathway's `on_leaving`.
    Left {
        referral: u64,
        hub: usize,
        pathway: usize,
        outcome: usize,
    },
    /// Still waiting when following ended.
    Unanswered { referral: u64, hub: usize, pathway: usize },
    /// The first response is over.
    ResponseOver {
        referral: u64,
        hub: usize,
        pathway: usize,
        outcome: usize,
    },
    /// A package takes its place on the caseload.
    PackageStarts { referral: u64, hub: usize, package: usize },
    /// A stream of it is admitted, or needs no room.
    StreamStarts { referral: u64, hub: usize, stream: usize },
    /// A planned visit becomes available; its time is `time`.
    VisitAvailable {
        referral: u64,
        stream: usize,
        visit: u32,
        time: Instant,
    },
    /// A planned visit is given up.
    VisitMissed { referral: u64, stream: usize, visit: u32 },
    /// A package ends; what becomes of the person is a place in its list of outcomes, if it has one.
    PackageEnds {
        referral: u64,
        hub: usize,
        package: usize,
        outcome: Option<usize>,
    },
    /// A person comes on shift.
    PersonStarts {
        person: u32,
        hub: usize,
        role: usize,
        shift: usize,
        slot: u32,
        until: Instant,
    },
    /// A rostered person is absent.
    PersonAbsent {
        hub: usize,
        role: usize,
        shift: usize,
        slot: u32,
    },
    /// A person goes on a break.
    BreakStarts { person: u32, until: Instant },
    /// A person leaves: at shift end, or later from the last visit.
    PersonLeaves { person: u32, hub: usize, role: usize },
    /// A pool's capacity is now this.
    PoolChanges { hub: usize, role: usize, capacity: u32 },
}

/// Somebody who looks on.
pub trait Observer {
    /// Something happened.
    fn see(&mut self, at: Instant, what: Seen);
}

/// Nobody.
#[derive(Clone, Copy, Debug, Default)]
pub struct Deaf;

impl Observer for Deaf {
    #[inline]
    fn see(&mut self, _at: Instant, _what: Seen) {}
}

/// Everything, in order.
impl Observer for Vec<(Instant, Seen)> {
    fn see(&mut self, at: Instant, what: Seen) {
        self.push((at, what));
    }
}
