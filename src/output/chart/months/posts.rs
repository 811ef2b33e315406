//! Recruited posts by month: how many of those advertised count at a time.

use super::{BOTTOM, LEFT, RIGHT, at, draw_axis};
use crate::answers::Estimate;
use crate::answers::run::RunAnswer;
use crate::answers::trajectory::DatedMeasure;
use crate::model::{Recruit, RoleId, Scenario};
use crate::output::chart::Figure;
use crate::output::chart::theme::{self, Align, Mark, Scale};
use crate::output::{digits, words};

/// Posts of a role that are being filled, over all hubs, month by month; `None` if none are, or with fewer than two months.
#[must_use]
pub fn recruitment(scenario: &Scenario, answer: &RunAnswer, role: RoleId) -> Option<Figure> {
    let recruits: Vec<_> = scenario.recruits.iter().filter(|r| r.role == role).collect();
    let trajectory = &answer.trajectory;
    let of_role = |measure, of: Option<RoleId>| measure == DatedMeasure::RecruitedWte && of == Some(role);
    let level = trajectory
        .levels
        .iter()
        .find(|l| l.hub.is_none() && of_role(l.measure, l.role))?;
    if recruits.is_empty() || trajectory.months.len() < 2 {
        return None;
    }
    let wte = |r: &Recruit| r.wte.get() * f64::from(r.posts.iter().sum::<u32>());
    let advertised: f64 = recruits.iter().map(|r| wte(r)).sum();
    let in_the_long_run: Option<f64> = recruits.iter().map(|r| Some(r.in_the_long_run()? * wte(r))).sum();
    let name = words::role_inside(scenario, role);
    let y = Scale {
        from: 0.0,
        to: advertised,
        start: BOTTOM,
        end: 62,
    };
    let x = |month: usize| at(month, trajectory.months.len());
    let found: Vec<(usize, Estimate)> = level
        .months
        .iter()
        .enumerate()
        .filter_map(|(n, e)| Some((n, (*e)?)))
        .collect();
    let values: Vec<String> = found
        .iter()
        .filter_map(|(n, e)| {
            Some(format!(
                "{}: {:.1}",
                words::month(trajectory.months.get(*n)?.month()),
                e.mean
            ))
        })
        .collect();
    let mut description = format!(
        "A line through the mean of each month, in an area that is its interval of {}. {}. A line marks the {} WTE advertised.",
        digits::percent(trajectory.confidence),
        values.join("; "),
        digits::wte(advertised)
    );
    if let Some(long_run) = in_the_long_run {
        description = format!(
            "{description} A dashed line marks {long_run:.1}, what is at work in the long run, as people leave."
        );
    }
    Some(theme::figure(
        &scenario.title,
        format!(
            "recruitment_{}_{}",
            theme::file_part(&scenario.roles[role.0].name),
            role.0 + 1
        ),
        format!("Recruited {name}: WTE at work, all hubs, month by month"),
        description,
        (BOTTOM + 84).unsigned_abs(),
        |c| {
            c.muted(
                "WTE, mean of the days of the month; whoever is still learning counts in part or not at all",
                (12, 44),
                Align::Left,
            );
            for tick in theme::ticks(0.0, advertised, theme::step(advertised, 6.0)) {
                c.line(vec![(LEFT, y.at(tick)), (RIGHT, y.at(tick))], theme::FAINT, 1);
                c.muted(&digits::wte(tick), (LEFT - 8, y.at(tick)), Align::Right);
            }
            let edge = |end: fn(&Estimate) -> f64| found.iter().map(move |(n, e)| (x(*n), y.at(end(e))));
            c.area(edge(|e| e.high).chain(edge(|e| e.low).rev()).collect(), theme::TINT);
            c.line(
                vec![(LEFT, y.at(advertised)), (RIGHT + 8, y.at(advertised))],
                theme::ORANGE,
                3,
            );
            let label = format!("{} WTE advertised", digits::wte(advertised));
            c.words(&label, (RIGHT + 14, y.at(advertised)), Align::Left);
            if let Some(long_run) = in_the_long_run {
                let level = y.at(long_run);
                c.dashed((LEFT, level), (RIGHT + 8, level), theme::PINK, 2);
                let label = format!("{long_run:.1} in the long run,");
                let at = level.max(y.at(advertised) + 18);
                c.words(&label, (RIGHT + 14, at), Align::Left);
                c.words("as people leave", (RIGHT + 14, at + 17), Align::Left);
            }
            c.line(edge(|e| e.mean).collect(), theme::BLUE, 2);
            found
                .iter()
                .for_each(|(n, e)| c.mark(Mark::Disc, (x(*n), y.at(e.mean)), 4, theme::BLUE));
            draw_axis(c, trajectory, x);
            let key = BOTTOM + 60;
            c.box_filled((LEFT, key - 7), (LEFT + 26, key + 7), theme::TINT);
            c.line(vec![(LEFT, key), (LEFT + 26, key)], theme::BLUE, 2);
            c.mark(Mark::Disc, (LEFT + 13, key), 4, theme::BLUE);
            let confidence = digits::percent(trajectory.confidence);
            c.words(
                &format!("the mean, with its interval of {confidence} confidence"),
                (LEFT + 34, key),
                Align::Left,
            );
        },
    ))
}

#[cfg(test)]
mod tests {
    use super::recruitment;
    use crate::model::RoleId;
    use crate::output::sample;

    #[test]
    fn posts_are_drawn_where_some_are_advertised() {
        let (mut scenario, answer) = (sample::scenario(), sample::answer());
        assert_eq!(recruitment(&scenario, &answer, RoleId(0)), None);
        scenario.recruits = vec![sample::recruit(&scenario, 24)];
        let figure = recruitment(&scenario, &answer, RoleId(0)).unwrap();
        // 1 / 0.3 years in post are 1,217.5 days, of which 98.3 % after an induction, and 98 days until the next: 24 x 0.9097.
        for said in ["24 WTE advertised", "21.8 in the long run"] {
            assert!(figure.svg.contains(said), "{said}");
        }
        assert!(
            figure.description.contains("the 24 WTE advertised"),
            "{}",
            figure.description
        );
        assert_eq!(recruitment(&scenario, &answer, RoleId(1)), None);
    }
}
