//! `check FILE...`: is the file sound, and what does it mean?

use super::args::CheckArgs;
use super::next::{next, typed};
use super::{Exit, diagnose, screen};
use crate::{answers, output, scenario};

pub(super) fn check(args: &CheckArgs) -> Exit {
    let mut exit = Exit::Answered;
    for (number, file) in args.files.iter().enumerate() {
        let mut loaded = match scenario::read_with(file, &args.set) {
            Ok(loaded) => loaded,
            Err(problems) => {
                screen::warn(&diagnose::render(&problems.sorted(), screen::color()));
                exit = Exit::Scenario;
                continue;
            }
        };
        screen::warn(&diagnose::render(
            &std::mem::take(&mut loaded.warnings).sorted(),
            screen::color(),
        ));
        let outside = output::uncertain::drawn::outside(&scenario::ranges(&loaded));
        if let Some(line) = output::uncertain::drawn::beside_its_range(&outside) {
            screen::warn(&output::table::prose(&[line]));
        }
        let meaning = answers::check::check(&loaded.scenario);
        let text = if args.json {
            match output::json::check(&loaded.scenario, &meaning) {
                Ok(text) => text,
                Err(error) => {
                    screen::error(&format!("cannot write JSON: {error}"));
                    return Exit::Fault;
                }
            }
        } else {
            let gap = if number > 0 { "\n" } else { "" };
            let meaning = output::table::check(&loaded.scenario, &meaning, &output::made::what_if(&loaded));
            let go_on = match args.files.as_slice() {
                [file] => format!("\n{}", next(&format!("`homefirst run {}` simulates it.", typed(file)))),
                _ => String::new(),
            };
            format!("{gap}{}: {meaning}{go_on}", file.display())
        };
        if screen::print(&text) != Exit::Answered {
            return Exit::Fault;
        }
    }
    exit
}
