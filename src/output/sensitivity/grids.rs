//! Which input matters, in tables.

use super::Sensed;
use super::sentences::{by_gain, points};
use crate::answers::Estimate;
use crate::answers::sensitivity::OfStandard;
use crate::output::grid::Grid;
use crate::output::{digits, words};

/// One input at a time: at most so many, the one that moves the standard farthest first.
#[must_use]
pub fn tornado(sensed: &Sensed<'_>, of: &OfStandard, most: usize) -> Grid {
    let mut grid = Grid::new(
        format!(
            "{}: one input at a time, points of service level against the scenario",
            words::pathway(sensed.scenario, of.pathway)
        ),
        &[
            ("Input", false),
            ("Range", false),
            ("At the lower end", true),
            ("At the upper end", true),
        ],
    );
    for bar in sensed.bars(of).take(most) {
        grid.row(
            vec![
                words::capital(&sensed.name(bar.input)),
                sensed.ends(bar.input),
                digits::points_signed(&bar.low),
                digits::points_signed(&bar.high),
            ],
            false,
        );
    }
    grid
}

/// What each input has to do with the spread: at most so many, the one best worth knowing first; `None` without points.
#[must_use]
pub fn shares(sensed: &Sensed<'_>, of: &OfStandard, most: usize) -> Option<Grid> {
    let spread = of.spread.as_ref().filter(|spread| !spread.shares.is_empty())?;
    let mut grid = Grid::new(
        format!(
            "{}: shares of the variance, and what knowing an input would change",
            words::pathway(sensed.scenario, of.pathway)
        ),
        &[
            ("Input", false),
            ("Alone, %", true),
            ("With others, %", true),
            ("sd smaller by, points", true),
            ("Nine tenths within, points", true),
        ],
    );
    let hundred = |e: &Estimate| {
        if e.mean == 0.0 && e.half_width == 0.0 {
            return "none".to_owned();
        }
        digits::number(Some(*e), 100.0)
    };
    let rows = by_gain(of);
    for row in rows.iter().take(most) {
        grid.row(
            vec![
                words::capital(&sensed.name(row.input)),
                hundred(&row.first),
                hundred(&row.total),
                hundred(&row.sd_gain),
                hundred(&row.range_if_known),
            ],
            false,
        );
    }
    grid.row(
        vec![
            "All as they are".into(),
            String::new(),
            String::new(),
            format!("sd {}", hundred(&spread.sd)),
            format!("{:.1}", (spread.high.mean - spread.low.mean) * 100.0),
        ],
        true,
    );
    Some(grid)
}

/// The ranges, and what is typed now.
#[must_use]
pub fn inputs(sensed: &Sensed<'_>) -> Grid {
    let mut grid = Grid::new(
        "The ranges that were moved",
        &[
            ("Input", false),
            ("In the scenario", false),
            ("Range", false),
            ("How likely", false),
            ("Path", false),
        ],
    );
    for (input, range) in sensed.ranges.inputs.iter().enumerate() {
        grid.row(
            vec![
                words::capital(&sensed.name(input)),
                range.told(range.now),
                sensed.ends(input),
                range.shape.name().into(),
                range.path.clone(),
            ],
            false,
        );
    }
    grid
}

/// The ranges that could not be moved; `None` if there are none.
#[must_use]
pub fn left_out(sensed: &Sensed<'_>) -> Option<Grid> {
    let mut grid = Grid::new(
        "Ranges that were left out",
        &[("Input", false), ("Range, as typed", false), ("Why", false)],
    );
    for left in &sensed.ranges.left_out {
        grid.row(
            vec![
                left.path.clone(),
                format!("{} to {}", left.low, left.high),
                left.why.into(),
            ],
            false,
        );
    }
    (!grid.rows.is_empty()).then_some(grid)
}

/// How well the surface does, in words.
#[must_use]
pub(in crate::output) fn surface(sensed: &Sensed<'_>, of: &OfStandard) -> Option<String> {
    let spread = of.spread.as_ref()?;
    Some(format!(
        "{}: {} terms explain {} of the variance at points that they have not seen; chance in the simulation adds {} at each point.",
        words::pathway(sensed.scenario, of.pathway),
        spread.terms,
        digits::percent(spread.explained),
        points(spread.sd_simulation)
    ))
}
