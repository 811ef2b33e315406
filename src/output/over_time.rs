//! What changes while the simulation runs, in sentences: dated changes and recruitment.

use crate::model::{Change, Dated, Recruit, Scenario};
use crate::output::words::date;
use crate::output::{digits, words};

/// A sentence for each dated change and each recruitment; empty where nothing changes.
#[must_use]
pub fn sentences(scenario: &Scenario) -> Vec<String> {
    let dated = scenario.dated.iter().map(change);
    dated
        .chain(scenario.recruits.iter().map(|r| recruit(scenario, r)))
        .collect()
}

/// A dated change.
pub(super) fn change(dated: &Dated) -> String {
    // `until` is the first day on which it is as before again; people name the last on which it is not.
    let last = dated.until.map(|until| date(until.yesterday().unwrap_or(until)));
    let when = match (dated.from.map(date), last) {
        (None, None) => "From the beginning".into(),
        (None, Some(last)) => format!("To the end of {last}"),
        (Some(from), None) => format!("From {from}"),
        (Some(from), Some(last)) => format!("From {from} to the end of {last}"),
    };
    let input = words::input(&dated.path);
    // `referrals of crisis` are many, and so are `posts`.
    let is = if input.split(" of ").next().is_some_and(|first| first.ends_with('s')) {
        "are"
    } else {
        "is"
    };
    let what = match &dated.change {
        Change::Value(value) => format!("{is} {value}"),
        Change::Add(more) => match more.strip_prefix('-') {
            Some(less) => format!("{is} {less} less than before"),
            None => format!("{is} {more} more than before"),
        },
        Change::Times(times) if is == "are" => format!("are {times} times what they were"),
        Change::Times(times) => format!("is {times} times what it was"),
    };
    format!("{when}, {input} {what}.")
}

/// A recruitment.
pub(super) fn recruit(scenario: &Scenario, recruit: &Recruit) -> String {
    let day = |day: i64| date(scenario.experiment.calendar.date(day));
    let total: u32 = recruit.posts.iter().sum();
    let filled: u32 = recruit.in_post.iter().sum();
    let posts = match total {
        1 => "1 post".to_string(),
        n => format!("{n} posts"),
    };
    let role = words::role_inside(scenario, recruit.role);
    let mut text = format!(
        "{posts} of {role}, {} WTE each, advertised on {}; on average {} until somebody starts",
        digits::wte(recruit.wte.get()),
        day(recruit.advertised_day),
        words::weeks(recruit.time_to_start.mean_ms() / 86_400_000.0),
    );
    if filled > 0 {
        text = format!("{text}; {filled} of them filled from the beginning");
    }
    let induction = recruit.induction;
    if induction.ms() > 0 {
        let share = digits::per_cent(recruit.productivity);
        text = format!(
            "{text}; an induction of {}, in which somebody counts for {share}",
            words::weeks(induction.days())
        );
    }
    if recruit.turnover > 0.0 {
        let after = if recruit.refill {
            "advertised again at once"
        } else {
            "not filled again"
        };
        let rate = digits::percent(recruit.turnover);
        text = format!("{text}; those in post leave at a rate of {rate} a year, and the post is {after}");
        if let Some(share) = recruit.in_the_long_run() {
            let counted = share * f64::from(total);
            text = format!("{text}: in the long run {counted:.1} of {total} count at a time");
        }
    }
    let by_hub = scenario.hubs.iter().zip(&recruit.posts).filter(|(_, n)| **n > 0);
    let by_hub: Vec<String> = by_hub.map(|(hub, n)| format!("{} {n}", hub.name)).collect();
    format!("{}. At each hub: {}.", words::capital(&text), by_hub.join("; "))
}

#[cfg(test)]
mod tests {
    use super::sentences;
    use crate::model::{Change, Dated};
    use crate::output::sample;
    use jiff::civil::{Date, date};

    #[test]
    fn what_changes_is_said_as_people_say_it() {
        let mut s = sample::scenario();
        let dated = |until: Option<Date>, path: &str, change| Dated {
            from: until.is_none().then_some(date(2020, 10, 5)),
            until,
            path: path.into(),
            change,
        };
        s.dated = vec![
            dated(None, "pathway.crisis.triage", Change::Value("5 min".into())),
            dated(
                Some(date(2021, 3, 1)),
                "hub.*.travel.urgent",
                Change::Times("1.2".into()),
            ),
            dated(None, "hub.*.staff.nurse", Change::Add("-2".into())),
            dated(None, "pathway.*.referrals", Change::Times("1.1".into())),
        ];
        s.recruits = vec![sample::recruit(&s, 4)];
        insta::assert_snapshot!(sentences(&s).join("\n"), @"
        From 5 October 2020, triage of crisis is 5 min.
        To the end of 28 February 2021, urgent travel of every hub is 1.2 times what it was.
        From 5 October 2020, nurse staff at every hub (WTE) is 2 less than before.
        From 5 October 2020, referrals of every pathway are 1.1 times what they were.
        4 posts of crisis worker, 1 WTE each, advertised on 15 June 2020; on average 14 weeks until somebody starts; an induction of 3 weeks, in which somebody counts for 0 %; those in post leave at a rate of 30 % a year, and the post is advertised again at once: in the long run 3.6 of 4 count at a time. At each hub: Charnwood 4.
        ");
    }
}
