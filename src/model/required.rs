//! The question of how many staff are needed.

use crate::model::{HubId, PathwayId, RoleId};
use crate::units::{Points, Share};

/// What is asked, and what may be moved to answer it.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// Where the standards must be met.
    pub at: Where,
    /// How sure the answer must be: one less the probability that it is wrong in anything.
    pub confidence: Share,
    /// Half the zone around each level wanted in which neither side is claimed.
    pub delta: Points,
    /// What is to be as small as possible.
    pub smallest: Smallest,
    /// Pathways and the service level that each must reach, in the order of the pathways. All have a standard.
    pub standards: Vec<(PathwayId, Share)>,
    /// Staff numbers that may be moved; at least one.
    pub free: Vec<Dial>,
}

/// Where standards must be met.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Where {
    /// At each hub by itself.
    #[default]
    EveryHub,
    /// Over all hubs together.
    Overall,
}

/// What a staffing is judged by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Smallest {
    /// Posts: those of the role, or as many as it takes to keep so many people on shift.
    #[default]
    Wte,
    /// What they cost in a year.
    YearlyCost,
}

/// A staff number that may be moved.
#[derive(Clone, Debug, PartialEq)]
pub struct Dial {
    /// The path in the file, with its hub; with a star where it is the same at several.
    pub path: String,
    /// What it sets, all alike; at least one.
    pub places: Vec<StaffPlace>,
    /// Lowest number: WTE, or people on shift. Minimum cover is kept from here on.
    pub from: f64,
    /// From one number to the next, above 0.
    pub step: f64,
    /// How many numbers there are, at least 1.
    pub levels: u16,
    /// What one more costs at one place, if the file says so; otherwise it follows from the role.
    pub cost: Option<f64>,
    /// People on any shift, as rostered, below which it may not go.
    pub minimum: u32,
}

impl Dial {
    /// The number at a level, counted from 0.
    #[must_use]
    pub fn at(&self, level: u16) -> f64 {
        // To a millionth, so that steps of a tenth do not add up to crooked numbers.
        ((self.from + f64::from(level) * self.step) * 1e6).round() / 1e6
    }
}

/// A staff number of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StaffPlace {
    /// The hub.
    pub hub: HubId,
    /// The role.
    pub role: RoleId,
    /// Of the pieces of its day, which; `None` for WTE.
    pub piece: Option<usize>,
}
