//! Random valid scenarios: a finite sequence of bytes becomes the TOML text of one.
//!
//! The text goes through the ordinary reader, so a world that breaks a law can be printed, saved and run by anybody, and
//! any source of bytes will do: a property test, a fuzzer, a file. Fewer and smaller bytes make simpler worlds. Everything
//! of the format that needs no second file occurs. Worlds are small: a few days, some hundred referrals.
//!
//! Nothing here knows of a test framework.

mod choices;
mod duration;
mod hub;
mod package;
mod pathway;
mod role;
mod start;

use choices::Choices;

const HUBS: [&str; 4] = ["North", "South", "East", "West"];
const ROLES: [&str; 4] = ["carer", "nurse", "therapist", "crisis-worker"];
const PATHWAYS: [&str; 4] = ["crisis", "reablement", "step-down", "review"];
const PACKAGES: [&str; 3] = ["short", "long", "bridge"];
/// First measured days, and a day to be a bank holiday.
const STARTS: [(&str, &str); 4] = [
    ("2020-06-01", "2020-06-03"),
    ("2024-02-27", "2024-02-29"),
    ("2021-12-30", "2022-01-03"),
    ("2022-10-29", "2022-10-28"),
];

/// What the tables of a world know of each other.
struct Names {
    hubs: &'static [&'static str],
    roles: &'static [&'static str],
    pathways: &'static [&'static str],
    packages: &'static [&'static str],
    /// Whether a pathway has referrals of its own.
    sources: Vec<bool>,
    /// Whether any hub takes a share of the totals.
    shares: bool,
}

/// The text of a scenario that the reader accepts.
pub(crate) fn scenario_text(bytes: &[u8]) -> String {
    let choices = &mut Choices::new(bytes);
    let hubs = &HUBS[..=choices.of(&[0, 0, 0, 1, 1, 2, 3])];
    let roles = &ROLES[..=choices.below(4)];
    let pathways = &PATHWAYS[..=choices.below(4)];
    let packages = &PACKAGES[..choices.of(&[0, 1, 2, 1, 2, 3])];
    let names = Names {
        hubs,
        roles,
        pathways,
        packages,
        sources: (0..pathways.len()).map(|n| n == 0 || !choices.one_in(4)).collect(),
        shares: choices.one_in(2),
    };
    let mut text = experiment(choices);
    let mut crews = Vec::new();
    for role in names.roles {
        let (table, crew) = role::role(choices, role);
        text += &table;
        crews.push(crew);
    }
    for (n, pathway) in names.pathways.iter().enumerate() {
        text += &pathway::pathway(choices, &names, n, pathway);
    }
    for package in names.packages {
        text += &package::package(choices, &names, package);
    }
    let beds = text.contains("waits-in");
    if beds {
        text += "\n[bed.community]\n\n[bed.acute]\ncost = \"346 GBP/day\"\n";
    }
    text += &hub::hubs(choices, &names, &crews, beds);
    text += &start::caseload(choices, &names);
    text += &neighbours(choices, &names);
    text + &served_elsewhere(choices, &names)
}

/// Hubs that lend each other staff: some pair, all of them, or two entries that join different hubs.
fn neighbours(choices: &mut Choices<'_>, names: &Names) -> String {
    let mut text = String::new();
    let joined: Vec<&[&str]> = match choices.below(3) {
        0 => Vec::new(),
        1 => names.hubs.windows(2).take(2).collect(),
        _ => vec![names.hubs],
    };
    for hubs in joined.into_iter().filter(|hubs| hubs.len() > 1) {
        put(&mut text, &format!("\n[[neighbour]]\nhubs = {}\n", quoted(hubs)));
        if choices.one_in(3) {
            line(&mut text, "roles", &quoted(&[names.roles[0]]));
        }
        let after = choices.of(&["0 min", "15 min", "45 min", "3 h"]);
        line(&mut text, "after", &format!("\"{after}\""));
        let extra = choices.of(&["0 min", "12 min", "40 min"]);
        line(&mut text, "extra-travel", &format!("\"{extra}\""));
    }
    text
}

/// People of the first hub who are served by the second, and perhaps others by the last.
fn served_elsewhere(choices: &mut Choices<'_>, names: &Names) -> String {
    let mut text = String::new();
    let entries = choices.of(&[0, 1, 0, 2]);
    for (number, by) in names.hubs.iter().skip(1).take(entries).enumerate() {
        put(
            &mut text,
            &format!(
                "\n[[served-elsewhere]]\nname = \"{number}\"\nhome = \"{}\"\nserved-by = \"{by}\"\nshare = {}\n",
                names.hubs[0],
                choices.of(&["0.2", "0.5", "0.0", "0.3"])
            ),
        );
        if choices.one_in(3) {
            line(&mut text, "pathways", &quoted(&names.pathways[..1]));
        }
        if choices.one_in(2) {
            line(&mut text, "extra-travel", choices.of(&["\"7 min\"", "\"1 h\""]));
        }
    }
    text
}

fn experiment(choices: &mut Choices<'_>) -> String {
    let (start, holiday) = choices.of(&STARTS);
    let warm_up = choices.of(&["0 days", "1 day", "3 days", "2 days"]);
    let run_length = choices.of(&["3 days", "5 days", "8 days", "100 h", "10 days", "1 week"]);
    let mut text = format!(
        "format = 1\n\n[experiment]\nstart = {start}\nwarm-up = \"{warm_up}\"\nrun-length = \"{run_length}\"\n\
         replications = 2\nseed = {}\n",
        choices.byte()
    );
    if choices.one_in(3) {
        line(&mut text, "bank-holidays", &format!("[{holiday}]"));
    }
    text
}

/// `key = value`.
fn line(text: &mut String, key: &str, value: &str) {
    put(text, &format!("{key} = {value}\n"));
}

/// A list of names.
fn quoted(names: &[&str]) -> String {
    format!("[\"{}\"]", names.join("\", \""))
}

/// More text.
fn put(text: &mut String, more: &str) {
    text.push_str(more);
}

/// A list of numbers, each one of some; the first is the first of these, so that not all are nought.
fn numbers(choices: &mut Choices<'_>, count: usize, of: &[&str]) -> String {
    let mut numbers = vec![of[0]];
    numbers.extend((1..count).map(|_| choices.of(of)));
    format!("[{}]", numbers.join(", "))
}

/// The roles other than one.
fn others(roles: &[&'static str], role: &str) -> Vec<&'static str> {
    roles.iter().copied().filter(|r| *r != role).collect()
}
