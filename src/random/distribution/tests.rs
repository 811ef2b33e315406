mod independent;

use super::{Distribution, DistributionError};
use crate::random::{Key, name_salt};
use crate::units::Span;

fn minutes(n: i64) -> Span {
    Span::from_minutes(n)
}

fn uniforms(purpose: &str, n: u64) -> impl Iterator<Item = f64> {
    let (key, salt) = (Key::root(2020), name_salt(purpose));
    (0..n).map(move |k| key.uniform(salt, k))
}

fn hours(n: i64) -> Span {
    Span::from_hours(n)
}

/// Every family, some with limits.
fn all() -> Vec<Distribution> {
    let d = Distribution::lognormal_median_sigma(Span::from_days(21), 0.75).unwrap();
    vec![
        Distribution::fixed(minutes(15)),
        Distribution::exponential(minutes(40)).unwrap(),
        Distribution::lognormal_mean_cv(minutes(15), 0.6).unwrap(),
        d.clone(),
        d.clamped(Some(Span::from_days(5)), Some(Span::from_days(42))).unwrap(),
        Distribution::gamma(minutes(45), 0.5).unwrap(),
        Distribution::gamma(minutes(45), 3.0).unwrap(),
        Distribution::gamma(minutes(45), 1.4)
            .unwrap()
            .clamped(Some(minutes(5)), Some(minutes(90)))
            .unwrap(),
        Distribution::erlang(minutes(90), 2).unwrap(),
        Distribution::erlang(minutes(90), 1)
            .unwrap()
            .clamped(None, Some(minutes(60)))
            .unwrap(),
        Distribution::hyper_exponential_mean_cv(minutes(90), 2.0).unwrap(),
        Distribution::hyper_exponential(&[(0.2, minutes(10)), (0.5, minutes(100)), (0.3, hours(10))]).unwrap(),
        Distribution::hyper_exponential_mean_cv(minutes(90), 1.5)
            .unwrap()
            .clamped(None, Some(hours(3)))
            .unwrap(),
        Distribution::triangular(minutes(10), minutes(20), minutes(60)).unwrap(),
        Distribution::triangular(minutes(10), minutes(60), minutes(60)).unwrap(),
        Distribution::triangular(minutes(10), minutes(20), minutes(60))
            .unwrap()
            .clamped(Some(minutes(15)), Some(minutes(30)))
            .unwrap(),
        Distribution::uniform(minutes(10), minutes(30)).unwrap(),
        Distribution::uniform(minutes(10), minutes(30))
            .unwrap()
            .clamped(Some(minutes(20)), None)
            .unwrap(),
        Distribution::empirical(vec![minutes(30), minutes(3), minutes(3), minutes(8), minutes(200)]).unwrap(),
        Distribution::empirical(vec![minutes(30), minutes(3), minutes(3), minutes(8), minutes(200)])
            .unwrap()
            .clamped(Some(minutes(5)), Some(minutes(100)))
            .unwrap(),
    ]
}

#[test]
fn medians_and_quartiles_are_where_paper_says() {
    let near = |d: &Distribution, u: f64, ms: f64| {
        assert!(
            (d.quantile_ms(u) - ms).abs() < 1e-9 * ms,
            "{} at {u}: {}",
            d.describe(),
            d.quantile_ms(u)
        );
    };
    let m = 60_000.0;
    near(
        &Distribution::exponential(minutes(40)).unwrap(),
        0.5,
        40.0 * m * std::f64::consts::LN_2,
    );
    near(
        &Distribution::lognormal_median_sigma(minutes(21), 0.75).unwrap(),
        0.5,
        21.0 * m,
    );
    // exp(-sigma^2/2) of the mean, sigma^2 = ln(1 + 0.36).
    near(
        &Distribution::lognormal_mean_cv(minutes(15), 0.6).unwrap(),
        0.5,
        15.0 * m / 1.36f64.sqrt(),
    );
    // Erlang-2 with mean 2: median 1.6783469900166608.
    near(
        &Distribution::erlang(minutes(200), 2).unwrap(),
        0.5,
        167.834_699_001_666_08 * m,
    );
    near(
        &Distribution::triangular(minutes(10), minutes(20), minutes(60)).unwrap(),
        0.2,
        20.0 * m,
    );
    near(
        &Distribution::uniform(minutes(10), minutes(30)).unwrap(),
        0.75,
        25.0 * m,
    );
    let seen = Distribution::empirical(vec![minutes(8), minutes(3), minutes(30)]).unwrap();
    near(&seen, 0.5, 8.0 * m);
    near(&seen, 0.75, 19.0 * m);
    assert_eq!(Distribution::fixed(minutes(7)).sample_ms(0.3), 420_000);
}

/// Means and standard deviations against midpoint sums over 2^18 quantiles, limits included.
#[test]
fn moments_are_those_of_what_is_sampled() {
    let n = 1 << 18;
    for d in all() {
        let (mut sum, mut square) = (0.0, 0.0);
        for k in 0..n {
            let x = d.quantile_ms((f64::from(k) + 0.5) / f64::from(n));
            sum += x;
            square += x * x;
        }
        let mean = sum / f64::from(n);
        let sd = (square / f64::from(n) - mean * mean).max(0.0).sqrt();
        assert!(
            (d.mean_ms() / mean - 1.0).abs() < 1e-4,
            "{}: {} {mean}",
            d.describe(),
            d.mean_ms()
        );
        assert!(
            (d.sd_ms() - sd).abs() <= 4e-3 * sd,
            "{}: {} {sd}",
            d.describe(),
            d.sd_ms()
        );
    }
}

/// The printed example of the scenario language: at most six weeks of a package.
#[test]
fn a_limit_keeps_its_lump_and_the_mean_says_so() {
    let free = Distribution::lognormal_median_sigma(Span::from_days(21), 0.75).unwrap();
    let cut = free.clone().clamped(None, Some(Span::from_days(42))).unwrap();
    let day = Span::DAY.ms() as f64;
    assert!((cut.mean_ms() / day - 23.3).abs() < 0.05, "{}", cut.mean_ms() / day);
    assert!((free.mean_ms() / day - 21.0 * libm::exp(0.5 * 0.75 * 0.75)).abs() < 1e-9);
    assert!(cut.is_cut() && !free.is_cut());
    let at_limit = uniforms("lump", 40_000)
        .filter(|&u| cut.sample(u) == Span::from_days(42))
        .count();
    // ln 2 / 0.75 = 0.9242: 17.77 %; 4 standard errors are 0.76 points.
    assert!((at_limit as f64 / 40_000.0 - 0.1777).abs() < 0.0076, "{at_limit}");
    assert_eq!(cut.quantile(0.9), Span::from_days(42));
    let loose = free.clamped(None, Some(Span::from_days(36_000))).unwrap();
    assert!(!loose.is_cut());
}

#[test]
fn all_but_hyper_exponential_are_monotone_in_u() {
    for d in all() {
        let (mut last, mut last_quantile) = (-1, -1.0);
        for k in 0..20_000 {
            let u = (f64::from(k) + 0.5) / 20_000.0;
            if !d.describe().starts_with("hyper") {
                assert!(d.sample_ms(u) >= last, "{} at {u}", d.describe());
            }
            assert!(d.quantile_ms(u) >= last_quantile, "{} at {u}", d.describe());
            (last, last_quantile) = (d.sample_ms(u), d.quantile_ms(u));
        }
    }
}

#[test]
fn the_extreme_draws_are_finite_and_never_negative() {
    for d in all() {
        for u in [f64::EPSILON / 2.0, 1e-12, 1.0 - 1e-12, 1.0 - f64::EPSILON / 2.0] {
            assert!(
                (0..=Span::from_days(365_250).ms()).contains(&d.sample_ms(u)),
                "{}",
                d.describe()
            );
        }
    }
    assert_eq!(Distribution::fixed(minutes(-3)).sample(0.5), Span::ZERO);
}

#[test]
fn bad_parameters_are_refused() {
    let bad = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -0.5];
    for x in bad {
        assert!(Distribution::lognormal_mean_cv(minutes(1), x).is_err());
        assert!(Distribution::lognormal_median_sigma(minutes(1), x).is_err());
        assert!(Distribution::gamma(minutes(1), x).is_err());
        assert!(Distribution::hyper_exponential_mean_cv(minutes(1), x).is_err());
        assert!(Distribution::hyper_exponential(&[(x, minutes(1)), (1.0 - x, minutes(2))]).is_err());
        assert!(Distribution::fixed(minutes(1)).scaled(x).is_err());
    }
    let below = minutes(-1);
    for refused in [
        Distribution::exponential(below),
        Distribution::lognormal_mean_cv(below, 0.5),
        Distribution::gamma(below, 0.5),
        Distribution::erlang(below, 2),
        Distribution::erlang(minutes(1), 0),
        Distribution::hyper_exponential_mean_cv(minutes(1), 0.9),
        Distribution::hyper_exponential(&[(0.5, minutes(1)), (0.4, minutes(2))]),
        Distribution::hyper_exponential(&[]),
        Distribution::triangular(minutes(2), minutes(1), minutes(3)),
        Distribution::triangular(minutes(1), minutes(4), minutes(3)),
        Distribution::uniform(minutes(2), minutes(1)),
        Distribution::uniform(below, minutes(1)),
        Distribution::empirical(vec![]),
        Distribution::empirical(vec![minutes(1), below]),
        Distribution::fixed(minutes(1)).clamped(Some(minutes(2)), Some(minutes(1))),
        Distribution::exponential(Span::from_days(40_000)),
    ] {
        assert!(refused.is_err(), "{refused:?}");
    }
    assert_eq!(
        Distribution::gamma(minutes(1), -1.0).unwrap_err().to_string(),
        "cv must be 0.001 to 10, or 0, not -1"
    );
    assert_eq!(
        Distribution::uniform(minutes(2), minutes(1)).unwrap_err(),
        DistributionError::WrongOrder {
            smaller: "low",
            larger: "high"
        }
    );
}

#[test]
fn no_variation_is_fixed_and_zero_is_known() {
    assert_eq!(
        Distribution::lognormal_mean_cv(minutes(5), 0.0).unwrap(),
        Distribution::fixed(minutes(5))
    );
    assert_eq!(
        Distribution::gamma(minutes(5), 0.0).unwrap(),
        Distribution::fixed(minutes(5))
    );
    assert_eq!(
        Distribution::uniform(minutes(5), minutes(5)).unwrap(),
        Distribution::fixed(minutes(5))
    );
    assert_eq!(
        Distribution::empirical(vec![minutes(5)]).unwrap(),
        Distribution::fixed(minutes(5))
    );
    assert!(Distribution::fixed(Span::ZERO).is_zero() && !Distribution::fixed(minutes(5)).is_zero());
    assert!(Distribution::exponential(Span::ZERO).unwrap().is_zero());
    assert!(
        !Distribution::fixed(Span::ZERO)
            .clamped(Some(minutes(1)), None)
            .unwrap()
            .is_zero()
    );
    assert!(all().iter().all(|d| !d.is_zero()));
}

#[test]
fn scaling_scales_every_draw_and_the_limits() {
    for d in all() {
        let twice = d.clone().scaled(2.0).unwrap();
        for k in 1..100 {
            let u = f64::from(k) / 100.0;
            assert!(
                (twice.quantile_ms(u) / (2.0 * d.quantile_ms(u)) - 1.0).abs() < 1e-12,
                "{}",
                d.describe()
            );
        }
        assert!((twice.mean_ms() / (2.0 * d.mean_ms()) - 1.0).abs() < 1e-12);
        assert!(d.scaled(0.0).unwrap().is_zero());
    }
}

#[test]
fn they_describe_themselves_as_a_planner_would() {
    let said: Vec<String> = all().iter().map(Distribution::describe).collect();
    insta::assert_snapshot!(said.join("\n"), @r"
    fixed, 15 min
    exponential, mean 40 min
    log-normal, mean 15 min, cv 0.6
    log-normal, median 21 days, sigma 0.75
    log-normal, median 21 days, sigma 0.75, at least 5 days, at most 42 days
    gamma, mean 45 min, cv 0.5
    gamma, mean 45 min, cv 3
    gamma, mean 45 min, cv 1.4, at least 5 min, at most 90 min
    Erlang, mean 90 min, 2 stages
    Erlang, mean 90 min, 1 stage, at most 1 h
    hyper-exponential, mean 90 min, cv 2
    hyper-exponential, 20 % with mean 10 min and 50 % with mean 100 min and 30 % with mean 10 h
    hyper-exponential, mean 90 min, cv 1.5, at most 3 h
    triangular, 10 min to 1 h, mode 20 min
    triangular, 10 min to 1 h, mode 1 h
    triangular, 10 min to 1 h, mode 20 min, at least 15 min, at most 30 min
    uniform, 10 min to 30 min
    uniform, 10 min to 30 min, at least 20 min
    empirical, 5 values, 3 min to 200 min
    empirical, 5 values, 3 min to 200 min, at least 5 min, at most 100 min
    ");
}

/// The same draws on every machine and in every release: a change here changes everybody's results.
#[test]
fn draws_are_pinned() {
    let drawn: Vec<String> = all()
        .iter()
        .map(|d| {
            let values: Vec<String> = [0.001, 0.23, 0.71, 0.999].map(|u| d.sample_ms(u).to_string()).to_vec();
            values.join(" ")
        })
        .collect();
    insta::assert_snapshot!(drawn.join("\n"), @r"
    900000 900000 900000 900000
    2401 627275 2970898 16578613
    139084 512321 1048915 4282218
    178722779 1042497939 2747780168 18419853255
    432000000 1042497939 2747780168 3628800000
    289273 1648028 3258922 8817013
    0 27 700051 84251772
    300000 300000 3039024 5400000
    122585 2448310 6714582 24930216
    5403 1411370 3600000 3600000
    3431 913015 4900199 113190957
    3008 371252 1220456 205336169
    4117 1113093 6969597 10800000
    642426 1245430 2155009 3515147
    694868 2038749 3127845 3598500
    900000 1245430 1800000 1800000
    601200 876000 1452000 1798800
    1200000 1200000 1452000 1798800
    180000 180000 1588800 11959200
    300000 300000 1588800 6000000
    ");
}

/// A heavy tail may reach beyond 1,000 years; what is drawn does not, and the mean knows.
#[test]
fn the_longest_duration_bounds_the_mean() {
    let wild = Distribution::lognormal_median_sigma(Span::from_days(36_000), 4.0).unwrap();
    assert!(!wild.is_cut() && wild.mean_ms() < Span::from_days(365_250).ms() as f64);
    assert_eq!(wild.sample(1.0 - 1e-9), Span::from_days(365_250));
    assert_eq!(wild.scaled(1e6).unwrap().sample(0.5), Span::from_days(365_250));
}
