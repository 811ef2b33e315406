//! Staff on shift against staff at work by hour of week, over all hubs.

use crate::answers::run::{HourlyMeasure, RunAnswer};
use crate::model::{RoleId, Scenario};
use crate::output::chart::theme::{self, Align, Canvas, Scale};
use crate::output::chart::{Figure, week};
use crate::output::{digits, grid, words};

/// Height of a role's panel, in pixels.
const PANEL: i32 = 160;
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
        &scenario.title,
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
        let ((shift, _), (work, when)) = (week::peak(&self.on_shift), week::peak(&self.busy));
        let (shift, work) = (digits::people(shift), digits::people(work));
        format!(
            "{}: at most {shift} on shift; most at work {work}, first on {when}.",
            self.name
        )
    }

    fn draw(&self, c: &Canvas<'_>, top: i32) {
        let (high, low) = (top + 28, top + PANEL - week::BELOW - 2);
        let most = self.most();
        let step = theme::step(most.max(0.5) * 1.05, 4.0);
        let full = (most.max(0.5) * 1.05 / step).ceil() * step;
        let y = Scale {
            from: 0.0,
            to: full,
            start: low,
            end: high,
        };
        c.bold(&format!("{}: people", self.name), (14, top + 12), Align::Left);
        c.area(week::outline(&self.on_shift, y, true), theme::TINT);
        week::behind(c, y, step);
        c.line(week::outline(&self.on_shift, y, false), theme::BLUE, 2);
        c.line(week::outline(&self.busy, y, false), theme::PINK, 3);
        week::bottom(c, y);
    }
}
