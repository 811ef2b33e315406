//! Service level over staff: what the search saw around its answer, hub by hub.

mod cells;
mod panel;

use crate::answers::required::{Check, Ending, Seems};
use crate::model::PathwayId;
use crate::output::chart::Figure;
use crate::output::chart::theme::{self, Align};
use crate::output::required::{Required, plain};
use crate::output::{digits, words};
use crate::units::Share;
use cells::{cells, fill, frame, outline, present, sign};
use panel::{Looks, Panel, panels};

/// Panels abreast, and from the beginning of one to that of the next \[pixels\].
const ABREAST: i32 = 3;
const APART: i32 = 312;

/// One figure a standard. A check whose hub has one free number or two has a panel, one with three has a panel for every two of them,
/// where the third is as in the answer. Nothing where there are more, as over all hubs.
#[must_use]
pub fn required(required: &Required<'_>) -> Vec<Figure> {
    let standards = required.question.standards.iter();
    let each = standards.filter_map(|(pathway, _)| {
        let mut checks: Vec<(usize, Check)> = Vec::new();
        for tried in &required.answer.tried {
            for check in tried
                .levels
                .iter()
                .map(|seen| seen.check)
                .filter(|c| c.pathway == *pathway)
            {
                if !checks.contains(&(tried.component, check)) {
                    checks.push((tried.component, check));
                }
            }
        }
        let panels: Vec<Panel> = checks
            .iter()
            .flat_map(|(c, check)| panels(required, *c, check))
            .collect();
        let by_hub = checks.len() > 1 && checks.iter().all(|(_, check)| check.hub.is_some());
        (!panels.is_empty()).then(|| draw(required, *pathway, by_hub, &panels))
    });
    each.collect()
}

fn draw(required: &Required<'_>, pathway: PathwayId, by_hub: bool, panels: &[Panel]) -> Figure {
    let scenario = required.scenario;
    let mut standards = required.question.standards.iter();
    let wanted = standards
        .find(|(id, _)| *id == pathway)
        .map_or(0.0, |(_, wanted)| wanted.get());
    let rows = theme::pixel(panels.len() as f64 / f64::from(ABREAST) + 0.49).max(1);
    let tall = cells::height(panels);
    let target = scenario.pathways[pathway.0].standard.and_then(|s| s.target);
    let other_target = target.map(Share::get).filter(|t| (t - wanted).abs() > 1e-9);
    let top = if other_target.is_some() { 78 } else { 58 };
    let legend = top + rows * tall + 12;
    let name = words::pathway(scenario, pathway);
    let within = scenario.pathways[pathway.0]
        .standard
        .map(|s| words::within_long(s.within));
    let asked = format!("{} %", plain(wanted * 100.0));
    let near = format!("{} points", plain(required.answer.delta_points));
    let several = required.question.standards.len() > 1;
    let confidence = digits::percent(required.answer.confidence);
    theme::figure(
        &required.scenario.title,
        format!("required_{}", theme::pathway_part(scenario, pathway)),
        format!(
            "{name}: % {} {} with so many staff; at least {asked} is asked {}",
            words::done(&scenario.pathways[pathway.0]),
            within.unwrap_or_default(),
            if by_hub { "of every hub" } else { "for" }
        ),
        format!(
            "{}; each cell is a staffing that was simulated, with its service level, its interval of {confidence} confidence and a \
             mark: {} meets the level asked for, {} misses it, {} is too near or not known well enough to say. {}A frame marks {}. {}",
            if panels.iter().all(|p| p.fixed.is_empty()) {
                "One panel a hub"
            } else {
                "Panels of a hub for every two of its numbers, the third as in the frame"
            },
            mark(Seems::Met),
            mark(Seems::Missed),
            mark(Seems::Unsure),
            if several {
                "Of those that meet it, the ones that do not surely meet every other standard are white. "
            } else {
                ""
            },
            found(required),
            panels.iter().map(Panel::told).collect::<Vec<_>>().join(" ")
        ),
        (legend + 84).unsigned_abs(),
        |c| {
            c.muted(&together(required), (12, 44), Align::Left);
            if let Some(target) = other_target {
                c.muted(
                    &format!(
                        "{asked} is what this question asks; the target of the scenario is {}",
                        digits::percent(target)
                    ),
                    (12, 62),
                    Align::Left,
                );
            }
            for (n, panel) in (0..).zip(panels) {
                let left = 12 + APART * (n % ABREAST);
                cells(c, panel, (left, top + tall * (n / ABREAST)));
            }
            let key = |(x, y): (i32, i32), looks: Looks, says: &str| {
                fill(c, (x, y - 9), (x + 26, y + 9), looks);
                sign(c, looks, (x + 13, y));
                c.words(says, (x + 34, y), Align::Left);
            };
            let (enough, here) = if several {
                (
                    "meets this standard and every other",
                    "meets this one, but not surely another",
                )
            } else {
                ("meets it", "")
            };
            key((14, legend), Looks::Enough, enough);
            if several {
                key((326, legend), Looks::HereOnly, here);
            }
            key((638, legend), Looks::Missed, &format!("misses {asked}"));
            let y = legend + 26;
            key(
                (14, y),
                Looks::Unsure,
                &format!("nearer to {asked} than its ±, or than {near}"),
            );
            outline(c, (386, y - 9), (412, y + 9), theme::FAINT);
            c.words("not simulated", (420, y), Align::Left);
            frame(c, (540, y - 9), (566, y + 9));
            c.words(found(required), (574, y), Align::Left);
            if panels.iter().any(Panel::shows_own) {
                present(c, (680, y - 9), (706, y + 9));
                c.words("in the scenario", (714, y), Align::Left);
            }
            let footer = [
                format!("±: how surely a short search knew it ({confidence} confidence)."),
                "Longer tests, there or beside it, may have decided: so like figures can have different marks."
                    .to_owned(),
            ];
            for (n, line) in (0..).zip(&footer) {
                c.muted(line, (14, legend + 52 + 18 * n), Align::Left);
            }
        },
    )
}

/// What is needed over all hubs, beside what the scenario has.
fn together(required: &Required<'_>) -> String {
    let answer = required.answer;
    let what = match answer.ending {
        Ending::Certified => "Least staff shown to be enough for every standard",
        Ending::NotWithinBounds => "The best within the bounds, which is not enough",
        Ending::NotDecided | Ending::Interrupted => "The best that was found, which is not certified",
    };
    format!(
        "{what}, all hubs together: {}; in the scenario: {}",
        required.amount(answer.cost),
        required.amount(answer.cost_before)
    )
}

/// What a staffing in a frame is called.
fn found(required: &Required<'_>) -> &'static str {
    match required.answer.ending {
        Ending::Certified => "the answer",
        Ending::NotWithinBounds | Ending::NotDecided | Ending::Interrupted => "the best found",
    }
}

/// What stands beside the figure, so that colour is not all.
const fn mark(seems: Seems) -> &'static str {
    match seems {
        Seems::Met => "✓",
        Seems::Missed => "✗",
        Seems::Unsure => "?",
    }
}
