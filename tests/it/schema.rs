//! The JSON Schema that editors use is the one that the format gives.

use std::path::Path;

#[test]
fn the_schema_in_the_repository_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema/scenario.schema.json");
    let made = homefirst::scenario::schema();
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    if kept != made {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &made).unwrap();
        panic!("schema/scenario.schema.json was out of date and has been written anew; look at it and commit it");
    }
}

#[test]
fn measures_that_may_be_observed_are_those_of_the_summary() {
    let ours: Vec<_> = homefirst::answers::Measure::ALL.iter().map(|m| m.name()).collect();
    assert_eq!(homefirst::scenario::MEASURES, ours);
}
