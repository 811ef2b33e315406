//! What a year costs: staff, overtime, beds, admissions; at the prices stated, and at the ends of their ranges.

use serde::Serialize;

use super::{Summing, YEAR_DAYS};
use crate::answers::Estimate;
use crate::model::{
    BedId, HubId, Price, Role, RoleId, Scenario, StaffCost, Staffing, Weekday, expected_capacity, time_of_wte,
};
use crate::stats::{Interval, mean_interval};
use crate::units::{Span, Wte};

/// What is paid for. `None` is everything of its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Paid {
    /// Staff in post, of a role.
    Staff(Option<RoleId>),
    /// Work after the end of shifts, of a role.
    Overtime(Option<RoleId>),
    /// Beds in which people waited, of a kind.
    Bed(Option<BedId>),
    /// Admissions to hospital after leaving or after a first response.
    Admissions,
}

/// One line of `money.csv`: a year's cost.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MoneyRow {
    /// The hub, or all.
    pub hub: Option<HubId>,
    /// What is paid for.
    pub paid: Paid,
    /// Whose prices, as in the file; `None` if it does not say, or for sums of several years' prices.
    pub price_year: Option<String>,
    /// Cost at the prices stated \[GBP per year\].
    pub estimate: Option<Estimate>,
    /// Mean cost if every price were the lowest of its range \[GBP per year\].
    pub at_low_prices: f64,
    /// Mean cost if every price were the highest of its range \[GBP per year\].
    pub at_high_prices: f64,
}

/// A cost in each replication: so much of something, at a price.
struct Bill {
    amounts: Vec<f64>,
    price: Price,
}

impl Bill {
    fn costs(&self) -> Vec<f64> {
        self.amounts.iter().map(|a| a * self.price.value.get()).collect()
    }
}

impl Summing<'_> {
    /// Every cost by hub, and over all.
    pub(super) fn money(&self) -> Vec<MoneyRow> {
        let mut rows = Vec::new();
        let year = self.scenario.costs.year.as_ref();
        for (place, hub) in self.hubs() {
            let roles: Vec<RoleId> = (0..self.scenario.roles.len()).map(RoleId).collect();
            let staff = |role: &RoleId| self.staff_bill(hub, place, role.0);
            let overtime = |role: &RoleId| self.overtime_bill(place, role.0);
            for (kind, bills) in [
                (
                    Paid::Staff as fn(Option<RoleId>) -> Paid,
                    roles.iter().map(staff).collect::<Vec<_>>(),
                ),
                (Paid::Overtime, roles.iter().map(overtime).collect()),
            ] {
                rows.extend(
                    roles
                        .iter()
                        .zip(&bills)
                        .filter_map(|(role, bill)| self.money_row(hub, kind(Some(*role)), &[bill.as_ref()?], year)),
                );
                // A sum that leaves out a role would be too small.
                let all: Option<Vec<&Bill>> = bills.iter().map(Option::as_ref).collect();
                rows.extend(all.and_then(|all| self.money_row(hub, kind(None), &all, year)));
            }
            let beds: Vec<Option<Bill>> = (0..self.scenario.beds.len())
                .map(|bed| self.bed_bill(place, None, bed))
                .collect();
            let year_of = |bed: usize| self.scenario.beds[bed].year.as_ref().or(year);
            for (bed, bill) in beds.iter().enumerate() {
                let Some(bill) = bill else { continue };
                rows.extend(self.money_row(hub, Paid::Bed(Some(BedId(bed))), &[bill], year_of(bed)));
            }
            let all: Option<Vec<&Bill>> = beds.iter().map(Option::as_ref).collect();
            let same_year = (1..beds.len()).all(|bed| year_of(bed) == year_of(0));
            if let Some(all) = all.filter(|all| !all.is_empty()) {
                let year = if same_year { year_of(0) } else { None };
                rows.extend(self.money_row(hub, Paid::Bed(None), &all, year));
            }
            if let Some(price) = self.scenario.costs.admission {
                let per_year = |row: &crate::replicate::Row| {
                    let admissions: u64 = row.pathways.iter().map(|p| p.admissions).sum();
                    admissions as f64 / self.years()
                };
                let amounts = self.runs.rows.iter().map(|row| per_year(&row[place])).collect();
                rows.extend(self.money_row(hub, Paid::Admissions, &[&Bill { amounts, price }], year));
            }
        }
        rows
    }

    fn money_row(&self, hub: Option<HubId>, paid: Paid, bills: &[&Bill], year: Option<&String>) -> Option<MoneyRow> {
        if bills.is_empty() {
            return None;
        }
        let total = |of: &dyn Fn(&Bill) -> f64| bills.iter().map(|bill| of(bill)).sum::<f64>();
        let mean = |bill: &Bill| bill.amounts.iter().sum::<f64>() / bill.amounts.len().max(1) as f64;
        Some(MoneyRow {
            hub,
            paid,
            price_year: year.cloned(),
            estimate: self.cost_of(bills),
            at_low_prices: total(&|bill| mean(bill) * bill.price.low.get()),
            at_high_prices: total(&|bill| mean(bill) * bill.price.high.get()),
        })
    }

    /// What some bills come to.
    fn cost_of(&self, bills: &[&Bill]) -> Option<Estimate> {
        let mut costs = vec![0.0; self.runs.rows.len()];
        for bill in bills {
            for (sum, cost) in costs.iter_mut().zip(bill.costs()) {
                *sum += cost;
            }
        }
        let first = *costs.first()?;
        // What needs no simulating is exact, whatever the number of replications.
        let exact = Interval {
            mean: first,
            half_width: 0.0,
            low: first,
            high: first,
        };
        let same = |bill: &&Bill| bill.amounts.iter().all(|a| a.to_bits() == bill.amounts[0].to_bits());
        self.estimate(if bills.iter().all(same) {
            Some(exact)
        } else {
            mean_interval(&costs, self.confidence)
        })
    }

    pub(super) fn years(&self) -> f64 {
        self.window().days() / YEAR_DAYS
    }

    /// What the staff of a role come to; `None` if the scenario does not say what they cost.
    pub(super) fn staff_cost(&self, hub: Option<HubId>, place: usize, role: usize) -> Option<Estimate> {
        self.cost_of(&[&self.staff_bill(hub, place, role)?])
    }

    /// The staff of every role together; `None` unless all of them have a cost.
    pub(super) fn all_staff_cost(&self, hub: Option<HubId>, place: usize) -> Option<Estimate> {
        let roles = 0..self.scenario.roles.len();
        let bills: Option<Vec<Bill>> = roles.map(|role| self.staff_bill(hub, place, role)).collect();
        self.cost_of(&bills?.iter().collect::<Vec<_>>())
    }

    pub(super) fn overtime_cost(&self, place: usize, role: usize) -> Option<Estimate> {
        self.cost_of(&[&self.overtime_bill(place, role)?])
    }

    /// What the beds of a pathway come to; `None` unless all of its kinds have a cost.
    pub(super) fn bed_cost(&self, place: usize, pathway: usize) -> Option<Estimate> {
        let kinds = &self.scenario.pathways[pathway].waits_in;
        let bills: Option<Vec<Bill>> = kinds
            .iter()
            .map(|bed| self.bed_bill(place, Some(pathway), bed.0))
            .collect();
        self.cost_of(&bills?.iter().collect::<Vec<_>>())
    }

    pub(super) fn admission_cost(&self, place: usize, pathway: usize) -> Option<Estimate> {
        let price = self.scenario.costs.admission?;
        let amounts = self
            .pathway_rows(place, pathway)
            .map(|p| p.admissions as f64 / self.years());
        self.cost_of(&[&Bill {
            amounts: amounts.collect(),
            price,
        }])
    }

    fn staff_bill(&self, hub: Option<HubId>, place: usize, role: usize) -> Option<Bill> {
        let cost = self.scenario.roles[role].cost?;
        let steady = mean_over_days(self.scenario, |scenario| {
            let hubs = (0..scenario.hubs.len())
                .map(HubId)
                .filter(|h| hub.is_none_or(|one| one == *h));
            hubs.map(|h| amount(&scenario.roles[role], &scenario.staff_based_at(h, RoleId(role)), cost))
                .sum()
        })?;
        // Posts count as the WTE in post on each day; induction, too, is paid in full, but only what counts is known.
        let of_one = amount(&self.scenario.roles[role], &Staffing::Wte(Wte::new(1.0).ok()?), cost)?;
        let days = self.scenario.experiment.days() as f64;
        let posts = self
            .role_rows(place, role)
            .map(|row| row.recruited_wte_days as f64 / 1000.0 / days * of_one);
        Some(Bill {
            amounts: posts.map(|posts| steady + posts).collect(),
            price: cost.price(),
        })
    }

    fn overtime_bill(&self, place: usize, role: usize) -> Option<Bill> {
        let plan = &self.scenario.roles[role];
        let price = plan.overtime_cost.or(match plan.cost? {
            StaffCost::Hour(price) => Some(price),
            StaffCost::Year(price) => per_working_hour(plan, price),
        })?;
        let hours = self
            .role_rows(place, role)
            .map(|row| Span::from_ms(row.overtime_ms).hours() / self.years());
        Some(Bill {
            amounts: hours.collect(),
            price,
        })
    }

    /// Days in beds of a kind, of one pathway or of all.
    fn bed_bill(&self, place: usize, pathway: Option<usize>, bed: usize) -> Option<Bill> {
        let price = self.scenario.beds[bed].cost?;
        let amounts = self.runs.rows.iter().map(|row| {
            let ms = row[place].bed_ms(bed, self.scenario.beds.len(), pathway);
            Span::from_ms(ms).days() / self.years()
        });
        Some(Bill {
            amounts: amounts.collect(),
            price,
        })
    }
}

/// How much of a role is paid for in a year: working hours, or WTE. `None` if WTE are asked for and it is not said how many
/// there are.
pub(in crate::answers) fn amount(role: &Role, staff: &Staffing, cost: StaffCost) -> Option<f64> {
    match (cost, staff) {
        (StaffCost::Hour(_), staff) => {
            let hours = Weekday::ALL.map(|day| expected_capacity(role, staff, day).hours());
            Some(hours.iter().sum::<f64>() / 7.0 * YEAR_DAYS)
        }
        (StaffCost::Year(_), Staffing::Wte(wte)) => Some(wte.get()),
        (StaffCost::Year(_), staff) => staff.is_none().then_some(0.0),
    }
}

/// A working hour of somebody who is paid by the year.
fn per_working_hour(role: &Role, price: Price) -> Option<Price> {
    let one = Wte::new(1.0).ok()?;
    let ms: f64 = Weekday::ALL.iter().map(|day| time_of_wte(role, one, *day)).sum();
    let hours = ms / Span::HOUR.ms() as f64 / 7.0 * YEAR_DAYS;
    let hourly = |pounds: crate::units::Pounds| crate::units::Pounds::new(pounds.get() / hours).ok();
    Some(Price {
        value: hourly(price.value)?,
        low: hourly(price.low)?,
        high: hourly(price.high)?,
    })
}

/// A figure of the service averaged over the days of the window, as dated changes make it.
fn mean_over_days(scenario: &Scenario, of: impl Fn(&Scenario) -> Option<f64>) -> Option<f64> {
    if scenario.later.is_empty() {
        return of(scenario);
    }
    let days = i64::try_from(scenario.experiment.days()).unwrap_or(i64::MAX);
    let starts: Vec<i64> = scenario.later.iter().map(|l| l.from_day.clamp(0, days)).collect();
    let mut sum = of(scenario)? * starts.first().copied().unwrap_or(days) as f64;
    for (n, later) in scenario.later.iter().enumerate() {
        let until = starts.get(n + 1).copied().unwrap_or(days);
        sum += of(&later.scenario)? * (until - starts[n]) as f64;
    }
    Some(sum / days as f64)
}
