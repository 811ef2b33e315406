//! Roles: how WTE become people on shift.

use crate::model::{Price, StaffCost, WeekdaySet};
use crate::units::{Share, Span};

/// A kind of staff by what they may do.
#[derive(Clone, Debug, PartialEq)]
pub struct Role {
    /// Name, distinct within the scenario.
    pub name: String,
    /// Who employs them; for the report.
    pub employer: Option<String>,
    /// Hours a week of one WTE.
    pub hours_per_week: f64,
    /// Contracted time that never reaches a shift.
    pub headroom: Headroom,
    /// Share of on-shift time that cannot go to visits and travel, below 1.
    pub admin_share: Share,
    /// Busy minutes after every visit.
    pub notes: Span,
    /// What its staff cost.
    pub cost: Option<StaffCost>,
    /// An hour after the end of a shift; what any working hour costs if left out.
    pub overtime_cost: Option<Price>,
    /// The shifts that WTE are dealt over, names distinct; empty where every hub uses a pool.
    pub shifts: Vec<Shift>,
    /// What may start late in a shift.
    pub shift_end: ShiftEnd,
}

/// Contracted time lost before and on the day.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Headroom {
    /// Leave and training: taken off before shifts are dealt.
    pub planned: Share,
    /// Sickness: strikes each rostered person-shift independently.
    pub absence: Share,
}

/// One stretch of work, repeated on its days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shift {
    /// Name, distinct within the role.
    pub name: String,
    /// From this time of day.
    pub from: Span,
    /// To this time of day; at or before `from`, it is the next day's.
    pub to: Span,
    /// Unpaid break, due mid-shift; shorter than the shift.
    pub unpaid_break: Span,
    /// Days on which it starts.
    pub days: WeekdaySet,
}

impl Shift {
    /// From start to end.
    #[must_use]
    pub fn length(&self) -> Span {
        if self.to > self.from {
            self.to - self.from
        } else {
            self.to + Span::DAY - self.from
        }
    }

    /// From start to end, less the unpaid break.
    #[must_use]
    pub fn paid(&self) -> Span {
        self.length() - self.unpaid_break
    }
}

/// What may start late in a shift.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ShiftEnd {
    /// Whatever has begun, travel included, is finished; the excess is overtime.
    #[default]
    Finish,
    /// Work starts only if mean travel and mean length end before the shift does.
    NoLateStart,
}
