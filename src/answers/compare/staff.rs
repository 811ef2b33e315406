//! What an option changes in staff, what that costs, and what a point of a service level costs by it.
//!
//! Staff are those of the last day of the window, with every recruited post filled: what the option comes to, not the way
//! there. Cost is that of `summary.csv`, at the price stated: working hours, or WTE in post.

use serde::Serialize;

use crate::answers::check::heads;
use crate::answers::compare::CompareRow;
use crate::answers::run::{ANY_YEAR, amount};
use crate::model::{HubId, RoleId, Scenario, Staffing, Weekday, expected_capacity};
use crate::units::Wte;

/// A role in the base and in an option, all hubs together: `[base, option]`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RoleChange {
    /// The role's name.
    pub role: String,
    /// Posts \[WTE\]; `None` where people on shift are given instead.
    pub wte: Option<[f64; 2]>,
    /// The fewest people who can hold them, hub by hub.
    pub heads: Option<[u64; 2]>,
    /// Mean people on shift over a week, net of leave and sickness.
    pub on_shift: [f64; 2],
    /// Yearly cost \[GBP\]; `None` where the role has no cost.
    pub cost: Option<[f64; 2]>,
}

impl RoleChange {
    /// Whether the option has other staff of this role, or pays them otherwise.
    #[must_use]
    pub fn changes(&self) -> bool {
        let differ = |pair: [f64; 2]| (pair[1] - pair[0]).abs() > 1e-9;
        differ(self.on_shift) || self.wte.is_some_and(differ) || self.cost.is_some_and(differ)
    }
}

/// What a point of a service level over all hubs costs in a year, by the staff that an option has more. The interval of the
/// gain is that of the family; the cost itself is known, so that its ends divided are exact ends.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Worth {
    /// It gains, and costs more: pounds a year for each extra point, between two ends.
    PerPoint {
        /// At the estimate \[GBP per point and year\].
        mean: f64,
        /// If the gain is as large as its interval allows.
        low: f64,
        /// If it is as small.
        high: f64,
    },
    /// It loses, and costs less: pounds saved a year for each point given up.
    SavedPerPoint {
        /// At the estimate \[GBP per point and year\].
        mean: f64,
        /// If the loss is as large as its interval allows.
        low: f64,
        /// If it is as small.
        high: f64,
    },
    /// It gains, and costs no more.
    GainForNothing,
    /// It loses, and costs no less.
    LossForNothing,
    /// There is no difference that could be told from chance.
    NoDetectableGain,
    /// A role that changes has no cost.
    CostUnknown,
}

/// What a gain costs.
pub(super) fn worth(gain: &CompareRow, cost_change: Option<f64>) -> Worth {
    let e = gain.simultaneous.unwrap_or(gain.change);
    let up = e.low > 0.0;
    if !up && e.high >= 0.0 {
        return Worth::NoDetectableGain;
    }
    let Some(cost) = cost_change else {
        return Worth::CostUnknown;
    };
    let per_point = |share: f64| cost / (share * 100.0);
    match (up, cost > 0.0, cost < 0.0) {
        (true, true, _) => Worth::PerPoint {
            mean: per_point(e.mean),
            low: per_point(e.high),
            high: per_point(e.low),
        },
        (true, false, _) => Worth::GainForNothing,
        (false, _, true) => Worth::SavedPerPoint {
            mean: per_point(e.mean),
            low: per_point(e.low),
            high: per_point(e.high),
        },
        (false, _, false) => Worth::LossForNothing,
    }
}

/// Every role of either, those of the base first.
pub(in crate::answers) fn changes(base: &Scenario, option: &Scenario) -> Vec<RoleChange> {
    let names = base.roles.iter().map(|r| &r.name);
    let more = option.roles.iter().map(|r| &r.name).filter(|n| base.role(n).is_none());
    names
        .chain(more)
        .map(|name| {
            let (b, o) = (Posts::of(base, name), Posts::of(option, name));
            let both = |a: Option<f64>, b: Option<f64>| Some([a?, b?]);
            RoleChange {
                role: name.clone(),
                wte: both(b.wte, o.wte),
                heads: b.wte.and(o.wte).map(|_| [b.heads, o.heads]),
                on_shift: [b.hours / HOURS_OF_WEEK, o.hours / HOURS_OF_WEEK],
                cost: both(b.cost, o.cost),
            }
        })
        .collect()
}

/// What the staff of an option cost more; `None` where a role that changes has no cost.
pub(super) fn cost_change(staff: &[RoleChange]) -> Option<f64> {
    let changed = staff.iter().filter(|role| role.changes());
    let costs = changed.map(|role| role.cost.map(|[base, option]| option - base));
    // The sum of nothing is -0 in floating point.
    costs.sum::<Option<f64>>().map(|sum| sum + 0.0)
}

const HOURS_OF_WEEK: f64 = 168.0;

/// The staff of a role, all hubs together.
struct Posts {
    wte: Option<f64>,
    heads: u64,
    /// Hours worked in a week.
    hours: f64,
    cost: Option<f64>,
}

impl Posts {
    fn of(scenario: &Scenario, role: &str) -> Self {
        let mut posts = Self {
            wte: Some(0.0),
            heads: 0,
            hours: 0.0,
            cost: Some(0.0),
        };
        // On the last day; what changed on a date and ended again is as it was.
        let scenario_then = scenario.later.last().map_or(scenario, |later| &later.scenario);
        let Some(id) = scenario.role(role) else {
            return posts;
        };
        let plan = &scenario_then.roles[id.0];
        for hub in 0..scenario.hubs.len() {
            let recruited = scenario.recruits.iter().filter(|r| r.role == id);
            let recruited: f64 = recruited.map(|r| r.wte.get() * f64::from(r.posts[hub])).sum();
            let given = scenario_then.staff_based_at(HubId(hub), RoleId(id.0));
            let more = Staffing::Wte(Wte::new(recruited).unwrap_or_default());
            posts.hours += Weekday::ALL
                .into_iter()
                .flat_map(|day| [&given, &more].map(|staff| expected_capacity(plan, staff, day).hours()))
                .sum::<f64>();
            let paid = plan.cost.and_then(|cost| {
                let of = |staff| amount(plan, staff, cost, &ANY_YEAR);
                Some((of(&given)? + of(&more)?) * cost.price().value.get())
            });
            posts.cost = posts.cost.zip(paid).map(|(sum, paid)| sum + paid);
            match given {
                Staffing::Wte(wte) => {
                    let all = wte.get() + recruited;
                    posts.wte = posts.wte.map(|sum| sum + all);
                    posts.heads += heads(all);
                }
                // Nobody at all is no WTE.
                other if other.is_none() => {
                    posts.wte = posts.wte.map(|sum| sum + recruited);
                    posts.heads += heads(recruited);
                }
                _ => posts.wte = None,
            }
        }
        posts
    }
}

#[cfg(test)]
mod tests {
    use super::{Worth, worth};
    use crate::answers::check::heads;
    use crate::answers::compare::CompareRow;
    use crate::answers::run::Flow;
    use crate::answers::{Estimate, Measure};
    use crate::model::PathwayId;

    fn gain(mean: f64, half_width: f64) -> CompareRow {
        let e = |half_width| Estimate {
            mean,
            half_width,
            low: mean - half_width,
            high: mean + half_width,
            confidence: 0.95,
            replications: 20,
        };
        CompareRow {
            hub: None,
            flow: Flow::Pathway(PathwayId(0)),
            role: None,
            measure: Measure::ServiceLevel,
            base: 0.8,
            option: 0.8 + mean,
            change: e(half_width / 2.0),
            simultaneous: Some(e(half_width)),
            variance_ratio: None,
            same: false,
            sides: None,
        }
    }

    /// £100,000 a year for 2 to 6 points are £16,667 to £50,000 a point, £25,000 at the estimate.
    #[test]
    fn a_point_costs_what_the_staff_cost_over_what_is_gained() {
        let Worth::PerPoint { mean, low, high } = worth(&gain(0.04, 0.02), Some(100_000.0)) else {
            panic!("a gain");
        };
        assert!(
            (mean - 25_000.0).abs() < 1e-6 && (low - 100_000.0 / 6.0).abs() < 1e-6 && (high - 50_000.0).abs() < 1e-6
        );
        let Worth::SavedPerPoint { mean, low, high } = worth(&gain(-0.04, 0.02), Some(-100_000.0)) else {
            panic!("a loss");
        };
        assert!(
            (mean - 25_000.0).abs() < 1e-6 && (low - 100_000.0 / 6.0).abs() < 1e-6 && (high - 50_000.0).abs() < 1e-6
        );
        // By the interval of the family: the single one would leave 0 out.
        assert_eq!(worth(&gain(0.04, 0.05), Some(1.0)), Worth::NoDetectableGain);
        assert_eq!(worth(&gain(0.04, 0.02), Some(0.0)), Worth::GainForNothing);
        assert_eq!(worth(&gain(-0.04, 0.02), Some(5.0)), Worth::LossForNothing);
        assert_eq!(worth(&gain(0.04, 0.02), None), Worth::CostUnknown);
    }

    #[test]
    fn part_of_a_post_is_a_person() {
        assert_eq!([0.0, 0.5, 4.0, 4.25].map(heads), [0, 1, 4, 5]);
    }
}
