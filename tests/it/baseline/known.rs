//! What is known of the service, or of services like it, beside what the baseline gives. Nothing here is fitted, except
//! where it says so.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use homefirst::engine::{Observer, Seen, World, run_observed};
use homefirst::model::{Hub, Scenario, Weekday, expected_capacity};
use homefirst::stats::{Interval, ratio_interval};
use homefirst::units::{Instant, Span};
use rayon::iter::{IntoParallelIterator, ParallelIterator};

use super::what_ifs::{pathway, role, stream_number, stream_place};

const REPLICATIONS: u32 = 40;

/// Places in the scenario's lists.
#[derive(Clone, Copy, Debug)]
struct Places {
    crisis: usize,
    reablement: usize,
    crisis_care: usize,
    care: usize,
    therapy: usize,
    nursing: usize,
    crisis_worker: usize,
    carer: usize,
    window: i64,
}

/// One year at one hub, looked at from outside.
#[derive(Debug)]
struct Year {
    at: Places,
    crises: u64,
    seen_in_crisis: BTreeSet<u64>,
    crisis_care_visits: BTreeSet<(u64, u32)>,
    /// Streams begun, by referral.
    begun: BTreeMap<u64, Vec<usize>>,
    care_packages: u64,
    /// Open packages whose care, or crisis care, has begun, integrated over the window \[ms\]: from the books.
    care_open: i64,
    crisis_care_open: i64,
    /// Of reablement workers: time in homes, time on shift less breaks taken \[ms\].
    at_home: i64,
    on_shift: i64,
    /// Of others than crisis workers: time sent to first responses, by role \[ms\].
    responding: BTreeMap<usize, i64>,
    /// Packages started too late, by the stream that led.
    late: BTreeMap<usize, u64>,
}

impl Year {
    fn new(at: Places) -> Self {
        Self {
            at,
            crises: 0,
            seen_in_crisis: BTreeSet::new(),
            crisis_care_visits: BTreeSet::new(),
            begun: BTreeMap::new(),
            care_packages: 0,
            care_open: 0,
            crisis_care_open: 0,
            at_home: 0,
            on_shift: 0,
            responding: BTreeMap::new(),
            late: BTreeMap::new(),
        }
    }

    fn inside(&self, from: Instant, to: Instant) -> i64 {
        (to.ms().min(self.at.window) - from.ms().max(0)).max(0)
    }

    fn counted(&self, at: Instant) -> bool {
        (0..self.at.window).contains(&at.ms())
    }
}

impl Observer for Year {
    fn see(&mut self, now: Instant, what: Seen) {
        let at = self.at;
        match what {
            Seen::ClockStarts { pathway, .. } if pathway == at.crisis && self.counted(now) => self.crises += 1,
            Seen::Sent {
                referral,
                role,
                stream,
                visit,
                begins,
                ends,
                free,
                ..
            } => {
                if role == at.carer {
                    self.at_home += self.inside(begins, ends);
                }
                if stream.is_none() {
                    if self.counted(now) {
                        self.seen_in_crisis.insert(referral);
                    }
                    if role != at.crisis_worker {
                        let time = self.inside(now, free);
                        *self.responding.entry(role).or_default() += time;
                    }
                } else if stream == Some(at.crisis_care) && self.counted(now) {
                    self.crisis_care_visits.insert((referral, visit));
                }
            }
            Seen::StreamStarts { referral, stream, .. } => {
                self.begun.entry(referral).or_default().push(stream);
                self.care_packages += u64::from(stream == at.care && self.counted(now));
            }
            Seen::ClockStops {
                referral,
                pathway,
                at: stop,
                wait,
                met: false,
                ..
            } if pathway == at.reablement && self.counted(stop - wait) => {
                let has = |stream| {
                    let begun = self.begun.get(&referral);
                    begun.is_some_and(|list| list.contains(&stream))
                };
                let led_by = [at.therapy, at.care, at.nursing].into_iter().find(|&s| has(s));
                *self.late.entry(led_by.unwrap_or(at.care)).or_default() += 1;
            }
            _ => {}
        }
    }
}

/// The cost of a role's working hours in the 52 weeks \[GBP\].
fn cost(s: &Scenario, role: usize) -> f64 {
    let plan = &s.roles[role];
    let week = |hub: &Hub| Weekday::ALL.map(|day| expected_capacity(plan, &hub.staff[role], day).hours());
    let hours: f64 = s.hubs.iter().flat_map(week).sum();
    52.0 * hours * plan.cost.unwrap().price().value.get()
}

fn in_words(name: &str, ours: &Interval, digits: usize, known: &str, verdict: &str, source: &str) -> String {
    let (mean, half) = (ours.mean, ours.half_width);
    format!("| {name} | {known} | {mean:.digits$} ± {half:.digits$} | {verdict} | {source} |\n")
}

/// The section of the page.
pub(super) fn known(s: &Scenario) -> String {
    let at = Places {
        crisis: pathway(s, "crisis"),
        reablement: pathway(s, "reablement"),
        crisis_care: stream_number(s, "crisis-care", "care"),
        care: stream_number(s, "reablement", "care"),
        therapy: stream_number(s, "reablement", "therapy"),
        nursing: stream_number(s, "reablement", "nursing"),
        crisis_worker: role(s, "crisis-worker"),
        carer: role(s, "reablement-worker"),
        window: s.experiment.run_length.ms(),
    };
    let (care, crisis_care) = (
        stream_place(s, "reablement", "care"),
        stream_place(s, "crisis-care", "care"),
    );
    let world = World::new(s);
    let years: Vec<Vec<Year>> = (0..REPLICATIONS)
        .into_par_iter()
        .map(|replication| {
            let island = |island| {
                let mut year = Year::new(at);
                let record = run_observed(&world, island, replication, &mut year);
                for hub in record.hubs {
                    let open = |(package, stream): (usize, usize)| hub.packages[package].streams[stream].open_ms;
                    year.care_open += open(care);
                    year.crisis_care_open += open(crisis_care);
                    year.on_shift += hub.roles[at.carer].available_ms();
                }
                year
            };
            (0..world.islands().len()).map(island).collect()
        })
        .collect();
    let interval = |top: &dyn Fn(&Year) -> f64, bottom: &dyn Fn(&Year) -> f64| {
        let sums = |of: &dyn Fn(&Year) -> f64, hubs: &[Year]| hubs.iter().map(of).sum::<f64>();
        let pairs: Vec<(f64, f64)> = years.iter().map(|y| (sums(top, y), sums(bottom, y))).collect();
        ratio_interval(&pairs, 0.95).unwrap()
    };
    let hubs = s.hubs.len() as f64;
    let time = |_: &Year| Span::from_ms(at.window).days() / hubs;
    let days = |ms: i64| Span::from_ms(ms).days();
    let contacts = |y: &Year| (y.seen_in_crisis.len() + y.crisis_care_visits.len()) as f64;
    // Crisis workers are paid for being there; the others for the time they were sent out.
    let crisis_cost = |y: &Year| {
        let others = y.responding.iter().map(|(&role, &ms)| {
            let an_hour = s.roles[role].cost.map_or(0.0, |cost| cost.price().value.get());
            Span::from_ms(ms).hours() * an_hour
        });
        cost(s, at.crisis_worker) / hubs + others.sum::<f64>()
    };
    let mut page = format!(
        "## Compared with what is known\n\n{REPLICATIONS} replications.\n\n\
         | What | known | baseline | | source of the known figure |\n| --- | ---: | ---: | --- | --- |\n"
    );
    for (name, top, bottom, digits, known, verdict, source) in [
        (
            "people with reablement care visits at a time",
            &(|y: &Year| days(y.care_open)) as &dyn Fn(&Year) -> f64,
            &time as &dyn Fn(&Year) -> f64,
            0,
            "203 in the county, about 240 with Rutland",
            "input set with this in view; a little above",
            "CQC inspection of HART Leicestershire, December 2019; Rutland committee 2021. The input is the share of \
             packages with care visits, 0.68",
        ),
        (
            "people on short crisis care at a time",
            &|y: &Year| days(y.crisis_care_open),
            &time,
            1,
            "16 (14 to 18)",
            "input set with this in view; agrees",
            "CQC inspection of HART Leicestershire, December 2019. The share, 0.40, was set with this in view",
        ),
        (
            "care contacts per crisis referral (first response, and crisis care visits)",
            &contacts,
            &|y: &Year| y.crises as f64,
            2,
            "2.27 in England, 1.18 in Leicester, Leicestershire and Rutland",
            "above both",
            "NHS England, urgent community response 2024-25: 1,917,885 contacts of 844,180 referrals; 17,915 of 15,125. The \
             county council's crisis care is not in the national count",
        ),
        (
            "cost of a crisis contact, GBP",
            &crisis_cost,
            &contacts,
            0,
            "126",
            "a third below",
            "National Cost Collection 2024/25, crisis response contact (IC01). Ours: crisis workers for all their working \
             hours, nurses and therapists for the time they were sent out",
        ),
        (
            "reablement workers' cost of a package with care visits, GBP",
            &|_: &Year| cost(s, at.carer) / hubs,
            &|y: &Year| y.care_packages as f64,
            0,
            "1,491 to 1,901 an episode",
            "agrees, prices of another year",
            "Health Foundation, 2019/20 and 2022/23 at 2022/23 prices; ours at 2024/25 prices",
        ),
        (
            "share of reablement workers' time on shift spent in homes, %",
            &|y: &Year| 100.0 * y.at_home as f64,
            &|y: &Year| y.on_shift as f64,
            1,
            "40 to 62",
            "agrees; the known range is wide",
            "Norwegian home care, BMC Health Services Research 14:439 (2014)",
        ),
    ] {
        page.push_str(&in_words(name, &interval(top, bottom), digits, known, verdict, source));
    }
    let all = |y: &Year| y.late.values().sum::<u64>() as f64;
    let of = |stream: usize| {
        interval(
            &move |y: &Year| 100.0 * y.late.get(&stream).copied().unwrap_or(0) as f64,
            &all,
        )
    };
    let [therapy, care, nursing] = [at.therapy, at.care, at.nursing].map(of);
    let packages = ["therapy", "care", "nursing"].map(|name| {
        let package = s.packages.iter().find(|p| p.name == "reablement").unwrap();
        package.streams.iter().find(|x| x.name == name).unwrap().share.get()
    });
    write!(
        page,
        "\nThe two that do not agree go together: the model pays for crisis care in three visits a day, which are many, short and \
         cheap, where the national figures count mostly first responses; the county's crisis care is not among them. Neither \
         moves the shares seen in time.\n\nOf the packages that started too late, {:.0} % (± {:.0}) waited for a therapist's first visit, {:.0} % (± {:.0}) \
         for room and a first care visit, and {:.0} % (± {:.0}) for a nurse. That follows from the assumption that therapy \
         leads wherever there is therapy ({:.0} % of packages), and from the pair of WTE chosen above.\n\n",
        therapy.mean,
        therapy.half_width,
        care.mean,
        care.half_width,
        nursing.mean,
        nursing.half_width,
        100.0 * packages[0]
    )
    .unwrap();
    page
}
