//! Whether the worlds reach what the laws speak of: a law about breaks says nothing where nobody takes one.
//!
//! Each entry is something that must have happened in at least one of the worlds that every run of the tests tries.

use homefirst::engine::{Cause, Seen};
use homefirst::model::{
    ClockStops, GateHolds, Joint, OutOfHours, Outcome, PathwayId, Pattern, ShiftEnd, Staffing, Stream, Within,
};
use homefirst::random::Distribution;
use homefirst::units::{Instant, Span};

use super::packages::{Taken, packages};
use super::referrals::{End, Followed, followed};
use super::staff::{Shifted, shifts};
use super::visits::{Visit, idle_while_a_visit_waits, stream_of, visits};
use super::{Ran, bytes, read, runner};
use crate::worlds::scenario_text;
use proptest::strategy::{Strategy as _, ValueTree as _};

/// One hub's run with everything looked at once.
struct Past<'a> {
    text: &'a str,
    ran: &'a Ran<'a>,
    referrals: Vec<(u64, Followed)>,
    shifts: Vec<Shifted>,
    visits: Vec<((u64, usize, u32), Visit)>,
    packages: Vec<(u64, Taken)>,
}

impl Past<'_> {
    fn log(&self, pick: impl Fn(Instant, &Seen) -> bool) -> bool {
        self.ran.log.iter().any(|(at, seen)| pick(*at, seen))
    }

    fn missed_for(&self, wanted: Cause) -> bool {
        self.log(|_, seen| matches!(seen, Seen::Missed { cause, .. } if *cause == wanted))
    }

    /// Whether the text of any hub holds some words.
    fn hub_with(&self, words: &str) -> bool {
        self.text.split("[[hub]]").skip(1).any(|hub| hub.contains(words))
    }

    fn pathway(&self, r: &Followed) -> &homefirst::model::Pathway {
        &self.ran.s.pathways[r.pathway]
    }

    fn referral(&self, pick: impl Fn(&Followed) -> bool) -> bool {
        self.referrals.iter().any(|(_, r)| pick(r))
    }

    /// Somebody seen within the standard, and somebody too late, on pathways of a kind.
    fn met_and_missed(&self, pick: impl Fn(&Within, ClockStops) -> bool) -> bool {
        let of = |met: bool| {
            self.referral(|r| {
                let standard = self.pathway(r).standard;
                standard.is_some_and(|s| pick(&s.within, s.clock_stops))
                    && matches!(r.ends[0].1, End::Seen(_, m) if m == met)
            })
        };
        of(true) && of(false)
    }

    /// Somebody seen on a pathway with something.
    fn seen(&self, pick: impl Fn(&homefirst::model::Pathway) -> bool) -> bool {
        self.referral(|r| pick(self.pathway(r)) && matches!(r.ends[0].1, End::Seen(..)))
    }

    /// A response to which several were sent, on pathways of a kind.
    fn several_sent(&self, pick: impl Fn(&homefirst::model::Pathway) -> bool) -> bool {
        self.referrals.iter().any(|(n, r)| {
            let to_this = |seen: &Seen| matches!(seen, Seen::Sent { referral, stream: None, .. } if referral == n);
            pick(self.pathway(r)) && self.ran.log.iter().filter(|(_, seen)| to_this(seen)).count() > 1
        })
    }

    /// A visit made, of streams of a kind.
    fn made(&self, pick: impl Fn(&Stream, u32) -> bool) -> bool {
        let made = self.visits.iter().filter(|(_, v)| !v.sent.is_empty());
        made.into_iter()
            .any(|((_, stream, visit), _)| pick(stream_of(self.ran, *stream), *visit))
    }

    fn visit(&self, pick: impl Fn(&Stream, &Visit) -> bool) -> bool {
        let mut all = self.visits.iter();
        all.any(|((_, stream, _), v)| pick(stream_of(self.ran, *stream), v))
    }

    /// Somebody sent to a planned visit: the stream and the role sent.
    fn sent(&self, pick: impl Fn(&Stream, usize) -> bool) -> bool {
        self.log(|_, seen| match seen {
            Seen::Sent {
                stream: Some(n), role, ..
            } => pick(stream_of(self.ran, *n), *role),
            _ => false,
        })
    }

    /// A first response of a length of some family.
    fn length(&self, words: &str) -> bool {
        let says = |d: &Distribution| d.describe().contains(words);
        self.seen(|p| p.responses.iter().flat_map(|r| &r.needs).any(|n| says(&n.length)))
    }

    /// Whether a stream of the package was gated and began after it, or never.
    fn gated(&self, pick: impl Fn(&Taken, Option<&Instant>) -> bool) -> bool {
        self.packages.iter().any(|(_, taken)| {
            let streams = &self.ran.s.packages[taken.package].streams;
            let first: usize = self.ran.s.packages[..taken.package]
                .iter()
                .map(|p| p.streams.len())
                .sum();
            let gated = streams
                .iter()
                .enumerate()
                .filter(|(_, s)| s.gated && s.share.get() >= 1.0);
            gated
                .into_iter()
                .any(|(n, _)| pick(taken, taken.streams.get(&(first + n))))
        })
    }
}

type Happened = fn(&Past<'_>) -> bool;

const REACHED: &[(&str, Happened)] = &[
    // Demand.
    ("several hubs", |p| p.ran.s.hubs.len() > 1),
    ("hubs with shares", |p| p.hub_with("\nshare = 0.75")),
    ("a hub with a share beside one with referrals", |p| {
        p.hub_with("\nshare = ") && p.hub_with("\nreferrals = ")
    }),
    ("hours", |p| {
        p.seen(|x| (1..24).any(|h| x.profile.weight(h) > x.profile.weight(0)))
    }),
    ("days", |p| {
        p.seen(|x| (1..7).any(|d| x.profile.weight(24 * d) > x.profile.weight(0)))
    }),
    ("months", |p| p.seen(|x| x.months.iter().any(|m| *m > 1.0))),
    ("growth", |p| p.seen(|x| x.growth.abs() > 0.0)),
    ("dispersion", |p| p.seen(|x| x.dispersion > 1.0)),
    ("a bank holiday", |p| {
        p.ran.s.experiment.calendar.bank_holidays().count() > 0
    }),
    ("somebody is declined", |p| {
        p.log(|_, seen| matches!(seen, Seen::Declined { .. }))
    }),
    ("a referral is deferred", |p| p.referral(|r| r.received < r.clock)),
    ("a referral comes out of hours", |p| {
        p.referral(|r| {
            let opens = p
                .pathway(r)
                .opens
                .filter(|_| p.pathway(r).out_of_hours == OutOfHours::Accept);
            opens.is_some_and(|opens| r.clock.time_of_day() < opens.from)
        })
    }),
    // Ends.
    ("somebody leaves", |p| {
        p.referral(|r| r.ends[0].1 == End::Left { hospital: false })
    }),
    ("somebody leaves for hospital", |p| {
        p.referral(|r| r.ends[0].1 == End::Left { hospital: true })
    }),
    ("somebody leaves who waits for a package", |p| {
        p.referral(|r| p.pathway(r).package.is_some() && matches!(r.ends[0].1, End::Left { .. }))
    }),
    ("somebody is never seen", |p| {
        p.referral(|r| r.ends[0].1 == End::Unanswered)
    }),
    ("waiting from empty to empty", |p| {
        p.ran
            .record
            .pathways
            .iter()
            .any(|b| b.waiting_at == [0, 0] && b.wait_ms > 0)
    }),
    ("somebody waits as the window closes", |p| {
        p.ran.record.pathways.iter().any(|b| b.waiting_at[1] > 0)
    }),
    ("hours met and missed", |p| {
        p.met_and_missed(|w, _| matches!(w, Within::Time(t) if *t < Span::DAY))
    }),
    ("days met and missed", |p| {
        p.met_and_missed(|w, _| matches!(w, Within::Time(t) if *t > Span::DAY))
    }),
    ("same day met and missed", |p| {
        p.met_and_missed(|w, _| *w == Within::SameDay)
    }),
    ("lead clock", |p| p.met_and_missed(|_, c| c == ClockStops::Lead)),
    ("first clock", |p| p.met_and_missed(|_, c| c == ClockStops::First)),
    ("all clock", |p| p.met_and_missed(|_, c| c == ClockStops::All)),
    ("first clock of a package", |p| {
        p.seen(|x| x.package.is_some() && x.standard.is_some_and(|s| s.clock_stops == ClockStops::First))
    }),
    ("no standard", |p| p.seen(|x| x.standard.is_none())),
    ("triage", |p| p.seen(|x| !x.triage.is_zero())),
    ("waits without a bed", |p| {
        p.ran.record.pathways.iter().any(|b| b.outside_ms > 0)
    }),
    ("waits in the second kind of bed", |p| {
        p.ran
            .record
            .pathways
            .iter()
            .any(|b| b.bed_ms.get(1).is_some_and(|ms| *ms > 0))
    }),
    ("waits in a bed", |p| {
        p.ran.record.pathways.iter().any(|b| b.bed_ms.iter().sum::<i64>() > 0)
    }),
    ("start-due", |p| p.seen(|x| x.start_due.is_some())),
    // Causes.
    ("shut", |p| p.missed_for(Cause::Shut)),
    ("triage was too long", |p| p.missed_for(Cause::Triage)),
    ("nobody was on shift", |p| p.missed_for(Cause::NobodyOnShift)),
    ("no room", |p| p.missed_for(Cause::NoRoom)),
    ("planned for later", |p| p.missed_for(Cause::PlannedLater)),
    ("a partner was missing", |p| p.missed_for(Cause::PartnerMissing)),
    ("all were at first responses", |p| {
        p.missed_for(Cause::BusyFirstResponses)
    }),
    ("all were busy with planned visits", |p| {
        p.missed_for(Cause::BusyPlannedVisits)
    }),
    ("the end of the shift forbade it", |p| p.missed_for(Cause::ShiftEnd)),
    ("the road was too long", |p| p.missed_for(Cause::Travel)),
    // Responses.
    ("separate", |p| p.several_sent(|x| x.joint == Joint::Separate)),
    ("together", |p| p.several_sent(|x| x.joint == Joint::Together)),
    ("reserve", |p| p.several_sent(|x| x.joint == Joint::Reserve)),
    ("several kinds of response", |p| p.seen(|x| x.responses.len() > 1)),
    ("a lead who is not the first", |p| {
        p.seen(|x| x.responses.iter().any(|r| r.lead > 0))
    }),
    ("another role goes to a first response", |p| {
        p.log(|_, seen| match seen {
            Seen::Sent {
                referral,
                role,
                stream: None,
                ..
            } => {
                let of = p.referrals.iter().find(|(n, _)| n == referral);
                let mut needs = of
                    .iter()
                    .flat_map(|(_, r)| &p.pathway(r).responses)
                    .flat_map(|r| &r.needs);
                needs.all(|n| n.role.0 != *role)
            }
            _ => false,
        })
    }),
    ("two people at a first response", |p| {
        p.several_sent(|x| {
            x.responses
                .iter()
                .all(|r| r.needs.len() == 1 && r.needs[0].two.get() > 0.0)
        })
    }),
    ("hospital after a first response", |p| {
        p.log(|_, seen| {
            matches!(seen, Seen::ResponseOver { pathway, outcome, .. }
                if p.ran.s.pathways[*pathway].outcome[*outcome].0 == Outcome::Hospital)
        })
    }),
    ("another pathway after a first response", |p| {
        p.log(|_, seen| {
            matches!(seen, Seen::ResponseOver { pathway, outcome, .. }
                if matches!(p.ran.s.pathways[*pathway].outcome[*outcome].0, Outcome::Pathway(n) if n.0 != *pathway))
        })
    }),
    ("the same pathway again", |p| {
        p.log(|_, seen| {
            matches!(seen, Seen::ResponseOver { pathway, outcome, .. }
                if p.ran.s.pathways[*pathway].outcome[*outcome].0 == Outcome::Pathway(PathwayId(*pathway)))
        })
    }),
    ("a package besides", |p| {
        p.packages
            .iter()
            .any(|(n, _)| p.referrals.iter().all(|(other, _)| other != n))
    }),
    // Staff.
    ("somebody is absent", |p| {
        p.log(|_, seen| matches!(seen, Seen::PersonAbsent { .. }))
    }),
    ("headroom of one number", |p| p.text.contains("headroom = 0.2")),
    ("planned headroom", |p| p.text.contains("planned = 0.16, absence")),
    ("a break", |p| p.shifts.iter().any(|x| !x.breaks.is_empty())),
    ("a break after work", |p| {
        p.shifts
            .iter()
            .any(|x| x.breaks.iter().any(|b| x.work.iter().any(|w| w.1 == b.0)))
    }),
    ("a break that shift end cuts", |p| {
        p.shifts.iter().any(|x| x.breaks.iter().any(|b| b.1 == x.until))
    }),
    ("no time for a break", |p| {
        p.shifts.iter().any(|x| {
            x.left.is_some() && x.breaks.is_empty() && p.ran.s.roles[x.role].shifts[x.shift].unpaid_break > Span::ZERO
        })
    }),
    ("work after shift end", |p| {
        p.shifts.iter().any(|x| x.work.iter().any(|w| w.1 > x.until))
    }),
    ("a shift over midnight", |p| {
        p.shifts
            .iter()
            .any(|x| x.from.day() < x.until.day() && x.until.time_of_day() > Span::ZERO)
    }),
    ("a pool with more at work than it has", |p| {
        let staff = &p.ran.s.hubs[p.ran.hub].staff;
        let mut both = p.ran.record.roles.iter().zip(staff);
        both.any(|(books, s)| matches!(s, Staffing::OnShift(_)) && books.overtime_ms > 0)
    }),
    ("a pool with nobody", |p| {
        let used = |role: usize| p.log(|_, seen| matches!(seen, Seen::Sent { role: r, .. } if *r == role));
        p.log(|_, seen| matches!(seen, Seen::PoolChanges { role, capacity: 0, .. } if used(*role)))
    }),
    ("nobody of a role at a hub", |p| {
        p.ran.s.hubs[p.ran.hub].staff.iter().any(Staffing::is_none)
    }),
    ("admin and notes", |p| {
        p.log(|_, seen| {
            matches!(seen, Seen::Sent { role, ends, free, .. }
                if *free > *ends + p.ran.s.roles[*role].notes && p.ran.s.roles[*role].notes > Span::ZERO)
        })
    }),
    ("somebody idle may not start late", |p| {
        idle_while_a_visit_waits(p.ran, ShiftEnd::NoLateStart).is_some()
    }),
    ("somebody idle is held back", |p| {
        let reserves = p.ran.s.pathways.iter().any(|x| x.joint == Joint::Reserve);
        reserves && idle_while_a_visit_waits(p.ran, ShiftEnd::Finish).is_some()
    }),
    ("travel by hour", |p| {
        p.ran.s.hubs[p.ran.hub].travel.hours.is_some() && !p.referrals.is_empty()
    }),
    ("travel that varies", |p| {
        p.ran.s.hubs[p.ran.hub].travel.urgent.sd_ms() > 0.0 && !p.referrals.is_empty()
    }),
    // Packages.
    ("a full caseload", |p| {
        p.packages.iter().any(|(n, taken)| {
            let of = p.referrals.iter().find(|(other, _)| other == n);
            of.is_some_and(|(_, r)| p.pathway(r).triage.is_zero() && r.clock < taken.from)
        })
    }),
    ("the gate lets somebody wait", |p| {
        p.gated(|taken, began| began.is_some_and(|at| *at > taken.from))
    }),
    ("the gate holds a whole package that then begins", |p| {
        let holds = |taken: &Taken| p.ran.s.packages[taken.package].gate_holds == GateHolds::Package;
        let late = |taken: &Taken| taken.streams.len() > 1 && taken.streams.values().all(|at| *at > taken.from);
        p.packages.iter().any(|(_, taken)| holds(taken) && late(taken))
    }),
    ("a package open at the start that ends", |p| {
        let open = |n: u64| p.log(|_, seen| matches!(seen, Seen::OpenAtStart { referral, .. } if *referral == n));
        p.packages.iter().any(|(n, taken)| taken.to.is_some() && open(*n))
    }),
    ("a visit of a package open at the start", |p| {
        let runs = |n: u64| p.log(|_, seen| matches!(seen, Seen::RunsAtStart { referral, .. } if *referral == n));
        p.visits.iter().any(|((n, ..), v)| !v.sent.is_empty() && runs(*n))
    }),
    ("more open at the start than the caseload allows", |p| {
        let open = |n: usize| {
            let of_kind =
                |(_, seen): &&(Instant, Seen)| matches!(seen, Seen::OpenAtStart { package, .. } if *package == n);
            p.ran.log.iter().filter(of_kind).count()
        };
        let limits = p.ran.s.hubs[p.ran.hub].caseload_limit.iter().enumerate();
        limits
            .into_iter()
            .any(|(n, limit)| limit.is_some_and(|limit| open(n) > limit as usize))
    }),
    ("somebody who waited at the start seen", |p| {
        p.referral(|r| r.at_start && matches!(r.ends[0].1, End::Seen(..)))
    }),
    ("somebody who waited at the start gone", |p| {
        p.referral(|r| r.at_start && matches!(r.ends[0].1, End::Left { .. }))
    }),
    ("the gate never opens", |p| p.gated(|_, began| began.is_none())),
    ("the gate opens at once", |p| {
        p.gated(|taken, began| began == Some(&taken.from))
    }),
    ("a package without a visit", |p| {
        let left = |n: u64| p.log(|_, seen| matches!(seen, Seen::Left { referral, .. } if *referral == n));
        p.packages
            .iter()
            .any(|(n, taken)| taken.to.is_some() && taken.first_visit.is_none() && !left(*n))
    }),
    ("a package that lasts", |p| {
        p.packages.iter().any(|(_, taken)| taken.to.is_none())
    }),
    ("a visit before its time", |p| {
        p.visit(|_, v| v.sent.first().is_some_and(|s| s.1 < v.time))
    }),
    ("a late visit", |p| {
        p.visit(|s, v| v.sent.first().is_some_and(|x| x.1 > v.time + s.tolerance))
    }),
    ("a missed visit", |p| {
        p.visit(|s, v| v.missed == Some(v.time + s.give_up))
    }),
    ("a visit missed because of the next", |p| {
        p.visit(|s, v| v.missed.is_some_and(|at| at < v.time + s.give_up))
    }),
    ("visits by the day", |p| {
        p.made(|s, n| n > 2 && matches!(s.pattern, Pattern::PerDay { .. }))
    }),
    ("a taper", |p| {
        p.made(|s, n| n > 2 && matches!(s.pattern, Pattern::PerDay { end: Some(_), .. }))
    }),
    ("a start by share", |p| {
        p.made(|s, _| matches!(&s.pattern, Pattern::PerDay { start, .. } if start.len() > 1))
    }),
    ("visits by the week", |p| {
        p.made(|s, n| n > 1 && matches!(s.pattern, Pattern::PerWeek(_)))
    }),
    ("fixed times", |p| {
        p.made(|s, n| n > 1 && matches!(s.pattern, Pattern::At { .. }))
    }),
    ("one visit", |p| p.made(|s, _| s.pattern == Pattern::Once)),
    ("first-length", |p| p.made(|s, n| n == 0 && s.first_length.is_some())),
    ("between", |p| p.made(|s, _| s.hours.is_some())),
    ("a share of packages", |p| p.made(|s, _| s.share.get() < 1.0)),
    ("a visit by another role", |p| {
        p.sent(|s, role| s.two.get() == 0.0 && s.role.0 != role)
    }),
    ("two people at a visit", |p| p.visit(|_, v| v.sent.len() == 2)),
    ("a second person of another role", |p| {
        p.sent(|s, role| s.or.is_empty() && s.or_second.iter().any(|r| r.0 == role))
    }),
    // Sharing.
    ("a neighbour helps", |p| {
        p.log(|_, seen| match seen {
            Seen::Sent { referral, .. } => p.ran.referrals.get(referral).is_some_and(|(hub, _)| *hub != p.ran.hub),
            _ => false,
        })
    }),
    ("somebody of another area is served", |p| {
        let entries = &p.ran.s.served_elsewhere;
        entries
            .iter()
            .any(|e| e.by.0 == p.ran.hub && e.share.get() > 0.0 && p.ran.record.pathways[0].referrals > 0)
    }),
    ("a neighbour helps with two people", |p| {
        let mut helped: Vec<u64> = p
            .ran
            .log
            .iter()
            .filter_map(|(_, seen)| match seen {
                Seen::Sent { referral, .. }
                    if p.ran.referrals.get(referral).is_some_and(|(hub, _)| *hub != p.ran.hub) =>
                {
                    Some(*referral)
                }
                _ => None,
            })
            .collect();
        helped.sort_unstable();
        helped.windows(2).any(|two| two[0] == two[1])
    }),
    // Durations.
    ("fixed", |p| p.length("fixed")),
    ("exponential", |p| p.length("exponential, mean")),
    ("lognormal by mean", |p| p.length("log-normal, mean")),
    ("lognormal by median", |p| p.length("log-normal, median")),
    ("gamma", |p| p.length("gamma")),
    ("erlang", |p| p.length("Erlang")),
    ("hyper-exponential by mean", |p| p.length("hyper-exponential, mean")),
    ("hyper-exponential by branches", |p| p.length(" % with mean")),
    ("triangular", |p| p.length("triangular")),
    ("uniform", |p| p.length("uniform")),
    ("at least", |p| p.length("at least")),
    ("at most", |p| p.length("at most")),
];

#[test]
fn the_worlds_reach_everything_that_the_laws_speak_of() {
    let mut runner = runner(1);
    let strategy = bytes();
    let mut times = vec![0; REACHED.len()];
    for _ in 0..super::WORLDS {
        let bytes = strategy.new_tree(&mut runner).unwrap().current();
        let text = scenario_text(&bytes);
        let scenario = read(&text).unwrap();
        for ran in Ran::all(&scenario) {
            let past = Past {
                text: &text,
                ran: &ran,
                referrals: followed(&ran).unwrap().into_iter().collect(),
                shifts: shifts(&ran).unwrap(),
                visits: visits(&ran).unwrap().into_iter().collect(),
                packages: packages(&ran).unwrap().into_iter().collect(),
            };
            for (times, (_, happened)) in times.iter_mut().zip(REACHED) {
                *times += u32::from(happened(&past));
            }
        }
    }
    let named: Vec<_> = REACHED.iter().map(|(name, _)| *name).zip(times).collect();
    println!("hubs in {} worlds where this happened: {named:?}", super::WORLDS);
    let never: Vec<_> = named.iter().filter(|(_, n)| *n == 0).collect();
    assert!(never.is_empty(), "in {} worlds never: {never:?}", super::WORLDS);
}

/// No choice at all is a world too, and the simplest.
#[test]
fn no_bytes_are_the_simplest_world() {
    insta::assert_snapshot!(scenario_text(&[]));
}
