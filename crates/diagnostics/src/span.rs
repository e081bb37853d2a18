/// A range of bytes in the one offset space over all files of a [`crate::SourceMap`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// Offset of the first byte.
    pub start: u32,
    /// Offset after the last byte.
    pub end: u32,
}

impl Span {
    /// The span from `start` up to and without `end`; an inverted pair gives the empty span at `start`.
    pub fn new(start: u32, end: u32) -> Self {
        Self { start, end: end.max(start) }
    }

    /// The smallest span that covers both.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// Number of bytes.
    pub fn len(self) -> u32 {
        self.end.saturating_sub(self.start)
    }

    /// Whether it covers no byte.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The same range moved by `base` bytes, for text that was parsed on its own.
    #[must_use]
    pub fn shifted(self, base: u32) -> Self {
        Self { start: self.start.saturating_add(base), end: self.end.saturating_add(base) }
    }
}

#[cfg(test)]
mod tests {
    use super::Span;

    #[test]
    fn inverted_pair_is_the_empty_span() {
        assert_eq!(Span::new(7, 3), Span::new(7, 7));
        assert!(Span::new(7, 3).is_empty());
    }

    #[test]
    fn union_covers_both_in_either_order() {
        let (left, right) = (Span::new(2, 4), Span::new(8, 9));
        assert_eq!(left.to(right), Span::new(2, 9));
        assert_eq!(right.to(left), left.to(right));
    }

    #[test]
    fn shifting_stops_at_the_end_of_the_space() {
        assert_eq!(Span::new(1, 3).shifted(10), Span::new(11, 13));
        assert_eq!(Span::new(1, 3).shifted(u32::MAX), Span::new(u32::MAX, u32::MAX));
    }
}
