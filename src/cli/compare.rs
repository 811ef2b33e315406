//! `compare BASE OPTION...`: what do options change, with the same people in all of them?

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

use super::args::{CompareArgs, RunArgs, Typed};
use super::next::{next, typed};
use super::pieces::{How, Inputs, Through, Words};
use super::progress::Progress;
use super::run::{Command, exit_of, fault, file_named, files_of, hash, no_json, printed, read_typed, stop_on_ctrl_c};
use super::sensitivity::with_inputs;
use super::uncertain::{DRAWS, Draws, Held, draws};
use super::{Exit, screen};
use crate::answers::compare::{CompareRequest, comparable, compare_in_pieces as answer_compare};
use crate::answers::uncertain::{UncertainError, uncertain_differences};
use crate::model::{self, Scenario};
use crate::output::changes::undone;
use crate::output::compare::{self, Compared, Shown};
use crate::output::results::write_compare;
use crate::scenario::{Change, Loaded, alike, differences, touched};

/// Letters that a name may not hold, as it becomes the name of a file.
const NOT_IN_NAMES: [char; 9] = ['/', '\\', ':', '*', '?', '"', '<', '>', '|'];

/// The longest name of an option.
const LONGEST_NAME: usize = 60;

/// A file, and what is set over it.
type Read = (PathBuf, Vec<String>);

pub(super) fn compare(args: &CompareArgs, how: &How) -> Exit {
    let run = &args.run;
    if args.options.is_empty() && args.option.is_empty() {
        return usage(
            "nothing to compare with: name the files of options after the base, or give --option \"NAME: PATH=VALUE\"",
        );
    }
    let named = match named_options(&args.option) {
        Ok(named) => named,
        Err(message) => return usage(&message),
    };
    let called = names(&run.file, &args.options);
    let all = std::iter::once(stem(&run.file)).chain(called.iter().cloned());
    if let Err(message) = distinct(all.chain(named.iter().map(|(name, _)| name.clone()))) {
        return usage(&message);
    }
    let Some(base) = run.read() else {
        return Exit::Scenario;
    };
    let mut options = Vec::new();
    let mut notes = Vec::new();
    // What each option is read from, to be read again with uncertain inputs.
    let mut sources: Vec<Read> = Vec::new();
    for (path, name) in args.options.iter().zip(called) {
        let Some((mut option, sets, note)) = read_as(path, &run.set, &[], run, &base) else {
            return Exit::Scenario;
        };
        option.scenario.name = name;
        notes.extend(note);
        options.push(option);
        sources.push((path.clone(), sets));
    }
    for (name, sets) in named {
        let typed: Vec<Typed> = sets.iter().map(|set| typed_as(&name, set)).collect();
        let sets: Vec<String> = run.set.iter().cloned().chain(sets).collect();
        let Some((mut option, sets, note)) = read_as(&run.file, &sets, &typed, run, &base) else {
            return Exit::Scenario;
        };
        (option.scenario.name, option.scenario.title) = (name.clone(), name);
        notes.extend(note);
        options.push(option);
        sources.push((run.file.clone(), sets));
    }
    for option in &options {
        let name = &option.scenario.name;
        notes.extend(undone(&option.undone).into_iter().map(|line| format!("{name}: {line}")));
        if let Err(why) = comparable(&base.scenario, &option.scenario) {
            screen::error(&why.to_string());
            return Exit::Scenario;
        }
    }
    let changed: Vec<Change> = options.iter().flat_map(|option| replaced(&base, option)).collect();
    let held = Held {
        is: &|path| touched(&changed, path),
        by: "an option",
    };
    let draws = match draws(&args.uncertain, &base, DRAWS, &held) {
        Ok(draws) => draws.map(|mut draws| {
            let files = std::iter::once(&base).chain(&options).map(|loaded| &loaded.scenario);
            draws.meet_changes(&files.collect::<Vec<_>>());
            draws
        }),
        Err(exit) => return exit,
    };
    match simulate(args, &base, &options, draws.map(|draws| (draws, sources)), notes, how) {
        Ok((text, exit)) if text.is_empty() => exit,
        Ok((text, exit)) => printed(&text, exit),
        Err(UncertainError::Refused(message)) => {
            screen::error(&message);
            Exit::Scenario
        }
        Err(UncertainError::Unfinished(message)) => fault(message),
    }
}

/// What an option puts in the place of what the base has, so that a value drawn for the base is not the option's. What is so much
/// more or so many times what the base has is not among it: that goes with the draw.
fn replaced(base: &Loaded, option: &Loaded) -> Vec<Change> {
    let mut found = differences(base, option);
    let own = option
        .scenario
        .dated
        .iter()
        .filter(|one| !base.scenario.dated.contains(one));
    found.extend(own.filter_map(|one| match &one.change {
        model::Change::Value(value) => Some(Change {
            path: one.path.clone(),
            before: None,
            after: Some(value.clone()),
            set: false,
            assumption: None,
        }),
        model::Change::Add(_) | model::Change::Times(_) => None,
    }));
    found
}

fn usage(message: &str) -> Exit {
    screen::error(message);
    Exit::Usage
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

/// What options are called: as their files, and where another is called so, with their folder before it. Answers of `required` are all
/// called `answer`.
fn names(base: &Path, options: &[PathBuf]) -> Vec<String> {
    let files = || std::iter::once(base).chain(options.iter().map(PathBuf::as_path));
    let alike = |path: &Path| {
        files()
            .filter(|other| stem(other).to_lowercase() == stem(path).to_lowercase())
            .count()
    };
    let name = |path: &PathBuf| match path.parent().and_then(Path::file_name) {
        Some(folder) if alike(path) > 1 => format!("{} {}", folder.to_string_lossy(), stem(path)),
        _ => stem(path),
    };
    options.iter().map(name).collect()
}

/// Names are used once, however they are written: on some machines `A.toml` and `a.toml` are one file.
fn distinct(names: impl Iterator<Item = String>) -> Result<(), String> {
    let mut seen: Vec<String> = Vec::new();
    for name in names {
        if seen.contains(&name.to_lowercase()) {
            return Err(format!(
                "two scenarios are called \"{name}\"; a file is called as it is named without its ending, so give one of them \
                 another name"
            ));
        }
        seen.push(name.to_lowercase());
    }
    Ok(())
}

/// `--option "NAME: PATH=VALUE"`, as often as needed, by name in the order of first mention.
fn named_options(typed: &[String]) -> Result<Vec<(String, Vec<String>)>, String> {
    let mut options: Vec<(String, Vec<String>)> = Vec::new();
    for text in typed {
        let example = "for example --option \"two more: hub.Charnwood.staff.nurse=9\"";
        let Some((name, set)) = text.split_once(':') else {
            return Err(format!(
                "--option \"{text}\" needs a name, a colon, and what to set: {example}"
            ));
        };
        let (name, set) = (name.trim(), set.trim());
        let bad = |c: char| NOT_IN_NAMES.contains(&c) || c.is_control();
        if name.is_empty()
            || name.contains(bad)
            || name.chars().count() > LONGEST_NAME
            || name.starts_with('.')
            || name.ends_with('.')
        {
            return Err(format!(
                "\"{name}\" cannot be the name of an option, since a file is called so: at most {LONGEST_NAME} letters, digits, \
                 spaces and hyphens; {example}"
            ));
        }
        match options.iter_mut().find(|(known, _)| known == name) {
            Some((_, sets)) => sets.push(set.into()),
            None => options.push((name.into(), vec![set.into()])),
        }
    }
    Ok(options)
}

/// What an option of the command line sets, in the words that were typed.
fn typed_as(name: &str, set: &str) -> Typed {
    Typed {
        set: set.into(),
        option: "--option",
        text: format!("{name}: {set}"),
    }
}

/// An option on the base's experiment, what was set over its file for that, and what its file says otherwise; `None` if it has
/// errors, which have been told.
fn read_as(
    path: &Path,
    sets: &[String],
    typed: &[Typed],
    run: &RunArgs,
    base: &Loaded,
) -> Option<(Loaded, Vec<String>, Option<String>)> {
    // What the command line says is said to all of them.
    let read = |sets: &[String]| {
        let mut option = read_typed(path, sets, typed, run.replications, run.seed).ok_or(())?;
        run.precision.into_iter().for_each(|precision| option.aim(precision));
        Ok::<_, ()>(option)
    };
    let found = alike(base, sets.to_vec(), read).ok()?;
    let note = compare::other_experiment(&found.loaded.scenario.name, &found.differ);
    Some((found.loaded, found.sets, note))
}

fn simulate(
    args: &CompareArgs,
    base: &Loaded,
    options: &[Loaded],
    draws: Option<(Draws, Vec<Read>)>,
    mut notes: Vec<String>,
    how: &How,
) -> Result<(String, Exit), UncertainError> {
    let run = &args.run;
    let scenario = &base.scenario;
    let out = run.out.clone().unwrap_or_else(|| {
        let name = format!("{}-compared", scenario.name);
        PathBuf::from("results").join(name)
    });
    let all: Vec<&Loaded> = std::iter::once(base).chain(options).collect();
    let files = compare::files(
        &all.iter()
            .map(|l| (l.scenario.name.as_str(), files_of(l)))
            .collect::<Vec<_>>(),
    )
    .map_err(UncertainError::Unfinished)?;
    let replications = scenario.experiment.replications;
    let stop = stop_on_ctrl_c();
    let islands: u64 = all.iter().map(|l| l.scenario.islands().len() as u64).sum();
    let scenarios: Vec<Scenario> = options.iter().map(|option| option.scenario.clone()).collect();
    let request = CompareRequest {
        threads: run.threads.map(usize::from),
    };
    let command = Command {
        verb: "compare",
        extra: canonical(args),
    };
    let asked = || {
        let mut inputs = Inputs::default();
        let words = Words::of_compare(args, base, options, &mut inputs)?;
        let told = options
            .iter()
            .map(|option| format!("{} {}", option.scenario.name, hash(option)));
        let more: Vec<String> = told.chain(draws.iter().map(|(draws, _)| draws.told())).collect();
        Ok(command.in_pieces(run, base, (words, inputs), &more))
    };
    let through = how.through((&out, &command.canonical(run)), asked, &stop, |pieces| {
        let progress = Progress::new(
            pieces.to_make(islands * u64::from(replications)),
            replications.saturating_mul(u32::try_from(all.len()).unwrap_or(u32::MAX)),
        );
        let answer = answer_compare(scenario, &scenarios, request, pieces, &stop, &|| progress.step());
        progress.finish();
        let mut answer = answer.map_err(UncertainError::Unfinished)?;
        let mut seconds = progress.seconds();
        let Some((draws, sources)) = draws.as_ref().filter(|_| !stop.load(Ordering::Relaxed)) else {
            return Ok(Some((answer, seconds)));
        };
        let mut drawn = |draw: usize| {
            let typed = draws.typed.get(draw).map_or(&[][..], Vec::as_slice);
            let ours = [(run.file.clone(), run.set.clone())];
            let read = |(path, sets): &Read| {
                with_inputs(path, typed, sets, scenario.experiment.seed, &|| draws.refused(draw))
                    .map(|found| found.scenario)
            };
            ours.iter().chain(sources).map(read).collect()
        };
        let scenarios: Vec<&Scenario> = all.iter().map(|loaded| &loaded.scenario).collect();
        let progress = draws.progress(&scenarios);
        let request = draws.request(run, scenario);
        let options = &scenarios[1..].iter().map(|s| (*s).clone()).collect::<Vec<_>>();
        let found = uncertain_differences(scenario, options, &mut drawn, &request, pieces, &stop, &|| {
            progress.step();
        });
        progress.finish();
        answer.uncertain = found?.unwrap_or_default();
        seconds = progress.seconds();
        Ok(Some((answer, seconds)))
    })?;
    let (answer, seconds) = match through {
        Through::Answer(found) => found,
        Through::Ended(exit) => return Ok((String::new(), exit)),
    };
    let unfinished = |error: &dyn std::fmt::Display| UncertainError::Unfinished(error.to_string());
    if draws.is_some() && answer.uncertain.is_empty() {
        notes.push(
            "Interrupted before the draws of uncertain inputs were simulated: nothing is said of that doubt, which was asked for.".to_owned(),
        );
    }
    let context = command.context(run, base, seconds);
    let shown: Vec<Shown> = options.iter().map(|option| Shown::of(base, option)).collect();
    let compared = Compared {
        base: scenario,
        text: &base.text,
        options: &shown,
        answer: &answer,
        notes: &notes,
        context: &context,
    };
    write_compare(&out, &compared, &files).map_err(|e| unfinished(&e))?;
    if stop.load(Ordering::Relaxed) {
        screen::warn(&format!(
            "Stopped after {} of {replications} replications of everything; what was finished is kept and stated.\n",
            answer.replications
        ));
    }
    let text = if run.json {
        compare::json(&compared).map_err(|e| UncertainError::Unfinished(no_json(e)))?
    } else {
        let mut text = compare::text(&compared);
        let _ = writeln!(
            text,
            "\nReport: {}\nTables, charts and scenarios: {}",
            out.join("report.html").display(),
            out.display()
        );
        if let Some(option) = options.first() {
            let kept = out.join("scenarios").join(format!("{}.toml", option.scenario.name));
            text.push_str(&next(&format!(
                "`homefirst run {}` has all results of that option; so for the others.",
                typed(&kept)
            )));
        }
        text
    };
    Ok((text, exit_of(answer.precision)))
}

/// What the canonical command says besides the base: the options, files by their names alone.
fn canonical(args: &CompareArgs) -> String {
    let mut words = String::new();
    for path in &args.options {
        let _ = write!(words, " {}", file_named(path));
    }
    for option in &args.option {
        let quote = if option.contains('"') { '\'' } else { '"' };
        let _ = write!(words, " --option {quote}{option}{quote}");
    }
    words.push_str(&args.uncertain.canonical());
    words
}
