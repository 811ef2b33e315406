//! How busy staff are, by role and hub.

use crate::answers::run::{Flow, RunAnswer};
use crate::answers::{Estimate, Measure};
use crate::model::{HubId, RoleId, Scenario, Within};
use crate::output::chart::Figure;
use crate::output::chart::theme::{self, Align, Canvas, Mark, Scale};
use crate::output::{digits, words};
use crate::units::Span;

/// Panels abreast.
const ABREAST: usize = 4;
const ROW: i32 = 30;
/// Above this share little is left for busy days.
const TIGHT: f64 = 0.85;

type Rows = Vec<(Option<HubId>, Option<Estimate>)>;

/// One panel per role, one row per hub; `None` if nothing was measured.
#[must_use]
pub fn utilisation(scenario: &Scenario, answer: &RunAnswer) -> Option<Figure> {
    let rows = |role: RoleId| -> Rows {
        words::hubs_and_all(scenario)
            .map(|hub| (hub, answer.estimate(hub, Flow::All, Some(role), Measure::Utilisation)))
            .collect()
    };
    let panels: Vec<(String, Option<Span>, Rows)> = (0..scenario.roles.len())
        .map(RoleId)
        .map(|r| (words::role(scenario, r), answers_within(scenario, r), rows(r)))
        .filter(|(_, _, rows)| rows.iter().any(|(_, e)| e.is_some()))
        .collect();
    if panels.is_empty() {
        return None;
    }
    let described: Vec<String> = panels
        .iter()
        .map(|(name, answers, rows)| {
            let all = rows.last().and_then(|r| r.1);
            let called = answers.map_or_else(String::new, |s| {
                format!(", with calls due within {}", words::span_long(s))
            });
            format!("{name}{called}: {} over all hubs.", digits::share(all))
        })
        .collect();
    let panel = 58 + ROW * theme::pixel((scenario.hubs.len() + 1) as f64) + 40;
    let spare = panels.iter().any(|(_, answers, _)| answers.is_some());
    let legend = 34 + panel * theme::pixel(panels.len().div_ceil(ABREAST) as f64) + 12;
    let height = legend + if spare { 68 } else { 14 };
    Some(theme::figure(
        &scenario.title,
        "utilisation".into(),
        "How busy staff are: share of time on shift spent on visits, travel and notes".into(),
        format!(
            "One panel per role, one row per hub, a line at 85 %. {}",
            described.join(" ")
        ),
        height.unsigned_abs(),
        |c| {
            let abreast = theme::pixel(panels.len().min(ABREAST) as f64);
            let width = (948 - 210) / abreast;
            for (i, (name, answers, rows)) in panels.iter().enumerate() {
                let left = 210 + width * theme::pixel((i % ABREAST) as f64);
                let top = 34 + panel * theme::pixel((i / ABREAST) as f64);
                if i % ABREAST == 0 {
                    labels(c, scenario, top);
                }
                draw(c, (name, answers), rows, (left, top), width);
            }
            let y = legend;
            c.dashed((14, y), (42, y), theme::PINK, 2);
            c.words(
                "85 %: above it little is left for busy days, sickness or growth",
                (50, y),
                Align::Left,
            );
            if spare {
                c.words(
                    "Where calls are due within hours, spare time is not idle: nobody knows when the next call comes, and somebody must be free.",
                    (14, y + 26),
                    Align::Left,
                );
                c.words(
                    "With only a few on shift all of them are out at once far below 85 %, and whoever calls then waits.",
                    (14, y + 48),
                    Align::Left,
                );
            }
        },
    ))
}

/// The shortest time within which a role must be at the door of people whom nobody could plan for; `None` if there are none, or days.
fn answers_within(scenario: &Scenario, role: RoleId) -> Option<Span> {
    let called = scenario.pathways.iter().filter(|pathway| {
        let mut needs = pathway.responses.iter().flat_map(|response| &response.needs);
        needs.any(|need| need.role == role)
    });
    let within = called.filter_map(|pathway| match pathway.standard?.within {
        Within::Time(span) if span <= Span::from_hours(24) => Some(span),
        Within::Time(_) | Within::SameDay => None,
    });
    within.min()
}

fn row_at(top: i32, i: usize) -> i32 {
    top + 58 + ROW * theme::pixel(i as f64) + ROW / 2
}

fn labels(c: &Canvas<'_>, scenario: &Scenario, top: i32) {
    for (i, hub) in words::hubs_and_all(scenario).enumerate() {
        let label = theme::fit(&words::hub(scenario, hub), 27);
        let at = (202, row_at(top, i));
        if hub.is_none() {
            c.bold(&label, at, Align::Right);
        } else {
            c.words(&label, at, Align::Right);
        }
    }
}

fn draw(c: &Canvas<'_>, (name, answers): (&str, &Option<Span>), rows: &Rows, (left, top): (i32, i32), width: i32) {
    let x = Scale {
        from: 0.0,
        to: 1.0,
        start: left + 14,
        end: left + width - 74,
    };
    if let Some(span) = answers {
        let text = format!("calls due within {}", words::span_short(*span));
        c.muted(&text, (left + 14, top + 48), Align::Left);
    }
    let (high, low) = (top + 58, row_at(top, rows.len()) - ROW / 2 + 4);
    c.bold(&theme::fit(name, 21), (left + 14, top + 30), Align::Left);
    for tick in [0.0, 0.5, 1.0] {
        c.line(vec![(x.at(tick), high), (x.at(tick), low)], theme::FAINT, 1);
        c.muted(&digits::percent(tick), (x.at(tick), low + 16), Align::Centre);
    }
    c.line(vec![(x.start, low), (x.end, low)], theme::INK, 1);
    c.dashed((x.at(TIGHT), high), (x.at(TIGHT), low), theme::PINK, 2);
    for (i, (hub, e)) in rows.iter().enumerate() {
        let y = row_at(top, i);
        let Some(e) = e else {
            c.muted(digits::NONE, (x.end + 14, y), Align::Left);
            continue;
        };
        c.line(vec![(x.start, y), (x.at(e.mean), y)], theme::BLUE, 2);
        c.whisker(y, x.at(e.low), x.at(e.high), theme::BLUE);
        let value = format!("{} %", digits::share_figure(e).mean);
        if hub.is_none() {
            c.mark(Mark::Diamond, (x.at(e.mean), y), 7, theme::BLUE);
            c.bold(&value, (x.end + 14, y), Align::Left);
        } else {
            c.mark(Mark::Disc, (x.at(e.mean), y), 5, theme::BLUE);
            c.words(&value, (x.end + 14, y), Align::Left);
        }
    }
}
