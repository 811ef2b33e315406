//! From WTE to people on shift.
//!
//! `x = WTE x weekly hours x (1 - planned) / paid hours of all shift instances of a week` people belong on every
//! shift instance. On instance `k` of a shift, `floor(x)` people are rostered, and one more when
//! `v(k) + j/m (mod 1) < frac x`: `v` is the van der Corput sequence in base 2, and the shift is the `j`-th of the
//! role's `m`, so that early and late shifts take their extra person on different days. Long-run hours are exact,
//! evenly spread, and more WTE never means fewer people on any shift. Sickness strikes later, person by person.

use crate::model::{Calendar, Role, Shift, Staffing, Weekday};
use crate::units::{Span, Wte};

/// Mean people on every shift instance of a role, before absence.
#[must_use]
pub fn rostered_per_instance(role: &Role, wte: Wte) -> f64 {
    let paid_ms: i64 = role
        .shifts
        .iter()
        .map(|s| s.paid().ms() * i64::from(s.days.len()))
        .sum();
    if paid_ms <= 0 {
        return 0.0;
    }
    let hours = Span::from_ms(paid_ms).hours();
    wte.get() * role.hours_per_week * (1.0 - role.headroom.planned.get()) / hours
}

/// People rostered on one instance of the role's shift number `shift`, when `x` belong there on average.
#[must_use]
pub fn people_on_instance(x: f64, role: &Role, shift: usize, instance: i64) -> u32 {
    let whole = x.floor();
    let step = van_der_corput(instance) + shift as f64 / role.shifts.len() as f64;
    let extra = step - step.floor() < x - whole;
    #[expect(clippy::cast_possible_truncation, reason = "WTE are bounded")]
    let whole = whole as u32;
    whole + u32::from(extra)
}

/// Number of the shift instance that starts on `day`, counted over all time; the same whatever the start of measuring.
#[must_use]
pub fn instance_number(calendar: &Calendar, shift: &Shift, day: i64) -> i64 {
    // A bank holiday on a day that the shift does not run takes the place of its Sunday.
    let weekday = calendar.weekday(day);
    let place = if shift.days.contains(weekday) {
        weekday
    } else {
        Weekday::Sun
    };
    calendar.week_number(day) * i64::from(shift.days.len()) + i64::from(shift.days.rank(place))
}

/// The van der Corput sequence in base 2: the bits of `k` mirrored at the binary point.
fn van_der_corput(k: i64) -> f64 {
    // Two's complement keeps the sequence evenly spread through negative numbers.
    let mirrored = k.cast_unsigned().reverse_bits();
    (mirrored >> 32) as f64 / (1u64 << 32) as f64
}

/// Expected on-shift time of so many WTE of a role on a working weekday \[ms\], net of headroom and breaks.
#[must_use]
pub fn time_of_wte(role: &Role, wte: Wte, weekday: Weekday) -> f64 {
    let x = rostered_per_instance(role, wte) * (1.0 - role.headroom.absence.get());
    let on_day = role.shifts.iter().filter(|s| s.days.contains(weekday));
    x * on_day.map(|s| s.paid().ms()).sum::<i64>() as f64
}

/// Expected on-shift time of a role on a working weekday, net of headroom and breaks. A shift past midnight belongs
/// to the day on which it starts.
#[must_use]
pub fn expected_capacity(role: &Role, staffing: &Staffing, weekday: Weekday) -> Span {
    match staffing {
        Staffing::Wte(wte) =>
        {
            #[expect(clippy::cast_possible_truncation, reason = "at most a few thousand years")]
            Span::from_ms(time_of_wte(role, *wte, weekday).round() as i64)
        }
        Staffing::OnShift(pieces) => pieces.iter().fold(Span::ZERO, |sum, piece| {
            let length = if piece.to > piece.from {
                piece.to - piece.from
            } else {
                piece.to + Span::DAY - piece.from
            };
            sum + Span::from_ms(length.ms() * i64::from(piece.count))
        }),
        Staffing::Rota(hours) => {
            let day = &hours[weekday.index() * 24..weekday.index() * 24 + 24];
            day.iter().fold(Span::ZERO, |sum, &n| {
                sum + Span::from_ms(Span::HOUR.ms() * i64::from(n))
            })
        }
    }
}

/// Expected people on shift by hour of week (168 from Monday 00:00), breaks not taken off.
#[derive(Clone, Debug, PartialEq)]
pub struct HoursOfWeek(pub Vec<f64>);

impl HoursOfWeek {
    /// Of a role's staff at a hub, net of headroom.
    #[must_use]
    pub fn expected(role: &Role, staffing: &Staffing) -> Self {
        let mut hours = vec![0.0; 168];
        match staffing {
            Staffing::Wte(wte) => {
                let x = rostered_per_instance(role, *wte) * (1.0 - role.headroom.absence.get());
                for shift in &role.shifts {
                    for weekday in Weekday::ALL.into_iter().filter(|&d| shift.days.contains(d)) {
                        spread(&mut hours, weekday.index(), shift.from, shift.length(), x);
                    }
                }
            }
            Staffing::OnShift(pieces) => {
                for piece in pieces {
                    let length = if piece.to > piece.from {
                        piece.to - piece.from
                    } else {
                        piece.to + Span::DAY - piece.from
                    };
                    for weekday in 0..7 {
                        spread(&mut hours, weekday, piece.from, length, f64::from(piece.count));
                    }
                }
            }
            Staffing::Rota(rota) => hours = rota.iter().map(|&n| f64::from(n)).collect(),
        }
        Self(hours)
    }
}

/// Adds `people` to the hours that a stretch of time covers, in proportion.
fn spread(hours: &mut [f64], weekday: usize, from: Span, length: Span, people: f64) {
    let hour = Span::HOUR.ms();
    let (mut at, end) = (
        weekday as i64 * 24 * hour + from.ms(),
        weekday as i64 * 24 * hour + from.ms() + length.ms(),
    );
    while at < end {
        let next = ((at / hour + 1) * hour).min(end);
        let place = usize::try_from((at / hour).rem_euclid(168)).unwrap_or(0);
        hours[place] += people * (next - at) as f64 / hour as f64;
        at = next;
    }
}

#[cfg(test)]
mod tests {
    use super::{HoursOfWeek, expected_capacity, instance_number, people_on_instance, rostered_per_instance};
    use crate::model::{Calendar, Headroom, Role, Shift, ShiftEnd, Staffing, Weekday, WeekdaySet};
    use crate::units::{Share, Span, Wte};
    use jiff::civil::date;

    fn shift(name: &str, from: i64, to: i64, unpaid_break: i64) -> Shift {
        Shift {
            name: name.into(),
            from: Span::from_minutes(from),
            to: Span::from_minutes(to),
            unpaid_break: Span::from_minutes(unpaid_break),
            days: WeekdaySet::ALL,
        }
    }

    fn role(shifts: Vec<Shift>, planned: f64, absence: f64) -> Role {
        Role {
            name: "crisis-worker".into(),
            employer: None,
            hours_per_week: 37.5,
            headroom: Headroom {
                planned: Share::new(planned).unwrap(),
                absence: Share::new(absence).unwrap(),
            },
            admin_share: Share::default(),
            notes: Span::ZERO,
            cost: None,
            overtime_cost: None,
            shifts,
            shift_end: ShiftEnd::Finish,
        }
    }

    /// 24 WTE over six hubs, 08:00 to 20:00 without a break: 4 x 37.5 x 0.78 / 84 = 1.393 on shift at each hub.
    #[test]
    fn four_wte_on_a_twelve_hour_day_are_about_one_and_a_half_on_shift() {
        let day = role(vec![shift("day", 480, 1200, 0)], 0.22, 0.0);
        let x = rostered_per_instance(&day, Wte::new(4.0).unwrap());
        assert!((x - 4.0 * 37.5 * 0.78 / 84.0).abs() < 1e-12, "{x}");
        let hours = HoursOfWeek::expected(&day, &Staffing::Wte(Wte::new(4.0).unwrap())).0;
        assert!((hours[8] - x).abs() < 1e-12 && hours[7] == 0.0 && hours[20] == 0.0);
        let capacity = expected_capacity(&day, &Staffing::Wte(Wte::new(4.0).unwrap()), Weekday::Wed);
        assert!((capacity.hours() - 12.0 * x).abs() < 1e-6);
    }

    #[test]
    fn long_run_hours_are_exact_and_more_wte_never_means_fewer_people() {
        let two = role(
            vec![shift("early", 420, 900, 30), shift("late", 870, 1350, 30)],
            0.16,
            0.06,
        );
        let mut before = [[0; 1024]; 2];
        for tenths in 0..80 {
            let x = rostered_per_instance(&two, Wte::new(f64::from(tenths) / 10.0).unwrap());
            for (j, row) in before.iter_mut().enumerate() {
                let mut sum = 0;
                for (k, old) in row.iter_mut().enumerate() {
                    let now = people_on_instance(x, &two, j, i64::try_from(k).unwrap());
                    assert!(now >= *old, "fewer people at {tenths} tenths of a WTE");
                    (*old, sum) = (now, sum + now);
                }
                assert!(
                    (f64::from(sum) / 1024.0 - x).abs() <= 1.0 / 1024.0,
                    "{sum} of {}",
                    x * 1024.0
                );
            }
        }
    }

    #[test]
    fn early_and_late_take_their_extra_person_on_different_days() {
        let two = role(
            vec![shift("early", 420, 900, 30), shift("late", 870, 1350, 30)],
            0.16,
            0.0,
        );
        for k in -50..50 {
            assert_eq!(
                people_on_instance(1.5, &two, 0, k) + people_on_instance(1.5, &two, 1, k),
                3
            );
        }
    }

    #[test]
    fn instances_of_a_weekday_shift_are_numbered_without_gaps() {
        let calendar = Calendar::new(date(2020, 6, 1), &[]);
        let days = Weekday::ALL
            .into_iter()
            .take(5)
            .fold(WeekdaySet::NONE, WeekdaySet::with);
        let weekdays = Shift {
            days,
            ..shift("day", 480, 960, 30)
        };
        let numbers: Vec<i64> = (-7..21)
            .filter(|&d| days.contains(calendar.weekday(d)))
            .map(|d| instance_number(&calendar, &weekdays, d))
            .collect();
        assert!(numbers.windows(2).all(|w| w[1] == w[0] + 1), "{numbers:?}");
    }
}
