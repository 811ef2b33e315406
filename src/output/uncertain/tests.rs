//! What is said of differences that are not there.

use super::{grids, of_option};
use crate::answers::uncertain::{AboutInputs, Uncertain, UncertainRow};
use crate::model::PathwayId;
use crate::output::sample;

fn of(mean: f64, sd_input: f64, sd_simulation: f64, ends: [f64; 2]) -> Uncertain {
    Uncertain {
        inputs: vec!["staff.nurse".into()],
        held: Vec::new(),
        about: AboutInputs::default(),
        draws: 40,
        effective_draws: 40.0,
        replications: 5,
        confidence: 0.95,
        rows: vec![UncertainRow {
            hub: None,
            pathway: PathwayId(0),
            mean,
            sd_input,
            sd_simulation,
            by_inputs: ends,
            by_both: ends,
            share: None,
            share_by_chance: None,
        }],
        months: None,
        causes: Vec::new(),
    }
}

#[test]
fn of_a_difference_that_is_none_there_is_no_advice() {
    let scenario = sample::scenario();
    let said = |of: &Uncertain| of_option(&scenario, of).join("\n");
    let none = said(&of(0.0, 0.0, 0.0, [0.0, 0.0]));
    assert!(none.ends_with("the same as the base in every draw."), "{none}");
    let tiny = said(&of(-0.000_3, 0.000_2, 0.000_1, [-0.000_4, 0.000_4]));
    assert!(
        tiny.contains("0.0 points on average") && !tiny.contains("-0.0") && !tiny.contains("replications help"),
        "{tiny}"
    );
    let chance = said(&of(0.02, 0.001, 0.005, [0.01, 0.03]));
    assert!(
        chance.contains("+2.0 points on average") && chance.contains("more replications help"),
        "{chance}"
    );
    let inputs = said(&of(0.02, 0.01, 0.001, [0.01, 0.03]));
    assert!(inputs.contains("More replications are pointless"), "{inputs}");
    let table = grids(&scenario, Some("more"), &of(-0.000_3, 0.0, 0.0, [-0.000_3, 0.02]));
    assert_eq!(table[0].rows[0].cells[1], "0.0");
    assert_eq!(table[0].rows[0].cells[5], "0.0 to +2.0");
}
