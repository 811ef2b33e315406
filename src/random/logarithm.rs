//! The logarithm that exponential draws take.

use super::keyed::uniform;

/// `ln(1 - u)` for `u` in (0, 1), to the last bit what `libm::log1p(-u)` gives.
///
/// For uniform numbers as they are drawn, multiples of 2^-53, `1 - u` is exact: what `log1p` does for the digits that are lost
/// in it, one of its two divisions and half of its branches, comes to nothing. For any other number `log1p` itself is asked.
///
/// # Source
/// The method is that of `log1p` in FreeBSD's msun (`s_log1p.c`, Sun Microsystems 1993), which is what `libm` has.
#[inline]
pub(crate) fn log_of_rest(u: f64) -> f64 {
    let rest = 1.0 - u;
    #[expect(clippy::float_cmp, reason = "whether nothing was lost")]
    let exact = 1.0 - rest == u && rest > 0.0 && u > 0.0;
    if exact { log_of_rest_of_draw(u) } else { libm::log1p(-u) }
}

/// The same for a number of which it is known that it was drawn.
#[inline]
#[expect(clippy::excessive_precision, reason = "coefficients as printed in the source")]
pub(crate) fn log_of_rest_of_draw(u: f64) -> f64 {
    /// ln 2 in two parts, the first with room for a product, and the coefficients of the series.
    const LN2_HIGH: f64 = 6.931_471_803_691_238_164_90e-1;
    const LN2_LOW: f64 = 1.908_214_929_270_587_700_02e-10;
    const LG1: f64 = 6.666_666_666_666_735_13e-1;
    const LG2: f64 = 3.999_999_999_940_941_908e-1;
    const LG3: f64 = 2.857_142_874_366_239_149e-1;
    const LG4: f64 = 2.222_219_843_214_978_396e-1;
    const LG5: f64 = 1.818_357_216_161_805_012e-1;
    const LG6: f64 = 1.531_383_769_920_937_332e-1;
    const LG7: f64 = 1.479_819_860_511_658_591e-1;
    /// A number whose last bits are whole ones, and with the bias of exponents.
    const WHOLE: u64 = 0x4330_0000_0000_0000;
    const WHOLE_AND_BIAS: f64 = 4_503_599_627_370_496.0 + 1023.0;
    let rest = 1.0 - u;
    // rest = 2^k (1 + f), 1 + f between sqrt(1/2) and sqrt(2).
    let bits = rest.to_bits();
    let high = (bits >> 32) + (0x3ff0_0000 - 0x3fe6_a09e);
    let k = f64::from_bits(WHOLE | high >> 20) - WHOLE_AND_BIAS;
    let f = f64::from_bits(((high & 0x000f_ffff) + 0x3fe6_a09e) << 32 | (bits & 0xffff_ffff)) - 1.0;
    // `log1p` takes f = -u a little beyond sqrt(1/2): to the end of the numbers with this upper half. Else, and below, that is the
    // same number anyway; asked this way, the answer is nearly always no, which the processor can foresee.
    let (k, f) = if u.to_bits() >> 32 == 0x3fd2_bec4 {
        (0.0, -u)
    } else {
        (k, f)
    };
    let half_square = 0.5 * f * f;
    let s = f / (2.0 + f);
    let z = s * s;
    let w = z * z;
    let even = w * (LG2 + w * (LG4 + w * LG6));
    let odd = z * (LG1 + w * (LG3 + w * (LG5 + w * LG7)));
    s * (half_square + (odd + even)) + k * LN2_LOW - half_square + f + k * LN2_HIGH
}

/// The same for several, given by the bits of the draws.
#[inline]
pub(crate) fn logs_of_rest<const N: usize>(bits: [u64; N]) -> [f64; N] {
    let mut values = bits.map(uniform);
    for value in &mut values {
        *value = log_of_rest_of_draw(*value);
    }
    values
}

#[cfg(test)]
mod tests {
    use super::log_of_rest;
    use crate::random::{Key, name_salt};

    fn agrees(u: f64) {
        assert_eq!(log_of_rest(u).to_bits(), libm::log1p(-u).to_bits(), "u {u:e}");
    }

    #[test]
    fn a_million_draws_have_the_bits_of_libm() {
        let key = Key::root(6);
        for ordinal in 0..1_000_000 {
            agrees(key.uniform(name_salt("length"), ordinal));
        }
    }

    /// Where one case gives way to another, and at both ends of the draws.
    #[test]
    fn draws_at_the_edges_have_the_bits_of_libm() {
        let cell = 1.0 / (1u64 << 53) as f64;
        let (low, high) = (
            f64::from_bits(0x3fd2_bec4_0000_0000),
            f64::from_bits(0x3fd2_bec5_0000_0000),
        );
        for edge in [
            0.0,
            low,
            high,
            1.0 - std::f64::consts::FRAC_1_SQRT_2,
            0.5,
            0.646_446_609,
            0.75,
            1.0,
        ] {
            for step in -20_000..20_000 {
                let u = edge + f64::from(step) * cell;
                if u > 0.0 && u < 1.0 {
                    agrees(u);
                }
            }
        }
    }

    #[test]
    fn other_numbers_are_left_to_libm() {
        for u in [1e-300, 1e-20, 1e-16, 0.1, 0.3, 1.0 / 3.0, 0.7, 1.0] {
            agrees(u);
        }
        assert!(log_of_rest(f64::NAN).is_nan() && log_of_rest(2.0).is_nan());
    }
}
