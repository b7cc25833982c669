//! A small random generator of our own: a library may change its numbers with any release, and
//! then the sample would change with it.

/// SplitMix64, seeded by mixing numbers, so that each day and template has its own stream.
#[derive(Clone, Debug)]
pub(crate) struct Dice {
    state: u64,
}

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// A stream that depends on this one's state and on `key`, and leaves this one as it is.
    pub(crate) fn fork(&self, key: u64) -> Self {
        let mut child = Self::new(self.state ^ key.wrapping_mul(0x9E6C_63D0_876A_46B5));
        child.next();
        child
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// Evenly in [0, 1).
    pub(crate) fn unit(&mut self) -> f64 {
        // 53 bits are what the mantissa holds.
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Evenly in `low..=high`.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        let width = high.saturating_sub(low).saturating_add(1).max(1);
        low + (self.unit() * width as f64) as i64
    }

    pub(crate) fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// One of the choices, or the default when there is none.
    pub(crate) fn pick<T: Copy + Default>(&mut self, choices: &[T]) -> T {
        let at = (self.unit() * choices.len() as f64) as usize;
        choices.get(at).copied().unwrap_or_default()
    }

    /// Log-normal with the given median. A spread of 0.5 keeps most values within half and twice
    /// the median, and still yields the rare slow query.
    pub(crate) fn log_normal(&mut self, median: f64, spread: f64) -> f64 {
        // Twelve even numbers make a good enough bell, and are exact everywhere. Only the last bit
        // of the exponential may differ between platforms, and callers round it away.
        let bell = (0..12).map(|_| self.unit()).sum::<f64>() - 6.0;
        median * (spread * bell).exp()
    }

    /// A whole number with the given mean: its floor, or one more by chance.
    pub(crate) fn around(&mut self, mean: f64) -> u32 {
        let mean = mean.max(0.0);
        mean as u32 + u32::from(self.chance(mean.fract()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_never_change() {
        let mut dice = Dice::new(7);
        let drawn: Vec<i64> = (0..5).map(|_| dice.between(0, 999)).collect();
        assert_eq!(drawn, [389, 16, 900, 582, 452]);
    }

    #[test]
    fn between_reaches_both_ends_and_no_further() {
        let mut dice = Dice::new(1);
        let drawn: Vec<i64> = (0..2_000).map(|_| dice.between(3, 6)).collect();
        assert_eq!(drawn.iter().min(), Some(&3));
        assert_eq!(drawn.iter().max(), Some(&6));
    }

    #[test]
    fn log_normal_has_its_median() {
        let mut dice = Dice::new(2);
        let below = (0..10_000)
            .filter(|_| dice.log_normal(100.0, 0.5) < 100.0)
            .count();
        assert!((4_800..5_200).contains(&below), "{below}");
    }
}
