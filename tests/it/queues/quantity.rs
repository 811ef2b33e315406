//! What is compared: a quantity with its reference, and the pair of numbers that a replication gives for it.

use homefirst::units::Span;

use super::watch::Watch;

/// How precise an estimate must be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    /// Of a share: the standard error itself.
    Share,
    /// Of a mean: the standard error over the reference.
    Mean,
}

/// Which referrals: one pathway, or all.
#[derive(Clone, Copy, Debug)]
pub(super) enum Of {
    Pathway(usize),
    All,
}

/// How a quantity comes out of what was seen. Each is a ratio of two sums over replications.
#[derive(Clone, Debug)]
pub(super) enum Measure {
    /// Share of referrals not seen at once.
    Waits(Of),
    /// Share of referrals seen after a wait of at most this.
    Within(Of, Span),
    /// Share of referrals that leave.
    Leaves,
    /// Mean time waited until seen or gone, in units of the span.
    MeanWait(Of, Span),
    /// Mean number waiting in the window.
    Waiting,
    /// Mean number waiting or with a visit.
    There,
    /// Mean number of staff at work.
    Busy,
    /// Mean number of open packages.
    Open,
    /// Mean time from referral to the end of the last visit \[h\]. People are those referred to the first pathway, less
    /// those for whom, if `again`, its first outcome was another visit.
    Sojourn { again: bool },
    /// Visits per person, where the first outcome is another visit.
    Visits,
    /// Mean number there just before these instants.
    ThereAt(Vec<i64>),
    /// Share of these instants just before which at least so many are there.
    AtLeast(Vec<i64>, i64),
    /// Share of these instants at which somebody referred would wait at most this.
    WithinAt(Vec<i64>, Span),
    /// Mean number of open packages just before these instants.
    OpenAt(Vec<i64>),
    /// Mean squared deviation over the mean, just before instants with a known mean: 1 if Poisson.
    Dispersion(Vec<(Vec<i64>, f64)>),
    /// The same of open packages.
    OpenDispersion(Vec<(Vec<i64>, f64)>),
}

/// A quantity of a case.
#[derive(Clone, Debug)]
pub(super) struct Quantity {
    /// What it is, in words.
    pub(super) name: String,
    /// At which hub of the file; where hubs share staff, on which island.
    pub(super) hub: usize,
    pub(super) kind: Kind,
    pub(super) reference: f64,
    /// The reference of the model with demand that changes within the hour, which a file cannot say.
    pub(super) continuous: Option<f64>,
    pub(super) measure: Measure,
}

/// Makes a share.
pub(super) fn share(name: impl Into<String>, reference: f64, measure: Measure) -> Quantity {
    Quantity {
        name: name.into(),
        hub: 0,
        kind: Kind::Share,
        reference,
        continuous: None,
        measure,
    }
}

/// Makes a mean.
pub(super) fn mean(name: impl Into<String>, reference: f64, measure: Measure) -> Quantity {
    Quantity {
        kind: Kind::Mean,
        ..share(name, reference, measure)
    }
}

impl Quantity {
    /// The same at another hub.
    pub(super) fn at_hub(self, hub: usize) -> Self {
        Self { hub, ..self }
    }

    /// The same, with the reference for demand that changes within the hour beside it.
    pub(super) fn beside(self, continuous: f64) -> Self {
        Self {
            continuous: Some(continuous),
            ..self
        }
    }

    /// Whether a replication gives one yes or no.
    pub(super) fn is_one_yes_or_no(&self) -> bool {
        matches!(&self.measure, Measure::AtLeast(at, _) | Measure::WithinAt(at, _) if at.len() == 1)
    }

    /// The instants that must be looked at.
    pub(super) fn instants(&self) -> Vec<i64> {
        match &self.measure {
            Measure::ThereAt(at) | Measure::AtLeast(at, _) | Measure::WithinAt(at, _) | Measure::OpenAt(at) => {
                at.clone()
            }
            Measure::Dispersion(groups) | Measure::OpenDispersion(groups) => {
                groups.iter().flat_map(|g| g.0.iter().copied()).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Top and bottom of the ratio in one replication.
    pub(super) fn pair(&self, watch: &Watch, window: Span) -> (f64, f64) {
        let hour = Span::HOUR.ms() as f64;
        let all = window.ms() as f64;
        match &self.measure {
            Measure::Waits(of) => {
                let (referrals, at_once) = sums(watch, *of, |c| (c.referrals, count(&c.seen, |&&w| w == 0)));
                ((referrals - at_once) as f64, referrals as f64)
            }
            Measure::Within(of, span) => {
                let (within, referrals) = sums(watch, *of, |c| (count(&c.seen, |&&w| w <= span.ms()), c.referrals));
                (within as f64, referrals as f64)
            }
            Measure::Leaves => {
                let (left, referrals) = sums(watch, Of::All, |c| (count(&c.left, |_| true), c.referrals));
                (left as f64, referrals as f64)
            }
            Measure::MeanWait(of, unit) => {
                let waited = |c: &super::watch::Counted| c.seen.iter().chain(&c.left).sum::<i64>();
                let (waited, referrals) = sums(watch, *of, |c| (waited(c), c.referrals));
                (waited as f64 / unit.ms() as f64, referrals as f64)
            }
            Measure::Waiting => (watch.waiting.area as f64, all),
            Measure::There => (watch.there.area as f64, all),
            Measure::Busy => (watch.busy as f64, all),
            Measure::Open => (watch.open.area as f64, all),
            Measure::Sojourn { again } => (watch.there.area as f64 / hour, people(watch, *again)),
            Measure::Visits => (watch.pathways[0].referrals as f64, people(watch, true)),
            Measure::ThereAt(at) => over(watch, at, |m| m.there as f64),
            Measure::AtLeast(at, n) => over(watch, at, |m| f64::from(u8::from(m.there >= *n))),
            Measure::WithinAt(at, span) => over(watch, at, |m| f64::from(u8::from(m.wait.unwrap() <= span.ms()))),
            Measure::OpenAt(at) => over(watch, at, |m| m.open as f64),
            Measure::Dispersion(groups) => dispersion(watch, groups, |m| m.there as f64),
            Measure::OpenDispersion(groups) => dispersion(watch, groups, |m| m.open as f64),
        }
    }
}

fn count(waits: &[i64], which: impl Fn(&&i64) -> bool) -> i64 {
    waits.iter().filter(which).count() as i64
}

fn sums(watch: &Watch, of: Of, what: impl Fn(&super::watch::Counted) -> (i64, i64)) -> (i64, i64) {
    let chosen = match of {
        Of::Pathway(place) => &watch.pathways[place..=place],
        Of::All => &watch.pathways[..],
    };
    chosen.iter().map(what).fold((0, 0), |(a, b), (x, y)| (a + x, b + y))
}

/// Referrals to the first pathway in the window, less, if `again`, those that an earlier visit brought.
fn people(watch: &Watch, again: bool) -> f64 {
    let first = &watch.pathways[0];
    (first.referrals - if again { first.first_outcomes } else { 0 }) as f64
}

fn over(watch: &Watch, at: &[i64], what: impl Fn(&super::watch::Moment) -> f64) -> (f64, f64) {
    let values = at.iter().map(|t| {
        let place = watch.moments.binary_search_by_key(t, |m| m.at).unwrap();
        what(&watch.moments[place])
    });
    (values.sum(), at.len() as f64)
}

fn dispersion(watch: &Watch, groups: &[(Vec<i64>, f64)], what: impl Fn(&super::watch::Moment) -> f64) -> (f64, f64) {
    groups.iter().fold((0.0, 0.0), |(a, b), (at, mean)| {
        let (sum, n) = over(watch, at, |m| (what(m) - mean) * (what(m) - mean) / mean);
        (a + sum, b + n)
    })
}
