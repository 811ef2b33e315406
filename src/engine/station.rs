//! One role of a plain island: whoever comes to it, waits for it and is visited, day by day.
//!
//! Nothing that happens at other roles matters while a day runs here: those who come from another role are known before it
//! begins, in order, and those who go on to another are handed over when it is over. So three things only are to come at any
//! time: the end of a visit, the next who comes, and a change of the capacity. At one instant the capacity changes first, which
//! changes nothing, as work starts after all of them; then visits end, then people come.
//!
//! **One line** needs fewer still: whoever is first in it starts as soon as somebody is free, which is known when those before
//! have started. So people are taken in turn, and ends of visits when somebody starts after them. Where lines are several, who is
//! served next depends on who has come by then, so events are taken in turn.
//!
//! **Hours** need no event. What changes is noted by hour of the week, and added up once at the end.
//!
//! **Patience** needs no event. Whoever comes to be served after it was over has left when it was, and is booked as that.

use std::slice::Iter;

use crate::random::Key;
use crate::stats::WaitHistogram;
use crate::units::Span;

use super::dispatch::order_of;
use super::ends::Ends;
use super::event_list::Phase;
use super::queue::{Comer, Guest, NOT_COUNTED, Queue, Waiter, receive};
use super::record::{Books, is_met};
use super::response::{SALT_LEAVING, drawn};
use super::stretch::{Level, Stretch, Tally};

/// A role.
pub(super) struct Station {
    /// The pathways of those who wait for it.
    pathways: Vec<u16>,
    /// The only one of them, if nobody comes to it from here.
    only_line: Option<u16>,
    /// Whether all who go on to another role go on to the same.
    pub(super) leads_to_one: bool,
    /// Staff on shift, and at work.
    capacity: u32,
    busy: u32,
    /// Whether anybody has been told the capacity yet.
    is_known: bool,
    /// How many wait, those who have left and have not been come upon included.
    waiting: usize,
    ends: Ends<Guest>,
    now: i64,
    /// Staff on shift, and at work, hour by hour.
    on_shift_by_hour: Level,
    busy_by_hour: Level,
    /// Whether somebody may be sent who was not yet, as more may come at this instant.
    unsettled: bool,
    asked: u64,
    sent: u64,
    pub(super) visits: u64,
    pub(super) overtime_ms: i64,
    pub(super) tally: Tally,
    /// Whether something happened that is simulated elsewhere only: more wait than there is room for, or a visit takes no time or
    /// longer than ends can be told.
    pub(super) is_beyond: bool,
    room: usize,
}

/// Who is first in a line, before all who are to come.
#[inline]
fn first_of<'c>(queue: &'c Queue<'_>, comers: &'c Iter<'_, Comer>) -> Option<&'c Comer> {
    let waiting = queue.line.front().map(|waiter| &waiter.comer);
    waiting.or_else(|| comers.as_slice().first())
}

/// When the first comes of those who are to come.
#[inline]
fn time_of_first(comers: &Iter<'_, Comer>) -> i64 {
    comers.as_slice().first().map_or(i64::MAX, |comer| comer.at)
}

fn only_line_of<'q, 'w>(line: Option<u16>, queues: &'q mut [Queue<'w>]) -> Option<&'q mut Queue<'w>> {
    queues.get_mut(usize::from(line?))
}

impl Station {
    /// A role that some pathways need, with `room` for so many who wait.
    pub(super) fn new(pathways: Vec<u16>, queues: &[Queue<'_>], room: usize, books: &Books) -> Self {
        let nobody = Guest {
            key: Key::root(0),
            pathway: 0,
            outcome: 0,
            counted: false,
        };
        let next_of = |&pathway: &u16| queues[usize::from(pathway)].next.iter().flatten();
        let only_line = match *pathways.as_slice() {
            [pathway] if !next_of(&pathway).any(|&(.., here)| here) => Some(pathway),
            _ => None,
        };
        let mut roles: Vec<usize> = pathways
            .iter()
            .flat_map(next_of)
            .filter(|(.., here)| !here)
            .map(|&(next, ..)| queues[usize::from(next)].role)
            .collect();
        roles.sort_unstable();
        roles.dedup();
        Self {
            pathways,
            only_line,
            leads_to_one: roles.len() == 1,
            capacity: 0,
            busy: 0,
            is_known: false,
            waiting: 0,
            ends: Ends::new(nobody),
            now: i64::MIN,
            on_shift_by_hour: Level::new(),
            busy_by_hour: Level::new(),
            unsettled: false,
            asked: 0,
            sent: 0,
            visits: 0,
            overtime_ms: 0,
            tally: Tally::new(books.window_end()),
            is_beyond: false,
            room,
        }
    }

    /// Runs through a stretch, changes of the capacity and those who come in it given in order, of whom all is known that is drawn
    /// ([`receive`]). Whoever goes on to another role is added to `gone`.
    pub(super) fn run(
        &mut self,
        stretch: &Stretch,
        changes: &mut Iter<'_, (i64, u32)>,
        comers: &[Comer],
        queues: &mut [Queue<'_>],
        books: &mut Books,
        gone: &mut Vec<Comer>,
    ) {
        let before = (self.sent, u64::from(self.busy));
        self.on_shift_by_hour.begin(stretch, self.capacity.into());
        self.busy_by_hour.begin(stretch, self.busy.into());
        // At no time do more wait than those who do already and all who come; who comes back from here is counted when they wait.
        self.is_beyond |= self.waiting + comers.len() > self.room;
        let mut comers = comers.iter();
        loop {
            let change = changes.as_slice().first().map_or(i64::MAX, |&(time, _)| time);
            let until = change.min(stretch.until);
            match only_line_of(self.only_line, queues) {
                Some(queue) => self.serve_in_turn(until, stretch, &mut comers, queue, books, gone),
                None => self.serve_by_event(until, stretch, &mut comers, queues, books, gone),
            }
            if change >= stretch.until {
                break;
            }
            if let Some(&(at, capacity)) = changes.next() {
                self.now = at;
                self.set_capacity(capacity, stretch, books);
            }
        }
        if let Some(queue) = only_line_of(self.only_line, queues) {
            comers.for_each(|&comer| self.wait(comer, queue));
        }
        self.on_shift_by_hour.end(stretch, self.capacity.into());
        self.busy_by_hour.end(stretch, self.busy.into());
        if stretch.day_of_window.is_some() {
            let sent = self.sent - before.0;
            self.visits += sent;
            self.tally.inside += sent + before.1 - u64::from(self.busy);
        }
    }

    /// Until an instant, one line: person by person.
    fn serve_in_turn(
        &mut self,
        until: i64,
        stretch: &Stretch,
        comers: &mut Iter<'_, Comer>,
        queue: &mut Queue<'_>,
        books: &mut Books,
        gone: &mut Vec<Comer>,
    ) {
        while let Some(&comer) = first_of(queue, comers) {
            let mut start = comer.at.max(self.now);
            loop {
                let next_end = self.ends.next_order();
                if next_end > start {
                    if self.busy < self.capacity {
                        break;
                    }
                    start = next_end;
                }
                if start >= until {
                    break;
                }
                self.over_in_turn(next_end, stretch, queue, books, gone);
            }
            if start >= until {
                break;
            }
            self.now = start;
            match queue.line.pop_front() {
                Some(_) => self.waiting -= 1,
                None => _ = comers.next(),
            }
            let wait = start - comer.at;
            if wait > 0 && queue.plan.patience.is_some() {
                let patience = queue.patience_ends(&comer);
                if patience < start {
                    self.leave(queue, &comer, patience, books);
                    continue;
                }
            }
            self.serve(queue, comer, wait, stretch, books);
        }
        while self.ends.next_order() < until {
            self.over_in_turn(self.ends.next_order(), stretch, queue, books, gone);
        }
    }

    /// Until an instant, several lines: event by event.
    fn serve_by_event(
        &mut self,
        until: i64,
        stretch: &Stretch,
        comers: &mut Iter<'_, Comer>,
        queues: &mut [Queue<'_>],
        books: &mut Books,
        gone: &mut Vec<Comer>,
    ) {
        let mut next_comer = time_of_first(comers);
        loop {
            let next_end = self.ends.next_order();
            let next = next_comer.min(next_end);
            if self.unsettled && next > self.now {
                self.settle(stretch, queues, books);
                continue;
            }
            if next >= until {
                break;
            }
            self.now = next;
            if next_end <= next_comer {
                self.over_by_event(stretch, queues, books, gone);
                if self.waiting > 0 {
                    if self.ends.next_order().min(next_comer) > next {
                        self.settle(stretch, queues, books);
                    } else {
                        self.unsettled = true;
                    }
                }
            } else if let Some(&comer) = comers.next() {
                next_comer = time_of_first(comers);
                self.come(comer, next_end.min(next_comer), stretch, queues, books);
            }
        }
    }

    /// Staff-time in the window, available and busy \[ms\], by hour of week.
    pub(super) fn hours(&self) -> Vec<[i64; 2]> {
        let available = self.on_shift_by_hour.hours();
        available
            .zip(self.busy_by_hour.hours())
            .map(|(available, busy)| [available, busy])
            .collect()
    }

    /// Staff on shift, if that is known yet.
    pub(super) fn capacity(&self) -> Option<u32> {
        self.is_known.then_some(self.capacity)
    }

    /// So many are on shift from now on.
    fn set_capacity(&mut self, capacity: u32, stretch: &Stretch, books: &Books) {
        let before = self.capacity;
        let over = |capacity: u32| i64::from(self.busy.saturating_sub(capacity));
        let more = over(capacity) - over(before);
        self.overtime_ms += more * books.left_of_window(self.now);
        let more = i64::from(capacity) - i64::from(before);
        self.on_shift_by_hour.note(stretch, self.now, more);
        (self.capacity, self.is_known) = (capacity, true);
        self.unsettled = self.waiting > 0;
        self.tally.handled(self.now, Phase::StaffChange, false);
    }

    /// Somebody's clock starts; nothing else is to happen here before `next`.
    #[inline]
    fn come(&mut self, comer: Comer, next: i64, stretch: &Stretch, queues: &mut [Queue<'_>], books: &mut Books) {
        let Some(queue) = queues.get_mut(usize::from(comer.pathway)) else {
            return;
        };
        if self.waiting == 0 && self.busy < self.capacity && next > self.now {
            self.serve(queue, comer, 0, stretch, books);
        } else {
            self.wait(comer, queue);
        }
    }

    /// Somebody stands in line, if only until all of this instant have come.
    #[inline]
    fn wait(&mut self, comer: Comer, queue: &mut Queue<'_>) {
        self.asked += 1;
        self.waiting += 1;
        self.is_beyond |= self.waiting > self.room;
        self.unsettled |= self.busy < self.capacity;
        queue.line.push_back(Waiter {
            comer,
            asked: self.asked,
        });
    }

    /// All of an instant have come: whoever can be visited is, in the order of work.
    #[inline]
    fn settle(&mut self, stretch: &Stretch, queues: &mut [Queue<'_>], books: &mut Books) {
        self.unsettled = false;
        while self.waiting > 0 && self.busy < self.capacity {
            let pathway = match *self.pathways.as_slice() {
                [pathway] => pathway,
                _ => self.first(queues),
            };
            let Some(queue) = queues.get_mut(usize::from(pathway)) else {
                return;
            };
            let Some(Waiter { comer, .. }) = queue.line.pop_front() else {
                return;
            };
            self.waiting -= 1;
            let wait = self.now - comer.at;
            if wait > 0 && queue.plan.patience.is_some() {
                let until = queue.patience_ends(&comer);
                if until < self.now {
                    self.leave(queue, &comer, until, books);
                    continue;
                }
            }
            self.serve(queue, comer, wait, stretch, books);
        }
    }

    /// The pathway of whoever is first of all who wait, in the order of work.
    fn first(&self, queues: &[Queue<'_>]) -> u16 {
        let mut first = (u128::MAX, 0);
        for &pathway in &self.pathways {
            let queue = &queues[usize::from(pathway)];
            if let Some(waiter) = queue.line.front() {
                let order = order_of(queue.plan.priority, queue.plan.due(waiter.comer.at), waiter.asked);
                if order < first.0 {
                    first = (order, pathway);
                }
            }
        }
        first.1
    }

    /// Somebody free is sent, and is there at once: the clock stops, and the visit begins.
    #[expect(clippy::inline_always, reason = "once for each way of coming to be served")]
    #[inline(always)]
    fn serve(&mut self, queue: &mut Queue<'_>, comer: Comer, wait: i64, stretch: &Stretch, books: &mut Books) {
        let now = self.now;
        let counted = comer.hour < NOT_COUNTED;
        let guest = Guest {
            key: comer.key,
            pathway: comer.pathway,
            outcome: comer.outcome,
            counted,
        };
        self.sent += 1;
        // A visit that ends as it begins sends people on after others have come and started: the whole engine knows when.
        self.is_beyond |= comer.length == 0 || !self.ends.push(guest, now + comer.length, self.sent);
        self.busy += 1;
        self.busy_by_hour.note(stretch, now, 1);
        if wait > 0 && !(counted && stretch.day_of_window.is_some()) {
            books.waited(comer.pathway, comer.at, now, counted);
        }
        if let Some(count) = queue.hours.get_mut(comer.hour as usize) {
            count[1] += u32::from(is_met(queue.plan.within, comer.at, comer.at + wait));
            queue.wait_ms += wait;
            if let Some(count) = queue.waits.get_mut(WaitHistogram::bin_of(Span::from_ms(wait))) {
                *count += 1;
            }
        }
    }

    /// The end of a visit at an instant: whoever made it is free. Gives who was visited.
    #[inline]
    fn visit_over(&mut self, at: i64, stretch: &Stretch, books: &Books) -> Guest {
        let guest = self.ends.take();
        if stretch.day_of_window.is_none() {
            self.tally.handled(at, Phase::Completion, guest.counted);
        }
        self.busy -= 1;
        self.busy_by_hour.note(stretch, at, -1);
        if self.busy >= self.capacity {
            self.overtime_ms -= books.left_of_window(at);
        }
        guest
    }

    /// The end of a visit of one line: whoever goes on comes elsewhere.
    #[inline]
    fn over_in_turn(
        &mut self,
        at: i64,
        stretch: &Stretch,
        queue: &mut Queue<'_>,
        books: &Books,
        gone: &mut Vec<Comer>,
    ) {
        let guest = self.visit_over(at, stretch, books);
        if let Some((comer, _)) = queue.ended(guest, at) {
            gone.push(comer);
        }
    }

    /// The end of a visit of several lines: whoever goes on comes here or elsewhere.
    #[inline]
    fn over_by_event(&mut self, stretch: &Stretch, queues: &mut [Queue<'_>], books: &Books, gone: &mut Vec<Comer>) {
        let guest = self.visit_over(self.now, stretch, books);
        let Some(queue) = queues.get_mut(usize::from(guest.pathway)) else {
            return;
        };
        if let Some((mut comer, here)) = queue.ended(guest, self.now) {
            if !here {
                gone.push(comer);
            } else {
                receive(std::slice::from_mut(&mut comer), stretch, queues);
                if let Some(queue) = queues.get_mut(usize::from(comer.pathway)) {
                    self.wait(comer, queue);
                }
            }
        }
    }

    /// Somebody's patience was over at an instant before now.
    fn leave(&mut self, queue: &mut Queue<'_>, comer: &Comer, at: i64, books: &mut Books) {
        let &Comer {
            at: clock,
            key,
            pathway,
            hour,
            ..
        } = comer;
        let counted = hour < NOT_COUNTED;
        let plan = queue.plan;
        let case = books.case_of(pathway, clock, counted);
        let cause = queue.cause_of(counted);
        self.tally.handled(at, Phase::Leaving, counted);
        self.tally.inside += u64::from(cause.is_some() && at > plan.standard_ends(clock));
        queue.unseen[usize::from(case.hour)] += u32::from(counted);
        let outcome = drawn(key.uniform(SALT_LEAVING, 0), &plan.on_leaving);
        let hospital = plan.on_leaving.get(outcome).is_some_and(|(_, hospital)| *hospital);
        // The books are told of who is open only here and at the end.
        books.open += u64::from(counted);
        books.left(&case, at, hospital, plan.first_leaving + outcome, cause);
    }

    /// Whoever has left before an instant and has not been come upon is booked.
    pub(super) fn let_go(&mut self, until: i64, queues: &mut [Queue<'_>], books: &mut Books) {
        for number in 0..self.pathways.len() {
            let pathway = self.pathways[number];
            let queue = &mut queues[usize::from(pathway)];
            if queue.plan.patience.is_none() {
                continue;
            }
            for waiter in std::mem::take(&mut queue.line) {
                let ends = queue.patience_ends(&waiter.comer);
                if ends < until {
                    self.waiting -= 1;
                    self.leave(queue, &waiter.comer, ends, books);
                } else {
                    queue.line.push_back(waiter);
                }
            }
        }
    }
}
