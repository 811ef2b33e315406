//! `warm-up FILE`: is the warm-up of this file long enough?

use super::args::WarmUpArgs;
use super::progress::Progress;
use super::run::stop_on_ctrl_c;
use super::{Exit, diagnose, screen};
use crate::answers::warm_up::{WarmUpRequest, warm_up as answer_warm_up};
use crate::output::{chart, place, warm_up};
use crate::scenario::{self, Loaded};

/// The series of the first weeks.
const SERIES: &str = "warm-up.csv";

pub(super) fn warm_up(args: &WarmUpArgs) -> Exit {
    let mut loaded = match scenario::read_with(&args.file, &args.set) {
        Ok(loaded) => loaded,
        Err(problems) => {
            screen::warn(&diagnose::render(&problems.sorted(), screen::color()));
            return Exit::Scenario;
        }
    };
    screen::warn(&diagnose::render(
        &std::mem::take(&mut loaded.warnings).sorted(),
        screen::color(),
    ));
    let experiment = &mut loaded.scenario.experiment;
    experiment.replications = args.replications.unwrap_or(experiment.replications);
    experiment.seed = args.seed.unwrap_or(experiment.seed);
    match look(args, &loaded) {
        Ok(text) => screen::print(&text),
        Err(message) => {
            screen::error(&message);
            Exit::Fault
        }
    }
}

fn look(args: &WarmUpArgs, loaded: &Loaded) -> Result<String, String> {
    let scenario = &loaded.scenario;
    let replications = scenario.experiment.replications;
    let request = WarmUpRequest {
        weeks: args.weeks,
        replications,
        confidence: scenario.experiment.confidence.get(),
        threads: args.threads.map(usize::from),
    };
    if let Some(out) = &args.out {
        place::ready_for_file(&out.join(SERIES)).map_err(|e| e.to_string())?;
    }
    let stop = stop_on_ctrl_c();
    // The first weeks, and twice the measured time.
    let progress = Progress::new(
        3 * u64::from(replications) * scenario.hubs.len() as u64,
        3 * replications,
    );
    let answer = answer_warm_up(scenario, request, &stop, &|| progress.step());
    progress.finish();
    let answer = answer?;
    if let Some(out) = &args.out {
        let series = warm_up::table(scenario, &answer).map_err(|e| e.to_string())?;
        let put = |name: &str, text: &str| place::write_file(&out.join(name), text).map_err(|e| e.to_string());
        put(SERIES, &series)?;
        if let Some(figure) = chart::first_weeks(scenario, &answer) {
            put(&format!("{}.svg", figure.name), &figure.svg)?;
        }
    }
    if args.json {
        return warm_up::json(scenario, &answer).map_err(|e| format!("cannot write JSON: {e}"));
    }
    let text = warm_up::text(scenario, &answer, &loaded.undone);
    Ok(match &args.out {
        Some(out) => format!("{text}\nSeries and picture: {}\n", out.display()),
        None => text,
    })
}
