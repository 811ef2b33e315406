//! Every family against codes we did not write: distribution functions (`statrs`) and samplers (`rand_distr`, by
//! rejection and ziggurat), without limits and with `min`, `max` and both.
//!
//! One table, and the same questions to each of its rows. Seeds are fixed; each question raises a false alarm with
//! probability 1e-5, all of them together (fewer than 250) with less than 0.0025.

use rand::SeedableRng as _;
use rand_distr::Distribution as _;
use rand_xoshiro::Xoshiro256PlusPlus;
use statrs::distribution::ContinuousCDF as _;

use super::super::{Family, LogNormalTyped};
use super::{Distribution, hours, minutes};
use crate::random::{Key, name_salt};
use crate::units::Span;

/// Draws of each.
const N: usize = 40_000;
/// False alarm of one question.
const ALPHA: f64 = 1e-5;
/// Two-sided normal quantile of it.
const Z: f64 = 4.417;
/// Milliseconds of a minute.
const M: f64 = 60_000.0;

/// The probability that a value is at most so long [ms].
type Cdf = Box<dyn Fn(f64) -> f64>;
/// Draws a value [ms].
type Sampler = Box<dyn Fn(&mut Xoshiro256PlusPlus) -> f64>;

/// A family as we have it and as others have it.
struct Row {
    ours: Distribution,
    cdf: Cdf,
    sampler: Option<Sampler>,
}

/// Rows of one distribution of `statrs` and one of `rand_distr`, both in minutes.
macro_rules! row {
    ($ours:expr, $cdf:expr, $sampler:expr) => {{
        let (cdf, sampler) = ($cdf, $sampler);
        Row {
            ours: $ours.unwrap(),
            cdf: Box::new(move |x| cdf.cdf(x / M)),
            sampler: Some(Box::new(move |rng| M * sampler.sample(rng))),
        }
    }};
}

fn table() -> Vec<Row> {
    use statrs::distribution as theirs;
    let ln = libm::log;
    let s2 = ln(1.36);
    let observed = [3.0, 3.0, 8.0, 30.0, 200.0];
    let observed_spans = [30, 3, 3, 8, 200].map(minutes).to_vec();
    // Balanced means at cv^2 = 4 (Tijms): p = (1 + sqrt(3/5)) / 2.
    let p = 0.5 * (1.0 + 0.6f64.sqrt());
    let hyper_by_cv = [(p, 45.0 / p), (1.0 - p, 45.0 / (1.0 - p))];
    let branches = [(0.2, 10.0), (0.5, 100.0), (0.3, 600.0)];
    vec![
        Row {
            ours: Distribution::fixed(minutes(15)),
            cdf: Box::new(|x| f64::from(u8::from(x >= 15.0 * M))),
            sampler: None,
        },
        row!(
            Distribution::exponential(minutes(40)),
            theirs::Exp::new(1.0 / 40.0).unwrap(),
            rand_distr::Exp::new(1.0 / 40.0).unwrap()
        ),
        row!(
            Distribution::lognormal_mean_cv(minutes(15), 0.6),
            theirs::LogNormal::new(ln(15.0) - 0.5 * s2, s2.sqrt()).unwrap(),
            rand_distr::LogNormal::new(ln(15.0) - 0.5 * s2, s2.sqrt()).unwrap()
        ),
        row!(
            Distribution::lognormal_median_sigma(minutes(15), 0.75),
            theirs::LogNormal::new(ln(15.0), 0.75).unwrap(),
            rand_distr::LogNormal::new(ln(15.0), 0.75).unwrap()
        ),
        row!(
            Distribution::gamma(minutes(45), 0.5),
            theirs::Gamma::new(4.0, 4.0 / 45.0).unwrap(),
            rand_distr::Gamma::new(4.0, 45.0 / 4.0).unwrap()
        ),
        row!(
            Distribution::gamma(minutes(45), 2.0),
            theirs::Gamma::new(0.25, 0.25 / 45.0).unwrap(),
            rand_distr::Gamma::new(0.25, 45.0 / 0.25).unwrap()
        ),
        row!(
            Distribution::erlang(minutes(90), 3),
            theirs::Erlang::new(3, 3.0 / 90.0).unwrap(),
            rand_distr::Gamma::new(3.0, 30.0).unwrap()
        ),
        mixture(
            Distribution::hyper_exponential_mean_cv(minutes(90), 2.0).unwrap(),
            &hyper_by_cv,
        ),
        mixture(
            Distribution::hyper_exponential(&[(0.2, minutes(10)), (0.5, minutes(100)), (0.3, hours(10))]).unwrap(),
            &branches,
        ),
        row!(
            Distribution::triangular(minutes(10), minutes(20), minutes(60)),
            theirs::Triangular::new(10.0, 60.0, 20.0).unwrap(),
            rand_distr::Triangular::new(10.0, 60.0, 20.0).unwrap()
        ),
        row!(
            Distribution::uniform(minutes(10), minutes(30)),
            theirs::Uniform::new(10.0, 30.0).unwrap(),
            rand_distr::Uniform::new(10.0, 30.0).unwrap()
        ),
        // Straight lines between the ordered values: one of the gaps, each as likely, and uniform in it.
        Row {
            ours: Distribution::empirical(observed_spans).unwrap(),
            cdf: Box::new(move |x| {
                let gaps = observed.windows(2).map(|gap| (gap[0] * M, gap[1] * M));
                let at_most = |(a, b): (f64, f64)| if x >= b { 1.0 } else { ((x - a) / (b - a)).max(0.0) };
                gaps.map(at_most).sum::<f64>() / 4.0
            }),
            sampler: Some(Box::new(move |rng| {
                let gap = rand_distr::Uniform::new(0usize, 4).unwrap().sample(rng);
                let inside = rand_distr::Uniform::new(0.0, 1.0).unwrap().sample(rng);
                M * (observed[gap] + inside * (observed[gap + 1] - observed[gap]))
            })),
        },
    ]
}

/// A mixture of exponentials: (share, mean in minutes).
fn mixture(ours: Distribution, branches: &[(f64, f64)]) -> Row {
    let parts: Vec<_> = branches
        .iter()
        .map(|&(share, mean)| {
            let cdf = statrs::distribution::Exp::new(1.0 / mean).unwrap();
            (share, cdf, rand_distr::Exp::new(1.0 / mean).unwrap())
        })
        .collect();
    let samplers = parts.clone();
    Row {
        ours,
        cdf: Box::new(move |x| parts.iter().map(|(share, cdf, _)| share * cdf.cdf(x / M)).sum()),
        sampler: Some(Box::new(move |rng| {
            let mut left = rand_distr::Uniform::new(0.0, 1.0).unwrap().sample(rng);
            let chosen = samplers.iter().find(|(share, _, _)| {
                left -= share;
                left < 0.0
            });
            M * chosen.unwrap_or(&samplers[0]).2.sample(rng)
        })),
    }
}

/// The name of a family as a file has it. A new family needs a name here, and a row above.
const fn family(d: &Distribution) -> &'static str {
    match &d.family {
        Family::Fixed(_) => "fixed",
        Family::Exponential { .. } => "exponential",
        Family::LogNormal {
            typed: LogNormalTyped::MeanCv,
            ..
        } => "lognormal by mean",
        Family::LogNormal {
            typed: LogNormalTyped::MedianSigma,
            ..
        } => "lognormal by median",
        Family::Gamma { stages: None, .. } => "gamma",
        Family::Gamma { stages: Some(_), .. } => "erlang",
        Family::HyperExponential { cv: Some(_), .. } => "hyper-exponential by mean",
        Family::HyperExponential { cv: None, .. } => "hyper-exponential by branches",
        Family::Triangular { .. } => "triangular",
        Family::Uniform { .. } => "uniform",
        Family::Empirical { .. } => "empirical",
    }
}

#[test]
fn the_table_has_every_family_of_the_format() {
    let mut names: Vec<_> = table().iter().map(|row| family(&row.ours)).collect();
    names.dedup();
    let schema = keys_of_the_schema();
    for key in &schema {
        assert!(
            names.iter().any(|name| name.starts_with(key.as_str())),
            "no row for `{key}`"
        );
    }
    assert_eq!((names.len(), schema.len()), (11, 9), "{names:?} {schema:?}");
}

/// The keys of a distribution in the published schema.
fn keys_of_the_schema() -> Vec<String> {
    let text = include_str!("../../../../schema/scenario.schema.json");
    let schema: serde_json::Value = serde_json::from_str(text).unwrap();
    let table = &schema["definitions"]["DistributionTable"]["properties"];
    table.as_object().unwrap().keys().cloned().collect()
}

/// Limits of a row: none, the lowest fifth raised, the highest fifth lowered, both.
fn limits(d: &Distribution) -> [(Option<Span>, Option<Span>); 4] {
    let (low, high) = (Some(d.quantile(0.2)), Some(d.quantile(0.8)));
    [(None, None), (low, None), (None, high), (low, high)]
}

/// What the engine draws with: people of neighbouring days and places, and several visits of each.
fn engine_draws(purpose: &str) -> impl Iterator<Item = f64> {
    let source = Key::root(2020)
        .part(name_salt("replication"), 0)
        .part(name_salt("hub North"), 0)
        .part(name_salt("pathway crisis"), 0);
    let salt = name_salt(purpose);
    (0..N as u64).map(move |n| {
        let (day, ordinal, visit) = (18_000 + n / 400, n / 4 % 100, n % 4);
        let person = source
            .part(name_salt("day"), day)
            .part(name_salt("candidate"), 2 << 40 | ordinal);
        person.uniform(salt, visit)
    })
}

/// The probability that a value, limited and rounded, is at most so many milliseconds.
fn at_most(cdf: &Cdf, limits: (Option<Span>, Option<Span>), x: i64) -> f64 {
    if limits.0.is_some_and(|low| x < low.ms()) {
        0.0
    } else if limits.1.is_some_and(|high| x >= high.ms()) {
        1.0
    } else {
        cdf(x as f64 + 0.5)
    }
}

/// Kolmogorov's distance between ordered draws and a distribution function.
fn distance(drawn: &[i64], at_most: impl Fn(i64) -> f64) -> f64 {
    let n = drawn.len() as f64;
    drawn
        .chunk_by(|a, b| a == b)
        .fold((0.0, 0usize), |(worst, below), same| {
            let upto = below + same.len();
            let left = (at_most(same[0] - 1) - below as f64 / n).abs();
            let right = (at_most(same[0]) - upto as f64 / n).abs();
            (left.max(right).max(worst), upto)
        })
        .0
}

/// Smirnov's distance between two lists of ordered draws.
fn distance_of_two(one: &[i64], other: &[i64]) -> f64 {
    let share = |list: &[i64], x: i64| list.partition_point(|&y| y <= x) as f64 / list.len() as f64;
    one.iter()
        .chain(other)
        .map(|&x| (share(one, x) - share(other, x)).abs())
        .fold(0.0, f64::max)
}

/// Mean, standard deviation and 95th percentile as stated, each within its standard error times the quantile of the false
/// alarm; the whole distribution by Kolmogorov and Smirnov (with lumps at limits the bound is only safer).
#[test]
fn what_is_sampled_is_what_is_stated_and_what_others_have() {
    let n = N as f64;
    let half = libm::log(2.0 / ALPHA) / 2.0;
    let (bound, bound_of_two) = ((half / n).sqrt(), (2.0 * half / n).sqrt());
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(7);
    for Row { ours, cdf, sampler } in table() {
        for limits in limits(&ours) {
            let d = ours.clone().clamped(limits.0, limits.1).unwrap();
            let name = d.describe();
            let mut drawn: Vec<i64> = engine_draws(&name).map(|u| d.sample_ms(u)).collect();
            drawn.sort_unstable();

            let mean = drawn.iter().sum::<i64>() as f64 / n;
            assert!(
                (mean - d.mean_ms()).abs() <= Z * d.sd_ms() / n.sqrt() + 0.5,
                "{name}: mean {mean}, stated {}",
                d.mean_ms()
            );
            let square = |x: f64| (x - d.mean_ms()) * (x - d.mean_ms());
            let variance = drawn.iter().map(|&x| square(x as f64)).sum::<f64>() / n;
            let stated = d.sd_ms() * d.sd_ms();
            // The variance of a square, by the stated quantiles.
            let cells = 1 << 16;
            let squares = (0..cells).map(|k| square(d.quantile_ms((f64::from(k) + 0.5) / f64::from(cells))));
            let fourth = squares.map(|square| square * square).sum::<f64>() / f64::from(cells);
            let error = (fourth - stated * stated).max(0.0).sqrt() / n.sqrt();
            assert!(
                (variance - stated).abs() <= Z * error + d.sd_ms() + 1.0,
                "{name}: variance {variance}, stated {stated}, standard error {error}"
            );
            let p95 = d.quantile(0.95).ms();
            let below = drawn.partition_point(|&x| x < p95) as f64 / n;
            let upto = drawn.partition_point(|&x| x <= p95) as f64 / n;
            let error = Z * (0.95f64 * 0.05 / n).sqrt();
            assert!(
                below <= 0.95 + error && upto >= 0.95 - error,
                "{name}: p95 {p95}, {below} to {upto}"
            );

            let apart = distance(&drawn, |x| at_most(&cdf, limits, x));
            assert!(apart <= bound, "{name}: {apart} against {bound}");
            if let Some(sampler) = &sampler {
                let low = limits.0.map_or(0.0, |low| low.ms() as f64);
                let high = limits.1.map_or(f64::INFINITY, |high| high.ms() as f64);
                #[expect(clippy::cast_possible_truncation, reason = "milliseconds")]
                let mut theirs: Vec<i64> = (0..N)
                    .map(|_| sampler(&mut rng).max(low).min(high).round() as i64)
                    .collect();
                theirs.sort_unstable();
                let apart = distance_of_two(&drawn, &theirs);
                assert!(
                    apart <= bound_of_two,
                    "{name}: {apart} against {bound_of_two} from another library"
                );
            }
        }
    }
}

/// The independent distribution function at our quantile gives `u` back.
#[test]
fn quantiles_invert_independent_distribution_functions() {
    for Row { ours, cdf, .. } in table() {
        if let Family::Fixed(_) = ours.family {
            continue; // It jumps.
        }
        // Two equal observed values are a jump, at which the function gives the upper end.
        let jump = if let Family::Empirical { .. } = ours.family {
            0.25
        } else {
            0.0
        };
        for k in 1..1000 {
            let u = f64::from(k) / 1000.0;
            let back = cdf(ours.quantile_ms(u));
            assert!((back - u.max(jump)).abs() < 2e-9, "{} at {u}: {back}", ours.describe());
        }
    }
}
