//! How well the headline is known, against how well it was to be.

use crate::answers::precision::Precision;
use crate::output::digits;

/// Whether the half-width that was asked for was reached, in a sentence. `what` is what it is of, in the plural.
#[must_use]
pub fn sentence(found: &Precision, replications: u32, interrupted: bool, what: &str) -> String {
    let wanted = found.wanted;
    let n = digits::count(replications.into());
    if found.reached {
        return format!(
            "It took {n} replications for {what} to be known to ± {wanted} (the widest is ± {}).",
            points(found.widest)
        );
    }
    let so_far = if found.widest.is_finite() {
        format!("{n} replications give ± {}", points(found.widest))
    } else {
        format!("{n} replications do not tell all of them")
    };
    let needed = found.needed.map_or_else(String::new, |needed| {
        format!("; about {} would do", digits::count(needed.into()))
    });
    let why = if interrupted { " (interrupted)" } else { "" };
    format!("The precision was not reached{why}: {what} were to be known to ± {wanted}, and {so_far}{needed}.")
}

/// A half-width in points with two digits that count, rounded up: what is told is never better than it is.
fn points(half_width: f64) -> String {
    let (unit, decimals) = if half_width < 1.0 { (100.0, 2) } else { (10.0, 1) };
    format!("{:.decimals$}", (half_width * unit).ceil() / unit)
}

#[cfg(test)]
mod tests {
    use super::sentence;
    use crate::answers::precision::Precision;
    use crate::units::Points;

    #[test]
    fn it_says_how_many_it_took_or_would_take() {
        let mut found = Precision {
            wanted: Points::new(0.5).unwrap(),
            widest: 0.4813,
            reached: true,
            needed: None,
        };
        let say = |found: &Precision| sentence(found, 1234, false, "service levels");
        assert_eq!(
            say(&found),
            "It took 1,234 replications for service levels to be known to ± 0.5 points (the widest is ± 0.49)."
        );
        (found.reached, found.widest, found.needed) = (false, 1.2, Some(7105));
        assert_eq!(
            say(&found),
            "The precision was not reached: service levels were to be known to ± 0.5 points, and 1,234 replications give ± \
             1.2; about 7,105 would do."
        );
        (found.widest, found.needed) = (f64::INFINITY, None);
        assert_eq!(
            sentence(&found, 3, true, "differences"),
            "The precision was not reached (interrupted): differences were to be known to ± 0.5 points, and 3 replications do \
             not tell all of them."
        );
    }
}
