//! Placements where the inputs are not as stated: words, table, CSV, JSON.

use serde::Serialize;

use super::file::kind;
use super::grids::all;
use super::{Allocated, named};
use crate::answers::Estimate;
use crate::answers::allocate::{AS_GOOD, AllocateUncertain, Kind, Placement, PlacementDrawn};
use crate::answers::uncertain::UncertainRow;
use crate::output::csv::{self, CsvError};
use crate::output::digits;
use crate::output::grid::Grid;
use crate::output::uncertain::{self, About, RowJson, apart, share};

/// The measures of `uncertain.csv` of placements, in points. That of the draw's own best has no placement.
pub const DRAWN_MEASURES: [&str; 4] = [
    "gain_points",
    "worst_hub_gain_points",
    "best_less_this_points",
    "chosen_less_best_points",
];

/// Points of a share, with a sign.
fn signed(share: f64) -> String {
    let tenths = (share * 1000.0).round() / 10.0;
    format!("{:+.1}", tenths + 0.0)
}

/// From one number of points to another.
fn between([low, high]: [f64; 2]) -> String {
    format!("{} to {}", signed(low), signed(high))
}

impl AllocateUncertain {
    fn of<'a>(&'a self, allocated: &Allocated<'_>, kind: Kind) -> Option<&'a PlacementDrawn> {
        let is = |p: &&PlacementDrawn| allocated.answer.placements[p.placement].is(kind);
        self.placements.iter().find(is)
    }

    const fn about(&self) -> About {
        About {
            confidence: self.confidence,
            draws: self.draws,
            effective_draws: self.effective_draws,
            replications: self.replications,
        }
    }
}

/// What uncertain inputs do to the placements, in sentences; none if it was not asked.
#[must_use]
pub fn if_uncertain(allocated: &Allocated<'_>) -> Vec<String> {
    let Some(of) = allocated.uncertain else {
        return Vec::new();
    };
    let mut lines = Vec::new();
    let inputs = uncertain::drawn::inputs(&of.inputs);
    if let Some(row) = &of.regret {
        let near = row.share.as_ref().map_or_else(String::new, share);
        let lost = if row.mean > AS_GOOD / 2.0 {
            format!(
                "On average that has {} points more.",
                signed(row.mean).trim_start_matches('+')
            )
        } else {
            "On average that has nothing more.".into()
        };
        lines.push(format!(
            "If the inputs are what they could be ({} draws of {inputs}): in {near} of the draws the best placement \
             by the stated inputs is within {} points of the one chosen anew in the draw. {lost}",
            digits::count(of.draws.into()),
            AS_GOOD * 100.0,
        ));
    }
    if let Some(row) = of.of(allocated, Kind::Best).and_then(|p| p.gain.as_ref()) {
        lines.push(format!(
            "The best placement by the stated inputs gains {} points over all hubs on average, with both kinds of doubt {} ({} of cases). {}",
            signed(row.mean).trim_start_matches('+'),
            between(row.by_both),
            digits::percent(of.confidence),
            apart(row)
        ));
    }
    for (is, called) in [
        (Kind::Even, "an even share"),
        (Kind::Proportional, "a share in the present proportions"),
        (Kind::BestWorstHub, "the best for the worst hub"),
    ] {
        let row = of.of(allocated, is).and_then(|p| p.best_less.as_ref());
        lines.extend(row.map(|row| {
            let often = row.share.as_ref().map_or_else(String::new, share);
            format!(
                "Against {called} it has {} points on average, with both kinds of doubt {}, and more in {often} of the draws.",
                signed(row.mean),
                between(row.by_both),
            )
        }));
    }
    if let Some(same) = &of.same {
        lines.push(format!(
            "Chosen anew in each draw, on {} replications, it is the very same placement in {}; that another was chosen is often chance, \
             as so few replications choose roughly.",
            of.chosen_on,
            share(same)
        ));
    }
    lines.push(format!(
        "Every draw was then simulated on {} other replications, the same people in all of them. How likely the values are is an assumption.",
        of.replications
    ));
    lines.extend(uncertain::drawn::notes(allocated.scenario, &of.about));
    lines
}

/// Every placement over the draws.
#[must_use]
pub fn over_draws(allocated: &Allocated<'_>) -> Option<Grid> {
    let of = allocated.uncertain?;
    let mut grid = Grid::new(
        "Placements if the inputs are not as stated: points over all hubs and at the worst, means over draws, with both kinds of doubt",
        &[
            ("Placement", false),
            ("Gain", true),
            ("With both", true),
            ("Worst hub", true),
            ("With both", true),
            ("Best has", true),
            ("More in", true),
        ],
    );
    let place = |placement: &Placement| allocated.answer.placements.iter().position(|p| p == placement);
    for (name, placement) in all(allocated, &[Kind::AsNow]) {
        let Some(drawn) = of.placements.iter().find(|p| Some(p.placement) == place(placement)) else {
            continue;
        };
        let mean = |row: &Option<UncertainRow>| row.as_ref().map_or_else(String::new, |row| signed(row.mean));
        let both = |row: &Option<UncertainRow>| row.as_ref().map_or_else(String::new, |row| between(row.by_both));
        let often = drawn.best_less.as_ref().and_then(|row| row.share);
        grid.row(
            vec![
                name,
                mean(&drawn.gain),
                both(&drawn.gain),
                mean(&drawn.worst_gain),
                both(&drawn.worst_gain),
                mean(&drawn.best_less),
                often.map_or_else(String::new, |e| format!("{} of draws", digits::percent(e.mean))),
            ],
            false,
        );
    }
    (!grid.rows.is_empty()).then_some(grid)
}

/// The placements that were chosen in some draws, the most frequent first.
#[must_use]
pub fn chosen_in_draws(allocated: &Allocated<'_>) -> Option<Grid> {
    const MOST: usize = 10;
    let of = allocated.uncertain?;
    let mut grid = Grid::new(
        "What was chosen anew in the draws, hubs in the order of the first table",
        &[("Placement", false), ("Draws", true)],
    );
    for win in of.choice.wins.iter().take(MOST) {
        let known = allocated.answer.placements.iter().find(|p| p.extra == win.extra);
        let names: Vec<&str> = known.map_or_else(Vec::new, |p| p.kinds.iter().map(|k| named(*k)).collect());
        let posts: Vec<String> = win.extra.iter().map(u32::to_string).collect();
        let told = match names.as_slice() {
            [] => posts.join(", "),
            names => format!("{} ({})", posts.join(", "), names.join(", ")),
        };
        grid.row(vec![told, digits::percent(win.share)], false);
    }
    Some(grid)
}

/// `uncertain.csv` of placements: `option` says which.
///
/// # Errors
/// [`CsvError`] if the table cannot be made.
pub fn uncertain_csv(allocated: &Allocated<'_>, of: &AllocateUncertain) -> Result<String, CsvError> {
    let mut rows = Vec::new();
    let mut add = |option: &str, measure: usize, row: &Option<UncertainRow>| {
        if let Some(row) = row {
            let (measure, scale) = ((DRAWN_MEASURES[measure], "points"), 100.0);
            rows.push(uncertain::line(
                allocated.scenario,
                option,
                measure,
                scale,
                of.about(),
                row,
            ));
        }
    };
    for drawn in &of.placements {
        for is in &allocated.answer.placements[drawn.placement].kinds {
            add(kind(*is), 0, &drawn.gain);
            add(kind(*is), 1, &drawn.worst_gain);
            add(kind(*is), 2, &drawn.best_less);
        }
    }
    add("", 3, &of.regret);
    csv::table(&uncertain::COLUMNS, rows.into_iter())
}

/// As in `allocate.json`.
#[derive(Serialize)]
pub(super) struct DrawsJson<'a> {
    drawn: &'a [String],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    not_drawn: Vec<&'a str>,
    draws: u32,
    effective_draws: f64,
    chosen_on_replications: u32,
    replications: u32,
    by_placement: Vec<DrawnJson<'a>>,
    chosen_less_best: Option<RowJson<'a>>,
    same_choice: Option<Estimate>,
}

#[derive(Serialize)]
struct DrawnJson<'a> {
    placement: Vec<&'static str>,
    gain: Option<RowJson<'a>>,
    worst_hub_gain: Option<RowJson<'a>>,
    best_less_this: Option<RowJson<'a>>,
}

/// What uncertain inputs do to the placements. Shares.
pub(super) fn json<'a>(allocated: &Allocated<'a>, of: &'a AllocateUncertain) -> DrawsJson<'a> {
    let scenario = allocated.scenario;
    let answer = allocated.answer;
    let row = |row: &'a Option<UncertainRow>| row.as_ref().map(|row| uncertain::row_json(scenario, row));
    DrawsJson {
        drawn: &of.inputs,
        not_drawn: uncertain::not_drawn(&[], &of.about),
        draws: of.draws,
        effective_draws: of.effective_draws,
        chosen_on_replications: of.chosen_on,
        replications: of.replications,
        by_placement: of
            .placements
            .iter()
            .map(|drawn| DrawnJson {
                placement: answer.placements[drawn.placement]
                    .kinds
                    .iter()
                    .copied()
                    .map(kind)
                    .collect(),
                gain: row(&drawn.gain),
                worst_hub_gain: row(&drawn.worst_gain),
                best_less_this: row(&drawn.best_less),
            })
            .collect(),
        chosen_less_best: row(&of.regret),
        same_choice: of.same,
    }
}
