//! Durations as planners type them, of every family that needs no file.

use super::choices::Choices;
use super::put;

/// A duration of about `mean` minutes.
pub(crate) fn duration(choices: &mut Choices<'_>, mean: u32) -> String {
    let short = (mean / 3).max(1);
    let long = mean * 3;
    let table = match choices.below(12) {
        0 | 1 => return format!("\"{mean} min\""),
        2 => return format!("{{ fixed = \"{mean} min\" }}"),
        3 => ("exponential", format!("mean = \"{mean} min\"")),
        4 => {
            let cv = choices.of(&["0.4", "0", "1.5", "3"]);
            ("lognormal", format!("mean = \"{mean} min\", cv = {cv}"))
        }
        5 => {
            let sigma = choices.of(&["0.5", "0", "1.2"]);
            ("lognormal", format!("median = \"{mean} min\", sigma = {sigma}"))
        }
        6 => {
            let cv = choices.of(&["0.5", "0", "2"]);
            ("gamma", format!("mean = \"{mean} min\", cv = {cv}"))
        }
        7 => {
            let stages = choices.of(&[1, 2, 7]);
            ("erlang", format!("mean = \"{mean} min\", stages = {stages}"))
        }
        8 => {
            let cv = choices.of(&["1", "1.5", "4"]);
            ("hyper-exponential", format!("mean = \"{mean} min\", cv = {cv}"))
        }
        9 => (
            "hyper-exponential",
            format!("branches = [{{ share = 0.7, mean = \"{short} min\" }}, {{ share = 0.3, mean = \"{long} min\" }}]"),
        ),
        10 => (
            "triangular",
            format!("low = \"{short} min\", mode = \"{mean} min\", high = \"{long} min\""),
        ),
        _ => ("uniform", format!("low = \"{short} min\", high = \"{long} min\"")),
    };
    let (family, mut parameters) = table;
    if choices.one_in(4) {
        put(&mut parameters, &format!(", min = \"{short} min\""));
    }
    if choices.one_in(4) {
        put(&mut parameters, &format!(", max = \"{} min\"", mean + mean / 2));
    }
    format!("{{ {family} = {{ {parameters} }} }}")
}
