//! Where hubs were simulated apart and what they reach added up: staffings of all hubs in words.

use super::Required;
use crate::output::words;

/// A staffing as what it has less or more of than the answer: "Blaby: Crisis worker 7 WTE; Therapist 5 WTE". Everything where that is
/// all different.
pub(super) fn differing(required: &Required<'_>, numbers: &[(usize, f64)]) -> String {
    let same = |(d, n): &(usize, f64)| {
        let mut answer = required.answer.numbers.iter();
        answer.any(|own| own.free == *d && (own.number - n).abs() < 1e-9)
    };
    let mut places: Vec<(String, Vec<String>)> = Vec::new();
    for (d, number) in numbers.iter().filter(|one| !same(one)) {
        let (place, words) = (required.where_of(*d), required.so_many(*d, "", *number));
        match places.iter_mut().find(|(name, _)| *name == place) {
            Some((_, own)) => own.push(words),
            None => places.push((place, vec![words])),
        }
    }
    if places.is_empty() {
        return "as the answer".into();
    }
    let each = places
        .iter()
        .map(|(place, own)| format!("{place}: {}", words::list(own)));
    each.collect::<Vec<_>>().join("; ")
}

/// What is said of what lies between the least that was not rejected and the answer.
pub(super) fn between(required: &Required<'_>) -> String {
    let answer = required.answer;
    let Some(at_least) = answer.cost_at_least else {
        return "Some staffings come too near to a level to say; the table has the best of them by what they take."
            .into();
    };
    format!(
        "Borderline: of what takes {} or more, and less than the answer, nothing is claimed, as not all of it could be rejected. The table \
         has some, each the best that was found for what it takes.",
        required.amount(at_least)
    )
}
