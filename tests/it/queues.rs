//! Queues with known answers, by the ordinary engine.

use homefirst::engine::{World, run};
use homefirst::random::Distribution;
use homefirst::units::{PerDay, Span};

use crate::support::{minutes, need, pathway, pool, role, scenario};

#[test]
fn quick_mm3() {
    let mut s = scenario(
        vec![role("worker")],
        vec![pool(3)],
        vec![pathway(
            "p",
            vec![need(0, Distribution::exponential(minutes(90)).unwrap())],
        )],
        vec![],
    );
    s.hubs[0].referrals[0] = PerDay::new(28.8).unwrap();
    s.experiment.warm_up = Span::from_days(14);
    s.experiment.run_length = Span::from_days(364 * 20);
    let world = World::new(&s);
    let (mut n, mut h, mut w, mut b) = (0, 0, 0, 0);
    for r in 0..10 {
        let rec = run(&world, 0, r);
        let p = &rec.hubs[0].pathways[0];
        n += p.referrals;
        h += p.hits;
        w += p.wait_ms;
        b += rec.hubs[0].roles[0].busy_inside_ms();
    }
    println!(
        "{n} {} {} {}",
        h as f64 / n as f64,
        w as f64 / n as f64 / 3.6e6,
        b as f64 / 10.0 / (364.0 * 20.0 * 86.4e6)
    );
}
