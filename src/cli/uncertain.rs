//! `--uncertain`: draws of the inputs, from the ranges of the file or from a set of weighted points.

use std::path::Path;
use std::sync::atomic::AtomicBool;

use super::args::{RunArgs, UncertainArgs};
use super::progress::Progress;
use super::run::file_named;
use super::sensitivity::{no_ranges, with_inputs};
use super::{Exit, screen};
use crate::answers::required::RequiredDraws;
use crate::answers::run::RunAnswer;
use crate::answers::sensitivity::together;
use crate::answers::uncertain::{
    AboutInputs, REPLICATIONS, Uncertain, UncertainError, UncertainRequest, uncertain, units,
};
use crate::model::Scenario;
use crate::output::uncertain::drawn::outside;
use crate::pieces::Pieces;
use crate::scenario::{InputRange, Loaded, Plausible, Ranges, ranges, same_place, settings};

/// Draws if none are asked for.
pub(super) const DRAWS: u32 = 200;

/// The same where every draw is searched through and not only simulated.
pub(super) const DRAWS_OF_SEARCH: u32 = 20;

/// Draws of the inputs, as they are typed.
pub(super) struct Draws {
    inputs: Vec<String>,
    /// `path=value` of every input, draw by draw.
    pub(super) typed: Vec<Vec<String>>,
    weights: Vec<f64>,
    /// Inputs that were left as each file has them, since an option or the question changes them.
    pub(super) held: Vec<String>,
    about: AboutInputs,
}

/// Inputs that are left as each file has them, and who changes them.
pub(super) struct Held<'a> {
    pub(super) is: &'a dyn Fn(&str) -> bool,
    pub(super) by: &'static str,
}

impl Held<'_> {
    pub(super) const NONE: Held<'static> = Held {
        is: &|_| false,
        by: "nothing",
    };
}

/// The draws that were asked for, nothing if none were; or how the command ends, which has been told.
pub(super) fn draws(args: &UncertainArgs, base: &Loaded, usual: u32, held: &Held<'_>) -> Result<Option<Draws>, Exit> {
    let Some(source) = &args.uncertain else {
        if args.draws.is_some() {
            screen::error("--draws says how many draws --uncertain makes; give --uncertain too");
            return Err(Exit::Usage);
        }
        return Ok(None);
    };
    let wanted = args.draws.unwrap_or(usual) as usize;
    let mut drawn = match source {
        Some(path) => of_file(path, base, wanted, held.is)?,
        None => of_ranges(base, wanted, held.is)?,
    };
    if drawn.inputs.is_empty() {
        screen::error(&format!(
            "every uncertain input is changed by {}, so that there is nothing to draw",
            held.by
        ));
        return Err(Exit::Scenario);
    }
    drawn.meet_changes(&[&base.scenario]);
    Ok(Some(drawn))
}

/// Inputs that have been changed since their range was stated, each once, and none that has a newer range by which it is drawn.
fn changed(found: &Ranges) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for one in found.left_out.iter().filter(|one| one.changed_since()) {
        let mut named = found.inputs.iter().map(|range| &range.path).chain(&all);
        if !named.any(|path| same_place(path, &one.path)) {
            all.push(one.path.clone());
        }
    }
    all
}

/// Ranges that nobody can draw from, and why; those of what was changed apart.
fn no_draws(found: &Ranges) -> Vec<(String, &'static str)> {
    let others = found.left_out.iter().filter(|one| !one.changed_since());
    others.map(|one| (one.path.clone(), one.why)).collect()
}

fn of_ranges(base: &Loaded, wanted: usize, held: &dyn Fn(&str) -> bool) -> Result<Draws, Exit> {
    let found = ranges(base);
    if found.inputs.is_empty() {
        screen::error(&no_ranges(&found));
        return Err(Exit::Scenario);
    }
    let (held, free): (Vec<&InputRange>, Vec<&InputRange>) = found.inputs.iter().partition(|range| held(&range.path));
    let points = together(
        &free,
        u32::try_from(wanted).unwrap_or(u32::MAX),
        base.scenario.experiment.seed,
    );
    let paths = |ranges: &[&InputRange]| ranges.iter().map(|range| range.path.clone()).collect();
    Ok(Draws {
        inputs: paths(&free),
        typed: points
            .iter()
            .map(|point| settings(free.iter().copied().zip(point.iter().copied())))
            .collect(),
        weights: vec![1.0; wanted],
        held: paths(&held),
        about: AboutInputs {
            changed: changed(&found),
            no_draws: no_draws(&found),
            outside: outside(&found),
            ..AboutInputs::default()
        },
    })
}

fn of_file(path: &Path, base: &Loaded, wanted: usize, held: &dyn Fn(&str) -> bool) -> Result<Draws, Exit> {
    if path.extension().is_some_and(|ending| ending == "toml") {
        screen::error(&format!(
            "after --uncertain comes a CSV file of points, and {} is none; put scenario files before --uncertain",
            path.display()
        ));
        return Err(Exit::Usage);
    }
    let set = Plausible::read(path).map_err(|error| {
        screen::error(&error.to_string());
        Exit::Scenario
    })?;
    let is_held: Vec<bool> = set.paths.iter().map(|path| held(path)).collect();
    let of = |held: bool| -> Vec<String> {
        let both = set.paths.iter().zip(&is_held);
        both.filter(|(_, own)| **own == held)
            .map(|(path, _)| path.clone())
            .collect()
    };
    let mut typed = Vec::new();
    let mut weights = Vec::new();
    let shares: Vec<f64> = set.points.iter().map(|point| point.weight).collect();
    for (point, times) in set.points.iter().zip(times(&shares, wanted)) {
        if times > 0.0 {
            let free = point.settings.iter().zip(&is_held).filter(|(_, held)| !**held);
            typed.push(free.map(|(setting, _)| setting.clone()).collect());
            weights.push(times);
        }
    }
    let found = ranges(base);
    let named = |path: &str| set.paths.iter().any(|own| same_place(own, path));
    // A range is drawn if the points have all that it moves.
    let others = found.inputs.iter().filter(|range| !range.moves().all(&named));
    let changed = changed(&found).into_iter().filter(|path| !named(path));
    let others = others.map(|range| range.path.clone()).chain(changed);
    let set_too = base.changes.iter().filter(|change| change.set);
    let set_too = set_too
        .filter(|change| named(&change.path))
        .map(|change| change.path.clone());
    Ok(Draws {
        inputs: of(false),
        typed,
        weights,
        held: of(true),
        about: AboutInputs {
            points: true,
            as_stated: others.collect(),
            set_too: set_too.collect(),
            no_draws: no_draws(&found),
            ..AboutInputs::default()
        },
    })
}

/// The weight of each point, if there are no more than wanted; else how often each is taken of so many, at equal steps through
/// all weights: a point is taken as often as its weight asks, to one.
fn times(weights: &[f64], wanted: usize) -> Vec<f64> {
    if weights.len() <= wanted {
        return weights.to_vec();
    }
    let sum: f64 = weights.iter().sum();
    let mut before = 0.0;
    let reached = |weight: f64| (weight / sum * wanted as f64 + 0.5).floor();
    weights
        .iter()
        .map(|weight| {
            let from = reached(before);
            before += weight;
            reached(before) - from
        })
        .collect()
}

impl Draws {
    /// Finds out what the changes of some files do to what is drawn.
    pub(super) fn meet_changes(&mut self, files: &[&Scenario]) {
        self.about.meet_changes(&self.inputs, files);
    }

    pub(super) fn request(&self, args: &RunArgs, base: &Scenario) -> UncertainRequest {
        UncertainRequest {
            inputs: self.inputs.clone(),
            held: self.held.clone(),
            about: self.about.clone(),
            weights: self.weights.clone(),
            confidence: base.experiment.confidence.get(),
            threads: args.threads.map(usize::from),
        }
    }

    /// The same for a question of how many staff are needed.
    pub(super) fn of_question(&self, args: &RunArgs, base: &Scenario) -> RequiredDraws {
        RequiredDraws {
            inputs: self.inputs.clone(),
            held: self.held.clone(),
            about: self.about.clone(),
            weights: self.weights.clone(),
            typed: self.typed.clone(),
            confidence: base.experiment.confidence.get(),
            threads: args.threads.map(usize::from),
        }
    }

    /// A bar for so many draws of some scenarios.
    pub(super) fn progress(&self, scenarios: &[&Scenario]) -> Progress {
        let draws = u32::try_from(self.typed.len() * scenarios.len()).unwrap_or(u32::MAX);
        Progress::new(units(scenarios, self.typed.len()), draws.saturating_mul(REPLICATIONS))
    }

    /// All of it in words, to tell other draws from these.
    pub(super) fn told(&self) -> String {
        format!("{:?} {:?} {:?} {:?}", self.inputs, self.typed, self.weights, self.held)
    }

    /// What is said where the reader refuses a draw.
    pub(super) fn refused(&self, draw: usize) -> String {
        let typed = self.typed.get(draw).map_or_else(String::new, |typed| typed.join(", "));
        format!("draw {} of the uncertain inputs cannot be used: {typed}", draw + 1)
    }

    /// The scenario with the inputs of a draw, or what the reader says of it.
    pub(super) fn scenario(&self, draw: usize, args: &RunArgs, base: &Scenario) -> Result<Scenario, String> {
        let typed = self.typed.get(draw).map_or(&[][..], Vec::as_slice);
        let about = || self.refused(draw);
        with_inputs(&args.file, typed, &args.set, base.experiment.seed, &about).map(|loaded| loaded.scenario)
    }

    /// Adds what these draws do to the answer of a run; if stopped, that nothing is said of them. `refused` says whether the reader
    /// refused a draw.
    pub(super) fn beside(
        &self,
        args: &RunArgs,
        base: &Scenario,
        answer: &mut RunAnswer,
        (pieces, stop): (&Pieces, &AtomicBool),
        refused: &mut bool,
    ) -> Result<(), String> {
        let found = self.of_run(args, base, pieces, stop);
        *refused = matches!(found, Err(UncertainError::Refused(_)));
        answer.uncertain = found.map_err(|error| error.to_string())?;
        if answer.uncertain.is_none() {
            stopped();
        }
        Ok(())
    }

    /// Service levels under these draws; nothing if stopped.
    fn of_run(
        &self,
        args: &RunArgs,
        base: &Scenario,
        pieces: &Pieces,
        stop: &AtomicBool,
    ) -> Result<Option<Uncertain>, UncertainError> {
        let mut drawn = |draw: usize| Ok(vec![self.scenario(draw, args, base)?]);
        let progress = self.progress(&[base]);
        let found = uncertain(base, &mut drawn, &self.request(args, base), pieces, stop, &|| {
            progress.step();
        });
        progress.finish();
        found
    }
}

/// Says that there is nothing to say.
pub(super) fn stopped() {
    screen::warn("Stopped before all draws of the uncertain inputs were simulated: nothing is said of them.\n");
}

impl UncertainArgs {
    /// What the canonical command says of it, files by their names alone.
    pub(super) fn canonical(&self) -> String {
        let file = match &self.uncertain {
            None => return String::new(),
            Some(None) => String::new(),
            Some(Some(path)) => format!(" {}", file_named(path)),
        };
        let draws = self.draws.map_or_else(String::new, |draws| format!(" --draws {draws}"));
        format!("{draws} --uncertain{file}")
    }
}

#[cfg(test)]
mod tests {
    use super::times;

    #[test]
    fn points_are_taken_as_often_as_their_weight_asks() {
        assert_eq!(times(&[0.5, 0.25, 0.25], 3), [0.5, 0.25, 0.25]);
        assert_eq!(times(&[4.0, 1.0, 1.0, 2.0], 2), [1.0, 0.0, 1.0, 0.0]);
        let many: Vec<f64> = (0..1000).map(|k| f64::from(k % 10)).collect();
        let taken = times(&many, 100);
        assert!((taken.iter().sum::<f64>() - 100.0).abs() < 1e-9);
        assert!(taken.iter().zip(&many).all(|(t, w)| (t - w / 45.0).abs() <= 1.0));
    }
}
