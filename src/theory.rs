//! Queues whose answers are known: to check the engine against, and to explain its results.
//!
//! Rates are per unit of time and times in that same unit, whichever the caller likes. `load` is the offered load
//! \[staff\]: arrival rate times mean service time. Nothing here is used to simulate.

use crate::random::Distribution;

/// Why a formula has no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TheoryError {
    /// The offered load is at least the number of staff: the queue has no steady state.
    #[error("the offered load is at least the number of staff: the queue grows without end")]
    Overloaded,
    /// A rate, time or share is negative, zero where it must not be, or not a number.
    #[error("a rate, time or share is out of range")]
    OutOfRange,
}

/// Whether every number is finite and above 0.
fn positive(values: &[f64]) -> Result<(), TheoryError> {
    if values.iter().all(|v| v.is_finite() && *v > 0.0) {
        Ok(())
    } else {
        Err(TheoryError::OutOfRange)
    }
}

/// Mean staff kept busy by `rate` arrivals per unit of time that each take `mean_service`.
#[must_use]
pub const fn offered_load(rate: f64, mean_service: f64) -> f64 {
    rate * mean_service
}

/// Erlang B: the share of arrivals that find all `servers` busy when nobody can wait.
///
/// # Source
/// Erlang (1917); by the recursion `B(c) = a B(c-1) / (c + a B(c-1))`: Shortle, Thompson, Gross & Harris,
/// *Fundamentals of Queueing Theory*, 5th ed., 3.5.
#[must_use]
pub fn erlang_b(servers: u32, load: f64) -> f64 {
    (1..=servers).fold(1.0, |b, c| load * b / (f64::from(c) + load * b))
}

/// Erlang C: the share of arrivals that wait in M/M/c. 1 if there is no steady state.
///
/// # Source
/// From Erlang B: `C = c B / (c - a (1 - B))`. Shortle et al., 3.3 and 3.5.
#[must_use]
pub fn erlang_c(servers: u32, load: f64) -> f64 {
    let c = f64::from(servers);
    if load >= c {
        return 1.0;
    }
    let b = erlang_b(servers, load);
    c * b / (c - load * (1.0 - b))
}

/// M/M/c: Poisson arrivals, exponential service, `servers` staff, first come first served.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mmc {
    servers: u32,
    rate: f64,
    service: f64,
    wait_probability: f64,
}

impl Mmc {
    /// `rate` arrivals per unit of time, each served for `mean_service` on average.
    ///
    /// # Errors
    /// [`TheoryError::OutOfRange`] unless both are finite and above 0; [`TheoryError::Overloaded`] unless the load is
    /// below `servers`.
    pub fn new(servers: u32, rate: f64, mean_service: f64) -> Result<Self, TheoryError> {
        positive(&[rate, mean_service])?;
        let load = offered_load(rate, mean_service);
        if load < f64::from(servers) {
            Ok(Self {
                servers,
                rate,
                service: mean_service,
                wait_probability: erlang_c(servers, load),
            })
        } else {
            Err(TheoryError::Overloaded)
        }
    }

    /// Staff not busy on average.
    fn spare(&self) -> f64 {
        f64::from(self.servers) - offered_load(self.rate, self.service)
    }

    /// Probability of any wait.
    #[must_use]
    pub const fn wait_probability(&self) -> f64 {
        self.wait_probability
    }

    /// Mean wait, of all who arrive.
    ///
    /// # Source
    /// Shortle et al., 3.3: `C / (c mu - lambda)`.
    #[must_use]
    pub fn mean_wait(&self) -> f64 {
        self.wait_probability * self.service / self.spare()
    }

    /// Mean number waiting: Little's law.
    #[must_use]
    pub fn mean_queue(&self) -> f64 {
        self.rate * self.mean_wait()
    }

    /// Mean number waiting or in service.
    #[must_use]
    pub fn mean_number(&self) -> f64 {
        self.mean_queue() + offered_load(self.rate, self.service)
    }

    /// Probability that the wait is at most `t`.
    ///
    /// # Source
    /// Shortle et al., 3.3: `1 - C e^(-(c mu - lambda) t)`.
    #[must_use]
    pub fn within(&self, t: f64) -> f64 {
        1.0 - self.wait_probability * libm::exp(-self.spare() * t / self.service)
    }

    /// The wait that a share `p` stays within.
    #[must_use]
    pub fn wait_quantile(&self, p: f64) -> f64 {
        if 1.0 - p >= self.wait_probability {
            0.0
        } else {
            libm::log(self.wait_probability / (1.0 - p)) * self.service / self.spare()
        }
    }
}

/// M/M/c+M (Erlang A): as M/M/c, but whoever waits leaves at rate `leaving`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ErlangA {
    /// Probability that an arrival finds all staff busy.
    pub wait_probability: f64,
    /// Share of arrivals that leave before being served.
    pub abandon: f64,
    /// Mean number waiting.
    pub mean_queue: f64,
    /// Mean time in the queue, of all who arrive, leavers included.
    pub mean_wait: f64,
    servers: u32,
    rate: f64,
    service_rate: f64,
    leaving: f64,
    /// Probability that all staff are busy and nobody waits.
    full: f64,
}

/// Terms of a queue-length series below this share of the sum do not matter.
const NEGLIGIBLE: f64 = 1e-18;

impl ErlangA {
    /// Arrivals at `rate`, service at `service_rate` each, leaving at `leaving` each; all per unit of time.
    ///
    /// # Errors
    /// [`TheoryError::OutOfRange`] unless all three are finite and above 0 and there is somebody to serve.
    ///
    /// # Source
    /// C. Palm (1946); O. Garnett, A. Mandelbaum & M. Reiman, *Designing a call center with impatient customers*,
    /// MSOM 4 (2002), 208-227. Here by the birth-death probabilities themselves.
    pub fn new(servers: u32, rate: f64, service_rate: f64, leaving: f64) -> Result<Self, TheoryError> {
        positive(&[rate, service_rate, leaving, f64::from(servers)])?;
        let c = f64::from(servers);
        // Relative to the state in which all are busy and nobody waits, whose Erlang B gives the states below.
        let below = 1.0 / erlang_b(servers, rate / service_rate) - 1.0;
        let (mut term, mut above, mut queue) = (1.0, 1.0, 0.0);
        for j in 1..10_000_000u32 {
            let step = rate / (c * service_rate + f64::from(j) * leaving);
            term *= step;
            above += term;
            queue += f64::from(j) * term;
            if step < 1.0 && term * f64::from(j) < NEGLIGIBLE * queue {
                break;
            }
        }
        let all = below + above;
        let mean_queue = queue / all;
        Ok(Self {
            wait_probability: above / all,
            abandon: leaving * mean_queue / rate,
            mean_queue,
            mean_wait: mean_queue / rate,
            servers,
            rate,
            service_rate,
            leaving,
            full: 1.0 / all,
        })
    }

    /// Probability, of all who arrive, to be served after a wait of at most `t`.
    ///
    /// # Source
    /// The density of the offered wait, `full * c mu * exp(rate (1 - e^(-theta t)) / theta - c mu t)`: F. Baccelli &
    /// G. Hebuterne, *On queues with impatient customers*, Performance '81, 159-179; the waiter is patient with
    /// probability `e^(-theta t)`.
    #[must_use]
    pub fn served_within(&self, t: f64) -> f64 {
        let capacity = f64::from(self.servers) * self.service_rate;
        let density = |x: f64| {
            let gone = -libm::expm1(-self.leaving * x) / self.leaving;
            self.full * capacity * libm::exp(self.rate * gone - (capacity + self.leaving) * x)
        };
        1.0 - self.wait_probability + simpson(density, 0.0, t, 4000)
    }
}

/// Simpson's rule over `pieces` (even) equal pieces.
fn simpson(f: impl Fn(f64) -> f64, from: f64, to: f64, pieces: u32) -> f64 {
    let step = (to - from) / f64::from(pieces);
    let inner: f64 = (1..pieces)
        .map(|k| f64::from(if k % 2 == 1 { 4u8 } else { 2 }) * f(from + f64::from(k) * step))
        .sum();
    (f(from) + inner + f(to)) * step / 3.0
}

/// Mean wait in M/G/1: one server, any service time with this mean and coefficient of variation.
///
/// # Errors
/// [`TheoryError::OutOfRange`] for parameters out of range; [`TheoryError::Overloaded`] unless the load is below 1.
///
/// # Source
/// Pollaczek-Khinchine: `lambda E S^2 / (2 (1 - rho))`. Shortle et al., 6.1.
pub fn mg1_mean_wait(rate: f64, mean_service: f64, cv: f64) -> Result<f64, TheoryError> {
    positive(&[rate, mean_service, 1.0 + cv])?;
    let load = offered_load(rate, mean_service);
    if cv < 0.0 {
        return Err(TheoryError::OutOfRange);
    }
    if load >= 1.0 {
        return Err(TheoryError::Overloaded);
    }
    Ok(rate * mean_service * mean_service * (1.0 + cv * cv) / (2.0 * (1.0 - load)))
}

/// One class of a priority queue.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Class {
    /// Arrivals per unit of time.
    pub rate: f64,
    /// Mean service time.
    pub mean_service: f64,
    /// Coefficient of variation of the service time.
    pub cv: f64,
}

/// Mean waits by class in M/G/1 with non-preemptive priority, the first class going first.
///
/// # Errors
/// [`TheoryError::OutOfRange`] for parameters out of range; [`TheoryError::Overloaded`] unless the load of all classes
/// is below 1.
///
/// # Source
/// A. Cobham, *Priority assignment in waiting line problems*, Operations Research 2 (1954), 70-76.
pub fn mg1_priority_mean_waits(classes: &[Class]) -> Result<Vec<f64>, TheoryError> {
    let mut residual = 0.0;
    for c in classes {
        positive(&[c.rate, c.mean_service, 1.0 + c.cv])?;
        if c.cv < 0.0 {
            return Err(TheoryError::OutOfRange);
        }
        residual += 0.5 * c.rate * c.mean_service * c.mean_service * (1.0 + c.cv * c.cv);
    }
    by_class(residual, classes.iter().map(|c| offered_load(c.rate, c.mean_service)))
}

/// Mean waits by class in M/M/c with non-preemptive priority and one mean service time, the first class going first.
///
/// # Errors
/// As [`Mmc::new`].
///
/// # Source
/// O. Kella & U. Yechiali, *Waiting times in the non-preemptive priority M/M/c queue*, Stochastic Models 1 (1985),
/// 257-262: `E W_k = C / (c mu (1 - s_(k-1)) (1 - s_k))`, `s_k` the utilisation by the first `k` classes.
pub fn mmc_priority_mean_waits(servers: u32, mean_service: f64, rates: &[f64]) -> Result<Vec<f64>, TheoryError> {
    let all = Mmc::new(servers, rates.iter().sum(), mean_service)?;
    positive(rates)?;
    let c = f64::from(servers);
    let residual = all.wait_probability() * mean_service / c;
    by_class(residual, rates.iter().map(|r| offered_load(*r, mean_service) / c))
}

/// Residual work over the shares of time left by higher classes, and by those and this one.
fn by_class(residual: f64, loads: impl Iterator<Item = f64>) -> Result<Vec<f64>, TheoryError> {
    let mut before = 0.0;
    let mut waits = Vec::new();
    for load in loads {
        let with = before + load;
        if with >= 1.0 {
            return Err(TheoryError::Overloaded);
        }
        waits.push(residual / ((1.0 - before) * (1.0 - with)));
        before = with;
    }
    Ok(waits)
}

/// Mean number in service at time `t` if nobody ever waits, with arrivals at `rate(t)` and any service time: the
/// number is Poisson with this mean. `survival(x)` is the probability that a service is longer than `x`, and is 0, or
/// as good as 0, from `longest` on.
///
/// # Source
/// Mt/G/infinity: S. Eick, W. Massey & W. Whitt, *The physics of the Mt/G/infinity queue*, Operations Research 41
/// (1993), 731-742: the integral of `rate(t - x) P(S > x)`.
#[must_use]
pub fn infinite_server_mean(rate: impl Fn(f64) -> f64, survival: impl Fn(f64) -> f64, longest: f64, t: f64) -> f64 {
    simpson(|x| rate(t - x) * survival(x), 0.0, longest, 20_000)
}

/// The same for a sinusoidal rate, `mean * (1 + amplitude cos(2 pi (t - peak) / period))`, with the service time given
/// by a [`Distribution`]; all times in hours. Exact up to the distribution's quantiles.
///
/// # Source
/// Eick, Massey & Whitt, *Mt/G/infinity queues with sinusoidal arrival rates*, Management Science 39 (1993), 241-252:
/// the rate seen backward over one service, averaged over services.
#[must_use]
pub fn infinite_server_mean_sinusoidal(
    mean: f64,
    amplitude: f64,
    peak_h: f64,
    period_h: f64,
    service: &Distribution,
    t_h: f64,
) -> f64 {
    // The arrivals still present came within one service before t: average the integral of the rate over services.
    let turn = std::f64::consts::TAU / period_h;
    let within = |s: f64| {
        let wave = (libm::sin(turn * (t_h - peak_h)) - libm::sin(turn * (t_h - peak_h - s))) / turn;
        mean * (s + amplitude * wave)
    };
    let cells = 1 << 17;
    let sum: f64 = (0..cells)
        .map(|k| within(service.quantile_ms((f64::from(k) + 0.5) / f64::from(cells)) / 3_600_000.0))
        .sum();
    sum / f64::from(cells)
}

/// Arrival rates at stations that pass work on: `rates = external + rates * routing`, where `routing[i][j]` is the
/// mean number of arrivals at `j` that each arrival at `i` brings. `None` if work multiplies without end.
///
/// # Source
/// J. R. Jackson, *Networks of waiting lines*, Operations Research 5 (1957), 518-521: the traffic equations. With
/// exponential services each station then behaves as its own M/M/c.
#[must_use]
pub fn traffic_rates(external: &[f64], routing: &[Vec<f64>]) -> Option<Vec<f64>> {
    let n = external.len();
    // (I - R^T) x = e, eliminated without exchanging rows: for a matrix with no positive number off the diagonal, the
    // pivots are all positive exactly when work dies out (Fiedler & Ptak, Czech. Math. J. 12 (1962), 382-400).
    let mut rows: Vec<Vec<f64>> = (0..n)
        .map(|j| {
            (0..n)
                .map(|i| f64::from(u8::from(i == j)) - routing[i][j])
                .chain([external[j]])
                .collect()
        })
        .collect();
    for k in 0..n {
        // Rounding may leave a gain of exactly 1 a hair short of it.
        if rows[k][k].is_nan() || rows[k][k] <= 1e-12 {
            return None;
        }
        let pivot = rows[k].clone();
        for row in rows.iter_mut().skip(k + 1) {
            let factor = row[k] / pivot[k];
            for (x, p) in row.iter_mut().zip(&pivot) {
                *x -= factor * p;
            }
        }
    }
    let mut rates = vec![0.0; n];
    for k in (0..n).rev() {
        let known: f64 = (k + 1..n).map(|j| rows[k][j] * rates[j]).sum();
        rates[k] = (rows[k][n] - known) / rows[k][k];
    }
    Some(rates)
}

/// Square-root staffing: the least staff for which about a share `wait` of arrivals waits, without Erlang C.
///
/// # Errors
/// [`TheoryError::OutOfRange`] unless the load is finite and above 0 and `wait` lies in (0, 1).
///
/// # Source
/// S. Halfin & W. Whitt, *Heavy-traffic limits for queues with many exponential servers*, Operations Research 29
/// (1981), 567-588: `c = a + beta sqrt(a)` with `wait = 1 / (1 + beta Phi(beta) / phi(beta))`.
pub fn square_root_staffing(load: f64, wait: f64) -> Result<u32, TheoryError> {
    positive(&[load, wait, 1.0 - wait])?;
    if load > 1e9 {
        return Err(TheoryError::OutOfRange);
    }
    let waits = |beta: f64| {
        let density = libm::exp(-0.5 * beta * beta) / std::f64::consts::TAU.sqrt();
        let below = 0.5 * libm::erfc(-beta / std::f64::consts::SQRT_2);
        1.0 / (1.0 + beta * below / density)
    };
    let (mut low, mut high) = (0.0, 40.0);
    for _ in 0..100 {
        let middle = 0.5 * (low + high);
        if waits(middle) > wait {
            low = middle;
        } else {
            high = middle;
        }
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the load is bounded"
    )]
    Ok((load + high * load.sqrt()).ceil() as u32)
}

/// The least staff for which at least a share `level` of arrivals of M/M/c waits at most `t`. `None` beyond `most`.
#[must_use]
pub fn least_servers(rate: f64, mean_service: f64, t: f64, level: f64, most: u32) -> Option<u32> {
    (1..=most).find(|&c| Mmc::new(c, rate, mean_service).is_ok_and(|q| q.within(t) >= level))
}

#[cfg(test)]
mod tests {
    use super::{
        Class, ErlangA, Mmc, TheoryError, erlang_b, erlang_c, infinite_server_mean, infinite_server_mean_sinusoidal,
        least_servers, mg1_mean_wait, mg1_priority_mean_waits, mmc_priority_mean_waits, square_root_staffing,
        traffic_rates,
    };
    use crate::random::Distribution;
    use crate::units::Span;

    /// To one unit of the last printed digit.
    fn close(ours: f64, printed: f64, digit: f64) {
        assert!((ours - printed).abs() <= digit, "{ours} {printed}");
    }

    const SIX: f64 = 6e-7;

    /// Reference values computed independently with 30 digits.
    #[test]
    fn m_m_c_has_its_reference_values() {
        let q = Mmc::new(3, 1.2, 1.5).unwrap();
        close(q.wait_probability(), 0.354_745, SIX);
        close(q.mean_wait(), 0.443_431, SIX);
        close(q.mean_queue(), 0.532_117, SIX);
        close(q.mean_number(), 2.332_117, SIX);
        close(q.within(0.5), 0.762_208, SIX);
        close(q.within(2.0), 0.928_378, SIX);
        close(q.wait_quantile(0.95), 2.449_219, SIX);
        let q = Mmc::new(6, 4.0, 1.25).unwrap();
        close(q.wait_probability(), 0.587_516, SIX);
        close(q.mean_wait(), 0.734_396, SIX);
        close(q.mean_queue(), 2.937_582, SIX);
        close(q.within(0.5), 0.606_176, SIX);
        close(q.within(2.0), 0.881_382, SIX);
        close(q.wait_quantile(0.95), 3.079_852, SIX);
        let q = Mmc::new(24, 10.0, 2.0).unwrap();
        close(q.wait_probability(), 0.298_072, SIX);
        close(q.mean_wait(), 0.149_036, SIX);
        close(q.within(0.5), 0.890_345, SIX);
        close(q.within(2.0), 0.994_541, SIX);
        close(q.wait_quantile(0.95), 0.892_657, SIX);
        let q = Mmc::new(30, 1.0, 25.0).unwrap();
        close(q.wait_probability(), 0.249_893, SIX);
        close(q.mean_wait(), 1.249_466, SIX);
        for (t, share) in [(1.0, 0.795_405), (2.0, 0.832_492), (7.0, 0.938_377)] {
            close(q.within(t), share, SIX);
        }
        assert!(q.wait_quantile(0.5) == 0.0);
        assert_eq!(Mmc::new(3, 2.0, 1.5), Err(TheoryError::Overloaded));
        assert_eq!(Mmc::new(3, f64::NAN, 1.5), Err(TheoryError::OutOfRange));
    }

    #[test]
    fn erlang_a_has_its_reference_values() {
        let q = ErlangA::new(4, 4.0, 1.0, 0.5).unwrap();
        close(q.wait_probability, 0.638_507, SIX);
        close(q.abandon, 0.162_926, SIX);
        close(q.mean_queue, 1.303_410, SIX);
        close(q.mean_wait, 0.325_853, SIX);
        close(q.served_within(0.5), 0.629_962, SIX);
        close(q.served_within(2.0), 0.833_149, SIX);
        let q = ErlangA::new(10, 12.0, 1.0, 2.0).unwrap();
        close(q.wait_probability, 0.658_135, SIX);
        close(q.abandon, 0.232_906, SIX);
        close(q.mean_queue, 1.397_437, SIX);
        close(q.mean_wait, 0.116_453, SIX);
        close(q.served_within(0.1), 0.484_281, SIX);
        close(q.served_within(0.25), 0.643_345, SIX);
        close(q.served_within(50.0), 1.0 - q.abandon, 1e-8);
        assert!(ErlangA::new(0, 1.0, 1.0, 1.0).is_err());
    }

    #[test]
    fn erlang_b_has_its_reference_values() {
        close(erlang_b(6, 5.0), 0.191_847, SIX);
        close(erlang_b(24, 20.0), 0.066_096_7, 6e-8);
        close(erlang_b(10, 12.0), 0.301_925, SIX);
        close(erlang_b(0, 3.0), 1.0, 0.0);
        close(erlang_c(3, 5.0), 1.0, 0.0);
    }

    #[test]
    fn one_server_waits_grow_with_variation() {
        for (cv, wait) in [
            (1.2, 1.372_5),
            (0.0, 0.562_5),
            (0.5f64.sqrt(), 0.843_75),
            (1.0 / (12f64.sqrt() * 0.75), 0.645_833),
        ] {
            close(mg1_mean_wait(0.8, 0.75, cv).unwrap(), wait, SIX);
        }
        assert_eq!(mg1_mean_wait(2.0, 0.5, 1.0), Err(TheoryError::Overloaded));
        assert_eq!(mg1_mean_wait(1.0, 0.5, -0.5), Err(TheoryError::OutOfRange));
    }

    #[test]
    fn priority_queues_have_their_reference_values() {
        let classes = [(0.25, 1.0, 1.0), (0.4, 0.75, 1.2), (0.3, 0.5, 0.0)].map(|(rate, mean_service, cv)| Class {
            rate,
            mean_service,
            cv,
        });
        let waits = mg1_priority_mean_waits(&classes).unwrap();
        for (ours, printed) in waits.into_iter().zip([0.749_333, 1.665_185, 4.162_963]) {
            close(ours, printed, SIX);
        }
        let waits = mmc_priority_mean_waits(5, 1.0 / 0.75, &[0.8, 1.2, 1.0]).unwrap();
        for (ours, printed) in waits.into_iter().zip([0.187_835, 0.402_503, 1.583_179]) {
            close(ours, printed, SIX);
        }
        close(Mmc::new(5, 3.0, 1.0 / 0.75).unwrap().mean_wait(), 0.738_817, SIX);
    }

    #[test]
    fn the_number_in_service_without_waiting_follows_the_rate() {
        let rate = |t: f64| 4.0 * (1.0 + 0.6 * libm::cos(std::f64::consts::TAU * (t - 14.0) / 24.0));
        let times = [0.0, 6.0, 12.0, 14.0, 18.0];
        for (t, m) in times
            .into_iter()
            .zip([3.911_275, 3.379_759, 8.088_725, 9.119_010, 8.620_241])
        {
            close(infinite_server_mean(rate, |x| libm::exp(-x / 1.5), 60.0, t), m, 2e-6);
            let service = Distribution::exponential(Span::from_minutes(90)).unwrap();
            close(
                infinite_server_mean_sinusoidal(4.0, 0.6, 14.0, 24.0, &service, t),
                m,
                1e-4,
            );
        }
        for (t, m) in times
            .into_iter()
            .zip([3.310_735, 3.641_578, 8.689_265, 9.508_183, 8.358_422])
        {
            close(infinite_server_mean(rate, |_| 1.0, 1.5, t), m, SIX);
            let service = Distribution::fixed(Span::from_minutes(90));
            close(
                infinite_server_mean_sinusoidal(4.0, 0.6, 14.0, 24.0, &service, t),
                m,
                SIX,
            );
        }
        for (t, m) in times
            .into_iter()
            .zip([3.690_368, 3.483_819, 8.309_632, 9.258_290, 8.516_181])
        {
            let service = Distribution::lognormal_mean_cv(Span::from_minutes(90), 0.8).unwrap();
            close(
                infinite_server_mean_sinusoidal(4.0, 0.6, 14.0, 24.0, &service, t),
                m,
                1e-4,
            );
        }
    }

    #[test]
    fn stations_in_a_row_have_their_reference_values() {
        let rates = traffic_rates(&[3.0, 0.0], &[vec![0.0, 1.0], vec![0.0, 0.0]]).unwrap();
        let (a, b) = (Mmc::new(6, rates[0], 1.5).unwrap(), Mmc::new(3, rates[1], 0.8).unwrap());
        close(a.mean_wait(), 0.421_652, SIX);
        close(b.mean_wait(), 0.862_921, SIX);
        close(a.mean_number() + b.mean_number(), 10.753_720, 6e-6);
        close((a.mean_number() + b.mean_number()) / 3.0, 3.584_573, SIX);
        close(a.within(2.0), 0.942_936, SIX);
        close(b.within(2.0), 0.855_592, SIX);
    }

    /// After each visit another with probability 0.85.
    #[test]
    fn repeat_visits_multiply_and_may_run_away() {
        let rate = traffic_rates(&[0.6], &[vec![0.85]]).unwrap()[0];
        close(rate, 4.0, 1e-12);
        let q = Mmc::new(4, rate, 0.8).unwrap();
        close(q.wait_probability(), 0.596_433, SIX);
        close(q.mean_number(), 5.585_730, SIX);
        close(q.mean_number() / 0.6, 9.309_550, 2e-6);
        assert!(traffic_rates(&[0.6], &[vec![1.0]]).is_none());
        assert!(traffic_rates(&[1.0, 0.0], &[vec![0.0, 2.0], vec![0.5, 0.0]]).is_none());
        assert!(traffic_rates(&[1.0, 0.0], &[vec![0.0, 4.0], vec![0.5, 0.0]]).is_none());
        let circle = traffic_rates(&[1.0, 2.0], &[vec![0.0, 0.5], vec![0.5, 0.0]]).unwrap();
        close(circle[0], 8.0 / 3.0, 1e-12);
        close(circle[1], 10.0 / 3.0, 1e-12);
        assert_eq!(traffic_rates(&[], &[]), Some(vec![]));
    }

    /// The stationary staffing problem of our reference numbers: least staff for 95 % within two hours.
    #[test]
    fn the_least_staff_is_the_known_one_and_the_square_root_rule_is_near() {
        let rates = [0.6, 0.9, 1.3, 1.8, 2.4, 3.2];
        let found: Vec<u32> = rates
            .iter()
            .filter_map(|&r| least_servers(r, 1.5, 2.0, 0.95, 20))
            .collect();
        assert_eq!(found, [3, 3, 4, 5, 6, 7]);
        for load in [5.0, 20.0, 100.0, 1000.0] {
            let c = square_root_staffing(load, 0.3).unwrap();
            assert!((0.2..0.33).contains(&erlang_c(c, load)), "{load}: {c}");
        }
        assert!(square_root_staffing(-1.0, 0.3).is_err() && square_root_staffing(1.0, 1.0).is_err());
    }
}
