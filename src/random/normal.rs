//! The normal distribution: its quantile, density and distribution function.

/// The standard normal density at `z`.
pub(crate) fn density(z: f64) -> f64 {
    /// 1/sqrt(2 pi).
    const SCALE: f64 = 0.398_942_280_401_432_7;
    SCALE * libm::exp(-0.5 * z * z)
}

/// The probability that a standard normal value is at most `z`, accurate in both tails.
pub(crate) fn probability(z: f64) -> f64 {
    0.5 * libm::erfc(-z * std::f64::consts::FRAC_1_SQRT_2)
}

/// The standard normal quantile: the `z` that a value stays below with probability `u`, for `u` in (0, 1).
///
/// Relative accuracy about 1e-16. Minus infinity at 0 and below, infinity at 1 and above, NaN for NaN.
///
/// # Source
/// M. J. Wichura, *Algorithm AS 241: The percentage points of the normal distribution*, Applied Statistics 37
/// (1988), 477-484: routine PPND16.
#[must_use]
#[inline]
#[expect(clippy::excessive_precision, reason = "coefficients as printed in the paper")]
pub fn normal_quantile(u: f64) -> f64 {
    let q = u - 0.5;
    if q.abs() <= 0.425 {
        let r = 0.180_625 - q * q;
        return q
            * (((((((2.509_080_928_730_122_672_7e3 * r + 3.343_057_558_358_812_810_5e4) * r
                + 6.726_577_092_700_870_085_3e4)
                * r
                + 4.592_195_393_154_987_145_7e4)
                * r
                + 1.373_169_376_550_946_112_5e4)
                * r
                + 1.971_590_950_306_551_442_7e3)
                * r
                + 1.331_416_678_917_843_774_5e2)
                * r
                + 3.387_132_872_796_366_608_0)
            / (((((((5.226_495_278_852_854_561_0e3 * r + 2.872_908_573_572_194_267_4e4) * r
                + 3.930_789_580_009_271_061_0e4)
                * r
                + 2.121_379_430_158_659_586_7e4)
                * r
                + 5.394_196_021_424_751_107_7e3)
                * r
                + 6.871_870_074_920_579_083_0e2)
                * r
                + 4.231_333_070_160_091_125_2e1)
                * r
                + 1.0);
    }
    let tail = if q < 0.0 { u } else { 1.0 - u };
    if tail <= 0.0 {
        return if q < 0.0 { f64::NEG_INFINITY } else { f64::INFINITY };
    }
    let r = (-libm::log(tail)).sqrt();
    let z = if r <= 5.0 {
        let r = r - 1.6;
        (((((((7.745_450_142_783_414_076_40e-4 * r + 2.272_384_498_926_918_458_33e-2) * r
            + 2.417_807_251_774_506_117_70e-1)
            * r
            + 1.270_458_252_452_368_382_58)
            * r
            + 3.647_848_324_763_204_605_04)
            * r
            + 5.769_497_221_460_691_405_50)
            * r
            + 4.630_337_846_156_545_295_90)
            * r
            + 1.423_437_110_749_683_577_34)
            / (((((((1.050_750_071_644_416_843_24e-9 * r + 5.475_938_084_995_344_946_00e-4) * r
                + 1.519_866_656_361_645_719_66e-2)
                * r
                + 1.481_039_764_274_800_745_90e-1)
                * r
                + 6.897_673_349_851_000_045_50e-1)
                * r
                + 1.676_384_830_183_803_849_40)
                * r
                + 2.053_191_626_637_758_821_87)
                * r
                + 1.0)
    } else {
        let r = r - 5.0;
        (((((((2.010_334_399_292_288_132_65e-7 * r + 2.711_555_568_743_487_578_15e-5) * r
            + 1.242_660_947_388_078_438_60e-3)
            * r
            + 2.653_218_952_657_612_309_30e-2)
            * r
            + 2.965_605_718_285_048_912_30e-1)
            * r
            + 1.784_826_539_917_291_335_80)
            * r
            + 5.463_784_911_164_114_369_90)
            * r
            + 6.657_904_643_501_103_777_20)
            / (((((((2.044_263_103_389_939_785_64e-15 * r + 1.421_511_758_316_445_888_70e-7) * r
                + 1.846_318_317_510_054_681_80e-5)
                * r
                + 7.868_691_311_456_132_591_00e-4)
                * r
                + 1.487_536_129_085_061_485_25e-2)
                * r
                + 1.369_298_809_227_358_053_10e-1)
                * r
                + 5.998_322_065_558_879_376_90e-1)
                * r
                + 1.0)
    };
    if q < 0.0 { -z } else { z }
}

#[cfg(test)]
mod tests {
    use super::{density, normal_quantile, probability};

    /// The check values printed in the paper.
    #[test]
    fn the_printed_check_values_come_out() {
        assert!((normal_quantile(0.25) + 0.674_489_750_196_081_7).abs() < 1e-15);
        assert!((normal_quantile(0.001) + 3.090_232_306_167_813_5).abs() < 4e-15);
        assert!((normal_quantile(1e-20) + 9.262_340_089_798_408).abs() < 2e-14);
        assert_eq!(normal_quantile(0.5).to_bits(), 0f64.to_bits());
    }

    #[test]
    fn quantile_and_probability_are_inverse_and_symmetric() {
        for k in 1..2000 {
            let u = f64::from(k) / 2000.0;
            let z = normal_quantile(u);
            assert!((probability(z) / u - 1.0).abs() < 1e-13, "u {u}");
            assert!((normal_quantile(1.0 - u) + z).abs() < 1e-12, "u {u}");
        }
        for u in [1e-300, 1e-100, 1e-30, 1e-16, 1e-12, 1e-9, 1e-6] {
            assert!((probability(normal_quantile(u)) / u - 1.0).abs() < 1e-11, "u {u}");
        }
    }

    #[test]
    fn the_density_is_the_slope_of_the_probability() {
        for k in -40..40 {
            let z = f64::from(k) / 10.0;
            let slope = (probability(z + 1e-5) - probability(z - 1e-5)) / 2e-5;
            assert!((slope - density(z)).abs() < 1e-9);
        }
    }

    #[test]
    fn the_ends_are_infinite() {
        assert!(normal_quantile(0.0) == f64::NEG_INFINITY && normal_quantile(1.0) == f64::INFINITY);
        assert!(normal_quantile(f64::NAN).is_nan());
    }
}
