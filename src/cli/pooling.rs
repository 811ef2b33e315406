//! `pooling FILE`: what would sharing staff between hubs be worth?

use std::fmt::Write as _;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use super::args::PoolingArgs;
use super::pieces::{How, Inputs, Through, Words};
use super::progress::Progress;
use super::run::{Command, files_of, stop_on_ctrl_c};
use super::uncertain::{DRAWS, Draws, Held, draws, stopped};
use super::{Exit, screen};
use crate::answers::pooling::{
    PoolingAnswer, PoolingError, PoolingRequest, most_units, pooling_in_pieces, pooling_uncertain, under_every_rule,
};
use crate::answers::uncertain::UncertainError;
use crate::model::Scenario;
use crate::output::{self, results::write_pooling};
use crate::pieces::Pieces;
use crate::scenario::Loaded;

pub(super) fn pooling(args: &PoolingArgs, how: &How) -> Exit {
    if args.run.precision.is_some() {
        screen::error("pooling makes as many replications as it is told; say --replications instead of --precision");
        return Exit::Usage;
    }
    let Some(loaded) = args.run.read() else {
        return Exit::Scenario;
    };
    // Who shares staff, after which wait and how far away, has no path, so that the question moves no input.
    let draws = match draws(&args.uncertain, &loaded, DRAWS, &Held::NONE) {
        Ok(draws) => draws,
        Err(exit) => return exit,
    };
    match compare(args, &loaded, draws.as_ref(), how) {
        Ok(exit) => exit,
        Err(Fault::Pooling(error)) => {
            screen::error(&error.to_string());
            match error {
                PoolingError::Unfinished(_) => Exit::Fault,
                _ => Exit::Scenario,
            }
        }
        Err(Fault::Draws(error)) => {
            screen::error(&error.to_string());
            match error {
                UncertainError::Unfinished(_) => Exit::Fault,
                UncertainError::Refused(_) => Exit::Scenario,
            }
        }
    }
}

/// Why there is no answer.
enum Fault {
    /// The rules cannot be compared.
    Pooling(PoolingError),
    /// They cannot under uncertain inputs.
    Draws(UncertainError),
}

impl From<PoolingError> for Fault {
    fn from(error: PoolingError) -> Self {
        Self::Pooling(error)
    }
}

fn compare(args: &PoolingArgs, loaded: &Loaded, draws: Option<&Draws>, how: &How) -> Result<Exit, Fault> {
    let scenario = &loaded.scenario;
    let replications = scenario.experiment.replications;
    let request = PoolingRequest {
        replications,
        confidence: scenario.experiment.confidence.get(),
        threads: args.run.threads.map(usize::from),
        extra_travel: args.extra_travel,
    };
    let stop = stop_on_ctrl_c();
    let stop: &AtomicBool = &stop;
    let extra = format!(
        " --extra-travel \"{} min\"{}",
        args.extra_travel.minutes(),
        args.uncertain.canonical()
    );
    let command = Command { verb: "pooling", extra };
    let asked = || {
        let mut inputs = Inputs::default();
        let words = Words::of_pooling(args, loaded, &mut inputs)?;
        let more: Vec<String> = draws.iter().map(|draws| draws.told()).collect();
        Ok(command.in_pieces(&args.run, loaded, (words, inputs), &more))
    };
    let out = args.run.out.clone().unwrap_or_else(|| {
        let name = format!("{}-pooling", scenario.name);
        Path::new("results").join(name)
    });
    let through = how.through((&out, &command.canonical(&args.run)), asked, stop, |pieces| {
        let progress = Progress::new(pieces.to_make(most_units(scenario, replications)), replications);
        let answer = pooling_in_pieces(scenario, request, pieces, stop, &|| progress.step());
        progress.finish();
        let mut answer = answer?;
        let mut seconds = progress.seconds();
        if let Some(draws) = draws {
            seconds += look_at_draws(args, scenario, &mut answer, draws, (pieces, stop))?;
        }
        Ok::<_, Fault>(Some((answer, seconds)))
    })?;
    let (answer, seconds) = match through {
        Through::Answer(found) => found,
        Through::Ended(exit) => return Ok(exit),
    };
    let context = command.context(&args.run, loaded, seconds);
    let unfinished = |error: &dyn std::fmt::Display| PoolingError::Unfinished(error.to_string());
    let files = files_of(loaded);
    write_pooling(&out, scenario, &loaded.text, &files, &answer, &context).map_err(|e| unfinished(&e))?;
    let text = if args.run.json {
        output::pooling::json(scenario, &answer, &context).map_err(|e| unfinished(&e))?
    } else {
        let mut text = output::pooling::text(scenario, &answer, &context.what_if);
        let _ = writeln!(text, "\nTables: {}", out.display());
        text
    };
    Ok(screen::print(&text))
}

/// Adds what draws of the inputs do to the rules; how long it took \[s\].
fn look_at_draws(
    args: &PoolingArgs,
    scenario: &Scenario,
    answer: &mut PoolingAnswer,
    draws: &Draws,
    (pieces, stop): (&Pieces, &AtomicBool),
) -> Result<f64, Fault> {
    let rules = under_every_rule(scenario, args.extra_travel);
    let progress = draws.progress(&rules.each_ref());
    let mut drawn = |draw: usize| draws.scenario(draw, &args.run, scenario);
    let request = draws.request(&args.run, scenario);
    let step = || progress.step();
    let found = pooling_uncertain(scenario, &mut drawn, args.extra_travel, &request, pieces, stop, &step);
    progress.finish();
    match found.map_err(Fault::Draws)? {
        Some(found) => answer.uncertain = found,
        None => stopped(),
    }
    Ok(progress.seconds())
}
