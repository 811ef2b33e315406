//! Whether each option meets the targets of the base, hub by hub, beside the base itself.
//!
//! A difference says nothing of where it leads. Base and option each stand beside the target with the interval that `run` gives
//! them on the same replications.

use super::Compared;
use crate::answers::Estimate;
use crate::answers::compare::OptionAnswer;
use crate::model::{HubId, PathwayId};
use crate::output::digits;
use crate::output::grid::Grid;
use crate::output::words::{self, Verdict};
use crate::units::Share;

/// The most hubs that a sentence names; more are counted.
const MOST_NAMED: usize = 3;

/// Standards with a target.
fn targets(compared: &Compared<'_>) -> impl Iterator<Item = (PathwayId, Share, String)> {
    words::standards(compared.base).filter_map(|(id, _, standard)| {
        let within = words::within_short(standard.within);
        let name = format!("{} {within}", words::pathway(compared.base, id));
        Some((id, standard.target?, name))
    })
}

/// The service levels of base and option at a hub, or over all.
fn sides(option: &OptionAnswer, hub: Option<HubId>, id: PathwayId) -> Option<[Estimate; 2]> {
    option.level(hub, id)?.sides
}

/// Where an option meets each target, and where the base does; a line for each.
#[must_use]
pub fn met(compared: &Compared<'_>, option: &OptionAnswer) -> Vec<String> {
    let line = |(id, target, name): (PathwayId, Share, String)| {
        let [base, own] = [0, 1].map(|side| where_met(compared, option, id, target, side));
        let than = match base? {
            base if Some(&base) == own.as_ref() => "as in the base".into(),
            base => format!("in the base {base}"),
        };
        Some(format!(
            "{name}, target {}: {}; {than}.",
            digits::per_cent(target),
            own?
        ))
    };
    targets(compared).filter_map(line).collect()
}

/// Where one side meets a target; where there is one hub, whether it does.
fn where_met(
    compared: &Compared<'_>,
    option: &OptionAnswer,
    id: PathwayId,
    target: Share,
    side: usize,
) -> Option<String> {
    let hubs: Vec<(HubId, Estimate)> = (0..compared.base.hubs.len())
        .filter_map(|h| Some((HubId(h), sides(option, Some(HubId(h)), id)?[side])))
        .collect();
    if hubs.len() < 2 {
        let all = sides(option, None, id)?[side];
        return Some(Verdict::of(&all, target).words().into());
    }
    let said = [Verdict::Met, Verdict::TooClose, Verdict::NotMet]
        .into_iter()
        .filter_map(|verdict| {
            let of = hubs.iter().filter(|(_, e)| Verdict::of(e, target) == verdict);
            let names: Vec<String> = of.map(|(hub, _)| words::hub(compared.base, Some(*hub))).collect();
            match names.len() {
                0 => None,
                n if n == hubs.len() && verdict == Verdict::NotMet => Some("met at no hub".into()),
                n if n == hubs.len() => Some(format!("{} at every hub", verdict.words())),
                n if n > MOST_NAMED => Some(format!("{} at {n} of {} hubs", verdict.words(), hubs.len())),
                _ => Some(format!("{} at {}", verdict.words(), words::hub_list(&names))),
            }
        });
    Some(said.collect::<Vec<_>>().join(", "))
}

/// Service levels beside their targets, the base first, tables of at most so many options for each standard with a target.
#[must_use]
pub fn standing(compared: &Compared<'_>, abreast: usize) -> Vec<Grid> {
    let mut grids = Vec::new();
    for (id, target, name) in targets(compared) {
        for options in compared.answer.options.chunks(abreast.max(1)) {
            let mut columns = vec![("Hub", false), ("Base", true)];
            columns.extend(options.iter().map(|option| (option.name.as_str(), true)));
            let mut grid = Grid::new(
                format!("{name}: is the target of {} met?", digits::per_cent(target)),
                &columns,
            );
            let cell = |e: Option<Estimate>| {
                e.map_or_else(
                    || digits::NONE.into(),
                    |e| format!("{}, {}", digits::share(Some(e)), short(Verdict::of(&e, target))),
                )
            };
            for hub in words::hubs_and_all(compared.base) {
                let found: Vec<Option<[Estimate; 2]>> = options.iter().map(|option| sides(option, hub, id)).collect();
                if found.iter().all(Option::is_none) {
                    continue;
                }
                let mut cells = vec![
                    words::hub(compared.base, hub),
                    cell(found.iter().flatten().next().map(|e| e[0])),
                ];
                cells.extend(found.into_iter().map(|e| cell(e.map(|e| e[1]))));
                grid.row(cells, hub.is_none());
            }
            grids.push(grid);
        }
    }
    grids.retain(|grid| !grid.rows.is_empty());
    grids
}

/// In a narrow cell.
const fn short(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::TooClose => "too close",
        Verdict::Met | Verdict::NotMet => verdict.words(),
    }
}

/// What these words mean, where there is a target.
#[must_use]
pub fn note(compared: &Compared<'_>) -> Option<String> {
    targets(compared).next()?;
    let answer = compared.answer;
    Some(words::what_met_means(
        answer.replications,
        answer.confidence,
        compared.base.required.is_some() || compared.options.iter().any(|option| option.scenario.required.is_some()),
    ))
}
