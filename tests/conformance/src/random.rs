//! Random numbers for cases.

/// SplitMix64: the same numbers from the same seed, whatever the version of any library.
#[derive(Clone, Debug)]
pub struct Random(pub u64);

impl Random {
    /// Returns the next number.
    pub fn next_number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Returns a number below a limit, which is not zero.
    pub fn below(&mut self, limit: u64) -> u64 {
        self.next_number() % limit
    }

    /// Whether what happens once in so many times happens.
    pub fn chance(&mut self, times: u64) -> bool {
        self.below(times) == 0
    }

    /// Returns an element of a slice that is not empty.
    pub fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len() as u64) as usize]
    }
}
