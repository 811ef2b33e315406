//! People of one hub's area who are served by another hub.

use super::{HubId, PathwayId, Scenario};
use crate::units::{PerDay, Share, Span};

/// A share of the people who live in one hub's area and are served by another: they are referred there, and its staff, its
/// gate and its limits are theirs, for good.
///
/// Shares are of the people who live there, so nobody is passed on twice: of two entries, from A to B and from B to C, the
/// second says nothing of A's people.
#[derive(Clone, Debug, PartialEq)]
pub struct ServedElsewhere {
    /// What the entry is known by, distinct within the scenario.
    pub name: String,
    /// Where they live.
    pub home: HubId,
    /// Who serves them; another hub.
    pub by: HubId,
    /// Of the referrals of `home`. The shares of one `home` and pathway sum to at most 1.
    pub share: Share,
    /// Whose referrals they are a share of: one pathway or more, distinct. What is born of a referral stays with whoever
    /// serves it.
    pub pathways: Vec<PathwayId>,
    /// Travel to them, besides that of the hub that serves them.
    pub extra_travel: Span,
}

/// People who live in one place and are served by one hub.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// Where they live.
    pub home: HubId,
    /// Who serves them.
    pub by: HubId,
    /// Travel to them, besides that of the hub that serves them and its pool's.
    pub extra_travel: Span,
    /// Referrals a day of all who live there, by pathway.
    pub referrals: Vec<PerDay>,
    /// Which of them these are, by pathway: everybody has a place from 0 to 1, and these are from the first number to
    /// just below the second.
    pub places: Vec<(f64, f64)>,
}

impl Group {
    /// Referrals a day of these people, by pathway.
    pub fn own_referrals(&self) -> impl Iterator<Item = f64> + '_ {
        let of = |(all, (from, to)): (&PerDay, &(f64, f64))| all.get() * (to - from);
        self.referrals.iter().zip(&self.places).map(of)
    }
}

impl Scenario {
    /// Everybody, by where they live and who serves them: first those of each hub who stay, in the order of hubs; then those
    /// of each entry of [`Scenario::served_elsewhere`], in its order.
    ///
    /// Entries take people from place 0 on, one after the other, and those who stay are the rest. So a larger share serves
    /// the same people elsewhere and others besides.
    #[must_use]
    pub fn groups(&self) -> Vec<Group> {
        let mut taken = vec![vec![0.0; self.pathways.len()]; self.hubs.len()];
        let mut away = Vec::new();
        for entry in &self.served_elsewhere {
            let mut places = vec![(0.0, 0.0); self.pathways.len()];
            for pathway in &entry.pathways {
                let from = &mut taken[entry.home.0][pathway.0];
                // Shares that sum to 1 leave nobody, whatever their binary digits.
                let to = Some(*from + entry.share.get())
                    .filter(|to| *to < 1.0 - 1e-9)
                    .unwrap_or(1.0);
                places[pathway.0] = (*from, to);
                *from = to;
            }
            away.push(Group {
                home: entry.home,
                by: entry.by,
                extra_travel: entry.extra_travel,
                referrals: self.hubs[entry.home.0].referrals.clone(),
                places,
            });
        }
        let stay = |(home, hub): (usize, &super::Hub)| Group {
            home: HubId(home),
            by: HubId(home),
            extra_travel: Span::ZERO,
            referrals: hub.referrals.clone(),
            places: taken[home].iter().map(|&from| (from, 1.0)).collect(),
        };
        self.hubs.iter().enumerate().map(stay).chain(away).collect()
    }
}
