//! The results folder: what lies in it. How it comes into its place is `place`'s.

use std::io;
use std::path::{Path, PathBuf};

use rayon::prelude::{IntoParallelRefIterator as _, ParallelIterator as _};

use crate::answers::check::CheckAnswer;
use crate::answers::pooling::PoolingAnswer;
use crate::answers::run::RunAnswer;
use crate::model::Scenario;
use crate::output::allocate::{self, Allocated};
use crate::output::chart::Figure;
use crate::output::compare::{self, Compared};
use crate::output::place::replace;
#[cfg(feature = "png")]
use crate::output::png::png;
use crate::output::required::{self, Required};
use crate::output::sensitivity::{self, Sensed};
use crate::output::workbook::{self, WorkbookError};
use crate::output::{
    RunContext, calibrate, chart, csv, equity, html, json, pooling, published, sliders, uncertain, words,
};

/// A file that the scenario was read from, or refers to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// Path below the scenario's folder, with `/` between its parts.
    pub path: String,
    /// Content.
    pub bytes: Vec<u8>,
}

/// The files that are always written, beside `charts/` and what the scenario refers to.
const OURS: [&str; 15] = [
    "summary.csv",
    "equity.csv",
    "replications.csv",
    "hourly.csv",
    "causes.csv",
    "outcomes.csv",
    "beds.csv",
    "money.csv",
    "causes_hourly.csv",
    "monthly.csv",
    "weekly.csv",
    "run.json",
    "scenario.toml",
    "report.html",
    workbook::NAME,
];

/// Of those, the tables that hold the figures of a run.
pub(super) fn tables() -> impl Iterator<Item = &'static str> {
    OURS.into_iter().filter(|name| name.ends_with(".csv"))
}

/// What `pooling` writes beside the scenario.
const POOLING: [&str; 2] = ["pooling.csv", "pooling.json"];
/// What `compare` writes beside the report, the charts and the scenarios.
const COMPARE: [&str; 2] = ["compare.csv", "compare.json"];
/// What `required` writes beside the report, the charts and the scenario.
const REQUIRED: [&str; 5] = [
    "required.csv",
    "certificate.csv",
    "tried.csv",
    "required.json",
    "answer.toml",
];
/// What `allocate` writes beside the report, the charts and the scenario.
const ALLOCATE: [&str; 2] = ["allocate.csv", "allocate.json"];
/// What `calibrate` writes beside the report, the charts and the scenarios.
const CALIBRATE: [&str; 2] = ["calibrate.csv", "calibrate.json"];
/// The scenario with calibrated values.
const CALIBRATED: &str = "calibrated.toml";
/// What `sensitivity` writes beside the report, the charts and the scenario.
const SENSITIVITY: [&str; 2] = ["sensitivity.csv", "sensitivity.json"];
/// What is written besides where causes were switched off.
const SWITCHED_OFF: &str = "switched_off.csv";
/// What is written besides where inputs were drawn.
const UNCERTAIN: &str = "uncertain.csv";
/// The same by month, and of causes.
const UNCERTAIN_MONTHLY: &str = "uncertain_monthly.csv";
const UNCERTAIN_CAUSES: &str = "uncertain_causes.csv";
/// What is written besides where published months were given.
const PUBLISHED: &str = "published.csv";
/// What is written besides where staff are to be slid.
const SLIDERS: &str = "sliders.csv";
/// The same of `required`.
const NEEDED: &str = "needed.csv";

/// Files of which at least one pair is in every results folder.
pub(super) const KNOWN: [[&str; 2]; 7] = [
    ["run.json", "summary.csv"],
    POOLING,
    COMPARE,
    ALLOCATE,
    CALIBRATE,
    [REQUIRED[0], REQUIRED[3]],
    SENSITIVITY,
];

/// Results could not be written. What was there before is still there.
#[derive(Debug, thiserror::Error)]
pub enum ResultsError {
    /// A file or folder could not be written.
    #[error("cannot write {}: {source}", path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The place is taken by something that is not a results folder.
    #[error("{} is not a results folder of an earlier run; choose another folder", .0.display())]
    NotResults(PathBuf),
    /// The place of a report is taken by something else.
    #[error("{} is not a report of homefirst; choose another name", .0.display())]
    NotReport(PathBuf),
    /// Something is mounted on the folder, so that nothing can take its place.
    #[error(
        "{} cannot be replaced, since another disk or folder is mounted there; choose a folder within it, such as {}",
        .0.display(), .0.join("results").display()
    )]
    Mounted(PathBuf),
    /// Earlier results were just being replaced when a command was killed, and a file is to take their name.
    #[error(
        "{} is the name of results that a killed command has left as {}; move these back or away, or choose another name",
        path.display(), found.display()
    )]
    SteppedAside {
        /// The name.
        path: PathBuf,
        /// Where the results are.
        found: PathBuf,
    },
    /// The folder has no name to be written under, such as `/` or `..`.
    #[error("{} cannot be a results folder", .0.display())]
    NoName(PathBuf),
    /// A file that the scenario refers to would leave the folder, or take the place of a result.
    #[error("the scenario refers to `{0}`, which cannot be copied beside the results")]
    Misplaced(String),
    /// An answer has no form in CSV.
    #[error(transparent)]
    Csv(#[from] csv::CsvError),
    /// An answer has no form in JSON.
    #[error("cannot write run.json: {0}")]
    Json(#[from] serde_json::Error),
    /// The workbook could not be made.
    #[error(transparent)]
    Workbook(#[from] WorkbookError),
}

/// Writes everything there is to say about a run into `dir`.
///
/// `scenario_text` is the runnable scenario (base and changes merged) and `files` are those it refers to. An earlier
/// results folder in that place is replaced only when the new one is complete.
///
/// # Errors
/// [`ResultsError`]; whatever was at `dir` is then untouched.
pub fn write_results(
    dir: &Path,
    scenario: &Scenario,
    scenario_text: &str,
    files: &[SourceFile],
    answer: &RunAnswer,
    check: &CheckAnswer,
    ctx: &RunContext,
) -> Result<(), ResultsError> {
    let mut contents: Vec<(String, Vec<u8>)> = vec![
        ("summary.csv".into(), csv::summary(scenario, answer)?.into()),
        ("equity.csv".into(), equity::csv(scenario, answer)?.into()),
        ("replications.csv".into(), csv::replications(scenario, answer)?.into()),
        ("hourly.csv".into(), csv::hourly(scenario, answer)?.into()),
        ("causes.csv".into(), csv::causes(scenario, answer)?.into()),
        ("causes_hourly.csv".into(), csv::causes_hourly(scenario, answer)?.into()),
        ("outcomes.csv".into(), csv::outcomes(scenario, answer)?.into()),
        ("beds.csv".into(), csv::beds(scenario, answer)?.into()),
        ("money.csv".into(), csv::money(scenario, answer)?.into()),
        ("monthly.csv".into(), csv::monthly(scenario, answer)?.into()),
        ("weekly.csv".into(), csv::weekly(scenario, answer)?.into()),
        ("run.json".into(), json::run(scenario, answer, check, ctx)?.into()),
        ("scenario.toml".into(), scenario_text.as_bytes().to_vec()),
        ("report.html".into(), html::report(scenario, answer, check, ctx).into()),
    ];
    if !answer.switched_off.is_empty() {
        contents.push((SWITCHED_OFF.into(), csv::switched_off(scenario, answer)?.into()));
    }
    if let Some(of) = &answer.uncertain {
        contents.push((UNCERTAIN.into(), uncertain::csv(scenario, &[("", of)])?.into()));
        let monthly = uncertain::months::csv(scenario, of)?;
        contents.extend(monthly.map(|text| (UNCERTAIN_MONTHLY.into(), text.into())));
        let causes = uncertain::causes::csv(scenario, of)?;
        contents.extend(causes.map(|text| (UNCERTAIN_CAUSES.into(), text.into())));
    }
    if !answer.published.is_empty() {
        contents.push((PUBLISHED.into(), published::csv(scenario, answer)?.into()));
    }
    if let Some(of) = &answer.sliders {
        contents.push((SLIDERS.into(), sliders::csv(scenario, of)?.into()));
    }
    add_figures(&mut contents, chart::all(scenario, answer));
    for file in files {
        contents.push((placed(&file.path)?, file.bytes.clone()));
    }
    contents.push(spreadsheet(scenario, &scenario.title, ctx, &contents)?);
    replace(dir, &contents)
}

/// Writes what pooling came to into `dir`, as [`write_results`] does.
///
/// # Errors
/// [`ResultsError`]; whatever was at `dir` is then untouched.
pub fn write_pooling(
    dir: &Path,
    scenario: &Scenario,
    scenario_text: &str,
    files: &[SourceFile],
    answer: &PoolingAnswer,
    ctx: &RunContext,
) -> Result<(), ResultsError> {
    let mut contents: Vec<(String, Vec<u8>)> = vec![
        ("pooling.csv".into(), pooling::csv(scenario, answer)?.into()),
        ("pooling.json".into(), pooling::json(scenario, answer, ctx)?.into()),
        ("scenario.toml".into(), scenario_text.as_bytes().to_vec()),
    ];
    let drawn = pooling::uncertain_csv(scenario, answer)?;
    contents.extend(drawn.map(|text| (UNCERTAIN.into(), text.into())));
    for file in files {
        contents.push((placed(&file.path)?, file.bytes.clone()));
    }
    contents.push(spreadsheet(
        scenario,
        &format!("{}: sharing staff", scenario.title),
        ctx,
        &contents,
    )?);
    replace(dir, &contents)
}

/// Writes the answer of how many staff are needed into `dir`, as [`write_results`] does, with the scenario and, as a what-if on it,
/// the answer.
///
/// # Errors
/// As [`write_results`].
pub fn write_required(
    dir: &Path,
    required: &Required<'_>,
    scenario_text: &str,
    files: &[SourceFile],
) -> Result<(), ResultsError> {
    let mut contents: Vec<(String, Vec<u8>)> = vec![
        (REQUIRED[0].into(), required::csv(required)?.into()),
        (REQUIRED[1].into(), required::certificate_csv(required)?.into()),
        (REQUIRED[2].into(), required::tried_csv(required)?.into()),
        (REQUIRED[3].into(), required::json(required)?.into()),
        (REQUIRED[4].into(), required::answer_file(required).into()),
        ("report.html".into(), html::required(required).into()),
        ("scenario.toml".into(), scenario_text.as_bytes().to_vec()),
    ];
    if let Some(of) = required.uncertain {
        contents.push((NEEDED.into(), required::needed_csv(required, of)?.into()));
    }
    add_figures(
        &mut contents,
        chart::required(required).into_iter().chain(chart::needed(required)),
    );
    for file in files {
        contents.push((placed(&file.path)?, file.bytes.clone()));
    }
    contents.push(spreadsheet(
        required.scenario,
        &format!("{}: staff required", required.scenario.title),
        required.context,
        &contents,
    )?);
    replace(dir, &contents)
}

/// Writes a comparison into `dir`, as [`write_results`] does: the base and every option as one file each below `scenarios/`,
/// with `files`, those that they refer to, beside them.
///
/// # Errors
/// [`ResultsError`]; whatever was at `dir` is then untouched.
pub fn write_compare(dir: &Path, compared: &Compared<'_>, files: &[SourceFile]) -> Result<(), ResultsError> {
    let mut contents: Vec<(String, Vec<u8>)> = vec![
        (COMPARE[0].into(), compare::csv(compared)?.into()),
        (COMPARE[1].into(), compare::json(compared)?.into()),
        ("report.html".into(), html::compare(compared).into()),
    ];
    let drawn = compared.answer.options.iter().zip(&compared.answer.uncertain);
    let drawn: Vec<_> = drawn.map(|(option, of)| (option.name.as_str(), of)).collect();
    if !drawn.is_empty() {
        contents.push((UNCERTAIN.into(), uncertain::csv(compared.base, &drawn)?.into()));
    }
    let kept = |name: &str| format!("scenarios/{name}.toml");
    contents.push((kept(&compared.base.name), compared.text.into()));
    for (shown, option) in compared.pairs() {
        contents.push((kept(&option.name), shown.text.clone().into()));
    }
    add_figures(&mut contents, chart::compare(compared));
    for file in files {
        let place = format!("scenarios/{}", placed(&file.path)?);
        if contents
            .iter()
            .any(|(taken, _)| taken.to_lowercase() == place.to_lowercase())
        {
            return Err(ResultsError::Misplaced(file.path.clone()));
        }
        contents.push((place, file.bytes.clone()));
    }
    contents.push(spreadsheet(
        compared.base,
        &format!("{}: options compared", compared.base.title),
        compared.context,
        &contents,
    )?);
    replace(dir, &contents)
}

/// Writes where more staff do most good into `dir`, as [`write_results`] does.
///
/// # Errors
/// [`ResultsError`]; whatever was at `dir` is then untouched.
pub fn write_allocate(
    dir: &Path,
    allocated: &Allocated<'_>,
    scenario_text: &str,
    files: &[SourceFile],
) -> Result<(), ResultsError> {
    let mut contents: Vec<(String, Vec<u8>)> = vec![
        (ALLOCATE[0].into(), allocate::csv(allocated)?.into()),
        (ALLOCATE[1].into(), allocate::json(allocated)?.into()),
        ("scenario.toml".into(), scenario_text.as_bytes().to_vec()),
        ("report.html".into(), html::allocate(allocated).into()),
    ];
    let what_ifs = allocate::what_ifs(allocated).into_iter();
    contents.extend(what_ifs.map(|(name, text)| (name.to_owned(), text.into_bytes())));
    if let Some(of) = allocated.uncertain {
        contents.push((UNCERTAIN.into(), allocate::uncertain_csv(allocated, of)?.into()));
    }
    add_figures(&mut contents, chart::allocate(allocated));
    for file in files {
        let place = placed(&file.path)?;
        if contents.iter().any(|(taken, _)| *taken == place.to_lowercase()) {
            return Err(ResultsError::Misplaced(file.path.clone()));
        }
        contents.push((place, file.bytes.clone()));
    }
    contents.push(spreadsheet(
        allocated.scenario,
        &placing(allocated),
        allocated.context,
        &contents,
    )?);
    replace(dir, &contents)
}

/// Writes a calibration into `dir`, as [`write_results`] does: the scenario as it was read, and with calibrated values where
/// there are such.
///
/// # Errors
/// [`ResultsError`]; whatever was at `dir` is then untouched.
pub fn write_calibrate(dir: &Path, shown: &calibrate::Shown<'_>, files: &[SourceFile]) -> Result<(), ResultsError> {
    let mut contents: Vec<(String, Vec<u8>)> = vec![
        (CALIBRATE[0].into(), calibrate::csv(shown)?.into()),
        (CALIBRATE[1].into(), calibrate::json(shown)?.into()),
        ("report.html".into(), html::calibrate(shown).into()),
        ("scenario.toml".into(), shown.text.into()),
    ];
    contents.extend(shown.calibrated.map(|text| (CALIBRATED.into(), text.into())));
    add_figures(&mut contents, chart::calibrate(shown));
    for file in files {
        contents.push((placed(&file.path)?, file.bytes.clone()));
    }
    contents.push(spreadsheet(
        shown.scenario,
        &format!("{}: unknown inputs, calibrated", shown.scenario.title),
        shown.context,
        &contents,
    )?);
    replace(dir, &contents)
}

/// Writes what `sensitivity` found into `dir`, as [`write_results`] does.
///
/// # Errors
/// [`ResultsError`]; whatever was at `dir` is then untouched.
pub fn write_sensitivity(
    dir: &Path,
    sensed: &Sensed<'_>,
    scenario_text: &str,
    files: &[SourceFile],
) -> Result<(), ResultsError> {
    let mut contents: Vec<(String, Vec<u8>)> = vec![
        (SENSITIVITY[0].into(), sensitivity::csv(sensed)?.into()),
        (SENSITIVITY[1].into(), sensitivity::json(sensed)?.into()),
        ("scenario.toml".into(), scenario_text.as_bytes().to_vec()),
        ("report.html".into(), html::sensitivity(sensed).into()),
    ];
    add_figures(&mut contents, chart::tornado(sensed));
    for file in files {
        contents.push((placed(&file.path)?, file.bytes.clone()));
    }
    contents.push(spreadsheet(
        sensed.scenario,
        &format!("{}: which input matters", sensed.scenario.title),
        sensed.context,
        &contents,
    )?);
    replace(dir, &contents)
}

/// Without the drawing of pictures there are none.
#[cfg(not(feature = "png"))]
const fn png(_: &str) -> Option<Vec<u8>> {
    None
}

/// Adds figures, each as text that scales and as a picture of dots.
fn add_figures(contents: &mut Vec<(String, Vec<u8>)>, figures: impl IntoIterator<Item = Figure>) {
    let figures: Vec<Figure> = figures.into_iter().collect();
    let pictures: Vec<Option<Vec<u8>>> = figures.par_iter().map(|figure| png(&figure.svg)).collect();
    for (figure, picture) in figures.into_iter().zip(pictures) {
        let place = |ending: &str| format!("charts/{}.{ending}", figure.name);
        contents.extend(picture.map(|dots| (place("png"), dots)));
        contents.push((place("svg"), figure.svg.into()));
    }
}

/// The tables of a folder as one workbook.
fn spreadsheet(
    scenario: &Scenario,
    title: &str,
    context: &RunContext,
    contents: &[(String, Vec<u8>)],
) -> Result<(String, Vec<u8>), ResultsError> {
    let bytes = workbook::workbook(scenario, title, context, contents)?;
    Ok((workbook::NAME.into(), bytes))
}

/// What an allocation is about.
fn placing(allocated: &Allocated<'_>) -> String {
    let request = &allocated.answer.request;
    let role = words::role_inside(allocated.scenario, request.role);
    format!(
        "{}: where {} more of {role} do most good",
        allocated.scenario.title, request.extra
    )
}

/// The path of a referenced file, if it stays inside the folder and takes nobody's place.
fn placed(path: &str) -> Result<String, ResultsError> {
    let parts: Vec<&str> = path.split('/').filter(|p| *p != ".").collect();
    let inside = !parts.is_empty()
        && parts
            .iter()
            .all(|p| !p.is_empty() && *p != ".." && !p.contains(['\\', ':', '\0']));
    let clean = parts.join("/");
    let lower = clean.to_lowercase();
    let ours = OURS
        .iter()
        .chain(&POOLING)
        .chain(&REQUIRED)
        .chain(&ALLOCATE)
        .chain(&CALIBRATE)
        .chain(&SENSITIVITY);
    let free = !ours.copied().any(|name| name == lower)
        && ![
            CALIBRATED,
            SWITCHED_OFF,
            UNCERTAIN,
            UNCERTAIN_MONTHLY,
            UNCERTAIN_CAUSES,
            NEEDED,
        ]
        .contains(&lower.as_str())
        && lower != "charts"
        && !lower.starts_with("charts/");
    if inside && free {
        Ok(clean)
    } else {
        Err(ResultsError::Misplaced(path.into()))
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::{ResultsError, SourceFile, write_results};
    use crate::output::sample;

    fn write(dir: &Path, files: &[SourceFile]) -> Result<(), ResultsError> {
        let (scenario, answer) = (sample::scenario(), sample::answer());
        write_results(
            dir,
            &scenario,
            "format = 1\n",
            files,
            &answer,
            &sample::check(),
            &sample::context(),
        )
    }

    fn profile(path: &str) -> SourceFile {
        SourceFile {
            path: path.into(),
            bytes: b"1,2,3\n".to_vec(),
        }
    }

    #[test]
    fn everything_is_written_and_an_earlier_run_is_replaced_whole() {
        let home = tempfile::tempdir().unwrap();
        let dir = home.path().join("results").join("home-first");
        write(&dir, &[profile("profiles/crisis.csv")]).unwrap();
        for name in super::OURS
            .into_iter()
            .chain(["charts/waits.svg", "profiles/crisis.csv"])
        {
            assert!(dir.join(name).is_file(), "{name}");
        }
        fs::write(dir.join("charts").join("stale.svg"), "old").unwrap();
        write(&dir, &[]).unwrap();
        assert!(!dir.join("charts/stale.svg").exists() && !dir.join("profiles").exists());
        let left: Vec<_> = fs::read_dir(home.path().join("results")).unwrap().collect();
        assert_eq!(left.len(), 1, "{left:?}");
    }

    #[test]
    fn a_folder_that_is_not_ours_is_left_alone() {
        let home = tempfile::tempdir().unwrap();
        fs::write(home.path().join("thesis.doc"), "years of work").unwrap();
        assert!(matches!(write(home.path(), &[]), Err(ResultsError::NotResults(_))));
        assert!(home.path().join("thesis.doc").exists());
        assert!(matches!(write(Path::new(".."), &[]), Err(ResultsError::NoName(_))));
        let file = home.path().join("thesis.doc");
        assert!(matches!(write(&file, &[]), Err(ResultsError::NotResults(_))));
    }

    #[test]
    fn a_failure_leaves_the_earlier_results_as_they_were() {
        let home = tempfile::tempdir().unwrap();
        let dir = home.path().join("a");
        write(&dir, &[]).unwrap();
        let before = fs::read(dir.join("run.json")).unwrap();
        // A file where a folder is wanted: writing fails half-way.
        let files = [profile("x"), profile("x/y.csv")];
        assert!(matches!(write(&dir, &files), Err(ResultsError::Io { .. })));
        assert_eq!(fs::read(dir.join("run.json")).unwrap(), before);
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 1);
    }

    #[test]
    fn referenced_files_stay_inside_and_take_nobodys_place() {
        let home = tempfile::tempdir().unwrap();
        let dir = home.path().join("a");
        for path in [
            "../x.csv",
            "/etc/x",
            "C:/x",
            "a\\..\\x",
            "",
            "summary.csv",
            "Report.html",
            "charts/waits.svg",
            "a//b",
        ] {
            assert!(
                matches!(write(&dir, &[profile(path)]), Err(ResultsError::Misplaced(_))),
                "{path}"
            );
        }
        assert!(!dir.exists());
    }

    #[test]
    fn the_same_answer_gives_the_same_bytes() {
        let home = tempfile::tempdir().unwrap();
        let (a, b) = (home.path().join("a"), home.path().join("b"));
        write(&a, &[]).unwrap();
        write(&b, &[]).unwrap();
        for name in super::OURS {
            assert_eq!(
                fs::read(a.join(name)).unwrap(),
                fs::read(b.join(name)).unwrap(),
                "{name}"
            );
        }
    }
}
