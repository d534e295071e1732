//! Random choices that are the same in each run: every thing planned has a generator of its own, from the seed and its
//! number.

use rand::{RngExt, SeedableRng, rngs::StdRng};

/// A generator of random choices.
pub struct Random(StdRng);

impl Random {
    /// The generator of one thing: another thing, or another seed, has another one.
    pub fn of(seed: u64, kind: u8, number: usize) -> Self {
        let mut bytes = [0; 32];
        let number = u64::try_from(number).unwrap_or(u64::MAX);
        let parts = seed.to_le_bytes().into_iter().chain(number.to_le_bytes()).chain([kind]);
        for (byte, part) in bytes.iter_mut().zip(parts) {
            *byte = part;
        }
        Self(StdRng::from_seed(bytes))
    }

    /// A number from `least` to `most`, both included.
    pub fn between<T>(&mut self, least: T, most: T) -> T
    where
        T: rand::distr::uniform::SampleUniform + PartialOrd + Copy,
    {
        if least < most { self.0.random_range(least..=most) } else { least }
    }

    /// True in this many of a hundred cases.
    pub fn percent(&mut self, percent: u32) -> bool {
        self.0.random_ratio(percent.min(100), 100)
    }

    /// One of a few; they are never none.
    pub fn one_of<T: Copy>(&mut self, first: T, others: &[T]) -> T {
        match self.between(0, others.len()) {
            0 => first,
            n => others.get(n - 1).copied().unwrap_or(first),
        }
    }

    /// One of a list's items, by weight.
    pub fn weighted<T: Copy>(&mut self, default: T, items: &[(T, u32)]) -> T {
        let all: u32 = items.iter().map(|(_, weight)| weight).sum();
        let mut left = self.between(0, all.saturating_sub(1));
        for (item, weight) in items {
            if left < *weight {
                return *item;
            }
            left -= weight;
        }
        default
    }

    /// Puts a list into another order.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            let other = self.between(0, last);
            items.swap(last, other);
        }
    }
}
