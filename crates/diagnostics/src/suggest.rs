/// The candidate that the writer of `name` most likely meant, if one is near enough.
///
/// A candidate that differs only in case always wins. Otherwise the nearest one does whose distance
/// (insertions, deletions, replacements and swaps of neighbours) is at most a third of the length of
/// the longer of both, and at least one is always allowed for names of two characters or more.
/// Among equals the alphabetically first wins, so that the answer does not depend on their order.
pub fn did_you_mean<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let wanted = folded(name);
    let mut best: Option<(usize, &'a str)> = None;
    for candidate in candidates {
        if candidate == name {
            continue;
        }
        let other = folded(candidate);
        let longest = wanted.len().max(other.len());
        let allowed = longest.div_euclid(3).max(usize::from(wanted.len() >= 2));
        if wanted.len().abs_diff(other.len()) > allowed {
            continue;
        }
        let distance = distance(&wanted, &other);
        if distance > allowed || distance >= longest {
            continue;
        }
        if best.is_none_or(|found| (distance, candidate) < found) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// The candidates nearest to a name, if they share three quarters of its signs with it. For names of the
/// world, where a far guess does harm, as another country does: several at the same distance are all given,
/// so that the caller can see whether they mean the same.
pub fn nearest_names<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Vec<&'a str> {
    let wanted = folded(name);
    let mut best: Option<usize> = None;
    let mut found: Vec<&'a str> = Vec::new();
    for candidate in candidates {
        let other = folded(candidate);
        let allowed = wanted.len().max(other.len()).div_euclid(4);
        if wanted.len().abs_diff(other.len()) > allowed {
            continue;
        }
        let distance = distance(&wanted, &other);
        if distance > allowed || best.is_some_and(|best| distance > best) {
            continue;
        }
        if best.is_none_or(|best| distance < best) {
            best = Some(distance);
            found.clear();
        }
        found.push(candidate);
    }
    found
}

/// The sentence "Did you mean `x`?", if a candidate is near enough.
pub fn suggestion<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    did_you_mean(name, candidates).map(|candidate| format!("Did you mean `{candidate}`?"))
}

/// Lower-case characters, with `-` and `_` alike.
fn folded(text: &str) -> Vec<char> {
    text.chars().flat_map(char::to_lowercase).map(|c| if c == '-' { '_' } else { c }).collect()
}

/// Damerau-Levenshtein distance in the form in which a swapped pair is not edited again.
fn distance(left: &[char], right: &[char]) -> usize {
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=right.len()).collect();
    let mut left_before: Option<char> = None;
    for (row, &l) in left.iter().enumerate() {
        let mut current = Vec::with_capacity(last.len());
        let mut beside = row.saturating_add(1);
        current.push(beside);
        let mut right_before: Option<char> = None;
        let above_pairs = last.iter().zip(last.iter().skip(1));
        for (column, (&r, (&diagonal, &above))) in right.iter().zip(above_pairs).enumerate() {
            let replaced = diagonal.saturating_add(usize::from(l != r));
            let mut cell = replaced.min(above.saturating_add(1)).min(beside.saturating_add(1));
            if left_before == Some(r) && right_before == Some(l) {
                let swapped = column.checked_sub(1).and_then(|at| before_last.get(at));
                cell = swapped.map_or(cell, |&cost| cell.min(cost.saturating_add(1)));
            }
            current.push(cell);
            beside = cell;
            right_before = Some(r);
        }
        left_before = Some(l);
        before_last = std::mem::replace(&mut last, current);
    }
    last.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn between(left: &str, right: &str) -> usize {
        distance(&folded(left), &folded(right))
    }

    #[test]
    fn distance_counts_each_kind_of_slip_once() {
        assert_eq!(between("", ""), 0);
        assert_eq!(between("", "abc"), 3);
        assert_eq!(between("abc", ""), 3);
        assert_eq!(between("destination", "destinaton"), 1);
        assert_eq!(between("destination", "desttination"), 1);
        assert_eq!(between("destination", "destinatiom"), 1);
        assert_eq!(between("destination", "destinatino"), 1);
        assert_eq!(between("kitten", "sitting"), 3);
    }

    #[test]
    fn nearest_candidate_wins_whatever_the_order() {
        assert_eq!(did_you_mean("destinaton", ["origin", "destination"]), Some("destination"));
        assert_eq!(did_you_mean("bat", ["cat", "bad", "bar"]), Some("bad"));
        assert_eq!(did_you_mean("bat", ["bar", "cat", "bad"]), Some("bad"));
    }

    #[test]
    fn same_letters_in_another_case_win() {
        assert_eq!(did_you_mean("tpp", ["tp", "TPP"]), Some("TPP"));
        assert_eq!(did_you_mean("as-enforced", ["as_enforced", "as_written"]), Some("as_enforced"));
    }

    #[test]
    fn distant_or_trivial_candidates_are_not_offered() {
        assert_eq!(did_you_mean("quantity", ["destination", "item"]), None);
        assert_eq!(did_you_mean("x", ["y"]), None);
        assert_eq!(did_you_mean("", ["y"]), None);
        assert_eq!(did_you_mean("item", ["item"]), None);
    }

    #[test]
    fn names_of_the_world_are_only_guessed_if_they_are_near() {
        let countries = ["Serbia", "Burundi", "South Africa", "Iran", "Iraq", "Poland"];
        for name in ["Syria", "Brunei", "South Korea", "UK", ""] {
            assert!(nearest_names(name, countries).is_empty(), "{name}");
        }
        assert_eq!(nearest_names("Polnad", countries), ["Poland"]);
        assert_eq!(nearest_names("Irak", countries), ["Iran", "Iraq"]);
    }

    #[test]
    fn sentence_names_the_candidate() {
        let sentence = suggestion("quantitty", ["quantity"]);
        assert_eq!(sentence.as_deref(), Some("Did you mean `quantity`?"));
        assert_eq!(suggestion("zzz", ["quantity"]), None);
    }
}
