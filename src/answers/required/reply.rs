//! What is asked and what is answered: plain data, in the terms of the question. What it is made of stands in the other files.

use serde::Serialize;

use super::{Check, MOST_LISTED, NoControl, Sign};
use crate::answers::Estimate;
use crate::stats::Verdict;

/// Numbers of a staffing: a place in the question's list of what is free, and the number.
pub type Numbers = Vec<(usize, f64)>;

/// How to answer.
#[derive(Clone, Copy, Debug)]
pub struct RequiredRequest {
    /// Threads; `None` uses every processor.
    pub threads: Option<usize>,
    /// The most replications of a claim.
    pub most: u32,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum NoAnswer {
    /// A dated change sets a number that is free.
    #[error("`{path}` is free, but changes on a date in this file; leave that change out, or do not let it be free")]
    Dated {
        /// The path.
        path: String,
    },
    /// A price is missing.
    #[error(
        "the yearly cost is to be as small as possible, but role `{role}` has no `cost`; give it one, or ask for the smallest WTE"
    )]
    NoPrice {
        /// The role.
        role: String,
    },
    /// Nobody comes to any of the standards asked for.
    #[error("nobody is ever referred to the pathways whose standards are asked for")]
    NoDemand,
    /// More staffings than can be listed.
    #[error(
        "{staffings:.0} staffings of {dials} free numbers that belong together are too many to look through ({MOST_LISTED})"
    )]
    TooMany {
        /// Staffings.
        staffings: f64,
        /// Free numbers.
        dials: usize,
    },
    /// A draw of the inputs cannot be used.
    #[error("{0}")]
    Refused(String),
    /// It was interrupted.
    #[error("interrupted before there was an answer; nothing has been written")]
    Stopped,
    /// The machine.
    #[error("{0}")]
    Machine(String),
}

/// How it ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// A staffing was found and certified.
    Certified,
    /// It was certified that no staffing within the bounds meets every level.
    NotWithinBounds,
    /// The replications allowed did not decide it.
    #[default]
    NotDecided,
    /// It was interrupted before it was decided: the best so far, as the search saw it.
    Interrupted,
}

/// A staff number of the answer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Number {
    /// A place in the question's list of free numbers.
    pub free: usize,
    /// The path.
    pub path: String,
    /// The number.
    pub number: f64,
    /// As in the file; of several places their mean.
    pub before: f64,
    /// What it costs, at all its places, in what is to be small.
    pub cost: f64,
    /// The same for the number of the file.
    pub cost_before: f64,
    /// What it costs in a year, at all its places \[GBP\]; `None` if the role has no price.
    pub pounds: Option<f64>,
    /// The same for the number of the file.
    pub pounds_before: Option<f64>,
    /// Mean people rostered on each shift before sickness; of people on shift none.
    pub rostered: Option<f64>,
    /// Whether it stands at the lowest or the highest number allowed.
    pub at_bound: bool,
}

/// A level at a staffing, as tested.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Tested {
    /// Which component.
    pub component: usize,
    /// What was asked.
    #[serde(flatten)]
    pub check: Check,
    /// The service level in the replications of the test, after the control.
    pub level: Option<Estimate>,
    /// What it was shown to be at least, or at most; `None` if neither could be shown.
    pub bound: Option<f64>,
    /// Replications that the test took.
    pub replications: usize,
    /// The zone of indifference used \[points\].
    pub zone_points: f64,
    /// What the test said.
    pub verdict: Verdict,
    /// Whether it was of hits less a slope times the control.
    pub controlled: bool,
}

/// A staffing that misses a level, with all that are at most as good for it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Cheaper {
    /// Its numbers: (free number, number, what more of it does to the level that is missed). Where more raises the level, all
    /// that have at most so many miss it too; where more lowers it, all that have at least so many.
    pub numbers: Vec<(usize, f64, Sign)>,
    /// What it costs less than the answer, with the other numbers as they are; below 0 if it costs more, but holds for cheaper ones.
    pub saves: f64,
    /// The level that it misses, as tested.
    pub tested: Tested,
}

/// What is known of a level at a staffing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Seems {
    /// It is met: shown by a test, or seen at this staffing or at one that is at most as good.
    Met,
    /// It is missed: shown by a test, or seen at this staffing or at one that is at least as good.
    Missed,
    /// Too near to the level wanted to say, or not looked at closely enough.
    Unsure,
}

impl SeenLevel {
    /// Whether what was seen at the staffing itself would say the contrary: it is known from others, on more people.
    #[must_use]
    pub fn is_from_others(&self) -> bool {
        match self.seems {
            Seems::Met => self.level.mean < self.check.wanted,
            Seems::Missed => self.level.mean > self.check.wanted,
            Seems::Unsure => false,
        }
    }
}

/// A level at a staffing, as the search and the tests saw it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct SeenLevel {
    /// What was asked.
    #[serde(flatten)]
    pub check: Check,
    /// The service level, with chance in demand taken off where there is a control. The search looked where it was told to, so
    /// that it is rougher than that of a run.
    pub level: Estimate,
    /// What that says.
    pub seems: Seems,
}

/// A cheaper staffing of which it could not be shown either that it meets every level or that it misses one.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Borderline {
    /// Which component.
    pub component: usize,
    /// Its numbers.
    pub numbers: Numbers,
    /// What it costs less than the answer, with the rest as it is; where it has another number that is the same at several hubs, with the
    /// least there of which it has not been shown that it is too little.
    pub saves: f64,
    /// What it costs, then.
    pub cost: f64,
    /// What was seen of each level.
    pub levels: Vec<SeenLevel>,
}

/// How it is known what more of a number does to a level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Grounds {
    /// It follows from who does what in the file.
    Rules,
    /// Moved alone, on the same people, no step could be seen to do the contrary by more than the zone of indifference.
    Scan,
    /// It is not known, and nothing rests on it.
    Nothing,
}

/// What more of a number does to a level, in the mean.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Direction {
    /// Which component.
    pub component: usize,
    /// The level.
    pub check: Check,
    /// The free number.
    pub free: usize,
    /// What more of it does.
    pub sign: Sign,
    /// How that is known.
    pub grounds: Grounds,
    /// Pairs of staffings that differ in it, and that were searched for a contradiction.
    pub pairs: usize,
}

/// What it is busy with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Stage {
    /// It searches. Of the staffings that were open at first so large a share is settled, on a scale on which halving what is open is
    /// always as far: from 0 to 1.
    Search {
        /// That share.
        settled: f64,
    },
    /// It tests, on people whom the search has not seen.
    Certify {
        /// Attempts at it, this one included.
        attempt: u32,
        /// Replications of an island that the search expects of it.
        expected: u64,
    },
}

/// A staffing that was simulated, for the picture.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Tried {
    /// Which component.
    pub component: usize,
    /// Its numbers: (free number, number).
    pub numbers: Numbers,
    /// What was seen of each check of the component.
    pub levels: Vec<SeenLevel>,
    /// Whether it is known, from itself or others, to meet all of them.
    pub suffices: bool,
    /// Whether it is known to miss one.
    pub excluded: bool,
}

/// The answer of `required`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RequiredAnswer {
    /// How it ended.
    pub ending: Ending,
    /// Confidence of everything certified, together.
    pub confidence: f64,
    /// Half the zone of indifference \[points\].
    pub delta_points: f64,
    /// Whether levels are of every hub, or over all.
    pub overall: bool,
    /// Whether costs are yearly costs; otherwise WTE, or what the file gives.
    pub yearly_cost: bool,
    /// The staffing: of the best that was found, if nothing is certified.
    pub numbers: Vec<Number>,
    /// What it costs.
    pub cost: f64,
    /// What the cheapest staffing costs of which it is not certified that it misses a level: less than the answer if some are
    /// borderline. `None` if nothing is certified to do.
    pub cost_at_least: Option<f64>,
    /// What the staff of the file cost.
    pub cost_before: f64,
    /// What the staffing costs in a year \[GBP\]; `None` unless all roles that are free have a price.
    pub pounds: Option<f64>,
    /// The same for the staff of the file.
    pub pounds_before: Option<f64>,
    /// Every level at that staffing, as certified; as the search saw it if it was interrupted.
    pub levels: Vec<Tested>,
    /// Staffings that were tested for missing a level: every one cheaper than the answer is at most as good as one of these or is
    /// borderline. Where parts were simulated apart and added up, only the nearest to all levels of some costs below
    /// [`Self::cost_at_least`]: everything that costs less than that was rejected, each by a test of its own.
    pub cheaper: Vec<Cheaper>,
    /// Cheaper staffings of which neither could be shown.
    pub borderline: Vec<Borderline>,
    /// Whether these are only the best of some of the costs between [`Self::cost_at_least`] and the answer's, as where parts were
    /// simulated apart and added up: then nothing is claimed of others there either.
    pub borderline_of_each_cost: bool,
    /// Staffings as cheap as the answer that seemed sufficient in the search too; these are not certified.
    pub as_cheap: Vec<(usize, Numbers)>,
    /// Where posts may fall vacant: the highest level asked for, and the fewest replications on which it is taken for met.
    pub fewest_if_vacant: Option<(f64, u32)>,
    /// Attempts at a certificate.
    pub attempts: u32,
    /// Replications of an island: in the search, and in all certificates.
    pub search_replications: u64,
    /// The same.
    pub certificate_replications: u64,
    /// Islands of hubs; replications divided by these are replications of the whole service.
    pub islands: usize,
    /// Pairs of staffings that were compared to contradict the order.
    pub audited: usize,
    /// Signs that were contradicted and not used: (check, free number).
    pub contradicted: Vec<(Check, usize)>,
    /// What more of each number does to each level, and how that is known.
    pub rests_on: Vec<Direction>,
    /// Levels, and why what chance brings to demand could not be taken off: `None` where it was, by the infinite-server control.
    pub controls: Vec<(Check, Option<NoControl>)>,
    /// Staffings within the bounds, all components together.
    pub staffings: usize,
    /// All that were simulated.
    pub tried: Vec<Tried>,
    /// Events handled.
    pub events: u64,
    /// Processor time in the engine \[s\]. Not part of the results proper.
    #[serde(skip)]
    pub engine_cpu_s: f64,
}
