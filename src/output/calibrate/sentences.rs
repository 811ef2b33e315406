//! What a calibration came to, in sentences.

use super::Shown;
use crate::answers::calibrate::{AS_IT_STANDS, CalibrateRequest, FigureAnswer, Known, Stands, Verdict};
use crate::answers::figures::{LeftOut, WhyNot};
use crate::model::Scenario;
use crate::output::reported::{estimate, figure, figure_short, trimmed, value};
use crate::output::{digits, words};

/// Pairs that are told of in words.
const MOST_PAIRS: usize = 4;

/// What moves a figure over its range by this part of what the strongest input does.
const LEVER: f64 = 0.25;

/// Of how many referrals each share is taken to be, and how clustered they are.
#[must_use]
pub fn chance(shown: &Shown<'_>) -> Option<String> {
    let of = |f: &FigureAnswer| {
        let (n, effect) = (f.referrals?, f.design_effect?);
        let n = digits::count(whole(n));
        let said = if f.figure.referrals.is_some() {
            "as the file says"
        } else {
            "as many as are simulated; if the figure is of fewer, say `referrals` at it"
        };
        Some(format!(
            "{}: {n} referrals ({said}), and {effect:.1} times the variance of independent ones",
            figure_short(shown.scenario, &f.figure),
        ))
    };
    let all: Vec<String> = shown.answer.figures.iter().filter_map(of).collect();
    (!all.is_empty()).then(|| {
        format!(
            "Chance in what was reported is taken to be that of {}.",
            words::list(&all)
        )
    })
}

/// A count that was worked out.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count")]
fn whole(n: f64) -> u64 {
    n.round() as u64
}

/// The value of an input with its unit, to three or four figures.
pub(super) fn typed(known: &Known, value: f64) -> String {
    let size = known.from.abs().max(known.to.abs());
    let decimals = if size >= 1000.0 {
        0
    } else if size >= 100.0 {
        1
    } else if size >= 1.0 {
        2
    } else {
        4
    };
    format!("{}{}", trimmed(value, decimals), known.unit)
}

/// A range of an input: `14 to 32 /day`.
pub(super) fn range(known: &Known, low: f64, high: f64) -> String {
    let bare = Known {
        unit: String::new(),
        ..known.clone()
    };
    format!("{} to {}", typed(&bare, low), typed(known, high))
}

/// What is to be done, before it is begun. `seconds` is what one replication takes one processor.
#[must_use]
pub fn work(scenario: &Scenario, request: &CalibrateRequest, figures: usize, seconds: f64, threads: usize) -> String {
    let [waves, checks, tries] = request.most_replications();
    let all = waves + checks + tries;
    let minutes = all as f64 * seconds / threads as f64 / 60.0;
    let time = if minutes < 1.0 {
        "less than a minute".to_owned()
    } else {
        format!("{} minutes", digits::count(whole(minutes.ceil())))
    };
    let n = |n: u64| digits::count(n);
    format!(
        "{} unknown inputs, {} reported figures. At most {} waves of {} points with {} replications each ({}), {} to check the \
         emulator and the file as it stands, and {} to confirm the calibrated inputs: at most {} replications of {}, {time} with {}; often a \
         fraction of that.",
        request.ranges.len(),
        figures,
        request.waves,
        request.points,
        request.each,
        n(waves),
        n(checks),
        n(tries),
        n(all),
        words::weeks(scenario.experiment.run_length.days() + scenario.experiment.warm_up.days()),
        many(threads, "thread"),
    )
}

/// What everything rests on.
#[must_use]
pub fn basis(shown: &Shown<'_>) -> String {
    let (x, answer) = (&shown.scenario.experiment, shown.answer);
    let waves: u64 = answer.waves.iter().map(|wave| wave.replications).sum();
    let interrupted = if answer.interrupted { " (interrupted)" } else { "" };
    format!(
        "{} replications{interrupted} of {} from {}, after {} of warm-up, {} of them in {} at {} points; seed {}. The model may leave \
         out {} of a share (one standard deviation), which was allowed for.",
        digits::count(answer.replications),
        words::weeks(x.run_length.days()),
        x.calendar.start(),
        words::weeks(x.warm_up.days()),
        digits::count(waves),
        many(answer.waves.len(), "wave"),
        answer.waves.iter().map(|wave| wave.points).sum::<usize>(),
        x.seed,
        if (answer.model_error - 1.0).abs() < 1e-9 {
            "1 point".into()
        } else {
            format!("{} points", trimmed(answer.model_error, 2))
        },
    )
}

fn many(n: usize, what: &str) -> String {
    if n == 1 {
        format!("1 {what}")
    } else {
        format!("{n} {what}s")
    }
}

/// The answer: whether the figures can be reproduced, by what, and what they tell of each input.
#[must_use]
pub fn answers(shown: &Shown<'_>) -> Vec<String> {
    let answer = shown.answer;
    let mut first: Vec<String> = interrupted(shown).into_iter().collect();
    if let Verdict::CannotReproduce {
        nearest,
        expected,
        least,
        worst,
    } = &answer.verdict
    {
        first.extend(cannot(shown, nearest, expected, *least, *worst));
        first.extend(as_it_stands(shown));
        return first;
    }
    let figures: Vec<String> = answer
        .figures
        .iter()
        .map(|f| {
            format!(
                "{} ({})",
                value(&f.figure, f.figure.value),
                figure(shown.scenario, &f.figure)
            )
        })
        .collect();
    let left = answer.waves.last().map_or(1.0, |wave| wave.left);
    let mut lines = first;
    let figures = words::list(&figures);
    lines.push(if answer.interrupted {
        format!(
            "As far as it went, of all that lies within the ranges {} fits what was reported, {figures}, within the figures' own \
             uncertainty.",
            part(left),
        )
    } else {
        format!(
            "The model reproduces what was reported: {figures}. Of all that lies within the ranges, {} fits within the figures' own \
             uncertainty.",
            part(left),
        )
    });
    lines.extend(unsound(shown));
    lines.extend(as_it_stands(shown));
    lines.extend(calibrated(shown));
    for known in answer.known.iter().filter(|known| known.is_told()) {
        lines.push(format!(
            "{}: of what fits, nine in ten lie within {}, instead of {}.",
            words::capital(&words::input(&known.path)),
            range(known, known.low, known.high),
            range(known, known.from, known.to),
        ));
    }
    let alone = answer.known.len() == 1;
    lines.extend(answer.known.iter().filter_map(|known| own_value(known, alone)));
    lines
}

/// That it was interrupted, and what that leaves open; nothing if it was not.
fn interrupted(shown: &Shown<'_>) -> Option<String> {
    let answer = shown.answer;
    let confirmed = answer.calibrated.as_ref().is_some_and(|found| found.confirmed);
    (answer.interrupted && !confirmed).then(|| {
        "Interrupted before the end: nothing is confirmed, and this is no answer yet. What follows is of the waves that were finished; \
         let it run to its end, or ask for less with --waves, --points or --replications."
            .into()
    })
}

/// What is odd about the file's own value of an input; nothing if nothing is.
fn own_value(known: &Known, alone: bool) -> Option<String> {
    let now = typed(known, known.now?);
    let input = words::input(&known.path);
    let end = |end, beyond| {
        format!(
            "The file's {now} of {input} is the {end} end of its own range, {}: whether {beyond} fits as well was not looked at.",
            range(known, known.from, known.to)
        )
    };
    match known.stands()? {
        Stands::LowerEnd => Some(end("lower", "less")),
        Stands::UpperEnd => Some(end("upper", "more")),
        Stands::Outside if alone => Some(format!("The file's {now} of {input} lies outside of what fits.")),
        Stands::Outside => Some(format!(
            "The file's {now} of {input} lies outside of what fits: it gives the figures only with values of the others that are just as \
             rare."
        )),
        Stands::Within => None,
    }
}

fn part(left: f64) -> String {
    let percent = left * 100.0;
    if percent <= 0.0 {
        "a part too small to be met by chance".into()
    } else if percent < 0.1 {
        "less than 0.1 %".into()
    } else if percent < 10.0 {
        format!("about {percent:.1} %")
    } else {
        format!("about {percent:.0} %")
    }
}

/// What the file gives before anything in it is changed; nothing if it was not simulated.
fn as_it_stands(shown: &Shown<'_>) -> Option<String> {
    let of = |f: &FigureAnswer| {
        let own = estimate(&f.figure, &f.as_it_stands?);
        Some(format!("{own} for {}", value(&f.figure, f.figure.value)))
    };
    let gives: Vec<String> = shown.answer.figures.iter().filter_map(of).collect();
    (!gives.is_empty()).then(|| {
        format!(
            "As the file stands the model gives {} ({AS_IT_STANDS} replications).",
            words::list(&gives)
        )
    })
}

/// The calibrated inputs and what they give.
fn calibrated(shown: &Shown<'_>) -> Vec<String> {
    let answer = shown.answer;
    let Some(found) = &answer.calibrated else {
        return Vec::new();
    };
    let inputs: Vec<String> = answer
        .known
        .iter()
        .filter_map(|known| {
            Some(format!(
                "{} {}",
                words::input(&known.path),
                typed(known, known.calibrated?)
            ))
        })
        .collect();
    let gives: Vec<String> = answer
        .figures
        .iter()
        .filter_map(|f| {
            Some(format!(
                "{} for {}",
                estimate(&f.figure, &f.calibrated?),
                value(&f.figure, f.figure.value)
            ))
        })
        .collect();
    let confirmed = if found.confirmed {
        format!(
            "confirmed on {} replications that nothing else has seen",
            digits::count(found.replications.into())
        )
    } else if found.near {
        let needed = found.needed.map_or_else(String::new, |n| {
            format!(" (about {} would do: --replications)", digits::count(n.into()))
        });
        format!(
            "not known as well as was asked for from {} replications{needed}",
            digits::count(found.replications.into())
        )
    } else {
        format!(
            "not confirmed: after {} tries they are not all as near as was asked for",
            found.tries
        )
    };
    vec![
        format!(
            "Calibrated, as near to the file's own values as the figures allow: {}.",
            words::list(&inputs)
        ),
        format!("With these the model gives {}; {confirmed}.", words::list(&gives)),
    ]
}

fn cannot(shown: &Shown<'_>, nearest: &[f64], expected: &[f64], least: f64, worst: usize) -> Vec<String> {
    let answer = shown.answer;
    let mut lines = vec!["The model cannot reproduce what was reported with any values within the ranges.".to_owned()];
    let inputs: Vec<String> = answer
        .known
        .iter()
        .zip(nearest)
        .map(|(known, v)| format!("{} {}", words::input(&known.path), typed(known, *v)))
        .collect();
    let gives: Vec<String> = answer
        .figures
        .iter()
        .zip(expected)
        .map(|(f, e)| {
            format!(
                "{} instead of {} ({})",
                value(&f.figure, *e),
                value(&f.figure, f.figure.value),
                figure(shown.scenario, &f.figure)
            )
        })
        .collect();
    lines.push(format!(
        "Nearest comes {}: about {}.",
        words::list(&inputs),
        words::list(&gives)
    ));
    if let Some(f) = answer.figures.get(worst) {
        lines.push(format!(
            "The worst is {}: {} standard deviations from what was reported, with all doubts allowed for; within 3 would do.",
            figure(shown.scenario, &f.figure),
            trimmed(least, 1),
        ));
        if let Some((low, high)) = f.simulated {
            lines.push(format!(
                "All that was simulated lies between {} and {}.",
                value(&f.figure, low),
                value(&f.figure, high)
            ));
        }
    }
    lines.push(
        "So a range is too narrow, something that matters is not among the unknown inputs, the figure is not what it is taken \
         to be, or the model leaves out more than was allowed for (--model-error)."
            .into(),
    );
    lines
}

/// What the figures cannot tell.
#[must_use]
pub fn unknown(shown: &Shown<'_>) -> Vec<String> {
    let answer = shown.answer;
    if answer.plausible.is_empty() {
        return Vec::new();
    }
    let mut lines = Vec::new();
    let d = &answer.directions;
    if d.unknown > d.figures {
        lines.push(format!(
            "{} are unknown and {} reported: figures can fix as many directions as there are figures at most, and these fix {}. \
             Whatever moves along the others fits as well.",
            many(d.unknown, "input"),
            if d.figures == 1 { "1 figure was".into() } else { format!("{} figures were", d.figures) },
            d.told,
        ));
    } else if d.told < d.unknown || d.condition.is_none_or(|c| c > 1e4) {
        lines.push(format!(
            "The figures fix {} of {} directions in which the inputs can move.",
            d.told, d.unknown
        ));
    }
    for pair in answer.pairs.iter().filter(|pair| pair.alike).take(MOST_PAIRS) {
        lines.push(format!(
            "More {} with {} fits as well: these two cannot be told apart (correlation {:.2}).",
            words::input(&answer.known[pair.one].path),
            with(&answer.known[pair.other].path, pair.correlation),
            pair.correlation,
        ));
    }
    lines.extend(
        answer
            .figures
            .iter()
            .enumerate()
            .filter_map(|(n, f)| levers(shown, n, f)),
    );
    let untold: Vec<String> = answer
        .known
        .iter()
        .filter(|known| !known.is_told())
        .map(|known| {
            format!(
                "{} (nine in ten within {}, of {})",
                words::input(&known.path),
                range(known, known.low, known.high),
                range(known, known.from, known.to)
            )
        })
        .collect();
    if !untold.is_empty() {
        lines.push(format!(
            "{} nearly as unknown as before: {}.",
            if untold.len() == 1 {
                "This input is"
            } else {
                "These inputs are"
            },
            words::list(&untold)
        ));
    }
    if !lines.is_empty() {
        lines.push(
            "So one set of values is one of many. Conclusions that are to hold must hold over the whole plausible set \
             (calibrate.csv)."
                .into(),
        );
    }
    lines
}

/// More or less of an input.
#[must_use]
pub fn with(path: &str, sign: f64) -> String {
    let name = words::input(path);
    let less = if name.starts_with("referrals") { "fewer" } else { "less" };
    format!("{} {name}", if sign > 0.0 { "more" } else { less })
}

/// What moves a figure, where several inputs do: each can make up for another.
fn levers(shown: &Shown<'_>, number: usize, f: &FigureAnswer) -> Option<String> {
    let moves = |known: &Known| known.moves.get(number).copied().unwrap_or(0.0);
    let known = &shown.answer.known;
    let most = known.iter().map(|k| moves(k).abs()).fold(0.0, f64::max);
    let mut levers: Vec<&Known> = known.iter().filter(|k| moves(k).abs() >= LEVER * most).collect();
    levers.sort_by(|a, b| moves(b).abs().total_cmp(&moves(a).abs()));
    if levers.len() < 2 || most <= 0.0 {
        return None;
    }
    let named: Vec<String> = levers.iter().map(|k| with(&k.path, moves(k))).collect();
    Some(format!(
        "What was reported as {} ({}) is raised by {}, the strongest within its range first; each can make up for the others.",
        value(&f.figure, f.figure.value),
        figure(shown.scenario, &f.figure),
        words::list(&named),
    ))
}

/// How the emulator did where it had not been fitted.
#[must_use]
pub fn checked(shown: &Shown<'_>) -> Option<String> {
    let checked = shown.answer.checked.as_ref()?;
    let of: Vec<String> = shown
        .answer
        .figures
        .iter()
        .zip(checked.within.iter().zip(&checked.root_mean_square))
        .map(|(f, (within, root))| {
            format!(
                "{within} within three standard deviations of what was expected, {root:.1} on average ({})",
                words::pathway(shown.scenario, f.figure.pathway)
            )
        })
        .collect();
    Some(format!(
        "Check on the emulator: of {} plausible points that were then simulated, {} gave what was reported within three standard \
         deviations; {}.",
        checked.points,
        checked.agree,
        words::list(&of)
    ))
}

/// That the check went badly, and what to do; nothing if it went well.
fn unsound(shown: &Shown<'_>) -> Option<String> {
    let checked = shown.answer.checked.as_ref().filter(|checked| !checked.is_sound())?;
    Some(format!(
        "Not to be relied on: of {} plausible points that were simulated as a check, {} gave what was reported, and the emulator was farther \
         off than it says ({}). Ask for more points or waves (--points, --waves), or for narrower ranges.",
        checked.points,
        checked.agree,
        words::list(
            &shown
                .answer
                .figures
                .iter()
                .zip(&checked.within)
                .map(|(f, within)| format!(
                    "{within} of {} as expected of {}",
                    checked.points,
                    figure_short(shown.scenario, &f.figure)
                ))
                .collect::<Vec<_>>()
        )
    ))
}

/// Figures that were not used, and why.
#[must_use]
pub fn left_out(shown: &Shown<'_>) -> Vec<String> {
    let of = |left: &LeftOut| {
        let why = match left.why {
            WhyNot::BeforeChange => "it is of the base, before what this scenario changes",
            WhyNot::NoPathway => "it names no pathway",
            WhyNot::NoStandard => "its pathway has no standard",
            WhyNot::Measure => "calibration cannot use this measure",
            WhyNot::Month => "its month is not simulated",
        };
        let pathway = left
            .pathway_name(shown.scenario)
            .map_or_else(String::new, |name| format!(" of {name}"));
        format!("Reported and not used: `{}`{pathway}, since {why}.", left.measure)
    };
    shown.answer.left_out.iter().map(of).collect()
}
