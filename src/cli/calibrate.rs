//! `calibrate FILE`: which values of the unknown inputs reproduce what was reported?

use std::fmt::Write as _;
use std::path::Path;

use super::args::CalibrateArgs;
use super::next::{next, typed};
use super::pieces::{How, Inputs, Through, Words};
use super::progress::Progress;
use super::run::{Command, fault, files_of, no_json, printed, stop_on_ctrl_c};
use super::{Exit, diagnose, screen};
use crate::answers::calibrate::{
    CalibrateAnswer, CalibrateError, CalibrateRequest, Verdict, calibrate_in_pieces, seconds_a_replication,
};
use crate::answers::figures::figures;
use crate::model::Scenario;
use crate::output::calibrate::{self, Shown};
use crate::output::results::write_calibrate;
use crate::output::table;
use crate::scenario::{Loaded, Range, read_drawn};

pub(super) fn calibrate(args: &CalibrateArgs, how: &How) -> Exit {
    let Some(loaded) = args.run.read() else {
        return Exit::Scenario;
    };
    let maker = Maker { args };
    let request = request(args, &loaded.scenario, &maker);
    match answered(args, &loaded, &maker, &request, how) {
        Ok((text, exit)) if text.is_empty() => exit,
        Ok((text, exit)) => printed(&text, exit),
        Err(CalibrateError::Unfinished(message)) => fault(message),
        Err(error) => {
            screen::error(&error.to_string());
            Exit::Scenario
        }
    }
}

/// Makes scenarios with values of the unknown inputs.
struct Maker<'a> {
    args: &'a CalibrateArgs,
}

impl Maker<'_> {
    /// What is typed to set these.
    fn settings(&self, ranges: &[Range], values: &[f64]) -> Vec<String> {
        let values = ranges.iter().zip(values);
        values.map(|(range, v)| range.setting(*v)).collect()
    }

    fn read(&self, settings: &[String]) -> Result<Loaded, String> {
        let read = read_drawn(&self.args.run.file, settings, &self.args.run.set);
        let mut loaded = read.map_err(|problems| {
            let values = settings.join(", ");
            format!(
                "with values within the ranges of the unknown inputs ({values}) the scenario has errors; change those ranges\n{}",
                diagnose::render(&problems.sorted(), screen::color())
            )
        })?;
        loaded.repeat(None, self.args.run.seed);
        Ok(loaded)
    }

    fn make(&self, ranges: &[Range], values: &[f64]) -> Result<Scenario, String> {
        self.read(&self.settings(ranges, values)).map(|loaded| loaded.scenario)
    }

    /// Whether an input takes whole numbers only: halves are errors where they are none.
    fn is_whole(&self, range: &Range) -> bool {
        let ends = [range.from, range.to];
        let reads = |value: f64| {
            let sets = self.settings(std::slice::from_ref(range), &[value]);
            read_drawn(&self.args.run.file, &sets, &self.args.run.set).is_ok()
        };
        range.to - range.from >= 1.0
            && ends.iter().all(|end| (end - end.round()).abs() < 1e-9)
            && reads(range.from)
            && !reads(range.from + 0.5)
    }
}

fn request(args: &CalibrateArgs, scenario: &Scenario, maker: &Maker<'_>) -> CalibrateRequest {
    let mut ranges: Vec<Range> = scenario.unknowns.iter().filter_map(Range::of).collect();
    for range in &mut ranges {
        range.whole = maker.is_whole(range);
    }
    let mut request = CalibrateRequest::usual(scenario, ranges);
    request.points = args.points.unwrap_or(request.points);
    request.each = args.each;
    request.waves = args.waves;
    request.model_error = args.model_error.get();
    request.precision = args.run.precision.or(request.precision);
    request.threads = args.run.threads.map(usize::from);
    request
}

fn answered(
    args: &CalibrateArgs,
    loaded: &Loaded,
    maker: &Maker<'_>,
    request: &CalibrateRequest,
    how: &How,
) -> Result<(String, Exit), CalibrateError> {
    let scenario = &loaded.scenario;
    let threads = request
        .threads
        .unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from));
    let reported = figures(scenario).0.len();
    let all_of_it = matches!(how, How::Alone | How::Resume(_));
    if all_of_it && !request.ranges.is_empty() && reported > 0 {
        let seconds = seconds_a_replication(scenario, request.threads).map_err(CalibrateError::Unfinished)?;
        let work = calibrate::work(scenario, request, reported, seconds, threads);
        screen::warn(&table::prose(&[work]));
    }
    let stop = stop_on_ctrl_c();
    let most: u64 = request.most_replications().iter().sum();
    let make = |values: &[f64]| maker.make(&request.ranges, values);
    let command = Command {
        verb: "calibrate",
        extra: canonical(args),
    };
    let asked = || {
        let mut inputs = Inputs::default();
        let words = Words::of_calibrate(args, loaded, &mut inputs);
        Ok(command.in_pieces(&args.run, loaded, (words, inputs), &[]))
    };
    let out = args.run.out.clone().unwrap_or_else(|| {
        let name = format!("{}-calibrated", scenario.name);
        Path::new("results").join(name)
    });
    let through = how.through((&out, &command.canonical(&args.run)), asked, &stop, |pieces| {
        let progress = Progress::new(
            pieces.to_make(most * scenario.islands().len() as u64),
            u32::try_from(most).unwrap_or(u32::MAX),
        );
        let answer = calibrate_in_pieces(scenario, request, &make, pieces, &stop, &|| progress.step());
        progress.finish();
        match answer {
            Err(CalibrateError::Waits) => Ok(None),
            answer => Ok(Some((answer?, progress.seconds()))),
        }
    })?;
    let (answer, seconds) = match through {
        Through::Answer(found) => found,
        Through::Ended(exit) => return Ok((String::new(), exit)),
    };
    let context = command.context(&args.run, loaded, seconds);
    let mut shown = Shown {
        scenario,
        text: &loaded.text,
        answer: &answer,
        calibrated: None,
        context: &context,
    };
    let unfinished = |error: &dyn std::fmt::Display| CalibrateError::Unfinished(error.to_string());
    let text = calibrated_text(&shown, maker).map_err(CalibrateError::Unreadable)?;
    shown.calibrated = text.as_deref();
    write_calibrate(&out, &shown, &files_of(loaded)).map_err(|e| unfinished(&e))?;
    if answer.interrupted {
        screen::warn("Stopped before the end; what was finished is kept and stated.\n");
    }
    let text = if args.run.json {
        calibrate::json(&shown).map_err(|e| CalibrateError::Unfinished(no_json(e)))?
    } else {
        let mut text = calibrate::text(&shown);
        let _ = writeln!(text, "\nReport: {}", out.join("report.html").display());
        if shown.calibrated.is_some() {
            let _ = writeln!(text, "Calibrated scenario: {}", out.join("calibrated.toml").display());
        }
        let _ = writeln!(text, "Plausible set, tables and charts: {}", out.display());
        if shown.calibrated.is_some() {
            text.push_str(&next(&format!(
                "`homefirst run {} --uncertain {}` says what is sure over the whole plausible set.",
                typed(&args.run.file),
                typed(&out.join("calibrate.csv"))
            )));
        }
        text
    };
    Ok((text, exit(&answer)))
}

/// The scenario with the calibrated values as one file, if there are such.
fn calibrated_text(shown: &Shown<'_>, maker: &Maker<'_>) -> Result<Option<String>, String> {
    let Some(found) = &shown.answer.calibrated else {
        return Ok(None);
    };
    let loaded = maker.read(&maker.settings(shown.answer.ranges(), &found.values))?;
    let title = calibrate::title(&shown.scenario.title);
    let inputs = calibrate::inputs(shown);
    Ok(Some(loaded.calibrated_text(&title, &calibrate::notes(shown), &inputs)))
}

fn exit(answer: &CalibrateAnswer) -> Exit {
    match (&answer.verdict, &answer.calibrated) {
        (Verdict::CannotReproduce { .. }, _) => Exit::NoneFeasible,
        (Verdict::Reproduced, Some(found)) if !found.confirmed => Exit::Imprecise,
        (Verdict::Reproduced, None) if answer.interrupted => Exit::Imprecise,
        _ => Exit::Answered,
    }
}

/// What the canonical command says besides what all runs have.
fn canonical(args: &CalibrateArgs) -> String {
    let mut words = String::new();
    if let Some(points) = args.points {
        let _ = write!(words, " --points {points}");
    }
    let _ = write!(
        words,
        " --each {} --waves {} --model-error \"{}\"",
        args.each, args.waves, args.model_error
    );
    words
}
