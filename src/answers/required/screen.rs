//! The analytic screen: where a search begins, from offered load, the square root of it, and demand by the hour. It only says where to look.

use super::space::{Component, Levels, StaffPlace, people_of_level};
use crate::answers::check::check as meaning;
use crate::model::{Dial, HoursOfWeek, Question, Scenario, Staffing};
use crate::units::{Span, Wte};

/// Where to begin: enough people for the work offered and a safety margin of 0.6 of its square root, which is what keeps
/// waits short in a team of any size (Halfin & Whitt, *Operations Research* 29 (1981), 567-588).
pub(super) fn start(scenario: &Scenario, question: &Question, component: &Component) -> Levels {
    let load = meaning(scenario).load;
    let of = |dial: &Dial, place: &StaffPlace| {
        let base = scenario.base_of(place.hub);
        let row = load.iter().find(|r| r.hub == base && r.role == place.role)?;
        if !row.offered.is_finite() {
            return None;
        }
        let role = scenario.roles.get(place.role.0)?;
        let need = |offered: f64| offered + 0.6 * offered.sqrt();
        let number = if let Some(piece) = place.piece {
            need(row.offered * demand_in_piece(scenario, place, piece)?)
        } else {
            let one = HoursOfWeek::expected(role, &Staffing::Wte(Wte::new(1.0).ok()?)).0;
            let covered = one.iter().filter(|n| **n > 0.0).count() as f64 / one.len() as f64;
            need(row.offered / covered) * covered / (people_of_level(scenario, dial) / dial.step)
        };
        Some(((number - dial.from) / dial.step).ceil())
    };
    let level = |d: &usize| {
        let dial = &question.free[*d];
        // What is the same at several hubs must be enough where most is needed.
        let needs = dial.places.iter().filter_map(|place| of(dial, place));
        let found = needs.filter(|n| n.is_finite()).fold(0.0, f64::max);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped")]
        let level = found.clamp(0.0, f64::from(dial.levels - 1)) as u16;
        level
    };
    component.dials.iter().map(level).collect()
}

/// Demand in a piece of the day, where the mean over the day is 1.
fn demand_in_piece(scenario: &Scenario, place: &StaffPlace, piece: usize) -> Option<f64> {
    let Staffing::OnShift(pieces) = scenario.hubs.get(place.hub.0)?.staff.get(place.role.0)? else {
        return None;
    };
    let piece = pieces.get(piece)?;
    let hour = Span::HOUR.ms();
    let covers = |h: i64| {
        let at = Span::from_ms(h * hour);
        if piece.to > piece.from {
            piece.from <= at && at < piece.to
        } else {
            at >= piece.from || at < piece.to
        }
    };
    let (mut sum, mut hours) = (0.0, 0.0);
    for pathway in scenario.pathways.iter().filter(|p| !p.responses.is_empty()) {
        for (_, weight) in (0..).zip(pathway.profile.day(0)).filter(|(h, _)| covers(*h)) {
            sum += weight;
            hours += 1.0;
        }
    }
    (hours > 0.0).then(|| sum / hours)
}
