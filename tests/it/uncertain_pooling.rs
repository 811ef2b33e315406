//! Sharing staff under uncertain inputs: as `compare` has it of a file with that rule, draw by draw.

use std::fs;

use serde_json::Value;

use crate::sensitivity::{homefirst, text};

const SHARED: &str = "format = 1\n[experiment]\nstart = 2020-06-01\nwarm-up = \"0 days\"\nrun-length = \"6 weeks\"\n\
    replications = 4\n[[hub]]\nname = \"North\"\nreferrals = { p = \"5 /day\" }\nstaff = { w = { on-shift = 1 } }\n\
    [[hub]]\nname = \"South\"\nreferrals = { p = \"16 /day\" }\nstaff = { w = { on-shift = 1 } }\n\
    [role.w]\n[pathway.p]\nstandard = { within = \"2 h\" }\n\
    outcome = { home = 1 }\n[[pathway.p.response]]\nname = \"v\"\nshare = 1\n\
    staff = [{ role = \"w\", length = \"1 h\" }]\n\
    [[unknown]]\npath = \"hub.South.referrals.p\"\nfrom = \"12 /day\"\nto = \"20 /day\"\n";

#[test]
fn a_rule_is_an_option_of_compare_with_that_rule_in_its_file() {
    let home = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(home.path().join(name), text).unwrap();
    write("hubs.toml", SHARED);
    write(
        "pool.toml",
        "base = \"hubs.toml\"\n[[pool]]\nhubs = [\"North\", \"South\"]\nextra-travel = \"7 min\"\n",
    );
    write(
        "neighbours.toml",
        "base = \"hubs.toml\"\n[[neighbour]]\nhubs = [\"North\", \"South\"]\nroles = [\"w\"]\nafter = \"45 min\"\n\
         extra-travel = \"7 min\"\n",
    );
    let draws = ["--draws", "20", "--uncertain"];
    let ask = |words: &[&str]| {
        let output = homefirst(home.path(), &[words, &draws].concat());
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        text(&output.stdout)
    };
    let said = ask(&["pooling", "hubs.toml", "--extra-travel", "7 min", "--out", "p"]);
    ask(&["compare", "hubs.toml", "neighbours.toml", "pool.toml", "--out", "c"]);
    let csv = |folder: &str| fs::read_to_string(home.path().join(folder).join("uncertain.csv")).unwrap();
    // North, South and all, of each rule.
    assert_eq!(csv("p").lines().count(), 7);
    assert_eq!(csv("p"), csv("c"));
    assert!(said.lines().all(|line| line.chars().count() <= 80), "{said}");
    let one_line = said.replace("\n  ", " ");
    for part in [
        "Uncertain inputs: 20 draws of",
        "P, one pool under uncertain inputs: +",
        "P, neighbours under uncertain inputs: +",
        "It is above separate hubs in",
        "The break-even is with the inputs as stated",
        "Uncertain inputs: points against separate hubs, all hubs together",
    ] {
        assert!(one_line.contains(part), "{part}: {said}");
    }
    let document: Value = serde_json::from_str(&ask(&[
        "pooling",
        "hubs.toml",
        "--extra-travel",
        "7 min",
        "--threads",
        "1",
        "--json",
    ]))
    .unwrap();
    assert_eq!(document["uncertain"][1]["option"], "pool");
    let written: Value =
        serde_json::from_str(&fs::read_to_string(home.path().join("p/pooling.json")).unwrap()).unwrap();
    assert_eq!(document, written);
    // Without the question everything else is as it was.
    let plain = homefirst(
        home.path(),
        &["pooling", "hubs.toml", "--extra-travel", "7 min", "--out", "q"],
    );
    assert_eq!(plain.status.code(), Some(0));
    assert!(!home.path().join("q/uncertain.csv").exists());
    let rules = |folder: &str| fs::read(home.path().join(folder).join("pooling.csv")).unwrap();
    assert!(rules("p") == rules("q"));
    let refused = homefirst(home.path(), &["pooling", "hubs.toml", "--draws", "20"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(text(&refused.stderr).contains("give --uncertain too"));
}
