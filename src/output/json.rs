//! `run.json`, and the one document of `--json`.
//!
//! Everything is the same on every machine and at any number of threads, except the blocks `command` and `timing`.

mod consequences;

use serde::Serialize;

use consequences::{BedJson, MoneyJson, OutcomeJson};

use crate::answers::causes::CauseMeasure;
use crate::answers::check::{CheckAnswer, EffectiveInput};
use crate::answers::explain::SwitchedOff;
use crate::answers::latest_advert::{Latest, LatestAdvert, Tried};
use crate::answers::precision::Precision;
use crate::answers::run::{Flow, RunAnswer};
use crate::answers::trajectory::{Course, Deadline, DeadlinePlace, Met};
use crate::answers::{Estimate, Measure};
use crate::engine::Cause;
use crate::model::{PathwayId, Period, Scenario, YearMonth};
use crate::output::csv::{self, SummaryLine};
use crate::output::published::{self, PublishedJson};
use crate::output::sliders::{self, SlidersJson};
use crate::output::uncertain::{self, UncertainJson};
use crate::output::words::{self, Verdict};
use crate::output::{RunContext, equity, grid};
use crate::scenario::Change;

#[derive(Serialize)]
struct RunJson<'a> {
    version: &'a str,
    build: &'a str,
    scenario: ScenarioJson<'a>,
    seed: u64,
    replications: u32,
    replications_asked: u32,
    precision: Option<Precision>,
    confidence: f64,
    start: String,
    warm_up_days: f64,
    run_length_days: f64,
    canonical_command: &'a str,
    base: Option<&'a str>,
    changes: Vec<ChangeJson<'a>>,
    events: u64,
    headline: Vec<Headline<'a>>,
    overloads: Vec<OverloadJson<'a>>,
    causes: Vec<CauseJson<'a>>,
    outcomes: Vec<OutcomeJson<'a>>,
    beds: Vec<BedJson<'a>>,
    money: Vec<MoneyJson<'a>>,
    equity: Vec<equity::GapJson<'a>>,
    equity_rows: Vec<equity::RowJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    uncertain: Option<UncertainJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sliders: Option<SlidersJson<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    published: Vec<PublishedJson<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    switched_off: Vec<SwitchedOffJson<'a>>,
    effective_inputs: Inputs<'a>,
    command: CommandJson<'a>,
    timing: Timing<'a>,
}

#[derive(Serialize)]
struct AnswerJson<'a> {
    version: &'a str,
    build: &'a str,
    scenario: ScenarioJson<'a>,
    seed: u64,
    replications: u32,
    replications_asked: u32,
    precision: Option<Precision>,
    confidence: f64,
    canonical_command: &'a str,
    base: Option<&'a str>,
    changes: Vec<ChangeJson<'a>>,
    headline: Vec<Headline<'a>>,
    overloads: Vec<OverloadJson<'a>>,
    causes: Vec<CauseJson<'a>>,
    outcomes: Vec<OutcomeJson<'a>>,
    beds: Vec<BedJson<'a>>,
    money: Vec<MoneyJson<'a>>,
    equity: Vec<equity::GapJson<'a>>,
    equity_rows: Vec<equity::RowJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    uncertain: Option<UncertainJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sliders: Option<SlidersJson<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    published: Vec<PublishedJson<'a>>,
    summary: Vec<SummaryLine<'a>>,
}

#[derive(Serialize)]
struct ExplainJson<'a> {
    version: &'a str,
    build: &'a str,
    scenario: ScenarioJson<'a>,
    seed: u64,
    replications: u32,
    replications_asked: u32,
    precision: Option<Precision>,
    confidence: f64,
    canonical_command: &'a str,
    headline: Vec<Headline<'a>>,
    overloads: Vec<OverloadJson<'a>>,
    causes: Vec<CauseJson<'a>>,
    switched_off: Vec<SwitchedOffJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    uncertain: Option<UncertainJson<'a>>,
}

/// One cause of a pathway's misses at a hub.
#[derive(Serialize)]
struct CauseJson<'a> {
    hub: &'a str,
    pathway: &'a str,
    cause: &'a str,
    misses: Option<Estimate>,
    share_of_misses: Option<Estimate>,
    points: Option<Estimate>,
    misses_that_left: Option<Estimate>,
}

/// What switching a cause off does to a pathway.
#[derive(Serialize)]
struct SwitchedOffJson<'a> {
    switched_off: &'a str,
    pathway: &'a str,
    service_level: Option<Estimate>,
    change_points: Option<Estimate>,
}

#[derive(Serialize)]
struct ScenarioJson<'a> {
    name: &'a str,
    title: &'a str,
    hash: &'a str,
}

/// What a what-if changes, in the words of the files.
#[derive(Serialize)]
struct ChangeJson<'a> {
    path: &'a str,
    before: Option<&'a str>,
    after: Option<&'a str>,
    set: bool,
    kind: Option<&'static str>,
    source: Option<&'a str>,
    why: Option<&'a str>,
}

/// The service level of a pathway at a hub, and where it stands.
#[derive(Serialize)]
struct Headline<'a> {
    hub: &'a str,
    pathway: &'a str,
    standard: String,
    target: Option<f64>,
    position: Option<&'static str>,
    service_level: Option<Estimate>,
    wait_p90_min: Option<Estimate>,
}

#[derive(Serialize)]
struct OverloadJson<'a> {
    hub: &'a str,
    pathway: &'a str,
    growth_per_week: f64,
}

#[derive(Serialize)]
struct Inputs<'a> {
    durations: &'a [EffectiveInput],
    staff: Vec<StaffJson<'a>>,
    load: Vec<LoadJson<'a>>,
}

#[derive(Serialize)]
struct StaffJson<'a> {
    hub: &'a str,
    role: &'a str,
    wte: Option<f64>,
    rostered: Vec<ShiftJson<'a>>,
    present: Vec<ShiftJson<'a>>,
    on_shift: String,
}

#[derive(Serialize)]
struct ShiftJson<'a> {
    shift: &'a str,
    people: f64,
}

#[derive(Serialize)]
struct LoadJson<'a> {
    hub: &'a str,
    role: &'a str,
    offered: f64,
    capacity: f64,
}

#[derive(Serialize)]
struct CommandJson<'a> {
    typed: &'a str,
}

#[derive(Serialize)]
struct Timing<'a> {
    wall_s: f64,
    engine_cpu_s: f64,
    threads: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    created: Option<&'a str>,
}

#[derive(Serialize)]
struct TrajectoryJson<'a> {
    version: &'a str,
    build: &'a str,
    scenario: ScenarioJson<'a>,
    seed: u64,
    replications: u32,
    replications_asked: u32,
    precision: Option<Precision>,
    confidence: f64,
    canonical_command: &'a str,
    replications_wanted: f64,
    target_met: Vec<MetJson<'a>>,
    deadlines: Vec<DeadlineJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    latest_advert: Option<Vec<AdvertJson<'a>>>,
    overloads: Vec<OverloadJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    uncertain: Option<UncertainJson<'a>>,
    monthly: Vec<MonthlyJson<'a>>,
}

#[derive(Serialize)]
struct MetJson<'a> {
    hub: &'a str,
    pathway: &'a str,
    from_month: Option<YearMonth>,
}

#[derive(Serialize)]
struct DeadlineJson<'a> {
    deadline: String,
    month: Option<YearMonth>,
    hub: &'a str,
    pathway: &'a str,
    probability_target_met: Option<Estimate>,
}

#[derive(Serialize)]
struct AdvertJson<'a> {
    deadline: String,
    pathway: &'a str,
    will_do: Option<TriedJson>,
    too_late: Option<TriedJson>,
}

#[derive(Serialize)]
struct TriedJson {
    advertised: String,
    days_later: i64,
    probability_target_met: Option<Estimate>,
}

#[derive(Serialize)]
struct MonthlyJson<'a> {
    hub: &'a str,
    pathway: &'a str,
    role: &'a str,
    month: Option<YearMonth>,
    measure: &'static str,
    unit: &'static str,
    #[serde(flatten)]
    estimate: Option<Estimate>,
}

/// The content of `run.json`.
///
/// # Errors
/// If a value has no form in JSON.
pub fn run(
    scenario: &Scenario,
    answer: &RunAnswer,
    check: &CheckAnswer,
    ctx: &RunContext,
) -> Result<String, serde_json::Error> {
    let x = &scenario.experiment;
    pretty(&RunJson {
        version: &ctx.version,
        build: &ctx.build,
        scenario: scenario_json(scenario, ctx),
        seed: x.seed,
        replications: answer.replications,
        replications_asked: answer.asked,
        precision: answer.precision,
        confidence: answer.confidence,
        start: x.calendar.start().to_string(),
        warm_up_days: x.warm_up.days(),
        run_length_days: x.run_length.days(),
        canonical_command: &ctx.command_canonical,
        base: ctx.what_if.base.as_deref(),
        changes: changes(scenario, ctx),
        events: answer.events,
        headline: headline(scenario, answer),
        overloads: overloads(scenario, answer),
        causes: causes(scenario, answer),
        outcomes: consequences::outcomes(scenario, answer),
        beds: consequences::beds(scenario, answer),
        money: consequences::money(scenario, answer),
        equity: equity::json(scenario, answer),
        equity_rows: equity::rows_json(scenario, answer),
        uncertain: answer.uncertain.as_ref().map(|of| uncertain::json(scenario, None, of)),
        sliders: answer.sliders.as_ref().map(|of| sliders::json(scenario, of)),
        published: published::json(scenario, answer),
        switched_off: switched_off(scenario, answer),
        effective_inputs: inputs(scenario, check),
        command: CommandJson {
            typed: &ctx.command_typed,
        },
        timing: Timing {
            wall_s: ctx.wall_s,
            engine_cpu_s: answer.engine_cpu_s,
            threads: ctx.threads,
            created: ctx.created.as_deref(),
        },
    })
}

/// The document of `run --json`: the headline and the whole summary.
///
/// # Errors
/// If a value has no form in JSON.
pub fn answer(scenario: &Scenario, answer: &RunAnswer, ctx: &RunContext) -> Result<String, serde_json::Error> {
    pretty(&AnswerJson {
        version: &ctx.version,
        build: &ctx.build,
        scenario: scenario_json(scenario, ctx),
        seed: scenario.experiment.seed,
        replications: answer.replications,
        replications_asked: answer.asked,
        precision: answer.precision,
        confidence: answer.confidence,
        canonical_command: &ctx.command_canonical,
        base: ctx.what_if.base.as_deref(),
        changes: changes(scenario, ctx),
        headline: headline(scenario, answer),
        overloads: overloads(scenario, answer),
        causes: causes(scenario, answer),
        outcomes: consequences::outcomes(scenario, answer),
        beds: consequences::beds(scenario, answer),
        money: consequences::money(scenario, answer),
        equity: equity::json(scenario, answer),
        equity_rows: equity::rows_json(scenario, answer),
        uncertain: answer.uncertain.as_ref().map(|of| uncertain::json(scenario, None, of)),
        sliders: answer.sliders.as_ref().map(|of| sliders::json(scenario, of)),
        published: published::json(scenario, answer),
        summary: answer
            .summary
            .iter()
            .map(|row| SummaryLine::new(scenario, row))
            .collect(),
    })
}

/// The document of `explain --json`: the causes, and what switching them off does.
///
/// # Errors
/// If a value has no form in JSON.
pub fn explain(scenario: &Scenario, answer: &RunAnswer, ctx: &RunContext) -> Result<String, serde_json::Error> {
    pretty(&ExplainJson {
        version: &ctx.version,
        build: &ctx.build,
        scenario: scenario_json(scenario, ctx),
        seed: scenario.experiment.seed,
        replications: answer.replications,
        replications_asked: answer.asked,
        precision: answer.precision,
        confidence: answer.confidence,
        canonical_command: &ctx.command_canonical,
        headline: headline(scenario, answer),
        overloads: overloads(scenario, answer),
        causes: causes(scenario, answer),
        switched_off: switched_off(scenario, answer),
        uncertain: answer.uncertain.as_ref().map(|of| uncertain::json(scenario, None, of)),
    })
}

/// The document of `trajectory --json`: from when on targets are met, the deadlines, and every month.
///
/// # Errors
/// If a value has no form in JSON.
pub fn trajectory(
    scenario: &Scenario,
    answer: &RunAnswer,
    latest: Option<&[LatestAdvert]>,
    ctx: &RunContext,
) -> Result<String, serde_json::Error> {
    let t = &answer.trajectory;
    let month = |place: usize| t.months.get(place).map(Period::month);
    let with_target = || t.courses.iter().filter(|c| c.met.is_some());
    let pathway = |id: PathwayId| csv::flow(scenario, Flow::Pathway(id));
    let target_met = with_target().map(|c| MetJson {
        hub: csv::hub(scenario, c.hub),
        pathway: pathway(c.pathway),
        from_month: match c.met {
            Some(Met::From(place)) => month(place),
            _ => None,
        },
    });
    let deadline = |d: &Deadline| {
        let place = match d.place {
            DeadlinePlace::In(place) => Some(place),
            DeadlinePlace::Before | DeadlinePlace::After => None,
        };
        let (date, month) = (d.date.to_string(), place.and_then(month));
        let of_course = |c: &Course| DeadlineJson {
            deadline: date.clone(),
            month,
            hub: csv::hub(scenario, c.hub),
            pathway: pathway(c.pathway),
            probability_target_met: place.and_then(|p| c.months.get(p)?.probability_target_met),
        };
        with_target().map(of_course).collect::<Vec<_>>()
    };
    let adverts = latest.map(|list| {
        let tried = |t: &Tried| TriedJson {
            advertised: t.date.to_string(),
            days_later: t.moved,
            probability_target_met: t.probability,
        };
        let one = |a: &LatestAdvert| {
            let (will_do, too_late) = match &a.latest {
                Latest::NotEvenFirst(t) => (None, Some(tried(t))),
                Latest::EvenLast(t) => (Some(tried(t)), None),
                Latest::Week(last, next) => (Some(tried(last)), Some(tried(next))),
            };
            AdvertJson {
                deadline: a.deadline.date.to_string(),
                pathway: pathway(a.pathway),
                will_do,
                too_late,
            }
        };
        list.iter().map(one).collect()
    });
    pretty(&TrajectoryJson {
        version: &ctx.version,
        build: &ctx.build,
        scenario: scenario_json(scenario, ctx),
        seed: scenario.experiment.seed,
        replications: answer.replications,
        replications_asked: answer.asked,
        precision: answer.precision,
        confidence: answer.confidence,
        canonical_command: &ctx.command_canonical,
        replications_wanted: t.wanted,
        target_met: target_met.collect(),
        deadlines: t.deadlines.iter().flat_map(deadline).collect(),
        latest_advert: adverts,
        overloads: overloads(scenario, answer),
        uncertain: answer.uncertain.as_ref().map(|of| uncertain::json(scenario, None, of)),
        monthly: t
            .monthly()
            .into_iter()
            .map(|row| MonthlyJson {
                hub: csv::hub(scenario, row.hub),
                pathway: csv::flow(scenario, row.flow),
                role: csv::role(scenario, row.role),
                month: month(row.period),
                measure: row.measure.name(),
                unit: row.measure.unit(),
                estimate: row.estimate,
            })
            .collect(),
    })
}

/// The document of `check --json`.
///
/// # Errors
/// If a value has no form in JSON.
pub fn check(scenario: &Scenario, check: &CheckAnswer) -> Result<String, serde_json::Error> {
    pretty(&inputs(scenario, check))
}

fn pretty(value: &impl Serialize) -> Result<String, serde_json::Error> {
    let mut text = serde_json::to_string_pretty(value)?;
    text.push('\n');
    Ok(text)
}

fn scenario_json<'a>(scenario: &'a Scenario, ctx: &'a RunContext) -> ScenarioJson<'a> {
    ScenarioJson {
        name: &scenario.name,
        title: &scenario.title,
        hash: &ctx.hash,
    }
}

fn changes<'a>(scenario: &'a Scenario, ctx: &'a RunContext) -> Vec<ChangeJson<'a>> {
    let json = |change: &'a Change| {
        let said = change.assumption.and_then(|place| scenario.assumptions.get(place));
        ChangeJson {
            path: &change.path,
            before: change.before.as_deref(),
            after: change.after.as_deref(),
            set: change.set,
            kind: said.map(|a| a.kind.name()),
            source: said.map(|a| a.source.as_str()).filter(|text| !text.is_empty()),
            why: said.map(|a| a.why.as_str()).filter(|text| !text.is_empty()),
        }
    };
    ctx.what_if.changes.iter().map(json).collect()
}

fn headline<'a>(scenario: &'a Scenario, answer: &RunAnswer) -> Vec<Headline<'a>> {
    let mut out = Vec::new();
    for (id, pathway, standard) in words::standards(scenario) {
        for hub in words::hubs_and_all(scenario) {
            let get = |measure| answer.estimate(hub, Flow::Pathway(id), None, measure);
            let service_level = get(Measure::ServiceLevel);
            out.push(Headline {
                hub: csv::hub(scenario, hub),
                pathway: &pathway.name,
                standard: words::within_long(standard.within),
                target: standard.target.map(|t| t.get()),
                position: service_level
                    .zip(standard.target)
                    .map(|(e, t)| Verdict::of(&e, t).words()),
                service_level,
                wait_p90_min: get(Measure::WaitP90Min),
            });
        }
    }
    out
}

fn overloads<'a>(scenario: &'a Scenario, answer: &RunAnswer) -> Vec<OverloadJson<'a>> {
    let json = |o: &crate::answers::run::Overload| OverloadJson {
        hub: &scenario.hubs[o.hub.0].name,
        pathway: &scenario.pathways[o.pathway.0].name,
        growth_per_week: o.growth_per_week,
    };
    answer.overloads.iter().map(json).collect()
}

/// Causes that occurred, and all together.
fn causes<'a>(scenario: &'a Scenario, answer: &RunAnswer) -> Vec<CauseJson<'a>> {
    let mut out = Vec::new();
    for hub in words::hubs_and_all(scenario) {
        for (id, pathway, _) in words::standards(scenario) {
            for cause in [None].into_iter().chain(Cause::ALL.map(Some)) {
                let get = |measure| answer.cause(hub, id, cause, measure);
                let misses = get(CauseMeasure::Misses);
                if cause.is_none() || misses.is_some_and(|e| e.mean > 0.0) {
                    out.push(CauseJson {
                        hub: csv::hub(scenario, hub),
                        pathway: &pathway.name,
                        cause: csv::cause(cause),
                        misses,
                        share_of_misses: get(CauseMeasure::ShareOfMisses),
                        points: get(CauseMeasure::Points),
                        misses_that_left: get(CauseMeasure::MissesThatLeft),
                    });
                }
            }
        }
    }
    out
}

fn switched_off<'a>(scenario: &'a Scenario, answer: &RunAnswer) -> Vec<SwitchedOffJson<'a>> {
    let json = |row: &SwitchedOff| SwitchedOffJson {
        switched_off: row.switch.name(),
        pathway: &scenario.pathways[row.pathway.0].name,
        service_level: row.service_level,
        change_points: row.change,
    };
    answer.switched_off.iter().map(json).collect()
}

fn inputs<'a>(scenario: &'a Scenario, check: &'a CheckAnswer) -> Inputs<'a> {
    Inputs {
        durations: &check.inputs,
        staff: check
            .staff
            .iter()
            .map(|m| StaffJson {
                hub: csv::hub(scenario, Some(m.hub)),
                role: csv::role(scenario, Some(m.role)),
                wte: m.wte,
                rostered: shifts(&m.rostered),
                present: shifts(&m.present),
                on_shift: grid::stretches(m),
            })
            .collect(),
        load: check
            .load
            .iter()
            .map(|row| LoadJson {
                hub: csv::hub(scenario, Some(row.hub)),
                role: csv::role(scenario, Some(row.role)),
                offered: row.offered,
                capacity: row.capacity,
            })
            .collect(),
    }
}

fn shifts(people: &[(String, f64)]) -> Vec<ShiftJson<'_>> {
    people
        .iter()
        .map(|(shift, people)| ShiftJson { shift, people: *people })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{answer, check, run};
    use crate::output::sample;

    #[test]
    fn only_command_and_timing_depend_on_how_it_was_run() {
        let (scenario, found, inputs, ctx) = (sample::scenario(), sample::answer(), sample::check(), sample::context());
        let mut other = ctx.clone();
        other.command_typed = "elsewhere".into();
        other.threads = 64;
        other.wall_s = 0.3;
        other.created = Some("2026-11-21".into());
        let parse = |text: String| serde_json::from_str::<serde_json::Value>(&text).unwrap();
        let mut a = parse(run(&scenario, &found, &inputs, &ctx).unwrap());
        let mut b = parse(run(&scenario, &found, &inputs, &other).unwrap());
        assert_ne!(a, b);
        for value in [&mut a, &mut b] {
            value.as_object_mut().unwrap().remove("command").unwrap();
            value.as_object_mut().unwrap().remove("timing").unwrap();
        }
        assert_eq!(a, b);
        assert_eq!(a["headline"][6]["hub"], "all");
        assert_eq!(a["headline"][6]["position"], "not met");
        assert_eq!(a["events"], 97_013_482);
        assert_eq!(a["equity_rows"].as_array().unwrap().len(), found.equity.rows.len());
    }

    #[test]
    fn the_document_holds_headline_and_summary() {
        let (scenario, found) = (sample::scenario(), sample::answer());
        let text = answer(&scenario, &found, &sample::context()).unwrap();
        let json: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(json["summary"].as_array().unwrap().len(), found.summary.len());
        assert_eq!(json["summary"][1]["measure"], "service_level");
        assert_eq!(json["summary"][1]["mean"], 0.8364);
        assert_eq!(json["equity_rows"][2]["measure"], "referrals_per_1000_residents");
        assert_eq!(json["equity_rows"][2]["mean"], 102.8);
        let text = check(&scenario, &sample::check()).unwrap();
        assert!(text.contains("07-14 1.1"), "{text}");
    }
}
