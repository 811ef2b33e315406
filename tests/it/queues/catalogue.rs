//! The catalogue: every model with a known answer, where it comes from, and what is compared.

use std::path::Path;

use homefirst::engine::Scripted;
use homefirst::model::Scenario;
use homefirst::units::{Instant, Span};

use super::listed;
use super::numbers::hours;
use super::quantity::{Measure, Of, Quantity, mean, share};
use crate::support::minutes;

/// The referrals of a replication.
pub(super) type Script = fn(&Scenario, u32) -> Vec<Scripted>;

/// Where the model is.
#[derive(Clone, Copy)]
pub(super) enum Model {
    /// A file in `scenarios/theory`.
    File(&'static str),
    /// Built here, with listed referrals.
    Listed(Script),
}

/// A model with a known answer.
pub(super) struct Case {
    pub(super) id: &'static str,
    pub(super) title: &'static str,
    pub(super) source: &'static str,
    pub(super) model: Model,
    pub(super) scenario: Scenario,
    /// Workers, all alike: for waits of people who might be referred at an instant.
    pub(super) workers: i64,
    /// Standard errors may be so many times as large as elsewhere, where references take very long to reach.
    pub(super) coarser: f64,
    /// Replications in every run of the tests.
    pub(super) check: u32,
    /// Replications in the campaign.
    pub(super) campaign: u32,
    pub(super) quantities: Vec<Quantity>,
}

/// Reads a scenario of `scenarios/theory`.
pub(super) fn theory(name: &str) -> Scenario {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("scenarios/theory")
        .join(name);
    homefirst::scenario::read(&path)
        .unwrap_or_else(|problems| panic!("{name}: {problems:?}"))
        .scenario
}

fn file(
    id: &'static str,
    (title, source): (&'static str, &'static str),
    name: &'static str,
    (check, campaign): (u32, u32),
    quantities: Vec<Quantity>,
) -> Case {
    Case {
        id,
        title,
        source,
        model: Model::File(name),
        scenario: theory(name),
        workers: 0,
        coarser: 1.0,
        check,
        campaign,
        quantities,
    }
}

const ERLANG: &str = "Erlang 1917";
const PALM: &str = "Palm 1946";
const BALANCE: &str = "balance equations, solved numerically (method: Neuts 1981)";
const FORWARD: &str = "forward equations (Kolmogorov 1931), solved numerically";
const ENDLESS: &str = "Palm 1943; Eick, Massey & Whitt 1993";

/// All of it.
pub(super) fn catalogue() -> Vec<Case> {
    [closed_forms(), endless(), numerical(), by_the_hour(), shared()]
        .into_iter()
        .flatten()
        .collect()
}

fn waits(reference: f64) -> Quantity {
    share("P(W > 0)", reference, Measure::Waits(Of::All))
}

fn mean_wait_h(reference: f64) -> Quantity {
    mean("mean wait [h]", reference, Measure::MeanWait(Of::All, Span::HOUR))
}

/// Share seen after at most so many hours.
fn within_h(span: f64, reference: f64) -> Quantity {
    share(
        format!("P(W <= {span} h)"),
        reference,
        Measure::Within(Of::All, hours(span)),
    )
}

/// The 95th percentile, as the share that waits at most as long.
fn percentile_95_h(span: f64) -> Quantity {
    within_h(span, 0.95)
}

fn mean_wait_of(name: &str, pathway: usize, reference: f64) -> Quantity {
    mean(
        format!("mean wait [h], {name}"),
        reference,
        Measure::MeanWait(Of::Pathway(pathway), Span::HOUR),
    )
}

/// C18 to C20: two hubs of two workers each, apart and sharing. Neighbours who come at once from no distance leave nobody
/// idle while anybody waits, as one queue does: the number waiting, and by Little's law the mean wait, are those of M/M/4, and
/// so is the share that waits at all. The distribution of waits is not, since everybody serves their own hub first.
fn shared() -> Vec<Case> {
    let waiting = |reference| mean("mean number waiting", reference, Measure::Waiting);
    vec![
        file(
            "C18",
            ("M/M/2, twice", ERLANG),
            "mm2-twice.toml",
            (260, 3000),
            vec![
                waits(0.45),
                mean_wait_h(0.843_75),
                within_h(2.0, 0.845_131),
                share("P(W > 0), West", 0.45, Measure::Waits(Of::All)).at_hub(1),
            ],
        ),
        file(
            "C19",
            ("M/M/4 as two hubs in one pool", ERLANG),
            "mm4-pool.toml",
            (180, 2000),
            vec![
                waits(0.287_043),
                mean_wait_h(0.269_103),
                waiting(0.430_565),
                within_h(0.5, 0.831_607),
                within_h(2.0, 0.966_002),
            ],
        ),
        file(
            "C20",
            ("M/M/4 as two hubs that are neighbours", ERLANG),
            "mm4-neighbours.toml",
            (180, 2000),
            vec![waits(0.287_043), mean_wait_h(0.269_103), waiting(0.430_565)],
        ),
    ]
}

/// C1 to C12, C15 and C16: steady states with closed forms.
fn closed_forms() -> Vec<Case> {
    let waiting = |reference| mean("mean number waiting", reference, Measure::Waiting);
    let leaves = |reference| share("share that leaves", reference, Measure::Leaves);
    let lost =
        |name: &str, hub, reference| share(format!("share lost, {name}"), reference, Measure::Leaves).at_hub(hub);
    let shape = |name, hub, reference| mean_wait_of(name, hub, reference).at_hub(hub);
    let days = |d: i64, reference| {
        share(
            format!("P(W <= {d} d)"),
            reference,
            Measure::Within(Of::All, Span::from_days(d)),
        )
    };
    vec![
        file(
            "C1",
            ("M/M/3", ERLANG),
            "mm3.toml",
            (120, 1200),
            vec![
                waits(0.354_745),
                mean_wait_h(0.443_431),
                waiting(0.532_117),
                mean("mean number there", 2.332_117, Measure::There),
                within_h(0.5, 0.762_208),
                within_h(2.0, 0.928_378),
                percentile_95_h(2.449_219),
            ],
        ),
        file(
            "C2",
            ("M/M/6", ERLANG),
            "mm6.toml",
            (220, 2800),
            vec![
                waits(0.587_516),
                mean_wait_h(0.734_396),
                waiting(2.937_582),
                within_h(0.5, 0.606_176),
                within_h(2.0, 0.881_382),
                percentile_95_h(3.079_852),
            ],
        ),
        file(
            "C3",
            ("M/M/24", ERLANG),
            "mm24.toml",
            (560, 6000),
            vec![
                waits(0.298_072),
                mean_wait_h(0.149_036),
                within_h(0.5, 0.890_345),
                within_h(2.0, 0.994_541),
                percentile_95_h(0.892_657),
            ],
        ),
        file(
            "C4",
            ("M/M/30, places on a caseload, in days", ERLANG),
            "caseload-limit.toml",
            (1500, 17_500),
            vec![
                waits(0.249_893),
                mean("mean wait [d]", 1.249_466, Measure::MeanWait(Of::All, Span::DAY)),
                days(1, 0.795_405),
                days(2, 0.832_492),
                days(7, 0.938_377),
                mean("mean number of open packages", 25.0, Measure::Open),
            ],
        ),
        file(
            "C5",
            ("M/M/4+M", PALM),
            "mm4-patience.toml",
            (100, 550),
            vec![
                waits(0.638_507),
                leaves(0.162_926),
                waiting(1.303_410),
                mean_wait_h(0.325_853),
                within_h(0.5, 0.629_962),
                within_h(2.0, 0.833_149),
            ],
        ),
        file(
            "C6",
            ("M/M/10+M, overloaded", PALM),
            "mm10-patience.toml",
            (100, 480),
            vec![
                waits(0.658_135),
                leaves(0.232_906),
                waiting(1.397_437),
                mean_wait_h(0.116_453),
                within_h(0.1, 0.484_281),
                within_h(0.25, 0.643_345),
            ],
        ),
        file(
            "C7",
            ("M/M/c/c", "Erlang 1917 (B)"),
            "erlang-b.toml",
            (100, 600),
            vec![
                lost("6 workers, load 5", 0, 0.191_847),
                lost("24 workers, load 20", 1, 0.066_096_7),
                lost("10 workers, load 12", 2, 0.301_925),
            ],
        ),
        file(
            "C8",
            ("M/G/1", "Pollaczek 1930; Khinchine 1932"),
            "mg1.toml",
            (130, 1600),
            vec![
                shape("log-normal", 0, 1.372_5),
                shape("fixed", 1, 0.562_5),
                shape("two stages", 2, 0.843_75),
                shape("uniform", 3, 0.645_833),
            ],
        ),
        file(
            "C9",
            ("M/G/1, three priorities", "Cobham 1954"),
            "mg1-priority.toml",
            (260, 2900),
            vec![
                mean_wait_of("urgent", 0, 0.749_333),
                mean_wait_of("soon", 1, 1.665_185),
                mean_wait_of("routine", 2, 4.162_963),
            ],
        ),
        file(
            "C10",
            ("M/M/5, three priorities", "Kella & Yechiali 1985"),
            "mm5-priority.toml",
            (280, 3100),
            vec![
                mean_wait_of("urgent", 0, 0.187_835),
                mean_wait_of("soon", 1, 0.402_503),
                mean_wait_of("routine", 2, 1.583_179),
                mean_wait_of("one class", 3, 0.738_817).at_hub(1),
            ],
        ),
        file(
            "C11",
            ("M/D/4", "Franx 2001"),
            "md4.toml",
            (260, 3600),
            vec![
                waits(0.775_437),
                mean_wait_h(1.499_949),
                within_h(0.5, 0.367_849),
                within_h(1.0, 0.519_189),
                within_h(2.0, 0.723_572),
            ],
        ),
        listed(
            "C12",
            ("D/M/1", "Kendall 1953"),
            (listed::on_every_hour, listed::one_an_hour()),
            (140, 2150),
            vec![mean_wait_h(1.354_185), within_h(2.0, 0.751_581)],
        ),
        file(
            "C15",
            ("two stages in tandem", "Jackson 1957"),
            "tandem.toml",
            (110, 1400),
            vec![
                mean_wait_of("first stage", 0, 0.421_652),
                mean_wait_of("second stage", 1, 0.862_921),
                share(
                    "P(W <= 2 h), first stage",
                    0.942_936,
                    Measure::Within(Of::Pathway(0), minutes(120)),
                ),
                share(
                    "P(W <= 2 h), second stage",
                    0.855_592,
                    Measure::Within(Of::Pathway(1), minutes(120)),
                ),
                mean("mean number there", 10.753_720, Measure::There),
                mean(
                    "mean time from referral to the end, by Little's law [h]",
                    3.584_573,
                    Measure::Sojourn { again: false },
                ),
            ],
        ),
        file(
            "C16",
            ("visits that call for another", "Jackson 1957"),
            "repeat-visits.toml",
            (280, 4700),
            vec![
                waits(0.596_433),
                mean("mean number there", 5.585_730, Measure::There),
                mean(
                    "mean time from referral to the end, by Little's law [h]",
                    9.309_550,
                    Measure::Sojourn { again: true },
                ),
                mean("visits per person", 6.666_667, Measure::Visits),
            ],
        ),
    ]
}

fn listed(
    id: &'static str,
    (title, source): (&'static str, &'static str),
    (script, scenario): (Script, Scenario),
    (check, campaign): (u32, u32),
    quantities: Vec<Quantity>,
) -> Case {
    Case {
        id,
        title,
        source,
        model: Model::Listed(script),
        scenario,
        workers: 0,
        coarser: 1.0,
        check,
        campaign,
        quantities,
    }
}

/// N1 to N5: answers from balance and forward equations.
fn numerical() -> Vec<Case> {
    let at = |hour: i64| vec![Span::from_hours(hour).ms()];
    // Somebody referred at this hour: the number there, whether one would wait, and how long.
    let arrival = |hour: i64, there: f64, waits: f64, within: f64| {
        vec![
            mean(format!("mean number at {hour} h"), there, Measure::ThereAt(at(hour))),
            share(format!("P(W > 0) at {hour} h"), waits, Measure::AtLeast(at(hour), 6)),
            share(
                format!("P(W <= 2 h) at {hour} h"),
                within,
                Measure::WithinAt(at(hour), minutes(120)),
            ),
        ]
    };
    let from_empty = |id, title, name, until: i64, replications, quantities: Vec<Vec<Quantity>>| {
        let quantities = quantities.into_iter().flatten().collect();
        let mut case = file(id, (title, FORWARD), name, replications, quantities);
        case.workers = 6;
        // What comes later changes nothing.
        case.scenario.experiment.run_length = Span::from_hours(until);
        case
    };
    vec![
        file(
            "N1",
            ("M/H2/3, cv^2 4", BALANCE),
            "mh2-3.toml",
            (520, 6400),
            vec![
                waits(0.658_408),
                mean_wait_h(3.804_392),
                within_h(0.5, 0.434_965),
                within_h(2.0, 0.588_408),
            ],
        ),
        file(
            "N2",
            ("M/E2/3", BALANCE),
            "me2-3.toml",
            (140, 2200),
            vec![
                waits(0.643_239),
                mean_wait_h(1.227_393),
                within_h(0.5, 0.492_204),
                within_h(2.0, 0.773_203),
            ],
        ),
        file(
            "N3",
            ("two classes on three shared workers", BALANCE),
            "two-classes.toml",
            (120, 1250),
            vec![
                waits(0.570_664),
                mean_wait_of("crisis", 0, 0.223_488),
                mean_wait_of("routine", 1, 0.999_249),
            ],
        ),
        from_empty(
            "N4",
            "M/M/6 from empty",
            "empty-start.toml",
            12,
            (65_000, 1_000_000),
            vec![
                arrival(1, 2.758_771, 0.061_778_7, 0.999_879),
                arrival(4, 5.310_242, 0.400_040, 0.985_682),
                arrival(12, 6.856_567, 0.540_021, 0.932_292),
            ],
        ),
        from_empty(
            "N4",
            "M/M/6 from empty, two days on",
            "empty-start.toml",
            48,
            (65_000, 1_000_000),
            vec![arrival(48, 7.837_724, 0.584_695, 0.885_580)],
        ),
        from_empty(
            "N5",
            "M/M/6 with too much work, from empty",
            "overload.toml",
            12,
            (60_000, 900_000),
            vec![
                arrival(4, 9.806_468, 0.815_661, 0.831_493),
                arrival(12, 20.428_13, 0.965_703, 0.314_541),
            ],
        ),
        from_empty(
            "N5",
            "M/M/6 with too much work, a day on",
            "overload.toml",
            24,
            (20_000, 320_000),
            vec![arrival(24, 35.135_69, 0.992_978, 0.081_555_6)],
        ),
    ]
}

/// The instants at this time of every day of the window, or of every seventh from a weekday.
fn every(scenario: &Scenario, first_day: i64, step: usize, hour: i64) -> Vec<i64> {
    let days = scenario.experiment.run_length.ms() / Span::DAY.ms();
    (first_day..days)
        .step_by(step)
        .map(|day| (Instant::midnight(day) + Span::from_hours(hour)).ms())
        .collect()
}

/// The hours of C13, and the means there for demand that changes within the hour, by hub.
pub(super) const HOURS: [i64; 5] = [0, 6, 12, 14, 18];
pub(super) const CONTINUOUS: [(&str, [f64; 5]); 3] = [
    ("exponential", [3.911_275, 3.379_759, 8.088_725, 9.119_010, 8.620_241]),
    ("log-normal", [3.690_368, 3.483_819, 8.309_632, 9.258_290, 8.516_181]),
    ("fixed", [3.310_735, 3.641_578, 8.689_265, 9.508_183, 8.358_422]),
];
/// The same for demand that is constant within the hour.
pub(super) const STEPPED: [[f64; 5]; 3] = [
    [3.949_48, 3.349_97, 8.050_46, 9.100_75, 8.649_97],
    [3.730_38, 3.451_26, 8.269_44, 9.239_70, 8.548_55],
    [3.372_96, 3.593_83, 8.627_04, 9.478_17, 8.406_17],
];

/// C13, C14 and C17: nobody waits, or it does not matter whether.
fn endless() -> Vec<Case> {
    let mut day = file(
        "C13",
        ("Mt/G/inf over the day", ENDLESS),
        "endless-staff-day.toml",
        (100, 850),
        Vec::new(),
    );
    for (hub, (name, continuous)) in CONTINUOUS.into_iter().enumerate() {
        let mut groups = Vec::new();
        for (place, hour) in HOURS.into_iter().enumerate() {
            let at = every(&day.scenario, 0, 1, hour);
            let reference = STEPPED[hub][place];
            groups.push((at.clone(), reference));
            let quantity = mean(
                format!("mean number at {hour}:00, {name}"),
                reference,
                Measure::ThereAt(at),
            );
            day.quantities.push(quantity.at_hub(hub).beside(continuous[place]));
        }
        let poisson = mean(format!("variance over mean, {name}"), 1.0, Measure::Dispersion(groups));
        day.quantities.push(poisson.at_hub(hub));
    }

    let mut week = file(
        "C17",
        ("Mt/G/inf over the week, a caseload", ENDLESS),
        "caseload-week.toml",
        (1500, 16_000),
        Vec::new(),
    );
    let mut groups = Vec::new();
    for (weekday, name, reference) in [
        (0, "Monday", 133.142_857),
        (2, "Wednesday", 135.428_571),
        (5, "Saturday", 138.857_143),
    ] {
        let at = every(&week.scenario, weekday, 7, 0);
        groups.push((at.clone(), reference));
        let name = format!("mean number of open packages at 00:00 on {name}");
        week.quantities.push(mean(name, reference, Measure::OpenAt(at)));
    }
    week.quantities
        .push(mean("mean number of open packages", 136.0, Measure::Open));
    week.quantities
        .push(mean("variance over mean", 1.0, Measure::OpenDispersion(groups)));

    let pi = std::f64::consts::PI;
    let phases = [
        ("0", 0.0, 0.022_521_4),
        ("pi/2", pi / 2.0, 0.512_680),
        ("3 pi/4", 0.75 * pi, 0.663_406),
        ("7 pi/4", 1.75 * pi, 0.006_882_00),
    ];
    let at_least = |(hub, staff): (usize, &'static str)| {
        phases.map(|(name, phase, reference)| {
            let measure = Measure::AtLeast(listed::at_phase(phase), 110);
            share(format!("P(N >= 110) at {name}, {staff}"), reference, measure).at_hub(hub)
        })
    };
    let mut patient = listed(
        "C14",
        (
            "Mt/M/st+M, as patient as served",
            "Feldman, Mandelbaum, Massey & Whitt 2008",
        ),
        (listed::as_the_sine_says, listed::as_patient_as_served()),
        (700, 3300),
        [(0, "always 85 workers"), (1, "60, 130 or 95 workers")]
            .into_iter()
            .flat_map(at_least)
            .collect(),
    );
    // Each sample takes 600 referrals, and shares near a half take very many samples: the campaign alone is coarser.
    patient.coarser = 2.0;
    vec![day, patient, week]
}

/// What a referral at any time meets in N6 to N8, with demand that is constant within the hour: the share that waits, the
/// mean wait \[h\] and the share seen within 2 h.
pub(super) const BY_THE_HOUR: [(&str, [f64; 3], [f64; 4]); 3] = [
    (
        "day-curve.toml",
        [0.589_592, 0.993_843, 0.807_552],
        [0.591_004, 0.999_990, 0.806_098, 4.5],
    ),
    (
        "shifts.toml",
        [0.605_881, 1.761_569, 0.710_284],
        [0.605_959, 1.759_263, 0.710_846, 2.25],
    ),
    (
        "nobody-at-night.toml",
        [0.642_503, 1.938_540, 0.663_881],
        [0.642_667, 1.936_341, 0.664_360, 1.5],
    ),
];

/// N6 to N8: demand and staff by the hour of the day.
fn by_the_hour() -> Vec<Case> {
    let names = [
        ("N6", "Mt/M/6 over the day", (100, 850)),
        ("N7", "Mt/M/st over the day, shifts", (100, 1400)),
        ("N8", "Mt/M/st over the day, nobody at night", (100, 1000)),
    ];
    let mut cases = Vec::new();
    for ((id, title, replications), (name, stepped, continuous)) in names.into_iter().zip(BY_THE_HOUR) {
        cases.push(file(
            id,
            (title, FORWARD),
            name,
            replications,
            vec![
                waits(stepped[0]).beside(continuous[0]),
                mean_wait_h(stepped[1]).beside(continuous[1]),
                within_h(2.0, stepped[2]).beside(continuous[2]),
                mean("mean number busy", continuous[3], Measure::Busy),
            ],
        ));
    }
    cases
}
