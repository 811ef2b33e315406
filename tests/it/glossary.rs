//! One word per idea: every word of the file format, the results and the report has its row in `GLOSSARY.md`.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use homefirst::answers::Measure;
use homefirst::answers::allocate::{AllocateRequest, allocate, allocate_uncertain};
use homefirst::answers::calibrate::{CalibrateRequest, Pair, Verdict, calibrate};
use homefirst::answers::causes::CauseMeasure;
use homefirst::answers::check::check;
use homefirst::answers::compare::{CompareRequest, compare};
use homefirst::answers::equity::EquityMeasure;
use homefirst::answers::explain::{Switch, explain};
use homefirst::answers::latest_advert::{LatestAdvert, latest_advert};
use homefirst::answers::pooling::{PoolingRequest, pooling};
use homefirst::answers::published::{PublishedMonths, published};
use homefirst::answers::required::{Borderline, RequiredDraws, RequiredRequest, beside, required, required_uncertain};
use homefirst::answers::run::{HourlyMeasure, RunRequest, run};
use homefirst::answers::sensitivity::{SensitivityAnswer, SensitivityRequest, sensitivity};
use homefirst::answers::sliders::{Sliders, SlidersPlan, SlidersRequest, sliders};
use homefirst::answers::trajectory::DatedMeasure;
use homefirst::answers::uncertain::{AboutInputs, Uncertain, UncertainRequest, uncertain};
use homefirst::answers::warm_up::{WarmUpRequest, warm_up as look_at};
use homefirst::engine::Cause;
use homefirst::model::{PathwayId, Recruit, RoleId, Scenario, YearMonth};
use homefirst::output::allocate::Allocated;
use homefirst::output::compare::{Compared, Shown};
use homefirst::output::required::Required;
use homefirst::output::sensitivity::Sensed;
use homefirst::output::trace::TRACE;
use homefirst::output::{self, RunContext, csv, json, warm_up};
use homefirst::pieces::{Manifest, Pieces, Question, Wanted};
use homefirst::random::Distribution;
use homefirst::scenario::{Change, Published, PublishedSeries, Range, Ranges, WEIGHT, ranges};
use homefirst::units::{PerDay, Points, Share, Span, Wte};
use serde_json::Value;

type Words = BTreeSet<String>;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The words between two marks in the first column, and whether any stands there twice.
fn listed(mark: &str) -> Words {
    let glossary = std::fs::read_to_string(root().join("GLOSSARY.md")).unwrap();
    let mut words = Words::new();
    for row in glossary
        .lines()
        .filter(|l| l.starts_with("| ") && !l.starts_with("| ---"))
    {
        let first = row.split('|').nth(1).unwrap_or_default();
        for word in first.split(mark).skip(1).step_by(2) {
            assert!(words.insert(word.to_owned()), "`{word}` has two rows");
        }
    }
    assert!(!words.is_empty());
    words
}

/// Every key that may be typed, and every word that stands for a choice.
fn of_the_format() -> Words {
    fn walk(value: &Value, words: &mut Words) {
        match value {
            Value::Object(map) => {
                if let Some(properties) = map.get("properties").and_then(Value::as_object) {
                    words.extend(properties.keys().cloned());
                }
                if let Some(choices) = map.get("enum").and_then(Value::as_array) {
                    words.extend(choices.iter().filter_map(Value::as_str).map(str::to_owned));
                }
                map.values().for_each(|v| walk(v, words));
            }
            Value::Array(list) => list.iter().for_each(|v| walk(v, words)),
            _ => {}
        }
    }
    let text = std::fs::read_to_string(root().join("schema/scenario.schema.json")).unwrap();
    let mut words = Words::new();
    walk(&serde_json::from_str(&text).unwrap(), &mut words);
    words
}

fn of_the_tables() -> Words {
    let columns = csv::SUMMARY.iter().chain(&csv::REPLICATIONS).chain(&csv::HOURLY);
    let columns = columns
        .chain(&csv::CAUSES)
        .chain(&csv::CAUSES_HOURLY)
        .chain(&csv::SWITCHED_OFF)
        .chain(&csv::OUTCOMES)
        .chain(&csv::BEDS)
        .chain(&csv::MONEY)
        .chain(&csv::AFTER)
        .chain(&csv::MONTHLY)
        .chain(&csv::WEEKLY)
        .chain(&TRACE)
        .chain(&warm_up::COLUMNS)
        .chain(&output::pooling::COLUMNS)
        .chain(&output::allocate::COLUMNS)
        .chain(&output::compare::COLUMNS)
        .chain(&output::required::COLUMNS)
        .chain(&output::required::CERTIFICATE)
        .chain(&output::required::TRIED)
        .chain(&output::required::NEEDED)
        .chain(&output::allocate::DRAWN_MEASURES)
        .chain(&output::equity::COLUMNS)
        .chain(&output::sensitivity::COLUMNS)
        .chain(&output::uncertain::COLUMNS)
        .chain(&output::uncertain::months::COLUMNS)
        .chain(&output::uncertain::causes::COLUMNS)
        .chain(&output::sliders::COLUMNS)
        .chain(&output::published::COLUMNS)
        .chain(&output::published::SPECIAL_CAUSES);
    let causes = Cause::ALL
        .map(Cause::name)
        .into_iter()
        .chain(Switch::ALL.map(Switch::name));
    let of_causes = CauseMeasure::ALL.map(CauseMeasure::name).into_iter();
    let measures = Measure::ALL.iter().map(|m| m.name()).chain(causes).chain(of_causes);
    let measures = measures
        .chain(csv::SWITCHED_OFF_MEASURES.map(|m| m.0))
        .chain(csv::OUTCOME_MEASURES.map(|m| m.0))
        .chain(csv::BED_MEASURES.map(|m| m.0));
    let hourly = [
        HourlyMeasure::Referrals,
        HourlyMeasure::ServiceLevel,
        HourlyMeasure::OnShift,
        HourlyMeasure::Busy,
    ];
    columns
        .copied()
        .chain(measures)
        .chain(hourly.map(|m| csv::hourly_measure(m).0))
        .chain(output::pooling::MEASURES.map(|(name, _)| name))
        .chain(output::allocate::MEASURES.map(|(name, _)| name))
        .chain(output::sensitivity::MEASURES.map(|(name, _)| name))
        .chain(DatedMeasure::ALL.map(DatedMeasure::name))
        .chain(EquityMeasure::ALL.iter().map(|m| m.name()))
        .chain([WEIGHT])
        .map(str::to_owned)
        .collect()
}

/// The documents of a calibration that came out, and of one that did not.
fn of_calibrating(scenario: &Scenario, context: &RunContext) -> [Result<String, serde_json::Error>; 2] {
    let mut scenario = scenario.clone();
    let mut other = scenario.observed[0].clone();
    other.measure = "utilisation".into();
    scenario.observed.push(other);
    let range = Range {
        path: "pathway.crisis.referrals".into(),
        from: 10.0,
        to: 30.0,
        now: Some(20.4),
        unit: " /day".into(),
        whole: false,
    };
    let mut request = CalibrateRequest::usual(&scenario, vec![range]);
    (request.points, request.each, request.waves, request.model_error) = (8, 2, 1, 20.0);
    let make = |values: &[f64]| {
        let mut made = scenario.clone();
        for hub in &mut made.hubs {
            hub.referrals[0] = PerDay::new(values[0] / 6.0).unwrap();
        }
        Ok(made)
    };
    let mut answer = calibrate(&scenario, &request, &make, &AtomicBool::new(false), &|| ()).unwrap();
    assert!(answer.checked.is_some() && answer.calibrated.is_some());
    answer.pairs = vec![Pair {
        one: 0,
        other: 0,
        correlation: 0.5,
        alike: true,
    }];
    let json = |answer: &_| {
        output::calibrate::json(&output::calibrate::Shown {
            scenario: &scenario,
            text: "",
            answer,
            calibrated: None,
            context,
        })
    };
    let came_out = json(&answer);
    answer.verdict = Verdict::CannotReproduce {
        nearest: vec![20.0],
        expected: vec![0.5, 0.5],
        least: 5.0,
        worst: 0,
    };
    [came_out, json(&answer)]
}

/// The keys of every JSON document, from a short run with a queue that grows.
fn of_the_documents() -> Words {
    fn walk(value: &Value, words: &mut Words) {
        match value {
            Value::Object(map) => {
                words.extend(map.keys().cloned());
                map.values().for_each(|v| walk(v, words));
            }
            Value::Array(list) => list.iter().for_each(|v| walk(v, words)),
            _ => {}
        }
    }
    let mut scenario = homefirst::scenario::read(&root().join("scenarios/home-first-2020.toml"))
        .unwrap()
        .scenario;
    scenario.experiment.warm_up = Span::ZERO;
    scenario.experiment.run_length = Span::from_days(28);
    let mut shared = scenario.clone();
    shared.hubs.truncate(2);
    shared.experiment.run_length = Span::from_days(2);
    shared.experiment.replications = 2;
    scenario.hubs.truncate(1);
    scenario.hubs[0].referrals = vec![PerDay::new(40.0).unwrap(); scenario.pathways.len()];
    for pathway in &mut scenario.pathways {
        pathway.patience = None;
    }
    let request = RunRequest {
        replications: 2,
        confidence: 0.95,
        threads: None,
    };
    scenario.experiment.precision = Some(Points::new(0.01).unwrap());
    let mut answer = run(&scenario, request, &AtomicBool::new(false), &|| ()).unwrap();
    answer.uncertain = Some(drawn(&scenario));
    answer.sliders = Some(slid(&scenario));
    answer.published = published_months(&scenario);
    assert!(!answer.overloads.is_empty());
    let explained = explain(&scenario, request, &AtomicBool::new(false), &|| ()).unwrap();
    let of_two = run(&shared, request, &AtomicBool::new(false), &|| ()).unwrap();
    let (meaning, mut context) = (check(&scenario), RunContext::default());
    context.what_if.changes.push(Change {
        path: "pathway.crisis.referrals".into(),
        before: None,
        after: None,
        set: false,
        assumption: None,
    });
    scenario.trajectory.deadlines = vec![scenario.experiment.calendar.start()];
    let adverts = adverts(&scenario, request);
    let request = PoolingRequest {
        replications: 2,
        confidence: 0.95,
        threads: None,
        extra_travel: Span::from_minutes(12),
    };
    let sharing = pooling(&shared, request, &AtomicBool::new(false), &|| ()).unwrap();
    let request = AllocateRequest {
        role: shared.role("crisis-worker").unwrap(),
        extra: 3,
        step: 1,
        pathway: PathwayId(0),
        search: 2,
        replications: 2,
        confidence: 0.95,
        threads: None,
    };
    let placed = allocate(&shared, request, &AtomicBool::new(false), &|| ()).unwrap();
    let of_draws = allocate_uncertain(
        &placed,
        &mut |_| Ok(shared.clone()),
        &two_draws(),
        &Pieces::alone(),
        &AtomicBool::new(false),
        &|| (),
    );
    let of_draws = of_draws.unwrap().unwrap();
    let placed = Allocated {
        scenario: &shared,
        answer: &placed,
        uncertain: Some(&of_draws),
        context: &context,
    };
    let look = WarmUpRequest {
        weeks: Some(4),
        replications: 2,
        confidence: 0.95,
        threads: None,
    };
    let first_weeks = look_at(&scenario, look, &AtomicBool::new(false), &|| ()).unwrap();
    let option = shared.clone();
    let mut answer_of_options = compare(
        &shared,
        std::slice::from_ref(&option),
        CompareRequest { threads: None },
        &AtomicBool::new(false),
        &|| (),
    )
    .unwrap();
    answer_of_options.uncertain = vec![drawn(&shared)];
    let shown = [Shown {
        title: option.title.clone(),
        text: String::new(),
        hash: String::new(),
        scenario: option,
        changes: context.what_if.changes.clone(),
    }];
    let options = Compared {
        base: &shared,
        text: "",
        options: &shown,
        answer: &answer_of_options,
        notes: &[],
        context: &context,
    };
    let (of_ranges, moved) = moved(&shared);
    let sensed = Sensed {
        scenario: &shared,
        ranges: &of_ranges,
        answer: &moved,
        context: &context,
    };
    let [came_out, did_not] = of_calibrating(&shared, &context);
    let mut words = Words::new();
    for text in [
        output::allocate::json(&placed),
        came_out,
        did_not,
        output::sensitivity::json(&sensed),
        output::compare::json(&options),
        staffing(),
        json::run(&scenario, &answer, &meaning, &context),
        json::answer(&scenario, &answer, &context),
        json::explain(&scenario, &explained, &context),
        json::answer(&shared, &of_two, &context),
        json::check(&scenario, &meaning),
        output::pooling::json(&shared, &sharing, &context),
        json::trajectory(&scenario, &answer, Some(&adverts), &context),
        warm_up::json(&scenario, &first_weeks),
        serde_json::to_string(&plan()),
    ] {
        walk(&serde_json::from_str(&text.unwrap()).unwrap(), &mut words);
    }
    words
}

/// How many staff a small service needs, with something borderline and something as cheap.
fn staffing() -> Result<String, serde_json::Error> {
    let read = homefirst::scenario::read(&root().join("scenarios/staffing/day-and-night.toml"));
    let mut scenario = read.unwrap().scenario;
    scenario.hubs.truncate(1);
    let mut question = scenario.required.take().unwrap();
    question.free.retain(|d| d.places[0].hub.0 == 0);
    let request = RequiredRequest {
        threads: None,
        most: 5000,
    };
    let never = AtomicBool::new(false);
    let mut answer = required(&scenario, &question, request, &never, &|| ()).unwrap();
    let run = beside(&scenario, &question, &answer, None, &Pieces::alone(), (&never, &|| ())).unwrap();
    let numbers = answer.tried[0].numbers.clone();
    answer.borderline.push(Borderline {
        component: 0,
        numbers: numbers.clone(),
        saves: 1.0,
        cost: answer.cost - 1.0,
        levels: answer.tried[0].levels.clone(),
    });
    answer.as_cheap.push((0, numbers));
    answer.contradicted.push((answer.rests_on[0].check, 0));
    answer.numbers[0].rostered = Some(1.0);
    let two = two_draws();
    let request = RequiredDraws {
        typed: vec![vec!["staff.nurse=2".into()]; 2],
        held: two.inputs.clone(),
        about: two.about,
        inputs: two.inputs,
        weights: two.weights,
        confidence: two.confidence,
        threads: None,
    };
    let mut asking = scenario.clone();
    asking.required = Some(question.clone());
    let mut same = |_| Ok(asking.clone());
    let of_draws = required_uncertain(
        &answer,
        &mut same,
        &request,
        &Pieces::alone(),
        &AtomicBool::new(false),
        &|| (),
    )
    .unwrap();
    output::required::json(&Required {
        scenario: &scenario,
        question: &question,
        answer: &answer,
        uncertain: of_draws.as_ref(),
        beside: Some(&run),
        context: &RunContext::default(),
    })
}

fn two_draws() -> UncertainRequest {
    UncertainRequest {
        inputs: vec!["staff.nurse".into()],
        held: Vec::new(),
        about: AboutInputs::default(),
        weights: vec![1.0, 1.0],
        confidence: 0.95,
        threads: None,
    }
}

/// One role as it is.
fn slid(scenario: &Scenario) -> Sliders {
    let (from, to) = (0, 0);
    let roles = vec![RoleId(0)];
    let plan = SlidersPlan::new(scenario, SlidersRequest { roles, from, to }).unwrap();
    let none = AtomicBool::new(false);
    sliders(scenario, &plan, 2, None, &Pieces::alone(), (&none, &|| ()))
        .unwrap()
        .unwrap()
}

/// Three months.
fn published_months(scenario: &Scenario) -> Vec<PublishedMonths> {
    let month = |month, value| (YearMonth { year: 2024, month }, value);
    let read = Published {
        file: "months.csv".into(),
        organisation: None,
        two_hours: true,
        series: vec![PublishedSeries {
            pathway: None,
            months: vec![month(1, 0.7), month(2, 0.8), month(3, 0.7)],
        }],
    };
    published(scenario, &read, None).unwrap()
}

/// Two draws that change nothing.
fn drawn(scenario: &Scenario) -> Uncertain {
    let request = two_draws();
    let mut same = |_| Ok(vec![scenario.clone()]);
    uncertain(
        scenario,
        &mut same,
        &request,
        &Pieces::alone(),
        &AtomicBool::new(false),
        &|| (),
    )
    .unwrap()
    .unwrap()
}

/// The inputs of the baseline, the first of them moved.
fn moved(scenario: &Scenario) -> (Ranges, SensitivityAnswer) {
    let loaded = homefirst::scenario::read(&root().join("scenarios/home-first-2020.toml")).unwrap();
    let mut found = ranges(&loaded);
    found.inputs.truncate(1);
    let mut other = scenario.clone();
    other.experiment.seed += 1;
    let mut variant = |values: &[(usize, f64)]| {
        Ok(if values[0].1 > 20.0 {
            other.clone()
        } else {
            scenario.clone()
        })
    };
    let request = SensitivityRequest {
        replications: 2,
        points: Some(20),
        threads: None,
    };
    let answer = sensitivity(
        scenario,
        &found.inputs,
        &mut variant,
        request,
        &AtomicBool::new(false),
        &|| (),
    )
    .unwrap();
    assert!(answer.standards.iter().any(|of| of.spread.is_some()));
    (found, answer)
}

/// The plan of a question in two pieces.
fn plan() -> Manifest {
    let question = Question::new("1", "homefirst run a.toml".into(), "0".into(), 1, &[]);
    let wanted = Wanted {
        units: 3,
        asked: "0".into(),
    };
    Manifest::new(question, Vec::new(), &wanted, 2)
}

/// The latest advertisements of a post that comes at once.
fn adverts(scenario: &Scenario, request: RunRequest) -> Vec<LatestAdvert> {
    let mut scenario = scenario.clone();
    scenario.recruits = vec![Recruit {
        name: "post".into(),
        role: RoleId(0),
        posts: vec![1],
        in_post: vec![0],
        wte: Wte::new(1.0).unwrap(),
        advertised_day: 0,
        time_to_start: Distribution::fixed(Span::ZERO),
        induction: Span::ZERO,
        productivity: Share::default(),
        turnover: 0.0,
        refill: true,
    }];
    latest_advert(
        &scenario,
        request,
        None,
        &Pieces::alone(),
        &AtomicBool::new(false),
        &|| (),
    )
    .unwrap()
}

fn missing<'a>(words: &'a Words, from: &'a Words) -> Vec<&'a String> {
    words.difference(from).collect()
}

#[test]
fn every_key_column_and_measure_has_its_row() {
    let typed = listed("`");
    let mut none = [""; 0].map(str::to_owned).to_vec();
    for words in [of_the_format(), of_the_tables(), of_the_documents()] {
        none.extend(missing(&words, &typed).into_iter().cloned());
    }
    assert!(none.is_empty(), "not in GLOSSARY.md: {none:?}");
}

#[test]
fn no_row_describes_a_word_that_does_not_exist() {
    let mut real = of_the_format();
    real.extend(of_the_tables());
    real.extend(of_the_documents());
    // A value of `within` that is text, not a choice; an outcome with a meaning; a key left out where it is empty.
    real.extend(["same day", "hospital", "elsewhere", "created"].map(str::to_owned));
    let typed = listed("`");
    assert_eq!(missing(&typed, &real), [""; 0]);
}

#[test]
fn words_have_the_look_that_the_glossary_promises() {
    for word in of_the_tables() {
        assert!(
            word.chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_'),
            "{word}"
        );
    }
    let names = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    // Choices in planners' own words.
    let choices = ["every hub", "WTE", "yearly cost"];
    for word in of_the_format() {
        let kebab = word.chars().all(|c| c.is_ascii_lowercase() || c == '-');
        assert!(
            kebab || names.iter().chain(&months).chain(&choices).any(|known| *known == word),
            "{word}"
        );
    }
}

#[test]
fn a_word_said_and_a_word_typed_are_never_the_same() {
    let (said, typed) = (listed("**"), listed("`"));
    assert!(said.is_disjoint(&typed), "{:?}", said.intersection(&typed));
}
