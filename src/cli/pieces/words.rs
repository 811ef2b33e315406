//! A command line that says a question again, with copies of the files that it names.

use std::path::{Component, Path};

use crate::cli::args::{
    AllocateArgs, CalibrateArgs, CompareArgs, PoolingArgs, RequiredArgs, RunArgs, RunOnlyArgs, SensitivityArgs,
    TrajectoryArgs, UncertainArgs,
};
use crate::cli::{Exit, screen};
use crate::pieces::SourceCopy;
use crate::scenario::Loaded;

/// The folder of the copies.
const INPUTS: &str = "inputs";

/// Copies of files, each scenario with what it names in a folder of its own.
#[derive(Default)]
pub(in crate::cli) struct Inputs {
    pub(in crate::cli) copies: Vec<SourceCopy>,
    folders: usize,
}

impl Inputs {
    /// Copies a scenario, and gives the path of the copy.
    fn scenario(&mut self, loaded: &Loaded) -> String {
        self.folders += 1;
        let mut first = String::new();
        for (path, text) in loaded.sources.iter().chain(&loaded.files) {
            let path = format!("{INPUTS}/{}/{}", self.folders, slashes(path));
            if first.is_empty() {
                first.clone_from(&path);
            }
            self.copies.push(SourceCopy {
                path,
                bytes: text.clone().into_bytes(),
            });
        }
        first
    }

    /// Copies a file into a folder, and gives the path of the copy; or how the command ends.
    fn file(&mut self, folder: &str, path: &Path) -> Result<String, Exit> {
        let bytes = std::fs::read(path).map_err(|error| {
            screen::error(&format!("cannot read {}: {error}", path.display()));
            Exit::Scenario
        })?;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let path = format!("{INPUTS}/{folder}/{name}");
        self.copies.push(SourceCopy {
            path: path.clone(),
            bytes,
        });
        Ok(path)
    }
}

/// A path with `/` between its parts, below the folder that it starts from.
fn slashes(path: &Path) -> String {
    let parts = path.components().filter_map(|part| match part {
        Component::Normal(part) => Some(part.to_string_lossy().into_owned()),
        _ => None,
    });
    parts.collect::<Vec<_>>().join("/")
}

/// The words of a command line.
pub(in crate::cli) struct Words(Vec<String>);

impl Words {
    fn new(verb: &str, file: String) -> Self {
        Self(vec![verb.into(), file])
    }

    /// `--name=value`, one word whatever the value begins with.
    fn option(&mut self, name: &str, value: Option<&impl ToString>) {
        self.0
            .extend(value.map(|value| format!("--{name}={}", value.to_string())));
    }

    fn run(verb: &str, args: &RunArgs, loaded: &Loaded, inputs: &mut Inputs) -> Self {
        let mut words = Self::new(verb, inputs.scenario(loaded));
        args.set.iter().for_each(|set| words.option("set", Some(set)));
        words.option("replications", args.replications.as_ref());
        words.option("precision", args.precision.as_ref());
        words.option("seed", args.seed.as_ref());
        words
    }

    /// Last, as a file may follow.
    fn uncertain(mut self, args: &UncertainArgs, inputs: &mut Inputs) -> Result<Vec<String>, Exit> {
        self.option("draws", args.draws.as_ref());
        match &args.uncertain {
            None => {}
            Some(None) => self.0.push("--uncertain".into()),
            Some(Some(path)) => {
                let copy = inputs.file("draws", path)?;
                self.option("uncertain", Some(&copy));
            }
        }
        Ok(self.0)
    }

    /// Of `run`.
    pub(in crate::cli) fn of_run(
        args: &RunArgs,
        more: Option<&RunOnlyArgs>,
        loaded: &Loaded,
        inputs: &mut Inputs,
    ) -> Result<Vec<String>, Exit> {
        let mut words = Self::run("run", args, loaded, inputs);
        let Some(more) = more else {
            return Ok(words.0);
        };
        if let Some(path) = &more.published.published {
            let copy = inputs.file("published", path)?;
            words.option("published", Some(&copy));
            words.option("organisation", more.published.organisation.as_ref());
            words.option("published-for", more.published.published_for.as_ref());
        }
        let sliders = &more.sliders;
        if !sliders.sliders.is_empty() {
            words.option("sliders", Some(&sliders.sliders.join(",")));
            words.option("slide", sliders.slide.as_ref());
            words.0.push("--yes".into());
        }
        words.uncertain(&more.uncertain, inputs)
    }

    /// Of `compare`; the files of options are the first of `options`.
    pub(in crate::cli) fn of_compare(
        args: &CompareArgs,
        base: &Loaded,
        options: &[Loaded],
        inputs: &mut Inputs,
    ) -> Result<Vec<String>, Exit> {
        let mut words = Self::run("compare", &args.run, base, inputs);
        let files = options.iter().take(args.options.len());
        words.0.extend(files.map(|option| inputs.scenario(option)));
        args.option
            .iter()
            .for_each(|option| words.option("option", Some(option)));
        words.uncertain(&args.uncertain, inputs)
    }

    /// Of `sensitivity`.
    pub(in crate::cli) fn of_sensitivity(args: &SensitivityArgs, loaded: &Loaded, inputs: &mut Inputs) -> Vec<String> {
        let mut words = Self::run("sensitivity", &args.run, loaded, inputs);
        words.option("points", args.points.as_ref());
        words.0
    }

    /// Of `explain`.
    pub(in crate::cli) fn of_explain(
        args: &RunArgs,
        uncertain: &UncertainArgs,
        loaded: &Loaded,
        inputs: &mut Inputs,
    ) -> Result<Vec<String>, Exit> {
        Self::run("explain", args, loaded, inputs).uncertain(uncertain, inputs)
    }

    /// Of `trajectory`.
    pub(in crate::cli) fn of_trajectory(
        args: &TrajectoryArgs,
        loaded: &Loaded,
        inputs: &mut Inputs,
    ) -> Result<Vec<String>, Exit> {
        let mut words = Self::run("trajectory", &args.run, loaded, inputs);
        words.option("hub", args.hub.as_ref());
        if args.latest_advert {
            words.0.push("--latest-advert".into());
        }
        words.uncertain(&args.uncertain, inputs)
    }

    /// Of `pooling`.
    pub(in crate::cli) fn of_pooling(
        args: &PoolingArgs,
        loaded: &Loaded,
        inputs: &mut Inputs,
    ) -> Result<Vec<String>, Exit> {
        let mut words = Self::run("pooling", &args.run, loaded, inputs);
        let minutes = format!("{} min", args.extra_travel.minutes());
        words.option("extra-travel", Some(&minutes));
        words.uncertain(&args.uncertain, inputs)
    }

    /// Of `allocate`.
    pub(in crate::cli) fn of_allocate(
        args: &AllocateArgs,
        loaded: &Loaded,
        inputs: &mut Inputs,
    ) -> Result<Vec<String>, Exit> {
        let mut words = Self::run("allocate", &args.run, loaded, inputs);
        let extra = format!("{}={}", args.extra.role, args.extra.number);
        words.option("extra", Some(&extra));
        words.option("pathway", args.pathway.as_ref());
        words.option("step", args.step.as_ref());
        words.option("search-replications", args.search_replications.as_ref());
        words.uncertain(&args.uncertain, inputs)
    }

    /// Of `calibrate`.
    pub(in crate::cli) fn of_calibrate(args: &CalibrateArgs, loaded: &Loaded, inputs: &mut Inputs) -> Vec<String> {
        let mut words = Self::run("calibrate", &args.run, loaded, inputs);
        words.option("points", args.points.as_ref());
        words.option("each", Some(&args.each));
        words.option("waves", Some(&args.waves));
        words.option("model-error", Some(&args.model_error));
        words.0
    }

    /// Of `required`.
    pub(in crate::cli) fn of_required(
        args: &RequiredArgs,
        loaded: &Loaded,
        inputs: &mut Inputs,
    ) -> Result<Vec<String>, Exit> {
        let mut words = Self::new("required", inputs.scenario(loaded));
        args.set.iter().for_each(|set| words.option("set", Some(set)));
        args.free
            .iter()
            .for_each(|free| words.option("free", Some(&free.typed)));
        args.standards
            .iter()
            .for_each(|asked| words.option("standard", Some(&asked.typed)));
        words.option("delta", args.delta.as_ref());
        words.option("confidence", args.confidence.as_ref());
        words.option("at", args.at.as_ref());
        words.option("smallest", args.smallest.as_ref());
        words.option("replications", Some(&args.replications));
        words.option("seed", args.seed.as_ref());
        words.uncertain(&args.uncertain, inputs)
    }
}
