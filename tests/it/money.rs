//! What a year costs, by hand.

use std::sync::atomic::AtomicBool;

use homefirst::answers::Measure;
use homefirst::answers::run::{Flow, Paid, RunAnswer, RunRequest, run};
use homefirst::model::{
    BedId, Costs, Later, Outcome, PathwayId, Pattern, Price, Role, RoleId, Scenario, StaffCost, Staffing,
};
use homefirst::units::{PerDay, Pounds, Span};

use crate::support::{begins, crew, fixed, package, pool, role, scenario, share, shift, stream, waits_in, wte};

/// One hub, one role, one pathway that begins a package of one visit.
fn service(role: Role, staff: Staffing) -> Scenario {
    let visits = stream("visits", 0, Pattern::Once, fixed(20));
    scenario(
        vec![role],
        vec![staff],
        vec![begins("step-down", 0)],
        vec![package("care", fixed(60), vec![visits])],
    )
}

fn price(value: f64, low: f64, high: f64) -> Price {
    let pounds = |v: f64| Pounds::new(v).unwrap();
    Price {
        value: pounds(value),
        low: pounds(low),
        high: pounds(high),
    }
}

/// A role with a shift of 8 hours on every day, half an hour of break, 40 hours a week, a fifth of them never worked.
fn priced(cost: StaffCost) -> Role {
    let mut role = crew("carer", vec![shift("day", 480, 960, 30)]);
    role.hours_per_week = 40.0;
    role.headroom.absence = share(0.2);
    role.cost = Some(cost);
    role
}

fn answer(s: &Scenario) -> RunAnswer {
    let request = RunRequest {
        replications: 3,
        confidence: 0.95,
        threads: Some(1),
    };
    run(s, request, &AtomicBool::new(false), &|| ()).unwrap()
}

fn of(answer: &RunAnswer, paid: Paid) -> (f64, f64, f64) {
    let row = answer
        .money
        .iter()
        .find(|row| row.hub.is_none() && row.paid == paid)
        .unwrap();
    (row.estimate.unwrap().mean, row.at_low_prices, row.at_high_prices)
}

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-6 * b.abs().max(1.0)
}

/// 3 WTE at 30 an hour work 3 x 40 x 0.8 = 96 hours a week, 365.25 / 7 weeks a year; at 40,000 a year they cost 120,000,
/// headroom included. Ranges are those of the price.
#[test]
fn staff_cost_their_working_hours_or_their_wte() {
    let cost = |cost| {
        let mut s = service(priced(cost), wte(3.0));
        s.experiment.run_length = Span::from_days(7);
        of(&answer(&s), Paid::Staff(Some(RoleId(0))))
    };
    let weeks = 365.25 / 7.0;
    let (mean, low, high) = cost(StaffCost::Hour(price(30.0, 20.0, 45.0)));
    assert!(near(mean, 96.0 * weeks * 30.0), "{mean}");
    assert!(
        near(low, 96.0 * weeks * 20.0) && near(high, 96.0 * weeks * 45.0),
        "{low} {high}"
    );
    let (mean, low, high) = cost(StaffCost::Year(price(40_000.0, 35_000.0, 50_000.0)));
    assert!(near(mean, 120_000.0) && near(low, 105_000.0) && near(high, 150_000.0));
}

/// Half of the window with 3 WTE, half with 5: 4 on average.
#[test]
fn staff_who_come_on_a_date_cost_from_then_on() {
    let mut s = service(priced(StaffCost::Year(price(1.0, 1.0, 1.0))), wte(3.0));
    s.experiment.run_length = Span::from_days(28);
    let mut later = s.clone();
    later.hubs[0].staff = vec![wte(5.0)];
    s.later.push(Later {
        from_day: 14,
        scenario: later,
    });
    assert!(near(of(&answer(&s), Paid::Staff(None)).0, 4.0));
}

/// A day in bed costs what is typed; the year of 365.25 days is that of the other figures. One person a day waits for ever.
#[test]
fn bed_days_and_admissions_cost_their_price() {
    let mut s = service(role("carer"), pool(0));
    waits_in(&mut s, 0, "acute", None);
    s.hubs[0].referrals = vec![PerDay::new(2.0).unwrap()];
    s.experiment.run_length = Span::from_days(20);
    s.beds[0].cost = Some(price(300.0, 200.0, 500.0));
    s.pathways[0].patience = Some(fixed(2_000));
    s.pathways[0].on_leaving = vec![(Outcome::Hospital, share(1.0))];
    s.costs = Costs {
        year: None,
        admission: Some(price(1_000.0, 500.0, 2_000.0)),
    };
    let answer = answer(&s);
    let flow = Flow::Pathway(PathwayId(0));
    let days = answer.estimate(None, flow, None, Measure::BedDaysLost).unwrap().mean;
    let (mean, low, high) = of(&answer, Paid::Bed(Some(BedId(0))));
    assert!(days > 100.0);
    assert!(near(mean, 300.0 * days) && near(low, 200.0 * days) && near(high, 500.0 * days));
    assert!(near(
        answer.estimate(None, flow, None, Measure::BedCostGbp).unwrap().mean,
        mean
    ));
    // Everybody leaves and is admitted, 2 x 365.25 a year but for chance.
    let referrals = answer.estimate(None, flow, None, Measure::Referrals).unwrap().mean;
    let (mean, low, high) = of(&answer, Paid::Admissions);
    let a_year = referrals * 365.25 / 20.0;
    assert!(near(mean, 1_000.0 * a_year) && near(low, 500.0 * a_year) && near(high, 2_000.0 * a_year));
}
