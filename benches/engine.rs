//! scratch
#![expect(clippy::print_stdout, reason = "a bench prints what it has measured")]
use homefirst::engine::{self, World};
use homefirst::scenario;
fn main() {
    let mut words = std::env::args().skip(1).filter(|w| w != "--bench");
    let file = words.next().unwrap_or_default();
    let reps: u32 = words.next().and_then(|n| n.parse().ok()).unwrap_or(1);
    let loaded = scenario::read(std::path::Path::new(&file)).map_err(|_| "bad").expect("file");
    let world = World::new(&loaded.scenario);
    let start = cpu_time::ThreadTime::now();
    let (mut events, mut hash) = (0, 0u64);
    for r in 0..reps {
        for island in 0..world.islands().len() {
            let record = engine::run(&world, island, r);
            events += record.events;
            for h in &record.hubs { for p in &h.pathways { hash = hash.wrapping_mul(31).wrapping_add(p.wait_ms as u64 ^ p.hits ^ p.causes[4] << 3); } for r in &h.roles { hash = hash.wrapping_mul(31).wrapping_add(r.busy_by_hour.iter().sum::<i64>() as u64 ^ r.visits); } }
        }
    }
    let s = start.elapsed().as_secs_f64();
    println!("{file} events {events} {:.2} ns/event, {:.3} ms/replication, hash {hash:x}", s / events as f64 * 1e9, s * 1e3 / f64::from(reps));
}
