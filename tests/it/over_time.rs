//! Changes on a date and recruitment, from the file to the model.

use std::path::Path;

use homefirst::engine::{IslandRecord, World, run};
use homefirst::model::{Change, Scenario, Staffing};
use homefirst::scenario::{Loaded, read, read_text, read_with};
use homefirst::units::Span;
use jiff::civil::date;

const BASE: &str = "scenarios/home-first-2020.toml";

/// Every count is the same; the first that is not is shown by itself.
fn same(a: &IslandRecord, b: &IslandRecord) {
    for (a, b) in a.hubs.iter().zip(&b.hubs) {
        for (a, b) in a.pathways.iter().zip(&b.pathways) {
            assert_eq!(
                (a.referrals, a.hits, a.seen, a.wait_ms),
                (b.referrals, b.hits, b.seen, b.wait_ms)
            );
        }
        for (a, b) in a.roles.iter().zip(&b.roles) {
            assert_eq!(
                (a.available_ms(), a.busy_inside_ms(), a.visits),
                (b.available_ms(), b.busy_inside_ms(), b.visits)
            );
        }
        assert_eq!(a.packages, b.packages);
    }
    assert_eq!(a.events, b.events);
    assert!(a == b, "another count");
}

/// The baseline with more at its end.
fn with(more: &str) -> Loaded {
    let text = std::fs::read_to_string(BASE).unwrap();
    read_text(Path::new(BASE), format!("{text}\n{more}")).unwrap_or_else(|problems| panic!("{problems:?}"))
}

fn staff(s: &Scenario, hub: &str, role: &str) -> f64 {
    let (hub, role) = (s.hub(hub).unwrap(), s.role(role).unwrap());
    match &s.hubs[hub.0].staff[role.0] {
        Staffing::Wte(wte) => wte.get(),
        other => panic!("{other:?}"),
    }
}

/// Who is served elsewhere may change on a date; beds and prices only from the beginning. What cannot change is not refused
/// for a date that nobody typed, and a change from the beginning is not blamed for a dated one.
#[test]
fn who_is_served_elsewhere_changes_on_a_date_and_prices_from_the_beginning() {
    let elsewhere = "[[served-elsewhere]]\nhome = \"Charnwood\"\nserved-by = \"Harborough\"\nshare = 0.1\n";
    let loaded = with(&format!(
        "{elsewhere}\
         [[change]]\nfrom = 2020-10-05\npath = \"served-elsewhere.Charnwood.share\"\nadd = 0.2\n\
         [[change]]\npath = \"bed.acute.cost\"\nvalue = \"450 GBP/day\"\n"
    ));
    let s = &loaded.scenario;
    let shares = [0, 125, 126].map(|day| s.on_day(day).served_elsewhere[0].share.get());
    assert_eq!(shares.map(f64::to_bits), [0.1_f64, 0.1, 0.1 + 0.2].map(f64::to_bits));
    let bed = s.beds.iter().find(|bed| bed.name == "acute").unwrap();
    assert!((bed.cost.unwrap().value.get() - 450.0).abs() < 1e-9);
    // Nothing changes without a date either.
    let loaded = with(&format!(
        "{elsewhere}[[change]]\npath = \"served-elsewhere.Charnwood.share\"\nvalue = 0.4\n"
    ));
    assert!((loaded.scenario.served_elsewhere[0].share.get() - 0.4).abs() < 1e-12);

    let refused = |more: &str| -> Vec<String> {
        let text = std::fs::read_to_string(BASE).unwrap();
        let problems = read_text(Path::new(BASE), format!("{text}\n{more}")).unwrap_err();
        problems.iter().map(|d| d.message.clone()).collect()
    };
    let undated = refused("[[change]]\npath = \"experiment.seed\"\nvalue = 3\n");
    assert_eq!(undated, ["`experiment.seed` cannot change"]);
    let blamed = refused(
        "[[change]]\npath = \"pathway.crisis.standard.target\"\nvalue = 0.5\n\
         [[change]]\npath = \"pathway.crisis.standard.within\"\nvalue = \"3 h\"\n\
         [[change]]\nfrom = 2020-10-05\npath = \"pathway.step-down.standard.target\"\nvalue = 0.5\n",
    );
    assert_eq!(blamed, ["`pathway.step-down.standard.target` cannot change on a date"]);
}

/// On 5 October 2020 the triage takes 5 minutes and Charnwood has 4 more crisis workers; from December to February
/// everybody travels a fifth longer; the changes of an earlier day are made before those of a later one.
#[test]
fn each_day_of_change_has_a_service_of_its_own() {
    let loaded = with(
        r#"
[[change]]
from = 2020-12-01
until = 2021-03-01
path = "hub.*.travel.urgent"
times = 1.2
[[change]]
from = 2020-10-05
path = "pathway.crisis.triage"
value = "5 min"
[[change]]
from = 2020-10-05
path = "hub.Charnwood.staff.crisis-worker"
add = 4
[[change]]
from = 2021-01-01
path = "hub.*.staff.crisis-worker"
times = 2
"#,
    );
    let base = read(Path::new(BASE)).unwrap().scenario;
    let s = &loaded.scenario;
    assert_eq!(loaded.warnings.iter().count(), 0, "{:?}", loaded.warnings);
    // By hand: days from 1 June 2020 to 5 October, 1 December, 1 January, 1 March.
    let days: Vec<i64> = s.later.iter().map(|l| l.from_day).collect();
    assert_eq!(days, [126, 183, 214, 273]);
    let crisis = s.pathway("crisis").unwrap().0;
    let charnwood = s.hub("Charnwood").unwrap().0;
    let mean = |ms: f64| (ms / 60_000.0 * 1e6).round() / 1e6;
    let was = staff(&base, "Charnwood", "crisis-worker");
    let travel = mean(base.hubs[charnwood].travel.urgent.mean_ms());
    for (later, workers, urgent) in [
        (&s.later[0], was + 4.0, travel),
        (&s.later[1], was + 4.0, travel * 1.2),
        (&s.later[2], (was + 4.0) * 2.0, travel * 1.2),
        (&s.later[3], (was + 4.0) * 2.0, travel),
    ] {
        let there = &later.scenario;
        assert!(
            (staff(there, "Charnwood", "crisis-worker") - workers).abs() < 1e-9,
            "day {}",
            later.from_day
        );
        assert!(
            (mean(there.hubs[charnwood].travel.urgent.mean_ms()) - urgent).abs() < 1e-4,
            "day {}",
            later.from_day
        );
        assert!((mean(there.pathways[crisis].triage.mean_ms()) - 5.0).abs() < 1e-9);
        assert!(s.same_shape(there) && there.later.is_empty() && there.dated.is_empty());
    }
    assert!(
        (staff(s, "Charnwood", "crisis-worker") - was).abs() < 1e-12,
        "the first days are as before"
    );
    let told: Vec<(&str, &Change)> = s.dated.iter().map(|d| (d.path.as_str(), &d.change)).collect();
    assert_eq!(
        told,
        [
            ("hub.*.travel.urgent", &Change::Times("1.2".into())),
            ("pathway.crisis.triage", &Change::Value("5 min".into())),
            ("hub.Charnwood.staff.crisis-worker", &Change::Add("4".into())),
            ("hub.*.staff.crisis-worker", &Change::Times("2".into())),
        ]
    );
    assert_eq!(
        (s.dated[0].from, s.dated[0].until),
        (Some(date(2020, 12, 1)), Some(date(2021, 3, 1)))
    );
}

/// Quantities keep their kind: a time is added to a time whatever the two units, a rate is multiplied as a rate.
#[test]
fn quantities_are_reckoned_with_in_their_units() {
    let s = with(
        r#"
[[change]]
from = 2020-07-01
path = "hub.Charnwood.travel.round"
add = "30 s"
[[change]]
from = 2020-07-01
path = "pathway.crisis.referrals"
times = 1.5
[[change]]
from = 2020-07-01
path = "pathway.crisis.triage.lognormal.mean"
add = "0.5 h"
"#,
    )
    .scenario;
    let (was, now) = (&s, &s.later[0].scenario);
    let charnwood = s.hub("Charnwood").unwrap().0;
    let crisis = s.pathway("crisis").unwrap().0;
    let minutes = |s: &Scenario| s.hubs[charnwood].travel.round.mean_ms() / 60_000.0;
    assert!((minutes(now) - minutes(was) - 0.5).abs() < 1e-6);
    let rate = |s: &Scenario| s.hubs[charnwood].referrals[crisis].get();
    assert!((rate(now) / rate(was) - 1.5).abs() < 1e-12);
    let triage = |s: &Scenario| s.pathways[crisis].triage.mean_ms() / 60_000.0;
    assert!((triage(now) - triage(was) - 30.0).abs() < 1e-6);
}

/// A change that is in force from before the first simulated day is the same as the changed file: every count of every
/// hub, for numbers of all kinds at once.
#[test]
fn a_change_from_before_the_beginning_is_the_changed_file() {
    let dated = with(
        r#"
[[change]]
from = 2020-03-01
path = "hub.*.staff.crisis-worker"
value = 5
[[change]]
from = 2020-03-01
path = "role.nurse.headroom.planned"
value = 0.2
[[change]]
from = 2020-03-01
path = "pathway.crisis.referrals"
value = "25 /day"
[[change]]
from = 2020-03-01
path = "package.reablement.visits.care.length"
value = "40 min"
[[change]]
from = 2020-03-01
path = "package.reablement.gate"
value = 0.9
"#,
    )
    .scenario;
    let sets = [
        "hub.*.staff.crisis-worker=5",
        "role.nurse.headroom.planned=0.2",
        "pathway.crisis.referrals=25 /day",
        "package.reablement.visits.care.length=40 min",
        "package.reablement.gate=0.9",
    ]
    .map(String::from);
    let mut set = read_with(Path::new(BASE), &sets).unwrap().scenario;
    let mut dated = dated;
    for s in [&mut set, &mut dated] {
        s.experiment.run_length = Span::from_days(28);
    }
    let (a, b) = (World::new(&dated), World::new(&set));
    for island in [0, 3] {
        same(&run(&a, island, 0), &run(&b, island, 0));
    }
    // And it does change something.
    let base = read(Path::new(BASE)).unwrap().scenario;
    let mut short = base;
    short.experiment.run_length = Span::from_days(28);
    assert!(run(&World::new(&short), 0, 0).hubs != run(&b, 0, 0).hubs);
}

/// A change without a date is the changed file, until its end if it has one; later changes go on from it.
#[test]
fn a_change_without_a_date_holds_from_the_beginning() {
    let s = with(
        r#"
[[change]]
path = "hub.*.staff.nurse"
times = 2
[[change]]
until = 2020-09-01
path = "pathway.crisis.triage"
value = "5 min"
[[change]]
from = 2020-10-05
path = "hub.Charnwood.staff.nurse"
add = 1
"#,
    )
    .scenario;
    let base = read(Path::new(BASE)).unwrap().scenario;
    let twice = 2.0 * staff(&base, "Charnwood", "nurse");
    let crisis = s.pathway("crisis").unwrap().0;
    let triage = |s: &Scenario| (s.pathways[crisis].triage.mean_ms() / 60_000.0).round();
    assert!((staff(&s, "Charnwood", "nurse") - twice).abs() < 1e-9 && (triage(&s) - 5.0).abs() < 1e-9);
    assert_eq!(s.assumptions.len(), base.assumptions.len());
    let days: Vec<i64> = s.later.iter().map(|l| l.from_day).collect();
    assert_eq!(days, [92, 126]);
    for (later, nurses) in s.later.iter().zip([twice, twice + 1.0]) {
        assert!((staff(&later.scenario, "Charnwood", "nurse") - nurses).abs() < 1e-9);
        assert!((triage(&later.scenario) - 15.0).abs() < 1e-9);
    }
}

/// A change to what it is already changes nothing, on whatever day it comes, though the engine changes worlds.
#[test]
fn a_change_that_changes_nothing_changes_nothing() {
    let mut dated = with(
        r#"
[[change]]
from = 2020-05-20
path = "pathway.crisis.declined"
value = 0.0
[[change]]
from = 2020-06-10
until = 2020-06-17
path = "hub.*.staff.nurse"
times = 1
"#,
    )
    .scenario;
    let mut base = read(Path::new(BASE)).unwrap().scenario;
    for s in [&mut dated, &mut base] {
        s.experiment.run_length = Span::from_days(28);
    }
    assert_eq!(dated.later.len(), 3);
    same(&run(&World::new(&dated), 1, 2), &run(&World::new(&base), 1, 2));
}

#[test]
fn recruitment_is_read_with_its_posts_spread() {
    let recruit = r#"
[[recruit]]
role = "crisis-worker"
posts = 24
spread = "even"
advertised = 2020-06-15
time-to-start = { gamma = { mean = "14 weeks", cv = 0.3 } }
induction = "3 weeks"
turnover = 0.3
[[recruit]]
name = "nurses where they are needed"
role = "nurse"
posts = 3
spread = { Charnwood = 2, Harborough = 1 }
in-post = 1
wte = 0.8
advertised = 2020-05-01
time-to-start = "10 weeks"
productivity = 0.5
refill = false
"#;
    let s = with(recruit).scenario;
    let [crisis, nurse] = &s.recruits[..] else {
        panic!("{:?}", s.recruits)
    };
    assert_eq!(
        (crisis.name.as_str(), crisis.advertised_day, crisis.refill),
        ("crisis-worker", 14, true)
    );
    assert_eq!((&crisis.posts, &crisis.in_post), (&vec![4; 6], &vec![0; 6]));
    assert!((crisis.turnover - 0.3).abs() < 1e-12 && crisis.induction == Span::from_days(21));
    assert_eq!((nurse.advertised_day, nurse.refill, nurse.wte.get()), (-31, false, 0.8));
    let at = |hub: &str| s.hub(hub).unwrap().0;
    assert_eq!(
        (
            nurse.posts[at("Charnwood")],
            nurse.posts[at("Harborough")],
            nurse.posts.iter().sum()
        ),
        (2, 1, 3_u32)
    );
    assert_eq!(nurse.in_post[at("Charnwood")], 1);
}

/// Posts spread by share are spread by the referrals of the beginning: that these change on a date is no change of posts.
#[test]
fn referrals_may_change_where_posts_go_by_share() {
    let s = with(
        r#"
[[change]]
from = 2020-10-05
path = "pathway.crisis.referrals"
times = 2
[[recruit]]
role = "nurse"
posts = 7
spread = "by-share"
advertised = 2020-06-15
time-to-start = "10 weeks"
"#,
    )
    .scenario;
    assert_eq!((s.later.len(), s.recruits[0].posts.iter().sum()), (1, 7_u32));
}

/// A hub that has nobody of a role may recruit somebody: there is then someone to do the work.
#[test]
fn a_hub_may_recruit_its_first() {
    let text = std::fs::read_to_string(BASE).unwrap().replacen("nurse = 6.5, ", "", 1);
    let refused = read_text(Path::new(BASE), text.clone());
    assert!(refused.is_ok_and(|l| l.warnings.iter().any(|w| w.code == "HF101")));
    let more = "[[recruit]]\nrole = \"nurse\"\nposts = 6\nadvertised = 2020-03-02\ntime-to-start = \"1 day\"";
    let loaded = read_text(Path::new(BASE), format!("{text}\n{more}")).unwrap();
    assert_eq!(loaded.warnings.iter().count(), 0);
    assert!((staff(&loaded.scenario, "Charnwood", "nurse")).abs() < 1e-12);
}

/// A what-if of the baseline, as its text says.
fn what_if(more: &str) -> Result<Loaded, homefirst::diagnostic::Diagnostics> {
    let head = "base = \"home-first-2020.toml\"\ntitle = \"t\"\n";
    read_text(Path::new("scenarios/what-if.toml"), format!("{head}{more}"))
}

/// An entry of a recruitment is known by its role; setting a number of it makes no second one.
#[test]
fn a_number_of_a_recruitment_can_be_set() {
    let file = Path::new("scenarios/plus-24-recruited.toml");
    let loaded = read_with(file, &["recruit.crisis-worker.advertised=2020-07-01".into()]).unwrap();
    let days: Vec<i64> = loaded.scenario.recruits.iter().map(|r| r.advertised_day).collect();
    assert_eq!(days, [30]);
}

/// What was said of a number of the base says nothing of it once it changes on a date; what the what-if says does.
#[test]
fn assumptions_of_the_base_about_numbers_that_change_on_a_date_are_marked() {
    let change = "[[change]]\npath = \"hub.*.travel.urgent\"\nadd = \"3 min\"\nfrom = 2020-09-01\n";
    let marked = |text: &str| -> Vec<String> {
        let scenario = what_if(text).unwrap().scenario;
        let changed = scenario.assumptions.iter().filter(|a| a.changed);
        changed.map(|a| a.path.clone()).collect()
    };
    assert_eq!(marked(change), ["hub.*.travel"]);
    let own = "[assumptions]\n\"hub.*.travel\" = { kind = \"assumption\", why = \"a bridge is closed\" }\n";
    assert_eq!(marked(&format!("{change}{own}")), [""; 0]);
}

#[test]
fn a_slip_in_a_change_is_told_with_what_may_have_been_meant() {
    let told = |change: &str| {
        let problems = what_if(&format!("[[change]]\nfrom = 2020-09-01\n{change}\n"))
            .map(|_| ())
            .unwrap_err();
        problems
            .iter()
            .flat_map(|d| d.help.clone())
            .collect::<Vec<_>>()
            .join("; ")
    };
    let help = told("path = \"hub.*.travel.urgnt\"\nadd = \"3 min\"");
    assert!(help.starts_with("did you mean `hub.*.travel.urgent`?"), "{help}");
    let help = told("path = \"pathway.crisis.referrals\"\nvalue = 23");
    assert!(help.starts_with("for example: `value = \"23 /day\"`"), "{help}");
}
