//! The trace of a replication holds everything that its figures are made of: they are made again here from the text of the
//! CSV alone, to the millisecond, and are those of the engine's books.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use homefirst::answers::trace::{TraceRequest, trace};
use homefirst::engine::{Cause, HubRecord, StreamRecord, World, run};
use homefirst::model::{EndsAfter, PackageId, PathwayId, Scenario, Staffing};
use homefirst::output;
use homefirst::units::Span;
use jiff::civil::DateTime;

use crate::laws::beds::{BedBooks, Wait};

/// A line of the CSV, by its columns.
type Line = BTreeMap<String, String>;

fn lines(text: &str) -> Vec<Line> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader.deserialize().map(Result::unwrap).collect()
}

/// A timestamp as milliseconds from the first measured day.
fn ms(scenario: &Scenario, stamp: &str) -> i64 {
    let start = scenario.experiment.calendar.start().at(0, 0, 0, 0);
    let at: DateTime = stamp.parse().unwrap();
    i64::try_from(at.duration_since(start).as_millis()).unwrap()
}

/// What a case has come to so far.
#[derive(Debug, Default)]
struct Case {
    received: i64,
    clock: Option<i64>,
    package: Option<(usize, i64)>,
    streams: Vec<(usize, i64)>,
}

/// The books of one hub, made from the lines of its trace.
struct Made<'a> {
    s: &'a Scenario,
    window: i64,
    record: HubRecord,
    cases: BTreeMap<String, Case>,
    waits: Vec<Wait>,
    /// By activity: role, beginning, and the end of the worker's shift.
    work: BTreeMap<String, (usize, i64, i64)>,
    shift_ends: BTreeMap<String, i64>,
    /// By role: steps of a pool, as (when, change of those at work, capacity from then on).
    pools: Vec<Vec<(i64, i64, Option<i64>)>>,
}

impl<'a> Made<'a> {
    fn new(s: &'a Scenario) -> Self {
        let window = s.experiment.run_length.ms();
        Self {
            s,
            window,
            record: homefirst::engine::run_shape(&World::new(s)),
            cases: BTreeMap::new(),
            waits: Vec::new(),
            work: BTreeMap::new(),
            shift_ends: BTreeMap::new(),
            pools: vec![Vec::new(); s.roles.len()],
        }
    }

    fn inside(&self, at: i64) -> bool {
        (0..self.window).contains(&at)
    }

    fn overlap(&self, from: i64, to: i64) -> i64 {
        (to.min(self.window) - from.max(0)).max(0)
    }

    fn line(&mut self, hub: usize, line: &Line) {
        let s = self.s;
        let get = |column: &str| line[column].as_str();
        let time = |column: &str| ms(s, get(column));
        let at = time("timestamp");
        let event = get("event");
        let role = s.role(get("role")).map(|r| r.0);
        let package = s.package(get("package")).map(|p| p.0);
        let stream = package.and_then(|p| s.packages[p].streams.iter().position(|x| x.name == get("stream")));
        let pathway = s.pathway(get("pathway")).map(|p| p.0);
        let is_pool = |role: usize| !matches!(s.hubs[hub].staff[role], Staffing::Wte(_));
        match (get("event_type"), event, get("lifecycle")) {
            ("other", "received", _) => self.cases.entry(get("entity_id").into()).or_default().received = at,
            ("other", "declined", _) => {
                self.record.pathways[pathway.unwrap()].declined += u64::from(self.inside(at));
            }
            ("queue", e, "start") if e.starts_with("wait for ") => {
                self.cases.entry(get("entity_id").into()).or_default().clock = Some(at);
                self.record.pathways[pathway.unwrap()].referrals += u64::from(self.inside(at));
            }
            ("queue_end", e, _) if e.starts_with("wait for ") => {
                let case = &self.cases[get("entity_id")];
                let clock = case.clock.unwrap();
                let (wait, from_receipt) = (at - clock, at - case.received);
                let (waited, counted, end) = (self.overlap(clock, at), self.inside(clock), self.window);
                self.waits.push(Wait {
                    number: get("entity_id").parse().unwrap(),
                    pathway: pathway.unwrap(),
                    from: clock,
                    to: at,
                    counted,
                });
                let books = &mut self.record.pathways[pathway.unwrap()];
                books.waiting_ms += waited;
                books.waiting_at[0] += u64::from(clock < 0 && at >= 0);
                books.waiting_at[1] += u64::from(clock < end && at >= end);
                if !counted {
                    return;
                }
                match get("detail") {
                    left if left.starts_with("left for ") => {
                        let outcome = left.strip_prefix("left for ").unwrap();
                        books.left += 1;
                        books.admissions += u64::from(outcome == "hospital");
                        self.ending(EndsAfter::Leaving(PathwayId(pathway.unwrap())), outcome);
                    }
                    "unanswered" => books.unanswered += 1,
                    seen => {
                        books.seen += 1;
                        books.hits += u64::from(seen == "within the standard");
                        books.wait_ms += wait;
                        books.wait_from_receipt_ms += from_receipt;
                    }
                }
            }
            ("other", "response over", _) => {
                let counted = self.inside(self.cases[get("entity_id")].clock.unwrap());
                let admitted = counted && get("detail") == "hospital";
                self.record.pathways[pathway.unwrap()].admissions += u64::from(admitted);
                if counted {
                    self.ending(EndsAfter::FirstResponse(PathwayId(pathway.unwrap())), get("detail"));
                }
            }
            ("resource_use", _, _) => {
                let (role, begins) = (role.unwrap(), time("begins"));
                if self.inside(begins) {
                    self.record.roles[role].visits += u64::from(get("detail") != "second person");
                    if let ("visit in time" | "visit late", Some(stream)) = (get("detail"), stream) {
                        let books = &mut self.record.packages[package.unwrap()].streams[stream];
                        books.planned += 1;
                        books.late += u64::from(get("detail") == "visit late");
                    }
                }
                let shift_end = if is_pool(role) {
                    i64::MAX / 4
                } else {
                    self.shift_ends[get("resource")]
                };
                self.work
                    .insert(get("activity_instance_id").into(), (role, at, shift_end));
            }
            ("resource_use_end", _, _) => {
                let (role, from, shift_end) = self.work.remove(get("activity_instance_id")).unwrap();
                let (busy, over) = (self.overlap(from, at), self.overlap(from.max(shift_end), at));
                // The hour of the week is not looked at: all of it goes into the first.
                self.record.roles[role].busy_by_hour[0] += busy;
                self.record.roles[role].overtime_ms += over;
                if is_pool(role) {
                    self.pools[role].push((from, 1, None));
                    self.pools[role].push((at, -1, None));
                }
            }
            ("other", "visit missed", _) => {
                let missed = self.inside(at);
                self.record.packages[package.unwrap()].streams[stream.unwrap()].missed += u64::from(missed);
            }
            ("queue", _, "start") => {
                self.cases.entry(get("entity_id").into()).or_default().package = Some((package.unwrap(), at));
                self.record.packages[package.unwrap()].started += u64::from(self.inside(at));
            }
            ("other", "stream starts", _) => {
                let case = self.cases.entry(get("entity_id").into()).or_default();
                case.streams.push((stream.unwrap(), at));
            }
            ("queue_end", _, _) => {
                if self.inside(at) && !get("detail").is_empty() {
                    self.ending(EndsAfter::Package(PackageId(package.unwrap())), get("detail"));
                }
                self.package_over(get("entity_id"), at);
            }
            ("staff", "on shift", _) => {
                self.shift_ends.insert(get("resource").into(), time("ends"));
                self.record.roles[role.unwrap()].available_by_hour[0] += self.overlap(at, time("ends"));
            }
            ("staff", "break", _) => {
                self.record.roles[role.unwrap()].available_by_hour[0] -= self.overlap(at, time("ends"));
            }
            ("staff", "capacity", _) => {
                self.pools[role.unwrap()].push((at, 0, Some(get("detail").parse().unwrap())));
            }
            ("staff", "off shift" | "absent", _) | ("arrival_departure", "arrival" | "depart", _) => {}
            ("queue", "between visits", "") => {}
            other => panic!("{other:?}"),
        }
    }

    /// One more of whom this has become.
    fn ending(&mut self, after: EndsAfter, outcome: &str) {
        let endings = self.s.endings();
        let place = endings.iter().position(|e| e.after == after && e.outcome == outcome);
        self.record.endings[place.unwrap()] += 1;
    }

    fn package_over(&mut self, case: &str, at: i64) {
        let case = self.cases.get_mut(case).unwrap();
        let (package, from) = case.package.take().unwrap();
        let streams = std::mem::take(&mut case.streams);
        let open = self.overlap(from, at);
        self.record.packages[package].open_ms += open;
        for (stream, from) in streams {
            let open = self.overlap(from, at);
            self.record.packages[package].streams[stream].open_ms += open;
        }
    }

    /// Whatever is open stays so to the window's end.
    fn close(mut self) -> HubRecord {
        let open: Vec<String> = self
            .cases
            .iter()
            .filter(|(_, c)| c.package.is_some())
            .map(|(n, _)| n.clone())
            .collect();
        for case in open {
            self.package_over(&case, self.window);
        }
        let window = self.window;
        for role in 0..self.pools.len() {
            let mut steps = std::mem::take(&mut self.pools[role]);
            steps.push((window, 0, None));
            steps.sort_by_key(|step| step.0);
            let (mut busy, mut capacity, mut last) = (0, 0, steps[0].0);
            for (at, change, now) in steps {
                self.record.roles[role].available_by_hour[0] += capacity * self.overlap(last, at);
                self.record.roles[role].overtime_ms += (busy - capacity).max(0) * self.overlap(last, at);
                (last, busy, capacity) = (at, busy + change, now.unwrap_or(capacity));
            }
        }
        // Staff who are still at work when the run ends.
        let unfinished = std::mem::take(&mut self.work);
        assert!(unfinished.is_empty(), "{unfinished:?}");
        self.record
    }
}

/// What the engine's books say, as far as a trace can.
fn comparable(mut record: HubRecord) -> HubRecord {
    for pathway in &mut record.pathways {
        pathway.referrals_by_hour.clear();
        pathway.hits_by_hour.clear();
        pathway.referrals_by_day.clear();
        pathway.hits_by_day.clear();
        pathway.waits.clear();
        // Beds are looked at by themselves.
        pathway.bed_ms.clear();
        (pathway.outside_ms, pathway.found_no_bed) = (0, 0);
        // Why somebody was missed is not told.
        pathway.causes = [0; Cause::COUNT];
        pathway.causes_of_left = [0; Cause::COUNT];
        pathway.causes_by_hour.clear();
    }
    record.beds.clear();
    record.packages.iter_mut().for_each(|p| p.open_by_day.clear());
    for role in &mut record.roles {
        for hours in [&mut role.available_by_hour, &mut role.busy_by_hour] {
            *hours = vec![hours.iter().sum()];
        }
        role.recruited_by_day.clear();
    }
    record
}

/// Makes every hub's books of a replication from its trace, and holds them against the engine's.
#[track_caller]
fn is_what_the_books_say(scenario: &Scenario, replication: u32) {
    let request = TraceRequest {
        replication,
        ..TraceRequest::default()
    };
    let text = output::trace::trace(scenario, &trace(scenario, request)).unwrap();
    let lines = lines(&text);
    let world = World::new(scenario);
    let mut books: Vec<Option<HubRecord>> = vec![None; scenario.hubs.len()];
    for (island, hubs) in world.islands().iter().enumerate() {
        for (hub, record) in hubs.iter().zip(run(&world, island, replication).hubs) {
            books[hub.0] = Some(record);
        }
    }
    for ((number, hub), books) in scenario.hubs.iter().enumerate().zip(books) {
        let mut made = Made::new(scenario);
        for line in lines.iter().filter(|line| line["hub"] == hub.name) {
            made.line(number, line);
        }
        let books = books.expect("every hub is on an island");
        assert_eq!(books.turned_away, 0);
        let beds = BedBooks::allot(scenario, number, &made.waits);
        assert_eq!(beds, BedBooks::of(&books), "beds at {} of {}", hub.name, scenario.title);
        assert_eq!(
            comparable(made.close()),
            comparable(books),
            "{} of {}",
            hub.name,
            scenario.title
        );
    }
}

#[test]
fn the_figures_of_the_baseline_are_in_its_trace() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/home-first-2020.toml");
    let mut scenario = homefirst::scenario::read(&path).unwrap().scenario;
    scenario.experiment.warm_up = Span::from_days(28);
    scenario.experiment.run_length = Span::from_days(56);
    is_what_the_books_say(&scenario, 2);
}

/// Worlds of all kinds, always the same ones: pools, gates, limits, two people at one visit, leaving, outcomes in circles.
#[test]
fn the_figures_of_any_world_are_in_its_trace() {
    let mut planned = StreamRecord::default();
    for seed in 0..60_u64 {
        let mut state = seed;
        let bytes: Vec<u8> = std::iter::repeat_with(|| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            state.to_be_bytes()[0]
        })
        .take(400)
        .collect();
        let scenario = crate::laws::read(&crate::worlds::scenario_text(&bytes)).unwrap();
        is_what_the_books_say(&scenario, 0);
        for streams in run(&World::new(&scenario), 0, 0).hubs[0]
            .packages
            .iter()
            .flat_map(|p| &p.streams)
        {
            planned.add(streams);
        }
    }
    // These worlds have what is compared.
    assert!(
        planned.late > 20 && planned.missed > 20 && planned.planned > 500,
        "{planned:?}"
    );
}

/// One carer, one package of one visit a day, all lengths fixed.
const SMALL: &str = r#"format = 1
[experiment]
start = 2020-06-01
warm-up = "0 days"
run-length = "1 day"
replications = 2
seed = 3
[[hub]]
name = "North"
travel = { urgent = "15 min", round = "10 min" }
staff = { carer = 2.8 }
referrals = { crisis = "2 /day" }
[role.carer]
hours-per-week = 37.5
notes = "5 min"
shifts = [{ name = "day", from = "08:00", to = "16:00", break = "30 min" }]
[pathway.crisis]
opens = "08:00-20:00"
standard = { within = "2 h" }
outcome = { care = 1 }
[[pathway.crisis.response]]
name = "visit"
share = 1
staff = [{ role = "carer", length = "60 min" }]
[pathway.care]
standard = { within = "1 day" }
package = "days"
[package.days]
length = "30 h"
starts-with = ["carer"]
[[package.days.visits]]
name = "care"
role = "carer"
at = ["12:00"]
length = "30 min"
"#;

/// Checked by eye against the rules.
#[test]
fn a_small_trace_is_this_one() {
    let scenario = crate::laws::read(SMALL).unwrap();
    is_what_the_books_say(&scenario, 0);
    let two_days = TraceRequest {
        days: Some(2),
        ..TraceRequest::default()
    };
    let text = output::trace::trace(&scenario, &trace(&scenario, two_days)).unwrap();
    insta::assert_snapshot!(text, @r"
    entity_id,pathway,event_type,event,time,resource_id,timestamp,activity_instance_id,lifecycle,resource,hub,role,package,stream,planned,arrives,begins,ends,detail
    2,crisis,other,received,333.22967,,2020-06-01T05:33:13.780,,,,North,,,,,,,,
    ,,staff,on shift,480,1,2020-06-01T08:00:00.000,,,North carer 1,North,carer,,,,,,2020-06-01T16:00:00.000,day
    ,,staff,on shift,480,2,2020-06-01T08:00:00.000,,,North carer 2,North,carer,,,,,,2020-06-01T16:00:00.000,day
    2,crisis,arrival_departure,arrival,480,,2020-06-01T08:00:00.000,,,,North,,,,,,,,
    2,crisis,queue,wait for crisis,480,,2020-06-01T08:00:00.000,2,start,,North,,,,,,,,
    2,crisis,resource_use,visit by carer,480,1,2020-06-01T08:00:00.000,3,start,North carer 1,North,carer,,,,2020-06-01T08:15:00.000,2020-06-01T08:15:00.000,2020-06-01T09:15:00.000,first response
    2,crisis,queue_end,wait for crisis,495,,2020-06-01T08:15:00.000,2,complete,,North,,,,,,,,within the standard
    2,crisis,queue,between visits,555,,2020-06-01T09:15:00.000,,,,North,,,,,,,,
    2,crisis,other,response over,555,,2020-06-01T09:15:00.000,,,,North,,,,,,,,care
    2,crisis,arrival_departure,depart,555,,2020-06-01T09:15:00.000,,,,North,,,,,,,,
    3,care,other,received,555,,2020-06-01T09:15:00.000,,,,North,,,,,,,,
    3,care,arrival_departure,arrival,555,,2020-06-01T09:15:00.000,,,,North,,,,,,,,
    3,care,queue,wait for care,555,,2020-06-01T09:15:00.000,4,start,,North,,,,,,,,
    3,care,queue,package days,555,,2020-06-01T09:15:00.000,5,start,,North,,days,,,,,,
    3,care,other,stream starts,555,,2020-06-01T09:15:00.000,,,,North,,days,care,,,,,
    2,crisis,resource_use_end,visit by carer,560,1,2020-06-01T09:20:00.000,3,complete,North carer 1,North,carer,,,,,,,
    3,care,resource_use,visit by carer,600,2,2020-06-01T10:00:00.000,6,start,North carer 2,North,carer,days,care,,2020-06-01T10:10:00.000,2020-06-01T10:10:00.000,2020-06-01T10:40:00.000,first lead visit
    3,care,queue_end,wait for care,610,,2020-06-01T10:10:00.000,4,complete,,North,,,,,,,,within the standard
    3,care,queue,between visits,640,,2020-06-01T10:40:00.000,,,,North,,days,care,,,,,
    3,care,resource_use_end,visit by carer,645,2,2020-06-01T10:45:00.000,6,complete,North carer 2,North,carer,days,care,,,,,
    ,,staff,break,720,1,2020-06-01T12:00:00.000,,,North carer 1,North,carer,,,,,,2020-06-01T12:30:00.000,
    ,,staff,break,720,2,2020-06-01T12:00:00.000,,,North carer 2,North,carer,,,,,,2020-06-01T12:30:00.000,
    4,crisis,other,received,732.11157,,2020-06-01T12:12:06.694,,,,North,,,,,,,,
    4,crisis,arrival_departure,arrival,732.11157,,2020-06-01T12:12:06.694,,,,North,,,,,,,,
    4,crisis,queue,wait for crisis,732.11157,,2020-06-01T12:12:06.694,7,start,,North,,,,,,,,
    4,crisis,resource_use,visit by carer,750,1,2020-06-01T12:30:00.000,8,start,North carer 1,North,carer,,,,2020-06-01T12:45:00.000,2020-06-01T12:45:00.000,2020-06-01T13:45:00.000,first response
    4,crisis,queue_end,wait for crisis,765,,2020-06-01T12:45:00.000,7,complete,,North,,,,,,,,within the standard
    4,crisis,queue,between visits,825,,2020-06-01T13:45:00.000,,,,North,,,,,,,,
    4,crisis,other,response over,825,,2020-06-01T13:45:00.000,,,,North,,,,,,,,care
    4,crisis,arrival_departure,depart,825,,2020-06-01T13:45:00.000,,,,North,,,,,,,,
    5,care,other,received,825,,2020-06-01T13:45:00.000,,,,North,,,,,,,,
    5,care,arrival_departure,arrival,825,,2020-06-01T13:45:00.000,,,,North,,,,,,,,
    5,care,queue,wait for care,825,,2020-06-01T13:45:00.000,9,start,,North,,,,,,,,
    5,care,queue,package days,825,,2020-06-01T13:45:00.000,10,start,,North,,days,,,,,,
    5,care,other,stream starts,825,,2020-06-01T13:45:00.000,,,,North,,days,care,,,,,
    4,crisis,resource_use_end,visit by carer,830,1,2020-06-01T13:50:00.000,8,complete,North carer 1,North,carer,,,,,,,
    ,,staff,off shift,960,1,2020-06-01T16:00:00.000,,,North carer 1,North,carer,,,,,,,
    ,,staff,off shift,960,2,2020-06-01T16:00:00.000,,,North carer 2,North,carer,,,,,,,
    ,,staff,on shift,1920,1,2020-06-02T08:00:00.000,,,North carer 1,North,carer,,,,,,2020-06-02T16:00:00.000,day
    ,,staff,on shift,1920,2,2020-06-02T08:00:00.000,,,North carer 2,North,carer,,,,,,2020-06-02T16:00:00.000,day
    3,care,resource_use,visit by carer,2040,1,2020-06-02T10:00:00.000,11,start,North carer 1,North,carer,days,care,2020-06-02T12:00:00.000,2020-06-02T10:10:00.000,2020-06-02T10:10:00.000,2020-06-02T10:40:00.000,visit in time
    5,care,resource_use,visit by carer,2040,2,2020-06-02T10:00:00.000,12,start,North carer 2,North,carer,days,care,,2020-06-02T10:10:00.000,2020-06-02T10:10:00.000,2020-06-02T10:40:00.000,first lead visit
    5,care,queue_end,wait for care,2050,,2020-06-02T10:10:00.000,9,complete,,North,,,,,,,,within the standard
    3,care,queue,between visits,2080,,2020-06-02T10:40:00.000,,,,North,,days,care,,,,,
    5,care,queue,between visits,2080,,2020-06-02T10:40:00.000,,,,North,,days,care,,,,,
    3,care,resource_use_end,visit by carer,2085,1,2020-06-02T10:45:00.000,11,complete,North carer 1,North,carer,days,care,,,,,
    5,care,resource_use_end,visit by carer,2085,2,2020-06-02T10:45:00.000,12,complete,North carer 2,North,carer,days,care,,,,,
    ");
}

fn homefirst(folder: &Path, words: &[&str]) -> (Option<i32>, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_homefirst"))
        .current_dir(folder)
        .args(words)
        .output()
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

/// Through the program, and by the numbers of `replications.csv`: the second replication of the one is that of the other.
#[test]
fn the_trace_of_a_replication_is_that_of_the_run() {
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("small.toml"), SMALL).unwrap();
    let setting = "experiment.run-length=9 weeks";
    let (code, _, err) = homefirst(home.path(), &["run", "small.toml", "--set", setting, "--seed", "8"]);
    assert_eq!(code, Some(0), "{err}");
    let (code, text, err) = homefirst(
        home.path(),
        &[
            "trace",
            "small.toml",
            "--set",
            setting,
            "--seed",
            "8",
            "--replication",
            "2",
        ],
    );
    // Small as it is, it begins empty, and says so.
    assert!(code == Some(0) && err.starts_with("warning[HF104]"), "{err}");
    let (mut counted, mut in_time) = (0, 0);
    let mut clocks: BTreeMap<String, i64> = BTreeMap::new();
    let end = 9 * 7 * 24 * 60;
    for line in lines(&text).iter().filter(|line| line["event"] == "wait for crisis") {
        let minutes: f64 = line["time"].parse().unwrap();
        if line["lifecycle"] == "start" {
            clocks.insert(line["entity_id"].clone(), i64::from(minutes < f64::from(end)));
            counted += i64::from(minutes < f64::from(end));
        } else if line["detail"] == "within the standard" {
            in_time += clocks[&line["entity_id"]];
        }
    }
    let file = fs::read_to_string(home.path().join("results/small/replications.csv")).unwrap();
    let has = |measure: &str, value: f64| {
        let row = format!("small,2,North,crisis,all,{measure},{value}\n");
        assert!(file.contains(&row), "{row}");
    };
    has("referrals,count", f64::from(i32::try_from(counted).unwrap()));
    has("service_level,share", in_time as f64 / counted as f64);
}

#[test]
fn a_trace_is_cut_to_days_and_hubs_and_never_written_over_other_work() {
    let home = tempfile::tempdir().unwrap();
    assert_eq!(homefirst(home.path(), &["new", "a.toml"]).0, Some(0));
    let words = ["trace", "a.toml", "--days", "3", "--hub", "South", "--out", "log.csv"];
    assert_eq!(homefirst(home.path(), &words), (Some(0), String::new(), String::new()));
    let text = fs::read_to_string(home.path().join("log.csv")).unwrap();
    let found = lines(&text);
    assert!(found.len() > 200, "{}", found.len());
    // Those who are there have the whole of what happened to them, from their arrival on; nobody else has anything.
    let minutes = |line: &Line| line["time"].parse::<f64>().unwrap();
    let is_there: std::collections::BTreeSet<&str> = found
        .iter()
        .filter(|line| minutes(line) >= 0.0)
        .map(|line| line["entity_id"].as_str())
        .collect();
    assert!(found.iter().any(|line| minutes(line) < -1440.0));
    for line in &found {
        assert!(minutes(line) < 3.0 * 1440.0 && line["hub"] == "South", "{line:?}");
        assert!(
            minutes(line) >= 0.0 || is_there.contains(line["entity_id"].as_str()),
            "{line:?}"
        );
    }
    for case in is_there.iter().filter(|case| !case.is_empty()) {
        let arrivals = found
            .iter()
            .filter(|line| line["entity_id"] == **case && line["event"] == "arrival");
        assert!(arrivals.count() <= 1, "{case}");
    }
    // The same cases have the same numbers, whatever else is traced.
    let (_, whole, _) = homefirst(home.path(), &["trace", "a.toml", "--days", "3"]);
    let of_south: Vec<Line> = lines(&whole)
        .into_iter()
        .filter(|line| line["hub"] == "South")
        .collect();
    assert!(of_south == found);
    // An earlier trace is replaced, other work is not.
    assert_eq!(homefirst(home.path(), &words).0, Some(0));
    fs::write(home.path().join("log.csv"), "years of work").unwrap();
    let (code, _, err) = homefirst(home.path(), &words);
    assert_eq!(code, Some(2));
    assert_eq!(
        err,
        "error: log.csv is there already and is no trace; choose another name\n"
    );
    let (code, _, err) = homefirst(home.path(), &["trace", "a.toml", "--hub", "East"]);
    assert_eq!(code, Some(2));
    assert_eq!(err, "error: there is no hub \"East\"; there are \"North\", \"South\"\n");
    assert_eq!(
        homefirst(home.path(), &["trace", "a.toml", "--replication", "0"]).0,
        Some(2)
    );
}
