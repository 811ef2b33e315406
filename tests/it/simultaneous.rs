//! That the intervals of a comparison hold together: over options, hubs and standards at once, where every difference is known.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use homefirst::answers::compare::{CompareAnswer, CompareRequest, compare};
use homefirst::model::{HubId, PathwayId, Scenario};
use homefirst::scenario::read_text;
use homefirst::theory::Mmc;

/// Two pathways, each with a role of its own.
const PATHWAYS: [(&str, &str); 2] = [("urgent", "worker"), ("routine", "nurse")];

/// Two hubs with a queue for each pathway.
#[derive(Clone, Copy)]
struct Service {
    /// By hub and pathway: referrals a day, and staff.
    queues: [[(f64, u32); 2]; 2],
    /// By pathway: what a visit takes in the mean \[h\].
    hours: [f64; 2],
}

/// Levels of 92.8 and 94.7 % at one hub, of 89.6 and 97.1 % at the other.
const BASE: Service = Service {
    queues: [[(28.8, 3), (31.2, 3)], [(31.2, 3), (43.2, 4)]],
    hours: [1.5, 1.35],
};

/// Three options, each of which touches every queue: one more of everybody; visits a tenth shorter; visits of one pathway longer,
/// and for the other one person moved to the other hub.
fn options() -> [Service; 3] {
    let (mut more, mut shorter, mut moved) = (BASE, BASE, BASE);
    more.queues.iter_mut().flatten().for_each(|queue| queue.1 += 1);
    shorter.hours = shorter.hours.map(|hours| 0.9 * hours);
    moved.hours[0] *= 1.08;
    moved.queues[0][1].1 += 1;
    moved.queues[1][1].1 -= 1;
    [more, shorter, moved]
}

impl Service {
    /// Share of a pathway's referrals seen within two hours at a hub, or over both, by Erlang's formula.
    fn level(&self, hub: Option<HubId>, pathway: PathwayId) -> f64 {
        let here = self
            .queues
            .iter()
            .enumerate()
            .filter(|(n, _)| hub.is_none_or(|hub| hub.0 == *n));
        let (mut hits, mut referrals) = (0.0, 0.0);
        for (_, queues) in here {
            let (a_day, staff) = queues[pathway.0];
            let queue = Mmc::new(staff, a_day / 24.0, self.hours[pathway.0]).expect("a queue that does not grow");
            hits += a_day * queue.within(2.0);
            referrals += a_day;
        }
        hits / referrals
    }

    fn scenario(&self, weeks: u32, replications: u32) -> Scenario {
        let mut text = format!(
            "format = 1\n[experiment]\nstart = 2021-01-04\nwarm-up = \"2 weeks\"\nrun-length = \"{weeks} weeks\"\n\
             replications = {replications}\n[role.worker]\n[role.nurse]\n"
        );
        for ((pathway, role), hours) in PATHWAYS.iter().zip(self.hours) {
            let _ = write!(
                text,
                "[pathway.{pathway}]\nstandard = {{ within = \"2 h\" }}\noutcome = {{ home = 1.0 }}\n\
                 [[pathway.{pathway}.response]]\nname = \"visit\"\nshare = 1.0\n\
                 staff = [{{ role = \"{role}\", length = {{ exponential = {{ mean = \"{hours} h\" }} }} }}]\n"
            );
        }
        for (n, queues) in self.queues.iter().enumerate() {
            let _ = writeln!(text, "[[hub]]\nname = \"H{n}\"");
            for ((pathway, role), (a_day, staff)) in PATHWAYS.iter().zip(queues) {
                let _ = write!(
                    text,
                    "referrals.{pathway} = \"{a_day} /day\"\nstaff.{role}.on-shift = {staff}\n"
                );
            }
        }
        let read = read_text(Path::new("queues.toml"), text).map_err(|p| format!("{p:?}"));
        read.unwrap().scenario
    }
}

/// Of so many experiments those in which every interval of the family holds its difference, those in which every single interval of the
/// same differences does, and how many of all single intervals do.
#[derive(Debug, Default)]
struct Held {
    experiments: u32,
    together: u32,
    each_by_itself: u32,
    single: u32,
    intervals: u32,
}

impl Held {
    fn together(&self) -> f64 {
        f64::from(self.together) / f64::from(self.experiments)
    }
}

/// Differences of the family: three options, two hubs and both together, two standards.
const FAMILY: usize = 18;

fn held(experiments: u64, weeks: u32, replications: u32) -> Held {
    let mut base = BASE.scenario(weeks, replications);
    let services = options();
    let mut others = services.map(|service| service.scenario(weeks, replications));
    let places = [Some(HubId(0)), Some(HubId(1)), None];
    let mut held = Held::default();
    for seed in 0..experiments {
        for scenario in others.iter_mut().chain([&mut base]) {
            scenario.experiment.seed = 31_000 + seed;
        }
        let answer = compared(&base, &others);
        assert_eq!((answer.family, answer.confidence), (FAMILY, 0.95));
        let (mut all, mut alone) = (0, 0);
        for (option, service) in answer.options.iter().zip(&services) {
            for hub in places {
                for pathway in (0..PATHWAYS.len()).map(PathwayId) {
                    let truth = service.level(hub, pathway) - BASE.level(hub, pathway);
                    let row = option.level(hub, pathway).unwrap();
                    let holds = |low: f64, high: f64| usize::from(low <= truth && truth <= high);
                    let family = row.simultaneous.unwrap();
                    all += holds(family.low, family.high);
                    alone += holds(row.change.low, row.change.high);
                }
            }
        }
        held.experiments += 1;
        held.together += u32::from(all == FAMILY);
        held.each_by_itself += u32::from(alone == FAMILY);
        held.single += u32::try_from(alone).unwrap();
        held.intervals += u32::try_from(FAMILY).unwrap();
    }
    println!("{replications} replications of {weeks} weeks: {held:?}");
    held
}

fn compared(base: &Scenario, options: &[Scenario]) -> CompareAnswer {
    let request = CompareRequest { threads: None };
    compare(base, options, request, &AtomicBool::new(false), &|| ()).unwrap()
}

/// The short form: at least 84 of 100 experiments. If 95 % of all hold together, as they should at least, another set of seeds would
/// fail this with a probability of 1e-5, and if 93 % do, as may be where intervals of few replications are a little short, of 0.06 %.
#[test]
fn the_intervals_of_a_comparison_hold_together() {
    let held = held(100, 4, 20);
    assert!(held.together >= 84, "{held:?}");
    // It is the width of the family that does it: the single intervals of the same differences hold together much more seldom.
    assert!(held.each_by_itself + 10 <= held.together, "{held:?}");
}

/// The long form: 1,000 experiments. A share of 95 % has a standard error of 0.69 points there. Accepted: 93 % or more, which another set
/// of seeds would miss with a probability of 0.2 % if the truth is 95 %.
#[test]
#[ignore = "a campaign: 1,000 comparisons, some minutes"]
fn campaign_compare_together() {
    let held = held(1000, 8, 20);
    println!(
        "{:.1} % of 1,000 families of {FAMILY} intervals held all their differences, {:.1} % of the families of single intervals, and \
         {:.2} % of the single intervals",
        100.0 * held.together(),
        0.1 * f64::from(held.each_by_itself),
        100.0 * f64::from(held.single) / f64::from(held.intervals),
    );
    assert!(held.together() >= 0.93, "{held:?}");
}
