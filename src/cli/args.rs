//! What may be typed.

use std::fmt;
use std::path::PathBuf;

use clap::{Parser, Subcommand};

use crate::answers::allocate::MOST_EXTRA;
use crate::pieces::{BUILD, MOST_PIECES};
use crate::scenario::PRECISION;
use crate::units::{Points, Span};

/// The largest seed: the largest whole number of a scenario file.
const MOST_SEED: u64 = u64::MAX >> 1;

/// How many staff does urgent community response and reablement need?
///
/// Reads a scenario file, simulates the service many times, and says how often people are seen in time, hub by hub,
/// and how sure that is.
#[derive(Debug, Parser)]
#[command(
    version,
    long_version = BUILD,
    after_help = "Exit codes: 0 answered, 1 not finished (a fault of the program or the machine), 2 wrong command line, \
                  3 the scenario has errors, 4 nothing within the bounds will do (no \
                  staffing meets the target, no inputs reproduce what was reported), 5 precision not reached, 6 pieces are \
                  still to be made."
)]
pub(super) struct Args {
    #[command(subcommand)]
    pub(super) command: Command,
}

/// A question, with what else is said about how it is answered.
#[derive(Debug, clap::Args)]
pub(super) struct With<T: clap::Args, W: clap::Args> {
    #[command(flatten)]
    pub(super) of: T,
    #[command(flatten)]
    pub(super) how: W,
}

/// What can be divided, and gone on with.
#[derive(Debug, Subcommand)]
pub(super) enum Ask<W: clap::Args> {
    /// How does this service do? Simulates it and writes tables, charts and a report
    Run(With<RunOnlyArgs, W>),
    /// Why are standards missed? Tries it again without each cause
    #[command(
        after_help = "Every miss has one cause; causes add up to the misses. A cause is then switched off (no travel \
        time, no triage, nobody on leave, and so on, where there is such a thing), and the same people are simulated again. \
        The effects do not add up: whom one cause lets go another may hold, and more people seen are more packages for the \
        same staff. Takes as long as that many runs. Writes what run writes, and switched_off.csv. With --uncertain also which cause \
        is the largest in how many draws of the inputs, in uncertain_causes.csv; switching off is with the inputs as stated."
    )]
    Explain(With<ExplainArgs, W>),
    /// What do options change? The same people in the base and in every option, with differences and their certainty
    #[command(
        after_help = "Options are scenario files, usually what-ifs on the base, or changes given by --option. Everything is \
        simulated on the base's seed, window, replications and confidence, so that the same people come in all of them; then \
        what chance does to both sides of a difference cancels. Writes compare.csv, compare.json, charts, a report, and \
        every scenario as one file."
    )]
    Compare(With<CompareArgs, W>),
    /// How many staff are needed to hold the standards? The least staffing, with a certificate of how sure that is
    #[command(
        after_help = "The question stands in the file: `[required]` with the levels wanted, where, how sure, and the staff \
        numbers that may be moved. Searches on the same people everywhere, then certifies on other people that every level is \
        met and that nothing smaller (by WTE or by cost) meets them all. Replications are made where they are needed, so that of the file only \
        the seed and the measured time count. Exit code 4 if no staffing within the bounds meets the levels, 5 if the \
        replications allowed did not decide it, or Ctrl-C came first: then the best so far is kept, not certified (where there is one yet: else nothing is written, and the exit code is 1). Writes required.csv, certificate.csv, tried.csv, required.json, a report, \
        charts, and answer.toml: the scenario with that staff. With --uncertain also what would be needed in each draw of the \
        inputs, uncertified, in needed.csv."
    )]
    Required(With<RequiredArgs, W>),
    /// Where do more staff of a role do most good? The best placement over the hubs, and the price of fairness
    #[command(
        after_help = "Placements are chosen on some replications and confirmed on others, always on the same people: the one \
        with the largest service level over all hubs, the one that is best for the worst hub, an even share, and one in the \
        present proportions. WTE are placed; where people on shift are given instead (on-shift, rota), people on shift at \
        every time at which there are some. Writes allocate.csv, allocate.json, charts, a report, and of WTE the placements as \
        what-ifs. With --uncertain also what they gain in each draw of the inputs, in uncertain.csv."
    )]
    Allocate(With<AllocateArgs, W>),
    /// Which values of the unknown inputs reproduce what was reported? The plausible set, and what cannot be told
    #[command(
        after_help = "The file says what was reported ([[observed]]) and what is not known, within which range ([[unknown]]). \
        Inputs are simulated in waves, and what cannot give the figures within their own uncertainty is ruled out; what is left \
        is the plausible set. Writes calibrate.csv (that set, with weights), calibrate.json, charts, a report, and \
        calibrated.toml: one set of values that gives back the figures, as near to the file's own as can be. --replications \
        and --precision are those of that last part. Exit code 4 says that no values within the ranges reproduce the figures."
    )]
    Calibrate(With<CalibrateArgs, W>),
    /// What would sharing staff between hubs be worth? The same staff as separate hubs, as neighbours and as one pool
    Pooling(With<PoolingArgs, W>),
    /// Which input matters, and which is worth going to measure? Moves the ranges that the file states
    #[command(
        after_help = "Inputs are the ranges of the file: `low` and `high` in [assumptions], and [[unknown]]. First each is moved \
        alone to both ends of its range, then all together; the same people everywhere. Says how far each moves every service \
        level, what share of the doubt is due to it, and how much smaller the doubt would be if it were known. Makes 10 \
        replications of each end unless --replications says otherwise. Writes sensitivity.csv, sensitivity.json, charts and a \
        report."
    )]
    Sensitivity(With<SensitivityArgs, W>),
    /// From which month on is the target met? Month by month, with deadlines; writes what `run` writes
    #[command(
        after_help = "With --uncertain also from when on the target is met in how many draws of the inputs, month by month, in \
        uncertain_monthly.csv."
    )]
    Trajectory(With<TrajectoryArgs, W>),
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    #[command(flatten)]
    Ask(Ask<PiecesArgs>),
    /// What do I hand over? One report, in the order of a committee, of what lies in results folders
    #[command(
        after_help = "Puts together what run, trajectory, explain, compare, allocate, required, sensitivity and calibrate have written, \
        whichever of them there are; nothing is simulated. What is of different scenarios, versions or seeds is said at the \
        beginning, and what was not asked at the end. Room is left for a recommendation and for who answers for the work."
    )]
    Report(ReportArgs),
    /// Divide a question into pieces for any number of machines
    #[command(
        after_help = "Pieces are made by `homefirst piece DIR N`, or by the question's own command with --shard N/PIECES --out DIR, in \
        any order, on any machine that sees the folder, as often as you like; `homefirst merge DIR` gives the answer, the same \
        bytes as one machine's. The folder holds the plan and copies of the files, so that it needs nothing else. What looks at \
        what it has found before it goes on (--precision, and all verbs but run, explain, compare and trajectory) takes several rounds: merge says so, and the same \
        pieces are made again."
    )]
    Plan(PlanArgs),
    /// Make one piece of a planned question
    Piece(PieceArgs),
    /// The answer from all pieces of a planned question
    #[command(
        after_help = "Writes what the question's own command writes, with the same bytes (what run.json says of the command typed and \
        of timing apart). Exit code 6 says that pieces are missing, or that another round is to be made; damaged pieces, and pieces of \
        another question, version or division, are refused by name, and nothing is written."
    )]
    Merge(MergeArgs),
    /// Is the file sound, and what does it mean? Nothing is simulated
    Check(CheckArgs),
    /// What happened in one replication? Writes every event as CSV, for process tools
    Trace(TraceArgs),
    /// Write a file to start from: a small service, or a what-if on another file
    New(NewArgs),
    /// Is the warm-up long enough? Looks at the first weeks of the service, and at a warm-up twice as long
    WarmUp(WarmUpArgs),
    /// A page on this machine: choose a scenario, change numbers, ask, and see results without the command line
    #[cfg(feature = "web")]
    #[command(
        after_help = "Prints the address to open in a browser. It is for this machine only, and nothing is sent anywhere. \
        Scenarios are those of the folder; results go below it, each run to a folder of its own. Ctrl-C ends it: a run under way \
        is stopped, and what is finished of it kept. Whoever can log in to this machine can open the page while it runs."
    )]
    Serve(ServeArgs),
    /// Print the JSON Schema of scenario files, for editors
    Schema,
}

#[cfg(feature = "web")]
#[derive(Debug, clap::Args)]
pub(super) struct ServeArgs {
    /// Port; 0 takes any that is free
    #[arg(long, value_name = "N", default_value_t = 8020)]
    pub(super) port: u16,
    /// Folder of the scenarios; results go below it, to `results`
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub(super) folder: PathBuf,
    /// Threads of a simulation; all processors if left out. The results are the same for any number
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(super) threads: Option<u16>,
}

#[derive(Debug, clap::Args)]
pub(super) struct NewArgs {
    /// Where; my-service.toml if left out, or what-if.toml beside the base. A file that is there is never written over
    pub(super) file: Option<PathBuf>,
    /// Scenario file that it is to be a what-if on
    #[arg(long, value_name = "FILE")]
    pub(super) base: Option<PathBuf>,
}

/// An option that is a value set over the file's, said in its own words.
#[derive(Clone, Debug)]
pub(super) struct Typed {
    /// As for `--set`.
    pub(super) set: String,
    /// The option.
    pub(super) option: &'static str,
    /// What was typed after it.
    pub(super) text: String,
}

#[derive(Debug, clap::Args)]
pub(super) struct RunArgs {
    /// Scenario file
    pub(super) file: PathBuf,
    /// Replications, instead of those in the file
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(2..=100_000))]
    pub(super) replications: Option<u32>,
    /// Go on until every service level over all hubs is known to plus or minus this, such as "0.5 points"; replications are
    /// then the most that are made, and exit code 5 says that they were not enough
    #[arg(long, value_name = "POINTS", value_parser = precision)]
    pub(super) precision: Option<Points>,
    /// A value set over the file's, as often as needed: hub.Charnwood.staff.nurse=7, or "hub.*.staff.nurse=7"
    #[arg(long = "set", value_name = "PATH=VALUE")]
    pub(super) set: Vec<String>,
    /// Which of these came by options of their own.
    #[arg(skip)]
    pub(super) typed: Vec<Typed>,
    /// Seed, instead of that in the file
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(..=MOST_SEED))]
    pub(super) seed: Option<u64>,
    /// Threads; all processors if left out. The results are the same for any number
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(super) threads: Option<u16>,
    /// Folder for the results, instead of the one below results with the name of the scenario (and -explained, -compared, -allocated or -sensitivity)
    #[arg(long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,
    /// Print the answer as one JSON document, and nothing else, on standard output
    #[arg(long)]
    pub(super) json: bool,
}

/// The half-width at which to stop.
pub(super) fn precision(typed: &str) -> Result<Points, String> {
    let points = Points::parse(typed).map_err(|error| error.to_string())?;
    if !(PRECISION.0..=PRECISION.1).contains(&points.get()) {
        return Err(format!("{} to {} points", PRECISION.0, PRECISION.1));
    }
    Ok(points)
}

#[derive(Debug, clap::Args)]
pub(super) struct PoolingArgs {
    #[command(flatten)]
    pub(super) run: RunArgs,
    /// Extra travel in one pool, on every journey; and of neighbours, where the file names none
    #[arg(long, value_name = "TIME", default_value = "12 min", value_parser = extra_travel)]
    pub(super) extra_travel: Span,
    #[command(flatten)]
    pub(super) uncertain: UncertainArgs,
}

/// One of so many pieces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shard {
    /// Which, from 1.
    pub(super) piece: u32,
    /// How many there are.
    pub(super) pieces: u32,
}

/// `3/64`.
fn shard(typed: &str) -> Result<Shard, String> {
    let wrong = || format!("a piece and how many there are, such as 3/64, from 1/1 to {MOST_PIECES}/{MOST_PIECES}");
    let (piece, pieces) = typed.split_once('/').ok_or_else(wrong)?;
    let number = |text: &str| text.trim().parse::<u32>().map_err(|_| wrong());
    let (piece, pieces) = (number(piece)?, number(pieces)?);
    if (1..=MOST_PIECES).contains(&pieces) && (1..=pieces).contains(&piece) {
        Ok(Shard { piece, pieces })
    } else {
        Err(wrong())
    }
}

#[derive(Debug, Default, clap::Args)]
pub(super) struct PiecesArgs {
    /// Make one of so many pieces of the work, such as 3/64, into the folder of --out; `homefirst merge DIR` gives the answer from
    /// all of them
    #[arg(long, value_name = "PIECE/PIECES", value_parser = shard, conflicts_with = "resume")]
    pub(super) shard: Option<Shard>,
    /// Keep what is finished in this folder as it goes, and go on from what is there: after a crash the same command again loses
    /// nothing that was kept
    #[arg(long, value_name = "DIR")]
    pub(super) resume: Option<PathBuf>,
}

/// Into how many pieces a question is divided.
#[derive(Clone, Copy, Debug, clap::Args)]
pub(super) struct NumberArgs {
    /// Into how many pieces; several for each machine even out how long they take
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=i64::from(MOST_PIECES)))]
    pub(super) pieces: u32,
}

#[derive(Debug, clap::Args)]
pub(super) struct PlanArgs {
    #[command(subcommand)]
    pub(super) ask: Ask<NumberArgs>,
}

#[derive(Debug, clap::Args)]
pub(super) struct PieceArgs {
    /// Folder of the plan
    #[arg(value_name = "DIR")]
    pub(super) folder: PathBuf,
    /// Which piece, from 1
    #[arg(value_name = "N", value_parser = clap::value_parser!(u32).range(1..=i64::from(MOST_PIECES)))]
    pub(super) piece: u32,
    /// Threads; all processors if left out. The piece is the same for any number
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(super) threads: Option<u16>,
}

#[derive(Debug, clap::Args)]
pub(super) struct MergeArgs {
    /// Folder of the plan and its pieces
    #[arg(value_name = "DIR")]
    pub(super) folder: PathBuf,
    /// Folder for the results, instead of that of the question's own command
    #[arg(long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,
    /// Threads; all processors if left out. The results are the same for any number
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(super) threads: Option<u16>,
    /// Print the answer as one JSON document, and nothing else, on standard output
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Debug, clap::Args)]
pub(super) struct RunOnlyArgs {
    #[command(flatten)]
    pub(super) run: RunArgs,
    #[command(flatten)]
    pub(super) published: PublishedArgs,
    #[command(flatten)]
    pub(super) sliders: SlidersArgs,
    #[command(flatten)]
    pub(super) uncertain: UncertainArgs,
}

#[derive(Debug, clap::Args)]
pub(super) struct ExplainArgs {
    #[command(flatten)]
    pub(super) run: RunArgs,
    #[command(flatten)]
    pub(super) uncertain: UncertainArgs,
}

#[derive(Debug, Default, clap::Args)]
pub(super) struct PublishedArgs {
    /// Published months to stand beside simulated ones, with limits of usual variation: a CSV file with a month and a service level
    /// in each row (see the README), or NHS England's 2-hour Urgent Community Response workbook
    #[arg(long, value_name = "FILE")]
    pub(super) published: Option<PathBuf>,
    /// Whose row of the workbook, by name or ODS code
    #[arg(long, value_name = "NAME", requires = "published")]
    pub(super) organisation: Option<String>,
    /// Pathway that the published figures are of, where the file does not say it and it is not plain
    #[arg(long, value_name = "PATHWAY", requires = "published")]
    pub(super) published_for: Option<String>,
}

/// How far staff are slid from what they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Slide {
    pub(super) from: i32,
    pub(super) to: i32,
}

impl fmt::Display for Slide {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.from, self.to)
    }
}

/// `-2..6`.
fn slide(typed: &str) -> Result<Slide, String> {
    let wrong = || "fewest and most beside what there is, such as -2..6, from -50..0 to 0..50".to_owned();
    let (from, to) = typed.split_once("..").ok_or_else(wrong)?;
    let number = |text: &str| text.trim().parse::<i32>().map_err(|_| wrong());
    let (from, to) = (number(from)?, number(to)?);
    if (-50..=0).contains(&from) && (0..=50).contains(&to) {
        Ok(Slide { from, to })
    } else {
        Err(wrong())
    }
}

#[derive(Debug, Default, clap::Args)]
pub(super) struct SlidersArgs {
    /// Put sliders into the report: staff of one role, or of two together, more or fewer at each hub, every number simulated. Says
    /// how much work that is, and asks before it begins
    #[arg(long, value_name = "ROLE[,ROLE]", value_delimiter = ',')]
    pub(super) sliders: Vec<String>,
    /// How far staff are slid from what they are, in whole WTE or people; -2..6 if left out, of two roles -2..4
    #[arg(long, value_name = "FROM..TO", requires = "sliders", allow_hyphen_values = true, value_parser = slide)]
    pub(super) slide: Option<Slide>,
    /// Simulate for --sliders without asking; where nobody can be asked, it is needed
    #[arg(long, requires = "sliders")]
    pub(super) yes: bool,
}

#[derive(Debug, Default, clap::Args)]
pub(super) struct UncertainArgs {
    /// Also draw the inputs many times, from the ranges of the file, or from a CSV file of weighted points (a column for each
    /// path, and `weight`), and say which doubt is due to them and which to chance. Stands after all scenario files
    #[arg(long, value_name = "FILE.csv", num_args = 0..=1)]
    pub(super) uncertain: Option<Option<PathBuf>>,
    /// Draws of --uncertain, 10 at least; of a file with more points, so many of them. If left out 200, simulated five times
    /// each; of required and allocate 20, which ask their question anew in each
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(10..=10_000))]
    pub(super) draws: Option<u32>,
}

#[derive(Debug, clap::Args)]
pub(super) struct SensitivityArgs {
    #[command(flatten)]
    pub(super) run: RunArgs,
    /// Points at which all inputs move together; if left out ten for each input that changes something, but no fewer than 100 and
    /// no more than 400
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(20..=10_000))]
    pub(super) points: Option<u32>,
}

#[derive(Debug, clap::Args)]
pub(super) struct CompareArgs {
    #[command(flatten)]
    pub(super) run: RunArgs,
    /// Scenario files of the options
    pub(super) options: Vec<PathBuf>,
    /// An option that is the base with a value set over it; the same name again sets more in it
    #[arg(long, value_name = "NAME: PATH=VALUE")]
    pub(super) option: Vec<String>,
    #[command(flatten)]
    pub(super) uncertain: UncertainArgs,
}

#[derive(Debug, clap::Args)]
pub(super) struct RequiredArgs {
    /// Scenario file
    pub(super) file: PathBuf,
    /// A staff number that may be moved, as often as needed, besides those in the file: "hub.*.staff.therapist=1..15", or
    /// 1..15:0.5 for steps of a half, or 1..15:tied or 1..15:0.5:tied for the same number at every hub. The same path stands
    /// over that in the file
    #[arg(long = "free", value_name = "PATH=FROM..TO[:STEP][:tied]", value_parser = free)]
    pub(super) free: Vec<Free>,
    /// A service level wanted, as often as needed, over that in the file: crisis=0.95
    #[arg(long = "standard", value_name = "PATHWAY=SHARE", value_parser = standard)]
    pub(super) standards: Vec<StandardAsked>,
    /// Levels nearer to those wanted than this are not told from them, such as "0.25 points"; instead of that in the file
    #[arg(long, value_name = "POINTS")]
    pub(super) delta: Option<String>,
    /// How sure the answer must be, such as 0.95; instead of that in the file
    #[arg(long, value_name = "SHARE")]
    pub(super) confidence: Option<String>,
    /// Where the standards must be met, "every hub" or "overall"; instead of that in the file
    #[arg(long, value_name = "WHERE")]
    pub(super) at: Option<String>,
    /// What is to be as small as possible: "WTE" or "yearly cost"; instead of that in the file
    #[arg(long, value_name = "WHAT", value_parser = smallest)]
    pub(super) smallest: Option<String>,
    /// The most replications of one staffing; exit code 5 says that they were not enough
    #[arg(long, value_name = "N", default_value_t = RequiredArgs::MOST, value_parser = clap::value_parser!(u32).range(30..=1_000_000))]
    pub(super) replications: u32,
    /// A value set over the file's, as often as needed: hub.Charnwood.staff.nurse=7, or "hub.*.staff.nurse=7"
    #[arg(long = "set", value_name = "PATH=VALUE")]
    pub(super) set: Vec<String>,
    /// Seed, instead of that in the file
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(..=MOST_SEED))]
    pub(super) seed: Option<u64>,
    /// Threads; all processors if left out. The answer is the same for any number
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(super) threads: Option<u16>,
    /// Folder for the results, instead of the one below results with the name of the scenario and -required
    #[arg(long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,
    /// Print the answer as one JSON document, and nothing else, on standard output
    #[arg(long)]
    pub(super) json: bool,
    #[command(flatten)]
    pub(super) uncertain: UncertainArgs,
}

/// A staff number that may be moved.
#[derive(Clone, Debug)]
pub(super) struct Free {
    /// All of it, as typed.
    pub(super) typed: String,
    pub(super) path: String,
    pub(super) from: f64,
    pub(super) to: f64,
    pub(super) step: Option<f64>,
    pub(super) tied: bool,
}

/// `hub.*.staff.therapist=1..15:0.5:tied`.
fn free(typed: &str) -> Result<Free, String> {
    let wrong = || {
        "a path, = and bounds are needed, such as \"hub.*.staff.therapist=1..15\"; 1..15:0.5 for steps of a half, and :tied at the end \
         for the same number at every hub"
            .to_string()
    };
    let number = |text: &str| text.trim().parse().ok().filter(|n: &f64| n.is_finite());
    let (path, numbers) = typed.rsplit_once('=').ok_or_else(wrong)?;
    let (from, to) = numbers.split_once("..").ok_or_else(wrong)?;
    let (to, tied) = match to.rsplit_once(':') {
        Some((to, word)) if word.trim() == "tied" => (to, true),
        _ => (to, false),
    };
    let (to, step) = match to.split_once(':') {
        Some((to, step)) => (to, Some(number(step).ok_or_else(wrong)?)),
        None => (to, None),
    };
    Ok(Free {
        typed: typed.into(),
        path: path.trim().into(),
        from: number(from).ok_or_else(wrong)?,
        to: number(to).ok_or_else(wrong)?,
        step,
        tied,
    })
}

/// What is to be small, as the file says it.
fn smallest(typed: &str) -> Result<String, String> {
    match typed.trim().to_lowercase().replace('-', " ").as_str() {
        "wte" => Ok("WTE".into()),
        "yearly cost" => Ok("yearly cost".into()),
        _ => Err("\"WTE\" or \"yearly cost\"".into()),
    }
}

/// A service level wanted.
#[derive(Clone, Debug)]
pub(super) struct StandardAsked {
    /// All of it, as typed.
    pub(super) typed: String,
    pub(super) pathway: String,
    pub(super) share: f64,
}

/// `crisis=0.95`.
fn standard(typed: &str) -> Result<StandardAsked, String> {
    let wrong = || "a pathway, = and a share are needed, such as crisis=0.95".to_string();
    let (pathway, share) = typed.rsplit_once('=').ok_or_else(wrong)?;
    let share = share.trim().parse().map_err(|_| wrong())?;
    Ok(StandardAsked {
        typed: typed.into(),
        pathway: pathway.trim().into(),
        share,
    })
}

impl RequiredArgs {
    /// The most replications of one staffing, if nothing is said.
    pub(super) const MOST: u32 = 5000;
}

#[derive(Debug, clap::Args)]
pub(super) struct AllocateArgs {
    #[command(flatten)]
    pub(super) run: RunArgs,
    /// How many more of a role to place: crisis-worker=24
    #[arg(long, value_name = "ROLE=N", value_parser = extra)]
    pub(super) extra: Extra,
    /// The pathway whose service level decides; needed where the role serves several that have a standard
    #[arg(long, value_name = "NAME")]
    pub(super) pathway: Option<String>,
    /// Place so many at a time; 1 if left out, or more where hubs lend each other staff, so that the work stays bounded
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=i64::from(MOST_EXTRA)))]
    pub(super) step: Option<u32>,
    /// Replications on which placements are chosen; --replications are those on which they are confirmed. 64 if left out, or
    /// as many as those if they are fewer
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(2..=10_000))]
    pub(super) search_replications: Option<u32>,
    #[command(flatten)]
    pub(super) uncertain: UncertainArgs,
}

/// So many more of a role.
#[derive(Clone, Debug)]
pub(super) struct Extra {
    pub(super) role: String,
    pub(super) number: u32,
}

/// `crisis-worker=24`.
fn extra(typed: &str) -> Result<Extra, String> {
    let Some((role, number)) = typed.split_once('=') else {
        return Err("a role, = and a number are needed, such as crisis-worker=24".into());
    };
    let number: Option<u32> = number.trim().parse().ok();
    match number.filter(|n| (1..=MOST_EXTRA).contains(n)) {
        Some(number) => Ok(Extra {
            role: role.trim().into(),
            number,
        }),
        None => Err(format!("how many is a whole number from 1 to {MOST_EXTRA}")),
    }
}

#[derive(Debug, clap::Args)]
pub(super) struct CalibrateArgs {
    #[command(flatten)]
    pub(super) run: RunArgs,
    /// Points of a wave; ten for each unknown input if left out, and 20 at least
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(8..=2_000))]
    pub(super) points: Option<u32>,
    /// Replications at each point
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u32).range(2..=1_000))]
    pub(super) each: u32,
    /// The most waves
    #[arg(long, value_name = "N", default_value_t = 6, value_parser = clap::value_parser!(u32).range(1..=20))]
    pub(super) waves: u32,
    /// What the model may leave out: one standard deviation, in points of a share and in per cent of other figures
    #[arg(long, value_name = "POINTS", default_value = "2 points", value_parser = model_error)]
    pub(super) model_error: Points,
}

/// What the model may leave out.
fn model_error(typed: &str) -> Result<Points, String> {
    let points = Points::parse(typed).map_err(|error| error.to_string())?;
    if points.get() > 20.0 {
        return Err("0 to 20 points".into());
    }
    Ok(points)
}

/// A time that comes on top of every journey.
fn extra_travel(typed: &str) -> Result<Span, String> {
    let span = Span::parse(typed).map_err(|error| error.to_string())?;
    if span > Span::DAY {
        return Err("at most 24 h".into());
    }
    Ok(span)
}

#[derive(Debug, clap::Args)]
pub(super) struct TrajectoryArgs {
    #[command(flatten)]
    pub(super) run: RunArgs,
    /// Print the months of one hub, instead of all hubs together
    #[arg(long, value_name = "NAME")]
    pub(super) hub: Option<String>,
    /// Find how late the posts of the file may be advertised so that the target is met by each deadline
    #[arg(long)]
    pub(super) latest_advert: bool,
    #[command(flatten)]
    pub(super) uncertain: UncertainArgs,
}

#[derive(Debug, clap::Args)]
pub(super) struct WarmUpArgs {
    /// Scenario file
    pub(super) file: PathBuf,
    /// Weeks to look at; forty more than the warm-up if left out
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(20..=520))]
    pub(super) weeks: Option<u32>,
    /// Replications, instead of those in the file
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(2..=100_000))]
    pub(super) replications: Option<u32>,
    /// A value set over the file's, as often as needed: hub.Charnwood.staff.nurse=7, or "hub.*.staff.nurse=7"
    #[arg(long = "set", value_name = "PATH=VALUE")]
    pub(super) set: Vec<String>,
    /// Seed, instead of that in the file
    #[arg(long, value_name = "N")]
    pub(super) seed: Option<u64>,
    /// Threads; all processors if left out. The answer is the same for any number
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(super) threads: Option<u16>,
    /// Folder for the series and their picture; none are written if left out
    #[arg(long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,
    /// Print the answer as one JSON document, and nothing else, on standard output
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Debug, clap::Args)]
pub(super) struct ReportArgs {
    /// Results folders
    #[arg(required = true, value_name = "DIR")]
    pub(super) dirs: Vec<PathBuf>,
    /// File to write
    #[arg(long, value_name = "FILE", default_value = "committee-report.html")]
    pub(super) out: PathBuf,
    /// Heading of the report, instead of the title of the first scenario
    #[arg(long, value_name = "TEXT")]
    pub(super) title: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(super) struct CheckArgs {
    /// Scenario files
    #[arg(required = true)]
    pub(super) files: Vec<PathBuf>,
    /// A value set over the files', as often as needed: hub.Charnwood.staff.nurse=7, or "hub.*.staff.nurse=7"
    #[arg(long = "set", value_name = "PATH=VALUE")]
    pub(super) set: Vec<String>,
    /// Print what the files mean as JSON, one document a file, and nothing else, on standard output
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Debug, clap::Args)]
pub(super) struct TraceArgs {
    /// Scenario file
    pub(super) file: PathBuf,
    /// Which replication, as numbered in replications.csv
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub(super) replication: u32,
    /// A value set over the file's, as often as needed: hub.Charnwood.staff.nurse=7, or "hub.*.staff.nurse=7"
    #[arg(long = "set", value_name = "PATH=VALUE")]
    pub(super) set: Vec<String>,
    /// Seed, instead of that in the file
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(..=MOST_SEED))]
    pub(super) seed: Option<u64>,
    /// Only the first days that are measured, with what happened before to those who are there then
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub(super) days: Option<u32>,
    /// Only this hub
    #[arg(long, value_name = "NAME")]
    pub(super) hub: Option<String>,
    /// File to write, instead of standard output
    #[arg(long, value_name = "FILE")]
    pub(super) out: Option<PathBuf>,
}
