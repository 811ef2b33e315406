//! What is to be small, in words: posts, or money. "Cheaper" would leave open which, where pounds stand beside WTE.

use super::{Required, plain};
use crate::model::Smallest;
use crate::output::digits;

impl Required<'_> {
    /// What a smaller staffing has: "fewer WTE", "a lower yearly cost".
    #[must_use]
    pub fn fewer(&self) -> &'static str {
        self.by(["fewer WTE", "a lower cost", "a lower yearly cost"])
    }

    /// Whether there are smaller ones of which nothing is claimed.
    #[must_use]
    pub fn some_between(&self) -> bool {
        let answer = self.answer;
        answer.cost_at_least.is_some_and(|least| least < answer.cost - 1e-6)
    }

    /// What is shown to miss a level: everything "with fewer WTE", or less of it where nothing is claimed of some: everything "below 70
    /// WTE".
    #[must_use]
    pub fn rejected(&self) -> String {
        match self.answer.cost_at_least.filter(|_| self.some_between()) {
            Some(least) => format!("everything below {}", self.amount(least)),
            None => format!("everything with {}", self.fewer()),
        }
    }

    /// What the smallest has: "the fewest WTE".
    #[must_use]
    pub fn fewest(&self) -> &'static str {
        self.by(["the fewest WTE", "the lowest cost", "the lowest yearly cost"])
    }

    /// What another of the same size has: "as many WTE".
    #[must_use]
    pub fn as_many(&self) -> &'static str {
        self.by(["as many WTE", "the same cost", "the same yearly cost"])
    }

    /// By how much a staffing is smaller: "1 WTE fewer", "£74,100 a year less".
    #[must_use]
    pub fn saved(&self, amount: f64) -> String {
        match self.question.smallest {
            Smallest::YearlyCost => format!("{} a year less", digits::pounds(amount)),
            Smallest::Wte if self.priced() => format!("cost {} lower", plain(amount)),
            Smallest::Wte => format!("{} WTE fewer", plain(amount)),
        }
    }

    /// An amount under a heading that says what it is.
    #[must_use]
    pub fn bare(&self, amount: f64) -> String {
        match self.question.smallest {
            Smallest::YearlyCost => digits::pounds(amount),
            Smallest::Wte => plain(amount),
        }
    }

    /// The heading of a column of such amounts.
    #[must_use]
    pub fn saved_heading(&self) -> &'static str {
        self.by(["WTE fewer", "Cost lower by", "£ a year less"])
    }

    fn by(&self, [wte, cost, pounds]: [&'static str; 3]) -> &'static str {
        match self.question.smallest {
            Smallest::YearlyCost => pounds,
            Smallest::Wte if self.priced() => cost,
            Smallest::Wte => wte,
        }
    }
}
