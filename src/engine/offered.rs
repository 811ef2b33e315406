//! What is asked of the first responses of an island, before anybody answers: who comes when, and for how long.
//!
//! The people are those of a replication with the same number, whatever the staff, because they are drawn with the same keys by
//! the same code; nothing of the service is simulated. For reckoning with systems whose answer is known, beside a simulated one.

use crate::engine::{Deaf, Run, World};
use crate::model::HubId;
use crate::units::{Instant, Span};

use super::arrivals::{SALT_DECLINED, expected_of_day};

/// A referral that comes from outside, and is accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offered {
    /// Where it is served: a place in the scenario's hubs.
    pub hub: usize,
    /// A place in the scenario's pathways.
    pub pathway: usize,
    /// When its clock starts.
    pub clock: Instant,
    /// How long the visit of the first role that its response needs will last; nothing without a response.
    pub length: Span,
}

/// Whoever comes to an island in one replication until the measured window ends, in order of clock starts.
#[must_use]
pub fn offered(world: &World, island: usize, replication: u32) -> Vec<Offered> {
    let mut nobody = Deaf;
    let mut run = Run::new(world, &world.islands()[island], replication, &mut nobody);
    let last = Instant::from_ms(world.window_end - 1).day();
    let mut all = Vec::new();
    for day in Instant::from_ms(world.from).day()..=last {
        run.world = world.on_day(day);
        run.draw_day(day);
        let midnight = Instant::midnight(day + 1).ms();
        while run.arrivals.next_order() < i64::MAX {
            let arrival = run.arrivals.take();
            debug_assert!(arrival.clock < midnight, "later days are kept for themselves");
            let (pathway, key) = (usize::from(arrival.pathway), arrival.key);
            let plan = &run.world.pathways[pathway];
            if plan.declined > 0.0 && key.uniform(SALT_DECLINED, 0) < plan.declined {
                continue;
            }
            let kind = (!plan.responses.is_empty()).then(|| Run::<Deaf>::kind_of(plan, key));
            let response = kind.and_then(|kind| plan.responses.get(kind));
            let task = response.and_then(|response| response.tasks_for(1.0).next());
            let need = task.and_then(|task| run.world.tasks[task as usize].lengths.first());
            let length = need.map_or(0, |length| length.of(false).sample_ms(key.uniform(length.salt, 0)));
            all.push(Offered {
                hub: run.hub_in_file(arrival.hub),
                pathway,
                clock: Instant::from_ms(arrival.clock),
                length: Span::from_ms(length),
            });
        }
    }
    all
}

/// Referrals of a pathway expected at a hub, accepted ones only, in each hour from the first simulated one to the last that the
/// measured window holds whole. Of those who come from outside; for a window without dated changes.
#[must_use]
pub fn expected_by_hour(world: &World, hub: HubId, pathway: usize) -> Vec<f64> {
    let hour = Span::HOUR.ms();
    let mut rates = Vec::new();
    for start in (world.from.div_euclid(hour)..world.window_end.div_euclid(hour)).map(|h| h * hour) {
        let day = Instant::from_ms(start).day();
        let hour_of_day = usize::try_from((start - Instant::midnight(day).ms()) / hour).unwrap_or(0);
        let plan = &world.pathways[pathway];
        let weight = plan.profile.day(world.calendar.working_weekday(day).index())[hour_of_day];
        let here = world.hubs.iter().filter(|h| h.by == hub).flat_map(|h| &h.sources);
        let a_day: f64 = here
            .filter(|source| source.pathway == pathway)
            .map(|source| expected_of_day(source, plan, &world.calendar, day) * source.places.share())
            .sum();
        rates.push(a_day * weight / 24.0 * (1.0 - plan.declined));
    }
    rates
}
