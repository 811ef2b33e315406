//! Money: what staff, beds and admissions cost, each with the range in which its price may lie.

use crate::units::Pounds;

/// A price, and how far it may be from that.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Price {
    /// The price used.
    pub value: Pounds,
    /// Lowest plausible price; the price itself if no range is stated.
    pub low: Pounds,
    /// Highest plausible price.
    pub high: Pounds,
}

impl Price {
    /// A price without a range.
    #[must_use]
    pub const fn certain(value: Pounds) -> Self {
        Self {
            value,
            low: value,
            high: value,
        }
    }
}

/// What staff of a role cost.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum StaffCost {
    /// A working hour, after leave and sickness, as in the Unit Costs manual: headroom is in the price.
    Hour(Price),
    /// One WTE for a year, working or not.
    Year(Price),
}

impl StaffCost {
    /// The price, whatever it is of.
    #[must_use]
    pub const fn price(&self) -> Price {
        match self {
            Self::Hour(price) | Self::Year(price) => *price,
        }
    }
}

/// Prices that belong to no role and no bed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Costs {
    /// Whose prices they are and those of staff, as typed, such as `2024/25`.
    pub year: Option<String>,
    /// One admission to hospital.
    pub admission: Option<Price>,
}

/// A kind of bed in which referrals wait for their package.
#[derive(Clone, Debug, PartialEq)]
pub struct Bed {
    /// Name, distinct within the scenario.
    pub name: String,
    /// One bed day.
    pub cost: Option<Price>,
    /// Whose prices that is, if not that of [`Costs`].
    pub year: Option<String>,
}
