//! Service level by month: a fan over replications, beside the target, the deadlines and what was reported.

mod drawn;
mod posts;

pub use drawn::months_drawn;
pub use posts::recruitment;

use plotters::style::RGBColor;

use crate::answers::run::RunAnswer;
use crate::answers::trajectory::{Course, DeadlinePlace, Trajectory};
use crate::model::{PathwayId, Scenario};
use crate::output::chart::theme::{self, Align, Canvas, Mark, Scale};
use crate::output::chart::{Figure, file_name};
use crate::output::{digits, words};
use crate::units::Share;

/// Half of the replications, inside the area of eight in ten.
const INNER: RGBColor = RGBColor(0x9B, 0xB8, 0xD3);
/// Between labels beside the plot \[pixels\].
const APART: i32 = 18;
/// A month's name takes so much room \[pixels\].
const NAME: f64 = 34.0;
/// A deadline's label takes so much room to each side \[pixels\].
const LABEL: i32 = 110;

/// Where the plot lies \[pixels\].
const LEFT: i32 = 70;
const RIGHT: i32 = 770;
const BOTTOM: i32 = 400;

/// Service level of a pathway over all hubs, month by month; `None` without a standard, if fewer than two months were
/// measured or nothing was counted.
#[must_use]
pub fn months(scenario: &Scenario, answer: &RunAnswer, id: PathwayId) -> Option<Figure> {
    let pathway = &scenario.pathways[id.0];
    let standard = pathway.standard.as_ref()?;
    let trajectory = &answer.trajectory;
    let course = trajectory.course(None, id)?;
    if trajectory.months.len() < 2 || course.months.iter().all(|m| m.service_level.is_none()) {
        return None;
    }
    let target = standard.target.map(Share::get);
    let reported = words::reported_by_month(scenario, None, id);
    let marks: Vec<(usize, f64)> = trajectory
        .months
        .iter()
        .enumerate()
        .filter_map(|(i, m)| Some((i, *reported.get(&m.month())?)))
        .collect();
    let fans = fans(course);
    let deadlines = deadlines(trajectory);
    let from = axis_begins(scenario, answer, id);
    let levels = deadline_levels(&deadlines, trajectory.months.len());
    let top = 62 + 20 * levels.iter().max().map_or(0, |most| most + 1);
    let y = Scale {
        from,
        to: 1.0,
        start: BOTTOM,
        end: top,
    };
    let x = |month: usize| at(month, trajectory.months.len());
    let title = format!(
        "{}: share {} {}, month by month",
        words::pathway(scenario, id),
        words::done(pathway),
        words::within_long(standard.within)
    );
    let before = scenario.observed.iter().any(|o| o.before_change);
    let reported = if before {
        "reported of the base, before the change"
    } else {
        "reported for the service"
    };
    Some(theme::figure(
        &scenario.title,
        file_name("months", scenario, id),
        title,
        describe(trajectory, course, target, (reported, &marks)),
        (BOTTOM + 108).unsigned_abs(),
        |c| {
            c.muted("Share of referrals of the month", (12, 44), Align::Left);
            draw_levels(c, y);
            draw_fan(c, &fans, x, y);
            draw_goals(c, target, deadlines.iter().zip(&levels), x, y);
            for (month, value) in &marks {
                c.mark(Mark::Triangle, (x(*month), y.at(*value)), 6, theme::TURQUOISE);
            }
            draw_axis(c, trajectory, x);
            let ends = ["1 in 10 below", "half above", "1 in 10 above"];
            draw_labels(c, &fans, ends, target, x, y);
            draw_key(c, (!marks.is_empty()).then_some(reported), from);
            c.muted(
                &format!(
                    "Every month was simulated {} times; these differ by chance alone.",
                    digits::count(answer.replications.into())
                ),
                (LEFT, BOTTOM + 88),
                Align::Left,
            );
        },
    ))
}

/// Where the axis of a pathway's months begins: the same for months as simulated and over draws of the inputs, which stand below
/// each other.
fn axis_begins(scenario: &Scenario, answer: &RunAnswer, id: PathwayId) -> f64 {
    let trajectory = &answer.trajectory;
    let target = scenario.pathways[id.0].standard.and_then(|s| s.target).map(Share::get);
    let simulated = trajectory.course(None, id).map(fans);
    let reported = words::reported_by_month(scenario, None, id);
    let marks = trajectory
        .months
        .iter()
        .filter_map(|m| reported.get(&m.month()).copied());
    let drawn = answer
        .uncertain
        .as_ref()
        .and_then(|of| of.months.as_ref()?.course(None, id));
    let drawn = drawn.iter().flat_map(|course| course.months.iter().flatten());
    let least = simulated
        .iter()
        .flatten()
        .flatten()
        .map(|fan| fan[0])
        .chain(target)
        .chain(marks)
        .chain(drawn.map(|row| row.by_both[0]))
        .fold(1.0, f64::min);
    (((least - 0.03) * 10.0).floor() / 10.0).clamp(0.0, 0.9)
}

/// The middle of a month's stretch of the axis.
fn at(month: usize, of: usize) -> i32 {
    let width = f64::from(RIGHT - LEFT) / of as f64;
    theme::pixel(f64::from(LEFT) + (month as f64 + 0.5) * width)
}

/// The quantiles of each month in which anything was counted.
fn fans(course: &Course) -> Vec<Option<[f64; 5]>> {
    let of = |fan: [Option<crate::answers::Estimate>; 5]| {
        let [a, b, c, d, e] = fan.map(|q| q.map(|q| q.mean));
        Some([a?, b?, c?, d?, e?])
    };
    course.months.iter().map(|m| of(m.fan)).collect()
}

/// The deadlines that lie in the window: month and label.
fn deadlines(trajectory: &Trajectory) -> Vec<(usize, String)> {
    let inside = |d: &crate::answers::trajectory::Deadline| match d.place {
        DeadlinePlace::In(month) => Some((month, format!("Deadline {}", words::date(d.date)))),
        DeadlinePlace::Before | DeadlinePlace::After => None,
    };
    trajectory.deadlines.iter().filter_map(inside).collect()
}

/// On which line each label stands, so that none lies over another.
fn deadline_levels(deadlines: &[(usize, String)], months: usize) -> Vec<i32> {
    let mut levels: Vec<(i32, i32)> = Vec::new();
    for (month, _) in deadlines {
        let x = at(*month, months).clamp(LEFT + LABEL, RIGHT - LABEL);
        let free = |level: &i32| {
            levels
                .iter()
                .all(|(l, other)| l != level || (other - x).abs() > 2 * LABEL)
        };
        levels.push(((0..).find(free).unwrap_or(0), x));
    }
    levels.into_iter().map(|l| l.0).collect()
}

/// Lines across for the levels, named at the left.
fn draw_levels(c: &Canvas<'_>, y: Scale) {
    for tick in theme::ticks(y.from, y.to, if y.to - y.from > 0.35 { 0.1 } else { 0.05 }) {
        c.line(vec![(LEFT, y.at(tick)), (RIGHT, y.at(tick))], theme::FAINT, 1);
        c.muted(&digits::percent(tick), (LEFT - 8, y.at(tick)), Align::Right);
    }
}

/// The target across, and each deadline down, with its name on its line.
fn draw_goals<'a>(
    c: &Canvas<'_>,
    target: Option<f64>,
    deadlines: impl Iterator<Item = (&'a (usize, String), &'a i32)>,
    x: impl Fn(usize) -> i32,
    y: Scale,
) {
    if let Some(t) = target {
        c.line(vec![(LEFT, y.at(t)), (RIGHT + 8, y.at(t))], theme::ORANGE, 3);
    }
    for ((place, label), level) in deadlines {
        let label_y = 62 + 20 * level;
        c.dashed((x(*place), label_y + 10), (x(*place), BOTTOM), theme::PINK, 2);
        c.words(
            label,
            (x(*place).clamp(LEFT + LABEL, RIGHT - LABEL), label_y),
            Align::Centre,
        );
    }
}

/// Areas and the middle line, with a gap where nothing was counted.
fn draw_fan(c: &Canvas<'_>, fans: &[Option<[f64; 5]>], x: impl Fn(usize) -> i32, y: Scale) {
    let mut stretch: Vec<(usize, [f64; 5])> = Vec::new();
    for (month, fan) in fans.iter().copied().chain([None]).enumerate() {
        if let Some(fan) = fan {
            stretch.push((month, fan));
            continue;
        }
        for (low, high, colour) in [(0, 4, theme::TINT), (1, 3, INNER)] {
            if let [(month, one)] = stretch.as_slice() {
                // A month by itself is a bar.
                c.box_filled(
                    (x(*month) - 6, y.at(one[high])),
                    (x(*month) + 6, y.at(one[low])),
                    colour,
                );
            } else if !stretch.is_empty() {
                let upper = stretch.iter().map(|(m, f)| (x(*m), y.at(f[high])));
                let lower = stretch.iter().rev().map(|(m, f)| (x(*m), y.at(f[low])));
                c.area(upper.chain(lower).collect(), colour);
            }
        }
        if stretch.len() > 1 {
            let middle = stretch.iter().map(|(m, f)| (x(*m), y.at(f[2]))).collect();
            c.line(middle, theme::BLUE, 2);
        }
        for (m, f) in stretch.drain(..) {
            c.mark(Mark::Disc, (x(m), y.at(f[2])), 4, theme::BLUE);
        }
    }
}

/// Months along the axis; years below their first month.
fn draw_axis(c: &Canvas<'_>, trajectory: &Trajectory, x: impl Fn(usize) -> i32) {
    c.line(vec![(LEFT, BOTTOM), (RIGHT, BOTTOM)], theme::INK, 1);
    let width = f64::from(RIGHT - LEFT) / trajectory.months.len() as f64;
    let every = usize::try_from(theme::pixel((NAME / width).ceil()).max(1)).unwrap_or(1);
    let mut year = None;
    for (i, month) in trajectory.months.iter().enumerate().step_by(every) {
        let this = month.month();
        c.line(vec![(x(i), BOTTOM), (x(i), BOTTOM + 5)], theme::INK, 1);
        c.muted(words::month_short(this), (x(i), BOTTOM + 16), Align::Centre);
        if year != Some(this.year) {
            c.muted(&this.year.to_string(), (x(i), BOTTOM + 33), Align::Centre);
            year = Some(this.year);
        }
    }
}

/// What the ends of the fan are, beside them; none over another, and each with a line to its place.
fn draw_labels(
    c: &Canvas<'_>,
    fans: &[Option<[f64; 5]>],
    ends: [&str; 3],
    target: Option<f64>,
    x: impl Fn(usize) -> i32,
    y: Scale,
) {
    let mut labels: Vec<(i32, i32, String)> = Vec::new();
    let last = fans.iter().enumerate().rev().find_map(|(n, fan)| Some((n, (*fan)?)));
    if let Some((month, last)) = last {
        for (end, value) in ends.into_iter().zip([last[0], last[2], last[4]]) {
            labels.push((y.at(value), x(month) + 6, format!("{end} {:.1} %", value * 100.0)));
        }
    }
    if let Some(t) = target {
        labels.push((y.at(t), RIGHT + 8, format!("Target {}", digits::percent(t))));
    }
    // From above; a target at the same height stands last.
    labels.sort_by_key(|l| l.0);
    let places: Vec<(i32, i32)> = labels.iter().map(|(at, from, _)| (*from, *at)).collect();
    // Pushed down where they would overlap, and all of them up again where that goes below the axis.
    let mut least = i32::MIN;
    for (at, ..) in &mut labels {
        *at = (*at).max(least);
        least = *at + APART;
    }
    let mut most = BOTTOM;
    for (at, ..) in labels.iter_mut().rev() {
        *at = (*at).min(most);
        most = *at - APART;
    }
    for ((at, _, label), place) in labels.into_iter().zip(places) {
        c.line(vec![place, (RIGHT + 12, at)], theme::BACK, 1);
        c.words(&label, (RIGHT + 16, at), Align::Left);
    }
}

fn draw_key(c: &Canvas<'_>, reported: Option<&str>, from: f64) {
    let y = BOTTOM + 64;
    c.box_filled((LEFT, y - 7), (LEFT + 26, y + 7), theme::TINT);
    c.words("8 in 10 simulations", (LEFT + 34, y), Align::Left);
    c.box_filled((LEFT + 190, y - 7), (LEFT + 216, y + 7), INNER);
    c.words("half of them", (LEFT + 224, y), Align::Left);
    c.line(vec![(LEFT + 330, y), (LEFT + 356, y)], theme::BLUE, 2);
    c.mark(Mark::Disc, (LEFT + 343, y), 4, theme::BLUE);
    c.words("the middle one", (LEFT + 364, y), Align::Left);
    if let Some(reported) = reported {
        c.mark(Mark::Triangle, (LEFT + 490, y), 6, theme::TURQUOISE);
        c.words(reported, (LEFT + 504, y), Align::Left);
    }
    if from > 0.0 {
        let text = format!("The axis begins at {}.", digits::percent(from));
        c.muted(&text, (948, y + 24), Align::Right);
    }
}

fn describe(
    trajectory: &Trajectory,
    course: &Course,
    target: Option<f64>,
    (reported, marks): (&str, &[(usize, f64)]),
) -> String {
    let months = trajectory.months.iter().zip(fans(course));
    let values: Vec<String> = months
        .map(|(month, fan)| {
            let month = words::month(month.month());
            fan.map_or_else(
                || format!("{month}: nothing counted"),
                |[low, _, middle, _, high]| {
                    let [low, middle, high] = [low, middle, high].map(|v| format!("{:.0}", v * 100.0));
                    format!("{month}: {middle} % ({low} to {high})")
                },
            )
        })
        .collect();
    let mut text = format!(
        "A line through the middle simulation of each month, in an area that holds 8 in 10 simulations and a darker one \
         that holds half of them. {}.",
        values.join("; ")
    );
    if let Some(t) = target {
        text = format!("{text} A line marks the target of {}.", digits::percent(t));
    }
    for (_, label) in deadlines(trajectory) {
        text = format!("{text} A dashed line marks the {}.", label.replacen('D', "d", 1));
    }
    if !marks.is_empty() {
        let of = |(month, value): &(usize, f64)| {
            let month = trajectory.months.get(*month).map(|m| words::month(m.month()));
            format!("{}: {}", month.unwrap_or_default(), digits::percent(*value))
        };
        let marks: Vec<String> = marks.iter().map(of).collect();
        text = format!("{text} Triangles mark what was {reported}: {}.", marks.join("; "));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::months;
    use crate::model::{Observed, PathwayId, YearMonth};
    use crate::output::sample;

    #[test]
    fn target_deadline_and_what_was_reported_are_drawn_named_and_described() {
        let (mut scenario, answer) = (sample::scenario(), sample::answer());
        let plain = months(&scenario, &answer, PathwayId(0)).unwrap();
        assert!(!plain.svg.contains("reported for the service"));
        scenario.observed.push(Observed {
            month: YearMonth::parse("2020-08"),
            value: 0.77,
            ..scenario.observed[0].clone()
        });
        let f = months(&scenario, &answer, PathwayId(0)).unwrap();
        for said in [
            "Deadline 1 April 2021",
            "Target 90 %",
            "reported for the service",
            "half above ",
        ] {
            assert!(f.svg.contains(said), "{said}");
        }
        for said in [
            "June 2020: 79 % (",
            "the deadline 1 April 2021",
            "the target of 90 %",
            "August 2020: 77 %",
        ] {
            assert!(f.description.contains(said), "{said}: {}", f.description);
        }
        // What lies beyond the window is not drawn.
        assert!(!f.svg.contains("October 2022"));
    }

    #[test]
    fn a_month_without_referrals_is_a_gap_and_a_single_month_no_figure() {
        let (scenario, mut answer) = (sample::scenario(), sample::answer());
        let course = answer
            .trajectory
            .courses
            .iter_mut()
            .rfind(|c| c.pathway.0 == 0)
            .unwrap();
        for month in [1, 3] {
            course.months[month].fan = [None; 5];
            course.months[month].service_level = None;
        }
        let f = months(&scenario, &answer, PathwayId(0)).unwrap();
        assert!(f.description.contains("July 2020: nothing counted"));
        // Two areas from September on; June and August are bars of their own; one line.
        assert_eq!(f.svg.matches("<polygon ").count(), 2);
        assert_eq!(
            f.svg
                .matches("<polyline fill=\"none\" opacity=\"1\" stroke=\"#12436D\"")
                .count(),
            2
        );
        answer.trajectory.months.truncate(1);
        assert!(months(&scenario, &answer, PathwayId(0)).is_none());
    }
}
