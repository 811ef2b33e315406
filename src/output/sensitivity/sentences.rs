//! Which input matters, in sentences.

use super::Sensed;
use crate::answers::Estimate;
use crate::answers::sensitivity::{AT_A_POINT, OfStandard, ShareRow};
use crate::model::{Assumption, AssumptionKind, Scenario};
use crate::output::{digits, sentence, words};

/// What all shares rest on.
pub const ASSUMED: &str = "How likely the values of a range are is an assumption: all as likely as each other, unless the file gives a \
                           distribution, and none bound to that of another input.";

/// Inputs that are named as worth measuring, at most.
const MOST_NAMED: usize = 3;
/// An input whose share is certainly below this is not worth naming.
const WORTH_NAMING: f64 = 0.02;
/// Where less of the variance is explained, nothing is said of what is worth measuring.
const ENOUGH: f64 = 0.7;

/// What cannot be moved between two ends, and may weigh more than all that can; nothing if the file names no choices.
fn choices(scenario: &Scenario) -> Option<String> {
    let of_the_service = |a: &&Assumption| {
        a.kind == AssumptionKind::Choice
            && ["role", "pathway", "package"]
                .iter()
                .any(|table| a.path.starts_with(table))
    };
    let count = scenario.assumptions.iter().filter(of_the_service).count();
    (count > 0).then(|| {
        format!(
            "Not moved, since there is nothing between one and another: {} of how the service works, such as when the clock stops and \
             who waits for whom. They may weigh more than any number here. [assumptions] marks them \"choice\"; `compare` takes another \
             one as an option.",
            match count {
                1 => "1 choice".to_owned(),
                n => format!("{n} choices"),
            }
        )
    })
}

/// What everything rests on.
#[must_use]
pub fn basis(sensed: &Sensed<'_>) -> String {
    let (answer, x) = (sensed.answer, &sensed.scenario.experiment);
    let points = if answer.points == 0 {
        String::new()
    } else {
        format!(
            "; then {} at {} points of all ranges together, {AT_A_POINT} replications at each",
            match answer.moved.len() {
                1 => "it alone".to_owned(),
                n => format!("the {n} inputs that change something"),
            },
            digits::count(answer.points.into())
        )
    };
    format!(
        "{} inputs were moved one at a time to both ends of their ranges, {} replications each of {} from {}, after {} of \
         warm-up{points}. The same people everywhere; seed {}. ± is the half-width of {} confidence of each figure alone.",
        sensed.ranges.inputs.len(),
        digits::count(answer.replications.into()),
        words::weeks(x.run_length.days()),
        x.calendar.start(),
        words::weeks(x.warm_up.days()),
        x.seed,
        digits::percent(answer.confidence),
    ) + &sentence::few(answer.replications)
}

/// That ranges do not know what was reported, and what to do; nothing where nothing was reported.
#[must_use]
pub fn reported(scenario: &Scenario) -> Option<String> {
    if scenario.observed.is_empty() {
        return None;
    }
    let of = if scenario.observed.iter().all(|o| o.before_change) {
        "the base"
    } else {
        "this service"
    };
    Some(format!(
        "Figures were reported of {of} (`[[observed]]`), and the ranges do not know them: some of these values, and many of their \
         combinations, may not be true beside what was reported, so that less is in doubt than this shows. `homefirst calibrate` keeps \
         what can be true, and `homefirst run --uncertain` with its calibrate.csv says what is in doubt then."
    ))
}

/// That the levels are those of a file that was set to give reported figures, and where the question belongs; nothing if it was not.
#[must_use]
pub fn calibrated(scenario: &Scenario) -> Option<String> {
    let set = scenario.observed.iter().any(|o| !o.before_change);
    let by = scenario
        .assumptions
        .iter()
        .any(|a| a.kind == AssumptionKind::Calibrated && !a.changed);
    (set && by).then(|| {
        "This file is calibrated: its levels were reported, and are no question. What an input does to a plan is asked of the what-if: \
         `homefirst sensitivity WHAT-IF.toml`."
            .into()
    })
}

/// A level with the digits of another figure.
fn level(share: f64, like: &Estimate) -> String {
    let e = Estimate {
        mean: share,
        low: share,
        high: share,
        ..*like
    };
    digits::share_figure(&e).mean
}

/// What moves a standard farthest, how far it spreads, and what is worth measuring.
#[must_use]
pub fn answers(sensed: &Sensed<'_>, of: &OfStandard) -> Vec<String> {
    let scenario = sensed.scenario;
    let name = words::pathway(scenario, of.pathway);
    let pathway = &scenario.pathways[of.pathway.0];
    let within = pathway
        .standard
        .map_or_else(String::new, |s| words::within_long(s.within));
    let done = format!("{} {within}", words::done(pathway));
    let Some(bar) = sensed.bars(of).next() else {
        return vec![format!(
            "{name}: no input changes the share {done}, at either end of its range."
        )];
    };
    let at = |change: &Estimate| level((of.level.mean + change.mean).clamp(0.0, 1.0), change);
    let mut lines = vec![format!(
        "{name}, {} {done} as the file has it: moved farthest by {}; over its range, {}, from {} % to {} %.",
        digits::share_inline(&of.level),
        sensed.name(bar.input),
        sensed.ends(bar.input),
        at(&bar.low),
        at(&bar.high)
    )];
    let Some(spread) = &of.spread else {
        lines.push(if sensed.answer.points < sensed.answer.points_asked {
            format!("{name}: stopped before all points were simulated, so that there are no shares.")
        } else {
            format!("{name}: there are too few points for shares; ask for more with --points.")
        });
        return lines;
    };
    lines.push(format!(
        "{name}: over all ranges together nine tenths lie between {} % and {} %, and the standard deviation is {}. Chance in \
         {AT_A_POINT} replications adds {} to that, and is in none of the shares.",
        level(spread.low.mean, &spread.low),
        level(spread.high.mean, &spread.high),
        digits::points(&spread.sd),
        points(spread.sd_simulation)
    ));
    if spread.shares.is_empty() {
        lines.push(format!(
            "{name}: what was fitted to the points explains {} of the variance only, too little for shares; ask for more points \
             with --points.",
            digits::percent(spread.explained)
        ));
        return lines;
    }
    if spread.explained < ENOUGH {
        lines.push(format!(
            "{name}: what was fitted to the points explains {} of the variance only, too little to say which input is worth measuring; \
             ask for more with --points.",
            digits::percent(spread.explained)
        ));
        return lines;
    }
    let worth: Vec<&ShareRow> = by_gain(of)
        .into_iter()
        .filter(|row| row.first.high >= WORTH_NAMING && row.first.low > 0.0)
        .take(MOST_NAMED)
        .collect();
    match worth.split_first() {
        None => lines.push(format!("{name}: no single input is worth measuring for its own sake.")),
        Some((first, others)) => {
            let known = |row: &ShareRow| {
                format!(
                    "{} (nine tenths then within {} on average, instead of {})",
                    digits::points(&row.sd_gain),
                    points(row.range_if_known.mean),
                    points(spread.high.mean - spread.low.mean)
                )
            };
            lines.push(format!(
                "{name}: worth measuring first is {}: if it were known, the standard deviation would shrink by {}.",
                sensed.name(first.input),
                known(first)
            ));
            let next: Vec<String> = others
                .iter()
                .map(|row| format!("{}, by {}", sensed.name(row.input), digits::points(&row.sd_gain)))
                .collect();
            if !next.is_empty() {
                lines.push(format!("{name}: then {}.", words::list(&next)));
            }
        }
    }
    if spread.explained < 0.9 {
        lines.push(format!(
            "{name}: what was fitted to the points explains {} of the variance only; take the shares as rough, or ask for more \
             with --points.",
            digits::percent(spread.explained)
        ));
    }
    lines
}

/// The inputs of a spread, the one whose knowledge gains most first.
pub(super) fn by_gain(of: &OfStandard) -> Vec<&ShareRow> {
    let mut rows: Vec<&ShareRow> = of.spread.iter().flat_map(|spread| &spread.shares).collect();
    rows.sort_by(|a, b| b.sd_gain.mean.total_cmp(&a.sd_gain.mean));
    rows
}

/// So many points of a share.
pub(super) fn points(share: f64) -> String {
    format!("{:.1} points", share * 100.0)
}

/// Inputs that change nothing, and ranges that could not be moved.
#[must_use]
pub fn unmoved(sensed: &Sensed<'_>) -> Vec<String> {
    let mut lines = Vec::new();
    let idle: Vec<String> = (0..sensed.ranges.inputs.len())
        .filter(|input| !sensed.answer.moved.contains(input))
        .map(|input| sensed.name(input))
        .collect();
    if !idle.is_empty() {
        lines.push(format!(
            "Nothing at all changes, whichever end: {}.",
            words::list(&idle)
        ));
    }
    let left = &sensed.ranges.left_out;
    let mut reasons: Vec<&str> = Vec::new();
    for one in left {
        if !reasons.contains(&one.why) {
            reasons.push(one.why);
        }
    }
    for why in reasons {
        let of = left.iter().filter(|one| one.why == why);
        let named: Vec<String> = of
            .map(|one| format!("{} ({} to {})", words::input(&one.path), one.low, one.high))
            .collect();
        lines.push(format!("Left out, since {why}: {}.", words::list(&named)));
    }
    lines.extend(choices(sensed.scenario));
    lines
}
