//! Which members of a list are meant, a bit for each.

/// Marks on the members of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Marks {
    words: Vec<u64>,
}

impl Marks {
    /// Marks on all of so many members.
    pub(super) fn all(count: usize) -> Self {
        let full = std::iter::repeat_n(u64::MAX, count / 64);
        let last = (1_u64 << (count % 64)).wrapping_sub(1);
        Self { words: full.chain((last > 0).then_some(last)).collect() }
    }

    /// Marks on the members for which something holds.
    pub(super) fn of<T>(members: &[T], holds: impl Fn(&T) -> bool) -> Self {
        let word = |members: &[T]| {
            let bits = members.iter().enumerate();
            bits.fold(0_u64, |word, (at, member)| word | (u64::from(holds(member)) << at))
        };
        Self { words: members.chunks(64).map(word).collect() }
    }

    /// No marks on so many members.
    pub(super) fn none(count: usize) -> Self {
        Self { words: vec![0; count.div_ceil(64)] }
    }

    /// Marks a member.
    pub(super) fn mark(&mut self, at: usize) {
        if let Some(word) = self.words.get_mut(at / 64) {
            *word |= 1 << (at % 64);
        }
    }

    /// Takes the mark of a member off.
    pub(super) fn unmark(&mut self, at: usize) {
        if let Some(word) = self.words.get_mut(at / 64) {
            *word &= !(1 << (at % 64));
        }
    }

    /// Whether a member is marked.
    pub(super) fn has(&self, at: usize) -> bool {
        self.words.get(at / 64).is_some_and(|word| (word >> (at % 64)) & 1 == 1)
    }

    /// Keeps the marks that are in both.
    pub(super) fn keep(&mut self, others: &Self) {
        for (word, other) in self.words.iter_mut().zip(&others.words) {
            *word &= other;
        }
    }

    /// Whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.words.iter().all(|word| *word == 0)
    }

    /// The marked ones of the members.
    pub(super) fn among<'m, T>(&'m self, members: &'m [T]) -> impl Iterator<Item = &'m T> {
        let marked = members.chunks(64).zip(&self.words).flat_map(|(members, word)| {
            let bits = members.iter().enumerate();
            bits.filter(move |(at, _)| (word >> at) & 1 == 1)
        });
        marked.map(|(_, member)| member)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_kept_over_several_words() {
        let members: Vec<usize> = (0..130).collect();
        for count in [0, 1, 63, 64, 65, 128, 130] {
            let all = Marks::all(count);
            assert_eq!(all, Marks::of(&members[..count], |_| true));
            assert_eq!(all.among(&members[..count]).count(), count);
            assert!(Marks::none(count).is_empty());
        }
        let mut even = Marks::of(&members, |member| member % 2 == 0);
        even.keep(&Marks::of(&members, |member| *member > 120));
        even.unmark(126);
        even.mark(1);
        assert_eq!(even.among(&members).copied().collect::<Vec<_>>(), [1, 122, 124, 128]);
        assert!(!even.is_empty() && even.has(128) && !even.has(126));
    }
}
