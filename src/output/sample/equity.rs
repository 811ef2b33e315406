//! Fairness between the hubs of the sample: a tenth of the last one's people served by its neighbour.

use super::{HUBS, LEVELS, RESIDENTS, WTE, estimate};
use crate::answers::equity::{Equity, EquityMeasure, EquityRow, Extreme, Gap, View};
use crate::model::{HubId, PathwayId, RoleId};

fn row(
    hub: Option<usize>,
    (pathway, role): (Option<usize>, Option<usize>),
    measure: EquityMeasure,
    value: f64,
    half_width: f64,
) -> EquityRow {
    EquityRow {
        hub: hub.map(HubId),
        pathway: pathway.map(PathwayId),
        role: role.map(RoleId),
        measure,
        estimate: Some(estimate(value, half_width)),
    }
}

pub(super) fn equity() -> Equity {
    let mut equity = Equity::default();
    let rows = &mut equity.rows;
    for (p, levels) in LEVELS.iter().enumerate() {
        let of = (Some(p), None);
        for (place, &(level, half_width)) in levels.iter().enumerate() {
            let hub = (place < HUBS.len()).then_some(place);
            for (measure, value, around) in [
                (EquityMeasure::ReferralsOfResidents, 1200.0, 7.0),
                (EquityMeasure::LevelOfResidents, level, half_width),
                (EquityMeasure::Referrals, 102.8, 0.4),
                (EquityMeasure::Seen, 98.2, 0.4),
                (EquityMeasure::Misses, 102.8 * (1.0 - level), 0.3),
            ] {
                rows.push(row(hub, of, measure, value, around));
            }
        }
        rows.push(row(None, of, EquityMeasure::ReferralsRatio, 1.01, 0.01));
        rows.push(row(None, of, EquityMeasure::MissesRatio, 1.78, 0.04));
        for (view, unsure) in [(View::ServedBy, p == 2), (View::Home, p > 0)] {
            let extreme = |hub: usize, in_resamples| Extreme {
                hub: HubId(hub),
                service_level: Some(estimate(levels[hub].0, levels[hub].1)),
                in_resamples,
            };
            equity.gaps.push(Gap {
                pathway: PathwayId(p),
                view,
                gap: estimate([11.99, 10.9, 11.5][p], [0.4, 1.9, 2.0][p]),
                best: extreme(3, 1.0),
                worst: extreme([5, 1, 4][p], if unsure { 0.62 } else { 0.998 }),
                perhaps_worst: [5, 1, 4][p..].iter().map(|&hub| HubId(hub)).collect(),
            });
        }
    }
    for r in 0..WTE[0].len() {
        for (h, wte) in WTE.iter().enumerate() {
            let value = wte[r] / f64::from(RESIDENTS[h]) * 1000.0;
            rows.push(row(Some(h), (None, Some(r)), EquityMeasure::Wte, value, 0.0));
        }
        rows.push(row(None, (None, Some(r)), EquityMeasure::Wte, 0.4, 0.0));
        rows.push(row(None, (None, Some(r)), EquityMeasure::WteRatio, 1.13, 0.0));
    }
    equity
}
