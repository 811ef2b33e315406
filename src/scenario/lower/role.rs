//! Roles and their shifts.

use std::ops::Range;

use super::{Lower, MOST_KINDS};
use crate::model::{Headroom, Role, Shift, WeekdaySet};
use crate::scenario::codes;
use crate::scenario::decode::{At, Either, Field};
use crate::scenario::document::{RoleTable, ShiftTable};
use crate::scenario::values::TimeOfDay;
use crate::units::{Share, Span};

impl Lower<'_, '_> {
    pub(super) fn lower_roles(&mut self) -> Vec<Role> {
        let Some(entries) = self.document.role.get() else {
            return Vec::new();
        };
        entries
            .iter()
            .map(|(key, table)| self.lower_role(&key.text, table))
            .collect()
    }

    fn lower_role(&mut self, name: &str, table: &RoleTable) -> Role {
        let admin_share = table.admin_share.value().unwrap_or_default();
        if let Some(at) = table.admin_share.get()
            && at.value.get() >= 1.0
        {
            self.out_of_range("admin-share", &at.range, "0 or more and below 1");
        }
        let hours_per_week = self.number(
            "hours-per-week",
            &table.hours_per_week,
            (1.0, 168.0),
            "1 to 168, as in 37.5",
            37.5,
        );
        let mut shifts = Vec::new();
        if let Some(list) = table.shifts.get() {
            self.check_count("shifts", list.items.len(), MOST_KINDS, &list.range);
            let names: Vec<At<String>> = list.iter().filter_map(|s| s.name.get().cloned()).collect();
            self.distinct("shift", &names);
            for shift in list.iter() {
                shifts.extend(self.lower_shift(shift));
            }
        }
        let (cost, overtime_cost) = self.staff_cost(name, table);
        Role {
            name: name.into(),
            employer: table.employer.get().map(|at| at.value.clone()),
            hours_per_week,
            headroom: self.headroom(table),
            admin_share,
            notes: table.notes.value().unwrap_or_default(),
            cost,
            overtime_cost,
            shifts,
            shift_end: table.shift_end.value().unwrap_or_default(),
        }
    }

    fn headroom(&mut self, table: &RoleTable) -> Headroom {
        let (planned, absence, range) = match table.headroom.get() {
            None => return Headroom::default(),
            Some(Either::Short(at)) => (Share::default(), at.value, &at.range),
            Some(Either::Full(t)) => (
                t.planned.value().unwrap_or_default(),
                t.absence.value().unwrap_or_default(),
                &t.range,
            ),
        };
        if planned.get() + absence.get() >= 1.0 {
            self.problems
                .error(
                    codes::RANGE,
                    range,
                    "`headroom` leaves no time to work",
                    "must be below 1 together",
                )
                .help("for example: `headroom = { planned = 0.16, absence = 0.06 }`");
        }
        Headroom { planned, absence }
    }

    /// The two ends of a stretch of the day, reported if it has no length.
    pub(super) fn stretch(
        &mut self,
        from: &Field<At<TimeOfDay>>,
        to: &Field<At<TimeOfDay>>,
        what: &str,
        help: &str,
    ) -> Option<(Span, Span)> {
        let (from, to) = (from.get()?, to.get()?);
        if from.value.0 >= Span::DAY {
            self.out_of_range("from", &from.range, "before 24:00; the start of the day is \"00:00\"");
            return None;
        }
        if from.value.0 == to.value.0 {
            self.problems
                .error(
                    codes::SHIFT,
                    &to.range,
                    format!("this {what} has no length"),
                    "the same time as `from`",
                )
                .help(help);
            return None;
        }
        Some((from.value.0, to.value.0))
    }

    fn lower_shift(&mut self, table: &ShiftTable) -> Option<Shift> {
        let help =
            "give the time at which it ends, such as `to = \"16:00\"`; a whole day is from \"00:00\" to \"24:00\"";
        let (from, to) = self.stretch(&table.from, &table.to, "shift", help)?;
        let shift = Shift {
            name: table.name.get()?.value.clone(),
            from,
            to,
            unpaid_break: table.unpaid_break.value().unwrap_or_default(),
            days: table.days.value().unwrap_or(WeekdaySet::ALL),
        };
        if let Some(at) = table.unpaid_break.get()
            && at.value >= shift.length()
        {
            let length = shift.length();
            let range: Range<usize> = at.range.clone();
            self.problems.error(
                codes::SHIFT,
                &range,
                "the break is as long as the shift or longer",
                format!("must be shorter than {length}"),
            );
        }
        Some(shift)
    }
}
