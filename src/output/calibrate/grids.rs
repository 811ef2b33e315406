//! What a calibration came to, in tables.

use super::Shown;
use super::sentences::{range, typed, with};
use crate::answers::Estimate;
use crate::answers::calibrate::{FigureAnswer, Verdict};
use crate::output::grid::Grid;
use crate::output::reported::{doubt, estimate, figure_short, value};
use crate::output::{digits, words};

/// Half of an interval of 95 % in standard deviations.
const WIDE: f64 = 1.96;

/// The figures: reported, in doubt by how much, and what the calibrated inputs give.
#[must_use]
pub fn figures(shown: &Shown<'_>) -> Grid {
    let expected = match &shown.answer.verdict {
        Verdict::Reproduced => None,
        Verdict::CannotReproduce { expected, .. } => Some(expected),
    };
    let last = if expected.is_some() { "Nearest" } else { "Calibrated" };
    let mut grid = Grid::new(
        "Figures reported; doubts as ± of 95 %, in points where it is a share",
        &[
            ("Figure", false),
            ("Reported", true),
            ("Chance", true),
            ("Model", true),
            ("Emulator", true),
            ("In the scenario", true),
            (last, true),
            ("Difference", true),
        ],
    );
    let or_none =
        |f: &FigureAnswer, e: Option<Estimate>| e.map_or_else(|| digits::NONE.into(), |e| estimate(&f.figure, &e));
    for (n, f) in shown.answer.figures.iter().enumerate() {
        let nearest = expected.and_then(|e| e.get(n)).copied();
        let now = nearest.or(f.calibrated.map(|e| e.mean));
        grid.row(
            vec![
                figure_short(shown.scenario, &f.figure),
                value(&f.figure, f.figure.value),
                doubt(&f.figure, WIDE * f.sd_observed),
                doubt(&f.figure, WIDE * f.sd_model),
                doubt(&f.figure, WIDE * f.sd_emulator),
                or_none(f, f.as_it_stands),
                nearest.map_or_else(
                    || or_none(f, f.calibrated),
                    |e| format!("about {}", value(&f.figure, e)),
                ),
                now.map_or_else(|| digits::NONE.into(), |now| signed(f, now - f.figure.value)),
            ],
            false,
        );
    }
    grid
}

fn signed(f: &FigureAnswer, difference: f64) -> String {
    let size = if f.figure.is_share() {
        format!("{:.2}", difference.abs() * 100.0)
    } else {
        doubt(&f.figure, difference.abs())
    };
    match size.chars().any(|c| c.is_ascii_digit() && c != '0') {
        false => "0".into(),
        true if difference < 0.0 => format!("-{size}"),
        true => format!("+{size}"),
    }
}

/// The inputs: ranges before and after.
#[must_use]
pub fn inputs(shown: &Shown<'_>) -> Grid {
    let reproduced = !shown.answer.plausible.is_empty();
    let mut grid = Grid::new(
        if reproduced {
            "Inputs: the middle nine tenths of the plausible set, and the calibrated values"
        } else {
            "Inputs"
        },
        &[
            ("Input", false),
            ("Range", true),
            ("In the scenario", true),
            ("Nine tenths of what fits", true),
            ("Shorter by", true),
            ("Calibrated", true),
        ],
    );
    for known in &shown.answer.known {
        let or_none = |v: Option<f64>| v.map_or_else(|| digits::NONE.into(), |v| typed(known, v));
        grid.row(
            vec![
                words::capital(&words::input(&known.path)),
                range(known, known.from, known.to),
                or_none(known.now),
                if reproduced {
                    range(known, known.low, known.high)
                } else {
                    "nothing".into()
                },
                if reproduced {
                    format!("{:.0} %", known.shrunk.max(0.0) * 100.0)
                } else {
                    digits::NONE.into()
                },
                or_none(known.calibrated),
            ],
            false,
        );
    }
    grid
}

/// Inputs that go together; `None` if none do.
#[must_use]
pub fn pairs(shown: &Shown<'_>) -> Option<Grid> {
    let mut grid = Grid::new(
        "Inputs that go together in the plausible set",
        &[
            ("More of", false),
            ("goes with", false),
            ("Correlation", true),
            ("Told apart", false),
        ],
    );
    let known = &shown.answer.known;
    for pair in &shown.answer.pairs {
        grid.row(
            vec![
                words::input(&known[pair.one].path),
                with(&known[pair.other].path, pair.correlation),
                format!("{:+.2}", pair.correlation),
                if pair.alike { "no" } else { "in part" }.into(),
            ],
            false,
        );
    }
    (!grid.rows.is_empty()).then_some(grid)
}

/// The waves.
#[must_use]
pub fn waves(shown: &Shown<'_>) -> Grid {
    let mut grid = Grid::new(
        "Waves: what of the ranges is left, and doubt of the emulator against all other doubt (variances)",
        &[
            ("Wave", false),
            ("Points", true),
            ("Replications", true),
            ("Left", true),
        ],
    );
    for f in &shown.answer.figures {
        grid.columns.push(crate::output::grid::Column {
            heading: format!("Doubt, {}", words::pathway(shown.scenario, f.figure.pathway)),
            number: true,
        });
    }
    for (n, wave) in shown.answer.waves.iter().enumerate() {
        let mut cells = vec![
            (n + 1).to_string(),
            wave.points.to_string(),
            digits::count(wave.replications),
            format!("{:.2} %", wave.left * 100.0),
        ];
        cells.extend(wave.doubt.iter().map(|doubt| format!("{doubt:.2}")));
        grid.row(cells, false);
    }
    grid
}
