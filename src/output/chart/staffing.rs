//! Staff on shift against staff at work by hour of week, over all hubs.

use crate::answers::run::{HourlyMeasure, RunAnswer};
use crate::model::{RoleId, Scenario, Weekday};
use crate::output::chart::Figure;
use crate::output::chart::theme::{self, Align, Canvas, Scale};
use crate::output::{digits, grid, words};

/// Height of a role's panel, in pixels.
const PANEL: i32 = 142;
const TOP: i32 = 62;

/// One panel per role that was measured; `None` if none was.
#[must_use]
pub fn staffing(scenario: &Scenario, answer: &RunAnswer) -> Option<Figure> {
    let panels: Vec<Panel> = (0..scenario.roles.len())
        .map(RoleId)
        .filter_map(|role| {
            Some(Panel {
                name: words::role(scenario, role),
                on_shift: grid::hourly(answer, role, HourlyMeasure::OnShift)?,
                busy: grid::hourly(answer, role, HourlyMeasure::Busy)?,
            })
        })
        .collect();
    if panels.is_empty() {
        return None;
    }
    let described: Vec<String> = panels.iter().map(Panel::describe).collect();
    let height = TOP + PANEL * theme::pixel(panels.len() as f64) + 14;
    Some(theme::figure(
        "staffing".into(),
        "Staff on shift and staff at work by hour of the week, all hubs".into(),
        format!("One panel per role, Monday to Sunday. {}", described.join(" ")),
        height.unsigned_abs(),
        |c| {
            c.box_filled((14, 37), (40, 51), theme::TINT);
            c.line(vec![(14, 37), (40, 37)], theme::BLUE, 2);
            c.words("on shift (less breaks)", (48, 44), Align::Left);
            c.line(vec![(218, 44), (246, 44)], theme::PINK, 3);
            c.words(
                "at work (visits, travel, notes; overtime included)",
                (254, 44),
                Align::Left,
            );
            for (i, panel) in panels.iter().enumerate() {
                panel.draw(c, TOP + PANEL * theme::pixel(i as f64));
            }
        },
    ))
}

struct Panel {
    name: String,
    on_shift: Vec<f64>,
    busy: Vec<f64>,
}

impl Panel {
    fn most(&self) -> f64 {
        self.on_shift.iter().chain(&self.busy).fold(0.0, |a: f64, b| a.max(*b))
    }

    fn describe(&self) -> String {
        let peak = |values: &[f64]| {
            let most = values.iter().fold(0.0, |a: f64, b| a.max(*b));
            let hour = values.iter().position(|v| v.total_cmp(&most).is_eq()).unwrap_or(0);
            (
                digits::people(most),
                format!("{} {:02}:00", Weekday::ALL[hour / 24 % 7].name(), hour % 24),
            )
        };
        let ((shift, _), (work, when)) = (peak(&self.on_shift), peak(&self.busy));
        format!(
            "{}: at most {shift} on shift; most at work {work}, first on {when}.",
            self.name
        )
    }

    fn draw(&self, c: &Canvas<'_>, top: i32) {
        let (high, low) = (top + 28, top + PANEL - 26);
        let x = Scale {
            from: 0.0,
            to: 168.0,
            start: 52,
            end: 946,
        };
        let most = self.most();
        let step = theme::step(most.max(0.5) * 1.05, 4.0);
        let full = (most.max(0.5) * 1.05 / step).ceil() * step;
        let y = Scale {
            from: 0.0,
            to: full,
            start: low,
            end: high,
        };
        c.bold(&self.name, (14, top + 12), Align::Left);
        c.area(outline(&self.on_shift, x, y, true), theme::TINT);
        for tick in theme::ticks(0.0, full, step) {
            c.line(vec![(x.start, y.at(tick)), (x.end, y.at(tick))], theme::FAINT, 1);
            let decimals = usize::from(step < 1.0);
            c.muted(&format!("{tick:.decimals$}"), (x.start - 8, y.at(tick)), Align::Right);
        }
        for day in 0..=7 {
            let at = x.at(f64::from(day) * 24.0);
            c.line(vec![(at, high), (at, low + 6)], theme::BACK, 1);
        }
        for day in Weekday::ALL {
            let noon = x.at((day.index() * 24 + 12) as f64);
            c.line(vec![(noon, low), (noon, low + 4)], theme::BACK, 1);
            c.muted(&format!("{} 12:00", day.name()), (noon, low + 14), Align::Centre);
        }
        c.line(outline(&self.on_shift, x, y, false), theme::BLUE, 2);
        c.line(outline(&self.busy, x, y, false), theme::PINK, 3);
        c.line(vec![(x.start, low), (x.end, low)], theme::INK, 1);
    }
}

/// Steps, hour by hour; as an area, closed along the bottom.
fn outline(values: &[f64], x: Scale, y: Scale, closed: bool) -> Vec<(i32, i32)> {
    let mut points = Vec::with_capacity(values.len() * 2 + 2);
    if closed {
        points.push((x.start, y.start));
    }
    for (hour, &v) in values.iter().enumerate() {
        points.push((x.at(hour as f64), y.at(v)));
        points.push((x.at(hour as f64 + 1.0), y.at(v)));
    }
    if closed {
        points.push((x.end, y.start));
    }
    points
}
