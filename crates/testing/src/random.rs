/// Numbers that look random and are the same each time (`SplitMix64`), or those that somebody chose.
#[derive(Clone, Debug)]
pub struct Random {
    state: u64,
    /// What is used up first, the last first.
    chosen: Vec<u8>,
}

impl Random {
    /// A sequence of its own for each seed.
    pub fn new(seed: u64) -> Self {
        let state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(0x1234_5678_9ABC_DEF1);
        Self { state, chosen: Vec::new() }
    }

    /// The numbers that a fuzzer chose, a byte each, so that it can learn what each of them changes; then
    /// as of a seed.
    pub fn chosen(bytes: &[u8]) -> Self {
        Self { chosen: bytes.iter().rev().copied().collect(), ..Self::new(0) }
    }

    /// The next number.
    pub fn number(&mut self) -> u64 {
        if let Some(byte) = self.chosen.pop() {
            return byte.into();
        }
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below a limit; nought if the limit is.
    pub fn below(&mut self, limit: usize) -> usize {
        let limit = u64::try_from(limit).unwrap_or(u64::MAX);
        usize::try_from(self.number().checked_rem(limit).unwrap_or(0)).unwrap_or(0)
    }

    /// True once in so many times.
    pub fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    /// One of several.
    ///
    /// # Panics
    /// If there is none.
    #[expect(clippy::indexing_slicing, reason = "a test may fail loudly")]
    pub fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        let at = self.below(of.len());
        &of[at]
    }
}
