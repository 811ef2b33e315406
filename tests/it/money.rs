//! What a year costs, by hand.

use std::sync::atomic::AtomicBool;

use homefirst::answers::Measure;
use homefirst::answers::run::{Flow, Paid, RunAnswer, RunRequest, run};
use homefirst::model::{
    BedId, Calendar, Costs, Later, Outcome, PackageId, PathwayId, Pattern, Price, Recruit, Role, RoleId, Scenario,
    StaffCost, Staffing,
};
use homefirst::units::{PerDay, Pounds, Span, Wte};
use jiff::civil::date;

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

/// Two posts of half a WTE at 1 a year, advertised at the start, filled after 14 of 28 days, learning for ever: whatever they
/// count for, half of one WTE is paid on average, at the old price of a week of 40 hours. From day 21 on the role's week has
/// 20 hours: by the hour a WTE comes to half as much from then on.
#[test]
fn posts_are_paid_from_the_day_they_are_filled() {
    let with_posts = |cost| {
        let mut s = service(priced(cost), wte(0.0));
        s.experiment.run_length = Span::from_days(28);
        s.recruits = vec![Recruit {
            name: "post".into(),
            role: RoleId(0),
            posts: vec![2],
            in_post: vec![0],
            wte: Wte::new(0.5).unwrap(),
            advertised_day: 0,
            time_to_start: fixed(14 * 1440),
            induction: Span::from_days(400),
            productivity: share(0.0),
            turnover: 0.0,
            refill: true,
        }];
        s
    };
    let s = with_posts(StaffCost::Year(price(1.0, 1.0, 1.0)));
    assert!(near(of(&answer(&s), Paid::Staff(None)).0, 0.5));
    let mut s = with_posts(StaffCost::Hour(price(1.0, 1.0, 1.0)));
    let hours = 40.0 * 0.8 * 365.25 / 7.0;
    assert!(near(of(&answer(&s), Paid::Staff(None)).0, 0.5 * hours));
    let mut later = s.clone();
    later.roles[0].hours_per_week = 20.0;
    s.later.push(Later {
        from_day: 21,
        scenario: later,
    });
    // Of four weeks: nothing, nothing, a week in full, one by half.
    assert!(near(of(&answer(&s), Paid::Staff(None)).0, 1.5 / 4.0 * hours));
}

/// Monday to Friday, and the Monday of the only week is a holiday, worked as a Sunday: four shifts and not five.
#[test]
fn a_bank_holiday_is_worked_as_a_sunday() {
    let mut role = priced(StaffCost::Hour(price(1.0, 1.0, 1.0)));
    role.shifts[0].days = crate::support::weekdays();
    let mut s = service(role, wte(1.0));
    s.experiment.run_length = Span::from_days(7);
    let without = of(&answer(&s), Paid::Staff(None)).0;
    s.experiment.calendar = Calendar::new(date(2020, 6, 1), &[date(2020, 6, 1)]);
    assert!(near(of(&answer(&s), Paid::Staff(None)).0, without * 4.0 / 5.0));
}

/// One visit a day of ten hours to somebody who is always there at 08:00, by one person whose shift ends at 16:00: two hours
/// over. Paid as an hour worked; by the year, at the year's price over its hours; at its own price, whatever else is known.
#[test]
fn overtime_costs_an_hour_worked_or_its_own_price() {
    let with = |cost: Option<StaffCost>, overtime: Option<Price>| {
        let mut role = priced(StaffCost::Year(price(1.0, 1.0, 1.0)));
        role.headroom.absence = share(0.0);
        (role.cost, role.overtime_cost) = (cost, overtime);
        let visits = stream("visits", 0, crate::support::times(&[480]), fixed(600));
        let mut s = scenario(
            vec![role],
            vec![wte(1.5)],
            vec![begins("step-down", 0)],
            vec![package("care", fixed(40 * 1440), vec![visits])],
        );
        s.experiment.run_length = Span::from_days(7);
        s.hubs[0].at_start.open = vec![(PackageId(0), 1)];
        answer(&s)
    };
    let hours = |answer: &RunAnswer| {
        let row = answer.estimate(None, Flow::All, Some(RoleId(0)), Measure::OvertimeHPerWeek);
        row.unwrap().mean * 365.25 / 7.0
    };
    let one = price(1.0, 0.5, 2.0);
    let own = with(None, Some(price(60.0, 50.0, 80.0)));
    assert!(hours(&own) > 100.0, "{}", hours(&own));
    let (mean, low, high) = of(&own, Paid::Overtime(None));
    assert!(near(mean, 60.0 * hours(&own)) && near(low, 50.0 * hours(&own)) && near(high, 80.0 * hours(&own)));
    let by_hour = with(Some(StaffCost::Hour(one)), None);
    assert!(near(of(&by_hour, Paid::Overtime(None)).0, hours(&by_hour)));
    // A WTE works 40 hours a week.
    let by_year = with(Some(StaffCost::Year(one)), None);
    let an_hour = 1.0 / (40.0 * 365.25 / 7.0);
    assert!(near(of(&by_year, Paid::Overtime(None)).0, an_hour * hours(&by_year)));
}

/// One kind of bed has a price, the other none: there is no sum, and the priced one stands in the table.
#[cfg(feature = "cli")]
#[test]
fn a_priced_bed_stands_in_the_table_beside_one_without_a_price() {
    let mut s = service(role("carer"), pool(1));
    s.experiment.run_length = Span::from_days(7);
    s.hubs[0].referrals = vec![PerDay::new(5.0).unwrap()];
    waits_in(&mut s, 0, "acute", Some(1));
    waits_in(&mut s, 0, "community", None);
    s.beds[0].cost = Some(price(300.0, 200.0, 500.0));
    let beds = |s: &Scenario| {
        let grid = homefirst::output::grid::money(s, &answer(s)).unwrap();
        let rows = grid.rows.iter().map(|row| row.cells[0].clone());
        rows.filter(|name| name.starts_with("Bed")).collect::<Vec<_>>()
    };
    assert_eq!(beds(&s), ["Bed days lost, acute"]);
    s.beds[1].cost = Some(price(100.0, 100.0, 100.0));
    assert_eq!(
        beds(&s),
        [
            "Bed days lost, acute",
            "Bed days lost, community",
            "Bed days lost waiting for a package"
        ]
    );
}
