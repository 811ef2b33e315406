//! Plain islands: what is counted there without any detour is what is counted where somebody looks on, number by number.

use std::fs;
use std::path::Path;

use homefirst::engine::{Seen, World, run, run_observed};
use homefirst::scenario;
use homefirst::units::Instant;

/// Compares every island of a world with itself looked at; gives how many of its islands are plain.
fn is_the_same_looked_at(name: &str, world: &World, replications: u32) -> usize {
    for replication in 0..replications {
        for island in 0..world.islands().len() {
            let mut log: Vec<(Instant, Seen)> = Vec::new();
            let shown = run_observed(world, island, replication, &mut log);
            assert!(
                run(world, island, replication) == shown,
                "{name}, island {island}, replication {replication}"
            );
        }
    }
    (0..world.islands().len())
        .filter(|&island| world.is_plain(island))
        .count()
}

#[test]
fn queues_of_the_theory_are_the_same_looked_at() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/theory");
    let mut plain = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let world = World::new(&scenario::read(&path).unwrap().scenario);
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        if is_the_same_looked_at(&name, &world, 1) > 0 {
            plain.push(name);
        }
    }
    for expected in ["hf-tandem", "mm24", "mm4-patience", "mm5-priority", "repeat-visits"] {
        assert!(
            plain.iter().any(|name| name == expected),
            "{expected} is not plain: {plain:?}"
        );
    }
}

/// Two roles by night and day, three classes, patience, a circle of visits, the same day as a standard, hospital, demand that
/// changes with everything, a warm-up, and a window that ends within an hour; short, so that the edges are much of it.
#[test]
fn an_island_with_all_that_may_be_plain_is_the_same_looked_at() {
    let text = r#"
format = 1
title = "All that may be plain"
[[hub]]
name = "H"
referrals = { crisis = "30 /day", other = "26 /day" }
staff.worker = { on-shift = [{ from = "06:30", to = "20:00", count = 4 }, { from = "20:00", to = "06:30", count = 2 }] }
staff.therapist = { on-shift = 3 }
[experiment]
start = 2021-02-25
warm-up = "3 days"
run-length = "8000 min"
seed = SEED
bank-holidays = [2021-03-01]
[role.worker]
[role.therapist]
[role.nobody]
[pathway.crisis]
priority = 1
hours = [0.6, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6, 1.4, 1.4, 1.4, 1.4, 1.4, 1.4, 1.4, 1.4, 1.4, 1.4, 1.4, 1.4, 0.6, 0.6, 0.6, 0.6]
days = { Mon = 1.3, Tue = 1, Wed = 1, Thu = 1, Fri = 1, Sat = 0.7, Sun = 1 }
growth = 0.4
dispersion = 2.5
patience = { lognormal = { mean = "90 min", cv = 0.7 } }
on-leaving = { hospital = 0.4, home = 0.6 }
standard = { within = "30 min", clock-stops = "lead" }
outcome = { therapy = 0.5, crisis = 0.1, hospital = 0.2, home = 0.2 }
[[pathway.crisis.response]]
name = "crisis"
share = 1.0
lead = "worker"
staff = [{ role = "worker", length = { exponential = { mean = "100 min" } } }]
[pathway.other]
priority = 2
standard = { within = "same day", clock-stops = "lead" }
outcome = { home = 1.0 }
[[pathway.other.response]]
name = "other"
share = 1.0
lead = "worker"
staff = [{ role = "worker", length = "45 min" }]
[pathway.therapy]
patience = "7 h"
outcome = { home = 1.0 }
[[pathway.therapy.response]]
name = "therapy"
share = 1.0
lead = "therapist"
staff = [{ role = "therapist", length = { gamma = { mean = "5 h", cv = 0.5 } } }]
[pathway.unused]
triage = "5 min"
package = "unused"
[package.unused]
length = "21 days"
starts-with = ["worker"]
[[package.unused.visits]]
name = "visits"
role = "worker"
per-week = 2
length = "30 min"
"#;
    for seed in 1..=40 {
        let text = text.replace("SEED", &seed.to_string());
        let loaded = scenario::read_text(Path::new("written.toml"), text).unwrap();
        let world = World::new(&loaded.scenario);
        assert_eq!(is_the_same_looked_at(&format!("seed {seed}"), &world, 3), 1);
    }
}

/// People come to each of three roles from outside; the first sends on to both others, one of which is overloaded by day, sends on
/// to nobody, and loses people who would not wait. `MORE` is what else is said.
const ONWARD: &str = r#"
format = 1
title = "On to others"
[[hub]]
name = "H"
referrals = { crisis = "40 /day", therapy = "12 /day", nursing = "9 /day" }
staff.worker = { on-shift = 4 }
staff.therapist = { on-shift = [{ from = "09:00", to = "17:30", count = 3 }, { from = "17:30", to = "09:00", count = 1 }] }
staff.nurse = { on-shift = 2 }
[experiment]
start = 2021-02-25
warm-up = "2 days"
run-length = "12345 min"
seed = SEED
[role.worker]
[role.therapist]
[role.nurse]
[pathway.crisis]
standard = { within = "1 h", clock-stops = "lead" }
outcome = { therapy = 0.3, nursing = 0.2, home = 0.5 }
[[pathway.crisis.response]]
name = "crisis"
share = 1.0
lead = "worker"
staff = [{ role = "worker", length = "2 h" }]
[pathway.therapy]
standard = { within = "2 days", clock-stops = "lead" }
patience = { exponential = { mean = "1 day" } }
outcome = { home = 1.0 }
[[pathway.therapy.response]]
name = "therapy"
share = 1.0
lead = "therapist"
staff = [{ role = "therapist", length = { exponential = { mean = "3 h" } } }]
[pathway.nursing]
outcome = { MOREhome = 0.9 }
[[pathway.nursing.response]]
name = "nursing"
share = 1.0
lead = "nurse"
staff = [{ role = "nurse", length = { exponential = { mean = "50 min" } } }]
"#;

fn onward(seed: u32, more: &str) -> World {
    let text = ONWARD.replace("SEED", &seed.to_string()).replace("MORE", more);
    World::new(&scenario::read_text(Path::new("written.toml"), text).unwrap().scenario)
}

#[test]
fn people_who_go_on_to_others_are_the_same_looked_at() {
    for seed in 1..=25 {
        let world = onward(seed, "hospital = 0.1, ");
        assert_eq!(is_the_same_looked_at(&format!("seed {seed}"), &world, 3), 1);
    }
}

/// Everything at whole half hours or at once: visits, patience, standards, shifts and ends of windows fall on one another. `FIRST`
/// is the length of a first visit.
const TIES: &str = r#"
format = 1
title = "Ties"
[[hub]]
name = "H"
referrals = { first = "30 /day", again = "25 /day", other = "20 /day" }
staff.worker = { on-shift = [{ from = "08:00", to = "20:00", count = 3 }, { from = "20:00", to = "08:00", count = 1 }] }
staff.nurse = { on-shift = [{ from = "08:30", to = "20:00", count = 2 }, { from = "20:00", to = "08:30", count = 1 }] }
[experiment]
start = 2021-02-25
warm-up = "1 day"
run-length = "LENGTH"
seed = SEED
[role.worker]
[role.nurse]
[pathway.first]
priority = 1
patience = "30 min"
standard = { within = "30 min", clock-stops = "lead" }
outcome = { onward = 0.5, first = 0.2, home = 0.3 }
[[pathway.first.response]]
name = "first"
share = 1.0
lead = "worker"
staff = [{ role = "worker", length = FIRST }]
[pathway.again]
priority = 1
patience = "0 min"
standard = { within = "same day", clock-stops = "lead" }
outcome = { other = 0.6, home = 0.4 }
[[pathway.again.response]]
name = "again"
share = 1.0
lead = "worker"
staff = [{ role = "worker", length = "1 h" }]
[pathway.onward]
priority = 1
standard = { within = "1 h", clock-stops = "lead" }
outcome = { home = 1.0 }
[[pathway.onward.response]]
name = "onward"
share = 1.0
lead = "nurse"
staff = [{ role = "nurse", length = "1 h" }]
[pathway.other]
priority = 2
patience = "1 h"
standard = { within = "1 h", clock-stops = "lead" }
outcome = { home = 1.0 }
[[pathway.other.response]]
name = "other"
share = 1.0
lead = "nurse"
staff = [{ role = "nurse", length = "30 min" }]
"#;

/// The same with one line a role, to each of which people come from outside: too many of them, for staff who change every half hour.
const TIES_IN_LINE: &str = r#"
format = 1
title = "Ties in one line"
[[hub]]
name = "H"
referrals = { first = "70 /day", onward = "40 /day" }
staff.worker = { on-shift = [{ from = "08:00", to = "08:30", count = 3 }, { from = "08:30", to = "12:00", count = 1 }, { from = "12:00", to = "20:00", count = 3 }, { from = "20:00", to = "08:00", count = 2 }] }
staff.nurse = { on-shift = [{ from = "08:30", to = "09:00", count = 4 }, { from = "09:00", to = "20:00", count = 1 }, { from = "20:00", to = "08:30", count = 2 }] }
[experiment]
start = 2021-02-25
warm-up = "1 day"
run-length = "LENGTH"
seed = SEED
[role.worker]
[role.nurse]
[pathway.first]
patience = FIRST
standard = { within = "30 min", clock-stops = "lead" }
outcome = { onward = 0.7, home = 0.3 }
[[pathway.first.response]]
name = "first"
share = 1.0
lead = "worker"
staff = [{ role = "worker", length = "30 min" }]
[pathway.onward]
patience = "30 min"
standard = { within = "1 h", clock-stops = "lead" }
outcome = { home = 1.0 }
[[pathway.onward.response]]
name = "onward"
share = 1.0
lead = "nurse"
staff = [{ role = "nurse", length = ONWARD }]
"#;

/// Ninety thousand a day at each of two roles, of which the first sends all on to the second: in one millisecond some come, some go on,
/// and some have waited long enough.
const CROWDS: &str = r#"
format = 1
title = "Crowds"
[[hub]]
name = "H"
referrals = { first = "90000 /day", onward = "90000 /day" }
staff.worker = { on-shift = 64 }
staff.nurse = { on-shift = NURSES }
[experiment]
start = 2021-02-25
warm-up = "0 days"
run-length = "3 h"
seed = SEED
[role.worker]
[role.nurse]
[pathway.first]
standard = { within = "1 min", clock-stops = "lead" }
outcome = { onward = 1.0 }
[[pathway.first.response]]
name = "first"
share = 1.0
lead = "worker"
staff = [{ role = "worker", length = "30 s" }]
[pathway.onward]
patience = "1 min"
standard = { within = "1 min", clock-stops = "lead" }
outcome = { home = 1.0 }
[[pathway.onward.response]]
name = "onward"
share = 1.0
lead = "nurse"
staff = [{ role = "nurse", length = { exponential = { mean = "40 s", min = "1 s" } } }]
"#;

#[test]
fn what_falls_on_one_instant_in_one_line_is_the_same_looked_at() {
    for seed in 1..=25 {
        for length in ["90 min", "150 min", "30 h", "6 days"] {
            for (first, onward) in [
                ("\"30 min\"", "\"1 h\""),
                ("\"4 h\"", "\"24 h\""),
                ("\"15 days\"", "\"30 min\""),
            ] {
                let text = TIES_IN_LINE
                    .replace("SEED", &seed.to_string())
                    .replace("LENGTH", length);
                let text = text.replace("FIRST", first).replace("ONWARD", onward);
                let world = World::new(&scenario::read_text(Path::new("written.toml"), text).unwrap().scenario);
                let name = format!("seed {seed}, {length}, {first}, {onward}");
                assert_eq!(is_the_same_looked_at(&name, &world, 2), 1, "{name}");
            }
        }
    }
}

#[test]
fn crowds_in_one_line_are_the_same_looked_at() {
    for (seed, nurses) in [(1, "64"), (2, "30"), (3, "20"), (4, "64"), (5, "30")] {
        let text = CROWDS.replace("SEED", &seed.to_string()).replace("NURSES", nurses);
        let world = World::new(&scenario::read_text(Path::new("written.toml"), text).unwrap().scenario);
        assert_eq!(is_the_same_looked_at(&format!("seed {seed}"), &world, 1), 1);
    }
}

fn ties(seed: u32, first: &str, length: &str) -> World {
    let text = TIES.replace("SEED", &seed.to_string());
    let text = text.replace("FIRST", first).replace("LENGTH", length);
    World::new(&scenario::read_text(Path::new("written.toml"), text).unwrap().scenario)
}

#[test]
fn what_falls_on_one_instant_is_the_same_looked_at() {
    for seed in 1..=40 {
        for length in ["90 min", "30 h", "6 days"] {
            let world = ties(seed, r#""30 min""#, length);
            assert_eq!(is_the_same_looked_at(&format!("seed {seed}, {length}"), &world, 3), 1);
            // Whoever goes on from a visit of no time does so after all others of that instant have come.
            let world = ties(seed, r#""0 min""#, length);
            assert_eq!(
                is_the_same_looked_at(&format!("seed {seed}, {length}, no time"), &world, 3),
                0
            );
            let world = ties(seed, r#"{ lognormal = { mean = "1 s", cv = 100 } }"#, length);
            assert_eq!(
                is_the_same_looked_at(&format!("seed {seed}, {length}, often no time"), &world, 3),
                1
            );
        }
    }
}

/// Thousands a day, so that people come, go on and leave in one millisecond; visits of two seconds are at times of none.
#[test]
fn thousands_a_day_are_the_same_looked_at() {
    for (seed, first) in [
        (1, r#""1 min""#),
        (2, r#""1 min""#),
        (3, r#"{ exponential = { mean = "2 s" } }"#),
    ] {
        let text = ONWARD
            .replace("SEED", &seed.to_string())
            .replace("MORE", "hospital = 0.1, ");
        let text = text.replace(
            r#"crisis = "40 /day", therapy = "12 /day""#,
            r#"crisis = "30000 /day", therapy = "20000 /day""#,
        );
        let text = text
            .replace("on-shift = 4 }", "on-shift = 30 }")
            .replace("count = 3 }", "count = 25 }");
        let text = text.replace(r#"length = "2 h" }"#, &format!("length = {first} }}"));
        let text = text
            .replace(r#"mean = "3 h" }"#, r#"mean = "30 s" }"#)
            .replace("12345 min", "3 h");
        let text = text.replace(r#"warm-up = "2 days""#, r#"warm-up = "0 days""#);
        let world = World::new(&scenario::read_text(Path::new("written.toml"), text).unwrap().scenario);
        assert_eq!(is_the_same_looked_at(&format!("seed {seed}"), &world, 1), 1);
    }
}

/// A visit of a century among visits of an hour: it does not end before its time.
#[test]
fn a_visit_of_a_century_is_the_same_looked_at() {
    for seed in 1..=5 {
        let world = ties(seed, r#""36500 days""#, "6 days");
        is_the_same_looked_at(&format!("seed {seed}"), &world, 2);
    }
}

/// Where visits that end at one instant at two roles send people on to the same one, or people go in a circle, it matters which
/// visit began first: that is not plain, and right all the same.
#[test]
fn an_island_to_one_role_of_which_people_come_from_two_is_not_plain() {
    for more in ["therapy = 0.1, ", "crisis = 0.1, "] {
        let world = onward(1, more);
        assert_eq!(is_the_same_looked_at(more, &world, 1), 0, "{more}");
    }
}

/// Whatever needs more than a plain island has is not one.
#[test]
fn the_baseline_is_not_plain() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/home-first-2020.toml");
    let world = World::new(&scenario::read(&path).unwrap().scenario);
    assert!((0..world.islands().len()).all(|island| !world.is_plain(island)));
}
