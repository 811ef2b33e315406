//! The JSON Schema that editors use is the one that the format gives.

use std::path::Path;

#[test]
fn the_schema_in_the_repository_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema/scenario.schema.json");
    let made = homefirst::scenario::schema();
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        std::fs::write(&path, &made).unwrap();
    } else {
        assert!(
            kept == made,
            "out of date: run `UPDATE_SCHEMA=1 cargo test --test it schema` and commit {}",
            path.display()
        );
    }
}

#[test]
fn measures_that_may_be_observed_are_those_of_the_summary() {
    let ours: Vec<_> = homefirst::answers::Measure::ALL.iter().map(|m| m.name()).collect();
    assert_eq!(homefirst::scenario::MEASURES, ours);
}
