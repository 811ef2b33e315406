//! What a year costs: staff, overtime, beds, admissions; at the prices stated, and at the ends of their ranges.

use std::ops::Range;

use serde::Serialize;

use super::{Summing, YEAR_DAYS};
use crate::answers::Estimate;
use crate::model::{BedId, HubId, Price, Role, RoleId, StaffCost, Staffing, Weekday, expected_capacity};
use crate::stats::{Interval, mean_interval};
use crate::units::{Pounds, Span, Wte};

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
    /// Whose prices, as in the file, joined by "and" where they are of several years; `None` if it does not say.
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
    /// Whether it follows from the scenario alone, and not from what happened.
    exact: bool,
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
            let mut years: Vec<&str> = (0..beds.len()).filter_map(year_of).map(String::as_str).collect();
            years.dedup();
            let years = (!years.is_empty()).then(|| years.join(" and "));
            rows.extend(all.and_then(|all| self.money_row(hub, Paid::Bed(None), &all, years.as_ref())));
            if let Some(price) = self.scenario.costs.admission {
                let per_year = |row: &crate::replicate::Row| {
                    let admissions: u64 = row.pathways.iter().map(|p| p.admissions).sum();
                    admissions as f64 / self.years()
                };
                let amounts = self.runs.rows.iter().map(|row| per_year(&row[place])).collect();
                rows.extend(self.money_row(
                    hub,
                    Paid::Admissions,
                    &[&Bill {
                        amounts,
                        price,
                        exact: false,
                    }],
                    year,
                ));
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
        if bills.iter().all(|bill| bill.exact) {
            let cost = *costs.first()?;
            return self.estimate(Some(Interval::between(cost, cost, cost)));
        }
        let cost = mean_interval(&costs, self.confidence)?;
        // Nobody is ever paid for a cost.
        self.estimate(Some(Interval {
            low: cost.low.max(0.0),
            ..cost
        }))
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
            exact: false,
        }])
    }

    fn staff_bill(&self, hub: Option<HubId>, place: usize, role: usize) -> Option<Bill> {
        let cost = self.scenario.roles[role].cost?;
        let a_year = YEAR_DAYS / self.scenario.experiment.days() as f64;
        let mut steady = 0.0;
        // What one WTE comes to on a day of each stretch.
        let mut of_post = Vec::new();
        for (days, now) in self.scenario.stretches() {
            let (plan, weekdays) = (&now.roles[role], self.weekdays(&days));
            let hubs = (0..now.hubs.len()).map(HubId);
            for h in hubs.filter(|h| hub.is_none_or(|one| one == *h)) {
                steady += amount(plan, &now.staff_based_at(h, RoleId(role)), cost, &weekdays)?;
            }
            let one = Staffing::Wte(Wte::new(1.0).ok()?);
            of_post.push(amount(plan, &one, cost, &weekdays)? / (days.end - days.start).max(1) as f64);
        }
        let posts = self.runs.rows.iter().map(|row| {
            let by_stretch = row[place].posts[role].iter().zip(&of_post);
            by_stretch.map(|(&held, one)| held as f64 / 1000.0 * one).sum::<f64>()
        });
        Some(Bill {
            amounts: posts.map(|posts| (steady + posts) * a_year).collect(),
            price: cost.price(),
            exact: self.scenario.recruits.iter().all(|r| r.role.0 != role),
        })
    }

    fn overtime_bill(&self, place: usize, role: usize) -> Option<Bill> {
        let plan = &self.scenario.roles[role];
        let price = match (plan.overtime_cost, plan.cost) {
            (Some(price), _) | (None, Some(StaffCost::Hour(price))) => price,
            (None, Some(StaffCost::Year(price))) => self.per_working_hour(role, price)?,
            (None, None) => return None,
        };
        let hours = self.role_rows(place, role);
        Some(Bill {
            amounts: hours
                .map(|row| Span::from_ms(row.overtime_ms).hours() / self.years())
                .collect(),
            price,
            exact: false,
        })
    }

    /// A working hour of somebody who is paid by the year, over the whole window.
    fn per_working_hour(&self, role: usize, price: Price) -> Option<Price> {
        let one = Staffing::Wte(Wte::new(1.0).ok()?);
        let by_hour = StaffCost::Hour(price);
        let mut hours = 0.0;
        for (days, now) in self.scenario.stretches() {
            hours += amount(&now.roles[role], &one, by_hour, &self.weekdays(&days))?;
        }
        let a_year = hours * YEAR_DAYS / self.scenario.experiment.days() as f64;
        let hourly = |pounds: Pounds| Pounds::new(pounds.get() / a_year).ok();
        Some(Price {
            value: hourly(price.value)?,
            low: hourly(price.low)?,
            high: hourly(price.high)?,
        })
    }

    /// How many of some days are worked as each weekday.
    fn weekdays(&self, days: &Range<i64>) -> [f64; 7] {
        let mut of = [0.0; 7];
        for day in days.clone() {
            of[self.scenario.experiment.calendar.working_weekday(day).index()] += 1.0;
        }
        of
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
            exact: false,
        })
    }
}

/// The days of a year, each weekday as often as the others.
pub(in crate::answers) const ANY_YEAR: [f64; 7] = [YEAR_DAYS / 7.0; 7];

/// How much of a role is paid for on some days, so many of them worked as each weekday: working hours, or years of WTE. `None`
/// if WTE are asked for and it is not said how many there are.
pub(in crate::answers) fn amount(role: &Role, staff: &Staffing, cost: StaffCost, weekdays: &[f64; 7]) -> Option<f64> {
    match (cost, staff) {
        (StaffCost::Hour(_), staff) => {
            let hours = Weekday::ALL.map(|day| expected_capacity(role, staff, day).hours());
            Some(hours.iter().zip(weekdays).map(|(hours, days)| hours * days).sum())
        }
        (StaffCost::Year(_), Staffing::Wte(wte)) => Some(wte.get() * weekdays.iter().sum::<f64>() / YEAR_DAYS),
        (StaffCost::Year(_), staff) => staff.is_none().then_some(0.0),
    }
}
