//! `sensitivity FILE`: which input matters, and which is worth going to measure?

use std::fmt::Write as _;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use super::args::SensitivityArgs;
use super::next::{next, typed};
use super::pieces::{How, Inputs, Through, Words};
use super::progress::Progress;
use super::run::{Command, files_of, printed, stop_on_ctrl_c};
use super::{Exit, diagnose, screen};
use crate::answers::sensitivity::{
    SensitivityError, SensitivityRequest, most_units, sensitivity_in_pieces as answer_sensitivity,
};
use crate::model::Scenario;
use crate::output::results::write_sensitivity;
use crate::output::sensitivity::{self, Sensed};
use crate::scenario::{self, Loaded, Ranges, ranges, settings};

/// Replications of each end, if none are asked for: differences on the same people are known well with few.
const REPLICATIONS: u32 = 10;

pub(super) fn sensitivity(args: &SensitivityArgs, how: &How) -> Exit {
    if args.run.precision.is_some() {
        screen::error(
            "sensitivity makes as many replications as it is told; say --replications instead of --precision",
        );
        return Exit::Usage;
    }
    let Some(loaded) = args.run.read() else {
        return Exit::Scenario;
    };
    let found = ranges(&loaded);
    if found.inputs.is_empty() {
        screen::error(&no_ranges(&found));
        return Exit::Scenario;
    }
    match answer(args, &loaded, &found, how) {
        Ok((text, exit)) if text.is_empty() => exit,
        Ok((text, exit)) => printed(&text, exit),
        Err(error) => {
            screen::error(&error.to_string());
            match error {
                SensitivityError::Unfinished(_) => Exit::Fault,
                _ => Exit::Scenario,
            }
        }
    }
}

/// What to say of a file whose ranges cannot be moved.
pub(super) fn no_ranges(found: &Ranges) -> String {
    let mut text = "the file states no range that could be moved: give a number its `low` and `high` in [assumptions], or name it \
                    in [[unknown]] with `from` and `to`\n"
        .to_owned();
    for left in &found.left_out {
        let _ = writeln!(text, "`{}`, {} to {}: {}", left.path, left.low, left.high, left.why);
    }
    text
}

/// The scenario with values of its inputs, and what was set; or what the reader says of that, `about` what.
pub(super) fn with_inputs(
    file: &Path,
    inputs: &[String],
    settings: &[String],
    seed: u64,
    about: &dyn Fn() -> String,
) -> Result<Loaded, String> {
    let mut loaded = scenario::read_drawn(file, inputs, settings)
        .map_err(|problems| format!("{}\n{}", about(), diagnose::render(&problems.sorted(), screen::color())))?;
    loaded.scenario.experiment.seed = seed;
    Ok(loaded)
}

fn answer(
    args: &SensitivityArgs,
    loaded: &Loaded,
    found: &Ranges,
    how: &How,
) -> Result<(String, Exit), SensitivityError> {
    let (run, base) = (&args.run, &loaded.scenario);
    let request = SensitivityRequest {
        replications: run.replications.unwrap_or(REPLICATIONS),
        points: args.points,
        threads: run.threads.map(usize::from),
    };
    let inputs = &found.inputs;
    let mut variant = |values: &[(usize, f64)]| -> Result<Scenario, String> {
        let moved = || {
            values
                .iter()
                .filter_map(|(input, value)| Some((inputs.get(*input)?, *value)))
        };
        let about = || match moved().collect::<Vec<_>>().as_slice() {
            [(range, value)] => format!(
                "the range of `{}` cannot be used: the scenario has errors at {}",
                range.path,
                range.told(*value)
            ),
            _ => "the scenario has errors where all ranges are moved together".to_owned(),
        };
        let drawn: Vec<String> = settings(moved()).into_iter().collect();
        with_inputs(&run.file, &drawn, &run.set, base.experiment.seed, &about).map(|loaded| loaded.scenario)
    };
    let stop = stop_on_ctrl_c();
    let stop: &AtomicBool = &stop;
    let units = most_units(base, inputs.len(), request);
    let islands = base.islands().len().max(1) as u64;
    let extra = args
        .points
        .map_or_else(String::new, |points| format!(" --points {points}"));
    let command = Command {
        verb: "sensitivity",
        extra,
    };
    let asked = || {
        let mut inputs = Inputs::default();
        let words = Words::of_sensitivity(args, loaded, &mut inputs);
        Ok(command.in_pieces(run, loaded, (words, inputs), &[]))
    };
    let out = run
        .out
        .clone()
        .unwrap_or_else(|| Path::new("results").join(format!("{}-sensitivity", base.name)));
    let through = how.through((&out, &command.canonical(run)), asked, stop, |pieces| {
        let progress = Progress::new(
            pieces.to_make(units),
            u32::try_from(units / islands).unwrap_or(u32::MAX),
        );
        let step = || progress.step();
        let answer = answer_sensitivity(base, inputs, &mut variant, request, pieces, stop, &step);
        progress.finish();
        Ok(Some((answer?, progress.seconds())))
    })?;
    let (answer, seconds) = match through {
        Through::Answer(found) => found,
        Through::Ended(exit) => return Ok((String::new(), exit)),
    };
    let context = command.context(run, loaded, seconds);
    let sensed = Sensed {
        scenario: base,
        ranges: found,
        answer: &answer,
        context: &context,
    };
    let unfinished = |error: &dyn std::fmt::Display| SensitivityError::Unfinished(error.to_string());
    write_sensitivity(&out, &sensed, &loaded.text, &files_of(loaded)).map_err(|e| unfinished(&e))?;
    if stop.load(Ordering::Relaxed) {
        screen::warn(&format!(
            "Stopped after {} of {} points; the tornado is whole, and there are no shares.\n",
            answer.points, answer.points_asked
        ));
    }
    let text = if run.json {
        sensitivity::json(&sensed).map_err(|e| unfinished(&e))?
    } else {
        let mut text = sensitivity::text(&sensed);
        let _ = writeln!(
            text,
            "\nReport: {}\nTables and charts: {}",
            out.join("report.html").display(),
            out.display()
        );
        if run.set.is_empty() {
            let file = typed(&run.file);
            let asked = base.required.as_ref();
            let staff =
                asked.map(|_| format!(", and `homefirst required {file} --uncertain` how many staff they may ask for"));
            text.push_str(&next(&format!(
                "`homefirst run {file} --uncertain` says what all ranges together do to the service levels{}.",
                staff.unwrap_or_default()
            )));
        }
        text
    };
    Ok((text, Exit::Answered))
}
