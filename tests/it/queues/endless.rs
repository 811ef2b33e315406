//! References for staff without end and demand that is constant within the hour.

use homefirst::model::Scenario;
use homefirst::random::Distribution;

use super::numbers::floor;

/// Cells into which the lengths of visits are cut, equally likely.
const CELLS: u32 = 1 << 16;

/// Mean number with a visit at an hour of a day like all others: the referrals of one visit's length before, averaged
/// over visits.
///
/// # Source
/// Mt/G/infinity: S. Eick, W. Massey & W. Whitt, *The physics of the Mt/G/infinity queue*, Operations Research 41
/// (1993), 731-742.
pub(super) fn mean_number(scenario: &Scenario, hub: usize, hour: usize) -> f64 {
    let pathway = &scenario.pathways[hub];
    let length: &Distribution = &pathway.responses[0].needs[0].length;
    let a_day = scenario.hubs[hub].referrals[hub].get();
    let rate = |back: usize| a_day / 24.0 * pathway.profile.weight((hour + 24 * 7 - back) % 24);
    let before = |span_h: f64| {
        let whole = span_h.floor();
        let hours = (1..=floor(span_h)).map(rate).sum::<f64>();
        hours + (span_h - whole) * rate(floor(span_h) % 24 + 1)
    };
    let cells = (0..CELLS).map(|k| length.quantile_ms((f64::from(k) + 0.5) / f64::from(CELLS)) / 3_600_000.0);
    cells.map(before).sum::<f64>() / f64::from(CELLS)
}
