//! What several answers of one joint report say again, in other digits.

use super::{Kept, Piece};
use crate::output::html::page::Part;
use crate::output::words;

/// Why a figure is not the same to the last digit wherever it stands.
pub(super) const ROUNDS: &str = "The same figure may differ in its last digits from one answer to another: each \
                      question takes the replications that it needs, some of them with other people, since what was chosen on some \
                      people is tested on others. Each figure is as well known as its ± says.";

/// Whether two answers are of one service, so that its figures stand in both.
pub(super) fn alike(reports: &[&Kept]) -> bool {
    let pairs = reports.iter().enumerate();
    let mut alike = pairs.map(|(n, kept)| reports[..n].iter().any(|earlier| of_the_same(earlier, kept)));
    alike.any(|found| found)
}

/// Questions that are answered by the figures of one service as it is.
const AS_IT_IS: [&str; 3] = ["run", "trajectory", "explain"];

/// Whether a section says what an earlier one has said already, in other digits: of the same service as it is, or of how simulations
/// are made. What the question itself was about is never folded away.
pub(super) fn is_repeated(piece: &Piece, n: usize, place: usize, reports: &[&Kept]) -> bool {
    let Some(kept) = n.checked_sub(1).and_then(|n| reports.get(n)) else {
        return false;
    };
    let verb = kept.fact("verb");
    let own: &[&str] = match verb {
        "trajectory" => &["months", "over-time"],
        "explain" => &["causes"],
        _ => &[],
    };
    match piece.part {
        Part::Method => place > 0 && piece.id == "method",
        Part::Findings | Part::Position => {
            let mut earlier = reports.iter().take(n - 1);
            // What was drawn or published besides is only here.
            let besides = ["--uncertain", "--published"];
            let besides = besides.iter().any(|option| kept.fact("command").contains(option));
            AS_IT_IS.contains(&verb)
                && !besides
                && !own.contains(&piece.id.as_str())
                && earlier.any(|other| AS_IT_IS.contains(&other.fact("verb")) && of_the_same(other, kept))
        }
        _ => false,
    }
}

/// Whether two answers simulate one service over one time on one seed, so that their figures are the same but for their last digits.
fn of_the_same(one: &Kept, other: &Kept) -> bool {
    ["service", "measured", "seed"]
        .iter()
        .all(|fact| one.fact(fact) == other.fact(fact))
}

/// Sections by their titles, each once.
pub(super) fn told(folded: &[(usize, &(&Piece, Vec<usize>))]) -> Vec<String> {
    let mut titles: Vec<String> = Vec::new();
    for (_, (piece, _)) in folded {
        let title = words::inside(&piece.title);
        if !titles.contains(&title) {
            titles.push(title);
        }
    }
    titles
}
