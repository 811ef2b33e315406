//! From a filled-in form to a question that can be simulated: the scenario as it is to be, and what is asked of it.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::inputs::{Inputs, Typed, number, said, shown, typed};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Smallest, Where};
use crate::output::compare::other_experiment;
use crate::output::made::file_named;
use crate::output::words;
use crate::scenario::{Loaded, PRECISION, alike, path_of, read_with};
use crate::units::Points;

/// The name of the option that is the scenario with the changes of the form.
pub(super) const CHANGED: &str = "with the changes";
/// Replications that may be asked for.
pub(super) const REPLICATIONS: (u32, u32) = (2, 100_000);
/// The most replications of one staffing of a search, and how many if nothing is said.
pub(super) const MOST: (u32, u32, u32) = (30, 1_000_000, 5000);
/// The most options of a comparison from the page.
pub(super) const MOST_OPTIONS: usize = 8;

/// A verb of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verb {
    Run,
    Explain,
    Compare,
    Required,
}

impl Verb {
    pub(super) const ALL: [Self; 4] = [Self::Run, Self::Compare, Self::Required, Self::Explain];

    /// As on the command line.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Run => "run",
            Self::Explain => "explain",
            Self::Compare => "compare",
            Self::Required => "required",
        }
    }

    /// What comes of it, in a word or two.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Run => "simulation",
            Self::Explain => "causes of misses",
            Self::Compare => "comparison",
            Self::Required => "staff needed",
        }
    }

    /// As a question.
    pub(super) const fn question(self) -> &'static str {
        match self {
            Self::Run => "How does this service do?",
            Self::Explain => "Why are standards missed?",
            Self::Compare => "What do the changes, or other files, change?",
            Self::Required => "How many staff are needed?",
        }
    }

    /// What stands after the name of the scenario in the name of its results.
    pub(super) const fn suffix(self) -> &'static str {
        match self {
            Self::Run => "",
            Self::Explain => "-explained",
            Self::Compare => "-compared",
            Self::Required => "-required",
        }
    }
}

/// An option of a comparison.
#[derive(Debug)]
pub(super) struct AskedOption {
    pub(super) loaded: Loaded,
    /// What its file says otherwise than the base of the experiment.
    pub(super) note: Option<String>,
}

/// A question that can be simulated.
#[derive(Debug)]
pub(super) struct Ask {
    pub(super) verb: Verb,
    pub(super) file: PathBuf,
    pub(super) loaded: Loaded,
    /// What is set over the file, as the canonical command says it.
    pub(super) sets: Vec<String>,
    /// What is changed, compared or moved, as lists say it.
    pub(super) said: Vec<String>,
    /// Options of the verb's own, as the canonical command says them.
    pub(super) extra: String,
    pub(super) replications: Option<u32>,
    pub(super) precision: Option<Points>,
    pub(super) seed: Option<u64>,
    pub(super) options: Vec<AskedOption>,
    /// The most replications of one staffing.
    pub(super) most: u32,
}

/// Why a form asks nothing that can be simulated.
#[derive(Debug)]
pub(super) enum Unasked {
    /// What was typed, a sentence each.
    Typed(Vec<String>),
    /// What is wrong with a file, or with what is set over it.
    Problems(Vec<Diagnostic>),
}

impl Unasked {
    fn typed(why: impl Into<String>) -> Self {
        Self::Typed(vec![why.into()])
    }
}

impl From<Diagnostics> for Unasked {
    fn from(problems: Diagnostics) -> Self {
        Self::Problems(problems.sorted())
    }
}

/// How exact an answer is to be.
#[derive(Clone, Copy, Debug)]
struct Exact {
    replications: Option<u32>,
    precision: Option<Points>,
    seed: Option<u64>,
}

impl Exact {
    fn over(self, mut loaded: Loaded) -> Loaded {
        loaded.repeat(self.replications, self.seed);
        self.precision.into_iter().for_each(|precision| loaded.aim(precision));
        loaded
    }
}

impl Ask {
    /// What a form asks of a scenario file. `other` finds the files of options.
    pub(super) fn of(file: &Path, all: &Typed, other: impl Fn(&str) -> Option<PathBuf>) -> Result<Self, Unasked> {
        let verb = Verb::ALL
            .into_iter()
            .find(|verb| Some(verb.name()) == typed(all, "ask"));
        let verb = verb.ok_or_else(|| Unasked::typed("choose what to ask"))?;
        let plain = read_with(file, &[])?;
        let sets = Inputs::of(&plain).sets(all).map_err(Unasked::Typed)?;
        let exact = exact(all, &plain)?;
        let ask = Self {
            verb,
            file: file.to_path_buf(),
            loaded: plain,
            said: sets.iter().map(|set| said(set)).collect(),
            sets,
            extra: String::new(),
            replications: exact.replications,
            precision: exact.precision,
            seed: exact.seed,
            options: Vec::new(),
            most: MOST.2,
        };
        match verb {
            Verb::Run | Verb::Explain => ask.alone(exact),
            Verb::Compare => ask.compare(exact, all, other),
            Verb::Required => ask.required(exact, all),
        }
    }

    /// Of the scenario with the changes.
    fn alone(mut self, exact: Exact) -> Result<Self, Unasked> {
        self.loaded = exact.over(read_with(&self.file, &self.sets)?);
        Ok(self)
    }

    /// Of the scenario as it is: the changes are an option, and so are the other files.
    fn compare(mut self, exact: Exact, all: &Typed, other: impl Fn(&str) -> Option<PathBuf>) -> Result<Self, Unasked> {
        let sets = std::mem::take(&mut self.sets);
        self.loaded = exact.over(self.loaded);
        let mut names = vec![self.loaded.scenario.name.to_lowercase()];
        let chosen = all.iter().filter(|(name, value)| name == "option" && !value.is_empty());
        for (_, name) in chosen {
            let path = other(name).ok_or_else(|| Unasked::typed(format!("{name} is not in the folder any more")))?;
            self.option(exact, &path, Vec::new(), None)?;
            let _ = write!(self.extra, " {}", file_named(&path));
            self.said.push(format!("Beside {name}"));
        }
        if !sets.is_empty() {
            let file = self.file.clone();
            self.option(exact, &file, sets.clone(), Some(CHANGED))?;
            for set in &sets {
                let quote = if set.contains('"') { '\'' } else { '"' };
                let _ = write!(self.extra, " --option {quote}{CHANGED}: {set}{quote}");
            }
        }
        if self.options.is_empty() {
            return Err(Unasked::typed(
                "there is nothing to compare with: change a number in the form, or choose another file of the folder",
            ));
        }
        if self.options.len() > MOST_OPTIONS {
            return Err(Unasked::typed(format!(
                "at most {MOST_OPTIONS} options can be compared at once here"
            )));
        }
        for option in &self.options {
            let name = option.loaded.scenario.name.to_lowercase();
            if names.contains(&name) {
                return Err(Unasked::typed(format!(
                    "two scenarios are called \"{name}\"; choose others"
                )));
            }
            names.push(name);
            crate::answers::compare::comparable(&self.loaded.scenario, &option.loaded.scenario)
                .map_err(|why| Unasked::typed(why.to_string()))?;
        }
        Ok(self)
    }

    fn option(&mut self, exact: Exact, file: &Path, sets: Vec<String>, name: Option<&str>) -> Result<(), Unasked> {
        let read = |sets: &[String]| read_with(file, sets).map(|loaded| exact.over(loaded));
        let mut found = alike(&self.loaded, sets, read)?;
        if let Some(name) = name {
            (found.loaded.scenario.name, found.loaded.scenario.title) = (name.into(), name.into());
        }
        let note = other_experiment(&found.loaded.scenario.name, &found.differ);
        self.options.push(AskedOption {
            loaded: found.loaded,
            note,
        });
        Ok(())
    }

    /// How many staff: what the form says stands over what the file asks.
    fn required(mut self, exact: Exact, all: &Typed) -> Result<Self, Unasked> {
        // A search makes the replications that it needs.
        (self.replications, self.precision) = (None, None);
        let (mut asked, told) = question(all, &self.loaded)?;
        if self.loaded.scenario.required.is_none() {
            if !asked.iter().any(|set| set.starts_with("required.free=")) {
                return Err(Unasked::typed("say of at least one role that its staff may be moved"));
            }
            asked.insert(0, "required={}".into());
        }
        self.sets.extend(asked);
        self.said.extend(told);
        if let Some(text) = typed(all, "most") {
            self.most = whole(text, MOST.0, MOST.1).ok_or_else(|| {
                Unasked::typed(format!(
                    "the most replications of one staffing are {} to {}",
                    MOST.0, MOST.1
                ))
            })?;
        }
        if self.most != MOST.2 {
            self.extra = format!(" --replications {}", self.most);
        }
        let mut loaded = read_with(&self.file, &self.sets)?;
        loaded.repeat(None, exact.seed);
        if loaded.scenario.required.is_none() {
            return Err(Unasked::typed("the file asks no question of how many staff are needed"));
        }
        self.loaded = loaded;
        Ok(self)
    }
}

fn whole(text: &str, least: u32, most: u32) -> Option<u32> {
    let bare = text.replace(',', "");
    bare.parse().ok().filter(|n| (least..=most).contains(n))
}

fn exact(all: &Typed, plain: &Loaded) -> Result<Exact, Unasked> {
    let replications = match typed(all, "replications") {
        None => None,
        Some(text) => Some(whole(text, REPLICATIONS.0, REPLICATIONS.1).ok_or_else(|| {
            Unasked::typed(format!(
                "replications are a whole number, {} to 100,000",
                REPLICATIONS.0
            ))
        })?),
    };
    let precision = match typed(all, "precision") {
        None => None,
        Some(text) => {
            let points = number(text).and_then(|n| Points::parse(&format!("{n} points")).ok());
            let points = points.filter(|points| (PRECISION.0..=PRECISION.1).contains(&points.get()));
            Some(points.ok_or_else(|| {
                Unasked::typed(format!(
                    "a precision is {} to {} points, or empty",
                    PRECISION.0, PRECISION.1
                ))
            })?)
        }
    };
    if precision.is_some() && plain.scenario.pathways.iter().all(|p| p.standard.is_none()) {
        return Err(Unasked::typed(
            "a precision is that of service levels, and no pathway of the file has a standard",
        ));
    }
    let seed = match typed(all, "seed") {
        None => None,
        Some(text) => Some(
            text.parse()
                .ok()
                .filter(|seed| *seed <= u64::MAX >> 1)
                .ok_or_else(|| Unasked::typed("a seed is a whole number"))?,
        ),
    };
    // What the file says already needs no option.
    let own = &plain.scenario.experiment;
    Ok(Exact {
        replications: replications.filter(|n| *n != own.replications),
        precision: precision.filter(|precision| Some(*precision) != own.precision),
        seed: seed.filter(|seed| *seed != own.seed),
    })
}

/// A staff number that a search may move: its path over all hubs, what it is of, and bounds to begin with.
#[derive(Debug)]
pub(super) struct Dial {
    pub(super) path: String,
    pub(super) role: String,
    pub(super) unit: String,
    pub(super) from: f64,
    pub(super) to: f64,
    pub(super) step: f64,
}

/// The staff numbers of a scenario that a search may move.
pub(super) fn dials(inputs: &Inputs) -> Vec<Dial> {
    let mut dials: Vec<Dial> = Vec::new();
    for role in &inputs.staff {
        for field in &role.fields {
            let piece = field.piece.as_deref();
            if field.unit != super::inputs::WTE && piece.is_none() {
                continue;
            }
            let mut names = vec!["hub", "*", "staff", role.name.as_str()];
            names.extend(piece.iter().flat_map(|piece| ["on-shift", piece, "count"]));
            let path = path_of(&names);
            let (low, high) = ((field.now / 2.0).floor(), (field.now * 2.0).max(field.now + 2.0).ceil());
            match dials.iter_mut().find(|dial| dial.path == path) {
                Some(dial) => (dial.from, dial.to) = (dial.from.min(low), dial.to.max(high)),
                None => dials.push(Dial {
                    path,
                    role: piece.map_or_else(|| role.role.clone(), |piece| format!("{}, {piece}", role.role)),
                    unit: field.unit.clone(),
                    from: low,
                    to: high,
                    step: 1.0,
                }),
            }
        }
    }
    dials
}

/// What the form asks of how many staff, each as `path=value`, and what of it lists say.
fn question(all: &Typed, plain: &Loaded) -> Result<(Vec<String>, Vec<String>), Unasked> {
    let mut sets = Vec::new();
    let mut told = Vec::new();
    let mut wrong = Vec::new();
    for dial in dials(&Inputs::of(plain)) {
        let name = |what: &str| format!("{what}:{}", dial.path);
        if typed(all, &name("free")).is_none() {
            continue;
        }
        let mut value = |what: &str, usual: f64| {
            typed(all, &name(what)).map_or(Some(usual), |text| {
                let found = number(text);
                if found.is_none() {
                    wrong.push(format!("{}: \"{text}\" is not a number", dial.role));
                }
                found
            })
        };
        let bounds = (value("from", dial.from), value("to", dial.to), value("step", dial.step));
        if let (Some(from), Some(to), Some(step)) = bounds {
            let (from, to, step) = (shown(from), shown(to), shown(step));
            told.push(format!("{} {from} to {to}", dial.role));
            let tied = typed(all, &name("tied")).map_or("", |_| ", tied = true");
            sets.push(format!(
                "required.free=[{{ path = '{}', from = {from}, to = {to}, step = {step}{tied} }}]",
                dial.path
            ));
        }
    }
    // What the file asks already, or would ask if nothing were said, needs not be said.
    let asked = plain.scenario.required.as_ref();
    for (id, pathway, _) in words::standards(&plain.scenario) {
        let Some(text) = typed(all, &format!("level:{}", pathway.name)) else {
            continue;
        };
        let own = asked.and_then(|q| q.standards.iter().find(|(own, _)| *own == id));
        if own.is_some_and(|(_, share)| shown(share.get() * 100.0) == text) {
            continue;
        }
        match number(text).filter(|n| (0.0..=100.0).contains(n)) {
            Some(level) => {
                let share = shown(level / 100.0);
                sets.push(format!("required.standards={{ '{}' = {share} }}", pathway.name));
                told.push(format!("{} {} %", pathway.name, shown(level)));
            }
            None => wrong.push(format!("{}: a level is 0 to 100 per cent, or empty", pathway.name)),
        }
    }
    let usual = match asked.map_or(Where::EveryHub, |question| question.at) {
        Where::EveryHub => "every hub",
        Where::Overall => "overall",
    };
    match typed(all, "at").filter(|at| *at != usual) {
        Some(at @ ("every hub" | "overall")) => sets.push(format!("required.at={at}")),
        Some(other) => wrong.push(format!("\"{other}\" is no place where levels are to be met")),
        None => {}
    }
    let usual = match asked.map_or(Smallest::Wte, |question| question.smallest) {
        Smallest::Wte => "WTE",
        Smallest::YearlyCost => "yearly cost",
    };
    match typed(all, "smallest").filter(|what| *what != usual) {
        Some(what @ ("WTE" | "yearly cost")) => sets.push(format!("required.smallest={what}")),
        Some(other) => wrong.push(format!("\"{other}\" is nothing that can be as small as possible")),
        None => {}
    }
    let usual = asked.map_or(plain.scenario.experiment.confidence, |question| question.confidence);
    let usual = shown(usual.get() * 100.0);
    if let Some(text) = typed(all, "confidence").filter(|text| *text != usual) {
        match number(text).filter(|n| (0.0..100.0).contains(n)) {
            Some(percent) => sets.push(format!("required.confidence={}", shown(percent / 100.0))),
            None => wrong.push("how sure the answer is to be is a number of per cent below 100".into()),
        }
    }
    if wrong.is_empty() {
        Ok((sets, told))
    } else {
        Err(Unasked::Typed(wrong))
    }
}
