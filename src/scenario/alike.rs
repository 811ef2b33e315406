//! An option on the experiment of its base: the same seed, window, replications, confidence and precision.

use super::Loaded;
use crate::units::Span;

/// An option of a comparison.
#[derive(Clone, Debug)]
pub struct Alike {
    /// It, as it is simulated.
    pub loaded: Loaded,
    /// What was set over its file, the base's window among it.
    pub sets: Vec<String>,
    /// The keys of `[experiment]` in which its file says otherwise.
    pub differ: Vec<&'static str>,
}

/// Reads an option with `sets` over its file, and takes over what its base says of the experiment. Where its window is another it
/// is read again, so that whatever hangs on dates is made for the base's window, and checked.
///
/// # Errors
/// What `read` says.
pub fn alike<E>(
    base: &Loaded,
    mut sets: Vec<String>,
    read: impl Fn(&[String]) -> Result<Loaded, E>,
) -> Result<Alike, E> {
    let mut loaded = read(&sets)?;
    let (ours, theirs) = (&base.scenario.experiment, &loaded.scenario.experiment);
    let mut differ = Vec::new();
    let mut window = Vec::new();
    if ours.calendar.start() != theirs.calendar.start() {
        differ.push("start");
        window.push(format!("experiment.start={}", ours.calendar.start()));
    }
    if ours.warm_up != theirs.warm_up {
        differ.push("warm-up");
        window.push(format!("experiment.warm-up={}", exact(ours.warm_up)));
    }
    if ours.run_length != theirs.run_length {
        differ.push("run-length");
        window.push(format!("experiment.run-length={}", exact(ours.run_length)));
    }
    if !window.is_empty() {
        sets.append(&mut window);
        loaded = read(&sets)?;
    }
    differ.extend(loaded.repeat_as(&base.scenario.experiment));
    Ok(Alike { loaded, sets, differ })
}

/// A length of time that reads back as the same.
fn exact(span: Span) -> String {
    if span.ms() % Span::DAY.ms() == 0 {
        format!("{} days", span.ms() / Span::DAY.ms())
    } else {
        format!("{} s", span.ms() as f64 / 1000.0)
    }
}
