//! Keyed draws: the same person has the same needs whatever the staffing.
//!
//! A [`Key`] stands for somebody or something that draws: a replication at a hub, a referral, a shift. Every draw
//! is a pure function of the key, a salt made from the *name* of its purpose, and an ordinal. There is no state, so
//! nothing that happens to one referral can move another's numbers, and a new purpose or hub moves nothing at all:
//! common random numbers by construction, at the level of the referral.
//!
//! The generator is `SplitMix64` (Steele, Lea & Flood, *Fast splittable pseudorandom number generators*, OOPSLA
//! 2014, figure 17): draw `k` of a key is the output that `SplitMix64` seeded with `key ^ salt` gives at step `k + 1`.
//! Integer arithmetic only: the same on every machine.

use std::convert::Infallible;

/// The golden-ratio increment of `SplitMix64`.
const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

/// The output function of `SplitMix64` (Stafford's variant 13): a bijection of 64-bit words.
#[inline]
const fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A salt from a name: FNV-1a (Fowler, Noll & Vo, 64 bits), then mixed.
#[must_use]
pub fn name_salt(name: &str) -> u64 {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in name.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    mix(hash.wrapping_add(GOLDEN))
}

/// Someone or something that draws.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(u64);

impl Key {
    /// The key of a whole experiment.
    #[must_use]
    pub const fn root(seed: u64) -> Self {
        Self(mix(seed.wrapping_add(GOLDEN)))
    }

    /// The key of a part: number `ordinal` of those named by `salt`.
    #[must_use]
    #[inline]
    pub const fn part(self, salt: u64, ordinal: u64) -> Self {
        Self(self.bits(salt, ordinal))
    }

    /// 64 random bits for draw `ordinal` of the purpose with this salt.
    #[must_use]
    #[inline]
    pub const fn bits(self, salt: u64, ordinal: u64) -> u64 {
        mix((self.0 ^ salt).wrapping_add(ordinal.wrapping_add(1).wrapping_mul(GOLDEN)))
    }

    /// A uniform number in (0, 1), never 0 or 1.
    #[must_use]
    #[inline]
    pub fn uniform(self, salt: u64, ordinal: u64) -> f64 {
        uniform(self.bits(salt, ordinal))
    }

    /// All draws of one purpose in a row, as a generator.
    #[must_use]
    pub const fn draws(self, salt: u64) -> Draws {
        Draws {
            key: self,
            salt,
            ordinal: 0,
        }
    }
}

/// 52 of 64 random bits as a number in (0, 1): the midpoints of 2^52 equal cells.
#[must_use]
#[inline]
pub fn uniform(bits: u64) -> f64 {
    /// The bits of 1, and what 1 and half a cell are apart.
    const ONE: u64 = 0x3ff0_0000_0000_0000;
    const REST: f64 = 1.0 - 0.5 / (1u64 << 52) as f64;
    // In [1, 2), by cells; both numbers and their difference are exact.
    f64::from_bits(ONE | bits >> 12) - REST
}

/// The draws of one purpose as a generator of the `rand` family, for code that wants one.
#[derive(Clone, Debug)]
pub struct Draws {
    key: Key,
    salt: u64,
    ordinal: u64,
}

impl rand::TryRng for Draws {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        self.try_next_u64().map(|bits| (bits >> 32) as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let bits = self.key.bits(self.salt, self.ordinal);
        self.ordinal += 1;
        Ok(bits)
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for chunk in bytes.chunks_mut(8) {
            let word = self.try_next_u64()?.to_le_bytes();
            chunk.copy_from_slice(&word[..chunk.len()]);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Key, name_salt, uniform};
    use rand::Rng;
    use rand::SeedableRng;

    /// Against an implementation we did not write.
    #[test]
    fn the_draws_of_a_key_are_splitmix64() {
        for (key, salt) in [
            (Key::root(1), 0),
            (Key::root(2020), name_salt("length")),
            (Key::root(u64::MAX), 77),
        ] {
            let mut theirs = rand_xoshiro::SplitMix64::seed_from_u64(key.0 ^ salt);
            let mut ours = key.draws(salt);
            for _ in 0..1000 {
                assert_eq!(ours.next_u64(), theirs.next_u64());
            }
        }
    }

    /// Published output of `SplitMix64` for seed 1234567.
    #[test]
    fn splitmix64_gives_its_published_numbers() {
        let key = Key(1_234_567);
        let first: Vec<u64> = (0..3).map(|k| key.bits(0, k)).collect();
        assert_eq!(
            first,
            [
                6_457_827_717_110_365_317,
                3_203_168_211_198_807_973,
                9_817_491_932_198_370_423
            ]
        );
    }

    #[test]
    fn uniforms_lie_strictly_inside_the_unit_interval() {
        assert!(uniform(0) > 0.0 && uniform(u64::MAX) < 1.0);
        assert!((uniform(1 << 63) - 0.5).abs() < 1e-15);
    }

    /// Chi-square over 256 cells, one draw from each of 65,536 neighbouring keys: the way the engine uses them.
    /// Fixed seeds; the bounds are the 0.0005 and 0.9995 quantiles of chi-square with 255 degrees of freedom.
    #[test]
    fn first_draws_of_neighbouring_keys_are_uniform() {
        for salt in ["length", "travel", "patience", "kind"].map(name_salt) {
            let mut cells = [0.0; 256];
            for ordinal in 0..65_536 {
                let u = Key::root(7).part(name_salt("referral"), ordinal).uniform(salt, 0);
                #[expect(clippy::cast_possible_truncation, reason = "0 to 255")]
                let cell = (u * 256.0) as usize;
                cells[cell] += 1.0;
            }
            let chi2: f64 = cells.iter().map(|n: &f64| (n - 256.0) * (n - 256.0) / 256.0).sum();
            assert!((186.0..336.0).contains(&chi2), "chi-square {chi2}");
        }
    }
}
