//! Answering a question of the page: the same calls in the same order as the command line makes, so that the results folder is
//! the one that the same command writes.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use maud::Markup;

use super::ask::{Ask, Verb};
use super::beside::{Beside, beside_run};
use super::folder::Folder;
use super::jobs::Progress;
use crate::answers::check::check;
use crate::answers::compare::{CompareRequest, compare};
use crate::answers::explain::{explain, simulations};
use crate::answers::precision::Precision;
use crate::answers::required::{self, Ending, RequiredRequest, required_watched};
use crate::answers::run::{RunRequest, run};
use crate::model::Scenario;
use crate::output::compare::{Compared, Shown, files};
use crate::output::html::{self, Page};
use crate::output::made::{Asked, files_of};
use crate::output::required::{Required, refused};
use crate::output::results::{write_compare, write_required, write_results};
use crate::output::{RunContext, chart, digits};
use crate::pieces::Pieces;

/// What came of a run, as its page shows it.
#[derive(Debug)]
pub(super) struct Kept {
    /// The name of the results folder.
    pub(super) results: String,
    /// The answer in a few sentences.
    pub(super) answer: Markup,
    /// The sections of the report.
    pub(super) contents: Markup,
    /// What stands beside other runs.
    pub(super) beside: Beside,
    /// What is to be known first: that it was stopped, or is not as exact as was asked.
    pub(super) note: Option<String>,
    /// The command that gives the same again, or more where it was stopped.
    pub(super) command: String,
    /// Whether all was made that was asked.
    pub(super) whole: bool,
}

/// Why nothing came of a run.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum NoResult {
    /// It was stopped before there was anything to show.
    Stopped,
    /// With the reason.
    Failed(String),
}

/// Who answers, and where results go.
#[derive(Clone, Debug)]
pub(super) struct Worker {
    pub(super) folder: Arc<Folder>,
    pub(super) threads: Option<u16>,
}

impl Worker {
    /// The answer, with its results written.
    ///
    /// # Errors
    /// [`NoResult`]; nothing is written then.
    pub(super) fn answer(&self, ask: &Ask, progress: &Progress) -> Result<Kept, NoResult> {
        let name = format!("{}{}", ask.loaded.scenario.name, ask.verb.suffix());
        let results = self.folder.take_results(&name).map_err(NoResult::Failed)?;
        let kept = self.job(ask, progress, results.clone());
        if kept.is_err() {
            self.folder.give_back(&results);
        }
        kept
    }

    fn job(&self, ask: &Ask, progress: &Progress, results: String) -> Result<Kept, NoResult> {
        let begun = Instant::now();
        let job = Job {
            worker: self,
            ask,
            progress,
            results,
            begun,
        };
        match ask.verb {
            Verb::Run | Verb::Explain => job.run(),
            Verb::Compare => job.compare(),
            Verb::Required => job.required(),
        }
    }
}

struct Job<'a> {
    worker: &'a Worker,
    ask: &'a Ask,
    progress: &'a Progress,
    results: String,
    begun: Instant,
}

impl Job<'_> {
    fn threads(&self) -> Option<usize> {
        self.worker.threads.map(usize::from)
    }

    fn context(&self) -> RunContext {
        let ask = self.ask;
        let asked = Asked {
            verb: ask.verb.name(),
            file: &ask.file,
            sets: &ask.sets,
            replications: ask.replications,
            precision: ask.precision,
            seed: ask.seed,
            extra: &ask.extra,
            threads: self.worker.threads,
        };
        let mut context = asked.context(
            &ask.loaded,
            "homefirst serve".into(),
            self.begun.elapsed().as_secs_f64(),
        );
        context.meaning = Some(check(&ask.loaded.scenario));
        context
    }

    /// What it means that nothing was simulated: once it was told to stop, that.
    fn nothing(&self, why: String) -> NoResult {
        if self.progress.is_stopped() {
            NoResult::Stopped
        } else {
            NoResult::Failed(why)
        }
    }

    /// `whole` says whether all was made that was asked.
    fn kept(self, page: &Page, beside: Beside, (whole, note): (bool, Option<String>), context: RunContext) -> Kept {
        Kept {
            results: self.results,
            answer: page.answer().clone(),
            contents: page.contents().clone(),
            beside,
            note,
            command: context.command_canonical,
            whole,
        }
    }

    fn run(self) -> Result<Kept, NoResult> {
        let (ask, progress) = (self.ask, self.progress);
        let scenario = &ask.loaded.scenario;
        let request = RunRequest {
            replications: scenario.experiment.replications,
            confidence: scenario.experiment.confidence.get(),
            threads: self.threads(),
        };
        let times = match ask.verb {
            Verb::Explain => simulations(scenario),
            _ => 1,
        };
        let islands = scenario.islands().len() as u64;
        progress.begin(u64::from(times) * u64::from(request.replications) * islands);
        let step = || progress.step();
        let answer = match ask.verb {
            Verb::Explain => explain(scenario, request, &progress.stop, &step),
            _ => run(scenario, request, &progress.stop, &step),
        };
        let answer = answer.map_err(|why| self.nothing(why))?;
        let context = self.context();
        let meaning = check(scenario);
        let place = self.worker.folder.results_place(&self.results);
        let texts = files_of(&ask.loaded);
        write_results(&place, scenario, &ask.loaded.text, &texts, &answer, &meaning, &context)
            .map_err(|error| NoResult::Failed(error.to_string()))?;
        let page = html::report_page(scenario, &answer, &meaning, &context);
        let note = note(progress, answer.replications, answer.asked, answer.precision);
        let beside = beside_run(scenario, &answer);
        let whole = answer.replications >= answer.asked;
        Ok(self.kept(&page, beside, (whole, note), context))
    }

    fn compare(self) -> Result<Kept, NoResult> {
        let (ask, progress) = (self.ask, self.progress);
        let base = &ask.loaded;
        let scenario = &base.scenario;
        let options: Vec<Scenario> = ask.options.iter().map(|o| o.loaded.scenario.clone()).collect();
        let all: Vec<_> = std::iter::once(base)
            .chain(ask.options.iter().map(|o| &o.loaded))
            .collect();
        let texts: Vec<_> = all
            .iter()
            .map(|loaded| (loaded.scenario.name.as_str(), files_of(loaded)))
            .collect();
        let texts = files(&texts).map_err(NoResult::Failed)?;
        let islands: u64 = all.iter().map(|loaded| loaded.scenario.islands().len() as u64).sum();
        progress.begin(islands * u64::from(scenario.experiment.replications));
        let request = CompareRequest {
            threads: self.threads(),
        };
        let answer = compare(scenario, &options, request, &progress.stop, &|| progress.step())
            .map_err(|why| self.nothing(why))?;
        let context = self.context();
        let shown: Vec<Shown> = ask
            .options
            .iter()
            .map(|option| Shown::of(base, &option.loaded))
            .collect();
        let notes: Vec<String> = ask.options.iter().filter_map(|o| o.note.clone()).collect();
        let compared = Compared {
            base: scenario,
            text: &base.text,
            options: &shown,
            answer: &answer,
            notes: &notes,
            context: &context,
        };
        let place = self.worker.folder.results_place(&self.results);
        write_compare(&place, &compared, &texts).map_err(|error| NoResult::Failed(error.to_string()))?;
        let page = html::compare_page(&compared);
        let figures = chart::compare(&compared);
        let beside = Beside::of(&crate::output::compare::overall(&compared), &figures);
        let note = note(progress, answer.replications, answer.asked, answer.precision);
        let whole = answer.replications >= answer.asked;
        Ok(self.kept(&page, beside, (whole, note), context))
    }

    fn required(self) -> Result<Kept, NoResult> {
        let (ask, progress) = (self.ask, self.progress);
        let scenario = &ask.loaded.scenario;
        let question = scenario.required.as_ref();
        let question = question.ok_or_else(|| NoResult::Failed("the file asks no question".into()))?;
        let request = RequiredRequest {
            threads: self.threads(),
            most: ask.most,
        };
        progress.begin(1);
        let step = || progress.step();
        let mut stage = |stage| progress.stage(stage);
        let answer =
            required_watched(scenario, question, request, &progress.stop, &step, &mut stage).map_err(|error| {
                let (why, what_to_do) = refused(question, &error);
                self.nothing(std::iter::once(why).chain(what_to_do).collect::<Vec<_>>().join(". "))
            })?;
        let watched: (&AtomicBool, &(dyn Fn() + Sync)) = (&progress.stop, &step);
        let run = || required::beside(scenario, question, &answer, request.threads, &Pieces::alone(), watched);
        // Stopped now, the answer stands without it.
        let with_it = match (answer.ending != Ending::Interrupted).then(run).transpose() {
            Err(_) if progress.is_stopped() => None,
            found => found.map_err(NoResult::Failed)?,
        };
        let context = self.context();
        let required = Required {
            scenario,
            question,
            answer: &answer,
            uncertain: None,
            beside: with_it.as_ref(),
            context: &context,
        };
        let place = self.worker.folder.results_place(&self.results);
        let texts = files_of(&ask.loaded);
        write_required(&place, &required, &ask.loaded.text, &texts)
            .map_err(|error| NoResult::Failed(error.to_string()))?;
        let whole = answer.ending != Ending::Interrupted;
        let note = (!whole)
            .then(|| "Stopped before it was decided: the best so far is kept, and nothing is certified.".to_owned());
        let page = html::required_page(&required);
        let figures = chart::required(&required);
        let beside = Beside::of(&crate::output::required::staff(&required), &figures);
        Ok(self.kept(&page, beside, (whole, note), context))
    }
}

/// What to know before the answer.
fn note(progress: &Progress, replications: u32, asked: u32, precision: Option<Precision>) -> Option<String> {
    if progress.is_stopped() && replications < asked {
        return Some(format!(
            "Stopped after {} of {} replications; what was finished is kept and stated.",
            digits::count(replications.into()),
            digits::count(asked.into())
        ));
    }
    precision
        .filter(|found| !found.reached)
        .map(|_| "The precision that was asked for was not reached with the replications allowed.".to_owned())
}
