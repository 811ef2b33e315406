//! Roles: how WTE become people.

use super::choices::Choices;
use super::line;

/// What hubs need to know to staff a role.
pub(super) struct Crew {
    /// WTE that put one person on every shift; `None` where the role has no shifts.
    pub(super) wte_of_one: Option<f64>,
}

/// (name, from, to, hours, days, days a week).
type Shift = (&'static str, &'static str, &'static str, f64, &'static str, f64);

const EVERY_DAY: (&str, f64) = ("Mon-Sun", 7.0);

const fn daily(name: &'static str, from: &'static str, to: &'static str, hours: f64) -> Shift {
    (name, from, to, hours, EVERY_DAY.0, EVERY_DAY.1)
}

const DAY: &[Shift] = &[daily("day", "08:00", "16:00", 8.0)];
const EARLY_AND_LATE: &[Shift] = &[
    daily("early", "07:00", "15:00", 8.0),
    daily("late", "14:30", "22:30", 8.0),
];
const ROUND_THE_CLOCK: &[Shift] = &[
    daily("early", "07:00", "15:00", 8.0),
    daily("late", "15:00", "23:00", 8.0),
    daily("night", "23:00", "07:00", 8.0),
];
const WEEKDAYS: &[Shift] = &[("day", "09:00", "17:00", 8.0, "Mon-Fri", 5.0)];
const LONG: &[Shift] = &[
    daily("day", "08:00", "20:00", 12.0),
    ("night", "20:00", "08:00", 12.0, "Fri-Sun", 3.0),
];
const WHOLE_DAY: &[Shift] = &[daily("whole day", "00:00", "24:00", 24.0)];
const SHORT: &[Shift] = &[
    daily("noon", "11:00", "14:00", 3.0),
    daily("evening", "17:00", "20:00", 3.0),
];

pub(super) fn role(choices: &mut Choices<'_>, name: &str) -> (String, Crew) {
    let mut text = format!("\n[role.{name}]\n");
    let hours = choices.of(&[37.5, 30.0, 24.0]);
    line(&mut text, "hours-per-week", &hours.to_string());
    let planned = match choices.below(4) {
        1 => {
            line(&mut text, "headroom", "0.2");
            0.0
        }
        2 => {
            line(&mut text, "headroom", "{ planned = 0.16, absence = 0.1 }");
            0.16
        }
        3 => {
            line(&mut text, "headroom", "{ planned = 0.3 }");
            0.3
        }
        _ => 0.0,
    };
    if choices.one_in(3) {
        line(&mut text, "admin-share", choices.of(&["0.1", "0.3"]));
    }
    if choices.one_in(3) {
        line(&mut text, "notes", choices.of(&["\"8 min\"", "\"45 s\""]));
    }
    if choices.one_in(6) {
        line(&mut text, "cost", "\"34 GBP/h\"");
    }
    if choices.one_in(3) {
        line(&mut text, "shift-end", "\"no-late-start\"");
    }
    let shifts = choices.of(&[
        &[],
        DAY,
        EARLY_AND_LATE,
        ROUND_THE_CLOCK,
        WEEKDAYS,
        LONG,
        WHOLE_DAY,
        SHORT,
        EARLY_AND_LATE,
    ]);
    let (mut rows, mut paid) = (Vec::new(), 0.0);
    for &(name, from, to, hours, days, days_a_week) in shifts {
        let (pause, length) = choices.of(&[("", 0.0), (", break = \"30 min\"", 0.5), (", break = \"1 h\"", 1.0)]);
        rows.push(format!(
            "  {{ name = \"{name}\", from = \"{from}\", to = \"{to}\", days = \"{days}\"{pause} }},\n"
        ));
        paid += (hours - length) * days_a_week;
    }
    if shifts.is_empty() {
        return (text, Crew { wte_of_one: None });
    }
    line(&mut text, "shifts", &format!("[\n{}]", rows.concat()));
    let wte_of_one = Some(paid / hours / (1.0 - planned));
    (text, Crew { wte_of_one })
}
