//! Why there is no answer, and what to do that has not been done.

use crate::answers::required::{MOST_LISTED, NoAnswer};
use crate::model::{Question, StaffPlace, Where};
use crate::output::digits;

/// The most that is said in figures; beyond it a number is said to be so many thousand million.
const MOST_IN_FIGURES: f64 = 1e9;

/// Why there is no answer, in a sentence, and what to do about it in others.
#[must_use]
pub fn refused(question: &Question, error: &NoAnswer) -> (String, Vec<String>) {
    let NoAnswer::TooMany { staffings, dials } = error else {
        return (error.to_string(), Vec::new());
    };
    let message = format!(
        "{} staffings of {dials} free numbers that belong together are too many to look through ({})",
        many(*staffings),
        digits::count(MOST_LISTED as u64)
    );
    let mut help = Vec::new();
    let several = places(question).any(|place| places(question).any(|other| other.hub != place.hub));
    if several && question.at == Where::Overall {
        help.push(
            "ask for the levels at every hub (`at = \"every hub\"`), so that each hub can be searched by itself".into(),
        );
    }
    if several && question.free.iter().all(|dial| dial.places.len() == 1) {
        help.push(
            "let a number be the same everywhere: `tied = true` in its `[[required.free]]`, or `:tied` after the bounds of `--free`"
                .into(),
        );
    }
    help.push("take larger steps, bounds nearer to each other, or fewer free numbers".into());
    (message, help)
}

/// Where staff numbers are free.
fn places(question: &Question) -> impl Iterator<Item = &StaffPlace> {
    question.free.iter().flat_map(|dial| &dial.places)
}

/// A number of staffings, which may be beyond any that people read.
pub(super) fn many(number: f64) -> String {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a count, not below 0"
    )]
    let count = |number: f64| digits::count(number.round() as u64);
    if number < MOST_IN_FIGURES {
        count(number)
    } else if number < 1e18 {
        format!("{} billion", count(number / 1e9))
    } else {
        "More than a billion billion".into()
    }
}

#[cfg(test)]
mod tests {
    use super::many;

    #[test]
    fn large_numbers_can_be_read() {
        assert_eq!(many(142_506.0), "142,506");
        assert_eq!(many(128_100_283_921.0), "128 billion");
        assert_eq!(many(1.281_002_839_21e22), "More than a billion billion");
    }
}
