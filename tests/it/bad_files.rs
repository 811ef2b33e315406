//! Broken files: every fault is named with its code, at its line and column.
//!
//! Each case is a small edit of one sound scenario, so that nothing else can be at fault. One table holds them all; each
//! goes through the reader and through the built program.

use std::path::{Path, PathBuf};
use std::process::Command;

use homefirst::cli::diagnose::render;
use homefirst::diagnostic::Diagnostic;
use homefirst::scenario::{CODES, Loaded, read, read_text};
use proptest::prelude::proptest;

const SOUND: &str = r#"format = 1
[experiment]
start = 2020-06-01
run-length = "4 weeks"
[[hub]]
name = "North"
share = 0.6
travel = { urgent = "15 min", round = "11 min", cv = 0.4 }
staff = { carer = 4, nurse = { on-shift = 2 } }
[[hub]]
name = "South"
share = 0.4
staff = { carer = 3, nurse = { on-shift = [{ name = "day", from = "08:00", to = "20:00", count = 2 }, { name = "night", from = 20:00, to = 08:00, count = 1 }] } }
[role.carer]
headroom = { planned = 0.16, absence = 0.06 }
shifts = [{ name = "day", from = "08:00", to = "20:00", break = "30 min", days = "Mon-Sun" }]
[role.nurse]
[pathway.crisis]
referrals = "18 /day"
opens = "08:00-20:00"
triage = { lognormal = { mean = "15 min", cv = 0.6 } }
standard = { within = "2 h", target = 0.9, clock-stops = "all" }
outcome = { home = 0.7, care = 0.3 }
[[pathway.crisis.response]]
name = "joint"
share = 1
lead = "carer"
staff = [{ role = "carer", length = "70 min" }, { role = "nurse", length = { gamma = { mean = "40 min", cv = 0.5 } } }]
[pathway.care]
standard = { within = "2 days", target = 0.95 }
package = "weeks"
[package.weeks]
length = { lognormal = { median = "21 days", sigma = 0.75, max = "42 days" } }
starts-with = ["carer"]
[[package.weeks.visits]]
name = "care"
role = "carer"
per-day = { start = { "2" = 0.5, "3" = 0.5 }, end = 1 }
length = "35 min"
[assumptions]
"pathway.crisis.outcome" = { kind = "source", source = "a report" }
"#;

fn text_of(text: String) -> Result<Loaded, Vec<Diagnostic>> {
    read_text(Path::new("scenario.toml"), text).map_err(|p| p.iter().cloned().collect())
}

/// The sound scenario with one piece of text replaced, which must be there exactly once.
fn edited(from: &str, to: &str) -> String {
    assert_eq!(SOUND.matches(from).count(), 1, "{from}");
    SOUND.replace(from, to)
}

fn faults(text: String) -> Vec<(&'static str, usize, usize)> {
    let problems = match text_of(text) {
        Ok(loaded) => loaded.warnings.iter().cloned().collect(),
        Err(problems) => problems,
    };
    problems
        .iter()
        .map(|d| {
            let (line, column) = d.line_column().unwrap_or_default();
            (d.code, line, column)
        })
        .collect()
}

fn drawn(text: String) -> String {
    render(&text_of(text).expect_err("a fault"), false)
}

#[test]
fn the_scenario_that_all_cases_edit_is_sound() {
    assert_eq!(faults(SOUND.into()), []);
}

/// Every kind of slip: what is replaced, by what, and the code, line and column of the one fault that it makes.
#[rustfmt::skip]
const SLIPS: &[(&str, &str, &str, usize, usize)] = &[
    ("format = 1", "format = 2", "HF006", 1, 10),
    ("format = 1\n", "", "HF006", 1, 1),
    ("format = 1", "base = \"none\"\nformat = 1", "HF028", 1, 8),
    ("format = 1", "base = 3\nformat = 1", "HF009", 1, 8),
    ("format = 1", "base = \"../none\"\nformat = 1", "HF027", 1, 8),
    ("start = 2020-06-01", "start = 2020-02-31", "HF005", 3, 9),
    ("start = 2020-06-01", "start = \"1 June\"", "HF010", 3, 9),
    ("start = 2020-06-01", "start = 2020-06-01T08:00:00", "HF010", 3, 9),
    ("start = 2020-06-01", "start = 2020-06-01\nprecision = \"50 points\"", "HF011", 4, 13),
    ("run-length = \"4 weeks\"\n", "", "HF008", 2, 1),
    ("run-length = \"4 weeks\"", "run-length = 4", "HF010", 4, 14),
    ("run-length = \"4 weeks\"", "run-length = \"4 wekes\"", "HF010", 4, 14),
    ("run-length = \"4 weeks\"", "run-length = \"30 min\"", "HF011", 4, 14),
    ("run-length = \"4 weeks\"", "run-lenght = \"4 weeks\"", "HF007", 4, 1),
    ("run-length = \"4 weeks\"", "run-length = \"4 weeks\"\nwarm-up = \"36 h\"", "HF011", 5, 11),
    ("run-length = \"4 weeks\"", "run-length = \"4 weeks\"\nreplications = 1", "HF011", 5, 16),
    ("run-length = \"4 weeks\"", "run-length = \"4 weeks\"\nseed = \"x\"", "HF009", 5, 8),
    ("name = \"South\"", "name = \"North\"", "HF018", 11, 8),
    ("name = \"South\"", "name = \"all\"", "HF019", 11, 8),
    ("name = \"South\"", "name = \"\"", "HF019", 11, 8),
    ("share = 0.4\n", "share = 0.5\n", "HF016", 12, 9),
    ("share = 0.4\n", "share = \"0.4\"\n", "HF009", 12, 9),
    ("share = 0.4\n", "share = 40\n", "HF011", 12, 9),
    ("share = 0.4\n", "share = nan\n", "HF011", 12, 9),
    ("share = 0.4\n", "share = 0.4\nreferrals = { crisis = \"3 /day\" }\n", "HF015", 13, 24),
    ("round = \"11 min\", cv = 0.4", "round = \"11 min\", cv = -0.4", "HF026", 8, 54),
    ("{ carer = 4,", "{ carer = -4,", "HF011", 9, 19),
    ("{ carer = 4,", "{ carer = inf,", "HF011", 9, 19),
    ("{ carer = 4,", "{ carrer = 4,", "HF017", 9, 11),
    ("nurse = { on-shift = 2 }", "nurse = 2", "HF025", 9, 30),
    ("nurse = { on-shift = 2 }", "nurse = { on-shift = 2, rota = \"x.csv\" }", "HF015", 9, 30),
    ("nurse = { on-shift = 2 }", "nurse = { rota = \"../x.csv\" }", "HF027", 9, 39),
    ("nurse = { on-shift = 2 }", "nurse = { rota = 'C:\\x.csv' }", "HF027", 9, 39),
    ("nurse = { on-shift = 2 }", "nurse = { rota = \"/etc/passwd\" }", "HF027", 9, 39),
    ("nurse = { on-shift = 2 }", "nurse = { rota = \"none.csv\" }", "HF028", 9, 39),
    ("from = 20:00, to = 08:00, count = 1", "from = 19:00, to = 08:00, count = 1", "HF023", 13, 128),
    ("absence = 0.06", "absence = 0.9", "HF011", 15, 12),
    ("to = \"20:00\", break", "to = \"08:00\", break", "HF022", 16, 48),
    ("break = \"30 min\"", "break = \"12 h\"", "HF022", 16, 65),
    ("\"Mon-Sun\"", "\"Mon-Sum\"", "HF010", 16, 82),
    ("referrals = \"18 /day\"", "referrals = 18", "HF010", 19, 13),
    ("referrals = \"18 /day\"", "referrals = \"18 /month\"", "HF010", 19, 13),
    ("referrals = \"18 /day\"", "referrals = \"0 /day\"", "HF031", 18, 10),
    ("opens = \"08:00-20:00\"", "opens = \"20:00-08:00\"", "HF011", 20, 9),
    ("opens = \"08:00-20:00\"", "hours = [1, 2]", "HF021", 20, 9),
    ("{ mean = \"15 min\", cv = 0.6 }", "{ mean = \"15 min\" }", "HF015", 21, 24),
    ("{ lognormal = { mean = \"15 min\", cv = 0.6 } }", "{}", "HF015", 21, 10),
    ("{ lognormal = { mean = \"15 min\", cv = 0.6 } }", "{ fixed = \"1 min\", gamma = { mean = \"1 min\", cv = 1 } }", "HF015", 21, 10),
    ("{ lognormal = { mean = \"15 min\", cv = 0.6 } }", "{ uniform = { low = \"2 h\", high = \"1 h\" } }", "HF026", 21, 30),
    ("clock-stops = \"all\"", "clock-stops = \"lad\"", "HF012", 22, 58),
    ("care = 0.3", "care = 0.2", "HF016", 23, 11),
    ("lead = \"carer\"", "lead = \"doctor\"", "HF017", 27, 8),
    ("{ role = \"carer\", length = \"70 min\" }", "{ role = \"carer\" }", "HF008", 28, 10),
    ("target = 0.95 }", "target = 0.95, clock-stops = \"all\" }", "HF032", 30, 62),
    ("package = \"weeks\"\n", "", "HF015", 29, 1),
    ("package = \"weeks\"", "package = \"week\"", "HF017", 31, 11),
    ("package = \"weeks\"", "package = \"weeks\"\njoint = \"together\"", "HF032", 32, 9),
    ("sigma = 0.75", "sigma = -1", "HF026", 33, 54),
    ("starts-with = [\"carer\"]", "starts-with = [\"nurse\"]", "HF017", 34, 16),
    ("starts-with = [\"carer\"]", "gate = 0", "HF011", 34, 8),
    ("starts-with = [\"carer\"]", "gate-holds = \"package\"", "HF032", 34, 14),
    ("starts-with = [\"carer\"]", "gate-holds = \"care\"", "HF012", 34, 14),
    ("starts-with = [\"carer\"]\n[[package.weeks.visits]]", "gate-holds = \"package\"\n[[package.weeks.visits]]\nname = \"nursing\"\nrole = \"nurse\"\nper-week = 2\nlength = \"30 min\"\ngated = true\n[[package.weeks.visits]]\ngated = true", "HF032", 34, 14),
    ("starts-with = [\"carer\"]", "priority = 10", "HF011", 34, 12),
    ("\"3\" = 0.5 }", "\"3\" = 0.4 }", "HF016", 38, 21),
    ("\"3\" = 0.5 }", "\"many\" = 0.5 }", "HF011", 38, 34),
    ("length = \"35 min\"", "length = \"35 min\"\nper-week = 2", "HF015", 35, 1),
    ("length = \"35 min\"", "length = \"35 min\"\ndays = \"Mon\"", "HF032", 40, 8),
    ("\"pathway.crisis.outcome\"", "\"pathway.crisis.outcomes\"", "HF030", 41, 1),
    ("{ kind = \"source\", source", "{ kind = \"guess\", source", "HF012", 41, 37),
    ("[assumptions]", "[trajectory]\ndeadlines = 2021-04-01\n[assumptions]", "HF009", 41, 13),
    ("[assumptions]", "[trajectory]\ndeadlines = [\"1 April 2021\"]\n[assumptions]", "HF010", 41, 14),
    ("[assumptions]", "[trajectory]\ndeadlines = [2021-04]\n[assumptions]", "HF005", 41, 14),
    ("[assumptions]", "[trajectory]\ndeadlines = [2021-04-31]\n[assumptions]", "HF005", 41, 14),
    ("[assumptions]", "[trajectory]\ndeadlines = []\n[assumptions]", "HF020", 41, 13),
    ("[assumptions]", "[trajectory]\ndeadlines = [2020-06-11, 2020-06-11]\n[assumptions]", "HF018", 41, 26),
    ("[assumptions]", "[trajectory]\ndeadline = [2021-04-01]\n[assumptions]", "HF007", 41, 1),
    ("[assumptions]", "[trajectory]\nconfidence = 80\n[assumptions]", "HF011", 41, 14),
    ("[assumptions]", "[trajectory]\nconfidence = 0.2\n[assumptions]", "HF011", 41, 14),
    ("[assumptions]", "[trajectory]\nconfidence = \"80 %\"\n[assumptions]", "HF009", 41, 14),
    ("[assumptions]", "[[trajectory]]\nconfidence = 0.9\n[assumptions]", "HF009", 40, 1),
    ("[assumptions]", "[[observed]]\nmeasure = \"service_level\"\npathway = \"crisis\"\nmonth = 2020-06-01\nvalue = 0.79\nsource = \"a paper\"\n[assumptions]", "HF010", 43, 9),
    ("[assumptions]", "[[observed]]\nmeasure = \"service_level\"\npathway = \"crisis\"\nmonth = 2020-06\nvalue = 0.79\nsource = \"a paper\"\n[assumptions]", "HF005", 43, 9),
    ("[assumptions]", "[[observed]]\nmeasure = \"service_level\"\npathway = \"crisis\"\nmonth = 202006\nvalue = 0.79\nsource = \"a paper\"\n[assumptions]", "HF010", 43, 9),
    ("[assumptions]", "[[observed]]\nmeasure = \"service_level\"\npathway = \"crisis\"\nmonth = \"June 2020\"\nvalue = 0.79\nsource = \"a paper\"\n[assumptions]", "HF010", 43, 9),
    ("[assumptions]", "[[observed]]\nmeasure = \"service_level\"\npathway = \"crisis\"\nmonth = \"2020-13\"\nvalue = 0.79\nsource = \"a paper\"\n[assumptions]", "HF010", 43, 9),
    ("[assumptions]", "[[observed]]\nmeasure = \"service_level\"\npathway = \"crisis\"\nmonth = \"1020-06\"\nvalue = 0.79\nsource = \"a paper\"\n[assumptions]", "HF011", 43, 9),
    ("[assumptions]", "[[observed]]\nmeasure = \"wait_p90_min\"\npathway = \"crisis\"\nmonth = \"2020-06\"\nvalue = 100\nsource = \"a paper\"\n[assumptions]", "HF032", 43, 9),
    ("[assumptions]", "[[observed]]\nmeasure = \"service_level\"\nvalue = 0.79\nplus-minus = 0\nsource = \"a paper\"\n[assumptions]", "HF011", 43, 14),
    ("[assumptions]", "[[observed]]\nmeasure = \"service_level\"\nvalue = 0.79\nplus-minus = 5\nsource = \"a paper\"\n[assumptions]", "HF011", 43, 14),
    ("[assumptions]", "[[observed]]\nmeasure = \"wait_mean_min\"\nvalue = 60\nplus-minus = -5\nsource = \"a paper\"\n[assumptions]", "HF011", 43, 14),
    ("[assumptions]", "[[observed]]\nmeasure = \"service_level\"\nvalue = 0.79\nplus-minus = \"5 points\"\nsource = \"a paper\"\n[assumptions]", "HF009", 43, 14),
    ("[assumptions]", "[[observed]]\nmeasure = \"service_level\"\nvalue = 0.79\nreferrals = 0\nsource = \"a paper\"\n[assumptions]", "HF011", 43, 13),
    ("[assumptions]", "[[observed]]\nmeasure = \"service_level\"\nvalue = 0.79\nreferrals = 600.5\nsource = \"a paper\"\n[assumptions]", "HF011", 43, 13),
    ("[assumptions]", "[[observed]]\nmeasure = \"service_level\"\nvalue = 0.79\nreferrals = \"600\"\nsource = \"a paper\"\n[assumptions]", "HF009", 43, 13),
    ("[assumptions]", "[[observed]]\nmeasure = \"service_level\"\nvalue = 0.79\nplus-minus = 0.05\nreferrals = 600\nsource = \"a paper\"\n[assumptions]", "HF032", 44, 13),
    ("[assumptions]", "[[observed]]\nmeasure = \"wait_mean_min\"\nvalue = 60\nreferrals = 600\nsource = \"a paper\"\n[assumptions]", "HF032", 43, 13),
    ("share = 0.4\n", "share = 0.4\nadmin-share = 0.1\n", "HF007", 13, 1),
    ("[package.weeks]\n", "[[package.weeks]]\n", "HF009", 32, 1),
    ("name = \"South\"", "name = “South”", "HF005", 11, 8),
    ("name = \"South\"", "name = \"South", "HF005", 11, 8),
    ("name = \"South\"", "name = South", "HF005", 11, 8),
    ("name = \"South\"", "name = 'South\"", "HF005", 11, 15),
    ("share = 0.4\n", "share = 0,4\n", "HF005", 12, 10),
    ("share = 0.4\n", "share = .4\n", "HF005", 12, 9),
    ("share = 0.4\n", "share = 40%\n", "HF005", 12, 9),
    ("share = 0.4\n", "share = 0.4 of all\n", "HF005", 12, 9),
    ("share = 0.4\n", "share: 0.4\n", "HF005", 12, 6),
    ("share = 0.4\n", "share 0.4\n", "HF005", 12, 7),
    ("share = 0.4\n", "share =\n", "HF005", 12, 8),
    ("share = 0.4\n", "= 0.4\n", "HF005", 12, 1),
    ("share = 0.4\n", "share == 0.4\n", "HF005", 12, 8),
    ("share = 0.4\n", "share = 0.4;\n", "HF005", 12, 12),
    ("share = 0.4\n", "share = 0.4,\n", "HF005", 12, 12),
    ("share = 0.4\n", "share = 0.4\nshare = 0.4\n", "HF005", 13, 1),
    ("share = 0.4\n", "share = 2/5\n", "HF005", 12, 9),
    ("share = 0.4\n", "share = 04\n", "HF005", 12, 9),
    ("start = 2020-06-01", "start = 01/06/2020", "HF005", 3, 9),
    ("start = 2020-06-01", "start = 1 June 2020", "HF005", 3, 9),
    ("start = 2020-06-01", "start = 01-06-2020", "HF005", 3, 9),
    ("start = 2020-06-01", "start = 2020-06-31", "HF005", 3, 9),
    ("start = 2020-06-01", "start = \"01/06/2020\"", "HF010", 3, 9),
    ("start = 2020-06-01", "start = 2020-6-1", "HF005", 3, 9),
    ("start = 2020-06-01", "start = 1020-06-01", "HF011", 3, 9),
    ("start = 2020-06-01", "start = 43983", "HF009", 3, 9),
    ("run-length = \"4 weeks\"", "run-length = 4 weeks", "HF005", 4, 14),
    ("run-length = \"4 weeks\"", "run-length = “4 weeks”", "HF005", 4, 14),
    ("run-length = \"4 weeks\"", "run length = \"4 weeks\"", "HF005", 4, 5),
    ("round = \"11 min\", cv", "round = \"11 min\" cv", "HF005", 8, 47),
    ("cv = 0.4 }", "cv = 0.4", "HF005", 8, 57),
    ("[[hub]]\nname = \"South\"", "[hub]\nname = \"South\"", "HF005", 10, 2),
    ("[[hub]]\nname = \"South\"", "[[hub]\nname = \"South\"", "HF005", 10, 7),
    ("[[hub]]\nname = \"South\"", "[[hubs]]\nname = \"South\"", "HF007", 10, 3),
    ("[role.nurse]", "[role.carer]", "HF005", 17, 7),
    ("[role.nurse]", "[role nurse]", "HF005", 17, 6),
    ("[role.nurse]", "[role.nurse", "HF005", 17, 12),
    ("[role.nurse]", "[roles.nurse]", "HF007", 17, 2),
    ("[role.nurse]", "(role.nurse)", "HF005", 17, 1),
    ("[role.nurse]", "[[role.nurse]]", "HF009", 17, 1),
    ("[role.nurse]", "role.nurse", "HF005", 17, 11),
    ("[pathway.crisis]", "[pathway.crisis outcome]", "HF005", 18, 16),
    ("[[pathway.crisis.response]]", "[pathway.crisis.response]", "HF009", 24, 1),
    ("[[package.weeks.visits]]", "[package.weeks.visits]", "HF009", 35, 1),
    ("starts-with = [\"carer\"]", "starts-with = [\"carer\"", "HF005", 34, 23),
    ("starts-with = [\"carer\"]", "starts-with = \"carer\"", "HF009", 34, 15),
    ("starts-with = [\"carer\"]", "starts-with = [carer]", "HF005", 34, 16),
    ("shifts = [{ name = \"day\", from = \"08:00\", to = \"20:00\", break = \"30 min\", days = \"Mon-Sun\" }]", "shifts = { name = \"day\", from = \"08:00\", to = \"20:00\", break = \"30 min\", days = \"Mon-Sun\" }", "HF009", 16, 10),
    ("shifts = [{ name = \"day\", from = \"08:00\", to = \"20:00\", break = \"30 min\", days = \"Mon-Sun\" }]", "shifts = [{ name = \"day\", from = 8am, to = \"20:00\", break = \"30 min\", days = \"Mon-Sun\" }]", "HF005", 16, 34),
    ("shifts = [{ name = \"day\", from = \"08:00\", to = \"20:00\", break = \"30 min\", days = \"Mon-Sun\" }]", "shifts = [{ name = \"day\", from = \"8am\", to = \"20:00\", break = \"30 min\", days = \"Mon-Sun\" }]", "HF010", 16, 34),
    ("shifts = [{ name = \"day\", from = \"08:00\", to = \"20:00\", break = \"30 min\", days = \"Mon-Sun\" }]", "shifts = [{ name = \"day\", from = 8:00, to = 20:00, break = \"30 min\", days = \"Mon-Sun\" }]", "HF005", 16, 34),
    ("shifts = [{ name = \"day\", from = \"08:00\", to = \"20:00\", break = \"30 min\", days = \"Mon-Sun\" }]", "shifts = [{ name = \"day\", from = \"08.00\", to = \"20:00\", break = \"30 min\", days = \"Mon-Sun\" }]", "HF010", 16, 34),
    ("shifts = [{ name = \"day\", from = \"08:00\", to = \"20:00\", break = \"30 min\", days = \"Mon-Sun\" }]", "shifts = []", "HF025", 9, 19),
    ("shifts = [{ name = \"day\", from = \"08:00\", to = \"20:00\", break = \"30 min\", days = \"Mon-Sun\" }]", "shifts = [{ name = \"day\", from = \"08:00\", to = \"20:00\" }, { name = \"day\", from = \"07:00\", to = \"15:00\" }]", "HF018", 16, 68),
    ("to = \"20:00\", break", "to = \"25:00\", break", "HF010", 16, 48),
    ("break = \"30 min\"", "break = 30", "HF010", 16, 65),
    ("break = \"30 min\"", "break = \"30 minuets\"", "HF010", 16, 65),
    ("break = \"30 min\"", "break = \"-30 min\"", "HF011", 16, 65),
    ("days = \"Mon-Sun\"", "days = \"weekdays\"", "HF010", 16, 82),
    ("days = \"Mon-Sun\"", "days = \"\"", "HF010", 16, 82),
    ("run-length = \"4 weeks\"", "run-length = \"4 weeks\"\nwarm-up = \"-3 weeks\"", "HF011", 5, 11),
    ("run-length = \"4 weeks\"", "run-length = \"4 weeks\"\nwarm-up = \"1100 weeks\"", "HF011", 5, 11),
    ("run-length = \"4 weeks\"", "run-length = \"4 weeks\"\nwarm-up = \"30 years\"", "HF010", 5, 11),
    ("run-length = \"4 weeks\"", "run-length = \"4 weeks\"\nwarm-up = \"2 months\"", "HF010", 5, 11),
    ("run-length = \"4 weeks\"", "run-length = \"0 weeks\"", "HF011", 4, 14),
    ("run-length = \"4 weeks\"", "run-length = \"20800 weeks\"", "HF011", 4, 14),
    ("run-length = \"4 weeks\"", "run-length = \"400 years\"", "HF010", 4, 14),
    ("run-length = \"4 weeks\"", "run-length = \"\"", "HF010", 4, 14),
    ("run-length = \"4 weeks\"", "run-length = \"4 weeks\"\nreplications = 0", "HF011", 5, 16),
    ("run-length = \"4 weeks\"", "run-length = \"4 weeks\"\nreplications = -1", "HF011", 5, 16),
    ("run-length = \"4 weeks\"", "run-length = \"4 weeks\"\nreplications = 1000000000", "HF011", 5, 16),
    ("run-length = \"4 weeks\"", "run-length = \"4 weeks\"\nreplications = 1.5", "HF011", 5, 16),
    ("run-length = \"4 weeks\"", "run-length = \"4 weeks\"\nreplications = \"400\"", "HF009", 5, 16),
    ("run-length = \"4 weeks\"", "run-length = \"4 weeks\"\nreplications = 1,000", "HF005", 5, 17),
    ("run-length = \"4 weeks\"", "run-length = \"4 weeks\"\nconfidence = 95", "HF011", 5, 14),
    ("run-length = \"4 weeks\"", "run-length = \"4 weeks\"\nconfidence = \"95%\"", "HF009", 5, 14),
    ("run-length = \"4 weeks\"", "run-length = \"4 weeks\"\nconfidence = nan", "HF011", 5, 14),
    ("run-length = \"4 weeks\"", "run-length = \"4 weeks\"\nseed = -1", "HF011", 5, 8),
    ("run-length = \"4 weeks\"", "run-length = \"4 weeks\"\nseed = 99999999999999999999999", "HF011", 5, 8),
    ("run-length = \"4 weeks\"", "run-length = \"4 weeks\"\nbank-holidays = [\"25/12/2020\"]", "HF010", 5, 18),
    ("run-length = \"4 weeks\"", "run-length = \"4 weeks\"\nbank-holidays = [2020-12-25 2020-12-28]", "HF005", 5, 28),
    ("run-length = \"4 weeks\"", "run-length = \"4 weeks\"\nprecision = \"0.5\"", "HF010", 5, 13),
    ("run-length = \"4 weeks\"", "run-length = \"4 weeks\"\nprecision = 0.5", "HF010", 5, 13),
    ("run-length = \"4 weeks\"", "run-length = \"4 weeks\"\nprecision = \"5 min\"", "HF010", 5, 13),
    ("run-length = \"4 weeks\"", "run-length = \"4 weeks\"\nprecision = \"0.5 %\"", "HF010", 5, 13),
    ("run-length = \"4 weeks\"", "run-length = \"4 weeks\"\nprecision = \"half a point\"", "HF010", 5, 13),
    ("run-length = \"4 weeks\"", "run-length = \"4 weeks\"\nprecision = \"0 points\"", "HF011", 5, 13),
    ("run-length = \"4 weeks\"", "run-length = \"4 weeks\"\nprecision = \"30 points\"", "HF011", 5, 13),
    ("run-length = \"4 weeks\"", "run-length = \"4 weeks\"\nprecision = \"101 points\"", "HF011", 5, 13),
    ("run-length = \"4 weeks\"", "run-length = \"4 weeks\"\nprecision = 0.5 points", "HF005", 5, 13),
    ("format = 1", "format = \"1\"", "HF009", 1, 10),
    ("format = 1", "format = 1.0", "HF011", 1, 10),
    ("format = 1", "format = -1", "HF011", 1, 10),
    ("format = 1", "Format = 1", "HF007", 1, 1),
    ("share = 0.4\n", "share = 1.2\n", "HF011", 12, 9),
    ("share = 0.4\n", "share = -0.1\n", "HF011", 12, 9),
    ("share = 0.4\n", "", "HF015", 10, 1),
    ("share = 0.4\n", "share = 0.41\n", "HF016", 12, 9),
    ("{ carer = 4,", "{ carer = \"4\",", "HF009", 9, 19),
    ("{ carer = 4,", "{ carer = nan,", "HF011", 9, 19),
    ("{ carer = 4,", "{ carer = \"4 WTE\",", "HF009", 9, 19),
    ("{ carer = 4,", "{ carer = 4 WTE,", "HF005", 9, 19),
    ("{ carer = 4,", "{ carer = 1e9,", "HF011", 9, 19),
    ("{ carer = 4,", "{ carer = { wte = 4 },", "HF007", 9, 21),
    ("{ carer = 4,", "{ carer = { on-shift = 2.5 },", "HF011", 9, 32),
    ("{ carer = 4,", "{ carer = { on-shift = -1 },", "HF011", 9, 32),
    ("{ carer = 4,", "{ carer = 4.5.2,", "HF005", 9, 22),
    ("{ carer = 4,", "{ carer = 1,5,", "HF005", 9, 22),
    ("{ carer = 4,", "{ carer 4,", "HF005", 9, 16),
    ("{ carer = 4,", "{ Carer = 4,", "HF017", 9, 11),
    ("{ carer = 4,", "{ carer = 4, porter = 2,", "HF017", 9, 22),
    ("staff = { carer = 4, nurse = { on-shift = 2 } }", "staf = { carer = 4, nurse = { on-shift = 2 } }", "HF007", 9, 1),
    ("travel = { urgent = \"15 min\", round", "travel = { round", "HF008", 8, 10),
    ("travel = { urgent = \"15 min\", round", "travel = { urgent = 15, round", "HF010", 8, 21),
    ("travel = { urgent = \"15 min\", round", "travel = { urgent = \"-15 min\", round", "HF011", 8, 21),
    ("travel = { urgent = \"15 min\", round = \"11 min\", cv = 0.4 }", "travel = \"15 min\"", "HF009", 8, 10),
    ("name = \"South\"\n", "", "HF008", 10, 1),
    ("name = \"South\"", "name = \"South \"", "HF019", 11, 8),
    ("name = \"South\"", "nmae = \"South\"", "HF007", 11, 1),
    ("share = 0.4\n", "share = 0.4\ncaseload-limit = { weeks = -5 }\n", "HF011", 13, 28),
    ("share = 0.4\n", "share = 0.4\ncaseload-limit = { weeks = 0 }\n", "HF011", 13, 28),
    ("share = 0.4\n", "share = 0.4\ncaseload-limit = { months = 5 }\n", "HF017", 13, 20),
    ("share = 0.4\n", "share = 0.4\ncaseload-limit = 50\n", "HF009", 13, 18),
    ("share = 0.4\n", "share = 0.4\ncaseload-limit = { weeks = 50.5 }\n", "HF011", 13, 28),
    ("to = \"20:00\", count = 2", "to = \"08:00\", count = 2", "HF022", 13, 81),
    ("from = 20:00, to = 08:00, count = 1", "from = 20:00, to = 08:00", "HF008", 13, 103),
    ("count = 2 }", "count = -2 }", "HF011", 13, 98),
    ("name = \"night\"", "name = \"day\"", "HF018", 13, 112),
    ("absence = 0.06", "absence = 6", "HF011", 15, 40),
    ("absence = 0.06", "absence = \"6 %\"", "HF009", 15, 40),
    ("headroom = { planned = 0.16, absence = 0.06 }", "headroom = 1.0", "HF011", 15, 12),
    ("headroom = { planned = 0.16, absence = 0.06 }", "admin-share = 1.0", "HF011", 15, 15),
    ("headroom = { planned = 0.16, absence = 0.06 }", "hours-per-week = \"37.5 h\"", "HF009", 15, 18),
    ("headroom = { planned = 0.16, absence = 0.06 }", "hours-per-week = 3750", "HF011", 15, 18),
    ("headroom = { planned = 0.16, absence = 0.06 }", "cost = 34", "HF010", 15, 8),
    ("headroom = { planned = 0.16, absence = 0.06 }", "cost = £34/h", "HF005", 15, 8),
    ("headroom = { planned = 0.16, absence = 0.06 }", "cost = \"34 GBP/day\"", "HF010", 15, 8),
    ("headroom = { planned = 0.16, absence = 0.06 }", "cost = \"-34 GBP/h\"", "HF011", 15, 8),
    ("headroom = { planned = 0.16, absence = 0.06 }", "shift-end = \"stop\"", "HF012", 15, 13),
    ("headroom = { planned = 0.16, absence = 0.06 }", "notes = 8", "HF010", 15, 9),
    ("headroom = { planned = 0.16, absence = 0.06 }", "headroom = { planned = 0.16, sickness = 0.06 }", "HF007", 15, 30),
    ("referrals = \"18 /day\"", "referrals = \"18 a day\"", "HF010", 19, 13),
    ("referrals = \"18 /day\"", "referrals = \"-18 /day\"", "HF011", 19, 13),
    ("referrals = \"18 /day\"", "referrals = \"1,800 /day\"", "HF010", 19, 13),
    ("referrals = \"18 /day\"", "referrals = 18 /day", "HF005", 19, 13),
    ("referrals = \"18 /day\"", "referrals = \"eighteen /day\"", "HF010", 19, 13),
    ("referrals = \"18 /day\"\n", "", "HF031", 18, 10),
    ("opens = \"08:00-20:00\"", "opens = \"08:00-26:00\"", "HF010", 20, 9),
    ("opens = \"08:00-20:00\"", "opens = \"Mon-Fry 08:00-20:00\"", "HF010", 20, 9),
    ("opens = \"08:00-20:00\"", "opens = { from = \"08:00\", to = \"20:00\" }", "HF009", 20, 9),
    ("opens = \"08:00-20:00\"", "opens = \"08:00-08:00\"", "HF011", 20, 9),
    ("opens = \"08:00-20:00\"", "opens = \"22:00-06:00\"", "HF011", 20, 9),
    ("opens = \"08:00-20:00\"", "opens = \"24/7\"", "HF010", 20, 9),
    ("opens = \"08:00-20:00\"", "opens = \"always\"", "HF010", 20, 9),
    ("triage = { lognormal = { mean = \"15 min\", cv = 0.6 } }", "triage = 15", "HF010", 21, 10),
    ("triage = { lognormal = { mean = \"15 min\", cv = 0.6 } }", "triage = \"-15 min\"", "HF011", 21, 10),
    ("triage = { lognormal = { mean = \"15 min\", cv = 0.6 } }", "triage = { lognormal = { mean = \"15 min\", cv = -0.6 } }", "HF026", 21, 48),
    ("triage = { lognormal = { mean = \"15 min\", cv = 0.6 } }", "triage = { lognormal = { mean = 15, cv = 0.6 } }", "HF010", 21, 33),
    ("triage = { lognormal = { mean = \"15 min\", cv = 0.6 } }", "triage = { lognormal = { mean = \"15 min\", sd = \"5 min\" } }", "HF007", 21, 43),
    ("triage = { lognormal = { mean = \"15 min\", cv = 0.6 } }", "triage = { normal = { mean = \"15 min\", sd = \"5 min\" } }", "HF007", 21, 12),
    ("triage = { lognormal = { mean = \"15 min\", cv = 0.6 } }", "triage = { lognormal = { mean = \"15 min\", cv = 0.6, min = \"30 min\", max = \"20 min\" } }", "HF026", 21, 59),
    ("triage = { lognormal = { mean = \"15 min\", cv = 0.6 } }", "triage = { mean = \"15 min\", cv = 0.6 }", "HF007", 21, 12),
    ("triage = { lognormal = { mean = \"15 min\", cv = 0.6 } }", "triage = { lognormal = \"15 min\" }", "HF009", 21, 24),
    ("triage = { lognormal = { mean = \"15 min\", cv = 0.6 } }", "triage = { exponential = \"15 min\" }", "HF009", 21, 26),
    ("triage = { lognormal = { mean = \"15 min\", cv = 0.6 } }", "triage = { erlang = { mean = \"15 min\", stages = 0 } }", "HF026", 21, 49),
    ("triage = { lognormal = { mean = \"15 min\", cv = 0.6 } }", "triage = { hyper-exponential = { mean = \"15 min\", cv = 0.5 } }", "HF026", 21, 56),
    ("triage = { lognormal = { mean = \"15 min\", cv = 0.6 } }", "triage = { triangular = { low = \"10 min\", mode = \"5 min\", high = \"20 min\" } }", "HF026", 21, 33),
    ("triage = { lognormal = { mean = \"15 min\", cv = 0.6 } }", "triage = { gamma = { mean = \"15 min\", cv = 500 } }", "HF026", 21, 44),
    ("triage = { lognormal = { mean = \"15 min\", cv = 0.6 } }", "triage = { lognormal = { mean = \"15 min\", median = \"12 min\", cv = 0.6 } }", "HF015", 21, 24),
    ("triage = { lognormal = { mean = \"15 min\", cv = 0.6 } }", "triage = { hyper-exponential = { branches = [{ share = 0.5, mean = \"1 min\" }, { share = 0.4, mean = \"9 min\" }] } }", "HF016", 21, 45),
    ("triage = { lognormal = { mean = \"15 min\", cv = 0.6 } }", "triage = { empirical = { file = \"waits.xlsx\" } }", "HF028", 21, 33),
    ("triage = { lognormal = { mean = \"15 min\", cv = 0.6 } }", "triage = { log-normal = { mean = \"15 min\", cv = 0.6 } }", "HF007", 21, 12),
    ("triage = { lognormal = { mean = \"15 min\", cv = 0.6 } }", "triage = { lognormal = { mean = \"15 min\", cv = 60% } }", "HF005", 21, 48),
    ("triage = { lognormal = { mean = \"15 min\", cv = 0.6 } }", "triage = { uniform = { low = \"5 min\" } }", "HF008", 21, 22),
    ("triage = { lognormal = { mean = \"15 min\", cv = 0.6 } }", "triage = { lognormal = { mean = \"15 min\", cv = 0.6, max = \"72\" } }", "HF010", 21, 59),
    ("standard = { within = \"2 h\", target = 0.9, clock-stops = \"all\" }", "standard = { within = \"2\", target = 0.9 }", "HF010", 22, 23),
    ("standard = { within = \"2 h\", target = 0.9, clock-stops = \"all\" }", "standard = { within = 2, target = 0.9 }", "HF010", 22, 23),
    ("standard = { within = \"2 h\", target = 0.9, clock-stops = \"all\" }", "standard = { within = \"2 h\", target = 90 }", "HF011", 22, 39),
    ("standard = { within = \"2 h\", target = 0.9, clock-stops = \"all\" }", "standard = { within = \"2 h\", target = 90% }", "HF005", 22, 39),
    ("standard = { within = \"2 h\", target = 0.9, clock-stops = \"all\" }", "standard = { within = \"2 h\", target = \"90%\" }", "HF009", 22, 39),
    ("standard = { within = \"2 h\", target = 0.9, clock-stops = \"all\" }", "standard = { within = \"-2 h\" }", "HF011", 22, 23),
    ("standard = { within = \"2 h\", target = 0.9, clock-stops = \"all\" }", "standard = { target = 0.9 }", "HF008", 22, 12),
    ("standard = { within = \"2 h\", target = 0.9, clock-stops = \"all\" }", "standard = \"2 h\"", "HF009", 22, 12),
    ("standard = { within = \"2 h\", target = 0.9, clock-stops = \"all\" }", "standard = { within = \"same days\" }", "HF010", 22, 23),
    ("standard = { within = \"2 h\", target = 0.9, clock-stops = \"all\" }", "standard = { within = \"2 hrs\", target = 0.9, clock-stop = \"all\" }", "HF007", 22, 46),
    ("standard = { within = \"2 h\", target = 0.9, clock-stops = \"all\" }", "standard = { within = \"2 h\", target = 0.9, clock-stops = lead }", "HF005", 22, 58),
    ("standard = { within = \"2 h\", target = 0.9, clock-stops = \"all\" }", "standard = { within = \"two hours\" }", "HF010", 22, 23),
    ("standard = { within = \"2 h\", target = 0.9, clock-stops = \"all\" }", "standard = { within = \"2h30\" }", "HF010", 22, 23),
    ("standard = { within = \"2 h\", target = 0.9, clock-stops = \"all\" }", "standard = { within = \"2 h\", target = 0.9, clock-stops = \"all\" }\nstandard = { within = \"2 h\", target = 0.9, clock-stops = \"all\" }", "HF005", 23, 1),
    ("outcome = { home = 0.7, care = 0.3 }", "outcome = { home = 0.7, care = 0.4 }", "HF016", 23, 11),
    ("outcome = { home = 0.7, care = 0.3 }", "outcome = { home = 0.7, crae = 0.3 }", "HF017", 23, 25),
    ("outcome = { home = 0.7, care = 0.3 }", "outcome = {}", "HF020", 23, 11),
    ("outcome = { home = 0.7, care = 0.3 }", "outcome = { home = 0.7 care = 0.3 }", "HF005", 23, 23),
    ("outcome = { home = 0.7, care = 0.3 }", "outcome = [0.7, 0.3]", "HF009", 23, 11),
    ("outcome = { home = 0.7, care = 0.3 }", "outcome = 0.7", "HF009", 23, 11),
    ("outcome = { home = 0.7, care = 0.3 }", "outcome = { home = \"0.7\", care = 0.3 }", "HF009", 23, 20),
    ("outcome = { home = 0.7, care = 0.3 }", "outcome = { home = 0.7, Care = 0.3 }", "HF017", 23, 25),
    ("outcome = { home = 0.7, care = 0.3 }", "outcome = { home = 0.7, all = 0.3 }", "HF019", 23, 25),
    ("outcome = { home = 0.7, care = 0.3 }", "outcome = { home = 0.7,, care = 0.3 }", "HF005", 23, 24),
    ("outcome = { home = 0.7, care = 0.3 }", "outcome = { home = 0.7, care = 0.3 }\nalso = { weaks = 0.4 }", "HF017", 24, 10),
    ("outcome = { home = 0.7, care = 0.3 }", "outcome = { home = 0.7, care = 0.3 }\nalso = { weeks = 1.4 }", "HF011", 24, 18),
    ("outcome = { home = 0.7, care = 0.3 }", "outcome = { home = 0.7, care = 0.3 }\npatience = 5", "HF010", 24, 12),
    ("outcome = { home = 0.7, care = 0.3 }", "outcome = { home = 0.7, care = 0.3 }\npriority = 0", "HF011", 24, 12),
    ("outcome = { home = 0.7, care = 0.3 }", "outcome = { home = 0.7, care = 0.3 }\npriority = \"high\"", "HF009", 24, 12),
    ("outcome = { home = 0.7, care = 0.3 }", "outcome = { home = 0.7, care = 0.3 }\ngrowth = \"3%\"", "HF009", 24, 10),
    ("outcome = { home = 0.7, care = 0.3 }", "outcome = { home = 0.7, care = 0.3 }\ngrowth = 30", "HF011", 24, 10),
    ("outcome = { home = 0.7, care = 0.3 }", "outcome = { home = 0.7, care = 0.3 }\ndispersion = 0.5", "HF011", 24, 14),
    ("outcome = { home = 0.7, care = 0.3 }", "outcome = { home = 0.7, care = 0.3 }\nout-of-hours = \"defere\"", "HF012", 24, 16),
    ("outcome = { home = 0.7, care = 0.3 }", "outcome = { home = 0.7, care = 0.3 }\njoint = \"both\"", "HF012", 24, 9),
    ("outcome = { home = 0.7, care = 0.3 }", "outcome = { home = 0.7, care = 0.3 }\non-leaving = 0.47\npatience = \"5 h\"", "HF009", 24, 14),
    ("outcome = { home = 0.7, care = 0.3 }", "outcome = { home = 0.7, care = 0.3 }\nhours = [1, 2, 3]", "HF021", 24, 9),
    ("outcome = { home = 0.7, care = 0.3 }", "outcome = { home = 0.7, care = 0.3 }\ndays = [1,1,1,1,1]", "HF021", 24, 8),
    ("outcome = { home = 0.7, care = 0.3 }", "outcome = { home = 0.7, care = 0.3 }\ndays = { Mon = 1, Tues = 1, Wed = 1, Thu = 1, Fri = 1, Sat = 1, Sun = 1 }", "HF007", 24, 19),
    ("outcome = { home = 0.7, care = 0.3 }", "outcome = { home = 0.7, care = 0.3 }\ndays = [0,0,0,0,0,0,0]", "HF011", 24, 8),
    ("outcome = { home = 0.7, care = 0.3 }", "outcome = { home = 0.7, care = 0.3 }\ndays = [1,1,1,1,1,-1,1]", "HF011", 24, 19),
    ("outcome = { home = 0.7, care = 0.3 }", "outcome = { home = 0.7, care = 0.3 }\nmonths = [1,1]", "HF021", 24, 10),
    ("outcome = { home = 0.7, care = 0.3 }", "outcome = { home = 0.7, care = 0.3 }\nstart-due = \"4 h\"", "HF032", 24, 13),
    ("outcome = { home = 0.7, care = 0.3 }", "outcome = { home = 0.7, care = 0.3 }\nwaits-in = [\"acute\"]", "HF032", 24, 12),
    ("package = \"weeks\"", "package = \"weeks\"\nwaits-in = [\"acute\"]", "HF017", 32, 13),
    ("package = \"weeks\"", "package = \"weeks\"\nwaits-in = { bed = \"acute\" }", "HF009", 32, 12),
    ("package = \"weeks\"", "package = \"weeks\"\nwaits-in = []", "HF020", 32, 12),
    ("package = \"weeks\"", "package = \"weeks\"\nwaits-in = [\"ward\", \"ward\"]\n[bed.ward]", "HF018", 32, 21),
    ("package = \"weeks\"", "package = \"weeks\"\nwaits-in = [\"acute\"]\n[bed.acute]\ncost = \"346 GBP/week\"", "HF010", 34, 8),
    ("[package.weeks]\n", "[costs]\nadmission = \"2711\"\n[package.weeks]\n", "HF010", 33, 13),
    ("[package.weeks]\n", "[costs]\nadmision = \"2711 GBP\"\n[package.weeks]\n", "HF007", 33, 1),
    ("[role.nurse]\n", "[role.nurse]\ncost = \"346 GBP/day\"\n", "HF010", 18, 8),
    ("[role.nurse]\n", "[role.nurse]\novertime-cost = \"46000 GBP/year\"\n", "HF010", 18, 17),
    ("staff = { carer = 4, nurse = { on-shift = 2 } }", "staff = { carer = 4, nurse = { on-shift = 2 } }\nbeds = { acute = 4 }", "HF017", 10, 10),
    ("outcome = { home = 0.7, care = 0.3 }", "outcome = { home = 0.7, care = 0.3 }\npatience = \"5 h\"\non-leaving = { hospital = 0.7, home = 0.4 }", "HF016", 25, 14),
    ("outcome = { home = 0.7, care = 0.3 }", "outcome = { home = 0.7, care = 0.3 }\npatience = \"5 h\"\non-leaving = { hospital = 1.7 }", "HF011", 25, 27),
    ("outcome = { home = 0.7, care = 0.3 }", "outcome = { home = 0.7, care = 0.3 }\nwait-in = { bed = \"acute\" }", "HF007", 24, 1),
    ("outcome = { home = 0.7, care = 0.3 }", "outcome = { home = 0.7, care = 0.3 }\ncolour = \"red\"", "HF007", 24, 1),
    ("outcome = { home = 0.7, care = 0.3 }", "outcome = { home = 0.7, care = 0.3 }\nprofile = \"none.csv\"", "HF028", 24, 11),
    ("outcome = { home = 0.7, care = 0.3 }", "outcome = { home = 0.7, care = 0.3 }\nprofile = \"profiles\\week.csv\"", "HF005", 24, 20),
    ("outcome = { home = 0.7, care = 0.3 }", "outcome = { home = 0.7, care = 0.3 }\nprofile = 'profiles\\week.csv'", "HF027", 24, 11),
    ("outcome = { home = 0.7, care = 0.3 }", "outcome = { home = 0.7, care = 0.3 }\nprofile = \"\"", "HF027", 24, 11),
    ("outcome = { home = 0.7, care = 0.3 }", "outcome = { home = 0.7, care = 0.3 }\nprofile = \"~/week.csv\"", "HF028", 24, 11),
    ("outcome = { home = 0.7, care = 0.3 }", "outcome = { home = 0.7, care = 0.3 }\nprofile = \"https://x.org/w.csv\"", "HF027", 24, 11),
    ("outcome = { home = 0.7, care = 0.3 }", "outcome = { home = 0.7, care = 0.3 }\nprofile = \"x/../../y.csv\"", "HF027", 24, 11),
    ("outcome = { home = 0.7, care = 0.3 }", "outcome = { home = 0.7, care = 0.3 }\nprofile = \".\"", "HF028", 24, 11),
    ("outcome = { home = 0.7, care = 0.3 }", "outcome = { home = 0.7, care = 0.3 }\nwarm-up = \"3 weeks\"", "HF007", 24, 1),
    ("outcome = { home = 0.7, care = 0.3 }", "outcome = { home = 0.7, care = 0.3 }\nwithin = \"2 h\"", "HF007", 24, 1),
    ("outcome = { home = 0.7, care = 0.3 }", "outcome = { home = 0.7, care = 0.3 }\nbed = \"acute\"", "HF007", 24, 1),
    ("outcome = { home = 0.7, care = 0.3 }", "outcome = { home = 0.7, care = 0.3 }\n[pathway.crisis]", "HF005", 24, 10),
    ("lead = \"carer\"", "lead = \"Carer\"", "HF017", 27, 8),
    ("lead = \"carer\"", "lead = nurse", "HF005", 27, 8),
    ("share = 1\n", "share = 0.9\n", "HF016", 26, 9),
    ("share = 1\n", "share = 100\n", "HF011", 26, 9),
    ("share = 1\n", "", "HF008", 24, 1),
    ("name = \"joint\"\n", "", "HF008", 24, 1),
    ("length = \"70 min\"", "length = 70", "HF010", 28, 37),
    ("length = \"70 min\"", "length = \"70\"", "HF010", 28, 37),
    ("length = \"70 min\"", "lenght = \"70 min\"", "HF007", 28, 28),
    ("length = \"70 min\"", "length = \"70 min\", two = 15", "HF011", 28, 53),
    ("length = \"70 min\"", "length = \"70 min\", two = true", "HF009", 28, 53),
    ("length = \"70 min\"", "length = \"70 min\", or = \"nurse\"", "HF009", 28, 52),
    ("length = \"70 min\"", "length = \"70 min\", or = [\"carer\"]", "HF018", 28, 53),
    ("length = \"70 min\"", "length = \"70 min\", or-second = [\"porter\"]", "HF017", 28, 60),
    ("{ role = \"carer\", length = \"70 min\" }, ", "", "HF017", 27, 8),
    ("{ role = \"carer\", length = \"70 min\" }, ", "{ length = \"70 min\" }, ", "HF008", 28, 10),
    ("{ role = \"carer\", length = \"70 min\" }, ", "\"carer\", ", "HF009", 28, 10),
    ("{ role = \"carer\", length = \"70 min\" }, ", "{ role = \"carer\", length = \"70 min\" } ", "HF005", 28, 47),
    ("name = \"joint\"\n", "name = \"joint\"\nresponse = 1\n", "HF007", 26, 1),
    ("[[pathway.crisis.response]]\nname = \"joint\"\nshare = 1\nlead = \"carer\"\nstaff = [{ role = \"carer\", length = \"70 min\" }, { role = \"nurse\", length = { gamma = { mean = \"40 min\", cv = 0.5 } } }]\n", "", "HF015", 18, 1),
    ("[package.weeks]\nlength = { lognormal = { median = \"21 days\", sigma = 0.75, max = \"42 days\" } }\nstarts-with = [\"carer\"]\n[[package.weeks.visits]]\nname = \"care\"\nrole = \"carer\"\nper-day = { start = { \"2\" = 0.5, \"3\" = 0.5 }, end = 1 }\nlength = \"35 min\"\n", "", "HF017", 31, 11),
    ("[[package.weeks.visits]]\nname = \"care\"\nrole = \"carer\"\nper-day = { start = { \"2\" = 0.5, \"3\" = 0.5 }, end = 1 }\nlength = \"35 min\"\n", "", "HF008", 32, 1),
    ("[package.weeks]", "[package.week]", "HF017", 32, 10),
    ("max = \"42 days\"", "max = 42", "HF010", 33, 66),
    ("max = \"42 days\"", "max = \"6 months\"", "HF010", 33, 66),
    ("median = \"21 days\", ", "", "HF015", 33, 24),
    ("starts-with = [\"carer\"]", "starts-with = [\"carer\", \"carer\"]", "HF018", 34, 25),
    ("starts-with = [\"carer\"]", "gate = -1", "HF011", 34, 8),
    ("starts-with = [\"carer\"]", "gate = \"open\"", "HF009", 34, 8),
    ("starts-with = [\"carer\"]", "start-with = [\"carer\"]", "HF007", 34, 1),
    ("starts-with = [\"carer\"]", "starts-with = [\"career\"]", "HF017", 34, 16),
    ("per-day = { start = { \"2\" = 0.5, \"3\" = 0.5 }, end = 1 }", "per-day = 0", "HF011", 38, 11),
    ("per-day = { start = { \"2\" = 0.5, \"3\" = 0.5 }, end = 1 }", "per-day = 100", "HF011", 38, 11),
    ("per-day = { start = { \"2\" = 0.5, \"3\" = 0.5 }, end = 1 }", "per-day = { start = 3, end = -1 }", "HF011", 38, 30),
    ("per-day = { start = { \"2\" = 0.5, \"3\" = 0.5 }, end = 1 }", "per-day = { end = 1 }", "HF008", 38, 11),
    ("per-day = { start = { \"2\" = 0.5, \"3\" = 0.5 }, end = 1 }", "per-day = { start = { two = 1 } }", "HF011", 38, 23),
    ("per-day = { start = { \"2\" = 0.5, \"3\" = 0.5 }, end = 1 }", "per-day = { start = { 2 = 0.5, 3 = 0.6 } }", "HF016", 38, 21),
    ("per-day = { start = { \"2\" = 0.5, \"3\" = 0.5 }, end = 1 }", "per-week = 0", "HF011", 38, 12),
    ("per-day = { start = { \"2\" = 0.5, \"3\" = 0.5 }, end = 1 }", "per-week = 10", "HF011", 38, 12),
    ("per-day = { start = { \"2\" = 0.5, \"3\" = 0.5 }, end = 1 }", "at = \"08:00\"", "HF009", 38, 6),
    ("per-day = { start = { \"2\" = 0.5, \"3\" = 0.5 }, end = 1 }", "at = [\"08:00\", \"08:00\"]", "HF018", 38, 16),
    ("per-day = { start = { \"2\" = 0.5, \"3\" = 0.5 }, end = 1 }", "at = [\"25:00\"]", "HF010", 38, 7),
    ("per-day = { start = { \"2\" = 0.5, \"3\" = 0.5 }, end = 1 }", "at = []", "HF020", 38, 6),
    ("per-day = { start = { \"2\" = 0.5, \"3\" = 0.5 }, end = 1 }", "once = false", "HF011", 38, 8),
    ("per-day = { start = { \"2\" = 0.5, \"3\" = 0.5 }, end = 1 }", "once = yes", "HF005", 38, 8),
    ("per-day = { start = { \"2\" = 0.5, \"3\" = 0.5 }, end = 1 }", "", "HF015", 35, 1),
    ("length = \"35 min\"", "length = \"35 min\"\nshare = 1.5", "HF011", 40, 9),
    ("length = \"35 min\"", "length = \"35 min\"\ntolerance = 2", "HF010", 40, 13),
    ("length = \"35 min\"", "length = \"35 min\"\ntolerance = \"-1 h\"", "HF011", 40, 13),
    ("length = \"35 min\"", "length = \"35 min\"\ngive-up = \"4 hours later\"", "HF010", 40, 11),
    ("length = \"35 min\"", "length = \"35 min\"\ngated = \"yes\"", "HF009", 40, 9),
    ("length = \"35 min\"", "length = \"35 min\"\ngated = Yes", "HF005", 40, 9),
    ("length = \"35 min\"", "length = \"35 min\"\ngated = TRUE", "HF005", 40, 9),
    ("length = \"35 min\"", "length = \"35 min\"\nbetween = \"20:00-08:00\"", "HF011", 40, 11),
    ("length = \"35 min\"", "length = \"35 min\"\nbetween = [\"08:00\", \"20:00\"]", "HF009", 40, 11),
    ("length = \"35 min\"", "length = \"35 min\"\nfirst-after = \"2\"", "HF010", 40, 15),
    ("length = \"35 min\"", "length = \"35 min\"\ntwo = 2", "HF011", 40, 7),
    ("length = \"35 min\"", "length = \"35 min\"\nroll = \"nurse\"", "HF007", 40, 1),
    ("length = \"35 min\"", "length = \"35 min\"\nfirst-length = 20", "HF010", 40, 16),
    ("role = \"carer\"\nper-day", "role = \"career\"\nper-day", "HF017", 37, 8),
    ("role = \"carer\"\nper-day", "per-day", "HF008", 35, 1),
    ("role = \"carer\"\nper-day", "roles = \"carer\"\nper-day", "HF007", 37, 1),
    ("[pathway.care]\nstandard", "[pathway.care]\noutcome = { home = 1 }\nstandard", "HF032", 30, 11),
    ("[pathway.care]", "[pathway.cafe]", "HF017", 23, 25),
    ("[pathway.care]", "[pathway.hospital]", "HF019", 29, 10),
    ("package = \"weeks\"\n", "package = weeks\n", "HF005", 31, 11),
    ("package = \"weeks\"\n", "packages = \"weeks\"\n", "HF007", 31, 1),
    ("[experiment]\nstart = 2020-06-01\nrun-length = \"4 weeks\"\n", "", "HF008", 1, 1),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcom\" = { kind = \"source\" }", "HF030", 41, 1),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"hub.*.staff.therapist\" = { kind = \"source\" }", "HF030", 41, 1),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "pathway.crisis.outcome = { kind = \"source\" }", "HF007", 41, 9),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = \"a report\"", "HF009", 41, 28),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { source = \"a report\" }", "HF008", 41, 28),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway..outcome\" = { kind = \"source\" }", "HF030", 41, 1),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"nothing at all\" = { kind = \"source\" }", "HF030", 41, 1),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"staff.porter\" = { kind = \"source\" }", "HF030", 41, 1),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", low = true }", "HF009", 41, 53),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"Source\" }", "HF012", 41, 37),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "HF005", 42, 1),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[observed]]\nmeasure = \"service level\"\nvalue = 0.7\nsource = \"x\"", "HF012", 43, 11),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[observed]]\nmeasure = \"service_level\"\nvalue = \"79%\"\nsource = \"x\"", "HF009", 44, 9),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[observed]]\nmeasure = \"service_level\"\npathway = \"crises\"\nvalue = 0.79\nsource = \"x\"", "HF017", 44, 11),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[observed]]\nmeasure = \"service_level\"\nhub = \"Nroth\"\nvalue = 0.79\nsource = \"x\"", "HF017", 44, 7),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[unknown]]\npath = \"staff.carer\"\nfrom = 30\nto = 14", "HF011", 44, 8),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[unknown]]\npath = \"staff.carer\"\nfrom = 14\nto = \"30 min\"", "HF010", 45, 6),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[unknown]]\npath = \"staff.carers\"\nfrom = 14\nto = 30", "HF030", 43, 8),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[unknown]]\npath = \"staff.carer\"\nfrom = 14", "HF008", 42, 1),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[unknown]]\npath = \"pathway.crisis.referrals\"\nfrom = \"ten /day\"\nto = \"20 /day\"", "HF010", 44, 8),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[observed]]\nmeasure = \"service_level\"\nvalue = 79\nsource = \"x\"", "HF011", 44, 9),
    // Changes on a date. Line 42 is the first after the file.
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[change]]\nx = 1", "HF007", 43, 1),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[change]]\nfrom = 2020-06-08\nvalue = 4", "HF008", 42, 1),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[change]]\nfrom = \"8 June\"\npath = \"hub.*.staff.carer\"\nvalue = 4", "HF010", 43, 8),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[change]]\nfrom = 2020-06-08\npath = \"hub.*.staff.carer\"", "HF015", 42, 1),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[change]]\nfrom = 2020-06-08\npath = \"hub.*.staff.carer\"\nadd = 1\ntimes = 2", "HF015", 42, 1),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[change]]\nfrom = 2020-06-08\npath = \"hub.*.staff.carers\"\ntimes = 2", "HF030", 44, 8),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[change]]\nfrom = 2020-06-08\npath = \"hub..staff\"\ntimes = 2", "HF030", 44, 8),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[change]]\nfrom = 2020-06-08\npath = \"hub.*.travel\"\ntimes = 2", "HF030", 44, 8),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[change]]\nfrom = 2020-06-08\npath = \"experiment.seed\"\nvalue = 2", "HF030", 44, 8),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[change]]\nfrom = 2020-06-08\npath = \"hub.North.name\"\nvalue = \"East\"", "HF030", 44, 8),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[change]]\nfrom = 2020-06-08\npath = \"pathway.crisis.standard.within\"\nvalue = \"3 h\"", "HF032", 44, 8),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[change]]\nfrom = 2020-06-08\npath = \"pathway.crisis.joint\"\nvalue = \"together\"", "HF032", 44, 8),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[change]]\nfrom = 2020-06-08\npath = \"hub.North.staff.carer\"\nvalue = { on-shift = 3 }", "HF032", 44, 8),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[change]]\nfrom = 2020-06-08\npath = \"pathway.crisis.triage\"\nvalue = 5", "HF010", 45, 9),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[change]]\nfrom = 2020-06-08\npath = \"hub.North.staff.carer\"\nvalue = -4", "HF011", 45, 9),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[change]]\nfrom = 2020-06-08\npath = \"hub.North.staff.carer\"\nadd = -5", "HF011", 45, 7),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[change]]\nfrom = 2020-06-08\npath = \"hub.North.staff.carer\"\ntimes = -1", "HF011", 45, 9),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[change]]\nfrom = 2020-06-08\npath = \"hub.North.staff.carer\"\nadd = \"4 min\"", "HF010", 45, 7),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[change]]\nfrom = 2020-06-08\npath = \"hub.North.travel.urgent\"\nadd = 4", "HF010", 45, 7),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[change]]\nfrom = 2020-06-08\npath = \"hub.North.share\"\nvalue = 0.7", "HF016", 44, 8),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[change]]\nfrom = 2020-06-08\nuntil = 2020-06-08\npath = \"hub.North.staff.carer\"\nadd = 1", "HF011", 44, 9),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[change]]\nfrom = 2020-06-08\npath = \"pathway.crisis.outcome.home\"\nvalue = 0.6", "HF016", 44, 8),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[change]]\npath = \"experiment.seed\"\nvalue = 2", "HF030", 43, 8),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[costs]\nadmission = \"2700 GBP\"\n[[change]]\nfrom = 2020-06-08\npath = \"costs.admission\"\nvalue = \"2800 GBP\"", "HF030", 46, 8),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[costs]\nadmission = \"2700 GBP\"\n[[change]]\nuntil = 2020-06-08\npath = \"costs.admission\"\nvalue = \"2800 GBP\"", "HF030", 46, 8),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[change]]\nuntil = 2020-06-08\npath = \"pathway.crisis.standard.within\"\nvalue = \"3 h\"", "HF032", 44, 8),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[served-elsewhere]]\nhome = \"North\"\nserved-by = \"South\"\nshare = 0.1\n[[change]]\nfrom = 2020-06-08\npath = \"served-elsewhere.North.share\"\nvalue = 2", "HF011", 49, 9),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[served-elsewhere]]\nhome = \"North\"\nserved-by = \"South\"\nshare = 0.1\n[[change]]\nfrom = 2020-06-08\npath = \"served-elsewhere.North.pathways\"\nvalue = [\"crisis\"]", "HF032", 48, 8),
    // Recruitment; the nurses of this file are exact numbers on shift.
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[recruit]]\nx = 1", "HF007", 43, 1),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[recruit]]\nrole = \"carer\"\nadvertised = 2020-06-15\ntime-to-start = \"14 weeks\"", "HF008", 42, 1),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[recruit]]\nrole = \"carers\"\nposts = 2\nadvertised = 2020-06-15\ntime-to-start = \"14 weeks\"", "HF017", 43, 8),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[recruit]]\nrole = \"carer\"\nposts = 0\nadvertised = 2020-06-15\ntime-to-start = \"14 weeks\"", "HF011", 44, 9),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[recruit]]\nrole = \"carer\"\nposts = 2\nadvertised = 2020-06-15\ntime-to-start = 14", "HF010", 46, 17),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[recruit]]\nrole = \"carer\"\nposts = 2\nadvertised = \"soon\"\ntime-to-start = \"14 weeks\"", "HF010", 45, 14),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[recruit]]\nrole = \"carer\"\nposts = 2\nin-post = 3\nadvertised = 2020-06-15\ntime-to-start = \"14 weeks\"", "HF032", 45, 11),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[recruit]]\nrole = \"carer\"\nposts = 2\nspread = \"by share\"\nadvertised = 2020-06-15\ntime-to-start = \"14 weeks\"", "HF012", 45, 10),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[recruit]]\nrole = \"carer\"\nposts = 2\nspread = { North = 1 }\nadvertised = 2020-06-15\ntime-to-start = \"14 weeks\"", "HF016", 45, 10),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[recruit]]\nrole = \"carer\"\nposts = 2\nspread = { North = 1, East = 1 }\nadvertised = 2020-06-15\ntime-to-start = \"14 weeks\"", "HF017", 45, 23),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[recruit]]\nrole = \"carer\"\nposts = 2\nturnover = \"30 %\"\nadvertised = 2020-06-15\ntime-to-start = \"14 weeks\"", "HF009", 45, 12),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[recruit]]\nrole = \"carer\"\nposts = 2\nturnover = -0.3\nadvertised = 2020-06-15\ntime-to-start = \"14 weeks\"", "HF011", 45, 12),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[recruit]]\nrole = \"carer\"\nposts = 2\nproductivity = 50\nadvertised = 2020-06-15\ntime-to-start = \"14 weeks\"", "HF011", 45, 16),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[recruit]]\nrole = \"nurse\"\nposts = 2\nadvertised = 2020-06-15\ntime-to-start = \"14 weeks\"", "HF025", 43, 8),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[recruit]]\nrole = \"carer\"\nposts = 2\nadvertised = 2020-06-15\ntime-to-start = \"14 weeks\"\n[[recruit]]\nrole = \"carer\"\nposts = 2\nadvertised = 2020-06-15\ntime-to-start = \"14 weeks\"", "HF018", 48, 8),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[neighbour]]\nhubs = [\"North\", \"South\"]\nextra-travel = \"12 min\"", "HF008", 42, 1),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[neighbour]]\nhubs = [\"North\"]\nafter = \"45 min\"\nextra-travel = \"12 min\"", "HF020", 43, 8),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[neighbour]]\nhubs = [\"North\", \"Nroth\"]\nafter = \"45 min\"\nextra-travel = \"12 min\"", "HF017", 43, 18),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[neighbour]]\nhubs = [\"North\", \"North\"]\nafter = \"45 min\"\nextra-travel = \"12 min\"", "HF018", 43, 18),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[neighbour]]\nhubs = [\"*\", \"North\"]\nafter = \"45 min\"\nextra-travel = \"12 min\"", "HF032", 43, 9),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[neighbour]]\nhubs = [\"North\", \"South\"]\nafter = \"45 min\"\nextra-travel = \"12 min\"\nroles = [\"porter\"]", "HF017", 46, 10),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[neighbour]]\nhubs = [\"North\", \"South\"]\nafter = \"45 min\"\nextra-travel = \"12 min\"\nroles = []", "HF020", 46, 9),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[neighbour]]\nhubs = [\"North\", \"South\"]\nafter = \"45 min\"\nextra-travel = \"12 min\"\nroles = [\"carer\", \"carer\"]", "HF018", 46, 19),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[neighbour]]\nhubs = [\"North\", \"South\"]\nafter = \"45 min\"\nextra-travel = \"2 days\"", "HF011", 45, 16),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[neighbour]]\nhubs = [\"North\", \"South\"]\nafter = \"45\"\nextra-travel = \"12 min\"", "HF010", 44, 9),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[neighbour]]\nhubs = [\"North\", \"South\"]\nafter = \"30 years\"\nextra-travel = \"12 min\"", "HF010", 44, 9),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[neighbour]]\nhubs = [\"North\", \"South\"]\nafter = \"45 min\"\nextra-travel = \"12 min\"\n[[neighbour]]\nhubs = [\"North\", \"South\"]\nafter = \"45 min\"\nextra-travel = \"12 min\"", "HF018", 47, 8),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[pool]]\nhubs = [\"North\"]", "HF020", 43, 8),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[pool]]\nhubs = [\"*\"]\nextra-travel = \"25 h\"", "HF011", 44, 16),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[neighbour]]\nhubs = [\"North\", \"South\"]\nafter = \"45 min\"\nextra-travel = \"12 min\"\n[[pool]]\nhubs = [\"*\"]", "HF032", 47, 9),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[pool]]\nhubs = [\"North\", \"South\"]\n[[pool]]\nhubs = [\"North\", \"South\"]\n", "HF032", 45, 9),
    ("[[hub]]\nname = \"South\"\nshare = 0.4\nstaff = { carer = 3,", "[[pool]]\nhubs = [\"*\"]\n[[hub]]\nname = \"South\"\nshare = 0.4\nstaff = { carer = { on-shift = 3 },", "HF032", 15, 11),

    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[caseload]\nx=1", "HF009", 42, 1),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[caseload]]\nhub=\"North\"\npackage=\"weeks\"", "HF015", 42, 1),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[caseload]]\nhub=\"North\"\nopen=3", "HF008", 42, 1),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[caseload]]\nhub=\"North\"\nwaiting=3", "HF008", 44, 9),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[caseload]]\npackage=\"weeks\"\nopen=3", "HF008", 42, 1),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[caseload]]\nhub=\"Nroth\"\npackage=\"weeks\"\nopen=3", "HF017", 43, 5),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[caseload]]\nhub=\"North\"\npackage=\"week\"\nopen=3", "HF017", 44, 9),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[caseload]]\nhub=\"North\"\npathway=\"cares\"\nwaiting=3", "HF017", 44, 9),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[caseload]]\nhub=\"North\"\npackage=\"weeks\"\nopen=20000", "HF011", 45, 6),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[caseload]]\nhub=\"North\"\npackage=\"weeks\"\nopen=2.5", "HF011", 45, 6),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[caseload]]\nhub=\"North\"\npackage=\"weeks\"\nwaiting=\"5\"", "HF009", 45, 9),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[caseload]]\nhub=\"North\"\npackage=\"weeks\"\npathway=\"crisis\"\nwaiting=5", "HF032", 45, 9),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[caseload]]\nhub=\"North\"\npackage=\"weeks\"\npathway=\"care\"\nopen=5", "HF032", 45, 9),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[caseload]]\nhub=\"*\"\npackage=\"weeks\"\nopen=5\n[[caseload]]\nhub=\"*\"\npackage=\"weeks\"\nopen=6", "HF018", 46, 1),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[caseload]]\nhub=\"*\"\npackage=\"weeks\"\nopened=5", "HF007", 45, 1),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[caseload]]\nhub=\"*\"\npackage=\"weeks\"\nwaiting=5\n[pathway.again]\nreferrals=\"1 /day\"\npackage=\"weeks\"", "HF015", 45, 9),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[caseload]]\nhub=\"*\"\npackage=\"spare\"\nwaiting=5\n[package.spare]\nlength=\"5 days\"\n[[package.spare.visits]]\nname=\"x\"\nrole=\"carer\"\nonce=true\nlength=\"5 min\"", "HF015", 45, 9),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[required]\nx=1\n[[required.free]]\npath=\"hub.*.staff.carer\"\nto=9", "HF007", 43, 1),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[required]\nat=\"each hub\"\n[[required.free]]\npath=\"hub.*.staff.carer\"\nto=9", "HF012", 43, 4),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[required]\ndelta=\"6 points\"\n[[required.free]]\npath=\"hub.*.staff.carer\"\nto=9", "HF011", 43, 7),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[required]\nstandards={crisis=0.99}\ndelta=\"1 points\"\n[[required.free]]\npath=\"hub.*.staff.carer\"\nto=9", "HF011", 44, 7),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[required]\ndelta=0.5\n[[required.free]]\npath=\"hub.*.staff.carer\"\nto=9", "HF010", 43, 7),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[required]\nconfidence=95\n[[required.free]]\npath=\"hub.*.staff.carer\"\nto=9", "HF011", 43, 12),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[required]\nsmallest=\"heads\"\n[[required.free]]\npath=\"hub.*.staff.carer\"\nto=9", "HF012", 43, 10),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[required]\nstandards={cares=0.9}\n[[required.free]]\npath=\"hub.*.staff.carer\"\nto=9", "HF017", 43, 12),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[required]\nstandards={crisis=1.0}\n[[required.free]]\npath=\"hub.*.staff.carer\"\nto=9", "HF011", 43, 19),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[required]\nat=\"overall\"", "HF008", 42, 1),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[required]\nfree=[]", "HF020", 43, 6),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[required.free]]\npath=\"staff.carer\"\nto=9", "HF030", 43, 6),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[required.free]]\npath=\"hub.*.staff.carrer\"\nto=9", "HF017", 43, 6),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[required.free]]\npath=\"hub.Nowhere.staff.carer\"\nto=9", "HF017", 43, 6),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[required.free]]\npath=\"hub.*.staff.carer.on-shift.day.count\"\nto=9", "HF032", 43, 6),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[required.free]]\npath=\"hub.*.staff.carer\"\nfrom=9\nto=8", "HF011", 45, 4),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[required.free]]\npath=\"hub.*.staff.carer\"\nto=9\nstep=0", "HF011", 45, 6),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[required.free]]\npath=\"hub.*.staff.carer\"\nto=9\ncost=0", "HF011", 45, 6),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[required.free]]\npath=\"hub.*.staff.carer\"\nto=9\nminimum=50", "HF032", 45, 9),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[required.free]]\npath=\"hub.*.staff.carer\"\nto=9999\nstep=0.1", "HF014", 42, 1),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[required.free]]\npath=\"hub.North.staff.carer\"\nto=9\n[[required.free]]\npath=\"hub.North.staff.carer\"\nto=9", "HF018", 46, 6),
    ("carer = 4, nurse", "carer = 4 nurse", "HF005", 9, 20),
    ("outcome = { home = 0.7, care = 0.3 }", "outcomes = { home = 0.7, care = 0.3 }", "HF007", 23, 1),
    ("[role.carer]", "[role.career]", "HF017", 9, 11),
    ("[pathway.crisis]", "[pathway.crises]", "HF017", 18, 10),
    ("[experiment]", "[experimnet]", "HF007", 2, 2),
    ("[experiment]", "experiment", "HF005", 2, 11),
    ("[[hub]]\nname = \"North\"", "hub\nname = \"North\"", "HF005", 5, 4),
    ("urgent = \"15 min\", round", "urgent = \"15 min, round", "HF005", 8, 21),
    ("name = \"South\"", "name = South\"", "HF005", 11, 8),
    ("length = \"70 min\" }, {", "length = \"70 min\", {", "HF005", 28, 117),
    ("cv = 0.5 } } }]\n[pathway.care]", "cv = 0.5 } } }\n[pathway.care]", "HF005", 28, 119),
    ("cv = 0.5 } } }]", "cv = 0.5 } }]", "HF005", 28, 117),
    ("cv = 0.4 }", "cv = 0.4 } }", "HF005", 8, 60),
    ("starts-with = [\"carer\"]", "starts-with = [\"carer\"]]", "HF005", 34, 24),
    ("shifts = [{ name = \"day\", from = \"08:00\", to = \"20:00\", break = \"30 min\", days = \"Mon-Sun\" }]", "shifts = [\n  { name = \"early\", from = \"08:00\", to = \"15:00\" }\n  { name = \"late\", from = \"15:00\", to = \"20:00\" },\n]", "HF005", 17, 51),
    ("shifts = [{ name = \"day\", from = \"08:00\", to = \"20:00\", break = \"30 min\", days = \"Mon-Sun\" }]", "shifts = [\n  { name = \"early\", from = \"08:00\", to = \"15:00\" },\n  { name = \"late\", from = \"15:00\", to = \"20:00\" },", "HF005", 18, 51),
    ("shifts = [{ name = \"day\", from = \"08:00\", to = \"20:00\", break = \"30 min\", days = \"Mon-Sun\" }]", "shifts = [\n  { name = \"early\", from = \"08:00\", to = \"15:00\",\n  { name = \"late\", from = \"15:00\", to = \"20:00\" },\n]", "HF005", 19, 1),
    ("format = 1\n", "format = 1\nnotes = \"\"\"\nhello\n", "HF005", 2, 9),
    ("share = 0.4\nstaff", "share = 0.4 staff", "HF005", 12, 12),
    ("share = 0.4\n", "share\t0.4\n", "HF005", 12, 7),
    ("share = 0.4\n", "share = 0.4 // of all\n", "HF005", 12, 9),
    ("share = 0.4\n", "share = 0.4\n; a note\n", "HF005", 13, 1),
    ("share = 0.4\n", "share = 0.4\n", "HF005", 12, 8),
    ("share = 0.4\n", " share = 0.4\n", "HF005", 12, 1),
    ("format = 1", "{ \"format\" = 1 }\nformat = 1", "HF005", 1, 1),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[served-elsewhere]]\nhome = \"North\"\nserved-by = \"South\"", "HF008", 42, 1),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[served-elsewhere]]\nhome = \"North\"\nshare = 0.1", "HF008", 42, 1),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[served-elsewhere]]\nhome = \"Nroth\"\nserved-by = \"South\"\nshare = 0.1", "HF017", 43, 8),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[served-elsewhere]]\nhome = \"North\"\nserved-by = \"West\"\nshare = 0.1", "HF017", 44, 13),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[served-elsewhere]]\nhome = \"North\"\nserved-by = \"North\"\nshare = 0.1", "HF032", 44, 13),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[served-elsewhere]]\nhome = \"North\"\nserved-by = \"South\"\nshare = -0.1", "HF011", 45, 9),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[served-elsewhere]]\nhome = \"North\"\nserved-by = \"South\"\nshare = 10", "HF011", 45, 9),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[served-elsewhere]]\nhome = \"North\"\nserved-by = \"South\"\nshare = \"10 %\"", "HF009", 45, 9),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[served-elsewhere]]\nhome = \"North\"\nserved-by = \"South\"\nshare = 0.1\npathways = [\"crisi\"]", "HF017", 46, 13),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[served-elsewhere]]\nhome = \"North\"\nserved-by = \"South\"\nshare = 0.1\npathways = []", "HF020", 46, 12),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[served-elsewhere]]\nhome = \"North\"\nserved-by = \"South\"\nshare = 0.1\npathways = [\"crisis\", \"crisis\"]", "HF018", 46, 23),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[served-elsewhere]]\nhome = \"North\"\nserved-by = \"South\"\nshare = 0.1\nextra-travel = \"10\"", "HF010", 46, 16),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[served-elsewhere]]\nhome = \"North\"\nserved-by = \"South\"\nshare = 0.1\nextra-travel = \"2 days\"", "HF011", 46, 16),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[served-elsewhere]]\nhome = \"North\"\nserved-by = \"South\"\nshare = 0.1\n[[served-elsewhere]]\nhome = \"North\"\nserved-by = \"South\"\nshare = 0.1", "HF018", 47, 8),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[served-elsewhere]]\nname = \"a\"\nhome = \"North\"\nserved-by = \"South\"\nshare = 0.6\n[[served-elsewhere]]\nname = \"b\"\nhome = \"North\"\nserved-by = \"South\"\nshare = 0.5", "HF032", 51, 9),
    ("\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }", "\"pathway.crisis.outcome\" = { kind = \"source\", source = \"a report\" }\n[[served-elsewhere]]\nhome = \"North\"\nserved-by = \"South\"\nshare = 0.1\nto = \"South\"", "HF007", 46, 1),
    ("share = 0.6", "share = 0.6\nresidents = 900", "HF008", 12, 8),
    ("share = 0.6", "share = 0.6\nresidents = -1", "HF011", 8, 13),
    ("share = 0.6", "share = 0.6\nresidents = \"900\"", "HF009", 8, 13),
    ("format = 1", "format = 1\nresidents-are = \"\"", "HF020", 2, 17),
    ("format = 1", "<html>", "HF005", 1, 1),
    ("triage = { lognormal = { mean = \"15 min\", cv = 0.6 } }", "triage = { lognormal = { median = \"0 min\", sigma = 1 } }", "HF026", 21, 35),
    ("triage = { lognormal = { mean = \"15 min\", cv = 0.6 } }", "triage = { exponential = { mean = \"0 min\" } }", "HF026", 21, 35),
    ("standard = { within = \"2 h\", target = 0.9, clock-stops = \"all\" }", "standard = { within = \"0 h\", target = 0.9 }", "HF011", 22, 23),
    ("median = \"21 days\"", "median = \"0 days\"", "HF026", 33, 35),
    ("source = \"a report\"", "low = 0.5, high = 0.4", "HF011", 41, 53),
    ("source = \"a report\"", "low = 0.2, high = 0.4, distribution = \"normal\"", "HF012", 41, 85),
    ("source = \"a report\"", "low = 0.0, high = 0.4, distribution = \"gamma\"", "HF026", 41, 53),
    ("source = \"a report\"", "distribution = \"gamma\"", "HF008", 41, 62),
    ("[assumptions]", "[[unknown]]\npath = \"pathway.crisis.triage\"\nfrom = \"0 min\"\nto = \"5 min\"\ndistribution = \"lognormal\"\n[assumptions]", "HF026", 42, 8),
];

#[test]
fn every_fault_is_found_where_it_stands() {
    let mut wrong = Vec::new();
    for (from, to, code, line, column) in SLIPS {
        let found = faults(edited(from, to));
        if found != [(*code, *line, *column)] {
            wrong.push(format!("{to}: {code} {line}:{column} expected, not {found:?}"));
        }
        assert!(CODES.iter().any(|(c, _)| c == code));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Runs the built program on `scenario.toml` in a folder and returns its messages: it must end with 3, answer nothing
/// and leave the folder as it was.
#[track_caller]
fn refused_by_the_program(folder: &Path) -> String {
    let names = || {
        let entries = std::fs::read_dir(folder).unwrap();
        let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        names
    };
    let before = names();
    let output = Command::new(env!("CARGO_BIN_EXE_homefirst"))
        .current_dir(folder)
        .args(["run", "scenario.toml", "--replications", "2", "--out", "results"])
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert!(output.stdout.is_empty(), "{said}");
    assert_eq!(names(), before, "{said}");
    said
}

/// Codes and places of the problems that the program names, in order.
fn named(said: &str) -> Vec<(String, String)> {
    let lines = || said.lines();
    let codes = lines().filter_map(|l| Some(l.strip_prefix("error[")?.split_once(']')?.0.to_string()));
    let places = lines().filter_map(|l| Some(l.split_once("--> ")?.1.to_string()));
    codes.zip(places).collect()
}

#[test]
fn every_fault_ends_the_program_with_3_at_its_place_and_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let mut wrong = Vec::new();
    for (from, to, code, line, column) in SLIPS {
        std::fs::write(folder.path().join("scenario.toml"), edited(from, to)).unwrap();
        let said = refused_by_the_program(folder.path());
        let place = format!("scenario.toml:{line}:{column}");
        if named(&said) != [(code.to_string(), place)]
            || !said.ends_with("1 problem in scenario.toml; nothing was run\n")
        {
            wrong.push(said);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Words that mean something to those who write programs, and nothing or another thing to planners.
const JARGON: [&str; 16] = [
    "toml", "utf", "serde", "token", "parse", "syntax", "integer", "float", "boolean", "string", "literal", "array",
    "inline", "escape", "null", "mantissa",
];

#[test]
fn messages_are_in_the_words_of_planners_and_say_what_to_do() {
    let mut poor = Vec::new();
    for (from, to, ..) in SLIPS {
        for problem in text_of(edited(from, to)).expect_err("a fault") {
            let labels = problem.labels.iter().map(|l| l.text.clone());
            let words = [problem.message.clone()]
                .into_iter()
                .chain(labels)
                .chain(problem.help.clone());
            let words = words.collect::<Vec<_>>().join("\n");
            // What the planner typed is quoted as it is, and files have their endings.
            let own = words.to_lowercase().replace(".toml", "");
            let jargon = JARGON
                .iter()
                .find(|j| own.split(|c: char| !c.is_alphabetic()).any(|w| w == **j));
            let advice = problem.labels.iter().any(|l| !l.text.is_empty()) || !problem.help.is_empty();
            // The words of the parser, where ours have none.
            let foreign = problem.message.starts_with("this cannot be read");
            if jargon.is_some() || !advice || foreign {
                poor.push(format!("{jargon:?}: {words}"));
            }
        }
    }
    assert!(poor.is_empty(), "{}", poor.join("\n\n"));
}

#[test]
fn a_slip_is_told_once_and_not_with_what_follows_from_it() {
    // The key and the outcome have assumptions; the role and the package are named in many places; the hub has a share.
    let named = |from: &str, to: &str| faults(SOUND.replace(from, to)).len();
    for (from, to) in [
        ("outcome = { home", "outcom = { home"),
        ("[role.nurse]", "[role.nurs]"),
        ("[role.nurse]", "[roles.nurse]"),
        ("[package.weeks]", "[package.wekes]"),
        ("[[hub]]\nname = \"South\"", "[[hubs]]\nname = \"South\""),
        ("[pathway.care]", "[pathway.cares]"),
        ("\"11 min\", cv = 0.4 }\nstaff", "\"11 min, cv = 0.4 }\nstaff"),
    ] {
        assert_eq!(named(from, to), 1, "{to}: {:?}", faults(SOUND.replace(from, to)));
    }
    let outcome = SOUND.replace(
        "[assumptions]",
        "[assumptions]\n\"pathway.crisis.outcome.care\" = { kind = \"source\" }",
    );
    assert_eq!(faults(outcome.replace("care = 0.3", "crae = 0.3")), [("HF017", 23, 25)]);
    // What does not follow from it is told as well.
    let two = edited("outcome = { home", "outcom = { home")
        .replace("[assumptions]", "[assumptions]\n\"no.where\" = { kind = \"source\" }");
    assert_eq!(faults(two), [("HF007", 23, 1), ("HF030", 41, 1)]);
}

#[test]
fn of_two_headers_that_differ_the_one_named_less_often_is_shown() {
    let found = faults(SOUND.replace("[package.weeks]", "[package.wekes]"));
    assert_eq!(found, [("HF017", 32, 10)]);
    let found = faults(SOUND.replace("[[package.weeks.visits]]", "[[package.wekes.visits]]"));
    assert_eq!(found, [("HF017", 35, 11)]);
}

#[test]
fn what_is_only_doubtful_is_a_warning_at_its_place() {
    for (from, to, code, line, column) in [
        (
            "staff = { carer = 3, nurse",
            "staff = { carer = 0, nurse",
            "HF101",
            28,
            19,
        ),
        ("[role.nurse]", "[role.porter]\n[role.nurse]", "HF102", 17, 7),
        (
            "[assumptions]",
            "[trajectory]\ndeadlines = [2020-05-31]\n[assumptions]",
            "HF103",
            41,
            14,
        ),
        (
            "[assumptions]",
            "[trajectory]\ndeadlines = [2020-06-28, 2020-06-29]\n[assumptions]",
            "HF103",
            41,
            26,
        ),
        (
            "format = 1",
            "format = 1\nresidents-are = \"people aged 75 and over\"",
            "HF102",
            2,
            17,
        ),
        (
            "[assumptions]",
            "[[served-elsewhere]]\nhome = \"North\"\nserved-by = \"South\"\nshare = 1\n[assumptions]",
            "HF102",
            43,
            9,
        ),
        (
            "[assumptions]",
            "[[served-elsewhere]]\nhome = \"North\"\nserved-by = \"South\"\nshare = 0.1\npathways = [\"care\"]\n[assumptions]",
            "HF102",
            44,
            12,
        ),
        (
            "[experiment]\n",
            "[experiment]\nwarm-up = \"55 days\"\n",
            "HF104",
            3,
            11,
        ),
        (
            "run-length = \"4 weeks\"\n",
            "run-length = \"4 weeks\"\nwarm-up = \"57 days\"\n[[caseload]]\nhub = \"North\"\npackage = \"weeks\"\nopen = 5\n",
            "HF105",
            6,
            1,
        ),
        (
            "run-length = \"4 weeks\"\n",
            "run-length = \"4 weeks\"\nwarm-up = \"0 days\"\n",
            "HF104",
            5,
            11,
        ),
    ] {
        assert_eq!(faults(edited(from, to)), [(code, line, column)], "{to}");
        assert!(text_of(edited(from, to)).is_ok(), "{to}");
    }
}

#[test]
fn a_circle_of_outcomes_that_nobody_leaves_is_refused() {
    let text = edited("outcome = { home = 0.7, care = 0.3 }", "outcome = { crisis = 1 }");
    assert_eq!(faults(text), [("HF032", 23, 11)]);
    assert!(
        text_of(edited(
            "outcome = { home = 0.7, care = 0.3 }",
            "outcome = { home = 0.1, crisis = 0.9 }"
        ))
        .is_ok()
    );
}

#[test]
fn a_response_of_nine_places_and_visits_more_often_than_daily_by_the_week_are_refused() {
    let nurse = r#"{ role = "nurse", length = { gamma = { mean = "40 min", cv = 0.5 } } }"#;
    let many = [nurse; 8].join(", ");
    assert_eq!(faults(edited(nurse, &many)), [("HF014", 28, 9)]);
    let daily = r#"per-day = { start = { "2" = 0.5, "3" = 0.5 }, end = 1 }"#;
    assert_eq!(
        faults(edited(daily, "per-week = 14")).first().map(|f| f.0),
        Some("HF011")
    );
}

#[test]
fn all_faults_are_named_at_once_in_file_order() {
    let mut text = SOUND.to_string();
    for (from, to) in [
        ("name = \"South\"", "name = \"North\""),
        ("run-length = \"4 weeks\"", "run-length = 4"),
        ("\"Mon-Sun\"", "\"Mon-Sum\""),
        ("care = 0.3", "care = 0.2"),
        ("length = \"35 min\"", "lenght = \"35 min\""),
        ("role = \"nurse\", length", "role = \"nures\", length"),
        ("share = 0.4\n", "shares = 0.4\n"),
    ] {
        text = text.replace(from, to);
    }
    let found = faults(text);
    let lines: Vec<usize> = found.iter().map(|f| f.1).collect();
    assert!(lines.is_sorted(), "{found:?}");
    let codes: Vec<&str> = found.iter().map(|f| f.0).collect();
    assert!(codes.starts_with(&["HF010"]), "{found:?}");
    for (code, line) in [
        ("HF010", 4),
        ("HF018", 11),
        ("HF007", 12),
        ("HF010", 16),
        ("HF016", 23),
        ("HF017", 28),
        ("HF007", 39),
    ] {
        assert!(
            found.iter().any(|f| (f.0, f.1) == (code, line)),
            "{code} at {line}: {found:?}"
        );
    }
}

#[test]
fn the_first_three_syntax_errors_are_named_at_once() {
    let text = "format = 1\ntitle = Home First\nseed = \nshare = 0,5\n";
    let three = [("HF005", 2, 9), ("HF005", 3, 8), ("HF005", 4, 10)];
    assert_eq!(faults(text.into()), three);
    assert!(!drawn(text.into()).contains("may be missing"));
    let more = format!("{text}name \"x\"\n");
    assert_eq!(faults(more.clone()), three);
    assert!(drawn(more).contains("may be missing here or on the line before"));
}

#[test]
fn a_missing_brace_is_not_a_fault_of_every_line_after_it() {
    let text = edited(
        "length = { lognormal = { median = \"21 days\", sigma = 0.75, max = \"42 days\" } }",
        "length = { x = 1",
    );
    let found = faults(text);
    assert!((1..=3).contains(&found.len()), "{found:?}");
    assert!(found.iter().all(|f| f.0 == "HF005"));
}

#[test]
fn a_share_typed_with_its_sign_is_told_as_a_number() {
    for typed in ["90%", "90 %", "90%, clock-stops = \"lead\""] {
        let text = edited("target = 0.9, clock-stops = \"all\"", &format!("target = {typed}"));
        let text = drawn(text);
        assert!(text.contains("write 0.9"), "{text}");
    }
}

#[test]
fn deep_nesting_is_refused_and_does_not_overflow_the_stack() {
    let deep = 5_000;
    for text in [
        format!("a = {}{}", "[".repeat(deep), "]".repeat(deep)),
        format!("a = {}1{}", "{a=".repeat(deep), "}".repeat(deep)),
        format!("{}a = 1", "a.".repeat(deep)),
        format!("[{}a]", "a.".repeat(deep)),
    ] {
        let found = faults(text);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].0, found[0].1), ("HF005", 1));
    }
}

fn in_folder(files: &[(&str, &[u8])]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, bytes) in files {
        std::fs::write(folder.path().join(name), bytes).expect("a file");
    }
    let path = folder.path().join("scenario.toml");
    (folder, path)
}

fn faults_of_file(path: &Path) -> Vec<(&'static str, String, usize, usize)> {
    let Err(problems) = read(path) else { return Vec::new() };
    problems
        .iter()
        .map(|d| {
            let (line, column) = d.line_column().expect("a place");
            let name = d.labels[0]
                .source
                .path
                .file_name()
                .expect("a name")
                .to_string_lossy()
                .into_owned();
            (d.code, name, line, column)
        })
        .collect()
}

#[test]
fn files_that_are_no_scenarios_are_refused_at_their_first_bad_byte() {
    let fault = |code, line, column| vec![(code, "scenario.toml".to_string(), line, column)];
    let cases: [(&[u8], _); 5] = [
        (b"", fault("HF004", 1, 1)),
        (b"\xef\xbb\xbf \n", fault("HF004", 1, 1)),
        (b"format = 1\ntitle = \"caf\xe9\"\n", fault("HF003", 2, 13)),
        (b"\xff\xfef\0o\0", fault("HF003", 1, 1)),
        (&[0; 4096], fault("HF003", 1, 1)),
    ];
    for (bytes, expected) in cases {
        let (_folder, path) = in_folder(&[("scenario.toml", bytes)]);
        assert_eq!(faults_of_file(&path), expected);
    }
    for bytes in [&b"\xff\xfef\0o\0"[..], b"PK\x03\x04\0\0", b"{\\rtf1 a}"] {
        let (folder, _) = in_folder(&[("scenario.toml", bytes)]);
        let found = named(&refused_by_the_program(folder.path()));
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].1.starts_with("scenario.toml:1:"), "{found:?}");
    }
    let (folder, path) = in_folder(&[]);
    assert_eq!(faults_of_file(&path), fault("HF001", 1, 1));
    assert_eq!(
        named(&refused_by_the_program(folder.path())),
        [("HF001".to_string(), "scenario.toml:1:1".to_string())]
    );
    assert_eq!(faults_of_file(folder.path())[0].0, "HF001");
    // A gigabyte of nothing: no more than the limit is read.
    std::fs::File::create(&path).unwrap().set_len(1 << 30).unwrap();
    assert_eq!(faults_of_file(&path), fault("HF002", 1, 1));
    assert_eq!(
        named(&refused_by_the_program(folder.path())),
        [("HF002".to_string(), "scenario.toml:1:1".to_string())]
    );
    std::fs::remove_file(&path).unwrap();
    std::fs::create_dir(&path).unwrap();
    assert_eq!(
        named(&refused_by_the_program(folder.path())),
        [("HF001".to_string(), "scenario.toml:1:1".to_string())]
    );
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_do_no_harm() {
    let text = format!("\u{feff}{}", SOUND.replace('\n', "\r\n"));
    assert_eq!(faults(text), []);
    let text = edited("share = 0.4\n", "share = 0.5\n").replace('\n', "\r\n");
    assert_eq!(faults(text), [("HF016", 12, 9)]);
}

#[test]
fn faults_in_a_data_file_are_shown_in_that_file() {
    let table = include_str!("data/profiles/crisis_24x7.csv");
    let scenario = edited("opens = \"08:00-20:00\"", "profile = \"p.csv\"");
    let fault = |line, column| vec![("HF029", "p.csv".to_string(), line, column)];
    let without_a_row = table
        .lines()
        .filter(|l| !l.starts_with("12,"))
        .map(|l| l.to_string() + "\n")
        .collect();
    for (table, expected) in [
        (table.to_string(), vec![]),
        (format!("\u{feff}{}", table.replace('\n', "\r\n")), vec![]),
        (table.replace("2.734", "2,734"), fault(13, 1)),
        (table.replace("2.734", "lots"), fault(13, 4)),
        (table.replace("2.734", "-2"), fault(13, 4)),
        (table.replace("hour,Mon", "hour,Sun"), fault(1, 1)),
        (table.lines().take(20).collect::<Vec<_>>().join("\n"), fault(20, 45)),
        (String::new(), fault(1, 1)),
        (table.replace(',', ";"), fault(1, 1)),
        (table.replace(',', "\t"), fault(1, 1)),
        (table.replace("\n00,", "\n24,"), fault(2, 1)),
        (table.replace("\n05,", "\n06,"), fault(7, 1)),
        (without_a_row, fault(14, 1)),
        (table.replace("2.734", "inf"), fault(13, 4)),
        (table.to_string() + "24,1,1,1,1,1,1,1\n", fault(26, 1)),
    ] {
        let (folder, path) = in_folder(&[("scenario.toml", scenario.as_bytes()), ("p.csv", table.as_bytes())]);
        assert_eq!(
            faults_of_file(&path),
            expected,
            "{}",
            table.lines().nth(12).unwrap_or_default()
        );
        if let [(code, name, line, column)] = &expected[..] {
            let found = named(&refused_by_the_program(folder.path()));
            assert_eq!(found, [(code.to_string(), format!("{name}:{line}:{column}"))]);
        }
    }
}

#[test]
fn observed_lengths_come_from_a_column() {
    let typed = "{ empirical = { file = \"p.csv\", unit = \"min\" } }";
    let scenario = edited("{ lognormal = { mean = \"15 min\", cv = 0.6 } }", typed);
    for (table, expected) in [
        ("minutes\n10\n20\n30\n", vec![]),
        ("10\n2 h\n", vec![]),
        ("10\nlong\n", vec![("HF029", "p.csv".to_string(), 2, 1)]),
        ("\n", vec![("HF029", "p.csv".to_string(), 1, 1)]),
    ] {
        let (_folder, path) = in_folder(&[("scenario.toml", scenario.as_bytes()), ("p.csv", table.as_bytes())]);
        assert_eq!(faults_of_file(&path), expected, "{table}");
    }
}

#[cfg(unix)]
#[test]
fn a_link_out_of_the_folder_is_not_followed() {
    let outside = tempfile::tempdir().unwrap();
    std::fs::write(outside.path().join("p.csv"), "secret").unwrap();
    let scenario = edited("opens = \"08:00-20:00\"", "profile = \"p.csv\"");
    let (folder, path) = in_folder(&[("scenario.toml", scenario.as_bytes())]);
    std::os::unix::fs::symlink(outside.path().join("p.csv"), folder.path().join("p.csv")).unwrap();
    assert_eq!(faults_of_file(&path), [("HF027", "scenario.toml".to_string(), 20, 11)]);
}

/// A pipe is waited for without end; a folder, a path without permission and a gigabyte are no tables either.
#[cfg(unix)]
#[test]
fn what_is_no_ordinary_data_file_is_refused_where_it_is_named() {
    use std::os::unix::fs::PermissionsExt as _;
    let scenario = edited("opens = \"08:00-20:00\"", "profile = \"p.csv\"");
    let at = |code: &str| vec![(code.to_string(), "scenario.toml:20:11".to_string())];
    type Make<'a> = &'a dyn Fn(&Path);
    let make: [(&str, Make<'_>); 4] = [
        ("HF028", &|p| {
            assert!(Command::new("mkfifo").arg(p).status().unwrap().success())
        }),
        ("HF028", &|p| std::fs::create_dir(p).unwrap()),
        ("HF002", &|p| {
            std::fs::File::create(p).unwrap().set_len(1 << 30).unwrap()
        }),
        ("HF028", &|p| {
            std::fs::write(p, "x").unwrap();
            std::fs::set_permissions(p, std::fs::Permissions::from_mode(0o000)).unwrap();
        }),
    ];
    for (code, make) in make {
        let (folder, _) = in_folder(&[("scenario.toml", scenario.as_bytes())]);
        let file = folder.path().join("p.csv");
        make(&file);
        // Whoever may read everything cannot be refused.
        let locked = file.metadata().unwrap().permissions().mode() & 0o777 == 0;
        if locked && std::fs::File::open(&file).is_ok() {
            continue;
        }
        assert_eq!(named(&refused_by_the_program(folder.path())), at(code));
    }
}

/// Each would take minutes if the effort grew with the square of the faults.
#[test]
fn a_hundred_thousand_faults_are_told_without_delay() {
    let many = |piece: &dyn Fn(usize) -> String| (0..100_000).map(piece).collect::<String>();
    let staff = edited(
        "{ carer = 4,",
        &format!("{{ {} carer = 4,", many(&|i| format!("r{i} = 1,"))),
    );
    assert_eq!(text_of(staff).unwrap_err().len(), 100_000);
    let length = "length = \"70 min\"";
    let or = edited(length, &format!("{length}, or = [{}]", many(&|i| format!("\"r{i}\","))));
    assert_eq!(text_of(or).unwrap_err()[0].line_column(), Some((28, 52)));
    let equals = "=".repeat(1_000_000);
    assert_eq!(faults(equals), [("HF005", 1, 1)]);
    let lines = "x\n".repeat(500_000);
    assert_eq!(faults(lines).len(), 3);
}

#[test]
fn too_many_hubs_are_refused_without_delay() {
    let hub = |i: usize| format!("[[hub]]\nname = \"h{}\"\nshare = 0\nstaff = {{ nobody = 1 }}\n", i % 7);
    let many: String = (0..20_000).map(hub).collect();
    let found = text_of(edited("[role.carer]\n", &format!("{many}[role.carer]\n"))).unwrap_err();
    assert!(found.iter().any(|d| d.code == "HF014"));
}

proptest! {
    /// Cutting, doubling and moving pieces of a sound file gives a meaning or diagnostics that can be drawn.
    #[test]
    fn no_file_makes_the_reader_panic(from in 0..SOUND.len(), length in 0..60_usize, to in 0..SOUND.len(), piece in "[é\"\\[\\]{}=,.0-9a-z \n]{0,6}") {
        let mut text = SOUND.to_string();
        let moved = text[from..(from + length).min(SOUND.len())].to_string();
        text.insert_str(to, &moved);
        text.insert_str(from, &piece);
        let _ = text_of(text).map_err(|problems| render(&problems, true));
        let mut text = SOUND.to_string();
        text.replace_range(from..(from + length).min(SOUND.len()), &piece);
        let _ = text_of(text).map_err(|problems| render(&problems, true));
    }
}

#[test]
fn a_slip_in_a_key_shows_the_key_that_was_meant() {
    insta::assert_snapshot!(drawn(edited("run-length", "run-lenght")), @r#"
    error[HF007]: unknown key `run-lenght` in `experiment`
     --> scenario.toml:4:1
      |
    4 | run-lenght = "4 weeks"
      | ^^^^^^^^^^
      |
      = help: did you mean `run-length`?

    1 problem in scenario.toml; nothing was run
    "#);
}

#[test]
fn a_key_in_the_wrong_table_is_shown_its_home() {
    insta::assert_snapshot!(drawn(edited("share = 0.4\n", "share = 0.4\nadmin-share = 0.1\n")), @r#"
    error[HF007]: unknown key `admin-share` in `hub`
      --> scenario.toml:13:1
       |
    13 | admin-share = 0.1
       | ^^^^^^^^^^^
       |
       = help: `admin-share` belongs in `[role.NAME]`

    1 problem in scenario.toml; nothing was run
    "#);
}

#[test]
fn a_number_without_its_unit_shows_what_to_type() {
    insta::assert_snapshot!(drawn(edited("run-length = \"4 weeks\"", "run-length = 4")), @r#"
    error[HF010]: `run-length` must be a length of time with its unit, in quotes
     --> scenario.toml:4:14
      |
    4 | run-length = 4
      |              ^ no unit
      |
      = help: for example: `run-length = "4 weeks"`

    1 problem in scenario.toml; nothing was run
    "#);
}

#[test]
fn shares_that_do_not_add_up_show_their_sum() {
    insta::assert_snapshot!(drawn(edited("care = 0.3", "care = 0.2")), @r#"
    error[HF016]: the shares of `outcome` add up to 0.9, not 1
      --> scenario.toml:23:11
       |
    23 | outcome = { home = 0.7, care = 0.2 }
       |           ^^^^^^^^^^^^^^^^^^^^^^^^^^ 2 shares
       |
       = help: add 0.1 so that they add up to 1; which of them is wrong cannot be known from their sum

    1 problem in scenario.toml; nothing was run
    "#);
}

#[test]
fn an_unknown_name_is_shown_once_with_all_its_places() {
    insta::assert_snapshot!(drawn(SOUND.replace("[role.nurse]", "[role.nurs]")), @r#"
    error[HF017]: there is no role called `nurse`
      --> scenario.toml:9:22
       |
     9 | staff = { carer = 4, nurse = { on-shift = 2 } }
       |                      ^^^^^
    ...
    13 | staff = { carer = 3, nurse = { on-shift = [{ name = "day", from = "08:00", to = "20:00", count = 2 }, { name = "night", from = 20:00...
       |                      ----- also here
    ...
    28 | staff = [{ role = "carer", length = "70 min" }, { role = "nurse", length = { gamma = { mean = "40 min", cv = 0.5 } } }]
       |                                                          ------- also here
       |
       = help: did you mean `nurs`?

    1 problem in scenario.toml; nothing was run
    "#);
}

#[test]
fn wte_without_shifts_offer_both_ways_out() {
    insta::assert_snapshot!(drawn(edited("nurse = { on-shift = 2 }", "nurse = 2")), @r#"
    error[HF025]: these WTE reach no shift: `role.nurse` has no `shifts`
     --> scenario.toml:9:30
      |
    9 | staff = { carer = 4, nurse = 2 }
      |                              ^ WTE in post
      |
      = help: give the role `shifts = [{ name = "day", from = "08:00", to = "20:00" }]`
      = help: or say how many are on shift: `nurse = { on-shift = 3 }`

    1 problem in scenario.toml; nothing was run
    "#);
}

#[test]
fn a_role_on_shift_nowhere_is_an_error() {
    let text = SOUND
        .replace("carer = 4", "carer = 0")
        .replace("carer = 3", "carer = 0");
    insta::assert_snapshot!(drawn(text), @r#"
    error[HF024]: response "joint" of pathway `crisis` needs `carer`, who is on shift at no hub
      --> scenario.toml:28:19
       |
    28 | staff = [{ role = "carer", length = "70 min" }, { role = "nurse", length = { gamma = { mean = "40 min", cv = 0.5 } } }]
       |                   ^^^^^^^ nobody can do this
       |
       = help: in the `staff` of each hub, give `carer` a number above 0, in WTE or `on-shift`

    1 problem in scenario.toml; nothing was run
    "#);
}

#[test]
fn warnings_do_not_stop_a_run() {
    let loaded = text_of(edited("staff = { carer = 3, nurse", "staff = { carer = 0, nurse")).unwrap();
    let warnings: Vec<_> = loaded.warnings.iter().cloned().collect();
    insta::assert_snapshot!(render(&warnings, false), @r#"
    warning[HF101]: response "joint" of pathway `crisis` needs `carer`, who is never on shift at South
      --> scenario.toml:28:19
       |
    28 | staff = [{ role = "carer", length = "70 min" }, { role = "nurse", length = { gamma = { mean = "40 min", cv = 0.5 } } }]
       |                   ^^^^^^^ waits there for ever
       |
       = help: give that hub staff of this role, or name another with `or`

    1 warning in scenario.toml
    "#);
}

/// What cannot be added up is shown at both places.
#[test]
fn staff_of_a_pool_given_in_two_ways_are_shown_side_by_side() {
    let mixed = SOUND.replace("carer = 3,", "carer = { on-shift = 3 },");
    insta::assert_snapshot!(drawn(format!("{mixed}[[pool]]\nhubs = [\"*\"]\n")), @r#"
    error[HF032]: staff of `carer` in one pool are given in two ways
      --> scenario.toml:13:11
       |
     9 | staff = { carer = 4, nurse = { on-shift = 2 } }
       |           ----- elsewhere in the pool otherwise
    ...
    13 | staff = { carer = { on-shift = 3 }, nurse = { on-shift = [{ name = "day", from = "08:00", to = "20:00", count = 2 }, { name = "night...
       |           ^^^^^ at "South" so
       |
       = help: within a pool, give a role in WTE at every hub, or `on-shift` at every hub, or a `rota`

    1 problem in scenario.toml; nothing was run
    "#);
}
