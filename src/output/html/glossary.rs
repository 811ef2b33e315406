//! The field words that the page uses, explained.

use maud::html;

use super::page::{Part, Section};

/// Words and their meanings, alphabetically; the first word of each is looked for on the page.
const WORDS: &[(&str, &str)] = &[
    (
        "borderline",
        "too near to the level asked for to say whether it is met: nothing is claimed either way",
    ),
    (
        "capacity",
        "the staff there are to send: those on shift, less breaks and time that cannot go to visits",
    ),
    ("caseload", "the people with an open package at a hub at one time"),
    (
        "certified",
        "shown by tests on people whom the search has not seen, with the confidence asked for, all that is claimed at once",
    ),
    (
        "confidence interval",
        "the range in which the simulated figure would almost always lie if the simulation were repeated without end",
    ),
    (
        "control",
        "how busy chance made a replication, reckoned as if nobody ever waited; its mean is known, so that this much of chance can \
         be taken off",
    ),
    (
        "half-width",
        "half the length of the confidence interval; the number after ±",
    ),
    (
        "hub",
        "a team base that takes referrals for an area and has its own staff and queue",
    ),
    (
        "offered load",
        "the staff who would be kept busy if nobody waited and nothing was missed",
    ),
    ("on shift", "the staff who are at work and can be sent"),
    ("overtime", "work after the end of a shift"),
    ("package", "the planned visits to one person over days or weeks"),
    ("pathway", "a kind of referral with its own rules, such as a crisis"),
    (
        "p90",
        "the wait that nine in ten of those seen stay below; p95: nineteen in twenty",
    ),
    ("referral", "one request for one person to be seen"),
    (
        "replication",
        "one independent repetition of the simulated period, with its own chance",
    ),
    ("rota", "the repeating pattern of shifts"),
    ("sd", "standard deviation: how far values spread around their mean"),
    (
        "seed",
        "the number that all chance in the simulation comes from; the same seed gives the same results",
    ),
    ("service level", "the share of referrals seen within their standard"),
    ("standard", "the longest wait that is allowed"),
    ("target", "the share that should be seen within the standard"),
    ("triage", "the first decision on a referral, before anybody can be sent"),
    ("utilisation", "time at work over time on shift"),
    (
        "visit",
        "one attendance at the home; late if begun after its tolerance, missed if given up",
    ),
    (
        "wait",
        "time from the start of the clock until it stops, for those seen",
    ),
    (
        "warm-up",
        "simulated time before measuring, so that measuring does not start with an empty service",
    ),
    (
        "WTE",
        "whole-time equivalent: contracted hours over the hours of a full-time post. Not the people present: leave, sickness, nights and weekends come off",
    ),
];

/// The words of the page, explained.
pub(super) fn section(body: &str) -> Section {
    let body = body.to_lowercase();
    let used = WORDS.iter().filter(|(word, _)| body.contains(&word.to_lowercase()));
    Section {
        id: "words",
        part: Part::Words,
        title: "Words used",
        content: html! {
            dl {
                @for (word, meaning) in used {
                    div {
                        dt { (word) }
                        dd { (meaning) "." }
                    }
                }
            }
        },
    }
}

#[cfg(test)]
mod tests {
    use super::WORDS;

    #[test]
    fn every_word_explained_is_a_word_of_the_glossary() {
        let rows = include_str!("../../../GLOSSARY.md");
        let listed: Vec<String> = rows
            .lines()
            .filter(|l| l.starts_with("| "))
            .filter_map(|l| l.split('|').nth(1))
            .flat_map(|cell| cell.split(['`', '*', ',']).map(|word| word.replace(['_', '-'], " ")))
            .collect();
        for (word, _) in WORDS {
            assert!(listed.contains(&word.replace('-', " ")), "not in GLOSSARY.md: {word}");
        }
    }
}
