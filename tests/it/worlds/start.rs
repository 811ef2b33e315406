//! What stands at the hubs when the simulation begins.

use super::choices::Choices;
use super::{Names, line, put};

pub(super) fn caseload(choices: &mut Choices<'_>, names: &Names) -> String {
    let mut text = String::new();
    // The first hub has somebody for all work.
    let somewhere = |choices: &mut Choices<'_>| choices.of(&[names.hubs[0], "*"]);
    for package in choices.some(names.packages, 3) {
        let hub = somewhere(choices);
        put(&mut text, &format!("\n[[caseload]]\nhub = \"{hub}\"\n"));
        line(&mut text, "package", &format!("\"{package}\""));
        line(&mut text, "open", choices.of(&["2", "12", "0", "1"]));
    }
    for pathway in choices.some(names.pathways, 4) {
        let hub = somewhere(choices);
        put(&mut text, &format!("\n[[caseload]]\nhub = \"{hub}\"\n"));
        line(&mut text, "pathway", &format!("\"{pathway}\""));
        line(&mut text, "waiting", choices.of(&["1", "5", "0"]));
    }
    text
}
