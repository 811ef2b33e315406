//! How busy staff are, by role and hub.

use crate::answers::run::{Flow, RunAnswer};
use crate::answers::{Estimate, Measure};
use crate::model::{HubId, RoleId, Scenario};
use crate::output::chart::Figure;
use crate::output::chart::theme::{self, Align, Canvas, Mark, Scale};
use crate::output::{digits, words};

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
    let panels: Vec<(String, Rows)> = (0..scenario.roles.len())
        .map(|r| (words::role(scenario, RoleId(r)), rows(RoleId(r))))
        .filter(|(_, rows)| rows.iter().any(|(_, e)| e.is_some()))
        .collect();
    if panels.is_empty() {
        return None;
    }
    let described: Vec<String> = panels
        .iter()
        .map(|(name, rows)| {
            let all = rows.last().and_then(|r| r.1);
            format!("{name}: {} over all hubs.", digits::share(all))
        })
        .collect();
    let panel = 58 + ROW * theme::pixel((scenario.hubs.len() + 1) as f64) + 40;
    let height = 34 + panel * theme::pixel(panels.len().div_ceil(ABREAST) as f64) + 26;
    Some(theme::figure(
        &scenario.title,
        "utilisation".into(),
        "How busy staff are: share of time on shift spent at work".into(),
        format!(
            "One panel per role, one row per hub, a line at 85 %. {}",
            described.join(" ")
        ),
        height.unsigned_abs(),
        |c| {
            let abreast = theme::pixel(panels.len().min(ABREAST) as f64);
            let width = (948 - 210) / abreast;
            for (i, (name, rows)) in panels.iter().enumerate() {
                let left = 210 + width * theme::pixel((i % ABREAST) as f64);
                let top = 34 + panel * theme::pixel((i / ABREAST) as f64);
                if i % ABREAST == 0 {
                    labels(c, scenario, top);
                }
                draw(c, name, rows, (left, top), width);
            }
            let y = height - 14;
            c.dashed((14, y), (42, y), theme::PINK, 2);
            c.words(
                "85 %: above it little is left for busy days, sickness or growth; a small team is all busy at once far below it",
                (50, y),
                Align::Left,
            );
        },
    ))
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

fn draw(c: &Canvas<'_>, name: &str, rows: &Rows, (left, top): (i32, i32), width: i32) {
    let x = Scale {
        from: 0.0,
        to: 1.0,
        start: left + 14,
        end: left + width - 74,
    };
    let (high, low) = (top + 50, row_at(top, rows.len()) - ROW / 2 + 4);
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
