//! Recruitment: posts, how they are spread over the hubs, and how fast they fill and empty.

use super::Lower;
use crate::model::{Experiment, Hub, Recruit, Role, RoleId, Staffing};
use crate::random::Distribution;
use crate::scenario::codes;
use crate::scenario::decode::{At, Either, Field};
use crate::scenario::document::RecruitTable;
use crate::scenario::values::Spread;
use crate::units::{Span, Wte};

/// The most recruitments of a scenario.
const MOST_RECRUITS: usize = 1_000;
/// The most posts of one recruitment.
const MOST_POSTS: u32 = 10_000;

impl Lower<'_, '_> {
    /// The recruitments. A hub without anybody of a recruited role gets 0 WTE of it to begin with.
    pub(super) fn lower_recruits(&mut self, roles: &[Role], hubs: &mut [Hub], experiment: &Experiment) -> Vec<Recruit> {
        let Some(list) = self.document.recruit.get() else {
            return Vec::new();
        };
        self.check_count("recruitments", list.items.len(), MOST_RECRUITS, &list.range);
        let tables: Vec<&RecruitTable> = list.iter().take(MOST_RECRUITS).collect();
        // One without a name is called as its role.
        let name = |t: &RecruitTable| t.name.get().or(t.role.get()).cloned();
        let names: Vec<At<String>> = tables.iter().filter_map(|t| name(t)).collect();
        self.distinct("recruitment", &names);
        let mut recruits = Vec::new();
        for table in tables {
            let Some(role) = table.role.get().and_then(|at| self.role_id(at)) else {
                continue;
            };
            let name = name(table).map(|at| at.value).unwrap_or_default();
            if let Some(recruit) = self.recruit(table, name, role, roles, hubs, experiment) {
                for (hub, posts) in hubs.iter_mut().zip(&recruit.posts) {
                    if *posts > 0 && hub.staff.get(role.0).is_some_and(|s| *s == Staffing::NONE) {
                        hub.staff[role.0] = Staffing::Wte(Wte::default());
                    }
                }
                recruits.push(recruit);
            }
        }
        recruits
    }

    fn recruit(
        &mut self,
        table: &RecruitTable,
        name: String,
        role: RoleId,
        roles: &[Role],
        hubs: &[Hub],
        experiment: &Experiment,
    ) -> Option<Recruit> {
        let count = self.whole("posts", &table.posts, 1, MOST_POSTS, 1);
        let filled = self.whole("in-post", &table.in_post, 0, MOST_POSTS, 0);
        if let (Some(at), Some(posts)) = (table.in_post.get(), table.posts.get())
            && at.value > posts.value
        {
            self.problems
                .error(
                    codes::CLASH,
                    &at.range,
                    "more posts are filled than there are",
                    "in post",
                )
                .beside(&posts.range, "posts")
                .help("`posts` counts those that are filled as well");
        }
        let wte = self.number("wte", &table.wte, (0.01, 10.0), "0.01 to 10", 1.0);
        let turnover = self.number(
            "turnover",
            &table.turnover,
            (0.0, 5.0),
            "0 to 5; 30 % a year is 0.3",
            0.0,
        );
        let posts = self.spread(table, count, hubs)?;
        let shiftless = roles.get(role.0).is_some_and(|r| r.shifts.is_empty());
        if shiftless && let Some(at) = table.role.get() {
            let message = format!("these posts reach no shift: `role.{}` has no `shifts`", at.value);
            self.problems
                .error(codes::NO_SHIFTS, &at.range, message, "recruited here")
                .help("give the role `shifts = [{ name = \"day\", from = \"08:00\", to = \"20:00\" }]`");
        }
        let exact = hubs.iter().zip(&posts).find(|(hub, posts)| {
            let staff = hub.staff.get(role.0);
            !shiftless && **posts > 0 && staff.is_some_and(|s| s.is_pool() && *s != Staffing::NONE)
        });
        if let (Some((hub, _)), Some(at)) = (exact, table.role.get()) {
            let message = format!(
                "{} has exact numbers of `{}` on shift, which posts cannot be added to",
                hub.name, at.value
            );
            self.problems
                .error(codes::CLASH, &at.range, message, "recruited here")
                .help("give the staff of that hub in WTE");
        }
        let advertised = table.advertised.value().unwrap_or(experiment.calendar.start());
        Some(Recruit {
            name,
            role,
            in_post: apportion(filled, &posts.iter().map(|&n| f64::from(n)).collect::<Vec<_>>()),
            posts,
            wte: Wte::new(wte).unwrap_or_default(),
            advertised_day: experiment.calendar.day_of(advertised),
            time_to_start: self
                .duration(&table.time_to_start)
                .unwrap_or(Distribution::fixed(Span::ZERO)),
            induction: table.induction.value().unwrap_or(Span::ZERO),
            productivity: table.productivity.value().unwrap_or_default(),
            turnover,
            refill: table.refill.value().unwrap_or(true),
        })
    }

    /// Posts at each hub.
    fn spread(&mut self, table: &RecruitTable, count: u32, hubs: &[Hub]) -> Option<Vec<u32>> {
        match &table.spread {
            Field::Bad => None,
            Field::Given(Either::Full(entries)) => {
                let mut posts = vec![0; hubs.len()];
                for (key, at) in entries.iter() {
                    let Some(hub) = hubs.iter().position(|h| h.name == key.text) else {
                        let names = self.hubs.clone();
                        self.unknown_name("hub", &key.text, &key.range, &names);
                        continue;
                    };
                    posts[hub] = self.whole(&key.text, &Field::Given(at.clone()), 0, MOST_POSTS, 0);
                }
                let sum: u32 = posts.iter().sum();
                let all_read = entries
                    .list
                    .iter()
                    .all(|(key, f)| f.get().is_some() && self.hubs.contains(&key.text));
                if let Some(at) = table.posts.get()
                    && all_read
                    && at.value != u64::from(sum)
                {
                    self.problems
                        .error(
                            codes::SUM,
                            &entries.range,
                            format!("these posts add up to {sum}, not {}", at.value),
                            "by hub",
                        )
                        .beside(&at.range, "posts over all hubs")
                        .help("change one of the two");
                }
                Some(posts)
            }
            Field::Given(Either::Short(At {
                value: Spread::ByShare, ..
            })) => {
                let shares: Vec<f64> = hubs.iter().map(|h| h.referrals.iter().map(|r| r.get()).sum()).collect();
                Some(apportion(count, &shares))
            }
            Field::Given(Either::Short(_)) | Field::Absent => Some(apportion(count, &vec![1.0; hubs.len()])),
        }
    }
}

/// Whole posts in proportion to weights: rounded down, and the rest to the largest remainders, the first of equals first
/// (the method of Hamilton). Evenly if all weights are 0.
fn apportion(count: u32, weights: &[f64]) -> Vec<u32> {
    let sum: f64 = weights.iter().sum();
    let exact: Vec<f64> = weights
        .iter()
        .map(|w| if sum > 0.0 { w / sum } else { 1.0 / weights.len() as f64 })
        .map(|share| share * f64::from(count))
        .collect();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "not above count")]
    let mut posts: Vec<u32> = exact.iter().map(|x| (x + 1e-9).floor() as u32).collect();
    let mut order: Vec<usize> = (0..posts.len()).collect();
    let rest = |i: usize| exact[i] - f64::from(posts[i]);
    order.sort_by(|&a, &b| rest(b).total_cmp(&rest(a)).then(a.cmp(&b)));
    let left = count.saturating_sub(posts.iter().sum());
    for &i in order.iter().cycle().take(left as usize) {
        posts[i] += 1;
    }
    posts
}

#[cfg(test)]
mod tests {
    use super::apportion;

    /// Quotas by hand: 24 x (0.5, 0.3, 0.2) = 12, 7.2, 4.8.
    #[test]
    fn posts_are_whole_and_go_to_the_largest_remainders() {
        assert_eq!(apportion(24, &[1.0; 6]), [4; 6]);
        assert_eq!(apportion(8, &[1.0; 6]), [2, 2, 1, 1, 1, 1]);
        assert_eq!(apportion(24, &[0.5, 0.3, 0.2]), [12, 7, 5]);
        assert_eq!(apportion(3, &[0.0, 0.0]), [2, 1]);
        assert_eq!(apportion(0, &[1.0, 2.0]), [0, 0]);
        assert_eq!(apportion(5, &[4.0, 2.0, 0.0]), [3, 2, 0]);
    }
}
