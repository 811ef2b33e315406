//! `serve`: a page on this machine for planners who use no command line.
//!
//! It listens on the loopback address only, serves one folder, and needs nothing from anywhere else. Pages are whole without
//! script; the script adds sliders, the cursor's line and progress without loading a page again. What a question does is what
//! the command line does with the same words, on the same calls, so the results are the same bytes; they lie in the folder.
//!
//! Who may ask is in `guard`, what lies in the folder in `folder`, which numbers a form has in `inputs`, what a form asks in
//! `ask`, what is under way in `jobs`, and how a question is answered in `work`. Whoever answers the browser never simulates:
//! that has threads of its own.

mod ask;
mod beside;
mod bundle;
mod connections;
mod download;
mod folder;
mod guard;
mod inputs;
mod jobs;
mod pages;
mod shipped;
mod work;

use std::convert::Infallible;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use axum::extract::multipart::{Multipart, MultipartError};
use axum::extract::rejection::{FormRejection, QueryRejection};
use axum::extract::{DefaultBodyLimit, Form, Path, Query, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use futures_util::stream::{Stream, unfold};
use maud::Markup;
use tokio::sync::Semaphore;

use ask::{Ask, Unasked};
use folder::{Folder, NotKept};
use inputs::Typed;
use jobs::{About, Full, Jobs, MOST_WAITING, Run, State as RunState};
use shipped::Shipped;
use work::Worker;

use crate::diagnostic::Diagnostic;
use crate::output::html::STYLE;
use crate::output::words;
use crate::scenario::{self, Loaded};

const OWN_STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");
/// A sign for the browser's tab: bars of three heights.
const ICON: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 16 16\"><path fill=\"#12436d\" d=\"M1 9h4v6H1zM6 \
                    5h4v10H6zM11 1h4v14h-4z\"/></svg>";
/// The most of a scenario \[bytes\], as the reader has it.
const MOST_SCENARIO: usize = 2_000_000;
/// The most bytes of a form without a file: far more than one with every number of the largest page. The text of a scenario takes
/// three bytes a letter at the most on its way.
const MOST_FORM: usize = 500_000;
/// The most of a data file \[bytes\].
const MOST_DATA: usize = 10_000_000;
/// The most files of one upload.
const MOST_FILES: usize = 20;
/// Bundles on their way at once.
const MOST_BUNDLES: usize = 4;
/// How often the page is told how far a run is.
const TICK: Duration = Duration::from_millis(400);

/// What to serve.
#[derive(Clone, Debug)]
pub struct Serve {
    /// The port; 0 takes any that is free.
    pub port: u16,
    /// The folder of scenarios and results.
    pub folder: PathBuf,
    /// Threads of a simulation; `None` uses every processor.
    pub threads: Option<u16>,
}

/// Why nothing is served.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The folder cannot be used.
    #[error("the folder {} cannot be used: {why}", .folder.display())]
    Folder {
        /// Which.
        folder: PathBuf,
        /// Why.
        why: io::Error,
    },
    /// The port is taken, or may not be used.
    #[error(
        "port {port} cannot be used: {why}. Is the page open already? Choose another with --port, or --port 0 for any"
    )]
    Port {
        /// Which.
        port: u16,
        /// Why.
        why: io::Error,
    },
    /// The machine gives out no threads, or the like.
    #[error("the page cannot be served: {0}")]
    Machine(#[from] io::Error),
}

/// What every page can use.
#[derive(Clone, Debug)]
struct House {
    folder: Arc<Folder>,
    jobs: Arc<Jobs>,
    ending: Arc<AtomicBool>,
    /// Places for bundles on their way: each is a copy of all the files of some results.
    bundles: Arc<Semaphore>,
}

/// Serves the page until `ending` becomes true; then a run under way is stopped, and what is finished of it kept. `opened` is told
/// the address of the page.
///
/// # Errors
/// [`ServeError`]
pub fn serve(what: &Serve, ending: &Arc<AtomicBool>, opened: impl FnOnce(&str)) -> Result<(), ServeError> {
    let folder = Folder::open(&what.folder).map_err(|why| ServeError::Folder {
        folder: what.folder.clone(),
        why,
    })?;
    let house = House {
        folder: Arc::new(folder),
        jobs: Arc::default(),
        ending: Arc::clone(ending),
        bundles: Arc::new(Semaphore::new(MOST_BUNDLES)),
    };
    // All pages are made on threads of this; one is enough to take requests.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, what.port));
    let listener = runtime
        .block_on(tokio::net::TcpListener::bind(address))
        .map_err(|why| ServeError::Port { port: what.port, why })?;
    let port = listener.local_addr()?.port();
    let worker = Worker {
        folder: Arc::clone(&house.folder),
        threads: what.threads,
    };
    let jobs = Arc::clone(&house.jobs);
    let simulation = std::thread::Builder::new()
        .name("simulation".into())
        .spawn(move || jobs.work(|ask, progress| worker.answer(ask, progress)))?;
    opened(&format!("http://127.0.0.1:{port}/"));
    runtime.block_on(connections::serve(listener, routes(house.clone(), port), ending));
    house.jobs.end();
    // Whatever is in hand is finished and written.
    let finished = simulation.join();
    finished.map_err(|_| ServeError::Machine(io::Error::other("the simulation ended with a fault of its own")))
}

fn routes(house: House, port: u16) -> Router {
    Router::new()
        .route("/", get(home))
        .route("/style.css", get(style))
        .route("/script.js", get(script))
        .route("/icon.svg", get(icon))
        .route("/shipped", post(shipped))
        .route("/upload", post(upload).layer(DefaultBodyLimit::max(guard::MOST_BYTES)))
        .route("/scenario/{name}", get(scenario_page).post(ask_of))
        .route(
            "/scenario/{name}/text",
            get(text_page)
                .post(save_text)
                .layer(DefaultBodyLimit::max(3 * MOST_SCENARIO)),
        )
        .route("/scenario/{name}/file", get(scenario_file))
        .route("/runs", get(runs))
        .route("/runs/{number}", get(run_page))
        .route("/runs/{number}/events", get(events))
        .route("/runs/{number}/cancel", post(cancel))
        .route("/beside", get(beside_page))
        .route("/results/{results}/{*file}", get(result_file))
        .route("/bundle/{results}", get(bundle_of))
        .fallback(|| async { pages::not_found("What you asked for") })
        .method_not_allowed_fallback(|| async {
            pages::refusal(
                StatusCode::METHOD_NOT_ALLOWED,
                "That cannot be asked so",
                "Use the buttons and links of the page.",
            )
        })
        .layer(DefaultBodyLimit::max(MOST_FORM))
        .layer(middleware::from_fn_with_state(port, guard::guard))
        .with_state(house)
}

/// A page as an answer.
fn shown(page: Markup) -> Response {
    Html(page.into_string()).into_response()
}

/// The same, where what was asked will not do.
fn shown_refused(page: Markup) -> Response {
    (StatusCode::UNPROCESSABLE_ENTITY, Html(page.into_string())).into_response()
}

/// Makes a page away from the thread that takes requests: files are read for it.
async fn made(make: impl FnOnce() -> Response + Send + 'static) -> Response {
    let made = tokio::task::spawn_blocking(make).await;
    made.unwrap_or_else(|_| {
        pages::refusal(
            StatusCode::INTERNAL_SERVER_ERROR,
            "A fault of the program",
            "Please report it, with the scenario and what you did.",
        )
    })
}

async fn style() -> Response {
    (
        [(header::CONTENT_TYPE, "text/css; charset=utf-8")],
        [STYLE, OWN_STYLE].concat(),
    )
        .into_response()
}

async fn script() -> Response {
    ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8")], SCRIPT).into_response()
}

async fn icon() -> Response {
    ([(header::CONTENT_TYPE, "image/svg+xml")], ICON).into_response()
}

async fn home(State(house): State<House>) -> Response {
    made(move || shown(pages::home::home(&house.folder, &house.jobs))).await
}

/// A page that says no; in a box, as it is large.
type Refusal = Box<Response>;

/// That what came is not what a page of ours sends; `status` is what reading it came to.
fn unreadable(status: StatusCode) -> Refusal {
    Box::new(if status == StatusCode::PAYLOAD_TOO_LARGE {
        pages::too_large()
    } else {
        pages::refusal(
            StatusCode::BAD_REQUEST,
            "That cannot be read",
            "Go back, load the page again and try once more.",
        )
    })
}

/// What a form holds; a page that says why where it cannot be read.
fn form(form: Result<Form<Typed>, FormRejection>) -> Result<Typed, Refusal> {
    form.map(|Form(typed)| typed)
        .map_err(|rejected| unreadable(rejected.status()))
}

fn not_kept(why: &NotKept) -> Response {
    pages::refusal(StatusCode::CONFLICT, "Not kept", why.why())
}

async fn shipped(State(house): State<House>, typed: Result<Form<Typed>, FormRejection>) -> Response {
    let typed = match form(typed) {
        Ok(typed) => typed,
        Err(page) => return *page,
    };
    made(move || {
        let name = inputs::typed(&typed, "shipped").unwrap_or_default();
        match Shipped::named(name) {
            None => pages::not_found("That scenario"),
            Some(shipped) => match shipped.copy(&house.folder) {
                Ok(()) => Redirect::to(&pages::at_scenario(shipped.name)).into_response(),
                Err(why) => not_kept(&why),
            },
        }
    })
    .await
}

/// Files as they came.
struct Uploaded {
    below: String,
    files: Vec<(String, Vec<u8>)>,
}

async fn taken(mut parts: Multipart) -> Result<Uploaded, Refusal> {
    let unreadable = |error: MultipartError| unreadable(error.status());
    let mut uploaded = Uploaded {
        below: String::new(),
        files: Vec::new(),
    };
    while let Some(part) = parts.next_field().await.map_err(unreadable)? {
        match part.name() {
            Some("below") => uploaded.below = part.text().await.map_err(unreadable)?.trim().to_owned(),
            Some("files") => {
                let name = part.file_name().unwrap_or_default().to_owned();
                let bytes = part.bytes().await.map_err(unreadable)?.to_vec();
                if name.is_empty() && bytes.is_empty() {
                    continue;
                }
                let most = if name.ends_with(".toml") {
                    MOST_SCENARIO
                } else {
                    MOST_DATA
                };
                if bytes.len() > most {
                    return Err(Box::new(pages::too_large()));
                }
                uploaded.files.push((name, bytes));
            }
            _ => {}
        }
    }
    if uploaded.files.is_empty() || uploaded.files.len() > MOST_FILES {
        return Err(Box::new(pages::refusal(
            StatusCode::UNPROCESSABLE_ENTITY,
            "Nothing was uploaded",
            &format!("Choose 1 to {MOST_FILES} files before pressing the button."),
        )));
    }
    Ok(uploaded)
}

async fn upload(State(house): State<House>, parts: Multipart) -> Response {
    let uploaded = match taken(parts).await {
        Ok(uploaded) => uploaded,
        Err(page) => return *page,
    };
    made(move || {
        // Data first: a scenario is looked at as soon as it is there.
        let (scenarios, data): (Vec<_>, Vec<_>) = uploaded.files.iter().partition(|(name, _)| name.ends_with(".toml"));
        for (name, bytes) in data {
            if !name.ends_with(".csv") {
                return not_kept(&NotKept::Name(format!(
                    "\"{name}\" is neither a scenario (.toml) nor a table (.csv)"
                )));
            }
            if let Err(why) = house.folder.keep_data(&uploaded.below, name, bytes) {
                return not_kept(&why);
            }
        }
        for (name, bytes) in &scenarios {
            if let Err(why) = house.folder.keep_scenario(name, bytes) {
                return not_kept(&why);
            }
        }
        match scenarios.first() {
            Some((name, _)) => Redirect::to(&pages::at_scenario(name)).into_response(),
            None => Redirect::to("/").into_response(),
        }
    })
    .await
}

/// A scenario with its warnings, or what is wrong with it.
type Looked = Result<(Loaded, Vec<Diagnostic>), Vec<Diagnostic>>;

/// A scenario of the folder as it is; nothing if there is none of that name.
fn read(house: &House, name: &str) -> Option<Looked> {
    let path = house.folder.scenario(name)?;
    Some(match scenario::read(&path) {
        Ok(mut loaded) => {
            let warnings = std::mem::take(&mut loaded.warnings).sorted();
            Ok((loaded, warnings))
        }
        Err(problems) => Err(problems.sorted()),
    })
}

/// The page of a scenario's text.
fn text_of(house: &House, name: &str, problems: &[Diagnostic]) -> Response {
    let Some(path) = house.folder.scenario(name) else {
        return pages::not_found(name);
    };
    let text = std::fs::read(&path).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    // A file that is far too large is none that is mended here.
    let text = if text.len() > MOST_SCENARIO { "" } else { &text };
    shown(pages::text::text(&pages::text::Shown {
        name,
        text,
        save_as: &house.folder.free_name(name),
        problems,
        refused: None,
    }))
}

async fn scenario_page(State(house): State<House>, Path(name): Path<String>) -> Response {
    made(move || match read(&house, &name) {
        None => pages::not_found(&name),
        Some(Err(problems)) => text_of(&house, &name, &problems),
        Some(Ok((loaded, warnings))) => shown(form_of(
            &house,
            &name,
            &loaded,
            &warnings,
            &Typed::new(),
            &Refused::default(),
        )),
    })
    .await
}

/// Why a form did not ask anything yet.
#[derive(Debug, Default)]
struct Refused {
    why: Vec<String>,
    problems: Vec<Diagnostic>,
}

fn form_of(
    house: &House,
    name: &str,
    loaded: &Loaded,
    warnings: &[Diagnostic],
    before: &Typed,
    refused: &Refused,
) -> Markup {
    let mut others = house.folder.scenarios();
    others.retain(|(other, _)| other != name);
    pages::scenario::scenario(&pages::scenario::Shown {
        name,
        loaded,
        warnings,
        others: &others,
        before,
        refused: &refused.why,
        problems: &refused.problems,
    })
}

async fn text_page(State(house): State<House>, Path(name): Path<String>) -> Response {
    made(move || match read(&house, &name) {
        None => pages::not_found(&name),
        Some(found) => text_of(&house, &name, &found.err().unwrap_or_default()),
    })
    .await
}

async fn save_text(
    State(house): State<House>,
    Path(name): Path<String>,
    typed: Result<Form<Typed>, FormRejection>,
) -> Response {
    let typed = match form(typed) {
        Ok(typed) => typed,
        Err(page) => return *page,
    };
    made(move || {
        if house.folder.scenario(&name).is_none() {
            return pages::not_found(&name);
        }
        let text = typed.iter().find(|(own, _)| own == "text").map_or("", |(_, text)| text);
        // Browsers send line breaks as Windows writes them.
        let text = text.replace("\r\n", "\n");
        let save_as = inputs::typed(&typed, "as").unwrap_or_default();
        let kept = if text.len() > MOST_SCENARIO {
            Err(NotKept::Name("a scenario is 2 MB at most".into()))
        } else {
            house.folder.keep_scenario(save_as, text.as_bytes())
        };
        match kept {
            Ok(()) => Redirect::to(&pages::at_scenario(save_as)).into_response(),
            Err(why) => {
                let free = house.folder.free_name(&name);
                shown_refused(pages::text::text(&pages::text::Shown {
                    name: &name,
                    text: &text,
                    save_as: &free,
                    problems: &[],
                    refused: Some(why.why()),
                }))
            }
        }
    })
    .await
}

async fn scenario_file(State(house): State<House>, Path(name): Path<String>) -> Response {
    made(move || match house.folder.scenario(&name) {
        None => pages::not_found(&name),
        Some(path) => file_at(&path, &name),
    })
    .await
}

async fn ask_of(
    State(house): State<House>,
    Path(name): Path<String>,
    typed: Result<Form<Typed>, FormRejection>,
) -> Response {
    let typed = match form(typed) {
        Ok(typed) => typed,
        Err(page) => return *page,
    };
    made(move || {
        let Some(path) = house.folder.scenario(&name) else {
            return pages::not_found(&name);
        };
        let asked = Ask::of(&path, &typed, |other| house.folder.scenario(other));
        let refused = match asked {
            Ok(ask) => return begun(&house, &name, ask),
            Err(Unasked::Typed(why)) => Refused {
                why,
                ..Refused::default()
            },
            Err(Unasked::Problems(problems)) => Refused {
                problems,
                ..Refused::default()
            },
        };
        match read(&house, &name) {
            Some(Ok((loaded, warnings))) => shown_refused(form_of(&house, &name, &loaded, &warnings, &typed, &refused)),
            Some(Err(problems)) => {
                let mut response = text_of(&house, &name, &problems);
                *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
                response
            }
            None => pages::not_found(&name),
        }
    })
    .await
}

fn begun(house: &House, name: &str, ask: Ask) -> Response {
    let about = About {
        verb: ask.verb,
        file: name.to_owned(),
        title: ask.loaded.scenario.title.clone(),
        changes: ask.said.clone(),
    };
    match house.jobs.add(ask, about) {
        Ok(run) => Redirect::to(&pages::at_run(run.number)).into_response(),
        Err(Full) => {
            let what_to_do = format!(
                "One run is simulated at a time and {MOST_WAITING} wait. Wait until one is done or stop one under Runs, then go \
                 back and ask again; what you typed is still there."
            );
            let mut response = pages::refusal(
                StatusCode::SERVICE_UNAVAILABLE,
                "There are as many runs as there can be",
                &what_to_do,
            );
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from_static("30"));
            response
        }
    }
}

async fn runs(State(house): State<House>) -> Response {
    made(move || shown(pages::run::runs(&house.jobs, &house.folder))).await
}

/// The run that a number in an address is of.
fn run_of(house: &House, number: &str) -> Option<Arc<Run>> {
    number.parse().ok().and_then(|number| house.jobs.run(number))
}

fn no_run(number: &str) -> Response {
    pages::not_found(&format!(
        "Run {number}: runs are forgotten when the program ends; their results are under Runs, which"
    ))
}

async fn run_page(State(house): State<House>, Path(number): Path<String>) -> Response {
    made(move || match run_of(&house, &number) {
        Some(run) => shown(pages::run::run(&run, &house.folder, &house.jobs)),
        None => no_run(&number),
    })
    .await
}

async fn cancel(State(house): State<House>, Path(number): Path<String>) -> Response {
    match run_of(&house, &number) {
        Some(run) => {
            run.cancel();
            Redirect::to(&pages::at_run(run.number)).into_response()
        }
        None => no_run(&number),
    }
}

/// How far a run is, again and again until it is over.
async fn events(State(house): State<House>, Path(number): Path<String>) -> Response {
    match run_of(&house, &number) {
        Some(run) => Sse::new(ticks(house, run))
            .keep_alive(KeepAlive::default())
            .into_response(),
        None => no_run(&number),
    }
}

fn ticks(house: House, run: Arc<Run>) -> impl Stream<Item = Result<Event, Infallible>> {
    // The first word comes at once; after the last there are no more.
    unfold(
        (house, run, Duration::ZERO, false),
        |(house, run, wait, told)| async move {
            if told || house.ending.load(Ordering::Relaxed) {
                return None;
            }
            tokio::time::sleep(wait).await;
            let over = run.state().is_over();
            let event = Event::default()
                .event(if over { "over" } else { "progress" })
                .data(how_far(&house, &run));
            Some((Ok(event), (house, run, TICK, over)))
        },
    )
}

/// One line of JSON for the script.
fn how_far(house: &House, run: &Run) -> String {
    let said = pages::run::progress_text(run, house.jobs.before(run.number));
    let share = run.progress.how_far().share;
    serde_json::json!({ "share": share, "text": said }).to_string()
}

async fn beside_page(State(house): State<House>, query: Result<Query<Typed>, QueryRejection>) -> Response {
    made(move || {
        let done = |run: Arc<Run>| match run.state() {
            RunState::Done(kept) => Some((run, kept)),
            _ => None,
        };
        let all: Vec<_> = house.jobs.all().into_iter().filter_map(done).collect();
        let typed = query.map(|Query(typed)| typed).unwrap_or_default();
        let wanted = typed
            .iter()
            .filter(|(name, _)| name == "run")
            .filter_map(|(_, n)| n.parse::<u32>().ok());
        let mut chosen: Vec<_> = Vec::new();
        for number in wanted {
            let found = all.iter().find(|(run, _)| run.number == number);
            let new = chosen.iter().all(|(run, _): &(Arc<Run>, _)| run.number != number);
            chosen.extend(found.filter(|_| new).cloned());
        }
        chosen.sort_by_key(|(run, _)| run.number);
        shown(pages::beside::beside(&chosen, &all))
    })
    .await
}

async fn result_file(State(house): State<House>, Path((results, file)): Path<(String, String)>) -> Response {
    made(move || match house.folder.result_file(&results, &file) {
        Some(path) => file_at(&path, &file),
        None => pages::not_found(&words::capital(&file)),
    })
    .await
}

/// All files of results in one.
async fn bundle_of(State(house): State<House>, Path(results): Path<String>) -> Response {
    // Whoever comes when all are taken waits, as long as any request may.
    let place = Arc::clone(&house.bundles).acquire_owned().await;
    made(move || {
        let files = house.folder.result_files(&results);
        if files.is_empty() {
            return pages::not_found(&results);
        }
        let found = files.into_iter().filter_map(|file| {
            let path = house.folder.result_file(&results, &file)?;
            Some((file, path))
        });
        match bundle::bundle(&results, found).and_then(|file| download::sent(file, "application/zip", place)) {
            Ok(response) => response,
            Err(error) => pages::refusal(
                StatusCode::INTERNAL_SERVER_ERROR,
                "The files cannot be put together",
                &format!("{error}. They lie in {}.", house.folder.results_shown(&results)),
            ),
        }
    })
    .await
}

/// A file as it lies there. It may be opened, but does nothing beyond itself.
fn file_at(path: &std::path::Path, name: &str) -> Response {
    let kind = match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "csv" => "text/csv; charset=utf-8",
        "json" => "application/json",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "toml" | "txt" | "md" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    };
    match std::fs::File::open(path).and_then(|file| download::sent(file, kind, ())) {
        Ok(mut response) => {
            let policy = HeaderValue::from_static(guard::FILE);
            response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
            response
        }
        Err(_) => pages::not_found(name),
    }
}
