//! The gate: a stream marked `gated` waits until there is room for its visits. A pool of hubs has one, at its base.
//!
//! An admitted stream is charged, for each day, people x (mean length + notes + mean round travel) / (1 - admin share)
//! per visit of that day's rate (the taper's, once the package's length is known; none from the day after its
//! last). Capacity is the day's expected on-shift time of the role, net of headroom and breaks. A stream is admitted when
//! what is charged for the next full day and its own first full day (its start, untapered) fit into `gate` x that
//! day's capacity, with the staff of that day: the rota of tomorrow is known today. Streams that wait are kept in one
//! queue for each priority and charge, in order of due time, so only heads are tested; one that does not fit does not
//! block a smaller one. Tested when one arrives, when the day changes and when a charge falls. On a day of change those
//! who wait are charged as the new day has it.

use crate::engine::{Observer, Run};

use super::package::{Admission, Course};

/// The gate of one role at one hub, the base of those whose streams wait.
#[derive(Debug, Default)]
pub(super) struct Gate {
    /// Charged for the next full day \[ms\].
    tomorrow: i64,
    /// Streams admitted and not ended.
    admitted: Vec<u32>,
    queues: Vec<Queue>,
}

#[derive(Debug)]
struct Queue {
    priority: u8,
    charge: i64,
    gate: f64,
    /// (due, sequence, stream) in order.
    line: Vec<(i64, u64, u32)>,
}

impl Gate {
    /// A stream has its room without having asked for it.
    pub(super) fn take(&mut self, course: u32, charge: i64) {
        self.admitted.push(course);
        self.tomorrow += charge;
    }
}

impl<O: Observer> Run<'_, O> {
    /// A gated stream asks for room.
    pub(super) fn ask_for_room(&mut self, course: u32, priority: u8, due: i64) {
        let sequence = self.events.next_sequence();
        self.courses[course].admission = Admission::Waiting;
        self.join_queue(course, priority, due, sequence);
        let Course { hub, stream, .. } = self.courses[course];
        self.test_gate(self.base(usize::from(hub)), self.world.streams[stream].role);
    }

    /// A stream stands in the queue of its priority, charge and gate, as today has them.
    fn join_queue(&mut self, course: u32, priority: u8, due: i64, sequence: u64) {
        let (at, charge, gate) = {
            let course = &self.courses[course];
            let role = self.world.streams[course.stream].role;
            (
                self.team(self.base(usize::from(course.hub)), role),
                self.full_charge(course),
                self.world.packages[course.package_plan].gate,
            )
        };
        let queues = &mut self.gates[at].queues;
        #[expect(clippy::float_cmp, reason = "the same number, copied")]
        let same = |q: &Queue| q.priority == priority && q.charge == charge && q.gate == gate;
        let place = queues.iter().position(same).unwrap_or_else(|| {
            queues.push(Queue {
                priority,
                charge,
                gate,
                line: Vec::new(),
            });
            queues.len() - 1
        });
        let line = &mut queues[place].line;
        let position = line.partition_point(|&(d, s, _)| (d, s) < (due, sequence));
        line.insert(position, (due, sequence, course));
    }

    /// The service is another from today on: whoever waits is charged as today has it.
    pub(super) fn queue_anew(&mut self) {
        for at in 0..self.gates.len() {
            for queue in std::mem::take(&mut self.gates[at].queues) {
                for (due, sequence, course) in queue.line {
                    self.join_queue(course, queue.priority, due, sequence);
                }
            }
        }
    }

    /// Admits whoever fits, first come by (priority, due, sequence) of the heads.
    pub(super) fn test_gate(&mut self, hub: usize, role: usize) {
        let at = self.team(hub, role);
        if self.gates[at].queues.iter().all(|q| q.line.is_empty()) {
            return;
        }
        let capacity = self.capacity_on(hub, role, self.instant().day() + 1);
        loop {
            let gate = &self.gates[at];
            let fits = |q: &&Queue| (gate.tomorrow + q.charge) as f64 <= q.gate * capacity;
            let head = |q: &Queue| q.line.first().map(|&(due, sequence, _)| (q.priority, due, sequence));
            let best = gate
                .queues
                .iter()
                .filter(|q| !q.line.is_empty())
                .filter(fits)
                .filter_map(head)
                .min();
            let Some(best) = best else { return };
            let gate = &mut self.gates[at];
            let Some(queue) = gate.queues.iter_mut().find(|q| head(q) == Some(best)) else {
                return;
            };
            let (_, _, course) = queue.line.remove(0);
            self.courses[course].admission = Admission::Admitted;
            // Admitted by its first full day, charged by its day: the package may have been running without it.
            let charge = self.charge_tomorrow(course);
            self.gates[at].take(course, charge);
            self.admitted(course);
        }
    }

    /// Expected on-shift time of a role on a day \[ms\], as the rota of that day will have it.
    fn capacity_on(&self, hub: usize, role: usize, day: i64) -> f64 {
        let world = self.first_world.on_day(day);
        let weekday = world.calendar.working_weekday(day).index();
        let recruited = self.posts.on_day(self.team(hub, role), day) * world.roles[role].capacity_per_wte[weekday];
        world.hubs[self.hubs[hub]].capacity[role][weekday] as f64 + recruited
    }

    /// The day changes: tomorrow is another day.
    pub(super) fn gate_day(&mut self) {
        let day = self.instant().day();
        for hub in 0..self.hubs.len() {
            for role in 0..self.world.roles.len() {
                let at = self.team(hub, role);
                self.gates[at].tomorrow = self.gates[at].admitted.iter().map(|&c| self.charge(c, day + 1)).sum();
                self.test_gate(hub, role);
            }
        }
    }

    /// A package's first visit has fixed its length: its charge for tomorrow may fall.
    pub(super) fn recharge(&mut self, course: u32, before: i64) {
        let stream = &self.courses[course];
        if stream.admission == Admission::Admitted {
            let (hub, role) = (
                self.base(usize::from(stream.hub)),
                self.world.streams[stream.stream].role,
            );
            let change = self.charge(course, self.instant().day() + 1) - before;
            let at = self.team(hub, role);
            self.gates[at].tomorrow += change;
            if change < 0 {
                self.test_gate(hub, role);
            }
        }
    }

    /// What an admitted stream is charged for tomorrow \[ms\]; 0 for others.
    pub(super) fn charge_tomorrow(&self, course: u32) -> i64 {
        if self.courses[course].admission == Admission::Admitted {
            self.charge(course, self.instant().day() + 1)
        } else {
            0
        }
    }

    /// A stream leaves: out of the queue, or out of the ledger. The caller tests the gate when all have left.
    pub(super) fn leave_gate(&mut self, course: u32) {
        let (hub, stream, admission) = {
            let course = &self.courses[course];
            (self.base(usize::from(course.hub)), course.stream, course.admission)
        };
        let role = self.world.streams[stream].role;
        let at = self.team(hub, role);
        match admission {
            Admission::Free => {}
            Admission::Waiting => {
                for queue in &mut self.gates[at].queues {
                    queue.line.retain(|&(_, _, c)| c != course);
                }
            }
            Admission::Admitted => {
                let charge = self.charge_tomorrow(course);
                let gate = &mut self.gates[at];
                gate.admitted.retain(|&c| c != course);
                gate.tomorrow -= charge;
            }
        }
        self.courses[course].admission = Admission::Free;
    }

    /// The charge of a stream for a civil day \[ms\].
    fn charge(&self, course: u32, day: i64) -> i64 {
        let course = &self.courses[course];
        let rate = self.rate_on(course, day);
        self.charge_of(course, rate)
    }

    /// The charge of a stream's first full day \[ms\].
    fn full_charge(&self, course: &Course) -> i64 {
        self.charge_of(course, course.start_rate)
    }

    fn charge_of(&self, course: &Course, rate: f64) -> i64 {
        let plan = &self.world.streams[course.stream];
        let role = &self.world.roles[plan.role];
        let visit = (plan.mean_busy + self.hub_plan(usize::from(course.hub)).mean_round) * (1.0 + role.admin_extra);
        let people = if course.two { 2.0 } else { 1.0 };
        #[expect(clippy::cast_possible_truncation, reason = "milliseconds of a day")]
        let charge = (people * visit * rate).round() as i64;
        charge
    }
}
