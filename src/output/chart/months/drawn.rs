//! Service level by month under uncertain inputs: where the level to expect of each month lies by the inputs alone, and with both
//! kinds of doubt.

use super::{
    BOTTOM, INNER, LEFT, at, axis_begins, deadline_levels, deadlines, draw_axis, draw_fan, draw_goals, draw_labels,
    draw_levels,
};
use crate::answers::run::RunAnswer;
use crate::model::{PathwayId, Scenario};
use crate::output::chart::theme::{self, Align, Mark, Scale};
use crate::output::chart::{Figure, file_name};
use crate::output::{digits, words};
use crate::units::Share;

/// Service level of a pathway over all hubs, month by month, over draws of the inputs; `None` if none were drawn, without a
/// standard, or with fewer than two months.
#[must_use]
pub fn months_drawn(scenario: &Scenario, answer: &RunAnswer, id: PathwayId) -> Option<Figure> {
    let pathway = &scenario.pathways[id.0];
    let standard = pathway.standard.as_ref()?;
    let trajectory = &answer.trajectory;
    let of = answer.uncertain.as_ref()?;
    let course = of.months.as_ref()?.course(None, id)?;
    let fans: Vec<Option<[f64; 5]>> = course
        .months
        .iter()
        .map(|found| {
            let row = found.as_ref()?;
            Some([
                row.by_both[0],
                row.by_inputs[0],
                row.mean,
                row.by_inputs[1],
                row.by_both[1],
            ])
        })
        .collect();
    if trajectory.months.len() < 2 || trajectory.months.len() != fans.len() || fans.iter().all(Option::is_none) {
        return None;
    }
    let target = standard.target.map(Share::get);
    let from = axis_begins(scenario, answer, id);
    let deadlines = deadlines(trajectory);
    let levels = deadline_levels(&deadlines, fans.len());
    let y = Scale {
        from,
        to: 1.0,
        start: BOTTOM,
        end: 62 + 20 * levels.iter().max().map_or(0, |most| most + 1),
    };
    let x = |month: usize| at(month, fans.len());
    let title = format!(
        "{}: share {} {}, month by month, if inputs are not as stated",
        words::pathway(scenario, id),
        words::done(pathway),
        words::within_long(standard.within)
    );
    let values: Vec<String> = trajectory
        .months
        .iter()
        .zip(&fans)
        .map(|(month, fan)| {
            let month = words::month(month.month());
            let all = |fan: &[f64; 5]| {
                let [both_low, low, mean, high, both_high] = fan.map(|v| format!("{:.0}", v * 100.0));
                format!("{month}: {mean} % ({low} to {high} by the inputs, {both_low} to {both_high} with both kinds of doubt)")
            };
            fan.as_ref().map_or_else(|| format!("{month}: nothing known"), all)
        })
        .collect();
    let marked = target.map_or_else(String::new, |t| {
        format!(" A line marks the target of {}.", digits::percent(t))
    });
    let confidence = digits::percent(of.confidence);
    let description = format!(
        "A line through the mean over possible inputs, in an area where the level to expect of a month lies in {confidence} of \
         cases with both kinds of doubt, and a darker one where it lies by the inputs alone. {}.{marked}",
        values.join("; ")
    );
    let name = file_name("months_uncertain", scenario, id);
    Some(theme::figure(
        &scenario.title,
        name,
        title,
        description,
        (BOTTOM + 104).unsigned_abs(),
        |c| {
            c.muted("Share of referrals of the month", (12, 44), Align::Left);
            draw_levels(c, y);
            draw_fan(c, &fans, x, y);
            draw_goals(c, target, deadlines.iter().zip(&levels), x, y);
            draw_axis(c, trajectory, x);
            draw_labels(c, &fans, ["lower end", "on average", "upper end"], target, x, y);
            let key = BOTTOM + 64;
            c.box_filled((LEFT, key - 7), (LEFT + 26, key + 7), theme::TINT);
            c.words(
                &format!("{confidence}: inputs and chance"),
                (LEFT + 34, key),
                Align::Left,
            );
            c.box_filled((LEFT + 240, key - 7), (LEFT + 266, key + 7), INNER);
            c.words("the inputs alone", (LEFT + 274, key), Align::Left);
            c.line(vec![(LEFT + 416, key), (LEFT + 442, key)], theme::BLUE, 2);
            c.mark(Mark::Disc, (LEFT + 429, key), 4, theme::BLUE);
            c.words("average over possible inputs", (LEFT + 450, key), Align::Left);
            if from > 0.0 {
                let text = format!("The axis begins at {}.", digits::percent(from));
                c.muted(&text, (948, key + 24), Align::Right);
            }
        },
    ))
}
